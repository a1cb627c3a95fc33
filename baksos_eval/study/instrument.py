"""A questionnaire as data: its statements, accepted answers, keys, directions and scoring rule, in both languages."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from baksos_eval.errors import BaksosError
from baksos_eval.study.toml import Model, Words, load


class Method(StrEnum):
    """How item scores become one scale score."""

    MEAN = "mean"        # mean of the answered items, in the unit of one item
    SUM = "sum"          # sum; with permitted blanks, the person's mean times the number of items
    PERCENT = "percent"  # mean of the answered items as a percentage of the item maximum (0-100)


class Option(Model):
    """One accepted answer: ``code`` names it, ``value`` is its score on a rating scale, ``spellings`` are ways to write it."""

    code: str
    label: Words
    value: float | None = None
    spellings: tuple[str, ...] = ()


class Dimension(Model):
    """A named part of the instrument with a score of its own."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Words
    description: Words | None = None
    smallest_change: float | None = Field(default=None, gt=0)


class Item(Model):
    """One statement or question. ``key`` is the right answer's option code in a knowledge test; ``private`` follows the instrument."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    text: Words
    dimension: str = ""
    reversed: bool = False
    key: str = ""
    aliases: tuple[str, ...] = ()
    level: Literal["", "household", "rt"] = ""
    valid_from: date | None = None
    valid_until: date | None = None
    source: str = ""
    private: bool = False

    @property
    def shown(self) -> Words:
        """What reports may show of the item: its wording, or its code alone where the instrument is private."""
        return Words(id=self.id.upper(), en=self.id.upper()) if self.private else self.text


class MultipleChoice(Model):
    """A question with several answers at once ("tick all that apply"). It is described option by option and enters no score.

    ``other`` is the code of the option that stands for whatever else somebody writes ("Lainnya: …").
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    text: Words
    options: tuple[Option, ...] = Field(min_length=2)
    aliases: tuple[str, ...] = ()
    other: str = ""


class Scoring(Model):
    """How answers become scores.

    Attributes:
        method: see :class:`Method`.
        least_answered: smallest share of a scale's items that must be answered for a score (0-1).
        direction: ``"up"`` when a higher score is better, ``"down"`` when a lower one is.
        smallest_change: smallest change of the total score that matters, in score units, declared before the results.
        categories: name of the category preset for the total score, or empty.
        total: whether the items also make one total score beside their dimensions.
    """

    method: Method
    least_answered: float = Field(default=0.8, gt=0, le=1)
    direction: Literal["up", "down"] = "up"
    smallest_change: float | None = Field(default=None, gt=0)
    categories: str = ""
    total: bool = True


class Scale(Model):
    """One score of an instrument: the total or a dimension, with the items that make it and its limits."""

    instrument: str
    id: str
    label: Words
    items: tuple[str, ...]
    method: Method
    least_answered: float
    direction: Literal["up", "down"]
    minimum: float
    maximum: float
    smallest_change: float | None
    categories: str


class Instrument(Model):
    """A questionnaire. ``kind`` is ``"rating"`` (options with values) or ``"knowledge"`` (items with keys).

    The wording of a ``private`` one (a licensed scale, say) reaches no report: items are named by their codes.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: str
    kind: Literal["rating", "knowledge"]
    label: Words
    description: Words | None = None
    instruction: Words | None = None
    source: str = ""
    licence: str = ""
    private: bool = False
    scoring: Scoring
    options: tuple[Option, ...] = Field(min_length=2)
    dimensions: tuple[Dimension, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)
    multiple: tuple[MultipleChoice, ...] = ()

    @field_validator("items")
    @classmethod
    def _keeps_private_wordings(cls, items: tuple[Item, ...], about: ValidationInfo) -> tuple[Item, ...]:
        return tuple(item.model_copy(update={"private": True}) for item in items) if about.data.get("private") else items

    @model_validator(mode="after")
    def _is_consistent(self) -> Instrument:
        codes = [option.code for option in self.options]
        dimensions = {dimension.id for dimension in self.dimensions}
        used = {item.dimension for item in self.items}
        faults = [fault for what, names in (("option", codes), ("item", [item.id for item in self.items]),
                                            ("dimension", [dimension.id for dimension in self.dimensions]),
                                            ("item", [*{item.id for item in self.items}, *(question.id for question in self.multiple)]),
                                            *(("option", [option.code for option in question.options]) for question in self.multiple))
                  for fault in _repeats(what, names)]
        faults += [{"code": "instrument_other_not_an_option", "item": question.id, "answer": question.other} for question in self.multiple
                   if question.other and question.other not in {option.code for option in question.options}]
        if "total" in dimensions:
            faults.append({"code": "instrument_total_reserved"})
        faults += [{"code": "instrument_dimension_without_items", "dimension": dimension.id}
                   for dimension in self.dimensions if dimension.id not in used]
        faults += [{"code": "instrument_option_without_value", "option": option.code}
                   for option in self.options if self.kind == "rating" and option.value is None]
        for item in self.items:
            if item.dimension and item.dimension not in dimensions:
                faults.append({"code": "instrument_unknown_dimension", "item": item.id, "dimension": item.dimension})
            if self.kind == "knowledge" and item.key not in codes:
                faults.append({"code": "instrument_key_not_an_option", "item": item.id, "answer": item.key})
        if faults:
            raise PydanticCustomError("instrument", "inconsistent", {"faults": faults})
        return self

    @cached_property
    def item_range(self) -> tuple[float, float]:
        """Smallest and largest score of one item."""
        if self.kind == "knowledge":
            return 0.0, 1.0
        values = [option.value for option in self.options if option.value is not None]
        return min(values), max(values)

    @cached_property
    def scales(self) -> tuple[Scale, ...]:
        """The total (if it has one), then each dimension."""
        scales = []
        if self.scoring.total:
            scales.append(self._scale("total", self.label, tuple(item.id for item in self.items),
                                      self.scoring.smallest_change, self.scoring.categories))
        for dimension in self.dimensions:
            members = tuple(item.id for item in self.items if item.dimension == dimension.id)
            delta = dimension.smallest_change
            if delta is None and self.scoring.method is not Method.SUM:
                delta = self.scoring.smallest_change
            scales.append(self._scale(dimension.id, dimension.label, members, delta, ""))
        return tuple(scales)

    def item(self, item_id: str) -> Item:
        """The item with this id."""
        return next(item for item in self.items if item.id == item_id)

    def _scale(self, scale_id: str, label: Words, items: tuple[str, ...], delta: float | None, categories: str) -> Scale:
        low, high = self.item_range
        factor = {Method.MEAN: 1.0, Method.SUM: float(len(items)), Method.PERCENT: 100.0 / high}[self.scoring.method]
        return Scale(instrument=self.id, id=scale_id, label=label, items=items, method=self.scoring.method,
                     least_answered=self.scoring.least_answered, direction=self.scoring.direction,
                     minimum=low * factor, maximum=high * factor, smallest_change=delta, categories=categories)


def load_instrument(name: str, folder: Path | None = None) -> Instrument:
    """The bundled instrument called ``name``, or the one in the TOML file ``name`` (relative to ``folder``).

    Raises:
        BaksosError: ``instrument_unknown`` (with the bundled names), or what :func:`baksos_eval.study.toml.load` raises.
    """
    if name.endswith(".toml"):
        return load((folder or Path()) / name, Instrument)
    if name not in bundled_instruments():
        raise BaksosError("instrument_unknown", name=name, bundled=bundled_instruments())
    with resources.as_file(resources.files("baksos_eval.study") / "bundled" / f"{name}.toml") as path:
        return load(path, Instrument)


def bundled_instruments() -> tuple[str, ...]:
    """Names of the instruments that come with the package."""
    folder = resources.files("baksos_eval.study") / "bundled"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def _repeats(what: str, names: list[str]) -> list[dict[str, str]]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    return [{"code": f"instrument_repeated_{what}", "names": ", ".join(repeated)}] if repeated else []
