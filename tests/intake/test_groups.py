"""Groups and doses: read person by person, unknown words found with their rows, nobody guessed into a group."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from baksos_eval.intake.intake import prepare
from baksos_eval.study.study import Study

from .small import ITEMS, check, codes, found, refusal, two_files, write_csv, write_study

COLUMNS = '[columns]\nid = "Kode"\narm = "Kelompok"\n'
DOSE = '[columns.dose]\nmasker = "Masker"\n'
FILES = '[[files]]\nfile = "pre.csv"\nwave = "pre"\nrt = "RT 04"\n[[files]]\nfile = "post.csv"\nwave = "post"\nrt = "RT 04"\n'
WORDS = '[comparison]\nprogramme = ["E"]\ncomparison = ["C"]\n'
ANSWERS = [["3", "2", "3"], ["2", "3", "2"], ["1", "3", "4"], ["2", "2", "2"], ["3", "1", "1"], ["4", "4", "1"]]


def two_waves(folder: Path, pre: list[str], post: list[str], body: str = WORDS + COLUMNS + FILES, column: str = "Kelompok") -> Study:
    """Six people with what each says in ``column`` before and after."""
    tables = [[["Kode", column, *ITEMS], *([f"ID{number}", said, *answers] for number, (said, answers) in enumerate(zip(wave, ANSWERS, strict=True)))]
              for wave in (pre, post)]
    tables[1][1][2:] = ["4", "1", "2"]     # not one and the same file twice
    return two_files(folder, *tables, body=body)


def test_a_group_stated_once_holds_for_both_waves(tmp_path: Path):
    study = two_waves(tmp_path, ["E", "e ", "C", "C", "", "E"], ["E", "", "", "C", "C", "E"])
    assert list(prepare(study, "RT 04").arms) == ["programme", "programme", "comparison", "comparison", "comparison", "programme"]
    assert not {"arm_missing", "arm_unknown", "arm_contradicts"} & set(codes(check(study)))


def test_a_group_has_its_own_flow_and_scores(tmp_path: Path):
    study = two_waves(tmp_path, ["E", "E", "C", "C", "", "E"], ["E"] * 2 + ["C"] * 2 + [""] + ["E"])
    everybody, programme, comparison = (prepare(study, "RT 04", arm) for arm in ("", "programme", "comparison"))
    assert [data.flow.both for data in (everybody, programme, comparison)] == [6, 3, 2]
    assert programme.scores["pre"]["sikap"]["total"].tolist() == everybody.scores["pre"]["sikap"]["total"].iloc[[0, 1, 5]].tolist()
    assert set(programme.arms) == {"programme"}


def test_nobody_is_guessed_into_a_group(tmp_path: Path):
    study = two_waves(tmp_path, ["E", "E", "C", "C", "", "E"], ["E", "C", "C", "C", "-", "E"])
    assert list(prepare(study, "RT 04").arms) == ["programme", "", "comparison", "comparison", "", "programme"]
    contradicts, missing = found(study, "arm_contradicts"), found(study, "arm_missing")
    assert [(where.file, where.row) for where in contradicts.where] == [("pre.csv", 3), ("post.csv", 3)]
    assert [(where.file, where.row, where.column) for where in missing.where] == [("pre.csv", 6, "Kelompok"), ("post.csv", 6, "Kelompok")]
    assert (contradicts.count, missing.count, contradicts.rt) == (2, 2, "RT 04")


def test_a_word_that_nobody_declared_stops_the_rt(tmp_path: Path):
    study = two_waves(tmp_path, ["E", "E", "C", "C", "Kontrol", "E"], ["E", "E", "C", "C", "C", "E"])
    finding, = (finding for finding in refusal(study).findings if finding.code == "arm_unknown")
    assert (finding.count, finding.where[0].row, finding.details["found"], finding.details["known"]) == (1, 6, ("Kontrol",), ("E", "C"))
    left = two_waves(tmp_path / "blank", ["E", "E", "C", "C", "Kontrol", "E"], ["E", "E", "C", "C", "C", "E"],
                     '[answers]\nunreadable = "blank"\n' + WORDS + COLUMNS + FILES)
    assert list(prepare(left, "RT 04").arms)[4] == "comparison" and found(left, "arm_unknown").severity == "warning"


def test_usual_words_need_no_declaration(tmp_path: Path):
    study = two_waves(tmp_path, ["Peserta", "Kontrol"] * 3, [""] * 6, "[comparison]\n" + COLUMNS + FILES)
    assert list(prepare(study, "RT 04").arms) == ["programme", "comparison"] * 3


def test_a_column_that_no_file_has_stops_the_study(tmp_path: Path):
    study = two_waves(tmp_path, ["E"] * 6, ["C"] * 6, column="Golongan")
    assert "arm_nowhere" in codes(refusal(study).findings)


def test_a_column_in_one_of_the_files_is_enough(tmp_path: Path):
    study = two_waves(tmp_path, ["E", "C"] * 3, [""] * 6)
    rows = [line.split(",") for line in (tmp_path / "post.csv").read_text(encoding="utf-8").split()]
    write_csv(tmp_path / "post.csv", [[row[0], *row[2:]] for row in rows])
    assert list(prepare(study, "RT 04").arms) == ["programme", "comparison"] * 3


def test_an_rt_without_the_group_says_so(tmp_path: Path):
    study = two_waves(tmp_path, ["C"] * 6, ["C"] * 6)
    assert prepare(study, "RT 04", "comparison").flow.both == 6
    with pytest.raises(Exception, match="rt_cannot_be_analysed") as refused:
        prepare(study, "RT 04", "programme")
    assert codes(refused.value.findings) == ["rt_without_programme"]


RTS = '[columns]\nid = "Kode"\nrt = "RT"\n[[files]]\nfile = "pre.csv"\nwave = "pre"\n[[files]]\nfile = "post.csv"\nwave = "post"\n'


def whole_rts(folder: Path, rts: str) -> Study:
    write_study(folder, f"[comparison]\nrts = {rts}\n" + RTS)
    for wave, shift in (("pre", 0), ("post", 1)):
        write_csv(folder / f"{wave}.csv", [["RT", "Kode", *ITEMS], *([rt, f"ID{number}", *ANSWERS[(number + shift) % 6]] for rt in ("RT 04", "RT 09") for number in range(6))])
    from baksos_eval.study.study import open_study

    return open_study(folder)


def test_whole_rts_are_groups(tmp_path: Path):
    study = whole_rts(tmp_path, '["9"]')
    assert [set(prepare(study, rt).arms) for rt in ("RT 04", "RT 09")] == [{"programme"}, {"comparison"}]


@pytest.mark.parametrize(("rts", "code"), (('["RT 90"]', "comparison_rt_unknown"), ('["RT 04", "RT 09"]', "comparison_without_programme")))
def test_a_wrong_name_of_a_comparison_rt_stops_everything(tmp_path: Path, rts: str, code: str):
    study = whole_rts(tmp_path, rts)
    assert all(code in codes(refusal(study, rt).findings) for rt in ("RT 04", "RT 09"))


def dosed(folder: Path, pre: list[str], post: list[str], more: str = "") -> Study:
    return two_waves(folder, pre, post, '[columns]\nid = "Kode"\n' + DOSE + more + FILES, column="Masker")


def test_doses_are_numbers_of_the_last_time_they_were_told(tmp_path: Path):
    study = dosed(tmp_path, ["1", "1", "1", "1", "1", "1"], ["2", "2,5", "3 kali", "4x", "", "0"])
    assert prepare(study, "RT 04").doses["masker"].tolist() == [2, 2.5, 3, 4, 1, 0]
    assert "dose_unreadable" not in codes(check(study))


def test_yes_and_no_count_one_and_nothing(tmp_path: Path):
    study = dosed(tmp_path, [""] * 6, ["Ya", "tidak", "Tidak pernah", "ya.", "-", "1"])
    assert np.array_equal(prepare(study, "RT 04").doses["masker"], [1, 0, 0, 1, np.nan, 1], equal_nan=True)


def test_a_yes_among_numbers_is_not_counted_as_one(tmp_path: Path):
    study = dosed(tmp_path, [""] * 6, ["Ya", "tidak", "3", "2", "kadang", "-1"])
    assert np.array_equal(prepare(study, "RT 04").doses["masker"], [np.nan, 0, 3, 2, np.nan, np.nan], equal_nan=True)
    finding = found(study, "dose_unreadable")
    assert (finding.severity, [where.row for where in finding.where], finding.details["found"]) == ("warning", [2, 6, 7], ("-1", "Ya", "kadang"))
    assert finding.where[0].column == "Masker"


def test_declared_words_go_before_the_usual_ones(tmp_path: Path):
    study = dosed(tmp_path, [""] * 6, ["Ya", "Sering", "jarang", "Tidak", "5", ""], '[doses.masker]\nvalues = { "Sering" = 3, "Jarang" = 1, "Ya" = 2 }\n')
    assert np.array_equal(prepare(study, "RT 04").doses["masker"], [2, 3, 1, 0, 5, np.nan], equal_nan=True)


def test_a_dose_that_no_file_tells_is_a_warning(tmp_path: Path):
    study = two_waves(tmp_path, ["1"] * 6, ["2"] * 6, '[columns]\nid = "Kode"\n' + DOSE + FILES, column="Sembako")
    assert found(study, "dose_nowhere").severity == "warning"
    assert prepare(study, "RT 04").doses["masker"].isna().all()


def test_without_groups_and_doses_nobody_has_any(tmp_path: Path):
    data = prepare(two_files(tmp_path), "RT 04")
    assert set(data.arms) == {""} and data.doses.empty and len(data.doses) == 5
