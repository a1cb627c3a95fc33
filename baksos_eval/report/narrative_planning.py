"""Sentences about a plan: what is assumed, how many people and RTs follow, and what must never be computed afterwards."""

from __future__ import annotations

from baksos_eval.evaluation.planning import MAIN, Planning, ScalePlan, columns_of
from baksos_eval.report import inline
from baksos_eval.report.content import Text, Title
from baksos_eval.report.narrative import study_facts
from baksos_eval.report.phrases import digits, unit_of
from baksos_eval.report.text import Catalogue, words
from baksos_eval.stats.planning import design_effect, invitations


def plan_title(p: Planning) -> Title:
    """The head of the plan."""
    c = words(p.study.language)
    return Title(title=c.text("plan.title"), subtitle=inline.escape(p.study.title[c.language]), language=c.language, study=p.study.id, facts=study_facts(p.study, c))


def plan(p: Planning) -> tuple[Text, ...]:
    """For each score: how many people find the smallest change that matters, and how many to invite."""
    c, a = words(p.study.language), p.assumptions
    texts = []
    for one in p.scales:
        if p.study.is_anonymous and one.anonymous:
            people = one.anonymous[MAIN].programme
            key = "plan.verdict_anonymous" if people else "plan.verdict_never"
            texts.append(Text(c.text(key, scale=_name(one, c), delta=c.number(one.delta, digits(one.scale)), unit=unit_of(one.scale, c), power=c.percent(a.power, 0), people=c.number(people, 0)), role="verdict"))
            continue
        if one.main is None:
            texts.append(Text(c.text("plan.without_delta", scale=_name(one, c)), role="limit"))
            continue
        key = "plan.verdict" if one.main.pairs else "plan.verdict_never"
        texts.append(Text(c.text(key, scale=_name(one, c), delta=c.number(one.delta, digits(one.scale)), unit=unit_of(one.scale, c), power=c.percent(a.power, 0),
                                 pairs=c.number(one.main.pairs, 0), invited=c.number(invitations(one.main.pairs, a.loss), 0), loss=c.percent(a.loss, 0)), role="verdict"))
    return tuple(texts)


def assumptions(p: Planning) -> Text:
    """What the numbers rest on, so that a reader can disagree."""
    c, a = words(p.study.language), p.assumptions
    points = [c.text("plan.assumed_sd" if one.declared else "plan.assumed_range", scale=_name(one, c), sd=c.number(one.sds[MAIN], digits(one.scale) + 1)) for one in p.scales]
    if not p.study.is_anonymous:
        points += [c.text("plan.assumed_r", r=c.number(a.correlation)), c.text("plan.assumed_loss", loss=c.percent(a.loss, 0)),
                   c.text("plan.assumed_icc", icc=c.number(a.icc), people=a.people_per_rt)]
    points.append(c.text("plan.assumed_test", power=c.percent(a.power, 0), alpha=c.percent(a.alpha, 0)))
    return Text("\n".join([c.text("plan.assumed"), "", *(f"- {point}" for point in points)]))


def anonymous(p: Planning) -> tuple[Text, ...]:
    """What it costs to do without the respondents' codes."""
    c = words(p.study.language)
    return tuple(Text(c.text("plan.anonymous", scale=_name(one, c), people=c.number(one.anonymous[MAIN].programme, 0), pairs=c.number(one.main.pairs, 0)))
                 for one in p.planned if one.main and one.main.pairs and one.anonymous[MAIN].programme)


def rts(p: Planning) -> tuple[Text, ...]:
    """Several RTs: why their people count for less, and how many RTs follow."""
    c, a = words(p.study.language), p.assumptions
    if p.study.is_anonymous:
        return (Text(c.text("plan.rts_anonymous"), role="limit"),)
    _, people, iccs = columns_of(a)
    texts = [Text(c.text("plan.design_effect", people=a.people_per_rt, icc=c.number(a.icc), deff=c.number(design_effect(a.people_per_rt, a.icc))))]
    for one in p.planned:
        needed, least = one.rts[people.index(a.people_per_rt)][iccs.index(a.icc)], one.least_rts[iccs.index(a.icc)]
        if needed.rts:
            texts.append(Text(c.text("plan.rts", scale=_name(one, c), rts=needed.rts, people=a.people_per_rt, total=c.number(needed.people, 0), least=least, power=c.percent(a.power, 0))))
    return tuple(texts)


def comparison(p: Planning) -> Text | None:
    """What a comparison adds, and what it costs; nothing for an anonymous study, which cannot have one."""
    return None if p.study.is_anonymous else Text(words(p.study.language).text("plan.comparison"))


def never_afterwards(p: Planning) -> Text:
    """Power belongs before the data: nobody is to compute it from an observed change."""
    return Text(words(p.study.language).text("plan.never_afterwards"), role="limit")


def plan_method(p: Planning) -> Text:
    """The formulas and their sources."""
    return Text(words(p.study.language).text("plan.method"))


def _name(one: ScalePlan, c: Catalogue) -> str:
    return inline.escape(one.scale.label[c.language])
