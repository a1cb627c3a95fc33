"""What changed in one RT: the summary, the means, the ranks, the effect sizes, the gain, the categories."""

from __future__ import annotations

from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report.content import Table
from baksos_eval.report.designs import unless_anonymous
from baksos_eval.report.phrases import digits, scale_name
from baksos_eval.report.tables import groups
from baksos_eval.report.tables.building import (
    at_zero,
    band,
    bounds,
    build,
    change_with_interval,
    confidence_note,
    gain_band,
    means_with_sd,
    reasons,
    totals,
    units_of,
)
from baksos_eval.report.text import Catalogue, words


@unless_anonymous(groups.summary)
def summary(e: Evaluation) -> Table:
    """The headline of each instrument: before, after, change with interval, p and the verdict in two words."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), str(r.n), *means_with_sd(r, c), change_with_interval(r, c), c.p(r.mean_change.p), c.text(f"verdict.{r.verdict}.short")]
            for r in e.headlines]
    return build(e.study, c, "summary", rows, [("scale", "left", 2.4), ("n", "right", 0.5), ("pre", "right", 1.2), ("post", "right", 1.2),
                  ("change_interval", "right", 2.2), ("p", "right", 0.9), ("verdict", "left", 1.8)],
                  notes=[c.text("table.note.mean_sd", units=units_of(e.headlines, e.study, c)), confidence_note(e.study, c, "table.note.interval")], rt=e.rt)


@unless_anonymous(groups.change)
def change(e: Evaluation) -> Table:
    """Mean before and after, mean change with its t interval, paired t, for every scale and dimension."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), str(r.n), *means_with_sd(r, c), c.number(r.correlation.r), change_with_interval(r, c), c.number(r.mean_change.statistic),
             c.number(r.mean_change.df, 0), c.p(r.mean_change.p)] for r in e.scales]
    return build(e.study, c, "change", rows, [("scale", "left", 2.6), ("n", "right", 0.5), ("pre", "right", 1.3), ("post", "right", 1.3),
                  ("r_pre_post", "right", 0.6), ("change_interval", "right", 2.3), ("t", "right", 0.7), ("df", "right", 0.5), ("p", "right", 0.9)],
                  notes=[c.text("table.note.mean_sd", units=units_of(e.headlines, e.study, c)), confidence_note(e.study, c, "table.note.interval"), c.text("table.note.r_pre_post"), *reasons(
                      [note for r in e.scales for note in (r.mean_change.note, r.correlation.note)], c)], emphasised=totals(e.scales), rt=e.rt)


@unless_anonymous(groups.ranks)
def ranks(e: Evaluation) -> Table:
    """People who improved, stayed and fell; exact signed-rank and Hodges-Lehmann; beside them what SPSS prints."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), str(r.direction.improved), str(r.direction.same), str(r.direction.worse),
             c.number(r.hodges_lehmann.estimate, digits(r.scale), signed=True),
             c.interval(r.hodges_lehmann.low, r.hodges_lehmann.high, digits(r.scale)),
             c.p(r.signed_rank.p), c.number(r.spss_signed_rank.z), c.p(r.spss_signed_rank.p)] for r in e.scales]
    return build(e.study, c, "ranks", rows, [("scale", "left", 2.6), ("improved", "right", 0.7), ("same", "right", 0.7), ("worse", "right", 0.7),
                  ("median_change", "right", 0.9), ("interval", "right", 1.6), ("p_exact", "right", 0.9), ("spss_z", "right", 0.8), ("spss_p", "right", 0.9)],
                  spanners=[("people", 1, 3), ("hodges_lehmann", 4, 5), ("spss", 7, 8)],
                  notes=[c.text(f"table.note.zeros_{e.study.analysis.zeros}"), c.text("table.note.spss"),
                         *at_zero([(r.hodges_lehmann.low, r.hodges_lehmann.high, r.signed_rank.p) for r in e.scales], e.study, c),
                         *reasons([r.signed_rank.note for r in e.scales], c)], emphasised=totals(e.scales), rt=e.rt)


@unless_anonymous(groups.effects)
def effects(e: Evaluation) -> Table:
    """Standardised effect sizes, each with its interval."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), *(cell for d in (r.d_z, r.d_av) for cell in (c.number(d.d), c.interval(d.low, d.high), c.number(d.g))),
             c.number(r.rank_biserial.r), c.interval(r.rank_biserial.low, r.rank_biserial.high)] for r in e.scales]
    return build(e.study, c, "effects", rows, [("scale", "left", 2.2), ("estimate", "right", 0.7), ("interval", "right", 1.6), ("hedges", "right", 0.7),
                  ("estimate", "right", 0.7), ("interval", "right", 1.6), ("hedges", "right", 0.7), ("estimate", "right", 0.7), ("interval", "right", 1.6)],
                  spanners=[("d_z", 1, 3), ("d_av", 4, 6), ("rank_biserial", 7, 8)],
                  notes=[c.text("table.note.effects"), *reasons([r.d_z.note for r in e.scales], c)], emphasised=totals(e.scales), rt=e.rt)


@unless_anonymous(groups.gain)
def gain(e: Evaluation) -> Table:
    """N-gain of the class, with its band; of individuals, with those at the maximum counted; normalised change."""
    c = words(e.study.language)
    read = e.study.analysis.effectiveness
    rows = []
    for r in e.scales:
        told = [_effectiveness(100 * r.individual_gain.mean, read, c)] if read else []
        rows.append([scale_name(r, e.study, c), c.number(r.class_gain.gain), c.interval(r.class_gain.low, r.class_gain.high), gain_band(r.class_gain.gain, c),
                     c.number(r.individual_gain.mean), str(r.individual_gain.n_used), str(r.individual_gain.n_at_maximum), *told, c.number(r.normalised_change.mean)])
    return build(e.study, c, "gain", rows, [("scale", "left", 2.4), ("gain", "right", 0.8), ("interval", "right", 1.7), ("band", "left", 0.9),
                  ("mean", "right", 0.8), ("n", "right", 0.5), ("at_maximum", "right", 1.0), *([("effectiveness", "left", 1.2)] if read else []), ("normalised", "right", 1.0)],
                  spanners=[("class_gain", 1, 3), ("individual_gain", 4, 7 if read else 6)],
                  notes=[c.text("table.note.gain"), c.text(f"preset.{read}") if read else "", c.text("table.note.gain_down") if any(r.scale.direction == "down" for r in e.scales) else "", *reasons([r.class_gain.note for r in e.scales], c)], emphasised=totals(e.scales), rt=e.rt)


def _effectiveness(percent: float, preset: str, c: Catalogue) -> str:
    """The habitual reading of a mean individual gain in per cent; a loss is called one."""
    return c.text("band.loss") if percent < 0 else band(percent, preset, c)


@unless_anonymous(groups.categories)
def categories(e: Evaluation) -> Table | None:
    """People per category before and after; ``None`` when no instrument declares categories."""
    c = words(e.study.language)
    rows, presets = [], []
    for r in e.scales:
        if r.categories is None:
            continue
        presets.append(r.categories.preset)
        for place, key in enumerate(r.categories.pre):
            before, after = r.categories.pre[key], r.categories.post[key]
            rows.append([scale_name(r, e.study, c) if place == 0 else "", c.text(f"band.{key}"), bounds(r.scale, key, c),
                         str(before), c.percent(before / r.n), str(after), c.percent(after / r.n)])
    if not rows:
        return None
    return build(e.study, c, "categories", rows, [("scale", "left", 2.2), ("band", "left", 1), ("bounds", "left", 1.4), ("f", "right", 0.6),
                  ("percent", "right", 0.9), ("f", "right", 0.6), ("percent", "right", 0.9)], spanners=[("pre", 3, 4), ("post", 5, 6)],
                  notes=[c.text(f"preset.{preset}") for preset in dict.fromkeys(presets)], rt=e.rt)
