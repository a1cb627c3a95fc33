from __future__ import annotations

import math

import numpy as np
import pytest

from baksos_eval.stats.effect import (
    cohen_d_av,
    cohen_d_av_mean_sd,
    cohen_d_z,
    hedges_correction,
    rank_biserial,
    standardised_difference,
    wilson_interval,
)
from baksos_eval.stats.ranks import spss_signed_rank
from baksos_eval.stats.result import Reason, missing_fields
from tests.oracle import Case, agrees, cases, the


@pytest.mark.parametrize("case", cases("paired"))
def test_effect_sizes_agree_with_r(case: Case) -> None:
    pre, post, expected = case.given["pre"], case.given["post"], case.expected
    d_z = cohen_d_z(pre, post)
    assert (d_z.d, d_z.low, d_z.high) == agrees([expected[key] for key in ("d_z", "d_z_ci_low", "d_z_ci_high")])
    assert d_z.g == agrees(expected["g_z"])
    assert hedges_correction(len(pre) - 1) == agrees(expected["hedges_J_df_n_minus_1"])
    assert cohen_d_av(pre, post).d == agrees(expected["d_av_pooled_variance"])
    assert cohen_d_av_mean_sd(pre, post).d == agrees(expected["d_av_mean_sd"])
    assert rank_biserial(pre, post).r == agrees(expected["rank_biserial_zeros_dropped"])


@pytest.mark.parametrize("case", cases("d_av"))
def test_d_av_intervals_agree_with_r(case: Case) -> None:
    for function, key in ((cohen_d_av, "pooled"), (cohen_d_av_mean_sd, "mean_sd")):
        result = function(case.given["pre"], case.given["post"])
        assert list(result[1:7]) == agrees([case.expected[key][name] for name in ("d", "low", "high", "g", "g_low", "g_high")])


@pytest.mark.parametrize("case", cases("published_d_av"))
def test_d_av_agrees_with_the_published_example(case: Case) -> None:
    n, r = case.given["n"], case.given["r"]
    rng = np.random.default_rng(0)
    basis, _ = np.linalg.qr(np.column_stack([np.ones(n), rng.normal(size=(n, 2))]))
    first, second = basis[:, 1] * math.sqrt(n - 1), basis[:, 2] * math.sqrt(n - 1)         # mean 0, SD 1, r 0
    pre = case.given["sd_pre"] * first
    post = case.given["sd_post"] * (r * first + math.sqrt(1 - r * r) * second) + case.given["change"]
    result = cohen_d_av(pre, post)
    assert (result.d, result.low, result.high) == pytest.approx([case.expected[key] for key in ("d", "low", "high")], abs=6e-8)


@pytest.mark.parametrize("case", cases("rank_biserial"))
def test_rank_biserial_interval_agrees_with_r(case: Case) -> None:
    result = rank_biserial(case.given["pre"], case.given["post"])
    assert (result.r, result.low, result.high) == agrees([case.expected[key] for key in ("r", "low", "high")])


def test_rank_biserial_interval_keeps_its_width_when_everybody_improves() -> None:
    widths = []
    for n in (6, 20, 60):
        result = rank_biserial(np.zeros(n), np.arange(1, n + 1))
        assert (result.r, result.high) == (1.0, 1.0)
        widths.append(result.high - result.low)
    assert widths[0] > widths[1] > widths[2] > 0.1


def test_rank_biserial_excludes_zero_exactly_when_the_asymptotic_test_rejects() -> None:
    rng = np.random.default_rng(2)
    decisions = set()
    for _ in range(200):
        change = rng.integers(-3, 5, 15)
        test, result = spss_signed_rank(0 * change, change), rank_biserial(0 * change, change)
        assert (test.p < 0.05) == (result.low > 0 or result.high < 0)
        decisions.add(test.p < 0.05)
    assert decisions == {True, False}


def test_rank_biserial_interval_covers() -> None:
    rng = np.random.default_rng(6)
    mu, reps = 0.5, 500
    truth = 2 * 0.5 * (1 + math.erf(mu)) - 1              # P(D1 + D2 > 0) for D ~ N(mu, 1), on the scale of r
    hits = 0
    for change in rng.normal(mu, 1, (reps, 15)):
        result = rank_biserial(np.zeros(15), change)
        hits += result.low <= truth <= result.high
    assert 0.92 <= hits / reps <= 0.99


def test_wilson_interval_of_a_published_share() -> None:
    low, high = wilson_interval(81 / 263, 263, 0.95)       # Newcombe (1998), Statistics in Medicine 17, table I
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_d_z_stays_finite_for_nearly_constant_change() -> None:
    result = cohen_d_z(np.zeros(60), [5.0] * 59 + [6.0])
    assert result.low < result.d < result.high
    assert result.d == agrees(np.mean([5] * 59 + [6]) / np.std([5] * 59 + [6], ddof=1))


@pytest.mark.parametrize("function", [cohen_d_z, cohen_d_av, cohen_d_av_mean_sd])
@pytest.mark.parametrize(("pre", "post", "note"), [([], [], Reason.NO_DATA), ([1, 2], [2, 4], Reason.TOO_FEW)])
def test_too_few_for_an_effect_size(function, pre: list, post: list, note: str) -> None:
    result = function(pre, post)
    assert result.note == note
    assert len(missing_fields(result)) == 6


def test_d_z_has_no_meaning_without_spread_of_change() -> None:
    assert cohen_d_z([1, 2, 3], [2, 3, 4]).note == Reason.CONSTANT_CHANGE
    assert cohen_d_z([1, 2, 3], [1, 2, 3]).note == Reason.NO_CHANGE


def test_d_av_of_constant_change_is_defined() -> None:
    result = cohen_d_av([1, 2, 3], [2, 3, 4])
    assert (result.d, result.note) == (1.0, "")
    assert result.low < 1 < result.high


def test_d_av_without_change_is_zero_without_an_interval() -> None:
    result = cohen_d_av([1, 2, 3], [1, 2, 3])
    assert (result.d, result.g, result.note) == (0.0, 0.0, Reason.NO_CHANGE)
    assert missing_fields(result) == ["low", "high", "g_low", "g_high"]


def test_d_av_needs_spread_somewhere() -> None:
    assert cohen_d_av([2, 2, 2], [5, 5, 5]).note == Reason.NO_VARIANCE
    assert cohen_d_av([2, 2, 2], [4, 5, 6]).d == agrees(3 / math.sqrt(0.5))


def test_both_d_av_are_the_same_for_equal_standard_deviations() -> None:
    pre, post = [1, 2, 3, 4, 5], [4, 3, 6, 7, 5]
    assert cohen_d_av(pre, post) == pytest.approx(cohen_d_av_mean_sd(pre, post))


def test_hedges_correction_against_its_usual_approximation() -> None:
    for df in (5, 10, 30, 100):
        assert hedges_correction(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=0.2 / df**2)
    assert hedges_correction(10_000) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("case", cases("standardised_difference"))
def test_standardised_difference_agrees_with_r(case: Case) -> None:
    result = standardised_difference(case.given["first"], case.given["second"])
    keys = ("difference", "d", "low", "high")
    assert [getattr(result, key) for key in keys] == agrees([case.expected[key] for key in keys])


@pytest.mark.parametrize(("first", "second", "note"), [
    ([], [1, 2], Reason.NO_DATA), ([1, 2], [], Reason.NO_DATA), ([1, 2], [3], Reason.TOO_FEW), ([2, 2], [3, 3], Reason.NO_VARIANCE),
])
def test_standardised_difference_that_cannot_be_computed(first: list, second: list, note: str) -> None:
    result = standardised_difference(first, second)
    assert (result.n_first, result.n_second, result.note) == (len(first), len(second), note)
    assert {"d", "low", "high"} <= set(missing_fields(result))


def test_the_order_of_the_pairs_in_the_oracle_matters() -> None:
    given = the("thomason_1").given
    assert cohen_d_z(given["pre"], given["post"]).d != cohen_d_z(given["pre"], given["post"][::-1]).d
