"""Whatever people answer, every table, sentence and figure of every design can be told in both languages, and none says ``nan``."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.intake.intake import list_rts
from baksos_eval.report import figures, narrative, tables
from baksos_eval.report.text import LANGUAGES
from tests.evaluation.test_invariance import DESIGNS, FEW, made, random_sheets, sheets
from tests.report.test_views import RECAP, TOPICS, unfold, written

OF_AN_RT = (*TOPICS, "waves", "profile", "ritual", "transitions", "item_tests", "detectable")
OF_ALL = (*RECAP, "comparison", "balance", "dose", "mixed", "later_waves")
DRAWN = ("change", "flow", "items", "categories", "waves", "sensitivity")


def told(result, topics) -> list[str]:
    return [written(one) for topic in topics for wing in (narrative, tables) if hasattr(wing, topic) for one in unfold(getattr(wing, topic)(result))]


@pytest.mark.parametrize("name", DESIGNS)
@FEW
@given(people=st.one_of(sheets, random_sheets))
def test_everything_can_be_told(tmp_path_factory, name: str, people: list) -> None:
    study = made(tmp_path_factory.mktemp("any") / "study", DESIGNS[name], people)
    for language in LANGUAGES:
        spoken = study.model_copy(update={"language": language})
        said = []
        for rt in list_rts(spoken):
            try:
                e = evaluate(spoken, rt)
            except BaksosError as refused:
                assert refused.findings
                continue
            said += told(e, OF_AN_RT)
        evaluations, missing = evaluate_all(spoken)
        said += told(summarise(spoken, evaluations, missing, None if spoken.is_anonymous else evaluate_programme(spoken)), OF_ALL)
        assert said
        assert [text for text in said if re.search(r"\bnan\b|\binf\b|\{\w+\}", text)] == []
    if evaluations:
        for topic in DRAWN:
            for figure in unfold(getattr(figures, topic)(evaluations[0])):
                assert not re.search(r"\bnan\b", figure.alt) and figure.png
