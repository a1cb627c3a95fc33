"""What a new study is, from what was given on the command line; the rest is asked for on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from baksos_eval.report.text import Catalogue
from baksos_eval.start.study_file import ANSWERS_FROM, USUAL_INSTRUMENTS, NewStudy
from baksos_eval.study.instrument import bundled_instruments, load_instrument
from baksos_eval.study.rt import normalise_rt


def complete(folder: Path, given: Mapping[str, Any], catalogue: Catalogue, asks: bool) -> NewStudy:
    """The new study.

    Args:
        folder: where it will lie; gives its title if nothing else does.
        given: ``title``, ``year``, ``instruments``, ``rts`` and ``answers``; empty or ``None`` where not given.
        catalogue: the language of the questions, and of the study.
        asks: whether somebody is there to answer; without, what is not given takes its usual value.
    """
    usual: dict[str, Any] = {"title": folder.resolve().name, "year": date.today().year, "instruments": USUAL_INSTRUMENTS, "rts": (), "answers": ANSWERS_FROM[0]}
    if asks and not all(given.get(name) for name in usual):
        click.echo(catalogue.text("new.ask.about"))
    found = {name: given.get(name) or (_ask(name, value, catalogue) if asks else value) for name, value in usual.items()}
    return NewStudy(found["title"], found["year"], catalogue.language, tuple(found["instruments"]), tuple(map(normalise_rt, found["rts"])), found["answers"])


def _ask(name: str, usual: Any, catalogue: Catalogue) -> Any:
    question = catalogue.text(f"new.ask.{name}")
    match name:
        case "title":
            return click.prompt(question, default=usual)
        case "year":
            return click.prompt(question, default=usual, type=click.IntRange(1990, 2100))
        case "rts":
            typed = click.prompt(question, default="", show_default=False)
            return tuple(part.strip() for part in typed.split(",") if part.strip())
        case "answers":
            return ANSWERS_FROM[_numbers(question, len(ANSWERS_FROM), "1", catalogue)[0] - 1]
    known = bundled_instruments()
    for number, instrument in enumerate(known, start=1):
        click.echo(f"   {number} {load_instrument(instrument).label[catalogue.language]}")
    usually = ",".join(str(known.index(instrument) + 1) for instrument in usual)
    return tuple(known[number - 1] for number in _numbers(question, len(known), usually, catalogue))


def _numbers(question: str, most: int, usual: str, catalogue: Catalogue) -> tuple[int, ...]:
    """Numbers from 1 to ``most``, asked for until there are some."""
    while True:
        parts = [part.strip() for part in click.prompt(question, default=usual).split(",")]
        if all(part.isdecimal() and 1 <= int(part) <= most for part in parts):
            return tuple(dict.fromkeys(map(int, parts)))
        click.echo(catalogue.text("new.ask.again"))
