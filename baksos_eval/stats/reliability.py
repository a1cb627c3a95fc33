"""Do the items of a scale measure together: internal consistency and what each item contributes."""

from __future__ import annotations

import math
import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .distributions import normal_quantile
from .result import Reason
from .samples import Towards, Values, changes, complete, is_constant, sd

LEAST_RELIABILITY = 0.6     # below it single respondents cannot be judged
HEYWOOD = 0.005             # a unique variance below this share means that the model explains an item wholly


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


class Omega(NamedTuple):
    """McDonald's omega total of a one-factor model."""

    n: int
    k: int
    omega: float
    note: str = ""


class ReliableChange(NamedTuple):
    """How many respondents changed by more than the threshold, for the better or for the worse."""

    n: int
    reliability: float
    se_measurement: float
    se_difference: float
    threshold: float
    improved: float
    same: float
    worse: float
    note: str = ""


def cronbach_alpha(items: ArrayLike, confidence: float = 0.95) -> Alpha:
    """Cronbach's alpha of a scale with Feldt's interval; for right/wrong items this is KR-20.

    ``alpha = k/(k - 1) (1 - sum of item variances / variance of the total)``: Cronbach (1951), Psychometrika
    16(3), 297-334; limits ``1 - (1 - alpha) F(n - 1, (n - 1)(k - 1))`` at either tail: Feldt (1965),
    Psychometrika 30(3), 357-370. Assumes essentially tau-equivalent items; a lower bound of reliability
    otherwise.

    Args:
        items: answers, shape ``(n, k)``, reversed items already turned; rows with a missing answer are left
        out.
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
    df = n - 1, (n - 1) * (k - 1)
    low, high = (1 - (1 - alpha) * float(special.fdtri(*df, area)) for area in (1 - tail, tail))
    return Alpha(n, k, constant, alpha, low, high)


def item_reliability(items: ArrayLike) -> tuple[ItemReliability, ...]:
    """What each item contributes: correlation with the total, with the rest, and alpha without the item.

    ``item_rest`` correlates the item with the total of the *other* items (corrected item-total correlation);
    ``item_total`` keeps the item in the total, as the "r hitung" of Indonesian theses does, and is inflated
    for short scales. Nunnally and Bernstein (1994), Psychometric Theory, 3rd ed., pp. 301-306.

    Args:
        items: answers, shape ``(n, k)``, reversed items already turned; rows with a missing answer are left
        out.

    Returns:
        One result per item, in order. A constant item has no correlations (``constant_item``).

    Example:
        >>> answers = [[4, 5, 4], [3, 3, 2], [5, 5, 4], [2, 3, 3], [4, 4, 5]]
        >>> [round(item.item_rest, 2) for item in item_reliability(answers)]
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

    ``r = t / sqrt(df + t^2)`` with t the upper alpha/2 quantile of Student's t on ``df = n - 2``; Fisher and
    Yates (1963), Statistical Tables, 6th ed., table VII. Assumes bivariate normal scores.

    Example:
        >>> print(f"{critical_r(30).r:.3f}")
        0.361
    """
    if n < 3:
        return CriticalR(n, n - 2, math.nan, Reason.TOO_FEW if n else Reason.NO_DATA)
    t = -float(special.stdtrit(n - 2, alpha / 2))
    return CriticalR(n, n - 2, t / math.sqrt(n - 2 + t * t))


def omega_total(items: ArrayLike) -> Omega:
    """McDonald's omega total of a one-factor scale, in the metric of the summed score.

    ``omega = (sum of loadings)^2 / ((sum of loadings)^2 + sum of unique variances)`` with the unstandardised
    maximum likelihood solution of one factor: McDonald (1999), Test Theory, p. 89, eq. 6.20. Assumes one
    common factor and roughly continuous answers; at n below 100 or so the solution is unstable.

    Args:
        items: answers, shape ``(n, k)``, reversed items already turned; rows with a missing answer are left
        out.

    Returns:
        Missing for fewer than three items or not more rows than items, with a constant item, and when the fit
        did not converge or explains an item wholly (a Heywood case), both ``not_converged``.

    Example:
        >>> answers = [[4, 5, 4], [3, 3, 2], [5, 5, 4], [2, 3, 3], [4, 4, 5], [1, 2, 2], [3, 4, 3]]
        >>> print(f"{omega_total(answers).omega:.3f}")
        0.935
    """
    answers = complete_rows(items)
    n, k = answers.shape
    if k < 3:
        return Omega(n, k, math.nan, Reason.TOO_FEW_ITEMS if answers.size else Reason.NO_DATA)
    if n <= k:
        return Omega(n, k, math.nan, Reason.TOO_FEW if n else Reason.NO_DATA)
    if any(is_constant(column) for column in answers.T):
        return Omega(n, k, math.nan, Reason.CONSTANT_ITEM)
    loadings, unique = _one_factor(np.corrcoef(answers, rowvar=False), n)
    if math.isnan(loadings[0]):
        return Omega(n, k, math.nan, Reason.NOT_CONVERGED)
    spread = answers.std(axis=0, ddof=1)
    common = float(loadings @ spread) ** 2
    return Omega(n, k, common / (common + float(unique @ spread**2)))


def reliable_change(
    pre: ArrayLike,
    post: ArrayLike,
    reliability: float,
    direction: Towards = "up",
    confidence: float = 0.95,
) -> ReliableChange:
    """How many respondents changed by more than the unreliability of the scale explains.

    ``threshold = z sqrt(2) s_pre sqrt(1 - reliability)``: Jacobson and Truax (1991), Journal of Consulting
    and Clinical Psychology 59(1), 12-19. Describes single respondents; no test of the group. Say which
    reliability was used.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        reliability: reliability of the scale, usually alpha before; nan when unknown.
        direction: ``"down"`` when a lower score is better.
        confidence: 1 minus the share of stable respondents that would be called changed.

    Returns:
        The counts are missing below a reliability of .60 (``low_reliability``, or ``negative_alpha`` below
        zero): nearly every change would be called unreliable.

    Raises:
        ValueError: a reliability above 1, arrays of different length, or a missing value.

    Example:
        >>> reliable_change([10, 12, 14, 16, 18], [18, 13, 14, 9, 22], reliability=0.84)[5:8]
        (2, 2, 1)
    """
    if reliability > 1:
        raise ValueError("a reliability cannot exceed 1")
    before, after = complete(pre, post)
    change = changes(before, after) * (1 if direction == "up" else -1)
    n = before.size
    missing = (math.nan,) * 6
    if n < 2:
        return ReliableChange(n, reliability, *missing, Reason.TOO_FEW if n else Reason.NO_DATA)
    if not reliability >= LEAST_RELIABILITY:
        reason = Reason.NEGATIVE_ALPHA if reliability < 0 else Reason.LOW_RELIABILITY
        return ReliableChange(n, reliability, *missing, reason)
    if not sd(before):
        return ReliableChange(n, reliability, *missing, Reason.NO_VARIANCE)
    measurement = sd(before) * math.sqrt(1 - reliability)
    difference = math.sqrt(2) * measurement
    threshold = normal_quantile(confidence) * difference
    improved, worse = int((change > threshold).sum()), int((change < -threshold).sum())
    same = n - improved - worse
    return ReliableChange(n, reliability, measurement, difference, threshold, improved, same, worse)


def complete_rows(items: ArrayLike) -> Values:
    """The rows without a missing answer, shape ``(complete, k)``.

    Raises:
        ValueError: the answers are not a table.

    Example:
        >>> complete_rows([[1, 2], [3, math.nan]]).tolist()
        [[1.0, 2.0]]
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


def _one_factor(correlations: Values, n: int) -> tuple[Values, Values]:
    """Standardised loadings and unique variances of one factor by maximum likelihood, nan without solution.

    The start is fixed, since the library would draw one at random and give other last digits on every run.
    """
    from statsmodels.multivariate.factor import Factor

    k = len(correlations)
    size, direction = np.linalg.eigh(correlations)
    start = np.clip(np.abs(direction[:, -1]) * math.sqrt(size[-1]), 0.1, 0.9) * np.sign(direction[:, -1])
    model = Factor(corr=correlations, n_factor=1, nobs=n, method="ml")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fit = model.fit(start=(start[:, None], 1 - start**2), opt={"gtol": 1e-9, "maxiter": 500})
            # the library solves a symmetric problem by a general method, whose answers NumPy 2.5 types as complex
            loadings, unique = np.real(fit.loadings[:, 0]), np.real(fit.uniqueness)
            slope = np.abs(model.score((loadings[:, None], unique))).max()
        except (np.linalg.LinAlgError, ValueError):
            return np.full(k, math.nan), np.full(k, math.nan)
    if not (slope < 1e-6 and unique.min() > HEYWOOD):
        return np.full(k, math.nan), np.full(k, math.nan)
    return loadings, unique
