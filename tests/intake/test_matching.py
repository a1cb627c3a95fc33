"""Proposals: what looks like one person, with its evidence; nothing is ever paired by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.intake.intake import prepare
from baksos_eval.intake.matching import (
    Kind,
    chance,
    close_pairs,
    collision_chance,
    evidence,
    match_probability,
    propose,
)
from baksos_eval.intake.responses import read_responses
from baksos_eval.study.study import Study

from .small import POST, PRE, TWO_FILES, two_files

CODE = st.text("abc123", min_size=4, max_size=6).filter(lambda text: any(letter.isdigit() for letter in text))


def proposals(study: Study):
    return propose(read_responses(study), study)


@pytest.mark.parametrize(("before", "after", "kind"), (
    ("si1552", "si1525", Kind.SWAPPED), ("si1552", "is1552", Kind.SWAPPED), ("si1552", "si1652", Kind.ONE_EDIT), ("si1552", "si152", Kind.ONE_EDIT), ("si1552", "sii1552", Kind.ONE_EDIT),
    ("187101", "187102", Kind.ONE_EDIT), ("si\x1f15\x1f52", "si\x1f15\x1f25", Kind.SWAPPED), ("si\x1f15", "su\x1f15", None),
    ("si1552", "si1663", None), ("si1552", "is1525", None), ("a1", "a2", None), ("1001", "1002", None), ("si\x1f15\x1f52", "su\x1f16\x1f52", None), ("si15", "si\x1f15", None)))
def test_evidence_of_codes(before: str, after: str, kind: Kind | None):
    found = evidence(before, after)
    assert (found and found[0]) == kind
    assert (evidence(after, before) or [None])[0] == kind


@given(CODE, CODE)
def test_no_code_two_slips_away_is_evidence(before: str, after: str):
    from rapidfuzz.distance import DamerauLevenshtein

    found = evidence(before, after) if before != after else None
    assert (found is not None) == (DamerauLevenshtein.distance(before, after) == 1)


@given(st.lists(CODE, max_size=12), st.lists(CODE, max_size=12))
def test_close_pairs_miss_none(first: list[str], second: list[str]):
    from rapidfuzz.distance import DamerauLevenshtein

    found = set(close_pairs(first, second))
    assert {(i, j) for i, left in enumerate(first) for j, right in enumerate(second) if DamerauLevenshtein.distance(left, right) <= 1} <= found


def test_a_slip_is_proposed_with_what_else_agrees(tmp_path: Path):
    def told(rows, code, *facts):
        return [[*rows[0], "JK", "Usia"], *([*row, "P", "30"] for row in rows[1:]), [code, "1", "1", "1", *facts]]

    body = TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nprofile = { jenis_kelamin = "JK", usia = "Usia" }')
    study = two_files(tmp_path, told(PRE, "SI-1552", "P", "44"), told(POST, "si1525", "Perempuan", "61"), body)
    (proposal,) = proposals(study)
    assert (proposal.kind, proposal.agreeing, proposal.differing, proposal.rivals) == (Kind.SWAPPED, ("jenis_kelamin",), ("usia",), 0)
    assert (proposal.before.written, proposal.after.written) == ("SI-1552", "si1525")
    assert [(side.where.file, side.where.row, side.rt) for side in (proposal.before, proposal.after)] == [("pre.csv", 7, "RT 04"), ("post.csv", 7, "RT 04")]
    assert prepare(study, "RT 04").flow.both == 5


@pytest.mark.parametrize(("before", "after", "kind"), (
    ("Hj. Siti Aminah", "Siti Aminah", Kind.NAME_EQUAL), ("Muh. Rizki", "M. Rizki", Kind.NAME_EQUAL), ("Soekarno", "Sukarno", Kind.NAME_EQUAL),
    ("Muhammad Rizki", "Muhamad Rizky", Kind.NAME_ALIKE), ("Siti Aminah", "Siti Maryam", None)))
def test_names_are_proposed_but_never_joined(tmp_path: Path, before: str, after: str, kind: Kind | None):
    study = two_files(tmp_path, [*PRE, [before, *"111"]], [*POST, [after, *"222"]])
    assert [proposal.kind for proposal in proposals(study)] == ([kind] if kind else [])
    data = prepare(study, "RT 04")
    assert data.flow.both == 5
    assert ("names_nearly_equal" in [finding.code for finding in data.findings]) is bool(kind)


def test_rivals_are_counted(tmp_path: Path):
    study = two_files(tmp_path, [*PRE, ["SI1552", *"111"]], [*POST, ["SI1525", *"222"], ["SI1553", *"333"]])
    assert [(proposal.kind, proposal.rivals) for proposal in proposals(study)] == [(Kind.SWAPPED, 1), (Kind.ONE_EDIT, 1)]


def in_rts(folder: Path, before: list[list[str]], after: list[list[str]]) -> Study:
    """Rows of (id, RT, sex, age) before and after."""
    body = TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nrt = "RT"\nprofile = { jk = "JK", usia = "Usia" }').replace('rt = "RT 04"\n', "")
    tables = [[["Kode", "a1", "a2", "a3", "RT", "JK", "Usia"], *([row[0], *answers, *row[1:]] for row in rows)] for answers, rows in (("123", before), ("321", after))]
    return two_files(folder, *tables, body)


def test_between_rts_an_id_is_proposed_and_a_slip_only_with_facts(tmp_path: Path):
    before = [["SI1552", "4", "P", "30"], ["NU2711", "4", "L", "41"], ["MA1122", "4", "P", "50"], ["Hj. Siti Aminah", "4", "P", "60"]]
    after = [["si1552", "5", "P", "30"], ["NU2712", "5", "L", "42"], ["MA1123", "5", "P", "20"], ["Siti Aminah", "5", "P", "60"]]
    found = proposals(in_rts(tmp_path, before, after))
    assert [(proposal.kind, proposal.before.rt, proposal.after.rt, proposal.before.key) for proposal in found] == [
        (Kind.SAME_ELSEWHERE, "RT 04", "RT 05", "si1552"), (Kind.NAME_EQUAL, "RT 04", "RT 05", "hjsitiaminah"), (Kind.ONE_EDIT, "RT 04", "RT 05", "nu2711")]


def test_anonymous_questionnaires_are_never_proposed(tmp_path: Path):
    assert proposals(two_files(tmp_path, body=TWO_FILES.replace('id = "Kode"', ""))) == ()


def test_the_order_of_rows_is_no_evidence(tmp_path: Path):
    body = [["XA11", *"123"], ["XB22", *"123"], ["XC33", *"123"]]
    study = two_files(tmp_path, [*PRE, *body], [*POST, *([f"Q{row[0][::-1]}", *"321"] for row in body)])
    assert proposals(study) == ()


def test_a_token_lasts_as_long_as_what_was_said(tmp_path: Path):
    def token(folder: str, pre, post):
        (proposal,) = proposals(two_files(tmp_path / folder, pre, post))
        return proposal.token

    first, second = [*PRE, ["SI1552", *"111"]], [*POST, ["SI1525", *"222"]]
    plain = token("a", first, second)
    assert token("b", [first[0], *first[:0:-1]], [second[0], *second[:0:-1]]) == plain
    assert token("c", [*PRE, ["SI1552", *"112"]], second) != plain


def test_the_chance_of_a_collision_is_that_of_the_literature():
    """Two starting letters (148 equally frequent ones in effect), a day and two digits: 0.4 % among 60 people, 66 % among 1000."""
    same = 1 / (148 * 31 * 100)
    assert (round(collision_chance(same, 60), 3), round(collision_chance(same, 1000), 2)) == (0.004, 0.66)
    assert collision_chance(0.1, 0) == collision_chance(0.1, 1) == 0


def test_the_probability_of_a_match_is_estimated_from_the_pieces():
    keys = [f"{letters}{day:02d}{phone:02d}" for letters in ("si", "nu") for day in (1, 2, 3) for phone in range(20)]
    assert match_probability(keys) == pytest.approx((59 / 119) * (39 / 119) * (5 / 119))
    assert match_probability(["si1552"]) == 1.0
    assert match_probability(["aa11"] * 3, ["bb22"] * 3) == 1.0 and match_probability(["aa11"] * 3 + ["bb22"] * 3) < 1


def test_chance_tells_the_largest_rt_and_all(tmp_path: Path):
    people = [[f"{a}{n // 3:02d}{n % 10:02d}", rt, "P", "30"] for rt, a in (("4", "SI"), ("5", "NU")) for n in range(10, 30)]
    study = in_rts(tmp_path, people, people[:-5])
    told = chance(read_responses(study), study)
    assert (told.people, told.everybody) == (20, 40)
    assert 0 < told.same < told.collision < 1 and 0 < told.overall < 1 and told.by_chance >= 0
