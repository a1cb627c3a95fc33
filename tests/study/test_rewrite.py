"""Headers written into study.toml leave everything else as it was."""

from __future__ import annotations

import tomllib

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.study.rewrite import Addition, add_entry, add_headers, drop_entry, set_in_entry, set_values

TEXT = """# studi saya
id = "uji"   # nama

[[files]]
file = "a.csv"
wave = "pre"
[files.columns]
id = "Kode"

# berkas kedua
[[files]]
file = "b.csv"
items = { a1 = "Satu" }   # dipetakan

[place]
city = "Metro"
"""


def lines(text: str) -> set[str]:
    return set(text.splitlines())


def test_lines_are_added_where_they_belong():
    written = add_headers(TEXT, [Addition(0, ("items",), "a1", 'Judul "satu"', "periksa"), Addition(0, ("items",), "a2", "Dua"),
                                 Addition(0, ("columns",), "rt", "RT"), Addition(1, ("wide_items", "pre"), "a3", "Tiga")])
    assert lines(TEXT) <= lines(written)
    assert 'rt = "RT"\n[files.items]\na1 = "Judul \\"satu\\""   # periksa\na2 = "Dua"\n\n# berkas kedua\n' in written
    assert '[files.wide_items.pre]\na3 = "Tiga"\n\n[place]' in written


def test_values_that_are_there_are_replaced_in_their_place():
    written = add_headers(TEXT, [Addition(0, ("columns",), "id", "Kode baru"), Addition(1, ("items",), "a2", "Dua")])
    assert tomllib.loads(written)["files"] == [{"file": "a.csv", "wave": "pre", "columns": {"id": "Kode baru"}},
                                               {"file": "b.csv", "items": {"a1": "Satu", "a2": "Dua"}}]
    assert lines(TEXT) - lines(written) == {'id = "Kode"', 'items = { a1 = "Satu" }   # dipetakan'} and "# dipetakan" in written


def test_line_ends_stay():
    written = add_headers(TEXT.replace("\n", "\r\n"), [Addition(0, ("items",), "a1", "x")])
    assert written.count("\n") == written.count("\r\n") == TEXT.count("\n") + 2


@pytest.mark.parametrize("text", ['files = [{ file = "a.csv" }]\n', '[[files]]\nfile = "a.csv"\nnote = """\n[[files]]\n"""\n[[files]]\nfile = "b"\n'])
def test_what_cannot_be_added_to_safely_is_refused_or_right(text: str):
    addition = Addition(len(tomllib.loads(text)["files"]) - 1, ("items",), "a1", "x")
    wanted = tomllib.loads(text)
    wanted["files"][-1]["items"] = {"a1": "x"}
    try:
        assert tomllib.loads(add_headers(text, [addition])) == wanted
    except BaksosError as error:
        assert error.code == "study_not_rewritten"


# --- other values, and whole entries


def test_values_change_in_their_place_and_remarks_stay():
    written = set_values(TEXT, {("id",): "lain", ("place", "city"): "Kota Metro", ("rts",): ["RT 01"], ("columns", "id"): "Kode", ("team", "unit"): None})
    assert tomllib.loads(written) == tomllib.loads(TEXT) | {"id": "lain", "place": {"city": "Kota Metro"}, "rts": ["RT 01"], "columns": {"id": "Kode"}}
    assert 'id = "lain"   # nama' in written and lines(TEXT) - lines(written) == {'id = "uji"   # nama', 'city = "Metro"'}
    assert set_values(written, {("rts",): None, ("columns",): None, ("id",): "uji", ("place", "city"): "Metro"}).split() == TEXT.split()


def test_keys_of_an_entry_stand_in_their_entry():
    written = set_in_entry(TEXT, 0, {"file": "c.csv", "sheet": "Data", "wave": None})
    assert tomllib.loads(written)["files"][0] == {"file": "c.csv", "sheet": "Data", "columns": {"id": "Kode"}}
    assert '[[files]]\nfile = "c.csv"\nsheet = "Data"\n[files.columns]' in written and "# berkas kedua\n[[files]]" in written


def test_entries_come_and_go_whole():
    written = add_entry(TEXT, {"file": 'c "1".csv', "wave": "pre"})
    assert tomllib.loads(written)["files"][2] == {"file": 'c "1".csv', "wave": "pre"} and lines(TEXT) <= lines(written)
    assert written.index('c \\"1') < written.index("[place]")
    assert tomllib.loads(drop_entry(written, 2)) == tomllib.loads(TEXT)
    without = drop_entry(drop_entry(TEXT, 0), 0)
    assert "files" not in tomllib.loads(without) and "# berkas kedua" in without and "[place]" in without
    assert tomllib.loads(add_entry('id = "uji"\n', {"file": "a.csv"})) == {"id": "uji", "files": [{"file": "a.csv"}]}


@pytest.mark.parametrize("change", [lambda text: set_in_entry(text, 7, {"file": "x"}), lambda text: drop_entry(text, 7), lambda text: set_values(text, {("id", "x"): "y"}),
                                    lambda text: set_in_entry('files = [{ file = "a.csv" }]\n', 0, {"file": "b.csv"}), lambda text: drop_entry('files = [{ file = "a" }]\n', 0)])
def test_a_change_that_is_not_safe_is_refused(change):
    with pytest.raises(BaksosError, match="study_not_rewritten"):
        change(TEXT)
