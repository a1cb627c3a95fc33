"""The practice study as a lesson: opened in a notebook, and what was planted set beside what was found."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from baksos_eval.evaluation.practice import Harvest, harvest
from baksos_eval.evaluation.results import Evaluation, Summary
from baksos_eval.intake.text import loosen
from baksos_eval.report import inline
from baksos_eval.report.content import Column, Content, Figure, Table, Text, Title
from baksos_eval.report.notebook import begin
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.study.practice import practice_study
from baksos_eval.study.study import Study

_DECIMALS = {"resilience": 2, "pooled": 2, "knowledge": 1, "item": 1}


def open_practice(study_folder: str = "", language: str = "") -> Study:
    """The practice study, written into a folder of its own, or a temporary one that the computer clears away."""
    folder = Path(study_folder) if study_folder else Path(tempfile.mkdtemp(prefix="baksos-"))
    practice_study(folder, language or "id")
    return begin(str(folder), language)


def practice_title(study: Study) -> Title:
    """The head of the lesson."""
    c = words(study.language)
    return Title(title=c.text("practice.title"), subtitle=inline.escape(study.title[c.language]), language=c.language, study=study.id)


def planted(evaluations: Sequence[Evaluation], summary: Summary) -> Table:
    """What was planted, what was found, and whether they agree."""
    c = words(summary.study.language)
    found = harvest(evaluations, summary)
    rows = [(one.rt or c.text("practice.all_rts"), c.text(f"practice.topic.{one.topic}"), _number(one, one.planted, c), _found(one, c),
             c.text(f"verdict.{one.verdict}.short") if one.verdict else NOTHING, c.text(f"practice.agrees_{'yes' if one.agrees else 'no'}")) for one in found]
    return Table(
        label="tbl-planted", caption=c.text("practice.caption"), alt=c.text("practice.alt", rows=len(rows)), rows=tuple(rows),
        columns=tuple(Column(c.text(f"practice.column.{name}"), align, weight) for name, align, weight in (  # type: ignore[arg-type]
            ("where", "left", 0.9), ("what", "left", 2.6), ("planted", "right", 0.9), ("found", "left", 1.9), ("verdict", "left", 1.4), ("agrees", "left", 0.8))),
        notes=(c.text("practice.note", confidence=c.percent(summary.study.analysis.confidence, 0)),))


def lesson(evaluations: Sequence[Evaluation], summary: Summary) -> Text:
    """How many of the planted things were found, and why an interval may miss one."""
    c = words(summary.study.language)
    found = harvest(evaluations, summary)
    return Text(c.text("practice.lesson", agreeing=sum(one.agrees for one in found), all=len(found)), role="verdict")


def of(e: Evaluation, *contents: Content | Iterable[Content] | None) -> tuple[Content, ...]:
    """The contents as those of one RT, so that a notebook can show the same topic of several: labels and mentions name the RT."""
    suffix = "-" + "-".join(loosen(e.rt).split())
    flat = [content for part in contents if part is not None for content in (part if isinstance(part, tuple | list) else (part,)) if content is not None]
    shown = {content.label for content in flat if isinstance(content, Table | Figure)}
    return tuple(_renamed(content, suffix, shown) for content in flat)


def _renamed(content: Content, suffix: str, shown: set[str]) -> Content:
    if isinstance(content, Table | Figure):
        return replace(content, label=content.label + suffix)
    if isinstance(content, Text):
        mentioned = set(inline.references(content.markdown))
        known = inline.replace_references(content.markdown, {label: f"[@{label}{suffix}]" for label in mentioned})
        return replace(content, markdown=known if mentioned <= shown else inline.without_references(content.markdown))
    return content


def _number(one: Harvest, value: float, c: Catalogue) -> str:
    return c.number(value, 0) if one.exact else c.number(value, _DECIMALS[one.topic], signed=True)


def _found(one: Harvest, c: Catalogue) -> str:
    if math.isnan(one.low):
        return _number(one, one.found, c)
    return f"{_number(one, one.found, c)} ({c.interval(one.low, one.high, _DECIMALS[one.topic])})"
