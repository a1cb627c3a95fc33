"""How a study's columns, RTs and answers were understood, in lines for the screen; and what ``baksos map`` would write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from baksos_eval.intake.columns import column_letters
from baksos_eval.intake.inspection import Inspection
from baksos_eval.intake.mapping import Match, Missing, Proposal, TableMapping, WaveMapping, unknown_answers
from baksos_eval.intake.text import quote
from baksos_eval.report.text import NOTHING, Catalogue
from baksos_eval.study.rewrite import Addition
from baksos_eval.study.study import Study


def mapping_lines(inspection: Inspection, catalogue: Catalogue) -> Iterator[str]:
    """Every table's columns, every spelling of an RT, and every answer that nobody knows."""
    for table in inspection.mappings:
        yield from _table(table, inspection.study, catalogue)
    yield from _rts(inspection, catalogue)
    unknown = unknown_answers(inspection.findings)
    if unknown:
        yield catalogue.text("mapping.unknown_answers", count=len(unknown))
        for answer in unknown:
            yield "   " + catalogue.text("mapping.unknown_answer", text=answer.text, count=answer.count, items=_few(answer.items, catalogue),
                                         nearest=catalogue.listing(answer.nearest) or NOTHING)


def _table(table: TableMapping, study: Study, catalogue: Catalogue) -> Iterator[str]:
    for wave in table.waves:
        yield catalogue.text("mapping.table_of_wave" if wave.wave else "mapping.table", place=_place(table, catalogue),
                             wave=_wave(wave.wave, study, catalogue), found=len(wave.matches), items=len(wave.matches) + len(wave.missing))
        yield from (f"   {line}" for line in _matches(wave.matches, catalogue))
        yield from (f"   {line}" for line in _without_partner(wave, catalogue))
    for match in table.known:
        yield "   " + catalogue.text("mapping.known", column=column_letters(match.position), header=quote(match.header), key=_key(match.target))
    for missing in table.unknown:
        yield "   " + catalogue.text("mapping.known_missing", key=_key(missing.target), text=quote(missing.text))
    yield from (f"   {line}" for line in _proposed(table.known_proposals, catalogue))
    for key, columns in (("mapping.unused", table.unused), ("mapping.contact", table.contact)):
        if columns:
            yield "   " + catalogue.text(key, count=len(columns), columns=_few([f"{column_letters(position)} \"{quote(header)}\"" for position, header in columns], catalogue))


def _matches(matches: Sequence[Match], catalogue: Catalogue) -> Iterator[str]:
    """A line per column; neighbours that were known by the item's id share one."""
    run: list[Match] = []
    for match in [*matches, None]:
        if run and (match is None or match.how != "id" or match.position != run[-1].position + 1):
            if len(run) > 1:
                yield catalogue.text("mapping.run", first=column_letters(run[0].position), last=column_letters(run[-1].position),
                                     first_item=run[0].target, last_item=run[-1].target, how=catalogue.text("mapping.how.id"))
            else:
                yield _match(run[0], catalogue)
            run = []
        if match is not None and match.how == "id":
            run.append(match)
        elif match is not None:
            yield _match(match, catalogue)


def _match(match: Match, catalogue: Catalogue) -> str:
    header = f"…{match.header[match.header.rindex('['):]}" if match.how == "inner" and "[" in match.header else match.header
    return catalogue.text("mapping.match", column=column_letters(match.position), header=quote(header), item=match.target,
                          how=catalogue.text(f"mapping.how.{match.how}"))


def _without_partner(wave: WaveMapping, catalogue: Catalogue) -> Iterator[str]:
    for missing in wave.missing:
        yield _missing(missing, catalogue)
    yield from _proposed(wave.proposals, catalogue)


def _missing(missing: Missing, catalogue: Catalogue) -> str:
    return catalogue.text("mapping.missing", item=missing.target, text=quote(missing.text))


def _proposed(proposals: Sequence[Proposal], catalogue: Catalogue) -> Iterator[str]:
    for proposal in proposals:
        yield catalogue.text("mapping.proposal", column=column_letters(proposal.position), header=quote(proposal.header), item=_key(proposal.target),
                             likeness=catalogue.percent(proposal.likeness / 100, 0))


def _rts(inspection: Inspection, catalogue: Catalogue) -> Iterator[str]:
    names: dict[str, dict[str, int]] = {}
    for spelling in inspection.spellings:
        texts = names.setdefault(spelling.rt, {})
        texts[spelling.text] = texts.get(spelling.text, 0) + spelling.rows
    if names:
        yield catalogue.text("mapping.rts")
    for name, texts in sorted(names.items()):
        yield "   " + catalogue.text("mapping.rt", rt=name or NOTHING, spellings=", ".join(f"\"{text}\" ({count})" for text, count in texts.items()))


def additions_of(inspection: Inspection, catalogue: Catalogue) -> tuple[Addition, ...]:
    """The proposals as lines of ``study.toml``; where the worksheets of one entry propose different things, none of them."""
    found: dict[tuple[int, tuple[str, ...], str], dict[str, str]] = {}
    for table in inspection.mappings:
        source = inspection.study.sources[table.source]
        proposals = [(("wide_items", wave.wave) if source.layout == "wide" else ("items",), proposal.target, proposal)
                     for wave in table.waves for proposal in wave.proposals]
        for proposal in table.known_proposals:
            kind, _, name = proposal.target.partition(".")
            if kind == "id" and len(source.columns.over(inspection.study.columns).id_columns) == 1:
                proposals.append((("columns",), "id", proposal))
            elif kind in ("profile", "dose") and kind in source.columns.model_fields_set:
                proposals.append((("columns", kind), name, proposal))
            elif not name:
                proposals.append((("columns",), kind, proposal))
        for section, key, proposal in proposals:
            remark = catalogue.text("mapping.remark", likeness=catalogue.percent(proposal.likeness / 100, 0))
            found.setdefault((table.source, section, key), {})[proposal.header] = remark
    return tuple(Addition(source, section, key, *next(iter(headers.items())))
                 for (source, section, key), headers in found.items() if len(headers) == 1)


def _place(table: TableMapping, catalogue: Catalogue) -> str:
    parts = {"file": table.file, "sheet": table.sheet}
    return ", ".join(catalogue.text(f"place.{name}", **{name: value}) for name, value in parts.items() if value)


def _wave(wave: str, study: Study, catalogue: Catalogue) -> str:
    return catalogue.text(f"wave.{wave}") if catalogue.has(f"wave.{wave}") else study.wave_labels[wave][catalogue.language] if wave else ""


def _few(texts: Sequence[str], catalogue: Catalogue, most: int = 8) -> str:
    shown = list(texts[:most])
    return ", ".join([*shown, catalogue.text("mapping.more", count=len(texts) - most)] if len(texts) > most else shown)


def _key(target: str) -> str:
    return "id" if target.startswith("id.") else target
