"""Sets the programme against its comparison, and the change against the doses: all RTs in, one frozen `Programme` out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.comparisons import (
    ArmComparison,
    ArmRt,
    ArmScores,
    DoseResult,
    Method,
    Programme,
    ScaleProgramme,
    Taken,
)
from baksos_eval.evaluation.results import FEWEST_PAIRS, withhold
from baksos_eval.evaluation.rt_summary import RtSummary, rt_summary, scales_of
from baksos_eval.evaluation.summarise import evaluate_all
from baksos_eval.intake.intake import list_rts, prepare
from baksos_eval.intake.pairing import Flow
from baksos_eval.intake.rt_data import RtData
from baksos_eval.stats import adjusted, comparison, dominance, effect, multiplicity, ordinal, paired, several
from baksos_eval.stats.result import Reason
from baksos_eval.stats.samples import Values, changes, mean, sd
from baksos_eval.study.comparison import ARMS, Arm
from baksos_eval.study.instrument import Scale
from baksos_eval.study.study import Study

FEWEST_RTS_FOR_SPREAD = 2


class People(NamedTuple):
    """The people of all RTs with both answers on one scale, sorted by RT and scores: ``programme`` is 1 or 0, ``doses`` per activity."""

    rts: tuple[str, ...]
    rt: np.ndarray
    pre: Values
    post: Values
    programme: Values
    doses: dict[str, Values]

    def where(self, chosen: np.ndarray) -> People:
        return People(self.rts, self.rt[chosen], self.pre[chosen], self.post[chosen], self.programme[chosen],
                      {name: values[chosen] for name, values in self.doses.items()})

    def of(self, arm: Arm) -> People:
        return self.where(self.programme == (arm == "programme"))

    @property
    def change(self) -> Values:
        return changes(self.pre, self.post)

    @property
    def n(self) -> int:
        return len(self.pre)


def evaluate_programme(study: Study, rts: Sequence[RtSummary] | None = None, *, answers: bool = True) -> Programme:
    """What the RTs together say about the programme; RTs that cannot be analysed are left out (the recap names them).

    Groups and doses are of people, whose answers are read for them and for nothing else.

    Args:
        study: whose RTs they are.
        rts: what is needed of each RT; without them every RT is evaluated.
        answers: whether there are answers to be read.

    Raises:
        BaksosError: what reading the files raises.
    """
    told = tuple(map(rt_summary, evaluate_all(study, whole=False)[0])) if rts is None else rts
    headlines = [instrument.scales[0] for instrument in study.questionnaires]
    models = [_mixed_model(study, told, scale) for scale in headlines]
    if not answers or not asks_of_people(study):
        return Programme(tuple(ScaleProgramme(scale, None, (), model) for scale, model in zip(headlines, models, strict=True)), without_answers=asks_of_people(study))
    prepared = [data for rt in list_rts(study) if (data := _prepare(study, rt)) is not None]
    scales = tuple(_evaluate_scale(study, _people(study, prepared, scale), scale, model) for scale, model in zip(headlines, models, strict=True))
    if not study.compares_persons:
        return Programme(scales)
    return Programme(scales, tuple(flow for data in prepared if (flow := _comparison_flow(study, data)) is not None),
                     sum(int((data.arms == "").sum()) for data in prepared))


def asks_of_people(study: Study) -> bool:
    """Whether what the RTs say together needs the answers of their people: a comparison or doses."""
    return study.comparison is not None or bool(study.dose_names)


def _mixed_model(study: Study, rts: Sequence[RtSummary], scale: Scale) -> several.RtMixedModel:
    """The mixed model over the RTs of the programme that have enough people."""
    place = scales_of(study).index(scale)
    told = [(unit.n, unit.change, one.sds[place]) for one in rts if one.arm != "comparison" and one.sds and (unit := one.units[place]).shown]
    return several.mixed_model_of_rts(*([row[column] for row in told] for column in range(3)), study.analysis.confidence)


def _prepare(study: Study, rt: str) -> RtData | None:
    try:
        return prepare(study, rt)
    except BaksosError:
        return None


def _comparison_flow(study: Study, data: RtData) -> Flow | None:
    """The flow of the comparison group in an RT that has one."""
    return prepare(study, data.rt, "comparison").flow if (data.arms == "comparison").any() else None


def _people(study: Study, prepared: Sequence[RtData], scale: Scale) -> People:
    """Everybody with both answers; somebody who belongs to no group of a comparison is left out."""
    blocks = []
    for number, data in enumerate(prepared):
        pre, post = (data.scores[wave][scale.instrument][scale.id].to_numpy(float) for wave in ("pre", "post"))
        arm = np.where(data.arms == "comparison", 0.0, 1.0) if len(data.arms) else np.ones(len(pre))
        usable = ~np.isnan(pre) & ~np.isnan(post)
        if study.comparison is not None:
            usable &= (data.arms != "").to_numpy()
        doses = [data.doses[name].to_numpy(float) for name in study.dose_names]
        block = np.column_stack([np.full(len(pre), float(number)), pre, post, arm, *doses])[usable]
        blocks.append(block[np.lexsort(block.T[::-1])])
    table = np.concatenate(blocks) if blocks else np.zeros((0, 4 + len(study.dose_names)))
    return People(tuple(data.rt for data in prepared), table[:, 0].astype(int), table[:, 1], table[:, 2], table[:, 3],
                  {name: table[:, 4 + place] for place, name in enumerate(study.dose_names)})


def _evaluate_scale(study: Study, people: People, scale: Scale, mixed: several.RtMixedModel) -> ScaleProgramme:
    compared = None
    if study.comparison is not None:
        compared = _compare_persons(study, people, scale) if study.compares_persons else _compare_rts(study, people, scale)
    return ScaleProgramme(scale, compared, _respond_to_doses(study, people.of("programme"), scale), mixed)


# ------------------------------------------------------------------------------------------ persons against persons

def _compare_persons(study: Study, people: People, scale: Scale) -> ArmComparison:
    confidence = study.analysis.confidence
    people, left_out = _without_a_few(people)
    one, two = people.of("programme"), people.of("comparison")
    across = len(np.unique(people.rt)) > 1
    groups = people.rt if across else None
    primary: Method = "ancova" if _prefers_ancova(study) else "within_rts" if across else "difference_in_changes"
    result = ArmComparison(
        unit="person",
        arms={arm: _arm_of_persons(people.of(arm), confidence) for arm in ARMS},
        rts=(),
        left_out=left_out,
        primary=primary,
        difference=comparison.difference_in_changes(one.pre, one.post, two.pre, two.post, confidence),
        within_rts=adjusted.difference_within_rts(people.pre, people.post, people.programme, people.rt, confidence) if across else None,
        ancova=adjusted.ancova(people.pre, people.post, people.programme, confidence, groups),
        randomisation=None,
        **_standardise(one, two, confidence),
        verdict="",
    )
    if min(one.n, two.n) < FEWEST_PAIRS:
        return _withheld(result, "too_few" if min(one.n, two.n) else "no_group")
    return replace(result, verdict=_judge(result, scale))


def _without_a_few(people: People) -> tuple[People, int]:
    """The people without those of RTs with too few participants, if all these together are too few; and how many they are.

    The recap shows the other RTs one by one, so that a handful could be found out by taking those away from the whole.
    """
    took_part = np.bincount(people.rt, people.programme)[people.rt] if people.n else np.zeros(0)
    hidden = (people.programme == 1) & (took_part < FEWEST_PAIRS)
    if len(people.rts) == 1 or not 0 < hidden.sum() < FEWEST_PAIRS:
        return people, 0
    return people.where(~hidden), int(hidden.sum())


def _arm_of_persons(people: People, confidence: float) -> ArmScores:
    change = paired.mean_change(people.pre, people.post, confidence)
    return ArmScores(people.n, len(np.unique(people.rt)), change.mean_pre, change.sd_pre, change.mean_post, change.sd_post, change.change,
                     change.change_low, change.change_high, change.note)


# -------------------------------------------------------------------------------------------- whole RTs against RTs

def _compare_rts(study: Study, people: People, scale: Scale) -> ArmComparison:
    """Whole RTs: RT means are compared, because people of one RT are not independent."""
    confidence = study.analysis.confidence
    usable = _arm_rts(study, people)
    shown = [rt for rt in usable if not rt.note]
    by_arm = {arm: [rt for rt in shown if rt.arm == arm] for arm in ARMS}
    means = {arm: np.array([rt.change for rt in by_arm[arm]]) for arm in ARMS}
    enough = np.isin(people.rt, [number for number, rt in enumerate(people.rts) if rt in {result.rt for result in shown}])
    one, two = (people.where(enough).of(arm) for arm in ARMS)
    result = ArmComparison(
        unit="rt",
        arms={arm: _arm_of_rts(by_arm[arm], confidence) for arm in ARMS},
        rts=tuple(usable),
        left_out=int((~enough).sum()),
        primary="ancova" if _prefers_ancova(study) else "difference_in_changes",
        difference=comparison.welch(means["programme"], means["comparison"], confidence),
        within_rts=None,
        ancova=adjusted.ancova([rt.mean_pre for rt in shown], [rt.mean_post for rt in shown], [float(rt.arm == "programme") for rt in shown], confidence),
        randomisation=comparison.randomisation_over_rts(means["programme"], means["comparison"], study.analysis.seed),
        **{name: _point_only(leaf) for name, leaf in _standardise(one, two, confidence).items()},
        verdict="",
    )
    sizes = [len(by_arm[arm]) for arm in ARMS]
    if not min(sizes):
        return _withheld(result, "too_few" if len({rt.arm for rt in usable}) == len(ARMS) else "no_group")
    if min(sizes) < FEWEST_RTS_FOR_SPREAD:
        return replace(result, verdict="description")
    return replace(result, verdict=_judge(result, scale, 1 - confidence))


def _arm_of_rts(rts: Sequence[ArmRt], confidence: float) -> ArmScores:
    pre, post, change = (np.array([getattr(rt, name) for rt in rts]) for name in ("mean_pre", "mean_post", "change"))
    test = several.rt_means_test(change, confidence)
    lost = str(test.note) or (str(Reason.TOO_FEW_RTS) if len(rts) < FEWEST_RTS_FOR_SPREAD else "")
    return ArmScores(sum(rt.n for rt in rts), len(rts), mean(pre), sd(pre), mean(post), sd(post), mean(change), test.low, test.high, lost)


def _point_only(leaf: comparison.PrePostComparison | dominance.CliffDelta | effect.StandardisedDifference):
    """The figure without its interval, which would take the people of one RT for independent."""
    lost = {name: math.nan for name in ("variance", "low", "high") if name in leaf._fields}
    return leaf._replace(**lost, note=leaf.note or str(Reason.CLUSTERED))


# ------------------------------------------------------------------------------------------------------ shared parts

def _prefers_ancova(study: Study) -> bool:
    return study.comparison is not None and study.comparison.primary == "ancova"


def _arm_rts(study: Study, people: People) -> list[ArmRt]:
    """The means of every RT that has anybody, withheld where these are too few."""
    count = np.bincount(people.rt, minlength=len(people.rts))
    sums = [np.bincount(people.rt, values, minlength=len(people.rts)) for values in (people.pre, people.post, people.change)]
    found = [ArmRt(rt, "comparison" if rt in study.comparison_rts else "programme", int(count[number]), *(float(total[number] / count[number]) for total in sums))
             for number, rt in enumerate(people.rts) if count[number]]
    return [result if result.n >= FEWEST_PAIRS else withhold(result) for result in found]


def _standardise(one: People, two: People, confidence: float) -> dict:
    return {"d_ppc2": comparison.d_ppc2(one.pre, one.post, two.pre, two.post, confidence),
            "cliff_delta": dominance.cliff_delta(one.change, two.change, confidence),
            "balance": effect.standardised_difference(one.pre, two.pre, confidence)}


def _judge(result: ArmComparison, scale: Scale, level: float = 0.0) -> str:
    """The verdict from the primary interval; for whole RTs the randomisation test must agree that there is a difference."""
    main = result.main
    found = paired.verdict(main.low, main.high, math.nan, scale.smallest_change, scale.direction)
    chance = result.randomisation.p if result.randomisation else math.nan
    if chance >= level and found != paired.Verdict.NOT_COMPUTED:
        return str(paired.Verdict.NO_EVIDENCE)
    return str(found)


def _withheld(result: ArmComparison, verdict: str) -> ArmComparison:
    """Counts alone: a group of fewer than five people would tell who answered what."""
    leaves = {name: withhold(leaf) for name in ("difference", "within_rts", "ancova", "randomisation", "d_ppc2", "cliff_delta", "balance")
              if (leaf := getattr(result, name)) is not None}
    return replace(result, arms={arm: withhold(scores) for arm, scores in result.arms.items()}, rts=tuple(withhold(rt) for rt in result.rts),
                   verdict=verdict, **leaves)


# ------------------------------------------------------------------------------------------------------------- doses

def _respond_to_doses(study: Study, people: People, scale: Scale) -> tuple[DoseResult, ...]:
    """Each activity against the change of those whom the programme reached."""
    found = [_respond_to_dose(study, people, name, scale) for name in study.dose_names]
    adjusted_p = multiplicity.holm([result.response.p for result in found])
    ordinal_p = multiplicity.holm([result.ordinal.p if result.ordinal else math.nan for result in found])
    return tuple(replace(result, p_holm=float(p), ordinal_p_holm=float(p_ordinal) if result.ordinal else math.nan)
                 for result, p, p_ordinal in zip(found, adjusted_p, ordinal_p, strict=True))


def _respond_to_dose(study: Study, people: People, name: str, scale: Scale) -> DoseResult:
    told = people.where(~np.isnan(people.doses[name]))
    dose = told.doses[name]
    several_rts = len(np.unique(told.rt)) > 1
    taken = Taken(told.n, len(np.unique(told.rt)), mean(dose), float((dose == 0).mean()) if told.n else math.nan, "" if told.n else str(Reason.NO_DATA))
    groups = told.rt if several_rts else None
    response = adjusted.dose_response(told.pre, told.post, dose, study.analysis.confidence, groups)
    answers = ordinal.ordinal_dose_response(told.pre, told.post, dose, study.analysis.confidence, groups) if len(scale.items) == 1 else None
    others = told.n - int(np.unique(dose, return_counts=True)[1].max(initial=0))
    if 0 < others < FEWEST_PAIRS or 0 < told.n < FEWEST_PAIRS:
        return DoseResult(name, withhold(taken), withhold(response), math.nan, answers and withhold(answers))
    return DoseResult(name, taken, response, math.nan, answers)
