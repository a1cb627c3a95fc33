"""Sentences about a result, one function a topic. Each sentence is one whole template whose numbers come from the result."""

from __future__ import annotations

import math
from collections.abc import Iterable

from baksos_eval.errors import Severity
from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import (
    FEWEST_PAIRS,
    Evaluation,
    ScaleResult,
    ScaleSummary,
    Summary,
    Variant,
)
from baksos_eval.report import comparing, groups, inline
from baksos_eval.report.comparing import balance as balance
from baksos_eval.report.comparing import comparison as comparison
from baksos_eval.report.comparing import dose as dose
from baksos_eval.report.comparing import mixed as mixed
from baksos_eval.report.content import Text, Title
from baksos_eval.report.designs import unless_anonymous
from baksos_eval.report.facts import study_facts as study_facts
from baksos_eval.report.many_rts import are_many, differ, name_rts
from baksos_eval.report.moments import wave_name
from baksos_eval.report.narrative_activities import activities as activities
from baksos_eval.report.narrative_activities import activities_title as activities_title
from baksos_eval.report.narrative_activities import activity_quality as activity_quality
from baksos_eval.report.narrative_aid import aid as aid
from baksos_eval.report.narrative_aid import aid_budget as aid_budget
from baksos_eval.report.narrative_aid import aid_goods as aid_goods
from baksos_eval.report.narrative_aid import aid_groups as aid_groups
from baksos_eval.report.narrative_aid import aid_institutions as aid_institutions
from baksos_eval.report.narrative_aid import aid_limits as aid_limits
from baksos_eval.report.narrative_partners import partners as partners
from baksos_eval.report.narrative_partners import satisfaction as satisfaction
from baksos_eval.report.narrative_photos import photos as photos
from baksos_eval.report.narrative_posts import lessons as lessons
from baksos_eval.report.narrative_posts import posts as posts
from baksos_eval.report.narrative_tutoring import tutoring as tutoring
from baksos_eval.report.people import profile as profile
from baksos_eval.report.phrases import digits, item_name, scale_name, unit_of
from baksos_eval.report.ritual import ritual as ritual
from baksos_eval.report.tables.building import gain_band
from baksos_eval.report.tables.rts import every_flow
from baksos_eval.report.text import Catalogue, words
from baksos_eval.report.waves import later_waves as later_waves
from baksos_eval.report.waves import waves as waves
from baksos_eval.study.study import Study

GOOD_ALPHA = 0.70
STILL_WRONG = 0.5
"""An item that fewer than half answer correctly after the programme is named as not yet understood."""


def title(e: Evaluation) -> Title:
    """The head of an RT's attachment: what, where, by whom, and how many people it rests on."""
    c = words(e.study.language)
    pairs = groups.people(e) if e.study.is_anonymous else c.text("title.pairs_value", both=e.flow.both, pre=e.flow.rows_pre, post=e.flow.rows_post)
    return Title(
        title=c.text("title.evaluation", rt=inline.escape(e.rt)), subtitle=inline.escape(e.study.title[c.language]), language=c.language,
        study=e.study.id, rt=e.rt, facts=(*study_facts(e.study, c), *comparing.group_fact(e), (c.text("title.pairs"), pairs)),
    )


def recap_title(s: Summary) -> Title:
    """The head of the recap over all RTs."""
    c = words(s.study.language)
    pairs = groups.all_people(s) if s.study.is_anonymous else c.text("title.recap_value_missing" if s.missing else "title.recap_value", rts=c.number(len(s.flows), 0), both=c.number(sum(flow.both for flow, _ in every_flow(s)), 0), missing=c.number(len(s.missing), 0))
    return Title(title=c.text("title.recap"), subtitle=inline.escape(s.study.title[c.language]), language=c.language, study=s.study.id,
                 facts=(*study_facts(s.study, c), (c.text("title.pairs"), pairs)))


def summary(e: Evaluation) -> tuple[Text, ...]:
    """Did it change, how much, can it be believed: one verdict per instrument and the shortest caution."""
    c = words(e.study.language)
    verdicts = [Text(verdict(result, e.study, c), role="verdict") for result in e.any_headlines]
    if e.study.is_anonymous:
        return (*verdicts, Text(groups.caution(e, _warnings(e))))
    caution = c.text("summary.caution_warnings" if _warnings(e) else "summary.caution", both=e.flow.both, warnings=_warnings(e))
    parts = [comparing.caution(e, _warnings(e)) if e.arm else caution]
    if any(r.n < e.flow.both for r in e.headlines if r.n >= FEWEST_PAIRS):
        parts.append(c.text("summary.fewer_scores", both=e.flow.both))
    return (*verdicts, Text(" ".join(parts)))


def verdict(result: ScaleResult | GroupResult, study: Study, c: Catalogue) -> str:
    """The verdict on one scale, with the numbers it rests on."""
    if isinstance(result, GroupResult):
        return groups.verdict(result, _verdict_key(result, c), study, c)
    d = digits(result.scale)
    change = result.mean_change
    delta = result.scale.smallest_change
    return c.text(
        _verdict_key(result, c), scale=scale_name(result, study, c), unit=unit_of(result.scale, c), n=result.answered.n_both, fewest=FEWEST_PAIRS,
        pre=c.number(change.mean_pre, d), post=c.number(change.mean_post, d), change=c.number(change.change, d, signed=True),
        size=c.number(abs(change.change), d), interval=c.interval(change.change_low, change.change_high, d), p=c.p_phrase(change.p),
        confidence=c.percent(study.analysis.confidence, 0), delta=c.number(delta, d) if delta else "–",
        detectable=c.number(result.smallest_detectable.change, d), improved=result.direction.improved, same=result.direction.same, worse=result.direction.worse,
    )


def _verdict_key(result: ScaleResult | GroupResult, c: Catalogue) -> str:
    """The template of a verdict: by the direction of the scale, and open where no smallest change was declared."""
    ways = ("apart" if isinstance(result, GroupResult) else "", f"{result.scale.direction}_open" if result.scale.smallest_change is None else "", result.scale.direction, "sentence")
    return next(key for way in ways if way and c.has(key := f"verdict.{result.verdict}.{way}"))


@unless_anonymous(groups.flow)
def flow(e: Evaluation) -> Text:
    """Who handed in, who could be paired, who was left out and why."""
    c = words(e.study.language)
    f = e.flow
    sentences = [c.text("flow.sentence", pre=f.rows_pre, post=f.rows_post, both=f.both)]
    for key, pre, post in (("refused", f.refused_pre, f.refused_post), ("no_id", f.no_id_pre, f.no_id_post),
                           (f"duplicate_{e.study.answers.duplicates}", f.duplicate_pre, f.duplicate_post)):
        if pre + post:
            sentences.append(c.text(f"flow.sentence_{key}", pre=pre, post=post))
    if e.accepted_pairs:
        sentences.append(c.text("flow.sentence_accepted", count=e.accepted_pairs))
    if f.pre_only or f.post_only:
        sentences.append(c.text("flow.sentence_alone", pre=f.pre_only, post=f.post_only))
    sentences += [c.text("flow.sentence_later", wave=wave_name(e.study, later.wave, c), rows=later.rows, paired=later.paired) for later in e.later]
    return Text(" ".join([*sentences, c.text("flow.see")]))


def quality(e: Evaluation) -> Text:
    """How many findings the data gave rise to."""
    c = words(e.study.language)
    if not e.findings:
        return Text(c.text("quality.none"))
    return Text(c.text("quality.sentence", warnings=_warnings(e), notes=len(e.findings) - _warnings(e)))


@unless_anonymous(groups.change)
def change(e: Evaluation) -> Text:
    """What happened to each instrument's total, then which of its dimensions moved most and least."""
    c = words(e.study.language)
    sentences = []
    for instrument in e.study.questionnaires:
        headline, *dimensions = [r for r in e.of(instrument) if r.n >= FEWEST_PAIRS] or [None]
        if headline is None:
            continue
        values = _change_values(headline, c)
        way = "rounded" if headline.mean_change.change and values["pre"] == values["post"] else _way(headline)
        sentences.append(c.text(f"change.{way}", scale=scale_name(headline, e.study, c), **values))
        if len(dimensions) > 1:
            least, most = (pick(dimensions, key=_improvement) for pick in (min, max))
            sentences.append(c.text("change.dimensions", **{f"{name}_{part}": value for name, r in (("most", most), ("least", least)) for part, value in (
                ("scale", scale_name(r, e.study, c)), ("change", c.number(r.mean_change.change, digits(r.scale), signed=True)))}))
    return Text(" ".join([*sentences, c.text("change.see")]) if sentences else c.text("change.none", fewest=FEWEST_PAIRS))


@unless_anonymous(groups.ranks)
def ranks(e: Evaluation) -> Text:
    """How many people improved, stayed and fell; whether the exact test says the same as the t test."""
    c = words(e.study.language)
    sentences = [c.text("ranks.counts", scale=scale_name(r, e.study, c), improved=r.direction.improved, same=r.direction.same, worse=r.direction.worse,
                        p=c.p_phrase(r.signed_rank.p)) for r in e.headlines if r.n >= FEWEST_PAIRS]
    alpha = 1 - e.study.analysis.confidence
    disagree = [r for r in e.headlines if (r.signed_rank.p < alpha) != (r.mean_change.p < alpha) and r.n >= FEWEST_PAIRS]
    sentences.append(c.text("ranks.disagree", scales=c.listing(scale_name(r, e.study, c) for r in disagree)) if disagree else c.text("ranks.agree"))
    return Text(" ".join([*sentences, c.text("ranks.see")]) if len(sentences) > 1 else c.text("change.none", fewest=FEWEST_PAIRS))


@unless_anonymous(groups.gain)
def gain(e: Evaluation) -> Text:
    """The class gain of each headline with its band, and how many had no room to gain."""
    c = words(e.study.language)
    sentences = []
    for r in e.headlines:
        if r.class_gain.gain != r.class_gain.gain:
            continue
        sentences.append(c.text("gain.sentence", scale=scale_name(r, e.study, c), gain=c.number(r.class_gain.gain), interval=c.interval(r.class_gain.low, r.class_gain.high),
                                band=gain_band(r.class_gain.gain, c), confidence=c.percent(e.study.analysis.confidence, 0)))
        if r.class_gain.low <= 0 <= r.class_gain.high:
            sentences.append(c.text("gain.open"))
        if r.individual_gain.n_at_maximum:
            sentences.append(c.text("gain.at_maximum", count=r.individual_gain.n_at_maximum, n=r.n))
    return Text(" ".join([*sentences, c.text("gain.see")]) if sentences else c.text("gain.none"))


@unless_anonymous(groups.categories)
def categories(e: Evaluation) -> Text | None:
    """Shares in the best category before and after, in percentage points and people; ``None`` without categories."""
    c = words(e.study.language)
    sentences = []
    for r in e.scales:
        if not r.categories:
            continue
        best = next(iter(r.categories.pre))
        before, after = r.categories.pre[best], r.categories.post[best]
        sentences.append(c.text("categories.sentence", scale=scale_name(r, e.study, c), band=c.text(f"band.{best}"), before=before, after=after, n=r.n,
                                share_before=c.percent(before / r.n), share_after=c.percent(after / r.n), points=c.number(100 * (after - before) / r.n, 1, signed=True),
                                risen=r.categories.risen, same=r.categories.same, fallen=r.categories.fallen))
    return Text(" ".join([*sentences, c.text("categories.see")])) if sentences else None


def items(e: Evaluation) -> tuple[Text, ...]:
    """For a knowledge test, what is still not understood; for a rating scale, the statements that moved most."""
    c = words(e.study.language)
    texts = []
    for instrument in e.study.questionnaires:
        results = [r for r in e.any_items_of(instrument) if r.shown]
        label = inline.escape(instrument.label[c.language])
        see = c.text("items.see", label=f"tbl-items-{instrument.id.replace('_', '-')}")
        if not results:
            texts.append(Text(c.text("items.none_apart" if e.study.is_anonymous else "items.none", scale=label, fewest=FEWEST_PAIRS)))
        elif instrument.kind == "knowledge":
            wrong = [r for r in results if r.mean_post < STILL_WRONG]
            lead = c.text("items.still_wrong" if wrong else "items.all_understood", scale=label, count=len(wrong))
            texts.append(Text("\n".join([f"{lead} {see}", "", *(c.text("items.still_wrong_item", text=item_name(r.item, c), share=c.percent(r.mean_post, 0)) for r in wrong)]).rstrip()))
        else:
            moved = sorted(results, key=lambda r: r.mean_post - r.mean_pre)
            better, worse = (moved[-1], moved[0]) if instrument.scoring.direction == "up" else (moved[0], moved[-1])
            reversed_items = [c.text("items.reversed")] if any(item.reversed for item in instrument.items) else []
            texts.append(Text(" ".join([c.text(
                "items.moved", scale=label, most=item_name(better.item, c), most_change=c.number(better.mean_post - better.mean_pre, signed=True),
                least=item_name(worse.item, c), least_change=c.number(worse.mean_post - worse.mean_pre, signed=True)), *reversed_items, see])))
    return tuple(texts)


def reliability(e: Evaluation) -> Text:
    """Alpha of each headline after the programme, and what a small group means for it."""
    c = words(e.study.language)
    sentences = [c.text("reliability.sentence", scale=scale_name(r, e.study, c), pre=c.number(r.alpha_pre.alpha, 3), post=c.number(r.alpha_post.alpha, 3),
                        interval=c.interval(r.alpha_post.low, r.alpha_post.high), n=r.alpha_post.n, name=c.text(f"reliability.name_{e.study.instrument(r.scale.instrument).kind}"))
                 for r in e.any_headlines if r.alpha_post.alpha == r.alpha_post.alpha and r.alpha_pre.alpha == r.alpha_pre.alpha]
    knowledge = [c.text("reliability.caution_knowledge")] if any(instrument.kind == "knowledge" for instrument in e.study.questionnaires) else []
    return Text(" ".join([*sentences, c.text("reliability.caution"), *knowledge, c.text("reliability.see")]))


def percent(e: Evaluation) -> Text | None:
    """Rises of percentage scores said both ways, in points and relative; ``None`` without such a scale."""
    c = words(e.study.language)
    sentences = [c.text("percent.sentence", scale=scale_name(r, e.study, c), pre=c.number(r.mean_change.mean_pre, 1), post=c.number(r.mean_change.mean_post, 1),
                        points=c.number(r.mean_change.change, 1, signed=True), relative=c.percent(r.mean_change.change / r.mean_change.mean_pre))
                 for r in e.any_headlines if r.scale.method == "percent" and r.shown and r.mean_change.mean_pre > 0]
    return Text(" ".join(sentences)) if sentences else None


def sensitivity(e: Evaluation) -> Text:
    """Whether the main change holds under other reasonable choices."""
    c = words(e.study.language)
    sentences = []
    for r in e.any_headlines:
        changes = [v.change for v in r.annex.sensitivity if v.change == v.change]
        alpha = 1 - e.study.analysis.confidence
        intervals = [v for v in r.annex.sensitivity if v.low == v.low]
        if not intervals:
            continue
        side = _found(intervals[0], alpha)
        kept = sum(_found(v, alpha) == side for v in intervals)
        lowest, highest = (c.number(end(changes), digits(r.scale), signed=True) for end in (min, max))
        sentences.append(c.text("sensitivity.sentence" if side else "sensitivity.sentence_open", scale=scale_name(r, e.study, c), kept=kept, intervals=len(intervals), ways=len(changes),
                                range=c.text("sensitivity.range" if lowest != highest else "sensitivity.same", lowest=lowest, highest=highest)))
    return Text(" ".join([*sentences, c.text("sensitivity.see")]) if sentences else c.text("groups.none" if e.study.is_anonymous else "change.none", fewest=FEWEST_PAIRS))


@unless_anonymous()
def attrition(e: Evaluation) -> Text | None:
    """Whether those who left started elsewhere than those who stayed."""
    c = words(e.study.language)
    left = max(r.annex.attrition.n_second for r in e.headlines)
    compared = [r for r in e.headlines if r.annex.attrition.d == r.annex.attrition.d]
    if not compared:
        return Text(c.text("attrition.few", count=left) if left else c.text("attrition.nobody"))
    sentences = []
    for r in compared:
        a, d = r.annex.attrition, digits(r.scale)
        sentences.append(c.text("attrition.sentence", scale=scale_name(r, e.study, c), left=a.n_second, stayed=a.n_first, mean_left=c.number(a.mean_second, d),
                                mean_stayed=c.number(a.mean_first, d), d=c.number(a.d, signed=True), interval=c.interval(a.low, a.high)))
    for r in e.headlines:
        b, d = r.annex.leaver_bounds, digits(r.scale)
        if b.lowest == b.lowest and b.n > b.n_both:
            low, high = (b.lowest, b.highest) if r.scale.direction == "up" else (b.highest, b.lowest)
            sentences.append(c.text("attrition.bounds", scale=scale_name(r, e.study, c), worst=c.number(low, d, signed=True), best=c.number(high, d, signed=True)))
    return Text(" ".join([*sentences, c.text("attrition.see")]))


def normality(e: Evaluation) -> Text:
    """Why normality is described and not used as a gate."""
    return Text(words(e.study.language).text("normality.sentence"))


@unless_anonymous()
def reliable(e: Evaluation) -> Text | None:
    """People who changed by more than measurement error."""
    c = words(e.study.language)
    sentences = [c.text("reliable.sentence", scale=scale_name(r, e.study, c), **{name: c.number(getattr(r.annex.reliable_change, name), 0) for name in ("improved", "same", "worse")})
                 for r in e.headlines if r.annex.reliable_change.threshold == r.annex.reliable_change.threshold]
    return Text(" ".join([*sentences, c.text("reliable.see")]) if sentences else c.text("reliable.none"))


def levels(e: Evaluation) -> Text | None:
    """The index of rating scales before and after; ``None`` without one."""
    c = words(e.study.language)
    sentences = [c.text("levels.sentence", scale=scale_name(r, e.study, c), pre=c.number(r.annex.index_pre.percent, 1), post=c.number(r.annex.index_post.percent, 1))
                 for r in e.any_headlines if e.study.instrument(r.scale.instrument).kind == "rating" and r.annex.index_pre.percent == r.annex.index_pre.percent]
    return Text(" ".join([*sentences, c.text("levels.see")])) if sentences else None


@unless_anonymous(groups.reading)
def reading(e: Evaluation, topic: str) -> Text | None:
    """How to read the table of a topic: change, gain, worth, reliable, levels."""
    return Text(words(e.study.language).text(f"reading.{topic}"), role="note")


@unless_anonymous(groups.limits)
def limits(e: Evaluation) -> Text:
    """What this design cannot show: the fixed paragraph, then what the drop-out adds."""
    c = words(e.study.language)
    lost = e.flow.pre_only
    return Text(" ".join([comparing.limits_of(e.study, e.arm), c.text("limits.lost", lost=lost, both=e.flow.both, share=c.percent(lost / (lost + e.flow.both))) if lost else c.text("limits.nobody_lost", both=e.flow.both)]), role="limit")


def method(study: Study) -> tuple[Text, ...]:
    """How it was computed: instruments and scoring, tests, settings."""
    c = words(study.language)
    texts = []
    for instrument in study.questionnaires:
        total = instrument.scales[0]
        reversed_items = sum(item.reversed for item in instrument.items)
        texts.append(Text(c.text(
            "method.rating_plain" if instrument.kind == "rating" and not reversed_items else f"method.{instrument.kind}", scoring=c.text(f"method.scoring_{instrument.scoring.method}"), scale=inline.escape(instrument.label[c.language]), instrument=instrument.id, version=inline.escape(instrument.version), items=len(instrument.items),
            reversed=reversed_items, unit=unit_of(total, c), share=c.percent(instrument.scoring.least_answered, 0))))
    if study.is_anonymous:
        return (*texts, Text(groups.tests(study)), *_ritual_declared(study))
    settings = study.analysis
    if study.answers.review:
        texts.append(Text(c.text("method.reviewed")))
    texts.append(Text(c.text("method.tests", confidence=c.percent(settings.confidence, 0), zeros=c.text(f"method.zeros_{settings.zeros}"), seed=settings.seed,
                             resamples=c.number(settings.resamples, 0), duplicates=c.text(f"method.duplicates_{study.answers.duplicates}"))))
    if study.later_waves:
        texts.append(Text(c.text("method.waves", waves=c.listing(wave_name(study, wave, c) for wave in study.later_waves))))
    return (*texts, *_ritual_declared(study))


def _ritual_declared(study: Study) -> list[Text]:
    return [Text(words(study.language).text("method.ritual"))] if study.analysis.test == "spss-ritual" else []


def recap(s: Summary) -> tuple[Text, ...]:
    """Over all RTs: how many changed, the pooled change, what a new RT might see; guards for one and two RTs."""
    c = words(s.study.language)
    if not s.scales:
        return (Text(c.text("recap.none")),)
    return tuple(Text(_pooled_sentence(result, s.study, c), role="verdict") for result in s.headlines)


def units(s: Summary) -> Text:
    """How to read the table and the forest plot of RTs; of very many, what shows how they are spread."""
    c = words(s.study.language)
    many = [result for result in s.headlines if are_many(result.units)]
    lead = _many_units(s, many, c) if many else [c.text("units.lead"), c.text("units.no_ranking")]
    parts = [*lead, *comparing.who_is_listed(s)]
    if s.missing:
        parts.append(c.text("units.missing", rts=name_rts((m.rt for m in s.missing), c)))
    return Text(" ".join(parts))


def recap_limits(s: Summary) -> Text:
    """What the recap cannot show."""
    c = words(s.study.language)
    k = sum(s.study.arm_of(flow.rt) != "comparison" for flow in s.flows)
    fixed = groups.limits_of(s.study) if s.study.is_anonymous else comparing.limits_of(s.study)
    return Text(" ".join([fixed, *([c.text("limits.few_rts", k=k)] if k < 10 else [])]), role="limit")


def _many_units(s: Summary, results: list[ScaleSummary], c: Catalogue) -> list[str]:
    """Where the numbers of each RT are, and why those at the ends are chosen as they are, or not at all."""
    told = [c.text("units.many.lead", k=c.number(len(results[0].units), 0)), c.text("units.many.positive")]
    told += [c.text("units.many.differ")] * any(differ(result) for result in results)
    for result in results:
        if math.isnan(result.pooled.tau2) or math.isnan(result.pooled.p):
            told.append(c.text("units.many.not_pooled", scale=scale_name(result, s.study, c), reason=c.text(f"reason.{result.pooled.note}")))
        elif not differ(result):
            told.append(c.text("units.many.alike", scale=scale_name(result, s.study, c)))
    return told


def _pooled_sentence(result: ScaleSummary, study: Study, c: Catalogue) -> str:
    d = digits(result.scale)
    usable, alpha = [unit for unit in result.units if unit.shown], 1 - study.analysis.confidence
    better = sum(unit.p_holm < alpha and unit.verdict in ("improved", "improved_meaningfully") for unit in usable)
    worse = sum(unit.p_holm < alpha and unit.verdict in ("worsened", "worsened_meaningfully") for unit in usable)
    pooled = result.pooled
    if len(result.units) == 1:
        return c.text("recap.one", scale=scale_name(result, study, c), rt=inline.escape(result.units[0].rt), verdict=c.text(f"verdict.{result.units[0].verdict}.short"))
    key = "recap.pooled" if pooled.estimate == pooled.estimate and pooled.low == pooled.low else "recap.two" if len(usable) == 2 else "recap.not_pooled"
    return c.text(key, scale=scale_name(result, study, c), k=c.number(len(usable), 0), better=c.number(better, 0), worse=c.number(worse, 0), change=c.number(pooled.estimate, d, signed=True), interval=c.interval(pooled.low, pooled.high, d),
                  p=c.p_phrase(pooled.p), prediction=c.interval(pooled.prediction_low, pooled.prediction_high, d), i2=c.number(pooled.i2, 0), unit=unit_of(result.scale, c),
                  confidence=c.percent(study.analysis.confidence, 0))


def _warnings(e: Evaluation) -> int:
    return sum(finding.severity is Severity.WARNING for finding in e.findings)


def _found(variant: Variant, alpha: float) -> int:
    """Which way a variant finds a change: by its test, or by its interval where it has none; 0 where it finds none.

    A limit of an exact interval may be zero itself although the test rejects zero.
    """
    if variant.p != variant.p:
        return _side(variant.low, variant.high)
    return (variant.change > 0) - (variant.change < 0) if variant.p < alpha else 0


def _side(low: float, high: float) -> int:
    """Which side of zero an interval lies on: 1 above, -1 below, 0 when it holds zero."""
    return 1 if low > 0 else -1 if high < 0 else 0


def _improvement(result: ScaleResult) -> float:
    change = result.mean_change.change
    return change if result.scale.direction == "up" else -change


def _way(result: ScaleResult) -> str:
    change = result.mean_change.change
    return "up" if change > 0 else "down" if change < 0 else "same"


def _change_values(result: ScaleResult, c: Catalogue) -> dict[str, object]:
    d = digits(result.scale)
    m = result.mean_change
    return {"pre": c.number(m.mean_pre, d), "post": c.number(m.mean_post, d), "size": c.number(abs(m.change), d), "change": c.number(m.change, d, signed=True), "interval": c.interval(m.change_low, m.change_high, d),
            "p": c.p_phrase(m.p), "n": result.n, "d_z": c.number(result.d_z.d)}


def paragraphs(texts: Iterable[Text]) -> str:
    """The texts as one Markdown string."""
    return "\n\n".join(text.markdown for text in texts)
