"""Categories that an instrument declares for its scores: bounds in the scale's own unit, best first in its direction, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.intake.intake import check
from baksos_eval.report import figures, narrative, tables
from baksos_eval.study.study import Study, open_study
from tests.evaluation.test_evaluate import rows
from tests.studies import people, study_of

RIGHT = ["B", "S", "B", "S"]


def sheets(values: list[int]) -> list[list[object]]:
    """Sheets whose attitude is exactly this mean (the second statement is reversed)."""
    return [[value, 6 - value, value, value, *RIGHT] for value in values]


def declaring(folder: Path, preset: str, direction: str = "up", language: str = "id", anonymous: bool = False) -> Study:
    who = people("RT 01", 6)
    study_of(folder, rows(who, sheets([1, 2, 2, 3, 3, 5])), rows(who, sheets([2, 2, 4, 4, 5, 4])), direction=direction, language=language, anonymous=anonymous)
    file = folder / "rating.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[scoring]", f'[scoring]\ncategories = "{preset}"'), encoding="utf-8")
    return open_study(folder)


def test_interval_classes_count_the_means_of_a_scale(tmp_path):
    found = evaluate(declaring(tmp_path, "interval5"), "RT 01").scales[0].categories
    assert (found.preset, list(found.pre)) == ("interval5", ["very_high", "high", "moderate", "low", "very_low"])
    assert list(found.pre.values()) == [1, 0, 2, 2, 1]
    assert list(found.post.values()) == [1, 3, 0, 2, 0]
    assert (found.risen, found.same, found.fallen) == (4, 1, 1)


def test_where_lower_is_better_the_lowest_category_comes_first(tmp_path):
    found = evaluate(declaring(tmp_path, "azwar3", "down"), "RT 01").scales[0].categories
    assert list(found.pre) == ["low", "moderate", "high"]
    assert (list(found.pre.values()), list(found.post.values())) == ([3, 2, 1], [2, 0, 4])
    assert (found.risen, found.same, found.fallen) == (0, 3, 3)


@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize(("language", "words"), [("id", ("tinggi", "≥ 3,67", "2,33 – < 3,67", "< 2,33")), ("en", ("high", "≥ 3.67", "2.33 – < 3.67", "< 2.33"))])
def test_the_table_writes_the_bounds_in_the_unit_of_the_scale(tmp_path, language, words, anonymous):
    e = evaluate(declaring(tmp_path, "azwar3", language=language, anonymous=anonymous), "RT 01")
    table = tables.categories(e)
    assert [row[2] for row in table.rows[:3]] == list(words[1:])
    assert table.rows[0][1] == words[0]
    assert "Azwar" in " ".join(table.notes)
    assert words[0] in narrative.categories(e).markdown
    assert "Azwar" in " ".join(figures.categories(e).notes)


def test_bounds_in_percent_on_another_scale_are_refused_in_words(tmp_path):
    study = declaring(tmp_path, "arikunto3")
    with pytest.raises(BaksosError) as refused:
        evaluate(study, "RT 01")
    assert [finding.code for finding in refused.value.findings] == ["preset_for_another_range"]
    assert [finding.code for finding in check(declaring(tmp_path, "arikunto9"))] == ["unknown_preset"]
