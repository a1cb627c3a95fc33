"""Which amounts of aid are withheld: those of too few households, and others so that totals do not give them back.

Amounts are cells of a table, things given by RT; each thing adds up to its total in the programme, and the things of an RT to
what its households received. A hidden amount follows exactly from what is published if and only if its cell is a bridge of the
graph whose nodes are these sums and whose edges are the hidden cells (Gusfield 1988, *SIAM Journal on Computing* 17:552-571).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from baksos_eval.stats.suppression import FEWEST

ALL = ("", "")
"""In the place of a thing given: all that the households of an RT received, in rupiah."""

Thing = tuple[str, str]
Node = tuple[str, object]
_OPEN: Node = ("open", "")


class Cell(NamedTuple):
    """What was given of a thing in an RT; ``rt`` is empty for households without one."""

    thing: Thing
    rt: str


class Withheld(NamedTuple):
    """Cells that are not shown, and the things whose total in the programme would still give one of them back."""

    cells: frozenset[Cell]
    exposed: frozenset[Thing]


def withhold(households: Mapping[Cell, frozenset[str]]) -> Withheld:
    """The cells to withhold, given which households each of them is about.

    A cell of one to four households is hidden; then the smallest others, until the hidden cells of each sum are two or more,
    are about five households or more, and none of them follows from what is shown. What households without an RT received is
    shown nowhere by itself.

    >>> shown = {Cell(ALL, "RT 01"): frozenset("abcdefg"), Cell(ALL, "RT 02"): frozenset("hijklmnop"), Cell(ALL, "RT 03"): frozenset("q")}
    >>> sorted(cell.rt for cell in withhold(shown).cells)
    ['RT 01', 'RT 03']
    """
    cells = {cell: own for cell, own in households.items() if own}
    nodes = {cell: _nodes(cell, cells) for cell in cells}
    hidden = {cell for cell, own in cells.items() if not cell.rt or len(own) < FEWEST}
    lost: set[object] = set()
    while exposed := _exposed(hidden, cells, nodes, lost):
        choice = min((cell for cell in cells if cell not in hidden and len(exposed.side & set(nodes[cell])) == 1), key=lambda cell: (cell.thing == ALL, len(cells[cell]), cell), default=None)
        if choice is None:
            lost.add(exposed.what)
        else:
            hidden.add(choice)
    return Withheld(frozenset(cell for cell in hidden if cell.rt),
                    frozenset(cell.thing for cell in hidden if cell in lost or ("thing", cell.thing) in lost))


class _Exposed(NamedTuple):
    """A sum or a hidden cell that gives something away, and the sums of which one needs another hidden cell."""

    what: object
    side: set[Node]


def _nodes(cell: Cell, cells: Mapping[Cell, frozenset[str]]) -> tuple[Node, Node]:
    """The sums that a cell is part of: its thing's total in the programme, and what its RT received, where that is known."""
    return ("thing", cell.thing), ("rt", cell.rt) if cell.rt and Cell(ALL, cell.rt) in cells else _OPEN


def _exposed(hidden: set[Cell], cells: Mapping[Cell, frozenset[str]], nodes: Mapping[Cell, tuple[Node, Node]], lost: set[object]) -> _Exposed | None:
    guarded = {cell for cell in hidden if cell.rt or len(cells[cell]) < FEWEST}
    for node in sorted({node for cell in guarded for node in nodes[cell]} - {_OPEN} - lost, key=lambda node: (node[0] != "thing", repr(node))):
        own = [cell for cell in hidden if node in nodes[cell]]
        summed = node[0] == "thing" or all(cell.thing != ALL for cell in own)
        if len(own) < 2 or (summed and len(frozenset().union(*(cells[cell] for cell in own))) < FEWEST):
            return _Exposed(node, {node})
    for cell in sorted(guarded - lost):
        side = _reached(nodes[cell][0], hidden - {cell}, nodes)
        if nodes[cell][1] not in side:
            return _Exposed(cell, side if _OPEN not in side else _reached(nodes[cell][1], hidden - {cell}, nodes))
    return None


def _reached(start: Node, hidden: set[Cell], nodes: Mapping[Cell, tuple[Node, Node]]) -> set[Node]:
    """The sums that hang together with one through hidden cells."""
    found, left = {start}, [start]
    while left:
        node = left.pop()
        further = {other for cell in hidden if node in nodes[cell] for other in nodes[cell]} - found
        found |= further
        left += further
    return found
