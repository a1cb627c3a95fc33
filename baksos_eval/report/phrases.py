"""Small pieces that tables, figures and sentences share: names of scales and items, units, decimals."""

from __future__ import annotations

from baksos_eval.evaluation.comparisons import ScaleProgramme
from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import ScaleResult, ScaleSummary
from baksos_eval.evaluation.waves import WaveResult, WaveSummary
from baksos_eval.report import inline
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Item, Method, Scale
from baksos_eval.study.study import Study


def digits(scale: Scale) -> int:
    """Decimals for a score: one for 0-100, two otherwise."""
    return 1 if scale.method is Method.PERCENT else 2


def scale_name(result: ScaleResult | GroupResult | WaveResult | WaveSummary | ScaleSummary | ScaleProgramme, study: Study, c: Catalogue) -> str:
    """The instrument's name for its total, the dimension's name otherwise."""
    return inline.escape(result.scale.label[c.language])


def unit_of(scale: Scale, c: Catalogue) -> str:
    """The unit in words: ``skala 1–5``, ``nilai 0–100``, ``skor −21 s.d. 21``."""
    ends = c.number(scale.minimum, 0), c.number(scale.maximum, 0)
    limits = c.interval(scale.minimum, scale.maximum, 0) if scale.minimum < 0 else "\N{EN DASH}".join(ends)
    return c.text(f"unit.{scale.method}", range=limits)


def activity_name(study: Study, name: str, c: Catalogue) -> str:
    """What a study calls an activity; without a label, the key of its column with blanks for underscores."""
    dose = study.doses.get(name)
    return inline.escape(dose.label[c.language] if dose and dose.label else name.replace("_", " "))


def item_name(item: Item, c: Catalogue) -> str:
    """The item's wording, with a mark if it is reversed."""
    return inline.escape(item.shown[c.language]) + (c.text("item.reversed") if item.reversed else "")
