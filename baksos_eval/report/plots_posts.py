"""The drawing of posts in time: reach, impressions and views, a panel for each, as they are never one series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from baksos_eval.activities.posts import FORMATS, Post, Posts
from baksos_eval.report.drawing import (
    BLUE,
    FAINT,
    GREY,
    INK,
    PALE,
    VERMILLION,
    Axis,
    Shape,
    Sheet,
    ticks_within,
)
from baksos_eval.report.lettering import SMALL, TITLE, leading, text_width
from baksos_eval.report.outreach import format_name
from baksos_eval.report.plots import KEY, MARGIN, RIGHT, legend
from baksos_eval.report.text import Catalogue

HEIGHT = 3.2       # cm of a panel's ruler
_DATE_GAP = 0.4
_MARKS: dict[str, tuple[Shape, str, bool]] = {"feed": ("o", BLUE, False), "carousel": ("s", VERMILLION, False), "reels": ("D", INK, False), "story": ("v", GREY, False), "": ("o", INK, True)}


class Series(NamedTuple):
    """One figure of the posts that say it, with their days."""

    key: str
    posts: tuple[Post, ...]
    values: tuple[int, ...]


def series_of(found: Posts) -> list[Series]:
    """What can be drawn: reach, and how often posts were shown by each definition for itself; each where a post has a day and the figure."""
    panels: list[tuple[str, Callable[[Post], int | None]]] = [("reach", lambda post: None if post.by_day else post.reach)]
    panels += [(definition, lambda post, definition=definition: post.shown if post.definition == definition else None) for definition in found.shown]  # type: ignore[misc]
    drawn = []
    for key, read in panels:
        chosen = [(post, value) for post in found.posts if post.day and (value := read(post)) is not None]
        if chosen:
            drawn.append(Series(key, tuple(post for post, _ in chosen), tuple(value for _, value in chosen)))
    return drawn


def draw_posts(found: Posts, c: Catalogue) -> Sheet:
    """A panel for each series, above one another over the same days: every post a mark on its own stem, so that nothing looks like a course between two posts."""
    sheet, panels = Sheet(), series_of(found)
    days = [post.day for series in panels for post in series.posts if post.day]
    widest = max(text_width(c.number(tick, 0), SMALL) for series in panels for tick in _ruler(series)[1])
    x = _time_axis(min(days), max(days), MARGIN + widest + 0.25, RIGHT - 0.2)
    used = [key for key in (*FORMATS, "") if any(post.format == key for series in panels for post in series.posts)]
    top = legend(sheet, MARGIN, [(format_name(key, c) if key else c.text("posts.no_format"), _sample(sheet, key)) for key in used], MARGIN, RIGHT) + 0.3
    for series in panels:
        sheet.write(c.text(f"posts.series.{series.key}"), MARGIN, top + leading(TITLE) / 2, TITLE, weight="bold")
        top = _panel(sheet, series, x, top + leading(TITLE) + 0.15, c) + 0.3
    sheet.height = top - 0.3 + MARGIN
    return sheet


def _panel(sheet: Sheet, series: Series, x: Axis, top: float, c: Catalogue) -> float:
    highest, ticks = _ruler(series)
    y = Axis(0.0, highest, top + HEIGHT, top)
    sheet.lines("grid", [((x.start, y.at(tick)), (x.end, y.at(tick))) for tick in ticks if tick], FAINT, 0.6)
    sheet.line("axis", (x.start, y.start), (x.end, y.start), colour=GREY, width=0.8)
    for tick in ticks:
        sheet.write(c.number(tick, 0), x.start - 0.12, y.at(tick), SMALL, GREY, align="right")
    places = [(x.at(_number(post.day)), y.at(value), post.format) for post, value in zip(series.posts, series.values, strict=True) if post.day]
    sheet.lines("stem", [((at, y.start), (at, height)) for at, height, _ in places], PALE, 0.9)
    for key, (shape, colour, hollow) in _MARKS.items():
        sheet.marks(f"post {key}", [(at, height) for at, height, own in places if own == key], shape, colour, 5.5, hollow)
    right_end = -1.0
    for post in series.posts:
        label, at = f"{post.day:%d/%m}", x.at(_number(post.day))
        half = text_width(label, SMALL) / 2
        if at - half > right_end + 0.12:
            sheet.write(label, at, y.start + 0.28, SMALL, GREY, align="center")
            right_end = at + half
    return y.start + _DATE_GAP + leading(SMALL) / 2


def _ruler(series: Series) -> tuple[float, Sequence[float]]:
    """The top of a ruler from zero, and its ticks (whole numbers, as accounts and showings are)."""
    highest = max(1.0, 1.05 * max(series.values))
    return highest, [tick for tick in ticks_within(0.0, highest, 4) if tick == round(tick)]


def _time_axis(first: date, last: date, start: float, end: float) -> Axis:
    margin = max(timedelta(days=1), (last - first) * 0.03)
    return Axis(_number(first) - margin / timedelta(days=1), _number(last) + margin / timedelta(days=1), start, end)


def _number(day: date | None) -> float:
    return float(day.toordinal()) if day else 0.0


def _sample(sheet: Sheet, key: str) -> Callable[[float, float], None]:
    shape, colour, hollow = _MARKS[key]
    return lambda x, y: sheet.marks("key", [(x + KEY / 2, y)], shape, colour, 5.5, hollow)


