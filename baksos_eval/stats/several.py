"""Several RTs: the overall change, its spread between RTs, and fair estimates for each RT.

The RT is the unit of replication: people of one RT share a neighbourhood, an event and a facilitator, so that their
answers are not independent. Everything here takes one number per RT (and its sampling variance) and costs a time
proportional to the number of RTs. The order of the RTs changes no digit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from . import random_intercept
from .distributions import bisect
from .result import Reason
from .samples import is_constant
from .samples import mean as mean_of
from .samples import sd as sd_of

FEWEST_RTS = 3          # with two RTs there is one degree of freedom: no inference
NO_SPREAD = 1e-20       # a variance this small beside the largest is rounding of zero
NO_DEVIATION = 1e-12    # so is a standard deviation this small beside the largest number


class Pooled(NamedTuple):
    """Random-effects summary over RTs; ``i2`` in per cent, the rest in the units of the changes (or their square)."""

    k: int
    estimate: float
    low: float
    high: float
    p: float
    df: float
    tau2: float
    i2: float
    q: float
    prediction_low: float
    prediction_high: float
    note: str = ""


class RtMeans(NamedTuple):
    """One-sample t test on the mean changes of RTs."""

    k: int
    mean: float
    sd: float
    low: float
    high: float
    statistic: float
    df: float
    p: float
    note: str = ""


class RtMixedModel(NamedTuple):
    """Overall change from the answers of all persons, RTs as a random effect; variances in squared points."""

    n: int
    k: int
    estimate: float
    standard_error: float
    low: float
    high: float
    df: float
    between_variance: float
    residual_variance: float
    intraclass_correlation: float
    note: str = ""


class Shrunken(NamedTuple):
    """An RT's own change drawn towards the overall change, with its interval."""

    estimate: float
    low: float
    high: float
    note: str = ""


def pool(changes: ArrayLike, variances: ArrayLike, confidence: float = 0.95) -> Pooled:
    """Overall change over RTs: Paule-Mandel between-RT variance, Hartung-Knapp interval, prediction interval.

    tau2 solves ``sum w (y - m)^2 = k - 1`` with ``w = 1 / (v + tau2)`` and m the weighted mean (0 when already
    ``Q(0) <= k - 1``); the standard error is ``sqrt(sum w (y - m)^2 / ((k - 1) sum w))`` with t on k - 1 degrees of
    freedom; the prediction interval for a new RT is ``m +- t sqrt(tau2 + se^2)`` with the same t; I2 is
    ``100 tau2 / (tau2 + s2)`` with the typical within-RT variance ``s2 = (k - 1) / (sum w0 - sum w0^2 / sum w0)``,
    ``w0 = 1 / v``.

    Source: Paule & Mandel (1982), J. Res. NBS 87:377-385; Hartung & Knapp (2001), Statistics in Medicine 20:3875-3889;
    Higgins & Thompson (2002), Statistics in Medicine 21:1539-1558, eq. 9-10; prediction as in metafor 3.8. Assumptions:
    RT effects roughly normal, RTs independent, variances known (they are estimated: use RTs with enough people).

    Args:
        changes: mean change of each RT, shape (k,); ``nan`` leaves the RT out.
        variances: squared standard error of each change, shape (k,).
        confidence: of both intervals.

    Returns:
        :class:`Pooled`; ``too_few_rts`` below three RTs, ``constant_change`` where all RTs changed alike (no interval),
        ``no_variance`` where an RT without spread would take all the weight.

    Example:
        >>> pooled = pool([2.0, 4.5, 3.0, 7.0], [0.5, 0.8, 0.4, 1.0])
        >>> round(pooled.estimate, 3), round(pooled.low, 3), round(pooled.tau2, 3)
        (4.037, 0.62, 3.947)
    """
    change, variance = _usable(changes, variances)
    k = change.size
    nothing = Pooled(k, *[math.nan] * 10)
    if k < FEWEST_RTS:
        return nothing._replace(note=Reason.TOO_FEW_RTS)
    df = float(k - 1)
    if is_constant(change):
        if not variance.all():
            return nothing._replace(estimate=float(change[0]), df=df, note=Reason.CONSTANT_CHANGE)
        return nothing._replace(
            estimate=float(change[0]), df=df, tau2=0.0, i2=0.0, q=0.0, note=Reason.CONSTANT_CHANGE
        )
    tau2 = _paule_mandel(change, variance)
    if tau2 == 0.0 and not variance.all():
        return nothing._replace(df=df, note=Reason.NO_VARIANCE)
    estimate, standard_error = _weighted(change, variance, tau2)
    t = float(stdtrit(df, (1 + confidence) / 2))
    spread = math.hypot(math.sqrt(tau2), standard_error)
    q, i2, note = _heterogeneity(change, variance, tau2)
    return Pooled(
        k=k,
        estimate=estimate,
        low=estimate - t * standard_error,
        high=estimate + t * standard_error,
        p=2 * float(stdtr(df, -abs(estimate / standard_error))),
        df=df,
        tau2=tau2,
        i2=i2,
        q=q,
        prediction_low=estimate - t * spread,
        prediction_high=estimate + t * spread,
        note=note,
    )


def rt_means_test(changes: ArrayLike, confidence: float = 0.95) -> RtMeans:
    """One-sample t test and interval on the RTs' mean changes, each RT counting once.

    ``t = mean / (sd / sqrt(k))`` on k - 1 degrees of freedom: the plain check beside :func:`pool`, exact where RTs are
    of equal size. Source: Student (1908), Biometrika 6:1-25. Assumptions: RT means roughly normal and independent.

    Args:
        changes: mean change of each RT, shape (k,); ``nan`` leaves the RT out.
        confidence: of the interval.

    Returns:
        :class:`RtMeans`; ``too_few_rts`` below three RTs, ``constant_change`` where all RTs changed alike.

    Example:
        >>> test = rt_means_test([2.0, 4.5, 3.0, 7.0])
        >>> round(test.mean, 3), round(test.low, 3), round(test.p, 4)
        (4.125, 0.665, 0.0321)
    """
    change = np.asarray(changes, dtype=float)
    change = np.sort(change[np.isfinite(change)])
    k = change.size
    nothing = RtMeans(k, *[math.nan] * 7)
    if k == 0:
        return nothing._replace(note=Reason.NO_DATA)
    mean = float(change[0]) if is_constant(change) else float(change.mean())
    if k < FEWEST_RTS:
        return nothing._replace(mean=mean, note=Reason.TOO_FEW_RTS)
    df = float(k - 1)
    if is_constant(change):
        return nothing._replace(mean=mean, sd=0.0, df=df, note=Reason.CONSTANT_CHANGE)
    sd = float(change.std(ddof=1))
    standard_error = sd / math.sqrt(k)
    margin = float(stdtrit(df, (1 + confidence) / 2)) * standard_error
    statistic = mean / standard_error
    return RtMeans(k, mean, sd, mean - margin, mean + margin, statistic, df, 2 * float(stdtr(df, -abs(statistic))))


def shrunken(
    changes: ArrayLike, variances: ArrayLike, pooled: Pooled, confidence: float = 0.95
) -> list[Shrunken]:
    """Empirical Bayes estimate of each RT's change: its own figure drawn towards the overall one.

    With ``b = tau2 / (tau2 + v)``: ``b y + (1 - b) m``, variance ``b v + (1 - b)^2 se(m)^2``, interval by t on k - 1
    degrees of freedom. An RT with few people or much spread is drawn further, so that RTs may be set side by side
    without the smallest ones standing at both ends.

    Source: Raudenbush & Bryk (1985), Journal of Educational Statistics 10:75-98; as ``metafor::blup``. Assumptions as
    :func:`pool`; the uncertainty of tau2 itself is not in the interval.

    Args:
        changes: mean change of each RT, shape (k,).
        variances: squared standard error of each change, shape (k,).
        pooled: what :func:`pool` gave for the same RTs.
        confidence: of the intervals.

    Returns:
        One :class:`Shrunken` per RT in the order given, with the reason of ``pooled`` where that is missing and
        ``no_data`` for an RT without a change.

    Example:
        >>> y, v = [2.0, 4.5, 3.0, 7.0], [0.5, 0.8, 0.4, 1.0]
        >>> [round(rt.estimate, 2) for rt in shrunken(y, v, pool(y, v))]
        [2.23, 4.42, 3.1, 6.4]
    """
    change = np.asarray(changes, dtype=float)
    variance = np.asarray(variances, dtype=float)
    if math.isnan(pooled.tau2) or math.isnan(pooled.p):
        return [Shrunken(math.nan, math.nan, math.nan, pooled.note)] * change.size
    known = _known(change, variance)
    own = np.where(known, variance, 1.0)
    _, standard_error = _weighted(*_usable(change, variance), pooled.tau2)
    trust = pooled.tau2 / (pooled.tau2 + own)
    estimates = trust * np.where(known, change, 0.0) + (1 - trust) * pooled.estimate
    margins = float(stdtrit(pooled.df, (1 + confidence) / 2)) * np.sqrt(
        trust * own + (1 - trust) ** 2 * standard_error**2
    )
    return [
        Shrunken(float(e), float(e - m), float(e + m)) if k else Shrunken(math.nan, math.nan, math.nan, Reason.NO_DATA)
        for e, m, k in zip(estimates, margins, known, strict=True)
    ]


def rt_mixed_model(changes: ArrayLike, rts: ArrayLike, confidence: float = 0.95) -> RtMixedModel:
    """Overall change by a mixed model on persons with RTs as random effect: the sensitivity check beside :func:`pool`.

    ``change = m + RT + person`` by restricted maximum likelihood; interval by t on k - 1 degrees of freedom (exact for
    RTs of equal size), never by the normal distribution, which is too narrow for a handful of RTs. The intraclass
    correlation is the between-RT share of the variance.

    Source: Laird & Ware (1982), Biometrics 38:963-974; see :mod:`random_intercept`. Assumptions: RTs independent, RT
    effects and persons roughly normal, the same spread within every RT.

    Args:
        changes: change of every person, ``nan`` where missing, shape (n,).
        rts: the RT of every person; any labels, shape (n,).
        confidence: of the interval.

    Returns:
        :class:`RtMixedModel`; ``no_data``, ``too_few_rts`` below three RTs, ``too_few`` with one person in every RT,
        ``constant_change``, ``no_variance`` where nobody differs within an RT, ``not_converged``.

    Raises:
        ValueError: the arrays differ in length.

    Example:
        >>> model = rt_mixed_model([1, 2, 4, 5, 8, 9], ["a", "a", "b", "b", "c", "c"])
        >>> round(model.estimate, 4), round(model.standard_error, 4), round(model.between_variance, 4)
        (4.8333, 2.0276, 12.0833)
    """
    change, labels = np.asarray(changes, dtype=float), np.asarray(rts)
    if change.shape != labels.shape or change.ndim != 1:
        raise ValueError("arrays must be one-dimensional and of one length")
    answered = np.isfinite(change)
    return mixed_model_of_rts(*_sizes_means_sds(change[answered], labels[answered]), confidence)


def mixed_model_of_rts(sizes: ArrayLike, means: ArrayLike, sds: ArrayLike, confidence: float = 0.95) -> RtMixedModel:
    """The model of :func:`rt_mixed_model` from the size, mean and standard deviation of each RT, which are all it needs of the persons.

    The restricted likelihood of ``change = m + RT + person`` depends on the persons only through these, so that the
    estimate is the same; the time taken depends on the number of RTs alone.

    Source: Laird & Ware (1982), Biometrics 38:963-974; see :mod:`random_intercept`. Assumptions: as
    :func:`rt_mixed_model`.

    Args:
        sizes: persons with a change in each RT, shape (k,); an RT without any is left out.
        means: their mean change, shape (k,).
        sds: the standard deviation of their changes (n - 1), ``nan`` for one person, shape (k,).
        confidence: of the interval.

    Returns:
        :class:`RtMixedModel`, with the same reasons as :func:`rt_mixed_model`.

    Example:
        >>> model = mixed_model_of_rts([2, 2, 2], [1.5, 4.5, 8.5], [0.5**0.5] * 3)
        >>> round(model.estimate, 4), round(model.standard_error, 4), round(model.between_variance, 4)
        (4.8333, 2.0276, 12.0833)
    """
    size, mean, sd = (np.asarray(values, dtype=float) for values in (sizes, means, sds))
    there = size > 0
    size, mean, sd = size[there], mean[there], np.nan_to_num(sd[there])
    order = np.lexsort((sd, mean, size))                # so that sums do not depend on the order of the RTs
    size, mean, sd = size[order], mean[order], sd[order]
    n, k = int(size.sum()), size.size
    nothing = RtMixedModel(n, k, *[math.nan] * 8)
    if k < FEWEST_RTS:
        return nothing._replace(note=Reason.TOO_FEW_RTS if k else Reason.NO_DATA)
    sd = np.where(sd <= NO_DEVIATION * max(float(np.abs(mean).max()), float(sd.max())), 0.0, sd)
    if is_constant(mean) and not sd.any():
        return nothing._replace(estimate=float(mean[0]), note=Reason.CONSTANT_CHANGE)
    if n == k:
        return nothing._replace(note=Reason.TOO_FEW)
    if not sd.any():
        return nothing._replace(note=Reason.NO_VARIANCE)
    model = random_intercept.fit_means(size, mean, sd)
    if model is None:
        return nothing._replace(note=Reason.NOT_CONVERGED)
    estimate, standard_error = float(model.coefficients[0]), math.sqrt(model.covariance[0, 0])
    margin = float(stdtrit(k - 1, (1 + confidence) / 2)) * standard_error
    return RtMixedModel(
        n=n,
        k=k,
        estimate=estimate,
        standard_error=standard_error,
        low=estimate - margin,
        high=estimate + margin,
        df=float(k - 1),
        between_variance=model.between_variance,
        residual_variance=model.residual_variance,
        intraclass_correlation=model.between_variance / (model.between_variance + model.residual_variance),
    )


def _sizes_means_sds(change: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each RT's persons, mean and standard deviation; neither the order of persons nor the labels change a digit."""
    group = np.unique(labels, return_inverse=True)[1]
    rows = np.lexsort((change, group))
    blocks = np.split(change[rows], np.flatnonzero(np.diff(group[rows])) + 1) if change.size else []
    return tuple(np.array([of(block) for block in blocks], dtype=float) for of in (np.size, mean_of, sd_of))  # type: ignore[return-value]


def _known(change: np.ndarray, variance: np.ndarray) -> np.ndarray:
    return np.isfinite(change) & np.isfinite(variance) & (variance >= 0)


def _usable(changes: ArrayLike, variances: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """RTs with both figures, sorted so that sums do not depend on the order of the RTs."""
    change = np.asarray(changes, dtype=float)
    variance = np.asarray(variances, dtype=float)
    known = _known(change, variance)
    change, variance = change[known], variance[known]
    order = np.lexsort((variance, change))
    change, variance = change[order], variance[order]
    if change.size:
        largest = max(variance.max(), (change[-1] - change[0]) ** 2)
        variance = np.where(variance <= NO_SPREAD * largest, 0.0, variance)
    return change, variance


def _generalised_q(change: np.ndarray, variance: np.ndarray, tau2: float) -> float:
    weight = 1 / (variance + tau2)
    mean = weight @ change / weight.sum()
    return float(weight @ (change - mean) ** 2)


def _paule_mandel(change: np.ndarray, variance: np.ndarray) -> float:
    """The root of Q(tau2) = k - 1: Q falls, and ``Q(t) <= (k - 1) s^2 / t`` puts the root at or below s^2."""
    top = float(change.var(ddof=1))
    bottom = 0.0 if variance.all() else 1e-14 * top
    df = change.size - 1
    if _generalised_q(change, variance, bottom) <= df:
        return 0.0
    if _generalised_q(change, variance, top) >= df:     # no variance anywhere: the root is s^2 itself
        return top
    return bisect(lambda tau2: _generalised_q(change, variance, tau2) - df, bottom, top)


def _weighted(change: np.ndarray, variance: np.ndarray, tau2: float) -> tuple[float, float]:
    """Weighted mean and its Hartung-Knapp standard error."""
    weight = 1 / (variance + tau2)
    estimate = float(weight @ change / weight.sum())
    scatter = float(weight @ (change - estimate) ** 2)
    return estimate, math.sqrt(scatter / ((change.size - 1) * weight.sum()))


def _heterogeneity(change: np.ndarray, variance: np.ndarray, tau2: float) -> tuple[float, float, str]:
    """Cochran's Q, I2 in per cent, and the reason where an RT without spread makes them undefined."""
    if not variance.all():
        return math.nan, math.nan, Reason.NO_VARIANCE
    weight = 1 / variance
    typical = (change.size - 1) / (weight.sum() - (weight**2).sum() / weight.sum())
    return _generalised_q(change, variance, 0.0), float(100 * tau2 / (tau2 + typical)), ""
