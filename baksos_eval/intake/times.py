"""Dates as forms and people write them, read by evidence: the day comes first unless the column itself says otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal, NamedTuple

Order = Literal["day_first", "month_first"]
ORDERS: tuple[Order, ...] = ("day_first", "month_first")
_FEWEST_DAYS = 4
_MONTHS = {name: number for number, names in enumerate((
    "januari jan january", "februari feb pebruari february", "maret mar march", "april apr", "mei may", "juni jun june", "juli jul july",
    "agustus agu agt ags august aug", "september sep sept", "oktober okt october oct", "november nov nopember", "desember des december dec"),
    start=1) for name in names.split()}
_CLOCK = r"(?:[\sT,]+(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?(?:\.\d+)?\s*([AaPp][Mm])?)?"
_NUMERIC = re.compile(rf"(\d{{1,4}})[/.-](\d{{1,2}})[/.-](\d{{2,4}}){_CLOCK}.*")
_WORDS = re.compile(rf"(?:\w+,\s*)?(\d{{1,2}})[\s-]+([A-Za-z]+)\.?[\s-]+(\d{{4}}){_CLOCK}.*")


class Times(NamedTuple):
    """A column's moments (None where a text is none), the order its numbers were read in, and what told.

    ``evidence`` is ``declared``; ``number`` (one above 12 is the day); ``sequence`` (the moments follow one another in this
    order alone); ``assumed`` (both orders are possible: the day comes first, as in Indonesia, and ``other`` has the other
    reading); ``mixed`` (the column shows both orders and is not read); ``none`` (nothing depends on it).
    """

    moments: list[datetime | None]
    order: Order
    evidence: Literal["declared", "number", "sequence", "assumed", "mixed", "none"]
    other: list[datetime | None]


def read_times(texts: Sequence[str]) -> list[datetime | None]:
    """One column's dates and times, None where a text is none; time zones are passed over.

    >>> read_times(["12/08/2021 9.15.33", "3 Agustus 2021", "2021/08/12 9:15:33 PM GMT+7"])
    [datetime.datetime(2021, 8, 12, 9, 15, 33), datetime.datetime(2021, 8, 3, 0, 0), datetime.datetime(2021, 8, 12, 21, 15, 33)]
    >>> read_times(["8/12/2021", "8/13/2021"])
    [datetime.datetime(2021, 8, 12, 0, 0), datetime.datetime(2021, 8, 13, 0, 0)]
    """
    return weigh_times(texts).moments


def weigh_times(texts: Sequence[str], declared: Order | Literal[""] = "") -> Times:
    """One column's dates and times, with what told whether ``03/04/2021`` is in March or April.

    That is decided for the whole column. A form's answers stand in the order of time, so the order in which the texts
    first appear tells too, from four different days on.

    Args:
        texts: the column's different texts in the order of their first appearance.
        declared: the order that the study declares, if it does.

    >>> weigh_times(["8/9/2021", "8/10/2021", "9/1/2021", "9/2/2021"])[1:3]
    ('month_first', 'sequence')
    """
    numeric = [_NUMERIC.fullmatch(text.strip()) for text in texts]
    short = [(int(match[1]), int(match[2])) for match in numeric if match and len(match[1]) <= 2]
    by_order: dict[Order, list[datetime | None]] = {order: _read(texts, numeric, order) for order in ORDERS}
    proves = {"day_first": any(first > 12 for first, _ in short), "month_first": any(second > 12 for _, second in short)}
    if declared:
        return Times(by_order[declared], declared, "declared", [])
    if all(proves.values()):
        return Times([None] * len(texts), "day_first", "mixed", [])
    for order in ORDERS:
        if proves[order]:
            return Times(by_order[order], order, "number", [])
    if all(first == second for first, second in short):
        return Times(by_order["day_first"], "day_first", "none", [])
    rising = [order for order in ORDERS if _rises(by_order[order])]
    if len(rising) == 1:
        return Times(by_order[rising[0]], rising[0], "sequence", [])
    return Times(by_order["day_first"], "day_first", "assumed", by_order["month_first"])


def _rises(moments: Sequence[datetime | None]) -> bool:
    """Whether the moments follow one another, on enough different days to mean something."""
    days = [moment.date() for moment in moments if moment]
    return len(set(days)) >= _FEWEST_DAYS and all(earlier <= later for earlier, later in pairwise(days))


def _read(texts: Sequence[str], numeric: Sequence[re.Match[str] | None], order: Order) -> list[datetime | None]:
    found = []
    for text, match in zip(texts, numeric, strict=True):
        if match is None:
            words = _WORDS.fullmatch(text.strip())
            month = _MONTHS.get(words[2].casefold()) if words else None
            found.append(_moment(int(words[3]), month, int(words[1]), words.groups()[3:]) if words and month else None)
        elif len(match[1]) > 2:
            found.append(_moment(int(match[1]), int(match[2]), int(match[3]), match.groups()[3:]))
        else:
            first, second = int(match[1]), int(match[2])
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            found.append(_moment(year, *((second, first) if order == "day_first" else (first, second)), match.groups()[3:]))
    return found


def _moment(year: int, month: int, day: int, clock: Sequence[str | None]) -> datetime | None:
    hour, minute, second = (int(part or 0) for part in clock[:3])
    half = (clock[3] or "").upper()
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
