"""Writes files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path

from baksos_eval.errors import BaksosError

_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between tries: virus scanners and OneDrive let go of a file soon


def write_whole(path: Path, data: bytes) -> Path:
    """The path, once it holds ``data``; an older file stays as it is until the new one is complete.

    Raises:
        BaksosError: ``file_in_use`` (open in Word or a PDF reader), ``file_unwritable`` (folder, rights or space).
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = temporary.open("xb")
    except OSError as fault:
        raise BaksosError("file_unwritable", file=path.name, reason=fault.strerror or type(fault).__name__) from fault
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)
    except PermissionError as fault:
        raise BaksosError("file_in_use", file=path.name) from fault
    except OSError as fault:
        raise BaksosError("file_unwritable", file=path.name, reason=fault.strerror or type(fault).__name__) from fault
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    return path


def replace(temporary: Path, path: Path) -> None:
    """Puts one file in the place of another, patiently: a ``PermissionError`` only comes when that one stays in use."""
    for pause in _PAUSES:
        try:
            os.replace(temporary, path)
            return
        except PermissionError:
            time.sleep(pause)
    os.replace(temporary, path)
