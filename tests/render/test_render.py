"""The three formats together: the same content, nobody's words as markup, whole files or none."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx as python_docx
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from baksos_eval.errors import BaksosError
from baksos_eval.render import blocks, docx, html, pdf, save
from baksos_eval.render.model import Document, FigureBlock, TableBlock, text_of
from baksos_eval.render.render import FORMATS, render
from baksos_eval.report import inline
from baksos_eval.report.content import Column, Figure, Spanner, Table, Text
from baksos_eval.report.problems import describe
from baksos_eval.report.text import words

from .conftest import SVG, code_cell, full_notebook, markdown_cell, notebook, png, title

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table></main><iframe src=//jahat.example></iframe>",
    "]]></w:t></w:r><w:r><w:t>x",
    '"; #panic("x"); #read("/etc/passwd") //',
    "{{ 7*7 }}{% for a in b %} ${7*7} #{7*7}",
    "*a* _b_ ~c~ ^d^ `e` [f](javascript:alert(1)) ![g](//h) $i$ <https://j.example>",
    "&lt;b&gt; &amp; \\# \\u{41} %0A --> <!-- k",
)


def squeezed(text: str) -> str:
    """The text without spaces and the signs of divided words: what must agree whatever the lines are."""
    return re.sub(r"[\s\u2060\xad]+", "", text)


def word_runs(document: Document) -> str:
    opened = python_docx.Document(io.BytesIO(docx.to_bytes(document)))
    return "".join(text.text or "" for text in opened.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"))


def pdf_text(document: Document) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.to_bytes(document))).pages)


def html_text(document: Document) -> str:
    return BeautifulSoup(html.to_bytes(document).decode("utf-8"), "html.parser").body.get_text()


READERS: dict[str, Callable[[Document], str]] = {"docx": word_runs, "pdf": pdf_text, "html": html_text}


@pytest.mark.parametrize("name", FORMATS)
def test_every_caption_cell_note_and_text_is_in_every_format(report: Document, name: str) -> None:
    found = squeezed(READERS[name](report)).replace("-", "")
    missing = []
    for block in report.blocks:
        wanted = []
        if isinstance(block, TableBlock):
            wanted = [*(text_of(cell) for row in block.rows for cell in row), *map(text_of, block.headers), *(text_of(spanner.spans) for spanner in block.spanners)]
        if isinstance(block, TableBlock | FigureBlock):
            wanted += [f"{block.name}. {text_of(block.caption)}", *map(text_of, block.notes)]
        missing += [text for text in wanted if squeezed(text).replace("-", "") not in found]
    wanted = [report.title.title, report.title.subtitle, *(part for fact in report.title.facts for part in fact), "Pengetahuan warga meningkat 16,55 poin (Tabel 1).",
              "Lihat Tabel 1 dan Gambar 1.", "dua b", "Kutipan singkat.", "Tanpa kelompok pembanding (Gambar 2)."]
    missing += [text for text in wanted if squeezed(text).replace("-", "") not in found]
    assert not missing


def test_the_three_formats_hold_the_same_numbers(report: Document) -> None:
    def numbers(text: str) -> list[str]:
        return sorted(re.findall(r"\d+(?:\.\d{3})*,\d+", text))

    page = BeautifulSoup(html.to_bytes(report).decode("utf-8"), "html.parser").body.get_text(" ")
    opened = python_docx.Document(io.BytesIO(docx.to_bytes(report)))
    cells = [cell.text for found in opened.tables for row in found.rows for cell in row.cells]
    word = " ".join([*cells, *(paragraph.text for paragraph in opened.paragraphs)])
    assert len(numbers(page)) == 30 + 80 + 5 + 1
    assert numbers(page) == numbers(pdf_text(report)) == numbers(word)


def hostile(payload: str) -> Document:
    word = inline.escape(payload)
    return blocks.read(notebook(
        code_cell(title(title=word, subtitle=word, rt=word, facts=((word, word),))), markdown_cell(f"## {word}\n\nTeks {word}"),
        code_cell(Text(f"Simpulan {word}", role="verdict"), Text(word), Text(f"- {word}", role="limit"),
                  Table("tbl-a", word, (Column(word), Column(word, "decimal")), ((word, word),), word, source=word, notes=(word,), spanners=(Spanner(word, 0, 1),)),
                  Figure("fig-a", word, word, png(), SVG, 10, 5, source=word, notes=(word,)))))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", FORMATS)
def test_hostile_words_come_out_as_words(payload: str, name: str) -> None:
    document = hostile(payload)
    found = squeezed(READERS[name](document))
    places = 16 if name != "docx" else 15  # the footer of a Word file is a part of its own
    places -= name == "html"  # a page has no footer
    assert found.replace("-", "").count(squeezed(payload).replace("-", "")) >= places, found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_words_make_no_element_of_a_page(payload: str) -> None:
    harmless = "aman 1" if re.search(r"\d", payload) else "aman"
    plain = BeautifulSoup(html.to_bytes(hostile(harmless)).decode(), "html.parser")
    attacked = BeautifulSoup(html.to_bytes(hostile(payload)).decode(), "html.parser")
    assert [(tag.name, sorted(tag.attrs)) for tag in attacked.find_all()] == [(tag.name, sorted(tag.attrs)) for tag in plain.find_all()]


def test_raw_markup_of_a_markdown_cell_is_text_in_every_format() -> None:
    document = blocks.read(notebook(code_cell(title()), markdown_cell("Ada <script>alert(1)</script> dan <b onclick='x'>tebal</b>.")))
    for name in FORMATS:
        assert squeezed("<script>alert(1)</script> dan <b onclick='x'>") in squeezed(READERS[name](document))


def test_the_same_notebook_gives_the_same_files(tmp_path: Path) -> None:
    path = tmp_path / "evaluasi rt 04.ipynb"
    path.write_text(json.dumps(full_notebook()), encoding="utf-8")
    first = {name: file.read_bytes() for name, file in render(path).items()}
    second = {name: file.read_bytes() for name, file in render(path, folder=tmp_path / "lain" / "lagi", stem="rt-04").items()}
    assert first == second
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == ["evaluasi rt 04.docx", "evaluasi rt 04.html", "evaluasi rt 04.ipynb", "evaluasi rt 04.pdf"]
    assert sorted(file.name for file in (tmp_path / "lain" / "lagi").iterdir()) == ["rt-04.docx", "rt-04.html", "rt-04.pdf"]


def test_only_the_formats_asked_for_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(full_notebook()), encoding="utf-8")
    assert render(path, ("html",)) == {"html": tmp_path / "a.html"}
    with pytest.raises(BaksosError, match="format_unknown"):
        render(path, ("html", "odt"))


def test_a_refused_notebook_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook()), encoding="utf-8")
    with pytest.raises(BaksosError, match="title_missing"):
        render(path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.ipynb"]


def test_a_file_open_in_word_costs_only_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(full_notebook()), encoding="utf-8")
    (tmp_path / "a.docx").write_bytes(b"yang lama")
    real = save.os.replace

    def locked(source: Path, target: Path) -> None:
        if str(target).endswith(".docx"):
            raise PermissionError(13, "in use")
        real(source, target)

    pauses: list[float] = []
    monkeypatch.setattr(save.os, "replace", locked)
    monkeypatch.setattr(save.time, "sleep", pauses.append)
    with pytest.raises(BaksosError) as caught:
        render(path)
    assert (caught.value.code, caught.value.details) == ("file_in_use", {"file": "a.docx"})
    assert len(pauses) == 5 and 1 < sum(pauses) < 3
    assert (tmp_path / "a.docx").read_bytes() == b"yang lama"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.docx", "a.html", "a.ipynb", "a.pdf"]


def test_a_lock_that_is_let_go_in_time_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tries = save.os.replace, []

    def busy(source: Path, target: Path) -> None:
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(save.os, "replace", busy)
    monkeypatch.setattr(save.time, "sleep", lambda seconds: None)
    assert save.write_whole(tmp_path / "a.txt", b"baru").read_bytes() == b"baru"


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"yang lama")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(save.os, "fsync", full)
    with pytest.raises(BaksosError, match="file_unwritable"):
        save.write_whole(target, b"baru")
    assert target.read_bytes() == b"yang lama"
    assert [file.name for file in tmp_path.iterdir()] == ["a.pdf"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_bytes(b"")
    with pytest.raises(BaksosError, match="file_unwritable"):
        save.write_whole(tmp_path / "berkas" / "a.pdf", b"x")


def test_several_failures_are_all_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(full_notebook()), encoding="utf-8")
    monkeypatch.setattr(save.time, "sleep", lambda seconds: None)

    def locked(source: Path, target: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(save.os, "replace", locked)
    with pytest.raises(BaksosError) as caught:
        render(path, ("docx", "html"))
    assert caught.value.code == "format_failed"
    told = "\n".join(describe(caught.value, words("id")))
    assert "a.docx" in told and "a.html" in told


def test_libraries_are_loaded_only_for_the_format_that_needs_them(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(notebook(code_cell(title()))), encoding="utf-8")
    code = ("import sys; from pathlib import Path; from baksos_eval.render.render import render\n"
            "heavy = {'docx', 'typst', 'jinja2', 'mistune', 'latex2mathml', 'matplotlib', 'pandas', 'nbformat', 'pyphen', 'babel'}\n"
            "print(sorted(heavy & set(sys.modules)))\n"
            f"render(Path({str(path)!r}), ('html',)); print(sorted(heavy & set(sys.modules)))")
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert shown.stdout.splitlines() == ["[]", "['jinja2']"]
