"""The recap over RTs: what is needed of each RT in, one frozen :class:`Summary` out. RT is the unit; people in one RT are not independent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.comparisons import Programme
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.results import Evaluation, GroupUnit, Missing, ScaleSummary, Summary, Unit
from baksos_eval.evaluation.rt_summary import RtSummary, rt_summary, scales_of
from baksos_eval.evaluation.waves import summarise_waves
from baksos_eval.intake.intake import list_rts
from baksos_eval.stats import multiplicity, several
from baksos_eval.study.instrument import Scale
from baksos_eval.study.study import Study


def evaluate_all(study: Study, whole: bool = True) -> tuple[tuple[Evaluation, ...], tuple[Missing, ...]]:
    """The evaluation of every RT, and the RTs that could not be analysed with their findings; a recap needs none of them ``whole``."""
    evaluations, missing = [], []
    for rt in list_rts(study):
        try:
            evaluations.append(evaluate(study, rt, whole=whole))
        except BaksosError as error:
            missing.append(Missing(rt, error.code, error.findings))
    return tuple(evaluations), tuple(missing)


def summarise(study: Study, evaluations: Iterable[Evaluation | RtSummary], missing: Sequence[Missing] = (), programme: Programme | None = None) -> Summary:
    """The recap of these evaluations, or of what is needed of each; RTs with fewer than five pairs are listed but carry no number.

    RTs without the programme are never drawn together with the others.
    """
    rts = [one if isinstance(one, RtSummary) else rt_summary(one) for one in evaluations]
    reached = [one for one in rts if one.arm != "comparison"]
    confidence = study.analysis.confidence
    scales = tuple(_summarise_scale(scale, units, confidence) for scale, units in zip(scales_of(study), zip(*(one.units for one in reached), strict=True), strict=False))
    return Summary(study, tuple(one.flow for one in rts), scales, tuple(missing), programme, summarise_waves(reached, confidence))


def _summarise_scale(scale: Scale, units: Sequence[Unit] | Sequence[GroupUnit], confidence: float) -> ScaleSummary:
    adjusted = multiplicity.holm([unit.p for unit in units])
    changes = [unit.change for unit in units]
    variances = [unit.standard_error**2 for unit in units]
    pooled = several.pool(changes, variances, confidence)
    return ScaleSummary(
        scale=scale,
        units=tuple(unit._replace(p_holm=float(p)) for unit, p in zip(units, adjusted, strict=True)),
        pooled=pooled,
        rt_means=several.rt_means_test([change for change in changes if not math.isnan(change)], confidence),
        shrunken=tuple(several.shrunken(changes, variances, pooled, confidence)),
    )
