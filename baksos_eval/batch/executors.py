"""Where tasks are done: executors as in ``concurrent.futures``, here of processes on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from baksos_eval.batch.children import CAN_FORK, Child, ChildLost, Forks, Source


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(jobs: int) -> Executor:
    """An executor for ``jobs`` tasks at a time on this machine.

    Workers start afresh (no fork), as on Windows, so that they behave alike everywhere.
    """
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_die_at_once)


def warm(jobs: int, study: Path | None = None, language: str = "") -> Executor:
    """An executor for ``jobs`` tasks at a time, each in a process of its own that is ready at once, where the system has fork.

    Args:
        study: the study that the tasks are about; its data are then read once for all of them.
        language: the language in which they open it.
    """
    return WarmExecutor(jobs, Forks(study, language)) if CAN_FORK else local(jobs)


class WarmExecutor(Executor):
    """Does tasks in children of ``source``, one after the other in each, as in a pool of processes; the children are ended with the executor."""

    def __init__(self, jobs: int, source: Source) -> None:
        self._source = source
        self._threads = ThreadPoolExecutor(jobs)  # each waits for one child
        self._idle: list[Child] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future of ``fn(*args)``; it is broken (:class:`BrokenExecutor`) if the child that did it was killed."""
        if kwargs:
            raise TypeError("only positional arguments can be sent")
        return self._threads.submit(self._call, fn, args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Waits for the tasks that were begun; with ``cancel_futures`` it ends them."""
        if cancel_futures:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._source.stop()
        self._threads.shutdown(wait=wait)
        while self._idle:
            self._idle.pop().kill()
        self._source.stop()

    def _call(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        try:
            child = self._idle.pop()
        except IndexError:
            child = self._start()
        try:
            return child.call(function, *arguments)
        except ChildLost as fault:
            child.kill()
            raise BrokenExecutor("a worker process ended before its task did") from fault
        finally:
            if not child.line.closed:
                self._idle.append(child)

    def _start(self) -> Child:
        try:
            return self._source.child()
        except ChildLost as fault:
            raise BrokenExecutor("no worker process could be started") from fault


def _die_at_once() -> None:
    """Ctrl-C ends a worker without a traceback; the kernel ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
