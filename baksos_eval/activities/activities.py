"""Everything the programme did, from all the logs of a study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from baksos_eval.activities.aid import Aid
from baksos_eval.activities.aid_log import read_aid
from baksos_eval.activities.logs import ReadLog
from baksos_eval.activities.partners import Partners, read_partners
from baksos_eval.activities.photos import Photos, read_photos
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


def open_activities(study: Study) -> Activities:
    """What the study's logs say, for a report about nothing else.

    Raises:
        BaksosError: ``activities_none``: the study keeps no log; ``activities_unreadable`` with every reason why logs cannot be read.
    """
    activities = read_activities(study)
    if not activities.study.activities.declared and activities.satisfaction is None:
        raise BaksosError("activities_none")
    if activities.fatal:
        raise BaksosError("activities_unreadable", findings=activities.fatal, count=len(activities.fatal))
    return activities


def read_activities(study: Study) -> Activities:
    """What the study's logs say; nothing is raised for faults in them, which are findings."""
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
