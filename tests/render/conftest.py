"""A small executed notebook with everything a report can hold, built from the content types."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from baksos_eval.render import blocks
from baksos_eval.render.model import Document
from baksos_eval.report.content import Column, Figure, Spanner, Table, Text, Title

SVG = ('<svg xmlns="http://www.w3.org/2000/svg" width="200pt" height="100pt" viewBox="0 0 200 100">'
       '<rect x="10" y="10" width="120" height="60" fill="#2F5D73"/></svg>')


def png(width: int = 40, height: int = 20) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "#2F5D73").save(written, "PNG")
    return written.getvalue()


def title(**changes: Any) -> Title:
    values = {"title": "Evaluasi di RT 04", "subtitle": "Edukasi kesehatan", "language": "id", "study": "contoh", "rt": "RT 04",
              "facts": (("Kelurahan", "Way Halim Permai"), ("Waktu pengukuran", "12 Agustus 2021"))}
    return Title(**values | changes)


def table(label: str = "tbl-change", **changes: Any) -> Table:
    values = {
        "label": label, "caption": "Nilai sebelum dan sesudah", "alt": "Nilai tiap skala sebelum dan sesudah kegiatan",
        "columns": (Column("Skala"), Column("*n*", "right"), Column("Sebelum", "decimal"), Column("*d*~z~", "decimal"), Column("Tafsiran", "center")),
        "rows": (("Pengetahuan", "27", "62,35", "1,2", "besar"), ("Sikap", "27", "3,4", "−0,05", "–"), ("Total", "27", "1.024,125", "–", "sedang")),
        "source": "Sumber: Data primer diolah, 2021", "notes": ("*d*~z~: rata-rata selisih dibagi simpangan bakunya.",),
        "spanners": (Spanner("Nilai", 2, 3),), "emphasised": (2,)}
    return Table(**values | changes)


def long_table(rows: int = 30, label: str = "tbl-items", **changes: Any) -> Table:
    values = {"label": label, "caption": "Butir pernyataan", "alt": "Jawaban benar tiap butir", "columns": (Column("No.", "right"), Column("Pernyataan"), Column("%", "decimal")),
              "rows": tuple((str(number), f"Pernyataan nomor {number} tentang pencegahan penularan", f"{number * 3.1:.1f}".replace(".", ",")) for number in range(1, rows + 1))}
    return Table(**values | changes)


def wide_table(label: str = "tbl-units") -> Table:
    headers = [Column("RT"), *(Column(word, "decimal") for _ in range(5) for word in ("Sebelum", "Sesudah"))]
    rows = tuple((f"RT {number:02}", *(f"{number + at / 100:.2f}".replace(".", ",") for at in range(10))) for number in range(1, 9))
    return Table(label, "Perbandingan antar-RT", tuple(headers), rows, "Nilai tiap RT",
                 spanners=tuple(Spanner(f"Dimensi {at + 1}", 1 + 2 * at, 2 + 2 * at) for at in range(5)), wide=True)


def figure(label: str = "fig-change", **changes: Any) -> Figure:
    values = {"label": label, "caption": "Perubahan tiap warga", "alt": "Garis nilai tiap warga", "png": png(), "svg": SVG, "width_cm": 14.0, "height_cm": 7.0,
              "source": "Sumber: Data primer diolah, 2021"}
    return Figure(**values | changes)


def markdown_cell(text: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": text}


def code_cell(*contents: Any, tags: tuple[str, ...] = (), outputs: list[dict[str, Any]] | None = None, count: int | None = 1) -> dict[str, Any]:
    shown = [{"output_type": "display_data", "data": content._repr_mimebundle_(), "metadata": {}} for content in contents]
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": "show()", "execution_count": count, "outputs": shown + (outputs or [])}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def full_notebook() -> dict[str, Any]:
    return notebook(
        code_cell(title()),
        code_cell(Text("Pengetahuan warga **meningkat** 16,55 poin ([@tbl-change]).", role="verdict")),
        markdown_cell("## Perubahan\n\nBagian ini membahas *perubahan* nilai."),
        code_cell(Text("Lihat [@tbl-change] dan [@fig-change].\n\n- satu\n- dua\n  1. dua a\n  2. dua b\n\nRumusnya $d_z = \\frac{\\bar{d}}{s_d}$, dengan"
                       "\n\n$$s_d = \\sqrt{\\frac{\\sum_{i=1}^{n}(d_i-\\bar{d})^2}{n-1}}$$"), table(), figure()),
        markdown_cell("### Butir"),
        code_cell(long_table(), Text("Baca [@tbl-units] dari kiri ke kanan.", role="note")),
        markdown_cell("## Antar-RT\n\n> Kutipan singkat."),
        markdown_cell("### Rincian"),
        code_cell(wide_table()),
        code_cell(Text("Tanpa kelompok pembanding ([@fig-last]).", role="limit"), figure("fig-last", caption="Jangkauan unggahan", svg="", notes=("Tiap titik satu minggu.",))))


@pytest.fixture(scope="session")
def report() -> Document:
    return blocks.read(full_notebook())


@pytest.fixture
def read() -> Callable[..., Document]:
    return lambda *cells: blocks.read(notebook(code_cell(title()), *cells))
