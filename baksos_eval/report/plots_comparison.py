"""The drawing of a comparison: the change in each group and the difference between them, a panel for each scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

from baksos_eval.evaluation.comparisons import ArmComparison, ScaleProgramme
from baksos_eval.report.drawing import BLUE, FAINT, GREY, PALE, TALLEST, Axis, Sheet
from baksos_eval.report.lettering import SMALL, TITLE, leading, text_width, wrap
from baksos_eval.report.many_rts import are_many, quantiles
from baksos_eval.report.phrases import digits
from baksos_eval.report.plots import MARGIN, RIGHT, on_pages, smallest_improvement
from baksos_eval.report.plots_rts import change_text, forest_frame
from baksos_eval.report.text import Catalogue

ROW = 0.55     # cm
GAP = 0.5


def draw_comparison(results: Sequence[ScaleProgramme], c: Catalogue, confidence: float) -> list[Sheet]:
    """For each scale the mean change of both groups with its interval (and every RT where whole RTs are compared), and their difference."""
    titles = [wrap(result.scale.label[c.language], RIGHT - MARGIN, TITLE, "bold") for result in results]
    heights = [len(title) * leading(TITLE) + 4 * ROW + 0.75 + 2 * leading(SMALL) + GAP for title in titles]
    sheets = []
    for panels in on_pages(heights, TALLEST - MARGIN):
        sheet, top = Sheet(), MARGIN
        for panel in panels:
            found = results[panel].comparison
            assert found is not None
            top = _panel(sheet, results[panel], found, titles[panel], top, c, confidence) + GAP
        sheet.height = top - GAP + MARGIN
        sheets.append(sheet)
    return sheets


def _panel(sheet: Sheet, result: ScaleProgramme, found: ArmComparison, title: list[str], top: float, c: Catalogue, confidence: float) -> float:
    d, main = digits(result.scale), found.main
    rows = [(c.text(f"comparison.arm.{arm}"), c.text(f"figure.units_{found.unit}", n=scores.n, k=scores.k), change_text(scores.change, scores.low, scores.high, d, c))
            for arm, scores in found.arms.items()]
    last = (c.text("figure.difference"), "", change_text(main.estimate, main.low, main.high, d, c))
    header = c.text("figure.change_header", confidence=c.percent(confidence, 0))
    head = sheet.write_block(title, MARGIN, top, TITLE, weight="bold")
    sheet.write(header, RIGHT, head + ROW / 2, weight="bold", align="right")
    names = max(text_width(text, weight="bold") for text, _, _ in [*rows, last])
    units = max(text_width(text) for _, text, _ in rows)
    written = max(text_width(text, weight="bold") for text in [header, *(text for _, _, text in [*rows, last])])
    x = _axis(result, found, MARGIN + names + units + 0.6, RIGHT - written - 0.3)
    begin = head + ROW
    end = begin + 3 * ROW + 0.25
    forest_frame(sheet, x, result.scale, begin, end, c)
    for place, (arm, scores) in enumerate(found.arms.items()):
        y = begin + (place + 0.5) * ROW
        name, size, text = rows[place]
        sheet.write(name, MARGIN, y)
        sheet.write(size, MARGIN + names + 0.2, y, colour=GREY)
        sheet.write(text, RIGHT, y, align="right")
        _rts(sheet, arm, [rt.change for rt in found.rts if rt.arm == arm], x, y)
        _interval(sheet, arm, scores.low, scores.high, x, y)
        if not math.isnan(scores.change):
            sheet.marks(arm, [(x.within(scores.change), y)], "s", BLUE, 5.5, hollow=arm == "comparison")
    sheet.line("rule", (MARGIN, begin + 2 * ROW + 0.1), (RIGHT, begin + 2 * ROW + 0.1), colour=PALE, width=0.6)
    y = begin + 2.5 * ROW + 0.15
    sheet.write(last[0], MARGIN, y, weight="bold")
    sheet.write(last[2], RIGHT, y, weight="bold", align="right")
    _interval(sheet, "difference", main.low, main.high, x, y, 1.6)
    if not math.isnan(main.estimate):
        sheet.marks("difference", [(x.within(main.estimate), y)], "D", size=5.5)
    return end + 0.45 + 2 * leading(SMALL)


def _rts(sheet: Sheet, arm: str, changes: Sequence[float], x: Axis, y: float) -> None:
    """A ring for each RT of the arm; of very many the middle half as an area and nine tenths as a line."""
    if not are_many(changes):
        sheet.marks(f"rt of {arm}", [(x.within(change), y) for change in changes if not math.isnan(change)], colour=GREY, size=3.5, hollow=True)
        return
    low, high = quantiles(changes, (0.05, 0.95))
    left, right = quantiles(changes, (0.25, 0.75))
    if not math.isnan(low):
        sheet.boxes(f"half of {arm}", [(x.within(left), y - 0.17, x.within(right), y + 0.17)], FAINT, PALE)
        sheet.line(f"most of {arm}", (x.within(low), y), (x.within(high), y), colour=GREY, width=0.6)


def _interval(sheet: Sheet, name: str, low: float, high: float, x: Axis, y: float, width: float = 1.1) -> None:
    """An interval, with an arrowhead where it leaves the plot."""
    if math.isnan(low):
        return
    sheet.line(f"interval of {name}", (x.within(low), y), (x.within(high), y), width=width)
    sheet.marks("beyond", [(x.start, y)] * (low < x.low), "<", size=4.0)
    sheet.marks("beyond", [(x.end, y)] * (high > x.high), ">", size=4.0)


def _axis(result: ScaleProgramme, found: ArmComparison, start: float, end: float) -> Axis:
    """Everything that is drawn, with zero and the smallest change that matters; never more than the scale can change."""
    widest = result.scale.maximum - result.scale.minimum
    values = [0.0, smallest_improvement(result.scale) or 0.0, found.main.estimate, found.main.low, found.main.high]
    values += [value for scores in found.arms.values() for value in (scores.change, scores.low, scores.high)] + [rt.change for rt in found.rts]
    known = [min(max(value, -widest), widest) for value in values if not math.isnan(value)]
    slack = 0.06 * (max(known) - min(known)) or widest / 10
    return Axis(max(min(known) - slack, -widest), min(max(known) + slack, widest), start, end)
