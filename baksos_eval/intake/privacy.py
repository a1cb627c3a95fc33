"""What may identify a person, stopped at the door: contact columns, and ids and contact values wherever else they turn up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from baksos_eval.intake.files import RawTable
from baksos_eval.intake.names import look_like_names
from baksos_eval.intake.text import clean, fold, quote

_CONTACT_HEADER = re.compile(
    r"\b(nama|name|nik|nkk|kk|ktp|kartu keluarga|hp|handphone|wa|whatsapp|telepon|telp|tlp|phone|ponsel|e-?mail|surel"
    r"|username|alamat|address|instagram|tanda tangan|signature)\b")
_CONTACT_VALUE = re.compile(r"\S+@\S+\.\S+|(?:\+?62|0)[\s-]?8(?:[\s.-]?\d){7,11}|\d{15,18}")
_MOST_VALUES = 500
_NEARLY_UNIQUE = 0.8

_PROVINCE, _DAY, _MONTH = r"(?:1[1-9]|2[1-9]|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])", r"(?:0[1-9]|[1256]\d|4[1-9]|[37][01])", r"(?:0[1-9]|1[0-2])"
_ALONE_BEFORE, _ALONE_AFTER = r"(?<![\w+/=])(?<!\d[.,])", r"(?![\w/=])(?![.,]\d)"
_MOBILE = "8[0-9]{{2,3}}{0}[0-9]{{3,4}}{0}[0-9]{{3,5}}"
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "nik": re.compile(rf"{_ALONE_BEFORE}{_PROVINCE}\d{{4}}{_DAY}{_MONTH}\d{{2}}(?!0000)\d{{4}}{_ALONE_AFTER}"),
    "phone": re.compile(rf"{_ALONE_BEFORE}(?:(?:0|(?:\+|00)62[ .-]?){_MOBILE.format('[ .-]?')}|62[ -]?{_MOBILE.format('[ -]?')}){_ALONE_AFTER}"),
    "email": re.compile(r"(?<![\w.+-])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\w-])", re.IGNORECASE),
}
"""What a personal number or address looks like, wherever it comes from. A number of a family card (KK) is built like a NIK."""

_PARTS = {"nik": re.compile(r"\d(?<!\d\d)(?<!\d[.,]\d)\d{15}(?!\d)"),
          "phone": re.compile(r"(?:0|62[ .-]?)8[0-9]{2}(?<!\d08\d\d)(?<!\d[.,]08\d\d)"), "email": re.compile("@")}
"""What every match of a pattern has in it, found faster than the pattern, which looks back at every character."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_TOKEN = re.compile(r"\d+[.,]\d+(?:e[+-]?\d+)?(?![\w.,]*[.,]\d)|[^\W_]+")
_DECIMAL = re.compile(r"\d+[.,]\d+(?:e[+-]?\d+)?")
_DECIMALS = (re.compile(r"\d+"), re.compile(r"\d+e\d+"))
_GAPS = bytes(code if code >= 128 or chr(code).isalnum() else ord(" ") for code in range(256))
_LONG = 1000
SHORTEST = 4
SHORTEST_NUMBER = 6


def is_contact(table: RawTable, position: int) -> bool:
    """Whether a column holds names, numbers or addresses of people: by its header, or by most of its values."""
    return _CONTACT_HEADER.search(fold(table.columns[position])) is not None or _has_contact_values(table, position) or _has_names(table, position)


def identifies(table: RawTable, position: int) -> bool:
    """Whether a column that was asked for as a profile would identify people: contact values, or a name of its own for nearly everyone."""
    by_header = _CONTACT_HEADER.search(fold(table.columns[position])) is not None
    return _has_contact_values(table, position) or _has_names(table, position) or (by_header and _nearly_unique(table, position))


def _nearly_unique(table: RawTable, position: int) -> bool:
    values = table.frame[position]
    answered = int((values.cat.codes != 0).sum())
    return answered >= 5 and values.nunique() > _NEARLY_UNIQUE * answered


def _has_contact_values(table: RawTable, position: int) -> bool:
    values = _values(table, position)
    return len(values) >= 3 and sum(_CONTACT_VALUE.fullmatch(text) is not None for text in values) >= 0.5 * len(values)


def _has_names(table: RawTable, position: int) -> bool:
    return _nearly_unique(table, position) and look_like_names(_values(table, position))


def _values(table: RawTable, position: int) -> list[str]:
    return list(table.frame[position].cat.categories[1:_MOST_VALUES + 1])


def values_of(table: RawTable, positions: Iterable[int]) -> set[str]:
    """Every different value of these columns, as it stands in the file."""
    return {text for position in positions for text in table.frame[position].cat.categories if text}


class Hit(NamedTuple):
    """Something in a text that may identify a person: its kind (``id``, ``contact`` or a key of :data:`PATTERNS`) and where it stands."""

    kind: str
    start: int
    end: int


class Identities:
    """The ids and contact values of a study's people, to be recognised in any text. They stay in memory: nothing here prints them.

    A value is recognised by its words, whatever the case and what stands between them, and as one word
    (``0812-3456`` and ``08123456``). Values that are too short to mean one person (fewer than four letters and digits,
    a number of fewer than six digits) and those that the ``public`` texts contain anyway are not looked for.

    Args:
        ids: what people are paired by.
        contacts: values of contact columns.
        public: texts that reports may show: the study's own description, the questionnaires, our words.
    """

    def __init__(self, ids: Iterable[str] = (), contacts: Iterable[str] = (), public: Iterable[str] = ()) -> None:
        self._sequences: dict[tuple[str, ...], str] = {}
        self._whole: set[tuple[str, ...]] = set()
        self.unscannable = 0
        for kind, values in (("contact", contacts), ("id", ids)):
            for value in values:
                self._learn(value, kind)
        self._index()
        self._public: set[str] = set()
        for text in public:
            for sequence in [sequence for sequence, _, _ in self._sequences_in(text)]:
                self._sequences.pop(sequence, None)
                self.unscannable += sequence in self._whole
                self._whole.discard(sequence)
            self._public |= {found[0] for pattern in PATTERNS.values() for found in pattern.finditer(text)}
        self._index()

    def __repr__(self) -> str:
        return f"Identities({len(self._sequences)})"

    def __len__(self) -> int:
        return len(self._sequences)

    def hits(self, text: str) -> list[Hit]:
        """Everything in the text that may identify a person, in no particular order."""
        plain = comparable(text)
        found = [Hit(self._sequences[sequence], start, end) for sequence, start, end in self._sequences_in(plain)]
        for kind in PATTERNS:
            found += [Hit(kind, match.start(), match.end()) for match in matches(kind, plain) if match[0] not in self._public]
        return found

    def quote(self, text: str) -> str:
        """The text as it may be shown: what may identify a person is an ellipsis, the rest at most 60 characters."""
        return quote(self.redact(text))

    def redact(self, text: str) -> str:
        """The whole text with an ellipsis for everything that may identify a person."""
        plain = comparable(clean(text))
        for hit in sorted(self.hits(plain), key=lambda hit: -hit.start):
            plain = plain[:hit.start] + "…" + plain[hit.end:]
        return plain

    def _learn(self, value: str, kind: str) -> None:
        words = tuple(word for word, _, _ in tokens(comparable(value)))
        joined = "".join(words)
        if len(joined) < (SHORTEST_NUMBER if joined.isdecimal() else SHORTEST):
            self.unscannable += 1
            return
        self._sequences[words] = kind
        self._whole.add(words)
        for spelling in _spellings(joined):
            self._sequences[(spelling,)] = kind

    def _index(self) -> None:
        self._lengths: dict[str, set[int]] = {}
        for sequence in self._sequences:
            self._lengths.setdefault(sequence[0], set()).add(len(sequence))

    def _sequences_in(self, text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
        if self._lengths.keys().isdisjoint(possible_words(_lower(text))):
            return
        found = list(tokens(text))
        for place, (word, start, _) in enumerate(found):
            for length in self._lengths.get(word, ()):
                sequence = tuple(next_word for next_word, _, _ in found[place:place + length])
                if len(sequence) == length and sequence in self._sequences:
                    yield sequence, start, found[place + length - 1][2]


def matches(kind: str, text: str) -> Iterator[re.Match[str]]:
    """What ``PATTERNS[kind].finditer(text)`` finds, tried only around the pattern's part."""
    end = 0
    for part in _PARTS[kind].finditer(text):
        first, last = part.start(), part.start()
        if kind == "phone":     # + or 00 may stand before 62
            first = max(first - 2, 0)
        elif kind == "email":
            while first and (text[first - 1].isalnum() or text[first - 1] in "_.+-"):
                first -= 1
            last = first
        for start in range(max(first, end), last + 1):
            match = PATTERNS[kind].match(text, start)
            if match:
                yield match
                end = match.end()
                break


def possible_words(text: str) -> set[str]:
    """Every word of a text in lower case; of a long one some pieces too that are none, found in a third of the time that words in their places take."""
    if len(text) < _LONG:
        return set(_TOKEN.findall(text))
    pieces = {piece.decode("utf-8", "surrogatepass") for piece in text.encode("utf-8", "surrogatepass").translate(_GAPS).split()}
    words = {word for piece in pieces for word in ((piece,) if piece.isascii() else _TOKEN.findall(piece))}
    numbered = [word for word in words if word[0].isdecimal() and not word.isdecimal()]   # there may be decimals right before a word
    return words | {word[found.end():] for word in numbered for decimals in _DECIMALS if (found := decimals.match(word))}


def comparable(text: str) -> str:
    """The text in one Unicode form without invisible characters."""
    if text.isascii():
        return text
    return _INVISIBLE.sub("", text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text))


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Words and whole numbers without regard to case; a number with decimals is none of them."""
    for found in _TOKEN.finditer(_lower(text)):
        if not _DECIMAL.fullmatch(found[0]):
            yield found[0], found.start(), found.end()


def _lower(text: str) -> str:
    """The text without regard to case, each character in its place."""
    folded = text.casefold()
    return folded if len(folded) == len(text) else text.lower()


def _spellings(joined: str) -> tuple[str, ...]:
    """The ways to write a value in one word; a mobile number begins with 0 or with 62."""
    if joined.isdecimal():
        local = re.fullmatch(r"(?:0|0?0?62)?(8\d{8,11})", joined)
        if local:
            return local[1], f"0{local[1]}", f"62{local[1]}"
        return joined, joined.lstrip("0") or joined
    return (joined,)
