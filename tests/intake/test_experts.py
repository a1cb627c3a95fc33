"""Tables of expert judgement: either way round, as lecturers keep them, and refused with reasons rather than misread."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError, Severity, Where
from baksos_eval.intake.experts import read_experts
from baksos_eval.intake.intake import check
from baksos_eval.report.problems import describe
from baksos_eval.report.text import words
from baksos_eval.study.study import open_study
from tests.studies import study_of

EXPERTS = '[experts]\nfile = "ahli.csv"\nlowest = 1\nhighest = 4\n'
ACROSS = [["Nama ahli", "a1", "a2", "a3", "a4"], ["Dr. Ayu Rekaan", 4, 3, 4, 2], ["Budi Rekaan, M.Pd.", 3, "", 4, 1]]
DOWN = [["No", "Pernyataan", "Ahli 1", "Ahli 2"], *([number, f"{number}. Pernyataan nomor {number}", one, other] for number, one, other in
        ((1, 4, 3), (2, 3, ""), (3, 4, 4), (4, 2, 1)))]


def read(folder: Path, table: list[list[object]], more: str = EXPERTS):
    with (folder / "ahli.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(table)
    return read_experts(study_of(folder, [], [], more=more))


def codes(findings) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize("table", [ACROSS, DOWN], ids=["a row per expert", "a column per expert"])
def test_both_ways_round_give_the_same_ratings(tmp_path, table):
    ratings, findings = read(tmp_path, table)
    assert list(ratings) == ["rating"]
    assert ratings["rating"].table.fillna(0).to_numpy().tolist() == [[3, 0, 4, 1], [4, 3, 4, 2]]
    assert list(ratings["rating"].table.columns) == ["a1", "a2", "a3", "a4"]
    assert not [finding for finding in findings if finding.severity is not Severity.NOTE]


def test_columns_worked_out_from_the_ratings_are_no_experts(tmp_path):
    table = [[*row, *more] for row, more in zip(DOWN, [["s1", "s2", "Σs", "Jumlah", "Rata-rata", "V Aiken", "Keterangan"], *[[3, 2, 3, 3, 3, 0.9, "baik"]] * 4], strict=True)]
    ratings, findings = read(tmp_path, table)
    assert ratings["rating"].table.shape == (2, 4)
    (note,) = [finding for finding in findings if finding.code == "experts_columns"]
    assert note.details["columns"] == ("C", "D")


def test_an_unknown_column_of_decimals_stops_the_table_instead_of_becoming_an_expert(tmp_path):
    table = [[*row, more] for row, more in zip(DOWN, ["Indeks", 0.8, 0.7, 1, 0.6], strict=True)]
    ratings, findings = read(tmp_path, table)
    (fault,) = [finding for finding in findings if finding.fatal]
    assert (ratings, fault.code, fault.count) == ({}, "experts_rating_unreadable", 3)
    assert fault.where[0] == Where("ahli.csv", "", 2, "E")


def test_titles_totals_and_empty_rows_around_the_table_do_no_harm(tmp_path):
    table = [["Lembar penilaian ahli"], [], *ACROSS, [], ["Rata-rata", 3.5, 3, 4, 1.5]]
    ratings, findings = read(tmp_path, table)
    assert ratings["rating"].table.shape == (2, 4)
    assert codes(findings) == ["rows_below_table"]


def test_an_expert_who_rated_one_questionnaire_does_not_count_for_the_other(tmp_path):
    table = [["Ahli", "a1", "a2", "a3", "a4", "k1", "k2", "k3", "k4"], ["x", 4, 4, 4, 4, *[""] * 4], ["y", 3, 3, 3, 3, 2, 2, 2, 2]]
    ratings, findings = read(tmp_path, table)
    assert [len(ratings[name].table) for name in ("rating", "knowledge")] == [2, 1]
    assert findings == ()


def test_items_that_are_not_there_are_named(tmp_path):
    ratings, findings = read(tmp_path, [row[:3] for row in ACROSS])
    assert ratings["rating"].table[["a3", "a4"]].isna().all(axis=None)
    (missing,) = findings
    assert (missing.code, missing.details["items"], missing.severity) == ("experts_items_missing", ("a3", "a4"), Severity.WARNING)


def test_every_fault_is_told_at_once_with_its_place(tmp_path):
    table = [[*row] for row in ACROSS]
    table[1][1], table[1][2], table[2][3] = 7, "setuju", 0
    ratings, findings = read(tmp_path, table)
    assert ratings == {}
    found = {finding.code: [] for finding in findings}
    for finding in findings:
        found[finding.code] += [(where.row, where.column) for where in finding.where]
    assert found == {"experts_rating_unreadable": [(2, "C")], "experts_rating_out_of_range": [(2, "B"), (3, "D")]}


def test_mapped_headings_are_used_and_checked(tmp_path):
    table = [["Ahli", "B1", "B2"], ["x", 4, 3]]
    ratings, _ = read(tmp_path, table, EXPERTS + 'items = { a1 = "B1", a3 = "B2" }\n')
    assert ratings["rating"].table[["a1", "a3"]].to_numpy().tolist() == [[4, 3]]
    ratings, findings = read(tmp_path, table, EXPERTS + 'items = { a1 = "B1", a3 = "B9", zz = "B2" }\n')
    assert ratings == {} and {"experts_mapped_missing", "mapped_item_unknown"} <= set(codes(findings))


@pytest.mark.parametrize(("table", "code"), [
    ([["Ahli", "x1", "x2"], ["x", 4, 3]], "experts_no_items"),
    ([["Ahli", "a1", "a2"], ["x", "", ""]], "experts_no_ratings"),
    ([["Ahli", "a1", "a2", "a1"], ["x", 4, 3, 2]], "experts_item_twice"),
])
def test_a_table_that_cannot_be_used_says_why(tmp_path, table, code):
    ratings, findings = read(tmp_path, table)
    assert ratings == {} and code in codes(findings)


def test_one_questionnaire_in_two_tables_is_refused(tmp_path):
    twice = EXPERTS.replace("[experts]", "[[experts]]") * 2
    ratings, findings = read(tmp_path, ACROSS, twice)
    assert ratings == {} and "experts_instrument_twice" in codes(findings)


def test_a_missing_file_is_a_finding_of_the_check_and_hurts_no_rt(tmp_path):
    study = study_of(tmp_path, [], [], more=EXPERTS)
    assert [finding.code for finding in check(study)].count("file_not_found") == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_experts_are_never_named(tmp_path, language):
    table = [[*row] for row in DOWN]
    table[0][2:] = ["Dr. Ayu Rekaan", "Budi Rekaan, M.Pd."]
    table[1][2], table[2][3], table[3][3] = 9, "dr. ayu", "3,5"
    for given in (table, [["Nama", "a1"], ["Dr. Ayu Rekaan", 9], ["Budi Rekaan, M.Pd.", 2]]):
        _, findings = read(tmp_path, given)
        said = " ".join(line for finding in findings for line in describe(finding, words(language)))
        assert findings and "rekaan" not in said.lower() and "ayu" not in said.lower()


@pytest.mark.parametrize("limits", ["lowest = 4\nhighest = 1", "lowest = 1\nhighest = 4\nrelevant_from = 5", "lowest = 1\nhighest = 4\nrelevant_from = 1"])
def test_an_impossible_range_is_refused(tmp_path, limits):
    study_of(tmp_path, [], [])
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + f'[experts]\nfile = "ahli.csv"\n{limits}\n', encoding="utf-8")
    with pytest.raises(BaksosError) as refused:
        open_study(tmp_path)
    assert codes(refused.value.findings) == ["study_experts_range"]


def test_relevance_begins_above_the_middle(tmp_path):
    for highest, threshold in ((4, 3), (5, 4)):
        study = study_of(tmp_path, [], [], more=EXPERTS.replace("4", str(highest)))
        assert study.experts[0].threshold == threshold
