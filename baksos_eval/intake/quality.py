"""What is worth a second look in an RT's data: too few people, answers that do not vary, totals that do not add up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.groups import groups_without_rt
from baksos_eval.intake.numerals import read_numbers
from baksos_eval.intake.pairing import Flow, Pairing, places
from baksos_eval.intake.rt_data import RtData
from baksos_eval.intake.scoring import option_numbers
from baksos_eval.intake.text import nearest, quote
from baksos_eval.intake.validity import items_outside_validity
from baksos_eval.stats import categories
from baksos_eval.study.instrument import Instrument, Method
from baksos_eval.study.study import WAVES, Study, Wave

FEW_PAIRS = 5
"""With fewer pairs only counts are reported."""

FEWEST_ITEMS_TO_COMPARE = 6
"""Two short rows are easily equal by chance; from this many answers on, equality deserves a look."""



def study_findings(study: Study, frame: pd.DataFrame, rts: Sequence[str]) -> tuple[Finding, ...]:
    """What concerns the study as a whole: RTs nobody declared, one id in two RTs, questions whose key is out of date, categories that do not exist."""
    return tuple([*_undeclared(study, rts), *groups_without_rt(study, rts), *_people_in_two_rts(frame), *items_outside_validity(study, frame), *_not_paired(study), *_categories(study)])


def findings(data: RtData, rows: pd.DataFrame, pairing: Pairing, study: Study, found_rts: Sequence[str]) -> tuple[Finding, ...]:
    """What concerns one RT.

    Args:
        data: the RT's scored answers.
        rows: its rows of the responses.
        pairing: its people.
        study: for the instruments.
        found_rts: the RTs that do have rows.
    """
    rt, flow = data.rt, data.flow
    if not len(rows):
        return (Finding("rt_without_rows", Severity.FATAL, 0, rt=rt, details={"similar": nearest([rt], found_rts, cutoff=0.7)}),)
    found = [*(_few_apart(rt, flow) if study.is_anonymous else _few(rt, flow)), *_swapped(rt, rows), *_too_early(rt, rows, study)]
    described = rows[["file", "sheet", "row", *(name for name in rows if name.startswith("total."))]]
    for wave in study.waves:
        labels = pairing.people[wave].to_numpy()
        present = labels >= 0
        people = described.take(rows.index.get_indexer(labels[present]))
        for instrument in study.questionnaires:
            look = _Look(study, rt, wave, instrument, data.codes[wave][instrument.id][present], data.items[wave][instrument.id][present],
                         data.scores[wave][instrument.id][present], people)
            found += [*look.unvaried(), *look.straight_lines(), *look.twins(), *look.without_score(), *look.recorded_totals()]
    if flow.both:
        found += [finding for instrument in study.questionnaires for finding in _unchanged(data, instrument, rows, pairing, study.language)]
    return tuple(found)


def _categories(study: Study) -> Iterator[Finding]:
    for instrument in study.questionnaires:
        for scale in instrument.scales:
            try:
                if scale.categories:
                    categories.suited(scale.categories, scale.minimum, scale.maximum)
            except BaksosError as error:
                yield Finding(error.code, Severity.FATAL, details={"scale": scale.label, **error.details})


def _few(rt: str, flow: Flow) -> Iterator[Finding]:
    if not flow.both:
        yield Finding("no_pairs", Severity.WARNING, 0, rt=rt, details={"pre_only": flow.pre_only, "post_only": flow.post_only})
    elif flow.both < FEW_PAIRS:
        yield Finding("few_pairs", Severity.WARNING, flow.both, rt=rt, details={"least": FEW_PAIRS})


def _few_apart(rt: str, flow: Flow) -> Iterator[Finding]:
    if min(flow.pre_only, flow.post_only) < FEW_PAIRS:
        yield Finding("few_people", Severity.WARNING, min(flow.pre_only, flow.post_only), rt=rt,
                      details={"pre": flow.pre_only, "post": flow.post_only, "least": FEW_PAIRS})


def _too_early(rt: str, rows: pd.DataFrame, study: Study) -> Iterator[Finding]:
    """Later waves that were sent, by and large, before the wave that goes before them."""
    for earlier, later in pairwise(study.waves[1:]):
        before, after = (rows.loc[rows["wave"] == wave, "time"].dropna() for wave in (earlier, later))
        if min(len(before), len(after)) >= 3 and after.median() < before.median():
            yield Finding("later_wave_too_early", Severity.FATAL, len(after), rt=rt, details={"wave": study.wave_name(later), "date": f"{after.median():%Y-%m-%d}"})


def _swapped(rt: str, rows: pd.DataFrame) -> Iterator[Finding]:
    """Questionnaires after that were sent, by and large, before those before: the files are probably swapped."""
    if rows["time"].isna().all():
        return
    times = {wave: rows.loc[rows["wave"] == wave, "time"].dropna() for wave in WAVES}
    if min(map(len, times.values())) >= 3 and times["post"].median() < times["pre"].median():
        spans = {wave: f"{span.min():%Y-%m-%d} – {span.max():%Y-%m-%d}" for wave, span in times.items()}
        yield Finding("post_before_pre", Severity.FATAL, len(times["post"]), rt=rt, details=spans)


class _Look:
    """One instrument's answers in one wave of one RT."""

    def __init__(self, study: Study, rt: str, wave: Wave, instrument: Instrument, codes: pd.DataFrame, items: pd.DataFrame, scores: pd.DataFrame,
                 people: pd.DataFrame) -> None:
        self.rt, self.wave, self.instrument, self.name = rt, study.wave_name(wave), instrument, instrument.label[study.language]
        self.codes, self.items, self.scores, self.people = codes, items, scores, people
        self.table = option_numbers(codes, instrument)
        self.answered = self.table >= 0

    def _finding(self, code: str, severity: Severity, count: int, rows: np.ndarray | None = None, **details: object) -> Finding:
        where = places(self.people, rows) if rows is not None else ()
        return Finding(code, severity, count, where, self.rt, {"instrument": self.name, "wave": self.wave} | details)

    def _named(self, chosen: np.ndarray) -> tuple[str, ...]:
        return tuple(np.array(self.codes.columns)[chosen].tolist())

    def unvaried(self) -> Iterator[Finding]:
        """Everybody at the same score or at the best one; items that everybody answered alike."""
        scale = self.instrument.scales[0] if self.instrument.scales else None
        values = self.scores[scale.id].dropna() if scale else pd.Series(dtype=float)
        if len(values) >= 2 and np.allclose(values, values.iloc[0]):
            best = scale.maximum if scale.direction == "up" else scale.minimum
            code = "everyone_at_best" if np.isclose(values.iloc[0], best) else "everyone_scores_alike"
            yield self._finding(code, Severity.WARNING, len(values))
            return
        if len(self.table) < 2:
            return
        highest = self.table.max(axis=0)
        alike = ((self.table == highest) | ~self.answered).all(axis=0) & (self.answered.sum(axis=0) >= 2)
        if alike.any():
            yield self._finding("items_constant", Severity.NOTE, int(alike.sum()), items=self._named(alike))
        silent = ~self.answered.any(axis=0)
        if silent.any() and not silent.all():
            yield self._finding("items_unanswered", Severity.WARNING, int(silent.sum()), items=self._named(silent))

    def straight_lines(self) -> Iterator[Finding]:
        """People who gave one and the same answer throughout, where the instrument has items in both directions."""
        both_ways = (len({item.reversed for item in self.instrument.items}) > 1 if self.instrument.kind == "rating"
                     else len({item.key for item in self.instrument.items}) > 1)
        if not both_ways or not len(self.table):
            return
        highest = self.table.max(axis=1, keepdims=True)
        alike = ((self.table == highest) | ~self.answered).all(axis=1) & (self.answered.sum(axis=1) >= FEWEST_ITEMS_TO_COMPARE)
        if alike.any():
            yield self._finding("answers_all_equal", Severity.WARNING, int(alike.sum()), alike)

    def twins(self) -> Iterator[Finding]:
        """People whose whole rows of answers are the same, unless the row is the best one there is."""
        if self.table.shape[1] < FEWEST_ITEMS_TO_COMPARE or not len(self.table):
            return
        full = self.answered.all(axis=1)
        at_end = np.isclose(self.items.to_numpy(dtype=float), self.instrument.item_range[1]).all(axis=1)
        _, group, size = np.unique(self.table, axis=0, return_inverse=True, return_counts=True)
        same = (size[group.ravel()] > 1) & full & ~at_end
        if same.any():
            yield self._finding("rows_identical", Severity.NOTE, int(same.sum()), same)

    def without_score(self) -> Iterator[Finding]:
        """People who answered something, but too little for a score."""
        if not self.instrument.scales or not len(self.table):
            return
        scale = self.instrument.scales[0]
        lacking = self.answered.any(axis=1) & self.scores[scale.id].isna().to_numpy()
        if lacking.any():
            yield self._finding("too_many_blanks", Severity.WARNING, int(lacking.sum()), lacking,
                                least=math.ceil(scale.least_answered * len(scale.items) - 1e-9), items=len(scale.items))

    def recorded_totals(self) -> Iterator[Finding]:
        """Totals in the file that differ from the sum of the answers; and whether they forgot the reversed items."""
        column = f"total.{self.instrument.id}"
        if column not in self.people or not len(self.people):
            return
        read = read_numbers(self.people[column].astype(object).tolist())
        recorded = read.values
        if read.doubtful:
            rows = np.isin(np.arange(len(recorded)), read.doubtful)
            yield self._finding("totals_doubtful", Severity.WARNING, len(read.doubtful), rows, found=quote(self.people[column].iloc[read.doubtful[0]]))
        best = self.table.shape[1] * self.instrument.item_range[1]
        others = ~np.isnan(read.maxima) & ~np.isclose(read.maxima, best) & ~np.isclose(read.maxima, 100)
        if others.any():
            yield self._finding("total_of_other_maximum", Severity.NOTE, int(others.sum()), others, found=float(read.maxima[others][0]), expected=best)
            recorded = np.where(others, np.nan, recorded)
        complete = self.answered.all(axis=1)
        sums = self.items.sum(axis=1).to_numpy(dtype=float)
        accepted = [sums]
        if self.instrument.scoring.method is Method.PERCENT:
            accepted.append(100 * sums / (self.table.shape[1] * self.instrument.item_range[1]))
        differs = complete & ~np.isnan(recorded) & ~np.logical_or.reduce([np.isclose(recorded, value, atol=0.5 if value is not sums else 1e-6) for value in accepted])
        mean = np.divide(sums, self.answered.sum(axis=1), out=np.full(len(sums), np.nan), where=self.answered.any(axis=1))
        derived = [sums, mean, self.table.shape[1] * mean, 100 * mean / self.instrument.item_range[1]]
        partly = self.answered.any(axis=1) & ~complete & ~np.isnan(recorded) & ~np.logical_or.reduce([np.isclose(recorded, value, atol=0.5 if value is not sums else 1e-6) for value in derived])
        if partly.any():
            yield self._finding("total_of_incomplete", Severity.NOTE, int(partly.sum()), partly)
        if not differs.any():
            return
        values = np.array([option.value or 0.0 for option in self.instrument.options] + [0.0])
        unreversed = values[self.table].sum(axis=1) if self.instrument.kind == "rating" else sums
        forgot = differs & np.isclose(recorded, unreversed)
        if forgot.any():
            yield self._finding("total_not_reversed", Severity.WARNING, int(forgot.sum()), forgot)
        if (differs & ~forgot).any():
            yield self._finding("total_differs", Severity.WARNING, int((differs & ~forgot).sum()), differs & ~forgot)


def _unchanged(data: RtData, instrument: Instrument, rows: pd.DataFrame, pairing: Pairing, language: str) -> Iterator[Finding]:
    """People whose answers after are, one by one, those from before."""
    pre, post = (option_numbers(data.codes[wave][instrument.id], instrument) for wave in WAVES)
    if pre.shape[1] < FEWEST_ITEMS_TO_COMPARE:
        return
    complete = (pre >= 0).all(axis=1) & (post >= 0).all(axis=1)
    at_end = np.isclose(data.items["pre"][instrument.id].to_numpy(dtype=float), instrument.item_range[1]).all(axis=1)
    same = complete & (pre == post).all(axis=1) & ~at_end
    if same.any():
        many = same.sum() >= max(3, 0.5 * complete.sum())
        labels = pairing.people["post"].to_numpy()[same]
        yield Finding("post_equals_pre", Severity.WARNING if many else Severity.NOTE, int(same.sum()),
                      places(rows.loc[labels], np.ones(len(labels), dtype=bool)), data.rt, {"instrument": instrument.label[language], "pairs": int(complete.sum())})


def _undeclared(study: Study, rts: Sequence[str]) -> Iterator[Finding]:
    declared = study.expected_rts
    for rt in rts:
        if declared and rt not in declared:
            yield Finding("rt_not_declared", Severity.WARNING, rt=rt, details={"name": quote(rt), "similar": nearest([rt], declared, cutoff=0.7)})


def _people_in_two_rts(frame: pd.DataFrame) -> Iterator[Finding]:
    """Ids in one RT only before and in another only after: perhaps people who moved, or a wrong RT in one file."""
    known = frame.loc[frame["consent"] & (frame["person"] != ""), ["rt", "wave", "person"]].drop_duplicates()
    if known.empty or known["rt"].nunique() < 2:
        return
    waves = known.groupby(["person", "rt"], observed=True)["wave"].agg(["nunique", "first"]).reset_index()
    single = waves[waves["nunique"] == 1]
    per_person = single.groupby("person").agg(rts=("rt", "nunique"), waves=("first", "nunique"), rows=("rt", "size"))
    moved = per_person[(per_person["rts"] == 2) & (per_person["waves"] == 2) & (per_person["rows"] == 2)]
    if len(moved):
        yield Finding("id_in_two_rts", Severity.NOTE, len(moved))


def _not_paired(study: Study) -> Iterator[Finding]:
    """What could have paired people whom the study declares anonymous."""
    if not study.is_anonymous:
        return
    headers = {header for source in study.sources for header in source.columns.over(study.columns).id_columns}
    if headers:
        yield Finding("anonymous_with_ids", Severity.WARNING, len(headers), details={"columns": tuple(quote(header) for header in sorted(headers))})
    wide = tuple(dict.fromkeys(quote(source.file) for source in study.sources if source.layout == "wide"))
    if wide:
        yield Finding("anonymous_side_by_side", Severity.WARNING, len(wide), tuple(Where(file=file) for file in wide))
