"""The simulated codes: what is paired by itself is right, and the figures in the document are those of the tool."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tools import simulate_codes as tool


@pytest.fixture(scope="module")
def year() -> tool.Year:
    return tool.simulate(7)


def test_the_same_seed_gives_the_same_year(year: tool.Year):
    assert tool.simulate(7) == year != tool.simulate(8)


def test_what_is_paired_by_itself_is_right(year: tool.Year):
    methods = {method.name: method for method in (*year.methods, *year.proposals)}
    assert methods["exact"].right == methods["exact"].pairs > 0.8 * year.findable
    assert methods["plain"].right < methods["plain"].pairs
    assert methods["exact_and_reviewed"].right > methods["exact"].right
    assert methods["within_supported"].right >= 0.99 * methods["within_supported"].pairs > 20
    assert methods["within_contradicted"].right < 0.95 * methods["within_contradicted"].pairs
    assert methods["exact_and_reviewed"].right >= 0.999 * methods["exact_and_reviewed"].pairs
    assert sum(methods[f"within_{strength}"].pairs for strength in tool.Strength) == methods["within"].pairs


def test_slips_and_swaps_are_one_step():
    chance_of = random.Random(1)
    for text in ("si1552", "nu0909", "aa1111"):
        assert sum(a != b for a, b in zip(text, tool.slip(text, chance_of), strict=True)) == 1
        assert sorted(tool.swap(text, chance_of)) == sorted(text)


def test_the_document_holds_the_table_of_the_tool():
    text = tool.DOCUMENT.read_text(encoding="utf-8")
    held = text.split(tool.BEGIN)[1].split(tool.END)[0]
    rows = {cells[0]: cells[1:] for line in held.splitlines() if line.startswith("| ") for cells in [[cell.strip() for cell in line.strip("|").split("|")]]}
    assert set(tool.NAMES.values()) <= set(rows)
    supported = rows[tool.NAMES["within_supported"]]
    assert int(supported[1]) >= 0.99 * int(supported[0])
    automatic = rows[tool.NAMES["exact"]]
    assert int(automatic[1]) + int(automatic[2]) == int(automatic[0]) and re.search(rf"seed {tool.SEED}", held)
