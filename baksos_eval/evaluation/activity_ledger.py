"""The ledger of activities: every number about them as rows of the one long table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from baksos_eval.evaluation.ledger import COLUMNS, Row, leaf_rows
from baksos_eval.evaluation.outreach_ledger import outreach_rows
from baksos_eval.evaluation.tutoring_ledger import tutoring_rows

if TYPE_CHECKING:
    import pandas as pd

    from baksos_eval.activities.activities import Activities
    from baksos_eval.activities.aid import Aid, AidResult
    from baksos_eval.evaluation.lessons import Lessons

HIDDEN = "hidden"
"""The note of a count that is not shown, since it would tell who belongs to a small group."""


def activity_ledger(activities: Activities, lessons: Lessons | None = None) -> pd.DataFrame:
    """The ledger of what a programme did, or did in one RT, and of the items that its posts are set beside."""
    import pandas as pd

    rows: list[Row] = [(activities.study.id, activities.rt, "", kind, "", "log", "read", float(getattr(activities, kind) is not None), "") for kind in activities.study.activities.declared]
    if activities.aid:
        rows += _aid_rows(activities.study.id, activities.rt, activities.aid)
    rows += outreach_rows(activities, lessons) + tutoring_rows(activities)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["value"] = frame["value"].astype(float)
    return frame


def _aid_rows(study: str, rt: str, aid: Aid) -> list[Row]:
    """The whole first, then each RT; ``item`` is a kind with its unit, a group, an institution's place in the list or a line of the budget."""
    rows = [row for result in (aid.result, *aid.rts) for row in _result_rows(study, result.rt or rt, result)]
    head = (study, rt, "", "aid")
    for group in aid.groups:
        rows += leaf_rows((*head, group.group), "group_coverage", group.coverage)
        for result, count in zip(aid.rts, group.of_rts, strict=False):
            rows.append((study, result.rt, "", "aid", group.group, "group", "reached", math.nan if count is None else float(count), HIDDEN if count is None else ""))
    for number, one in enumerate(aid.institutions, start=1):
        place = (*head, f"institution.{number}.{one.kind}.{one.unit}")
        rows += [(*place, "institution", name, getattr(one, name), "") for name in ("handovers", "quantity", "value", "people")]
    for number, line in enumerate(aid.budget, start=1):
        rows += [(*head, f"budget.{number}", "budget", name, getattr(line, name), "") for name in ("planned", "realised", "share", "without_value")]
    return rows


def _result_rows(study: str, rt: str, result: AidResult) -> list[Row]:
    place = (study, rt, "", "aid", "")
    rows: list[Row] = [(*place, "count", name, getattr(result, name), "") for name in ("handovers", "institutional", "households", "unidentified", "undated")]
    for name in ("coverage", "targeting", "proof", "masks"):
        rows += leaf_rows(place, name, getattr(result, name))
    rows += [(*row[:-1], result.value.total_note) if row[-3] == "total" and result.value.total_note else row for row in leaf_rows(place, "value", result.value)]
    for total in result.totals:
        item = (*place[:4], f"{total.kind}.{total.unit}")
        rows += [(*item, "total", name, math.nan if total.hidden else value, HIDDEN if total.hidden else "") for name, value in total._asdict().items() if not isinstance(value, str | bool)]
    for again in result.repeated:
        rows += [(*place[:4], again.kind, "repeated", name, getattr(again, name), "") for name in ("households", "extra")]
    rows += [(*place, "way", way or "not_said", count, "") for way, count in result.ways]
    return [*rows, *((*place, "reached_by", day.isoformat(), count, "") for day, count in result.reach)]
