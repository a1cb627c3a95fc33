"""The habit of letting a normality test choose the test, as some supervisors ask for it: a convention, never the main result.

It is weaker than a test chosen beforehand. A normality test asks about the scores where the t test rests on the mean
change; it passes any shape of few people and refuses harmless ones of many; and the error rate of two tests in a row is
nobody's 5 per cent (Zimmerman 2004, *British Journal of Mathematical and Statistical Psychology* 57:173-181; Rochon,
Gondan & Kieser 2012, *BMC Medical Research Methodology* 12:81).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from . import description, paired, ranks, unpaired
from .result import Reason
from .samples import Values, complete, is_constant

SHAPIRO_UP_TO = 50
"""Up to so many people the habit is Shapiro-Wilk, beyond them Kolmogorov-Smirnov with Lilliefors' correction."""

ALPHA = 0.05


class PairedRitual(NamedTuple):
    """The paired t test if both waves pass the normality test (``normal`` is 1), else Wilcoxon as SPSS prints it.

    ``by_shapiro`` is 1 where the normality test is Shapiro-Wilk's; ``statistic`` is t or Z.
    """

    n: int
    by_shapiro: int
    p_normal_pre: float
    p_normal_post: float
    normal: int
    statistic: float
    p: float
    note: str = ""


class UnpairedRitual(NamedTuple):
    """A t test if both waves pass the normality test, Student's or Welch's by Levene's test, else Mann-Whitney as SPSS prints it.

    ``equal_spread`` is 1 where Levene's test passes; ``statistic`` is t or Z, its sign that of post minus pre.
    """

    n_pre: int
    n_post: int
    by_shapiro: int
    p_normal_pre: float
    p_normal_post: float
    normal: int
    p_levene: float
    equal_spread: int
    statistic: float
    p: float
    note: str = ""


def choose_paired(pre: ArrayLike, post: ArrayLike, alpha: float = ALPHA) -> PairedRitual:
    """The test that the habit picks for one group measured twice, and its result.

    Shapiro-Wilk (Lilliefors beyond 50 people) of the scores before and of those after; both p above ``alpha``: paired
    t; else the normal approximation of Wilcoxon's test without the unchanged, tie-corrected, as SPSS prints it.

    Source: common practice in Indonesian theses with SPSS. Assumptions: none that its two steps could secure.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same people after.
        alpha: level of the normality test.

    Returns:
        :class:`PairedRitual`; the reason of the normality test, or of the test it picks, where that cannot be computed.

    Raises:
        ValueError: lengths differ, or a value is missing.

    Example:
        >>> found = choose_paired([5, 6, 7, 5, 5, 7, 6, 8], [8, 8, 9, 9, 6, 7, 9, 10])
        >>> found.normal, round(found.statistic, 3), round(found.p, 4)
        (1, 4.822, 0.0019)
    """
    before, after = complete(pre, post)
    by_shapiro, p_pre, p_post, note = _normality(before, after)
    if note:
        return PairedRitual(before.size, by_shapiro, p_pre, p_post, 0, math.nan, math.nan, note)
    normal = min(p_pre, p_post) > alpha
    test = paired.mean_change(before, after) if normal else ranks.spss_signed_rank(before, after)
    statistic = test.statistic if isinstance(test, paired.MeanChange) else test.z
    return PairedRitual(before.size, by_shapiro, p_pre, p_post, int(normal), statistic, test.p, test.note if math.isnan(test.p) else "")


def choose_unpaired(pre: ArrayLike, post: ArrayLike, alpha: float = ALPHA) -> UnpairedRitual:
    """The test that the habit picks for two waves of different people, and its result.

    Normality as :func:`choose_paired`; both p above ``alpha``: Levene's test from the means, then Student's t (its p
    above ``alpha``) or Welch's; else the normal approximation of Mann-Whitney's test, tie-corrected, as SPSS prints it.

    Source: common practice in Indonesian theses with SPSS; Levene (1960). Assumptions: as :func:`choose_paired`.

    Args:
        pre: scores before, shape ``(n_pre,)``.
        post: scores of other people after, shape ``(n_post,)``.
        alpha: level of the normality test and of Levene's.

    Returns:
        :class:`UnpairedRitual`; the reason of the first test that cannot be computed.

    Raises:
        ValueError: a value is missing.

    Example:
        >>> found = choose_unpaired([5, 6, 7, 5, 5, 7, 6, 8], [8, 8, 9, 9, 6, 7, 9, 10])
        >>> found.normal, found.equal_spread, round(found.statistic, 3), round(found.p, 4)
        (1, 1, 3.523, 0.0034)
    """
    (before,), (after,) = complete(pre), complete(post)
    by_shapiro, p_pre, p_post, note = _normality(before, after)
    start = (before.size, after.size, by_shapiro, p_pre, p_post)
    if note:
        return UnpairedRitual(*start, 0, math.nan, 0, math.nan, math.nan, note)
    normal, p_levene = min(p_pre, p_post) > alpha, _levene(before, after)
    equal, lost = p_levene > alpha, Reason.NO_VARIANCE if math.isnan(p_levene) else ""
    if not normal:
        ranked = unpaired.rank_sum(before, after)
        return UnpairedRitual(*start, 0, p_levene, int(equal), ranked.z, ranked.p_asymptotic, lost)
    if lost:
        return UnpairedRitual(*start, 1, p_levene, 0, math.nan, math.nan, lost)
    t = (unpaired.pooled_difference if equal else unpaired.mean_difference)(before, after)
    return UnpairedRitual(*start, 1, p_levene, int(equal), t.statistic, t.p, t.note)


def _normality(before: Values, after: Values) -> tuple[int, float, float, str]:
    """Whether by Shapiro-Wilk, both p values, and why one is missing."""
    by_shapiro = max(before.size, after.size) <= SHAPIRO_UP_TO
    found = [(description.shapiro_wilk if by_shapiro else description.lilliefors)(wave) for wave in (before, after)]
    return int(by_shapiro), found[0].p, found[1].p, found[0].note or found[1].note


def _levene(before: Values, after: Values) -> float:
    """p of Levene's test on the distances from the means: an analysis of variance of two groups."""
    from scipy.stats import levene

    distances = np.concatenate([np.abs(wave - wave.mean()) for wave in (before, after)])
    with np.errstate(divide="ignore", invalid="ignore"):      # two waves without spread in their distances, but of other sizes
        return math.nan if is_constant(distances) else float(levene(before, after, center="mean").pvalue)
