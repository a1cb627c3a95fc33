"""What must hold for any answers: nothing fails, nothing is missing without a reason, symmetry, order plays no part."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import description, effect, gain, paired, ranks, reliability
from baksos_eval.stats.result import Reason, missing_fields

MAXIMUM = 6

PAIRED: dict[str, Callable[[Any, Any], Any]] = {
    "mean_change": paired.mean_change,
    "correlation": paired.correlation,
    "bootstrap_change": lambda pre, post: paired.bootstrap_change(pre, post, resamples=100),
    "equivalence": lambda pre, post: paired.equivalence(pre, post, -1, 1),
    "signed_rank": ranks.signed_rank,
    "signed_rank_wilcox": lambda pre, post: ranks.signed_rank(pre, post, "wilcox"),
    "spss_signed_rank": ranks.spss_signed_rank,
    "sign_test": ranks.sign_test,
    "hodges_lehmann": ranks.hodges_lehmann,
    "hodges_lehmann_wilcox": lambda pre, post: ranks.hodges_lehmann(pre, post, zeros="wilcox"),
    "cohen_d_z": effect.cohen_d_z,
    "cohen_d_av": effect.cohen_d_av,
    "cohen_d_av_mean_sd": effect.cohen_d_av_mean_sd,
    "rank_biserial": effect.rank_biserial,
    "standardised_difference": effect.standardised_difference,
    "class_gain": lambda pre, post: gain.class_gain(pre, post, MAXIMUM, resamples=100),
    "class_gain_down": lambda pre, post: gain.class_gain(pre, post, MAXIMUM, direction="down", resamples=100),
    "individual_gain": lambda pre, post: gain.individual_gain(pre, post, MAXIMUM),
    "normalised_change": lambda pre, post: gain.normalised_change(pre, post, MAXIMUM),
    "reliable_change": lambda pre, post: reliability.reliable_change(pre, post, 0.8),
    "shapiro_wilk": lambda pre, post: description.shapiro_wilk(pre),
    "lilliefors": lambda pre, post: description.lilliefors(post),
    "ends": lambda pre, post: description.ends(post, 0, MAXIMUM),
    "smallest_detectable_change": lambda pre, post: paired.smallest_detectable_change(
        len(pre), paired.mean_change(pre, post).sd_change),
}

pairs = st.lists(st.tuples(st.integers(0, MAXIMUM), st.integers(0, MAXIMUM)), max_size=12).map(
    lambda rows: (np.array([row[0] for row in rows], float), np.array([row[1] for row in rows], float))
)
tables = st.integers(1, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 2), min_size=k, max_size=k), max_size=8).map(lambda rows: np.array(rows, float).reshape(-1, k))
)
EXTREMES = {
    "everybody at the maximum": ([MAXIMUM] * 8, [MAXIMUM] * 8),
    "perfect change": ([0] * 8, [MAXIMUM] * 8),
    "everybody reached the maximum": ([1, 2, 3, 4, 5, 0, 1], [MAXIMUM] * 7),
    "all equal": ([3] * 9, [3] * 9),
    "constant change": ([1, 2, 3, 4, 2, 1], [2, 3, 4, 5, 3, 2]),
    "one changed": ([3] * 40, [3] * 39 + [4]),
    "two sides": ([0, 6] * 6, [6, 0] * 6),
}


def holds_the_convention(result: Any) -> None:
    missing = missing_fields(result)
    assert bool(missing) == bool(result.note), result
    assert not result.note or result.note in set(Reason)
    assert result._fields[-1] == "note"
    assert all(isinstance(value, int | float) and not math.isinf(value) for value in result[:-1]), result
    assert not any(isinstance(value, np.generic) for value in result), f"{result} holds numpy scalars"


@pytest.mark.parametrize("name", PAIRED)
@given(data=pairs)
@settings(max_examples=40, deadline=None)
def test_every_statistic_survives_any_answers(name: str, data: tuple) -> None:
    holds_the_convention(PAIRED[name](*data))


@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("name", PAIRED)
def test_every_statistic_survives_extreme_answers(name: str, extreme: str) -> None:
    holds_the_convention(PAIRED[name](*EXTREMES[extreme]))


@pytest.mark.parametrize("name", PAIRED)
@given(data=pairs, seed=st.integers(0, 2**16))
@settings(max_examples=15, deadline=None)
def test_the_order_of_respondents_changes_nothing(name: str, data: tuple, seed: int) -> None:
    pre, post = data
    order = np.random.default_rng(seed).permutation(pre.size)
    first, second = PAIRED[name](pre, post), PAIRED[name](pre[order], post[order])
    assert second[:-1] == pytest.approx(first[:-1], rel=1e-9, abs=1e-9, nan_ok=True)
    assert second.note == first.note


FLIPPED = {
    "mean_change": (("change", "statistic"), ("change_low", "change_high"), ("n", "sd_change", "p", "df")),
    "equivalence": (("change",), ("low", "high"), ("n", "p", "df")),
    "signed_rank": ((), (), ("n", "n_used", "p")),
    "signed_rank_wilcox": ((), (), ("n", "n_used", "p")),
    "spss_signed_rank": (("z",), (), ("n", "n_ties", "p")),
    "sign_test": ((), (), ("n", "same", "p")),
    "hodges_lehmann": (("estimate",), ("low", "high"), ("n", "n_used")),
    "cohen_d_z": (("d", "g"), ("low", "high"), ("n",)),
    "cohen_d_av": (("d", "g"), ("g_low", "g_high"), ("n",)),
    "cohen_d_av_mean_sd": (("d", "g"), ("low", "high"), ("n",)),
    "rank_biserial": (("r",), ("low", "high"), ("n", "n_used")),
    "standardised_difference": (("difference", "d"), ("low", "high"), ()),
    "correlation": ((), (), ("n", "r", "low", "high")),
}


@pytest.mark.parametrize("name", FLIPPED)
@given(data=pairs)
@settings(max_examples=30, deadline=None)
def test_swapping_before_and_after_flips_every_sign(name: str, data: tuple) -> None:
    forward, backward = PAIRED[name](*data), PAIRED[name](*data[::-1])
    signed, limits, unsigned = FLIPPED[name]
    close = {"rel": 1e-9, "abs": 1e-9, "nan_ok": True}
    for field in signed:
        assert getattr(backward, field) == pytest.approx(-getattr(forward, field), **close)
    for lower, upper in zip(limits, reversed(limits), strict=True):
        assert getattr(backward, lower) == pytest.approx(-getattr(forward, upper), **close)
    for field in unsigned:
        assert getattr(backward, field) == pytest.approx(getattr(forward, field), **close)
    assert backward.note == forward.note


@given(data=pairs)
@settings(max_examples=30, deadline=None)
def test_swapping_swaps_those_who_improved_and_those_who_worsened(data: tuple) -> None:
    forward, backward = ranks.sign_test(*data), ranks.sign_test(*data[::-1])
    assert (forward.improved, forward.worse) == (backward.worse, backward.improved)
    there, back = ranks.spss_signed_rank(*data), ranks.spss_signed_rank(*data[::-1])
    assert (there.n_positive, there.mean_rank_positive, there.sum_positive) == (back.n_negative, back.mean_rank_negative, back.sum_negative)


@given(data=pairs)
@settings(max_examples=30, deadline=None)
def test_limits_enclose_their_estimate(data: tuple) -> None:
    for name, estimate, low, high in (
        ("mean_change", "change", "change_low", "change_high"), ("hodges_lehmann", "estimate", "low", "high"),
        ("cohen_d_z", "d", "low", "high"), ("cohen_d_av", "d", "low", "high"), ("rank_biserial", "r", "low", "high"),
        ("correlation", "r", "low", "high"),
    ):
        result = PAIRED[name](*data)
        if not result.note:
            assert getattr(result, low) - 1e-9 <= getattr(result, estimate) <= getattr(result, high) + 1e-9


@given(items=tables)
@settings(max_examples=60, deadline=None)
def test_every_reliability_survives_any_answers(items: np.ndarray) -> None:
    holds_the_convention(reliability.cronbach_alpha(items))
    holds_the_convention(reliability.omega_total(items))
    for item in reliability.item_reliability(items):
        holds_the_convention(item)


@given(items=tables, seed=st.integers(0, 2**16))
@settings(max_examples=30, deadline=None)
def test_the_order_of_respondents_and_items_does_not_change_alpha(items: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shuffled = items[rng.permutation(items.shape[0])][:, rng.permutation(items.shape[1])]
    first, second = reliability.cronbach_alpha(items), reliability.cronbach_alpha(shuffled)
    assert second[:-1] == pytest.approx(first[:-1], rel=1e-9, abs=1e-9, nan_ok=True)


@given(n=st.integers(0, 400), alpha=st.sampled_from([0.001, 0.05, 0.2]))
def test_critical_r_survives_any_size(n: int, alpha: float) -> None:
    holds_the_convention(reliability.critical_r(n, alpha))
