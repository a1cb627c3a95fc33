"""Dates as forms and people write them, read by evidence: the day comes first unless the column itself says otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

_MONTHS = {name: number for number, names in enumerate((
    "januari jan january", "februari feb pebruari february", "maret mar march", "april apr", "mei may", "juni jun june", "juli jul july",
    "agustus agu agt ags august aug", "september sep sept", "oktober okt october oct", "november nov nopember", "desember des december dec"),
    start=1) for name in names.split()}
_CLOCK = r"(?:[\sT,]+(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?(?:\.\d+)?\s*([AaPp][Mm])?)?"
_NUMERIC = re.compile(rf"(\d{{1,4}})[/.-](\d{{1,2}})[/.-](\d{{2,4}}){_CLOCK}.*")
_WORDS = re.compile(rf"(?:\w+,\s*)?(\d{{1,2}})[\s-]+([A-Za-z]+)\.?[\s-]+(\d{{4}}){_CLOCK}.*")


def read_times(texts: Sequence[str]) -> list[datetime | None]:
    """One column's dates and times, None where a text is none; time zones are passed over.

    Whether ``03/04/2021`` is in March or April is decided for the whole column: a number above 12 shows which is the
    day; without one the day comes first, as in Indonesia. A column that shows both orders has no readable dates.

    >>> read_times(["12/08/2021 9.15.33", "3 Agustus 2021", "2021/08/12 9:15:33 PM GMT+7"])
    [datetime.datetime(2021, 8, 12, 9, 15, 33), datetime.datetime(2021, 8, 3, 0, 0), datetime.datetime(2021, 8, 12, 21, 15, 33)]
    >>> read_times(["8/12/2021", "8/13/2021"])
    [datetime.datetime(2021, 8, 12, 0, 0), datetime.datetime(2021, 8, 13, 0, 0)]
    """
    numeric = [_NUMERIC.fullmatch(text.strip()) for text in texts]
    short = [match for match in numeric if match and len(match[1]) <= 2]
    day_first = not any(int(match[2]) > 12 for match in short)
    if not day_first and any(int(match[1]) > 12 for match in short):
        return [None] * len(texts)
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
            found.append(_moment(year, *((second, first) if day_first else (first, second)), match.groups()[3:]))
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
