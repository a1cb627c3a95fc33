"""Figures of very many RTs: the drawing of how they are spread, with its caption, its notes and the sentence that says what it shows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from baksos_eval.evaluation.results import ScaleSummary
from baksos_eval.report import plots_many_rts
from baksos_eval.report.content import Figure
from baksos_eval.report.framing import frame, parts
from baksos_eval.report.many_rts import differ, in_order, spread
from baksos_eval.report.phrases import digits, scale_name, unit_of
from baksos_eval.report.text import Catalogue
from baksos_eval.study.study import Study


def spread_of_rts(study: Study, result: ScaleSummary, c: Catalogue) -> Figure:
    """All RTs in order with their intervals, the number of RTs by measured change, and what is pooled."""
    d, scale, pooled, own = digits(result.scale), scale_name(result, study, c), result.pooled, not differ(result)
    confidence, k = c.percent(study.analysis.confidence, 0), c.number(len(result.units), 0)
    alt = [c.text("figure.alt.spread", scale=scale, unit=unit_of(result.scale, c), k=k, confidence=confidence)]
    alt += _quantiles("spread_quantiles", (unit.change for unit in result.units), d, c)
    alt += [] if own else _quantiles("spread_shrunken", (one.estimate for one in result.shrunken), d, c)
    drawn = len(in_order(result))
    groups = plots_many_rts.groups_of(drawn)
    kind = f"{'each' if groups == drawn else 'grouped'}{'_own' if own else ''}"
    notes = [c.text(f"figure.note.spread_{kind}", confidence=confidence, each=round(drawn / max(groups, 1))), c.text("figure.note.measured_own" if own else "figure.note.measured")]
    if not math.isnan(pooled.low):
        alt.append(c.text("figure.alt.forest_pooled", change=c.number(pooled.estimate, d, signed=True), interval=c.interval(pooled.low, pooled.high, d),
                          prediction=c.interval(pooled.prediction_low, pooled.prediction_high, d)))
        notes.append(c.text("figure.note.pooled"))
    notes += [c.text("figure.note.smallest_change")] * (result.scale.smallest_change is not None)
    lost = Counter(("hidden_many" if math.isnan(unit.change) else "missing_many", unit.note) for unit in result.units if unit.note)
    notes += [c.text(f"figure.note.{key}", count=c.number(count, 0), reason=c.text(f"reason.{note}")) for (key, note), count in lost.items()]
    return frame(study, c, plots_many_rts.draw_spread(result, c), f"forest-{result.scale.instrument.replace('_', '-')}", c.text("figure.caption.spread", scale=scale, k=k), alt, notes)


def spread_of_means(study: Study, results: Sequence[ScaleSummary], c: Catalogue) -> tuple[Figure, ...]:
    """How many RTs have which mean before and after, a panel for each instrument."""
    k = c.number(len(results[0].units), 0)
    alt = [c.text("figure.alt.means_spread", k=k)]
    for result in results:
        middles = {wave: c.number(spread(getattr(unit, f"mean_{wave}") for unit in result.units)[3], digits(result.scale)) for wave in ("pre", "post")}
        alt.append(c.text("figure.alt.means_spread_scale", scale=scale_name(result, study, c), unit=unit_of(result.scale, c), **middles))
    return tuple(frame(study, c, sheet, f"progress{tail}", c.text(f"figure.caption.means_spread{key}", k=k, **place), alt, [c.text("figure.note.means_spread")])
                 for sheet, tail, key, place in parts(plots_many_rts.draw_means_spread(results, c)))


def _quantiles(key: str, values: Iterable[float], d: int, c: Catalogue) -> list[str]:
    least, _, quarter, middle, three_quarters, _, most = spread(values)
    if math.isnan(middle):
        return []
    low, p25, median, p75, high = (c.number(value, d, signed=True) for value in (least, quarter, middle, three_quarters, most))
    return [c.text(f"figure.alt.{key}", low=low, p25=p25, median=median, p75=p75, high=high)]
