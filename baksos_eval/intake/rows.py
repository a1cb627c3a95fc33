"""One table's rows as questionnaires: whose, from which RT and wave, with consent or not, answered or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.choices import read_choices
from baksos_eval.intake.columns import Layout, waves_of
from baksos_eval.intake.files import MOST_PLACES, RawTable
from baksos_eval.intake.text import fold, fold_all, loosen, quote
from baksos_eval.intake.times import weigh_times
from baksos_eval.study.study import Source, Study, Wave

WAVE_WORDS: Mapping[Wave, tuple[str, ...]] = {      # of a wave that is not here, its name and its label
    "pre": ("pre", "pretest", "pre test", "pretes", "pra", "prates", "tes awal", "sebelum", "before"),
    "post": ("post", "posttest", "post test", "postes", "posttes", "pasca", "pascates", "tes akhir", "sesudah", "setelah", "after"),
    "delayed": ("delayed", "delayed test", "tunda", "tes tunda", "susulan", "tes susulan", "follow up", "followup", "tindak lanjut", "retensi"),
}
_NO_PERSON = re.compile(r"#?\b(?:n/a|ref!|name\?|value!|div/0!|num!|null!)|=.*", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_ROUNDED = re.compile(r"\d{15}0")
_NOT_WORD = re.compile(r"[\W_]+")


def to_rows(table: RawTable, layout: Layout, source: Source, study: Study, rt: str) -> tuple[list[pd.DataFrame], list[Finding]]:
    """The questionnaires in one table, in the columns that :class:`~baksos_eval.intake.responses.Responses` describes.

    One frame, or one per wave where a row holds both; and what was noticed about the rows, for each RT its own.

    Args:
        table: the table as its file holds it.
        layout: which column holds what.
        source: how the rows tell their wave and RT.
        study: names of RTs, words for consent and for blanks.
        rt: the RT of the whole table, or empty where a column says it.
    """
    notes = _Notes(table, rt)
    size = len(table.frame)
    column: Callable[[str], pd.Categorical] = lambda name: table.frame[layout.known[name]].array  # noqa: E731
    rts = _rts(column("rt") if "rt" in layout.known else None, study, rt, notes)
    notes.rts = np.asarray(rts, dtype=object)
    person = _persons(table, layout, study, notes)
    consent = _consent(column("consent"), study, notes) if "consent" in layout.known else np.ones(size, dtype=bool)
    times, otherwise = _times(column("time"), source.dates or study.answers.dates, notes) if "time" in layout.known else _no_times(size)
    base = pd.DataFrame({
        "rt": rts,
        "wave": pd.Categorical.from_codes(np.zeros(size, np.int8), categories=list(study.waves)),
        "person": person,
        "file": constant(table.file, size),
        "sheet": constant(table.sheet, size),
        "row": np.array(table.rows, dtype=np.int64),
        "consent": consent,
        "time": times,
    } | {name: column(name) for name in layout.known if name.startswith(("profile.", "dose.")) or name == "arm"})

    blank = {fold(word) for word in study.answers.blank} | {""}
    parts, answered = {}, {}
    for wave in waves_of(source, study):
        items = {item: table.frame[position].array for item, position in layout.items[wave].items()}
        totals = {f"total.{instrument}": table.frame[position].array for instrument, position in layout.totals[wave].items()}
        answered[wave] = _answered(items, blank)
        parts[wave] = base.assign(**items, **totals, **_ticked(table, layout.multiple.get(wave, {}), study, blank, notes))
    named = np.asarray(rts != "")
    if source.layout == "wide":
        silent = ~np.logical_or.reduce(list(answered.values()))
        notes.rows("row_without_answers", Severity.WARNING, silent & consent)
        if not study.is_anonymous:
            person = np.where(person == "", _row_identities(list(parts.values())), person)
        first = next(iter(parts))
        keep = answered | {first: answered[first] | (silent & ~consent)}
        return [part.assign(wave=constant(wave, size, study.waves), person=person)[keep[wave] & named] for wave, part in parts.items()], notes.findings
    if source.event:
        waves = _waves_by_event(times, otherwise, source.event, study, notes)
    else:
        waves = _waves(column("wave") if "wave" in layout.known else None, source, study, notes)
    notes.rows("questionnaire_blank", Severity.NOTE, ~answered["pre"] & consent)
    keep_rows = named & (np.asarray(waves.codes) >= 0)
    return [parts["pre"].assign(wave=waves)[keep_rows]], notes.findings


def _ticked(table: RawTable, places: Mapping[str, Mapping[str, int]], study: Study, blank: set[str], notes: _Notes) -> dict[str, pd.Categorical]:
    """A column ``multiple.<question>.<option>`` for each option of the questions with several answers."""
    columns = {}
    for instrument in study.questionnaires:
        for question in instrument.multiple:
            if question.id in places:
                ticked = read_choices(table, question, places[question.id], blank)
                columns |= {f"multiple.{question.id}.{code}": column for code, column in ticked.columns.items()}
                notes.rows("choices_unreadable", Severity.WARNING, ticked.unread, places[question.id].get(""), item=question.id, found=ticked.found[:5],
                           accepted=tuple(option.label[study.language] for option in question.options))
    return columns


class _Notes:
    """Collects findings about the rows of one table, for each RT its own."""

    def __init__(self, table: RawTable, rt: str) -> None:
        self.table = table
        self.rts = np.full(len(table.frame), rt, dtype=object)
        self.findings: list[Finding] = []

    def rows(self, code: str, severity: Severity, chosen: np.ndarray, position: int | None = None, **details: object) -> None:
        """Adds a finding about the chosen rows, if there are any."""
        column = quote(self.table.columns[position]) if position is not None else ""
        chosen_places = np.flatnonzero(chosen)
        for rt, positions in pd.Series(chosen_places).groupby(self.rts[chosen_places]).groups.items():
            places = chosen_places[positions]
            where = tuple(Where(self.table.file, self.table.sheet, self.table.rows[place], column) for place in places[:MOST_PLACES])
            self.findings.append(Finding(code, severity, len(places), where, str(rt), details))


def _persons(table: RawTable, layout: Layout, study: Study, notes: _Notes) -> np.ndarray:
    """Each row's person key, ``""`` if any part of it is missing."""
    positions = [layout.known[name] for name in sorted(layout.known) if name.startswith("id.")]
    blank = {fold(word) for word in study.answers.blank}
    keys, missing = None, np.zeros(len(table.frame), dtype=bool)
    for position in positions:
        column = table.frame[position]
        texts = list(column.cat.categories)
        codes = column.cat.codes.to_numpy()
        broken = (_matching(_SCIENTIFIC, texts) | _matching(_NO_PERSON, texts))[codes]
        notes.rows("id_unusable", Severity.WARNING, broken, position)
        rounded = _matching(_ROUNDED, texts)[codes]
        if rounded.sum() > 0.5 * max(1, (codes != 0).sum()):
            notes.rows("id_digits_lost", Severity.WARNING, rounded, position)
        words = np.array(["" if folded in blank else _key_of(folded) for folded in fold_all(texts)], dtype=object)[codes]
        missing |= broken | (words == "")
        keys = words if keys is None else keys + "\x1f" + words
    if keys is None:
        return np.full(len(table.frame), "", dtype=object)
    return np.where(missing, "", keys)


def _matching(pattern: re.Pattern[str], texts: Sequence[str]) -> np.ndarray:
    """Which of the (clean) texts the pattern matches as a whole; where it matches none, one look at all of them together tells."""
    lines = re.compile(f"^(?:{pattern.pattern})$", pattern.flags | re.MULTILINE)
    if not lines.search("\n".join(texts)):
        return np.zeros(len(texts), dtype=bool)
    return np.array([pattern.fullmatch(text) is not None for text in texts], dtype=bool)


def person_key(text: str) -> str:
    """An id made comparable: letters and digits only, without regard to case; a number without leading zeros.

    >>> person_key(" Nur'aini  B. "), person_key("004"), person_key("RT4-si12")
    ('nurainib', '4', 'rt4si12')
    """
    return _key_of(fold(text))


def _key_of(folded: str) -> str:
    key = folded if folded.isalnum() else _NOT_WORD.sub("", folded)
    return (key.lstrip("0") or "0") if key.isdigit() else key


def _rts(column: pd.Categorical | None, study: Study, rt: str, notes: _Notes) -> pd.Categorical:
    size = len(notes.table.frame)
    if column is None:
        only = rt or (study.expected_rts[0] if len(study.expected_rts) == 1 else "")
        if not only:
            notes.findings.append(Finding("rt_not_named", Severity.FATAL, where=(Where(notes.table.file, notes.table.sheet),)))
        return constant(only, size)
    names = np.array([rt_of(text, study) for text in column.categories], dtype=object)[column.codes]
    if rt:
        other = (names != "") & (names != rt)
        if other.any():
            notes.rows("rt_contradicts", Severity.FATAL, other, declared=rt, found=tuple(sorted({quote(name) for name in names[other]}))[:5])
        return constant(rt, size)
    notes.rows("rt_missing_in_row", Severity.WARNING, names == "")
    return pd.Categorical(names)


def rt_of(text: str, study: Study) -> str:
    """The RT that a cell names; a number that a worksheet keeps as ``4.0`` is ``4``."""
    return study.rt_name(re.sub(r"^(\d+)[.,]0$", r"\1", text)) if text else ""


def _waves(column: pd.Categorical | None, source: Source, study: Study, notes: _Notes) -> pd.Categorical:
    spoken = {wave: _words_of(wave, source, study) for wave in study.waves}
    words = {form(word): wave for wave, names in spoken.items() for word in names for form in (fold, loosen)}
    if column is None:
        return constant(source.wave or "", len(notes.table.frame), study.waves)
    read = [words.get(fold(text)) or words.get(loosen(text)) for text in column.categories]
    found = np.array([study.waves.index(wave) if wave else -1 for wave in read], dtype=np.int8)[column.codes]
    if source.wave:
        notes.rows("wave_contradicts", Severity.FATAL, (found >= 0) & (found != study.waves.index(source.wave)), declared=source.wave)
        return constant(source.wave, len(notes.table.frame), study.waves)
    codes = np.asarray(column.codes)
    notes.rows("wave_missing_in_row", Severity.FATAL, codes == 0)
    unknown = (found < 0) & (codes != 0)
    texts = sorted({quote(column.categories[code]) for code in np.unique(codes[unknown])})
    known = tuple(word for names in spoken.values() for word in names)
    notes.rows("wave_unknown", Severity.FATAL, unknown, found=tuple(texts[:5]), known=known)
    return pd.Categorical.from_codes(found, categories=list(study.waves))


def _words_of(wave: Wave, source: Source, study: Study) -> tuple[str, ...]:
    """What stands in the column for a wave."""
    if source.waves:
        return source.waves.get(wave, ())
    label = study.wave_name(wave)
    return WAVE_WORDS.get(wave, (wave,)) + (() if isinstance(label, str) else (label.id, label.en))


def _consent(column: pd.Categorical, study: Study, notes: _Notes) -> np.ndarray:
    given = {form(word) for word in study.answers.consent_given for form in (fold, loosen)} - {""}
    codes = np.asarray(column.codes)
    agrees = np.array([fold(text) in given or loosen(text) in given for text in column.categories], dtype=bool)
    refusing = np.unique(codes[~agrees[codes]])
    if len(refusing):
        texts = tuple(sorted(quote(column.categories[code]) for code in refusing if code != 0))[:5]
        everyone = not agrees[codes].any()
        notes.rows("consent_from_nobody" if everyone else "consent_refused", Severity.FATAL if everyone else Severity.NOTE,
                   ~agrees[codes] & (codes != 0), found=texts)
        notes.rows("consent_blank", Severity.WARNING, codes == 0)
    return agrees[codes]


def _times(column: pd.Categorical, declared: str, notes: _Notes) -> tuple[np.ndarray, np.ndarray]:
    """Each row's moment; and what it would be in the other order of numbers, where nothing tells which one is meant."""
    read = weigh_times(list(column.categories), declared)  # type: ignore[arg-type]
    codes = np.asarray(column.codes)
    moments = _moments(read.moments)[codes]
    everywhere = {"time_orders_mixed": Severity.WARNING, "time_order_assumed": Severity.NOTE, "time_order_by_sequence": Severity.NOTE}
    code = {"mixed": "time_orders_mixed", "assumed": "time_order_assumed", "sequence": "time_order_by_sequence"}.get(read.evidence)
    if code and (code != "time_order_by_sequence" or read.order == "month_first"):
        notes.rows(code, everywhere[code], codes != 0)
    notes.rows("time_unreadable", Severity.NOTE, np.isnat(moments) & (codes != 0))
    return moments, _moments(read.other)[codes] if read.other else moments


def _moments(read: Sequence[datetime | None]) -> np.ndarray:
    return np.array([np.datetime64("NaT", "s") if moment is None else np.datetime64(moment, "s") for moment in read], dtype="datetime64[s]")


def _no_times(size: int) -> tuple[np.ndarray, np.ndarray]:
    nothing = np.full(size, np.datetime64("NaT", "s"))
    return nothing, nothing


def _waves_by_event(times: np.ndarray, otherwise: np.ndarray, event: date, study: Study, notes: _Notes) -> pd.Categorical:
    """Pre for what was sent before the event, post for what was sent after it; what cannot be told is fatal."""
    moment = np.datetime64(event.replace(tzinfo=None) if isinstance(event, datetime) else event, "s")
    unknown = np.isnat(times)
    notes.rows("event_time_missing", Severity.FATAL, unknown)
    if not isinstance(event, datetime):
        same_day = ~unknown & (times.astype("datetime64[D]") == moment.astype("datetime64[D]"))
        notes.rows("event_on_the_day", Severity.FATAL, same_day, day=event)
        unknown = unknown | same_day
    notes.rows("event_order_unclear", Severity.FATAL, ~unknown & ((times < moment) != (otherwise < moment)))
    return pd.Categorical.from_codes(np.where(unknown, -1, np.where(times < moment, 0, 1)), categories=list(study.waves))


def _answered(items: Mapping[str, pd.Categorical], blank: set[str]) -> np.ndarray:
    """Which rows have at least one answer."""
    return np.logical_or.reduce([np.array([fold(text) not in blank for text in column.categories], dtype=bool)[column.codes]
                                 for column in items.values()])


def _row_identities(parts: Sequence[pd.DataFrame]) -> np.ndarray:
    """A key for each row of a table whose rows are whole people: made from what it says, not from where it stands."""
    mixed = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        for name in part.columns.difference(["wave", "person", "file", "sheet", "row", "time"]):
            column = part[name]
            if isinstance(column.dtype, pd.CategoricalDtype):
                words = pd.util.hash_array(np.asarray(column.cat.categories, dtype=object))[column.cat.codes.to_numpy()]
                mixed = mixed * np.uint64(1_000_003) + words
    twins = pd.Series(mixed).groupby(mixed).cumcount().to_numpy()
    return np.array([f"~{key:016x}.{twin}" for key, twin in zip(mixed.tolist(), twins.tolist(), strict=True)], dtype=object)


def constant(value: str, size: int, categories: Sequence[str] = ()) -> pd.Categorical:
    """A column that says the same in every row."""
    known = list(categories) or [value]
    return pd.Categorical.from_codes(np.full(size, known.index(value), dtype=np.int8), categories=known)
