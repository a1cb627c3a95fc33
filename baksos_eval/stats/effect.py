"""How large the change is: effect sizes, each named by its formula, each with an interval."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .distributions import noncentrality, normal_quantile
from .ranks import midranks
from .result import Reason
from .samples import Values, changes, complete, is_constant, mean, sd, why_unchanging


class CohenD(NamedTuple):
    """A standardised mean change ``d`` and the same corrected for small samples, ``g``, with intervals."""

    n: int
    d: float
    low: float
    high: float
    g: float
    g_low: float
    g_high: float
    note: str = ""


class RankBiserial(NamedTuple):
    """The matched-pairs rank-biserial correlation with its interval."""

    n: int
    n_used: int
    r: float
    low: float
    high: float
    note: str = ""


class StandardisedDifference(NamedTuple):
    """The difference between two separate groups in standard deviations, first minus second."""

    n_first: int
    n_second: int
    mean_first: float
    mean_second: float
    difference: float
    d: float
    low: float
    high: float
    note: str = ""


def hedges_correction(df: float) -> float:
    """Hedges' factor J that takes the small-sample bias out of d, between 0 and 1.

    ``J = Gamma(df/2) / (sqrt(df/2) Gamma((df - 1)/2))``, exact; Hedges (1981), "Distribution theory for
    Glass's estimator of effect size", Journal of Educational Statistics 6(2), 107-128, eq. 6e. Needs ``df >
    1``.

    Example:
        >>> print(f"{hedges_correction(9):.4f}")
        0.9139
    """
    return math.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / math.sqrt(df / 2)


def cohen_d_z(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> CohenD:
    """Mean change in standard deviations of the change, with the noncentral-t interval.

    ``d_z = mean(change) / sd(change)``; the limits are the noncentralities that put the observed t at either
    tail, divided by sqrt(n); Cumming and Finch (2001), "A primer on the understanding, use, and calculation
    of confidence intervals", Educational and Psychological Measurement 61(4), 532-574. ``g = J(n - 1) d``.
    Assumes normal changes. Not comparable with d of other designs: it grows with the correlation of pre and
    post.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        confidence: coverage of the interval.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> result = cohen_d_z([13, 12, 12, 9, 14, 17], [14, 13, 16, 12, 15, 18])
        >>> print(f"{result.d:.2f} [{result.low:.2f}; {result.high:.2f}], g = {result.g:.2f}")
        1.38 [0.20; 2.50], g = 1.16
    """
    change = changes(pre, post)
    n = change.size
    if n < 3:
        return _no_effect(n, Reason.TOO_FEW if n else Reason.NO_DATA)
    if reason := why_unchanging(change):
        return _no_effect(n, reason)
    d = mean(change) / sd(change)
    tail = (1 - confidence) / 2
    low, high = (noncentrality(d * math.sqrt(n), n - 1, area) / math.sqrt(n) for area in (1 - tail, tail))
    return _with_correction(n, d, low, high, n - 1)


def cohen_d_av(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> CohenD:
    """Mean change in units of the pooled standard deviation of pre and post, with Bonett's interval.

    ``d_av = mean(change) / s`` with ``s^2 = (s_pre^2 + s_post^2) / 2`` (Cumming 2012, Understanding the New
    Statistics, p. 291), on the scale of d between separate groups. Interval ``d +- z se`` with ``se^2 = d^2 /
    (2 df) + s_change^2 / ((n - 1) s^2)`` and ``df = 4 s^4 (n - 1) / (s_pre^4 + s_post^4 + 2 cov^2)``: Bonett
    (2008), "Confidence intervals for standardized linear contrasts of means", Psychological Methods 13(2),
    99-109. ``g = J(df) d``, which for equal variances is the df of Cousineau and Goulet-Pelletier (2021),
    TQMP 17(1), 51-60. Assumes normal scores; variances may differ.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        confidence: coverage of the interval.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> result = cohen_d_av([13, 12, 12, 9, 14, 17], [14, 13, 16, 12, 15, 18])
        >>> print(f"{result.d:.2f} [{result.low:.2f}; {result.high:.2f}], g = {result.g:.2f}")
        0.76 [0.11; 1.41], g = 0.65
    """
    before, after = complete(pre, post)
    spread = math.hypot(sd(before), sd(after)) / math.sqrt(2) if before.size > 1 else math.nan
    return _standardised_change(before, after, spread, confidence, pooled=True)


def cohen_d_av_mean_sd(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> CohenD:
    """Mean change in units of the mean of both standard deviations, with an interval built like Bonett's.

    ``d = mean(change) / s`` with ``s = (s_pre + s_post) / 2``: Lakens (2013), "Calculating and reporting
    effect sizes to facilitate cumulative science", Frontiers in Psychology 4:863, eq. 10. The interval
    applies the delta method of Bonett (2008) to this standardiser, ``df = 4 s^2 (n - 1) / (s_pre^2 + s_post^2
    + 2 cov^2 / (s_pre s_post))``; it equals that of :func:`cohen_d_av` when both standard deviations are
    equal. Assumes normal scores.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        confidence: coverage of the interval.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> print(f"{cohen_d_av_mean_sd([13, 12, 12, 9, 14, 17], [14, 13, 16, 12, 15, 18]).d:.2f}")
        0.76
    """
    before, after = complete(pre, post)
    return _standardised_change(before, after, (sd(before) + sd(after)) / 2, confidence, pooled=False)


def rank_biserial(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> RankBiserial:
    """Matched-pairs rank-biserial correlation, from -1 (all rank sum on decreases) to 1 (all on increases).

    ``r = (V+ - V-) / (V+ + V-)`` over those who changed; King, Rosopa and Minium (2011), Statistical
    Reasoning in the Behavioral Sciences, 6th ed.; Kerby (2014), Comprehensive Psychology 3:11.IT.3.1. The
    interval is the score interval of Wilson (1927), JASA 22, 209-212, for ``theta = (r + 1) / 2`` with
    variance ``theta (1 - theta) / m``, where m is set so that at r = 0 the variance is that of the
    tie-corrected signed-rank test: the interval excludes 0 exactly when that asymptotic test rejects (the
    calibration of Fay and Malinovsky 2018, Statistics in Medicine 37(27), 3991-4006, for the unpaired test).
    Unlike bootstrap and Fisher-z intervals it keeps its width when everybody improves. Assumes independent
    respondents; approximate below about ten changed respondents.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        confidence: coverage of the interval.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> result = rank_biserial([1, 2, 3, 4, 2, 3, 1, 2], [2, 4, 4, 6, 5, 4, 3, 3])
        >>> print(f"{result.r:.2f} [{result.low:.2f}; {result.high:.2f}]")
        1.00 [0.26; 1.00]
    """
    change = changes(pre, post)
    n = change.size
    changed = change[change != 0]
    if not changed.size:
        missing = (math.nan,) * 3
        return RankBiserial(n, 0, *missing, Reason.NO_CHANGE if n else Reason.NO_DATA)
    ranks = midranks(np.abs(changed))
    total = float(ranks.sum())
    share = float(ranks[changed > 0].sum()) / total
    size = total**2 / float((ranks**2).sum())
    low, high = wilson_interval(share, size, confidence)
    return RankBiserial(n, changed.size, 2 * share - 1, 2 * low - 1, 2 * high - 1)


def standardised_difference(
    first: ArrayLike, second: ArrayLike, confidence: float = 0.95
) -> StandardisedDifference:
    """How far two separate groups lie apart in standard deviations, such as stayers and leavers.

    ``d = (mean_1 - mean_2) / s`` with ``s^2 = (s_1^2 + s_2^2) / 2``: Austin (2009), "Balance diagnostics",
    Statistics in Medicine 28(25), 3083-3107. Interval ``d +- z se`` with ``se^2 = d^2 (s_1^4/(n_1 - 1) +
    s_2^4/(n_2 - 1)) / (8 s^4) + (s_1^2/(n_1 - 1) + s_2^2/(n_2 - 1)) / s^2``: Bonett (2008), Psychological
    Methods 13(2), 99-109. Assumes normal scores; variances may differ. Groups are described, not tested: a p
    value depends on how many left.

    Args:
        first: scores of one group, shape ``(n_first,)``.
        second: scores of the other group, shape ``(n_second,)``.
        confidence: coverage of the interval.

    Raises:
        ValueError: a value is missing.

    Example:
        >>> result = standardised_difference([24, 31, 28, 22], [22, 25, 23])
        >>> print(f"{result.d:.2f} [{result.low:.2f}; {result.high:.2f}]")
        0.96 [-0.83; 2.74]
    """
    (a,), (b,) = complete(first), complete(second)
    means = mean(a), mean(b), mean(a) - mean(b)
    missing = (math.nan,) * 3
    if min(a.size, b.size) < 2:
        reason = Reason.TOO_FEW if a.size and b.size else Reason.NO_DATA
        return StandardisedDifference(a.size, b.size, *means, *missing, reason)
    variance_a, variance_b = sd(a) ** 2, sd(b) ** 2
    variance = (variance_a + variance_b) / 2
    if not variance:
        return StandardisedDifference(a.size, b.size, *means, *missing, Reason.NO_VARIANCE)
    d = means[2] / math.sqrt(variance)
    squares = variance_a**2 / (a.size - 1) + variance_b**2 / (b.size - 1)
    errors = variance_a / (a.size - 1) + variance_b / (b.size - 1)
    margin = normal_quantile(confidence) * math.sqrt(d**2 * squares / (8 * variance**2) + errors / variance)
    return StandardisedDifference(a.size, b.size, *means, d, d - margin, d + margin)


def wilson_interval(share: float, size: float, confidence: float) -> tuple[float, float]:
    """Wilson's score interval of a share out of ``size`` observations, which may be an effective number.

    Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, 209-212.

    Example:
        >>> print("{:.3f} {:.3f}".format(*wilson_interval(1.0, 10, 0.95)))
        0.722 1.000
    """
    z = normal_quantile(confidence)
    centre = (share + z * z / (2 * size)) / (1 + z * z / size)
    margin = z / (1 + z * z / size) * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, centre - margin), min(1.0, centre + margin)


def _no_effect(n: int, reason: Reason | str) -> CohenD:
    return CohenD(n, *(math.nan,) * 6, reason)


def _with_correction(n: int, d: float, low: float, high: float, df: float) -> CohenD:
    factor = hedges_correction(df)
    return CohenD(n, d, low, high, factor * d, factor * low, factor * high)


def _standardised_change(
    before: Values, after: Values, spread: float, confidence: float, pooled: bool
) -> CohenD:
    """The change in units of ``spread``; ``pooled`` says how the sampling variance of ``spread`` is found."""
    n = before.size
    if n < 3:
        return _no_effect(n, Reason.TOO_FEW if n else Reason.NO_DATA)
    if not spread:
        return _no_effect(n, Reason.NO_VARIANCE)
    change = changes(before, after)
    d = mean(change) / spread
    a, b = sd(before), sd(after)
    covariance = 0.0 if is_constant(before) or is_constant(after) else float(np.cov(before, after)[0, 1])
    if pooled:
        df = 4 * spread**4 * (n - 1) / (a**4 + b**4 + 2 * covariance**2)
    else:
        df = 4 * spread**2 * (n - 1) / (a**2 + b**2 + (2 * covariance**2 / (a * b) if a * b else 0))
    if why_unchanging(change) == Reason.NO_CHANGE:
        missing = math.nan, math.nan
        return CohenD(n, d, *missing, hedges_correction(df) * d, *missing, Reason.NO_CHANGE)
    error = math.sqrt(d**2 / (2 * df) + sd(change) ** 2 / ((n - 1) * spread**2))
    margin = normal_quantile(confidence) * error
    return _with_correction(n, d, d - margin, d + margin, df)
