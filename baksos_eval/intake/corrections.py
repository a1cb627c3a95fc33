"""Declared corrections of single cells (``koreksi.csv``): put into effect while the file is read, only where the old value still stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.columns import Layout, column_letters
from baksos_eval.intake.files import MOST_PLACES, RawTable, read_table
from baksos_eval.intake.text import clean, fold, loosen, quote
from baksos_eval.study.study import Study

FILE = "koreksi.csv"
HEADERS: Mapping[str, tuple[str, ...]] = {
    "file": ("berkas", "file"), "sheet": ("lembar", "sheet"), "row": ("baris", "row"), "column": ("kolom", "column"), "old": ("nilai lama", "lama", "old value", "old"),
    "new": ("nilai baru", "baru", "new value", "new"), "reason": ("alasan", "reason"), "by": ("oleh", "by"),
}
_OPTIONAL = ("sheet",)
_MOST_TOLD = 10
_LETTERS = re.compile(r"[A-Za-z]{1,3}")


class Correction(NamedTuple):
    """One line of the table: which cell, what it must still say, what it is to say, why, and who says so (by role, not by name)."""

    line: int
    file: str
    sheet: str
    row: str
    column: str
    old: str
    new: str
    reason: str
    by: str


@dataclass
class Corrections:
    """The corrections of a study, and what has become of each: put into effect (and in which column), or why not."""

    name: str
    entries: tuple[Correction, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    _done: set[int] = field(default_factory=set)
    _failed: dict[int, str] = field(default_factory=dict)

    def put_into(self, table: RawTable) -> tuple[RawTable, tuple[tuple[Correction, int], ...]]:
        """The table with its corrections, and each correction that took effect with the position of its column."""
        applied = []
        frame = table.frame
        place_of = {row: place for place, row in enumerate(table.rows)}
        for entry in self.entries:
            if not self._is_about(entry, table) or self._failed.get(entry.line) == "correction_incomplete":
                continue
            place, position = place_of.get(int(entry.row)) if entry.row.isdecimal() else None, _position(table, entry.column)
            if place is None or position is None:
                self._failed[entry.line] = "correction_nowhere"
            elif fold(str(frame[position].iloc[place])) != fold(entry.old):
                self._failed[entry.line] = "correction_outdated"
            else:
                frame = _with_cell(frame, place, position, clean(entry.new))
                applied.append((entry, position))
                self._done.add(entry.line)
        return (replace(table, frame=frame) if applied else table), tuple(applied)

    def _is_about(self, entry: Correction, table: RawTable) -> bool:
        return entry.file == table.file and entry.sheet in ("", table.sheet)

    def unused(self) -> list[Finding]:
        """Findings about the corrections that took no effect."""
        lines: dict[str, list[int]] = {}
        for entry in self.entries:
            if entry.line not in self._done:
                lines.setdefault(self._failed.get(entry.line, "correction_nowhere"), []).append(entry.line)
        return [*self.findings, *(Finding(code, Severity.WARNING, len(found), tuple(Where(self.name, "", line) for line in found[:MOST_PLACES]), details={"file": self.name})
                                  for code, found in sorted(lines.items()))]


def read_corrections(study: Study) -> Corrections:
    """The corrections that the study names in ``answers.corrections``; a table that cannot be read is a fatal finding."""
    name = study.answers.corrections
    if not name:
        beside = (study.folder / FILE).is_file()
        return Corrections(FILE, findings=[Finding("corrections_not_declared", Severity.WARNING, where=(Where(FILE),), details={"file": FILE})] if beside else [])
    try:
        table = read_table(study.folder / name, name, expected=[word for words in HEADERS.values() for word in words])
    except BaksosError as error:
        return Corrections(name, findings=[Finding(error.code, Severity.FATAL, where=(Where(name),), details=error.details)])
    columns = {key: next((place for place, header in enumerate(table.columns) if loosen(header) in words), None) for key, words in HEADERS.items()}
    missing = tuple(HEADERS[key][0] for key, place in columns.items() if place is None and key not in _OPTIONAL)
    if missing:
        return Corrections(name, findings=[Finding("corrections_columns_missing", Severity.FATAL, len(missing), (Where(name, table.sheet, table.header_row),), details={"columns": missing})])
    texts = {key: table.frame[place].astype(str).tolist() if place is not None else [""] * len(table.rows) for key, place in columns.items()}
    entries = tuple(Correction(line, *(_plain(key, texts[key][place]) for key in HEADERS)) for place, line in enumerate(table.rows))
    read = Corrections(name, entries)
    read._failed |= {entry.line: "correction_incomplete" for entry in entries if not (entry.file and entry.row and entry.column and entry.reason and entry.by)}
    read.findings += [finding for finding in table.findings if finding.fatal]
    return read


def tell(applied: Sequence[tuple[Correction, int]], table: RawTable, layout: Layout, rt_of: Callable[[int], str]) -> Iterable[Finding]:
    """For each RT the corrections that took effect in its rows; values are quoted of questionnaire items only."""
    items = {position for group in layout.items.values() for position in group.values()}
    of_rt: dict[str, list[tuple[Correction, int]]] = {}
    for entry, position in applied:
        of_rt.setdefault(rt_of(int(entry.row)), []).append((entry, position))
    for rt, done in of_rt.items():
        where = tuple(Where(table.file, table.sheet, int(entry.row), f"{column_letters(position)}: {quote(table.columns[position])}") for entry, position in done[:MOST_PLACES])
        told = [f"{column_letters(position)}{entry.row}: {_shown(entry, position in items)} ({quote(entry.reason)}; {quote(entry.by)})" for entry, position in done[:_MOST_TOLD]]
        more = ("…",) if len(done) > _MOST_TOLD else ()
        yield Finding("corrections_applied", Severity.NOTE, len(done), where, rt, {"listed": (*told, *more)})


def _shown(entry: Correction, is_item: bool) -> str:
    return f"\"{quote(entry.old)}\" → \"{quote(entry.new)}\"" if is_item else "…"


def _plain(key: str, text: str) -> str:
    return re.sub(r"[.,]0+$", "", text) if key == "row" else text


def _position(table: RawTable, column: str) -> int | None:
    """The one column with this header, or else with these letters."""
    found = [place for place, header in enumerate(table.columns) if header and fold(header) == fold(column)]
    if not found and _LETTERS.fullmatch(column):
        found = [place for place in range(len(table.columns)) if column_letters(place) == column.upper()]
    return found[0] if len(found) == 1 else None


def _with_cell(frame: pd.DataFrame, place: int, position: int, text: str) -> pd.DataFrame:
    column = frame[position].array
    categories = list(column.categories)
    if text not in categories:
        categories.append(text)
    codes = np.asarray(column.codes).astype(np.int32).copy()
    codes[place] = categories.index(text)
    changed = frame.copy(deep=False)
    changed[position] = pd.Categorical.from_codes(codes, categories=pd.Index(categories, dtype=object))
    return changed
