"""Damaged files give a table or a named refusal; the damage follows from its number."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baksos_eval.errors import BaksosError
from baksos_eval.intake.files import read_table

sys.path.insert(0, str(Path(__file__).parents[2]))

from tools import fuzz_readers


@pytest.mark.parametrize("name", ["csv", "xlsx"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 10**6))
def test_damaged_files_are_read_or_refused(tmp_path: Path, name: str, number: int):
    path = tmp_path / f"a.{name}"
    path.write_bytes(fuzz_readers.mutant(name, 1, number))
    try:
        table = read_table(path, path.name, expected=fuzz_readers.HEADERS)
    except BaksosError as error:
        assert error.details["file"] == path.name
    else:
        assert len(table.rows) == len(table.frame) and len(table.columns) == table.frame.shape[1]


@given(text=st.text(alphabet=st.sampled_from('ab1;,\t|"\n\r\ufeff\x00é=' ), max_size=60))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_or_refused(tmp_path: Path, text: str):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("utf-8"))
    try:
        table = read_table(path, "a.csv")
    except BaksosError as error:
        assert error.details["file"] == "a.csv"
    else:
        assert set(table.frame.shape) >= {len(table.columns)}


def test_the_same_number_gives_the_same_damage():
    assert fuzz_readers.mutant("xlsx", 1, 7) == fuzz_readers.mutant("xlsx", 1, 7) != fuzz_readers.mutant("xlsx", 1, 8)
    assert set(fuzz_readers.SEEDS.values()) <= {path.name for path in (fuzz_readers.ROOT / "tests" / "corpus" / "files").iterdir()}


def test_a_worker_that_dies_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    script = tmp_path / "worker.py"
    script.write_text("import json\nprint(json.dumps({'begins': 3}), flush=True)\nraise SystemExit(7)\n", encoding="utf-8")
    monkeypatch.setattr(fuzz_readers, "__file__", str(script))
    tally = fuzz_readers.watch("csv", 1, 0.01, tmp_path / "keep")
    assert tally.outcomes == {"died": 1} and tally.faults == ["csv 3: died"] and (tmp_path / "keep" / "3.csv").is_file()
