"""The drawing of an instrument's items: how each goes with the others, and how many answer it correctly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from baksos_eval.evaluation.instrument_study import InstrumentResult, ItemWorth, WaveWorth
from baksos_eval.report.drawing import (
    DOTTED,
    FAINT,
    GREY,
    INK,
    TALLEST,
    Axis,
    Sheet,
    decimals,
    ticks_within,
)
from baksos_eval.report.lettering import SMALL, leading, text_width, wrap
from baksos_eval.report.moments import wave_heading
from baksos_eval.report.plots import KEY, MARGIN, RIGHT, Entry, legend, on_pages
from baksos_eval.report.text import Catalogue
from baksos_eval.study.study import Study

APART = 0.11    # cm: the first wave stands above the middle of the row, the last one below
SIZE_OF_MARK = 4.5
HARDLY_APART = 0.02


def drawn_waves(result: InstrumentResult) -> tuple[WaveWorth, ...]:
    """The first and the last wave for which there is anything to draw."""
    known = [wave for wave in result.waves if any(not math.isnan(item.reliability.item_rest) for item in wave.items)]
    return tuple(known[:1] + known[1:][-1:])


def draw_instrument(study: Study, result: InstrumentResult, c: Catalogue) -> list[Sheet]:
    """A row for each item: its correlation with the other items against the smallest significant one and, for right/wrong
    items, the share of right answers with its interval; hollow marks for the first wave, full ones for the last."""
    waves, knowledge = drawn_waves(result), result.instrument.kind == "knowledge"
    text_end = 4.9 if knowledge else 6.2
    lines = [wrap(f"{number}. {item.item.shown[c.language]}" + (c.text("item.reversed") if item.item.reversed else ""), text_end)
             for number, item in enumerate(result.main.items, start=1)]
    heights = [max(0.5, len(block) * leading()) + 0.18 for block in lines]
    left, gap, edge = MARGIN + text_end + 0.45, 0.7, text_width(c.percent(1.0, 0), SMALL) / 2 + 0.02
    width = (RIGHT - left - edge - gap * knowledge) / (2 if knowledge else 1)
    rest = _correlations(waves, left, left + width)
    shares = Axis(0.0, 1.0, left + width + gap, RIGHT - edge)
    sheets = []
    for rows in on_pages(heights, TALLEST - 2.3):
        sheet = Sheet()
        titles = legend(sheet, MARGIN, _entries(sheet, study, waves, c), MARGIN, RIGHT) + 0.15
        top = titles + leading(SMALL) + 0.1
        end = top + sum(heights[row] for row in rows)
        _frame(sheet, rest, top, end, titles, c.text("figure.item_rest"), lambda tick, places: c.number(tick, places))
        if knowledge:
            _frame(sheet, shares, top, end, titles, c.text("figure.difficulty"), lambda tick, _: c.percent(tick, 0))
        _critical_lines(sheet, waves, rows, rest, top, heights)
        for row in rows:
            sheet.write_block(lines[row], MARGIN, top + (heights[row] - len(lines[row]) * leading()) / 2)
            _row(sheet, [wave.items[row] for wave in waves], rest, shares if knowledge else None, top + heights[row] / 2)
            top += heights[row]
        sheet.height = end + 0.42
        sheets.append(sheet)
    return sheets


def _critical_lines(sheet: Sheet, waves: Sequence[WaveWorth], rows: range, rest: Axis, top: float, heights: Sequence[float]) -> None:
    """The smallest significant correlation, a line as long as it stays the same; one line for both waves where they hardly differ."""
    first = [wave.items for wave in waves][0]
    for wave in waves:
        at, begin, last = top, top, math.nan
        for row in [*rows, None]:
            value = math.nan if row is None else wave.items[row].critical.r
            if row is not None and wave is not waves[0] and abs(value - first[row].critical.r) < HARDLY_APART:
                value = math.nan
            if value != last and not (math.isnan(value) and math.isnan(last)):
                if not math.isnan(last):
                    sheet.line("critical r", (rest.within(last), begin), (rest.within(last), at), colour=INK, width=0.9, dashes=DOTTED)
                begin, last = at, value
            at += heights[row] if row is not None else 0.0


def _row(sheet: Sheet, found: Sequence[ItemWorth], rest: Axis, shares: Axis | None, middle: float) -> None:
    for place, item in enumerate(found):
        hollow = place == 0
        y = middle + (APART if place else -APART) * (len(found) > 1)
        if shares is not None and item.right is not None and not math.isnan(item.right.share):
            sheet.line("interval", (shares.at(item.right.low), y), (shares.at(item.right.high), y), colour=GREY, width=0.9)
            sheet.marks("share", [(shares.at(item.right.share), y)], size=SIZE_OF_MARK, hollow=hollow)
        if not math.isnan(item.reliability.item_rest):
            sheet.marks("item rest", [(rest.at(item.reliability.item_rest), y)], size=SIZE_OF_MARK, hollow=hollow)


def _correlations(waves: Sequence[WaveWorth], start: float, end: float) -> Axis:
    """From the lowest correlation (or zero) to the highest (or the critical one), with some room."""
    values = [0.0, 0.5] + [value for wave in waves for item in wave.items for value in (item.reliability.item_rest, item.critical.r) if not math.isnan(value)]
    return Axis(max(-1.0, min(values) - 0.05), min(1.0, max(values) + 0.05), start, end)


def _frame(sheet: Sheet, x: Axis, top: float, end: float, title_at: float, title: str, number: Callable[[float, int], str]) -> None:
    ticks = ticks_within(x.low, x.high, 5)
    sheet.write(title, min((x.start + x.end) / 2, RIGHT - text_width(title, SMALL, "bold") / 2), title_at + leading(SMALL) / 2, SMALL, weight="bold", align="center")
    sheet.lines("grid", [((x.at(tick), top), (x.at(tick), end)) for tick in ticks], FAINT, 0.6)
    if x.low < 0:
        sheet.line("zero", (x.at(0), top), (x.at(0), end), colour=GREY, width=0.6)
    for tick in ticks:
        sheet.write(number(tick, decimals(ticks)), x.at(tick), end + 0.22, SMALL, GREY, align="center")


def _entries(sheet: Sheet, study: Study, waves: Sequence[WaveWorth], c: Catalogue) -> list[Entry]:
    def mark(hollow: bool) -> Callable[[float, float], None]:
        return lambda x, y: sheet.marks("key", [(x + KEY / 2, y)], size=5.0, hollow=hollow)

    entries: list[Entry] = [(wave_heading(study, wave.wave, c), mark(place == 0)) for place, wave in enumerate(waves)]
    return [*entries, (c.text("figure.r_line"), lambda x, y: sheet.line("key", (x, y), (x + KEY, y), colour=INK, width=0.9, dashes=DOTTED))]
