"""An evaluation is kept while nothing changes, so that going back to an RT costs nothing; and never for longer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from baksos_eval.evaluation import evaluate as module
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.study.study import open_study
from tests.batch.small import write_study


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The RTs that were really evaluated."""
    done: list[str] = []
    real = module._evaluate
    monkeypatch.setattr(module, "_evaluate", lambda study, rt, arm, whole: (done.append(rt), real(study, rt, arm, whole))[1])
    return done


def test_changing_the_rt_and_back_evaluates_each_once(tmp_path: Path, worked: list[str]):
    folder = write_study(tmp_path / "uji")
    rts = open_study(folder).expected_rts or ("RT 01", "RT 02")
    first = evaluate(open_study(folder), rts[0])
    evaluate(open_study(folder), rts[1])
    assert evaluate(open_study(folder), rts[0].lower()) is first and worked == [rts[0], rts[1]]


def test_an_edited_file_or_study_or_instrument_is_evaluated_anew(tmp_path: Path, worked: list[str]):
    folder = write_study(tmp_path / "uji")
    study = open_study(folder)
    first = evaluate(study, "")
    answers = folder / study.sources[1].file
    lines = answers.read_text(encoding="utf-8").splitlines()
    answers.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    second = evaluate(open_study(folder), "")
    assert len(worked) == 2 and second is not first
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(text + "\n[analysis]\nconfidence = 0.9\n", encoding="utf-8")
    third = evaluate(open_study(folder), "")
    assert len(worked) == 3 and third.study.analysis.confidence == 0.9
    evaluate(open_study(folder, "en"), "")
    assert len(worked) == 4
    os.utime(answers)
    evaluate(open_study(folder, "en"), "")
    assert len(worked) == 4, "the same bytes are the same answers"
