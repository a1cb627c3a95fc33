"""Dose against a single answer with ordered options: a proportional-odds model instead of points of change.

Where a scale is one question, a step from 1 to 2 need not be as long as one from 4 to 5; the model uses the order alone.
"""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from .answers import aligned, complete_cases
from .result import Reason
from .samples import Values, is_constant, without_noise

PERSONS_PER_SLOPE = 10
"""Effective persons that each slope needs (Harrell 2015, section 4.4: between 10 and 20)."""

LARGEST_ERROR = 10.0
"""A standard error beyond this, per standard deviation of the dose, means that the dose separates the answers."""

SLOPE_LEFT = 1e-4
"""The steepest the likelihood may still be, per person and standard deviation, where the search has ended."""


class OrdinalDose(NamedTuple):
    """How the odds of a higher answer go with one unit more of dose, between persons who answered alike before: association only.

    ``levels`` counts the answers that occur; ``odds_ratio`` is ``exp(slope)``, ``low`` and ``high`` are its limits.
    """

    n: int
    levels: int
    slope: float
    standard_error: float
    odds_ratio: float
    low: float
    high: float
    statistic: float
    p: float
    note: str = ""


def ordinal_dose_response(
    pre: ArrayLike, post: ArrayLike, dose: ArrayLike, confidence: float = 0.95, rts: ArrayLike | None = None
) -> OrdinalDose:
    """Odds ratio of a higher answer for one unit more of dose, adjusted for the answer before.

    Proportional odds: ``logit P(post > j) = a_j + b pre + c dose``, by maximum likelihood; ``exp(c)`` with the interval
    ``exp(c +- z se)`` and the test ``c / se`` against the normal. With ``rts`` the RT means of pre and dose stand beside
    them, so that c compares persons of the same RT (Mundlak) without a level for each of many RTs.

    Source: McCullagh (1980), JRSS B 42:109-142, section 2; Mundlak (1978), Econometrica 46:69-85. Assumptions:
    independent persons, one odds ratio for every step between answers; people choose their dose, so this is association.

    Args:
        pre: answers before as ordered numbers, ``nan`` where missing.
        post: answers of the same persons after.
        dose: activities attended or seen.
        confidence: of the interval.
        rts: the RT of every person; any labels.

    Returns:
        :class:`OrdinalDose` for the persons with all three; ``no_data``, ``no_variance`` where everybody answered alike or
        had the same dose (within every RT), ``singular`` where pre does not vary or goes with the dose exactly, ``too_few``
        below ten effective persons ``n - sum n_j^3 / n^2`` for each slope (Harrell 2015, table 4.1), ``not_converged``
        where the search finds no maximum, as when the dose tells every answer apart.

    Raises:
        ValueError: the arrays differ in length.

    Example:
        >>> pre, dose = [1, 2, 3, 1, 2, 3, 2, 2] * 4, [0, 1, 0, 2, 3, 1, 2, 0] * 4
        >>> post = [1, 2, 3, 2, 4, 3, 3, 1] * 2 + [2, 2, 4, 3, 3, 3, 2, 2] * 2
        >>> found = ordinal_dose_response(pre, post, dose)
        >>> found.levels, round(found.odds_ratio, 2), round(found.low, 2)
        (4, 4.08, 1.73)
    """
    numbers = np.zeros(np.size(dose)) if rts is None else np.unique(np.asarray(rts), return_inverse=True)[1].astype(float)
    before, after, taken, group = complete_cases(*aligned(pre, post, dose, numbers))
    n = after.size
    answers, level = np.unique(without_noise(after, float(np.abs(after).max(initial=0.0))), return_inverse=True)
    nothing = OrdinalDose(n, int(answers.size), *[math.nan] * 7)
    if not n:
        return nothing._replace(note=Reason.NO_DATA)
    if answers.size < 2 or is_constant(taken):
        return nothing._replace(note=Reason.NO_VARIANCE)
    if is_constant(before):
        return nothing._replace(note=Reason.SINGULAR)
    means = [_rt_mean(values, group) for values in (taken, before)]
    if np.allclose(taken, means[0]):
        return nothing._replace(note=Reason.NO_VARIANCE)
    if _rank([taken, before]) < 2:
        return nothing._replace(note=Reason.SINGULAR)
    columns = [taken, before]
    for mean in means:      # of two RTs both means say the same, of one RT nothing
        columns += [mean] if _rank([*columns, mean]) > len(columns) else []
    if _effective(level) < PERSONS_PER_SLOPE * len(columns):
        return nothing._replace(note=Reason.TOO_FEW)
    slope, error = _fit(level, np.column_stack([_standardised(column) for column in columns]))
    if not (math.isfinite(slope) and 0 < error < LARGEST_ERROR):
        return nothing._replace(note=Reason.NOT_CONVERGED)
    slope, error = slope / float(taken.std()), error / float(taken.std())
    margin = float(ndtri((1 + confidence) / 2)) * error
    statistic = slope / error
    ratio, low, high = (float(np.exp(min(value, 700.0))) for value in (slope, slope - margin, slope + margin))
    return OrdinalDose(n, int(answers.size), slope, error, ratio, low, high, statistic, 2 * float(ndtr(-abs(statistic))))


def _fit(level: np.ndarray, columns: np.ndarray) -> tuple[float, float]:
    """The first column's slope and its standard error, nan where no maximum was found."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            model = OrderedModel(level, columns, distr="logit")
            fit = model.fit(method="bfgs", disp=False, gtol=1e-8, maxiter=500)
            steepest = float(np.abs(model.score(fit.params)).max())
            curvature = -model.hessian(fit.params)
            errors = np.sqrt(np.diag(np.linalg.inv(curvature)))
            certain = bool(np.linalg.eigvalsh(curvature).min() > 0)
        except (np.linalg.LinAlgError, ValueError):
            return math.nan, math.nan
    if not (certain and steepest < SLOPE_LEFT * level.size):
        return math.nan, math.nan
    return float(fit.params[0]), float(errors[0])


def _effective(level: np.ndarray) -> float:
    """Persons that an ordered outcome is worth: fewer where most gave one answer."""
    counts = np.bincount(level).astype(float)
    return float(level.size - (counts**3).sum() / level.size**2)


def _rt_mean(values: Values, group: Values) -> Values:
    place = np.unique(group, return_inverse=True)[1]
    return (np.bincount(place, values) / np.bincount(place))[place]


def _standardised(values: Values) -> Values:
    return (values - values.mean()) / values.std()


def _rank(columns: list[Values]) -> int:
    """How many of the columns, each from its mean, say something of their own."""
    varying = [_standardised(column) for column in columns if not is_constant(column)]
    return int(np.linalg.matrix_rank(np.column_stack(varying), tol=1e-7 * math.sqrt(columns[0].size)))
