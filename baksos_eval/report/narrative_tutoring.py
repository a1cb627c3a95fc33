"""Sentences about the tutoring: how many children came how often, and what their marks say; nothing about causes."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.tutoring import SubjectResult, Tutoring
from baksos_eval.report.content import Text
from baksos_eval.report.tables.tutoring import decimals, mastery_mark, subject_name
from baksos_eval.report.text import Catalogue, words
from baksos_eval.stats.paired import Verdict
from baksos_eval.stats.small_numbers import FEWEST_PAIRS
from baksos_eval.study.study import Study

_WAYS = {Verdict.IMPROVED: "risen", Verdict.IMPROVED_MEANINGFULLY: "risen", Verdict.WORSENED: "fallen", Verdict.WORSENED_MEANINGFULLY: "fallen"}


def tutoring(a: Activities) -> tuple[Text, ...]:
    """Who came how often, then a verdict on each subject's marks, then what they cannot show; a sentence where there is no tutoring."""
    c = words(a.study.language)
    found = a.tutoring
    if found is None:
        return (Text(c.text("tutoring.none")),)
    texts = [Text(" ".join([*_people(found, c), *_attendance(found, c)]))]
    if found.subjects:
        texts += [Text(_subject(result, a.study, c), role="verdict") for result in found.subjects]
        mastery = [sentence for result in found.subjects if (sentence := _mastery(result, c))]
        texts += [Text(" ".join([*mastery, c.text("tutoring.see_marks")]))] if mastery else []
        texts.append(Text(c.text("tutoring.limit"), role="limit"))
    return tuple(texts)


def _people(found: Tutoring, c: Catalogue) -> list[str]:
    if not found.without_consent:
        return [c.text("tutoring.people", pupils=found.pupils)]
    return [c.text("tutoring.people_without_consent", pupils=found.pupils, refused=found.without_consent, analysed=found.analysed)]


def _attendance(found: Tutoring, c: Catalogue) -> list[str]:
    overall, spread = found.overall, found.spread
    if not overall.pupils:
        return [c.text("tutoring.no_attendance")]
    if math.isnan(overall.share):
        return [c.text("tutoring.too_few", pupils=overall.pupils, fewest=FEWEST_PAIRS)]
    sentences = [c.text("tutoring.attendance", sessions=overall.sessions, share=c.percent(overall.share), present=int(overall.present), marks=int(overall.marks))]
    if not math.isnan(spread.median):
        sentences.append(c.text("tutoring.spread", median=c.percent(spread.median, 0), lower=c.percent(spread.lower_quartile, 0), upper=c.percent(spread.upper_quartile, 0)))
        sentences.append(c.text("tutoring.regular", regular=int(spread.regular), n=spread.n, share=c.percent(spread.share_regular), target=c.percent(found.target, 0)))
    return [*sentences, c.text("tutoring.see_attendance")]


def _subject(result: SubjectResult, study: Study, c: Catalogue) -> str:
    name, m, d = subject_name(result, c), result.mean_change, decimals(result)
    if not result.shown:
        return c.text("tutoring.verdict.too_few", subject=name, n=result.counts.n_both, fewest=FEWEST_PAIRS)
    if result.verdict == Verdict.NOT_COMPUTED:
        return c.text("tutoring.verdict.not_computed", subject=name, n=m.n, change=c.number(m.change, d, signed=True), pre=c.number(m.mean_pre, d))
    key = _WAYS.get(Verdict(result.verdict), "no_evidence")
    return c.text(f"tutoring.verdict.{key}", subject=name, pre=c.number(m.mean_pre, d), post=c.number(m.mean_post, d), change=c.number(m.change, d, signed=True),
                  confidence=c.percent(study.analysis.confidence, 0), interval=c.interval(m.change_low, m.change_high, d), p=c.p_phrase(m.p), n=m.n,
                  gain=c.number(result.class_gain.gain))


def _mastery(result: SubjectResult, c: Catalogue) -> str:
    m = result.mastery
    if m is None or math.isnan(m.pre):
        return ""
    return c.text("tutoring.mastery", subject=subject_name(result, c), threshold=mastery_mark(result, c), before=round(m.n * m.pre),
                  after=round(m.n * m.post), n=m.n, pre=c.percent(m.pre, 0), post=c.percent(m.post, 0))
