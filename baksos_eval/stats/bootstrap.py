"""Studentised bootstrap intervals from one seeded matrix of resamples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .samples import Values

FEWEST = 5          # with fewer respondents a resample says nothing new
RESAMPLES = 2000


def resampled_rows(n: int, resamples: int, seed: int) -> NDArray[np.intp]:
    """Row numbers of every bootstrap resample, shape ``(resamples, n)``; the same seed gives the same rows.

    Raises:
        ValueError: fewer than 100 resamples, which cannot show the tails of a distribution.

    Example:
        >>> resampled_rows(5, 200, seed=1).shape
        (200, 5)
    """
    if resamples < 100:
        raise ValueError("an interval needs at least 100 resamples")
    return np.random.default_rng(seed).integers(0, n, size=(resamples, n))


def studentised_interval(
    estimate: float, error: float, estimates: Values, errors: Values, confidence: float
) -> tuple[float, float]:
    """Limits of the bootstrap-t interval; resamples of one repeated value have no standard error and are left out.

    Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 12.5, p. 160.

    Args:
        estimate: the estimate from the sample itself.
        error: its standard error.
        estimates: the estimate from every resample, shape ``(resamples,)``.
        errors: the standard error from every resample, shape ``(resamples,)``.
        confidence: coverage of the interval.

    Example:
        >>> low, high = studentised_interval(1.0, 0.5, np.linspace(0, 2, 101), np.full(101, 0.5), 0.95)
        >>> print(f"{low:.2f} {high:.2f}")
        0.05 1.95
    """
    usable = errors > error * 1e-9
    pivots = (estimates[usable] - estimate) / errors[usable]
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(pivots, [tail, 1 - tail])
    return float(estimate - upper * error), float(estimate - lower * error)
