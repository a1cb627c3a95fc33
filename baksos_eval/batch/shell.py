"""Runs the cells of one notebook in an IPython shell inside this process, and sends what a kernel would send for them.

The messages are those of Jupyter (ipykernel's own shell makes them), only that they travel over one connection: no kernel, no
ZeroMQ, no heartbeat, and no JSON, though they hold what JSON would carry.
"""

from __future__ import annotations

import asyncio
import atexit
import builtins
import getpass
import io
import json
import marshal
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any, BinaryIO, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

MOST_TEXT = 200_000     # characters that a cell may print
_CHUNK = 8192
_PLAIN = frozenset((str, int, float, bool, type(None)))
Emit = Callable[[str, Mapping[str, Any]], None]


def run_cells(line: Connection, request: Mapping[str, Any]) -> None:
    """Runs each source that arrives over the line, until ``None`` does; they are counted from one.

    Sent back: ``(message type, content)`` for everything that is shown, then ``("execute_reply", content)``; first of all
    ``("kernel_info_reply", {"language_info": ...})``; either way by :mod:`marshal`.
    """

    def emit(kind: str, content: Mapping[str, Any]) -> None:
        line.send_bytes(marshal.dumps((kind, as_json(content))))

    emit("kernel_info_reply", {"language_info": IPythonKernel.language_info})
    printing = _Printing(emit)
    shell = _shell(emit)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    while (source := marshal.loads(line.recv_bytes())) is not None:
        printing.begin()
        reply = loop.run_until_complete(_run(shell, source))
        printing.flush()
        emit("execute_reply", reply)
        if shell.exit_now:
            return


def rehearse() -> None:
    """Makes a shell, runs a cell and forgets both: what is built at first use is there for every process that is forked from this one."""
    shell = _shell(lambda *_: None)
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_run(shell, "None"))
    finally:
        loop.close()
        atexit.unregister(shell.atexit_operations)
        ZMQNotebookShell.clear_instance()


class ZMQNotebookShell(ZMQInteractiveShell):
    """The shell of a kernel without the kernel; libraries look for ``zmq`` in its name."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window to be drawn in: inline figures need none."""


class _Sending(Session):
    """Hands on what the shell sends, instead of signing it for a socket."""

    emit: Emit

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        if isinstance(msg_or_type, str):
            self.emit(msg_or_type, content)
        else:
            self.emit(msg_or_type["msg_type"], msg_or_type["content"])


class _Printed(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a cell: what is printed, up to :data:`MOST_TEXT` and one more to show that there was more."""

    encoding, errors = "UTF-8", "strict"

    def __init__(self, name: str, descriptor: int, printing: _Printing) -> None:
        super().__init__()
        self.name, self._descriptor, self._printing = name, descriptor, printing
        self._parts: list[str] = []
        self._size = 0

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        kept = text[:self._printing.room]
        self._printing.room -= len(kept)
        self._parts.append(kept)
        self._size += len(kept)
        if self._size > _CHUNK:
            self.flush()
        return len(text)

    def flush(self) -> None:
        self._parts, self._size, text = [], 0, "".join(self._parts) + self._printing.take(self.name)
        if text:
            self._printing.emit("stream", {"name": self.name, "text": text})

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return self._descriptor


class _Printing:
    """Everything a cell prints, also what other programs and libraries write past Python."""

    def __init__(self, emit: Emit) -> None:
        self.emit, self.room = emit, 0
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
        self._files: dict[str, BinaryIO] = {}
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            file = tempfile.TemporaryFile()  # noqa: SIM115
            os.dup2(file.fileno(), descriptor)
            self._files[name] = file
            setattr(sys, name, _Printed(name, descriptor, self))
        builtins.input = getpass.getpass = _nobody_answers  # type: ignore[assignment]

    def begin(self) -> None:
        self.room = MOST_TEXT + 1

    def flush(self) -> None:
        for name in self._files:
            getattr(sys, name).flush()

    def take(self, name: str) -> str:
        """What has been written to a descriptor past Python since the last time."""
        descriptor = self._files[name].fileno()
        written = os.lseek(descriptor, 0, os.SEEK_CUR)
        if not written:
            return ""
        os.lseek(descriptor, 0, os.SEEK_SET)
        text = os.read(descriptor, min(written, 4 * self.room)).decode("utf-8", "replace")[:self.room]
        self.room -= len(text)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.ftruncate(descriptor, 0)
        return text


def _shell(emit: Emit) -> ZMQNotebookShell:
    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.tqdm = "as in a kernel"
    shell = ZMQNotebookShell.instance(config=config, compiler_class=XCachingCompiler, kernel=SimpleNamespace(eventloop=None))
    session = _Sending()
    session.emit = emit
    shell.displayhook.session = shell.display_pub.session = session
    shell.displayhook.pub_socket = shell.display_pub.pub_socket = object()
    shell.displayhook.topic = b"execute_result"
    sys.path[:] = ["", *(entry for entry in sys.path if entry)]
    shell.extension_manager.load_extension("storemagic")
    return shell


async def _run(shell: ZMQNotebookShell, source: str) -> dict[str, Any]:
    """Runs one cell as ipykernel does, inside a running event loop, and returns what a kernel would reply.

    Every cell is run as one that may await, so that its source is transformed once: ipykernel first finds out whether it does.
    """
    unreadable = None
    try:
        transformed = shell.transform_cell(source)
    except Exception:
        transformed, unreadable = source, sys.exc_info()
    shell._last_traceback, shell._last_traceback_during_displayhook, result = None, False, None
    try:
        result = await shell.run_cell_async(source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=unreadable)
    finally:
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
    reply = {"status": "ok", "execution_count": shell.execution_count - 1}
    error = result.error_before_exec if result.error_before_exec is not None else result.error_in_exec
    if not result.success or getattr(shell, "_last_traceback_during_displayhook", False):
        reply |= {"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": shell._last_traceback or []}
    return reply


def _nobody_answers(*_: Any, **__: Any) -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def as_json(value: Any) -> Any:
    """The value as it would be after a way through JSON; what JSON does not know becomes text."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict and all(type(key) is str for key in value):
        return {key: as_json(entry) for key, entry in value.items()}
    if kind in (list, tuple):
        return [as_json(entry) for entry in value]
    return json.loads(json.dumps(value, default=lambda unknown: unknown.isoformat() if isinstance(unknown, datetime | date) else str(unknown)))
