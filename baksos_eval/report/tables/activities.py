"""What there is to say about the logs of activities."""

from __future__ import annotations

from baksos_eval.activities.activities import Activities
from baksos_eval.errors import Severity
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.problems import what_to_do, what_was_found
from baksos_eval.report.tables.building import build
from baksos_eval.report.text import words


def activity_quality(a: Activities) -> Table | None:
    """Findings about the logs, the weightiest first, with where they are and what to do; ``None`` when there are none."""
    c = words(a.study.language)
    order = list(Severity)
    found = sorted(a.findings, key=lambda finding: order.index(finding.severity))
    if not found:
        return None
    rows = [[c.text(f"severity.{finding.severity}"), inline.escape(next((where.file for where in finding.where if where.file), "")), inline.escape(what_was_found(finding, c)),
             inline.escape(what_to_do(finding, c))] for finding in found]
    rows = [list(row) for row in dict.fromkeys(map(tuple, rows))]
    return build(a.study, c, "activity_quality", rows, [("severity", "left", 0.9), ("log_file", "left", 1.2), ("found", "left", 2.6), ("remedy", "left", 2.6)])
