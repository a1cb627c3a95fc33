"""The test that a normality test picks: only where a study asks for it, printed as a habit, and deciding nothing."""

from __future__ import annotations

import pytest

from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.report import narrative, tables
from baksos_eval.report.text import LANGUAGES
from tests.evaluation.test_evaluate import rows
from tests.report.test_designs import answers_of
from tests.report.test_views import check_golden, contents
from tests.studies import people, study_of

DECLARED = '[analysis]\ntest = "spss-ritual"\n'


def made(folder, language: str = "id", anonymous: bool = False, more: str = DECLARED, n: int = 14):
    who = people("RT 01", n)
    return evaluate(study_of(folder, rows(who, answers_of(1, n, 0)), rows(who, answers_of(2, n, 1)), language=language, anonymous=anonymous, more=more), "RT 01")


@pytest.mark.parametrize("anonymous", [False, True], ids=["paired", "anonymous"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_as_before(tmp_path, language, anonymous):
    e = made(tmp_path, language, anonymous)
    check_golden(f"ritual{'-anonymous' if anonymous else ''}", language, [*contents("ritual", e), narrative.method(e.study)[-1]])


@pytest.mark.parametrize("anonymous", [False, True])
def test_it_is_never_the_default_and_changes_no_other_number(tmp_path, anonymous):
    (tmp_path / "plain").mkdir()
    plain, asked = made(tmp_path / "plain", anonymous=anonymous, more=""), made(tmp_path, anonymous=anonymous)
    assert narrative.ritual(plain) is tables.ritual(plain) is None
    assert [result.annex.ritual for result in plain.any_scales] == [None] * len(plain.any_scales)
    frame = asked.to_frame()
    assert frame[frame["method"] != "ritual"].reset_index(drop=True).equals(plain.to_frame())
    assert narrative.summary(plain) == narrative.summary(asked)
    assert not any("spss-ritual" in text.markdown for text in narrative.method(plain.study))


@pytest.mark.parametrize("anonymous", [False, True])
def test_of_a_few_people_it_says_nothing(tmp_path, anonymous):
    e = made(tmp_path, anonymous=anonymous, n=4)
    assert all(found.note == "too_few" and found.p != found.p for found in (result.annex.ritual for result in e.any_scales))
    assert [row[-1] for row in tables.ritual(e).rows] == ["–"] * len(e.any_scales)
    assert "terlalu sedikit data" in narrative.ritual(e)[0].markdown
