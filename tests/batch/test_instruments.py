"""The test of the instruments is one more task, made when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baksos_eval.batch.plan import plan
from baksos_eval.batch.run import run
from baksos_eval.cli import main
from baksos_eval.errors import BaksosError
from baksos_eval.study.rt import folder_name
from baksos_eval.study.study import open_study
from tests.batch.ready import ready
from tests.batch.small import write_notebooks


def test_it_is_planned_when_asked_for(study_folder: Path, tmp_path: Path) -> None:
    study = open_study(study_folder)
    made = plan(study, study_folder, tmp_path, instruments=True)
    assert [(task.kind, task.folder) for task in made.tasks] == [("rt", "rt-01"), ("rt", "rt-02"), ("recap", "rekap"), ("instruments", "instrumen")]
    assert made.tasks[-1].files == ("instrumen.ipynb", "instrumen.docx", "instrumen.pdf", "instrumen.html", "hasil.csv")
    assert made.tasks[-1].template.name == "04_uji_instrumen.ipynb"
    assert [task.folder for task in plan(study, study_folder, tmp_path, ["RT 02"], instruments=True).tasks] == ["rt-02", "instrumen"]


def test_asking_for_it_makes_no_other_report_stale(study_folder: Path, tmp_path: Path) -> None:
    study = open_study(study_folder)
    assert plan(study, study_folder, tmp_path).templates == plan(study, study_folder, tmp_path, instruments=True).templates


def test_own_notebooks_may_do_without_it_until_it_is_asked_for(study_folder: Path, tmp_path: Path) -> None:
    study, notebooks = open_study(study_folder), write_notebooks(tmp_path / "n")
    assert len(plan(study, study_folder, tmp_path, notebooks=notebooks).templates) == 2
    with pytest.raises(BaksosError, match="template_not_a_notebook"):
        plan(study, study_folder, tmp_path, notebooks=notebooks, instruments=True)


def test_no_rt_takes_its_folder() -> None:
    assert folder_name("Instrumen") == "instrumen-rt"


def test_the_command_makes_it_and_the_index_leads_there(study_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["run", str(study_folder), "--rt", "RT 01", "--instruments", "--format", "ipynb,html", "--jobs", "1", "--out", str(tmp_path / "r")])
    said = capsys.readouterr().out
    assert left.value.code == 0, said
    folder = tmp_path / "r" / "uji" / "instrumen"
    assert {path.name for path in folder.iterdir()} == {"instrumen.ipynb", "instrumen.html", "hasil.csv"}
    assert "Uji instrumen: " in said and "0 pasangan" not in said
    page = (tmp_path / "r" / "uji" / "index.html").read_text(encoding="utf-8")
    assert "instrumen/instrumen.html" in page and "Uji instrumen" in page
    entry = json.loads((tmp_path / "r" / "uji" / "manifest.json").read_text(encoding="utf-8"))["reports"]["instrumen"]
    assert (entry["status"], entry["pairs"], entry["verdicts"]) == ("done", None, {})
    again = plan(open_study(study_folder), study_folder, tmp_path / "r", ["RT 01"], ["ipynb"])
    run(again, ready())
    page = (tmp_path / "r" / "uji" / "index.html").read_text(encoding="utf-8")
    assert "instrumen/instrumen.html" in page and 'class="gone"' not in page and 'class="stale"' not in page
