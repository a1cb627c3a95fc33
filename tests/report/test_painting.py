from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree

import matplotlib
import numpy as np
import pytest
from PIL import Image

from baksos_eval.report.drawing import BLUE, DASHED, DOTTED, GREY, INK, PALE, VERMILLION, WHITE, Sheet
from baksos_eval.report.painting import paint

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"


@pytest.fixture
def sheet() -> Sheet:
    """One of everything."""
    sheet = Sheet(height=4.0)
    sheet.boxes("boxes", [(0.5, 0.5, 4, 1.5), (5, 0.5, 9, 1.5)], BLUE, WHITE)
    sheet.boxes("hatched", [(0.5, 2, 4, 3.5)], VERMILLION, WHITE, hatched=True)
    sheet.area("diamond", [(6, 3), (7, 2.5), (8, 3), (7, 3.5)], BLUE, INK)
    sheet.line("dashed", (5, 2), (13, 2), colour=VERMILLION, width=2, dashes=DASHED)
    sheet.line("dotted", (5, 2.2), (13, 2.2), colour=GREY, width=1, dashes=DOTTED)
    sheet.lines("widths", [[(9, 3), (13, 3.2)], [(9, 3.3), (13, 3.8)]], PALE, [0.6, 3.0])
    for x, shape in enumerate("osD<>v", start=8):
        sheet.marks(shape, [(x, 2.6)], shape, INK, 6.0)
    sheet.marks("hollow", [(10, 1.0), (11, 1.0)], "o", INK, 8.0, hollow=True)
    sheet.write("Rata-rata: 3,41 → 3,72 (95 %) − tetap", 0.5, 0.25)
    sheet.write("tebal", 13.9, 3.8, weight="bold", align="right")
    sheet.write("putih", 2.2, 1.0, colour=WHITE, align="center")
    return sheet


def settings() -> dict[str, object]:
    """Matplotlib's settings, but for the backend: asking for that imports pyplot."""
    return {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if key != "backend"}


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)


def test_png_is_14_cm_at_300_dpi_on_pure_white(sheet):
    image = Image.open(io.BytesIO(paint(sheet)[0]))
    assert image.size == (1654, 472)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert set(image.info) <= {"dpi"}                     # no software, no time
    assert (pixels(paint(sheet)[0])[-1] == 255).all()
    assert (pixels(paint(sheet)[0]) == 255).all(axis=2).mean() > 0.5


def test_colours_are_the_ones_asked_for(sheet):
    dots = pixels(paint(sheet)[0])
    assert tuple(dots[70, 200]) == (0x00, 0x72, 0xB2)
    hatched = dots[240:410, 65:465].reshape(-1, 3)
    for colour in ((0xD5, 0x5E, 0x00), (0xF0, 0xC6, 0xA6)):     # the filling, and the pale lines in it
        assert (np.abs(hatched - colour).max(axis=1) <= 8).sum() > 1000


def test_the_same_sheet_gives_the_same_bytes_whatever_the_settings(sheet):
    first = paint(sheet)
    before = settings()
    with matplotlib.rc_context({"savefig.dpi": 50, "font.family": "monospace", "path.simplify": False, "agg.path.chunksize": 7, "svg.hashsalt": "x",
                                "path.snap": False, "lines.linewidth": 9, "figure.facecolor": "red"}):
        assert paint(sheet) == first
    assert settings() == before


def test_svg_is_self_contained_and_names_nothing_of_this_machine(sheet):
    _, svg = paint(sheet)
    root = ElementTree.fromstring(svg)
    assert {element.tag for element in root.iter()} == {SVG + name for name in ("svg", "rect", "path", "defs", "g", "use")}
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("14cm", "4cm", "0 0 1400 400.00")
    names = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(names) == len(set(names))
    assert {element.get(XLINK + "href") for element in root.iter(SVG + "use")} == {f"#{name}" for name in names}
    assert "matplotlib" not in svg and "font" not in svg


def test_letters_are_defined_once_and_used_everywhere(sheet):
    _, svg = paint(sheet)
    root = ElementTree.fromstring(svg)
    used = [use.get(XLINK + "href") for use in root.iter(SVG + "use")]
    assert used.count("#r61") == sum(word.text.count("a") for word in sheet.words if word.weight == "regular") > 3


def test_png_and_svg_show_the_same_picture(sheet, tmp_path):
    import typst

    png, svg = paint(sheet)
    (tmp_path / "figure.svg").write_text(svg, encoding="utf-8")
    (tmp_path / "page.typ").write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("figure.svg")', encoding="utf-8")
    other = Image.open(io.BytesIO(typst.compile(str(tmp_path / "page.typ"), format="png", ppi=300.0))).convert("L")
    ours = Image.open(io.BytesIO(png)).convert("L")
    assert abs(other.width - ours.width) <= 1 and abs(other.height - ours.height) <= 1
    # compared at 50 dpi: a shift of a third of a pixel is no difference, a line twice as thick is
    small = [np.asarray(image.resize((276, 79), Image.Resampling.BOX), dtype=float) for image in (ours, other)]
    assert np.abs(small[0] - small[1]).mean() < 1.5
    assert np.abs(small[0] - small[1]).max() < 80


def test_widths_and_dashes_are_true_to_scale():
    sheet = Sheet(height=1.0)
    sheet.line("thick", (1, 0.5), (13, 0.5), width=7.2)
    column = pixels(paint(sheet)[0])[:, 800, 0]
    assert (column < 128).sum() == 30                     # 7.2 pt at 300 dpi
    dashed = Sheet(height=1.0)
    dashed.line("dashed", (1, 0.5), (13, 0.5), width=7.2, dashes=(4.0, 2.0))
    row = pixels(paint(dashed)[0])[59, :, 0] < 128
    assert row.sum() == pytest.approx(12 / 2.54 * 300 * 4 / 6, rel=0.03)
