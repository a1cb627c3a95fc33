"""Numbers of too few people, withheld: their counts stay, everything that would tell who answered what goes."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeVar

from .result import Reason

FEWEST_PAIRS = 5
"""With fewer pairs only counts are shown: nothing can be inferred, and a mean would tell who answered what."""

Leaf = TypeVar("Leaf", bound=NamedTuple)


def withhold(leaf: Leaf) -> Leaf:
    """The leaf with its counts kept and every other number withheld as ``too_few``.

    Example:
        >>> from .paired import mean_change
        >>> hidden = withhold(mean_change([1, 2, 2], [2, 2, 4]))
        >>> hidden.n, hidden.change, str(hidden.note)
        (3, nan, 'too_few')
    """
    lost = {name: math.nan for name, value in leaf._asdict().items() if isinstance(value, float)}
    return leaf._replace(**lost, note=str(Reason.TOO_FEW)) if lost else leaf
