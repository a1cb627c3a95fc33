"""The commands around the installation: ``new``, ``doctor``, ``wheelhouse`` and ``kernel``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baksos_eval import __version__
from baksos_eval.cli.speaking import FINE, SOME_FAILED, Speaking, from_here

if TYPE_CHECKING:
    from baksos_eval.report.text import Catalogue


def new(folder: Path, language: str | None, **given: Any) -> int:
    """Makes a study's folder from what was given; what was not is asked for on a terminal, and taken as usual elsewhere."""
    with Speaking(language or "id") as catalogue:
        from baksos_eval.start.asking import complete
        from baksos_eval.start.folder import make_study_folder
        from baksos_eval.start.study_file import answer_file, workbook_file

        new = complete(folder, given, catalogue, asks=sys.stdin is not None and sys.stdin.isatty())
        made = make_study_folder(folder, new, catalogue)
        text = catalogue.text
        click.echo(text("new.said.made", folder=from_here(made.folder)))
        for key, names in (("file", made.written), ("kept", made.kept)):
            for name in names:
                click.echo(text(f"new.said.{key}", file=name))
        click.echo(text(f"new.said.next_{new.answers}", folder=from_here(made.folder), workbook=workbook_file(catalogue),
                        pre=answer_file("pre", catalogue), post=answer_file("post", catalogue)))
        click.echo(text("new.said.next_open"))
        return FINE


def doctor(folder: Path, as_json: bool, catalogue: Catalogue) -> int:
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


def wheelhouse(out: Path, platforms: tuple[str, ...], pythons: tuple[str, ...], catalogue: Catalogue) -> int:
    """Collects the packages for an installation without a network."""
    from baksos_eval.start.wheelhouse import collect

    def tell(count: int, platform: str, python: str) -> None:
        click.echo(catalogue.text("wheelhouse.collecting", count=count, platform=platform or catalogue.text("wheelhouse.own_platform"), python=python))

    made = collect(out, platforms, pythons, tell)
    click.echo(catalogue.text("wheelhouse.done", folder=from_here(made.folder), count=made.files, size=round(made.size / 1e6)))
    click.echo(catalogue.text("wheelhouse.use", folder=from_here(made.folder)))
    return FINE


def kernel(action: str, catalogue: Catalogue) -> int:
    """Installs or removes the kernel that starts at once."""
    from baksos_eval.batch.kernels import NAME, install, remove

    folder = install() if action == "install" else remove()
    if folder is None:
        click.echo(catalogue.text("cli.kernel_absent", name=NAME))
    else:
        click.echo(catalogue.text(f"cli.kernel_{action}", name=NAME, folder=from_here(folder)))
    return FINE
