"""All files of a study as one table: one row per questionnaire handed in, whatever the layout of the files."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.attendance import count_sessions
from baksos_eval.intake.columns import Layout, column_letters, expected_headers, match_columns, waves_of
from baksos_eval.intake.corrections import FILE as CORRECTIONS
from baksos_eval.intake.corrections import read_corrections, tell
from baksos_eval.intake.files import RawTable, copies_beside, read_table
from baksos_eval.intake.groups import settle_groups
from baksos_eval.intake.mapping import TableMapping, describe_columns
from baksos_eval.intake.privacy import values_of
from baksos_eval.intake.rows import constant, rt_of, to_rows
from baksos_eval.intake.text import fold, fold_all, quote
from baksos_eval.intake.workbook import sheet_names
from baksos_eval.study.study import Source, Study

_MOST_KEPT = 4
_PLAIN = {"row": np.dtype(np.int64), "consent": np.dtype(bool), "time": np.dtype("datetime64[s]")}


class Header(NamedTuple):
    """A column as a lecturer finds it: Excel's letters and the title."""

    letters: str
    title: str


class Spelling(NamedTuple):
    """One way in which a table (or study.toml, for the whole table) names an RT, what it was read as, and in how many rows."""

    file: str
    sheet: str
    text: str
    rt: str
    rows: int


@dataclass(frozen=True)
class Responses:
    """Questionnaires as they were handed in.

    Attributes:
        frame: ``rt``, ``wave``, ``person`` (normalised id, ``""`` if missing; never leaves this wing), ``file``, ``sheet``,
            ``row``, ``consent``, ``time`` (NaT if not known), one column of answer text per item, ``profile.<name>``, ``total.<instrument>``,
            ``multiple.<question>.<option>`` (``"1"`` chosen, ``"0"`` not chosen, ``""`` no answer),
            ``arm`` (``programme``, ``comparison`` or ``""``), ``dose.<name>`` (numbers).
            Text columns are categorical; ``""`` is blank.
        findings: everything that was noticed while reading.
        headers: per (file, sheet, wave), the column each item came from.
        private: folded contact values that also stand among the answers; they are never quoted.
        spellings: how the tables name their RTs.
        mappings: how the columns of each table were understood.
        ids: every id as it stands in the files, so that it can be recognised where it must not be; it never leaves memory.
        contacts: every value of a contact column, likewise.
        refused: two questionnaires each (their labels) of which somebody has decided that they are not one person's.
        never_there: per attendance list, the RTs in which somebody who is not on it came to no session.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...]
    headers: Mapping[tuple[str, str, str], Mapping[str, Header]] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    spellings: tuple[Spelling, ...] = ()
    mappings: tuple[TableMapping, ...] = ()
    ids: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    refused: frozenset[tuple[int, int]] = frozenset()
    never_there: Mapping[str, frozenset[str]] = field(default_factory=dict)


_read: OrderedDict[str, Responses] = OrderedDict()
_digests: dict[tuple[str, int, int], str] = {}


def read_responses(study: Study) -> Responses:
    """Every questionnaire in every file of the study; all problems at once, as findings.

    The result is kept for as long as neither the study nor the content of a file changes, so that a hundred RTs read
    a file once.
    """
    key = _fingerprint(study)
    if key not in _read:
        read = _read_all(study)
        frame, noticed = settle_groups(read.frame, study)
        attended = count_sessions(frame, study)
        _read[key] = replace(read, frame=frame.assign(**{f"dose.{name}": counts for name, counts in attended.doses.items()}), findings=(*read.findings, *noticed, *attended.findings),
                             ids=read.ids | attended.ids, contacts=read.contacts | attended.contacts, never_there=attended.never_there)
        while len(_read) > _MOST_KEPT:
            _read.popitem(last=False)
    _read.move_to_end(key)
    return _read[key]


def _read_all(study: Study) -> Responses:
    findings: list[Finding] = []
    frames: list[pd.DataFrame] = []
    headers: dict[tuple[str, str, str], Mapping[str, Header]] = {}
    private: set[str] = set()
    ids: set[str] = set()
    contacts: set[str] = set()
    spellings: list[Spelling] = []
    mappings: list[TableMapping] = []
    seen: dict[tuple[str, str], Source] = {}
    findings += _copies(study)
    corrections = read_corrections(study)
    for number, source in _every_sheet(study, findings):
        rt = study.rt_name(source.rt) if source.rt else ""
        try:
            table = read_table(study.folder / source.file, source.file, "" if source.sheet == "*" else source.sheet,
                               source.header_row, expected_headers(source, study))
        except BaksosError as error:
            findings.append(as_finding(error, Where(source.file, source.sheet), rt))
            continue
        table, corrected = corrections.put_into(table)
        layout = match_columns(table, source, study)
        ids |= values_of(table, (position for name, position in layout.known.items() if name.startswith("id.")))
        contacts |= values_of(table, layout.contact)
        mappings.append(describe_columns(number, table, layout, source, study))
        about = [*table.findings, *layout.findings, *_same_table_twice(seen, study.folder / source.file, table, source)]
        if any(finding.fatal for finding in layout.findings):
            findings += [replace(finding, rt=rt) for finding in about]
            continue
        for wave in waves_of(source, study):
            found = {item: Header(column_letters(position), item.upper() if item in study.private_items else table.columns[position]) for item, position in layout.items[wave].items()}
            for which in ((wave,) if source.layout == "wide" else (source.wave,) if source.wave else study.waves):
                headers[table.file, table.sheet, which] = found
        spellings += _spellings(table, layout, source, study)
        pieces, noticed = to_rows(table, layout, source, study, rt)
        frames += pieces
        present = {name for piece in pieces for name in piece["rt"].unique() if name}
        only = rt or (present.pop() if len(present) == 1 else "")
        findings += [*(replace(finding, rt=only) for finding in about), *noticed]
        rt_of_row = {row: name for piece in pieces for row, name in zip(piece["row"], piece["rt"], strict=True)} if corrected else {}
        findings += tell(corrected, table, layout, lambda row, known=rt_of_row, rt=only: str(known.get(row, rt)))
        private |= _contact_answers(table, layout)
    findings += corrections.unused()
    return Responses(_stack(frames, study), tuple(findings), headers, frozenset(private), tuple(spellings), tuple(mappings), frozenset(ids), frozenset(contacts))


def _copies(study: Study) -> Iterator[Finding]:
    """Notes about files that lie beside other copies of themselves: perhaps the wrong one is read."""
    files = tuple(dict.fromkeys(source.file for source in study.sources))
    for file in files:
        if copies := copies_beside(study.folder / file, {Path(other).name for other in files}):
            yield Finding("copies_beside", Severity.NOTE, len(copies), (Where(file),), details={"copies": copies})


def as_finding(error: BaksosError, where: Where, rt: str = "") -> Finding:
    """An error about a file as a fatal finding, so that the other files are still looked at."""
    return Finding(error.code, Severity.FATAL, where=(where,), rt=rt, details=error.details)


def _every_sheet(study: Study, findings: list[Finding]) -> Iterator[tuple[int, Source]]:
    """The study's sources, each with its number from 0; ``sheet = "*"`` stands for each visible sheet, named like its RT unless a column says it."""
    for number, source in enumerate(study.sources):
        path = study.folder / source.file
        if source.sheet != "*" or not path.is_file():
            yield number, source
            continue
        try:
            names = sheet_names(path, source.file)
        except BaksosError as error:
            findings.append(as_finding(error, Where(source.file)))
            continue
        has_column = bool(source.rt or source.columns.over(study.columns).rt)
        for name in names:
            yield number, source.model_copy(update={"sheet": name, "rt": source.rt if has_column else name})


def _spellings(table: RawTable, layout: Layout, source: Source, study: Study) -> Iterator[Spelling]:
    """How the table names its RTs: each text of its RT column, or the one name that study.toml (or the worksheet) gives it."""
    if source.rt or "rt" not in layout.known:
        yield from [Spelling(table.file, table.sheet, quote(source.rt), study.rt_name(source.rt), len(table.rows))] * bool(source.rt)
        return
    column = table.frame[layout.known["rt"]].cat
    counts = column.codes.value_counts()
    for code, text in enumerate(column.categories):
        if text and code in counts:
            yield Spelling(table.file, table.sheet, quote(text), rt_of(text, study), int(counts[code]))


def _same_table_twice(seen: dict[tuple[str, str], Source], path: Path, table: RawTable, source: Source) -> Iterator[Finding]:
    """A finding when another source has the very same content for the other wave, or for the same one."""
    key = (_digest(path), table.sheet)
    other = seen.setdefault(key, source)
    if other is not source:
        yield Finding("same_table_twice", Severity.FATAL, 2, (Where(other.file, other.sheet), Where(source.file, source.sheet)),
                      details={"first": other.file, "second": source.file})


def _contact_answers(table: RawTable, layout: Layout) -> set[str]:
    """Contact values and ids (words, not numbers) that also stand in an item's column, as in a row that has slipped."""
    identifying = [*layout.contact, *(position for name, position in layout.known.items() if name.startswith("id."))]
    names = {folded for position in identifying for folded in fold_all(table.frame[position].cat.categories)}
    answers = {fold(text) for group in layout.items.values() for position in group.values() for text in table.frame[position].cat.categories}
    return {text for text in names & answers if len(text) > 3 and not text.isdigit()}


def _stack(frames: Sequence[pd.DataFrame], study: Study) -> pd.DataFrame:
    """The frames one below the other; text columns stay categorical, what a frame lacks is blank."""
    items = [item.id for instrument in study.questionnaires for item in instrument.items]
    extra = sorted({name for frame in frames for name in frame if name.startswith(("profile.", "total.", "dose.", "multiple.")) or name == "arm"})
    columns: dict[str, object] = {}
    for name in ("rt", "wave", "person", "file", "sheet", "row", "consent", "time", *items, *extra):
        pieces = [frame[name].array if name in frame else constant("", len(frame)) for frame in frames]
        if name == "person":
            columns[name] = np.concatenate([np.asarray(piece, dtype=object) for piece in pieces]) if pieces else np.array([], dtype=object)
        elif name in _PLAIN:
            kind = _PLAIN[name]
            columns[name] = np.concatenate([np.asarray(piece, dtype=kind) for piece in pieces]) if pieces else np.array([], dtype=kind)
        elif name == "wave":
            codes = np.concatenate([np.asarray(piece.codes) for piece in pieces]) if pieces else np.zeros(0, np.int8)
            columns[name] = pd.Categorical.from_codes(codes, categories=list(study.waves))
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
    for file in sorted({study.answers.corrections or CORRECTIONS, *(source.file for source in study.sources), *(entry.file for entry in study.activities.attendance)}):
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
