"""An empty workbook for the log of an activity: the columns that reading knows, dropdowns where there are choices, and what to write into each."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from baksos_eval.activities.amounts import UNITS
from baksos_eval.activities.forms import Form, FormField, form_of
from baksos_eval.report.text import Catalogue
from baksos_eval.study.activities import Kind
from baksos_eval.study.rt import normalise_rt

ROWS = 500
"""So many rows have dropdowns."""

COMPANIONS: Mapping[str, tuple[str, ...]] = {"aid": ("eligible",), "tutoring": ("marks",)}
"""Further tables that go with a log, each on a sheet of its own."""

_MADE = datetime(2000, 1, 1)  # the same content gives the same bytes
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)
_WIDTHS = {"text": 34, "label": 24, "choice": 20, "date": 13}
_NARROW = 14
_HELP_WIDTHS, _LINE = (26, 14, 70, 60), 15
_UNITS_FIRST = ("sheet", "piece", "package", "box", "carton", "kilogram", "litre", "bottle", "envelope", "rupiah")


def log_sheet(kind: Kind, rts: Sequence[str], catalogue: Catalogue) -> bytes:
    """The bytes of an Excel workbook: instructions, a sheet to fill in for the log and each table that goes with it, and the lists.

    What must stay text (codes, RTs, file names) is formatted as text, dates as dates; words that the log does not know are refused
    where only known words make sense, and pointed out elsewhere.

    Args:
        kind: the log.
        rts: the RTs to choose from; without any, the RT is typed.
        catalogue: the language of everything in it.
    """
    import xlsxwriter

    forms = [form_of(name) for name in (kind, *COMPANIONS.get(kind, ()))]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"title": forms[0].title[catalogue.language], "created": _MADE})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1}),
        "needed": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#CFDDEA", "border": 1}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "dd/mm/yyyy"}),
        "rupiah": book.add_format({"num_format": "#,##0"}),
        "number": book.add_format({"num_format": "General"}),
    }
    help_sheet = book.add_worksheet(catalogue.text("log_sheet.help"))
    sheets = [book.add_worksheet(sheet_name(form, catalogue)) for form in forms]
    ranges = _write_lists(book.add_worksheet(catalogue.text("template.sheet.lists")), forms, rts, catalogue)
    for form, sheet in zip(forms, sheets, strict=True):
        _write_log(sheet, form, ranges, styles, catalogue)
    _write_help(help_sheet, forms, styles, catalogue)
    sheets[0].activate()
    book.close()
    return stream.getvalue()


def log_entry(kind: Kind, file: str, rts: Sequence[str], catalogue: Catalogue) -> list[str]:
    """The lines of ``study.toml`` that read the filled-in workbook."""
    import tomlkit

    def quoted(text: str) -> str:
        return tomlkit.string(text).as_string()

    lines = [f"[activities.{kind}]", f"file = {quoted(file)}", f"sheet = {quoted(sheet_name(form_of(kind), catalogue))}"]
    if kind == "aid":
        meant = ", ".join(f"{quoted(rt)} = 30" for rt in dict.fromkeys(map(normalise_rt, rts)))
        lines.append(f"{'' if meant else '# '}households = {{ {meant or quoted('RT 04') + ' = 30'} }}   # {catalogue.text('log_sheet.households')}")
    for name in COMPANIONS.get(kind, ()):
        lines += [f"# [activities.{kind}.{name}]   # {catalogue.text('log_sheet.companion')}", f"# file = {quoted(file)}", f"# sheet = {quoted(sheet_name(form_of(name), catalogue))}"]
    return lines


def sheet_name(form: Form, catalogue: Catalogue) -> str:
    """The worksheet of a form; Excel allows 31 characters."""
    return form.title[catalogue.language][:31]


def _columns(form: Form) -> list[FormField]:
    return [field for field in form.fields if field.in_template]


def _write_lists(sheet: Any, forms: Sequence[Form], rts: Sequence[str], catalogue: Catalogue) -> dict[str, str]:
    """Writes what can be chosen, a column for each list; returns the cells of each list as a formula."""
    lists = {"rt": list(dict.fromkeys(map(normalise_rt, rts))), "yes_no": [catalogue.text("template.consent.yes"), catalogue.text("template.consent.no")],
             "unit": [catalogue.text(f"unit_word.{unit}") for unit in dict.fromkeys((*_UNITS_FIRST, *UNITS))]}
    lists |= {f"{form.kind}.{field.name}": [choice.label[catalogue.language] for choice in field.choices] for form in forms for field in _columns(form) if field.choices}
    title = catalogue.text("template.sheet.lists")
    ranges = {}
    for position, (name, values) in enumerate((name, values) for name, values in lists.items() if values):
        sheet.write_string(0, position, name)
        for row, value in enumerate(values, start=1):
            sheet.write_string(row, position, value)
        letter = chr(ord("A") + position)
        ranges[name] = f"='{title}'!${letter}$2:${letter}${len(values) + 1}"
    sheet.protect()
    sheet.hide()
    return ranges


def _write_log(sheet: Any, form: Form, ranges: Mapping[str, str], styles: Mapping[str, Any], catalogue: Catalogue) -> None:
    language = catalogue.language
    for position, field in enumerate(_columns(form)):
        style = styles["date" if field.kind == "date" else "rupiah" if field.kind == "rupiah" else "number" if field.kind in ("number", "count", "quantity") else "text"]
        sheet.set_column(position, position, _WIDTHS.get(field.kind, _NARROW), style)
        sheet.write_string(0, position, field.header[language], styles["needed" if field.filled else "head"])
        rule = _rule(form, field, ranges, catalogue)
        said = {"input_title": field.header[language][:32], "input_message": field.help[language][:255], "error_title": catalogue.text("log_sheet.error_title")}
        sheet.data_validation(1, position, ROWS, position, rule | said)
    sheet.set_row(0, 45)
    sheet.freeze_panes(1, 2)


def _rule(form: Form, field: FormField, ranges: Mapping[str, str], catalogue: Catalogue) -> dict[str, Any]:
    """What Excel checks while somebody types."""
    name = f"{form.kind}.{field.name}" if field.kind == "choice" else "unit" if field.name == "unit" else field.kind
    if name in ranges:
        free = field.open or field.name == "unit" or field.kind == "rt"
        return {"validate": "list", "source": ranges[name], "error_type": "warning" if free else "stop", "error_message": catalogue.text("log_sheet.not_in_list_open" if free else "template.not_in_list")}
    match field.kind:
        case "date":
            return {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST, "error_message": catalogue.text("log_sheet.no_date")}
        case "count":
            return {"validate": "integer", "criteria": ">=", "value": 0, "error_message": catalogue.text("log_sheet.no_count")}
        case "number" | "rupiah":
            return {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": catalogue.text("log_sheet.no_number")}
        case "quantity":
            return {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning", "error_message": catalogue.text("log_sheet.no_number")}
    return {"validate": "any"}


def _write_help(sheet: Any, forms: Sequence[Form], styles: Mapping[str, Any], catalogue: Catalogue) -> None:
    language = catalogue.language
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for position, width in enumerate(_HELP_WIDTHS):
        sheet.set_column(position, position, width, styles["wrapped"])
    sheet.write_string(0, 0, forms[0].title[language], styles["title"])
    row = 1
    for line in ("one_row", "keep_headers", "no_copies", "nothing_guessed", "privacy"):
        sheet.merge_range(row, 0, row, 3, catalogue.text(f"log_sheet.step.{line}"), styles["wrapped"])
        sheet.set_row(row, _LINE)
        row += 1
    for form in forms:
        row += 1
        sheet.write_string(row, 0, catalogue.text("log_sheet.sheet", name=sheet_name(form, catalogue)), styles["title"])
        sheet.merge_range(row + 1, 0, row + 1, 3, form.about[language], styles["wrapped"])
        sheet.set_row(row + 1, _LINE * math.ceil(1.1 * len(form.about[language]) / sum(_HELP_WIDTHS)))
        for position, key in enumerate(("column", "needed", "meaning", "words")):
            sheet.write_string(row + 2, position, catalogue.text(f"log_sheet.head.{key}"), styles["head"])
        row += 3
        for field in _columns(form):
            needed = catalogue.text("log_sheet.always" if field.filled else "log_sheet.where_known")
            texts = (field.header[language], needed, field.help[language], "; ".join(choice.label[language] for choice in field.choices))
            for position, text in enumerate(texts):
                sheet.write_string(row, position, text, styles["wrapped"])
            sheet.set_row(row, _LINE * max(math.ceil(1.1 * len(text) / width) for text, width in zip(texts, _HELP_WIDTHS, strict=True)))
            row += 1
