"""The words at the head of one attachment that holds many reports: its title page, and what is not in it."""

from __future__ import annotations

from collections.abc import Sequence

from baksos_eval.report import inline
from baksos_eval.report.content import Text, Title
from baksos_eval.report.narrative import study_facts
from baksos_eval.report.text import words
from baksos_eval.study.study import Study

MOST_NAMED = 12
"""Reports that are named one by one on the title page."""

MOST_TECHNICAL = 20
"""Reports whose technical sections are in one attachment unless somebody asks otherwise."""


def title(study: Study, reports: Sequence[str]) -> Title:
    """The title page: what was done, where, by whom, and which reports follow."""
    c = words(study.language)
    names = [inline.escape(name) for name in reports]
    held = c.listing(names) if len(names) <= MOST_NAMED else c.text("attachment.many", count=len(names), first=names[0], second=names[1], last=names[-1])
    return Title(title=c.text("attachment.title"), subtitle=inline.escape(study.title[c.language]), language=c.language, study=study.id,
                 facts=(*study_facts(study, c), (c.text("attachment.holds"), held)))


def cautions(study: Study, *, stale: Sequence[str] = (), failed: Sequence[str] = (), waiting: Sequence[str] = ()) -> tuple[Text, ...]:
    """What a reader must know before the first page: reports that are out of date, and those that are not there; nothing if all is well."""
    c = words(study.language)
    sentences = [c.text(f"attachment.{kind}", names=c.listing(inline.escape(name) for name in names))
                 for kind, names in (("failed", failed), ("waiting", waiting), ("stale", stale)) if names]
    return (Text(" ".join(sentences), role="limit"),) if sentences else ()


def without_technical(study: Study) -> tuple[Text, ...]:
    """Where the technical sections are that an attachment does not hold."""
    return (Text(words(study.language).text("attachment.without_technical"), role="note"),)
