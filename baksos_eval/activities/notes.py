"""Free text of logs as it may be shown: without ids and contact values, and without the names that people write into notes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from baksos_eval.intake.privacy import Identities
from baksos_eval.intake.text import clean

_TITLE = r"(?:[Bb](?:apak|apk|pk|p)|[Ii]bu|[Pp]ak|[Bb]u|[Ss]dri?|[Ss]audar[ai]|[Mm]ba(?:k|h)|[Mm]as|[Kk]ak|[Bb]ang|[Nn]enek|[Kk]akek|[Uu]sta(?:dz|d|z)(?:ah)?|[Hh]j?|[Tt]n|[Nn]y|an|a\.n|a/n)"
_CALLED = re.compile(rf"\b({_TITLE})\b(\.?\s+)((?:{_TITLE}\.?\s+)*)([A-Z][\w'’.-]*(?:\s+(?:bin|binti)?\s?[A-Z][\w'’.-]*){{0,4}})")
_ROLE = re.compile(r"(?:RT|RW|Lurah|Camat|Kades|Ketua|PKK|Bidan|Guru|Dokter|Kepala|Bendahara|Sekretaris|Posyandu|Kader|Panti|Asuhan|Haji|Rumah|Hamil)\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MADE_OF_LETTERS = re.compile(r"[^\d@/]{3,60}")


class NoteReader:
    """Takes out of free text what identifies people.

    Args:
        identities: ids and contact values of the study's and the log's people.
        contacts: the log's contact values; every word of a name among them is taken out of notes where it is written as a name.
    """

    def __init__(self, identities: Identities, contacts: Iterable[str]) -> None:
        self._identities = identities
        self._names = frozenset(word.casefold() for text in contacts if _MADE_OF_LETTERS.fullmatch(text) for word in _WORD.findall(text))

    def label(self, text: str) -> str:
        """The name of an institution or a thing without ids and contact values."""
        return self._identities.redact(text)

    def note(self, text: str) -> str:
        """A note without ids, contact values, words of known names, and whoever is called by a title (``Bu Siti``)."""
        redacted = _CALLED.sub(_untitled, self.label(clean(text)))
        return _WORD.sub(lambda word: "…" if word[0][0].isupper() and word[0].casefold() in self._names else word[0], redacted)


def _untitled(called: re.Match[str]) -> str:
    return called[0] if _ROLE.match(called[4]) else f"{called[1]}{called[2]}…"
