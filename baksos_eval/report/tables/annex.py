"""The annex of one RT: what a reviewer asks for, and what the main result withstands."""

from __future__ import annotations

from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report.content import Table
from baksos_eval.report.designs import unless_anonymous
from baksos_eval.report.phrases import digits, scale_name
from baksos_eval.report.tables import groups
from baksos_eval.report.tables.building import at_zero, build, capped, confidence_note, reasons, totals
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.stats import categories
from baksos_eval.stats.result import Reason


def sensitivity(e: Evaluation) -> Table | None:
    """The main change of each headline under other reasonable choices; ``None`` where too few people answered for any."""
    c = words(e.study.language)
    rows, main = [], []
    for r in e.any_headlines:
        main.append(len(rows))
        rows += [[scale_name(r, e.study, c) if place == 0 else "", c.text(f"sensitivity.{v.name}"), str(v.n), c.number(v.change, digits(r.scale), signed=True),
                  c.interval(v.low, v.high, digits(r.scale)), c.p(v.p)] for place, v in enumerate(r.annex.sensitivity)]
    if not rows:
        return None
    return build(e.study, c, "sensitivity", rows, [("scale", "left", 2), ("way", "left", 3.2), ("n", "right", 0.5), ("change", "right", 0.9), ("interval", "right", 1.6), ("p", "right", 0.9)],
                 notes=[confidence_note(e.study, c, "table.note.sensitivity"), *at_zero([(v.low, v.high, v.p) for r in e.any_headlines for v in r.annex.sensitivity], e.study, c), *reasons([v.note for r in e.any_headlines for v in r.annex.sensitivity], c)], emphasised=main, rt=e.rt)


@unless_anonymous()
def attrition(e: Evaluation) -> Table | None:
    """Before the programme: those who stayed against those who left; ``None`` where nobody left."""
    c = words(e.study.language)
    if not any(r.annex.attrition.n_second for r in e.headlines):
        return None
    rows = []
    for r in e.headlines:
        a, d = r.annex.attrition, digits(r.scale)
        rows.append([scale_name(r, e.study, c), str(a.n_first), c.number(a.mean_first, d), str(a.n_second), c.number(a.mean_second, d), c.number(a.difference, d, signed=True),
                     c.number(a.d, signed=True), c.interval(a.low, a.high)])
    return build(e.study, c, "attrition", rows, [("scale", "left", 2.2), ("n", "right", 0.5), ("mean", "right", 0.9), ("n", "right", 0.5), ("mean", "right", 0.9), ("difference", "right", 0.9),
                 ("standardised", "right", 0.9), ("interval", "right", 1.7)], spanners=[("stayed", 1, 2), ("left", 3, 4)],
                 notes=[c.text("table.note.attrition"), *reasons([r.annex.attrition.note for r in e.headlines], c)], rt=e.rt)


@unless_anonymous(groups.normality)
def normality(e: Evaluation) -> Table:
    """Shapiro-Wilk and Lilliefors of the scores and of their change, as description."""
    c = words(e.study.language)
    rows, notes = [], []
    for r in e.headlines:
        a = r.annex
        for wave, shapiro, lilliefors in (("pre", a.shapiro_pre, a.lilliefors_pre), ("post", a.shapiro_post, a.lilliefors_post), ("change", a.shapiro_change, a.lilliefors_change)):
            rows.append([scale_name(r, e.study, c) if wave == "pre" else "", c.text(f"table.column.{wave}"), str(shapiro.n), c.number(lilliefors.statistic, 3), capped(lilliefors, c),
                         c.number(shapiro.statistic, 3), c.p(shapiro.p)])
            notes += [shapiro.note, lilliefors.note]
    return build(e.study, c, "normality", rows, [("scale", "left", 2.4), ("scores", "left", 1.1), ("n", "right", 0.5), ("statistic", "right", 0.9), ("p", "right", 0.9), ("statistic", "right", 0.9),
                 ("p", "right", 0.9)], spanners=[("lilliefors", 3, 4), ("shapiro", 5, 6)], notes=[c.text("table.note.normality"), *reasons(notes, c)], rt=e.rt)


@unless_anonymous(groups.spss_ranks)
def spss_ranks(e: Evaluation) -> Table:
    """The ranks table as SPSS prints it, for comparison line by line."""
    c = words(e.study.language)
    rows = []
    for r in e.headlines:
        s = r.spss_signed_rank
        rows += [[scale_name(r, e.study, c), c.text("ranks.negative"), str(s.n_negative), c.number(s.mean_rank_negative), c.number(s.sum_negative)],
                 ["", c.text("ranks.positive"), str(s.n_positive), c.number(s.mean_rank_positive), c.number(s.sum_positive)],
                 ["", c.text("ranks.ties"), str(s.n_ties), "", ""], ["", c.text("ranks.total"), str(s.n), "", ""]]
    tests = "; ".join(c.text("table.note.spss_z", scale=scale_name(r, e.study, c), z=c.number(r.spss_signed_rank.z, 3), p=c.p(r.spss_signed_rank.p)) for r in e.headlines)
    return build(e.study, c, "spss_ranks", rows, [("scale", "left", 2.4), ("ranks", "left", 2.4), ("n", "right", 0.6), ("mean_rank", "right", 1), ("sum_of_ranks", "right", 1.1)],
                 notes=[tests + ".", c.text("table.note.spss"), *reasons([r.spss_signed_rank.note for r in e.headlines], c)], rt=e.rt)


@unless_anonymous()
def reliable(e: Evaluation) -> Table | None:
    """People who changed by more than the unreliability of the scale explains (Jacobson-Truax)."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), c.number(r.annex.reliable_change.reliability), c.number(r.annex.reliable_change.threshold, digits(r.scale)),
             *(c.number(count, 0) for count in (r.annex.reliable_change.improved, r.annex.reliable_change.same, r.annex.reliable_change.worse))] for r in e.scales]
    return build(e.study, c, "reliable", rows, [("scale", "left", 2.6), ("alpha", "right", 0.8), ("threshold", "right", 1), ("improved", "right", 1), ("same", "right", 0.9), ("worse", "right", 1)],
                 spanners=[("people", 3, 5)], notes=[c.text("table.note.reliable"), *reasons([r.annex.reliable_change.note for r in e.scales], c)], emphasised=totals(e.scales), rt=e.rt)


def levels(e: Evaluation) -> Table | None:
    """Index in per cent of the ideal score (TCR) before and after, for rating scales; ``None`` without one that has no negative scores."""
    c = words(e.study.language)
    results = [r for r in e.any_scales if e.study.instrument(r.scale.instrument).kind == "rating"]
    rows = [[scale_name(r, e.study, c), c.number(r.annex.index_pre.percent, 1), _level(r.annex.index_pre.percent, c), c.number(r.annex.index_post.percent, 1), _level(r.annex.index_post.percent, c)]
            for r in results]
    if not rows:
        return None
    if all(r.annex.index_pre.note == Reason.NEGATIVE_SCORES for r in results):
        return None
    return build(e.study, c, "levels", rows, [("scale", "left", 2.6), ("percent", "right", 0.8), ("band", "left", 1.2), ("percent", "right", 0.8), ("band", "left", 1.2)],
                 spanners=[("pre", 1, 2), ("post", 3, 4)], notes=[c.text("table.note.levels"), *reasons([r.annex.index_pre.note for r in results], c)], emphasised=totals(results), rt=e.rt)


@unless_anonymous(groups.conventions)
def conventions(e: Evaluation) -> Table | None:
    """Why SPSS or JASP may print another number: only the conventions that differ on this RT's data; ``None`` where none does."""
    c = words(e.study.language)
    rows = [[c.text(f"convention.{key}.{part}", **values) for part in ("what", "ours", "theirs")] for key, values in _differing(e, c)]
    if not rows:
        return None
    return build(e.study, c, "conventions", rows, [("what", "left", 1.6), ("ours", "left", 2.8), ("theirs", "left", 2.8)], notes=[c.text("table.note.conventions")], rt=e.rt)


def _differing(e: Evaluation, c: Catalogue) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for r in e.headlines:
        if r.mean_change.statistic != r.mean_change.statistic:
            continue
        names = {"scale": scale_name(r, e.study, c)}
        found.append(("sign", names | {"ours": c.number(r.mean_change.statistic), "theirs": c.number(-r.mean_change.statistic)}))
        if c.p(r.signed_rank.p) != c.p(r.spss_signed_rank.p):
            found.append(("exact", names | {"ours": c.p(r.signed_rank.p), "theirs": c.p(r.spss_signed_rank.p)}))
        if r.direction.same:
            found.append(("zeros", names | {"count": str(r.direction.same)}))
        if c.number(r.class_gain.gain) != c.number(r.individual_gain.mean):
            found.append(("gain", names | {"ours": c.number(r.class_gain.gain), "theirs": c.number(r.individual_gain.mean)}))
        if c.number(r.d_z.d) != c.number(r.d_av.d):
            found.append(("effect", names | {"ours": c.number(r.d_z.d), "theirs": c.number(r.d_av.d)}))
        if r.annex.lilliefors_change.capped:
            found.append(("lilliefors", names))
    return found


def _level(percent: float, c: Catalogue) -> str:
    key = categories.classify([percent], "index5")[0]
    return c.text(f"band.{key}") if key else NOTHING
