"""What speaks against two questionnaires being one person's although the id is the same: another sex, or an age that is more than two years off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.characteristics import OLDEST, YOUNGEST, age_of, sex_of
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.intake.text import loosen, quote
from baksos_eval.study.study import Study

MOST_YEARS_OFF = 2
"""People say their age in round numbers and have birthdays; more than this is another person, or a slip worth a look."""

_WHOSE = r"(?: (?:responden|anda|saudara|saudari|bapak ibu|peserta|warga|tahun|thn|th|saat ini|sekarang|respondent|of respondent|in years|years|your))*"
_SEX = re.compile(rf"(?:jenis kelamin|kelamin|jns kelamin|jk|l p|sex|gender){_WHOSE}")
_AGE = re.compile(rf"(?:usia|umur|age|your age){_WHOSE}")
_BORN = re.compile(rf"(?:tahun lahir|tahun kelahiran|tanggal lahir|tgl lahir|year of birth|birth year|date of birth){_WHOSE}")
_NO_AGE = re.compile(r"-?\d+(?:[.,]\d+)?(?: ?(?:tahun|thn|th|years?)\.?)?$|\d{4}-\d\d-\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")


class Facts(NamedTuple):
    """What each row says of its person; nan where it says nothing, or nothing of the kind was asked."""

    sex: np.ndarray
    age: np.ndarray
    born: np.ndarray

    def another_sex(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Whether the rows of each two places name different sexes."""
        return np.abs(self.sex[first] - self.sex[second]) > 0

    def another_age(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Whether the ages, or the years of birth, of the rows of each two places are too far apart."""
        return (np.abs(self.age[first] - self.age[second]) > MOST_YEARS_OFF) | (np.abs(self.born[first] - self.born[second]) > MOST_YEARS_OFF)


def facts_of(frame: pd.DataFrame, study: Study) -> Facts | None:
    """The facts in the profile columns of the responses whose name or header says that they are a person's sex, age or date of birth; ``None`` without any."""
    found: dict[str, np.ndarray] = {}
    for name, words in _headers(study).items():
        column = f"profile.{name}"
        if column not in frame:
            continue
        for kind, (pattern, read) in _READERS.items():
            if kind not in found and any(pattern.fullmatch(text) for text in words):
                found[kind] = _read(frame[column], read)
                break
    if not found:
        return None
    nothing = np.full(len(frame), np.nan)
    return Facts(*(found.get(kind, nothing) for kind in _READERS))


def impossible_ages(rows: pd.DataFrame, study: Study, rt: str) -> Iterator[Finding]:
    """Ages of one RT's questionnaires that nobody has: too low or too high, years of birth, dates."""
    for name, words in _headers(study).items():
        column = f"profile.{name}"
        if column in rows and any(_AGE.fullmatch(text) for text in words):
            texts = rows[column].astype(object).astype(str).tolist()
            wrong = np.array([_NO_AGE.match(text) is not None and age_of(text) is None for text in texts], dtype=bool)
            if wrong.any():
                said = tuple(sorted({quote(text) for text, is_wrong in zip(texts, wrong, strict=True) if is_wrong}))[:5]
                where = tuple(Where(str(file), str(sheet), int(row)) for file, sheet, row in rows.loc[wrong, ["file", "sheet", "row"]].head(MOST_PLACES).itertuples(index=False))
                yield Finding("ages_impossible", Severity.WARNING, int(wrong.sum()), where, rt, {"name": name, "found": said, "youngest": YOUNGEST, "oldest": OLDEST})


def _headers(study: Study) -> dict[str, set[str]]:
    """What each profile column is called, by its name and in the files."""
    headers: dict[str, set[str]] = {}
    for columns in (study.columns, *(source.columns for source in study.sources)):
        for name, header in columns.profile.items():
            headers.setdefault(name, {loosen(name)}).add(loosen(header))
    return headers


def _read(column: pd.Series, read: Callable[[str], float | None]) -> np.ndarray:
    codes, texts = pd.factorize(column.astype(object).to_numpy())
    values = [read(text) if isinstance(text, str) and text else None for text in texts]
    return np.array([*(np.nan if value is None else value for value in values), np.nan], dtype=float)[codes]


def _sex(text: str) -> float | None:
    sex = sex_of(text)
    return None if sex is None else float(sex == "female")


def _age(text: str) -> float | None:
    return age_of(text)


def _year(text: str) -> float | None:
    found = _YEAR.findall(text)
    return float(found[0]) if len(found) == 1 else None


_READERS: dict[str, tuple[re.Pattern[str], Callable[[str], float | None]]] = {"sex": (_SEX, _sex), "age": (_AGE, _age), "born": (_BORN, _year)}
