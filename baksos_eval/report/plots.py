"""The drawing of change and flow in one RT, and the pieces that all drawings share: results in, a laid-out sheet out.

Order is the study's own everywhere: neither RTs nor items are sorted by their result.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np

from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import FEWEST_PAIRS, ScaleResult
from baksos_eval.evaluation.waves import WaveResult
from baksos_eval.intake.pairing import Flow
from baksos_eval.report import drawing
from baksos_eval.report.drawing import BLUE, FAINT, GREY, INK, PALE, VERMILLION, WHITE, WIDTH, Axis, Sheet
from baksos_eval.report.lettering import SMALL, TITLE, leading, text_width, wrap
from baksos_eval.report.phrases import digits, unit_of
from baksos_eval.report.text import Catalogue
from baksos_eval.stats.samples import changes
from baksos_eval.study.instrument import Scale

Entry = tuple[str, Callable[[float, float], None]]
Changed = ScaleResult | GroupResult                     # what has a change of the mean to draw
Scaled = TypeVar("Scaled", ScaleResult, GroupResult, WaveResult)

MARGIN = 0.05                     # cm
RIGHT = WIDTH - MARGIN
KEY = 0.6                         # cm: the sample of a line or colour in a legend
STYLES = {"improved": (BLUE, drawing.SOLID), "same": (PALE, drawing.SOLID), "worse": (VERMILLION, drawing.DASHED)}


def draw_change(results: Sequence[ScaleResult], c: Catalogue) -> Sheet:
    """A panel for each scale: every pair a line, their means and the mean change with its interval."""
    return draw_panels(results, lambda result: str(result.answered.n_both), change_panel, c)


def draw_panels(results: Sequence[Scaled], size: Callable[[Scaled], str], panel: Callable[..., float], c: Catalogue) -> Sheet:
    """A panel for each scale, side by side and in rows: its name, its unit with ``size`` after ``n =``, and what ``panel`` draws below.

    Args:
        results: one for each panel, with a ``scale``.
        size: how many people the panel is about.
        panel: draws one (sheet, result, left, top, width, catalogue) and returns where it ends.
        c: the words.
    """
    sheet, gap = Sheet(), 0.5
    across = {1: 1, 2: 2, 4: 2}.get(len(results), 3)
    width = min(6.4, (WIDTH - 2 * MARGIN - gap * (across - 1)) / across)
    top = MARGIN
    for first in range(0, len(results), across):
        row = results[first:first + across]
        titles = [wrap(result.scale.label[c.language], width, TITLE, "bold") for result in row]
        units = [wrap(c.text(f"figure.unit_{result.scale.direction}", unit=unit_of(result.scale, c), n=size(result)), width, SMALL) for result in row]
        head = top + max(map(len, titles)) * leading(TITLE)
        plot = head + max(map(len, units)) * leading(SMALL) + 0.25
        left = (WIDTH - len(row) * width - (len(row) - 1) * gap) / 2
        bottom = 0.0
        for place, (result, title, unit) in enumerate(zip(row, titles, units, strict=True)):
            at = left + place * (width + gap)
            sheet.write_block(title, at, head - len(title) * leading(TITLE), TITLE, weight="bold")
            sheet.write_block(unit, at, head, SMALL, GREY)
            bottom = max(bottom, panel(sheet, result, at, plot, width, c))
        top = bottom + 0.45
    sheet.height = top - 0.45 + MARGIN
    return sheet


def change_panel(sheet: Sheet, result: ScaleResult, left: float, top: float, width: float, c: Catalogue) -> float:
    """Every pair a line, their means and the mean change with its interval; returns where it ends."""
    scale, change = result.scale, result.mean_change
    y, begin, pre_x, post_x, difference_x, axis_x = before_and_after(sheet, scale, left, top, width, 0.35, c)
    below = y.start + 0.62
    if math.isnan(change.change):
        say_why_empty(sheet, too_few_pairs(result.answered.n_both, c), (begin + post_x + 0.35) / 2, (y.start + y.end) / 2, post_x + 0.35 - begin)
        return below
    if result.n >= FEWEST_PAIRS:
        _pairs(sheet, result, pre_x, post_x, y)
    means = ((pre_x, y.at(change.mean_pre)), (post_x, y.at(change.mean_post)))
    sheet.line("mean halo", *means, colour=WHITE, width=3.4)
    sheet.line("mean", *means, width=2.2)
    sheet.marks("mean", means, "D", size=6.0, hollow=True)
    difference(sheet, result, y, post_x, difference_x, axis_x, c)
    below = legend(sheet, below, _counts(sheet, result, c), left, left + width, row_or_column=True) + 0.06
    return write_change(sheet, result, left, below, width, c)


class Frame(NamedTuple):
    """A panel's ruler of scores, where it begins, and where the columns before, after and of the difference stand."""

    y: Axis
    begin: float
    pre_x: float
    post_x: float
    difference_x: float
    axis_x: float


def before_and_after(sheet: Sheet, scale: Scale, left: float, top: float, width: float, margin: float, c: Catalogue) -> Frame:
    """Draws the ruler of a scale from its minimum to its maximum with a column for each wave; ``margin`` is what they need to either side."""
    ticks = drawing.ticks_over(scale.minimum, scale.maximum)
    labels = [c.number(tick, drawing.decimals(ticks)) for tick in ticks]
    begin = left + max(text_width(label, SMALL) for label in labels) + 0.12
    y = Axis(scale.minimum, scale.maximum, top + 5.0, top)
    axis_x = left + width - 0.75
    difference_x = axis_x - 0.3
    pre_x = begin + margin
    post_x = pre_x + 0.6 * (difference_x - pre_x)
    sheet.lines("grid", [((begin, y.at(tick)), (post_x + margin, y.at(tick))) for tick in ticks], FAINT, 0.6)
    for tick, label in zip(ticks, labels, strict=True):
        sheet.write(label, begin - 0.12, y.at(tick), SMALL, GREY, align="right")
    for x, key in ((pre_x, "table.column.pre"), (post_x, "table.column.post")):
        sheet.write(c.text(key), x, y.start + 0.32, SMALL, align="center")
    return Frame(y, begin, pre_x, post_x, difference_x, axis_x)


def write_change(sheet: Sheet, result: Changed, left: float, top: float, width: float, c: Catalogue) -> float:
    """The means and the change in numbers below a panel; returns where they end."""
    d, change = digits(result.scale), result.mean_change
    summary = (c.text("figure.means", pre=c.number(change.mean_pre, d), post=c.number(change.mean_post, d)),
               c.text("figure.change", change=c.number(change.change, d, signed=True), interval=c.interval(change.change_low, change.change_high, d)))
    return sheet.write_block([line for text in summary for line in wrap(text, width, SMALL)], left, top, SMALL)


def _pairs(sheet: Sheet, result: ScaleResult, pre_x: float, post_x: float, y: Axis) -> None:
    """Equal pairs are one line, as thick as they are many, so that no one hides another."""
    people = Counter(zip(np.round(result.pre, 9).tolist(), changes(result.pre, result.post).tolist(), strict=True))
    thin = min(0.6, 3.6 / max(people.values()))
    for way in ("same", "worse", "improved"):
        colour, dashes = STYLES[way]
        pairs = [(pair, count) for pair, count in people.items() if which_way(pair[1], result.scale.direction) == way]
        strokes = [((pre_x, y.at(pre)), (post_x, y.at(pre + change))) for (pre, change), _ in pairs]
        sheet.lines(way, strokes, colour, [max(0.35, thin * count) for _, count in pairs], dashes)
        sheet.marks(f"{way} end", [point for stroke in strokes for point in stroke], "o", colour, 1.6)


def difference(sheet: Sheet, result: Changed, y: Axis, post_x: float, x: float, axis_x: float, c: Catalogue) -> None:
    """The mean change on an axis of its own, whose zero stands at the height of the mean before."""
    change = result.mean_change
    sheet.write(c.text("figure.difference"), x, y.start + 0.32, SMALL, align="center")
    lowest, highest = y.low - change.mean_pre, y.high - change.mean_pre
    interval = [min(max(limit, lowest), highest) for limit in (change.change_low, change.change_high) if not math.isnan(limit)]
    wanted = smallest_improvement(result.scale)
    if wanted is not None and not lowest <= wanted <= highest:
        wanted = None
    values = [0.0, change.change, *interval, *([] if wanted is None else [wanted])]
    unit = abs(y.at(1) - y.at(0))
    low, high = min(values), max(values)
    slack = max(0.15, (1.2 - (high - low) * unit) / 2) / unit
    low, high = max(low - slack, lowest), min(high + slack, highest)
    shown = Axis(low, high, y.at(change.mean_pre + low), y.at(change.mean_pre + high))
    ticks = drawing.ticks_within(low, high, max(2, int(abs(shown.end - shown.start) / 0.45)))
    sheet.line("zero", (post_x + 0.2, shown.at(0)), (axis_x, shown.at(0)), colour=GREY, width=0.6)
    if wanted is not None:
        sheet.line("smallest change", (post_x + 0.45, shown.at(wanted)), (axis_x, shown.at(wanted)), colour=GREY, width=1.0, dashes=drawing.DOTTED)
    sheet.line("difference axis", (axis_x, shown.start), (axis_x, shown.end), colour=GREY, width=0.6)
    sheet.lines("difference tick", [((axis_x, shown.at(tick)), (axis_x + 0.08, shown.at(tick))) for tick in ticks], GREY, 0.6)
    for tick in ticks:
        sheet.write(c.number(tick, drawing.decimals(ticks), signed=True), axis_x + 0.14, shown.at(tick), SMALL, GREY)
    if interval:
        sheet.line("interval", *((x, shown.at(limit)) for limit in interval), width=1.4)
        sheet.lines("interval end", [((x - 0.09, shown.at(limit)), (x + 0.09, shown.at(limit))) for limit in interval], widths=1.0)
    sheet.marks("difference", [(x, shown.at(change.change))], "D", size=4.0)


def _counts(sheet: Sheet, result: ScaleResult, c: Catalogue) -> list[Entry]:
    way = result.direction
    up = result.scale.direction == "up"
    rows = [("figure.rise", "improved" if up else "worse", way.improved if up else way.worse), ("figure.same", "same", way.same),
            ("figure.fall", "worse" if up else "improved", way.worse if up else way.improved)]
    return [(c.text(key, count=count), line_key(sheet, style)) for key, style, count in rows]


def draw_flow(flow: Flow, c: Catalogue, anonymous: bool = False) -> Sheet:
    """Two columns of boxes, before and after: handed in, what was lost on the way and why, and those who can be compared.

    People who are ``anonymous`` end in a box for each wave.
    """
    sheet = Sheet()
    reasons = ("refused", "no_id", "duplicate", *([] if anonymous else ["alone"]))
    waves = (("table.column.pre", flow.rows_pre, (flow.refused_pre, flow.no_id_pre, flow.duplicate_pre, flow.pre_only)),
             ("table.column.post", flow.rows_post, (flow.refused_post, flow.no_id_post, flow.duplicate_post, flow.post_only)))
    lost = [[c.text("figure.count", what=c.text(f"flow.{key}"), count=count) for key, count in zip(reasons, counts, strict=False) if count]
            for _, _, counts in waves]
    top, box = MARGIN + leading(TITLE) + 0.15, 0.95
    side_height = max(0.4 + max(map(len, lost)) * leading(SMALL), 0.7)
    side_top = top + box + 0.35
    bottom = side_top + side_height + 0.45
    for left, (wave, rows, _), losses in zip((MARGIN, WIDTH / 2 + 0.2), waves, lost, strict=True):
        middle = left + 1.5
        sheet.write(c.text(wave), left, MARGIN + leading(TITLE) / 2, TITLE, weight="bold")
        _flow_box(sheet, left, top, left + 3.0, top + box, c.text("flow.rows"), rows)
        sheet.line("arrow", (middle, top + box), (middle, bottom - 0.1), colour=GREY, width=0.9)
        sheet.marks("arrow", [(middle, bottom - 0.1)], "v", GREY, 4.5)
        if losses:
            centre = side_top + side_height / 2
            sheet.line("arrow", (middle, centre), (left + 2.2, centre), colour=GREY, width=0.9)
            sheet.marks("arrow", [(left + 2.2, centre)], ">", GREY, 4.5)
            sheet.boxes("lost", [(left + 2.35, side_top, left + 6.65, side_top + side_height)], WHITE, GREY)
            sheet.write_block(losses, left + 2.55, centre - len(losses) * leading(SMALL) / 2, SMALL)
    ends = [(MARGIN, RIGHT, "flow.both", flow.both)]
    if anonymous:
        ends = [(MARGIN, MARGIN + 6.65, "flow.analysed", flow.pre_only), (WIDTH / 2 + 0.2, RIGHT, "flow.analysed", flow.post_only)]
    for left, right, key, count in ends:
        _flow_box(sheet, left, bottom, right, bottom + box, c.text(key), count, drawing.tint(BLUE, 0.15), BLUE)
    sheet.height = bottom + box + MARGIN
    return sheet


def _flow_box(sheet: Sheet, left: float, top: float, right: float, bottom: float, what: str, count: int, colour: str = WHITE, outline: str = INK) -> None:
    sheet.boxes("box", [(left, top, right, bottom)], colour, outline)
    middle, centre = (top + bottom) / 2, (left + right) / 2
    sheet.write(what, centre, middle - 0.2, SMALL, align="center")
    sheet.write(str(count), centre, middle + 0.2, TITLE, weight="bold", align="center")


# -------------------------------------------------------------------------------------------------- shared pieces

class Bell(NamedTuple):
    """One dumbbell: from where to where along x, at which height, and which way that is."""

    pre: float
    post: float
    y: float
    way: str


def dumbbells(sheet: Sheet, bells: Sequence[Bell]) -> None:
    """Lines first, then the hollow marks (wider where nothing changed), then the full ones."""
    for way in ("improved", "worse"):
        colour, dashes = STYLES[way]
        sheet.lines(way, [((bell.pre, bell.y), (bell.post, bell.y)) for bell in bells if bell.way == way], colour, 2.0, dashes)
    sheet.marks("pre", [(bell.pre, bell.y) for bell in bells if bell.way != "same"], size=5.0, hollow=True)
    sheet.marks("pre", [(bell.pre, bell.y) for bell in bells if bell.way == "same"], size=7.5, hollow=True)
    sheet.marks("post", [(bell.post, bell.y) for bell in bells], size=5.0)


def dumbbell_legend(sheet: Sheet, improved: str, worse: str, c: Catalogue) -> float:
    """What the marks and lines of dumbbells stand for, at the top of the sheet; returns where it ends."""
    def mark(hollow: bool) -> Callable[[float, float], None]:
        return lambda x, y: sheet.marks("key", [(x + KEY / 2, y)], size=5.5, hollow=hollow)

    entries = [(c.text("table.column.pre"), mark(True)), (c.text("table.column.post"), mark(False)),
               (improved, line_key(sheet, "improved", 2.0)), (worse, line_key(sheet, "worse", 2.0))]
    return legend(sheet, MARGIN, entries, MARGIN, RIGHT)


def legend(sheet: Sheet, top: float, entries: Sequence[Entry], left: float, right: float, row_or_column: bool = False) -> float:
    """Samples with their words, in one row or, where that is too wide, in even columns (or just one); returns where it ends."""
    widths = [KEY + 0.12 + text_width(text, SMALL) for text, _ in entries]
    gap, row = 0.4, leading(SMALL) + 0.04

    def column_widths(count: int) -> list[float]:
        return [max(widths[column::count]) for column in range(count)]

    columns = next((n for n in range(len(entries), 1, -1) if sum(column_widths(n)) + gap * (n - 1) <= right - left), 1)
    if columns < len(entries):
        columns = 1 if row_or_column else math.ceil(len(entries) / math.ceil(len(entries) / columns))
    starts = [left]
    for width in column_widths(columns):
        starts.append(starts[-1] + width + gap)
    for place, (text, paint) in enumerate(entries):
        x, y = starts[place % columns], top + (place // columns + 0.5) * row
        paint(x, y)
        sheet.write(text, x + KEY + 0.12, y, SMALL)
    return top + math.ceil(len(entries) / columns) * row


def line_key(sheet: Sheet, style: str, width: float = 1.4) -> Callable[[float, float], None]:
    """Draws a sample of a line for the legend."""
    colour, dashes = STYLES[style]
    return lambda x, y: sheet.line("key", (x, y), (x + KEY, y), colour=colour, width=width, dashes=dashes)


def on_pages(heights: Sequence[float], room: float) -> list[range]:
    """Consecutive rows that fit a page each, spread evenly over as few pages as possible.

    >>> on_pages([1.0] * 10, 8.0)
    [range(0, 5), range(5, 10)]
    """
    pages = max(1, math.ceil(sum(heights) / room))
    while True:
        share, starts, used = sum(heights) / pages, [0], 0.0
        for row, height in enumerate(heights):
            if row > starts[-1] and (used + height > room or (used + height / 2 > share and len(starts) < pages)):
                starts.append(row)
                used = 0.0
            used += height
        if len(starts) <= pages:
            return [range(first, last) for first, last in pairwise([*starts, len(heights)])]
        pages += 1


def which_way(change: float, direction: str) -> str:
    """``improved``, ``same`` or ``worse``, as the scale's direction has it."""
    if change == 0 or math.isnan(change):
        return "same"
    return "improved" if (change > 0) == (direction == "up") else "worse"


def smallest_improvement(scale: Scale) -> float | None:
    """The smallest change that matters, signed towards improvement; ``None`` if the study declares none."""
    if scale.smallest_change is None:
        return None
    return scale.smallest_change if scale.direction == "up" else -scale.smallest_change


def too_few_pairs(n: int, c: Catalogue) -> str:
    """Why nothing is drawn for so few pairs."""
    return c.text("figure.too_few", n=n, fewest=FEWEST_PAIRS) if n else c.text("figure.no_pairs")


def say_why_empty(sheet: Sheet, text: str, x: float, y: float, width: float) -> None:
    """Writes, around a point, why nothing is drawn there."""
    lines = wrap(text, width, SMALL, "italic")
    half_width = max(text_width(line, SMALL, "italic") for line in lines) / 2 + 0.1
    half_height = len(lines) * leading(SMALL) / 2
    sheet.boxes("blank", [(x - half_width, y - half_height, x + half_width, y + half_height)], WHITE)
    sheet.write_block(lines, x, y - half_height, SMALL, GREY, "italic", "center")
