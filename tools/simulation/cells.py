"""What is measured: one cell for every setting, which counts how often its statistics keep their promise."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import ClassVar, NamedTuple, Protocol

import numpy as np
from scipy.special import gammaln

from baksos_eval.stats import effect, gain, items, paired, ranks, reliability, several

from .people import (
    ABILITY,
    DENSITY,
    KNOWLEDGE,
    KNOWLEDGE_CEILING,
    LIKERT,
    MODELS,
    NORMAL,
    Answering,
    Model,
    Parallel,
    Questionnaire,
    Values,
)

CHEAP, DEAR = 4000, 2000        # replications; dear figures take milliseconds each
SIZES = (10, 20, 30, 60)
RTS = (3, 5, 8)
RT_SIZES = (10, 40)             # people per RT, each number equally likely
LEVEL = 0.05


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
    measures: ClassVar[tuple[ModuleType, ...]]      # the statistics whose code decides its figures
    model: Model | Parallel | Answering
    spread: float
    size: int

    def measure(self, generator: np.random.Generator, scale: float) -> dict[str, Tally]: ...


def replications(scale: float, dear: bool = False) -> int:
    return max(2, round((DEAR if dear else CHEAP) * scale))


@dataclass(frozen=True)
class Coverage:
    """Intervals of one RT measured twice, when there is a true change."""

    measures = (paired, ranks, effect, gain)
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

    measures = (paired, ranks)
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
class Reliability:
    """Feldt's interval of Cronbach's alpha, in the wave before."""

    measures = (reliability,)
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
class Item:
    """One right/wrong item. Nothing is drawn: the chances of all possible tables are added up."""

    measures = (items,)
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

    measures = (several, paired)
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
