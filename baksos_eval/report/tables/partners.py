"""Partners and their satisfaction: who allowed and helped, what they gave, and how they judge each element of the service."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.partners import Partner, Worth
from baksos_eval.activities.satisfaction import FEWEST, Element, Satisfaction, SatisfactionOf
from baksos_eval.report import inline
from baksos_eval.report.aid_words import rupiah
from baksos_eval.report.content import Table
from baksos_eval.report.outreach import choice_name, day, element_name, partner_name
from baksos_eval.report.people import HIDDEN
from baksos_eval.report.tables.building import band, build, reasons
from baksos_eval.report.text import NOTHING, Catalogue, words


def partners(a: Activities) -> Table | None:
    """Each partner with its role, its letter of permission and what it gave; ``None`` where the study has no log of partners."""
    if a.partners is None or not a.partners.partners:
        return None
    c = words(a.study.language)
    rows = [[str(number), partner_name(partner, c), c.listing(choice_name("role", role, c) for role in partner.roles) or NOTHING, _letter(partner, c), _given(partner, c)]
            for number, partner in enumerate(a.partners.partners, start=1)]
    columns = [("number", "right", 0.5), ("partner", "left", 2.6), ("role", "left", 2.2), ("letter", "left", 2.6), ("contribution", "left", 2.8)]
    return build(a.study, c, "partners", rows, columns, notes=[c.text("partners.note.persons"), c.text("partners.note.letters")])


def contributions(a: Activities) -> Table | None:
    """What partners gave, by kind, in rupiah; ``None`` where nothing was given."""
    if a.partners is None or not a.partners.contributions:
        return None
    c = words(a.study.language)
    groups = [*a.partners.contributions, ("", a.partners.worth)]
    rows = [[choice_name("contribution", kind, c) if kind else c.text("table.cell.total"), str(worth.given), str(worth.valued), _worth(worth, c)] for kind, worth in groups]
    columns = [("contribution", "left", 3.0), ("contributions", "right", 1.2), ("valued", "right", 1.4), ("worth", "right", 1.8)]
    partly = any(0 < worth.valued < worth.given for _, worth in groups)
    return build(a.study, c, "contributions", rows, columns, notes=[c.text("partners.note.at_least") if partly else "", *reasons((worth.note for _, worth in groups), c)], emphasised=[len(rows) - 1])


def satisfaction(a: Activities) -> Table | None:
    """Each element of the service as everybody judges it, and the index; ``None`` where too few answered."""
    found = a.satisfaction
    if found is None or not found.all.shown:
        return None
    c = words(a.study.language)
    ikm = found.survey.method == "ikm"
    rows = [_element(number, element, found, c) for number, element in enumerate(found.all.elements, start=1)]
    total = found.all
    index = [c.number(total.index), band(total.index, found.preset, c)]
    satisfied = [c.percent(total.top.share if total.top else None)]
    rows.append(["", c.text("satisfaction.index" if ikm else "satisfaction.achievement"), str(total.n), *(["", c.number(_mean(total), 3)] if ikm else [c.number(_mean(total))]), *index, *satisfied])
    columns = [("number", "right", 0.5), ("element", "left", 3.4), ("n", "right", 0.6), ("nrr" if ikm else "mean", "right", 1.1), *([("weighted", "right", 1.2)] if ikm else []),
               ("element_index" if ikm else "achievement", "right", 1.1), ("band", "left", 1.8), ("satisfied", "right", 1.2)]
    notes = [c.text("satisfaction.note.ikm", elements=len(found.instrument.items)) if ikm else c.text("satisfaction.note.tcr"), c.text("satisfaction.note.satisfied"),
             c.text(f"preset.{found.preset}"), *reasons([total.note], c)]
    return build(a.study, c, "satisfaction", rows, columns, notes=notes, emphasised=[len(rows) - 1], name=inline.escape(found.instrument.label[c.language]))


def satisfaction_groups(a: Activities) -> Table | None:
    """The index of each group of people; ``None`` where there are not two of them."""
    found = a.satisfaction
    if found is None or not found.groups:
        return None
    c = words(a.study.language)
    rows = [[inline.escape(group.group), *_of_group(group, found, c)] for group in found.groups]
    rows.append([c.text("satisfaction.everybody"), *_of_group(found.all, found, c)])
    ikm = found.survey.method == "ikm"
    columns = [("satisfaction_group", "left", 3.0), ("n", "right", 0.8), ("index" if ikm else "achievement", "right", 1.2), ("interval", "center", 2.4), ("band", "left", 2.2)]
    hidden = any(not group.shown for group in found.groups)
    notes = [c.text("satisfaction.note.interval", confidence=c.percent(a.study.analysis.confidence, 0)), c.text("satisfaction.note.hidden", mark=HIDDEN, most=FEWEST - 1) if hidden else ""]
    return build(a.study, c, "satisfaction_groups", rows, columns, notes=notes, emphasised=[len(rows) - 1])


def _letter(partner: Partner, c: Catalogue) -> str:
    if not partner.mentioned:
        return c.text("partners.no_letter" if partner.asked else "partners.letter_not_asked")
    if not partner.letter and partner.letter_date is None:
        return c.text("partners.mentioned")
    number = inline.escape(partner.letter) if partner.letter else c.text("partners.no_number")
    return c.text("partners.letter", number=number, day=day(partner.letter_date) if partner.letter_date else c.text("partners.no_day"))


def _given(partner: Partner, c: Catalogue) -> str:
    parts = []
    for given in partner.contributions:
        name = choice_name("contribution", given.kind, c)
        parts.append(name if given.value is None else c.text("partners.given", what=name, value=rupiah(given.value, c)))
    return "; ".join(parts) or NOTHING


def _worth(worth: Worth, c: Catalogue) -> str:
    text = rupiah(worth.rupiah, c)
    return c.text("number.at_least", value=text) if 0 < worth.valued < worth.given else text


def _element(number: int, element: Element, found: Satisfaction, c: Catalogue) -> list[str]:
    score, ikm = element.score, found.survey.method == "ikm"
    means = [c.number(score.mean, 3), c.number(score.weighted, 3)] if ikm else [c.number(score.mean)]
    return [str(number), element_name(found, element, c), str(score.n), *means, c.number(score.percent), band(score.percent, found.preset, c), c.percent(score.satisfied)]


def _mean(result: SatisfactionOf) -> float:
    if result.ikm is not None:
        return result.ikm.weighted_mean
    return result.achievement.mean if result.achievement else math.nan


def _of_group(result: SatisfactionOf, found: Satisfaction, c: Catalogue) -> list[str]:
    if not result.shown:
        return [HIDDEN] * 4
    interval = c.interval(result.persons.low, result.persons.high) if result.persons else NOTHING
    return [str(result.n), c.number(result.index), interval, band(result.index, found.preset, c)]
