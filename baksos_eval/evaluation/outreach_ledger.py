"""The ledger of posts, partners and satisfaction: every number of theirs as rows of the one long table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from baksos_eval.activities.posts import FORMATS, Group, Posts, engagement_by_followers, engagement_by_reach
from baksos_eval.evaluation.ledger import Row, leaf_rows
from baksos_eval.stats.result import Reason

if TYPE_CHECKING:
    from baksos_eval.activities.activities import Activities
    from baksos_eval.activities.partners import Partners
    from baksos_eval.activities.satisfaction import Satisfaction, SatisfactionOf
    from baksos_eval.evaluation.lessons import Lessons

Head = tuple[str, str, str]


def outreach_rows(activities: Activities, lessons: Lessons | None = None) -> list[Row]:
    """The rows of a study's posts, partners and satisfaction, as far as it has them.

    ``scale`` is ``posts``, ``partners`` or ``satisfaction`` (with the group behind a point); ``item`` is a post's number, a
    format, a topic, a kind of contribution or a statement.
    """
    head = (activities.study.id, activities.rt, "")
    rows: list[Row] = []
    if activities.posts:
        rows += _post_rows(head, activities.posts)
    if lessons:
        rows += _lesson_rows(head, lessons)
    if activities.partners:
        rows += _partner_rows(head, activities.partners)
    if activities.satisfaction:
        rows += _satisfaction_rows(head, activities.satisfaction)
    return rows


def _post_rows(head: Head, found: Posts) -> list[Row]:
    rows: list[Row] = []
    for post in found.posts:
        place = (*head, "posts", f"post.{post.number}")
        for name in ("reach", "shown", "likes", "comments", "shares", "saves", "followers"):
            value = getattr(post, name)
            method = post.definition or "undefined" if name == "shown" else "count"
            rows.append((*place, method, name, math.nan if value is None else value, str(Reason.NO_DATA) if value is None else ""))
        rows += leaf_rows(place, "engagement_by_reach", engagement_by_reach(post)) + leaf_rows(place, "engagement_by_followers", engagement_by_followers(post))
    for group in (found.all, *found.formats, *found.topics):
        rows += _group_rows((*head, "posts", _name(group, found)), group)
    place = (*head, "posts", "")
    rows += leaf_rows(place, "total_reach", found.reach) + leaf_rows(place, "shown_together", found.together) + leaf_rows(place, "growth", found.followers)
    return rows + [row for definition, total in found.shown.items() for row in leaf_rows(place, definition, total)]


def _name(group: Group, found: Posts) -> str:
    if group is found.all:
        return ""
    return f"topic.{group.key}" if any(group is topic for topic in found.topics) else f"format.{group.key if group.key in FORMATS else 'unknown'}"


def _group_rows(place: tuple[str, ...], group: Group) -> list[Row]:
    rows: list[Row] = [(*place, "posts", "count", len(group.posts), "")]
    for name in ("reach", "by_reach", "by_followers"):
        rows += leaf_rows(place, f"spread_{name}", getattr(group, name))
    return rows + [row for name, total in group.totals.items() for row in leaf_rows(place, f"total_{name}", total)]


def _lesson_rows(head: Head, lessons: Lessons) -> list[Row]:
    rows: list[Row] = []
    for lesson in lessons.items:
        place = (*head, "posts", lesson.item.id)
        rows += [(*place, "lesson", "posts", len(lesson.posts), ""), *leaf_rows(place, "lesson", lesson.change)]
    return rows + leaf_rows((*head, "posts", ""), "lessons_taught", lessons.taught) + leaf_rows((*head, "posts", ""), "lessons_others", lessons.others)


def _partner_rows(head: Head, found: Partners) -> list[Row]:
    place = (*head, "partners", "")
    rows: list[Row] = [(*place, "partners", "count", len(found.partners), ""), *leaf_rows(place, "permission", found.permission), *leaf_rows(place, "contributions", found.worth)]
    return rows + [row for kind, worth in found.contributions for row in leaf_rows((*head, "partners", f"contribution.{kind}"), "contributions", worth)]


def _satisfaction_rows(head: Head, found: Satisfaction) -> list[Row]:
    return [row for result in (found.all, *found.groups) for row in _of_group((*head, f"satisfaction.{result.group}".rstrip(".")), result)]


def _of_group(head: tuple[str, str, str, str], result: SatisfactionOf) -> list[Row]:
    place = (*head, "")
    rows: list[Row] = [(*place, "people", "n", result.n, ""), (*place, "people", "complete", result.complete, "" if result.shown else str(Reason.TOO_FEW))]
    for name in ("ikm", "achievement", "top", "persons"):
        if (leaf := getattr(result, name)) is not None:
            rows += leaf_rows(place, name, leaf)
    for element in result.elements:
        at = (*head, element.item.id)
        rows += [*leaf_rows(at, "element", element.score), *((*at, "answers", code, count, "") for code, count in element.answers.items())]
    return rows
