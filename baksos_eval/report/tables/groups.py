"""The tables of an anonymous study: before and after as two groups of people."""

from __future__ import annotations

from collections.abc import Sequence

from baksos_eval.evaluation.group_results import GroupItem, GroupResult
from baksos_eval.evaluation.results import Evaluation, Summary
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.many_rts import are_many
from baksos_eval.report.moments import wave_name
from baksos_eval.report.phrases import item_name, scale_name
from baksos_eval.report.tables import many_rts
from baksos_eval.report.tables.building import (
    bounds,
    build,
    capped,
    change_and_interval,
    change_with_interval,
    confidence_note,
    gain_band,
    label_of,
    means_with_sd,
    reasons,
    reversed_note,
    slug,
    totals,
    units_of,
)
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.study.instrument import Instrument


def flow(e: Evaluation) -> Table:
    """What became of every questionnaire handed in, before and after; the columns add up."""
    c = words(e.study.language)
    f = e.flow
    lines = [("rows", f.rows_pre, f.rows_post), ("refused", f.refused_pre, f.refused_post), ("analysed", f.pre_only, f.post_only)]
    rows = [[c.text(f"flow.{key}"), str(pre), str(post)] for key, pre, post in lines]
    return build(e.study, c, "flow_apart", rows, [("flow", "left", 4), ("pre", "right", 1), ("post", "right", 1)], emphasised=[len(rows) - 1], label="tbl-flow", rt=e.rt)


def summary(e: Evaluation) -> Table:
    """The headline of each instrument: before, after, their difference with interval, p and the verdict in two words."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), *_means(r, c), change_with_interval(r, c), c.p(r.welch.p), c.text(f"verdict.{r.verdict}.short")] for r in e.group_headlines]
    return build(e.study, c, "summary", rows, [("scale", "left", 2.2), *_MEANS, ("difference_interval", "right", 2.1), ("p", "right", 0.8), ("verdict", "left", 1.7)],
                 spanners=_WAVES, notes=_mean_notes(e, c), rt=e.rt)


def change(e: Evaluation) -> Table:
    """Mean before and after, their difference with its Welch interval and test, for every scale and dimension."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), *_means(r, c), change_with_interval(r, c), c.number(r.welch.statistic), c.number(r.welch.df, 1), c.p(r.welch.p)] for r in e.groups]
    return build(e.study, c, "change_apart", rows, [("scale", "left", 2.3), *_MEANS, ("difference_interval", "right", 2.1), ("t", "right", 0.7), ("df", "right", 0.7), ("p", "right", 0.8)],
                 spanners=_WAVES, notes=[*_mean_notes(e, c), *reasons([r.welch.note for r in e.groups], c)], emphasised=totals(e.groups), label="tbl-change", rt=e.rt)


def ranks(e: Evaluation) -> Table:
    """Mann-Whitney and Brunner-Munzel, with the mean ranks before and after."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), c.number(r.rank_sum.mean_rank_pre), c.number(r.rank_sum.mean_rank_post), c.number(r.rank_sum.u, 1), c.p(r.rank_sum.p),
             c.percent(r.superiority.probability), c.number(r.superiority.statistic), c.p(r.superiority.p)] for r in e.groups]
    large = any(not r.rank_sum.exact for r in e.groups)
    return build(e.study, c, "ranks_apart", rows, [("scale", "left", 2.4), ("pre", "right", 0.8), ("post", "right", 0.8), ("u", "right", 0.8), ("p_exact", "right", 0.9),
                  ("chance", "right", 1.1), ("t", "right", 0.7), ("p", "right", 0.8)], spanners=[("mean_ranks", 1, 2), ("mann_whitney", 3, 4), ("brunner_munzel", 5, 7)],
                 notes=[c.text("table.note.ranks_apart"), c.text("table.note.not_exact") if large else "",
                        *reasons([note for r in e.groups for note in (r.rank_sum.note, r.superiority.note)], c)], emphasised=totals(e.groups), label="tbl-ranks", rt=e.rt)


def effects(e: Evaluation) -> Table:
    """The standardised difference and Cliff's delta, each with its interval."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c)] + [cell for estimate, low, high in (
            (r.standardised.d, r.standardised.low, r.standardised.high), (r.cliff_delta.delta, r.cliff_delta.low, r.cliff_delta.high))
            for cell in (c.number(estimate), c.interval(low, high))] for r in e.groups]
    return build(e.study, c, "effects_apart", rows, [("scale", "left", 2.4), ("estimate", "right", 0.8), ("interval", "right", 1.7), ("estimate", "right", 0.8), ("interval", "right", 1.7)],
                 spanners=[("d", 1, 2), ("cliff_delta", 3, 4)], notes=[confidence_note(e.study, c, "table.note.effects_apart"), *reasons(
                     [note for r in e.groups for note in (r.standardised.note, r.cliff_delta.note)], c)], emphasised=totals(e.groups), label="tbl-effects", rt=e.rt)


def gain(e: Evaluation) -> Table:
    """N-gain of the class from the two means, with its band."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), c.number(r.group_gain.gain), c.interval(r.group_gain.low, r.group_gain.high), gain_band(r.group_gain.gain, c)] for r in e.groups]
    return build(e.study, c, "gain_apart", rows, [("scale", "left", 2.6), ("gain", "right", 0.8), ("interval", "right", 1.7), ("band", "left", 1)],
                 notes=[confidence_note(e.study, c, "table.note.gain_apart"), c.text("table.note.gain_down") if any(r.scale.direction == "down" for r in e.groups) else "",
                        *reasons([r.group_gain.note for r in e.groups], c)], emphasised=totals(e.groups), label="tbl-gain", rt=e.rt)


def categories(e: Evaluation) -> Table | None:
    """People per category before and after; ``None`` when no instrument declares categories."""
    c = words(e.study.language)
    rows, presets = [], []
    for r in e.groups:
        if r.categories is None:
            continue
        presets.append(r.categories.preset)
        sizes = r.answered
        rows += [[scale_name(r, e.study, c) if place == 0 else "", c.text(f"band.{key}"), bounds(r.scale, key, c), str(before), c.percent(before / sizes.n_pre),
                  str(after), c.percent(after / sizes.n_post)] for place, (key, before, after) in enumerate(_each_band(r))]
    if not rows:
        return None
    return build(e.study, c, "categories", rows, [("scale", "left", 2.2), ("band", "left", 1), ("bounds", "left", 1.4), ("f", "right", 0.6),
                  ("percent", "right", 0.9), ("f", "right", 0.6), ("percent", "right", 0.9)], spanners=[("pre", 3, 4), ("post", 5, 6)],
                 notes=[c.text(f"preset.{preset}") for preset in dict.fromkeys(presets)], rt=e.rt)


def items(e: Evaluation) -> tuple[Table, ...]:
    """One table for each instrument: its items before and after, as two shares or two means."""
    c = words(e.study.language)
    return tuple((_knowledge_items if instrument.kind == "knowledge" else _rating_items)(e, instrument, c) for instrument in e.study.questionnaires)


def normality(e: Evaluation) -> Table:
    """Shapiro-Wilk and Lilliefors of the scores before and after, as description."""
    c = words(e.study.language)
    rows, notes = [], []
    for r in e.group_headlines:
        a = r.annex
        for wave, shapiro, lilliefors in (("pre", a.shapiro_pre, a.lilliefors_pre), ("post", a.shapiro_post, a.lilliefors_post)):
            rows.append([scale_name(r, e.study, c) if wave == "pre" else "", c.text(f"table.column.{wave}"), str(shapiro.n), c.number(lilliefors.statistic, 3), capped(lilliefors, c),
                         c.number(shapiro.statistic, 3), c.p(shapiro.p)])
            notes += [shapiro.note, lilliefors.note]
    return build(e.study, c, "normality_apart", rows, [("scale", "left", 2.4), ("wave", "left", 1.1), ("n", "right", 0.5), ("statistic", "right", 0.9), ("p", "right", 0.9),
                  ("statistic", "right", 0.9), ("p", "right", 0.9)], spanners=[("lilliefors", 3, 4), ("shapiro", 5, 6)],
                 notes=[c.text("table.note.normality_apart"), *reasons(notes, c)], label="tbl-normality", rt=e.rt)


def spss_ranks(e: Evaluation) -> Table:
    """The ranks table of the Mann-Whitney test as SPSS prints it, for comparison line by line."""
    c = words(e.study.language)
    rows = []
    for r in e.group_headlines:
        s = r.rank_sum
        for wave, n, rank in (("pre", s.n_pre, s.mean_rank_pre), ("post", s.n_post, s.mean_rank_post)):
            rows.append([scale_name(r, e.study, c) if wave == "pre" else "", c.text(f"table.column.{wave}"), str(n), c.number(rank), c.number(n * rank)])
        rows.append(["", c.text("ranks.total"), str(s.n_pre + s.n_post), "", ""])
    tests = "; ".join(c.text("table.note.spss_u", scale=scale_name(r, e.study, c), u=c.number(_smaller_u(r), 1), z=c.number(-abs(r.rank_sum.z), 3), p=c.p(r.rank_sum.p_asymptotic))
                      for r in e.group_headlines)
    return build(e.study, c, "spss_ranks_apart", rows, [("scale", "left", 2.4), ("wave", "left", 1.4), ("n", "right", 0.6), ("mean_rank", "right", 1), ("sum_of_ranks", "right", 1.1)],
                 notes=[tests + ".", c.text("table.note.spss_apart"), *reasons([r.rank_sum.note for r in e.group_headlines], c)], label="tbl-spss-ranks", rt=e.rt)


def conventions(e: Evaluation) -> Table | None:
    """Why SPSS or JASP may print another number: only the conventions that differ on this RT's data; ``None`` where none does."""
    c = words(e.study.language)
    rows = [[c.text(f"convention.{key}.{part}", **values) for part in ("what", "ours", "theirs")] for key, values in _differing(e, c)]
    if not rows:
        return None
    return build(e.study, c, "conventions", rows, [("what", "left", 1.6), ("ours", "left", 2.8), ("theirs", "left", 2.8)], notes=[c.text("table.note.conventions")], rt=e.rt)


def flows(s: Summary) -> Table:
    """The questionnaires of every RT, and the RTs that could not be analysed; of very many RTs the totals and how they are spread."""
    c = words(s.study.language)
    if are_many(s.flows):
        counts = [(c.text("many_rts.of_wave", what=c.text(f"table.spanner.{what}"), wave=wave_name(s.study, wave, c)), [getattr(f, f"{name}_{wave}" if name else f"{wave}_only") for f in s.flows])
                  for what, name in (("handed_in", "rows"), ("without_consent", "refused"), ("analysed", "")) for wave in ("pre", "post")]
        return many_rts.flows(s, [(f, "") for f in s.flows], counts, "flows_spread_apart", [], c)
    rows = [[inline.escape(f.rt), str(f.rows_pre), str(f.rows_post), str(f.refused_pre), str(f.refused_post), str(f.pre_only), str(f.post_only)] for f in s.flows]
    total = [c.text("table.cell.total")] + [str(sum(int(row[place]) for row in rows)) for place in range(1, 7)]
    rows += [[inline.escape(m.rt), *[NOTHING] * 6] for m in s.missing]
    return build(s.study, c, "flows_apart", [*rows, total], [("rt", "left", 1.6), *([("pre", "right", 0.9), ("post", "right", 0.9)] * 3)],
                 spanners=[("handed_in", 1, 2), ("without_consent", 3, 4), ("analysed", 5, 6)], notes=[c.text("table.note.missing_rt")] if s.missing else [],
                 emphasised=[len(rows)], label="tbl-flows")


_MEANS = (("n", "right", 0.5), ("mean", "right", 1.2), ("n", "right", 0.5), ("mean", "right", 1.2))
_WAVES = (("pre", 1, 2), ("post", 3, 4))


def _means(r: GroupResult, c: Catalogue) -> list[str]:
    pre, post = means_with_sd(r, c)
    return [str(r.answered.n_pre), pre, str(r.answered.n_post), post]


def _mean_notes(e: Evaluation, c: Catalogue) -> list[str]:
    return [c.text("table.note.mean_sd", units=units_of(e.group_headlines, e.study, c)), confidence_note(e.study, c, "table.note.interval_apart")]


def _each_band(r: GroupResult) -> list[tuple[str, int, int]]:
    assert r.categories is not None
    return [(key, r.categories.pre[key], r.categories.post[key]) for key in r.categories.pre]


def _smaller_u(r: GroupResult) -> float:
    """The smaller of both U, which SPSS prints."""
    return min(r.rank_sum.u, r.rank_sum.n_pre * r.rank_sum.n_post - r.rank_sum.u)


def _knowledge_items(e: Evaluation, instrument: Instrument, c: Catalogue) -> Table:
    results: Sequence[GroupItem] = e.group_items_of(instrument)
    rows = [[str(place), item_name(r.item, c), str(r.n_pre), c.percent(r.mean_pre, 0), str(r.n_post), c.percent(r.mean_post, 0),
             change_and_interval(100 * r.share.change, 100 * r.share.low, 100 * r.share.high, 0, c) if r.share else NOTHING, c.p(r.p), c.p(r.p_holm)]
            for place, r in enumerate(results, start=1)]
    return build(e.study, c, "items_knowledge", rows, [("number", "right", 0.4), ("item", "left", 5), ("n", "right", 0.5), ("percent", "right", 0.8), ("n", "right", 0.5),
                  ("percent", "right", 0.8), ("difference_points", "right", 1.7), ("p_fisher", "right", 0.8), ("p_holm", "right", 0.8)], spanners=[("pre", 2, 3), ("post", 4, 5)],
                 notes=[confidence_note(e.study, c, "table.note.items_knowledge_apart"), c.text("table.note.holm"), *_item_reasons(results, c)],
                 label=f"tbl-items-{slug(instrument.id)}", scale=label_of(e.study, instrument.id, c), rt=e.rt)


def _rating_items(e: Evaluation, instrument: Instrument, c: Catalogue) -> Table:
    results: Sequence[GroupItem] = e.group_items_of(instrument)
    rows = [[str(place), item_name(r.item, c), str(r.n_pre), c.number(r.mean_pre), str(r.n_post), c.number(r.mean_post),
             change_and_interval(r.difference.change, r.difference.change_low, r.difference.change_high, 2, c) if r.difference else NOTHING, c.p(r.p), c.p(r.p_holm)]
            for place, r in enumerate(results, start=1)]
    return build(e.study, c, "items_rating", rows, [("number", "right", 0.4), ("item", "left", 4.6), ("n", "right", 0.5), ("mean", "right", 0.8), ("n", "right", 0.5),
                  ("mean", "right", 0.8), ("difference_interval", "right", 2), ("p", "right", 0.8), ("p_holm", "right", 0.8)], spanners=[("pre", 2, 3), ("post", 4, 5)],
                 notes=[*reversed_note(e.study, instrument.id, c), confidence_note(e.study, c, "table.note.items_rating_apart"), c.text("table.note.holm"), *_item_reasons(results, c)],
                 label=f"tbl-items-{slug(instrument.id)}", scale=label_of(e.study, instrument.id, c), rt=e.rt)


def _item_reasons(results: Sequence[GroupItem], c: Catalogue) -> list[str]:
    return reasons([leaf.note for r in results for leaf in (r.share, r.difference, r.rank_sum) if leaf], c)


def _differing(e: Evaluation, c: Catalogue) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for r in e.group_headlines:
        if r.welch.statistic != r.welch.statistic:
            continue
        scale, student = {"scale": scale_name(r, e.study, c)}, r.annex.student
        found.append(("sign_apart", scale | {"ours": c.number(r.welch.statistic), "theirs": c.number(-r.welch.statistic)}))
        ours, theirs = ({"t": c.number(t.statistic), "df": c.number(t.df, 1)} for t in (r.welch, student))
        if ours != theirs:
            found.append(("welch", scale | {"t": ours["t"], "df": ours["df"], "t_pooled": theirs["t"], "df_pooled": theirs["df"]}))
        if c.p(r.rank_sum.p) != c.p(r.rank_sum.p_asymptotic):
            found.append(("rank_sum", scale | {"ours": c.p(r.rank_sum.p), "theirs": c.p(r.rank_sum.p_asymptotic)}))
    return found
