"""The test that a normality test picks, where a study asks for it."""

from __future__ import annotations

import math

from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report.content import Table
from baksos_eval.report.phrases import scale_name
from baksos_eval.report.ritual import decision, picked_test
from baksos_eval.report.tables.building import build, reasons, totals
from baksos_eval.report.text import NOTHING, words


def ritual(e: Evaluation) -> Table | None:
    """For every scale the normality test, the test it picks and what the habit concludes; ``None`` unless the study asks for it."""
    c = words(e.study.language)
    alpha = 1 - e.study.analysis.confidence
    asked = [(r, r.annex.ritual) for r in e.any_scales if r.annex.ritual]
    if not asked:
        return None
    rows = []
    for r, found in asked:
        known = not math.isnan(found.p)
        rows.append([scale_name(r, e.study, c), c.p(found.p_normal_pre), c.p(found.p_normal_post), picked_test(found, c) if known else NOTHING, c.number(found.statistic),
                     c.p(found.p), decision(found, alpha, c) if known else NOTHING])
    return build(e.study, c, "ritual", rows, [("scale", "left", 2.2), ("pre", "right", 0.9), ("post", "right", 0.9), ("picked_test", "left", 2.2), ("t_or_z", "right", 0.9), ("p", "right", 0.9),
                  ("habit", "left", 1.7)], spanners=[("normality_p", 1, 2)],
                 notes=[c.text("table.note.ritual_apart" if e.study.is_anonymous else "table.note.ritual", level=c.number(alpha)), *reasons([found.note for _, found in asked], c)],
                 emphasised=totals([r for r, _ in asked]), rt=e.rt)
