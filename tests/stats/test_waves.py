"""Three and more waves against R, and two waves against their own tests."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from baksos_eval.stats import items, paired, waves
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, cases, close

values = st.one_of(st.integers(1, 5).map(float), st.floats(-1e6, 1e6), st.just(math.nan))
tables = st.integers(1, 4).flatmap(lambda k: st.lists(st.lists(values, min_size=k, max_size=k), min_size=1, max_size=9))


@pytest.mark.parametrize("expected", cases("waves", "waves"))
def test_friedman_and_repeated_measures_agree_with_r(expected: dict) -> None:
    assert_agrees(waves.friedman(expected["scores"]), expected["expected"]["friedman"])
    found = waves.repeated_measures(expected["scores"])
    assert_agrees(found, expected["expected"]["repeated_measures"])
    assert found.p_greenhouse_geisser == close(expected["expected"]["repeated_measures"]["p_greenhouse_geisser_printed"], 1e-8)


@pytest.mark.parametrize("expected", cases("waves", "cochran"))
def test_cochran_agrees_with_coin(expected: dict) -> None:
    assert_agrees(waves.cochran_q(expected["answers"]), expected["expected"])


def test_two_waves_are_the_paired_t_test() -> None:
    pre, post = [24, 31, 28, 22, 30], [28, 31, 30, 25, 29]
    overall, plain = waves.repeated_measures(np.column_stack([pre, post])), paired.mean_change(pre, post)
    assert (overall.f, overall.p, overall.epsilon, overall.p_greenhouse_geisser) == close((plain.statistic**2, plain.p, 1, plain.p), 1e-10)


def test_each_pair_uses_the_persons_who_answered_both() -> None:
    scores = [[5, 7, math.nan], [6, 9, 8], [4, 7, 7], [5, 6, 7], [math.nan, 8, 8]]
    pairs = waves.compare_waves(scores)
    assert [(pair.first, pair.second, pair.result.n) for pair in pairs] == [(0, 1, 4), (0, 2, 3), (1, 2, 4)]
    assert pairs[0].result == paired.mean_change([5, 6, 4, 5], [7, 9, 7, 6])
    assert all(pair.p_holm >= pair.result.p for pair in pairs)


def test_pairs_of_right_wrong_waves() -> None:
    answers = [[0, 1, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1], [0, 1, 0]]
    pairs = waves.compare_waves(answers, items.mcnemar)
    assert [pair.result.gained for pair in pairs] == [3, 3, 1]
    assert min(pair.p_holm for pair in pairs) == close(3 * 0.125, 1e-12)


def test_the_means_are_those_of_the_persons_in_every_wave() -> None:
    scores = np.array([[5, 7, math.nan], [6, 9, 8], [4, 7, 7], [5, 6, 7], [math.nan, 8, 8], [3, 6, 5]])
    found, complete = waves.wave_means(scores), scores[~np.isnan(scores).any(axis=1)]
    for wave, column in zip(found, complete.T, strict=True):
        interval = stats.ttest_1samp(column, 0).confidence_interval()
        assert (wave.n, wave.mean, wave.low, wave.high) == close((4, column.mean(), interval.low, interval.high), 1e-12)
    assert [wave.note for wave in waves.wave_means([[2, 3], [2, 4]])] == [Reason.NO_VARIANCE, ""]
    assert waves.wave_means([[2, 3]])[0].note == Reason.TOO_FEW and waves.wave_means([[math.nan, 3]])[1].note == Reason.NO_DATA


def test_a_pair_without_p_says_why_and_costs_nothing() -> None:
    same, changed = waves.compare_waves([[1, 1], [2, 2], [3, 3]]), waves.compare_waves([[1, 1, 3], [2, 2, 3], [3, 3, 6]])
    assert same[0].note == Reason.NO_CHANGE
    assert changed[0].note == Reason.NO_CHANGE and changed[1].p_holm == close(2 * changed[1].result.p, 1e-12)


def test_reasons() -> None:
    steady = [[1, 2, 3], [2, 3, 4], [5, 6, 7]]
    assert waves.repeated_measures(steady).note == Reason.CONSTANT_CHANGE
    assert waves.repeated_measures([[0.1 + 0.2, 0.3, 0.3], [1, 1, 1]]).note == Reason.NO_CHANGE
    assert waves.friedman([[2, 2, 2], [3, 3, 3]]).note == Reason.NO_CHANGE
    assert waves.cochran_q([[1, 1, 1], [0, 0, 0]]).note == Reason.NO_DISCORDANT
    for test in (waves.friedman, waves.repeated_measures):
        assert test([[1, 2, 3]]).note == Reason.TOO_FEW
        assert test([[1], [2]]).note == Reason.TOO_FEW
    for test in (waves.friedman, waves.repeated_measures, waves.cochran_q):
        assert test([[math.nan, 1, 2]]).note == Reason.NO_DATA
        assert test([]).note == Reason.NO_DATA
    assert waves.compare_waves([]) == []


@settings(max_examples=120, deadline=None)
@given(tables)
def test_any_waves_give_numbers_or_reasons(table: list[list[float]]) -> None:
    for result in waves.wave_means(table):
        assert_convention(result)
    for result in (waves.friedman(table), waves.repeated_measures(table), waves.cochran_q(table)):
        assert_convention(result)
        assert result.note or 0 <= result.p <= 1
    concordance = waves.friedman(table)
    assert concordance.note or -1e-12 <= concordance.kendall_w <= 1 + 1e-12
    for pair in waves.compare_waves(table):
        assert bool(pair.note) == math.isnan(pair.p_holm)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.sampled_from([0, 1])), min_size=1, max_size=30))
def test_two_waves_of_cochran_are_mcnemar(persons: list[tuple[int, int]]) -> None:
    cells, test = items.mcnemar([p[0] for p in persons], [p[1] for p in persons]), waves.cochran_q(persons)
    changed = cells.gained + cells.lost
    assert test.note == cells.note
    assert test.note or test.statistic == close((cells.gained - cells.lost) ** 2 / changed, 1e-12)
