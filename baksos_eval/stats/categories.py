"""Bands that turn numbers into categories: conventions as named data, with half-open edges and no gaps.

A preset is a list of bands from the lowest to the highest; a band begins at its lower bound and ends just below the
next one, so that 55.99 and 56 never fall between two rows of a printed table. The words for a band are in the
catalogues under ``band.<key>``, the same key meaning the same word in every preset, and those for the preset (with the
work it is cited to) under ``preset.<name>``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..errors import BaksosError
from .answers import aligned

EDGE_TOLERANCE = 1e-9   # a value that reaches a bound but for binary rounding (0.1 + 0.2) has reached it


class Band(NamedTuple):
    """A category and the smallest value that belongs to it."""

    key: str
    lower: float


class Preset(NamedTuple):
    """A named set of bands, lowest first, and the largest value that can be classified."""

    name: str
    bands: tuple[Band, ...]
    upper: float

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the bands, lowest first."""
        return tuple(band.key for band in self.bands)


def declare(name: str, bands: Mapping[str, float], upper: float = math.inf) -> Preset:
    """A preset from lower bounds, given from the lowest band to the highest.

    Args:
        name: the preset's name in the catalogues.
        bands: key and lower bound of each band, in rising order.
        upper: the largest value that can occur; it belongs to the highest band.

    Raises:
        BaksosError: ``bands_not_rising`` when there are no bands or the bounds do not rise up to ``upper``.

    Example:
        >>> declare("halves", {"low": 0, "high": 50}, 100).keys
        ('low', 'high')
    """
    bounds = [float(lower) for lower in bands.values()] + [float(upper)]
    if len(bounds) < 2 or not all(low < high for low, high in zip(bounds, bounds[1:], strict=False)):
        raise BaksosError("bands_not_rising", preset=name, bounds=bounds)
    return Preset(name, tuple(Band(key, float(lower)) for key, lower in bands.items()), float(upper))


_NO_FLOOR = -math.inf

PRESETS: dict[str, Preset] = {preset.name: preset for preset in (
    # knowledge, per cent of the maximum
    declare("arikunto3", {"poor": 0, "sufficient": 56, "good": 76}, 100),
    declare("arikunto4", {"not_good": 0, "less_good": 40, "sufficient": 56, "good": 76}, 100),
    declare("bloom", {"poor": 0, "sufficient": 60, "good": 80}, 100),
    # gain: a loss has no floor
    declare("hake", {"low": _NO_FLOOR, "medium": 0.3, "high": 0.7}, 1),
    declare("tafsiran_efektivitas",
            {"not_effective": _NO_FLOOR, "less_effective": 40, "fairly_effective": 56, "effective": 76}, 100),
    declare("tafsiran_efektivitas_b",
            {"not_effective": _NO_FLOOR, "fairly_effective": 40, "effective": 56, "very_effective": 76}, 100),
    # respondents' achievement (TCR), per cent of the maximum
    declare("tcr_a", {"not_good": 0, "less_good": 55, "sufficient": 65, "good": 80, "very_good": 90}, 100),
    declare("tcr_b", {"not_good": 0, "less_good": 21, "sufficient": 41, "good": 61, "very_good": 81}, 100),
    declare("tcr_c", {"poor": 0, "sufficient": 43.75, "good": 62.5, "very_good": 81.25}, 100),
    # index, per cent of the ideal score
    declare("index5", {"very_weak": 0, "weak": 21, "sufficient": 41, "strong": 61, "very_strong": 81}, 100),
    # public satisfaction index on 25-100
    declare("ikm", {"d": 25, "c": 65, "b": 76.61, "a": 88.31}, 100),
    declare("ikm_2004", {"d": 25, "c": 43.76, "b": 62.51, "a": 81.26}, 100),
    # items and scales
    declare("difficulty", {"hard": 0, "medium": 0.3, "easy": 0.7}, 1),
    declare("discrimination", {"bad": -1, "sufficient": 0.2, "good": 0.3, "very_good": 0.4}, 1),
    declare("alpha5", {"bad": _NO_FLOOR, "questionable": 0.6, "acceptable": 0.7, "good": 0.8, "very_good": 0.9}, 1),
)}

DEFAULT = "arikunto3"

_INTERVAL_KEYS = {
    3: ("low", "moderate", "high"),
    4: ("very_low", "low", "high", "very_high"),
    5: ("very_low", "low", "moderate", "high", "very_high"),
}


def find(preset: str | Preset = DEFAULT) -> Preset:
    """The preset with this name (or the preset itself).

    Raises:
        BaksosError: ``unknown_preset`` with the names that exist.

    Example:
        >>> find("hake").bands[1]
        Band(key='medium', lower=0.3)
    """
    if isinstance(preset, Preset):
        return preset
    if preset not in PRESETS:
        raise BaksosError("unknown_preset", found=preset, known=sorted(PRESETS))
    return PRESETS[preset]


def interval_classes(minimum: float, maximum: float, classes: int = 5) -> Preset:
    """Equal interval classes for Likert means: the i-th begins at ``minimum + i (maximum - minimum) / classes``.

    Args:
        minimum: the lowest possible mean.
        maximum: the highest possible mean.
        classes: 3, 4 or 5.

    Raises:
        BaksosError: ``bands_not_rising`` for an empty range, ``unknown_preset`` for another number of classes.

    Example:
        >>> [round(band.lower, 2) for band in interval_classes(1, 5).bands]
        [1.0, 1.8, 2.6, 3.4, 4.2]
    """
    if classes not in _INTERVAL_KEYS:
        raise BaksosError("unknown_preset", found=f"interval{classes}", known=[f"interval{k}" for k in _INTERVAL_KEYS])
    width = (maximum - minimum) / classes
    bounds = {key: minimum + i * width for i, key in enumerate(_INTERVAL_KEYS[classes])}
    return declare(f"interval{classes}", bounds, maximum)


def hypothetical_classes(minimum: float, maximum: float, classes: int = 3) -> Preset:
    """Classes around the middle of the possible range, in hypothetical standard deviations.

    The middle is ``(maximum + minimum) / 2`` and the standard deviation ``(maximum - minimum) / 6``; three classes are
    cut at -1 and +1, five at -1.5, -0.5, 0.5 and 1.5. Source: Azwar, as cited in Indonesian theses.

    Args:
        minimum: the lowest possible score.
        maximum: the highest possible score.
        classes: 3 or 5.

    Raises:
        BaksosError: ``bands_not_rising`` for an empty range, ``unknown_preset`` for another number of classes.

    Example:
        >>> [band.lower for band in hypothetical_classes(20, 80).bands]
        [20.0, 40.0, 60.0]
    """
    cuts = {3: (-1.0, 1.0), 5: (-1.5, -0.5, 0.5, 1.5)}
    if classes not in cuts:
        raise BaksosError("unknown_preset", found=f"azwar{classes}", known=[f"azwar{k}" for k in cuts])
    middle, deviation = (maximum + minimum) / 2, (maximum - minimum) / 6
    bounds = [minimum] + [middle + cut * deviation for cut in cuts[classes]]
    return declare(f"azwar{classes}", dict(zip(_INTERVAL_KEYS[classes], bounds, strict=True)), maximum)


def suited(name: str, minimum: float, maximum: float) -> Preset:
    """The preset of this name for scores between ``minimum`` and ``maximum``: bounds in the scale's own unit.

    ``interval3`` to ``interval5`` and ``azwar3``, ``azwar5`` take their bounds from the scale; the others are fixed and
    suit only a scale whose maximum is theirs (100 for percentages).

    Raises:
        BaksosError: ``unknown_preset``; ``preset_for_another_range`` where the fixed bounds do not belong to this scale.

    Example:
        >>> suited("interval3", 1, 4).bands[1].lower, suited("bloom", 0, 100).keys
        (2.0, ('poor', 'sufficient', 'good'))
    """
    if name in _FROM_THE_RANGE:
        make, classes = _FROM_THE_RANGE[name]
        return make(minimum, maximum, classes)
    if name not in PRESETS:
        raise BaksosError("unknown_preset", found=name, known=SCORE_PRESETS)
    preset = PRESETS[name]
    if not (math.isfinite(preset.bands[0].lower) and preset.bands[0].lower <= minimum and math.isclose(preset.upper, maximum)):
        raise BaksosError("preset_for_another_range", found=name, low=minimum, high=maximum, known=tuple(_FROM_THE_RANGE))
    return preset


_FROM_THE_RANGE: dict[str, tuple[Callable[[float, float, int], Preset], int]] = (
    {f"interval{classes}": (interval_classes, classes) for classes in (3, 4, 5)} | {f"azwar{classes}": (hypothetical_classes, classes) for classes in (3, 5)})

SCORE_PRESETS = (*(name for name, preset in PRESETS.items() if preset.upper == 100 and math.isfinite(preset.bands[0].lower)), *_FROM_THE_RANGE)
"""Names that an instrument may declare for its scores."""


def classify(values: ArrayLike, preset: str | Preset = DEFAULT) -> list[str | None]:
    """The band key of each value; ``None`` for a missing value or one outside the preset's range.

    Args:
        values: numbers in the preset's unit, ``nan`` where missing.
        preset: a preset or its name.

    Raises:
        BaksosError: ``unknown_preset``.

    Example:
        >>> classify([55.99, 56, 75.99, 76, float("nan")])
        ['poor', 'sufficient', 'sufficient', 'good', None]
    """
    chosen = find(preset)
    return [None if place < 0 else chosen.bands[place].key for place in _places(values, chosen)]


def count(values: ArrayLike, preset: str | Preset = DEFAULT) -> dict[str, int]:
    """How many values fall in each band, lowest band first; missing values are in none.

    Example:
        >>> count([50, 60, 70, 80])
        {'poor': 1, 'sufficient': 2, 'good': 1}
    """
    chosen = find(preset)
    places = _places(values, chosen)
    return {key: int((places == i).sum()) for i, key in enumerate(chosen.keys)}


def transition(pre: ArrayLike, post: ArrayLike, preset: str | Preset = DEFAULT) -> np.ndarray:
    """Square table of persons by category before (rows) and after (columns), lowest band first.

    Args:
        pre: one value per person.
        post: the same persons' values afterwards, in the same order.
        preset: a preset or its name.

    Returns:
        Counts, shape (bands, bands); persons with either value missing or out of range are in no cell.

    Raises:
        BaksosError: ``unknown_preset``.
        ValueError: the waves differ in length.

    Example:
        >>> transition([50, 50, 60], [60, 80, 80]).tolist()
        [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
    """
    chosen = find(preset)
    rows, columns = (_places(wave, chosen) for wave in aligned(pre, post))
    table = np.zeros((len(chosen.bands), len(chosen.bands)), dtype=int)
    both = (rows >= 0) & (columns >= 0)
    np.add.at(table, (rows[both], columns[both]), 1)
    return table


def score_table(items: int, preset: str | Preset = DEFAULT) -> list[tuple[int, float, str | None]]:
    """Every possible number of right answers with its per cent and category: what a short test can tell apart.

    Example:
        >>> score_table(4)[2:]
        [(2, 50.0, 'poor'), (3, 75.0, 'sufficient'), (4, 100.0, 'good')]
    """
    percents = [100 * right / items for right in range(items + 1)]
    return list(zip(range(items + 1), percents, classify(percents, preset), strict=True))


def _places(values: ArrayLike, preset: Preset) -> np.ndarray:
    """Index of each value's band, -1 where there is none."""
    given = np.asarray(values, dtype=float)
    bounds = np.array([band.lower for band in preset.bands])
    slack = np.array([EDGE_TOLERANCE * max(1.0, abs(bound)) if math.isfinite(bound) else 0.0 for bound in bounds])
    places = np.searchsorted(bounds - slack, given, side="right") - 1
    beyond = given > preset.upper + EDGE_TOLERANCE * max(1.0, abs(preset.upper)) if math.isfinite(preset.upper) else False
    return np.where(np.isnan(given) | beyond, -1, places)
