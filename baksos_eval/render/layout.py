"""Where things stand on a page: margins, widths of columns, numbers under one another, pages turned for wide tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from baksos_eval.errors import BaksosError

from .model import Aside, Block, Document, Heading, Spans, TableBlock, Words, text_of

A4_CM = (21.0, 29.7)
POINTS_PER_CM = 72 / 2.54
CELL_PADDING_CM = 0.12
TABLE_SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)
TALLEST_KEPT_CM = 8.0  # a table that is not taller stays on one page
NOTE_SIZE = 9.0
_FULL_LINE = 0.95  # of a line that long words fill
_SMALLEST_COMFORTABLE = 9.0
_COMFORTABLE_TEXT = (8.0, 13.0)  # ems in which a column of words reads well: short words, whole sentences
_LINE = 1.17  # height of a line in a table, in units of its size
_ROW_GAP_POINTS = 4.0
_CAPTION_CM = 1.2

# Widths of Times in thousandths of its size, from space to tilde; other signs are near a digit's width.
_REGULAR = (
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, *[500] * 10, 278, 278, 564, 564, 564, 444,
    921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611,
    333, 278, 333, 469, 500, 333,
    444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444,
    480, 200, 480, 541)
_BOLD = (
    250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, *[500] * 10, 333, 333, 570, 570, 570, 500,
    930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667,
    333, 278, 333, 581, 500, 333,
    500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500, 444,
    394, 220, 394, 520)
_OTHERS = {"\N{NO-BREAK SPACE}": 250, "\N{NON-BREAKING HYPHEN}": 333, "\N{MINUS SIGN}": 570, "×": 570, "±": 570, "≥": 549, "≤": 549, "—": 1000, "→": 1000, "χ": 525}
_WIDTHS = {bold: dict(zip(map(chr, range(32, 127)), widths, strict=True)) | _OTHERS for bold, widths in ((False, _REGULAR), (True, _BOLD))}
_UNKNOWN_WIDTH = 600
_DIGIT = 500
_SIGNS = "<>=+\N{MINUS SIGN}±≥≤"
_SIGN_EXTRA = 0.25  # of a digit's width: how much wider such a sign is in the type of the PDF than in Times
_SPARE = 1.005  # a line still fits if it were so much longer
_TOO_LONG = 1.08  # a line so much longer than its place does not fit, however closely its letters are set (AV, To)
# In the type of the PDF some signs are wider or narrower than in Times; the others are alike.
_PRINTED = {
    False: _WIDTHS[False] | dict.fromkeys("+<=>\N{MINUS SIGN}±≥≤", 685) | {"%": 747, "J": 373, "×": 640, "→": 926, "χ": 500, "–": 500},
    True: _WIDTHS[True] | dict.fromkeys("+<=>\N{MINUS SIGN}≥≤", 750) | {"%": 749, "±": 770, "×": 702, "→": 977, "χ": 612, "–": 500}}
_FIRM = re.compile("[(]?[+\N{MINUS SIGN}<>=±≥≤]?[A-Za-z0-9]+(?:[.,'\N{NON-BREAKING HYPHEN}\N{NO-BREAK SPACE}][A-Za-z0-9]+)*%?[).,;:?!]*|[+=×→]")  # no line ends inside
_SMALL = 0.65  # size of a subscript or superscript


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


def text_width(spans: Spans | str, bold: bool = False) -> float:
    """Width of a line in Times, in units of its size."""
    if isinstance(spans, str):
        return _width(spans, bold) / 1000
    total = 0.0
    for span in spans:
        styles = span.styles if isinstance(span, Words) else frozenset()
        scale = _SMALL if styles & {"sub", "super"} else 1.0
        total += scale * _width(text_of((span,)), bold or "bold" in styles)
    return total / 1000


@lru_cache(maxsize=1 << 15)
def _width(text: str, bold: bool) -> int:
    widths = _WIDTHS[bold]
    return sum([widths.get(character, _UNKNOWN_WIDTH) for character in text])


@lru_cache(maxsize=1 << 15)
def _width_in_print(text: str, bold: bool) -> float:
    """Width of a line in the wider of both types, in units of its size."""
    return _width(text, bold) / 1000 + sum(map(text.count, _SIGNS)) * _SIGN_EXTRA * _DIGIT / 1000


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
        wider = _SIGN_EXTRA * sum(map(text_of(cell).count, _SIGNS))
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


@lru_cache(maxsize=128)  # every format asks for the same tables
def columns(table: TableBlock, available: float) -> Columns:
    """Widths of columns that together fill ``available`` centimetres, in the largest type in which they are easy to read.

    Weights that differ are taken as the wanted proportions; equal weights leave it to the content. No column gets less than
    its longest word needs, as long as the smallest type allows it.
    """
    needs = [_needs(table, at) for at in range(len(table.headers))]

    def floors(size: float, comfortable: bool) -> tuple[float, ...]:
        padding = 2 * CELL_PADDING_CM + 0.03
        return tuple((need.comfortable if comfortable else need.least) * size / POINTS_PER_CM + padding for need in needs)

    easy = [(size, True) for size in TABLE_SIZES if size >= _SMALLEST_COMFORTABLE]
    tight = [(size, False) for size in TABLE_SIZES if size <= _SMALLEST_COMFORTABLE]
    for size, comfortable in easy + tight:
        least = floors(size, comfortable)
        if sum(least) <= available:
            break
    else:
        return Columns(tuple(available * width / sum(least) for width in least), size)
    if len(set(table.weights)) > 1:
        return Columns(_fill(table.weights, least, available), size)
    wishes = tuple(max(floor, need.natural * size / POINTS_PER_CM) for floor, need in zip(least, needs, strict=True))
    spare = available - sum(wishes)
    if spare >= 0:
        return Columns(tuple(width + spare * width / sum(wishes) for width in wishes), size)
    room = [wish - floor for wish, floor in zip(wishes, least, strict=True)]
    return Columns(tuple(floor + (available - sum(least)) * extra / sum(room) for floor, extra in zip(least, room, strict=True)), size)


def stays_together(table: TableBlock, measures: Columns) -> bool:
    """Whether a table is low enough to be moved to the next page whole rather than divided."""
    if len(table.rows) * _row_height(1, measures) > TALLEST_KEPT_CM:
        return False
    header, rows = _heights(table, measures)
    return header + sum(rows) <= TALLEST_KEPT_CM


def row_lines(table: TableBlock, measures: Columns) -> tuple[int | None, ...]:
    """How many lines each row of a table takes in the type of the PDF; nothing where that is not certain."""

    def lines(cell: Spans, at: int, bold: bool) -> int | None:
        text = text_of(cell)
        if any(not isinstance(span, Words) or span.styles for span in cell) or table.aligns[at] == "decimal" and " " in text:
            return None
        return _printed_lines(text, (measures.widths[at] - 2 * CELL_PADDING_CM) * POINTS_PER_CM / measures.size, bold)

    found: list[int | None] = []
    for number, row in enumerate(table.rows):
        cells = [lines(cell, at, number in table.emphasised) for at, cell in enumerate(row)]
        known = [count for count in cells if count is not None]
        found.append(max(known, default=1) if len(known) == len(cells) else None)
    return tuple(found)


@lru_cache(maxsize=1 << 15)
def _printed_lines(text: str, room: float, bold: bool) -> int | None:
    """How many lines a text takes in the type of the PDF; nothing for unusual signs, and where a line is only just full or too full."""
    widths = _PRINTED[bold]
    if not widths.keys() >= set(text):
        return None
    total = sum([widths[character] for character in text]) / 1000
    if total * _SPARE <= room:
        return 1
    words = text.split(" ")
    if not all(map(_FIRM.fullmatch, words)):
        return None
    count, at, space = 1, 0.0, widths[" "] / 1000
    for word in words:
        width = sum([widths[character] for character in word]) / 1000
        if width * _SPARE > room:
            return None
        after = at + space + width if at else width
        if after * _SPARE <= room:
            at = after
        elif after >= room * _TOO_LONG:
            count, at = count + 1, width
        else:
            return None
    return count


def opening_height(table: TableBlock, measures: Columns) -> float:
    """Centimetres that a divided table needs at the foot of a page: its caption, its head and two rows."""
    header, rows = _heights(table, measures, 2)
    return _CAPTION_CM + header + sum(rows)


def notes_height(notes: Sequence[Spans], available: float) -> float:
    """Centimetres that the notes below a table need at most, when they fill lines of ``available`` centimetres."""
    lines = sum(_lines(note, available * _FULL_LINE, NOTE_SIZE, bold=False) for note in notes)
    return (lines * NOTE_SIZE * _LINE + (len(notes) + 1) * _ROW_GAP_POINTS) / POINTS_PER_CM


def _row_height(lines: int, measures: Columns) -> float:
    return (lines * measures.size * _LINE + _ROW_GAP_POINTS) / POINTS_PER_CM


def _heights(table: TableBlock, measures: Columns, most: int | None = None) -> tuple[float, tuple[float, ...]]:
    """The estimated heights of a table's head and of each row (of the first ``most``) in centimetres."""

    def height(cells: Iterable[tuple[Spans, float]], bold: bool) -> float:
        return _row_height(max(_lines(cell, width - 2 * CELL_PADDING_CM, measures.size, bold) for cell, width in cells), measures)

    header = height(zip(table.headers, measures.widths, strict=True), bold=True)
    if table.spanners:
        header += height(((spanner.spans, sum(measures.widths[spanner.first:spanner.last + 1])) for spanner in table.spanners), bold=True)
    return header, tuple(height(zip(row, measures.widths, strict=True), number in table.emphasised) for number, row in enumerate(table.rows[:most]))


def _lines(cell: Spans, width: float, size: float, bold: bool) -> int:
    """How many lines a cell takes in a column of ``width`` centimetres."""
    room, lines, at = width * POINTS_PER_CM / size, 1, 0.0
    for word in _words(text_of(cell)):
        length = text_width(word, bold)
        if at and at + length > room:
            lines, at = lines + 1, 0.0
        at += length + 0.25
    return lines


class _Needs(NamedTuple):
    """Widths of a column in units of its type's size: no word divided, easy to read, nothing wrapped."""

    least: float
    comfortable: float
    natural: float


def _needs(table: TableBlock, at: int) -> _Needs:
    header = table.headers[at]
    least = _longest_word(text_of(header), True)
    body = 0.0
    for number, row in enumerate(table.rows):
        bold = number in table.emphasised
        least = max(least, _longest_word(text_of(row[at]), bold))
        body = max(body, text_width(row[at], bold) + _width_in_print(text_of(row[at]), bold) - text_width(text_of(row[at]), bold))
    fewest, most = _COMFORTABLE_TEXT
    comfortable = body if table.aligns[at] in {"decimal", "right"} else min(body, max(fewest, min(most, body / 3)))
    return _Needs(least, max(least, comfortable), max(least, body, text_width(header, bold=True) / 2))


@lru_cache(maxsize=1 << 15)
def _words(text: str) -> tuple[str, ...]:
    """The parts between which a line may end."""
    return tuple([part for part in re.split(r"[ \n\t]+|(?<=-)", text) if part])


@lru_cache(maxsize=1 << 15)
def _longest_word(text: str, bold: bool) -> float:
    """Width of the widest part that is not divided."""
    return max([_width_in_print(word, bold) for word in _words(text)], default=0.0)


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
