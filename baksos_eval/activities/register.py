"""The sheets of the tutoring, read: attendance and marks of the pupils whose guardians agreed, and how many others there are."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from baksos_eval.activities.columns import expected_titles, match_fields
from baksos_eval.activities.forms import form_of
from baksos_eval.activities.logs import ReadLog, read_log
from baksos_eval.activities.notes import NoteReader
from baksos_eval.activities.tutoring import OTHERS, Came, Graded, Tutoring, measure_tutoring
from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES, RawTable, read_table
from baksos_eval.intake.numerals import read_numbers
from baksos_eval.intake.presence import Session, find_column, read_across, read_words
from baksos_eval.intake.privacy import Identities
from baksos_eval.intake.text import fold, loosen, quote
from baksos_eval.intake.workbook import sheet_names
from baksos_eval.stats.small_numbers import FEWEST_PAIRS
from baksos_eval.study.activities import Log, Subject, TutoringLog
from baksos_eval.study.study import Study

R = TypeVar("R")

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_GRADE = re.compile(r"\d{1,2}[A-Z]?")
_NUMBERING = ("no", "nomor", "no urut", "number", "nr")


class PupilRow(NamedTuple):
    """One row of the attendance: a pupil, or a pupil in one session."""

    where: Where
    pupil: str
    guardian: bool | None
    level: str
    subject: str
    date: date | None
    mark: str


class MarkRow(NamedTuple):
    """One row of the marks: a pupil in one subject, or in all of them where each has its columns."""

    where: Where
    pupil: str
    guardian: bool | None
    level: str
    subject: str
    pre: float | None
    post: float | None


@dataclass
class _Gathered:
    """What the sheets say, before it is known who agreed."""

    came: dict[tuple[str, Session, str], list[tuple[Came, Where]]] = field(default_factory=dict)
    graded: dict[tuple[str, str], list[tuple[Graded, Where]]] = field(default_factory=dict)
    consents: dict[str, set[bool]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    beyond: dict[float, list[Where]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def know(self, rows: Iterable[PupilRow | MarkRow]) -> None:
        """Remembers who is named, what their guardians said, and which level they are in."""
        for row in rows:
            if row.pupil:
                said = self.consents.setdefault(row.pupil, set())
                if row.guardian is not None:
                    said.add(row.guardian)
                if row.level:
                    self.levels.setdefault(row.pupil, grade_of(row.level))

    def agreed(self) -> set[str]:
        """The pupils whose guardians agreed, and said nothing else anywhere."""
        return {pupil for pupil, said in self.consents.items() if said == {True}}


def read_tutoring(study: Study, log: TutoringLog) -> tuple[Tutoring | None, ReadLog[PupilRow]]:
    """The tutoring of a study, and its sheets as they were read; none when the attendance cannot be read.

    A pupil is analysed if a guardian's consent stands in one of the sheets and no refusal in any; all others are counted.
    """
    read = _read_every_sheet(study, log, "tutoring", PupilRow)
    if read.fatal:
        return None, read
    subjects = _subject_words(log.subjects)
    found = _Gathered()
    found.know(read.rows)
    ignored = _attendance(study, log, read, subjects, found)
    marks = _read_every_sheet(study, log.marks, "marks", MarkRow) if log.marks else None
    if marks is not None and log.marks is not None:
        found.know(marks.rows)
        ignored += _marks(study, log, log.marks, marks, subjects, found)
    agreed = found.agreed()
    came, graded = _without_rare_words(list(_once(found.came, found)), list(_once(found.graded, found)), log.subjects, found)
    refused = len(found.consents) - len(agreed)
    if refused:
        found.findings.append(Finding("tutoring_without_consent", Severity.WARNING, refused, details={"pupils": len(found.consents)}))
    found.findings += [Finding("tutoring_mark_beyond", Severity.WARNING, len(places), tuple(places[:MOST_PLACES]), details={"maximum": highest}) for highest, places in found.beyond.items()]
    found.findings += [*_apart(came, graded, agreed), *_undeclared(graded, log)]
    across = "date" not in read.headers      # then a column of remarks is no column of marks
    told = [finding for finding in read.findings if not (across and finding.details.get("name") == "mark")]
    findings = [*(finding for finding in (*told, *(marks.findings if marks else ())) if finding.code != "log_columns_ignored"), *ignored, *found.findings]
    findings = [replace(finding, severity=Severity.WARNING) if finding.fatal else finding for finding in findings]      # the attendance can still be told
    result = measure_tutoring(len(found.consents), refused, [entry for entry in came if entry.pupil in agreed], [entry for entry in graded if entry.pupil in agreed],
                              log.subjects, log.target / 100, study.analysis)
    both = (read, marks) if marks else (read,)
    return result, ReadLog(read.rows, tuple(findings), read.headers, frozenset().union(*(one.ids for one in both)), frozenset().union(*(one.contacts for one in both)))


def _read_every_sheet(study: Study, log: Log, kind: str, record: type[R]) -> ReadLog[R]:
    """The log with ``sheet = "*"`` taken for every visible sheet: a class each, say. A child has one code in all of them."""
    path = study.folder / log.file
    try:
        names = sheet_names(path, log.file) if log.sheet == "*" and path.is_file() else [log.sheet]
    except BaksosError:
        names = [""]                    # what is wrong with the file is told by reading it
    found = [read_log(study, log.model_copy(update={"sheet": name}), kind, record) for name in names]
    headers = {name: title for one in reversed(found) for name, title in one.headers.items()}
    return ReadLog(tuple(row for one in found for row in one.rows), tuple(finding for one in found for finding in one.findings), headers,
                   frozenset().union(*(one.ids for one in found)), frozenset().union(*(one.contacts for one in found)))


def _tables(study: Study, log: Log, kind: str, rows: Sequence[PupilRow | MarkRow]) -> Iterator[tuple[RawTable, Mapping[str, int], set[int], dict[int, Any]]]:
    """Each table that the rows came from, its columns by field, those that hold contacts, and its rows by their numbers."""
    form = form_of(kind)
    for file, sheet in dict.fromkeys((row.where.file, row.where.sheet) for row in rows):
        table = read_table(study.folder / file, file, sheet, log.header_row, expected_titles(form, log))
        columns = match_fields(table, form, log)
        yield table, columns.fields, set(columns.contacts), {row.where.row: row for row in rows if (row.where.file, row.where.sheet) == (file, sheet)}


def _attendance(study: Study, log: TutoringLog, read: ReadLog[PupilRow], subjects: Mapping[str, str], found: _Gathered) -> list[Finding]:
    """Gathers who came; sheets with a column of dates have a row for each session, others a column for each."""
    if "date" in read.headers:
        for row in read.rows:
            mark = row.mark if "mark" in read.headers else "present"
            if row.pupil and row.date and mark:
                _add(found, row, Session(row.date, ""), mark, subjects)
        return _keep(read.findings)
    notes = NoteReader(Identities(read.ids, read.contacts), [*read.contacts, *read.ids])
    ignored: list[Finding] = []
    for table, fields, contacts, rows in _tables(study, log, "tutoring", read.rows):
        presence = read_across(table, [*fields.values(), *contacts], log.dates or study.answers.dates, read_words(log.words.get("mark", {}))[0])
        found.findings += [replace(finding, details=finding.details | {"found": tuple(quote(notes.note(text)) for text in finding.details["found"])})
                           if isinstance(finding.details.get("found"), tuple) else finding for finding in presence.findings]
        sessions = [session._replace(label=notes.note(session.label)) for session in presence.sessions]
        for place, session, mark in zip(presence.row.tolist(), presence.session.tolist(), presence.mark.tolist(), strict=True):
            row = rows.get(table.rows[place])
            if row is not None and row.pupil:
                _add(found, row, sessions[session], mark, subjects)
        used = {*fields.values(), *contacts} | {position for position, title in enumerate(table.columns) if quote(title) in {session.label for session in presence.sessions}}
        ignored += _ignored(table, used)
    return ignored


def _add(found: _Gathered, row: PupilRow, session: Session, mark: Any, subjects: Mapping[str, str]) -> None:
    subject = _subject(row.subject, subjects)
    entry = Came(row.pupil, session, mark, subject, found.levels.get(row.pupil, ""))
    found.came.setdefault((row.pupil, session, subject), []).append((entry, row.where))


def _marks(study: Study, log: TutoringLog, sheet: Log, read: ReadLog[MarkRow], subjects: Mapping[str, str], found: _Gathered) -> list[Finding]:
    """Gathers the marks: a row for each subject, or two columns for each subject that names its headers."""
    wide = {key: subject for key, subject in log.subjects.items() if subject.pre}
    if not wide:
        if read.rows and not {"pre", "post"} <= set(read.headers):
            found.findings.append(Finding("tutoring_marks_nowhere", Severity.WARNING, where=(Where(sheet.file, sheet.sheet),)))
        only = next(iter(log.subjects)) if len(log.subjects) == 1 and "subject" not in read.headers else ""
        for row in read.rows:
            if row.pupil:
                _grade(found, row.pupil, _subject(row.subject, subjects) or only, row.pre, row.post, row.where, log)
        return _keep(read.findings)
    ignored: list[Finding] = []
    for table, fields, contacts, rows in _tables(study, sheet, "marks", read.rows):
        used = {*fields.values(), *contacts}
        for key, subject in wide.items():
            columns = [find_column(table, title) for title in (subject.pre, subject.post)]
            if None in columns:
                missing = tuple(quote(title) for title, column in zip((subject.pre, subject.post), columns, strict=True) if column is None)
                found.findings.append(Finding("tutoring_mark_column_missing", Severity.WARNING, len(missing), (Where(table.file, table.sheet, table.header_row or None),),
                                              details={"columns": missing}))
                continue
            used |= set(columns)  # type: ignore[arg-type]
            numbers = [_numbers(table, column, study, found) for column in columns]
            for place, number in enumerate(table.rows):
                if number in rows and rows[number].pupil:
                    _grade(found, rows[number].pupil, key, numbers[0][place], numbers[1][place], rows[number].where, log)
        ignored += _ignored(table, used)
    return ignored


def _numbers(table: RawTable, position: int | None, study: Study, found: _Gathered) -> list[float | None]:
    """One column's marks; what is no number is none, with its place."""
    assert position is not None
    blank = {fold(word) for word in study.answers.blank} | {""}
    texts = ["" if fold(text) in blank else text for text in table.frame[position].astype(object)]
    values = read_numbers(texts).values
    bad = [place for place, text in enumerate(texts) if text and not values[place] >= 0]
    if bad:
        found.findings.append(Finding("tutoring_mark_unreadable", Severity.WARNING, len(bad), tuple(
            Where(table.file, table.sheet, table.rows[place], quote(table.columns[position])) for place in bad[:MOST_PLACES])))
    return [float(value) if value >= 0 else None for value in values]


def _grade(found: _Gathered, pupil: str, subject: str, pre: float | None, post: float | None, where: Where, log: TutoringLog) -> None:
    highest = log.subjects[subject].maximum if subject in log.subjects else math.inf
    values = []
    for value in (pre, post):
        if value is not None and value > highest:
            found.beyond.setdefault(highest, []).append(where)
            value = None
        values.append(math.nan if value is None else value)
    if not (math.isnan(values[0]) and math.isnan(values[1])):
        found.graded.setdefault((pupil, subject), []).append((Graded(pupil, subject, found.levels.get(pupil, ""), *values), where))


def _once(entries: Mapping[Any, list[tuple[Any, Where]]], found: _Gathered) -> Iterator[Any]:
    """Each entry once; what is written twice in different ways is left out, with its places."""
    same, different = [], []
    for group in entries.values():
        told = {repr(entry) for entry, _ in group}      # nan is not equal to itself
        if len(told) == 1:
            yield group[0][0]
        if len(group) > 1:
            (same if len(told) == 1 else different).extend(where for _, where in group)
    for code, severity, places in (("tutoring_twice", Severity.NOTE, same), ("tutoring_twice_differently", Severity.WARNING, different)):
        if places:
            found.findings.append(Finding(code, severity, len(places), tuple(dict.fromkeys(places))[:MOST_PLACES]))


def _subject_words(subjects: Mapping[str, Subject]) -> dict[str, str]:
    """Every way to write a declared subject, and its key."""
    return {form(word): key for key, subject in subjects.items() for word in (key, key.replace("_", " "), subject.label.id, subject.label.en, *subject.spellings)
            for form in (fold, loosen)}


def _subject(text: str, words: Mapping[str, str]) -> str:
    return words.get(fold(text)) or words.get(loosen(text)) or text


def _without_rare_words(came: list[Came], graded: list[Graded], subjects: Mapping[str, Subject], found: _Gathered) -> tuple[list[Came], list[Graded]]:
    """The entries without words of the sheets that few children share, which may be a name in the wrong column.

    Undeclared subjects and levels other than grades that fewer than five children have become :data:`OTHERS` in the attendance; marks in such
    subjects are left out and counted.
    """
    by_subject = _frequent(((entry.subject, entry.pupil) for entry in (*came, *graded)), lambda word: word in subjects)
    by_level = _frequent(((entry.level, entry.pupil) for entry in (*came, *graded)), lambda word: _GRADE.fullmatch(word) is not None)
    left_out = [entry for entry in graded if entry.subject not in by_subject]
    if left_out:
        found.findings.append(Finding("tutoring_subject_rare", Severity.WARNING, len(left_out), details={"fewest": FEWEST_PAIRS, "known": tuple(subject.label for subject in subjects.values())}))
    return ([entry._replace(subject=entry.subject if entry.subject in by_subject else OTHERS, level=entry.level if entry.level in by_level else OTHERS) for entry in came],
            [entry._replace(level=entry.level if entry.level in by_level else OTHERS) for entry in graded if entry.subject in by_subject])


def _frequent(said: Iterable[tuple[str, str]], is_known: Callable[[str], bool]) -> set[str]:
    """The words that are known, or that enough children share; no word at all is one of them."""
    pupils: dict[str, set[str]] = {}
    for word, pupil in said:
        pupils.setdefault(word, set()).add(pupil)
    return {""} | {word for word, sharing in pupils.items() if is_known(word) or len(sharing) >= FEWEST_PAIRS}


def grade_of(text: str) -> str:
    """One spelling of a grade: ``4``, ``Kelas 4`` and ``kls. IV`` are all ``4``; other words stay as they are.

    >>> [grade_of(text) for text in ("Kelas 4", "kls. IV", "04", "4.0", "SMP", "Kelas 5A")]
    ['4', '4', '4', '4', 'SMP', '5A']
    """
    short = re.sub(r"^(?:kelas|kls|kl|grade|class)\b[\s.:]*", "", fold(text))
    if short in _ROMAN:
        return str(_ROMAN.index(short) + 1)
    return short.lstrip("0") or short if short.isdigit() else short.upper() if short != fold(text) else text


def _apart(came: Sequence[Came], graded: Sequence[Graded], agreed: set[str]) -> Iterator[Finding]:
    """Pupils who stand in one of the sheets alone: perhaps their codes are written differently."""
    attending, marked = ({entry.pupil for entry in entries} & agreed for entries in (came, graded))
    if marked and (alone := attending ^ marked):
        yield Finding("tutoring_in_one_sheet", Severity.NOTE, len(alone), details={"attendance": len(attending - marked), "marks": len(marked - attending)})


def _undeclared(graded: Sequence[Graded], log: TutoringLog) -> Iterator[Finding]:
    """Subjects of the marks without a declared threshold: mastery cannot be counted."""
    names = sorted({entry.subject for entry in graded} - {key for key, subject in log.subjects.items() if subject.mastery is not None})
    if names:
        labels = tuple(log.subjects[name].label if name in log.subjects else quote(name) for name in names)
        yield Finding("tutoring_without_threshold", Severity.NOTE, len(names), details={"subjects": labels})


def _keep(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.code == "log_columns_ignored"]


def _ignored(table: RawTable, used: set[int]) -> list[Finding]:
    """The columns that are neither a field nor a session, a mark or contact data."""
    left = [title for position, title in enumerate(table.columns) if title and position not in used and loosen(title) not in _NUMBERING]
    if not left:
        return []
    return [Finding("log_columns_ignored", Severity.NOTE, len(left), (Where(table.file, table.sheet, table.header_row or None),), details={"columns": tuple(map(quote, left[:8]))})]
