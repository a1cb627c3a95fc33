"""The example study's posts, partners and satisfaction: what the script writes, nobody real, as untidy as they claim."""

from __future__ import annotations

import csv
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from openpyxl import load_workbook

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.study.study import open_study

STUDY = Path(__file__).parents[2] / "data" / "contoh"
FOLDER = STUDY / "kegiatan"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("buat_unggahan_mitra", FOLDER / "buat_unggahan_mitra.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def activities() -> Activities:
    return read_activities(open_study(STUDY))


def cells() -> list[str]:
    with (FOLDER / "Ekspor Instagram Agustus 2021.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = [cell for row in csv.reader(stream) for cell in row]
    return found + [str(cell) for sheet in load_workbook(FOLDER / "Mitra dan kepuasan.xlsx") for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def test_writing_again_gives_the_same_bytes(script: ModuleType, tmp_path: Path):
    first, again = script.write_all(tmp_path / "a"), script.write_all(tmp_path / "b c")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert first[0].read_bytes() == (FOLDER / first[0].name).read_bytes()
    tables = [[[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in load_workbook(path)] for path in (first[1], FOLDER / first[1].name)]
    assert tables[0] == tables[1]


def test_nobody_in_it_is_real():
    for cell in cells():
        assert "@" not in cell and not re.search(r"\d{16}(?<!0000)$", cell.split("179")[0])
        assert not re.search(r"(?:\+?62|\b08)[\d\s-]{7,}", cell.replace("0800-0000-", "")), cell
    assert not {"Nama", "NIK", "Alamat"} & set(cells())


def test_the_study_reads_all_of_it(activities: Activities):
    assert not activities.fatal and (len(activities.posts.posts), len(activities.partners.partners), activities.satisfaction.all.n) == (12, 10, 34)
    codes = {finding.code for finding in activities.findings}
    assert {"posts_row_differs", "posts_without_topic", "partner_letter_missing", "partner_letter_incomplete", "partner_letter_late", "answer_several", "log_contacts_dropped"} <= codes
    assert "log_dates_mixed" not in codes and all(post.day and post.day.month == 8 for post in activities.posts.posts)


def test_the_figures_are_those_of_a_small_programme(activities: Activities):
    assert set(activities.posts.shown) == {"impressions"} and 100 < activities.posts.all.reach.median < 500
    assert 65 < activities.satisfaction.all.index < 90 and [group.group for group in activities.satisfaction.groups] == ["Mitra", "Warga"]
    assert activities.partners.permission[:2] == (7, 5)
