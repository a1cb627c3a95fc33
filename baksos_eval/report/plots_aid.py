"""The drawings of aid: how much was handed over on which day, and how many households had been reached by then, a panel for each RT."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from baksos_eval.activities.aid import Aid, AidResult
from baksos_eval.report import drawing
from baksos_eval.report.aid_words import kind_name
from baksos_eval.report.drawing import (
    BLUE,
    FAINT,
    GREY,
    INK,
    TALLEST,
    VERMILLION,
    WHITE,
    WIDTH,
    Axis,
    Sheet,
    ticks_within,
)
from baksos_eval.report.inline import plain
from baksos_eval.report.lettering import SMALL, TITLE, leading, text_width, wrap
from baksos_eval.report.many_rts import are_many
from baksos_eval.report.plots import KEY, MARGIN, RIGHT, Entry, legend, on_pages, say_why_empty
from baksos_eval.report.text import Catalogue

MOST_KINDS = 4
OTHERS = "\0others"
_FILLINGS = ((BLUE, BLUE, False), (drawing.tint(BLUE, 0.3), BLUE, False), (VERMILLION, VERMILLION, True), (WHITE, INK, False), (GREY, GREY, False))
"""Colour, outline and hatching of each kind; every one differs from the others in a grey print too."""

_WIDEST_BAR, _PLOT = 0.5, 4.2     # cm
_ACROSS, _GAP, _PANEL = 3, 0.55, 2.6


def draw_days(result: AidResult, c: Catalogue) -> Sheet:
    """Handings over on each day as a bar, its kinds one upon the other."""
    kinds = kinds_drawn(result)
    sheet = Sheet()
    most = max((day.handovers for day in result.days), default=1)
    ticks = [tick for tick in ticks_within(0, max(most, 4), 5) if tick == round(tick)]
    labels = [c.number(tick, 0) for tick in ticks]
    begin = MARGIN + max(text_width(label, SMALL) for label in labels) + 0.15
    top = legend(sheet, MARGIN, [(_kind(kind, c), _box_key(sheet, place)) for place, kind in enumerate(kinds)], MARGIN, RIGHT) + 0.1
    sheet.write_block(wrap(c.text("aid.figure.handovers"), RIGHT - MARGIN, SMALL), MARGIN, top, SMALL, GREY)
    top += leading(SMALL) + 0.15
    y = Axis(0, max(most, 4) * 1.04, top + _PLOT, top)
    x = _days_axis([day.day for day in result.days], begin + 0.3, RIGHT - 0.3)
    sheet.lines("grid", [((begin, y.at(tick)), (RIGHT, y.at(tick))) for tick in ticks], FAINT, 0.6)
    for tick, label in zip(ticks, labels, strict=True):
        sheet.write(label, begin - 0.12, y.at(tick), SMALL, GREY, align="right")
    half = min(_WIDEST_BAR, 0.8 * abs(x.at(1) - x.at(0))) / 2
    first = min(day.day for day in result.days)
    for place in range(len(kinds)):
        boxes = []
        for day in result.days:
            counts = drawn_counts(day.kinds, kinds)
            below = sum(counts[:place])
            if counts[place]:
                at = x.at((day.day - first).days)
                boxes.append((at - half, y.at(below + counts[place]), at + half, y.at(below)))
        colour, outline, hatched = _FILLINGS[place]
        sheet.boxes("bar", boxes, colour, outline, hatched)
    sheet.line("axis", (begin, y.at(0)), (RIGHT, y.at(0)), colour=GREY, width=0.6)
    _write_days(sheet, x, first, result.days[-1].day, y.at(0) + 0.28, c)
    sheet.height = y.at(0) + 0.28 + leading(SMALL) + MARGIN
    return sheet


def kinds_drawn(result: AidResult) -> list[str]:
    """The kinds that get a filling of their own, the most frequent first; the rest is :data:`OTHERS`."""
    counts: dict[str, int] = {}
    for day in result.days:
        for kind, count in day.kinds:
            counts[kind] = counts.get(kind, 0) + count
    order = sorted(counts, key=lambda kind: (-counts[kind], kind))
    return order if len(order) <= MOST_KINDS + 1 else [*order[:MOST_KINDS], OTHERS]


def drawn_counts(kinds: Sequence[tuple[str, int]], drawn: Sequence[str]) -> list[int]:
    """How often each drawn kind occurs on a day."""
    counts = dict(kinds)
    return [sum(count for kind, count in kinds if kind not in drawn) if name == OTHERS else counts.get(name, 0) for name in drawn]


def drawn_parts(aid: Aid) -> tuple[AidResult, ...]:
    """What has a panel of its own: each RT, or all of them together where there are very many."""
    return aid.rts if aid.rts and not are_many(aid.rts) else (aid.result,)


def draw_reach(aid: Aid, c: Catalogue) -> list[Sheet]:
    """A panel for each RT (of very many, one for all): households reached by the end of each day, and how many were meant to be."""
    results = [result for result in drawn_parts(aid) if result.reach or not math.isnan(result.coverage.targeted)]
    days = [day for result in results for day, _ in result.reach]
    rows = [results[first:first + _ACROSS] for first in range(0, len(results), _ACROSS)]
    width = (RIGHT - MARGIN - _GAP * (_ACROSS - 1)) / _ACROSS
    most = max([count for result in results for _, count in result.reach] + [result.coverage.targeted for result in results if not math.isnan(result.coverage.targeted)] + [4])
    height = leading(TITLE) + leading(SMALL) + _PANEL + 0.9
    key = 2 * (leading(SMALL) + 0.04) + 0.1
    sheets = []
    for page in on_pages([height] * len(rows), TALLEST - key - 2 * MARGIN):
        sheet = Sheet()
        entries: list[Entry] = [(c.text("aid.figure.reached"), _line_key(sheet, drawing.SOLID, 2.0, BLUE)), (c.text("aid.figure.meant"), _line_key(sheet, drawing.DOTTED, 1.2, INK))]
        top = legend(sheet, MARGIN, entries, MARGIN, RIGHT) + 0.15
        for row in page:
            for place, result in enumerate(rows[row]):
                _panel(sheet, result, MARGIN + place * (width + _GAP), top, width, most, days, c)
            top += height
        sheet.height = top - 0.2
        sheets.append(sheet)
    return sheets


def _panel(sheet: Sheet, result: AidResult, left: float, top: float, width: float, most: float, days: Sequence[date], c: Catalogue) -> None:
    coverage = result.coverage
    sheet.write_block(wrap(result.rt or c.text("aid.row.all"), width, TITLE, "bold")[:1], left, top, TITLE, weight="bold")
    said = c.text("aid.figure.of", reached=result.households, targeted=int(coverage.targeted)) if not math.isnan(coverage.targeted) else c.text("aid.figure.only", reached=result.households)
    sheet.write_block(wrap(said, width, SMALL)[:1], left, top + leading(TITLE), SMALL, GREY)
    ticks = [tick for tick in ticks_within(0, most, 3) if tick == round(tick)]
    begin = left + max(text_width(c.number(tick, 0), SMALL) for tick in ticks) + 0.12
    head = top + leading(TITLE) + leading(SMALL) + 0.12
    y = Axis(0, most * 1.05, head + _PANEL, head)
    right = left + width
    sheet.lines("grid", [((begin, y.at(tick)), (right, y.at(tick))) for tick in ticks], FAINT, 0.6)
    for tick in ticks:
        sheet.write(c.number(tick, 0), begin - 0.1, y.at(tick), SMALL, GREY, align="right")
    sheet.line("axis", (begin, y.at(0)), (right, y.at(0)), colour=GREY, width=0.6)
    if not math.isnan(coverage.targeted):
        sheet.line("meant", (begin, y.at(coverage.targeted)), (right, y.at(coverage.targeted)), width=1.2, dashes=drawing.DOTTED)
    if not result.reach:
        say_why_empty(sheet, c.text("aid.figure.nobody"), (begin + right) / 2, (y.start + y.end) / 2, right - begin)
        return
    first, last = min(days), max(days)
    x = _days_axis(days, begin + 0.15, right - 0.15)
    steps: list[tuple[float, float]] = [(x.at(0), y.at(0))]
    for day, count in result.reach:
        at = x.at((day - first).days)
        steps += [(at, steps[-1][1]), (at, y.at(count))]
    steps.append((x.at((last - first).days), steps[-1][1]))
    sheet.line("reached", *steps, colour=BLUE, width=2.0)
    sheet.marks("reached", [(x.at((day - first).days), y.at(count)) for day, count in result.reach], "o", BLUE, 3.5)
    _write_days(sheet, x, first, last, y.at(0) + 0.28, c, most=2)


def _days_axis(days: Sequence[date], start: float, end: float) -> Axis:
    """Days from the first on; a single day stands in the middle."""
    span = (max(days) - min(days)).days if days else 0
    return Axis(0, span, start, end) if span else Axis(-1, 1, start, end)


def _write_days(sheet: Sheet, x: Axis, first: date, last: date, y: float, c: Catalogue, most: int = 6) -> None:
    """Some days below the axis, the first and the last among them, as far apart as their words need."""
    span = (last - first).days
    room = max(text_width(c.short_date(day), SMALL) for day in (first, last)) + 0.25
    parts = max(1, min(most - 1, span, int(abs(x.end - x.start) / room)))
    offsets = sorted({round(part * span / parts) for part in range(parts + 1)})
    for offset in offsets:
        at = x.at(offset)
        sheet.lines("tick", [((at, y - 0.28), (at, y - 0.2))], GREY, 0.6)
        text = c.short_date(first + timedelta(days=offset))
        half = text_width(text, SMALL) / 2
        sheet.write(text, min(max(at, half + MARGIN), WIDTH - MARGIN - half), y, SMALL, GREY, align="center")


def _kind(kind: str, c: Catalogue) -> str:
    return c.text("aid.others") if kind == OTHERS else plain(kind_name(kind, c))


def _box_key(sheet: Sheet, place: int) -> Callable[[float, float], None]:
    colour, outline, hatched = _FILLINGS[place]
    return lambda x, y: sheet.boxes("key", [(x + 0.1, y - 0.13, x + KEY - 0.1, y + 0.13)], colour, outline, hatched)


def _line_key(sheet: Sheet, dashes: tuple[float, ...], width: float, colour: str) -> Callable[[float, float], None]:
    return lambda x, y: sheet.line("key", (x, y), (x + KEY, y), colour=colour, width=width, dashes=dashes)
