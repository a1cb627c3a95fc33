from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.report import plots
from baksos_eval.report.drawing import TALLEST, WIDTH, Sheet, grey_level
from baksos_eval.report.lettering import text_width
from baksos_eval.report.plots import STYLES, draw_change, draw_flow, on_pages, which_way
from baksos_eval.report.text import words
from tests.report.by_hand import flow, instrument, scale_result

ID, EN = words("id"), words("en")
UP = instrument(smallest_change=0.5)
DOWN = instrument("worry", label="Cemas", direction="down", smallest_change=0.5)
PRE, POST = [2, 2, 2, 3, 3, 4, 3.5], [3, 3, 3, 3, 4, 3, 5]


def texts(sheet: Sheet) -> list[str]:
    return [word.text for word in sheet.words]


def inside(sheet: Sheet) -> bool:
    """Whether every word and every shape lies on the sheet."""
    for word in sheet.words:
        width = text_width(word.text, word.size, word.weight)
        left = word.x - {"left": 0, "center": width / 2, "right": width}[word.align]
        if not (left >= -0.01 and left + width <= WIDTH + 0.01 and 0 < word.y <= sheet.height):
            return False
    points = [point for shape in sheet.shapes for point in
              (shape.points if hasattr(shape, "points") else [p for path in (shape.strokes if hasattr(shape, "strokes") else shape.polygons) for p in path])]
    return all(0 <= x <= WIDTH and 0 <= y <= sheet.height for x, y in points)


def test_the_examples_in_the_docstrings_are_true():
    failed, tried = doctest.testmod(plots)
    assert tried and not failed


def test_every_pair_is_a_line_and_equal_pairs_are_one_thick_line():
    sheet = draw_change([scale_result(UP, PRE, POST)], ID)
    improved, same, worse = (sheet.named(way)[0] for way in ("improved", "same", "worse"))
    assert (len(improved.strokes), len(same.strokes), len(worse.strokes)) == (3, 1, 1)      # 2→3 three times
    assert sorted(width / min(improved.widths) for width in improved.widths) == pytest.approx([1, 1, 3])


def test_the_vertical_axis_runs_from_the_minimum_to_the_maximum_of_the_scale():
    sheet = draw_change([scale_result(UP, PRE, POST)], ID)
    grid = sheet.named("grid")[0].strokes
    bottom, top = grid[0][0][1], grid[-1][0][1]
    assert [word.text for word in sheet.words if word.align == "right"][:5] == ["1", "2", "3", "4", "5"]
    (_, y_pre), (_, y_post) = sheet.named("worse")[0].strokes[0]
    assert (bottom - y_pre) / (bottom - top) == pytest.approx((4 - 1) / 4)
    assert (bottom - y_post) / (bottom - top) == pytest.approx((3 - 1) / 4)


def test_means_and_the_interval_of_the_change_are_drawn_where_they_are():
    result = scale_result(UP, PRE, POST)
    change = result.mean_change
    sheet = draw_change([result], ID)
    grid = sheet.named("grid")[0].strokes
    bottom, point = grid[0][0][1], (grid[0][0][1] - grid[-1][0][1]) / 4

    def value(y: float) -> float:
        return 1 + (bottom - y) / point

    assert [value(y) for _, y in sheet.named("mean")[0].strokes[0]] == pytest.approx([change.mean_pre, change.mean_post])
    low, high = (value(y) - change.mean_pre for _, y in sheet.named("interval")[0].strokes[0])
    assert (low, high) == pytest.approx((change.change_low, change.change_high))
    assert value(sheet.named("difference")[0].points[0][1]) == pytest.approx(change.mean_post)
    assert value(sheet.named("smallest change")[0].strokes[0][0][1]) - change.mean_pre == pytest.approx(0.5)


def test_counts_and_numbers_are_written_in_the_language():
    result = scale_result(UP, PRE, POST)
    assert {"naik: 5", "tetap: 1", "turun: 1", "Sikap", "rata-rata 2,79 → 3,43"} <= set(texts(draw_change([result], ID)))
    assert {"up: 5", "same: 1", "down: 1", "Sikap (en)", "mean 2.79 → 3.43"} <= set(texts(draw_change([result], EN)))


def test_on_a_scale_where_low_is_good_a_fall_is_drawn_as_an_improvement():
    sheet = draw_change([scale_result(DOWN, POST, PRE)], ID)
    assert len(sheet.named("improved")[0].strokes) == 3
    assert {"turun: 5", "naik: 1"} <= set(texts(sheet))
    keys = sheet.named("key")
    assert [key.colour for key in keys] == [STYLES[way][0] for way in ("worse", "same", "improved")]
    assert "skala 1–5, makin rendah makin baik; n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}7" in texts(sheet)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_below_five_pairs_no_line_of_a_person_is_drawn(n):
    sheet = draw_change([scale_result(UP, PRE[:n], POST[:n])], ID)
    assert not any(sheet.named(name) for name in ("improved", "same", "worse", "mean", "interval"))
    said = " ".join(texts(sheet))
    assert ("hanya" in said) if n else ("tidak ada pasangan" in said)
    assert inside(sheet)


def test_means_of_few_pairs_are_drawn_without_their_lines():
    result = scale_result(UP, PRE, POST)
    few = result.__class__(**vars(result) | {"pre": result.pre[:4], "post": result.post[:4]})
    sheet = draw_change([few], ID)
    assert sheet.named("mean") and not sheet.named("improved")


def test_when_everybody_changes_alike_there_is_a_point_without_interval():
    result = scale_result(UP, [2] * 6, [3] * 6)
    assert math.isnan(result.mean_change.change_low)
    sheet = draw_change([result], ID)
    assert sheet.named("difference") and not sheet.named("interval")
    assert "selisih +1,00 (–)" in texts(sheet)


@pytest.mark.parametrize(("pre", "post"), [([4.9] * 5 + [5], [5] * 6), ([1] * 5 + [1.2], [1] * 6), ([1, 5] * 4, [5, 1] * 4)])
def test_nothing_leaves_the_plot_at_the_ends_of_the_scale(pre, post):
    sheet = draw_change([scale_result(UP, pre, post)], ID)
    grid = sheet.named("grid")[0].strokes
    axis = sheet.named("difference axis")[0].strokes[0]
    assert all(grid[-1][0][1] - 1e-9 <= y <= grid[0][0][1] + 1e-9 for _, y in axis)
    assert inside(sheet)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7])
@pytest.mark.parametrize("c", [ID, EN])
def test_any_number_of_panels_fits_the_sheet(count, c):
    label = "Pengetahuan tentang pencegahan demam berdarah dengue dan gizi keluarga"
    sheet = draw_change([scale_result(instrument(f"i{place}", label=label, direction="down", smallest_change=0.5), PRE, POST) for place in range(count)], c)
    assert inside(sheet)
    assert len(sheet.named("mean")) == 2 * count


def test_styles_differ_in_grey_and_improvement_from_worsening_also_in_dash():
    levels = sorted(grey_level(colour) for colour, _ in STYLES.values())
    assert all(high - low > 0.1 for low, high in zip(levels, levels[1:], strict=False))
    assert STYLES["improved"][1] != STYLES["worse"][1]


def test_which_way_follows_the_direction():
    assert [which_way(change, "up") for change in (1, 0, -1, math.nan)] == ["improved", "same", "worse", "same"]
    assert [which_way(change, "down") for change in (1, 0, -1)] == ["worse", "same", "improved"]


def test_the_flow_names_only_losses_that_happened():
    sheet = draw_flow(flow(both=20, refused_pre=2, duplicate_post=1, pre_only=3, post_only=4), ID)
    said = texts(sheet)
    assert {"25", "20", f"{ID.text('flow.refused')}: 2", f"{ID.text('flow.duplicate')}: 1", f"{ID.text('flow.alone')}: 3", f"{ID.text('flow.alone')}: 4"} <= set(said)
    assert not any(ID.text("flow.no_id") in text for text in said)
    assert inside(sheet)
    assert len(sheet.named("lost")) == 2


def test_a_flow_without_losses_has_no_empty_box():
    sheet = draw_flow(flow(both=0), EN)
    assert sheet.named("lost") == []
    assert texts(sheet).count("0") == 3
    assert inside(sheet)


@given(st.lists(st.floats(0.3, 6.0), min_size=1, max_size=80))
def test_pages_hold_every_row_once_and_in_order(heights):
    pages = on_pages(heights, TALLEST - 2)
    assert [row for page in pages for row in page] == list(range(len(heights)))
    assert all(sum(heights[row] for row in page) <= TALLEST - 2 + 1e-9 for page in pages)
    assert len(pages) <= 2 * math.ceil(sum(heights) / (TALLEST - 2))
