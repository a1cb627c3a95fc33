from __future__ import annotations

import dataclasses
import io
import random
import re

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from baksos_eval.errors import BaksosError
from baksos_eval.render import blocks, fonts, layout, pdf
from baksos_eval.render.look import Look
from baksos_eval.render.model import TableBlock
from baksos_eval.report.content import Column, Table, Text

from .conftest import (
    code_cell,
    figure,
    full_notebook,
    long_table,
    markdown_cell,
    notebook,
    png,
    table,
    title,
    wide_table,
)


@pytest.fixture(scope="module")
def data(report) -> bytes:
    return pdf.to_bytes(report)


@pytest.fixture(scope="module")
def reader(data) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def lines(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages).replace("\xa0", " ")


def heights(page: PageObject, *texts: str) -> list[float]:
    """How far above the page's foot the baselines of these texts are, in points."""
    found: list[float] = []

    def visit(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        if any(wanted in text for wanted in texts):
            found.append(outer[3] * inner[5] + outer[5])

    page.extract_text(visitor_text=visit)
    return found


def lowest(page: PageObject, *texts: str) -> float:
    return min(heights(page, *texts))


def highest(page: PageObject, *texts: str) -> float:
    return max(heights(page, *texts))


def structure(node: object, found: list[DictionaryObject]) -> list[DictionaryObject]:
    """Every element of the tag tree."""
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, ArrayObject):
        for child in node:
            structure(child, found)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            found.append(node)
        if "/K" in node:
            structure(node.raw_get("/K"), found)
    return found


def test_it_is_an_accessible_pdf(data, reader):
    root = reader.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data or "pdfuaid" in root["/Metadata"].get_data().decode()
    assert root["/Lang"] == "id-ID"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Evaluasi di RT 04"
    assert reader.metadata.author is None


def test_headings_tables_and_figures_are_tagged_with_their_alternatives(reader):
    found = structure(reader.trailer["/Root"]["/StructTreeRoot"], [])
    kinds = [str(node["/S"]) for node in found]
    assert kinds.count("/Table") == 3
    assert [kind for kind in kinds if re.fullmatch(r"/H\d", kind)] == ["/H1", "/H2", "/H1", "/H2"]
    assert kinds.count("/TH") == (5 + 1 + 0) + 3 + (1 + 5 + 10)
    assert kinds.count("/Caption") == 5
    alternatives = [str(node["/Alt"]) for node in found if "/Alt" in node]
    assert alternatives.count("Garis nilai tiap warga") == 2
    assert "d_z = d̄ / s_d" in alternatives


def test_pages_are_a4_and_the_wide_table_lies_on_its_side(reader):
    sizes = [tuple(round(float(length)) for length in page.mediabox[2:]) for page in reader.pages]
    assert set(sizes) == {(595, 842), (842, 595)}
    assert sizes.count((842, 595)) == 1
    wide = next(page for page in reader.pages if round(float(page.mediabox.width)) == 842)
    assert "Rincian" in wide.extract_text() and "Perbandingan antar-RT" in wide.extract_text()


def test_captions_numbers_and_references_are_in_the_text(reader):
    text = lines(reader)
    for caption in ("Tabel 1. Nilai sebelum dan sesudah", "Gambar 1. Perubahan tiap warga", "Tabel 2. Butir pernyataan", "Tabel 3. Perbandingan antar-RT",
                    "Gambar 2. Jangkauan unggahan"):
        assert text.count(caption) == 1
    assert "Lihat Tabel 1 dan Gambar 1." in text
    assert "1.024,125" in text
    assert f"RT 04 · Halaman 1 dari {len(reader.pages)}" in text


def test_references_are_links(reader):
    names = reader.trailer["/Root"]["/Names"]
    assert names
    links = [annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", [])]
    assert len(links) == 5
    assert all(link["/Subtype"] == "/Link" and "/URI" not in link.get("/A", {}) for link in links)


def test_the_heads_of_long_tables_are_repeated(read):
    reader = PdfReader(io.BytesIO(pdf.to_bytes(read(code_cell(long_table(90))))))
    assert len(reader.pages) >= 2
    assert all("Pernyataan" in page.extract_text().splitlines()[0] or number == 0 for number, page in enumerate(reader.pages))


def uneven_table(seed: int) -> Table:
    """Words, numbers and signs of every length in columns of every width."""
    chosen = random.Random(seed)
    syllables = ["ke", "ta", "han", "an", "so", "si", "al", "AV", "To", "WAY", "VA", "fi", "ffi", "Ty", "LT", "yr", "COVID\u201119", "(5M)", "0,05", "s.d."]

    def words(most: int) -> str:
        plain = " ".join("".join(chosen.choices(syllables, k=chosen.randint(1, 3))) for _ in range(chosen.randint(0, most)))
        return plain + chosen.choice(["", "", "", "", " 100 %", " a/b", " x–y", " d_z J"])

    def row() -> tuple[str, ...]:
        return (words(9), words(3), f"{chosen.uniform(-9, 99):+.2f}".replace(".", ","), f"{chosen.uniform(0, 1):.2f} s.d. {chosen.uniform(1, 9):.2f}".replace(".", ","),
                chosen.choice(["< 0,001", "–", "≥ 7", "0,5²", ""]))

    headers = (("Pernyataan", "left"), ("Kelompok", "left"), ("Nilai", "decimal"), ("Selang", "right"), ("p", "center"))
    columns = tuple(Column(header, align) for header, align in headers)
    rows = tuple(row() for _ in range(40))
    return Table("tbl-uneven", "Kata dan angka", columns, rows, alt="Kata dan angka", emphasised=tuple(chosen.sample(range(40), 12)))


@pytest.mark.parametrize("seed", range(8))
def test_rows_whose_height_we_know_are_as_high_as_typst_makes_them(read, seed, monkeypatch):
    document = read(code_cell(uneven_table(seed)))
    (block,) = (block for block in document.blocks if isinstance(block, TableBlock))
    known = [lines for lines in layout.row_lines(block, layout.columns(block, 14.0)) if lines]
    assert len(known) >= 5
    ours = pdf.to_bytes(document)
    monkeypatch.setattr(pdf, "row_lines", lambda table, measures: (None,) * len(table.rows))
    theirs = pdf.to_bytes(document)
    assert places(ours) == places(theirs)


def places(data: bytes) -> list[tuple[str, float, float]]:
    """Every run of letters with its place on its page."""
    found: list[tuple[str, float, float]] = []
    for sheet in PdfReader(io.BytesIO(data)).pages:
        sheet.extract_text(visitor_text=lambda text, matrix, _, font, size: found.append((text, round(matrix[4], 1), round(matrix[5], 1))))
    return found


def test_short_tables_are_not_divided(read):
    filler = Text("\n\n".join(["Kalimat pengisi halaman. " * 6] * 12))
    reader = PdfReader(io.BytesIO(pdf.to_bytes(read(code_cell(filler, long_table(12))))))
    with_rows = [page for page in reader.pages if "Pernyataan nomor" in page.extract_text()]
    assert len(with_rows) == 1 and "Tabel\xa01" in with_rows[0].extract_text()


@pytest.mark.parametrize("lines", range(26, 40, 2))
def test_a_divided_table_begins_with_two_rows_at_least(read, lines):
    filler = Text("\n\n".join(["Baris"] * lines))
    reader = PdfReader(io.BytesIO(pdf.to_bytes(read(code_cell(filler, long_table(40))))))
    first = next(page.extract_text() for page in reader.pages if "Tabel\xa01" in page.extract_text())
    assert "Pernyataan nomor 2 " in first


@pytest.mark.parametrize("row", ["Pernyataan nomor 24 tentang pencegahan", "Pernyataan nomor 24 tentang pertanggung/jawaban " * 4])
def test_notes_stand_on_the_page_of_the_last_row(read, row):
    long = long_table(24)
    note, source = "Nilai tiap butir adalah bagian isian yang benar. " * 3, "Sumber: Data primer diolah, 2021"
    divided = dataclasses.replace(long, rows=(*long.rows[:-1], ("24", row, "1,0")), notes=(note,), source=source)
    places = set()
    for above in range(8, 32):
        filler = Text("\n\n".join(["Baris."] * above))
        reader = PdfReader(io.BytesIO(pdf.to_bytes(read(code_cell(filler, divided)))))
        pages = [page.extract_text() for page in reader.pages]
        last = max(at for at, text in enumerate(pages) if "Pernyataan nomor 24" in text)
        assert "Nilai tiap butir" in pages[last] and "Sumber" in pages[last] and not any("Sumber" in text for text in pages[last + 1:]), above
        gap = lowest(reader.pages[last], "pencegahan", "jawaban") - highest(reader.pages[last], "Nilai tiap")
        assert 14 < gap < 22, above
        places.add((last, pages[last].count("Pernyataan nomor")))
    assert len(places) > 4


def test_a_table_without_rows_keeps_its_head_and_note(read):
    empty = dataclasses.replace(long_table(1), rows=(), notes=("Tidak ada yang menjawab.",))
    text = lines(PdfReader(io.BytesIO(pdf.to_bytes(read(code_cell(empty))))))
    assert "Pernyataan" in text and "Tidak ada yang menjawab." in text


def test_long_words_are_divided_and_read_whole(read):
    document = read(markdown_cell("Pertanggungjawaban " * 30))
    assert "\xad" in pdf.source(document)
    text = PdfReader(io.BytesIO(pdf.to_bytes(document))).pages[0].extract_text()
    assert re.sub(r"\xad\n", "", text).replace("\n", " ").count("Pertanggungjawaban") == 30


def test_nothing_of_this_computer_is_in_it(data, reader):
    used = {str(font["/BaseFont"]).split("+")[-1] for page in reader.pages for font in (entry.get_object() for entry in page["/Resources"]["/Font"].values())}
    assert used and all(name.startswith(("STIXGeneral", "NewCM", "DejaVuSans")) for name in used)
    assert "/CreationDate" not in reader.metadata


def test_the_same_report_gives_the_same_bytes(report, data):
    assert pdf.to_bytes(report) == data
    assert pdf.to_bytes(blocks.read(full_notebook())) == data


def test_what_reads_the_same_is_equal_to_typst_wherever_it_stands(read):
    table = dataclasses.replace(long_table(2), rows=(("1", "Sama", "1,5"), ("2", "Sama", "1,5")), emphasised=(1,))
    rows = pdf.source(read(code_cell(table))).partition("  rows: (\n")[2].partition("\n  ),")[0]
    assert [row.strip().split(", decimal")[0] for row in rows.splitlines()] == ['"1", "Sama"', 'bold("2"), bold("Sama")']
    assert rows.count('"1,5")') == 2 and "[" not in rows


def test_margins_follow_the_preset(report):
    assert "top: 4cm" in pdf.source(report, Look("kiri_atas4")) and "top: 3cm" in pdf.source(report)
    with pytest.raises(BaksosError, match="margins_unknown"):
        pdf.to_bytes(report, Look("lebar"))


def test_a_photo_without_a_drawing_is_taken_as_it_is(read):
    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (60, 40), "gray").save(written, "JPEG")
    reader = PdfReader(io.BytesIO(pdf.to_bytes(read(code_cell(figure("fig-a", svg="", png=written.getvalue()), figure("fig-b", svg="", png=png()))))))
    filters = [image.get_object()["/Filter"] for page in reader.pages for image in page["/Resources"]["/XObject"].values()
               if image.get_object()["/Subtype"] == "/Image"]
    assert "/DCTDecode" in str(filters)


def test_a_broken_drawing_is_refused_in_words(read):
    with pytest.raises(BaksosError) as caught:
        pdf.to_bytes(read(code_cell(figure(svg="<svg"))))
    assert caught.value.code == "pdf_refused" and caught.value.details["reason"]


@pytest.mark.parametrize("text", ["😀 漢字 عربي ሀ", "\u202eabc", "a\u0301\u200d", "𝐱½"])
def test_unusual_signs_do_not_stop_the_pdf(read, text):
    document = read(code_cell(Text(f"Tulisan {text}"), table(caption=text, rows=((text, "1", "2", "3", text),))))
    assert pdf.to_bytes(document).startswith(b"%PDF")


def test_signs_without_a_shape_are_told(read):
    document = read(code_cell(Text("Terima kasih ሀ 漢 ሀ")))
    assert [(warning.code, warning.details["characters"]) for warning in document.warnings] == [("glyphs_missing", "ሀ漢")]
    assert read(code_cell(Text("α ≥ 0,70 – “baik” ✓"))).warnings == ()


def test_the_fonts_are_those_of_matplotlib():
    assert all((fonts.folder() / name).is_file() for name in ("STIXGeneral.ttf", "STIXGeneralBol.ttf", "STIXGeneralItalic.ttf", "STIXGeneralBolIta.ttf", "DejaVuSans.ttf"))


def test_english_reports_are_english():
    reader = PdfReader(io.BytesIO(pdf.to_bytes(blocks.read(notebook(code_cell(title(language="en", rt="")), code_cell(table()))))))
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert "Page 1 of 1" in lines(reader) and "Table 1." in lines(reader)


def test_a_wide_table_alone_makes_no_empty_page(read):
    reader = PdfReader(io.BytesIO(pdf.to_bytes(read(code_cell(Text("Awal"), wide_table())))))
    assert len(reader.pages) == 2
