"""The drawing of how the main change fares under other ways of computing, a panel for each scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import ScaleResult, Variant
from baksos_eval.report.drawing import BLUE, DASHED, GREY, TALLEST, Axis, Sheet
from baksos_eval.report.lettering import SMALL, TITLE, leading, text_width, wrap
from baksos_eval.report.phrases import digits
from baksos_eval.report.plots import MARGIN, RIGHT, on_pages, smallest_improvement
from baksos_eval.report.plots_rts import change_text, forest_frame
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Scale

NAMES = 5.2    # cm for the ways' names
GAP = 0.45


def draw_sensitivity(results: Sequence[ScaleResult | GroupResult], c: Catalogue, confidence: float) -> list[Sheet]:
    """For each scale a row a way: its change and interval, the main result first and filled; a broken line marks the main change."""
    lines = [[wrap(c.text(f"sensitivity.{variant.name}"), NAMES, SMALL) for variant in result.annex.sensitivity] for result in results]
    titles = [wrap(result.scale.label[c.language], RIGHT - MARGIN, TITLE, "bold") for result in results]
    heights = [len(title) * leading(TITLE) + sum(map(_height, rows)) + 1.35 + 2 * leading(SMALL) + GAP for title, rows in zip(titles, lines, strict=True)]
    sheets = []
    for panels in on_pages(heights, TALLEST - MARGIN):
        sheet, top = Sheet(), MARGIN
        for panel in panels:
            top = _panel(sheet, results[panel], titles[panel], lines[panel], top, c, confidence) + GAP
        sheet.height = top - GAP + MARGIN
        sheets.append(sheet)
    return sheets


def _height(lines: Sequence[str]) -> float:
    return max(0.5, len(lines) * leading(SMALL) + 0.12)


def _panel(sheet: Sheet, result: ScaleResult | GroupResult, title: list[str], lines: list[list[str]], top: float, c: Catalogue, confidence: float) -> float:
    variants, d = result.annex.sensitivity, digits(result.scale)
    texts = [change_text(variant.change, variant.low, variant.high, d, c) for variant in variants]
    header = c.text("figure.change_header", confidence=c.percent(confidence, 0))
    head = sheet.write_block(title, MARGIN, top, TITLE, weight="bold")
    sheet.write(header, RIGHT, head + 0.3, weight="bold", align="right")
    x = _axis(result.scale, variants, MARGIN + NAMES + 0.3, RIGHT - max(text_width(text, weight="bold") for text in [header, *texts]) - 0.3)
    begin = head + 0.6
    end = begin + sum(map(_height, lines)) + 0.1
    forest_frame(sheet, x, result.scale, begin, end, c)
    sheet.line("main change", (x.within(variants[0].change), begin), (x.within(variants[0].change), end), colour=BLUE, width=0.6, dashes=DASHED)
    at = begin
    for place, (variant, name, text) in enumerate(zip(variants, lines, texts, strict=True)):
        y = at + _height(name) / 2
        sheet.write_block(name, MARGIN, y - len(name) * leading(SMALL) / 2, SMALL)
        sheet.write(text, RIGHT, y, weight="regular" if place else "bold", align="right")
        if not math.isnan(variant.low):
            sheet.line(f"interval of {variant.name}", (x.within(variant.low), y), (x.within(variant.high), y), width=1.0 if place else 1.6)
        if not math.isnan(variant.change):
            sheet.marks(variant.name, [(x.within(variant.change), y)], "o" if place else "s", BLUE if not place else GREY, 4.5 if place else 5.5, hollow=bool(place))
        at += _height(name)
    return end + 0.45 + 2 * leading(SMALL)


def _axis(scale: Scale, variants: Sequence[Variant], start: float, end: float) -> Axis:
    """Everything that is drawn, with zero and the smallest change that matters; never more than the scale can change."""
    widest = scale.maximum - scale.minimum
    values = [0.0, smallest_improvement(scale) or 0.0, *(value for variant in variants for value in (variant.change, variant.low, variant.high))]
    known = [min(max(value, -widest), widest) for value in values if not math.isnan(value)]
    slack = 0.06 * (max(known) - min(known)) or widest / 10
    return Axis(max(min(known) - slack, -widest), min(max(known) + slack, widest), start, end)
