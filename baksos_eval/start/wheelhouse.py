"""Collects the locked packages and our own into one folder, from which they are installed without any network."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from baksos_eval.errors import BaksosError
from baksos_eval.start.launchers import PYTHON_OF_WHEELHOUSE
from baksos_eval.start.toolkit import LOCK, lock_path, own_wheel

PLATFORMS = {"win_amd64": ("win32", "Windows", "nt", "AMD64"), "manylinux_2_28_x86_64": ("linux", "Linux", "posix", "x86_64"),
             "macosx_11_0_arm64": ("darwin", "Darwin", "posix", "arm64"), "macosx_11_0_x86_64": ("darwin", "Darwin", "posix", "x86_64")}
"""What markers in the lock ask about each platform: ``sys_platform``, ``platform_system``, ``os_name``, ``platform_machine``."""

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_PATCHES = (0, 99)
"""The first and the last release of a version: the lock may tell them apart."""

_MANYLINUX = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_24_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_12_x86_64",
              "manylinux2010_x86_64", "manylinux_2_5_x86_64", "manylinux1_x86_64")


class Wheelhouse(NamedTuple):
    """A collected folder: how many files it has and how many bytes."""

    folder: Path
    files: int
    size: int


def collect(out: Path, platforms: Sequence[str], pythons: Sequence[str], telling: Callable[[int, str, str], None]) -> Wheelhouse:
    """Downloads what the lock names for every platform and version of Python, adds our own wheel, the lock, and the list of versions.

    Args:
        out: the folder to collect in; what is there already is not downloaded again.
        platforms: keys of :data:`PLATFORMS`; empty: this computer.
        pythons: of :data:`PYTHONS`; empty: the version that runs us.
        telling: called before each download with the count of packages, the platform (``""`` for this one) and the version.

    Raises:
        BaksosError: ``wheelhouse_failed``, ``toolkit_incomplete``, or what writing raises.
    """
    from baksos_eval.render.save import write_whole

    lock = lock_path().read_text(encoding="utf-8")
    versions = list(pythons) or [f"{sys.version_info.major}.{sys.version_info.minor}"]
    name, wheel = own_wheel()
    for platform in platforms or ("",):
        for python in versions:
            first, last = (requirements_for(lock, platform, python, patch) for patch in _PATCHES)
            telling(len(first), platform, python)
            _download(out, first, platform, f"{python}.{_PATCHES[0]}")
            if others := tuple(line for line in last if line not in first):  # pip takes one version of a package at a time
                _download(out, others, platform, f"{python}.{_PATCHES[1]}")
    write_whole(out / name, wheel)
    write_whole(out / LOCK, lock.encode("utf-8"))
    write_whole(out / PYTHON_OF_WHEELHOUSE, ("\n".join(versions) + "\n").encode("utf-8"))
    files = [path for path in out.iterdir() if path.is_file()]
    return Wheelhouse(out, len(files), sum(path.stat().st_size for path in files))


def requirements_for(lock: str, platform: str, python: str, patch: int = 0) -> tuple[str, ...]:
    """The lock's lines that apply to a platform (``""``: this one) and a release of Python, with their hashes and without markers.

    >>> requirements_for("a==1 --hash=sha256:0\\nb==2 ; sys_platform == 'win32' --hash=sha256:1\\n", "win_amd64", "3.12")
    ('a==1 --hash=sha256:0', 'b==2 --hash=sha256:1')
    """
    from packaging.markers import default_environment
    from packaging.requirements import Requirement

    asked = dict(default_environment()) | {"python_version": python, "python_full_version": f"{python}.{patch}"}
    if platform:
        asked |= dict(zip(("sys_platform", "platform_system", "os_name", "platform_machine"), PLATFORMS[platform], strict=True))
    chosen = []
    for line in lock.replace("\\\n", " ").splitlines():
        if line.strip():
            named, *hashes = line.split("--hash=")
            requirement = Requirement(named.strip())
            if requirement.marker is None or requirement.marker.evaluate(asked):
                chosen.append(" ".join([f"{requirement.name}{requirement.specifier}", *(f"--hash={text.strip()}" for text in hashes)]))
    return tuple(chosen)


def _download(out: Path, wanted: Sequence[str], platform: str, release: str) -> None:
    """Lets pip download the wheels, checked against their hashes."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--require-hashes", "--only-binary", ":all:",
                   "--find-links", str(out), "--dest", str(out), "--requirement", str(listed), "--python-version", release]
        for tag in _tags(platform):
            command += ["--platform", tag]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines() or ["?"]
        raise BaksosError("wheelhouse_failed", platform=platform or sys.platform, python=release, reason=said[-1].removeprefix("ERROR: ")[:300])


def _tags(platform: str) -> tuple[str, ...]:
    """The tags of wheels that run on a platform."""
    if platform == "manylinux_2_28_x86_64":
        return _MANYLINUX
    if platform.startswith("macosx_11_0_"):
        machine = platform.removeprefix("macosx_11_0_")
        versions = ["14_0", "13_0", "12_0", "11_0", *([] if machine == "arm64" else ["10_15", "10_14", "10_13", "10_12", "10_9"])]
        return tuple(f"macosx_{version}_{kind}" for version in versions for kind in (machine, "universal2"))
    return (platform,) if platform else ()
