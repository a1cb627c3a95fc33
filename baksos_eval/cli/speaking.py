"""How a command speaks: in whose language, what it says of errors and wrong usage, and with which exit code it leaves."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from baksos_eval.cli.options import LANGUAGES, Formats, Misuse
from baksos_eval.errors import BaksosError, Severity

if TYPE_CHECKING:
    from baksos_eval.report.text import Catalogue
    from baksos_eval.study.study import Study

FINE, SOME_FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def opened(path: Path, language: str | None) -> Study:
    """The study, and an error in opening it told in the language asked for."""
    from baksos_eval.study.study import open_study

    with Speaking(language or "id"):
        return open_study(path, language or "")


class Speaking:
    """Remembers in which language an error that passes is to be told."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __enter__(self) -> Catalogue:
        return catalogue_of(self.language)

    def __exit__(self, kind: object, error: BaseException | None, where: object) -> None:
        if error is not None and not hasattr(error, "language"):
            error.language = self.language  # type: ignore[attr-defined]


def guarded(command: Callable[[], int], catalogue: Catalogue, out: Path) -> int:
    """The command's exit code; an error becomes sentences, and an unexpected one a log file as well."""
    from baksos_eval.report.problems import describe

    try:
        return command()
    except BaksosError as error:
        for line in describe(error, catalogue_of(getattr(error, "language", catalogue.language))):
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
        for line in (*unexpected(error, spoken), catalogue_of(spoken).text("cli.failed_log", file=from_here(log))):
            click.echo(line, err=True)
        return SOME_FAILED


def usage_in_words(error: click.UsageError, catalogue: Catalogue) -> str:
    """What is wrong with a command line, in a sentence."""
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
    return param.type.key if isinstance(param.type, Formats) else param.opts[0].lstrip("-")


def language_in(arguments: Sequence[str]) -> str:
    """The language asked for on the command line, before anything has been read; Indonesian if none."""
    for name, value in zip(arguments, [*arguments[1:], ""], strict=False):
        wanted = value if name == "--language" else name.removeprefix("--language=")
        if wanted in LANGUAGES:
            return wanted
    return "id"


def catalogue_of(language: str) -> Catalogue:
    """The words of a language."""
    from baksos_eval.report.text import words

    return words(language)  # type: ignore[arg-type]


def from_here(path: Path) -> str:
    """The path as seen from the current folder, or whole if that lies elsewhere."""
    try:
        relative = Path(os.path.relpath(path))
    except ValueError:  # another drive
        return path.as_posix()
    return path.as_posix() if relative.parts[:1] == ("..",) else relative.as_posix()


def tell_changed_files(study: Study, path: Path, out: Path) -> None:
    """Says which data files are no longer what the last run read."""
    from baksos_eval.batch.manifest import changed_files
    from baksos_eval.errors import Finding, Where
    from baksos_eval.report.problems import describe

    if changed := changed_files(study, path, out.resolve() / study.id):
        catalogue = catalogue_of(study.language)
        first, *others = describe(Finding("raw_file_changed", Severity.WARNING, len(changed), tuple(Where(name) for name in changed)), catalogue)
        click.echo(catalogue.text("cli.finding", severity=catalogue.text(f"severity.{Severity.WARNING}"), text=first))
        for line in others:
            click.echo(f"   {line}")
