"""The people are sorted into groups that are theirs, and nothing small is shown."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.profile import age_findings, describe_people, describe_waves
from baksos_eval.intake.rt_data import RtData
from baksos_eval.report import narrative, tables
from baksos_eval.report.people import HIDDEN
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from tests.intake.small import TWO_FILES, two_files
from tests.studies import study_of


def data(both: int = -1, **columns: list[str]) -> RtData:
    profile = pd.DataFrame(columns, dtype=object)
    present = pd.DataFrame({"pre": True, "post": [both < 0 or number < both for number in range(len(profile))]}, index=profile.index)
    return RtData("RT 04", None, {}, {}, {}, profile, (), present=present)


def counts(characteristic) -> dict[str, int | None]:
    return {group.key or group.label: group.count for group in characteristic.groups}


def test_sex_age_and_education_are_known_by_what_is_said():
    sex, age, school = describe_people(data(
        a=["P", "Perempuan", "wanita", "pr", "P", "p", "L", "Laki - laki", "laki-laki", "pria", "Lk", "L"],
        b=["21", "22 tahun", "23 th", "24", "25", "29", "45", "46.0", "50", "51", "59", "47"],
        c=["SMA", "SMK", "sma/smk", "SLTA", "SMA Sederajat", "MA", "S1", "S-1", "Sarjana", "S2", "S1", "strata 1"]))
    assert (sex.kind, counts(sex)) == ("sex", {"female": 6, "male": 6})
    assert (age.kind, counts(age)) == ("age", {"under_30": 6, "from_45": 6})
    assert (school.kind, counts(school)) == ("education", {"upper_secondary": 6, "university": 6})
    assert (age.sexes, [group.by_sex for group in age.groups]) == (("female", "male"), [(6, 0), (0, 6)])
    assert not age.hides


def test_rare_words_of_their_own_are_counted_together():
    (work,) = describe_people(data(pekerjaan=["Pedagang"] * 6 + ["pedagang"] * 2 + ["Buruh"] * 7 + ["Lurah", "Bidan", "Guru", "Dokter", "Camat", "", "", "", "", ""]))
    assert counts(work) == {"Pedagang": 8, "Buruh": 7, "others": 5, "not_said": 5}
    assert "Lurah" not in repr(work)


def test_a_single_person_is_hidden_with_a_second_number():
    (sex,) = describe_people(data(sex=["P"] * 11 + ["L"]))
    assert (counts(sex), sex.hides) == ({"female": None, "male": None}, True)


def test_where_one_sex_is_hidden_nothing_is_counted_by_sex():
    found = describe_people(data(sex=["P"] * 18 + ["L"] * 2, age=["25"] * 10 + ["50"] * 10))
    assert [characteristic.sexes for characteristic in found] == [(), ()]


def test_only_people_with_both_questionnaires_are_described():
    (sex,) = describe_people(data(both=12, sex=["P"] * 6 + ["L"] * 6 + ["L"] * 9))
    assert (sex.n, counts(sex)) == (12, {"female": 6, "male": 6})
    assert describe_people(data(both=4, sex=["P"] * 10)) == ()
    assert describe_people(data(sex=[""] * 10)) == describe_people(data(own=[f"kata {n}" for n in range(10)])) == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["P", "L", ""]), st.integers(15, 80).map(str), st.sampled_from(["SD", "SMP", "SMA", "S1", "?"])), min_size=1, max_size=40))
def test_no_number_from_one_to_four_is_shown(people):
    sex, age, school = zip(*people, strict=True)
    for characteristic in describe_people(data(sex=list(sex), age=list(age), school=list(school))):
        for group in characteristic.groups:
            assert all(count is None or count == 0 or count >= 5 for count in (group.count, *group.by_sex))
            assert group.count != 0
        hidden = [group for group in characteristic.groups if group.count is None]
        assert len(hidden) != 1 or characteristic.sexes


@pytest.mark.parametrize(("ages", "expected"), ((["17", "30", "41"], True), (["18", "30"], False), (["8 tahun", "x", "12", "9", "10", "11"], True), (["SD", "SMP"], False)))
def test_children_are_pointed_out_without_a_number(ages: list[str], expected: bool):
    found = age_findings(data(umur=ages))
    assert bool(found) is expected
    for finding in found:
        assert finding.count == 1 and all(all(describe(finding, words(language))) for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_and_sentences(tmp_path, language: str):
    head, body = ["Kode", "a1", "a2", "a3", "JK", "Kerja"], [[f"AB{number}X", "3", "2", "3", "P" if number % 3 else "L", "*Tani*"] for number in range(20, 38)]
    study = two_files(tmp_path, [head, *body], [head, *([row[0], "4", *row[2:]] for row in body)], TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nprofile = { jk = "JK", kerja = "Kerja" }'))
    e = evaluate(study.model_copy(update={"language": language}), "RT 04")
    table, text = tables.profile(e), narrative.profile(e)
    assert [row[2] for row in table.rows] == ["12", "6", "18"] and len(table.rows[0]) == 6
    assert table.rows[2][1] == "\\*Tani\\*" and "12" in text.markdown and "[@tbl-profile]" in text.markdown
    ledger = e.to_frame()
    assert ledger.loc[ledger["method"] == "profile", ["item", "measure", "value"]].values.tolist() == [
        ["jk.female", "count", 12], ["jk.male", "count", 6], ["kerja.*Tani*", "count", 18], ["kerja.*Tani*", "female", 12], ["kerja.*Tani*", "male", 6]]


def test_what_the_table_hides_the_ledger_hides(tmp_path):
    head = ["Kode", "a1", "a2", "a3", "JK"]
    body = [[f"AB{number}X", "3", "2", "3", "P" if number < 35 else "L"] for number in range(20, 38)]
    study = two_files(tmp_path, [head, *body], [head, *([row[0], "4", *row[2:]] for row in body)], TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nprofile = { jk = "JK" }'))
    e = evaluate(study, "RT 04")
    assert [row[2:] for row in tables.profile(e).rows] == [(HIDDEN, HIDDEN)] * 2 and len(tables.profile(e).notes) == 1
    rows = e.to_frame().query("method == 'profile'")
    assert all(value is None or math.isnan(value) for value in rows["value"]) and set(rows["note"]) == {"small_cell"}


def anonymous_study(folder, language: str = "id", before: str = "P" * 9 + "L" * 8, after: str = "P" * 13 + "L" * 2):
    tables_of = [[("RT 01", "", [3, 3, 3, 3, "B", "S", "B", "S", sex, "Tani" if number < 10 else "Dagang"]) for number, sex in enumerate(sexes)] for sexes in (before, after)]
    return study_of(folder, *tables_of, anonymous=True, language=language, columns='profile = { jk = "JK", pekerjaan = "Kerja" }', also=["JK", "Kerja"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_anonymous_people_are_described_wave_by_wave(tmp_path, language: str):
    e = evaluate(anonymous_study(tmp_path, language), "RT 01")
    sex, work = e.profile_apart
    assert [(group.key, group.pre, group.post) for group in sex.groups] == [("female", 9, None), ("male", 8, None)]
    assert [(group.label, group.pre, group.post) for group in work.groups] == [("Tani", 10, 10), ("Dagang", 7, 5)]
    table, text = tables.profile(e), narrative.profile(e)
    assert [row[2:] for row in table.rows] == [("9", *table.rows[0][3:4], HIDDEN, HIDDEN), ("8", *table.rows[1][3:4], HIDDEN, HIDDEN), ("10", *table.rows[2][3:4], "10", *table.rows[2][5:]),
                                               ("7", *table.rows[3][3:4], "5", *table.rows[3][5:])]
    assert "17" in text.markdown and "15" in text.markdown and "Tani" in text.markdown and len(table.notes) == 1
    rows = e.to_frame().query("method == 'profile'").set_index(["item", "measure"])
    assert rows.loc[("jk.female", "count_pre"), "value"] == 9 and rows.loc[("jk.female", "count_post"), "note"] == "small_cell"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["P", "L", ""]), st.integers(15, 80).map(str)), min_size=1, max_size=40))
def test_no_small_number_of_anonymous_people_is_shown(people):
    late, sex, age = zip(*people, strict=True)
    found = data(sex=list(sex), age=list(age))
    found.present["pre"], found.present["post"] = [not after for after in late], list(late)
    described = describe_waves(found)
    assert not described or min(sum(late), len(late) - sum(late)) >= 5
    for characteristic in described:
        for counted in zip(*((group.pre, group.post) for group in characteristic.groups), strict=True):
            assert all(count is None or count == 0 or count >= 5 for count in counted)
            assert sum(count is None for count in counted) != 1


def test_without_a_profile_nothing_is_shown(tmp_path):
    e = evaluate(two_files(tmp_path), "RT 04")
    assert (e.profile, tables.profile(e), narrative.profile(e)) == ((), None, None)
