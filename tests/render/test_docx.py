from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from lxml import etree

from baksos_eval.errors import BaksosError
from baksos_eval.render import blocks
from baksos_eval.render import docx as writer
from baksos_eval.render.look import Look
from baksos_eval.render.model import Document
from baksos_eval.render.word_package import NAMESPACES, q, twips
from baksos_eval.report.content import Text

from .conftest import (
    code_cell,
    figure,
    full_notebook,
    long_table,
    markdown_cell,
    notebook,
    table,
    title,
    wide_table,
)

# Children of the elements we write, in the order of the schema (ECMA-376, transitional).
ORDER = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "w:rPr": "rStyle rFonts b bCs i iCs color sz szCs vertAlign lang",
    "w:tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption tblDescription",
    "w:trPr": "cantSplit tblHeader", "w:tcPr": "tcW gridSpan vMerge tcBorders shd vAlign", "w:tbl": "tblPr tblGrid tr",
    "w:sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols", "w:tc": "tcPr p", "w:tr": "trPr tc",
    "w:style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr", "w:lvl": "start numFmt lvlText lvlJc pPr",
    "w:settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol listSeparator", "w:num": "abstractNumId lvlOverride",
    "m:nary": "naryPr sub sup e", "m:naryPr": "chr limLoc grow subHide supHide", "m:f": "num den", "m:rad": "radPr deg e", "m:sSub": "e sub", "m:sSubSup": "e sub sup",
    "m:acc": "accPr e", "m:d": "dPr e", "m:dPr": "begChr endChr", "wp:inline": "extent docPr cNvGraphicFramePr graphic", "pic:pic": "nvPicPr blipFill spPr"}


def parts(data: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: etree.fromstring(file.read(name)) for name in file.namelist() if name.endswith((".xml", ".rels"))}


def body(data: bytes) -> etree._Element:
    return parts(data)["word/document.xml"]


def instructions(element: etree._Element) -> list[str]:
    return [code.text.strip() for code in element.iter(q("w:instrText"))]


def text(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(q("w:t"), q("m:t")))


@pytest.fixture(scope="module")
def data(report: Document) -> bytes:
    return writer.to_bytes(report)


@pytest.fixture(scope="module")
def written(data: bytes) -> etree._Element:
    return body(data)


def test_word_files_open_again(data):
    document = docx.Document(io.BytesIO(data))
    assert [paragraph.text for paragraph in document.paragraphs][:2] == ["Evaluasi di RT 04", "Edukasi kesehatan"]
    assert len(document.tables) == 3
    assert {paragraph.style.name for paragraph in document.paragraphs} >= {"Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "Body Text", "List Paragraph",
                                                                       "Verdict", "Reading Note", "Limitation", "Quote", "Table Note", "Figure", "Formula"}


def test_every_element_stands_where_the_schema_wants_it(data):
    checked = 0
    for element in (element for part in parts(data).values() for element in part.iter(etree.Element)):
        for name, children in ORDER.items():
            if element.tag == q(name):
                order = children.split()
                found = [etree.QName(child).localname for child in element]
                assert [order.index(child) for child in found] == sorted(order.index(child) for child in found), (name, found)
                checked += 1
    assert checked > 500


def test_every_style_and_list_that_is_used_is_there(data):
    found = parts(data)
    styles = {style.get(q("w:styleId")) for style in found["word/styles.xml"].iter(q("w:style"))}
    used = {element.get(q("w:val")) for part in found.values() for element in part.iter(q("w:pStyle"), q("w:tblStyle"), q("w:basedOn"), q("w:next"))}
    assert used <= styles
    lists = {number.get(q("w:numId")) for number in found["word/numbering.xml"].iter(q("w:num"))}
    assert {number.get(q("w:val")) for number in found["word/document.xml"].iter(q("w:numId"))} <= lists
    kinds = {kind.get(q("w:abstractNumId")) for kind in found["word/numbering.xml"].iter(q("w:abstractNum"))}
    assert {kind.get(q("w:val")) for kind in found["word/numbering.xml"].iter(q("w:abstractNumId"))} <= kinds


def test_every_relationship_has_its_part_and_every_part_its_type(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = set(file.namelist())
        types = etree.fromstring(file.read("[Content_Types].xml"))
    known = {entry.get("PartName") for entry in types} | {entry.get("Extension") for entry in types}
    for name in names - {"[Content_Types].xml"}:
        assert f"/{name}" in known or name.rsplit(".", 1)[1] in known, name
    document = body(data)
    relations = {entry.get("Id"): entry.get("Target") for entry in parts(data)["word/_rels/document.xml.rels"]}
    used = {value for element in document.iter(etree.Element) for key, value in element.attrib.items() if key.startswith(f"{{{NAMESPACES['r']}}}")}
    assert used <= set(relations)
    assert all(f"word/{target}" in names for target in relations.values())
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]


def test_captions_are_counted_by_word(written):
    captions = [style.getparent().getparent() for style in written.iter(q("w:pStyle")) if style.get(q("w:val")) == "Caption"]
    assert [(text(caption), instructions(caption)) for caption in captions] == [
        ("Tabel\xa01. Nilai sebelum dan sesudah", ["SEQ Tabel \\* ARABIC"]), ("Gambar\xa01. Perubahan tiap warga", ["SEQ Gambar \\* ARABIC"]),
        ("Tabel\xa02. Butir pernyataan", ["SEQ Tabel \\* ARABIC"]), ("Tabel\xa03. Perbandingan antar-RT", ["SEQ Tabel \\* ARABIC"]),
        ("Gambar\xa02. Jangkauan unggahan", ["SEQ Gambar \\* ARABIC"])]
    for caption in captions:
        marks = [child.get(q("w:fldCharType")) for child in caption.iter(q("w:fldChar"))]
        assert marks == ["begin", "separate", "end"]


def test_english_captions_count_in_english():
    document = blocks.read(notebook(code_cell(title(language="en")), code_cell(table(), figure(), Text("See [@tbl-change]."))))
    assert instructions(body(writer.to_bytes(document))) == ["SEQ Table \\* ARABIC", "SEQ Figure \\* ARABIC", "REF tbl_change \\h \\* MERGEFORMAT"]


def test_references_point_to_bookmarks_around_label_and_number(written):
    starts = {mark.get(q("w:name")): mark for mark in written.iter(q("w:bookmarkStart"))}
    assert len({mark.get(q("w:id")) for mark in starts.values()}) == len(starts) == len(list(written.iter(q("w:bookmarkStart")))) == len(list(written.iter(q("w:bookmarkEnd"))))
    marked = {}
    for name, start in starts.items():
        inside, at = "", start.getnext()
        while at.tag != q("w:bookmarkEnd"):
            inside, at = inside + text(at), at.getnext()
        marked[name] = inside
    targets = [code.split()[1] for code in instructions(written) if code.startswith("REF")]
    assert [marked[target] for target in targets] == ["Tabel\xa01", "Tabel\xa01", "Gambar\xa01", "Tabel\xa03", "Gambar\xa02"]
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", name) for name in starts)
    shown = [text(paragraph) for paragraph in written.iter(q("w:p"))]
    assert "Lihat Tabel\xa01 dan Gambar\xa01." in shown


def test_long_labels_get_bookmarks_of_their_own(read):
    first, second = f"tbl-{'a' * 50}-satu", f"tbl-{'a' * 50}-dua"
    written = body(writer.to_bytes(read(code_cell(table(first), table(second), Text(f"[@{first}] [@{second}]")))))
    names = [mark.get(q("w:name")) for mark in written.iter(q("w:bookmarkStart"))]
    assert len(set(names)) == 2 and max(map(len, names)) <= 40
    assert [code.split()[1] for code in instructions(written) if code.startswith("REF")] == names


def test_tables_are_tables(written):
    first, long, wide = written.iter(q("w:tbl"))
    for found in (first, long, wide):
        rows = list(found.iter(q("w:tr")))
        assert all(row.find(f"{q('w:trPr')}/{q('w:cantSplit')}") is not None for row in rows)
        headers = [row.find(f"{q('w:trPr')}/{q('w:tblHeader')}") is not None for row in rows]
        assert headers == sorted(headers, reverse=True) and headers[0] and not headers[-1]
        grid = [int(column.get(q("w:w"))) for column in found.iter(q("w:gridCol"))]
        for row in rows:
            spans = [int(span.get(q("w:val"))) if (span := cell.find(f"{q('w:tcPr')}/{q('w:gridSpan')}")) is not None else 1 for cell in row.iter(q("w:tc"))]
            assert sum(spans) == len(grid)
            assert sum(int(width.get(q("w:w"))) for width in row.iter(q("w:tcW"))) == sum(grid)
    assert sum(int(row.find(f"{q('w:trPr')}/{q('w:tblHeader')}") is not None) for row in first.iter(q("w:tr"))) == 2
    upper = [text(cell) for cell in next(first.iter(q("w:tr"))).iter(q("w:tc"))]
    assert upper == ["Skala", "n", "Nilai", "Tafsiran"]
    assert [[text(cell) for cell in row.iter(q("w:tc"))] for row in list(first.iter(q("w:tr")))[2:]] == [
        ["Pengetahuan", "27", "62,35", "1,2", "besar"], ["Sikap", "27", "3,4", "−0,05", "–"], ["Total", "27", "1.024,125", "–", "sedang"]]


def test_tables_are_as_wide_as_the_text_of_their_page(written):
    widths = [sum(int(column.get(q("w:w"))) for column in found.iter(q("w:gridCol"))) for found in written.iter(q("w:tbl"))]
    assert widths == pytest.approx([twips(14), twips(14), twips(23.7)], abs=3)


def test_decimal_signs_are_under_one_another(written):
    first = next(written.iter(q("w:tbl")))
    shifts = {}
    for row in list(first.iter(q("w:tr")))[2:]:
        cell = list(row.iter(q("w:tc")))[2]
        properties = cell.find(f"{q('w:p')}/{q('w:pPr')}")
        assert properties.find(q("w:jc")).get(q("w:val")) == "right"
        shifts[text(cell)] = int(properties.find(q("w:ind")).get(q("w:right")))
    # Digits are half an em wide: 100 twips at 10 points; what "1.024,125" has more behind its comma the others are moved to the left.
    assert shifts["62,35"] - shifts["1.024,125"] == pytest.approx(100, abs=1)
    assert shifts["3,4"] - shifts["1.024,125"] == pytest.approx(200, abs=1)


def test_short_tables_stay_whole_and_long_ones_keep_their_head_and_foot(written):
    def kept(found):
        return [all(p.find(f"{q('w:pPr')}/{q('w:keepNext')}") is not None for p in row.iter(q("w:p"))) for row in found.iter(q("w:tr"))]

    first, long, _ = written.iter(q("w:tbl"))
    assert all(kept(first))
    assert kept(long)[:2] == [True, True]  # the head and the first row stay with the second
    assert not any(kept(long)[2:29])
    for caption in (first.getprevious(), long.getprevious()):
        assert caption.find(f"{q('w:pPr')}/{q('w:keepNext')}") is not None


def test_pictures_and_tables_have_alternative_texts(written):
    assert [picture.get("descr") for picture in written.iter(q("wp:docPr"))] == ["Garis nilai tiap warga"] * 2
    assert len({picture.get("id") for picture in written.iter(q("wp:docPr"))}) == 2
    assert [found.get(q("w:val")) for found in written.iter(q("w:tblDescription"))] == [
        "Nilai tiap skala sebelum dan sesudah kegiatan", "Jawaban benar tiap butir", "Nilai tiap RT"]


def test_figures_are_raster_with_the_drawing_beside_it(data, written):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        media = [name for name in file.namelist() if name.startswith("word/media/")]
    assert sorted(name.rsplit(".", 1)[1] for name in media) == ["png", "svg"]
    assert len(list(written.iter(q("asvg:svgBlip")))) == 1
    assert [int(extent.get("cx")) for extent in written.iter(q("wp:extent"))] == pytest.approx([5_040_000] * 2, abs=100)


@pytest.mark.parametrize(("margins", "edges"), [("kiri4", (3, 3, 3, 4)), ("kiri_atas4", (4, 3, 3, 4))])
def test_pages_are_a4_with_the_margins_of_the_preset(report, margins, edges):
    written = body(writer.to_bytes(report, Look(margins)))
    sections = list(written.iter(q("w:sectPr")))
    assert [section.find(q("w:pgSz")).get(q("w:orient")) for section in sections] == [None, "landscape", None]
    top, right, bottom, left = map(twips, edges)
    for section in sections:
        size, margin = section.find(q("w:pgSz")), section.find(q("w:pgMar"))
        turned = size.get(q("w:orient")) == "landscape"
        assert (size.get(q("w:w")), size.get(q("w:h"))) == (("16838", "11906") if turned else ("11906", "16838"))
        assert [int(margin.get(q(f"w:{side}"))) for side in ("top", "right", "bottom", "left")] == ([left, top, right, bottom] if turned else [top, right, bottom, left])
        assert section.find(q("w:footerReference")) is not None


def test_unknown_margins_are_refused(report):
    with pytest.raises(BaksosError) as caught:
        writer.to_bytes(report, Look("kiri5"))
    assert caught.value.details["known"] == ("kiri4", "kiri_atas4")


def test_a_wide_table_takes_its_heading_and_the_note_after_it_along(read):
    document = read(markdown_cell("## Satu\n\nTeks\n\n### Dua"), code_cell(wide_table(), Text("Cara membaca.", role="note"), Text("Lanjut.")))
    at, pages = 0, [[], [], []]
    for child in body(writer.to_bytes(document))[0]:
        pages[at].append(text(child))
        at += child.find(f"{q('w:pPr')}/{q('w:sectPr')}") is not None
    assert "Teks" in pages[0] and "Dua" not in pages[0]
    assert "Dua" in pages[1] and "Cara membaca." in pages[1]
    assert "Lanjut." in pages[2]


def test_a_report_may_end_or_begin_with_a_wide_table(read):
    written = body(writer.to_bytes(read(code_cell(wide_table()))))
    orientations = [section.find(q("w:pgSz")).get(q("w:orient")) for section in written.iter(q("w:sectPr"))]
    assert orientations == [None, "landscape"]


def test_the_language_is_set_in_the_styles_and_the_properties(data):
    found = parts(data)
    assert [tag.get(q("w:val")) for tag in found["word/styles.xml"].iter(q("w:lang"))] == ["id-ID"]
    properties = docx.Document(io.BytesIO(data)).core_properties
    assert (properties.title, properties.language, properties.author, properties.created) == ("Evaluasi di RT 04", "id-ID", "", None)
    english = blocks.read(notebook(code_cell(title(language="en"))))
    assert [tag.get(q("w:val")) for tag in parts(writer.to_bytes(english))["word/styles.xml"].iter(q("w:lang"))] == ["en-GB"]


def test_type_is_times_12_and_lines_are_1_15(data):
    styles = docx.Document(io.BytesIO(data)).styles
    fonts = styles.element.find(f"{q('w:docDefaults')}/{q('w:rPrDefault')}/{q('w:rPr')}")
    assert fonts.find(q("w:rFonts")).get(q("w:ascii")) == "Times New Roman"
    assert fonts.find(q("w:sz")).get(q("w:val")) == "24"
    assert styles["Normal"].paragraph_format.line_spacing == pytest.approx(1.15)


def test_the_footer_counts_pages_and_names_the_rt(data):
    footer = next(part for name, part in parts(data).items() if name.startswith("word/footer"))
    assert text(footer) == "RT 04 · Halaman 1 dari 1"
    assert instructions(footer) == ["PAGE", "NUMPAGES"]


def test_lists_are_lists_and_each_counted_one_begins_anew(read):
    written = body(writer.to_bytes(read(markdown_cell("1. a\n2. b\n\nteks\n\n4. c\n5. d\n   - e"))))
    found = [(p.find(f".//{q('w:ilvl')}").get(q("w:val")), p.find(f".//{q('w:numId')}").get(q("w:val")), text(p)) for p in written.iter(q("w:p")) if p.find(f".//{q('w:numId')}") is not None]
    assert [(level, shown) for level, _, shown in found] == [("0", "a"), ("0", "b"), ("0", "c"), ("0", "d"), ("1", "e")]
    numbers = [number for _, number, _ in found]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3] != numbers[4]


def test_formulas_are_office_math(written):
    assert [text(formula) for formula in written.iter(f"{{{NAMESPACES['m']}}}oMath")] == ["dz=dsd", "sd=i=1ndi−d2n−1"]
    assert len(list(written.iter(f"{{{NAMESPACES['m']}}}nary"))) == 1


def test_the_same_report_gives_the_same_bytes(report, data):
    assert writer.to_bytes(report) == data
    assert writer.to_bytes(blocks.read(full_notebook())) == data


def test_a_campus_template_keeps_its_styles_pages_and_header(report, tmp_path: Path):
    campus = docx.Document()
    campus.styles["Heading 1"].font.name = "Arial"
    campus.styles.element.xpath("w:style[w:name/@w:val='heading 1']")[0].set(q("w:styleId"), "Judul1")
    campus.sections[0].left_margin = docx.shared.Cm(2)
    campus.sections[0].header.paragraphs[0].text = "Universitas Contoh"
    campus.add_paragraph("Contoh isi")
    path = tmp_path / "templat kampus.docx"
    campus.save(path)
    data = writer.to_bytes(report, Look(template=path))
    document = docx.Document(io.BytesIO(data))
    assert document.styles["Heading 1"].font.name == "Arial"
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == ["Perubahan", "Antar-RT"]
    assert document.sections[0].header.paragraphs[0].text == "Universitas Contoh"
    assert document.sections[0].left_margin.cm == pytest.approx(2, abs=0.01)
    assert "Contoh isi" not in [p.text for p in document.paragraphs]
    assert "Verdict" in {p.style.name for p in document.paragraphs}
    found = parts(data)
    styles = [style.get(q("w:styleId")) for style in found["word/styles.xml"].iter(q("w:style"))]
    assert len(styles) == len(set(styles))
    assert {element.get(q("w:val")) for part in found.values() for element in part.iter(q("w:pStyle"), q("w:tblStyle"))} <= set(styles)


def test_a_template_without_lists_gets_them(report, tmp_path: Path):
    path = tmp_path / "polos.docx"
    campus = docx.Document()
    for key, relation in list(campus.part.rels.items()):
        if relation.reltype.endswith("/numbering"):
            del campus.part.rels[key]
    campus.save(path)
    assert "word/numbering.xml" in parts(writer.to_bytes(report, Look(template=path)))


def test_a_template_that_is_no_word_file_is_refused(report, tmp_path: Path):
    path = tmp_path / "templat.docx"
    path.write_bytes(b"bukan zip")
    with pytest.raises(BaksosError, match="template_unreadable"):
        writer.to_bytes(report, Look(template=path))


def test_a_long_table_is_divided_with_its_head_repeated(read):
    found = next(body(writer.to_bytes(read(code_cell(long_table(100))))).iter(q("w:tbl")))
    assert len(list(found.iter(q("w:tr")))) == 101


def test_a_number_stays_with_its_word(read):
    document = read(markdown_cell("Selama COVID-19, antar-RT."), code_cell(table(caption="Pengetahuan COVID-19", rows=(("**COVID-19**", "1", "2", "3", "x"),))))
    data = writer.to_bytes(document)
    assert len(list(body(data).iter(q("w:noBreakHyphen")))) == 3
    texts = [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]
    assert "Selama COVID-19, antar-RT." in texts and any(text.endswith("Pengetahuan COVID-19") for text in texts)
