"""Change adjusted for baseline: against lm with the HC3 sandwich."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import adjusted
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, close

values = st.one_of(st.integers(0, 5).map(float), st.floats(-1e4, 1e4), st.just(math.nan))
persons = st.lists(st.tuples(values, values, values), max_size=14)


def test_both_agree_with_r() -> None:
    known = case("comparison", "pre_post_arms")
    pre, post = known["programme_pre"] + known["comparison_pre"], known["programme_post"] + known["comparison_post"]
    arm = [1] * len(known["programme_pre"]) + [0] * len(known["comparison_pre"])
    ancova = adjusted.ancova(pre, post, arm)
    assert_agrees(ancova, known["expected"]["ancova"], difference="estimate")
    assert (ancova.n, ancova.n_programme, ancova.n_comparison) == (22, 12, 10)
    dose = adjusted.dose_response(pre, post, known["dose"])
    assert_agrees(dose, known["expected"]["dose"], slope="estimate")


def test_within_rts_all_three_agree_with_r() -> None:
    known = case("comparison", "pre_post_rts")
    pre, post, arm, rt, expected = (known[name] for name in ("pre", "post", "arm", "rt", "expected"))
    assert_agrees(adjusted.ancova(pre, post, arm, rts=rt), expected["ancova"], difference="estimate")
    assert_agrees(adjusted.dose_response(pre, post, known["dose"], rts=rt), expected["dose"], slope="estimate")
    difference = adjusted.difference_within_rts(pre, post, arm, rt)
    assert_agrees(difference, expected["difference"], difference="estimate")
    assert (difference.n, difference.k, difference.n_programme, difference.n_comparison) == (22, 3, 12, 10)


def test_a_level_of_a_whole_rt_is_nobody_s_effect() -> None:
    known = case("comparison", "pre_post_rts")
    pre, post, arm, rt = (known[name] for name in ("pre", "post", "arm", "rt"))
    lifted = [score + 5 * (name == "RT 02") for score, name in zip(post, rt, strict=True)]
    for method in (lambda after: adjusted.ancova(pre, after, arm, rts=rt), lambda after: adjusted.difference_within_rts(pre, after, arm, rt)):
        plain, with_level = method(post), method(lifted)
        assert (with_level.difference, with_level.low, with_level.p) == close((plain.difference, plain.low, plain.p), 1e-9)


def test_rts_that_say_nothing_are_left_out() -> None:
    known = case("comparison", "pre_post_rts")
    pre, post, arm, rt = (known[name] for name in ("pre", "post", "arm", "rt"))
    more = [*pre, 9, 9, 11], [*post, 19, 12, 10], [*arm, 1, 1, 1], [*rt, "alone", "one arm", "one arm"]
    assert adjusted.difference_within_rts(*more) == adjusted.difference_within_rts(pre, post, arm, rt)
    assert adjusted.ancova(*more[:3], rts=more[3]).n == 24
    nobody = adjusted.difference_within_rts(pre, post, [name == "RT 01" for name in rt], rt)
    assert (nobody.note, nobody.k) == (Reason.NO_SHARED_RT, 0)
    assert adjusted.ancova(pre, post, [name == "RT 01" for name in rt], rts=rt).note == Reason.NO_SHARED_RT
    assert adjusted.difference_within_rts([], [], [], []).note == Reason.NO_DATA


def test_one_rt_is_as_none() -> None:
    known = case("comparison", "pre_post_rts")
    pre, post, arm = (known[name] for name in ("pre", "post", "arm"))
    assert adjusted.ancova(pre, post, arm, rts=["RT 01"] * 22) == adjusted.ancova(pre, post, arm)


def test_dose_slope_is_that_of_the_adjusted_score() -> None:
    known = case("comparison", "pre_post_arms")
    pre, post = known["programme_pre"] + known["comparison_pre"], known["programme_post"] + known["comparison_post"]
    arm = [1.0] * 12 + [0.0] * 10
    of_change, of_score = adjusted.dose_response(pre, post, arm), adjusted.ancova(pre, post, arm)
    assert (of_change.slope, of_change.p) == close((of_score.difference, of_score.p), 1e-10)
    assert of_change.pre_slope == close(of_score.pre_slope - 1, 1e-10)


def test_units_scale_and_nothing_else() -> None:
    pre, post, dose = [5, 6, 7, 5, 5, 7, 6, 6], [8, 8, 9, 9, 6, 7, 7, 6], [3, 2, 3, 4, 1, 0, 1, 0]
    one, thousand = adjusted.dose_response(pre, post, dose), adjusted.dose_response(pre, post, np.multiply(dose, 1000))
    assert (thousand.slope * 1000, thousand.statistic, thousand.p) == close((one.slope, one.statistic, one.p), 1e-10)


def test_reasons() -> None:
    pre, post = [1, 2, 3, 4, 5, 6], [2, 3, 3, 6, 5, 8]
    assert adjusted.ancova([], [], []).note == Reason.NO_DATA
    assert adjusted.ancova(pre[:4], post[:4], [0, 0, 1, 1]).note == Reason.TOO_FEW
    assert adjusted.ancova(pre, post, [1] * 6).note == Reason.NO_VARIANCE
    assert adjusted.ancova(pre, post, [1, 0, 0, 0, 0, 0]).note == Reason.SINGULAR
    assert adjusted.ancova([3] * 6, post, [1, 1, 1, 0, 0, 0]).note == Reason.SINGULAR
    assert adjusted.dose_response(pre, post, np.multiply(pre, 2)).note == Reason.SINGULAR
    same = adjusted.ancova(pre, np.add(pre, 2), [1, 0, 1, 0, 1, 0])
    assert same.note == Reason.CONSTANT_CHANGE and same.difference == close(0, 1e-12)
    with pytest.raises(ValueError, match="one length"):
        adjusted.ancova([1], [1, 2], [1])


@settings(max_examples=150, deadline=None)
@given(persons)
def test_any_persons_give_numbers_or_reasons(rows: list[tuple[float, float, float]]) -> None:
    pre, post, third = ([row[i] for row in rows] for i in range(3))
    dose = adjusted.dose_response(pre, post, third)
    programme = [float(value > 2) if value == value else value for value in third]
    rts = [name for name in "aabbc"] * 3
    arms = adjusted.ancova(pre, post, programme)
    inside = adjusted.difference_within_rts(pre, post, programme, rts[: len(rows)])
    apart = adjusted.dose_response(pre, post, third, rts=rts[: len(rows)])
    for result, estimate in ((dose, dose.slope), (arms, arms.difference), (inside, inside.difference), (apart, apart.slope)):
        assert_convention(result)
        if not result.note:
            assert result.low <= estimate <= result.high and 0 <= result.p <= 1
