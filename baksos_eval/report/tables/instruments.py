"""The test of the instruments over all RTs: who answered, reliability, items, agreement within RTs, experts, the Rasch model."""

from __future__ import annotations

from dataclasses import replace

from baksos_eval.evaluation.instrument_study import (
    InstrumentResult,
    InstrumentStudy,
    ItemWorth,
    Standing,
    WaveWorth,
)
from baksos_eval.evaluation.results import FEWEST_PAIRS
from baksos_eval.report import inline
from baksos_eval.report.content import Column, Spanner, Table
from baksos_eval.report.many_rts import QUANTILE_KEYS, are_many, spread, write_count
from baksos_eval.report.moments import wave_heading, when
from baksos_eval.report.phrases import item_name
from baksos_eval.report.tables.building import (
    band,
    build,
    confidence_note,
    label_of,
    reasons,
    slug,
)
from baksos_eval.report.tables.inspection import findings_table
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.study.study import Study


def instrument_people(i: InstrumentStudy) -> Table:
    """Who answered every item of each questionnaire, by RT (of very many how they are spread) and wave."""
    c = words(i.study.language)
    waves = [(result, wave) for result in i.instruments for wave in result.waves]
    if are_many(i.rts):
        spreads = [[write_count(value, c) for value in spread(wave.persons[rt] for rt in i.rts)] for _, wave in waves]
        rows = [[c.text("many_rts.quantile", which=c.text(f"table.column.{key}")), *cells] for key, *cells in zip(QUANTILE_KEYS, *spreads, strict=True)]
    else:
        rows = [[inline.escape(rt), *(str(wave.persons[rt]) for _, wave in waves)] for rt in i.rts]
    rows.append([c.text("table.cell.total"), *(str(wave.n) for _, wave in waves)])
    table = build(i.study, c, "instrument_people", rows, [("rt", "left", 1.4), *(("n", "right", 0.9) for _ in waves)],
                  notes=[c.text("table.note.instrument_people")], emphasised=[len(rows) - 1])
    columns = (table.columns[0], *(Column(wave_heading(i.study, wave.wave, c), "right", 0.9) for _, wave in waves))
    spanners, at = [], 1
    for result in i.instruments:
        spanners.append(Spanner(label_of(i.study, result.instrument.id, c), at, at + len(result.waves) - 1))
        at += len(result.waves)
    return replace(table, columns=columns, spanners=tuple(spanners))


def instrument_reliability(i: InstrumentStudy) -> Table:
    """Alpha with Feldt's interval, omega, floor and ceiling of every scale in every wave that somebody answered."""
    c = words(i.study.language)
    rows, totals, notes = [], [], []
    for result in i.instruments:
        for place, scale in enumerate(result.instrument.scales):
            first = True
            for wave in _answered(result):
                worth = wave.scales[place]
                if scale.id == "total":
                    totals.append(len(rows))
                rows.append([inline.escape(scale.label[c.language]) if first else "", str(len(scale.items)) if first else "", wave_heading(i.study, wave.wave, c), str(worth.alpha.n),
                             c.number(worth.alpha.alpha, 3), c.interval(worth.alpha.low, worth.alpha.high), c.number(worth.omega.omega, 3),
                             c.number(100 * worth.ends.floor, 0), c.number(100 * worth.ends.ceiling, 0)])
                notes += [worth.alpha.note, worth.omega.note, worth.ends.note]
                first = False
    return build(i.study, c, "instrument_reliability", rows, [("scale", "left", 2.4), ("items", "right", 0.6), ("wave", "left", 0.9), ("n", "right", 0.5), ("alpha", "right", 0.7),
                 ("interval", "right", 1.5), ("omega", "right", 0.7), ("floor", "right", 0.8), ("ceiling", "right", 0.8)],
                 notes=[confidence_note(i.study, c, "table.note.instrument_reliability"), *reasons(notes, c)], emphasised=totals)


def instrument_items(i: InstrumentStudy) -> tuple[Table, ...]:
    """What each item is worth: one table for each instrument and each wave that somebody answered."""
    c = words(i.study.language)
    return tuple(_items_table(i.study, result, wave, c) for result in i.instruments for wave in _answered(result))


def agreement(i: InstrumentStudy) -> tuple[Table, ...]:
    """Agreement of people within RTs on the items about the RT, for each instrument that has some."""
    c = words(i.study.language)
    return tuple(_agreement_table(i.study, result, c) for result in i.instruments if result.main.agreement)


def experts(i: InstrumentStudy) -> tuple[Table, ...]:
    """Aiken's V and the content validity index of every item, for each instrument that experts judged."""
    c = words(i.study.language)
    return tuple(_experts_table(i.study, result, c) for result in i.instruments if result.experts)


def instrument_findings(i: InstrumentStudy) -> Table | None:
    """What was found about the experts' tables, with places and remedies; ``None`` when there is nothing."""
    return findings_table(i.study, i.findings, "instrument_findings")


def rasch(i: InstrumentStudy) -> tuple[Table, ...]:
    """Difficulties with fit, then the measure of each score, for each knowledge test that the model was fitted to."""
    c = words(i.study.language)
    return tuple(table for result in i.instruments if result.rasch and result.rasch.basis for table in _rasch_tables(i.study, result, c))


def _answered(result: InstrumentResult) -> list[WaveWorth]:
    """The waves that somebody answered; the first one where nobody did."""
    return [wave for wave in result.waves if wave.n] or [result.waves[0]]


def _items_table(study: Study, result: InstrumentResult, wave: WaveWorth, c: Catalogue) -> Table:
    kind = result.instrument.kind
    rows = [[str(place), *_item_cells(item, c), *(_knowledge_cells(item, c) if kind == "knowledge" else [])] for place, item in enumerate(wave.items, start=1)]
    columns = [("number", "right", 0.4), ("item", "left", 4.6), ("item_total", "right", 0.8), ("validity", "left", 1), ("item_rest", "right", 0.7), ("alpha_if_deleted", "right", 0.8)]
    if kind == "knowledge":
        columns += [("difficulty_band", "right", 1.1), ("discrimination_band", "right", 1.2)]
    shown = {item.standing for item in wave.items}
    notes = [_critical_note(study, result, wave, c), c.text("table.note.worth_all"), *([c.text("table.note.worth_knowledge")] if kind == "knowledge" else []),
             *([c.text("table.note.inflated")] if Standing.INFLATED in shown else []), *([c.text("table.note.against")] if Standing.NEGATIVE in shown else []),
             *reasons([item.reliability.note for item in wave.items], c)]
    return build(study, c, f"instrument_items_{kind}", rows, columns, notes=notes, label=f"tbl-instrument-items-{slug(result.instrument.id)}-{slug(wave.wave)}",
                 scale=label_of(study, result.instrument.id, c), when=when(study, wave.wave, c))


def _item_cells(item: ItemWorth, c: Catalogue) -> list[str]:
    found = item.reliability
    return [item_name(item.item, c), c.number(found.item_total, 3), c.text(f"item.standing.{item.standing}"), c.number(found.item_rest, 3), c.number(found.alpha_if_deleted, 3)]


def _knowledge_cells(item: ItemWorth, c: Catalogue) -> list[str]:
    if item.quality is None:
        return [NOTHING, NOTHING]
    values = ((item.quality.difficulty, "difficulty"), (item.quality.discrimination, "discrimination"))
    return [f"{c.number(value)} ({band(value, preset, c)})" if value == value else NOTHING for value, preset in values]


def _critical_note(study: Study, result: InstrumentResult, wave: WaveWorth, c: Catalogue) -> str:
    if result.instrument.scoring.total:
        critical = wave.scales[0].critical
        return c.text("table.note.instrument_items", n=critical.n, df=max(0, critical.df), r=c.number(critical.r, 3))
    parts = [c.text("table.note.instrument_items_part", part=inline.escape(scale.scale.label[c.language]), r=c.number(scale.critical.r, 3), n=scale.critical.n) for scale in wave.scales]
    return c.text("table.note.instrument_items_parts", parts="; ".join(parts))


def _agreement_table(study: Study, result: InstrumentResult, c: Catalogue) -> Table:
    waves = _answered(result)
    rows = []
    for place, about in enumerate(result.main.agreement):
        cells = [item_name(about.item, c) if about.item else c.text("table.cell.mean_of_items")]
        for wave in waves:
            found = wave.agreement[place]
            interval = c.interval(found.between.low, found.between.high)
            cells += [str(found.between.n), f"{c.number(found.between.icc1)} ({interval})" if interval != NOTHING else NOTHING, c.number(found.within.r_wg) if found.within else NOTHING]
        rows.append(cells)
    columns = [("item", "left", 4.2), *[column for _ in waves for column in (("n", "right", 0.5), ("icc_interval", "right", 1.7), ("rwg", "right", 0.6))]]
    why = [leaf.note for wave in waves for about in wave.agreement for leaf in (about.between, about.within) if leaf]
    table = build(study, c, "agreement", rows, columns, notes=[c.text("table.note.agreement", confidence=c.percent(study.analysis.confidence, 0), fewest=FEWEST_PAIRS), *reasons(why, c)],
                  label=f"tbl-agreement-{slug(result.instrument.id)}", emphasised=[len(rows) - 1] if result.main.agreement[-1].item is None else (),
                  scale=label_of(study, result.instrument.id, c))
    spanners = [Spanner(wave_heading(study, wave.wave, c), 1 + 3 * place, 3 + 3 * place) for place, wave in enumerate(waves)]
    return replace(table, spanners=tuple(spanners))


def _experts_table(study: Study, result: InstrumentResult, c: Catalogue) -> Table:
    judged = result.experts
    assert judged is not None
    rows = [[str(place), item_name(item.item, c), str(item.v.n), c.number(item.v.v), c.interval(item.v.low, item.v.high), c.number(item.relevance.i_cvi), c.number(item.relevance.kappa)]
            for place, item in enumerate(judged.items, start=1)]
    return build(study, c, "experts", rows, [("number", "right", 0.4), ("item", "left", 5), ("n", "right", 0.5), ("aiken", "right", 0.6), ("interval", "right", 1.4), ("i_cvi", "right", 0.8),
                 ("kappa", "right", 0.6)], notes=[c.text("table.note.experts", experts=judged.experts, lowest=judged.lowest, highest=judged.highest, threshold=judged.threshold,
                 confidence=c.percent(study.analysis.confidence, 0)), *reasons([item.v.note for item in judged.items], c)],
                 label=f"tbl-experts-{slug(result.instrument.id)}", scale=label_of(study, result.instrument.id, c))


def _rasch_tables(study: Study, result: InstrumentResult, c: Catalogue) -> tuple[Table, Table]:
    fitted = result.rasch
    assert fitted is not None
    name, scale = slug(result.instrument.id), label_of(study, result.instrument.id, c)
    rows = [[str(place), item_name(item, c), c.number(leaf.difficulty), c.number(leaf.standard_error), c.number(leaf.infit), c.number(leaf.outfit)]
            for place, (item, leaf) in enumerate(zip(result.instrument.items, fitted.model.items, strict=True), start=1)]
    items = build(study, c, "rasch", rows, [("number", "right", 0.4), ("item", "left", 5.5), ("logit", "right", 0.8), ("standard_error", "right", 0.9), ("infit", "right", 0.7),
                  ("outfit", "right", 0.7)], notes=[c.text("table.note.rasch"), *reasons([leaf.note for leaf in fitted.model.items], c)], label=f"tbl-rasch-{name}", scale=scale)
    scores = build(study, c, "rasch_scores", [[str(score.score), c.number(score.measure), c.number(score.standard_error)] for score in fitted.model.scores],
                   [("right", "right", 1), ("logit", "right", 1), ("standard_error", "right", 1)], notes=[c.text("table.note.rasch_scores")], label=f"tbl-rasch-scores-{name}", scale=scale)
    return items, scores
