"""The logic model: figures of logs and scales at their levels, and what answers a problem."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from baksos_eval.activities.activities import read_activities
from baksos_eval.evaluation.logic import LogicModel, logic_model
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.study.logic import LEVELS, Problem
from baksos_eval.study.study import Study, open_study

DATA = Path(__file__).parents[2] / "data"
ASKED = {"id": "Berubah?", "en": "Changed?"}


@pytest.fixture(scope="module")
def logs_alone() -> LogicModel:
    study = open_study(DATA / "bengkalis")
    return logic_model(study, read_activities(study))


@pytest.fixture(scope="module")
def questionnaires() -> tuple[Study, LogicModel]:
    study = open_study(DATA / "contoh")
    return study, logic_model(study, None, summarise(study, *evaluate_all(study)))


def values(model: LogicModel, key: str) -> dict[str, float]:
    return next(dict(fact.values) for fact in model.facts if fact.key == key)


def test_logs_fill_their_levels(logs_alone: LogicModel) -> None:
    aid = read_activities(logs_alone.study).aid
    assert values(logs_alone, "aid_coverage") == {"reached": aid.result.coverage.reached, "targeted": 81, "share": aid.result.coverage.reached / 81}
    assert values(logs_alone, "aid_budget") == {"planned": 17_300_000, "realised": math.fsum(line.realised for line in aid.budget)}
    assert values(logs_alone, "aid_institutions") == {"institutions": 1}
    assert values(logs_alone, "partners_letters") == {"complete": 4, "asked": 5}
    assert values(logs_alone, "photos_shown") == {"shown": 4, "listed": 5}
    assert logs_alone.complete and not logs_alone.at("outcome") and logs_alone.steps("outcome")


def test_facts_stand_in_the_order_of_the_levels(logs_alone: LogicModel) -> None:
    places = [LEVELS.index(fact.level) for fact in logs_alone.facts]
    assert places == sorted(places) and len(set(places)) == 3


def test_scales_are_outcomes_with_the_numbers_of_the_recap(questionnaires: tuple[Study, LogicModel]) -> None:
    study, model = questionnaires
    summary = summarise(study, *evaluate_all(study))
    for result in summary.scales:
        fact = next(fact for fact in model.facts if fact.source == f"{result.scale.instrument}.{result.scale.id}")
        assert (fact.level, fact.key, fact.values["change"], fact.values["low"]) == ("outcome", "change_pooled", result.pooled.estimate, result.pooled.low)


def test_a_problem_is_answered_by_the_headline_of_its_instrument_or_by_a_dimension(questionnaires: tuple[Study, LogicModel]) -> None:
    _, model = questionnaires
    sources = lambda *scales: [fact.source for fact in model.answering(Problem(question=ASKED, scales=scales))]   # noqa: E731
    assert sources("ketahanan_sosial") == ["ketahanan_sosial.total"]
    assert sources("ketahanan_sosial.adaptasi", "pengetahuan_covid19") == ["pengetahuan_covid19.total", "ketahanan_sosial.adaptasi"]


def test_without_its_questionnaires_the_model_of_a_study_that_asks_people_is_not_complete() -> None:
    study = open_study(DATA / "contoh")
    assert not logic_model(study).complete
    assert logic_model(study).facts == ()


def test_what_cannot_be_computed_is_left_out(logs_alone: LogicModel) -> None:
    study = logs_alone.study
    activities = read_activities(study)
    unknown = activities.aid.result.coverage._replace(targeted=math.nan, share=math.nan, note="aid_no_target")
    aid = replace(activities.aid, result=replace(activities.aid.result, coverage=unknown), budget=())
    keys = [fact.key for fact in logic_model(study, replace(activities, aid=aid)).facts]
    assert "aid_households" in keys and "aid_coverage" not in keys and "aid_budget" not in keys
