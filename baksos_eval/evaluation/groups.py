"""Evaluates one RT whose questionnaires are anonymous: before and after as two groups of people, and nothing that needs pairs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity
from baksos_eval.evaluation.group_results import (
    AnsweredApart,
    CategoriesApart,
    GroupAnnex,
    GroupItem,
    GroupResult,
)
from baksos_eval.evaluation.notices import FEW_PAIRS, MANY_AT_THE_END
from baksos_eval.evaluation.questions import quality_of, worth_of
from baksos_eval.evaluation.results import FEWEST_PAIRS, Variant, withhold
from baksos_eval.evaluation.scales import best_first_of, ends_of
from baksos_eval.intake.rt_data import RtData
from baksos_eval.stats import (
    careless,
    categories,
    description,
    multiplicity,
    ratings,
    reliability,
    ritual,
    unpaired,
)
from baksos_eval.stats.answers import answered
from baksos_eval.stats.samples import Values, mean
from baksos_eval.study.instrument import Instrument, Item, Scale
from baksos_eval.study.study import WAVES, Analysis, Study


class _Wave(NamedTuple):
    """One wave's answers on a scale, people sorted by score: scores, item scores and codes of those who have a score."""

    scores: Values
    items: Values
    codes: np.ndarray


def evaluate_groups(data: RtData, study: Study) -> tuple[tuple[GroupResult, ...], tuple[GroupItem, ...]]:
    """The scales and the items of one RT, wave against wave; with fewer than five people in a wave, their counts."""
    scales = tuple(_evaluate_scale(data, instrument, scale, study.analysis) for instrument in study.questionnaires for scale in instrument.scales)
    return scales, tuple(result for instrument in study.questionnaires for result in _evaluate_items(data, instrument, study.analysis))


def group_notices(rt: str, results: Sequence[GroupResult]) -> tuple[Finding, ...]:
    """Findings about one RT's results: few people, and scores at the end of a scale."""
    found = []
    for result in results:
        if result.scale.id != "total" or not result.shown:
            continue
        details: dict[str, Any] = {"scale": result.scale.label}
        sizes = {"pre": result.answered.n_pre, "post": result.answered.n_post}
        if min(sizes.values()) < FEW_PAIRS:
            found.append(Finding("few_people_for_inference", Severity.WARNING, min(sizes.values()), rt=rt, details=details | sizes))
        for end in ("ceiling_pre", "floor_post", "ceiling_post", "floor_pre"):
            share = getattr(result.ends, end)
            if share >= MANY_AT_THE_END:
                count = round(share * sizes[end.partition("_")[2]])
                found.append(Finding(f"many_at_{end}", Severity.NOTE, count, rt=rt, details=details | {"percent": 100 * share}))
    return tuple(found)


def _evaluate_scale(data: RtData, instrument: Instrument, scale: Scale, analysis: Analysis) -> GroupResult:
    before, after = (_wave(data, instrument, scale, wave) for wave in WAVES)
    pre, post = before.scores, after.scores
    level = analysis.confidence
    alphas = [reliability.cronbach_alpha(reliability.complete_rows(wave.items), level) for wave in (before, after)]
    result = GroupResult(
        scale=scale,
        pre=tuple(pre.tolist()),
        post=tuple(post.tolist()),
        answered=AnsweredApart(len(pre), len(post)),
        welch=unpaired.mean_difference(pre, post, level),
        verdict=str(unpaired.judge_difference(pre, post, scale.smallest_change, scale.direction, level)),
        rank_sum=unpaired.rank_sum(pre, post),
        superiority=unpaired.superiority(pre, post, level),
        cliff_delta=unpaired.cliff_delta(pre, post, level),
        standardised=unpaired.standardised_change(pre, post, level),
        group_gain=unpaired.group_gain(pre, post, scale.maximum, scale.minimum, scale.direction, level, analysis.resamples, analysis.seed),
        alpha_pre=alphas[0],
        alpha_post=alphas[1],
        ends=ends_of(pre, post, scale),
        smallest_detectable=unpaired.smallest_detectable_difference(pre, post),
        categories=_categories(pre, post, scale),
        annex=_annex(before, after, instrument, scale, analysis),
    )
    return result if min(len(pre), len(post)) >= FEWEST_PAIRS else _counts_only(result)


def _annex(before: _Wave, after: _Wave, instrument: Instrument, scale: Scale, analysis: Analysis) -> GroupAnnex:
    pre, post, delta, (bottom, top) = before.scores, after.scores, scale.smallest_change, instrument.item_range
    return GroupAnnex(
        student=unpaired.pooled_difference(pre, post, analysis.confidence),
        equivalence=unpaired.equivalence(pre, post, -delta, delta, 1 - analysis.confidence) if delta else None,
        shapiro_pre=description.shapiro_wilk(pre), shapiro_post=description.shapiro_wilk(post),
        lilliefors_pre=description.lilliefors(pre), lilliefors_post=description.lilliefors(post),
        omega_pre=reliability.omega_total(reliability.complete_rows(before.items)),
        omega_post=reliability.omega_total(reliability.complete_rows(after.items)),
        index_pre=ratings.index_percent(before.items, top, bottom), index_post=ratings.index_percent(after.items, top, bottom),
        sensitivity=_sensitivity(before, after, instrument, scale, analysis),
        ritual=ritual.choose_unpaired(pre, post, 1 - analysis.confidence) if analysis.test == "spss-ritual" else None,
    )


def _sensitivity(before: _Wave, after: _Wave, instrument: Instrument, scale: Scale, analysis: Analysis) -> tuple[Variant, ...]:
    """The main difference, then the difference under other choices, each with its interval."""
    reversed_items = sum(instrument.item(item).reversed for item in scale.items)
    attentive = [wave.scores[~careless.straight_lining(wave.codes, reversed_items)] for wave in (before, after)]
    everybody = before.scores, after.scores
    return (
        _variant("all_people", unpaired.mean_difference(*everybody, analysis.confidence)),
        _variant("no_careless", unpaired.mean_difference(*attentive, analysis.confidence)),
        _variant("student", unpaired.pooled_difference(*everybody, analysis.confidence)),
    )


def _variant(name: str, result: unpaired.MeanDifference) -> Variant:
    return Variant(name, result.n_pre + result.n_post, result.change, result.change_low, result.change_high, result.p, result.note)


def _wave(data: RtData, instrument: Instrument, scale: Scale, wave: str) -> _Wave:
    scores = data.scores[wave][instrument.id][scale.id].to_numpy(float)
    has = np.flatnonzero(~np.isnan(scores))
    chosen = has[np.argsort(scores[has], kind="stable")]
    names = list(scale.items)
    return _Wave(scores[chosen], data.items[wave][instrument.id][names].to_numpy(float)[chosen], data.codes[wave][instrument.id][names].to_numpy(object)[chosen])


def _categories(pre: Values, post: Values, scale: Scale) -> CategoriesApart | None:
    if not scale.categories:
        return None
    preset = categories.suited(scale.categories, scale.minimum, scale.maximum)
    counts = [categories.count(values, preset) for values in (pre, post)]
    best_first = best_first_of(preset, scale)
    return CategoriesApart(scale.categories, *({key: count[key] for key in best_first} for count in counts))


def _counts_only(result: GroupResult) -> GroupResult:
    annex = replace(result.annex, sensitivity=(), **_withheld(result.annex))
    return replace(result, pre=(), post=(), verdict="too_few", categories=None, annex=annex, **_withheld(result))


def _withheld(branch: GroupResult | GroupAnnex) -> dict[str, Any]:
    """Every leaf of a branch with its counts alone."""
    leaves = {entry.name: getattr(branch, entry.name) for entry in fields(branch) if entry.name != "categories"}
    return {name: withhold(leaf) for name, leaf in leaves.items() if hasattr(leaf, "_fields")}


def _evaluate_items(data: RtData, instrument: Instrument, analysis: Analysis) -> list[GroupItem]:
    """One result per item, its p adjusted over the instrument's items (Holm)."""
    scores = {wave: data.items[wave][instrument.id] for wave in WAVES}
    worth = {wave: worth_of(scores[wave], instrument) for wave in WAVES}
    quality = {wave: quality_of(scores[wave], instrument) for wave in WAVES}
    found = [_item(item, instrument, scores, {wave: data.codes[wave][instrument.id][item.id] for wave in WAVES}, analysis)
             | {f"worth_{wave}": worth[wave][place] for wave in WAVES} | {f"quality_{wave}": quality[wave][place] for wave in WAVES}
             for place, item in enumerate(instrument.items)]
    adjusted = multiplicity.holm([entry["p"] for entry in found])
    return [GroupItem(**entry, p_holm=float(p_holm)) for entry, p_holm in zip(found, adjusted, strict=True)]


def _item(item: Item, instrument: Instrument, scores: Mapping[str, pd.DataFrame], codes: Mapping[str, pd.Series], analysis: Analysis) -> dict[str, Any]:
    pre, post = (np.sort(answered(scores[wave][item.id].to_numpy(float))) for wave in WAVES)
    tests: dict[str, Any] = dict.fromkeys(("share", "difference", "rank_sum"))
    if instrument.kind == "knowledge":
        tests["share"] = unpaired.share_difference(pre, post, analysis.confidence)
    else:
        tests |= {"difference": unpaired.mean_difference(pre, post, analysis.confidence), "rank_sum": unpaired.rank_sum(pre, post)}
    p = (tests["share"] or tests["rank_sum"]).p
    enough = min(len(pre), len(post)) >= FEWEST_PAIRS
    if not enough:
        tests, p = {name: leaf and withhold(leaf) for name, leaf in tests.items()}, math.nan
    counts = [{option.code: int((codes[wave] == option.code).sum()) for option in instrument.options} if enough else {} for wave in WAVES]
    means = [mean(values) if enough else math.nan for values in (pre, post)]
    return dict(item=item, instrument=instrument.id, n_pre=len(pre), n_post=len(post), pre=counts[0], post=counts[1],
                mean_pre=means[0], mean_post=means[1], p=p, **tests)
