"""Text as people type it, made comparable; and text of people, made safe to quote."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_LINE_BREAK = re.compile("_x000[aAdD]_")
_ALIKE = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'",
                        "\u201c": '"', "\u201d": '"', "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})
_NUMBERING = re.compile(r"^(?:\d{1,3}|[a-z])\s*[.)]\s*(?=\S)")
_NOT_WORD = re.compile(r"[\W_]+")
_WHOLE = re.compile(r"^(-?\d+)[.,]0+$")
_EMAIL = re.compile(r"\S+@\S+")
_LONG_NUMBER = re.compile(r"\+?\d(?:[\s.()-]{0,2}\d){7,}")

_SEPARATOR = "\n"
LONGEST_QUOTE = 60


def clean(text: str) -> str:
    """The text without invisible characters, in one Unicode form (NFKC), with every run of blanks as one space.

    >>> clean(" Saya\\u00a0 setuju_x000a_sekali\\u200b ")
    'Saya setuju sekali'
    """
    if text.isalnum() and text.isascii():
        return text
    if text.isascii() and text.isprintable() and "  " not in text and "_x000" not in text:
        return text.strip()
    visible = _INVISIBLE.sub("", _LINE_BREAK.sub(" ", text))
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def fold(text: str) -> str:
    """The text for comparing: clean, without regard to case, quotation marks and kinds of dash; ``4.0`` is ``4``.

    >>> fold("Don\\u2019t  KNOW"), fold("Ragu \\u2013 ragu"), fold("4,0")
    ("don't know", 'ragu-ragu', '4')
    """
    if text.isalnum() and text.isascii():  # most codes and words: nothing to mend
        return text.lower()
    folded = clean(text).casefold().translate(_ALIKE).replace(" -", "-").replace("- ", "-")
    return _WHOLE.sub(r"\1", folded)


def clean_all(texts: Iterable[str]) -> list[str]:
    """Each text as :func:`clean` gives it; quick where they are plain codes, however many.

    >>> clean_all(["A1", " b  c"])
    ['A1', 'b c']
    """
    given = list(texts)
    return given if _are_plain(given) else [clean(text) for text in given]


def fold_all(texts: Iterable[str]) -> list[str]:
    """Each text as :func:`fold` gives it; quick where they are plain codes, however many.

    >>> fold_all(["A1", "Ragu - ragu"])
    ['a1', 'ragu-ragu']
    """
    given = list(texts)
    return _SEPARATOR.join(given).lower().split(_SEPARATOR) if given and _are_plain(given) else [fold(text) for text in given]


def _are_plain(texts: Sequence[str]) -> bool:
    """Whether the texts consist of letters and digits of ASCII alone."""
    joined = "".join(texts)
    return joined.isascii() and (joined.isalnum() or not joined)


def loosen(text: str) -> str:
    """The text's words alone: no numbering before it, no punctuation.

    >>> loosen("3. Saya mencuci tangan!"), loosen("at.ease") == loosen("at_ease")
    ('saya mencuci tangan', True)
    """
    return _NOT_WORD.sub(" ", _NUMBERING.sub("", fold(text))).strip()


def quote(text: str) -> str:
    """The text as it may be shown: at most 60 characters, without e-mail addresses and long numbers.

    >>> quote("hubungi 0812-3456-7890 atau siti@contoh.id")
    'hubungi … atau …'
    """
    safe = _LONG_NUMBER.sub("…", _EMAIL.sub("…", clean(text)))
    return safe if len(safe) <= LONGEST_QUOTE else safe[: LONGEST_QUOTE - 1].rstrip() + "…"


def nearest(wanted: Iterable[str], known: Iterable[str], most: int = 3, cutoff: float = 0.6) -> tuple[str, ...]:
    """Those of the ``known`` texts that look most like one of the ``wanted``, the closest first."""
    folded: dict[str, str] = {}
    for text in known:
        folded.setdefault(fold(text), text)
    scores: dict[str, float] = {}
    for want in wanted:
        target = fold(want)
        for match in difflib.get_close_matches(target, folded, n=most, cutoff=cutoff):
            ratio = difflib.SequenceMatcher(None, target, match).ratio()
            scores[match] = max(ratio, scores.get(match, 0.0))
    ranked = sorted(scores, key=lambda match: (-scores[match], match))
    return tuple(quote(folded[match]) for match in ranked[:most])
