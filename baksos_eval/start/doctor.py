"""Examines an installation: versions, kernel, fonts, folder, clock, words and numbers, and statistics whose answers are known."""

from __future__ import annotations

import contextlib
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from baksos_eval.start.toolkit import lock_path, requirements

State = Literal["fine", "doubtful", "wrong"]
_MOST_NAMED = 5
_FIRST_YEAR = 2026
"""This version did not exist before: a clock that says so is wrong."""


@dataclass(frozen=True)
class Check:
    """One thing that was examined: ``doctor.<name>.<state>`` says it, ``doctor.<name>.remedy`` what to do."""

    name: str
    state: State
    details: Mapping[str, Any] = field(default_factory=dict)


def examine(folder: Path) -> Iterator[Check]:
    """Every check in turn; one that breaks down is wrong, and the others go on.

    Args:
        folder: where reports are to be written.
    """
    from baksos_eval.start.known_answers import KNOWN_ANSWERS

    yield _safely("python", _python)
    yield _safely("packages", _packages)
    yield _safely("kernel", _kernel)
    yield _safely("fonts", _fonts)
    yield _safely("typst", _typst)
    yield _safely("folder", lambda: _folder(folder))
    yield _safely("console", _console)
    yield _safely("clock", _clock)
    yield _safely("numbers", _numbers)
    for known in KNOWN_ANSWERS:
        def compare(known=known) -> Check:
            value = known.compute()
            return Check("statistic", "fine" if known.agrees(value) else "wrong", {"statistic": known.name, "value": value, "expected": known.expected,
                                                                                   "tool": known.tool, "source": known.source})

        yield _safely("statistic", compare, statistic=known.name)


def _safely(name: str, check: Callable[[], Check], **details: object) -> Check:
    try:
        return check()
    except Exception as error:  # whatever is missing or broken here is what we were asked to find
        return Check(name, "wrong", {"reason": type(error).__name__, **details, "broke": True})


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", "fine" if sys.version_info >= (3, 11) else "wrong", {"version": version})


def _packages() -> Check:
    """Installed packages against the lock; one that differs is doubtful, one that is needed and missing is wrong."""
    from packaging.utils import canonicalize_name

    locked = dict(_locked(lock_path().read_text(encoding="utf-8")))
    needed = {canonicalize_name(requirement.name) for requirement in requirements()}
    found = {name: _installed(name) for name in locked}
    absent = sorted(name for name in needed if not found.get(name))
    if absent:
        return Check("packages", "wrong", {"count": len(absent), "names": _few(absent)})
    differing = [f"{name} {version} ({locked[name]})" for name, version in found.items() if version and version != locked[name]]
    if differing:
        return Check("packages", "doubtful", {"count": len(differing), "names": _few(differing)})
    return Check("packages", "fine", {"count": sum(map(bool, found.values()))})


def _locked(text: str) -> Iterator[tuple[str, str]]:
    """Names and versions in the lock that apply to this Python on this system."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            requirement = Requirement(line.partition("--hash")[0].strip())
            if requirement.marker is None or requirement.marker.evaluate():
                yield canonicalize_name(requirement.name), next(iter(requirement.specifier)).version


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _kernel() -> Check:
    from jupyter_client.kernelspec import KernelSpecManager

    spec = KernelSpecManager().get_kernel_spec("python3")
    program = spec.argv[0]
    found = Path(program).exists() or program in ("python", "python3")
    return Check("kernel", "fine" if found else "wrong", {"name": spec.display_name})


def _fonts() -> Check:
    from baksos_eval.render import fonts

    lacking = fonts.missing("Aäéπ−≥χ²")
    return Check("fonts", "wrong" if lacking else "fine", {"families": ", ".join(fonts.FAMILIES)})


def _typst() -> Check:
    import typst

    from baksos_eval.render import fonts

    page = typst.Compiler(f'#set text(font: "{fonts.FAMILIES[0]}")\nbaksos'.encode(), font_paths=fonts.for_typst(), ignore_system_fonts=True).compile(format="pdf")
    return Check("typst", "fine" if bytes(page[:5]) == b"%PDF-" else "wrong", {"size": len(page)})


def _folder(folder: Path) -> Check:
    from baksos_eval.errors import BaksosError
    from baksos_eval.render.save import write_whole

    trial = folder / ".baksos-doctor"
    try:
        write_whole(trial, b"baksos")
        same = trial.read_bytes() == b"baksos"
    except (BaksosError, OSError):
        same = False
    finally:
        with contextlib.suppress(OSError):
            trial.unlink(missing_ok=True)
    return Check("folder", "fine" if same else "wrong", {"folder": folder.resolve().name or str(folder)})


def _console() -> Check:
    """Whether this console prints what our sentences are made of; files are not concerned, they are always UTF-8."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        "é – − ≥".encode(encoding)
    except UnicodeEncodeError:
        return Check("console", "doubtful", {"encoding": encoding})
    return Check("console", "fine", {"encoding": encoding})


def _clock() -> Check:
    today = date.today()
    return Check("clock", "fine" if _FIRST_YEAR <= today.year < _FIRST_YEAR + 50 else "doubtful", {"today": today.isoformat()})


def _numbers() -> Check:
    from baksos_eval.report.text import words

    written = {language: words(language).number(-1234.5) for language in ("id", "en")}  # type: ignore[arg-type]
    right = written == {"id": "\N{MINUS SIGN}1.234,50", "en": "\N{MINUS SIGN}1,234.50"} and math.isclose(float("0.5"), 0.5)
    return Check("numbers", "fine" if right else "wrong", {"written": re.sub(r"^\W", "-", written["id"])})


def _few(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
