"""Small cells of counts hidden so that totals do not give them back: primary and complementary suppression.

A hidden cell is safe when the published cells leave more than one value for it. In a table of two ways the cells are flows
between rows, columns and totals, so the exact range of a hidden cell is a largest flow through the other hidden cells
(Gusfield 1988, *SIAM Journal on Computing* 17:552-571; Hundepool et al. 2012, *Statistical Disclosure Control*, Wiley).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

FEWEST = 5
"""A count of 1 to 4 people is not shown. Nobody at all is: an empty cell says nothing about anybody."""

WIDTH_NEEDED = 3
"""The published cells must leave at least this much between the lowest and the highest possible value, where that many people can be hidden."""

Cell = tuple[int, int]
Table = tuple[tuple[int | None, ...], ...]


def suppress(counts: Sequence[Sequence[int]], fixed_columns: bool = False) -> Table | None:
    """The table with its totals (last row and last column), hidden cells as ``None``.

    The grand total stays. First every cell and total of 1 to 4 is hidden, then the smallest others that make these safe,
    inner cells before totals. ``None`` if no choice of cells makes the table safe.

    Args:
        counts: people by row and column, without totals; one column for a list of counts.
        fixed_columns: the totals of the columns are known from elsewhere, so hiding one would be of no use.

    >>> suppress([[9], [2], [7], [10]])
    ((9,), (None,), (None,), (10,), (28,))
    >>> suppress([[3, 9], [6, 10]])
    ((None, None, 12), (None, None, 16), (9, 19, 28))
    """
    if not counts or any(value < 0 for row in counts for value in row):
        raise ValueError("a table of counts has rows, and no count is negative")
    single = len(counts[0]) == 1
    table = _with_totals(counts, single)
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    every = [(row, column) for row in range(last_row + 1) for column in range(last_column + 1)]
    grand = (last_row, last_column)
    known = {grand} | ({(last_row, column) for column in range(last_column)} if fixed_columns else set())
    hidden = {cell for cell in every if 0 < table[cell[0]][cell[1]] < FEWEST}
    if hidden & known:
        return None
    while exposed := [cell for cell in sorted(hidden) if _width(cell, hidden, table, single) < WIDTH_NEEDED]:
        choice = _cheapest(exposed[0], hidden, known, table, single) or _any(hidden, known, table, single)
        if choice is None:
            if any(_width(cell, hidden, table, single) == 0 for cell in exposed):
                return None
            break
        hidden.add(choice)
    return tuple(tuple(None if (row, column) in hidden else table[row][column] for column in range(last_column + 1)) for row in range(last_row + 1))


def _with_totals(counts: Sequence[Sequence[int]], single: bool) -> list[list[int]]:
    rows = [[*row] if single else [*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def _width(cell: Cell, hidden: set[Cell], table: list[list[int]], single: bool) -> int:
    low, high = bounds(cell, hidden, table, single)
    return high - low


def bounds(cell: Cell, hidden: set[Cell], table: list[list[int]], single: bool) -> tuple[int, int]:
    """The lowest and highest value that a hidden cell can have, given every cell that is not hidden.

    Args:
        cell: the hidden cell.
        hidden: every hidden cell.
        table: the true counts with their totals.
        single: whether the table has one column and no totals of rows.
    """
    value = table[cell[0]][cell[1]]
    most = sum(table[row][column] for row, column in hidden) + value + 1
    ends = {other: _ends(other, table, single) for other in hidden}
    start, goal = ends[cell]
    others = {other: table[other[0]][other[1]] for other in hidden if other != cell}
    grown = _flow(goal, start, ends, others, most)
    shrunk = _flow(start, goal, ends, others, value)
    return value - shrunk, value + grown


def _ends(cell: Cell, table: list[list[int]], single: bool) -> tuple[str, str]:
    """From where to where a cell flows, so that what enters a row, a column or a total also leaves it."""
    row, column = cell
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    if single:
        return ("all", "sum") if row < last_row else ("sum", "all")
    if row < last_row and column < last_column:
        return f"row {row}", f"column {column}"
    if row < last_row:
        return "totals", f"row {row}"
    return (f"column {column}", "sum") if column < last_column else ("sum", "totals")


def _flow(source: str, sink: str, ends: dict[Cell, tuple[str, str]], values: dict[Cell, int], most: int) -> int:
    """The largest flow from source to sink, at most ``most``: a cell may grow without limit and shrink to nothing."""
    values = dict(values)
    total = 0
    while total < most:
        before: dict[str, tuple[str, Cell, int]] = {source: ("", (-1, -1), 0)}
        queue = deque([source])
        while queue and sink not in before:
            node = queue.popleft()
            for cell, value in values.items():
                start, end = ends[cell]
                if start == node and end not in before:
                    before[end] = (node, cell, 1)
                    queue.append(end)
                elif end == node and value > 0 and start not in before:
                    before[start] = (node, cell, -1)
                    queue.append(start)
        if sink not in before:
            return total
        path, node = [], sink
        while node != source:
            node, cell, sign = before[node]
            path.append((cell, sign))
        step = min([most - total, *(values[cell] for cell, sign in path if sign < 0)])
        for cell, sign in path:
            values[cell] += sign * step
        total += step
    return total


def _cheapest(cell: Cell, hidden: set[Cell], known: set[Cell], table: list[list[int]], single: bool) -> Cell | None:
    """The smallest cell that still may be hidden in the same row or column: with people in it, and no total if that can be helped."""
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    row, column = cell
    line = [(row, other) for other in range(last_column + 1)] if not single else []
    across = [(other, column) for other in range(last_row + 1)]
    for candidates in sorted((line, across), key=lambda cells: sum(other in hidden for other in cells)):
        free = [other for other in candidates if other not in hidden | known and table[other[0]][other[1]] > 0]
        if free and sum(other in hidden for other in candidates) < 2:
            return min(free, key=lambda other: _cost(other, table, single))
    return None


def _any(hidden: set[Cell], known: set[Cell], table: list[list[int]], single: bool) -> Cell | None:
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    free = [(row, column) for row in range(last_row + 1) for column in range(last_column + 1)
            if (row, column) not in hidden | known]
    return min(free, key=lambda other: (table[other[0]][other[1]] == 0, *_cost(other, table, single)), default=None)


def _cost(cell: Cell, table: list[list[int]], single: bool) -> tuple[bool, int, Cell]:
    is_total = cell[0] == len(table) - 1 or (not single and cell[1] == len(table[0]) - 1)
    return is_total, table[cell[0]][cell[1]], cell
