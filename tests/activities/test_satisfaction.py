"""Satisfaction: the IKM to the edge of its bands, nothing shown of a few, groups that do not give each other away."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.activities.satisfaction import (
    FEWEST,
    SatisfactionOf,
    bands_within,
    satisfaction_of,
    shown_groups,
)
from baksos_eval.report.outreach import element_name
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.stats.result import Reason
from baksos_eval.study.activities import SatisfactionSurvey
from baksos_eval.study.instrument import Instrument, load_instrument
from tests.activities.small import codes, study_with, told, write_log

IKM = SatisfactionSurvey(file="x.csv")
HEADER = ["Cap waktu", "Bersedia", "Kelompok", "Nomor WhatsApp", *(f"U{number}" for number in range(1, 10))]
CODES = {1: "ts", 2: "ks", 3: "s", 4: "ss"}
RATING = """
id = "puas"
version = "1"
kind = "rating"
label = { id = "Kepuasan", en = "Satisfaction" }
[scoring]
method = "mean"
""" + "".join(f'[[options]]\ncode = "o{value}"\nvalue = {value}\nlabel = {{ id = "Tingkat {value}", en = "Level {value}" }}\nspellings = ["{value}"]\n' for value in range(1, 6)) + "".join(
    f'[[items]]\nid = "p{number}"\ntext = {{ id = "Pertanyaan {number}", en = "Question {number}" }}\n' for number in range(1, 4))


@pytest.fixture(scope="module")
def questionnaire() -> Instrument:
    return load_instrument("kepuasan_mitra")


def table(questionnaire: Instrument, people: Sequence[Sequence[int | None]]) -> pd.DataFrame:
    return pd.DataFrame([[CODES[value] if value else None for value in person] for person in people], columns=[item.id for item in questionnaire.items], dtype=object)


def row(values: Sequence[object], group: str = "Warga", consent: str = "Ya", number: int = 0) -> list[object]:
    return ["30/08/2021 09.00.00", consent, group, f"0800-0000-{1000 + number}", *values]


def read(folder: Path, rows: Sequence[Sequence[object]], settings: str = 'group = "Kelompok"\ngroups = ["Mitra", "Warga"]\nconsent = "Bersedia"\n', header: Sequence[str] = HEADER, language: str = "id") -> Activities:
    write_log(folder, header, rows, "kepuasan.csv")
    return read_activities(study_with(folder, f'\n[activities.satisfaction]\nfile = "kepuasan.csv"\n{settings}', language=language))


# the index

@pytest.mark.parametrize(("ratings", "index", "band"), [
    ([4] * 9, 100.0, "a"), ([1] * 9, 25.0, "d"), ([3] * 9, 75.0, "c"), ([4] * 5 + [3] * 4, 25 * 32 / 9, "a"), ([4] * 4 + [3] * 5, 25 * 31 / 9, "b"), ([3] * 8 + [4], 25 * 28 / 9, "b"),
    ([2] * 4 + [3] * 5, 25 * 23 / 9, "d"), ([3] * 4 + [2] * 5, 25 * 22 / 9, "d"), ([3] * 6 + [2] * 3, 25 * 24 / 9, "c")])
def test_the_index_is_that_of_the_regulation(questionnaire: Instrument, ratings: list[int], index: float, band: str):
    found = satisfaction_of("", table(questionnaire, [ratings] * 6), questionnaire, IKM)
    assert found.ikm.index == pytest.approx(index) and found.band == band and found.n == found.complete == 6
    assert math.fsum(element.score.weighted for element in found.elements) * 25 == pytest.approx(index)
    assert [element.score.percent for element in found.elements] == [25 * value for value in ratings]
    assert found.persons.note == Reason.NO_VARIANCE and bands_within(found, "ikm") == (band,)


def test_a_blank_is_no_rating(questionnaire: Instrument):
    people = [[4] * 9] * 5 + [[None, *[2] * 8]]
    found = satisfaction_of("", table(questionnaire, people), questionnaire, IKM)
    assert (found.n, found.complete, found.elements[0].score.n, found.elements[0].score.mean) == (6, 5, 5, 4)
    assert found.elements[1].score.mean == pytest.approx(22 / 6) and found.elements[1].answers == {"ts": 0, "ks": 1, "s": 0, "ss": 5}
    assert found.elements[1].score.satisfied == pytest.approx(5 / 6) and found.top.n == 53


def test_the_interval_is_students_over_persons_and_stays_on_the_scale(questionnaire: Instrument):
    people = [[4] * 9, [4] * 9, [3] * 9, [4] * 9, [2] * 9]
    found = satisfaction_of("", table(questionnaire, people), questionnaire, IKM)
    margin = 2.7764451051977987 * 22.360679774997898 / math.sqrt(5)   # t(0.975, 4) and the sd of 100, 100, 75, 100, 50
    assert found.persons.mean == 85 and found.persons.low == pytest.approx(85 - margin) and found.persons.high == 100
    assert bands_within(found, "ikm") == ("d", "c", "b", "a")


def test_an_element_of_few_answers_is_not_shown_but_counts(questionnaire: Instrument):
    people = [[None if number else 4, *[3] * 8] for number in range(6)]
    first = satisfaction_of("", table(questionnaire, people), questionnaire, IKM).elements[0]
    assert first.score.note == Reason.TOO_FEW and first.answers == {} and math.isnan(first.score.mean)
    nobody = satisfaction_of("", table(questionnaire, [[None, *[3] * 8]] * 6), questionnaire, IKM)
    assert nobody.note == Reason.NO_DATA and math.isnan(nobody.index) and nobody.band == ""


@pytest.mark.parametrize("n", range(FEWEST))
def test_of_fewer_than_five_nothing_is_shown(questionnaire: Instrument, n: int):
    found = satisfaction_of("", table(questionnaire, [[4] * 9] * n), questionnaire, IKM)
    assert found == SatisfactionOf("", n, n) and not found.shown and math.isnan(found.index)


@pytest.mark.parametrize(("sizes", "people", "shown"), [
    ({"a": 12, "b": 7}, 19, "ab"), ({"a": 12, "b": 3}, 15, ""), ({"a": 12, "b": 7, "c": 3}, 22, "a"), ({"a": 12, "b": 7}, 22, "a"), ({"a": 12, "b": 12, "c": 6}, 31, "ab"), ({"a": 6, "b": 0}, 6, "a")])
def test_groups_do_not_give_each_other_away(sizes: dict[str, int], people: int, shown: str):
    assert shown_groups(sizes, people) == frozenset(shown)
    hidden = people - sum(sizes[name] for name in shown)
    assert hidden == 0 or hidden >= FEWEST


# files

def test_a_form_is_read_with_its_groups(tmp_path: Path):
    rows = [row(["Sangat setuju"] * 9, "Mitra", number=n) for n in range(5)] + [row(["S", "3", "setuju", *["Setuju"] * 6], "warga " if n else "Warga", number=n) for n in range(6)]
    a = read(tmp_path, [*rows, row(["TS"] * 9, consent="Tidak"), row([""] * 9)])
    found = a.satisfaction
    assert (found.all.n, found.without_answers) == (11, 2) and [(group.group, group.n, group.index) for group in found.groups] == [("Mitra", 5, 100), ("Warga", 6, 75)]
    assert found.all.index == pytest.approx(100 * 5 / 11 + 75 * 6 / 11) and not [finding for finding in a.findings if finding.fatal]
    assert a.of_rt("RT 04").satisfaction is None


def test_full_wordings_are_headers_too(tmp_path: Path, questionnaire: Instrument):
    a = read(tmp_path, [row([3] * 9)] * 5, header=[*HEADER[:4], *(f"{number}. {item.text.id}" for number, item in enumerate(questionnaire.items, start=1))], settings='consent = "Bersedia"\n')
    assert a.satisfaction.all.index == 75 and a.satisfaction.groups == ()


def test_achievement_of_another_questionnaire(tmp_path: Path):
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "puas.toml").write_text(RATING, encoding="utf-8")
    rows = [[5, 4, 3], [4, 4, 4], [3, 5, 5], [5, 5, 5], [2, 3, ""]]
    a = read(tmp_path, rows, header=["p1", "p2", "p3"], settings='instrument = "puas.toml"\nmethod = "tcr"\n')
    found = a.satisfaction
    assert found.all.ikm is None and found.all.achievement.percent == pytest.approx(100 * 57 / 14 / 5) and found.preset == "tcr_a" and found.all.band == "good"
    assert [element.score.satisfied for element in found.all.elements] == [0.6, 0.8, pytest.approx(0.75) if found.all.elements[2].score.n >= FEWEST else pytest.approx(math.nan, nan_ok=True)]


def test_a_private_questionnaire_is_named_by_its_codes(tmp_path: Path):
    (tmp_path / "puas.toml").write_text(RATING.replace('kind = "rating"', 'kind = "rating"\nprivate = true'), encoding="utf-8")
    found = read(tmp_path, [[5, 4, 3]] * 6, header=["p1", "p2", "p3"], settings='instrument = "puas.toml"\nmethod = "tcr"\n').satisfaction
    assert [element_name(found, element, words("id")) for element in found.all.elements] == ["P1", "P2", "P3"]


@pytest.mark.parametrize(("settings", "code"), [
    ('instrument = "knowledge.toml"\n', "satisfaction_not_ratings"), ('instrument = "puas.toml"\n', "satisfaction_not_four_points"), ('file2 = "x"\n', "toml_unknown_key"),
    ('bands = "hake"\n', "toml_bad_value"), ('method = "csi"\n', "toml_bad_value")])
def test_what_a_study_cannot_ask_for(tmp_path: Path, settings: str, code: str):
    from baksos_eval.errors import BaksosError

    tmp_path.mkdir(exist_ok=True)
    (tmp_path / "puas.toml").write_text(RATING, encoding="utf-8")
    try:
        a = read(tmp_path, [[3, 3, 3]] * 6, header=["p1", "p2", "p3"], settings=settings)
    except BaksosError as error:
        assert [finding.code for finding in error.findings][:1] == [code]
    else:
        assert told(a.findings, code).fatal and a.satisfaction.all.n == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_of_the_answers_are_told(tmp_path: Path, language: str):
    rows = [row(["S/SS", "5", "entah", *["S"] * 6])] + [row(["S"] * 9)] * 5
    a = read(tmp_path, rows, language=language)
    assert {"answer_several", "answer_out_of_range", "answer_unreadable"} <= set(codes(a.findings)) and a.satisfaction.all.n == 6
    missing = read(tmp_path / "b", [["x"]] * 5, header=["Nama"], language=language)
    assert missing.satisfaction.all.n == 0 and "item_column_missing" in codes(missing.fatal) or "no_item_columns" in codes(missing.fatal)
    nowhere = read_activities(study_with(tmp_path / "c", '\n[activities.satisfaction]\nfile = "tiada.csv"\n', language=language))
    assert told(nowhere.findings, "file_not_found").fatal and nowhere.satisfaction.all.n == 0
    for one in (a, missing, nowhere):
        assert all(line.strip() and "{" not in line and not line.startswith("-:") for line in all_lines(one.findings, words(language)))


def test_nobody_is_recognisable_in_what_is_kept(tmp_path: Path):
    people = ("Sulastri Handayani", "081234567890", "sulastri@contoh.id", "3275014507890003")
    rows = [[*row(["S"] * 9, ("Mitra Sulastri", f"Mitra {people[0]}", f"Mitra {people[1]}")[n % 3], number=n), *people] for n in range(12)]
    a = read(tmp_path, rows, header=[*HEADER, "Nama", "HP", "Email", "NIK"])
    kept = repr((a.satisfaction, a.findings)) + "".join(all_lines(a.findings, words("id")))
    assert [text for text in (*people, "Sulastri", "Handayani") if text in kept] == [] and set(people) <= a.contacts
