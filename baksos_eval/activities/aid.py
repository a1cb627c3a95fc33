"""Aid given: who was reached, with what, how well it is proven, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from baksos_eval.activities.amounts import Quantity
from baksos_eval.activities.logs import ReadLog, read_log
from baksos_eval.errors import Where
from baksos_eval.study.activities import AidLog
from baksos_eval.study.study import Study


class AidRow(NamedTuple):
    """One handing over: to a household or to an institution, of one kind."""

    where: Where
    date: date | None
    rt: str
    household: str
    institution: str
    group: str
    kind: str
    quantity: Quantity
    unit: str
    value: float | None
    members: float | None
    way: str
    proof: str
    note: str


@dataclass(frozen=True)
class Aid:
    """The aid of a programme or of one RT."""

    rows: tuple[AidRow, ...]

    def of_rt(self, rt: str) -> Aid:
        """What was given in one RT."""
        return Aid(tuple(row for row in self.rows if row.rt == rt))


def read_aid(study: Study, log: AidLog) -> tuple[Aid | None, ReadLog[AidRow]]:
    """The aid of a study, and its log as it was read; no aid when the log cannot be read."""
    read = read_log(study, log, "aid", AidRow)
    return (None if read.fatal else Aid(read.rows)), read
