"""The Rasch model of a right/wrong test: item difficulties and person measures on one scale, in logits.

For instruments that are used widely: below about 100 persons and eight items the estimates are too uncertain to print.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, expit

from .distributions import bisect
from .paired import MeanChange, mean_change
from .result import Reason
from .samples import Values

FEWEST_PERSONS = 100
FEWEST_ITEMS = 8
MOST_STEPS = 100


class RaschFit(NamedTuple):
    """How much data the estimates rest on: persons without gaps, and those among them neither at 0 nor at the maximum."""

    n: int
    informative: int
    items: int
    log_likelihood: float
    note: str = ""


class RaschItem(NamedTuple):
    """Difficulty in logits (mean of the items zero), its standard error, and mean-square fit (1 expected)."""

    difficulty: float
    standard_error: float
    infit: float
    outfit: float
    note: str = ""


class RaschScore(NamedTuple):
    """The measure in logits that belongs to a number of right answers."""

    score: int
    measure: float
    standard_error: float
    note: str = ""


class Drift(NamedTuple):
    """Whether items kept their difficulty between two waves: a likelihood ratio test on the items that vary in both."""

    n: int
    items: int
    statistic: float
    df: int
    p: float
    note: str = ""


@dataclass(frozen=True)
class Rasch:
    """A fitted test: one :class:`RaschItem` per item in the order given, one :class:`RaschScore` per possible score.

    Scores count the items that could be estimated; items that everybody answered alike stand in ``items`` without a
    difficulty and are no part of a score.
    """

    fit: RaschFit
    items: tuple[RaschItem, ...]
    scores: tuple[RaschScore, ...]

    def measures(self, answers: ArrayLike) -> Values:
        """Measure of each person in logits; ``nan`` for a person with a gap or where the model could not be fitted.

        Args:
            answers: 1 right, 0 wrong, shape (persons, items), the items as in the fit.
        """
        given = np.asarray(answers, dtype=float)
        if not self.scores:
            return np.full(len(given), np.nan)
        estimated = np.array([not math.isnan(item.difficulty) for item in self.items])
        answered = given[:, estimated]
        scale = np.array([score.measure for score in self.scores])
        whole = ~np.isnan(answered).any(axis=1)
        measured = np.full(len(given), np.nan)
        measured[whole] = scale[(answered[whole] > 0.5).sum(axis=1)]
        return measured


def fit_rasch(answers: ArrayLike, fewest_persons: int = FEWEST_PERSONS, fewest_items: int = FEWEST_ITEMS) -> Rasch:
    """Rasch model by conditional maximum likelihood, with Warm's person measures and item fit.

    ``P(right) = 1 / (1 + exp(b - theta))``. Difficulties b maximise ``- sum b_i s_i - sum n_r log gamma_r(b)`` over
    persons grouped by score r, with gamma the elementary symmetric functions of ``exp(-b)``, so that no assumption about
    the persons enters; standard errors from the information, b centred at zero. Measures solve Warm's weighted
    likelihood ``r - sum P + J / (2 I) = 0``, ``I = sum P Q``, ``J = sum P Q (1 - 2 P)``, with error ``1 / sqrt(I)``,
    finite for 0 and the maximum. ``infit = sum (x - P)^2 / sum P Q`` and ``outfit = mean (x - P)^2 / (P Q)`` over
    persons between 0 and the maximum, at their measures.

    Source: Andersen (1972), JRSS B 34:42-54; Fischer (1981), Psychometrika 46:59-77 (existence); Warm (1989),
    Psychometrika 54:427-450; Wright & Masters (1982), Rating Scale Analysis, ch. 5. Assumptions: one dimension, equal
    discrimination, no guessing, answers independent given the person.

    Args:
        answers: 1 right, 0 wrong, ``nan`` missing, shape (persons, items). Persons with a gap are left out.
        fewest_persons: below this the model is not fitted.
        fewest_items: below this (counting items that vary) the model is not fitted.

    Returns:
        :class:`Rasch`; without estimates and with ``no_data``, ``too_few``, ``too_few_items``, ``singular`` (the items
        fall into groups nobody connects, so that no estimate exists) or ``not_converged`` in ``fit.note``. A constant
        item has ``constant_item``.

    Example:
        >>> answers = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0], [0, 1, 0], [1, 0, 0]])
        >>> test = fit_rasch(answers, fewest_persons=5, fewest_items=3)
        >>> [round(item.difficulty, 3) for item in test.items], round(test.scores[1].measure, 3)
        ([-0.621, -0.134, 0.756], -0.579)
    """
    given = np.asarray(answers, dtype=float)
    given = given if given.ndim == 2 else given.reshape(0, 0)
    right = (given[~np.isnan(given).any(axis=1)] > 0.5).astype(float)
    n, items = right.shape
    varying = (right.min(axis=0) < right.max(axis=0)) if n else np.zeros(items, dtype=bool)
    used = right[:, varying]
    k = used.shape[1]
    score = used.sum(axis=1).astype(int)
    inside = (score > 0) & (score < k)
    facts = RaschFit(n, int(inside.sum()), k, math.nan)
    reason = _why_impossible(used, n, k, fewest_persons, fewest_items)
    estimated = None if reason else _difficulties(used[inside].sum(axis=0), np.bincount(score[inside], minlength=k + 1))
    if estimated is None:
        facts = facts._replace(note=reason or Reason.NOT_CONVERGED)
        return Rasch(facts, tuple(_missing_item(facts.note if v else _constant(n)) for v in varying), ())
    difficulty, error, log_likelihood = estimated
    scores = tuple(_measure(r, difficulty) for r in range(k + 1))
    infit, outfit = _item_fit(used[inside], np.array([scores[r].measure for r in score[inside]]), difficulty)
    rows = iter(zip(difficulty, error, infit, outfit, strict=True))
    return Rasch(
        facts._replace(log_likelihood=log_likelihood),
        tuple(RaschItem(*map(float, next(rows))) if v else _missing_item(_constant(n)) for v in varying),
        scores,
    )


def logit_change(
    pre: ArrayLike, post: ArrayLike, fewest_persons: int = FEWEST_PERSONS, fewest_items: int = FEWEST_ITEMS, confidence: float = 0.95
) -> tuple[Rasch, MeanChange]:
    """Change of persons in logits, with difficulties held equal before and after.

    The model is fitted to both waves stacked (conditional likelihood makes each answering of the test one unit), then
    each person is measured twice on that one scale. Source and assumptions as :func:`fit_rasch` and
    :func:`paired.mean_change`; the difficulties did not drift between the waves.

    Args:
        pre: answers before, shape (persons, items).
        post: answers of the same persons after.
        fewest_persons: counted over both waves together.
        fewest_items: as in :func:`fit_rasch`.
        confidence: of the interval of the change.

    Returns:
        The fitted test and the paired comparison of measures; without a fit the latter is that of nobody, with the
        reason of the fit.

    Raises:
        ValueError: the waves differ in shape.

    Example:
        >>> pre = [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 0]]
        >>> post = [[1, 1, 0], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1]]
        >>> test, change = logit_change(pre, post, fewest_persons=5, fewest_items=3)
        >>> round(change.change, 3), change.n
        (1.358, 5)
    """
    before, after = np.asarray(pre, dtype=float), np.asarray(post, dtype=float)
    if before.shape != after.shape:
        raise ValueError("the waves must have one shape")
    model = fit_rasch(np.concatenate([before, after]), fewest_persons, fewest_items)
    measured = np.column_stack([model.measures(before), model.measures(after)])
    both = measured[~np.isnan(measured).any(axis=1)]
    change = mean_change(both[:, 0], both[:, 1], confidence)
    return model, change._replace(note=model.fit.note) if model.fit.note else change


def difficulty_drift(
    pre: ArrayLike, post: ArrayLike, fewest_persons: int = FEWEST_PERSONS, fewest_items: int = FEWEST_ITEMS
) -> Drift:
    """Whether the items were equally difficult before and after, as :func:`logit_change` takes for granted.

    ``2 (l_pre + l_post - l_both)`` with l the conditional log-likelihood of each wave and of both stacked, against a
    chi-squared distribution on one less than the number of items.

    Source: Andersen (1973), Psychometrika 38:123-140. Assumptions: as :func:`fit_rasch`; a test of the difficulties alone,
    since conditioning on the score removes every change of the persons.

    Args:
        pre: answers before, shape (persons, items).
        post: answers after; the same items, not necessarily the same persons.
        fewest_persons: in each wave.
        fewest_items: as in :func:`fit_rasch`, counting items that vary in both waves.

    Returns:
        :class:`Drift`; its ``n`` counts both waves. Without estimates, the reason of the fit that failed.

    Raises:
        ValueError: the waves have not the same items.

    Example:
        >>> pre = [[1, 0, 0], [0, 1, 0], [1, 0, 1], [0, 0, 1], [0, 1, 0], [1, 0, 0]]
        >>> result = difficulty_drift(pre, [[1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 0, 1]], 5, 3)
        >>> round(result.statistic, 3), result.df, round(result.p, 3)
        (0.841, 2, 0.657)
    """
    waves = [np.asarray(wave, dtype=float) for wave in (pre, post)]
    if any(wave.ndim != 2 for wave in waves) or waves[0].shape[1] != waves[1].shape[1]:
        raise ValueError("the waves must have the same items")
    waves = [wave[~np.isnan(wave).any(axis=1)] for wave in waves]
    varying = np.logical_and.reduce([wave.min(axis=0, initial=2) < wave.max(axis=0, initial=-1) for wave in waves])
    waves = [wave[:, varying] for wave in waves]
    n, items = sum(map(len, waves)), int(varying.sum())
    fits = [fit_rasch(wave, fewest_persons, fewest_items).fit for wave in (*waves, np.concatenate(waves))]
    reason = next((fit.note for fit in fits if fit.note), "")
    if reason:
        return Drift(n, items, math.nan, max(0, items - 1), math.nan, reason)
    apart, together = fits[0].log_likelihood + fits[1].log_likelihood, fits[2].log_likelihood
    statistic = max(0.0, 2 * (apart - together))
    return Drift(n, items, statistic, items - 1, float(chdtrc(items - 1, statistic)))


def _constant(n: int) -> str:
    return Reason.CONSTANT_ITEM if n else Reason.NO_DATA


def _missing_item(reason: str) -> RaschItem:
    return RaschItem(math.nan, math.nan, math.nan, math.nan, reason)


def _why_impossible(used: Values, n: int, k: int, fewest_persons: int, fewest_items: int) -> str:
    if not n:
        return Reason.NO_DATA
    if n < fewest_persons:
        return Reason.TOO_FEW
    if k < max(2, fewest_items):
        return Reason.TOO_FEW_ITEMS
    return "" if _connected(used) else Reason.SINGULAR


def _connected(used: Values) -> bool:
    """Fischer's condition: from every item a chain of "this right, that wrong" leads to every other."""
    reach = (used.T @ (1 - used)) > 0
    np.fill_diagonal(reach, True)
    for _ in range(max(1, math.ceil(math.log2(len(reach))))):
        reach = (reach.astype(float) @ reach.astype(float)) > 0
    return bool(reach.all())


def _symmetric_functions(easiness: Values, left_out: Values) -> Values:
    """Elementary symmetric functions of order 0 to k, one row per mask of items left out; shape (masks, k + 1)."""
    masks, k = left_out.shape
    gamma = np.zeros((masks, k + 1))
    gamma[:, 0] = 1.0
    for item in range(k):
        weight = np.where(left_out[:, item], 0.0, easiness[item])[:, None]
        gamma[:, 1:] += weight * gamma[:, :-1].copy()
    return gamma


def _chances_by_score(difficulty: Values) -> tuple[Values, Values, Values]:
    """log gamma_r, P(item right | score r) and P(both items right | score r) for r = 0..k."""
    k = difficulty.size
    easiness = np.exp(-difficulty)
    nobody = np.zeros((1, k), dtype=bool)
    gamma = _symmetric_functions(easiness, nobody)[0]
    one_out = np.eye(k, dtype=bool)
    single = np.zeros((k, k + 1))
    single[:, 1:] = easiness[:, None] * _symmetric_functions(easiness, one_out)[:, :-1] / gamma[1:]
    first, second = np.triu_indices(k, 1)
    double = np.zeros((k, k, k + 1))
    pairs = _symmetric_functions(easiness, one_out[first] | one_out[second])
    double[first, second, 2:] = (easiness[first] * easiness[second])[:, None] * pairs[:, :-2] / gamma[2:]
    double += double.transpose(1, 0, 2)
    double[np.arange(k), np.arange(k)] = single
    return np.log(gamma), single, double


def _difficulties(right: Values, persons: Values) -> tuple[Values, Values, float] | None:
    """Centred difficulties, their standard errors and the log-likelihood, by Newton's method."""
    total = persons.sum()
    difficulty = -np.log(right / (total - right))
    difficulty -= difficulty.mean()
    current = -math.inf
    step = np.zeros_like(difficulty)
    for _ in range(MOST_STEPS):
        log_gamma, single, double = _chances_by_score(difficulty)
        likelihood = float(-difficulty @ right - persons @ log_gamma)
        if likelihood < current - 1e-9 * abs(current):
            step /= 2                               # the step went too far: go back half of it
            difficulty = difficulty - step
            continue
        expected = single @ persons
        information = double @ persons - (single * persons) @ single.T
        covariance = _centred_inverse(information)
        if np.abs(expected - right).max() <= 1e-10 * total:
            return difficulty, np.sqrt(np.diag(covariance)), likelihood
        current = likelihood
        step = covariance @ (expected - right)
        difficulty = difficulty + step
    return None


def _centred_inverse(information: Values) -> Values:
    """Inverse on the plane of centred difficulties: moving all items together changes no conditional likelihood."""
    k = len(information)
    weight = float(np.trace(information)) / k
    together = np.full((k, k), 1 / k)
    return np.linalg.inv(information + weight * together) - together / weight


def _measure(score: int, difficulty: Values) -> RaschScore:
    """Warm's weighted likelihood estimate for one number of right answers."""
    def balance(theta: float) -> float:
        right = expit(theta - difficulty)
        variance = right * (1 - right)
        return score - float(right.sum()) + float((variance * (1 - 2 * right)).sum()) / (2 * float(variance.sum()))

    theta = bisect(balance, float(difficulty.min()) - 10, float(difficulty.max()) + 10)
    right = expit(theta - difficulty)
    return RaschScore(score, theta, 1 / math.sqrt(float((right * (1 - right)).sum())))


def _item_fit(used: Values, measure: Values, difficulty: Values) -> tuple[Values, Values]:
    expected = expit(measure[:, None] - difficulty)
    variance = expected * (1 - expected)
    squares = (used - expected) ** 2
    return squares.sum(axis=0) / variance.sum(axis=0), (squares / variance).mean(axis=0)
