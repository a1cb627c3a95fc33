"""Measures the aid of a programme from the rows of its log."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from baksos_eval.activities.aid import (
    MASKS,
    NOT_SAID,
    PROOFS,
    SEVERAL,
    Aid,
    AidReason,
    AidResult,
    AidRow,
    BudgetUse,
    Coverage,
    Day,
    GroupReach,
    HouseholdValue,
    MasksPerPerson,
    Proof,
    Repetition,
    Targeting,
    ToInstitution,
    Total,
)
from baksos_eval.activities.aid_suppression import ALL, Cell, withhold
from baksos_eval.activities.amounts import PIECES
from baksos_eval.stats.result import Reason
from baksos_eval.stats.suppression import FEWEST, suppress
from baksos_eval.study.toml import Words

MOST_CELLS = 150
"""Groups times RTs up to which counts are shown for each RT: the work grows with the fourth power."""

_SINGLE = frozenset(unit for unit, pieces in PIECES.items() if pieces == 1)
"""Words for one piece: whichever is more frequent for a kind stands for both."""


@dataclass(frozen=True)
class Terms:
    """What a study says about its aid, in our own names.

    Attributes:
        households: households meant in each RT.
        groups: households meant in each target group.
        entitled: each entitled household with its RT; ``None`` without a list.
        entitled_to: the kinds of aid that the list is about; empty: all.
        contents: pieces in a unit of a kind.
        budget: each line with its kinds and its rupiah.
        rts: the study's RTs in their order.
    """

    households: Mapping[str, int]
    groups: Mapping[str, int]
    entitled: Mapping[str, str] | None
    entitled_to: frozenset[str]
    contents: Mapping[tuple[str, str], float]
    budget: tuple[tuple[Words, frozenset[str], float], ...]
    rts: tuple[str, ...]


def measure_aid(rows: Sequence[AidRow], terms: Terms) -> Aid:
    """The aid of a programme from the rows of its log."""
    rts = tuple(dict.fromkeys([*terms.rts, *sorted({row.rt for row in rows if row.rt} | set(terms.households))]))
    matching = terms.entitled is None or bool(set(terms.entitled) & {row.household for row in rows})
    single = _single_units(rows)
    whole = _result("", rows, rts, terms, matching, single)
    parts = tuple(_result(rt, [row for row in rows if row.rt == rt], (rt,), terms, matching, single) for rt in rts)
    groups = _groups(rows, rts, terms)
    whole, parts = _without_small_amounts(rows, whole, parts, terms, single)
    return Aid(whole, parts, groups or (), groups is None, _institutions(rows), tuple(_budget_use(rows, *line) for line in terms.budget), tuple(sorted(terms.entitled_to)))


def _result(rt: str, rows: Sequence[AidRow], rts: Sequence[str], terms: Terms, matching: bool, single: Mapping[str, str]) -> AidResult:
    to_households = [row for row in rows if not row.to_institution]
    identified = [row for row in to_households if row.household]
    days = sorted({row.date for row in rows if row.date})
    return AidResult(
        rt, len(rows), len(rows) - len(to_households), len({row.household for row in identified}), len(to_households) - len(identified),
        _coverage(to_households, rts, terms.households), _targeting([row for row in to_households if not terms.entitled_to or row.kind in terms.entitled_to], rt, terms.entitled, matching), _repeated(identified), _proof(rows),
        _household_value(to_households), _masks_per_person(identified, terms.contents), _totals(rows, single), _counted(row.way for row in rows),
        tuple(Day(day, _counted(row.kind for row in rows if row.date == day)) for day in days), sum(row.date is None for row in rows), _reach(identified))


def _without_small_amounts(rows: Sequence[AidRow], whole: AidResult, parts: Sequence[AidResult], terms: Terms,
                           single: Mapping[str, str]) -> tuple[AidResult, tuple[AidResult, ...]]:
    """The same results without what would tell what single households received; a row without a code counts as a household of its own."""
    given: dict[Cell, set[str]] = {}
    masks: dict[Cell, set[str]] = {}
    told = _told_masks([row for row in rows if row.household and not row.to_institution], terms.contents)
    for number, row in enumerate(rows):
        if row.to_institution:
            continue
        household = row.household or f"\0{number}"
        given.setdefault(Cell((row.kind, _unit(row, single)), row.rt), set()).add(household)
        if row.value is not None:
            given.setdefault(Cell(ALL, row.rt), set()).add(household)
        if household in told:
            masks.setdefault(Cell((MASKS, ""), row.rt), set()).add(household)
    amounts, pieces = (withhold({cell: frozenset(own) for cell, own in households.items()}) for households in (given, masks))

    def shown(result: AidResult) -> AidResult:
        few = {cell.thing for cell in amounts.cells if cell.rt == result.rt} if result.rt else amounts.exposed if ALL in amounts.exposed else frozenset()
        totals = tuple(total._replace(hidden=(total.kind, total.unit) in few) for total in result.totals)
        value, of_masks = result.value, result.masks
        if ALL in few:
            value = value._replace(total=math.nan, total_note=_why(len(given[Cell(ALL, result.rt)]) if result.rt else 0))
        if Cell((MASKS, ""), result.rt) in pieces.cells or (not result.rt and pieces.exposed):
            of_masks = of_masks._replace(masks=math.nan, people=math.nan, per_person=math.nan, note=_why(of_masks.households))
        return replace(result, totals=totals, value=value, masks=of_masks)

    return shown(whole), tuple(map(shown, parts))


def _why(households: int) -> str:
    return str(Reason.TOO_FEW if households < FEWEST else AidReason.WITHHELD)


def _reach(rows: Sequence[AidRow]) -> tuple[tuple[date, int], ...]:
    first: dict[str, date] = {}
    for row in rows:
        if row.date:
            first[row.household] = min(row.date, first.get(row.household, row.date))
    return tuple((day, sum(begun <= day for begun in first.values())) for day in sorted({row.date for row in rows if row.date}))


def _coverage(rows: Sequence[AidRow], rts: Sequence[str], targeted: Mapping[str, int]) -> Coverage:
    """Over several RTs, of those alone whose number is known."""
    known = [rt for rt in rts if rt in targeted]
    meant = float(sum(targeted[rt] for rt in known)) if known else math.nan
    if rows and not any(row.household for row in rows):
        return Coverage(math.nan, meant, math.nan, str(AidReason.NO_CODES))
    reached = len({row.household for row in rows if row.household and (row.rt in known or not known)})
    return Coverage(reached, meant, reached / meant if known else math.nan, "" if known else str(AidReason.NO_TARGET))


def _targeting(rows: Sequence[AidRow], rt: str, entitled: Mapping[str, str] | None, matching: bool) -> Targeting:
    nothing = Targeting(*[math.nan] * 5)
    reached = {row.household for row in rows if row.household}
    if entitled is None:
        return nothing._replace(note=str(AidReason.NO_LIST))
    if rows and not reached:
        return nothing._replace(note=str(AidReason.NO_CODES))
    if not matching:
        return nothing._replace(note=str(AidReason.CODES_DIFFER))
    own = {household for household, of in entitled.items() if not rt or of == rt}
    if len(own) < FEWEST or len(reached) < FEWEST:
        return nothing._replace(note=str(Reason.TOO_FEW))
    both = len(own & reached)
    return Targeting(len(own), len(reached), both, (len(own) - both) / len(own), (len(reached) - both) / len(reached))


def _repeated(rows: Sequence[AidRow]) -> tuple[Repetition, ...]:
    times = Counter((row.kind, row.household) for row in rows if row.kind)
    found: dict[str, list[int]] = {}
    for (kind, _), count in times.items():
        if count > 1:
            found.setdefault(kind, []).append(count - 1)
    return tuple(Repetition(kind, len(extra), sum(extra)) for kind, extra in found.items())


def _proof(rows: Sequence[AidRow]) -> Proof:
    counts = Counter(row.proof for row in rows)
    proven = sum(counts[kind] for kind in PROOFS)
    return Proof(len(rows), *(counts[kind] for kind in (*PROOFS, "none")), counts[""], proven / len(rows) if rows else math.nan, "" if rows else str(Reason.NO_DATA))


def _household_value(rows: Sequence[AidRow]) -> HouseholdValue:
    sums: dict[str, float] = {}
    for row in rows:
        if row.household:
            sums[row.household] = sums.get(row.household, 0.0) + (math.nan if row.value is None else row.value)
    known = [value for value in sums.values() if not math.isnan(value)]
    values = [row.value for row in rows if row.value is not None]
    middle = (median(known), min(known), max(known)) if len(known) >= FEWEST else (math.nan,) * 3
    note = "" if len(known) >= FEWEST else str(Reason.TOO_FEW) if known else str(AidReason.NO_VALUES)
    return HouseholdValue(len(known), *middle, math.fsum(values) if values else math.nan, len(rows) - len(values), note)


def _masks_per_person(rows: Sequence[AidRow], contents: Mapping[tuple[str, str], float]) -> MasksPerPerson:
    members = members_of(rows)
    told = _told_masks(rows, contents)
    masks, people = math.fsum(told.values()), math.fsum(members[household] for household in told)
    received = len({row.household for row in rows if row.kind == MASKS})
    if not told:
        return MasksPerPerson(0, received, math.nan, math.nan, math.nan, str(AidReason.NO_PIECES))
    return MasksPerPerson(len(told), received, masks, people, masks / people)


def _told_masks(rows: Sequence[AidRow], contents: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """The masks of each household whose pieces and people are known."""
    members = members_of(rows)
    pieces: dict[str, float] = {}
    for row in rows:
        if row.kind == MASKS:
            pieces[row.household] = pieces.get(row.household, 0.0) + _pieces(row, contents)
    return {household: count for household, count in pieces.items() if not math.isnan(count) and members.get(household)}


def members_of(rows: Iterable[AidRow]) -> dict[str, float]:
    """How many people each household has; a household whose rows tell different numbers has none."""
    told: dict[str, set[float]] = {}
    for row in rows:
        if row.household and row.members:
            told.setdefault(row.household, set()).add(row.members)
    return {household: next(iter(numbers)) for household, numbers in told.items() if len(numbers) == 1}


def _pieces(row: AidRow, contents: Mapping[tuple[str, str], float]) -> float:
    each = contents.get((row.kind, row.quantity.unit), PIECES.get(row.quantity.unit))
    return math.nan if row.quantity.value is None or each is None else row.quantity.value * each


def _totals(rows: Sequence[AidRow], single: Mapping[str, str]) -> tuple[Total, ...]:
    groups: dict[tuple[str, str], list[AidRow]] = {}
    for row in rows:
        groups.setdefault((row.kind, _unit(row, single)), []).append(row)
    found = []
    for (kind, unit), own in groups.items():
        given = {institutional: [row.quantity.value for row in own if row.to_institution is institutional and row.quantity.value is not None] for institutional in (False, True)}
        values = [row.value for row in own if row.value is not None]
        found.append(Total(kind, unit, len(own), len({row.household for row in own if row.household}), math.fsum(given[False]), math.fsum(given[True]),
                           math.fsum(values) if values else math.nan, sum(row.quantity.value is None for row in own), len(own) - len(values)))
    order = {kind: place for place, (kind, _) in enumerate(_counted(row.kind for row in rows))}
    return tuple(sorted(found, key=lambda total: (order[total.kind], -total.handovers, total.unit)))


def _single_units(rows: Sequence[AidRow]) -> dict[str, str]:
    """The word that stands for one piece of each kind."""
    return {kind: next(unit for unit, _ in _counted(row.quantity.unit for row in rows if row.kind == kind and row.quantity.unit in _SINGLE))
            for kind in {row.kind for row in rows if row.quantity.unit in _SINGLE}}


def _unit(row: AidRow, single: Mapping[str, str]) -> str:
    return single[row.kind] if row.quantity.unit in _SINGLE else row.quantity.unit


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How often each word occurs, the most frequent first, words alike by the alphabet."""
    return tuple(sorted(Counter(words).items(), key=lambda entry: (-entry[1], entry[0])))


def _groups(rows: Sequence[AidRow], rts: Sequence[str], terms: Terms) -> tuple[GroupReach, ...] | None:
    """Different households by target group and RT; ``None`` when small numbers cannot be hidden.

    The number of households of an RT is known from the coverage, so only cells and the totals of groups can be hidden. An RT with
    fewer than five households is left out altogether: none of its cells could be shown. Of many RTs only the totals are shown,
    because working out what is safe beside what would take too long.
    """
    said: dict[str, set[str]] = {}
    home: dict[str, str] = {}
    for row in rows:
        if row.household:
            said.setdefault(row.household, set()).update({row.group} - {""})
            home[row.household] = row.rt
    group_of = {household: next(iter(groups)) if len(groups) == 1 else SEVERAL if groups else NOT_SAID for household, groups in said.items()}
    if set(group_of.values()) <= {NOT_SAID}:
        return ()
    size = Counter(home.values())
    places = [rt for rt in (*rts, "") if size[rt] >= FEWEST]
    counts = Counter((group, home[household]) for household, group in group_of.items() if home[household] in places)
    order = [group for group, _ in _counted(group for household, group in group_of.items() if home[household] in places)]
    order.sort(key=lambda group: (group == NOT_SAID, group == SEVERAL))
    if not places:
        return None
    split = len(places) > 1 and len(places) * len(order) <= MOST_CELLS
    table = suppress([[counts[group, rt] for rt in places] for group in order], fixed_columns=True) if split else suppress([[sum(counts[group, rt] for rt in places)] for group in order])
    if table is None:
        return None
    found = []
    for group, cells in zip(order, table, strict=False):
        meant = float(terms.groups.get(group, math.nan))
        reached = math.nan if cells[-1] is None else float(cells[-1])
        note = str(Reason.TOO_FEW) if cells[-1] is None else str(AidReason.NO_TARGET) if math.isnan(meant) else ""
        of_rts = tuple(cells[places.index(rt)] if rt in places else None if size[rt] else 0 for rt in rts) if split or len(places) == 1 else ()
        found.append(GroupReach(group, of_rts, cells[-1], Coverage(reached, meant, reached / meant, note)))
    return tuple(found)


def _institutions(rows: Sequence[AidRow]) -> tuple[ToInstitution, ...]:
    groups: dict[tuple[str, str, str], list[AidRow]] = {}
    for row in rows:
        if row.to_institution:
            groups.setdefault((row.institution, row.kind, row.quantity.unit), []).append(row)
    return tuple(ToInstitution(institution, kind, unit, len(own), _sum(own, lambda row: row.quantity.value), _sum(own, lambda row: row.value), _one([row.members for row in own]))
                 for (institution, kind, unit), own in sorted(groups.items()))


def _sum(rows: Sequence[AidRow], of: Callable[[AidRow], float | None]) -> float:
    known = [value for row in rows if (value := of(row)) is not None]
    return math.fsum(known) if known else math.nan


def _one(numbers: Sequence[float | None]) -> float:
    """The number that all who tell one tell."""
    told = {number for number in numbers if number is not None}
    return told.pop() if len(told) == 1 else math.nan


def _budget_use(rows: Sequence[AidRow], label: Words, kinds: frozenset[str], planned: float) -> BudgetUse:
    own = [row for row in rows if row.kind in kinds]
    values = [row.value for row in own if row.value is not None]
    realised = math.fsum(values)
    return BudgetUse(label, planned, realised, realised / planned, len(own) - len(values))
