"""What the guide about aid tells a lecturer to write does work, and what it says is read as it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from baksos_eval.activities.amounts import read_quantities, read_rupiah
from baksos_eval.cli import main
from baksos_eval.report.text import words
from tests.activities.small import study_with

GUIDE = (Path(__file__).parents[2] / "docs" / "BANTUAN.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_its_settings_are_accepted(tmp_path: Path):
    log = study_with(tmp_path, "\n" + block("toml")).activities.aid
    assert log.households["RT 04"] == 62 and log.eligible.kinds == ("sembako", "santunan") and log.budget[0].rupiah == 2_500_000


def test_its_command_writes_a_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(shlex.split(block("sh"))[1:])
    assert left.value.code == 0 and (tmp_path / "Catatan bantuan.xlsx").is_file()


def test_its_amounts_are_read_as_it_says():
    row = next(line for line in GUIDE.splitlines() if line.startswith("| `Rp150.000,00`"))
    texts, values = (part.strip() for part in row.strip("|").split("|"))
    assert [read_rupiah(text).value for text in re.findall(r"`([^`]+)`", texts)] == [float(value) for value in values.split(", ")]
    for line in ("| `1,250 jt`", "| `beberapa`"):
        named = re.findall(r"`([^`]+)`", next(row for row in GUIDE.splitlines() if row.startswith(line)).split("|")[1])
        assert all((read_rupiah(text).value if "jt" in line else read_quantities([text])[0].value) is None for text in named)


def test_it_names_every_measure_that_a_report_has():
    for key in ("aid_coverage", "aid_exclusion", "aid_inclusion"):
        assert words("id").text(f"table.column.{key}").lower() in GUIDE
