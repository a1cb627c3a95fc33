"""A drawing in the PDF is the drawing of the report, and its letters stand in the file once."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from baksos_eval.render import blocks, pdf, pdf_package
from baksos_eval.render.pdf_drawing import Drawings
from baksos_eval.render.pdf_package import Package, Stream
from baksos_eval.report.drawing import VERMILLION, Sheet
from baksos_eval.report.painting import paint

from .conftest import code_cell, figure, notebook, table, title


def drawing(word: str = "Sebelum", weight: str = "regular") -> str:
    sheet = Sheet(height=5.0)
    sheet.line("axis", (1.0, 4.0), (13.0, 4.0), dashes=(4.0, 2.0))
    sheet.area("bar", [(2.0, 1.0), (6.0, 1.0), (6.0, 3.0), (2.0, 3.0)], VERMILLION)
    sheet.marks("dots", [(7.0, 2.0), (8.0, 2.5)], hollow=True)
    sheet.write(word, 2.0, 4.5)
    sheet.write(word, 8.0, 4.5, colour=VERMILLION, weight=weight)
    return paint(sheet)[1]


def letters_of(package: Package) -> list[bytes]:
    """The outlines of the letters that stand in the file."""
    return [entry.content() for entry in package.objects.values() if isinstance(entry, Stream) and b"/Resources<<>>" in entry.dictionary]


def forms_of(package: Package) -> list[str]:
    """The drawings themselves."""
    return [entry.content().decode() for entry in package.objects.values()
            if isinstance(entry, Stream) and b"/Subtype/Form" in entry.dictionary and b"/Resources<<>>" not in entry.dictionary]


def report_with(*svgs: str):
    figures = [figure(f"fig-{at}", svg=svg, height_cm=5.0) for at, svg in enumerate(svgs)]
    return blocks.read(notebook(code_cell(title()), code_cell(table(), *figures)))


def test_letters_stand_once_in_the_file_however_often_they_are_used():
    package = pdf_package.take_apart(pdf.to_bytes(report_with(drawing(), drawing("Sesudah"))))
    assert len(letters_of(package)) == len(set("Sebelum") | set("Sesudah"))
    first, second = forms_of(package)
    assert [len(re.findall(r"/L\d+ Do", form)) for form in (first, second)] == [14, 14]
    assert len(letters_of(pdf_package.take_apart(pdf.to_bytes(report_with(drawing(weight="bold")))))) == 2 * len(set("Sebelum"))


def test_shapes_keep_their_place_colour_width_and_dashes():
    svg = drawing()
    form = forms_of(pdf_package.take_apart(pdf.to_bytes(report_with(svg))))[0]
    assert form.startswith("1 0 0 -1 0 500.00 cm")
    assert "100 400 m 1300 400 l S" in form
    dashes = re.search(r'stroke-dasharray="([^"]*)"', svg)
    assert dashes and f"[{dashes[1]}] 0 d" in form
    assert "0.8353 0.3686 0 rg" in form and "200 100 m 600 100 l 600 300 l 200 300 l h B" in form
    places = [(float(x) * float(em), float(y) * -float(em)) for em, inside in re.findall(r'scale\(([\d.]+) [^)]*\)">(.*?)</g>', svg, re.DOTALL)
              for x, y in re.findall(r'x="(-?\d+)" y="(-?\d+)"', inside)]
    drawn = []
    for em, inside in re.findall(r"rg ([\d.]+) 0 0 -[\d.]+ 0 0 cm\n(.*?)\nQ", form, re.DOTALL):
        x = y = 0
        for step_x, step_y in re.findall(r"1 0 0 1 (-?\d+) (-?\d+) cm/L\d+ Do", inside):
            x, y = x + int(step_x), y + int(step_y)
            drawn.append((x * float(em), y * -float(em)))
    assert drawn == places and len(places) == 14


def test_the_figure_is_as_large_as_its_place_and_keeps_its_alternative():
    reader = PdfReader(io.BytesIO(pdf.to_bytes(report_with(drawing("Tiap warga")))), strict=True)
    sheet = next(page for page in reader.pages if "/XObject" in page["/Resources"])
    (form,) = (entry.get_object() for entry in sheet["/Resources"]["/XObject"].values())
    assert form["/Subtype"] == "/Form" and [float(edge) for edge in form["/BBox"]] == [0, 0, 1400, 500]
    assert [float(value) * length for value, length in zip((form["/Matrix"][0], form["/Matrix"][3]), (1400, 500), strict=True)] == pytest.approx([1, 1], abs=1e-6)
    drawn = re.search(rb"([\d.]+) 0 0 (-?[\d.]+) [-\d.]+ [-\d.]+ cm\s*/\w+ Do", sheet.get_contents().get_data())
    assert drawn and [abs(float(length)) / 72 * 2.54 for length in drawn.groups()] == pytest.approx([14, 5], abs=0.001)
    assert "Tiap warga" not in sheet.extract_text()        # the words of a figure are in its alternative, as in the Word file


@pytest.mark.parametrize(("ours", "other"), [
    ("</svg>", "<circle r='3'/></svg>"), (' fill="none"', ' fill="none" opacity="0.5"'), ('d="M', 'd="m'), ("<use ", "<use class='x' "), ('href="#r53"', 'href="#r99"'),
    ("<defs>", "<defs><style>path {fill: red}</style>"), ("<rect ", "<rect rx='3' ")])
def test_a_drawing_in_another_notation_is_left_to_typst(ours, other):
    svg = drawing()
    assert ours in svg
    drawings = Drawings()
    assert drawings.add(svg.replace(ours, other)) is None
    assert not drawings.forms and not drawings.letters
    assert drawings.add(svg)


def test_a_drawing_without_a_place_is_noticed():
    drawings = Drawings()
    drawings.add(drawing())
    with pytest.raises(ValueError, match="no place"):
        drawings.put_in(Package({1: b"<<>>"}, b""))


def test_curves_of_letters_are_the_same_curves():
    document = pdf_package.take_apart(pdf.to_bytes(report_with(drawing("S"))))
    (letter,) = letters_of(document)
    (outline,) = re.findall(r'<path id="r53" d="([^"]*)"/>', drawing("S"))
    ours = [tuple(map(float, curve)) for curve in re.findall(r"(\S+) (\S+) (\S+) (\S+) (\S+) (\S+) c", letter.decode())]
    end, expected = (0.0, 0.0), []
    for command, numbers in re.findall(r"([MLQ])([^MLQZ]*)", outline):
        values = tuple(map(float, numbers.split()))
        if command == "Q":
            expected.append([(1 - t) ** 2 * end[axis] + 2 * t * (1 - t) * values[axis] + t ** 2 * values[axis + 2] for t in (0.3, 0.7) for axis in (0, 1)])
            at = len(expected) - 1
            curve = (*end, *ours[at])
            points = [(1 - t) ** 3 * curve[axis] + 3 * t * (1 - t) ** 2 * curve[axis + 2] + 3 * t ** 2 * (1 - t) * curve[axis + 4] + t ** 3 * curve[axis + 6]
                      for t in (0.3, 0.7) for axis in (0, 1)]
            assert points == pytest.approx(expected[at], abs=0.02)
        end = values[-2:]
    assert len(expected) == len(ours) > 10
