"""Shared ground of all tests; with this file here ``tests.oracle`` can be imported wherever pytest is started."""

from __future__ import annotations

import pytest
from hypothesis import settings

# the same examples on every machine, however busy it is: a test says what is true, never how fast
settings.register_profile("baksos", deadline=None, derandomize=True)
settings.load_profile("baksos")

# what takes long begins first, so that at the end no processor waits for it; each module stays on one
LONG = ("test_demo.py", "browser/test_lab.py", "batch/test_cluster.py", "batch/test_outstanding.py", "batch/test_activities.py", "batch/test_warm.py",
        "batch/test_run.py", "batch/", "test_cli.py", "tools/", "start/", "test_notebooks_run.py", "test_readme.py", "report/", "render/", "evaluation/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Orders the modules; the tests of each keep their order."""
    def rank(item: pytest.Item) -> int:
        return next((place for place, part in enumerate(LONG) if f"tests/{part}" in item.nodeid), len(LONG))

    items.sort(key=rank)
