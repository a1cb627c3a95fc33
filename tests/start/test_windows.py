"""What is different on Windows, as far as another system can play it: consoles, locked files, drives, and no fork."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import ipywidgets as widgets
import pytest

from baksos_eval.cli import speaking
from baksos_eval.errors import BaksosError
from baksos_eval.render import save
from baksos_eval.report.text import words
from baksos_eval.start.choices import choose_language, read_choices, take_upload
from baksos_eval.start.folder import make_study_folder
from baksos_eval.start.panel import Panel
from baksos_eval.start.study_file import USUAL_INSTRUMENTS, NewStudy
from tests.batch.small import write_study

ROOT = Path(__file__).parents[2]
NEW = NewStudy("Uji", 2021, "id", USUAL_INSTRUMENTS)


def started(*arguments: str, code: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    program = ["-c", code, *arguments] if code else ["-m", "baksos_eval", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run([sys.executable, *program], capture_output=True, env=kept | {"PYTHONPATH": str(ROOT)} | environment, cwd=ROOT, timeout=300)


def test_an_old_console_is_written_to_without_a_fault(tmp_path: Path):
    """cp1252 has no ≥ and no minus sign; they become question marks, and files are UTF-8 all the same."""
    for arguments, said in ((["new", str(tmp_path / "baru ≥ é")], "baru ? é"), (["doctor", str(tmp_path)], "[perhatian]")):
        done = started(*arguments, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
        assert done.returncode == 0 and done.stderr == b"", (arguments, done.stderr)
        assert said in done.stdout.decode("cp1252")
    assert "baru ≥ é" in (tmp_path / "baru ≥ é" / "study.toml").read_text(encoding="utf-8")


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of files that Excel holds open."""
    held: set[str] = set()
    real = os.replace

    def replace(source: object, target: object) -> None:
        if Path(str(target)).name in held:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        real(str(source), str(target))

    monkeypatch.setattr(save.os, "replace", replace)
    monkeypatch.setattr(save, "_PAUSES", (0.0, 0.0))
    return held


def test_a_file_that_is_held_open_is_told_and_nothing_is_lost(tmp_path: Path, locked: set[str]):
    folder = make_study_folder(tmp_path / "uji", NEW, words("id")).folder
    before = (folder / "study.toml").read_bytes()
    locked.add("study.toml")
    with pytest.raises(BaksosError, match="file_in_use"):
        choose_language(read_choices(folder), "en")
    panel = Panel(str(folder))
    language = next(widget for widget in _every(panel.box) if getattr(widget, "description", "") == "Bahasa laporan")
    language.value = "en"
    box = panel.box.children[0].value
    assert "baksos-error" in box and "study.toml" in box and "Traceback" not in box
    assert (folder / "study.toml").read_bytes() == before and not list(folder.glob("*.part"))
    locked.add("awal.csv")
    with pytest.raises(BaksosError, match="file_in_use"):
        take_upload(folder, "awal.csv", b"x")
    assert not (folder / "awal.csv").exists()


def test_a_new_study_in_a_folder_that_holds_on_to_a_file_can_be_made_again(tmp_path: Path, locked: set[str]):
    locked.add("study.toml")
    with pytest.raises(BaksosError, match="file_in_use"):
        make_study_folder(tmp_path / "uji", NEW, words("id"))
    locked.clear()
    assert "study.toml" in make_study_folder(tmp_path / "uji", NEW, words("id")).written


def test_another_drive_is_named_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = make_study_folder(tmp_path / "uji", NEW, words("id")).folder

    def relpath(*_: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", relpath)
    assert speaking.from_here(folder) == folder.as_posix()
    links = next(widget for widget in _every(Panel(str(folder)).box) if isinstance(widget, widgets.Output)).outputs[0]["data"]["text/markdown"]
    assert "`02_evaluasi_rt.ipynb`" in links and "](" not in links


def test_reports_are_made_without_fork_and_without_a_shell(tmp_path: Path):
    """As on Windows: processes start afresh, and no program is found by its name."""
    study = write_study(tmp_path / "uji coba")
    code = "import os, multiprocessing\ndel os.fork\nmultiprocessing.set_start_method('spawn')\nfrom baksos_eval.cli import main\nif __name__ == '__main__': main(__import__('sys').argv[1:])"
    done = started("run", str(study), "--rt", "RT 01", "--format", "html", "--jobs", "1", "--out", str(tmp_path / "hasil"), code=code, PATH=str(tmp_path), PYTHONUTF8="1")
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    assert list((tmp_path / "hasil").rglob("evaluasi.html"))


def test_no_code_calls_a_shell():
    for path in (ROOT / "baksos_eval").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"shell\s*=\s*True|os\.system\(|os\.popen\(|[\"'](?:bash|/bin/sh)[\"']", source), path.name


def _every(widget: widgets.Widget) -> list[widgets.Widget]:
    return [widget, *(found for child in getattr(widget, "children", ()) for found in _every(child))]
