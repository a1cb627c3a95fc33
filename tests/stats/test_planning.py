"""Sample sizes and power against R, and what must hold whatever the plan."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import planning
from baksos_eval.stats.paired import smallest_detectable_change
from baksos_eval.stats.result import Reason
from tests.stats.agreement import cases, close

effects = st.floats(0.05, 3)


@pytest.mark.parametrize("case", cases("planning", "paired_power"))
def test_paired_power_agrees_with_power_t_test(case: dict) -> None:
    assert planning.paired_power(case["pairs"], case["effect"], case["alpha"]).power == close(case["expected"])


@pytest.mark.parametrize("case", cases("planning", "paired_sample"))
def test_paired_sample_agrees_with_power_t_test(case: dict) -> None:
    assert planning.paired_sample(case["effect"], case["power"], case["alpha"]).pairs == case["expected"]


@pytest.mark.parametrize("case", cases("planning", "smallest_effect"))
def test_smallest_effect_agrees_with_power_t_test(case: dict) -> None:
    found = planning.smallest_effect(case["pairs"], case["power"])
    assert found.effect == close(case["expected"], 1e-7)    # R's own tolerance
    assert found.effect == smallest_detectable_change(case["pairs"], 1.0, case["power"]).d


@pytest.mark.parametrize("case", cases("planning", "groups_power"))
def test_groups_power_agrees_with_pwr(case: dict) -> None:
    assert planning.groups_power(case["programme"], case["comparison"], case["effect"]).power == close(case["expected"])


@pytest.mark.parametrize("case", cases("planning", "groups_sample"))
def test_groups_sample_agrees_with_power_t_test(case: dict) -> None:
    found = planning.groups_sample(case["effect"], power=case["power"])
    assert (found.programme, found.comparison) == (case["expected"],) * 2


@pytest.mark.parametrize("case", cases("planning", "smallest_difference"))
def test_smallest_difference_agrees_with_power_t_test(case: dict) -> None:
    assert planning.smallest_difference(case["people"], case["power"]).effect == close(case["expected"], 1e-7)    # R's own tolerance
    assert math.isnan(planning.smallest_difference(1).effect)


@pytest.mark.parametrize("case", cases("planning", "rts_power"))
def test_rts_power_agrees_with_power_t_test_on_means(case: dict) -> None:
    for arms, name in ((1, "one"), (2, "two")):
        assert planning.rts_power(case["rts"], case["people"], case["effect"], case["icc"], arms=arms).power == close(case["expected"][name])


@pytest.mark.parametrize("case", cases("planning", "rts_sample"))
def test_rts_sample_agrees_with_power_t_test_on_means(case: dict) -> None:
    found = planning.rts_sample(case["effect"], case["people"], case["icc"], arms=case["arms"])
    assert found.rts == case["expected"]["rts"] and found.people == found.rts * case["people"] * case["arms"]
    assert planning.least_rts(case["effect"], case["icc"], arms=case["arms"]) == case["expected"]["least_rts"]


def test_power_is_what_a_simulation_finds() -> None:
    dice = np.random.default_rng(20210812)
    change = dice.normal(0.5, 1.0, (20_000, 25))
    t = change.mean(axis=1) / (change.std(axis=1, ddof=1) / 5)
    found = np.mean(np.abs(t) > 2.0638985616280205)
    assert found == pytest.approx(planning.paired_power(25, 0.5).power, abs=0.012)


def test_power_over_whole_rts_is_what_a_simulation_finds() -> None:
    dice, icc, m, k = np.random.default_rng(20210813), 0.1, 12, 6
    means = 0.5 + dice.normal(0, math.sqrt(icc), (20_000, k)) + dice.normal(0, math.sqrt((1 - icc) / m), (20_000, k))
    t = means.mean(axis=1) / (means.std(axis=1, ddof=1) / math.sqrt(k))
    found = np.mean(np.abs(t) > 2.570581835636314)
    assert found == pytest.approx(planning.rts_power(k, m, 0.5, icc).power, abs=0.012)


@given(effects, st.sampled_from([0.8, 0.9, 0.95]), st.sampled_from([0.05, 0.01]))
@settings(max_examples=40, deadline=None)
def test_one_person_fewer_is_not_enough(effect: float, power: float, alpha: float) -> None:
    plan = planning.paired_sample(effect, power, alpha)
    assert plan.power >= power and plan.note == ""
    if plan.pairs > 2:
        assert planning.paired_power(plan.pairs - 1, effect, alpha).power < power


@given(effects, st.integers(1, 80), st.floats(0, 0.4))
@settings(max_examples=40, deadline=None)
def test_alike_neighbours_never_make_a_study_smaller(effect: float, people: int, icc: float) -> None:
    alike, unlike = planning.rts_sample(effect, people, icc), planning.rts_sample(effect, people, 0)
    assert alike.rts >= unlike.rts and alike.design_effect >= 1
    assert alike.rts >= planning.least_rts(effect, icc) - (people < 1)


@given(st.floats(0.1, 5), st.floats(0.2, 4), st.floats(-0.9, 0.95))
@settings(max_examples=40, deadline=None)
def test_the_sign_of_a_change_plays_no_part(change: float, sd: float, r: float) -> None:
    assert planning.standardised_change(change, sd, r) == planning.standardised_change(-change, sd, r) > 0


def test_what_cannot_be_planned_has_no_number() -> None:
    tiny = planning.paired_sample(1e-6)
    assert (tiny.pairs, tiny.note) == (0, Reason.TOO_FEW) and math.isnan(tiny.power)
    assert planning.paired_power(1, 0.5).note == planning.smallest_effect(1).note == planning.groups_power(1, 1, 0.5).note == Reason.TOO_FEW
    assert planning.rts_power(1, 30, 0.5, 0.02).note == planning.rts_sample(1e-6, 10, 0.05).note == Reason.TOO_FEW_RTS
    assert planning.groups_sample(1e-6).note == Reason.TOO_FEW


@pytest.mark.parametrize("call", [
    lambda: planning.paired_sample(0), lambda: planning.paired_sample(0.5, power=0.04), lambda: planning.paired_sample(0.5, power=1), lambda: planning.groups_sample(0.5, ratio=0),
    lambda: planning.design_effect(0, 0.1), lambda: planning.design_effect(10, 1.1), lambda: planning.rts_power(5, 10, 0.5, 0.1, arms=3),
    lambda: planning.standardised_change(1, 0, 0.5), lambda: planning.standardised_change(1, 1, 1), lambda: planning.invitations(30, 1)])
def test_senseless_plans_are_refused(call) -> None:
    with pytest.raises(ValueError):
        call()


def test_invitations_round_up_and_without_loss_invite_no_one_more() -> None:
    assert [planning.invitations(n, loss) for n, loss in ((30, 0), (32, 0.2), (33, 0.2), (34, 0.15))] == [30, 40, 42, 40]
