"""Evaluates one RT: prepared answers in, one frozen :class:`Evaluation` out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from baksos_eval.evaluation.notices import notices
from baksos_eval.evaluation.results import Answered, Categories, Ends, Evaluation, ItemResult, ScaleResult
from baksos_eval.intake.intake import RtData, prepare
from baksos_eval.stats import categories, effect, gain, items, multiplicity, paired, ranks, reliability, samples
from baksos_eval.stats.result import Reason
from baksos_eval.study.instrument import Instrument, Scale
from baksos_eval.study.study import Analysis, Study

FEWEST_PAIRS = 5
"""With fewer pairs only counts are shown: nothing can be inferred, and a mean would tell who answered what."""

Leaf = TypeVar("Leaf", bound=NamedTuple)


def evaluate(study: Study, rt: str) -> Evaluation:
    """The evaluation of one RT.

    Raises:
        BaksosError: ``rt_cannot_be_analysed`` with every fatal finding, or what reading the files raises.
    """
    data = prepare(study, rt)
    scales = tuple(_evaluate_scale(data, instrument, scale, study.analysis)
                   for instrument in study.questionnaires for scale in instrument.scales)
    results = tuple(result for instrument in study.questionnaires for result in _evaluate_items(data, instrument, study.analysis))
    return Evaluation(study, data.rt, data.flow, (*data.findings, *notices(data.rt, scales)), scales, results)


def _evaluate_scale(data: RtData, instrument: Instrument, scale: Scale, analysis: Analysis) -> ScaleResult:
    before = data.scores["pre"][instrument.id][scale.id].to_numpy(float)
    after = data.scores["post"][instrument.id][scale.id].to_numpy(float)
    both = ~np.isnan(before) & ~np.isnan(after)
    order = np.lexsort((after[both], before[both]))
    pre, post = before[both][order], after[both][order]
    change = paired.mean_change(pre, post, analysis.confidence)
    enough = len(pre) >= FEWEST_PAIRS
    limits = {"minimum": scale.minimum, "maximum": scale.maximum, "direction": scale.direction}
    resampling = {"confidence": analysis.confidence, "seed": analysis.seed, "resamples": analysis.resamples}
    item_scores = {wave: data.items[wave][instrument.id][list(scale.items)].to_numpy(float)[both] for wave in ("pre", "post")}
    leaves = {
        "mean_change": change,
        "correlation": paired.correlation(pre, post, analysis.confidence),
        "signed_rank": ranks.signed_rank(pre, post, analysis.zeros),
        "spss_signed_rank": ranks.spss_signed_rank(pre, post),
        "hodges_lehmann": ranks.hodges_lehmann(pre, post, analysis.confidence, analysis.zeros),
        "direction": ranks.sign_test(pre, post, scale.direction),
        "d_z": effect.cohen_d_z(pre, post, analysis.confidence),
        "d_av": effect.cohen_d_av(pre, post, analysis.confidence),
        "rank_biserial": effect.rank_biserial(pre, post, analysis.confidence),
        "class_gain": gain.class_gain(pre, post, **limits, **resampling),
        "individual_gain": gain.individual_gain(pre, post, **limits),
        "normalised_change": gain.normalised_change(pre, post, **limits),
        "alpha_pre": reliability.cronbach_alpha(_complete(item_scores["pre"]), analysis.confidence),
        "alpha_post": reliability.cronbach_alpha(_complete(item_scores["post"]), analysis.confidence),
        "ends": _ends(pre, post, scale),
        "smallest_detectable": paired.smallest_detectable_change(len(pre), change.sd_change),
    }
    if not enough:
        leaves = {name: withhold(leaf) for name, leaf in leaves.items()}
    return ScaleResult(
        scale=scale,
        pre=tuple(pre.tolist()) if enough else (),
        post=tuple(post.tolist()) if enough else (),
        answered=Answered(int((~np.isnan(before)).sum()), int((~np.isnan(after)).sum()), int(both.sum())),
        verdict=str(paired.judge_change(pre, post, scale.smallest_change, scale.direction, analysis.confidence)) if enough else "too_few",
        categories=_categories(pre, post, scale) if enough else None,
        **leaves,
    )


def _evaluate_items(data: RtData, instrument: Instrument, analysis: Analysis) -> list[ItemResult]:
    codes = [option.code for option in instrument.options]
    found = []
    for item in instrument.items:
        scores = [data.items[wave][instrument.id][item.id].to_numpy(float) for wave in ("pre", "post")]
        both = ~np.isnan(scores[0]) & ~np.isnan(scores[1])
        pre, post = (values[both] for values in scores)
        answers = [data.codes[wave][instrument.id][item.id][both].value_counts() for wave in ("pre", "post")]
        enough = len(pre) >= FEWEST_PAIRS
        right = items.mcnemar(pre, post) if instrument.kind == "knowledge" else None
        proportion = items.proportion_change(pre, post, analysis.confidence) if instrument.kind == "knowledge" else None
        rank = ranks.signed_rank(pre, post, analysis.zeros) if instrument.kind == "rating" else None
        p = right.p_mid if right else rank.p
        found.append(dict(
            item=item, instrument=instrument.id, n=len(pre),
            pre={code: int(answers[0].get(code, 0)) for code in codes} if enough else {},
            post={code: int(answers[1].get(code, 0)) for code in codes} if enough else {},
            mean_pre=samples.mean(pre) if enough else math.nan, mean_post=samples.mean(post) if enough else math.nan,
            right=right if enough else None, proportion=proportion if enough else None, signed_rank=rank if enough else None,
            p=p if enough else math.nan,
        ))
    adjusted = multiplicity.holm([entry["p"] for entry in found])
    return [ItemResult(**entry, p_holm=float(p_holm)) for entry, p_holm in zip(found, adjusted, strict=True)]


def withhold(leaf: Leaf) -> Leaf:
    """The leaf with its counts kept and every other number withheld as ``too_few``."""
    lost = {name: math.nan for name, value in leaf._asdict().items() if isinstance(value, float)}
    return leaf._replace(**lost, note=str(Reason.TOO_FEW)) if lost else leaf


def _complete(matrix: np.ndarray) -> np.ndarray:
    """The rows without a blank."""
    return matrix[~np.isnan(matrix).any(axis=1)]


def _ends(pre: np.ndarray, post: np.ndarray, scale: Scale) -> Ends:
    worst, best = (scale.minimum, scale.maximum) if scale.direction == "up" else (scale.maximum, scale.minimum)
    if not len(pre):
        return Ends(math.nan, math.nan, math.nan, math.nan, str(Reason.NO_DATA))
    return Ends(*(float(np.isclose(values, end).mean()) for end in (worst, best) for values in (pre, post)))


def _categories(pre: np.ndarray, post: np.ndarray, scale: Scale) -> Categories | None:
    if not scale.categories:
        return None
    table = categories.transition(pre, post, scale.categories)
    best_first: Sequence[str] = categories.find(scale.categories).keys[::-1]
    before, after = (categories.count(values, scale.categories) for values in (pre, post))
    moves: dict[str, Any] = {"risen": np.triu(table, 1).sum(), "same": np.trace(table), "fallen": np.tril(table, -1).sum()}
    return Categories(scale.categories, {key: before[key] for key in best_first}, {key: after[key] for key in best_first},
                      **{name: int(count) for name, count in moves.items()})
