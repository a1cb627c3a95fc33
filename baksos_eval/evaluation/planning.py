"""Plans a study before its data: for each total score, how many people or RTs find the smallest change that matters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from baksos_eval.errors import BaksosError
from baksos_eval.stats import planning
from baksos_eval.stats.planning import GroupsPlan, PairedPlan, RtsPlan
from baksos_eval.study.instrument import Scale
from baksos_eval.study.study import Study

CORRELATIONS = (0.3, 0.5, 0.7)
PAIRS = (10, 15, 20, 25, 30, 40, 60, 100)
PEOPLE_PER_RT = (10, 15, 20, 30, 50)
ICCS = (0.01, 0.05, 0.10)
"""How alike the people of one RT are: the figures between which most published ones for outcomes of programmes lie."""

POWERS = (0.8, 0.9)
_SPREADS = (1 / 8, 1 / 6, 1 / 4)
"""Standard deviations to reckon with where nobody declares one, as shares of the scale's range."""

_AROUND = (0.8, 1.0, 1.25)
MAIN = 1
"""The place of the assumption that the sentences speak of."""


class Assumptions(NamedTuple):
    """What the plan takes for granted; see :func:`plan_study`."""

    correlation: float
    loss: float
    people_per_rt: int
    icc: float
    power: float
    alpha: float


@dataclass(frozen=True)
class ScalePlan:
    """The plan for one total score.

    Attributes:
        scale: the score.
        delta: the smallest change that matters, in points; ``nan`` where nobody declared one.
        sds: standard deviations of the scores to reckon with, the middle one taken in sentences.
        declared: whether the middle one was declared, rather than taken from the scale's range.
        pairs: by SD and correlation, the people with both questionnaires.
        smallest: by number of people and power, the smallest change in points that can be found.
        rts: by people per RT and ICC, the RTs needed.
        least_rts: by ICC, the RTs that no number of people can replace.
        comparison: by SD and correlation, the people in programme and comparison.
        comparison_rts: by people per RT and ICC, the RTs of each arm.
        anonymous: by SD, the people in each wave where nobody can be paired. In an anonymous study only this and ``smallest`` are there,
            computed for two groups of people.
        effect: delta in SDs of the change, for the middle SD and the assumed correlation.
        main: the people with both questionnaires under the main assumptions.
    """

    scale: Scale
    delta: float
    sds: tuple[float, ...]
    declared: bool
    pairs: tuple[tuple[PairedPlan, ...], ...]
    smallest: tuple[tuple[float, ...], ...]
    rts: tuple[tuple[RtsPlan, ...], ...]
    least_rts: tuple[int, ...]
    comparison: tuple[tuple[GroupsPlan, ...], ...]
    comparison_rts: tuple[tuple[RtsPlan, ...], ...]
    anonymous: tuple[GroupsPlan, ...]
    effect: float
    main: PairedPlan | None


@dataclass(frozen=True)
class Planning:
    """The plan of a study: its assumptions and what follows from them for each total score."""

    study: Study
    assumptions: Assumptions
    scales: tuple[ScalePlan, ...]

    @property
    def planned(self) -> tuple[ScalePlan, ...]:
        """The scores with a smallest change that matters."""
        return tuple(plan for plan in self.scales if plan.main is not None)


def plan_study(study: Study, instrument: str = "", smallest_change: float = 0.0, standard_deviation: float = 0.0, correlation: float = 0.5,
               loss: float = 0.2, people_per_rt: int = 20, icc: float = 0.05, power: float = 0.8, alpha: float = 0.05) -> Planning:
    """The plan for the total score of one instrument, or of each (the first dimension where an instrument has no total).

    Nothing of it is computed from answers, so that it cannot be made to fit them.

    Args:
        study: whose instruments are to be used; its files need not be there.
        instrument: one instrument's id; empty: all of them.
        smallest_change: in points; 0: as the instrument declares.
        standard_deviation: of the scores in one wave, from a trial or a like study; 0: a sixth of the scale's range, with an eighth
            and a quarter beside it.
        correlation: between the scores before and after.
        loss: share of the people who will not fill in the second questionnaire.
        people_per_rt: people with both questionnaires in each RT.
        icc: share of the variance of the change that lies between RTs.
        power: wanted probability to find the smallest change that matters.
        alpha: level of the tests.

    Raises:
        BaksosError: ``plan_instrument_unknown``, ``plan_needs_instrument`` (an SD or change for several instruments),
            ``plan_number_impossible``.
    """
    chosen = [questionnaire for questionnaire in study.questionnaires if instrument in ("", questionnaire.id)]
    if not chosen:
        raise BaksosError("plan_instrument_unknown", name=instrument, known=tuple(questionnaire.id for questionnaire in study.questionnaires))
    if len(chosen) > 1 and (smallest_change or standard_deviation):
        raise BaksosError("plan_needs_instrument", known=tuple(questionnaire.id for questionnaire in chosen))
    limits = {"smallest_change": (smallest_change, 0, math.inf), "standard_deviation": (standard_deviation, 0, math.inf), "correlation": (correlation, -0.5, 0.95),
              "loss": (loss, 0, 0.9), "people_per_rt": (people_per_rt, 1, 10_000), "icc": (icc, 0, 0.9), "power": (power, 0.5, 0.99), "alpha": (alpha, 0.001, 0.2)}
    for name, (value, low, high) in limits.items():
        if not low <= value <= high:
            raise BaksosError("plan_number_impossible", name=name, found=value, low=low, high=high)
    assumed = Assumptions(correlation, loss, people_per_rt, icc, power, alpha)
    return Planning(study, assumed, tuple(_plan(questionnaire.scales[0], smallest_change, standard_deviation, assumed, study.is_anonymous) for questionnaire in chosen))


def _plan(scale: Scale, smallest_change: float, sd: float, a: Assumptions, anonymous: bool) -> ScalePlan:
    delta = smallest_change or scale.smallest_change or math.nan
    sds = tuple(sd * share for share in _AROUND) if sd else tuple((scale.maximum - scale.minimum) * share for share in _SPREADS)

    def effect(spread: float, r: float) -> float:
        return planning.standardised_change(delta, spread, r)

    per_sd = sds[MAIN] * math.sqrt(2 * (1 - a.correlation))  # the SD of the change
    smallest = tuple(tuple(planning.smallest_difference(n, power, a.alpha).effect * sds[MAIN] if anonymous else planning.smallest_effect(n, power, a.alpha).effect * per_sd
                           for power in POWERS) for n in PAIRS)
    if math.isnan(delta):
        return ScalePlan(scale, delta, sds, bool(sd), (), smallest, (), (), (), (), (), math.nan, None)
    apart = tuple(planning.groups_sample(delta / spread, 1.0, a.power, a.alpha) for spread in sds)
    if anonymous:
        return ScalePlan(scale, delta, sds, bool(sd), (), smallest, (), (), (), (), apart, delta / sds[MAIN], None)
    d = effect(sds[MAIN], a.correlation)
    people = sorted({*PEOPLE_PER_RT, a.people_per_rt})
    iccs = sorted({*ICCS, a.icc})

    def rts(arms: int) -> tuple[tuple[RtsPlan, ...], ...]:
        return tuple(tuple(planning.rts_sample(d, m, icc, a.power, a.alpha, arms) for icc in iccs) for m in people)

    correlations = sorted({*CORRELATIONS, a.correlation})
    return ScalePlan(
        scale, delta, sds, bool(sd),
        pairs=tuple(tuple(planning.paired_sample(effect(spread, r), a.power, a.alpha) for r in correlations) for spread in sds),
        smallest=smallest, rts=rts(1), least_rts=tuple(planning.least_rts(d, icc, a.power, a.alpha) for icc in iccs),
        comparison=tuple(tuple(planning.groups_sample(effect(spread, r), 1.0, a.power, a.alpha) for r in correlations) for spread in sds),
        comparison_rts=rts(2), anonymous=apart, effect=d, main=planning.paired_sample(d, a.power, a.alpha))


def columns_of(a: Assumptions) -> tuple[tuple[float, ...], tuple[int, ...], tuple[float, ...]]:
    """The correlations, numbers of people per RT and ICCs that the grids of a plan run over."""
    return (tuple(sorted({*CORRELATIONS, a.correlation})), tuple(sorted({*PEOPLE_PER_RT, a.people_per_rt})), tuple(sorted({*ICCS, a.icc})))
