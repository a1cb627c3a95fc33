"""Pseudonyms: the same for the same person, different between studies, and of no use without the key."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.intake import pseudonyms as module
from baksos_eval.intake.pseudonyms import KEY_BYTES, key_file, pseudonyms, read_key
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words

from .small import two_files


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kunci saya"
    monkeypatch.setenv("BAKSOS_KEY_FOLDER", str(folder))
    return folder


def refusal(action) -> BaksosError:
    with pytest.raises(BaksosError) as caught:
        action()
    assert all(all(describe(caught.value, words(language))) for language in LANGUAGES)
    return caught.value


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path, keys: Path):
    study = two_files(tmp_path / "studi")
    key = read_key(study)
    assert (len(key), read_key(study)) == (KEY_BYTES, key)
    assert key_file(study).parent == keys
    assert [path.name for path in keys.iterdir()] == ["studi-uji.kunci"]
    if os.name == "posix":
        assert stat.S_IMODE(key_file(study).stat().st_mode) == 0o600
    assert not any(key.hex().encode() in path.read_bytes() for path in (tmp_path / "studi").rglob("*") if path.is_file())


def test_each_study_has_its_own_key(tmp_path: Path, keys: Path):
    study = two_files(tmp_path / "studi")
    assert read_key(study) != read_key(study.model_copy(update={"id": "lain"}))


def test_without_the_variable_the_key_lies_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("BAKSOS_KEY_FOLDER", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    study = two_files(tmp_path / "studi")
    place = key_file(study)
    assert place.name == "studi-uji.kunci" and "baksos-eval" in place.parts and study.folder not in place.parents


@pytest.mark.parametrize("inside", ("", "kunci"))
def test_a_key_beside_the_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str):
    study = two_files(tmp_path / "studi")
    monkeypatch.setenv("BAKSOS_KEY_FOLDER", str(tmp_path / "studi" / inside))
    assert refusal(lambda: read_key(study)).code == "key_folder_in_study"


@pytest.mark.parametrize("content", (b"", b"abc", b"\xff\xfe", b"# only words\n", b"0" * 64 + b"\n" + b"1" * 64))
def test_a_damaged_key_is_never_replaced(tmp_path: Path, keys: Path, content: bytes):
    study = two_files(tmp_path / "studi")
    keys.mkdir()
    key_file(study).write_bytes(content)
    assert refusal(lambda: read_key(study)).code in ("key_damaged", "key_not_stored")
    assert key_file(study).read_bytes() == content


def test_a_folder_that_is_a_file(tmp_path: Path, keys: Path):
    study = two_files(tmp_path / "studi")
    keys.write_text("x", encoding="utf-8")
    assert refusal(lambda: read_key(study)).code == "key_not_stored"


def test_pseudonyms_depend_on_the_key_the_rt_and_the_id():
    one, other = bytes(32), bytes(31) + b"\1"
    people = [("RT 04", "si1552"), ("RT 05", "si1552"), ("RT 04", "si1553")]
    names = pseudonyms(people, one)
    assert len(set(names.values())) == 3 and names == pseudonyms(people[::-1], one)
    assert not set(names.values()) & set(pseudonyms(people, other).values())
    assert all("si15" not in name.lower() for name in names.values())


def test_pseudonyms_that_would_coincide_grow(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_SHORTEST", 1)
    names = pseudonyms([("RT 04", str(number)) for number in range(200)], bytes(32))
    assert len(set(names.values())) == 200 and min(map(len, names.values())) > 2
