"""What happens to personal data, in plain words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from baksos_eval.evaluation.results import FEWEST_PAIRS
from baksos_eval.intake.review import FILE
from baksos_eval.report.text import Catalogue
from baksos_eval.stats.suppression import FEWEST

_WIDTH = 100


@dataclass(frozen=True)
class PrivacyFacts:
    """What one study does with personal data: titles of columns, where its key lies, and what the leak scan knows."""

    ids: tuple[str, ...]
    consent: tuple[str, ...]
    profile: tuple[str, ...]
    contacts: tuple[str, ...]
    key: Path
    key_is_there: bool
    review: str
    scanned: int
    not_scanned: int


def explain(facts: PrivacyFacts | None, c: Catalogue) -> list[str]:
    """The explanation line by line; with ``facts`` also what holds for one study."""
    sections: list[tuple[str, list[str]]] = [
        ("kept", [c.text("privacy.kept_answers"), c.text("privacy.kept_ids")]),
        ("dropped", [c.text("privacy.dropped_contacts"), c.text("privacy.dropped_refused"), c.text("privacy.dropped_quotes")]),
        ("hidden", [c.text("privacy.hidden_cells", most=FEWEST - 1, fewest=FEWEST_PAIRS), c.text("privacy.hidden_scan"),
                    c.text("privacy.hidden_review", file=(facts and facts.review) or FILE)]),
        ("key", [c.text("privacy.key_what"), *_key(facts, c), c.text("privacy.key_lost")]),
        *([("study", _study(facts, c))] if facts else []),
        ("law", [c.text("privacy.law"), c.text("privacy.law_pseudonyms")]),
        ("yours", [c.text("privacy.yours"), c.text("privacy.not_advice")]),
    ]
    lines = [c.text("privacy.title")]
    for name, sentences in sections:
        lines += ["", c.text(f"privacy.{name}_heading")]
        lines += [line for sentence in sentences for line in _wrapped(sentence)]
    return lines


def _key(facts: PrivacyFacts | None, c: Catalogue) -> list[str]:
    if facts is None:
        return [c.text("privacy.key_where_none")]
    return [c.text("privacy.key_where", file=str(facts.key)), c.text("privacy.key_there" if facts.key_is_there else "privacy.key_not_yet")]


def _study(facts: PrivacyFacts, c: Catalogue) -> list[str]:
    named = (("ids", facts.ids), ("consent", facts.consent), ("profile", facts.profile), ("contacts", facts.contacts))
    lines = [c.text(f"privacy.study_{name}", columns=_listed(columns, c)) if columns else c.text(f"privacy.study_no_{name}") for name, columns in named]
    return [*lines, c.text("privacy.study_scan", count=facts.scanned, short=facts.not_scanned)]


def _listed(columns: Iterable[str], c: Catalogue) -> str:
    return c.listing(f"\"{column}\"" for column in columns)


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
