"""What experts thought of the items: their tables as ratings, without their names, whichever way round the tables are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.columns import column_letters, expected_headers, find_items
from baksos_eval.intake.files import MOST_PLACES, TOTALS, RawTable, read_table
from baksos_eval.intake.responses import as_finding
from baksos_eval.intake.text import fold, loosen, nearest, quote
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import Experts, Source, Study

_WHOLE = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_WORKED_OUT = re.compile(r"(?:[sv]|σ ?s)(?: ?(?:\d+|[ivx]+))?|.*\b(?:aiken|cvi|cvr)\b.*")
"""Columns beside the ratings in a worksheet for Aiken's V: s = rating - lowest, V itself."""
_LABELS = 4


@dataclass(frozen=True)
class Ratings:
    """What the experts of one table gave one instrument: a row for each expert, a column for each item (``nan`` if not rated).

    Rows are sorted by their ratings, so that none leads back to an expert.
    """

    source: Experts
    instrument: str
    table: pd.DataFrame


class _Cells(NamedTuple):
    """The cells of one table that belong to experts (first axis) and items (second), with their places."""

    texts: np.ndarray
    where: list[list[Where]]


class _Attempt(NamedTuple):
    """A table read in one of the two ways: where each item is, how to get at the cells of such places, and the experts' columns."""

    table: RawTable
    places: Mapping[str, tuple[int, ...]]
    cells_of: Callable[[Sequence[int]], _Cells]
    columns: Sequence[int]


def read_experts(study: Study) -> tuple[Mapping[str, Ratings], tuple[Finding, ...]]:
    """The ratings of each instrument that experts judged, by its id, and what was noticed; a table with a fatal finding gives none."""
    ratings: dict[str, Ratings] = {}
    findings: list[Finding] = []
    for experts in study.experts:
        found, noticed = _read(experts, study)
        findings += noticed
        for one in found:
            if one.instrument in ratings:
                findings.append(Finding("experts_instrument_twice", Severity.FATAL, 2, (Where(ratings[one.instrument].source.file), Where(experts.file)),
                                        details={"instrument": study.instrument(one.instrument).label}))
            ratings.setdefault(one.instrument, one)
    repeated = {finding.details["instrument"] for finding in findings if finding.code == "experts_instrument_twice"}
    return {name: one for name, one in ratings.items() if study.instrument(name).label not in repeated}, tuple(findings)


def _read(experts: Experts, study: Study) -> tuple[list[Ratings], list[Finding]]:
    source = Source(file=experts.file, sheet=experts.sheet, header_row=experts.header_row, wave="pre", items=experts.items)
    try:
        by_row, by_column = (_read_table(experts, source, study, across) for across in (True, False))
    except BaksosError as error:
        return [], [as_finding(error, Where(experts.file, experts.sheet))]
    table, places, cells_of, columns = max((by_row, by_column), key=lambda attempt: sum(map(bool, attempt[1].values())))
    findings = [*table.findings, *_mapping_faults(experts, table, places, study)]
    if not any(places.values()):
        return [], [*findings, Finding("experts_no_items", Severity.FATAL, where=(_at(table),))]
    findings += _ambiguous(table, places)
    if columns:
        findings.append(Finding("experts_columns", Severity.NOTE, len(columns), (_at(table),), details={"columns": tuple(map(column_letters, columns))}))
    result = []
    for instrument in study.questionnaires:
        items = [item.id for item in instrument.items if len(places[item.id]) == 1]
        if not items:
            continue
        findings += _missing(table, instrument, places, study)
        numbers, faults = _numbers(cells_of([places[item][0] for item in items]), experts)
        findings += faults
        numbers = numbers[~np.isnan(numbers).all(axis=1)]
        if not len(numbers) and not faults:
            findings.append(Finding("experts_no_ratings", Severity.FATAL, where=(_at(table),), details={"instrument": instrument.label}))
        sorted_rows = numbers[np.lexsort(np.nan_to_num(numbers, nan=-1).T[::-1])] if len(numbers) else numbers
        whole = pd.DataFrame(sorted_rows, columns=items).reindex(columns=[item.id for item in instrument.items])
        result.append(Ratings(experts, instrument.id, whole))
    return ([] if any(finding.fatal for finding in findings) else result), findings


def _read_table(experts: Experts, source: Source, study: Study, across: bool) -> _Attempt:
    """The table read with the items ``across`` the header or down one of its first columns."""
    table = read_table(study.folder / experts.file, experts.file, experts.sheet, experts.header_row, expected_headers(source, study) if across else ())
    if across:
        return _Attempt(table, find_items(table, source, study), lambda places: _below_headers(table, places), ())
    labels = [tuple(table.frame[column].astype(object)) for column in range(min(_LABELS, len(table.columns)))]
    found = [find_items(replace(table, columns=texts), source, study) for texts in labels]
    best = max(range(len(found)), key=lambda column: (sum(map(bool, found[column].values())), -column))
    columns = _of_experts(table, best, sorted({row for rows in found[best].values() for row in rows}))
    return _Attempt(table, found[best], lambda rows: _beside_labels(table, columns, rows), columns)


def _below_headers(table: RawTable, columns: Sequence[int]) -> _Cells:
    texts = table.frame[list(columns)].astype(object).to_numpy(dtype=object)
    where = [[Where(table.file, table.sheet, row, column_letters(column)) for column in columns] for row in table.rows]
    return _Cells(texts, where)


def _of_experts(table: RawTable, label: int, rows: Sequence[int]) -> list[int]:
    """The columns to the right of the items' that hold numbers beside them, without those that were worked out from the others."""
    columns = []
    for column in range(label + 1, len(table.columns)):
        header = loosen(table.columns[column])
        given = table.frame[column].iloc[list(rows)].astype(object)
        if not TOTALS.fullmatch(header) and not _WORKED_OUT.fullmatch(header) and any(_NUMBER.fullmatch(fold(text)) for text in given):
            columns.append(column)
    return columns


def _beside_labels(table: RawTable, columns: Sequence[int], rows: Sequence[int]) -> _Cells:
    texts = table.frame[list(columns)].iloc[list(rows)].astype(object).to_numpy(dtype=object).T
    return _Cells(texts, [[Where(table.file, table.sheet, table.rows[row], column_letters(column)) for row in rows] for column in columns])


def _numbers(cells: _Cells, experts: Experts) -> tuple[np.ndarray, list[Finding]]:
    """The ratings as numbers, blank ones as nan; what is no whole number from the lowest to the highest is a fault."""
    numbers = np.full(cells.texts.shape, np.nan)
    unreadable: list[Where] = []
    outside: dict[str, list[Where]] = {}
    for place, text in np.ndenumerate(cells.texts):
        folded = fold(text)
        if folded in ("", "-", "."):
            continue
        where = cells.where[place[0]][place[1]]
        if not _WHOLE.fullmatch(folded):
            unreadable.append(where)
        elif not experts.lowest <= int(folded) <= experts.highest:
            outside.setdefault(quote(folded), []).append(where)
        else:
            numbers[place] = int(folded)
    limits = {"lowest": experts.lowest, "highest": experts.highest}
    findings = [Finding("experts_rating_unreadable", Severity.FATAL, len(unreadable), tuple(unreadable[:MOST_PLACES]), details=limits)] if unreadable else []
    findings += [Finding("experts_rating_out_of_range", Severity.FATAL, len(places), tuple(places[:MOST_PLACES]), details={"found": found} | limits)
                 for found, places in outside.items()]
    return numbers, findings


def _mapping_faults(experts: Experts, table: RawTable, places: Mapping[str, tuple[int, ...]], study: Study) -> Iterator[Finding]:
    for item, header in experts.items.items():
        if item not in places:
            yield Finding("mapped_item_unknown", Severity.FATAL, where=(_at(table),), details={"item": item, "similar": nearest([item], places)})
        elif not places[item]:
            yield Finding("experts_mapped_missing", Severity.FATAL, where=(_at(table),), details={"item": item, "header": quote(header)})


def _ambiguous(table: RawTable, places: Mapping[str, tuple[int, ...]]) -> Iterator[Finding]:
    owners: dict[int, list[str]] = {}
    for item, found in places.items():
        if len(found) > 1:
            yield Finding("experts_item_twice", Severity.FATAL, len(found), (_at(table),), details={"item": item})
        elif found:
            owners.setdefault(found[0], []).append(item)
    for items in owners.values():
        if len(items) > 1:
            yield Finding("experts_items_together", Severity.FATAL, len(items), (_at(table),), details={"items": tuple(items)})


def _missing(table: RawTable, instrument: Instrument, places: Mapping[str, tuple[int, ...]], study: Study) -> Iterator[Finding]:
    missing = tuple(item.id for item in instrument.items if not places[item.id])
    if missing:
        yield Finding("experts_items_missing", Severity.WARNING, len(missing), (_at(table),), details={"instrument": instrument.label, "items": missing})


def _at(table: RawTable) -> Where:
    return Where(table.file, table.sheet)
