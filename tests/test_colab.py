"""The notebook for Colab runs from the installed package alone: elsewhere than this checkout, and without a network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = {"id": ROOT / "docs" / "colab" / "baksos_colab.ipynb", "en": ROOT / "docs" / "colab" / "baksos_colab.en.ipynb"}
OFFLINE = """
import socket, sys
def refuse(*_, **__): raise OSError("no network in tests")
socket.socket.connect = refuse
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for source in SOURCES:
    shell.run_cell(source).raise_error()
import baksos_eval
print("FROM", baksos_eval.__file__)
print("E", repr(shell.user_ns["e"]), repr(shell.user_ns["s"]))
"""


def sources(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as an installation lays it out, notebooks inside."""
    site = tmp_path_factory.mktemp("site packages")
    shutil.copytree(ROOT / "baksos_eval", site / "baksos_eval", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "notebooks", site / "baksos_eval" / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return site


@pytest.mark.parametrize("language", NOTEBOOKS)
def test_it_runs_from_the_installed_package(language: str, installed: Path, tmp_path: Path):
    install, *others = sources(NOTEBOOKS[language])
    assert install.startswith("%pip install") and "baksos-eval @ git+https://" in install
    code = f"SOURCES = {others!r}\n{OFFLINE}"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=300,
                          env=os.environ | {"PYTHONPATH": str(installed), "PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stderr[-2000:]
    assert f"FROM {installed}" in done.stdout and "E Evaluation(latihan, RT 01: 44 pairs" in done.stdout and "Summary(latihan: 4 RTs" in done.stdout
    assert {"latihan"} == {path.name for path in tmp_path.iterdir()}


def test_both_languages_have_the_same_cells():
    one, other = (sources(path)[1:] for path in NOTEBOOKS.values())
    assert [cell.replace('"id"', "?") for cell in one] == [cell.replace('"en"', "?") for cell in other]


@pytest.mark.parametrize("path", NOTEBOOKS.values(), ids=NOTEBOOKS)
def test_nothing_is_stored_and_no_address_is_invented(path: Path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
    assert "ALAMAT-GIT-ANDA" in sources(path)[0] or "YOUR-GIT-ADDRESS" in sources(path)[0]
