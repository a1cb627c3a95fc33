"""Headers written into study.toml leave everything else as it was."""

from __future__ import annotations

import tomllib

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.study.rewrite import Addition, add_headers

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
