"""Arrays with gaps."""

from __future__ import annotations

import math

import pytest

from baksos_eval.stats.answers import aligned, answered, complete_cases


def test_gaps_are_dropped_for_all_arrays_together() -> None:
    one, two, three = complete_cases([1, math.nan, 3, 4], [1, 2, math.nan, 4], [5, 6, 7, 8])
    assert (one.tolist(), two.tolist(), three.tolist()) == ([1, 4], [1, 4], [5, 8])
    assert answered([[1, math.nan], [2, 3]]).tolist() == [1, 2, 3]
    assert [wave.size for wave in complete_cases([], [])] == [0, 0]


@pytest.mark.parametrize("arrays", [([1, 2], [1]), ([[1, 2]], [[1, 2]]), ([1], 1.0)])
def test_arrays_that_do_not_belong_together_are_refused(arrays: tuple) -> None:
    with pytest.raises(ValueError, match="one length"):
        aligned(*arrays)
