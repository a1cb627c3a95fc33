"""Dose against an ordered answer: against MASS::polr and, for two answers, glm; and what must hold of any answers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats.ordinal import ordinal_dose_response
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close

PRE, DOSE = [1, 2, 3, 1, 2, 3, 2, 2] * 4, [0, 1, 0, 2, 3, 1, 2, 0] * 4
POST = [1, 2, 3, 2, 4, 3, 3, 1] * 2 + [2, 2, 4, 3, 3, 3, 2, 2] * 2


@pytest.mark.parametrize("known", cases("ordinal"))
def test_it_agrees_with_r(known: dict) -> None:
    found = ordinal_dose_response(known["pre"], known["post"], known["dose"], rts=known.get("rt"))
    assert_agrees(found, known["expected"], 1e-5)


def test_only_the_order_of_the_answers_counts() -> None:
    one, other = (ordinal_dose_response(PRE, post, DOSE) for post in (POST, np.exp(POST)))
    assert one == other


def test_turning_the_answers_round_inverts_the_odds() -> None:
    one, other = ordinal_dose_response(PRE, POST, DOSE), ordinal_dose_response(PRE, np.negative(POST), DOSE)
    assert (other.slope, other.p, other.odds_ratio, other.low) == close((-one.slope, one.p, 1 / one.odds_ratio, 1 / one.high), 1e-5)


def test_units_of_dose_scale_and_nothing_else() -> None:
    one, ten = ordinal_dose_response(PRE, POST, DOSE), ordinal_dose_response(PRE, POST, np.multiply(DOSE, 10))
    assert (10 * ten.slope, ten.p) == close((one.slope, one.p), 1e-6)


def test_the_names_of_rts_and_the_order_of_persons_change_nothing() -> None:
    known = case("ordinal", "within_five_rts")
    names = {name: f"kampung {9 - number}" for number, name in enumerate(sorted(set(known["rt"])))}
    order = np.random.default_rng(1).permutation(len(known["pre"]))
    one = ordinal_dose_response(known["pre"], known["post"], known["dose"], rts=known["rt"])
    renamed = ordinal_dose_response(*(np.array(known[name])[order] for name in ("pre", "post", "dose")), rts=[names[known["rt"][place]] for place in order])
    assert renamed[:-1] == close(one[:-1], 1e-5)
    alone = ordinal_dose_response(known["pre"], known["post"], known["dose"], rts=["RT 01"] * len(order))
    assert alone == ordinal_dose_response(known["pre"], known["post"], known["dose"])


def test_an_rt_that_does_well_is_not_taken_for_its_dose() -> None:
    """More is done in RT B, where everybody answers high; within each RT the dose does nothing."""
    draw = np.random.default_rng(5)
    in_b = np.arange(200) % 2
    dose, pre = draw.integers(0, 3, 200) + 3 * in_b, draw.integers(1, 5, 200)
    post = np.clip(draw.integers(1, 4, 200) + 2 * in_b, 1, 5)
    plain, within = ordinal_dose_response(pre, post, dose), ordinal_dose_response(pre, post, dose, rts=in_b)
    assert plain.p < 1e-6
    assert within.low < 1 < within.high


def test_reasons() -> None:
    assert ordinal_dose_response([], [], []).note == Reason.NO_DATA
    assert ordinal_dose_response(PRE, [3] * 32, DOSE).note == Reason.NO_VARIANCE
    assert ordinal_dose_response(PRE, POST, [1] * 32).note == Reason.NO_VARIANCE
    assert ordinal_dose_response(PRE, POST, [0, 1] * 16, rts=["a", "b"] * 16).note == Reason.NO_VARIANCE
    assert ordinal_dose_response([2] * 32, POST, DOSE).note == Reason.SINGULAR
    assert ordinal_dose_response(PRE, POST, np.multiply(PRE, 2) + 1).note == Reason.SINGULAR
    assert ordinal_dose_response(PRE[:12], POST[:12], DOSE[:12]).note == Reason.TOO_FEW
    assert ordinal_dose_response(PRE * 2, [1] * 63 + [2], DOSE * 2).note == Reason.TOO_FEW      # many persons, hardly an answer but one
    assert ordinal_dose_response(PRE, [float(d > 1) for d in DOSE], DOSE).note == Reason.NOT_CONVERGED      # the dose tells every answer
    with pytest.raises(ValueError, match="one length"):
        ordinal_dose_response([1], [1, 2], [1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([1.0, 2.0, 3.0, math.nan]), st.integers(1, 4), st.sampled_from([0.0, 1.0, 2.5, 40.0]), st.sampled_from("abc")), max_size=60))
def test_any_persons_give_numbers_or_reasons(rows: list[tuple]) -> None:
    pre, post, dose, rt = ([row[place] for row in rows] for place in range(4))
    for groups in (None, rt):
        found = ordinal_dose_response(pre, post, dose, rts=groups)
        assert_convention(found)
        if not found.note:
            assert 0 <= found.low <= found.odds_ratio <= found.high and 0 <= found.p <= 1
