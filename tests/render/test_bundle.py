from __future__ import annotations

import io
import json
from pathlib import Path

import docx as python_docx
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from baksos_eval.errors import BaksosError
from baksos_eval.render import blocks, docx, html, pdf
from baksos_eval.render.bundle import bundle, merge
from baksos_eval.render.model import Contents, FigureBlock, Heading, PageBreak, Reference, TableBlock, text_of
from baksos_eval.report.content import Text
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words

from .conftest import code_cell, figure, full_notebook, markdown_cell, notebook, table, title


def one(rt: str) -> dict:
    return notebook(code_cell(title(title=f"Evaluasi di {rt}", rt=rt)), markdown_cell("## Perubahan"), code_cell(Text("Lihat [@tbl-change] dan [@fig-change]."), table(), figure()),
                    markdown_cell("### Rincian\n\nTeks."))


@pytest.fixture(scope="module")
def joined():
    return merge([blocks.read(one("RT 04")), blocks.read(one("RT 05"))], title(title="Lampiran Program", rt=""))


def test_numbers_go_on_from_report_to_report(joined):
    numbered = [(block.name.replace("\xa0", " "), block.label) for block in joined.blocks if isinstance(block, TableBlock | FigureBlock)]
    assert numbered == [("Tabel 1", "tbl-1-change"), ("Gambar 1", "fig-1-change"), ("Tabel 2", "tbl-2-change"), ("Gambar 2", "fig-2-change")]


def test_references_follow_their_own_report(joined):
    found = [span for block in joined.blocks if hasattr(block, "spans") for span in block.spans if isinstance(span, Reference)]
    assert [(span.label, span.name) for span in found] == [("tbl-1-change", "Tabel\xa01"), ("fig-1-change", "Gambar\xa01"), ("tbl-2-change", "Tabel\xa02"), ("fig-2-change", "Gambar\xa02")]


def test_every_report_is_a_chapter_on_a_new_page(joined):
    assert joined.blocks[:2] == (PageBreak(), Contents()) and joined.cover
    outline = [(block.level, text_of(block.spans)) for block in joined.blocks if isinstance(block, Heading)]
    assert outline == [(1, "Lampiran 1. Evaluasi di RT 04"), (2, "Perubahan"), (3, "Rincian"), (1, "Lampiran 2. Evaluasi di RT 05"), (2, "Perubahan"), (3, "Rincian")]
    assert sum(isinstance(block, PageBreak) for block in joined.blocks) == 3


def test_word_lists_contents_tables_and_figures(joined):
    opened = python_docx.Document(io.BytesIO(docx.to_bytes(joined)))
    ns = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    codes = [code.text.strip() for code in opened.element.iter(f"{ns}instrText")]
    assert [code for code in codes if code.startswith("TOC")] == ['TOC \\o "1-2" \\h \\z', 'TOC \\h \\z \\c "Tabel"', 'TOC \\h \\z \\c "Gambar"']
    marks = {mark.get(f"{ns}name") for mark in opened.element.iter(f"{ns}bookmarkStart")}
    links = [link.get(f"{ns}anchor") for link in opened.element.iter(f"{ns}hyperlink")]
    assert len(links) == 8 and set(links) <= marks
    assert len(list(opened.element.iter(f"{ns}pageBreakBefore"))) == 3
    kinds = [mark.get(f"{ns}fldCharType") for mark in opened.element.iter(f"{ns}fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end")


def test_the_pdf_lists_them_with_their_pages(joined):
    reader = PdfReader(io.BytesIO(pdf.to_bytes(joined)))
    assert "Lampiran Program" in reader.pages[0].extract_text()
    first = reader.pages[1].extract_text().replace("\xa0", " ")
    assert "Daftar Isi" in first and "Daftar Tabel" in first and "Daftar Gambar" in first
    chapter = next(number for number, page in enumerate(reader.pages, start=1) if number > 2 and "Lampiran 2." in page.extract_text())
    assert any(line.startswith("Lampiran 2.") and line.rstrip().endswith(str(chapter)) for line in first.splitlines())


def test_the_page_lists_its_headings_once(joined):
    page = BeautifulSoup(html.to_bytes(joined).decode(), "html.parser")
    assert len(page.find_all("nav")) == 1
    assert {link["href"][1:] for link in page.nav.find_all("a")} <= {tag["id"] for tag in page.find_all(id=True)}
    assert len(page.find_all("dl")) == 3


def test_files_are_made_from_notebooks(tmp_path: Path):
    paths = []
    for rt in ("rt-04", "rt-05"):
        paths.append(tmp_path / rt / "evaluasi.ipynb")
        paths[-1].parent.mkdir()
        paths[-1].write_text(json.dumps(full_notebook()), encoding="utf-8")
    made = bundle(paths, title(title="Lampiran"), tmp_path)
    assert {name: path.name for name, path in made.items()} == {"docx": "lampiran.docx", "pdf": "lampiran.pdf", "html": "lampiran.html"}
    again = {name: path.read_bytes() for name, path in made.items()}
    assert {name: path.read_bytes() for name, path in bundle(paths, title(title="Lampiran"), tmp_path).items()} == again


def test_every_report_that_cannot_be_read_is_named(tmp_path: Path):
    for name, content in (("rt-04", notebook()), ("rt-05", one("RT 05")), ("rt-09", notebook())):
        (tmp_path / name).mkdir()
        (tmp_path / name / "evaluasi.ipynb").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BaksosError) as caught:
        bundle(sorted(tmp_path.glob("*/evaluasi.ipynb")), title(), tmp_path)
    assert caught.value.details["files"] == ("rt-04/evaluasi.ipynb", "rt-09/evaluasi.ipynb")
    assert {finding.rt for finding in caught.value.findings} == {"rt-04", "rt-09"}
    for language in LANGUAGES:
        assert "rt-04" in "\n".join(describe(caught.value, words(language)))


def test_languages_are_not_mixed():
    with pytest.raises(BaksosError) as caught:
        merge([blocks.read(one("RT 04"))], title(language="en"))
    assert caught.value.details["languages"] == ("en", "id")


def with_technical(rt: str) -> dict:
    return notebook(code_cell(title(title=f"Evaluasi di {rt}", rt=rt)), markdown_cell("## Perubahan"), code_cell(Text("Lihat [@tbl-change] dan [@fig-change].")),
                    code_cell(figure()), markdown_cell("## Rincian teknis", "technical"), markdown_cell("### Dalam\n\nTeks."), code_cell(table()),
                    markdown_cell("## Penutup"), code_cell(Text("Selesai.")))


def test_technical_sections_may_be_left_out_and_references_say_where_they_are():
    documents = [blocks.read(with_technical(rt)) for rt in ("RT 04", "RT 05")]
    whole = merge(documents, title(title="Lampiran", rt=""))
    assert sum(isinstance(block, TableBlock) for block in whole.blocks) == 2
    short = merge(documents, title(title="Lampiran", rt=""), technical=False)
    assert [text_of(block.spans) for block in short.blocks if isinstance(block, Heading)] == [
        "Lampiran 1. Evaluasi di RT 04", "Perubahan", "Penutup", "Lampiran 2. Evaluasi di RT 05", "Perubahan", "Penutup"]
    assert not any(isinstance(block, TableBlock) for block in short.blocks)
    assert [text_of(block.spans).replace("\xa0", " ") for block in short.blocks if hasattr(block, "spans") and "Lihat" in text_of(block.spans)] == [
        "Lihat lampiran tiap RT dan Gambar 1.", "Lihat lampiran tiap RT dan Gambar 2."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bundled_notebook_has_a_technical_section(language):
    from baksos_eval.batch.template import RT_NOTEBOOK, template_path

    cells = json.loads(template_path(RT_NOTEBOOK, language).read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if blocks.TECHNICAL_TAG in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1 and tagged[0]["cell_type"] == "markdown" and "".join(tagged[0]["source"]).startswith("## ")
