"""Findings and errors in words: what was found, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from baksos_eval.errors import BaksosError, Finding, Where
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.study.toml import Words

MOST_PLACES = 10


def describe(problem: Finding | BaksosError, catalogue: Catalogue) -> list[str]:
    """The lines of a problem: what was found, the places, what to do; for an error also each of its findings."""
    if isinstance(problem, Finding):
        return [what_was_found(problem, catalogue), *places(problem, catalogue), what_to_do(problem, catalogue)]
    lines = [catalogue.text(f"error.{problem.code}", **_speakable(problem.details, catalogue))]
    if catalogue.has(f"remedy.{problem.code}"):
        lines.append(catalogue.text(f"remedy.{problem.code}", **_speakable(problem.details, catalogue)))
    for number, finding in enumerate(problem.findings, start=1):
        first, *rest = describe(finding, catalogue)
        lines += [f"{number}. {first}", *(f"   {line}" for line in rest)]
    return lines


def what_was_found(finding: Finding, catalogue: Catalogue) -> str:
    """The sentence that says what was found, with the RT's name before it if it concerns one."""
    sentence = catalogue.text(f"finding.{finding.code}", **_values(finding, catalogue))
    return f"{finding.rt}: {sentence}" if finding.rt else sentence


def what_to_do(finding: Finding, catalogue: Catalogue) -> str:
    """The remedy."""
    return catalogue.text(f"remedy.{finding.code}", **_values(finding, catalogue))


def places(finding: Finding, catalogue: Catalogue) -> list[str]:
    """Where it was found, as Excel counts; at most :data:`MOST_PLACES` places and then how many more."""
    shown = [where_in_words(where, catalogue) for where in finding.where[:MOST_PLACES] if where]
    more = len(finding.where) - MOST_PLACES
    return shown + ([catalogue.text("place.more", count=more)] if more > 0 else [])


def where_in_words(where: Where, catalogue: Catalogue) -> str:
    """One place in words."""
    parts = {"file": where.file, "sheet": where.sheet, "row": where.row, "column": where.column}
    return ", ".join(catalogue.text(f"place.{name}", **{name: value}) for name, value in parts.items() if value not in ("", None))


def speak_in_notebooks(language: str) -> None:
    """Makes a notebook show a :class:`BaksosError` as its own lines instead of a traceback."""
    catalogue = words(language)  # type: ignore[arg-type]
    BaksosError._render_traceback_ = lambda error: describe(error, catalogue)  # type: ignore[attr-defined]


def _values(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    return {"count": finding.count, "rt": finding.rt} | _speakable(finding.details, catalogue)


def _speakable(details: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """The details in words: bilingual labels and dates in the language, lists joined as the language joins them."""
    return {name: catalogue.text(f"wave.{value}") if name == "wave" and value and isinstance(value, str) else _speakable_value(value, catalogue) for name, value in details.items()}


def _speakable_value(value: Any, catalogue: Catalogue) -> Any:
    if isinstance(value, Words):
        return value[catalogue.language]
    if type(value) is date:
        return catalogue.date(value)
    if isinstance(value, tuple | list):
        return catalogue.listing(str(_speakable_value(part, catalogue)) for part in value) or NOTHING
    return value


def all_lines(problems: Iterable[Finding | BaksosError], catalogue: Catalogue) -> list[str]:
    """Every problem's lines, one after the other."""
    return [line for problem in problems for line in describe(problem, catalogue)]
