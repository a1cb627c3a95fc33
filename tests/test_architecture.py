"""The house rules that can be read from the source text, without importing anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "baksos_eval"

# From the bottom up; wings on one floor do not know each other.
FLOORS = (("errors",), ("stats", "study"), ("intake",), ("activities",), ("evaluation",), ("report",), ("render",), ("batch",), ("start",), ("cli",), ("__main__",))
FLOOR = {wing: floor for floor, wings in enumerate(FLOORS) for wing in wings}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
HEAVY = {"babel", "docx", "jupyter_client", "matplotlib", "nbclient", "nbconvert", "nbformat", "numpy", "openpyxl", "pandas", "papermill",
         "pydantic", "python_calamine", "rapidfuzz", "scipy", "statsmodels", "tqdm", "typst"}


def name_of(path: Path) -> str:
    """``stats/paired``: how ARCHITECTURE.md calls a module."""
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def imports(path: Path, only_at_import: bool = False) -> Iterator[tuple[str, int]]:
    """Every imported module with its line, inside functions too (unless only what the import itself runs is asked for)."""
    stack: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while stack:
        node = stack.pop()
        if only_at_import and (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _for_types_only(node)):
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = ".".join([*_package(path)[:len(_package(path)) - node.level + 1], node.module or ""]).strip(".") if node.level else node.module
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names) if module == "baksos_eval" else [(str(module), node.lineno)]
        stack.extend(ast.iter_child_nodes(node))


def _package(path: Path) -> tuple[str, ...]:
    """The package a module lies in, the start of its relative imports."""
    return path.parent.relative_to(ROOT).parts


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_downward(path: Path) -> None:
    own = name_of(path).split("/")[0]
    if own == "__init__":
        return
    assert own in FLOOR, f"{own} has no floor: give it one here and a line in ARCHITECTURE.md"
    upward = []
    for module, line in imports(path):
        if not module.startswith("baksos_eval."):
            continue
        wing = module.split(".")[1]
        if wing in FLOOR and wing != own and FLOOR[wing] >= FLOOR[own]:
            upward.append(f"{name_of(path)}:{line} imports {module}")
    assert not upward, "\n".join(upward)


def test_the_order_would_notice_an_upward_import() -> None:
    assert FLOOR["evaluation"] < FLOOR["report"] < FLOOR["render"] < FLOOR["batch"] < FLOOR["cli"]
    assert FLOOR["stats"] == FLOOR["study"] > FLOOR["errors"]
    assert [module for module, _ in imports(PACKAGE / "evaluation" / "results.py") if module.startswith("baksos_eval.stats")]


@pytest.mark.parametrize("name", ["__init__", "__main__", "errors", *(f"cli/{path.stem}" for path in sorted((PACKAGE / "cli").glob("*.py")))])
def test_the_way_in_is_light(name: str) -> None:
    heavy = [f"{name}:{line} imports {module}" for module, line in imports(PACKAGE / f"{name}.py", only_at_import=True)
             if module.split(".")[0] in HEAVY or module.startswith("baksos_eval.") and module != "baksos_eval.errors"]
    assert not heavy or all("__version__" in entry or "baksos_eval.cli" in entry for entry in heavy), "\n".join(heavy)


def test_the_plan_names_every_module_once() -> None:
    plan = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_/]+)` \| (.+) \|$", plan, re.MULTILINE)
    listed = [name for name, _ in rows]
    present = {name_of(path) for path in MODULES if path.name != "__init__.py"}
    assert len(listed) == len(set(listed)), "a module is listed twice"
    missing = [f"| `{name}` | {_first_line(PACKAGE / f'{name}.py')} |" for name in sorted(present - set(listed))]
    gone = sorted(set(listed) - present)
    assert not missing and not gone, "ARCHITECTURE.md lacks:\n" + "\n".join(missing) + "\nand lists what is not there: " + ", ".join(gone)


def test_the_plan_lists_the_floors_as_they_are_tested() -> None:
    plan = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    order = " < ".join(", ".join(f"`{wing}`" for wing in wings) for wings in FLOORS[:-1])
    assert order in plan, f"ARCHITECTURE.md must say: {order}"


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "?").splitlines()[0]
