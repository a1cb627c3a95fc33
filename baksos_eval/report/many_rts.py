"""What is told of very many RTs instead of each one: how they are spread, and which stand at the ends once chance is taken out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from baksos_eval.evaluation.results import GroupUnit, ScaleSummary, Unit
from baksos_eval.report import inline
from baksos_eval.report.text import Catalogue

MOST_RTS = 74
"""RTs that are told one by one: with more of them the forest plot, the longest of the lists, leaves two pages."""

ENDS = 10
"""RTs named at each end of the order."""

MOST_NAMED = 12
"""RTs that a sentence names one by one."""

SHARES = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
QUANTILE_KEYS = ("least", "p10", "p25", "p50", "p75", "p90", "most")


def are_many(rts: Sequence[object]) -> bool:
    """Whether these are too many to tell one by one."""
    return len(rts) > MOST_RTS


def spread(values: Iterable[float]) -> list[float]:
    """The smallest and largest value and the quantiles between them, one for each of :data:`SHARES`; ``nan`` without any value.

    >>> spread([1, 2, 3, 4, 5, float("nan")])
    [1.0, 1.4, 2.0, 3.0, 4.0, 4.6, 5.0]
    """
    return quantiles(values, SHARES)


def quantiles(values: Iterable[float], shares: Sequence[float]) -> list[float]:
    """The values below which these shares of the known values lie; ``nan`` without any.

    Between two values as Excel's PERCENTILE.INC and R's default have it (Hyndman & Fan 1996, American Statistician 50:361-365, type 7).
    """
    known = np.array([value for value in values if not math.isnan(value)], dtype=float)
    return [float(value) for value in np.quantile(known, shares)] if known.size else [math.nan] * len(shares)


def write_count(value: float, c: Catalogue) -> str:
    """A quantile of counts: whole, or with one decimal where it lies between two."""
    return c.number(value, 0 if math.isnan(value) or value == round(value) else 1)


def differ(result: ScaleSummary) -> bool:
    """Whether RTs differ by more than chance, so that their order says anything: the variance between RTs is not estimated as none."""
    return result.pooled.tau2 > 0 and not math.isnan(result.pooled.p)


def in_order(result: ScaleSummary) -> list[int]:
    """The places of the RTs with a change, the most favourable first: by the shrunken estimates or, where these are all one, as measured."""
    values = [one.estimate for one in result.shrunken] if differ(result) else [unit.change for unit in result.units]
    sign = -1 if result.scale.direction == "up" else 1
    return sorted((place for place, value in enumerate(values) if not math.isnan(value)), key=lambda place: sign * values[place])


def ends(result: ScaleSummary) -> tuple[list[int], list[int]]:
    """The places of the RTs with the most and the least favourable shrunken estimate, from the end inwards; none where RTs do not differ."""
    if not differ(result):
        return [], []
    order = in_order(result)
    count = min(ENDS, len(order) // 2)
    return order[:count], order[::-1][:count]


def count_verdicts(units: Sequence[Unit] | Sequence[GroupUnit], level: float) -> dict[str, tuple[int, int]]:
    """For each verdict how many RTs have it, and how many of them are shown to have changed by Holm's p."""
    found: dict[str, tuple[int, int]] = {}
    for unit in units:
        count, shown = found.get(unit.verdict, (0, 0))
        found[unit.verdict] = (count + 1, shown + (unit.p_holm < level))
    return found


def name_rts(rts: Iterable[str], c: Catalogue) -> str:
    """The RTs by name in a sentence; of many, how many they are and the first of them."""
    names = [inline.escape(rt) for rt in rts]
    return c.listing(names) if len(names) <= MOST_NAMED else c.text("many_rts.named", count=c.number(len(names), 0), names=c.listing(names[:3]))
