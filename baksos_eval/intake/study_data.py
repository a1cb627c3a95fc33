"""All people of a study, read, paired and scored in one pass; one RT's data are a piece of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity
from baksos_eval.intake.choices import CHOSEN, NOT_CHOSEN
from baksos_eval.intake.pairing import Pairing, Pairings, pair_each
from baksos_eval.intake.responses import Header, Responses
from baksos_eval.intake.rt_data import RtData
from baksos_eval.intake.scoring import Quoting, Reader, item_scores, scale_scores
from baksos_eval.study.comparison import Arm
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import WAVES, Study, Wave


class _Scored(NamedTuple):
    """One instrument's answers in one wave: places of the options, scores of the items and of each scale, a row for each person."""

    options: np.ndarray
    items: np.ndarray
    scales: np.ndarray


class StudyData:
    """Everybody in a study's responses, or those of one group, paired within each RT and scored; nothing is checked here.

    What is done once for all RTs costs little more than for one: an answer's text is read once for each column, however
    many RTs there are.
    """

    def __init__(self, study: Study, responses: Responses, arm: Arm | Literal[""] = "") -> None:
        frame = responses.frame
        self.study, self.responses = study, responses
        self.pairings: Pairings = pair_each(frame if not arm else frame[frame["arm"] == arm], study)
        people = self.pairings.people
        self._labels: dict[Wave, np.ndarray] = {wave: people[wave].to_numpy() for wave in people}
        self._scored: dict[tuple[Wave, str], _Scored] = {}
        self._faults: dict[str, list[Finding]] = {}
        readers = {instrument.id: Reader(instrument, study.answers) for instrument in study.questionnaires}
        unread: dict[tuple[Wave, str, str], np.ndarray] = {}
        for instrument in study.questionnaires:
            numbers, faults = self._read(readers[instrument.id], instrument)
            for wave, labels in self._labels.items():
                options = numbers[labels]
                options[labels < 0] = -1
                scores = item_scores(options, instrument)
                scales = scale_scores(scores, [item.id for item in instrument.items], instrument)
                self._scored[wave, instrument.id] = _Scored(options, scores, np.column_stack([*scales.values()]) if scales else np.zeros((len(labels), 0)))
                unread |= {(wave, instrument.id, item): found for item, rows in faults.items() if len(found := labels[(labels >= 0) & rows[labels]])}
        if unread:
            self._unread(readers, unread)
        self._profile = {name.removeprefix("profile."): self._said(frame[name].astype(object).to_numpy(), tuple(self._labels), "")
                         for name in frame if name.startswith("profile.")}
        self._doses = {name.removeprefix("dose."): self._said(frame[name].to_numpy(), WAVES[::-1], np.nan) for name in frame if name.startswith("dose.")}
        for name, rts in responses.never_there.items():
            self._doses[name] = np.where(np.isnan(self._doses[name]) & np.isin(self._rts(), list(rts)), 0.0, self._doses[name])
        self._arms = self._said(frame["arm"].astype(object).to_numpy(), WAVES, "")

        self._choices = {(wave, question.id): np.column_stack([_ticks(frame, f"multiple.{question.id}.{option.code}", labels) for option in question.options])
                         for instrument in study.questionnaires for question in instrument.multiple for wave, labels in self._labels.items()}

    def of(self, rt: str) -> tuple[RtData, Pairing]:
        """One RT's data without findings about them, and its people."""
        pairing = self.pairings.of(rt)
        start, end = self.pairings.bounds.get(rt, (0, 0))
        piece = slice(start, end)
        codes: dict[Wave, dict[str, pd.DataFrame]] = {wave: {} for wave in self._labels}
        items: dict[Wave, dict[str, pd.DataFrame]] = {wave: {} for wave in self._labels}
        scores: dict[Wave, dict[str, pd.DataFrame]] = {wave: {} for wave in self._labels}
        for instrument in self.study.questionnaires:
            names = np.array([*(option.code for option in instrument.options), None], dtype=object)
            columns = pd.Index([item.id for item in instrument.items], dtype=object)
            scales = [scale.id for scale in instrument.scales]
            for wave in self._labels:
                scored = self._scored[wave, instrument.id]
                codes[wave][instrument.id] = pd.DataFrame(names[scored.options[piece]], columns=columns, dtype=object)
                items[wave][instrument.id] = pd.DataFrame(scored.items[piece], columns=columns, copy=True)
                scores[wave][instrument.id] = pd.DataFrame(scored.scales[piece], columns=scales, copy=True)
        index = pairing.people.index
        data = RtData(rt, pairing.flow, codes, items, scores, pd.DataFrame({name: said[piece] for name, said in self._profile.items()}, index=index, dtype=object), (),
                      pd.Series(self._arms[piece], index=index, dtype=object),
                      pd.DataFrame({name: said[piece] for name, said in self._doses.items()}, index=index, dtype=float), pairing.later, pairing.people >= 0)
        choices = {wave: {question.id: pd.DataFrame(self._choices[wave, question.id][piece], columns=[option.code for option in question.options], copy=True)
                          for instrument in self.study.questionnaires for question in instrument.multiple} for wave in self._labels}
        return (replace(data, choices=choices) if any(choices.values()) else data), pairing

    def rows(self, rt: str) -> pd.DataFrame:
        """One RT's questionnaires, with their labels in the responses."""
        return self.responses.frame.take(self.pairings.rows.get(rt, np.zeros(0, dtype=np.int64)))  # labels are places

    def faults(self, rt: str) -> list[Finding]:
        """The answers of an RT that could not be read."""
        return self._faults.get(rt, [])

    def score(self, wave: Wave, instrument: str) -> pd.DataFrame:
        """The scale scores of everybody in a wave, under the RT of each person."""
        return pd.DataFrame(self._scored[wave, instrument].scales, index=self._rts(), columns=[scale.id for scale in self.study.instrument(instrument).scales])

    def _rts(self) -> np.ndarray:
        """The RT of each person."""
        bounds = self.pairings.bounds
        return np.repeat(np.array(list(bounds), dtype=object), [end - start for start, end in bounds.values()])

    def _read(self, reader: Reader, instrument: Instrument) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """The answers of every row as places of options, and for items with unreadable answers which rows these are."""
        frame = self.responses.frame
        numbers = np.empty((len(frame), len(instrument.items)), dtype=np.int16)
        faults = {}
        for place, item in enumerate(instrument.items):
            numbers[:, place], wrong = reader.numbers(frame[item.id])
            if wrong.any():
                faults[item.id] = wrong
        return numbers, faults

    def _unread(self, readers: Mapping[str, Reader], unread: Mapping[tuple[Wave, str, str], np.ndarray]) -> None:
        """Findings about unreadable answers, for each RT its own: by wave, instrument and item, as a report lists them."""
        study, frame = self.study, self.responses.frame
        severity = Severity.FATAL if study.answers.unreadable == "stop" else Severity.WARNING
        headers = {wave: _headers(self.responses, wave) for wave in self._labels}
        rts = frame["rt"].to_numpy(dtype=object)
        for wave in self._labels:
            for instrument in study.questionnaires:
                for item in instrument.items:
                    labels = unread.get((wave, instrument.id, item.id), ())
                    of_rt: dict[str, list[int]] = defaultdict(list)
                    for label in labels:
                        of_rt[str(rts[label])].append(int(label))
                    for rt, rows in of_rt.items():
                        about = Quoting(headers[wave], rt, study.language, self.responses.private, severity)
                        self._faults.setdefault(rt, []).extend(readers[instrument.id].faults(frame, item.id, np.array(rows), about))

    def _said(self, values: np.ndarray, waves: Sequence[Wave], nothing: object) -> np.ndarray:
        """What each person said in the first of the waves in which they said anything."""
        said = np.full(len(self.pairings.people), nothing, dtype=values.dtype)
        for wave in reversed(waves):
            labels = self._labels[wave]
            present = np.flatnonzero(labels >= 0)
            found = values[labels[present]]
            known = ~pd.isna(found) & (found != nothing)
            said[present[known]] = found[known]
        return said


def _ticks(frame: pd.DataFrame, column: str, labels: np.ndarray) -> np.ndarray:
    """1 for those who chose the option, 0 for those who chose others only, nan for those who are silent or not there."""
    if column not in frame:
        return np.full(len(labels), np.nan)
    ticks = frame[column].astype(object).map({CHOSEN: 1.0, NOT_CHOSEN: 0.0}).to_numpy(dtype=float)[labels]
    return np.where(labels >= 0, ticks, np.nan)


def _headers(responses: Responses, wave: Wave) -> dict[tuple[str, str], Mapping[str, Header]]:
    return {(file, sheet): columns for (file, sheet, which), columns in responses.headers.items() if which == wave}
