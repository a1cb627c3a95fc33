"""Nothing of a person leaves: planted canaries are found in every kind of file, and a run that would publish one publishes nothing."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from baksos_eval.batch.leaks import UNREADABLE, Leak, known_identities, leak_error, leaks_in, read_texts
from baksos_eval.batch.plan import plan
from baksos_eval.batch.run import run
from baksos_eval.intake.privacy import Identities
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study
from tests.batch.ready import ready
from tests.batch.small import cell, write_notebooks
from tests.intake.small import PRE, two_files

NAMES = ("Siti", "Budi", "Rukmini", "Sulastri", "Hartono")
IDS = tuple(f"ZQ{number:02d}X{number * 7 % 100:02d}" for number in range(10))
CONTACTS = (*(f"{name} Kenari{number}" for number, name in enumerate(NAMES * 2)), *(f"0812-7700-{number:04d}" for number in range(10)),
            *(f"kenari{number}@surat.contoh" for number in range(10)), *(f"18710145069000{number:02d}" for number in range(1, 11)))
CANARIES = (*IDS, *CONTACTS)
IDENTITIES = Identities(IDS, CONTACTS)


def leaks(path: Path) -> set[str]:
    return {kind for leak in leaks_in({path.name: path}, {}, IDENTITIES) for kind in leak.kinds}


def test_there_are_fifty_canaries():
    assert len(set(CANARIES)) == 50 and IDENTITIES.unscannable == 0


@pytest.mark.parametrize("canary", CANARIES)
def test_every_canary_is_found_in_plain_files(tmp_path: Path, canary: str):
    for name, text in (("a.csv", f"a;b\n1;{canary}\n"), ("a.html", f"<p>x <b>{canary[:3]}</b>{canary[3:]}</p>"), ("b.html", f'<img alt="foto {canary}">'),
                       ("a.json", json.dumps({"a": ["x", {"b": f"[{canary}]"}]})), ("a.txt", f"di {canary.upper()}, baris 3")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert leaks(tmp_path / name), name


def notebook(path: Path, **data: object) -> Path:
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": ["x = 1"], "outputs": [{"output_type": "display_data", "data": data}]}]}), encoding="utf-8")
    return path


def test_canaries_in_a_notebook(tmp_path: Path):
    assert leaks(notebook(tmp_path / "a.ipynb", **{"text/plain": ["Siti ", "Kenari0\n"]})) == {"contact"}
    assert leaks(notebook(tmp_path / "b.ipynb", **{"text/html": f"<td>{IDS[3]}</td>"})) == {"id"}
    assert leaks(notebook(tmp_path / "c.ipynb", **{"application/vnd.baksos.table.v1+json": {"rows": [["a", CONTACTS[12]]]}})) >= {"contact", "phone"}
    assert leaks(notebook(tmp_path / "d.ipynb", **{"image/png": "ZQ03X21", "text/plain": "Gambar"})) == set()


def test_canaries_in_word_also_when_split_or_out_of_sight(tmp_path: Path):
    def write(name: str, plant) -> Path:
        document = Document()
        document.add_paragraph("Laporan")
        plant(document)
        document.save(tmp_path / name)
        return tmp_path / name

    def split(document):
        paragraph = document.add_paragraph("oleh ")
        for piece in ("Si", "ti Ken", "ari0"):
            paragraph.add_run(piece)

    assert leaks(write("clean.docx", lambda document: None)) == set()
    assert leaks(write("split.docx", split)) == {"contact"}
    assert leaks(write("header.docx", lambda document: setattr(document.sections[0].header.paragraphs[0], "text", IDS[0]))) == {"id"}
    assert leaks(write("author.docx", lambda document: setattr(document.core_properties, "author", CONTACTS[0]))) == {"contact"}
    assert leaks(write("soft.docx", lambda document: document.add_paragraph("Siti Ken\u00adari0"))) == {"contact"}


def test_canaries_in_excel_and_in_archives(tmp_path: Path):
    book = Workbook()
    book.active.append(["a", IDS[4]])
    book.save(tmp_path / "a.xlsx")
    assert leaks(tmp_path / "a.xlsx") == {"id"}
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(tmp_path / "a.xlsx", "dalam/a.xlsx")
    assert leaks(tmp_path / "b.zip") == {"id"}
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr(f"{IDS[5]}.txt", "kosong")
    assert leaks(tmp_path / "c.zip") == {"id"}


def write_pdf(path: Path, source: str) -> Path:
    import typst

    path.with_suffix(".typ").write_text(source, encoding="utf-8")
    typst.compile(str(path.with_suffix(".typ")), output=str(path), pdf_standards=["ua-1"])
    return path


def test_canaries_in_pdf(tmp_path: Path):
    head = '#set document(title: "Laporan")\n#set text(lang: "id")\n= Laporan\n'
    drawn = '#figure(alt: "{}", rect(width: 2cm, height: 1cm))\n#curve(stroke: 1pt, curve.move((0pt, 0pt)), curve.line((9pt, 9pt)), curve.cubic((1pt, 2pt), (3pt, 4pt), (5pt, 6pt)))\n'
    clean = write_pdf(tmp_path / "a.pdf", head + drawn.format("kotak") + "Teks sesudah gambar\n")
    assert leaks(clean) == set()
    assert "Teks sesudah gambar" in "".join(read_texts(clean))
    assert leaks(write_pdf(tmp_path / "b.pdf", head + drawn.format("kotak") + "oleh Siti *Kenari0*\n")) == {"contact"}
    assert leaks(write_pdf(tmp_path / "c.pdf", head + drawn.format(f"foto {IDS[2]}"))) == {"id"}
    assert leaks(write_pdf(tmp_path / "d.pdf", head.replace("Laporan", f"Laporan {IDS[1]}"))) == {"id"}


@pytest.mark.parametrize("name", ("a.docx", "a.xlsx", "a.pdf", "a.ipynb", "a.json", "a.csv"))
def test_what_cannot_be_examined_is_not_passed(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"\xff\xfe\x00 broken")
    assert leaks(tmp_path / name) == {UNREADABLE}
    assert leaks(tmp_path / f"missing-{name}") == {UNREADABLE}


def test_numbers_of_a_ledger_are_nobody(tmp_path: Path):
    values = [0.8123456789012345, 62.8123456789, 0.1871014506900003, 1871014506.900003, 8.123456789e-05, 62812.3456789, -0.08123456789]
    (tmp_path / "hasil.csv").write_text("".join(f"uji,RT 04,,,,t,p,{value},\n" for value in values), encoding="utf-8")
    (tmp_path / "a.txt").write_text("0 8 12 345 678 901 0 812 27 0,8123456789 62 81 234 567", encoding="utf-8")
    assert leaks(tmp_path / "hasil.csv") == leaks(tmp_path / "a.txt") == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_names_the_file_and_the_kind_never_the_value(language: str):
    catalogue = words(language)
    found = leaks_in({}, {"log": f"baris {IDS[0]}", "message": "bersih"}, IDENTITIES)
    told = " ".join(describe(leak_error((*found, Leak("evaluasi.docx", ("contact", "nik"))), catalogue), catalogue))
    assert "evaluasi.docx" in told and catalogue.text("leak.log") in told and catalogue.text("leak.nik") in told and IDS[0] not in told


def planted(folder: Path):
    """A study whose answers, ids and contact columns hold every canary."""
    head = [*PRE[0], "Nama", "WA", "Surel", "NIK"]

    def rows(first: int) -> list[list[str]]:
        return [[IDS[n], str(1 + (n + first) % 4), str(1 + n % 3), str(1 + (n * 3 + first) % 4), *CONTACTS[n::10]] for n in range(10)]

    two_files(folder, [head, *rows(0)], [head, *rows(2)])
    text = (folder / "study.toml").read_text(encoding="utf-8")
    answers = '[answers]\nunreadable = "blank"\n'
    (folder / "study.toml").write_text(text.replace("[columns]", f"{answers}[columns]"), encoding="utf-8")
    with (folder / "pre.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["NEW1234", f"setuju, {CONTACTS[0]}", CONTACTS[13], IDS[4], "Orang Baru", "0812-0000-9999", "baru@surat.contoh", "1871014506900099"])
    return open_study(folder)


def everything(folder: Path) -> str:
    return "\n".join(text for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size for text in (path.name, *read_texts(path)))


def test_a_real_run_lets_no_canary_out(tmp_path: Path):
    study = planted(tmp_path / "data")
    made = plan(study, tmp_path / "data", tmp_path / "reports", ["RT 04"])
    (outcome,) = run(made, ready())
    assert not outcome.failed, outcome.problem
    assert {"evaluasi.ipynb", "evaluasi.docx", "evaluasi.pdf", "evaluasi.html", "hasil.csv", "temuan.csv"} == set(outcome.files)
    known = known_identities(study)
    assert len(known) >= 50
    said = everything(tmp_path / "reports")
    assert len(said) > 20_000 and known.hits(said) == []
    (attached,) = (tmp_path / "reports").rglob("evaluasi.pdf")
    assert "Ringkasan" in "".join(read_texts(attached))
    assert all(canary.casefold() not in said.casefold() for canary in (*CANARIES, "Orang Baru", "0812-0000-9999"))


def test_a_run_that_would_let_one_out_publishes_nothing_of_that_rt(tmp_path: Path):
    planted(tmp_path / "data")
    path = tmp_path / "data" / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('year = 2021', 'year = 2021\nrts = ["RT 04", "RT 05"]'), encoding="utf-8")
    study = open_study(tmp_path / "data")
    printing = cell('if rt == "RT 04":\n    print("".join(["Su", "lastri Kenari3"]))')
    failing = cell('if rt == "RT 05":\n    print("ZQ" + "06X42")\n    raise RuntimeError')
    notebooks = write_notebooks(tmp_path / "n", printing, failing)
    assert "Sulastri Kenari3" in CANARIES and "ZQ06X42" in CANARIES
    made = plan(study, tmp_path / "data", tmp_path / "reports", ["RT 04", "RT 05"], ["ipynb", "html"], notebooks)
    outcomes = run(made, ready())
    for outcome in outcomes:
        assert outcome.failed and outcome.files == () and outcome.log == ""
        assert words("id").text("leak.contact" if outcome.rt == "RT 04" else "leak.id") in outcome.problem[0]
    said = everything(tmp_path / "reports")
    assert "Kenari3" not in said and IDS[6] not in said and not list((tmp_path / "reports").rglob("*.ipynb"))


def test_numbers_of_neighbouring_cells_are_not_one_number(tmp_path: Path):
    """``RT 0850`` beside counts of people looks like a telephone number when nothing stands between them."""
    row = ["RT 0850", "50", "50", "50", "0", "0"]
    cells = "".join(f"<td>{cell}</td>" for cell in row)
    path = "M" + " ".join("62 812 7700 1234" for _ in range(3_000))
    (tmp_path / "a.html").write_text(f'<table><tr>{cells}</tr></table><svg><path d="{path}"/></svg>', encoding="utf-8")
    assert leaks(tmp_path / "a.html") == set()
    assert leaks(notebook(tmp_path / "a.ipynb", **{"application/vnd.x+json": {"rows": [row, row]}, "text/html": f"<table><tr>{cells}</tr></table>", "text/plain": ["a\n", "b"]})) == set()
    book = Workbook()
    book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert leaks(tmp_path / "a.xlsx") == set()
    document = Document()
    table = document.add_table(1, len(row))
    for place, text in zip(table.rows[0].cells, row, strict=True):
        place.text = text
    document.save(tmp_path / "a.docx")
    assert leaks(tmp_path / "a.docx") == set()
    (tmp_path / "b.html").write_text("<p>RT 0850<b>50</b>50500</p>", encoding="utf-8")
    assert leaks(tmp_path / "b.html") == {"phone"}, "within a paragraph it is one"


def test_words_between_the_lines_of_a_drawing_are_read(tmp_path: Path):
    strokes = '<path d="M1 2L3 4" fill="none" stroke="#000000"/><use xlink:href="#r34" x="1" y="-2"/>\n' * 3
    drawing = f"<svg>{strokes}<text>Siti {{}}</text>{strokes}<path d='M0 0' aria-label='{{}}'/><path title=\"{{}}\" d=\"M0 0\"/></svg>"
    for values in (("NomorAB1", "", ""), ("", "NomorAB1", ""), ("", "", "NomorAB1")):
        (tmp_path / "a.html").write_text(drawing.format(*values), encoding="utf-8")
        assert any("NomorAB1" in text for text in read_texts(tmp_path / "a.html")), values
    (tmp_path / "a.html").write_text(drawing.format("", "", ""), encoding="utf-8")
    assert "M1" not in "".join(read_texts(tmp_path / "a.html"))
