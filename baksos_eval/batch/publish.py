"""Moves finished files to where people look for them: whole or not at all, and never over somebody's own work."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from baksos_eval.render.save import replace
from baksos_eval.study.rt import SUPERSEDED

FAILED = ".GAGAL."


def digest(path: Path | str) -> str:
    """SHA-256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def publish(work: Path, names: Iterable[str], folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Moves the files ``names`` from ``work`` into ``folder``; returns the name each one got.

    Args:
        known: SHA-256 of the files that an earlier run left in ``folder``. A file that somebody has edited since is kept beside
            the new one as ``<stem>.disunting<ending>``; one that this run did not make again goes to the folder ``lama``, so
            that a folder never shows the results of two runs as one (the notebook of a failed run just goes).
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = tuple(names)
    for name, left in known.items():
        path = folder / name
        if not path.is_file():
            continue
        if FAILED in name:
            path.unlink()
        elif digest(path) != left:
            _move(path, _free(path.with_suffix(f".disunting{path.suffix}")))
        elif name not in names:
            (folder / SUPERSEDED).mkdir(exist_ok=True)
            _move(path, folder / SUPERSEDED / name)
    return {name: _move(work / name, folder / name).name for name in names}


def put_aside(folder: Path) -> Path:
    """Moves a whole folder of reports into the folder ``lama`` beside it; returns where it is now."""
    (folder.parent / SUPERSEDED).mkdir(exist_ok=True)
    target = _free(folder.parent / SUPERSEDED / folder.name)
    replace(folder, target)
    return target


def _move(source: Path, target: Path) -> Path:
    """Moves a file over another; where that one stays open in Word, to the next free name. Returns where it is now."""
    with source.open("rb+") as file:
        os.fsync(file.fileno())
    try:
        replace(source, target)
        return target
    except PermissionError:
        other = _free(target)
        replace(source, other)
        return other


def _free(path: Path) -> Path:
    """The path itself, or ``name (2).docx``, ``name (3).docx``: the first that is not there."""
    number, candidate = 2, path
    while candidate.exists():
        candidate = path.with_stem(f"{path.stem} ({number})")
        number += 1
    return candidate
