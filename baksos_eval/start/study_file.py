"""The text of a new ``study.toml``: valid at once, and explained line by line in the study's language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from baksos_eval.report.text import Catalogue, Language
from baksos_eval.study.study import WAVES, Wave

AnswersFrom = Literal["forms", "workbook"]
ANSWERS_FROM: tuple[AnswersFrom, ...] = ("forms", "workbook")
USUAL_INSTRUMENTS = ("pengetahuan_covid19", "ketahanan_sosial")
_COMMENT_COLUMN = 36
_LONGEST_ID = 60


@dataclass(frozen=True)
class NewStudy:
    """What has to be known before a study can begin.

    Attributes:
        title: what the programme is called.
        year: when the answers are collected.
        language: of the reports, and of the comments in the file.
        instruments: names of bundled questionnaires, or files in the study's folder.
        rts: the RTs that should have answers; empty: whatever the files name.
        answers: ``"forms"``: one downloaded file for each wave; ``"workbook"``: the Excel workbook that is made for typing answers in.
    """

    title: str
    year: int
    language: Language
    instruments: tuple[str, ...]
    rts: tuple[str, ...] = ()
    answers: AnswersFrom = "forms"


def study_text(new: NewStudy, study_id: str, catalogue: Catalogue) -> str:
    """The content of a ``study.toml`` that can be read at once; its files may still be missing."""
    return "\n".join(_lines(new, study_id, catalogue)) + "\n"


def id_from(name: str) -> str:
    """A study's id from the name of its folder.

    >>> id_from("PKPM 2026 - Way Halim"), id_from("Évaluasi!"), id_from("…")
    ('pkpm-2026-way-halim', 'evaluasi', 'studi')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain)[:_LONGEST_ID].strip("-_") or "studi"


def answer_file(wave: Wave, catalogue: Catalogue) -> str:
    """The file in which a new study expects the answers of a wave."""
    return catalogue.text(f"new.answers_of.{wave}")


def workbook_file(catalogue: Catalogue) -> str:
    """The workbook for typing answers in."""
    return catalogue.text("new.workbook")


def _lines(new: NewStudy, study_id: str, catalogue: Catalogue) -> Iterator[str]:
    text = catalogue.text
    title = quoted(new.title)
    yield from (f"# {line}" for line in text("new.about").splitlines())
    yield ""
    yield _commented(f"id = {quoted(study_id)}", text("new.id"))
    yield _commented(f"title = {{ id = {title}, en = {title} }}", text("new.title"))
    yield _commented(f"language = {quoted(new.language)}", text("new.language"))
    yield _commented(f"year = {new.year}", text("new.year"))
    yield _commented(f"instruments = {_array(new.instruments)}", text("new.instruments"))
    yield _commented(f"rts = {_array(new.rts)}", text("new.rts"))
    yield from _section("[place]", text("new.place"))
    yield from (f'{name} = ""' for name in ("kelurahan", "kecamatan", "city"))
    yield from _section("[team]", text("new.team"))
    yield from (f'{name} = ""' for name in ("institution", "unit", "programme", "period"))
    yield from _section("[columns]", text("new.columns"))
    for name in ("id", "rt", "consent"):
        yield _commented(f"{name} = {quoted(text(f'template.column.{name}'))}", text(f"new.column.{name}"))
    if new.answers == "workbook":
        yield _commented(f"wave = {quoted(text('template.column.wave'))}", text("new.column.wave"))
    yield from _section("[columns.profile]", text("new.profile"))
    yield from (f"# {line}" for line in text("new.profile_example").splitlines())
    yield from _section("[answers]", text("new.answers"))
    yield _commented('duplicates = "refuse"', text("new.duplicates"))
    yield _commented('unreadable = "blank"', text("new.unreadable"))
    yield from _files(new, catalogue)
    yield ""
    yield from (f"# {line}" for line in text("new.more").splitlines())


def _files(new: NewStudy, catalogue: Catalogue) -> Iterator[str]:
    text = catalogue.text
    if new.answers == "workbook":
        yield from _section("[[files]]", text("new.files_workbook"))
        yield f"file = {quoted(workbook_file(catalogue))}"
        yield f"sheet = {quoted(text('template.sheet.answers'))}"
        words = ", ".join(f"{wave} = [{quoted(text(f'template.wave.{wave}'))}]" for wave in WAVES)
        yield _commented(f"waves = {{ {words} }}", text("new.waves"))
        return
    for wave in WAVES:
        yield from _section("[[files]]", text(f"new.files_{wave}"))
        yield f"file = {quoted(answer_file(wave, catalogue))}"
        yield f"wave = {quoted(wave)}"


def _section(heading: str, comment: str) -> Iterator[str]:
    yield ""
    yield from (f"# {line}" for line in comment.splitlines())
    yield heading


def _commented(line: str, comment: str) -> str:
    return f"{line.ljust(_COMMENT_COLUMN - 1)} # {comment}"


def _array(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(quoted, values))}]"


def quoted(text: str) -> str:
    """A text as TOML writes it."""
    import tomlkit

    return tomlkit.string(" ".join(text.split())).as_string()
