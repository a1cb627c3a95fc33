"""Figures of the tutoring: attendance session by session and child by child, and the marks before and after."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.tutoring import FEWEST_FOR_ENDS, SubjectResult
from baksos_eval.report import inline
from baksos_eval.report.content import Figure
from baksos_eval.report.framing import frame
from baksos_eval.report.plots_tutoring import draw_attendance, draw_marks, session_label
from baksos_eval.report.tables.tutoring import decimals, mastery_mark, subject_name
from baksos_eval.report.text import Catalogue, words
from baksos_eval.stats.small_numbers import FEWEST_PAIRS
from baksos_eval.study.study import Study


def tutoring(a: Activities) -> tuple[Figure, ...]:
    """The attendance, then the marks; what has too few children to be drawn is left out."""
    return tuple(figure for figure in (tutoring_attendance(a), tutoring_marks(a)) if figure is not None)


def tutoring_attendance(a: Activities) -> Figure | None:
    """A bar for each session and a dot for each child; ``None`` with too few children for any share."""
    found = a.tutoring
    if found is None or math.isnan(found.overall.share):
        return None
    c = words(a.study.language)
    known = [result for result in found.sessions if not math.isnan(result.attendance.share)]
    alt = [c.text("figure.alt.tutoring_attendance", sessions=len(found.sessions), share=c.percent(found.overall.share))]
    if known:
        least, most = (choose(known, key=lambda result: result.attendance.share) for choose in (min, max))
        alt.append(c.text("figure.alt.tutoring_ends", least=inline.escape(session_label(least, c)), low=c.percent(least.attendance.share, 0), most=inline.escape(session_label(most, c)),
                          high=c.percent(most.attendance.share, 0)))
    dots = len(found.shares) >= FEWEST_FOR_ENDS
    if dots:
        alt.append(c.text("figure.alt.tutoring_pupils", n=len(found.shares), median=c.percent(found.spread.median, 0)))
    notes = [c.text("tutoring.note.attendance"), *([c.text("figure.note.tutoring_target", target=c.percent(found.target, 0))] if dots else [])]
    return frame(a.study, c, draw_attendance(found, c), "tutoring-attendance", c.text("figure.caption.tutoring_attendance"), alt, notes)


def tutoring_marks(a: Activities) -> Figure | None:
    """Every child's marks before and after, a panel for each subject; ``None`` where no subject has enough of them."""
    found = a.tutoring
    shown = [result for result in found.subjects if result.shown] if found else []
    if not shown:
        return None
    c = words(a.study.language)
    confidence = c.percent(a.study.analysis.confidence, 0)
    alt = [c.text("figure.alt.tutoring_marks", panels=len(shown)), *(_in_words(result, a.study, c) for result in shown)]
    thresholds = [c.text("figure.note.tutoring_threshold", subject=subject_name(result, c), mark=mastery_mark(result, c))
                  for result in shown if result.subject and result.subject.mastery is not None]
    notes = [c.text("figure.note.tutoring_pairs"), c.text("figure.note.difference", confidence=confidence),
             *([c.text("figure.note.tutoring_mastery", thresholds="; ".join(thresholds))] if thresholds else [])]
    hidden = [subject_name(result, c) for result in (found.subjects if found else ()) if not result.shown]
    notes += [c.text("figure.note.tutoring_hidden", subjects=c.listing(hidden), fewest=FEWEST_PAIRS)] if hidden else []
    return frame(a.study, c, draw_marks(shown, a.study, c), "tutoring-marks", c.text("figure.caption.tutoring_marks"), alt, notes)


def _in_words(result: SubjectResult, study: Study, c: Catalogue) -> str:
    m, d = result.mean_change, decimals(result)
    return c.text("figure.alt.tutoring_subject", subject=subject_name(result, c), n=m.n, pre=c.number(m.mean_pre, d), post=c.number(m.mean_post, d),
                  change=c.number(m.change, d, signed=True), confidence=c.percent(study.analysis.confidence, 0), interval=c.interval(m.change_low, m.change_high, d),
                  improved=result.direction.improved, same=result.direction.same, worse=result.direction.worse)
