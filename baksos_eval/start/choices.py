"""What a study.toml says about its files, columns and RTs, to be chosen instead of typed: read from the file, written back to it, kept nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from baksos_eval.errors import BaksosError, Finding
from baksos_eval.intake.inspection import Inspection
from baksos_eval.intake.intake import inspect
from baksos_eval.intake.mapping import TableMapping
from baksos_eval.intake.text import fold
from baksos_eval.intake.workbook import sheet_names
from baksos_eval.render.save import write_whole
from baksos_eval.report.mapping import additions_of
from baksos_eval.report.text import words
from baksos_eval.study.rewrite import Addition, add_entry, add_headers, drop_entry, set_in_entry, set_values
from baksos_eval.study.study import Source, Study, Wave, open_study
from baksos_eval.study.toml import parse

STUDY_FILE = "study.toml"
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
ENDINGS = (".csv", ".tsv", ".txt", *WORKBOOKS, ".sav", ".zsav", ".dta")
ROLES = ("id", "rt", "consent", "time")
"""The columns beside the items that can be chosen."""

_ROLE_WORDS: Mapping[str, re.Pattern[str]] = {
    "id": re.compile(r"\b(kode|code|id responden|respondent id|pseudonim|inisial)\b"),
    "rt": re.compile(r"\b(rt|rukun tetangga)\b"),
    "consent": re.compile(r"\b(bersedia|persetujuan|izin|consent|agrees?|willing)\b"),
    "time": re.compile(r"\b(cap waktu|timestamp|stempel waktu|submission time|completion time|waktu selesai|waktu)\b"),
}
_WAVE_WORDS: Mapping[Wave, re.Pattern[str]] = {
    "post": re.compile(r"(?<![a-z])(?:akhir|sesudah|setelah|pasca|after|endline|post?(?:[-_ ]?te?s?t?)?)(?![a-z])"),
    "pre": re.compile(r"(?<![a-z])(?:awal|sebelum|before|baseline|pr[ae](?:[-_ ]?te?s?t?)?)(?![a-z])"),
}
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_LONGEST_NAME = 100


class Role(NamedTuple):
    """One column beside the items: what study.toml says, whether the table has it, and what may be meant instead."""

    name: str
    header: str
    found: bool
    proposal: str


class MissingItem(NamedTuple):
    """An item without a column: its wording, and the header that is worded almost like it."""

    wave: Wave
    item: str
    text: str
    proposal: str


@dataclass(frozen=True)
class Table:
    """One entry of ``[[files]]``.

    Attributes:
        number: its position, from 0.
        source: what study.toml says about it.
        sheets: the worksheets to choose from.
        headers: the headers of its table; empty while it cannot be read.
        roles: the columns beside the items that it needs.
        missing: items without a column.
        found: how many items have one.
    """

    number: int
    source: Source
    sheets: tuple[str, ...]
    headers: tuple[str, ...]
    roles: tuple[Role, ...]
    missing: tuple[MissingItem, ...]
    found: int


@dataclass(frozen=True)
class Choices:
    """A study as its file says it at this moment.

    Attributes:
        study: the study.
        text: the content of study.toml, to notice when somebody else has changed it.
        files: the files of answers in the study's folder.
        tables: the entries of ``[[files]]``.
        rts: every RT that study.toml or the files name.
        inspection: what the files hold.
    """

    study: Study
    text: str
    files: tuple[str, ...]
    tables: tuple[Table, ...]
    rts: tuple[str, ...]
    inspection: Inspection

    @property
    def file(self) -> Path:
        return self.study.folder / STUDY_FILE

    @property
    def proposals(self) -> int:
        """How many proposals wait for somebody to accept them."""
        return sum(bool(role.proposal) for table in self.tables for role in table.roles) + len(_item_additions(self))

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What must be mended before anything can be analysed."""
        return tuple(finding for finding in self.inspection.findings if finding.fatal)


def read_choices(folder: Path, language: str = "") -> Choices:
    """What the ``study.toml`` in ``folder`` says, with what its files hold.

    Raises:
        BaksosError: as :func:`open_study`.
    """
    study = open_study(folder, language)
    text = _text(study.folder / STUDY_FILE)
    inspection = inspect(study)
    mappings = {mapping.source: mapping for mapping in reversed(inspection.mappings)}
    tables = tuple(_table(number, source, mappings.get(number), study) for number, source in enumerate(study.sources))
    return Choices(study, text, answer_files(study.folder), tables, inspection.rts, inspection)


def answer_files(folder: Path) -> tuple[str, ...]:
    """The files in a folder that may hold answers."""
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_file() and entry.suffix.lower() in ENDINGS and not entry.name.startswith((".", "~$"))
                        and (entry.suffix.lower() != ".txt" or b"\t" in _beginning(entry) or b";" in _beginning(entry))))


def take_upload(folder: Path, name: str, content: bytes) -> str:
    """The name under which an uploaded file now lies in ``folder``: safe on every system, and never over another file.

    Raises:
        BaksosError: ``upload_unknown_kind``, or what writing raises.
    """
    safe = safe_name(name)
    if Path(safe).suffix.lower() not in ENDINGS:
        raise BaksosError("upload_unknown_kind", file=safe, known=ENDINGS)
    path, number = folder / safe, 1
    while path.exists() and path.read_bytes() != content:
        number += 1
        path = folder / f"{Path(safe).stem} ({number}){Path(safe).suffix}"
    if not path.exists():
        write_whole(path, content)
    return path.name


def safe_name(name: str) -> str:
    """A file's name without folders and without signs that some system does not take.

    >>> safe_name("C:\\\\fakepath\\\\RT 04: awal?.csv"), safe_name("../../.ssh"), safe_name("con.csv")
    ('RT 04_ awal_.csv', 'ssh', '_con.csv')
    """
    last = re.split(r"[\\/]", name)[-1]
    clean = re.sub(r"[^\w .,()&+'=@-]", "_", last).strip(" .")
    path = Path(clean or "_")
    short = path.stem[:_LONGEST_NAME - len(path.suffix)].rstrip(" .") + path.suffix
    return f"_{short}" if _RESERVED.match(short) else short


def wave_of(file: str) -> Wave | None:
    """The wave that a file's name speaks of, if it speaks of exactly one.

    >>> wave_of("Kuesioner Awal RT 04 (Jawaban).csv"), wave_of("POSTTEST.xlsx"), wave_of("sebelum dan sesudah.csv")
    ('pre', 'post', None)
    """
    named = [wave for wave, pattern in _WAVE_WORDS.items() if pattern.search(fold(file))]
    return named[0] if len(named) == 1 else None


# --- changes: each writes study.toml, or leaves it as it is and raises


def declare_file(choices: Choices, file: str) -> None:
    """Makes ``file`` part of the study: in the place of a file that is not there, or as a further entry.

    Raises:
        BaksosError: as every change: ``study_changed_meanwhile``, ``study_not_rewritten``, ``toml_invalid`` and what writing raises.
    """
    if file in (source.file for source in choices.study.sources):
        return
    wave = wave_of(file)
    vacant = [table for table in choices.tables if table.source.wave and not (choices.study.folder / table.source.file).exists()]
    places = [table for table in vacant if table.source.wave == wave] or ([] if wave else vacant)
    if places:
        _save(choices, set_in_entry(choices.text, places[0].number, {"file": file, "sheet": None}))
        return
    taken = {source.wave for source in choices.study.sources}
    _save(choices, add_entry(choices.text, {"file": file, "wave": wave or ("post" if "pre" in taken else "pre")}))


def use_file(choices: Choices, number: int, file: str) -> None:
    """Makes another file of the folder the one of an entry."""
    _save(choices, set_in_entry(choices.text, number, {"file": file, "sheet": None}))


def use_sheet(choices: Choices, number: int, sheet: str) -> None:
    """Chooses the worksheet of an entry; empty for the only one."""
    _save(choices, set_in_entry(choices.text, number, {"sheet": sheet or None}))


def use_wave(choices: Choices, number: int, wave: Wave) -> None:
    """Says which wave the answers of an entry are from."""
    _save(choices, set_in_entry(choices.text, number, {"wave": wave}))


def drop_file(choices: Choices, number: int) -> None:
    """Takes an entry out of study.toml; the file itself stays in the folder.

    Raises:
        BaksosError: also ``last_file_stays``.
    """
    if len(choices.study.sources) == 1:
        raise BaksosError("last_file_stays")
    _save(choices, drop_entry(choices.text, number))


def use_column(choices: Choices, number: int, role: str, header: str) -> None:
    """Says which column of an entry is the code, the RT, the consent or the time; empty: it has none.

    Raises:
        BaksosError: also ``id_column_needed``.
    """
    if role == "id" and not header:
        raise BaksosError("id_column_needed")
    text = add_headers(choices.text, [Addition(number, ("columns",), role, header)])
    _save(choices, set_in_entry(text, number, {"rt": None}) if role == "rt" and choices.study.sources[number].rt else text)


def use_rt(choices: Choices, number: int, rt: str) -> None:
    """Says that every questionnaire of an entry is from one RT."""
    _save(choices, set_in_entry(choices.text, number, {"rt": rt}))


def use_item(choices: Choices, number: int, wave: Wave, item: str, header: str) -> None:
    """Says which column of an entry is an item."""
    section = ("wide_items", wave) if choices.study.sources[number].layout == "wide" else ("items",)
    _save(choices, add_headers(choices.text, [Addition(number, section, item, header)]))


def accept_proposals(choices: Choices) -> None:
    """Writes every proposal that is shown."""
    roles = [Addition(table.number, ("columns",), role.name, role.proposal) for table in choices.tables for role in table.roles if role.proposal]
    _save(choices, add_headers(choices.text, [*roles, *_item_additions(choices)]))


def choose_rts(choices: Choices, rts: Sequence[str], first: str = "") -> None:
    """Says which RTs the study is about; ``first`` is the one that the notebooks show when nothing else is asked for.

    Raises:
        BaksosError: also ``rt_needed``.
    """
    ordered = [first] * (first in rts) + [rt for rt in rts if rt != first]
    if not ordered:
        raise BaksosError("rt_needed")
    _save(choices, set_values(choices.text, {("rts",): ordered}))


def choose_instruments(choices: Choices, instruments: Sequence[str]) -> None:
    """Says which questionnaires were asked.

    Raises:
        BaksosError: also ``instrument_needed``.
    """
    if not instruments:
        raise BaksosError("instrument_needed")
    _save(choices, set_values(choices.text, {("instruments",): list(instruments)}))


def choose_language(choices: Choices, language: str) -> None:
    """Says which language reports speak."""
    _save(choices, set_values(choices.text, {("language",): language}))


def name_study(choices: Choices, title: str, year: int) -> None:
    """Gives the study another title (in its language) or year.

    Raises:
        BaksosError: also ``title_needed``.
    """
    if not title.strip():
        raise BaksosError("title_needed")
    _save(choices, set_values(choices.text, {("title", choices.study.language): " ".join(title.split()), ("year",): year}))


def _save(choices: Choices, text: str) -> None:
    """Writes study.toml if it is valid, and if nobody else has changed it since it was read; the first time, the original is kept beside it."""
    file = choices.file
    former = file.read_bytes()
    if _text(file) != choices.text:
        raise BaksosError("study_changed_meanwhile", file=file.name)
    data = (b"\xef\xbb\xbf" if former.startswith(b"\xef\xbb\xbf") else b"") + text.encode("utf-8")
    _ = parse(data, file.name, Study, folder=choices.study.folder).questionnaires
    backup = file.with_name(f"{file.name}.bak")
    if not backup.exists():
        write_whole(backup, former)
    write_whole(file, data)


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8-sig")


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(4096)
    except OSError:
        return b""


def _table(number: int, source: Source, mapping: TableMapping | None, study: Study) -> Table:
    sheets = _sheets(study.folder / source.file)
    if mapping is None:
        return Table(number, source, sheets, (), (), (), 0)
    headers = _headers(mapping)
    proposals = {(wave.wave, proposal.target): proposal.header for wave in mapping.waves for proposal in wave.proposals}
    missing = tuple(MissingItem(wave.wave, item.target, item.text, proposals.get((wave.wave, item.target), "")) for wave in mapping.waves for item in wave.missing)
    return Table(number, source, sheets, headers, _roles(source, mapping, headers, study), missing, sum(len(wave.matches) for wave in mapping.waves))


def _sheets(path: Path) -> tuple[str, ...]:
    if not path.is_file() or path.suffix.lower() not in WORKBOOKS:
        return ()
    about = path.stat()
    return _sheets_at(path, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=32)
def _sheets_at(path: Path, size: int, changed: int) -> tuple[str, ...]:
    try:
        return tuple(sheet_names(path, path.name))
    except BaksosError:
        return ()  # the inspection tells what is wrong with the file


def _headers(mapping: TableMapping) -> tuple[str, ...]:
    matches = [match for wave in mapping.waves for match in wave.matches]
    columns = {match.position: match.header for match in [*matches, *mapping.known]} | dict(mapping.unused) | dict(mapping.contact)
    return tuple(dict.fromkeys(columns[position] for position in sorted(columns)))


def _roles(source: Source, mapping: TableMapping, headers: Sequence[str], study: Study) -> tuple[Role, ...]:
    """The columns beside the items: those that study.toml names, and what can be chosen besides."""
    columns = source.columns.over(study.columns)
    if len(columns.id_columns) > 1:
        return ()
    named = {"id": next(iter(columns.id_columns), ""), "rt": columns.rt, "consent": columns.consent, "time": columns.time}
    if study.is_anonymous:
        del named["id"]
    if source.rt or source.sheet == "*":
        del named["rt"]
    found = {match.target.removesuffix(".0") for match in mapping.known}
    proposed = {proposal.target.removesuffix(".0"): proposal.header for proposal in mapping.known_proposals}
    items = {match.header for wave in mapping.waves for match in wave.matches}
    roles = []
    for name, header in named.items():
        worded = next((other for other in headers if other not in items and _ROLE_WORDS[name].search(fold(other))), "")
        wanted = bool(header) or name in ("id", "rt")
        roles.append(Role(name, header, name in found, "" if name in found or not wanted else proposed.get(name, worded)))
    return tuple(roles)


def _item_additions(choices: Choices) -> tuple[Addition, ...]:
    additions = additions_of(choices.inspection, words(choices.study.language))
    return tuple(addition for addition in additions if addition.section[0] in ("items", "wide_items"))


def place_of(folder: str) -> Path:
    """Where a study's folder is, or is to be: below the nearest parent folder that has it, or at least its first part."""
    bases = (Path.cwd(), *Path.cwd().parents)
    first = Path(folder).parts[0] if Path(folder).parts else ""
    return next((base / folder for wanted in (folder, first) for base in bases if (base / wanted).exists()), Path.cwd() / folder).resolve()

