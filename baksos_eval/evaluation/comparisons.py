"""The frozen result of setting the programme against a comparison, its doses, and the mixed model over RTs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from baksos_eval.intake.pairing import Flow
from baksos_eval.study.comparison import Arm
from baksos_eval.study.instrument import Scale

if TYPE_CHECKING:
    from baksos_eval.stats import adjusted, comparison, dominance, effect, ordinal, several

Method = Literal["difference_in_changes", "within_rts", "ancova"]


class ArmScores(NamedTuple):
    """One group: people with both answers, RTs, and the scores of its units.

    Where whole RTs are compared the units are RTs: means and spreads are over RT means, and each RT counts once.
    """

    n: int
    k: int
    mean_pre: float
    sd_pre: float
    mean_post: float
    sd_post: float
    change: float
    low: float
    high: float
    note: str = ""


class ArmRt(NamedTuple):
    """The people of one group in one RT and their mean change."""

    rt: str
    arm: Arm
    n: int
    mean_pre: float
    mean_post: float
    change: float
    note: str = ""


class Estimate(NamedTuple):
    """One figure for the difference, programme minus comparison, however it was found."""

    estimate: float
    low: float
    high: float
    p: float
    note: str = ""


@dataclass(frozen=True)
class ArmComparison:
    """Programme against comparison on one scale.

    Attributes:
        unit: what is compared: ``"person"``, or ``"rt"`` where whole RTs had the programme or had it not.
        arms: the groups.
        rts: every RT, where whole RTs are compared; its means withheld where it has too few people.
        left_out: people who are not in the comparison because their RT has too few.
        primary: the method that the conclusion rests on.
        difference: Welch's test on the changes of the units.
        within_rts: for persons of several RTs, the difference inside the RTs.
        ancova: the difference after, between units that started alike.
        randomisation: for whole RTs, the exact test over all ways to choose them.
        d_ppc2: the difference of the changes of persons in standard deviations before (Morris 2008).
        cliff_delta: dominance of the changes of persons.
        balance: how far the persons of the groups lay apart before, in standard deviations.
        verdict: a :class:`~baksos_eval.stats.paired.Verdict`, or ``too_few``, ``no_group``, ``description``.
    """

    unit: Literal["person", "rt"]
    arms: Mapping[Arm, ArmScores]
    rts: tuple[ArmRt, ...]
    left_out: int
    primary: Method
    difference: comparison.Welch
    within_rts: adjusted.DifferenceWithin | None
    ancova: adjusted.Ancova
    randomisation: comparison.RandomisationTest | None
    d_ppc2: comparison.PrePostComparison
    cliff_delta: dominance.CliffDelta
    balance: effect.StandardisedDifference
    verdict: str

    @property
    def estimates(self) -> dict[Method, Estimate]:
        """The difference by every method that this design has, the primary one first."""
        found: dict[Method, Estimate] = {
            name: Estimate(leaf.difference, leaf.low, leaf.high, leaf.p, leaf.note)
            for name, leaf in (("difference_in_changes", self.difference), ("within_rts", self.within_rts), ("ancova", self.ancova)) if leaf is not None}
        return {self.primary: found.pop(self.primary)} | found

    @property
    def main(self) -> Estimate:
        """The figure that the conclusion rests on."""
        return self.estimates[self.primary]


class Taken(NamedTuple):
    """How much of an activity people with both answers took part in, and in how many RTs."""

    n: int
    k: int
    mean: float
    none: float
    note: str = ""


@dataclass(frozen=True)
class DoseResult:
    """One activity against the change on one scale; ``p_holm`` is adjusted over the activities of the scale.

    ``ordinal`` is for a scale of a single item, whose answers have an order and no unit; ``ordinal_p_holm`` belongs to it.
    """

    activity: str
    taken: Taken
    response: adjusted.DoseResponse
    p_holm: float
    ordinal: ordinal.OrdinalDose | None = None
    ordinal_p_holm: float = math.nan


@dataclass(frozen=True)
class ScaleProgramme:
    """One headline scale over all RTs: the comparison (if there is one), the doses, and the mixed model of the programme's RTs."""

    scale: Scale
    comparison: ArmComparison | None
    doses: tuple[DoseResult, ...]
    mixed: several.RtMixedModel

    @property
    def name(self) -> str:
        return f"{self.scale.instrument}.{self.scale.id}"


@dataclass(frozen=True)
class Programme:
    """What the RTs together say about the programme.

    Attributes:
        scales: one entry for each instrument's headline scale.
        comparison_flows: per RT, where the questionnaires of persons in the comparison group went; empty for whole RTs,
            whose flows stand among the others.
        without_arm: people who state no group, or both, and so are in neither.
        without_answers: whether only the ledgers of the RTs were at hand, so that groups and doses could not be looked at.
    """

    scales: tuple[ScaleProgramme, ...]
    comparison_flows: tuple[Flow, ...] = ()
    without_arm: int = 0
    without_answers: bool = False
