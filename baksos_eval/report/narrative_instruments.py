"""Sentences about the instruments themselves, in the words of a methods chapter: one verdict for each, and what it does not mean."""

from __future__ import annotations

import math

from baksos_eval.errors import Severity
from baksos_eval.evaluation.instrument_study import (
    ENOUGH_PEOPLE,
    WANTED_ALPHA,
    Consistency,
    ExpertJudgement,
    InstrumentResult,
    InstrumentStudy,
    RaschResult,
    Standing,
    WaveWorth,
)
from baksos_eval.evaluation.results import FEWEST_PAIRS
from baksos_eval.report import inline
from baksos_eval.report.content import Text, Title
from baksos_eval.report.many_rts import name_rts
from baksos_eval.report.moments import when
from baksos_eval.report.narrative import study_facts
from baksos_eval.report.tables.building import label_of, slug
from baksos_eval.report.text import Catalogue, words
from baksos_eval.stats.rasch import FEWEST_ITEMS, FEWEST_PERSONS
from baksos_eval.study.study import Study

FITTING = (0.7, 1.3)
"""Mean squares that Bond and Fox (2015, table 12.7) call reasonable for tests of this kind."""

UNSURE_V = 0.5
FEW_RTS, FEW_EXPERTS = 10, 6


def instrument_title(i: InstrumentStudy) -> Title:
    """The head of the test of the instruments: what, where, by whom, and how many people it rests on."""
    c = words(i.study.language)
    names = [c.text("title.people_value", name=label_of(i.study, result.instrument.id, c), n=result.main.n, rts=_rts(result.main), when=when(i.study, result.main.wave, c)) for result in i.instruments]
    return Title(title=c.text("title.instruments"), subtitle=inline.escape(i.study.title[c.language]), language=c.language, study=i.study.id,
                 facts=(*study_facts(i.study, c), (c.text("title.people"), "; ".join(names))))


def instruments(i: InstrumentStudy) -> tuple[Text, ...]:
    """One verdict for each instrument: validity as custom has it beside the more honest figure, reliability by its interval."""
    c = words(i.study.language)
    return tuple(Text(_verdict(i, result, c), role="verdict") for result in i.instruments)


def instrument_people(i: InstrumentStudy) -> Text:
    """Over whom the instruments are tested, who is left out, and what pooling RTs does to the intervals."""
    c = words(i.study.language)
    counts = []
    for result in i.instruments:
        waves = [c.text("instrument_people.incomplete_wave", count=wave.incomplete, when=when(i.study, wave.wave, c)) for wave in result.waves if wave.n or wave.incomplete]
        counts.append(c.text("instrument_people.incomplete", scale=label_of(i.study, result.instrument.id, c), counts=c.listing(waves)))
    sentences = [c.text("instrument_people.sentence", incomplete="; ".join(counts))]
    if i.missing:
        sentences.append(c.text("instrument_people.missing", rts=name_rts((lost.rt for lost in i.missing), c)))
    if len(i.rts) > 1:
        sentences.append(c.text("instrument_people.clusters"))
    return Text(" ".join(sentences))


def instrument_items(i: InstrumentStudy) -> Text:
    """How to read the tables of items."""
    return Text(words(i.study.language).text("instrument_items.reading"), role="note")


def agreement(i: InstrumentStudy) -> Text:
    """Whether items about the RT may be averaged into a feature of the RT."""
    c = words(i.study.language)
    sentences, rts = [], 0
    for result in i.instruments:
        about = result.main.agreement
        if not about:
            continue
        together = about[-1].between
        rts = max(rts, together.k)
        agreed = [found.within.r_wg for found in about if found.within and not math.isnan(found.within.r_wg)]
        single = sum(found.item is not None for found in about)
        sentences.append(c.text("agreement.sentence_one" if single == 1 else "agreement.sentence", scale=label_of(i.study, result.instrument.id, c), count=single,
                                least=c.number(min(agreed, default=None)), most=c.number(max(agreed, default=None)), icc=c.number(together.icc1), interval=c.interval(together.low, together.high),
                                k=together.k, label=f"tbl-agreement-{slug(result.instrument.id)}"))
    if not sentences:
        return Text(c.text("agreement.none"))
    return Text(" ".join([*sentences, *([c.text("agreement.few")] if rts < FEW_RTS else [])]))


def experts(i: InstrumentStudy) -> tuple[Text, ...]:
    """What the experts thought of each instrument that they judged."""
    c = words(i.study.language)
    if any(finding.severity is Severity.FATAL for finding in i.findings):
        return (Text(c.text("experts.not_used")),)
    texts = tuple(Text(_expert_sentences(result.experts, label_of(i.study, result.instrument.id, c), f"tbl-experts-{slug(result.instrument.id)}", c))
                  for result in i.instruments if result.experts)
    return texts or (Text(c.text("experts.none")),)


def rasch(i: InstrumentStudy) -> tuple[Text, ...]:
    """Difficulties, fit and gain in logits of each knowledge test, or why there are none."""
    c = words(i.study.language)
    texts = tuple(Text(_rasch_sentences(result.rasch, label_of(i.study, result.instrument.id, c), f"tbl-rasch-{slug(result.instrument.id)}", i.study.analysis.confidence, c))
                  for result in i.instruments if result.rasch)
    return texts or (Text(c.text("rasch.none")),)


def instrument_limits(i: InstrumentStudy) -> Text:
    """What internal consistency cannot show."""
    return Text(words(i.study.language).text("instrument_limits.sentence"), role="limit")


def instrument_method(i: InstrumentStudy) -> Text:
    """Formulas and conventions of the test of instruments."""
    c = words(i.study.language)
    knowledge = any(result.instrument.kind == "knowledge" for result in i.instruments)
    return Text(c.text("instrument_method.sentence", kr20=c.text("instrument_method.kr20") if knowledge else ""))


def _verdict(i: InstrumentStudy, result: InstrumentResult, c: Catalogue) -> str:
    scale, main = label_of(i.study, result.instrument.id, c), result.main
    if result.verdict is Consistency.TOO_FEW:
        return c.text("instruments.too_few", scale=scale, n=main.n, fewest=FEWEST_PAIRS)
    sentences = [c.text("instruments.lead", scale=scale, n=main.n, rts=_rts(main), when=when(i.study, main.wave, c)),
                 _validity(result, main, c), *_reliability(result, i.study.analysis.confidence, c)]
    sentences += _again(i.study, result, c)
    numbers = {item.item.id: number for number, item in enumerate(main.items, start=1)}
    if main.constant:
        sentences.append(c.text("instruments.constant", items=c.listing(str(numbers[item]) for item in main.constant)))
    if against := main.standing(Standing.NEGATIVE):
        named = c.listing(c.text("instruments.negative_item", number=numbers[item.item.id]) for item in against)
        sentences.append(c.text("instruments.negative", items=named))
    if main.n < ENOUGH_PEOPLE:
        sentences.append(c.text("instruments.unstable", enough=ENOUGH_PEOPLE))
    return " ".join([*sentences, c.text("instruments.kept")])


def _validity(result: InstrumentResult, main: WaveWorth, c: Catalogue) -> str:
    counts = {"total": sum(item.reliability.item_total > item.critical.r for item in main.items), "rest": len(main.standing(Standing.VALID)), "items": len(main.items)}
    if not result.instrument.scoring.total:
        return c.text("instruments.validity_parts", **counts)
    critical = main.scales[0].critical
    return c.text("instruments.validity", **counts, r=c.number(critical.r, 3), df=critical.df)


def _reliability(result: InstrumentResult, confidence: float, c: Catalogue) -> list[str]:
    judged = result.judged
    if judged is None or math.isnan(judged.alpha.alpha):
        reason = c.text(f"reason.{judged.alpha.note}") if judged else c.text("reason.not_declared")
        return [c.text("instruments.verdict.not_computed", reason=reason)]
    total = result.instrument.scoring.total
    values = {"part": inline.escape(judged.scale.label[c.language])} if not total else {}
    sentences = [c.text("instruments.alpha" if total else "instruments.alpha_parts", **values, name=_name(result, c), alpha=c.number(judged.alpha.alpha),
                        interval=c.interval(judged.alpha.low, judged.alpha.high), n=judged.alpha.n, confidence=c.percent(confidence, 0))]
    if not math.isnan(judged.omega.omega):
        sentences.append(c.text("instruments.omega", omega=c.number(judged.omega.omega)))
    key = f"instruments.verdict.{result.verdict}"
    of_kind = f"{key}_{result.instrument.kind}"     # what is normal for a test is no excuse for one with a wrong key
    excused = c.has(of_kind) and not result.main.standing(Standing.NEGATIVE)
    return [*sentences, c.text(of_kind if excused else key, wanted=c.number(WANTED_ALPHA))]


def _again(study: Study, result: InstrumentResult, c: Catalogue) -> list[str]:
    """Alpha of the same scale in the other waves."""
    if result.judged is None:
        return []
    place = result.main.scales.index(result.judged)
    found = [(wave, wave.scales[place].alpha) for wave in result.waves if wave is not result.main]
    return [c.text("instruments.again", when=when(study, wave.wave, c), name=_name(result, c), alpha=c.number(alpha.alpha), interval=c.interval(alpha.low, alpha.high), n=alpha.n,
                   confidence=c.percent(study.analysis.confidence, 0)) for wave, alpha in found if not math.isnan(alpha.alpha)]


def _expert_sentences(judged: ExpertJudgement, scale: str, label: str, c: Catalogue) -> str:
    rated = [item.v for item in judged.items if not math.isnan(item.v.v)]
    sentences = [c.text("experts.sentence", scale=scale, experts=judged.experts, lowest=judged.lowest, highest=judged.highest, least=c.number(min(v.v for v in rated)),
                        most=c.number(max(v.v for v in rated)), average=c.number(judged.scale.s_cvi_average), universal=c.number(judged.scale.s_cvi_universal), label=label)]
    unsure = sum(v.low < UNSURE_V for v in rated)
    if unsure:
        sentences.append(c.text("experts.weak", count=unsure, items=len(rated)))
    return " ".join([*sentences, *([c.text("experts.few")] if judged.experts < FEW_EXPERTS else [])])


def _rasch_sentences(fitted: RaschResult, scale: str, label: str, confidence: float, c: Catalogue) -> str:
    facts = fitted.model.fit
    if not fitted.basis:
        return c.text("rasch.not_fitted", scale=scale, reason=c.text(f"reason.{facts.note}"), persons=fitted.persons, items=facts.items,
                      fewest_persons=FEWEST_PERSONS, fewest_items=FEWEST_ITEMS)
    known = [item for item in fitted.model.items if not item.note]
    difficulties = [item.difficulty for item in known]
    sentences = [c.text("rasch.sentence", scale=scale, persons=fitted.persons, basis=c.text(f"rasch.basis_{fitted.basis}"), easiest=c.number(min(difficulties)),
                        hardest=c.number(max(difficulties)), misfit=sum(not FITTING[0] <= item.infit <= FITTING[1] for item in known), items=len(known), label=label)]
    change, drift = fitted.change, fitted.drift
    if not math.isnan(change.change):
        sentences.append(c.text("rasch.change", change=c.number(change.change, signed=True), interval=c.interval(change.change_low, change.change_high), p=c.p_phrase(change.p),
                                confidence=c.percent(confidence, 0)))
        if not drift.note:
            sentences.append(c.text("rasch.drift" if drift.p < 1 - confidence else "rasch.steady", statistic=c.number(drift.statistic), df=drift.df, p=c.p_phrase(drift.p)))
    return " ".join(sentences)


def _rts(wave: WaveWorth) -> int:
    """In how many RTs somebody answered every item."""
    return sum(count > 0 for count in wave.persons.values())


def _name(result: InstrumentResult, c: Catalogue) -> str:
    return c.text(f"reliability.name_{result.instrument.kind}")
