"""One RT's data as the rest of the toolkit sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from baksos_eval.errors import Finding
from baksos_eval.intake.pairing import Flow, LaterFlow
from baksos_eval.study.study import Wave


@dataclass(frozen=True)
class RtData:
    """One RT's answers, scored, without a trace of who gave them.

    Every frame is indexed by person number 0..N-1, the same people in every wave; somebody absent in a wave has a row
    of missing values there. Person numbers follow the sorted ids, so the order of rows in the files changes nothing.
    In an anonymous study everybody is in one wave only.

    Attributes:
        rt: the RT's name.
        flow: where every questionnaire went.
        codes: option codes per wave and instrument, one column per item.
        items: item scores, likewise.
        scores: scale scores, one column per scale.
        profile: what the study describes people by; from pre, or from post where pre is blank.
        arms: the group of each person: ``programme``, ``comparison``, or empty where there is none or it is not known.
        doses: how much of each activity a person took part in; from post, or from pre where post is blank.
        findings: everything that was noticed about this RT and its files.
        later: where the questionnaires of the waves after the main comparison went.
        present: per person and wave, whether there is a questionnaire of theirs.
        choices: per wave and question with several answers, a column per option: 1 chosen, 0 not chosen, nan no answer.
    """

    rt: str
    flow: Flow
    codes: Mapping[Wave, Mapping[str, pd.DataFrame]]
    items: Mapping[Wave, Mapping[str, pd.DataFrame]]
    scores: Mapping[Wave, Mapping[str, pd.DataFrame]]
    profile: pd.DataFrame
    findings: tuple[Finding, ...]
    arms: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))
    doses: pd.DataFrame = field(default_factory=pd.DataFrame)
    later: tuple[LaterFlow, ...] = ()
    present: pd.DataFrame = field(default_factory=pd.DataFrame)
    choices: Mapping[Wave, Mapping[str, pd.DataFrame]] = field(default_factory=dict)
