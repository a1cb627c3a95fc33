"""From answer texts to option codes, item scores and scale scores; what no option declares is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.intake.pairing import places
from baksos_eval.intake.responses import Header
from baksos_eval.intake.text import fold, nearest, quote
from baksos_eval.study.instrument import Instrument, Method, Option
from baksos_eval.study.study import Answers

Headers = Mapping[tuple[str, str], Mapping[str, Header]]

_LETTER = re.compile(r"^[a-z]\s*[.)]\s*(?=\S)")
_NUMBER_AFTER = re.compile(r"(?<=[^\W\d])\s*(?:,\s*\d+|\(\s*\d+\s*\))$")
_EDGES = " .;,:"
_EXCEL_ERROR = re.compile(r"#(?:n/a|ref!|name\?|value!|div/0!|num!|null!)", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,/|&+]| dan | and ")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?")
_NUMERIC = re.compile(r"-?\d+(?:[.,]\d+)?")


def read_answers(frame: pd.DataFrame, instrument: Instrument, answers: Answers, headers: Headers | None = None,
                 rt: str = "", language: str = "id", private: Iterable[str] = ()) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """The option code of every answer (None where it is blank or unreadable), and what could not be read.

    A text is read as an option by its code, its spellings or its label in either language, without regard to case,
    Unicode form and spacing; a letter before it (``b. Setuju``) or a number after it (``Setuju, 2``) is passed over
    only if what remains is declared.

    Args:
        frame: rows of :attr:`Responses.frame`.
        instrument: the questionnaire whose items are read.
        answers: what counts as blank, and what an unreadable text does.
        headers: per (file, sheet) and item, the column in the file (for messages).
        rt: the RT, for the findings.
        language: of the options' names in the findings.
        private: folded texts that must not be quoted.
    """
    wanted = Quoting(headers or {}, rt, language, frozenset(private), Severity.FATAL if answers.unreadable == "stop" else Severity.WARNING)
    reader = Reader(instrument, answers)
    codes, findings = {}, []
    names = np.array([*(option.code for option in instrument.options), None], dtype=object)
    for item in instrument.items:
        numbers, faults = reader.numbers(frame[item.id])
        codes[item.id] = names[numbers]
        if faults.any():
            findings += reader.faults(frame, item.id, np.flatnonzero(faults), wanted)
    return pd.DataFrame(codes, index=frame.index, columns=[item.id for item in instrument.items], dtype=object), tuple(findings)


class Quoting(NamedTuple):
    """What findings about answers say beside the answers: see :func:`read_answers`."""

    headers: Headers
    rt: str
    language: str
    private: frozenset[str]
    severity: Severity


def _in_column(where: Where, item: str, headers: Headers) -> Where:
    """The place with the item's column as a lecturer finds it: ``F: Saya mencuci tangan``."""
    header = headers.get((where.file, where.sheet), {}).get(item)
    return replace(where, column=f"{header.letters}: {quote(header.title)}" if header else item)


class Reader:
    """The texts an instrument accepts, each with the one option it means."""

    def __init__(self, instrument: Instrument, answers: Answers) -> None:
        self.options = instrument.options
        self.known: dict[str, str] = {}
        for texts in (_codes, _spellings, _labels):
            level: dict[str, set[str]] = {}
            for option in instrument.options:
                for text in texts(option):
                    level.setdefault(_key(text), set()).add(option.code)
            for text, owners in level.items():
                if text not in self.known and len(owners) == 1:
                    self.known[text] = owners.pop()
        self.blank = {fold(text) for text in answers.blank} | {""}
        self.limits = instrument.item_range if instrument.kind == "rating" else None
        self._read: dict[str, tuple[str | None, str]] = {}
        self._similar: dict[tuple[str, str], tuple[str, ...]] = {}

    def read(self, text: str) -> tuple[str | None, str]:
        """The option's code and ``""``; or None and what is wrong with the text (``""`` if it is merely blank)."""
        if text not in self._read:
            self._read[text] = self._look_up(text)
        return self._read[text]

    def _look_up(self, text: str) -> tuple[str | None, str]:
        folded = fold(text)
        for form in (folded, _LETTER.sub("", folded), _NUMBER_AFTER.sub("", folded), _NUMBER_AFTER.sub("", _LETTER.sub("", folded))):
            if (code := self.known.get(_key(form))) is not None and _key(form):
                return code, ""
        if folded in self.blank:
            return None, ""
        if folded.startswith("="):
            return None, "answer_not_calculated"
        if _EXCEL_ERROR.fullmatch(folded):
            return None, "answer_is_error"
        if _DATE.fullmatch(folded):
            return None, "answer_became_date"
        parts = [part for part in _SEVERAL.split(folded) if part.strip()]
        if len(parts) > 1 and all(self.known.get(_key(part)) for part in parts):
            return None, "answer_several"
        if self.limits and _NUMERIC.fullmatch(folded):
            number = float(folded.replace(",", "."))
            if not self.limits[0] <= number <= self.limits[1]:
                return None, "answer_out_of_range"
        return None, "answer_unreadable"

    def numbers(self, column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
        """Each answer of a categorical column as a place in ``instrument.options`` (-1 where there is none), and whether it could not be read."""
        place = {option.code: number for number, option in enumerate(self.options)}
        codes = column.cat.codes.to_numpy()
        texts = column.cat.categories
        used = np.bincount(codes.astype(np.int64) + 1, minlength=len(texts) + 1)[1:] > 0
        read = [self.read(text) if there else (None, "") for text, there in zip(texts, used, strict=True)] + [(None, "")]
        return (np.array([-1 if code is None else place[code] for code, _ in read], dtype=np.int16)[codes],
                np.array([bool(fault) for _, fault in read], dtype=bool)[codes])

    def faults(self, frame: pd.DataFrame, item: str, rows: np.ndarray, wanted: Quoting) -> Iterator[Finding]:
        """A finding for each text of an item that could not be read, in these rows of the frame."""
        column = frame[item].array
        chosen = column.codes[rows]
        unread: dict[tuple[str, str], list[int]] = {}
        for code in np.unique(chosen).tolist():
            unread.setdefault((self.read(column.categories[code])[1], fold(column.categories[code])), []).append(code)
        for (fault, folded), codes in unread.items():
            found = rows[np.isin(chosen, codes)]
            where = tuple(_in_column(place, item, wanted.headers) for place in places(frame.iloc[found[:MOST_PLACES]], np.ones(min(len(found), MOST_PLACES), dtype=bool)))
            yield Finding(fault, wanted.severity, len(found), where, wanted.rt, {
                "item": item, "found": "…" if folded in wanted.private else quote(column.categories[codes[0]]),
                "similar": self.similar(folded, wanted.language), "accepted": self.names(wanted.language)})

    def similar(self, text: str, language: str) -> tuple[str, ...]:
        """Labels of the options of which some spelling looks like the text."""
        if (text, language) not in self._similar:
            self._similar[text, language] = self._look_alike(text, language)
        return self._similar[text, language]

    def _look_alike(self, text: str, language: str) -> tuple[str, ...]:
        owner = {quote(word): option.label[language] for option in self.options
                 for word in (option.code, *option.spellings, option.label.id, option.label.en)}
        return tuple(dict.fromkeys(owner[word] for word in nearest([text], owner, cutoff=0.5)))

    def names(self, language: str) -> tuple[str, ...]:
        """Every option's label."""
        return tuple(option.label[language] for option in self.options)


def _codes(option: Option) -> tuple[str, ...]:
    return (option.code,)


def _spellings(option: Option) -> tuple[str, ...]:
    return option.spellings


def _labels(option: Option) -> tuple[str, ...]:
    return option.label.id, option.label.en


def _key(text: str) -> str:
    folded = fold(text)
    return folded.strip(_EDGES) or folded


def score_items(codes: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """The score of every answer as a float; a blank is nan, never wrong.

    Rating: the option's value, on reversed items mirrored (minimum + maximum - value). Knowledge: 1 for the key, else 0.
    """
    return pd.DataFrame(item_scores(option_numbers(codes, instrument), instrument), index=codes.index, columns=list(codes.columns), dtype=float)


def item_scores(numbers: np.ndarray, instrument: Instrument) -> np.ndarray:
    """The scores of answers given as :func:`option_numbers` (people x items)."""
    low, high = instrument.item_range
    if instrument.kind == "knowledge":
        table = [[float(option.code == item.key) for option in instrument.options] for item in instrument.items]
    else:
        values = [option.value for option in instrument.options]
        table = [[low + high - value if item.reversed else value for value in values] for item in instrument.items]
    return np.array([[*row, np.nan] for row in table], dtype=float)[np.arange(len(instrument.items)), numbers]


def option_numbers(codes: pd.DataFrame, instrument: Instrument) -> np.ndarray:
    """The answers as positions in ``instrument.options`` (people x items), -1 where there is none."""
    order = {option.code: number for number, option in enumerate(instrument.options)}
    flat, found = pd.factorize(codes.to_numpy(dtype=object).ravel())
    lookup = np.array([order[code] for code in found] + [-1], dtype=np.int64)
    return lookup[flat].reshape(codes.shape)


def score_scales(item_scores: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """One column per scale: the mean of the answered items, as ``scoring.method`` expresses it.

    ``mean`` is the mean itself, ``sum`` the mean times the number of items (the plain sum if none is blank),
    ``percent`` the mean as a percentage of the highest item score. Where fewer than ``least_answered`` of a scale's
    items are answered there is no score (nan).
    """
    scores = scale_scores(item_scores.to_numpy(dtype=float), tuple(item_scores.columns), instrument)
    return pd.DataFrame(scores, index=item_scores.index, dtype=float)


def scale_scores(scores_of_items: np.ndarray, names: Sequence[str], instrument: Instrument) -> dict[str, np.ndarray]:
    """The scores of each scale from those of the items (people x items, the items as ``names`` says)."""
    high = instrument.item_range[1]
    scores = {}
    for scale in instrument.scales:
        items = scores_of_items[:, [names.index(item) for item in scale.items]]
        answered = (~np.isnan(items)).sum(axis=1)
        total = np.nansum(items, axis=1)
        enough = (answered >= scale.least_answered * len(scale.items) - 1e-9) & (answered > 0)
        mean = np.divide(total, answered, out=np.full(len(items), np.nan), where=answered > 0)
        match scale.method:
            case Method.MEAN:
                score = mean
            case Method.SUM:
                score = np.where(answered == len(scale.items), total, mean * len(scale.items))
            case Method.PERCENT:
                score = 100.0 * mean / high
        scores[scale.id] = np.where(enough, score, np.nan)
    return scores
