from __future__ import annotations

import numpy as np
import pytest

from baksos_eval.stats.gain import class_gain, individual_gain, normalised_change
from baksos_eval.stats.result import Reason, missing_fields
from tests.oracle import Case, agrees, cases


@pytest.mark.parametrize("case", cases("gain"))
def test_gains_agree_with_r(case: Case) -> None:
    given = case.given["pre"], case.given["post"], case.given["maximum"]
    assert class_gain(*given).gain == agrees(case.expected["class_gain"])
    for function, key in ((individual_gain, "individual"), (normalised_change, "change")):
        result, expected = function(*given), case.expected[key]
        assert (result.n_used, result.mean, result.sd) == agrees((expected["n_used"], expected["mean"], expected["sd"]))


def test_the_gain_of_the_class_is_not_the_mean_of_the_gains() -> None:
    pre, post = [2, 9], [6, 9]
    assert class_gain(pre, post, 10).gain == agrees(4 / 9)
    assert individual_gain(pre, post, 10).mean == agrees(0.25)


def test_the_maximum_comes_from_the_instrument() -> None:
    assert class_gain([2, 4], [6, 8], 10).gain == agrees(4 / 7)
    assert class_gain([2, 4], [6, 8], 20).gain == agrees(4 / 17)


@pytest.mark.parametrize("function", [class_gain, individual_gain, normalised_change])
def test_a_scale_where_less_is_better_mirrors_one_where_more_is_better(function) -> None:
    rng = np.random.default_rng(1)
    pre, post = rng.integers(1, 6, (2, 20))
    assert function(pre, post, 5, 1) == function(6 - pre, 6 - post, 5, 1, direction="down")


def test_class_gain_interval_covers() -> None:
    rng = np.random.default_rng(11)
    population_pre = np.clip(np.round(rng.normal(12, 3, 40_000)), 0, 20)
    population_post = np.clip(np.round(population_pre / 2 + 10 + rng.normal(0, 2, 40_000)), 0, 20)
    truth = (population_post.mean() - population_pre.mean()) / (20 - population_pre.mean())
    hits = 0
    for seed in range(200):
        rows = rng.integers(0, 40_000, 15)
        result = class_gain(population_pre[rows], population_post[rows], 20, resamples=500, seed=seed)
        hits += result.low <= truth <= result.high
    assert 0.90 <= hits / 200 <= 0.99


def test_class_gain_is_the_same_for_the_same_seed_and_any_order() -> None:
    rng = np.random.default_rng(2)
    pre, post = rng.integers(0, 11, (2, 30))
    order = rng.permutation(30)
    first = class_gain(pre, post, 10, seed=4)
    assert class_gain(pre[order], post[order], 10, seed=4) == pytest.approx(first)
    assert class_gain(pre, post, 10, seed=5) != first


def test_no_upper_limit_above_one() -> None:
    result = class_gain([2, 3, 4, 5, 6, 7, 3, 4], [10, 10, 9, 10, 10, 10, 10, 6], 10)
    assert result.gain < result.high <= 1


def test_everybody_at_the_maximum_before() -> None:
    result = class_gain([10] * 6, [9] * 6, 10)
    assert (result.note, missing_fields(result)) == (Reason.AT_MAXIMUM, ["gain", "low", "high"])
    assert individual_gain([10] * 6, [9] * 6, 10)[:3] == (6, 0, 6)
    assert normalised_change([10] * 6, [10] * 6, 10).note == Reason.AT_MAXIMUM
    assert normalised_change([10] * 6, [9] * 6, 10).mean == agrees(-0.1)


def test_everybody_reaches_the_maximum() -> None:
    result = class_gain([4, 5, 6, 7, 8], [10] * 5, 10)
    assert (result.gain, result.note, missing_fields(result)) == (1.0, Reason.NO_VARIANCE, ["low", "high"])


def test_nobody_changed() -> None:
    result = class_gain([4, 5, 6, 7, 8], [4, 5, 6, 7, 8], 10)
    assert (result.gain, result.note) == (0.0, Reason.NO_VARIANCE)
    assert normalised_change([4, 5, 6], [4, 5, 6], 10)[:4] == (3, 3, 0, 0.0)


def test_a_loss_from_near_the_maximum_overwhelms_the_individual_gain_but_not_the_normalised_change() -> None:
    pre, post = [9, 5, 5, 5], [4, 7, 7, 7]
    assert individual_gain(pre, post, 10).mean == agrees((-5 + 3 * 0.4) / 4)
    assert normalised_change(pre, post, 10).mean == agrees((-5 / 9 + 3 * 0.4) / 4)


def test_who_stays_at_the_lowest_score_is_dropped_from_the_normalised_change() -> None:
    assert normalised_change([0, 4, 2], [0, 7, 6], 10)[1:3] == (2, 1)
    assert normalised_change([1, 1], [1, 1], 5, 1).note == Reason.NO_CHANGE


@pytest.mark.parametrize("function", [class_gain, individual_gain, normalised_change])
def test_degenerate_sizes(function) -> None:
    assert function([], [], 10).note == Reason.NO_DATA
    single = function([4], [7], 10)
    assert (single.n, single.note) == (1, Reason.TOO_FEW)
    assert single[[*single._fields].index("gain" if function is class_gain else "mean")] == agrees(0.5)


@pytest.mark.parametrize(("pre", "post", "maximum", "minimum", "message"), [
    ([4], [11], 10, 0, "outside"), ([0], [4], 10, 1, "outside"), ([4], [5], 0, 0, "above the minimum"), ([4, 5], [5], 10, 0, "one length"),
])
def test_what_cannot_be_on_the_scale_is_refused(pre: list, post: list, maximum: float, minimum: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        class_gain(pre, post, maximum, minimum)


def test_binary_noise_does_not_push_a_score_off_the_scale() -> None:
    assert class_gain([0.1 + 0.2] * 2, [0.3, 0.3], 0.3).note == Reason.AT_MAXIMUM
