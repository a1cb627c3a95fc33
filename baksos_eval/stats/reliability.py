"""Do the items of a scale measure together: internal consistency and what each item contributes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .paired import Values, is_constant
from .result import Reason


class Alpha(NamedTuple):
    """Cronbach's alpha with Feldt's interval; ``n_constant`` items were answered alike by everybody."""

    n: int
    k: int
    n_constant: int
    alpha: float
    low: float
    high: float
    note: str = ""


class ItemReliability(NamedTuple):
    """One item: its correlation with the total, with the rest of the scale, and alpha without it."""

    n: int
    item_total: float
    item_rest: float
    alpha_if_deleted: float
    note: str = ""


class CriticalR(NamedTuple):
    """The smallest significant correlation ("r tabel") for n respondents."""

    n: int
    df: int
    r: float
    note: str = ""


def cronbach_alpha(items: ArrayLike, confidence: float = 0.95) -> Alpha:
    """Cronbach's alpha of a scale with Feldt's interval; for right/wrong items this is KR-20.

    ``alpha = k/(k - 1) (1 - sum of item variances / variance of the total)``: Cronbach (1951), Psychometrika 16(3),
    297-334; limits ``1 - (1 - alpha) F(n - 1, (n - 1)(k - 1))`` at either tail: Feldt (1965), Psychometrika 30(3),
    357-370. Assumes essentially tau-equivalent items; a lower bound of reliability otherwise.

    Args:
        items: answers, shape ``(n, k)``, reversed items already turned; rows with a missing answer are left out.
        confidence: coverage of the interval.

    Returns:
        ``n`` counts the complete rows. Constant items stay in and are counted, never dropped silently.

    Example:
        >>> result = cronbach_alpha([[4, 5, 4], [3, 3, 2], [5, 5, 4], [2, 3, 3], [4, 4, 5]])
        >>> print(f"{result.alpha:.3f} [{result.low:.3f}; {result.high:.3f}]")
        0.879 [0.390; 0.987]
    """
    answers = complete_rows(items)
    n, k = answers.shape
    constant = sum(is_constant(column) for column in answers.T)
    if n < 2 or k < 2:
        reason = Reason.NO_DATA if not answers.size else Reason.TOO_FEW_ITEMS if k < 2 else Reason.TOO_FEW
        return Alpha(n, k, constant, math.nan, math.nan, math.nan, reason)
    alpha = _alpha(answers)
    if math.isnan(alpha):
        return Alpha(n, k, constant, math.nan, math.nan, math.nan, Reason.NO_VARIANCE)
    tail = (1 - confidence) / 2
    low, high = (1 - (1 - alpha) * float(special.fdtri(n - 1, (n - 1) * (k - 1), area)) for area in (1 - tail, tail))
    return Alpha(n, k, constant, alpha, low, high)


def item_reliability(items: ArrayLike) -> tuple[ItemReliability, ...]:
    """What each item contributes: correlation with the total, with the rest, and alpha without the item.

    ``item_rest`` correlates the item with the total of the *other* items (corrected item-total correlation);
    ``item_total`` keeps the item in the total, as the "r hitung" of Indonesian theses does, and is inflated for short
    scales. Nunnally and Bernstein (1994), Psychometric Theory, 3rd ed., pp. 301-306.

    Args:
        items: answers, shape ``(n, k)``, reversed items already turned; rows with a missing answer are left out.

    Returns:
        One result per item, in order. A constant item has no correlations (``constant_item``).

    Example:
        >>> [round(item.item_rest, 2) for item in item_reliability([[4, 5, 4], [3, 3, 2], [5, 5, 4], [2, 3, 3], [4, 4, 5]])]
        [0.81, 0.85, 0.66]
    """
    answers = complete_rows(items)
    n, k = answers.shape
    total = answers.sum(axis=1)
    results = []
    for number, item in enumerate(answers.T):
        missing = (math.nan,) * 3
        if n < 3 or k < 2:
            reason = Reason.NO_DATA if not n else Reason.TOO_FEW_ITEMS if k < 2 else Reason.TOO_FEW
            results.append(ItemReliability(n, *missing, reason))
            continue
        without = _alpha(np.delete(answers, number, axis=1)) if k > 2 else math.nan
        with_total, with_rest = _correlate(item, total), _correlate(item, total - item)
        if is_constant(item):
            reason = Reason.CONSTANT_ITEM
        elif k == 2:
            reason = Reason.TOO_FEW_ITEMS
        else:
            reason = Reason.NO_VARIANCE if any(map(math.isnan, (with_total, with_rest, without))) else ""
        results.append(ItemReliability(n, with_total, with_rest, without, reason))
    return tuple(results)


def critical_r(n: int, alpha: float = 0.05) -> CriticalR:
    """The smallest correlation significant at level alpha, two-sided: the "r tabel" of Indonesian theses.

    ``r = t / sqrt(df + t^2)`` with t the upper alpha/2 quantile of Student's t on ``df = n - 2``; Fisher and Yates
    (1963), Statistical Tables, 6th ed., table VII. Assumes bivariate normal scores.

    Example:
        >>> print(f"{critical_r(30).r:.3f}")
        0.361
    """
    if n < 3:
        return CriticalR(n, n - 2, math.nan, Reason.TOO_FEW if n else Reason.NO_DATA)
    t = -float(special.stdtrit(n - 2, alpha / 2))
    return CriticalR(n, n - 2, t / math.sqrt(n - 2 + t * t))


def complete_rows(items: ArrayLike) -> Values:
    """The rows without a missing answer, shape ``(complete, k)``.

    Raises:
        ValueError: the answers are not a table.
    """
    answers = np.asarray(items, dtype=float)
    if answers.ndim != 2:
        raise ValueError("answers must have one row per respondent and one column per item")
    return answers[~np.isnan(answers).any(axis=1)]


def _alpha(answers: Values) -> float:
    """Cronbach's alpha, nan when the totals do not differ."""
    k = answers.shape[1]
    total = answers.sum(axis=1)
    if is_constant(total):
        return math.nan
    return float(k / (k - 1) * (1 - answers.var(axis=0, ddof=1).sum() / total.var(ddof=1)))


def _correlate(x: Values, y: Values) -> float:
    """Pearson's r, nan when either does not vary."""
    if is_constant(x) or is_constant(y):
        return math.nan
    x, y = x - x.mean(), y - y.mean()
    return float(np.clip(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)), -1, 1))
