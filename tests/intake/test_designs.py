"""Anonymous questionnaires are never paired and lose nobody; later waves leave the main comparison alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.intake.intake import prepare
from baksos_eval.intake.pairing import pair
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import Answers, Study, open_study

from .small import POST, PRE, TWO_FILES, check, codes, found, refusal, two_files, write_csv, write_study

ANONYMOUS = '[answers]\npairing = "anonymous"\n'
WITHOUT_ID = ANONYMOUS + TWO_FILES.replace('id = "Kode"', "")
THREE = 'waves = ["pre", "post", "delayed"]\n' + TWO_FILES + '[[files]]\nfile = "delayed.csv"\nwave = "delayed"\nrt = "RT 04"\n'
DELAYED = [["Kode", "a1", "a2", "a3"], ["AB1", "4", "1", "3"], ["EF3", "2", "2", "3"], ["ZZ9", "1", "4", "1"]]
ROW = st.tuples(st.sampled_from(("pre", "post", "delayed")), st.sampled_from(("", "a", "b", "c", "d")), st.booleans())
RULES = ("refuse", "first", "last")


def bare(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows without their codes."""
    return [list(row[1:]) for row in rows]


def three_files(folder: Path, delayed: Sequence[Sequence[str]] = DELAYED, body: str = THREE) -> Study:
    write_study(folder, body)
    for wave, rows in (("pre", PRE), ("post", POST), ("delayed", delayed)):
        write_csv(folder / f"{wave}.csv", rows)
    return open_study(folder)


def scores(study: Study, wave: str) -> list[float]:
    return prepare(study, "RT 04").scores[wave]["sikap"]["total"].tolist()


# ------------------------------------------------------------------------------------------------- anonymous people

def test_every_anonymous_questionnaire_is_a_person_of_its_own(tmp_path: Path):
    study = two_files(tmp_path, bare(PRE), bare(POST[:-1]), WITHOUT_ID)
    data = prepare(study, "RT 04")
    assert data.flow == ("RT 04", 5, 4, 0, 0, 0, 0, 0, 0, 5, 4, 0)
    total = {wave: data.scores[wave]["sikap"]["total"] for wave in ("pre", "post")}
    assert [int(values.notna().sum()) for values in total.values()] == [5, 4]
    assert not (total["pre"].notna() & total["post"].notna()).any()
    assert codes(check(study)) == ["few_people"]


def test_the_order_of_anonymous_rows_changes_nothing(tmp_path: Path):
    plain = two_files(tmp_path / "a", bare(PRE), bare(POST), WITHOUT_ID)
    turned = two_files(tmp_path / "b", [PRE[0][1:], *reversed(bare(PRE[1:]))], [POST[0][1:], *reversed(bare(POST[1:]))], WITHOUT_ID)
    for wave in ("pre", "post"):
        assert prepare(plain, "RT 04").codes[wave]["sikap"].equals(prepare(turned, "RT 04").codes[wave]["sikap"])


def test_equal_anonymous_answers_are_still_different_people(tmp_path: Path):
    rows = [["a1", "a2", "a3"], *[["3", "2", "3"]] * 6]
    flow = prepare(two_files(tmp_path, rows, [rows[0], *[["4", "1", "4"]] * 7], WITHOUT_ID), "RT 04").flow
    assert (flow.pre_only, flow.post_only, flow.duplicate_pre) == (6, 7, 0)


def test_ids_are_not_read_where_people_are_declared_anonymous(tmp_path: Path):
    study = two_files(tmp_path, body=ANONYMOUS + TWO_FILES)
    assert prepare(study, "RT 04").flow.both == 0
    assert found(study, "anonymous_with_ids").details["columns"] == ("Kode",)
    without = two_files(tmp_path / "b", bare(PRE), bare(POST), ANONYMOUS + TWO_FILES)
    assert not [finding for finding in check(without) if finding.fatal]


def test_answers_side_by_side_are_not_paired_either(tmp_path: Path):
    write_study(tmp_path, ANONYMOUS + '[[files]]\nfile = "lebar.csv"\nrt = "RT 04"\nwide = { pre = "Pre {item}", post = "Post {item}" }\n')
    head = [f"{wave} {item}" for wave in ("Pre", "Post") for item in ("a1", "a2", "a3")]
    write_csv(tmp_path / "lebar.csv", [head, list("123321"), ["1", "1", "1", "", "", ""]])
    study = open_study(tmp_path)
    flow = prepare(study, "RT 04").flow
    assert (flow.pre_only, flow.post_only, flow.both) == (2, 1, 0)
    assert found(study, "anonymous_side_by_side").where[0].file == "lebar.csv"


def test_without_consent_an_anonymous_questionnaire_is_left_out_and_counted(tmp_path: Path):
    body = WITHOUT_ID.replace("[columns]", '[columns]\nconsent = "Setuju"')
    pre, post = ([[*table[0], "Setuju"], *([*row, answer] for row, answer in zip(table[1:], answers, strict=True))]
                 for table, answers in ((bare(PRE), ["ya", "tidak", "ya", "ya", ""]), (bare(POST), ["ya"] * 5)))
    study = two_files(tmp_path, pre, post, body)
    assert prepare(study, "RT 04").flow == ("RT 04", 5, 5, 2, 0, 0, 0, 0, 0, 3, 5, 0)
    finding = found(study, "questionnaires_without_consent")
    assert (finding.count, [where.row for where in finding.where]) == (2, [3, 6])


@given(st.lists(ROW.filter(lambda row: row[0] != "delayed"), max_size=20))
def test_the_flow_of_anonymous_people_closes(rows):
    flow = pair(responses(rows), Study.model_construct(answers=Answers(pairing="anonymous")), "RT 04").flow
    assert (flow.refused_pre + flow.pre_only, flow.refused_post + flow.post_only) == (flow.rows_pre, flow.rows_post)
    assert flow.both == flow.no_id_pre == flow.duplicate_pre == 0


# ------------------------------------------------------------------------------------------------------ later waves

def responses(rows: list[tuple[str, str, bool]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["wave", "person", "consent"])
    return frame.assign(rt="RT 04", file="a.csv", sheet="", row=range(2, len(rows) + 2), wave=pd.Categorical(frame["wave"], categories=["pre", "post", "delayed"]),
                        person=frame["person"].astype(object), consent=frame["consent"].astype(bool))


def three_waves(rule: str) -> Study:
    return Study.model_construct(answers=Answers(duplicates=rule), waves=("pre", "post", "delayed"), wave_labels={})


@given(st.lists(ROW, max_size=25), st.sampled_from(RULES))
def test_the_flow_of_a_later_wave_closes(rows, rule):
    result = pair(responses(rows), three_waves(rule), "RT 04")
    (later,) = result.later
    assert later.rows == later.refused + later.no_id + later.duplicate + later.unpaired + later.paired
    assert later.paired <= result.flow.both


@given(st.lists(ROW.map(lambda row: (row[0], row[1], True)), max_size=25), st.sampled_from(RULES))
def test_a_later_wave_leaves_the_main_comparison_alone(rows, rule):
    main = [row for row in rows if row[0] != "delayed"]
    assert pair(responses(rows), three_waves(rule), "RT 04").flow == pair(responses(main), three_waves(rule), "RT 04").flow


def test_a_third_file_is_a_third_wave(tmp_path: Path):
    study = three_files(tmp_path)
    data = prepare(study, "RT 04")
    assert data.flow == ("RT 04", 5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 5)
    assert data.later == (("delayed", 3, 0, 0, 0, 1, 2),)
    assert scores(study, "pre")[:5] == scores(two_files(tmp_path / "b"), "pre")
    assert data.scores["delayed"]["sikap"]["total"].round(3).fillna(-1).tolist() == [3.667, -1, 2.667, -1, -1, 1]
    assert codes(check(study)) == []


def test_a_third_wave_in_rows_and_side_by_side_says_the_same(tmp_path: Path):
    apart = three_files(tmp_path / "a")
    write_study(tmp_path / "b", 'waves = ["pre", "post", "delayed"]\n[columns]\nid = "Kode"\nwave = "Tes"\n[[files]]\nfile = "semua.csv"\nrt = "RT 04"\n')
    rows = [[*PRE[0], "Tes"], *([*row, "pretest"] for row in PRE[1:]), *([*row, "postes"] for row in POST[1:]), *([*row, "Tes susulan"] for row in DELAYED[1:])]
    write_csv(tmp_path / "b" / "semua.csv", rows)
    write_study(tmp_path / "c", 'waves = ["pre", "post", "delayed"]\n[columns]\nid = "Kode"\n[[files]]\nfile = "lebar.csv"\nrt = "RT 04"\n'
                'wide = { pre = "Pre{item}", post = "Post{item}", delayed = "Del{item}" }\n')
    later = {row[0]: row[1:] for row in DELAYED[1:]}
    wide = [["Kode", *(f"{wave}{item}" for wave in ("Pre", "Post", "Del") for item in ("a1", "a2", "a3"))],
            *([*before, *after[1:], *later.get(before[0], ["", "", ""])] for before, after in zip(PRE[1:], POST[1:], strict=True)),
            ["ZZ9", *[""] * 6, *later["ZZ9"]]]
    write_csv(tmp_path / "c" / "lebar.csv", wide)
    for other in ("b", "c"):
        data, expected = prepare(open_study(tmp_path / other), "RT 04"), prepare(apart, "RT 04")
        assert (data.flow, data.later) == (expected.flow, expected.later)
        for wave in ("pre", "post", "delayed"):
            assert data.codes[wave]["sikap"].equals(expected.codes[wave]["sikap"])


def test_a_wave_of_ones_own_is_known_by_its_label(tmp_path: Path):
    write_study(tmp_path, 'waves = ["pre", "post", "setahun"]\n[wave_labels]\nsetahun = { id = "setahun kemudian", en = "one year later" }\n'
                '[columns]\nid = "Kode"\nwave = "Tes"\n[[files]]\nfile = "semua.csv"\nrt = "RT 04"\n')
    rows = [[*PRE[0], "Tes"], *([*row, "pre"] for row in PRE[1:]), *([*row, "post"] for row in POST[1:]), *([*row, "Setahun Kemudian"] for row in DELAYED[1:]),
            ["", "4", "4", "4", "one year later"]]
    write_csv(tmp_path / "semua.csv", rows)
    study = open_study(tmp_path)
    assert prepare(study, "RT 04").later[0][:2] == ("setahun", 4)
    finding = found(study, "later_wave_left_out")
    assert (finding.count, finding.details["no_id"], [where.row for where in finding.where]) == (1, 1, [15])
    assert ["setahun kemudian" in describe(finding, words("id"))[0], "one year later" in describe(finding, words("en"))[0]] == [True, True]


def test_an_id_twice_in_a_later_wave_costs_only_that_wave(tmp_path: Path):
    study = three_files(tmp_path, [*DELAYED, ["ab-1", "1", "1", "1"]])
    data = prepare(study, "RT 04")
    assert (data.flow.both, data.flow.duplicate_pre, data.later[0].duplicate, data.later[0].paired) == (5, 0, 2, 1)
    assert found(study, "later_wave_left_out").details["duplicate"] == 2


def test_who_refuses_later_is_left_out_of_everything(tmp_path: Path):
    body = THREE.replace('id = "Kode"', 'id = "Kode"\nconsent = "Setuju"')
    write_study(tmp_path, body)
    for wave, rows, answers in (("pre", PRE, ["ya"] * 5), ("post", POST, ["ya"] * 5), ("delayed", DELAYED, ["tidak", "ya", "ya"])):
        write_csv(tmp_path / f"{wave}.csv", [[*rows[0], "Setuju"], *([*row, answer] for row, answer in zip(rows[1:], answers, strict=True))])
    data = prepare(open_study(tmp_path), "RT 04")
    assert (data.flow.refused_pre, data.flow.refused_post, data.flow.both) == (1, 1, 4)
    assert data.later[0].refused == 1


def test_a_later_wave_before_the_earlier_one_is_refused(tmp_path: Path):
    body = THREE.replace('id = "Kode"', 'id = "Kode"\ntime = "Waktu"')
    write_study(tmp_path, body)
    for wave, rows, day in (("pre", PRE, "01/08/2021"), ("post", POST, "12/08/2021"), ("delayed", [*DELAYED, ["GH4", "2", "2", "2"]], "05/08/2021")):
        write_csv(tmp_path / f"{wave}.csv", [[*rows[0], "Waktu"], *([*row, f"{day} 9.15.00"] for row in rows[1:])])
    assert "later_wave_too_early" in codes(refusal(open_study(tmp_path)).findings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_about_later_answers_name_the_wave(tmp_path: Path, language: str):
    study = three_files(tmp_path, [DELAYED[0], *([person, "4", "4", "4"] for person in ("AB1", "CD2", "EF3"))])
    said = [describe(finding, words(language))[0] for finding in check(study) if finding.details.get("wave") == "delayed"]
    assert said and all(words(language).text("wave.delayed") in sentence for sentence in said)
