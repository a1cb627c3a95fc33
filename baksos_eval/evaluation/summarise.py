"""The recap over RTs: evaluations in, one frozen :class:`Summary` out. RT is the unit; people in one RT are not independent."""

from __future__ import annotations

import math
from collections.abc import Sequence

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.comparisons import Programme
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import (
    FEWEST_PAIRS,
    Evaluation,
    GroupUnit,
    Missing,
    ScaleResult,
    ScaleSummary,
    Summary,
    Unit,
)
from baksos_eval.evaluation.waves import summarise_waves
from baksos_eval.intake.intake import list_rts
from baksos_eval.stats import multiplicity, several
from baksos_eval.stats.result import Reason
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


def summarise(study: Study, evaluations: Sequence[Evaluation], missing: Sequence[Missing] = (), programme: Programme | None = None) -> Summary:
    """The recap of these evaluations; RTs with fewer than five pairs are listed but carry no number.

    RTs without the programme are never drawn together with the others.
    """
    reached = [evaluation for evaluation in evaluations if evaluation.arm != "comparison"]
    results = [evaluation.scales or evaluation.groups for evaluation in reached]
    scales = tuple(_summarise_scale(scale, [evaluation.rt for evaluation in reached], study.analysis.confidence) for scale in zip(*results, strict=True))
    waves = summarise_waves(reached, study.analysis.confidence)
    return Summary(study, tuple(evaluation.flow for evaluation in evaluations), scales, tuple(missing), programme, waves)


def _summarise_scale(results: Sequence[ScaleResult] | Sequence[GroupResult], rts: Sequence[str], confidence: float) -> ScaleSummary:
    units = [_unit(rt, result) for rt, result in zip(rts, results, strict=True)]
    adjusted = multiplicity.holm([unit.p for unit in units])
    units = [unit._replace(p_holm=float(p)) for unit, p in zip(units, adjusted, strict=True)]
    changes = [unit.change for unit in units]
    variances = [unit.standard_error**2 for unit in units]
    pooled = several.pool(changes, variances, confidence)
    return ScaleSummary(
        scale=results[0].scale,
        units=tuple(units),
        pooled=pooled,
        rt_means=several.rt_means_test([change for change in changes if not math.isnan(change)], confidence),
        shrunken=tuple(several.shrunken(changes, variances, pooled, confidence)),
    )


def _unit(rt: str, result: ScaleResult | GroupResult) -> Unit | GroupUnit:
    if isinstance(result, GroupResult):
        return _group_unit(rt, result)
    change = result.mean_change
    n = result.answered.n_both
    note = str(Reason.TOO_FEW) if n < FEWEST_PAIRS else change.note
    error = change.sd_change / math.sqrt(n) if n >= FEWEST_PAIRS else math.nan
    return Unit(rt, n, change.mean_pre, change.mean_post, change.change, error, change.change_low, change.change_high,
                change.p, math.nan, result.verdict, note)


def _group_unit(rt: str, result: GroupResult) -> GroupUnit:
    change = result.welch
    error = math.sqrt(change.sd_pre**2 / change.n_pre + change.sd_post**2 / change.n_post) if result.shown else math.nan
    return GroupUnit(rt, change.n_pre, change.n_post, change.mean_pre, change.mean_post, change.change, error, change.change_low, change.change_high,
                     change.p, math.nan, result.verdict, change.note)
