from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import ranks
from baksos_eval.stats.ranks import hodges_lehmann, midranks, sign_test, signed_rank, spss_signed_rank
from baksos_eval.stats.result import Reason
from tests.oracle import Case, agrees, cases, the

small_changes = st.lists(st.integers(-4, 5), min_size=1, max_size=9)


def counted(change: list[int], zeros: str) -> float:
    """Two-sided p by going through every assignment of signs."""
    sizes = np.abs(np.array([d for d in change if d or zeros == "pratt"], float))
    weights = midranks(sizes)[sizes > 0]
    observed = midranks(sizes)[np.array([d > 0 for d in change if d or zeros == "pratt"])].sum()
    sums = np.array([np.dot(signs, weights) for signs in product((0, 1), repeat=weights.size)])
    far = abs(observed - weights.sum() / 2)
    return float((np.abs(sums - weights.sum() / 2) >= far - 1e-9).mean())


@pytest.mark.parametrize("case", cases("paired"))
def test_ranks_agree_with_r(case: Case) -> None:
    pre, post, expected = case.given["pre"], case.given["post"], case.expected
    dropped = signed_rank(pre, post, zeros="wilcox")
    assert dropped.statistic == expected["signed_rank_V_zeros_dropped"]
    assert (dropped.p, signed_rank(pre, post).p) == agrees((expected["exact_p_zeros_dropped"], expected["exact_p_pratt"]))
    spss = spss_signed_rank(pre, post)
    assert (spss.z, spss.p) == agrees((expected["spss_Z"], expected["spss_asymptotic_p"]))
    signs = sign_test(pre, post)
    assert signs[1:4] == (expected["improved"], expected["same"], expected["worse"])
    assert signs.p == agrees(expected["sign_test_p"])
    located = hodges_lehmann(pre, post, zeros="wilcox")
    keys = ("hodges_lehmann_zeros_dropped", "hl_ci_low_zeros_dropped", "hl_ci_high_zeros_dropped")
    assert located[2:5] == agrees([expected[key] for key in keys])


@pytest.mark.parametrize("case", cases("ranks"))
def test_ranks_of_whole_numbers_agree_with_r(case: Case) -> None:
    pre, post, expected = case.given["pre"], case.given["post"], case.expected
    assert signed_rank(pre, post).p == agrees(expected["p_pratt"])
    assert signed_rank(pre, post, "wilcox").p == agrees(expected["p_wilcox"])
    result = hodges_lehmann(pre, post, zeros="wilcox")
    if np.count_nonzero(post) < 6:
        assert (result.estimate, result.note) == (agrees(expected["estimate"]), Reason.TOO_FEW)
    else:
        assert result[2:5] == agrees([expected[key] for key in ("estimate", "low", "high")])


@pytest.mark.parametrize("zeros", ["pratt", "wilcox"])
@given(change=small_changes)
@settings(max_examples=60, deadline=None)
def test_signed_rank_is_exact_with_ties_and_zeros(zeros: str, change: list[int]) -> None:
    """scipy.stats.wilcoxon(method="exact") ignores ties, and "auto" turns asymptotic with ties above n = 13."""
    result = signed_rank([0] * len(change), change, zeros)
    if any(change):
        assert result.p == pytest.approx(counted(change, zeros), abs=1e-12)
    else:
        assert result.note == Reason.NO_CHANGE


def test_signed_rank_stays_exact_where_scipy_turns_asymptotic() -> None:
    case = the("likert_zeros_ties")
    result = signed_rank(case.given["pre"], case.given["post"])
    assert (result.n, result.n_used, result.exact, result.p) == (30, 22, 1, 2**-19)


def test_signed_rank_with_many_changes_follows_the_normal_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    change = np.random.default_rng(1).normal(0.16, 1, 190)
    exact = signed_rank(0 * change, change)
    monkeypatch.setattr(ranks, "EXACT_LIMIT", 100)
    normal = signed_rank(0 * change, change)
    assert (exact.exact, normal.exact, exact.statistic) == (1, 0, normal.statistic)
    assert normal.p == pytest.approx(exact.p, rel=0.02)


def test_equal_changes_are_ties_beneath_binary_noise() -> None:
    pre, change = np.array([0.1, 0.2, 0.3, 0.7, 1.1, 2.3]), np.array([0.3, -0.3, 0.3, 0.3, 0.6, -0.3])
    noisy, clean = signed_rank(pre, pre + change), signed_rank(np.zeros(6), 10 * change)
    assert len(set(np.abs(pre + change - pre))) > 2
    assert noisy == clean
    assert hodges_lehmann(pre, pre + change).estimate == agrees(0.15)
    assert [10 * limit for limit in hodges_lehmann(pre, pre + change)[2:5]] == agrees(list(hodges_lehmann(np.zeros(6), 10 * change)[2:5]))


def test_nobody_changed() -> None:
    assert signed_rank([1, 2], [1, 2]).note == Reason.NO_CHANGE
    assert sign_test([1, 2], [1, 2])[:4] == (2, 0, 2, 0)
    assert math.isnan(sign_test([1, 2], [1, 2]).p)
    spss = spss_signed_rank([1, 2], [1, 2])
    assert (spss.n_ties, spss.sum_positive, spss.note) == (2, 0.0, Reason.NO_CHANGE)
    assert hodges_lehmann([1, 2], [1, 2])[:3] == (2, 0, 0.0)


@pytest.mark.parametrize("function", [signed_rank, spss_signed_rank, sign_test, hodges_lehmann])
def test_no_data(function) -> None:
    assert function([], []).note == Reason.NO_DATA


def test_spss_ranks_table() -> None:
    result = spss_signed_rank([5, 5, 5, 5, 5, 5], [7, 3, 9, 5, 6, 5])
    assert result[:8] == (6, 1, 2.5, 2.5, 3, 2.5, 7.5, 2)


def test_spss_prints_zero_for_the_mean_rank_of_an_empty_side() -> None:
    result = spss_signed_rank([1, 2, 3], [2, 4, 6])
    assert (result.n_negative, result.mean_rank_negative, result.sum_negative) == (0, 0.0, 0.0)


def test_spss_figure_is_that_of_scipy_with_the_same_options() -> None:
    from scipy.stats import wilcoxon

    given = the("nine_pairs_with_ties").given
    expected = wilcoxon(given["post"], given["pre"], zero_method="wilcox", correction=False, method="asymptotic")
    result = spss_signed_rank(given["pre"], given["post"])
    assert (abs(result.z), result.p) == agrees((abs(expected.zstatistic), expected.pvalue))


def test_sign_test_on_a_scale_where_less_is_better() -> None:
    assert sign_test([5, 5, 5], [3, 4, 6], "down")[1:4] == (2, 0, 1)


def test_hodges_lehmann_keeps_the_unchanged_unless_told_otherwise() -> None:
    given = the("likert_zeros_ties").given
    assert hodges_lehmann(given["pre"], given["post"])[1:5] == (22, 2.0, 1.5, 3.0)
    assert hodges_lehmann(given["pre"], given["post"], zeros="wilcox")[1:5] == (22, 2.75, 2.0, 3.5)


def scanned(change: np.ndarray, tail: float) -> tuple[float, float]:
    """Limits found by trying every gap between pairwise means, with the signs counted out."""
    means = np.unique([(a + b) / 2 for a in change for b in change])
    accepted = []
    for left, right in zip(means[:-1], means[1:], strict=True):
        rest = change - (left + right) / 2
        weights = midranks(np.abs(rest))
        sums = np.array([np.dot(signs, weights) for signs in product((0, 1), repeat=weights.size)])
        v = weights[rest > 0].sum()
        if (sums >= v - 1e-9).mean() > tail and (sums <= v + 1e-9).mean() > tail:
            accepted += [left, right]
    return (min(accepted), max(accepted)) if accepted else (math.nan, math.nan)


@given(change=st.lists(st.integers(-3, 6), min_size=7, max_size=8))
@settings(max_examples=25, deadline=None)
def test_hodges_lehmann_interval_holds_the_shifts_that_the_exact_test_accepts(change: list[int]) -> None:
    result = hodges_lehmann([0] * len(change), change)
    if not result.note:
        low, high = scanned(np.array(change, float), 0.025)
        assert result.low <= result.estimate <= result.high
        if not math.isnan(low):
            assert (result.low, result.high) == agrees((low, high))
        else:
            assert result.low == result.high


@pytest.mark.parametrize(("change", "note"), [
    ([1, 2, 3, 4, 6], Reason.TOO_FEW), ([0, 0, 0, 0, 0, 0], Reason.NO_CHANGE), ([2, 2, 2, 2, 2, 2], Reason.CONSTANT_CHANGE),
])
@pytest.mark.parametrize("zeros", ["pratt", "wilcox"])
def test_hodges_lehmann_without_limits(change: list[int], note: str, zeros: str) -> None:
    result = hodges_lehmann([0] * len(change), change, zeros=zeros)
    assert result.note == note
    assert result.estimate == np.median(change)
    assert math.isnan(result.low) and math.isnan(result.high)


def test_six_pairs_are_enough_for_limits_at_95_percent_but_not_at_99() -> None:
    change = [1, 2, 3, 4, 5, 7]
    assert hodges_lehmann([0] * 6, change)[3:5] == (1.0, 7.0)
    assert hodges_lehmann([0] * 6, change, confidence=0.99).note == Reason.TOO_FEW


@pytest.mark.parametrize("zeros", ["pratt", "wilcox"])
def test_hodges_lehmann_above_the_exact_limit_covers_the_centre(zeros: str) -> None:
    change = np.round(np.random.default_rng(5).normal(2, 4, 450))
    result = hodges_lehmann(0 * change, change, zeros=zeros)
    assert 1 < result.low <= result.estimate <= result.high < 3
