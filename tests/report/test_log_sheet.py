"""The templates of logs: filled in from their own lists, they are read back without a remark."""

from __future__ import annotations

import io
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from baksos_eval.activities.activities import read_activities
from baksos_eval.activities.forms import Form, FormField, form_of
from baksos_eval.report.log_sheet import COMPANIONS, ROWS, log_entry, log_sheet, sheet_name
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.activities import KINDS
from tests.activities.small import study_with

RTS = ("4", "RT 05")


def value_for(form: Form, field: FormField, language: str, number: int) -> object:
    """What somebody might write into a cell of the template."""
    match field.kind:
        case "choice":
            return field.choices[number % len(field.choices)].label[language]
        case "yes_no":
            return words(language).text("template.consent.yes")
        case "rt":
            return "RT 04"
        case "date":
            return datetime(2021, 8, 10 + number)
        case "number" | "count" | "quantity":
            return 60 + number
        case "rupiah":
            return 25_000
        case "person" | "household":
            return f"K-0{number}"
    if field.name == "unit":
        return words(language).text("unit_word.sheet")
    return ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_everything_has_a_rule_and_a_meaning(kind: str, language: str):
    book = load_workbook(io.BytesIO(log_sheet(kind, RTS, words(language))))
    text = words(language).text
    forms = [form_of(name) for name in (kind, *COMPANIONS.get(kind, ()))]
    assert book.sheetnames == [text("log_sheet.help"), *(sheet_name(form, words(language)) for form in forms), text("template.sheet.lists")]
    explained = [cell.value for row in book[text("log_sheet.help")].iter_rows() for cell in row if cell.value]
    for form in forms:
        fields = [field for field in form.fields if field.in_template]
        sheet = book[sheet_name(form, words(language))]
        assert [cell.value for cell in sheet[1]] == [field.header[language] for field in fields]
        rules = {rule.sqref.ranges[0].min_col if isinstance(rule.sqref.ranges, list) else next(iter(rule.sqref.ranges)).min_col: rule for rule in sheet.data_validations.dataValidation}
        for position, field in enumerate(fields, start=1):
            rule = rules[position]
            assert next(iter(rule.sqref.ranges)).max_row == ROWS + 1 and rule.prompt and field.help[language] in explained
            assert (rule.type == "list") == (field.kind in ("choice", "yes_no", "rt") or field.name == "unit")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_filled_in_log_of_aid_is_read_back_without_a_remark(tmp_path: Path, language: str):
    book = load_workbook(io.BytesIO(log_sheet("aid", RTS, words(language))))
    form, listed = form_of("aid"), form_of("eligible")
    sheet = book[sheet_name(form, words(language))]
    for number in range(8):
        for position, field in enumerate((field for field in form.fields if field.in_template), start=1):
            sheet.cell(2 + number, position).value = value_for(form, field, language, number)
    entitled = book[sheet_name(listed, words(language))]
    for number in range(6):
        entitled.cell(2 + number, 1).value, entitled.cell(2 + number, 2).value = "RT 04", f"K-0{number}"
    book.save(tmp_path / "log bantuan.xlsx")
    lines = [line.removeprefix("# ") for line in log_entry("aid", "log bantuan.xlsx", RTS, words(language))]
    a = read_activities(study_with(tmp_path, "\n" + "\n".join(lines), language=language))
    assert a.findings == ()
    assert a.aid.result.handovers == 8 and a.aid.result.coverage[:2] == (8, 60) and a.aid.result.targeting[:3] == (6, 8, 6)
    assert a.aid.result.days[0].day == date(2021, 8, 10)


@pytest.mark.parametrize("kind", KINDS)
def test_the_entry_is_toml_and_names_the_sheet(kind: str):
    for rts in ((), RTS):
        entry = tomllib.loads("\n".join(log_entry(kind, "catatan saya.xlsx", rts, words("id"))))
        assert entry["activities"][kind]["sheet"] == sheet_name(form_of(kind), words("id"))


def test_the_same_template_has_the_same_bytes():
    assert log_sheet("aid", RTS, words("id")) == log_sheet("aid", RTS, words("id"))
