"""What single households received follows from nothing that is shown: not within an RT, not from the totals of the programme."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.activities.activities import read_activities
from baksos_eval.activities.aid import AidReason
from baksos_eval.activities.aid_measures import measure_aid
from baksos_eval.activities.aid_suppression import ALL, Cell, withhold
from baksos_eval.evaluation.activity_ledger import HIDDEN, activity_ledger
from baksos_eval.report import narrative, tables
from baksos_eval.stats.result import Reason
from baksos_eval.stats.suppression import FEWEST
from baksos_eval.study.study import open_study
from tests.activities.test_aid import row, terms

EXAMPLE = Path(__file__).parents[2] / "data" / "contoh"
THINGS, RTS = ("groceries", "masks", "money"), ("RT 01", "RT 02", "RT 03", "RT 04", "")
GIVEN = st.dictionaries(st.tuples(st.sampled_from(THINGS), st.sampled_from(RTS)), st.integers(1, 9), min_size=1)


def households(given_: dict[tuple[str, str], int]) -> dict[Cell, frozenset[str]]:
    """So many households of each cell, and all of an RT; the first ones of an RT receive everything."""
    cells = {Cell((thing, ""), rt): frozenset(f"{rt}/{number}" for number in range(count)) for (thing, rt), count in given_.items()}
    for rt in {rt for _, rt in given_}:
        cells[Cell(ALL, rt)] = frozenset().union(*(own for cell, own in cells.items() if cell.rt == rt))
    return cells


def follows(cell: Cell, hidden: set[Cell], cells: dict[Cell, frozenset[str]]) -> bool:
    """Whether the amount of a hidden cell is fixed by what is shown: by the rank of all equations between the hidden ones."""
    order = sorted(hidden)
    equations = [[float(one.thing == thing) for one in order] for thing in {one.thing for one in order}]
    equations += [[(-1.0 if one.thing == ALL else 1.0) * (one.rt == rt) for one in order] for rt in {one.rt for one in order} - {""}]
    alone = [float(one == cell) for one in order]
    return np.linalg.matrix_rank(np.array([*equations, alone])) == np.linalg.matrix_rank(np.array(equations))


@given(GIVEN)
def test_no_hidden_amount_follows_from_those_that_are_shown(given_: dict[tuple[str, str], int]):
    cells = households(given_)
    found = withhold(cells)
    assert {cell for cell, own in cells.items() if cell.rt and len(own) < FEWEST} <= found.cells
    hidden = set(found.cells) | {cell for cell in cells if not cell.rt}
    assert [cell for cell in found.cells if cell.thing not in found.exposed and follows(cell, hidden, cells)] == []
    for thing in {cell.thing for cell in found.cells} - found.exposed:
        together = [cells[cell] for cell in hidden if cell.thing == thing]
        assert len(together) > 1 and len(frozenset().union(*together)) >= FEWEST
    if all(len(own) >= FEWEST for own in cells.values()):
        assert not found.cells


def test_without_a_small_number_nothing_is_hidden_and_alone_it_cannot_be():
    assert withhold({Cell(ALL, "RT 01"): frozenset("abcde")}) == (frozenset(), frozenset())
    assert withhold({Cell(ALL, "RT 01"): frozenset("ab")}) == (frozenset({Cell(ALL, "RT 01")}), frozenset({ALL}))
    assert withhold({}) == (frozenset(), frozenset())


def program(few: int = 1):
    """Three RTs, in the last of which few households received masks."""
    rows = [row(f"{rt}-{number}", rt=rt, kind=kind, value=value) for rt, count in (("RT 04", 20), ("RT 05", 9), ("RT 40", few)) for number in range(count)
            for kind, value in (("masks", 12_000.0), ("groceries", 150_000.0)) if kind == "masks" or rt != "RT 40"]
    return measure_aid(rows, terms())


@pytest.mark.parametrize("few", [1, 4])
def test_the_value_of_few_households_is_withheld_with_that_of_another_rt(few: int):
    aid = program(few)
    values = {part.rt: part.value for part in aid.rts}
    assert [(rt, math.isnan(value.total), value.total_note) for rt, value in values.items()] == [
        ("RT 04", False, ""), ("RT 05", True, AidReason.WITHHELD), ("RT 40", True, Reason.TOO_FEW)]
    assert aid.result.value.total == 29 * 162_000 + few * 12_000 and not math.isnan(values["RT 05"].median)
    hidden = {(part.rt, total.kind) for part in aid.rts for total in part.totals if total.hidden}
    assert {("RT 40", "masks"), ("RT 05", "masks")} <= hidden and not any(total.hidden for total in aid.result.totals)
    assert [(part.masks.note, math.isnan(part.masks.people)) for part in aid.rts] == [("", False), (AidReason.WITHHELD, True), (Reason.TOO_FEW, True)]


def test_five_households_are_enough():
    aid = program(5)
    assert not any(part.value.total_note or part.masks.note or any(total.hidden for total in part.totals) for part in aid.rts)


def test_a_programme_of_few_households_has_no_value():
    aid = measure_aid([row("K1"), row("K2")], terms())
    assert math.isnan(aid.result.value.total) and aid.result.value.total_note == Reason.TOO_FEW
    assert all(total.hidden for total in aid.result.totals) and aid.result.masks.note == Reason.TOO_FEW
    assert aid.result.households == 2, "counts stay"


def test_rows_without_a_code_are_at_most_so_many_households():
    few, enough = (measure_aid([row("") for _ in range(count)], terms()).rts[0] for count in (4, 5))
    assert few.value.total_note and few.totals[0].hidden and not enough.value.total_note and not enough.totals[0].hidden


def test_nothing_of_the_example_gives_back_what_the_one_household_of_an_rt_received():
    a = read_activities(open_study(EXAMPLE))
    (alone,) = (part for part in a.aid.rts if part.households == 1)
    frames = [activity_ledger(a), *(activity_ledger(a.of_rt(part.rt)) for part in a.aid.rts)]
    for frame in frames:
        own = frame[(frame["rt"] == alone.rt) & (frame["scale"] == "aid")].set_index(["method", "measure"])
        assert own.loc[[("value", "total"), ("masks", "masks"), ("masks", "people")], "value"].isna().all() if len(own) else True
        assert own[own.index.get_level_values(0) == "total"]["value"].isna().all()
    frame = frames[0]
    amounts = frame[(frame["method"] == "total") & (frame["measure"] == "value")]
    for item in amounts.loc[(amounts["rt"] == alone.rt), "item"]:
        assert (amounts.loc[amounts["item"] == item, "note"] == HIDDEN).sum() >= 2
    totals = frame[(frame["method"] == "value") & (frame["measure"] == "total") & (frame["rt"] != "")]
    assert totals["value"].isna().sum() >= 2 and set(totals.loc[totals["value"].isna(), "note"]) == {"too_few", "aid_withheld"}
    lines = {line[0]: line for line in tables.aid_households(a).rows}
    assert lines[alone.rt][1:] == ("1", "–", "–", "–") and sum(line[-1] == "–" for line in lines.values()) >= 2
    apart = a.of_rt(alone.rt)
    assert tables.aid_households(apart) is None and "Rp" not in narrative.aid_goods(apart).markdown
    assert all(set(line[2:]) == {"×"} for line in tables.aid_goods(apart).rows)


def test_the_choice_does_not_depend_on_the_order():
    cells = households({("masks", "RT 01"): 2, ("masks", "RT 02"): 7, ("masks", "RT 03"): 7, ("groceries", "RT 02"): 6, ("groceries", "RT 03"): 6})
    found = [withhold(dict(order)) for order in (cells.items(), reversed(cells.items()), sorted(cells.items()))]
    assert all(one == other for one, other in pairwise(found))
