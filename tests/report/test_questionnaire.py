"""The printed questionnaire asks what the analysis reads: the same items, the code it pairs by, consent first; nothing else is asked."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from baksos_eval.intake.characteristics import schooling_of, sex_of
from baksos_eval.render import form_docx, form_pdf
from baksos_eval.report.asking import CODE_PATTERN, minutes, name_of, questions
from baksos_eval.report.questionnaire import (
    Battery,
    Boxes,
    Form,
    Line,
    Note,
    Points,
    Section,
    Tick,
    questionnaire,
)
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.instrument import load_instrument
from baksos_eval.study.study import Study, open_study

CONTOH = open_study(Path(__file__).parents[2] / "data" / "contoh")
BOTH = [load_instrument(name) for name in ("pengetahuan_covid19", "ketahanan_sosial")]
every_form = pytest.mark.parametrize(("wave", "language"), [(wave, language) for wave in ("pre", "post") for language in LANGUAGES])


def form(wave: str = "pre", language: str = "id", study: Study | None = CONTOH) -> Form:
    return questionnaire(study.questionnaires if study else BOTH, study, wave, words(language))


def of_kind(made: Form, kind: type) -> list:
    return [block for block in made.blocks if isinstance(block, kind)]


@every_form
def test_it_holds_every_item_and_answer_of_the_study(wave: str, language: str):
    batteries = of_kind(form(wave, language), Battery)
    assert [battery.rows for battery in batteries] == [tuple((item.id.upper(), item.text[language]) for item in instrument.items) for instrument in CONTOH.questionnaires]
    assert [battery.choices for battery in batteries] == [tuple(option.label[language] for option in instrument.options) for instrument in CONTOH.questionnaires]


@every_form
def test_consent_comes_before_any_question_and_can_be_refused(wave: str, language: str):
    made = form(wave, language)
    kinds = [type(block) for block in made.blocks]
    assert kinds[:3] == [Section, Note, Points]
    consent = next(block for block in made.blocks if isinstance(block, Tick))
    assert len(consent.choices) == 2 and made.blocks.index(consent) < min(kinds.index(Boxes), kinds.index(Battery))
    assert len(of_kind(made, Points)[0].lines) == 5


@every_form
def test_nobody_is_asked_for_name_or_number(wave: str, language: str):
    asked = [block.label.casefold() for block in form(wave, language).blocks if isinstance(block, Line | Tick | Boxes)]
    assert not [label for label in asked if re.search(r"\b(nama|name|nik|hp|phone|alamat|address|e-?mail)\b", label) and "tim" not in label and "team" not in label]


def test_before_and_after_differ_in_what_they_must():
    before, after = form("pre"), form("post")
    assert before.wave == "SEBELUM KEGIATAN" and after.wave == "SESUDAH KEGIATAN"
    assert before.mark.split(" · ")[1:2] == ["Sebelum"] and "pengetahuan_covid19 1.0" in before.mark
    differing = [(one, other) for one, other in zip(before.blocks, after.blocks, strict=True) if one != other]
    assert [type(one) for one, _ in differing] == [Note]
    assert "kode yang sama" in differing[0][1].text


def test_the_boxes_hold_the_code_by_which_people_are_paired():
    boxes = of_kind(form(), Boxes)[0]
    assert [group.count for group in boxes.groups] == [2, 2, 2]
    example = words("id").text("template.code_example")
    code = re.search(r"\b[A-Z]{2}\d{4}\b", example)[0]
    assert len(code) == sum(group.count for group in boxes.groups) and re.fullmatch(CODE_PATTERN, code)
    assert not re.fullmatch(CODE_PATTERN, "SI3245") and not re.fullmatch(CODE_PATTERN, "S10745")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_ticked_about_a_person_is_read_alike(language: str):
    asked = {question.name: question for question in questions(CONTOH, (), words(language))}
    assert [sex_of(choice.label) for choice in asked["jenis_kelamin"].choices] == ["female", "male"]
    assert [schooling_of(choice.label) for choice in asked["pendidikan"].choices] == [choice.name for choice in asked["pendidikan"].choices]
    assert [schooling_of(choice.name) for choice in asked["pendidikan"].choices] == [choice.name for choice in asked["pendidikan"].choices]
    assert asked["usia"].kind == "number" and asked["usia"].header == "Usia"
    assert asked["usia"].label == {"id": "Usia", "en": "Age"}[language]


def test_an_anonymous_study_asks_for_no_code():
    anonymous = CONTOH.model_copy(update={"answers": CONTOH.answers.model_copy(update={"pairing": "anonymous"})})
    made = form(study=anonymous)
    assert of_kind(made, Boxes) == [] and "kode" not in of_kind(made, Points)[0].lines[3].casefold()


def test_doses_are_asked_only_afterwards():
    dosed = CONTOH.model_copy(update={"columns": CONTOH.columns.model_copy(update={"dose": {"sesi": "Berapa kali Anda hadir?"}})})
    assert [Line("Berapa kali Anda hadir?") in form(wave, study=dosed).blocks for wave in ("pre", "post")] == [False, True]


def test_several_id_columns_are_asked_as_the_study_names_them():
    named = CONTOH.model_copy(update={"columns": CONTOH.columns.model_copy(update={"id": ("Nama panggilan ibu", "Tanggal lahir")})})
    made = form(study=named)
    assert of_kind(made, Boxes) == [] and {"Nama panggilan ibu", "Tanggal lahir"} <= {line.label for line in of_kind(made, Line)}


def test_the_time_it_takes_grows_with_the_items():
    assert minutes(BOTH[:1]) == 10 and minutes(BOTH) == 15
    assert name_of("RT 04") == "rt_04" and name_of("04") == "x_04"


@every_form
def test_it_fits_four_pages(wave: str, language: str):
    pages = PdfReader(io.BytesIO(form_pdf.to_bytes(form(wave, language)))).pages
    assert 2 <= len(pages) <= 4
    text = "\n".join(page.extract_text() for page in pages)
    assert all(f"{instrument.items[-1].id.upper()}" in text for instrument in CONTOH.questionnaires)
    assert f"{len(pages)} dari {len(pages)}" in text or f"{len(pages)} of {len(pages)}" in text
    box = pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)


@every_form
def test_the_word_file_says_the_same(wave: str, language: str):
    made = form(wave, language)
    document = Document(io.BytesIO(form_docx.to_bytes(made)))
    batteries = [table for table in document.tables if table.cell(0, 0).text == words(language).text("form.number")]
    read = [tuple((row.cells[0].text, row.cells[1].text) for row in table.rows[1:]) for table in batteries]
    assert read == [battery.rows for battery in of_kind(made, Battery)]
    for table, battery in zip(batteries, of_kind(made, Battery), strict=True):
        assert [cell.text for cell in table.rows[0].cells][2:] == list(battery.choices)
        assert {cell.text for row in table.rows[1:] for cell in row.cells[2:]} == {form_docx.BOX}
        assert table.rows[0]._tr.trPr.xpath("w:tblHeader"), "the head is repeated on every page"
    spoken = "\n".join(paragraph.text for paragraph in document.paragraphs).replace("\N{NO-BREAK SPACE}", " ")
    for block in made.blocks:
        for text in (block.lines if isinstance(block, Points) else [block.text] if isinstance(block, Note | Section) else [block.label, *block.choices] if isinstance(block, Tick) else []):
            assert text in spoken
    code = next(table for table in document.tables if table not in batteries)
    assert len(code.rows[0].cells) == 6 + 3


def test_equal_forms_are_equal_bytes():
    assert form_docx.to_bytes(form()) == form_docx.to_bytes(form())
    assert form_pdf.to_bytes(form()) == form_pdf.to_bytes(form())


def test_words_of_a_lecturer_are_words_on_every_page():
    odd = load_instrument("ketahanan_sosial")
    items = (odd.items[0].model_copy(update={"text": odd.items[0].text.model_copy(update={"id": 'Harga #1 "naik" *50%* & <lebih> \\ $x$ [a]_b_'})}), *odd.items[1:])
    made = questionnaire([odd.model_copy(update={"items": items})], None, "pre", words("id"))
    assert 'Harga #1 "naik" *50%* & <lebih> \\ $x$ [a]_b_' in Document(io.BytesIO(form_docx.to_bytes(made))).tables[-1].cell(1, 1).text
    printed = PdfReader(io.BytesIO(form_pdf.to_bytes(made))).pages[0].extract_text()
    assert '"naik" *50%* & <lebih>' in " ".join(printed.split())


def test_a_questionnaire_alone_needs_no_study():
    made = form(study=None)
    assert made.subtitle.startswith("Pengetahuan tentang COVID-19; ") and made.letterhead == ()
    assert len(of_kind(made, Battery)) == 2
