"""The guide to posts, partners and satisfaction: its examples are valid, and every measure stands in it with what it is called in the code."""

from __future__ import annotations

import inspect
import re
import tomllib
import typing
from pathlib import Path

import pytest

from baksos_eval.activities import partners, posts, satisfaction
from baksos_eval.evaluation import lessons
from baksos_eval.stats import ratings, waves
from baksos_eval.study.activities import ActivitySettings

GUIDE = (Path(__file__).parents[2] / "docs" / "UNGGAHAN_MITRA.md").read_text(encoding="utf-8")
MODULES = {module.__name__.rpartition(".")[2]: module for module in (posts, partners, satisfaction, lessons, ratings, waves)}
NAMED = re.findall(r"\| `([a-z_]+\.[a-z_]+)` \|", GUIDE)


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL))
def test_examples_are_valid(example: str):
    assert ActivitySettings.model_validate(tomllib.loads(example)["activities"])


@pytest.mark.parametrize("name", NAMED)
def test_what_the_guide_names_is_there(name: str):
    module, function = name.split(".")
    assert inspect.isfunction(getattr(MODULES[module], function)) and len(NAMED) > 12


def test_every_measure_is_in_the_guide_and_says_its_source():
    for name, module in (("posts", posts), ("partners", partners)):
        for function in [function for _, function in inspect.getmembers(module, inspect.isfunction) if function.__module__ == module.__name__ and not function.__name__.startswith("_")]:
            result = typing.get_type_hints(function).get("return")
            if getattr(result, "_fields", ("",))[-1] == "note":
                assert f"{name}.{function.__name__}" in NAMED, function.__name__
                assert "Source" in function.__doc__ and ">>>" in function.__doc__ and ("ot computed" in function.__doc__ or "``" in function.__doc__), function.__name__
