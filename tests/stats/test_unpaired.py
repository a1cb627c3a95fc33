"""Two waves of people who cannot be paired: against R and published figures, and what must hold for any answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import comparison, dominance, effect, unpaired
from baksos_eval.stats.paired import Verdict
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close

MAXIMUM = 6
wave = st.lists(st.one_of(st.integers(0, MAXIMUM).map(float), st.just(math.nan)), max_size=11)
rights = st.lists(st.sampled_from([0.0, 1.0, math.nan]), max_size=14)

EVERY: dict[str, Callable[[Any, Any], Any]] = {
    "mean_difference": unpaired.mean_difference,
    "pooled_difference": unpaired.pooled_difference,
    "equivalence": lambda pre, post: unpaired.equivalence(pre, post, -1, 1),
    "smallest_detectable_difference": unpaired.smallest_detectable_difference,
    "rank_sum": unpaired.rank_sum,
    "superiority": unpaired.superiority,
    "cliff_delta": unpaired.cliff_delta,
    "standardised_change": unpaired.standardised_change,
    "group_gain": lambda pre, post: unpaired.group_gain(pre, post, MAXIMUM, resamples=100),
    "group_gain_down": lambda pre, post: unpaired.group_gain(pre, post, MAXIMUM, direction="down", resamples=100),
    "share_difference": lambda pre, post: unpaired.share_difference([x > 3 for x in pre], [x > 3 for x in post]),
}


@pytest.mark.parametrize("expected", cases("unpaired", "unpaired"))
def test_means_and_ranks_agree_with_r(expected: dict) -> None:
    pre, post, delta, found = expected["pre"], expected["post"], expected["delta"], expected["expected"]
    assert_agrees(unpaired.mean_difference(pre, post), found["welch"])
    assert_agrees(unpaired.pooled_difference(pre, post), found["student"])
    assert_agrees(unpaired.equivalence(pre, post, -delta, delta), found["equivalence"])
    assert_agrees(unpaired.rank_sum(pre, post), found["ranks"])
    assert_agrees(unpaired.smallest_detectable_difference(pre, post), found["detectable"])
    gain = unpaired.group_gain(pre, post, expected["maximum"], minimum=min(pre + post), resamples=100)
    assert gain.gain == close(found["gain"])


@pytest.mark.parametrize("expected", cases("unpaired", "shares"))
def test_shares_agree_with_r(expected: dict) -> None:
    pre, post = ([1] * expected[f"right_{wave}"] + [0] * (expected[f"n_{wave}"] - expected[f"right_{wave}"]) for wave in ("pre", "post"))
    result = unpaired.share_difference(pre, post)
    assert_agrees(result, expected["expected"])
    assert_convention(result)


def test_the_interval_of_shares_is_the_one_newcombe_prints() -> None:
    known = case("unpaired", "newcombe_shares")
    result = unpaired.share_difference([1] * known["right_pre"] + [0] * 32, [1] * known["right_post"] + [0] * 14)
    assert (round(result.low, 4), round(result.high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize("expected", cases("comparison", "two_groups"))
def test_after_stands_where_the_programme_stands(expected: dict) -> None:
    post, pre = expected["programme"], expected["comparison"]
    assert unpaired.rank_sum(pre, post).p == dominance.mann_whitney(post, pre).p
    assert unpaired.cliff_delta(pre, post).delta == dominance.cliff_delta(post, pre).delta
    chance, same = unpaired.superiority(pre, post), dominance.brunner_munzel(post, pre)
    assert (chance.probability, chance.n_pre, chance.n_post) == (same.probability, len(pre), len(post))
    assert unpaired.standardised_change(pre, post)[2:] == effect.standardised_difference(post, pre)[5:]
    assert unpaired.mean_difference(pre, post).change_low == comparison.welch(post, pre).low


def test_the_verdict_follows_the_welch_interval() -> None:
    rng = np.random.default_rng(5)
    pre = rng.normal(50, 5, 40)
    for shift, expected in ((10, Verdict.IMPROVED_MEANINGFULLY), (4, Verdict.IMPROVED), (0, Verdict.EQUIVALENT), (-10, Verdict.WORSENED_MEANINGFULLY)):
        assert unpaired.judge_difference(pre, pre + shift, smallest_change=5) == expected
    assert unpaired.judge_difference(pre, pre - 10, 5, direction="down") == Verdict.IMPROVED_MEANINGFULLY
    assert unpaired.judge_difference(pre, pre, None) == Verdict.NO_EVIDENCE
    assert unpaired.judge_difference([3, 3], [4, 4], 1) == Verdict.NOT_COMPUTED


def test_the_gain_does_not_need_the_same_people() -> None:
    assert unpaired.group_gain([2, 4], [5, 7, 9], 10).gain == close(4 / 7)
    low_is_good = unpaired.group_gain([4, 5, 3, 4, 5, 2], [2, 2, 1, 3, 2, 2], 5, 1, direction="down", seed=3)
    mirrored = unpaired.group_gain([2, 1, 3, 2, 1, 4], [4, 4, 5, 3, 4, 4], 5, 1, seed=3)
    assert low_is_good == mirrored


def test_the_gain_is_the_same_for_the_same_seed_and_any_order() -> None:
    rng = np.random.default_rng(2)
    pre, post = rng.integers(0, 11, 25), rng.integers(4, 11, 31)
    first = unpaired.group_gain(pre, post, 10, seed=4)
    assert unpaired.group_gain(rng.permutation(pre), rng.permutation(post), 10, seed=4) == first
    assert unpaired.group_gain(pre, post, 10, seed=5) != first
    assert first.low < first.gain < first.high <= 1


def test_the_interval_of_the_gain_covers() -> None:
    rng = np.random.default_rng(11)
    before, after = (np.clip(np.round(rng.normal(centre, 3, 40_000)), 0, 20) for centre in (11, 15))
    truth = (after.mean() - before.mean()) / (20 - before.mean())
    hits = 0
    for seed in range(200):
        result = unpaired.group_gain(rng.choice(before, 15), rng.choice(after, 20), 20, resamples=500, seed=seed)
        hits += result.low <= truth <= result.high
    assert 0.90 <= hits / 200 <= 0.99


def test_fisher_is_the_share_of_tables_no_likelier_than_the_observed_one() -> None:
    n_pre, n_post, right = 7, 5, 6
    weights = {k: math.comb(n_post, k) * math.comb(n_pre, right - k) for k in range(max(0, right - n_pre), min(n_post, right) + 1)}
    for k, weight in weights.items():
        result = unpaired.share_difference([1] * (right - k) + [0] * (n_pre - right + k), [1] * k + [0] * (n_post - k))
        expected = sum(other for other in weights.values() if other <= weight) / math.comb(n_pre + n_post, right)
        assert result.p == close(expected, 1e-12)


def test_reasons() -> None:
    for name, statistic in EVERY.items():
        assert statistic([], [3.0, 4.0]).note == Reason.NO_DATA, name
    assert unpaired.mean_difference([3], [4, 5]).note == Reason.TOO_FEW
    assert unpaired.mean_difference([3, 3], [4, 4]).note == Reason.NO_VARIANCE
    assert unpaired.pooled_difference([3, 3], [4, 4]).change == 1
    assert unpaired.smallest_detectable_difference([3, 3, 3], [4, 4, 4]).d > 0
    assert unpaired.group_gain([10] * 5, [9] * 5, 10).note == Reason.AT_MAXIMUM
    reached = unpaired.group_gain([4, 5, 6, 7, 8], [10] * 5, 10)
    assert (reached.gain, reached.note) == (1.0, Reason.NO_VARIANCE)
    assert unpaired.group_gain([4, 5, 6, 7], [10] * 5, 10).note == Reason.TOO_FEW
    same = unpaired.share_difference([1] * 6, [1] * 8)
    assert (same.change, same.p) == (0, 1) and same.low < 0 < same.high


@pytest.mark.parametrize(("pre", "post", "maximum", "minimum", "message"), [
    ([4], [11], 10, 0, "outside"), ([0], [4], 10, 1, "outside"), ([4], [5], 0, 0, "above the minimum")])
def test_what_cannot_be_on_the_scale_is_refused(pre: list, post: list, maximum: float, minimum: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        unpaired.group_gain(pre, post, maximum, minimum)


def test_bounds_that_are_no_range_are_refused() -> None:
    with pytest.raises(ValueError, match="below the upper"):
        unpaired.equivalence([1, 2], [2, 3], 1, 1)


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=60, deadline=None)
@given(pre=wave, post=wave)
def test_any_two_waves_give_numbers_or_reasons(name: str, pre: list[float], post: list[float]) -> None:
    assert_convention(EVERY[name](pre, post))


@settings(max_examples=80, deadline=None)
@given(wave, wave)
def test_swapping_the_waves_flips_every_sign(pre: list[float], post: list[float]) -> None:
    there, back = unpaired.mean_difference(pre, post), unpaired.mean_difference(post, pre)
    assert there.note == back.note
    if not there.note:
        assert (there.change, there.change_low, there.p) == close((-back.change, -back.change_high, back.p), 1e-12)
    share, reverse = unpaired.cliff_delta(pre, post), unpaired.cliff_delta(post, pre)
    if not share.note:
        assert share.delta == close(-reverse.delta, 1e-12)


@settings(max_examples=80, deadline=None)
@given(rights, rights)
def test_swapping_shares_flips_their_difference(pre: list[float], post: list[float]) -> None:
    there, back = unpaired.share_difference(pre, post), unpaired.share_difference(post, pre)
    assert_convention(there)
    if not there.note:
        assert (there.change, there.low, there.high, there.p) == close((-back.change, -back.high, -back.low, back.p), 1e-12)
        assert -1 <= there.low <= there.change <= there.high <= 1
