"""The command ``baksos``: thin, and light until a command really runs (``--help`` imports nothing heavy)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from baksos_eval import __version__
from baksos_eval.errors import BaksosError, Severity

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from baksos_eval.batch.forms import Targets
    from baksos_eval.batch.plan import Engine, Plan
    from baksos_eval.batch.task import Outcome
    from baksos_eval.report.text import Catalogue
    from baksos_eval.study.study import Study

FINE, SOME_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
FORMATS = ("ipynb", "docx", "pdf", "html")
WRITTEN = ("docx", "pdf", "html")
FORMS = ("docx", "pdf", "gform")
LANGUAGES = ("id", "en")
ENGINES = ("warm", "cold")
ANSWERS_FROM = ("forms", "workbook")
PLATFORMS = ("win_amd64", "manylinux_2_28_x86_64", "macosx_11_0_arm64", "macosx_11_0_x86_64")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
Telling = Literal["all", "quiet", "json"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and leaves with its exit code: 0 fine, 1 some RT failed, 2 bad input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old console cannot print every character
    given = list(sys.argv[1:] if arguments is None else arguments)
    catalogue = _catalogue(_language_in(given))
    try:
        code = build(catalogue).main(given, prog_name="baksos", standalone_mode=False)
    except click.UsageError as error:
        click.echo(_usage_in_words(error, catalogue), err=True)
        if error.ctx:
            click.echo(catalogue.text("cli.see_help", command=error.ctx.command_path), err=True)
        code = BAD_INPUT
    except click.Abort:
        code = INTERRUPTED
    sys.exit(code or FINE)


def build(catalogue: Catalogue) -> click.Group:
    """The commands, explained in the catalogue's language."""
    text = catalogue.text

    class Formatter(click.HelpFormatter):
        """Click's headings in our language."""

        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, f"{text('help.usage')} ")

        def section(self, name: str) -> Any:
            return super().section(text(f"help.{name.lower()}") if catalogue.has(f"help.{name.lower()}") else name)

    class Context(click.Context):
        formatter_class = Formatter

    class Command(click.Command):
        context_class = Context
        allow_extra_args = True

        def invoke(self, ctx: click.Context) -> Any:
            if ctx.args:
                raise Misuse(text("cli.too_many", found=" ".join(ctx.args)), ctx)
            return super().invoke(ctx)

    class Group(click.Group):
        context_class = Context
        command_class = Command

        def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
            if args and self.get_command(ctx, args[0]) is None:
                raise Misuse(text("cli.no_such_command", name=args[0], known=", ".join(self.list_commands(ctx))), ctx)
            return super().resolve_command(ctx, args)

    helped = {"help_option_names": []}
    help_option = click.help_option("-h", "--help", help=text("help.help"))
    language = click.option("--language", type=_OneOf(LANGUAGES), metavar="id|en", help=text("help.language"))
    out = click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), metavar="FOLDER", help=text("help.out"))

    @click.group(cls=Group, help=text("help.baksos"), context_settings=helped, no_args_is_help=False, invoke_without_command=True)
    @click.version_option(__version__, prog_name="baksos", message="%(prog)s %(version)s", help=text("help.version"))
    @help_option
    @click.pass_context
    def baksos(ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            click.echo(ctx.get_help())

    @baksos.command(help=text("help.run"), short_help=text("help.run").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.rt"))
    @click.option("--instruments", is_flag=True, help=text("help.instruments"))
    @click.option("--format", "formats", type=_Formats("format", FORMATS), default=",".join(FORMATS), metavar="LIST", help=text("help.format"))
    @click.option("--jobs", type=_AtLeastOne(), metavar="N", help=text("help.jobs"))
    @click.option("--force", is_flag=True, help=text("help.force"))
    @click.option("--quiet", is_flag=True, help=text("help.quiet"))
    @click.option("--json", "as_json", is_flag=True, help=text("help.json"))
    @click.option("--engine", type=_OneOf(ENGINES), default=ENGINES[0], metavar="|".join(ENGINES), help=text("help.engine"))
    @click.option("--cluster", metavar="ADDRESS", default="", help=text("help.cluster"))
    @language
    @out
    @help_option
    def run(study: Path, rts: tuple[str, ...], instruments: bool, formats: tuple[str, ...], jobs: int | None, engine: Engine, cluster: str,
            force: bool, quiet: bool, as_json: bool, language: str | None, out: Path) -> int:
        telling = "json" if as_json else "quiet" if quiet else "all"
        return _guarded(lambda: _run(study, rts, instruments, formats, jobs, engine, cluster, force, telling, language, out), catalogue, out)

    @baksos.command(help=text("help.check"), short_help=text("help.check").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @language
    @help_option
    def check(study: Path, language: str | None) -> int:
        return _guarded(lambda: _check(study, language), catalogue, Path("reports"))

    @baksos.command("map", help=text("help.map"), short_help=text("help.map").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @click.option("--write", is_flag=True, help=text("help.write"))
    @language
    @help_option
    def propose(study: Path, write: bool, language: str | None) -> int:
        return _guarded(lambda: _map(study, write, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.insert"), short_help=text("help.insert").partition("\n")[0], context_settings=helped)
    @click.argument("report", type=click.Path(path_type=Path))
    @click.argument("attachment", type=click.Path(path_type=Path), nargs=-1, required=True)
    @click.option("--at", metavar="BOOKMARK", default="", help=text("help.insert_at"))
    @click.option("--level", type=_OneOf(("1", "2", "3")), metavar="1|2|3", help=text("help.insert_level"))
    @click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=text("help.insert_out"))
    @language
    @help_option
    def insert(report: Path, attachment: tuple[Path, ...], at: str, level: str | None, out: Path | None, language: str | None) -> int:
        return _guarded(lambda: _insert(report, attachment, at, level, out, catalogue), catalogue, Path("reports"))

    @baksos.command(help=text("help.bundle"), short_help=text("help.bundle").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.bundle_rt"))
    @click.option("--format", "formats", type=_Formats("bundle_format", WRITTEN), default="docx,pdf", metavar="LIST", help=text("help.bundle_format"))
    @language
    @click.option("--technical", type=_OneOf(("yes", "no")), metavar="yes|no", help=text("help.bundle_technical"))
    @click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), metavar="FOLDER", help=text("help.bundle_out"))
    @help_option
    def bundle(study: Path, rts: tuple[str, ...], formats: tuple[str, ...], language: str | None, technical: str | None, out: Path) -> int:
        return _guarded(lambda: _bundle(study, rts, formats, language, technical, out), catalogue, out)

    @baksos.command(help=text("help.pairs"), short_help=text("help.pairs").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @language
    @help_option
    def pairs(study: Path, language: str | None) -> int:
        return _guarded(lambda: _pairs(study, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.privacy"), short_help=text("help.privacy").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path), required=False)
    @language
    @help_option
    def privacy(study: Path | None, language: str | None) -> int:
        return _guarded(lambda: _privacy(study, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.template"), short_help=text("help.template").partition("\n")[0], context_settings=helped)
    @click.argument("instruments", nargs=-1, required=True, metavar="INSTRUMENT...")
    @click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help=text("help.sheet_out"))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.sheet_rt"))
    @language
    @help_option
    def template(instruments: tuple[str, ...], out: Path, rts: tuple[str, ...], language: str | None) -> int:
        return _guarded(lambda: _template(instruments, out, rts, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.new"), short_help=text("help.new").partition("\n")[0], context_settings=helped)
    @click.argument("folder", type=click.Path(path_type=Path))
    @click.option("--title", metavar="TEXT", help=text("help.new_title"))
    @click.option("--year", type=_Year(), metavar="YEAR", help=text("help.new_year"))
    @click.option("--instrument", "instruments", multiple=True, metavar="NAME", help=text("help.new_instrument"))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.new_rt"))
    @click.option("--answers", type=_OneOf(ANSWERS_FROM), metavar="|".join(ANSWERS_FROM), help=text("help.new_answers"))
    @click.option("--language", type=_OneOf(LANGUAGES), metavar="id|en", help=text("help.new_language"))
    @help_option
    def new(folder: Path, **given: Any) -> int:
        return _guarded(lambda: _new(folder, **given), _catalogue(given["language"] or "id"), Path("reports"))

    @baksos.command(help=text("help.questionnaire"), short_help=text("help.questionnaire").partition("\n")[0], context_settings=helped)
    @click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
    @click.option("--wave", "waves", multiple=True, metavar="WAVE", help=text("help.questionnaire_wave"))
    @click.option("--format", "formats", type=_Formats("form_format", FORMS), default="docx,pdf", metavar="LIST", help=text("help.questionnaire_format"))
    @click.option("--force", is_flag=True, help=text("help.questionnaire_force"))
    @language
    @click.option("--out", type=click.Path(path_type=Path), default=Path("kuesioner"), metavar="FOLDER", help=text("help.questionnaire_out"))
    @help_option
    def questionnaire(targets: tuple[str, ...], waves: tuple[str, ...], formats: tuple[str, ...], force: bool, language: str | None, out: Path) -> int:
        return _guarded(lambda: _questionnaire(targets, waves, formats, force, language, out), catalogue, Path("reports"))

    @baksos.command(help=text("help.xlsform"), short_help=text("help.xlsform").partition("\n")[0], context_settings=helped)
    @click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
    @click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help=text("help.xlsform_out"))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.sheet_rt"))
    @language
    @help_option
    def xlsform(targets: tuple[str, ...], out: Path, rts: tuple[str, ...], language: str | None) -> int:
        return _guarded(lambda: _xlsform(targets, out, rts, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.doctor"), short_help=text("help.doctor").partition("\n")[0], context_settings=helped)
    @click.argument("folder", type=click.Path(path_type=Path), default=Path())
    @click.option("--json", "as_json", is_flag=True, help=text("help.doctor_json"))
    @language
    @help_option
    def doctor(folder: Path, as_json: bool, language: str | None) -> int:
        return _guarded(lambda: _doctor(folder, as_json, catalogue), catalogue, Path("reports"))

    @baksos.command(help=text("help.wheelhouse"), short_help=text("help.wheelhouse").partition("\n")[0], context_settings=helped)
    @click.option("--out", type=click.Path(path_type=Path), default=Path("wheelhouse"), metavar="FOLDER", help=text("help.wheelhouse_out"))
    @click.option("--platform", "platforms", type=_OneOf(PLATFORMS), multiple=True, metavar="NAME", help=text("help.wheelhouse_platform"))
    @click.option("--python", "pythons", type=_OneOf(PYTHONS), multiple=True, metavar="VERSION", help=text("help.wheelhouse_python"))
    @language
    @help_option
    def wheelhouse(out: Path, platforms: tuple[str, ...], pythons: tuple[str, ...], language: str | None) -> int:
        return _guarded(lambda: _wheelhouse(out, platforms, pythons, catalogue), catalogue, Path("reports"))

    @baksos.command(help=text("help.kernel"), short_help=text("help.kernel").partition("\n")[0], context_settings=helped)
    @click.argument("action", type=_OneOf(("install", "remove")), metavar="install|remove")
    @language
    @help_option
    def kernel(action: str, language: str | None) -> int:
        return _guarded(lambda: _kernel(action, catalogue), catalogue, Path("reports"))

    return baksos


class Misuse(click.UsageError):
    """A fault in the command line that is already in the user's words."""


class _OneOf(click.ParamType):
    """One of a few words."""

    name = "word"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if value in self.words else self.fail(str(value), param, ctx)


class _Formats(click.ParamType):
    """File formats separated by commas."""

    name = "formats"

    def __init__(self, key: str, known: Sequence[str]) -> None:
        self.key, self.known = key, known

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        names = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",")))
        for name in names:
            if name not in self.known:
                self.fail(name, param, ctx)
        return names


class _AtLeastOne(click.ParamType):
    """A whole number from 1."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return int(value) if str(value).isdecimal() and int(value) > 0 else self.fail(str(value), param, ctx)


class _Year(click.ParamType):
    """A year that a study may have."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return int(value) if str(value).isdecimal() and 1990 <= int(value) <= 2100 else self.fail(str(value), param, ctx)


def _run(path: Path, rts: tuple[str, ...], instruments: bool, formats: tuple[str, ...], jobs: int | None, engine: Engine, cluster: str,
         force: bool, telling: Telling, language: str | None, out: Path) -> int:
    study = _open(path, language)
    with _Speaking(study.language):
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
                _tell_changed_files(study, path, out)
            present = None if force else known_rts(study, path, out.resolve() / study.id)
            ready = executor() if present is None else None  # gets ready while we read the data
            asked = plan(study, path, out, rts, formats, engine=engine, instruments=instruments, present=present)
            made = asked if force else outstanding(asked)
            return _tell(made, len(asked.tasks) - len(made.tasks), lambda on_done: _do(made, ready or executor(), on_done), telling)


def _tell_changed_files(study: Study, path: Path, out: Path) -> None:
    """Says which data files are no longer what the last run read."""
    from baksos_eval.batch.manifest import changed_files
    from baksos_eval.errors import Finding, Where
    from baksos_eval.report.problems import describe

    if changed := changed_files(study, path, out.resolve() / study.id):
        catalogue = _catalogue(study.language)
        first, *others = describe(Finding("raw_file_changed", Severity.WARNING, len(changed), tuple(Where(name) for name in changed)), catalogue)
        click.echo(catalogue.text("cli.finding", severity=catalogue.text(f"severity.{Severity.WARNING}"), text=first))
        for line in others:
            click.echo(f"   {line}")


def _kernel(action: str, catalogue: Catalogue) -> int:
    from baksos_eval.batch.kernels import NAME, install, remove

    folder = install() if action == "install" else remove()
    if folder is None:
        click.echo(catalogue.text("cli.kernel_absent", name=NAME))
    else:
        click.echo(catalogue.text(f"cli.kernel_{action}", name=NAME, folder=_from_here(folder)))
    return FINE


def _do(plan: Plan, executor: Executor, on_done: Callable[[Outcome], None]) -> Sequence[Outcome]:
    from baksos_eval.batch.run import run

    return run(plan, executor, on_done)


def _tell(plan: Plan, current: int, work: Callable[[Callable[[Outcome], None]], Sequence[Outcome]], telling: Telling) -> int:
    """Does the work behind a progress bar, then prints one line per RT and where the reports are.

    Args:
        current: how many tasks there is nothing to do for.
        telling: ``json`` prints one object per outcome as it comes and a last one that counts, ``quiet`` only what went wrong.
    """
    import json

    from tqdm import tqdm

    catalogue = _catalogue(plan.study.language)
    page, done = _from_here(plan.reports / "index.html"), 0
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
        return [catalogue.text(key, name=name, pairs=outcome.pairs, folder=_from_here(plan.reports / outcome.folder), files=", ".join(outcome.files),
                               verdict="; ".join(verdicts_in_words(outcome.verdicts, plan.study, catalogue)))]
    first, *others = outcome.problem
    lines = [catalogue.text("cli.failed", name=name, problem=first), *(f"   {line}" for line in others)]
    lines += ["   " + catalogue.text("cli.failed_notebook", file=_from_here(plan.reports / outcome.folder / file)) for file in outcome.files if file.endswith(".ipynb")]
    if outcome.log:
        lines.append("   " + catalogue.text("cli.failed_log", file=_from_here(plan.reports / "log" / f"{outcome.folder}.txt")))
    return lines


def _insert(report: Path, attachments: tuple[Path, ...], at: str, level: str | None, out: Path | None, catalogue: Catalogue) -> int:
    from baksos_eval.render.insert import free_path, insert

    made = insert(report, attachments, out or free_path(report, catalogue.text("cli.insert_word")), at=at, level=int(level) if level else None)
    click.echo(catalogue.text("cli.insert_done", file=_from_here(made)))
    click.echo(catalogue.text("cli.insert_update"))
    return FINE


def _bundle(path: Path, rts: tuple[str, ...], formats: tuple[str, ...], language: str | None, technical: str | None, out: Path) -> int:
    study = _open(path, language)
    with _Speaking(study.language) as catalogue:
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
            click.echo(catalogue.text("cli.bundle_file", file=_from_here(made.reports / file)))
        return FINE if joined.complete else SOME_FAILED


def _name(outcome: Outcome, catalogue: Catalogue) -> str:
    from baksos_eval.batch.index import report_name

    return outcome.rt or report_name(outcome.folder, catalogue)


def _check(path: Path, language: str | None) -> int:
    study = _open(path, language)
    with _Speaking(study.language) as catalogue:
        from baksos_eval.activities.activities import read_activities
        from baksos_eval.batch.plan import folders_of
        from baksos_eval.intake.intake import inspect
        from baksos_eval.report.mapping import mapping_lines
        from baksos_eval.report.narrative_activities import activities as told
        from baksos_eval.report.problems import describe

        inspection = inspect(study)
        for line in mapping_lines(inspection, catalogue):
            click.echo(line)
        _tell_changed_files(study, path, Path("reports"))
        activities = read_activities(study)
        if said := told(activities):
            click.echo(said.markdown)
        findings = sorted((*inspection.findings, *activities.findings), key=lambda finding: list(Severity).index(finding.severity))
        for finding in findings:
            first, *others = describe(finding, catalogue)
            click.echo(catalogue.text("cli.finding", severity=catalogue.text(f"severity.{finding.severity}"), text=first))
            for line in others:
                click.echo(f"   {line}")
        rts = inspection.rts
        folders_of(rts)
        counts = {str(severity): sum(finding.severity is severity for finding in findings) for severity in Severity}
        key = ("cli.check_count" if findings else "cli.check_none") + ("" if study.asks_people else "_logs")
        click.echo(catalogue.text(key, rts=len(rts), **counts))
        return BAD_INPUT if counts[Severity.FATAL] else FINE


def _map(path: Path, write: bool, language: str | None) -> int:
    """Shows which lines the proposals would add to study.toml, and writes them where that was asked for."""
    study = _open(path, language)
    with _Speaking(study.language) as catalogue:
        from difflib import unified_diff

        from baksos_eval.intake.intake import inspect
        from baksos_eval.report.mapping import additions_of
        from baksos_eval.study.rewrite import add_headers

        file = path / "study.toml" if path.is_dir() else path
        former = file.read_bytes()
        text = former.decode("utf-8-sig")
        additions = additions_of(inspect(study), catalogue)
        if not additions:
            click.echo(catalogue.text("map.nothing"))
            return FINE
        proposed = add_headers(text, additions, file.name)
        for line in unified_diff(text.splitlines(), proposed.splitlines(), file.name, file.name, n=2, lineterm=""):
            click.echo(line)
        if not write:
            click.echo(catalogue.text("map.asks", study=path))
            return FINE
        from baksos_eval.render.save import write_whole

        backup = _unused(file.with_name(f"{file.name}.bak"))
        write_whole(backup, former)
        write_whole(file, former[:len(former) - len(former.removeprefix(b"\xef\xbb\xbf"))] + proposed.encode("utf-8"))
        click.echo(catalogue.text("map.written", file=_from_here(file), backup=_from_here(backup)))
        return FINE


def _template(instruments: tuple[str, ...], out: Path, rts: tuple[str, ...], language: str | None) -> int:
    with _Speaking(language or "id") as catalogue:
        from baksos_eval.batch.forms import open_targets
        from baksos_eval.render.save import write_whole
        from baksos_eval.report.answer_sheet import answer_sheet, study_entry
        from baksos_eval.report.log_sheet import log_entry, log_sheet
        from baksos_eval.study.activities import KINDS
        from baksos_eval.study.instrument import load_instrument

        if out.suffix.lower() != ".xlsx":
            raise BaksosError("template_not_xlsx", file=out.name)
        if out.exists():
            raise BaksosError("template_exists", file=out.name)
        if kinds := [name for name in instruments if name in KINDS]:
            if len(instruments) > 1:
                raise BaksosError("template_kinds_apart", kinds=KINDS)
            write_whole(out, log_sheet(kinds[0], rts, catalogue))
            click.echo(catalogue.text("log_sheet.written", file=_from_here(out)))
            for line in ["", *log_entry(kinds[0], out.name, rts, catalogue)]:
                click.echo(line)
            return FINE
        targets = open_targets(instruments, language or "")
    with _Speaking(targets.study.language if targets.study else language or "id") as catalogue:
        write_whole(out, answer_sheet(targets.instruments, rts, catalogue, targets.study))
        click.echo(catalogue.text("template.written", file=_from_here(out)))
        for line in ["", *study_entry(out.name, targets.names, catalogue, targets.study)]:
            click.echo(line)
        return FINE


def _new(folder: Path, language: str | None, **given: Any) -> int:
    """Makes a study's folder from what was given; what was not is asked for on a terminal, and taken as usual elsewhere."""
    with _Speaking(language or "id") as catalogue:
        from baksos_eval.start.asking import complete
        from baksos_eval.start.folder import make_study_folder
        from baksos_eval.start.study_file import answer_file, workbook_file

        new = complete(folder, given, catalogue, asks=sys.stdin is not None and sys.stdin.isatty())
        made = make_study_folder(folder, new, catalogue)
        text = catalogue.text
        click.echo(text("new.said.made", folder=_from_here(made.folder)))
        for key, names in (("file", made.written), ("kept", made.kept)):
            for name in names:
                click.echo(text(f"new.said.{key}", file=name))
        click.echo(text(f"new.said.next_{new.answers}", folder=_from_here(made.folder), workbook=workbook_file(catalogue),
                        pre=answer_file("pre", catalogue), post=answer_file("post", catalogue)))
        click.echo(text("new.said.next_open"))
        return FINE


def _questionnaire(names: tuple[str, ...], waves: tuple[str, ...], formats: tuple[str, ...], force: bool, language: str | None, out: Path) -> int:
    with _Speaking(language or "id"):
        from baksos_eval.batch.forms import open_targets, write_forms

        targets = open_targets(names, language or "")
    with _Speaking(targets.study.language if targets.study else language or "id") as catalogue:
        from baksos_eval.report.google_form import answers_entry

        for path in write_forms(targets, waves, formats, out, catalogue, force):
            click.echo(catalogue.text("form.written", file=_from_here(path)))
        _remind_of_licences(targets, catalogue)
        if "gform" in formats:
            for wave in waves or (targets.study.waves if targets.study else ("pre", "post")):
                file = catalogue.text("form.answers_file", title=catalogue.text(f"form.file.{wave}") if catalogue.has(f"form.file.{wave}") else wave)
                click.echo(catalogue.text("form.gform_entry", file=file))
                for line in ["", *answers_entry(file, targets.study, wave, catalogue), ""]:
                    click.echo(line)
        return FINE


def _remind_of_licences(targets: Targets, catalogue: Catalogue) -> None:
    for instrument in targets.instruments:
        if instrument.private:
            click.echo(catalogue.text("form.private_instrument", name=instrument.label[catalogue.language]))


def _xlsform(names: tuple[str, ...], out: Path, rts: tuple[str, ...], language: str | None) -> int:
    with _Speaking(language or "id"):
        from baksos_eval.batch.forms import open_targets

        targets = open_targets(names, language or "")
    with _Speaking(targets.study.language if targets.study else language or "id") as catalogue:
        from baksos_eval.render.save import write_whole
        from baksos_eval.report.xlsform import converts, export_entry, xlsform

        if out.suffix.lower() != ".xlsx":
            raise BaksosError("template_not_xlsx", file=out.name)
        if out.exists():
            raise BaksosError("template_exists", file=out.name)
        book = xlsform(targets.instruments, targets.study, rts)
        remarks = converts(book)
        write_whole(out, book)
        text = catalogue.text
        lines = [text("form.xlsform_written", file=_from_here(out)), text("form.xlsform_unchecked" if remarks is None else "form.xlsform_checked")]
        lines += [text("form.xlsform_remark", text=remark) for remark in remarks or ()]
        _remind_of_licences(targets, catalogue)
        for line in [*lines, text("form.xlsform_entry"), "", *export_entry("kobo.csv", targets.names, targets.study, catalogue.language)]:
            click.echo(line)
        return FINE


def _doctor(folder: Path, as_json: bool, catalogue: Catalogue) -> int:
    """Prints every check as it is made; the exit code says whether something is wrong."""
    import json

    from baksos_eval.start.doctor import examine
    from baksos_eval.start.doctor_words import line_of, summary_of

    checks = []
    for check in examine(folder):
        checks.append(check)
        if not as_json:
            for line in line_of(check, catalogue):
                click.echo(line)
    wrong = sum(check.state == "wrong" for check in checks)
    if as_json:
        listed = [{"name": check.name, "state": check.state, "text": line_of(check, catalogue), **check.details} for check in checks]
        click.echo(json.dumps({"version": __version__, "wrong": wrong, "checks": listed}, ensure_ascii=False))
    else:
        click.echo(summary_of(checks, catalogue))
    return SOME_FAILED if wrong else FINE


def _wheelhouse(out: Path, platforms: tuple[str, ...], pythons: tuple[str, ...], catalogue: Catalogue) -> int:
    from baksos_eval.start.wheelhouse import collect

    def tell(count: int, platform: str, python: str) -> None:
        click.echo(catalogue.text("wheelhouse.collecting", count=count, platform=platform or catalogue.text("wheelhouse.own_platform"), python=python))

    made = collect(out, platforms, pythons, tell)
    click.echo(catalogue.text("wheelhouse.done", folder=_from_here(made.folder), count=made.files, size=round(made.size / 1e6)))
    click.echo(catalogue.text("wheelhouse.use", folder=_from_here(made.folder)))
    return FINE


def _unused(path: Path) -> Path:
    """The path, or the first of path2, path3 … where nothing is yet."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name}{number}")
    return candidate


def _pairs(path: Path, language: str | None) -> int:
    study = _open(path, language)
    with _Speaking(study.language) as catalogue:
        from baksos_eval.batch.pairs import write_review

        made = write_review(study)
        text, file = catalogue.text, _from_here(made.path)
        lines = [text("pairs.count", count=len(made.proposals), file=file)] if made.proposals else [text("pairs.none")]
        lines += [text("pairs.of_kind", count=count, kind=text(f"pairs.kind.{kind}")) for kind, count in made.kinds.items()]
        lines += [text("pairs.of_strength", count=count, strength=text(f"pairs.strength.{strength}")) for strength, count in made.strengths.items()]
        lines += [text("pairs.kept", decided=made.decided)] if made.decided else []
        lines += [text("pairs.outdated", outdated=made.outdated)] if made.outdated else []
        chance = made.chance
        lines.append(text("pairs.collision", rt=catalogue.percent(chance.collision), people=chance.people, overall=catalogue.percent(chance.overall), everybody=chance.everybody))
        lines.append(text("pairs.by_chance", count=chance.by_chance))
        if made.proposals:
            lines += [text("pairs.next"), *([] if made.declared else [text("pairs.declare", file=made.path.name)]), text("pairs.secret")]
        for line in lines:
            click.echo(line)
        return FINE


def _privacy(path: Path | None, language: str | None) -> int:
    study = _open(path, language) if path else None
    with _Speaking(study.language if study else language or "id") as catalogue:
        from baksos_eval.report.privacy import explain

        facts = None
        if study:
            from baksos_eval.batch.privacy import look_at

            facts = look_at(study)
        for line in explain(facts, catalogue):
            click.echo(line)
        return FINE


def _open(path: Path, language: str | None) -> Study:
    from baksos_eval.study.study import open_study

    with _Speaking(language or "id"):
        return open_study(path, language or "")


class _Speaking:
    """Remembers in which language an error that passes is to be told."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __enter__(self) -> Catalogue:
        return _catalogue(self.language)

    def __exit__(self, kind: object, error: BaseException | None, where: object) -> None:
        if error is not None and not hasattr(error, "language"):
            error.language = self.language  # type: ignore[attr-defined]


def _guarded(command: Callable[[], int], catalogue: Catalogue, out: Path) -> int:
    """The command's exit code; an error becomes sentences, and an unexpected one a log file as well."""
    from baksos_eval.report.problems import describe

    try:
        return command()
    except BaksosError as error:
        for line in describe(error, _catalogue(getattr(error, "language", catalogue.language))):
            click.echo(line, err=True)
        return BAD_INPUT
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except BrokenPipeError:  # whoever read our lines (`| head`) has had enough; nothing more is said, also not at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception as error:
        from baksos_eval.batch.task import places_in_the_code, unexpected
        from baksos_eval.render.save import write_whole

        spoken = getattr(error, "language", catalogue.language)
        log = out / "log" / "baksos.txt"
        write_whole(log, places_in_the_code(error).encode())
        for line in (*unexpected(error, spoken), _catalogue(spoken).text("cli.failed_log", file=_from_here(log))):
            click.echo(line, err=True)
        return SOME_FAILED


def _usage_in_words(error: click.UsageError, catalogue: Catalogue) -> str:
    name = _name_of(error)
    match error:
        case Misuse():
            return error.message
        case click.NoSuchOption():
            similar = next(iter(error.possibilities or ()), "")
            key = "cli.no_such_option_similar" if similar else "cli.no_such_option"
            return catalogue.text(key, name=error.option_name, similar=similar)
        case click.MissingParameter():
            return catalogue.text("cli.missing", name=name)
        case click.BadOptionUsage():
            return catalogue.text("cli.needs_value", name=error.option_name)
        case click.BadParameter() if error.param is not None and catalogue.has(f"cli.expected.{_key(error.param)}"):
            return catalogue.text("cli.bad_value", name=name, found=error.message, expected=catalogue.text(f"cli.expected.{_key(error.param)}"))
    return catalogue.text("cli.usage", reason=error.message)


def _name_of(error: click.UsageError) -> str:
    param = getattr(error, "param", None)
    return "" if param is None else param.opts[0] if isinstance(param, click.Option) else param.make_metavar(error.ctx)


def _key(param: click.Parameter) -> str:
    return param.type.key if isinstance(param.type, _Formats) else param.opts[0].lstrip("-")


def _language_in(arguments: Sequence[str]) -> str:
    """The language asked for on the command line, before anything has been read; Indonesian if none."""
    for name, value in zip(arguments, [*arguments[1:], ""], strict=False):
        wanted = value if name == "--language" else name.removeprefix("--language=")
        if wanted in LANGUAGES:
            return wanted
    return "id"


def _catalogue(language: str) -> Catalogue:
    from baksos_eval.report.text import words

    return words(language)  # type: ignore[arg-type]


def _from_here(path: Path) -> str:
    """The path as seen from the current folder, or whole if that lies elsewhere."""
    try:
        relative = Path(os.path.relpath(path))
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.parts[:1] == ("..",) else relative.as_posix()
