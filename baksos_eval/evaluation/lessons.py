"""Which post was about which item, and how the answers to it changed: set side by side, with nothing said about causes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from baksos_eval.activities.activities import Activities
from baksos_eval.evaluation.group_results import GroupItem
from baksos_eval.evaluation.results import Evaluation, ItemResult
from baksos_eval.stats.result import Reason
from baksos_eval.study.instrument import Item


class ItemChange(NamedTuple):
    """One item over all RTs with enough people: mean score before and after (of a knowledge item the share of right answers)."""

    rts: int
    n_pre: int
    n_post: int
    pre: float
    post: float
    change: float
    note: str = ""


class LessonMean(NamedTuple):
    """The mean over ``items`` knowledge items, each counting the same."""

    items: int
    pre: float
    post: float
    change: float
    note: str = ""


@dataclass(frozen=True)
class Lesson:
    """One item: which topics teach it, by which posts, and how its answers changed."""

    instrument: str
    kind: str
    item: Item
    topics: tuple[str, ...]
    posts: tuple[int, ...]
    change: ItemChange

    @property
    def taught(self) -> bool:
        """Whether some post was about it."""
        return bool(self.posts)


@dataclass(frozen=True)
class Lessons:
    """Every knowledge item, every other item that a topic names, and the means of the taught and the other knowledge items."""

    items: tuple[Lesson, ...]
    taught: LessonMean
    others: LessonMean


def set_side_by_side(activities: Activities, evaluations: Sequence[Evaluation] = ()) -> Lessons | None:
    """The posts' topics and the items that they name, with the change of the items over the RTs of the programme.

    An item's mean over RTs weighs each RT by the people who answered, ``sum of n x mean / sum of n``; RTs with fewer than five
    of them are left out. This is a description: nobody drew lots about which item a post should teach, and the people who
    answered need not have seen a post.

    Source: plain weighted means, which need no work to cite.

    Returns:
        ``None`` where the study has no log of posts; changes are nan with ``no_data`` where there are no evaluations.
    """
    posts, log = activities.posts, activities.study.activities.posts
    if posts is None or log is None:
        return None
    results: dict[str, list[ItemResult | GroupItem]] = {}
    for evaluation in evaluations:
        if evaluation.arm != "comparison":
            for result in (*evaluation.items, *evaluation.group_items):
                results.setdefault(result.item.id, []).append(result)
    of_topic = {group.key: group.posts for group in posts.topics}
    lessons = []
    for instrument in activities.study.questionnaires:
        for item in instrument.items:
            topics = tuple(key for key, topic in log.topics.items() if item.id in topic.items)
            if topics or instrument.kind == "knowledge":
                numbers = tuple(sorted({number for topic in topics for number in of_topic.get(topic, ())}))
                lessons.append(Lesson(instrument.id, instrument.kind, item, topics, numbers, item_change(results.get(item.id, ()))))
    knowledge = [lesson for lesson in lessons if lesson.kind == "knowledge"]
    return Lessons(tuple(lessons), _mean(lesson.change for lesson in knowledge if lesson.taught), _mean(lesson.change for lesson in knowledge if not lesson.taught))


def item_change(results: Iterable[ItemResult | GroupItem]) -> ItemChange:
    """The change of one item over RTs, weighted by people; ``no_data`` where no RT has enough of them."""
    shown = [result for result in results if result.shown and not math.isnan(result.mean_pre + result.mean_post)]
    if not shown:
        return ItemChange(0, 0, 0, *[math.nan] * 3, Reason.NO_DATA)
    pre, n_pre = _weighted([(result.mean_pre, result.n_pre if isinstance(result, GroupItem) else result.n) for result in shown])
    post, n_post = _weighted([(result.mean_post, result.n_post if isinstance(result, GroupItem) else result.n) for result in shown])
    return ItemChange(len(shown), n_pre, n_post, pre, post, post - pre)


def _weighted(pairs: Sequence[tuple[float, int]]) -> tuple[float, int]:
    total = sum(n for _, n in pairs)
    return math.fsum(mean * n for mean, n in pairs) / total, total


def _mean(changes: Iterable[ItemChange]) -> LessonMean:
    known = [change for change in changes if not change.note]
    if not known:
        return LessonMean(0, *[math.nan] * 3, Reason.NO_DATA)
    pre, post = (math.fsum(getattr(change, wave) for change in known) / len(known) for wave in ("pre", "post"))
    return LessonMean(len(known), pre, post, post - pre)
