"""The type of the PDF: fonts that come with matplotlib, so that a page is the same on every computer."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

FAMILIES = ("STIXGeneral", "DejaVu Sans")
_FILES = ("STIXGeneral.ttf", "DejaVuSans.ttf")
_ALWAYS_THERE = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) | frozenset("\t\n–—‘’“”•…−×≤≥≠±√∑χαβγδηκλμρστφωΔΣ₀₁₂₃²³\u2060\u202f\xad")


@cache
def folder() -> Path:
    """matplotlib's folder of fonts, found without importing it."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("matplotlib")
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


def missing(text: str) -> str:
    """The characters for which the PDF has no shape, each once, in their order; a box stands there instead.

    >>> missing("α ≥ 0,70 — Ĩ"), missing("☺ dan 漢字")
    ('', '漢字')
    """
    unusual = dict.fromkeys(character for character in text if character not in _ALWAYS_THERE)
    return "".join(character for character in unusual if not any(ord(character) in covered for covered in _coverage())) if unusual else ""


@cache
def _coverage() -> tuple[frozenset[int], ...]:
    from matplotlib.ft2font import FT2Font

    return tuple(frozenset(FT2Font(str(folder() / name)).get_charmap()) for name in _FILES)


@cache
def for_typst() -> Any:
    """The fonts as Typst wants them; nothing of the computer's own."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder())])
