"""Before the data: how many people or RTs a study needs, and what a study of a given size can find. Never computed from results."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from scipy import special

from .distributions import detectable_shift, noncentral_t_area
from .result import Reason

MOST = 1_000_000
"""More people or RTs than this are no plan."""


class PairedPlan(NamedTuple):
    """So many people with questionnaires before and after, and the power they have."""

    pairs: int
    effect: float
    power: float
    note: str = ""


class GroupsPlan(NamedTuple):
    """So many people in the programme and in the comparison, and the power they have."""

    programme: int
    comparison: int
    effect: float
    power: float
    note: str = ""


class RtsPlan(NamedTuple):
    """So many RTs (of each arm, where there are two) with so many people each; ``people`` is everybody together."""

    rts: int
    people_per_rt: int
    people: int
    design_effect: float
    effect: float
    power: float
    note: str = ""


def standardised_change(change: float, sd: float, correlation: float) -> float:
    """A change in points as an effect in SDs of the change, for the functions below.

    ``change / (sd sqrt(2 (1 - r)))``: with equal SDs before and after, the SD of the change is
    ``sqrt(sd^2 + sd^2 - 2 r sd^2)``; Cohen (1988), Statistical Power Analysis, 2nd ed., section 2.3.5.

    Args:
        change: the smallest change that matters, in points of the scale; its sign plays no part.
        sd: standard deviation of the scores in one wave.
        correlation: between the scores before and after, below 1.

    Raises:
        ValueError: an SD that is not above zero, or a correlation outside -1 to 1.

    Example:
        >>> print(f"{standardised_change(0.25, sd=0.5, correlation=0.5):.3f}")
        0.500
    """
    if not sd > 0 or not -1 <= correlation < 1:
        raise ValueError("the SD must lie above zero and the correlation from -1 to below 1")
    return abs(change) / (sd * math.sqrt(2 * (1 - correlation)))


def design_effect(people_per_rt: float, icc: float) -> float:
    """How many times as many people are needed because those of one RT are alike.

    ``1 + (m - 1) icc``; Kish (1965), Survey Sampling, section 5.4. Assumes RTs of about the same size.

    Args:
        people_per_rt: m, people in each RT.
        icc: share of the variance of the change that lies between RTs, from 0 to 1.

    Raises:
        ValueError: fewer than one person, or an icc outside 0 to 1.

    Example:
        >>> print(f"{design_effect(20, icc=0.05):.2f}")
        1.95
    """
    if people_per_rt < 1 or not 0 <= icc <= 1:
        raise ValueError("an RT has at least one person and the icc lies between 0 and 1")
    return 1 + (people_per_rt - 1) * icc


def invitations(people: int, loss: float) -> int:
    """So many people must fill in the first questionnaire for ``people`` to fill in both, when a share is lost between them.

    Example:
        >>> invitations(32, loss=0.2)
        40

    Raises:
        ValueError: a loss outside 0 to below 1.
    """
    if not 0 <= loss < 1:
        raise ValueError("the loss lies from 0 to below 1")
    return math.ceil(people / (1 - loss) - 1e-9)


def paired_power(pairs: int, effect: float, alpha: float = 0.05) -> PairedPlan:
    """The probability that a two-sided paired t test on ``pairs`` people finds a change of this size.

    ``P(|T'| > t(1 - alpha/2))`` for T' noncentral t on n - 1 degrees of freedom with noncentrality ``d sqrt(n)``, both tails
    counted: Cohen (1988), Statistical Power Analysis, 2nd ed., section 2.3.5. Assumes independent people and normal changes.
    For planning: with the change that was observed it says nothing that p does not say.

    Args:
        pairs: people with both questionnaires.
        effect: the change that one wants to be able to find, in SDs of the change (:func:`standardised_change`).
        alpha: level of the test.

    Example:
        >>> print(f"{paired_power(34, effect=0.5).power:.4f}")
        0.8078
    """
    if pairs < 2:
        return PairedPlan(pairs, effect, math.nan, Reason.TOO_FEW)
    return PairedPlan(pairs, effect, _power(pairs - 1, effect * math.sqrt(pairs), alpha))


def paired_sample(effect: float, power: float = 0.8, alpha: float = 0.05) -> PairedPlan:
    """The fewest people with both questionnaires for a two-sided paired t test to find a change of this size.

    The smallest n whose :func:`paired_power` reaches ``power``: Cohen (1988), section 2.4.

    Args:
        effect: the smallest change that matters, in SDs of the change.
        power: wanted probability to find it.
        alpha: level of the test.

    Returns:
        Without a number (``too_few``) where more than a million people would be needed.

    Example:
        >>> paired_sample(0.5).pairs, paired_sample(0.2).pairs
        (34, 199)
    """
    _check(effect, power, alpha)
    n = _fewest(lambda n: paired_power(n, effect, alpha).power >= power, 2)
    return paired_power(n, effect, alpha) if n else PairedPlan(0, effect, math.nan, Reason.TOO_FEW)


def smallest_effect(pairs: int, power: float = 0.8, alpha: float = 0.05) -> PairedPlan:
    """The smallest change, in SDs of the change, that so many people are enough to find.

    Solves :func:`paired_power` for the effect: Cohen (1988), section 2.3.5.

    Example:
        >>> print(f"{smallest_effect(30).effect:.3f}")
        0.529
    """
    if pairs < 2:
        return PairedPlan(pairs, math.nan, math.nan, Reason.TOO_FEW)
    return PairedPlan(pairs, detectable_shift(pairs - 1, power, alpha) / math.sqrt(pairs), power)


def groups_power(programme: int, comparison: int, effect: float, alpha: float = 0.05) -> GroupsPlan:
    """The probability that a two-sided t test finds this difference in change between programme and comparison.

    Noncentral t on n1 + n2 - 2 degrees of freedom with noncentrality ``d sqrt(n1 n2 / (n1 + n2))``: Cohen (1988), Statistical
    Power Analysis, 2nd ed., section 2.3. Assumes independent people, normal changes and equal SDs of the change.

    Args:
        programme: people of the programme with both questionnaires.
        comparison: people of the comparison with both questionnaires.
        effect: difference between the mean changes, in SDs of the change.
        alpha: level of the test.

    Example:
        >>> print(f"{groups_power(64, 64, effect=0.5).power:.4f}")
        0.8015
    """
    if min(programme, comparison) < 1 or programme + comparison < 3:
        return GroupsPlan(programme, comparison, effect, math.nan, Reason.TOO_FEW)
    shift = effect * math.sqrt(programme * comparison / (programme + comparison))
    return GroupsPlan(programme, comparison, effect, _power(programme + comparison - 2, shift, alpha))


def groups_sample(effect: float, ratio: float = 1.0, power: float = 0.8, alpha: float = 0.05) -> GroupsPlan:
    """The fewest people in programme and comparison to find this difference in change.

    The smallest n1 whose :func:`groups_power` with ``ceil(ratio n1)`` in the comparison reaches ``power``: Cohen (1988), section 2.4.

    Args:
        effect: the smallest difference that matters, in SDs of the change.
        ratio: people of the comparison for each one of the programme.
        power: wanted probability to find it.
        alpha: level of the test.

    Example:
        >>> groups_sample(0.5)[:2], groups_sample(0.5, ratio=0.5)[:2]
        ((64, 64), (95, 48))
    """
    _check(effect, power, alpha)
    if not ratio > 0:
        raise ValueError("the ratio must lie above zero")

    def others(n: int) -> int:
        return math.ceil(ratio * n - 1e-9)

    n = _fewest(lambda n: groups_power(n, others(n), effect, alpha).power >= power, 2)
    return groups_power(n, others(n), effect, alpha) if n else GroupsPlan(0, 0, effect, math.nan, Reason.TOO_FEW)


def smallest_difference(people: int, power: float = 0.8, alpha: float = 0.05) -> GroupsPlan:
    """The smallest difference between two groups of so many people each, in SDs, that they are enough to find.

    Solves :func:`groups_power` for the effect: Cohen (1988), Statistical Power Analysis, 2nd ed., section 2.3.

    Example:
        >>> print(f"{smallest_difference(64).effect:.3f}")
        0.499
    """
    if people < 2:
        return GroupsPlan(people, people, math.nan, math.nan, Reason.TOO_FEW)
    return GroupsPlan(people, people, detectable_shift(2 * people - 2, power, alpha) / math.sqrt(people / 2), power)


def rts_power(rts: int, people_per_rt: int, effect: float, icc: float, alpha: float = 0.05, arms: int = 1) -> RtsPlan:
    """The probability that a t test on the means of whole RTs finds a change (one arm) or a difference between two arms.

    The mean of an RT with m people has the variance ``(1 + (m - 1) icc) / m`` in units of that of one person's change, so
    the noncentrality is ``d sqrt(k m / deff)`` on k - 1 degrees of freedom for one arm and ``d sqrt(k m / (2 deff))`` on
    2 (k - 1) for two arms of k RTs: Donner and Klar (2000), Design and Analysis of Cluster Randomization Trials, chapter 5, with t
    for the normal. Assumes RTs of about the same size that are a sample of more RTs.

    Args:
        rts: k, RTs (of each arm).
        people_per_rt: m, people with both questionnaires in each.
        effect: the change or difference to be found, in SDs of the change of people.
        icc: share of the variance of the change that lies between RTs.
        alpha: level of the test.
        arms: 1 (all RTs have the programme) or 2.

    Example:
        >>> plan = rts_power(8, 20, effect=0.4, icc=0.05)
        >>> plan.people, f"{plan.design_effect:.2f} {plan.power:.3f}"
        (160, '1.95 0.872')
    """
    if arms not in (1, 2):
        raise ValueError("there are one or two arms")
    deff = design_effect(people_per_rt, icc)
    people = rts * people_per_rt * arms
    if rts < 2:
        return RtsPlan(rts, people_per_rt, people, deff, effect, math.nan, Reason.TOO_FEW_RTS)
    return RtsPlan(rts, people_per_rt, people, deff, effect, _rts_power(rts, people_per_rt / deff, effect, alpha, arms))


def rts_sample(effect: float, people_per_rt: int, icc: float, power: float = 0.8, alpha: float = 0.05, arms: int = 1) -> RtsPlan:
    """The fewest RTs (of each arm) with so many people each to find this change or difference.

    The smallest k whose :func:`rts_power` reaches ``power``: Donner and Klar (2000), chapter 5. More people in each RT help
    less and less: however many there are, :func:`least_rts` are needed.

    Args:
        effect: the smallest change or difference that matters, in SDs of the change of people.
        people_per_rt: people with both questionnaires in each RT.
        icc: share of the variance of the change that lies between RTs.
        power: wanted probability to find it.
        alpha: level of the test.
        arms: 1 (all RTs have the programme) or 2.

    Example:
        >>> plan = rts_sample(0.4, people_per_rt=20, icc=0.05)
        >>> plan.rts, plan.people
        (7, 140)
    """
    _check(effect, power, alpha)
    deff = design_effect(people_per_rt, icc)
    k = _fewest(lambda k: _rts_power(k, people_per_rt / deff, effect, alpha, arms) >= power, 2)
    if not k:
        return RtsPlan(0, people_per_rt, 0, deff, effect, math.nan, Reason.TOO_FEW_RTS)
    return rts_power(k, people_per_rt, effect, icc, alpha, arms)


def least_rts(effect: float, icc: float, power: float = 0.8, alpha: float = 0.05, arms: int = 1) -> int:
    """The number of RTs (of each arm) that no number of people in them can replace; 0 where a million are not enough.

    As :func:`rts_sample` with infinitely many people in each RT, whose mean then varies by ``icc`` alone.

    Example:
        >>> least_rts(0.4, icc=0.05)
        5
    """
    _check(effect, power, alpha)
    return _fewest(lambda k: _rts_power(k, 1 / icc, effect, alpha, arms) >= power, 2) if icc else 2


def _rts_power(rts: int, people: float, effect: float, alpha: float, arms: int) -> float:
    """Power with ``people`` counted as if they were independent."""
    return _power(arms * (rts - 1), effect * math.sqrt(rts * people / arms), alpha)


def _power(df: float, shift: float, alpha: float) -> float:
    critical = -float(special.stdtrit(df, alpha / 2))
    return 1 - noncentral_t_area(critical, df, abs(shift)) + noncentral_t_area(-critical, df, abs(shift))


def _fewest(enough: Callable[[int], bool], start: int) -> int:
    """The smallest whole number from ``start`` on that is enough; 0 where none up to a million is."""
    high = start
    while not enough(high):
        if high >= MOST:
            return 0
        high = min(2 * high, MOST)
    low = start - 1 if high == start else high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _check(effect: float, power: float, alpha: float) -> None:
    if not effect > 0 or not 0 < alpha < power < 1:
        raise ValueError("the effect must lie above zero, and alpha below the power, both between 0 and 1")
