"""One group measured twice: the mean change with its interval, and how firmly pre and post hang together."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .result import Reason

Values = NDArray[np.float64]
Towards = Literal["up", "down"]     # which way an improvement goes on this scale

MIN_BOOTSTRAP = 5                   # with fewer pairs a resample says nothing new
RESAMPLES = 2000


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


def complete(*arrays: ArrayLike) -> tuple[Values, ...]:
    """The arrays as one-dimensional floats, checked to be of one length and without missing values.

    Raises:
        ValueError: lengths differ, or a value is missing or infinite. Who answered twice is settled by the
            intake; reaching this point with a gap is a mistake in the program, not in the data.
    """
    values = tuple(np.asarray(array, dtype=float) for array in arrays)
    if any(value.ndim != 1 or value.size != values[0].size for value in values):
        raise ValueError("arrays must be one-dimensional and of one length")
    if not all(np.isfinite(value).all() for value in values):
        raise ValueError("arrays must be complete and finite")
    return values


def without_noise(values: Values, magnitude: float) -> Values:
    """The values without the last bits that binary arithmetic leaves behind.

    Subtracting means of items makes equal changes look different (2.3 - 1.3 is not 3.3 - 2.3 in binary), which
    would break ties between ranks and hide that everybody changed by the same amount. Twelve significant digits of
    the largest number involved are kept.
    """
    if not values.size or magnitude <= 0:
        return values
    return np.round(values, 12 - math.ceil(math.log10(magnitude))) + 0.0


def changes(pre: ArrayLike, post: ArrayLike) -> Values:
    """Change of each respondent, post minus pre, shape ``(n,)``.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> changes([1.3, 2.3], [2.3, 3.3]).tolist()
        [1.0, 1.0]
    """
    before, after = complete(pre, post)
    magnitude = max(np.abs(before).max(initial=0.0), np.abs(after).max(initial=0.0))
    return without_noise(after - before, magnitude)


def is_constant(values: Values) -> bool:
    """Whether all values are equal, up to the noise of binary arithmetic."""
    return values.size > 0 and bool(np.ptp(without_noise(values, np.abs(values).max())) == 0)


def why_unchanging(change: Values) -> str:
    """The reason why equal changes carry no information about spread; empty when they differ."""
    if not is_constant(change):
        return ""
    return Reason.NO_CHANGE if change[0] == 0 else Reason.CONSTANT_CHANGE


def sd(values: Values) -> float:
    """Standard deviation with n - 1, exactly zero for equal values, nan below two values."""
    if values.size < 2:
        return math.nan
    return 0.0 if is_constant(values) else float(values.std(ddof=1))


def mean(values: Values) -> float:
    """Arithmetic mean, nan without values."""
    return float(values.mean()) if values.size else math.nan


def mean_change(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> MeanChange:
    """Mean change, its t interval and the paired t test.

    ``change +- t(n - 1) * sd_change / sqrt(n)`` and ``statistic = change / (sd_change / sqrt(n))``; Student (1908),
    "The probable error of a mean", Biometrika 6(1), 1-25. Assumes independent respondents and roughly normal changes;
    robust from about 10 pairs on unless single changes are extreme.

    Args:
        pre: scores before, shape ``(n,)``, in points of the scale.
        post: scores of the same respondents after, shape ``(n,)``.
        confidence: coverage of the interval.

    Returns:
        Test and interval are missing when nobody changed (``no_change``), when everybody changed by the same amount
        (``constant_change``: t would be infinite and p zero, out of no evidence about spread) or below two pairs.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> result = mean_change([24, 31, 28, 22], [28, 31, 30, 25])
        >>> print(f"{result.change:.2f} [{result.change_low:.2f}; {result.change_high:.2f}], p = {result.p:.3f}")
        2.25 [-0.47; 4.97], p = 0.078
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

    ``tanh(artanh(r) +- z / sqrt(n - 3))``; Fisher (1921), "On the 'probable error' of a coefficient of correlation
    deduced from a small sample", Metron 1, 3-32. Assumes bivariate normal scores. At n = 3 the interval is
    everything from -1 to 1; at r = +-1 it is that point.

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
    margin = float(special.ndtri(0.5 + confidence / 2)) / math.sqrt(n - 3)
    return Correlation(n, r, math.tanh(math.atanh(r) - margin), math.tanh(math.atanh(r) + margin))


def bootstrap_change(
    pre: ArrayLike, post: ArrayLike, confidence: float = 0.95, resamples: int = RESAMPLES, seed: int = 0
) -> BootstrapChange:
    """Mean change with a studentised bootstrap interval (bootstrap-t).

    Every resample gives ``t* = (mean* - mean) / se*``; the interval is ``mean - t*(1 - a/2) se`` to
    ``mean - t*(a/2) se``; Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 12.5, p. 160. Follows
    skewness that the t interval ignores. Resamples of one repeated value have no spread and are left out.

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
    change = changes(pre, post)
    n = change.size
    if n < MIN_BOOTSTRAP:
        reason = Reason.TOO_FEW if n else Reason.NO_DATA
        return BootstrapChange(n, mean(change), math.nan, math.nan, reason)
    if reason := why_unchanging(change):
        return BootstrapChange(n, mean(change), math.nan, math.nan, reason)
    average = mean(change)
    drawn = change[resampled_rows(n, resamples, seed)]
    low, high = studentised_interval(
        average, sd(change) / math.sqrt(n), drawn.mean(axis=1), drawn.std(axis=1, ddof=1) / math.sqrt(n), confidence
    )
    return BootstrapChange(n, average, low, high)


def resampled_rows(n: int, resamples: int, seed: int) -> NDArray[np.intp]:
    """Row numbers of every bootstrap resample, shape ``(resamples, n)``."""
    return np.random.default_rng(seed).integers(0, n, size=(resamples, n))


def studentised_interval(
    estimate: float, error: float, estimates: Values, errors: Values, confidence: float
) -> tuple[float, float]:
    """Limits of the bootstrap-t interval from the estimates and standard errors of the resamples."""
    usable = errors > error * 1e-9
    pivots = (estimates[usable] - estimate) / errors[usable]
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(pivots, [tail, 1 - tail])
    return float(estimate - upper * error), float(estimate - lower * error)
