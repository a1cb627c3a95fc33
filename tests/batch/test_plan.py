from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.batch.plan import folders_of, plan
from baksos_eval.errors import BaksosError
from baksos_eval.study.study import open_study
from tests.batch.small import cell, write_notebook, write_notebooks, write_study


def test_every_rt_and_the_recap(study_folder: Path, tmp_path: Path) -> None:
    made = plan(open_study(study_folder), study_folder, tmp_path / "reports")
    assert [(task.kind, task.rt, task.folder) for task in made.tasks] == [("rt", "RT 01", "rt-01"), ("rt", "RT 02", "rt-02"), ("recap", "", "rekap")]
    assert made.reports == tmp_path / "reports" / "uji"
    assert made.tasks[0].files == ("evaluasi.ipynb", "evaluasi.docx", "evaluasi.pdf", "evaluasi.html", "hasil.csv", "temuan.csv")
    assert made.tasks[-1].files == ("rekap.ipynb", "rekap.docx", "rekap.pdf", "rekap.html", "hasil.csv")


def test_the_language_chooses_the_notebooks(study_folder: Path, tmp_path: Path) -> None:
    indonesian, english = (plan(open_study(study_folder, language), study_folder, tmp_path).templates[0] for language in ("id", "en"))
    assert indonesian.parent / "en" / indonesian.name == english


def test_named_rts_alone_in_the_formats_asked_for(study_folder: Path, tmp_path: Path) -> None:
    made = plan(open_study(study_folder), study_folder, tmp_path, ["rt.2", "002"], ["html", "docx"])
    assert [(task.rt, task.formats) for task in made.tasks] == [("RT 02", ("docx", "html"))]
    assert made.rts == ("RT 01", "RT 02")


def test_an_unknown_rt_is_refused_with_the_closest_names(study_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BaksosError) as refused:
        plan(open_study(study_folder), study_folder, tmp_path, ["RT 11"])
    assert refused.value.code == "rt_unknown"
    assert refused.value.details["known"] == ("RT 01", "RT 02") and "RT 01" in refused.value.details["similar"]


def test_an_unknown_format_is_refused(study_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BaksosError, match="format_unknown"):
        plan(open_study(study_folder), study_folder, tmp_path, formats=["doc"])


def test_two_rts_never_share_a_folder(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "uji", ("Dusun Mekar", "Dusun-Mekar"))
    with pytest.raises(BaksosError) as refused:
        plan(open_study(folder), folder, tmp_path)
    assert (refused.value.code, refused.value.details["folder"]) == ("rt_folders_collide", "dusun-mekar")
    assert folders_of(["Rekap", "CON", "../x"]) == {"Rekap": "rekap-rt", "CON": "con-rt", "../x": "x"}


def test_an_unfit_notebook_stops_the_plan(study_folder: Path, tmp_path: Path) -> None:
    notebooks = write_notebooks(tmp_path / "n")
    write_notebook(notebooks / "03_rekap_program.ipynb", cell("1"))
    with pytest.raises(BaksosError, match="template_parameters_cell"):
        plan(open_study(study_folder), study_folder, tmp_path, notebooks=notebooks)
