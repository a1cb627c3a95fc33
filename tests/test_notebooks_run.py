"""The notebooks for planning and for learning run, in both languages, and what they show can become a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baksos_eval.report.content import Figure, Table, Text, Title
from baksos_eval.report.inline import references

ROOT = Path(__file__).parents[1]
both = pytest.mark.parametrize("folder", ["", "en"])


def run(name: str, folder: str, given: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> list:
    import IPython.display

    shown: list = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    names: dict[str, object] = {}
    for cell in json.loads((ROOT / "notebooks" / folder / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", []):
                assert set(given) <= set(names), "a parameter is given that the notebook does not know"
                names |= given
    return shown


def fit_for_a_report(shown: list, language: str) -> None:
    """A title first, every label once, and no mention of a table or figure that is not there."""
    assert isinstance(shown[0], Title) and shown[0].language == language
    labels = [content.label for content in shown if isinstance(content, Table | Figure)]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []
    assert {label for content in shown if isinstance(content, Text) for label in references(content.markdown)} - set(labels) == set()


@both
def test_the_plan_runs_without_answers(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "study.toml").write_text((ROOT / "data" / "contoh" / "study.toml").read_text(encoding="utf-8"), encoding="utf-8")
    given = {"study_folder": tmp_path.as_posix(), "language": folder or "id", "instrument": "ketahanan_sosial", "standard_deviation": 0.5, "people_per_rt": 15}
    shown = run("08_rencana_sampel", folder, given, monkeypatch)
    fit_for_a_report(shown, folder or "id")
    assert sum(isinstance(content, Table) for content in shown) == 5
    assert "34" in next(content for content in shown if isinstance(content, Text)).markdown, "0.25 points of an SD of 0.5 at r = 0.5 is d = 0.5: 34 pairs"


@both
def test_the_lesson_runs_and_everything_in_it_is_said(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shown = run("09_belajar", folder, {"study_folder": (tmp_path / "latihan").as_posix(), "language": folder or "id"}, monkeypatch)
    fit_for_a_report(shown, folder or "id")
    planted = next(content for content in shown if isinstance(content, Table) and content.label == "tbl-planted")
    assert len(planted.rows) == 13
    assert {"tbl-change-rt-01", "tbl-change-rt-02", "tbl-change-rt-03", "tbl-attrition-rt-02", "tbl-sensitivity-rt-03"} <= {content.label for content in shown if isinstance(content, Table)}
    assert (tmp_path / "latihan" / "jawaban.csv").is_file()
