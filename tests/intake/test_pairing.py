"""People are paired by their exact id, nobody is counted twice, and the flow closes whatever the rows say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.intake.intake import prepare
from baksos_eval.intake.pairing import Flow, Pairing, pair
from baksos_eval.report.problems import what_to_do
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import Answers, Study

from .small import POST, PRE, TWO_FILES, Rows, check, codes, found, refusal, two_files

ROW = st.tuples(st.sampled_from(("pre", "post")), st.sampled_from(("", "a", "b", "c", "d", "e")), st.booleans())
RULES = ("refuse", "first", "last")


def responses(rows: list[tuple[str, str, bool]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["wave", "person", "consent"])
    return frame.assign(rt="RT 04", file="a.csv", sheet="", row=range(2, len(rows) + 2), wave=pd.Categorical(frame["wave"], categories=["pre", "post"]),
                        person=frame["person"].astype(object), consent=frame["consent"].astype(bool))


def paired(rows: list[tuple[str, str, bool]], rule: str = "refuse") -> Pairing:
    return pair(responses(rows), Study.model_construct(answers=Answers(duplicates=rule)), "RT 04")


def closes(flow: Flow) -> bool:
    return (flow.rows_pre == flow.refused_pre + flow.no_id_pre + flow.duplicate_pre + flow.pre_only + flow.both
            and flow.rows_post == flow.refused_post + flow.no_id_post + flow.duplicate_post + flow.post_only + flow.both)


@given(st.lists(ROW, max_size=25), st.sampled_from(RULES))
def test_the_flow_closes(rows, rule):
    result = paired(rows, rule)
    assert closes(result.flow)
    assert result.flow.rows_pre == sum(wave == "pre" for wave, _, _ in rows)
    assert len(result.people) == result.flow.pre_only + result.flow.post_only + result.flow.both


@given(st.lists(ROW, max_size=25), st.sampled_from(RULES))
def test_nobody_is_used_twice_and_only_with_consent(rows, rule):
    people = paired(rows, rule).people
    for wave in ("pre", "post"):
        used = [label for label in people[wave] if label >= 0]
        assert len(used) == len(set(used))
        assert all(rows[label][0] == wave and rows[label][1] and rows[label][2] for label in used)
    refused = {person for _, person, consent in rows if not consent}
    assert not any(rows[label][1] in refused for wave in ("pre", "post") for label in people[wave] if label >= 0)
    assert all(rows[before][1] == rows[after][1] for before, after in people.itertuples(index=False) if before >= 0 and after >= 0)


@given(st.lists(ROW, max_size=20).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_changes_nothing(both):
    plain, shuffled = both
    left, right = paired(plain), paired(list(shuffled))
    assert left.flow == right.flow

    def keys(result, rows):
        return [tuple(rows[label][1] if label >= 0 else "" for label in people) for people in result.people.itertuples(index=False)]

    assert keys(left, plain) == keys(right, shuffled)


@given(st.lists(ROW, max_size=20))
def test_somebody_without_a_partner_changes_the_flow_alone(rows):
    more = paired([*rows, ("pre", "z", True)])
    less = paired(rows)
    assert more.flow == less.flow._replace(rows_pre=less.flow.rows_pre + 1, pre_only=less.flow.pre_only + 1)


@given(st.lists(ROW, max_size=20))
def test_swapping_the_waves_swaps_the_flow(rows):
    other = paired([("post" if wave == "pre" else "pre", person, consent) for wave, person, consent in rows]).flow
    flow = paired(rows).flow
    assert (flow.rows_pre, flow.no_id_pre, flow.duplicate_pre, flow.pre_only, flow.both) == (
        other.rows_post, other.no_id_post, other.duplicate_post, other.post_only, other.both)


@pytest.mark.parametrize(("rule", "flow", "kept"), (
    ("refuse", (3, 1, 0, 0, 0, 0, 2, 1, 1, 0, 0), [2]), ("first", (3, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1), [0, 2]), ("last", (3, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1), [1, 2])))
def test_an_id_twice_in_one_wave(rule: str, flow: tuple, kept: list[int]):
    result = paired([("pre", "a", True), ("pre", "a", True), ("pre", "b", True), ("post", "a", True)], rule)
    assert (result.flow[1:], sorted(result.people["pre"])) == (flow, kept)
    finding = result.findings[0]
    assert (finding.code, finding.count, [where.row for where in finding.where]) == (f"duplicate_id_{rule}", 2, [2, 3])


@pytest.mark.parametrize("rule", RULES)
def test_duplicates_are_told_without_the_id(tmp_path: Path, rule: str):
    study = two_files(tmp_path, [*PRE, ["ab-1", "1", "1", "1"]], body=f'[answers]\nduplicates = "{rule}"\n' + TWO_FILES)
    assert f"duplicate_id_{rule}" in codes(check(study))
    data = prepare(study, "RT 04")
    assert data.flow.both == (4 if rule == "refuse" else 5)
    assert data.codes["pre"]["sikap"]["a1"].iloc[0] == {"refuse": "ts", "first": "s", "last": "sts"}[rule]
    assert "AB1" not in repr(data.findings) and "ab-1" not in repr(data.findings)


@pytest.mark.parametrize(("before", "after"), (("ab1", "AB 1"), ("Siti  Nur'aini", "SITI NUR\u2019AINI"), ("S.Aminah", "s aminah"), ("004", "4"), ("ＡＢ1", "AB1")))
def test_ids_that_are_the_same(tmp_path: Path, before: str, after: str):
    assert prepare(two_files(tmp_path, [PRE[0], [before, *"123"]], [POST[0], [after, *"321"]]), "RT 04").flow.both == 1


@pytest.mark.parametrize(("before", "after"), (("Siti Aminah", "Siti Aminah B"), ("A10", "A1"), ("Rizki", "Rizky"), ("-", "-"), ("#N/A", "#N/A"), ("1.87E+15", "1.87E+15"), ("=A1", "=A1")))
def test_ids_that_are_not(tmp_path: Path, before: str, after: str):
    assert prepare(two_files(tmp_path, [PRE[0], [before, *"123"]], [POST[0], [after, *"321"]]), "RT 04").flow.both == 0


def test_ids_that_cannot_be_used_are_named(tmp_path: Path):
    study = two_files(tmp_path, [*PRE, ["#REF!", *"111"], ["1,87101E+15", *"222"]])
    finding = found(study, "id_unusable")
    assert (finding.count, [where.row for where in finding.where], prepare(study, "RT 04").flow.no_id_pre) == (2, [7, 8], 2)


def test_an_id_in_several_columns(tmp_path: Path):
    def split(rows):
        return [["Ibu", "Tanggal", *rows[0][1:]]] + [[row[0][:2], row[0][2:], *row[1:]] for row in rows[1:]]

    pre = split(PRE)
    pre[1][1] = ""
    study = two_files(tmp_path, pre, split(POST), TWO_FILES.replace('"Kode"', '["Ibu", "Tanggal"]'))
    assert prepare(study, "RT 04").flow == ("RT 04", 5, 5, 0, 0, 1, 0, 0, 0, 0, 1, 4)
    finding = found(study, "id_missing")
    assert (finding.count, finding.where[0].row) == (1, 2)


def test_without_any_id_an_rt_is_refused_and_told_of_the_anonymous_way(tmp_path: Path):
    study = two_files(tmp_path, body=TWO_FILES.replace('id = "Kode"', ""))
    error = refusal(study)
    assert codes(error.findings) == ["id_not_named", "id_not_named"]
    for language in LANGUAGES:
        assert 'pairing = "anonymous"' in what_to_do(error.findings[0], words(language))


def test_numbers_that_excel_has_rounded(tmp_path: Path):
    rows = [PRE[0], *([f"187101010190{n}000", *row[1:]] for n, row in enumerate(PRE[1:]))]
    finding = found(two_files(tmp_path, rows), "id_digits_lost")
    assert (finding.count, finding.where[0].column) == (5, "Kode")


def test_nearly_equal_ids_are_pointed_out_but_never_joined(tmp_path: Path):
    study = two_files(tmp_path, [*PRE, ["SI1275", *"111"]], [*POST, ["SI1257", *"222"]])
    assert prepare(study, "RT 04").flow.both == 5
    finding = found(study, "ids_nearly_equal")
    assert (finding.count, [(where.file, where.row) for where in finding.where]) == (1, [("pre.csv", 7), ("post.csv", 7)])


def test_an_id_that_changes_rt_is_pointed_out(tmp_path: Path):
    body = TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nrt = "RT"').replace('rt = "RT 04"\n', "")

    def spread(rows, names):
        return [[*rows[0], "RT"], *([*row, name] for row, name in zip(rows[1:], names, strict=True))]

    study = two_files(tmp_path, spread(PRE, ["4", "4", "4", "5", "5"]), spread(POST, ["4", "4", "5", "5", "5"]), body)
    assert found(study, "id_in_two_rts").count == 1
    assert (prepare(study, "RT 04").flow.pre_only, prepare(study, "RT 05").flow.post_only) == (1, 1)


def consenting(folder: Path, pre: list[str], post: list[str], more: str = "") -> Study:
    rows = {wave: [[*table[0], "Persetujuan"], *([*row, answer] for row, answer in zip(table[1:], answers, strict=True))]
            for wave, table, answers in (("pre", PRE, pre), ("post", POST, post))}
    return two_files(folder, rows["pre"], rows["post"], more + TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nconsent = "persetujuan"'))


def test_a_refusal_in_either_wave_removes_the_person(tmp_path: Path):
    study = consenting(tmp_path, ["Ya", "Tidak", "setuju", "YA ", ""], ["ya", "ya", "tidak", "Saya bersedia", "ya"])
    assert prepare(study, "RT 04").flow == ("RT 04", 5, 5, 3, 3, 0, 0, 0, 0, 0, 0, 2)
    assert [(finding.code, finding.count, finding.details.get("found")) for finding in check(study) if finding.code.startswith("consent")] == [
        ("consent_refused", 1, ("Tidak",)), ("consent_blank", 1, None), ("consent_refused", 1, ("tidak",))]


def test_consent_in_words_that_nobody_declared(tmp_path: Path):
    study = consenting(tmp_path, ["Saya ikut"] * 5, ["Ya"] * 5)
    finding = found(study, "consent_from_nobody")
    assert (finding.fatal, finding.details["found"]) == (True, ("Saya ikut",))
    study = consenting(tmp_path / "b", ["Saya ikut"] * 5, ["ya"] * 5, '[answers]\nconsent_given = ["saya ikut", "Ya"]\n')
    assert prepare(study, "RT 04").flow.both == 5


ABOUT = TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nprofile = { jk = "Jenis kelamin", usia = "Umur Bapak/Ibu (tahun)", anak = "Usia anak", lahir = "Tahun lahir" }')


def described(folder: Path, before: Sequence[str], after: Sequence[str], body: str = ABOUT) -> Study:
    """Five people of whom only the first says something about herself."""
    def told(rows: Rows, facts: Sequence[str]) -> list[list[object]]:
        return [[*rows[0], "Jenis kelamin", "Umur Bapak/Ibu (tahun)", "Usia anak", "Tahun lahir"], [*rows[1], *facts], *([*row, "", "", "", ""] for row in rows[2:])]

    return two_files(folder, told(PRE, before), told(POST, after), body)


@pytest.mark.parametrize(("before", "after", "parted"), (
    (("P", "40", "3", ""), ("perempuan", "42 tahun", "9", ""), None), (("P", "40", "", ""), ("L", "40", "", ""), "sex"), (("P", "40", "", ""), ("P", "43", "", ""), "age"),
    (("P", "", "", "1980"), ("P", "", "", "1983"), "age"), (("", "40", "", ""), ("L", "", "", ""), None), (("P", "empat puluh", "", ""), ("P", "70", "", ""), None)))
def test_an_id_whose_facts_contradict_each_other_is_not_paired_by_itself(tmp_path: Path, before: Sequence[str], after: Sequence[str], parted: str | None):
    data = prepare(described(tmp_path, before, after), "RT 04")
    told = [finding for finding in data.findings if finding.code == "pairs_contradicted"]
    assert (data.flow.both, data.flow.pre_only, data.flow.post_only) == ((4, 1, 1) if parted else (5, 0, 0))
    assert len(told) == bool(parted)
    if parted:
        assert (told[0].count, told[0].details[parted], sum(told[0].details[name] for name in ("sex", "age"))) == (1, 1, 1)
        assert [(where.file, where.row) for where in told[0].where] == [("pre.csv", 2), ("post.csv", 2)]
