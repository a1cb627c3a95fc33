"""The Rasch model against conditional logistic regression in R, and its guards."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.stats import rasch
from baksos_eval.stats.result import Reason
from tests.stats.agreement import assert_agrees, assert_convention, case, cases, close, rows_of

answers = st.sampled_from([0.0, 1.0, 1.0, 0.0, math.nan])
tables = st.integers(1, 5).flatmap(lambda k: st.lists(st.lists(answers, min_size=k, max_size=k), min_size=1, max_size=14))


@pytest.mark.parametrize("expected", cases("rasch", "rasch"))
def test_everything_agrees_with_r(expected: dict) -> None:
    model, found = rasch.fit_rasch(rows_of(expected["pattern_counts"]), fewest_items=5), expected["expected"]
    for field in ("difficulty", "standard_error", "infit", "outfit"):
        assert [getattr(item, field) for item in model.items] == close(found[field], 1e-7), field
    assert model.fit.log_likelihood == close(found["log_likelihood"], 1e-10)
    assert [score.measure for score in model.scores] == close(found["measure"], 1e-7)
    assert [score.standard_error for score in model.scores] == close(found["measure_error"], 1e-7)


def test_difficulties_agree_with_erm() -> None:
    known = case("oracle", "rasch_lsat6")
    model = rasch.fit_rasch(rows_of(known["pattern_counts"]), fewest_items=5)
    assert [item.difficulty for item in model.items] == close(known["expected"]["difficulty"], 1e-5)
    assert model.fit.log_likelihood == close(known["expected"]["logLik"], 1e-8)


def test_known_difficulties_are_found_again() -> None:
    rng = np.random.default_rng(7)
    difficulty = np.linspace(-2, 2, 20)
    right = rng.random((3000, 20)) < 1 / (1 + np.exp(difficulty - rng.normal(0.5, 1.2, (3000, 1))))
    found = rasch.fit_rasch(right.astype(float)).items
    far = [abs(item.difficulty - b) / item.standard_error for item, b in zip(found, difficulty, strict=True)]
    assert max(far) < 4 and np.mean(far) < 1.3


def test_measures_rise_with_the_score_and_persons_with_gaps_have_none() -> None:
    model = rasch.fit_rasch(rows_of(case("rasch", "lsat6")["pattern_counts"]), fewest_items=5)
    scale = [score.measure for score in model.scores]
    assert scale == sorted(scale) and len(scale) == 6
    measured = model.measures([[1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [1, 0, 0, 0, math.nan]])
    assert measured[:2].tolist() == [scale[5], scale[0]] and math.isnan(measured[2])


def test_a_constant_item_is_named_and_the_others_are_estimated() -> None:
    table = np.array(rows_of(case("rasch", "lsat6")["pattern_counts"]))
    padded = np.insert(table, 2, 1, axis=1)
    plain, model = rasch.fit_rasch(table, fewest_items=5), rasch.fit_rasch(padded, fewest_items=5)
    assert model.items[2].note == Reason.CONSTANT_ITEM
    assert [item for i, item in enumerate(model.items) if i != 2] == list(plain.items)
    assert model.measures(padded[:3]).tolist() == plain.measures(table[:3]).tolist()


def test_logit_change_measures_both_waves_on_one_scale() -> None:
    rng = np.random.default_rng(9)
    ability, difficulty = rng.normal(0, 1, (150, 1)), np.linspace(-1.5, 1.5, 10)
    pre, post = (rng.random((150, 10)) < 1 / (1 + np.exp(difficulty - ability - gain)) for gain in (0, 0.8))
    model, change = rasch.logit_change(pre.astype(float), post.astype(float))
    assert model.fit.n == 300 and change.n == 150
    assert change.change_low < 0.8 < change.change_high and change.p < 0.001
    none, nobody = rasch.logit_change(pre[:20].astype(float), post[:20].astype(float))
    assert none.fit.note == nobody.note == Reason.TOO_FEW
    with pytest.raises(ValueError, match="one shape"):
        rasch.logit_change(pre, post[:, :5])


@pytest.mark.parametrize("expected", cases("rasch_drift", "rasch_drift"))
def test_drift_agrees_with_r(expected: dict) -> None:
    found = rasch.difficulty_drift(rows_of(expected["pre"]), rows_of(expected["post"]))
    assert_agrees(found, expected["expected"], 1e-7)


def test_drift_leaves_out_items_that_do_not_vary_and_says_why_it_cannot_be() -> None:
    known = case("rasch_drift", "steady")
    pre, post = np.array(rows_of(known["pre"])), np.array(rows_of(known["post"]))
    plain = rasch.difficulty_drift(pre, post)
    padded = rasch.difficulty_drift(np.insert(pre, 3, 1, axis=1), np.insert(post, 3, pre[:, 0], axis=1))
    assert padded == plain and plain.items == 8
    assert rasch.difficulty_drift(pre, pre).statistic == close(0, 1e-7)
    for found, reason in ((rasch.difficulty_drift(pre[:99], post), Reason.TOO_FEW), (rasch.difficulty_drift(pre[:, :7], post[:, :7]), Reason.TOO_FEW_ITEMS),
                          (rasch.difficulty_drift(pre[:0], post), Reason.NO_DATA)):
        assert_convention(found)
        assert found.note == reason
    with pytest.raises(ValueError, match="same items"):
        rasch.difficulty_drift(pre, post[:, :5])


def test_guards() -> None:
    table = np.array(rows_of(case("rasch", "simulated")["pattern_counts"]))
    assert rasch.fit_rasch(table).fit.note == ""
    assert rasch.fit_rasch(table[:99]).fit.note == Reason.TOO_FEW
    assert rasch.fit_rasch(table[:, :7]).fit.note == Reason.TOO_FEW_ITEMS
    assert rasch.fit_rasch([]).fit.note == Reason.NO_DATA
    guttman = np.repeat(np.tril(np.ones((9, 9)), -1)[:, :8], 20, axis=0)     # nobody misses an easier item
    unconnected = rasch.fit_rasch(guttman)
    assert unconnected.fit.note == Reason.SINGULAR and unconnected.scores == ()
    assert all(item.note == Reason.SINGULAR for item in unconnected.items)
    assert np.isnan(unconnected.measures(guttman)).all()


@settings(max_examples=80, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_any_answers_give_numbers_or_reasons(table: list[list[float]], random) -> None:
    model = rasch.fit_rasch(table, fewest_persons=2, fewest_items=2)
    assert len(model.items) == len(table[0])
    for result in (model.fit, *model.items, *model.scores):
        assert_convention(result)
    assert model.fit.note == "" or not model.scores
    if not model.fit.note:
        assert math.fsum(item.difficulty for item in model.items if not item.note) == pytest.approx(0, abs=1e-7)
    again = rasch.fit_rasch(random.sample(table, len(table)), fewest_persons=2, fewest_items=2)
    assert again.fit._replace(log_likelihood=0) == model.fit._replace(log_likelihood=0)
    assert again.fit.log_likelihood == pytest.approx(model.fit.log_likelihood, rel=1e-9, nan_ok=True)
