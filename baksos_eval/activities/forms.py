"""The form of a log as data: its columns, how people title them, what may stand in them; for reading a log and for writing its template."""

from __future__ import annotations

from functools import cache, cached_property
from importlib import resources
from typing import Literal

from pydantic import Field as Setting

from baksos_eval.intake.text import fold, loosen
from baksos_eval.study.activities import Kind
from baksos_eval.study.toml import Model, Words, load

FieldKind = Literal["text", "label", "date", "number", "count", "key", "quantity", "rupiah", "choice", "yes_no", "rt", "household", "person", "contact"]
"""What stands in a column.

``text`` is free text, kept without what identifies people; ``label`` the name of an institution or a thing; ``number`` is not negative;
``count`` is a whole number, in which any mark separates thousands; ``key`` tells rows apart and is never shown; ``quantity`` has a unit;
``household`` and ``person`` become pseudonyms; what stands in a ``contact`` column is only known in order to keep it out.
"""


class Choice(Model):
    """One of the words that may stand in a column: our key, its label, and how else people write it."""

    key: str
    label: Words
    spellings: tuple[str, ...] = ()

    @cached_property
    def forms(self) -> frozenset[str]:
        """Every way to write it, made comparable."""
        return frozenset(form(text) for text in (self.key, self.label.id, self.label.en, *self.spellings) for form in (fold, loosen))


class FormField(Model):
    """One column of a log.

    Attributes:
        name: our name for it, also that of the record's field.
        header: its title in the template.
        help: what to write into it.
        kind: what stands in it.
        required: the column must be there; ``filled`` says that none of its cells may be empty.
        spellings: other titles by which it is known, the surest first.
        choices: the words that may stand in a ``choice`` column.
        open: whether a ``choice`` column may hold other words too, which are then kept as they are.
        in_template: whether a new log is to have it.
    """

    name: str = Setting(pattern=r"^[a-z][a-z_]*$")
    header: Words
    help: Words
    kind: FieldKind
    required: bool = False
    filled: bool = False
    spellings: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    open: bool = False
    in_template: bool = True

    @property
    def titles(self) -> tuple[str, ...]:
        """Every title by which the column is known, the surest first."""
        return tuple(dict.fromkeys((self.header.id, self.header.en, *self.spellings)))

    def choice(self, key: str) -> Choice | None:
        """The choice with this key; ``None`` for a word that is not ours."""
        return next((choice for choice in self.choices if choice.key == key), None)


class Form(Model):
    """All columns of one kind of log, in the template's order."""

    kind: Kind | Literal["eligible", "marks"]
    title: Words
    about: Words
    fields: tuple[FormField, ...] = Setting(min_length=1)

    def field(self, name: str) -> FormField:
        """The column with this name."""
        return next(field for field in self.fields if field.name == name)

    def label(self, name: str, key: str, language: str) -> str:
        """What to call a choice in a language; a word that is not ours stays as it is."""
        choice = self.field(name).choice(key)
        return choice.label[language] if choice else key


@cache
def form_of(kind: str) -> Form:
    """The form of a kind of log (``aid``, ``posts`` ...), or of a further table that goes with one (``eligible``, ``marks``)."""
    with resources.as_file(resources.files("baksos_eval.activities") / "bundled" / f"{kind}.toml") as path:
        return load(path, Form)


def bundled_forms() -> tuple[str, ...]:
    """The kinds of logs that have a form."""
    folder = resources.files("baksos_eval.activities") / "bundled"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))
