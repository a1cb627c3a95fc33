"""Signs of answering without reading. Signs only: nobody is left out because of them, except in a sensitivity run."""

from __future__ import annotations

import numpy as np

SHORTEST_SUSPICIOUS_RUN = 6
FEWEST_ITEMS = 8


def longest_runs(answers: np.ndarray) -> np.ndarray:
    """Length of each person's longest run of one and the same answer, in the order of the questionnaire.

    Source: Johnson (2005), Journal of Research in Personality 39:103-129 ("long strings"). A blank ends a run.

    Args:
        answers: option codes, shape ``(n, k)``, ``None`` where blank.

    Example:
        >>> longest_runs(np.array([["s", "s", "s", "ts"], ["s", None, "s", "s"]], dtype=object)).tolist()
        [3, 2]
    """
    n, k = answers.shape
    longest = np.zeros(n, dtype=int)
    current = np.zeros(n, dtype=int)
    for place in range(k):
        here = answers[:, place]
        given = np.array([answer is not None for answer in here], dtype=bool)
        same = given & (here == answers[:, place - 1]) if place else np.zeros(n, dtype=bool)
        current = np.where(same, current + 1, given.astype(int))
        longest = np.maximum(longest, current)
    return longest


def straight_lining(answers: np.ndarray, reversed_items: int) -> np.ndarray:
    """Whether each person gave one answer through more than half of a rating scale that asks in both directions.

    Agreeing (or disagreeing) with statements of opposite direction in one unbroken run contradicts itself; the half is
    the rule of thumb of Curran (2016), Journal of Experimental Social Psychology 66:4-19. A scale with fewer than eight
    items or without reversed items gives no sign.

    Args:
        answers: option codes, shape ``(n, k)``, ``None`` where blank.
        reversed_items: how many of the k items are reversed.

    Example:
        >>> straight_lining(np.array([["s"] * 8, ["s", "ts"] * 4], dtype=object), reversed_items=2).tolist()
        [True, False]
    """
    n, k = answers.shape
    if k < FEWEST_ITEMS or not reversed_items:
        return np.zeros(n, dtype=bool)
    return longest_runs(answers) >= max(SHORTEST_SUSPICIOUS_RUN, k // 2 + 1)
