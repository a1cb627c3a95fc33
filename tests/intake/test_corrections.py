"""Declared corrections of cells: in effect where the old value still stands, told in any case, never a change of the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from baksos_eval.intake.intake import check, prepare
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import Study, open_study
from tests.intake.small import PRE, TWO_FILES, codes, found, two_files, write_csv

HEAD = ["berkas", "baris", "kolom", "nilai lama", "nilai baru", "alasan", "oleh"]
BODY = '[answers]\ncorrections = "koreksi.csv"\n' + TWO_FILES
TYPING = [*PRE[:2], ["CD2", "44", "3", "2"], *PRE[3:]]


def corrected(folder: Path, *lines: Sequence[str], head: Sequence[str] = HEAD, body: str = BODY) -> Study:
    study = two_files(folder, TYPING, body=body)
    write_csv(folder / "koreksi.csv", [head, *lines])
    return study


@pytest.mark.parametrize("column", ["a1", "B", "b", " A1 "])
def test_a_cell_is_read_as_declared(tmp_path: Path, column: str):
    study = corrected(tmp_path, ["pre.csv", "3", column, "44", "4", "salah ketik, dicocokkan dengan lembar asli", "koordinator data"])
    raw = (tmp_path / "pre.csv").read_bytes()
    data = prepare(study, "RT 04")
    assert data.codes["pre"]["sikap"]["a1"].tolist() == ["s", "ss", "sts", "ts", "s"]
    told = found(study, "corrections_applied")
    assert (told.count, told.rt, told.details["listed"]) == (1, "RT 04", ('B3: "44" → "4" (salah ketik, dicocokkan dengan lembar asli; koordinator data)',))
    assert [(where.file, where.row, where.column) for where in told.where] == [("pre.csv", 3, "B: a1")]
    assert (tmp_path / "pre.csv").read_bytes() == raw
    for language in LANGUAGES:
        assert any("koordinator data" in line for line in all_lines([told], words(language)))


def test_an_answer_can_be_taken_back_and_a_blank_filled(tmp_path: Path):
    study = corrected(tmp_path, ["pre.csv", "3", "a1", "44", "", "tidak terbaca", "enumerator"], ["post.csv", "2", "a3", "4", "3", "lembar asli", "enumerator"],
                      ["pre.csv", "3.0", "a1", "", "4", "lembar asli", "enumerator"])
    data = prepare(study, "RT 04")
    assert data.codes["pre"]["sikap"]["a1"].tolist()[1] == "ss" and data.codes["post"]["sikap"]["a3"].tolist()[0] == "s"
    assert sum(finding.count for finding in check(study) if finding.code == "corrections_applied") == 3


@pytest.mark.parametrize(("line", "code"), (
    (["pre.csv", "3", "a1", "4", "3", "salah ketik", "koordinator"], "correction_outdated"), (["pre.csv", "99", "a1", "44", "4", "salah ketik", "koordinator"], "correction_nowhere"),
    (["pre.csv", "3", "a9", "44", "4", "salah ketik", "koordinator"], "correction_nowhere"), (["lain.csv", "3", "a1", "44", "4", "salah ketik", "koordinator"], "correction_nowhere"),
    (["pre.csv", "tiga", "a1", "44", "4", "salah ketik", "koordinator"], "correction_nowhere"),
    (["pre.csv", "3", "a1", "44", "4", "", "koordinator"], "correction_incomplete"), (["pre.csv", "3", "a1", "44", "4", "salah ketik", ""], "correction_incomplete")))
def test_what_cannot_be_put_into_effect_is_told(tmp_path: Path, line: Sequence[str], code: str):
    findings = check(corrected(tmp_path, line))
    assert {code, "answer_out_of_range"} <= set(codes(findings)) and "corrections_applied" not in codes(findings)
    assert [where.row for finding in findings if finding.code == code for where in finding.where] == [2]


def test_corrected_ids_are_never_quoted(tmp_path: Path):
    study = corrected(tmp_path, ["pre.csv", "2", "Kode", "AB1", "AB-1001", "salah tulis", "koordinator"], ["post.csv", "2", "Kode", "AB1", "AB1001", "hubungi 0812-3456-7890", "koordinator"],
                      ["pre.csv", "3", "a1", "44", "4", "kata AB1001", "koordinator"])
    assert prepare(study, "RT 04").flow.both == 5
    lines = "\n".join(all_lines(check(study), words("id")))
    assert "AB1001" not in lines and "AB-1001" not in lines and "7890" not in lines and "A2: ..." in lines


def test_a_table_that_cannot_be_used_stops(tmp_path: Path):
    assert "corrections_columns_missing" in codes(check(corrected(tmp_path / "a", ["pre.csv", "3"], head=["berkas", "baris"])))
    study = corrected(tmp_path / "b")
    (tmp_path / "b" / "koreksi.csv").unlink()
    assert [finding.severity for finding in check(study) if finding.code == "file_not_found"] == ["fatal"]


def test_a_table_that_study_toml_does_not_name_is_not_used(tmp_path: Path):
    study = corrected(tmp_path, ["pre.csv", "3", "a1", "44", "4", "salah ketik", "koordinator"], body=TWO_FILES)
    assert {"corrections_not_declared", "answer_out_of_range"} <= set(codes(check(study)))


def test_a_changed_correction_is_read_again(tmp_path: Path):
    study = corrected(tmp_path, ["pre.csv", "3", "a1", "44", "4", "salah ketik", "koordinator"])
    assert prepare(study, "RT 04").items["pre"]["sikap"]["a1"].tolist()[1] == 4
    write_csv(tmp_path / "koreksi.csv", [HEAD, ["pre.csv", "3", "a1", "44", "2", "salah ketik", "koordinator"]])
    assert prepare(open_study(tmp_path), "RT 04").items["pre"]["sikap"]["a1"].tolist()[1] == 2


def test_the_columns_may_be_named_in_english(tmp_path: Path):
    study = corrected(tmp_path, ["pre.csv", "", "3", "a1", "44", "4", "typing error", "data coordinator"], head=["File", "Sheet", "Row", "Column", "Old value", "New value", "Reason", "By"])
    assert found(study, "corrections_applied").count == 1
