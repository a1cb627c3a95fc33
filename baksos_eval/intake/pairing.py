"""Who answered before, after and both: persons by their exact id, and a flow that closes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.facts import MOST_YEARS_OFF, Facts, facts_of
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.study.study import WAVES, Study, Wave

ACCEPTED = "\x1e"
"""The end of an id under which somebody has accepted two questionnaires, whatever they say."""

_ABOUT_A_ROW = ["person", "file", "sheet", "row", "time"]


class Flow(NamedTuple):
    """Where every questionnaire of an RT went.

    In each wave ``rows = refused + no_id + duplicate + only + both``.
    """

    rt: str
    rows_pre: int
    rows_post: int
    refused_pre: int
    refused_post: int
    no_id_pre: int
    no_id_post: int
    duplicate_pre: int
    duplicate_post: int
    pre_only: int
    post_only: int
    both: int


class LaterFlow(NamedTuple):
    """Where every questionnaire of a wave after the main comparison went: of those paired before and after, or of others.

    ``rows = refused + no_id + duplicate + unpaired + paired``.
    """

    wave: Wave
    rows: int
    refused: int
    no_id: int
    duplicate: int
    unpaired: int
    paired: int


@dataclass(frozen=True)
class Pairing:
    """People of one RT.

    Attributes:
        people: per person number (0, 1, … in the order of their keys) and wave: the row's label in the responses, or -1.
        flow: where every row of the main comparison went.
        findings: duplicates, missing and nearly equal ids.
        later: where the rows of each later wave went.
    """

    people: pd.DataFrame
    flow: Flow
    findings: tuple[Finding, ...]
    later: tuple[LaterFlow, ...] = ()


@dataclass(frozen=True)
class Pairings:
    """People of several RTs, paired at once; :meth:`of` is what concerns one RT.

    Attributes:
        people: as :attr:`Pairing.people`, for one RT after the other.
        bounds: per RT, where its people begin and end.
        rows: per RT, the labels of its questionnaires.
    """

    people: pd.DataFrame
    bounds: Mapping[str, tuple[int, int]]
    rows: Mapping[str, np.ndarray]
    _of: Callable[[str], Pairing]

    def of(self, rt: str) -> Pairing:
        """One RT's people; an RT without questionnaires has nobody."""
        return self._of(rt)


def pair_each(responses: pd.DataFrame, study: Study) -> Pairings:
    """The people of every RT, each RT by itself as :func:`pair` does it.

    Args:
        responses: rows of :attr:`Responses.frame`, with their labels.
        study: for the rule about duplicates.
    """
    column = responses["rt"].astype("category")
    names = [str(name) for name in column.cat.categories]
    group = column.cat.codes.to_numpy().astype(np.int64)
    order = np.argsort(group, kind="stable")
    ends = np.searchsorted(group[order], np.arange(len(names) + 1))
    places = {name: order[ends[number]:ends[number + 1]] for number, name in enumerate(names) if name and ends[number] < ends[number + 1]}
    labels = responses.index.to_numpy()
    rows = {name: labels[found] for name, found in places.items()}
    if study.is_anonymous:
        pairings = {name: _apart(responses.iloc[found], name) for name, found in places.items()}
        people = [pairing.people for pairing in pairings.values()]
        sizes = np.cumsum([0, *map(len, people)]).tolist()
        together = pd.concat(people, ignore_index=True) if people else pd.DataFrame({wave: np.zeros(0, np.int64) for wave in WAVES})
        empty = responses.iloc[:0]
        return Pairings(together, dict(zip(pairings, pairwise(sizes), strict=True)), rows, lambda rt: pairings[rt] if rt in pairings else _apart(empty, rt))
    paired = _Paired(responses, study, group, names)
    number_of = {name: number for number, name in enumerate(names) if name in rows}
    bounds = {name: paired.bounds(number) for name, number in number_of.items()}
    return Pairings(paired.people, bounds, rows, lambda rt: paired.of(number_of[rt], places[rt], rt) if rt in places else pair(responses.iloc[:0], study, rt))


def pair(responses: pd.DataFrame, study: Study, rt: str = "") -> Pairing:
    """The people of one RT, paired by their exact normalised id; in an anonymous study each questionnaire is a person.

    What contradicts the first questionnaire under its id (another sex, an age more than two years off) is not paired with it: it
    stands alone until somebody accepts the pair. A person who refuses in one wave is left out of all. Of an id that occurs more than once in a wave the study's
    ``answers.duplicates`` keeps nobody (``"refuse"``, all waves; twice in a later wave only that wave), or the first or
    last row of the file, or the first before and the last after.

    Args:
        responses: the RT's rows of :attr:`Responses.frame`, with their labels.
        study: for the rule about duplicates.
        rt: the RT's name, for an RT without rows.
    """
    if study.is_anonymous:
        return _apart(responses, rt)
    paired = _Paired(responses, study, np.zeros(len(responses), dtype=np.int64), [""])
    return paired.of(0, np.arange(len(responses)), _rt(responses, rt))


class _Paired:
    """Pairs the people of numbered groups of rows, all in one pass; ids mean nothing beyond their group."""

    def __init__(self, responses: pd.DataFrame, study: Study, group: np.ndarray, names: Sequence[str]) -> None:
        self.responses, self.study, self.groups = responses, study, len(names)
        known, ids = pd.factorize(responses["person"].to_numpy(dtype=object))
        identified = np.array([person != "" for person in ids], dtype=bool)[known]
        rank = np.empty(len(ids), dtype=np.int64)
        rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        key = group * max(len(ids), 1) + rank[known]
        self.wave = _wave_numbers(responses["wave"], study.waves)
        consent = responses["consent"].to_numpy(dtype=bool)
        self.refused = ~consent | (identified & _among(key, key[~consent & identified]))
        self.no_id = ~self.refused & ~identified
        candidate = ~self.refused & identified
        self.duplicate, self.repeated = _duplicates(key, self.wave, candidate, study.answers.duplicates)
        self.kept = candidate & ~self.duplicate

        used = np.flatnonzero(self.kept & (self.wave >= 0))
        accepted = np.array([person.endswith(ACCEPTED) for person in ids], dtype=bool)[known]
        self.contradicted = _contradicted(facts_of(responses, study), used, key, self.wave, accepted)
        apart = np.array([*self.contradicted], dtype=np.int64)
        each = len(study.waves)
        key = key * each
        key[apart] += self.wave[apart]   # a questionnaire that contradicts the person's first one is somebody of its own

        labels = responses.index.to_numpy()
        keys = np.unique(key[self.kept])
        table = np.full((len(keys), each), -1, dtype=np.int64)
        table[np.searchsorted(keys, key[used]), self.wave[used]] = labels[used]
        self.people = pd.DataFrame(table, columns=list(study.waves))
        self.table = table
        self.ends = np.searchsorted(keys, np.arange(self.groups + 1) * max(len(ids), 1) * each)
        self.group = group
        every = np.ones(len(responses), dtype=bool)
        self.parted = np.zeros(len(responses), dtype=bool)
        self.parted[apart] = True
        self.counts = {name: self._count(rows) for name, rows in (("rows", every), ("refused", self.refused), ("no_id", self.no_id),
                                                                  ("duplicate", self.duplicate), ("repeated", self.repeated), ("parted", self.parted))}

    def _count(self, rows: np.ndarray) -> np.ndarray:
        """How many of the chosen rows each group has in each wave."""
        width = len(self.study.waves)
        chosen = rows & (self.wave >= 0)
        return np.bincount(self.group[chosen] * width + self.wave[chosen], minlength=self.groups * width).reshape(self.groups, width)

    def bounds(self, number: int) -> tuple[int, int]:
        """Where the people of a group begin and end."""
        return int(self.ends[number]), int(self.ends[number + 1])

    def of(self, number: int, rows: np.ndarray, rt: str) -> Pairing:
        """One group's people, flow and findings."""
        start, end = self.bounds(number)
        has = self.table[start:end] >= 0
        before, after = (has[:, self.study.waves.index(wave)] for wave in WAVES)
        both = before & after
        counts = {name: table[number].tolist() for name, table in self.counts.items()}
        flow = Flow(rt, *counts["rows"][:2], *counts["refused"][:2], *counts["no_id"][:2], *counts["duplicate"][:2],
                    pre_only=int((before & ~after).sum()), post_only=int((after & ~before).sum()), both=int(both.sum()))
        later = tuple(LaterFlow(wave, *(counts[name][place] for name in ("rows", "refused", "no_id", "duplicate")),
                                unpaired=int((has[:, place] & ~both).sum()), paired=int((has[:, place] & both).sum()))
                      for place, wave in enumerate(self.study.waves) if place >= len(WAVES))
        _check(flow, later)
        lost = any(sum(counts[name]) for name in ("refused", "no_id", "repeated"))
        findings = self._about_rows(rows, flow) if lost else []
        if sum(counts["parted"]):
            findings.append(self._about_contradictions(rows, rt))
        if flow.pre_only or flow.post_only:
            findings.insert(sum(finding.code != "later_wave_left_out" for finding in findings),
                            Finding("people_unpaired", Severity.NOTE, flow.pre_only + flow.post_only, rt=rt,
                                    details={"pre_only": flow.pre_only, "post_only": flow.post_only}))
        return Pairing(pd.DataFrame(self.table[start:end], columns=self.people.columns), flow, tuple(findings), later)

    def _about_contradictions(self, rows: np.ndarray, rt: str) -> Finding:
        """The questionnaires under one id that are not paired, because what they say of the person cannot both be true."""
        parted = rows[self.parted[rows]]
        both = [place for row in parted.tolist() for place in (self.contradicted[row][0], row)][:MOST_PLACES]
        other_sex = sum(self.contradicted[row][1] for row in parted.tolist())
        return Finding("pairs_contradicted", Severity.WARNING, len(parted), places(self.responses.iloc[both], np.ones(len(both), dtype=bool)), rt,
                       {"sex": other_sex, "age": len(parted) - other_sex, "years": MOST_YEARS_OFF})

    def _about_rows(self, rows: np.ndarray, flow: Flow) -> list[Finding]:
        """What there is to say about questionnaires that cannot be used."""
        responses, wave = self.responses.iloc[rows], self.wave[rows]
        refused, no_id, repeated, duplicate = (lost[rows] for lost in (self.refused, self.no_id, self.repeated, self.duplicate))
        main = (wave >= 0) & (wave < len(WAVES))
        findings = _findings(responses, flow, refused & main, no_id & main, repeated & main, duplicate & main, self.study)
        return findings + [finding for place, which in enumerate(self.study.waves) if place >= len(WAVES) for finding in _left_out_later(
            responses, flow.rt, which, self.study, *(lost & (wave == place) for lost in (refused, no_id, duplicate)))]


def _contradicted(facts: Facts | None, used: np.ndarray, key: np.ndarray, wave: np.ndarray, accepted: np.ndarray) -> dict[int, tuple[int, bool]]:
    """The rows that contradict the first questionnaire under their id: its row, and whether it is about the sex (or the age)."""
    if facts is None or not len(used):
        return {}
    rows = used[np.lexsort((wave[used], key[used]))]
    begins = np.append(True, key[rows][1:] != key[rows][:-1])
    first = rows[np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))]
    sex, age = facts.another_sex(first, rows), facts.another_age(first, rows)
    return {int(rows[place]): (int(first[place]), bool(sex[place])) for place in np.flatnonzero((sex | age) & ~accepted[rows])}


def _wave_numbers(waves: pd.Series, known: Sequence[Wave]) -> np.ndarray:
    """Each row's wave as its place among those of the study, -1 for any other."""
    column = waves.astype("category").cat
    place = {wave: number for number, wave in enumerate(known)}
    return np.array([*(place.get(wave, -1) for wave in column.categories), -1], dtype=np.int64)[column.codes.to_numpy()]


def _among(keys: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    return np.isin(keys, chosen) if len(chosen) else np.zeros(len(keys), dtype=bool)


def _apart(responses: pd.DataFrame, rt: str) -> Pairing:
    """Everybody who agreed, each questionnaire a person of its own; their order follows from what they say."""
    agreed = responses["consent"].to_numpy(dtype=bool)
    wave = responses["wave"].to_numpy(dtype=object)
    said = responses[responses.columns.difference(_ABOUT_A_ROW).tolist()].astype(object).astype(str)
    order = [place for _, place in sorted((tuple(words), place) for place, words in enumerate(said.itertuples(index=False)))]
    kept = [place for place in order if agreed[place]]
    labels = responses.index.to_numpy()
    people = pd.DataFrame({which: np.where(wave[kept] == which, labels[kept], -1).astype(np.int64) for which in WAVES})
    rows, used = ({which: int((chosen & (wave == which)).sum()) for which in WAVES} for chosen in (np.ones(len(agreed), dtype=bool), agreed))
    flow = Flow(_rt(responses, rt), *rows.values(), *(rows[which] - used[which] for which in WAVES), *[0] * 4, *used.values(), both=0)
    _check(flow)
    findings = [] if agreed.all() else [Finding("questionnaires_without_consent", Severity.NOTE, int((~agreed).sum()), places(responses, ~agreed), flow.rt,
                                                {"pre": flow.refused_pre, "post": flow.refused_post})]
    return Pairing(people, flow, tuple(findings))


def _rt(responses: pd.DataFrame, rt: str) -> str:
    return rt or (str(responses["rt"].iloc[0]) if len(responses) else "")


def _duplicates(key: np.ndarray, wave: np.ndarray, candidate: np.ndarray, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """The rows left out because their person is not alone in the wave, and all rows whose person is not."""
    chosen = np.flatnonzero(candidate)
    each = pd.Series(key[chosen] * (wave.max(initial=0) + 2) + wave[chosen] + 1)
    repeated, left_out = (np.zeros(len(key), dtype=bool) for _ in range(2))
    repeated[chosen] = each.duplicated(keep=False).to_numpy()
    if not repeated.any():
        return left_out, repeated
    if rule == "refuse":
        left_out = candidate & (repeated | _among(key, key[repeated & (wave >= 0) & (wave < len(WAVES))]))
    elif rule == "first_pre_last_post":
        last = each.duplicated(keep="last").to_numpy()
        left_out[chosen] = np.where(wave[chosen] == 0, each.duplicated(keep="first").to_numpy(), last)
    else:
        left_out[chosen] = each.duplicated(keep=rule).to_numpy()  # type: ignore[arg-type]
    return left_out, repeated


def _check(flow: Flow, later: tuple[LaterFlow, ...] = ()) -> None:
    pre = flow.refused_pre + flow.no_id_pre + flow.duplicate_pre + flow.pre_only + flow.both
    post = flow.refused_post + flow.no_id_post + flow.duplicate_post + flow.post_only + flow.both
    assert (pre, post) == (flow.rows_pre, flow.rows_post), flow
    assert all(wave.rows == sum(wave[2:]) for wave in later), later


def _findings(responses: pd.DataFrame, flow: Flow, refused: np.ndarray, no_id: np.ndarray, repeated: np.ndarray, duplicate: np.ndarray,
              study: Study) -> list[Finding]:
    rt = flow.rt
    findings = []
    if refused.any():
        findings.append(Finding("people_without_consent", Severity.NOTE, int(refused.sum()), places(responses, refused), rt,
                                {"pre": flow.refused_pre, "post": flow.refused_post}))
    if no_id.any():
        findings.append(Finding("id_missing", Severity.WARNING, int(no_id.sum()), places(responses, no_id), rt,
                                {"pre": flow.no_id_pre, "post": flow.no_id_post}))
    if repeated.any():
        ids = len(set(responses["person"].to_numpy(dtype=object)[repeated]))
        findings.append(Finding(f"duplicate_id_{study.answers.duplicates}", Severity.WARNING, int(repeated.sum()), places(responses, repeated), rt,
                                {"ids": ids, "left_out": int(duplicate.sum())}))
    return findings


def _left_out_later(responses: pd.DataFrame, rt: str, wave: Wave, study: Study, refused: np.ndarray, no_id: np.ndarray,
                    duplicate: np.ndarray) -> list[Finding]:
    """The questionnaires of a later wave that cannot be used."""
    lost = refused | no_id | duplicate
    if not lost.any():
        return []
    counts = {"refused": int(refused.sum()), "no_id": int(no_id.sum()), "duplicate": int(duplicate.sum())}
    severity = Severity.WARNING if counts["no_id"] or counts["duplicate"] else Severity.NOTE
    return [Finding("later_wave_left_out", severity, int(lost.sum()), places(responses, lost), rt, {"wave": study.wave_name(wave)} | counts)]


def places(responses: pd.DataFrame, rows: np.ndarray, column: str = "") -> tuple[Where, ...]:
    """Where the chosen rows stand in the lecturer's files; at most 20 of them."""
    chosen = responses[["file", "sheet", "row"]].iloc[np.flatnonzero(rows)[:MOST_PLACES]]
    return tuple(Where(str(file), str(sheet), int(row), column)
                 for file, sheet, row in zip(chosen["file"], chosen["sheet"], chosen["row"], strict=True))
