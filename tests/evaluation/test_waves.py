"""A wave after the main comparison: compared on the people of all waves, while the main comparison stays as it was."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.stats import several
from baksos_eval.stats.multiplicity import holm
from tests.evaluation.test_evaluate import random_answers, rows
from tests.evaluation.test_groups import attitude
from tests.studies import people, study_of

WHO = people("RT 01", 13)
SEEDS = {"pre": 1, "post": 2, "delayed": 3}


def three_waves(folder, later: int = 9):
    """Thirteen people before and after, the first of them again later, and somebody who comes only then."""
    delayed = rows(WHO[:later], random_answers(3, later)) + rows(people("RT 01", 1, 90), random_answers(4, 1))
    return study_of(folder, rows(WHO, random_answers(1, 13)), rows(WHO, random_answers(2, 13)), delayed=delayed)


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return evaluate(three_waves(tmp_path_factory.mktemp("study")), "RT 01")


@pytest.fixture(scope="module")
def table():
    return np.column_stack([attitude(random_answers(seed, 13)[:9] if seed < 3 else random_answers(seed, 9)).mean(axis=1) for seed in SEEDS.values()])


def test_the_main_comparison_is_that_of_two_waves(tmp_path, evaluation):
    alone = evaluate(study_of(tmp_path, rows(WHO, random_answers(1, 13)), rows(WHO, random_answers(2, 13))), "RT 01")
    frame = evaluation.to_frame()
    main = frame[~frame["method"].str.startswith("waves") & ~frame["measure"].str.endswith("_delayed")].reset_index(drop=True)
    assert main.equals(alone.to_frame())
    assert alone.waves == alone.later == ()


def test_the_flow_counts_the_later_wave(evaluation):
    assert (evaluation.flow.both, evaluation.later) == (13, (("delayed", 10, 0, 0, 0, 1, 9),))
    frame = evaluation.to_frame()
    flow = frame[(frame["method"] == "flow") & frame["measure"].str.endswith("_delayed")].set_index("measure")["value"]
    assert (flow["rows_delayed"], flow["paired_delayed"], flow["unpaired_delayed"]) == (10, 9, 1)


def test_only_people_of_all_waves_are_compared(evaluation):
    result = evaluation.waves[0]
    assert (result.waves, result.answered, result.n) == (("pre", "post", "delayed"), (13, 13, 10), 9)
    assert [result.name for result in evaluation.waves] == [result.name for result in evaluation.scales]


def test_every_two_waves_are_compared_by_a_paired_test(evaluation, table):
    result = evaluation.waves[0]
    assert [(pair.first, pair.second) for pair in result.changes] == [(0, 1), (0, 2), (1, 2)]
    expected = [stats.ttest_rel(table[:, second], table[:, first]) for first, second in ((0, 1), (0, 2), (1, 2))]
    for pair, test in zip(result.changes, expected, strict=True):
        interval = test.confidence_interval()
        assert (pair.result.p, pair.result.change_low, pair.result.change_high) == pytest.approx((test.pvalue, interval.low, interval.high), rel=1e-9)
    assert [pair.p_holm for pair in result.changes] == pytest.approx(holm([test.pvalue for test in expected]), rel=1e-9)


def test_means_and_overall_tests_are_those_of_the_same_people(evaluation, table):
    result = evaluation.waves[0]
    assert [wave.mean for wave in result.means] == pytest.approx(table.mean(axis=0), rel=1e-12)
    friedman = stats.friedmanchisquare(*table.T)
    assert (result.friedman.n, result.friedman.statistic, result.friedman.p) == pytest.approx((9, friedman.statistic, friedman.pvalue), rel=1e-9)
    assert result.friedman.kendall_w == pytest.approx(friedman.statistic / (9 * 2), rel=1e-9)
    assert result.repeated_measures.n == 9 and 0.5 <= result.repeated_measures.epsilon <= 1


def test_the_recap_pools_every_two_waves_with_the_rt_as_the_unit(tmp_path):
    sizes = {"RT 01": 9, "RT 02": 12, "RT 03": 8, "RT 04": 3}
    sheets = {wave: [row for number, (rt, n) in enumerate(sizes.items()) for row in rows(people(rt, n, 100 * number), random_answers(10 * seed + number, n))]
              for wave, seed in SEEDS.items()}
    study = study_of(tmp_path, sheets["pre"], sheets["post"], delayed=sheets["delayed"])
    evaluations, missing = evaluate_all(study)
    summary = summarise(study, evaluations, missing)
    found = summary.waves[0]
    assert (found.rts, [rt for rt, _ in found.shown], found.waves) == (tuple(sizes), ["RT 01", "RT 02", "RT 03"], study.waves)
    changes = [(later - earlier) for number, n in ((0, 9), (1, 12), (2, 8))
               for earlier, later in [(attitude(random_answers(10 + number, n)).mean(axis=1), attitude(random_answers(30 + number, n)).mean(axis=1))]]
    pooled = several.pool([change.mean() for change in changes], [change.var(ddof=1) / len(change) for change in changes])
    pair = next(pair for pair in found.pairs if (pair.first, pair.second) == (0, 2))
    assert pair.pooled[:-1] == pytest.approx(pooled[:-1], rel=1e-7)
    assert [pair.p_holm for pair in found.pairs] == pytest.approx(holm([pair.pooled.p for pair in found.pairs]))
    frame = summary.to_frame()
    assert frame[frame["value"].isna() & (frame["note"] == "") & (frame["measure"] != "code")].empty
    assert not frame[["rt", "arm", "scale", "item", "method", "measure"]].duplicated().any()
    chosen = frame[(frame["method"] == "waves_pooled_pre_delayed") & (frame["scale"] == "rating.total")].set_index("measure")["value"]
    assert (chosen["estimate"], chosen["p_holm"]) == (pair.pooled.estimate, pair.p_holm)


def test_two_waves_have_no_recap_of_waves(tmp_path):
    study = study_of(tmp_path, rows(WHO, random_answers(1, 13)), rows(WHO, random_answers(2, 13)))
    assert summarise(study, *evaluate_all(study)).waves == ()


@pytest.mark.parametrize("later", [0, 1, 4])
def test_few_people_in_all_waves_give_counts_alone(tmp_path, later):
    for result in evaluate(three_waves(tmp_path, later), "RT 01").waves:
        assert (result.n, result.shown) == (later, False)
        assert all(math.isnan(wave.mean) and wave.note == "too_few" for wave in result.means)
        assert all(math.isnan(pair.result.change) and pair.note == "too_few" for pair in result.changes)
        assert result.friedman.note == result.repeated_measures.note == "too_few"


def test_nobody_changing_gives_reasons(tmp_path):
    same = random_answers(1, 8)
    result = evaluate(study_of(tmp_path, rows(WHO[:8], same) + rows(people("RT 01", 5, 50), random_answers(7, 5)), rows(WHO[:8], same),
                               delayed=rows(WHO[:8], same) + rows(people("RT 01", 1, 90), random_answers(8, 1))), "RT 01").waves[0]
    assert {pair.note for pair in result.changes} == {result.friedman.note} == {result.repeated_measures.note} == {"no_change"}


answers = st.lists(st.sampled_from([1, 2, 3, 4, 5, ""]), min_size=4, max_size=4)
rights = st.lists(st.sampled_from(["B", "S", ""]), min_size=4, max_size=4)
sheet = st.tuples(answers, rights).map(lambda both: [*both[0], *both[1]])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(sheet, sheet, sheet), min_size=1, max_size=10))
def test_any_three_waves_have_a_number_or_a_reason_everywhere(tmp_path_factory, sheets):
    who = people("RT 01", len(sheets))
    pre, post, delayed = (rows(who, list(wave)) for wave in zip(*sheets, strict=True))
    try:
        result = evaluate(study_of(tmp_path_factory.mktemp("any"), pre, post, delayed=delayed), "RT 01")
    except BaksosError as refusal:
        assert refusal.findings
        return
    frame = result.to_frame()
    numbers = frame[frame["method"] != "verdict"]
    silent = numbers[numbers["value"].isna() & (numbers["note"] == "")]
    assert silent[["scale", "item", "method", "measure"]].to_numpy().tolist() == []
    places = frame[["scale", "item", "method", "measure"]]
    assert not places.duplicated().any()
