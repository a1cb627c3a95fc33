"""Numbers of too few people go, their counts stay."""

from __future__ import annotations

import math

from baksos_eval.stats.gain import ClassGain, individual_gain
from baksos_eval.stats.paired import mean_change
from baksos_eval.stats.result import Reason
from baksos_eval.stats.small_numbers import withhold


def test_counts_stay_and_numbers_go():
    hidden = withhold(mean_change([1, 2, 3], [2, 4, 5]))
    assert hidden.n == 3 and hidden.note == Reason.TOO_FEW
    assert all(math.isnan(value) for name, value in hidden._asdict().items() if name not in ("n", "df", "note"))
    counts = withhold(individual_gain([50, 60], [70, 80], 100))
    assert (counts.n, counts.n_used) == (2, 2) and math.isnan(counts.mean)


def test_what_has_no_number_to_hide_is_left_as_it_is():
    lost = withhold(ClassGain(0, math.nan, math.nan, math.nan, Reason.NO_DATA))
    assert lost.n == 0 and lost.note == Reason.TOO_FEW
