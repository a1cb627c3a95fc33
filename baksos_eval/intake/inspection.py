"""What the files of a study hold, before anything is analysed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from baksos_eval.errors import Finding, Severity
from baksos_eval.intake.mapping import TableMapping
from baksos_eval.intake.pairing import Flow, LaterFlow
from baksos_eval.intake.responses import Spelling
from baksos_eval.study.study import Study, Wave


class TableRead(NamedTuple):
    """A table that could be read: how many RTs it names, and how many questionnaires it holds in each wave."""

    file: str
    sheet: str
    rts: int
    questionnaires: Mapping[Wave, int]


@dataclass(frozen=True)
class Inspection:
    """The result of looking through a study's files.

    Attributes:
        tables: the tables that could be read, in the study's order.
        spellings: how each table names its RTs, and what was understood.
        flows: where the questionnaires of every RT went, also of those that cannot be analysed yet.
        answer_findings: everything that was noticed about the answers, with places and remedies.
        expert_findings: likewise about the experts' tables, which hold up no RT.
        mappings: how the columns of each table were understood.
        later: per RT, where the questionnaires of the waves after the main comparison went.
    """

    study: Study
    tables: tuple[TableRead, ...]
    spellings: tuple[Spelling, ...]
    flows: tuple[Flow, ...]
    answer_findings: tuple[Finding, ...]
    expert_findings: tuple[Finding, ...] = ()
    mappings: tuple[TableMapping, ...] = ()
    later: Mapping[str, tuple[LaterFlow, ...]] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding."""
        return self.answer_findings + self.expert_findings

    @property
    def rts(self) -> tuple[str, ...]:
        """Every RT that the study declares or its files name."""
        return tuple(flow.rt for flow in self.flows)

    @property
    def blocked(self) -> tuple[str, ...]:
        """The RTs that cannot be analysed until something is mended; all of them, where the study as a whole is at fault."""
        fatal = {finding.rt for finding in self.answer_findings if finding.fatal}
        return self.rts if "" in fatal else tuple(rt for rt in self.rts if rt in fatal)

    def weighing(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of this weight."""
        return tuple(finding for finding in self.findings if finding.severity is severity)


def tables_in(frame: pd.DataFrame, waves: Sequence[Wave]) -> tuple[TableRead, ...]:
    """The tables that the rows of :attr:`Responses.frame` come from, in their order."""
    found = []
    for (file, sheet), rows in frame.groupby(["file", "sheet"], observed=True, sort=False):
        counts = rows["wave"].value_counts()
        found.append(TableRead(str(file), str(sheet), int(rows["rt"].nunique()), {wave: int(counts.get(wave, 0)) for wave in waves}))
    return tuple(found)
