"""The drawings of other designs: people before and after who cannot be linked, and the means of more than two waves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import FEWEST_PAIRS
from baksos_eval.evaluation.waves import WaveResult
from baksos_eval.report import drawing
from baksos_eval.report.designs import two_sizes
from baksos_eval.report.drawing import BLUE, FAINT, GREY, Axis, Sheet
from baksos_eval.report.lettering import POINT, SMALL, leading, text_width, wrap
from baksos_eval.report.moments import wave_heading
from baksos_eval.report.plots import (
    before_and_after,
    difference,
    draw_panels,
    say_why_empty,
    write_change,
)
from baksos_eval.report.text import Catalogue
from baksos_eval.study.study import Study

WIDEST = 0.52                     # cm: half of the widest bar


def draw_groups(results: Sequence[GroupResult], c: Catalogue) -> Sheet:
    """A panel for each scale: how many people have which score before and after, the means and their difference with its interval."""
    return draw_panels(results, lambda result: two_sizes(result.answered.n_pre, result.answered.n_post, c), _group_panel, c)


def draw_waves(results: Sequence[WaveResult], study: Study, c: Catalogue) -> Sheet:
    """A panel for each scale: the mean of every wave with its interval."""
    return draw_panels(results, lambda result: str(result.n), lambda *where: _wave_panel(study, *where), c)


def _group_panel(sheet: Sheet, result: GroupResult, left: float, top: float, width: float, c: Catalogue) -> float:
    y, begin, pre_x, post_x, difference_x, axis_x = before_and_after(sheet, result.scale, left, top, width, WIDEST + 0.1, c)
    below = y.start + 0.62
    if not result.shown:
        say_why_empty(sheet, c.text("figure.too_few_apart", fewest=FEWEST_PAIRS), (begin + post_x + WIDEST) / 2, (y.start + y.end) / 2, post_x + WIDEST - begin)
        return below
    shares = [_shares(scores) for scores in (result.pre, result.post)]
    widest = max(share for wave in shares for share in wave.values())
    for x, share in zip((pre_x, post_x), shares, strict=True):
        half = {score: WIDEST * part / widest for score, part in share.items()}
        sheet.lines("people", [((x - size, y.at(score)), (x + size, y.at(score))) for score, size in half.items()], drawing.tint(BLUE, 0.75), _thickness(shares, y))
    change = result.mean_change
    sheet.marks("mean", [(pre_x, y.at(change.mean_pre)), (post_x, y.at(change.mean_post))], "D", size=6.0, hollow=True)
    difference(sheet, result, y, post_x + WIDEST - 0.3, difference_x, axis_x, c)
    return write_change(sheet, result, left, below, width, c)


def _shares(scores: Sequence[float]) -> dict[float, float]:
    """The share of people with each score; scores that differ only in their last bits are one."""
    counts = Counter(np.round(scores, 9).tolist())
    return {score: count / len(scores) for score, count in counts.items()}


def _thickness(shares: Sequence[dict[float, float]], y: Axis) -> float:
    """Points of a bar: as thick as neighbouring scores allow, between half a point and four."""
    steps = [step for wave in shares for step in np.diff(sorted(wave)).tolist()]
    room = abs(y.at(min(steps)) - y.at(0)) / POINT if steps else math.inf
    return min(4.0, max(0.5, 0.8 * room))


def _wave_panel(study: Study, sheet: Sheet, result: WaveResult, left: float, top: float, width: float, c: Catalogue) -> float:
    ticks = drawing.ticks_over(result.scale.minimum, result.scale.maximum)
    labels = [c.number(tick, drawing.decimals(ticks)) for tick in ticks]
    begin = left + max(text_width(label, SMALL) for label in labels) + 0.12
    y = Axis(result.scale.minimum, result.scale.maximum, top + 4.2, top)
    step = (left + width - begin) / len(result.waves)
    places = [begin + (place + 0.5) * step for place in range(len(result.waves))]
    sheet.lines("grid", [((begin, y.at(tick)), (left + width, y.at(tick))) for tick in ticks], FAINT, 0.6)
    for tick, label in zip(ticks, labels, strict=True):
        sheet.write(label, begin - 0.12, y.at(tick), SMALL, GREY, align="right")
    below = y.start + 0.16
    for x, wave in zip(places, result.waves, strict=True):
        lines = wrap(wave_heading(study, wave, c), step - 0.1, SMALL)
        sheet.write_block(lines, x, y.start + 0.16, SMALL, align="center")
        below = max(below, y.start + 0.16 + len(lines) * leading(SMALL))
    if not result.shown:
        say_why_empty(sheet, c.text("figure.too_few_waves", n=result.n, fewest=FEWEST_PAIRS), (begin + left + width) / 2, (y.start + y.end) / 2, left + width - begin)
        return below
    bounds = [(x, max(mean.low, y.low), min(mean.high, y.high)) for x, mean in zip(places, result.means, strict=True) if not math.isnan(mean.low)]
    sheet.lines("interval", [((x, y.at(low)), (x, y.at(high))) for x, low, high in bounds], widths=1.4)
    sheet.lines("interval end", [((x - 0.09, y.at(end)), (x + 0.09, y.at(end))) for x, *ends in bounds for end in ends], widths=1.0)
    points = [(x, y.at(mean.mean)) for x, mean in zip(places, result.means, strict=True)]
    sheet.line("mean", *points, colour=BLUE, width=1.6)
    sheet.marks("mean", points, "o", size=5.5)
    return below
