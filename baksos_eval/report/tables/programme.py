"""The programme against its comparison, the balance before it, the doses, and the mixed model."""

from __future__ import annotations

import math
from collections.abc import Iterator

from baksos_eval.evaluation.comparisons import ArmComparison, ScaleProgramme
from baksos_eval.evaluation.results import Summary
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.many_rts import are_many
from baksos_eval.report.phrases import activity_name, digits, scale_name, unit_of
from baksos_eval.report.tables import many_rts
from baksos_eval.report.tables.building import build, change_and_interval, confidence_note, reasons
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.stats.ordinal import OrdinalDose
from baksos_eval.stats.result import Reason

WITHOUT_MODEL = {"", Reason.TOO_FEW_RTS, Reason.NO_DATA}


def comparison(s: Summary) -> tuple[Table, ...] | None:
    """Both groups before and after, the difference by every method, and the RTs without the programme; ``None`` without a comparison."""
    c = words(s.study.language)
    compared = _compared(s)
    if not compared:
        return None
    tables = [_groups(s, compared, c)]
    if is_shown(s):
        tables.append(_differences(s, compared, c))
    if any(found.unit == "rt" for _, found in compared):
        tables.append(_comparison_rts(s, compared, c))
    return tuple(tables)


def balance(s: Summary) -> Table | None:
    """How far the groups lay apart before the programme, in standard deviations; ``None`` without a comparison that can be shown."""
    c = words(s.study.language)
    compared = _compared(s) if is_shown(s) else []
    rows = []
    for result, found in compared:
        d, b = digits(result.scale), found.balance
        rows.append([scale_name(result, s.study, c), str(b.n_first), c.number(b.mean_first, d), str(b.n_second), c.number(b.mean_second, d),
                     c.number(b.difference, d, signed=True), c.number(b.d, signed=True), c.interval(b.low, b.high)])
    return build(s.study, c, "balance", rows, [("scale", "left", 2.4), ("n", "right", 0.6), ("mean", "right", 1), ("n", "right", 0.6), ("mean", "right", 1),
                  ("difference", "right", 0.9), ("standardised", "right", 0.7), ("interval", "right", 1.6)], spanners=[("arm_programme", 1, 2), ("arm_comparison", 3, 4)],
                 notes=[confidence_note(s.study, c, "table.note.balance"), *reasons([found.balance.note for _, found in compared], c)]) if rows else None


def dose(s: Summary) -> tuple[Table, ...] | None:
    """Each activity with the points of change that go with one unit more of it, and for scales of a single item the odds; ``None`` where the study asks about none."""
    return tuple(table for table in (_dose(s), _dose_ordinal(s)) if table) or None


def _dose(s: Summary) -> Table | None:
    c = words(s.study.language)
    rows, notes = [], []
    for result in s.programme.scales if s.programme else ():
        d = digits(result.scale)
        for place, found in enumerate(result.doses):
            r, taken = found.response, found.taken
            rows.append([scale_name(result, s.study, c) if place == 0 else "", activity_name(s.study, found.activity, c), str(taken.n), c.number(taken.mean),
                         c.percent(taken.none, 0), change_and_interval(r.slope, r.low, r.high, d, c), c.p(r.p), c.p(found.p_holm)])
            notes.append(r.note)
    return build(s.study, c, "dose", rows, [("scale", "left", 1.9), ("activity", "left", 2.2), ("n", "right", 0.5), ("dose_mean", "right", 0.9), ("dose_none", "right", 0.9),
                  ("slope_interval", "right", 2.1), ("p", "right", 0.8), ("p_holm", "right", 0.8)],
                 notes=[confidence_note(s.study, c, "table.note.dose"), *reasons(notes, c)]) if rows else None


def _dose_ordinal(s: Summary) -> Table | None:
    """The same where the scale is a single item: odds ratios from the order of its answers."""
    c = words(s.study.language)
    rows, notes = [], []
    for result in s.programme.scales if s.programme else ():
        asked = [(found, found.ordinal) for found in result.doses if found.ordinal]
        rows += [[scale_name(result, s.study, c) if place == 0 else "", activity_name(s.study, found.activity, c), str(o.n), str(o.levels), ratio_and_interval(o, c),
                  c.p(o.p), c.p(found.ordinal_p_holm)] for place, (found, o) in enumerate(asked)]
        notes += [o.note for _, o in asked]
    return build(s.study, c, "dose_ordinal", rows, [("scale", "left", 1.9), ("activity", "left", 2.2), ("n", "right", 0.5), ("answers_given", "right", 0.9), ("odds_interval", "right", 2.1),
                  ("p", "right", 0.8), ("p_holm", "right", 0.8)], notes=[confidence_note(s.study, c, "table.note.dose_ordinal"), *reasons(notes, c)]) if rows else None


def ratio_and_interval(found: OrdinalDose, c: Catalogue) -> str:
    """An odds ratio with its interval: ``1,45 (1,10 s.d. 1,92)``."""
    return c.number(found.odds_ratio) if math.isnan(found.odds_ratio) else f"{c.number(found.odds_ratio)} ({c.interval(found.low, found.high)})"


def mixed(s: Summary) -> Table | None:
    """The mixed model beside the pooled change; ``None`` where there are too few RTs for it."""
    c = words(s.study.language)
    pairs = list(mixed_beside_pooled(s))
    rows = []
    for result, pooled in pairs:
        d, model = digits(result.scale), result.mixed
        rows.append([scale_name(result, s.study, c), str(model.k), str(model.n), change_and_interval(pooled.estimate, pooled.low, pooled.high, d, c),
                     change_and_interval(model.estimate, model.low, model.high, d, c), c.number(math.sqrt(model.between_variance), d),
                     c.number(math.sqrt(model.residual_variance), d), c.number(model.intraclass_correlation)])
    return build(s.study, c, "mixed", rows, [("scale", "left", 2.2), ("k", "right", 0.5), ("n", "right", 0.6), ("pm_hk_change", "right", 2), ("mixed_change", "right", 2),
                  ("sd_between", "right", 0.9), ("sd_within", "right", 0.9), ("model_icc", "right", 0.7)], spanners=[("spread", 5, 6)],
                 notes=[confidence_note(s.study, c, "table.note.mixed"), *reasons([result.mixed.note for result, _ in pairs], c)]) if rows else None


def mixed_beside_pooled(s: Summary) -> Iterator[tuple]:
    """Each headline scale that has RTs enough for a mixed model, with its pooled change."""
    pooled = {result.name: result.pooled for result in s.scales}
    for result in s.programme.scales if s.programme else ():
        if result.name in pooled and (result.mixed.note not in WITHOUT_MODEL or not math.isnan(result.mixed.estimate)):
            yield result, pooled[result.name]


def is_shown(s: Summary) -> bool:
    """Whether any scale has groups large enough that more than counts may be told."""
    return any(found.verdict not in ("too_few", "no_group") for _, found in _compared(s))


def _compared(s: Summary) -> list[tuple[ScaleProgramme, ArmComparison]]:
    return [(result, result.comparison) for result in (s.programme.scales if s.programme else ()) if result.comparison is not None]


def _groups(s: Summary, compared: list[tuple[ScaleProgramme, ArmComparison]], c: Catalogue) -> Table:
    rows, whole = [], any(found.unit == "rt" for _, found in compared)
    for result, found in compared:
        d = digits(result.scale)
        for place, (arm, a) in enumerate(found.arms.items()):
            means = [f"{c.number(mean, d)} ({c.number(sd, d)})" if mean == mean else NOTHING for mean, sd in ((a.mean_pre, a.sd_pre), (a.mean_post, a.sd_post))]
            rows.append([scale_name(result, s.study, c) if place == 0 else "", c.text(f"comparison.arm.{arm}"), str(a.k), str(a.n), *means,
                         change_and_interval(a.change, a.low, a.high, d, c)])
    units = "; ".join(f"{scale_name(result, s.study, c)}: {unit_of(result.scale, c)}" for result, _ in compared)
    left_out = max(found.left_out for _, found in compared)
    return build(s.study, c, "comparison", rows, [("scale", "left", 2.2), ("group", "left", 1.5), ("k", "right", 0.4), ("n", "right", 0.5), ("pre", "right", 1.3),
                  ("post", "right", 1.3), ("change_interval", "right", 2.2)],
                 notes=[c.text(f"table.note.comparison_{'rts' if whole else 'persons'}", units=units, confidence=c.percent(s.study.analysis.confidence, 0)),
                        c.text("table.note.left_out", count=left_out) if left_out else "", *reasons([a.note for _, found in compared for a in found.arms.values()], c)])


def _differences(s: Summary, compared: list[tuple[ScaleProgramme, ArmComparison]], c: Catalogue) -> Table:
    rows, main, notes = [], [], []
    for result, found in compared:
        d = digits(result.scale)
        main.append(len(rows))
        lines = [(method, e.estimate, e.low, e.high, e.p, d, e.note) for method, e in found.estimates.items()]
        if found.randomisation:
            lines.append(("randomisation", math.nan, math.nan, math.nan, found.randomisation.p, d, found.randomisation.note))
        lines += [("d_ppc2", found.d_ppc2.d, found.d_ppc2.low, found.d_ppc2.high, math.nan, 2, found.d_ppc2.note),
                  ("cliff_delta", found.cliff_delta.delta, found.cliff_delta.low, found.cliff_delta.high, math.nan, 2, found.cliff_delta.note)]
        for place, (method, estimate, low, high, p, decimals, note) in enumerate(lines):
            rows.append([scale_name(result, s.study, c) if place == 0 else "", c.text(f"comparison.method.{method}"), c.number(estimate, decimals, signed=True),
                         c.interval(low, high, decimals), c.p(p)])
            notes.append(note)
    chances = dict.fromkeys((r.k_programme, r.k_comparison, r.smallest_p) for _, found in compared if (r := found.randomisation) and not math.isnan(r.smallest_p))
    across = any(found.within_rts for _, found in compared)
    return build(s.study, c, "difference", rows, [("scale", "left", 2.2), ("method", "left", 3.2), ("estimate", "right", 0.9), ("interval", "right", 1.7), ("p", "right", 0.9)],
                 notes=[confidence_note(s.study, c, "table.note.difference"), *([c.text("table.note.across_rts")] if across else []),
                        *(c.text("table.note.smallest_p", programme=one, comparison=two, p=c.p(smallest)) for one, two, smallest in chances), *reasons(notes, c)],
                 emphasised=main)


def _comparison_rts(s: Summary, compared: list[tuple[ScaleProgramme, ArmComparison]], c: Catalogue) -> Table:
    every = [(result, [rt for rt in found.rts if rt.arm == "comparison"]) for result, found in compared]
    if any(are_many(own) for _, own in every):
        return many_rts.comparison_rts(s, every, c)
    rows = []
    for result, own in every:
        d = digits(result.scale)
        rows += [[scale_name(result, s.study, c) if place == 0 else "", inline.escape(rt.rt), str(rt.n), c.number(rt.mean_pre, d), c.number(rt.mean_post, d),
                  c.number(rt.change, d, signed=True)] for place, rt in enumerate(own)]
    return build(s.study, c, "comparison_rts", rows, [("scale", "left", 2.4), ("rt", "left", 1.4), ("n", "right", 0.5), ("pre", "right", 0.9), ("post", "right", 0.9), ("change", "right", 1)],
                 notes=reasons([rt.note for _, found in compared for rt in found.rts if rt.arm == "comparison"], c), label="tbl-comparison-rts")
