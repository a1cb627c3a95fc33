"""Where tasks are done: an executor as in ``concurrent.futures``, here of worker processes on this machine."""

from __future__ import annotations

import os
import signal
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(jobs: int) -> Executor:
    """An executor for ``jobs`` tasks at a time on this machine.

    Workers start afresh (no fork), as on Windows, so that they behave alike everywhere.
    """
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_die_at_once)


def _die_at_once() -> None:
    """Ctrl-C ends a worker without a traceback; the kernel ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
