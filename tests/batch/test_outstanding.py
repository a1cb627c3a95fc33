"""A second run does only what is left to do, whatever happened to the first one. The work itself is pretended here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from baksos_eval.batch import outstanding as looking
from baksos_eval.batch import publish as publishing
from baksos_eval.batch import run as running
from baksos_eval.batch.manifest import begin, changed_files, known_rts, read, write
from baksos_eval.batch.outstanding import outstanding
from baksos_eval.batch.plan import Plan, Task, plan
from baksos_eval.batch.run import run
from baksos_eval.batch.task import Outcome
from baksos_eval.errors import BaksosError
from baksos_eval.study.study import open_study
from tests.activities.small import study_with, write_log
from tests.batch.small import cell, write_notebooks, write_study

ROOT = Path(__file__).parents[2]
RTS = ("RT 01", "RT 02", "RT 03")


def pretend(task: Task, work: Path) -> Outcome:
    """Writes files that depend on the data, as a notebook would."""
    work.mkdir(parents=True)
    answers = (task.source / "pasca.csv").read_text(encoding="utf-8")
    for name in task.files:
        (work / name).write_text(f"{task.rt} {name} {answers}", encoding="utf-8")
    if (task.source / "gagal").is_file() and task.rt == "RT 02":
        return Outcome(task.rt, task.folder, (), problem=("Gagal.",), log="KeyError")
    return Outcome(task.rt, task.folder, task.files, 6, {})


class Study:
    """A study with pretended work."""

    def __init__(self, root: Path) -> None:
        self.root, self.data = root, root / "data"
        if not self.data.exists():
            write_study(self.data, RTS)
        self.notebooks = write_notebooks(root / "notebooks") if not (root / "notebooks").exists() else root / "notebooks"

    def plan(self, **options: object) -> Plan:
        return plan(open_study(self.data), self.data, self.root / "reports", **{"formats": ("ipynb", "docx"), "notebooks": self.notebooks, **options})

    def left(self, **options: object) -> list[str]:
        return [task.folder for task in outstanding(self.plan(**options)).tasks]

    def run(self, **options: object) -> Plan:
        made = outstanding(self.plan(**options))
        run(made, ThreadPoolExecutor(1))
        return made

    def tree(self) -> dict[str, str]:
        reports = self.root / "reports" / "uji"
        return {path.relative_to(reports).as_posix(): path.read_text(encoding="utf-8") for path in sorted(reports.rglob("*"))
                if path.is_file() and not path.name.startswith(".")}


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.setattr(running, "do", pretend)
    made = Study(tmp_path)
    made.run()
    return made


def test_nothing_is_done_twice(study: Study) -> None:
    before = study.tree()
    assert study.left() == []
    os.utime(study.data / "pra.csv", (1, 1))
    for path in (study.root / "reports").rglob("evaluasi.docx"):
        os.utime(path, (2, 2))
    assert study.left() == [] and study.left() == [], "a date says nothing about the content"
    study.run()
    assert study.tree() == before
    assert known_rts(open_study(study.data), study.data, study.root / "reports" / "uji") == RTS


@pytest.mark.parametrize("name", ["pasca.csv", "study.toml", "sikap.toml"])
def test_changed_data_make_every_report_again(study: Study, name: str) -> None:
    with (study.data / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert study.left() == ["rt-01", "rt-02", "rt-03", "rekap"]
    assert known_rts(open_study(study.data), study.data, study.root / "reports" / "uji") is None


def test_another_version_makes_every_report_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baksos_eval.batch.manifest.source_digest", lambda: "another")
    assert len(study.left()) == 4


def test_a_changed_notebook_makes_its_own_reports_again(study: Study) -> None:
    write_notebooks(study.notebooks, cell("1 + 1"))
    assert study.left() == ["rt-01", "rt-02", "rt-03"]


@pytest.mark.parametrize(("shape", "notebook"), [("attachment", "03_rekap_program.ipynb"), ("laporan_pkpm", "06_laporan_pkpm.ipynb"), ("journal", "07_artikel.ipynb")])
def test_a_changed_notebook_of_the_recap_makes_the_recap_again_whatever_its_shape(study: Study, shape: str, notebook: str) -> None:
    settings = study.data / "study.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f'\n[report]\nshape = "{shape}"\n', encoding="utf-8")
    recap = study.notebooks / notebook
    if not recap.is_file():
        shutil.copy(study.notebooks / "03_rekap_program.ipynb", recap)
    study.run()
    assert study.left() == []
    recap.write_text(recap.read_text(encoding="utf-8").replace('"metadata": {', '"metadata": {"title": "lain", ', 1), encoding="utf-8")
    assert study.left() == ["rekap"]


def test_another_language_makes_every_report_again(study: Study) -> None:
    (study.notebooks / "en").mkdir()
    write_notebooks(study.notebooks / "en")
    made = plan(open_study(study.data, "en"), study.data, study.root / "reports", formats=("ipynb",), notebooks=study.notebooks)
    assert len(outstanding(made).tasks) == 4


def test_formats_that_are_there_need_no_run(study: Study) -> None:
    assert study.left(formats=("docx",)) == []
    assert study.left(formats=("docx", "pdf")) == ["rt-01", "rt-02", "rt-03", "rekap"]


@pytest.mark.parametrize("harm", ["edit", "truncate", "remove"])
def test_a_report_that_is_no_longer_what_was_made_is_made_again_and_the_edited_one_kept(study: Study, harm: str) -> None:
    before, report = study.tree(), study.root / "reports" / "uji" / "rt-02" / "evaluasi.docx"
    {"edit": lambda: report.write_text("ditambah dosen", encoding="utf-8"), "truncate": lambda: report.write_bytes(b""), "remove": report.unlink}[harm]()
    assert study.left() == ["rt-02"]
    study.run()
    kept = {"edit": {"rt-02/evaluasi.disunting.docx": "ditambah dosen"}, "truncate": {"rt-02/evaluasi.disunting.docx": ""}, "remove": {}}[harm]
    assert study.tree() == before | kept
    assert study.left() == []


def test_what_failed_is_tried_again_and_its_log_goes_when_it_succeeds(study: Study) -> None:
    before = study.tree()
    (study.data / "gagal").touch()
    run(replace(study.plan(rts=["RT 02"])), ThreadPoolExecutor(1))
    assert (study.root / "reports" / "uji" / "log" / "rt-02.txt").is_file()
    (study.data / "gagal").unlink()
    assert study.left() == ["rt-02"]
    study.run()
    assert {name: text for name, text in study.tree().items() if "/lama/" not in name} == before


def test_the_reports_of_an_rt_that_left_the_data_are_put_aside(study: Study) -> None:
    text = (study.data / "study.toml").read_text(encoding="utf-8")
    (study.data / "study.toml").write_text(text.replace('"RT 02", ', ""), encoding="utf-8")
    for name in ("pra.csv", "pasca.csv"):
        lines = (study.data / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (study.data / name).write_text("".join(line for line in lines if not line.startswith("RT 02")), encoding="utf-8")
    study.run()
    tree = study.tree()
    assert "lama/rt-02/evaluasi.docx" in tree and not any(name.startswith("rt-02/") for name in tree)
    assert list(json.loads(tree["manifest.json"])["reports"]) == ["rt-01", "rt-03", "rekap"]
    assert "RT 02" not in tree["index.html"]


def test_a_killed_run_loses_no_receipt_and_the_next_does_only_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = ("import os, sys; from pathlib import Path; from concurrent.futures import ThreadPoolExecutor\nfrom baksos_eval.batch import run as running\n"
            "from tests.batch.test_outstanding import Study, pretend\nrunning.do = pretend; done = []\n"
            "def told(outcome):\n    done.append(outcome)\n    if len(done) == 2: os._exit(9)\n"
            "running.run(Study(Path(sys.argv[1])).plan(), ThreadPoolExecutor(1), told)")
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    for root in (killed, undisturbed):
        root.mkdir()
    assert subprocess.run([sys.executable, "-c", code, str(killed)], cwd=ROOT).returncode == 9
    monkeypatch.setattr(running, "do", pretend)
    study, other = Study(killed), Study(undisturbed)
    assert len(study.left()) == 2
    (killed / "reports" / "uji" / ".index.html.abcd.part").write_bytes(b"half")
    study.run()
    other.run()
    assert study.tree() == other.tree()
    assert not [path.name for path in (killed / "reports" / "uji").iterdir() if path.name.startswith((".work", ".receipts", ".index"))]


@pytest.mark.parametrize("place", ["index.write", "manifest.write"])
def test_a_run_killed_when_only_its_page_and_manifest_were_left_is_brought_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    code = ("import os, sys; from pathlib import Path; from concurrent.futures import ThreadPoolExecutor\nfrom baksos_eval.batch import run as running\n"
            "from tests.batch.test_outstanding import Study, pretend\nrunning.do = pretend\n"
            f"running.{place} = lambda *_: os._exit(9)\n"
            "running.run(Study(Path(sys.argv[1])).plan(), ThreadPoolExecutor(1))")
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    for root in (killed, undisturbed):
        root.mkdir()
    assert subprocess.run([sys.executable, "-c", code, str(killed)], cwd=ROOT).returncode == 9
    monkeypatch.setattr(running, "do", pretend)
    study, other = Study(killed), Study(undisturbed)
    other.run()
    assert not (killed / "reports" / "uji" / "manifest.json").exists()
    assert study.left() == []
    assert study.tree() == other.tree()
    assert not (killed / "reports" / "uji" / ".receipts").exists()


@pytest.mark.parametrize("moved", [0, 1, 2, 3])
def test_a_run_killed_while_it_moves_files_does_not_take_its_own_for_edited_ones(study: Study, monkeypatch: pytest.MonkeyPatch, moved: int) -> None:
    (study.data / "pasca.csv").write_text((study.data / "pasca.csv").read_text(encoding="utf-8").replace(",2,", ",1,"), encoding="utf-8")
    moves, move = [], publishing._move

    class Killed(BaseException):
        pass

    def move_some(source: Path, target: Path) -> Path:
        if "rt-02" in target.parts:
            if len(moves) == moved:
                raise Killed
            moves.append(target)
        return move(source, target)

    for module, name in ((running.manifest, "write"), (running.index, "page")):   # a killed run gets no further
        monkeypatch.setattr(module, name, lambda *_, **__: "")
    monkeypatch.setattr(publishing, "_move", move_some)
    with pytest.raises(Killed):
        study.run()
    monkeypatch.undo()
    monkeypatch.setattr(running, "do", pretend)
    assert "rt-02" in study.left() and "rt-01" not in study.left()
    study.run()
    assert not [name for name in study.tree() if "disunting" in name or "lama" in name]
    assert study.left() == []


def test_what_was_remembered_is_not_read_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    reports, read_files = study.root / "reports" / "uji", []
    digest = looking.digest
    monkeypatch.setattr(looking, "digest", lambda path: (read_files.append(path), digest(path))[1])
    looking.remember(reports)
    assert not (reports / ".digests.json").exists(), "written just now, they may change again without its time showing it"
    monkeypatch.setattr(looking, "_FRESH", -1)
    looking.remember(reports)
    read_files.clear()
    assert study.left() == [] and read_files == []
    (reports / "rt-02" / "hasil.csv").write_text("lain", encoding="utf-8")
    assert study.left() == ["rt-02"] and len(read_files) == 1


def test_a_run_does_not_fail_for_what_cannot_be_remembered(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BaksosError("file_in_use", file=".digests.json")

    monkeypatch.setattr(looking, "write_whole", refuse)
    monkeypatch.setattr(looking, "_FRESH", -1)
    looking.remember(study.root / "reports" / "uji")
    assert study.left() == []


def test_a_damaged_receipt_is_no_receipt(study: Study) -> None:
    receipts = study.root / "reports" / "uji" / ".receipts"
    receipts.mkdir()
    for name, text in (("rt-01", "{"), ("rt-02", "[]"), ("rt-03", '{"intended": 3}'), ("rekap", '{"rt": "", "intended": {"a": 1}}')):
        (receipts / f"{name}.json").write_text(text, encoding="utf-8")
    (study.root / "reports" / "uji" / ".digests.json").write_text('{"rt-01/evaluasi.docx": 3}', encoding="utf-8")
    assert study.left() == ["rekap"], "only the one that may have been interrupted"
    assert list(read(study.root / "reports" / "uji")["reports"]) == ["rt-01", "rt-02", "rt-03", "rekap"]


def test_a_changed_raw_file_is_told_and_leaves_its_receipts(tmp_path: Path):
    study = Study(tmp_path)
    opened, reports = open_study(study.data), tmp_path / "reports" / "uji"
    assert changed_files(opened, study.data, reports) == ()
    study.run()
    first = read(reports)["receipts"]
    assert list(first) == ["pasca.csv", "pra.csv"] and all(len(seen) == 1 for seen in first.values())
    assert changed_files(opened, study.data, reports) == ()
    with (study.data / "pasca.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert changed_files(opened, study.data, reports) == ("pasca.csv",)
    study.run()
    second = read(reports)["receipts"]
    assert second["pra.csv"] == first["pra.csv"] and second["pasca.csv"][:-1] == first["pasca.csv"] and len(second["pasca.csv"]) == 2
    assert changed_files(opened, study.data, reports) == ()


def test_a_changed_log_of_activities_is_told_and_leaves_its_receipts(tmp_path: Path):
    folder = tmp_path / "data" / "uji"
    for name in ("catatan.csv", "daftar berhak.csv", "foto.csv"):
        write_log(folder, ["Tanggal", "RT"], [["14/08/2021", "4"]], name)
    (folder / "foto").mkdir()
    (folder / "foto" / "Siti Aminah.jpg").write_bytes(b"x")
    study = study_with(folder, '\n[activities.aid]\nfile = "catatan.csv"\n[activities.aid.eligible]\nfile = "daftar berhak.csv"\n'
                       '[activities.photos]\nfile = "foto.csv"\nfolder = "foto"\n')
    reports = tmp_path / "reports"
    reports.mkdir()
    made = begin(plan(study, folder, reports))
    write(made, reports / study.id)
    assert {"catatan.csv", "daftar berhak.csv", "foto.csv"} < set(made["receipts"]) and not [name for name in made["receipts"] if "foto/" in name or "Siti" in name]
    assert changed_files(study, folder, reports / study.id) == ()
    with (folder / "daftar berhak.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    (folder / "foto" / "Siti Aminah.jpg").write_bytes(b"y")
    assert changed_files(study, folder, reports / study.id) == ("daftar berhak.csv",)
    again = begin(plan(study, folder, reports))["receipts"]
    assert again["daftar berhak.csv"][:-1] == made["receipts"]["daftar berhak.csv"] and len(again["daftar berhak.csv"]) == 2
    assert again["catatan.csv"] == made["receipts"]["catatan.csv"]
