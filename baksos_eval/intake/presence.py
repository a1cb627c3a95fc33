"""Who was there and when, from attendance sheets: one column for each session, or one row for each person and session."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import numpy as np

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES, RawTable
from baksos_eval.intake.text import clean, fold, loosen, quote
from baksos_eval.intake.times import Order, weigh_times

Mark = Literal["present", "permitted", "sick", "absent"]
MARKS: tuple[Mark, ...] = ("present", "permitted", "sick", "absent")
"""Hadir, izin, sakit, alpa: the four marks of an Indonesian attendance sheet, H, I, S and A."""

_WORDS: dict[str, Mark] = {
    **dict.fromkeys(("h", "hadir", "hdr", "masuk", "datang", "ikut", "ada", "ya", "iya", "v", "1", "1x", "\u2713", "\u2714", "\u2611", "\u221a", "\u2705", "terlambat",
                     "telat", "present", "yes", "y", "true"), "present"),
    **dict.fromkeys(("i", "izin", "ijin", "iz", "permisi", "dispensasi", "excused", "permitted", "leave"), "permitted"),
    **dict.fromkeys(("s", "sakit", "skt", "sick", "ill"), "sick"),
    **dict.fromkeys(("a", "alpa", "alpha", "alfa", "alp", "absen", "absent", "tk", "tanpa keterangan", "tanpa kabar", "tidak hadir", "tdk hadir", "tidak", "bolos",
                     "0", "no", "n", "false"), "absent"),
}
_BLANK = ("", "-", ".", "_", "\u2013")
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[\s-]+[A-Za-z]{3,}\.?[\s-]+\d{4}")
_DAY_ALONE = re.compile(r"(?:[a-z]+ )?\d{1,2} (?:\d{1,2}|jan|feb|mar|apr|mei|may|jun|jul|agu|agt|ags|aug|sep|okt|oct|nov|des|dec)[a-z]*")
_NUMBERED = re.compile(r"(?:pertemuan|sesi|tatap muka|tm|p|tanggal|tgl|hari|minggu|kegiatan|session|meeting|day|week) ?(?:ke )?\d{1,3}(?: .*)?")
_BARE = re.compile(r"\d{1,2}")
_MOST_QUOTED = 5


class Session(NamedTuple):
    """One meeting: its day where one is known, and what the sheet calls it."""

    day: date | None
    label: str

    @property
    def place(self) -> tuple[bool, date, tuple[tuple[bool, int, str], ...]]:
        """Where it stands in time: by its day, without one by its name, in which 10 comes after 9."""
        parts = re.findall(r"\d+|\D+", self.label)
        return self.day is None, self.day or date.min, tuple((part.isdigit(), int(part) if part.isdigit() else 0, "" if part.isdigit() else part) for part in parts)


@dataclass(frozen=True)
class Presence:
    """The marks of one sheet, one entry for each that was made; a cell without a mark has none.

    Attributes:
        sessions: the meetings, in the order of their days (then of the sheet).
        row: for each mark, the position of its row in the table.
        session: for each mark, the position of its meeting in ``sessions``.
        mark: one of :data:`MARKS`.
        findings: what was noticed.
    """

    sessions: tuple[Session, ...]
    row: np.ndarray
    session: np.ndarray
    mark: np.ndarray
    findings: tuple[Finding, ...]


def read_across(table: RawTable, others: Collection[int] = (), dates: Order | Literal[""] = "", words: Mapping[str, Mark] = {}) -> Presence:
    """The marks of a sheet with one column for each session.

    A column belongs to a session by its title: a date, ``Pertemuan 3``, or a number above marks.

    Args:
        table: the sheet.
        others: positions of columns that are known for something else.
        dates: how the numbers of a date are ordered, if that is declared.
        words: what the study says that marks mean (:func:`read_words`).
    """
    columns = [position for position in range(len(table.columns)) if position not in set(others) and _is_session(table, position, words)]
    headers = [clean(table.columns[position]) for position in columns]
    days = _days(headers, dates)
    findings = [Finding("session_date_impossible", Severity.WARNING, 1, (Where(table.file, table.sheet, table.header_row or None, quote(header)),), details={"found": quote(header)})
                for header, (day, dated) in zip(headers, days, strict=True) if dated and day is None]
    if not columns:
        findings.append(Finding("session_columns_missing", Severity.WARNING, where=(Where(table.file, table.sheet, table.header_row or None),)))
    order = sorted(range(len(columns)), key=lambda place: (days[place][0] is None, days[place][0] or date.min, place))
    rows, sessions, marks = [], [], []
    unknown = _Unknown(table)
    for number, place in enumerate(order):
        codes, meaning = _meanings(table, columns[place], words)
        unknown.note(columns[place], codes, meaning)
        said = np.array([mark or "" for mark in meaning], dtype=object)[codes]
        found = np.flatnonzero(said != "")
        rows.append(found)
        sessions.append(np.full(len(found), number))
        marks.append(said[found])
    return Presence(tuple(Session(days[place][0], quote(headers[place])) for place in order), *_joined(rows, sessions, marks), (*findings, *unknown.findings()))


def read_down(table: RawTable, when: int, mark: int | None = None, dates: Order | Literal[""] = "", words: Mapping[str, Mark] = {}) -> Presence:
    """The marks of a sheet with one row for each person and session; without a column of marks, whoever is listed was there.

    Args:
        table: the sheet.
        when: the column of the day, or of the session's name.
        mark: the column of the marks.
        dates: how the numbers of a date are ordered, if that is declared.
        words: what the study says that marks mean.
    """
    column = table.frame[when].cat
    texts = [clean(text) for text in column.categories]
    days = _days(texts, dates)
    named = {code: Session(day, "" if day else quote(text)) for code, (text, (day, dated)) in enumerate(zip(texts, days, strict=True)) if text and (day or not dated)}
    ordered = tuple(sorted(set(named.values()), key=lambda session: session.place))
    place = np.array([ordered.index(named[code]) if code in named else -1 for code in range(len(texts))], dtype=np.int64)[column.codes.to_numpy()]
    findings = list(_rows(table, "attendance_date_unreadable", place < 0, when))
    unknown = _Unknown(table)
    said = np.full(len(table.frame), "present", dtype=object)
    if mark is not None:
        codes, meaning = _meanings(table, mark, words)
        unknown.note(mark, codes, meaning)
        said = np.array([word or "" for word in meaning], dtype=object)[codes]
    found = np.flatnonzero((place >= 0) & (said != ""))
    return Presence(ordered, found, place[found], said[found], (*findings, *unknown.findings()))


def find_column(table: RawTable, *titles: str) -> int | None:
    """The first column with one of these titles, exactly or by its words alone; the surest title is the first."""
    for form in (fold, loosen):
        for title in titles:
            for position, header in enumerate(table.columns):
                if form(title) and form(header) == form(title):
                    return position
    return None


def _is_session(table: RawTable, position: int, meant: Mapping[str, Mark]) -> bool:
    header = clean(table.columns[position])
    words = loosen(header)
    if _DATE.search(header) or _DAY_ALONE.fullmatch(words):
        return True
    return bool(_NUMBERED.fullmatch(words) or _BARE.fullmatch(header.strip("."))) and _mostly_marks(table, position, meant)


def _mostly_marks(table: RawTable, position: int, meant: Mapping[str, Mark]) -> bool:
    said = [text for text in table.frame[position].cat.categories if fold(text) not in _BLANK]
    return sum(_meaning(text, meant) is not None for text in said) >= 0.5 * len(said)


def _days(texts: list[str], dates: Order | Literal[""]) -> list[tuple[date | None, bool]]:
    """For each text the day it names, and whether it is written like a date at all."""
    written = [found[0] if (found := _DATE.search(text)) else "" for text in texts]
    read = weigh_times([text for text in written if text], dates).moments
    moments = iter(read)
    return [(moment.date() if (moment := next(moments)) else None, True) if text else (None, False) for text in written]


def read_words(words: Mapping[str, str]) -> tuple[dict[str, Mark], list[str]]:
    """What a study says that marks mean (``{ "x" = "alpa" }``), made comparable; and the words whose meaning is none of the four."""
    known: dict[str, Mark] = {}
    unknown = []
    for word, meaning in words.items():
        mark = meaning if meaning in MARKS else _meaning(meaning, {})
        if mark is None:
            unknown.append(word)
        else:
            known[fold(word)] = mark  # type: ignore[assignment]
    return known, unknown


def _meaning(text: str, meant: Mapping[str, Mark]) -> Mark | None:
    folded = fold(text).strip(" .")
    return meant.get(fold(text)) or _WORDS.get(folded) or _WORDS.get(loosen(text)) or _WORDS.get(re.sub(r"\s*\(.*\)$", "", folded))


def _meanings(table: RawTable, position: int, meant: Mapping[str, Mark]) -> tuple[np.ndarray, list[Mark | Literal[""] | None]]:
    """The column's codes, and for each different text its mark: ``""`` if there is none, ``None`` if it is not known."""
    column = table.frame[position].cat
    return column.codes.to_numpy(), ["" if fold(text) in _BLANK and fold(text) not in meant else _meaning(text, meant) for text in column.categories]


def _joined(*parts: list[np.ndarray]) -> tuple[np.ndarray, ...]:
    return tuple(np.concatenate(part) if part else np.zeros(0, dtype=np.int64) for part in parts)


def _rows(table: RawTable, code: str, chosen: np.ndarray, position: int) -> Iterator[Finding]:
    places = np.flatnonzero(chosen)
    if len(places):
        where = tuple(Where(table.file, table.sheet, table.rows[place], quote(table.columns[position])) for place in places[:MOST_PLACES])
        yield Finding(code, Severity.WARNING, len(places), where)


class _Unknown:
    """Cells that hold something else than a mark."""

    def __init__(self, table: RawTable) -> None:
        self.table = table
        self.places: list[Where] = []
        self.texts: set[str] = set()
        self.count = 0

    def note(self, position: int, codes: np.ndarray, meaning: list[Mark | Literal[""] | None]) -> None:
        strange = np.flatnonzero(np.array([mark is None for mark in meaning], dtype=bool)[codes])
        self.count += len(strange)
        self.texts |= {quote(self.table.frame[position].iloc[place]) for place in strange}
        self.places += [Where(self.table.file, self.table.sheet, self.table.rows[place], quote(self.table.columns[position])) for place in strange]

    def findings(self) -> Iterator[Finding]:
        if self.count:
            yield Finding("attendance_mark_unknown", Severity.WARNING, self.count, tuple(self.places[:MOST_PLACES]), details={"found": tuple(sorted(self.texts)[:_MOST_QUOTED])})
