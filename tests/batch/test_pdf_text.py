"""What we read in a PDF of ours is what a general reader finds in it."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from baksos_eval.batch import pdf_text
from baksos_eval.batch.leaks import leaks_in, read_texts
from baksos_eval.intake.privacy import Identities
from baksos_eval.render import blocks, pdf
from baksos_eval.report.content import Text
from tests.render.conftest import code_cell, figure, full_notebook, markdown_cell, notebook, table, title


def words_in(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.replace("\xad", "")))


@pytest.fixture(scope="module")
def report() -> bytes:
    return pdf.to_bytes(blocks.read(full_notebook()))


def test_every_word_and_number_that_another_reader_finds(report: bytes):
    ours = set().union(*(words_in(text) for text in pdf_text.texts(report)))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(report)).pages]
    theirs = set().union(*(words_in(page) for page in pages))
    assert len(theirs) > 80
    together = {word for word in theirs if any(word[:at] in ours and word[at:] in ours for at in range(1, len(word)))}   # letter and index, lines of one cell
    assert theirs - ours - together == set()


def test_what_is_heard_and_not_seen(report: bytes):
    said = "\n".join(pdf_text.texts(report))
    assert "Garis nilai tiap warga" in said and "Evaluasi di RT 04" in said and "d_z = d̄ / s_d" in said


def test_words_that_change_their_type_within_and_numbers_of_neighbouring_cells():
    document = blocks.read(notebook(code_cell(title()), code_cell(Text("oleh Ken**ari** dan *Su*lastri"), table(rows=(("0812", "7700", "1234", "5678", "9"),)))))
    texts = list(pdf_text.texts(pdf.to_bytes(document)))
    assert any("Kenari" in text for text in texts) and any("Sulastri" in text for text in texts)
    assert not any("08127700" in text for text in texts)


def test_divided_words_are_read_whole():
    document = blocks.read(notebook(code_cell(title()), markdown_cell("Pertanggungjawaban " * 30)))
    assert any(text.count("Pertanggungjawaban") == 30 for text in pdf_text.texts(pdf.to_bytes(document)))


def test_brackets_and_signs_in_strings():
    odd = r"tanda (kurung) \ dan ) atau ("
    document = blocks.read(notebook(code_cell(title(title="Judul (a) \\\\ b")), code_cell(figure(alt=odd))))
    texts = "\n".join(pdf_text.texts(pdf.to_bytes(document)))
    assert odd in texts and "Judul (a)" in texts


def test_a_pdf_of_another_writer_is_read_by_a_general_reader(tmp_path):
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(4, 2))
    drawn.text(0.1, 0.5, "Siti Kenari0")
    FigureCanvasPdf(drawn).print_pdf(tmp_path / "a.pdf")
    with pytest.raises(ValueError):
        list(pdf_text.texts((tmp_path / "a.pdf").read_bytes()))
    assert "Kenari0" in "".join(read_texts(tmp_path / "a.pdf"))
    assert leaks_in({"a.pdf": tmp_path / "a.pdf"}, {}, Identities((), ("Siti Kenari0",)))[0].kinds == ("contact",)


@pytest.mark.parametrize("damage", (lambda data: data.replace(b"/ToUnicode", b"/ToUnicorn"), lambda data: data.replace(b"/Contents", b"/Contains")))
def test_letters_without_a_meaning_are_not_passed_over(damage):
    import typst

    source = b'#set document(title: "a")\n#set text(lang: "id")\n= Judul\nisi'
    data = typst.compile(source, format="pdf", pdf_standards=["ua-1"])
    assert any("isi" in text for text in pdf_text.texts(data))
    with pytest.raises(ValueError):
        list(pdf_text.texts(damage(data)))
