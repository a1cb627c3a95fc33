"""Expert ratings, index and satisfaction figures."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import ratings
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close

scores = st.one_of(st.integers(1, 4).map(float), st.just(math.nan))
tables = st.integers(1, 9).flatmap(lambda k: st.lists(st.lists(scores, min_size=k, max_size=k), min_size=1, max_size=8))


@pytest.mark.parametrize("expected", cases("items", "aiken"))
def test_aiken_agrees_with_the_score_interval_of_r(expected: dict) -> None:
    found = ratings.aiken_v(expected["ratings"], expected["lowest"], expected["highest"])
    assert_agrees(found, expected["expected"])


def test_content_validity_agrees_with_printed_tables() -> None:
    for experts, agreeing, i_cvi, kappa in case("items", "i_cvi")["rows"]:
        item = ratings.content_validity([4] * int(agreeing) + [1] * int(experts - agreeing))
        assert (round(item.i_cvi, 2), round(item.kappa, 2)) == (i_cvi, kappa)


def test_scale_content_validity_skips_items_nobody_rated() -> None:
    scale = ratings.scale_content_validity([[4, math.nan, 2], [3, math.nan, 4]])
    assert scale == ratings.ScaleContentValidity(2, 0.75, 0.5)


def test_ikm_with_exact_and_printed_weights() -> None:
    assert ratings.ikm([[4] * 9]).index == 100
    assert ratings.ikm([[4] * 9], weight=0.11).index == close(99.0, 1e-12)
    assert ratings.ikm([[4] * 9], weight=0.111).index == close(99.9, 1e-12)
    assert ratings.ikm([[1] * 9]).index == 25


def test_a_missing_rating_is_left_out_not_scored() -> None:
    found = ratings.ikm([[4, 2], [math.nan, 2], [math.nan, math.nan]])
    assert (found.n, found.elements, found.weighted_mean, found.index) == (2, 2, 3.0, 75.0)
    index = ratings.index_percent([[5, math.nan], [3, 4], [math.nan, math.nan]], 5)
    assert (index.n, index.answers, index.percent) == (2, 3, 80.0)


def test_reasons() -> None:
    assert ratings.aiken_v([]).note == Reason.NO_DATA
    assert ratings.aiken_v([3], 3, 3).note == Reason.NOT_DECLARED
    assert ratings.content_validity([math.nan]).note == Reason.NO_DATA
    assert ratings.scale_content_validity([[math.nan]]).note == Reason.NO_DATA
    assert ratings.index_percent([], 5).note == Reason.NO_DATA
    assert ratings.index_percent([3], 0).note == Reason.NOT_DECLARED
    assert ratings.index_percent([3, -1], 3, -3).note == Reason.NEGATIVE_SCORES
    assert ratings.top_box([], 4).note == Reason.NO_DATA
    assert ratings.ikm([[4, math.nan]]).note == Reason.NO_DATA
    assert ratings.ikm([]).note == Reason.NO_DATA


@settings(max_examples=100, deadline=None)
@given(tables)
def test_any_ratings_give_numbers_or_reasons(table: list[list[float]]) -> None:
    column = [row[0] for row in table]
    results = [
        ratings.aiken_v(column, 1, 4), ratings.content_validity(column), ratings.scale_content_validity(table),
        ratings.index_percent(table, 4), ratings.index_percent(column, 4), ratings.top_box(column, 3), ratings.ikm(table),
    ]
    for result in results:
        assert_convention(result)
    v = results[0]
    assert v.note or 0 <= v.low <= v.v <= v.high <= 1
    assert results[-1].note or 25 <= results[-1].index <= 100
