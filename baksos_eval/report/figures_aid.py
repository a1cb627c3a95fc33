"""Figures of the aid: what was handed over on which day, and how the number of households reached grew in each RT."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.aid import AidResult
from baksos_eval.report import inline, plots_aid
from baksos_eval.report.aid_words import kind_name, place_name
from baksos_eval.report.content import Figure
from baksos_eval.report.framing import frame, parts
from baksos_eval.report.text import Catalogue, words


def aid(a: Activities) -> tuple[Figure, ...]:
    """Households reached by the end of each day, a panel for each RT (of very many, one for all), beside how many were meant to be."""
    if a.aid is None or not any(result.reach for result in plots_aid.drawn_parts(a.aid)):
        return ()
    c = words(a.study.language)
    results = plots_aid.drawn_parts(a.aid)
    told = "; ".join(_in_words(result, a, c) for result in results)
    alt = [c.text("figure.alt.aid", panels=len(results), told=told)]
    return tuple(frame(a.study, c, sheet, f"aid{tail}", c.text(f"figure.caption.aid{key}", place=place_name(a, c), **place), alt)
                 for sheet, tail, key, place in parts(plots_aid.draw_reach(a.aid, c)))


def aid_days(a: Activities) -> Figure | None:
    """Handings over on each day by kind; ``None`` where no row has a date."""
    if a.aid is None or not a.aid.result.days:
        return None
    c = words(a.study.language)
    result = a.aid.result
    drawn = plots_aid.kinds_drawn(result)
    told = "; ".join(c.text("figure.alt.aid_day", day=c.date(day.day), kinds=c.listing(
        c.text("figure.alt.aid_kind", kind=c.text("aid.others") if name == plots_aid.OTHERS else kind_name(name, c), count=count)
        for name, count in zip(drawn, plots_aid.drawn_counts(day.kinds, drawn), strict=True) if count)) for day in result.days)
    notes = [c.text("aid.note.undated", count=result.undated)] * bool(result.undated)
    return frame(a.study, c, plots_aid.draw_days(result, c), "aid-days", c.text("figure.caption.aid_days", place=place_name(a, c)), [c.text("figure.alt.aid_days", days=len(result.days), told=told)], notes)


def _in_words(result: AidResult, a: Activities, c: Catalogue) -> str:
    name = inline.escape(result.rt or a.rt) or c.text("aid.row.all")
    if math.isnan(result.coverage.targeted):
        return c.text("figure.alt.aid_reached", rt=name, reached=result.households)
    return c.text("figure.alt.aid_covered", rt=name, reached=result.households, targeted=int(result.coverage.targeted))
