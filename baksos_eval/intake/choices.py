"""Questions with several answers at once: one text split by its declared options, or a column for each option."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.intake.files import RawTable
from baksos_eval.intake.text import fold, quote
from baksos_eval.study.instrument import MultipleChoice, Option

NOT_CHOSEN, CHOSEN = "0", "1"
WORDS = ("", NOT_CHOSEN, CHOSEN)
"""What a column of one option says in :attr:`Responses.frame`: nothing (no answer), not chosen, chosen."""

_STRONG, _WEAK = re.compile(r"\s*[;,|]\s*"), re.compile(r"\s*[;,|]\s*|\s+")
_YES, _NO = {"1", "true", "ya", "yes", "y", "v", "x", "\u2713", "\u2714", "\u2611"}, {"0", "false", "tidak", "no", "n"}
_MOST_READINGS = 2


class Ticked(NamedTuple):
    """The answers to one question: per option a column of :data:`WORDS`; the rows that could not be read, and what they say."""

    columns: Mapping[str, pd.Categorical]
    unread: np.ndarray
    found: tuple[str, ...]


def read_choices(table: RawTable, question: MultipleChoice, places: Mapping[str, int], blank: Iterable[str]) -> Ticked:
    """Who chose which option.

    Args:
        table: the table as its file holds it.
        question: with the options it declares.
        places: the position of the one column under the empty name, or that of each option under its code.
        blank: folded texts that mean "no answer".
    """
    nothing = {*blank, ""}
    codes = [option.code for option in question.options]
    if "" in places:
        column = table.frame[places[""]].array
        read = [set() if fold(text) in nothing else chosen_options(text, question) for text in column.categories]
        silent = np.array([fold(text) in nothing for text in column.categories], dtype=bool)[column.codes]
        unread = np.array([found is None for found in read], dtype=bool)[column.codes]
        chosen = {code: np.array([found is not None and code in found for found in read], dtype=bool)[column.codes] for code in codes}
        texts = (column.categories[code] for code in np.unique(column.codes[unread]))
    else:
        marks = {code: table.frame[place].array for code, place in places.items()}
        folded = {code: [fold(text) for text in column.categories] for code, column in marks.items()}
        chosen = {code: _among(folded[code], _YES, column) for code, column in marks.items()}
        silent = np.logical_and.reduce([_among(folded[code], nothing, column) for code, column in marks.items()])
        strange = {code: ~_among(folded[code], _YES | _NO | nothing, column) for code, column in marks.items()}
        unread = np.logical_or.reduce(list(strange.values()))
        texts = (column.categories[number] for code, column in marks.items() for number in np.unique(column.codes[strange[code]]))
    known = ~silent & ~unread
    return Ticked({code: pd.Categorical.from_codes(np.where(known, 1 + chosen[code], 0).astype(np.int8), categories=list(WORDS)) for code in codes}, unread,
                  tuple(sorted({quote(text) for text in texts})))


def _among(folded: Sequence[str], words: Iterable[str], column: pd.Categorical) -> np.ndarray:
    known = set(words)
    return np.array([text in known for text in folded], dtype=bool)[column.codes]


def chosen_options(text: str, question: MultipleChoice) -> set[str] | None:
    """The codes of the options that a text names, or ``None`` if it names anything else or can be read in more than one way.

    Options are told apart by ``;`` ``,`` or ``|``, which their own texts may contain; if that gives nothing, by spaces. What no
    option declares is the option ``question.other``, if there is one.
    """
    spelled: dict[str, str] = {}
    for option in question.options:
        for word in _spellings(option):
            spelled.setdefault(fold(word), option.code)
    folded = fold(text).strip(" ;,|")
    for border in (_STRONG, _WEAK):
        readings: list[frozenset[str]] = []
        _readings(folded, spelled, border, frozenset(), readings)
        if readings:
            return set(readings[0]) if len(readings) == 1 else None
    return _with_other(folded, spelled, question.other) if question.other else None


def _spellings(option: Option) -> tuple[str, ...]:
    return option.code, *option.spellings, option.label.id, option.label.en


def _readings(text: str, spelled: Mapping[str, str], border: re.Pattern[str], chosen: frozenset[str], found: list[frozenset[str]]) -> None:
    """Adds the different sets of options as which the whole text can be read, until there are too many to matter."""
    if not text:
        if chosen not in found:
            found.append(chosen)
        return
    for word, code in spelled.items():
        if len(found) >= _MOST_READINGS:
            return
        if text.startswith(word) and code not in chosen:
            rest = text[len(word):]
            gap = border.match(rest)
            if not rest or (gap and gap.end() < len(rest)):
                _readings(rest[gap.end():] if gap else "", spelled, border, chosen | {code}, found)


def _with_other(text: str, spelled: Mapping[str, str], other: str) -> set[str]:
    """The declared options at the beginning of the text, and the option for everything else for what follows them."""
    chosen: set[str] = set()
    while text:
        beginnings = [(word, gap) for word in spelled if text.startswith(word) and ((gap := _STRONG.match(text[len(word):])) or text == word)]
        if not beginnings:
            return chosen | {other}
        word, gap = max(beginnings, key=lambda found: len(found[0]))
        chosen.add(spelled[word])
        text = text[len(word) + (gap.end() if gap else 0):]
    return chosen
