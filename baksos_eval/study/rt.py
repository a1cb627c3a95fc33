"""Names of neighbourhoods: many spellings, one name."""

from __future__ import annotations

import re
import unicodedata

SUPERSEDED = "lama"
"""The folder in which reports lie that are no longer those of the study as it is."""

_RT = re.compile(r"^(?:RUKUN\s*TETANGGA|RT)?[\s.:_/-]*0*(\d{1,3})(?=$|\D)", re.IGNORECASE)
_RW = re.compile(r"(?:\b|(?<=\d))(RW|LK|LINGKUNGAN)[\s.:_/-]*(0*\d{1,3}|[IVX]+)\s*$", re.IGNORECASE)
_PAIR = re.compile(r"^(?:RT)?[\s.:]*0*(\d{1,3})\s*/\s*(?:RW)?[\s.:]*0*(\d{1,3})$", re.IGNORECASE)
_LABEL = re.compile(r"RT \d{2,3}(?: (?:RW|LK) \d{2,3})?")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}


def normalise_rt(text: str) -> str:
    """One spelling of an RT's name: ``RT 04``, ``RT.4`` and ``004`` are all ``RT 04``; other names keep their words.

    >>> [normalise_rt(text) for text in ("RT 04", "rt.4", "004", "RT 04/RW 02", "004/002", "RT 4 LK II", "Dusun Mekar")]
    ['RT 04', 'RT 04', 'RT 04', 'RT 04 RW 02', 'RT 04 RW 02', 'RT 04 LK 02', 'Dusun Mekar']
    """
    clean = " ".join(unicodedata.normalize("NFKC", text).split())
    if pair := _PAIR.match(clean):
        return f"RT {int(pair[1]):02d} RW {int(pair[2]):02d}"
    rt = _RT.match(clean)
    if not rt:
        return clean
    rest = clean[rt.end():].strip(" .,/-")
    if not rest:
        return f"RT {int(rt[1]):02d}"
    outer = _RW.fullmatch(rest)
    if not outer:
        return clean
    kind = "LK" if outer[1].upper().startswith("L") else "RW"
    number = _ROMAN.get(outer[2].upper()) or (int(outer[2]) if outer[2].isdigit() else None)
    return f"RT {int(rt[1]):02d} {kind} {number:02d}" if number is not None else clean


def is_rt_label(name: str) -> bool:
    """Whether a name is an RT's number and nothing else: what stands in a column of RTs may also be a person's name.

    >>> [is_rt_label(normalise_rt(text)) for text in ("4", "RT 04/RW 02", "Dusun Mekar", "RT 04 Siti", "18710123")]
    [True, True, False, False, False]
    """
    return _LABEL.fullmatch(name) is not None


def folder_name(rt: str) -> str:
    """A safe folder name for an RT, the same on every system: ``RT 04 RW 02`` becomes ``rt-04-rw-02``.

    >>> folder_name("RT 04"), folder_name("../Dusun Mekar"), folder_name("CON"), folder_name("Lama")
    ('rt-04', 'dusun-mekar', 'con-rt', 'lama-rt')
    """
    plain = unicodedata.normalize("NFKD", rt).encode("ascii", "ignore").decode("ascii").lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    reserved = {"con", "prn", "aux", "nul", "rekap", "instrumen", "kegiatan", "log", SUPERSEDED} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
    return f"{name}-rt" if name in reserved else name or "rt"
