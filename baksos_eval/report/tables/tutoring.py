"""Tutoring: attendance by session, subject and level, and the marks of each subject with mastery."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.tutoring import OTHERS, Attendance, GroupAttendance, SubjectResult
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.phrases import digits
from baksos_eval.report.plots_tutoring import scale_of, session_label
from baksos_eval.report.tables.building import build, change_and_interval, confidence_note, gain_band, reasons
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.stats.small_numbers import FEWEST_PAIRS


def tutoring(a: Activities) -> tuple[Table, ...]:
    """Every table of the tutoring: sessions, groups, marks and mastery, as far as there is something to show."""
    found = (tutoring_sessions(a), tutoring_groups(a), tutoring_marks(a), tutoring_mastery(a))
    return tuple(table for table in found if table is not None)


def tutoring_sessions(a: Activities) -> Table | None:
    """Who came to each session; ``None`` where there is no session."""
    found = a.tutoring
    if found is None or not found.sessions:
        return None
    c = words(a.study.language)
    rows = [[str(number), inline.escape(session_label(result, c)), *_attendance(result.attendance, c)] for number, result in enumerate(found.sessions, start=1)]
    rows.append([c.text("tutoring.all"), c.text("tutoring.count_sessions", count=found.overall.sessions), *_attendance(found.overall, c)])
    columns = [("number", "left", 0.8), ("session", "left", 1.8), ("pupils", "right", 1.0), ("present_marks", "right", 1.0), ("attendance", "right", 1.2)]
    return build(a.study, c, "tutoring_sessions", rows, columns, emphasised=[len(rows) - 1],
                 notes=[c.text("tutoring.note.attendance"), absences(found.overall, c), *_withheld([result.attendance for result in found.sessions], c)])


def tutoring_groups(a: Activities) -> Table | None:
    """Attendance in each subject and level; ``None`` where the sheets name fewer than two of them."""
    found = a.tutoring
    if found is None or not (found.by_subject or found.by_level):
        return None
    c = words(a.study.language)
    rows, named = [], (("subject", found.by_subject), ("level", found.by_level))
    for kind, groups in named:
        rows += [[c.text(f"tutoring.group.{kind}") if place == 0 else "", _group_name(kind, group, a, c), str(group.attendance.pupils), str(group.attendance.sessions),
                  *_attendance(group.attendance, c)[2:]] for place, group in enumerate(groups)]
    columns = [("by", "left", 1.4), ("tutoring_group", "left", 2.4), ("pupils", "right", 0.9), ("sessions", "right", 1.1), ("attendance", "right", 1.2)]
    return build(a.study, c, "tutoring_groups", rows, columns, notes=[c.text("tutoring.note.attendance"), *_withheld([group.attendance for _, groups in named for group in groups], c)])


def tutoring_marks(a: Activities) -> Table | None:
    """The marks of each subject before and after, their change, and its tests; ``None`` without marks."""
    found = a.tutoring
    if found is None or not found.subjects:
        return None
    c = words(a.study.language)
    rows = [[subject_name(result, c), str(result.counts.n_both), *_means(result, c), change_and_interval(result.mean_change.change, result.mean_change.change_low, result.mean_change.change_high, decimals(result), c),
             c.p(result.mean_change.p), c.p(result.signed_rank.p), c.number(result.class_gain.gain), gain_band(result.class_gain.gain, c)] for result in found.subjects]
    columns = [("subject", "left", 1.9), ("n", "right", 0.5), ("pre", "right", 1.3), ("post", "right", 1.3), ("change_interval", "right", 2.2), ("p", "right", 0.9),
               ("p_exact", "right", 0.9), ("gain", "right", 0.7), ("band", "left", 0.9)]
    notes = [c.text("tutoring.note.marks"), confidence_note(a.study, c, "table.note.interval"), c.text("tutoring.note.gain"),
             *reasons([leaf.note for result in found.subjects for leaf in (result.mean_change, result.class_gain)], c)]
    return build(a.study, c, "tutoring_marks", rows, columns, notes=notes)


def tutoring_mastery(a: Activities) -> Table | None:
    """How many pupils reached the mark of mastery before and after; ``None`` where no subject declares one."""
    found = a.tutoring
    if found is None or not (mastered := [result for result in found.subjects if result.mastery is not None]):
        return None
    c = words(a.study.language)
    rows = []
    for result in mastered:
        m = result.mastery
        assert m is not None
        change = change_and_interval(100 * m.change, 100 * m.low, 100 * m.high, 1, c)
        rows.append([subject_name(result, c), mastery_mark(result, c), str(m.n), _share(m.n, m.pre, c), _share(m.n, m.post, c), change,
                     *([str(result.moves.gained), str(result.moves.lost), c.p(result.moves.p_mid)] if result.moves else [NOTHING] * 3)])
    columns = [("subject", "left", 1.9), ("mastery", "right", 0.7), ("n", "right", 0.5), ("pre", "right", 1.4), ("post", "right", 1.4), ("change_points", "right", 2.2),
               ("now_mastered", "right", 0.9), ("no_longer", "right", 0.9), ("p_mid", "right", 0.9)]
    notes = [c.text("tutoring.note.mastery", confidence=c.percent(a.study.analysis.confidence, 0)),
             *reasons([leaf.note for result in mastered for leaf in (result.mastery, result.moves) if leaf], c)]
    return build(a.study, c, "tutoring_mastery", rows, columns, notes=notes)


def subject_name(result: SubjectResult, c: Catalogue) -> str:
    """What the study calls a subject, or the sheet where the study does not declare it."""
    if result.subject:
        return inline.escape(result.subject.label[c.language])
    return inline.escape(result.key) or c.text("tutoring.unnamed_subject")


def decimals(result: SubjectResult) -> int:
    """How many decimals a mean of the subject's marks has."""
    return digits(scale_of(result))


def mastery_mark(result: SubjectResult, c: Catalogue) -> str:
    """The mark of mastery, with decimals only where it has any; a dash without one."""
    mark = result.subject.mastery if result.subject else None
    return NOTHING if mark is None else c.number(mark, 0 if mark == round(mark) else decimals(result))


def absences(overall: Attendance, c: Catalogue) -> str:
    """Why marks are not "present": the kinds one by one where none of them is so few that it points at somebody."""
    if math.isnan(overall.share) or overall.present == overall.marks:
        return ""
    kinds = {name: int(getattr(overall, name)) for name in ("permitted", "sick", "absent")}
    if any(0 < count < FEWEST_PAIRS for count in kinds.values()):
        return c.text("tutoring.note.absences_together", count=sum(kinds.values()), marks=int(overall.marks))
    return c.text("tutoring.note.absences", marks=int(overall.marks), **kinds)


def _attendance(attendance: Attendance, c: Catalogue) -> list[str]:
    """Pupils, marks that say present, and their share."""
    hidden = math.isnan(attendance.share)
    return [str(attendance.pupils), NOTHING if hidden else str(int(attendance.present)), c.percent(attendance.share)]


def _withheld(shown: list[Attendance], c: Catalogue) -> list[str]:
    """Why some rows have no percentage."""
    return [c.text("tutoring.note.withheld", fewest=FEWEST_PAIRS)] if any(attendance.pupils and math.isnan(attendance.share) for attendance in shown) else []


def _group_name(kind: str, group: GroupAttendance, a: Activities, c: Catalogue) -> str:
    declared = a.study.activities.tutoring.subjects.get(group.key) if kind == "subject" and a.study.activities.tutoring else None
    if group.key == OTHERS and declared is None:
        return c.text("tutoring.others")
    return inline.escape(declared.label[c.language] if declared else group.key) or c.text("tutoring.not_said")


def _means(result: SubjectResult, c: Catalogue) -> list[str]:
    m, d = result.mean_change, decimals(result)
    return [f"{c.number(mean, d)} ({c.number(sd, d)})" if mean == mean else NOTHING for mean, sd in ((m.mean_pre, m.sd_pre), (m.mean_post, m.sd_post))]


def _share(n: int, share: float, c: Catalogue) -> str:
    return NOTHING if math.isnan(share) else f"{round(n * share)} ({c.percent(share)})"


