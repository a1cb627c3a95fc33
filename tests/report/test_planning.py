"""The plan in words and tables: the numbers are the plan's, and nobody is led to compute power afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.evaluation.planning import plan_study
from baksos_eval.report import narrative_planning as narrative
from baksos_eval.report.content import Table, Text
from baksos_eval.report.tables import planning as tables
from baksos_eval.report.text import LANGUAGES
from baksos_eval.study.study import open_study

CONTOH = Path(__file__).parents[2] / "data" / "contoh"
TABLES = (tables.planned_pairs, tables.planned_effects, tables.planned_rts, tables.planned_comparison)
TEXTS = (narrative.plan, narrative.assumptions, narrative.anonymous, narrative.rts, narrative.comparison, narrative.never_afterwards, narrative.plan_method)


def plan(language: str, **given):
    return plan_study(open_study(CONTOH, language), **given)


def unfold(content) -> list:
    return [content] if isinstance(content, Text | Table) else list(content)


def test_the_verdict_says_how_many_to_ask_and_to_invite():
    first, second = narrative.plan(plan("id"))
    assert "paling sedikit 24 orang" in first.markdown and "undang 30 orang" in first.markdown and "10,0 poin (nilai 0–100)" in first.markdown
    assert "paling sedikit 58 orang" in second.markdown and "undang 73 orang" in second.markdown and first.role == "verdict"


def test_a_change_too_small_to_find_is_said():
    said = narrative.plan(plan("id", instrument="ketahanan_sosial", smallest_change=0.0005))[0].markdown
    assert "terlalu kecil untuk ditemukan" in said
    made = plan("id", instrument="ketahanan_sosial", smallest_change=0.0005)
    assert {cell for row in tables.planned_pairs(made)[0].rows for cell in row[1:]} == {"–"}
    assert narrative.anonymous(made) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_hold_the_plan(language: str):
    made = plan(language)
    pairs, effects, rts, comparison = (topic(made) for topic in TABLES)
    assert [len(group) for group in (pairs, effects, rts, comparison)] == [2, 2, 2, 4]
    assert pairs[0].rows[1][2] == "24 (30)" and pairs[1].rows[1][2] == "58 (73)"
    assert effects[1].rows[4] == ("30", {"id": "0,353", "en": "0.353"}[language], {"id": "0,408", "en": "0.408"}[language])
    assert rts[1].rows[2][2] == "8 (160)" and [cell for cell in rts[1].rows[-1][1:]] == ["3", "6", "8"]
    labels = [table.label for group in (pairs, effects, rts, comparison) for table in group]
    assert len(set(labels)) == len(labels) and not any(table.source for group in (pairs, effects) for table in group)


@pytest.mark.parametrize("language", LANGUAGES)
def test_power_is_forbidden_after_the_data(language: str):
    said = narrative.never_afterwards(plan(language))
    assert said.role == "limit" and "post hoc power" in said.markdown and "Hoenig & Heisey 2001" in said.markdown


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_stays_unfilled(language: str):
    for topic in TEXTS:
        for text in unfold(topic(plan(language)) or ()):
            assert "{" not in text.markdown and "nan" not in text.markdown.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_anonymous_study_is_planned_as_two_groups(language: str):
    study = open_study(CONTOH, language)
    study = study.model_copy(update={"answers": study.answers.model_copy(update={"pairing": "anonymous"})})
    made = plan_study(study, "pengetahuan_covid19", standard_deviation=20)
    said = narrative.plan(made)[0]
    assert said.role == "verdict" and said.markdown.count("64") == 2, "10 points of an SD of 20: 64 people in each group"
    assert tables.planned_pairs(made) == tables.planned_rts(made) == tables.planned_comparison(made) == () and narrative.anonymous(made) == ()
    effects = tables.planned_effects(made)[0]
    assert effects.rows[-1][0] == "100" and effects.columns[0].header in ("Orang tiap gelombang", "People per wave")
    assert [text.role for text in narrative.rts(made)] == ["limit"] and narrative.comparison(made) is None
    assert narrative.assumptions(made).markdown.count("\n- ") == 2, "the spread and the test; nothing about pairs"
