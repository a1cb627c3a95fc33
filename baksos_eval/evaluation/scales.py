"""Evaluates one scale of one RT."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from baksos_eval.evaluation import annex
from baksos_eval.evaluation.results import (
    FEWEST_PAIRS,
    Annex,
    Answered,
    Categories,
    Ends,
    ScaleResult,
    withhold,
)
from baksos_eval.intake.rt_data import RtData
from baksos_eval.stats import categories, effect, gain, paired, ranks, reliability
from baksos_eval.stats.result import Reason
from baksos_eval.stats.samples import Values
from baksos_eval.study.instrument import Instrument, Scale
from baksos_eval.study.study import Analysis


def evaluate_scale(data: RtData, instrument: Instrument, scale: Scale, analysis: Analysis, whole: bool = True) -> ScaleResult:
    """Everything about one scale, without its annex unless ``whole``; with fewer than five pairs, its counts."""
    answers = _answers(data, instrument, scale)
    both = answers.paired
    pre, post = answers.pre[both], answers.post[both]
    change = paired.mean_change(pre, post, analysis.confidence)
    limits = {"minimum": scale.minimum, "maximum": scale.maximum, "direction": scale.direction}
    resampling = {"confidence": analysis.confidence, "seed": analysis.seed, "resamples": analysis.resamples}
    alphas = {wave: reliability.cronbach_alpha(reliability.complete_rows(items[both]), analysis.confidence)
              for wave, items in (("pre", answers.items_pre), ("post", answers.items_post))}
    result = ScaleResult(
        scale=scale,
        pre=tuple(pre.tolist()),
        post=tuple(post.tolist()),
        answered=Answered(int((~np.isnan(answers.pre)).sum()), int((~np.isnan(answers.post)).sum()), int(both.sum())),
        mean_change=change,
        correlation=paired.correlation(pre, post, analysis.confidence),
        verdict=str(paired.judge_change(pre, post, scale.smallest_change, scale.direction, analysis.confidence)),
        signed_rank=ranks.signed_rank(pre, post, analysis.zeros),
        spss_signed_rank=ranks.spss_signed_rank(pre, post),
        hodges_lehmann=ranks.hodges_lehmann(pre, post, analysis.confidence, analysis.zeros),
        direction=ranks.sign_test(pre, post, scale.direction),
        d_z=effect.cohen_d_z(pre, post, analysis.confidence),
        d_av=effect.cohen_d_av(pre, post, analysis.confidence),
        rank_biserial=effect.rank_biserial(pre, post, analysis.confidence),
        class_gain=gain.class_gain(pre, post, **limits, **resampling),
        individual_gain=gain.individual_gain(pre, post, **limits),
        normalised_change=gain.normalised_change(pre, post, **limits),
        alpha_pre=alphas["pre"],
        alpha_post=alphas["post"],
        ends=ends_of(pre, post, scale),
        smallest_detectable=paired.smallest_detectable_change(len(pre), change.sd_change),
        categories=_categories(pre, post, scale),
        annex=annex.append(answers, instrument, scale, alphas["pre"].alpha, analysis) if whole else None,
    )
    return result if len(pre) >= FEWEST_PAIRS else _counts_only(result)


def _counts_only(result: ScaleResult) -> ScaleResult:
    return replace(result, pre=(), post=(), verdict="too_few", categories=None, annex=result.annex and _withhold_all(result.annex, Annex),
                   **{entry.name: withhold(value) for entry in fields(result) if hasattr(value := getattr(result, entry.name), "_fields") and entry.name != "categories"})


def _withhold_all(branch: Any, kind: type) -> Any:
    values = {entry.name: getattr(branch, entry.name) for entry in fields(kind)}
    return kind(**{name: withhold(value) if hasattr(value, "_fields") else () if isinstance(value, tuple) else value for name, value in values.items()})


def _answers(data: RtData, instrument: Instrument, scale: Scale) -> annex.Answers:
    """The scale's answers, people sorted by their scores, so that the order of the files changes nothing."""
    pre, post = (data.scores[wave][instrument.id][scale.id].to_numpy(float) for wave in ("pre", "post"))
    items = list(scale.items)
    tables = [source[wave][instrument.id][items].to_numpy(kind) for source, kind in ((data.items, float), (data.codes, object)) for wave in ("pre", "post")]
    order = np.lexsort((post, pre))
    return annex.Answers(pre[order], post[order], *(table[order] for table in tables))


def ends_of(pre: Values, post: Values, scale: Scale) -> Ends:
    """The shares of people at the scale's worst and best score, before and after."""
    worst, best = (scale.minimum, scale.maximum) if scale.direction == "up" else (scale.maximum, scale.minimum)
    if not len(pre) or not len(post):
        return Ends(*[math.nan] * 4, str(Reason.NO_DATA))
    return Ends(*(float(np.isclose(values, end).mean()) for end in (worst, best) for values in (pre, post)))


def best_first_of(preset: categories.Preset, scale: Scale) -> Sequence[str]:
    """The preset's band keys from the best to the worst, which is from the lowest where a lower score is better."""
    return preset.keys[::-1] if scale.direction == "up" else preset.keys


def _categories(pre: Values, post: Values, scale: Scale) -> Categories | None:
    if not scale.categories:
        return None
    preset = categories.suited(scale.categories, scale.minimum, scale.maximum)
    table = categories.transition(pre, post, preset)
    higher, lower = np.triu(table, 1).sum(), np.tril(table, -1).sum()
    best_first: Sequence[str] = best_first_of(preset, scale)
    before, after = (categories.count(values, preset) for values in (pre, post))
    moves: dict[str, Any] = dict(zip(("risen", "fallen"), (higher, lower) if scale.direction == "up" else (lower, higher), strict=True)) | {"same": np.trace(table)}
    steps = {(one, other): int(table[preset.keys.index(one), preset.keys.index(other)]) for one in best_first for other in best_first}
    return Categories(scale.categories, {key: before[key] for key in best_first}, {key: after[key] for key in best_first},
                      **{name: int(count) for name, count in moves.items()}, moves=steps)
