"""Tutoring: who came to the sessions, and what the marks of each subject say before and after.

Pupils are keys here that mean nothing outside this run; results hold none of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from baksos_eval.intake.presence import Mark, Session
from baksos_eval.stats import gain, items, paired, ranks
from baksos_eval.stats.result import Reason
from baksos_eval.stats.small_numbers import FEWEST_PAIRS, withhold
from baksos_eval.study.activities import Subject
from baksos_eval.study.study import Analysis

OTHERS = "others"
"""The key of subjects and levels that few children share."""

FEWEST_FOR_ENDS = 10
"""With fewer pupils the lowest and the highest share would point at somebody."""


class Came(NamedTuple):
    """One mark of an attendance sheet: which pupil, when, what, and in which subject and level where the sheet says so."""

    pupil: str
    session: Session
    mark: Mark
    subject: str = ""
    level: str = ""


class Graded(NamedTuple):
    """One pupil's marks in one subject, ``nan`` where there is none."""

    pupil: str
    subject: str
    level: str
    pre: float
    post: float


class Attendance(NamedTuple):
    """How a group of pupils came to a number of sessions: marks by kind, and the share of them that say present.

    ``share = present / (present + permitted + sick + absent)``: a blank cell is no mark, and a pupil who joined later is not
    absent before. The counts are of marks, not of pupils.
    """

    pupils: int
    sessions: int
    present: float
    permitted: float
    sick: float
    absent: float
    share: float
    note: str = ""

    @property
    def marks(self) -> float:
        """How many marks there are."""
        return self.present + self.permitted + self.sick + self.absent


class PupilShares(NamedTuple):
    """How the pupils' own shares of attendance are spread; ``regular`` pupils reached the share that the study asks for."""

    n: int
    median: float
    lower_quartile: float
    upper_quartile: float
    lowest: float
    highest: float
    regular: float
    share_regular: float
    note: str = ""


class MarkCounts(NamedTuple):
    """How many pupils have a mark in a subject: before, after, and on both sides."""

    n_pre: int
    n_post: int
    n_both: int
    note: str = ""


@dataclass(frozen=True)
class SessionResult:
    """One session."""

    session: Session
    attendance: Attendance


@dataclass(frozen=True)
class GroupAttendance:
    """The attendance in one subject or level, by its key (or its own word)."""

    key: str
    attendance: Attendance


@dataclass(frozen=True)
class SubjectResult:
    """Everything about the marks of one subject. ``pre`` and ``post`` are the complete pairs, sorted, without a trace of whose they are.

    ``mastery`` compares the shares of pupils at or above the subject's threshold (KKM, KKTP), ``moves`` counts who crossed it;
    both are ``None`` where the study declares no
    threshold, ``moves`` also where pupils are too few.
    """

    key: str
    subject: Subject | None
    pre: tuple[float, ...]
    post: tuple[float, ...]
    counts: MarkCounts
    mean_change: paired.MeanChange
    verdict: str
    signed_rank: ranks.SignedRank
    hodges_lehmann: ranks.HodgesLehmann
    direction: ranks.Direction
    class_gain: gain.ClassGain
    individual_gain: gain.IndividualGain
    mastery: items.ProportionChange | None
    moves: items.McNemar | None

    @property
    def shown(self) -> bool:
        """Whether there are enough pupils to show more than their number."""
        return self.counts.n_both >= FEWEST_PAIRS


@dataclass(frozen=True)
class Tutoring:
    """What the tutoring was: sessions, pupils, attendance and marks.

    Attributes:
        pupils: how many pupils the sheets name.
        without_consent: how many of them are not analysed, since no guardian has agreed.
        target: the share of attendance that counts as regular.
        overall: the attendance over all sessions, of the pupils analysed.
        spread: their own shares.
        sessions: each session in the order of time.
        by_subject: the attendance in each subject, where the sheet names them.
        by_level: the attendance of each level (grade), likewise.
        subjects: the marks of each subject.
        shares: the pupils' own shares of attendance, sorted; empty when pupils are too few.
    """

    pupils: int
    without_consent: int
    target: float
    overall: Attendance
    spread: PupilShares
    sessions: tuple[SessionResult, ...]
    by_subject: tuple[GroupAttendance, ...]
    by_level: tuple[GroupAttendance, ...]
    subjects: tuple[SubjectResult, ...]
    shares: tuple[float, ...] = ()

    @property
    def analysed(self) -> int:
        """How many pupils the numbers are about."""
        return self.pupils - self.without_consent


def attendance_of(marks: Iterable[Came]) -> Attendance:
    """The attendance that these marks make up.

    Source: the percentage of attendance of Indonesian schools (*persentase kehadiran*): days present among the days that were
    recorded. Nothing is assumed about blank cells.

    Returns:
        :class:`Attendance`; the share is missing without any mark (``no_data``).

    Example:
        >>> day = Session(None, "1")
        >>> found = attendance_of([Came("a", day, "present"), Came("b", day, "sick"), Came("c", day, "present"), Came("d", day, "present")])
        >>> found.pupils, found.present, found.share
        (4, 3, 0.75)
    """
    entries = list(marks)
    counts = {mark: sum(entry.mark == mark for entry in entries) for mark in ("present", "permitted", "sick", "absent")}
    share = counts["present"] / len(entries) if entries else math.nan
    return Attendance(len({entry.pupil for entry in entries}), len({entry.session for entry in entries}), *counts.values(), share, "" if entries else str(Reason.NO_DATA))


def spread_of(shares: Sequence[float], target: float) -> PupilShares:
    """How the pupils' shares of attendance are spread, and how many reached ``target`` (both from 0 to 1).

    Quartiles by linear interpolation (Hyndman & Fan 1996, *The American Statistician* 50:361-365, definition 7). The ends are
    missing below ten pupils, everything but the number below five (``too_few``).

    Example:
        >>> spread = spread_of([0.5, 0.6, 0.75, 0.8, 1.0], 0.75)
        >>> spread.median, spread.regular, spread.lowest
        (0.75, 3, nan)
    """
    values = np.sort(np.asarray(shares, dtype=float))
    n = len(values)
    if n < FEWEST_PAIRS:
        return PupilShares(n, *(math.nan,) * 7, note=str(Reason.TOO_FEW if n else Reason.NO_DATA))
    lower, middle, upper = (float(value) for value in np.quantile(values, (0.25, 0.5, 0.75)))
    ends = (float(values[0]), float(values[-1])) if n >= FEWEST_FOR_ENDS else (math.nan, math.nan)
    regular = int((values >= target - 1e-9).sum())
    return PupilShares(n, middle, lower, upper, *ends, regular, regular / n, "" if n >= FEWEST_FOR_ENDS else str(Reason.TOO_FEW))


def grade_subject(key: str, subject: Subject | None, marks: Sequence[Graded], analysis: Analysis) -> SubjectResult:
    """What the marks of one subject say, by the same statistics as the questionnaires; with fewer than five pairs, its counts.

    Args:
        key: the subject's key, or its own word where the study does not declare it.
        subject: what the study declares about it: threshold and highest mark; without it there is no gain and no mastery.
        marks: the pupils' marks.
        analysis: the study's choices.
    """
    table = np.array([(mark.pre, mark.post) for mark in marks], dtype=float).reshape(-1, 2)
    both = table[~np.isnan(table).any(axis=1)]
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    pre, post = both[:, 0], both[:, 1]
    counts = MarkCounts(int((~np.isnan(table[:, 0])).sum()), int((~np.isnan(table[:, 1])).sum()), len(both))
    choices = {"confidence": analysis.confidence, "seed": analysis.seed, "resamples": analysis.resamples}
    highest = subject.maximum if subject else math.nan
    leaves = {
        "mean_change": paired.mean_change(pre, post, analysis.confidence),
        "signed_rank": ranks.signed_rank(pre, post, analysis.zeros),
        "hodges_lehmann": ranks.hodges_lehmann(pre, post, analysis.confidence, analysis.zeros),
        "direction": ranks.sign_test(pre, post),
        "class_gain": gain.class_gain(pre, post, highest, **choices) if subject else gain.ClassGain(len(pre), *(math.nan,) * 3, note=str(Reason.NOT_DECLARED)),
        "individual_gain": gain.individual_gain(pre, post, highest) if subject else gain.IndividualGain(len(pre), 0, 0, math.nan, math.nan, str(Reason.NOT_DECLARED)),
        "mastery": None, "moves": None,
    }
    if subject and subject.mastery is not None:
        reached = [(values >= subject.mastery).astype(float) for values in (pre, post)]
        leaves["mastery"], leaves["moves"] = items.proportion_change(*reached, analysis.confidence), items.mcnemar(*reached)
    if len(both) < FEWEST_PAIRS:
        leaves = {name: withhold(leaf) if leaf is not None and name != "moves" else None for name, leaf in leaves.items()}
        return SubjectResult(key, subject, (), (), counts, verdict="too_few", **leaves)  # type: ignore[arg-type]
    verdict = str(paired.judge_change(pre, post, None, "up", analysis.confidence))
    return SubjectResult(key, subject, tuple(pre.tolist()), tuple(post.tolist()), counts, verdict=verdict, **leaves)  # type: ignore[arg-type]


def measure_tutoring(pupils: int, without_consent: int, came: Sequence[Came], graded: Sequence[Graded], subjects: Mapping[str, Subject], target: float,
                     analysis: Analysis) -> Tutoring:
    """Everything about the pupils whose guardians agreed; groups of fewer than five pupils are withheld.

    Args:
        pupils: how many pupils the sheets name, with and without consent.
        without_consent: how many of them ``came`` and ``graded`` are not about.
        came: the marks of the attendance sheets.
        graded: the marks in the subjects.
        subjects: the subjects that the study declares.
        target: the share of attendance (0 to 1) that counts as regular.
        analysis: the study's choices.
    """
    own: dict[str, list[Came]] = {}
    for entry in came:
        own.setdefault(entry.pupil, []).append(entry)
    shares = sorted(attendance_of(entries).share for entries in own.values())
    sessions = sorted({entry.session for entry in came}, key=lambda session: session.place)
    of_session: dict[Session, list[Came]] = {session: [] for session in sessions}
    for entry in came:
        of_session[entry.session].append(entry)
    names = [*(key for key in subjects if any(mark.subject == key for mark in graded)), *sorted({mark.subject for mark in graded} - set(subjects))]
    return Tutoring(
        pupils, without_consent, target, _shown(attendance_of(came)), spread_of(shares, target),
        tuple(SessionResult(session, _shown(attendance_of(entries))) for session, entries in of_session.items()),
        _groups(came, lambda entry: entry.subject, list(subjects)), _groups(came, lambda entry: entry.level),
        tuple(grade_subject(name, subjects.get(name), [mark for mark in graded if mark.subject == name], analysis) for name in names),
        tuple(shares) if len(shares) >= FEWEST_PAIRS else ())


def _groups(came: Sequence[Came], key_of: Callable[[Came], str], order: Sequence[str] = ()) -> tuple[GroupAttendance, ...]:
    """The attendance of each group that the sheets name; empty where they name fewer than two.

    A group of fewer than five pupils is withheld, and another one with it where the rest would give it away.
    """
    groups: dict[str, list[Came]] = {}
    for entry in came:
        groups.setdefault(key_of(entry), []).append(entry)
    if len(groups) < 2 or set(groups) == {""}:
        return ()
    found = {key: attendance_of(groups[key]) for key in sorted(groups, key=lambda key: (key == "", order.index(key) if key in order else len(order), key))}
    hidden = {key for key, result in found.items() if result.pupils < FEWEST_PAIRS}
    while hidden and len(hidden) < len(found) and (len(hidden) == 1 or sum(found[key].pupils for key in hidden) < FEWEST_PAIRS):
        hidden.add(min((key for key in found if key not in hidden), key=lambda key: (found[key].pupils, key)))
    return tuple(GroupAttendance(key, _hidden(result) if key in hidden else result) for key, result in found.items())


def _shown(attendance: Attendance) -> Attendance:
    return attendance if attendance.pupils >= FEWEST_PAIRS or not attendance.pupils else _hidden(attendance)


def _hidden(attendance: Attendance) -> Attendance:
    """The number of pupils and sessions alone."""
    return Attendance(attendance.pupils, attendance.sessions, *(math.nan,) * 5, note=str(Reason.TOO_FEW))
