"""Single items of one RT, and how well they measure together."""

from __future__ import annotations

from baksos_eval.evaluation.results import Evaluation, ItemResult
from baksos_eval.report.content import Table
from baksos_eval.report.designs import unless_anonymous
from baksos_eval.report.phrases import item_name, scale_name
from baksos_eval.report.tables import groups
from baksos_eval.report.tables.building import build, label_of, reasons, reversed_note, slug
from baksos_eval.report.tables.choices import choices
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.stats import categories
from baksos_eval.stats.reliability import critical_r
from baksos_eval.study.instrument import Instrument


def items(e: Evaluation) -> tuple[Table, ...]:
    """One table for each instrument, its items before and after; then one for each question with several answers."""
    return (*_single_items(e), *choices(e))


@unless_anonymous(groups.items)
def _single_items(e: Evaluation) -> tuple[Table, ...]:
    c = words(e.study.language)
    return tuple((_knowledge_items if instrument.kind == "knowledge" else _rating_items)(e, instrument.id, c)
                 for instrument in e.study.questionnaires)


def reliability(e: Evaluation) -> Table:
    """Cronbach's alpha with Feldt's interval (KR-20 for right/wrong items) and omega, before and after."""
    c = words(e.study.language)
    rows, totals, notes = [], [], []
    for r in e.any_scales:
        if r.scale.id == "total":
            totals += [len(rows), len(rows) + 1]
        for wave, alpha, omega in (("pre", r.alpha_pre, r.annex.omega_pre), ("post", r.alpha_post, r.annex.omega_post)):
            rows.append([scale_name(r, e.study, c) if wave == "pre" else "", str(len(r.scale.items)) if wave == "pre" else "", c.text(f"table.column.{wave}"),
                         str(alpha.n), c.number(alpha.alpha, 3), c.interval(alpha.low, alpha.high), c.number(omega.omega, 3)])
            notes += [alpha.note, omega.note]
    return build(e.study, c, "reliability", rows, [("scale", "left", 2.6), ("items", "right", 0.6), ("wave", "left", 1), ("n", "right", 0.5), ("alpha", "right", 0.8),
                 ("interval", "right", 1.6), ("omega", "right", 0.8)], notes=[c.text("table.note.alpha_apart" if e.study.is_anonymous else "table.note.alpha"), *reasons(notes, c)], emphasised=totals, rt=e.rt)


def worth(e: Evaluation) -> tuple[Table, ...]:
    """One table for each instrument: what each item is worth as a measure, before the programme."""
    c = words(e.study.language)
    return tuple((_knowledge_worth if instrument.kind == "knowledge" else _rating_worth)(e, instrument, c) for instrument in e.study.questionnaires)


def _rating_worth(e: Evaluation, instrument: Instrument, c: Catalogue) -> Table:
    results = e.any_items_of(instrument)
    rows = [[*_item_total(r, place, c), c.number(r.worth_pre.alpha_if_deleted, 3)] for place, r in enumerate(results, start=1)]
    return _worth_table(e, instrument, c, "worth_rating", rows, [("alpha_if_deleted", "right", 1.1)])


def _knowledge_worth(e: Evaluation, instrument: Instrument, c: Catalogue) -> Table:
    results = e.any_items_of(instrument)
    rows = [[*_item_total(r, place, c), *([*_banded(r.quality_pre.difficulty, "difficulty", c), *_banded(r.quality_pre.discrimination, "discrimination", c)]
                                          if r.quality_pre else [NOTHING] * 4)] for place, r in enumerate(results, start=1)]
    return _worth_table(e, instrument, c, "worth_knowledge", rows, [("difficulty", "right", 0.7), ("band", "left", 0.8), ("discrimination", "right", 0.7), ("band", "left", 1.1)])


def _item_total(r: ItemResult, place: int, c: Catalogue) -> list[str]:
    critical = critical_r(r.worth_pre.n)
    valid = NOTHING if r.worth_pre.item_total != r.worth_pre.item_total else c.text("item.valid" if r.worth_pre.item_total > critical.r else "item.not_valid")
    return [str(place), item_name(r.item, c), c.number(r.worth_pre.item_total, 3), valid, c.number(r.worth_pre.item_rest, 3)]


def _banded(value: float, preset: str, c: Catalogue) -> tuple[str, str]:
    key = categories.classify([value], preset)[0]
    return c.number(value), c.text(f"band.{key}") if key else NOTHING


def _worth_table(e: Evaluation, instrument: Instrument, c: Catalogue, topic: str, rows: list[list[str]], more: list[tuple[str, str, float]]) -> Table:
    first = e.any_items_of(instrument)[0].worth_pre
    critical = critical_r(first.n)
    return build(e.study, c, topic, rows, [("number", "right", 0.4), ("item", "left", 5), ("item_total", "right", 0.8), ("validity", "left", 0.9), ("item_rest", "right", 0.8), *more],
                 notes=[c.text("table.note.worth", n=first.n, df=critical.df, r=c.number(critical.r, 3)), c.text(f"table.note.{topic}"),
                        *reasons([r.worth_pre.note for r in e.any_items_of(instrument)], c)],
                 label=f"tbl-worth-{slug(instrument.id)}", scale=label_of(e.study, instrument.id, c), rt=e.rt)


def _knowledge_items(e: Evaluation, instrument: str, c: Catalogue) -> Table:
    results = e.items_of(e.study.instrument(instrument))
    rows = [[str(place), item_name(r.item, c), c.percent(r.mean_pre, 0), c.percent(r.mean_post, 0),
             *([str(r.right.gained), str(r.right.lost)] if r.right else [NOTHING, NOTHING]),
             c.interval(100 * r.proportion.low, 100 * r.proportion.high, 0) if r.proportion else NOTHING, c.p(r.p), c.p(r.p_holm)]
            for place, r in enumerate(results, start=1)]
    return build(e.study, c, "items_knowledge", rows, [("number", "right", 0.4), ("item", "left", 6), ("pre", "right", 0.9), ("post", "right", 0.8), ("gained", "right", 0.7),
                  ("lost", "right", 0.7), ("interval_points", "right", 1.3), ("p_mid", "right", 0.8), ("p_holm", "right", 0.8)], spanners=[("right_share", 2, 3), ("people", 4, 5)],
                  notes=[c.text("table.note.items_knowledge"), c.text("table.note.holm")], label=f"tbl-items-{slug(instrument)}",
                  scale=label_of(e.study, instrument, c), rt=e.rt)


def _rating_items(e: Evaluation, instrument: str, c: Catalogue) -> Table:
    results: tuple[ItemResult, ...] = e.items_of(e.study.instrument(instrument))
    rows = [[str(place), item_name(r.item, c), str(r.n), c.number(r.mean_pre), c.number(r.mean_post), c.number(r.mean_post - r.mean_pre, signed=True), c.p(r.p), c.p(r.p_holm)]
            for place, r in enumerate(results, start=1)]
    return build(e.study, c, "items_rating", rows, [("number", "right", 0.4), ("item", "left", 5.5), ("n", "right", 0.5), ("pre", "right", 0.8), ("post", "right", 0.8),
                  ("change", "right", 0.9), ("p_exact", "right", 0.8), ("p_holm", "right", 0.8)],
                  notes=[*reversed_note(e.study, instrument, c), c.text("table.note.items_rating"), c.text("table.note.holm")],
                 label=f"tbl-items-{slug(instrument)}", scale=label_of(e.study, instrument, c), rt=e.rt)
