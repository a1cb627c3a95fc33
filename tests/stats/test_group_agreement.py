"""Agreement within groups against R and published values, and its guards."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats.group_agreement import intraclass_correlation, within_agreement
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, cases, close

answers = st.one_of(st.integers(1, 5).map(float), st.just(math.nan))
people = st.lists(st.tuples(answers, st.sampled_from("ABC")), max_size=14)


@pytest.mark.parametrize("expected", cases("group_agreement", "icc"))
def test_the_correlation_agrees_with_r(expected: dict) -> None:
    found = intraclass_correlation(expected["values"], expected["groups"])
    fitted = expected["expected"]["call"].startswith("nlme")    # found by iteration, to fewer digits
    assert_agrees(found, expected["expected"], 1e-6 if fitted else 1e-9)


@pytest.mark.parametrize("expected", cases("group_agreement", "r_wg"))
def test_agreement_agrees_with_r(expected: dict) -> None:
    found = within_agreement(expected["values"], expected["groups"], expected["lowest_option"], expected["highest_option"], expected["options"], expected["fewest"])
    assert_agrees(found, expected["expected"])


def test_agreement_does_not_depend_on_the_unit_of_the_options() -> None:
    given_answers, groups = [1, 2, 2, 4, 5, 3, 3, 4], list("AAAABBBB")
    plain = within_agreement(given_answers, groups, 1, 5, 5)
    percent = within_agreement([25 * (answer - 1) for answer in given_answers], groups, 0, 100, 5)
    assert (percent.r_wg, percent.lowest) == close((plain.r_wg, plain.lowest)) and plain.r_wg < 1


def test_the_interval_covers_as_often_as_it_says() -> None:
    rng, inside = np.random.default_rng(3), 0
    groups = np.repeat(range(8), 12)
    for _ in range(400):
        values = np.repeat(rng.normal(0, 0.5, 8), 12) + rng.normal(0, 1, 96)
        found = intraclass_correlation(values, groups.tolist())
        inside += found.low <= 0.2 <= found.high
    assert 0.92 <= inside / 400 <= 0.975


def test_guards() -> None:
    assert intraclass_correlation([], []).note == within_agreement([], [], 1, 5, 5).note == Reason.NO_DATA
    assert intraclass_correlation([1, 2, 3], "AAA").note == Reason.TOO_FEW_RTS
    assert intraclass_correlation([1, 2, 3], "ABC").note == Reason.TOO_FEW
    assert intraclass_correlation([1, 1, 2, 2], "AABB").note == Reason.NO_VARIANCE
    assert within_agreement([4, 4, 5], "AAB", 1, 5, 5, fewest=3).note == Reason.TOO_FEW
    assert within_agreement([4, 4], "AA", 1, 1, 5).note == Reason.NOT_DECLARED
    assert within_agreement([4, 4, 4], "AAA", 1, 5, 5).r_wg == 1
    with pytest.raises(ValueError, match="its group"):
        intraclass_correlation([1, 2], "A")


@settings(max_examples=150, deadline=None)
@given(people)
def test_any_answers_give_numbers_or_reasons(rows: list[tuple[float, str]]) -> None:
    values, groups = [value for value, _ in rows], [group for _, group in rows]
    correlation, agreement = intraclass_correlation(values, groups), within_agreement(values, groups, 1, 5, 5)
    assert_convention(correlation)
    assert_convention(agreement)
    turned = intraclass_correlation([6 - value for value in values], groups)
    assert turned.icc1 == pytest.approx(correlation.icc1, abs=1e-9, nan_ok=True)
    if not agreement.note:
        assert 0 <= agreement.lowest <= agreement.r_wg <= 1
