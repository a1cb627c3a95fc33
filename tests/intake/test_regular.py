"""Text read as whole columns says what reading it record by record says, or nothing at all."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.intake.delimited import LONGEST_FIELD
from baksos_eval.intake.regular import read_columns

TABLE = 'Kode;"Saya; ""kami"" mencuci\ntangan";b\nA1;x;"1,5"\n"B2";;\n'


def records(text: str, delimiter: str) -> list[tuple[str, ...]]:
    return [tuple(record) for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]


def columns(text: str, delimiter: str = ";", longest: int = LONGEST_FIELD) -> list[tuple[str, ...]] | None:
    found = read_columns(text, delimiter, longest)
    return None if found is None else list(zip(*(column.tolist() for column in found), strict=True))


@pytest.mark.parametrize("text", [TABLE, TABLE.replace(";\n", ";\r\n"), TABLE.rstrip("\n"), TABLE + "\n\n", "a;b\n\u00e9;\u4e2d\n", "a;b\n;\nc;d", 'a;"b"\n"""x""";""""\n'])
def test_regular_text_is_read_as_it_is(text: str):
    assert columns(text) == [record for record in records(text, ";") if record]


@pytest.mark.parametrize("text", ["", "a\nb\n", "a;b\nc\n", "a;b\nc;d;e\n", "a;b\n\nc;d\n", 'a;b\nc"d;e\n', 'a;b\n"c" d;e\n', 'a;b\n"c;d\n', "a;b\rc;d\r", "a;b\nc;d\re",
                                  '\ufeffa;b\nc;d\n', 'a;b\n"c\r\nd";e\n', "a;b\nc;" + "d" * 50])
def test_any_other_text_is_left_to_the_reader_of_records(text: str):
    assert columns(text, longest=40) is None


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab;,"\r\n \t\u00e9', max_size=40), st.sampled_from(";,\t"))
def test_both_ways_of_reading_agree(text: str, delimiter: str):
    found = columns(text, delimiter)
    if found is not None:
        assert found == [record for record in records(text, delimiter) if record]
