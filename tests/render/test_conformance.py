"""Other people's checkers on our files: Word files against the Open XML schemas, PDF files against PDF/UA-1; and both say the same words."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import docx as python_docx
import page
import pytest
from openxml_audit import OpenXmlValidator
from PIL import Image
from pypdf import PdfReader

from baksos_eval.render import blocks, docx, pdf, pdf_package
from baksos_eval.render.bundle import merge
from baksos_eval.render.insert import to_bytes as inserted
from baksos_eval.render.look import Look
from baksos_eval.render.model import Document
from baksos_eval.render.word_package import q
from baksos_eval.report.content import Text

from .conftest import code_cell, figure, full_notebook, markdown_cell, notebook, table, title, wide_table


def documents() -> Iterator[tuple[str, Document]]:
    full = blocks.read(full_notebook())
    english = full_notebook()
    english["cells"][0] = code_cell(title(language="en"))
    yield "whole", full
    yield "english", blocks.read(english)
    yield "joined", merge([full, full], title(title="Lampiran", rt=""), [Text("Belum dimuat: RT 05.", role="limit")])
    yield "wide first", blocks.read(notebook(code_cell(title()), markdown_cell("## Satu"), code_cell(wide_table())))
    yield "marks", blocks.read(notebook(code_cell(title(title="<b>&amp; \"tanda\"")), code_cell(
        Text("1. satu\n   - dua\n     1. tiga\n\n> kutip `kode` **tebal *miring*** H~2~O^2^\n\n```\nbaris\n  kedua\n```"), table(caption="*d*~z~ < 0,5 & <x>"))))


DOCUMENTS = dict(documents())
every_document = pytest.mark.parametrize("name", DOCUMENTS)


def faults_of(data: bytes, folder: Path) -> list[str]:
    """What the checker of Open XML finds: schema, order of elements, relations, ids."""
    path = folder / "berkas.docx"
    path.write_bytes(data)
    return [f"{error.part_uri} {error.path}: {error.description}" for error in OpenXmlValidator().validate(path).errors]


@every_document
def test_word_files_keep_the_schema(name, tmp_path):
    assert faults_of(docx.to_bytes(DOCUMENTS[name]), tmp_path) == []


def test_word_files_in_another_look_keep_the_schema(tmp_path):
    Image.new("RGB", (40, 20), "navy").save(tmp_path / "logo.png")
    look = Look("kiri_atas4", 1.5, logo=tmp_path / "logo.png", letterhead=("**Kampus** <x>", "Jl. Contoh"))
    data = docx.to_bytes(DOCUMENTS["whole"], look)
    assert faults_of(data, tmp_path) == []
    (tmp_path / "templat.docx").write_bytes(data)
    assert faults_of(docx.to_bytes(DOCUMENTS["whole"], Look(template=tmp_path / "templat.docx", spacing=2)), tmp_path) == []
    (tmp_path / "lampiran.docx").write_bytes(docx.to_bytes(DOCUMENTS["joined"]))
    assert faults_of(inserted(tmp_path / "templat.docx", [tmp_path / "lampiran.docx"] * 2), tmp_path) == []


@pytest.mark.parametrize(("old", "new"), [
    ("<w:cantSplit/><w:tblHeader/>", "<w:tblHeader/><w:nonsense/>"),
    ('<w:tblW w:w="', '<w:gridSpan w:val="2"/><w:tblW w:w="'),
    ("</w:pPr><w:bookmarkStart", "</w:pPr><w:pPr/><w:bookmarkStart"),
    ('r:embed="rId', 'r:embed="tiada'),
])
def test_the_checker_would_notice_a_broken_word_file(old, new, tmp_path):
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx.to_bytes(DOCUMENTS["whole"]))) as source, zipfile.ZipFile(broken, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "word/document.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            target.writestr(part, content)
    assert faults_of(broken.getvalue(), tmp_path)


@every_document
def test_pdf_files_keep_pdf_ua_by_another_checker(name):
    report = page.validate_pdf_bytes(pdf.to_bytes(DOCUMENTS[name]), profile=page.ValidationProfile.PDF_UA_1)
    assert [(fault.rule_id, fault.message) for fault in report.failures] == []
    assert report.is_compliant and report.rules.total > 80


@pytest.mark.parametrize(("old", "new"), [(b"/Marked true", b"/Marked fals"), (b"/MarkInfo", b"/MarkNope"), (b"/StructTreeRoot", b"/StructTreeNope"), (b"/Lang", b"/Lung")])
def test_the_checker_would_notice_a_pdf_without_its_tags(old, new, monkeypatch):
    monkeypatch.setattr(pdf_package, "put_together", lambda package: package)     # what we pack together afterwards can still be read
    monkeypatch.setattr(pdf_package, "take_apart", lambda data: data)
    data = pdf.to_bytes(DOCUMENTS["whole"])
    assert old in data
    assert not page.is_pdf_compliant_bytes(data.replace(old, new), profile=page.ValidationProfile.PDF_UA_1)


@every_document
def test_every_font_is_in_the_pdf(name):
    reader = PdfReader(io.BytesIO(pdf.to_bytes(DOCUMENTS[name])))
    found = [font.get_object() for sheet in reader.pages for font in sheet["/Resources"].get("/Font", {}).values()]
    assert found
    for font in found:
        below = [entry.get_object() for entry in font.get("/DescendantFonts", [font])]
        assert all(any(name in entry["/FontDescriptor"] for name in ("/FontFile", "/FontFile2", "/FontFile3")) for entry in below)


def letters_of(text: str) -> Counter[str]:
    """Every letter, digit and sign that counts; a PDF does not tell where a word ends at the edge of a cell or a line, and Word draws bullets by itself."""
    return Counter(re.sub(r"[\s\xad\u2060\u2011•-]", "", text))


def letters_of_word_file(document: Document) -> Counter[str]:
    body = python_docx.Document(io.BytesIO(docx.to_bytes(document))).element.body
    return letters_of("\n".join("".join(part.text or "" for part in p.iter(q("w:t"))) for p in body.iter(q("w:p"))))


def letters_of_pdf(document: Document) -> Counter[str]:
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf.to_bytes(document))).pages]
    footers = [re.sub(r"RT 04 · (Halaman|Page) \d+ (dari|of) \d+", "", sheet) for sheet in sheets]
    return letters_of("\n".join(footers))


@pytest.mark.parametrize("language", ["id", "en"])
def test_pdf_and_word_file_say_the_same_words(language):
    document = blocks.read(notebook(
        code_cell(title(language=language)), markdown_cell("## Perubahan\n\nPertanggungjawaban penyelenggaraan " + "kegiatan pemberdayaan masyarakat " * 30),
        code_cell(Text("Lihat [@tbl-change] dan [@fig-change].\n\n- satu\n- dua", role="note"), table(), figure()), code_cell(wide_table())))
    ours = letters_of_word_file(document)
    assert ours == letters_of_pdf(document) and sum(ours.values()) > 1500


def test_the_whole_report_says_nothing_less_as_pdf():
    document = DOCUMENTS["whole"]
    assert letters_of_word_file(document) - letters_of_pdf(document) == Counter()
