"""Square tables against coin and mcnemar.test, and the library default that changes the answer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import square_tables
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close

some_tables = st.integers(1, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 6), min_size=k, max_size=k), min_size=k, max_size=k)
)


@pytest.mark.parametrize("expected", cases("items", "square_table"))
def test_all_three_agree_with_r(expected: dict) -> None:
    table, found = np.array(expected["table"]), expected["expected"]
    assert_agrees(square_tables.stuart_maxwell(table), found["stuart_maxwell"])
    assert_agrees(square_tables.bowker(table), found["bowker"])
    assert_agrees(square_tables.ordered_marginal_homogeneity(table, expected["scores"]), found["ordered"])


def test_bowker_agrees_with_mcnemar_test_where_every_pair_has_moves() -> None:
    known = case("oracle", "square_3x3")
    test = square_tables.bowker(known["table"])
    assert (test.statistic, test.df, test.p) == close(tuple(known["expected"]["bowker"].values()))
    assert square_tables.stuart_maxwell(known["table"]).p == close(known["expected"]["stuart_maxwell"]["p"])


def test_empty_cells_are_not_shifted_as_the_library_does_by_default() -> None:
    from statsmodels.stats.contingency_tables import SquareTable

    table = np.array([[0, 12, 3], [2, 20, 9], [0, 1, 30]])
    ours = square_tables.bowker(table)
    assert ours.p == close(SquareTable(table, shift_zeros=False).symmetry().pvalue)
    assert abs(SquareTable(table).symmetry().pvalue - ours.p) > 1e-4
    assert square_tables.stuart_maxwell(table).p == close(SquareTable(table, shift_zeros=False).homogeneity().pvalue)


def test_two_answers_give_mcnemar() -> None:
    known = case("oracle", "mcnemar_agresti")["expected"]
    table = [[794, 86], [150, 570]]
    for test in (square_tables.stuart_maxwell(table), square_tables.bowker(table)):
        assert (test.statistic, test.df, test.p) == close((known["chi2"], 1, known["p_chi2"]))
    ordered = square_tables.ordered_marginal_homogeneity(table)
    assert (ordered.z**2, ordered.p) == close((known["chi2"], known["p_chi2"]))


def test_answers_nobody_moved_from_cost_no_degree_of_freedom() -> None:
    small, padded = np.array([[5, 6], [2, 4]]), np.zeros((4, 4), dtype=int)
    padded[np.ix_([0, 2], [0, 2])] = small
    padded[3, 3] = 9
    for test in (square_tables.stuart_maxwell, square_tables.bowker):
        assert test(padded)[1:4] == close(test(small)[1:4], 1e-12)
    apart = np.zeros((4, 4), dtype=int)
    apart[:2, :2] = apart[2:, 2:] = small
    assert square_tables.stuart_maxwell(apart).df == 2


def test_cross_table_counts_persons_with_both_answers() -> None:
    table = square_tables.cross_table([1, 2, 2, math.nan, 9], [2, 2, 3, 1, 1], [1, 2, 3])
    assert table.tolist() == [[0, 1, 0], [0, 1, 1], [0, 0, 0]]
    with pytest.raises(ValueError, match="one length"):
        square_tables.cross_table([1], [1, 2], [1, 2])


@pytest.mark.parametrize(
    "test", [square_tables.stuart_maxwell, square_tables.bowker, square_tables.ordered_marginal_homogeneity]
)
def test_reasons(test) -> None:
    assert test(np.zeros((3, 3))).note == Reason.NO_DATA
    assert test(np.diag([3, 4, 5])).note == Reason.NO_DISCORDANT


@settings(max_examples=150, deadline=None)
@given(some_tables)
def test_any_table_gives_numbers_or_reasons(table: list[list[int]]) -> None:
    counts = np.array(table)
    for test in (square_tables.stuart_maxwell, square_tables.bowker, square_tables.ordered_marginal_homogeneity):
        there, back = test(counts), test(counts.T)
        assert_convention(there)
        assert there.note == back.note
        if not there.note:
            assert there.p == close(back.p, 1e-9) and 0 <= there.p <= 1
