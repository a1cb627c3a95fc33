"""The drawing of satisfaction: how people answered about each element, and the index that this makes."""

from __future__ import annotations

from baksos_eval.activities.satisfaction import Satisfaction
from baksos_eval.report import inline
from baksos_eval.report.drawing import (
    BLUE,
    FAINT,
    GREY,
    VERMILLION,
    WHITE,
    WIDTH,
    Axis,
    Sheet,
    readable_on,
    ticks_within,
    tint,
)
from baksos_eval.report.lettering import SMALL, leading, text_width, wrap
from baksos_eval.report.outreach import element_name
from baksos_eval.report.plots import KEY, MARGIN, RIGHT, legend
from baksos_eval.report.text import Catalogue

BAR, GAP = 0.5, 0.22     # cm
_TEXT_END = 4.6


def draw_satisfaction(found: Satisfaction, c: Catalogue) -> Sheet:
    """A stacked bar for each element, the lowest rating from the left (hatched), and its index behind the bar."""
    sheet = Sheet()
    options = sorted(found.instrument.options, key=lambda option: option.value or 0.0)
    half = len(options) // 2
    strengths = [1 - 0.55 * place / max(1, half) for place in range(half)]
    colours = [tint(VERMILLION, strength) for strength in strengths] + [FAINT] * (len(options) % 2) + [tint(BLUE, strength) for strength in reversed(strengths)]
    entries = [(option.label[c.language], lambda x, y, colour=colour, hatched=place < half: sheet.boxes("key", [(x, y - 0.11, x + KEY, y + 0.11)], colour, GREY, hatched))
               for place, (option, colour) in enumerate(zip(options, colours, strict=True))]
    values = [c.number(element.score.percent, 1) for element in found.all.elements]
    head = c.text("satisfaction.column")
    room = max(text_width(text, SMALL) for text in (head, *values))
    x = Axis(0.0, 1.0, _TEXT_END + 0.2, WIDTH - MARGIN - room - 0.3)
    top = legend(sheet, MARGIN, entries, MARGIN, RIGHT) + 0.1
    sheet.write(head, RIGHT, top + leading(SMALL) / 2, SMALL, GREY, align="right")
    top += leading(SMALL) + 0.1
    for element, value in zip(found.all.elements, values, strict=True):
        lines = wrap(inline.plain(element_name(found, element, c)), _TEXT_END - MARGIN, SMALL)
        height = max(BAR, len(lines) * leading(SMALL))
        middle = top + height / 2
        sheet.write_block(lines, MARGIN, middle - len(lines) * leading(SMALL) / 2, SMALL)
        total, at = sum(element.answers.values()), 0
        for place, (option, colour) in enumerate(zip(options, colours, strict=True)):
            count = element.answers.get(option.code, 0)
            if count:
                left, right = x.at(at / total), x.at((at + count) / total)
                sheet.boxes(f"option {place}", [(left, middle - BAR / 2, right, middle + BAR / 2)], colour, WHITE, place < half)
                text = c.number(100 * count / total, 0)
                if text_width(text, SMALL) + 0.14 <= right - left:
                    if place < half:
                        sheet.boxes("plate", [((left + right) / 2 - text_width(text, SMALL) / 2 - 0.05, middle - BAR / 2 + 0.03, (left + right) / 2 + text_width(text, SMALL) / 2 + 0.05, middle + BAR / 2 - 0.03)], colour)
                    sheet.write(text, (left + right) / 2, middle, SMALL, readable_on(colour), align="center")
            at += count
        sheet.write(value, RIGHT, middle, SMALL, align="right")
        top += height + GAP
    for tick in ticks_within(0.0, 1.0, 5):
        sheet.line("tick", (x.at(tick), top - GAP + 0.03), (x.at(tick), top - GAP + 0.12), colour=GREY, width=0.6)
        sheet.write(c.percent(tick, 0), x.at(tick), top + 0.12, SMALL, GREY, align="center")
    sheet.height = top + 0.35
    return sheet
