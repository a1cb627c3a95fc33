"""Numbers as people write them, read by the evidence of their whole column: is the comma or the point the decimal mark?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

Mark = Literal[",", ".", ""]

_NUMBER = re.compile(r"([-\u2212]?)(\d+|\d{1,3}(?:[.,\u00a0 ]\d{3})+)(?:([.,])(\d+))?(?:\s*/\s*(\d+(?:[.,]\d+)?))?\s*%?")
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}")


class Numbers(NamedTuple):
    """A column's numbers (nan where a text is none), the best one each was counted from (``8 / 10``: 10, else nan), and the decimal mark.

    ``mark`` is ``""`` where none or both are proven. ``doubtful`` are positions of texts such as ``1.250`` whose meaning (1250 or 1.25) neither they
    nor the column decide; they are nan.
    """

    values: np.ndarray
    maxima: np.ndarray
    mark: Mark
    doubtful: tuple[int, ...]


def read_numbers(texts: Sequence[str]) -> Numbers:
    """One column's numbers.

    A mark decides for the whole column when it can only be a decimal mark (``3,5``, ``0,125``, ``1.234,5``) or only
    separate thousands (``1.234.567``: then the other one is the decimal mark).

    >>> read_numbers(["1.250", "83,5"]).values.tolist(), read_numbers(["1,250", "83.5"]).values.tolist()
    ([1250.0, 83.5], [1250.0, 83.5])
    >>> read_numbers(["1.250", "7"])
    Numbers(values=array([nan,  7.]), maxima=array([nan, nan]), mark='', doubtful=(0,))
    """
    marks = {mark for text in texts for mark in _evidence(text.strip())}
    mark: Mark = next(iter(marks)) if len(marks) == 1 else ""
    values, maxima, doubtful = np.full(len(texts), np.nan), np.full(len(texts), np.nan), []
    for position, text in enumerate(texts):
        found = _NUMBER.fullmatch(text.strip())
        if not found:
            continue
        number = text.strip().partition("/")[0].strip(" %")
        proven = _evidence(text.strip())
        own = mark or (next(iter(proven)) if len(proven) == 1 else "")
        if own:
            values[position] = _value(number, own)
        elif number.lstrip("-\u2212").isdigit():
            values[position] = float(number.replace("\u2212", "-"))
        else:
            doubtful.append(position)
        if found[5] and not np.isnan(values[position]):
            maxima[position] = _value(found[5], own or ".")
    return Numbers(values, maxima, mark, tuple(doubtful))


def _evidence(text: str) -> set[str]:
    """The decimal marks that a text alone proves."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return set()
    number = text.partition("/")[0].strip(" %-\u2212")
    used = [character for character in number if character in ",."]
    if not used:
        return set()
    if len(set(used)) == 2:
        return {used[-1]} if used.count(used[-1]) == 1 else {",", "."}
    if len(used) > 1:
        return {"," if used[0] == "." else "."}
    return set() if _GROUPED.fullmatch(number) and not number.startswith("0") else {used[0]}


def _value(number: str, mark: str) -> float:
    """The number under this decimal mark; nan where it does not fit (``1.23`` where the comma is the decimal mark)."""
    other = "." if mark == "," else ","
    plain = number.replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    whole, _, decimals = plain.partition(mark)
    if other in decimals or (other in whole and not re.fullmatch(rf"-?\d{{1,3}}(?:\{other}\d{{3}})+", whole)):
        return float("nan")
    return float(f"{whole.replace(other, '')}.{decimals or 0}")
