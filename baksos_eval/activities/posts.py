"""Instagram posts: whom they reached, what people did with them, and which knowledge they were about.

Two habits of reports are refused here. Reach counts different accounts, so that the reach of several posts (or days) cannot
be added: somebody who saw two posts would be counted twice. And *impressions* gave way to *views*, which count something
else: they stay two series.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median
from typing import Literal, NamedTuple

from baksos_eval.errors import Finding
from baksos_eval.stats.result import Reason

Format = Literal["feed", "carousel", "reels", "story"]
FORMATS: tuple[Format, ...] = ("feed", "carousel", "reels", "story")

Definition = Literal["impressions", "views"]
DEFINITIONS: tuple[Definition, ...] = ("impressions", "views")

IMPRESSIONS_ENDED = date(2025, 4, 21)
"""Since this day Instagram counts no impressions of newer posts (Meta for Developers, *Instagram Media Insights*)."""

INTERACTIONS = ("likes", "comments", "shares", "saves")


@dataclass(frozen=True)
class Post:
    """One post as its log has it; a count that nobody wrote down is ``None``, never zero.

    Attributes:
        number: which post it is in the order of time, from 1: its name where it has no title.
        day: when it was published.
        title: what the log calls it, without what may identify a person; empty where there is only a caption.
        topics: the declared topics it is about.
        format: feed, carousel, reels or story; empty where the log does not say.
        linked: whether the log says where it can be seen.
        reach: how many different accounts saw it.
        shown: how often it appeared on a screen or was played: what ``definition`` says.
        definition: what ``shown`` counts; empty where nobody said.
        followers: how many accounts followed the account when it was published.
        followers_logged: whether the log itself says so; else it is the one number that the study declares.
        by_day: whether the log has a row for each day, so that its reach is unknown.
        row: where it stands in its file.
    """

    number: int
    day: date | None
    title: str = ""
    topics: tuple[str, ...] = ()
    format: Format | Literal[""] = ""
    linked: bool = False
    reach: int | None = None
    shown: int | None = None
    definition: Definition | Literal[""] = ""
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    followers: int | None = None
    followers_logged: bool = True
    by_day: bool = False
    row: int = 0


class Engagement(NamedTuple):
    """What people did with one post, in per cent of the accounts that could."""

    interactions: float
    accounts: float
    percent: float
    note: str = ""


class Spread(NamedTuple):
    """The middle and the ends of a number over posts; ``n`` posts have it."""

    n: int
    median: float
    lowest: float
    highest: float
    note: str = ""


class Total(NamedTuple):
    """A sum over the ``n`` posts that have the number, of ``posts`` in all."""

    posts: int
    n: int
    total: float
    note: str = ""


class Growth(NamedTuple):
    """Followers at the first and at the last post that says how many there were."""

    n: int
    first: float
    last: float
    change: float
    note: str = ""


@dataclass(frozen=True)
class Group:
    """What some posts have in common: a format, a topic, or nothing but the log (``key`` empty)."""

    key: str
    posts: tuple[int, ...]
    first: date | None
    last: date | None
    reach: Spread
    by_reach: Spread
    by_followers: Spread
    totals: Mapping[str, Total]


@dataclass(frozen=True)
class Posts:
    """The result of a log of posts.

    Attributes:
        posts: every post, in the order of time.
        all: over all posts.
        formats: per format, in the order of :data:`FORMATS`, then those whose format is unknown.
        topics: per declared topic, in the study's order; one without posts is there too.
        reach: the sum of reach over posts, which is refused.
        shown: impressions and views, each for itself.
        together: their common sum, which is refused where a log has both.
        followers: how their number changed.
        findings: what is wrong with the log.
    """

    posts: tuple[Post, ...]
    all: Group
    formats: tuple[Group, ...]
    topics: tuple[Group, ...]
    reach: Total
    shown: Mapping[Definition, Total]
    together: Total
    followers: Growth
    findings: tuple[Finding, ...] = ()

    @property
    def without_topic(self) -> tuple[int, ...]:
        """Numbers of the posts that no declared topic fits."""
        return tuple(post.number for post in self.posts if not post.topics)


def interactions(post: Post) -> float:
    """Likes, comments, shares and saves of a post; nan where one of them is unknown (unknown is not zero).

    Source: Meta for Developers, *Instagram Media Insights*, metric ``total_interactions``.

    Example:
        >>> interactions(Post(1, None, likes=40, comments=3, shares=5, saves=2)), interactions(Post(1, None, likes=40))
        (50.0, nan)
    """
    counts = [getattr(post, name) for name in INTERACTIONS]
    return math.nan if any(count is None for count in counts) else float(sum(counts))


def engagement_by_reach(post: Post) -> Engagement:
    """What people did with a post, in per cent of the accounts that it reached: ``100 interactions / reach``.

    Source: a plain ratio of two figures of Instagram (see :func:`interactions`); that reach is its base is a convention of
    the trade. It may exceed 100: one account can like, save and share. Not computed where the reach or an interaction is
    unknown (``incomplete``; ``not_additive`` where the log has a row for each day), nor where nobody was reached
    (``no_denominator``).

    Example:
        >>> engagement_by_reach(Post(1, None, reach=400, likes=40, comments=3, shares=5, saves=2)).percent
        12.5
    """
    if post.by_day:
        return Engagement(interactions(post), math.nan, math.nan, Reason.NOT_ADDITIVE)
    return _engagement(post, post.reach)


def engagement_by_followers(post: Post) -> Engagement:
    """What people did with a post, in per cent of the account's followers: ``100 interactions / followers``.

    Source: as :func:`engagement_by_reach`. Many followers never see a given post, and others do; it says less about the
    post than the rate by reach. Not computed where nobody wrote down how many followers there were (``incomplete``).

    Example:
        >>> engagement_by_followers(Post(1, None, followers=200, likes=8, comments=1, shares=0, saves=1)).percent
        5.0
    """
    return _engagement(post, post.followers)


def total_reach(posts: Sequence[Post]) -> Total:
    """How many accounts posts reached together: known for a single post only, otherwise ``not_additive``.

    The accounts that two posts reached overlap by an unknown number, so their sum is not the number of accounts reached;
    the largest reach of one post is a lower bound of it, and nothing more is known.

    Source: Meta Business Help Centre, *About accounts reached* (an account is counted once for each post).

    Example:
        >>> total_reach([Post(1, None, reach=300), Post(2, None, reach=200)])[:3]
        (2, 2, nan)
    """
    known = [post for post in posts if post.reach is not None and not post.by_day]
    if len(posts) > 1 or any(post.by_day for post in posts):
        return Total(len(posts), len(known), math.nan, Reason.NOT_ADDITIVE)
    return _total(posts, lambda post: post.reach)


def total_shown(posts: Sequence[Post], definition: Definition) -> Total:
    """How often posts were shown by one definition; every showing counts, so these can be added.

    Source: Meta for Developers, *Instagram Media Insights*: ``impressions`` are deprecated for media created after
    1 July 2024, ``views`` are counted in their place.

    Example:
        >>> total_shown([Post(1, None, shown=9, definition="views"), Post(2, None, shown=5, definition="impressions")], "views")
        Total(posts=1, n=1, total=9.0, note='')
    """
    return _total([post for post in posts if post.definition == definition], lambda post: post.shown)


def total_shown_together(posts: Sequence[Post]) -> Total:
    """How often posts were shown, where one definition holds for all; both together are ``mixed_definitions``, an unknown one ``not_declared``.

    Source: as :func:`total_shown`.

    Example:
        >>> str(total_shown_together([Post(1, None, shown=9, definition="views"), Post(2, None, shown=5, definition="impressions")]).note)
        'mixed_definitions'
    """
    counted = [post for post in posts if post.shown is not None]
    definitions = {post.definition for post in counted}
    if "" in definitions or len(definitions) > 1:
        return Total(len(posts), len(counted), math.nan, Reason.NOT_DECLARED if "" in definitions else Reason.MIXED_DEFINITIONS)
    return _total(posts, lambda post: post.shown)


def growth(posts: Sequence[Post]) -> Growth:
    """How many followers more (or fewer) there were at the last post than at the first one, of those that say so.

    Source: a plain difference. Not computed with fewer than two posts that say how many followers there were (``too_few``).

    Example:
        >>> growth([Post(1, date(2021, 8, 1), followers=210), Post(2, date(2021, 8, 9), followers=245)]).change
        35.0
    """
    known = [float(post.followers) for post in posts if post.followers is not None and post.followers_logged and post.day is not None]
    if len(known) < 2:
        return Growth(len(known), *[math.nan] * 3, Reason.TOO_FEW if known else Reason.INCOMPLETE)
    return Growth(len(known), known[0], known[-1], known[-1] - known[0])


def summarise_posts(posts: Iterable[Post], topics: Iterable[str] = (), findings: Iterable[Finding] = ()) -> Posts:
    """The result of a log: all posts, per format, per topic.

    Args:
        posts: in any order.
        topics: the declared topics, in their order.
        findings: what was found while reading the log.
    """
    ordered = in_order(posts)
    of_format = {key: [post for post in ordered if post.format == key] for key in (*FORMATS, "")}
    return Posts(
        posts=ordered, all=_group("", ordered), formats=tuple(_group(key, chosen) for key, chosen in of_format.items() if chosen),
        topics=tuple(_group(topic, [post for post in ordered if topic in post.topics]) for topic in topics), reach=total_reach(ordered),
        shown={definition: total_shown(ordered, definition) for definition in DEFINITIONS if any(post.shown is not None and post.definition == definition for post in ordered)},
        together=total_shown_together(ordered), followers=growth(ordered), findings=tuple(findings),
    )


def in_order(posts: Iterable[Post]) -> tuple[Post, ...]:
    """The posts by day and row, those without a day last, numbered from 1."""
    ordered = sorted(posts, key=lambda post: (post.day is None, post.day or date.max, post.row))
    return tuple(replace(post, number=number) for number, post in enumerate(ordered, start=1))


def _group(key: str, posts: Sequence[Post]) -> Group:
    days = [post.day for post in posts if post.day]
    reach = [math.nan if post.by_day or post.reach is None else float(post.reach) for post in posts]
    why = Reason.NOT_ADDITIVE if any(post.by_day for post in posts) else Reason.INCOMPLETE
    totals = {name: _total(posts, lambda post, name=name: getattr(post, name)) for name in INTERACTIONS}  # type: ignore[misc]
    return Group(key, tuple(post.number for post in posts), min(days, default=None), max(days, default=None), _spread(reach, why),
                 _rates(posts, engagement_by_reach), _rates(posts, engagement_by_followers), totals)


def _rates(posts: Sequence[Post], measure: Callable[[Post], Engagement]) -> Spread:
    found = [measure(post) for post in posts]
    return _spread([rate.percent for rate in found], next((rate.note for rate in found if rate.note), Reason.INCOMPLETE))


def _spread(values: Sequence[float], why_none: str) -> Spread:
    known = [value for value in values if not math.isnan(value)]
    return Spread(len(known), float(median(known)), min(known), max(known)) if known else Spread(0, *[math.nan] * 3, why_none)


def _total(posts: Sequence[Post], count: Callable[[Post], int | None]) -> Total:
    known = [value for post in posts if (value := count(post)) is not None]
    return Total(len(posts), len(known), float(sum(known)) if known else math.nan, "" if known else Reason.INCOMPLETE)


def _engagement(post: Post, accounts: int | None) -> Engagement:
    done = interactions(post)
    base = math.nan if accounts is None else float(accounts)
    if math.isnan(done + base):
        return Engagement(done, base, math.nan, Reason.INCOMPLETE)
    if not base > 0:
        return Engagement(done, base, math.nan, Reason.NO_DENOMINATOR)
    return Engagement(done, base, 100 * done / base)
