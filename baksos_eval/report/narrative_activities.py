"""Sentences about all activities together: what the programme kept a log of, and how well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from baksos_eval.activities.activities import Activities
from baksos_eval.errors import Severity
from baksos_eval.report import inline
from baksos_eval.report.content import Text, Title
from baksos_eval.report.facts import study_facts
from baksos_eval.report.text import Catalogue, words
from baksos_eval.study.activities import Kind

_SIZES: Mapping[Kind, Callable[[Activities], Mapping[str, object]]] = {
    "aid": lambda a: {"handovers": a.aid.result.handovers, "households": a.aid.result.households},
    "posts": lambda a: {"posts": len(a.posts.posts)},
    "tutoring": lambda a: {"sessions": len(a.tutoring.sessions), "pupils": a.tutoring.pupils},
    "partners": lambda a: {"partners": len(a.partners.partners)},
    "photos": lambda a: {"shown": len(a.photos.shown)},
}
"""The numbers that say how much of each kind there was."""


def activities_title(a: Activities) -> Title:
    """The head of the report about the activities: what, where, by whom, and which logs it rests on."""
    c = words(a.study.language)
    logs = c.listing(c.text(f"activities.log.{kind}") for kind in a.kinds)
    return Title(title=c.text("title.activities"), subtitle=inline.escape(a.study.title[c.language]), language=c.language, study=a.study.id, rt=a.rt,
                 facts=(*study_facts(a.study, c), (c.text("title.logs"), logs)))


def activities(a: Activities) -> Text | None:
    """What was done, a few words for each kind; and which logs cannot be read. ``None`` in a study without logs."""
    c = words(a.study.language)
    done = [c.text(f"activities.size.{kind}", **_SIZES[kind](a)) for kind in a.kinds]
    sentences = [_done(a, done, c)] if done else []
    if a.unreadable:
        sentences.append(c.text("activities.unreadable", logs=c.listing(c.text(f"activities.log.{kind}") for kind in a.unreadable)))
    elif not done and a.rt and a.study.activities.declared:
        sentences.append(c.text("activities.none_in_rt", rt=inline.escape(a.rt)))
    return Text(" ".join(sentences)) if sentences else None


def activity_quality(a: Activities) -> Text | None:
    """How many things there are to mend or to know about the logs."""
    if not a.study.activities.declared:
        return None
    c = words(a.study.language)
    counts = Counter(finding.severity for finding in a.findings)
    if not counts:
        return Text(c.text("activities.clean"))
    return Text(c.text("activities.findings", warnings=counts[Severity.WARNING] + counts[Severity.FATAL], notes=counts[Severity.NOTE]))


def _done(a: Activities, done: list[str], c: Catalogue) -> str:
    return c.text("activities.done_in_rt", rt=inline.escape(a.rt), what=c.listing(done)) if a.rt else c.text("activities.done", what=c.listing(done))
