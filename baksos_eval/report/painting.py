"""Paints a sheet twice from the same outlines: a PNG at 300 dpi, and an SVG.

Matplotlib's renderer is used below its figures and axes: layout, ticks, text shaping and its SVG writer take several tenths
of a second for one figure, the outlines themselves take milliseconds. Settings of matplotlib neither matter here nor change,
and the same sheet always gives the same bytes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from baksos_eval.report.drawing import (
    INK,
    WHITE,
    WIDTH,
    Areas,
    Lines,
    Marks,
    Point,
    Shape,
    Sheet,
    grey_level,
    shade,
    tint,
)
from baksos_eval.report.lettering import POINT, Glyph, path_data, typeset

DPI = 300
UNITS = 100                # of the SVG: units in a centimetre
_EDGE = 0.6                # pt
_HATCH = 0.13              # cm between two hatching lines


class Outline(NamedTuple):
    """A path on the sheet (cm): filled, or stroked with a line ``width`` points wide, or both; an empty colour leaves that out."""

    path: Path
    fill: str
    stroke: str
    width: float = 0.0
    dashes: tuple[float, ...] = ()


class Stamp(NamedTuple):
    """One letter in one size and colour, and every place where it stands."""

    glyph: Glyph
    size: float
    colour: str
    places: list[Point]


def paint(sheet: Sheet) -> tuple[bytes, str]:
    """The sheet as PNG and as SVG."""
    outlines = [outline for shape in sheet.shapes for outline in _outlines(shape)]
    stamps = _stamps(sheet)
    return _png(sheet.height, outlines, stamps), _svg(sheet.height, outlines, stamps)


def _outlines(shape: Lines | Areas | Marks) -> Iterator[Outline]:
    match shape:
        case Lines():
            for width in dict.fromkeys(shape.widths):
                strokes = [stroke for stroke, own in zip(shape.strokes, shape.widths, strict=True) if own == width]
                yield Outline(_polygons(strokes, closed=False), "", shape.colour, width, shape.dashes)
        case Areas():
            yield Outline(_polygons(shape.polygons, closed=True), shape.colour, shape.outline, _EDGE)
            if shape.hatched:
                hatching = [stroke for corners in shape.polygons for stroke in _hatch(corners)]
                yield Outline(_polygons(hatching, closed=False), "", tint(shape.colour, 0.35), _EDGE)
        case Marks():
            symbol = _symbol(shape.shape)
            scaled = symbol.vertices * shape.size * POINT
            corners = np.concatenate([scaled + point for point in shape.points])
            path = Path(corners, np.tile(symbol.codes, len(shape.points)))
            yield Outline(path, WHITE if shape.hollow else shape.colour, shape.colour, 1.0)


def _polygons(lines: Sequence[Sequence[Point]], closed: bool) -> Path:
    """Many lines as one path."""
    corners, codes = [], []
    for line in lines:
        corners += line
        codes += [Path.MOVETO] + [Path.LINETO] * (len(line) - 1)
        if closed:
            corners.append(line[0])
            codes.append(Path.CLOSEPOLY)
    return Path(np.array(corners, dtype=float).reshape(-1, 2), codes)


def _hatch(corners: Sequence[Point]) -> list[tuple[Point, Point]]:
    """Slanting lines inside a rectangle, in step over the whole sheet."""
    inside = _EDGE / 2 * POINT
    left, top, right, bottom = corners[0][0] + inside, corners[0][1] + inside, corners[2][0] - inside, corners[2][1] - inside
    sums = [number * _HATCH for number in range(math.ceil((left + top) / _HATCH), math.floor((right + bottom) / _HATCH) + 1)]
    return [((max(left, s - bottom), min(bottom, s - left)), (min(right, s - top), max(top, s - right))) for s in sums]


@cache
def _symbol(shape: Shape) -> Path:
    """A symbol of diameter 1 around the origin, y downwards."""
    half, curve = 0.5, 0.5 * 4 / 3 * (math.sqrt(2) - 1)
    match shape:
        case "o":
            quarters = [(half, curve), (curve, half), (0, half), (-curve, half), (-half, curve), (-half, 0), (-half, -curve), (-curve, -half), (0, -half),
                        (curve, -half), (half, -curve), (half, 0)]
            return Path([(half, 0), *quarters, (half, 0)], [Path.MOVETO] + [Path.CURVE4] * 12 + [Path.CLOSEPOLY])
        case "s":
            corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
        case "D":
            corners = [(0, -0.7), (0.7, 0), (0, 0.7), (-0.7, 0)]
        case "<":
            corners = [(-half, 0), (half, -half), (half, half)]
        case ">":
            corners = [(half, 0), (-half, -half), (-half, half)]
        case "v":
            corners = [(0, half), (-half, -half), (half, -half)]
    return _polygons([corners], closed=True)


def _stamps(sheet: Sheet) -> list[Stamp]:
    stamps: dict[tuple[float, str, str], Stamp] = {}
    for word in sheet.words:
        letters, width = typeset(word.text, word.weight)
        em = word.size * POINT
        start = word.x - {"left": 0.0, "center": 0.5, "right": 1.0}[word.align] * width * em
        for glyph, offset in letters:
            key = (word.size, word.colour, glyph.name)
            stamps.setdefault(key, Stamp(glyph, word.size, word.colour, [])).places.append((start + offset * em, word.y))
    return sorted(stamps.values(), key=lambda stamp: (stamp.size, stamp.colour, stamp.glyph.name))


def _png(height: float, outlines: Sequence[Outline], stamps: Sequence[Stamp]) -> bytes:
    """The picture in at most 256 colours: those of the drawing, and their blends with white and black along the edges."""
    pixels = DPI / 2.54
    width_px, height_px = round(WIDTH * pixels), round(height * pixels)
    renderer = RendererAgg(width_px, height_px, DPI)
    page = Affine2D().scale(pixels, -pixels).translate(0, height_px)
    pen = renderer.new_gc()
    pen.set_joinstyle("miter")
    paper = _polygons([((0, 0), (width_px, 0), (width_px, height_px), (0, height_px))], closed=True)
    for path, fill, stroke, width, dashes in [Outline(paper, WHITE, ""), *outlines]:
        path.should_simplify = False
        pen.set_linewidth(width if stroke else 0.0)
        pen.set_dashes(0, [dash * width for dash in dashes] or None)
        pen.set_foreground(stroke or fill)
        renderer.draw_path(pen, path, page, to_rgba(fill) if fill else None)
    pen.set_linewidth(0)
    pen.set_dashes(0, None)
    pen.set_snap(False)
    for glyph, size, colour, places in stamps:
        renderer.draw_markers(pen, glyph.outline, Affine2D().scale(size * DPI / 72), Path(places), page, to_rgba(colour))
    image = Image.frombuffer("RGBA", (width_px, height_px), renderer.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
    colours = dict.fromkeys([INK, *(colour for outline in outlines for colour in (outline.fill, outline.stroke)), *(stamp.colour for stamp in stamps)])
    data = io.BytesIO()
    palette = _palette(tuple(colour for colour in colours if colour not in ("", WHITE)))
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(data, "png", compress_level=3, dpi=(DPI, DPI))
    return data.getvalue()


@lru_cache(maxsize=64)
def _palette(colours: tuple[str, ...]) -> Image.Image:
    steps = 255 // len(colours)
    lighter = max(1, steps * 2 // 3)
    blends = [WHITE]
    for colour in colours:
        pale = (tint(colour, step / lighter) for step in range(lighter, 0, -1))
        blends += [blend for blend in pale if grey_level(blend) < 0.97]     # a blend next to white would stain the paper
        blends += [shade(colour, step / (steps - lighter + 1)) for step in range(1, steps - lighter + 1)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([int(blend[at:at + 2], 16) for blend in blends for at in (1, 3, 5)])
    return palette


def _svg(height: float, outlines: Sequence[Outline], stamps: Sequence[Stamp]) -> str:
    """Paths in hundredths of a centimetre, and each letter defined once and used wherever it stands."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{WIDTH:g}cm" height="{height:.4g}cm" '
             f'viewBox="0 0 {WIDTH * UNITS:g} {height * UNITS:.2f}">', f'<rect width="100%" height="100%" fill="{WHITE}"/>']
    for path, fill, stroke, width, dashes in outlines:
        thick = width * POINT * UNITS
        style = f'fill="{fill or "none"}"'
        style += f' stroke="{stroke}" stroke-width="{thick:.2f}"' if stroke else ""
        style += f' stroke-dasharray="{" ".join(f"{dash * thick:.2f}" for dash in dashes)}"' if dashes else ""
        parts.append(f'<path d="{path_data(path, UNITS, 2)}" {style}/>')
    glyphs = {stamp.glyph.name: stamp.glyph.svg for stamp in stamps}
    parts.append("<defs>" + "".join(f'<path id="{name}" d="{data}"/>' for name, data in sorted(glyphs.items())) + "</defs>")
    style = None
    for glyph, size, colour, places in stamps:
        em = size * POINT * UNITS / 1000
        if style != (size, colour):
            parts.append(("</g>" if style else "") + f'<g fill="{colour}" transform="scale({em:.6f} {-em:.6f})">')
            style = (size, colour)
        parts.append("".join(f'<use xlink:href="#{glyph.name}" x="{x * UNITS / em:.0f}" y="{-y * UNITS / em:.0f}"/>' for x, y in places))
    return "\n".join([*parts, ("</g>" if style else "") + "</svg>"]) + "\n"
