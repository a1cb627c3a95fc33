"""Attachments inside a lecturer's own report."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import docx as python_docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Cm
from lxml import etree
from pypdf import PdfReader

from baksos_eval.errors import BaksosError
from baksos_eval.render import docx
from baksos_eval.render.insert import free_path, insert, to_bytes
from baksos_eval.render.word_fields import fields
from baksos_eval.render.word_package import WORD, q
from baksos_eval.report.content import Text
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words

from .conftest import code_cell, figure, markdown_cell, table, wide_table

TABLES = 7
SOFFICE = shutil.which("soffice")


def add_field(paragraph, instruction: str, result: str) -> None:
    for xml in ('<w:fldChar w:fldCharType="begin"/>', f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
                '<w:fldChar w:fldCharType="separate"/>', f"<w:t>{result}</w:t>", '<w:fldChar w:fldCharType="end"/>'):
        paragraph._p.append(parse_xml(f'<w:r xmlns:w="{WORD}">{xml}</w:r>'))


def add_bookmark(paragraph, name: str, number: int) -> None:
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, parse_xml(f'<w:bookmarkStart xmlns:w="{WORD}" w:id="{number}" w:name="{name}"/>'))
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd xmlns:w="{WORD}" w:id="{number}"/>'))


def lecturers_report(path: Path, *, sequence: str = "SEQ Tabel \\* ARABIC", chapter: bool = False, indonesian: bool = False, pages: int = 40) -> Path:
    """A report of many pages with seven tables of its own, a header, page numbers from 5 on, and a chapter LAMPIRAN in the middle."""
    report = python_docx.Document()
    report.styles["Normal"].font.name = "Calibri"
    if indonesian:
        for name, own in (("Heading 1", "Judul1"), ("Heading 2", "Judul2"), ("Caption", "Keterangan"), ("Normal", "Biasa")):
            style = report.styles[name].element
            old = style.get(q("w:styleId"))
            for holder in (report.styles.element, report.element):
                for link in holder.iter(q("w:basedOn"), q("w:next"), q("w:link"), q("w:pStyle")):
                    if link.get(q("w:val")) == old:
                        link.set(q("w:val"), own)
            style.set(q("w:styleId"), own)
    section = report.sections[0]
    section.left_margin, section.different_first_page_header_footer = Cm(4), True
    section.header.paragraphs[0].text = "Laporan PKPM"
    section._sectPr.find(q("w:cols")).addprevious(parse_xml(f'<w:pgNumType xmlns:w="{WORD}" w:start="5"/>'))
    report.add_heading("BAB I PENDAHULUAN", 1)
    for number in range(1, TABLES + 1):
        caption = report.add_paragraph("Tabel ", style="Caption")
        if chapter:
            add_field(caption, "STYLEREF 1 \\s", "1")
            caption.add_run(".")
        add_field(caption, sequence, str(number))
        add_bookmark(caption, f"_Ref{number}", 10 + number)
        caption.add_run(f". Tabel sendiri {number}")
        report.add_table(1, 2).cell(0, 0).text = "isi"
        report.add_paragraph("Kalimat laporan sendiri. " * (18 * pages))
    see = report.add_paragraph("Lihat ")
    add_field(see, "REF _Ref7 \\h", "Tabel 7")
    report.add_heading("LAMPIRAN", 1)
    place = report.add_paragraph("Di sini: ")
    outer = report.add_paragraph("bersarang")
    add_bookmark(outer, "dalam", 40)
    add_bookmark(outer, "luar", 41)
    add_bookmark(place, "lampiran", 42)
    report.tables[0].cell(0, 1).paragraphs[0].add_run("x")
    add_bookmark(report.tables[0].cell(0, 1).paragraphs[0], "di_tabel", 43)
    report.add_heading("PENUTUP", 1)
    after = report.add_paragraph("Tabel ", style="Caption")
    add_field(after, sequence, str(TABLES + 1))
    after.add_run(". Tabel terakhir")
    report.add_table(1, 1)
    report.save(path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("Laporan dosen")


@pytest.fixture(scope="module")
def report_file(folder) -> Path:
    return lecturers_report(folder / "laporan akhir.docx")


@pytest.fixture(scope="module")
def attachment(folder) -> Path:
    from baksos_eval.render import blocks

    from .conftest import notebook, title

    document = blocks.read(notebook(
        code_cell(title()), markdown_cell("## Perubahan"), code_cell(Text("Lihat [@tbl-change] dan [@fig-change].\n\n1. satu\n2. dua"), table(), figure()),
        markdown_cell("### Rincian"), code_cell(wide_table(), Text("Akhir."))))
    path = folder / "evaluasi.docx"
    docx.write(document, path)
    return path


def opened(data: bytes):
    return python_docx.Document(io.BytesIO(data))


def captions(document) -> list[str]:
    return [p.text.replace("\xa0", " ") for p in document.paragraphs if p.style.name == "Caption"]


def sequences(document) -> Iterator[tuple[str, str]]:
    for field in fields(document.element.body):
        if field.sequence:
            yield field.instruction.strip(), "".join(text.text or "" for element in field.results() for text in element.iter(q("w:t")))


def test_the_first_table_goes_on_from_the_reports_own_at_its_end(folder, report_file, attachment):
    document = opened(to_bytes(report_file, [attachment]))
    tables = [caption for caption in captions(document) if caption.startswith("Tabel")]
    assert tables[:8] == [*(f"Tabel {number}. Tabel sendiri {number}" for number in range(1, 8)), "Tabel 8. Tabel terakhir"]
    assert [caption.partition(".")[0] for caption in tables[8:]] == ["Tabel 9", "Tabel 10"]
    texts = [p.text.replace("\xa0", " ") for p in document.paragraphs]
    assert "Lihat Tabel 9 dan Gambar 1." in texts


def test_at_a_bookmark_it_is_table_8_and_the_reports_next_one_moves_on(report_file, attachment):
    document = opened(to_bytes(report_file, [attachment], at="lampiran"))
    tables = [caption for caption in captions(document) if caption.startswith("Tabel")]
    assert [caption.partition(".")[0] for caption in tables] == [f"Tabel {number}" for number in range(1, 11)]
    assert tables[7].startswith("Tabel 8. Nilai sebelum dan sesudah") and tables[9] == "Tabel 10. Tabel terakhir"
    found = list(sequences(document))
    assert {instruction for instruction, _ in found if "Tabel" in instruction} == {"SEQ Tabel \\* ARABIC"}
    assert document.settings.element.find(q("w:updateFields")).get(q("w:val")) == "true"
    texts = [p.text.replace("\xa0", " ") for p in document.paragraphs]
    assert texts.index("Di sini: ") < texts.index("Lihat Tabel 8 dan Gambar 1.") < texts.index("PENUTUP")
    assert "Lihat Tabel 7" in texts


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not here: that the numbers follow is held by the tests of the XML above alone")
def test_libreoffice_counts_the_same_when_it_computes_the_fields(folder, report_file, attachment):
    data = to_bytes(report_file, [attachment], at="lampiran")
    document = opened(data)
    for field in fields(document.element.body):
        if field.sequence:
            field.show("0")
    path = folder / "hitung.docx"
    document.save(str(path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        subprocess.run([str(SOFFICE), f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)],
                       check=True, capture_output=True, timeout=180)
    reader = PdfReader(path.with_suffix(".pdf"))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))
    assert len(reader.pages) >= 40
    found = re.findall(r"Tabel (\d+)\. (Tabel sendiri|Nilai sebelum|Perbandingan|Tabel terakhir)", text)
    assert [int(number) for number, _ in found] == list(range(1, 11))
    assert found[7] == ("8", "Nilai sebelum") and "Gambar 1. Perubahan tiap warga" in text


def test_a_report_that_counts_by_another_name_is_followed(folder, attachment):
    report = lecturers_report(folder / "inggris.docx", sequence="SEQ Table \\* ARABIC", pages=5)
    document = opened(to_bytes(report, [attachment], at="lampiran"))
    found = [entry for entry in sequences(document) if "Gambar" not in entry[0]]
    assert found == [("SEQ Table \\* ARABIC", str(number)) for number in range(1, 11)]


def test_a_report_that_counts_by_chapter_is_followed(folder, attachment):
    report = lecturers_report(folder / "bab.docx", sequence="SEQ Tabel \\* ARABIC \\s 1", chapter=True, pages=5)
    document = opened(to_bytes(report, [attachment], at="lampiran"))
    own, ours = (next(p for p in document.paragraphs if text in p.text) for text in ("Tabel sendiri 1", "Nilai sebelum dan sesudah"))
    codes = [[field.instruction.strip() for field in fields(p._p.getparent()) if field.elements[0].getparent() is p._p] for p in (own, ours)]
    assert codes[0] == codes[1] == ["STYLEREF 1 \\s", "SEQ Tabel \\* ARABIC \\s 1"]
    assert ours.text.replace("\xa0", " ").startswith("Tabel 1.1. ")
    assert all(run.bold for run in ours.runs if run.text.strip() in {"Tabel", "1", "."})


@pytest.mark.parametrize("indonesian", [False, True])
def test_styles_follow_the_report_and_missing_ones_come_along(folder, attachment, indonesian):
    report = lecturers_report(folder / f"gaya{indonesian}.docx", indonesian=indonesian, pages=5)
    before = python_docx.Document(str(report))
    document = opened(to_bytes(report, [attachment]))
    ids = [style.style_id for style in document.styles]
    assert len(ids) == len(set(ids)) and len({style.name for style in document.styles}) == len(ids)
    used = {mark.get(q("w:val")) for mark in document.element.iter(q("w:pStyle"), q("w:tblStyle"), q("w:rStyle"))}
    links = {mark.get(q("w:val")) for mark in document.styles.element.iter(q("w:basedOn"), q("w:next"), q("w:link"))}
    assert used <= set(ids) and links <= set(ids)
    for style in before.styles:
        assert etree.tostring(document.styles[style.name].element) == etree.tostring(style.element)
    assert {"Verdict", "Table Text", "Report Table"} - {style.name for style in document.styles} <= {"Verdict"}
    defaults = [style for style in document.styles.element.findall(q("w:style")) if style.get(q("w:default")) == "1" and style.get(q("w:type")) == "paragraph"]
    assert len(defaults) == 1


def test_headings_take_their_place_below_the_chapter(report_file, attachment):
    def outline(**options):
        document = opened(to_bytes(report_file, [attachment], **options))
        return [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")][1:]

    ours = ["Evaluasi di RT 04", "Perubahan", "Rincian"]
    assert [entry for entry in outline() if entry[1] in ours] == [("Heading 1", ours[0]), ("Heading 2", ours[1]), ("Heading 3", ours[2])]
    assert [name for name, text in outline(at="lampiran") if text == ours[0]] == ["Heading 1"]
    assert [name for name, text in outline(level=3) if text in ours] == ["Heading 3", "Heading 4", "Heading 5"]


def test_right_under_a_chapters_heading_the_title_is_one_lower(folder, attachment):
    report = python_docx.Document()
    add_bookmark(report.add_heading("LAMPIRAN", 1), "di_sini", 0)
    report.add_paragraph("Sesudah")
    report.save(folder / "kosong.docx")
    document = opened(to_bytes(folder / "kosong.docx", [attachment], at="di_sini"))
    assert [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")][:2] == [("Heading 1", "LAMPIRAN"), ("Heading 2", "Evaluasi di RT 04")]


def test_pages_follow_the_report(report_file, attachment):
    before = python_docx.Document(str(report_file))
    document = opened(to_bytes(report_file, [attachment], at="lampiran"))
    sections = [section._sectPr for section in document.sections]
    sizes = [section.find(q("w:pgSz")).get(q("w:orient")) for section in sections]
    assert sizes == [None, "landscape", None]
    own = before.sections[0]._sectPr
    assert etree.tostring(sections[0]) == etree.tostring(own)
    assert [section.find(q("w:pgNumType")).get(q("w:start")) for section in sections] == ["5", None, None]
    assert [section.find(q("w:titlePg")) is None for section in sections] == [False, True, True]
    assert sections[1].find(q("w:pgMar")).get(q("w:top")) == own.find(q("w:pgMar")).get(q("w:left"))
    headers = [[(mark.get(q("w:type")), mark.get(q("r:id"))) for mark in section.findall(q("w:headerReference"))] for section in sections]
    assert headers[0] == headers[1] == headers[2] != []


def our_tables(body) -> list:
    return [found for found in body.iter(q("w:tbl")) if found.find(f"{q('w:tblPr')}/{q('w:tblCaption')}") is not None]


def test_tables_keep_the_type_their_columns_are_measured_for(folder, attachment):
    report = python_docx.Document()
    report.styles["Normal"].font.name = "Verdana"
    report.save(folder / "lebar.docx")
    document = opened(to_bytes(folder / "lebar.docx", [attachment]))
    for ours in our_tables(document.element.body):
        assert ours.find(f"{q('w:tblPr')}/{q('w:tblLayout')}").get(q("w:type")) == "fixed"
    cells = [cell for found in document.tables for row in found.rows for cell in row.cells]
    assert {paragraph.style.font.name for cell in cells for paragraph in cell.paragraphs} == {"Times New Roman"}
    assert document.styles["Table Note"].font.name == "Times New Roman"
    assert document.styles["Body Text"].font.name is None, "the text itself follows the report"


@pytest.mark.parametrize("text_cm", [22.0, 16.0, 11.0, 7.5])
def test_what_is_wider_than_the_reports_text_is_made_smaller_as_a_whole(folder, attachment, text_cm):
    report = python_docx.Document()
    section = report.sections[0]
    section.page_width, section.page_height = Cm(text_cm + 5), Cm(29.7)
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Cm(3), Cm(2), Cm(10), Cm(5)
    report.save(folder / "sempit.docx")
    before, document = (opened(data) for data in (attachment.read_bytes(), to_bytes(folder / "sempit.docx", [attachment])))
    wide = round((29.7 - 15) * 1440 / 2.54)
    seen = 0
    for old, new in zip(our_tables(before.element.body), our_tables(document.element.body), strict=True):
        landscape = any("landscape" in etree.tostring(found).decode() for found in list(new.itersiblings(q("w:p")))[:4])
        room = wide if landscape else round(text_cm * 1440 / 2.54)
        then, now = (sum(int(column.get(q("w:w"))) for column in table.iter(q("w:gridCol"))) for table in (old, new))
        scale = min(1.0, room / then)
        assert now <= room and now == pytest.approx(then * scale, abs=40)
        sizes = [run.rPr.sz_val.pt for run in new.iter(q("w:r")) if run.rPr is not None and run.rPr.sz_val]
        assert (scale < 1) == (etree.tostring(old.tblPr) != etree.tostring(new.tblPr))
        if scale < 1:
            assert sizes and max(sizes) <= 10 * scale
            seen += 1
    assert seen == {22.0: 1, 16.0: 1, 11.0: 2, 7.5: 2}[text_cm]
    widest = max(int(extent.get("cx")) for extent in document.element.body.iter(q("wp:extent")))
    assert widest <= max(text_cm, 14.7) * 360_000


def test_without_wide_tables_the_reports_section_stays_as_it_is(folder, report_file):
    from baksos_eval.render import blocks

    from .conftest import notebook, title

    docx.write(blocks.read(notebook(code_cell(title(), table()))), folder / "tegak.docx")
    document = opened(to_bytes(report_file, [folder / "tegak.docx"]))
    assert len(document.sections) == 1
    assert etree.tostring(document.sections[0]._sectPr) == etree.tostring(python_docx.Document(str(report_file)).sections[0]._sectPr)


def test_bookmarks_stay_paired_and_several_attachments_do_not_meet(report_file, attachment):
    body = opened(to_bytes(report_file, [attachment, attachment])).element.body
    starts, ends = ([(mark.get(q("w:id")), mark.get(q("w:name"))) for mark in body.iter(q(f"w:bookmark{kind}"))] for kind in ("Start", "End"))
    assert sorted(number for number, _ in starts) == sorted(number for number, _ in ends)
    assert len({number for number, _ in starts}) == len({name for _, name in starts}) == len(starts)
    for name, text in (("dalam", "bersarang"), ("luar", "bersarang"), ("lampiran", "Di sini: ")):
        start = next(mark for mark in body.iter(q("w:bookmarkStart")) if mark.get(q("w:name")) == name)
        end = next(mark for mark in body.iter(q("w:bookmarkEnd")) if mark.get(q("w:id")) == start.get(q("w:id")))
        assert start.getparent() is end.getparent() and text in "".join(t.text for t in start.getparent().iter(q("w:t")))
    names = {name for _, name in starts}
    assert {field.bookmark for field in fields(body) if field.bookmark} <= names
    texts = [p.text.replace("\xa0", " ") for p in opened(to_bytes(report_file, [attachment, attachment])).paragraphs]
    assert "Lihat Tabel 9 dan Gambar 1." in texts and "Lihat Tabel 11 dan Gambar 2." in texts
    pictures = [mark.get("id") for mark in body.iter(q("wp:docPr"))]
    assert len(pictures) == len(set(pictures)) == 2


def test_each_attachment_begins_on_a_new_page_without_its_contents(folder, report_file, read):
    from baksos_eval.render.bundle import merge

    from .conftest import title

    joined = merge([read(code_cell(table()))], title(title="Lampiran", rt=""))
    docx.write(joined, folder / "lampiran.docx")
    document = opened(to_bytes(report_file, [folder / "lampiran.docx"]))
    first = next(p for p in document.paragraphs if p.text == "Lampiran")
    assert first.style.name == "Heading 1" and first.paragraph_format.page_break_before
    assert not [p for p in document.paragraphs if p.style.name.lower().startswith("toc") or p.text == "Daftar Isi"]
    assert not [code.text for code in document.element.iter(q("w:instrText")) if "TOC" in (code.text or "")]


def test_the_original_is_untouched_and_the_new_file_is_always_the_same(folder, report_file, attachment):
    before = report_file.read_bytes(), attachment.read_bytes()
    made = insert(report_file, [attachment], folder / "baru.docx")
    assert made.read_bytes() == to_bytes(report_file, [attachment])
    assert (report_file.read_bytes(), attachment.read_bytes()) == before
    with pytest.raises(BaksosError, match="out_exists"):
        insert(report_file, [attachment], report_file)
    assert free_path(report_file, "lampiran").name == "laporan akhir (lampiran).docx"
    free_path(report_file, "lampiran").write_bytes(b"")
    assert free_path(report_file, "lampiran").name == "laporan akhir (lampiran 2).docx"


@pytest.mark.parametrize(("options", "code", "told"), [
    ({"at": "lampirn"}, "bookmark_unknown", "lampiran"), ({"at": "di_tabel"}, "bookmark_in_table", "di_tabel")])
def test_a_place_that_is_none_is_explained(report_file, attachment, options, code, told):
    with pytest.raises(BaksosError) as caught:
        to_bytes(report_file, [attachment], **options)
    assert caught.value.code == code
    assert all(told in "\n".join(describe(caught.value, words(language))) for language in LANGUAGES)


def test_files_that_are_no_word_files_are_named(folder, report_file, attachment):
    (folder / "rusak.docx").write_bytes(b"bukan zip")
    for report, other, code in ((folder / "rusak.docx", attachment, "report_unreadable"), (report_file, folder / "rusak.docx", "report_unreadable"),
                                (folder / "tiada.docx", attachment, "report_missing")):
        with pytest.raises(BaksosError) as caught:
            to_bytes(report, [other])
        assert caught.value.code == code and caught.value.details["file"] in {"rusak.docx", "tiada.docx"}
