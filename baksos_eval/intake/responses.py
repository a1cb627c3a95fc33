"""All files of a study as one table: one row per questionnaire handed in, whatever the layout of the files."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.columns import Layout, column_letters, expected_headers, match_columns, waves_of
from baksos_eval.intake.files import MOST_PLACES, RawTable, read_table
from baksos_eval.intake.text import fold, loosen, quote
from baksos_eval.intake.times import read_times
from baksos_eval.intake.workbook import sheet_names
from baksos_eval.study.study import WAVES, Source, Study, Wave

WAVE_WORDS: Mapping[Wave, tuple[str, ...]] = {
    "pre": ("pre", "pretest", "pre test", "pretes", "pra", "prates", "tes awal", "sebelum", "before"),
    "post": ("post", "posttest", "post test", "postes", "posttes", "pasca", "pascates", "tes akhir", "sesudah", "setelah", "after"),
}
_NO_PERSON = re.compile(r"#?\b(?:n/a|ref!|name\?|value!|div/0!|num!|null!)|=.*", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_ROUNDED = re.compile(r"\d{15}0")
_NOT_WORD = re.compile(r"[\W_]+")
_MOST_KEPT = 4
_PLAIN = {"row": np.dtype(np.int64), "consent": np.dtype(bool), "time": np.dtype("datetime64[s]")}


class Header(NamedTuple):
    """A column as a lecturer finds it: Excel's letters and the title."""

    letters: str
    title: str


@dataclass(frozen=True)
class Responses:
    """Questionnaires as they were handed in.

    Attributes:
        frame: ``rt``, ``wave``, ``person`` (normalised id, ``""`` if missing; never leaves this wing), ``file``, ``sheet``,
            ``row``, ``consent``, ``time`` (NaT if not known), one column of answer text per item, ``profile.<name>``, ``total.<instrument>``.
            Text columns are categorical; ``""`` is blank.
        findings: everything that was noticed while reading.
        headers: per (file, sheet, wave), the column each item came from.
        private: folded contact values that also stand among the answers; they are never quoted.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    headers: Mapping[tuple[str, str, str], Mapping[str, Header]] = field(default_factory=dict)
    private: frozenset[str] = frozenset()


_read: OrderedDict[str, Responses] = OrderedDict()
_digests: dict[tuple[str, int, int], str] = {}


def read_responses(study: Study) -> Responses:
    """Every questionnaire in every file of the study; all problems at once, as findings.

    The result is kept for as long as neither the study nor the content of a file changes, so that a hundred RTs read
    a file once.
    """
    key = _fingerprint(study)
    if key not in _read:
        _read[key] = _read_all(study)
        while len(_read) > _MOST_KEPT:
            _read.popitem(last=False)
    _read.move_to_end(key)
    return _read[key]


def _read_all(study: Study) -> Responses:
    findings: list[Finding] = []
    frames: list[pd.DataFrame] = []
    headers: dict[tuple[str, str, str], Mapping[str, Header]] = {}
    private: set[str] = set()
    seen: dict[tuple[str, str], Source] = {}
    for source in _every_sheet(study, findings):
        rt = study.rt_name(source.rt) if source.rt else ""
        try:
            table = read_table(study.folder / source.file, source.file, "" if source.sheet == "*" else source.sheet,
                               source.header_row, expected_headers(source, study))
        except BaksosError as error:
            findings.append(as_finding(error, Where(source.file, source.sheet), rt))
            continue
        layout = match_columns(table, source, study)
        about = [*table.findings, *layout.findings, *_same_table_twice(seen, study.folder / source.file, table, source)]
        if any(finding.fatal for finding in layout.findings):
            findings += [replace(finding, rt=rt) for finding in about]
            continue
        for wave in waves_of(source):
            found = {item: Header(column_letters(position), table.columns[position]) for item, position in layout.items[wave].items()}
            for which in ((wave,) if source.layout == "wide" else (source.wave,) if source.wave else WAVES):
                headers[table.file, table.sheet, which] = found
        pieces, noticed = _to_rows(table, layout, source, study, rt)
        frames += pieces
        present = {name for piece in pieces for name in piece["rt"].unique() if name}
        only = rt or (present.pop() if len(present) == 1 else "")
        findings += [*(replace(finding, rt=only) for finding in about), *noticed]
        private |= _contact_answers(table, layout)
    return Responses(_stack(frames, study), tuple(findings), headers, frozenset(private))


def as_finding(error: BaksosError, where: Where, rt: str = "") -> Finding:
    """An error about a file as a fatal finding, so that the other files are still looked at."""
    return Finding(error.code, Severity.FATAL, where=(where,), rt=rt, details=error.details)


def _every_sheet(study: Study, findings: list[Finding]) -> Iterator[Source]:
    """The study's sources; ``sheet = "*"`` stands for each visible sheet, named like its RT unless a column says it."""
    for source in study.sources:
        path = study.folder / source.file
        if source.sheet != "*" or not path.is_file():
            yield source
            continue
        try:
            names = sheet_names(path, source.file)
        except BaksosError as error:
            findings.append(as_finding(error, Where(source.file)))
            continue
        has_column = bool(source.rt or source.columns.over(study.columns).rt)
        for name in names:
            yield source.model_copy(update={"sheet": name, "rt": source.rt if has_column else name})


def _same_table_twice(seen: dict[tuple[str, str], Source], path: Path, table: RawTable, source: Source) -> Iterator[Finding]:
    """A finding when another source has the very same content for the other wave, or for the same one."""
    key = (_digest(path), table.sheet)
    other = seen.setdefault(key, source)
    if other is not source:
        yield Finding("same_table_twice", Severity.FATAL, 2, (Where(other.file, other.sheet), Where(source.file, source.sheet)),
                      details={"first": other.file, "second": source.file})


def _to_rows(table: RawTable, layout: Layout, source: Source, study: Study, rt: str) -> tuple[list[pd.DataFrame], list[Finding]]:
    """The questionnaires in one table (per wave, where a row holds both), in the columns of :class:`Responses`."""
    notes = _Notes(table, rt)
    size = len(table.frame)
    column: Callable[[str], pd.Categorical] = lambda name: table.frame[layout.known[name]].array  # noqa: E731
    rts = _rts(column("rt") if "rt" in layout.known else None, study, rt, notes)
    notes.rts = np.asarray(rts, dtype=object)
    person = _persons(table, layout, study, notes)
    consent = _consent(column("consent"), study, notes) if "consent" in layout.known else np.ones(size, dtype=bool)
    base = pd.DataFrame({
        "rt": rts,
        "wave": pd.Categorical.from_codes(np.zeros(size, np.int8), categories=list(WAVES)),
        "person": person,
        "file": _constant(table.file, size),
        "sheet": _constant(table.sheet, size),
        "row": np.array(table.rows, dtype=np.int64),
        "consent": consent,
        "time": _times(column("time"), notes) if "time" in layout.known else np.full(size, np.datetime64("NaT", "s")),
    } | {name: column(name) for name in layout.known if name.startswith("profile.")})

    blank = {fold(word) for word in study.answers.blank} | {""}
    parts, answered = {}, {}
    for wave in waves_of(source):
        items = {item: table.frame[position].array for item, position in layout.items[wave].items()}
        totals = {f"total.{instrument}": table.frame[position].array for instrument, position in layout.totals[wave].items()}
        answered[wave] = _answered(items, blank)
        parts[wave] = base.assign(**items, **totals)
    named = np.asarray(rts != "")
    if source.layout == "wide":
        silent = ~(answered["pre"] | answered["post"])
        notes.rows("row_without_answers", Severity.WARNING, silent & consent)
        person = np.where(person == "", _row_identities(list(parts.values())), person)
        keep = {"pre": answered["pre"] | (silent & ~consent), "post": answered["post"]}
        return [part.assign(wave=_constant(wave, size, WAVES), person=person)[keep[wave] & named] for wave, part in parts.items()], notes.findings
    waves = _waves(column("wave") if "wave" in layout.known else None, source, notes)
    notes.rows("questionnaire_blank", Severity.NOTE, ~answered["pre"] & consent)
    keep_rows = named & (np.asarray(waves.codes) >= 0)
    return [parts["pre"].assign(wave=waves)[keep_rows]], notes.findings


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
        broken = np.array([bool(_SCIENTIFIC.fullmatch(text) or _NO_PERSON.fullmatch(text)) for text in texts], dtype=bool)[codes]
        notes.rows("id_unusable", Severity.WARNING, broken, position)
        rounded = np.array([_ROUNDED.fullmatch(text) is not None for text in texts], dtype=bool)[codes]
        if rounded.sum() > 0.5 * max(1, (codes != 0).sum()):
            notes.rows("id_digits_lost", Severity.WARNING, rounded, position)
        words = np.array(["" if fold(text) in blank else person_key(text) for text in texts], dtype=object)[codes]
        missing |= broken | (words == "")
        keys = words if keys is None else keys + "\x1f" + words
    if keys is None:
        return np.full(len(table.frame), "", dtype=object)
    return np.where(missing, "", keys)


def person_key(text: str) -> str:
    """An id made comparable: letters and digits only, without regard to case; a number without leading zeros.

    >>> person_key(" Nur'aini  B. "), person_key("004"), person_key("RT4-si12")
    ('nurainib', '4', 'rt4si12')
    """
    key = _NOT_WORD.sub("", fold(text))
    return (key.lstrip("0") or "0") if key.isdigit() else key


def _rts(column: pd.Categorical | None, study: Study, rt: str, notes: _Notes) -> pd.Categorical:
    size = len(notes.table.frame)
    if column is None:
        only = rt or (study.expected_rts[0] if len(study.expected_rts) == 1 else "")
        if not only:
            notes.findings.append(Finding("rt_not_named", Severity.FATAL, where=(Where(notes.table.file, notes.table.sheet),)))
        return _constant(only, size)
    names = np.array([study.rt_name(_as_number(text)) if text else "" for text in column.categories], dtype=object)[column.codes]
    if rt:
        other = (names != "") & (names != rt)
        if other.any():
            notes.rows("rt_contradicts", Severity.FATAL, other, declared=rt, found=tuple(sorted({quote(name) for name in names[other]}))[:5])
        return _constant(rt, size)
    notes.rows("rt_missing_in_row", Severity.WARNING, names == "")
    return pd.Categorical(names)


def _as_number(text: str) -> str:
    return re.sub(r"^(\d+)[.,]0$", r"\1", text)


def _waves(column: pd.Categorical | None, source: Source, notes: _Notes) -> pd.Categorical:
    words = {form(word): wave for wave in WAVES for word in (source.waves or WAVE_WORDS).get(wave, ()) for form in (fold, loosen)}
    if column is None:
        return _constant(source.wave or "", len(notes.table.frame), WAVES)
    read = [words.get(fold(text)) or words.get(loosen(text)) for text in column.categories]
    found = np.array([WAVES.index(wave) if wave else -1 for wave in read], dtype=np.int8)[column.codes]
    if source.wave:
        notes.rows("wave_contradicts", Severity.FATAL, (found >= 0) & (found != WAVES.index(source.wave)), declared=source.wave)
        return _constant(source.wave, len(notes.table.frame), WAVES)
    codes = np.asarray(column.codes)
    notes.rows("wave_missing_in_row", Severity.FATAL, codes == 0)
    unknown = (found < 0) & (codes != 0)
    texts = sorted({quote(column.categories[code]) for code in np.unique(codes[unknown])})
    known = tuple(word for wave in WAVES for word in (source.waves or WAVE_WORDS).get(wave, ()))
    notes.rows("wave_unknown", Severity.FATAL, unknown, found=tuple(texts[:5]), known=known)
    return pd.Categorical.from_codes(found, categories=list(WAVES))


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


def _times(column: pd.Categorical, notes: _Notes) -> np.ndarray:
    read = np.array([np.datetime64("NaT") if moment is None else np.datetime64(moment, "s") for moment in read_times(list(column.categories))],
                    dtype="datetime64[s]")[column.codes]
    notes.rows("time_unreadable", Severity.NOTE, np.isnat(read) & (np.asarray(column.codes) != 0))
    return read


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


def _contact_answers(table: RawTable, layout: Layout) -> set[str]:
    """Contact values and ids (words, not numbers) that also stand in an item's column, as in a row that has slipped."""
    identifying = [*layout.contact, *(position for name, position in layout.known.items() if name.startswith("id."))]
    names = {folded for position in identifying for text in table.frame[position].cat.categories
             if len(folded := fold(text)) > 3 and not folded.isdigit()}
    answers = {fold(text) for group in layout.items.values() for position in group.values() for text in table.frame[position].cat.categories}
    return names & answers


def _constant(value: str, size: int, categories: Sequence[str] = ()) -> pd.Categorical:
    known = list(categories) or [value]
    return pd.Categorical.from_codes(np.full(size, known.index(value), dtype=np.int8), categories=known)


def _stack(frames: Sequence[pd.DataFrame], study: Study) -> pd.DataFrame:
    """The frames one below the other; text columns stay categorical, what a frame lacks is blank."""
    items = [item.id for instrument in study.questionnaires for item in instrument.items]
    extra = sorted({name for frame in frames for name in frame if name.startswith(("profile.", "total."))})
    columns: dict[str, object] = {}
    for name in ("rt", "wave", "person", "file", "sheet", "row", "consent", "time", *items, *extra):
        pieces = [frame[name].array if name in frame else _constant("", len(frame)) for frame in frames]
        if name == "person":
            columns[name] = np.concatenate([np.asarray(piece, dtype=object) for piece in pieces]) if pieces else np.array([], dtype=object)
        elif name in _PLAIN:
            kind = _PLAIN[name]
            columns[name] = np.concatenate([np.asarray(piece, dtype=kind) for piece in pieces]) if pieces else np.array([], dtype=kind)
        elif name == "wave":
            codes = np.concatenate([np.asarray(piece.codes) for piece in pieces]) if pieces else np.zeros(0, np.int8)
            columns[name] = pd.Categorical.from_codes(codes, categories=list(WAVES))
        else:
            columns[name] = union_categoricals([_as_objects(piece) for piece in pieces]) if pieces else pd.Categorical([], categories=[""])
    return pd.DataFrame(columns)


def _as_objects(piece: pd.Categorical) -> pd.Categorical:
    return pd.Categorical.from_codes(piece.codes, categories=pd.Index(list(piece.categories), dtype=object))


def _fingerprint(study: Study) -> str:
    """What the result depends on: the study, its instruments, and the bytes of its files."""
    state = hashlib.sha256(study.model_dump_json().encode())
    for instrument in study.questionnaires:
        state.update(instrument.model_dump_json().encode())
    for file in sorted({source.file for source in study.sources}):
        path = study.folder / file
        state.update(f"{file}\0{_digest(path) if path.is_file() else path.exists()}\0".encode())
    return state.hexdigest()


def _digest(path: Path) -> str:
    """The SHA-256 of a file, read again only when its size or time has changed (or the change is too fresh to tell)."""
    import time

    about = path.stat()
    key = (str(path), about.st_size, about.st_mtime_ns)
    if key not in _digests:
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return "unreadable"
        if time.time_ns() - about.st_mtime_ns < 3_000_000_000:
            return digest
        _digests[key] = digest
    return _digests[key]
