"""One RT: the numbers are those of the files, whatever the order of rows and columns, and degenerate answers have reasons."""

from __future__ import annotations

import csv
import math
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from tests.studies import people, study_of

GOOD, BAD = ["B", "S", "B", "S"], ["S", "B", "S", "B"]


def rows(who, answers):
    return [(rt, code, given) for (rt, code), given in zip(who, answers, strict=True)]


def random_answers(seed: int, count: int) -> list[list[object]]:
    draw = random.Random(seed)
    return [[draw.randint(1, 5) for _ in range(4)] + [draw.choice("BS") for _ in range(4)] for _ in range(count)]


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    who = people("RT 01", 12)
    return evaluate(study_of(tmp_path_factory.mktemp("study"), rows(who, random_answers(1, 12)), rows(who, random_answers(2, 12))), "RT 01")


def test_the_mean_change_is_that_of_the_answers(evaluation):
    pre, post = (np.array([[a, 6 - b, c, d] for a, b, c, d, *_ in random_answers(seed, 12)], dtype=float).mean(axis=1) for seed in (1, 2))
    result = evaluation.headlines[0]
    expected = stats.ttest_rel(post, pre)
    assert result.mean_change.n == 12
    assert result.mean_change.change == pytest.approx((post - pre).mean(), abs=1e-11)
    assert result.mean_change.statistic == pytest.approx(expected.statistic, rel=1e-9)
    assert result.mean_change.p == pytest.approx(expected.pvalue, rel=1e-9)


def test_knowledge_counts_right_answers(evaluation):
    keys = ["B", "S", "B", "S"]
    right = [100 * np.mean([given == key for given, key in zip(answers[4:], keys, strict=True)]) for answers in random_answers(1, 12)]
    total = evaluation.headlines[1]
    assert sorted(total.pre) == pytest.approx(sorted(right))
    assert sum(total.categories.pre.values()) == sum(total.categories.post.values()) == 12


def test_dimensions_stand_beside_the_total(evaluation):
    assert [result.name for result in evaluation.scales] == ["rating.total", "rating.first", "rating.second", "knowledge.total"]
    assert [len(evaluation.items_of(instrument)) for instrument in evaluation.study.questionnaires] == [4, 4]


def test_the_flow_closes(evaluation):
    flow = evaluation.flow
    assert (flow.rows_pre, flow.rows_post, flow.both, flow.pre_only, flow.post_only) == (12, 12, 12, 0, 0)


def test_the_order_of_rows_and_other_columns_changes_nothing(tmp_path, evaluation):
    who = people("RT 01", 12)
    pre, post = rows(who, random_answers(1, 12)), rows(who, random_answers(2, 12))
    random.Random(3).shuffle(pre)
    random.Random(4).shuffle(post)
    study = study_of(tmp_path, pre, post)
    for wave in ("pre", "post"):
        path = tmp_path / f"{wave}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            table = list(csv.reader(stream))
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["Catatan", *row[::-1]] if number == 0 else ["x", *row[::-1]] for number, row in enumerate(table)])
    assert evaluate(study, "RT 01").to_frame().equals(evaluation.to_frame())


def test_swapping_pre_and_post_flips_every_sign(tmp_path, evaluation):
    who = people("RT 01", 12)
    swapped = evaluate(study_of(tmp_path, rows(who, random_answers(2, 12)), rows(who, random_answers(1, 12))), "RT 01")
    for one, other in zip(evaluation.scales, swapped.scales, strict=True):
        assert other.mean_change.change == pytest.approx(-one.mean_change.change, abs=1e-12)
        assert other.mean_change.p == pytest.approx(one.mean_change.p, rel=1e-9)
        assert other.d_z.d == pytest.approx(-one.d_z.d, rel=1e-9)
        assert other.hodges_lehmann.estimate == pytest.approx(-one.hodges_lehmann.estimate, abs=1e-9)
        assert (other.direction.improved, other.direction.worse) == (one.direction.worse, one.direction.improved)
        assert other.rank_biserial.r == pytest.approx(-one.rank_biserial.r, rel=1e-9, abs=1e-12)


def test_a_scale_where_lower_is_better_counts_falling_as_improving(tmp_path):
    who = people("RT 01", 8)
    high, low = [[5, 1, 5, 5, *GOOD]] * 8, [[2, 4, 2, 1 + n % 2, *GOOD] for n in range(8)]
    result = evaluate(study_of(tmp_path, rows(who, high), rows(who, low), direction="down"), "RT 01").headlines[0]
    assert result.mean_change.change < 0
    assert result.verdict == "improved_meaningfully"
    assert result.direction.improved == 8
    assert result.class_gain.gain > 0


def test_someone_without_a_partner_changes_only_the_flow(tmp_path, evaluation):
    who = people("RT 01", 12)
    post = rows(who, random_answers(2, 12)) + [("RT 01", "lonely", [1, 1, 1, 1, *BAD])]
    more = evaluate(study_of(tmp_path, rows(who, random_answers(1, 12)), post), "RT 01")
    assert more.flow.post_only == 1
    assert [result.mean_change for result in more.scales] == [result.mean_change for result in evaluation.scales]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_fewer_than_five_pairs_give_counts_and_no_number_that_tells_who_said_what(tmp_path, count):
    who = people("RT 01", count)
    result = evaluate(study_of(tmp_path, rows(who, random_answers(1, count)), rows(who, random_answers(2, count))), "RT 01")
    for scale in result.scales:
        assert scale.verdict == "too_few" and scale.pre == () and scale.answered.n_both == count
        assert math.isnan(scale.mean_change.change) and scale.mean_change.note == "too_few"
    frame = result.to_frame()
    inferential = frame[frame["method"].isin(["mean_change", "signed_rank", "hodges_lehmann", "d_z", "class_gain", "alpha_pre"])]
    assert (inferential[inferential["measure"].isin(["change", "p", "estimate", "d", "gain", "alpha", "mean_pre"])]["note"] == "too_few").all()


def test_everybody_at_the_maximum_gives_reasons(tmp_path):
    who = people("RT 01", 10)
    best = [[5, 1, 5, 5, *GOOD]] * 10
    leavers = rows(people("RT 01", 5, 50), random_answers(1, 5))   # so that the two files are not one and the same
    result = evaluate(study_of(tmp_path, rows(who, best) + leavers, rows(who, best)), "RT 01")
    for scale in result.headlines:
        assert scale.mean_change.change == 0 and scale.mean_change.note == "no_change"
        assert scale.class_gain.note == "at_maximum"
        assert scale.verdict == "not_computed"


def test_everybody_changing_by_the_same_amount_is_not_called_certain(tmp_path):
    who = people("RT 01", 10)
    before = [[1 + n % 3, 5 - n % 3, 1 + n % 3, 1 + n % 3, *BAD] for n in range(10)]
    after = [[a + 1, b - 1, c + 1, d + 1, *GOOD] for a, b, c, d, *_ in before]
    result = evaluate(study_of(tmp_path, rows(who, before), rows(who, after)), "RT 01").headlines[0]
    assert result.mean_change.change == pytest.approx(1) and math.isnan(result.mean_change.p)
    assert result.mean_change.note == "constant_change" and result.verdict == "not_computed"


def test_an_unknown_rt_is_refused_with_the_known_ones(tmp_path):
    who = people("RT 01", 6)
    study = study_of(tmp_path, rows(who, random_answers(1, 6)), rows(who, random_answers(2, 6)))
    with pytest.raises(BaksosError) as refusal:
        evaluate(study, "RT 99")
    assert refusal.value.code == "rt_unknown"


answers = st.lists(st.sampled_from([1, 2, 3, 4, 5, ""]), min_size=4, max_size=4)
rights = st.lists(st.sampled_from(["B", "S", ""]), min_size=4, max_size=4)
sheets = st.lists(st.tuples(answers, rights, answers, rights), min_size=1, max_size=14)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets)
def test_any_small_questionnaire_has_a_number_or_a_reason_everywhere(tmp_path_factory, sheet):
    who = people("RT 01", len(sheet))
    pre = rows(who, [[*a, *k] for a, k, _, _ in sheet])
    post = rows(who, [[*a, *k] for _, _, a, k in sheet])
    try:
        result = evaluate(study_of(tmp_path_factory.mktemp("any"), pre, post), "RT 01")
    except BaksosError as refusal:
        assert refusal.findings
        return
    frame = result.to_frame()
    numbers = frame[frame["method"] != "verdict"]
    silent = numbers[numbers["value"].isna() & (numbers["note"] == "")]
    assert silent[["scale", "item", "method", "measure"]].to_numpy().tolist() == []
