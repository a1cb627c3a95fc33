"""Whatever is wrong with columns and rows is said at once, by place and remedy, and never ends in a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError, Severity
from baksos_eval.intake.intake import list_rts, prepare
from baksos_eval.study.study import open_study

from .small import (
    MANY,
    POST,
    PRE,
    TWO_FILES,
    changed,
    check,
    codes,
    found,
    refusal,
    two_files,
    write_csv,
    write_study,
    write_xlsx,
)


def with_columns(*lines: str) -> str:
    return TWO_FILES.replace('id = "Kode"', "\n".join(('id = "Kode"', *lines)))


def with_source(line: str, wave: str = "pre") -> str:
    return TWO_FILES.replace(f'wave = "{wave}"', f'wave = "{wave}"\n{line}')


def without(rows, column: int):
    return [[cell for position, cell in enumerate(row) if position != column] for row in rows]


def also(rows, header: str, values: list[str]):
    return [[*row, value] for row, value in zip(rows, [header, *values], strict=True)]


def test_all_problems_come_at_once(tmp_path: Path):
    study = two_files(tmp_path, without(PRE, 3), changed(POST, 2, 1, "Setujuu"))
    (tmp_path / "post.csv").unlink()
    assert codes(refusal(study).findings) == ["item_column_missing", "file_not_found"]
    assert all(finding.severity is Severity.FATAL for finding in refusal(study).findings)


def test_a_missing_file(tmp_path: Path):
    study = two_files(tmp_path)
    (tmp_path / "pre.csv").rename(tmp_path / "pre (1).csv")
    error = refusal(study)
    assert (error.code, codes(error.findings)) == ("rt_cannot_be_analysed", ["file_not_found"])
    assert (error.findings[0].where[0].file, error.findings[0].details["similar"][0]) == ("pre.csv", "pre (1).csv")


def test_a_wrong_sheet(tmp_path: Path):
    write_study(tmp_path, '[columns]\nid = "Kode"\n[[files]]\nfile = "a.xlsx"\nsheet = "Pretest"\nwave = "pre"\nrt = "RT 04"\n')
    write_xlsx(tmp_path / "a.xlsx", {"Pre test": PRE, "Post test": POST})
    finding = refusal(open_study(tmp_path)).findings[0]
    assert (finding.code, finding.details["similar"]) == ("sheet_not_found", ("Pre test", "Post test"))


def test_a_missing_item_column_names_the_nearest_header(tmp_path: Path):
    study = two_files(tmp_path, changed(PRE, 0, 3, "a 3b"))
    finding = found(study, "item_column_missing")
    assert (finding.details["item"], finding.details["similar"][0]) == ("a3", "a 3b")
    assert (finding.where[0].file, finding.where[0].row, finding.rt) == ("pre.csv", 1, "RT 04")
    assert codes(refusal(study).findings) == ["item_column_missing"]


def test_a_file_of_something_else(tmp_path: Path):
    study = two_files(tmp_path, [["Kode", "Barang", "Jumlah"], ["A", "beras", "5"]])
    finding = found(study, "no_item_columns")
    assert finding.details["expected"] == ("a1", "a2", "a3") and "Barang" in finding.details["columns"]


def test_an_item_in_two_columns(tmp_path: Path):
    study = two_files(tmp_path, also(PRE, "A1", list("12341")))
    finding = found(study, "item_matched_twice")
    assert (finding.fatal, finding.details["columns"]) == (True, ("B: a1", "E: A1"))


@pytest.mark.parametrize(("header", "item"), (
    ("A1", "a1"), (" a1 ", "a1"), ("sikap.1", "a1"), ("Warga saling membantu.", "a1"), ("warga  saling membantu", "a1"), ("1. Warga saling membantu.", "a1"),
    ("Neighbours help each other.", "a1"), ("Sikap Anda [Warga saling membantu.]", "a1"), ("Warga saling membantu._x000a_", "a1"), ("Bagian A/a1", "a1"),
    ("grup/sikap/Warga saling membantu.", "a1"), ("Warga saling membantu.\nPilih satu jawaban", "a1"), ("Warga saling membantu. 2", None), ("a_1", None), ("a11", None)))
def test_headers_that_name_an_item(tmp_path: Path, header: str, item: str | None):
    study = two_files(tmp_path, changed(PRE, 0, 1, header))
    assert ("item_column_missing" in codes(check(study))) is (item is None)


def test_explicit_maps_go_before_matching(tmp_path: Path):
    study = two_files(tmp_path, also(PRE, "Butir pertama", list("44444")), body=with_source('items = { a1 = "butir Pertama" }'))
    assert set(prepare(study, "RT 04").items["pre"]["sikap"]["a1"]) == {4.0}


@pytest.mark.parametrize(("items", "code", "details"), (
    ('{ a1 = "Butir 1" }', "mapped_column_missing", {"item": "a1", "header": "Butir 1"}),
    ('{ a9 = "a1" }', "mapped_item_unknown", {"item": "a9"}),
    ('{ a1 = "a2" }', "column_matches_two_items", {"items": ("a1", "a2")})))
def test_wrong_maps(tmp_path: Path, items: str, code: str, details: dict):
    finding = found(two_files(tmp_path, body=with_source(f"items = {items}")), code)
    assert finding.fatal and details.items() <= finding.details.items()


@pytest.mark.parametrize("pattern", ("{butir}", "{number", "{0}", "{item.a}"))
def test_wrong_wide_patterns(tmp_path: Path, pattern: str):
    write_study(tmp_path, f'[columns]\nid = "Kode"\n[[files]]\nfile = "a.csv"\nrt = "RT 04"\nwide = {{ pre = "{pattern}", post = "Post {{item}}" }}\n')
    write_csv(tmp_path / "a.csv", [["Kode", "Post a1", "Post a2", "Post a3"], ["A", "1", "2", "3"]])
    assert found(open_study(tmp_path), "wide_pattern_invalid").details["pattern"] == pattern


def test_a_wide_pattern_that_is_the_same_for_both_waves(tmp_path: Path):
    write_study(tmp_path, '[columns]\nid = "Kode"\n[[files]]\nfile = "a.csv"\nrt = "RT 04"\nwide = { pre = "{item}", post = "{item}" }\n')
    write_csv(tmp_path / "a.csv", PRE)
    finding = [finding for finding in check(open_study(tmp_path)) if finding.code == "column_matches_two_items"]
    assert [entry.details["items"] for entry in finding] == [("pre a1", "post a1"), ("pre a2", "post a2"), ("pre a3", "post a3")]


@pytest.mark.parametrize(("line", "key", "severity"), (
    ('rt = "Alamat RT"', "columns.rt", None), ('consent = "Persetujuan"', "columns.consent", Severity.WARNING), ('time = "Cap waktu"', "columns.time", Severity.NOTE),
    ('profile = { usia = "Umur" }', "columns.profile.usia", Severity.WARNING), ('total = { sikap = "Jumlah" }', "columns.total.sikap", Severity.WARNING)))
def test_declared_columns_that_are_missing(tmp_path: Path, line: str, key: str, severity: Severity | None):
    findings = [finding for finding in check(two_files(tmp_path, body=with_columns(line))) if finding.code.endswith("column_missing")]
    assert [(finding.details["key"], finding.severity) for finding in findings] == ([(key, severity)] * 2 if severity else [])


def test_a_missing_id_column(tmp_path: Path):
    finding = found(two_files(tmp_path, changed(PRE, 0, 0, "Kode warga")), "id_column_missing")
    assert (finding.fatal, finding.details["key"], finding.details["similar"]) == (True, "columns.id", ("Kode warga",))


def test_an_id_header_over_two_columns(tmp_path: Path):
    finding = found(two_files(tmp_path, also(PRE, "KODE", list("ABCDE"))), "known_column_twice")
    assert (finding.fatal, finding.details["columns"]) == (True, ("A: Kode", "E: KODE"))


def test_a_table_without_a_wave_or_an_rt(tmp_path: Path):
    study = two_files(tmp_path, body=TWO_FILES.replace('wave = "pre"\n', ""))
    assert codes(refusal(study).findings) == ["wave_not_named"]
    study = two_files(tmp_path / "b", body=TWO_FILES.replace('wave = "pre"\nrt = "RT 04"\n', 'wave = "pre"\n'))
    assert codes(refusal(study).findings) == ["rt_not_named"]
    study = two_files(tmp_path / "c", body='rts = ["RT 04"]\n' + TWO_FILES.replace('rt = "RT 04"\n', ""))
    assert prepare(study, "RT 04").flow.both == 5


def test_a_file_in_the_slot_of_another_rt(tmp_path: Path):
    study = two_files(tmp_path, also(PRE, "RT", ["RT 04", "RT.5", "05", "4", ""]), body=with_columns('rt = "RT"'))
    finding = found(study, "rt_contradicts")
    assert (finding.fatal, finding.count, finding.details["found"]) == (True, 2, ("RT 05",))


def test_a_row_without_an_rt_belongs_to_none(tmp_path: Path):
    body = with_columns('rt = "RT"').replace('rt = "RT 04"\n', "")
    study = two_files(tmp_path, also(PRE, "RT", ["4", "4", "", "4", "4"]), also(POST, "RT", ["4"] * 5), body)
    assert (prepare(study, "RT 04").flow.rows_pre, found(study, "rt_missing_in_row").where[0].row) == (4, 4)


def test_a_file_of_the_other_wave(tmp_path: Path):
    study = two_files(tmp_path, also(PRE, "Tes", ["Postes"] * 5), also(POST, "Tes", ["Post-test"] * 5), with_columns('wave = "Tes"'))
    assert codes(refusal(study).findings) == ["wave_contradicts"]


LONG = '[columns]\nid = "Kode"\nwave = "Tes"\n[[files]]\nfile = "a.csv"\nrt = "RT 04"\n'


def test_unknown_and_missing_waves(tmp_path: Path):
    write_study(tmp_path, LONG)
    write_csv(tmp_path / "a.csv", also(PRE, "Tes", ["Pretest", "PRE-TEST", "tes  akhir", "Evaluasi", ""]))
    study = open_study(tmp_path)
    assert [(finding.code, finding.where[0].row) for finding in refusal(study).findings] == [("wave_missing_in_row", 6), ("wave_unknown", 5)]
    assert found(study, "wave_unknown").details["found"] == ("Evaluasi",)


def test_the_same_file_for_both_waves(tmp_path: Path):
    study = two_files(tmp_path, PRE, PRE)
    finding = found(study, "same_table_twice")
    assert (finding.fatal, [where.file for where in finding.where]) == (True, ["pre.csv", "post.csv"])


def test_swapped_files_show_in_their_times(tmp_path: Path):
    late, early = [f"1{n}/08/2021 9.15.33" for n in range(5)], [f"0{n}/08/2021 10.00.00" for n in range(1, 6)]
    study = two_files(tmp_path, also(PRE, "Cap waktu", late), also(POST, "cap waktu", early), with_columns('time = "Cap waktu"'))
    finding = refusal(study).findings[0]
    assert (finding.code, finding.details["pre"], finding.details["post"]) == ("post_before_pre", "2021-08-10 – 2021-08-14", "2021-08-01 – 2021-08-05")
    study = two_files(tmp_path / "b", also(PRE, "Cap waktu", early), also(POST, "Cap waktu", [*late[:4], "kemarin"]), with_columns('time = "Cap waktu"'))
    assert prepare(study, "RT 04").flow.both == 5
    assert found(study, "time_unreadable").where[0].row == 6


def test_an_unreadable_answer_has_its_place_and_its_neighbours(tmp_path: Path):
    study = two_files(tmp_path, changed(changed(PRE, 2, 2, "Setujuu"), 4, 2, "setujuu "))
    finding = refusal(study).findings[0]
    assert (finding.code, finding.count, finding.details["found"]) == ("answer_unreadable", 2, "Setujuu")
    assert [(where.file, where.row, where.column) for where in finding.where] == [("pre.csv", 3, "C: a2"), ("pre.csv", 5, "C: a2")]
    assert finding.details["similar"][0] == "Setuju"


def test_unreadable_answers_can_be_left_blank(tmp_path: Path):
    study = two_files(tmp_path, changed(PRE, 2, 2, "Setujuu"), body='[answers]\nunreadable = "blank"\n' + TWO_FILES)
    data = prepare(study, "RT 04")
    assert data.codes["pre"]["sikap"]["a2"].tolist() == ["ts", None, "s", "ts", "sts"]
    assert [finding.severity for finding in data.findings if finding.code == "answer_unreadable"] == [Severity.WARNING]


@pytest.mark.parametrize(("text", "code"), (
    ("6", "answer_out_of_range"), ("0", "answer_out_of_range"), ("44", "answer_out_of_range"), ("2,5", "answer_unreadable"), ("3, 4", "answer_several"),
    ("#N/A", "answer_is_error"), ("#DIV/0!", "answer_is_error"), ("=B2+1", "answer_not_calculated"), ("2021-12-10", "answer_became_date"),
    ("None", "answer_unreadable"), ("NA", "answer_unreadable"), ("S/SS", "answer_several")))
def test_answers_that_are_none(tmp_path: Path, text: str, code: str):
    assert codes(refusal(two_files(tmp_path, changed(PRE, 1, 1, text))).findings) == [code]


def test_an_answer_in_a_row_that_is_left_out_stops_nothing(tmp_path: Path):
    pre = also(changed(changed(PRE, 1, 1, "?"), 2, 1, "??"), "Setuju", ["tidak", "ya", "ya", "ya", "ya"])
    study = two_files(tmp_path, changed(pre, 2, 0, ""), also(POST, "Setuju", ["ya"] * 5), with_columns('consent = "Setuju"'))
    assert prepare(study, "RT 04").flow == ("RT 04", 5, 5, 1, 1, 1, 0, 0, 0, 0, 1, 3)


def test_an_empty_rt(tmp_path: Path):
    study = two_files(tmp_path, body='rts = ["RT 04", "RT 4B", "RT 05"]\n' + TWO_FILES)
    assert codes(refusal(study, "RT 05").findings) == ["rt_without_rows"]
    assert prepare(study, "RT 04").flow.both == 5


def test_a_file_without_respondents(tmp_path: Path):
    assert codes(refusal(two_files(tmp_path, PRE[:1])).findings) == ["table_without_rows"]


@pytest.mark.parametrize("pairs", range(5))
def test_few_pairs(tmp_path: Path, pairs: int):
    study = two_files(tmp_path, post=[POST[0], *([f"zz{row[0]}{n}", *row[1:]] if n >= pairs else row for n, row in enumerate(POST[1:]))])
    data = prepare(study, "RT 04")
    finding = next(finding for finding in data.findings if finding.code in ("no_pairs", "few_pairs"))
    assert (data.flow.both, finding.code, finding.count, finding.fatal) == (pairs, "few_pairs" if pairs else "no_pairs", pairs, False)


def test_an_unknown_rt(tmp_path: Path):
    with pytest.raises(BaksosError) as refused:
        prepare(two_files(tmp_path), "RT 40")
    assert (refused.value.code, refused.value.details["similar"]) == ("rt_unknown", ("RT 04",))


def test_an_rt_that_nobody_declared(tmp_path: Path):
    study = two_files(tmp_path, body='rts = ["RT 40"]\n' + TWO_FILES)
    finding = found(study, "rt_not_declared")
    assert (list_rts(study), finding.rt, finding.details["similar"]) == (("RT 40", "RT 04"), "RT 04", ("RT 40",))


def test_a_fault_in_one_rt_stops_only_that_rt(tmp_path: Path):
    body = with_columns('rt = "RT"').replace('rt = "RT 04"\n', "")
    study = two_files(tmp_path, also(changed(PRE, 1, 1, "??"), "RT", ["4", "4", "5", "5", "5"]), also(POST, "RT", ["4", "4", "5", "5", "5"]), body)
    assert codes(refusal(study, "RT 04").findings) == ["answer_unreadable"]
    assert prepare(study, "RT 05").flow.both == 3
    assert not any(finding.rt == "RT 04" for finding in prepare(study, "RT 05").findings)


def test_contact_data_never_come_out(tmp_path: Path):
    people = ["Siti Aminah", "Budi Santoso", "Made Wirawan", "Dewi Lestari", "Agus Salim"]
    pre = [["Nama Lengkap", "No. WA", "Surel", "Isian", *PRE[0]]] + [
        [name, f"0812345678{n}0", f"orang{n}@contoh.id", f"187101010190000{n}", *row] for n, (name, row) in enumerate(zip(people, PRE[1:], strict=True))]
    pre[3][5:] = ["Siti Aminah", "hubungi 0812-3456-7890", "orang1@contoh.id"]
    study = two_files(tmp_path, pre, body=with_columns('profile = { nama = "Nama Lengkap", nik = "Isian" }'))
    everything = repr(check(study)) + repr(refusal(study).findings)
    for secret in [*people, "0812", "contoh.id", "18710101", "AB1", "GH4"]:
        assert secret not in everything
    assert [finding.details["name"] for finding in check(study) if finding.code == "profile_is_contact"] == ["nama", "nik"] * 1
    assert found(study, "contact_columns_dropped").count == 4


def test_no_id_is_left_in_the_data(tmp_path: Path):
    data = prepare(two_files(tmp_path), "RT 04")
    assert not any(row[0].casefold() in repr(data).casefold() for row in PRE[1:])


FAULTS: dict[str, Callable[[Path], None]] = {
    "not toml": lambda folder: (folder / "pre.csv").write_text('{"a": 1}', encoding="utf-8"),
    "one cell": lambda folder: (folder / "pre.csv").write_text("x", encoding="utf-8"),
    "only ids": lambda folder: write_csv(folder / "pre.csv", [["Kode"], ["AB1"]]),
    "headers twice": lambda folder: write_csv(folder / "pre.csv", [PRE[0] * 2, *(row * 2 for row in PRE[1:])]),
    "blank headers": lambda folder: write_csv(folder / "pre.csv", [["", "", "", ""], *PRE[1:]]),
    "all blank": lambda folder: write_csv(folder / "pre.csv", [PRE[0], *([row[0], "", "-", "."] for row in PRE[1:])]),
    "no ids": lambda folder: write_csv(folder / "pre.csv", [PRE[0], *(["", *row[1:]] for row in PRE[1:])]),
    "one id": lambda folder: write_csv(folder / "pre.csv", [PRE[0], *(["x", *row[1:]] for row in PRE[1:])]),
    "a folder": lambda folder: ((folder / "pre.csv").unlink(), (folder / "pre.csv").mkdir()),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_ends_in_anything_but_findings(tmp_path: Path, fault: str):
    study = two_files(tmp_path)
    FAULTS[fault](tmp_path)
    check(study)
    try:
        prepare(study, "RT 04")
    except BaksosError as error:
        assert error.code == "rt_cannot_be_analysed" and error.findings


def test_names_of_the_instruments_follow_the_language(tmp_path: Path):
    two_files(tmp_path, [PRE[0], *([row[0], *"444"] for row in PRE[1:])])
    names = {language: [finding.details["instrument"] for finding in check(open_study(tmp_path, language)) if "instrument" in finding.details]
             for language in ("id", "en")}
    assert names == {"id": ["Sikap warga"], "en": ["Residents' attitude"]}


def test_many_faults_of_one_kind_are_one_finding(tmp_path: Path):
    pre = [["Kode", *MANY]] + [[f"K{n}", *["?"] * 6] for n in range(50)]
    post = [["Kode", *MANY]] + [[f"K{n}", *["B"] * 6] for n in range(50)]
    findings = refusal(two_files(tmp_path, pre, post, instruments=("tahu.toml",))).findings
    assert [(finding.code, finding.count, len(finding.where)) for finding in findings] == [("answer_unreadable", 50, 20)] * 6
