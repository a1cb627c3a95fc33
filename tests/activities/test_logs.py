"""Logs as people write them: read where they are clear, refused where they are not, and nobody recognisable in what is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from baksos_eval.activities.activities import read_activities
from baksos_eval.activities.aid import AidRow
from baksos_eval.activities.amounts import Quantity
from baksos_eval.activities.logs import ReadLog, read_log
from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from tests.activities.small import codes, study_with, told, write_log

HEADER = ["No", "Tgl", "RT", "Kode KK", "Jenis", "Jumlah", "Nilai (Rp)", "Cara", "Bukti", "Keterangan"]
GOOD = ["1", "14/08/2021", "4", "KK-01", "masker", "10 lbr", "Rp25.000,00", "door to door", "foto", ""]


def read(folder: Path, rows: list[list[str]], header: list[str] = HEADER, settings: str = "", **other: object) -> ReadLog[AidRow]:
    write_log(folder, header, rows)
    study = study_with(folder, f'\n[activities.aid]\nfile = "catatan.csv"\n{settings}', **other)
    return read_log(study, study.activities.aid, "aid", AidRow)


def changed(**cells: str) -> list[str]:
    """The good row with other cells."""
    places = {"date": 1, "rt": 2, "household": 3, "kind": 4, "quantity": 5, "value": 6, "way": 7, "proof": 8, "note": 9}
    row = list(GOOD)
    for name, text in cells.items():
        row[places[name]] = text
    return row


def test_a_clear_row_is_read_without_a_remark(tmp_path: Path):
    log = read(tmp_path, [GOOD])
    (row,) = log.rows
    assert codes(log.findings) == []
    assert row[1:3] == (date(2021, 8, 14), "RT 04") and row.where.row == 2
    assert (row.kind, row.quantity, row.value, row.way, row.proof) == ("masks", Quantity(10, "sheet"), 25_000, "door", "photo")
    assert row.household.startswith("K-") and "01" not in row.household[:4]


@pytest.mark.parametrize(("cells", "code"), [
    ({"date": "32/08/2021"}, "log_date_unreadable"), ({"date": "14-16 Agustus"}, "log_date_unreadable"), ({"date": "14/08/2011"}, "log_date_far"),
    ({"date": ""}, "log_cell_empty"), ({"rt": "40"}, "log_rt_unknown"), ({"rt": "Siti Aminah"}, "log_rt_no_label"), ({"household": "1,87E+15"}, "log_id_spoilt"), ({"kind": "Madu"}, "log_choice_own"),
    ({"kind": ""}, "log_cell_empty"), ({"quantity": ""}, "log_cell_empty"), ({"quantity": "-2"}, "log_quantity_negative"),
    ({"quantity": "beberapa"}, "log_quantity_unreadable"), ({"quantity": "1.250"}, "log_quantity_doubtful"), ({"value": "gratis"}, "log_rupiah_unreadable"),
    ({"value": "-5.000"}, "log_rupiah_negative"), ({"value": "1,250 jt"}, "log_rupiah_doubtful"), ({"value": "25"}, "log_rupiah_small"),
    ({"way": "drone"}, "log_choice_unknown"), ({"proof": "katanya"}, "log_choice_unknown"),
])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_cell_does_not_say_is_a_finding_with_its_place(tmp_path: Path, cells: dict[str, str], code: str, language: str):
    log = read(tmp_path, [GOOD, changed(**cells, note="lain")], language=language)
    finding = told(log.findings, code)
    assert finding.where[0].row == 3 and finding.where[0].file == "catatan.csv" and finding.where[0].column == HEADER[{"date": 1, "rt": 2, "household": 3, "kind": 4, "quantity": 5, "value": 6, "way": 7, "proof": 8}[next(iter(cells))]]
    assert codes(log.findings) == [code] and len(log.rows) == 2
    assert all(line.strip() and "{" not in line for line in all_lines(log.findings, words(language)))


def test_missing_and_double_columns_and_wrong_names_are_told_at_once(tmp_path: Path):
    log = read(tmp_path, [["x"] * 4], ["Jumlah", "Jumlah", "Jenis", "Kode"], settings='columns = { tanggal = "Tgl", proof = "Bukti terima" }')
    assert log.rows == ()
    assert codes(log.fatal) == ["log_column_missing", "log_column_twice", "log_field_unknown"]
    assert [finding.details["name"] for finding in log.findings if finding.code == "log_column_missing"] == ["proof", "date"]


def test_a_log_below_a_title_and_above_totals_is_read(tmp_path: Path):
    write_log(tmp_path, ["LOG BANTUAN"], [[""], HEADER, GOOD, changed(date="15/08/2021"), ["", "Jumlah", "", "", "", "20"]])
    study = study_with(tmp_path, '\n[activities.aid]\nfile = "catatan.csv"\n')
    log = read_log(study, study.activities.aid, "aid", AidRow)
    assert [row.where.row for row in log.rows] == [4, 5] and codes(log.findings) == ["log_rows_below"]


def test_dates_whose_order_nobody_tells(tmp_path: Path):
    assert told(read(tmp_path, [changed(date="03/04/2021")]).findings, "log_dates_assumed")
    declared = read(tmp_path, [changed(date="03/04/2021")], settings='dates = "month_first"')
    assert declared.rows[0].date == date(2021, 3, 4) and declared.findings == ()
    mixed = read(tmp_path, [changed(date="14/08/2021"), changed(date="08/15/2021")])
    assert codes(mixed.findings) == ["log_dates_mixed"] and {row.date for row in mixed.rows} == {None}
    assert read(tmp_path, [changed(date="Sabtu, 14 Agustus 2021"), changed(date="Minggu/15-08-2021")]).rows[1].date == date(2021, 8, 15)


def test_a_row_written_twice_is_told_and_kept(tmp_path: Path):
    log = read(tmp_path, [GOOD, ["2", *GOOD[1:]]])
    assert told(log.findings, "log_row_repeated").where[0].row == 3 and len(log.rows) == 2


def test_words_of_a_study_mean_what_it_says(tmp_path: Path):
    log = read(tmp_path, [changed(kind="Masker batik"), changed(kind="madu"), changed(kind="Madu ")], settings='words = { kind = { "masker batik" = "masker", madu = "Madu hutan" } }')
    assert [row.kind for row in log.rows] == ["masks", "Madu hutan", "Madu hutan"]
    assert told(read(tmp_path, [GOOD], settings='words = { way = { helikopter = "udara" } }').findings, "log_word_unknown").fatal


def test_units_beside_and_in_the_header(tmp_path: Path):
    header = [*HEADER[:5], "Jumlah (dus)", *HEADER[6:]]
    assert read(tmp_path, [changed(quantity="2")], header).rows[0].quantity == Quantity(2, "carton")
    beside = read(tmp_path, [[*changed(quantity="2 dus"), "lembar"]], [*HEADER, "Satuan"])
    assert beside.rows[0].quantity.value is None and codes(beside.findings) == ["log_unit_contradicts"]


PEOPLE = ["Siti Aminah", "3275014507890003", "081234567890", "siti.aminah@contoh.id"]


def test_nobody_is_recognisable_in_what_is_kept(tmp_path: Path):
    header = [*HEADER, "Nama penerima", "NIK", "HP", "Email"]
    notes = ["titip Bu Siti", "hubungi 081234567890", "NIK 3275014507890003", "surat ke siti.aminah@contoh.id", "Aminah tidak di rumah", "ke Pak Joko Susilo, lalu pulang",
             "diantar Pak RT", "081234567891 tetangga"]
    log = read(tmp_path, [[*changed(note=note, kind=f"barang {note}"), *PEOPLE] for note in notes], header)
    kept = repr(log.rows) + repr(log.findings) + "".join(all_lines(log.findings, words("id")))
    assert [text for text in (*PEOPLE, "Aminah", "Joko", "Susilo", "081234567891") if text in kept] == []
    assert "Pak RT" in kept and {*PEOPLE} <= log.contacts and "KK-01" in log.ids and "KK-01" not in kept
    assert "contacts=" not in repr(log) and not any(text in repr(log) for text in PEOPLE)


def test_households_told_by_names_are_pseudonyms_with_a_warning(tmp_path: Path):
    header = [*HEADER[:3], "Nama kepala keluarga", *HEADER[4:]]
    log = read(tmp_path, [changed(household="Siti Aminah"), changed(household="siti aminah", date="15/08/2021")], header)
    assert len({row.household for row in log.rows}) == 1 and told(log.findings, "log_id_is_name").count == 2
    assert "Aminah" not in repr(log.rows) + repr(log.findings)


def test_a_household_has_one_name_in_every_log_of_an_rt(tmp_path: Path):
    first = read(tmp_path, [GOOD, changed(rt="RT 05")]).rows
    again = read(tmp_path, [changed(household="kk 01", rt="RT.04")]).rows
    assert first[0].household == again[0].household != first[1].household


def test_a_workbook_with_a_sheet_for_each_rt(tmp_path: Path):
    from openpyxl import Workbook

    book = Workbook()
    for sheet, rt in zip((book.active, book.create_sheet()), ("RT 4", "RT 05"), strict=True):
        sheet.title = rt
        for row in ([*HEADER[:2], *HEADER[3:]], [*GOOD[:2], *GOOD[3:]]):
            sheet.append(row)
    book.save(tmp_path / "log bantuan.xlsx")
    study = study_with(tmp_path, '\n[activities.aid]\nfile = "log bantuan.xlsx"\nsheet = "*"\n')
    assert [(row.rt, row.where.sheet) for row in read_log(study, study.activities.aid, "aid", AidRow).rows] == [("RT 04", "RT 4"), ("RT 05", "RT 05")]


def test_a_log_that_is_not_there(tmp_path: Path):
    study = study_with(tmp_path, '\n[activities.aid]\nfile = "tiada.csv"\n')
    activities = read_activities(study)
    assert activities.aid is None and activities.unreadable == ("aid",) and codes(activities.fatal) == ["file_not_found"]


def test_a_study_without_logs_has_no_activities(tmp_path: Path):
    activities = read_activities(study_with(tmp_path, ""))
    assert (activities.kinds, activities.findings) == ((), ())


@pytest.mark.parametrize(("settings", "code"), [
    ('households = { "RT 4" = 10, "RT 04" = 12 }', "activity_rt_twice"), ('households = { "RT 4" = 0 }', "toml_bad_value"), ('berkas = "x"', "toml_unknown_key"),
    ('budget = [{ label = { id = "a", en = "a" }, kinds = ["masker"], rupiah = 1 }, { label = { id = "b", en = "b" }, kinds = ["masker"], rupiah = 2 }]', "aid_budget_kind_twice"),
    ('budget = [{ label = { id = "a", en = "a" }, kinds = ["masker"], rupiah = -1 }]', "toml_bad_value")])
def test_faults_in_study_toml(tmp_path: Path, settings: str, code: str):
    with pytest.raises(BaksosError) as caught:
        study_with(tmp_path, f'\n[activities.aid]\nfile = "catatan.csv"\n{settings}\n')
    assert codes(caught.value.findings) == [code]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_in_the_column_of_rts_is_quoted_nowhere(tmp_path: Path, language: str):
    log = read(tmp_path, [GOOD, changed(rt="Siti Aminah"), changed(rt="RT 04 Budi Santoso"), changed(rt="RT 40")], language=language)
    assert [row.rt for row in log.rows] == ["RT 04", "", "", "RT 40"]
    unknown, no_label = (told(log.findings, code) for code in ("log_rt_unknown", "log_rt_no_label"))
    assert unknown.details["found"] == ("RT 40",) and unknown.rt == "RT 40"
    assert (no_label.rt, [where.row for where in no_label.where], no_label.count) == ("", [3, 4], 2) and "found" not in no_label.details
    said = " ".join(all_lines(log.findings, words(language))) + repr(log)
    assert not any(name in said for name in ("Siti", "Aminah", "Budi", "Santoso"))
