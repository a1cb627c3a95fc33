"""Small studies in a folder: two instruments, any layout, any fault."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from baksos_eval.errors import BaksosError, Finding
from baksos_eval.intake import files, intake
from baksos_eval.intake.files import RawTable
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import Study, open_study

Rows = Sequence[Sequence[object]]

SIKAP = """
id = "sikap"
version = "1"
kind = "rating"
label = { id = "Sikap warga", en = "Residents' attitude" }
[scoring]
method = "mean"
least_answered = 0.7
[[dimensions]]
id = "gotong_royong"
label = { id = "Gotong royong", en = "Mutual help" }
[[options]]
code = "sts"
value = 1
label = { id = "Sangat tidak setuju", en = "Strongly disagree" }
spellings = ["1"]
[[options]]
code = "ts"
value = 2
label = { id = "Tidak setuju", en = "Disagree" }
spellings = ["2", "Kurang Sesuai"]
[[options]]
code = "s"
value = 3
label = { id = "Setuju", en = "Agree" }
spellings = ["3", "Ragu-ragu tapi setuju"]
[[options]]
code = "ss"
value = 4
label = { id = "Sangat setuju", en = "Strongly agree" }
spellings = ["4"]
[[items]]
id = "a1"
aliases = ["Sikap.1"]
dimension = "gotong_royong"
text = { id = "Warga saling membantu.", en = "Neighbours help each other." }
[[items]]
id = "a2"
reversed = true
dimension = "gotong_royong"
text = { id = "Warga berjalan sendiri-sendiri.", en = "Everyone goes their own way." }
[[items]]
id = "a3"
text = { id = "Musyawarah RT menghasilkan aturan bersama.", en = "Meetings of the RT lead to common rules." }
"""

TAHU = """
id = "tahu"
version = "1"
kind = "knowledge"
label = { id = "Pengetahuan", en = "Knowledge" }
[scoring]
method = "percent"
least_answered = 0.5
[[options]]
code = "benar"
label = { id = "Benar", en = "True" }
spellings = ["B"]
[[options]]
code = "salah"
label = { id = "Salah", en = "False" }
spellings = ["S"]
[[options]]
code = "tidak_tahu"
label = { id = "Tidak tahu", en = "Don't know" }
spellings = ["TT", "None"]
""" + "".join(f"""[[items]]
id = "k{number}"
key = "{"benar" if number % 2 else "salah"}"
text = {{ id = "Pernyataan nomor {number}", en = "Statement number {number}" }}
""" for number in range(1, 7))

HEAD = """
id = "uji"
title = { id = "Uji", en = "Trial" }
year = 2021
"""
ITEMS = ("a1", "a2", "a3")
MANY = ("k1", "k2", "k3", "k4", "k5", "k6")


def write_study(folder: Path, body: str, instruments: Iterable[str] = ("sikap.toml",)) -> Path:
    """A study folder with both instruments and ``body`` after the head of its ``study.toml``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sikap.toml").write_text(SIKAP, encoding="utf-8")
    (folder / "tahu.toml").write_text(TAHU, encoding="utf-8")
    names = ", ".join(f'"{name}"' for name in instruments)
    (folder / "study.toml").write_text(f"{HEAD}instruments = [{names}]\n{body}", encoding="utf-8")
    return folder


def write_csv(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


TWO_FILES = """
[columns]
id = "Kode"
[[files]]
file = "pre.csv"
wave = "pre"
rt = "RT 04"
[[files]]
file = "post.csv"
wave = "post"
rt = "RT 04"
"""

PRE = [["Kode", "a1", "a2", "a3"], ["AB1", "3", "2", "3"], ["CD2", "2", "3", "2"], ["EF3", "1", "3", "4"],
       ["GH4", "2", "2", "2"], ["IJ5", "3", "1", "1"]]
POST = [["Kode", "a1", "a2", "a3"], ["AB1", "4", "1", "4"], ["CD2", "3", "2", "4"], ["EF3", "3", "1", "3"],
        ["GH4", "2", "2", "3"], ["IJ5", "4", "1", "2"]]


def two_files(folder: Path, pre: Rows = PRE, post: Rows = POST, body: str = TWO_FILES, instruments: Iterable[str] = ("sikap.toml",)) -> Study:
    """A study with a file of each wave for RT 04."""
    write_study(folder, body, instruments)
    write_csv(folder / "pre.csv", pre)
    write_csv(folder / "post.csv", post)
    return open_study(folder)


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def read_table(path: Path, name: str, **options: object) -> RawTable:
    """The table; what was noticed must be sayable in both languages."""
    table = files.read_table(path, name, **options)
    for language in LANGUAGES:
        assert all(all(describe(finding, words(language))) for finding in table.findings)
    return table


def check(study: Study) -> tuple[Finding, ...]:
    """Every finding, each of which must be sayable in both languages."""
    findings = intake.check(study)
    for language in LANGUAGES:
        assert all(all(describe(finding, words(language))) for finding in findings)
    return findings


def found(study: Study, code: str) -> Finding:
    """The one finding with this code."""
    matching = [finding for finding in check(study) if finding.code == code]
    assert len(matching) == 1, (code, codes(check(study)))
    return matching[0]


def refusal(study: Study, rt: str = "RT 04") -> BaksosError:
    """Why an RT cannot be analysed."""
    try:
        intake.prepare(study, rt)
    except BaksosError as error:
        assert all(all(describe(error, words(language))) for language in LANGUAGES)
        return error
    raise AssertionError("the RT can be analysed")


def changed(rows: Rows, row: int, column: int, value: object) -> list[list[object]]:
    """The rows with one cell changed (row 0 is the header)."""
    copy = [list(cells) for cells in rows]
    copy[row][column] = value
    return copy
