"""Tables and sentences of the example study, read as people read them; golden texts lie in tests/golden.

After a change that is meant, ``BAKSOS_WRITE_GOLDEN=1 pytest tests/report/test_views.py`` writes them anew; read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report import inline, narrative, tables
from baksos_eval.report.content import Table, Text, Title
from baksos_eval.report.text import LANGUAGES
from baksos_eval.study.study import open_study
from tests.evaluation.test_evaluate import random_answers, rows
from tests.studies import people, study_of

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
TOPICS = ("title", "summary", "flow", "quality", "change", "percent", "ranks", "effects", "gain", "categories", "items", "reliability", "worth", "sensitivity",
          "attrition", "reliable", "levels", "normality", "spss_ranks", "conventions", "limits")
RECAP = ("recap_title", "recap", "units", "flows", "pooled", "missing", "recap_limits")


@pytest.fixture(scope="module", params=LANGUAGES)
def study(request):
    return open_study(ROOT / "data" / "contoh", request.param)


@pytest.fixture(scope="module")
def evaluation(study):
    return evaluate(study, "RT 04")


@pytest.fixture(scope="module")
def summary(study):
    return summarise(study, *evaluate_all(study))


def unfold(content):
    if content is None:
        return []
    if isinstance(content, tuple | list):
        return [one for part in content for one in unfold(part)]
    return [content]


def contents(topic: str, result) -> list:
    return [one for wing in (narrative, tables) if hasattr(wing, topic) for one in unfold(getattr(wing, topic)(result))]


def written(content) -> str:
    """A content as short text that people can read."""
    if isinstance(content, Title):
        return "\n".join([f"# {content.title}", content.subtitle, *(f"{label}: {value}" for label, value in content.facts)])
    if isinstance(content, Text):
        return f"[{content.role}] {content.markdown}"
    spans = "; ".join(f"{s.header} {s.first}-{s.last}" for s in content.spanners)
    lines = [f"Table {content.label}: {content.caption}", *([spans] if spans else []), " | ".join(column.header for column in content.columns)]
    lines += [" | ".join(row) for row in content.rows] + [f"({note})" for note in content.notes] + [content.source]
    return "\n".join(line.rstrip() for line in lines)


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_of_an_rt_read_as_before(topic, evaluation):
    check_golden(topic, evaluation.study.language, contents(topic, evaluation))


@pytest.mark.parametrize("topic", RECAP)
def test_topics_of_the_recap_read_as_before(topic, summary):
    check_golden(f"all-{topic}", summary.study.language, contents(topic, summary))


def check_golden(topic: str, language: str, found: list) -> None:
    text = "\n\n".join(map(written, found)) + "\n"
    path = GOLDEN / f"{topic}.{language}.md"
    if os.environ.get("BAKSOS_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def all_contents(evaluation, summary) -> list:
    return [one for topic in TOPICS for one in contents(topic, evaluation)] + [one for topic in RECAP for one in contents(topic, summary)]


def test_numbers_follow_the_language(evaluation, summary):
    wrong = re.compile(r"(?<![\d.,])\d+\.\d{1,3}(?![\d.])" if evaluation.study.language == "id" else r"(?<![\d.,])\d+,\d{1,2}(?!\d)")
    for content in all_contents(evaluation, summary):
        cells = [cell for row in content.rows for cell in row] if isinstance(content, Table) else [content.markdown] if isinstance(content, Text) else []
        assert [cell for cell in cells if wrong.search(inline.plain(cell).replace("1.000.", ""))] == []


def test_no_p_value_is_zero(evaluation, summary):
    for content in all_contents(evaluation, summary):
        assert not re.search(r"\*?p\*?\s*=\s*0[.,]000\b", written(content))


def test_labels_are_unique_and_every_reference_has_a_table_or_figure(evaluation):
    found = [one for topic in TOPICS for one in contents(topic, evaluation)]
    labels = [content.label for content in found if isinstance(content, Table)]
    assert len(labels) == len(set(labels))
    named = {label for content in found if isinstance(content, Text) for label in inline.references(content.markdown)}
    assert named - set(labels) <= {"fig-change"}


def test_without_a_comparison_group_nothing_is_called_an_effect(evaluation):
    causal = re.compile(r"\b(menyebabkan|berkat program|karena program|pengaruh program|berpengaruh|efektif meningkatkan|caused|thanks to|because of the programme|effect of the programme on)\b", re.IGNORECASE)
    sentences = [content.markdown for topic in TOPICS for content in contents(topic, evaluation) if isinstance(content, Text)]
    assert [sentence for sentence in sentences if causal.search(sentence)] == []


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6])
def test_few_pairs_can_be_said_too(tmp_path, study, count):
    who = people("RT 01", count) if count else []
    pre = rows(who, random_answers(1, count)) + rows(people("RT 01", 7, 50), random_answers(5, 7))
    post = rows(who, random_answers(2, count)) + rows(people("RT 01", 7, 90), random_answers(6, 7))
    small = evaluate(study_of(tmp_path, pre, post, language=study.language), "RT 01")
    said = [one for topic in TOPICS for one in contents(topic, small)]
    assert len(said) > 20
    assert not re.search(r"\bnan\b", " ".join(map(written, said)))
