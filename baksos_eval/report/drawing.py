"""A drawing as data: what stands where on a sheet 14 cm wide, in centimetres from its top left corner.

Nothing here draws; :mod:`baksos_eval.report.painting` turns a sheet into PNG and SVG. The rulers, ticks and colours that
decide what stands where are here too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from matplotlib.ticker import MaxNLocator

from baksos_eval.report.lettering import POINT, SIZE, Weight, leading

Point = tuple[float, float]
Box = tuple[float, float, float, float]     # left, top, right, bottom
Align = Literal["left", "center", "right"]
Shape = Literal["o", "s", "D", "<", ">", "v"]

WIDTH = 14.0       # cm: the text width of an A4 page with margins of 4 and 3 cm
TALLEST = 21.0     # cm: leaves room for a caption on the same page

# Okabe and Ito's colours, told apart by colour-blind readers; every use also differs in dash, hatch or shape
INK, WHITE, BLUE, VERMILLION = "#000000", "#FFFFFF", "#0072B2", "#D55E00"
GREY, PALE, FAINT = "#767676", "#B0B0B0", "#E2E2E2"

SOLID: tuple[float, ...] = ()
DASHED, DOTTED = (4.0, 2.0), (1.0, 2.0)     # in widths of the line


class Lines(NamedTuple):
    """Strokes of one colour and dash; ``widths`` in points, one for each stroke."""

    name: str
    strokes: tuple[tuple[Point, ...], ...]
    colour: str
    widths: tuple[float, ...]
    dashes: tuple[float, ...] = SOLID


class Areas(NamedTuple):
    """Filled polygons of one colour; an ``outline`` may differ from the filling, hatched boxes carry slanting pale lines."""

    name: str
    polygons: tuple[tuple[Point, ...], ...]
    colour: str
    outline: str
    hatched: bool = False


class Marks(NamedTuple):
    """Symbols of one kind, ``size`` in points; hollow ones are white inside."""

    name: str
    points: tuple[Point, ...]
    shape: Shape
    colour: str
    size: float
    hollow: bool = False


class Word(NamedTuple):
    """A line of text; ``y`` is its base line, ``size`` in points."""

    text: str
    x: float
    y: float
    size: float
    colour: str
    weight: Weight
    align: Align


class Axis(NamedTuple):
    """Values from ``low`` to ``high`` laid along the sheet from ``start`` to ``end`` (cm)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies on the sheet."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def within(self, value: float) -> float:
        """Where a value lies, or the end of the axis that it would pass."""
        return self.at(min(max(value, self.low), self.high))


@dataclass
class Sheet:
    """A drawing 14 cm wide; x runs to the right and y down. Later shapes lie on top of earlier ones, words on top of all."""

    height: float = 0.0
    shapes: list[Lines | Areas | Marks] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    def line(self, name: str, *points: Point, colour: str = INK, width: float = 0.7, dashes: tuple[float, ...] = SOLID) -> None:
        """One stroke through the points."""
        self.shapes.append(Lines(name, (points,), colour, (width,), dashes))

    def lines(self, name: str, strokes: Iterable[Sequence[Point]], colour: str = INK, widths: float | Sequence[float] = 0.7,
              dashes: tuple[float, ...] = SOLID) -> None:
        """Many strokes of one colour; ``widths`` is one number or one for each stroke."""
        paths = tuple(tuple(stroke) for stroke in strokes)
        if paths:
            each = (float(widths),) * len(paths) if isinstance(widths, int | float) else tuple(widths)
            self.shapes.append(Lines(name, paths, colour, each, dashes))

    def area(self, name: str, corners: Iterable[Point], colour: str, outline: str = "") -> None:
        """A filled polygon."""
        self.shapes.append(Areas(name, (tuple(corners),), colour, outline or colour))

    def boxes(self, name: str, boxes: Iterable[Box], colour: str, outline: str = "", hatched: bool = False) -> None:
        """Filled rectangles of one colour."""
        corners = tuple(((left, top), (right, top), (right, bottom), (left, bottom)) for left, top, right, bottom in boxes)
        if corners:
            self.shapes.append(Areas(name, corners, colour, outline or colour, hatched))

    def marks(self, name: str, points: Iterable[Point], shape: Shape = "o", colour: str = INK, size: float = 5.0, hollow: bool = False) -> None:
        """A symbol at each point."""
        places = tuple(points)
        if places:
            self.shapes.append(Marks(name, places, shape, colour, size, hollow))

    def write(self, text: str, x: float, y: float, size: float = SIZE, colour: str = INK, weight: Weight = "regular", align: Align = "left") -> None:
        """One line of text, its middle at the height ``y``."""
        self.words.append(Word(text, x, y + 0.33 * size * POINT, size, colour, weight, align))

    def write_block(self, lines: Sequence[str], x: float, top: float, size: float = SIZE, colour: str = INK, weight: Weight = "regular",
                    align: Align = "left") -> float:
        """Lines of text below ``top``; returns where they end."""
        for number, line in enumerate(lines):
            self.write(line, x, top + (number + 0.5) * leading(size), size, colour, weight, align)
        return top + len(lines) * leading(size)

    def named(self, name: str) -> list[Lines | Areas | Marks]:
        """The shapes with this name, in the order drawn."""
        return [shape for shape in self.shapes if shape.name == name]


def ticks_over(low: float, high: float) -> list[float]:
    """Round values that begin and end exactly with a scale's limits.

    >>> ticks_over(1, 5), ticks_over(0, 100), ticks_over(12, 60)
    ([1.0, 2.0, 3.0, 4.0, 5.0], [0.0, 25.0, 50.0, 75.0, 100.0], [12.0, 24.0, 36.0, 48.0, 60.0])
    """
    for parts in (4, 5, 3, 6):
        step = (high - low) / parts
        if math.isclose(step, round(step)) and math.isclose(low, round(low)):
            return [low + step * part for part in range(parts + 1)]
    room = (high - low) / 10
    return [float(low), *(tick for tick in ticks_within(low, high) if low + room < tick < high - room), float(high)]


def ticks_within(low: float, high: float, most: int = 5) -> list[float]:
    """Round values between ``low`` and ``high``.

    >>> ticks_within(-0.3, 1.2)
    [0.0, 0.5, 1.0]
    """
    slack = 1e-9 * (high - low)
    ticks = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(tick) + 0.0 for tick in ticks if low - slack <= tick <= high + slack]


def decimals(values: Iterable[float]) -> int:
    """How many decimals (at most 3) write all values exactly."""
    numbers = list(values)
    return next((digits for digits in range(3) if all(math.isclose(value, round(value, digits), abs_tol=1e-9) for value in numbers)), 3)


def tint(colour: str, strength: float) -> str:
    """The colour thinned with white; strength 1 leaves it."""
    return "#" + "".join(f"{round(255 + strength * (int(colour[at:at + 2], 16) - 255)):02X}" for at in (1, 3, 5))


def shade(colour: str, strength: float) -> str:
    """The colour darkened with black; strength 0 leaves it."""
    return "#" + "".join(f"{round((1 - strength) * int(colour[at:at + 2], 16)):02X}" for at in (1, 3, 5))


def grey_level(colour: str) -> float:
    """How light the colour is in a grey print: 0 black, 1 white (ITU-R BT.601)."""
    red, green, blue = (int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def readable_on(colour: str) -> str:
    """Black or white, whichever stands out more from the colour (contrast by WCAG 2)."""
    parts = (int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INK if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else WHITE
