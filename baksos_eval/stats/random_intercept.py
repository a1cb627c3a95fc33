"""A mixed model with one random intercept per group, fitted by restricted maximum likelihood.

The likelihood is profiled down to one number, the ratio of the between-group to the residual variance, whose best value
is looked for over a wide grid and then found as a root of the derivative. One dimension leaves no room for an optimiser
to stop far from the answer and still report success.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .distributions import bisect
from .samples import Values

RATIOS = np.concatenate([[0.0], np.logspace(-6, 16, 177)])


class RandomIntercept(NamedTuple):
    """Fixed effects with their covariance, both variances and the restricted log-likelihood."""

    coefficients: Values
    covariance: Values
    between_variance: float
    residual_variance: float
    log_likelihood: float


class _Sums(NamedTuple):
    """What the likelihood needs of the data: products within groups, and totals of each group."""

    within: Values          # (columns, columns), products of deviations from group means
    totals: Values          # (groups, columns)
    sizes: Values           # (groups,)


def fit(outcome: Values, design: Values, group: NDArray[np.intp]) -> RandomIntercept | None:
    """Coefficients and variances of ``outcome = design b + intercept of the group + residual``.

    With the variance ratio x, ``V = I + x Z Z'``: b solves generalised least squares, the residual variance is
    ``r' V^-1 r / (n - p)`` and x maximises the restricted likelihood
    ``-(log |V| + log |X' V^-1 X| + (n - p) (1 + log(2 pi s^2))) / 2``.

    Source: Patterson & Thompson (1971), Biometrika 58:545-554; Bates et al. (2015), Journal of Statistical Software
    67(1), section 3.4. Assumptions: groups independent, both variances equal for all.

    Args:
        outcome: shape (n,).
        design: full column rank, shape (n, p).
        group: group numbers 0, 1, ..., each at least once, shape (n,).

    Returns:
        :class:`RandomIntercept`, or ``None`` where there is no residual variance to estimate or the likelihood has no
        maximum at a finite ratio.

    Example:
        >>> y = np.array([1.0, 2.0, 4.0, 5.0, 8.0, 9.0])
        >>> model = fit(y, np.ones((6, 1)), np.array([0, 0, 1, 1, 2, 2]))
        >>> round(model.between_variance, 4), round(model.residual_variance, 4)
        (12.0833, 0.5)
    """
    n, p = design.shape
    if n <= p:
        return None
    scale = float(np.abs(outcome).max())
    return None if scale == 0 else _fit(_summarise(np.column_stack([design, outcome / scale]), group), n, p, scale)


def fit_means(sizes: Values, means: Values, sds: Values) -> RandomIntercept | None:
    """The same model of an overall mean alone, ``outcome = b + intercept of the group + residual``, from what is known of each group.

    Its likelihood depends on the outcomes only through the size and the mean of each group and the squares within groups,
    ``sum (n_g - 1) sd_g^2``; the time taken depends on the number of groups, not of persons.

    Source and assumptions: as :func:`fit`.

    Args:
        sizes: persons in each group, at least one, shape (k,).
        means: mean outcome of each group, shape (k,).
        sds: standard deviation of the outcomes of each group, ``nan`` for a group of one, shape (k,).

    Returns:
        As :func:`fit` with a column of ones.

    Example:
        >>> model = fit_means(np.array([2, 2, 2]), np.array([1.5, 4.5, 8.5]), np.sqrt([0.5, 0.5, 0.5]))
        >>> round(model.between_variance, 4), round(model.residual_variance, 4)
        (12.0833, 0.5)
    """
    n = int(sizes.sum())
    squares = float(((sizes - 1) * np.nan_to_num(sds) ** 2).sum())
    scale = max(float(np.abs(means).max()), math.sqrt(squares / n)) if n else 0.0
    if n <= 1 or scale == 0:
        return None
    within = np.array([[0.0, 0.0], [0.0, squares / scale**2]])
    return _fit(_Sums(within, np.column_stack([sizes, sizes * means / scale]), sizes.astype(float)), n, 1, scale)


def _fit(data: _Sums, n: int, p: int, scale: float) -> RandomIntercept | None:
    """The model from the sums of outcomes that were divided by ``scale``."""
    if data.within[-1, -1] <= 1e-24 * n:
        return None
    best = _best_ratio(data, n)
    if best is None:
        return None
    coefficients, precision, squares = _solve(data, best)
    residual = float(squares) / (n - p)
    if residual <= 1e-24:
        return None
    return RandomIntercept(
        coefficients * scale,
        np.linalg.inv(precision) * residual * scale**2,
        best * residual * scale**2,
        residual * scale**2,
        -(float(_deviance(data, n, best)) + (n - p) * (1 + math.log(2 * math.pi / (n - p)) + 2 * math.log(scale))) / 2,
    )


def _summarise(columns: Values, group: NDArray[np.intp]) -> _Sums:
    sizes = np.bincount(group).astype(float)
    totals = np.column_stack([np.bincount(group, weights=column) for column in columns.T])
    deviations = columns - (totals / sizes[:, None])[group]
    return _Sums(deviations.T @ deviations, totals, sizes)


def _solve(data: _Sums, ratio: ArrayLike) -> tuple[Values, Values, Values]:
    """Coefficients, ``X' V^-1 X`` and ``r' V^-1 r`` for one ratio or many; the sums of squares keep clear of cancellation."""
    weights = 1 / (data.sizes * (1 + data.sizes * np.asarray(ratio)[..., None]))
    products = data.within + np.einsum("gi,...g,gj->...ij", data.totals, weights, data.totals)
    precision, right = products[..., :-1, :-1], products[..., :-1, -1]
    coefficients = np.linalg.solve(precision, right[..., None])[..., 0]
    contrast = np.concatenate([-coefficients, np.ones((*weights.shape[:-1], 1))], axis=-1)
    rest = contrast @ data.totals.T
    squares = np.einsum("...i,ij,...j->...", contrast, data.within, contrast) + (weights * rest**2).sum(axis=-1)
    return coefficients, precision, squares


def _deviance(data: _Sums, n: int, ratio: ArrayLike) -> Values:
    """Minus twice the restricted log-likelihood for one ratio or many, up to a constant."""
    _, precision, squares = _solve(data, ratio)
    determinant = np.linalg.slogdet(precision)[1]
    return np.log1p(data.sizes * np.asarray(ratio)[..., None]).sum(axis=-1) + determinant + (n - precision.shape[-1]) * np.log(squares)


def _slope(data: _Sums, n: int, ratio: float) -> float:
    """Derivative of the deviance with respect to the variance ratio."""
    coefficients, precision, squares = _solve(data, ratio)
    shrunk = data.totals / (1 + data.sizes * ratio)[:, None]
    fixed = shrunk[:, :-1]
    residual = shrunk[:, -1] - fixed @ coefficients
    information = float(np.trace(np.linalg.solve(precision, fixed.T @ fixed)))
    return (
        float((data.sizes / (1 + data.sizes * ratio)).sum())
        - information
        - (n - len(precision)) * float(residual @ residual / squares)
    )


def _best_ratio(data: _Sums, n: int) -> float | None:
    lowest = int(np.argmin(_deviance(data, n, RATIOS)))
    if lowest == len(RATIOS) - 1:
        return None
    below, above = float(RATIOS[max(0, lowest - 1)]), float(RATIOS[lowest + 1])
    if lowest == 0 and _slope(data, n, 0.0) >= 0:
        return 0.0
    if _slope(data, n, below) >= 0 or _slope(data, n, above) <= 0:
        return float(RATIOS[lowest])
    return bisect(lambda ratio: -_slope(data, n, ratio), below, above)
