"""Texts become the options they declare, and nothing else; options become scores by the instrument's own rule."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.intake.scoring import option_numbers, read_answers, score_items, score_scales
from baksos_eval.study.instrument import Instrument, load_instrument
from baksos_eval.study.study import Answers

from .small import SIKAP, TAHU


@pytest.fixture(scope="module")
def sikap(tmp_path_factory: pytest.TempPathFactory) -> Instrument:
    return instrument(tmp_path_factory.mktemp("sikap"), SIKAP)


@pytest.fixture(scope="module")
def tahu(tmp_path_factory: pytest.TempPathFactory) -> Instrument:
    return instrument(tmp_path_factory.mktemp("tahu"), TAHU)


def instrument(folder: Path, text: str) -> Instrument:
    (folder / "i.toml").write_text(text, encoding="utf-8")
    return load_instrument("i.toml", folder)


def read(instrument: Instrument, *texts: str, answers: Answers | None = None) -> tuple[list[str | None], list[str]]:
    frame = pd.DataFrame({"file": "a.csv", "sheet": "", "row": range(2, len(texts) + 2)} | {
        item.id: pd.Categorical(texts if item is instrument.items[0] else [""] * len(texts)) for item in instrument.items})
    codes, findings = read_answers(frame, instrument, answers or Answers())
    return codes[instrument.items[0].id].tolist(), [finding.code for finding in findings]


@pytest.mark.parametrize("text", (
    "ss", "SS", " Ss ", "4", "4.0", "4,00", "Sangat setuju", "SANGAT  SETUJU", "Sangat\u00a0setuju", "sangat setuju.", "Strongly Agree", "d. Sangat Setuju",
    "d) sangat setuju", "D.sangat setuju", "Sangat setuju, 4", "Sangat setuju (4)", "d. Sangat setuju, 4", "Ｓangat setuju", "sangat\u200bsetuju".replace("\u200b", " \u200b")))
def test_texts_of_an_option(sikap: Instrument, text: str):
    assert read(sikap, text) == (["ss"], [])


@pytest.mark.parametrize("text", (
    "sangat setju", "sgt setuju", "SSS", "sangat", "5", "4,5", "4 5", "4, 3", "ss/s", "ss, ts", "b", "b.", "True", "Ragu", "NA", "None", "sangat setuju sekali", "x. ", "?"))
def test_texts_of_none(sikap: Instrument, text: str):
    codes, faults = read(sikap, text)
    assert codes == [None] and len(faults) == 1


def test_hyphens_and_quotes_of_any_kind(sikap: Instrument, tahu: Instrument):
    assert read(sikap, "Ragu \u2013 ragu tapi setuju", "ragu-ragu tapi setuju") == (["s", "s"], [])
    assert read(tahu, "Don\u2019t know", "DON'T KNOW") == (["tidak_tahu", "tidak_tahu"], [])


def test_none_is_an_answer_only_if_declared(sikap: Instrument, tahu: Instrument):
    assert read(tahu, "None") == (["tidak_tahu"], [])
    assert read(sikap, "None") == ([None], ["answer_unreadable"])


@pytest.mark.parametrize("text", ("", " ", "-", ".", "_", "\u2013"))
def test_blanks(sikap: Instrument, text: str):
    assert read(sikap, text) == ([None], [])


def test_own_words_for_blank(sikap: Instrument):
    assert read(sikap, "Tidak Menjawab", "-", answers=Answers(blank=("tidak menjawab",))) == ([None, None], ["answer_unreadable"])


def test_a_text_that_two_options_share_is_nobody_s(tmp_path: Path):
    ambiguous = instrument(tmp_path, SIKAP.replace('spellings = ["3", "Ragu-ragu tapi setuju"]', 'spellings = ["KS"]').replace('spellings = ["2", "Kurang Sesuai"]', 'spellings = ["ks"]'))
    assert read(ambiguous, "KS", "ts", "s") == ([None, "ts", "s"], ["answer_unreadable"])


def test_a_code_goes_before_a_spelling(tmp_path: Path):
    crossed = instrument(tmp_path, SIKAP.replace('spellings = ["4"]', 'spellings = ["S"]'))
    assert read(crossed, "S") == (["s"], [])


@given(st.text(max_size=30))
def test_whatever_is_written_is_an_option_a_blank_or_a_finding(text):
    subject = Instrument.model_validate(__import__("tomllib").loads(SIKAP))
    codes, faults = read(subject, text)
    assert codes[0] in {option.code for option in subject.options} | {None}
    assert len(faults) <= (codes[0] is None)


def frame_of(instrument: Instrument, rows: list[list[str | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[item.id for item in instrument.items], dtype=object)


def test_reversed_items_are_mirrored(sikap: Instrument):
    scores = score_items(frame_of(sikap, [["sts", "sts", "ss"], ["ss", "ss", None]]), sikap)
    assert scores.to_numpy().tolist()[0] == [1, 4, 4]
    assert scores.iloc[1, :2].tolist() == [4, 1] and math.isnan(scores.iloc[1, 2])


def test_knowledge_is_right_wrong_or_blank(tahu: Instrument):
    scores = score_items(frame_of(tahu, [["benar", "benar", "tidak_tahu", None, "salah", "salah"]]), tahu)
    np.testing.assert_array_equal(scores.to_numpy()[0], [1, 0, 0, np.nan, 0, 1])


def test_no_people(sikap: Instrument):
    items = score_items(frame_of(sikap, []), sikap)
    assert items.shape == (0, 3)
    assert list(score_scales(items, sikap).columns) == ["total", "gotong_royong"]


METHODS = {"mean": [2.0, 3.0, np.nan, 3.5], "sum": [6.0, 9.0, np.nan, 10.5], "percent": [50.0, 75.0, np.nan, 87.5]}


@pytest.mark.parametrize("method", METHODS)
def test_methods_and_blanks(tmp_path: Path, method: str):
    subject = instrument(tmp_path, SIKAP.replace('method = "mean"', f'method = "{method}"').replace("least_answered = 0.7", "least_answered = 0.66"))
    items = pd.DataFrame([[1, 2, 3], [2, 3, 4], [4, np.nan, np.nan], [3, 4, np.nan]], columns=["a1", "a2", "a3"], dtype=float)
    scores = score_scales(items, subject)["total"]
    np.testing.assert_allclose(scores, METHODS[method])
    total = subject.scales[0]
    assert scores.dropna().between(total.minimum, total.maximum).all()


def test_the_share_that_must_be_answered_is_met_exactly(tmp_path: Path):
    subject = instrument(tmp_path, TAHU.replace("least_answered = 0.5", "least_answered = 0.5000001"))
    half = pd.DataFrame([[1, 1, 1, np.nan, np.nan, np.nan]], columns=[f"k{n}" for n in range(1, 7)], dtype=float)
    assert math.isnan(score_scales(half, subject)["total"].iloc[0])
    assert score_scales(half, instrument(tmp_path, TAHU))["total"].iloc[0] == 100.0
    assert math.isnan(score_scales(half * np.nan, instrument(tmp_path, TAHU))["total"].iloc[0])


@given(st.lists(st.lists(st.sampled_from(("sts", "ts", "s", "ss", None)), min_size=3, max_size=3), max_size=8))
def test_mirroring_twice_is_nothing(rows):
    subject = Instrument.model_validate(__import__("tomllib").loads(SIKAP))
    turned = subject.model_copy(update={"items": tuple(item.model_copy(update={"reversed": not item.reversed}) for item in subject.items)})
    frame = frame_of(subject, rows)
    np.testing.assert_array_equal(score_items(frame, subject) + score_items(frame, turned), score_items(frame, subject) * 0 + 5)


def test_option_numbers(sikap: Instrument):
    assert option_numbers(frame_of(sikap, [["sts", "ss", None]]), sikap).tolist() == [[0, 3, -1]]
