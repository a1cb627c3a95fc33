"""The frozen results: everything a table, a figure or a sentence may say, unrounded.

Leaves are the NamedTuples of :mod:`baksos_eval.stats`; branches are the dataclasses here. Nothing in them can lead
back to a person: scores are kept as sorted pairs without any id.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from baksos_eval.errors import Finding
from baksos_eval.evaluation.profile import Characteristic, CharacteristicApart
from baksos_eval.intake.pairing import Flow, LaterFlow
from baksos_eval.stats.small_numbers import FEWEST_PAIRS as FEWEST_PAIRS
from baksos_eval.stats.small_numbers import withhold as withhold
from baksos_eval.study.comparison import Arm
from baksos_eval.study.instrument import Instrument, Item, Scale
from baksos_eval.study.study import Study

if TYPE_CHECKING:
    from baksos_eval.evaluation.choices import ChoiceResult
    from baksos_eval.evaluation.comparisons import Programme
    from baksos_eval.evaluation.group_results import GroupItem, GroupResult
    from baksos_eval.evaluation.waves import WaveResult, WaveSummary
    from baksos_eval.stats import (
        description,
        effect,
        gain,
        items,
        missing,
        paired,
        ranks,
        ratings,
        reliability,
        ritual,
        several,
        square_tables,
    )


class Answered(NamedTuple):
    """How many of the RT's people have a score on this scale: before, after, and on both sides."""

    n_pre: int
    n_post: int
    n_both: int
    note: str = ""


class Categories(NamedTuple):
    """People per category before and after (same people), and how many moved to a better one, stayed, and moved to a worse one.

    ``moves`` maps the category before and the one after to the people who went from the one to the other.

    ``pre`` and ``post`` map the preset's band keys, the best band first, to counts.
    """

    preset: str
    pre: Mapping[str, int]
    post: Mapping[str, int]
    risen: int
    same: int
    fallen: int
    moves: Mapping[tuple[str, str], int] = {}
    note: str = ""


class Ends(NamedTuple):
    """Shares of people at the scale's worst and best score (0-1)."""

    floor_pre: float
    floor_post: float
    ceiling_pre: float
    ceiling_post: float
    note: str = ""


class Variant(NamedTuple):
    """The main change under another reasonable choice; ``name`` says which (a key of the catalogues)."""

    name: str
    n: int
    change: float
    low: float
    high: float
    p: float
    note: str = ""


@dataclass(frozen=True)
class Annex:
    """The second rank of results on one scale: what a reviewer asks for, and what the main result withstands.

    ``attrition`` compares, before the programme, those who stayed with those who left. ``index_*`` (points reached in
    per cent of the ideal score) and ``omega_*`` concern the paired people. ``sensitivity`` begins with the main result.
    ``ritual`` is there where the study asks for it.
    """

    bootstrap_change: paired.BootstrapChange
    equivalence: paired.Equivalence | None
    shapiro_pre: description.ShapiroWilk
    shapiro_post: description.ShapiroWilk
    shapiro_change: description.ShapiroWilk
    lilliefors_pre: description.Lilliefors
    lilliefors_post: description.Lilliefors
    lilliefors_change: description.Lilliefors
    omega_pre: reliability.Omega
    omega_post: reliability.Omega
    reliable_change: reliability.ReliableChange
    attrition: effect.StandardisedDifference
    all_available: missing.AllAvailable
    leaver_bounds: missing.LeaverBounds
    index_pre: ratings.Index
    index_post: ratings.Index
    sensitivity: tuple[Variant, ...]
    ritual: ritual.PairedRitual | None = None


@dataclass(frozen=True)
class ScaleResult:
    """Everything about one scale in one RT. ``pre`` and ``post`` are the complete pairs, sorted, without ids."""

    scale: Scale
    pre: tuple[float, ...]
    post: tuple[float, ...]
    answered: Answered
    mean_change: paired.MeanChange
    correlation: paired.Correlation
    verdict: str
    signed_rank: ranks.SignedRank
    spss_signed_rank: ranks.SpssSignedRank
    hodges_lehmann: ranks.HodgesLehmann
    direction: ranks.Direction
    d_z: effect.CohenD
    d_av: effect.CohenD
    rank_biserial: effect.RankBiserial
    class_gain: gain.ClassGain
    individual_gain: gain.IndividualGain
    normalised_change: gain.NormalisedChange
    alpha_pre: reliability.Alpha
    alpha_post: reliability.Alpha
    ends: Ends
    smallest_detectable: paired.SmallestDetectable
    categories: Categories | None
    annex: Annex | None

    @property
    def n(self) -> int:
        return len(self.pre)

    @property
    def shown(self) -> bool:
        """Whether there are enough pairs for anything but counts."""
        return self.n >= FEWEST_PAIRS

    @property
    def name(self) -> str:
        """``instrument.scale``: the scale's name in the ledger."""
        return f"{self.scale.instrument}.{self.scale.id}"


@dataclass(frozen=True)
class ItemResult:
    """One item among the people who answered it on both sides.

    ``pre`` and ``post`` map the option codes, in the instrument's order, to how many people chose them.
    ``right`` (knowledge) is the four-cell table with its tests, ``change`` its difference of proportions;
    ``signed_rank`` (rating) compares the item scores, ``homogeneity`` the ordered answers, ``marginal`` and ``symmetry``
    the answers without their order. ``p_holm`` and ``p_bh`` (Benjamini-Hochberg) are adjusted within the instrument. ``worth_*`` is what the item adds to the total; ``quality_*`` (knowledge) its difficulty and
    discrimination; both over all people who answered every item of the instrument in that wave.
    """

    item: Item
    instrument: str
    n: int
    pre: Mapping[str, int]
    post: Mapping[str, int]
    mean_pre: float
    mean_post: float
    right: items.McNemar | None
    proportion: items.ProportionChange | None
    signed_rank: ranks.SignedRank | None
    homogeneity: square_tables.OrderedTest | None
    worth_pre: reliability.ItemReliability
    worth_post: reliability.ItemReliability
    quality_pre: items.ItemQuality | None
    quality_post: items.ItemQuality | None
    p: float
    p_holm: float
    p_bh: float = math.nan
    marginal: square_tables.SquareTest | None = None
    symmetry: square_tables.SquareTest | None = None

    @property
    def shown(self) -> bool:
        """Whether there are enough pairs for anything but counts."""
        return self.n >= FEWEST_PAIRS


@dataclass(frozen=True)
class Evaluation:
    """One RT's result; ``arm`` is the group it is about in a study with a comparison, else empty."""

    study: Study
    rt: str
    flow: Flow
    findings: tuple[Finding, ...]
    scales: tuple[ScaleResult, ...]
    items: tuple[ItemResult, ...]
    arm: Arm | Literal[""] = ""
    profile: tuple[Characteristic, ...] = ()
    profile_apart: tuple[CharacteristicApart, ...] = ()
    groups: tuple[GroupResult, ...] = ()
    group_items: tuple[GroupItem, ...] = ()
    waves: tuple[WaveResult, ...] = ()
    later: tuple[LaterFlow, ...] = ()
    choices: tuple[ChoiceResult, ...] = ()

    def __repr__(self) -> str:
        return f"Evaluation({self.study.id}, {self.rt}: {self.flow.both} pairs, {len(self.scales or self.groups)} scales, {len(self.findings)} findings)"

    @property
    def design(self) -> Literal["paired", "anonymous"]:
        """Whether the same people are compared (``scales``, ``items``) or two groups of people (``groups``, ``group_items``)."""
        return "anonymous" if self.study.is_anonymous else "paired"

    @property
    def accepted_pairs(self) -> int:
        """How many of the pairs have ids that are not quite the same and were accepted after review."""
        return sum(finding.count for finding in self.findings if finding.code in ("pairs_accepted", "pairs_accepted_between_rts"))

    def of(self, instrument: Instrument) -> tuple[ScaleResult, ...]:
        """The scales of one instrument, its total first."""
        return tuple(result for result in self.scales if result.scale.instrument == instrument.id)

    def items_of(self, instrument: Instrument) -> tuple[ItemResult, ...]:
        """The items of one instrument, in its order."""
        return tuple(result for result in self.items if result.instrument == instrument.id)

    def groups_of(self, instrument: Instrument) -> tuple[GroupResult, ...]:
        """The scales of one instrument in an anonymous study, its total first."""
        return tuple(result for result in self.groups if result.scale.instrument == instrument.id)

    def group_items_of(self, instrument: Instrument) -> tuple[GroupItem, ...]:
        """The items of one instrument in an anonymous study, in its order."""
        return tuple(result for result in self.group_items if result.instrument == instrument.id)

    @property
    def headlines(self) -> tuple[ScaleResult, ...]:
        """The first scale of each instrument: its total, or its first dimension if it has no total; none if anonymous."""
        return tuple(found[0] for instrument in self.study.questionnaires if (found := self.of(instrument)))

    @property
    def group_headlines(self) -> tuple[GroupResult, ...]:
        """The same for an anonymous study."""
        return tuple(found[0] for instrument in self.study.questionnaires if (found := self.groups_of(instrument)))

    @property
    def any_scales(self) -> tuple[ScaleResult, ...] | tuple[GroupResult, ...]:
        """The scales, whichever the design."""
        return self.scales or self.groups

    @property
    def any_headlines(self) -> tuple[ScaleResult, ...] | tuple[GroupResult, ...]:
        """The first scale of each instrument, whichever the design."""
        return self.headlines or self.group_headlines

    def any_items_of(self, instrument: Instrument) -> tuple[ItemResult, ...] | tuple[GroupItem, ...]:
        """The items of one instrument, whichever the design."""
        return self.items_of(instrument) or self.group_items_of(instrument)

    def to_frame(self):
        """The ledger: see :func:`baksos_eval.evaluation.ledger.ledger`."""
        from baksos_eval.evaluation.ledger import ledger

        return ledger(self)


class Unit(NamedTuple):
    """One RT's change on one scale, as the recap uses it."""

    rt: str
    n: int
    mean_pre: float
    mean_post: float
    change: float
    standard_error: float
    low: float
    high: float
    p: float
    p_holm: float
    verdict: str
    note: str = ""

    @property
    def shown(self) -> bool:
        """Whether there are enough people for anything but counts."""
        return self.n >= FEWEST_PAIRS


class GroupUnit(NamedTuple):
    """One RT's change on one scale in an anonymous study, as the recap uses it."""

    rt: str
    n_pre: int
    n_post: int
    mean_pre: float
    mean_post: float
    change: float
    standard_error: float
    low: float
    high: float
    p: float
    p_holm: float
    verdict: str
    note: str = ""

    @property
    def n(self) -> int:
        """Questionnaires of both waves."""
        return self.n_pre + self.n_post

    @property
    def shown(self) -> bool:
        """Whether there are enough people for anything but counts."""
        return min(self.n_pre, self.n_post) >= FEWEST_PAIRS


@dataclass(frozen=True)
class ScaleSummary:
    """One scale over all RTs; ``shrunken`` has one entry for each unit, in the same order."""

    scale: Scale
    units: tuple[Unit, ...] | tuple[GroupUnit, ...]
    pooled: several.Pooled
    rt_means: several.RtMeans
    shrunken: tuple[several.Shrunken, ...]

    @property
    def name(self) -> str:
        return f"{self.scale.instrument}.{self.scale.id}"


class Missing(NamedTuple):
    """An RT that could not be analysed, and why."""

    rt: str
    code: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Summary:
    """The recap over all RTs of a study.

    ``flows`` are of every RT; ``scales`` of those that had the programme. ``programme`` is what they say together: the
    comparison, the doses and the mixed model; ``waves`` the changes between all waves, where the study measured again.
    """

    study: Study
    flows: tuple[Flow, ...]
    scales: tuple[ScaleSummary, ...]
    missing: tuple[Missing, ...]
    programme: Programme | None = None
    waves: tuple[WaveSummary, ...] = ()

    def __repr__(self) -> str:
        return f"Summary({self.study.id}: {len(self.flows)} RTs, {sum(flow.both for flow in self.flows)} pairs, {len(self.missing)} missing)"

    @property
    def headlines(self) -> tuple[ScaleSummary, ...]:
        """The first scale of each instrument; none where no RT could be analysed."""
        return tuple(found[0] for instrument in self.study.questionnaires if (found := [result for result in self.scales if result.scale.instrument == instrument.id]))

    def to_frame(self):
        """The ledger of the recap: see :func:`baksos_eval.evaluation.ledger.summary_ledger`."""
        from baksos_eval.evaluation.ledger import summary_ledger

        return summary_ledger(self)
