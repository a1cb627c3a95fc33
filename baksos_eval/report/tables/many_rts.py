"""Very many RTs in a few rows: how many there are of each kind, how their numbers are spread, and which stand at the ends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from baksos_eval.errors import Finding
from baksos_eval.evaluation.comparisons import ScaleProgramme
from baksos_eval.evaluation.results import FEWEST_PAIRS, GroupUnit, ScaleSummary, Summary, Unit
from baksos_eval.evaluation.waves import WaveSummary
from baksos_eval.intake.pairing import Flow
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.many_rts import (
    QUANTILE_KEYS,
    SHARES,
    count_verdicts,
    differ,
    ends,
    spread,
    write_count,
)
from baksos_eval.report.phrases import digits, scale_name, unit_of
from baksos_eval.report.problems import what_to_do, what_was_found
from baksos_eval.report.tables.building import build, change_and_interval, confidence_note, reasons, slug
from baksos_eval.report.text import Catalogue
from baksos_eval.report.waves import change_name
from baksos_eval.stats.paired import Verdict
from baksos_eval.study.study import WAVES

QUANTILES = tuple((key, "right", 0.8) for key in QUANTILE_KEYS)
VERDICTS = (*Verdict, "too_few")


def units(s: Summary, c: Catalogue) -> tuple[Table, ...]:
    """How many RTs have which verdict; then for each headline how the RTs are spread and which stand at the ends."""
    each = [table for result in s.headlines for table in (_spread(s, result, c), _ends(s, result, c)) if table]
    return (_verdicts(s, c), *each)


def flows(s: Summary, told: Sequence[tuple[Flow, str]], counts: Sequence[tuple[str, list[int]]], topic: str, notes: Iterable[str], c: Catalogue) -> Table:
    """Each count of a flow in all and spread over the RTs: ``counts`` are its name and its number in each flow, for each group where there are two."""
    rows = []
    for arm in dict.fromkeys(arm for _, arm in told):
        own = [place for place, (_, whose) in enumerate(told) if whose == arm]
        for name, numbers in counts:
            mine = [numbers[place] for place in own]
            what = c.text("many_rts.of_arm", what=name, arm=c.text(f"comparison.arm.{arm}")) if arm else name
            rows.append([what, c.number(sum(mine), 0), *(write_count(value, c) for value in spread(mine))])
    missing = [c.text("table.note.missing_count", count=c.number(len(s.missing), 0))] if s.missing else []
    return build(s.study, c, topic, rows, [("flow", "left", 2.2), ("total", "right", 1.0), *QUANTILES], spanners=[("per_rt", 2, 1 + len(SHARES))],
                 notes=[*notes, c.text("table.note.quantiles"), *missing], label="tbl-flows", k=c.number(len(s.flows), 0))


def missing(s: Summary, c: Catalogue) -> Table:
    """Each reason why RTs could not be analysed: in how many, an example, and what to do."""
    found: dict[str, list[Finding]] = {}
    rts: dict[str, set[str]] = {}
    for lost in s.missing:
        for finding in lost.findings:
            if finding.fatal:
                found.setdefault(finding.code, []).append(finding)
                rts.setdefault(finding.code, set()).add(lost.rt)
    rows = [[c.number(len(rts[code]), 0), inline.escape(what_was_found(kind[0], c)), inline.escape(what_to_do(kind[0], c))]
            for code, kind in sorted(found.items(), key=lambda entry: -len(rts[entry[0]]))]
    return build(s.study, c, "missing_kinds", rows, [("rts", "right", 0.7), ("example", "left", 3), ("remedy", "left", 3)], notes=[c.text("table.note.missing_kinds")], label="tbl-missing")


def later_waves(s: Summary, result: WaveSummary, c: Catalogue) -> Table:
    """Every pair of waves that ends in a later one: the pooled change, and how the changes of the RTs are spread."""
    d, shown = digits(result.scale), [one for _, one in result.shown]
    rows = []
    for place, pair in enumerate(result.pairs):
        if pair.second < len(WAVES):
            continue
        changes = spread(one.changes[place].result.change for one in shown)
        rows.append([change_name(pair, result, s.study, c), change_and_interval(pair.pooled.estimate, pair.pooled.low, pair.pooled.high, d, c), c.p(pair.p_holm),
                     *(c.number(value, d, signed=True) for value in changes)])
    return build(s.study, c, "later_waves_spread", rows, [("wave_pair", "left", 1.9), ("change_interval", "right", 1.9), ("p_holm", "right", 0.8), *QUANTILES],
                 spanners=[("per_rt", 3, 2 + len(SHARES))],
                 notes=[c.text("table.note.later_waves_spread", confidence=c.percent(s.study.analysis.confidence, 0), k=c.number(len(shown), 0), fewest=FEWEST_PAIRS),
                        c.text("table.note.unit", unit=unit_of(result.scale, c)), c.text("table.note.quantiles"), *reasons([pair.pooled.note for pair in result.pairs], c)],
                 label=f"tbl-later-waves-{slug(result.scale.instrument)}", scale=scale_name(result, s.study, c), k=c.number(len(result.rts), 0))


def comparison_rts(s: Summary, compared: Sequence[tuple[ScaleProgramme, Sequence]], c: Catalogue) -> Table:
    """How the comparison RTs are spread on each scale."""
    rows = []
    for result, rts in compared:
        d = digits(result.scale)
        rows += [[scale_name(result, s.study, c) if place == 0 else "", *row] for place, row in enumerate([
            _row("n", (rt.n for rt in rts), c), _row("pre", (rt.mean_pre for rt in rts), c, d), _row("post", (rt.mean_post for rt in rts), c, d),
            _row("change", (rt.change for rt in rts), c, d, signed=True)])]
    return build(s.study, c, "comparison_rts_spread", rows, [("scale", "left", 2.0), ("measure", "left", 1.7), *QUANTILES], notes=[c.text("table.note.quantiles")],
                 label="tbl-comparison-rts", k=c.number(max(len(rts) for _, rts in compared), 0))


def _verdicts(s: Summary, c: Catalogue) -> Table:
    rows, level = [], 1 - s.study.analysis.confidence
    for result in s.headlines:
        found = count_verdicts(result.units, level)
        for place, verdict in enumerate(verdict for verdict in VERDICTS if verdict in found):
            count, shown = found[verdict]
            changed = verdict not in (Verdict.NO_EVIDENCE, Verdict.EQUIVALENT, Verdict.NOT_COMPUTED, "too_few")
            rows.append([scale_name(result, s.study, c) if place == 0 else "", c.text(f"verdict.{verdict}.short"), c.number(count, 0), c.percent(count / len(result.units)),
                         c.number(shown, 0) if changed else ""])
    return build(s.study, c, "rt_verdicts", rows, [("scale", "left", 2.4), ("verdict", "left", 2.0), ("rts", "right", 0.8), ("rt_share", "right", 0.8), ("shown_by_holm", "right", 1.0)],
                 notes=[c.text("table.note.rt_verdicts", confidence=c.percent(s.study.analysis.confidence, 0), chance=c.percent(level / 2))])


def _spread(s: Summary, result: ScaleSummary, c: Catalogue) -> Table:
    d, all_units = digits(result.scale), result.units
    sizes = ("n_pre", "n_post") if s.study.is_anonymous else ("n",)
    rows = [_row(size, (getattr(unit, size) for unit in all_units), c) for size in sizes]
    rows += [_row(wave, (getattr(unit, f"mean_{wave}") for unit in all_units), c, d) for wave in ("pre", "post")]
    rows.append(_row("change", (unit.change for unit in all_units), c, d, signed=True))
    if differ(result):
        rows.append(_row("shrunken", (one.estimate for one in result.shrunken), c, d, signed=True))
    shown, k = sum(not math.isnan(unit.change) for unit in all_units), c.number(len(all_units), 0)
    note = "table.note.rt_spread" if differ(result) or math.isnan(result.pooled.tau2) else "table.note.rt_spread_alike"
    return build(s.study, c, "rt_spread", rows, [("measure", "left", 2.0), *QUANTILES],
                 notes=[c.text(note, shown=c.number(shown, 0), fewest=FEWEST_PAIRS, k=k), c.text("table.note.quantiles"), c.text("table.note.unit", unit=unit_of(result.scale, c))],
                 label=f"tbl-units-{slug(result.scale.instrument)}", scale=scale_name(result, s.study, c), k=k)


def _ends(s: Summary, result: ScaleSummary, c: Catalogue) -> Table | None:
    """The RTs at both ends of the shrunken estimates, the least favourable last; ``None`` where RTs do not differ by more than chance."""
    best, worst = ends(result)
    if not best:
        return None
    d, rows = digits(result.scale), []
    for name, places in (("best", best), ("worst", worst[::-1])):
        for at, place in enumerate(places):
            u, k = result.units[place], result.shrunken[place]
            rows.append([c.text(f"many_rts.{name}") if at == 0 else "", inline.escape(u.rt), *_sizes(u), change_and_interval(u.change, u.low, u.high, d, c),
                         change_and_interval(k.estimate, k.low, k.high, d, c), c.text(f"verdict.{u.verdict}.short")])
    sizes = [("n_pre", "right", 0.6), ("n_post", "right", 0.6)] if s.study.is_anonymous else [("n", "right", 0.5)]
    return build(s.study, c, "rt_ends", rows, [("end", "left", 1.5), ("rt", "left", 1.2), *sizes, ("change_interval", "right", 2.0), ("shrunken_interval", "right", 2.0), ("verdict", "left", 1.7)],
                 notes=[confidence_note(s.study, c, "table.note.rt_ends"), c.text("table.note.unit", unit=unit_of(result.scale, c))],
                 label=f"tbl-rt-ends-{slug(result.scale.instrument)}", scale=scale_name(result, s.study, c))


def _row(measure: str, values: Iterable[float], c: Catalogue, d: int | None = None, signed: bool = False) -> list[str]:
    """A measure and its quantiles; counts, without decimals ``d``, as :func:`write_count` writes them."""
    return [c.text(f"table.measure.{measure}"), *(write_count(value, c) if d is None else c.number(value, d, signed=signed) for value in spread(values))]


def _sizes(unit: Unit | GroupUnit) -> list[str]:
    return [str(unit.n_pre), str(unit.n_post)] if isinstance(unit, GroupUnit) else [str(unit.n)]
