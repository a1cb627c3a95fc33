"""Which column of a log holds what: by the study's own headers, by the form's titles, and what is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from baksos_eval.activities.forms import Form, FormField
from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.columns import column_letters
from baksos_eval.intake.files import RawTable
from baksos_eval.intake.privacy import is_contact
from baksos_eval.intake.text import fold, loosen, nearest, quote
from baksos_eval.study.activities import Log

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBERING = frozenset(("no", "nomor", "no urut", "number", "nr"))


class LogColumns(NamedTuple):
    """Positions of the form's fields, of columns with contact data, and what was noticed."""

    fields: Mapping[str, int]
    contacts: tuple[int, ...]
    findings: tuple[Finding, ...]


def expected_titles(form: Form, log: Log) -> list[str]:
    """Every header that the log may have."""
    return [*log.columns.values(), *(title for field in form.fields for title in field.titles)]


def match_fields(table: RawTable, form: Form, log: Log) -> LogColumns:
    """The fields of the form in the table, each in at most one column; what is missing, double or unused as findings.

    A field takes the column of its surest title: the study's own header, then the form's titles in their order, each compared
    exactly, then without punctuation, then without what stands in brackets.
    """
    findings = list(_unknown_names(table, form, log))
    taken: dict[int, str] = {}
    fields: dict[str, int] = {}
    for field in sorted(form.fields, key=lambda field: field.name not in log.columns):
        own = log.columns.get(field.name, "")
        positions = [position for position in _positions(table, (own,) if own else field.titles) if position not in taken]
        if len(positions) > 1:
            columns = tuple(f"{column_letters(position)}: {quote(table.columns[position])}" for position in positions)
            findings.append(Finding("log_column_twice", Severity.FATAL, len(positions), (_at(table),), details={"field": field.header, "columns": columns}))
        elif positions:
            taken[positions[0]] = field.name
            fields[field.name] = positions[0]
        elif own or field.required:
            findings.append(_missing(table, field, own))
    contacts = [position for position in range(len(table.columns)) if position not in taken and is_contact(table, position)]
    contacts += [position for name, position in fields.items() if form.field(name).kind == "contact"]
    ignored = [position for position, title in enumerate(table.columns)
               if title and position not in taken and position not in contacts and loosen(title) not in _NUMBERING]
    for code, positions in (("log_contacts_dropped", contacts), ("log_columns_ignored", ignored)):
        if positions:
            findings.append(Finding(code, Severity.NOTE, len(positions), (_at(table),), details={"columns": tuple(quote(table.columns[position]) or column_letters(position) for position in positions[:8])}))
    return LogColumns({name: position for name, position in fields.items() if form.field(name).kind != "contact"}, tuple(contacts), tuple(findings))


def unit_in_header(title: str) -> str:
    """What a header says in brackets (``Jumlah (dus)``), perhaps a unit."""
    found = _ASIDE.findall(title)
    return found[-1].strip("()[] ") if found else ""


def _positions(table: RawTable, titles: tuple[str, ...]) -> list[int]:
    """The columns of the first title that any column has."""
    for make in (fold, loosen, lambda title: loosen(_ASIDE.sub(" ", title))):
        headers = [make(column) for column in table.columns]
        for title in titles:
            if found := [position for position, header in enumerate(headers) if header and header == make(title)]:
                return found
    return []


def _unknown_names(table: RawTable, form: Form, log: Log) -> Iterator[Finding]:
    names = [field.name for field in form.fields]
    for key, given in (("columns", log.columns), ("words", log.words)):
        for name in given:
            if name not in names:
                yield Finding("log_field_unknown", Severity.FATAL, where=(_at(table),),
                              details={"name": f"{key}.{name}", "similar": nearest([name], names), "known": tuple(names)})


def _missing(table: RawTable, field: FormField, own: str) -> Finding:
    wanted = (own,) if own else field.titles
    return Finding("log_column_missing", Severity.FATAL, where=(_at(table),), details={
        "field": field.header, "name": field.name, "known": tuple(quote(title) for title in wanted[:4]), "similar": nearest(wanted, table.columns)})


def _at(table: RawTable) -> Where:
    return Where(table.file, table.sheet, table.header_row or None)
