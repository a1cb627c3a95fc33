from __future__ import annotations

import math

import numpy as np
import pytest

from baksos_eval.stats.paired import (
    Verdict,
    bootstrap_change,
    correlation,
    equivalence,
    judge_change,
    mean_change,
    smallest_detectable_change,
    verdict,
)
from baksos_eval.stats.result import Reason, missing_fields
from tests.oracle import Case, agrees, cases, the


@pytest.mark.parametrize("case", cases("paired"))
def test_mean_change_agrees_with_r(case: Case) -> None:
    result, expected = mean_change(case.given["pre"], case.given["post"]), case.expected
    assert result.n == expected["n"]
    assert result[1:6] == agrees([expected[key] for key in ("mean_pre", "mean_post", "sd_pre", "sd_post", "mean_change")])
    assert (result.sd_change, result.statistic, result.df) == agrees((expected["sd_change"], expected["t"], expected["df"]))
    assert (result.change_low, result.change_high) == agrees((expected["ci_low"], expected["ci_high"]))
    assert result.p == agrees(expected["p_t"])
    assert correlation(case.given["pre"], case.given["post"]).r == agrees(expected["r"])


@pytest.mark.parametrize("case", cases("correlation"))
def test_correlation_agrees_with_r(case: Case) -> None:
    result = correlation(case.given["first"], case.given["second"])
    assert (result.r, result.low, result.high) == agrees([case.expected[key] for key in ("r", "low", "high")])


def test_t_is_never_infinite_when_everybody_gains_the_same() -> None:
    result = mean_change([3, 5, 8, 2], [4, 6, 9, 3])
    assert (result.n, result.change, result.sd_change, result.note) == (4, 1.0, 0.0, Reason.CONSTANT_CHANGE)
    assert missing_fields(result) == ["change_low", "change_high", "statistic", "p"]


def test_equal_changes_are_found_beneath_binary_noise() -> None:
    pre = np.array([0.1, 0.2, 0.3, 0.7, 1.1])
    assert np.ptp((pre + 0.3) - pre) > 0
    assert mean_change(pre, pre + 0.3).note == Reason.CONSTANT_CHANGE


def test_nobody_changed() -> None:
    result = mean_change([3, 5, 8], [3, 5, 8])
    assert (result.change, result.note) == (0.0, Reason.NO_CHANGE)
    assert math.isnan(result.p)


@pytest.mark.parametrize(("n", "note"), [(0, Reason.NO_DATA), (1, Reason.TOO_FEW)])
def test_too_few_pairs_keep_what_can_be_known(n: int, note: str) -> None:
    result = mean_change([3.0] * n, [5.0] * n)
    assert result.note == note
    assert math.isnan(result.change) == (n == 0)
    assert {"sd_change", "p", "df"} <= set(missing_fields(result))


def test_two_pairs_are_enough_for_an_interval() -> None:
    result = mean_change([1, 1], [2, 4])
    assert (result.change_high - result.change_low) / 2 == agrees(12.706204736432095)       # t(.975; 1) * 1


def test_a_wider_interval_for_more_confidence() -> None:
    pre, post = the("thomason_1").given["pre"], the("thomason_1").given["post"]
    usual, wide = mean_change(pre, post), mean_change(pre, post, confidence=0.99)
    assert wide.change_low < usual.change_low < usual.change_high < wide.change_high


@pytest.mark.parametrize(("pre", "post"), [([1, 2], [1]), ([1], [1, 2]), ([1, math.nan], [1, 2]), ([1, 2], [1, math.inf]),
                                           ([[1, 2]], [[1, 2]])])
def test_a_gap_in_the_arrays_is_a_mistake_in_the_program(pre: list, post: list) -> None:
    with pytest.raises(ValueError, match="arrays must be"):
        mean_change(pre, post)


@pytest.mark.parametrize(("x", "y", "expected"), [
    ([1, 2, 4], [2, 1, 5], (-1.0, 1.0, "")),
    ([1, 2, 3, 4], [2, 4, 6, 8], (1.0, 1.0, "")),
])
def test_correlation_at_its_limits(x: list, y: list, expected: tuple) -> None:
    result = correlation(x, y)
    assert (result.low, result.high, result.note) == expected


@pytest.mark.parametrize(("x", "y", "note"), [
    ([], [], Reason.NO_DATA), ([1, 2], [3, 1], Reason.TOO_FEW), ([1, 1, 1], [1, 2, 3], Reason.NO_VARIANCE),
])
def test_correlation_that_cannot_be_computed(x: list, y: list, note: str) -> None:
    result = correlation(x, y)
    assert result.note == note
    assert missing_fields(result) == ["r", "low", "high"]


def test_bootstrap_is_the_same_for_the_same_seed_and_any_order() -> None:
    rng = np.random.default_rng(3)
    pre, post = rng.integers(0, 20, (2, 25))
    order = rng.permutation(25)
    first = bootstrap_change(pre, post, seed=8)
    assert bootstrap_change(pre[order], post[order], seed=8) == first
    assert bootstrap_change(pre, post, seed=9) != first


def test_bootstrap_interval_is_near_the_t_interval_for_normal_changes_and_leans_with_skewness() -> None:
    rng = np.random.default_rng(4)
    pre = np.zeros(60)
    normal = rng.normal(2, 3, 60)
    t, bootstrap = mean_change(pre, normal), bootstrap_change(pre, normal, resamples=5000)
    assert (bootstrap.low, bootstrap.high) == pytest.approx((t.change_low, t.change_high), abs=0.12 * t.sd_change)
    skewed = bootstrap_change(pre, rng.exponential(2, 60), resamples=5000)
    assert skewed.high - skewed.change > 1.1 * (skewed.change - skewed.low)


@pytest.mark.parametrize(("pre", "post", "note"), [
    ([], [], Reason.NO_DATA), ([1, 2, 3, 4], [2, 2, 5, 5], Reason.TOO_FEW),
    ([1, 2, 3, 4, 5], [2, 3, 4, 5, 6], Reason.CONSTANT_CHANGE), ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], Reason.NO_CHANGE),
])
def test_bootstrap_without_spread_is_missing(pre: list, post: list, note: str) -> None:
    result = bootstrap_change(pre, post)
    assert result.note == note
    assert {"low", "high"} <= set(missing_fields(result))


def test_too_few_resamples_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 100 resamples"):
        bootstrap_change([1, 2, 3, 4, 5], [2, 2, 5, 5, 9], resamples=50)


@pytest.mark.parametrize("case", cases("tost"))
def test_equivalence_agrees_with_r(case: Case) -> None:
    sleep = the("sleep").given
    for bound, expected in zip(case.given["bounds"], case.expected, strict=True):
        assert equivalence(sleep["pre"], sleep["post"], -bound, bound).p == agrees(expected)


@pytest.mark.parametrize("case", cases("equivalence"))
def test_equivalence_with_uneven_bounds_agrees_with_r(case: Case) -> None:
    result = equivalence(*(case.given[key] for key in ("pre", "post", "lower", "upper")))
    keys = ("p_lower", "p_upper", "p", "low", "high")
    assert [getattr(result, key) for key in keys] == agrees([case.expected[key] for key in keys])


def test_equivalence_agrees_with_statsmodels() -> None:
    from statsmodels.stats.weightstats import ttost_paired

    given = the("likert_zeros_ties").given
    expected = ttost_paired(np.array(given["post"]), np.array(given["pre"]), -3, 3)[0]
    assert equivalence(given["pre"], given["post"], -3, 3).p == agrees(expected)


@pytest.mark.parametrize("lower", [-5, -2.7, -2.5, -2, -1])
def test_equivalence_interval_lies_inside_the_bounds_exactly_when_the_test_rejects(lower: float) -> None:
    given = the("likert_zeros_ties").given
    result = equivalence(given["post"], given["pre"], lower, 4)
    assert (result.p < 0.05) == (lower < result.low and result.high < 4)


def test_equivalence_needs_bounds_in_order() -> None:
    with pytest.raises(ValueError, match="below the upper"):
        equivalence([1, 2], [2, 4], 1, -1)


@pytest.mark.parametrize(("post", "note"), [([1, 2, 3], Reason.NO_CHANGE), ([2, 3, 4], Reason.CONSTANT_CHANGE)])
def test_equivalence_without_spread_is_missing(post: list, note: str) -> None:
    result = equivalence([1, 2, 3], post, -1, 1)
    assert result.note == note
    assert math.isnan(result.p)


@pytest.mark.parametrize("case", cases("mde"))
def test_smallest_detectable_change_agrees_with_pwr(case: Case) -> None:
    for n, expected in zip(case.given["n"], case.expected, strict=True):
        assert smallest_detectable_change(n, 2.0).d == pytest.approx(expected, abs=2e-5)    # pwr.t.test itself stops there


@pytest.mark.parametrize("case", cases("power"))
def test_smallest_detectable_change_agrees_with_r_at_any_power_and_level(case: Case) -> None:
    grid = zip(case.given["n"], case.given["power"], case.given["alpha"], case.expected["d"], strict=True)
    for n, power, alpha, expected in grid:
        result = smallest_detectable_change(n, 2.0, power, alpha)
        assert (result.d, result.change) == agrees((expected, 2 * expected))


@pytest.mark.parametrize(("n", "sd_change", "note", "missing"), [
    (0, math.nan, Reason.NO_DATA, ["d", "change"]), (1, math.nan, Reason.TOO_FEW, ["d", "change"]),
    (12, 0.0, Reason.NO_VARIANCE, ["change"]), (12, 1.5, "", []),
])
def test_smallest_detectable_change_needs_pairs_and_spread(n: int, sd_change: float, note: str, missing: list) -> None:
    result = smallest_detectable_change(n, sd_change)
    assert (result.note, missing_fields(result)) == (note, missing)


@pytest.mark.parametrize(("low", "high", "p", "expected"), [
    (1.2, 3.0, 0.9, Verdict.IMPROVED_MEANINGFULLY),
    (1.0, 3.0, 0.9, Verdict.IMPROVED_MEANINGFULLY),         # the smallest change that matters does matter
    (0.2, 3.0, 0.9, Verdict.IMPROVED),
    (0.1, 0.6, 0.001, Verdict.EQUIVALENT),                  # surely some change, surely too little
    (-0.5, 2.0, 0.6, Verdict.NO_EVIDENCE),
    (0.0, 2.0, 0.6, Verdict.NO_EVIDENCE),
    (-0.4, 0.5, 0.01, Verdict.EQUIVALENT),
    (-3.0, -0.2, 0.9, Verdict.WORSENED),
    (-3.0, -1.0, 0.9, Verdict.WORSENED_MEANINGFULLY),
    (math.nan, math.nan, math.nan, Verdict.NOT_COMPUTED),
])
def test_verdict(low: float, high: float, p: float, expected: Verdict) -> None:
    assert verdict(low, high, p, 1.0) is expected


def test_verdict_on_a_scale_where_less_is_better() -> None:
    assert verdict(-3.0, -1.2, 0.9, 1.0, "down") is Verdict.IMPROVED_MEANINGFULLY
    assert verdict(0.2, 3.0, 0.9, 1.0, "down") is Verdict.WORSENED


@pytest.mark.parametrize("undeclared", [None, math.nan])
def test_without_a_smallest_change_nothing_is_meaningful_or_equivalent(undeclared: float | None) -> None:
    assert verdict(50, 60, math.nan, undeclared) is Verdict.IMPROVED
    assert verdict(-0.01, 0.01, 0.0, undeclared) is Verdict.NO_EVIDENCE


def test_judge_change_takes_interval_and_equivalence_from_the_same_data() -> None:
    given = the("likert_zeros_ties").given
    pre, post = given["pre"], given["post"]                 # change 2.07 [1.42; 2.71]
    assert judge_change(pre, post, 1.0) is Verdict.IMPROVED_MEANINGFULLY
    assert judge_change(pre, post, 2.0) is Verdict.IMPROVED
    assert judge_change(pre, post, 5.0) is Verdict.EQUIVALENT
    assert judge_change(pre, post, None) is Verdict.IMPROVED
    assert judge_change(post, pre, 1.0) is Verdict.WORSENED_MEANINGFULLY
    assert judge_change(post, pre, 1.0, "down") is Verdict.IMPROVED_MEANINGFULLY
    assert judge_change(pre, pre, 1.0) is Verdict.NOT_COMPUTED
