"""The second rank of results on one scale, and how the main result fares under other reasonable choices."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from baksos_eval.evaluation.results import FEWEST_PAIRS, Annex, Variant, withhold
from baksos_eval.stats import (
    careless,
    description,
    effect,
    missing,
    paired,
    ranks,
    ratings,
    reliability,
    ritual,
)
from baksos_eval.stats.result import Reason
from baksos_eval.stats.samples import Values, changes
from baksos_eval.study.instrument import Instrument, Scale
from baksos_eval.study.study import Analysis


class Answers(NamedTuple):
    """One scale's scores of everybody in the RT (``nan`` where there is none), with the items behind them.

    ``items_*`` are item scores and ``codes_*`` the answers as given, persons by items, in the order of the scores.
    """

    pre: Values
    post: Values
    items_pre: Values
    items_post: Values
    codes_pre: np.ndarray
    codes_post: np.ndarray

    @property
    def paired(self) -> np.ndarray:
        return ~np.isnan(self.pre) & ~np.isnan(self.post)


def append(answers: Answers, instrument: Instrument, scale: Scale, alpha: float, analysis: Analysis) -> Annex:
    """The annex of one scale; ``alpha`` is its reliability before the programme."""
    both = answers.paired
    pre, post = answers.pre[both], answers.post[both]
    delta = scale.smallest_change
    change = changes(pre, post)
    stayed, left = answers.pre[both], answers.pre[~np.isnan(answers.pre) & np.isnan(answers.post)]
    bottom, top = instrument.item_range
    resampled = paired.bootstrap_change(pre, post, analysis.confidence, analysis.resamples, analysis.seed)
    everybody = missing.all_available(answers.pre, answers.post, analysis.confidence)
    bounds = _bounds(missing.leaver_bounds(answers.pre, answers.post, scale.minimum, scale.maximum))
    return Annex(
        bootstrap_change=resampled,
        equivalence=paired.equivalence(pre, post, -delta, delta, 1 - analysis.confidence) if delta else None,
        shapiro_pre=description.shapiro_wilk(pre), shapiro_post=description.shapiro_wilk(post), shapiro_change=description.shapiro_wilk(change),
        lilliefors_pre=description.lilliefors(pre), lilliefors_post=description.lilliefors(post), lilliefors_change=description.lilliefors(change),
        omega_pre=reliability.omega_total(reliability.complete_rows(answers.items_pre[both])),
        omega_post=reliability.omega_total(reliability.complete_rows(answers.items_post[both])),
        reliable_change=reliability.reliable_change(pre, post, alpha, scale.direction, analysis.confidence),
        attrition=_without_small_groups(effect.standardised_difference(stayed, left, analysis.confidence)),
        all_available=everybody,
        leaver_bounds=bounds,
        index_pre=ratings.index_percent(answers.items_pre[both], top, bottom), index_post=ratings.index_percent(answers.items_post[both], top, bottom),
        sensitivity=(
            *_sensitivity(answers, instrument, scale, analysis),
            Variant("bootstrap", resampled.n, resampled.change, resampled.low, resampled.high, math.nan, resampled.note or str(Reason.INTERVAL_ONLY)),
            Variant("all_available", everybody.n_pre_only + everybody.n_post_only + everybody.n_both, everybody.change, everybody.low, everybody.high,
                    everybody.p, everybody.note),
            Variant("leavers_unchanged", bounds.n, bounds.unchanged, math.nan, math.nan, math.nan, bounds.note if math.isnan(bounds.unchanged) else str(Reason.POINT_ONLY)),
        ),
        ritual=ritual.choose_paired(pre, post, 1 - analysis.confidence) if analysis.test == "spss-ritual" else None,
    )


def _bounds(bounds: missing.LeaverBounds) -> missing.LeaverBounds:
    """The bounds, without the extremes where these would give back the scores of the few who left."""
    if not 0 < bounds.n_pre_only + bounds.n_post_only < FEWEST_PAIRS or bounds.note:
        return bounds
    return bounds._replace(lowest=math.nan, highest=math.nan, note=str(Reason.TOO_FEW))


def _without_small_groups(difference: effect.StandardisedDifference) -> effect.StandardisedDifference:
    """The comparison, withheld when either group is so small that its mean would tell who answered what."""
    return difference if min(difference.n_first, difference.n_second) >= FEWEST_PAIRS else withhold(difference)


def _sensitivity(answers: Answers, instrument: Instrument, scale: Scale, analysis: Analysis) -> tuple[Variant, ...]:
    """The main change, then the same people's change under other choices, each with its interval."""
    both = answers.paired
    pre, post = answers.pre[both], answers.post[both]
    reversed_items = sum(instrument.item(item).reversed for item in scale.items)
    attentive = ~(careless.straight_lining(answers.codes_pre[both], reversed_items) | careless.straight_lining(answers.codes_post[both], reversed_items))
    best = scale.maximum if scale.direction == "up" else scale.minimum
    with_room = ~np.isclose(pre, best)
    shift = {zeros: ranks.hodges_lehmann(pre, post, analysis.confidence, zeros) for zeros in ("pratt", "wilcox")}
    tests = {zeros: ranks.signed_rank(pre, post, zeros) for zeros in ("pratt", "wilcox")}
    return (
        _mean_variant("all_pairs", pre, post, analysis),
        _mean_variant("no_careless", pre[attentive], post[attentive], analysis),
        _mean_variant("no_ceiling", pre[with_room], post[with_room], analysis),
        *(Variant(f"hodges_lehmann_{zeros}", shift[zeros].n, shift[zeros].estimate, shift[zeros].low, shift[zeros].high, tests[zeros].p,
                  shift[zeros].note or tests[zeros].note) for zeros in shift),
    )


def _mean_variant(name: str, pre: Values, post: Values, analysis: Analysis) -> Variant:
    change = paired.mean_change(pre, post, analysis.confidence)
    return Variant(name, change.n, change.change, change.change_low, change.change_high, change.p, change.note)
