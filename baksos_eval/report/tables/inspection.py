"""What a study's files hold, before anything is analysed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.columns import column_letters
from baksos_eval.intake.text import quote
from baksos_eval.report import inline
from baksos_eval.report.content import Column, Table
from baksos_eval.report.moments import wave_heading
from baksos_eval.report.problems import MOST_PLACES, what_to_do, what_was_found
from baksos_eval.report.tables.building import build
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.study.study import Study

if TYPE_CHECKING:
    from baksos_eval.intake.inspection import Inspection


def inspection_tables(inspection: Inspection) -> Table | None:
    """The tables that could be read, with the questionnaires of each wave; ``None`` when there are none."""
    c = words(inspection.study.language)
    study = inspection.study
    rows = [[_place(table.file, table.sheet), str(table.rts), *(str(table.questionnaires[wave]) for wave in study.waves)] for table in inspection.tables]
    if not rows:
        return None
    table = build(study, c, "inspection_tables", rows, [("file", "left", 4.5), ("rts", "right", 0.7), *(("n", "right", 0.9) for _ in study.waves)])
    return replace(table, columns=(*table.columns[:2], *(Column(wave_heading(study, wave, c), "right", 0.9) for wave in study.waves)))


def inspection_columns(inspection: Inspection) -> Table | None:
    """How the columns of each table were understood: items found, the study's own columns, and what is not there; ``None`` without tables."""
    c = words(inspection.study.language)
    rows = []
    for table in inspection.mappings:
        for wave in table.waves:
            place = _place(table.file, table.sheet)
            if len(table.waves) > 1:
                place = c.text("table.cell.in_wave", place=place, wave=wave_heading(inspection.study, wave.wave, c))
            known = [c.text("table.cell.column", name=inline.escape("id" if match.target.startswith("id.") else match.target), letters=column_letters(match.position), title=inline.escape(quote(match.header)))
                     for match in table.known]
            lost = [missing.target for missing in (*wave.missing, *table.unknown)]
            rows.append([place, c.text("table.cell.items_found", found=len(wave.matches), items=len(wave.matches) + len(wave.missing)), "; ".join(known) or NOTHING,
                         inline.escape(", ".join(lost)) or NOTHING])
    return build(inspection.study, c, "inspection_columns", rows, [("file", "left", 2.6), ("items", "right", 0.9), ("own_columns", "left", 3.2), ("not_found", "left", 1.6)]) if rows else None


def inspection_spellings(inspection: Inspection) -> Table | None:
    """How RTs are written and what each was read as, by RT; ``None`` when no table names one."""
    c = words(inspection.study.language)
    found: dict[tuple[str, str], int] = {}
    where: dict[tuple[str, str], dict[str, None]] = {}
    for spelling in inspection.spellings:
        key = (spelling.rt, spelling.text)
        found[key] = found.get(key, 0) + spelling.rows
        where.setdefault(key, {})[_place(spelling.file, spelling.sheet)] = None
    order = {rt: place for place, rt in enumerate(inspection.rts)}
    rows, last = [], ""
    for rt, text in sorted(found, key=lambda key: (order.get(key[0], len(order)), key)):
        rows.append([inline.escape(rt) if rt != last else "", inline.escape(text), str(found[rt, text]), "; ".join(where[rt, text])])
        last = rt
    return build(inspection.study, c, "inspection_spellings", rows, [("read_as", "left", 1.5), ("spelling", "left", 1.8), ("rows", "right", 0.6), ("file", "left", 4)]) if rows else None


def inspection_flows(inspection: Inspection) -> Table | None:
    """Where the questionnaires of every RT went, before and after; RTs that cannot be analysed yet in bold."""
    c = words(inspection.study.language)
    anonymous = inspection.study.is_anonymous
    rows: list[list[str]] = []
    emphasised: list[int] = []
    for flow in inspection.flows:
        begin = len(rows)
        sides = (("pre", flow.rows_pre, flow.refused_pre, flow.no_id_pre, flow.duplicate_pre, flow.pre_only),
                 ("post", flow.rows_post, flow.refused_post, flow.no_id_post, flow.duplicate_post, flow.post_only))
        rows += [[inline.escape(flow.rt) if wave == "pre" else "", c.text(f"table.column.{wave}"), *map(str, counts), *([] if anonymous else [str(flow.both)])] for wave, *counts in sides]
        rows += [["", wave_heading(inspection.study, later.wave, c), *map(str, later[1:])] for later in inspection.later.get(flow.rt, ())]
        emphasised += range(begin, len(rows)) if flow.rt in inspection.blocked else []
    return build(inspection.study, c, "inspection_flows", rows, [("rt", "left", 1.5), ("wave", "left", 0.9), ("handed_in", "right", 0.7), ("refused", "right", 0.9), ("no_id", "right", 0.9),
                 ("duplicate", "right", 0.7), *([("used", "right", 0.9)] if anonymous else [("alone", "right", 0.9), ("both", "right", 1)])], notes=[c.text("table.note.blocked")] if emphasised else [], emphasised=emphasised) if rows else None


def inspection_findings(inspection: Inspection) -> Table | None:
    """Every finding with its places and its remedy, the weightiest first; ``None`` when there are none."""
    return findings_table(inspection.study, inspection.findings, "inspection_findings")


def findings_table(study: Study, findings: Iterable[Finding], topic: str) -> Table | None:
    """Findings with their places, the weightiest first; equal ones about several RTs once."""
    c = words(study.language)
    order = list(Severity)
    rows = [[c.text(f"severity.{finding.severity}"), inline.escape(what_was_found(finding, c)), inline.escape(_places(finding, c)) or NOTHING,
             inline.escape(what_to_do(finding, c))] for finding in sorted(findings, key=lambda finding: order.index(finding.severity))]
    rows = [list(row) for row in dict.fromkeys(map(tuple, rows))]
    heavy = [place for place, row in enumerate(rows) if row[0] == c.text(f"severity.{Severity.FATAL}")]
    return build(study, c, topic, rows, [("severity", "left", 0.9), ("found", "left", 3), ("where", "left", 2.4), ("remedy", "left", 3)], notes=[c.text("table.note.places")],
                 emphasised=heavy, wide=True) if rows else None


def _places(finding: Finding, c: Catalogue) -> str:
    """Where it was found, the rows of one column together; at most :data:`MOST_PLACES` places and then how many more."""
    together: dict[Where, list[int]] = {}
    for where in finding.where[:MOST_PLACES]:
        together.setdefault(replace(where, row=None), []).extend([] if where.row is None else [where.row])
    said = []
    for where, rows in together.items():
        parts = {"file": where.file, "sheet": where.sheet, "column": where.column}
        words_of = [c.text(f"place.{name}", **{name: value}) for name, value in parts.items() if value]
        if rows:
            words_of.append(c.text("place.row", row=rows[0]) if len(rows) == 1 else c.text("place.rows", rows=c.listing(map(str, rows))))
        said.append(", ".join(words_of))
    more = len(finding.where) - MOST_PLACES
    return "; ".join([text for text in said if text] + ([c.text("place.more", count=more)] if more > 0 else []))


def _place(file: str, sheet: str) -> str:
    return inline.escape(f"{file} › {sheet}" if sheet else file)
