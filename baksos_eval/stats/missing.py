"""People without a partner answer: what the main change would be with them, under open assumptions."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from . import random_intercept
from .answers import aligned
from .result import Reason
from .samples import Values, changes, is_constant, why_unchanging


class AllAvailable(NamedTuple):
    """Change estimated from everybody who answered at least once; the variances are those of the mixed model."""

    n_pre_only: int
    n_post_only: int
    n_both: int
    change: float
    standard_error: float
    low: float
    high: float
    statistic: float
    df: float
    p: float
    between_variance: float
    residual_variance: float
    note: str = ""


class LeaverBounds(NamedTuple):
    """Mean change of everybody, filling the answers nobody gave: matched, nobody changed, lowest and highest possible."""

    n: int
    n_both: int
    n_pre_only: int
    n_post_only: int
    matched: float
    unchanged: float
    lowest: float
    highest: float
    note: str = ""


def all_available(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> AllAvailable:
    """Change estimated from all answers by a mixed model with a random intercept per person.

    ``score = a + d wave + person + residual`` by restricted maximum likelihood; d is the change. Test and interval by t
    on (persons with both answers - 1) degrees of freedom: with nobody missing and people differing steadily this is the
    paired t test itself.

    Source: Laird & Ware (1982), Biometrics 38:963-974. Assumptions: whether an answer is missing depends only on the
    answers that were given (missing at random); equal spread in both waves; scores roughly normal.

    Args:
        pre: score of each person before, ``nan`` where missing.
        post: score of the same persons after, ``nan`` where missing.
        confidence: of the interval.

    Returns:
        :class:`AllAvailable`; ``no_data``, ``too_few`` below three persons with both answers, ``no_change`` or
        ``constant_change`` where those all changed alike, ``not_converged``.

    Raises:
        ValueError: the waves differ in length.

    Example:
        >>> gone = float("nan")
        >>> model = all_available([12, 15, 11, 14, 13, 10], [15, 17, 15, 15, gone, gone])
        >>> round(model.change, 4), round(model.standard_error, 4), model.n_pre_only
        (2.6622, 0.6417, 2)
    """
    before, after = _answered_once(pre, post)
    pre_only, post_only = np.isnan(after), np.isnan(before)
    both = ~(pre_only | post_only)
    n_both = int(both.sum())
    nothing = AllAvailable(int(pre_only.sum()), int(post_only.sum()), n_both, *[math.nan] * 9)
    if n_both < 3:
        return nothing._replace(note=Reason.TOO_FEW if before.size else Reason.NO_DATA)
    change = changes(before[both], after[both])
    if is_constant(change):
        return nothing._replace(note=why_unchanging(change))
    waves = np.concatenate([before, after])
    there = ~np.isnan(waves)
    design = np.column_stack([np.ones(waves.size), np.repeat([0.0, 1.0], before.size)])
    person = np.tile(np.arange(before.size), 2)
    level = float(waves[there].mean())
    model = random_intercept.fit(waves[there] - level, design[there], person[there])
    if model is None:
        return nothing._replace(note=Reason.NOT_CONVERGED)
    estimate, standard_error = float(model.coefficients[1]), math.sqrt(model.covariance[1, 1])
    df = float(n_both - 1)
    margin = float(stdtrit(df, (1 + confidence) / 2)) * standard_error
    statistic = estimate / standard_error
    return nothing._replace(
        change=estimate,
        standard_error=standard_error,
        low=estimate - margin,
        high=estimate + margin,
        statistic=statistic,
        df=df,
        p=2 * float(stdtr(df, -abs(statistic))),
        between_variance=model.between_variance,
        residual_variance=model.residual_variance,
    )


def leaver_bounds(pre: ArrayLike, post: ArrayLike, minimum: float, maximum: float) -> LeaverBounds:
    """Mean change of everybody who answered at least once, for four ways to fill the answers nobody gave.

    ``matched`` uses those with both answers; ``unchanged`` lets the others change by nothing; ``lowest`` and ``highest``
    give them the least and the greatest change the scale allows. No statistics can go beyond the last two.

    Source: Horowitz & Manski (2000), Journal of the American Statistical Association 95:77-84. Assumptions: none.

    Args:
        pre: score of each person before, ``nan`` where missing.
        post: score of the same persons after, ``nan`` where missing.
        minimum: lowest possible score of the scale.
        maximum: highest possible score of the scale.

    Returns:
        :class:`LeaverBounds`; ``no_data`` when nobody answered, ``not_paired`` when nobody answered twice (``matched`` is
        missing).

    Raises:
        ValueError: the waves differ in length.

    Example:
        >>> leaver_bounds([10, 12, 14], [12, 15, float("nan")], 0, 20)[4:8]
        (2.5, 1.6666666666666667, -3.0, 3.6666666666666665)
    """
    before, after = _answered_once(pre, post)
    n = before.size
    if not n:
        return LeaverBounds(0, 0, 0, 0, *[math.nan] * 4, Reason.NO_DATA)
    pre_only, post_only = np.isnan(after), np.isnan(before)
    change = (after - before)[~(pre_only | post_only)]
    known = math.fsum(change)
    least = math.fsum(minimum - before[pre_only]) + math.fsum(after[post_only] - maximum)
    most = math.fsum(maximum - before[pre_only]) + math.fsum(after[post_only] - minimum)
    return LeaverBounds(
        n=n,
        n_both=change.size,
        n_pre_only=int(pre_only.sum()),
        n_post_only=int(post_only.sum()),
        matched=known / change.size if change.size else math.nan,
        unchanged=known / n,
        lowest=(known + least) / n,
        highest=(known + most) / n,
        note="" if change.size else Reason.NOT_PAIRED,
    )


def _answered_once(pre: ArrayLike, post: ArrayLike) -> tuple[Values, Values]:
    """Persons with at least one answer, sorted so that sums do not depend on their order."""
    before, after = aligned(pre, post)
    once = ~(np.isnan(before) & np.isnan(after))
    order = np.lexsort((after[once], before[once]))
    return before[once][order], after[once][order]
