"""The profiled mixed model: against lme4 with a covariate, and at the edges of the variance ratio."""

from __future__ import annotations

import numpy as np
import pytest

from baksos_eval.stats import random_intercept
from tests.stats.agreement import cases, close, with_gaps


@pytest.mark.parametrize("expected", cases("missing", "all_available"))
def test_two_waves_agree_with_lme4(expected: dict) -> None:
    waves = np.array([with_gaps(expected["pre"]), with_gaps(expected["post"])])
    there = ~np.isnan(waves)
    design = np.column_stack([np.ones(there.sum()), np.repeat([0.0, 1.0], there.sum(axis=1))])
    persons = np.tile(np.arange(waves.shape[1]), (2, 1))[there]
    model = random_intercept.fit(waves[there], design, persons)
    assert model is not None
    assert model.coefficients[1] == close(expected["expected"]["change"], 1e-6)
    assert model.covariance[1, 1] ** 0.5 == close(expected["expected"]["standard_error"], 1e-6)
    assert model.log_likelihood == close(expected["expected"]["log_likelihood"], 1e-8)


def test_the_likelihood_is_highest_at_the_answer() -> None:
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(9), 6)
    y = np.repeat(rng.normal(0, 1.5, 9), 6) + rng.normal(0, 1, 54)
    design = np.column_stack([np.ones(54), rng.normal(size=54)])
    model = random_intercept.fit(y, design, group)
    assert model is not None

    def log_likelihood(between: float, residual: float) -> float:
        covariance = residual * np.eye(54) + between * (group[:, None] == group)
        inverse = np.linalg.inv(covariance)
        precision = design.T @ inverse @ design
        rest = y - design @ np.linalg.solve(precision, design.T @ inverse @ y)
        logs = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(precision)[1] + rest @ inverse @ rest
        return -(logs + 52 * np.log(2 * np.pi)) / 2

    best = log_likelihood(model.between_variance, model.residual_variance)
    assert best == close(model.log_likelihood, 1e-10)
    for between, residual in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99)):
        assert log_likelihood(model.between_variance * between, model.residual_variance * residual) < best


def test_a_covariate_and_scale_change_nothing_else() -> None:
    y, group = np.array([1.0, 2.0, 4.0, 5.0, 8.0, 9.0]), np.array([0, 0, 1, 1, 2, 2])
    small, large = (random_intercept.fit(y * scale, np.ones((6, 1)), group) for scale in (1.0, 1e6))
    assert small is not None and large is not None
    assert large.between_variance == close(small.between_variance * 1e12, 1e-10)
    assert large.log_likelihood == close(small.log_likelihood - 5 * np.log(1e6), 1e-10)


@pytest.mark.parametrize(
    "outcome", [[0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 2.0, 2.0]], ids=["nothing but zeros", "no spread within groups"]
)
def test_no_residual_variance_is_no_fit(outcome: list[float]) -> None:
    assert random_intercept.fit(np.array(outcome), np.ones((4, 1)), np.array([0, 0, 1, 1])) is None


def test_as_many_coefficients_as_answers_is_no_fit() -> None:
    assert random_intercept.fit(np.array([1.0, 2.0]), np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([0, 1])) is None
