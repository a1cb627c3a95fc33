"""All waves of one RT, and over all RTs, where a study measured again after the main comparison."""

from __future__ import annotations

from baksos_eval.evaluation.results import Evaluation, Summary
from baksos_eval.evaluation.waves import WaveSummary
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.many_rts import are_many
from baksos_eval.report.moments import wave_heading
from baksos_eval.report.phrases import digits, scale_name, unit_of
from baksos_eval.report.tables import many_rts
from baksos_eval.report.tables.building import (
    build,
    change_and_interval,
    confidence_note,
    reasons,
    slug,
    totals,
    units_of,
)
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.report.waves import change_name, wave_headlines
from baksos_eval.study.study import WAVES


def waves(e: Evaluation) -> tuple[Table, ...] | None:
    """The mean of every wave, the change between every two, and the tests over all; ``None`` without later waves."""
    if not e.waves:
        return None
    c = words(e.study.language)
    return _means(e, c), _changes(e, c), _tests(e, c)


def later_waves(s: Summary) -> tuple[Table, ...] | None:
    """For each headline the changes up to the later waves in every RT (of very many how they are spread), and over all RTs; ``None`` without later waves."""
    if not s.waves:
        return None
    c = words(s.study.language)
    return tuple((many_rts.later_waves if are_many(result.rts) else _over_rts)(s, result, c) for result in wave_headlines(s))


def _over_rts(s: Summary, result: WaveSummary, c: Catalogue) -> Table:
    """Every pair of waves that ends in a later one; before and after, the main comparison, has its own table."""
    d, wanted = digits(result.scale), [place for place, pair in enumerate(result.pairs) if pair.second >= len(WAVES)]
    rows = []
    for rt, one in zip(result.rts, result.results, strict=True):
        for place in wanted:
            pair = one.changes[place]
            rows.append([inline.escape(rt) if place == wanted[0] else "", change_name(pair, one, s.study, c), str(one.n),
                         change_and_interval(pair.result.change, pair.result.change_low, pair.result.change_high, d, c), c.p(pair.result.p), c.p(pair.p_holm)])
    first_total = len(rows)
    for place in wanted if len(result.rts) > 1 else ():
        pair = result.pairs[place]
        rows.append([c.text("waves.all_rts", k=pair.pooled.k) if place == wanted[0] else "", change_name(pair, result, s.study, c), str(sum(one.n for _, one in result.shown)),
                     change_and_interval(pair.pooled.estimate, pair.pooled.low, pair.pooled.high, d, c), c.p(pair.pooled.p), c.p(pair.p_holm)])
    notes = [*(pair.note for one in result.results for pair in one.changes), *(result.pairs[place].pooled.note for place in wanted)]
    return build(s.study, c, "later_waves", rows, [("rt", "left", 1.8), ("wave_pair", "left", 2.2), ("n", "right", 0.5), ("change_interval", "right", 2.1), ("p", "right", 0.8), ("p_holm", "right", 0.8)],
                 notes=[confidence_note(s.study, c, "table.note.later_waves"), c.text("table.note.unit", unit=unit_of(result.scale, c)), *reasons(notes, c)],
                 emphasised=range(first_total, len(rows)), label=f"tbl-later-waves-{slug(result.scale.instrument)}", scale=scale_name(result, s.study, c))


def _means(e: Evaluation, c: Catalogue) -> Table:
    rows, main = [], []
    for result in e.waves:
        d = digits(result.scale)
        if result.scale.id == "total":
            main += range(len(rows), len(rows) + len(result.waves))
        rows += [[scale_name(result, e.study, c) if place == 0 else "", wave_heading(e.study, wave, c), str(answered), str(result.n),
                  f"{c.number(mean.mean, d)} ({c.number(mean.sd, d)})" if mean.mean == mean.mean else NOTHING, c.interval(mean.low, mean.high, d)]
                 for place, (wave, answered, mean) in enumerate(zip(result.waves, result.answered, result.means, strict=True))]
    return build(e.study, c, "waves", rows, [("scale", "left", 2.6), ("wave", "left", 1.6), ("answered", "right", 0.8), ("n_all_waves", "right", 0.9), ("mean", "right", 1.3),
                 ("interval", "right", 1.7)], notes=[c.text("table.note.mean_sd", units=units_of(_headlines(e), e.study, c)), confidence_note(e.study, c, "table.note.waves"),
                                                     *reasons([mean.note for result in e.waves for mean in result.means], c)], emphasised=main, rt=e.rt)


def _changes(e: Evaluation, c: Catalogue) -> Table:
    rows, notes = [], []
    for result in _headlines(e):
        d = digits(result.scale)
        rows += [[scale_name(result, e.study, c) if place == 0 else "", change_name(pair, result, e.study, c), str(pair.result.n),
                  change_and_interval(pair.result.change, pair.result.change_low, pair.result.change_high, d, c), c.number(pair.result.statistic), c.p(pair.result.p), c.p(pair.p_holm)]
                 for place, pair in enumerate(result.changes)]
        notes += [pair.note for pair in result.changes]
    return build(e.study, c, "wave_changes", rows, [("scale", "left", 2.2), ("wave_pair", "left", 2.2), ("n", "right", 0.5), ("change_interval", "right", 2.1), ("t", "right", 0.7),
                 ("p", "right", 0.8), ("p_holm", "right", 0.8)], notes=[confidence_note(e.study, c, "table.note.wave_changes"), *reasons(notes, c)], rt=e.rt)


def _tests(e: Evaluation, c: Catalogue) -> Table:
    rows = []
    for result in e.waves:
        f, a = result.friedman, result.repeated_measures
        df = c.text("waves.df", waves=c.number(a.epsilon * a.df_waves), error=c.number(a.epsilon * a.df_error)) if a.epsilon == a.epsilon else NOTHING
        rows.append([scale_name(result, e.study, c), str(result.n), c.number(a.f), df, c.number(a.epsilon), c.p(a.p_greenhouse_geisser), c.number(a.partial_eta_squared),
                     c.number(f.statistic), str(f.df), c.p(f.p), c.number(f.kendall_w)])
    return build(e.study, c, "wave_tests", rows, [("scale", "left", 2), ("n", "right", 0.5), ("f_value", "right", 0.6), ("df", "right", 1.1), ("epsilon", "right", 0.5), ("p", "right", 0.7),
                 ("partial_eta", "right", 0.6), ("chi_square", "right", 0.6), ("df", "right", 0.4), ("p", "right", 0.7), ("kendall_w", "right", 0.5)],
                 spanners=[("repeated_measures", 2, 6), ("friedman", 7, 10)],
                 notes=[c.text("table.note.wave_tests"), *reasons([note for r in e.waves for note in (r.repeated_measures.note, r.friedman.note)], c)], emphasised=totals(e.waves), rt=e.rt)


def _headlines(e: Evaluation) -> list:
    return [next(result for result in e.waves if result.scale.instrument == instrument.id) for instrument in e.study.questionnaires]
