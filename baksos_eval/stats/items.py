"""Single items with right or wrong answers: what changed, and what the test itself is worth."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr

from .answers import answered, complete_cases
from .distributions import normal_quantile
from .effect import wilson_interval
from .result import Reason

EXTREME_SHARE = 0.27    # Kelley (1939): the upper and lower group in which discrimination is clearest


class McNemar(NamedTuple):
    """The four cells of one right/wrong item before and after, and two p values for "as many gained as lost"."""

    n: int
    both_right: int
    gained: int
    lost: int
    both_wrong: int
    p_mid: float
    p_exact: float
    note: str = ""


class ProportionChange(NamedTuple):
    """Shares answering right before and after, and their difference with its interval (shares, not per cent)."""

    n: int
    pre: float
    post: float
    change: float
    low: float
    high: float
    note: str = ""


class RightShare(NamedTuple):
    """Share of right answers of one item in one wave (its difficulty), with its interval."""

    n: int
    right: int
    share: float
    low: float
    high: float
    note: str = ""


class ItemQuality(NamedTuple):
    """What one right/wrong item is worth as a measure, in one wave."""

    n: int
    difficulty: float
    item_rest: float
    discrimination: float
    note: str = ""


def mcnemar(pre: ArrayLike, post: ArrayLike) -> McNemar:
    """Four cells and the mid-p and exact McNemar test of one right/wrong item.

    With b gained, c lost and m = b + c, X ~ Binomial(m, 1/2): ``p_exact = min(1, 2 P(X <= min(b, c)))`` and
    ``p_mid = p_exact - P(X = b)`` (1 when b = c). The mid-p is the one to read: the exact test is too cautious.

    Source: McNemar (1947), Psychometrika 12:153-157; Fagerland, Lydersen & Laake (2013), BMC Medical Research
    Methodology 13:91, eq. 4. Assumptions: paired answers, persons independent.

    Args:
        pre: 1 right, 0 wrong, ``nan`` missing, one per person.
        post: the same persons' answers afterwards.

    Returns:
        :class:`McNemar` for the persons who answered twice; ``no_data`` when there are none, ``no_discordant`` when
        nobody changed the answer.

    Raises:
        ValueError: the waves differ in length.

    Example:
        >>> mcnemar([0] * 7 + [1] * 2 + [0] * 12, [1] * 7 + [0, 1] + [0] * 12)
        McNemar(n=21, both_right=1, gained=7, lost=1, both_wrong=12, p_mid=0.0390625, p_exact=0.0703125, note='')
    """
    before, after = _both_waves(pre, post)
    gained = int((after & ~before).sum())
    lost = int((before & ~after).sum())
    cells = McNemar(
        n=before.size,
        both_right=int((before & after).sum()),
        gained=gained,
        lost=lost,
        both_wrong=int((~before & ~after).sum()),
        p_mid=math.nan,
        p_exact=math.nan,
    )
    if not before.size:
        return cells._replace(note=Reason.NO_DATA)
    changed, fewer = gained + lost, min(gained, lost)
    if not changed:
        return cells._replace(note=Reason.NO_DISCORDANT)
    up_to = float(bdtr(fewer, changed, 0.5))
    below = float(bdtr(fewer - 1, changed, 0.5)) if fewer else 0.0
    return cells._replace(p_mid=up_to + below, p_exact=min(1.0, 2 * up_to))


def proportion_change(pre: ArrayLike, post: ArrayLike, confidence: float = 0.95) -> ProportionChange:
    """Change in the share of right answers with the Bonett-Price adjusted Wald interval.

    With b gained, c lost: ``p = (b + 1) / (n + 2)``, ``q = (c + 1) / (n + 2)`` and
    ``(p - q) +- z sqrt((p + q - (p - q)^2) / (n + 2))``, cut at -1 and 1.

    Source: Bonett & Price (2012), British Journal of Mathematical and Statistical Psychology 65:479-488. Assumptions:
    paired answers, persons independent; covers well from about ten pairs.

    Args:
        pre: 1 right, 0 wrong, ``nan`` missing, one per person.
        post: the same persons' answers afterwards.
        confidence: of the interval.

    Returns:
        :class:`ProportionChange`; ``no_data`` when nobody answered twice.

    Raises:
        ValueError: the waves differ in length.

    Example:
        >>> change = proportion_change([0] * 7 + [1] * 2 + [0] * 12, [1] * 7 + [0, 1] + [0] * 12)
        >>> round(change.change, 4), round(change.low, 4), round(change.high, 4)
        (0.2857, 0.0134, 0.5084)
    """
    before, after = _both_waves(pre, post)
    n = before.size
    if not n:
        return ProportionChange(0, *[math.nan] * 5, Reason.NO_DATA)
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    up, down = (gained + 1) / (n + 2), (lost + 1) / (n + 2)
    margin = normal_quantile(confidence) * math.sqrt((up + down - (up - down) ** 2) / (n + 2))
    return ProportionChange(
        n=n,
        pre=float(before.mean()),
        post=float(after.mean()),
        change=(gained - lost) / n,
        low=max(-1.0, up - down - margin),
        high=min(1.0, up - down + margin),
    )


def right_share(answers: ArrayLike, confidence: float = 0.95) -> RightShare:
    """Share of right answers with Wilson's score interval, which keeps between 0 and 1 and never collapses.

    Source: Wilson (1927), JASA 22:209-212; see :func:`~baksos_eval.stats.effect.wilson_interval`. Assumptions: persons
    independent; people of one RT are not quite, so that the interval is somewhat too narrow.

    Args:
        answers: 1 right, 0 wrong, ``nan`` missing, one per person.
        confidence: of the interval.

    Returns:
        :class:`RightShare`; ``no_data`` without answers.

    Example:
        >>> share = right_share([1, 1, 1, 0])
        >>> share.share, round(share.low, 3), round(share.high, 3)
        (0.75, 0.301, 0.954)
    """
    given = answered(answers)
    if not given.size:
        return RightShare(0, 0, math.nan, math.nan, math.nan, Reason.NO_DATA)
    right = int((given > 0.5).sum())
    return RightShare(given.size, right, right / given.size, *wilson_interval(right / given.size, given.size, confidence))


def item_quality(answers: np.ndarray) -> list[ItemQuality]:
    """Difficulty, corrected point-biserial and discrimination of every right/wrong item in one wave.

    ``difficulty`` is the share answering right; ``item_rest`` the Pearson correlation of the item with the sum of the
    *other* items; ``discrimination`` D is the share right among the best 27 % less that among the weakest 27 % by
    total score. Persons tied at the border of a group share its last places, so that the order of the rows changes
    nothing.

    Source: Kelley (1939), Journal of Educational Psychology 30:17-24; Henrysson (1963), Psychometrika 28:211-218.
    Assumptions: one dimension; with fewer than 30 persons all three are unstable.

    Args:
        answers: 1 right, 0 wrong, ``nan`` missing, shape (persons, items). Persons with a missing answer are left out.

    Returns:
        One :class:`ItemQuality` per item: ``no_data`` without persons, ``too_few`` below four of them, ``too_few_items``
        for a single item, ``constant_item`` or ``no_variance`` where the correlation does not exist.

    Example:
        >>> right = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1], [1, 0, 0]])
        >>> item = item_quality(right)[1]
        >>> item.difficulty, round(item.item_rest, 4), item.discrimination
        (0.5, 0.7276, 1.0)
    """
    given = np.atleast_2d(np.asarray(answers, dtype=float))
    complete = given[~np.isnan(given).any(axis=1)]
    n, items = complete.shape
    if not n:
        return [ItemQuality(0, math.nan, math.nan, math.nan, Reason.NO_DATA)] * items
    total = complete.sum(axis=1)
    weakest, best = _extreme_groups(total)
    rows = []
    for column in complete.T:
        difficulty = float(column.mean())
        item_rest, note = _correlation(column, total - column)
        discrimination = float(best @ column - weakest @ column)
        if n < 4:
            item_rest, discrimination, note = math.nan, math.nan, Reason.TOO_FEW
        elif items == 1:
            item_rest, note = math.nan, Reason.TOO_FEW_ITEMS
        rows.append(ItemQuality(n, difficulty, item_rest, discrimination, note))
    return rows


def _both_waves(pre: ArrayLike, post: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    before, after = complete_cases(pre, post)
    return before > 0.5, after > 0.5


def _correlation(item: np.ndarray, rest: np.ndarray) -> tuple[float, str]:
    if np.ptp(item) == 0:
        return math.nan, Reason.CONSTANT_ITEM
    if np.ptp(rest) == 0:
        return math.nan, Reason.NO_VARIANCE
    a, b = item - item.mean(), rest - rest.mean()
    return float(a @ b / math.sqrt((a @ a) * (b @ b))), ""


def _extreme_groups(total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of each person in the weakest and the best group; each group's weights sum to one."""
    places = max(1, math.floor(EXTREME_SHARE * total.size + 0.5))

    def group(score: np.ndarray) -> np.ndarray:
        border = np.sort(score)[places - 1]
        inside, tied = score < border, score == border
        return (inside + tied * (places - inside.sum()) / tied.sum()) / places

    return group(total), group(-total)
