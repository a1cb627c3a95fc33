from __future__ import annotations

import math

import numpy as np
import pytest

from baksos_eval.stats.reliability import (
    complete_rows,
    critical_r,
    cronbach_alpha,
    item_reliability,
    omega_total,
    reliable_change,
)
from baksos_eval.stats.result import Reason, missing_fields
from tests.oracle import Case, agrees, cases, the

ATTITUDE = np.array(the("alpha_attitude").given["items"])


@pytest.mark.parametrize("case", cases("reliability"))
def test_alpha_and_items_agree_with_psych(case: Case) -> None:
    result, expected = cronbach_alpha(case.given["items"]), case.expected
    assert (result.n, result.k, result.n_constant) == (30, 7, 0)
    assert (result.alpha, result.low, result.high) == agrees((expected["alpha"], *expected["feldt_ci"]))
    each = item_reliability(case.given["items"])
    for field in ("item_rest", "alpha_if_deleted", "item_total"):
        assert [getattr(item, field) for item in each] == agrees(expected[field])


@pytest.mark.parametrize("case", cases("kr20"))
def test_kr20_is_alpha_of_right_and_wrong_answers(case: Case) -> None:
    assert cronbach_alpha(case.given["items"]).alpha == agrees(case.expected["kr20"])
    assert case.expected["kr20"] == agrees(case.expected["alpha"])


@pytest.mark.parametrize("case", cases("r_table"))
def test_critical_r_agrees_with_r(case: Case) -> None:
    assert [critical_r(n).r for n in case.given["n"]] == agrees(case.expected)


def test_critical_r_has_p_of_exactly_alpha() -> None:
    from scipy.stats import t

    r, df = critical_r(18, alpha=0.01).r, 16
    assert 2 * t.sf(r * math.sqrt(df / (1 - r * r)), df) == agrees(0.01)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_no_critical_r_below_three(n: int) -> None:
    assert critical_r(n).note == (Reason.TOO_FEW if n else Reason.NO_DATA)


@pytest.mark.parametrize("case", cases("omega"))
def test_omega_agrees_with_factanal(case: Case) -> None:
    assert omega_total(case.given["items"]).omega == agrees(case.expected["omega"])


def test_omega_is_the_same_to_the_last_bit_every_time() -> None:
    """statsmodels' Factor draws a random start unless it is given one."""
    assert len({omega_total(ATTITUDE).omega for _ in range(5)}) == 1


def test_omega_does_not_depend_on_units_or_on_the_sign_of_the_factor() -> None:
    omega = omega_total(ATTITUDE).omega
    assert omega_total(-3 * ATTITUDE + 7).omega == pytest.approx(omega, abs=1e-7)


def test_omega_equals_alpha_for_parallel_items() -> None:
    """Three items with equal variances and covariances fit one factor with equal loadings, where both coincide."""
    rng = np.random.default_rng(0)
    basis, _ = np.linalg.qr(np.column_stack([np.ones(40), rng.normal(size=(40, 4))]))
    common, *unique = basis[:, 1:].T
    items = np.column_stack([common + 0.8 * own for own in unique])
    assert omega_total(items).omega == pytest.approx(cronbach_alpha(items).alpha, abs=1e-8)


def heywood() -> np.ndarray:
    """Correlations .8, .8 and .5 ask for a loading above one."""
    correlations = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    basis, _ = np.linalg.qr(np.column_stack([np.ones(30), np.random.default_rng(1).normal(size=(30, 3))]))
    return basis[:, 1:] @ np.linalg.cholesky(correlations).T


def one_factor(loadings: list[float]) -> np.ndarray:
    """Answers of 30 respondents whose correlations are exactly those of these loadings."""
    weights = np.array(loadings)
    correlations = np.outer(weights, weights)
    np.fill_diagonal(correlations, 1)
    basis, _ = np.linalg.qr(np.column_stack([np.ones(30), np.random.default_rng(2).normal(size=(30, weights.size))]))
    return basis[:, 1:] @ np.linalg.cholesky(correlations).T


def test_omega_recovers_known_loadings() -> None:
    weights = np.array([0.9, 0.8, 0.7, 0.6])
    expected = weights.sum() ** 2 / (weights.sum() ** 2 + (1 - weights**2).sum())
    assert omega_total(one_factor([0.9, 0.8, 0.7, 0.6])).omega == pytest.approx(expected, abs=1e-8)


def test_omega_is_withheld_when_one_item_is_the_factor_itself() -> None:
    assert omega_total(one_factor([0.99, 0.7, 0.6, 0.5])).note == ""
    assert omega_total(one_factor([0.999, 0.7, 0.6, 0.5])).note == Reason.NOT_CONVERGED


@pytest.mark.parametrize(("items", "note"), [
    (np.empty((0, 4)), Reason.NO_DATA), (ATTITUDE[:, :2], Reason.TOO_FEW_ITEMS), (ATTITUDE[:7], Reason.TOO_FEW),
    (np.column_stack([ATTITUDE[:, :3], np.ones(30)]), Reason.CONSTANT_ITEM), (heywood(), Reason.NOT_CONVERGED),
    (np.column_stack([ATTITUDE[:, :3], ATTITUDE[:, 0]]), Reason.NOT_CONVERGED),
], ids=["nobody", "two items", "more items than rows", "constant item", "heywood", "the same item twice"])
def test_omega_that_cannot_be_computed(items: np.ndarray, note: str) -> None:
    result = omega_total(items)
    assert (result.note, missing_fields(result)) == (note, ["omega"])


def test_rows_with_a_missing_answer_are_left_out() -> None:
    gaps = ATTITUDE.astype(float)
    gaps[[0, 5], [2, 6]] = math.nan
    assert complete_rows(gaps).shape == (28, 7)
    assert cronbach_alpha(gaps) == cronbach_alpha(np.delete(ATTITUDE, [0, 5], axis=0))


def test_a_constant_item_is_counted_and_not_dropped() -> None:
    padded = np.column_stack([ATTITUDE, np.full(30, 4)])
    result, plain = cronbach_alpha(padded), cronbach_alpha(ATTITUDE)
    assert (result.k, result.n_constant, result.note) == (8, 1, "")
    assert result.alpha == agrees(plain.alpha * (8 / 7) / (7 / 6))
    constant = item_reliability(padded)[7]
    assert (constant.note, missing_fields(constant)) == (Reason.CONSTANT_ITEM, ["item_total", "item_rest"])
    assert constant.alpha_if_deleted == agrees(plain.alpha)


@pytest.mark.parametrize(("items", "note"), [
    (np.empty((0, 3)), Reason.NO_DATA), ([[1, 2, 3]], Reason.TOO_FEW), ([[1], [2], [3]], Reason.TOO_FEW_ITEMS),
    ([[2, 2], [2, 2], [2, 2]], Reason.NO_VARIANCE), ([[1, 3], [2, 2], [3, 1]], Reason.NO_VARIANCE),
])
def test_alpha_that_cannot_be_computed(items: list, note: str) -> None:
    result = cronbach_alpha(items)
    assert (result.note, missing_fields(result)) == (note, ["alpha", "low", "high"])


def test_alpha_below_zero_is_shown_as_it_is() -> None:
    result = cronbach_alpha([[1, 5, 1], [5, 1, 3], [2, 4, 2], [4, 2, 2]])
    assert result.alpha < 0
    assert result.note == ""


def test_items_of_a_scale_of_two() -> None:
    first, second = item_reliability([[1, 2], [2, 2], [3, 5], [4, 3]])
    assert first.item_rest == second.item_rest == agrees(np.corrcoef([1, 2, 3, 4], [2, 2, 5, 3])[0, 1])
    assert (first.note, missing_fields(first)) == (Reason.TOO_FEW_ITEMS, ["alpha_if_deleted"])


@pytest.mark.parametrize(("items", "notes"), [
    (np.empty((0, 2)), [Reason.NO_DATA] * 2), ([[1, 2, 3], [2, 2, 5]], [Reason.TOO_FEW] * 3), ([[1], [2], [3]], [Reason.TOO_FEW_ITEMS]),
])
def test_items_that_cannot_be_judged(items: list, notes: list[str]) -> None:
    assert [item.note for item in item_reliability(items)] == notes


def test_answers_must_be_a_table() -> None:
    with pytest.raises(ValueError, match="one row per respondent"):
        cronbach_alpha([1, 2, 3])


@pytest.mark.parametrize("case", cases("rci"))
def test_reliable_change_agrees_with_jacobson_and_truax(case: Case) -> None:
    given, expected = case.given, case.expected
    spread = given["sd"] * math.sqrt(0.5)                   # two respondents this far from their mean have the wanted SD
    pre = np.array([given["pre"] - spread, given["pre"] + spread])
    result = reliable_change(pre, pre + (given["post"] - given["pre"]), given["reliability"])
    assert (result.se_measurement, result.se_difference) == agrees((expected["se_measurement"], expected["se_difference"]))
    assert 15 / result.se_difference == agrees(expected["rci"])
    assert (result.improved, result.same, result.worse) == (2, 0, 0)


@pytest.mark.parametrize("case", cases("reliable_change"))
def test_reliable_change_counts_agree_with_r(case: Case) -> None:
    given, expected = case.given, case.expected
    result = reliable_change(given["pre"], given["post"], given["reliability"])
    assert (result.se_difference, result.threshold) == agrees((expected["se_difference"], expected["threshold"]))
    assert (result.improved, result.worse, result.n) == (expected["improved"], expected["worse"], 30)
    down = reliable_change(given["pre"], given["post"], given["reliability"], "down")
    assert (down.worse, down.improved) == (result.improved, result.worse)


@pytest.mark.parametrize(("reliability", "note"), [
    (0.59, Reason.LOW_RELIABILITY), (0.0, Reason.LOW_RELIABILITY), (-0.3, Reason.NEGATIVE_ALPHA), (math.nan, Reason.LOW_RELIABILITY),
])
def test_reliable_change_needs_a_reliable_scale(reliability: float, note: str) -> None:
    result = reliable_change([1, 4, 6], [5, 5, 6], reliability)
    assert result.note == note
    assert {"improved", "same", "worse"} <= set(missing_fields(result))


def test_reliable_change_at_the_edges() -> None:
    assert reliable_change([1, 4, 6], [5, 4, 5], 0.60).note == ""
    assert reliable_change([1, 4, 6], [5, 4, 5], 1.0)[5:8] == (1, 1, 1)
    assert reliable_change([4, 4, 4], [5, 4, 5], 0.9).note == Reason.NO_VARIANCE
    assert reliable_change([], [], 0.9).note == Reason.NO_DATA
    assert reliable_change([4], [5], 0.9).note == Reason.TOO_FEW
    with pytest.raises(ValueError, match="cannot exceed 1"):
        reliable_change([1, 2], [2, 3], 1.2)
