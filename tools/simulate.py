"""Measures whether the statistics keep their promise: coverage of the 95 % intervals, level of the 5 % tests.

    python tools/simulate.py            # measure what docs/simulasi.csv lacks, then renew the tables of docs/SIMULASI.md
    python tools/simulate.py --quick    # every cell with a few replications, printed and not kept

Invented people answer invented questionnaires whose truth is known exactly; the package's own functions analyse them as
they would an RT. Every cell has its own stream of random numbers, so that its figures do not depend on which other cells
are measured, and is written as soon as it is finished: an interrupted run goes on where it stopped. A cell is measured
again when its settings, the seed, the code of the statistics or a library's version are no longer those of its figures;
after changing how *this* file computes, use ``--fresh``.
"""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import io
import itertools
import math
import os
import platform
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.special import expit, gammaln, ndtr

import baksos_eval
from baksos_eval import stats
from baksos_eval.stats import effect, gain, items, paired, ranks, reliability, several

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "simulasi.csv"
DOCUMENT = ROOT / "docs" / "SIMULASI.md"
START, END = "<!-- tabel: ditulis oleh tools/simulate.py -->", "<!-- akhir tabel -->"

MEASURED = (effect, gain, items, paired, ranks, reliability, several)
SEED = 20260101
CHEAP, DEAR = 4000, 2000        # replications; dear figures take milliseconds each
QUICK = 1 / 200
SIZES = (10, 20, 30, 60)
RTS = (3, 5, 8)
RT_SIZES = (10, 40)             # people per RT, each number equally likely
LEVEL = 0.05
Values = NDArray[np.float64]

# A grid wide and fine enough for sums over it to be integrals over a standard normal ability to about 12 digits.
ABILITY = np.linspace(-8, 8, 321)
DENSITY = np.exp(-(ABILITY**2) / 2)
DENSITY /= DENSITY.sum()


# ---------------------------------------------------------------- people whose truth is known

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


Model = NormalTotals | Questionnaire
FIVE_POINTS = tuple(tuple(float(place + step) for step in (-3.0, -1.8, -0.9, 0.9)) for place in np.linspace(-0.6, 0.6, 10))
NORMAL = NormalTotals("normal", mean=50, sd=10, rise=4, correlation=0.6)
LIKERT = Questionnaire("likert", FIVE_POINTS, before=0.0, after=0.6, slope=1.6, correlation=0.6, averaged=True)
LIKERT_ITEM = Questionnaire("likert_item", ((-3.0, -1.8, -0.9, 0.9),), before=0.0, after=0.6, slope=2.5, correlation=0.6, averaged=True)
KNOWLEDGE = Questionnaire("knowledge", right_wrong(-2.5, 1.5), before=0.2, after=1.0, slope=1.0, correlation=0.6, averaged=False)
KNOWLEDGE_CEILING = Questionnaire("knowledge_ceiling", right_wrong(-2.5, 1.5), before=1.6, after=3.4, slope=1.0, correlation=0.6, averaged=False)
MODELS: tuple[Model, ...] = (NORMAL, LIKERT, LIKERT_ITEM, KNOWLEDGE, KNOWLEDGE_CEILING)


# ---------------------------------------------------------------- what is counted

class Tally:
    """How often a statistic did what it is counted for, how an interval missed, and how often there was no figure."""

    def __init__(self, replications: int) -> None:
        self.replications = replications        # 0: chances were added up, nothing was drawn
        self.hit = self.below = self.above = self.missing = self.whole = 0.0

    def interval(self, low: float, high: float, truth: float, weight: float = 1.0) -> None:
        self.whole += weight
        if math.isnan(low) or math.isnan(high):
            self.missing += weight
        elif high < truth:
            self.below += weight
        elif low > truth:
            self.above += weight
        else:
            self.hit += weight

    def test(self, p: float, weight: float = 1.0) -> None:
        """Counts rejections as hits; a missing p did not reject anything."""
        self.whole += weight
        self.missing += weight * math.isnan(p)
        if p < LEVEL:
            self.hit += weight
        else:
            self.below += weight


class Figure(NamedTuple):
    """One measured number: a row of the file of figures.

    Attributes:
        part: what was measured, such as ``coverage``.
        model: who answered what.
        spread: how much RTs differ.
        size: number of people, or of RTs.
        figure: the statistic.
        rate: share of the intervals that cover the truth, or of the tests that reject.
        below: share of the intervals that lie wholly below the truth, or of the tests that do not reject.
        above: share of the intervals that lie wholly above the truth.
        missing: share of the replications without an interval or a p value.
        replications: number of draws; 0 where all possibilities were added up.
        error: Monte-Carlo standard error of the rate.
        code: what the figure was made with, as a digest.
    """

    part: str
    model: str
    spread: float
    size: int
    figure: str
    rate: float
    below: float
    above: float
    missing: float
    replications: int
    error: float
    code: str

    @property
    def cell(self) -> tuple[str, str, float, int]:
        return self.part, self.model, self.spread, self.size


class Cell(Protocol):
    """One setting: a model, a number of people or of RTs, and the statistics measured on the same draws."""

    part: str
    model: Model | Parallel | Answering
    spread: float
    size: int

    def measure(self, generator: np.random.Generator, scale: float) -> dict[str, Tally]: ...


def replications(scale: float, dear: bool = False) -> int:
    return max(2, round((DEAR if dear else CHEAP) * scale))


@dataclass(frozen=True)
class Coverage:
    """Intervals of one RT measured twice, when there is a true change."""

    model: Model
    size: int
    part: str = "coverage"
    spread: float = 0.0

    def measure(self, generator: np.random.Generator, scale: float) -> dict[str, Tally]:
        truth, bounded = self.model.truth(), math.isfinite(self.model.maximum)
        many, few = replications(scale), replications(scale, dear=True)
        tallies = {name: Tally(many) for name in ("mean_change", "cohen_d_z", "cohen_d_av", "rank_biserial")}
        tallies |= {name: Tally(few) for name in ("bootstrap_change", "hodges_lehmann", *(["class_gain"] if bounded else []))}
        for number, (pre, post) in enumerate(zip(*self.model.draw(generator, (many, self.size)), strict=True)):
            t = paired.mean_change(pre, post)
            tallies["mean_change"].interval(t.change_low, t.change_high, truth.change)
            for name, result, true in (("cohen_d_z", effect.cohen_d_z(pre, post), truth.d_z),
                                       ("cohen_d_av", effect.cohen_d_av(pre, post), truth.d_av),
                                       ("rank_biserial", effect.rank_biserial(pre, post), truth.rank_biserial)):
                tallies[name].interval(result.low, result.high, true)
            if number >= few:
                continue
            drawn = paired.bootstrap_change(pre, post, seed=number)
            tallies["bootstrap_change"].interval(drawn.low, drawn.high, truth.change)
            shift = ranks.hodges_lehmann(pre, post)
            tallies["hodges_lehmann"].interval(shift.low, shift.high, truth.pseudomedian)
            if bounded:
                share = gain.class_gain(pre, post, self.model.maximum, self.model.minimum, seed=number)
                tallies["class_gain"].interval(share.low, share.high, truth.class_gain)
        return tallies


@dataclass(frozen=True)
class Level:
    """Tests of one RT measured twice, when nothing changed: pre and post are drawn alike."""

    model: Model
    size: int
    part: str = "level"
    spread: float = 0.0

    def measure(self, generator: np.random.Generator, scale: float) -> dict[str, Tally]:
        tests: dict[str, Callable[[Values, Values], float]] = {
            "mean_change": lambda pre, post: paired.mean_change(pre, post).p,
            "signed_rank_pratt": lambda pre, post: ranks.signed_rank(pre, post, "pratt").p,
            "signed_rank_wilcoxon": lambda pre, post: ranks.signed_rank(pre, post, "wilcox").p,
            "spss_signed_rank": lambda pre, post: ranks.spss_signed_rank(pre, post).p,
            "sign_test": lambda pre, post: ranks.sign_test(pre, post).p,
        }
        many = replications(scale)
        tallies = {name: Tally(many) for name in tests}
        for pre, post in zip(*self.model.without_change().draw(generator, (many, self.size)), strict=True):
            for name, p_value in tests.items():
                tallies[name].test(p_value(pre, post))
        return tallies


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
class Reliability:
    """Feldt's interval of Cronbach's alpha, in the wave before."""

    model: Parallel | Questionnaire
    size: int
    part: str = "reliability"
    spread: float = 0.0

    def measure(self, generator: np.random.Generator, scale: float) -> dict[str, Tally]:
        many, truth = replications(scale), self.model.alpha()
        ability = getattr(self.model, "before", 0.0) + generator.standard_normal((many, self.size))
        tally = Tally(many)
        for answers in self.model.answers(generator, ability):
            result = reliability.cronbach_alpha(answers)
            tally.interval(result.low, result.high, truth)
        return {"cronbach_alpha": tally}


@dataclass(frozen=True)
class Answering:
    """Chances of one right/wrong item: wrong then right, right then wrong."""

    name: str
    gained: float
    lost: float


@dataclass(frozen=True)
class Item:
    """One right/wrong item. Nothing is drawn: the chances of all possible tables are added up."""

    model: Answering
    size: int
    part: str = "item"
    spread: float = 0.0

    def measure(self, generator: np.random.Generator, scale: float) -> dict[str, Tally]:
        interval, mid, exact = tallies = Tally(0), Tally(0), Tally(0)
        for gained, lost in itertools.product(range(self.size + 1), repeat=2):
            if gained + lost > self.size:
                continue
            pre = np.repeat([0.0, 1.0, 0.0], [gained, lost, self.size - gained - lost])
            post = np.repeat([1.0, 0.0, 0.0], [gained, lost, self.size - gained - lost])
            chance = self._chance(gained, lost)
            change = items.proportion_change(pre, post)
            interval.interval(change.low, change.high, self.model.gained - self.model.lost, chance)
            test = items.mcnemar(pre, post)
            mid.test(test.p_mid, chance)
            exact.test(test.p_exact, chance)
        names = ("proportion_change", "mcnemar_mid_p", "mcnemar_exact")
        nothing_changed = self.model.gained == self.model.lost
        return dict(zip(names if nothing_changed else names[:1], tallies, strict=False))

    def _chance(self, gained: int, lost: int) -> float:
        rest = self.size - gained - lost
        ways = gammaln(self.size + 1) - gammaln(gained + 1) - gammaln(lost + 1) - gammaln(rest + 1)
        same = 1 - self.model.gained - self.model.lost
        return math.exp(ways + gained * math.log(self.model.gained) + lost * math.log(self.model.lost) + rest * math.log(same))


@dataclass(frozen=True)
class Rts:
    """The overall change over ``size`` RTs whose true changes may differ, and what ignoring the RTs would give.

    ``spread`` is the SD between RTs of the shift after: points for normal totals, logits for questionnaires.
    """

    model: Model
    spread: float
    size: int
    part: str = "rts"

    def measure(self, generator: np.random.Generator, scale: float) -> dict[str, Tally]:
        many, few = replications(scale), replications(scale, dear=True)
        shifts = self.spread * generator.standard_normal((many, self.size + 1))
        true = self.model.change_at(shifts)                  # the last column is an RT still to come
        overall = float(DENSITY @ self.model.change_at(self.spread * ABILITY))
        people = generator.integers(RT_SIZES[0], RT_SIZES[1] + 1, (many, self.size))
        names = ("pool", "prediction", "rt_means_test", "rt_mixed_model", "shrunken", "ignoring_rts")
        tallies = {name: Tally(few if name == "rt_mixed_model" else many) for name in names}
        for number, (sizes, shift, own) in enumerate(zip(people, shifts, true, strict=True)):
            rt = np.repeat(np.arange(self.size), sizes)
            pre, post = self.model.draw(generator, (int(sizes.sum()),), shift[rt])
            change = post - pre
            means = np.bincount(rt, change) / sizes
            variances = np.bincount(rt, (change - means[rt]) ** 2) / (sizes - 1) / sizes
            pooled = several.pool(means, variances)
            tallies["pool"].interval(pooled.low, pooled.high, overall)
            tallies["prediction"].interval(pooled.prediction_low, pooled.prediction_high, own[-1])
            plain = several.rt_means_test(means)
            tallies["rt_means_test"].interval(plain.low, plain.high, overall)
            if number < few:
                mixed = several.rt_mixed_model(change, rt)
                tallies["rt_mixed_model"].interval(mixed.low, mixed.high, overall)
            first = several.shrunken(means, variances, pooled)[0]
            tallies["shrunken"].interval(first.low, first.high, own[0])
            everybody = paired.mean_change(pre, post)
            tallies["ignoring_rts"].interval(everybody.change_low, everybody.change_high, overall)
        return tallies


ANSWERINGS = (Answering("gain", 0.35, 0.10), Answering("gain_ceiling", 0.12, 0.02),
              Answering("no_change", 0.15, 0.15), Answering("no_change_ceiling", 0.05, 0.05))
RELIABILITIES = (Parallel(), LIKERT, KNOWLEDGE, KNOWLEDGE_CEILING)
RT_SPREADS = ((NORMAL, (0.0, 2.0, 4.0)), (KNOWLEDGE, (0.0, 0.4, 0.8)))


def all_cells() -> list[Cell]:
    """Every cell, the quickest parts first."""
    return [
        *(Item(model, n) for model in ANSWERINGS for n in SIZES),
        *(Reliability(model, n) for model in RELIABILITIES for n in SIZES),
        *(Level(model, n) for model in MODELS for n in SIZES),
        *(Rts(model, spread, k) for model, spreads in RT_SPREADS for spread in spreads for k in RTS),
        *(Coverage(model, n) for model in MODELS for n in SIZES),
    ]


# ---------------------------------------------------------------- measuring, keeping, going on

def versions() -> dict[str, str]:
    """What the figures were made with."""
    return {"baksos-eval": baksos_eval.__version__, "Python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}


@cache
def code_of_the_statistics() -> str:
    """A digest of the measured modules and of those they import, as they compute: without comments and docstrings."""
    trees: dict[str, ast.Module] = {}
    waiting = [module.__name__.rpartition(".")[2] for module in MEASURED]
    while waiting:
        name = waiting.pop()
        if name in trees:
            continue
        trees[name] = tree = ast.parse((Path(stats.__path__[0]) / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                waiting += [node.module] if node.module else [alias.name for alias in node.names]
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256("".join(ast.dump(trees[name]) for name in sorted(trees)).encode()).hexdigest()


def code_of(cell: Cell, seed: int, scale: float) -> str:
    """What must be unchanged for a cell's figures to stay true."""
    whole = repr((cell, seed, scale, CHEAP, DEAR, RT_SIZES, versions(), code_of_the_statistics()))
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def measure(cell: Cell, seed: int, scale: float) -> list[Figure]:
    """The figures of one cell, from its own stream of random numbers."""
    key = (cell.part, cell.model.name, cell.spread, cell.size)
    generator = np.random.default_rng([seed, zlib.crc32(repr(key).encode())])
    code = code_of(cell, seed, scale)
    figures = []
    for name, tally in cell.measure(generator, scale).items():
        counted = tally.hit + tally.below + tally.above
        shares = [part / counted if counted else math.nan for part in (tally.hit, tally.below, tally.above)]
        drawn = tally.replications * counted / tally.whole
        error = math.sqrt(shares[0] * (1 - shares[0]) / drawn) if drawn else 0.0
        figures.append(Figure(*key, name, *shares, tally.missing / tally.whole, tally.replications, error, code))
    return figures


def read(path: Path | None) -> list[Figure]:
    """The figures kept in a file; none without the file."""
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [Figure(row["part"], row["model"], float(row["spread"]), int(row["size"]), row["figure"],
                       *(float(row[name]) for name in ("rate", "below", "above", "missing")),
                       int(row["replications"]), float(row["error"]), row["code"]) for row in csv.DictReader(file)]


def write(path: Path, text: str) -> None:
    """The whole text or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    os.replace(unfinished, path)


def as_csv(figures: Iterable[Figure]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(Figure._fields)
    table.writerows(figures)
    return text.getvalue()


def measured(cells: Sequence[Cell], known: Sequence[Figure], seed: int, scale: float) -> Iterator[tuple[Cell, list[Figure], bool]]:
    """Every cell with its figures, and whether they were measured just now."""
    kept: dict[str, list[Figure]] = {}
    for figure in known:
        kept.setdefault(figure.code, []).append(figure)
    for cell in cells:
        old = kept.get(code_of(cell, seed, scale))
        yield (cell, old, False) if old else (cell, measure(cell, seed, scale), True)


# ---------------------------------------------------------------- tables for the document

LABELS = {
    "normal": "total normal", "likert": "rerata 10 butir Likert", "likert_item": "satu butir Likert",
    "knowledge": "pengetahuan 15 butir", "knowledge_ceiling": "pengetahuan, hampir semua benar", "parallel": "10 butir sejajar, normal",
    "gain": "naik 25 poin persen (35 % naik, 10 % turun)", "gain_ceiling": "naik 10 poin persen (12 % naik, 2 % turun)",
    "no_change": "tetap (15 % naik, 15 % turun)", "no_change_ceiling": "tetap (5 % naik, 5 % turun)",
    "mean_change": "selang t rerata perubahan", "bootstrap_change": "bootstrap-t rerata perubahan", "hodges_lehmann": "Hodges–Lehmann eksak",
    "cohen_d_z": "d_z (t nonsentral)", "cohen_d_av": "d_av (Bonett)", "rank_biserial": "rank-biserial", "class_gain": "N-gain kelas (bootstrap-t)",
    "cronbach_alpha": "alpha (Feldt)", "proportion_change": "Bonett–Price", "mcnemar_mid_p": "McNemar mid-p", "mcnemar_exact": "McNemar eksak",
    "signed_rank_pratt": "peringkat bertanda eksak, Pratt", "signed_rank_wilcoxon": "peringkat bertanda eksak, Wilcoxon",
    "spss_signed_rank": "peringkat bertanda asimtotik (SPSS)", "sign_test": "uji tanda",
    "pool": "PM + HK", "prediction": "prediksi RT baru", "rt_means_test": "t atas rerata RT", "rt_mixed_model": "model campuran",
    "shrunken": "selang tiap RT", "ignoring_rts": "RT diabaikan",
}
TEST_LABELS = LABELS | {"mean_change": "t berpasangan"}
LIBERAL = 0.025         # Bradley (1978): a rate beyond .05 +- .025 is not robust


def decimal(value: float, digits: int = 1) -> str:
    """A number as Indonesian writes it."""
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


def shown(figure: Figure | None) -> str:
    """A rate in per cent: bold where too many errors are made, italic where the method is much too cautious."""
    if figure is None:
        return ""
    errors = figure.rate if is_test(figure) else 1 - figure.rate
    text = decimal(100 * figure.rate)
    if errors > LEVEL + LIBERAL:
        text = f"**{text}**"
    elif errors < LEVEL - LIBERAL:
        text = f"*{text}*"
    return f"{text} ({decimal(100 * figure.missing)} % tanpa selang)" if figure.missing >= 0.0005 and not is_test(figure) else text


def is_test(figure: Figure) -> bool:
    return figure.part == "level" or figure.figure.startswith("mcnemar")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def by_size(figures: Sequence[Figure], part: str, names: Sequence[str]) -> str:
    """One row per statistic and model, one column per number of people."""
    found = {(f.figure, f.model, f.size): f for f in figures if f.part == part}
    models = list(dict.fromkeys(f.model for f in figures if f.part == part))
    labels = TEST_LABELS if part == "level" else LABELS
    rows = [[labels[name], LABELS[model], *(shown(found.get((name, model, n))) for n in SIZES)]
            for name in names for model in models if (name, model, SIZES[0]) in found]
    return table(["statistik", "model", *(f"n = {n}" for n in SIZES)], rows)


def over_rts(figures: Sequence[Figure]) -> str:
    """One row per model, spread and number of RTs, one column per method."""
    names = list(dict.fromkeys(f.figure for f in figures if f.part == "rts"))
    found = {(f.model, f.spread, f.size, f.figure): f for f in figures if f.part == "rts"}
    rows = []
    for model, spreads in RT_SPREADS:
        for spread in spreads:
            points = between_sd(model, spread)
            share = points**2 / (points**2 + model.margins().sd_change ** 2)
            rows += [[LABELS[model.name], decimal(points), decimal(100 * share, 0), str(k), *(shown(found.get((model.name, spread, k, name))) for name in names)]
                     for k in RTS]
    return table(["model", "SD antar-RT (poin)", "ICC (%)", "banyak RT", *(LABELS[name] for name in names)], rows)


def between_sd(model: Model, spread: float) -> float:
    """SD between RTs of the true mean change, in points."""
    change = model.change_at(spread * ABILITY)
    return math.sqrt(max(0.0, float(DENSITY @ change**2) - float(DENSITY @ change) ** 2))


def described() -> str:
    """What the models look like, computed and not drawn."""
    rows = []
    for model in MODELS:
        m, truth = model.margins(), model.truth()
        gained = "–" if math.isnan(truth.class_gain) else decimal(truth.class_gain, 2)
        digits = 2 if model.maximum == 5 else 1
        rows.append([LABELS[model.name], decimal(m.mean_pre, digits), decimal(m.mean_post, digits), decimal(m.sd_pre, digits), decimal(m.sd_post, digits),
                     decimal(m.sd_change, digits), decimal(truth.d_z, 2), gained, decimal(100 * m.best_post, 0), decimal(100 * m.unchanged, 0)])
    head = ["model", "rerata sebelum", "rerata sesudah", "SD sebelum", "SD sesudah", "SD perubahan", "d_z", "N-gain", "nilai tertinggi sesudah (%)", "tidak berubah (%)"]
    alphas = "; ".join(f"{LABELS[model.name]} {decimal(model.alpha(), 2)}" for model in RELIABILITIES)
    return f"{table(head, rows)}\n\nAlpha sebenarnya pada pengukuran sebelum: {alphas}."


def tables(figures: Sequence[Figure], seed: int) -> str:
    """Everything between the two marks of the document."""
    coverage = ("mean_change", "bootstrap_change", "hodges_lehmann", "class_gain", "cohen_d_z", "cohen_d_av", "rank_biserial")
    level = ("mean_change", "signed_rank_pratt", "signed_rank_wilcoxon", "spss_signed_rank", "sign_test")
    drawn = sorted({f.replications for f in figures if f.replications}, reverse=True)
    worst = max(f.error for f in figures)
    near = math.sqrt(LEVEL * (1 - LEVEL) / min(drawn)) if drawn else 0.0
    made = ", ".join(f"{name} {version}" for name, version in versions().items())
    counts = " atau ".join(str(count) for count in drawn)
    return "\n\n".join([
        f"Ulangan per angka: {counts} (butir benar/salah dihitung tanpa undian). Galat Monte Carlo di sekitar 95 %: paling besar "
        f"{decimal(100 * near, 2)} poin persen; terbesar di seluruh tabel: {decimal(100 * worst, 2)}. Benih {seed}. Dibuat dengan {made}.",
        "### Model", described(),
        "### Cakupan selang 95 %, satu RT (persen)", by_size(figures, "coverage", coverage),
        "### Taraf uji 5 % bila tidak ada perubahan, satu RT (persen ditolak)", by_size(figures, "level", level),
        "### Butir benar/salah: cakupan selang 95 % dan taraf uji 5 % (persen, tepat)",
        by_size(figures, "item", ("proportion_change", "mcnemar_mid_p", "mcnemar_exact")),
        "### Cakupan selang 95 % alpha Cronbach (persen)", by_size(figures, "reliability", ("cronbach_alpha",)),
        "### Beberapa RT, masing-masing 10–40 orang: cakupan selang 95 % (persen)", over_rts(figures),
    ])


def renewed(document: str, text: str) -> str:
    """The document with the text between its marks.

    Raises:
        ValueError: the document does not have both marks once each, in order.
    """
    before, start, rest = document.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"the document lacks the lines {START} and {END}")
    return f"{before}{START}\n\n{text}\n\n{END}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="every cell with a few replications; nothing is kept unless --figures names a file")
    parser.add_argument("--fresh", action="store_true", help="measure every cell again")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--figures", type=Path, help="the file of figures (docs/simulasi.csv)")
    parser.add_argument("--document", type=Path, help="the document whose tables are renewed (docs/SIMULASI.md)")
    chosen = parser.parse_args(arguments)
    path = chosen.figures or (None if chosen.quick else FIGURES)
    document = chosen.document or (None if chosen.quick else DOCUMENT)
    scale = QUICK if chosen.quick else 1.0
    if document is not None:
        try:
            renewed(document.read_text(encoding="utf-8"), "")       # better to fail now than after the work
        except (OSError, ValueError) as error:
            parser.error(str(error))
    known = [] if chosen.fresh else read(path)
    cells, figures, start = all_cells(), [], time.monotonic()
    for number, (cell, new, just_now) in enumerate(measured(cells, known, chosen.seed, scale), 1):
        figures += new
        if just_now and path is not None:
            done = {f.code for f in figures}
            write(path, as_csv([*figures, *(f for f in known if f.code not in done)]))
        state = "measured" if just_now else "known"
        print(f"[{number:3}/{len(cells)}] {time.monotonic() - start:6.0f} s  {cell.part} {cell.model.name} {cell.spread:g} {cell.size}: {state}", file=sys.stderr)
    if path is not None:
        write(path, as_csv(figures))
    text = tables(figures, chosen.seed)
    if document is not None:
        write(document, renewed(document.read_text(encoding="utf-8"), text))
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
