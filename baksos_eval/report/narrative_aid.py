"""Sentences about the aid: whom it reached, what was given, whether it went to those entitled, and what it cost."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.aid import Aid, AidReason, Total
from baksos_eval.report import inline
from baksos_eval.report.aid_words import amount, kind_name, place_name, rupiah, unit_name
from baksos_eval.report.content import Text
from baksos_eval.report.many_rts import name_rts
from baksos_eval.report.text import Catalogue, words

_MOST_NAMED = 6
_ALL_PROVEN = 1.0


def aid(a: Activities) -> Text | None:
    """Whom the aid reached, measured by the number meant; what is proven of it."""
    if a.aid is None:
        return None
    c = words(a.study.language)
    result = a.aid.result
    if not result.handovers:
        return Text(c.text("aid.nothing", place=place_name(a, c)))
    sentences = [_when_and_whom(a, a.aid, c), _coverage(a, a.aid, c)]
    if a.aid.rts:
        sentences += _weakest(a.aid, c)
    proof = result.proof
    sentences.append(c.text("aid.proof_all") if proof.share == _ALL_PROVEN else c.text("aid.proof", share=c.percent(proof.share), none=proof.none, unknown=proof.unknown))
    sentences += [c.text("aid.repeated", households=again.households, kind=kind_name(again.kind, c), extra=again.extra) for again in result.repeated]
    if not a.rt:
        sentences.append(c.text("aid.see"))
    return Text(" ".join(sentences), role="body" if a.rt else "verdict")


def aid_goods(a: Activities) -> Text | None:
    """What was given, what a household received in rupiah, and masks for each person."""
    if a.aid is None or not a.aid.result.totals:
        return None
    c = words(a.study.language)
    result = a.aid.result
    named = [_given(total, c) for total in result.totals if total.households + total.institutions > 0 and not total.hidden]
    sentences = [c.text("aid.given", goods=c.listing(named[:_MOST_NAMED]))] if named else []
    if len(named) > _MOST_NAMED:
        sentences.append(c.text("aid.given_more", count=len(named) - _MOST_NAMED))
    value, masks = result.value, result.masks
    if not math.isnan(value.median):
        sentences.append(c.text("aid.value", households=value.households, median=rupiah(value.median, c), low=rupiah(value.lowest, c), high=rupiah(value.highest, c)))
    elif not math.isnan(value.total):
        sentences.append(c.text("aid.value_total", total=rupiah(value.total, c)))
    if not math.isnan(masks.per_person):
        sentences.append(c.text("aid.masks", masks=amount(masks.masks, c), people=amount(masks.people, c), per_person=c.number(masks.per_person), households=masks.households, of=masks.of_households))
    elif masks.of_households:
        sentences.append(c.text("aid.masks_unknown", reason=c.text(f"reason.{masks.note}")))
    return Text(" ".join(sentences)) if sentences else None


def aid_groups(a: Activities) -> Text | None:
    """Whether aid went to those entitled, or why nobody can tell."""
    if a.aid is None or not a.aid.result.handovers:
        return None
    c = words(a.study.language)
    targeting = a.aid.result.targeting
    sentences = [c.text("aid.groups_hidden")] if a.aid.groups_hidden else []
    if math.isnan(targeting.exclusion):
        sentences.append(c.text("aid.targeting_unknown", reason=c.text(f"reason.{targeting.note}")))
        if targeting.note == AidReason.NO_LIST:
            sentences.append(c.text("aid.targeting_needs"))
    else:
        if a.aid.entitled_to:
            sentences.append(c.text("aid.targeting_kinds", kinds=c.listing(kind_name(kind, c) for kind in a.aid.entitled_to)))
        missed, not_entitled = targeting.entitled - targeting.reached_entitled, targeting.reached - targeting.reached_entitled
        sentences.append(c.text("aid.targeting", entitled=amount(targeting.entitled, c), missed=amount(missed, c), exclusion=c.percent(targeting.exclusion), reached=amount(targeting.reached, c),
                                other=amount(not_entitled, c), inclusion=c.percent(targeting.inclusion)))
        sentences += [c.text("aid.see_targeting")] * (not a.rt)
    return Text(" ".join(sentences))


def aid_institutions(a: Activities) -> Text | None:
    """Which institutions received aid, apart from households."""
    if a.aid is None or not a.aid.institutions:
        return None
    c = words(a.study.language)
    names = list(dict.fromkeys(one.institution for one in a.aid.institutions))
    return Text(c.text("aid.institutions", names=c.listing(inline.escape(name) for name in names)))


def aid_budget(a: Activities) -> Text | None:
    """What was spent of what was planned."""
    if a.aid is None or not a.aid.budget:
        return None
    c = words(a.study.language)
    lines = a.aid.budget
    planned, realised = math.fsum(line.planned for line in lines), math.fsum(line.realised for line in lines)
    sentences = [c.text("aid.budget", planned=rupiah(planned, c), realised=rupiah(realised, c), share=c.percent(realised / planned))]
    sentences += [c.text("aid.budget_over", line=inline.escape(line.label[c.language]), share=c.percent(line.share)) for line in lines if line.share > 1]
    return Text(" ".join(sentences))


def aid_limits(a: Activities) -> Text | None:
    """What a log of aid cannot show."""
    return None if a.aid is None else Text(words(a.study.language).text("aid.limits"), role="limit")


def _when_and_whom(a: Activities, aid: Aid, c: Catalogue) -> str:
    result = aid.result
    whom = [c.text("aid.households", count=result.households)] * bool(result.households)
    whom += [c.text("aid.unidentified", count=result.unidentified)] * bool(result.unidentified)
    whom += [c.text("aid.to_institutions", count=result.institutional)] * bool(result.institutional)
    days = result.days
    if not days:
        return c.text("aid.lead_undated", place=place_name(a, c), handovers=result.handovers, whom=c.listing(whom))
    if len(days) == 1:
        return c.text("aid.lead_day", place=place_name(a, c), day=c.date(days[0].day), handovers=result.handovers, whom=c.listing(whom))
    return c.text("aid.lead", place=place_name(a, c), first=c.date(days[0].day), last=c.date(days[-1].day), days=len(days), handovers=result.handovers, whom=c.listing(whom))


def _coverage(a: Activities, aid: Aid, c: Catalogue) -> str:
    coverage = aid.result.coverage
    if math.isnan(coverage.share):
        return c.text("aid.coverage_unknown", reason=c.text(f"reason.{coverage.note}"))
    without = [part.rt for part in aid.rts if math.isnan(part.coverage.targeted) and part.households]
    said = c.text("aid.coverage", targeted=amount(coverage.targeted, c), reached=amount(coverage.reached, c), share=c.percent(coverage.share))
    return said + (" " + c.text("aid.coverage_without", rts=name_rts(without, c)) if without else "")


def _weakest(aid: Aid, c: Catalogue) -> list[str]:
    """The RTs with the lowest and the highest coverage, where they differ."""
    known = [part for part in aid.rts if not math.isnan(part.coverage.share)]
    if len(known) < 2:
        return []
    low, high = min(known, key=lambda part: part.coverage.share), max(known, key=lambda part: part.coverage.share)
    if low.coverage.share == high.coverage.share:
        return [c.text("aid.coverage_same")]
    return [c.text("aid.coverage_range", low=c.percent(low.coverage.share), low_rt=inline.escape(low.rt), high=c.percent(high.coverage.share), high_rt=inline.escape(high.rt))]


def _given(total: Total, c: Catalogue) -> str:
    quantity = total.households + total.institutions
    if total.unit == "rupiah":
        return c.text("aid.given_money", kind=kind_name(total.kind, c), amount=rupiah(quantity, c))
    return c.text("aid.given_one" if total.unit else "aid.given_no_unit", kind=kind_name(total.kind, c), amount=amount(quantity, c), unit=unit_name(total.unit, c))
