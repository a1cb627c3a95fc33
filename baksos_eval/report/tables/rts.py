"""The recap over RTs."""

from __future__ import annotations

from baksos_eval.evaluation.results import GroupUnit, ScaleSummary, Summary, Unit
from baksos_eval.intake.pairing import Flow
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.designs import unless_anonymous
from baksos_eval.report.many_rts import are_many
from baksos_eval.report.moments import wave_name
from baksos_eval.report.phrases import digits, scale_name, unit_of
from baksos_eval.report.problems import what_to_do, what_was_found
from baksos_eval.report.tables import groups, many_rts
from baksos_eval.report.tables.building import (
    build,
    change_and_interval,
    confidence_note,
    reasons,
    slug,
    totals,
)
from baksos_eval.report.text import Catalogue, words


@unless_anonymous(groups.flows)
def flows(s: Summary) -> Table:
    """The flow of people in every RT, and those that could not be analysed; of very many RTs the totals and how they are spread."""
    c = words(s.study.language)
    if are_many(s.flows):
        return _many_flows(s, c)
    rows = [[_whose(f, arm, c), str(f.rows_pre), str(f.rows_post), str(f.both), str(f.pre_only), str(f.post_only),
             str(f.refused_pre + f.refused_post), str(f.no_id_pre + f.no_id_post + f.duplicate_pre + f.duplicate_post)]
            for f, arm in every_flow(s)]
    total = [c.text("table.cell.total")] + [str(sum(int(row[place]) for row in rows)) for place in range(1, 8)]
    rows += [[inline.escape(m.rt), *["–"] * 7] for m in s.missing]
    return build(s.study, c, "flows", [*rows, total], [("rt", "left", 1.6), ("pre", "right", 0.8), ("post", "right", 0.8), ("both", "right", 1), ("pre_only", "right", 1),
                  ("post_only", "right", 1), ("refused", "right", 1), ("unusable", "right", 1.2)], spanners=[("handed_in", 1, 2)],
                  notes=[c.text("table.note.unusable"), *([c.text("table.note.missing_rt")] if s.missing else [])], emphasised=[len(rows)])


def every_flow(s: Summary) -> list[tuple[Flow, str]]:
    """The flow in every RT with the group that it is of; where persons are compared, that of the comparison in each RT too."""
    return [(flow, s.study.arm_of(flow.rt)) for flow in s.flows] + [(flow, "comparison") for flow in (s.programme.comparison_flows if s.programme else ())]


def _many_flows(s: Summary, c: Catalogue) -> Table:
    told = every_flow(s)
    handed_in = [(c.text("many_rts.of_wave", what=c.text("table.spanner.handed_in"), wave=wave_name(s.study, wave, c)), [getattr(f, f"rows_{wave}") for f, _ in told])
                 for wave in ("pre", "post")]
    alike = [(c.text(f"table.column.{name}"), [getattr(f, name) for f, _ in told]) for name in ("both", "pre_only", "post_only")]
    lost = [(c.text("table.column.refused"), [f.refused_pre + f.refused_post for f, _ in told]),
            (c.text("table.column.unusable"), [f.no_id_pre + f.no_id_post + f.duplicate_pre + f.duplicate_post for f, _ in told])]
    return many_rts.flows(s, told, [*handed_in, *alike, *lost], "flows_spread", [c.text("table.note.unusable")], c)


def _whose(flow: Flow, arm: str, c: Catalogue) -> str:
    """The RT's name, with its group in a study with a comparison."""
    rt = inline.escape(flow.rt)
    return c.text("comparison.rt_of_arm", rt=rt, arm=c.text(f"comparison.arm.{arm}")) if arm else rt


def units(s: Summary) -> tuple[Table, ...]:
    """One table for each instrument's headline scale: every RT's change, its interval and its shrunken estimate; of very many RTs how they are spread."""
    c = words(s.study.language)
    if s.headlines and are_many(s.headlines[0].units):
        return many_rts.units(s, c)
    return tuple(_units_table(s, result, c) for result in s.headlines)


def pooled(s: Summary) -> Table | None:
    """What holds over all RTs: the pooled change, its prediction interval, the t test on RT means; ``None`` for one RT."""
    c = words(s.study.language)
    if len(s.flows) < 2:
        return None
    rows = [[scale_name(r, s.study, c), c.number(r.pooled.k, 0), change_and_interval(r.pooled.estimate, r.pooled.low, r.pooled.high, digits(r.scale), c), c.p(r.pooled.p),
             c.interval(r.pooled.prediction_low, r.pooled.prediction_high, digits(r.scale)), c.number(r.pooled.i2, 0),
             c.number(r.rt_means.mean, digits(r.scale), signed=True), c.p(r.rt_means.p)] for r in s.scales]
    return build(s.study, c, "pooled", rows, [("scale", "left", 2.2), ("k", "right", 0.5), ("change_interval", "right", 1.8), ("p", "right", 0.9),
                  ("prediction", "right", 1.6), ("i2", "right", 0.7), ("change", "right", 1.1), ("p", "right", 0.9)], spanners=[("pm_hk", 2, 5), ("rt_means", 6, 7)],
                  notes=[c.text("table.note.pooled"), *reasons([r.pooled.note for r in s.scales], c)], emphasised=totals(s.scales))


def missing(s: Summary) -> Table | None:
    """The RTs that could not be analysed, with every reason; of very many the reasons; ``None`` when all could."""
    c = words(s.study.language)
    if are_many(s.missing):
        return many_rts.missing(s, c)
    rows = [[inline.escape(m.rt), inline.escape(what_was_found(f, c).removeprefix(f"{m.rt}: ")), inline.escape(what_to_do(f, c))] for m in s.missing for f in m.findings if f.fatal]
    return build(s.study, c, "missing", rows, [("rt", "left", 1), ("found", "left", 3), ("remedy", "left", 3)]) if rows else None


def _units_table(s: Summary, result: ScaleSummary, c: Catalogue) -> Table:
    d = digits(result.scale)
    rows = [[inline.escape(u.rt), *_sizes(u), c.number(u.mean_pre, d), c.number(u.mean_post, d), change_and_interval(u.change, u.low, u.high, d, c),
             c.p(u.p_holm), c.number(k.estimate, d, signed=True), c.text(f"verdict.{u.verdict}.short")]
            for u, k in zip(result.units, result.shrunken, strict=True)]
    name = scale_name(result, s.study, c)
    sizes = [("n_pre", "right", 0.6), ("n_post", "right", 0.6)] if s.study.is_anonymous else [("n", "right", 0.5)]
    return build(s.study, c, "units", rows, [("rt", "left", 1.2), *sizes, ("pre", "right", 0.9), ("post", "right", 0.9), ("change_interval", "right", 1.9),
                  ("p_holm", "right", 0.9), ("shrunken", "right", 1.2), ("verdict", "left", 1.9)],
                  notes=[confidence_note(s.study, c, "table.note.units_apart" if s.study.is_anonymous else "table.note.units"), c.text("table.note.unit", unit=unit_of(result.scale, c)), *reasons([u.note for u in result.units], c)],
                  label=f"tbl-units-{slug(result.scale.instrument)}", scale=name)


def _sizes(unit: Unit | GroupUnit) -> list[str]:
    return [str(unit.n_pre), str(unit.n_post)] if isinstance(unit, GroupUnit) else [str(unit.n)]
