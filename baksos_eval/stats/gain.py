"""Gain on a scale with a ceiling: how much of what could still be gained was gained."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .bootstrap import FEWEST, RESAMPLES, resampled_rows, studentised_interval
from .result import Reason
from .samples import Towards, Values, complete, is_constant, mean, sd, without_noise


class ClassGain(NamedTuple):
    """The class-average normalised gain with its bootstrap interval."""

    n: int
    gain: float
    low: float
    high: float
    note: str = ""


class IndividualGain(NamedTuple):
    """Mean and SD of the individual normalised gains; those who had nothing left to gain are counted."""

    n: int
    n_used: int
    n_at_maximum: int
    mean: float
    sd: float
    note: str = ""


class NormalisedChange(NamedTuple):
    """Mean and SD of the individual normalised changes; who stayed at an end of the scale is counted."""

    n: int
    n_used: int
    n_dropped: int
    mean: float
    sd: float
    note: str = ""


def class_gain(
    pre: ArrayLike,
    post: ArrayLike,
    maximum: float,
    minimum: float = 0.0,
    direction: Towards = "up",
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> ClassGain:
    """Class-average normalised gain <g> with a studentised bootstrap interval.

    ``<g> = (mean post - mean pre) / (maximum - mean pre)``: Hake (1998), "Interactive-engagement versus
    traditional methods", American Journal of Physics 66(1), 64-74. With ``direction="down"`` the gain is
    towards the minimum. The interval is bootstrap-t (Efron and Tibshirani 1993, section 12.5) on respondents,
    with the delta-method standard error of the ratio, cut at 1, which no gain can pass. Assumes independent
    respondents.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        maximum: highest possible score, from the instrument, never from the data.
        minimum: lowest possible score, from the instrument.
        direction: ``"down"`` when a lower score is better.
        confidence: coverage of the interval.
        resamples: number of bootstrap resamples.
        seed: start of the random generator; the same seed gives the same interval.

    Returns:
        The gain is missing when everybody was at the maximum already (``at_maximum``). The limits alone are
        missing below five pairs or when the resamples cannot differ (``no_variance``), as when everybody
        reached the maximum.

    Raises:
        ValueError: arrays of different length, a missing value, or a score outside the scale.

    Example:
        >>> result = class_gain([4, 5, 6, 3, 5, 7], [6, 8, 8, 7, 6, 9], maximum=10, seed=1)
        >>> print(f"{result.gain:.3f}")
        0.467
    """
    before, after, room = _towards_maximum(pre, post, maximum, minimum, direction)
    n = before.size
    if not n:
        return ClassGain(0, math.nan, math.nan, math.nan, Reason.NO_DATA)
    if not room.any():
        return ClassGain(n, math.nan, math.nan, math.nan, Reason.AT_MAXIMUM)
    change = after - before
    gain = mean(change) / mean(room)
    if n < FEWEST:
        return ClassGain(n, gain, math.nan, math.nan, Reason.TOO_FEW)
    residual = without_noise(change - gain * room, float(np.abs(room).max()))
    if is_constant(residual):
        return ClassGain(n, gain, math.nan, math.nan, Reason.NO_VARIANCE)
    order = np.lexsort((change, room))
    rows = order[resampled_rows(n, resamples, seed)]
    drawn_change, drawn_room = change[rows], room[rows]
    mean_room = drawn_room.mean(axis=1)
    kept = mean_room > 0
    drawn_change, drawn_room, mean_room = drawn_change[kept], drawn_room[kept], mean_room[kept]
    gains = drawn_change.mean(axis=1) / mean_room
    spread = (drawn_change - gains[:, None] * drawn_room).std(axis=1, ddof=1)
    root = math.sqrt(n)
    low, high = studentised_interval(
        gain, sd(residual) / root / mean(room), gains, spread / root / mean_room, confidence
    )
    return ClassGain(n, gain, low, min(high, 1.0))


def individual_gain(
    pre: ArrayLike, post: ArrayLike, maximum: float, minimum: float = 0.0, direction: Towards = "up"
) -> IndividualGain:
    """Mean and SD of the individual normalised gains, without those at the maximum before.

    ``g_i = (post_i - pre_i) / (maximum - pre_i)``; Hake (1998), American Journal of Physics 66(1), 64-74,
    footnote 46. One respondent close to the maximum who loses a few points can weigh more than all others
    together: see :func:`normalised_change`.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        maximum: highest possible score, from the instrument.
        minimum: lowest possible score, from the instrument.
        direction: ``"down"`` when a lower score is better; the gain is then towards the minimum.

    Raises:
        ValueError: arrays of different length, a missing value, or a score outside the scale.

    Example:
        >>> individual_gain([4, 5, 10], [7, 10, 10], maximum=10)
        IndividualGain(n=3, n_used=2, n_at_maximum=1, mean=0.75, sd=0.3535533905932738, note='')
    """
    before, after, room = _towards_maximum(pre, post, maximum, minimum, direction)
    gains = (after - before)[room > 0] / room[room > 0]
    n, used = before.size, gains.size
    if not used:
        return IndividualGain(n, 0, n, math.nan, math.nan, Reason.AT_MAXIMUM if n else Reason.NO_DATA)
    return IndividualGain(n, used, n - used, mean(gains), sd(gains), "" if used > 1 else Reason.TOO_FEW)


def normalised_change(
    pre: ArrayLike, post: ArrayLike, maximum: float, minimum: float = 0.0, direction: Towards = "up"
) -> NormalisedChange:
    """Mean and SD of the individual normalised changes c, which treat gains and losses alike.

    ``c = (post - pre) / (maximum - pre)`` for a gain, ``(post - pre) / (pre - minimum)`` for a loss, 0 for no
    change; who stayed at the maximum or at the minimum is dropped: Marx and Cummings (2007), "Normalized
    change", American Journal of Physics 75(1), 87-91, eq. 3. Lies between -1 and 1 for everybody.

    Args:
        pre: scores before, shape ``(n,)``.
        post: scores of the same respondents after, shape ``(n,)``.
        maximum: highest possible score, from the instrument.
        minimum: lowest possible score, from the instrument.
        direction: ``"down"`` when a lower score is better.

    Returns:
        Without anybody left: ``at_maximum`` when all stayed at the best score, else ``no_change``.

    Raises:
        ValueError: arrays of different length, a missing value, or a score outside the scale.

    Example:
        >>> normalised_change([4, 6, 5, 10], [7, 3, 5, 10], maximum=10)
        NormalisedChange(n=4, n_used=3, n_dropped=1, mean=0.0, sd=0.5, note='')
    """
    before, after, room = _towards_maximum(pre, post, maximum, minimum, direction)
    n, change, fall = before.size, after - before, (maximum - minimum) - room
    kept = (change != 0) | ((room > 0) & (fall > 0))
    change, room, fall = change[kept], room[kept], fall[kept]
    possible = np.where(change > 0, room, fall)
    values = np.divide(change, possible, out=np.zeros_like(change), where=change != 0)
    used = values.size
    if not used:
        stayed_best = n and not _towards_maximum(pre, post, maximum, minimum, direction)[2].any()
        reason = Reason.AT_MAXIMUM if stayed_best else Reason.NO_CHANGE if n else Reason.NO_DATA
        return NormalisedChange(n, 0, n, math.nan, math.nan, reason)
    return NormalisedChange(n, used, n - used, mean(values), sd(values), "" if used > 1 else Reason.TOO_FEW)


def _towards_maximum(
    pre: ArrayLike, post: ArrayLike, maximum: float, minimum: float, direction: Towards
) -> tuple[Values, Values, Values]:
    """Points already reached before and after, and the room left before; 0 is the worst possible score."""
    before, after = complete(pre, post)
    width = maximum - minimum
    if not width > 0:
        raise ValueError("the maximum must lie above the minimum")
    magnitude = max(abs(maximum), abs(minimum))
    measured = (before - minimum, after - minimum) if direction == "up" else (maximum - before, maximum - after)
    reached = [without_noise(points, magnitude) for points in measured]
    if any(points.min(initial=0.0) < 0 or points.max(initial=0.0) > width for points in reached):
        raise ValueError("a score lies outside the scale")
    return *reached, without_noise(width - reached[0], magnitude)
