"""What a run tells of anonymous people: questionnaires and no pairs, and nothing to review."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.batch.pairs import write_review
from baksos_eval.batch.task import read_ledger
from baksos_eval.errors import BaksosError
from baksos_eval.evaluation import ledger
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from tests.evaluation.test_evaluate import random_answers, rows
from tests.studies import people, study_of


def study(folder: Path, anonymous: bool):
    return study_of(folder, rows(people("RT 01", 8), random_answers(1, 8)), rows(people("RT 01", 7), random_answers(2, 7)), anonymous=anonymous)


@pytest.mark.parametrize(("anonymous", "people_told"), [(True, 15), (False, 7)])
def test_a_run_counts_questionnaires_where_there_are_no_pairs(tmp_path: Path, anonymous: bool, people_told: int):
    made = study(tmp_path, anonymous)
    ledger.write(evaluate(made, "RT 01").to_frame(), tmp_path / "hasil.csv")
    pairs, verdicts = read_ledger(tmp_path / "hasil.csv", made, "RT 01")
    assert pairs == people_told
    assert set(verdicts) == {"rating.total", "knowledge.total"}


def test_anonymous_people_are_not_proposed_as_pairs(tmp_path: Path):
    with pytest.raises(BaksosError) as refused:
        write_review(study(tmp_path, anonymous=True))
    assert refused.value.code == "anonymous_has_no_pairs"
    assert all('pairing = "anonymous"' in " ".join(describe(refused.value, words(language))) for language in LANGUAGES)
    assert not list(tmp_path.glob("*.xlsx"))
