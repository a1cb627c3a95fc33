"""The test of the instruments: over all RTs at once, honest about what cannot be computed, and the same numbers as by hand."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation import ledger
from baksos_eval.evaluation.instrument_study import Consistency, Standing
from baksos_eval.evaluation.instruments import evaluate_instruments
from baksos_eval.stats import rasch
from baksos_eval.study.study import open_study
from tests.evaluation.test_evaluate import random_answers, rows
from tests.knowledge import draw, knowledge_study
from tests.studies import people, study_of

ORACLE = Path(__file__).parents[1] / "oracle"
SIZES = (("RT 01", 9), ("RT 02", 14), ("RT 03", 6))
EXPERTS = '[experts]\nfile = "ahli.csv"\nlowest = 1\nhighest = 4\n'


def answers_of(seed: int) -> dict[str, list[list[object]]]:
    return {rt: random_answers(seed + number, count) for number, (rt, count) in enumerate(SIZES)}


def study_with(folder: Path, pre=None, post=None, **more):
    tables = [[row for number, (rt, given) in enumerate((wave or {}).items()) for row in rows(people(rt, len(given), 100 * number), given)] for wave in (pre, post)]
    return study_of(folder, *tables, **more)


def scored(given: dict[str, list[list[object]]]) -> tuple[np.ndarray, np.ndarray]:
    """Item scores by hand: ratings with the second one reversed, and right answers."""
    everybody = [row for answers in given.values() for row in answers]
    ratings = np.array([[row[0], 6 - row[1], row[2], row[3]] for row in everybody], dtype=float)
    return ratings, np.array([[answer == key for answer, key in zip(row[4:], "BSBS", strict=True)] for row in everybody], dtype=float)


def alpha(table: np.ndarray) -> float:
    covariance = np.cov(table, rowvar=False)
    return len(covariance) / (len(covariance) - 1) * (1 - np.trace(covariance) / covariance.sum())


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return evaluate_instruments(study_with(tmp_path_factory.mktemp("study"), answers_of(1), answers_of(40)))


def test_people_of_all_rts_are_taken_together(result):
    assert result.rts == ("RT 01", "RT 02", "RT 03") and result.missing == ()
    for place, instrument in enumerate(result.instruments):
        for wave, seed in zip(instrument.waves, (1, 40), strict=True):
            table = scored(answers_of(seed))[place]
            assert wave.persons == dict(SIZES)
            assert wave.scales[0].alpha.alpha == pytest.approx(alpha(table), rel=1e-9)
            total = table.sum(axis=1)
            for item, column in zip(wave.items, table.T, strict=True):
                assert item.reliability.item_total == pytest.approx(np.corrcoef(column, total)[0, 1], rel=1e-9)
                assert item.reliability.item_rest == pytest.approx(np.corrcoef(column, total - column)[0, 1], rel=1e-9)
                assert (item.right is None) == (instrument.instrument.kind == "rating")
                if item.right:
                    assert (item.right.right, item.quality.difficulty) == (column.sum(), pytest.approx(column.mean()))


def test_the_critical_correlation_is_that_of_the_people_who_answered_everything(result):
    worth = result.instruments[0].main
    assert (worth.items[0].critical.n, worth.items[0].critical.df) == (29, 27)
    assert worth.items[0].critical.r == pytest.approx(0.3673, abs=5e-5)


def test_floor_and_ceiling_are_shares_of_people(tmp_path):
    best, worst = [5, 1, 5, 5, "B", "S", "B", "S"], [1, 5, 1, 1, "S", "B", "S", "B"]
    given, after = {"RT 01": [best, best, worst, *random_answers(3, 5)]}, {"RT 01": random_answers(4, 8)}
    for direction, ends in (("up", (0.125, 0.25)), ("down", (0.25, 0.125))):
        found = evaluate_instruments(study_with(tmp_path, given, after, direction=direction))
        assert (found.instruments[0].main.scales[0].ends.floor, found.instruments[0].main.scales[0].ends.ceiling) == ends


def test_people_with_a_gap_are_counted_and_left_out_where_it_matters(tmp_path):
    given = answers_of(1)
    given["RT 02"][3][0] = ""
    wave = evaluate_instruments(study_with(tmp_path, given, answers_of(40))).instruments[0].main
    assert (wave.n, wave.incomplete, wave.persons["RT 02"]) == (28, 1, 13)
    assert [scale.alpha.n for scale in wave.scales] == [28, 28, 29]


def test_a_pilot_of_one_wave_is_enough(tmp_path):
    for number, (pre, post, main) in enumerate([(draw(1, 29), None, "pre"), (None, draw(1, 29), "post")]):
        (tmp_path / main).mkdir()
        found = evaluate_instruments(knowledge_study(tmp_path / main, {"RT 01": pre} if number == 0 else {}, {"RT 01": post} if number else {})).instruments[0]
        assert [wave.n for wave in found.waves] == ([29, 0] if number == 0 else [0, 29])
        assert found.main.wave == main and found.main.scales[0].alpha.alpha == pytest.approx(alpha(draw(1, 29)))


def test_an_rt_that_cannot_be_used_is_listed_and_the_others_are_not_hurt(tmp_path, result):
    given = answers_of(1) | {"RT 09": [["entah", *random_answers(9, 1)[0][1:]]]}
    found = evaluate_instruments(study_with(tmp_path, given, answers_of(40)))
    assert [(lost.rt, lost.code) for lost in found.missing] == [("RT 09", "rt_cannot_be_analysed")]
    assert found.instruments == result.instruments
    with pytest.raises(BaksosError) as refused:
        evaluate_instruments(study_with(tmp_path, {"RT 09": [["entah", *random_answers(9, 1)[0][1:]]]}, {"RT 09": random_answers(8, 3)}))
    assert refused.value.code == "no_answers_at_all"
    assert {finding.code for finding in refused.value.findings} == {"answer_unreadable"}


def test_names_and_order_of_rts_change_no_number(tmp_path, result):
    renamed = {f"RT 5{number}": given for number, given in enumerate(reversed(answers_of(1).values()))}
    again = {f"RT 5{number}": given for number, given in enumerate(reversed(answers_of(40).values()))}
    one = result.to_frame()
    other = evaluate_instruments(study_with(tmp_path, renamed, again)).to_frame()
    one, other = (frame[frame["rt"] == ""] for frame in (one, other))
    assert (one.drop(columns="value").reset_index(drop=True) == other.drop(columns="value").reset_index(drop=True)).all(axis=None)
    assert other["value"].astype(float).to_numpy() == pytest.approx(one["value"].astype(float).to_numpy(), rel=1e-7, abs=1e-7, nan_ok=True)


@pytest.mark.parametrize("count", [1, 4])
def test_a_handful_of_people_is_counted_but_not_measured(tmp_path, count):
    found = evaluate_instruments(study_with(tmp_path, {"RT 01": random_answers(1, count)}, {"RT 02": random_answers(2, 2)}))
    for one in found.instruments:
        assert one.verdict is Consistency.TOO_FEW and one.main.n == count
        numbers = [value for wave in one.waves for leaf in (*(scale.alpha for scale in wave.scales), *(item.reliability for item in wave.items))
                   for value in leaf if isinstance(value, float)]
        assert numbers and all(map(math.isnan, numbers))


def test_constant_items_are_named_and_the_rest_is_computed(tmp_path):
    table = draw(1, 40)
    table[:, 2] = 1
    worth = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": table}, {"RT 01": draw(2, 40)})).instruments[0].main
    assert worth.constant == ("p3",) and worth.scales[0].alpha.n_constant == 1
    assert worth.items[2].standing is Standing.NOT_COMPUTED and worth.items[2].reliability.note == "constant_item"
    assert worth.items[2].right.share == 1 and worth.items[2].right.low < 1
    assert worth.scales[0].alpha.alpha == pytest.approx(alpha(table), rel=1e-9)


def test_a_wrong_key_shows_as_an_item_against_the_rest(tmp_path):
    table = draw(1, 200, 12)
    table[:, 5] = 1 - table[:, 5]
    rng = np.random.default_rng(1)
    table[:, 8] = rng.permutation(table[:, 8])      # by chance, not against the others
    worth = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": table}, {})).instruments[0].main
    assert [item.item.id for item in worth.standing(Standing.NEGATIVE)] == ["p6"]


def test_an_item_may_stand_only_by_being_part_of_the_total(tmp_path):
    rng = np.random.default_rng(3)
    table = (rng.random((60, 5)) < 0.5).astype(float)
    worth = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": table}, {})).instruments[0].main
    inflated = worth.standing(Standing.INFLATED)
    assert inflated and all(item.reliability.item_total > item.critical.r >= item.reliability.item_rest for item in inflated)
    assert len(worth.standing(*Standing)) == 5


@pytest.mark.parametrize(("table", "verdict"), [
    (np.where(np.arange(60)[:, None] % 7 == np.arange(10), 0.0, np.arange(60)[:, None] % 2), Consistency.CONSISTENT),
    (draw(4, 300, 4), Consistency.LOW),
    (draw(4, 25, 12), Consistency.UNCERTAIN),
    (np.array([[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]] * 8 + [[1, 1, 1, 0]]), Consistency.NEGATIVE),
    (np.array([[1.0, 0], [0, 1]] * 8), Consistency.NOT_COMPUTED),
])
def test_the_verdict_comes_from_the_interval_of_alpha(tmp_path, table, verdict):
    found = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": table}, {})).instruments[0]
    assert found.verdict is verdict


def test_without_a_total_items_are_compared_with_their_dimension(tmp_path):
    table = draw(1, 80, 9)
    parts = ["x"] * 4 + ["y"] * 4 + [""]
    worth = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": table}, {}, dimensions=parts, total=False)).instruments[0].main
    assert [scale.scale.id for scale in worth.scales] == ["x", "y"]
    assert [item.scale for item in worth.items] == parts
    rest = table[:, 4:8].sum(axis=1) - table[:, 4]
    assert worth.items[4].reliability.item_rest == pytest.approx(np.corrcoef(table[:, 4], rest)[0, 1], rel=1e-9)
    assert worth.items[8].standing is Standing.NOT_COMPUTED


def test_only_items_about_the_rt_are_tested_for_agreement(tmp_path):
    study_with(tmp_path, answers_of(1), answers_of(40))
    path = tmp_path / "rating.toml"
    text = path.read_text(encoding="utf-8")
    for item in ("a1", "a3"):
        text = text.replace(f'id = "{item}"\n', f'id = "{item}"\nlevel = "rt"\n')
    path.write_text(text, encoding="utf-8")
    rating, knowledge = evaluate_instruments(open_study(tmp_path)).instruments
    agreement = rating.main.agreement
    assert [entry.item.id if entry.item else None for entry in agreement] == ["a1", "a3", None] and knowledge.main.agreement == ()
    table = scored(answers_of(1))[0][:, [0, 2]]
    groups = np.repeat([0, 1, 2], [count for _, count in SIZES])
    within = sum(((table[groups == group] - table[groups == group].mean(axis=0)) ** 2).sum(axis=0) for group in range(3)) / 26
    spreads = np.array([table[groups == group].var(axis=0, ddof=1) for group in range(3)])
    assert [entry.within.r_wg for entry in agreement[:2]] == pytest.approx(np.median(np.maximum(0, 1 - spreads / 2), axis=0)) and agreement[2].within is None
    sizes = np.array([count for _, count in SIZES])
    between = sum(size * (table[groups == group].mean(axis=0) - table.mean(axis=0)) ** 2 for group, size in enumerate(sizes)) / 2
    effective = (29 - (sizes**2).sum() / 29) / 2
    assert [entry.between.icc1 for entry in agreement[:2]] == pytest.approx((between - within) / (between + (effective - 1) * within), rel=1e-9)


# ------------------------------------------------------------------------------------------------ Rasch and experts

def simulated() -> tuple[np.ndarray, dict]:
    known = json.loads((ORACLE / "rasch.json").read_text(encoding="utf-8"))["cases"]["simulated"]
    return np.array([[int(answer) for answer in pattern] for pattern, count in known["pattern_counts"].items() for _ in range(count)], dtype=float), known["expected"]


def test_a_wave_of_140_people_has_the_difficulties_that_r_finds(tmp_path):
    table, expected = simulated()
    found = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": table[:60], "RT 02": table[60:]}, {})).instruments[0].rasch
    assert (found.basis, found.persons, found.change.note, found.drift.note) == ("pre", 140, "not_paired", "no_data")
    assert [item.difficulty for item in found.model.items] == pytest.approx(expected["difficulty"], abs=1e-7)
    assert [item.infit for item in found.model.items] == pytest.approx(expected["infit"], abs=1e-7)


def test_people_of_both_waves_are_measured_on_one_scale(tmp_path):
    pre, post = draw(5, 130), draw(5, 130, gain=0.9)
    found = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": pre}, {"RT 01": post})).instruments[0].rasch
    model, change = rasch.logit_change(pre, post)
    assert (found.basis, found.persons) == ("both", 130)
    assert found.change.change == pytest.approx(change.change) and 0.5 < found.change.change < 1.3
    assert [item.difficulty for item in found.model.items] == pytest.approx([item.difficulty for item in model.items])
    assert found.drift.df == 8 and not found.drift.note


@pytest.mark.parametrize(("people_", "items", "reason"), [(99, 9, "too_few"), (120, 7, "too_few_items")])
def test_too_few_people_or_items_give_a_reason(tmp_path, people_, items, reason):
    found = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": draw(5, people_, items)}, {"RT 01": draw(6, people_, items)})).instruments[0].rasch
    assert (found.basis, found.model.fit.note, found.change.note, found.persons) == ("", reason, reason, people_)


def judge(folder: Path, table: list[list[object]]):
    with (folder / "ahli.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(table)
    return evaluate_instruments(study_with(folder, answers_of(1), answers_of(40), more=EXPERTS))


def test_experts_are_counted_and_their_ratings_judged(tmp_path):
    found = judge(tmp_path, [["Ahli", "a1", "a2", "a3"], ["x", 4, 3, 2], ["y", 4, 4, 1], ["z", 3, 4, ""]])
    judged = found.instruments[0].experts
    assert (judged.experts, judged.threshold) == (3, 3) and found.instruments[1].experts is None
    assert [item.v.v for item in judged.items[:3]] == pytest.approx([8 / 9, 8 / 9, 1 / 6])
    assert [item.relevance.i_cvi for item in judged.items[:3]] == [1, 1, 0]
    assert judged.items[3].v.note == "no_data" and judged.scale.items == 3
    assert judged.scale.s_cvi_average == pytest.approx(2 / 3)


def test_a_faulty_table_of_experts_is_told_and_leaves_the_rest_alone(tmp_path, result):
    found = judge(tmp_path, [["Ahli", "a1"], ["x", 9]])
    assert found.instruments == result.instruments
    assert "experts_rating_out_of_range" in [finding.code for finding in found.findings]


# ------------------------------------------------------------------------------------------------------------ ledger

def test_the_ledger_says_everything_once_and_why_a_number_is_missing(tmp_path):
    table = draw(1, 110)
    table[:, 0] = 1
    with (tmp_path / "ahli.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["Ahli", "p1", "p2"], ["x", 4, 3], ["y", 3, 1]])
    frame = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": table}, {"RT 02": draw(2, 3)}, more=EXPERTS)).to_frame()
    assert not frame.duplicated(["study", "rt", "arm", "scale", "item", "method", "measure"]).any()
    assert frame[frame["value"].isna() & (frame["note"] == "")].empty
    methods = set(frame["method"])
    assert {"alpha_pre", "omega_pre", "ends_pre", "standing_pre", "reliability_post", "aiken_v", "relevance", "rasch", "rasch_fit", "rasch_score_3"} <= methods
    place = (frame["method"] == "reliability_pre") & (frame["item"] == "p1") & (frame["measure"] == "item_rest")
    assert frame.loc[place, "note"].tolist() == ["constant_item"]
    people_of = frame[(frame["method"] == "people_pre") & (frame["rt"] != "")]
    assert dict(zip(people_of["rt"], people_of["value"], strict=True)) == {"RT 01": 110, "RT 02": 0}


def test_written_twice_it_is_the_same(result, tmp_path):
    for name in ("one.csv", "two.csv"):
        ledger.write(result.to_frame(), tmp_path / name)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    again = ledger.read(tmp_path / "one.csv")
    assert len(again) == len(result.to_frame()) and again["value"].notna().sum() == result.to_frame()["value"].notna().sum()
