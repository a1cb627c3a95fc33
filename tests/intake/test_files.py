"""Files as they come: dialects, encodings, titles, totals; and every file that cannot be read."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words

from .small import codes, read_table, write_csv, write_xlsx

HEADERS = ("Kode", "a1", "a2", "Alasan")
ROWS = [list(HEADERS), ["AB1", "3,5", "4", "bagus; sekali, ya"], ["CD2", "1", "2", 'kata "baik"\ndua baris'], ["ÉF–3", "2", "2", "naïf"]]
TEXTS = [["AB1", "3,5", "4", "bagus; sekali, ya"], ["CD2", "1", "2", 'kata "baik" dua baris'], ["ÉF–3", "2", "2", "naïf"]]


def cells(table) -> list[list[str]]:
    return [list(map(str, row)) for row in table.frame.itertuples(index=False)]


def refusal(path: Path, **options) -> BaksosError:
    with pytest.raises(BaksosError) as refused:
        read_table(path, path.name, **options)
    assert all(all(describe(refused.value, words(language))) for language in LANGUAGES)
    return refused.value


@pytest.mark.parametrize("encoding", ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"))
@pytest.mark.parametrize("delimiter", (";", ",", "\t", "|"))
def test_dialects_and_encodings_give_the_same_table(tmp_path: Path, delimiter: str, encoding: str):
    path = write_csv(tmp_path / "data akhir.csv", ROWS, delimiter, encoding)
    if encoding == "utf-16-le":
        path.write_bytes(b"\xff\xfe" + path.read_bytes())
    table = read_table(path, "data akhir.csv", expected=HEADERS)
    assert (table.columns, cells(table), table.rows, table.header_row) == (HEADERS, TEXTS, (2, 3, 4), 1)
    assert codes(table.findings) == (["file_encoding_cp1252"] if encoding == "cp1252" else [])


@pytest.mark.parametrize("end", ("\n", "\r\n", "\r"))
def test_line_ends_and_blank_lines(tmp_path: Path, end: str):
    (tmp_path / "a.csv").write_bytes(end.join(["Kode;a1", "AB1;1", "", ";", "CD2;2", "", ""]).encode())
    table = read_table(tmp_path / "a.csv", "a.csv")
    assert (cells(table), table.rows) == ([["AB1", "1"], ["CD2", "2"]], (2, 5))


def test_a_line_that_names_the_separator_is_obeyed_and_not_counted(tmp_path: Path):
    (tmp_path / "a.csv").write_text("sep=|\r\nKode|a1\r\nA;1|1\r\n", encoding="utf-8")
    table = read_table(tmp_path / "a.csv", "a.csv")
    assert (table.columns, cells(table), table.rows) == (("Kode", "a1"), [["A;1", "1"]], (2,))


def test_decimal_commas_do_not_split_cells(tmp_path: Path):
    (tmp_path / "a.csv").write_text("nama;skor\nA;3,5\nB;4,25\n", encoding="utf-8")
    assert cells(read_table(tmp_path / "a.csv", "a.csv")) == [["A", "3,5"], ["B", "4,25"]]


def test_numbers_dates_and_truths_become_their_shortest_text(tmp_path: Path):
    from datetime import datetime

    write_xlsx(tmp_path / "a.xlsx", {"Data": [list("abcdef"), [4.0, 3.3000000000000003, True, datetime(2021, 8, 12), datetime(2021, 8, 12, 9, 15, 33), "004"]]})
    assert cells(read_table(tmp_path / "a.xlsx", "a.xlsx")) == [["4", "3.3", "TRUE", "2021-08-12", "2021-08-12 09:15:33", "004"]]


def test_words_for_missing_stay_words(tmp_path: Path):
    words = ["NA", "None", "nan", "Null", "N/A", "TRUE"]
    write_csv(tmp_path / "a.csv", [list("abcdef"), words])
    assert cells(read_table(tmp_path / "a.csv", "a.csv")) == [words]


def test_invisible_characters_are_taken_out(tmp_path: Path):
    write_csv(tmp_path / "a.csv", [["\ufeffKode\u200b", "a1\u00a0 "], ["A\u202e1", " se\u00adtuju\u00a0sekali "], ["\u200b", " "]])
    table = read_table(tmp_path / "a.csv", "a.csv")
    assert (table.columns, cells(table)) == (("Kode", "a1"), [["A1", "setuju sekali"]])


def test_the_header_is_found_below_titles(tmp_path: Path):
    rows = [["REKAP KUESIONER"], ["RT 04, Kelurahan Way Halim Permai"], [], ["No", "Kode", "a1", "a2"], [1, "AB1", 3, 4]]
    write_xlsx(tmp_path / "a.xlsx", {"Data": rows})
    table = read_table(tmp_path / "a.xlsx", "a.xlsx", expected=("Kode", "a1", "a2"))
    assert (table.header_row, table.columns, table.rows) == (4, ("No", "Kode", "a1", "a2"), (5,))


def test_the_header_row_can_be_named(tmp_path: Path):
    write_csv(tmp_path / "a.csv", [["Kode", "a1"], ["Kode", "a1"], ["AB1", "3"]])
    assert read_table(tmp_path / "a.csv", "a.csv", header_row=2, expected=("Kode",)).rows == (3,)
    assert refusal(tmp_path / "a.csv", header_row=9).code == "header_row_beyond_table"


def test_totals_and_signatures_are_cut_and_counted(tmp_path: Path):
    rows = [["No", "Kode", "a1"], [1, "AB1", 3], [2, "CD2", 4], ["Jumlah", None, 7], ["Rata-rata", None, 3.5], [], [None, None, "Mengetahui,"], [None, None, "Ketua RT 04"]]
    write_xlsx(tmp_path / "a.xlsx", {"Data": rows})
    table = read_table(tmp_path / "a.xlsx", "a.xlsx", expected=("Kode", "a1"))
    assert table.rows == (2, 3)
    assert [(finding.code, finding.count, finding.where[0].row) for finding in table.findings] == [("rows_below_table", 4, 4)]


def test_answers_below_a_subtotal_are_not_lost_silently(tmp_path: Path):
    write_csv(tmp_path / "a.csv", [["No", "Kode", "a1"], ["1", "AB1", "3"], ["Jumlah", "", "3"], ["2", "CD2", "4"], ["Jumlah", "", "4"]])
    table = read_table(tmp_path / "a.csv", "a.csv")
    finding = next(finding for finding in table.findings if finding.fatal)
    assert (finding.code, finding.count, finding.where[0].row, finding.details["label"]) == ("answers_below_totals", 1, 4, "jumlah")


def test_ragged_rows_are_named(tmp_path: Path):
    (tmp_path / "a.csv").write_text("Kode,a1,a2\nAB1,1,2\nCD2,1,2,3\nEF3,1\nGH4,1,2,\n\n", encoding="utf-8")
    table = read_table(tmp_path / "a.csv", "a.csv")
    assert [(finding.code, finding.fatal, finding.where[0].row, finding.details["found"]) for finding in table.findings] == [
        ("row_too_long", True, 3, 4), ("row_too_short", True, 4, 2)]


def test_every_row_longer_than_the_header_is_a_shift(tmp_path: Path):
    (tmp_path / "a.csv").write_text("Kode;a1\n1;AB1;3\n2;CD2;4\n", encoding="utf-8")
    table = read_table(tmp_path / "a.csv", "a.csv")
    assert [(finding.code, finding.count) for finding in table.findings] == [("row_too_long", 2)]


def test_double_headers_keep_their_places(tmp_path: Path):
    write_csv(tmp_path / "a.csv", [["P1", "P1", " P1"], ["1", "2", "3"]])
    assert read_table(tmp_path / "a.csv", "a.csv").columns == ("P1", "P1", "P1")


def test_spoilt_letters_are_noticed(tmp_path: Path):
    (tmp_path / "a.csv").write_text("Kode,a1\nRenÃ©e,1\n", encoding="utf-8")
    assert codes(read_table(tmp_path / "a.csv", "a.csv").findings) == ["text_double_encoded"]


def test_hidden_rows_are_counted(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": [["Kode", "a1"], ["AB1", 1], ["CD2", 2]]})
    book = load_workbook(path)
    book["Data"].row_dimensions[3].hidden = True
    book.save(path)
    table = read_table(path, "a.xlsx")
    assert [(finding.code, finding.count, finding.where[0].row) for finding in table.findings] == [("rows_hidden", 1, 3)]
    assert len(table.rows) == 2


def test_formulas_without_a_value_are_not_blanks(tmp_path: Path):
    write_xlsx(tmp_path / "a.xlsx", {"Data": [["Kode", "a1", "Jumlah"], ["AB1", 1, "=B2+1"]]})
    assert cells(read_table(tmp_path / "a.xlsx", "a.xlsx")) == [["AB1", "1", "=B2+1"]]


def test_a_stray_cell_far_below_does_not_cost_anything(tmp_path: Path):
    book = Workbook()
    book.active.append(["Kode", "a1"])
    book.active.append(["AB1", 1])
    book.active.cell(1_048_576, 1).value = " "
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx", "a.xlsx")
    assert (table.rows, codes(table.findings), table.findings[0].details["row"]) == ((2,), ["sheet_read_to_row"], 2)


def test_a_stray_cell_far_right_does_not_cost_anything(tmp_path: Path):
    book = Workbook()
    book.active.append(["Kode", "a1"])
    book.active.append(["AB1", 1])
    book.active.cell(2, 16_384).value = "x"
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx", "a.xlsx").columns == ("Kode", "a1")


@pytest.mark.parametrize(("name", "content", "code"), (
    ("kosong.csv", b"", "file_empty"),
    ("kosong.xlsx", b"", "file_empty"),
    ("baris kosong.csv", b"\n\n;;\n", "table_empty"),
    ("siakad.xls", b"\xef\xbb\xbf  <html><table><tr><td>1</td></tr></table></html>", "file_is_web_page"),
    ("laporan.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "file_is_web_page"),
    ("laporan.csv", b"%PDF-1.7\n", "file_unknown_type"),
    ("foto.xlsx", b"\x89PNG\r\n\x1a\n", "file_unknown_type"),
    ("biner.csv", b"Kode;a1\nA\0B;1\n", "file_not_text"),
    ("huruf.csv", b"Kode;a1\nA\x81\xe9;1\n", "file_encoding_unknown"),
    ("potong.csv", "Kode;a1\nÉé;é".encode()[:-1], "file_truncated"),
    ("petik.csv", b'Kode,a1\nAB1,"3\nCD2,4\n', "csv_quote_unclosed"),
    ("rusak.xlsx", b"PK\x03\x04" + bytes(200), "file_damaged"),
))
def test_files_that_cannot_be_read_say_why(tmp_path: Path, name: str, content: bytes, code: str):
    (tmp_path / name).write_bytes(content)
    error = refusal(tmp_path / name)
    assert (error.code, error.details["file"]) == (code, name)


def test_an_unclosed_quote_names_its_row(tmp_path: Path):
    (tmp_path / "a.csv").write_text('Kode,a1\n"dua\nbaris",1\nCD2,"3\nEF3,4\n', encoding="utf-8")
    assert {key: refusal(tmp_path / "a.csv").details[key] for key in ("row", "line")} == {"row": 3, "line": 4}


def test_a_missing_file_names_similar_ones(tmp_path: Path):
    write_csv(tmp_path / "Pretes RT 04.csv", ROWS)
    error = refusal(tmp_path / "pretes RT04.csv")
    assert (error.code, error.details["similar"]) == ("file_not_found", ("Pretes RT 04.csv",))


def test_a_folder_and_a_lock_file_are_not_tables(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("x", encoding="utf-8")
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05dosen")
    assert (refusal(tmp_path / "data").code, refusal(tmp_path / "data").details["files"]) == ("file_is_folder", ("a.csv",))
    assert (refusal(tmp_path / "~$a.xlsx").code, refusal(tmp_path / "~$a.xlsx").details["real"]) == ("file_is_lock", "a.xlsx")


def test_a_file_that_excel_keeps_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = write_csv(tmp_path / "a.csv", ROWS)

    def locked(*args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    assert (refusal(path).code, refusal(path).details["reason"]) == ("file_not_readable", "Permission denied")


@pytest.mark.parametrize("share", (0.1, 0.5, 0.9, 0.99))
def test_truncated_workbooks(tmp_path: Path, share: float):
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS * 50})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert refusal(path).code == "file_damaged"


def test_workbooks_with_a_broken_sheet(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-60]
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert refusal(path).code == "file_damaged"


def test_a_workbook_without_cell_styles_is_refused_without_a_word_on_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A library that prints would spoil what a command writes for other programs."""
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/styles.xml"] = re.sub(rb"<cellStyleXfs.*?</cellStyleXfs>", b"<cellStyleXfs/>", parts["xl/styles.xml"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert refusal(path).code == "file_damaged"
    assert capsys.readouterr().out == ""


def test_entities_in_a_sheet_are_refused(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    parts["xl/worksheets/sheet1.xml"] = bomb + parts["xl/worksheets/sheet1.xml"].replace(b"AB1", b"&b;")
    assert b"&b;" in parts["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert refusal(path).code == "file_damaged"


def test_passwords_are_recognised(tmp_path: Path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
    (tmp_path / "a.xlsx").write_bytes(ole)
    assert refusal(tmp_path / "a.xlsx").code == "file_password"


def test_damaged_old_workbooks_cost_a_child_process_only(tmp_path: Path):
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(4000))
    assert refusal(tmp_path / "a.xls").code == "file_damaged"


def test_zip_bombs_are_refused_by_their_directory(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(60_000_000))
    assert refusal(path).code == "file_too_large"


def test_other_zip_archives_are_not_workbooks(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(tmp_path / "a.xlsx").code == "file_not_a_workbook"


def test_open_document_sheets(tmp_path: Path):
    content = ('<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
               'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
               '<office:body><office:spreadsheet><table:table table:name="Data">' + "".join(
                   "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row)
                   + "</table:table-row>" for row in (["Judul"], ["Kode", "a1"], ["AB1", "setuju"]))
               + "</table:table></office:spreadsheet></office:body></office:document-content>")
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
    table = read_table(tmp_path / "a.ods", "a.ods", sheet="data", expected=("Kode", "a1"))
    assert (table.columns, cells(table), table.rows) == (("Kode", "a1"), [["AB1", "setuju"]], (3,))
    assert refusal(tmp_path / "a.ods", sheet="Pretes").code == "sheet_not_found"


def test_names_that_lie_about_the_content(tmp_path: Path):
    book = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS}).rename(tmp_path / "buku.csv")
    text = write_csv(tmp_path / "teks.xlsx", ROWS)
    for path, code in ((book, "file_is_workbook"), (text, "file_is_text")):
        table = read_table(path, path.name)
        assert (len(table.rows), codes(table.findings)) == (3, [code])


def test_sheets_are_found_by_name_or_alone(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Pretes ": ROWS, "Postes": ROWS[:3], "Kosong": []})
    assert len(read_table(path, "a.xlsx", sheet="  pretes").rows) == 3
    error = refusal(path, sheet="Pre test")
    assert (error.code, error.details["similar"], error.details["sheets"]) == ("sheet_not_found", ("Pretes", "Postes"), ("Pretes ", "Postes", "Kosong"))
    assert (refusal(path).code, refusal(path).details["sheets"]) == ("sheet_not_named", ("Pretes ", "Postes"))
    assert refusal(write_xlsx(tmp_path / "b.xlsx", {"Satu": [], "Dua": []})).code == "sheet_all_empty"
    assert len(read_table(write_xlsx(tmp_path / "c.xlsx", {"Satu": [], "Dua": ROWS}), "c.xlsx").rows) == 3


def test_a_workbook_is_closed_even_when_refused(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": ROWS})
    refusal(path, sheet="lain")
    read_table(path, "a.xlsx")
    path.unlink()
    assert not path.exists()


def test_many_rows_keep_their_order(tmp_path: Path):
    rows = [["Kode", "a1"]] + [[f"K{number}", number % 5] for number in range(45_000)]
    table = read_table(write_csv(tmp_path / "a.csv", rows), "a.csv")
    assert table.rows == tuple(range(2, 45_002))
    assert table.frame[0].tolist() == [f"K{number}" for number in range(45_000)]
    assert table.frame[1].cat.categories.tolist() == ["", "0", "1", "2", "3", "4"]


def test_bytes_never_end_in_a_traceback(tmp_path: Path):
    """Flipped bytes of a workbook and of a text either read or are refused by name."""
    import random

    dice = random.Random(20210812)
    text = io.BytesIO()
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(text)
    sources = {"a.xlsx": text.getvalue(), "a.csv": write_csv(tmp_path / "b.csv", ROWS).read_bytes()}
    for name, whole in sources.items():
        for _ in range(60):
            spoilt = bytearray(whole)
            for _ in range(dice.randint(1, 20)):
                spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
            (tmp_path / name).write_bytes(bytes(spoilt))
            try:
                read_table(tmp_path / name, name)
            except BaksosError as error:
                assert error.details["file"] == name


@pytest.mark.parametrize("label", (
    "Jumlah", "JUMLAH SKOR", "jml", "Total", "Sub total", "Rata-rata", "Rerata", "Mean", "Average", "Persentase (%)", "Skor total", "Skor maksimum",
    "Nilai rata-rata", "Nilai tertinggi", "Standar deviasi", "Simpangan baku", "Std. Deviation", "Median", "Modus",
    "Mengetahui,", "Menyetujui", "Mengesahkan", "Ketua RT 04", "Dosen Pembimbing Lapangan", "Keterangan: B = benar", "Catatan", "Sumber: data primer", "Note:",
    *(f"Bandar Lampung, 12 {month} 2021" for month in (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"))))
def test_words_that_end_a_table(tmp_path: Path, label: str):
    write_csv(tmp_path / "a.csv", [["No", "Kode", "a1", "a2"], ["1", "AB1", "3", "4"], ["2", "CD2", "4", "4"], ["", label, "", ""]])
    table = read_table(tmp_path / "a.csv", "a.csv")
    assert (table.rows, codes(table.findings)) == ((2, 3), ["rows_below_table"])


@pytest.mark.parametrize("name", ("Meitri", "Julia Total", "Sumberejo", "Ketut", "Maretha", "Catur", "Notes"))
def test_people_whose_names_resemble_them_stay(tmp_path: Path, name: str):
    write_csv(tmp_path / "a.csv", [["Nama", "a1", "a2"], ["Adi", "3", "4"], [name, "4", "4"], ["Budi", "4", "4"]])
    assert read_table(tmp_path / "a.csv", "a.csv").rows == (2, 3, 4)
