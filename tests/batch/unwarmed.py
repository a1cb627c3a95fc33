"""Processes that import nothing in advance: they begin and end as the warm ones do, and are there at once."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from baksos_eval.batch import children, forkserver, warming


class UnwarmedForks(children.Forks):
    """Children that have imported nothing: how they begin and end is the same."""

    module = "tests.batch.unwarmed"


def wait_for_work(line: Connection) -> None:
    """The life of a spare process that is not warm."""
    warming.warm_up = lambda: []
    children._wait_for_work(line)


def divide(a: float, b: float) -> float:
    return a / b


def sleep_with_a_helper(file: str) -> None:
    helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(file).with_suffix(".tmp").write_text(f"{os.getpid()} {helper.pid}", encoding="utf-8")
    os.replace(Path(file).with_suffix(".tmp"), file)
    time.sleep(60)


def end_at_once() -> None:
    os._exit(3)


def call_and_forget(child: children.Child, file: str) -> None:
    with contextlib.suppress(children.ChildLost, OSError):
        child.call(sleep_with_a_helper, file)


if __name__ == "__main__":
    forkserver.warm_up = lambda between: []
    forkserver.main()
