"""The notebooks only call: no logic, no stored outputs, one parameters cell, twins with the same code."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
ALL = [*NOTEBOOKS, *sorted((FOLDER / "en").glob("*.ipynb"))]
COLAB = sorted((FOLDER.parent / "docs" / "colab").glob("*.ipynb"))


def cells(path: Path, kind: str) -> list[dict]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def code(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in cells(path, "code")]


def test_there_are_notebooks():
    assert {path.stem for path in NOTEBOOKS} >= {"01_periksa_data", "02_evaluasi_rt", "03_rekap_program", "04_uji_instrumen"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_twins_have_the_same_code_and_other_headings(path):
    twin = FOLDER / "en" / path.name
    assert code(path) == code(twin)
    headings = [[cell["source"] for cell in cells(file, "markdown")] for file in (path, twin)]
    assert len(headings[0]) == len(headings[1])
    assert sum(one == other for one, other in zip(*headings, strict=True)) <= 1


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_is_stored(path):
    assert [cell for cell in cells(path, "code") if cell["outputs"] or cell["execution_count"]] == []


@pytest.mark.parametrize("path", [*ALL, *COLAB], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_there_is_one_parameters_cell_of_literals_with_meanings(path):
    tagged = [cell for cell in cells(path, "code") if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    for line in tagged[0]["source"]:
        statement = ast.parse(line).body[0]
        assert isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        assert f"# {type(statement.value.value).__name__}: " in line


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_cells_only_call(path):
    for source in code(path):
        tree = ast.parse(source)
        logic = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.If, ast.Lambda, ast.ListComp, ast.Try, ast.With)
        assert not [node for node in ast.walk(tree) if isinstance(node, logic)], source
        assert "!" not in source and "%" not in source
