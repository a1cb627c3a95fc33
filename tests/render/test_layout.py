from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.ft2font import FT2Font, LoadFlags

from baksos_eval.render import fonts, layout
from baksos_eval.render.layout import TABLE_SIZES, columns, decimal_column, margins_named, text_width
from baksos_eval.render.model import TableBlock, Words


def block(*rows: tuple[str, ...], weights: tuple[float, ...] = (), headers: tuple[str, ...] = ()) -> TableBlock:
    n = len(rows[0])
    return TableBlock("tbl-a", (), "a", tuple((Words(text),) for text in headers or ("",) * n), ("left",) * n, weights or (1.0,) * n,
                      tuple(tuple((Words(text),) for text in row) for row in rows))


def test_widths_are_those_of_times():
    assert text_width("0123456789") == pytest.approx(5)
    assert text_width("Simpulan") == pytest.approx((556 + 278 + 778 + 500 + 500 + 278 + 444 + 500) / 1000)
    assert text_width((Words("0", frozenset({"sub"})),)) == pytest.approx(0.325)


@given(st.lists(st.lists(st.text("abc d", max_size=40), min_size=3, max_size=3).map(tuple), min_size=1, max_size=6), st.floats(4, 24),
       st.lists(st.sampled_from((0.5, 1.0, 2.4, 4.0)), min_size=3, max_size=3))
def test_columns_fill_the_page_exactly(rows, available, weights):
    measures = columns(block(*rows, weights=tuple(weights)), available)
    assert sum(measures.widths) == pytest.approx(available)
    assert all(width > 0 for width in measures.widths)
    assert measures.size in TABLE_SIZES


def test_no_word_is_divided_while_there_is_room():
    measures = columns(block(("Pertanggungjawaban", "kata " * 60, "x"), weights=(0.1, 8, 0.1)), 14)
    assert measures.widths[0] > text_width("Pertanggungjawaban") * 10 / 72 * 2.54
    assert measures.size == 10


def test_weights_are_proportions_where_words_allow_it():
    assert columns(block(("a", "b", "c"), weights=(2, 1, 1)), 12).widths == pytest.approx((6, 3, 3))


def test_equal_weights_leave_it_to_the_content():
    narrow, wide = columns(block(("a", "kalimat yang agak panjang")), 10).widths
    assert wide > 3 * narrow


def test_crowded_tables_are_set_smaller():
    assert columns(block(("Pertanggungjawaban",) * 5), 14).size < 10
    assert columns(block(("Pertanggungjawaban",) * 12), 14).size == 8


def test_decimals_meet_at_the_sign_of_the_language():
    def ends(cells, language):
        column = decimal_column([(Words(cell),) for cell in cells], language)
        return [cell and round(column.right - cell.right, 2) for cell in column.cells]

    assert ends(["1,25", "1.024,5", "7", "–", ""], "id") == [0, 1, 2.5, None, None]
    assert ends(["1.25", "1,024.5", "7"], "en") == [0, 1, 2.5]
    assert ends(["12,5 %", "3,25 %"], "id") == [1, 0]
    assert ends(["−0,5", "< 0,001"], "id") == [2, 0]


def test_a_number_may_be_in_several_styles():
    column = decimal_column([(Words("1", frozenset({"bold"})), Words(",25")), (Words("10,5"),)], "id")
    assert column.cells[0].right == pytest.approx(2.5)
    assert column.cells[1].left == pytest.approx(2)


def test_margins_turn_with_the_page():
    margins = margins_named("kiri_atas4")
    assert margins.turned() == (4, 4, 3, 3)
    assert (margins.width(), margins.width(landscape=True)) == pytest.approx((14, 29.7 - 3 - 4))


@pytest.mark.parametrize(("bold", "name"), [(False, "STIXGeneral.ttf"), (True, "STIXGeneralBol.ttf")])
def test_widths_of_the_type_of_the_pdf_are_those_of_its_file(bold, name):
    font = FT2Font(io.BytesIO((fonts.folder() / name).read_bytes()))
    font.set_size(1000, 72)
    for character, width in layout._PRINTED[bold].items():
        assert font.load_char(ord(character), flags=LoadFlags.NO_SCALE).linearHoriAdvance / 65536 == pytest.approx(width, abs=1), character


@pytest.mark.parametrize(("text", "lines"), [
    ("kata", 1), ("", 1), ("kata " * 11 + "kata", 2), ("kata \U0001f600", None), ("kata/kata " * 9 + "kata", None), ("0,05–0,10 " * 9 + "kata", None), ("k" * 90, None)])
def test_lines_of_a_row_are_counted_only_where_they_are_certain(text, lines):
    assert layout.row_lines(block((text, "1")), layout.Columns((4.4, 4.0), 10.0)) == (lines,)


def test_a_line_that_is_only_just_full_is_left_to_typst():
    full = text_width("kata kata") * 10 / layout.POINTS_PER_CM + 2 * layout.CELL_PADDING_CM
    assert [layout.row_lines(block(("kata kata", "1")), layout.Columns((full * share, 4.0), 10.0))[0] for share in (0.8, 0.999, 1.02)] == [2, None, 1]
