from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

from baksos_eval import stats

MODULES = sorted(module.name for module in pkgutil.iter_modules(stats.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(f"baksos_eval.stats.{name}"))
    assert not failed
    if name != "result":
        assert tried


@pytest.mark.parametrize("name", ["paired", "ranks", "effect", "gain", "reliability", "description", "distributions", "bootstrap"])
def test_every_public_function_shows_an_example(name: str) -> None:
    module = importlib.import_module(f"baksos_eval.stats.{name}")
    public = [function for key, function in vars(module).items()
              if inspect.isfunction(function) and function.__module__ == module.__name__ and not key.startswith("_")]
    assert public
    assert [function.__name__ for function in public if ">>>" not in (function.__doc__ or "")] == []
