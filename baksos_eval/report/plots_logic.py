"""The drawing of the logic model: a column of boxes for each level, and an arrow from each level to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from baksos_eval.report import drawing
from baksos_eval.report.drawing import BLUE, GREY, INK, WHITE, WIDTH, Sheet
from baksos_eval.report.lettering import SIZE, SMALL, leading, wrap

_GAP = 0.55          # cm between columns: room for an arrow
_PADDING = 0.14
_BETWEEN = 0.16      # cm between boxes


class LevelBoxes(NamedTuple):
    """One level: its heading, and what stands in each of its boxes. ``strong`` boxes carry figures from the data."""

    heading: str
    boxes: tuple[tuple[str, bool], ...]


def draw_logic(levels: Sequence[LevelBoxes]) -> Sheet:
    """The levels side by side, in their order; a level without boxes is left out."""
    sheet = Sheet()
    levels = [level for level in levels if level.boxes]
    width = (WIDTH - 0.2 - _GAP * (len(levels) - 1)) / max(len(levels), 1)
    lefts = [0.1 + place * (width + _GAP) for place in range(len(levels))]
    headings = [wrap(level.heading, width, SIZE, "bold") for level in levels]
    top = 0.1 + max(map(len, headings), default=0) * leading(SIZE) + 0.2
    bottoms = [_column(sheet, level, left, top, width) for level, left in zip(levels, lefts, strict=True)]
    for lines, left in zip(headings, lefts, strict=True):
        sheet.write_block(lines, left + width / 2, 0.1, SIZE, weight="bold", align="center")
    middle = top + (min(bottoms, default=top) - top) / 2
    for left in lefts[:-1]:
        sheet.line("arrow", (left + width + 0.08, middle), (left + width + _GAP - 0.12, middle), colour=GREY, width=1.1)
        sheet.marks("arrow", [(left + width + _GAP - 0.12, middle)], ">", GREY, 5.5)
    sheet.height = max(bottoms, default=top) + 0.1
    return sheet


def _column(sheet: Sheet, level: LevelBoxes, left: float, top: float, width: float) -> float:
    """Draws the boxes of one level below each other; returns where they end."""
    for text, strong in level.boxes:
        lines = wrap(text, width - 2 * _PADDING, SMALL)
        bottom = top + len(lines) * leading(SMALL) + 2 * _PADDING
        sheet.boxes("from data" if strong else "in words", [(left, top, left + width, bottom)],
                    drawing.tint(BLUE, 0.12) if strong else WHITE, BLUE if strong else GREY)
        sheet.write_block(lines, left + _PADDING, top + _PADDING, SMALL, INK)
        top = bottom + _BETWEEN
    return top - _BETWEEN
