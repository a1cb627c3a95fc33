"""What a ready process does with the one request it gets: it becomes what was asked for, does the work, and ends."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

SOCKET_FOLDER = "baksos-"
"""How the name of the folder begins in which a fork server has its socket."""

_WORKS = {
    "notebook": "baksos_eval.batch.shell:run_cells",
    "call": "baksos_eval.batch.child:call",
    "kernel": "baksos_eval.batch.kernels:run_kernel",
}


def do_one(connection: Connection, request: Mapping[str, Any]) -> None:
    """Does one piece of work and ends this process.

    Args:
        connection: leads to whoever asked.
        request: ``work`` (one of the known works), ``folder`` and ``environment`` (of the work), and what the work needs.
    """
    code = 1
    try:
        become(request["folder"], request["environment"])
        connection.send_bytes(str(os.getpid()).encode())
        module, _, name = _WORKS[request["work"]].partition(":")
        work: Callable[[Connection, Mapping[str, Any]], None] = getattr(importlib.import_module(module), name)
        work(connection, request)
        code = 0
    except (BrokenPipeError, ConnectionResetError, EOFError):
        pass  # nobody wants the result any more
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(code)


def become(folder: str, environment: Mapping[str, str]) -> None:
    """Takes on the folder, the environment and fresh randomness of the request."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if hasattr(time, "tzset"):
        time.tzset()
    import random

    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # Python's own generator is reseeded at a fork, this one is not


def call(connection: Connection, request: Mapping[str, Any]) -> None:
    """Calls each ``function(*arguments)`` that arrives and sends back ``(result, None)`` or ``(None, error)``, until nobody asks any more."""
    sys.path.extend(entry for entry in request["path"] if entry not in sys.path)
    while True:
        try:
            function, arguments = connection.recv()
            answer = function(*arguments), None
        except (EOFError, ConnectionResetError):
            raise
        except Exception as error:
            answer = None, error
        connection.send(answer)


def end_with(alive: Callable[[], object]) -> None:
    """Ends this process and its group as soon as ``alive``, which blocks, returns."""

    def watch() -> None:
        alive()
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end with the starter").start()
