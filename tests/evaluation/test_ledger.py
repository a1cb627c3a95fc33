"""The ledger gives every number back and says the same on every run."""

from __future__ import annotations

import math

import pytest

from baksos_eval.evaluation import ledger
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from tests.evaluation.test_evaluate import random_answers, rows
from tests.studies import people, study_of


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    pre, post = [], []
    for number, (rt, count) in enumerate([("RT 01", 8), ("RT 02", 9), ("RT 03", 7), ("RT 04", 3)]):
        who = people(rt, count, 100 * number)
        pre += rows(who, random_answers(number, count))
        post += rows(who, random_answers(number + 50, count))
    return study_of(tmp_path_factory.mktemp("study"), pre, post)


def test_written_and_read_back_it_is_the_same(study, tmp_path):
    frame = evaluate(study, "RT 01").to_frame()
    ledger.write(frame, tmp_path / "hasil.csv")
    again = ledger.read(tmp_path / "hasil.csv")
    assert list(again.columns) == list(ledger.COLUMNS)
    for one, other in zip(frame["value"], again["value"], strict=True):
        assert (one is None and math.isnan(other)) or one == other
    assert (again["note"] == frame["note"]).all()


def test_two_runs_write_the_same_bytes(study, tmp_path):
    for name in ("one.csv", "two.csv"):
        ledger.write(evaluate(study, "RT 02").to_frame(), tmp_path / name)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_every_row_has_its_place_once(study):
    frame = evaluate(study, "RT 01").to_frame()
    places = frame[["study", "rt", "arm", "scale", "item", "method", "measure"]]
    assert not places.duplicated().any()
    assert set(frame["study"]) == {"uji"} and set(frame["rt"]) == {"RT 01"}


def test_counts_are_whole_numbers(study):
    frame = evaluate(study, "RT 01").to_frame()
    counts = frame[(frame["method"] == "direction") & frame["measure"].isin(["improved", "same", "worse"])]
    assert len(counts) and all(isinstance(value, int) for value in counts["value"])


def test_the_recap_lists_every_rt_and_pools_those_with_enough_pairs(study):
    summary = summarise(study, *evaluate_all(study))
    headline = summary.headlines[0]
    assert [unit.rt for unit in headline.units] == ["RT 01", "RT 02", "RT 03", "RT 04"]
    assert headline.pooled.k == 3 and headline.units[3].note == "too_few" and math.isnan(headline.units[3].change)
    changes = [unit.change for unit in headline.units[:3]]
    assert headline.rt_means.mean == pytest.approx(sum(changes) / 3)
    frame = summary.to_frame()
    silent = frame[frame["value"].isna() & (frame["note"] == "")]
    assert silent.empty


def test_a_recap_of_evaluations_without_items_and_annex_is_the_same(study):
    whole, light = evaluate_all(study), evaluate_all(study, whole=False)
    assert all(evaluation.items == () and evaluation.scales[0].annex is None for evaluation in light[0])
    assert all(evaluation.items and evaluation.scales[0].annex is not None for evaluation in whole[0])
    assert summarise(study, *light).to_frame().equals(summarise(study, *whole).to_frame())


def test_relabelling_rts_changes_no_number(study, tmp_path):
    pre, post = [], []
    for number, (rt, count) in enumerate([("RT 11", 8), ("RT 12", 9), ("RT 13", 7), ("RT 14", 3)]):
        who = people(rt, count, 100 * number)
        pre += rows(who, random_answers(number, count))
        post += rows(who, random_answers(number + 50, count))
    renamed = study_of(tmp_path, pre, post)
    one, other = (summarise(which, *evaluate_all(which)).to_frame() for which in (study, renamed))
    assert one.drop(columns="rt").equals(other.drop(columns="rt"))
