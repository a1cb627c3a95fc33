"""Reads the log of posts: our own sheet, or the export of Meta Business Suite in Indonesian or English.

Meta writes dates month first whatever the language. In an export that an Indonesian Excel has saved as a workbook, days up to
12 have become other dates while the rest stayed text; the column itself tells, so they are turned back, and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from baksos_eval.activities.columns import expected_titles, match_fields
from baksos_eval.activities.forms import form_of
from baksos_eval.activities.logs import ReadLog, read_log
from baksos_eval.activities.posts import (
    DEFINITIONS,
    FORMATS,
    IMPRESSIONS_ENDED,
    INTERACTIONS,
    Definition,
    Post,
    Posts,
    summarise_posts,
)
from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES, read_table
from baksos_eval.intake.text import fold, loosen, nearest, quote
from baksos_eval.intake.times import Order, weigh_times
from baksos_eval.study.activities import PostsLog
from baksos_eval.study.study import Study

META_TIMES = frozenset(("publish time", "waktu penerbitan", "waktu publikasi", "waktu terbit"))
"""Titles that Meta gives to the time of publication."""

_SCOPES = frozenset(("date", "tanggal"))
_DAILY_SERIES = "primary"
_BY_TITLE: Mapping[str, Definition] = {"impresi": "impressions", "impressions": "impressions", "views": "views"}
_BY_META: Mapping[str, Definition] = {**_BY_TITLE, "tayangan": "views"}
_CUT_SHORT = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_EXCEL_DATE = re.compile(r"\d{4}-\d{2}-(\d{2})(?:[ T].*)?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}\b.*")
_BETWEEN_TOPICS = re.compile(r"[;|\n]")
_MOST_QUOTED = 5


class PostRow(NamedTuple):
    """One row of the log, as :func:`~baksos_eval.activities.logs.read_log` makes it."""

    where: Where
    date: date | None
    title: str
    topic: str
    format: str
    link: str
    reach: int | None
    shown: int | None
    definition: str
    likes: int | None
    comments: int | None
    shares: int | None
    saves: int | None
    followers: int | None
    note: str
    post_id: str
    caption: str
    scope: str
    follows: int | None


class _Export(NamedTuple):
    """An export of Meta: in which order its dates are read, which rows Excel has turned, the column that says which days are counted, and what to say."""

    order: Order = "month_first"
    turned: frozenset[int] = frozenset()
    findings: tuple[Finding, ...] = ()
    scope: str = ""


def read_posts(study: Study, log: PostsLog) -> tuple[Posts | None, ReadLog[PostRow]]:
    """The result of the study's log of posts, and the log as it was read; no result where the log cannot be used.

    Rows about the same post (by its address, its number at Meta, or its day and title) are one post: where their figures
    differ, those of the later reading, which are the larger ones, count; rows for single days leave its reach unknown.
    """
    export = _export_of(study, log)
    read = read_log(study, _as_exported(log, export) if export else log, "posts", PostRow)
    noticed = _Noticed()
    findings = [*(finding for finding in read.findings if finding.code != "log_row_repeated"), *(export.findings if export else ()), *_unknown_items(study, log)]
    if _is_daily_series(read):
        findings.append(Finding("posts_daily_series", Severity.FATAL, where=(Where(log.file, log.sheet),)))
    if any(finding.fatal for finding in findings):
        return None, replace(read, rows=(), findings=tuple(findings))
    rows = [row._replace(date=row.date.replace(month=row.date.day, day=row.date.month)) if export and row.where.row in export.turned and row.date else row for row in read.rows]
    posts = [_post(*_one_of(same, noticed), log, read.headers, export is not None, noticed) for same in _same_posts(rows)]
    topics = tuple(log.topics) or tuple(dict.fromkeys(topic for post in posts for topic in post.topics))
    findings += noticed.findings()
    return summarise_posts(posts, topics, findings), replace(read, rows=tuple(rows), findings=tuple(findings))


class _Noticed:
    """Collects what is wrong with single posts: one finding for each code, with all its places."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Severity], list[tuple[Where, str]]] = {}
        self._known: dict[str, tuple[str, ...]] = {}

    def add(self, code: str, severity: Severity, where: Where, said: str = "", known: Sequence[str] = ()) -> None:
        self._found.setdefault((code, severity), []).append((where, said))
        self._known[code] = tuple(known)

    def findings(self) -> Iterator[Finding]:
        for (code, severity), places in self._found.items():
            said = tuple(dict.fromkeys(quote(text) for _, text in places if text))[:_MOST_QUOTED]
            details = ({"found": said} if said else {}) | ({"known": self._known[code]} if self._known[code] else {})
            yield Finding(code, severity, len(places), tuple(where for where, _ in places[:MOST_PLACES]), details=details)


def _export_of(study: Study, log: PostsLog) -> _Export | None:
    """What there is to know about an export before its rows are read; ``None`` for a log of our own."""
    form = form_of("posts")
    try:
        table = read_table(study.folder / log.file, log.file, log.sheet, log.header_row, expected_titles(form, log))
    except BaksosError:
        return None                                                        # reading the log says why
    position = match_fields(table, form, log).fields.get("date")
    if position is None or fold(table.columns[position]) not in META_TIMES:
        return None
    found = _Export(scope=next((title for title in table.columns if fold(title) in _SCOPES), ""))
    texts = [str(text) for text in table.frame[position].astype(object)]
    title = quote(table.columns[position])
    slashed = [match for text in texts if (match := _SLASHED.fullmatch(text))]
    excel = {row: int(match[1]) for row, text in zip(table.rows, texts, strict=True) if (match := _EXCEL_DATE.fullmatch(text))}
    if excel and slashed and all(int(match[2]) > 12 for match in slashed) and max(excel.values()) <= 12:
        places = tuple(Where(table.file, table.sheet, row, title) for row in list(excel)[:MOST_PLACES])
        return found._replace(turned=frozenset(excel), findings=(Finding("posts_dates_turned", Severity.WARNING, len(excel), places),))
    weighed = weigh_times([text for text in dict.fromkeys(texts) if text])
    if log.dates or (weighed.evidence == "number" and weighed.order == "day_first"):
        told = () if log.dates else (Finding("posts_dates_day_first", Severity.WARNING, len(slashed), (Where(table.file, table.sheet, None, title),)),)
        return found._replace(order=log.dates or "day_first", findings=told)
    unsure = [match[0] for match in slashed if match[1] != match[2]] if weighed.evidence in ("assumed", "sequence") else []
    told = tuple(Finding("posts_dates_month_first", Severity.NOTE, len(unsure), (Where(table.file, table.sheet, None, title),), details={"found": quote(unsure[0])}) for _ in unsure[:1])
    return found._replace(findings=told)


def _as_exported(log: PostsLog, export: _Export) -> PostsLog:
    """The log with what is known about the export."""
    scope = {"scope": export.scope} if export.scope and "scope" not in log.columns else {}
    return log.model_copy(update={"dates": export.order, "columns": {**log.columns, **scope}})


def _is_daily_series(read: ReadLog[PostRow]) -> bool:
    """Whether the file is Meta's export of one figure of the account, day by day, and no list of posts."""
    return not any(name in read.headers for name in ("reach", "shown", "link", "title", "format", *INTERACTIONS)) and any(
        fold(title) == _DAILY_SERIES for finding in read.findings if finding.code == "log_columns_ignored" for title in finding.details.get("columns", ()))


def _unknown_items(study: Study, log: PostsLog) -> Iterator[Finding]:
    """Items that a topic is said to teach and that no questionnaire has."""
    known = [item.id for instrument in study.questionnaires for item in instrument.items]
    for key, topic in log.topics.items():
        for item in topic.items:
            if item not in known:
                yield Finding("posts_item_unknown", Severity.FATAL, details={"name": key, "item": item, "similar": nearest([item], known)})


def _same_posts(rows: Sequence[PostRow]) -> list[list[PostRow]]:
    """The rows in groups about one post each, in the order of their first rows."""
    groups: dict[tuple[str, ...], list[PostRow]] = {}
    for place, row in enumerate(rows):
        address = row.link.partition("?")[0].rstrip("/")
        title = loosen(row.title)
        number = "" if _CUT_SHORT.fullmatch(row.post_id) else row.post_id                   # Excel writes long numbers as 1,79E+16
        key = ("link", address) if address else ("id", number) if number else ("title", str(row.date), title) if title and row.date else ("row", str(place))
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _one_of(rows: Sequence[PostRow], noticed: _Noticed) -> tuple[PostRow, bool]:
    """One row for one post, and whether its figures are those of single days."""
    counted = ("reach", "shown", *INTERACTIONS)
    if any(character.isdigit() for row in rows for character in row.scope):                # a day, and not "Lifetime"
        noticed.add("posts_by_day", Severity.WARNING, rows[0].where)
        sums = {name: sum(values) if (values := [value for row in rows if (value := getattr(row, name)) is not None]) else None for name in counted if name != "reach"}
        return rows[0]._replace(reach=None, **sums), True
    if len(rows) == 1:
        return rows[0], False
    differ = len({tuple(getattr(row, name) for name in counted) for row in rows}) > 1
    for row in rows[1:]:
        noticed.add("posts_row_differs" if differ else "posts_row_twice", Severity.WARNING, row.where)
    return max(rows, key=lambda row: sum(getattr(row, name) or 0 for name in counted)), False


def _post(row: PostRow, by_day: bool, log: PostsLog, headers: Mapping[str, str], is_export: bool, noticed: _Noticed) -> Post:
    title = fold(headers.get("shown", ""))
    named = (_BY_META if is_export else _BY_TITLE).get(title, "")
    definition = next((key for key in (row.definition, named, log.definition) if key in DEFINITIONS), "")
    if row.shown is not None and not definition:
        noticed.add("posts_definition_unknown", Severity.WARNING, row.where)
    if row.shown is not None and definition == "impressions" and row.date and row.date > IMPRESSIONS_ENDED:
        noticed.add("posts_impressions_late", Severity.WARNING, row.where)
    if row.reach is not None and row.shown is not None and row.reach > row.shown:
        noticed.add("posts_reach_over_shown", Severity.WARNING, row.where, f"{row.reach} > {row.shown}")
    if row.reach is not None and row.likes is not None and row.likes > row.reach:
        noticed.add("posts_likes_over_reach", Severity.WARNING, row.where, f"{row.likes} > {row.reach}")
    if not row.link and "link" in headers:
        noticed.add("posts_without_link", Severity.NOTE, row.where)
    return Post(
        number=0, day=row.date, title=row.title, topics=_topics(row, log, noticed), format=next((key for key in FORMATS if key == row.format), ""), linked=bool(row.link),
        reach=row.reach, shown=row.shown, definition=definition, likes=row.likes, comments=row.comments, shares=row.shares, saves=row.saves,  # type: ignore[arg-type]
        followers=row.followers if row.followers is not None else log.followers, followers_logged=row.followers is not None, by_day=by_day, row=row.where.row or 0)


def _topics(row: PostRow, log: PostsLog, noticed: _Noticed) -> tuple[str, ...]:
    """The declared topics of a post: those its row names, or else those whose words its title and caption hold.

    Where a study declares no topics, those that the log names.
    """
    named = [" ".join(part.split()) for part in _BETWEEN_TOPICS.split(row.topic) if part.strip()]
    if not log.topics:
        return tuple(dict.fromkeys(named))
    found = []
    for text in named:
        forms = {fold(text), loosen(text)}
        key = next((key for key, topic in log.topics.items() if forms & {form(word) for word in (key, topic.label.id, topic.label.en, *topic.words) for form in (fold, loosen)}), "")
        if key:
            found.append(key)
        else:
            noticed.add("posts_topic_unknown", Severity.WARNING, row.where, text, [quote(topic.label.id) for topic in log.topics.values()])
    if not named:
        said = fold(f"{row.title} {row.caption}")
        found = [key for key, topic in log.topics.items() if any(re.search(rf"(?<!\w){re.escape(fold(word))}", said) for word in topic.words)]
        if not found:
            noticed.add("posts_without_topic", Severity.NOTE, row.where)
    return tuple(dict.fromkeys(found))
