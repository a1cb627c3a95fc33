"""People whose truth is known exactly: how they answer, and what every interval about them should cover."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

Values = NDArray[np.float64]

# A grid wide and fine enough for sums over it to be integrals over a standard normal ability to about 12 digits.
ABILITY = np.linspace(-8, 8, 321)
DENSITY = np.exp(-(ABILITY**2) / 2)
DENSITY /= DENSITY.sum()


class Truth(NamedTuple):
    """What the intervals should cover, of an endless number of people."""

    change: float
    d_z: float
    d_av: float
    pseudomedian: float
    rank_biserial: float
    class_gain: float


class Margins(NamedTuple):
    """How a model looks: means and SDs, the SD of the change, and the shares at the best score and without change."""

    mean_pre: float
    mean_post: float
    sd_pre: float
    sd_post: float
    sd_change: float
    best_post: float
    unchanged: float


@dataclass(frozen=True)
class NormalTotals:
    """Totals without limits: pre and post jointly normal."""

    name: str
    mean: float
    sd: float
    rise: float
    correlation: float
    minimum: float = -math.inf
    maximum: float = math.inf

    def without_change(self) -> NormalTotals:
        return replace(self, rise=0.0)

    def margins(self) -> Margins:
        sd_change = self.sd * math.sqrt(2 * (1 - self.correlation))
        return Margins(self.mean, self.mean + self.rise, self.sd, self.sd, sd_change, 0.0, 0.0)

    def truth(self) -> Truth:
        d_z = self.rise / self.margins().sd_change
        return Truth(self.rise, d_z, self.rise / self.sd, self.rise, 2 * float(ndtr(math.sqrt(2) * d_z)) - 1, math.nan)

    def draw(self, generator: np.random.Generator, shape: tuple[int, ...], shift: Values | float = 0.0) -> tuple[Values, Values]:
        """Scores before and after; ``shift`` moves the scores after, in points."""
        first, second = correlated(generator, shape, self.correlation)
        return self.mean + self.sd * first, self.mean + self.rise + shift + self.sd * second

    def change_at(self, shift: Values) -> Values:
        """The true mean change of people whose scores after are shifted."""
        return self.rise + shift


@dataclass(frozen=True)
class Questionnaire:
    """Items answered by ability: ``P(answer above step s) = logistic(slope (ability - s))``, answers independent given it.

    Attributes:
        steps: where on the ability scale the answers of each item change; one step is right or wrong.
        before: mean ability before; the SD is 1 in both waves.
        after: mean ability after.
        averaged: whether the score is the mean of items answered 1, 2, ... instead of the sum of items scored 0, 1, ...
    """

    name: str
    steps: tuple[tuple[float, ...], ...]
    before: float
    after: float
    slope: float
    correlation: float
    averaged: bool

    @property
    def minimum(self) -> float:
        return 1.0 if self.averaged else 0.0

    @property
    def maximum(self) -> float:
        return self.minimum + (len(self.steps[0]) if self.averaged else len(self.steps) * len(self.steps[0]))

    def without_change(self) -> Questionnaire:
        return replace(self, after=self.before)

    def answers(self, generator: np.random.Generator, ability: Values) -> Values:
        """Answers 0, 1, ... of people of these abilities, shape (..., items)."""
        chance = generator.random((*ability.shape, len(self.steps)))
        given = np.zeros(chance.shape)
        for step in np.array(self.steps).T:
            given += chance < expit(self.slope * (ability[..., None] - step))
        return given

    def draw(self, generator: np.random.Generator, shape: tuple[int, ...], shift: Values | float = 0.0) -> tuple[Values, Values]:
        """Scores before and after; ``shift`` moves the abilities after."""
        first, second = correlated(generator, shape, self.correlation)
        before = self.answers(generator, self.before + first).sum(axis=-1)
        after = self.answers(generator, self.after + shift + second).sum(axis=-1)
        return self._score(before), self._score(after)

    def truth(self) -> Truth:
        m = self.margins()
        change = m.mean_post - m.mean_pre
        sizes, chances = changes_of(joint_chances(self))
        pooled = math.sqrt((m.sd_pre**2 + m.sd_post**2) / 2)
        return Truth(change, change / m.sd_change, change / pooled, median_of_pairs(sizes, chances) / self._unit,
                     rank_biserial_of(sizes, chances), change / (self.maximum - m.mean_pre))

    def margins(self) -> Margins:
        joint = joint_chances(self)
        pre, post = joint.sum(axis=1), joint.sum(axis=0)
        total = np.arange(len(joint), dtype=float)
        changes = changes_of(joint)
        means = (float(self._score(float(wave @ total))) for wave in (pre, post))
        spreads = (sd_of(*wave) / self._unit for wave in ((total, pre), (total, post), changes))
        return Margins(*means, *spreads, float(post[-1]), float(np.trace(joint)))

    def alpha(self) -> float:
        """Cronbach's alpha of endlessly many people in the wave before."""
        chances = self._item_chances(self.before)
        answer = np.arange(chances.shape[-1], dtype=float)
        means = np.tensordot(DENSITY, chances @ answer, axes=1)
        squares = np.tensordot(DENSITY, chances @ answer**2, axes=1)
        k = len(self.steps)
        totals = DENSITY @ self.totals(self.before)
        total = sd_of(np.arange(totals.size, dtype=float), totals) ** 2
        return k / (k - 1) * (1 - float((squares - means**2).sum()) / total)

    def change_at(self, shift: Values) -> Values:
        """The true mean change of people whose abilities after are shifted."""
        reach = float(np.abs(shift).max()) + 0.1
        places = np.linspace(-reach, reach, 401)
        after, before = self._mean_total(self.after + places), self._mean_total(np.array([self.before]))
        return np.interp(shift, places, after - before) / self._unit

    @property
    def _unit(self) -> int:
        """How many points of the total are one point of the score."""
        return len(self.steps) if self.averaged else 1

    def _score(self, total: Values | float) -> Values:
        return np.asarray(total, dtype=float) / self._unit + self.minimum

    def _mean_total(self, means: Values) -> Values:
        """Expected total of people whose abilities are distributed around each of these means."""
        above = expit(self.slope * (means[:, None, None] + ABILITY[:, None] - np.ravel(self.steps)))
        return DENSITY @ above.sum(axis=-1).T

    def _item_chances(self, mean: float) -> Values:
        """Chance of every answer at every ability of the grid, shape (abilities, items, answers)."""
        above = expit(self.slope * (mean + ABILITY[:, None, None] - np.array(self.steps)))
        edges = np.concatenate([np.ones_like(above[..., :1]), above, np.zeros_like(above[..., :1])], axis=-1)
        return edges[..., :-1] - edges[..., 1:]

    def totals(self, mean: float) -> Values:
        """Chance of every total at every ability of the grid, shape (abilities, totals)."""
        chances = self._item_chances(mean)
        totals = np.ones((ABILITY.size, 1))
        for item in range(chances.shape[1]):
            longer = np.zeros((ABILITY.size, totals.shape[1] + chances.shape[2] - 1))
            for answer in range(chances.shape[2]):
                longer[:, answer : answer + totals.shape[1]] += chances[:, item, answer, None] * totals
            totals = longer
        return totals

@cache
def joint_chances(model: Questionnaire) -> Values:
    """Chance of every pair of totals, before in rows and after in columns."""
    x, y, r = ABILITY[:, None], ABILITY[None, :], model.correlation
    weight = np.exp(-(x**2 - 2 * r * x * y + y**2) / (2 * (1 - r**2)))
    return model.totals(model.before).T @ (weight / weight.sum()) @ model.totals(model.after)


def correlated(generator: np.random.Generator, shape: tuple[int, ...], correlation: float) -> tuple[Values, Values]:
    """Two standard normal arrays with this correlation."""
    first, other = generator.standard_normal(shape), generator.standard_normal(shape)
    return first, correlation * first + math.sqrt(1 - correlation**2) * other


def sd_of(values: Values, chances: Values) -> float:
    """Standard deviation of values with these chances."""
    return math.sqrt(float(chances @ values**2) - float(chances @ values) ** 2)


def changes_of(joint: Values) -> tuple[Values, Values]:
    """Every possible change of the total and its chance."""
    k = len(joint)
    sizes = np.arange(1 - k, k)
    return sizes.astype(float), np.array([np.trace(joint, offset=int(size)) for size in sizes])


def median_of_pairs(sizes: Values, chances: Values) -> float:
    """Median of the mean of two people's changes: what the Hodges-Lehmann change estimates."""
    below = np.cumsum(np.convolve(chances, chances))
    return float(2 * sizes[0] + np.searchsorted(below, 0.5 * below[-1])) / 2


def rank_biserial_of(sizes: Values, chances: Values) -> float:
    """The rank-biserial correlation that ever larger samples approach."""
    changed = sizes != 0
    sizes, chances = sizes[changed], chances[changed] / chances[changed].sum()
    smaller = np.abs(sizes)[:, None] > np.abs(sizes)[None, :]
    alike = np.abs(sizes)[:, None] == np.abs(sizes)[None, :]
    return 2 * float(chances * np.sign(sizes) @ (smaller + alike / 2) @ chances)


def right_wrong(easiest: float, hardest: float) -> tuple[tuple[float, ...], ...]:
    """Fifteen right/wrong items of evenly spread difficulty."""
    return tuple((float(difficulty),) for difficulty in np.linspace(easiest, hardest, 15))


@dataclass(frozen=True)
class Parallel:
    """Items that all measure alike, with normal errors: what Feldt's interval was derived for."""

    name: str = "parallel"
    items: int = 10
    between_items: float = 2 / 7        # correlation of two items; alpha is .80

    def answers(self, generator: np.random.Generator, ability: Values) -> Values:
        errors = generator.standard_normal((*ability.shape, self.items))
        return math.sqrt(self.between_items) * ability[..., None] + math.sqrt(1 - self.between_items) * errors

    def alpha(self) -> float:
        return self.items * self.between_items / (1 + (self.items - 1) * self.between_items)


@dataclass(frozen=True)
class Answering:
    """Chances of one right/wrong item: wrong then right, right then wrong."""

    name: str
    gained: float
    lost: float


Model = NormalTotals | Questionnaire
FIVE_POINTS = tuple(tuple(float(place + step) for step in (-3.0, -1.8, -0.9, 0.9)) for place in np.linspace(-0.6, 0.6, 10))
NORMAL = NormalTotals("normal", mean=50, sd=10, rise=4, correlation=0.6)
LIKERT = Questionnaire("likert", FIVE_POINTS, before=0.0, after=0.6, slope=1.6, correlation=0.6, averaged=True)
LIKERT_ITEM = Questionnaire("likert_item", ((-3.0, -1.8, -0.9, 0.9),), before=0.0, after=0.6, slope=2.5, correlation=0.6, averaged=True)
KNOWLEDGE = Questionnaire("knowledge", right_wrong(-2.5, 1.5), before=0.2, after=1.0, slope=1.0, correlation=0.6, averaged=False)
KNOWLEDGE_CEILING = Questionnaire("knowledge_ceiling", right_wrong(-2.5, 1.5), before=1.6, after=3.4, slope=1.0, correlation=0.6, averaged=False)
MODELS: tuple[Model, ...] = (NORMAL, LIKERT, LIKERT_ITEM, KNOWLEDGE, KNOWLEDGE_CEILING)
