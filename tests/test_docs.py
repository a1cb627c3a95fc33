"""The guide to the statistics names every one of them, points only at what exists, and every example in the code is true."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from baksos_eval import stats

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "STATISTIK.md"
MODULES: dict[str, ModuleType] = {
    module.name: importlib.import_module(f"{stats.__name__}.{module.name}") for module in pkgutil.iter_modules(stats.__path__)
}


def public_functions(module: ModuleType) -> Iterator[Callable[..., Any]]:
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
            yield function


def results_in(annotation: Any) -> Iterator[type]:
    """Every result (a NamedTuple that ends in ``note``) inside an annotation, also within lists, tuples and dataclasses."""
    if dataclasses.is_dataclass(annotation):
        for hint in typing.get_type_hints(annotation).values():
            yield from results_in(hint)
    elif getattr(annotation, "_fields", ("",))[-1] == "note":
        yield annotation
    for inner in typing.get_args(annotation):
        yield from results_in(inner)


STATISTICS: dict[str, Callable[..., Any]] = {
    f"{name}.{function.__name__}": function
    for name, module in MODULES.items()
    for function in public_functions(module)
    if any(results_in(typing.get_type_hints(function).get("return")))
}


@pytest.fixture(scope="module")
def guide() -> str:
    return GUIDE.read_text(encoding="utf-8")


def entry_of(name: str, guide: str) -> str:
    """What the guide says about a statistic: the paragraph that begins with its title and its name in the code."""
    found = [entry for title, entry in entries(guide) if title == name]
    assert len(found) == 1, f"the guide has {len(found)} entries for {name}"
    return found[0]


def entries(guide: str) -> list[tuple[str, str]]:
    """Name in the code and text, on one line, of every paragraph that explains a statistic."""
    found = re.finditer(r"^\*\*[^*\n]+\*\* · `([a-z_]+\.[a-z0-9_]+)`.*(?:\n.+)*", guide, re.MULTILINE)
    return [(entry[1], " ".join(entry[0].split())) for entry in found]


def test_statistics_are_found_in_every_shape_a_result_is_returned_in():
    single, of_a_list, of_a_tuple, of_a_dataclass = "paired.mean_change", "items.item_quality", "rasch.logit_change", "rasch.fit_rasch"
    assert {single, of_a_list, of_a_tuple, of_a_dataclass} <= STATISTICS.keys()
    assert not {"multiplicity.holm", "categories.find", "random_intercept.fit"} & STATISTICS.keys()


@pytest.mark.parametrize("name", STATISTICS)
def test_the_guide_explains_every_statistic(name: str, guide: str):
    entry = entry_of(name, guide)
    missing = [part for part in ("Rumus:", "Sumber:", "Asumsi:", "Diperiksa dengan:") if part not in entry]
    assert not missing, f"{name} lacks {missing}"


def test_the_guide_points_only_at_what_exists(guide: str):
    assert [name for name, _ in entries(guide) if name not in STATISTICS] == []
    pointed = set(re.findall(r"`([a-z_]+)\.([A-Za-z0-9_]+)`", guide))     # R's names have dots too
    assert [f"{module}.{name}" for module, name in pointed if module in MODULES and not hasattr(MODULES[module], name)] == []
    files = re.findall(r"`((?:tests|docs|tools|baksos_eval)/[\w./*]+)`", guide) + re.findall(r"\]\((?!http)([^)#]+)", guide)
    assert files
    assert [path for path in files if not list(ROOT.glob(path)) and not (GUIDE.parent / path).exists()] == []


@pytest.mark.parametrize("name", STATISTICS)
def test_every_statistic_names_its_source(name: str):
    text = inspect.getdoc(STATISTICS[name]) or ""
    assert re.search(r"Source|\((?:1[89]|20)\d\d[,)]|[A-Z]\w+ \((?:1[89]|20)\d\d\)", text), f"{name} names no work with a year"


@pytest.mark.parametrize("name", STATISTICS)
def test_every_statistic_shows_an_example_that_is_true(name: str):
    examples = doctest.DocTestFinder(recurse=False).find(STATISTICS[name], name)
    runner = doctest.DocTestRunner(verbose=False)
    outcomes = [runner.run(example) for example in examples]
    assert sum(outcome.attempted for outcome in outcomes) > 0, f"{name} shows no example"
    assert sum(outcome.failed for outcome in outcomes) == 0


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in_the_statistics_is_true(name: str):
    outcome = doctest.testmod(MODULES[name])
    assert outcome.failed == 0
    assert outcome.attempted > 0 or not list(public_functions(MODULES[name])) or name == "result"
