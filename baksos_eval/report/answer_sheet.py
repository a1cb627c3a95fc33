"""An empty workbook to fill in answers: dropdowns instead of typing, and nothing that reading it back could misunderstand."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from baksos_eval.errors import BaksosError
from baksos_eval.report.asking import Question, questions
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import WAVES, Study

ROWS = 500
"""So many rows have dropdowns."""

_MADE = datetime(2000, 1, 1)  # the same content gives the same bytes
_WIDE, _NARROW = 18, 11
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # of what Excel shows beside a cell


def answer_sheet(instruments: Sequence[Instrument], rts: Sequence[str], catalogue: Catalogue, study: Study | None = None) -> bytes:
    """The bytes of an Excel workbook with four sheets: instructions, answers, key and lists.

    Answers are chosen from lists; the wording of an item is its column's header. What must stay text (codes, RTs) is
    formatted as text, so that Excel neither drops zeros nor makes dates of it.

    Args:
        instruments: the questionnaires, whose items stand side by side.
        rts: the RTs to choose from; without any, the RT is typed.
        catalogue: the language of everything in it.
        study: adds its profile questions and doses, its later waves and RTs; an anonymous one has no column for a code.

    Raises:
        BaksosError: ``template_item_twice``: two items have the same wording.
    """
    import xlsxwriter

    _no_wording_twice(instruments, catalogue)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"title": catalogue.text("template.title"), "created": _MADE})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
    }
    sheets = {name: book.add_worksheet(catalogue.text(f"template.sheet.{name}")) for name in ("help", "answers", "key", "lists")}
    asked = _asked(study, rts, catalogue)
    ranges = _write_lists(sheets["lists"], instruments, asked, catalogue)
    _write_answers(sheets["answers"], instruments, asked, ranges, styles, catalogue)
    _write_key(sheets["key"], instruments, styles, catalogue)
    _write_help(sheets["help"], instruments, rts, styles, catalogue)
    sheets["answers"].activate()
    book.close()
    return stream.getvalue()


def study_entry(file: str, instruments: Sequence[str], catalogue: Catalogue, study: Study | None = None) -> list[str]:
    """The lines of ``study.toml`` that read the filled-in workbook: the whole of it, or what a study that is there lacks."""
    import tomlkit

    def quoted(text: str) -> str:
        return tomlkit.string(text).as_string()

    if study:
        return _entry_of(study, file, catalogue, quoted)
    column = {name: quoted(catalogue.text(f"template.column.{name}")) for name in ("id", "rt", "wave", "consent")}
    words = {wave: quoted(catalogue.text(f"template.wave.{wave}")) for wave in WAVES}
    return [f"instruments = [{', '.join(map(quoted, instruments))}]", "", "[columns]", *(f"{name} = {header}" for name, header in column.items()), "",
            "[answers]", f"consent_given = [{quoted(catalogue.text('template.consent.yes'))}]", "",
            "[[files]]", f"file = {quoted(file)}", f"sheet = {quoted(catalogue.text('template.sheet.answers'))}",
            f"waves = {{ pre = [{words['pre']}], post = [{words['post']}] }}"]


def _entry_of(study: Study, file: str, catalogue: Catalogue, quoted: Callable[[str], str]) -> list[str]:
    from baksos_eval.report.forms_toml import columns_entry

    asked = _asked(study, (), catalogue)
    waves = next(question for question in asked if question.kind == "wave").choices
    named = ", ".join(f"{wave.name} = [{quoted(wave.label)}]" for wave in waves)
    return ["[[files]]", f"file = {quoted(file)}", f"sheet = {quoted(catalogue.text('template.sheet.answers'))}", f"waves = {{ {named} }}",
            *columns_entry(study, asked, {question.name: question.label for question in asked})]


def _asked(study: Study | None, rts: Sequence[str], catalogue: Catalogue) -> list[Question]:
    """What is typed beside the items: the code first, then where, when and whether with consent, then what describes a person."""
    order = {"code": 0, "rt": 1, "wave": 2, "consent": 3}
    return sorted(questions(study, rts, catalogue), key=lambda question: 0 if question.name.startswith("kode_") else order.get(question.kind, 4))


def _no_wording_twice(instruments: Sequence[Instrument], catalogue: Catalogue) -> None:
    seen: dict[str, str] = {}
    for instrument in instruments:
        for item in instrument.items:
            first = seen.setdefault(item.text[catalogue.language].casefold(), item.id)
            if first != item.id:
                raise BaksosError("template_item_twice", first=first, second=item.id)


def _write_lists(sheet: Any, instruments: Sequence[Instrument], asked: Sequence[Question], catalogue: Catalogue) -> dict[str, str]:
    """Writes what can be chosen, a column for each list; returns the cells of each list as a formula."""
    from xlsxwriter.utility import xl_col_to_name

    choices = {question.kind if question.kind != "choice" else f"profile.{question.name}": [choice.label for choice in question.choices] for question in asked if question.choices}
    lists = {name: choices.pop(name, []) for name in ("wave", "consent", "rt")}
    lists |= {instrument.id: [option.label[catalogue.language] for option in instrument.options] for instrument in instruments} | choices
    title = catalogue.text("template.sheet.lists")
    ranges = {}
    for position, (name, values) in enumerate((name, values) for name, values in lists.items() if values):
        sheet.write_string(0, position, name)
        for row, value in enumerate(values, start=1):
            sheet.write_string(row, position, value)
        letter = xl_col_to_name(position)
        ranges[name] = f"='{title}'!${letter}$2:${letter}${len(values) + 1}"
    sheet.protect()
    sheet.hide()
    return ranges


def _write_answers(sheet: Any, instruments: Sequence[Instrument], asked: Sequence[Question], ranges: dict[str, str], styles: dict[str, Any],
                   catalogue: Catalogue) -> None:
    columns = [(question.label, question.kind if question.kind != "choice" else f"profile.{question.name}", _NARROW, "") for question in asked]
    columns += [(item.text[catalogue.language], instrument.id, _WIDE, item.id.upper()) for instrument in instruments for item in instrument.items]
    columns += [(question.text[catalogue.language], "", _WIDE, question.id.upper()) for instrument in instruments for question in instrument.multiple]
    error = {"error_title": catalogue.text("template.not_in_list_title"), "error_message": catalogue.text("template.not_in_list")}
    for position, (header, kind, width, number) in enumerate(columns):
        sheet.set_column(position, position, width, styles["text"])
        sheet.write_string(0, position, header, styles["head"])
        if kind in ranges:
            shown = {"input_title": number[:_LONGEST_TITLE], "input_message": header[:_LONGEST_MESSAGE]} if number else {}  # the number printed on paper
            sheet.data_validation(1, position, ROWS, position, {"validate": "list", "source": ranges[kind], **error, **shown})
        elif kind == "number":
            sheet.data_validation(1, position, ROWS, position, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1000, "error_type": "warning"})
        elif kind == "code":
            sheet.data_validation(1, position, ROWS, position, {"validate": "length", "criteria": "between", "minimum": 3, "maximum": 30, "error_type": "warning",
                                                                "input_title": header[:_LONGEST_TITLE], "input_message": catalogue.text("template.id_help")})
        elif number:  # several answers in one cell
            sheet.data_validation(1, position, ROWS, position, {"validate": "any", "input_title": number[:_LONGEST_TITLE], "input_message": catalogue.text("template.several")[:_LONGEST_MESSAGE]})
    sheet.set_row(0, 90)
    sheet.freeze_panes(1, len(asked))


def _write_key(sheet: Any, instruments: Sequence[Instrument], styles: dict[str, Any], catalogue: Catalogue) -> None:
    for position, name in enumerate(("item", "text", "answers", "key", "direction")):
        sheet.write_string(0, position, catalogue.text(f"template.key.{name}"), styles["head"])
    sheet.set_column(0, 0, _NARROW)
    sheet.set_column(1, 2, 60, styles["wrapped"])
    sheet.set_column(3, 4, _WIDE)
    row = 0
    for instrument in instruments:
        labels = {option.code: option.label[catalogue.language] for option in instrument.options}
        for item in instrument.items:
            row += 1
            turned = catalogue.text("template.key.reversed" if item.reversed else "template.key.plain") if instrument.kind == "rating" else ""
            for position, text in enumerate((item.id, item.text[catalogue.language], "; ".join(labels.values()), labels.get(item.key, ""), turned)):
                sheet.write_string(row, position, text)
        for question in instrument.multiple:
            row += 1
            for position, text in enumerate((question.id, question.text[catalogue.language], "; ".join(option.label[catalogue.language] for option in question.options))):
                sheet.write_string(row, position, text)
    sheet.freeze_panes(1, 0)


def _write_help(sheet: Any, instruments: Sequence[Instrument], rts: Sequence[str], styles: dict[str, Any], catalogue: Catalogue) -> None:
    sheet.set_column(0, 0, 110, styles["wrapped"])
    lines = [(catalogue.text("template.title"), "title")]
    lines += [(instrument.label[catalogue.language] + (f": {instrument.instruction[catalogue.language]}" if instrument.instruction else ""), "wrapped")
              for instrument in instruments]
    lines += [("", "wrapped")] + [(catalogue.text(f"template.step.{number}"), "wrapped") for number in range(1, 7)]
    lines += [("", "wrapped"), (catalogue.text("template.code_title"), "title"), (catalogue.text("template.code"), "wrapped")]
    lines += [(catalogue.text("template.code_example"), "wrapped"), ("", "wrapped"), (catalogue.text("template.privacy"), "wrapped")]
    for row, (text, style) in enumerate(lines):
        sheet.write_string(row, 0, text, styles[style])
