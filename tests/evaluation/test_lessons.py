"""Posts beside the items they are about: weighted over RTs by people, the comparison left out, nothing where nobody answered."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from baksos_eval.activities.activities import read_activities
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.ledger import COLUMNS
from baksos_eval.evaluation.lessons import set_side_by_side
from baksos_eval.evaluation.outreach_ledger import outreach_rows
from baksos_eval.stats.result import Reason
from baksos_eval.study.study import Study, open_study
from tests.activities.small import write_log
from tests.studies import study_of

HEADER = ["Tanggal unggah", "Judul", "Topik", "Jangkauan", "Suka", "Komentar", "Dibagikan", "Disimpan"]
POSTS = [["05/08/2021", "Satu", "one", "400", "40", "3", "5", "2"], ["14/08/2021", "Dua", "two; one", "300", "30", "3", "5", "2"], ["20/08/2021", "Tiga", "", "200", "20", "1", "0", "1"]]
SETTINGS = """
[activities.posts]
file = "unggahan.csv"
[activities.posts.topics.one]
label = { id = "Satu", en = "One" }
items = ["k1"]
[activities.posts.topics.two]
label = { id = "Dua", en = "Two" }
items = ["k3", "a1"]
[activities.posts.topics.three]
label = { id = "Tiga", en = "Three" }
items = ["k4"]
"""


def small(folder: Path, sizes: dict[str, int]) -> Study:
    """In each RT everybody answers k1 right afterwards and half of them before; k2 does not change."""
    pre, post = [], []
    for rt, size in sizes.items():
        for number in range(size):
            name = f"{rt[-2:]}xy{number:02d}"
            pre.append((rt, name, [2, 3, 2, 2, "B" if number % 2 else "S", "S", "S", "S"]))
            post.append((rt, name, [3, 3, 2, 2, "B", "S", "B" if number < 2 else "S", "S"]))
    study_of(folder, pre, post)
    write_log(folder, HEADER, POSTS, "unggahan.csv")
    path = folder / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    return open_study(folder)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return small(tmp_path_factory.mktemp("lessons"), {"RT 01": 6, "RT 02": 10, "RT 03": 4})


def test_items_are_set_beside_the_posts_about_them(study: Study):
    found = set_side_by_side(read_activities(study), [evaluate(study, rt) for rt in ("RT 01", "RT 02", "RT 03")])
    assert {lesson.item.id: (lesson.topics, lesson.posts) for lesson in found.items} == {
        "a1": (("two",), (2,)), "k1": (("one",), (1, 2)), "k2": ((), ()), "k3": (("two",), (2,)), "k4": (("three",), ())}
    k1, k3 = (next(lesson.change for lesson in found.items if lesson.item.id == name) for name in ("k1", "k3"))
    assert k1 == (2, 16, 16, 0.5, 1.0, 0.5, "") and (k3.pre, k3.post) == (0, pytest.approx(4 / 16))
    assert found.taught == (2, 0.25, pytest.approx((1 + 0.25) / 2), pytest.approx(0.375), "") and found.others.items == 2


def test_the_comparison_is_left_out_and_without_answers_there_is_nothing(study: Study):
    activities, e = read_activities(study), evaluate(study, "RT 01")
    assert set_side_by_side(activities, [replace(e, arm="comparison")]).taught.note == Reason.NO_DATA
    alone = set_side_by_side(activities)
    assert all(lesson.change.note == Reason.NO_DATA and math.isnan(lesson.change.change) for lesson in alone.items) and alone.items[1].posts == (1, 2)
    assert set_side_by_side(replace(activities, posts=None)) is None


def test_an_anonymous_study_weighs_each_wave_by_its_own_people(tmp_path: Path):
    rows = [[("RT 01", "", [2, 3, 2, 2, "B" if number % 2 else "S", "S", "S", "S"]) for number in range(size)] for size in (6, 12)]
    study_of(tmp_path, *rows, anonymous=True)
    write_log(tmp_path, HEADER, POSTS, "unggahan.csv")
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    study = open_study(tmp_path)
    found = set_side_by_side(read_activities(study), [evaluate(study, "RT 01")])
    assert next(lesson.change for lesson in found.items if lesson.item.id == "k1")[1:5] == (6, 12, 0.5, 0.5)


def test_the_ledger_has_every_number_once_with_its_reason(study: Study):
    activities = read_activities(study)
    rows = outreach_rows(activities, set_side_by_side(activities, [evaluate(study, "RT 02")]))
    keys = [row[:7] for row in rows]
    assert len(keys) == len(set(keys)) and {len(row) for row in rows} == {len(COLUMNS)}
    assert all((isinstance(value, float) and math.isnan(value)) == bool(note) for *_, value, note in rows), [row for row in rows if bool(row[-1]) != (row[-2] != row[-2])]
    value = {row[3:7]: row[7] for row in rows}
    assert value["posts", "", "spread_by_reach", "median"] == 12.5 and value["posts", "post.3", "count", "likes"] == 20 and value["posts", "k1", "lesson", "change"] == 0.5
    assert {row[-1] for row in rows if row[5] == "total_reach" and row[6] == "total"} == {"not_additive"}
