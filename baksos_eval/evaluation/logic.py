"""The logic model of a programme, filled from its data: what was put in, done, reached at once, and what changed; and what answers each problem statement."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.aid import Aid
from baksos_eval.activities.partners import Partners
from baksos_eval.activities.photos import Photos
from baksos_eval.activities.posts import Posts
from baksos_eval.activities.satisfaction import Satisfaction
from baksos_eval.activities.tutoring import Tutoring
from baksos_eval.evaluation.results import FEWEST_PAIRS, ScaleSummary, Summary
from baksos_eval.study.instrument import Scale
from baksos_eval.study.logic import LEVELS, Level, Problem, Step
from baksos_eval.study.study import Study


class Fact(NamedTuple):
    """One figure of the data at its level.

    Attributes:
        source: the kind of log it comes from, or the scale (``instrument.scale``).
        key: which figure it is.
        values: its unrounded numbers by name; ``nan`` where one cannot be computed.
        scale: the scale that changed, where it is an outcome.
    """

    level: Level
    source: str
    key: str
    values: Mapping[str, float]
    scale: Scale | None = None


@dataclass(frozen=True)
class LogicModel:
    """The steps in the study's own words and the figures of its data, by level.

    Attributes:
        complete: whether everything the study has was looked at: its questionnaires too, where it asks people.
    """

    study: Study
    facts: tuple[Fact, ...]
    complete: bool = True

    def steps(self, level: Level) -> tuple[Step, ...]:
        """What the study itself says about a level."""
        return tuple(step for step in self.study.logic if step.level == level)

    def at(self, level: Level) -> tuple[Fact, ...]:
        """What the data say about a level: of each instrument its first scale and those that a problem statement names."""
        named = {scale for problem in self.study.problems for scale in problem.scales} | {_headline(self.study, instrument.id) for instrument in self.study.questionnaires}
        return tuple(fact for fact in self.facts if fact.level == level and (fact.scale is None or fact.source in named))

    def answering(self, problem: Problem) -> tuple[Fact, ...]:
        """The figures that bear on a problem statement, the outcomes first."""
        scales = {scale for name in problem.scales for scale in (name, _headline(self.study, name)) if scale}
        bearing = [fact for fact in self.facts if fact.source in scales or fact.source in problem.activities]
        return tuple(sorted(bearing, key=lambda fact: fact.scale is None))


def logic_model(study: Study, activities: Activities | None = None, summary: Summary | None = None) -> LogicModel:
    """What the logs and the questionnaires tell about each level; figures that cannot be computed are left out."""
    found = [*(_of_logs(activities) if activities else ()), *(_of_scales(summary) if summary else ())]
    return LogicModel(study, tuple(sorted((fact for fact in found if not any(map(math.isnan, fact.values.values()))), key=lambda fact: LEVELS.index(fact.level))),
                      complete=summary is not None or not study.asks_people)


def _of_logs(a: Activities) -> Iterator[Fact]:
    if a.aid:
        yield from _of_aid(a.aid)
    if a.posts:
        yield from _of_posts(a.posts)
    if a.tutoring:
        yield from _of_tutoring(a.tutoring)
    if a.partners:
        yield from _of_partners(a.partners)
    if a.satisfaction:
        yield from _of_satisfaction(a.satisfaction)
    if a.photos:
        yield from _of_photos(a.photos)


def _of_aid(aid: Aid) -> Iterator[Fact]:
    result = aid.result
    planned, realised = (math.fsum(getattr(line, name) for line in aid.budget) for name in ("planned", "realised"))
    if aid.budget:
        yield Fact("input", "aid", "aid_budget", {"planned": planned, "realised": realised})
    yield Fact("activity", "aid", "aid_handovers", {"handovers": result.handovers, "days": len(result.days)})
    if math.isnan(result.coverage.share):
        yield Fact("output", "aid", "aid_households", {"households": result.households})
    else:
        yield Fact("output", "aid", "aid_coverage", {"reached": result.coverage.reached, "targeted": result.coverage.targeted, "share": result.coverage.share})
    yield Fact("output", "aid", "aid_targeting", {"exclusion": result.targeting.exclusion, "inclusion": result.targeting.inclusion})
    institutions = {entry.institution for entry in aid.institutions}
    if institutions:
        yield Fact("output", "aid", "aid_institutions", {"institutions": len(institutions)})


def _of_posts(posts: Posts) -> Iterator[Fact]:
    yield Fact("activity", "posts", "posts_made", {"posts": len(posts.posts)})
    yield Fact("output", "posts", "posts_reach", {"n": posts.all.reach.n, "median": posts.all.reach.median})
    yield Fact("output", "posts", "posts_engagement", {"engagement": posts.all.by_reach.median})


def _of_tutoring(tutoring: Tutoring) -> Iterator[Fact]:
    yield Fact("activity", "tutoring", "tutoring_sessions", {"sessions": tutoring.overall.sessions})
    yield Fact("output", "tutoring", "tutoring_attendance", {"share": tutoring.overall.share})


def _of_partners(partners: Partners) -> Iterator[Fact]:
    yield Fact("input", "partners", "partners_named", {"partners": len(partners.partners)})
    if partners.permission.asked:
        yield Fact("input", "partners", "partners_letters", {"complete": partners.permission.complete, "asked": partners.permission.asked})
    if partners.worth.valued:
        yield Fact("input", "partners", "partners_worth", {"rupiah": partners.worth.rupiah})


def _of_satisfaction(satisfaction: Satisfaction) -> Iterator[Fact]:
    whole = satisfaction.all
    index = whole.ikm.index if whole.ikm else whole.achievement.percent if whole.achievement else math.nan
    yield Fact("output", "partners", "satisfaction_ikm" if whole.ikm else "satisfaction_tcr", {"n": whole.n, "index": index})


def _of_photos(photos: Photos) -> Iterator[Fact]:
    yield Fact("output", "photos", "photos_shown", {"shown": len(photos.shown), "listed": sum(photos.listed.values())})


def _of_scales(summary: Summary) -> Iterator[Fact]:
    for result in summary.scales:
        yield from _of_scale(result)


def _of_scale(result: ScaleSummary) -> Iterator[Fact]:
    """The change over all RTs where there are enough to pool, the change in the one RT otherwise."""
    source = f"{result.scale.instrument}.{result.scale.id}"
    usable = [unit for unit in result.units if unit.shown]
    pooled = result.pooled
    if not _missing(pooled.estimate, pooled.low):
        yield Fact("outcome", source, "change_pooled", {"k": len(usable), "change": pooled.estimate, "low": pooled.low, "high": pooled.high}, result.scale)
    elif usable:
        yield Fact("outcome", source, "change_counted", {"k": len(usable), **_counted(usable)}, result.scale)
    else:
        yield Fact("outcome", source, "change_none", {"fewest": FEWEST_PAIRS}, result.scale)


def _counted(units: Iterable[object]) -> dict[str, float]:
    verdicts = [getattr(unit, "verdict", "") for unit in units]
    return {"better": sum(verdict in ("improved", "improved_meaningfully") for verdict in verdicts),
            "worse": sum(verdict in ("worsened", "worsened_meaningfully") for verdict in verdicts)}


def _missing(*values: float) -> bool:
    return any(math.isnan(value) for value in values)


def _headline(study: Study, name: str) -> str:
    """The first scale of the instrument with this name; empty for the name of a scale."""
    return next((f"{instrument.id}.{instrument.scales[0].id}" for instrument in study.questionnaires if instrument.id == name), "")
