"""Which column was taken for which item, and by what; for what found no partner, close wordings as proposals that nobody takes by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from baksos_eval.errors import Finding
from baksos_eval.intake.columns import Layout, expected_of, known_texts
from baksos_eval.intake.files import RawTable
from baksos_eval.intake.text import loosen, quote
from baksos_eval.study.study import Source, Study, Wave

LEAST_LIKENESS = 75.0
"""Wordings less alike than this (0-100) are no proposal."""

CLEAR_LEAD = 5.0
"""So much more alike than the second best a wording must be, or nobody can say which was meant."""

_DIGITS = re.compile(r"\d+")
_NEGATIONS = frozenset(("tidak", "tdk", "tak", "bukan", "jangan", "belum", "tanpa", "kurang", "enggak", "nggak", "gak", "not", "no", "never",
                        "without", "t", "cannot", "none", "nobody"))
_UNREAD = ("answer_unreadable", "answer_out_of_range", "answer_several", "answer_became_date", "answer_is_error", "answer_not_calculated")


class Match(NamedTuple):
    """A column that is used: for what (an item's id, or a key of ``[columns]`` such as ``id`` or ``profile.usia``), and by what it was known."""

    position: int
    header: str
    target: str
    how: str


class Missing(NamedTuple):
    """An item, or a column that study.toml names, for which there is no column; ``text`` is what was looked for."""

    target: str
    text: str


class Proposal(NamedTuple):
    """A column that is worded almost like what is missing."""

    target: str
    position: int
    header: str
    likeness: float


class WaveMapping(NamedTuple):
    """The items of one wave (``""`` where a table holds one wave in each row): what was found and what was not."""

    wave: Wave
    matches: tuple[Match, ...]
    missing: tuple[Missing, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class TableMapping:
    """How the columns of one table were understood.

    Attributes:
        source: the position of the table's entry among ``[[files]]``, from 0.
        file: the file's name.
        sheet: the worksheet.
        waves: the items, per wave where a row holds several.
        known: the columns of ``[columns]``.
        unknown: those of them that are not there, with proposals.
        unused: columns that nothing was taken from.
        contact: columns of names and contact data, which are left where they are.
    """

    source: int
    file: str
    sheet: str
    waves: tuple[WaveMapping, ...]
    known: tuple[Match, ...]
    unknown: tuple[Missing, ...]
    known_proposals: tuple[Proposal, ...]
    unused: tuple[tuple[int, str], ...]
    contact: tuple[tuple[int, str], ...]

    @property
    def complete(self) -> bool:
        """Whether every item and every named column was found."""
        return not self.unknown and not any(wave.missing for wave in self.waves)


class UnknownAnswer(NamedTuple):
    """An answer that no option knows: the text, how often and for which items, and the options that look like it."""

    text: str
    count: int
    items: tuple[str, ...]
    nearest: tuple[str, ...]


def describe_columns(number: int, table: RawTable, layout: Layout, source: Source, study: Study) -> TableMapping:
    """How a table's columns were understood; ``number`` is the position of its entry among the study's ``[[files]]``."""
    ticked = [places for group in layout.multiple.values() for places in group.values()]
    used = {position for group in (*layout.items.values(), *layout.totals.values(), *ticked, layout.known) for position in group.values()}
    free = {position: header for position, header in enumerate(table.columns) if header and position not in used and position not in layout.contact}
    waves = []
    private = study.private_items
    for wave, found in layout.items.items():
        wanted = expected_of(source, study, wave)
        missing = {item: texts for item, texts in wanted.items() if item not in found}
        matches = sorted(Match(position, item.upper() if item in private else table.columns[position], item, layout.how.get(wave, {}).get(item, "")) for item, position in found.items())
        matches += [Match(position, table.columns[position], f"{question}.{option}" if option else question, "multiple")
                    for question, places in layout.multiple.get(wave, {}).items() for option, position in places.items()]
        waves.append(WaveMapping(wave if source.layout == "wide" else source.wave or "", tuple(matches),
                                 tuple(Missing(item, item.upper() if item in private else texts[0]) for item, texts in missing.items()), propose(missing, free)))
    taken = {proposal.position for wave in waves for proposal in wave.proposals}
    absent = {name: (header,) for name, header in known_texts(source, study).items() if name not in layout.known}
    return TableMapping(
        number, table.file, table.sheet, tuple(waves),
        tuple(sorted(Match(position, table.columns[position], name, "mapped") for name, position in layout.known.items())),
        tuple(Missing(name, texts[0]) for name, texts in absent.items()),
        propose(absent, {position: header for position, header in free.items() if position not in taken}),
        tuple(free.items()), tuple((position, table.columns[position]) for position in sorted(layout.contact)))


def propose(missing: Mapping[str, Sequence[str]], free: Mapping[int, str]) -> tuple[Proposal, ...]:
    """For each thing that is missing the one free column that is worded almost like it, if there is exactly one.

    Both must be each other's clear best. Wordings that differ in a number or in a negation are never proposed: they are
    other questions, however alike they look.

    >>> propose({"a1": ["Warga saling membantu"]}, {4: "Warga saling mambantu", 5: "Warga tidak saling membantu"})
    (Proposal(target='a1', position=4, header='Warga saling mambantu', likeness=95.23809523809523),)
    """
    likeness = {(target, position): max(_likeness(text, header) for text in texts)
                for target, texts in missing.items() for position, header in free.items()}
    proposals = []
    for target in missing:
        ranked = sorted(((likeness[target, position], -position) for position in free), reverse=True)
        if not ranked or ranked[0][0] < LEAST_LIKENESS:
            continue
        best, position = ranked[0][0], -ranked[0][1]
        rivals = [likeness[other, position] for other in missing if other != target] + [value for value, _ in ranked[1:2]]
        if all(best - rival >= CLEAR_LEAD for rival in rivals):
            proposals.append(Proposal(target, position, free[position], best))
    return tuple(proposals)


def _likeness(text: str, header: str) -> float:
    """How alike two wordings are, from 0 to 100; 0 where a number or a negation differs."""
    from rapidfuzz import fuzz

    left, right = loosen(text), loosen(header)
    if not left or not right or _marks(left) != _marks(right):
        return 0.0
    return max(fuzz.ratio(left, right), fuzz.token_sort_ratio(left, right))


def _marks(words: str) -> tuple[list[str], list[str]]:
    return sorted(_DIGITS.findall(words)), sorted(_NEGATIONS.intersection(words.split()))


def unknown_answers(findings: Iterable[Finding]) -> tuple[UnknownAnswer, ...]:
    """Every answer text that could not be read, over all items and RTs, the most frequent first."""
    texts: dict[str, tuple[int, dict[str, None], dict[str, None]]] = {}
    for finding in findings:
        if finding.code in _UNREAD:
            count, items, nearest = texts.get(finding.details["found"], (0, {}, {}))
            texts[finding.details["found"]] = (count + finding.count, items | {finding.details["item"]: None},
                                               nearest | dict.fromkeys(finding.details["similar"]))
    listed = [UnknownAnswer(quote(text), count, tuple(items), tuple(nearest)) for text, (count, items, nearest) in texts.items()]
    return tuple(sorted(listed, key=lambda answer: (-answer.count, answer.text)))
