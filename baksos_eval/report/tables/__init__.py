"""Tables of a result, one function a topic. Cells are ready to read; every word comes from the catalogue."""

from baksos_eval.report.tables.annex import (
    attrition,
    conventions,
    levels,
    normality,
    reliable,
    sensitivity,
    spss_ranks,
)
from baksos_eval.report.tables.people import flow, quality
from baksos_eval.report.tables.profile import profile
from baksos_eval.report.tables.programme import balance, comparison, dose, mixed
from baksos_eval.report.tables.questions import items, reliability, worth
from baksos_eval.report.tables.rts import flows, missing, pooled, units
from baksos_eval.report.tables.scores import categories, change, effects, gain, ranks, summary

__all__ = [
    "attrition", "balance", "categories", "change", "comparison", "conventions", "dose", "effects", "flow", "flows", "gain", "items", "levels", "missing", "mixed", "normality", "pooled",
    "profile", "quality", "ranks", "reliability", "reliable", "sensitivity", "spss_ranks", "summary", "units", "worth",
]
