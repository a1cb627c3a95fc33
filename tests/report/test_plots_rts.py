from __future__ import annotations

import math

import pytest

from baksos_eval.report.drawing import DOTTED, TALLEST
from baksos_eval.report.plots_rts import draw_forest, draw_progress
from baksos_eval.report.text import words
from tests.report.by_hand import instrument, study, summary, unit
from tests.report.test_plots import inside, texts

ID, EN = words("id"), words("en")
UP = instrument(smallest_change=0.5)
DOWN = instrument("worry", label="Cemas", direction="down", smallest_change=0.5)
UNITS = [unit("RT 04", 28, 0.6, 0.1), unit("RT 05", 20, 0.2, 0.2), unit("RT 07", 3, math.nan, math.nan), unit("RT 09", 11, -0.1, 0.15), unit("RT 11", 7, 0.9, 0.4)]


def forest(units=UNITS, scale=UP, c=ID):
    result = summary(study([scale]), [units]).scales[0]
    return result, draw_forest(result, c, 0.95)


def reader(sheet):
    """Turns a place on the page back into a value, from the axis and its written ticks."""
    ticks = [stroke[0][0] for stroke in sheet.named("tick")[0].strokes]
    labels = {word.x: word.text.replace("−", "-").replace(",", ".") for word in sheet.words if word.align == "center"}
    first, last = float(labels[ticks[0]]), float(labels[ticks[-1]])
    return lambda x: first + (x - ticks[0]) / (ticks[-1] - ticks[0]) * (last - first)


def test_each_rt_has_its_interval_in_the_order_given():
    result, (sheet,) = forest()
    value = reader(sheet)
    drawn = [(value(low[0]), value(high[0])) for low, high in sheet.named("interval")[0].strokes]
    assert drawn == [pytest.approx((one.low, one.high)) for one in result.units if one.n >= 5]
    assert [text for text in texts(sheet) if text.startswith("RT ")] == ["RT 04", "RT 05", "RT 07", "RT 09", "RT 11"]


def test_the_squares_grow_with_n():
    _, (sheet,) = forest()
    sizes = {round(marks.size, 6) for marks in sheet.named("rt")}
    areas = sorted(size**2 for size in sizes)
    assert [area / areas[0] for area in areas] == pytest.approx([7 / 7, 11 / 7, 20 / 7, 28 / 7], rel=1e-4)


def test_diamond_prediction_zero_and_smallest_change_stand_where_they_should():
    result, (sheet,) = forest()
    value, pooled = reader(sheet), result.pooled
    corners = sheet.named("pooled")[0].polygons[0]
    assert [value(corners[place][0]) for place in (0, 1, 2)] == pytest.approx([pooled.low, pooled.estimate, pooled.high])
    assert [value(x) for x, _ in sheet.named("prediction")[0].strokes[0]] == pytest.approx([pooled.prediction_low, pooled.prediction_high])
    assert value(sheet.named("zero")[0].strokes[0][0][0]) == pytest.approx(0)
    dotted = sheet.named("smallest change")[0]
    assert dotted.dashes == DOTTED
    assert value(dotted.strokes[0][0][0]) == pytest.approx(0.5)


def test_numbers_stand_beside_the_plot_in_the_language():
    _, (sheet,) = forest()
    assert {"+0,60 (0,40 s.d. 0,80)", "−0,10 (−0,40 s.d. 0,20)", "28", "3", "–", "Gabungan (4 RT)", "Perubahan (selang 95\N{NO-BREAK SPACE}%)"} <= set(texts(sheet))
    _, (sheet,) = forest(c=EN)
    assert {"+0.60 (0.40 to 0.80)", "Overall (4 RTs)", "Change (95% interval)"} <= set(texts(sheet))


def test_two_rts_are_not_pooled():
    _, (sheet,) = forest(UNITS[:2])
    assert sheet.named("pooled") == sheet.named("prediction") == []
    assert len(sheet.named("interval")[0].strokes) == 2


def test_where_low_is_good_improvement_lies_to_the_left():
    _, (sheet,) = forest(scale=DOWN)
    assert reader(sheet)(sheet.named("smallest change")[0].strokes[0][0][0]) == pytest.approx(-0.5)
    where = {word.text: word.x for word in sheet.words}
    assert where["← membaik"] < where["memburuk →"]
    assert "membaik →" in texts(forest()[1][0])


def test_an_interval_beyond_what_the_scale_can_change_is_cut_with_an_arrowhead():
    _, (sheet,) = forest([unit("RT 01", 5, 0.5, 4.0), unit("RT 02", 20, 0.5, 0.2)])
    assert {marks.shape for marks in sheet.named("beyond")} == {"<", ">"}
    assert inside(sheet)
    assert "+0,50 (−7,50 s.d. 8,50)" in texts(sheet)


@pytest.mark.parametrize("units", [[], [unit("RT 01", 3, math.nan, math.nan)], [unit("RT 01", 0, math.nan, math.nan), unit("RT 02", 9, 0.0, 0.0)]])
def test_hardly_any_data_still_make_a_figure(units):
    _, (sheet,) = forest(units)
    assert inside(sheet)


def test_a_hundred_rts_go_on_pages_that_share_their_axis():
    many = [unit(f"RT {number:02d}", 5 + number % 30, 0.3 + 0.01 * (number % 17), 0.2) for number in range(1, 101)]
    _, sheets = forest(many)
    assert len(sheets) == 3
    assert all(sheet.height <= TALLEST and inside(sheet) for sheet in sheets)
    assert sum(len(sheet.named("interval")[0].strokes) for sheet in sheets) == 100
    assert len({sheet.named("zero")[0].strokes[0][0][0] for sheet in sheets}) == 1
    assert all(sheet.named("pooled") for sheet in sheets)


def test_a_long_name_is_wrapped_not_cut():
    long = "RT 03 RW 12 Kelurahan Sukamaju Permai Indah Blok Cendrawasih"
    _, (sheet,) = forest([unit(long, 10, 0.3, 0.1), *UNITS])
    assert long in " ".join(texts(sheet))
    assert inside(sheet)


def test_progress_has_a_column_for_each_scale_and_a_row_for_each_rt():
    results = summary(study([UP, DOWN]), [UNITS, UNITS]).scales
    sheet, = draw_progress(results, ID)
    assert inside(sheet)
    pre, post = ([marks for marks in sheet.named(name)] for name in ("pre", "post"))
    assert sum(len(marks.points) for marks in pre) == sum(len(marks.points) for marks in post) == 8
    assert len(sheet.named("improved")[0].strokes) == 3 and len(sheet.named("improved")[1].strokes) == 1
    assert texts(sheet).count("–") == 2
    grid = [stroke[0][0] for stroke in sheet.named("grid")[0].strokes]
    assert (pre[0].points[0][0] - grid[0]) / (grid[-1] - grid[0]) == pytest.approx((3.0 - 1) / 4)


def test_progress_of_many_rts_goes_on_pages():
    many = [unit(f"RT {number:02d}", 9, 0.3, 0.2) for number in range(1, 61)]
    sheets = draw_progress(summary(study([UP]), [many]).scales, EN)
    assert len(sheets) == 2
    assert all(sheet.height <= TALLEST and inside(sheet) for sheet in sheets)
