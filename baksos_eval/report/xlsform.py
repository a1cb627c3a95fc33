"""The questionnaire as an XLSForm for KoboToolbox and ODK, in both languages, read back by the names that it gives."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from baksos_eval.errors import BaksosError
from baksos_eval.report.asking import (
    CODE_PATTERN,
    about_the_form,
    asks_dose,
    consent_points,
    questions,
)
from baksos_eval.report.forms_toml import columns_entry
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import Study

_LANGUAGE_NAMES = {"id": "Bahasa Indonesia (id)", "en": "English (en)"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_MADE = datetime(2000, 1, 1)  # the same content gives the same bytes
_TIME = "end"
_SERVICE = ("start", _TIME, "penjelasan", "responden", "terima_kasih")

Row = Mapping[str, str]


def xlsform(instruments: Sequence[Instrument], study: Study | None = None, rts: Sequence[str] = ()) -> bytes:
    """The bytes of a workbook with the sheets ``survey``, ``choices`` and ``settings``.

    Nothing is asked without consent, the code is checked as it is typed, and the names of items and options are those of
    the instrument, so that an export with XML names is read without a mapping.

    Args:
        instruments: the questionnaires, each a group of its own.
        study: gives profile questions, doses, waves and the form's title.
        rts: the RTs to choose from; without any, the study's, and without those the RT is typed.

    Raises:
        BaksosError: ``xlsform_name_unfit`` (an option's code that XML cannot have), ``xlsform_name_twice``.
    """
    import xlsxwriter

    survey, choices = list(_survey(instruments, study, rts)), list(_choices(instruments, study, rts))
    _check_names(instruments, survey)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    title = study.title["id"] if study else "; ".join(instrument.label["id"] for instrument in instruments)
    book.set_properties({"title": title, "created": _MADE})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4"})
    settings = [{"form_title": title, "form_id": study.id if study else "_".join(instrument.id for instrument in instruments),
                 "version": "-".join(instrument.version for instrument in instruments), "default_language": _LANGUAGE_NAMES["id"]}]
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        sheet = book.add_worksheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column, head)
            sheet.set_column(at, at, 45 if "::" in column else 18)
            for number, row in enumerate(rows, start=1):
                if row.get(column):
                    sheet.write_string(number, at, row[column])
        sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()


def export_entry(file: str, instruments: Sequence[str], study: Study | None, language: str) -> list[str]:
    """The lines of ``study.toml`` that read an export of the form with XML names and values."""
    import tomlkit

    def quoted(text: str) -> str:
        return tomlkit.string(text).as_string()

    asked = questions(study, (), words(language))  # type: ignore[arg-type]
    both = [questions(study, (), words(name)) for name in LANGUAGES]
    lines = [] if study else [f"instruments = [{', '.join(map(quoted, instruments))}]", ""]
    lines += ["[[files]]", f"file = {quoted(file)}"]
    waves = next(question for question in asked if question.kind == "wave").choices
    spoken = {wave.name: dict.fromkeys([wave.name, *(choice.label for form in both for question in form if question.kind == "wave"
                                                     for choice in question.choices if choice.name == wave.name)]) for wave in waves}
    lists = [f"{wave} = [{', '.join(map(quoted, texts))}]" for wave, texts in spoken.items()]
    return [*lines, f"waves = {{ {', '.join(lists)} }}", *columns_entry(study, asked, {question.name: question.name for question in asked}, time=_TIME)]


def _survey(instruments: Sequence[Instrument], study: Study | None, rts: Sequence[str]) -> Iterator[Row]:
    asked = {language: questions(study, rts, words(language)) for language in LANGUAGES}

    def spoken(column: str, key: str, **values: object) -> Row:
        return {f"{column}::{_LANGUAGE_NAMES[language]}": words(language).text(key, **values) for language in LANGUAGES}

    about = {language: "\n\n".join([about_the_form(instruments, study, words(language)), *consent_points(study, words(language))]) for language in LANGUAGES}
    yield {"type": "start", "name": "start"}
    yield {"type": "end", "name": _TIME}
    yield {"type": "note", "name": "penjelasan", **_labels(about)}
    agreed = "${persetujuan} = 'ya'"
    for at, question in enumerate(asked["id"]):
        label = {language: asked[language][at].label for language in LANGUAGES}
        match question.kind:
            case "consent":
                yield {"type": "select_one persetujuan", "name": question.name, **spoken("label", "form.consent"), "required": "yes"}
                yield {"type": "begin_group", "name": "responden", **spoken("label", "form.person_heading", letter="B"), "relevant": agreed}
            case "code":
                yield {"type": "text", "name": question.name, **_labels(label), **spoken("hint", "template.id_help"), "required": "yes",
                       "constraint": f"regex(., '{CODE_PATTERN}')", **spoken("constraint_message", "form.code_refused")}
            case "rt" | "wave" if question.choices:
                yield {"type": f"select_one {question.name}", "name": question.name, **_labels(label), "required": "yes"}
            case "rt":
                yield {"type": "text", "name": question.name, **_labels(label), "required": "yes"}
            case "choice":
                yield {"type": f"select_one {question.name}", "name": question.name, **_labels(label)}
            case "number":
                later = {"relevant": "${tes} != 'pre'"} if asks_dose(question, study) else {}
                yield {"type": "integer", "name": question.name, **_labels(label), "constraint": ". >= 0 and . <= 120", **later}
            case _:
                needed = {"required": "yes"} if question.name.startswith("kode_") else {}
                yield {"type": "text", "name": question.name, **_labels(label), **needed}
    yield {"type": "end_group"}
    for instrument in instruments:
        yield {"type": "begin_group", "name": instrument.id, **_labels(instrument.label.model_dump()), "relevant": agreed, "appearance": "field-list"}
        if instrument.instruction:
            yield {"type": "note", "name": f"{instrument.id}_petunjuk", **_labels(instrument.instruction.model_dump())}
        for item in instrument.items:
            yield {"type": f"select_one {instrument.id}", "name": item.id, **_labels(item.text.model_dump())}
        for question in instrument.multiple:
            yield {"type": f"select_multiple {question.id}", "name": question.id, **_labels(question.text.model_dump())}
        yield {"type": "end_group"}
    yield {"type": "note", "name": "terima_kasih", **spoken("label", "form.thanks")}


def _choices(instruments: Sequence[Instrument], study: Study | None, rts: Sequence[str]) -> Iterator[Row]:
    asked = {language: questions(study, rts, words(language)) for language in LANGUAGES}
    for at, question in enumerate(asked["id"]):
        for place, choice in enumerate(question.choices):
            yield {"list_name": question.name, "name": choice.name, **_labels({language: asked[language][at].choices[place].label for language in LANGUAGES})}
    for instrument in instruments:
        for option in instrument.options:
            yield {"list_name": instrument.id, "name": option.code, **_labels(option.label.model_dump())}
        for question in instrument.multiple:
            for option in question.options:
                yield {"list_name": question.id, "name": option.code, **_labels(option.label.model_dump())}


def _labels(texts: Mapping[str, str]) -> Row:
    return {f"label::{_LANGUAGE_NAMES[language]}": texts[language] for language in LANGUAGES}


def _check_names(instruments: Sequence[Instrument], survey: Sequence[Row]) -> None:
    unfit = [(instrument.id, option.code) for instrument in instruments for option in (*instrument.options, *(option for question in instrument.multiple for option in question.options))
             if not re.fullmatch(r"[^\s']+", option.code)]
    if unfit:
        raise BaksosError("xlsform_name_unfit", instrument=unfit[0][0], names=tuple(code for _, code in unfit))
    names = [row["name"] for row in survey if row.get("name")]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BaksosError("xlsform_name_twice", names=tuple(twice))


def converts(book: bytes) -> tuple[str, ...] | None:
    """What pyxform, the converter of KoboToolbox and ODK, remarks about the form; ``None`` where pyxform is not installed.

    Raises:
        BaksosError: ``xlsform_refused``, with the converter's own words.
    """
    try:
        from pyxform import xls2xform
    except ImportError:
        return None
    try:
        return tuple(xls2xform.convert(io.BytesIO(book), file_type=".xlsx", validate=False).warnings)
    except Exception as fault:  # pyxform raises several kinds of its own
        raise BaksosError("xlsform_refused", reason=str(fault)) from fault
