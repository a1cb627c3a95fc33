"""Sentences about partners and their satisfaction: who helped, how complete the permissions are, and what the index says."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.partners import Partners
from baksos_eval.activities.satisfaction import FEW, FEWEST, Satisfaction, bands_within
from baksos_eval.report import inline
from baksos_eval.report.aid_words import rupiah
from baksos_eval.report.content import Text
from baksos_eval.report.outreach import choice_name, element_name, partner_name
from baksos_eval.report.tables.building import band
from baksos_eval.report.text import Catalogue, words


def partners(a: Activities) -> Text:
    """Who the partners are, how complete their letters, and what they gave."""
    c = words(a.study.language)
    if a.partners is None or not a.partners.partners:
        return Text(c.text("partners.none"))
    found = a.partners
    names = c.listing(dict.fromkeys(partner_name(partner, c) for partner in found.partners))
    return Text(" ".join([c.text("partners.sentence", n=len(found.partners), names=names), _letters(found, c), *_given(found, c), c.text("partners.see")]))


def satisfaction(a: Activities) -> tuple[Text, ...]:
    """The index with its band and interval, the strongest and weakest elements, how to read it, and what it cannot show."""
    c = words(a.study.language)
    found = a.satisfaction
    if found is None:
        return (Text(c.text("satisfaction.none")),)
    if any(finding.fatal for finding in found.findings):
        return (Text(c.text("satisfaction.not_read")),)
    if not found.all.shown:
        return (Text(c.text("satisfaction.too_few", n=found.all.n, fewest=FEWEST)),)
    total, confidence = found.all, c.percent(a.study.analysis.confidence, 0)
    name = inline.escape(found.instrument.label[c.language])
    if math.isnan(total.index):
        return (Text(c.text("satisfaction.no_index", name=name, n=total.n, reason=c.text(f"reason.{total.note}"))),)
    sentences = [c.text(f"satisfaction.lead_{found.survey.method}", name=name, n=total.n, index=c.number(total.index), band=band(total.index, found.preset, c))]
    sentences += _interval(found, confidence, c) + _ends(found, c)
    if total.top:
        sentences.append(c.text("satisfaction.top", share=c.percent(total.top.share)))
    sentences += _groups(found, c)
    texts = [Text(" ".join([*sentences, c.text("satisfaction.see")]))]
    if total.n < FEW:
        texts.append(Text(c.text("satisfaction.small", n=total.n, few=FEW), role="limit"))
    return (*texts, Text(c.text(f"satisfaction.reading_{found.survey.method}", elements=len(found.instrument.items)), role="note"), Text(c.text("satisfaction.limit"), role="limit"))


def _letters(found: Partners, c: Catalogue) -> str:
    letters = found.permission
    if letters.note:
        return c.text("partners.letters_of_nobody")
    key = "partners.letters_all" if letters.complete == letters.asked else "partners.letters_some"
    return c.text(key, asked=letters.asked, complete=letters.complete, missing=letters.asked - letters.complete)


def _given(found: Partners, c: Catalogue) -> list[str]:
    worth = found.worth
    if not worth.given:
        return []
    kinds = c.listing(choice_name("contribution", kind, c) for kind, _ in found.contributions if kind)
    if worth.note:
        return [c.text("partners.given_unvalued", given=worth.given, kinds=kinds)]
    key = "partners.given_all" if worth.valued == worth.given else "partners.given_some"
    return [c.text(key, given=worth.given, kinds=kinds, valued=worth.valued, rupiah=rupiah(worth.rupiah, c))]


def _interval(found: Satisfaction, confidence: str, c: Catalogue) -> list[str]:
    persons = found.all.persons
    if persons is None or math.isnan(persons.low):
        return []
    reached = bands_within(found.all, found.preset)
    sentences = [c.text("satisfaction.interval", confidence=confidence, interval=c.interval(persons.low, persons.high), n=persons.n)]
    if len(reached) > 1:
        sentences.append(c.text("satisfaction.bands", lowest=c.text(f"band.{reached[0]}"), highest=c.text(f"band.{reached[-1]}")))
    return sentences


def _ends(found: Satisfaction, c: Catalogue) -> list[str]:
    """The elements with the highest and the lowest rating; nothing where all are alike."""
    known = [element for element in found.all.elements if not math.isnan(element.score.mean)]
    highest, lowest = (pick(element.score.mean for element in known) for pick in (max, min))
    if math.isclose(highest, lowest):
        return []
    best, worst = (c.listing(element_name(found, element, c) for element in known if math.isclose(element.score.mean, value)) for value in (highest, lowest))
    return [c.text("satisfaction.ends", best=best, highest=c.number(highest), worst=worst, lowest=c.number(lowest))]


def _groups(found: Satisfaction, c: Catalogue) -> list[str]:
    shown = [group for group in found.groups if group.shown and not math.isnan(group.index)]
    parts = [c.text("satisfaction.group", group=inline.escape(group.group), index=c.number(group.index), n=group.n) for group in shown]
    return [c.text("satisfaction.groups", groups=c.listing(parts))] if len(parts) > 1 else []


