"""Sentences about waves after the main comparison: what became of the change."""

from __future__ import annotations

from itertools import pairwise

from baksos_eval.evaluation.results import FEWEST_PAIRS, Evaluation, Summary
from baksos_eval.evaluation.waves import PooledPair, WaveResult, WaveSummary
from baksos_eval.report.content import Text
from baksos_eval.report.moments import wave_name
from baksos_eval.report.phrases import digits, scale_name
from baksos_eval.report.text import Catalogue, words
from baksos_eval.stats.waves import WavePair
from baksos_eval.study.study import Study


def waves(e: Evaluation) -> tuple[Text, ...] | None:
    """For each headline the means of all waves, the changes between them and whether the first change lasted; ``None`` without later waves."""
    if not e.waves:
        return None
    c = words(e.study.language)
    headlines = [next(result for result in e.waves if result.scale.instrument == instrument.id) for instrument in e.study.questionnaires]
    paragraphs = [Text(_in_words(result, e.study, c)) for result in headlines]
    closing = [c.text("waves.who", both=e.flow.both), c.text("waves.see")] if any(result.shown for result in headlines) else []
    return (*paragraphs, *([Text(" ".join(closing))] if closing else []))


def later_waves(s: Summary) -> tuple[Text, ...] | None:
    """For each headline the changes between all waves over the RTs and whether the first change lasted; ``None`` without later waves."""
    if not s.waves:
        return None
    c = words(s.study.language)
    paragraphs = [Text(_over_rts(result, s.study, c), role="verdict") for result in wave_headlines(s)]
    closing = [c.text("waves.who_rts"), c.text("waves.see_rts")] if any(result.shown for result in wave_headlines(s)) else []
    return (*paragraphs, *([Text(" ".join(closing))] if closing else []))


def wave_headlines(s: Summary) -> list[WaveSummary]:
    """The first scale of each instrument."""
    return [next(result for result in s.waves if result.scale.instrument == instrument.id) for instrument in s.study.questionnaires]


def change_name(pair: WavePair | PooledPair, result: WaveResult | WaveSummary, study: Study, c: Catalogue) -> str:
    """Two waves with what lies between them: ``sebelum → susulan``."""
    first, second = (wave_name(study, result.waves[place], c) for place in (pair.first, pair.second))
    return c.text("waves.from_to", first=first, second=second)


def _in_words(result: WaveResult, study: Study, c: Catalogue) -> str:
    scale, d = scale_name(result, study, c), digits(result.scale)
    if not result.shown:
        return c.text("waves.few", scale=scale, n=result.n, fewest=FEWEST_PAIRS)
    means = [c.text("waves.mean", mean=c.number(mean.mean, d), wave=wave_name(study, wave, c)) for wave, mean in zip(result.waves, result.means, strict=True)]
    changes = [c.text("waves.change", pair=change_name(pair, result, study, c), change=c.number(pair.result.change, d, signed=True),
                      interval=c.interval(pair.result.change_low, pair.result.change_high, d), p=c.p_phrase(pair.p_holm)) for pair in result.changes]
    sentences = [c.text("waves.means", scale=scale, n=result.n, means=c.listing(means)), _overall(result, study, c), c.text("waves.changes", changes="; ".join(changes))]
    return " ".join([*sentences, *_what_lasted(result, study, c)])


def _over_rts(result: WaveSummary, study: Study, c: Catalogue) -> str:
    scale, d, k = scale_name(result, study, c), digits(result.scale), len(result.shown)
    if not k:
        return c.text("waves.few_rts", scale=scale, fewest=FEWEST_PAIRS)
    people = c.text("waves.rts", scale=scale, k=k, n=sum(one.n for _, one in result.shown))
    lost = next((pair.pooled.note for pair in result.pairs if pair.pooled.low != pair.pooled.low), "")
    if lost:
        return " ".join([people, c.text("waves.not_pooled", reason=c.text(f"reason.{lost}"))])
    changes = [c.text("waves.change", pair=change_name(pair, result, study, c), change=c.number(pair.pooled.estimate, d, signed=True),
                      interval=c.interval(pair.pooled.low, pair.pooled.high, d), p=c.p_phrase(pair.p_holm)) for pair in result.pairs]
    return " ".join([people, c.text("waves.pooled", changes="; ".join(changes)), *_what_lasted(result, study, c)])


def _overall(result: WaveResult, study: Study, c: Catalogue) -> str:
    """Whether the waves differ at all, by the analysis of variance with the test of ranks beside it."""
    anova, ranks = result.repeated_measures, result.friedman
    if anova.note:
        return c.text("waves.overall_missing", reason=c.text(f"reason.{anova.note}"))
    differ = anova.p_greenhouse_geisser < 1 - study.analysis.confidence
    return c.text("waves.overall_differ" if differ else "waves.overall_alike", p=c.p_phrase(anova.p_greenhouse_geisser), p_ranks=c.p_phrase(ranks.p), w=c.number(ranks.kendall_w))


def _what_lasted(result: WaveResult | WaveSummary, study: Study, c: Catalogue) -> list[str]:
    """For each later wave, where it stands to the wave before the programme and to the one just before it (by Holm's p)."""
    found: tuple[WavePair, ...] | tuple[PooledPair, ...] = result.pairs if isinstance(result, WaveSummary) else result.changes
    pairs = {(pair.first, pair.second): pair for pair in found}
    alpha = 1 - study.analysis.confidence
    told = []
    for earlier, later in pairwise(range(1, len(result.waves))):
        since_start, since_last = (_way(pairs[place, later], result, alpha) for place in (0, earlier))
        told.append(c.text(f"waves.since_start_{since_start}", wave=wave_name(study, result.waves[later], c)))
        told.append(c.text(f"waves.since_last_{since_last}", wave=wave_name(study, result.waves[later], c), before=wave_name(study, result.waves[earlier], c)))
    return told


def _way(pair: WavePair | PooledPair, result: WaveResult | WaveSummary, alpha: float) -> str:
    if not pair.p_holm < alpha:
        return "unclear"
    change = pair.pooled.estimate if isinstance(pair, PooledPair) else pair.result.change
    return "better" if (change > 0) == (result.scale.direction == "up") else "worse"
