"""``baksos recap``: the recap of RTs whose results were handed in, without anybody's answers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from baksos_eval.cli import main
from baksos_eval.evaluation import ledger
from baksos_eval.evaluation.rt_summary import rt_summary
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.study.study import Study, open_study
from tests.evaluation.test_programme import PERSONS
from tests.studies import grouped_study, invented_persons

RTS = ("RT 01", "RT 02", "RT 03")


class Programme(NamedTuple):
    """What a lecturer has: a study without answers, and a folder of what was handed in; and what it was made from."""

    study: Path
    handed_in: Path
    whole: Study


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    root = tmp_path_factory.mktemp("recap")
    whole = grouped_study(root / "whole", invented_persons([(rt, arm, 7) for rt in RTS for arm in "EC"]), 'rts = ["RT 01", "RT 02", "RT 03", "RT 04"]\n' + PERSONS)
    study = root / "LPPM é" / "data"
    study.mkdir(parents=True)
    for file in whole.folder.glob("*.toml"):
        shutil.copy(file, study)
    handed_in = root / "LPPM é" / "dari mahasiswa"
    for evaluation in evaluate_all(whole)[0]:
        folder = handed_in / f"Kelompok {evaluation.rt}"
        folder.mkdir(parents=True)
        ledger.write(evaluation.to_frame(), folder / "hasil.csv")
        (folder / "temuan.csv").write_text("rt;kode\n", encoding="utf-8")
    return Programme(study, handed_in, whole)


@pytest.fixture
def copy(programme: Programme, tmp_path: Path) -> Programme:
    """The same, to spoil."""
    shutil.copytree(programme.study, tmp_path / "data")
    shutil.copytree(programme.handed_in, tmp_path / "serahan")
    return Programme(tmp_path / "data", tmp_path / "serahan", programme.whole)


@pytest.fixture
def baksos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return call


def test_a_recap_needs_nobodys_answers(programme: Programme, baksos, tmp_path: Path):
    code, said, wrong = baksos("recap", programme.study, "--from", programme.handed_in, "--format", "ipynb,html", "--out", programme.study.parent / "laporan")
    assert (code, wrong) == (0, ""), said
    assert "3 hasil RT dibaca." in said and "Belum menyerahkan hasil: RT 04." in said
    reports = programme.study.parent / "laporan" / "rekap-uji"
    assert {path.name for path in (reports / "rekap").iterdir()} == {"rekap.ipynb", "rekap.html", "hasil.csv", "per_rt.xlsx"}

    summary = summarise(open_study(programme.study), map(rt_summary, evaluate_all(programme.whole)[0]))
    ledger.write(summary.to_frame(), tmp_path / "expected.csv")
    made, expected = (path.read_text(encoding="utf-8").splitlines() for path in (reports / "rekap" / "hasil.csv", tmp_path / "expected.csv"))
    apart = [line for line in made if ",mixed_model," not in line and not line.startswith("uji,RT 04,")]
    assert apart == expected and "uji,RT 04,programme,,,analysis,done,0,rt_without_ledger" in made
    assert any(",mixed_model,estimate," in line for line in made)

    text = re.sub(r"<[^>]+>", "", (reports / "rekap" / "rekap.html").read_text(encoding="utf-8"))
    assert "Perbandingan itu memerlukan jawaban setiap orang" in text and "Kaitan antara keikutsertaan" in text
    assert "Yang tercantum hanya penerima program." in text and "disajikan tersendiri" not in text
    assert "Hasil RT ini (hasil.csv) belum diserahkan." in text
    notebook = json.loads((reports / "rekap" / "rekap.ipynb").read_text(encoding="utf-8"))
    parameters = next(cell for cell in notebook["cells"] if "injected-parameters" in cell["metadata"].get("tags", []))
    given: dict[str, str] = {}
    exec("".join(parameters["source"]), given)
    assert (reports / "rekap" / given["ledgers_folder"]).resolve() == programme.handed_in.resolve()
    assert str(programme.study.parents[1]) not in json.dumps(notebook)
    assert set(json.loads((reports / "manifest.json").read_text(encoding="utf-8"))["ledgers"]) == {f"Kelompok {rt}/hasil.csv" for rt in RTS}

    before = {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()}
    assert baksos("recap", programme.study, "--from", programme.handed_in, "--format", "ipynb,html", "--out", programme.study.parent / "laporan")[0] == 0
    assert {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()} == before


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_made(copy: Programme, baksos, tmp_path: Path):
    one, two, three = (copy.handed_in / f"Kelompok {rt}" / "hasil.csv" for rt in RTS)
    one.write_text(one.read_text(encoding="utf-8").replace("\nuji,", "\nlain,"), encoding="utf-8")
    two.write_text(two.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    (copy.handed_in / "lagi").mkdir()
    shutil.copy(three, copy.handed_in / "lagi" / "hasil (1).csv")
    code, said, wrong = baksos("recap", copy.study, "--from", copy.handed_in, "--language", "en")
    assert (code, said) == (2, "") and "Results of RTs that cannot be used: 3." in wrong
    for words in ("Kelompok RT 01/hasil.csv", 'belong to the study "lain", not to "uji"', "Kelompok RT 02/hasil.csv", "not a whole hasil.csv",
                  "There are two results for this RT: Kelompok RT 03/hasil.csv and lagi/hasil (1).csv."):
        assert words in wrong, words
    assert not (tmp_path / "reports").exists()


def test_superseded_results_and_those_of_whole_studies_are_left_alone(copy: Programme, baksos, tmp_path: Path):
    old = copy.handed_in / "lama" / "rt-01"
    old.mkdir(parents=True)
    shutil.copy(copy.handed_in / "Kelompok RT 01" / "hasil.csv", old)
    ledger.write(summarise(copy.whole, evaluate_all(copy.whole)[0]).to_frame(), copy.handed_in / "hasil.csv")
    code, said, wrong = baksos("recap", copy.study, "--from", copy.handed_in, "--format", "ipynb")
    assert (code, wrong) == (0, "") and "3 hasil RT dibaca." in said


def test_a_folder_without_results_and_one_that_is_not_there(copy: Programme, baksos, tmp_path: Path):
    code, _, wrong = baksos("recap", copy.study, "--from", copy.study)
    assert code == 2 and wrong.startswith('Di folder "data" tidak ada hasil.csv')
    code, _, wrong = baksos("recap", copy.study, "--from", tmp_path / "tidak ada")
    assert code == 2 and "tidak ada" in wrong and "Periksa nama foldernya" in wrong
    code, _, wrong = baksos("recap", copy.study)
    assert code == 2 and wrong.startswith("--from belum disebut.")
