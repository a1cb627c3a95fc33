"""One group measured twice: the mean change with its interval, and how firmly pre and post hang together."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .bootstrap import FEWEST, RESAMPLES, resampled_rows, studentised_interval
from .distributions import detectable_shift, normal_quantile
from .result import Reason
from .samples import Towards, changes, complete, is_constant, mean, sd, why_unchanging
from .samples import Values as Values
from .samples import without_noise as without_noise


class MeanChange(NamedTuple):
    """The mean change with its t interval and the paired t test."""

    n: int
    mean_pre: float
    mean_post: float
    sd_pre: float
    sd_post: float
    change: float
    sd_change: float
    change_low: float
    change_high: float
    statistic: float
    df: float
    p: float
    note: str = ""


class Correlation(NamedTuple):
    """Pearson's r with its Fisher interval."""

    n: int
    r: float
    low: float
    high: float
    note: str = ""


class BootstrapChange(NamedTuple):
    """The mean change with its studentised bootstrap interval."""

    n: int
    change: float
    low: float
    high: float
    note: str = ""


class Equivalence(NamedTuple):
    """Two one-sided tests; the interval is the one that lies inside the bounds exactly when both reject."""

    n: int
    change: float
    low: float
    high: float
    df: float
    p_lower: float
    p_upper: float
    p: float
    note: str = ""


class SmallestDetectable(NamedTuple):
    """The change that n pairs detect with the given power, in SDs of the change and in points."""

    n: int
    d: float
    change: float
    note: str = ""


class Verdict(StrEnum):
    """What an interval says about a change, given the smallest change that matters."""

    IMPROVED_MEANINGFULLY = "improved_meaningfully"     # wholly at or beyond the smallest change that matters
    IMPROVED = "improved"                               # beyond zero, but perhaps less than what matters
    EQUIVALENT = "equivalent"                           # shown to be smaller than what matters
    NO_EVIDENCE = "no_evidence"                         # neither change nor its absence is shown
    WORSENED = "worsened"
    WORSENED_MEANINGFULLY = "worsened_meaningfully"
    NOT_COMPUTED = "not_computed"                       # there is no interval to judge by


def mean_change(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> MeanChange:
    """Mean change, its t interval and the paired t test.

    ``change +- t(n - 1) * sd_change / sqrt(n)`` and ``statistic = change / (sd_change / sqrt(n))``; Student
    (1908), "The probable error of a mean", Biometrika 6(1), 1-25. Assumes independent respondents and roughly
    normal changes; robust from about 10 pairs on unless single changes are extreme.

    Args:
        pre: scores before, shape ``(n,)``, in points of the scale.
        post: scores of the same respondents after, shape ``(n,)``.
        confidence: coverage of the interval.

    Returns:
        Test and interval are missing when nobody changed (``no_change``), when everybody changed by the same
        amount (``constant_change``: t would be infinite and p zero, out of no evidence about spread) or below
        two pairs.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> result = mean_change([24, 31, 28, 22], [28, 31, 30, 25])
        >>> print(f"{result.change:.2f} [{result.change_low:.2f}; {result.change_high:.2f}]")
        2.25 [-0.47; 4.97]
    """
    before, after = complete(pre, post)
    change = changes(before, after)
    n = change.size
    means = mean(before), mean(after), sd(before), sd(after), mean(change), sd(change)
    missing = (math.nan,) * 3
    if n < 2:
        return MeanChange(n, *means, *missing, math.nan, math.nan, Reason.TOO_FEW if n else Reason.NO_DATA)
    if reason := why_unchanging(change):
        return MeanChange(n, *means, *missing, n - 1, math.nan, reason)
    average, error = means[4], means[5] / math.sqrt(n)
    margin = float(special.stdtrit(n - 1, 0.5 + confidence / 2)) * error
    statistic = average / error
    p = 2 * float(special.stdtr(n - 1, -abs(statistic)))
    return MeanChange(n, *means, average - margin, average + margin, statistic, n - 1, p)


def correlation(first: ArrayLike, second: ArrayLike, confidence: float = 0.95) -> Correlation:
    """Pearson's r between two measurements of the same respondents, with Fisher's interval.

    ``tanh(artanh(r) +- z / sqrt(n - 3))``; Fisher (1921), "On the 'probable error' of a coefficient of
    correlation deduced from a small sample", Metron 1, 3-32. Assumes bivariate normal scores. At n = 3 the
    interval is everything from -1 to 1; at r = +-1 it is that point.

    Args:
        first: scores, shape ``(n,)``.
        second: scores of the same respondents, shape ``(n,)``.
        confidence: coverage of the interval.

    Raises:
        ValueError: the arrays differ in length or hold a missing value.

    Example:
        >>> result = correlation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
        >>> print(f"{result.r:.2f} [{result.low:.2f}; {result.high:.2f}]")
        0.80 [-0.28; 0.99]
    """
    x, y = complete(first, second)
    n = x.size
    if n < 3:
        return Correlation(n, *(math.nan,) * 3, Reason.TOO_FEW if n else Reason.NO_DATA)
    if is_constant(x) or is_constant(y):
        return Correlation(n, *(math.nan,) * 3, Reason.NO_VARIANCE)
    x, y = x - x.mean(), y - y.mean()
    r = float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)))
    if abs(r) > 1 - 1e-14:
        r = math.copysign(1.0, r)
    if n == 3:
        return Correlation(n, r, -1.0, 1.0)
    if abs(r) == 1:
        return Correlation(n, r, r, r)
    margin = normal_quantile(confidence) / math.sqrt(n - 3)
    return Correlation(n, r, math.tanh(math.atanh(r) - margin), math.tanh(math.atanh(r) + margin))


def bootstrap_change(
    pre: ArrayLike, post: ArrayLike, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> BootstrapChange:
    """Mean change with a studentised bootstrap interval (bootstrap-t).

    Every resample gives ``t* = (mean* - mean) / se*``; the interval is ``mean - t*(1 - a/2) se`` to
    ``mean - t*(a/2) se``; Efron and Tibshirani (1993), An Introduction to the Bootstrap, section
    12.5, p. 160. Follows skewness that the t interval ignores; the order of the respondents plays no part.
    Resamples of one repeated value have no spread and are left out.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        confidence: coverage of the interval.
        resamples: number of resamples.
        seed: start of the random generator; the same seed gives the same interval.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> bootstrap_change([3, 4, 5, 2, 6, 4], [5, 5, 9, 2, 8, 7], seed=1).change
        2.0
    """
    change = np.sort(changes(pre, post))
    n = change.size
    if n < FEWEST:
        reason = Reason.TOO_FEW if n else Reason.NO_DATA
        return BootstrapChange(n, mean(change), math.nan, math.nan, reason)
    if reason := why_unchanging(change):
        return BootstrapChange(n, mean(change), math.nan, math.nan, reason)
    average = mean(change)
    drawn = change[resampled_rows(n, resamples, seed)]
    low, high = studentised_interval(
        average, sd(change) / math.sqrt(n), drawn.mean(axis=1), drawn.std(axis=1, ddof=1) / math.sqrt(n),
        confidence
    )
    return BootstrapChange(n, average, low, high)


def equivalence(
    pre: ArrayLike, post: ArrayLike, lower: float, upper: float, alpha: float = 0.05
) -> Equivalence:
    """Two one-sided t tests that the mean change lies between two bounds, with the 1 - 2 alpha interval.

    ``p = max(P(T > (change - lower) / se), P(T < (change - upper) / se))`` with T on n - 1 degrees of
    freedom: Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15(6), 657-680. Assumes as
    :func:`mean_change`.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        lower: the largest fall that does not matter, in points (usually negative).
        upper: the largest rise that does not matter.
        alpha: level of each one-sided test, and of their combination.

    Raises:
        ValueError: ``lower`` is not below ``upper``, the arrays differ in length or hold a missing value.

    Example:
        >>> result = equivalence([24, 31, 28, 22, 30, 27], [24, 30, 28, 23, 30, 28], -1, 1)
        >>> print(f"{result.change:.2f} [{result.low:.2f}; {result.high:.2f}], p = {result.p:.3f}")
        0.17 [-0.45; 0.79], p = 0.021
    """
    if not lower < upper:
        raise ValueError("the lower bound must lie below the upper bound")
    change = changes(pre, post)
    n, average = change.size, mean(change)
    missing = (math.nan,) * 3
    if n < 2:
        return Equivalence(n, average, *missing, *missing, Reason.TOO_FEW if n else Reason.NO_DATA)
    if reason := why_unchanging(change):
        return Equivalence(n, average, math.nan, math.nan, n - 1, *missing, reason)
    error = sd(change) / math.sqrt(n)
    margin = -float(special.stdtrit(n - 1, alpha)) * error
    p_lower = float(special.stdtr(n - 1, (lower - average) / error))
    p_upper = float(special.stdtr(n - 1, (average - upper) / error))
    p = max(p_lower, p_upper)
    return Equivalence(n, average, average - margin, average + margin, n - 1, p_lower, p_upper, p)


def smallest_detectable_change(
    n: int, sd_change: float, power: float = 0.8, alpha: float = 0.05
) -> SmallestDetectable:
    """The mean change that a two-sided paired t test on n pairs finds with the given power.

    Solves ``P(|T'| > t(1 - alpha/2)) = power`` for T' noncentral t with noncentrality ``d sqrt(n)``: Cohen
    (1988), Statistical Power Analysis, 2nd ed., section 2.3.5. A property of n, so that "not significant" is
    never read as "not changed"; computed from n alone and not from the change that was observed.

    Args:
        n: number of pairs.
        sd_change: standard deviation of the change, in points.
        power: probability to detect the change.
        alpha: level of the test.

    Example:
        >>> print(f"{smallest_detectable_change(30, sd_change=2.0).d:.3f}")
        0.529
    """
    if n < 2:
        return SmallestDetectable(n, math.nan, math.nan, Reason.TOO_FEW if n else Reason.NO_DATA)
    d = detectable_shift(n - 1, power, alpha) / math.sqrt(n)
    if not sd_change > 0:
        return SmallestDetectable(n, d, math.nan, Reason.NO_VARIANCE)
    return SmallestDetectable(n, d, d * sd_change)


def verdict(
    low: float,
    high: float,
    equivalence_p: float,
    smallest_change: float | None,
    direction: Towards = "up",
    alpha: float = 0.05,
) -> Verdict:
    """What the interval of a change says, given the smallest change that matters, declared beforehand.

    Wholly at or beyond the smallest change: meaningful. Else, if the equivalence test shows the change to be
    smaller than that in both directions: equivalent, even where zero is excluded. Else beyond zero: improved
    or worsened. Else no evidence. Without a declared smallest change only the last two can be told apart.

    Args:
        low: lower limit of the change.
        high: upper limit of the change.
        equivalence_p: p of :func:`equivalence` with bounds -+ the smallest change, nan if there is none.
        smallest_change: smallest change that matters, in points, above zero; None or nan when not declared.
        direction: ``"down"`` when a lower score is better.
        alpha: level of the equivalence test.

    Example:
        >>> print(verdict(0.4, 2.6, equivalence_p=0.7, smallest_change=1.0))
        improved
    """
    if math.isnan(low) or math.isnan(high):
        return Verdict.NOT_COMPUTED
    if direction == "down":
        low, high = -high, -low
    needed = math.inf if smallest_change is None or math.isnan(smallest_change) else smallest_change
    if low >= needed:
        return Verdict.IMPROVED_MEANINGFULLY
    if high <= -needed:
        return Verdict.WORSENED_MEANINGFULLY
    if needed < math.inf and equivalence_p < alpha:
        return Verdict.EQUIVALENT
    if low > 0:
        return Verdict.IMPROVED
    return Verdict.WORSENED if high < 0 else Verdict.NO_EVIDENCE


def judge_change(
    pre: ArrayLike,
    post: ArrayLike,
    smallest_change: float | None,
    direction: Towards = "up",
    confidence: float = 0.95,
) -> Verdict:
    """The :func:`verdict` on the mean change between two waves, from its t interval and its equivalence test.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> print(judge_change([3, 4, 5, 2, 6, 4], [5, 5, 9, 2, 8, 7], smallest_change=None))
        improved
    """
    interval = mean_change(pre, post, confidence)
    declared = smallest_change is not None and smallest_change > 0
    inside = equivalence(pre, post, -smallest_change, smallest_change).p if declared else math.nan
    wanted = smallest_change if declared else None
    return verdict(interval.change_low, interval.change_high, inside, wanted, direction, 1 - confidence)
