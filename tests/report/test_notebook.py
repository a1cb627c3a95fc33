"""The order in which a notebook shows what belongs together, and the files that it leaves."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.report.content import Column, Figure, Table, Text
from baksos_eval.report.notebook import finish, side_by_side
from tests.report.test_rt_workbook import by_hand


def table(name: str) -> Table:
    return Table(f"tbl-{name}", "Butir", (Column("x"),), (("1",),), alt="Butir")


def figure(name: str) -> Figure:
    return Figure(f"fig-{name}", "Butir", alt="Butir", png=b"", svg="", width_cm=14, height_cm=5)


def labels(contents) -> list[str]:
    return [content.markdown if isinstance(content, Text) else content.label for content in contents]


def test_each_instruments_table_follows_its_figures():
    texts, tables = (Text("satu"), Text("dua")), (table("items-sikap"), table("items-sikap-warga"))
    figures = (figure("items-sikap"), figure("items-sikap-warga-1"), figure("items-sikap-warga-2"))
    assert labels(side_by_side(texts, figures, tables)) == [
        "satu", "fig-items-sikap", "tbl-items-sikap", "dua", "fig-items-sikap-warga-1", "fig-items-sikap-warga-2", "tbl-items-sikap-warga"]


def test_nothing_is_lost_where_there_is_no_partner():
    assert labels(side_by_side((Text("satu"), Text("dua")), (figure("lain"),), (table("items-a"),))) == ["satu", "tbl-items-a", "dua", "fig-lain"]
    assert side_by_side((), (), ()) == ()


def test_a_recap_leaves_its_ledger_and_its_workbook(tmp_path):
    finish(by_hand(), str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"hasil.csv", "per_rt.xlsx"}
    with (tmp_path / "hasil.csv").open(encoding="utf-8", newline="") as file:
        assert "RT 02" in {row["rt"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(("present", "code"), [(True, "file_in_use"), (False, "file_unwritable")])
def test_a_file_that_cannot_be_written_is_named(tmp_path, monkeypatch, present, code):
    """Excel on Windows keeps a file that it shows from everybody else."""
    if present:
        (tmp_path / "per_rt.xlsx").write_bytes(b"")

    def refuse(path: Path, _: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(BaksosError) as told:
        finish(by_hand(), str(tmp_path))
    assert (told.value.code, told.value.details["file"]) == (code, "per_rt.xlsx")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    finish(by_hand())
    with pytest.raises(BaksosError) as told:
        finish(by_hand(), str(tmp_path / "hilang"))
    assert (told.value.code, told.value.details["folder"]) == ("results_folder_missing", "hilang")
