"""A drawing made ready for a report: painted, with its caption, what it shows in words, its notes and its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from baksos_eval.report.content import Figure
from baksos_eval.report.drawing import WIDTH, Sheet
from baksos_eval.report.painting import paint
from baksos_eval.report.text import Catalogue
from baksos_eval.study.study import Study


def frame(study: Study, c: Catalogue, sheet: Sheet, label: str, caption: str, alt: Iterable[str], notes: Iterable[str] = ()) -> Figure:
    """The sheet as a figure ``fig-<label>``; ``alt`` are the sentences that say what it shows."""
    png, svg = paint(sheet)
    return Figure(label=f"fig-{label}", caption=caption, alt=" ".join(alt), png=png, svg=svg, width_cm=WIDTH, height_cm=sheet.height,
                  source=c.text("table.source", year=study.year), notes=tuple(notes))


def parts(sheets: Sequence[Sheet]) -> list[tuple[Sheet, str, str, dict[str, int]]]:
    """Each sheet with the end of its label, the end of its caption's key and which part of how many it is."""
    if len(sheets) == 1:
        return [(sheets[0], "", "", {})]
    return [(sheet, f"-{part}", "_part", {"part": part, "parts": len(sheets)}) for part, sheet in enumerate(sheets, start=1)]
