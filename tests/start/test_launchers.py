"""mulai.bat and mulai.sh: what they do on first use, from any folder, with and without a wheelhouse."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from baksos_eval import __version__
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.start.launchers import SETTINGS, posix_launcher, windows_launcher

ROOT = Path(__file__).parents[2]
FIRST, LOCK, WHEEL = "notebooks/00_mulai.ipynb", "requirements.lock", "baksos_eval-0.1.0-py3-none-any.whl"
STUB = """#!{shell}
if [ "$1" = -c ]; then exit {old}; fi
echo "$@" >> "$CALLS"
case " $* " in *" {breaks} "*) exit 1;; esac
if [ "$2" = venv ]; then mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; fi
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_windows_file_is_for_cmd_alone(language: str):
    data = windows_launcher(FIRST, LOCK, WHEEL, words(language))
    assert data.count(b"\n") == data.count(b"\r\n") and data.startswith(b"@echo off\r\n") and data.isascii()
    text = data.decode()
    assert "<<" not in text and "/dev/null" not in text and "powershell" not in text.lower()
    labels, targets = set(re.findall(r"^:(\w+)", text, re.MULTILINE)), set(re.findall(r"(?:goto|call) :?(\w+)", text))
    assert targets <= labels and labels - targets <= {"end", "own"}
    assert "chcp 65001" in text and 'pushd "%~dp0"' in text and __version__ in text
    for line in text.splitlines():
        assert line.count('"') % 2 == 0, line
        if line.startswith("echo "):
            assert not re.search(r"(?<!\^)[&|<>()]|(?<!%)%(?!%)", line), line
        for unquoted in re.findall(r"%(?:venv|python|~dp0)%?", re.sub(r'"[^"]*"', "", line)):
            assert line.startswith("set ") or not unquoted, line


def test_a_sentence_with_signs_that_mean_something_to_cmd_is_escaped():
    from baksos_eval.start.launchers import _for_cmd

    assert _for_cmd("a & b | 5% (c) <d>") == "a ^& b ^| 5%% ^(c^) ^<d^>"


class Study:
    """A study's folder with mulai.sh, a Python that only writes down what it was asked to do, and a place for environments."""

    def __init__(self, root: Path, old: int = 0, breaks: str = "nothing", wheelhouse: str = "") -> None:
        self.folder, self.tools, self.calls, self.homes = root / "OneDrive - Kampus (1)" / "Dosen's studi", root / "tools", root / "calls", root / "app data"
        for folder in (self.folder, self.tools, self.homes):
            folder.mkdir(parents=True)
        (self.folder / "mulai.sh").write_bytes(posix_launcher(FIRST, LOCK, WHEEL, words("en")))
        for tool in ("sh", "mkdir", "cp", "dirname"):
            (self.tools / tool).symlink_to(shutil.which(tool) or tool)
        if wheelhouse:
            (self.folder / "wheelhouse").mkdir()
            (self.folder / "wheelhouse" / "python.txt").write_text(f"{wheelhouse}\n3.11\n", encoding="utf-8")
        for name in ("python3", "python3.12"):
            (self.tools / name).write_text(STUB.format(shell=shutil.which("sh"), old=old, breaks=breaks).replace("$0", str(self.tools / name)), encoding="utf-8")
            (self.tools / name).chmod(0o755)

    def start(self, *arguments: str) -> tuple[int, str, list[str]]:
        self.calls.write_text("", encoding="utf-8")
        done = subprocess.run([str(self.tools / "sh"), str(self.folder / "mulai.sh"), *arguments], text=True, encoding="utf-8", capture_output=True, timeout=60, cwd=self.tools,
                              env={"PATH": str(self.tools), "CALLS": str(self.calls), "XDG_DATA_HOME": str(self.homes), "HOME": str(self.homes)})
        return done.returncode, done.stdout + done.stderr, self.calls.read_text(encoding="utf-8").splitlines()


needs_sh = pytest.mark.skipif(shutil.which("sh") is None or sys.platform == "win32", reason="no POSIX shell here: mulai.sh is not tried")


@needs_sh
def test_the_first_start_installs_and_the_second_one_only_opens(tmp_path: Path):
    study = Study(tmp_path)
    code, text, calls = study.start("--no-browser")
    assert code == 0, text
    assert [call.split()[1] for call in calls] == ["venv", "pip", "pip", "jupyterlab"]
    assert f"{study.homes}/baksos-eval/{__version__}" in calls[0] and not list(study.folder.glob(".venv"))
    assert "--require-hashes" in calls[1] and "--no-index" not in calls[1] and f"-r perangkat/{LOCK}" in calls[1]
    assert "--no-index --no-deps" in calls[2] and calls[2].endswith(f"perangkat/{WHEEL}")
    assert calls[3].endswith(f"--notebook-dir=. --LabApp.default_url=/lab/tree/{FIRST} --LabApp.app_settings_dir=perangkat --LabApp.extension_manager=readonly --no-browser")
    assert [call.split()[1] for call in study.start()[2]] == ["jupyterlab"]


@needs_sh
def test_the_python_that_made_the_study_is_used_while_it_works(tmp_path: Path):
    study = Study(tmp_path)
    (study.folder / "perangkat").mkdir()
    named = study.folder / "perangkat" / "python.txt"
    named.write_text(f"{study.tools / 'python3'}\n", encoding="utf-8")
    assert [call.split()[1] for call in study.start()[2]] == ["jupyterlab"]
    named.write_text(f"{tmp_path / 'no longer' / 'python'}\n", encoding="utf-8")
    assert [call.split()[1] for call in study.start()[2]] == ["venv", "pip", "pip", "jupyterlab"]


@needs_sh
def test_with_a_wheelhouse_no_index_is_asked(tmp_path: Path):
    code, text, calls = Study(tmp_path, wheelhouse="3.12").start()
    assert code == 0 and "without internet" in text
    assert all("--no-index" in call for call in calls if " pip " in f" {call} ")
    assert "--find-links wheelhouse" in calls[1] and "--require-hashes" in calls[1]


@needs_sh
@pytest.mark.parametrize(("breaks", "wheelhouse", "said"), [("--require-hashes", "", "Check the internet"), ("--find-links", "3.12", "is not complete"), ("venv", "", "could not be made")])
def test_a_failed_installation_is_told_and_tried_again(tmp_path: Path, breaks: str, wheelhouse: str, said: str):
    study = Study(tmp_path, breaks=breaks, wheelhouse=wheelhouse)
    code, text, calls = study.start()
    assert code == 1 and said in text and "jupyterlab" not in "\n".join(calls)
    assert study.start()[2][0].startswith("-m venv --clear")


@needs_sh
def test_a_python_that_is_too_old_is_not_used(tmp_path: Path):
    code, text, calls = Study(tmp_path, old=1).start()
    assert (code, calls) == (1, []) and "3.11" in text


def test_make_and_the_launchers_keep_jupyterlab_off_the_network():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    folder = re.search(r"^offline := --LabApp.app_settings_dir=(\S+) --LabApp.extension_manager=readonly$", makefile, re.MULTILINE)[1]
    assert re.search(r"-m jupyterlab .* \$\(offline\)\n", makefile)
    said = json.loads((ROOT / folder / SETTINGS).read_text(encoding="utf-8"))
    assert said["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}
