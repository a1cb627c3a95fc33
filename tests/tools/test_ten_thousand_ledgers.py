"""The invented ledgers are ledgers: each is read as an RT of its own, with changes that fit together; and both stores give the same RTs."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    """The script, imported as Python finds it when it is run: with its folder on the path."""
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("ten_thousand_ledgers")
    sys.path.remove(str(ROOT / "tools"))


@pytest.fixture(scope="module")
def made(tool: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ledgers")
    source = tool.write_study(root / "data", tool.EVALUATED, people=8, items=4)
    written = tool.write_ledgers(tool.open_study(source), root / "serahan", 13)
    assert written == sum(path.stat().st_size for path in (root / "serahan").rglob("hasil.csv"))
    tool.without_answers(source)
    return root


def test_every_ledger_is_of_another_rt_with_figures_that_fit_together(made: Path, tool: ModuleType):
    from baksos_eval.evaluation.recap import read_ledgers

    rts, missing = read_ledgers(tool.open_study(made / "data"), made / "serahan")
    assert [one.rt for one in rts] == [f"RT {number:05d}" for number in range(1, 14)] and missing == ()
    units = [one.units[0] for one in rts]
    assert len({unit.change for unit in units}) == 13
    for unit in units:
        assert unit.change == pytest.approx(unit.mean_post - unit.mean_pre, abs=1e-12)
        assert unit.low < unit.change < unit.high and (unit.p < 0.05) == (unit.low > 0 or unit.high < 0)
        assert (unit.verdict == "improved") == (unit.low > 0)


def test_both_stores_are_read_and_the_csv_files_stay(made: Path, tool: ModuleType, capsys: pytest.CaptureFixture[str]):
    tool.read("csv", made / "data", made / "serahan")
    tool._fill(made / "ledgers.sqlite", made / "serahan")
    tool.read("sqlite", made / "data", made / "ledgers.sqlite")
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()] == ["13", "13"]
    shutil.rmtree(made / "serahan" / "rt-00001")
    tool.read("csv", made / "data", made / "serahan")
    assert capsys.readouterr().out.split()[2] == "12"
