"""The chapters of a PKPM report and of a journal article around the results: what the data can say is written, the rest is left to the author."""

from __future__ import annotations

from baksos_eval.evaluation.results import FEWEST_PAIRS, Summary
from baksos_eval.report import inline, narrative
from baksos_eval.report.content import Text, Title
from baksos_eval.report.many_rts import are_many, name_rts
from baksos_eval.report.phrases import scale_name
from baksos_eval.report.text import words
from baksos_eval.study.study import Study


def report_title(study: Study) -> Title:
    """The head of the chapters for a PKPM report."""
    return _title(study, "laporan_pkpm")


def article_title(study: Study) -> Title:
    """The head of the draft of an article."""
    return _title(study, "journal")


def gap(study: Study, topic: str) -> Text:
    """A place that only the author can fill, marked so that it cannot be overlooked, with what belongs there."""
    c = words(study.language)
    return Text(c.text("shape.gap", what=c.text(f"shape.gap_{topic}")), role="note")


def setting(study: Study) -> Text:
    """Where and when the programme took place, as far as the study tells; and that the RT is the unit."""
    c = words(study.language)
    place = ", ".join(inline.escape(part) for part in (study.place.kelurahan, study.place.kecamatan, study.place.city) if part)
    period, programme = (inline.escape(part) for part in (study.team.period, study.team.programme))
    known = [c.text(f"shape.setting_{name}", value=value) for name, value in (("programme", programme), ("place", place), ("period", period)) if value]
    return Text(" ".join([c.text("shape.setting", title=inline.escape(study.title[c.language])), *known]))


def participants(s: Summary) -> Text | None:
    """How many people in how many RTs the results rest on, and how many questionnaires they do not; ``None`` where nobody was asked."""
    if not s.study.asks_people:
        return None
    c = words(s.study.language)
    pre, post, both = (sum(getattr(flow, name) for flow in s.flows) for name in ("rows_pre", "rows_post", "both"))
    sentences = [c.text("shape.participants_anonymous" if s.study.is_anonymous else "shape.participants", rts=c.number(len(s.flows), 0), pre=c.number(pre, 0), post=c.number(post, 0), both=c.number(both, 0))]
    if s.missing:
        sentences.append(c.text("shape.participants_missing", rts=name_rts((missing.rt for missing in s.missing), c)))
    return Text(" ".join([*sentences, c.text("shape.participants_see")]))


def results(s: Summary) -> tuple[Text, ...]:
    """What changed over all RTs, as running text."""
    return tuple(Text(text.markdown) for text in narrative.recap(s))


def conclusion(s: Summary) -> Text:
    """What the results allow to say, scale by scale, without a cause."""
    c = words(s.study.language)
    sentences = []
    for result in s.headlines if s.scales else ():
        usable = [unit for unit in result.units if unit.change == unit.change]
        better = sum(unit.verdict in ("improved", "improved_meaningfully") for unit in usable)
        worse = sum(unit.verdict in ("worsened", "worsened_meaningfully") for unit in usable)
        key = "shape.conclusion" if usable else "shape.conclusion_none"
        sentences.append(c.text(key, scale=scale_name(result, s.study, c), better=c.number(better, 0), worse=c.number(worse, 0), open=c.number(len(usable) - better - worse, 0), k=c.number(len(usable), 0), fewest=FEWEST_PAIRS))
    return Text(" ".join([*sentences, c.text("shape.conclusion_limit")]) if sentences else c.text("recap.none"))


def attachments(s: Summary) -> Text:
    """The list of attachments: the results of each RT, made by the same run; of very many RTs where they are."""
    c = words(s.study.language)
    if are_many(s.flows):
        return Text(c.text("shape.attachments_many", count=c.number(len(s.flows), 0)))
    lines = [c.text("shape.attachment", number=number, rt=inline.escape(flow.rt)) for number, flow in enumerate(s.flows, start=1)]
    return Text("\n".join([c.text("shape.attachments"), "", *lines]))


def _title(study: Study, shape: str) -> Title:
    c = words(study.language)
    return Title(title=inline.escape(study.title[c.language]), subtitle=c.text(f"shape.{shape}"), language=c.language, study=study.id, facts=narrative.study_facts(study, c))
