"""The practice study's harvest: what was planted in its answers beside what the statistics found of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Literal, NamedTuple

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.results import Evaluation, Summary
from baksos_eval.stats.paired import Verdict
from baksos_eval.study.practice import (
    KNOWLEDGE,
    KNOWN_BEFORE,
    KNOWN_OF_MISUNDERSTOOD,
    LEARN_OF_MISUNDERSTOOD,
    MISUNDERSTOOD,
    PEOPLE,
    PLANTED,
    RESILIENCE,
)

Topic = Literal["resilience", "knowledge", "item", "leavers", "careless", "slips", "pooled", "d_z", "r"]


class Harvest(NamedTuple):
    """One planted thing and what was found of it; limits and verdict are missing where there are none.

    ``exact`` things are counts, which must be found as they are; others are estimates, whose interval should hold the planted value.
    """

    topic: Topic
    rt: str
    planted: float
    found: float
    low: float = math.nan
    high: float = math.nan
    verdict: Verdict | None = None
    exact: bool = False

    @property
    def agrees(self) -> bool:
        """Whether the count is right, or the interval holds what was planted."""
        return self.found == self.planted if self.exact else self.low <= self.planted <= self.high


def harvest(evaluations: Sequence[Evaluation], summary: Summary) -> tuple[Harvest, ...]:
    """Everything planted beside what was found of it, RT by RT, and over all RTs.

    Raises:
        BaksosError: ``practice_other_study``: these are not the evaluations of the practice study.
    """
    if {e.rt for e in evaluations} != set(PLANTED) or {e.study.id for e in evaluations} != {"latihan"}:
        raise BaksosError("practice_other_study")
    found: list[Harvest] = []
    for e in evaluations:
        planted = PLANTED[e.rt]
        careful = (PEOPLE - planted.careless - planted.leavers) / (PEOPLE - planted.leavers)
        by_scale = {result.scale.instrument: result for result in e.headlines}
        for topic, instrument, expected in (("resilience", RESILIENCE, planted.resilience * careful), ("knowledge", KNOWLEDGE, expected_knowledge(e.rt))):
            result = by_scale[instrument]
            change = result.mean_change
            found.append(Harvest(topic, e.rt, expected, change.change, change.change_low, change.change_high, result.verdict))  # type: ignore[arg-type]
    first = next(e for e in evaluations if e.rt == "RT 01")
    item = next(result for result in first.items if result.item.id == MISUNDERSTOOD)
    assert item.proportion is not None
    found.append(Harvest("item", first.rt, 100 * (1 - KNOWN_OF_MISUNDERSTOOD) * LEARN_OF_MISUNDERSTOOD, 100 * item.proportion.change,
                         100 * item.proportion.low, 100 * item.proportion.high))
    for e in evaluations:
        planted = PLANTED[e.rt]
        if planted.leavers:
            found.append(Harvest("leavers", e.rt, planted.leavers, e.flow.pre_only, exact=True))
        if planted.careless:
            found.append(Harvest("careless", e.rt, planted.careless, _most_in(e, "answers_all_equal"), exact=True))
        if planted.slips:
            found.append(Harvest("slips", e.rt, planted.slips, _most_in(e, "ids_nearly_equal"), exact=True))
    pooled = next(result.pooled for result in summary.headlines if result.scale.instrument == RESILIENCE)
    found.append(Harvest("pooled", "", fmean(one.planted for one in found if one.topic == "resilience"), pooled.estimate, pooled.low, pooled.high))
    return tuple(found)


def _most_in(e: Evaluation, code: str) -> int:
    """How many people a finding is about, in the wave in which they are most."""
    return max((finding.count for finding in e.findings if finding.code == code), default=0)


def expected_knowledge(rt: str) -> float:
    """The expected change of the test's score in an RT, over all its items."""
    planted, items = PLANTED[rt], 16
    usual = planted.knowledge(KNOWN_BEFORE)
    return ((items - 1) * usual + 100 * (1 - KNOWN_OF_MISUNDERSTOOD) * LEARN_OF_MISUNDERSTOOD) / items
