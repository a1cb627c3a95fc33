"""The commands themselves: their options and help, thin, and light until one really runs (``--help`` imports nothing heavy)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baksos_eval import __version__
from baksos_eval.cli import asking, installing, running, writing
from baksos_eval.cli.options import (
    ANSWERS_FROM,
    ENGINES,
    FORMATS,
    FORMS,
    LANGUAGES,
    PLATFORMS,
    PYTHONS,
    WRITTEN,
    AtLeastOne,
    Formats,
    Misuse,
    OneOf,
    Year,
)
from baksos_eval.cli.speaking import (
    BAD_INPUT,
    FINE,
    INTERRUPTED,
    catalogue_of,
    guarded,
    language_in,
    usage_in_words,
)

if TYPE_CHECKING:
    from baksos_eval.batch.plan import Engine
    from baksos_eval.report.text import Catalogue


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and leaves with its exit code: 0 fine, 1 some RT failed, 2 bad input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old console cannot print every character
    given = list(sys.argv[1:] if arguments is None else arguments)
    catalogue = catalogue_of(language_in(given))
    try:
        code = build(catalogue).main(given, prog_name="baksos", standalone_mode=False)
    except click.UsageError as error:
        click.echo(usage_in_words(error, catalogue), err=True)
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
    language = click.option("--language", type=OneOf(LANGUAGES), metavar="id|en", help=text("help.language"))
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
    @click.option("--format", "formats", type=Formats("format", FORMATS), default=",".join(FORMATS), metavar="LIST", help=text("help.format"))
    @click.option("--jobs", type=AtLeastOne(), metavar="N", help=text("help.jobs"))
    @click.option("--force", is_flag=True, help=text("help.force"))
    @click.option("--quiet", is_flag=True, help=text("help.quiet"))
    @click.option("--json", "as_json", is_flag=True, help=text("help.json"))
    @click.option("--engine", type=OneOf(ENGINES), default=ENGINES[0], metavar="|".join(ENGINES), help=text("help.engine"))
    @click.option("--cluster", metavar="ADDRESS", default="", help=text("help.cluster"))
    @language
    @out
    @help_option
    def run(study: Path, rts: tuple[str, ...], instruments: bool, formats: tuple[str, ...], jobs: int | None, engine: Engine, cluster: str,
            force: bool, quiet: bool, as_json: bool, language: str | None, out: Path) -> int:
        telling = "json" if as_json else "quiet" if quiet else "all"
        return guarded(lambda: running.run(study, rts, instruments, formats, jobs, engine, cluster, force, telling, language, out), catalogue, out)

    @baksos.command(help=text("help.check"), short_help=text("help.check").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @language
    @help_option
    def check(study: Path, language: str | None) -> int:
        return guarded(lambda: asking.check(study, language), catalogue, Path("reports"))

    @baksos.command("map", help=text("help.map"), short_help=text("help.map").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @click.option("--write", is_flag=True, help=text("help.write"))
    @language
    @help_option
    def propose(study: Path, write: bool, language: str | None) -> int:
        return guarded(lambda: asking.map_columns(study, write, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.insert"), short_help=text("help.insert").partition("\n")[0], context_settings=helped)
    @click.argument("report", type=click.Path(path_type=Path))
    @click.argument("attachment", type=click.Path(path_type=Path), nargs=-1, required=True)
    @click.option("--at", metavar="BOOKMARK", default="", help=text("help.insert_at"))
    @click.option("--level", type=OneOf(("1", "2", "3")), metavar="1|2|3", help=text("help.insert_level"))
    @click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=text("help.insert_out"))
    @language
    @help_option
    def insert(report: Path, attachment: tuple[Path, ...], at: str, level: str | None, out: Path | None, language: str | None) -> int:
        return guarded(lambda: running.insert(report, attachment, at, level, out, catalogue), catalogue, Path("reports"))

    @baksos.command(help=text("help.bundle"), short_help=text("help.bundle").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.bundle_rt"))
    @click.option("--format", "formats", type=Formats("bundle_format", WRITTEN), default="docx,pdf", metavar="LIST", help=text("help.bundle_format"))
    @language
    @click.option("--technical", type=OneOf(("yes", "no")), metavar="yes|no", help=text("help.bundle_technical"))
    @click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), metavar="FOLDER", help=text("help.bundle_out"))
    @help_option
    def bundle(study: Path, rts: tuple[str, ...], formats: tuple[str, ...], language: str | None, technical: str | None, out: Path) -> int:
        return guarded(lambda: running.bundle(study, rts, formats, language, technical, out), catalogue, out)

    @baksos.command(help=text("help.recap"), short_help=text("help.recap").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @click.option("--from", "folder", type=click.Path(path_type=Path), required=True, metavar="FOLDER", help=text("help.recap_from"))
    @click.option("--format", "formats", type=Formats("format", FORMATS), default=",".join(FORMATS), metavar="LIST", help=text("help.format"))
    @language
    @out
    @help_option
    def recap(study: Path, folder: Path, formats: tuple[str, ...], language: str | None, out: Path) -> int:
        return guarded(lambda: running.recap(study, folder, formats, language, out), catalogue, out)

    @baksos.command(help=text("help.pairs"), short_help=text("help.pairs").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path))
    @language
    @help_option
    def pairs(study: Path, language: str | None) -> int:
        return guarded(lambda: asking.pairs(study, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.privacy"), short_help=text("help.privacy").partition("\n")[0], context_settings=helped)
    @click.argument("study", type=click.Path(path_type=Path), required=False)
    @language
    @help_option
    def privacy(study: Path | None, language: str | None) -> int:
        return guarded(lambda: asking.privacy(study, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.template"), short_help=text("help.template").partition("\n")[0], context_settings=helped)
    @click.argument("instruments", nargs=-1, required=True, metavar="INSTRUMENT...")
    @click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help=text("help.sheet_out"))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.sheet_rt"))
    @language
    @help_option
    def template(instruments: tuple[str, ...], out: Path, rts: tuple[str, ...], language: str | None) -> int:
        return guarded(lambda: writing.template(instruments, out, rts, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.new"), short_help=text("help.new").partition("\n")[0], context_settings=helped)
    @click.argument("folder", type=click.Path(path_type=Path))
    @click.option("--title", metavar="TEXT", help=text("help.new_title"))
    @click.option("--year", type=Year(), metavar="YEAR", help=text("help.new_year"))
    @click.option("--instrument", "instruments", multiple=True, metavar="NAME", help=text("help.new_instrument"))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.new_rt"))
    @click.option("--answers", type=OneOf(ANSWERS_FROM), metavar="|".join(ANSWERS_FROM), help=text("help.new_answers"))
    @click.option("--language", type=OneOf(LANGUAGES), metavar="id|en", help=text("help.new_language"))
    @help_option
    def new(folder: Path, **given: Any) -> int:
        return guarded(lambda: installing.new(folder, **given), catalogue_of(given["language"] or "id"), Path("reports"))

    @baksos.command(help=text("help.questionnaire"), short_help=text("help.questionnaire").partition("\n")[0], context_settings=helped)
    @click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
    @click.option("--wave", "waves", multiple=True, metavar="WAVE", help=text("help.questionnaire_wave"))
    @click.option("--format", "formats", type=Formats("form_format", FORMS), default="docx,pdf", metavar="LIST", help=text("help.questionnaire_format"))
    @click.option("--force", is_flag=True, help=text("help.questionnaire_force"))
    @language
    @click.option("--out", type=click.Path(path_type=Path), default=Path("kuesioner"), metavar="FOLDER", help=text("help.questionnaire_out"))
    @help_option
    def questionnaire(targets: tuple[str, ...], waves: tuple[str, ...], formats: tuple[str, ...], force: bool, language: str | None, out: Path) -> int:
        return guarded(lambda: writing.questionnaire(targets, waves, formats, force, language, out), catalogue, Path("reports"))

    @baksos.command(help=text("help.xlsform"), short_help=text("help.xlsform").partition("\n")[0], context_settings=helped)
    @click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
    @click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help=text("help.xlsform_out"))
    @click.option("--rt", "rts", multiple=True, metavar="NAME", help=text("help.sheet_rt"))
    @language
    @help_option
    def xlsform(targets: tuple[str, ...], out: Path, rts: tuple[str, ...], language: str | None) -> int:
        return guarded(lambda: writing.xlsform(targets, out, rts, language), catalogue, Path("reports"))

    @baksos.command(help=text("help.doctor"), short_help=text("help.doctor").partition("\n")[0], context_settings=helped)
    @click.argument("folder", type=click.Path(path_type=Path), default=Path())
    @click.option("--json", "as_json", is_flag=True, help=text("help.doctor_json"))
    @language
    @help_option
    def doctor(folder: Path, as_json: bool, language: str | None) -> int:
        return guarded(lambda: installing.doctor(folder, as_json, catalogue), catalogue, Path("reports"))

    @baksos.command(help=text("help.wheelhouse"), short_help=text("help.wheelhouse").partition("\n")[0], context_settings=helped)
    @click.option("--out", type=click.Path(path_type=Path), default=Path("wheelhouse"), metavar="FOLDER", help=text("help.wheelhouse_out"))
    @click.option("--platform", "platforms", type=OneOf(PLATFORMS), multiple=True, metavar="NAME", help=text("help.wheelhouse_platform"))
    @click.option("--python", "pythons", type=OneOf(PYTHONS), multiple=True, metavar="VERSION", help=text("help.wheelhouse_python"))
    @language
    @help_option
    def wheelhouse(out: Path, platforms: tuple[str, ...], pythons: tuple[str, ...], language: str | None) -> int:
        return guarded(lambda: installing.wheelhouse(out, platforms, pythons, catalogue), catalogue, Path("reports"))

    @baksos.command(help=text("help.kernel"), short_help=text("help.kernel").partition("\n")[0], context_settings=helped)
    @click.argument("action", type=OneOf(("install", "remove")), metavar="install|remove")
    @language
    @help_option
    def kernel(action: str, language: str | None) -> int:
        return guarded(lambda: installing.kernel(action, catalogue), catalogue, Path("reports"))

    return baksos
