from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.render import blocks
from baksos_eval.render.model import (
    Aside,
    Equation,
    FigureBlock,
    Heading,
    LineBreak,
    Listing,
    Paragraph,
    Reference,
    TableBlock,
    Verbatim,
    Words,
    text_of,
)
from baksos_eval.report import inline
from baksos_eval.report.content import TABLE_MIME, Column, Table, Text
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words

from .conftest import code_cell, figure, full_notebook, long_table, markdown_cell, notebook, table, title


def refused(*cells: dict[str, Any], with_title: bool = True) -> BaksosError:
    with pytest.raises(BaksosError) as caught:
        blocks.read(notebook(*([code_cell(title())] if with_title else []), *cells))
    for language in LANGUAGES:
        assert all("{" not in line.replace("{x}", "") for line in describe(caught.value, words(language)))
    return caught.value


def output(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {kind.replace("__", "/"): value for kind, value in data.items()}, "metadata": {}}


def test_tables_and_figures_are_numbered_in_their_order_each_for_itself(report):
    names = [(block.name, block.number, block.label) for block in report.blocks if isinstance(block, TableBlock | FigureBlock)]
    assert names == [("Tabel\xa01", 1, "tbl-change"), ("Gambar\xa01", 1, "fig-change"), ("Tabel\xa02", 2, "tbl-items"),
                     ("Tabel\xa03", 3, "tbl-units"), ("Gambar\xa02", 2, "fig-last")]


def test_references_carry_the_number_also_before_the_table_and_inside_boxes_and_notes(read):
    document = read(code_cell(Text("Lihat [@tbl-b] (*dan [@tbl-a]*).", role="verdict"), table("tbl-a", notes=("Bandingkan [@tbl-b].",)), table("tbl-b")))
    aside, first, _ = document.blocks
    assert isinstance(aside, Aside)
    assert text_of(aside.blocks[0].spans) == "Lihat Tabel\xa02 (dan Tabel\xa01)."
    assert Reference("tbl-b", "Tabel\xa02") in first.notes[0]


def test_english_documents_have_english_names():
    document = blocks.read(notebook(code_cell(title(language="en")), code_cell(table(), figure())))
    assert [block.name for block in document.blocks] == ["Table\xa01", "Figure\xa01"]
    assert document.language == "en"


def test_markdown_becomes_blocks(read):
    found = read(markdown_cell("Satu *miring* **tebal** d~z~ x^2^ `kode`\nlanjut  \nbaru\n\n3. tiga\n4. empat\n   - dalam\n\n$$n-1$$\n\n    apa adanya\n\n---")).blocks
    paragraph, listing, equation, verbatim = found
    assert [(span.text, set(span.styles)) for span in paragraph.spans if isinstance(span, Words)] == [
        ("Satu ", set()), ("miring", {"italic"}), (" ", set()), ("tebal", {"bold"}), (" d", set()), ("z", {"sub"}), (" x", set()), ("2", {"super"}),
        (" ", set()), ("kode", {"code"}), (" lanjut", set()), ("baru", set())]
    assert LineBreak() in paragraph.spans
    assert isinstance(listing, Listing) and listing.ordered and listing.start == 3 and len(listing.items) == 2
    assert isinstance(listing.items[1][1], Listing) and not listing.items[1][1].ordered
    assert isinstance(equation, Equation) and equation.formula.plain == "n − 1"
    assert verbatim == Verbatim("apa adanya")


def test_headings_form_an_outline_whatever_levels_were_written(read):
    found = read(markdown_cell("\n\n".join(f"{title}\n\nText." for title in ("## A", "#### B", "##### C", "### D", "# E", "### F")))).blocks
    assert [(text_of(block.spans), block.level) for block in found if isinstance(block, Heading)] == [("A", 1), ("B", 2), ("C", 3), ("D", 2), ("E", 1), ("F", 2)]


@pytest.mark.parametrize(("written", "kept"), (
    ("## A\n\n## B\n\nText", "B"),
    ("## A\n\n### B\n\n## C\n\nText", "C"),
    ("## A\n\n### B\n\nText\n\n### C\n\n## D", "AB"),
    ("# A\n\n## B\n\n### C\n\nText\n\n# D\n\n#### E", "ABC"),
    ("Text\n\n## A\n\n## B", ""),
))
def test_headings_with_nothing_below_them_are_left_out(read, written, kept):
    found = read(markdown_cell(written)).blocks
    assert "".join(text_of(block.spans) for block in found if isinstance(block, Heading)) == kept
    assert sum(isinstance(block, Paragraph) for block in found) == written.count("Text")


def test_a_section_whose_code_shows_nothing_loses_its_heading(read):
    found = read(markdown_cell("## A"), code_cell(), markdown_cell("## B"), code_cell(table())).blocks
    assert [text_of(block.spans) for block in found if isinstance(block, Heading)] == ["B"]


def test_a_heading_within_a_box_is_no_heading_of_the_document(read):
    (aside,) = read(code_cell(Text("## Batas\n\nTeks", role="limit"))).blocks
    assert isinstance(aside.blocks[0], Paragraph)
    assert not any(isinstance(block, Heading) for block in aside.blocks)


def test_what_is_left_out_is_told(read):
    document = read(
        code_cell(table("tbl-x"), tags=("parameters",)), markdown_cell("Hanya untuk penulis", "remove_cell"), markdown_cell("Petunjuk", "hide_input"),
        markdown_cell("", "remove_cell"), code_cell(tags=("injected-parameters",)),
        code_cell(outputs=[{"output_type": "stream", "name": "stderr", "text": ["a\n", "bc\n"]}, {"output_type": "execute_result", "data": {"text/plain": "3"}},
                           output(text__plain="x", **{"application__vnd.jupyter.widget-view+json": {}})]))
    assert document.blocks == ()
    assert [(warning.code, warning.details) for warning in document.warnings] == [
        ("cell_left_out", {"cell": 2, "tag": "parameters"}), ("cell_left_out", {"cell": 3, "tag": "remove_cell"}), ("cell_left_out", {"cell": 4, "tag": "hide_input"}),
        ("printed_left_out", {"cell": 7, "stream": "stderr", "characters": 5}), ("bare_text_left_out", {"cell": 7}), ("widget_left_out", {"cell": 7})]
    for language in LANGUAGES:
        for warning in document.warnings:
            assert all("{" not in line for line in describe(warning, words(language)))


def test_a_hidden_source_keeps_its_outputs(read):
    assert [block.label for block in read(code_cell(table(), tags=("hide_input",))).blocks] == ["tbl-change"]


def test_code_is_never_in_a_report(report):
    assert "show()" not in repr(report.blocks)


def test_markdown_shown_by_code_is_read(read):
    heading, _ = read(code_cell(outputs=[output(text__markdown=["## Ju", "dul\n\nTeks"], text__plain="x")])).blocks
    assert heading == Heading(1, (Words("Judul"),))


@pytest.mark.parametrize("data", [
    {"text/html": "<table><tr><td>1.5</td></tr></table>", "text/plain": "   a\n0  1.5"},
    {"image/png": "iVBOR", "text/plain": "<Figure size 640x480 with 1 Axes>"},
    {"image/svg+xml": "<svg/>"},
    {"application/javascript": "alert(1)"},
    {"text/latex": "$x$", "text/plain": "x"},
    {"application/vnd.plotly.v1+json": {}, "text/html": "<div>"},
])
def test_foreign_outputs_are_refused(data):
    error = refused(code_cell(outputs=[{"output_type": "execute_result", "data": data}]))
    assert (error.code, error.findings[0].details["cell"]) == ("foreign_output", 2)
    assert error.findings[0].details["kind"]


def test_all_foreign_outputs_are_listed_with_every_other_fault():
    error = refused(code_cell(outputs=[output(text__html="<b>")]), code_cell(outputs=[output(image__png="x"), output(text__html="y")]),
                    markdown_cell("![foto](rahasia.png)\n\n$\\foo$"), markdown_cell("| a | b |\n|---|---|\n| 1 | 2 |"), code_cell(Text("[@tbl-tidak-ada]")), code_cell(table(), table()))
    assert error.code == "foreign_output"
    assert [(fault.code, fault.details.get("cell")) for fault in error.findings] == [
        ("foreign_output", 2), ("foreign_output", 3), ("foreign_output", 3), ("foreign_output", 4), ("formula_unknown", 4), ("foreign_output", 5),
        ("label_repeated", None), ("reference_unknown", None)]
    assert [fault.details["kind"] for fault in error.findings if fault.code == "foreign_output"][-2:] == ["Markdown image", "Markdown table"]


def test_a_notebook_that_failed_is_refused_without_its_message():
    error = refused(code_cell(outputs=[{"output_type": "error", "ename": "ValueError", "evalue": "Siti Aminah 08123", "traceback": ["Siti"]}]))
    assert error.code == "notebook_failed"
    assert error.findings[0].details == {"cell": 2, "error": "ValueError"}
    assert "Siti" not in repr(error.findings) + str(error)


def test_failures_come_before_everything_else():
    failure = {"output_type": "error", "ename": "KeyError", "evalue": "", "traceback": []}
    assert refused(code_cell(outputs=[output(text__html="x")]), code_cell(outputs=[failure])).code == "notebook_failed"


def test_a_notebook_that_was_not_run_is_refused():
    error = refused(code_cell(count=None), {**code_cell(table()), "metadata": {"papermill": {"status": "running"}}}, with_title=False)
    assert error.code == "notebook_unfinished"
    assert [fault.details["cell"] for fault in error.findings] == [1, 2]


def test_a_run_that_papermill_marks_as_broken_is_refused():
    broken = full_notebook() | {"metadata": {"papermill": {"exception": True}}}
    with pytest.raises(BaksosError, match="notebook_failed"):
        blocks.read(broken)


def test_one_title_is_needed_and_no_more():
    assert refused(markdown_cell("# A"), with_title=False).code == "title_missing"
    assert refused(code_cell(title())).code == "title_repeated"


@pytest.mark.parametrize("label", ["tbl_change", "tbl-Change", "change", "tbl-"])
def test_labels_have_one_form(label):
    error = refused(code_cell(table(label)))
    assert [fault.code for fault in error.findings] == ["label_invalid"]


def test_unknown_references_are_all_named():
    error = refused(code_cell(Text("[@tbl-a] [@fig-b] [@tbl-a] [@Salah]"), table(caption="Lihat [@tbl-c]")))
    assert error.code == "reference_unknown"
    assert {fault.details["label"]: fault.count for fault in error.findings} == {"tbl-a": 2, "fig-b": 1, "Salah": 1, "tbl-c": 1}


def test_content_of_another_version_is_refused():
    error = refused(code_cell(outputs=[{"output_type": "display_data", "data": {TABLE_MIME: {"label": "tbl-x"}}}]))
    assert error.code == "content_unreadable"


def test_a_users_words_stay_words_in_texts_and_cells(read):
    name = "*RT* _04_ [@tbl-x] <b>x</b> $n$ a~b~ ^c^ `d` \\e & [f](g) ![h](i)\n# j"
    shown = "*RT* _04_ [@tbl-x] <b>x</b> $n$ a~b~ ^c^ `d` \\e & [f](g) ![h](i) # j"
    escaped = inline.escape(name)
    document = read(code_cell(Text(escaped), Text(f"Di {escaped}."), Table("tbl-a", escaped, (Column(escaped),), ((escaped,),), "alt")))
    first, second, shown_table = document.blocks
    assert first.spans == (Words(shown),)
    assert second.spans == (Words(f"Di {shown}."),)
    assert shown_table.caption == shown_table.headers[0] == shown_table.rows[0][0] == (Words(shown),)


@pytest.mark.parametrize("word", ["1. satu", "- satu", "+ satu", "12) satu", "# satu", "> satu", "=== ", "---", "* * *", "    satu"])
def test_a_users_word_at_the_start_of_a_text_is_still_a_word(read, word):
    (block,) = read(code_cell(Text(inline.escape(word.strip() or word)))).blocks
    assert isinstance(block, Paragraph)
    assert text_of(block.spans) == word.strip()


def test_characters_that_no_page_can_hold_are_taken_out_and_counted(read):
    document = read(code_cell(Text("a\x00b\x1bc\ud800d\ufffe"), table(caption="x\x07y", alt="z\x0b")), markdown_cell("k\x9fl\tm"))
    assert text_of(document.blocks[0].spans) == "abcd"
    assert text_of(document.blocks[1].caption) == "xy"
    assert [(warning.code, warning.count) for warning in document.warnings] == [("control_characters", 7)]


def test_html_in_markdown_is_text(read):
    found = read(markdown_cell("<script>alert(1)</script>\n\nAda <img src=x onerror=alert(1)> di sini")).blocks
    assert [text_of(block.spans) for block in found] == ["<script>alert(1)</script>", "Ada <img src=x onerror=alert(1)> di sini"]


def test_a_link_shows_its_address(read):
    (paragraph,) = read(markdown_cell("[Panduan](https://contoh.id/a) dan <https://contoh.id>")).blocks
    assert text_of(paragraph.spans) == "Panduan (https://contoh.id/a) dan https://contoh.id"


def test_no_line_ends_within_an_interval(read):
    (block,) = read(code_cell(Table("tbl-a", "c", (Column("a", "right"), Column("b")), (("+16,55 [12,31 s.d. 20,79]", "a b"),), "alt"))).blocks
    assert [text_of(cell) for cell in block.rows[0]] == ["+16,55 [12,31\xa0s.d.\xa020,79]", "a b"]


def test_a_file_is_read_like_its_content(tmp_path: Path):
    path = tmp_path / "evaluasi rt 04.ipynb"
    path.write_text(json.dumps(full_notebook()), encoding="utf-8")
    assert blocks.read(path) == blocks.read(full_notebook())


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nbformat": 3, "worksheets": []}'])
def test_what_is_no_notebook_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "a.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaksosError, match="notebook_unreadable"):
        blocks.read(path)
    with pytest.raises(BaksosError, match="notebook_unreadable"):
        blocks.read(tmp_path / "tidak ada.ipynb")


def test_longer_tables_are_read_whole(read):
    assert len(read(code_cell(long_table(200))).blocks[0].rows) == 200
