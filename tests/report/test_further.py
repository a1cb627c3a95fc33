"""What reviewers ask for beyond the main tables: the cells and tests of items, every step between categories, and the strip of other ways."""

from __future__ import annotations

import math

import numpy as np
import pytest

from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.report import figures, narrative, tables
from baksos_eval.report.content import Table
from baksos_eval.report.plots_sensitivity import draw_sensitivity
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.stats import multiplicity, square_tables
from tests.evaluation.test_evaluate import rows
from tests.report.test_designs import answers_of
from tests.report.test_plots_rts import reader
from tests.report.test_views import TOPICS, check_golden, contents
from tests.studies import people, study_of

NEW = ("transitions", "item_tests", "detectable")


def made(folder, language: str = "id", n: int = 16, anonymous: bool = False, leavers: int = 0):
    who = people("RT 01", n)
    return evaluate(study_of(folder, rows(who, answers_of(1, n, 0)), rows(who[:n - leavers], answers_of(2, n, 1)[:n - leavers]), language=language, anonymous=anonymous), "RT 01")


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_read_as_before(tmp_path, language):
    e = made(tmp_path, language)
    check_golden("further", language, [one for topic in NEW for one in contents(topic, e)])


def test_every_step_between_categories_adds_up(tmp_path):
    found = made(tmp_path).scales[-1].categories
    for key in found.pre:
        assert sum(found.moves[key, other] for other in found.post) == found.pre[key]
        assert sum(found.moves[other, key] for other in found.pre) == found.post[key]
    order = list(found.pre)
    better = sum(count for (before, after), count in found.moves.items() if order.index(after) < order.index(before))
    assert (found.risen, found.same) == (better, sum(found.moves[key, key] for key in order))


def test_tests_of_items_are_those_of_the_answers(tmp_path):
    e = made(tmp_path)
    ratings = e.items_of(e.study.instrument("rating"))
    pre, post = (np.array([sheet[0] for sheet in answers_of(seed, 16, shift)]) for seed, shift in ((1, 0), (2, 1)))
    table = square_tables.cross_table(pre, post, [1, 2, 3, 4, 5])
    assert (ratings[0].marginal, ratings[0].symmetry) == (square_tables.stuart_maxwell(table), square_tables.bowker(table))
    assert [item.p_bh for item in ratings] == pytest.approx(list(multiplicity.benjamini_hochberg([item.p for item in ratings])))


def test_of_a_few_people_nothing_but_counts_is_told(tmp_path):
    e = made(tmp_path, n=4)
    assert tables.item_tests(e) == tables.transitions(e) == figures.sensitivity(e) == ()
    assert {row[2] for row in tables.detectable(e).rows} == {"–"}
    assert all(item.marginal is None or math.isnan(item.marginal.p) for item in e.items)


@pytest.mark.parametrize("anonymous", [False, True])
@pytest.mark.parametrize("n", [1, 4])
def test_no_table_stands_without_a_row(tmp_path, n, anonymous):
    e = made(tmp_path, n=n, anonymous=anonymous)
    assert tables.conventions(e) is None
    shown = [one for topic in (*TOPICS, *NEW) for one in contents(topic, e) if isinstance(one, Table)]
    assert shown and all(table.rows for table in shown)


def test_what_needs_pairs_is_left_out_of_an_anonymous_study(tmp_path):
    e = made(tmp_path, anonymous=True)
    assert tables.item_tests(e) is tables.transitions(e) is None
    assert len(tables.detectable(e).rows) == len(e.groups)


@pytest.mark.parametrize("leavers", [0, 2, 6])
def test_extremes_for_leavers_are_told_only_of_enough_of_them(tmp_path, leavers):
    e = made(tmp_path, leavers=leavers)
    bounds = [result.annex.leaver_bounds for result in e.headlines]
    assert [math.isnan(found.lowest) for found in bounds] == [0 < leavers < 5] * 2
    assert not any(math.isnan(found.unchanged) for found in bounds)
    assert ("seburuk mungkin" in narrative.attrition(e).markdown) == (leavers >= 5)
    assert (tables.attrition(e) is None) == (leavers == 0)


def test_the_strip_draws_every_way_where_it_is(tmp_path):
    e = made(tmp_path, leavers=6)
    (result, _), c = e.headlines, words("id")
    sheet = draw_sensitivity([result], c, 0.95)[0]
    value = reader(sheet)
    for variant in result.annex.sensitivity:
        ((x, _),) = sheet.named(variant.name)[0].points
        assert value(x) == pytest.approx(variant.change, abs=1e-6)
        drawn = sheet.named(f"interval of {variant.name}")
        assert bool(drawn) == (variant.low == variant.low)
        if drawn:
            assert [value(place[0]) for place in drawn[0].strokes[0]] == pytest.approx([variant.low, variant.high], abs=1e-6)
    figure = figures.sensitivity(e)[0]
    assert figure.label == "fig-sensitivity" and c.text("sensitivity.no_ceiling") in figure.alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_habitual_reading_of_gains_is_told_only_where_it_is_declared(tmp_path, language):
    (tmp_path / "plain").mkdir()
    plain = tables.gain(made(tmp_path / "plain", language))
    who = people("RT 01", 16)
    asked = tables.gain(evaluate(study_of(tmp_path, rows(who, answers_of(1, 16, 0)), rows(who, answers_of(2, 16, 1)), language=language,
                                          more='[analysis]\neffectiveness = "tafsiran_efektivitas"\n'), "RT 01"))
    preset = words(language).text("preset.tafsiran_efektivitas")
    assert (preset in asked.notes, preset in plain.notes) == (True, False)
    assert len(asked.columns) == len(plain.columns) + 1 == len(asked.rows[0])
    assert {row[-2] for row in asked.rows} <= {words(language).text(f"band.{key}") for key in ("not_effective", "less_effective", "fairly_effective", "effective", "loss")}
