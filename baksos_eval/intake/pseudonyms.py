"""Names for people that only the holder of the study's key can trace back: keyed pseudonyms, and where the key lies."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from baksos_eval.errors import BaksosError
from baksos_eval.study.study import Study

FOLDER_VARIABLE = "BAKSOS_KEY_FOLDER"
KEY_BYTES = 32
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U, so that none is misread
_SHORTEST = 6
_PASSING = 12
_PASSING_KEY = secrets.token_bytes(KEY_BYTES)
_KEY = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}")
_EXPLANATION = """\
# Kunci nama samaran studi "{study}". Simpan cadangannya di tempat aman; jangan dibagikan dan jangan diunggah.
# Bila hilang, nama samaran yang sudah dipakai tidak dapat dihitung lagi; data dan laporan tidak terpengaruh.
# Key of the pseudonyms of study "{study}". Keep a copy in a safe place; do not share or upload it.
# If it is lost, pseudonyms in use cannot be computed again; data and reports are not affected.
"""


def key_file(study: Study) -> Path:
    """Where the study's key lies: in the folder ``BAKSOS_KEY_FOLDER`` or in the user's own data folder, never beside the data.

    Raises:
        BaksosError: ``key_folder_in_study``: the folder named in ``BAKSOS_KEY_FOLDER`` lies inside the study's.
    """
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    if named:
        folder = Path(named).expanduser().resolve()
        if study.folder.resolve() in (folder, *folder.parents):
            raise BaksosError("key_folder_in_study", variable=FOLDER_VARIABLE)
    else:
        from platformdirs import user_data_path

        folder = user_data_path("baksos-eval", appauthor=False) / "kunci"
    return folder / f"studi-{study.id}.kunci"


def read_key(study: Study) -> bytes:
    """The study's key of 32 random bytes; made, readable by its owner alone, when there is none yet.

    Raises:
        BaksosError: ``key_folder_in_study``, ``key_damaged`` (another key is never put in its place), ``key_not_stored``.
    """
    path = key_file(study)
    try:
        if not path.is_file():
            _store(path, secrets.token_hex(KEY_BYTES), study.id)
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise BaksosError("key_not_stored", folder=str(path.parent), reason=reason or type(error).__name__) from error
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(found) != 1 or not _KEY.fullmatch(found[0]):
        raise BaksosError("key_damaged", file=str(path))
    return bytes.fromhex(found[0])


def _store(path: Path, key: str, study: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another run was faster; its key is as good
        return
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(_EXPLANATION.format(study=study) + key + "\n")


def pseudonyms(people: Iterable[tuple[str, str]], key: bytes) -> dict[tuple[str, str], str]:
    """A pseudonym such as ``R-7F3K2Q`` for each person (RT and normalised id), no two alike.

    HMAC-SHA256 of RT and id under the study's key, its first 30 bits in base32; those that would coincide get more.
    The same person has the same pseudonym in every file of the study, and another one in every other study.

    >>> names = pseudonyms([("RT 04", "si1552"), ("RT 05", "si1552")], bytes(32))
    >>> names["RT 04", "si1552"], len(set(names.values()))
    ('R-TVDFZH', 2)
    """
    digests = {person: _base32(hmac.digest(key, "\0".join(person).encode(), hashlib.sha256)) for person in set(people)}
    length = dict.fromkeys(digests, _SHORTEST)
    while True:
        names = {person: f"R-{digests[person][:length[person]]}" for person in digests}
        owners: dict[str, list[tuple[str, str]]] = {}
        for person, name in names.items():
            owners.setdefault(name, []).append(person)
        alike = [person for group in owners.values() if len(group) > 1 for person in group]
        if not alike:
            return names
        for person in alike:
            length[person] += 1


def passing_pseudonym(kind: str, rt: str, person: str) -> str:
    """A pseudonym under a key that this process alone has and never stores: for joining tables in memory, never for showing.

    It is the same in whatever company. Its 60 bits coincide for two of a million people with a chance below one in a million.
    As it is another one in every process, nothing may be sorted by it.

    >>> passing_pseudonym("K", "RT 04", "12") == passing_pseudonym("K", "RT 05", "12")
    False
    """
    return f"{kind}-{_base32(hmac.digest(_PASSING_KEY, chr(0).join((kind, rt, person)).encode(), hashlib.sha256))[:_PASSING]}"


def _base32(digest: bytes) -> str:
    number = int.from_bytes(digest)
    bits = 8 * len(digest)
    return "".join(_ALPHABET[(number >> (bits - 5 * place)) & 31] for place in range(1, bits // 5 + 1))
