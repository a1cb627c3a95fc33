"""Where tasks are done on many machines: an executor over a running Dask cluster, with study and reports in a folder that all of them see."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from pathlib import Path
from typing import Any

import baksos_eval
from baksos_eval.batch.children import CAN_FORK, ChildLost, Forks, Source, Spares
from baksos_eval.batch.manifest import source_digest
from baksos_eval.batch.plan import Task
from baksos_eval.batch.publish import digest
from baksos_eval.batch.task import Outcome
from baksos_eval.errors import BaksosError

SECONDS_TO_CONNECT = 15
SECONDS_FOR_WORKERS = 30
_RETRIES = 3        # for a task whose child was lost; a lost worker's tasks are given to others by the scheduler itself
_mutex = threading.Lock()
_sources: dict[tuple[str, str], Source] = {}


def connect(address: str, source: Path, reports: Path) -> ClusterExecutor:
    """An executor on the cluster whose scheduler is at ``address``, once every worker has been found fit for the study.

    Args:
        address: such as ``tcp://scheduler:8786``.
        source: the study's folder or file.
        reports: the study's folder of reports; it is made if it is not there.

    Raises:
        BaksosError: ``cluster_not_installed``, ``cluster_needs_folder`` (an address in place of a folder), ``cluster_unreachable``,
            ``cluster_empty``, ``cluster_other_version`` or ``cluster_other_folder`` (workers that do not see what we see).
    """
    for path in (source, reports):
        if any(part.endswith(":") and len(part) > 2 for part in path.parts):
            raise BaksosError("cluster_needs_folder", found=path.as_posix())
    try:
        from distributed import Client
    except ImportError:
        raise BaksosError("cluster_not_installed") from None
    try:
        client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError) as fault:
        raise BaksosError("cluster_unreachable", address=address, reason=type(fault).__name__) from None
    try:
        _examine(client, address, source.resolve(), reports.resolve())
    except BaseException:
        client.close()
        raise
    return ClusterExecutor(client)


class ClusterExecutor(Executor):
    """Does tasks of a plan on the workers of a cluster; each in a process of its own that is ready at once."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._inner = client.get_executor(pure=False, retries=_RETRIES)

    def submit(self, fn: Callable[..., Outcome], /, *args: Any, **kwargs: Any) -> Future[Outcome]:
        """The future of ``fn(task, work)``; it is broken (:class:`BrokenExecutor`) if every worker that tried was lost."""
        if kwargs:
            raise TypeError("only positional arguments can be sent")
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        outcome: Future[Outcome] = Future()

        def settle(done: Future[Outcome]) -> None:
            try:
                outcome.set_result(done.result())
            except (KilledWorker, FutureCancelledError, CancelledError, ChildLost):
                outcome.set_exception(BrokenExecutor("the workers that had the task were lost"))
            except BaseException as error:
                outcome.set_exception(error)

        self._inner.submit(there, fn, *args).add_done_callback(settle)
        return outcome

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Waits for the tasks that were begun, or lets go of them; the cluster itself goes on."""
        if self._client.status == "closed":
            return
        with contextlib.suppress(CancelledError, TimeoutError):
            self._inner.shutdown(wait=wait and not cancel_futures)      # what it does not wait for it cancels
        self._client.close()


def there(function: Callable[[Task, Path], Outcome], task: Task, work: Path) -> Outcome:
    """Does a task on a worker, in a folder of this attempt's own: another worker may have been lost in the middle of the same task.

    Raises:
        ChildLost: the process that did it was killed.
    """
    from distributed import get_worker

    attempt = work.with_name(f".{work.name}-{secrets.token_hex(8)}")
    try:
        with _source(task).child() as child:
            outcome = child.call(function, task, attempt)
        if attempt.is_dir():
            shutil.rmtree(work, ignore_errors=True)
            os.replace(attempt, work)
    finally:
        shutil.rmtree(attempt, ignore_errors=True)
    return dataclasses.replace(outcome, worker=str(get_worker().name))


def _source(task: Task) -> Source:
    """Where this worker's processes come from; the study's data are read once for all of them."""
    about = (str(task.source), task.language)
    with _mutex:
        if about not in _sources:
            _sources[about] = Forks(task.source, task.language) if CAN_FORK else Spares()
        return _sources[about]


def _examine(client: Any, address: str, source: Path, reports: Path) -> None:
    """Refuses a cluster without workers, and workers with another version or another folder under the same name."""
    try:
        client.wait_for_workers(1, timeout=SECONDS_FOR_WORKERS)
    except TimeoutError:
        raise BaksosError("cluster_empty", address=address) from None
    reports.mkdir(parents=True, exist_ok=True)
    token = reports / f".seen-{secrets.token_hex(8)}"
    token.touch()
    try:
        ours = _state(source, token)
        theirs = client.run(_state, source, token)
    finally:
        token.unlink()
    for code, place, what in (("cluster_other_version", 0, (baksos_eval.__version__,)), ("cluster_other_folder", 1, (source.as_posix(), reports.as_posix()))):
        different = sorted(name for name, state in theirs.items() if state[place] != ours[place])
        if different:
            raise BaksosError(code, workers=tuple(different), ours=what)


def _state(source: Path, token: Path) -> tuple[str, tuple[str, bool]]:
    """What must be the same everywhere: the program, the study, and a file just written into the folder of reports."""
    study = source / "study.toml" if source.is_dir() else source
    return source_digest(), (digest(study) if study.is_file() else "", token.is_file() and os.access(token.parent, os.W_OK))
