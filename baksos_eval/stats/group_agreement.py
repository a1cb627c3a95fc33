"""Statements about a neighbourhood as a whole: do its people give the same answer, and does it differ between neighbourhoods?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .result import Reason
from .samples import Values, is_constant


class IntraclassCorrelation(NamedTuple):
    """ICC(1), the share of variance between groups, and ICC(2), the reliability of the groups' means.

    ``group_size`` is the effective number of people per group, equal to it where all groups are of one size.
    """

    n: int
    k: int
    group_size: float
    icc1: float
    low: float
    high: float
    icc2: float
    statistic: float
    df_between: int
    df_within: int
    p: float
    note: str = ""


class WithinAgreement(NamedTuple):
    """Median and smallest r_wg of the groups; ``n`` people in the ``k`` groups that were large enough."""

    n: int
    k: int
    r_wg: float
    lowest: float
    note: str = ""


def intraclass_correlation(values: ArrayLike, groups: Sequence[object], confidence: float = 0.95) -> IntraclassCorrelation:
    """ICC(1) of a one-way random effects model with its F interval, and ICC(2).

    With the mean squares between and within groups, ``ICC(1) = (B - W) / (B + (m - 1) W)`` and ``ICC(2) = (B - W) / B``;
    m is the number of people per group or, for unequal groups, ``(N - sum n_i^2 / N) / (k - 1)``. Limits
    ``(F' - 1) / (F' + m - 1)`` with ``F' = F / F(k - 1, N - k)`` and ``F F(N - k, k - 1)`` at the upper tail.

    Source: Shrout & Fleiss (1979), Psychological Bulletin 86:420-428, pp. 423-424; m for unequal groups: Snedecor & Cochran
    (1989), Statistical Methods, 8th ed., sec. 13.7. Assumptions: groups drawn at random, equal normal spread within them; with
    unequal groups the interval is approximate. A negative value says no more than "zero".

    Args:
        values: one per person, ``nan`` where missing.
        groups: each person's group.
        confidence: of the interval.

    Returns:
        :class:`IntraclassCorrelation`; ``no_data``, ``too_few_rts`` for a single group, ``too_few`` when no group has two
        people, ``no_variance`` when the people of every group agree exactly.

    Raises:
        ValueError: ``values`` and ``groups`` differ in length.

    Example:
        >>> judged = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
        >>> result = intraclass_correlation(np.ravel(judged), np.repeat(range(6), 4))
        >>> print(f"{result.icc1:.2f} [{result.low:.2f}; {result.high:.2f}], {result.icc2:.2f}")
        0.17 [-0.13; 0.72], 0.44
    """
    members = _members(values, groups)
    n, k = sum(map(len, members)), len(members)
    missing = (math.nan,) * 6
    if not n:
        return IntraclassCorrelation(0, 0, math.nan, *missing[:5], 0, 0, math.nan, Reason.NO_DATA)
    df = k - 1, n - k
    if not all(df):
        reason = Reason.TOO_FEW_RTS if k < 2 else Reason.TOO_FEW
        return IntraclassCorrelation(n, k, math.nan, *missing[:5], *df, math.nan, reason)
    size = (n - sum(len(group) ** 2 for group in members) / n) / df[0]
    if all(is_constant(group) for group in members):
        return IntraclassCorrelation(n, k, size, *missing[:5], *df, math.nan, Reason.NO_VARIANCE)
    grand = math.fsum(value for group in members for value in group) / n
    between = sum(len(group) * (group.mean() - grand) ** 2 for group in members) / df[0]
    within = sum(((group - group.mean()) ** 2).sum() for group in members) / df[1]
    ratio = float(between / within)
    tail = (1 - confidence) / 2
    limits = (ratio / float(special.fdtri(*df, 1 - tail)), ratio * float(special.fdtri(*df[::-1], 1 - tail)))
    icc1, low, high = ((f - 1) / (f + size - 1) for f in (ratio, *limits))
    icc2 = (ratio - 1) / ratio if ratio else math.nan
    return IntraclassCorrelation(n, k, size, icc1, low, high, icc2, ratio, *df, float(special.fdtrc(*df, ratio)), "" if ratio else Reason.NO_VARIANCE)


def within_agreement(values: ArrayLike, groups: Sequence[object], lowest: float, highest: float, options: int, fewest: int = 2) -> WithinAgreement:
    """How far the people of each group agree, compared with answers spread evenly over all options: r_wg.

    ``r_wg = 1 - s^2 / e`` in each group, with s^2 the variance of its answers (n - 1) and
    ``e = step^2 (A^2 - 1) / 12`` that of A equally likely options; below 0 it counts as 0.

    Source: James, Demaree & Wolf (1984), Journal of Applied Psychology 69:85-98, eq. 1-2. Assumptions: options are equally
    spaced, and without agreement people would choose evenly among them, which flatters items that nearly everybody affirms.

    Args:
        values: one answer per person, ``nan`` where missing.
        groups: each person's group.
        lowest: score of the lowest option.
        highest: score of the highest option.
        options: number of options A.
        fewest: groups with fewer answers are left out.

    Returns:
        :class:`WithinAgreement`; ``no_data``, ``too_few`` when no group is large enough, ``not_declared`` without a range.

    Raises:
        ValueError: ``values`` and ``groups`` differ in length.

    Example:
        >>> result = within_agreement([4, 4, 5, 4, 1, 5, 3, 2], ["RT 01"] * 4 + ["RT 02"] * 4, 1, 5, 5)
        >>> round(result.r_wg, 4), result.lowest
        (0.4375, 0.0)
    """
    everybody = _members(values, groups)
    members = [group for group in everybody if len(group) >= max(2, fewest)]
    n, k = sum(map(len, members)), len(members)
    if not members:
        return WithinAgreement(0, 0, math.nan, math.nan, Reason.TOO_FEW if everybody else Reason.NO_DATA)
    if options < 2 or not highest > lowest:
        return WithinAgreement(n, k, math.nan, math.nan, Reason.NOT_DECLARED)
    even = ((highest - lowest) / (options - 1)) ** 2 * (options**2 - 1) / 12
    agreement = [max(0.0, 1 - float(group.var(ddof=1)) / even) for group in members]
    return WithinAgreement(n, k, float(np.median(agreement)), min(agreement))


def _members(values: ArrayLike, groups: Sequence[object]) -> list[Values]:
    """The answers of each group that has any, in the order in which the groups appear."""
    given = np.asarray(values, dtype=float)
    if given.ndim != 1 or len(given) != len(groups):
        raise ValueError("every value needs its group")
    found: dict[object, list[float]] = {}
    for value, group in zip(given.tolist(), groups, strict=True):
        if not math.isnan(value):
            found.setdefault(group, []).append(value)
    return [np.array(group) for group in found.values()]
