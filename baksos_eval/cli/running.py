"""The commands that make reports and put them together: ``run``, ``recap``, ``bundle`` and ``insert``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from baksos_eval.cli.speaking import (
    FINE,
    INTERRUPTED,
    SOME_FAILED,
    Speaking,
    catalogue_of,
    from_here,
    opened,
    tell_changed_files,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from baksos_eval.batch.plan import Engine, Plan
    from baksos_eval.batch.task import Outcome
    from baksos_eval.report.text import Catalogue

Telling = Literal["all", "quiet", "json"]


def run(path: Path, rts: tuple[str, ...], instruments: bool, formats: tuple[str, ...], jobs: int | None, engine: Engine, cluster: str,
        force: bool, telling: Telling, language: str | None, out: Path) -> int:
    """Makes the reports of a study that are not there yet, or not as they were made; one line a task."""
    study = opened(path, language)
    with Speaking(study.language):
        from contextlib import ExitStack

        from baksos_eval.batch.executors import cores, local, warm
        from baksos_eval.batch.manifest import known_rts
        from baksos_eval.batch.outstanding import outstanding
        from baksos_eval.batch.plan import plan

        with ExitStack() as ending:
            def executor() -> Executor:
                if cluster:
                    from baksos_eval.batch.cluster import connect

                    made: Executor = connect(cluster, path, out.resolve() / study.id)
                    ending.callback(made.shutdown, cancel_futures=True)
                    return made
                made = warm(jobs or cores(), path, study.language) if engine == "warm" else local(jobs or cores())
                ending.callback(made.shutdown, cancel_futures=True)
                return made

            if telling != "json":
                tell_changed_files(study, path, out)
            present = None if force else known_rts(study, path, out.resolve() / study.id)
            ready = executor() if present is None else None  # gets ready while we read the data
            asked = plan(study, path, out, rts, formats, engine=engine, instruments=instruments, present=present)
            made = asked if force else outstanding(asked)
            return _tell(made, len(asked.tasks) - len(made.tasks), lambda on_done: _do(made, ready or executor(), on_done), telling)


def recap(path: Path, folder: Path, formats: tuple[str, ...], language: str | None, out: Path) -> int:
    """Makes the recap of RTs whose ledgers were handed in, in place of their answers."""
    study = opened(path, language)
    with Speaking(study.language) as catalogue:
        from contextlib import ExitStack

        from baksos_eval.batch.executors import warm
        from baksos_eval.batch.handed_in import plan_recap

        with ExitStack() as ending:
            executor = warm(1)
            ending.callback(executor.shutdown, cancel_futures=True)
            made, missing = plan_recap(study, path, folder, out, formats)      # while the executor gets ready
            click.echo(catalogue.text("cli.recap_read", count=made.tasks[0].rts))
            if missing:
                click.echo(catalogue.text("cli.recap_missing", rts=catalogue.listing(missing)))
            return _tell(made, 0, lambda on_done: _do(made, executor, on_done), "all")


def _do(plan: Plan, executor: Executor, on_done: Callable[[Outcome], None]) -> Sequence[Outcome]:
    from baksos_eval.batch.outstanding import remember
    from baksos_eval.batch.run import run

    outcomes = run(plan, executor, on_done)
    remember(plan.reports)
    return outcomes


def _tell(plan: Plan, current: int, work: Callable[[Callable[[Outcome], None]], Sequence[Outcome]], telling: Telling) -> int:
    """Does the work behind a progress bar, then prints one line per RT and where the reports are.

    Args:
        current: how many tasks there is nothing to do for.
        telling: ``json`` prints one object per outcome as it comes and a last one that counts, ``quiet`` only what went wrong.
    """
    import json

    from tqdm import tqdm

    catalogue = catalogue_of(plan.study.language)
    page, done = from_here(plan.reports / "index.html"), 0
    if not plan.tasks:
        if telling == "json":
            click.echo(json.dumps({"event": "end", "done": 0, "failed": 0, "current": current, "reports": page}, ensure_ascii=False))
        elif telling == "all":
            click.echo(catalogue.text("cli.all_current", count=current))
            click.echo(catalogue.text("cli.reports", file=page))
        return FINE
    hidden = telling != "all" or not sys.stderr.isatty()
    with tqdm(total=len(plan.tasks), desc=catalogue.text("cli.progress"), unit="RT", file=sys.stderr, disable=hidden, leave=False, smoothing=0.1) as bar:

        def show(outcome: Outcome) -> None:
            nonlocal done
            done += 1
            if telling == "json":
                click.echo(json.dumps({"event": "failed" if outcome.failed else "done", "rt": outcome.rt, "folder": outcome.folder, "files": outcome.files,
                                       "pairs": outcome.pairs, "verdicts": dict(outcome.verdicts), "problem": outcome.problem}, ensure_ascii=False))
            bar.set_postfix_str(_name(outcome, catalogue))
            bar.update()

        try:
            outcomes = work(show)
        except KeyboardInterrupt:
            bar.close()
            click.echo(catalogue.text("cli.interrupted", done=done, total=len(plan.tasks)), err=True)
            return INTERRUPTED
    failed = sum(outcome.failed for outcome in outcomes)
    if telling == "json":
        click.echo(json.dumps({"event": "end", "done": len(outcomes) - failed, "failed": failed, "current": current, "reports": page}, ensure_ascii=False))
        return SOME_FAILED if failed else FINE
    for outcome in outcomes:
        if telling == "all" or outcome.failed:
            for line in _lines(outcome, plan, catalogue):
                click.echo(line)
    if failed:
        click.echo(catalogue.text("cli.some_failed", failed=failed, total=len(outcomes)))
    if telling == "all":
        if current:
            click.echo(catalogue.text("cli.some_current", count=current))
        click.echo(catalogue.text("cli.reports", file=page))
    return SOME_FAILED if failed else FINE


def _lines(outcome: Outcome, plan: Plan, catalogue: Catalogue) -> list[str]:
    from baksos_eval.batch.index import verdicts_in_words

    name = _name(outcome, catalogue)
    if not outcome.failed:
        key = "cli.done" if outcome.rt else "cli.done_instruments" if outcome.pairs is None else "cli.done_recap"
        key += "_anonymous" if plan.study.is_anonymous and outcome.pairs is not None else ""
        return [catalogue.text(key, name=name, pairs=outcome.pairs, folder=from_here(plan.reports / outcome.folder), files=", ".join(outcome.files),
                               verdict="; ".join(verdicts_in_words(outcome.verdicts, plan.study, catalogue)))]
    first, *others = outcome.problem
    lines = [catalogue.text("cli.failed", name=name, problem=first), *(f"   {line}" for line in others)]
    lines += ["   " + catalogue.text("cli.failed_notebook", file=from_here(plan.reports / outcome.folder / file)) for file in outcome.files if file.endswith(".ipynb")]
    if outcome.log:
        lines.append("   " + catalogue.text("cli.failed_log", file=from_here(plan.reports / "log" / f"{outcome.folder}.txt")))
    return lines


def _name(outcome: Outcome, catalogue: Catalogue) -> str:
    from baksos_eval.batch.index import report_name

    return outcome.rt or report_name(outcome.folder, catalogue)


def bundle(path: Path, rts: tuple[str, ...], formats: tuple[str, ...], language: str | None, technical: str | None, out: Path) -> int:
    """Puts the reports of a study into one attachment."""
    study = opened(path, language)
    with Speaking(study.language) as catalogue:
        from baksos_eval.batch.lampiran import join
        from baksos_eval.batch.plan import plan

        made = plan(study, path, out, rts)
        joined = join(made, formats, None if technical is None else technical == "yes")
        click.echo(catalogue.text("cli.bundle_done", count=len(joined.held), names=", ".join(joined.held)))
        for kind in ("failed", "waiting", "stale"):
            if names := getattr(joined, kind):
                click.echo(catalogue.text(f"cli.bundle_{kind}", names=", ".join(names)))
        if not joined.whole and technical is None:
            click.echo(catalogue.text("cli.bundle_without_technical"))
        for file in joined.files:
            click.echo(catalogue.text("cli.bundle_file", file=from_here(made.reports / file)))
        return FINE if joined.complete else SOME_FAILED


def insert(report: Path, attachments: tuple[Path, ...], at: str, level: str | None, out: Path | None, catalogue: Catalogue) -> int:
    """Puts attachments into the report of somebody, as a new file."""
    from baksos_eval.render.insert import free_path, insert

    made = insert(report, attachments, out or free_path(report, catalogue.text("cli.insert_word")), at=at, level=int(level) if level else None)
    click.echo(catalogue.text("cli.insert_done", file=from_here(made)))
    click.echo(catalogue.text("cli.insert_update"))
    return FINE
