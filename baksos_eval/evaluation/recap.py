"""The recap of a study, its RTs read from their ledgers where there are such, else evaluated from their answers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from baksos_eval.errors import BaksosError, Finding, Severity
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.results import Missing, Summary
from baksos_eval.evaluation.rt_ledger import read_rt_summary, refusal, rt_of_ledger
from baksos_eval.evaluation.rt_summary import RtSummary, rt_summary
from baksos_eval.evaluation.summarise import summarise
from baksos_eval.intake.intake import list_rts
from baksos_eval.study.rt import SUPERSEDED
from baksos_eval.study.study import Study, from_here_upwards

LIST = "ledgers.json"
"""The file in which a run says which ledgers are up to date."""


class ListedLedger(NamedTuple):
    """An RT of a run with its ledger and what SHA-256 that must have; an empty ``file`` where there is none to be used."""

    rt: str
    file: str = ""
    digest: str = ""


def summarise_study(study: Study, ledgers_folder: str = "") -> Summary:
    """The recap of a study; the same to the last byte whether an RT comes from its ledger or from its answers.

    Args:
        study: whose RTs they are.
        ledgers_folder: empty: every RT is evaluated from its answers. A folder in which a run left its list: the listed ledgers are read
            where they are as they were written, and the other RTs evaluated. Any other folder: the RTs are those whose ledgers lie
            in it or below it; answers are not looked at, so that a comparison and doses are left out and said to be.

    Raises:
        BaksosError: ``ledgers_none``, ``ledgers_unusable`` with everything that is wrong with any of them, or what reading the answers raises.
    """
    folder = from_here_upwards(ledgers_folder) if ledgers_folder else None
    if folder is not None and not (folder / LIST).is_file():
        rts, missing = read_ledgers(study, folder)
        return summarise(study, rts, missing, evaluate_programme(study, rts, answers=False))
    rts, missing = _split(_listed(study, one) for one in (read_list(folder / LIST) if folder else map(ListedLedger, list_rts(study))))
    return summarise(study, rts, missing, evaluate_programme(study, rts))


def read_ledgers(study: Study, folder: Path) -> tuple[tuple[RtSummary, ...], tuple[Missing, ...]]:
    """The RTs whose ledgers lie in a folder or below it, in the study's order, and those that it names and that are not among them.

    Raises:
        BaksosError: ``ledgers_none``, or ``ledgers_unusable`` with a finding for each ledger that is not of this study, not whole, or
            of an RT that another ledger is of as well.
    """
    told: dict[str, tuple[RtSummary, str]] = {}
    faults: list[Finding] = []
    for path in ledgers_below(folder):
        name = path.relative_to(folder).as_posix()
        try:
            one = read_rt_summary(_text(path.read_bytes(), name), study, name)
            _, first = told.setdefault(one.rt, (one, name))
            if first != name:
                raise refusal("rt_ledger_twice", first, one.rt, first=first, second=name)
        except BaksosError as error:
            faults += error.findings
        except OSError:
            faults += refusal("rt_ledger_unreadable", name).findings
    if faults:
        raise BaksosError("ledgers_unusable", findings=faults, count=len(faults))
    if not told:
        raise BaksosError("ledgers_none", folder=folder.name)
    order = tuple(dict.fromkeys([*study.expected_rts, *sorted(told)]))
    missing = (Missing(rt, "rt_without_ledger", (Finding("rt_without_ledger", Severity.FATAL, rt=rt),)) for rt in order if rt not in told)
    return tuple(told[rt][0] for rt in order if rt in told), tuple(missing)


def ledgers_below(folder: Path) -> Iterator[Path]:
    """Every ledger of an RT in a folder or below it, and whatever is called ``hasil`` and is none; superseded ones (``lama``) aside."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != SUPERSEDED and not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower() == ".csv" and not name.startswith(".") and _is_of_an_rt(path):
                yield path


def _is_of_an_rt(path: Path) -> bool:
    """Whether this is the ledger of an RT by its first lines, or is called like one and is not the ledger of a whole study."""
    try:
        with path.open("rb") as file:
            rt = rt_of_ledger(file.read(2000).decode("utf-8", errors="replace"))
    except OSError:
        rt = None
    return path.name.startswith("hasil") if rt is None else bool(rt)


def write_list(path: Path, listed: Iterable[ListedLedger]) -> None:
    """Writes the list that :func:`summarise_study` reads."""
    path.write_text(json.dumps([list(one) for one in listed], ensure_ascii=False), encoding="utf-8")


def read_list(path: Path) -> Iterator[ListedLedger]:
    """The RTs of a run, as it listed them."""
    return (ListedLedger(*entry) for entry in json.loads(path.read_text(encoding="utf-8")))


def _listed(study: Study, one: ListedLedger) -> RtSummary | Missing:
    """The RT from its ledger, if that is still what the run wrote, else from its answers."""
    if one.file:
        try:
            content = Path(one.file).read_bytes()
            if hashlib.sha256(content).hexdigest() == one.digest:
                found = read_rt_summary(_text(content), study)
                if found.rt == one.rt:
                    return found
        except (OSError, BaksosError):
            pass        # whatever is wrong with it, the answers are at hand
    return _evaluated(study, one.rt)


def _evaluated(study: Study, rt: str) -> RtSummary | Missing:
    """The RT from its answers, or why it could not be analysed."""
    try:
        return rt_summary(evaluate(study, rt, whole=False))
    except BaksosError as error:
        return Missing(rt, error.code, error.findings)


def _split(found: Iterable[RtSummary | Missing]) -> tuple[tuple[RtSummary, ...], tuple[Missing, ...]]:
    told = list(found)
    return tuple(one for one in told if isinstance(one, RtSummary)), tuple(one for one in told if isinstance(one, Missing))


def _text(content: bytes, name: str = "") -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise refusal("rt_ledger_unreadable", name) from None
