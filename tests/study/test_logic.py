"""Problem statements and studies without questionnaires: read, or refused with every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import Study, open_study

HEAD = '''id = "uji-2021"
title = { id = "Uji", en = "Trial" }
year = 2021
'''
ANSWERS = '''instruments = ["ketahanan_sosial"]
[[files]]
file = "pretes.csv"
rt = "RT 4"
wave = "pre"
'''
AID = '''[activities.aid]
file = "bantuan.xlsx"
'''
ASKED = 'question = { id = "Apakah berubah?", en = "Did it change?" }\n'


def read(folder: Path, text: str) -> Study:
    (folder / "study.toml").write_text(HEAD + text, encoding="utf-8")
    return open_study(folder)


def codes(folder: Path, text: str) -> list[str]:
    with pytest.raises(BaksosError) as caught:
        read(folder, text)
    for language in LANGUAGES:
        assert describe(caught.value, words(language))
    return sorted(finding.code for finding in caught.value.findings)


def test_logs_alone_make_a_study(tmp_path: Path) -> None:
    study = read(tmp_path, AID)
    assert not study.asks_people and study.questionnaires == () and study.expected_rts == ()


def test_questionnaires_need_answers_and_answers_questionnaires(tmp_path: Path) -> None:
    assert read(tmp_path, ANSWERS).asks_people
    assert codes(tmp_path, 'instruments = ["ketahanan_sosial"]\n' + AID) == ["study_without_files"]
    assert codes(tmp_path, ANSWERS.partition("\n")[2] + AID) == ["study_without_instruments"]
    assert codes(tmp_path, "") == ["study_without_files", "study_without_instruments"]


def test_a_problem_rests_on_scales_and_logs_of_its_study(tmp_path: Path) -> None:
    problem = f'[[problems]]\n{ASKED}scales = ["ketahanan_sosial", "ketahanan_sosial.adaptasi"]\nactivities = ["aid"]\n'
    study = read(tmp_path, ANSWERS + AID + problem)
    assert study.problems[0].scales == ("ketahanan_sosial", "ketahanan_sosial.adaptasi")


def test_every_fault_of_every_problem_is_told(tmp_path: Path) -> None:
    assert codes(tmp_path, ANSWERS + f"[[problems]]\n{ASKED}") == ["problem_without_evidence"]
    wrong = f'[[problems]]\n{ASKED}scales = ["ketahanan", "ketahanan_sosial.sabar"]\n[[problems]]\n{ASKED}activities = ["posts"]\n'
    assert codes(tmp_path, ANSWERS + AID + wrong) == ["problem_log_unknown", "problem_scale_unknown", "problem_scale_unknown"]
