"""The pass over a whole study says of every RT what the RT alone says."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from baksos_eval.intake.intake import list_rts, pair_and_score, prepare
from baksos_eval.intake.pairing import pair, pair_each
from baksos_eval.intake.responses import read_responses
from baksos_eval.intake.scoring import read_answers, score_items, score_scales
from baksos_eval.study.study import Study, open_study
from tests.intake.small import write_csv, write_study

HEAD = 'waves = ["pre", "post", "delayed"]\n'
LONG = """[columns]
id = "Kode"
rt = "RT"
wave = "Tes"
consent = "Setuju"
profile = { usia = "Usia" }
[answers]
duplicates = "RULE"
unreadable = "blank"
[[files]]
file = "semua.csv"
"""
ITEMS = ["a1", "a2", "a3", "k1", "k2", "k3", "k4", "k5", "k6"]


def messy(folder: Path, rule: str) -> Study:
    """Some RTs with everything that goes wrong with people: refusals, missing and repeated ids, people in one wave only, unknown answers."""
    dice = random.Random(rule)
    rows: list[list[str]] = [["Kode", "RT", "Tes", "Setuju", "Usia", *ITEMS]]
    for rt in ("RT 01", "RT 2", "RT 03"):
        for person in range(30):
            for wave in ("Pre", "Post", "Tunda"):
                for _ in range(dice.choices((0, 1, 2), (1, 8, 1))[0]):
                    rows.append([dice.choices(("", f"K{person}", f"k-{person}"), (1, 9, 3))[0], rt, wave, dice.choices(("ya", "tidak"), (15, 1))[0], dice.choice(("", "30", "41")),
                                 *dice.choices(("1", "2", "3", "4", "", "entah"), (4, 4, 4, 4, 1, 1), k=3), *dice.choices(("B", "S", "x"), (5, 5, 1), k=6)])
    dice.shuffle(body := rows[1:])
    write_study(folder, HEAD + LONG.replace("RULE", rule), ("sikap.toml", "tahu.toml"))
    write_csv(folder / "semua.csv", [rows[0], *body])
    return open_study(folder)


@pytest.mark.parametrize("rule", ["refuse", "first", "last", "first_pre_last_post"])
def test_all_rts_at_once_are_each_rt_by_itself(tmp_path: Path, rule: str):
    study = messy(tmp_path, rule)
    responses = read_responses(study)
    everybody = pair_and_score(study)
    assert list_rts(study) == ("RT 01", "RT 02", "RT 03")
    for rt in list_rts(study):
        rows = responses.frame[responses.frame["rt"] == rt]
        alone = pair(rows, study, rt)
        data, pairing = everybody.of(rt)
        assert pairing.flow == alone.flow and pairing.later == alone.later and repr(pairing.findings) == repr(alone.findings)
        pd.testing.assert_frame_equal(pairing.people, alone.people)
        assert sum(alone.flow[1:3]) > 10 and alone.flow.both > 2
        found = []
        for wave in study.waves:
            labels = alone.people[wave].to_numpy()
            headers = {(file, sheet): columns for (file, sheet, which), columns in responses.headers.items() if which == wave}
            for instrument in study.questionnaires:
                codes, faults = read_answers(rows.loc[labels[labels >= 0]], instrument, study.answers, headers, rt, study.language, responses.private)
                items = score_items(codes, instrument)
                assert data.codes[wave][instrument.id][labels >= 0].to_numpy().tolist() == codes.to_numpy().tolist()
                assert data.codes[wave][instrument.id][labels < 0].isna().all(axis=None)
                np.testing.assert_array_equal(data.items[wave][instrument.id][labels >= 0], items)
                np.testing.assert_array_equal(data.scores[wave][instrument.id][labels >= 0], score_scales(items, instrument))
                found += faults
        assert found and repr(everybody.faults(rt)) == repr(found)


def test_an_rt_without_questionnaires_has_nobody(tmp_path: Path):
    everybody = pair_and_score(messy(tmp_path, "refuse"))
    data, pairing = everybody.of("RT 09")
    assert (len(pairing.people), data.flow.both, len(data.scores["pre"]["sikap"]), list(data.profile)) == (0, 0, 0, ["usia"])


def test_each_rt_is_paired_with_its_own_people(tmp_path: Path):
    study = messy(tmp_path, "first")
    pairings = pair_each(read_responses(study).frame, study)
    ends = list(pairings.bounds.values())
    assert ends[0][0] == 0 and ends[-1][1] == len(pairings.people) and all(first[1] == second[0] for first, second in zip(ends, ends[1:], strict=False))


def test_what_a_report_changes_stays_its_own(tmp_path: Path):
    study = messy(tmp_path, "first")
    before = prepare(study, "RT 01").scores["pre"]["sikap"]["total"].tolist()
    scores = prepare(study, "RT 01").scores["pre"]["sikap"]
    scores.loc[:, "total"] = 0.0
    np.testing.assert_array_equal(prepare(study, "RT 01").scores["pre"]["sikap"]["total"], before)
