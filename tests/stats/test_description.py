from __future__ import annotations

import math

import numpy as np
import pytest

from baksos_eval.stats.description import ends, lilliefors, shapiro_wilk
from baksos_eval.stats.result import Reason, missing_fields
from baksos_eval.stats.samples import changes
from tests.oracle import Case, agrees, cases


@pytest.mark.parametrize("case", cases("paired"))
def test_shapiro_agrees_with_r_on_changes(case: Case) -> None:
    result = shapiro_wilk(changes(case.given["pre"], case.given["post"]))
    assert (result.statistic, result.p) == agrees((case.expected["shapiro_W"], case.expected["shapiro_p"]))


@pytest.mark.parametrize("case", cases("normality"))
def test_normality_agrees_with_r(case: Case) -> None:
    shapiro, corrected = shapiro_wilk(case.given["values"]), lilliefors(case.given["values"])
    assert (shapiro.statistic, shapiro.p) == agrees((case.expected["W"], case.expected["p"]))
    assert corrected.statistic == agrees(case.expected["D"])
    if case.expected["p_dallal_wilkinson"] < 0.1:
        assert (corrected.p, corrected.capped) == (agrees(case.expected["p_dallal_wilkinson"]), 0)


def test_lilliefors_stops_at_one_fifth_where_statsmodels_goes_on() -> None:
    from statsmodels.stats.diagnostic import lilliefors as uncapped

    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 9])
    assert uncapped(values)[1] > 0.5
    assert (lilliefors(values).p, lilliefors(values).capped) == (0.2, 1)


def test_lilliefors_between_one_tenth_and_one_fifth_is_not_capped() -> None:
    result = lilliefors([0, 0, 1, 1, 1, 2, 2, 3, 5, 6])
    assert 0.1 < result.p < 0.2
    assert result.capped == 0


@pytest.mark.parametrize(("function", "fewest"), [(shapiro_wilk, 3), (lilliefors, 4)])
def test_no_shape_without_enough_different_values(function, fewest: int) -> None:
    """scipy.stats.shapiro calls a constant normal (W = 1, p = 1)."""
    assert function([]).note == Reason.NO_DATA
    assert function(range(fewest - 1)).note == Reason.TOO_FEW
    assert function(range(fewest)).note == ""
    constant = function([0.1 + 0.2] + [0.3] * 6)
    assert (constant.note, missing_fields(constant)) == (Reason.NO_VARIANCE, ["statistic", "p"])


@pytest.mark.parametrize("function", [shapiro_wilk, lilliefors])
def test_neither_units_nor_size_of_numbers_matter(function) -> None:
    values = np.array([3, 4, 4, 5, 7, 8, 12, 13, 13, 20])
    expected = function(values)[1:3]
    assert function(values * 1e9 + 1e12)[1:3] == pytest.approx(expected, rel=1e-6)
    assert function(values * 1e-9)[1:3] == pytest.approx(expected, rel=1e-6)


def test_shapiro_of_more_than_5000_values_does_not_warn() -> None:
    assert 0 <= shapiro_wilk(np.random.default_rng(0).normal(size=5200)).p <= 1


def test_ends_of_the_scale() -> None:
    result = ends([1, 1, 5, 3, 5, 5, 2, 4], 1, 5)
    assert result == (8, 2, 3, 0.25, 0.375, "")
    assert ends([0.1 + 0.2], 0, 0.3).n_maximum == 1


def test_ends_of_nobody() -> None:
    result = ends([], 1, 5)
    assert result.note == Reason.NO_DATA
    assert math.isnan(result.share_maximum)
