"""Three or more waves of the same persons: an overall answer, and the change between every two waves."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, fdtrc, stdtrit

from .multiplicity import holm
from .paired import mean_change
from .ranks import midranks
from .result import Reason
from .samples import Values, is_constant, mean, sd, without_noise


class WavePair(NamedTuple):
    """Two waves (counted from 0), the result of comparing them and its p value after Holm over all pairs."""

    first: int
    second: int
    result: Any
    p_holm: float
    note: str = ""


class WaveMean(NamedTuple):
    """The mean of one wave with its t interval."""

    n: int
    mean: float
    sd: float
    low: float
    high: float
    note: str = ""


class Friedman(NamedTuple):
    """Tie-corrected Friedman test and Kendall's coefficient of concordance (0 none, 1 full)."""

    n: int
    waves: int
    statistic: float
    df: int
    p: float
    kendall_w: float
    note: str = ""


class RepeatedMeasures(NamedTuple):
    """Analysis of variance within persons; ``p_greenhouse_geisser`` is the one to read."""

    n: int
    waves: int
    f: float
    df_waves: int
    df_error: int
    p: float
    epsilon: float
    p_greenhouse_geisser: float
    partial_eta_squared: float
    note: str = ""


class CochranQ(NamedTuple):
    """Test that a right/wrong item was answered right equally often in every wave."""

    n: int
    waves: int
    statistic: float
    df: int
    p: float
    note: str = ""


def compare_waves(scores: ArrayLike, compare: Callable[[Values, Values], Any] = mean_change) -> list[WavePair]:
    """Every pair of waves compared, earlier to later, with Holm's adjustment over the pairs.

    Source: Holm (1979), as :func:`multiplicity.holm`; assumptions those of ``compare``.

    Args:
        scores: shape (persons, waves), ``nan`` where missing; each pair uses the persons who answered both.
        compare: takes the earlier and the later scores, returns a result with a field ``p`` (or ``p_mid``) and ``note``.

    Returns:
        One :class:`WavePair` per pair; its note is that of the result where p is missing.

    Example:
        >>> pairs = compare_waves([[5, 7, 6], [6, 9, 8], [4, 7, 7], [5, 6, 6]])
        >>> [(pair.first, pair.second, pair.result.change) for pair in pairs]
        [(0, 1, 2.25), (0, 2, 1.75), (1, 2, -0.5)]
    """
    table = np.atleast_2d(np.asarray(scores, dtype=float))
    pairs = list(combinations(range(table.shape[1]), 2))
    results = []
    for first, second in pairs:
        answered = table[~np.isnan(table[:, [first, second]]).any(axis=1)]
        results.append(compare(answered[:, first], answered[:, second]))
    adjusted = holm([_p_value(result) for result in results])
    return [
        WavePair(first, second, result, float(p), result.note if math.isnan(p) else "")
        for (first, second), result, p in zip(pairs, results, adjusted, strict=True)
    ]


def wave_means(scores: ArrayLike, confidence: float = 0.95) -> list[WaveMean]:
    """The mean of every wave with its t interval, over the persons who answered all of them.

    ``mean +- t(n - 1) * sd / sqrt(n)``. The intervals describe each wave; changes have intervals of their own
    (:func:`compare_waves`), as the same persons answered.

    Source: Student (1908), Biometrika 6:1-25. Assumptions: persons independent, scores roughly normal.

    Args:
        scores: shape (persons, waves); persons with a missing wave are left out.
        confidence: of the intervals.

    Returns:
        One :class:`WaveMean` per wave; ``no_data``, ``too_few`` (one person), ``no_variance`` where all scores are equal.

    Example:
        >>> [round(wave.mean, 2) for wave in wave_means([[5, 7, 6], [6, 9, 8], [4, 7, 7], [5, 6, 6]])]
        [5.0, 7.25, 6.75]
    """
    table = _complete(scores)
    found = []
    for column in np.sort(table, axis=0).T:
        nothing = WaveMean(column.size, mean(column), sd(column), math.nan, math.nan)
        if column.size < 2:
            found.append(nothing._replace(note=Reason.TOO_FEW if column.size else Reason.NO_DATA))
        elif is_constant(column):
            found.append(nothing._replace(note=Reason.NO_VARIANCE))
        else:
            margin = float(stdtrit(column.size - 1, (1 + confidence) / 2)) * nothing.sd / math.sqrt(column.size)
            found.append(nothing._replace(low=nothing.mean - margin, high=nothing.mean + margin))
    return found


def friedman(scores: ArrayLike) -> Friedman:
    """Friedman's test over waves, corrected for ties, with Kendall's W.

    With R_j the rank sums of k waves over n persons and T the sum of ``t^3 - t`` over ties within persons:
    ``chi2 = (12 sum R_j^2 - 3 n^2 k (k + 1)^2) / (n k (k + 1) - T / (k - 1))`` and ``W = chi2 / (n (k - 1))``.

    Source: Friedman (1937), JASA 32:675-701; Conover (1999), Practical Nonparametric Statistics, section 5.8.
    Assumptions: persons independent.

    Args:
        scores: shape (persons, waves); persons with a missing wave are left out.

    Returns:
        :class:`Friedman`; ``no_data``, ``too_few`` (one person or one wave), ``no_change`` where everybody gave the same
        answer in every wave.

    Example:
        >>> test = friedman([[5, 7, 6], [6, 9, 8], [4, 7, 7], [5, 6, 6]])
        >>> round(test.statistic, 4), round(test.p, 4), round(test.kendall_w, 4)
        (7.4286, 0.0244, 0.9286)
    """
    table = _complete(scores)
    n, k = table.shape
    nothing = Friedman(n, k, math.nan, k - 1, math.nan, math.nan)
    if n < 2 or k < 2:
        return nothing._replace(note=Reason.TOO_FEW if n else Reason.NO_DATA)
    ranks = np.apply_along_axis(midranks, 1, table)
    ties = sum(float((counts**3 - counts).sum()) for counts in (np.unique(row, return_counts=True)[1] for row in table))
    spread = n * k * (k + 1) - ties / (k - 1)
    if spread <= 1e-9:
        return nothing._replace(note=Reason.NO_CHANGE)
    deviations = ranks.sum(axis=0) - n * (k + 1) / 2
    statistic = 12 * float(deviations @ deviations) / spread
    return Friedman(n, k, statistic, k - 1, float(chdtrc(k - 1, statistic)), statistic / (n * (k - 1)))


def repeated_measures(scores: ArrayLike) -> RepeatedMeasures:
    """Analysis of variance for repeated measures with Greenhouse-Geisser's epsilon.

    ``F = (SS waves / (k - 1)) / (SS error / ((n - 1) (k - 1)))``; with S the covariance matrix of the waves centred by
    rows and columns, ``epsilon = tr(S)^2 / ((k - 1) tr(S S))`` and both degrees of freedom are multiplied by it.

    Source: Greenhouse & Geisser (1959), Psychometrika 24:95-112; Box (1954) for epsilon. Assumptions: persons
    independent, changes roughly normal.

    Args:
        scores: shape (persons, waves); persons with a missing wave are left out.

    Returns:
        :class:`RepeatedMeasures`; ``no_data``, ``too_few`` (one person or one wave), ``no_change`` or
        ``constant_change`` where everybody changed alike.

    Example:
        >>> test = repeated_measures([[5, 7, 6], [6, 9, 8], [4, 7, 7], [5, 6, 6]])
        >>> round(test.f, 4), round(test.epsilon, 4), round(test.p_greenhouse_geisser, 4)
        (15.4615, 0.7752, 0.01)
    """
    table = _complete(scores)
    n, k = table.shape
    nothing = RepeatedMeasures(n, k, math.nan, k - 1, (n - 1) * (k - 1), *[math.nan] * 4)
    if n < 2 or k < 2:
        return nothing._replace(df_error=max(0, (n - 1) * (k - 1)), note=Reason.TOO_FEW if n else Reason.NO_DATA)
    magnitude = float(np.abs(table).max())
    own_change = without_noise(table - table[:, :1], magnitude)
    if not own_change.any():
        return nothing._replace(note=Reason.NO_CHANGE)
    if not np.ptp(own_change, axis=0).any():
        return nothing._replace(note=Reason.CONSTANT_CHANGE)
    centred = own_change - own_change.mean(axis=1, keepdims=True)
    wave_means = centred.mean(axis=0)
    error = centred - wave_means
    of_waves, of_error = n * float(wave_means @ wave_means), float((error**2).sum())
    f = (of_waves / (k - 1)) / (of_error / nothing.df_error)
    covariance = error.T @ error
    epsilon = min(1.0, float(np.trace(covariance)) ** 2 / ((k - 1) * float((covariance**2).sum())))
    return nothing._replace(
        f=f,
        p=float(fdtrc(k - 1, nothing.df_error, f)),
        epsilon=epsilon,
        p_greenhouse_geisser=float(fdtrc(epsilon * (k - 1), epsilon * nothing.df_error, f)),
        partial_eta_squared=of_waves / (of_waves + of_error),
    )


def cochran_q(answers: ArrayLike) -> CochranQ:
    """Cochran's Q test of one right/wrong item over waves.

    With C_j right answers per wave and R_i per person:
    ``Q = (k - 1) (k sum C_j^2 - (sum C_j)^2) / (k sum R_i - sum R_i^2)``; for two waves McNemar's chi-square.

    Source: Cochran (1950), Biometrika 37:256-266. Assumptions: persons independent, about ten who changed.

    Args:
        answers: 1 right, 0 wrong, shape (persons, waves); persons with a missing wave are left out.

    Returns:
        :class:`CochranQ`; ``no_data``, ``too_few`` (one wave), ``no_discordant`` where nobody changed the answer.

    Example:
        >>> test = cochran_q([[0, 1, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1], [0, 1, 0]])
        >>> round(test.statistic, 4), round(test.p, 4)
        (4.5, 0.1054)
    """
    right = (_complete(answers) > 0.5).astype(float)
    n, k = right.shape
    nothing = CochranQ(n, k, math.nan, k - 1, math.nan)
    if not n or k < 2:
        return nothing._replace(note=Reason.TOO_FEW if n else Reason.NO_DATA)
    by_wave, by_person = right.sum(axis=0), right.sum(axis=1)
    moved = float((by_person * (k - by_person)).sum())
    if not moved:
        return nothing._replace(note=Reason.NO_DISCORDANT)
    statistic = (k - 1) * float(k * (by_wave @ by_wave) - by_wave.sum() ** 2) / moved
    return CochranQ(n, k, statistic, k - 1, float(chdtrc(k - 1, statistic)))


def _complete(scores: ArrayLike) -> Values:
    table = np.asarray(scores, dtype=float)
    table = table if table.ndim == 2 else table.reshape(-1, max(1, table.shape[-1] if table.ndim else 1))
    return table[~np.isnan(table).any(axis=1)]


def _p_value(result: Any) -> float:
    return result.p_mid if hasattr(result, "p_mid") else result.p
