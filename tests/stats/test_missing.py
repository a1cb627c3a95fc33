"""People without a partner answer: against lme4, the paired t test and plain arithmetic."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import missing, paired
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, cases, close, with_gaps

scores = st.one_of(st.integers(0, 20).map(float), st.floats(0, 20), st.just(math.nan))
persons = st.lists(st.tuples(scores, scores), max_size=14)


@pytest.mark.parametrize("expected", cases("missing", "all_available"))
def test_all_available_agrees_with_lme4(expected: dict) -> None:
    model = missing.all_available(with_gaps(expected["pre"]), with_gaps(expected["post"]))
    assert_agrees(model, expected["expected"], 1e-5)
    assert_convention(model)


def test_with_nobody_missing_it_is_the_paired_t_test() -> None:
    pre, post = [12, 15, 11, 14, 13, 16, 10], [15, 17, 15, 15, 14, 20, 12]
    model, plain = missing.all_available(pre, post), paired.mean_change(pre, post)
    assert (model.change, model.low, model.high, model.statistic, model.df, model.p) == close(
        (plain.change, plain.change_low, plain.change_high, plain.statistic, plain.df, plain.p), 1e-10
    )


def test_the_interval_is_by_t_never_by_the_normal() -> None:
    model = missing.all_available([12, 15, 11, 14, math.nan], [15, 17, 15, 15, 16])
    assert (model.high - model.change) / model.standard_error == close(3.182446305284263, 1e-10)
    assert "z" not in model._fields


def test_bounds_close_with_plain_arithmetic() -> None:
    bounds = missing.leaver_bounds([10, 12, 14, math.nan], [12, 15, math.nan, 9], 0, 20)
    assert (bounds.n, bounds.n_both, bounds.n_pre_only, bounds.n_post_only) == (4, 2, 1, 1)
    assert (bounds.matched, bounds.unchanged) == (2.5, 1.25)
    assert (bounds.lowest, bounds.highest) == close(((5 - 14 - 11) / 4, (5 + 6 + 9) / 4), 1e-12)


def test_reasons() -> None:
    gone = math.nan
    assert missing.all_available([], []).note == Reason.NO_DATA
    assert missing.all_available([gone], [gone]).note == Reason.NO_DATA
    assert missing.all_available([1, 2, gone], [2, 4, 3]).note == Reason.TOO_FEW
    assert missing.all_available([1, 2, 3, gone], [2, 3, 4, 9]).note == Reason.CONSTANT_CHANGE
    assert missing.all_available([1, 2, 3], [1, 2, 3]).note == Reason.NO_CHANGE
    assert missing.leaver_bounds([], [], 0, 1).note == Reason.NO_DATA
    unpaired = missing.leaver_bounds([1, gone], [gone, 2], 0, 5)
    assert unpaired.note == Reason.NOT_PAIRED and unpaired.unchanged == 0
    with pytest.raises(ValueError, match="one length"):
        missing.all_available([1], [1, 2])


@settings(max_examples=150, deadline=None)
@given(persons, st.randoms(use_true_random=False))
def test_any_persons_give_numbers_or_reasons_in_any_order(rows: list[tuple[float, float]], random) -> None:
    pre, post = [row[0] for row in rows], [row[1] for row in rows]
    model, bounds = missing.all_available(pre, post), missing.leaver_bounds(pre, post, 0, 20)
    assert_convention(model)
    assert_convention(bounds)
    again = random.sample(rows, len(rows))
    assert repr(missing.all_available([row[0] for row in again], [row[1] for row in again])) == repr(model)
    if not bounds.note:
        slack = 1e-9
        assert bounds.lowest - slack <= bounds.unchanged <= bounds.highest + slack
    if not model.note:
        turned = missing.all_available(post, pre)
        assert (turned.change, turned.standard_error) == close((-model.change, model.standard_error), 1e-6)
        assert model.low <= model.change <= model.high
