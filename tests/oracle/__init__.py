"""Expected values computed by other software, with what computed them: one script and one JSON file per subject.

``Rscript <name>.R > <name>.json`` makes a file again. A case has a kind, what goes in, and what must come out.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

FOLDER = Path(__file__).parent


class Case(NamedTuple):
    """One worked example: ``given`` goes in, ``expected`` must come out."""

    name: str
    kind: str
    given: dict[str, Any]
    expected: Any


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every file, in the order of the files."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        for name, case in json.loads(path.read_text(encoding="utf-8"))["cases"].items():
            given = {key: value for key, value in case.items() if key not in ("kind", "expected")}
            found.append(Case(f"{path.stem}-{name}", case["kind"], given, case.get("expected")))
    return tuple(found)


def cases(kind: str) -> list[Any]:
    """The cases of one kind, ready for ``pytest.mark.parametrize``; a kind without cases is an error."""
    found = [pytest.param(case, id=case.name) for case in all_cases() if case.kind == kind]
    if not found:
        raise LookupError(f"no oracle case of kind {kind}")
    return found


def the(name: str) -> Case:
    """The case with this name, without the name of its file."""
    (case,) = (case for case in all_cases() if case.name.split("-", 1)[1] == name)
    return case


def agrees(expected: Any) -> Any:
    """What equals the expected number (or numbers) to eight significant digits."""
    return pytest.approx(expected, rel=1e-8, abs=1e-12)
