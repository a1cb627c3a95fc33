"""The logic model and the answers to problem statements in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.activities.activities import read_activities
from baksos_eval.evaluation.logic import LogicModel, logic_model
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report import logic
from baksos_eval.report.plots_logic import LevelBoxes, draw_logic
from baksos_eval.report.text import LANGUAGES
from baksos_eval.study.logic import Problem
from baksos_eval.study.study import open_study

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module", params=LANGUAGES)
def model(request: pytest.FixtureRequest) -> LogicModel:
    study = open_study(DATA / "bengkalis", request.param)
    return logic_model(study, read_activities(study))


def test_each_problem_is_answered_by_figures_and_by_what_they_cannot_say(model: LogicModel) -> None:
    first, second = (text.markdown for text in logic.problems(model))
    expected = {"id": ("55 dari 81 KK sasaran", "bukan apa yang berubah pada warga", "Rp17.300.000"),
                "en": ("55 of 81 target households", "not what changed for residents", "Rp17,300,000")}[model.study.language]
    assert all(part in first for part in expected)
    assert "4 dari 5" in second or "4 of 5" in second


def test_table_and_figure_hold_the_same_figures(model: LogicModel) -> None:
    table, figure = logic.table(model), logic.figure(model)
    assert len(table.rows) == len(model.facts) + len(model.study.logic)
    told = [row[1] for row in table.rows]
    assert all(text.replace("\\", "") in figure.alt.replace("\\", "") for text in told)
    assert [row[0] for row in table.rows if row[0]] == [table.rows[0][0], *[row[0] for row in table.rows[1:] if row[0]]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_never_called_an_effect(language: str) -> None:
    study = open_study(DATA / "contoh", language)
    study = study.model_copy(update={"problems": (Problem(question={"id": "Apakah naik?", "en": "Did it rise?"}, scales=("ketahanan_sosial",)),), "comparison": None})
    answer = logic.problems(logic_model(study, None, summarise(study, *evaluate_all(study))))[0].markdown
    assert {"id": "penyebab perubahan tidak dapat disimpulkan", "en": "do not tell what caused the change"}[language] in answer
    assert not any(word in answer.casefold() for word in ("berkat", "meningkatkan", "berpengaruh", "thanks to", "led to", "effect"))


def test_half_the_data_give_no_answer() -> None:
    study = open_study(DATA / "contoh")
    model = logic_model(study, None)
    assert (logic.problems(model), logic.text(model), logic.table(model), logic.figure(model)) == ((), None, None, None)


def test_columns_stand_side_by_side_and_boxes_hold_their_words() -> None:
    long = "kata " * 60
    sheet = draw_logic([LevelBoxes("Masukan", (("satu", False), (long, True))), LevelBoxes("Kegiatan", ()), LevelBoxes("Perubahan", (("dua", True),))])
    boxes = [shape.polygons[0] for name in ("in words", "from data") for shape in sheet.named(name)]
    assert len(boxes) == 3 and len(sheet.named("arrow")) == 2, "a level with nothing in it has no column, and the others one arrow (a line and its head)"
    for word in sheet.words:
        assert 0 <= word.y <= sheet.height
    tops = sorted((polygon[0][0], polygon[0][1], polygon[2][1]) for polygon in boxes)
    assert tops[0][2] < tops[1][1], "boxes of one column do not overlap"


def test_the_settings_of_the_guide_are_accepted(tmp_path: Path) -> None:
    guide = (DATA.parent / "docs" / "RUMUSAN_MASALAH.md").read_text(encoding="utf-8")
    settings = guide.partition("```toml\n")[2].partition("```")[0]
    head = 'id = "uji"\ntitle = { id = "Uji", en = "Trial" }\nyear = 2021\ninstruments = ["ketahanan_sosial"]\n[activities.aid]\nfile = "a.xlsx"\n'
    (tmp_path / "study.toml").write_text(head + '[[files]]\nfile = "a.csv"\nrt = "RT 1"\nwave = "pre"\n' + settings, encoding="utf-8")
    study = open_study(tmp_path)
    assert [len(problem.scales) for problem in study.problems] == [2, 0] and study.logic[0].level == "input"
