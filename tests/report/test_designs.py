"""Other designs, read as people read them: anonymous questionnaires, and waves after the main comparison; golden texts lie in tests/golden."""

from __future__ import annotations

import random
import re

import pytest

from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report import figures, inline, narrative, tables
from baksos_eval.report.content import Figure, Table, Text
from baksos_eval.report.text import LANGUAGES
from tests.evaluation.test_evaluate import random_answers, rows
from tests.report.test_views import RECAP, TOPICS, check_golden, contents, unfold, written
from tests.studies import people, study_of

ALL_TOPICS = (*TOPICS, "waves")
FIGURES = ("change", "flow", "items", "categories", "waves")
LEFT_OUT = {"attrition", "reliable", "waves"}
PAIRED = re.compile(r"Wilcoxon|signed.rank|peringkat bertanda|Hodges|McNemar|Bonett|d~z~|d~av~|r~rb~|Jacobson|Marx|membaik \||perorangan;|paired \*t|berpasangan\b.*uji|\bBerpasangan\b|\bPaired\b")
SIZES = (("RT 01", 14, 12), ("RT 02", 11, 13), ("RT 03", 9, 8), ("RT 04", 3, 9))


def answers_of(seed: int, count: int, shift: float) -> list[list[object]]:
    """Invented people whose attitude and knowledge lie higher by ``shift``."""
    draw, sheets = random.Random(seed), []
    for _ in range(count):
        level = draw.gauss(2.8 + shift, 0.7)
        ratings = [min(5, max(1, round(draw.gauss(level, 0.7)))) for _ in range(4)]
        ratings[1] = 6 - ratings[1]
        sheets.append([*ratings, *("BS"[(draw.random() > 0.5 + 0.25 * shift) != bool(place % 2)] for place in range(4))])
    return sheets


def made(folder, design: str, language: str):
    """The evaluation of RT 01 and the recap, of the same people in either design."""
    pre, post, delayed = [], [], []
    for number, (rt, before, after) in enumerate(SIZES):
        who = people(rt, max(before, after), 100 * number)
        pre += rows(who[:before], answers_of(number, before, 0))
        post += rows(who[:after], answers_of(number + 20, after, 1))
        delayed += rows(who[:after - 3], answers_of(number + 40, after - 3, 0.7))
    study = study_of(folder, pre, post, delayed=delayed if design == "waves" else None, anonymous=design == "anonymous", language=language)
    return evaluate(study, "RT 01"), summarise(study, *evaluate_all(study))


@pytest.fixture(scope="module", params=LANGUAGES)
def anonymous(request, tmp_path_factory):
    return made(tmp_path_factory.mktemp("anonymous"), "anonymous", request.param)


@pytest.fixture(scope="module", params=LANGUAGES)
def waves(request, tmp_path_factory):
    return made(tmp_path_factory.mktemp("waves"), "waves", request.param)


def every(result, topics) -> list:
    return [one for topic in topics for one in contents(topic, result)]


def drawn(e) -> list[Figure]:
    return [one for topic in FIGURES for one in unfold(getattr(figures, topic)(e))]


def test_an_anonymous_rt_reads_as_before(anonymous):
    e, _ = anonymous
    check_golden("anonymous", e.study.language, [*every(e, [topic for topic in ALL_TOPICS if topic != "quality"]), *narrative.method(e.study), *unfold([narrative.reading(e, topic) for topic in ("gain", "reliable")])])


def test_the_recap_of_anonymous_rts_reads_as_before(anonymous):
    _, s = anonymous
    check_golden("all-anonymous", s.study.language, every(s, RECAP))


def test_the_recap_of_three_waves_reads_as_before(waves, tmp_path):
    _, s = waves
    two = summarise(s.study, *[evaluate_all(s.study)[0][:2]])
    nobody = summarise(s.study, *[evaluate_all(s.study)[0][3:]])
    check_golden("all-waves", s.study.language, [*every(s, ["later_waves"]), *unfold(narrative.later_waves(two))[:2], *unfold(narrative.later_waves(nobody)), *unfold(tables.later_waves(nobody))])


def test_three_waves_read_as_before(waves):
    e, _ = waves
    check_golden("waves", e.study.language, [*every(e, ("flow", "waves")), narrative.method(e.study)[-1]])


def test_what_needs_pairs_is_absent_and_not_dashed(anonymous):
    e, s = anonymous
    assert {topic for topic in ALL_TOPICS if not contents(topic, e)} - {"quality", "percent", "categories"} == LEFT_OUT
    assert narrative.reading(e, "reliable") is None
    for content in [*every(e, ALL_TOPICS), *every(s, RECAP), *narrative.method(e.study)]:
        assert not PAIRED.search(written(content)), written(content)
    for figure in [*drawn(e), *unfold(figures.forest(s)), *unfold(figures.progress(s))]:
        assert not PAIRED.search(" ".join([figure.caption, figure.alt, *figure.notes]))


def test_two_waves_have_no_topic_of_waves(tmp_path):
    who = people("RT 01", 8)
    e = evaluate(study_of(tmp_path, rows(who, random_answers(1, 8)), rows(who, random_answers(2, 8))), "RT 01")
    assert narrative.waves(e) is tables.waves(e) is figures.waves(e) is None
    assert [column.header for column in tables.flow(e).columns] == ["Keterangan", "Sebelum", "Sesudah"] and tables.flow(e).notes == ()


@pytest.mark.parametrize("design", ["anonymous", "waves"])
def test_labels_are_unique_and_every_reference_leads_somewhere(request, design):
    e, _ = made(request.getfixturevalue("tmp_path"), design, "id")
    found = [*every(e, ALL_TOPICS), *drawn(e)]
    labels = [content.label for content in found if isinstance(content, Table | Figure)]
    assert len(labels) == len(set(labels))
    assert {label for content in found if isinstance(content, Text) for label in inline.references(content.markdown)} <= set(labels)


@pytest.mark.parametrize("design", ["anonymous", "waves"])
def test_numbers_follow_the_language(tmp_path, design):
    e, s = made(tmp_path, design, "id")
    wrong = re.compile(r"(?<![\d.,])\d+\.\d{1,3}(?![\d.])")
    for content in [*every(e, ALL_TOPICS), *every(s, RECAP), *drawn(e)]:
        assert not wrong.search(inline.plain(written(content) if not isinstance(content, Figure) else content.alt).replace("1.000.", "").replace("2.000", "")), content


def test_a_wave_is_called_what_the_study_calls_it(tmp_path):
    who = people("RT 01", 9)
    study = study_of(tmp_path, rows(who, random_answers(1, 9)), rows(who, random_answers(2, 9)), delayed=rows(who, random_answers(3, 9)),
                     more='[wave_labels]\ndelayed = { id = "tiga bulan kemudian", en = "three months later" }')
    e = evaluate(study, "RT 01")
    assert tables.flow(e).columns[-1].header == "Tiga bulan kemudian"
    assert "sebelum → tiga bulan kemudian" in tables.waves(e)[1].rows[1][1]
    assert "(tiga bulan kemudian)" in narrative.waves(e)[0].markdown and "tiga bulan kemudian" in figures.waves(e).alt


def test_without_a_comparison_group_nothing_is_called_an_effect(anonymous):
    causal = re.compile(r"\b(menyebabkan|berkat program|karena program|pengaruh program|berpengaruh|efektif meningkatkan|caused|thanks to|because of the programme|effect of the programme on)\b", re.IGNORECASE)
    e, s = anonymous
    assert [text.markdown for text in [*every(e, ALL_TOPICS), *every(s, RECAP)] if isinstance(text, Text) and causal.search(text.markdown)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("before", "after"), [(1, 9), (4, 4), (5, 5), (7, 2)])
def test_few_anonymous_people_can_be_said_too(tmp_path, language, before, after):
    elsewhere = rows(people("RT 02", 6), random_answers(3, 6))
    study = study_of(tmp_path, rows(people("RT 01", before), random_answers(1, before)) + elsewhere,
                     rows(people("RT 01", after), random_answers(2, after)) + elsewhere[:5], anonymous=True, language=language)
    e = evaluate(study, "RT 01")
    said = [*every(e, ALL_TOPICS), *every(summarise(study, *evaluate_all(study)), RECAP)]
    assert len(said) > 20
    assert not re.search(r"\bnan\b", " ".join([*map(written, said), *(figure.alt for figure in drawn(e))]))
    if min(before, after) < 5:
        assert all("%" not in figure.alt for figure in unfold(figures.items(e))) and figures.categories(e) is None


@pytest.mark.parametrize("later", [0, 1, 4, 5])
def test_few_people_in_all_waves_can_be_said_too(tmp_path, later):
    who = people("RT 01", 8)
    delayed = rows(who[:later], random_answers(3, later)) + rows(people("RT 01", 1, 90), random_answers(4, 1))
    e = evaluate(study_of(tmp_path, rows(who, random_answers(1, 8)), rows(who, random_answers(2, 8)), delayed=delayed), "RT 01")
    said = [*contents("waves", e), *contents("flow", e)]
    assert not re.search(r"\bnan\b", " ".join([*map(written, said), figures.waves(e).alt]))
    references = {label for content in said if isinstance(content, Text) for label in inline.references(content.markdown)}
    assert ("fig-waves" in references) == (later >= 5)
