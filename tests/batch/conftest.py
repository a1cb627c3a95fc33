"""What the tests of the batch share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.small import PARAMETERS, cell, write_notebook, write_study


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "data kegiatan" / "uji")


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """Writes a notebook with a parameters cell and the given cells."""
    return lambda *cells: write_notebook(tmp_path / "n" / "uji.ipynb", cell(PARAMETERS, tags=("parameters",)), *cells)
