"""A questionnaire to print, as one list of blocks from which the Word file and the PDF are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from baksos_eval.report import inline
from baksos_eval.report.asking import (
    Question,
    about_the_form,
    asks_dose,
    consent_points,
    questions,
    wave_word,
)
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import Study, Wave


@dataclass(frozen=True)
class Section:
    """The heading of a part of the form."""

    text: str


@dataclass(frozen=True)
class Note:
    """A paragraph; ``strong`` ones must be seen."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Points:
    """Short statements, one a line."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Tick:
    """A question whose answer is ticked: a box before each of its choices."""

    label: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A question whose answer is written on a line."""

    label: str


class BoxGroup(NamedTuple):
    """So many boxes for one letter or digit each, with what belongs into them."""

    caption: str
    count: int


@dataclass(frozen=True)
class Boxes:
    """A code to be written letter by letter."""

    label: str
    groups: tuple[BoxGroup, ...]


@dataclass(frozen=True)
class Battery:
    """Statements with the same choices: a row for each, a column with a box to tick for each choice."""

    label: str
    headers: tuple[str, str]
    choices: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


Block = Section | Note | Points | Tick | Line | Boxes | Battery


@dataclass(frozen=True)
class Form:
    """A questionnaire for one wave, in one language, with everything that is printed on it."""

    language: Literal["id", "en"]
    title: str
    subtitle: str
    wave: str
    letterhead: tuple[str, ...]
    logo: Path | None
    mark: str
    blocks: tuple[Block, ...]


def questionnaire(instruments: Sequence[Instrument], study: Study | None, wave: Wave, catalogue: Catalogue) -> Form:
    """The printable questionnaire of a wave.

    The number before an item is its id in capitals (``KS01``), by which the analysis knows the item in every file.

    Args:
        instruments: whose items are asked, in this order.
        study: gives title, place, team, profile questions and doses; without one these are left out.
        wave: ``pre``, ``post`` or a later wave of the study.
        catalogue: the language of everything on paper.
    """
    text, language = catalogue.text, catalogue.language
    moment = wave_word(study, wave, catalogue)
    versions = ", ".join(f"{instrument.id} {instrument.version}" for instrument in instruments)
    return Form(
        language=language, title=text("form.title"),
        subtitle=study.title[language] if study else "; ".join(instrument.label[language] for instrument in instruments),
        wave=text(f"form.wave_{wave}") if catalogue.has(f"form.wave_{wave}") else moment,
        letterhead=tuple(inline.plain(line) for line in study.report.letterhead) if study else (),
        logo=study.folder / study.report.logo if study and study.report.logo else None,
        mark=" · ".join(filter(None, [study.id if study else "", moment, versions])),
        blocks=tuple(_blocks(instruments, study, wave, catalogue)))


def _blocks(instruments: Sequence[Instrument], study: Study | None, wave: Wave, catalogue: Catalogue) -> Iterator[Block]:
    text, language = catalogue.text, catalogue.language
    asked = {question.name: question for question in questions(study, (), catalogue)}
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    later = wave != "pre"

    yield Section(text("form.consent_heading", letter=next(letters)))
    yield Note(about_the_form(instruments, study, catalogue))
    yield Points(consent_points(study, catalogue))
    yield Line(text("form.contact"))
    consent = asked["persetujuan"]
    yield Tick(text("form.consent"), tuple(text(f"form.consent_{choice.name}") for choice in consent.choices))

    yield Section(text("form.person_heading", letter=next(letters)))
    if "kode" in asked:
        yield Note(text("form.code_again" if later else "form.code"))
        yield Boxes(text("form.code_label"), tuple(BoxGroup(text(f"form.code_part.{part}"), 2) for part in ("mother", "birthday", "phone")))
        yield Note(text("template.code_example"))
    for question in asked.values():
        if question.kind not in ("consent", "code", "wave") and (later or not asks_dose(question, study)):
            yield _as_block(question)

    for instrument in instruments:
        yield Section(text("form.part_heading", letter=next(letters), label=instrument.label[language]))
        yield Note(instrument.instruction[language] if instrument.instruction else text(f"form.instruction_{instrument.kind}"), strong=True)
        yield Battery(label=instrument.label[language], headers=(text("form.number"), text("form.statement")),
                      choices=tuple(option.label[language] for option in instrument.options),
                      rows=tuple((item.id.upper(), item.text[language]) for item in instrument.items))
        for question in instrument.multiple:
            yield Tick(text("form.several", number=question.id.upper(), question=question.text[language]), tuple(option.label[language] for option in question.options))
    yield Note(text("form.check"))
    yield Note(text("form.thanks"), strong=True)


def _as_block(question: Question) -> Block:
    if question.choices:
        return Tick(question.label, tuple(choice.label for choice in question.choices))
    return Line(question.label)
