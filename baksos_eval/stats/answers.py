"""Arrays with gaps: the answers that are there, and the persons who answered in both waves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .samples import Values


def answered(values: ArrayLike) -> Values:
    """The values that are not missing, as one flat array.

    Example:
        >>> answered([1, float("nan"), 3]).tolist()
        [1.0, 3.0]
    """
    answers = np.asarray(values, dtype=float).ravel()
    return answers[~np.isnan(answers)]


def aligned(*arrays: ArrayLike) -> tuple[Values, ...]:
    """The arrays as floats, checked to hold one value per person in the same order; gaps stay.

    Raises:
        ValueError: lengths differ or an array is not one-dimensional: a mistake in the program, not in the data.
    """
    values = tuple(np.asarray(array, dtype=float) for array in arrays)
    if any(value.ndim != 1 or value.size != values[0].size for value in values):
        raise ValueError("arrays must be one-dimensional and of one length")
    return values


def complete_cases(*arrays: ArrayLike) -> tuple[Values, ...]:
    """The values of the persons for whom none of the arrays has a gap.

    Raises:
        ValueError: as :func:`aligned`.

    Example:
        >>> [wave.tolist() for wave in complete_cases([1, float("nan"), 3], [2, 2, 5])]
        [[1.0, 3.0], [2.0, 5.0]]
    """
    values = aligned(*arrays)
    whole = ~np.any([np.isnan(value) for value in values], axis=0)
    return tuple(value[whole] for value in values)
