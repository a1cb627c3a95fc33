"""A plan follows from its assumptions, says what is missing, and reads nothing of the answers."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.planning import ICCS, MAIN, PAIRS, PEOPLE_PER_RT, plan_study
from baksos_eval.stats import planning
from baksos_eval.study.study import open_study

CONTOH = Path(__file__).parents[2] / "data" / "contoh"


@pytest.fixture(scope="module")
def study():
    return open_study(CONTOH)


def test_the_main_plan_is_the_cell_of_its_assumptions(study):
    plan = plan_study(study).scales[1]
    assert (plan.scale.instrument, plan.scale.id, plan.delta, plan.declared) == ("ketahanan_sosial", "total", 0.25, False)
    assert plan.sds == pytest.approx((0.5, 4 / 6, 1.0))
    assert plan.effect == pytest.approx(0.25 / (4 / 6))     # r = 0.5: the SD of the change is that of the scores
    assert plan.main == plan.pairs[MAIN][1] == planning.paired_sample(0.375)
    assert plan.smallest[PAIRS.index(60)][0] == pytest.approx(planning.smallest_effect(60).effect * 4 / 6)
    assert plan.rts[PEOPLE_PER_RT.index(20)][ICCS.index(0.05)] == planning.rts_sample(plan.effect, 20, 0.05)


def test_more_spread_and_less_correlation_need_more_people(study):
    for plan in plan_study(study).planned:
        grid = [[one.pairs for one in row] for row in plan.pairs]
        assert all(row == sorted(row, reverse=True) for row in grid) and all(list(column) == sorted(column) for column in zip(*grid, strict=True))
        assert all([one.rts for one in row] == sorted(one.rts for one in row) for row in plan.rts)
        assert all(two.programme > one.pairs for ones, twos in zip(plan.pairs, plan.comparison, strict=True) for one, two in zip(ones, twos, strict=True))
        assert plan.anonymous[MAIN].programme > plan.main.pairs


def test_what_a_lecturer_declares_is_used(study):
    plan = plan_study(study, "pengetahuan_covid19", smallest_change=5, standard_deviation=15, correlation=0.6, people_per_rt=12, icc=0.02).scales[0]
    assert (plan.delta, plan.sds[MAIN], plan.declared) == (5, 15, True)
    assert plan.effect == pytest.approx(5 / (15 * math.sqrt(0.8)))
    assert len(plan.pairs[0]) == 4 and len(plan.rts) == len(PEOPLE_PER_RT) + 1 and len(plan.rts[0]) == len(ICCS) + 1


def test_without_a_smallest_change_there_is_no_number_of_people(tmp_path):
    text = (CONTOH.parents[1] / "baksos_eval" / "study" / "bundled" / "ketahanan_sosial.toml").read_text(encoding="utf-8")
    (tmp_path / "milik.toml").write_text(text.replace("smallest_change = 0.25", ""), encoding="utf-8")
    (tmp_path / "study.toml").write_text('id = "a"\ntitle = { id = "a", en = "a" }\nyear = 2026\ninstruments = ["milik.toml"]\n[[files]]\nfile = "belum ada.csv"\nwave = "pre"\n', encoding="utf-8")
    made = plan_study(open_study(tmp_path))
    assert made.planned == () and made.scales[0].main is None and made.scales[0].pairs == () and len(made.scales[0].smallest) == len(PAIRS)


def test_a_plan_needs_no_answers(tmp_path, study):
    shutil.copy(CONTOH / "study.toml", tmp_path)
    assert plan_study(open_study(tmp_path)).scales == plan_study(study).scales


@pytest.mark.parametrize(("given", "code"), [
    ({"instrument": "lain"}, "plan_instrument_unknown"), ({"smallest_change": 1.0}, "plan_needs_instrument"), ({"standard_deviation": 1.0}, "plan_needs_instrument"),
    ({"correlation": 1.0}, "plan_number_impossible"), ({"loss": 1.0}, "plan_number_impossible"), ({"people_per_rt": 0}, "plan_number_impossible"),
    ({"icc": -0.1}, "plan_number_impossible"), ({"power": 1.0}, "plan_number_impossible"), ({"alpha": 0.0}, "plan_number_impossible"), ({"power": math.nan}, "plan_number_impossible")])
def test_impossible_plans_are_refused(study, given, code):
    with pytest.raises(BaksosError) as refused:
        plan_study(study, **given)
    assert refused.value.code == code
