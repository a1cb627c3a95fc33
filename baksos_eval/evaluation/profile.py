"""Who the people are: sex, age group, education and whatever else the study describes them by, with small numbers hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from baksos_eval.errors import Finding, Severity
from baksos_eval.intake.characteristics import EDUCATION, SEXES, age_of, schooling_of, sex_of
from baksos_eval.intake.rt_data import RtData
from baksos_eval.intake.text import clean, fold, quote
from baksos_eval.stats.suppression import FEWEST, Table, suppress
from baksos_eval.study.study import WAVES

_MOST_GROUPS = 12
_OF_AGE = 18
_SHARE = 0.8
"""A column is of a kind when this share of its answers is; the rest counts as not said."""

_AGES = (("under_30", 0), ("from_30", 30), ("from_45", 45), ("from_60", 60))
NOT_SAID, OTHERS = "not_said", "others"


class Group(NamedTuple):
    """People who have something in common; ``count`` and the counts ``by_sex`` are ``None`` where they are hidden.

    ``key`` is a key of the catalogues, or empty where ``label`` holds the respondents' own word.
    """

    key: str
    label: str
    count: int | None
    by_sex: tuple[int | None, ...]


class Characteristic(NamedTuple):
    """One way to describe ``n`` people; ``kind`` is ``sex``, ``age``, ``education`` or ``other``, ``sexes`` the columns of ``by_sex``."""

    name: str
    kind: str
    n: int
    groups: tuple[Group, ...]
    sexes: tuple[str, ...] = ()

    @property
    def hides(self) -> bool:
        return any(None in (group.count, *group.by_sex) for group in self.groups)


class GroupApart(NamedTuple):
    """As :class:`Group`, of an anonymous study: how many had this in common before, and how many after."""

    key: str
    label: str
    pre: int | None
    post: int | None


class CharacteristicApart(NamedTuple):
    """One way to describe the ``n_pre`` people before and the ``n_post`` people after, who cannot be linked."""

    name: str
    kind: str
    n_pre: int
    n_post: int
    groups: tuple[GroupApart, ...]

    @property
    def hides(self) -> bool:
        return any(None in (group.pre, group.post) for group in self.groups)


def describe_waves(data: RtData) -> tuple[CharacteristicApart, ...]:
    """The people of each wave of an anonymous study, by everything the study describes them by; empty where a wave has fewer than five.

    No total over the waves is told, so small numbers are hidden in each wave by itself.
    """
    waves = [data.present[wave].to_numpy(dtype=bool) if len(data.present) else np.zeros(0, dtype=bool) for wave in WAVES]
    if min(int(wave.sum()) for wave in waves) < FEWEST:
        return ()
    sorted_in = {name: _sort(data.profile[name].to_numpy(dtype=object)) for name in data.profile}
    described = [_characteristic_apart(name, found, waves) for name, found in sorted_in.items() if found]
    return tuple(characteristic for characteristic in described if characteristic)


def describe_people(data: RtData) -> tuple[Characteristic, ...]:
    """The people with questionnaires before and after, by everything the study describes them by; empty with fewer than five.

    Every other characteristic is also counted by sex where both sexes are many enough to be shown.
    """
    paired = (data.present[["pre", "post"]].all(axis=1)).to_numpy() if len(data.present) else np.zeros(0, dtype=bool)
    n = int(paired.sum())
    if n < FEWEST:
        return ()
    sorted_in = {name: _sort(data.profile[name].to_numpy(dtype=object)[paired]) for name in data.profile}
    sorted_in = {name: found for name, found in sorted_in.items() if found}
    sexes = next((found for found in sorted_in.values() if found.kind == "sex"), None)
    if sexes and min(Counter(sexes.groups.tolist()).values()) < FEWEST:
        sexes = None
    described = [_characteristic(name, found, n, sexes if found is not sexes else None) for name, found in sorted_in.items()]
    return tuple(characteristic for characteristic in described if characteristic)


def age_findings(data: RtData) -> tuple[Finding, ...]:
    """A finding when children are among the people: their data are specific personal data (UU 27/2022, art. 4)."""
    for name in data.profile:
        ages = _ages([fold(str(text)) for text in data.profile[name]])
        if ages is not None and any(age is not None and age < _OF_AGE for age in ages):
            return (Finding("children_among_people", Severity.WARNING, rt=data.rt, details={"name": name, "age": _OF_AGE}),)
    return ()


class _Sorted(NamedTuple):
    """Each person's group, the groups in their order, and the word of each group that is not ours."""

    kind: str
    groups: np.ndarray
    order: tuple[str, ...]
    labels: Mapping[str, str] = {}


def _sort(values: Sequence[object]) -> _Sorted | None:
    """The values as groups of the first kind that fits; ``None`` when nobody said anything or everybody said something else."""
    texts = [fold(str(value)) for value in values]
    if not any(texts):
        return None
    ages = _ages(texts)
    if ages is not None:
        groups = [NOT_SAID if age is None else [key for key, lowest in _AGES if age >= lowest][-1] for age in ages]
        return _Sorted("age", np.array(groups, dtype=object), (*(key for key, _ in _AGES), NOT_SAID))
    for kind, read, keys in (("sex", sex_of, SEXES), ("education", schooling_of, EDUCATION)):
        found = _read(texts, read)
        if found is not None:
            return _Sorted(kind, np.array([group or NOT_SAID for group in found], dtype=object), (*keys, NOT_SAID))
    return _own_words([clean(str(value)) for value in values], texts)


def _ages(texts: Sequence[str]) -> list[int | None] | None:
    return _read(texts, age_of)


def _read(texts: Sequence[str], read: Callable[[str], object]) -> list | None:
    """What each text means, if that is known for nearly all that say something."""
    found = [read(text) if text else None for text in texts]
    said = sum(bool(text) for text in texts)
    return found if said and sum(value is not None for value in found) >= _SHARE * said else None


def _own_words(values: Sequence[str], texts: Sequence[str]) -> _Sorted | None:
    """The respondents' own words as groups; rare ones together, so that a word does not tell who said it."""
    counts = Counter(text for text in texts if text)
    frequent = [text for text, count in counts.most_common() if count >= FEWEST][:_MOST_GROUPS]
    if not frequent:
        return None
    spoken = {text: Counter(value for value, folded in zip(values, texts, strict=True) if folded == text) for text in frequent}
    labels = {text: quote(min(spellings, key=lambda value: (-spellings[value], value))) for text, spellings in spoken.items()}
    groups = [NOT_SAID if not text else text if text in labels else OTHERS for text in texts]
    return _Sorted("other", np.array(groups, dtype=object), (*sorted(frequent, key=lambda text: (-counts[text], text)), OTHERS, NOT_SAID), labels)


def _characteristic_apart(name: str, found: _Sorted, waves: Sequence[np.ndarray]) -> CharacteristicApart | None:
    order = [group for group in found.order if (found.groups == group).any()]
    before, after = (suppress([[int((found.groups[wave] == group).sum())] for group in order]) for wave in waves)
    if before is None or after is None:
        return None
    groups = tuple(GroupApart("" if key in found.labels else key, found.labels.get(key, ""), pre, post) for key, (pre,), (post,) in zip(order, before, after, strict=False))
    return CharacteristicApart(name, found.kind, *(int(wave.sum()) for wave in waves), groups)


def _characteristic(name: str, found: _Sorted, n: int, sexes: _Sorted | None) -> Characteristic | None:
    order = [group for group in found.order if (found.groups == group).any()]
    columns = [sex for sex in sexes.order if (sexes.groups == sex).any()] if sexes else []
    table: Table | None = None
    if sexes:
        table = suppress([[int(((found.groups == group) & (sexes.groups == sex)).sum()) for sex in columns] for group in order], fixed_columns=True)
    if table is None:
        columns = []
        table = suppress([[int((found.groups == group).sum())] for group in order])
    if table is None:
        return None
    groups = tuple(Group("" if key in found.labels else key, found.labels.get(key, ""), cells[-1], cells[:-1]) for key, cells in zip(order, table, strict=False))
    return Characteristic(name, found.kind, n, groups, tuple(columns))
