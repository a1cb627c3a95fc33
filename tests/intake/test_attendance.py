"""Attendance lists become doses: joined exactly as before and after are, with everybody who could not be joined counted."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from baksos_eval.batch.pairs import write_review
from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.intake.intake import check, prepare
from baksos_eval.intake.responses import read_responses
from baksos_eval.report import narrative, tables
from baksos_eval.report.phrases import activity_name
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study
from tests.activities.small import codes, study_with, told, write_log
from tests.intake.test_review import DECLARED, decide, slipped

DAYS = ["05/08/2021", "12/08/2021", "19/08/2021"]
WIDE = ["No", "Nama", "Kode", "RT", *DAYS]


def people(rt: str = "4", first: str = "04") -> list[list[str]]:
    """Five of the six respondents of an RT: three, two, one, no and three sessions."""
    marks = ["HHH", "HSH", "AHI", "AAA", "hhh"]
    return [[str(n + 1), f"Rahasia Nomor{n}", f"{first}XY0{n}", rt, *marks[n]] for n in range(5)]


def study(folder: Path, rows: list[list[str]], header: list[str] = WIDE, settings: str = "", **other):
    write_log(folder, header, rows, "hadir.csv")
    return study_with(folder, f'\n[activities.attendance]\nfile = "hadir.csv"\nname = "penyuluhan"\n{settings}', **other)


def doses(made, rt: str) -> list[float]:
    return prepare(made, rt).doses["penyuluhan"].tolist()


def test_sessions_are_counted_for_each_respondent(tmp_path: Path):
    made = study(tmp_path, [*people(), *people("RT.05", "05")])
    assert made.dose_names == ("penyuluhan",) and made.asked_doses == ()
    assert doses(made, "RT 04") == doses(made, "RT 05") == [3, 2, 1, 0, 3, 0]
    assert [finding.count for finding in check(made) if finding.code == "attendance_not_listed_zero"] == [1, 1]


def test_the_long_list_and_the_bare_list_say_the_same(tmp_path: Path):
    long = [[day, row[2], "4", mark] for row in people() for day, mark in zip(DAYS, row[4:], strict=True)]
    assert doses(study(tmp_path / "a", long, ["Tanggal", "Kode", "RT", "Kehadiran"]), "RT 04") == [3, 2, 1, 0, 3, 0]
    bare = [row[:3] for row in long if row[3].lower() == "h"]
    assert doses(study(tmp_path / "b", bare, ["Tanggal", "Kode", "RT"]), "RT 04") == [3, 2, 1, 0, 3, 0]


def test_whoever_is_not_on_the_list_may_be_unknown_and_an_rt_without_a_list_is(tmp_path: Path):
    made = study(tmp_path, people(), settings='unlisted = "unknown"\n')
    assert doses(made, "RT 04")[:5] == [3, 2, 1, 0, 3] and math.isnan(doses(made, "RT 04")[5])
    assert np.isnan(doses(study(tmp_path / "b", people()), "RT 05")).all()
    assert "attendance_not_listed_unknown" in codes(check(made))


def test_every_sheet_of_a_workbook_is_a_list_for_the_rt_of_its_name(tmp_path: Path):
    book = xlsxwriter.Workbook(str(tmp_path / "hadir.xlsx"))
    for name, first in (("RT 04", "04"), ("RT.5", "05")):
        sheet = book.add_worksheet(name)
        for row, cells in enumerate([[*WIDE[:3], *DAYS], *(cells[:3] + cells[4:] for cells in people(first=first))]):
            sheet.write_row(row, 0, cells)
    book.close()
    made = study_with(tmp_path, '\n[activities.attendance]\nfile = "hadir.xlsx"\nsheet = "*"\nname = "penyuluhan"\n')
    assert doses(made, "RT 04") == doses(made, "RT 05") == [3, 2, 1, 0, 3, 0]


def test_people_without_a_questionnaire_are_counted(tmp_path: Path):
    made = study(tmp_path, [*people(), ["6", "Tamu", "ZZ99", "4", "H", "H", "H"], ["7", "Tamu", "ZZ98", "9", "H", "H", "H"]])
    found = [finding for finding in check(made) if finding.code == "attendance_not_in_questionnaires"]
    assert [(finding.rt, finding.count, finding.details["joined"], finding.where[0].row) for finding in found] == [("RT 04", 1, 5, 7), ("RT 09", 1, 0, 8)]


def test_a_list_without_rts_is_joined_by_the_code_alone_unless_two_share_it(tmp_path: Path):
    made = study(tmp_path, [row[:3] + row[4:] for row in people()], WIDE[:3] + WIDE[4:])
    assert doses(made, "RT 04") == [3, 2, 1, 0, 3, 0] and np.isnan(doses(made, "RT 05")).all()


@pytest.mark.parametrize(("place", "value", "code"), [((0, 2), "", "attendance_without_id"), ((0, 4), "x", "attendance_mark_unknown"), ((1, 2), "04xy00", "attendance_listed_twice")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_of_a_list_are_told(tmp_path: Path, place: tuple[int, int], value: str, code: str, language: str):
    rows = people()
    rows[place[0]][place[1]] = value
    findings = check(study(tmp_path, rows, language=language))
    assert told(findings, code).where and not any(finding.fatal for finding in findings)
    assert all(line.strip() and "{" not in line for line in all_lines(findings, words(language)))


@pytest.mark.parametrize(("header", "code"), [(["No", "Nama", "Nomor", "RT", *DAYS], "attendance_id_missing"), (["No", "Nama", "Kode", "RT", "Senin", "Selasa", "Rabu"], "session_columns_missing")])
def test_a_list_that_cannot_be_read_leaves_the_dose_unknown_and_the_evaluation_goes_on(tmp_path: Path, header: list[str], code: str):
    made = study(tmp_path, people(), header)
    assert code in codes(check(made)) and len(prepare(made, "RT 04").doses) == 6
    if code == "attendance_id_missing":
        assert np.isnan(doses(made, "RT 04")).all()


def test_a_missing_file_is_a_warning(tmp_path: Path):
    made = study(tmp_path, people())
    (tmp_path / "hadir.csv").unlink()
    assert not told(check(made), "file_not_found").fatal and np.isnan(doses(made, "RT 04")).all()


def test_a_changed_list_is_read_again(tmp_path: Path):
    made = study(tmp_path, people())
    assert doses(made, "RT 04")[3] == 0
    rows = people()
    rows[3][4] = "H"
    write_log(tmp_path, WIDE, rows, "hadir.csv")
    assert doses(made, "RT 04")[3] == 1


def test_names_on_the_list_are_known_to_the_leak_scan_and_told_nowhere(tmp_path: Path):
    rows = people()
    rows[0][4] = "Rahasia Nomor0"
    made = study(tmp_path, rows)
    assert {"Rahasia Nomor1", "Rahasia Nomor4"} <= read_responses(made).contacts and "04XY01" in read_responses(made).ids
    assert "Rahasia" not in " ".join(all_lines(check(made), words("id")))


def test_the_dose_reaches_the_analysis(tmp_path: Path):
    made = study(tmp_path, [*people(), *people("RT.05", "05")])
    result = evaluate_programme(made).scales[0]
    assert [dose.activity for dose in result.doses] == ["penyuluhan"] and result.doses[0].taken.n == 12 and result.doses[0].taken.mean == 1.5


@pytest.mark.parametrize(("more", "code"), [
    ('[columns.dose]\npenyuluhan = "Ikut"\n', "attendance_name_asked"), ('[doses.lain]\nlabel = { id = "a", en = "b" }\n', "dose_without_column")])
def test_names_of_doses_must_fit(tmp_path: Path, more: str, code: str):
    study(tmp_path, people())
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    with pytest.raises(BaksosError) as caught:
        open_study(tmp_path)
    assert code in [finding.code for finding in caught.value.findings]


def test_a_label_names_the_activity(tmp_path: Path):
    made = study(tmp_path, people(), settings='[doses.penyuluhan]\nlabel = { id = "penyuluhan warga", en = "meetings" }\n')
    assert activity_name(made, "penyuluhan", words("id")) == "penyuluhan warga"


def test_an_accepted_pair_keeps_the_sessions_of_the_code_on_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory):
    monkeypatch.setenv("BAKSOS_KEY_FOLDER", str(tmp_path_factory.mktemp("kunci")))
    write_log(tmp_path, ["Kode", "RT", *DAYS], [["SI1552", "RT 04", "H", "H", "A"], ["NU2711", "RT 04", "H", "H", "H"]], "hadir.csv")
    made = slipped(tmp_path, DECLARED + '\n[activities.attendance]\nfile = "hadir.csv"\n')
    write_review(made)
    decide(tmp_path, "terima", "terima")
    data = prepare(made, "RT 04")
    assert data.flow.both == 7 and sorted(data.doses["attendance"].tolist(), reverse=True)[:3] == [3, 2, 0]


def test_a_study_says_what_its_marks_mean(tmp_path: Path):
    rows = people()
    rows[0][4:], rows[1][4:] = ["x", "o", "-"], ["o", "o", "x"]
    made = study(tmp_path, rows, settings='words = { mark = { "x" = "alpa", "o" = "hadir", "z" = "entah" } }\n')
    assert doses(made, "RT 04")[:2] == [1, 2] and "attendance_mark_unknown" not in codes(check(made)) and told(check(made), "log_word_unknown").details["word"] == "z"


@pytest.mark.parametrize("settings", ['columns = { kode = "Kode" }\n', 'words = { rt = { "a" = "b" } }\n'])
def test_columns_that_a_list_has_not_are_refused(tmp_path: Path, settings: str):
    with pytest.raises(BaksosError) as caught:
        study(tmp_path, people(), settings=settings)
    assert [finding.code for finding in caught.value.findings] == ["attendance_column_unknown"]


def test_two_lists_are_two_doses(tmp_path: Path):
    write_log(tmp_path, WIDE, people(), "dua.csv")
    write_log(tmp_path, WIDE, people(), "hadir.csv")
    made = study_with(tmp_path, '\n[[activities.attendance]]\nfile = "hadir.csv"\nname = "satu"\n[[activities.attendance]]\nfile = "dua.csv"\nname = "dua"\n')
    assert list(prepare(made, "RT 04").doses) == ["satu", "dua"]


def test_the_sentence_speaks_of_times_and_of_association(tmp_path: Path):
    rows = [[str(n), "", f"{rt}XY{n:02d}", rt, *("H" if day < n % 4 else "A" for day in range(3))] for rt in ("04", "05") for n in range(6)]
    made = study(tmp_path, rows, language="en", settings='[doses.penyuluhan]\nlabel = { id = "penyuluhan", en = "health meetings" }\n')
    for path, wave in ((tmp_path / "pre.csv", 0), (tmp_path / "post.csv", 1)):
        lines = path.read_text(encoding="utf-8").splitlines()
        shifted = [lines[0]] + [_answering(line, wave, place) for place, line in enumerate(lines[1:])]
        path.write_text("\n".join(shifted) + "\n", encoding="utf-8")
    summary = summarise(made, *evaluate_all(made), evaluate_programme(made))
    first, limit = narrative.dose(summary)
    assert "each further time at the health meetings went with +" in first.markdown and limit.role == "limit" and "no proof of cause" in limit.markdown
    assert tables.dose(summary)[0].rows[0][1] == "health meetings"


def _answering(line: str, wave: int, place: int) -> str:
    """The line with answers that rise with the sessions of its person."""
    cells = line.split(",")
    times = place % 6 % 4 if wave else 0
    return ",".join(str(min(5, 2 + times + (place * 7 + column) % 2)) if cell in set("12345") else cell for column, cell in enumerate(cells))
