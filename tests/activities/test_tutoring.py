"""Attendance and marks of the tutoring: counted as teachers count, withheld where they would point at a child."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.activities.tutoring import Came, attendance_of, grade_subject, spread_of
from baksos_eval.activities.tutoring import Graded as Marks
from baksos_eval.intake.presence import Session
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.stats import gain, items, paired, ranks
from baksos_eval.study.activities import Subject
from baksos_eval.study.study import Analysis
from tests.activities.small import codes, study_with, told, write_log

DAYS = ["05/08/2021", "12/08/2021", "19/08/2021"]
WIDE = ["No", "Kode siswa", "Kelas", "Persetujuan wali", *DAYS, "Jumlah"]
SUBJECTS = """
[activities.tutoring.subjects.math]
label = { id = "Matematika", en = "Mathematics" }
mastery = 70
spellings = ["MTK"]
[activities.tutoring.subjects.reading]
label = { id = "Membaca", en = "Reading" }
mastery = 75
"""


def sheet(rows: int = 8, level: str = "4") -> list[list[str]]:
    """Pupils who miss the second day in turn."""
    return [[str(n + 1), f"B{n:02d}", level, "Ya", "H", "HISA"[n % 4], "h", "3"] for n in range(rows)]


def read(folder: Path, rows: list[list[str]], header: list[str] = WIDE, marks: list[list[str]] | None = None, more: str = "", marks_header: tuple[str, ...] = ("Kode siswa", "Mata pelajaran", "Nilai awal", "Nilai akhir"), **other: str) -> Activities:
    write_log(folder, header, rows, "presensi.csv")
    if marks is not None:
        write_log(folder, marks_header, marks, "nilai.csv")
    settings = '\n[activities.tutoring]\nfile = "presensi.csv"\n' + ('marks = { file = "nilai.csv" }\n' if marks is not None else "") + more
    return read_activities(study_with(folder, settings, **other))


def test_attendance_of_a_sheet_with_a_column_for_each_day(tmp_path: Path):
    t = read(tmp_path, sheet()).tutoring
    assert (t.pupils, t.without_consent, t.analysed) == (8, 0, 8)
    assert [session.session.day for session in t.sessions] == [date(2021, 8, 5), date(2021, 8, 12), date(2021, 8, 19)]
    assert [session.attendance.share for session in t.sessions] == [1.0, 0.25, 1.0]
    assert t.overall[:6] == (8, 3, 18, 2, 2, 2) and t.overall.share == 18 / 24 and t.overall.marks == 24
    assert (t.spread.n, t.spread.regular, t.spread.median) == (8, 2, pytest.approx(2 / 3)) and math.isnan(t.spread.lowest)
    assert t.shares == pytest.approx([2 / 3] * 6 + [1, 1]) and t.by_level == () and t.subjects == ()


def test_the_long_sheet_says_the_same_as_the_wide_one(tmp_path: Path):
    wide = read(tmp_path / "a", sheet()).tutoring
    long = [[row[1], row[2], row[3], day, mark] for row in sheet() for day, mark in zip(DAYS, row[4:7], strict=True)]
    told_long = read(tmp_path / "b", long, ["Kode siswa", "Kelas", "Persetujuan wali", "Tanggal", "Kehadiran"]).tutoring
    assert told_long.overall == wide.overall and told_long.spread == wide.spread
    assert [session.attendance for session in told_long.sessions] == [session.attendance for session in wide.sessions]


def test_children_without_consent_are_counted_and_not_analysed(tmp_path: Path):
    rows = sheet(10)
    rows[0][3], rows[1][3] = "", "Tidak"
    found = read(tmp_path, rows, marks=[[f"B{n:02d}", "MTK", "50", "80"] for n in range(10)], more=SUBJECTS)
    assert (found.tutoring.pupils, found.tutoring.without_consent, found.tutoring.overall.pupils) == (10, 2, 8)
    assert found.tutoring.subjects[0].counts.n_both == 8 and told(found.findings, "tutoring_without_consent").count == 2


def test_a_refusal_in_one_sheet_counts_for_both(tmp_path: Path):
    marks = [[f"B{n:02d}", "Tidak" if n == 3 else "", "MTK", "50", "80"] for n in range(8)]
    found = read(tmp_path, sheet(), marks=marks, more=SUBJECTS, marks_header=("Kode siswa", "Persetujuan wali", "Mata pelajaran", "Nilai awal", "Nilai akhir"))
    assert found.tutoring.without_consent == 1 and found.tutoring.overall.pupils == 7 and found.tutoring.subjects[0].counts.n_both == 7


def test_without_a_column_of_consent_nobody_is_analysed(tmp_path: Path):
    found = read(tmp_path, [[row[1], *row[4:7]] for row in sheet()], ["Kode siswa", *DAYS])
    assert found.tutoring is None and told(found.fatal, "log_column_missing").details["name"] == "guardian"


def test_marks_use_the_statistics_of_the_questionnaires(tmp_path: Path):
    before, after = [40, 55, 60, 72.5, 80, 35, 65, 70], [60, 70, 75, 80, 80, 50, 90, 65]
    marks = [[f"B{n:02d}", "MTK" if n % 2 else "matematika", str(pre).replace(".", ","), str(post)] for n, (pre, post) in enumerate(zip(before, after, strict=True))]
    found = read(tmp_path, sheet(), marks=marks, more=SUBJECTS)
    (result,) = found.tutoring.subjects
    pairs = sorted(zip(before, after, strict=True))
    pre, post = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    analysis = Analysis()
    assert (result.key, result.pre, result.post) == ("math", tuple(pre), tuple(post))
    assert result.mean_change == paired.mean_change(pre, post, analysis.confidence)
    assert result.signed_rank == ranks.signed_rank(pre, post, analysis.zeros)
    assert result.class_gain == gain.class_gain(pre, post, 100, seed=analysis.seed, resamples=analysis.resamples)
    assert result.individual_gain == gain.individual_gain(pre, post, 100)
    assert result.mastery == items.proportion_change([value >= 70 for value in pre], [value >= 70 for value in post], analysis.confidence)
    assert (result.mastery.pre, result.mastery.post) == (3 / 8, 5 / 8) and (result.moves.gained, result.moves.lost) == (3, 1)
    assert codes(found.findings) == ["log_columns_ignored"]


def test_two_columns_for_each_subject_say_the_same_as_a_row_for_each(tmp_path: Path):
    values = [(40 + 3 * n, 55 + 4 * n, 50 + n, 70 - n) for n in range(8)]
    rows = [[f"B{n:02d}", subject, str(pre), str(post)] for n, (a, b, x, y) in enumerate(values) for subject, pre, post in (("Matematika", a, b), ("Membaca", x, y))]
    long = read(tmp_path / "a", sheet(), marks=rows, more=SUBJECTS).tutoring
    settings = SUBJECTS.replace('spellings = ["MTK"]', 'pre = "MTK pre"\npost = "MTK post"').replace("mastery = 75", 'mastery = 75\npre = "Baca pre"\npost = "Baca post"')
    wide = read(tmp_path / "b", sheet(), marks=[[f"B{n:02d}", *map(str, marks)] for n, marks in enumerate(values)], more=settings,
                marks_header=("Kode siswa", "MTK pre", "MTK post", "Baca pre", "Baca post")).tutoring
    assert [(one.key, one.pre, one.post, one.mean_change) for one in wide.subjects] == [(one.key, one.pre, one.post, one.mean_change) for one in long.subjects]


@pytest.mark.parametrize("n", [0, 1, 4])
def test_fewer_than_five_pupils_leave_counts_alone(tmp_path: Path, n: int):
    t = read(tmp_path, sheet(n) or [["1", "B1", "4", "tidak", "H", "H", "H", ""]], marks=[[f"B{k:02d}", "MTK", "50", f"{60 + k}"] for k in range(n)], more=SUBJECTS).tutoring
    assert t.overall.pupils == n and math.isnan(t.overall.share) and (n == 0 or math.isnan(t.overall.sick)) and t.shares == () and math.isnan(t.spread.median)
    assert all(math.isnan(session.attendance.share) and math.isnan(session.attendance.present) for session in t.sessions)
    for result in t.subjects:
        assert not result.shown and result.pre == () and result.verdict == "too_few" and result.moves is None and math.isnan(result.mean_change.mean_pre)
        assert math.isnan(result.mastery.post) and math.isnan(result.class_gain.gain) and math.isnan(result.signed_rank.p)


def test_a_small_level_is_withheld_and_another_one_with_it(tmp_path: Path):
    rows = [*sheet(6, "4"), *[[*row[:1], f"C{row[1]}", *row[2:]] for row in sheet(7, "5")], *[[*row[:1], f"D{row[1]}", *row[2:]] for row in sheet(3, "6")]]
    levels = {group.key: group.attendance for group in read(tmp_path, rows).tutoring.by_level}
    assert [levels[key].pupils for key in ("4", "5", "6")] == [6, 7, 3]
    assert [math.isnan(levels[key].share) for key in ("4", "5", "6")] == [True, False, True]


def test_a_sheet_for_each_class_and_one_list_of_marks_are_the_same_children(tmp_path: Path):
    tmp_path.mkdir(exist_ok=True)
    book = xlsxwriter.Workbook(str(tmp_path / "presensi.xlsx"))
    for grade, first in (("Kelas 4", 0), ("Kelas 5", 6)):
        for row, cells in enumerate([["Kode siswa", "Kelas", "Persetujuan wali", *DAYS], *([f"B{n:02d}", grade[-1], "Ya", "H", "H", "S"] for n in range(first, first + 6))]):
            if row == 0:
                sheet = book.add_worksheet(grade)
            sheet.write_row(row, 0, cells)
    book.close()
    write_log(tmp_path, ("Kode siswa", "Mapel", "Pretes", "Postes"), [[f"B{n:02d}", "MTK", str(50 + n), str(60 + n)] for n in range(12)], "nilai.csv")
    found = read_activities(study_with(tmp_path, '\n[activities.tutoring]\nfile = "presensi.xlsx"\nsheet = "*"\nmarks = { file = "nilai.csv" }\n' + SUBJECTS))
    t = found.tutoring
    assert (t.pupils, t.overall.sessions, t.subjects[0].counts.n_both) == (12, 3, 12) and [group.attendance.pupils for group in t.by_level] == [6, 6]
    assert codes(found.findings) == []


def test_grades_are_spelt_one_way_and_remarks_are_no_marks(tmp_path: Path):
    rows = [[row[1], ("4", "Kelas 4", "kls IV", "5", "V")[n % 5], row[3], *row[4:7], "pindah rumah" if n == 2 else ""] for n, row in enumerate(sheet(20))]
    found = read(tmp_path, rows, ["Kode siswa", "Kelas", "Persetujuan wali", *DAYS, "Keterangan"])
    assert [(group.key, group.attendance.pupils) for group in found.tutoring.by_level] == [("4", 12), ("5", 8)] and codes(found.findings) == []


def test_several_marks_beyond_the_highest_are_one_finding(tmp_path: Path):
    found = read(tmp_path, sheet(), marks=[[f"B{n:02d}", "MTK", "50", "780" if n < 3 else "80"] for n in range(8)], more=SUBJECTS)
    assert (told(found.findings, "tutoring_mark_beyond").count, found.tutoring.subjects[0].counts) == (3, (8, 5, 5, ""))


def test_a_study_says_what_its_marks_mean(tmp_path: Path):
    rows = [[cell.replace("A", "x") if place > 3 else cell for place, cell in enumerate(row)] for row in sheet()]
    found = read(tmp_path, rows, more='words = { mark = { "x" = "absent" } }\n')
    assert found.tutoring.overall[:6] == (8, 3, 18, 2, 2, 2) and codes(found.findings) == ["log_columns_ignored"]


def test_a_name_in_the_wrong_column_is_in_no_table(tmp_path: Path):
    rows = [[row[1], "Dewi Lestari" if n == 3 else row[2], row[3], *row[4:7]] for n, row in enumerate(sheet(12))]
    marks = [[f"B{n:02d}", "Budi Santoso" if n == 1 else "MTK", "50", str(60 + n)] for n in range(12)]
    found = read(tmp_path, rows, ["Kode siswa", "Kelas", "Persetujuan wali", *DAYS], marks=marks, more=SUBJECTS)
    said = " ".join([repr(found.tutoring), *all_lines(found.findings, words("id"))])
    assert told(found.findings, "tutoring_subject_rare").count == 1 and [group.key for group in found.tutoring.by_level] == ["4", "others"]
    assert not any(word in said for word in ("Dewi", "Lestari", "Budi", "Santoso"))


def test_a_tutor_in_a_title_is_not_named(tmp_path: Path):
    found = read(tmp_path, sheet(), [*WIDE[:4], "Sesi 1 Bu Ratna", "Sesi 2 (Pak Anton)", "Sesi 3", WIDE[7]])
    assert [session.session.label for session in found.tutoring.sessions] == ["Sesi 1 Bu …", "Sesi 2 (Pak …)", "Sesi 3"]


def test_a_subject_of_many_needs_no_declaration(tmp_path: Path):
    found = read(tmp_path, sheet(), marks=[[f"B{n:02d}", "Sains", "50", str(60 + n)] for n in range(8)], more=SUBJECTS)
    assert [(subject.key, subject.subject, subject.counts.n_both) for subject in found.tutoring.subjects] == [("Sains", None, 8)]
    assert "tutoring_without_threshold" in codes(found.findings) and found.tutoring.subjects[0].mastery is None and math.isnan(found.tutoring.subjects[0].class_gain.gain)


def test_attendance_per_subject(tmp_path: Path):
    rows = [[row[1], row[3], day, subject, "H" if subject == "MTK" else row[5]] for row in sheet() for day in DAYS for subject in ("MTK", "Membaca")]
    t = read(tmp_path, rows, ["Kode siswa", "Persetujuan wali", "Tanggal", "Mapel", "Ket"], more=SUBJECTS).tutoring
    assert [(group.key, group.attendance.share) for group in t.by_subject] == [("math", 1.0), ("reading", 0.25)]


@pytest.mark.parametrize(("cell", "value", "code"), [
    ((0, 4), "X", "attendance_mark_unknown"), ((0, 1), "", "log_cell_empty"), ((0, 3), "entah", "log_yes_no_unknown"), ((0, 1), "B01", "tutoring_twice_differently")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_of_the_attendance_are_told(tmp_path: Path, cell: tuple[int, int], value: str, code: str, language: str):
    rows = sheet()
    rows[0][5] = "S"
    rows[cell[0]][cell[1]] = value
    found = read(tmp_path, rows, language=language)
    assert code in codes(found.findings) and found.tutoring is not None
    assert all(line.strip() and "{" not in line for line in all_lines(found.findings, words(language)))


@pytest.mark.parametrize(("row", "code"), [
    (["B00", "MTK", "50", "105"], "tutoring_mark_beyond"), (["B00", "MTK", "lulus", "80"], "log_number_unreadable"), (["B00", "MTK", "-5", "80"], "log_number_negative"),
    (["B01", "MTK", "50", "90"], "tutoring_twice_differently"), (["B01", "MTK", "50", "80"], "tutoring_twice"), (["B00", "Sains", "50", "80"], "tutoring_subject_rare"),
    (["B99", "MTK", "50", "80"], "tutoring_without_consent")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_of_the_marks_are_told(tmp_path: Path, row: list[str], code: str, language: str):
    found = read(tmp_path, sheet(), marks=[row, *([f"B{n:02d}", "MTK", "50", "80"] for n in range(1, 8))], more=SUBJECTS, language=language)
    assert code in codes(found.findings)
    assert all(line.strip() and "{" not in line for line in all_lines(found.findings, words(language)))
    assert found.tutoring.subjects[0].counts.n_both == 6 if code == "tutoring_twice_differently" else 7


def test_an_impossible_date_is_told_and_its_marks_count_as_a_session(tmp_path: Path):
    found = read(tmp_path, sheet(), [*WIDE[:6], "31/02/2021", WIDE[7]])
    assert told(found.findings, "session_date_impossible").where[0].column == "31/02/2021" and len(found.tutoring.sessions) == 3


def test_columns_that_are_nothing_are_named_and_sessions_are_not(tmp_path: Path):
    assert told(read(tmp_path, sheet()).findings, "log_columns_ignored").details["columns"] == ("Jumlah",)


def test_names_of_children_reach_nothing(tmp_path: Path):
    names = ["Ahmad Fauzi", "Siti Nurhaliza", "Budi Prasetyo", "Dewi Lestari", "Rina Marlina", "Joko Susilo"]
    rows = [[name, "4", "Ya", "H", "Budi" if n == 2 else "S", "H"] for n, name in enumerate(names)]
    found = read(tmp_path, rows, ["Nama siswa", "Kelas", "Persetujuan wali", *DAYS])
    said = " ".join([repr(found.tutoring), *all_lines(found.findings, words("id"))])
    assert told(found.findings, "log_id_is_name") and set(names) <= found.ids
    assert not any(word in said for name in names for word in name.split())


def test_shares_with_a_blank_cell_and_without_any():
    day = Session(None, "1")
    assert attendance_of([]).note == "no_data" and math.isnan(attendance_of([]).share)
    assert attendance_of([Came("a", day, "present"), Came("b", day, "absent")]).share == 0.5
    assert spread_of([0.7, 0.8, 0.9, 1, 0.75 - 1e-12], 0.75).regular == 4


def test_order_and_ids_of_pupils_change_nothing():
    dice = np.random.default_rng(5)
    marks = [Marks(f"p{n}", "math", "", float(pre), float(pre + up)) for n, (pre, up) in enumerate(zip(dice.integers(30, 70, 12), dice.integers(-5, 30, 12), strict=True))]
    subject = Subject.model_validate({"label": {"id": "M", "en": "M"}, "mastery": 60})
    other = [mark._replace(pupil=f"q{99 - n}") for n, mark in enumerate(reversed(marks))]
    assert grade_subject("math", subject, marks, Analysis()) == grade_subject("math", subject, other, Analysis())
