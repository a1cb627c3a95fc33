"""Sentences about an anonymous study: before and after as two groups of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import FEWEST_PAIRS, Evaluation, Summary
from baksos_eval.report.content import Text
from baksos_eval.report.designs import two_sizes
from baksos_eval.report.phrases import digits, scale_name, unit_of
from baksos_eval.report.tables.building import gain_band
from baksos_eval.report.text import Catalogue, words

if TYPE_CHECKING:
    from baksos_eval.study.study import Study


def people(e: Evaluation) -> str:
    """How many people an RT's attachment rests on, for its head."""
    f = e.flow
    return words(e.study.language).text("title.pairs_value_apart", pre=f.pre_only, post=f.post_only, rows_pre=f.rows_pre, rows_post=f.rows_post)


def all_people(s: Summary) -> str:
    """The same over all RTs, for the head of the recap."""
    key = "title.recap_value_apart_missing" if s.missing else "title.recap_value_apart"
    return words(s.study.language).text(key, rts=len(s.flows), missing=len(s.missing),
                                        pre=sum(flow.pre_only for flow in s.flows), post=sum(flow.post_only for flow in s.flows))


def caution(e: Evaluation, warnings: int) -> str:
    """What to bear in mind about the verdicts."""
    return words(e.study.language).text("summary.apart_warnings" if warnings else "summary.apart", pre=e.flow.pre_only, post=e.flow.post_only, warnings=warnings)


def verdict(result: GroupResult, key: str, study: Study, c: Catalogue) -> str:
    """The verdict on one scale in the template ``key``, with the numbers it rests on."""
    d, change, delta = digits(result.scale), result.welch, result.scale.smallest_change
    return c.text(
        key, scale=scale_name(result, study, c), unit=unit_of(result.scale, c), n=two_sizes(result.answered.n_pre, result.answered.n_post, c), fewest=FEWEST_PAIRS,
        n_pre=result.answered.n_pre, n_post=result.answered.n_post, pre=c.number(change.mean_pre, d), post=c.number(change.mean_post, d),
        change=c.number(change.change, d, signed=True), interval=c.interval(change.change_low, change.change_high, d), p=c.p_phrase(change.p),
        confidence=c.percent(study.analysis.confidence, 0), delta=c.number(delta, d) if delta else "–", detectable=c.number(result.smallest_detectable.change, d))


def flow(e: Evaluation) -> Text:
    """Who handed in, who was left out, and that nobody could be paired."""
    c = words(e.study.language)
    f = e.flow
    sentences = [c.text("flow.sentence_apart", pre=f.rows_pre, post=f.rows_post, used_pre=f.pre_only, used_post=f.post_only)]
    if f.refused_pre + f.refused_post:
        sentences.append(c.text("flow.sentence_refused", pre=f.refused_pre, post=f.refused_post))
    return Text(" ".join([*sentences, c.text("flow.see")]))


def change(e: Evaluation) -> Text:
    """What happened to the mean of each instrument, then which of its dimensions moved most and least."""
    c = words(e.study.language)
    sentences = []
    for instrument in e.study.questionnaires:
        headline, *dimensions = [r for r in e.groups_of(instrument) if r.shown] or [None]
        if headline is None:
            continue
        m, d = headline.welch, digits(headline.scale)
        way = "up" if m.change > 0 else "down" if m.change < 0 else "same"
        sentences.append(c.text(f"change.apart_{way}", scale=scale_name(headline, e.study, c), pre=c.number(m.mean_pre, d), post=c.number(m.mean_post, d), size=c.number(abs(m.change), d),
                                interval=c.interval(m.change_low, m.change_high, d), p=c.p_phrase(m.p), d=c.number(headline.standardised.d)))
        if len(dimensions) > 1:
            least, most = (pick(dimensions, key=_improvement) for pick in (min, max))
            sentences.append(c.text("change.dimensions", **{f"{name}_{part}": value for name, r in (("most", most), ("least", least)) for part, value in (
                ("scale", scale_name(r, e.study, c)), ("change", c.number(r.welch.change, digits(r.scale), signed=True)))}))
    return Text(" ".join([*sentences, c.text("change.see_apart")]) if sentences else c.text("groups.none", fewest=FEWEST_PAIRS))


def ranks(e: Evaluation) -> Text:
    """How often somebody asked after stands higher; whether the test of ranks says the same as Welch's."""
    c = words(e.study.language)
    shown = [r for r in e.group_headlines if r.shown]
    if not shown:
        return Text(c.text("groups.none", fewest=FEWEST_PAIRS))
    sentences = [c.text("ranks.apart", scale=scale_name(r, e.study, c), chance=c.percent(r.superiority.probability, 0), p=c.p_phrase(r.rank_sum.p), p_unequal=c.p_phrase(r.superiority.p))
                 for r in shown]
    alpha = 1 - e.study.analysis.confidence
    disagree = [scale_name(r, e.study, c) for r in shown if (r.rank_sum.p < alpha) != (r.welch.p < alpha)]
    sentences.append(c.text("ranks.disagree_apart", scales=c.listing(disagree)) if disagree else c.text("ranks.agree_apart"))
    return Text(" ".join([*sentences, c.text("ranks.see_apart")]))


def gain(e: Evaluation) -> Text:
    """The class gain of each headline with its band."""
    c = words(e.study.language)
    sentences = []
    for r in e.group_headlines:
        if r.group_gain.gain != r.group_gain.gain:
            continue
        sentences.append(c.text("gain.sentence", scale=scale_name(r, e.study, c), gain=c.number(r.group_gain.gain), interval=c.interval(r.group_gain.low, r.group_gain.high),
                                band=gain_band(r.group_gain.gain, c), confidence=c.percent(e.study.analysis.confidence, 0)))
        if r.group_gain.low <= 0 <= r.group_gain.high:
            sentences.append(c.text("gain.open"))
    return Text(" ".join([*sentences, c.text("gain.see")]) if sentences else c.text("gain.none"))


def categories(e: Evaluation) -> Text | None:
    """Shares in the best category before and after, in percentage points; ``None`` without categories."""
    c = words(e.study.language)
    sentences = []
    for r in e.groups:
        if not r.categories:
            continue
        best = next(iter(r.categories.pre))
        before, after, sizes = r.categories.pre[best], r.categories.post[best], r.answered
        shares = before / sizes.n_pre, after / sizes.n_post
        sentences.append(c.text("categories.apart", scale=scale_name(r, e.study, c), band=c.text(f"band.{best}"), before=before, after=after, n_pre=sizes.n_pre, n_post=sizes.n_post,
                                share_before=c.percent(shares[0]), share_after=c.percent(shares[1]), points=c.number(100 * (shares[1] - shares[0]), 1, signed=True)))
    return Text(" ".join([*sentences, c.text("categories.see")])) if sentences else None


def reading(e: Evaluation, topic: str) -> Text | None:
    """How to read the table of a topic; nothing for what an anonymous study has not."""
    c = words(e.study.language)
    keys = {"gain": "gain_apart", "reliable": ""}
    key = keys.get(topic, topic)
    return Text(c.text(f"reading.{key}"), role="note") if key else None


def limits(e: Evaluation) -> Text:
    """What this design cannot show, and what is lost because nobody can be paired."""
    return Text(limits_of(e.study), role="limit")


def limits_of(study: Study) -> str:
    """The fixed paragraph on an anonymous design, of one RT or of the recap."""
    c = words(study.language)
    return " ".join([c.text("limits.anonymous"), c.text("limits.anonymity")])


def tests(study: Study) -> str:
    """The tests and settings of the anonymous design."""
    c, settings = words(study.language), study.analysis
    return c.text("method.tests_apart", confidence=c.percent(settings.confidence, 0), seed=settings.seed, resamples=c.number(settings.resamples, 0))


def _improvement(result: GroupResult) -> float:
    return result.welch.change if result.scale.direction == "up" else -result.welch.change
