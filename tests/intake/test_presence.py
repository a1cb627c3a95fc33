"""Attendance sheets as people draw them up: which columns are sessions, and what each mark means."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from baksos_eval.intake.files import read_table
from baksos_eval.intake.presence import Presence, Session, read_across, read_down
from tests.activities.small import write_log


def across(folder: Path, headers: list[str], rows: list[list[str]], others: tuple[int, ...] = (0,), above: list[str] | None = None) -> Presence:
    name = write_log(folder, above, [headers, *rows]) if above else write_log(folder, headers, rows)
    return read_across(read_table(folder / name, name, header_row=2 if above else None, expected=["Kode"]), others)


def marks(found: Presence) -> list[tuple[int, int, str]]:
    return list(zip(found.row.tolist(), found.session.tolist(), found.mark.tolist(), strict=True))


@pytest.mark.parametrize(("text", "mark"), [
    *((text, "present") for text in ("H", "h", " H ", "Hadir", "HADIR", "hdr", "v", "V", "√", "✓", "✔", "1", "Ya", "masuk", "Terlambat", "hadir (telat)", "1.0")),
    *((text, "permitted") for text in ("I", "i", "izin", "IJIN", "Izin (acara keluarga)")), *((text, "sick") for text in ("S", "s.", "sakit", "SAKIT")),
    *((text, "absent") for text in ("A", "a", "alpa", "Alpha", "alfa", "TK", "tanpa keterangan", "tidak hadir", "0", "absen"))])
def test_marks_are_read(tmp_path: Path, text: str, mark: str):
    assert [found for _, _, found in marks(across(tmp_path, ["Kode", "05/08/2021"], [["B1", text], ["B2", "H"]]))] == [mark, "present"]


@pytest.mark.parametrize("text", ["", "-", ".", "–", " "])
def test_a_blank_is_no_mark(tmp_path: Path, text: str):
    found = across(tmp_path, ["Kode", "05/08/2021"], [["B1", text], ["B2", "H"]])
    assert marks(found) == [(1, 0, "present")] and found.findings == ()


@pytest.mark.parametrize("text", ["x", "X", "2", "P", "HS", "?", "H/I"])
def test_what_may_mean_two_things_is_told_and_not_guessed(tmp_path: Path, text: str):
    found = across(tmp_path, ["Kode", "05/08/2021"], [["B1", text], ["B2", "H"], ["B3", text]])
    (finding,) = found.findings
    assert (finding.code, finding.count, [where.row for where in finding.where]) == ("attendance_mark_unknown", 2, [2, 4]) and marks(found) == [(1, 0, "present")]


@pytest.mark.parametrize(("headers", "sessions"), [
    (["05/08/2021", "2021-08-12", "19 Agustus 2021"], [date(2021, 8, 5), date(2021, 8, 12), date(2021, 8, 19)]),
    (["Pertemuan 1 (05/08/2021)", "Pertemuan ke-2 (12/08/2021)"], [date(2021, 8, 5), date(2021, 8, 12)]), (["P1", "P2", "P-3"], ["P1", "P2", "P-3"]),
    (["1", "2", "3"], ["1", "2", "3"]), (["5/8", "12 Agt"], ["5/8", "12 Agt"]), (["Sesi 1", "TM 2", "Minggu ke 3"], ["Sesi 1", "TM 2", "Minggu ke 3"]),
    (["12/08/2021", "05/08/2021"], [date(2021, 8, 5), date(2021, 8, 12)])])
def test_titles_of_sessions(tmp_path: Path, headers: list[str], sessions: list[object]):
    found = across(tmp_path, ["Kode", *headers, "Jumlah hadir", "%", "Usia"], [["B1", *["H"] * len(headers), "3", "100", "9"], ["B2", *["I"] * len(headers), "0", "0", "10"]])
    assert [session.day or session.label for session in found.sessions] == sessions and len(found.mark) == 2 * len(headers) and found.findings == ()


def test_the_tenth_session_comes_after_the_ninth():
    names = [Session(None, f"Pertemuan {number}") for number in (10, 9, 1)] + [Session(date(2021, 8, 5), "x"), Session(None, "Akhir")]
    assert [session.label for session in sorted(names, key=lambda session: session.place)] == ["x", "Akhir", "Pertemuan 1", "Pertemuan 9", "Pertemuan 10"]


def test_a_numbered_column_without_marks_is_no_session(tmp_path: Path):
    assert [session.label for session in across(tmp_path, ["Kode", "1", "2"], [["B1", "H", "87"], ["B2", "A", "65"]]).sessions] == ["1"]


def test_a_heading_over_the_days_with_its_row_declared(tmp_path: Path):
    found = across(tmp_path, ["", "5", "12", "19"], [["B1", "H", "I", "H"], ["B2", "H", "H", "H"]], above=["Kode", "Tanggal", "", ""])
    assert len(found.sessions) == 3 and len(found.mark) == 6


def test_a_date_that_does_not_exist_is_told(tmp_path: Path):
    found = across(tmp_path, ["Kode", "30/02/2021", "05/08/2021"], [["B1", "H", "H"]])
    assert [finding.code for finding in found.findings] == ["session_date_impossible"] and found.sessions == (Session(date(2021, 8, 5), "05/08/2021"), Session(None, "30/02/2021"))


def test_without_sessions_that_is_told(tmp_path: Path):
    found = across(tmp_path, ["Kode", "Kelas"], [["B1", "4"]])
    assert [finding.code for finding in found.findings] == ["session_columns_missing"] and found.sessions == () and len(found.mark) == 0


def test_a_row_for_each_person_and_session(tmp_path: Path):
    name = write_log(tmp_path, ["Tanggal", "Kode", "Ket"], [["05/08/2021", "B1", "H"], ["05/08/2021", "B2", ""], ["31/02/2021", "B1", "H"], ["Pertemuan 3", "B1", "S"], ["", "B2", "H"]])
    found = read_down(read_table(tmp_path / name, name), 0, 2)
    assert marks(found) == [(0, 0, "present"), (3, 1, "sick")] and found.sessions == (Session(date(2021, 8, 5), ""), Session(None, "Pertemuan 3"))
    assert [(finding.code, [where.row for where in finding.where]) for finding in found.findings] == [("attendance_date_unreadable", [4, 6])]
