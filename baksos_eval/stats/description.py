"""The shape of scores: how near to normal, and how many stand at the ends of the scale."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .result import Reason
from .samples import Values, complete, is_constant, without_noise

LILLIEFORS_CAP = 0.2        # SPSS prints ".200*, a lower bound of the true significance"


class ShapiroWilk(NamedTuple):
    """The Shapiro-Wilk test of normality."""

    n: int
    statistic: float
    p: float
    note: str = ""


class Lilliefors(NamedTuple):
    """The Kolmogorov-Smirnov test with Lilliefors' correction; ``capped`` is 1 if p is a lower bound."""

    n: int
    statistic: float
    p: float
    capped: int
    note: str = ""


class Ends(NamedTuple):
    """How many stand at the lowest and at the highest possible score, as counts and as shares from 0 to 1."""

    n: int
    n_minimum: int
    n_maximum: int
    share_minimum: float
    share_maximum: float
    note: str = ""


def shapiro_wilk(values: ArrayLike) -> ShapiroWilk:
    """Shapiro-Wilk's W and p for one set of numbers, such as changes.

    Royston (1995), "Remark AS R94", Applied Statistics 44(4), 547-551. A description, never a gate to another
    test: choosing a test by it gains no power. Above 5000 values p is approximate.

    Args:
        values: numbers, shape ``(n,)``.

    Raises:
        ValueError: a value is missing.

    Example:
        >>> result = shapiro_wilk([1, 2, 2, 3, 3, 3, 4, 9])
        >>> print(f"W = {result.statistic:.3f}, p = {result.p:.3f}")
        W = 0.762, p = 0.011
    """
    (x,) = complete(values)
    if reason := _why_shapeless(x, fewest=3):
        return ShapiroWilk(x.size, math.nan, math.nan, reason)
    from scipy.stats import shapiro

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        w, p = shapiro(_standardised(x))
    return ShapiroWilk(x.size, float(w), float(p))


def lilliefors(values: ArrayLike) -> Lilliefors:
    """Lilliefors' test of normality, with p capped at .200 as SPSS caps it.

    D is the largest distance between the empirical distribution and the normal one with the sample's mean and
    SD. p up to .10: Dallal and Wilkinson (1986), American Statistician 40(4), 294-296, which SPSS uses too;
    from .10 to .20 simulated critical values. Above .20 the field prints a lower bound, and so do we
    (``capped``). A description, never a gate to another test.

    Args:
        values: numbers, shape ``(n,)``.

    Raises:
        ValueError: a value is missing.

    Example:
        >>> result = lilliefors([1, 2, 2, 3, 3, 3, 4, 5])
        >>> print(f"D = {result.statistic:.3f}, p = {result.p:.3f}, capped = {result.capped}")
        D = 0.210, p = 0.200, capped = 1
    """
    (x,) = complete(values)
    if reason := _why_shapeless(x, fewest=4):
        return Lilliefors(x.size, math.nan, math.nan, 0, reason)
    from statsmodels.stats.diagnostic import lilliefors as test

    d, p = test(_standardised(x), dist="norm", pvalmethod="approx")
    return Lilliefors(x.size, float(d), min(float(p), LILLIEFORS_CAP), int(p >= LILLIEFORS_CAP))


def ends(scores: ArrayLike, minimum: float, maximum: float) -> Ends:
    """How many respondents stand at either end of the scale, where no further fall or rise can be seen.

    A share of 15 % or more is the usual sign of a floor or ceiling effect: Terwee et al. (2007), Journal of
    Clinical Epidemiology 60(1), 34-42.

    Args:
        scores: scores of one wave, shape ``(n,)``.
        minimum: lowest possible score, from the instrument.
        maximum: highest possible score, from the instrument.

    Raises:
        ValueError: a value is missing.

    Example:
        >>> ends([0, 5, 10, 10], minimum=0, maximum=10)
        Ends(n=4, n_minimum=1, n_maximum=2, share_minimum=0.25, share_maximum=0.5, note='')
    """
    (x,) = complete(scores)
    if not x.size:
        return Ends(0, 0, 0, math.nan, math.nan, Reason.NO_DATA)
    reached = without_noise(x, max(abs(minimum), abs(maximum)))
    lowest, highest = int((reached <= minimum).sum()), int((reached >= maximum).sum())
    return Ends(x.size, lowest, highest, lowest / x.size, highest / x.size)


def _why_shapeless(x: Values, fewest: int) -> str:
    """Why a distribution has no shape to test; empty when it has."""
    if x.size < fewest:
        return Reason.TOO_FEW if x.size else Reason.NO_DATA
    return Reason.NO_VARIANCE if is_constant(x) else ""


def _standardised(x: Values) -> Values:
    """Centred and scaled values: both tests are unchanged by it, and huge or tiny numbers do no harm."""
    centred = x - x.mean()
    return without_noise(centred / np.abs(centred).max(), 1.0)
