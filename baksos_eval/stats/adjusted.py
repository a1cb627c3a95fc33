"""Change adjusted for where people started: between arms (ANCOVA) and with the dose they took part in."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from .answers import complete_cases
from .result import Reason
from .samples import Values, is_constant


class Ancova(NamedTuple):
    """Difference after, programme minus comparison, between persons who started alike."""

    n: int
    n_programme: int
    n_comparison: int
    difference: float
    standard_error: float
    low: float
    high: float
    statistic: float
    df: float
    p: float
    pre_slope: float
    note: str = ""


class DoseResponse(NamedTuple):
    """Points of change that go with one unit more of dose, between persons who started alike: association only."""

    n: int
    slope: float
    standard_error: float
    low: float
    high: float
    statistic: float
    df: float
    p: float
    pre_slope: float
    note: str = ""


def ancova(pre: ArrayLike, post: ArrayLike, programme: ArrayLike, confidence: float = 0.95) -> Ancova:
    """Arm difference in post adjusted for pre, with an error that tolerates unequal spread.

    Least squares ``post = a + b pre + d arm``; d with the HC3 sandwich error
    ``(X'X)^-1 X' diag(e^2 / (1 - h)^2) X (X'X)^-1`` and t on n - 3 degrees of freedom.

    Source: Fisher (1932); MacKinnon & White (1985), Journal of Econometrics 29:305-325; Long & Ervin (2000), American
    Statistician 54:217-224. Assumptions: independent persons, parallel lines; causal only where chance made the arms.

    Args:
        pre: scores before, one per person, ``nan`` where missing.
        post: scores of the same persons after.
        programme: 1 for the programme, 0 for the comparison.
        confidence: of the interval.

    Returns:
        :class:`Ancova` for the persons with all three; ``no_data``, ``too_few`` below five, ``no_variance`` with one arm
        only, ``singular`` where an arm has a single person or pre does not vary, ``constant_change`` where the lines fit
        without error.

    Raises:
        ValueError: the arrays differ in length.

    Example:
        >>> test = ancova([5, 6, 7, 5, 5, 7, 6, 6], [8, 8, 9, 9, 6, 7, 7, 6], [1, 1, 1, 1, 0, 0, 0, 0])
        >>> round(test.difference, 3), round(test.low, 3), round(test.p, 4)
        (2.079, 0.965, 0.0049)
    """
    before, after, arm = complete_cases(pre, post, programme)
    arm = (arm > 0.5).astype(float)
    n_programme = int(arm.sum())
    slope = _slope(before, after, arm, confidence)
    return Ancova(
        slope.n,
        n_programme,
        slope.n - n_programme,
        slope.slope,
        *slope[2:-2],
        pre_slope=slope.pre_slope,
        note=slope.note,
    )


def dose_response(pre: ArrayLike, post: ArrayLike, dose: ArrayLike, confidence: float = 0.95) -> DoseResponse:
    """Change that goes with one unit more of dose, adjusted for baseline, with an HC3 interval.

    Least squares ``post - pre = a + b pre + d dose``; error and t as in :func:`ancova`.

    Source: as :func:`ancova`. Assumptions: independent persons, a straight line; people choose their dose, so this is
    association, never proof of effect.

    Args:
        pre: scores before, one per person, ``nan`` where missing.
        post: scores of the same persons after.
        dose: activities attended or seen.
        confidence: of the interval.

    Returns:
        :class:`DoseResponse` for the persons with all three; ``no_variance`` where everybody had the same dose, else as
        :func:`ancova`.

    Raises:
        ValueError: the arrays differ in length.

    Example:
        >>> dose = dose_response([5, 6, 7, 5, 5, 7, 6, 6], [8, 8, 9, 9, 6, 7, 7, 6], [3, 2, 3, 4, 1, 0, 1, 0])
        >>> round(dose.slope, 3), round(dose.low, 3), round(dose.pre_slope, 3)
        (0.85, 0.42, -0.331)
    """
    before, after, taken = complete_cases(pre, post, dose)
    return _slope(before, after - before, taken, confidence)


def _slope(before: Values, outcome: Values, exposure: Values, confidence: float) -> DoseResponse:
    """Slope of ``exposure`` in ``outcome ~ 1 + before + exposure`` with HC3 error."""
    n = outcome.size
    nothing = DoseResponse(n, *[math.nan] * 8)
    if n < 5:
        return nothing._replace(note=Reason.TOO_FEW if n else Reason.NO_DATA)
    if is_constant(exposure):
        return nothing._replace(note=Reason.NO_VARIANCE)
    if is_constant(before):
        return nothing._replace(note=Reason.SINGULAR)
    design = np.column_stack([np.ones(n), _standard(before), _standard(exposure)])
    orthogonal, triangle = np.linalg.qr(design)
    leverage = (orthogonal**2).sum(axis=1)
    if abs(np.diag(triangle)).min() < 1e-8 * math.sqrt(n) or leverage.max() > 1 - 1e-8:
        return nothing._replace(note=Reason.SINGULAR)
    centred = outcome - outcome.mean()
    residual = centred - orthogonal @ (orthogonal.T @ centred)
    scale = max(float(np.abs(outcome).max()), float(np.abs(before).max()))
    coefficients = np.linalg.solve(triangle, orthogonal.T @ centred)
    slope = float(coefficients[2] / exposure.std())
    pre_slope = float(coefficients[1] / before.std())
    df = float(n - 3)
    if float(np.abs(residual).max()) <= 1e-12 * scale:
        return nothing._replace(slope=slope, pre_slope=pre_slope, df=df, note=Reason.CONSTANT_CHANGE)
    bread = np.linalg.solve(triangle, orthogonal.T)
    standard_error = float(np.linalg.norm(bread[2] * residual / (1 - leverage)) / exposure.std())
    margin = float(stdtrit(df, (1 + confidence) / 2)) * standard_error
    statistic = slope / standard_error
    return DoseResponse(
        n=n,
        slope=slope,
        standard_error=standard_error,
        low=slope - margin,
        high=slope + margin,
        statistic=statistic,
        df=df,
        p=2 * float(stdtr(df, -abs(statistic))),
        pre_slope=pre_slope,
    )


def _standard(values: Values) -> Values:
    return (values - values.mean()) / values.std()
