"""Workers that are ready: children of one fork server for all tests of a process, where each run by itself would import everything again."""

from __future__ import annotations

from concurrent.futures import Executor

from baksos_eval.batch import children
from baksos_eval.batch.executors import WarmExecutor, local


class _Shared:
    """This process's own source of children, which outlives an executor."""

    child = staticmethod(children.child)

    @staticmethod
    def stop() -> None:
        pass


def ready(jobs: int = 1) -> Executor:
    """An executor as ``baksos run`` uses it, without the wait for its start."""
    return WarmExecutor(jobs, _Shared()) if children.CAN_FORK else local(jobs)
