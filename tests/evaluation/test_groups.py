"""Anonymous RTs: the numbers are those of two independent groups, nothing paired is anywhere, and degenerate answers have reasons."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from tests.evaluation.test_evaluate import random_answers, rows
from tests.studies import people, study_of

KEYS = ["B", "S", "B", "S"]
PAIRED_METHODS = {"mean_change", "correlation", "signed_rank", "spss_signed_rank", "hodges_lehmann", "direction", "d_z", "d_av", "rank_biserial", "class_gain",
                  "individual_gain", "normalised_change", "reliable_change", "attrition", "all_available", "leaver_bounds", "bootstrap_change", "right", "proportion",
                  "homogeneity", "categories", "shapiro_change", "lilliefors_change"}


def attitude(answers) -> np.ndarray:
    return np.array([[a, 6 - b, c, d] for a, b, c, d, *_ in answers], dtype=float)


def knowledge(answers) -> np.ndarray:
    return np.array([[given == key for given, key in zip(row[4:], KEYS, strict=True)] for row in answers], dtype=float)


def anonymous(folder, pre, post, rt: str = "RT 01", **more):
    return study_of(folder, rows(people(rt, len(pre)), pre), rows(people(rt, len(post)), post), anonymous=True, **more)


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return evaluate(anonymous(tmp_path_factory.mktemp("study"), random_answers(1, 14), random_answers(2, 11)), "RT 01")


def test_the_design_is_known_and_nothing_is_paired(evaluation):
    assert evaluation.design == "anonymous"
    assert (evaluation.scales, evaluation.items, evaluation.headlines, evaluation.waves) == ((), (), (), ())
    assert [result.name for result in evaluation.groups] == ["rating.total", "rating.first", "rating.second", "knowledge.total"]
    assert [result.name for result in evaluation.group_headlines] == ["rating.total", "knowledge.total"]
    assert [len(evaluation.group_items_of(instrument)) for instrument in evaluation.study.questionnaires] == [4, 4]


def test_the_ledger_holds_no_paired_statistic(evaluation):
    assert not PAIRED_METHODS & set(evaluation.to_frame()["method"])
    sensitivity = {method for method in evaluation.to_frame()["method"] if method.startswith("sensitivity")}
    assert sensitivity == {"sensitivity_all_people", "sensitivity_no_careless", "sensitivity_student"}


def test_every_row_of_the_ledger_has_its_place_once(evaluation):
    frame = evaluation.to_frame()
    assert not frame[["rt", "scale", "item", "method", "measure"]].duplicated().any()
    assert frame[frame["value"].isna() & (frame["note"] == "")].empty


def test_the_difference_of_means_is_welchs(evaluation):
    pre, post = attitude(random_answers(1, 14)).mean(axis=1), attitude(random_answers(2, 11)).mean(axis=1)
    result, expected = evaluation.groups[0].welch, stats.ttest_ind(post, pre, equal_var=False)
    interval = expected.confidence_interval()
    assert (result.n_pre, result.n_post) == (14, 11)
    assert (result.change, result.statistic, result.df, result.p, result.change_low, result.change_high) == pytest.approx(
        (post.mean() - pre.mean(), expected.statistic, expected.df, expected.pvalue, interval.low, interval.high), rel=1e-9)


def test_ranks_dominance_and_effect_are_those_of_two_groups(evaluation):
    pre, post = attitude(random_answers(1, 14)).mean(axis=1), attitude(random_answers(2, 11)).mean(axis=1)
    result = evaluation.groups[0]
    u = stats.mannwhitneyu(post, pre, method="asymptotic", use_continuity=False)
    assert (result.rank_sum.u, result.rank_sum.p_asymptotic) == pytest.approx((u.statistic, u.pvalue), rel=1e-9)
    munzel = stats.brunnermunzel(pre, post)
    assert (abs(result.superiority.statistic), result.superiority.p) == pytest.approx((abs(munzel.statistic), munzel.pvalue), rel=1e-9)
    assert result.cliff_delta.delta == pytest.approx(np.sign(post[:, None] - pre).mean())
    assert result.standardised.d == pytest.approx((post.mean() - pre.mean()) / math.sqrt((post.var(ddof=1) + pre.var(ddof=1)) / 2))
    assert result.group_gain.gain == pytest.approx((post.mean() - pre.mean()) / (5 - pre.mean()))


def test_items_are_two_shares_or_two_means(evaluation):
    rating, right = (evaluation.group_items_of(instrument) for instrument in evaluation.study.questionnaires)
    pre, post = attitude(random_answers(1, 14)), attitude(random_answers(2, 11))
    for place, item in enumerate(rating):
        expected = stats.ttest_ind(post[:, place], pre[:, place], equal_var=False)
        assert (item.mean_pre, item.mean_post, item.difference.p) == pytest.approx((pre[:, place].mean(), post[:, place].mean(), expected.pvalue), rel=1e-9)
        assert item.p == item.rank_sum.p and item.share is None
    pre, post = knowledge(random_answers(1, 14)), knowledge(random_answers(2, 11))
    for place, item in enumerate(right):
        table = [[wave[:, place].sum(), (1 - wave[:, place]).sum()] for wave in (pre, post)]
        assert (item.share.pre, item.share.post, item.p) == pytest.approx((pre[:, place].mean(), post[:, place].mean(), stats.fisher_exact(table).pvalue), rel=1e-9)
        assert item.rank_sum is item.difference is None
    assert [sum(item.pre.values()) for item in right] == [14] * 4 and [sum(item.post.values()) for item in right] == [11] * 4


def test_categories_are_counted_in_each_wave(evaluation):
    categories = evaluation.group_headlines[1].categories
    assert (sum(categories.pre.values()), sum(categories.post.values())) == (14, 11)
    good = (100 * knowledge(random_answers(1, 14)).mean(axis=1) >= 76).sum()
    assert categories.pre["good"] == good


def test_the_order_of_rows_changes_nothing(tmp_path, evaluation):
    pre, post = random_answers(1, 14), random_answers(2, 11)
    random.Random(3).shuffle(pre)
    random.Random(4).shuffle(post)
    assert evaluate(anonymous(tmp_path, pre, post), "RT 01").to_frame().equals(evaluation.to_frame())


def test_swapping_before_and_after_flips_every_sign(tmp_path, evaluation):
    swapped = evaluate(anonymous(tmp_path, random_answers(2, 11), random_answers(1, 14)), "RT 01")
    for one, other in zip(evaluation.groups, swapped.groups, strict=True):
        assert other.welch.change == pytest.approx(-one.welch.change, abs=1e-12)
        assert other.welch.p == pytest.approx(one.welch.p, rel=1e-9)
        assert other.cliff_delta.delta == pytest.approx(-one.cliff_delta.delta, abs=1e-12)
        assert other.rank_sum.z == pytest.approx(-one.rank_sum.z, abs=1e-12)


def test_the_verdict_follows_the_smallest_change_and_the_direction(tmp_path):
    pre = [[2, 4, 2, 1 + n % 2, *KEYS] for n in range(9)]
    post = [[4, 2, 4, 3 + n % 2, *KEYS] for n in range(8)]
    up = evaluate(anonymous(tmp_path, pre, post), "RT 01").group_headlines[0]
    down = evaluate(anonymous(tmp_path, pre, post, direction="down"), "RT 01").group_headlines[0]
    assert (up.verdict, down.verdict) == ("improved_meaningfully", "worsened_meaningfully")
    assert up.group_gain.gain > 0 > down.group_gain.gain


@pytest.mark.parametrize(("before", "after"), [(4, 9), (9, 4), (0, 9), (1, 1)])
def test_with_few_people_in_a_wave_only_counts_are_shown(tmp_path, before, after):
    elsewhere = rows(people("RT 02", 6), random_answers(3, 6))
    study = study_of(tmp_path, rows(people("RT 01", before), random_answers(1, before)) + elsewhere,
                     rows(people("RT 01", after), random_answers(2, after)) + elsewhere[:5], anonymous=True)
    result = evaluate(study, "RT 01")
    for scale in result.groups:
        assert (scale.verdict, scale.pre, scale.post, scale.shown) == ("too_few", (), (), False)
        assert (scale.answered.n_pre, scale.answered.n_post) == (before, after)
        assert math.isnan(scale.welch.change) and scale.welch.note == "too_few"
    assert all(item.pre == {} and math.isnan(item.mean_post) for item in result.group_items)
    few = [finding for finding in result.findings if finding.code == "few_people"]
    assert few and all(describe(few[0], words(language)) for language in LANGUAGES)


def test_everybody_alike_gives_reasons(tmp_path):
    best = [[5, 1, 5, 5, *KEYS]]
    result = evaluate(anonymous(tmp_path, best * 8, best * 7), "RT 01")
    for scale in result.group_headlines:
        assert (scale.welch.note, scale.group_gain.note, scale.verdict) == ("no_variance", "at_maximum", "not_computed")
    assert {finding.code for finding in result.findings} >= {"few_people_for_inference", "many_at_ceiling_pre", "many_at_ceiling_post"}
    for finding in result.findings:
        assert all(all(describe(finding, words(language))) for language in LANGUAGES)


def test_the_recap_pools_the_differences(tmp_path):
    pre, post, expected = [], [], []
    for number, (rt, before, after) in enumerate([("RT 01", 9, 8), ("RT 02", 12, 10), ("RT 03", 7, 9), ("RT 04", 3, 9)]):
        pre += rows(people(rt, before), random_answers(number, before))
        post += rows(people(rt, after), random_answers(number + 50, after))
        first, second = attitude(random_answers(number, before)).mean(axis=1), attitude(random_answers(number + 50, after)).mean(axis=1)
        expected.append((second.mean() - first.mean(), math.sqrt(first.var(ddof=1) / before + second.var(ddof=1) / after)))
    study = study_of(tmp_path, pre, post, anonymous=True)
    summary = summarise(study, *evaluate_all(study))
    headline = summary.headlines[0]
    assert [(unit.rt, unit.n_pre, unit.n_post, unit.shown) for unit in headline.units] == [
        ("RT 01", 9, 8, True), ("RT 02", 12, 10, True), ("RT 03", 7, 9, True), ("RT 04", 3, 9, False)]
    assert headline.pooled.k == 3 and headline.units[3].note == "too_few" and math.isnan(headline.units[3].change)
    for unit, (change, error) in zip(headline.units[:3], expected, strict=False):
        assert (unit.change, unit.standard_error) == pytest.approx((change, error), rel=1e-9)
    frame = summary.to_frame()
    assert frame[frame["value"].isna() & (frame["note"] == "")].empty


answers = st.lists(st.sampled_from([1, 2, 3, 4, 5, ""]), min_size=4, max_size=4)
rights = st.lists(st.sampled_from(["B", "S", ""]), min_size=4, max_size=4)
sheets = st.lists(st.tuples(answers, rights).map(lambda both: [*both[0], *both[1]]), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets, sheets)
def test_any_two_waves_have_a_number_or_a_reason_everywhere(tmp_path_factory, pre, post):
    try:
        result = evaluate(anonymous(tmp_path_factory.mktemp("any"), pre, post), "RT 01")
    except BaksosError as refusal:
        assert refusal.findings
        return
    frame = result.to_frame()
    numbers = frame[frame["method"] != "verdict"]
    silent = numbers[numbers["value"].isna() & (numbers["note"] == "")]
    assert silent[["scale", "item", "method", "measure"]].to_numpy().tolist() == []
