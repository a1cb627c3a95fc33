"""Ratings without a second wave: expert judgement of an instrument, index and satisfaction figures."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr

from .answers import answered
from .distributions import normal_quantile
from .result import Reason

IKM_TO_PERCENT = 25.0   # ratings run from 1 to 4, the index from 25 to 100


class AikenV(NamedTuple):
    """Agreement of experts that an item is relevant, 0 to 1, with its score interval."""

    n: int
    v: float
    low: float
    high: float
    note: str = ""


class ContentValidity(NamedTuple):
    """Share of experts who find an item relevant, and the same corrected for chance agreement."""

    n: int
    relevant: int
    i_cvi: float
    kappa: float
    note: str = ""


class ScaleContentValidity(NamedTuple):
    """Content validity of a whole scale: mean of the items' shares, and share of items all experts accept."""

    items: int
    s_cvi_average: float
    s_cvi_universal: float
    note: str = ""


class Index(NamedTuple):
    """Points reached in per cent of the points that could be reached."""

    n: int
    answers: int
    mean: float
    percent: float
    note: str = ""


class TopBox(NamedTuple):
    """Share of answers at or above a threshold, such as satisfied and very satisfied together."""

    n: int
    count: int
    share: float
    note: str = ""


class Ikm(NamedTuple):
    """Public satisfaction index: weighted mean of the elements' means (1-4) and the index (25-100)."""

    n: int
    elements: int
    weighted_mean: float
    index: float
    note: str = ""


def aiken_v(ratings: ArrayLike, lowest: float = 1, highest: float = 5, confidence: float = 0.95) -> AikenV:
    """Aiken's V of one item with the score interval of Penfield and Giacobbi.

    ``V = (mean - lowest) / K`` with ``K = highest - lowest``; with z normal, n experts and
    ``A = z sqrt(4 n K V (1 - V) + z^2)`` the bounds are ``(2 n K V + z^2 -+ A) / (2 (n K + z^2))``.

    Source: Aiken (1985), Educational and Psychological Measurement 45:131-142; Penfield & Giacobbi (2004), Measurement
    in Physical Education and Exercise Science 8:213-225, eq. 3-4. Assumptions: experts judge independently.

    Args:
        ratings: one per expert, ``nan`` where missing.
        lowest: lowest possible rating.
        highest: highest possible rating.
        confidence: of the interval.

    Returns:
        :class:`AikenV`; ``no_data`` without ratings, ``not_declared`` where the rating scale has no range.

    Example:
        >>> v = aiken_v([4, 5, 5, 4, 5])
        >>> round(v.v, 3), round(v.low, 3), round(v.high, 3)
        (0.9, 0.699, 0.972)
    """
    given = answered(ratings)
    n, steps = given.size, highest - lowest
    if not n or not steps > 0:
        return AikenV(n, math.nan, math.nan, math.nan, Reason.NO_DATA if not n else Reason.NOT_DECLARED)
    v = float((given.mean() - lowest) / steps)
    z = normal_quantile(confidence)
    weight = n * steps
    root = z * math.sqrt(max(0.0, 4 * weight * v * (1 - v) + z**2))
    low, high = ((2 * weight * v + z**2 + sign * root) / (2 * (weight + z**2)) for sign in (-1, 1))
    return AikenV(n, v, max(0.0, low), min(1.0, high))


def content_validity(ratings: ArrayLike, relevant_from: float = 3) -> ContentValidity:
    """Item content validity index and its chance-corrected kappa.

    ``I-CVI = A / n`` for A of n experts rating at least ``relevant_from``; with the chance of exactly that agreement
    ``c = C(n, A) / 2^n``, ``kappa = (I-CVI - c) / (1 - c)``.

    Source: Polit, Beck & Owen (2007), Research in Nursing & Health 30:459-467. Assumptions: experts judge
    independently, a four-point relevance scale.

    Args:
        ratings: one per expert, ``nan`` where missing.
        relevant_from: the lowest rating that means "relevant".

    Returns:
        :class:`ContentValidity`; ``no_data`` without ratings.

    Example:
        >>> item = content_validity([4, 4, 3, 4, 2])
        >>> item.i_cvi, round(item.kappa, 2)
        (0.8, 0.76)
    """
    given = answered(ratings)
    n = given.size
    if not n:
        return ContentValidity(0, 0, math.nan, math.nan, Reason.NO_DATA)
    relevant = int((given >= relevant_from).sum())
    share = relevant / n
    chance = float(bdtr(relevant, n, 0.5) - (bdtr(relevant - 1, n, 0.5) if relevant else 0.0))
    return ContentValidity(n, relevant, share, (share - chance) / (1 - chance))


def scale_content_validity(ratings: np.ndarray, relevant_from: float = 3) -> ScaleContentValidity:
    """Scale content validity: average of the items' indices and the share of items that all experts accept.

    Source: Polit & Beck (2006), Research in Nursing & Health 29:489-497.

    Args:
        ratings: shape (experts, items), ``nan`` where missing.
        relevant_from: the lowest rating that means "relevant".

    Returns:
        :class:`ScaleContentValidity` over the items somebody rated; ``no_data`` when there are none.

    Example:
        >>> scale_content_validity([[4, 4], [3, 2], [4, 4], [4, 4]])
        ScaleContentValidity(items=2, s_cvi_average=0.875, s_cvi_universal=0.5, note='')
    """
    given = np.atleast_2d(np.asarray(ratings, dtype=float))
    shares = [item.i_cvi for column in given.T if (item := content_validity(column, relevant_from)).n]
    if not shares:
        return ScaleContentValidity(0, math.nan, math.nan, Reason.NO_DATA)
    universal = sum(share == 1 for share in shares) / len(shares)
    return ScaleContentValidity(len(shares), math.fsum(shares) / len(shares), universal)


def index_percent(answers: ArrayLike, maximum: float, minimum: float = 0.0) -> Index:
    """Points reached in per cent of the ideal score; for one item this is the respondents' achievement (TCR).

    ``100 sum of scores / (number of answers x maximum)``, which equals ``100 mean / maximum``. The lowest possible
    value is ``100 minimum / maximum`` (20 on a 1-5 scale), not zero.

    Source: Riduwan and Sugiyono, as cited in Indonesian theses. Assumptions: scores may be averaged.

    Args:
        answers: scores of one item or of persons by items, ``nan`` where missing (missing is not zero).
        maximum: the highest possible score of an item, from the instrument.
        minimum: the lowest possible score of an item.

    Returns:
        :class:`Index`; ``no_data`` without answers, ``negative_scores`` where an answer may score below zero,
        ``not_declared`` without a positive maximum.

    Example:
        >>> index_percent([5, 4, 3, 4], 5)
        Index(n=4, answers=4, mean=4.0, percent=80.0, note='')
    """
    given = np.asarray(answers, dtype=float)
    there = ~np.isnan(given)
    n = int(there.any(axis=-1).sum()) if given.ndim > 1 else int(there.sum())
    count = int(there.sum())
    if not count:
        return Index(0, 0, math.nan, math.nan, Reason.NO_DATA)
    mean = math.fsum(given[there]) / count
    if minimum < 0 or not maximum > 0:
        return Index(n, count, mean, math.nan, Reason.NEGATIVE_SCORES if minimum < 0 else Reason.NOT_DECLARED)
    return Index(n, count, mean, 100 * mean / maximum)


def top_box(answers: ArrayLike, threshold: float) -> TopBox:
    """Share of persons who answered at or above the threshold.

    Source: a plain share, which needs no work to cite; which answers count is a convention of the survey.

    Args:
        answers: one per person, ``nan`` where missing.
        threshold: the lowest answer that counts, such as 4 on a 1-5 scale.

    Returns:
        :class:`TopBox`; ``no_data`` without answers.

    Example:
        >>> top_box([5, 4, 3, 5], 4)
        TopBox(n=4, count=3, share=0.75, note='')
    """
    given = answered(answers)
    if not given.size:
        return TopBox(0, 0, math.nan, Reason.NO_DATA)
    count = int((given >= threshold).sum())
    return TopBox(given.size, count, count / given.size)


def element_means(ratings: np.ndarray) -> list[float]:
    """Mean rating (NRR) of every service element over those who rated it; ``nan`` where nobody did.

    Example:
        >>> element_means([[4, 3], [2, float("nan")]])
        [3.0, 3.0]
    """
    given = np.atleast_2d(np.asarray(ratings, dtype=float))
    columns = (column[~np.isnan(column)] for column in given.T)
    return [math.fsum(column) / column.size if column.size else math.nan for column in columns]


def ikm(ratings: np.ndarray, weight: float | None = None) -> Ikm:
    """Public satisfaction index (IKM) of a service rated 1 to 4 on each element.

    ``IKM = 25 sum of weight x NRR`` with NRR the element's mean rating over those who rated it.

    Source: Peraturan Menteri PANRB 14/2017, attachment. Its example prints the weight 1/9 as 0.11, which caps the index
    at 99; the exact share is the default here. A missing rating is left out, never scored.

    Args:
        ratings: shape (persons, elements), 1-4, ``nan`` where missing; the regulation has nine elements.
        weight: of each element; 1 / number of elements when left out.

    Returns:
        :class:`Ikm`; ``no_data`` when an element was rated by nobody.

    Example:
        >>> ikm([[4] * 9, [3] * 9]).index, ikm([[4] * 9], weight=0.11).index
        (87.5, 99.0)
    """
    given = np.atleast_2d(np.asarray(ratings, dtype=float))
    n = int((~np.isnan(given)).any(axis=1).sum())
    means = element_means(given)
    if not means or any(math.isnan(mean) for mean in means):
        return Ikm(n, len(means), math.nan, math.nan, Reason.NO_DATA)
    total = math.fsum(means)
    weighted = total / len(means) if weight is None else total * weight
    return Ikm(n, len(means), weighted, IKM_TO_PERCENT * weighted)
