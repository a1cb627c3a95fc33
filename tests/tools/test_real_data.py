"""The comparison with real data: it says when there is nothing to compare, agrees with right values and notices wrong ones."""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import stats

from baksos_eval.study.study import open_study

TOOL = Path(__file__).parents[2] / "tools" / "real_data.py"


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("real_data", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules["real_data"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["real_data"]


def test_says_that_nothing_is_named(tool: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(tool.VARIABLE, raising=False)
    assert tool.main([]) == tool.EXIT_ABSENT
    assert tool.VARIABLE in capsys.readouterr().err


def test_says_which_files_are_missing(tool: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv(tool.VARIABLE, str(tmp_path))
    assert tool.main([]) == tool.EXIT_ABSENT
    assert "expected_pairs.csv" in capsys.readouterr().err


def test_every_study_it_writes_is_valid(tool: ModuleType, tmp_path: Path):
    for trial in tool.TRIALS:
        answers = tmp_path / "sets" / trial.data
        answers.parent.mkdir(parents=True, exist_ok=True)
        answers.write_text("a,b\n1,2\n", encoding="utf-8")
        study = open_study(trial.write(tmp_path / "sets", tmp_path / "trials"))
        assert study.id == trial.id
        assert [instrument.id for instrument in study.questionnaires] == [questionnaire.id for questionnaire in trial.questionnaires]


def write_rows(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def sets(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve invented people of two studies in the form of the anxiety set, one of them twice, with expected values from scipy."""
    folder = tmp_path / "real sets"
    (folder / "state_anxiety").mkdir(parents=True)
    draws = np.random.default_rng(7)
    names = [name for name, _ in tool.ANXIETY.items]
    backward = np.array([is_reversed for _, is_reversed in tool.ANXIETY.items])
    rows, expected = [], []
    for study in ("ONE", "TWO"):
        answers = draws.integers(1, 5, size=(2, 6, len(names)))
        totals = np.where(backward, 5 - answers, answers).sum(axis=2)
        rows += [{"study": study, "time": time, "id": number} | dict(zip(names, answers[time - 1, number - 1].tolist(), strict=True))
                 for time in (1, 2) for number in range(1, 7)]
        test = stats.ttest_rel(totals[1], totals[0])
        expected.append({"set": "state_anxiety/total20", "group": f"study={study}", "n": 6, "t": test.statistic, "p_t": test.pvalue,
                         "V": stats.wilcoxon(totals[1] - totals[0], alternative="greater", method="asymptotic").statistic})
    rows += [row | {"id": 99} for row in rows[-1:] * 2]
    write_rows(folder / "state_anxiety" / "sai_long.csv", rows)
    write_rows(folder / "expected_pairs.csv", expected)
    write_rows(folder / "expected_alpha.csv", [{"scale": "none", "n_complete": 0}])
    anxiety = next(trial for trial in tool.TRIALS if trial.id == "state-anxiety")
    monkeypatch.setattr(tool, "TRIALS", (replace(anxiety, mixed={}),))
    return folder


def change_expected(folder: Path, **changed: float) -> None:
    with (folder / "expected_pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[1] |= {name: float(rows[1][name]) + by for name, by in changed.items()}
    write_rows(folder / "expected_pairs.csv", rows)


def test_agrees_with_right_values(tool: ModuleType, sets: Path, capsys: pytest.CaptureFixture[str]):
    assert tool.main([str(sets)]) == 0
    printed = capsys.readouterr().out
    assert "1 studies; 0 differences" in printed and "duplicate_post 2" in printed


@pytest.mark.parametrize("changed", ({"t": 1e-7}, {"p_t": 1e-8}, {"V": 0.5}, {"n": -1}, {"n": 7}))
def test_notices_a_wrong_value(tool: ModuleType, sets: Path, changed: dict[str, float]):
    change_expected(sets, **changed)
    assert tool.main([str(sets)]) == tool.EXIT_DIFFERENT


@pytest.mark.parametrize("wrong", (0.0, 1e-5))
def test_a_mixed_model_is_held_against_its_published_figures(tool: ModuleType, sets: Path, monkeypatch: pytest.MonkeyPatch, wrong: float):
    from baksos_eval.stats import several

    right = several.RtMixedModel(12, 2, 1.9670531, 0.3415025, 1.2, 2.7, 12.0, 0.7396221, 63.4448979, 0.01)
    monkeypatch.setattr(several, "mixed_model_of_rts", lambda *_: right._replace(standard_error=right.standard_error + wrong))
    trial = replace(tool.TRIALS[0], mixed=tool.ANXIETY_MIXED)
    found, = tool.compare_groups(trial, trial.write(sets, sets / "trials"), {})
    assert (found.compared, found.worst, found.agrees) == (4, "standard_error", not wrong)


def test_groups_are_held_against_scipy_and_the_published_effect(tool: ModuleType):
    from baksos_eval.stats import comparison

    pre_e, post_e, pre_c, post_c = np.split(np.random.default_rng(3).normal(size=60).round(2), [18, 36, 48])
    welch = comparison.difference_in_changes(pre_e, post_e, pre_c, post_c)
    expected = tool.expected_of_groups(*({"n": len(pre), "diff": (post - pre).mean(), "sd_diff": (post - pre).std(ddof=1)}
                                        for pre, post in ((pre_e, post_e), (pre_c, post_c))))
    ours = tool.group_numbers(type("Compared", (), {"difference": welch})())
    assert tool.compare("any", "any", "groups", ours, expected, ours["n"]).agrees
    assert not tool.compare("any", "any", "groups", ours | {"t": ours["t"] + 1e-6}, expected, ours["n"]).agrees
    assert tool.rounded("any", "d", {"d": -0.3453}, {"d": -0.345}, tool.LAST_DIGIT, 145).agrees
    assert not tool.rounded("any", "d", {"d": -0.356}, {"d": -0.345}, tool.LAST_DIGIT, 145).agrees


def test_people_lost_to_a_repeated_id_are_a_reason(tool: ModuleType, sets: Path, capsys: pytest.CaptureFixture[str]):
    change_expected(sets, n=1)
    assert tool.main([str(sets)]) == 0
    assert "other people: 2 with a repeated id" in capsys.readouterr().out


def test_a_choice_that_matches_nothing_is_no_success(tool: ModuleType, sets: Path):
    assert tool.main([str(sets), "--only", "tiada"]) == tool.EXIT_DIFFERENT
