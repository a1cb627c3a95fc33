"""Programme against comparison: the numbers are those of the answers, whole RTs count as RTs, and few people tell nothing."""

from __future__ import annotations

import math
import random
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from baksos_eval.evaluation import ledger
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report import narrative, tables
from baksos_eval.stats import adjusted, several
from baksos_eval.stats.ordinal import ordinal_dose_response
from baksos_eval.study.study import Study
from tests.studies import Person, grouped_study, invented_persons, only_one_item

PERSONS = '[comparison]\nprogramme = ["E"]\ncomparison = ["C"]\n'
ONE_RT = [("RT 01", "E", 14), ("RT 01", "C", 11)]
THREE_RTS = [("RT 01", "E", 9), ("RT 01", "C", 8), ("RT 02", "E", 7), ("RT 02", "C", 9), ("RT 03", "E", 6)]
RTS = '[comparison]\nrts = ["RT 04", "RT 05", "RT 06"]\n'
SIX_RTS = [(f"RT {number:02d}", "E" if number < 4 else "C", 6 + number) for number in range(1, 7)]


def attitude(person: Person, wave: str) -> float:
    a, b, c, d, *_ = getattr(person, wave)
    return (a + 6 - b + c + d) / 4


def scores(persons: list[Person]) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.array([attitude(person, wave) for person in persons]) for wave in ("pre", "post"))


def first(study: Study):
    """The result on the rating scale."""
    return evaluate_programme(study).scales[0]


@pytest.fixture(scope="module")
def one_rt(tmp_path_factory):
    persons = invented_persons(ONE_RT)
    return persons, grouped_study(tmp_path_factory.mktemp("one"), persons, PERSONS)


@pytest.fixture(scope="module")
def six_rts(tmp_path_factory):
    persons = invented_persons(SIX_RTS)
    return persons, grouped_study(tmp_path_factory.mktemp("six"), persons, RTS)


def test_persons_of_one_rt_are_compared_by_their_changes(one_rt):
    persons, study = one_rt
    found = first(study).comparison
    (pre_e, post_e), (pre_c, post_c) = (scores([person for person in persons if person.arm == arm]) for arm in "EC")
    expected = stats.ttest_ind(post_e - pre_e, post_c - pre_c, equal_var=False)
    interval = expected.confidence_interval()
    assert (found.unit, found.primary, found.within_rts, found.randomisation, found.left_out) == ("person", "difference_in_changes", None, None, 0)
    assert (found.difference.statistic, found.difference.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-9)
    assert (found.main.low, found.main.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert [(scores.n, scores.k) for scores in found.arms.values()] == [(14, 1), (11, 1)]
    assert found.arms["comparison"].mean_pre == pytest.approx(pre_c.mean()) and found.balance.mean_first == pytest.approx(pre_e.mean())
    assert list(found.estimates) == ["difference_in_changes", "ancova"]


def test_persons_of_several_rts_are_compared_inside_their_rt(tmp_path):
    persons = invented_persons(THREE_RTS)
    found = first(grouped_study(tmp_path, persons, PERSONS)).comparison
    pre, post = scores(persons)
    arm, rt = [person.arm == "E" for person in persons], [person.rt for person in persons]
    expected = adjusted.difference_within_rts(pre, post, arm, rt)
    assert (found.primary, found.within_rts.k, found.within_rts.n) == ("within_rts", 2, 33)
    assert found.within_rts.difference == pytest.approx(expected.difference, rel=1e-9) and found.within_rts.p == pytest.approx(expected.p, rel=1e-7)
    assert found.ancova.difference == pytest.approx(adjusted.ancova(pre, post, arm, rts=rt).difference, rel=1e-9)
    assert list(found.estimates) == ["within_rts", "difference_in_changes", "ancova"]


def test_the_declared_method_is_the_primary_one(tmp_path, one_rt):
    found = first(grouped_study(tmp_path, one_rt[0], PERSONS + 'primary = "ancova"\n')).comparison
    assert found.primary == "ancova" and found.main.estimate == found.ancova.difference
    assert list(found.estimates) == ["ancova", "difference_in_changes"]


def test_groups_that_share_no_rt_cannot_be_told_from_rts(tmp_path):
    found = first(grouped_study(tmp_path, invented_persons([("RT 01", "E", 9), ("RT 02", "C", 9)]), PERSONS)).comparison
    assert found.within_rts.note == found.ancova.note == "no_shared_rt"
    assert found.verdict == "not_computed" and math.isnan(found.main.estimate)


def test_whole_rts_are_compared_by_their_means(six_rts):
    persons, study = six_rts
    found = first(study).comparison
    means = {rt: np.subtract(*scores([person for person in persons if person.rt == rt])[::-1]).mean() for rt, _, _ in SIX_RTS}
    groups = list(means.values())[:3], list(means.values())[3:]
    expected = stats.ttest_ind(*groups, equal_var=False)
    assert (found.unit, found.difference.n_programme, found.difference.n_comparison) == ("rt", 3, 3)
    assert found.difference.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert (found.randomisation.smallest_p, found.randomisation.allocations) == (0.1, 20)
    assert [rt.change for rt in found.rts] == pytest.approx(list(means.values()))
    assert found.arms["programme"].change == pytest.approx(np.mean(groups[0])) and found.arms["programme"].n == 24
    assert found.balance.note == found.d_ppc2.note == found.cliff_delta.note == "clustered" and math.isnan(found.d_ppc2.low)


def test_three_against_three_rts_can_prove_nothing_at_five_per_cent(tmp_path):
    found = first(grouped_study(tmp_path, invented_persons(SIX_RTS, effect=2.0), RTS)).comparison
    assert found.main.low > 0 and found.randomisation.p == 0.1
    assert found.verdict == "no_evidence"


def test_five_against_three_rts_can(tmp_path):
    sizes = [(f"RT {number:02d}", "C" if number in (4, 5, 6) else "E", 8) for number in range(1, 9)]
    found = first(grouped_study(tmp_path, invented_persons(sizes, effect=2.0), RTS)).comparison
    assert found.randomisation.p == found.randomisation.smallest_p == pytest.approx(1 / 56)
    assert found.verdict == "improved_meaningfully"


@pytest.mark.parametrize(("sizes", "verdict"), (
    ([("RT 01", "E", 8), ("RT 04", "C", 9)], "description"),
    ([("RT 01", "E", 8), ("RT 02", "E", 8), ("RT 04", "C", 9)], "description"),
    ([("RT 01", "E", 8), ("RT 04", "C", 4)], "too_few"),
))
def test_one_rt_in_a_group_is_description_only(tmp_path, sizes, verdict):
    found = first(grouped_study(tmp_path, invented_persons(sizes), '[comparison]\nrts = ["RT 04"]\n')).comparison
    assert found.verdict == verdict and math.isnan(found.main.low)
    assert (verdict == "too_few") == math.isnan(found.main.estimate)


def test_small_groups_keep_their_counts_and_nothing_else(tmp_path):
    study = grouped_study(tmp_path, invented_persons([("RT 01", "E", 9), ("RT 01", "C", 4)]), PERSONS)
    found = first(study).comparison
    assert found.verdict == "too_few" and [scores.n for scores in found.arms.values()] == [9, 4]
    frame = summarise(study, *evaluate_all(study), evaluate_programme(study)).to_frame()
    told = frame[frame["method"].str.startswith("comparison") | (frame["method"] == "arm")]
    assert set(told[told["value"].notna()]["measure"]) <= {"n", "k", "n_programme", "n_comparison", "n_first", "n_second", "left_out", "without_arm"}


def test_a_handful_cannot_be_found_by_taking_the_other_rts_away(tmp_path):
    few = first(grouped_study(tmp_path / "few", invented_persons([*ONE_RT, ("RT 02", "E", 3), ("RT 02", "C", 7)]), PERSONS)).comparison
    assert (few.left_out, few.arms["programme"].n, few.arms["comparison"].n) == (3, 14, 18)
    more = first(grouped_study(tmp_path / "more", invented_persons([*ONE_RT, ("RT 02", "E", 3), ("RT 03", "E", 4)]), PERSONS)).comparison
    assert (more.left_out, more.arms["programme"].n) == (0, 21)


def test_whole_rts_with_few_people_are_counted_and_left_out(tmp_path):
    found = first(grouped_study(tmp_path, invented_persons([*SIX_RTS, ("RT 07", "E", 3)]), RTS)).comparison
    assert (found.left_out, found.difference.n_programme, found.rts[-1].n, found.rts[-1].note) == (3, 3, 3, "too_few")


def test_people_without_a_group_are_counted_and_belong_to_none(tmp_path, one_rt):
    persons, study = one_rt
    lost = [Person("RT 01", f"zz{number}", "", "1", persons[number].pre, persons[number].post) for number in range(5)]
    other = grouped_study(tmp_path, [*persons, *lost], PERSONS)
    found = evaluate_programme(other)
    assert found.without_arm == 5 and found.scales[0].comparison == first(study).comparison
    assert evaluate(other, "RT 01").scales[0] == evaluate(study, "RT 01").scales[0]


def test_an_rt_s_own_evaluation_is_of_those_who_took_part(one_rt):
    _, study = one_rt
    programme, comparison = evaluate(study, "RT 01"), evaluate(study, "RT 01", "comparison")
    assert (programme.arm, programme.flow.both, comparison.arm, comparison.flow.both) == ("programme", 14, "comparison", 11)
    arms = first(study).comparison.arms
    assert programme.headlines[0].mean_change.change == pytest.approx(arms["programme"].change)
    assert comparison.headlines[0].mean_change.change == pytest.approx(arms["comparison"].change)
    assert set(comparison.to_frame()["arm"]) == {"comparison"}


def test_comparison_rts_are_never_pooled_with_the_others(six_rts):
    _, study = six_rts
    summary = summarise(study, *evaluate_all(study), evaluate_programme(study))
    assert [unit.rt for unit in summary.headlines[0].units] == ["RT 01", "RT 02", "RT 03"] and len(summary.flows) == 6
    frame = summary.to_frame()
    arms = frame[(frame["method"] == "flow") & (frame["measure"] == "both")].set_index("rt")["arm"]
    assert dict(arms) == {rt: "programme" if arm == "E" else "comparison" for rt, arm, _ in SIX_RTS}


def test_doses_are_those_of_people_whom_the_programme_reached(six_rts):
    persons, study = six_rts
    found, = first(study).doses
    reached = [person for person in persons if person.arm == "E"]
    expected = adjusted.dose_response(*scores(reached), [float(person.dose) for person in reached], rts=[person.rt for person in reached])
    assert (found.activity, found.taken.n, found.taken.k) == ("masker", 24, 3)
    assert (found.response.slope, found.response.p) == pytest.approx((expected.slope, expected.p), rel=1e-8)
    assert found.taken.none == np.mean([person.dose == "0" for person in reached])


def test_a_dose_of_a_few_people_is_not_told(tmp_path):
    persons = [person._replace(dose="Ya" if number % 9 else "Tidak") for number, person in enumerate(invented_persons([("RT 01", "E", 25)]))]
    study = grouped_study(tmp_path, persons, "")
    found, = first(study).doses
    assert found.response.note == found.taken.note == "too_few" and math.isnan(found.response.slope) and found.taken.n == 25


def test_doses_are_adjusted_for_asking_about_several(tmp_path):
    persons = invented_persons([("RT 01", "E", 25)])
    study = grouped_study(tmp_path, persons, "")
    again = (tmp_path / "study.toml").read_text(encoding="utf-8").replace('masker = "Masker"', 'masker = "Masker"\nsama = "Masker"')
    (tmp_path / "study.toml").write_text(again, encoding="utf-8")
    from baksos_eval.study.study import open_study

    one, (first_of_two, second) = first(study).doses[0], first(open_study(tmp_path)).doses
    assert one.p_holm == one.response.p
    assert first_of_two.p_holm == second.p_holm == pytest.approx(min(1, 2 * one.response.p))


def test_the_answers_of_a_single_item_are_set_against_the_dose_by_their_order(tmp_path):
    persons = invented_persons([("RT 01", "E", 45), ("RT 02", "E", 40)])
    found, = first(only_one_item(grouped_study(tmp_path, persons, ""))).doses
    pre, post = ([getattr(person, wave)[0] for person in persons] for wave in ("pre", "post"))
    expected = ordinal_dose_response(pre, post, [int(person.dose) for person in persons], rts=[person.rt for person in persons])
    assert found.ordinal.n == 85 and not found.ordinal.note
    assert found.ordinal[:-1] == pytest.approx(expected[:-1], rel=1e-5)
    assert found.ordinal_p_holm == found.ordinal.p
    assert first(grouped_study(tmp_path / "four", persons, "")).doses[0].ordinal is None


def test_the_dose_of_a_few_people_is_not_told_by_a_single_item_either(tmp_path):
    persons = [person._replace(dose="1" if number < 3 else "0") for number, person in enumerate(invented_persons([("RT 01", "E", 45)]))]
    found, = first(only_one_item(grouped_study(tmp_path, persons, ""))).doses
    assert found.ordinal.note == "too_few" and math.isnan(found.ordinal.slope)


def test_the_mixed_model_takes_the_rts_of_the_programme_that_are_shown(tmp_path):
    persons = invented_persons([*SIX_RTS, ("RT 07", "E", 3)])
    found = first(grouped_study(tmp_path, persons, RTS)).mixed
    shown = [person for person in persons if person.rt in ("RT 01", "RT 02", "RT 03")]
    pre, post = scores(shown)
    expected = several.rt_mixed_model(post - pre, [person.rt for person in shown])
    assert (found.n, found.k) == (24, 3) and found.estimate == pytest.approx(expected.estimate, rel=1e-7)


def test_the_order_of_people_changes_nothing(tmp_path):
    persons = invented_persons(THREE_RTS)
    study = grouped_study(tmp_path / "one", persons, PERSONS)
    shuffled = persons[:]
    random.Random(2).shuffle(shuffled)
    renamed = [person._replace(code=f"q{number}") for number, person in enumerate(shuffled)]
    assert evaluate_programme(grouped_study(tmp_path / "two", renamed, PERSONS)).scales == evaluate_programme(study).scales


def test_an_rt_that_cannot_be_analysed_stops_only_itself(tmp_path):
    persons = invented_persons([*SIX_RTS, ("RT 07", "E", 6)])
    persons[-1] = persons[-1]._replace(pre=["?"] * 8)
    study = grouped_study(tmp_path, persons, RTS)
    found = first(study).comparison
    assert found.difference.n_programme == 3 and "RT 07" not in {rt.rt for rt in found.rts}


@pytest.mark.parametrize("sizes", (ONE_RT, THREE_RTS, [("RT 01", "E", 3), ("RT 01", "C", 2)], [("RT 01", "E", 5)], [("RT 01", "E", 5), ("RT 02", "C", 5)]))
def test_every_row_of_the_ledger_has_a_number_or_a_reason_and_its_own_place(tmp_path, sizes):
    study = grouped_study(tmp_path, invented_persons(sizes), PERSONS)
    frame = summarise(study, *evaluate_all(study), evaluate_programme(study)).to_frame()
    assert frame[frame["value"].isna() & (frame["note"] == "")].empty
    assert not frame[["study", "rt", "arm", "scale", "item", "method", "measure"]].duplicated().any()
    ledger.write(frame, tmp_path / "hasil.csv")
    assert (ledger.read(tmp_path / "hasil.csv")["arm"] == frame["arm"]).all()


ratings = st.lists(st.sampled_from([1, 2, 3, 4, 5, ""]), min_size=4, max_size=4)
rights = st.lists(st.sampled_from(["B", "S"]), min_size=4, max_size=4)
sheets = st.lists(st.tuples(st.sampled_from(["RT 01", "RT 02", "RT 03"]), st.sampled_from(["E", "C", ""]), st.sampled_from(["", "0", "1", "2,5", "Ya", "kadang"]),
                            ratings, rights, ratings, rights), min_size=1, max_size=24)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets, st.sampled_from([PERSONS, PERSONS + 'primary = "ancova"\n', '[comparison]\nrts = ["RT 03"]\n', ""]), st.booleans())
def test_any_small_study_has_a_number_or_a_reason_everywhere_and_can_be_said(tmp_path_factory, sheet, groups, single):
    persons = [Person(rt, f"xy{number:03d}", arm, dose, [*a, *k], [*b, *m]) for number, (rt, arm, dose, a, k, b, m) in enumerate(sheet)]
    study = grouped_study(tmp_path_factory.mktemp("any"), persons, groups)
    study = only_one_item(study) if single else study
    summary = summarise(study, *evaluate_all(study), evaluate_programme(study))
    frame = summary.to_frame()
    assert frame[frame["value"].isna() & (frame["note"] == "")].empty
    assert not frame[["study", "rt", "arm", "scale", "item", "method", "measure"]].duplicated().any()
    for topic in ("comparison", "balance", "dose", "mixed"):
        for said in (getattr(narrative, topic)(summary), getattr(tables, topic)(summary)):
            assert not re.search(r"\bnan\b", str(said))


def test_a_study_without_groups_has_a_mixed_model_only(tmp_path):
    study = grouped_study(tmp_path, [person._replace(dose="") for person in invented_persons(SIX_RTS)], "")
    found = evaluate_programme(study)
    assert found.comparison_flows == () and found.without_arm == 0
    assert found.scales[0].comparison is None and found.scales[0].doses[0].taken.note == "no_data"
    assert found.scales[0].mixed.k == 6
