"""The figure of how the main change fares under other ways of computing: the drawing with its caption, notes and alternative text."""

from __future__ import annotations

from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report import inline
from baksos_eval.report.content import Figure
from baksos_eval.report.framing import frame, parts
from baksos_eval.report.phrases import digits, scale_name
from baksos_eval.report.plots_sensitivity import draw_sensitivity
from baksos_eval.report.text import words


def sensitivity(e: Evaluation) -> tuple[Figure, ...]:
    """The main change of each headline with its interval, and the same by every other way; nothing where only counts are shown."""
    c = words(e.study.language)
    results = [result for result in e.any_headlines if result.annex.sensitivity]
    if not results:
        return ()
    confidence, rt = c.percent(e.study.analysis.confidence, 0), inline.escape(e.rt)
    alt = [c.text("figure.alt.sensitivity", panels=len(results), rt=rt)]
    for result in results:
        d, ways = digits(result.scale), result.annex.sensitivity
        told = "; ".join(c.text("figure.alt.sensitivity_way", way=c.text(f"sensitivity.{way.name}"), change=c.number(way.change, d, signed=True), interval=c.interval(way.low, way.high, d))
                         for way in ways)
        alt.append(c.text("figure.alt.sensitivity_scale", scale=scale_name(result, e.study, c), ways=told))
    sheets = draw_sensitivity(results, c, e.study.analysis.confidence)
    notes = [c.text("figure.note.sensitivity", confidence=confidence)] + [c.text("figure.note.smallest_change")] * any(sheet.named("smallest change") for sheet in sheets)
    return tuple(frame(e.study, c, sheet, f"sensitivity{tail}", c.text(f"figure.caption.sensitivity{key}", rt=rt, **place), alt, notes) for sheet, tail, key, place in parts(sheets))
