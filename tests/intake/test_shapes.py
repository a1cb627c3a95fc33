"""Files as forms and tools export them: Google Forms, Microsoft Forms, KoboToolbox, SPSS and Stata."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from baksos_eval.errors import BaksosError
from baksos_eval.intake import workbook
from baksos_eval.intake.intake import prepare
from baksos_eval.study.study import Study, open_study

from .small import (
    ITEMS,
    POST,
    PRE,
    TWO_FILES,
    check,
    codes,
    found,
    read_table,
    two_files,
    write_csv,
    write_study,
    write_xlsx,
)

WORDS = {"1": "Sangat tidak setuju", "2": "Tidak setuju", "3": "Setuju", "4": "Sangat setuju"}
TEXTS = ("Warga saling membantu.", "Warga berjalan sendiri-sendiri.", "Musyawarah RT menghasilkan aturan bersama.")


def answers(rows: list[list[str]]) -> list[list[str]]:
    return [[row[0], *(WORDS[cell] for cell in row[1:])] for row in rows[1:]]


def same_as_two_files(study: Study, folder: Path) -> None:
    """The study holds what the plain two files hold."""
    data, plain = prepare(study, "RT 04"), prepare(two_files(folder), "RT 04")
    assert data.flow == plain.flow
    assert all(data.items[wave]["sikap"].equals(plain.items[wave]["sikap"]) for wave in ("pre", "post"))


def quoted(path: Path, rows: list[list[object]], delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def google_csv(folder: Path) -> Study:
    """Forms' own CSV of a quiz: total and, behind every question, its score and feedback."""
    write_study(folder, TWO_FILES.replace('id = "Kode"', 'id = "Kode"\ntime = "Timestamp"\ntotal = { sikap = "Total score" }'))
    for name, rows, day in (("pre", PRE, 3), ("post", POST, 30)):
        head = ["Timestamp", "Username", "Total score", "Kode"] + [part for text in TEXTS for part in (text, f"{text} [Score]", f"{text} [Feedback]")]
        body = [[f"2021/08/{day} 9:15:33 AM GMT+7", "x@contoh.id", "8.00 / 10", row[0], *(part for cell in row[1:] for part in (cell, "1.00 / 1", ""))]
                for row in answers(rows)]
        quoted(folder / f"{name}.csv", [head, *body])
    return open_study(folder)


def google_sheet(folder: Path) -> Study:
    """The linked worksheet in Indonesian: a grid, numbered questions with descriptions, points by number format."""
    body = TWO_FILES.replace(".csv", ".xlsx").replace('id = "Kode"', 'id = "Kode"\ntime = "Cap waktu"\ntotal = { sikap = "Skor" }')
    write_study(folder, body)
    for name, rows in (("pre", PRE), ("post", POST)):
        book = Workbook()
        sheet = book.active
        sheet.title = "Form Responses 1"
        sheet.append(["Cap waktu", "Skor", "Kode ", f"1. {TEXTS[0]}_x000a_Pilih satu", f"Bagian A [{TEXTS[1]}]", "Musyawarah\u00a0RT menghasilkan\naturan bersama."])
        for number, row in enumerate(answers(rows)):
            sheet.append([datetime(2021, 8, 3, 9, 15, number), number, *row])
            sheet.cell(number + 2, 2).number_format = '0" / 10"'
        book.save(folder / f"{name}.xlsx")
    return open_study(folder)


def google_both_tests(folder: Path) -> Study:
    """One form holding both tests: the second time a question comes its title has a 2 behind it."""
    write_study(folder, '[columns]\nid = "Kode"\n[[files]]\nfile = "f.csv"\nrt = "RT 04"\nwide = { pre = "{text}", post = "{text} 2" }\n')
    head = ["Stempel waktu", "Kode", TEXTS[0], f"Sikap [{TEXTS[1]}]", f"Sikap [{TEXTS[2]}]", f"{TEXTS[0]} 2", f"Sikap 2 [{TEXTS[1]}]", f"Sikap [{TEXTS[2]}] 2"]
    rows = [["12/08/2021 9.15.33", *before, *after[1:]] for before, after in zip(answers(PRE), answers(POST), strict=True)]
    write_csv(folder / "f.csv", [head, *rows])
    return open_study(folder)


def google_repeated(folder: Path) -> Study:
    """The same, in a file that repeats the very same headers."""
    google_both_tests(folder)
    head = ["Stempel waktu", "Kode", *TEXTS, *TEXTS]
    write_csv(folder / "f.csv", [head, *(["12/08/2021 9.15.33", *before, *after[1:]] for before, after in zip(answers(PRE), answers(POST), strict=True))])
    return open_study(folder)


def microsoft(folder: Path) -> Study:
    body = TWO_FILES.replace(".csv", ".xlsx").replace('id = "Kode"', 'id = "Kode"\ntime = "Completion time"\ntotal = { sikap = "Total points" }')
    write_study(folder, body)
    for name, rows in (("pre", PRE), ("post", POST)):
        head = ["ID", "Start time", "Completion time", "Email", "Name", "Total points", "Quiz feedback", "Kode"]
        head += [part for text in TEXTS for part in (text.replace(" ", "\u00a0"), f"Points - {text}", f"Feedback - {text}")] + ["Informasi dari"]
        body_rows = [[number, datetime(2021, 8, 3, 9), datetime(2021, 8, 3, 10), "anonymous", "", None, "", row[0],
                      *(part for cell in row[1:] for part in (f"{cell};", 1, "")), "RT;WhatsApp;"] for number, row in enumerate(answers(rows), start=1)]
        write_xlsx(folder / f"{name}.xlsx", {"Sheet1": [head, *body_rows]})
    return open_study(folder)


def kobo(folder: Path) -> Study:
    """KoboToolbox CSV: semicolons, everything quoted, groups in the headers, one column per choice of a select_multiple."""
    write_study(folder, TWO_FILES.replace('id = "Kode"', 'id = "identitas/Kode"\ntime = "_submission_time"\nprofile = { informasi = "identitas/informasi" }'))
    for name, rows in (("pre", PRE), ("post", POST)):
        head = ["start", "end", "identitas/Kode", "identitas/informasi", "identitas/informasi/rt", "identitas/informasi/wa", *(f"sikap/{item}" for item in ITEMS),
                "_id", "_uuid", "_submission_time", "_validation_status", "_index"]
        body = [["2021-08-03T09:00:00.000+07:00"] * 2 + [row[0], "rt wa", "1", "1", *row[1:], str(number), "u", "2021-08-03T02:05:00", "", str(number)]
                for number, row in enumerate(rows[1:], start=1)]
        quoted(folder / f"{name}.csv", [head, *body], ";")
    return open_study(folder)


def twice_the_same_form(folder: Path) -> Study:
    write_study(folder, '[columns]\nid = "Kode"\ntime = "Timestamp"\n[[files]]\nfile = "f.csv"\nrt = "RT 04"\nevent = 2021-08-14\n')
    rows = [[f"8/{day}/2021 9:15:33", *row] for day, part in ((3, PRE), (30, POST)) for row in part[1:]]
    write_csv(folder / "f.csv", [["Timestamp", *PRE[0]], *rows])
    return open_study(folder)


def spss(folder: Path, ending: str = "sav") -> Study:
    import pyreadstat

    write_study(folder, TWO_FILES.replace(".csv", f".{ending}"))
    for name, rows in (("pre", PRE), ("post", POST)):
        frame = pd.DataFrame([[row[0], *map(float, row[1:])] for row in rows[1:]], columns=["Kode", "V1", "V2", "V3"])
        labels = {item: {float(code): word for code, word in WORDS.items()} for item in ("V1", "V2", "V3")}
        titles = {"column_labels": ["Kode responden", *TEXTS], "variable_value_labels": labels}
        if ending == "dta":
            for item in ("V1", "V2", "V3"):
                frame[item] = frame[item].astype("int32")
            titles["variable_value_labels"] = {item: {int(code): word for code, word in WORDS.items()} for item in labels}
            pyreadstat.write_dta(frame, folder / f"{name}.dta", **titles)
        else:
            pyreadstat.write_sav(frame, folder / f"{name}.{ending}", compress=ending == "zsav", **titles)
    return open_study(folder)


def zsav(folder: Path) -> Study:
    return spss(folder, "zsav")


def stata(folder: Path) -> Study:
    return spss(folder, "dta")


SHAPES: list[Callable[[Path], Study]] = [google_csv, google_sheet, google_both_tests, google_repeated, microsoft, kobo, twice_the_same_form, spss, zsav, stata]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_tells_the_same(tmp_path: Path, shape: Callable[[Path], Study]):
    study = shape(tmp_path / "berkas asli")
    findings = check(study)
    assert [finding for finding in findings if finding.fatal] == []
    assert {finding.code for finding in findings if finding.severity == "warning"} == set()
    same_as_two_files(study, tmp_path / "acuan")


def test_points_out_of_other_maxima_are_not_compared(tmp_path: Path):
    assert {(finding.code, finding.count) for finding in check(google_sheet(tmp_path)) if finding.code.startswith("total")} == {("total_of_other_maximum", 5)}
    table = read_table(tmp_path / "pre.xlsx", "pre.xlsx", expected=("Kode",))
    assert table.frame[1].tolist()[:2] == ["0 / 10", "1 / 10"]


def test_headers_that_come_again_are_told(tmp_path: Path):
    assert found(google_repeated(tmp_path), "headers_repeated").count == 3


def test_a_sheet_of_repeated_entries_is_no_table_of_people(tmp_path: Path):
    study = two_files(tmp_path, [[*PRE[0], "_index", "_parent_index"], *([*row, "1", "1"] for row in PRE[1:])])
    assert found(study, "repeat_group_table").fatal


def test_several_ticks_are_not_an_answer(tmp_path: Path):
    finding = found(two_files(tmp_path, [PRE[0], ["AB1", "Setuju;Tidak setuju;", "2", "3"], *PRE[2:]]), "answer_several")
    assert finding.fatal and finding.where[0].row == 2 and finding.details["found"] == "Setuju;Tidak setuju;"


# One form filled in twice


def form(folder: Path, stamps: list[str], event: str = "2021-08-05", extra: str = "") -> Study:
    write_study(folder, f'[columns]\nid = "Kode"\ntime = "Timestamp"\n[[files]]\nfile = "f.csv"\nrt = "RT 04"\nevent = {event}\n{extra}')
    write_csv(folder / "f.csv", [["Timestamp", *PRE[0]], *([stamp, *row] for stamp, row in zip(stamps, PRE[1:] + POST[1:], strict=True))])
    return open_study(folder)


def test_what_was_sent_on_the_day_is_not_guessed(tmp_path: Path):
    stamps = ["2021-08-01 10:00:00"] * 4 + ["2021-08-05 08:00:00"] + ["2021-08-20 10:00:00"] * 5
    assert found(form(tmp_path / "a", stamps), "event_on_the_day").where[0].row == 6
    assert prepare(form(tmp_path / "b", stamps, "2021-08-05T09:00:00"), "RT 04").flow.both == 5


def test_an_order_that_decides_the_wave_must_be_known(tmp_path: Path):
    stamps = ["4/8/2021"] * 5 + ["8/8/2021"] * 5
    assert {finding.code for finding in check(form(tmp_path / "a", stamps)) if finding.fatal} == set()
    stamps = ["1/8/2021"] * 5 + ["9/8/2021"] * 5
    finding = found(form(tmp_path / "b", ["4/9/2021", *stamps[1:]]), "event_order_unclear")
    assert finding.count == 1 and found(form(tmp_path / "b", stamps), "time_order_assumed").count == 10
    declared = form(tmp_path / "c", ["4/9/2021", *stamps[1:]], extra='dates = "day_first"\n')
    assert not [finding for finding in check(declared) if finding.code.startswith(("event_", "time_"))]


@pytest.mark.parametrize(("stamp", "code"), [("kemarin", "event_time_missing"), ("", "event_time_missing")])
def test_a_row_without_a_time_has_no_wave(tmp_path: Path, stamp: str, code: str):
    assert found(form(tmp_path, [stamp] + ["2021-08-01"] * 4 + ["2021-08-20"] * 5), code).count == 1


def test_an_event_needs_a_column_of_times(tmp_path: Path):
    write_study(tmp_path, '[columns]\nid = "Kode"\n[[files]]\nfile = "f.csv"\nrt = "RT 04"\nevent = 2021-08-05\n')
    write_csv(tmp_path / "f.csv", PRE)
    assert found(open_study(tmp_path), "event_without_time").fatal
    with pytest.raises(BaksosError) as refused:
        form(tmp_path / "b", ["2021-08-01"] * 10, extra='wave = "pre"\n')
    assert codes(refused.value.findings) == ["study_wave_twice"]


def test_both_orders_in_one_column_are_told(tmp_path: Path):
    body = TWO_FILES.replace('id = "Kode"', 'id = "Kode"\ntime = "T"')
    pre = [[*PRE[0], "T"]] + [[*row, stamp] for row, stamp in zip(PRE[1:], ["13/8/2021", "8/13/2021", "1/8/2021", "2/8/2021", "3/8/2021"], strict=True)]
    assert "time_orders_mixed" in codes(check(two_files(tmp_path, pre, [[*POST[0], "T"]] + [[*row, "2021-09-01"] for row in POST[1:]], body=body)))


# SPSS and Stata


def statistical(path: Path, **options: object) -> Path:
    import pyreadstat

    frame = pd.DataFrame({"Kode": ["AB1", "CD2", "EF3"], "a1": [1.0, 9.0, 3.0], "hari": [date(2021, 8, 12)] * 3, "a2": [99.0, 2.0, 1.5]})
    pyreadstat.write_sav(frame, path, **options)
    return path


def test_values_that_the_file_declares_missing_are_blank(tmp_path: Path):
    path = statistical(tmp_path / "x.sav", missing_ranges={"a1": [9.0], "a2": [{"lo": 90, "hi": 99}]}, variable_value_labels={"a1": {1.0: "Setuju", 9.0: "TT"}})
    table = read_table(path, "x.sav", expected=("Kode", "a1"))
    assert [list(row) for row in table.frame.itertuples(index=False)] == [
        ["AB1", "Setuju", "2021-08-12", ""], ["CD2", "", "2021-08-12", "2"], ["EF3", "3", "2021-08-12", "1.5"]]
    assert [(finding.code, finding.count, finding.where[0].column) for finding in table.findings] == [
        ("values_declared_missing", 1, "a1"), ("values_declared_missing", 1, "a2")]
    assert (table.rows, table.header_row) == ((1, 2, 3), 0)


def test_a_variable_is_known_by_its_name_or_its_label(tmp_path: Path):
    path = statistical(tmp_path / "x.sav", column_labels=["Kode responden", TEXTS[0], "Hari", "Lain"])
    assert read_table(path, "x.sav", expected=("Kode responden", TEXTS[0], "hari")).columns == ("Kode responden", TEXTS[0], "hari", "a2: Lain")


@pytest.mark.parametrize("size", (5, 100, 177, 400, -1, -40))
def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, size: int):
    path = statistical(tmp_path / "x.sav")
    path.write_bytes(path.read_bytes()[:size])
    try:
        assert all(len(row) == 4 for row in read_table(path, "x.sav").frame.itertuples(index=False))
    except BaksosError as error:
        assert error.code in ("file_damaged", "file_not_text", "table_empty", "file_truncated", "file_encoding_unknown")


def test_a_child_that_dies_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = statistical(tmp_path / "x.sav")
    monkeypatch.setattr(workbook, "_STATISTICAL", "tests.intake.crash")
    with pytest.raises(BaksosError, match="file_damaged"):
        read_table(path, "x.sav")
    monkeypatch.setattr(workbook, "_STATISTICAL", "tests.intake.sleep")
    monkeypatch.setattr(workbook, "LEGACY_SECONDS", 1)
    with pytest.raises(BaksosError, match="file_too_large"):
        read_table(path, "x.sav")


# Copies


@pytest.mark.parametrize("copy", ("pre (1).csv", "pre(2).csv", "pre - Copy.csv", "pre - Salinan (2).csv", "pre-LAPTOP-7Q2.csv", "pre-DESKTOPX.csv"))
def test_copies_in_the_same_folder_are_told(tmp_path: Path, copy: str):
    study = two_files(tmp_path)
    write_csv(tmp_path / copy, PRE)
    write_csv(tmp_path / "pre-akhir.csv", PRE)
    finding = found(study, "copies_beside")
    assert finding.details["copies"] == (copy,) and not finding.fatal
    named = two_files(tmp_path / "b", body=TWO_FILES.replace('"post.csv"', '"pre (1).csv"'))
    write_csv(tmp_path / "b" / "pre (1).csv", POST)
    assert "copies_beside" not in codes(check(named))
