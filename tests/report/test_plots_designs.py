"""What stands where in the drawings of anonymous people and of all waves."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest

from baksos_eval.evaluation.group_results import AnsweredApart, GroupResult
from baksos_eval.evaluation.results import withhold
from baksos_eval.evaluation.waves import WaveResult
from baksos_eval.report.plots import draw_flow
from baksos_eval.report.plots_designs import WIDEST, draw_groups, draw_waves
from baksos_eval.report.text import words
from baksos_eval.stats import unpaired, waves
from tests.report.by_hand import flow, instrument, study
from tests.report.test_plots import inside, texts

ID, EN = words("id"), words("en")
UP = instrument(smallest_change=0.5)
PRE, POST = [2, 2, 2, 3, 3, 4], [3, 3, 4, 4, 4, 4, 5, 5]
SCORES = [[2, 4, 3], [3, 4, 4], [2, 5, 3], [1, 3, 3], [3, 5, 4], [2, 4, 4]]


def group_result(made, pre, post) -> GroupResult:
    """The parts of a scale's result that the figure shows."""
    scale, welch, shown = made.scales[0], unpaired.mean_difference(pre, post), min(len(pre), len(post)) >= 5
    known = {"scale": scale, "pre": tuple(sorted(pre)) if shown else (), "post": tuple(sorted(post)) if shown else (), "answered": AnsweredApart(len(pre), len(post)),
             "welch": welch if shown else withhold(welch)}
    return GroupResult(**{field.name: None for field in fields(GroupResult)} | known)


def wave_result(made, scores) -> WaveResult:
    table = np.array(scores, dtype=float).reshape(-1, 3)
    return WaveResult(made.scales[0], ("pre", "post", "delayed"), (len(table),) * 3, len(table), tuple(waves.wave_means(table)), tuple(waves.compare_waves(table)),
                      waves.friedman(table), waves.repeated_measures(table))


def three_waves():
    made = study([UP])
    return made.model_copy(update={"waves": ("pre", "post", "delayed")})


def test_the_width_of_a_bar_is_the_share_of_people_with_that_score():
    people = draw_groups([group_result(UP, PRE, POST)], ID).named("people")
    widths = [sorted((stroke[1][0] - stroke[0][0]) / (2 * WIDEST) for stroke in lines.strokes) for lines in people]
    assert widths[0] == pytest.approx(sorted(np.array([3, 2, 1]) / 6 / (3 / 6)))
    assert widths[1] == pytest.approx(sorted(np.array([2, 4, 2]) / 8 / (3 / 6) * (3 / 6) / (4 / 8)))


def test_bars_means_and_the_interval_stand_at_their_values():
    result = group_result(UP, PRE, POST)
    sheet = draw_groups([result], ID)
    grid = sheet.named("grid")[0].strokes
    bottom, point = grid[0][0][1], (grid[0][0][1] - grid[-1][0][1]) / 4

    def value(y: float) -> float:
        return 1 + (bottom - y) / point

    assert sorted(value(stroke[0][1]) for stroke in sheet.named("people")[0].strokes) == pytest.approx([2, 3, 4])
    assert [value(y) for _, y in sheet.named("mean")[0].points] == pytest.approx([result.welch.mean_pre, result.welch.mean_post])
    low, high = (value(y) - result.welch.mean_pre for _, y in sheet.named("interval")[0].strokes[0])
    assert (low, high) == pytest.approx((result.welch.change_low, result.welch.change_high))


def test_nobody_before_is_linked_with_anybody_after():
    sheet = draw_groups([group_result(UP, PRE, POST)], ID)
    middle = sum(x for x, _ in sheet.named("mean")[0].points) / 2
    crossing = [shape.name for shape in sheet.shapes if hasattr(shape, "strokes")
                for stroke in shape.strokes if min(x for x, _ in stroke) < middle < max(x for x, _ in stroke)]
    assert set(crossing) == {"grid"}


@pytest.mark.parametrize(("pre", "post"), [(PRE[:4], POST), (PRE, POST[:1]), ([], [])])
def test_with_few_people_in_a_wave_nothing_is_drawn(pre, post):
    sheet = draw_groups([group_result(UP, pre, post)], ID)
    assert not any(sheet.named(name) for name in ("people", "mean", "interval"))
    assert "kurang dari" in " ".join(texts(sheet)) and inside(sheet)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("c", [ID, EN])
def test_any_number_of_panels_fits_the_sheet(count, c):
    label = "Pengetahuan tentang pencegahan demam berdarah dengue dan gizi keluarga"
    scales = [instrument(f"i{place}", label=label, direction="down", smallest_change=0.5) for place in range(count)]
    assert inside(draw_groups([group_result(scale, PRE, POST) for scale in scales], c))
    assert inside(draw_waves([wave_result(scale, SCORES) for scale in scales], three_waves(), c))


@pytest.mark.parametrize(("pre", "post"), [([1] * 6, [5] * 7), ([3] * 6, [3] * 6), ([1, 5] * 4, [5, 1] * 4), (list(np.linspace(1, 5, 40)), list(np.linspace(2, 5, 40)))])
def test_nothing_leaves_the_sheet_whatever_the_scores(pre, post):
    sheet = draw_groups([group_result(UP, pre, post)], EN)
    assert inside(sheet)
    assert bool(sheet.named("interval")) == (not math.isnan(unpaired.mean_difference(pre, post).change_low))


def test_the_means_of_all_waves_are_drawn_where_they_are():
    result = wave_result(UP, SCORES)
    sheet = draw_waves([result], three_waves(), ID)
    grid = sheet.named("grid")[0].strokes
    bottom, point = grid[0][0][1], (grid[0][0][1] - grid[-1][0][1]) / 4
    heights = [1 + (bottom - y) / point for _, y in sheet.named("mean")[0].strokes[0]]
    assert heights == pytest.approx([mean.mean for mean in result.means])
    ends = [[1 + (bottom - y) / point for _, y in stroke] for stroke in sheet.named("interval")[0].strokes]
    assert ends == [pytest.approx([mean.low, mean.high]) for mean in result.means]
    assert {"Sebelum", "Sesudah", "Susulan"} <= set(texts(sheet))


@pytest.mark.parametrize("n", [0, 1, 4])
def test_with_few_people_in_all_waves_no_mean_is_drawn(n):
    sheet = draw_waves([wave_result(UP, SCORES[:n])], three_waves(), ID)
    assert not sheet.named("mean") and not sheet.named("interval")
    assert f"hanya {n} orang" in " ".join(texts(sheet)) and inside(sheet)


def test_the_flow_of_anonymous_people_ends_in_two_boxes():
    sheet = draw_flow(flow(both=0, refused_pre=2, pre_only=17, post_only=19), ID, anonymous=True)
    said = texts(sheet)
    assert {"19", "17", f"{ID.text('flow.refused')}: 2"} <= set(said) and said.count(ID.text("flow.analysed")) == 2
    assert not any(ID.text("flow.alone") in text for text in said) and inside(sheet)
