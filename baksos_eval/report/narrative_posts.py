"""Sentences about Instagram posts: what was published, whom one post reached, and the answers to what the posts were about."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.posts import Posts
from baksos_eval.evaluation.lessons import Lessons
from baksos_eval.report.content import Text
from baksos_eval.report.outreach import day, format_name
from baksos_eval.report.text import Catalogue, words


def posts(a: Activities) -> tuple[Text, ...]:
    """What was published and how far it went, and how to read the figures; a sentence where there is no log of posts."""
    c = words(a.study.language)
    if a.posts is None or not a.posts.posts:
        return (Text(c.text("posts.none")),)
    found = a.posts
    sentences = [_published(found, c), *_reached(found, c), *_shown(found, c), *_engaged(found, c), *_followed(found, c), c.text("posts.see")]
    return (Text(" ".join(sentences)), Text(c.text("posts.reading"), role="note"))


def lessons(a: Activities, found: Lessons | None) -> tuple[Text, ...]:
    """Which items some post was about, and how the answers to these and to the others changed: side by side, nothing about causes."""
    c = words(a.study.language)
    log = a.study.activities.posts
    if found is None or log is None or not any(topic.items for topic in log.topics.values()):
        return (Text(c.text("lessons.none")),)
    knowledge = [lesson for lesson in found.items if lesson.kind == "knowledge"]
    taught = sum(lesson.taught for lesson in knowledge)
    sentences = [c.text("lessons.taught" if taught else "lessons.taught_none", taught=taught, items=len(knowledge))] if knowledge else []
    for key, mean in (("taught", found.taught), ("others", found.others)):
        if mean.items:
            sentences.append(c.text(f"lessons.change_{key}", items=mean.items, pre=c.percent(mean.pre), post=c.percent(mean.post), change=c.number(100 * mean.change, 1, signed=True)))
    if not found.taught.items and not found.others.items:
        sentences.append(c.text("lessons.unmeasured"))
    if unused := [key for key, topic in log.topics.items() if topic.items and not any(group.posts for group in (a.posts.topics if a.posts else ()) if group.key == key)]:
        sentences.append(c.text("lessons.without_posts", topics=c.listing(log.topics[key].label[c.language] for key in unused)))
    texts = [Text(" ".join([*sentences, c.text("lessons.see")]))]
    if not math.isnan(found.taught.change):
        texts.append(Text(c.text("lessons.limit"), role="limit"))
    return tuple(texts)


def _published(found: Posts, c: Catalogue) -> str:
    formats = c.listing(c.text("posts.of_format", count=len(group.posts), format=format_name(group.key, c) if group.key else c.text("posts.no_format")) for group in found.formats)
    if found.all.first and found.all.last and found.all.first != found.all.last:
        return c.text("posts.published", n=len(found.posts), first=c.date(found.all.first), last=c.date(found.all.last), formats=formats)
    return c.text("posts.published_once", n=len(found.posts), when=c.date(found.all.first) if found.all.first else day(None), formats=formats)


def _reached(found: Posts, c: Catalogue) -> list[str]:
    reach = found.all.reach
    if not reach.n:
        return [c.text("posts.reach_unknown", reason=c.text(f"reason.{reach.note}"))]
    values = {"n": reach.n, "median": c.number(reach.median, 0), "lowest": c.number(reach.lowest, 0), "highest": c.number(reach.highest, 0)}
    if len(found.posts) == 1:
        return [c.text("posts.reach_one", **values)]
    return [c.text("posts.reach", **values), c.text("posts.reach_total", reason=c.text("reason.not_additive"), highest=values["highest"])]


def _shown(found: Posts, c: Catalogue) -> list[str]:
    sentences = [c.text(f"posts.shown_{definition}", total=c.number(total.total, 0), n=total.n) for definition, total in found.shown.items() if total.n]
    return [*sentences, *([c.text("posts.shown_apart")] if len(sentences) > 1 else [])]


def _engaged(found: Posts, c: Catalogue) -> list[str]:
    rate = found.all.by_reach
    if not rate.n:
        return [c.text("posts.rate_unknown", reason=c.text(f"reason.{rate.note}"))]
    key = "posts.rate_one" if rate.n == 1 else "posts.rate"
    return [c.text(key, n=rate.n, posts=len(found.posts), median=c.number(rate.median, 1), lowest=c.number(rate.lowest, 1), highest=c.number(rate.highest, 1))]


def _followed(found: Posts, c: Catalogue) -> list[str]:
    grown = found.followers
    if grown.note:
        return []
    return [c.text("posts.followers", first=c.number(grown.first, 0), last=c.number(grown.last, 0), change=c.number(grown.change, 0, signed=True))]
