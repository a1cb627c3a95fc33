"""Right/wrong items against R and published tables."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import items
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close, rows_of

answers = st.sampled_from([0.0, 1.0, math.nan])
two_waves = st.lists(st.tuples(answers, answers), max_size=30)


def waves_of(gained: int, lost: int, both_right: int = 0, both_wrong: int = 0) -> tuple[list[int], list[int]]:
    return ([0] * gained + [1] * (lost + both_right) + [0] * both_wrong,
            [1] * gained + [0] * lost + [1] * both_right + [0] * both_wrong)


@pytest.mark.parametrize("expected", cases("items", "right_wrong"))
def test_mcnemar_and_proportion_agree_with_r(expected: dict) -> None:
    assert_agrees(items.mcnemar(expected["pre"], expected["post"]), expected["expected"])
    assert_agrees(items.proportion_change(expected["pre"], expected["post"]), expected["expected"])


@pytest.mark.parametrize("expected", cases("oracle", "mcnemar"))
def test_mcnemar_agrees_with_agresti_and_fagerland(expected: dict) -> None:
    test = items.mcnemar(*waves_of(expected["b"], expected["c"]))
    assert (test.p_exact, test.p_mid) == close((expected["expected"]["p_exact"], expected["expected"]["p_mid"]))


def test_proportion_change_agrees_with_bonett_and_price() -> None:
    known = case("oracle", "bonett_price")
    both, lost, gained, neither = known["cells"]          # the published difference is the other way round
    change = items.proportion_change(*waves_of(gained, lost, both, neither))
    assert (change.change, change.low, change.high) == close(
        (-known["expected"]["estimate"], -known["expected"]["high"], -known["expected"]["low"])
    )


def test_item_quality_agrees_with_psych() -> None:
    known = case("items", "item_rest")
    found = items.item_quality(np.array(rows_of(known["pattern_counts"])))
    assert [item.difficulty for item in found] == close(known["expected"]["difficulty"])
    assert [item.item_rest for item in found] == close(known["expected"]["item_rest"])


def test_discrimination_of_the_extreme_groups() -> None:
    known = case("items", "discrimination")
    found = items.item_quality(np.array(known["answers"]))
    assert [item.discrimination for item in found] == close(known["expected"]["discrimination"])


def test_discrimination_shares_places_between_tied_persons() -> None:
    rng = np.random.default_rng(2)
    table = (rng.random((20, 4)) < 0.6).astype(float)
    for rows in (rng.permutation(20) for _ in range(5)):
        assert [item.discrimination for item in items.item_quality(table[rows])] == close(
            [item.discrimination for item in items.item_quality(table)], 1e-12
        )


def test_gaps_leave_persons_out() -> None:
    pre, post = [0, 1, math.nan, 0], [1, math.nan, 1, 0]
    assert items.mcnemar(pre, post)[:5] == (2, 0, 1, 0, 1)
    assert items.proportion_change(pre, post).n == 2
    assert items.item_quality([[0, 1], [1, math.nan], [1, 1], [0, 0], [1, 0]])[0].n == 4


def test_reasons() -> None:
    assert items.mcnemar([], []).note == Reason.NO_DATA
    assert items.mcnemar([0, 1], [0, 1]).note == Reason.NO_DISCORDANT
    assert items.proportion_change([], []).note == Reason.NO_DATA
    assert items.proportion_change([0, 1], [0, 1]).note == ""         # nobody changed is a change of zero, with an interval
    constant, other = items.item_quality([[1, 1], [1, 0], [1, 0], [1, 1]])
    assert constant.note == Reason.CONSTANT_ITEM and constant.difficulty == 1
    assert other.note == Reason.NO_VARIANCE                           # its rest is the constant item
    assert items.item_quality([[1], [0], [1], [0]])[0].note == Reason.TOO_FEW_ITEMS
    assert items.item_quality([[1, 0], [0, 1], [1, 1]])[0].note == Reason.TOO_FEW
    assert items.item_quality([[math.nan, 1]])[1].note == Reason.NO_DATA
    with pytest.raises(ValueError, match="one length"):
        items.mcnemar([1], [1, 0])


@settings(max_examples=100, deadline=None)
@given(two_waves)
def test_swapping_waves_turns_the_change(persons: list[tuple[float, float]]) -> None:
    pre, post = [p[0] for p in persons], [p[1] for p in persons]
    there, back = items.mcnemar(pre, post), items.mcnemar(post, pre)
    assert_convention(there)
    assert (there.gained, there.lost, repr(there.p_mid), repr(there.p_exact)) == (back.lost, back.gained, repr(back.p_mid), repr(back.p_exact))
    assert there.n == there.both_right + there.gained + there.lost + there.both_wrong
    if there.p_exact == there.p_exact:
        assert 0 < there.p_mid <= there.p_exact <= 1
    forth, again = items.proportion_change(pre, post), items.proportion_change(post, pre)
    assert_convention(forth)
    if forth.n:
        assert (forth.change, forth.low, forth.high) == close((-again.change, -again.high, -again.low), 1e-12)
        assert -1 <= forth.low <= forth.high <= 1


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 5).flatmap(lambda k: st.lists(st.lists(answers, min_size=k, max_size=k), min_size=1, max_size=12)))
def test_any_answers_give_numbers_or_reasons(table: list[list[float]]) -> None:
    found = items.item_quality(np.array(table))
    assert len(found) == len(table[0])
    for item in found:
        assert_convention(item)
        assert math.isnan(item.item_rest) or -1 - 1e-12 <= item.item_rest <= 1 + 1e-12
        assert math.isnan(item.discrimination) or -1 <= item.discrimination <= 1


@pytest.mark.parametrize(("right", "n"), [(0, 7), (3, 9), (29, 29), (81, 263)])
def test_the_interval_of_a_share_is_wilsons(right: int, n: int) -> None:
    from statsmodels.stats.proportion import proportion_confint

    found = items.right_share([1.0] * right + [0.0] * (n - right) + [math.nan], 0.9)
    assert (found.n, found.right, found.share) == (n, right, right / n)
    assert (found.low, found.high) == close(proportion_confint(right, n, 0.1, method="wilson"))
    assert items.right_share([math.nan]).note == Reason.NO_DATA
