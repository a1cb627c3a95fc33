"""Real notebooks, in a process that is ready and in a kernel started for them: either way must do the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

import baksos_eval
from baksos_eval.batch.notebook import (
    MOST_TEXT,
    Executed,
    execute,
    limit_text,
    mark_failure,
    save,
    settle,
    without_places,
)
from baksos_eval.errors import BaksosError
from tests.batch.small import cell

GIVEN = {"study_folder": "x", "rt": "RT 04 \"kutip\" \\ é", "language": "id", "results_folder": ""}


@pytest.fixture
def foreign_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that the user has registered under the usual name, and start-up files that would change every notebook."""
    spec = tmp_path / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "mine", "language": "python"}), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("planted = True", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


@pytest.fixture(params=["warm", "cold"])
def run(request: pytest.FixtureRequest) -> Callable[..., Executed]:
    def run(path: Path, folder: Path, **options: int) -> Executed:
        folder.mkdir(exist_ok=True)
        return execute(path, GIVEN, folder, request.param, **options)

    return run


def test_a_notebook_runs_in_this_python_whatever_kernels_there_are(
        run: Callable[..., Executed], notebook: Callable[..., Path], tmp_path: Path, foreign_kernel: None, capfd: pytest.CaptureFixture[str]) -> None:
    path = notebook(cell("import sys, os, baksos_eval\n"
                         "[sys.executable, baksos_eval.__file__, os.getcwd(), rt, os.environ['OMP_NUM_THREADS'], 'planted' in globals()]"),
                    cell(""), cell("Selesai.", "markdown"))
    executed = run(path, tmp_path / "work $x")
    assert executed.failure is None and executed.said == ()
    shown = next(c for c in executed.notebook.cells if c.get("outputs")).outputs[0]["data"]["text/plain"]
    assert eval(shown) == [sys.executable, baksos_eval.__file__, str(tmp_path / "work $x"), GIVEN["rt"], "1", False]
    assert capfd.readouterr() == ("", "")
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][0]["outputs"] == [], "the template stays as it was"

    settle(executed.notebook, {"study_folder": "../contoh", "rt": "RT 04"})
    text = nbformat.writes(executed.notebook)
    assert '"papermill"' not in text and "start_time" not in text
    injected = next(c for c in executed.notebook.cells if c["id"] == "injected-parameters")
    assert injected.source == '# Parameters\nstudy_folder = "../contoh"\nrt = "RT 04"\n'


def test_a_failing_cell_stops_the_notebook_and_its_message_is_not_told(run: Callable[..., Executed], notebook: Callable[..., Path], tmp_path: Path) -> None:
    executed = run(notebook(cell("# Satu", "markdown"), cell("1"), cell("## Dua", "markdown"), cell("int('Budi Santoso')"), cell("3")), tmp_path / "w")
    assert executed.failure is not None
    assert (executed.failure.code, executed.failure.details["section"], executed.failure.details["error"]) == ("cell_failed", "Dua", "ValueError")
    mark_failure(executed, ["Sebabnya.", "Obatnya."], "Berhenti:")
    first, *_, marker, failed, later = executed.notebook.cells
    assert first.source == "> Sebabnya.\n>\n> Obatnya."
    assert (marker.source, failed.outputs[0].ename, later.execution_count) == ("> **Berhenti:**", "ValueError", None)
    outputs = json.dumps(failed.outputs)
    assert "invalid literal" not in outputs and "Traceback" in outputs
    assert sum("encountered" in c.source for c in executed.notebook.cells) == 0, "papermill's own banners are gone"


def test_a_problem_of_the_data_is_told_in_its_own_words(run: Callable[..., Executed], notebook: Callable[..., Path], tmp_path: Path) -> None:
    executed = run(notebook(cell("from baksos_eval.errors import BaksosError\nfrom baksos_eval.report.problems import speak_in_notebooks\n"
                                 "speak_in_notebooks(language)\nraise BaksosError('reports_busy', folder='uji')")), tmp_path / "w")
    assert executed.said[0] == "Laporan di folder uji sedang ditulis oleh perintah baksos yang lain."
    assert len(executed.said) == 2
    mark_failure(executed, executed.said, "Berhenti:")
    assert executed.notebook.cells[-1].outputs[0].traceback[0] == executed.said[0], "our own message stays"


def test_a_kernel_that_dies_is_a_failure(run: Callable[..., Executed], notebook: Callable[..., Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    executed = run(notebook(cell("## Berat", "markdown"), cell("import os; os._exit(3)"), cell("1")), tmp_path / "w")
    assert executed.failure is not None and executed.failure.code == "kernel_died"
    assert executed.failure.details["section"] == "Berat"
    assert capfd.readouterr() == ("", "")


def test_a_cell_that_does_not_end_is_a_failure(run: Callable[..., Executed], notebook: Callable[..., Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    executed = run(notebook(cell("## Lama", "markdown"), cell("while True: pass")), tmp_path / "w", seconds_per_cell=1)
    assert executed.failure is not None
    assert (executed.failure.code, executed.failure.details["section"], executed.failure.details["seconds"]) == ("cell_timed_out", "Lama", 1)
    assert capfd.readouterr() == ("", "")


def test_a_notebook_that_does_not_end_is_a_failure(run: Callable[..., Executed], notebook: Callable[..., Path], tmp_path: Path) -> None:
    executed = run(notebook(cell("## Lama", "markdown"), *(cell(f"import time; time.sleep(.7); {n}") for n in range(9))), tmp_path / "w", seconds=2)
    assert executed.failure is not None
    assert (executed.failure.code, executed.failure.details["section"], executed.failure.details["seconds"]) == ("notebook_timed_out", "Lama", 2)


def test_a_cell_that_was_left_out_is_a_failure(run: Callable[..., Executed], notebook: Callable[..., Path], tmp_path: Path) -> None:
    executed = run(notebook(cell("import sys; sys.exit(0)"), cell("1")), tmp_path / "w")
    assert executed.failure is not None and executed.failure.code == "cells_not_run"


def test_a_flood_of_output_is_cut_and_says_so(run: Callable[..., Executed], notebook: Callable[..., Path], tmp_path: Path) -> None:
    executed = run(notebook(cell("for n in range(100_000): print(n)"), cell("print('x' * 200_000)"), cell("print('kecil')")), tmp_path / "w")
    assert executed.failure is None
    limit_text(executed.notebook, "[cut]")
    texts = ["".join(output.text for output in c.outputs) for c in executed.notebook.cells if c.cell_type == "code" and c.outputs]
    everything = "".join(f"{n}\n" for n in range(100_000))
    assert texts == [f"{everything[:MOST_TEXT]}\n[cut]\n", f"{'x' * 200_000}\n[cut]\n", "kecil\n"]


def test_folders_of_this_machine_leave_every_output_but_never_a_picture() -> None:
    picture = "iVBOR/home/budi/x"
    outputs = [nbformat.v4.new_output("stream", name="stderr", text="/home/budi/data/a.csv:1 and /home/budi."),
               nbformat.v4.new_output("display_data", {"image/png": picture, "text/plain": "'C:\\\\Users\\\\budi\\\\x' C:\\Users\\budi C:/Users/budi /home/budiman"}),
               nbformat.v4.new_output("error", ename="E", evalue="", traceback=["\x1b[32m/home/budi/data/b.py\x1b[39m in f"])]
    executed = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=outputs)])
    without_places(executed, {"/home/budi/data": "(data)", "/home/budi": "~", "C:\\Users\\budi": "~"})
    stream, shown, error = executed.cells[0].outputs
    assert stream.text == "(data)/a.csv:1 and ~."
    assert shown.data["image/png"] == picture
    assert shown.data["text/plain"] == "'~\\\\x' ~ ~ /home/budiman"
    assert error.traceback == ["(data)/b.py in f"]


def test_parameters_are_checked_before_a_kernel_starts(notebook: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(BaksosError, match="parameter_unknown"):
        execute(notebook(), GIVEN | {"rtt": "x"}, tmp_path)


def test_a_saved_notebook_is_what_jupyter_reads_and_the_same_twice(tmp_path: Path) -> None:
    output = nbformat.v4.new_output("display_data", {"text/plain": "é\n“x”", "application/vnd.x+json": {"rows": [["a", 1.5], []]}})
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Judul\n\nisi", id="a"), nbformat.v4.new_code_cell("1\n2", id="b", outputs=[output], execution_count=1)],
                                    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    save(made, tmp_path / "a.ipynb")
    assert nbformat.read(tmp_path / "a.ipynb", as_version=4) == made
    assert len((tmp_path / "a.ipynb").read_text(encoding="utf-8").splitlines()) == 4 + 2 + 3
    save(nbformat.read(tmp_path / "a.ipynb", as_version=4), tmp_path / "b.ipynb")
    assert (tmp_path / "b.ipynb").read_bytes() == (tmp_path / "a.ipynb").read_bytes()
    with pytest.raises(nbformat.ValidationError):
        save(nbformat.from_dict(made | {"cells": [{"cell_type": "code", "id": "x"}]}), tmp_path / "c.ipynb")
    assert not (tmp_path / "c.ipynb").exists()
