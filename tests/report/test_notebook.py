"""The order in which a notebook shows what belongs together."""

from __future__ import annotations

from baksos_eval.report.content import Column, Figure, Table, Text
from baksos_eval.report.notebook import side_by_side


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
