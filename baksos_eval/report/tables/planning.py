"""The tables of a plan: people, what a number of people can find, RTs, and a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from baksos_eval.evaluation.planning import MAIN, PAIRS, POWERS, Planning, ScalePlan, columns_of
from baksos_eval.report import inline
from baksos_eval.report.content import Column, Spanner, Table
from baksos_eval.report.phrases import digits
from baksos_eval.report.tables.building import slug
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.stats.planning import invitations


def planned_pairs(p: Planning) -> tuple[Table, ...]:
    """How many people must fill in both questionnaires, by spread and correlation; and how many to invite."""
    c, (correlations, _, _) = words(p.study.language), columns_of(p.assumptions)
    made = []
    for plan in p.planned:
        rows = [[c.number(sd, digits(plan.scale) + 1), *(_with_invited(one.pairs, p, c) for one in row)] for sd, row in zip(plan.sds, plan.pairs, strict=True)]
        made.append(_table(p, plan, "pairs", rows, [c.text("plan.column.sd"), *(_r(r, c) for r in correlations)], [c.text("plan.note.invited", loss=c.percent(p.assumptions.loss, 0))],
                           c.text("plan.column.correlation")))
    return tuple(made)


def planned_effects(p: Planning) -> tuple[Table, ...]:
    """The smallest change that numbers of people can find."""
    c = words(p.study.language)
    made = []
    for plan in p.scales:
        rows = [[str(n), *(c.number(value, digits(plan.scale) + 1) for value in row)] for n, row in zip(PAIRS, plan.smallest, strict=True)]
        made.append(_table(p, plan, "effects", rows, [c.text("plan.column.people_each_wave" if p.study.is_anonymous else "plan.column.pairs"), *(c.percent(power, 0) for power in POWERS)],
                           [c.text("plan.note.effects_anonymous" if p.study.is_anonymous else "plan.note.effects", sd=c.number(plan.sds[MAIN], digits(plan.scale) + 1), r=c.number(p.assumptions.correlation))], c.text("plan.column.power")))
    return tuple(made)


def planned_rts(p: Planning) -> tuple[Table, ...]:
    """How many RTs are needed, by people in each and by how alike they are."""
    return tuple(_rts_table(p, plan, "rts", plan.rts) for plan in p.planned)


def planned_comparison(p: Planning) -> tuple[Table, ...]:
    """How many people, or whole RTs, programme and comparison need."""
    c, (correlations, _, _) = words(p.study.language), columns_of(p.assumptions)
    made = []
    for plan in p.planned:
        rows = [[c.number(sd, digits(plan.scale) + 1), *(_with_invited(one.programme, p, c) for one in row)] for sd, row in zip(plan.sds, plan.comparison, strict=True)]
        made += [_table(p, plan, "comparison", rows, [c.text("plan.column.sd"), *(_r(r, c) for r in correlations)],
                        [c.text("plan.note.invited", loss=c.percent(p.assumptions.loss, 0)), c.text("plan.note.each_group")], c.text("plan.column.correlation")),
                 _rts_table(p, plan, "comparison_rts", plan.comparison_rts)]
    return tuple(made)


def _rts_table(p: Planning, plan: ScalePlan, topic: str, grid: Sequence[Sequence]) -> Table:
    c, (_, people, iccs) = words(p.study.language), columns_of(p.assumptions)
    rows = [[str(m), *(_rts(one, c) for one in row)] for m, row in zip(people, grid, strict=True)]
    if topic == "rts":
        rows.append([c.text("plan.cell.however_many"), *(str(least) if least else NOTHING for least in plan.least_rts)])
    return _table(p, plan, topic, rows, [c.text("plan.column.people_per_rt"), *(c.number(icc) for icc in iccs)], [c.text("plan.note.rts")], c.text("plan.column.icc"))


def _table(p: Planning, plan: ScalePlan, topic: str, rows: Sequence[Sequence[str]], headers: Sequence[str], notes: Sequence[str], spanner: str) -> Table:
    c = words(p.study.language)
    scale = inline.escape(plan.scale.label[c.language])
    return Table(
        label=f"tbl-plan-{slug(topic)}-{slug(plan.scale.instrument)}", caption=c.text(f"plan.caption.{topic}", scale=scale, power=c.percent(p.assumptions.power, 0)),
        columns=(Column(headers[0], "right", 1.4), *(Column(header, "right") for header in headers[1:])), rows=tuple(map(tuple, rows)),
        alt=c.text(f"plan.alt.{topic}", scale=scale, rows=len(rows)), notes=tuple(notes), spanners=(Spanner(spanner, 1, len(headers) - 1),))


def _r(r: float, c: Catalogue) -> str:
    return f"*r* = {c.number(r)}"


def _with_invited(people: int, p: Planning, c: Catalogue) -> str:
    if not people:
        return NOTHING
    return f"{c.number(people, 0)} ({c.number(invitations(people, p.assumptions.loss), 0)})"


def _rts(one, c: Catalogue) -> str:
    return f"{c.number(one.rts, 0)} ({c.number(one.people, 0)})" if one.rts else NOTHING
