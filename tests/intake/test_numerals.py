"""Numbers in every way people write them: each alone, and decided by its whole column."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.intake.numerals import read_numbers

ALONE = [
    ("0", 0), ("8", 8), ("-3", -3), ("\u22123", -3), ("3,5", 3.5), ("3.5", 3.5), ("83,33", 83.33), ("83.33", 83.33), ("0,125", 0.125), ("0.125", 0.125),
    ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("1.234.567", 1234567), ("1,234,567", 1234567), ("1.234.567,8", 1234567.8), ("12,5 %", 12.5), ("75%", 75),
    ("8 / 10", 8), ("8/10", 8), ("8.00 / 10", 8), ("8,00 / 10", 8), ("1234,5", 1234.5), ("1234.567", 1234.567), ("1.000", None), ("1,000", None), ("12.345", None),
    ("", None), ("delapan", None), ("8 dari 10", None), ("1,2,3", None), ("1.23,456.7", None), ("--3", None), ("3,", None), ("1e5", None), ("#N/A", None)]


@pytest.mark.parametrize(("text", "value"), ALONE)
def test_a_number_alone(text: str, value: float | None):
    read = read_numbers([text]).values[0]
    assert math.isnan(read) if value is None else read == value


@pytest.mark.parametrize(("texts", "values"), [
    (["1.000", "3,5"], [1000, 3.5]), (["1,000", "3.5"], [1000, 3.5]), (["1.000", "0.5"], [1, 0.5]), (["1.000", "2.000.000"], [1000, 2e6]),
    (["1.000", "7"], [None, 7]), (["3,5", "3.5", "1.000", "4"], [3.5, 3.5, None, 4]), (["1.5", "1.50,0"], [1.5, None])])
def test_the_column_decides(texts: list[str], values: list[float | None]):
    read = read_numbers(texts)
    assert [None if np.isnan(value) else value for value in read.values] == values
    assert set(read.doubtful) <= {position for position, value in enumerate(values) if value is None}


def test_doubt_is_told():
    assert read_numbers(["1.000", "7", "x"]).doubtful == (0,) and read_numbers(["3,5", "3.5", "1.000"]).doubtful == (2,) and read_numbers(["3,5"]).doubtful == ()


def test_maxima():
    assert read_numbers(["8 / 10", "7,5 / 12,5", "3"]).maxima.tolist()[:2] == [10, 12.5]


@given(st.lists(st.decimals(0, 99999, places=2), min_size=1, max_size=8), st.sampled_from([(",", "."), (".", ",")]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_column_written_in_one_way_is_read_back(numbers, marks, grouped):
    decimal, group = marks
    texts = [f"{number:,.2f}".replace(",", "g").replace(".", decimal).replace("g", group if grouped else "") for number in numbers]
    assert read_numbers(texts).values.tolist() == [float(number) for number in numbers]
