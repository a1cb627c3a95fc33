"""Amounts as people write them: rupiah (``Rp150.000,00``, ``150rb``, ``1,5 jt``) and quantities with their units (``2 dus``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np

from baksos_eval.intake.numerals import read_numbers
from baksos_eval.intake.text import clean, loosen

Fault = Literal["", "unreadable", "negative", "doubtful"]

_RUPIAH = re.compile(r"(?P<sign>[-\u2212]?)\s*(?:rp|idr)?\.?\s*(?P<inner>[-\u2212]?)\s*(?P<number>\d[\d.,\u00a0 ]*)\s*(?P<scale>[a-z]*)\.?\s*(?P<end>,?-{0,2})\s*(?:,00)?",
                     re.IGNORECASE)
_SCALES: Mapping[str, float] = {"": 1, "rb": 1e3, "ribu": 1e3, "rbu": 1e3, "k": 1e3, "jt": 1e6, "juta": 1e6, "jta": 1e6, "m": 1e9, "miliar": 1e9, "milyar": 1e9,
                                "rupiah": 1, "rp": 1, "idr": 1}
_UNCERTAIN_SCALES = frozenset({"m"})
"""Letters that mean a thousand million to some and a million to others."""

_ROUNDED = re.compile(r"\d+(?:[.,]\d+)?\s*(?:rb|ribu|k|jt|juta|m)\b\.?", re.IGNORECASE)
_WHOLE = re.compile(r"\d+|\d{1,3}(?:[.,\u00a0 ]\d{3})+")
_CENTS = re.compile(r"(\d+|\d{1,3}(?:([.,\u00a0 ])\d{3})+)([.,])(\d{1,2})")
_MONEY = re.compile(r"[\d.,\s-]+")
_QUANTITY = re.compile(r"(?P<sign>[-\u2212]?)\s*(?P<number>\d(?:[\d.,\u00a0 ]*\d)?)\s*(?P<unit>[^\W\d].*)?")

UNITS: Mapping[str, tuple[str, ...]] = {
    "piece": ("buah", "bh", "biji", "pcs", "pc", "pieces", "piece", "potong", "item", "unit"),
    "sheet": ("lembar", "lbr", "helai", "sheet", "sheets"),
    "package": ("paket", "pkt", "pak", "pack", "packs", "package", "packages", "set"),
    "box": ("kotak", "box", "boks", "boxes", "ktk"),
    "carton": ("dus", "dos", "doos", "kardus", "karton", "carton", "cartons"),
    "bag": ("kantong", "kantung", "plastik", "kresek", "bag", "bags"),
    "sack": ("karung", "sak", "sack", "sacks"),
    "packet": ("bungkus", "bks", "sachet", "saset", "packet", "packets"),
    "bottle": ("botol", "btl", "bottle", "bottles"),
    "envelope": ("amplop", "envelope", "envelopes"),
    "portion": ("porsi", "portion", "portions", "nasi kotak"),
    "kilogram": ("kg", "kilo", "kilogram", "kgs"),
    "gram": ("gram", "gr", "g"),
    "litre": ("liter", "ltr", "lt", "l", "litre", "litres"),
    "millilitre": ("ml", "mililiter", "cc"),
    "dozen": ("lusin", "dozen", "dz"),
    "rupiah": ("rupiah", "rp", "idr"),
    "person": ("orang", "jiwa", "anak", "person", "persons", "people"),
}
"""Units by our key, with the ways to write them. A unit that is not here keeps its own word."""

PIECES: Mapping[str, float] = {"piece": 1, "sheet": 1, "dozen": 12}
"""How many pieces a unit always holds; what a box holds is for the study to say."""

_WHOLE_ONLY = frozenset({"piece", "sheet", "package", "packet", "bottle", "envelope", "portion", "person"})
_UNIT_OF = {loosen(word): key for key, words in UNITS.items() for word in words}


class Rupiah(NamedTuple):
    """An amount of money in rupiah; ``None`` with a ``fault`` where the text is none (both empty for an empty text)."""

    value: float | None
    fault: Fault = ""


class Quantity(NamedTuple):
    """How much of what: ``unit`` is a key of :data:`UNITS`, the unit's own word, or empty where none is written."""

    value: float | None
    unit: str = ""
    fault: Fault = ""


class CountOf(NamedTuple):
    """A whole number; ``None`` with a ``fault`` where the text is none (both empty for an empty text)."""

    value: int | None
    fault: Literal["", "number_unreadable", "number_negative", "count_rounded", "count_not_whole"] = ""


def read_count(text: str) -> CountOf:
    """A whole number as written or as Excel left it: what it counts comes in whole numbers, so a mark before three digits separates thousands.

    >>> [read_count(text).value for text in ("1234", "1.234", "1,234", "12 400", "97.0", "0")]
    [1234, 1234, 1234, 12400, 97, 0]
    >>> [read_count(text).fault for text in ("1,2 rb", "1.2K", "1.2", "-3", "banyak", "1.234,567")]
    ['count_rounded', 'count_rounded', 'count_not_whole', 'number_negative', 'number_unreadable', 'number_unreadable']
    """
    given = clean(text)
    if not given:
        return CountOf(None)
    plain = given.lstrip("-\u2212").strip()
    if _WHOLE.fullmatch(plain) and len({character for character in plain if not character.isdigit()}) <= 1:
        return CountOf(None, "number_negative") if plain != given else CountOf(int("".join(filter(str.isdigit, plain))))
    if _ROUNDED.fullmatch(plain):
        return CountOf(None, "count_rounded")
    decimal = re.fullmatch(r"(\d+)[.,](\d+)", plain)
    if not decimal:
        return CountOf(None, "number_unreadable")
    if plain != given:
        return CountOf(None, "number_negative")
    return CountOf(int(decimal[1])) if not decimal[2].strip("0") else CountOf(None, "count_not_whole")


def read_rupiah(text: str) -> Rupiah:
    """An amount of money as written.

    Rupiah have at most two decimals, so a mark before three digits separates thousands, whichever it is. Before *rb*, *jt* or
    *miliar* that is not so: there ``1,250 jt`` may be meant either way and is not read.

    >>> [read_rupiah(text).value for text in ("Rp150.000,00", "150rb", "1,5 jt", "Rp 50.000,-", "Rp. 75,000", "2 juta", "0")]
    [150000.0, 150000.0, 1500000.0, 50000.0, 75000.0, 2000000.0, 0.0]
    >>> [read_rupiah(text).fault for text in ("-5.000", "1,250 jt", "gratis", "Rp", "5.00.000", "100rb-150rb")]
    ['negative', 'doubtful', 'unreadable', 'unreadable', 'unreadable', 'unreadable']
    """
    given = clean(text)
    if not given:
        return Rupiah(None)
    found = _RUPIAH.fullmatch(given)
    if not found or found["scale"].casefold() not in _SCALES:
        return Rupiah(None, "unreadable")
    scale, number = found["scale"].casefold(), found["number"].strip(" \u00a0")
    if number.endswith((".", ",")) and found["end"].startswith("-"):
        number = number[:-1]
    factor = _SCALES[scale]
    value = _whole_or_cents(number) if factor == 1 else _scaled(number)
    if scale in _UNCERTAIN_SCALES or isinstance(value, str):
        return Rupiah(None, "doubtful" if scale in _UNCERTAIN_SCALES or value == "doubtful" else "unreadable")
    if found["sign"] or found["inner"]:
        return Rupiah(None, "negative")
    return Rupiah(round(value * factor, 2))


def read_quantities(texts: Sequence[str], units: Sequence[str] = ()) -> list[Quantity]:
    """One column's quantities; whether the comma or the point is the decimal mark is told by the whole column.

    An amount of money (``Rp100.000``, or rupiah beside it) is read as one. What comes in whole numbers only (pieces, packages, people) is ``doubtful`` when it would not be one: ``1.250 lembar`` beside
    ``2.5 kg``.

    Args:
        texts: the cells.
        units: the cells beside them that say the unit, where there is such a column; a unit of the text itself goes before.

    >>> read_quantities(["2 dus", "2,5 kg", "10", "-3 pcs", "sekitar 5", ""])[:3]
    [Quantity(value=2.0, unit='carton', fault=''), Quantity(value=2.5, unit='kilogram', fault=''), Quantity(value=10.0, unit='', fault='')]
    """
    texts = [clean(text) for text in texts]
    found = [_QUANTITY.fullmatch(text) for text in texts]
    numbers = read_numbers([match["number"] if match else "" for match in found])
    read = []
    for position, (text, match) in enumerate(zip(texts, found, strict=True)):
        beside = unit_of(units[position]) if units else ""
        if text and "rupiah" in (beside, unit_of(match["unit"] or "") if match else "", "" if match else unit_of(_MONEY.sub(" ", text))):
            read.append(Quantity(read_rupiah(text).value, "rupiah", read_rupiah(text).fault))
            continue
        value = float(numbers.values[position])
        unit = unit_of((match["unit"] if match else "") or "") or beside
        if not text:
            read.append(Quantity(None))
        elif not match or _is_several(match["unit"] or ""):
            read.append(Quantity(None, "", "unreadable"))
        elif position in numbers.doubtful or (unit in _WHOLE_ONLY and not np.isnan(value) and value != round(value)):
            read.append(Quantity(None, "", "doubtful"))
        elif np.isnan(value):
            read.append(Quantity(None, "", "unreadable"))
        elif match["sign"]:
            read.append(Quantity(None, "", "negative"))
        else:
            read.append(Quantity(value, unit))
    return read


@lru_cache(maxsize=4096)
def unit_of(text: str) -> str:
    """The unit a word names: a key of :data:`UNITS`, or the word itself; what follows a known unit says what is in it.

    >>> unit_of("Pcs."), unit_of("LBR"), unit_of("dus mi instan"), unit_of("Tandan"), unit_of("")
    ('piece', 'sheet', 'carton', 'tandan', '')
    """
    words = loosen(text)
    return _UNIT_OF.get(words) or _UNIT_OF.get(words.partition(" ")[0]) or words


def _is_several(unit: str) -> bool:
    """Whether a unit goes on with another amount (``dus + 3 pcs``, ``kg x 5``): then the number before it is not all there is."""
    return any(character.isdigit() for character in unit)


def _whole_or_cents(number: str) -> float | Literal["unreadable"]:
    if _WHOLE.fullmatch(number):
        marks = {character for character in number if not character.isdigit()}
        return float("".join(filter(str.isdigit, number))) if len(marks) <= 1 else "unreadable"
    cents = _CENTS.fullmatch(number)
    if not cents or cents[2] == cents[3]:
        return "unreadable"
    marks = {character for character in cents[1] if not character.isdigit()}
    return float(f"{''.join(filter(str.isdigit, cents[1]))}.{cents[4]}") if len(marks) <= 1 else "unreadable"


def _scaled(number: str) -> float | Literal["unreadable", "doubtful"]:
    """The number before a word such as *jt*."""
    read = read_numbers([number])
    if read.doubtful:
        return "doubtful"
    return "unreadable" if np.isnan(read.values[0]) else float(read.values[0])
