"""Who answered before, after and both: persons by their exact id, and a flow that closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.study.study import WAVES, Study, Wave

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


def pair(responses: pd.DataFrame, study: Study, rt: str = "") -> Pairing:
    """The people of one RT, paired by their exact normalised id; in an anonymous study each questionnaire is a person.

    A person who refuses in one wave is left out of all. Of an id that occurs more than once in a wave the study's
    ``answers.duplicates`` keeps nobody (``"refuse"``, all waves; twice in a later wave only that wave), or the first or
    last row of the file, or the first before and the last after.

    Args:
        responses: the RT's rows of :attr:`Responses.frame`, with their labels.
        study: for the rule about duplicates.
        rt: the RT's name, for an RT without rows.
    """
    if study.is_anonymous:
        return _apart(responses, rt)
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
    for which in study.waves:
        rows = kept & (wave == which)
        sides[which] = pd.Series(labels[rows], index=pd.Index(person[rows], dtype=object), dtype=np.int64)
    keys = sorted({key for side in sides.values() for key in side.index})
    people = pd.DataFrame({which: sides[which].reindex(keys).fillna(-1).astype(np.int64).to_numpy() for which in study.waves})

    def count(rows: np.ndarray, *waves: Wave) -> tuple[int, ...]:
        return tuple(int((rows & (wave == which)).sum()) for which in waves)

    every = np.ones(len(responses), dtype=bool)
    has = {which: people[which].to_numpy() >= 0 for which in study.waves}
    both = has["pre"] & has["post"]
    flow = Flow(_rt(responses, rt), *count(every, *WAVES), *count(refused, *WAVES), *count(no_id, *WAVES), *count(duplicate, *WAVES),
                pre_only=int((has["pre"] & ~has["post"]).sum()), post_only=int((has["post"] & ~has["pre"]).sum()), both=int(both.sum()))
    later = tuple(LaterFlow(which, *(count(rows, which)[0] for rows in (every, refused, no_id, duplicate)),
                            unpaired=int((has[which] & ~both).sum()), paired=int((has[which] & both).sum())) for which in study.later_waves)
    _check(flow, later)
    main = np.isin(wave, WAVES)
    findings = _findings(responses, flow, refused & main, no_id & main, repeated & main, duplicate & main, people, keys, study)
    findings += [finding for which in study.later_waves for finding in _left_out_later(
        responses, flow.rt, which, study, *(rows & (wave == which) for rows in (refused, no_id, duplicate)))]
    return Pairing(people, flow, tuple(findings), later)


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


def _duplicates(responses: pd.DataFrame, candidate: np.ndarray, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """The rows left out because their id is not alone in its wave, and all rows whose id is not."""
    keys = responses.loc[candidate, ["wave", "person"]]
    repeated, left_out = (np.zeros(len(responses), dtype=bool) for _ in range(2))
    repeated[candidate] = keys.duplicated(keep=False).to_numpy()
    if rule == "refuse":
        person = responses["person"].to_numpy(dtype=object)
        in_main = np.isin(responses["wave"].to_numpy(dtype=object), WAVES)
        left_out = candidate & (repeated | np.isin(person, _distinct(person[repeated & in_main])))
    elif rule == "first_pre_last_post":
        last = keys.duplicated(keep="last").to_numpy()
        left_out[candidate] = np.where(keys["wave"].to_numpy(dtype=object) == "pre", keys.duplicated(keep="first").to_numpy(), last)
    else:
        left_out[candidate] = keys.duplicated(keep=rule).to_numpy()
    return left_out, repeated


def _distinct(keys: np.ndarray) -> list[str]:
    return sorted(set(keys.tolist()))


def _check(flow: Flow, later: tuple[LaterFlow, ...] = ()) -> None:
    pre = flow.refused_pre + flow.no_id_pre + flow.duplicate_pre + flow.pre_only + flow.both
    post = flow.refused_post + flow.no_id_post + flow.duplicate_post + flow.post_only + flow.both
    assert (pre, post) == (flow.rows_pre, flow.rows_post), flow
    assert all(wave.rows == sum(wave[2:]) for wave in later), later


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
