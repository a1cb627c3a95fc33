"""Where things stand on a page: margins, widths of columns, numbers under one another, pages turned for wide tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from baksos_eval.errors import BaksosError

from .model import Aside, Block, Document, Heading, Spans, TableBlock, Words, text_of

A4_CM = (21.0, 29.7)
POINTS_PER_CM = 72 / 2.54
CELL_PADDING_CM = 0.12
TABLE_SIZES = (10.0, 9.0, 8.0)
LONG_TABLE = 14  # more rows than this may be divided over pages

# Widths of Times in thousandths of its size, from space to tilde; other signs are near a digit's width.
_TIMES = dict(zip(map(chr, range(32, 127)), (
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, *[500] * 10, 278, 278, 564, 564, 564, 444,
    921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611,
    333, 278, 333, 469, 500, 333,
    444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444,
    480, 200, 480, 541), strict=True)) | {"\N{NO-BREAK SPACE}": 250, "\N{MINUS SIGN}": 564, "×": 564, "±": 564, "≥": 549, "≤": 549, "—": 1000, "χ": 525}
_DIGIT = 500
_SIGNS = "<>=+\N{MINUS SIGN}±≥≤"
_SIGN_EXTRA = 0.25  # of a digit's width: how much wider such a sign is in the type of the PDF than in Times
_SMALL = 0.65  # size of a subscript or superscript
_BOLD = 1.06


class Margins(NamedTuple):
    """Distances from the edges of an upright page in centimetres."""

    top: float
    right: float
    bottom: float
    left: float

    def turned(self) -> Margins:
        """The margins of a page on its side: the bound left edge is then on top."""
        return Margins(self.left, self.top, self.right, self.bottom)

    def width(self, landscape: bool = False) -> float:
        """Width of the text."""
        margins = self.turned() if landscape else self
        return A4_CM[landscape] - margins.left - margins.right


MARGINS = {"kiri4": Margins(3, 3, 3, 4), "kiri_atas4": Margins(4, 3, 3, 4)}


def margins_named(name: str) -> Margins:
    """The margins of a preset."""
    if name not in MARGINS:
        raise BaksosError("margins_unknown", margins=name, known=tuple(MARGINS))
    return MARGINS[name]


class Section(NamedTuple):
    """Blocks on pages of one orientation."""

    landscape: bool
    blocks: tuple[Block, ...]


def sections(document: Document) -> tuple[Section, ...]:
    """The blocks divided by the orientation of their pages.

    A wide table takes the headings right before it and the box right after it along, so that none of them stands alone.
    """
    turned = [isinstance(block, TableBlock) and block.wide for block in document.blocks]
    for at, block in enumerate(document.blocks):
        if isinstance(block, TableBlock) and block.wide:
            before = at - 1
            while before >= 0 and isinstance(document.blocks[before], Heading):
                turned[before] = True
                before -= 1
            after = at + 1
            while after < len(turned) and isinstance(document.blocks[after], Aside):
                turned[after] = True
                after += 1
    found: list[Section] = []
    for block, landscape in zip(document.blocks, turned, strict=True):
        if found and found[-1].landscape == landscape:
            found[-1] = Section(landscape, (*found[-1].blocks, block))
        else:
            found.append(Section(landscape, (block,)))
    return tuple(found)


def text_width(spans: Spans | str) -> float:
    """Width of a line in Times, in units of its size."""
    if isinstance(spans, str):
        spans = (Words(spans),)
    total = 0.0
    for span in spans:
        styles = span.styles if isinstance(span, Words) else frozenset()
        text = text_of((span,))
        scale = (_SMALL if styles & {"sub", "super"} else 1.0) * (_BOLD if "bold" in styles else 1.0)
        total += scale * sum(_TIMES.get(character, 600) for character in text)
    return total / 1000


class Decimal(NamedTuple):
    """How far a cell reaches to the left and right of its decimal sign, in widths of a digit."""

    left: float
    right: float


class DecimalColumn(NamedTuple):
    """A column of numbers; ``cells`` holds ``None`` for a cell without a number, which stands in the middle."""

    left: float
    right: float
    cells: tuple[Decimal | None, ...]

    @property
    def width(self) -> float:
        return self.left + self.right


def decimal_column(cells: Sequence[Spans], language: str) -> DecimalColumn:
    """Where each number of a column stands so that decimal signs are under one another.

    >>> column = decimal_column([(Words("12,5"),), (Words("< 0,001"),), (Words("–"),), (Words("7"),)], "id")
    >>> [cell and round(column.right - cell.right, 1) for cell in column.cells]
    [2.0, 0.0, None, 3.5]
    """
    sign = re.escape("," if language == "id" else ".")
    integer = re.compile(rf"\d+(?:[^\d\s{sign}]\d{{3}})*")
    found: list[Decimal | None] = []
    for cell in cells:
        match = integer.search(text_of(cell))
        if match is None:
            found.append(None)
            continue
        whole = text_width(cell) * 1000 / _DIGIT
        left = text_width(_first(cell, match.end())) * 1000 / _DIGIT
        wider = _SIGN_EXTRA * sum(character in _SIGNS for character in text_of(cell))
        found.append(Decimal(left + wider, max(0.0, whole - left)))
    numbers = [cell for cell in found if cell]
    return DecimalColumn(max((cell.left for cell in numbers), default=0.0), max((cell.right for cell in numbers), default=0.0), tuple(found))


def _first(spans: Spans, length: int) -> Spans:
    """The spans that hold the first ``length`` characters."""
    kept = []
    for span in spans:
        text = text_of((span,))
        if len(text) >= length:
            kept.append(Words(text[:length], span.styles if isinstance(span, Words) else frozenset()))
            break
        kept.append(span)
        length -= len(text)
    return tuple(kept)


class Columns(NamedTuple):
    """The widths of a table's columns in centimetres and the size of its text in points."""

    widths: tuple[float, ...]
    size: float


def columns(table: TableBlock, available: float) -> Columns:
    """Widths of columns that together fill ``available`` centimetres, no word divided as long as a size allows it.

    Weights that differ are taken as the wanted proportions; equal weights leave it to the content.
    """
    for size in TABLE_SIZES:
        unit = size / POINTS_PER_CM
        least, natural = zip(*(_needs(table, at, unit) for at in range(len(table.headers))), strict=True)
        if sum(least) <= available:
            break
    else:
        return Columns(tuple(available * width / sum(least) for width in least), size)
    if len(set(table.weights)) > 1:
        return Columns(_fill(table.weights, least, available), size)
    spare = available - sum(natural)
    if spare >= 0:
        return Columns(tuple(width + spare * width / sum(natural) for width in natural), size)
    room = [wish - floor for wish, floor in zip(natural, least, strict=True)]
    return Columns(tuple(floor + (available - sum(least)) * extra / sum(room) for floor, extra in zip(least, room, strict=True)), size)


def _needs(table: TableBlock, at: int, unit: float) -> tuple[float, float]:
    """The least width of a column without divided words, and the width in which nothing wraps."""
    header = table.headers[at]
    longest_word = max((text_width(word) for word in re.split(r"[\s-]+", text_of(header))), default=0.0) * _BOLD
    least, natural = longest_word, max(longest_word, text_width(header) * _BOLD / 2)
    for row in table.rows:
        cell = row[at]
        text = text_of(cell)
        width = text_width(cell)
        least = max(least, max((text_width(word) for word in re.split(r"[ \n\t-]+", text)), default=0.0))
        natural = max(natural, width)
    if table.emphasised:
        least, natural = least * _BOLD, natural * _BOLD
    padding = 2 * CELL_PADDING_CM + 0.02
    return least * unit + padding, max(least, natural) * unit + padding


def _fill(weights: Iterable[float], least: Sequence[float], available: float) -> tuple[float, ...]:
    """Shares of ``available`` by weight, none below its least width."""
    weights = tuple(weights)
    fixed: dict[int, float] = {}
    while True:
        free = [at for at in range(len(weights)) if at not in fixed]
        rest = available - sum(fixed.values())
        total = sum(weights[at] for at in free)
        short = [at for at in free if rest * weights[at] / total < least[at]] if total else free
        if not short or len(short) == len(free):
            shares = {at: rest * weights[at] / total if total and not short else least[at] for at in free}
            widths = [fixed.get(at, shares.get(at, 0.0)) for at in range(len(weights))]
            scale = available / sum(widths)
            return tuple(width * scale for width in widths)
        fixed |= {at: least[at] for at in short}
