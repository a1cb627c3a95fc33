from __future__ import annotations

import math

import pytest
from scipy import special

from baksos_eval.stats.distributions import bisect, noncentral_t_area, noncentrality, normal_quantile


def test_normal_quantile() -> None:
    assert normal_quantile(0.95) == pytest.approx(1.959963984540054, abs=1e-12)


def test_bisect_goes_to_the_last_bit() -> None:
    assert bisect(lambda x: 2 - x * x, 0, 2) == pytest.approx(math.sqrt(2), abs=3e-16)


@pytest.mark.parametrize("df", [1, 2, 9, 59, 600])
@pytest.mark.parametrize("t", [-300.0, -2.5, 0.0, 0.7, 4.0, 300.0])
@pytest.mark.parametrize("area", [0.025, 0.5, 0.975])
def test_noncentrality_inverts_the_noncentral_t(df: int, t: float, area: float) -> None:
    assert noncentral_t_area(t, df, noncentrality(t, df, area)) == pytest.approx(area, abs=1e-8)


def test_far_tails_are_zero_or_one_where_scipy_has_nan() -> None:
    assert math.isnan(special.nctdtr(2, 60.0, 2.0))
    assert noncentral_t_area(2.0, 2, 60.0) == 0
    assert noncentral_t_area(-2.0, 2, -60.0) == 1
