"""Two groups by order: against coin, the published examples and complete enumeration."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import dominance
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close

values = st.one_of(st.integers(1, 5).map(float), st.floats(-1e6, 1e6), st.just(math.nan))
group = st.lists(values, max_size=9)


@pytest.mark.parametrize("expected", cases("comparison", "two_groups"))
def test_all_three_agree_with_r(expected: dict) -> None:
    one, two, found = expected["programme"], expected["comparison"], expected["expected"]
    assert_agrees(dominance.mann_whitney(one, two), found["mann_whitney"])
    assert_agrees(dominance.cliff_delta(one, two), found["cliff"])
    if "brunner_munzel" in found:
        assert_agrees(dominance.brunner_munzel(one, two), found["brunner_munzel"])


def test_brunner_munzel_agrees_with_the_corrected_example() -> None:
    pain = case("comparison", "pain")
    test = dominance.brunner_munzel(pain["programme"], pain["comparison"])
    assert (round(test.probability, 3), round(test.statistic, 4), round(test.df, 3), round(test.p, 6)) == (0.789, 3.1375, 17.683, 0.005786)
    assert (round(test.low, 4), round(test.high, 4)) == (0.5952, 0.9827)


def test_cliff_agrees_with_hogarty_and_kromrey() -> None:
    known = case("oracle", "cliff")
    assert dominance.cliff_delta(known["a"], known["b"]).delta == close(known["expected"]["cliff_delta"], 1e-12)


def test_exact_p_is_the_share_of_all_allocations() -> None:
    one, two = [3, 3, 5, 4, 4], [1, 2, 3, 3]
    pooled = np.array(one + two)
    u = [(np.sign(pooled[list(i)][:, None] - np.delete(pooled, i)) + 1).sum() / 2 for i in combinations(range(9), 5)]
    test = dominance.mann_whitney(one, two)
    assert test.p == close(np.mean(np.abs(np.array(u) - 10) >= abs(test.u - 10)), 1e-12)


def test_large_groups_fall_back_openly() -> None:
    rng = np.random.default_rng(3)
    test = dominance.mann_whitney(rng.normal(0.2, 1, 400), rng.normal(0, 1, 400))
    assert test.exact == 0 and test.p == test.p_asymptotic
    small = dominance.mann_whitney(rng.normal(0.2, 1, 60), rng.normal(0, 1, 60))
    assert small.exact == 1 and small.p == pytest.approx(small.p_asymptotic, abs=0.005)


def test_groups_that_do_not_overlap_keep_an_interval() -> None:
    effect = dominance.cliff_delta([7, 8, 9, 9], [1, 2, 3])
    assert effect.delta == 1 and effect.low < 0.5 and effect.high == 1
    test = dominance.brunner_munzel([7, 8, 9, 9], [1, 2, 3])
    assert test.probability == 1 and test.note == Reason.NO_VARIANCE


def test_reasons() -> None:
    assert dominance.mann_whitney([], [1]).note == Reason.NO_DATA
    assert dominance.mann_whitney([2, 2], [2]).note == Reason.NO_VARIANCE
    assert dominance.brunner_munzel([1], []).note == Reason.NO_DATA
    assert dominance.brunner_munzel([1], [1, 2]).note == Reason.TOO_FEW
    assert dominance.brunner_munzel([1, 1], [1, 1]).note == Reason.NO_VARIANCE
    assert dominance.cliff_delta([], [1]).note == Reason.NO_DATA


@settings(max_examples=150, deadline=None)
@given(group, group)
def test_swapping_groups_turns_everything(one: list[float], two: list[float]) -> None:
    for test in (dominance.mann_whitney, dominance.brunner_munzel, dominance.cliff_delta):
        there, back = test(one, two), test(two, one)
        assert_convention(there)
        assert there.note == back.note
    rank_sum, other = dominance.mann_whitney(one, two), dominance.mann_whitney(two, one)
    if not rank_sum.note:
        assert (rank_sum.z, rank_sum.p) == close((-other.z, other.p), 1e-12) and 0 < rank_sum.p <= 1
    effect, reverse = dominance.cliff_delta(one, two), dominance.cliff_delta(two, one)
    if not effect.note:
        assert (effect.delta, effect.low, effect.high) == close((-reverse.delta, -reverse.high, -reverse.low), 1e-9)
        assert -1 <= effect.low <= effect.delta + 1e-12 and effect.delta - 1e-12 <= effect.high <= 1
    chance = dominance.brunner_munzel(one, two)
    if not chance.note:
        assert 2 * chance.probability - 1 == close(effect.delta, 1e-12)
