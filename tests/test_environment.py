"""The environment is described once, in pyproject.toml; everything else must follow it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from baksos_eval import __version__

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
MAKE = shutil.which("make")


def entries() -> list[tuple[Requirement, list[str]]]:
    """Every requirement of the lock with its hashes."""
    logical = LOCK.replace("\\\n", " ").splitlines()
    return [(Requirement(line.partition("--hash")[0].strip()), re.findall(r"--hash=sha256:([0-9a-f]{64})", line)) for line in logical if line.strip()]


def wanted() -> list[Requirement]:
    project = PYPROJECT["project"]
    texts = project["dependencies"] + project["optional-dependencies"]["test"] + PYPROJECT["build-system"]["requires"]
    return [Requirement(text) for text in texts]


def test_lock_has_a_version_and_hashes_for_every_line() -> None:
    assert len(entries()) > 100
    for requirement, hashes in entries():
        assert re.fullmatch(r"==[0-9][^,*]*", str(requirement.specifier)), requirement
        assert hashes, requirement


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_lock_covers_every_dependency_on_every_python(requirement: Requirement) -> None:
    for python in ("3.11", "3.12", "3.13", "3.14"):
        marks = {"python_version": python, "python_full_version": f"{python}.1"}
        found = [locked for locked, _ in entries() if canonicalize_name(locked.name) == canonicalize_name(requirement.name)
                 and (locked.marker is None or locked.marker.evaluate(marks))]
        assert len(found) == 1, f"{requirement} on Python {python}: {found}; run make lock"
        pinned = next(iter(found[0].specifier)).version
        assert requirement.specifier.contains(pinned), f"{requirement}: the lock has {pinned}; run make lock"


def test_lock_names_no_host_and_no_folder() -> None:
    without_markers = re.sub(r";.*?(?=\\|$)", "", LOCK, flags=re.MULTILINE)
    assert not re.search(r"://|[/@]|--(?!hash=)|^\s*#|\bfile:", without_markers, re.MULTILINE)


def test_conda_installs_the_package_of_pyproject() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["name"] == PYPROJECT["project"]["name"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    python, *others = environment["dependencies"]
    assert others == ["pip", {"pip": ["--editable ."]}], "packages are listed in pyproject.toml alone"
    offered, accepted = SpecifierSet(python.removeprefix("python").strip()), SpecifierSet(PYPROJECT["project"]["requires-python"])
    versions = [Version(f"3.{minor}") for minor in range(30)]
    assert min(offered.filter(versions)) == min(accepted.filter(versions))
    assert all(accepted.contains(version) for version in offered.filter(versions))


def test_citation_follows_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
    assert citation["license"] == PYPROJECT["project"]["license"]
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in PYPROJECT["project"]["authors"]]


def test_every_folder_of_the_package_is_shipped() -> None:
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "baksos_eval").rglob("__init__.py")}
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == folders | {"baksos_eval.notebooks"}


def test_an_installed_package_has_every_file(tmp_path: Path) -> None:
    for name in ("baksos_eval", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    subprocess.run([sys.executable, "-c", "from setuptools.build_meta import build_wheel; build_wheel('.')"], cwd=tmp_path, check=True, capture_output=True)
    shipped = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "baksos_eval").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    notebooks = {f"baksos_eval/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    assert len(notebooks) >= 4 and package | notebooks <= shipped, (package | notebooks) - shipped


def test_continuous_integration_runs_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert "\nmake test\n" in script.read_text(encoding="utf-8")
    assert os.name == "nt" or os.access(script, os.X_OK)


# --- the Makefile, with a Python that only writes down what it was asked to do


STUB = """#!{shell}
if [ "$1" = -c ]; then case "$2" in *print*) echo True;; esac; exit {old}; fi
if [ "$1" = --version ]; then echo Python 3.12.1; exit 0; fi
echo "$@" >> "$CALLS"
if [ "$2" = venv ]; then mkdir -p .venv/bin && cp "$0" .venv/bin/python; fi
"""


class Folder:
    """A copy of the Makefile in a folder of any name, and the list of what Python was asked to do."""

    def __init__(self, path: Path, old: int = 0) -> None:
        self.path, self.calls, self.tools = path, path.parent / "calls", path.parent / "tools"
        path.mkdir(parents=True)
        self.tools.mkdir()
        for name in ("Makefile", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, path)
        for tool in ("sh", "mkdir", "cp", "cat", "echo"):
            (self.tools / tool).symlink_to(shutil.which(tool) or tool)
        stub = self.tools / "python3"
        stub.write_text(STUB.format(shell=shutil.which("sh"), old=old), encoding="utf-8")
        stub.chmod(0o755)

    def make(self, target: str) -> tuple[int, str, list[str]]:
        self.calls.write_text("", encoding="utf-8")
        done = subprocess.run([str(MAKE), target], cwd=self.path, text=True, capture_output=True, timeout=60,
                              env={"PATH": str(self.tools), "CALLS": str(self.calls)})
        return done.returncode, done.stdout + done.stderr, self.calls.read_text(encoding="utf-8").splitlines()


needs_make = pytest.mark.skipif(MAKE is None or sys.platform == "win32", reason="make with a POSIX shell is not installed")


@needs_make
@pytest.mark.parametrize("name", ["baksos", "Pengabdian RT 04", "Dosen's folder (2)", "OneDrive - Universitas"])
def test_make_installs_once_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    folder = Folder(tmp_path / name)
    code, text, calls = folder.make("demo")
    assert code == 0, text
    assert [call.split()[1] for call in calls] == ["venv", "pip", "pip", "baksos_eval", "baksos_eval"]
    assert "--require-hashes" in calls[1] and "--no-deps" in calls[2] and calls[3:] == ["-m baksos_eval run data/contoh", "-m baksos_eval run data/bengkalis"]
    assert folder.make("demo")[2] == calls[3:], "the second time there is nothing to install"
    code, text, calls = folder.make("test")
    assert (code, calls) == (0, ["-m pytest --numprocesses auto --dist loadscope --no-loadscope-reorder"])


@needs_make
def test_make_installs_again_what_changed(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "a b")
    folder.make("test")
    os.utime(folder.path / "requirements.lock", (4e9, 4e9))
    assert ["--require-hashes" in call for call in folder.make("test")[2]] == [True, False, False]
    os.utime(folder.path / "requirements.lock")
    folder.make("test")
    folder.path = folder.path.rename(tmp_path / "moved here")
    assert ["--editable" in call for call in folder.make("test")[2]] == [True, False]
    (folder.path / ".venv" / "bin" / "python").unlink()
    assert folder.make("test")[2][0] == "-m venv --clear .venv"


@needs_make
def test_make_says_which_python_it_needs(tmp_path: Path) -> None:
    code, text, calls = Folder(tmp_path / "a b", old=1).make("demo")
    assert code != 0 and not calls
    assert "Python 3.11 or newer was not found" in text and "Python 3.11 atau lebih baru" in text
