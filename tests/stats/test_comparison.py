"""Two groups by means: against R, published figures and every allocation of RTs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import comparison
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close

values = st.one_of(st.integers(0, 5).map(float), st.floats(-1e6, 1e6), st.just(math.nan))
group = st.lists(values, max_size=10)
pairs = st.lists(st.tuples(values, values), max_size=10)


@pytest.mark.parametrize("expected", cases("comparison", "two_groups"))
def test_welch_agrees_with_r(expected: dict) -> None:
    test = comparison.welch(expected["programme"], expected["comparison"])
    assert_agrees(test, expected["expected"]["welch"])
    assert_convention(test)


def test_changes_agree_with_r() -> None:
    known = case("comparison", "pre_post_arms")
    arms = [known[key] for key in ("programme_pre", "programme_post", "comparison_pre", "comparison_post")]
    assert_agrees(comparison.difference_in_changes(*arms), known["expected"]["difference_in_changes"])
    assert_agrees(comparison.d_ppc2(*arms), known["expected"]["d_ppc2"])


# Morris (2008), table 5 and its data: means, SD before and n of training and control groups of five studies; d_ppc2 printed
MORRIS = [
    ((30.6, 38.5, 15.0, 20), (23.1, 19.7, 13.8, 20), 0.77),
    ((23.5, 26.8, 3.1, 50), (24.9, 25.3, 4.1, 42), 0.80),
    ((0.5, 0.7, 0.1, 9), (0.6, 0.6, 0.2, 9), 1.20),
    ((53.4, 75.9, 14.5, 10), (55.7, 60.7, 17.3, 11), 1.05),
    ((35.6, 36.0, 4.7, 14), (34.8, 33.4, 3.1, 14), 0.44),
]


@pytest.mark.parametrize(("programme", "control", "d"), MORRIS)
def test_d_ppc2_agrees_with_morris(programme: tuple, control: tuple, d: float) -> None:
    """Groups made to have exactly the printed means, spread and size."""
    found = comparison.d_ppc2(*_wave_pair(*programme), *_wave_pair(*control))
    assert round(found.d, 2) == d


def _wave_pair(before: float, after: float, sd: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    shape = np.arange(n) - (n - 1) / 2
    shape = shape / shape.std(ddof=1)
    return before + sd * shape, after + sd * shape[::-1]


def test_d_ppc2_of_perfectly_steady_groups_has_an_interval() -> None:
    pre1, pre2 = np.array([1.0, 2, 3, 4]), np.array([2.0, 3, 4, 5, 6])
    effect = comparison.d_ppc2(pre1, pre1 + 2, pre2, pre2 + 1)     # r = 1: the published form divides by 1 - r
    assert effect.note == "" and effect.low <= effect.d <= effect.high


@pytest.mark.parametrize(("programme", "control", "p"), [([3, 4], [1, 2], 1 / 3), ([3, 4, 5], [0, 1, 2], 0.10), ([9], [1, 2], 1 / 3)])
def test_randomisation_cannot_go_below_its_smallest_p(programme: list, control: list, p: float) -> None:
    test = comparison.randomisation_over_rts(programme, control)
    assert (test.p, test.smallest_p) == close((p, p), 1e-12)


def test_randomisation_agrees_with_every_allocation_in_r() -> None:
    known = case("comparison", "rts")
    assert_agrees(comparison.randomisation_over_rts(known["programme"], known["comparison"]), known["expected"], 1e-12)


def test_randomisation_draws_when_there_are_too_many_allocations() -> None:
    rng = np.random.default_rng(1)
    one, two = rng.normal(1.0, 1, 12), rng.normal(0, 1, 12)
    test = comparison.randomisation_over_rts(one, two, seed=5)
    assert (test.exact, test.allocations, test.smallest_p) == (0, 99_999, 1e-5)
    assert test == comparison.randomisation_over_rts(one[::-1], rng.permutation(two), seed=5)
    assert test.p == pytest.approx(comparison.welch(one, two).p, abs=0.02)


def test_reasons() -> None:
    assert comparison.welch([], [1, 2]).note == Reason.NO_DATA
    assert comparison.welch([1], [1, 2]).note == Reason.TOO_FEW
    assert comparison.welch([0.1 + 0.2, 0.3], [2, 2]).note == Reason.NO_VARIANCE      # a t test would give p = 0
    assert comparison.welch([3, 3], [1, 2]).note == ""
    assert comparison.d_ppc2([1, 2], [2, 3], [1, 2], [1, 1]).note == Reason.TOO_FEW
    assert comparison.d_ppc2([1, 1, 1], [2, 3, 4], [2, 2, 2], [1, 1, 3]).note == Reason.NO_VARIANCE
    assert comparison.randomisation_over_rts([1], [2]).note == Reason.TOO_FEW_RTS
    assert comparison.randomisation_over_rts([], [2, 3]).note == Reason.NO_DATA
    with pytest.raises(ValueError, match="one length"):
        comparison.difference_in_changes([1], [1, 2], [1], [1])


@settings(max_examples=150, deadline=None)
@given(group, group)
def test_any_groups_give_numbers_or_reasons(one: list[float], two: list[float]) -> None:
    there, back = comparison.welch(one, two), comparison.welch(two, one)
    assert_convention(there)
    assert there.note == back.note
    if not there.note:
        assert (there.difference, there.low, there.p) == close((-back.difference, -back.high, back.p), 1e-9)
    forth, again = comparison.randomisation_over_rts(one[:5], two[:5]), comparison.randomisation_over_rts(two[:5], one[:5])
    assert_convention(forth)
    assert forth.note or (0 < forth.smallest_p <= forth.p <= 1 and forth.p == again.p)


@settings(max_examples=100, deadline=None)
@given(pairs, pairs)
def test_any_pairs_give_numbers_or_reasons(one: list[tuple[float, float]], two: list[tuple[float, float]]) -> None:
    arms = [[p[wave] for p in arm] for arm in (one, two) for wave in (0, 1)]
    assert_convention(comparison.difference_in_changes(*arms))
    effect = comparison.d_ppc2(*arms)
    assert_convention(effect)
    assert effect.note or effect.low <= effect.d <= effect.high
