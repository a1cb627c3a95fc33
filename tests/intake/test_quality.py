"""What deserves a second look is pointed out, and clean data are left in peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.errors import Severity
from baksos_eval.intake.intake import prepare
from baksos_eval.study.study import open_study

from .small import MANY, POST, PRE, TAHU, TWO_FILES, check, codes, found, two_files, write_csv, write_study

HEAD = ["Kode", *MANY]
PEOPLE = [f"K{n}" for n in range(6)]
CLEAN_PRE = [HEAD, *([person, *answers] for person, answers in zip(PEOPLE, ("BSBBBS", "BBSSBS", "SSBSSS", "SBBSBB", "BSSBBS", "SSSSBS"), strict=True))]
CLEAN_POST = [HEAD, *([person, *answers] for person, answers in zip(PEOPLE, ("BSBSBB", "BSSSBS", "BSBSSS", "BBBSBS", "BSBBBS", "SSSSBB"), strict=True))]


def knowledge(folder: Path, pre=CLEAN_PRE, post=CLEAN_POST, body: str = TWO_FILES):
    return two_files(folder, pre, post, body, instruments=("tahu.toml",))


def everyone(answers: str):
    return [HEAD, *([person, *answers] for person in PEOPLE)]


def test_clean_data_have_no_findings(tmp_path: Path):
    assert check(two_files(tmp_path)) == ()
    assert codes(check(knowledge(tmp_path / "b"))) == []


def test_everyone_at_maximum(tmp_path: Path):
    study = knowledge(tmp_path, post=everyone("BSBSBS"))
    finding = found(study, "everyone_at_best")
    assert (finding.severity, finding.count, finding.details["wave"]) == (Severity.WARNING, 6, "post")
    assert prepare(study, "RT 04").scores["post"]["tahu"]["total"].tolist() == [100.0] * 6


def test_everyone_at_minimum_is_not_at_best(tmp_path: Path):
    assert found(knowledge(tmp_path, post=everyone("SBSBSB")), "everyone_scores_alike").count == 6


def test_the_best_of_a_downward_scale_is_its_minimum(tmp_path: Path):
    study = two_files(tmp_path, post=[POST[0], *([row[0], "1", "4", "1"] for row in POST[1:])])
    assert "everyone_scores_alike" in codes(check(study))
    toml = tmp_path / "sikap.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("least_answered", 'direction = "down"\nleast_answered'), encoding="utf-8")
    assert "everyone_at_best" in codes(check(open_study(tmp_path)))


def test_all_answers_equal(tmp_path: Path):
    post = [list(row) for row in CLEAN_POST]
    post[2][1:], post[5][1:] = ["B"] * 6, ["TT"] * 6
    finding = found(knowledge(tmp_path, post=post), "answers_all_equal")
    assert (finding.count, [(where.file, where.row) for where in finding.where]) == (2, [("post.csv", 3), ("post.csv", 6)])


def test_one_answer_throughout_is_fine_where_items_point_one_way(tmp_path: Path):
    study = knowledge(tmp_path, post=[HEAD, *CLEAN_POST[1:-1], [PEOPLE[-1], *"SSSSSS"]])
    assert "answers_all_equal" in codes(check(study))
    (tmp_path / "tahu.toml").write_text(TAHU.replace('key = "benar"', 'key = "salah"'), encoding="utf-8")
    assert "answers_all_equal" not in codes(check(open_study(tmp_path)))


def test_constant_and_unanswered_items(tmp_path: Path):
    post = [list(row) for row in CLEAN_POST]
    for row in post[1:]:
        row[1], row[2] = "B", ""
    study = knowledge(tmp_path, post=post)
    assert found(study, "items_constant").details["items"] == ("k1",)
    assert found(study, "items_unanswered").details["items"] == ("k2",)
    assert prepare(study, "RT 04").items["post"]["tahu"]["k1"].tolist() == [1.0] * 6


def test_rows_that_are_twins(tmp_path: Path):
    pre = [list(row) for row in CLEAN_PRE]
    pre[4][1:] = pre[2][1:]
    finding = found(knowledge(tmp_path, pre), "rows_identical")
    assert (finding.severity, [where.row for where in finding.where]) == (Severity.NOTE, [3, 5])


@pytest.mark.parametrize(("copied", "severity"), ((1, Severity.NOTE), (4, Severity.WARNING)))
def test_post_that_was_copied_from_pre(tmp_path: Path, copied: int, severity: Severity):
    finding = found(knowledge(tmp_path, post=[HEAD, *CLEAN_PRE[1:copied + 1], *CLEAN_POST[copied + 1:]]), "post_equals_pre")
    assert (finding.count, finding.severity, finding.details["pairs"]) == (copied, severity, 6)


def test_too_many_blanks_for_a_score(tmp_path: Path):
    post = [list(row) for row in CLEAN_POST]
    post[3][1:5] = ["", "-", ".", ""]
    finding = found(knowledge(tmp_path, post=post), "too_many_blanks")
    assert (finding.count, finding.where[0].row, finding.details["least"], finding.details["items"]) == (1, 4, 3, 6)


def test_a_questionnaire_without_answers(tmp_path: Path):
    study = two_files(tmp_path, [*PRE, ["ZZ9", "", "-", ""]])
    finding = found(study, "questionnaire_blank")
    assert (finding.count, finding.where[0].row, prepare(study, "RT 04").flow.pre_only) == (1, 7, 1)


def totals(folder: Path, values: list[str]):
    """The recorded sums stand in the file of pre: right are 9, 6, 7, 7, 8; without reversing a2 they would be 8, 7, 8, 6, 5."""
    pre = [[*row, value] for row, value in zip(PRE, ["Jumlah", *values], strict=True)]
    return two_files(folder, pre, body=TWO_FILES.replace('wave = "pre"\n', 'wave = "pre"\ncolumns = { total = { sikap = "jumlah" } }\n'))


def test_recorded_totals_that_agree(tmp_path: Path):
    assert check(totals(tmp_path, ["9", "6.0", "7 / 12", "7,0", ""])) == ()


def test_recorded_totals_that_differ(tmp_path: Path):
    finding = found(totals(tmp_path, ["9", "5", "7", "banyak", "9"]), "total_differs")
    assert (finding.count, [where.row for where in finding.where], finding.severity) == (2, [3, 6], Severity.WARNING)


def test_recorded_totals_that_forgot_to_reverse(tmp_path: Path):
    study = totals(tmp_path, ["8", "7", "8", "6", "4"])
    assert (found(study, "total_not_reversed").count, found(study, "total_differs").count) == (4, 1)


@pytest.mark.parametrize(("total", "doubted"), (("5", False), ("2.5", False), ("7.5", False), ("12", True)))
def test_recorded_totals_of_incomplete_answers(tmp_path: Path, total: str, doubted: bool):
    """Two of three answered: 2 and 3 (reversed from 2). Their sum, mean and prorated sum follow from them; 12 does not."""
    pre = [[*row, value] for row, value in zip([PRE[0], ["AB1", "2", "2", ""], *PRE[2:]], ["Jumlah", total, "6", "7", "7", "8"], strict=True)]
    study = two_files(tmp_path, pre, body=TWO_FILES.replace('wave = "pre"\n', 'wave = "pre"\ncolumns = { total = { sikap = "jumlah" } }\n'))
    told = [finding for finding in check(study) if finding.code == "total_of_incomplete"]
    assert [finding.count for finding in told] == [1] * doubted and "total_differs" not in codes(check(study))


def test_recorded_marks_of_a_percentage_scale(tmp_path: Path):
    pre = [[*row, value] for row, value in zip(CLEAN_PRE, ["Nilai", "83", "66.67", "66,7", "3", "50", "20"], strict=True)]
    study = knowledge(tmp_path, pre, body=TWO_FILES.replace('wave = "pre"\n', 'wave = "pre"\ncolumns = { total = { tahu = "Nilai" } }\n'))
    right = prepare(study, "RT 04").scores["pre"]["tahu"]["total"].round(1).tolist()
    wrong = sum(abs(score - recorded) > 0.5 and recorded != 3 for score, recorded in zip(right, (83, 66.67, 66.7, 3, 50, 20), strict=True))
    assert found(study, "total_differs").count == wrong == 2


def test_totals_beside_each_other_in_a_wide_file(tmp_path: Path):
    write_study(tmp_path, '[columns]\nid = "Kode"\ntotal = { sikap = "Jumlah" }\n[[files]]\nfile = "a.csv"\nrt = "RT 04"\n'
                'wide = { pre = "PRE {number}", post = "POST {number}" }\n')
    head = ["Kode", "PRE 1", "PRE 2", "PRE 3", "PRE Jumlah", "POST 1", "POST 2", "POST 3", "POST Jumlah"]
    rows = [[*before, total, *after[1:], "0"] for before, after, total in zip(PRE[1:], POST[1:], "96778", strict=True)]
    write_csv(tmp_path / "a.csv", [head, *rows])
    finding = found(open_study(tmp_path), "total_differs")
    assert (finding.details["wave"], finding.count) == ("post", 5)


def test_items_whose_time_is_over(tmp_path: Path):
    study = knowledge(tmp_path)
    toml = tmp_path / "tahu.toml"
    toml.write_text(TAHU.replace('id = "k2"', 'id = "k2"\nvalid_until = 2020-12-31').replace('id = "k3"', 'id = "k3"\nvalid_from = 2021-01-01\nvalid_until = 2021-01-02'), encoding="utf-8")
    finding = found(open_study(tmp_path), "items_out_of_date")
    assert (finding.details["items"], finding.severity) == (("k2",), Severity.WARNING)
    assert "items_out_of_date" in codes(prepare(open_study(tmp_path), "RT 04").findings)
    assert "items_out_of_date" not in codes(check(study))


def dated(folder: Path, pre: str, post: str, limits: str):
    """Answers sent on these days to a test whose item k2 holds for a limited time."""
    def table(rows, day):
        return [["Waktu", *rows[0]], *([f"{day}T09:{number:02d}:00", *row] for number, row in enumerate(rows[1:]))]

    study = two_files(folder, table(CLEAN_PRE, pre), table(CLEAN_POST, post), TWO_FILES + '[columns]\ntime = "Waktu"\n' if "[columns]" not in TWO_FILES else TWO_FILES.replace("[columns]", '[columns]\ntime = "Waktu"'),
                      instruments=("tahu.toml",))
    (folder / "tahu.toml").write_text(TAHU.replace('id = "k2"', f'id = "k2"\n{limits}'), encoding="utf-8")
    return open_study(study.folder)


def test_items_whose_time_was_over_when_the_answers_came(tmp_path: Path):
    finding = found(dated(tmp_path, "2021-08-05", "2021-08-25", "valid_until = 2021-08-10"), "items_outside_validity")
    assert (finding.severity, finding.details["items"], finding.details["questionnaires"]) == (Severity.WARNING, ("k2",), 6)
    assert (finding.details["first"], finding.details["last"], finding.details["until"]) == ("2021-08-05", "2021-08-25", "2021-08-10")
    early = found(dated(tmp_path / "b", "2021-08-05", "2021-08-25", "valid_from = 2021-08-06"), "items_outside_validity")
    assert early.details["questionnaires"] == 6


@pytest.mark.parametrize("limits", ["valid_until = 2021-08-25", "valid_from = 2021-08-05", "valid_from = 2021-08-05\nvalid_until = 2021-08-25"])
def test_items_that_held_on_every_day_are_left_in_peace(tmp_path: Path, limits: str):
    assert not {"items_outside_validity", "items_out_of_date"} & set(codes(check(dated(tmp_path, "2021-08-05", "2021-08-25", limits))))
