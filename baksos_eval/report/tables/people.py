"""Who is in one RT's data, and what there is to say about the data."""

from __future__ import annotations

from baksos_eval.errors import Severity
from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.designs import unless_anonymous
from baksos_eval.report.moments import wave_heading
from baksos_eval.report.problems import what_to_do, what_was_found
from baksos_eval.report.tables import groups
from baksos_eval.report.tables.building import (
    build,
)
from baksos_eval.report.text import words


@unless_anonymous(groups.flow)
def flow(e: Evaluation) -> Table:
    """What became of every questionnaire handed in, before and after; the columns add up."""
    c = words(e.study.language)
    f = e.flow
    lines = [("rows", f.rows_pre, f.rows_post), ("refused", f.refused_pre, f.refused_post), ("no_id", f.no_id_pre, f.no_id_post),
             ("duplicate", f.duplicate_pre, f.duplicate_post), ("alone", f.pre_only, f.post_only), ("both", f.both, f.both)]
    fates = {"rows": "rows", "refused": "refused", "no_id": "no_id", "duplicate": "duplicate", "alone": "unpaired", "both": "paired"}
    rows = [[c.text(f"flow.{key}"), str(pre), str(post), *(str(getattr(later, fates[key])) for later in e.later)] for key, pre, post in lines]
    more = {f"wave {later.wave}": wave_heading(e.study, later.wave, c) for later in e.later}
    return build(e.study, c, "flow", rows, [("flow", "left", 4), ("pre", "right", 1), ("post", "right", 1), *((wave, "right", 1) for wave in more)], headers=more,
                 notes=[c.text("table.note.later_flow")] if more else [], emphasised=[len(rows) - 1], rt=e.rt)


def quality(e: Evaluation) -> Table | None:
    """Findings about the data, the weightiest first, with what to do; ``None`` when there are none."""
    c = words(e.study.language)
    order = list(Severity)
    found = sorted(e.findings, key=lambda finding: order.index(finding.severity))
    if not found:
        return None
    rows = [[c.text(f"severity.{f.severity}"), inline.escape(what_was_found(f, c).removeprefix(f"{e.rt}: ")), inline.escape(what_to_do(f, c))] for f in found]
    rows = [list(row) for row in dict.fromkeys(map(tuple, rows))]
    return build(e.study, c, "quality", rows, [("severity", "left", 0.9), ("found", "left", 3), ("remedy", "left", 3)], rt=e.rt)
