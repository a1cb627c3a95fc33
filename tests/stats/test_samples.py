from __future__ import annotations

import math

import numpy as np
import pytest

from baksos_eval.stats.samples import changes, complete, is_constant, mean, sd, without_noise


def test_changes_are_post_minus_pre() -> None:
    assert changes([1, 5, 3], [4, 2, 3]).tolist() == [3, -3, 0]


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_changes_that_are_equal_on_paper_are_equal(scale: float) -> None:
    pre = np.array([0.1, 0.2, 0.3, 0.7, 1.1, 2.9]) * scale
    change = changes(pre, pre + 0.3 * scale)
    assert len(set(change.tolist())) == 1
    assert change[0] == pytest.approx(0.3 * scale, rel=1e-11)


def test_scores_added_up_in_another_order_are_equal() -> None:
    added = sum([0.1] * 50)
    assert 5.0 - added > 1e-15
    assert len(set(changes([0, 0], [added, 5.0]).tolist())) == 1


def test_small_changes_of_large_numbers_survive() -> None:
    assert changes([1e6, 1e6], [1e6 + 1e-4, 1e6]).tolist() == pytest.approx([1e-4, 0.0], rel=1e-2)


def test_no_negative_zero() -> None:
    assert [math.copysign(1, value) for value in changes([0.3], [0.1 + 0.2 - 1e-17])] == [1.0]


def test_arrays_of_any_kind_become_floats() -> None:
    (first, second) = complete([1, 2], np.array([3, 4], dtype=np.int8))
    assert first.dtype == second.dtype == np.float64


def test_summaries_of_few_values() -> None:
    assert math.isnan(mean(np.array([]))) and math.isnan(sd(np.array([2.0])))
    assert sd(np.array([0.1 + 0.2, 0.3, 0.3])) == 0.0
    assert sd(np.array([1.0, 3.0])) == math.sqrt(2)


@pytest.mark.parametrize(("values", "expected"), [([], False), ([2], True), ([2, 2], True), ([2, 2.001], False), ([0, 0], True)])
def test_is_constant(values: list, expected: bool) -> None:
    assert is_constant(np.array(values, float)) is expected


def test_without_noise_of_nothing() -> None:
    assert without_noise(np.array([]), 5).size == 0
    assert without_noise(np.array([0.0]), 0).tolist() == [0.0]
