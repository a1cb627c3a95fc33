"""The drawings of single items and of categories: shares of people before and after."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from baksos_eval.evaluation.group_results import GroupItem, GroupResult
from baksos_eval.evaluation.results import FEWEST_PAIRS, ItemResult, ScaleResult
from baksos_eval.report.drawing import (
    BLUE,
    FAINT,
    GREY,
    TALLEST,
    VERMILLION,
    WHITE,
    WIDTH,
    Axis,
    Box,
    Sheet,
    readable_on,
    ticks_within,
    tint,
)
from baksos_eval.report.lettering import SMALL, TITLE, leading, text_width, wrap
from baksos_eval.report.plots import (
    KEY,
    MARGIN,
    RIGHT,
    Bell,
    dumbbell_legend,
    dumbbells,
    legend,
    on_pages,
    say_why_empty,
    too_few_pairs,
    which_way,
)
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Instrument, Option


def draw_items(instrument: Instrument, results: Sequence[ItemResult | GroupItem], c: Catalogue) -> list[Sheet]:
    """The items of one instrument, on as many sheets as their wordings need."""
    return (_draw_knowledge if instrument.kind == "knowledge" else _draw_ratings)(instrument, results, c)


def _draw_knowledge(instrument: Instrument, results: Sequence[ItemResult | GroupItem], c: Catalogue) -> list[Sheet]:
    """Dumbbells: the share of right answers before and after."""
    numbers = {place: c.text("figure.from_to", pre=c.number(100 * result.mean_pre, 0), post=c.percent(result.mean_post, 0))
               for place, result in enumerate(results) if not math.isnan(result.mean_pre)}
    text_end = 6.0
    lines = _item_lines(results, text_end, c)
    heights = [max(0.45, len(block) * leading()) + 0.2 for block in lines]
    x = Axis(0.0, 1.0, text_end + 0.5, RIGHT - max((text_width(text) for text in numbers.values()), default=0.0) - 0.3)
    sheets = []
    for rows in on_pages(heights, TALLEST - 1.7):
        sheet, bells = Sheet(), []
        top = dumbbell_legend(sheet, c.text("figure.right_rose"), c.text("figure.right_fell"), c) + 0.25
        end = top + sum(heights[row] for row in rows)
        _percent_grid(sheet, x, top, end, c)
        for row in rows:
            result, y = results[row], top + heights[row] / 2
            sheet.write_block(lines[row], MARGIN, y - len(lines[row]) * leading() / 2)
            if row in numbers:
                bells.append(Bell(x.at(result.mean_pre), x.at(result.mean_post), y, which_way(result.mean_post - result.mean_pre, "up")))
                sheet.write(numbers[row], RIGHT, y, align="right")
            else:
                say_why_empty(sheet, _why_empty(result, c), x.at(0.5), y, x.end - x.start)
            top += heights[row]
        dumbbells(sheet, bells)
        sheet.height = end + 0.45
        sheets.append(sheet)
    return sheets


def _draw_ratings(instrument: Instrument, results: Sequence[ItemResult | GroupItem], c: Catalogue) -> list[Sheet]:
    """Diverging stacked bars: the lower options to the left of a middle line, the upper ones to the right."""
    options = sorted(instrument.options, key=lambda option: option.value or 0.0)
    colours, lower = _diverging(len(options)), range(len(options) // 2)
    waves = (c.text("table.column.pre"), c.text("table.column.post"))
    text_end, bar, gap = 5.3, 0.36, 0.06
    bars = text_end + 0.25 + max(text_width(wave, SMALL) for wave in waves) + 0.15
    lines = _item_lines(results, text_end, c)
    heights = [max(2 * bar + gap, len(block) * leading()) + 0.3 for block in lines]
    shares = [[_shares(counts, options) for counts in (result.pre, result.post)] for result in results]
    x = _diverging_axis([share for both in shares for share in both if share], bars, WIDTH - 0.1)
    sheets = []
    for rows in on_pages(heights, TALLEST - 2.2):
        sheet = Sheet()
        top = legend(sheet, MARGIN, [(option.label[c.language], _swatch(sheet, colour, place in lower))
                                     for place, (option, colour) in enumerate(zip(options, colours, strict=True))], MARGIN, RIGHT) + 0.25
        end = top + sum(heights[row] for row in rows)
        _percent_grid(sheet, x, top, end, c)
        sheet.line("middle", (x.at(0.0), top), (x.at(0.0), end), width=0.8)
        pieces: list[Piece] = []
        for row in rows:
            sheet.write_block(lines[row], MARGIN, top + (heights[row] - len(lines[row]) * leading()) / 2)
            at = top + (heights[row] - 2 * bar - gap) / 2
            if not shares[row][0]:
                say_why_empty(sheet, _why_empty(results[row], c), (bars + RIGHT) / 2, at + bar + gap / 2, RIGHT - bars)
            for wave, share in zip(waves, shares[row], strict=True):
                if share:
                    sheet.write(wave, bars - 0.15, at + bar / 2, SMALL, GREY, align="right")
                    pieces += _diverging_bar(share, x, at, at + bar, c)
                at += bar + gap
            top += heights[row]
        _stack(sheet, pieces, colours, lower)
        sheet.height = end + 0.45
        sheets.append(sheet)
    return sheets


def draw_categories(results: Sequence[ScaleResult | GroupResult], c: Catalogue) -> Sheet:
    """Two stacked bars for each scale, the best category from the left."""
    sheet, top = Sheet(), MARGIN
    waves = (c.text("table.column.pre"), c.text("table.column.post"))
    start = MARGIN + max(text_width(wave) for wave in waves) + 0.15
    x, bar = Axis(0.0, 1.0, start, WIDTH - 0.35), 0.62
    for number, result in enumerate(results):
        table = result.categories
        assert table is not None
        colours = _from_best_to_worst(len(table.pre))
        worst = (len(colours) - 1,)
        if len(results) > 1:
            title = wrap(result.scale.label[c.language], RIGHT - MARGIN, TITLE, "bold")
            top = sheet.write_block(title, MARGIN, top + (0.35 if number else 0.0), TITLE, weight="bold") + 0.05
        top = legend(sheet, top, [(c.text(f"band.{key}"), _swatch(sheet, colour, place in worst))
                                  for place, (key, colour) in enumerate(zip(table.pre, colours, strict=True))], start, RIGHT) + 0.15
        pieces: list[Piece] = []
        for wave, counts in zip(waves, (table.pre, table.post), strict=True):
            sheet.write(wave, start - 0.15, top + bar / 2, align="right")
            total, at = sum(counts.values()), 0
            for place, count in enumerate(counts.values()):
                if count:
                    texts = (c.text("figure.people", count=count, share=c.percent(count / total, 0)), str(count))
                    pieces.append(Piece(place, (x.at(at / total), top, x.at((at + count) / total), top + bar), texts))
                at += count
            top += bar + 0.12
        _stack(sheet, pieces, colours, worst)
    _percent_grid(sheet, x, top, top - 0.05, c)
    sheet.height = top + 0.4
    return sheet


class Piece(NamedTuple):
    """A piece of a stacked bar: which colour, where, and what may be written in it (the first text that fits)."""

    place: int
    box: Box
    texts: tuple[str, ...]


def _stack(sheet: Sheet, pieces: Sequence[Piece], colours: Sequence[str], hatched: Container[int]) -> None:
    """The pieces with their texts; behind a text the hatching is left out."""
    for place, colour in enumerate(colours):
        mine = [piece for piece in pieces if piece.place == place]
        sheet.boxes(f"option {place}", [piece.box for piece in mine], colour, WHITE, place in hatched)
        plates = []
        for _, (left, top, right, bottom), texts in mine:
            text = next((text for text in texts if text_width(text, SMALL) + 0.12 <= right - left), "")
            if text:
                middle, half = (left + right) / 2, text_width(text, SMALL) / 2 + 0.05
                plates.append((middle - half, top + 0.02, middle + half, bottom - 0.02))
                sheet.write(text, middle, (top + bottom) / 2, SMALL, readable_on(colour), align="center")
        if place in hatched:
            sheet.boxes("plate", plates, colour)


def _swatch(sheet: Sheet, colour: str, hatched: bool) -> Callable[[float, float], None]:
    return lambda x, y: sheet.boxes("key", [(x, y - 0.11, x + KEY, y + 0.11)], colour, GREY, hatched)


def _why_empty(result: ItemResult | GroupItem, c: Catalogue) -> str:
    return c.text("figure.too_few_apart", fewest=FEWEST_PAIRS) if isinstance(result, GroupItem) else too_few_pairs(result.n, c)


def _item_lines(results: Sequence[ItemResult | GroupItem], width: float, c: Catalogue) -> list[list[str]]:
    """Each item's number and wording, with its own n where fewer answered it than other items."""
    most = max((result.n for result in results), default=0)
    lines = []
    for number, result in enumerate(results, start=1):
        text = f"{number}. {result.item.shown[c.language]}" + (c.text("item.reversed") if result.item.reversed else "")
        lines.append(wrap(text if result.n == most else c.text("figure.item_n", item=text, n=result.n), width))
    return lines


def _shares(counts: Mapping[str, int], options: Sequence[Option]) -> list[float]:
    """Each option's share of the answers, empty where nothing may be shown."""
    total = sum(counts.values())
    return [counts.get(option.code, 0) / total for option in options] if total else []


def _below_middle(share: Sequence[float]) -> float:
    """How far a bar reaches to the left: the lower half of the options, and half of the middle one."""
    half = len(share) // 2
    return sum(share[:half]) + (share[half] / 2 if len(share) % 2 else 0.0)


def _diverging_axis(shares: Iterable[Sequence[float]], start: float, end: float) -> Axis:
    reaches = [(_below_middle(share), 1 - _below_middle(share)) for share in shares] or [(0.5, 0.5)]
    left, right = (max(reach) for reach in zip(*reaches, strict=True))
    return Axis(-max(left, 0.1), max(right, 0.1), start, end)


def _diverging_bar(share: Sequence[float], x: Axis, top: float, bottom: float, c: Catalogue) -> list[Piece]:
    at, pieces = -_below_middle(share), []
    for place, part in enumerate(share):
        if part:
            pieces.append(Piece(place, (x.at(at), top, x.at(at + part), bottom), (c.number(100 * part, 0),)))
        at += part
    return pieces


def _diverging(count: int) -> list[str]:
    """Colours from the lowest option to the highest, the middle one grey."""
    side = [1 - 0.62 * place / max(1, count // 2) for place in range(count // 2)]
    return [tint(VERMILLION, strength) for strength in side] + [FAINT] * (count % 2) + [tint(BLUE, strength) for strength in reversed(side)]


def _from_best_to_worst(count: int) -> list[str]:
    """Blue, thinning from the best category on, and for the worst one vermillion (drawn hatched)."""
    return [tint(BLUE, 1 - 0.7 * place / max(1, count - 2)) for place in range(count - 1)] + [VERMILLION]


def _percent_grid(sheet: Sheet, x: Axis, top: float, end: float, c: Catalogue) -> None:
    ticks = ticks_within(x.low, x.high, 6)
    sheet.lines("grid", [((x.at(tick), top), (x.at(tick), end + 0.05)) for tick in ticks], FAINT, 0.6)
    for tick in ticks:
        sheet.write(c.percent(abs(tick), 0), x.at(tick), end + 0.25, SMALL, GREY, align="center")
