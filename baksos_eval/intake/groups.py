"""Which group each questionnaire belongs to, and how much of the activities its person took part in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.pairing import places
from baksos_eval.intake.text import fold, loosen, nearest, quote
from baksos_eval.study.comparison import ARMS, Dose
from baksos_eval.study.study import Study

YES = ("ya", "iya", "ikut", "hadir", "pernah", "yes", "y", "v", "true")
NO = ("tidak", "tdk", "tidak ikut", "tidak hadir", "tidak pernah", "belum", "belum pernah", "no", "n", "false", "never")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)(?: ?(?:kali|x|times?))?")
_UNKNOWN = -1
_MOST_QUOTED = 5


def settle_groups(frame: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """The questionnaires with ``arm`` as ``"programme"``, ``"comparison"`` or ``""``, and ``dose.<name>`` as numbers.

    An arm that a person states once holds for all of that person's questionnaires in the RT; somebody who states both,
    or none, belongs to neither group.

    Args:
        frame: the rows of :attr:`Responses.frame`, with the columns as they were written.
        study: the groups and doses it declares.

    Returns:
        The frame, and what was noticed on the way, for each RT its own.
    """
    findings: list[Finding] = []
    arms = _arms(frame, study, findings)
    doses = {f"dose.{name}": _doses(frame, name, study, findings) for name in study.asked_doses}
    settled = {"arm": pd.Categorical.from_codes(arms, categories=["", *ARMS])} | doses
    return frame.assign(**settled), tuple(findings)


def groups_without_rt(study: Study, rts: Sequence[str]) -> Iterator[Finding]:
    """RTs that are declared for comparison but have no answers, or a comparison that leaves no RT for the programme."""
    for rt in study.comparison_rts:
        if rt not in rts:
            yield Finding("comparison_rt_unknown", Severity.FATAL, details={"name": quote(rt), "similar": nearest([rt], rts)})
    if study.comparison_rts and set(rts) <= set(study.comparison_rts):
        yield Finding("comparison_without_programme", Severity.FATAL, details={"rts": study.comparison_rts})


def _arms(frame: pd.DataFrame, study: Study, findings: list[Finding]) -> np.ndarray:
    """The number of each row's group: 0 none, 1 programme, 2 comparison."""
    if study.comparison is None:
        return np.zeros(len(frame), dtype=np.int8)
    if not study.compares_persons:
        return np.where(frame["rt"].isin(study.comparison_rts), 2, 1).astype(np.int8)
    if "arm" not in frame:
        findings.append(Finding("arm_nowhere", Severity.FATAL, details={"columns": _headers(study, "arm")}))
        return np.zeros(len(frame), dtype=np.int8)
    stated = _stated_arms(frame, study, findings)
    return _arms_of_persons(frame, stated, study, findings)


def _stated_arms(frame: pd.DataFrame, study: Study, findings: list[Finding]) -> np.ndarray:
    """What each row itself says: 0 nothing, 1 programme, 2 comparison, -1 a word that the study does not know."""
    assert study.comparison is not None
    words = {form(word): number for number, arm in enumerate(ARMS, start=1) for word in study.comparison.words(arm) for form in (fold, loosen)}
    blank = {fold(word) for word in study.answers.blank} | {""}
    column = frame["arm"].cat
    read = [0 if fold(text) in blank else words.get(fold(text), words.get(loosen(text), _UNKNOWN)) for text in column.categories]
    stated = np.array([*read, 0], dtype=np.int8)[column.codes.to_numpy()]
    severity = Severity.FATAL if study.answers.unreadable == "stop" else Severity.WARNING
    known = tuple(word for arm in ARMS for word in study.comparison.words(arm))
    findings += _per_rt(frame, "arm_unknown", severity, (stated == _UNKNOWN) & _agreeing(frame), study, "arm", known=known)
    return stated


def _arms_of_persons(frame: pd.DataFrame, stated: np.ndarray, study: Study, findings: list[Finding]) -> np.ndarray:
    person = frame["person"].to_numpy(dtype=object)
    own = np.array([f"\x1frow {row}" for row in range(len(frame))], dtype=object)   # somebody without id is only known by the row
    key = pd.factorize(frame["rt"].astype(object).to_numpy() + "\x1f" + np.where(person == "", own, person))[0]
    says = {number: np.bincount(key, stated == number) > 0 for number in (1, 2)} if len(key) else {1: np.zeros(0, bool), 2: np.zeros(0, bool)}
    arms = np.where(says[1] & says[2], 0, np.where(says[1], 1, np.where(says[2], 2, 0)))[key].astype(np.int8)
    both = (says[1] & says[2])[key]
    agreeing = _agreeing(frame)
    findings += _per_rt(frame, "arm_contradicts", Severity.WARNING, both & agreeing, study, "arm")
    findings += _per_rt(frame, "arm_missing", Severity.WARNING, (arms == 0) & ~both & (stated == 0) & agreeing, study, "arm")
    return arms


def _doses(frame: pd.DataFrame, name: str, study: Study, findings: list[Finding]) -> np.ndarray:
    column = f"dose.{name}"
    if column not in frame:
        findings.append(Finding("dose_nowhere", Severity.WARNING, details={"columns": _headers(study, column)}))
        return np.full(len(frame), math.nan)
    text = frame[column].cat
    codes = text.codes.to_numpy()
    blank = {fold(word) for word in study.answers.blank} | {""}
    used = set(np.unique(codes).tolist())
    numbers = _read_doses({code: word for code, word in enumerate(text.categories) if code in used and fold(word) not in blank},
                          study.doses.get(name, Dose()))
    values = np.array([numbers.get(code, math.nan) for code in range(len(text.categories))] + [math.nan])[codes]
    silent = np.array([fold(word) in blank for word in text.categories] + [True], dtype=bool)[codes]
    findings += _per_rt(frame, "dose_unreadable", Severity.WARNING, np.isnan(values) & ~silent & _agreeing(frame), study, column)
    return values


def _read_doses(words: Mapping[int, str], dose: Dose) -> dict[int, float]:
    """Numbers by code: declared words, numbers, and yes or no as 1 or 0 unless other numbers show that times were counted."""
    declared = {fold(word): float(value) for word, value in dose.values.items()}
    numbers = {code: _number(word, declared) for code, word in words.items()}
    counted = any(value is not None and value not in (0.0, 1.0) for value in numbers.values())
    for code, word in words.items():
        if numbers[code] is None and loosen(word) in NO:
            numbers[code] = 0.0
        elif numbers[code] is None and loosen(word) in YES and not counted:
            numbers[code] = 1.0
    return {code: value for code, value in numbers.items() if value is not None}


def _number(word: str, declared: Mapping[str, float]) -> float | None:
    if fold(word) in declared:
        return declared[fold(word)]
    found = _NUMBER.fullmatch(fold(word))
    return float(found[1].replace(",", ".")) if found else None


def _agreeing(frame: pd.DataFrame) -> np.ndarray:
    return frame["consent"].to_numpy(dtype=bool)


def _headers(study: Study, name: str) -> tuple[str, ...]:
    """How the files call a column, each spelling once."""
    kind, _, key = name.partition(".")
    columns = [source.columns.over(study.columns) for source in study.sources]
    found = [entry.dose.get(key, "") if kind == "dose" else entry.arm for entry in columns]
    return tuple(dict.fromkeys(quote(header) for header in found if header))


def _per_rt(frame: pd.DataFrame, code: str, severity: Severity, chosen: np.ndarray, study: Study, column: str, **details: object) -> Iterator[Finding]:
    """A finding for each RT with chosen rows; what these rows say is quoted, their places are those of the files."""
    header = ", ".join(_headers(study, column))
    for rt, rows in frame[chosen].groupby("rt", observed=True):
        said = tuple(sorted({quote(text) for text in rows[column].astype(object)} - {""}))[:_MOST_QUOTED]
        where = tuple(Where(place.file, place.sheet, place.row, header) for place in places(rows, np.ones(len(rows), dtype=bool)))
        yield Finding(code, severity, len(rows), where, str(rt), {"found": said, "column": header} | details)
