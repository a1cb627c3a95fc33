"""Change adjusted for where people started: between arms (ANCOVA) and with the dose they took part in.

Persons of several RTs are compared within their RT when ``rts`` says where each belongs: every RT has a level of its
own, so that a good RT does not pass for a good programme. Least squares with a level per RT is least squares on the
deviations from the RT means (Frisch & Waugh 1933, Econometrica 1:387-401), which costs a time proportional to the persons.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from .answers import aligned, complete_cases
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


class DifferenceWithin(NamedTuple):
    """Difference of changes, programme minus comparison, between persons of the same RT; ``k`` RTs hold both arms."""

    n: int
    k: int
    n_programme: int
    n_comparison: int
    difference: float
    standard_error: float
    low: float
    high: float
    statistic: float
    df: float
    p: float
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


def ancova(
    pre: ArrayLike, post: ArrayLike, programme: ArrayLike, confidence: float = 0.95, rts: ArrayLike | None = None
) -> Ancova:
    """Arm difference in post adjusted for pre, with an error that tolerates unequal spread.

    Least squares ``post = a + b pre + d arm``; d with the HC3 sandwich error
    ``(X'X)^-1 X' diag(e^2 / (1 - h)^2) X (X'X)^-1`` and t on n - 3 degrees of freedom; with ``rts`` an a for each of
    the k RTs and n - k - 2.

    Source: Fisher (1932); MacKinnon & White (1985), Journal of Econometrics 29:305-325; Long & Ervin (2000), American
    Statistician 54:217-224. Assumptions: independent persons, parallel lines; causal only where chance made the arms.

    Args:
        pre: scores before, one per person, ``nan`` where missing.
        post: scores of the same persons after.
        programme: 1 for the programme, 0 for the comparison.
        confidence: of the interval.
        rts: the RT of every person, any labels; persons alone in their RT are left out.

    Returns:
        :class:`Ancova` for the persons with all three; ``no_data``, ``too_few`` below five, ``no_variance`` with one arm
        only, ``no_shared_rt`` where no RT holds both, ``singular`` where an arm has a single person or pre does not vary, ``constant_change`` where the lines fit
        without error.

    Raises:
        ValueError: the arrays differ in length.

    Example:
        >>> test = ancova([5, 6, 7, 5, 5, 7, 6, 6], [8, 8, 9, 9, 6, 7, 7, 6], [1, 1, 1, 1, 0, 0, 0, 0])
        >>> round(test.difference, 3), round(test.low, 3), round(test.p, 4)
        (2.079, 0.965, 0.0049)
    """
    (before, after, arm), group = _persons(rts, pre, post, programme)
    arm = (arm > 0.5).astype(float)
    n_programme = int(arm.sum())
    slope = _slopes(after, arm, before, group, confidence)
    return Ancova(
        slope.n,
        n_programme,
        slope.n - n_programme,
        slope.slope,
        *slope[2:-2],
        pre_slope=slope.pre_slope,
        note=_why(slope.note, arm),
    )


def difference_within_rts(
    pre: ArrayLike, post: ArrayLike, programme: ArrayLike, rts: ArrayLike, confidence: float = 0.95
) -> DifferenceWithin:
    """Difference of changes between the arms inside each RT, drawn together over the RTs.

    Least squares ``post - pre = a_rt + d arm``; error as in :func:`ancova`, t on n - k - 1 degrees of freedom. RTs that
    hold one arm only say nothing about d and are left out.

    Source: as :func:`ancova`. Assumptions: independent persons; within an RT both arms would have changed alike.

    Args:
        pre: scores before, one per person, ``nan`` where missing.
        post: scores of the same persons after.
        programme: 1 for the programme, 0 for the comparison.
        rts: the RT of every person; any labels.
        confidence: of the interval.

    Returns:
        :class:`DifferenceWithin`; ``no_data``, ``no_shared_rt`` where no RT holds both arms, ``too_few`` below five persons, ``singular``
        where a single person decides, ``constant_change`` where each RT's arms changed without spread.

    Raises:
        ValueError: the arrays differ in length.

    Example:
        >>> test = difference_within_rts([5, 6, 7, 5, 5, 7, 6, 6], [8, 8, 9, 9, 6, 7, 7, 6],
        ...                              [1, 1, 0, 0, 1, 0, 0, 1], ["a", "a", "a", "a", "b", "b", "b", "b"])
        >>> test.k, round(test.difference, 4), round(test.standard_error, 4)
        (2, -0.25, 0.7616)
    """
    (before, after, arm), group = _persons(rts, pre, post, programme)
    arm = (arm > 0.5).astype(float)
    share = np.bincount(group, arm) / np.bincount(group) if group.size else np.zeros(0)
    both = ((share > 0) & (share < 1))[group]
    group = np.unique(group[both], return_inverse=True)[1]
    change, arm = (after - before)[both], arm[both]
    slope = _slopes(change, arm, None, group, confidence)
    n_programme = int(arm.sum())
    k = int(group.max()) + 1 if group.size else 0
    note = Reason.NO_SHARED_RT if before.size and not k else slope.note
    return DifferenceWithin(slope.n, k, n_programme, slope.n - n_programme, slope.slope, *slope[2:-2], note=note)


def dose_response(
    pre: ArrayLike, post: ArrayLike, dose: ArrayLike, confidence: float = 0.95, rts: ArrayLike | None = None
) -> DoseResponse:
    """Change that goes with one unit more of dose, adjusted for baseline, with an HC3 interval.

    Least squares ``post - pre = a + b pre + d dose``, with ``rts`` an a for each RT; error and t as in :func:`ancova`.

    Source: as :func:`ancova`. Assumptions: independent persons, a straight line; people choose their dose, so this is
    association, never proof of effect.

    Args:
        pre: scores before, one per person, ``nan`` where missing.
        post: scores of the same persons after.
        dose: activities attended or seen.
        confidence: of the interval.
        rts: the RT of every person, any labels; persons alone in their RT are left out.

    Returns:
        :class:`DoseResponse` for the persons with all three; ``no_variance`` where everybody had the same dose (within
        every RT), else as :func:`ancova`.

    Raises:
        ValueError: the arrays differ in length.

    Example:
        >>> dose = dose_response([5, 6, 7, 5, 5, 7, 6, 6], [8, 8, 9, 9, 6, 7, 7, 6], [3, 2, 3, 4, 1, 0, 1, 0])
        >>> round(dose.slope, 3), round(dose.low, 3), round(dose.pre_slope, 3)
        (0.85, 0.42, -0.331)
    """
    (before, after, taken), group = _persons(rts, pre, post, dose)
    return _slopes(after - before, taken, before, group, confidence)


def _persons(rts: ArrayLike | None, *arrays: ArrayLike) -> tuple[tuple[Values, ...], np.ndarray]:
    """The persons with every value and the number of their RT; all in one RT where none is named."""
    if rts is None:
        complete = complete_cases(*arrays)
        return complete, np.zeros(complete[0].size, dtype=np.intp)
    group = np.unique(np.asarray(rts), return_inverse=True)[1].astype(float)
    *complete, group = complete_cases(*aligned(*arrays, group))
    _, group, size = np.unique(group, return_inverse=True, return_counts=True)
    accompanied = size[group] > 1
    return tuple(values[accompanied] for values in complete), np.unique(group[accompanied], return_inverse=True)[1]


def _why(note: str, arm: Values) -> str:
    """The reason; where arms differ between RTs but inside none, that one."""
    return Reason.NO_SHARED_RT if note == Reason.NO_VARIANCE and not is_constant(arm) else note


def _slopes(outcome: Values, exposure: Values, before: Values | None, group: np.ndarray, confidence: float) -> DoseResponse:
    """Slope of ``exposure`` in ``outcome ~ RT + before + exposure`` with HC3 error; ``before`` may be left out."""
    n = outcome.size
    nothing = DoseResponse(n, *[math.nan] * 8)
    if n < 5:
        return nothing._replace(note=Reason.TOO_FEW if n else Reason.NO_DATA)
    inside = _within(exposure, group)
    if is_constant(exposure) or not _varies(inside, exposure):
        return nothing._replace(note=Reason.NO_VARIANCE)
    columns = [inside] if before is None else [_within(before, group), inside]
    if before is not None and (is_constant(before) or not _varies(columns[0], before)):
        return nothing._replace(note=Reason.SINGULAR)
    spread = [float(np.sqrt(np.mean(column**2))) for column in columns]
    orthogonal, triangle = np.linalg.qr(np.column_stack([column / size for column, size in zip(columns, spread, strict=True)]))
    leverage = (orthogonal**2).sum(axis=1) + 1 / np.bincount(group)[group]
    df = float(n - int(group.max()) - 1 - len(columns))
    if df < 1 or abs(np.diag(triangle)).min() < 1e-8 * math.sqrt(n) or leverage.max() > 1 - 1e-8:
        return nothing._replace(note=Reason.SINGULAR)
    centred = _within(outcome, group)
    residual = centred - orthogonal @ (orthogonal.T @ centred)
    scale = max(float(np.abs(outcome).max()), 0.0 if before is None else float(np.abs(before).max()))
    coefficients = np.linalg.solve(triangle, orthogonal.T @ centred)
    slope = float(coefficients[-1] / spread[-1])
    pre_slope = math.nan if before is None else float(coefficients[0] / spread[0])
    if float(np.abs(residual).max()) <= 1e-12 * scale:
        return nothing._replace(slope=slope, pre_slope=pre_slope, df=df, note=Reason.CONSTANT_CHANGE)
    bread = np.linalg.solve(triangle, orthogonal.T)
    standard_error = float(np.linalg.norm(bread[-1] * residual / (1 - leverage)) / spread[-1])
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


def _within(values: Values, group: np.ndarray) -> Values:
    """Deviations from the mean of one's RT."""
    return values - (np.bincount(group, values) / np.bincount(group))[group]


def _varies(inside: Values, values: Values) -> bool:
    """Whether the deviations from the RT means are more than rounding."""
    return float(np.abs(inside).max()) > 1e-9 * float(np.abs(values).max())
