"""A comparison group: programme against comparison, by means; the difference is always programme minus comparison."""

from __future__ import annotations

import math
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from .answers import answered, complete_cases
from .distributions import normal_quantile
from .result import Reason
from .samples import Values, changes, is_constant, mean, sd

MOST_ALLOCATIONS = 200_000      # beyond this, allocations of RTs to arms are drawn instead of listed
DRAWN_ALLOCATIONS = 99_999


class Welch(NamedTuple):
    """Difference of two independent means with Welch's t test and interval."""

    n_programme: int
    n_comparison: int
    mean_programme: float
    mean_comparison: float
    sd_programme: float
    sd_comparison: float
    difference: float
    low: float
    high: float
    statistic: float
    df: float
    p: float
    note: str = ""


class PrePostComparison(NamedTuple):
    """Difference of two mean changes in units of the pooled standard deviation before (Morris' d_ppc2)."""

    n_programme: int
    n_comparison: int
    d: float
    variance: float
    low: float
    high: float
    note: str = ""


class RandomisationTest(NamedTuple):
    """Test over whole RTs; ``smallest_p`` is what the most extreme split would give, ``exact`` 0 where splits were drawn."""

    k_programme: int
    k_comparison: int
    difference: float
    p: float
    smallest_p: float
    allocations: int
    exact: int
    note: str = ""


def welch(programme: ArrayLike, comparison: ArrayLike, confidence: float = 0.95) -> Welch:
    """Difference of two independent means, its interval and Welch's t test.

    ``t = (m1 - m2) / sqrt(s1^2 / n1 + s2^2 / n2)`` with Satterthwaite's degrees of freedom.

    Source: Welch (1947), Biometrika 34:28-35. Assumptions: independent persons, means roughly normal.

    Args:
        programme: one value per person of the programme group, ``nan`` where missing.
        comparison: the same for the comparison group.
        confidence: of the interval.

    Returns:
        :class:`Welch`; ``no_data`` where a group is empty, ``too_few`` where one has a single person, ``no_variance``
        where neither group has any spread.

    Example:
        >>> test = welch([5, 7, 6, 9, 8], [4, 5, 3, 6])
        >>> round(test.difference, 2), round(test.low, 3), round(test.p, 4)
        (2.5, 0.235, 0.0349)
    """
    one, two = answered(programme), answered(comparison)
    described = Welch(
        one.size, two.size, mean(one), mean(two), sd(one), sd(two), mean(one) - mean(two), *[math.nan] * 5
    )
    if reason := _too_few(one, two):
        return described._replace(note=reason)
    if is_constant(one) and is_constant(two):
        return described._replace(note=Reason.NO_VARIANCE)
    of_one, of_two = described.sd_programme**2 / one.size, described.sd_comparison**2 / two.size
    error = math.sqrt(of_one + of_two)
    df = 1 / ((of_one / error**2) ** 2 / (one.size - 1) + (of_two / error**2) ** 2 / (two.size - 1))
    margin = float(stdtrit(df, (1 + confidence) / 2)) * error
    statistic = described.difference / error
    return described._replace(
        low=described.difference - margin,
        high=described.difference + margin,
        statistic=statistic,
        df=df,
        p=2 * float(stdtr(df, -abs(statistic))),
    )


def difference_in_changes(
    programme_pre: ArrayLike,
    programme_post: ArrayLike,
    comparison_pre: ArrayLike,
    comparison_post: ArrayLike,
    confidence: float = 0.95,
) -> Welch:
    """Difference in differences: Welch's test on the changes (post minus pre) of the two groups.

    The primary figure where the groups were not made equal by chance: it asks whether the groups changed differently,
    not whether they would have ended differently had they started alike (:func:`adjusted.ancova`; Lord's paradox).

    Source: Lord (1967), Psychological Bulletin 68:304-305; Welch (1947). Assumptions: without the programme both groups
    would have changed alike; otherwise as :func:`welch`.

    Args:
        programme_pre: scores before, programme group, ``nan`` where missing.
        programme_post: the same persons after.
        comparison_pre: scores before, comparison group.
        comparison_post: the same persons after.
        confidence: of the interval.

    Returns:
        :class:`Welch` of the changes; persons without both answers are left out.

    Raises:
        ValueError: the waves of a group differ in length.

    Example:
        >>> test = difference_in_changes([5, 6, 7, 5], [8, 8, 9, 9], [5, 7, 6, 6], [6, 7, 7, 6])
        >>> test.mean_programme, test.mean_comparison, round(test.p, 4)
        (2.75, 0.5, 0.0104)
    """
    return welch(
        changes(*complete_cases(programme_pre, programme_post)),
        changes(*complete_cases(comparison_pre, comparison_post)),
        confidence,
    )


def d_ppc2(
    programme_pre: ArrayLike,
    programme_post: ArrayLike,
    comparison_pre: ArrayLike,
    comparison_post: ArrayLike,
    confidence: float = 0.95,
) -> PrePostComparison:
    """Morris' effect size of a pretest-posttest-comparison design, with its interval.

    ``d = c (change1 - change2) / s`` with s the pooled standard deviation *before*, ``c = 1 - 3 / (4 (n - 2) - 1)`` and
    n = n1 + n2; variance ``c^2 (n - 2) / (n - 4) (2 (1 - r) n / (n1 n2) + d^2) - d^2`` with r the pooled within-group
    correlation of pre and post; normal interval.

    Source: Morris (2008), Organizational Research Methods 11:364-386, eq. 8, 9, 16. Assumptions: equal spread before
    and equal correlation in both groups, roughly normal scores.

    Args:
        programme_pre: scores before, programme group, ``nan`` where missing.
        programme_post: the same persons after.
        comparison_pre: scores before, comparison group.
        comparison_post: the same persons after.
        confidence: of the interval.

    Returns:
        :class:`PrePostComparison`; ``no_data``, ``too_few`` (fewer than two persons in a group or five in all),
        ``no_variance`` where nobody differed before.

    Raises:
        ValueError: the waves of a group differ in length.

    Example:
        >>> effect = d_ppc2([5, 6, 7, 5], [8, 8, 9, 9], [5, 7, 6, 6], [6, 7, 7, 6])
        >>> round(effect.d, 3), round(effect.low, 3), round(effect.high, 3)
        (2.199, 0.024, 4.374)
    """
    groups = complete_cases(programme_pre, programme_post), complete_cases(comparison_pre, comparison_post)
    sizes = [pre.size for pre, _ in groups]
    nothing = PrePostComparison(*sizes, *[math.nan] * 4)
    if reason := _too_few(groups[0][0], groups[1][0]):
        return nothing._replace(note=reason)
    if sum(sizes) < 5:
        return nothing._replace(note=Reason.TOO_FEW)
    if all(is_constant(pre) for pre, _ in groups):
        return nothing._replace(note=Reason.NO_VARIANCE)
    before, after, together = (
        sum(_cross_products(pair[i], pair[j]) for pair in groups) for i, j in ((0, 0), (1, 1), (0, 1))
    )
    # posts without spread say nothing about r; zero gives the widest interval
    r = together / math.sqrt(before * after) if after > 0 else 0.0
    difference = mean(changes(*groups[0])) - mean(changes(*groups[1]))
    d, variance = _ppc2(difference, math.sqrt(before / (sum(sizes) - 2)), r, *sizes)
    margin = normal_quantile(confidence) * math.sqrt(variance)
    return nothing._replace(d=d, variance=variance, low=d - margin, high=d + margin)


def randomisation_over_rts(programme: ArrayLike, comparison: ArrayLike, seed: int = 0) -> RandomisationTest:
    """Exact test of a programme given to whole RTs: how unusual is this split among all splits of these RTs?

    p is the share of allocations of the RTs to arms of these sizes whose absolute difference of arm means is at least
    the observed one. With two against two RTs no result can fall below 1/3, with three against three below 0.10.

    Source: Fisher (1935), The Design of Experiments, section 21; Gail et al. (1996), Statistics in Medicine
    15:1069-1092, for whole communities. Assumptions: under "no effect" every allocation was as likely (true by design
    only if chance chose the RTs).

    Args:
        programme: mean change of each RT with the programme, ``nan`` leaves the RT out.
        comparison: mean change of each RT without it.
        seed: of the drawn allocations, used where there are more than 200,000.

    Returns:
        :class:`RandomisationTest`; ``no_data`` for an empty arm, ``too_few_rts`` for one RT against one.

    Example:
        >>> randomisation_over_rts([3.0, 4.0], [1.0, 1.5]).p
        0.3333333333333333
    """
    one, two = np.sort(answered(programme)), np.sort(answered(comparison))
    nothing = RandomisationTest(one.size, two.size, mean(one) - mean(two), math.nan, math.nan, 0, 1)
    if not one.size or not two.size:
        return nothing._replace(note=Reason.NO_DATA)
    if one.size + two.size < 3:
        return nothing._replace(note=Reason.TOO_FEW_RTS)
    every = np.sort(np.concatenate([one, two]))
    every = every - every.mean()
    differences, exact = _arm_differences(every, one.size, seed)
    observed = abs(nothing.difference)
    slack = 1e-9 * float(np.abs(every).max())
    extreme = int((differences >= observed - slack).sum())
    most_extreme = int((differences >= differences.max() - slack).sum())
    if exact:
        p, smallest = extreme / differences.size, most_extreme / differences.size
    else:
        p, smallest = (extreme + 1) / (differences.size + 1), 1 / (differences.size + 1)
    return nothing._replace(p=p, smallest_p=smallest, allocations=differences.size, exact=int(exact))


def _too_few(one: Values, two: Values) -> str:
    if not one.size or not two.size:
        return Reason.NO_DATA
    return Reason.TOO_FEW if min(one.size, two.size) < 2 else ""


def _cross_products(first: Values, second: Values) -> float:
    if is_constant(first) or is_constant(second):
        return 0.0
    return float((first - first.mean()) @ (second - second.mean()))


def _ppc2(difference: float, sd_before: float, r: float, n1: int, n2: int) -> tuple[float, float]:
    """d and its variance from summary figures; the published formula multiplied out, so that r = 1 does no harm."""
    n = n1 + n2
    correction = 1 - 3 / (4 * (n - 2) - 1)
    d = correction * difference / sd_before
    variance = correction**2 * (n - 2) / (n - 4) * (2 * (1 - r) * n / (n1 * n2) + d**2) - d**2
    return d, max(0.0, variance)


def _arm_differences(values: Values, size: int, seed: int) -> tuple[Values, bool]:
    """Absolute difference of arm means for every allocation, or for many drawn ones."""
    k = values.size
    count = math.comb(k, size)
    exact = count <= MOST_ALLOCATIONS
    if exact:
        members = np.fromiter(
            (member for chosen in combinations(range(k), size) for member in chosen), dtype=np.intp, count=count * size
        ).reshape(count, size)
        sums = values[members].sum(axis=1)
    else:
        sums = _drawn_sums(values, size, np.random.default_rng(seed))
    return np.abs(sums / size - (values.sum() - sums) / (k - size)), exact


def _drawn_sums(values: Values, size: int, generator: np.random.Generator) -> Values:
    """Sum of the first ``size`` values of many shuffles, a million values at a time."""
    rows = max(1, 1_000_000 // values.size)
    blocks = [min(rows, DRAWN_ALLOCATIONS - start) for start in range(0, DRAWN_ALLOCATIONS, rows)]
    return np.concatenate(
        [generator.permuted(np.tile(values, (block, 1)), axis=1)[:, :size].sum(axis=1) for block in blocks]
    )
