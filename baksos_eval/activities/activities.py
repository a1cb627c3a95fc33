"""Everything the programme did, from all the logs of a study."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from baksos_eval.activities.aid import Aid
from baksos_eval.activities.aid_log import read_aid
from baksos_eval.activities.logs import ReadLog, read_log
from baksos_eval.activities.partners import Partners, read_partners
from baksos_eval.activities.photos import PhotoRow, Photos, read_photos
from baksos_eval.activities.posts import Posts
from baksos_eval.activities.posts_log import read_posts
from baksos_eval.activities.register import read_tutoring
from baksos_eval.activities.satisfaction import Satisfaction, read_satisfaction
from baksos_eval.activities.tutoring import Tutoring
from baksos_eval.errors import BaksosError, Finding
from baksos_eval.study.activities import Kind
from baksos_eval.study.study import Study

READERS: Mapping[Kind, Callable[[Study, Any], tuple[Any, ReadLog[Any]]]] = {
    "aid": read_aid,
    "posts": read_posts,
    "partners": read_partners,
    "tutoring": read_tutoring,
    "photos": read_photos,
}
"""How each kind of log is read: what it says (``None`` when it cannot be read), and how reading went."""


@dataclass(frozen=True)
class Activities:
    """What a programme did, or what it did in one RT.

    Attributes:
        study: whose logs these are.
        rt: the RT, or empty for the whole programme.
        aid: goods and money given; this and the others are ``None`` where the study keeps no such log, or where it cannot be read.
        satisfaction: what partners and residents think of the programme; ``None`` where nobody was asked, and in one RT.
        unreadable: the kinds whose log is declared but cannot be read.
        findings: what was noticed in the logs.
        ids: ids of people and households as they stand in the logs, to be recognised where they must not be; only in memory.
        contacts: values of the logs' contact columns, likewise.
    """

    study: Study
    rt: str = ""
    aid: Aid | None = None
    posts: Posts | None = None
    tutoring: Tutoring | None = None
    partners: Partners | None = None
    photos: Photos | None = None
    satisfaction: Satisfaction | None = None
    unreadable: tuple[Kind, ...] = ()
    findings: tuple[Finding, ...] = ()
    ids: frozenset[str] = field(default=frozenset(), repr=False)
    contacts: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of activities there is something to say about."""
        return tuple(kind for kind in self.study.activities.declared if getattr(self, kind) is not None)

    @property
    def fatal(self) -> tuple[Finding, ...]:
        """Why logs cannot be read."""
        return tuple(finding for finding in self.findings if finding.fatal)

    def of_rt(self, rt: str) -> Activities:
        """What was done in one RT; what is not of any RT (posts) is left out."""
        name = self.study.rt_name(rt)
        own = {kind: value.of_rt(name) if hasattr(value, "of_rt") else None for kind in self.kinds if (value := getattr(self, kind)) is not None}
        return replace(self, rt=name, satisfaction=None, findings=tuple(finding for finding in self.findings if finding.rt in ("", name)), **own)


class Private(NamedTuple):
    """What identifies people in the logs, to be recognised where it must not be: ids of people and households, and contact values."""

    ids: frozenset[str]
    contacts: frozenset[str]


def private_values(study: Study) -> Private:
    """The ids and contact values of every log, without opening a photo."""
    kept = _kept.get(_fingerprint(study))
    if kept is not None:
        return Private(kept.ids, kept.contacts)
    read = [read_log(study, log, "photos", PhotoRow) if kind == "photos" else READERS[kind](study, log)[1] for kind, log in study.activities.declared.items()]
    survey = study.activities.satisfaction
    asked = read_satisfaction(study, survey).contacts if survey else frozenset[str]()
    return Private(frozenset().union(*(how.ids for how in read)), frozenset(asked).union(*(how.contacts for how in read)))


def open_activities(study: Study) -> Activities:
    """What the study's logs say, for a report about nothing else.

    Raises:
        BaksosError: ``activities_none``: the study keeps no log; ``activities_unreadable`` with every reason why logs cannot be read.
    """
    activities = read_activities(study)
    if not study.keeps_logs:
        raise BaksosError("activities_none")
    if activities.fatal:
        raise BaksosError("activities_unreadable", findings=activities.fatal, count=len(activities.fatal))
    return activities


_kept: dict[str, Activities] = {}


def read_activities(study: Study) -> Activities:
    """What the study's logs say; nothing is raised for faults in them, which are findings.

    The result is kept for as long as neither the study nor the content of a file changes, so that a hundred RTs read a log once.
    """
    key = _fingerprint(study)
    if key not in _kept:
        read = _read_all(study)
        _kept.clear()
        _kept[key] = read
    return _kept[key]


def _fingerprint(study: Study) -> str:
    """What the result depends on: the study and the bytes of its files, those of the questionnaires too (people named there are kept out of notes)."""
    state = hashlib.sha256(study.model_dump_json().encode())
    answers = {source.file: study.folder / source.file for source in study.sources}
    for name, path in (study.activities.read_from(study.folder) | answers).items():
        state.update(f"{name}\0".encode())
        if path.is_file():
            with path.open("rb") as stream:
                state.update(hashlib.file_digest(stream, "sha256").digest())
    return state.hexdigest()


def _read_all(study: Study) -> Activities:
    found: dict[str, Any] = {}
    read: list[ReadLog[Any]] = []
    for kind, log in study.activities.declared.items():
        found[kind], how = READERS[kind](study, log)
        read.append(how)
    survey = study.activities.satisfaction
    satisfaction = read_satisfaction(study, survey) if survey else None
    asked = (satisfaction.findings, satisfaction.contacts) if satisfaction else ((), frozenset[str]())
    unreadable = tuple(kind for kind, value in found.items() if value is None)
    return Activities(study, **found, unreadable=unreadable, satisfaction=satisfaction, findings=(*(finding for how in read for finding in how.findings), *asked[0]),
                      ids=frozenset().union(*(how.ids for how in read)), contacts=frozenset(asked[1]).union(*(how.contacts for how in read)))
