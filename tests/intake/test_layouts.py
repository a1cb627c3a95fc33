"""The same answers in every layout give the same data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from baksos_eval.intake.intake import RtData, list_rts, prepare
from baksos_eval.study.study import Study, open_study

from .small import POST, PRE, TWO_FILES, check, codes, found, two_files, write_csv, write_study, write_xlsx

IDS = '[columns]\nid = "Kode"\n'


def two_sheets(folder: Path) -> Study:
    write_study(folder, IDS + "".join(f'[[files]]\nfile = "Rekap kuesioner.xlsx"\nsheet = "{sheet}"\nwave = "{wave}"\nrt = "RT 04"\n'
                                      for sheet, wave in (("Pre Test", "pre"), ("post test", "post"))))
    write_xlsx(folder / "Rekap kuesioner.xlsx", {"Pre Test": PRE, "Post Test": POST, "Kunci": [["k1", "B"]]})
    return open_study(folder)


def one_long_file(folder: Path) -> Study:
    write_study(folder, IDS.replace("\n", '\nrt = "RT"\nwave = "Tes"\n', 1)
                + '[[files]]\nfile = "semua.csv"\nwaves = { pre = ["Awal"], post = ["Akhir"] }\n')
    rows = [["Tes", "RT", *PRE[0]]] + [["awal", "RT.4", *row] for row in PRE[1:]] + [["AKHIR ", "004", *row] for row in POST[1:]]
    write_csv(folder / "semua.csv", rows, delimiter=";")
    return open_study(folder)


def one_wide_file(folder: Path) -> Study:
    write_study(folder, IDS + '[[files]]\nfile = "lebar.csv"\nrt = "RT 04"\nwide = { pre = "Pre {item}", post = "Post {number}" }\n')
    rows = [["Kode", "Pre a1", "Pre a2", "Pre a3", "Post 1", "Post 2", "Post 3"]]
    rows += [[*before, *after[1:]] for before, after in zip(PRE[1:], POST[1:], strict=True)]
    write_csv(folder / "lebar.csv", rows, delimiter="\t")
    return open_study(folder)


def wide_with_maps(folder: Path) -> Study:
    maps = "".join(f'[files.wide_items.{wave}]\na1 = "Q1{end}"\na2 = "Q2{end}"\na3 = "Q3{end}"\n' for wave, end in (("pre", ""), ("post", " 2")))
    write_study(folder, IDS + '[[files]]\nfile = "formulir.csv"\nrt = "RT 04"\n' + maps)
    rows = [["Kode", "Q1", "Q2", "Q3", "Q1 2", "Q2 2", "Q3 2"]]
    rows += [[*before, *after[1:]] for before, after in zip(PRE[1:], POST[1:], strict=True)]
    write_csv(folder / "formulir.csv", rows)
    return open_study(folder)


def two_level_header(folder: Path) -> Study:
    write_study(folder, IDS + '[[files]]\nfile = "rekap.xlsx"\nrt = "RT 04"\nwide = { pre = "PRE TEST {number}", post = "POST TEST {number}" }\n')
    rows = [["REKAPITULASI DATA RT 04"], [], ["No", "Kode", "PRE TEST", None, None, "POST TEST", None, None, "Ket"],
            [None, None, 1, 2, 3, 1, 2, 3, None]]
    rows += [[number, *map(as_number, before), *map(as_number, after[1:])]
             for number, (before, after) in enumerate(zip(PRE[1:], POST[1:], strict=True), start=1)]
    rows += [["Jumlah", None, 11, 11, 12, 16, 7, 16], ["Rata-rata", None, 2.2], [], [None, None, None, None, None, "Bandar Lampung, 12 Agustus 2021"]]
    write_xlsx(folder / "rekap.xlsx", {"Sheet1": rows, "Sheet2": [], "Sheet3": []})
    return open_study(folder)


def sheet_per_rt(folder: Path) -> Study:
    write_study(folder, IDS + "".join(f'[[files]]\nfile = "{wave}.xlsx"\nsheet = "*"\nwave = "{wave}"\n' for wave in ("pre", "post")))
    other = [["Kode", "a1", "a2", "a3"], ["ZZ9", "1", "1", "1"]]
    write_xlsx(folder / "pre.xlsx", {"RT 04": PRE, "rt.5": other})
    write_xlsx(folder / "post.xlsx", {"RT 04": POST, "RT 05": other})
    return open_study(folder)


def as_number(text: object) -> object:
    return int(text) if str(text).isdigit() else text


LAYOUTS: list[Callable[[Path], Study]] = [two_files, two_sheets, one_long_file, one_wide_file, wide_with_maps, two_level_header, sheet_per_rt]


def same(left: RtData, right: RtData) -> bool:
    return (left.flow == right.flow and all(
        frames[wave][name].equals(other[wave][name])
        for frames, other in ((left.codes, right.codes), (left.items, right.items), (left.scores, right.scores))
        for wave in ("pre", "post") for name in frames[wave]))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_every_layout_tells_the_same(tmp_path: Path, layout: Callable[[Path], Study]):
    study = layout(tmp_path / "data kegiatan – 2021")
    data = prepare(study, "RT 04")
    assert data.flow == ("RT 04", 5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 5)
    assert data.codes["pre"]["sikap"]["a1"].tolist() == ["s", "ts", "sts", "ts", "s"]
    assert data.items["post"]["sikap"]["a2"].tolist() == [4, 3, 4, 3, 4]
    assert data.scores["pre"]["sikap"]["total"].tolist() == pytest.approx([3, 2, 7 / 3, 7 / 3, 8 / 3])
    assert data.scores["pre"]["sikap"]["gotong_royong"].tolist() == [3, 2, 1.5, 2.5, 3.5]
    reference = prepare(two_files(tmp_path / "acuan"), "RT 04")
    assert same(data, reference)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_no_layout_is_fatal(tmp_path: Path, layout: Callable[[Path], Study]):
    assert [finding for finding in check(layout(tmp_path)) if finding.fatal] == []


def test_a_sheet_for_each_rt(tmp_path: Path):
    study = sheet_per_rt(tmp_path)
    assert list_rts(study) == ("RT 04", "RT 05")
    assert prepare(study, "RT 05").flow.both == 1


def test_a_wide_file_without_ids_pairs_by_row(tmp_path: Path):
    write_study(tmp_path, '[[files]]\nfile = "lebar.csv"\nrt = "RT 04"\nwide = { pre = "Pre {item}", post = "Post {item}" }\n')
    head = [f"{wave} {item}" for wave in ("Pre", "Post") for item in ("a1", "a2", "a3")]
    rows = [["1", "1", "1", "4", "4", "4"], ["2", "2", "2", "", "", ""], ["1", "1", "1", "4", "4", "4"], ["", "", "", "3", "3", "3"]]
    write_csv(tmp_path / "lebar.csv", [head, *rows])
    check(open_study(tmp_path))
    data = prepare(open_study(tmp_path), "RT 04")
    assert (data.flow.rows_pre, data.flow.rows_post, data.flow.pre_only, data.flow.post_only, data.flow.both) == (3, 3, 1, 1, 2)
    first = data.scores["pre"]["sikap"]["total"]
    write_csv(tmp_path / "lebar.csv", [head, *reversed(rows)])
    assert prepare(open_study(tmp_path), "RT 04").scores["pre"]["sikap"]["total"].equals(first)


def test_wide_rows_without_any_answer_are_not_people(tmp_path: Path):
    study = one_wide_file(tmp_path)
    rows = [["Kode", "Pre a1", "Pre a2", "Pre a3", "Post 1", "Post 2", "Post 3"], ["A1", *"123321"], ["B2", "", "-", "", "", "", "."]]
    write_csv(tmp_path / "lebar.csv", rows)
    assert prepare(study, "RT 04").flow[1:] == (1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    assert found(study, "row_without_answers").where[0].row == 3


def test_several_rts_in_one_file(tmp_path: Path):
    body = TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nrt = "Alamat RT"').replace('rt = "RT 04"\n', "")
    rts = ["RT 04", "rt 4", "RT.05", "005/002", "04"]
    pre = [[*PRE[0], "Alamat RT"]] + [[*row, rt] for row, rt in zip(PRE[1:], rts, strict=True)]
    post = [[*POST[0], "Alamat RT"]] + [[*row, rt] for row, rt in zip(POST[1:], rts, strict=True)]
    study = two_files(tmp_path, pre, post, body)
    assert list_rts(study) == ("RT 04", "RT 05", "RT 05 RW 02")
    assert [prepare(study, rt).flow.both for rt in list_rts(study)] == [3, 1, 1]


def test_declared_rts_come_first_and_in_their_order(tmp_path: Path):
    study = two_files(tmp_path, body='rts = ["RT 9", "RT 4"]\n' + TWO_FILES)
    assert list_rts(study) == ("RT 09", "RT 04")


def test_order_of_rows_columns_and_files_changes_nothing(tmp_path: Path):
    plain = prepare(two_files(tmp_path / "a"), "RT 04")
    shuffled_pre = [[row[column] for column in (3, 0, 2, 1)] for row in (PRE[0], *reversed(PRE[1:]))]
    halves = TWO_FILES.split("[[files]]")
    swapped = "[[files]]".join((halves[0], halves[2], halves[1]))
    shuffled = prepare(two_files(tmp_path / "b", shuffled_pre, [POST[0], *POST[3:], *POST[1:3]], swapped), "RT 04")
    assert same(plain, shuffled)


def test_extra_columns_change_nothing(tmp_path: Path):
    plain = prepare(two_files(tmp_path / "a"), "RT 04")
    more = [["Nama", "Cap waktu", *PRE[0], "Saran", ""]] + [[f"Orang {n}", "12/08/2021 9.15.33", *row, "bagus", "x"] for n, row in enumerate(PRE[1:])]
    study = two_files(tmp_path / "b", more)
    assert same(plain, prepare(study, "RT 04"))
    assert {"contact_columns_dropped", "columns_ignored"} <= set(codes(check(study)))


def test_profiles_come_from_pre_and_else_from_post(tmp_path: Path):
    body = TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nprofile = { kerja = "Pekerjaan  utama" }')
    pre = [[*row, work] for row, work in zip(PRE, ["pekerjaan utama", "tani", "", "buruh", "buruh", "tani"], strict=True)]
    post = [[*row, work] for row, work in zip([*POST[:2], ["CD2", "3", "2", "4"], *POST[3:]], ["Pekerjaan Utama", "buruh", "tani", "buruh", "", "tani"], strict=True)]
    data = prepare(two_files(tmp_path, pre, post, body), "RT 04")
    assert data.profile["kerja"].tolist() == ["tani", "tani", "buruh", "buruh", "tani"]


def test_absent_people_have_rows_of_missing_values(tmp_path: Path):
    data = prepare(two_files(tmp_path, post=[row for row in POST if row[0] != "CD2"] + [["ZZ9", "1", "4", "1"]]), "RT 04")
    assert (data.flow.pre_only, data.flow.post_only, data.flow.both) == (1, 1, 4)
    assert all(len(frame) == 6 for wave in ("pre", "post") for frame in (data.codes[wave]["sikap"], data.scores[wave]["sikap"]))
    assert np.isnan(data.scores["post"]["sikap"].iloc[1].to_numpy()).all()
    assert data.codes["pre"]["sikap"].iloc[5].tolist() == [None, None, None]
    assert isinstance(data.profile, pd.DataFrame) and len(data.profile) == 6


def test_two_instruments_in_one_file(tmp_path: Path):
    knowledge = ["k1", "k2", "k3", "k4", "k5", "k6"]
    pre = [[*PRE[0], *knowledge]] + [[*row, "B", "S", "Benar", "None", "TRUE", ""] for row in PRE[1:]]
    post = [[*POST[0], *knowledge]] + [[*row, "B", "S", "B", "S", "b", "salah"] for row in POST[1:]]
    data = prepare(two_files(tmp_path, pre, post, instruments=("sikap.toml", "tahu.toml")), "RT 04")
    assert data.codes["pre"]["tahu"].iloc[0].tolist() == ["benar", "salah", "benar", "tidak_tahu", "benar", None]
    assert data.scores["pre"]["tahu"]["total"].tolist() == [80.0] * 5
    assert data.scores["post"]["tahu"]["total"].tolist() == [100.0] * 5


def test_the_files_are_read_once_and_again_when_they_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from baksos_eval.intake import responses

    study = two_files(tmp_path)
    times = []
    monkeypatch.setattr(responses, "read_table", lambda *args, real=responses.read_table: (times.append(1), real(*args))[1])
    first = prepare(study, "RT 04")
    check(study)
    assert prepare(open_study(tmp_path), "RT 04").flow == first.flow
    assert len(times) == 2
    write_csv(tmp_path / "post.csv", POST[:-1])
    assert prepare(study, "RT 04").flow.both == 4
    assert len(times) == 4
