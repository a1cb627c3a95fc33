"""Moves finished files to where people look for them: whole or not at all, and never over somebody's own work."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

_PATIENCE = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between attempts to replace a file that a virus scanner or a synchroniser holds for a moment."""

OLD = "lama"


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def publish(work: Path, names: Iterable[str], folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Moves the files ``names`` from ``work`` into ``folder``; returns the name each one got.

    Args:
        known: SHA-256 of the files that an earlier run left in ``folder``. A file that somebody has edited since is kept beside
            the new one as ``<stem>.disunting<ending>``; one that this run did not make again goes to the folder ``lama``, so
            that a folder never shows the results of two runs as one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = tuple(names)
    for name, left in known.items():
        path = folder / name
        if not path.is_file():
            continue
        if digest(path) != left:
            _move(path, _free(path.with_suffix(f".disunting{path.suffix}")))
        elif name not in names:
            (folder / OLD).mkdir(exist_ok=True)
            _move(path, folder / OLD / name)
    return {name: _move(work / name, folder / name).name for name in names}


def write_atomically(path: Path, text: str) -> None:
    """Writes a text so that the file is there whole or as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _move(temporary, path)


def _move(source: Path, target: Path) -> Path:
    """Moves a file over another; where that one is open in Word, to the next free name. Returns where it is now."""
    with source.open("rb+") as file:
        os.fsync(file.fileno())
    for seconds in (*_PATIENCE, 0):
        with contextlib.suppress(PermissionError):
            os.replace(source, target)
            return target
        time.sleep(seconds)
    other = _free(target)
    os.replace(source, other)
    return other


def _free(path: Path) -> Path:
    """The path itself, or ``name (2).docx``, ``name (3).docx``: the first that is not there."""
    number, candidate = 2, path
    while candidate.exists():
        candidate = path.with_stem(f"{path.stem} ({number})")
        number += 1
    return candidate
