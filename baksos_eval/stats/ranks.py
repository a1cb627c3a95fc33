"""One group measured twice, by ranks and signs: exact tests that need no normal scores."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .result import Reason
from .samples import Towards, Values, changes, complete, is_constant, without_noise

Zeros = Literal["pratt", "wilcox"]

EXACT_LIMIT = 200       # with more changes the exact distribution costs more than it adds to the normal one


class SignedRank(NamedTuple):
    """The signed-rank test; ``exact`` is 1 for the exact conditional distribution, 0 for its normal limit."""

    n: int
    n_used: int
    statistic: float
    p: float
    exact: int
    note: str = ""


class SpssSignedRank(NamedTuple):
    """The ranks table and the asymptotic test as SPSS prints them."""

    n: int
    n_negative: int
    mean_rank_negative: float
    sum_negative: float
    n_positive: int
    mean_rank_positive: float
    sum_positive: float
    n_ties: int
    z: float
    p: float
    note: str = ""


class HodgesLehmann(NamedTuple):
    """The Hodges-Lehmann change with the interval that belongs to the signed-rank test."""

    n: int
    n_used: int
    estimate: float
    low: float
    high: float
    note: str = ""


class Direction(NamedTuple):
    """How many improved, stayed and worsened, with the sign test."""

    n: int
    improved: int
    same: int
    worse: int
    p: float
    note: str = ""


def midranks(values: Values) -> Values:
    """Ranks from 1, equal values sharing the mean of their ranks, shape as given.

    Example:
        >>> midranks(np.array([5.0, 2.0, 5.0])).tolist()
        [2.5, 1.0, 2.5]
    """
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]


def signed_rank(pre: ArrayLike, post: ArrayLike, zeros: Zeros = "pratt") -> SignedRank:
    """Wilcoxon's signed-rank test from its exact conditional distribution, two-sided.

    ``statistic`` is V, the sum of the midranks of the increases. Given the observed midranks every sign is a
    fair coin under the hypothesis, so V has the distribution of a sum of independent ``rank * (0 or 1)``,
    found by dynamic programming over doubled midranks: exact with ties, unlike tables or
    ``scipy.stats.wilcoxon(method="exact")``. Pratt (1959), "Remarks on zeros and ties in the Wilcoxon signed
    rank procedures", JASA 54, 655-667; algorithm: Streitberg and Roehmel (1986), "Exact distributions for
    permutation and rank tests", Statistical Software Newsletter 12, 10-17. Assumes changes symmetric about
    zero under the hypothesis.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        zeros: ``"pratt"`` ranks unchanged respondents and then leaves them out; ``"wilcox"`` leaves them out
        first.

    Returns:
        ``n_used`` counts those who changed. Without any change p is missing (``no_change``).

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> signed_rank([20, 22, 19, 20, 22, 18, 24, 20, 25], [38, 37, 33, 29, 14, 12, 20, 22, 25]).p
        0.2734375
    """
    change = changes(pre, post)
    n, n_used = change.size, int(np.count_nonzero(change))
    if not n:
        return SignedRank(0, 0, math.nan, math.nan, 1, Reason.NO_DATA)
    if not n_used:
        return SignedRank(n, 0, 0.0, math.nan, 1, Reason.NO_CHANGE)
    if zeros == "wilcox":
        change = change[change != 0]
    ranks = midranks(np.abs(change))[change != 0]
    statistic = float(ranks[change[change != 0] > 0].sum())
    lower = _lower_tail(min(statistic, float(ranks.sum()) - statistic), ranks)
    return SignedRank(n, n_used, statistic, min(1.0, 2 * lower), int(n_used <= EXACT_LIMIT))


def spss_signed_rank(pre: ArrayLike, post: ArrayLike) -> SpssSignedRank:
    """The signed-rank test as SPSS prints it: ranks table, Z and asymptotic two-sided p.

    Unchanged respondents are left out, the variance is corrected for ties, there is no continuity correction:
    ``z = (V - m(m+1)/4) / sqrt(m(m+1)(2m+1)/24 - sum(t^3 - t)/48)`` with m changed respondents and V the sum
    of the positive midranks. Source: IBM SPSS Statistics Algorithms, NPAR TESTS, Wilcoxon. SPSS prints Z from the
    smaller sum, hence always negative, with the footnote "based on negative ranks"; here z carries the sign
    of the change.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.

    Returns:
        The mean rank of an empty side is 0, as SPSS prints it.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> before, after = [20, 22, 19, 20, 22, 18, 24, 20, 25], [38, 37, 33, 29, 14, 12, 20, 22, 25]
        >>> result = spss_signed_rank(before, after)
        >>> print(result.n_negative, result.n_positive, result.n_ties, f"{result.z:.3f} {result.p:.3f}")
        3 5 1 1.260 0.208
    """
    change = changes(pre, post)
    changed = change[change != 0]
    n, m = change.size, changed.size
    ranks = midranks(np.abs(changed)) if m else changed
    negative, positive = ranks[changed < 0], ranks[changed > 0]
    table = (
        n,
        negative.size, float(negative.mean()) if negative.size else 0.0, float(negative.sum()),
        positive.size, float(positive.mean()) if positive.size else 0.0, float(positive.sum()),
        n - m,
    )
    if not m:
        return SpssSignedRank(*table, math.nan, math.nan, Reason.NO_CHANGE if n else Reason.NO_DATA)
    z = float((positive.sum() - ranks.sum() / 2) / math.sqrt((ranks**2).sum() / 4))
    return SpssSignedRank(*table, z, 2 * float(special.ndtr(-abs(z))))


def sign_test(pre: ArrayLike, post: ArrayLike, direction: Towards = "up") -> Direction:
    """How many improved, stayed and worsened, with the exact two-sided sign test.

    ``p`` is the binomial probability, with 1/2, of a split at least as uneven among those who changed;
    Conover (1999), Practical Nonparametric Statistics, 3rd ed., section 3.4. Assumes independent respondents
    only.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        direction: ``"down"`` when a lower score is better.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> sign_test([1, 2, 3, 4], [3, 3, 3, 5])
        Direction(n=4, improved=3, same=1, worse=0, p=0.25, note='')
    """
    change = changes(pre, post) * (1 if direction == "up" else -1)
    n = change.size
    improved, worse = int((change > 0).sum()), int((change < 0).sum())
    changed = improved + worse
    if not changed:
        return Direction(n, 0, n, 0, math.nan, Reason.NO_CHANGE if n else Reason.NO_DATA)
    p = 2 * float(special.bdtr(min(improved, worse), changed, 0.5))
    return Direction(n, improved, n - changed, worse, min(1.0, p))


def hodges_lehmann(
    pre: ArrayLike, post: ArrayLike, confidence: float = 0.95, zeros: Zeros = "pratt"
) -> HodgesLehmann:
    """Hodges-Lehmann change: the median of all pairwise means of changes, with the exact interval.

    Hodges and Lehmann (1963), "Estimates of location based on rank tests", Annals of Mathematical Statistics
    34, 598-611. The interval holds every shift that the exact conditional signed-rank test at the same level
    does not reject, so its limits are pairwise means (Walsh averages). Assumes changes symmetric about their
    centre.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        confidence: least coverage of the interval.
        zeros: ``"pratt"`` keeps unchanged respondents, who are evidence too; ``"wilcox"`` drops them and
        gives the
            numbers of R's ``exactRankTests::wilcox.exact(conf.int = TRUE)``, whose limits for tied changes
            lie a little further out, and which takes changes as binary arithmetic leaves them.

    Returns:
        The limits are missing when so few changed that no shift can be rejected (``too_few``: below six at 95
        %), when nobody changed or when everybody changed by the same amount.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> hodges_lehmann([0, 0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 9])
        HodgesLehmann(n=7, n_used=7, estimate=4.0, low=2.0, high=7.0, note='')
    """
    change = changes(pre, post)
    n, n_used = change.size, int(np.count_nonzero(change))
    if not n_used:
        estimate = 0.0 if n else math.nan
        return HodgesLehmann(n, 0, estimate, math.nan, math.nan, Reason.NO_CHANGE if n else Reason.NO_DATA)
    tail = (1 - confidence) / 2
    kept = change != 0 if zeros == "wilcox" else np.full(n, True)
    change = change[kept]
    if zeros == "wilcox" and n_used <= EXACT_LIMIT:
        before, after = complete(pre, post)
        estimate, low, high = _exact_rank_tests((after - before)[kept], tail)
    else:
        averages, weights = _walsh_averages(change)
        estimate = _weighted_median(averages, weights)
        low, high = _accepted_shifts(change, averages, tail)
    if 0.5**change.size > tail:
        return HodgesLehmann(n, n_used, estimate, math.nan, math.nan, Reason.TOO_FEW)
    if is_constant(change):
        return HodgesLehmann(n, n_used, estimate, math.nan, math.nan, Reason.CONSTANT_CHANGE)
    return HodgesLehmann(n, n_used, estimate, low, high)


def _null_distribution(ranks: Values) -> tuple[Values, float]:
    """Probabilities of V = 0, step, 2 step, ... when every rank counts with probability 1/2, and the step."""
    doubled = np.rint(2 * ranks).astype(int)
    step = int(np.gcd.reduce(doubled))
    weights = doubled // step
    ways = np.zeros(int(weights.sum()) + 1)
    ways[0], top = 1.0, 0
    for weight in weights:
        ways[weight : top + weight + 1] += ways[: top + 1].copy()
        top += weight
    return ways / 2.0**ranks.size, step / 2


def _lower_tail(statistic: float, ranks: Values) -> float:
    """P(V <= statistic), exact up to the limit and normal above it."""
    if ranks.size > EXACT_LIMIT:
        return float(special.ndtr((statistic - ranks.sum() / 2) / math.sqrt((ranks**2).sum() / 4)))
    probabilities, step = _null_distribution(ranks)
    return float(probabilities[: round(statistic / step) + 1].sum())


def _walsh_averages(change: Values) -> tuple[Values, Values]:
    """The distinct means of all pairs (each with itself once), ascending, and how often each occurs."""
    values, counts = np.unique(change, return_counts=True)
    first, second = np.triu_indices(values.size)
    pairs = counts[first] * counts[second]
    often = np.where(first == second, (pairs + counts[first]) // 2, pairs)
    means = without_noise((values[first] + values[second]) / 2, float(np.abs(values).max()))
    averages, place = np.unique(means, return_inverse=True)
    return averages, np.bincount(place, often)


def _weighted_median(values: Values, weights: Values) -> float:
    """Median of the values, each repeated as often as its weight says."""
    below = np.cumsum(weights)
    lower, upper = np.searchsorted(below, [math.ceil(below[-1] / 2), below[-1] // 2 + 1])
    return float((values[lower] + values[upper]) / 2)


def _accepted_shifts(change: Values, averages: Values, tail: float) -> tuple[float, float]:
    """Ends of the shifts that the exact conditional test does not reject, by bisection over the averages."""

    def probability(gap: int, above: bool) -> float:
        """P(V >= v), or else P(V <= v), for a shift between averages number ``gap`` and ``gap + 1``."""
        rest = change - (averages[gap] + averages[gap + 1]) / 2
        ranks = midranks(without_noise(np.abs(rest), float(np.abs(change).max())))
        return _lower_tail(float(ranks[(rest > 0) != above].sum()), ranks)

    def first_gap(holds: Callable[[int], bool]) -> int:
        low, high = 0, averages.size - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(middle) else (middle + 1, high)
        return low

    lower = first_gap(lambda gap: probability(gap, above=True) > tail)
    upper = first_gap(lambda gap: probability(gap, above=False) <= tail)
    return float(averages[lower]), float(averages[upper])


def _exact_rank_tests(change: Values, tail: float) -> tuple[float, float, float]:
    """Estimate and limits as exactRankTests 0.8 computes them, whose rule differs with and without ties.

    With ties V at a shift counts only what lies strictly above it, which moves the limits outwards by up to
    one Walsh average. Nothing is cleared of binary noise here, since that package does not do it either.
    """

    def v(shift: float) -> float:
        rest = change - shift
        sizes, above = np.sort(np.abs(rest)), rest[rest > 0]
        return float((sizes.searchsorted(above) + sizes.searchsorted(above, "right") + 1).sum() / 2)

    ranks = midranks(np.abs(change))
    probabilities, step = _null_distribution(ranks)
    lower, upper = np.searchsorted(np.cumsum(probabilities), [tail, 1 - tail]) * step
    first, second = np.triu_indices(change.size)
    averages = np.sort((change[first] + change[second]) / 2)
    if np.unique(ranks).size < ranks.size:
        averages = np.unique(averages)
        sums = np.array([v(average) for average in averages])
    else:
        sums = np.arange(averages.size, 0, -1.0)
    centre = float(ranks.sum()) / 2
    below, above = averages[sums <= math.ceil(centre)], averages[sums > centre]
    estimate = float((below.min() + above.max()) / 2) if above.size else float(below.min())
    high = averages[-1] if lower <= sums.min() else averages[sums <= lower].min()
    low = averages[0] if upper >= sums.max() else averages[sums > upper].max()
    return estimate, float(low), float(high)
