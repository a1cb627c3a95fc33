"""Figures of a result, one function a topic: the drawing with its caption, its notes and the sentence that says what it shows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from baksos_eval.evaluation.comparisons import ScaleProgramme
from baksos_eval.evaluation.group_results import GroupItem, GroupResult
from baksos_eval.evaluation.instrument_study import InstrumentResult, InstrumentStudy
from baksos_eval.evaluation.results import (
    FEWEST_PAIRS,
    Evaluation,
    ItemResult,
    ScaleResult,
    ScaleSummary,
    Summary,
)
from baksos_eval.evaluation.waves import WaveResult
from baksos_eval.report import (
    inline,
    plots,
    plots_comparison,
    plots_designs,
    plots_instruments,
    plots_items,
    plots_rts,
)
from baksos_eval.report.content import Figure
from baksos_eval.report.designs import two_sizes
from baksos_eval.report.figures_aid import aid as aid
from baksos_eval.report.figures_aid import aid_days as aid_days
from baksos_eval.report.figures_many_rts import spread_of_means, spread_of_rts
from baksos_eval.report.figures_sensitivity import sensitivity as sensitivity
from baksos_eval.report.framing import frame, parts
from baksos_eval.report.many_rts import are_many
from baksos_eval.report.moments import wave_name, when
from baksos_eval.report.outreach_figures import posts as posts
from baksos_eval.report.outreach_figures import satisfaction as satisfaction
from baksos_eval.report.photo_figures import photos as photos
from baksos_eval.report.phrases import digits, item_name, scale_name, unit_of
from baksos_eval.report.tables.programme import is_shown
from baksos_eval.report.text import Catalogue, words
from baksos_eval.report.tutoring_figures import tutoring as tutoring
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import Study


def change(e: Evaluation) -> Figure:
    """Every pair before and after, the means and the mean change with its interval, a panel for each instrument.

    Of anonymous people, how many have which score before and after.
    """
    if e.study.is_anonymous:
        return _groups(e)
    c = words(e.study.language)
    shown = [result for result in e.headlines if not math.isnan(result.mean_change.change)]
    confidence = c.percent(e.study.analysis.confidence, 0)
    sheet = plots.draw_change(e.headlines, c)
    notes = [c.text("figure.note.pairs")] * any(result.n >= FEWEST_PAIRS for result in shown)
    notes += [c.text("figure.note.difference", confidence=confidence)] * bool(shown)
    notes += [c.text("figure.note.smallest_change")] * bool(sheet.named("smallest change"))
    notes += _missing([(scale_name(result, e.study, c), result.mean_change.note) for result in shown], c)
    alt = [c.text("figure.alt.change", panels=len(e.headlines), rt=inline.escape(e.rt))]
    alt += [_change_in_words(result, e.study, confidence, c) for result in e.headlines]
    return frame(e.study, c, sheet, "change", c.text("figure.caption.change", rt=inline.escape(e.rt)), alt, notes)


def flow(e: Evaluation) -> Figure:
    """Where every questionnaire went: handed in, lost and why, paired."""
    c = words(e.study.language)
    f = e.flow
    if e.study.is_anonymous:
        alt = c.text("figure.alt.flow_apart", rt=inline.escape(e.rt), rows_pre=f.rows_pre, rows_post=f.rows_post, refused_pre=f.refused_pre, refused_post=f.refused_post,
                     used_pre=f.pre_only, used_post=f.post_only)
        return frame(e.study, c, plots.draw_flow(f, c, anonymous=True), "flow", c.text("figure.caption.flow_apart", rt=inline.escape(e.rt)), [alt])
    alt = c.text("figure.alt.flow", rt=inline.escape(e.rt), rows_pre=f.rows_pre, rows_post=f.rows_post, refused_pre=f.refused_pre, refused_post=f.refused_post,
                 no_id_pre=f.no_id_pre, no_id_post=f.no_id_post, duplicate_pre=f.duplicate_pre, duplicate_post=f.duplicate_post,
                 pre_only=f.pre_only, post_only=f.post_only, both=f.both)
    later = [c.text("figure.alt.flow_later", wave=wave_name(e.study, wave.wave, c), rows=wave.rows, paired=wave.paired) for wave in e.later]
    return frame(e.study, c, plots.draw_flow(f, c), "flow", c.text("figure.caption.flow", rt=inline.escape(e.rt)), [alt, *later])


def items(e: Evaluation) -> tuple[Figure, ...]:
    """The items of each instrument before and after: shares of right answers, or of every answer on a rating scale."""
    c = words(e.study.language)
    return tuple(figure for instrument in e.study.questionnaires for figure in _item_figures(e, instrument, c))


def categories(e: Evaluation) -> Figure | None:
    """People per category before and after; ``None`` when no scale has categories to show."""
    c = words(e.study.language)
    results = [result for result in e.any_scales if result.categories is not None and sum(result.categories.pre.values())]
    if not results:
        return None
    alt = [c.text("figure.alt.categories", rt=inline.escape(e.rt)), *(_categories_in_words(result, e.study, c) for result in results)]
    notes = [c.text(f"preset.{preset}") for preset in dict.fromkeys(result.categories.preset for result in results if result.categories)]
    return frame(e.study, c, plots_items.draw_categories(results, c), "categories", c.text("figure.caption.categories", rt=inline.escape(e.rt)), alt, notes)


def forest(s: Summary) -> tuple[Figure, ...]:
    """The change in every RT and over all RTs, for each instrument's headline scale; of very many RTs how they are spread."""
    c = words(s.study.language)
    return tuple(figure for result in _headlines(s)
                 for figure in ([spread_of_rts(s.study, result, c)] if are_many(result.units) else _forest_figures(s.study, result, c)))


def progress(s: Summary) -> tuple[Figure, ...]:
    """From the mean before to the mean after in every RT, a column for each instrument; of very many RTs how both are spread."""
    c = words(s.study.language)
    results = _headlines(s)
    if not results or not results[0].units:
        return ()
    if are_many(results[0].units):
        return spread_of_means(s.study, results, c)
    alt = [c.text("figure.alt.progress", rts=len(results[0].units))]
    alt += [c.text("figure.alt.progress_scale", scale=scale_name(result, s.study, c), unit=unit_of(result.scale, c), rts="; ".join(
        c.text("figure.alt.progress_rt", rt=inline.escape(unit.rt), pre=c.number(unit.mean_pre, digits(result.scale)), post=c.number(unit.mean_post, digits(result.scale)))
        for unit in result.units)) for result in results]
    sheets = plots_rts.draw_progress(results, c)
    return tuple(frame(s.study, c, sheet, f"progress{tail}", c.text(f"figure.caption.progress{key}", **place), alt)
                 for sheet, tail, key, place in parts(sheets))


def instrument_items(i: InstrumentStudy) -> tuple[Figure, ...]:
    """The items of each instrument over all RTs: how they go with each other and, for a knowledge test, how many answer them correctly."""
    c = words(i.study.language)
    return tuple(figure for result in i.instruments if plots_instruments.drawn_waves(result) for figure in _instrument_figures(i.study, result, c))


def comparison(s: Summary) -> tuple[Figure, ...]:
    """The change in the programme group and the comparison, and the difference between them; nothing without a comparison to show."""
    c = words(s.study.language)
    if not is_shown(s):
        return ()
    results = [result for result in (s.programme.scales if s.programme else ()) if result.comparison]
    confidence = c.percent(s.study.analysis.confidence, 0)
    alt = [c.text("figure.alt.comparison", panels=len(results)), *(_comparison_in_words(result, s.study, confidence, c) for result in results)]
    whole = any(result.comparison.unit == "rt" for result in results if result.comparison)
    sheets = plots_comparison.draw_comparison(results, c, s.study.analysis.confidence)
    many = any(are_many([rt for rt in result.comparison.rts if rt.arm == arm]) for result in results if result.comparison for arm in result.comparison.arms)
    notes = [c.text(f"figure.note.comparison_{'spread' if whole and many else 'rt' if whole else 'person'}", confidence=confidence)]
    notes += [c.text("figure.note.smallest_change")] * any(sheet.named("smallest change") for sheet in sheets)
    return tuple(frame(s.study, c, sheet, "comparison" if tail in ("", "-1") else f"comparison{tail}", c.text(f"figure.caption.comparison{key}", **place), alt, notes)
                 for sheet, tail, key, place in parts(sheets))


def waves(e: Evaluation) -> Figure | None:
    """The mean of every wave with its interval, a panel for each instrument; ``None`` without later waves."""
    if not e.waves:
        return None
    c = words(e.study.language)
    results = [next(result for result in e.waves if result.scale.instrument == instrument.id) for instrument in e.study.questionnaires]
    confidence = c.percent(e.study.analysis.confidence, 0)
    notes = [c.text("figure.note.waves", confidence=confidence)] * any(result.shown for result in results)
    alt = [c.text("figure.alt.waves", panels=len(results), rt=inline.escape(e.rt)), *(_waves_in_words(result, e.study, c) for result in results)]
    return frame(e.study, c, plots_designs.draw_waves(results, e.study, c), "waves", c.text("figure.caption.waves", rt=inline.escape(e.rt)), alt, notes)


def _groups(e: Evaluation) -> Figure:
    c = words(e.study.language)
    shown = [result for result in e.group_headlines if result.shown]
    confidence = c.percent(e.study.analysis.confidence, 0)
    sheet = plots_designs.draw_groups(e.group_headlines, c)
    notes = [c.text("figure.note.spread"), c.text("figure.note.difference_apart", confidence=confidence)] if shown else []
    notes += [c.text("figure.note.smallest_change")] * bool(sheet.named("smallest change"))
    notes += _missing([(scale_name(result, e.study, c), result.welch.note) for result in shown], c)
    alt = [c.text("figure.alt.change_apart", panels=len(e.group_headlines), rt=inline.escape(e.rt))]
    alt += [_group_in_words(result, e.study, confidence, c) for result in e.group_headlines]
    return frame(e.study, c, sheet, "change", c.text("figure.caption.change_apart", rt=inline.escape(e.rt)), alt, notes)


def _item_figures(e: Evaluation, instrument: Instrument, c: Catalogue) -> list[Figure]:
    results = e.any_items_of(instrument)
    scale, rt = inline.escape(instrument.label[c.language]), inline.escape(e.rt)
    known = [result for result in results if not math.isnan(result.mean_pre)]
    if instrument.kind == "knowledge":
        alt = [c.text("figure.alt.items_knowledge", scale=scale, rt=rt, items=len(results), n=_people(results, c))]
        each = [c.text("figure.alt.item", number=number, pre=c.percent(result.mean_pre, 0), post=c.percent(result.mean_post, 0))
                for number, result in enumerate(results, start=1) if result in known]
        alt += [_extremes(known, c)] if known else []
        alt += [c.text("figure.alt.knowledge_each", items="; ".join(each))] if each else []
        notes: list[str] = []
    else:
        alt = [c.text("figure.alt.items_rating", scale=scale, rt=rt, items=len(results), n=_people(results, c))]
        each = [c.text("figure.alt.item", number=number, pre=c.percent(_upper(instrument, result, "pre"), 0), post=c.percent(_upper(instrument, result, "post"), 0))
                for number, result in enumerate(results, start=1) if result in known]
        alt += [c.text("figure.alt.rating_each", items="; ".join(each))] if each else []
        notes = [c.text("figure.note.rating" if len(instrument.options) % 2 else "figure.note.rating_even")]
        notes += [c.text("figure.note.reversed")] * any(item.reversed for item in instrument.items)
    if len(known) < len(results):
        alt.append(c.text("figure.alt.items_hidden", count=len(results) - len(known), fewest=FEWEST_PAIRS))
    return [frame(e.study, c, sheet, f"items-{_slug(instrument.id)}{tail}",
                    c.text(f"figure.caption.items_{instrument.kind}{key}", scale=scale, rt=rt, n=_people(results, c), **place), alt, notes)
            for sheet, tail, key, place in parts(plots_items.draw_items(instrument, results, c))]


def _forest_figures(study: Study, result: ScaleSummary, c: Catalogue) -> list[Figure]:
    d, scale, pooled = digits(result.scale), scale_name(result, study, c), result.pooled
    confidence = c.percent(study.analysis.confidence, 0)
    alt = [c.text("figure.alt.forest", scale=scale, unit=unit_of(result.scale, c), rts=len(result.units), confidence=confidence)]
    alt += [c.text("figure.alt.forest_rt", rt=inline.escape(unit.rt), n=unit.n, change=c.number(unit.change, d, signed=True),
                   interval=c.interval(unit.low, unit.high, d)) for unit in result.units if not math.isnan(unit.change)]
    notes = [c.text("figure.note.forest", confidence=confidence)]
    if not math.isnan(pooled.low):
        alt.append(c.text("figure.alt.forest_pooled", change=c.number(pooled.estimate, d, signed=True), interval=c.interval(pooled.low, pooled.high, d),
                          prediction=c.interval(pooled.prediction_low, pooled.prediction_high, d)))
        notes.append(c.text("figure.note.pooled"))
    notes += [c.text("figure.note.smallest_change")] * (result.scale.smallest_change is not None)
    notes += [c.text("figure.note.n_apart")] * study.is_anonymous
    notes += _missing([(inline.escape(unit.rt), unit.note) for unit in result.units], c)
    return [frame(study, c, sheet, f"forest-{_slug(result.scale.instrument)}{tail}", c.text(f"figure.caption.forest{key}", scale=scale, **place), alt, notes)
            for sheet, tail, key, place in parts(plots_rts.draw_forest(result, c, study.analysis.confidence))]


def _instrument_figures(study: Study, result: InstrumentResult, c: Catalogue) -> list[Figure]:
    instrument, waves = result.instrument, plots_instruments.drawn_waves(result)
    scale = inline.escape(instrument.label[c.language])

    def each(values: Iterable[tuple[int, str]]) -> str:
        return "; ".join(c.text("figure.alt.instrument_item", number=number, value=value) for number, value in values)

    alt = [c.text("figure.alt.instrument_items", items=len(instrument.items), scale=scale)]
    for wave in waves:
        time = when(study, wave.wave, c)
        items = list(enumerate(wave.items, start=1))
        alt.append(c.text("figure.alt.instrument_item_rest", when=time, items=each((number, c.number(item.reliability.item_rest)) for number, item in items)))
        if instrument.kind == "knowledge":
            alt.append(c.text("figure.alt.instrument_difficulty", when=time, items=each((number, c.percent(item.right.share, 0)) for number, item in items if item.right)))
    notes = []
    if instrument.scoring.total:
        lines = [c.text("figure.note.r_table_wave", when=when(study, wave.wave, c), r=c.number(wave.scales[0].critical.r, 3)) for wave in waves]
        notes.append(c.text("figure.note.r_table", values="; ".join(lines)))
    notes += [c.text("figure.note.difficulty", confidence=c.percent(study.analysis.confidence, 0))] * (instrument.kind == "knowledge")
    reasons = dict.fromkeys(str(item.reliability.note) for wave in waves for item in wave.items if math.isnan(item.reliability.item_rest))
    notes += [c.text("figure.note.not_drawn", reasons="; ".join(c.text(f"reason.{reason}") for reason in reasons))] * bool(reasons)
    return [frame(study, c, sheet, f"instrument-{_slug(instrument.id)}{tail}", c.text(f"figure.caption.instrument_items_{instrument.kind}{key}", scale=scale, **place), alt, notes)
            for sheet, tail, key, place in parts(plots_instruments.draw_instrument(study, result, c))]


def _headlines(s: Summary) -> tuple[ScaleSummary, ...]:
    return s.headlines if s.scales else ()


def _change_in_words(result: ScaleResult, study: Study, confidence: str, c: Catalogue) -> str:
    d, m, name = digits(result.scale), result.mean_change, scale_name(result, study, c)
    if math.isnan(m.change):
        return c.text("figure.alt.change_hidden", scale=name, n=result.answered.n_both, fewest=FEWEST_PAIRS)
    return c.text(f"figure.alt.change_{result.scale.direction}", scale=name, unit=unit_of(result.scale, c), n=result.answered.n_both,
                  pre=c.number(m.mean_pre, d), post=c.number(m.mean_post, d), change=c.number(m.change, d, signed=True), confidence=confidence,
                  interval=c.interval(m.change_low, m.change_high, d), improved=result.direction.improved, same=result.direction.same, worse=result.direction.worse)


def _comparison_in_words(result: ScaleProgramme, study: Study, confidence: str, c: Catalogue) -> str:
    found, d, name = result.comparison, digits(result.scale), scale_name(result, study, c)
    assert found is not None
    if math.isnan(found.main.estimate):
        return c.text("figure.alt.comparison_hidden", scale=name)
    changes = {arm: c.number(scores.change, d, signed=True) for arm, scores in found.arms.items()}
    key = "comparison_point" if math.isnan(found.main.low) else "comparison_scale"
    return c.text(f"figure.alt.{key}", scale=name, unit=unit_of(result.scale, c), difference=c.number(found.main.estimate, d, signed=True), confidence=confidence,
                  interval=c.interval(found.main.low, found.main.high, d), **changes)


def _group_in_words(result: GroupResult, study: Study, confidence: str, c: Catalogue) -> str:
    d, m, name = digits(result.scale), result.welch, scale_name(result, study, c)
    n = two_sizes(result.answered.n_pre, result.answered.n_post, c)
    if not result.shown:
        return c.text("figure.alt.change_apart_hidden", scale=name, n=n, fewest=FEWEST_PAIRS)
    return c.text("figure.alt.change_apart_scale", scale=name, unit=unit_of(result.scale, c), n=n, pre=c.number(m.mean_pre, d), post=c.number(m.mean_post, d),
                  change=c.number(m.change, d, signed=True), confidence=confidence, interval=c.interval(m.change_low, m.change_high, d))


def _waves_in_words(result: WaveResult, study: Study, c: Catalogue) -> str:
    d, name = digits(result.scale), scale_name(result, study, c)
    if not result.shown:
        return c.text("figure.alt.waves_hidden", scale=name, n=result.n, fewest=FEWEST_PAIRS)
    means = "; ".join(c.text("figure.alt.waves_mean", wave=wave_name(study, wave, c), mean=c.number(mean.mean, d), interval=c.interval(mean.low, mean.high, d))
                      for wave, mean in zip(result.waves, result.means, strict=True))
    return c.text("figure.alt.waves_scale", scale=name, unit=unit_of(result.scale, c), n=result.n, means=means)


def _categories_in_words(result: ScaleResult | GroupResult, study: Study, c: Catalogue) -> str:
    table = result.categories
    assert table is not None
    bands = "; ".join(c.text("figure.alt.band", band=c.text(f"band.{key}"), pre=table.pre[key], post=table.post[key]) for key in table.pre)
    sizes = [sum(counts.values()) for counts in (table.pre, table.post)]
    n = two_sizes(*sizes, c) if isinstance(result, GroupResult) else sizes[0]
    return c.text("figure.alt.categories_scale", scale=scale_name(result, study, c), n=n, bands=bands)


def _extremes(results: Sequence[ItemResult | GroupItem], c: Catalogue) -> str:
    ways = [plots.which_way(result.mean_post - result.mean_pre, "up") for result in results]
    most = max(results, key=lambda result: result.mean_post - result.mean_pre)
    return c.text("figure.alt.knowledge_most", rose=ways.count("improved"), same=ways.count("same"), fell=ways.count("worse"),
                  most=item_name(most.item, c), pre=c.percent(most.mean_pre, 0), post=c.percent(most.mean_post, 0))


def _upper(instrument: Instrument, result: ItemResult | GroupItem, wave: str) -> float:
    """Share of answers above the middle of the scale."""
    counts = result.pre if wave == "pre" else result.post
    low, high = instrument.item_range
    above = [option.code for option in instrument.options if option.value is not None and option.value > (low + high) / 2]
    total = sum(counts.values())
    return sum(counts.get(code, 0) for code in above) / total if total else math.nan


def _people(results: Sequence[ItemResult] | Sequence[GroupItem], c: Catalogue) -> str:
    """How many people answered the items: ``25``, or ``23–25`` where items differ; of anonymous people how many in each wave."""
    if results and isinstance(results[0], GroupItem):
        return two_sizes(*(_range([getattr(result, wave) for result in results], c) for wave in ("n_pre", "n_post")), c)
    return _range([result.n for result in results] or [0], c)


def _range(numbers: Sequence[int], c: Catalogue) -> str:
    return str(min(numbers)) if min(numbers) == max(numbers) else c.text("figure.range", low=min(numbers), high=max(numbers))


def _missing(notes: Iterable[tuple[str, str]], c: Catalogue) -> list[str]:
    """For each reason why an interval is missing, whose it is."""
    by_reason: dict[str, list[str]] = {}
    for name, note in notes:
        if note:
            by_reason.setdefault(note, []).append(name)
    return [c.text("figure.note.missing", names=c.listing(names), reason=c.text(f"reason.{note}")) for note, names in by_reason.items()]


def _slug(text: str) -> str:
    return text.replace("_", "-")
