"""The story of an RT's data: read the files, pair the people, score their answers, look for what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import BaksosError, Finding, Severity
from baksos_eval.intake import quality
from baksos_eval.intake.experts import read_experts
from baksos_eval.intake.inspection import Inspection, tables_in
from baksos_eval.intake.matching import nearly_equal
from baksos_eval.intake.pairing import Pairing, pair
from baksos_eval.intake.redaction import without_identities
from baksos_eval.intake.responses import Responses
from baksos_eval.intake.review import read_reviewed
from baksos_eval.intake.rt_data import RtData
from baksos_eval.intake.scoring import read_answers, score_items, score_scales
from baksos_eval.intake.text import nearest
from baksos_eval.study.comparison import Arm
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import WAVES, Study, Wave


class _Overview(NamedTuple):
    """What is worked out once for a set of responses: where each RT's rows are, and what concerns the whole study."""

    frame: pd.DataFrame
    rows: dict[str, np.ndarray]
    rts: tuple[str, ...]
    findings: tuple[Finding, ...]


_overviews: dict[tuple[int, str], _Overview] = {}


def list_rts(study: Study) -> tuple[str, ...]:
    """The study's declared RTs in their order, then the others found in its files, sorted."""
    return _overview(study, read_reviewed(study)).rts


def prepare(study: Study, rt: str, arm: Arm | Literal[""] = "") -> RtData:
    """One RT's paired and scored answers.

    Args:
        study: whose files are read.
        rt: the RT, in any spelling of its name.
        arm: only the people of this group; empty: everybody.

    Raises:
        BaksosError: ``rt_unknown``; ``rt_cannot_be_analysed`` with every fatal finding about this RT or its files.
    """
    responses = read_reviewed(study)
    overview = _overview(study, responses)
    name = study.rt_name(rt)
    if name not in overview.rts:
        fatal = [finding for finding in overview.findings if finding.fatal]
        raise BaksosError("rt_unknown", findings=fatal, rt=name, similar=nearest([name], overview.rts), known=overview.rts[:20])
    data = _prepare(study, name, responses, overview, arm)
    fatal = [finding for finding in data.findings if finding.fatal]
    if fatal:
        raise BaksosError("rt_cannot_be_analysed", findings=fatal, rt=name, count=len(fatal))
    return data


def check(study: Study) -> tuple[Finding, ...]:
    """Everything there is to say about the study's files and each of its RTs; nothing is raised for faults in the data."""
    return inspect(study).findings


def inspect(study: Study) -> Inspection:
    """What the study's files hold: tables, names of RTs, the flow in each RT, all findings; nothing is raised for faults in the data."""
    responses = read_reviewed(study)
    overview = _overview(study, responses)
    general = {id(finding) for finding in overview.findings}
    prepared = [_prepare(study, rt, responses, overview) for rt in overview.rts]
    own = [finding for data in prepared for finding in data.findings if id(finding) not in general]
    _, about_experts = read_experts(study)
    return Inspection(study, tables_in(responses.frame, study.waves), responses.spellings, tuple(data.flow for data in prepared), (*overview.findings, *own), about_experts,
                      responses.mappings, {data.rt: data.later for data in prepared})


def _overview(study: Study, responses: Responses) -> _Overview:
    key = (id(responses.frame), study.model_dump_json())
    if key not in _overviews:
        _overviews.clear()
        rows = {str(name): rows for name, rows in responses.frame.groupby("rt", observed=True).indices.items()}
        fixed = {study.rt_name(source.rt) for source in study.sources if source.rt}
        rts = tuple(dict.fromkeys([*study.expected_rts, *sorted((fixed | set(rows)) - {""})]))
        findings = (*without_identities(responses.findings, study, responses), *quality.study_findings(study, responses.frame, rts))
        _overviews[key] = _Overview(responses.frame, rows, rts, findings)
    return _overviews[key]


def _prepare(study: Study, rt: str, responses: Responses, overview: _Overview, arm: Arm | Literal[""] = "") -> RtData:
    general = [finding for finding in overview.findings if finding.rt in ("", rt)]
    rows = responses.frame.iloc[overview.rows.get(rt, np.zeros(0, dtype=np.int64))]
    chosen = rows[rows["arm"] == arm] if arm else rows
    lacking = [Finding(f"rt_without_{arm}", Severity.FATAL, 0, rt=rt)] if len(rows) > len(chosen) == 0 else []
    rows = chosen
    pairing = pair(rows, study, rt)
    codes, faults = _read_codes(study, responses, rows, pairing, rt)
    faults = without_identities(faults, study, responses)
    items = {wave: {name: score_items(table, study.instrument(name)) for name, table in codes[wave].items()} for wave in study.waves}
    scores = {wave: {name: score_scales(table, study.instrument(name)) for name, table in items[wave].items()} for wave in study.waves}
    data = RtData(rt, pairing.flow, codes, items, scores, _profile(rows, pairing), (),
                  _of_people(rows["arm"].astype(object), pairing, WAVES, ""), _doses(rows, pairing), pairing.later)
    readable = not any(finding.fatal for finding in general)
    noticed = quality.findings(data, rows, pairing, study, tuple(overview.rows)) if readable and not lacking else ()
    alike = nearly_equal(responses, rows, pairing, rt)
    return replace(data, present=pairing.people >= 0, findings=(*general, *lacking, *pairing.findings, *alike, *faults, *noticed))


def _read_codes(study: Study, responses: Responses, rows: pd.DataFrame, pairing: Pairing,
                rt: str) -> tuple[dict[Wave, dict[str, pd.DataFrame]], list[Finding]]:
    codes: dict[Wave, dict[str, pd.DataFrame]] = {wave: {} for wave in study.waves}
    faults: list[Finding] = []
    headers = {wave: {(file, sheet): columns for (file, sheet, which), columns in responses.headers.items() if which == wave} for wave in study.waves}
    for wave in study.waves:
        labels = pairing.people[wave].to_numpy()
        present = rows.loc[labels[labels >= 0]]
        for instrument in study.questionnaires:
            read, found = read_answers(present, instrument, study.answers, headers[wave], rt, study.language, responses.private)
            faults += found
            codes[wave][instrument.id] = _by_person(read, labels, instrument)
    return codes, faults


def _by_person(read: pd.DataFrame, labels: np.ndarray, instrument: Instrument) -> pd.DataFrame:
    table = np.full((len(labels), len(instrument.items)), None, dtype=object)
    table[labels >= 0] = read.to_numpy(dtype=object)
    return pd.DataFrame(table, columns=[item.id for item in instrument.items], dtype=object)


def _profile(rows: pd.DataFrame, pairing: Pairing) -> pd.DataFrame:
    columns = {name.removeprefix("profile."): _of_people(rows[name].astype(object), pairing, tuple(pairing.people), "") for name in rows if name.startswith("profile.")}
    return pd.DataFrame(columns, index=pairing.people.index, dtype=object)


def _doses(rows: pd.DataFrame, pairing: Pairing) -> pd.DataFrame:
    columns = {name.removeprefix("dose."): _of_people(rows[name], pairing, WAVES[::-1], np.nan) for name in rows if name.startswith("dose.")}
    return pd.DataFrame(columns, index=pairing.people.index, dtype=float)


def _of_people(column: pd.Series, pairing: Pairing, waves: Sequence[Wave], nothing: object) -> pd.Series:
    """What each person said in the first of the waves in which they said anything."""
    said = pd.Series(nothing, index=pairing.people.index, dtype=column.dtype)
    for wave in reversed(waves):
        labels = pairing.people[wave].to_numpy()
        present = labels >= 0
        values = column.loc[labels[present]].to_numpy()
        known = ~pd.isna(values) & (values != nothing)
        said.iloc[np.flatnonzero(present)[known]] = values[known]
    return said

