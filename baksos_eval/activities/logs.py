"""Reads the log of an activity: every row as a typed record without what identifies people, and every fault at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from baksos_eval.activities.amounts import Quantity, read_count, read_quantities, read_rupiah, unit_of
from baksos_eval.activities.columns import LogColumns, expected_titles, match_fields, unit_in_header
from baksos_eval.activities.forms import Form, FormField, form_of
from baksos_eval.activities.notes import NoteReader
from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES, RawTable, read_table
from baksos_eval.intake.groups import NO, YES
from baksos_eval.intake.numerals import read_numbers
from baksos_eval.intake.privacy import Identities, values_of
from baksos_eval.intake.pseudonyms import passing_pseudonym
from baksos_eval.intake.redaction import public_texts
from baksos_eval.intake.responses import as_finding, read_responses
from baksos_eval.intake.rows import person_key, rt_of
from baksos_eval.intake.text import clean, fold, loosen, quote
from baksos_eval.intake.times import weigh_times
from baksos_eval.intake.workbook import sheet_names
from baksos_eval.study.activities import Log
from baksos_eval.study.rt import is_rt_label
from baksos_eval.study.study import Study

R = TypeVar("R")

_WEEKDAY = re.compile(r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[\s,./-]*", re.IGNORECASE)
_SPOILT = re.compile(r"\d(?:[.,]\d+)?e\+?\d+|#?\b(?:n/a|ref!|name\?|value!|div/0!|num!|null!)|=.*", re.IGNORECASE)
_BY_NAME = re.compile(r"\b(?:nama|name|kepala|penerima|recipient)\b")
_MOST_QUOTED = 5
_OTHER_WORDS = {"table_without_rows": "log_without_rows", "rows_below_table": "log_rows_below", "answers_below_totals": "log_rows_below_totals"}
"""Findings of :func:`read_table` that speak of respondents, and what they are called in a log."""


@dataclass(frozen=True)
class ReadLog(Generic[R]):
    """A log as it was read.

    Attributes:
        rows: the records in the file's order.
        findings: everything that was noticed.
        headers: titles of the columns that the fields were found in.
        ids: ids of people and households as they stand in the file, to be recognised where they must not be; only in memory.
        contacts: values of contact columns, likewise.
    """

    rows: tuple[R, ...]
    findings: tuple[Finding, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    ids: frozenset[str] = field(default=frozenset(), repr=False)
    contacts: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def fatal(self) -> tuple[Finding, ...]:
        """Why the log cannot be used; empty when it can."""
        return tuple(finding for finding in self.findings if finding.fatal)


def read_log(study: Study, log: Log, kind: str, record: type[R]) -> ReadLog[R]:
    """Every row of a log.

    What a cell does not say clearly is never guessed: its value is missing and a finding says so. A fatal finding (no file, no such
    column) leaves the log without rows.

    Args:
        study: names of RTs, the order of dates, words for blanks.
        log: where the table is.
        kind: the log's form (:func:`form_of`).
        record: a ``NamedTuple`` with a field for every column of the form, by its name, and ``where``. Values are ``str`` (text,
            choices as keys, RTs, pseudonyms; ``""`` when missing), ``date``, ``float``, ``int``, ``bool`` or :class:`Quantity`, ``None`` when missing.
    """
    form = form_of(kind)
    findings: list[Finding] = []
    tables = [(table, columns, rt) for table, columns, rt in _tables(study, log, form, findings)]
    ids = {text for table, columns, _ in tables for text in values_of(table, (position for name, position in columns.fields.items() if form.field(name).kind in ("household", "person")))}
    contacts = {text for table, columns, _ in tables for text in values_of(table, columns.contacts)}
    notes = _note_reader(study, ids, contacts, any(form.field(name).kind in ("text", "label") or form.field(name).open for _, columns, _ in tables for name in columns.fields))
    rows: list[R] = []
    for table, columns, rt in tables:
        reading = _Reading(table, columns, form, log, study, rt, notes)
        values = {entry.name: reading.column(entry) for entry in form.fields if entry.kind != "contact"}
        findings += reading.findings()
        rows += [record(where=Where(table.file, table.sheet, number), **{name: column[place] for name, column in values.items()}) for place, number in enumerate(table.rows)]
    if any(finding.fatal for finding in findings):
        rows = []
    headers = {name: table.columns[position] for table, columns, _ in reversed(tables) for name, position in columns.fields.items()}
    return ReadLog(tuple(rows), tuple(findings), headers, frozenset(ids), frozenset(contacts))


def _tables(study: Study, log: Log, form: Form, findings: list[Finding]) -> Iterator[tuple[RawTable, LogColumns, str]]:
    """The log's tables with their columns, and the RT of those that are about one; those that cannot be read leave fatal findings."""
    path = study.folder / log.file
    words = {word for field in form.fields for choice in field.choices for word in choice.forms}
    try:
        names = sheet_names(path, log.file) if log.sheet == "*" and path.is_file() else (log.sheet,)
    except BaksosError as error:
        findings.append(as_finding(error, Where(log.file)))
        return
    for name in names:
        try:
            table = read_table(path, log.file, name, log.header_row, expected_titles(form, log), words)
        except BaksosError as error:
            findings.append(as_finding(error, Where(log.file, name)))
            continue
        columns = match_fields(table, form, log)
        findings += [*(replace(finding, code=_OTHER_WORDS.get(finding.code, finding.code)) for finding in table.findings), *columns.findings]
        if not any(finding.fatal for finding in columns.findings):
            yield table, columns, study.rt_name(log.rt or (name if log.sheet == "*" and "rt" not in columns.fields else ""))


def _note_reader(study: Study, ids: Iterable[str], contacts: Iterable[str], needed: bool) -> NoteReader:
    if not needed:
        return NoteReader(Identities(), ())
    responses = read_responses(study)
    return NoteReader(Identities([*responses.ids, *ids], [*responses.contacts, *contacts], public_texts(study)), contacts)


class _Fault(NamedTuple):
    """Something about one cell: what, how grave, and what the cell says (which may identify people only in the file itself)."""

    code: str
    severity: Severity
    name: str
    place: int
    said: str = ""


class _Reading:
    """Reads one table column by column, and remembers what was wrong with which cell."""

    def __init__(self, table: RawTable, columns: LogColumns, form: Form, log: Log, study: Study, rt: str, notes: NoteReader) -> None:
        self.table, self.columns, self.form, self.log, self.study, self.rt, self.notes = table, columns, form, log, study, rt, notes
        self.size = len(table.rows)
        self.faults: list[_Fault] = []
        self.general: list[Finding] = []
        self._blank = {fold(word) for word in study.answers.blank} | {""}
        self._rts = self._rt_names()
        self._readers: Mapping[str, Callable[[FormField, list[str]], list[Any]]] = {
            "text": lambda entry, texts: self._each(texts, self.notes.note), "label": lambda entry, texts: self._each(texts, self.notes.label),
            "date": self._dates, "number": self._numbers, "count": self._counts, "key": lambda entry, texts: [clean(text) for text in texts], "quantity": self._quantities, "rupiah": self._rupiah, "choice": self._choices,
            "yes_no": self._yes_no, "household": self._people, "person": self._people}

    def column(self, entry: FormField) -> list[Any]:
        """One column's values, one for each row."""
        if entry.kind == "rt":
            return self._rts
        texts = self._texts(entry.name)
        if entry.filled and entry.name in self.columns.fields:
            self.faults += [_Fault("log_cell_empty", Severity.WARNING, entry.name, place) for place, text in enumerate(texts) if not text]
        return self._readers[entry.kind](entry, texts)

    def findings(self) -> list[Finding]:
        """What was noticed: the same kind of fault in the same column and RT as one finding with all its places."""
        groups: dict[tuple[str, Severity, str, str], list[_Fault]] = {}
        for fault in self.faults:
            groups.setdefault((fault.code, fault.severity, fault.name, self._rts[fault.place]), []).append(fault)
        found = list(self.general)
        for (code, severity, name, rt), faults in groups.items():
            title = self._title(name)
            said = tuple(dict.fromkeys(quote(self.notes.note(fault.said)) for fault in faults if fault.said))[:_MOST_QUOTED]
            where = tuple(Where(self.table.file, self.table.sheet, self.table.rows[fault.place], title) for fault in faults[:MOST_PLACES])
            found.append(Finding(code, severity, len(faults), where, rt, {"field": self.form.field(name).header, "name": name} | ({"found": said} if said else {})))
        return found + list(self._repeated_rows())

    def _title(self, name: str) -> str:
        position = self.columns.fields.get(name)
        return quote(self.table.columns[position]) if position is not None else ""

    def _texts(self, name: str) -> list[str]:
        """A column's cells as text, blank where they say nothing (or there is no such column)."""
        position = self.columns.fields.get(name)
        if position is None:
            return [""] * self.size
        column = self.table.frame[position].cat
        said = ["" if fold(text) in self._blank else text for text in column.categories]
        return [said[code] for code in column.codes]

    def _fault(self, code: str, entry: FormField, place: int, said: str, severity: Severity = Severity.WARNING) -> None:
        self.faults.append(_Fault(code, severity, entry.name, place, said))

    def _rt_names(self) -> list[str]:
        entry = next((entry for entry in self.form.fields if entry.kind == "rt"), None)
        if entry is None or entry.name not in self.columns.fields:
            return [self.rt] * self.size
        names = [rt_of(text, self.study) if text else self.rt for text in self._texts(entry.name)]
        known = set(self.study.expected_rts)
        for place, name in enumerate(names):
            if known and name and name not in known:
                label = is_rt_label(name)
                self.faults.append(_Fault("log_rt_unknown" if label else "log_rt_no_label", Severity.WARNING, entry.name, place, name if label else ""))
                names[place] = name if label else ""  # it may be a person's name
            elif not name and entry.filled:
                self.faults.append(_Fault("log_cell_empty", Severity.WARNING, entry.name, place))
        return names

    @staticmethod
    def _each(texts: Sequence[str], read: Callable[[str], str]) -> list[str]:
        known = {text: read(text) if text else "" for text in dict.fromkeys(texts)}
        return [known[text] for text in texts]

    def _dates(self, entry: FormField, texts: list[str]) -> list[date | None]:
        distinct = [text for text in dict.fromkeys(texts) if text]
        times = weigh_times([_WEEKDAY.sub("", text) for text in distinct], self.log.dates or self.study.answers.dates)
        if times.evidence in ("mixed", "assumed"):
            self.general.append(Finding(f"log_dates_{times.evidence}", Severity.WARNING, len(distinct), (Where(self.table.file, self.table.sheet, None, self._title(entry.name)),),
                                        details={"field": entry.header, "found": tuple(map(quote, distinct[:3]))}))
        days = {text: moment.date() if moment else None for text, moment in zip(distinct, times.moments, strict=True)}
        for place, text in enumerate(texts):
            day = days.get(text)
            if text and day is None and times.evidence != "mixed":
                self._fault("log_date_unreadable", entry, place, text)
            elif day is not None and abs(day.year - self.study.year) > 1:
                self._fault("log_date_far", entry, place, text)
        return [days.get(text) for text in texts]

    def _numbers(self, entry: FormField, texts: list[str]) -> list[float | None]:
        numbers = read_numbers([clean(text) for text in texts])
        values: list[float | None] = []
        for place, text in enumerate(texts):
            value = float(numbers.values[place])
            if text and (np.isnan(value) or value < 0):
                fault = "doubtful" if place in numbers.doubtful else "unreadable" if np.isnan(value) else "negative"
                self._fault(f"log_number_{fault}", entry, place, text)
            values.append(None if np.isnan(value) or value < 0 else value)
        return values

    def _counts(self, entry: FormField, texts: list[str]) -> list[int | None]:
        counts = {text: read_count(text) for text in dict.fromkeys(texts)}
        for place, text in enumerate(texts):
            if counts[text].fault:
                self._fault(f"log_{counts[text].fault}", entry, place, text)
        return [counts[text].value for text in texts]

    def _quantities(self, entry: FormField, texts: list[str]) -> list[Quantity]:
        beside = self._texts("unit") if any(other.name == "unit" for other in self.form.fields) else [""] * self.size
        fallback = unit_in_header(self.table.columns[self.columns.fields[entry.name]]) if entry.name in self.columns.fields else ""
        units = [text or fallback for text in beside]
        read = read_quantities(texts, units)
        for place, (quantity, text) in enumerate(zip(read, texts, strict=True)):
            if quantity.fault:
                self._fault(f"log_quantity_{quantity.fault}", entry, place, text)
            elif beside[place] and quantity.unit and quantity.unit != unit_of(beside[place]):
                self._fault("log_unit_contradicts", entry, place, f"{text} / {beside[place]}")
                read[place] = Quantity(None, "", "doubtful")
        return [quantity._replace(unit=self.notes.label(quantity.unit)) for quantity in read]

    def _rupiah(self, entry: FormField, texts: list[str]) -> list[float | None]:
        amounts = {text: read_rupiah(text) for text in dict.fromkeys(texts)}
        for place, text in enumerate(texts):
            amount = amounts[text]
            if amount.fault:
                self._fault(f"log_rupiah_{amount.fault}", entry, place, text)
            elif amount.value is not None and 0 < amount.value < 100:
                self._fault("log_rupiah_small", entry, place, text)
        return [amounts[text].value for text in texts]

    def _choices(self, entry: FormField, texts: list[str]) -> list[str]:
        declared = {word: self._key_of(entry, word, target) for word, target in self.log.words.get(entry.name, {}).items()}
        meant = {form(word): key for word, key in declared.items() for form in (fold, loosen)}
        own: dict[str, str] = {}
        keys: dict[str, str] = {}
        for text in dict.fromkeys(texts):
            forms = (fold(text), loosen(text))
            known = next((key for form in forms if (key := meant.get(form))), "") or next((choice.key for form in forms for choice in entry.choices if form and form in choice.forms), "")
            keys[text] = known or (own.setdefault(forms[1] or forms[0], self.notes.note(text)) if text and entry.open else "")
        for place, text in enumerate(texts):
            if text and entry.choice(keys[text]) is None:
                self._fault("log_choice_own" if entry.open else "log_choice_unknown", entry, place, text, Severity.NOTE if entry.open else Severity.WARNING)
        return [keys[text] for text in texts]

    def _key_of(self, entry: FormField, word: str, target: str) -> str:
        """The choice that study.toml means by ``target``: a key, a label, or a word of its own where that is allowed."""
        found = next((choice.key for choice in entry.choices if choice.forms & {fold(target), loosen(target)}), "")
        if not found and not entry.open:
            self.general.append(Finding("log_word_unknown", Severity.FATAL, details={"name": f"words.{entry.name}", "word": quote(word), "found": quote(target),
                                                                                    "known": tuple(choice.key for choice in entry.choices)}))
        return found or (target if entry.open else "")

    def _yes_no(self, entry: FormField, texts: list[str]) -> list[bool | None]:
        yes = {fold(word) for word in (*YES, *self.study.answers.consent_given)} | {"✓", "ada"}
        no = {fold(word) for word in NO} | {"x", "0", "tidak ada"}
        read = {text: True if fold(text) in yes else False if fold(text) in no else None for text in dict.fromkeys(texts)}
        for place, text in enumerate(texts):
            if text and read[text] is None:
                self._fault("log_yes_no_unknown", entry, place, text)
        return [read[text] for text in texts]

    def _people(self, entry: FormField, texts: list[str]) -> list[str]:
        """Pseudonyms; a spoilt id (an error of Excel, a number cut short) is none."""
        letter = "K" if entry.kind == "household" else "R"
        names: list[str] = []
        known: dict[tuple[str, str], str] = {}
        for place, text in enumerate(texts):
            if text and _SPOILT.fullmatch(fold(text)):
                self._fault("log_id_spoilt", entry, place, "")
                text = ""
            if text and (self._rts[place], text) not in known:
                known[self._rts[place], text] = passing_pseudonym(letter, self._rts[place], person_key(text))
            names.append(known[self._rts[place], text] if text else "")
        if any(names) and _BY_NAME.search(fold(self._title(entry.name))):
            self.general.append(Finding("log_id_is_name", Severity.WARNING, sum(map(bool, names)), (Where(self.table.file, self.table.sheet, None, self._title(entry.name)),),
                                        details={"field": entry.header, "name": entry.name}))
        return names

    def _repeated_rows(self) -> Iterator[Finding]:
        """Rows that are the same in every cell but their number: perhaps one handing over written down twice."""
        positions = [position for position, title in enumerate(self.table.columns) if loosen(title) not in ("no", "nomor", "no urut", "number", "nr")]
        seen: dict[tuple[int, ...], int] = {}
        codes = np.column_stack([self.table.frame[position].cat.codes.to_numpy() for position in positions]) if positions and self.size else np.zeros((0, 0))
        groups: dict[str, list[int]] = {}
        for place, row in enumerate(map(tuple, codes.tolist())):
            first = seen.setdefault(row, place)
            if first != place:
                groups.setdefault(self._rts[place], []).append(place)
        for rt, places in groups.items():
            where = tuple(Where(self.table.file, self.table.sheet, self.table.rows[place]) for place in places[:MOST_PLACES])
            yield Finding("log_row_repeated", Severity.WARNING, len(places), where, rt)
