"""Items asked at a time for which their key or wording was not made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from baksos_eval.errors import Finding, Severity
from baksos_eval.study.instrument import Item
from baksos_eval.study.study import Study


def items_outside_validity(study: Study, frame: pd.DataFrame) -> Iterator[Finding]:
    """A finding for each instrument with items that do not hold for the days on which the answers were given.

    Where the answers tell no day, the study's year is taken; an item that holds for a part of it is then given the benefit.

    Args:
        study: whose instruments declare from when and until when an item holds.
        frame: :attr:`Responses.frame`, whose ``time`` says when a questionnaire was sent.
    """
    times = frame.loc[frame["consent"], "time"].dropna()
    if times.empty:
        first, last = date(study.year, 1, 1), date(study.year, 12, 31)
    else:
        first, last = times.min().date(), times.max().date()
    for instrument in study.questionnaires:
        name = instrument.label[study.language]
        if times.empty:
            old = tuple(item.id for item in instrument.items if _ends_before(item, first) or _begins_after(item, last))
            if old:
                yield Finding("items_out_of_date", Severity.WARNING, len(old), details={"instrument": name, "items": old, "year": study.year})
            continue
        old = tuple(item.id for item in instrument.items if _ends_before(item, last) or _begins_after(item, first))
        if old:
            limits = [limit for item in instrument.items if item.id in old for limit in (item.valid_from, item.valid_until) if limit]
            yield Finding("items_outside_validity", Severity.WARNING, len(old), details={
                "instrument": name, "items": old, "first": first.isoformat(), "last": last.isoformat(), "from": min(limits).isoformat(), "until": max(limits).isoformat(),
                "questionnaires": _outside([item for item in instrument.items if item.id in old], times)})


def _outside(items: list[Item], times: pd.Series) -> int:
    """How many questionnaires were sent when at least one of these items did not hold."""
    days = times.dt.date.value_counts()
    return int(sum(count for day, count in days.items() if any(_ends_before(item, day) or _begins_after(item, day) for item in items)))


def _ends_before(item: Item, day: date) -> bool:
    return item.valid_until is not None and item.valid_until < day


def _begins_after(item: Item, day: date) -> bool:
    return item.valid_from is not None and item.valid_from > day
