"""The drawings that set RTs side by side: the forest plot of changes, and means before and after."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from baksos_eval.evaluation.results import ScaleSummary, Unit
from baksos_eval.report.drawing import (
    BLUE,
    DASHED,
    DOTTED,
    FAINT,
    GREY,
    INK,
    PALE,
    TALLEST,
    Axis,
    Sheet,
    decimals,
    ticks_over,
    ticks_within,
)
from baksos_eval.report.lettering import SIZE, SMALL, leading, text_width, wrap
from baksos_eval.report.phrases import digits, unit_of
from baksos_eval.report.plots import (
    MARGIN,
    RIGHT,
    Bell,
    dumbbell_legend,
    dumbbells,
    on_pages,
    smallest_improvement,
    which_way,
)
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Scale

ROW = 0.46     # cm
Total = tuple[str, str, Callable[[Sheet, ScaleSummary, Axis, float], None]]


def draw_forest(result: ScaleSummary, c: Catalogue, confidence: float) -> list[Sheet]:
    """A row for each RT with its mean change and interval, and the pooled change with its prediction interval below."""
    d = digits(result.scale)
    numbers = [change_text(unit.change, unit.low, unit.high, d, c) for unit in result.units]
    totals = totals_of(result, c)
    header = c.text("figure.change_header", confidence=c.percent(confidence, 0))
    widest = max([text_width(unit.rt) for unit in result.units] + [text_width(name, weight="bold") for name, _, _ in totals] + [1.0])
    names = [wrap(unit.rt, min(widest, 4.2)) for unit in result.units]
    n_end = MARGIN + min(widest, 4.2) + 0.75
    written = max(text_width(text, weight="bold") for text in [header, *numbers, *(text for _, text, _ in totals)])
    x = _forest_axis(result, n_end + 0.35, RIGHT - written - 0.3)
    heights = [max(ROW, len(name) * leading() + 0.1) for name in names]
    most = max((unit.n for unit in result.units), default=1)
    sheets = []
    for rows in on_pages(heights, TALLEST - 2.6 - ROW * len(totals)):
        sheet, top = Sheet(), MARGIN + ROW
        sheet.write(c.text("table.column.rt"), MARGIN, MARGIN + ROW / 2, weight="bold")
        sheet.write(c.text("table.column.n"), n_end, MARGIN + ROW / 2, weight="bold", align="right")
        sheet.write(header, RIGHT, MARGIN + ROW / 2, weight="bold", align="right")
        end = top + sum(heights[row] for row in rows) + (ROW * len(totals) + 0.25 if totals else 0.0)
        forest_frame(sheet, x, result.scale, top, end, c)
        drawn = []
        for row in rows:
            y = top + heights[row] / 2
            sheet.write_block(names[row], MARGIN, y - len(names[row]) * leading() / 2)
            sheet.write(str(result.units[row].n), n_end, y, align="right")
            sheet.write(numbers[row], RIGHT, y, align="right")
            drawn.append((result.units[row], y))
            top += heights[row]
        _forest_rows(sheet, drawn, x, most)
        draw_totals(sheet, totals, result, x, top)
        sheet.height = end + 0.45 + 2 * leading(SMALL) + MARGIN
        sheets.append(sheet)
    return sheets


def totals_of(result: ScaleSummary, c: Catalogue) -> list[Total]:
    """The pooled change and the prediction interval, each with its name, its numbers and how it is drawn; none where nothing is pooled."""
    pooled, d = result.pooled, digits(result.scale)
    return [] if math.isnan(pooled.low) else [
        (c.text("figure.pooled", k=c.number(pooled.k, 0)), change_text(pooled.estimate, pooled.low, pooled.high, d, c), _diamond),
        (c.text("figure.prediction"), c.interval(pooled.prediction_low, pooled.prediction_high, d), _prediction)]


def draw_totals(sheet: Sheet, totals: Sequence[Total], result: ScaleSummary, x: Axis, top: float) -> None:
    """A row for each total below a rule; nothing without totals."""
    if totals:
        sheet.line("rule", (MARGIN, top + 0.1), (RIGHT, top + 0.1), colour=PALE, width=0.6)
        top += 0.2
    for name, text, draw in totals:
        sheet.write(name, MARGIN, top + ROW / 2, weight="bold")
        sheet.write(text, RIGHT, top + ROW / 2, weight="bold", align="right")
        draw(sheet, result, x, top + ROW / 2)
        top += ROW


def change_text(change: float, low: float, high: float, d: int, c: Catalogue) -> str:
    """A change with its interval, as it stands beside a plot."""
    if math.isnan(low):
        return c.number(change, d, signed=True)
    return c.text("figure.change_interval", change=c.number(change, d, signed=True), interval=c.interval(low, high, d))


def _forest_axis(result: ScaleSummary, start: float, end: float) -> Axis:
    """Wide enough for all intervals."""
    return axis_over(result, [value for unit in result.units for value in (unit.change, unit.low, unit.high)], start, end)


def axis_over(result: ScaleSummary, values: Sequence[float], start: float, end: float) -> Axis:
    """An axis of changes over these values, zero, the smallest change that matters and what is pooled; never more than the scale can change."""
    pooled, widest = result.pooled, result.scale.maximum - result.scale.minimum
    values = [0.0, smallest_improvement(result.scale) or 0.0, pooled.low, pooled.high, pooled.prediction_low, pooled.prediction_high, *values]
    known = [min(max(value, -widest), widest) for value in values if not math.isnan(value)]
    low, high = min(known), max(known)
    slack = 0.06 * (high - low) or widest / 10
    return Axis(max(low - slack, -widest), min(high + slack, widest), start, end)


def forest_frame(sheet: Sheet, x: Axis, scale: Scale, top: float, end: float, c: Catalogue) -> None:
    """The axis of changes below a plot, with zero, the smallest change that matters, and which way is better."""
    ticks = ticks_within(x.low, x.high, 6)
    sheet.line("axis", (x.start, end), (x.end, end), colour=GREY, width=0.6)
    sheet.lines("tick", [((x.at(tick), end), (x.at(tick), end + 0.08)) for tick in ticks], GREY, 0.6)
    for tick in ticks:
        sheet.write(c.number(tick, decimals(ticks), signed=True), x.at(tick), end + 0.28, SMALL, GREY, align="center")
    sheet.line("zero", (x.at(0), top), (x.at(0), end), colour=INK, width=0.8)
    wanted = smallest_improvement(scale)
    if wanted is not None:
        sheet.line("smallest change", (x.at(wanted), top), (x.at(wanted), end), colour=GREY, width=1.0, dashes=DOTTED)
    below = end + 0.45 + leading(SMALL) / 2
    sheet.write(c.text(f"figure.leftward_{scale.direction}"), x.at(0) - 0.15, below, SMALL, align="right")
    sheet.write(c.text(f"figure.rightward_{scale.direction}"), x.at(0) + 0.15, below, SMALL)
    title = c.text("figure.change_axis", unit=unit_of(scale, c))
    half = text_width(title, SMALL) / 2
    sheet.write(title, min(max((x.start + x.end) / 2, MARGIN + half), RIGHT - half), below + leading(SMALL), SMALL, align="center")


def _forest_rows(sheet: Sheet, rows: Sequence[tuple[Unit, float]], x: Axis, most: int) -> None:
    """Intervals, cut with an arrowhead where they leave the plot, and a square whose area goes with n."""
    known = [(unit, y) for unit, y in rows if not math.isnan(unit.change)]
    limited = [(unit, y) for unit, y in known if not math.isnan(unit.low)]
    sheet.lines("interval", [((x.within(unit.low), y), (x.within(unit.high), y)) for unit, y in limited], widths=1.0)
    sheet.marks("beyond", [(x.start, y) for unit, y in limited if unit.low < x.low], "<", size=4.0)
    sheet.marks("beyond", [(x.end, y) for unit, y in limited if unit.high > x.high], ">", size=4.0)
    for unit, y in known:
        sheet.marks("rt", [(x.at(unit.change), y)], "s", BLUE, 6.5 * math.sqrt(unit.n / most))


def _diamond(sheet: Sheet, result: ScaleSummary, x: Axis, y: float) -> None:
    low, middle, high = (x.within(value) for value in (result.pooled.low, result.pooled.estimate, result.pooled.high))
    sheet.area("pooled", ((low, y), (middle, y - 0.16), (high, y), (middle, y + 0.16)), BLUE, INK)


def _prediction(sheet: Sheet, result: ScaleSummary, x: Axis, y: float) -> None:
    low, high = result.pooled.prediction_low, result.pooled.prediction_high
    if not math.isnan(low):
        sheet.line("prediction", (x.within(low), y), (x.within(high), y), width=1.2, dashes=DASHED)
        sheet.lines("prediction end", [((x.at(end), y - 0.1), (x.at(end), y + 0.1)) for end in (low, high) if end == min(max(end, x.low), x.high)], widths=1.2)


def draw_progress(results: Sequence[ScaleSummary], c: Catalogue) -> list[Sheet]:
    """A column for each scale, a row for each RT: from the mean before to the mean after."""
    rts = [unit.rt for unit in results[0].units]
    widest = min(max(text_width(rt) for rt in rts), 3.6)
    names = [wrap(rt, widest) for rt in rts]
    gap = 0.7
    width = (RIGHT - MARGIN - widest - gap * len(results)) / len(results)
    heights = [max(0.5, len(name) * leading() + 0.12) for name in names]
    titles = [wrap(result.scale.label[c.language], width + gap / 2, SIZE, "bold") for result in results]
    head = max(map(len, titles)) * leading()
    sheets = []
    for rows in on_pages(heights, TALLEST - head - 2.0):
        sheet = Sheet()
        begin = dumbbell_legend(sheet, c.text("figure.improved"), c.text("figure.worse"), c) + 0.2
        top = begin + head + leading(SMALL) + 0.15
        end = top + sum(heights[row] for row in rows)
        middles, at = [], top
        for row in rows:
            middles.append(at + heights[row] / 2)
            sheet.write_block(names[row], MARGIN, middles[-1] - len(names[row]) * leading() / 2)
            at += heights[row]
        for column, (result, title) in enumerate(zip(results, titles, strict=True)):
            left = MARGIN + widest + gap + column * (width + gap)
            x = Axis(result.scale.minimum, result.scale.maximum, left, left + width - 0.15)
            sheet.write_block(title, left, begin + head - len(title) * leading(), weight="bold")
            sheet.write(unit_of(result.scale, c), left, begin + head + leading(SMALL) / 2, SMALL, GREY)
            _progress_column(sheet, [(result.units[row], y) for row, y in zip(rows, middles, strict=True)], result.scale, x, top, end, c)
        sheet.height = end + 0.42
        sheets.append(sheet)
    return sheets


def _progress_column(sheet: Sheet, rows: Sequence[tuple[Unit, float]], scale: Scale, x: Axis, top: float, end: float, c: Catalogue) -> None:
    ticks = ticks_over(x.low, x.high)
    sheet.lines("grid", [((x.at(tick), top), (x.at(tick), end)) for tick in ticks], FAINT, 0.6)
    for tick in ticks:
        sheet.write(c.number(tick, decimals(ticks)), x.at(tick), end + 0.22, SMALL, GREY, align="center")
    for unit, y in rows:
        if math.isnan(unit.mean_pre):
            sheet.write(c.number(unit.mean_pre), (x.start + x.end) / 2, y, SMALL, GREY, align="center")
    dumbbells(sheet, [Bell(x.at(unit.mean_pre), x.at(unit.mean_post), y, which_way(unit.change, scale.direction))
                      for unit, y in rows if not math.isnan(unit.mean_pre)])
