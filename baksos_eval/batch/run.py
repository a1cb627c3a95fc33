"""Does the tasks of a plan and publishes their files: one broken RT does not stop the others."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

from filelock import FileLock, Timeout

from baksos_eval.batch import index, manifest
from baksos_eval.batch.executors import local
from baksos_eval.batch.plan import Plan, Task
from baksos_eval.batch.publish import digest, publish, put_aside
from baksos_eval.batch.task import Outcome, do, places_in_the_code, unexpected
from baksos_eval.errors import BaksosError
from baksos_eval.render.save import write_whole
from baksos_eval.report.text import words

_WORK = ".work-"


def run(plan: Plan, executor: Executor, on_done: Callable[[Outcome], None] = lambda outcome: None) -> tuple[Outcome, ...]:
    """The outcome of each task, in the plan's order; its files, the manifest and the index page are in ``plan.reports``.

    Args:
        executor: does the tasks (:func:`baksos_eval.batch.executors.local`); it is shut down at the end.
        on_done: is told of each outcome when its files have been published.

    Raises:
        BaksosError: ``reports_busy`` (another run is writing there) or ``reports_not_writable``.
    """
    with own(plan.reports), work_folder(plan.reports) as work:
        record = manifest.begin(plan)
        _put_aside_what_left_the_data(plan, record)
        published = {}
        try:
            for task, outcome in _outcomes(plan, executor, work, record):
                outcome = _publish(task, outcome, work / task.folder, record)
                published[task.folder] = outcome
                on_done(outcome)
        finally:
            executor.shutdown(cancel_futures=True)
            _conclude(plan, record)
    return tuple(published[task.folder] for task in plan.tasks)


def finish(plan: Plan) -> None:
    """Writes the page and the manifest of a run that was killed when nothing else was left to be done."""
    with own(plan.reports):
        _conclude(plan, manifest.begin(plan))


def _conclude(plan: Plan, record: dict) -> None:
    """Writes the page, then the manifest: as long as that has not taken in the receipts, the run is known to be unfinished."""
    record = manifest.in_order(record)
    index.write(plan.study, record, plan.reports)
    manifest.write(record, plan.reports)


def _outcomes(plan: Plan, executor: Executor, work: Path, record: dict) -> Iterator[tuple[Task, Outcome]]:
    """Each task with its outcome, as they finish; the recap is begun when every RT is published, whose ledgers it reads.

    If a worker dies, each task it may have taken along is done again by itself.
    """
    done: SimpleQueue[Future[Outcome]] = SimpleQueue()
    begun: dict[Future[Outcome], Task] = {}
    alone: list[Task] = []

    def begin(task: Task) -> None:
        try:
            future = executor.submit(do, task, work / task.folder)
        except BrokenExecutor:
            alone.append(task)
            return
        begun[future] = task
        future.add_done_callback(done.put)

    recaps = [task for task in plan.tasks if task.kind == "recap"]
    rts = sum(task.kind == "rt" for task in plan.tasks)
    for task in plan.tasks:
        if task.kind != "recap":
            begin(task)
    if begun:       # while the workers are busy and we are not
        index.template()
        words(plan.study.language)
    while begun or (recaps and not rts):
        if recaps and not rts:
            begin(_with_ledgers(recaps.pop(), plan, record))
            continue
        future = done.get()
        task = begun.pop(future)
        try:
            yield task, future.result()
            rts -= task.kind == "rt"
        except BrokenExecutor:
            alone.append(task)
    for task in (*alone, *recaps):
        shutil.rmtree(work / task.folder, ignore_errors=True)
        task = _with_ledgers(task, plan, record) if task.kind == "recap" else task
        try:
            yield task, _again(task, executor, work)
        except BrokenExecutor as error:
            yield task, Outcome(task.rt, task.folder, problem=unexpected(error, task.language), log=places_in_the_code(error, task))


def _with_ledgers(recap: Task, plan: Plan, record: dict) -> Task:
    """The recap with the ledgers that are up to date; of the other RTs it evaluates the answers."""
    return recap if recap.ledgers_folder else replace(recap, ledgers=manifest.current_ledgers(record, plan))


def _again(task: Task, executor: Executor, work: Path) -> Outcome:
    """Does one task by itself; in a new worker if the executor has none left."""
    try:
        future = executor.submit(do, task, work / task.folder)
    except BrokenExecutor:
        with local(1) as another:
            return another.submit(do, task, work / task.folder).result()
    return future.result()


def _publish(task: Task, outcome: Outcome, work: Path, record: dict) -> Outcome:
    """Publishes an outcome's files and notes them in the manifest; returns the outcome with the names the files got."""
    folder = task.reports / task.folder
    before = record["reports"].get(task.folder, {}).get("outputs", {})
    made = {name: digest(work / name) for name in outcome.files}
    manifest.intend(task.reports, task.folder, task.rt, made)
    names = publish(work, outcome.files, folder, before)
    outcome = Outcome(**vars(outcome) | {"files": tuple(names.values())})
    log = task.reports / "log" / f"{task.folder}.txt"
    if outcome.log:
        write_whole(log, outcome.log.encode())
    elif log.is_file():
        log.unlink()
        with contextlib.suppress(OSError):
            log.parent.rmdir()
    manifest.add(record, outcome, {names[name]: state for name, state in made.items()})
    manifest.confirm(record, task.reports, task.folder)
    shutil.rmtree(work, ignore_errors=True)
    return outcome


def _put_aside_what_left_the_data(plan: Plan, record: dict) -> None:
    """Moves the reports of RTs that are no longer in the data to the folder ``lama``."""
    for folder, entry in list(record["reports"].items()):
        if entry["rt"] and entry["rt"] not in plan.rts:
            with contextlib.suppress(PermissionError):  # a report that is open stays, and the page says what it is
                if (plan.reports / folder).is_dir():
                    put_aside(plan.reports / folder)
                del record["reports"][folder]


@contextlib.contextmanager
def own(reports: Path) -> Iterator[None]:
    """Keeps a second run out of the folder of reports.

    Raises:
        BaksosError: ``reports_busy`` or ``reports_not_writable``.
    """
    try:
        reports.mkdir(parents=True, exist_ok=True)
        lock = FileLock(reports / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise BaksosError("reports_busy", folder=_short(reports)) from None
    except OSError as error:
        raise BaksosError("reports_not_writable", folder=_short(reports), reason=error.strerror or type(error).__name__) from None
    try:
        yield
    finally:
        lock.release()


def _short(reports: Path) -> str:
    return f"{reports.parent.name}/{reports.name}"


@contextlib.contextmanager
def work_folder(reports: Path) -> Iterator[Path]:
    """A folder for unfinished files, on the same drive as the finished ones; what a killed run left behind is removed first."""
    for left in reports.glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in (*reports.glob(".*.part"), *reports.glob(".receipts/.*.part"), *reports.glob("log/.*.part")):
        left.unlink(missing_ok=True)
    work = Path(tempfile.mkdtemp(prefix=_WORK, dir=reports))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
