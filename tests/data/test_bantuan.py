"""The example study's log of aid: its files are what the script writes, name nobody, and are as untidy as they claim."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.study.study import open_study

FOLDER = Path(__file__).parents[2] / "data" / "contoh"


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("buat_bantuan", FOLDER / "kegiatan" / "buat_bantuan.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["buat_bantuan"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["buat_bantuan"]


@pytest.fixture(scope="module")
def activities() -> Activities:
    return read_activities(open_study(FOLDER))


def test_the_files_are_what_the_script_writes(script: ModuleType, tmp_path: Path):
    for written in script.write_all(tmp_path):
        assert written.read_bytes() == (FOLDER / "kegiatan" / written.name).read_bytes(), written.name


def test_the_settings_name_the_households_that_the_script_draws(script: ModuleType, activities: Activities):
    assert activities.study.activities.aid.households == script.HOUSEHOLDS
    drawn = Counter(household.rt for household in script.draw_households())
    assert {part.rt: part.coverage.targeted for part in activities.aid.rts if part.rt in drawn} == drawn


def test_it_is_as_untidy_as_the_readme_says(activities: Activities):
    told = {finding.code for finding in activities.findings}
    assert told >= {"log_rows_below", "log_contacts_dropped", "log_rt_unknown", "log_cell_empty", "log_quantity_unreadable", "log_rupiah_unreadable", "log_choice_unknown",
                    "log_row_repeated", "aid_given_again"}
    assert activities.fatal == () and activities.aid.result.handovers == 250 and len(activities.aid.institutions) == 5


def test_the_note_that_says_too_much_is_not_kept(script: ModuleType, activities: Activities):
    written = [str(cell) for cells in script.aid_rows(script.draw_households()) for cell in cells]
    assert any("Fulanah" in text and "0800-0000-0123" in text for text in written)
    assert "Fulanah" not in repr(activities) and "0800-0000-0123" not in repr(activities)
