"""The ledger of tutoring and photos: every number of theirs as rows of the one long table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from baksos_eval.evaluation.ledger import Row, leaf_rows

if TYPE_CHECKING:
    from baksos_eval.activities.activities import Activities
    from baksos_eval.activities.photos import Photos
    from baksos_eval.activities.tutoring import SubjectResult, Tutoring

Head = tuple[str, str, str]
_LEAVES = ("counts", "mean_change", "signed_rank", "hodges_lehmann", "direction", "class_gain", "individual_gain", "mastery", "moves")


def tutoring_rows(activities: Activities) -> list[Row]:
    """The rows of a study's tutoring and photos, as far as it has them.

    ``scale`` is ``tutoring`` or ``photos``; ``item`` is a session's number, a subject, a level, or why a photo is not shown.
    """
    head = (activities.study.id, activities.rt, "")
    rows = _tutoring(head, activities.tutoring) if activities.tutoring else []
    return rows + (_photos(head, activities.photos) if activities.photos else [])


def _tutoring(head: Head, found: Tutoring) -> list[Row]:
    place = (*head, "tutoring", "")
    rows: list[Row] = [(*place, "people", "pupils", found.pupils, ""), (*place, "people", "without_consent", found.without_consent, "")]
    rows += leaf_rows(place, "attendance", found.overall) + leaf_rows(place, "pupil_shares", found.spread)
    for number, session in enumerate(found.sessions, start=1):
        rows += leaf_rows((*head, "tutoring", f"session.{number}"), "attendance", session.attendance)
    for kind, groups in (("subject", found.by_subject), ("level", found.by_level)):
        for group in groups:
            rows += leaf_rows((*head, "tutoring", f"{kind}.{group.key}"), "attendance", group.attendance)
    return rows + [row for subject in found.subjects for row in _subject(head, subject)]


def _subject(head: Head, result: SubjectResult) -> list[Row]:
    place = (*head, "tutoring", f"subject.{result.key}")
    rows: list[Row] = [(*place, "verdict", "code", math.nan, result.verdict)]
    for name in _LEAVES:
        if (leaf := getattr(result, name)) is not None:
            rows += leaf_rows(place, name, leaf)
    return rows


def _photos(head: Head, found: Photos) -> list[Row]:
    place = (*head, "photos", "")
    rows: list[Row] = [(*place, "photos", "listed", found.count, ""), (*place, "photos", "shown", len(found.shown), ""),
                       (*place, "photos", "blurred", sum(photo.blurred > 0 for photo in found.shown), "")]
    for rt, counts in found.reasons.items():
        rows += [(head[0], rt, head[2], "photos", code, "photos", "kept_back", count, "") for code, count in counts.items()]
    return rows
