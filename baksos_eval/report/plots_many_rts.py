"""The drawings of very many RTs on one page: all of them in order with their intervals, and how many there are of each size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from baksos_eval.evaluation.results import ScaleSummary
from baksos_eval.report.drawing import (
    BLUE,
    DASHED,
    GREY,
    INK,
    PALE,
    TALLEST,
    Axis,
    Point,
    Sheet,
    decimals,
    ticks_over,
    ticks_within,
    tint,
)
from baksos_eval.report.lettering import POINT, SMALL, TITLE, leading, text_width, wrap
from baksos_eval.report.many_rts import differ, in_order
from baksos_eval.report.phrases import digits, unit_of
from baksos_eval.report.plots import MARGIN, RIGHT, on_pages
from baksos_eval.report.plots_rts import ROW, axis_over, draw_totals, forest_frame, totals_of
from baksos_eval.report.text import Catalogue

MOST_STROKES = 300
"""RTs drawn as a line each: more lines would lie on one another, so that neighbours are drawn as a band."""

BANDS = 100
"""Groups of neighbours that the band goes through."""

_ORDER, _STRIP, _PANEL = 8.0, 2.0, 1.7     # cm
_BARS = 40


def draw_spread(result: ScaleSummary, c: Catalogue) -> Sheet:
    """All RTs in order with their intervals, the number of RTs by measured change, and what is pooled, over one axis of changes."""
    order, own = in_order(result), not differ(result)
    told = result.units if own else result.shrunken
    numbers = np.array([(told[place].low, told[place].change if own else told[place].estimate, told[place].high) for place in order], dtype=float).reshape(-1, 3)
    changes = [result.units[place].change for place in order]
    totals = totals_of(result, c)
    heads = [c.text("figure.each_rt" if len(order) <= MOST_STROKES else "figure.each_rt_grouped"), c.text("figure.measured")]
    names = max([text_width(name, weight="bold") for name, _, _ in totals] + [2.6])
    written = max([text_width(text, weight="bold") for _, text, _ in totals] + [0.4])
    highest = text_width(c.number(len(order), 0), SMALL)
    x = axis_over(result, [*numbers.ravel(), *changes], MARGIN + names + highest + 0.45, RIGHT - written - 0.3)
    sheet, top = Sheet(), MARGIN + 0.1
    strip = top + _ORDER + 0.3
    bottom = strip + _STRIP
    end = bottom + (ROW * len(totals) + 0.25 if totals else 0.05)
    _draw_order(sheet, numbers, x, top, top + _ORDER)
    _draw_counts(sheet, changes, x, _edges(x.low, x.high), strip, bottom, c)
    forest_frame(sheet, x, result.scale, top, end, c)
    for text, at in zip(heads, (top, strip), strict=True):
        sheet.write_block(wrap(text, names, weight="bold"), MARGIN, at, weight="bold")
    for text, at in ((c.text("many_rts.best"), top + leading() * (len(wrap(heads[0], names, weight="bold")) + 0.3)), (c.text("many_rts.worst"), 0.0)):
        lines = wrap(text, names, SMALL)
        sheet.write_block(lines, MARGIN, at or top + _ORDER - len(lines) * leading(SMALL), SMALL, GREY)
    sheet.line("rule", (MARGIN, strip - 0.15), (RIGHT, strip - 0.15), colour=PALE, width=0.6)
    draw_totals(sheet, totals, result, x, bottom)
    sheet.height = end + 0.45 + 2 * leading(SMALL) + MARGIN
    return sheet


def draw_means_spread(results: Sequence[ScaleSummary], c: Catalogue) -> list[Sheet]:
    """For each scale how many RTs have which mean before and after, one above the other over the whole scale."""
    titles = [wrap(result.scale.label[c.language], RIGHT - MARGIN, TITLE, "bold") for result in results]
    heights = [len(title) * leading(TITLE) + 2 * _PANEL + leading(SMALL) + 1.2 for title in titles]
    names = max(text_width(c.text(f"table.column.{wave}")) for wave in ("pre", "post"))
    written = max(text_width(c.text("figure.median", value=c.number(result.scale.maximum, digits(result.scale))), SMALL) for result in results)
    sheets = []
    for panels in on_pages(heights, TALLEST - MARGIN):
        sheet, top = Sheet(), MARGIN
        for panel in panels:
            result = results[panel]
            x = Axis(result.scale.minimum, result.scale.maximum, MARGIN + names + 1.2, RIGHT - written - 0.4)
            at = sheet.write_block(titles[panel], MARGIN, top, TITLE, weight="bold")
            sheet.write(unit_of(result.scale, c), MARGIN, at + leading(SMALL) / 2, SMALL, GREY)
            at += leading(SMALL) + 0.2
            for wave in ("pre", "post"):
                means = [mean for mean in (getattr(unit, f"mean_{wave}") for unit in result.units) if not math.isnan(mean)]
                sheet.write(c.text(f"table.column.{wave}"), MARGIN, at + _PANEL - 0.15)
                _draw_counts(sheet, means, x, _edges(x.low, x.high), at, at + _PANEL, c)
                if means:
                    middle = float(np.median(means))
                    sheet.line("median", (x.at(middle), at), (x.at(middle), at + _PANEL), width=1.0, dashes=DASHED)
                    sheet.write(c.text("figure.median", value=c.number(middle, digits(result.scale))), RIGHT, at + _PANEL - 0.15, SMALL, align="right")
                at += _PANEL + 0.15
            ticks = ticks_over(x.low, x.high)
            sheet.lines("tick", [((x.at(tick), at - 0.15), (x.at(tick), at - 0.07)) for tick in ticks], GREY, 0.6)
            for tick in ticks:
                sheet.write(c.number(tick, decimals(ticks)), x.at(tick), at + 0.13, SMALL, GREY, align="center")
            top += heights[panel]
        sheet.height = top - 0.35 + MARGIN
        sheets.append(sheet)
    return sheets


def groups_of(count: int) -> int:
    """In how many groups of neighbours so many RTs are drawn: one each, until lines would lie on one another."""
    return count if count <= MOST_STROKES else BANDS


def _draw_order(sheet: Sheet, numbers: np.ndarray, x: Axis, top: float, end: float) -> None:
    """A row for each RT (low, estimate, high) or, of very many, a band and a line through the medians of neighbours."""
    if not len(numbers):
        return
    row = (end - top) / groups_of(len(numbers))
    y = [top + (place + 0.5) * row for place in range(groups_of(len(numbers)))]
    if len(numbers) <= MOST_STROKES:
        limited = [(one, at) for one, at in zip(numbers, y, strict=True) if not math.isnan(one[0])]
        sheet.lines("interval", [((x.within(one[0]), at), (x.within(one[2]), at)) for one, at in limited], GREY, min(0.9, 0.5 * row / POINT))
        sheet.marks("rt", [(x.within(one[1]), at) for one, at in zip(numbers, y, strict=True)], "o", BLUE, min(3.0, max(1.2, 0.75 * row / POINT)))
        return
    lows, middles, highs = (np.array([_median(group[:, place]) for group in np.array_split(numbers, len(y))]) for place in range(3))
    known = [place for place in range(len(y)) if not math.isnan(lows[place])]
    left: list[Point] = [(x.within(lows[place]), y[place]) for place in known]
    right: list[Point] = [(x.within(highs[place]), y[place]) for place in known]
    if len(known) > 1:
        sheet.area("band", [*left, *right[::-1]], tint(BLUE, 0.25))
    sheet.line("rt", *((x.within(middle), at) for middle, at in zip(middles, y, strict=True)), colour=BLUE, width=1.6)


def _median(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else math.nan


def _edges(low: float, high: float) -> list[float]:
    """Bounds of bars, of one round width and with one at zero, over the whole axis."""
    ticks = ticks_within(low, high, _BARS)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else (high - low)
    return [step * place for place in range(math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9) + 1)]


def _draw_counts(sheet: Sheet, values: Sequence[float], x: Axis, edges: Sequence[float], top: float, end: float, c: Catalogue) -> None:
    """A bar for each span of values as high as RTs lie in it, with the most of them written at that height."""
    sheet.line("floor", (x.start, end), (x.end, end), colour=GREY, width=0.6)
    if not len(values):
        return
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    highest = int(counts.max())
    height = end - top - 0.1
    sheet.boxes("bar", [(x.within(low), end - height * count / highest, x.within(high), end) for low, high, count in zip(edges, edges[1:], counts, strict=False) if count],
                tint(BLUE, 0.45), INK)
    sheet.line("highest", (x.start - 0.1, top + 0.1), (x.start, top + 0.1), colour=GREY, width=0.6)
    sheet.write(c.number(highest, 0), x.start - 0.15, top + 0.1, SMALL, GREY, align="right")
