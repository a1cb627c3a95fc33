"""Small studies with logs of activities, written in code."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from baksos_eval.errors import Finding
from baksos_eval.study.study import Study, open_study
from tests.studies import study_of

RIGHT = ["B", "S", "B", "S"]


def study_with(folder: Path, logs: str, language: str = "id", rts: Sequence[str] = ("RT 04", "RT 05")) -> Study:
    """A study with a few respondents in each RT and these logs (TOML from ``[activities...]`` on)."""
    folder.mkdir(parents=True, exist_ok=True)
    waves = [[(rt, f"{rt[-2:]}xy{number:02d}", [level, level + 1, level, level, *RIGHT]) for rt in rts for number in range(6)] for level in (2, 3)]
    study_of(folder, *waves, language=language, more="rts = [" + ", ".join(f'"{rt}"' for rt in rts) + "]")
    path = folder / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + logs, encoding="utf-8")
    return open_study(folder)


def write_log(folder: Path, header: Sequence[str], rows: Iterable[Sequence[object]], name: str = "catatan.csv") -> str:
    """A CSV file with a header and rows; returns its name."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *rows])
    return name


def told(findings: Iterable[Finding], code: str) -> Finding:
    """The one finding with this code."""
    (found,) = [finding for finding in findings if finding.code == code]
    return found


def codes(findings: Iterable[Finding]) -> list[str]:
    return sorted({finding.code for finding in findings})
