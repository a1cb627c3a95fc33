"""The drawings of tutoring: attendance session by session and pupil by pupil, and marks before and after with the mark of mastery."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from baksos_eval.activities.tutoring import FEWEST_FOR_ENDS, SessionResult, SubjectResult, Tutoring
from baksos_eval.evaluation.results import Answered
from baksos_eval.report.drawing import BLUE, DASHED, FAINT, GREY, INK, VERMILLION, Axis, Lines, Sheet
from baksos_eval.report.lettering import SMALL, TITLE, leading, text_width
from baksos_eval.report.outreach import day
from baksos_eval.report.plots import MARGIN, RIGHT, change_panel, draw_panels
from baksos_eval.report.text import Catalogue
from baksos_eval.stats import paired, ranks
from baksos_eval.study.instrument import Method, Scale
from baksos_eval.study.study import Study
from baksos_eval.study.toml import Words

HEIGHT = 3.4       # cm of a ruler
_DOT = 0.26
SHORT = 10.0
"""Marks up to this one are written with two decimals, others with one."""

_CELLS = 40


@dataclass(frozen=True)
class Marked:
    """One subject as the drawing of changes wants it."""

    scale: Scale
    pre: tuple[float, ...]
    post: tuple[float, ...]
    answered: Answered
    mean_change: paired.MeanChange
    direction: ranks.Direction
    mastery: float | None

    @property
    def n(self) -> int:
        return self.answered.n_both


def scale_of(result: SubjectResult) -> Scale:
    """The subject's marks as a scale, whose limits and unit sentences can name."""
    subject = result.subject
    highest = subject.maximum if subject else max([100.0, *result.pre, *result.post])
    label = subject.label if subject else Words(id=result.key or "Nilai", en=result.key or "Marks")
    return Scale(instrument="tutoring", id=result.key or "marks", label=label, items=(), method=Method.PERCENT if highest > SHORT else Method.MEAN, least_answered=1.0, direction="up", minimum=0.0,
                 maximum=highest, smallest_change=None, categories="")


def draw_attendance(found: Tutoring, c: Catalogue) -> Sheet:
    """A bar for each session, and below a dot for each pupil where they are many enough."""
    sheet = Sheet()
    sheet.write(c.text("tutoring.figure.sessions"), MARGIN, MARGIN + leading(TITLE) / 2, TITLE, weight="bold")
    end = _sessions(sheet, found.sessions, MARGIN + leading(TITLE) + 0.2, c)
    if len(found.shares) >= FEWEST_FOR_ENDS:
        sheet.write(c.text("tutoring.figure.pupils", n=len(found.shares)), MARGIN, end + 0.35 + leading(TITLE) / 2, TITLE, weight="bold")
        end = _pupils(sheet, found, end + 0.35 + leading(TITLE) + 0.15, c)
    sheet.height = end + MARGIN
    return sheet


def _sessions(sheet: Sheet, sessions: Sequence[SessionResult], top: float, c: Catalogue) -> float:
    ticks = (0, 25, 50, 75, 100)
    left = MARGIN + max(text_width(c.percent(tick / 100, 0), SMALL) for tick in ticks) + 0.15
    y = Axis(0, 100, top + HEIGHT, top)
    sheet.lines("grid", [((left, y.at(tick)), (RIGHT, y.at(tick))) for tick in ticks[1:]], FAINT, 0.6)
    sheet.line("axis", (left, y.start), (RIGHT, y.start), colour=GREY, width=0.8)
    for tick in ticks:
        sheet.write(c.percent(tick / 100, 0), left - 0.12, y.at(tick), SMALL, GREY, align="right")
    step = (RIGHT - left) / len(sessions)
    half, written = min(0.38 * step, 0.45), -1.0
    for place, result in enumerate(sessions):
        x = left + (place + 0.5) * step
        if not math.isnan(result.attendance.share):
            sheet.boxes("session", [(x - half, y.at(100 * result.attendance.share), x + half, y.start)], BLUE)
        else:
            sheet.write(c.number(math.nan), x, y.start - 0.2, SMALL, GREY, align="center")
        label = session_label(result, c, short=True)
        width = text_width(label, SMALL)
        if x - width / 2 > written + 0.1 and x + width / 2 <= RIGHT + 0.05:
            sheet.write(label, x, y.start + 0.28, SMALL, GREY, align="center")
            written = x + width / 2
    return y.start + 0.28 + leading(SMALL) / 2


def session_label(result: SessionResult, c: Catalogue, short: bool = False) -> str:
    """The session's day; where there is none, what the sheet calls it."""
    if result.session.day:
        return f"{result.session.day:%d/%m}" if short else day(result.session.day)
    return result.session.label


def _pupils(sheet: Sheet, found: Tutoring, top: float, c: Catalogue) -> float:
    """Pupils as dots above their shares of attendance; the line is where regular attendance begins."""
    cells: dict[int, list[bool]] = {}
    for share in found.shares:
        cells.setdefault(round(share * _CELLS), []).append(share >= found.target - 1e-9)
    most = max(map(len, cells.values()))
    size = min(_DOT, 4.0 / most)
    x = Axis(0, 100, MARGIN + 0.3, RIGHT - 0.3)
    base = top + most * size + 0.1
    sheet.line("axis", (x.start, base), (x.end, base), colour=GREY, width=0.8)
    for tick in range(0, 101, 25):
        sheet.line("tick", (x.at(tick), base), (x.at(tick), base + 0.08), colour=GREY, width=0.6)
        sheet.write(c.percent(tick / 100, 0), x.at(tick), base + 0.3, SMALL, GREY, align="center")
    sheet.line("target", (x.at(100 * found.target), top), (x.at(100 * found.target), base), colour=INK, width=0.9, dashes=DASHED)
    for cell, pupils in sorted(cells.items()):
        for dot, regular in enumerate(pupils):
            sheet.marks("regular pupil" if regular else "pupil", [(x.at(100 * cell / _CELLS), base - (dot + 0.5) * size - 0.04)], "o", BLUE if regular else VERMILLION, 20 * size, hollow=not regular)
    return base + 0.3 + leading(SMALL) / 2


def draw_marks(results: Sequence[SubjectResult], study: Study, c: Catalogue) -> Sheet:
    """A panel for each subject: every pupil a line from the mark before to the mark after, the means, and the mark of mastery."""
    panels = [Marked(scale_of(result), result.pre, result.post, Answered(result.counts.n_pre, result.counts.n_post, result.counts.n_both), result.mean_change, result.direction,
                     result.subject.mastery if result.subject else None) for result in results]
    return draw_panels(panels, lambda panel: str(panel.n), _marks_panel, c)  # type: ignore[type-var]


def _marks_panel(sheet: Sheet, marked: Marked, left: float, top: float, width: float, c: Catalogue) -> float:
    end = change_panel(sheet, marked, left, top, width, c)  # type: ignore[arg-type]
    if marked.mastery is not None:
        y = Axis(marked.scale.minimum, marked.scale.maximum, top + 5.0, top)
        grid = [shape for shape in sheet.named("grid") if isinstance(shape, Lines)][-1].strokes[0]
        sheet.line("mastery", (grid[0][0], y.at(marked.mastery)), (grid[1][0], y.at(marked.mastery)), colour=INK, width=0.9, dashes=DASHED)
    return end
