"""The frozen result of testing the instruments: what each is worth as a measure, over all people of all RTs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from baksos_eval.errors import Finding
from baksos_eval.evaluation.results import FEWEST_PAIRS, Missing
from baksos_eval.study.instrument import Instrument, Item, Scale
from baksos_eval.study.study import Study, Wave

if TYPE_CHECKING:
    from baksos_eval.stats import group_agreement, items, paired, rasch, ratings, reliability

WANTED_ALPHA = 0.70
"""The customary limit for comparing groups (Nunnally & Bernstein 1994, p. 265)."""

ENOUGH_PEOPLE = 30
"""With fewer, correlations of items with the total change from sample to sample."""


class Consistency(StrEnum):
    """What the interval of alpha says; words under ``instruments.verdict.<code>``."""

    CONSISTENT = "consistent"        # wholly at or above the wanted alpha
    UNCERTAIN = "uncertain"          # on both sides of it
    LOW = "low"                      # wholly below
    NEGATIVE = "negative"            # alpha itself below zero
    NOT_COMPUTED = "not_computed"
    TOO_FEW = "too_few"              # fewer people than anything is shown for


class Standing(StrEnum):
    """How an item stands against the smallest significant correlation; words under ``item.standing.<code>``."""

    VALID = "valid"                  # with the total and with the rest of the scale
    INFLATED = "inflated"            # only with the total, of which it is a part
    NOT_VALID = "not_valid"
    NEGATIVE = "negative"            # significantly against the rest of the scale
    NOT_COMPUTED = "not_computed"


class WaveEnds(NamedTuple):
    """Shares of people at the scale's worst and best score in one wave (0-1)."""

    n: int
    floor: float
    ceiling: float
    note: str = ""


@dataclass(frozen=True)
class ScaleWorth:
    """One scale in one wave, among the people who answered all of its items; ``critical`` is the "r tabel" for that many."""

    scale: Scale
    alpha: reliability.Alpha
    omega: reliability.Omega
    critical: reliability.CriticalR
    ends: WaveEnds


@dataclass(frozen=True)
class ItemWorth:
    """One item in one wave against the rest of its scale: the total, or its dimension where the instrument has no total.

    ``quality`` and ``right`` (knowledge) are its discrimination and its difficulty.
    """

    item: Item
    scale: str
    critical: reliability.CriticalR
    reliability: reliability.ItemReliability
    quality: items.ItemQuality | None
    right: items.RightShare | None

    @property
    def standing(self) -> Standing:
        total, rest = self.reliability.item_total, self.reliability.item_rest
        if any(math.isnan(value) for value in (total, rest, self.critical.r)):
            return Standing.NOT_COMPUTED
        if rest < -self.critical.r:
            return Standing.NEGATIVE
        return Standing.VALID if rest > self.critical.r else Standing.INFLATED if total > self.critical.r else Standing.NOT_VALID


@dataclass(frozen=True)
class ItemAgreement:
    """How far the people of an RT agree on an item about the RT; without an item, on the mean of all those items."""

    item: Item | None
    between: group_agreement.IntraclassCorrelation
    within: group_agreement.WithinAgreement | None


@dataclass(frozen=True)
class WaveWorth:
    """One instrument in one wave.

    Attributes:
        n: people who answered every item.
        incomplete: people who answered some.
        persons: per RT, the people who answered every item.
        constant: ids of the items that all of them answered alike.
        agreement: items about the RT as a whole (none for other instruments).
    """

    wave: Wave
    n: int
    incomplete: int
    persons: Mapping[str, int]
    scales: tuple[ScaleWorth, ...]
    items: tuple[ItemWorth, ...]
    constant: tuple[str, ...]
    agreement: tuple[ItemAgreement, ...]

    def standing(self, *kinds: Standing) -> tuple[ItemWorth, ...]:
        """The items that stand like this."""
        return tuple(item for item in self.items if item.standing in kinds)


@dataclass(frozen=True)
class ExpertItem:
    """What the experts thought of one item."""

    item: Item
    v: ratings.AikenV
    relevance: ratings.ContentValidity


@dataclass(frozen=True)
class ExpertJudgement:
    """Expert judgement of one instrument on ratings from ``lowest`` to ``highest``, "relevant" from ``threshold``."""

    experts: int
    lowest: int
    highest: int
    threshold: int
    items: tuple[ExpertItem, ...]
    scale: ratings.ScaleContentValidity


@dataclass(frozen=True)
class RaschResult:
    """The Rasch model of a knowledge test.

    ``basis`` says whose answers it was fitted to: people who answered everything before and after (``both``, the only ones
    with a ``change``), or everybody in one wave; empty where it could not be fitted, with the reason in ``model.fit.note``.
    """

    basis: Literal["both", "pre", "post", ""]
    persons: int
    model: rasch.Rasch
    change: paired.MeanChange
    drift: rasch.Drift


@dataclass(frozen=True)
class InstrumentResult:
    """Everything about one instrument. ``rasch`` is for knowledge tests, ``experts`` for instruments that experts judged."""

    instrument: Instrument
    waves: tuple[WaveWorth, ...]
    experts: ExpertJudgement | None
    rasch: RaschResult | None

    @property
    def main(self) -> WaveWorth:
        """The wave that judges the instrument: the first, which no activity has touched yet, unless hardly anybody answered it."""
        return next((wave for wave in self.waves if wave.n >= FEWEST_PAIRS), self.waves[0])

    @property
    def judged(self) -> ScaleWorth | None:
        """The scale that the verdict is about: the total, or the least consistent dimension where there is no total."""
        if self.instrument.scoring.total:
            return self.main.scales[0]
        computed = [scale for scale in self.main.scales if not math.isnan(scale.alpha.alpha)]
        return min(computed, key=lambda scale: scale.alpha.alpha, default=next(iter(self.main.scales), None))

    @property
    def verdict(self) -> Consistency:
        """What alpha says in the main wave."""
        if self.main.n < FEWEST_PAIRS:
            return Consistency.TOO_FEW
        alpha = self.judged.alpha if self.judged else None
        if alpha is None or math.isnan(alpha.alpha):
            return Consistency.NOT_COMPUTED
        if alpha.alpha < 0:
            return Consistency.NEGATIVE
        return Consistency.CONSISTENT if alpha.low >= WANTED_ALPHA else Consistency.UNCERTAIN if alpha.high >= WANTED_ALPHA else Consistency.LOW


@dataclass(frozen=True)
class InstrumentStudy:
    """The instruments of a study over all people of all RTs; ``missing`` are RTs whose data cannot be used."""

    study: Study
    rts: tuple[str, ...]
    missing: tuple[Missing, ...]
    findings: tuple[Finding, ...]
    instruments: tuple[InstrumentResult, ...]

    def of(self, instrument: Instrument) -> InstrumentResult:
        """The result of one instrument."""
        return next(result for result in self.instruments if result.instrument.id == instrument.id)

    def to_frame(self):
        """The ledger: see :func:`baksos_eval.evaluation.ledger.instrument_ledger`."""
        from baksos_eval.evaluation.ledger import instrument_ledger

        return instrument_ledger(self)
