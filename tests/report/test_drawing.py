from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.report import drawing
from baksos_eval.report.drawing import (
    Axis,
    Sheet,
    decimals,
    grey_level,
    readable_on,
    shade,
    ticks_over,
    ticks_within,
    tint,
)


def test_the_examples_in_the_docstrings_are_true():
    failed, tried = doctest.testmod(drawing)
    assert tried and not failed


def test_an_axis_maps_its_limits_to_its_ends_in_either_direction():
    y = Axis(1, 5, 10.0, 2.0)
    assert (y.at(1), y.at(5), y.at(3)) == (10.0, 2.0, 6.0)
    assert (y.within(0), y.within(9)) == (10.0, 2.0)


@given(st.integers(-50, 50), st.integers(1, 300))
def test_ticks_over_a_scale_include_both_limits_and_rise(low, width):
    ticks = ticks_over(low, low + width)
    assert (ticks[0], ticks[-1]) == (low, low + width)
    assert ticks == sorted(set(ticks))
    assert 2 <= len(ticks) <= 9


@given(st.floats(-100, 100), st.floats(0.01, 100))
def test_ticks_within_stay_within(low, width):
    ticks = ticks_within(low, low + width)
    assert all(low - 1e-6 <= tick <= low + width + 1e-6 for tick in ticks)
    if low < -0.3 * width and low + width > 0.3 * width:
        assert 0.0 in ticks


def test_decimals_write_the_ticks_exactly():
    assert decimals([0.0, 25.0]) == 0
    assert decimals([0.0, 0.25]) == 2
    assert decimals([0.1 + 0.2]) == 1
    assert decimals([1 / 3]) == 3


def test_tints_and_shades_run_to_white_and_black():
    assert tint("#0072B2", 1) == shade("#0072B2", 0) == "#0072B2"
    assert tint("#0072B2", 0) == "#FFFFFF"
    assert shade("#0072B2", 1) == "#000000"
    assert grey_level("#FFFFFF") == pytest.approx(1)
    assert grey_level("#000000") == 0


def test_text_stands_out_from_what_it_is_written_on():
    assert readable_on("#0072B2") == "#FFFFFF"
    assert readable_on("#E2E2E2") == readable_on("#D55E00") == "#000000"


def test_nothing_is_recorded_for_nothing():
    sheet = Sheet()
    sheet.lines("none", [])
    sheet.marks("none", [])
    sheet.boxes("none", [], "#0072B2")
    assert sheet.shapes == []


def test_every_stroke_has_its_width():
    sheet = Sheet()
    sheet.lines("all", [[(0, 0), (1, 1)], [(0, 1), (1, 0)]], widths=2)
    sheet.lines("each", [[(0, 0), (1, 1)], [(0, 1), (1, 0)]], widths=[1.0, 3.0])
    assert [shape.widths for shape in sheet.shapes] == [(2.0, 2.0), (1.0, 3.0)]


def test_a_block_of_text_ends_below_its_last_line():
    sheet = Sheet()
    end = sheet.write_block(["satu", "dua"], 1.0, 2.0)
    assert [word.text for word in sheet.words] == ["satu", "dua"]
    assert 2.0 < sheet.words[0].y < sheet.words[1].y < end
