"""Sentences about a comparison group, the balance before, the doses and the mixed model.

Here alone may a sentence speak of an effect of the programme, and only on the condition that it names.
"""

from __future__ import annotations

import math

from baksos_eval.evaluation.comparisons import ArmComparison, DoseResult, ScaleProgramme
from baksos_eval.evaluation.results import FEWEST_PAIRS, Evaluation, Summary
from baksos_eval.report.content import Text
from baksos_eval.report.many_rts import name_rts
from baksos_eval.report.phrases import activity_name, digits, scale_name, unit_of
from baksos_eval.report.tables.programme import is_shown, mixed_beside_pooled
from baksos_eval.report.text import Catalogue, words
from baksos_eval.stats.paired import Verdict
from baksos_eval.study.study import Study

LARGE_IMBALANCE = 0.25
"""A standardised difference beyond this makes adjustment by regression doubtful (Rubin 2001, HSORM 2:169-188)."""

UNTESTED = ("too_few", "no_group", "description", Verdict.NOT_COMPUTED)
RISEN = (Verdict.IMPROVED, Verdict.IMPROVED_MEANINGFULLY)
FALLEN = (Verdict.WORSENED, Verdict.WORSENED_MEANINGFULLY)


def comparison(s: Summary) -> tuple[Text, ...] | None:
    """Who is compared, the verdict on each scale, and what the difference would mean; ``None`` without a comparison."""
    c = words(s.study.language)
    if s.programme and s.programme.without_answers and s.study.comparison is not None:
        return (Text(" ".join([_who(s.study, c), c.text("comparison.without_answers")]), role="limit"),)
    compared = [(result, result.comparison) for result in (s.programme.scales if s.programme else ()) if result.comparison]
    if not compared or s.programme is None:
        return None
    lead = [_who(s.study, c)]
    if s.programme.without_arm:
        lead.append(c.text("comparison.without_arm", count=s.programme.without_arm))
    if left_out := max(found.left_out for _, found in compared):
        lead.append(c.text("comparison.left_out", count=left_out, fewest=FEWEST_PAIRS))
    verdicts = [Text(_verdict(result, found, s.study, c), role="verdict") for result, found in compared]
    tested = [(result, found) for result, found in compared if found.verdict not in UNTESTED]
    reading = [c.text("comparison.meaning")] if tested else []
    reading += _beyond_reach(tested, s.study, c) + _lord(tested, s.study, c)
    return (Text(" ".join(lead)), *verdicts, Text(" ".join([*reading, c.text("comparison.see" if is_shown(s) else "comparison.see_counts")])))


def balance(s: Summary) -> Text | None:
    """How far the groups lay apart before the programme; ``None`` without a comparison that can be shown."""
    c = words(s.study.language)
    compared = [(result, result.comparison.balance) for result in (s.programme.scales if s.programme else ()) if result.comparison]
    if not is_shown(s):
        return None
    known = [(result, found) for result, found in compared if not math.isnan(found.d)]
    apart = [scale_name(result, s.study, c) for result, found in known if abs(found.d) > LARGE_IMBALANCE]
    sentences = [c.text("balance.sentence", scale=scale_name(result, s.study, c), programme=c.number(found.mean_first, digits(result.scale)),
                        comparison=c.number(found.mean_second, digits(result.scale)), d=c.number(found.d, signed=True)) for result, found in known]
    if known:
        sentences.append(c.text("balance.apart", scales=c.listing(apart)) if apart else c.text("balance.alike"))
    return Text(" ".join([*sentences, c.text("balance.see")]))


def dose(s: Summary) -> tuple[Text, ...] | None:
    """Which activity went with more change, and the sentence that this is association; ``None`` where no dose is asked."""
    c = words(s.study.language)
    if s.programme and s.programme.without_answers and s.study.dose_names:
        return (Text(c.text("dose.without_answers", activities=c.listing(activity_name(s.study, name, c) for name in s.study.dose_names)), role="limit"),)
    asked = [result for result in (s.programme.scales if s.programme else ()) if result.doses]
    if not asked:
        return None
    single = [sentence for result in asked for sentence in _ordinal_in_words(result, s.study, c)]
    return (Text(" ".join([*(_doses_in_words(result, s.study, c) for result in asked), c.text("dose.see")])),
            *([Text(" ".join([*single, c.text("dose.see_ordinal")]))] if single else []), Text(c.text("dose.association"), role="limit"))


def mixed(s: Summary) -> Text | None:
    """Whether the mixed model says the same as the pooled change; ``None`` with too few RTs for it."""
    c = words(s.study.language)
    sentences = []
    for result, pooled in mixed_beside_pooled(s):
        d, model, name = digits(result.scale), result.mixed, scale_name(result, s.study, c)
        if math.isnan(model.low) or math.isnan(pooled.low):
            why = model.note or pooled.note
            sentences.append(c.text("mixed.not_computed", scale=name, reason=c.text(f"reason.{why}")))
            continue
        same = _side(model.low, model.high) == _side(pooled.low, pooled.high)
        sentences.append(c.text("mixed.agrees" if same else "mixed.differs", scale=name, model=c.number(model.estimate, d, signed=True), interval=c.interval(model.low, model.high, d),
                                pooled=c.number(pooled.estimate, d, signed=True), pooled_interval=c.interval(pooled.low, pooled.high, d), share=c.percent(model.intraclass_correlation, 0)))
    return Text(" ".join([c.text("mixed.lead"), *sentences, c.text("mixed.see")])) if sentences else None


def caution(e: Evaluation, warnings: int) -> str:
    """What to bear in mind about one RT of a study with a comparison."""
    c = words(e.study.language)
    told = [c.text(f"comparison.caution_{e.arm}", both=e.flow.both)]
    return " ".join([*told, c.text("comparison.warnings", warnings=warnings)] if warnings else told)


def group_fact(e: Evaluation) -> tuple[tuple[str, str], ...]:
    """The group that an RT's attachment is about, for its head; nothing in a study without a comparison."""
    c = words(e.study.language)
    return ((c.text("title.arm"), c.text(f"title.arm_{e.arm}")),) if e.arm else ()


def who_is_listed(s: Summary) -> list[str]:
    """Whom the recap's list of RTs leaves to the comparison."""
    study = s.study
    c = words(study.language)
    if study.comparison is None:
        return []
    if s.programme and s.programme.without_answers:
        return [c.text("units.compared.without_answers")]
    if study.compares_persons:
        return [c.text("units.compared.persons")]
    return [c.text("units.compared.rts", rts=name_rts(study.comparison_rts, c))]


def limits_of(study: Study, arm: str = "") -> str:
    """The fixed paragraph on what the design can show: of one RT where ``arm`` says whose, else of the recap."""
    c = words(study.language)
    if study.comparison is None:
        return c.text("limits.one_group")
    if arm:
        return c.text(f"limits.{'comparison_rt' if arm == 'comparison' and not study.compares_persons else f'arm_{arm}'}")
    return c.text("limits.comparison_persons" if study.compares_persons else "limits.comparison_rts")


def _who(study: Study, c: Catalogue) -> str:
    if study.compares_persons:
        return c.text("comparison.who_persons")
    return c.text("comparison.who_rts", rts=name_rts(study.comparison_rts, c))


def _verdict(result: ScaleProgramme, found: ArmComparison, study: Study, c: Catalogue) -> str:
    d, main = digits(result.scale), found.main
    arms = {arm: c.text(f"comparison.people_{found.unit}", n=scores.n, k=scores.k) for arm, scores in found.arms.items()}
    delta = result.scale.smallest_change
    chance = found.randomisation.p if found.randomisation else math.nan
    method = c.text(f"comparison.by.{found.primary}")
    basis = c.text(f"comparison.basis_{found.unit}", confidence=c.percent(study.analysis.confidence, 0), interval=c.interval(main.low, main.high, d),
                   p=c.p_phrase(main.p), method=method, chance=c.p_phrase(chance))
    programme_rose = (found.arms["programme"].change > 0) == (result.scale.direction == "up")
    kind = ("improved_more" if programme_rose else "worsened_less") if found.verdict in RISEN else (
        "improved_less" if programme_rose else "worsened_more") if found.verdict in FALLEN else found.verdict
    sentence = c.text(
        f"comparison.verdict.{kind}", scale=scale_name(result, study, c), unit=unit_of(result.scale, c), n_programme=arms["programme"], n_comparison=arms["comparison"],
        programme=c.number(found.arms["programme"].change, d, signed=True), comparison=c.number(found.arms["comparison"].change, d, signed=True),
        difference=c.number(main.estimate, d, signed=True), basis=basis, fewest=FEWEST_PAIRS, reason=c.text(f"reason.{main.note}") if main.note else "")
    if found.verdict not in (*RISEN, *FALLEN):
        return sentence
    size = "open" if not delta else "meaningful" if found.verdict.endswith("meaningfully") else "perhaps_small"
    return f"{sentence} {c.text(f'comparison.size.{size}', delta=c.number(delta, d) if delta else '')}"


def _beyond_reach(tested: list[tuple[ScaleProgramme, ArmComparison]], study: Study, c: Catalogue) -> list[str]:
    """Where so few RTs are compared that no result could reach the level."""
    alpha = 1 - study.analysis.confidence
    tests = dict.fromkeys((r.k_programme, r.k_comparison, r.smallest_p) for _, found in tested if (r := found.randomisation) and r.smallest_p >= alpha)
    return [c.text("comparison.beyond_reach", programme=one, comparison=two, smallest=c.p_phrase(smallest), level=c.percent(alpha, 0)) for one, two, smallest in tests]


def _lord(tested: list[tuple[ScaleProgramme, ArmComparison]], study: Study, c: Catalogue) -> list[str]:
    """Lord's paradox, and whether the two ways of comparing part here."""
    both = [(result, found) for result, found in tested if not math.isnan(found.ancova.low)]
    if not both:
        return []
    apart = [scale_name(result, study, c) for result, found in both
             if _side(found.ancova.low, found.ancova.high) != _side((found.within_rts or found.difference).low, (found.within_rts or found.difference).high)]
    return [c.text("comparison.lord"), c.text("comparison.ways_part", scales=c.listing(apart)) if apart else c.text("comparison.ways_agree")]


def _doses_in_words(result: ScaleProgramme, study: Study, c: Catalogue) -> str:
    """The activities whose slope is clear after Holm's adjustment, or that there is none."""
    alpha, name, d = 1 - study.analysis.confidence, scale_name(result, study, c), digits(result.scale)
    known = [found for found in result.doses if not math.isnan(found.response.p)]
    if not known:
        return c.text("dose.unknown", scale=name)
    clear = [found for found in known if found.p_holm < alpha]
    if not clear:
        return c.text("dose.none", scale=name, activities=c.listing(activity_name(study, found.activity, c) for found in known))
    return " ".join(_dose_in_words(found, study, name, d, c) for found in clear)


def _ordinal_in_words(result: ScaleProgramme, study: Study, c: Catalogue) -> list[str]:
    """What the order of a single item's answers says of each activity; nothing for a scale of several items."""
    name, told = scale_name(result, study, c), []
    for found in result.doses:
        if not (o := found.ordinal):
            continue
        activity = activity_name(study, found.activity, c)
        if math.isnan(o.p):
            told.append(c.text("dose.ordinal_unknown", scale=name, activity=activity, reason=c.text(f"reason.{o.note}")))
            continue
        clear = found.ordinal_p_holm < 1 - study.analysis.confidence
        told.append(c.text("dose.ordinal" if clear else "dose.ordinal_unclear", scale=name, activity=activity, ratio=c.number(o.odds_ratio), interval=c.interval(o.low, o.high),
                           p=c.p_phrase(found.ordinal_p_holm), n=o.n, confidence=c.percent(study.analysis.confidence, 0)))
    return told


def _dose_in_words(found: DoseResult, study: Study, name: str, d: int, c: Catalogue) -> str:
    r = found.response
    listed = any(entry.name == found.activity for entry in study.activities.attendance)
    return c.text("dose.sentence_sessions" if listed else "dose.sentence", scale=name, activity=activity_name(study, found.activity, c), slope=c.number(r.slope, d, signed=True), interval=c.interval(r.low, r.high, d),
                  p=c.p_phrase(found.p_holm), n=r.n, confidence=c.percent(study.analysis.confidence, 0))


def _side(low: float, high: float) -> int:
    """Which side of zero an interval lies on: 1 above, -1 below, 0 when it holds zero."""
    return 1 if low > 0 else -1 if high < 0 else 0
