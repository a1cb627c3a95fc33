"""What every comparison of two waves starts from: complete arrays, and changes free of binary noise."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .result import Reason

Values = NDArray[np.float64]
Towards = Literal["up", "down"]     # which way an improvement goes on a scale


def complete(*arrays: ArrayLike) -> tuple[Values, ...]:
    """The arrays as one-dimensional floats, checked to be of one length and without missing values.

    Raises:
        ValueError: lengths differ, or a value is missing or infinite. Who answered twice is settled by the
            intake; reaching this point with a gap is a mistake in the program, not in the data.
    """
    values = tuple(np.asarray(array, dtype=float) for array in arrays)
    if any(value.ndim != 1 or value.size != values[0].size for value in values):
        raise ValueError("arrays must be one-dimensional and of one length")
    if not all(np.isfinite(value).all() for value in values):
        raise ValueError("arrays must be complete and finite")
    return values


def without_noise(values: Values, magnitude: float) -> Values:
    """The values without the last bits that binary arithmetic leaves behind.

    Subtracting means of items makes equal changes look different (2.3 - 1.3 is not 3.3 - 2.3 in binary),
    which would break ties between ranks and hide that everybody changed by the same amount. Twelve
    significant digits of the largest number involved are kept.
    """
    if not values.size or magnitude <= 0:
        return values
    return np.round(values, min(100, 12 - math.ceil(math.log10(magnitude)))) + 0.0


def changes(pre: ArrayLike, post: ArrayLike) -> Values:
    """Change of each respondent, post minus pre, shape ``(n,)``.

    Raises:
        ValueError: ``pre`` and ``post`` differ in length or hold a missing value.

    Example:
        >>> changes([1.3, 2.3], [2.3, 3.3]).tolist()
        [1.0, 1.0]
    """
    before, after = complete(pre, post)
    magnitude = max(np.abs(before).max(initial=0.0), np.abs(after).max(initial=0.0))
    return without_noise(after - before, magnitude)


def is_constant(values: Values) -> bool:
    """Whether all values are equal, up to the noise of binary arithmetic."""
    return values.size > 0 and bool(np.ptp(without_noise(values, np.abs(values).max())) == 0)


def why_unchanging(change: Values) -> str:
    """The reason why equal changes carry no information about spread; empty when they differ."""
    if not is_constant(change):
        return ""
    return Reason.NO_CHANGE if change[0] == 0 else Reason.CONSTANT_CHANGE


def sd(values: Values) -> float:
    """Standard deviation with n - 1, exactly zero for equal values, nan below two values."""
    if values.size < 2:
        return math.nan
    return 0.0 if is_constant(values) else float(values.std(ddof=1))


def mean(values: Values) -> float:
    """Arithmetic mean, nan without values."""
    return float(values.mean()) if values.size else math.nan
