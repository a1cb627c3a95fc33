"""The answer sheet, filled in as a lecturer would, is read back without a single remark."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from openpyxl import load_workbook

from baksos_eval.errors import BaksosError
from baksos_eval.intake.intake import inspect, prepare
from baksos_eval.report.answer_sheet import ROWS, answer_sheet, study_entry
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.instrument import bundled_instruments, load_instrument
from baksos_eval.study.study import open_study

NAMES = ("pengetahuan_covid19", "ketahanan_sosial")
INSTRUMENTS = [load_instrument(name) for name in NAMES]
CODES = ["SI0745", "AM1203", "RA3099", "007X", "NU0512", "WA2218", "0812", "EN0101", "YU1520", "LI2733", "DE0877", "MA1964"]


def filled(language: str, folder: Path) -> dict[tuple[str, str], list[str]]:
    """Fills in the sheet by choosing from its own lists; returns what was chosen per code and wave."""
    book = load_workbook(io.BytesIO(answer_sheet(INSTRUMENTS, ["4", "RT 05"], words(language))))
    text = words(language).text
    sheet, lists = book[text("template.sheet.answers")], book[text("template.sheet.lists")]
    choices = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.iter_cols()}
    dice = random.Random(20210812)
    chosen, row = {}, 1
    for wave in choices["wave"]:
        for code in CODES:
            row += 1
            for column, value in enumerate((code, choices["rt"][0], wave, choices["consent"][0]), start=1):
                sheet.cell(row, column).value = value
            answers = []
            for number, name in enumerate(name for name, instrument in zip(NAMES, INSTRUMENTS, strict=True) for _ in instrument.items):
                answers.append(dice.choice(choices[name]))
                sheet.cell(row, 5 + number).value = answers[-1]
            chosen[code, wave] = answers
    book.save(folder / "lembar jawaban.xlsx")
    return chosen


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_read_back_without_a_remark(tmp_path: Path, language: str):
    chosen = filled(language, tmp_path)
    lines = ['id = "uji"', 'title = { id = "Uji", en = "Trial" }', "year = 2021", 'rts = ["RT 04"]', f'language = "{language}"',
             *study_entry("lembar jawaban.xlsx", NAMES, words(language))]
    (tmp_path / "study.toml").write_text("\n".join(lines), encoding="utf-8")
    study = open_study(tmp_path)
    inspection = inspect(study)
    assert inspection.findings == ()
    data = prepare(study, "RT 04")
    assert data.flow.both == len(CODES)
    labels = {option.label[language]: option.code for instrument in INSTRUMENTS for option in instrument.options}
    for wave, name in zip(("pre", "post"), [words(language).text(f"template.wave.{wave}") for wave in ("pre", "post")], strict=True):
        read = sorted([*data.codes[wave][NAMES[0]].iloc[person], *data.codes[wave][NAMES[1]].iloc[person]] for person in range(len(CODES)))
        assert read == sorted([labels[answer] for answer in chosen[code, name]] for code in CODES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_chosen_from_a_list(language: str):
    text = words(language).text
    book = load_workbook(io.BytesIO(answer_sheet(INSTRUMENTS, ["RT 04"], words(language))))
    assert book.sheetnames == [text(f"template.sheet.{name}") for name in ("help", "answers", "key", "lists")]
    sheet = book[text("template.sheet.answers")]
    width = 4 + sum(len(instrument.items) for instrument in INSTRUMENTS)
    assert sheet.max_column == width
    validated = {next(iter(rule.sqref.ranges)).min_col: rule for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert set(validated) == set(range(2, width + 1))
    assert all(next(iter(rule.sqref.ranges)).max_row == ROWS + 1 and rule.formula1.startswith("'") for rule in validated.values())
    assert [cell.value for cell in sheet[1]][4:] == [item.text[language] for instrument in INSTRUMENTS for item in instrument.items]
    shown = [(validated[place].promptTitle, validated[place].prompt) for place in range(5, width + 1)]
    assert shown == [(item.id.upper(), item.text[language][:255]) for instrument in INSTRUMENTS for item in instrument.items], "the number printed on paper"
    key = book[text("template.sheet.key")]
    assert key.max_row == width - 3 and {cell.value for cell in key["D"][1:17]} == {option.label[language] for option in INSTRUMENTS[0].options[:2]}
    assert text("template.key.reversed") in {cell.value for cell in key["E"]}
    assert any("SI0745" in str(cell.value) for cell in book[text("template.sheet.help")]["A"])


def test_without_rts_the_rt_is_typed():
    sheet = load_workbook(io.BytesIO(answer_sheet(INSTRUMENTS[:1], [], words("id"))))["Jawaban"]
    assert 2 not in {next(iter(rule.sqref.ranges)).min_col for rule in sheet.data_validations.dataValidation}


def test_equal_content_gives_equal_bytes():
    assert answer_sheet(INSTRUMENTS, ["RT 04"], words("id")) == answer_sheet(INSTRUMENTS, ["RT 04"], words("id"))


def test_words_that_look_like_formulas_stay_words():
    option = INSTRUMENTS[0].options[0].model_copy(update={"label": INSTRUMENTS[0].options[0].label.model_copy(update={"id": "=1+1"})})
    instrument = INSTRUMENTS[0].model_copy(update={"options": (option, *INSTRUMENTS[0].options[1:])})
    lists = load_workbook(io.BytesIO(answer_sheet([instrument], [], words("id"))))["Daftar"]
    assert [(cell.value, cell.data_type) for cell in lists["C"][1:2]] == [("=1+1", "s")]


def test_two_items_with_one_wording_are_refused():
    with pytest.raises(BaksosError, match="template_item_twice"):
        answer_sheet([INSTRUMENTS[0], INSTRUMENTS[0].model_copy(update={"items": (INSTRUMENTS[0].items[0].model_copy(update={"id": "lain"}),)})], [], words("id"))


def test_every_bundled_instrument_has_a_sheet():
    for name in bundled_instruments():
        assert answer_sheet([load_instrument(name)], ["RT 01"], words("id")).startswith(b"PK")


def test_a_study_is_typed_in_with_its_profile_and_read_back_without_a_remark(tmp_path: Path):
    from baksos_eval.report.answer_sheet import study_entry
    from tests.report.forms import CODES as PERSONS
    from tests.report.forms import PEOPLE, answers_of

    own = 'instruments = ["ketahanan_sosial"]\nwaves = ["pre", "post", "delayed"]\n[columns]\nid = "Kode"\n[columns.profile]\nusia = "Umur"\njenis_kelamin = "L/P"\npekerjaan = "Pekerjaan"\n'
    head = 'id = "uji"\ntitle = { id = "Uji", en = "Trial" }\nyear = 2021\nrts = ["RT 04"]\n' + own
    (tmp_path / "study.toml").write_text(head + '[[files]]\nfile = "belum ada.csv"\nwave = "pre"\n', encoding="utf-8")
    study, c = open_study(tmp_path), words("id")
    book = load_workbook(io.BytesIO(answer_sheet(study.questionnaires, (), c, study)))
    sheet, lists = book[c.text("template.sheet.answers")], book[c.text("template.sheet.lists")]
    header = [cell.value for cell in sheet[1]]
    assert header[:7] == ["Kode", "RT", "Tes", "Bersedia ikut", "Umur", "L/P", "Pekerjaan"] and sheet.freeze_panes == "H2"
    chosen = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.iter_cols()}
    assert len(chosen["wave"]) == 3 and chosen["profile.jenis_kelamin"] == ["Perempuan", "Laki-laki"]
    for wave in range(3):
        for person in range(PEOPLE):
            row = 2 + wave * PEOPLE + person
            values = [PERSONS[person], chosen["rt"][0], chosen["wave"][wave], chosen["consent"][0], str(20 + person), chosen["profile.jenis_kelamin"][person % 2], "Petani",
                      *answers_of(person, wave % 2, chosen["ketahanan_sosial"], 20)]
            for column, value in enumerate(values, start=1):
                sheet.cell(row, column).value = value
    book.save(tmp_path / "isian.xlsx")
    (tmp_path / "study.toml").write_text(head + "\n".join(study_entry("isian.xlsx", study.instruments, c, study)) + "\n", encoding="utf-8")
    data = prepare(open_study(tmp_path), "RT 04")
    assert [finding.code for finding in inspect(open_study(tmp_path)).findings if finding.severity != "note"] == []
    assert (data.flow.both, data.later[0].paired) == (PEOPLE, PEOPLE)
    assert set(data.profile["jenis_kelamin"]) == {"Perempuan", "Laki-laki"} and set(data.profile["pekerjaan"]) == {"Petani"}


def test_an_anonymous_study_has_no_column_for_a_code(tmp_path: Path):
    contoh = open_study(Path(__file__).parents[2] / "data" / "contoh")
    anonymous = contoh.model_copy(update={"answers": contoh.answers.model_copy(update={"pairing": "anonymous"})})
    sheet = load_workbook(io.BytesIO(answer_sheet(contoh.questionnaires, (), words("id"), anonymous)))["Jawaban"]
    assert [cell.value for cell in sheet[1]][:3] == ["RT", "Tes", "Bersedia ikut"]
