"""The fork server: a process with one thread that has imported everything once and forks itself for each piece of work.

``python -m baksos_eval.batch.forkserver [STUDY LANGUAGE]`` prints the address of its socket and serves until its standard input ends. Every
connection becomes one child, which reads its request from there; when the connection is closed from the other side, the child
and its process group are killed, and when the child ends, the connection is closed. When the server ends, all children do.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

from baksos_eval.batch.child import SOCKET_FOLDER, do_one, end_with
from baksos_eval.batch.warming import read_ahead, warm_up

_LIFE_LINE = 0          # standard input: it ends when whoever started the server ends
_WAITING = 128


class ForkServer:
    """Forks a child for every connection to its socket; see the module."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER))  # nobody else may enter it
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(self.folder / "s"))
        self.listener.listen(_WAITING)
        self.children: dict[int, socket.socket] = {}
        self.ended, self._wake = os.pipe()
        self.alive, self._alive = os.pipe()

    def serve(self) -> None:
        """Serves until the life line ends; then every child is killed."""
        os.set_blocking(self._wake, False)
        os.set_blocking(self.ended, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        events = select.poll()
        for descriptor in (_LIFE_LINE, self.listener.fileno(), self.ended):
            events.register(descriptor, select.POLLIN)
        try:
            while True:
                for descriptor, event in events.poll():
                    if descriptor == _LIFE_LINE:
                        return
                    if descriptor == self.ended:
                        with contextlib.suppress(BlockingIOError):
                            os.read(self.ended, 4096)
                    elif descriptor == self.listener.fileno():
                        self._fork(events)
                    elif event & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                        events.unregister(descriptor)
                        self._kill(next(child for child, connection in self.children.items() if connection.fileno() == descriptor))
                self._bury(events)
        finally:
            for child in self.children:
                self._kill(child)
            for child in self.children:
                os.waitpid(child, 0)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _fork(self, events: select.poll) -> None:
        connection, _ = self.listener.accept()
        if _threads() > 1:
            print("baksos: the fork server has more than one thread and does not fork", file=sys.stderr)
            connection.close()
            return
        child = os.fork()
        if child == 0:
            self._be_a_child(connection)
        self.children[child] = connection
        events.register(connection.fileno(), 0)  # hanging up is always told; what is sent is for the child

    def _be_a_child(self, connection: socket.socket) -> NoReturn:
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, _LIFE_LINE)
            for descriptor in (nothing, self._alive, self.ended, self._wake):
                os.close(descriptor)
            for other in (self.listener, *self.children.values()):
                other.close()
            alive = self.alive
            end_with(lambda: os.read(alive, 1))
            from baksos_eval.batch import children

            children.inherited = str(self.folder / "s")
            gc.enable()
            line = Connection(connection.detach())
            do_one(line, line.recv())
        finally:
            os._exit(1)

    def _kill(self, child: int) -> None:
        for kill in (os.killpg, os.kill):  # the child may not have made its group yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(child, signal.SIGKILL)

    def _bury(self, events: select.poll) -> None:
        """Takes leave of children that have ended, of what they have started, and of their connections."""
        while self.children:
            child, _ = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
            connection = self.children.pop(child)
            with contextlib.suppress(KeyError):
                events.unregister(connection.fileno())
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


def _threads() -> int:
    """How many threads this process has, also those that Python did not start."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def _end_if_alone() -> None:
    """Ends the server if whoever started it has ended."""
    if select.select([_LIFE_LINE], [], [], 0)[0]:
        sys.exit(0)


def main() -> None:
    """Prints the address, imports everything, then serves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    server = ForkServer()
    try:
        print(server.folder / "s", flush=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        warm_up(_end_if_alone)
        _end_if_alone()
        if len(sys.argv) == 3:
            read_ahead(*sys.argv[1:])
        gc.disable()
        gc.freeze()
        server.serve()
    finally:
        shutil.rmtree(server.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
    os._exit(0)     # to take everything down in order would take a tenth of a second
