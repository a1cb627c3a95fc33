"""Tests on square tables: one item or category, the same persons before (rows) and after (columns)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr

from .answers import aligned
from .result import Reason


class SquareTest(NamedTuple):
    """A chi-square test on a square table of n persons."""

    n: int
    statistic: float
    df: int
    p: float
    note: str = ""


class OrderedTest(NamedTuple):
    """Mean score before and after, and the test that the ordered answers moved neither up nor down."""

    n: int
    pre: float
    post: float
    change: float
    z: float
    p: float
    note: str = ""


def cross_table(pre: ArrayLike, post: ArrayLike, answers: ArrayLike) -> np.ndarray:
    """Square table of persons by answer before (rows) and after (columns).

    Args:
        pre: one answer per person, ``nan`` where missing.
        post: the same persons' answers afterwards.
        answers: every possible answer, lowest first.

    Returns:
        Counts, shape (answers, answers); persons with a missing or unknown answer are in no cell.

    Raises:
        ValueError: the waves differ in length.

    Example:
        >>> cross_table([1, 2, 2], [2, 2, 3], [1, 2, 3]).tolist()
        [[0, 1, 0], [0, 1, 1], [0, 0, 0]]
    """
    before, after = aligned(pre, post)
    known = np.asarray(answers, dtype=float)
    rows, columns = before[:, None] == known, after[:, None] == known
    return rows.astype(int).T @ columns.astype(int)


def stuart_maxwell(table: np.ndarray) -> SquareTest:
    """Test of marginal homogeneity: are the answers distributed alike before and after?

    ``chi2 = d' V^- d`` with ``d_i = n_i. - n_.i``, ``V_ii = n_i. + n_.i - 2 n_ii``, ``V_ij = -(n_ij + n_ji)`` and df
    the rank of V: categories that nobody entered or left carry no information and cost no degree of freedom.

    Source: Stuart (1955), Biometrika 42:412-416; Maxwell (1970), British Journal of Psychiatry 116:651-655.
    Assumptions: persons independent, at least about ten who changed.

    Args:
        table: counts of persons, rows before and columns after, shape (k, k).

    Returns:
        :class:`SquareTest`; ``no_data`` for an empty table, ``no_discordant`` when nobody changed category.

    Example:
        >>> test = stuart_maxwell([[20, 10, 5], [3, 30, 15], [0, 5, 40]])
        >>> round(test.statistic, 4), test.df, round(test.p, 6)
        (13.7647, 2, 0.001026)
    """
    counts = np.asarray(table, dtype=float)
    missing = _missing(counts)
    if missing:
        return missing
    off = counts - np.diag(np.diag(counts))
    difference = off.sum(axis=1) - off.sum(axis=0)
    covariance = np.diag(off.sum(axis=1) + off.sum(axis=0)) - (off + off.T)
    df = int(np.linalg.matrix_rank(covariance))
    statistic = max(0.0, float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference))
    return SquareTest(int(counts.sum()), statistic, df, float(chdtrc(df, statistic)))


def bowker(table: np.ndarray) -> SquareTest:
    """Test of symmetry: does every move between two answers happen as often as the move back?

    ``chi2 = sum over i < j of (n_ij - n_ji)^2 / (n_ij + n_ji)``, df the number of pairs of answers between which
    somebody moved.

    Source: Bowker (1948), Journal of the American Statistical Association 43:572-574. Assumptions: persons independent,
    at least about ten who changed.

    Args:
        table: counts of persons, rows before and columns after, shape (k, k).

    Returns:
        :class:`SquareTest`; ``no_data`` for an empty table, ``no_discordant`` when nobody changed answer.

    Example:
        >>> test = bowker([[20, 10, 5], [3, 30, 15], [0, 5, 40]])
        >>> round(test.statistic, 4), test.df, round(test.p, 6)
        (13.7692, 3, 0.003237)
    """
    counts = np.asarray(table, dtype=float)
    missing = _missing(counts)
    if missing:
        return missing
    above = np.triu_indices(len(counts), 1)
    there, back = counts[above], counts.T[above]
    moved = there + back > 0
    statistic = float(((there - back)[moved] ** 2 / (there + back)[moved]).sum())
    df = int(moved.sum())
    return SquareTest(int(counts.sum()), statistic, df, float(chdtrc(df, statistic)))


def ordered_marginal_homogeneity(table: np.ndarray, scores: ArrayLike | None = None) -> OrderedTest:
    """Test that ordered answers moved neither up nor down, with one degree of freedom.

    With each person's step ``s = u(after) - u(before)``: ``z = sum s / sqrt(sum s^2)``.

    Source: Birch (1965), Biometrics 21:111-122; Agresti (2002), Categorical Data Analysis, section 10.3; as
    ``coin::mh_test`` with scores. Assumptions: persons independent, scores that respect the order.

    Args:
        table: counts of persons, rows before and columns after, lowest answer first, shape (k, k).
        scores: the value u of each answer; 1, 2, ..., k when left out.

    Returns:
        :class:`OrderedTest`; ``no_data`` for an empty table, ``no_discordant`` when nobody moved.

    Example:
        >>> test = ordered_marginal_homogeneity([[20, 10, 5], [3, 30, 15], [0, 5, 40]])
        >>> round(test.change, 4), round(test.z, 4), round(test.p, 6)
        (0.2109, 3.7087, 0.000208)
    """
    counts = np.asarray(table, dtype=float)
    n = int(counts.sum())
    if not n:
        return OrderedTest(0, *[math.nan] * 5, Reason.NO_DATA)
    value = np.arange(1, len(counts) + 1, dtype=float) if scores is None else np.asarray(scores, dtype=float)
    pre, post = float(counts.sum(axis=1) @ value / n), float(counts.sum(axis=0) @ value / n)
    step = value[None, :] - value[:, None]
    total, squares = float((counts * step).sum()), float((counts * step**2).sum())
    if not squares:
        return OrderedTest(n, pre, post, total / n, math.nan, math.nan, Reason.NO_DISCORDANT)
    z = total / math.sqrt(squares)
    return OrderedTest(n, pre, post, total / n, z, 2 * float(ndtr(-abs(z))))


def _missing(counts: np.ndarray) -> SquareTest | None:
    if not counts.sum():
        return SquareTest(0, math.nan, 0, math.nan, Reason.NO_DATA)
    if counts.sum() == np.trace(counts):
        return SquareTest(int(counts.sum()), math.nan, 0, math.nan, Reason.NO_DISCORDANT)
    return None
