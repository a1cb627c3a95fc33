"""What somebody decided about proposed pairs, read back from the review workbook and put into effect."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.intake.matching import Proposal, propose
from baksos_eval.intake.pairing import ACCEPTED
from baksos_eval.intake.responses import Responses, as_finding, read_responses
from baksos_eval.intake.text import fold, quote
from baksos_eval.intake.workbook import read_workbook
from baksos_eval.study.study import Study

FILE = "tinjau_pasangan.xlsx"
COLUMNS = ("number", "rt", "pseudonym", "id_before", "file_before", "row_before", "rt_after", "id_after", "file_after", "row_after",
           "kind", "strength", "similarity", "agreeing", "differing", "rivals", "decision", "token")
"""The columns of the workbook; a hidden row of it holds these names, so that it can be read in any language and order."""

ACCEPT, REFUSE = ("terima", "accept"), ("tolak", "refuse")
_TOKEN = re.compile(r"[0-9a-f]{24}")


class Decision(NamedTuple):
    """What somebody decided about one proposal: ``accept``, ``refuse``, ``""`` (not yet) or ``None`` (a word we do not know)."""

    token: str
    verdict: str | None
    said: str
    where: Where


def read_decisions(study: Study, file: str) -> tuple[Decision, ...]:
    """Every decision in the study's review workbook ``file``.

    Raises:
        BaksosError: ``review_not_a_review``, or why the workbook cannot be read.
    """
    path = study.folder / file
    if path.suffix.lower() != ".xlsx":
        raise BaksosError("review_not_a_review", file=file)
    places: dict[str, int] = {}
    decisions = []
    sheet = read_workbook(path, file, "")
    for number, cells in sheet.rows:
        if not places:
            if {"decision", "token"} <= set(cells):
                places = {name: cells.index(name) for name in ("decision", "token")}
            continue
        token = cells[places["token"]] if len(cells) > places["token"] else ""
        if _TOKEN.fullmatch(token):
            said = cells[places["decision"]].strip()
            folded = fold(said)
            verdict = "accept" if folded in ACCEPT else "refuse" if folded in REFUSE else None if folded else ""
            decisions.append(Decision(token, verdict, said, Where(file, "", number)))
    if not places:
        raise BaksosError("review_not_a_review", file=file)
    return tuple(decisions)


def read_reviewed(study: Study) -> Responses:
    """The study's responses with the accepted pairs under one id each; without a review workbook, as they are in the files.

    An accepted pair between two RTs counts in the RT of its questionnaire before. Decisions about questionnaires that
    say something else now, or that are paired already, have no effect and give a finding.
    """
    responses = read_responses(study)
    if not study.answers.review:
        return responses
    key = (id(responses), study.answers.review, _digest(study.folder / study.answers.review))
    if key not in _settled or _settled[key][0] is not responses:
        _settled.clear()
        _settled[key] = (responses, _settle(responses, study))
    return _settled[key][1]


_settled: dict[tuple[int, str, str], tuple[Responses, Responses]] = {}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return type(error).__name__


def _settle(responses: Responses, study: Study) -> Responses:
    file = study.answers.review
    if not (study.folder / file).is_file():
        return _with(responses, [Finding("review_missing", Severity.WARNING, where=(Where(file),), details={"file": file})])
    try:
        decisions = read_decisions(study, file)
    except BaksosError as error:
        return _with(responses, [as_finding(error, Where(file))])
    proposals = {proposal.token: proposal for proposal in propose(responses, study)}
    return _put_into_effect(responses, decisions, proposals, file)


def _put_into_effect(responses: Responses, decisions: Iterable[Decision], proposals: Mapping[str, Proposal], file: str) -> Responses:
    known = [(decision, proposals[decision.token]) for decision in decisions if decision.token in proposals]
    latest = {decision.token: (decision, proposal) for decision, proposal in known}.values()
    accepted = [(decision, proposal) for decision, proposal in latest if decision.verdict == "accept"]
    waves = responses.frame["wave"]
    ends = {proposal.token: ((proposal.before.label, waves[proposal.after.label]), (proposal.after.label, "")) for _, proposal in accepted}
    times = Counter(end for both in ends.values() for end in both)
    clashing = [(decision, proposal) for decision, proposal in accepted if max(times[end] for end in ends[proposal.token]) > 1]
    taken = [proposal for decision, proposal in accepted if (decision, proposal) not in clashing]
    findings = [finding for code, severity, chosen in (
        ("review_outdated", Severity.WARNING, [decision for decision in decisions if decision.token not in proposals and decision.verdict]),
        ("review_word_unknown", Severity.WARNING, [decision for decision, _ in latest if decision.verdict is None]),
        ("review_clashes", Severity.WARNING, [decision for decision, _ in clashing]),
        ("review_undecided", Severity.NOTE, [decision for decision, _ in latest if decision.verdict == ""]),
    ) if (finding := _about(code, severity, chosen, file))]
    findings += _accepted(taken)
    refused = frozenset((proposal.before.label, proposal.after.label) for decision, proposal in latest if decision.verdict == "refuse")
    return _with(replace(responses, frame=_joined(responses.frame, taken), refused=refused), findings)


def _about(code: str, severity: Severity, decisions: list[Decision], file: str) -> Finding | None:
    if not decisions:
        return None
    said = tuple(sorted({quote(decision.said) for decision in decisions if decision.verdict is None}))[:5]
    return Finding(code, severity, len(decisions), tuple(decision.where for decision in decisions[:MOST_PLACES]),
                   details={"file": file} | ({"found": said} if said else {}))


def _accepted(proposals: Iterable[Proposal]) -> list[Finding]:
    """How many accepted pairs each RT has; those between RTs apart."""
    of_rt: dict[tuple[str, str], list[Proposal]] = {}
    for proposal in proposals:
        code = "pairs_accepted" if proposal.before.rt == proposal.after.rt else "pairs_accepted_between_rts"
        of_rt.setdefault((code, proposal.before.rt), []).append(proposal)
    return [Finding(code, Severity.NOTE, len(found), tuple(side.where for proposal in found for side in (proposal.before, proposal.after))[:MOST_PLACES], rt,
                    {} if code == "pairs_accepted" else {"others": tuple(sorted({proposal.after.rt for proposal in found}))})
            for (code, rt), found in of_rt.items()]


def _joined(frame: pd.DataFrame, proposals: Iterable[Proposal]) -> pd.DataFrame:
    """The rows with the accepted questionnaires under the id (and in the RT) of those before; their people's other questionnaires go with them."""
    joined = frame.copy()
    for proposal in sorted(proposals, key=lambda proposal: frame["wave"].cat.codes[proposal.after.label]):
        before, after = ((joined.at[side.label, "rt"], joined.at[side.label, "person"]) for side in (proposal.before, proposal.after))
        key = before[1] if before[1].endswith(ACCEPTED) else before[1] + ACCEPTED
        moving = [_rows_of(joined, *side) for side in (before, after)]
        for rows in moving:
            joined.loc[rows, "person"] = key
            joined.loc[rows, "rt"] = before[0]
    return joined


def _rows_of(frame: pd.DataFrame, rt: str, person: str) -> np.ndarray:
    return ((frame["rt"] == rt) & (frame["person"] == person)).to_numpy()


def _with(responses: Responses, findings: Iterable[Finding]) -> Responses:
    return replace(responses, findings=(*responses.findings, *findings))
