"""Studentised bootstrap intervals from one seeded matrix of resamples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .samples import Values

FEWEST = 5          # with fewer respondents a resample says nothing new
RESAMPLES = 2000


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
