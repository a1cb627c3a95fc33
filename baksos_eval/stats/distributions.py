"""Quantiles that intervals are built from, solved to the last bit."""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import special


def normal_quantile(confidence: float) -> float:
    """How many standard errors an interval of this coverage reaches to either side.

    Example:
        >>> print(f"{normal_quantile(0.95):.3f}")
        1.960
    """
    return float(special.ndtri(0.5 + confidence / 2))


def noncentral_t_area(t: float, df: float, shift: float) -> float:
    """The probability below ``t`` of Student's t with noncentrality ``shift``.

    ``scipy.special.nctdtr`` gives nan where the probability differs from 0 or 1 by less than it can resolve.

    Example:
        >>> print(noncentral_t_area(2.0, 2, 60.0))
        0.0
    """
    area = float(special.nctdtr(df, shift, t))
    return float(shift < t) if math.isnan(area) else area


def noncentrality(t: float, df: float, area: float) -> float:
    """The noncentrality parameter under which a t value has ``area`` below it.

    Example:
        >>> print(f"{noncentrality(4.0, 9, 0.5):.3f}")
        3.872
    """
    reach = 10 * math.sqrt(1 + t * t / (2 * df)) + 10
    return bisect(lambda shift: noncentral_t_area(t, df, shift) - area, t - reach, t + reach)


def detectable_shift(df: float, power: float, alpha: float) -> float:
    """The noncentrality that a two-sided t test on ``df`` degrees of freedom finds with the given power.

    Example:
        >>> print(f"{detectable_shift(29, power=0.8, alpha=0.05):.3f}")
        2.899
    """
    critical = -float(special.stdtrit(df, alpha / 2))

    def missed(shift: float) -> float:
        return noncentral_t_area(critical, df, shift) - noncentral_t_area(-critical, df, shift) - (1 - power)

    return bisect(missed, 0.0, 20 * critical + 20)


def bisect(falling: Callable[[float], float], low: float, high: float) -> float:
    """Root of a falling function between two limits, to the last bit.

    Example:
        >>> print(f"{bisect(lambda x: 2 - x * x, 0, 2):.6f}")
        1.414214
    """
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
