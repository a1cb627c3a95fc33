"""The story of an RT's data: read the files, pair the people, score their answers, look for what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import BaksosError, Finding, Severity
from baksos_eval.intake import quality
from baksos_eval.intake.experts import read_experts
from baksos_eval.intake.facts import impossible_ages
from baksos_eval.intake.inspection import Inspection, tables_in
from baksos_eval.intake.matching import nearly_equal
from baksos_eval.intake.redaction import without_identities
from baksos_eval.intake.responses import Responses
from baksos_eval.intake.review import read_reviewed
from baksos_eval.intake.rt_data import RtData
from baksos_eval.intake.study_data import StudyData
from baksos_eval.intake.text import nearest
from baksos_eval.study.comparison import Arm
from baksos_eval.study.study import Study


class _Overview(NamedTuple):
    """What is worked out once for a set of responses: where each RT's rows are, and what concerns the whole study."""

    frame: pd.DataFrame
    rows: dict[str, np.ndarray]
    rts: tuple[str, ...]
    findings: tuple[Finding, ...]


_overviews: dict[tuple[int, str], _Overview] = {}


def list_rts(study: Study) -> tuple[str, ...]:
    """The study's declared RTs in their order, then the others found in its files, sorted; none where nobody is asked."""
    return _overview(study, read_reviewed(study)).rts


def prepare(study: Study, rt: str, arm: Arm | Literal[""] = "") -> RtData:
    """One RT's paired and scored answers.

    Args:
        study: whose files are read.
        rt: the RT, in any spelling of its name; empty: the study's first.
        arm: only the people of this group; empty: everybody.

    Raises:
        BaksosError: ``rt_unknown``; ``rt_cannot_be_analysed`` with every fatal finding about this RT or its files.
    """
    responses = read_reviewed(study)
    overview = _overview(study, responses)
    name = study.rt_name(rt) or next(iter(overview.rts), "")
    if name not in overview.rts:
        fatal = [finding for finding in overview.findings if finding.fatal]
        raise BaksosError("rt_unknown", findings=fatal, rt=name, similar=nearest([name], overview.rts), known=overview.rts[:20])
    data = _prepare(study, name, responses, overview, arm)
    fatal = [finding for finding in data.findings if finding.fatal]
    if fatal:
        raise BaksosError("rt_cannot_be_analysed", findings=fatal, rt=name, count=len(fatal))
    return data


def pair_and_score(study: Study, arm: Arm | Literal[""] = "") -> StudyData:
    """Everybody of the study, paired and scored in one pass that every RT's data come from; without what is checked about them."""
    return _everybody(study, read_reviewed(study), arm)


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
        rts = tuple(dict.fromkeys([*study.expected_rts, *sorted((fixed | set(rows)) - {""})])) if study.asks_people else ()
        findings = (*without_identities(responses.findings, study, responses), *quality.study_findings(study, responses.frame, rts))
        _overviews[key] = _Overview(responses.frame, rows, rts, findings)
    return _overviews[key]


def _prepare(study: Study, rt: str, responses: Responses, overview: _Overview, arm: Arm | Literal[""] = "") -> RtData:
    everybody = _everybody(study, responses, arm)
    data, pairing = everybody.of(rt)
    rows = everybody.rows(rt)
    general = [finding for finding in overview.findings if finding.rt in ("", rt)]
    lacking = [Finding(f"rt_without_{arm}", Severity.FATAL, 0, rt=rt)] if arm and len(overview.rows.get(rt, ())) > len(rows) == 0 else []
    faults = without_identities([*everybody.faults(rt), *impossible_ages(rows, study, rt)], study, responses)
    readable = not any(finding.fatal for finding in general)
    noticed = quality.findings(data, rows, pairing, study, tuple(overview.rows)) if readable and not lacking else ()
    alike = nearly_equal(responses, rows, pairing, rt)
    return replace(data, findings=(*general, *lacking, *pairing.findings, *alike, *faults, *noticed))


_people: dict[tuple[int, str, str], StudyData] = {}


def _everybody(study: Study, responses: Responses, arm: Arm | Literal[""]) -> StudyData:
    """Everybody paired and scored: once for the responses at hand, not once for each RT."""
    key = (id(responses.frame), study.model_dump_json(), arm)
    if key not in _people:
        if any(known[:2] != key[:2] for known in _people):
            _people.clear()
        _people[key] = StudyData(study, responses, arm)
    return _people[key]
