"""Adjusting p values for asking several questions at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def holm(p_values: ArrayLike) -> np.ndarray:
    """Holm's step-down adjusted p values, which control the chance of even one false finding.

    The i-th smallest of m values becomes ``max over j <= i of min(1, (m - j + 1) p(j))``. A missing p value stays
    missing and does not count in m: a question that could not be tested was not asked.

    Source: Holm (1979), Scandinavian Journal of Statistics 6:65-70. Assumptions: none about dependence.

    Args:
        p_values: one p value (0-1) per question, ``nan`` where it could not be computed.

    Returns:
        The adjusted values, in the order given.

    Example:
        >>> holm([0.01, float("nan"), 0.04, 0.03]).tolist()
        [0.03, nan, 0.06, 0.06]
    """
    return _adjust(p_values, lambda ordered, m: np.maximum.accumulate(ordered * (m - np.arange(m))))


def benjamini_hochberg(p_values: ArrayLike) -> np.ndarray:
    """Benjamini and Hochberg's step-up adjusted p values, which control the share of false findings.

    The i-th smallest of m values becomes ``min over j >= i of min(1, m p(j) / j)``. Missing values as in :func:`holm`.

    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300. Assumptions:
    independent or positively dependent tests.

    Args:
        p_values: one p value (0-1) per question, ``nan`` where it could not be computed.

    Returns:
        The adjusted values, in the order given.

    Example:
        >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
        [0.04, 0.0533, 0.0533, 0.5]
    """
    return _adjust(
        p_values,
        lambda ordered, m: np.minimum.accumulate((ordered * m / np.arange(1, m + 1))[::-1])[::-1],
    )


def _adjust(p_values: ArrayLike, step) -> np.ndarray:
    given = np.asarray(p_values, dtype=float)
    adjusted = np.full(given.shape, np.nan)
    asked = np.flatnonzero(~np.isnan(given))
    order = asked[np.argsort(given[asked], kind="stable")]
    if order.size:
        adjusted[order] = np.minimum(step(given[order], order.size), 1.0)
    return adjusted
