"""Words as outlines: letters of the Times design that comes with matplotlib, measured and set without a layout engine.

Outlines need no installed font, so a drawing looks alike on every system and in every format.
"""

from __future__ import annotations

import hashlib
import io
import logging
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path as FilePath
from typing import Literal

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import TextPath

Weight = Literal["regular", "bold", "italic"]

POINT = 2.54 / 72                     # cm
SIZE, SMALL, TITLE = 8.5, 7.5, 9.0    # pt
_LOG = logging.getLogger(__name__)
_FILES = {"regular": ("STIXGeneral.ttf", "DejaVuSans.ttf"), "bold": ("STIXGeneralBol.ttf", "DejaVuSans-Bold.ttf"),
          "italic": ("STIXGeneralItalic.ttf", "DejaVuSans-Oblique.ttf")}
_BOX = "\N{WHITE SQUARE}"
_COMMANDS = {Path.MOVETO: ("M", 1), Path.LINETO: ("L", 1), Path.CURVE3: ("Q", 2), Path.CURVE4: ("C", 3), Path.CLOSEPOLY: ("Z", 0)}


@dataclass(frozen=True, eq=False)
class Glyph:
    """One letter: ``outline`` in ems, y upwards; the same ``name`` always stands for the same outline."""

    name: str
    outline: Path

    @cached_property
    def svg(self) -> str:
        """The outline as SVG path data in thousandths of an em."""
        return path_data(self.outline, 1000, 0)


Letters = tuple[tuple[Glyph, float], ...]     # each with its offset along the line, in ems


def leading(size: float = SIZE) -> float:
    """The distance of two lines of text (cm)."""
    return 1.16 * size * POINT


def text_width(text: str, size: float = SIZE, weight: Weight = "regular") -> float:
    """The width of a line of text (cm)."""
    return typeset(text, weight)[1] * size * POINT


def wrap(text: str, width: float, size: float = SIZE, weight: Weight = "regular") -> list[str]:
    """The text in lines no wider than ``width`` (cm), broken at spaces, and inside a word only where that alone is wider."""
    lines, current = [], ""
    for word in text.split(" "):
        together = f"{current} {word}" if current else word
        if text_width(together, size, weight) <= width:
            current = together
            continue
        if current:
            lines.append(current)
        while len(word) > 1 and text_width(word, size, weight) > width:
            fitting = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or text_width(word[:n], size, weight) <= width)
            lines.append(word[:fitting])
            word = word[fitting:]
        current = word
    return [*lines, current]


@lru_cache(maxsize=4096)
def typeset(text: str, weight: Weight = "regular") -> tuple[Letters, float]:
    """The letters of a line and its width in ems.

    Latin letters simply follow one another (this Times has no kerning); scripts that join or turn their letters are left to
    matplotlib's own shaping.
    """
    clean = "".join(character for character in unicodedata.normalize("NFC", text) if unicodedata.category(character) not in ("Cc", "Cf", "Cs"))
    if any(unicodedata.bidirectional(character) in ("R", "AL", "NSM") for character in clean):
        return _shaped(clean, weight)
    letters, at = [], 0.0
    for character in clean:
        glyph, advance = _glyph(character, weight)
        if len(glyph.outline.vertices):
            letters.append((glyph, at))
        at += advance
    return tuple(letters), at


def path_data(path: Path, scale: float, digits: int) -> str:
    """SVG path data of an outline, its coordinates times ``scale``."""
    parts, at = [], 0
    points = (path.vertices * scale).round(digits).tolist()
    codes = path.codes.tolist() if path.codes is not None else [Path.MOVETO] + [Path.LINETO] * (len(points) - 1)
    while at < len(codes):
        command, count = _COMMANDS[codes[at]]
        parts.append(command + " ".join(f"{x:g} {y:g}" for x, y in points[at:at + count]))
        at += max(count, 1)
    return "".join(parts)


@cache
def _glyph(character: str, weight: Weight) -> tuple[Glyph, float]:
    """One character and its advance in ems; an empty box for one that no bundled font has."""
    for name in _FILES[weight]:
        font = _font(name)
        if font.get_char_index(ord(character)):
            advance = font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
            corners, codes = font.get_path()
            return Glyph(f"{weight[0]}{ord(character):x}", Path(corners / 100, codes)), advance / 100
    _LOG.warning("glyph_missing U+%04X", ord(character))
    return _glyph(_BOX, weight)


def _shaped(text: str, weight: Weight) -> tuple[Letters, float]:
    name = _FILES[weight][-1]
    known = "".join(character if _font(name).get_char_index(ord(character)) else _BOX for character in text)
    outline = TextPath((0, 0), known, size=1, prop=FontProperties(fname=_font_file(name)))
    digest = hashlib.sha256(known.encode()).hexdigest()[:12]
    return ((Glyph(f"{weight[0]}-{digest}", outline), 0.0),), float(outline.get_extents().x1)


@cache
def _font_file(name: str) -> FilePath:
    return FilePath(matplotlib.get_data_path()) / "fonts" / "ttf" / name


@cache
def _font(name: str) -> FT2Font:
    font = FT2Font(io.BytesIO(_font_file(name).read_bytes()))     # an open file would be read by several forked processes at one shared place
    font.set_size(100, 72)
    return font
