"""The test that a normality test picks: against R, and what must hold of any answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import description, ranks
from baksos_eval.stats.result import Reason
from baksos_eval.stats.ritual import choose_paired, choose_unpaired
from tests.stats.agreement import assert_agrees, assert_convention, cases, close

waves = st.lists(st.integers(0, 6).map(float), max_size=14)


@pytest.mark.parametrize("known", cases("ritual", "ritual_paired"))
def test_the_paired_choice_agrees_with_r(known: dict) -> None:
    assert_agrees(choose_paired(known["pre"], known["post"]), known["expected"], 1e-7)


@pytest.mark.parametrize("known", cases("ritual", "ritual_apart"))
def test_the_choice_for_two_groups_agrees_with_r(known: dict) -> None:
    assert_agrees(choose_unpaired(known["pre"], known["post"]), known["expected"], 1e-7)


def test_the_cases_take_every_way() -> None:
    found = [case.values[0]["expected"] for case in cases("ritual")]
    assert {(one["normal"], one.get("equal_spread")) for one in found} >= {(1, None), (0, None), (1, 1), (1, 0)}


def test_beyond_fifty_people_the_test_of_normality_is_kolmogorov_s() -> None:
    pre = np.random.default_rng(3).normal(50, 8, 51)
    post = pre + np.random.default_rng(4).normal(2, 4, 51)
    few, many = choose_paired(pre[:50], post[:50]), choose_paired(pre, post)
    assert (few.by_shapiro, few.p_normal_pre) == (1, description.shapiro_wilk(pre[:50]).p)
    assert (many.by_shapiro, many.p_normal_pre) == (0, description.lilliefors(pre).p)


def test_swapping_turns_the_sign() -> None:
    pre, post = [5, 6, 7, 5, 5, 7, 6, 8], [8, 8, 9, 9, 6, 7, 9, 10]
    assert choose_paired(post, pre)[-3:-1] == close((-choose_paired(pre, post).statistic, choose_paired(pre, post).p), 1e-12)
    assert choose_unpaired(post, pre)[-3:-1] == close((-choose_unpaired(pre, post).statistic, choose_unpaired(pre, post).p), 1e-12)


def test_reasons() -> None:
    assert choose_paired([], []).note == choose_unpaired([], [1, 2, 3]).note == Reason.NO_DATA
    assert choose_paired([1, 2], [2, 3]).note == choose_unpaired([1, 2], [1, 2, 3]).note == Reason.TOO_FEW
    assert choose_paired([3] * 8, range(8)).note == choose_unpaired(range(8), [3] * 8).note == Reason.NO_VARIANCE
    same = choose_paired([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])
    assert same.normal == 1 and same.note == Reason.NO_CHANGE
    skewed = [1, 1, 1, 1, 1, 9, 1, 1]
    assert (choose_paired(skewed, skewed).normal, choose_paired(skewed, skewed).note) == (0, ranks.spss_signed_rank(skewed, skewed).note)


@settings(max_examples=80, deadline=None)
@given(waves, waves, st.integers(0, 99))
def test_any_answers_give_numbers_or_reasons_in_any_order(pre: list[float], post: list[float], seed: int) -> None:
    n = min(len(pre), len(post))
    order = np.random.default_rng(seed).permutation(n)
    one, shuffled = choose_paired(pre[:n], post[:n]), choose_paired(np.array(pre)[order], np.array(post)[order])
    assert_convention(one)
    assert shuffled[:-1] == pytest.approx(one[:-1], rel=1e-9, abs=1e-9, nan_ok=True)
    assert_convention(choose_unpaired(pre, post))
