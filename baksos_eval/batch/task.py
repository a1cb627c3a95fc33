"""Does one task: runs the notebook, looks for the evidence that it did its work, and writes the files into a folder of its own."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import baksos_eval
from baksos_eval.batch.plan import Task
from baksos_eval.batch.publish import FAILED
from baksos_eval.batch.template import parameters_of, read_template
from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import describe
from baksos_eval.report.text import words
from baksos_eval.study.study import Study, open_study

if TYPE_CHECKING:
    from baksos_eval.batch.notebook import Executed


_EVIDENCE = ("study", "rt", "scale", "method", "measure", "value", "note")
"""The columns of a ledger that tell whether a notebook did its work."""


@dataclass(frozen=True)
class Outcome:
    """What became of a task: plain values, so that it can come back from any process.

    Attributes:
        files: names of the files in the task's work folder.
        pairs: people with answers on both sides, or questionnaires of anonymous people (over all RTs for the recap; nothing for the instruments).
        verdicts: the verdict's code on the first scale of each instrument, by ``instrument.scale``.
        problem: the lines that say what went wrong; empty when all went well.
        log: what a maintainer needs to know about an unexpected error, without its message, which may quote an answer.
        worker: which worker of a cluster made it; nothing on one machine.
    """

    rt: str
    folder: str
    files: tuple[str, ...] = ()
    pairs: int | None = None
    verdicts: Mapping[str, str] = field(default_factory=dict)
    problem: tuple[str, ...] = ()
    log: str = ""
    worker: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.problem)


def do(task: Task, work: Path) -> Outcome:
    """The outcome of the task, its files in ``work``.

    A task whose notebook failed leaves that notebook alone, the error marked; one that failed in a writer leaves what was written.
    """
    executed, log, study, evidence = None, "", None, None
    try:
        work.mkdir(parents=True)
        executed = _execute(task, work)
        problem = _what_the_notebook_said(executed, task)
        if not problem:
            study = open_study(task.source, task.language)
            evidence = read_ledger(work / "hasil.csv", study, task.rt)
            _write(task, executed, work)
    except BaksosError as error:
        problem = tuple(describe(error, words(task.language)))
    except Exception as error:
        problem, log = unexpected(error, task.language), places_in_the_code(error, task)
    if evidence is None:
        return _without_leaks(task, work, Outcome(task.rt, task.folder, _keep(task, executed, problem, work), problem=problem, log=log), study)
    pairs, verdicts = evidence if task.kind in ("rt", "recap") else (None, {})
    files = tuple(name for name in (*task.files, *task.extras) if _is_written(work / name))
    return _without_leaks(task, work, Outcome(task.rt, task.folder, files, pairs, verdicts, problem, log), study)


def _without_leaks(task: Task, work: Path, outcome: Outcome, study: Study | None) -> Outcome:
    """The outcome itself if nothing in it identifies a person; otherwise a failure without any file, which names where that was.

    What cannot be examined is not published either.
    """
    from baksos_eval.batch.leaks import known_identities, leak_error, leaks_in
    from baksos_eval.intake.privacy import Identities

    catalogue = words(task.language)
    try:
        try:
            identities = known_identities(study or open_study(task.source, task.language), (task.template,))
        except BaksosError:  # without a study there are no ids, but there are patterns
            identities = Identities()
        leaks = leaks_in({name: work / name for name in outcome.files}, {"message": "\n".join(outcome.problem), "log": outcome.log}, identities)
    except Exception as error:
        return Outcome(task.rt, task.folder, problem=unexpected(error, task.language), log=places_in_the_code(error, task))
    if not leaks:
        return outcome
    said = () if any(leak.file == "message" for leak in leaks) else outcome.problem[:1]
    return Outcome(task.rt, task.folder, problem=(*describe(leak_error(leaks, catalogue), catalogue), *said))


def unexpected(error: BaseException, language: str) -> tuple[str, ...]:
    """What a user reads about an error that nobody thought of."""
    return tuple(describe(BaksosError("unexpected", error=type(error).__name__), words(language)))  # type: ignore[arg-type]


def places_in_the_code(error: BaseException, task: Task | None = None) -> str:
    """The kind of the error and where it was raised, for the log: no message, and no folder of the user's."""
    text = "".join([f"{type(error).__qualname__}\n", *traceback.format_list(traceback.extract_tb(error.__traceback__))])
    for folder, name in private_folders(task).items():
        text = text.replace(folder, name)
    return text


def private_folders(task: Task | None) -> dict[str, str]:
    """Absolute folders of this machine and what they are called instead, the longest first."""
    folders = {str(Path.home()): "~", tempfile.gettempdir(): "(tmp)", sys.prefix: "(python)", sys.base_prefix: "(python)",
               str(Path(baksos_eval.__file__).resolve().parents[1]): "(baksos-eval)"}
    if task:
        folders |= {str(task.source if task.source.is_dir() else task.source.parent): "(data)", str(task.reports): "(reports)"}
    if task and task.ledgers_folder:
        folders |= {str(task.ledgers_folder): "(ledgers)"}
    named = {folder: name for folder, name in folders.items() if len(Path(folder).parts) > 1}
    return dict(sorted(named.items(), key=lambda entry: -len(entry[0])))


def read_ledger(path: Path, study: Study, rt: str) -> tuple[int, dict[str, str]]:
    """The pairs (the questionnaires analysed, if they are anonymous) and the verdicts of a ledger, if it is the ledger of this RT (of this study for the recap, where ``rt`` is empty).

    Raises:
        BaksosError: ``ledger_missing``, ``ledger_unreadable`` or ``ledger_of_another``.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = [line for line in csv.reader(file) if line]
    except FileNotFoundError:
        lines = []
    if len(lines) < 2:
        raise BaksosError("ledger_missing")
    headlines = {f"{instrument.id}.{instrument.scales[0].id}" for instrument in study.questionnaires}
    counted = ("pre_only", "post_only") if study.is_anonymous else ("both",)
    pairs, verdicts = 0, {}
    try:
        evidence = itemgetter(*map(lines[0].index, _EVIDENCE))
        for of_study, of_rt, scale, method, measure, value, note in map(evidence, lines[1:]):
            if of_study != study.id or (rt and of_rt != rt):
                raise BaksosError("ledger_of_another", expected=rt or study.id, found=of_rt if rt else of_study)
            if method == "flow" and measure in counted:
                pairs += int(float(value))
            elif (method, measure) == ("verdict", "code") and rt and scale in headlines:
                verdicts[scale] = note
    except (ValueError, LookupError):
        raise BaksosError("ledger_unreadable") from None
    return pairs, verdicts


def _execute(task: Task, work: Path) -> Executed:
    """The executed notebook, settled; the tables it wrote are in ``work``."""
    from baksos_eval.batch.notebook import (
        MOST_TEXT,
        SECONDS,
        SECONDS_PER_CELL,
        execute,
        limit_text,
        settle,
        without_places,
    )

    parameters = {"study_folder": task.source.as_posix(), "language": task.language, "results_folder": work.as_posix()}
    for_a_reader = {"study_folder": _place_for_a_reader(task.source, task), "results_folder": ""}
    if task.kind == "rt":
        parameters["rt"] = task.rt
    if task.kind == "recap" and "ledgers_folder" in parameters_of(read_template(task.template), task.template.name):
        parameters["ledgers_folder"] = _with_ledgers(task, work)
        for_a_reader["ledgers_folder"] = _place_for_a_reader(task.ledgers_folder, task) if task.ledgers_folder else ""
    executed = execute(task.template, parameters, work, task.engine, seconds_per_cell=SECONDS_PER_CELL + task.rts, seconds=SECONDS + 3 * task.rts)
    settle(executed.notebook, parameters | for_a_reader)
    limit_text(executed.notebook, words(task.language).text("batch.output_cut", characters=MOST_TEXT))
    without_places(executed.notebook, private_folders(task))
    return executed


def _with_ledgers(task: Task, work: Path) -> str:
    """The folder where the recap finds its ledgers, or a list of them; empty where it has none and evaluates the answers."""
    from baksos_eval.evaluation.recap import LIST, write_list

    if task.ledgers_folder:
        return task.ledgers_folder.as_posix()
    if not task.ledgers:
        return ""
    write_list(work / LIST, task.ledgers)
    return work.as_posix()


def _place_for_a_reader(place: Path, task: Task) -> str:
    """A folder as seen from the finished notebook; its bare name where the way there would tell a user's name."""
    final = task.reports / task.folder
    try:
        shared = Path(os.path.commonpath([final, place]))
    except ValueError:  # two drives
        return place.name
    if shared == Path(shared.anchor) or shared in Path.home().parents:
        return place.name
    return Path(os.path.relpath(place, final)).as_posix()


def _what_the_notebook_said(executed: Executed, task: Task) -> tuple[str, ...]:
    """Why the notebook failed: its own words where it stopped at a problem that it knows, ours otherwise; nothing if it did not fail."""
    if executed.failure is None:
        return ()
    return executed.said or tuple(describe(executed.failure, words(task.language)))


def _write(task: Task, executed: Executed, work: Path) -> None:
    """Writes the attachment in every format asked for.

    Raises:
        BaksosError: ``file_not_made``, or what a writer raises.
    """
    from baksos_eval.batch.notebook import save

    path = work / f"{task.stem}.ipynb"
    save(executed.notebook, path)
    rendered = tuple(name for name in task.formats if name != "ipynb")
    if rendered:
        from baksos_eval.render.render import render

        render(path, rendered, work, task.stem, task.look)
    for name in task.files:
        if not _is_written(work / name):
            raise BaksosError("file_not_made", file=name)


def _is_written(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _keep(task: Task, executed: Executed | None, problem: Sequence[str], work: Path) -> tuple[str, ...]:
    """Writes the notebook of a failed task under the name that says so."""
    if executed is None:
        return ()
    from baksos_eval.batch.notebook import mark_failure, save

    name = f"{task.stem}{FAILED}ipynb"
    mark_failure(executed, problem, words(task.language).text("batch.stopped_here"))
    save(executed.notebook, work / name)
    return (name,)
