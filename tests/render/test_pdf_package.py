"""A PDF is the same document after its objects have been put together."""

from __future__ import annotations

import io

import pytest
import typst
from pypdf import PdfReader

from baksos_eval.render import blocks, fonts, pdf, pdf_package
from baksos_eval.render.pdf_package import Package, Stream, put_together, take_apart

from .conftest import full_notebook


@pytest.fixture(scope="module")
def written() -> bytes:
    """As Typst writes it."""
    rows = ", ".join(f"[{number}], [nilai (endobj) \\\\ {number}]" for number in range(300))
    source = f'#set document(title: "Uji (satu) endobj")\n#set text(lang: "id", font: "STIXGeneral")\n= Uji\n#table(columns: 2, {rows})\n#link("https://contoh.invalid")[taut]'
    return typst.Compiler(source.encode(), font_paths=fonts.for_typst(), ignore_system_fonts=True).compile(format="pdf", pdf_standards=["ua-1"])


def plain(package: Package) -> dict[int, object]:
    return {number: entry if isinstance(entry, Stream) else entry.strip() for number, entry in package.objects.items()}


def test_nothing_is_lost_and_another_reader_reads_the_same(written: bytes):
    made = put_together(take_apart(written))
    assert len(made) < 0.5 * len(written)
    assert plain(take_apart(made)) == plain(take_apart(written))
    before, after = PdfReader(io.BytesIO(written), strict=True), PdfReader(io.BytesIO(made), strict=True)
    assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages]
    assert "299" in after.pages[-1].extract_text() and len(after.pages) > 3
    assert after.metadata == before.metadata and after.metadata.title == "Uji (satu) endobj"
    assert after.trailer["/ID"] == before.trailer["/ID"]


def test_the_same_objects_give_the_same_bytes(written: bytes):
    made = put_together(take_apart(written))
    assert put_together(take_apart(made)) == made


def test_our_reports_are_put_together():
    assert b"/Type/ObjStm" in pdf.to_bytes(blocks.read(full_notebook()))


@pytest.mark.parametrize("damage", (lambda data: b"", lambda data: b"x" + data[1:], lambda data: data[:-200], lambda data: data + data[-300:],
                                    lambda data: data.replace(b"startxref\n", b"startxref\n1"), lambda data: data[:2000] + b" " + data[2000:],
                                    lambda data: data.replace(b"endstream", b"endstroam")))
def test_what_is_not_such_a_file_is_refused(written: bytes, damage):
    for data in (written, put_together(take_apart(written))):
        with pytest.raises(ValueError):
            take_apart(damage(data))


def test_data_in_other_filters_are_refused():
    with pytest.raises(ValueError):
        Stream(b"<</Filter/LZWDecode/Length 1>>", b"x").content()
    with pytest.raises(ValueError):
        Stream(b"<</Filter/FlateDecode/Length 1>>", b"x").content()
    assert Stream(b"<</Length 1>>", b"x").content() == b"x"
    assert pdf_package.Stream(b"<</Filter [/FlateDecode] /Length 9>>", b"x\x9c\x01\x00\x00\xff\xff\x00\x00\x00\x01").content() == b""
