"""What must hold of every number that any report prints, whatever the design and the answers.

For random small studies of every design (paired, anonymous, three waves, persons or RTs compared, doses, declared categories
and the habitual test, and the test of the instruments): each number is there or has a reason; the order of rows and
columns, other columns, other ids and other names of RTs change nothing; swapping before and after flips what has a sign.
"""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.instruments import evaluate_instruments
from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.study.study import Study, open_study
from tests.knowledge import draw, knowledge_study
from tests.studies import only_one_item, study_of


class Sheet(NamedTuple):
    """One invented person: RT, group, dose and the answers of three waves (``None`` where the person was absent)."""

    rt: str
    arm: str
    dose: str
    pre: list[object] | None
    post: list[object] | None
    delayed: list[object] | None


class Design(NamedTuple):
    """What a study declares beside its questionnaires."""

    anonymous: bool = False
    delayed: bool = False
    more: str = ""
    columns: str = ""
    categories: str = ""
    single: bool = False


RITUAL = '[analysis]\ntest = "spss-ritual"\n'
GROUPS = '[comparison]\nprogramme = ["E"]\ncomparison = ["C"]\n'
DESIGNS = {
    "paired": Design(columns='[columns.dose]\nmasker = "Masker"\n'),
    "paired with everything declared": Design(more=RITUAL, categories="interval5", columns='[columns.dose]\nmasker = "Masker"\n', single=True),
    "anonymous": Design(anonymous=True),
    "anonymous with everything declared": Design(anonymous=True, more=RITUAL, categories="azwar3"),
    "three waves": Design(delayed=True),
    "persons compared": Design(more=GROUPS, columns='arm = "Kelompok"\n'),
    "RTs compared": Design(more='[comparison]\nrts = ["RT 03"]\nprimary = "ancova"\n'),
}
NAMES = {"RT 01": "RT 07", "RT 02": "RT 01", "RT 03": "RT 04"}
WAVES = ("pre", "post", "delayed")
FEW = settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Every example is a whole study evaluated two or three times; a failing one is printed as it is, since shrinking it would take minutes."""

ratings = st.lists(st.sampled_from([1, 2, 3, 4, 5, 5, ""]), min_size=4, max_size=4)
rights = st.lists(st.sampled_from(["B", "S", "B", ""]), min_size=4, max_size=4)
answers = st.tuples(ratings, rights).map(lambda both: [*both[0], *both[1]])
sheets = st.lists(st.builds(Sheet, st.sampled_from(list(NAMES)), st.sampled_from("EEC"), st.sampled_from(["0", "1", "2", "3,5", ""]), answers | st.none(), answers, answers | st.none()),
                  min_size=6, max_size=40)
random_sheets = st.integers(0, 2**20).map(lambda seed: drawn(random.Random(seed)))


def drawn(draws: random.Random) -> list[Sheet]:
    """People enough for every statistic, whose answers hang together."""
    found = []
    for rt, count in zip(NAMES, (draws.randint(8, 14) for _ in NAMES), strict=True):
        for _ in range(count):
            level, rise, arm = draws.gauss(3, 0.8), draws.gauss(0.5, 0.6), draws.choice("EEC")
            waves = [[min(5, max(1, round(draws.gauss(6 - at if item == 1 else at, 0.6)))) for item in range(4)]
                     + ["BS"[(draws.random() < 0.4 + 0.1 * at) ^ (item % 2 == 0)] for item in range(4)] for at in (level, level + rise, level + rise / 2)]
            found.append(Sheet(rt, arm, str(draws.randint(0, 3)), *(wave if draws.random() < 0.95 else None for wave in waves)))
    return found


def made(folder: Path, design: Design, told: list[Sheet], *, swap: bool = False, disorder: int = 0) -> Study:
    """The study in ``folder``; with ``disorder`` its rows, columns and ids are others and there are columns that nobody asked for."""
    folder.mkdir()
    waves = WAVES if design.delayed else WAVES[:2]
    code = {number: f"{'q' if disorder else 'xy'}{number:03d}" for number in range(len(told))}
    order = dict(zip(waves, (("post", "pre", "delayed") if swap else WAVES), strict=False))
    tables = {wave: [(one.rt, code[number], [*getattr(one, order[wave]), one.arm, one.dose]) for number, one in enumerate(told) if getattr(one, order[wave])] for wave in waves}
    study = study_of(folder, tables["pre"], tables["post"], delayed=tables.get("delayed"), anonymous=design.anonymous, more=design.more, columns=design.columns,
                     also=["Kelompok", "Masker"])
    file = folder / "rating.toml"
    if design.categories:
        file.write_text(file.read_text(encoding="utf-8").replace("[scoring]", f'[scoring]\ncategories = "{design.categories}"'), encoding="utf-8")
    if disorder:
        for wave in waves:
            with (folder / f"{wave}.csv").open(encoding="utf-8", newline="") as stream:
                head, *body = csv.reader(stream)
            random.Random(disorder).shuffle(body)
            places = random.Random(disorder + 1).sample(range(len(head)), len(head))
            with (folder / f"{wave}.csv").open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([["Catatan", *(head[place] for place in places)], *(["x", *(row[place] for place in places)] for row in body)])
    study = open_study(folder)
    return only_one_item(study) if design.single else study


def numbers(study: Study) -> pd.DataFrame:
    """Every number of every report of a study, by where it stands; the test of the instruments included."""
    evaluations, missing = evaluate_all(study)
    frames = [evaluation.to_frame() for evaluation in evaluations]
    frames += [summarise(study, evaluations, missing, None if study.is_anonymous else evaluate_programme(study)).to_frame().assign(study="recap")]
    try:
        frames += [evaluate_instruments(study).to_frame().assign(study="instruments")]
    except BaksosError as refused:
        assert refused.findings
    frame = pd.concat(frames, ignore_index=True)
    frame["value"] = pd.to_numeric(frame["value"])
    return frame.set_index(["study", "rt", "arm", "scale", "item", "method", "measure"]).sort_index()


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    assert list(one.index) == list(other.index)
    assert (one["note"] == other["note"]).all()
    # an iterative fit stops within its own tolerance of the same answer
    assert np.allclose(one["value"], other["value"], rtol=1e-6, atol=1e-7, equal_nan=True), one[~np.isclose(one["value"], other["value"], rtol=1e-6, atol=1e-7, equal_nan=True)]


def renamed(frame: pd.DataFrame) -> pd.DataFrame:
    levels = frame.index.to_frame(index=False).replace({"rt": NAMES})
    return frame.set_axis(pd.MultiIndex.from_frame(levels), axis=0).sort_index()


@pytest.mark.parametrize("name", DESIGNS)
@FEW
@given(told=st.one_of(sheets, random_sheets), disorder=st.integers(1, 999))
def test_order_other_columns_ids_and_names_of_rts_change_nothing(tmp_path_factory, name: str, told: list[Sheet], disorder: int) -> None:
    design, folder = DESIGNS[name], tmp_path_factory.mktemp("any")
    plain = numbers(made(folder / "plain", design, told))
    assert plain[plain["value"].isna() & (plain["note"] == "")].empty
    assert not plain.index.has_duplicates
    assert_same(plain, numbers(made(folder / "disordered", design, told, disorder=disorder)))
    elsewhere = design._replace(more=design.more.replace("RT 03", NAMES["RT 03"]))
    assert_same(renamed(plain), numbers(made(folder / "renamed", elsewhere, [one._replace(rt=NAMES[one.rt]) for one in told])))


CHANGES = {
    "mean_change": ("change", "statistic"), "d_z": ("d", "g"), "d_av": ("d", "g"), "rank_biserial": ("r",), "hodges_lehmann": ("estimate",), "spss_signed_rank": ("z",),
    "proportion": ("change",), "all_available": ("change",), "ritual": ("statistic",),
    "welch": ("change", "statistic"), "cliff_delta": ("delta",), "standardised": ("d",), "student": ("change", "statistic"), "share": ("change",), "difference": ("change", "statistic"),
    "unit": ("change",), "shrunken": ("estimate",), "pooled": ("estimate",), "rt_means": ("mean", "statistic"), "mixed_model": ("estimate",),
    "comparison_difference": ("difference", "statistic"), "comparison_within_rts": ("difference", "statistic"), "comparison_cliff_delta": ("delta",),
    "arm": ("change",), "waves_change_pre_post": ("change", "statistic"), "waves_pooled_pre_post": ("estimate",), "waves_rt_means_pre_post": ("mean", "statistic"),
}
SIZES = {"mean_change": ("n", "p", "sd_change", "df"), "signed_rank": ("n", "p"), "direction": ("same", "p"), "welch": ("p",), "pooled": ("k", "p", "tau2", "i2", "q"), "rt_means": ("p",),
         "comparison_difference": ("p",), "comparison_randomisation": ("p", "smallest_p"), "waves_friedman": ("statistic", "p", "kendall_w"), "waves_repeated_measures": ("f", "p"),
         "waves_pooled_pre_post": ("p", "tau2"), "rank_sum": ("p",), "superiority": ("p",), "equivalence": ("p",), "right": ("p_exact", "p_mid"), "correlation": ("r", "low", "high"),
         "ritual": ("p",), "mixed_model": ("between_variance", "residual_variance", "intraclass_correlation", "standard_error")}


@pytest.mark.parametrize("name", DESIGNS)
@FEW
@given(told=st.one_of(sheets, random_sheets))
def test_swapping_before_and_after_flips_every_sign(tmp_path_factory, name: str, told: list[Sheet]) -> None:
    folder = tmp_path_factory.mktemp("swap")
    forward, backward = (numbers(made(folder / str(swap), DESIGNS[name], told, swap=swap)) for swap in (False, True))
    assert list(forward.index) == list(backward.index)
    there, back = (frame.reset_index() for frame in (forward, backward))
    flipped = [measure in CHANGES.get(method, ()) for method, measure in zip(there["method"], there["measure"], strict=True)]
    kept = [measure in SIZES.get(method, ()) for method, measure in zip(there["method"], there["measure"], strict=True)]
    for chosen, sign in ((flipped, -1), (kept, 1)):
        expected, found = sign * there.loc[chosen, "value"], back.loc[chosen, "value"]
        same = np.isclose(expected, found, rtol=1e-6, atol=1e-7, equal_nan=True)
        assert same.all(), pd.concat([there[chosen][~same], back[chosen][~same]["value"]], axis=1)


def test_every_sign_is_looked_at_in_some_design(tmp_path) -> None:
    """The tables above name methods and measures that exist."""
    seen = set()
    for place, design in enumerate(DESIGNS.values()):
        frame = numbers(made(tmp_path / str(place), design, drawn(random.Random(3)))).reset_index()
        seen |= set(zip(frame["method"], frame["measure"], strict=True))
    for table in (CHANGES, SIZES):
        assert {(method, measure) for method, measures in table.items() for measure in measures} - seen == set()


def test_a_rasch_model_is_the_same_whatever_order_people_items_and_rts_come_in(tmp_path) -> None:
    pre = {"RT 01": draw(1, 60), "RT 02": draw(2, 55)}
    post = {"RT 01": draw(3, 60, gain=0.5), "RT 02": draw(4, 55, gain=0.5)}
    frames = []
    for name, change in (("one", lambda rows: rows), ("two", lambda rows: rows[::-1])):
        (tmp_path / name).mkdir()
        told = [{rt: change(rows) for rt, rows in reversed(wave.items())} if name == "two" else wave for wave in (pre, post)]
        frames.append(evaluate_instruments(knowledge_study(tmp_path / name, *told)).to_frame())
    one, two = (frame[frame["method"].str.startswith("rasch")].set_index(["item", "method", "measure"]) for frame in frames)
    assert len(one) > 50 and list(one.index) == list(two.index)
    values = [pd.to_numeric(frame["value"]) for frame in (one, two)]
    assert np.allclose(*values, rtol=1e-6, atol=1e-7, equal_nan=True)
    assert not [row for row in one.itertuples() if (row.value is None or math.isnan(row.value)) and not row.note]
