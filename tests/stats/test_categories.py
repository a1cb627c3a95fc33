"""Every edge of every preset, and the tables made from them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.errors import BaksosError
from baksos_eval.stats import categories
from baksos_eval.stats.ratings import ikm

EDGES = {
    "arikunto3": [(0, "poor"), (55, "poor"), (55.99, "poor"), (56, "sufficient"), (75, "sufficient"), (75.5, "sufficient"),
                  (75.99, "sufficient"), (76, "good"), (100, "good")],
    "arikunto4": [(39.99, "not_good"), (40, "less_good"), (55.99, "less_good"), (56, "sufficient"), (76, "good")],
    "bloom": [(59.99, "poor"), (60, "sufficient"), (79.99, "sufficient"), (80, "good")],
    "hake": [(-3, "low"), (0.2999, "low"), (0.3, "medium"), (0.6999, "medium"), (0.7, "high"), (1, "high")],
    "tafsiran_efektivitas": [(-50, "not_effective"), (39.99, "not_effective"), (40, "less_effective"), (55.5, "less_effective"),
                             (56, "fairly_effective"), (75.5, "fairly_effective"), (76, "effective")],
    "tafsiran_efektivitas_b": [(39, "not_effective"), (40, "fairly_effective"), (56, "effective"), (76, "very_effective")],
    "tcr_a": [(54.9, "not_good"), (55, "less_good"), (64.9, "less_good"), (65, "sufficient"), (79.9, "sufficient"), (80, "good"),
              (89.9, "good"), (90, "very_good")],
    "tcr_b": [(20, "not_good"), (21, "less_good"), (41, "sufficient"), (61, "good"), (81, "very_good")],
    "tcr_c": [(43.74, "poor"), (43.75, "sufficient"), (62.49, "sufficient"), (62.5, "good"), (81.24, "good"), (81.25, "very_good")],
    "index5": [(20.9, "very_weak"), (21, "weak"), (41, "sufficient"), (61, "strong"), (80.9, "strong"), (81, "very_strong")],
    "ikm": [(25, "d"), (64.99, "d"), (65, "c"), (76.60, "c"), (76.61, "b"), (88.30, "b"), (88.31, "a"), (100, "a")],
    "ikm_2004": [(43.75, "d"), (43.76, "c"), (62.50, "c"), (62.51, "b"), (81.25, "b"), (81.26, "a")],
    "difficulty": [(0.29, "hard"), (0.3, "medium"), (0.69, "medium"), (0.7, "easy"), (1, "easy")],
    "discrimination": [(-1, "bad"), (0.19, "bad"), (0.2, "sufficient"), (0.3, "good"), (0.4, "very_good")],
    "alpha5": [(-0.4, "bad"), (0.6, "questionable"), (0.7, "acceptable"), (0.8, "good"), (0.9, "very_good")],
}


@pytest.mark.parametrize("preset", categories.PRESETS)
def test_every_edge(preset: str) -> None:
    values, keys = zip(*EDGES[preset], strict=True)
    assert categories.classify(values, preset) == list(keys)


def test_every_band_has_an_edge_in_these_tests() -> None:
    for preset in categories.PRESETS.values():
        assert {key for _, key in EDGES[preset.name]} == set(preset.keys)


@pytest.mark.parametrize(
    ("mean", "letter"), [(2.5996, "d"), (2.6, "c"), (3.064, "c"), (3.0644, "b"), (3.532, "b"), (3.5324, "a"), (4.0, "a"), (1.0, "d")]
)
def test_ikm_bands_seen_from_the_weighted_mean(mean: float, letter: str) -> None:
    index = ikm([[mean] * 9]).index
    assert categories.classify([index], "ikm") == [letter]


def test_out_of_range_and_missing_are_in_no_band() -> None:
    assert categories.classify([math.nan, -0.1, 100.1, 100 + 1e-12]) == [None, None, None, "good"]
    assert categories.classify([24.9], "ikm") == [None]


def test_binary_rounding_does_not_move_a_value_over_an_edge() -> None:
    gain = (7.6 - 5.5) / (8.5 - 5.5)
    assert gain < 0.7
    assert categories.classify([gain, 0.1 + 0.2], "hake") == ["high", "medium"]
    assert categories.classify([0.56 * 100, 0.57 * 100 - 1])[1] == "sufficient"


@pytest.mark.parametrize(
    ("classes", "maximum", "bounds"),
    [(5, 5, [1, 1.8, 2.6, 3.4, 4.2]), (4, 4, [1, 1.75, 2.5, 3.25]), (3, 5, [1, 1 + 4 / 3, 1 + 8 / 3])],
)
def test_interval_classes(classes: int, maximum: float, bounds: list[float]) -> None:
    preset = categories.interval_classes(1, maximum, classes)
    assert [band.lower for band in preset.bands] == pytest.approx(bounds, rel=1e-12)
    assert categories.classify([maximum], preset) == [preset.keys[-1]]
    assert categories.classify(bounds, preset) == list(preset.keys)


def test_interval_class_edges_of_likert_means() -> None:
    preset = categories.interval_classes(1, 5)
    assert categories.classify([1.79, 1.8, 2.59, 2.6, 3.39, 3.4, 4.19, 4.2, 5], preset) == [
        "very_low", "low", "low", "moderate", "moderate", "high", "high", "very_high", "very_high"]


def test_hypothetical_classes_stand_around_the_middle() -> None:
    three, five = categories.hypothetical_classes(20, 100), categories.hypothetical_classes(20, 100, 5)
    assert [band.lower for band in three.bands] == pytest.approx([20, 60 - 80 / 6, 60 + 80 / 6])
    assert [band.lower for band in five.bands] == pytest.approx([20, 40, 60 - 40 / 6, 60 + 40 / 6, 80])


@pytest.mark.parametrize("name", categories.SCORE_PRESETS)
def test_every_preset_that_may_be_declared_covers_its_scale(name: str) -> None:
    low, high = (0, 100) if name in categories.PRESETS and not name.startswith("ikm") else (25, 100) if name.startswith("ikm") else (1, 5)
    preset = categories.suited(name, low, high)
    assert preset.name == name
    assert None not in categories.classify(np.linspace(low, high, 41), preset)


def test_bounds_in_percent_do_not_suit_another_scale() -> None:
    for name, low, high in (("arikunto3", 1, 5), ("bloom", 0, 15), ("hake", 0, 1), ("alpha5", 0, 1), ("ikm", 0, 100), ("difficulty", 0, 100)):
        with pytest.raises(BaksosError, match="preset_for_another_range"):
            categories.suited(name, low, high)
    with pytest.raises(BaksosError, match="unknown_preset") as unknown:
        categories.suited("interval6", 1, 5)
    assert set(unknown.value.details["known"]) >= {"arikunto3", "interval5", "azwar3"} and "hake" not in unknown.value.details["known"]


def test_transition_and_count_close() -> None:
    pre, post = [50, 60, 80, math.nan, 50], [60, 80, 80, 90, math.nan]
    table = categories.transition(pre, post)
    assert table.tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 1]]
    assert categories.count(pre) == {"poor": 2, "sufficient": 1, "good": 1}
    with pytest.raises(ValueError, match="one length"):
        categories.transition([1], [1, 2])


def test_score_table_shows_what_a_short_test_cannot_reach() -> None:
    table = categories.score_table(12)
    assert table[9] == (9, 75.0, "sufficient") and table[10][2] == "good"
    assert not any(76 <= percent < 83 for _, percent, _ in table)


def test_a_preset_must_exist_and_rise() -> None:
    with pytest.raises(BaksosError, match="unknown_preset") as unknown:
        categories.find("arikunto5")
    assert "arikunto3" in unknown.value.details["known"]
    with pytest.raises(BaksosError, match="unknown_preset"):
        categories.interval_classes(1, 5, 6)
    with pytest.raises(BaksosError, match="unknown_preset"):
        categories.hypothetical_classes(1, 5, 4)
    for bands, upper in (({}, 100), ({"low": 50, "high": 40}, 100), ({"low": 0, "high": 100}, 100)):
        with pytest.raises(BaksosError, match="bands_not_rising"):
            categories.declare("own", bands, upper)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(math.nan)), max_size=30), st.sampled_from(sorted(categories.PRESETS)))
def test_bands_leave_no_gap_and_do_not_overlap(values: list[float], name: str) -> None:
    preset = categories.find(name)
    keys = categories.classify(values, preset)
    for value, key in zip(values, keys, strict=True):
        inside = not math.isnan(value) and preset.bands[0].lower <= value <= preset.upper
        assert key is not None or not inside
    assert sum(categories.count(values, preset).values()) == sum(key is not None for key in keys)
    table = categories.transition(values, values, preset)
    assert table.sum() == np.trace(table) == sum(key is not None for key in keys)
