"""What can go wrong, as data: codes and details here, words in ``report/locale``.

A :class:`Finding` says something about the data (the run goes on unless it is fatal); a :class:`BaksosError`
says that a step cannot be done at all and carries *every* finding that made it impossible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs: ``FATAL`` stops the RT, ``WARNING`` is printed in the report, ``NOTE`` is listed."""

    FATAL = "fatal"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Where:
    """The place in a lecturer's file, counted as Excel counts (row 1 is the first line of the file)."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def __bool__(self) -> bool:
        return bool(self.file or self.sheet or self.row is not None or self.column)


@dataclass(frozen=True)
class Finding:
    """One observation about the data: a stable code, its weight, how often, where, and the values for its sentence.

    ``code`` names the template ``finding.<code>`` (what was found) and ``remedy.<code>`` (what to do) in both
    catalogues; ``details`` fills their placeholders. ``rt`` is empty when the finding concerns the whole study.
    """

    code: str
    severity: Severity
    count: int = 1
    where: tuple[Where, ...] = ()
    rt: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fatal(self) -> bool:
        return self.severity is Severity.FATAL


class BaksosError(Exception):
    """A step that cannot be done; ``code`` and ``details`` become a sentence in the user's language.

    Args:
        code: names the template ``error.<code>`` (and ``remedy.<code>``) in both catalogues.
        findings: everything that stood in the way, so that a user can mend it all at once.
        **details: the values for the template's placeholders.
    """

    def __init__(self, code: str, findings: Iterable[Finding] = (), **details: Any) -> None:
        self.code = code
        self.findings = tuple(findings)
        self.details = details
        super().__init__(f"{code} {details}" if details else code)
