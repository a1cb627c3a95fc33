from __future__ import annotations

import math

import pytest

from baksos_eval.report.drawing import TALLEST, grey_level
from baksos_eval.report.plots_items import _diverging, _from_best_to_worst, draw_categories, draw_items
from baksos_eval.report.text import words
from tests.report.by_hand import Categories, instrument, knowledge_result, rating_result, scale_result
from tests.report.test_plots import inside, texts

ID, EN = words("id"), words("en")
RATING = instrument(items=3)
KNOWLEDGE = instrument("know", "knowledge", items=3, options=2, label="Tahu")
PRE = {"o1": 2, "o2": 3, "o3": 5, "o4": 8, "o5": 2}
POST = {"o1": 0, "o2": 1, "o3": 3, "o4": 8, "o5": 8}


def spans(sheet, option):
    """Left and right end of each piece of an option's colour."""
    return [(box[0][0], box[1][0]) for areas in sheet.named(f"option {option}") for box in areas.polygons]


def test_bars_diverge_from_the_middle_of_the_neutral_answer():
    sheet, = draw_items(RATING, [rating_result(RATING, 0, PRE, POST)], ID)
    zero = sheet.named("middle")[0].strokes[0][0][0]
    neutral = spans(sheet, 2)
    assert [(left + right) / 2 for left, right in neutral] == pytest.approx([zero, zero])
    widths = [right - left for option in range(5) for left, right in spans(sheet, option)[:1]]
    assert [width / sum(widths) for width in widths[1:]] != []
    pre_total = spans(sheet, 4)[0][1] - spans(sheet, 0)[0][0]
    assert (neutral[0][1] - neutral[0][0]) / pre_total == pytest.approx(5 / 20)
    assert (neutral[1][1] - neutral[1][0]) / pre_total == pytest.approx(3 / 20)


def test_pieces_of_a_bar_touch_and_carry_their_percentages():
    sheet, = draw_items(RATING, [rating_result(RATING, 0, PRE, POST)], ID)
    pre = [spans(sheet, option)[0] for option in range(5)]
    assert [right for _, right in pre[:-1]] == pytest.approx([left for left, _ in pre[1:]])
    assert {"10", "15", "25", "40"} <= set(texts(sheet))
    assert len(spans(sheet, 0)) == 1                      # nobody chose the lowest option afterwards


def test_an_even_number_of_options_is_split_between_the_halves():
    four = instrument(items=1, options=4)
    counts = {"o1": 5, "o2": 5, "o3": 5, "o4": 5}
    sheet, = draw_items(four, [rating_result(four, 0, counts, counts)], ID)
    zero = sheet.named("middle")[0].strokes[0][0][0]
    assert spans(sheet, 1)[0][1] == pytest.approx(zero) == spans(sheet, 2)[0][0]


def test_options_are_ordered_by_value_not_by_place_and_the_lower_half_is_hatched():
    backwards = RATING.model_copy(update={"options": RATING.options[::-1]})
    sheet, = draw_items(backwards, [rating_result(backwards, 0, PRE, POST)], ID)
    legend = [text for text in texts(sheet) if text.startswith("Pilihan")]
    assert legend == [f"Pilihan {value}" for value in range(1, 6)]
    assert [sheet.named(f"option {option}")[0].hatched for option in range(5)] == [True, True, False, False, False]


def test_reversed_items_are_marked_and_items_keep_their_order():
    results = [rating_result(RATING, place, PRE, POST) for place in range(3)]
    sheet, = draw_items(RATING, results, ID)
    said = [text for text in texts(sheet) if "Pernyataan" in text]
    assert said == ["1. Pernyataan 1", "2. Pernyataan 2 (−)", "3. Pernyataan 3"]


def test_an_item_that_fewer_people_answered_says_so():
    fewer = dict(PRE, o1=0)
    sheet, = draw_items(RATING, [rating_result(RATING, 0, PRE, POST), rating_result(RATING, 2, fewer, fewer)], ID)
    assert any("(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}18)" in text for text in texts(sheet))
    assert not any("=\N{NO-BREAK SPACE}20)" in text for text in texts(sheet))


def test_items_that_may_not_be_shown_have_no_bar():
    hidden = rating_result(RATING, 0, {}, {})
    sheet, = draw_items(RATING, [hidden], ID)
    assert not any(sheet.named(f"option {option}") for option in range(5))
    assert "tidak ada pasangan" in texts(sheet)
    assert inside(sheet)


@pytest.mark.parametrize("kind", ["rating", "knowledge"])
@pytest.mark.parametrize("count", [1, 24, 60])
def test_many_items_go_on_as_many_pages_as_they_need(kind, count):
    long = instrument("long", kind, items=count, options=5, wording="Keluarga saya mampu menyesuaikan kebiasaan sehari-hari saat keadaan berubah, nomor")
    results = [rating_result(long, place, PRE, POST) if kind == "rating" else knowledge_result(long, place, 20, 0.25, 0.75) for place in range(count)]
    sheets = draw_items(long, results, ID)
    assert all(sheet.height <= TALLEST and inside(sheet) for sheet in sheets)
    assert [word.text.split(".")[0] for sheet in sheets for word in sheet.words if ". Keluarga" in word.text] == [str(number) for number in range(1, count + 1)]
    assert (len(sheets) > 1) == (count > 20)


def test_dumbbells_run_from_before_to_after():
    results = [knowledge_result(KNOWLEDGE, 0, 20, 0.25, 0.75), knowledge_result(KNOWLEDGE, 1, 20, 0.5, 0.4), knowledge_result(KNOWLEDGE, 2, 20, 0.6, 0.6)]
    sheet, = draw_items(KNOWLEDGE, results, ID)
    grid = [stroke[0][0] for stroke in sheet.named("grid")[0].strokes]
    share = [(x - grid[0]) / (grid[-1] - grid[0]) for shape in ("pre", "post") for marks in sheet.named(shape) for x, _ in marks.points]
    assert share == pytest.approx([0.25, 0.5, 0.6, 0.75, 0.4, 0.6])
    assert (len(sheet.named("improved")[0].strokes), len(sheet.named("worse")[0].strokes)) == (1, 1)
    assert {"25 → 75\N{NO-BREAK SPACE}%", "50 → 40\N{NO-BREAK SPACE}%", "60 → 60\N{NO-BREAK SPACE}%"} <= set(texts(sheet))
    assert "25 → 75%" in texts(draw_items(KNOWLEDGE, results, EN)[0])


def test_a_hidden_knowledge_item_is_named_but_not_drawn():
    sheet, = draw_items(KNOWLEDGE, [knowledge_result(KNOWLEDGE, 0, 3, math.nan, math.nan)], EN)
    assert sheet.named("pre") == []
    assert "only 3 pairs; fewer than 5 are not drawn" in texts(sheet)


def test_categories_are_stacked_from_the_best_and_add_up_to_everyone():
    table = Categories("arikunto3", {"good": 4, "sufficient": 8, "poor": 8}, {"good": 12, "sufficient": 8, "poor": 0}, 10, 10, 0)
    sheet = draw_categories([scale_result(KNOWLEDGE, [50] * 20, [80] * 20, table)], ID)
    start, end = spans(sheet, 0)[0][0], spans(sheet, 2)[0][1]
    assert [(right - left) / (end - start) for left, right in spans(sheet, 0)] == pytest.approx([0.2, 0.6])
    assert spans(sheet, 1)[1][1] == pytest.approx(end)
    assert {"4 orang (20\N{NO-BREAK SPACE}%)", "12 orang (60\N{NO-BREAK SPACE}%)", ID.text("band.good"), ID.text("band.poor")} <= set(texts(sheet))
    assert inside(sheet)
    assert "Tahu" not in texts(sheet)
    assert "Tahu" in texts(draw_categories([scale_result(KNOWLEDGE, [50] * 20, [80] * 20, table)] * 2, ID))


@pytest.mark.parametrize("count", [3, 4, 5])
def test_categories_differ_in_grey_or_hatching(count):
    levels = [grey_level(colour) for colour in _from_best_to_worst(count)[:-1]]     # the last one is hatched
    assert all(later - earlier > 0.1 for earlier, later in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("count", range(2, 8))
def test_answers_on_one_side_of_the_middle_differ_in_grey(count):
    colours = _diverging(count)
    assert len(colours) == len(set(colours)) == count
    half = count // 2
    for side in (colours[:half], colours[-half:]):
        levels = sorted(map(grey_level, side))
        assert all(later - earlier > 0.08 for earlier, later in zip(levels, levels[1:], strict=False))
