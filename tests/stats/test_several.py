"""Pooling over RTs against metafor and lme4, and what must hold whatever the RTs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import several
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close

numbers = st.one_of(st.integers(-5, 5).map(float), st.floats(-1e6, 1e6), st.just(math.nan))
spreads = st.one_of(st.sampled_from([0.0, 0.25, 1.0, math.nan]), st.floats(1e-6, 1e6))
some_rts = st.lists(st.tuples(numbers, spreads), max_size=9)


@pytest.mark.parametrize("expected", cases("several", "meta"))
def test_pool_agrees_with_metafor(expected: dict) -> None:
    pooled = several.pool(expected["yi"], expected["vi"])
    assert_agrees(pooled, expected["expected"])
    assert_convention(pooled)


def test_pool_is_within_the_default_tolerance_of_metafor() -> None:
    loose = case("oracle", "meta_bcg")      # made with metafor's own tolerance for tau2, 1.2e-4
    pooled = several.pool(loose["yi"], loose["vi"])
    assert pooled.tau2 == close(loose["expected"]["tau2_pm"], 1e-4)
    assert (pooled.low, pooled.high) == close((loose["expected"]["hk"]["low"], loose["expected"]["hk"]["high"]), 1e-4)
    assert (pooled.prediction_low, pooled.prediction_high) == close(
        tuple(loose["expected"]["prediction_interval_hk_t_k_minus_1"]), 1e-4
    )


@pytest.mark.parametrize("expected", cases("several", "meta"))
def test_shrunken_agrees_with_blup(expected: dict) -> None:
    y, v, blup = expected["yi"], expected["vi"], expected["expected"]["shrunken"]
    found = several.shrunken(y, v, several.pool(y, v))
    for field in ("estimate", "low", "high"):
        assert [getattr(rt, field) for rt in found] == close(blup[field])


@pytest.mark.parametrize("expected", cases("several", "meta"))
def test_rt_means_test_agrees_with_t_test(expected: dict) -> None:
    assert_agrees(several.rt_means_test(expected["yi"]), expected["expected"]["t_test"])


@pytest.mark.parametrize("expected", cases("several", "rt_mixed_model"))
def test_mixed_model_agrees_with_lme4(expected: dict) -> None:
    model = several.rt_mixed_model(expected["change"], expected["rt"])
    assert_agrees(model, expected["expected"], 1e-5)
    assert_convention(model)


@pytest.mark.parametrize("expected", cases("several", "rt_mixed_model"))
def test_mixed_model_from_what_is_known_of_each_rt_agrees_with_lme4(expected: dict) -> None:
    people = [np.array([change for change, rt in zip(expected["change"], expected["rt"], strict=True) if rt == name]) for name in set(expected["rt"])]
    model = several.mixed_model_of_rts(*zip(*((group.size, group.mean(), group.std(ddof=1) if group.size > 1 else math.nan) for group in people), strict=True))
    assert_agrees(model, expected["expected"], 1e-5)
    assert_convention(model)


def test_mixed_model_of_ten_thousand_rts_finds_what_was_planted() -> None:
    rng = np.random.default_rng(20)
    sizes, between = rng.integers(5, 60, 10_000), rng.normal(0, 2, 10_000)
    means = 3 + between + rng.normal(0, 5 / np.sqrt(sizes))
    sds = 5 * np.sqrt(rng.chisquare(sizes - 1) / (sizes - 1))
    model = several.mixed_model_of_rts(sizes, means, sds)
    assert (model.n, model.k) == (sizes.sum(), 10_000)
    assert model.low < 3 < model.high and model.high - model.low < 0.12
    assert (math.sqrt(model.between_variance), math.sqrt(model.residual_variance)) == pytest.approx((2, 5), rel=0.03)


def test_tau2_solves_its_equation_to_the_last_digits() -> None:
    y, v = np.array(case("several", "bcg")["yi"]), np.array(case("several", "bcg")["vi"])
    weights = 1 / (v + several.pool(y, v).tau2)
    q = weights @ (y - weights @ y / weights.sum()) ** 2
    assert q == pytest.approx(y.size - 1, rel=1e-12)


def test_pool_equals_the_plain_t_test_for_equal_variances() -> None:
    y = [2.0, 4.5, 3.0, 7.0, 1.5]
    pooled, plain = several.pool(y, [0.4] * 5), several.rt_means_test(y)
    assert (pooled.estimate, pooled.low, pooled.high, pooled.p) == close((plain.mean, plain.low, plain.high, plain.p), 1e-12)


def test_mixed_model_of_balanced_rts_has_the_interval_of_the_rt_means() -> None:
    change = [1, 2, 4, 4, 5, 9, 8, 9, 11]
    model = several.rt_mixed_model(change, list("aaabbbccc"))
    plain = several.rt_means_test(np.reshape(change, (3, 3)).mean(axis=1))
    assert (model.estimate, model.low, model.high, model.df) == close((plain.mean, plain.low, plain.high, plain.df), 1e-10)


def test_a_wide_between_variance_does_not_stop_the_search() -> None:
    rng = np.random.default_rng(4)
    rts = np.repeat(np.arange(12), 15)
    change = 3.19 + np.repeat(rng.normal(0, 1e4, 12), 15) + rng.normal(0, 0.01, 180)
    model, plain = several.rt_mixed_model(change, rts), several.rt_means_test(change.reshape(12, 15).mean(axis=1))
    assert (model.estimate, model.low, model.high) == close((plain.mean, plain.low, plain.high), 1e-9)


def test_confidence_widens_both_intervals() -> None:
    y, v = [2.0, 4.5, 3.0, 7.0], [0.5, 0.8, 0.4, 1.0]
    narrow, wide = several.pool(y, v, 0.90), several.pool(y, v, 0.99)
    assert wide.low < narrow.low and wide.prediction_high > narrow.prediction_high


@pytest.mark.parametrize(
    ("changes", "variances", "reason"),
    [
        ([], [], Reason.TOO_FEW_RTS),
        ([1.0, 2.0], [0.1, 0.1], Reason.TOO_FEW_RTS),
        ([1.0, 2.0, math.nan], [0.1, 0.1, 0.1], Reason.TOO_FEW_RTS),
        ([2.0, 2.0, 2.0], [0.1, 0.2, 0.3], Reason.CONSTANT_CHANGE),
        ([2.0, 2.0, 2.0], [0.0, 0.0, 0.0], Reason.CONSTANT_CHANGE),
        ([2.0, 2.1, 1.9], [0.0, 1.0, 1.0], Reason.NO_VARIANCE),
    ],
)
def test_pool_says_why_there_is_no_interval(changes: list[float], variances: list[float], reason: Reason) -> None:
    pooled = several.pool(changes, variances)
    assert pooled.note == reason
    assert math.isnan(pooled.low) and math.isnan(pooled.p)
    assert all(rt.note == reason for rt in several.shrunken(changes, variances, pooled))


def test_pool_without_any_variance_within_rts_is_the_t_test() -> None:
    y = [1.0, 2.0, 4.0]
    pooled = several.pool(y, [0.0, 0.0, 0.0])
    assert pooled.note == Reason.NO_VARIANCE      # I2 and Q have no meaning, the interval has
    assert (pooled.low, pooled.high) == close((several.rt_means_test(y).low, several.rt_means_test(y).high), 1e-12)


def test_an_rt_without_change_is_left_out_but_keeps_its_place() -> None:
    y, v = [2.0, math.nan, 4.5, 3.0, 7.0], [0.5, 0.2, 0.8, 0.4, 1.0]
    pooled = several.pool(y, v)
    assert pooled.k == 4
    rts = several.shrunken(y, v, pooled)
    assert rts[1].note == Reason.NO_DATA and not any(rts[i].note for i in (0, 2, 3, 4))


def test_mixed_model_says_why_it_has_no_answer() -> None:
    assert several.rt_mixed_model([], []).note == Reason.NO_DATA
    assert several.rt_mixed_model([1, 2, 3, 4], list("aabb")).note == Reason.TOO_FEW_RTS
    assert several.rt_mixed_model([1, 2, 3], list("abc")).note == Reason.TOO_FEW
    assert several.rt_mixed_model([2, 2, 2, 2], list("aabc")).note == Reason.CONSTANT_CHANGE
    assert several.rt_mixed_model([1, 1, 2, 2, 3], list("aabbc")).note == Reason.NO_VARIANCE
    with pytest.raises(ValueError, match="one length"):
        several.rt_mixed_model([1, 2], ["a"])


@settings(max_examples=150, deadline=None)
@given(some_rts)
def test_any_rts_give_numbers_or_reasons(rts: list[tuple[float, float]]) -> None:
    changes, variances = [rt[0] for rt in rts], [rt[1] for rt in rts]
    pooled = several.pool(changes, variances)
    assert_convention(pooled)
    assert_convention(several.rt_means_test(changes))
    shrunken = several.shrunken(changes, variances, pooled)
    assert len(shrunken) == len(rts)
    for rt in shrunken:
        assert_convention(rt)
    if not math.isnan(pooled.low):
        assert pooled.tau2 >= 0
        assert pooled.prediction_low <= pooled.low <= pooled.estimate <= pooled.high <= pooled.prediction_high


@settings(max_examples=80, deadline=None)
@given(some_rts, st.randoms(use_true_random=False))
def test_the_order_of_rts_changes_no_digit(rts: list[tuple[float, float]], random) -> None:
    shuffled = random.sample(range(len(rts)), len(rts))
    original = [several.pool(*_columns(rts)), several.rt_means_test(_columns(rts)[0])]
    again = [rts[i] for i in shuffled]
    assert list(map(repr, original)) == list(map(repr, [several.pool(*_columns(again)), several.rt_means_test(_columns(again)[0])]))
    before = several.shrunken(*_columns(rts), original[0])
    assert list(map(repr, [before[i] for i in shuffled])) == list(map(repr, several.shrunken(*_columns(again), original[0])))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(numbers, st.integers(0, 4)), max_size=25), st.permutations(range(5)), st.randoms(use_true_random=False))
def test_mixed_model_ignores_labels_and_order(persons: list[tuple[float, int]], labels: list[int], random) -> None:
    model = several.rt_mixed_model([p[0] for p in persons], [str(p[1]) for p in persons])
    assert_convention(model)
    again = random.sample(persons, len(persons))
    assert repr(several.rt_mixed_model([p[0] for p in again], [f"RT {labels[p[1]]}" for p in again])) == repr(model)
    means = [np.nanmean([p[0] for p in persons if p[1] == rt]) for rt in {p[1] for p in persons if not math.isnan(p[0])}]
    if not math.isnan(model.estimate):
        slack = 1e-9 * max(map(abs, means), default=0)
        assert min(means) - slack <= model.estimate <= max(means) + slack


def _columns(rts: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [rt[0] for rt in rts], [rt[1] for rt in rts]
