"""Sentences about what a study's files hold, before anything is analysed."""

from __future__ import annotations

from baksos_eval.errors import Severity
from baksos_eval.intake.inspection import Inspection
from baksos_eval.report import inline
from baksos_eval.report.content import Text, Title
from baksos_eval.report.narrative import study_facts
from baksos_eval.report.text import words


def inspection_title(found: Inspection) -> Title:
    """The head of the check of the files."""
    c = words(found.study.language)
    read = c.text("title.inspection_value", tables=len(found.tables), rts=len(found.rts))
    return Title(title=c.text("title.inspection"), subtitle=inline.escape(found.study.title[c.language]), language=c.language, study=found.study.id,
                 facts=(*study_facts(found.study, c), (c.text("title.files"), read)))


def inspection(found: Inspection) -> Text:
    """Whether every RT can be analysed, and how much there is to mend."""
    c = words(found.study.language)
    if not found.rts:
        verdict = c.text("inspection.nothing")
    elif found.blocked:
        verdict = c.text("inspection.blocked", names=c.listing(map(inline.escape, found.blocked)), severity=c.text(f"severity.{Severity.FATAL}"))
    else:
        verdict = c.text("inspection.ready", rts=len(found.rts))
    counts = {name: len(found.weighing(severity)) for name, severity in (("fatal", Severity.FATAL), ("warnings", Severity.WARNING), ("notes", Severity.NOTE))}
    return Text(" ".join([verdict, c.text("inspection.counts", **counts) if found.findings else c.text("inspection.no_findings")]), role="verdict")


def inspection_spellings(found: Inspection) -> Text:
    """What the names of RTs were read as, and how to set a wrong one right."""
    return Text(words(found.study.language).text("inspection.spellings" if found.spellings else "inspection.no_spellings"))


def inspection_flows(found: Inspection) -> Text | None:
    """How the flow adds up; ``None`` without RTs."""
    c = words(found.study.language)
    return Text(c.text("inspection.flows_anonymous" if found.study.is_anonymous else "inspection.flows")) if found.flows else None


def inspection_next(found: Inspection) -> Text:
    """What comes after."""
    return Text(words(found.study.language).text("inspection.next"), role="note")
