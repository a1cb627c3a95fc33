"""Instagram posts: each of them, by format, and what they were about beside the change of the answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.posts import (
    INTERACTIONS,
    Group,
    Post,
    Posts,
    Spread,
    Total,
    engagement_by_followers,
    engagement_by_reach,
    interactions,
)
from baksos_eval.evaluation.lessons import Lesson, Lessons
from baksos_eval.report.content import Table
from baksos_eval.report.outreach import day, format_name, post_name, topic_name
from baksos_eval.report.phrases import item_name
from baksos_eval.report.tables.building import build, reasons
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.stats.result import Reason


def posts(a: Activities) -> Table | None:
    """Every post in the order of time; ``None`` where the study has no log of posts."""
    found = a.posts
    if found is None or not found.posts:
        return None
    c = words(a.study.language)
    by_followers = found.all.by_followers.n > 0
    columns = [("number", "right", 0.5), ("posted", "left", 1.25), ("post_name", "left", 3.0), ("post_format", "left", 1.3), ("reach", "right", 1.1),
               *((definition, "right", 1.1) for definition in found.shown), ("interactions", "right", 1.1), ("by_reach", "right", 1.1),
               *([("by_followers", "right", 1.2)] if by_followers else [])]
    rows = [_post(post, found, by_followers, a, c) for post in found.posts]
    notes = [c.text("posts.note.rates"), c.text("posts.note.reach") if len(found.posts) > 1 else "", c.text("posts.note.definitions") if len(found.shown) > 1 else "",
             c.text("posts.note.undefined") if found.together.note == Reason.NOT_DECLARED else ""]
    table = build(a.study, c, "posts", rows, columns, notes=[*notes, *_why_missing(found, c)], wide=len(columns) > 9,
                  spanners=[("engagement", len(columns) - 1 - by_followers, len(columns) - 1)])
    return replace(table, source=c.text("posts.source", year=a.study.year))


def post_formats(a: Activities) -> Table | None:
    """The posts by format: how many, whom one of them reached, and what people did."""
    found = a.posts
    if found is None or not found.posts:
        return None
    c = words(a.study.language)
    columns = [("post_format", "left", 1.6), ("posts", "right", 0.9), ("reach_spread", "right", 2.0), *((name, "right", 1.0) for name in INTERACTIONS), ("rate_spread", "right", 2.0)]
    groups = [*found.formats, *([found.all] if len(found.formats) > 1 else [])]
    rows = [[c.text("posts.all") if group is found.all else format_name(group.key, c) if group.key else c.text("posts.no_format"), str(len(group.posts)), _spread(group.reach, 0, c),
             *(_total(group.totals[name], c) for name in INTERACTIONS), _spread(group.by_reach, 1, c)] for group in groups]
    incomplete = any(0 < total.n < total.posts for group in groups for total in group.totals.values())
    notes = [c.text("posts.note.spread"), c.text("posts.note.at_least") if incomplete else "", *reasons((note for group in groups for note in _notes(group)), c)]
    table = build(a.study, c, "post_formats", rows, columns, notes=notes, emphasised=[len(rows) - 1] if len(groups) > len(found.formats) else ())
    return replace(table, source=c.text("posts.source", year=a.study.year))


def lessons(a: Activities, found: Lessons | None) -> Table | None:
    """Which posts were about which item, and the answers to it before and after; ``None`` without declared topics."""
    log = a.study.activities.posts
    if found is None or log is None or not any(topic.items for topic in log.topics.values()):
        return None
    c = words(a.study.language)
    rows = [_lesson(lesson, a, c) for lesson in found.items]
    columns = [("item", "left", 4.4), ("topic", "left", 2.4), ("post_numbers", "left", 1.5), ("n_pre_post", "right", 1.3), ("pre", "right", 1.1), ("post", "right", 1.1), ("change", "right", 1.2)]
    notes = [c.text("posts.note.lessons"), *reasons((lesson.change.note for lesson in found.items), c)]
    return build(a.study, c, "lessons", rows, columns, notes=notes)


def _post(post: Post, found: Posts, by_followers: bool, a: Activities, c: Catalogue) -> list[str]:
    shown = [_count(post.shown, c) if post.definition == definition else NOTHING for definition in found.shown]
    rates = [c.number(engagement_by_reach(post).percent, 1), *([c.number(engagement_by_followers(post).percent, 1)] if by_followers else [])]
    return [str(post.number), day(post.day), post_name(post, a, c), format_name(post.format, c), NOTHING if post.by_day else _count(post.reach, c), *shown, c.number(interactions(post), 0), *rates]


def _lesson(lesson: Lesson, a: Activities, c: Catalogue) -> list[str]:
    change = lesson.change
    if lesson.kind == "knowledge":
        values = [c.percent(change.pre), c.percent(change.post), c.number(100 * change.change, 1, signed=True)]
    else:
        values = [c.number(change.pre), c.number(change.post), c.number(change.change, 2, signed=True)]
    n = NOTHING if change.note else str(change.n_pre) if change.n_pre == change.n_post else f"{change.n_pre}/{change.n_post}"
    topics = c.listing(topic_name(key, a, c) for key in lesson.topics) or NOTHING
    return [item_name(lesson.item, c), topics, ", ".join(map(str, lesson.posts)) or NOTHING, n, *values]


def _count(value: int | None, c: Catalogue) -> str:
    return NOTHING if value is None else c.number(value, 0)


def _total(total: Total, c: Catalogue) -> str:
    if math.isnan(total.total):
        return NOTHING
    return c.number(total.total, 0) if total.n == total.posts else c.text("number.at_least", value=c.number(total.total, 0))


def _spread(spread: Spread, digits: int, c: Catalogue) -> str:
    """``420 (300–2.000)``; one value alone."""
    if not spread.n:
        return NOTHING
    middle = c.number(spread.median, digits)
    return middle if spread.n == 1 else c.text("posts.spread", median=middle, lowest=c.number(spread.lowest, digits), highest=c.number(spread.highest, digits))


def _notes(group: Group) -> Sequence[str]:
    return [spread.note for spread in (group.reach, group.by_reach)]


def _why_missing(found: Posts, c: Catalogue) -> list[str]:
    """Why some posts have no rate, each reason once."""
    return reasons((engagement_by_reach(post).note for post in found.posts), c)


