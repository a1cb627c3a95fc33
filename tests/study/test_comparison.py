"""Comparison groups and doses: declared one way, with the columns they need, or refused with every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.comparison import ARM_WORDS
from tests.study.test_study import FILE, HEAD, read, refusal

ARM = '[columns]\narm = "Kelompok"\n'


def test_a_study_without_comparison_has_no_groups(tmp_path: Path):
    study = read(tmp_path)
    assert (study.comparison, study.compares_persons, study.comparison_rts, study.arm_of("RT 04"), study.dose_names) == (None, False, (), "", ())


def test_whole_rts_are_known_by_their_one_name(tmp_path: Path):
    study = read(tmp_path, HEAD + '[comparison]\nrts = ["9", "RT.09", "rt 10"]\n' + FILE)
    assert study.comparison_rts == ("RT 09", "RT 10")
    assert [study.arm_of(rt) for rt in ("RT 04", "RT 09")] == ["programme", "comparison"]
    assert not study.compares_persons and study.comparison.primary == "difference_in_changes"


def test_persons_are_told_apart_by_words(tmp_path: Path):
    study = read(tmp_path, HEAD + '[comparison]\nprogramme = ["E"]\ncomparison = ["C"]\nprimary = "ancova"\n' + ARM + FILE)
    assert study.compares_persons and study.arm_of("RT 09") == "programme"
    assert [study.comparison.words(arm) for arm in ("programme", "comparison")] == [("E",), ("C",)]
    usual = read(tmp_path, HEAD + "[comparison]\n" + ARM + FILE).comparison
    assert [usual.words(arm) for arm in ("programme", "comparison")] == [ARM_WORDS["programme"], ARM_WORDS["comparison"]]


def test_the_column_of_groups_may_be_that_of_one_file(tmp_path: Path):
    assert read(tmp_path, HEAD + "[comparison]\n" + FILE + '[files.columns]\narm = "Kelompok"\n').compares_persons


@pytest.mark.parametrize(("more", "codes"), (
    ('[comparison]\nrts = ["RT 09"]\nprogramme = ["E"]\ncomparison = ["C"]\n', ["comparison_declared_twice"]),
    ('[comparison]\nprogramme = ["E"]\n' + ARM, ["comparison_half_declared"]),
    ('[comparison]\nprogramme = ["Ya", "Ikut"]\ncomparison = ["ikut "]\n' + ARM, ["comparison_word_twice"]),
    ("[comparison]\n", ["comparison_without_column"]),
    (ARM, ["arm_without_comparison"]),
    ('[comparison]\nrts = ["RT 09"]\n' + ARM, ["arm_without_comparison"]),
    ('[comparison]\n[doses.masker]\nvalues = { "Selalu" = 3 }\n', ["comparison_without_column", "dose_without_column"]),
    ('[columns.dose]\nmasker = "Masker"\n[doses.masker]\nvalues = { "Tidak" = -1 }\n', ["toml_bad_value"]),
    ('[columns.dose]\nmasker = "Masker"\n[doses.masker]\nvalues = { "Selalu" = inf }\n', ["toml_bad_value"]),
))
def test_faults_are_told_in_both_languages(tmp_path: Path, more: str, codes: list[str]):
    error = refusal(tmp_path, HEAD + more + FILE)
    assert [finding.code for finding in error.findings] == codes
    for language in LANGUAGES:
        assert all("{" not in line for line in describe(error, words(language)))


def test_doses_may_have_a_name_and_words(tmp_path: Path):
    study = read(tmp_path, HEAD + '[columns.dose]\nmasker = "Masker"\nbimbel = "Bimbel"\n'
                 '[doses.masker]\nlabel = { id = "Pembagian masker", en = "Handing out masks" }\nvalues = { "Selalu" = 3 }\n' + FILE)
    assert study.dose_names == ("masker", "bimbel")
    assert study.doses["masker"].values == {"Selalu": 3.0} and study.doses["masker"].label.en == "Handing out masks"
