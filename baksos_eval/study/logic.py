"""What a programme set out to answer and how it was to work: problem statements and the steps of its logic model (`[[problems]]` and `[[logic]]`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from baksos_eval.study.activities import Kind
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.toml import Model, Words

Level = Literal["input", "activity", "output", "outcome"]
LEVELS: tuple[Level, ...] = ("input", "activity", "output", "outcome")


class Problem(Model):
    """One problem statement (rumusan masalah), and what bears on it.

    Attributes:
        question: the problem as the report asks it.
        scales: instruments, or single dimensions of them (``"ketahanan_sosial.adaptasi"``), whose change bears on it.
        activities: the kinds of logs that bear on it.
    """

    question: Words
    scales: tuple[str, ...] = ()
    activities: tuple[Kind, ...] = ()

    @model_validator(mode="after")
    def _rests_on_something(self) -> Problem:
        if not self.scales and not self.activities:
            raise PydanticCustomError("study", "problem", {"code": "problem_without_evidence"})
        return self


class Step(Model):
    """One step of the logic model in the study's own words; what the data themselves tell stands beside it.

    Attributes:
        level: what was put in, what was done, what came of it at once, or what changed.
        text: the step.
    """

    level: Level
    text: Words


def unknown_evidence(problems: Sequence[Problem], instruments: Iterable[Instrument], declared: Mapping[Kind, object]) -> list[dict[str, object]]:
    """What problems rest on that the study does not have: one fault each."""
    known = [name for instrument in instruments for name in (instrument.id, *(f"{instrument.id}.{scale.id}" for scale in instrument.scales))]
    faults: list[dict[str, object]] = [{"code": "problem_scale_unknown", "found": scale, "known": tuple(known), "number": number}
                                       for number, problem in enumerate(problems, start=1) for scale in problem.scales if scale not in known]
    return faults + [{"code": "problem_log_unknown", "found": kind, "number": number}
                     for number, problem in enumerate(problems, start=1) for kind in problem.activities if kind not in declared]
