"""Names of people as Indonesians write them: titles, abbreviations and old spelling made comparable, never for joining people by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from baksos_eval.intake.text import fold

_TITLES = frozenset([
    "h", "hj", "haji", "hajjah", "hajah", "bpk", "bapak", "pak", "bp", "ibu", "bu", "sdr", "sdri", "saudara", "saudari", "tn", "tuan", "ny", "nyonya", "nn", "nona", "dr", "drg", "drs", "dra", "ir", "prof", "kh", "ust", "ustaz", "ustadz", "ustad", "ustazah", "ustadzah", "mbak", "mas", "kak", "bang", "mang", "teh", "ners", "almarhum", "alm", "almh"])
_FIELD = r"(?:pdi?|e|ei|kom|h|hi|ag|sos|t|si|stat|kep|ked|hum|ikom|pt|p|farm|psi|ip|tp|ak|akun|mat|sn|ap|md|m|kes|km|keb|th|og)"
_DOTTED_DEGREES = re.compile(rf"\b(?:s|m|a|d|sp|b)\.\s?{_FIELD}\b\.?|\bph\.?\s?d\b\.?")
_DEGREES = re.compile(rf"\b(?:s|m|a|d|sp|b)\.?\s?{_FIELD}\b\.?|\bph\.?\s?d\b\.?|\bners\b")
_MUHAMMAD = re.compile(r"m|md|mhd|muh|moh|moch|muhd|much|(?:mu|mo)(?:h|ch|kh)am+[ae]d")
_SITI = frozenset(("st", "sit", "siti", "sitti", "sity"))
_ABDUL = re.compile(r"(?:ab|abd|abdl|abdul|abdoel)")
_ABDUL_JOINED = re.compile(r"abd[uo]([lr])\1?(?=[a-z]{4})")
_PATRONYM = frozenset(("bin", "binti", "binte", "bt", "bte", "ibnu", "ibn"))
_OLD_SPELLING = (("oe", "u"), ("tj", "c"), ("dj", "j"), ("sj", "sy"))
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.,\- ]*(?:[ .,'’-]+[^\W\d_]+\.?){0,6}\.?")

_FREQUENT = frozenset(
    ["siti", "sri", "nur", "dewi", "ani", "tri", "dwi", "eka", "rina", "rini", "wati", "yanti", "endang", "sumiati", "suparti", "maryam", "aminah", "fatimah", "nurul", "lilis", "yuni", "indah", "ratna", "ningsih", "rahayu", "lestari", "kartini", "susilawati", "yuliana", "wahyuni", "muhammad", "ahmad", "abdul", "agus", "budi", "bambang", "joko", "slamet", "hendra", "eko", "adi", "andi", "arif", "dedi", "rudi", "heri", "iwan", "yusuf", "ibrahim", "ismail", "hasan", "husin", "ali", "umar", "usman", "rahman", "rizki", "fajar", "putra", "putri", "wahyu", "setiawan", "santoso", "susanto", "suryadi", "supriyadi", "hidayat", "saputra", "kurniawan", "wijaya", "gunawan", "ketut", "wayan", "made", "nyoman", "putu", "komang", "sukarno", "suharto", "simanjuntak", "situmorang", "siregar", "nasution"])


class NameKey(NamedTuple):
    """A name made comparable: the person's own words, and those after *bin* or *binti*."""

    own: tuple[str, ...]
    patronym: tuple[str, ...]


def name_key(text: str) -> NameKey:
    """A name without titles, with its usual abbreviations written out and in one spelling.

    >>> name_key("Hj. St. Nur'aini, S.Pd.") == name_key("siti  Nuraini")
    True
    >>> name_key("M. Soerjo bin Abd. Rachman")
    NameKey(own=('muhammad', 'surjo'), patronym=('abdul', 'rachman'))
    """
    folded = fold(text).replace("'", "")
    first, comma, rest = folded.partition(",")
    if comma and not _DEGREES.sub("", rest).strip(" .,"):
        folded = first
    head, _, tail = folded.partition(" ")
    spoken = _WORD.findall(f"{head} {_DOTTED_DEGREES.sub(' ', tail)}" if tail else head)
    words: list[str] = []
    patronym: list[str] = []
    into = words
    for position, word in enumerate(spoken):
        if word in _PATRONYM and words:
            into = patronym
        elif not (word in _TITLES and position < len(spoken) - 1 and not into):
            into.extend(_written_out(word, first=not into, last=position == len(spoken) - 1))
    return NameKey(tuple(words), tuple(patronym))


def _written_out(word: str, first: bool, last: bool) -> tuple[str, ...]:
    if first and not last:
        if _MUHAMMAD.fullmatch(word):
            return ("muhammad",)
        if word in _SITI:
            return ("siti",)
    if not last and _ABDUL.fullmatch(word):
        return ("abdul",)
    for old, new in _OLD_SPELLING:
        word = word.replace(old, new)
    if _MUHAMMAD.fullmatch(word) and len(word) > 4:
        return ("muhammad",)
    joined = _ABDUL_JOINED.match(word)
    if joined:
        return ("abdul", ("r" if joined[1] == "r" else "") + word[joined.end():])
    return (word,)


def name_similarity(first: str, second: str) -> float:
    """How alike two names are, from 0 to 1; 1 when nothing but titles, abbreviations and spelling sets them apart.

    The order of words does not count. Names with different patronyms are at most 0.5 alike.

    >>> name_similarity("Bpk. Moch. Rizki", "Muhammad Rizki"), round(name_similarity("M. Rizky", "Muhammad Rizki"), 2)
    (1.0, 0.93)
    """
    from rapidfuzz import fuzz

    left, right = name_key(first), name_key(second)
    if not left.own or not right.own:
        return 0.0
    alike = fuzz.token_sort_ratio(" ".join(left.own), " ".join(right.own)) / 100
    if left.patronym and right.patronym and fuzz.ratio(" ".join(left.patronym), " ".join(right.patronym)) < 80:
        return min(alike, 0.5)
    return alike


def look_like_names(texts: Iterable[str]) -> bool:
    """Whether these texts (each different) are by and large names of people: words only, many of them frequent names or titles.

    >>> look_like_names(["Siti Aminah", "Bpk. Budi", "Rudi Hartono", "Sri W.", "Tono"]), look_like_names(["Sekolah dasar", "SMA", "Sarjana", "SMP", "Diploma"])
    (True, False)
    """
    values = list(texts)
    if len(values) < 5:
        return False
    shaped = [value for value in values if len(value) <= 60 and _NAME.fullmatch(value)]
    known = sum(bool(words & _FREQUENT) or bool(len(words) > 1 and words & _TITLES)
                for words in (set(_WORD.findall(fold(value).replace("'", ""))) for value in shaped))
    return len(shaped) >= 0.8 * len(values) and known >= 0.3 * len(values)
