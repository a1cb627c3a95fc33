"""The corpus: each file's fault, its bytes, what was meant by it, and what reading it must say."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.corpus.old_excel import old_workbook
from tests.intake.small import POST, PRE

Rows = Sequence[Sequence[object]]
NUMBERS = [PRE[0], *([row[0], *map(int, row[1:])] for row in PRE[1:])]
DAY = datetime(2021, 8, 3)
TIMED = ["Waktu", *PRE[0]]
POST_OF_WIDE = [["Kode", "a1", "a2", "a3"], ["AB1", "4", "1", "4"], ["CD2", "3", "2", "4"], ["EF3", "3", "1", "3"], ["GH4", "2", "2", "3"], ["IJ5", "4", "1", "2"]]
"""What files that hold both waves say of the one after."""


@dataclass(frozen=True)
class Case:
    """One file.

    Attributes:
        name: the file's name; it begins with the row of the fault matrix.
        fault: what is wrong or odd about it.
        content: makes its bytes.
        codes: every finding that weighs more than a note, from reading it as the questionnaires before.
        notes: notes that must be among the findings.
        meant: the rows that its maker meant, where they can be had; compared with what is read.
        shown: the table that the file shows, for comparing with what pandas makes of it; without it, ``meant``.
        columns: what ``[columns]`` of the study says.
        source: what the file's entry in ``[[files]]`` says beside its name.
        post: the questionnaires after; empty: the same file.
    """

    name: str
    fault: str
    content: Callable[[], bytes]
    codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    meant: Rows | None = None
    shown: Rows | None = None
    columns: str = 'id = "Kode"'
    source: str = 'wave = "pre"\nrt = "RT 04"'
    post: Rows = tuple(map(tuple, POST))
    head: str = ""

    @property
    def readable(self) -> bool:
        """Whether the RT can be analysed with it."""
        return self.meant is not None


def text(rows: Rows, delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return written.getvalue().encode(encoding)


def book(sheets: dict[str, Rows] | Rows, change: Callable[[Workbook], None] | None = None) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in (sheets if isinstance(sheets, dict) else {"Data": sheets}).items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.properties.created = made.properties.modified = DAY
    if change:
        change(made)
    stream = io.BytesIO()
    made.save(stream)
    return repacked(stream.getvalue(), lambda name, part: part)


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The archive with its parts changed, and without the moment of its making."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, (2021, 8, 3, 0, 0, 0)), change(name, source.read(name)), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def with_sheet(before: bytes = b"", old: bytes = b"", new: bytes = b"") -> bytes:
    """A workbook whose worksheet begins with something else, or has something replaced."""
    return repacked(book(PRE), lambda name, part: before + part.replace(old, new) if name == "xl/worksheets/sheet1.xml" else part)


def cell(row: int, column: int, value: object, rows: Rows = PRE) -> list[list[object]]:
    changed = [list(cells) for cells in rows]
    changed[row][column] = value
    return changed


def column(header: str, values: Sequence[object], rows: Rows = PRE) -> list[list[object]]:
    return [[*row, value] for row, value in zip(rows, [header, *values], strict=True)]


def stamped(values: Sequence[object]) -> list[list[object]]:
    return [[value, *row] for row, value in zip(PRE, ["Waktu", *values], strict=True)]


def twice_filled() -> list[list[object]]:
    """The questionnaires before and after of one form, with the days on which they were sent."""
    return [["Waktu", *PRE[0]], *([datetime(2021, 8, 3), *row] for row in NUMBERS[1:]), *([datetime(2021, 8, 12), row[0], *map(int, row[1:])] for row in POST_OF_WIDE[1:])]


def since_1904(made: Workbook) -> None:
    made.epoch = CALENDAR_MAC_1904


def archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name, (2021, 8, 3, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def open_document(rows: Rows) -> bytes:
    body = "".join("<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>' for value in row)
                   + "</table:table-row>" for row in rows)
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    content = (f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet><table:table table:name="Data">{body}'
               "</table:table></office:spreadsheet></office:body></office:document-content>")
    manifest = b'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def statistical(ending: str, **options: object) -> bytes:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame([[row[0], *map(float, row[1:])] for row in PRE[1:]], columns=PRE[0])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x.{ending}")
        if ending == "dta":
            pyreadstat.write_dta(frame, path, **options)
        else:
            pyreadstat.write_sav(frame, path, compress=ending == "zsav", **options)
        return path.read_bytes()


def hide(made: Workbook) -> None:
    made["Data"].row_dimensions[3].hidden = True


def far_cell(row: int, position: int, value: object = "x") -> Callable[[Workbook], None]:
    def change(made: Workbook) -> None:
        made["Data"].cell(row, position).value = value
    return change


LABELS = {"1": "Sangat tidak setuju", "2": "Tidak setuju", "3": "Setuju", "4": "Sangat setuju"}
WORDS = [PRE[0], *([row[0], *(LABELS[value] for value in row[1:])] for row in PRE[1:])]
FATAL_SHIFT = [PRE[0], *([str(number), *row] for number, row in enumerate(PRE[1:], start=1))]
RT = 'id = "Kode"\nrt = "RT"'
TIME = 'id = "Kode"\ntime = "Waktu"'
FOREIGN = {"pdf": b"%PDF-1.4\n%\xe2\xe3\n", "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF", "rtf": b"{\\rtf1 x}"}
LONG = "Semoga kegiatan ini berlanjut. " * 1000

CASES: tuple[Case, ...] = (
    # I. The file itself
    Case("F03 kosong.xlsx", "berkas 0 byte (unduhan gagal, OneDrive)", lambda: b"", ("file_empty",)),
    Case("F03 kosong.csv", "berkas teks 0 byte", lambda: b"", ("file_empty",)),
    Case("F04 terpotong 10 persen.xlsx", "unduhan terputus di awal", lambda: book(PRE)[:500], ("file_damaged",)),
    Case("F04 terpotong 50 persen.xlsx", "unduhan terputus di tengah", lambda: book(PRE)[:2400], ("file_damaged",)),
    Case("F04 terpotong di ujung.xlsx", "beberapa byte terakhir hilang", lambda: book(PRE)[:-30], ("file_damaged",)),
    Case("F04 lembar terpotong.xlsx", "arsip utuh, isi lembarnya terpotong",
         lambda: repacked(book(PRE), lambda name, part: part[:-80] if "sheet1" in name else part), ("file_damaged",)),
    Case("F05 berpassword.xlsx", "terkunci dengan kata sandi",
         lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(992), ("file_password",)),
    Case("~$F06 kunci.xlsx", "berkas kunci Excel", lambda: b"\x05dosen" + bytes(159), ("file_is_lock",)),
    Case("F07 csv bernama.xlsx", "CSV yang bernama .xlsx", lambda: text(PRE), notes=("file_is_text",), meant=PRE),
    Case("F07 xlsx bernama.csv", "buku kerja yang bernama .csv", lambda: book(PRE), notes=("file_is_workbook",), meant=PRE),
    Case("F07 pdf bernama.xlsx", "PDF yang bernama .xlsx", lambda: FOREIGN["pdf"], ("file_unknown_type",)),
    Case("F07 foto bernama.csv", "foto yang bernama .csv", lambda: FOREIGN["jpg"], ("file_unknown_type",)),
    Case("F07 docx bernama.xlsx", "dokumen Word yang bernama .xlsx", lambda: archive({"word/document.xml": b"<w/>"}), ("file_not_a_workbook",)),
    Case("F08 html bernama.xls", "tabel HTML dari sistem kampus", lambda: b"<html><table><tr><td>Kode</td><td>a1</td></tr><tr><td>AB1</td><td>3</td></tr></table></html>",
         ("file_is_web_page",)),
    Case("F09 excel lama.xls", "buku kerja Excel 97-2003", lambda: old_workbook(NUMBERS), meant=PRE),
    Case("F09 excel lama rusak.xls", "buku kerja Excel 97-2003 yang rusak", lambda: old_workbook(NUMBERS)[:1500], ("file_damaged",)),
    Case("F10 libreoffice.ods", "lembar LibreOffice", lambda: open_document(PRE), meant=PRE),
    Case("F11 spss.sav", "data SPSS", lambda: statistical("sav"), meant=PRE),
    Case("F11 spss padat.zsav", "data SPSS yang dimampatkan", lambda: statistical("zsav"), meant=PRE),
    Case("F11 spss berlabel.sav", "data SPSS dengan label nilai", lambda: statistical(
        "sav", variable_value_labels={item: {float(code): label for code, label in LABELS.items()} for item in PRE[0][1:]}), meant=PRE, shown=WORDS),
    Case("F11 spss terpotong.sav", "data SPSS yang terpotong", lambda: statistical("sav")[:420], ("file_damaged",)),
    Case("F11 stata.dta", "data Stata", lambda: statistical("dta"), meant=PRE),
    Case("F11 stata terpotong.dta", "data Stata yang terpotong", lambda: statistical("dta")[:900], ("file_damaged",)),
    Case("F12 bom zip.xlsx", "25 MB nol di dalam 25 kB", lambda: repacked(book(PRE), lambda name, part: part + bytes(25_000_000) if "styles" in name else part),
         ("file_too_large",)),
    Case("F13 sel di pojok.xlsx", "satu sel terisi di kolom terakhir, baris terakhir", lambda: book(PRE, far_cell(1_048_576, 16_384)),
         notes=("sheet_read_to_row",), meant=PRE),
    Case("F14 spasi di baris sejuta.xlsx", "satu spasi di baris 1.048.576", lambda: book(PRE, far_cell(1_048_576, 1, " ")), notes=("sheet_read_to_row",), meant=PRE),
    Case("F15 bom entitas.xlsx", "entitas XML berlapis (billion laughs)", lambda: with_sheet(
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>', b"</worksheet>", b"&c;</worksheet>"),
         ("file_damaged",)),
    Case("F15 entitas luar.xlsx", "entitas XML yang membaca berkas lain (XXE)", lambda: with_sheet(
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>', b"</worksheet>", b"&a;</worksheet>"), ("file_damaged",)),
    Case("F16 seratus lembar.xlsx", "seratus lembar kosong dan satu yang berisi", lambda: book({"Data": PRE} | {f"Sheet{number}": [] for number in range(100)}), meant=PRE),
    Case("F16 semua lembar kosong.xlsx", "tidak ada lembar yang berisi", lambda: book({"Sheet1": [], "Sheet2": []}), ("sheet_all_empty",)),
    Case("F16 dua lembar berisi.xlsx", "dua lembar berisi, tidak disebut yang mana", lambda: book({"Pretes": PRE, "Postes": POST}), ("sheet_not_named",)),
    Case("F17 bermakro.xlsm", "buku kerja dengan makro", lambda: repacked(book(PRE), lambda name, part: part), meant=PRE),
    Case("F20 sama dua kali.csv", "berkas yang sama untuk pre dan post", lambda: text(PRE), ("same_table_twice",), post=()),
    Case("F21 pre setelah post.csv", "pre dan post tertukar menurut waktunya", lambda: text(stamped(["2021-09-20 10:00:00"] * 5)), ("post_before_pre",),
         columns=TIME, post=[["Waktu", *POST[0]], *(["2021-08-30 10:00:00", *row] for row in POST[1:])]),
    Case("F22 rt lain.csv", "berkas RT 05 disebut sebagai RT 04", lambda: text(column("RT", ["RT 05"] * 5)), ("rt_contradicts",), columns=RT,
         post=column("RT", ["RT 04"] * 5, POST)),
    # II. CSV dialect and encoding
    Case("C01 titik koma.csv", "pemisah titik koma (Excel Indonesia)", lambda: text(PRE, ";"), meant=PRE),
    Case("C01 titik koma desimal koma.csv", "titik koma dan desimal koma", lambda: text([PRE[0], *([row[0], *(f"{value},0" for value in row[1:])] for row in PRE[1:])], ";"),
         meant=PRE),
    Case("C01 tab.csv", "pemisah tab", lambda: text(PRE, "\t"), meant=PRE),
    Case("C01 garis.csv", "pemisah garis tegak", lambda: text(PRE, "|"), meant=PRE),
    Case("C01 semua dikutip.csv", "KoboToolbox: titik koma, semuanya diapit petik", lambda: text(PRE, ";", quoting=csv.QUOTE_ALL), meant=PRE),
    Case("C02 setiap baris lebih panjang.csv", "nomor urut tanpa judul menggeser semua kolom", lambda: text(FATAL_SHIFT), ("answer_unreadable", "row_too_long")),
    Case("C03 satu baris lebih panjang.csv", "koma tanpa petik di dalam jawaban", lambda: text([*PRE[:3], [*PRE[3], "lebih"], *PRE[4:]]), ("row_too_long",)),
    Case("C03 satu baris lebih pendek.csv", "satu baris kurang isian", lambda: text([*PRE[:3], PRE[3][:2], *PRE[4:]]), ("row_too_short",)),
    Case("C04 baris sep.csv", "baris pertama sep=;", lambda: b"sep=;\r\n" + text(PRE, ";"), meant=PRE),
    Case("C05 utf16 le.csv", "\"Unicode text\" Excel: UTF-16 dan tab", lambda: text(PRE, "\t", "utf-16"), meant=PRE),
    Case("C05 utf16 be.csv", "UTF-16 big endian", lambda: b"\xfe\xff" + text(PRE, "\t", "utf-16-be"), meant=PRE),
    Case("C06 utf8 bom.csv", "UTF-8 dengan BOM", lambda: text(PRE, encoding="utf-8-sig"), meant=PRE),
    Case("C06 windows 1252.csv", "pengodean Windows", lambda: text(cell(1, 0, "RENÉ1"), encoding="cp1252"), notes=("file_encoding_cp1252",), meant=cell(1, 0, "RENÉ1"),
         post=cell(1, 0, "René1", POST)),
    Case("C07 dua kali dikodekan.csv", "huruf rusak (RenÃ©e)", lambda: text(cell(1, 0, "RenÃ©e")), ("few_pairs", "text_double_encoded"), meant=cell(1, 0, "RenÃ©e"),
         shown=cell(1, 0, "Renée"), post=cell(1, 0, "Renée", POST)),
    Case("C08 byte nol.csv", "byte NUL di dalam teks", lambda: text(PRE).replace(b"CD2", b"C\0D2"), ("file_not_text",)),
    Case("C09 petik terbuka.csv", "tanda petik tidak ditutup", lambda: text(PRE).replace(b"CD2", b'"CD2'), ("csv_quote_unclosed",)),
    Case("C10 hanya judul.csv", "judul kolom tanpa responden", lambda: text(PRE[:1]), ("table_without_rows",)),
    Case("C11 akhir baris cr.csv", "akhir baris CR (Mac lama)", lambda: text(PRE, end="\r"), meant=PRE),
    Case("C11 akhir baris campur.csv", "akhir baris campur dan baris kosong", lambda: text(PRE[:3], end="\n") + b"\r\n\n" + text(PRE[3:]) + b"\n\n", meant=PRE),
    Case("C12 terpotong dalam huruf.csv", "berkas terpotong di tengah huruf", lambda: text([*PRE, ["é–é", "3", "3", "é"]]).rstrip()[:-1], ("file_truncated",)),
    Case("C13 baris baru dalam isian.csv", "isian berpetik dengan baris baru, titik koma, dan petik", lambda: text(column("Saran", ['bagus\n"sekali"; ya', "", "x\r\ny", "", ""])),
         meant=PRE, shown=column("Saran", ['bagus\n"sekali"; ya', "", "x\r\ny", "", ""])),
    # III. Cell values
    Case("V01 desimal koma.xlsx", "angka sebagai teks dengan desimal koma", lambda: book([PRE[0], *([row[0], *(f"{value},0" for value in row[1:])] for row in PRE[1:])]), meant=PRE),
    Case("V02 angka sebagai teks.xlsx", "sebagian angka tersimpan sebagai teks", lambda: book(cell(2, 1, "2", NUMBERS)), meant=PRE),
    Case("V03 kata likert.csv", "jawaban berupa kata dengan spasi dan huruf berbeda", lambda: text([WORDS[0], *([row[0], *(f" {value.upper()} " for value in row[1:])] for row in WORDS[1:])]),
         meant=PRE, shown=WORDS),
    Case("V03 kata tak dikenal.csv", "jawaban \"sgt stuju\"", lambda: text(cell(1, 1, "sgt stuju")), ("answer_unreadable", "too_many_blanks")),
    Case("V04 di luar skala.csv", "nilai 6 pada skala 1-4", lambda: text(cell(1, 1, "6")), ("answer_out_of_range", "too_many_blanks")),
    Case("V04 salah ketik 44.xlsx", "nilai 44 pada skala 1-4", lambda: book(cell(3, 2, 44, NUMBERS)), ("answer_out_of_range", "too_many_blanks")),
    Case("V06 kode hilang 99.csv", "99 untuk tidak menjawab", lambda: text(cell(1, 1, "99")), ("answer_out_of_range", "too_many_blanks")),
    Case("V06 strip sebagai kosong.csv", "tanda - untuk tidak menjawab", lambda: text(cell(1, 1, "-")), ("too_many_blanks",), meant=cell(1, 1, "")),
    Case("V07 nama none.csv", "kode responden NA, None, nan, Null", lambda: text([PRE[0], *([code, *row[1:]] for code, row in zip(("NA", "None", "nan", "Null", "N/A1"), PRE[1:], strict=True))]),
         meant=[PRE[0], *([code, *row[1:]] for code, row in zip(("NA", "None", "nan", "Null", "N/A1"), PRE[1:], strict=True))],
         post=[POST[0], *([code, *row[1:]] for code, row in zip(("NA", "None", "nan", "Null", "N/A1"), POST[1:], strict=True))]),
    Case("V08 galat na.xlsx", "sel #N/A", lambda: book(cell(1, 1, "#N/A", NUMBERS)), ("answer_is_error", "too_many_blanks")),
    Case("V08 galat bagi nol.xlsx", "sel #DIV/0!", lambda: book(cell(1, 1, "#DIV/0!", NUMBERS)), ("answer_is_error", "too_many_blanks")),
    Case("V09 rumus belum dihitung.xlsx", "rumus tanpa nilai tersimpan", lambda: book(cell(1, 1, "=1+2", NUMBERS)), ("answer_not_calculated", "too_many_blanks")),
    Case("V10 nol di depan hilang.xlsx", "kode 004 menjadi 4 di salah satu berkas", lambda: book([NUMBERS[0], *([number, *row[1:]] for number, row in enumerate(NUMBERS[1:], start=4))]),
         meant=[PRE[0], *([str(number), *row[1:]] for number, row in enumerate(PRE[1:], start=4))],
         shown=[PRE[0], *([f"{number:03}", *row[1:]] for number, row in enumerate(PRE[1:], start=4))],
         post=[POST[0], *([f"{number:03}", *row[1:]] for number, row in enumerate(POST[1:], start=4))]),
    Case("V11 nik sebagai angka.xlsx", "NIK 16 digit sebagai angka: digit terakhir hilang", lambda: book([NUMBERS[0], *([1871012345670000 + 10 * number, *row[1:]] for number, row in enumerate(NUMBERS[1:], start=1))]),
         ("id_digits_lost",), meant=[PRE[0], *([str(1871012345670000 + 10 * number), *row[1:]] for number, row in enumerate(PRE[1:], start=1))],
         shown=[PRE[0], *([str(1871012345670003 + 10 * number), *row[1:]] for number, row in enumerate(PRE[1:], start=1))],
         post=[POST[0], *([str(1871012345670000 + 10 * number), *row[1:]] for number, row in enumerate(POST[1:], start=1))]),
    Case("V12 notasi ilmiah.csv", "kode 1,87E+15", lambda: text(cell(1, 0, "1.87101E+15")), ("few_pairs", "id_missing", "id_unusable"), meant=cell(1, 0, ""), shown=cell(1, 0, "1871010000000000")),
    Case("V13 hari dan bulan tercampur.csv", "13/8/2021 dan 8/13/2021 dalam satu kolom", lambda: text(stamped(["13/8/2021", "8/13/2021", "1/8/2021", "2/8/2021", "3/8/2021"])),
         ("time_orders_mixed",), meant=PRE, shown=stamped(["2021-08-13", "2021-08-13", "2021-08-01", "2021-08-02", "2021-08-03"]), columns=TIME,
         post=[["Waktu", *POST[0]], *(["2021-09-03", *row] for row in POST[1:])]),
    Case("V14 bulan indonesia.csv", "3 Agustus 2021", lambda: text(stamped([f"{day} Agustus 2021" for day in range(3, 8)])), meant=PRE, columns=TIME,
         post=[["Waktu", *POST[0]], *(["3 Sept 2021", *row] for row in POST[1:])]),
    Case("V15 jam dengan titik.csv", "03/08/2021 10.15.30", lambda: text(stamped([f"0{day}/08/2021 10.15.30" for day in range(3, 8)])), meant=PRE, columns=TIME,
         post=[["Waktu", *POST[0]], *(["2021-09-03", *row] for row in POST[1:])]),
    Case("V16 kalender 1904.xlsx", "buku kerja Excel Mac lama: hari dihitung dari 1904; satu formulir yang diisi dua kali", lambda: book(twice_filled(), since_1904), meant=PRE,
         shown=twice_filled(), columns=TIME, source="event = 2021-08-08\nrt = \"RT 04\"", post=()),
    Case("V17 jawaban menjadi tanggal.xlsx", "isian 3-4 diubah Excel menjadi tanggal", lambda: book(cell(1, 1, datetime(2021, 4, 3), NUMBERS)), ("answer_became_date", "too_many_blanks")),
    Case("V19 huruf tak terlihat.csv", "spasi tak terlihat di judul dan kode", lambda: text(cell(0, 1, "a1\u00a0\u200b", cell(1, 0, "A\u00adB1\u200b"))), meant=PRE),
    Case("V18 umur mustahil.csv", "umur 215, -3, dan tahun lahir di kolom umur", lambda: text(column("Umur", ["215", "-3", "1980", "41", "2021-08-03"])), ("ages_impossible",), meant=PRE,
         shown=column("Umur", ["215", "-3", "1980", "41", "2021-08-03"]),
         columns='id = "Kode"\nprofile = { usia = "Umur" }', post=column("Umur", [""] * 5, POST)),
    Case("V20 sel benar salah.xlsx", "persetujuan sebagai TRUE, 1, v, Ya, y", lambda: book(column("Setuju", [True, 1, "v", "Ya", "y"], NUMBERS)), meant=PRE,
         shown=column("Setuju", [True, 1, "v", "Ya", "y"], NUMBERS), columns='id = "Kode"\nconsent = "Setuju"', post=column("Setuju", ["ya"] * 5, POST)),
    Case("V20 jawaban benar salah.xlsx", "TRUE sebagai jawaban pada skala 1-4", lambda: book(cell(1, 1, True, NUMBERS)), ("answer_unreadable", "too_many_blanks")),
    Case("V21 dua jawaban.csv", "dua jawaban dicentang", lambda: text(cell(1, 1, "Setuju;Tidak setuju")), ("answer_several", "too_many_blanks")),
    Case("V22 huruf kendali.csv", "huruf kendali dari tempelan obrolan", lambda: text(cell(1, 1, "3\x07")), meant=PRE),
    Case("V23 arah teks.csv", "pengubah arah teks dan emoji", lambda: text(column("Saran", ["\u202ebagus\u202c", "\U0001f600", "", "", ""], cell(1, 0, "A\u202eB1"))), meant=PRE,
         shown=column("Saran", ["bagus", "\U0001f600", "", "", ""])),
    Case("V24 teks panjang.csv", "saran 30.000 huruf", lambda: text(column("Saran", [LONG, "", "", "", ""])), meant=PRE, shown=column("Saran", [LONG, "", "", "", ""])),
    Case("V25 baris jumlah.xlsx", "baris Jumlah dan Rata-rata di bawah", lambda: book([*NUMBERS, ["Jumlah", 11, 11, 12], ["Rata-rata", 2.2, 2.2, 2.4]]), notes=("rows_below_table",), meant=PRE),
    Case("V25 jumlah di tengah.xlsx", "baris Jumlah di antara responden", lambda: book([*NUMBERS[:3], ["Jumlah", 5, 5, 5], *NUMBERS[3:]]), ("answers_below_totals",)),
    Case("V26 baris tersembunyi.xlsx", "baris disaring di Excel", lambda: book(NUMBERS, hide), ("rows_hidden",), meant=PRE),
    # IV. Structure, pairing and identity
    Case("P01 baris judul.xlsx", "judul laporan di atas tabel", lambda: book([["REKAPITULASI KUESIONER"], ["RT 04"], [], *NUMBERS]), meant=PRE),
    Case("P01 judul dua tingkat.xlsx", "judul dua tingkat PRE TEST / POST TEST", lambda: book(
        [["Kode", "PRE TEST", None, None, "POST TEST", None, None], [None, 1, 2, 3, 1, 2, 3], *([*pre, *post[1:]] for pre, post in zip(NUMBERS[1:], POST[1:], strict=True))]),
         meant=PRE, shown=[["Kode", *(f"{wave} {number}" for wave in ("PRE TEST", "POST TEST") for number in (1, 2, 3))], *([*pre, *post[1:]] for pre, post in zip(PRE[1:], POST[1:], strict=True))],
         source='rt = "RT 04"\nwide = { pre = "PRE TEST {number}", post = "POST TEST {number}" }', post=()),
    Case("P01 bukan tabelnya.xlsx", "lembar lain: daftar hadir", lambda: book([["No", "Hadir"], [1, "v"], [2, "v"]]), ("id_column_missing", "no_item_columns")),
    Case("P02 judul ganda.csv", "dua kolom berjudul a1", lambda: text(column("a1", ["4", "4", "4", "4", "4"])), ("item_matched_twice",)),
    Case("P03 butir hilang.csv", "kolom a3 tidak ada", lambda: text([row[:3] for row in PRE]), ("item_column_missing",)),
    Case("P04 rumusan berubah.csv", "rumusan butir salah ketik", lambda: text(cell(0, 3, "Musyawarah RT menghasilkan aturan bersma")), ("item_column_missing",)),
    Case("P05 hanya pre.csv", "satu orang hanya mengisi pre", lambda: text([*PRE, ["ZZ9", "1", "1", "1"]]), notes=("people_unpaired",), meant=[*PRE, ["ZZ9", "1", "1", "1"]]),
    Case("P06 mengisi dua kali.csv", "kode yang sama dua kali", lambda: text([*PRE, ["AB1", "4", "4", "4"]]), ("duplicate_id_refuse", "few_pairs"), meant=PRE[:1] + PRE[2:],
         shown=[*PRE, ["AB1", "4", "4", "4"]], post=[POST[0], *POST[2:]]),
    Case("P07 dua orang senama.csv", "dua warga bernama sama sebagai kode", lambda: text(cell(2, 0, "Siti Aminah", cell(1, 0, "Siti Aminah"))), ("duplicate_id_refuse", "few_pairs"),
         meant=PRE[:1] + PRE[3:], shown=cell(2, 0, "Siti Aminah", cell(1, 0, "Siti Aminah")), post=[POST[0], *POST[3:]]),
    Case("P08 gelar dan ejaan.csv", "Hj. St. Nur'aini, S.Pd. dan Siti Nuraini", lambda: text(cell(1, 0, "Hj. St. Nur'aini, S.Pd.")), ("few_pairs", "names_nearly_equal"),
         meant=cell(1, 0, "Hj. St. Nur'aini, S.Pd."), post=cell(1, 0, "Siti Nuraini", POST)),
    Case("P09 tanpa kode.csv", "tidak ada kolom kode", lambda: text([row[1:] for row in PRE]), ("id_column_missing",)),
    Case("P10 ejaan rt.csv", "RT 4, RT.004, 4, 04", lambda: text(column("RT", ["RT 4", "RT.004", "4", "04", "rt 04"])), meant=PRE,
         shown=column("RT", ["RT 4", "RT.004", "4", "04", "rt 04"]), columns=RT, source='wave = "pre"', post=column("RT", ["RT 04"] * 5, POST)),
    Case("P11 rt tanpa data.csv", "RT yang disebut di studi tidak ada di berkas", lambda: text(PRE), ("rt_without_rows",), meant=PRE, head='rts = ["RT 04", "RT 05"]\n'),
    Case("P12 dua responden.csv", "hanya dua responden", lambda: text(PRE[:3]), ("few_pairs",), meant=PRE[:3], post=POST[:3]),
    Case("P15 kelompok berulang.csv", "lembar isian berulang KoboToolbox", lambda: text(column("_parent_index", ["1"] * 5)), ("repeat_group_table",)),
    Case("W04 pre (1).csv", "salinan unduhan, dipakai sendiri", lambda: text(PRE), meant=PRE),
)

