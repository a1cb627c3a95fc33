"""Small cells cannot be worked out again from what is published: an attacker with all totals is given every chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from baksos_eval.stats.suppression import FEWEST, bounds, suppress

TABLES = st.integers(1, 3).flatmap(lambda width: st.lists(st.lists(st.integers(0, 14), min_size=width, max_size=width), min_size=2, max_size=5))


def with_totals(counts: list[list[int]]) -> list[list[int]]:
    rows = [list(row) if len(row) == 1 else [*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def attack(published: tuple[tuple[int | None, ...], ...], cell: tuple[int, int]) -> tuple[float, float]:
    """The lowest and highest value of a hidden cell by linear programming over everything that is published."""
    hidden = [(row, column) for row, cells in enumerate(published) for column, value in enumerate(cells) if value is None]
    height, width = len(published), len(published[0])
    equations, values = [], []

    def add(parts: list[tuple[int, int]], total: tuple[int, int]) -> None:
        line, known = np.zeros(len(hidden)), 0.0
        for sign, place in [*((1, part) for part in parts), (-1, total)]:
            if place in hidden:
                line[hidden.index(place)] += sign
            else:
                known += sign * published[place[0]][place[1]]
        if line.any():
            equations.append(line)
            values.append(-known)

    for column in range(width):
        add([(row, column) for row in range(height - 1)], (height - 1, column))
    if width > 1:
        for row in range(height):
            add([(row, column) for column in range(width - 1)], (row, width - 1))
    aim = np.zeros(len(hidden))
    aim[hidden.index(cell)] = 1
    ends = [linprog(sign * aim, A_eq=np.array(equations), b_eq=values, bounds=(0, None)) for sign in (1, -1)]
    return ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf


@settings(max_examples=60, deadline=None)
@given(TABLES, st.booleans())
def test_an_attacker_with_the_totals_solves_no_hidden_cell(counts, fixed):
    published = suppress(counts, fixed)
    if published is None:
        return
    for row, cells in enumerate(published):
        for column, value in enumerate(cells):
            if value is None:
                low, high = attack(published, (row, column))
                assert high - low >= 1 - 1e-6, (counts, published, (row, column))


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_the_ranges_are_the_attackers(counts):
    published = suppress(counts)
    if published is None:
        return
    table = with_totals(counts)
    hidden = {(row, column) for row, cells in enumerate(published) for column, value in enumerate(cells) if value is None}
    for cell in hidden:
        assert bounds(cell, hidden, table, len(counts[0]) == 1) == pytest.approx(attack(published, cell), abs=1e-6)


@settings(deadline=None)
@given(TABLES, st.booleans())
def test_what_is_shown_is_true_and_not_small(counts, fixed):
    published = suppress(counts, fixed)
    if published is None:
        return
    table = with_totals(counts)
    for shown, true in zip(published, table, strict=True):
        assert all(value is None or value == count and not 0 < count < FEWEST for value, count in zip(shown, true, strict=True))
    assert published[-1][-1] == table[-1][-1]
    if fixed and len(counts[0]) > 1:
        assert None not in published[-1]


@pytest.mark.parametrize(("counts", "expected"), (
    ([[12], [16]], ((12,), (16,), (28,))), ([[0], [28]], ((0,), (28,), (28,))), ([[3], [25]], ((None,), (None,), (28,))),
    ([[3], [7], [8], [10]], ((None,), (None,), (8,), (10,), (28,))), ([[1], [4], [23]], ((None,), (None,), (23,), (28,))),
    ([[10, 12], [9, 7]], ((10, 12, 22), (9, 7, 16), (19, 19, 38)))))
def test_tables_by_hand(counts, expected):
    assert suppress(counts) == expected


@pytest.mark.parametrize("counts", ([[1], [2]], [[0], [4]], [[2, 0], [1, 1]]))
def test_too_few_people_give_no_table(counts):
    assert suppress(counts) is None


def test_a_lonely_pair_is_not_enough():
    """1 and 1 hidden with a known sum of 2 could be 0 and 2, but three values must remain possible."""
    assert suppress([[1], [1], [6], [20]]) == ((None,), (None,), (None,), (20,), (28,))


def test_known_totals_of_columns_stay():
    assert suppress([[3, 5], [7, 9], [8, 6]], fixed_columns=True)[-1] == (18, 20, 38)
    assert suppress([[1, 9], [2, 10]], fixed_columns=True) is None


def test_counts_that_are_none_are_refused():
    for counts in ([], [[-1], [3]]):
        with pytest.raises(ValueError):
            suppress(counts)
