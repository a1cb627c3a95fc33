"""What options of the commands may hold: their words, and how a value that is none of them is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

FORMATS = ("ipynb", "docx", "pdf", "html")
WRITTEN = ("docx", "pdf", "html")
FORMS = ("docx", "pdf", "gform")
LANGUAGES = ("id", "en")
ENGINES = ("warm", "cold")
ANSWERS_FROM = ("forms", "workbook")
PLATFORMS = ("win_amd64", "manylinux_2_28_x86_64", "macosx_11_0_arm64", "macosx_11_0_x86_64")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


class Misuse(click.UsageError):
    """A fault in the command line that is already in the user's words."""


class OneOf(click.ParamType):
    """One of a few words."""

    name = "word"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if value in self.words else self.fail(str(value), param, ctx)


class Formats(click.ParamType):
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


class AtLeastOne(click.ParamType):
    """A whole number from 1."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return int(value) if str(value).isdecimal() and int(value) > 0 else self.fail(str(value), param, ctx)


class Year(click.ParamType):
    """A year that a study may have."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return int(value) if str(value).isdecimal() and 1990 <= int(value) <= 2100 else self.fail(str(value), param, ctx)
