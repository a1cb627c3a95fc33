"""Reads back from an RT's ledger what a recap needs of it: exactly what its evaluation gives, to the last digit."""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple, TypeVar

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.evaluation.ledger import COLUMNS
from baksos_eval.evaluation.results import GroupUnit, Unit
from baksos_eval.evaluation.rt_summary import RtSummary, group_unit_of, scales_of, unit_of
from baksos_eval.evaluation.waves import WaveResult
from baksos_eval.intake.pairing import Flow
from baksos_eval.stats import waves
from baksos_eval.stats.paired import MeanChange, Verdict
from baksos_eval.stats.result import Reason
from baksos_eval.stats.unpaired import MeanDifference
from baksos_eval.study.instrument import Scale
from baksos_eval.study.study import Study

_HEADER = ",".join(COLUMNS) + "\n"
_MARKS = (",instrument,version,", ",analysis,confidence,", ",flow,", ",verdict,code,", ",mean_change,", ",welch,", ",waves")
"""What the rows of a recap hold; there are a thousand others, past which a search for these is ten times as quick as reading them."""

_METHODS = re.compile("instrument|analysis|flow|verdict|mean_change|welch|waves(_.*)?")

_VERDICTS = {*map(str, Verdict), "too_few"}
_REASONS = set(map(str, Reason))

Number = int | float
Leaf = TypeVar("Leaf", bound=NamedTuple)
_Measures = Mapping[str, tuple[Number, str]]


def rt_of_ledger(text: str) -> str | None:
    """The RT that a ledger is about: empty for a recap and other ledgers of a whole study, ``None`` where it is no ledger at all."""
    first = next(csv.reader(text[len(_HEADER):text.find("\n", len(_HEADER))].splitlines()), [])
    return first[1] if text.startswith(_HEADER) and len(first) == len(COLUMNS) else None


def read_rt_summary(text: str, study: Study, file: str = "") -> RtSummary:
    """What the recap needs of the RT whose ledger this is.

    Args:
        text: the ledger.
        study: whose it must be.
        file: its name, for saying what is wrong with it.

    Raises:
        BaksosError: ``ledgers_unusable`` with the finding ``rt_ledger_unreadable`` (no ledger, or cut off), ``rt_ledger_of_other_study``,
            ``rt_ledger_other_version`` (of a questionnaire), or ``rt_ledger_other_design`` (other scales, waves, groups or confidence than the study's).
    """
    rt = rt_of_ledger(text)
    found: defaultdict[tuple[str, str], dict[str, tuple[Number, str]]] = defaultdict(dict)
    arms: set[str] = set()
    try:
        if not rt or not text.endswith("\n"):
            raise ValueError
        for ledger_of, about, arm, scale, item, method, measure, value, note in csv.reader(_marked(text)):
            if item or not _METHODS.fullmatch(method):
                continue
            if ledger_of != study.id:
                raise refusal("rt_ledger_of_other_study", file, rt, found=ledger_of, expected=study.id)
            if about != rt:
                raise ValueError
            arms.add(arm)
            found[scale, method][measure] = (_number(value), note)
    except (ValueError, csv.Error):
        raise refusal("rt_ledger_unreadable", file) from None
    for instrument in study.questionnaires:
        _, version = found[instrument.id, "instrument"].get("version", (math.nan, ""))
        if version and version != instrument.version:
            raise refusal("rt_ledger_other_version", file, rt, instrument=instrument.label, found=version, expected=instrument.version)
    confidence, _ = found["", "analysis"].get("confidence", (math.nan, ""))
    if arms != {study.arm_of(rt)} or confidence != study.analysis.confidence:
        raise refusal("rt_ledger_other_design", file, rt)
    try:
        flow = Flow(rt, *(int(found["", "flow"][name][0]) for name in Flow._fields[1:]))
        scales = scales_of(study)
        units = tuple(_unit(rt, study, found, scale) for scale in scales)
        sds = () if study.is_anonymous else tuple(_leaf(MeanChange, found[name_of(scale), "mean_change"]).sd_change for scale in scales)
        later = tuple(_over_waves(study, found, scale) for scale in scales) if study.later_waves and not study.is_anonymous else ()
    except (LookupError, ValueError):
        raise refusal("rt_ledger_other_design", file, rt) from None
    return RtSummary(rt, study.arm_of(rt), flow, units, sds, later)  # type: ignore[arg-type]


def refusal(code: str, file: str, rt: str = "", **details: object) -> BaksosError:
    """The error of a ledger that cannot be used."""
    return BaksosError("ledgers_unusable", findings=[Finding(code, Severity.FATAL, where=(Where(file),), rt=rt, details=details)], count=1)


def name_of(scale: Scale) -> str:
    """``instrument.scale``: the scale's name in the ledger."""
    return f"{scale.instrument}.{scale.id}"


def _marked(text: str) -> list[str]:
    """The lines that hold one of the marks, in their order."""
    lines: dict[int, int] = {}
    for mark in _MARKS:
        at = text.find(mark)
        while at >= 0:
            end = text.find("\n", at)
            lines[text.rfind("\n", 0, at) + 1] = end
            at = text.find(mark, end)
    return [text[start:end] for start, end in sorted(lines.items())]


def _unit(rt: str, study: Study, found: Mapping[tuple[str, str], _Measures], scale: Scale) -> Unit | GroupUnit:
    name = name_of(scale)
    verdict = found[name, "verdict"]["code"][1]
    if verdict not in _VERDICTS:
        raise ValueError
    if study.is_anonymous:
        return group_unit_of(rt, _leaf(MeanDifference, found[name, "welch"]), verdict)
    return unit_of(rt, _leaf(MeanChange, found[name, "mean_change"]), verdict)


def _over_waves(study: Study, found: Mapping[tuple[str, str], _Measures], scale: Scale) -> WaveResult:
    name, names = name_of(scale), study.waves
    counts = found[name, "waves"]
    changes = []
    for first, second in combinations(range(len(names)), 2):
        told = found[name, f"waves_change_{names[first]}_{names[second]}"]
        p_holm, note = told["p_holm"]
        changes.append(waves.WavePair(first, second, _leaf(MeanChange, told), float(p_holm), note))
    return WaveResult(
        scale=scale,
        waves=names,
        answered=tuple(int(counts[f"n_{wave}"][0]) for wave in names),
        n=int(counts["n"][0]),
        means=tuple(_leaf(waves.WaveMean, found[name, f"waves_mean_{wave}"]) for wave in names),
        changes=tuple(changes),
        friedman=_leaf(waves.Friedman, found[name, "waves_friedman"]),
        repeated_measures=_leaf(waves.RepeatedMeasures, found[name, "waves_repeated_measures"]),
    )


def _leaf(kind: type[Leaf], found: _Measures) -> Leaf:
    """A result from its rows; its reason stands beside what is missing."""
    told = [found[name] for name in kind._fields[:-1]]
    missing = {note for value, note in told if value != value}
    if len(missing) > 1 or not missing <= _REASONS:
        raise ValueError
    return kind(*(value for value, _ in told), next(iter(missing), ""))


def _number(text: str) -> Number:
    """A value as it was written: a count, a number, or nothing."""
    if not text:
        return math.nan
    value = int(text) if text.removeprefix("-").isdecimal() else float(text)
    if not math.isfinite(value):
        raise ValueError
    return value
