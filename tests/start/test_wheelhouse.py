"""The wheelhouse: the right packages for each computer, checked by hash, and told in words when that fails."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from baksos_eval.cli import main
from baksos_eval.cli.options import PLATFORMS as OFFERED
from baksos_eval.cli.options import PYTHONS as OFFERED_PYTHONS
from baksos_eval.errors import BaksosError
from baksos_eval.start import wheelhouse
from baksos_eval.start.toolkit import lock_path, own_wheel, requirements
from baksos_eval.start.wheelhouse import PLATFORMS, PYTHONS, collect, requirements_for

LOCK = lock_path().read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", ["", *PLATFORMS])
@pytest.mark.parametrize("python", PYTHONS)
def test_every_computer_gets_what_it_needs_and_nothing_twice(platform: str, python: str):
    wanted = requirements_for(LOCK, platform, python)
    names = [line.split("==")[0] for line in wanted]
    assert len(names) == len(set(names)) > 100 and ("pywinpty" in names) is (platform == "win_amd64")
    assert all(re.fullmatch(r"[\w.-]+==\S+( --hash=sha256:[0-9a-f]{64})+", line) for line in wanted)
    assert {requirement.name.lower() for requirement in requirements()} <= {Requirement(line.split(" --")[0]).name.lower() for line in wanted}


def test_the_command_offers_what_can_be_collected():
    assert (tuple(PLATFORMS), PYTHONS) == (OFFERED, OFFERED_PYTHONS)


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str]]:
    """What pip would have been asked to do, and the requirements it would have read."""
    asked: list[tuple[list[str], str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        listed = Path(command[command.index("--requirement") + 1]).read_text(encoding="utf-8")
        asked.append((command, listed))
        broken = "numpy==0" in listed
        return subprocess.CompletedProcess(command, int(broken), "", "WARNING: x\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n" if broken else "")

    monkeypatch.setattr(wheelhouse.subprocess, "run", run)
    return asked


def test_every_release_of_a_version_can_be_installed(pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lock = tmp_path / "requirements.lock"
    lock.write_text("".join(f"{line} --hash=sha256:{'0' * 64}\n" for line in ("a==1", "b==1 ; python_full_version < '3.11.5'", "b==2 ; python_full_version >= '3.11.5'")), encoding="utf-8")
    monkeypatch.setattr(wheelhouse, "lock_path", lambda: lock)
    collect(tmp_path / "w", [], ["3.11", "3.12"], lambda *_: None)
    assert [re.findall(r"^\S+==\d", listed, re.MULTILINE) for _, listed in pip] == [["a==1", "b==1"], ["b==2"], ["a==1", "b==2"]]
    assert [command[command.index("--python-version") + 1] for command, _ in pip] == ["3.11.0", "3.11.99", "3.12.0"]


def test_pip_is_asked_for_wheels_with_hashes_alone(pip, tmp_path: Path):
    made = collect(tmp_path / "rumah roda", ["win_amd64", "macosx_11_0_arm64"], ["3.12", "3.13"], lambda *_: None)
    assert len(pip) == 4, "no release of 3.12 or 3.13 differs from the others"
    for command, _ in pip:
        assert command[:4] == [sys.executable, "-m", "pip", "download"] and {"--require-hashes", "--no-deps", "--only-binary"} <= set(command)
    assert [command[command.index("--python-version") + 1] for command, _ in pip] == ["3.12.0", "3.13.0", "3.12.0", "3.13.0"]
    assert pip[0][0][-2:] == ["--platform", "win_amd64"] and "macosx_11_0_universal2" in pip[2][0]
    assert "pywinpty" in pip[0][1] and "pywinpty" not in pip[2][1] and "appnope" in pip[2][1]
    names = {path.name for path in made.folder.iterdir()}
    assert names == {own_wheel()[0], "requirements.lock", "python.txt"} and made.files == 3
    assert (made.folder / "python.txt").read_text(encoding="utf-8") == "3.12\n3.13\n"


def test_a_package_that_is_not_what_the_lock_says_is_refused(pip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"numpy==0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    monkeypatch.setattr(wheelhouse, "lock_path", lambda: lock)
    with pytest.raises(BaksosError, match="DO NOT MATCH"):
        collect(tmp_path / "w", [], [], lambda *_: None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["wheelhouse", "--language", "en"])
    said = capsys.readouterr()
    assert left.value.code == 2 and "DO NOT MATCH" in said.err and "Collecting 1 package for this computer" in said.out


@pytest.mark.parametrize("arguments", [("--platform", "amiga"), ("--python", "2.7")])
def test_a_computer_that_is_not_known_is_told(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["wheelhouse", *arguments])
    assert left.value.code == 2 and arguments[1] in capsys.readouterr().err
