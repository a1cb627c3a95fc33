"""Adjusted p values against R, and what missing values do."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats.multiplicity import benjamini_hochberg, holm
from tests.stats.agreement import case, close

p_values = st.lists(st.one_of(st.floats(0, 1), st.just(math.nan)), max_size=20)


def test_both_agree_with_r() -> None:
    known = case("oracle", "multiplicity")
    assert holm(known["p"]).tolist() == close(known["expected"]["holm"], 1e-12)
    assert benjamini_hochberg(known["p"]).tolist() == close(known["expected"]["bh"], 1e-12)


def test_a_missing_p_value_was_not_asked() -> None:
    found = holm([0.01, math.nan, 0.02])
    assert math.isnan(found[1]) and found[[0, 2]].tolist() == [0.02, 0.02]


def test_nothing_asked_nothing_answered() -> None:
    assert holm([]).tolist() == [] and benjamini_hochberg([]).tolist() == []
    assert np.isnan(holm([math.nan, math.nan])).all()


@settings(max_examples=100, deadline=None)
@given(p_values)
def test_adjusting_keeps_order_and_never_lowers(p: list[float]) -> None:
    for adjusted in (holm(p), benjamini_hochberg(p)):
        asked = ~np.isnan(p) if p else np.array([], dtype=bool)
        assert (np.isnan(adjusted) == ~asked).all()
        raw = np.array(p)[asked]
        assert (adjusted[asked] >= raw - 1e-15).all() and (adjusted[asked] <= 1).all()
        assert (np.diff(adjusted[asked][np.argsort(raw, kind="stable")]) >= 0).all()
    assert np.all((holm(p) >= benjamini_hochberg(p) - 1e-15) | np.isnan(holm(p)))
