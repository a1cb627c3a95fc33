"""What a recap needs of one RT: its flow, its change on each scale and what its waves say, without a person, an item or an annex."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from baksos_eval.evaluation.results import FEWEST_PAIRS, Evaluation, GroupUnit, Unit
from baksos_eval.evaluation.waves import WaveResult
from baksos_eval.intake.pairing import Flow
from baksos_eval.stats.paired import MeanChange
from baksos_eval.stats.result import Reason
from baksos_eval.stats.unpaired import MeanDifference
from baksos_eval.study.comparison import Arm
from baksos_eval.study.instrument import Scale
from baksos_eval.study.study import Study


@dataclass(frozen=True)
class RtSummary:
    """One RT as the recap uses it; the same from its evaluation and from its ledger.

    Attributes:
        arm: the group it is about in a study with a comparison, else empty.
        flow: where its questionnaires went.
        units: its change on each scale, in the order of :func:`scales_of`; p is not yet adjusted over RTs.
        sds: the standard deviation of the changes of its people on each scale, ``nan`` where it is withheld; empty if anonymous.
        waves: each scale over all waves; empty for a study of two waves.
    """

    rt: str
    arm: Arm | Literal[""]
    flow: Flow
    units: tuple[Unit, ...] | tuple[GroupUnit, ...]
    sds: tuple[float, ...]
    waves: tuple[WaveResult, ...] = ()


def scales_of(study: Study) -> tuple[Scale, ...]:
    """Every scale of the study, in the order of its questionnaires."""
    return tuple(scale for instrument in study.questionnaires for scale in instrument.scales)


def rt_summary(evaluation: Evaluation) -> RtSummary:
    """What the recap needs of an RT that was evaluated."""
    rt, sds = evaluation.rt, tuple(result.mean_change.sd_change for result in evaluation.scales)
    units = tuple(unit_of(rt, result.mean_change, result.verdict) for result in evaluation.scales)
    apart = tuple(group_unit_of(rt, result.welch, result.verdict) for result in evaluation.groups)
    return RtSummary(rt, evaluation.arm, evaluation.flow, units or apart, sds, evaluation.waves)


def unit_of(rt: str, change: MeanChange, verdict: str) -> Unit:
    """One RT's change on one scale."""
    n, shown = change.n, change.n >= FEWEST_PAIRS
    return Unit(rt, n, change.mean_pre, change.mean_post, change.change, change.sd_change / math.sqrt(n) if shown else math.nan, change.change_low, change.change_high,
                change.p, math.nan, verdict, str(change.note) if shown else str(Reason.TOO_FEW))


def group_unit_of(rt: str, change: MeanDifference, verdict: str) -> GroupUnit:
    """The same in an anonymous study."""
    shown = min(change.n_pre, change.n_post) >= FEWEST_PAIRS
    error = math.sqrt(change.sd_pre**2 / change.n_pre + change.sd_post**2 / change.n_post) if shown else math.nan
    return GroupUnit(rt, change.n_pre, change.n_post, change.mean_pre, change.mean_post, change.change, error, change.change_low, change.change_high,
                     change.p, math.nan, verdict, str(change.note))
