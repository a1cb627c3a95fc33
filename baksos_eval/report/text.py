"""The words of one language: whole-sentence templates under stable keys, and numbers as that language writes them."""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
_LOCALE = {"id": "id_ID", "en": "en_GB"}
MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True)
class Catalogue:
    """Every text of the toolkit in one language."""

    language: Language
    texts: Mapping[str, str]

    def text(self, key: str, /, **values: Any) -> str:
        """The sentence under ``key`` with its placeholders filled; a float is written with two decimals, ``{x:1}`` with one.

        ``{n:row is|rows are}`` is the first wording if ``n`` is one, and the second otherwise.

        Raises:
            KeyError: the key or a placeholder is unknown: a fault of ours, so it stops the report.
        """
        if not values:
            return self.texts[key]
        return self.texts[key].format_map({name: _Told(value, self) for name, value in values.items()})

    def has(self, key: str) -> bool:
        """Whether there is a text under ``key``."""
        return key in self.texts

    def number(self, value: float | None, digits: int = 2, signed: bool = False) -> str:
        """``value`` with ``digits`` decimals (``1.234,50`` in Indonesian); a dash when it is missing.

        >>> words("id").number(-1234.5), words("en").number(0.25, signed=True), words("id").number(float("nan"))
        ('−1.234,50', '+0.25', '–')
        """
        if value is None or math.isnan(value):
            return NOTHING
        if math.isinf(value):
            return ("+" if signed and value > 0 else MINUS if value < 0 else "") + "\N{INFINITY}"
        from babel.numbers import format_decimal

        rounded = round(value, digits) + 0.0  # no minus before a zero
        pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
        text = format_decimal(abs(rounded), format=pattern, locale=_LOCALE[self.language], decimal_quantization=True)
        sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
        return sign + text

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share of 1 as a percentage: ``73,4 %`` in Indonesian, ``73.4%`` in English."""
        if share is None or math.isnan(share):
            return NOTHING
        return self.number(100 * share, digits) + ("\N{NO-BREAK SPACE}%" if self.language == "id" else "%")

    def p(self, value: float | None) -> str:
        """A p value for a cell: three decimals, ``< 0,001`` below that, never ``0,000``.

        >>> words("id").p(0.0004).split(), words("en").p(0.0312), words("id").p(1.0)
        (['<', '0,001'], '0.031', '1,000')
        """
        if value is None or math.isnan(value):
            return NOTHING
        return f"<\N{NO-BREAK SPACE}{self.number(0.001, 3)}" if value < 0.001 else self.number(value, 3)

    def p_phrase(self, value: float | None) -> str:
        """A p value for a sentence: ``*p* < 0,001`` or ``*p* = 0,031``."""
        text = self.p(value)
        return f"*p*\N{NO-BREAK SPACE}{text}" if text.startswith("<") else f"*p*\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{text}"

    def interval(self, low: float, high: float, digits: int = 2) -> str:
        """An interval: ``0,24 s.d. 1,10`` in Indonesian, ``0.24 to 1.10`` in English."""
        if math.isnan(low) or math.isnan(high):
            return NOTHING
        return self.text("number.interval", low=self.number(low, digits), high=self.number(high, digits))

    def listing(self, parts: Iterable[str]) -> str:
        """``A, B, dan C`` / ``A, B, and C``."""
        words = list(parts)
        if len(words) < 2:
            return "".join(words)
        if len(words) == 2:
            return self.text("number.two", first=words[0], second=words[1])
        return self.text("number.many", first=", ".join(words[:-1]), last=words[-1])

    def date(self, day: date) -> str:
        """A date in words: ``17 Agustus 2021``."""
        from babel.dates import format_date

        return format_date(day, format="d MMMM y", locale=_LOCALE[self.language])

    def short_date(self, day: date) -> str:
        """A day and its month for an axis: ``17 Agu``."""
        from babel.dates import format_date

        return format_date(day, format="d MMM", locale=_LOCALE[self.language])


class _Told:
    """A value as a template writes it: a number as the language does, with so many decimals, or the wording that goes with a count."""

    def __init__(self, value: Any, catalogue: Catalogue) -> None:
        self.value, self.catalogue = value, catalogue

    def __format__(self, how: str) -> str:
        one, parted, many = how.partition("|")
        if parted:
            return one if str(self.value) == "1" else many
        if isinstance(self.value, float):
            return self.catalogue.number(self.value, int(how or 2))
        return format(self.value, how)


@cache
def words(language: Language) -> Catalogue:
    """The catalogue of a language, merged from every ``locale/*.<language>.toml``.

    Raises:
        ValueError: two files define the same key.
    """
    texts: dict[str, str] = {}
    folder = resources.files("baksos_eval.report") / "locale"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name == f"{language}.toml" or entry.name.endswith(f".{language}.toml"):
            for key, text in _flatten(tomllib.loads(entry.read_text(encoding="utf-8"))):
                if key in texts:
                    raise ValueError(f"{entry.name}: {key} is defined twice")
                texts[key] = text
    return Catalogue(language, texts)


def placeholders(template: str) -> frozenset[str]:
    """Names of the placeholders in a template."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
