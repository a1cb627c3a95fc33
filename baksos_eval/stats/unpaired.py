"""Two waves that nobody can pair: the people after against the people before, as two independent groups; post minus pre."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit
from scipy.stats import hypergeom

from . import comparison, dominance
from .answers import answered
from .bootstrap import FEWEST, RESAMPLES, resampled_rows, studentised_interval
from .distributions import detectable_shift
from .effect import standardised_difference, wilson_interval
from .paired import Verdict, verdict
from .result import Reason
from .samples import Towards, Values, is_constant, mean, sd, without_noise


class MeanDifference(NamedTuple):
    """The mean after less the mean before, with a t interval and test for independent groups."""

    n_pre: int
    n_post: int
    mean_pre: float
    mean_post: float
    sd_pre: float
    sd_post: float
    change: float
    change_low: float
    change_high: float
    statistic: float
    df: float
    p: float
    note: str = ""


class GroupEquivalence(NamedTuple):
    """Two one-sided tests of independent groups; the interval lies inside the bounds exactly when both reject."""

    n_pre: int
    n_post: int
    change: float
    low: float
    high: float
    df: float
    p: float
    note: str = ""


class DetectableDifference(NamedTuple):
    """The difference that groups of these sizes detect with the given power, in SDs of the scores and in points."""

    n_pre: int
    n_post: int
    d: float
    change: float
    note: str = ""


class RankSum(NamedTuple):
    """The Mann-Whitney test: exact (``exact`` 1) or, for large groups, asymptotic; with the ranks that SPSS prints."""

    n_pre: int
    n_post: int
    mean_rank_pre: float
    mean_rank_post: float
    u: float
    z: float
    p_asymptotic: float
    p: float
    exact: int
    note: str = ""


class Superiority(NamedTuple):
    """Chance that somebody asked after stands higher than somebody asked before (ties half), with the Brunner-Munzel test."""

    n_pre: int
    n_post: int
    probability: float
    low: float
    high: float
    statistic: float
    df: float
    p: float
    note: str = ""


class Dominance(NamedTuple):
    """Cliff's delta: how much more often somebody asked after stands higher than lower, -1 to 1."""

    n_pre: int
    n_post: int
    delta: float
    low: float
    high: float
    note: str = ""


class StandardisedChange(NamedTuple):
    """The mean after less the mean before in standard deviations of the scores."""

    n_pre: int
    n_post: int
    d: float
    low: float
    high: float
    note: str = ""


class GroupGain(NamedTuple):
    """The class-average normalised gain from two separate means, with its bootstrap interval."""

    n_pre: int
    n_post: int
    gain: float
    low: float
    high: float
    note: str = ""


class ShareDifference(NamedTuple):
    """Shares of right answers before and after, their difference with its interval, and Fisher's exact test."""

    n_pre: int
    n_post: int
    pre: float
    post: float
    change: float
    low: float
    high: float
    p: float
    note: str = ""


def mean_difference(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> MeanDifference:
    """The mean after less the mean before with Welch's interval and test: the main result where nobody can be paired.

    As :func:`comparison.welch`; it needs no equal spread and no equal numbers.

    Source: Welch (1947), Biometrika 34:28-35. Assumptions: different persons answered before and after, or the same ones
    unknowingly (then the interval is too wide, as pre and post go together); means roughly normal.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after, of any number of persons in any order.
        confidence: of the interval.

    Returns:
        :class:`MeanDifference`; ``no_data`` where a wave is empty, ``too_few`` with a single person in one,
        ``no_variance`` where neither wave has any spread.

    Example:
        >>> result = mean_difference([4, 5, 3, 6], [5, 7, 6, 9, 8])
        >>> print(f"{result.change:.2f} [{result.change_low:.2f}; {result.change_high:.2f}]")
        2.50 [0.23; 4.77]
    """
    test = comparison.welch(post, pre, confidence)
    return MeanDifference(
        test.n_comparison, test.n_programme, test.mean_comparison, test.mean_programme, test.sd_comparison,
        test.sd_programme, test.difference, test.low, test.high, test.statistic, test.df, test.p, test.note
    )


def pooled_difference(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> MeanDifference:
    """The same difference by Student's test, which takes the spread before and after for equal: what many programs print first.

    ``t = (m2 - m1) / (s sqrt(1 / n1 + 1 / n2))`` with s the pooled standard deviation and ``n1 + n2 - 2`` degrees of freedom.

    Source: Student (1908), Biometrika 6:1-25; Fisher (1925), Metron 5:90-104. Assumptions: as :func:`mean_difference`,
    and equal spread.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after.
        confidence: of the interval.

    Returns:
        :class:`MeanDifference`, missing where :func:`mean_difference` is.

    Example:
        >>> round(pooled_difference([4, 5, 3, 6], [5, 7, 6, 9, 8]).p, 4)
        0.0383
    """
    result = mean_difference(pre, post, confidence)
    if result.note:
        return result
    df = float(result.n_pre + result.n_post - 2)
    error = _pooled_sd(result) * math.sqrt(1 / result.n_pre + 1 / result.n_post)
    margin = float(stdtrit(df, (1 + confidence) / 2)) * error
    statistic = result.change / error
    return result._replace(change_low=result.change - margin, change_high=result.change + margin, statistic=statistic, df=df,
                           p=2 * float(stdtr(df, -abs(statistic))))


def equivalence(pre: ArrayLike, post: ArrayLike, lower: float, upper: float, alpha: float = 0.05) -> GroupEquivalence:
    """Two one-sided Welch tests that the difference of means lies between two bounds, with the 1 - 2 alpha interval.

    ``p = max(P(T > (change - lower) / se), P(T < (change - upper) / se))`` with Satterthwaite's degrees of freedom.

    Source: Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15:657-680; with unequal spread Dannenberg,
    Dette & Munk (1994), Biometrical Journal 36:31-44. Assumptions: as :func:`mean_difference`.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after.
        lower: the largest fall that does not matter, in points (usually negative).
        upper: the largest rise that does not matter.
        alpha: level of each one-sided test, and of their combination.

    Returns:
        :class:`GroupEquivalence`, missing where :func:`mean_difference` is.

    Raises:
        ValueError: ``lower`` is not below ``upper``.

    Example:
        >>> result = equivalence([4, 5, 3, 6, 5, 4], [4, 5, 4, 6, 5, 5], -2, 2)
        >>> print(f"{result.change:.2f}, p = {result.p:.3f}")
        0.33, p = 0.006
    """
    if not lower < upper:
        raise ValueError("the lower bound must lie below the upper bound")
    result = mean_difference(pre, post, 1 - 2 * alpha)
    nothing = GroupEquivalence(result.n_pre, result.n_post, result.change, *[math.nan] * 4, result.note)
    if result.note:
        return nothing
    error = _standard_error(result)
    p = max(float(stdtr(result.df, (lower - result.change) / error)), float(stdtr(result.df, (result.change - upper) / error)))
    return nothing._replace(low=result.change_low, high=result.change_high, df=result.df, p=p)


def judge_difference(pre: ArrayLike, post: ArrayLike, smallest_change: float | None, direction: Towards = "up",
                     confidence: float = 0.95) -> Verdict:
    """The :func:`paired.verdict` on the difference of means, from its Welch interval and its equivalence test.

    Example:
        >>> print(judge_difference([4, 5, 3, 6], [5, 7, 6, 9, 8], smallest_change=2))
        improved
    """
    interval = mean_difference(pre, post, confidence)
    declared = smallest_change is not None and smallest_change > 0
    alpha = 1 - confidence
    inside = equivalence(pre, post, -smallest_change, smallest_change, alpha).p if declared else math.nan
    return verdict(interval.change_low, interval.change_high, inside, smallest_change if declared else None, direction, alpha)


def smallest_detectable_difference(pre: ArrayLike, post: ArrayLike, power: float = 0.8, alpha: float = 0.05) -> DetectableDifference:
    """The difference of means that a two-sided t test on groups of these sizes finds with the given power.

    ``d sqrt(n1 n2 / (n1 + n2))`` is the noncentrality at which ``P(|T'| > t(1 - alpha/2)) = power`` with ``n1 + n2 - 2``
    degrees of freedom; in points d times the pooled standard deviation.

    Source: Cohen (1988), Statistical Power Analysis, 2nd ed., section 2.3. Assumptions: equal spread before and after. A
    property of the numbers of people and the spread of their scores, never of the difference that was observed.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after.
        power: probability to detect the difference.
        alpha: level of the test.

    Returns:
        :class:`DetectableDifference`; ``no_data``, ``too_few`` (a single person in a wave), ``no_variance`` where nobody
        differs from anybody of the same wave.

    Example:
        >>> print(f"{smallest_detectable_difference(range(30), range(30)).d:.3f}")
        0.736
    """
    result = mean_difference(pre, post)
    nothing = DetectableDifference(result.n_pre, result.n_post, math.nan, math.nan, result.note)
    if min(result.n_pre, result.n_post) < 2:
        return nothing
    d = detectable_shift(result.n_pre + result.n_post - 2, power, alpha) * math.sqrt(1 / result.n_pre + 1 / result.n_post)
    return nothing._replace(d=d, change=math.nan if result.note else d * _pooled_sd(result))


def rank_sum(pre: ArrayLike, post: ArrayLike) -> RankSum:
    """The exact Mann-Whitney test with midranks, with the mean ranks and the Z that SPSS prints.

    As :func:`dominance.mann_whitney`; ``u`` counts pairs in which the person asked after stands higher.

    Source: Mann & Whitney (1947), Annals of Mathematical Statistics 18:50-60. Assumptions: independent persons; under the
    hypothesis scores before and after are distributed alike.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after.

    Returns:
        :class:`RankSum`; ``no_data`` where a wave is empty, ``no_variance`` where all scores are equal.

    Example:
        >>> test = rank_sum([4, 5, 3, 6], [5, 7, 6, 9, 8])
        >>> test.mean_rank_pre, test.mean_rank_post, round(test.p, 4)
        (3.0, 6.6, 0.0635)
    """
    test = dominance.mann_whitney(post, pre)
    n_post, n_pre = test.n_programme, test.n_comparison
    lower = n_pre * n_post - test.u
    ranks = ((u + n * (n + 1) / 2) / n if n else math.nan for u, n in ((lower, n_pre), (test.u, n_post)))
    return RankSum(n_pre, n_post, *ranks, test.u, test.z, test.p_asymptotic, test.p, test.exact, test.note)


def superiority(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> Superiority:
    """Chance that somebody asked after stands higher than somebody asked before, with the Brunner-Munzel test.

    As :func:`dominance.brunner_munzel`.

    Source: Brunner & Munzel (2000), Biometrical Journal 42:17-25. Assumptions: independent persons, at least about ten in
    each wave.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after.
        confidence: of the interval.

    Returns:
        :class:`Superiority`; ``no_data``, ``too_few``, ``no_variance`` where the waves do not overlap.

    Example:
        >>> round(superiority([4, 5, 3, 6], [5, 7, 6, 9, 8]).probability, 3)
        0.9
    """
    test = dominance.brunner_munzel(post, pre, confidence)
    return Superiority(test.n_comparison, test.n_programme, *test[2:])


def cliff_delta(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> Dominance:
    """Cliff's delta of after against before with a score interval, as :func:`dominance.cliff_delta`.

    Source: Cliff (1993), Psychological Bulletin 114:494-509; Newcombe (2006), Statistics in Medicine 25:559-573. Assumptions:
    independent persons.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after.
        confidence: of the interval.

    Returns:
        :class:`Dominance`; ``no_data`` where a wave is empty.

    Example:
        >>> cliff_delta([4, 5, 3, 6], [5, 7, 6, 9, 8]).delta
        0.8
    """
    effect = dominance.cliff_delta(post, pre, confidence)
    return Dominance(effect.n_comparison, effect.n_programme, *effect[2:])


def standardised_change(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> StandardisedChange:
    """How far the means before and after lie apart in standard deviations, as :func:`effect.standardised_difference`.

    Source: Bonett (2008), Psychological Methods 13:99-109. Assumptions: normal scores; spread may differ.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after.
        confidence: of the interval.

    Returns:
        :class:`StandardisedChange`; ``no_data``, ``too_few``, ``no_variance``.

    Example:
        >>> print(f"{standardised_change([22, 25, 23], [24, 31, 28, 22]).d:.2f}")
        0.96
    """
    effect = standardised_difference(answered(post), answered(pre), confidence)
    return StandardisedChange(effect.n_second, effect.n_first, effect.d, effect.low, effect.high, effect.note)


def group_gain(
    pre: ArrayLike,
    post: ArrayLike,
    maximum: float,
    minimum: float = 0.0,
    direction: Towards = "up",
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> GroupGain:
    """Class-average normalised gain <g> from two separate means, with a studentised bootstrap interval.

    With ``a`` and ``b`` the mean room to the maximum before and after, ``<g> = 1 - b / a`` and by the delta method
    ``se^2 = s_b^2 / (n_2 a^2) + b^2 s_a^2 / (n_1 a^4)``; both waves are resampled apart and the interval is cut at 1.

    Source: Hake (1998), American Journal of Physics 66:64-74; Efron & Tibshirani (1993), section 12.5. Assumptions:
    independent persons.

    Args:
        pre: scores before, ``nan`` where missing.
        post: scores after.
        maximum: highest possible score, from the instrument, never from the data.
        minimum: lowest possible score, from the instrument.
        direction: ``"down"`` when a lower score is better; the gain is then towards the minimum.
        confidence: coverage of the interval.
        resamples: number of bootstrap resamples.
        seed: start of the random generator.

    Returns:
        :class:`GroupGain`; ``no_data`` and ``at_maximum`` (everybody before) leave all out, ``too_few`` (under five in a
        wave) and ``no_variance`` (one score before, one after) the interval.

    Raises:
        ValueError: a score outside the scale.

    Example:
        >>> print(f"{group_gain([4, 5, 6, 3, 5, 7], [6, 8, 8, 7, 6, 9], maximum=10).gain:.3f}")
        0.467
    """
    before, after = (np.sort(_room(answered(wave), maximum, minimum, direction)) for wave in (pre, post))
    n_pre, n_post = before.size, after.size
    nothing = GroupGain(n_pre, n_post, *[math.nan] * 3)
    if not n_pre or not n_post:
        return nothing._replace(note=Reason.NO_DATA)
    if not before.any():
        return nothing._replace(note=Reason.AT_MAXIMUM)
    known = nothing._replace(gain=1 - mean(after) / mean(before))
    if min(n_pre, n_post) < FEWEST:
        return known._replace(note=Reason.TOO_FEW)
    if is_constant(before) and is_constant(after):
        return known._replace(note=Reason.NO_VARIANCE)
    drawn = before[resampled_rows(n_pre, resamples, seed)], after[resampled_rows(n_post, resamples, seed + 1)]
    (a, b), (spread_a, spread_b) = (wave.mean(axis=1) for wave in drawn), (wave.var(axis=1, ddof=1) for wave in drawn)
    kept = a > 0
    a, b, spread_a, spread_b = a[kept], b[kept], spread_a[kept], spread_b[kept]
    errors = np.sqrt(spread_b / (n_post * a**2) + b**2 * spread_a / (n_pre * a**4))
    whole_a, whole_b = mean(before), mean(after)
    error = math.sqrt(sd(after) ** 2 / (n_post * whole_a**2) + whole_b**2 * sd(before) ** 2 / (n_pre * whole_a**4))
    if error <= 1e-12:      # everybody after is at the maximum: whatever was before, all of it was gained
        return known._replace(note=Reason.NO_VARIANCE)
    low, high = studentised_interval(known.gain, error, 1 - b / a, errors, confidence)
    return known._replace(low=low, high=min(high, 1.0))


def share_difference(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> ShareDifference:
    """Difference of two independent shares of right answers with Newcombe's interval and Fisher's exact test.

    With Wilson's limits l, u of each share the interval is ``d - sqrt((p2 - l2)^2 + (u1 - p1)^2)`` to
    ``d + sqrt((u2 - p2)^2 + (p1 - l1)^2)``; p is the sum of the probabilities of all tables with these margins that are
    no likelier than the observed one.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10; Fisher (1935), Journal of the Royal Statistical
    Society 98:39-82. Assumptions: independent persons.

    Args:
        pre: 1 right, 0 wrong, ``nan`` missing, one for each person asked before.
        post: the same for those asked after.
        confidence: of the interval.

    Returns:
        :class:`ShareDifference`; ``no_data`` where a wave is empty. Where everybody answered alike p is 1.

    Example:
        >>> result = share_difference([1] * 4 + [0] * 8, [1] * 9 + [0] * 2)
        >>> print(f"{result.change:.3f} [{result.low:.3f}; {result.high:.3f}], p = {result.p:.4f}")
        0.485 [0.081; 0.720], p = 0.0361
    """
    before, after = (answered(wave) > 0.5 for wave in (pre, post))
    n_pre, n_post = before.size, after.size
    if not n_pre or not n_post:
        return ShareDifference(n_pre, n_post, *[math.nan] * 6, Reason.NO_DATA)
    first, second = float(before.mean()), float(after.mean())
    (low_1, high_1), (low_2, high_2) = (wilson_interval(share, n, confidence) for share, n in ((first, n_pre), (second, n_post)))
    change = second - first
    return ShareDifference(
        n_pre, n_post, first, second, change, change - math.hypot(second - low_2, high_1 - first),
        change + math.hypot(high_2 - second, first - low_1), _fisher(int(before.sum()), n_pre, int(after.sum()), n_post)
    )


def _fisher(right_pre: int, n_pre: int, right_post: int, n_post: int) -> float:
    right = right_pre + right_post
    tables = hypergeom.pmf(np.arange(max(0, right - n_pre), min(right, n_post) + 1), n_pre + n_post, right, n_post)
    observed = tables[right_post - max(0, right - n_pre)]
    return min(1.0, float(tables[tables <= observed * (1 + 1e-7)].sum()))


def _room(scores: Values, maximum: float, minimum: float, direction: Towards) -> Values:
    """What each person could still gain, free of binary noise."""
    if not maximum > minimum:
        raise ValueError("the maximum must lie above the minimum")
    room = without_noise(maximum - scores if direction == "up" else scores - minimum, max(abs(maximum), abs(minimum)))
    if room.size and (room.min() < 0 or room.max() > without_noise(np.array([maximum - minimum]), maximum - minimum)[0]):
        raise ValueError("a score lies outside the scale")
    return room


def _pooled_sd(result: MeanDifference) -> float:
    squares = (result.n_pre - 1) * result.sd_pre**2 + (result.n_post - 1) * result.sd_post**2
    return math.sqrt(squares / (result.n_pre + result.n_post - 2))


def _standard_error(result: MeanDifference) -> float:
    return math.sqrt(result.sd_pre**2 / result.n_pre + result.sd_post**2 / result.n_post)
