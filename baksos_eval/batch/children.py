"""Gives out ready child processes, each for one piece of work: forked where there is fork, started in advance elsewhere."""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import baksos_eval
from baksos_eval.batch.child import SOCKET_FOLDER
from baksos_eval.batch.warming import ONE_THREAD

CAN_FORK = sys.platform != "win32" and hasattr(os, "fork")
_SECONDS_TO_END = 10
_READY = 2

inherited = ""          # the address of the fork server that this process comes from
_lock = threading.Lock()
_own: dict[int, Source] = {}


class ChildLost(Exception):
    """A child ended before its work did."""


class Child:
    """One process that does one piece of work. Leaving it as a context manager kills it and everything it has started.

    Attributes:
        line: leads to the child.
        pid: its process, as soon as it has begun.
    """

    def __init__(self, line: Connection, kill: Callable[[int], None] | None = None) -> None:
        self.line, self._kill = line, kill or _kill_group
        self.pid = 0
        self._has_message: Callable[[float | None], Any] = _asking(line) if hasattr(select, "poll") else line.poll

    def ask(self, work: str, folder: str | Path | None = None, environment: Mapping[str, str] | None = None, **more: Any) -> Child:
        """Gives the child its work; returns when it has begun.

        Raises:
            ChildLost: it has ended already.
        """
        request = {"work": work, "folder": str(folder or Path.cwd()), "environment": dict(os.environ if environment is None else environment), **more}
        try:
            self.line.send(request)
            self.pid = int(self.line.recv_bytes())
        except (OSError, EOFError) as fault:
            raise ChildLost from fault
        return self

    def receive(self, seconds: float | None = None) -> bytes | None:
        """The next message, or ``None`` if none has come in time.

        Raises:
            ChildLost: the child has ended.
        """
        try:
            return self.line.recv_bytes() if self._has_message(seconds) else None
        except (OSError, EOFError) as fault:
            raise ChildLost from fault

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What ``function(*arguments)`` returns in the child, of which only plain values or our own dataclasses come back; it can be called again.

        Raises:
            ChildLost: the child has ended before.
        """
        try:
            if not self.pid:
                self.ask("call", path=sys.path)
            self.line.send((function, arguments))
            result, error = self.line.recv()
        except (OSError, EOFError) as fault:
            raise ChildLost from fault
        if error is not None:
            raise error
        return result

    def kill(self) -> None:
        """Ends the child and its group, and waits until it has ended."""
        if self.pid and not self.line.closed:
            self._kill(self.pid)
            with contextlib.suppress(OSError, EOFError):
                while self.line.poll(_SECONDS_TO_END):
                    self.line.recv_bytes()
        self.line.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class Source(Protocol):
    """Where children come from."""

    def child(self) -> Child:
        """A child that waits for its work."""

    def stop(self) -> None:
        """Ends every child."""


class Forks:
    """Children of a fork server (:mod:`baksos_eval.batch.forkserver`) that lives as long as this object; one that died is replaced.

    Args:
        study: whose data the server reads in advance, so that its children need not.
        language: the language in which they open it.
    """

    module = "baksos_eval.batch.forkserver"

    def __init__(self, study: Path | None = None, language: str = "") -> None:
        self._arguments = [str(study.resolve()), language] if study else []
        self._mutex = threading.Lock()
        self._stopped = False
        self._start()

    def child(self) -> Child:
        with self._mutex:
            if self._stopped:
                raise ChildLost
            if self.server.poll() is not None:
                self._end()
                self._start()
            try:
                return _connect(self.address)
            except OSError:  # it is just dying
                self._end()
                self._start()
                return _connect(self.address)

    def stop(self) -> None:
        with self._mutex:
            self._stopped = True
            self._end()

    def _start(self) -> None:
        self.server = subprocess.Popen([sys.executable, "-P", "-m", self.module, *self._arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       start_new_session=True, env=os.environ | ONE_THREAD | python_path() | {"PYTHONUTF8": "1"})
        assert self.server.stdout is not None
        self.address = self.server.stdout.readline().decode().strip()
        self.server.stdout.close()

    def _end(self) -> None:
        assert self.server.stdin is not None
        self.server.stdin.close()
        try:
            self.server.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        folder = Path(self.address).parent
        if folder.name.startswith(SOCKET_FOLDER):       # a server that was killed could not take it away
            shutil.rmtree(folder, ignore_errors=True)


class Spares:
    """Children started in advance, each used once: for systems without fork."""

    def __init__(self, ready: int = _READY) -> None:
        from multiprocessing import get_context

        self._context = get_context("spawn")
        self._mutex = threading.Lock()
        self._spares = [self._start() for _ in range(ready)]
        self._used: list[Any] = []

    def child(self) -> Child:
        with self._mutex:
            process, line = self._spares.pop(0)
            self._spares.append(self._start())
            self._used = [other for other in self._used if other.is_alive()] + [process]

        def kill(_: int) -> None:
            process.kill()
            process.join(_SECONDS_TO_END)

        return Child(line, kill)

    def stop(self) -> None:
        with self._mutex:
            for process in (*(process for process, _ in self._spares), *self._used):
                process.kill()
                process.join(_SECONDS_TO_END)
            self._spares, self._used = [], []

    def _start(self) -> tuple[Any, Connection]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_wait_for_work, args=(theirs,), daemon=True)
        process.start()
        theirs.close()
        return process, ours


def child() -> Child:
    """A child of this process's own source, or of the fork server that this process itself comes from."""
    if inherited:
        try:
            return _connect(inherited)
        except OSError as fault:
            raise ChildLost from fault
    with _lock:
        source = _own.get(os.getpid())
        if source is None:
            _own.clear()  # of a process that we were forked from
            source = _own[os.getpid()] = Forks() if CAN_FORK else Spares()
            atexit.register(source.stop)
    return source.child()


def python_path() -> dict[str, str]:
    """What a Python of ours must know so that it imports this very package."""
    import sysconfig

    package = Path(baksos_eval.__file__).resolve().parents[1]
    if package == Path(sysconfig.get_path("purelib")).resolve():
        return {}
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH", "")]))}


def _asking(line: Connection) -> Callable[[float | None], Any]:
    """The line's ``poll``, which itself makes a new poll object for each message."""
    events = select.poll()
    events.register(line.fileno(), select.POLLIN)
    return lambda seconds: events.poll(None if seconds is None else math.ceil(seconds * 1000))


def _connect(address: str) -> Child:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(address)
    return Child(Connection(connection.detach()))


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _wait_for_work(line: Connection) -> None:
    """The life of a spare process."""
    from multiprocessing import parent_process

    from baksos_eval.batch.child import do_one, end_with
    from baksos_eval.batch.warming import warm_up

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent_process().join)  # type: ignore[union-attr]
    warm_up()
    try:
        request = line.recv()
    except (OSError, EOFError):
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    do_one(line, request)
