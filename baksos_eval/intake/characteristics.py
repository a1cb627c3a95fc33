"""What people say about themselves, read alike however it is written: sex, age and schooling."""

from __future__ import annotations

import re

from baksos_eval.intake.text import fold, loosen

_AGE = re.compile(r"(\d{1,3})(?:[.,]0)?(?: ?(?:tahun|thn|th|years?|yrs?)\.?(?: old)?)?")
YOUNGEST, OLDEST = 5, 110

SEXES = {"female": ["p", "pr", "perempuan", "wanita", "w", "cewek", "f", "female", "woman"], "male": ["l", "lk", "laki-laki", "laki", "lelaki", "pria", "cowok", "m", "male", "man"]}
EDUCATION = {
    "no_school": ("tidak sekolah", "belum sekolah", "tidak tamat sd", "none", "no school", "no schooling"),
    "primary": ("sd", "mi", "sekolah dasar", "sd sederajat", "paket a", "primary", "primary school"),
    "lower_secondary": ("smp", "mts", "sltp", "smp sederajat", "paket b", "lower secondary", "lower secondary school"),
    "upper_secondary": ("sma", "smk", "ma", "slta", "stm", "smu", "sma smk", "sma sederajat", "smk sederajat", "sma smk sederajat", "sma smk ma", "paket c",
                        "upper secondary", "upper secondary school"),
    "diploma": ("d1", "d2", "d3", "d4", "diploma", "diii", "div", "d iii", "d iv", "d 3", "akademi"),
    "university": ("s1", "s2", "s3", "sarjana", "strata 1", "s 1", "s 2", "magister", "pascasarjana", "doktor", "sarjana ke atas", "university",
                   "university degree"),
    "higher": ("diploma sarjana", "d3 s1", "perguruan tinggi", "universitas", "kuliah", "pt"),
}
_SEX_OF = {word: key for key, words in SEXES.items() for word in words}
_SCHOOL_OF = {word: key for key, words in EDUCATION.items() for word in words}


def sex_of(text: str) -> str | None:
    """``female``, ``male``, or ``None`` for any other text.

    >>> sex_of("Laki - laki"), sex_of("P"), sex_of("25")
    ('male', 'female', None)
    """
    return _SEX_OF.get(fold(text)) or _SEX_OF.get(loosen(text))


def schooling_of(text: str) -> str | None:
    """A key of :data:`EDUCATION`, or ``None``."""
    return _SCHOOL_OF.get(fold(text)) or _SCHOOL_OF.get(loosen(text))


def age_of(text: str) -> int | None:
    """The age in years, or ``None``.

    >>> age_of("45 th"), age_of("300"), age_of("SD")
    (45, None, None)
    """
    found = _AGE.fullmatch(fold(text))
    return int(found[1]) if found and YOUNGEST <= int(found[1]) <= OLDEST else None


def agree(first: str, second: str) -> bool | None:
    """Whether two answers of a person about themselves, some weeks apart, say the same; ``None`` if one is blank.

    An age may have grown by a year, or be a year off.

    >>> agree("P", "perempuan"), agree("45", "46 tahun"), agree("SMA", "SD"), agree("", "SD")
    (True, True, False, None)
    """
    if not fold(first) or not fold(second):
        return None
    ages = age_of(first), age_of(second)
    if None not in ages:
        return abs(ages[0] - ages[1]) <= 1
    for read in (sex_of, schooling_of):
        if read(first) and read(second):
            return read(first) == read(second)
    return loosen(first) == loosen(second)
