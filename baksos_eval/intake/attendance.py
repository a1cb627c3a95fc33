"""How many sessions each respondent came to, from attendance lists that hold the respondents' own codes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES, RawTable, read_table
from baksos_eval.intake.presence import MARKS, Mark, Presence, find_column, read_across, read_down, read_words
from baksos_eval.intake.privacy import is_contact, values_of
from baksos_eval.intake.rows import person_key, rt_of
from baksos_eval.intake.text import fold, quote
from baksos_eval.intake.workbook import sheet_names
from baksos_eval.study.activities import AttendanceList
from baksos_eval.study.study import Study
from baksos_eval.study.toml import Words

DATE_TITLES = ("tanggal", "tgl", "hari/tanggal", "tanggal kegiatan", "pertemuan", "sesi", "date", "session")
MARK_TITLES = ("kehadiran", "keterangan", "ket", "status", "hadir", "presensi", "attendance", "mark")
RT_TITLES = ("rt", "rt/rw", "nama rt", "rukun tetangga")
_ID = "id"


@dataclass(frozen=True)
class Attended:
    """What the attendance lists say of the respondents; ids stay in memory, as those of the questionnaires do.

    Attributes:
        doses: the number of sessions per row of the responses, by the list's name; ``nan`` for whoever is not on it.
        never_there: per list, the RTs it is about: whoever is not on it there came to no session (unless the study says that nobody knows).
        findings: what was noticed.
        ids: every id on the lists, as it stands there.
        contacts: every value of their contact columns.
    """

    doses: Mapping[str, np.ndarray]
    never_there: Mapping[str, frozenset[str]]
    findings: tuple[Finding, ...]
    ids: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()


@dataclass
class _Listed:
    """One list as read: sessions attended per RT and person key, and the rows that each stands in."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    places: dict[tuple[str, str], Where] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def count_sessions(frame: pd.DataFrame, study: Study) -> Attended:
    """The sessions each questionnaire's person came to, joined by RT and by the same key that joins before and after.

    A list that cannot be read leaves its dose unknown, with a warning; the evaluation goes on.

    Args:
        frame: the rows of :attr:`~baksos_eval.intake.responses.Responses.frame`.
        study: whose lists are read.
    """
    doses: dict[str, np.ndarray] = {}
    never_there: dict[str, frozenset[str]] = {}
    findings: list[Finding] = []
    ids: set[str] = set()
    contacts: set[str] = set()
    for entry in study.activities.attendance:
        listed = _read(entry, study)
        name = _called(entry, study)
        values, rts, noticed = _join(frame, listed, name)
        doses[entry.name] = values
        if entry.unlisted == "zero":
            never_there[entry.name] = rts
        findings += [*listed.findings, *noticed, *_not_listed(frame, values, rts, entry.unlisted, name)]
        ids |= listed.ids
        contacts |= listed.contacts
    return Attended(doses, never_there, tuple(findings), frozenset(ids), frozenset(contacts))


def _read(entry: AttendanceList, study: Study) -> _Listed:
    listed = _Listed()
    path = study.folder / entry.file
    try:
        names = sheet_names(path, entry.file) if entry.sheet == "*" and path.is_file() else [entry.sheet]
    except BaksosError:
        names = [""]                    # what is wrong with the file is told by reading it
    for name in names:
        _read_sheet(entry.model_copy(update={"sheet": name}), study, name if entry.sheet == "*" else "", listed)
    return listed


def _read_sheet(entry: AttendanceList, study: Study, named: str, listed: _Listed) -> None:
    """One sheet of a list; ``named`` is the RT that its name stands for where no column says it."""
    names = _titles(entry, study)
    try:
        table = read_table(study.folder / entry.file, entry.file, entry.sheet, entry.header_row, [title for titles in names.values() for title in titles])
    except BaksosError as error:
        listed.findings.append(Finding(error.code, Severity.WARNING, where=(Where(entry.file, entry.sheet),), details=error.details))
        return
    listed.findings += [finding if not finding.fatal else replace(finding, severity=Severity.WARNING) for finding in table.findings]
    known = {name: position for name, titles in names.items() if (position := find_column(table, *titles)) is not None}
    identifying = [name for name in names if name.startswith(_ID)]
    missing = [names[name][0] for name in identifying if name not in known]
    if missing:
        listed.findings.append(Finding("attendance_id_missing", Severity.WARNING, where=(Where(table.file, table.sheet, table.header_row or None),),
                                       details={"column": tuple(map(quote, missing)), "columns": _visible(table)}))
        return
    positions = [known[name] for name in identifying]
    listed.ids |= values_of(table, positions)
    listed.contacts |= values_of(table, (position for position in range(len(table.columns)) if position not in known.values() and is_contact(table, position)))
    words, unknown = read_words(entry.words.get("mark", {}))
    listed.findings += [Finding("log_word_unknown", Severity.WARNING, details={"name": "words.mark", "word": quote(word), "found": quote(entry.words["mark"][word]), "known": MARKS}) for word in unknown]
    presence = read_presence(table, known, entry, words)
    listed.findings += presence.findings
    if named and "rt" not in known and not entry.rt:
        entry = entry.model_copy(update={"rt": named})
    _count(table, presence, positions, known.get("rt"), entry, study, listed)


def read_presence(table: RawTable, known: Mapping[str, int], entry: AttendanceList, words: Mapping[str, Mark]) -> Presence:
    """The marks of a sheet, whichever way round it is; ``known`` says where the columns ``date`` and ``mark`` are, if they are."""
    across = read_across(table, tuple(known.values()), entry.dates, words)
    if across.sessions or "date" not in known:
        return across
    return read_down(table, known["date"], known.get("mark"), entry.dates, words)


def _titles(entry: AttendanceList, study: Study) -> dict[str, tuple[str, ...]]:
    """The titles of each column that is looked for, the surest first."""
    identifying = (entry.columns[_ID],) if _ID in entry.columns else study.columns.id_columns
    names = {f"{_ID}.{number}": (title,) for number, title in enumerate(identifying)}
    for name, titles in (("rt", RT_TITLES), ("date", DATE_TITLES), ("mark", MARK_TITLES)):
        names[name] = (entry.columns[name],) if name in entry.columns else titles
    return names


def _count(table: RawTable, presence: Presence, positions: Sequence[int], rt: int | None, entry: AttendanceList, study: Study, listed: _Listed) -> None:
    blank = {fold(word) for word in study.answers.blank}
    keys = [_key([str(table.frame[position].iloc[row]) for position in positions], blank) for row in range(len(table.frame))]
    rts = _rts(table, rt, entry, study)
    anonymous = [row for row, key in enumerate(keys) if not key]
    if anonymous:
        listed.findings.append(Finding("attendance_without_id", Severity.WARNING, len(anonymous), _where(table, anonymous)))
    came: dict[tuple[str, str], set[int]] = {}
    twice: list[int] = []
    seen: set[tuple[str, str, int]] = set()
    for row, session, mark in zip(presence.row.tolist(), presence.session.tolist(), presence.mark.tolist(), strict=True):
        if not keys[row]:
            continue
        person = (rts[row], keys[row])
        if (*person, session) in seen:
            twice.append(row)
        seen.add((*person, session))
        if mark == "present":
            came.setdefault(person, set()).add(session)
    for row, key in enumerate(keys):
        if key:
            person = (rts[row], key)
            listed.counts[person] = listed.counts.get(person, 0) + len(came.pop(person, ()))
            listed.places.setdefault(person, _where(table, [row])[0])
    if twice:
        listed.findings.append(Finding("attendance_listed_twice", Severity.WARNING, len(twice), _where(table, sorted(set(twice)))))


def _key(texts: Sequence[str], blank: set[str]) -> str:
    parts = ["" if fold(text) in blank else person_key(text) for text in texts]
    return "\x1f".join(parts) if all(parts) else ""


def _rts(table: RawTable, position: int | None, entry: AttendanceList, study: Study) -> list[str]:
    if entry.rt or position is None:
        only = entry.rt or (study.expected_rts[0] if len(study.expected_rts) == 1 else "")
        return [study.rt_name(only) if only else ""] * len(table.frame)
    return [rt_of(str(text), study) for text in table.frame[position]]


def _join(frame: pd.DataFrame, listed: _Listed, name: str | Words) -> tuple[np.ndarray, frozenset[str], list[Finding]]:
    """Sessions per row of the frame, the RTs that the list is about, and who could not be joined."""
    people = list(zip(frame["rt"].astype(object), frame["person"], strict=True))
    homes: dict[str, set[str]] = {}
    for rt, person in people:
        homes.setdefault(person, set()).add(rt)
    findings: list[Finding] = []
    counts: dict[tuple[str, str], int] = {}
    strangers: dict[str, list[Where]] = {}
    several: list[Where] = []
    known = set(people)
    for (rt, person), count in listed.counts.items():
        if not rt and len(homes.get(person, ())) > 1:
            several.append(listed.places[rt, person])
        elif (where := (rt or next(iter(homes.get(person, {""}))), person)) in known:
            counts[where] = counts.get(where, 0) + count
        else:
            strangers.setdefault(rt, []).append(listed.places[rt, person])
    if several:
        findings.append(Finding("attendance_in_several_rts", Severity.WARNING, len(several), tuple(several[:MOST_PLACES]), details={"list": name}))
    findings += [Finding("attendance_not_in_questionnaires", Severity.WARNING, len(places), tuple(places[:MOST_PLACES]), rt,
                         {"list": name, "joined": sum(1 for where in counts if not rt or where[0] == rt)}) for rt, places in sorted(strangers.items())]
    covered = frozenset(rt for rt, _ in counts)
    return np.array([counts.get(person, math.nan) if person[1] else math.nan for person in people], dtype=float), covered, findings


def _not_listed(frame: pd.DataFrame, values: np.ndarray, covered: frozenset[str], unlisted: str, name: str | Words) -> Iterator[Finding]:
    """Respondents of an RT that the list is about who do not stand on it."""
    missing: dict[str, set[str]] = {}
    for rt, person, count in zip(frame["rt"].astype(object), frame["person"], values, strict=True):
        if person and rt in covered and math.isnan(count):
            missing.setdefault(rt, set()).add(person)
    for rt, persons in sorted(missing.items()):
        yield Finding(f"attendance_not_listed_{unlisted}", Severity.NOTE, len(persons), rt=rt, details={"list": name})


def _called(entry: AttendanceList, study: Study) -> str | Words:
    """What the study calls the activity."""
    dose = study.doses.get(entry.name)
    return dose.label if dose and dose.label else entry.name.replace("_", " ")


def _where(table: RawTable, rows: Sequence[int]) -> tuple[Where, ...]:
    return tuple(Where(table.file, table.sheet, table.rows[row]) for row in rows[:MOST_PLACES])


def _visible(table: RawTable) -> tuple[str, ...]:
    return tuple(quote(header) for header in table.columns if header)[:8]
