"""Who answered before, after and both: persons by their exact id, and a flow that closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.study.study import WAVES, Study

_MOST_COMPARED = 400


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


@dataclass(frozen=True)
class Pairing:
    """People of one RT.

    Attributes:
        people: per person number (0, 1, … in the order of their keys) ``pre`` and ``post``: the row's label in the
            responses, or -1.
        flow: where every row went.
        findings: duplicates, missing and nearly equal ids.
    """

    people: pd.DataFrame
    flow: Flow
    findings: tuple[Finding, ...]


def pair(responses: pd.DataFrame, study: Study, rt: str = "") -> Pairing:
    """The people of one RT, paired by their exact normalised id.

    A person who refuses in one wave is left out of both. Of an id that occurs more than once in a wave the study's
    ``answers.duplicates`` keeps nobody (``"refuse"``, both waves), or the first or last row of the file.

    Args:
        responses: the RT's rows of :attr:`Responses.frame`, with their labels.
        study: for the rule about duplicates.
        rt: the RT's name, for an RT without rows.
    """
    person = responses["person"].to_numpy(dtype=object)
    wave = responses["wave"].to_numpy(dtype=object)
    consent = responses["consent"].to_numpy(dtype=bool)
    identified = person != ""
    refused = ~consent | (identified & np.isin(person, _distinct(person[~consent & identified])))
    no_id = ~refused & ~identified
    candidate = ~refused & identified
    duplicate, repeated = _duplicates(responses, candidate, study.answers.duplicates)
    kept = candidate & ~duplicate

    labels = responses.index.to_numpy()
    sides = {}
    for which in WAVES:
        rows = kept & (wave == which)
        sides[which] = pd.Series(labels[rows], index=pd.Index(person[rows], dtype=object), dtype=np.int64)
    keys = sorted({*sides["pre"].index, *sides["post"].index})
    people = pd.DataFrame({which: sides[which].reindex(keys).fillna(-1).astype(np.int64).to_numpy() for which in WAVES})

    def count(rows: np.ndarray) -> tuple[int, int]:
        return int((rows & (wave == "pre")).sum()), int((rows & (wave == "post")).sum())

    has = {which: people[which].to_numpy() >= 0 for which in WAVES}
    flow = Flow(rt or (str(responses["rt"].iloc[0]) if len(responses) else ""),
                *count(np.ones(len(responses), dtype=bool)), *count(refused), *count(no_id), *count(duplicate),
                pre_only=int((has["pre"] & ~has["post"]).sum()), post_only=int((has["post"] & ~has["pre"]).sum()),
                both=int((has["pre"] & has["post"]).sum()))
    _check(flow)
    return Pairing(people, flow, tuple(_findings(responses, flow, refused, no_id, repeated, duplicate, people, keys, study)))


def _duplicates(responses: pd.DataFrame, candidate: np.ndarray, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """The rows left out because their id is not alone in its wave, and all rows whose id is not."""
    keys = responses.loc[candidate, ["wave", "person"]]
    repeated, left_out = (np.zeros(len(responses), dtype=bool) for _ in range(2))
    repeated[candidate] = keys.duplicated(keep=False).to_numpy()
    if rule == "refuse":
        person = responses["person"].to_numpy(dtype=object)
        left_out = candidate & np.isin(person, _distinct(person[repeated]))
    else:
        left_out[candidate] = keys.duplicated(keep=rule).to_numpy()
    return left_out, repeated


def _distinct(keys: np.ndarray) -> list[str]:
    return sorted(set(keys.tolist()))


def _check(flow: Flow) -> None:
    pre = flow.refused_pre + flow.no_id_pre + flow.duplicate_pre + flow.pre_only + flow.both
    post = flow.refused_post + flow.no_id_post + flow.duplicate_post + flow.post_only + flow.both
    assert (pre, post) == (flow.rows_pre, flow.rows_post), flow


def _findings(responses: pd.DataFrame, flow: Flow, refused: np.ndarray, no_id: np.ndarray, repeated: np.ndarray, duplicate: np.ndarray,
              people: pd.DataFrame, keys: list[str], study: Study) -> list[Finding]:
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
    if flow.pre_only or flow.post_only:
        findings.append(Finding("people_unpaired", Severity.NOTE, flow.pre_only + flow.post_only, rt=rt,
                                details={"pre_only": flow.pre_only, "post_only": flow.post_only}))
    findings += _nearly_equal(responses, people, keys, rt)
    return findings


def places(responses: pd.DataFrame, rows: np.ndarray, column: str = "") -> tuple[Where, ...]:
    """Where the chosen rows stand in the lecturer's files; at most 20 of them."""
    chosen = responses[["file", "sheet", "row"]].iloc[np.flatnonzero(rows)[:MOST_PLACES]]
    return tuple(Where(str(file), str(sheet), int(row), column)
                 for file, sheet, row in zip(chosen["file"], chosen["sheet"], chosen["row"], strict=True))


def _nearly_equal(responses: pd.DataFrame, people: pd.DataFrame, keys: list[str], rt: str) -> list[Finding]:
    """People in one wave only whose ids differ by one letter from somebody's in the other wave only: perhaps the same."""
    from rapidfuzz.distance import DamerauLevenshtein

    only = {which: np.flatnonzero((people[which] >= 0) & (people[other] < 0)) for which, other in (("pre", "post"), ("post", "pre"))}
    if not len(only["pre"]) or not len(only["post"]) or max(map(len, only.values())) > _MOST_COMPARED:
        return []
    where, count = [], 0
    for before in only["pre"]:
        for after in only["post"]:
            short = min(len(keys[before]), len(keys[after]))
            if short >= 4 and DamerauLevenshtein.distance(keys[before], keys[after], score_cutoff=1) <= 1:
                count += 1
                rows = responses.loc[[people["pre"].iat[before], people["post"].iat[after]]]
                where += places(rows, np.ones(2, dtype=bool))
    return [Finding("ids_nearly_equal", Severity.WARNING, count, tuple(where[:MOST_PLACES]), rt)] if count else []
