"""What the tests of the statistics share: values computed by R, and the convention every result keeps."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from baksos_eval.stats.result import Reason, missing_fields

ORACLE = Path(__file__).parents[1] / "oracle"


def cases(module: str, *kinds: str) -> list[Any]:
    """The cases of ``oracle/<module>.json`` as parameters, named as there; of these kinds only, if any are given."""
    found = json.loads((ORACLE / f"{module}.json").read_text(encoding="utf-8"))["cases"]
    chosen = [pytest.param(case, id=name) for name, case in found.items() if not kinds or case["kind"] in kinds]
    assert chosen, f"{module}.json has no case of {kinds}"
    return chosen


def case(module: str, name: str) -> dict[str, Any]:
    """One case of ``oracle/<module>.json``."""
    return json.loads((ORACLE / f"{module}.json").read_text(encoding="utf-8"))["cases"][name]


def close(expected: Any, tolerance: float = 1e-8) -> Any:
    """Equal to R's value within the tolerance, relative or absolute."""
    return pytest.approx(expected, rel=tolerance, abs=tolerance)


def assert_agrees(result: Any, expected: dict[str, Any], tolerance: float = 1e-8, **renamed: str) -> None:
    """Every number of ``expected`` that the result has a field for; at least two, lest nothing be compared.

    Args:
        renamed: field of the result = key in ``expected``, where they differ.
    """
    keys = {field: field for field in result._fields if field in expected} | renamed
    assert len(keys) >= 2
    for field, key in keys.items():
        assert getattr(result, field) == close(expected[key], tolerance), field


def assert_convention(result: Any) -> None:
    """Plain numbers; nan only with a reason; no reason without nan."""
    assert result._fields[-1] == "note"
    for name, value in result._asdict().items():
        if name == "note":
            assert value == "" or value in set(Reason)
        else:
            assert type(value) in (int, float), f"{name} is {type(value)}"
            assert not (isinstance(value, float) and math.isinf(value)), f"{name} is infinite"
    assert bool(missing_fields(result)) == bool(result.note), result


def rows_of(pattern_counts: dict[str, int]) -> list[list[int]]:
    """Answers from counts of answer patterns such as ``{"0110": 3}``."""
    return [[int(answer) for answer in pattern] for pattern, count in pattern_counts.items() for _ in range(count)]


def with_gaps(values: Iterable[float | None]) -> list[float]:
    """The values with ``nan`` for ``None``."""
    return [math.nan if value is None else float(value) for value in values]
