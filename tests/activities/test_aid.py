"""What the aid of a programme comes to, worked out by hand; and what cannot be computed says why."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.activities.aid import Aid, AidReason, AidRow
from baksos_eval.activities.aid_measures import Terms, measure_aid
from baksos_eval.activities.amounts import Quantity
from baksos_eval.errors import Where
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.stats.result import Reason
from baksos_eval.study.toml import Words
from tests.activities.small import codes, study_with, told, write_log

HEADER = ["Tanggal", "RT", "Kode KK", "Lembaga", "Kelompok sasaran", "Jenis", "Jumlah", "Satuan", "Nilai", "Jumlah jiwa", "Cara", "Bukti"]
DAY = date(2021, 8, 14)


def row(household: str = "K1", rt: str = "RT 04", kind: str = "masks", amount: float | None = 10, unit: str = "sheet", value: float | None = 20_000.0, *, institution: str = "",
        group: str = "poor", members: float | None = 4, proof: str = "photo", day: date | None = DAY, way: str = "door") -> AidRow:
    return AidRow(Where("catatan.csv"), day, rt, household, institution, group, kind, Quantity(amount, unit), "", value, members, way, proof, "")


def terms(**given: object) -> Terms:
    return Terms(**({"households": {}, "groups": {}, "entitled": None, "entitled_to": frozenset(), "contents": {}, "budget": (), "rts": ("RT 04", "RT 05")} | given))


def test_coverage_counts_each_household_once():
    rows = [row("K1"), row("K1", kind="groceries"), row("K2"), row("K9", rt="RT 05"), row("", institution="Panti", rt="RT 04")]
    aid = measure_aid(rows, terms(households={"RT 04": 8, "RT 05": 4}))
    assert [part.coverage[:3] for part in aid.rts] == [(2, 8, 0.25), (1, 4, 0.25)]
    assert aid.result.coverage == (3, 12, 0.25, "")
    assert (aid.result.handovers, aid.result.institutional, aid.result.households) == (5, 1, 3)


def test_coverage_of_the_programme_is_over_the_rts_whose_number_is_known():
    aid = measure_aid([row("K1"), row("K2", rt="RT 05")], terms(households={"RT 04": 4}))
    assert aid.result.coverage == (1, 4, 0.25, "") and aid.rts[1].coverage.note == AidReason.NO_TARGET
    assert (aid.rts[1].coverage.reached, math.isnan(aid.rts[1].coverage.share)) == (1, True)


def test_an_rt_that_was_meant_and_not_reached_has_coverage_zero():
    aid = measure_aid([row()], terms(households={"RT 05": 10}))
    assert aid.rts[1].coverage == (0, 10, 0.0, "")


def test_without_codes_there_is_no_coverage():
    aid = measure_aid([row("")], terms(households={"RT 04": 4}))
    assert aid.result.coverage.note == AidReason.NO_CODES and aid.result.unidentified == 1


def test_errors_of_targeting():
    entitled = {f"K{number}": "RT 04" for number in range(8)}
    rows = [row(f"K{number}") for number in (*range(6), 20, 21)]
    assert measure_aid(rows, terms(entitled=entitled)).result.targeting == (8, 8, 6, 2 / 8, 2 / 8, "")
    assert measure_aid(rows, terms()).result.targeting.note == AidReason.NO_LIST
    assert measure_aid(rows, terms(entitled={f"Z{number}": "RT 04" for number in range(8)})).result.targeting.note == AidReason.CODES_DIFFER
    few = measure_aid(rows[:3], terms(entitled=entitled)).result.targeting
    assert few.note == Reason.TOO_FEW and all(map(math.isnan, few[:5]))


def test_errors_of_targeting_are_about_the_kinds_of_the_list():
    entitled = {f"K{number}": "RT 04" for number in range(8)}
    rows = [row(f"K{number}", kind="groceries") for number in range(6)] + [row(f"K{number}") for number in range(20)]
    assert measure_aid(rows, terms(entitled=entitled, entitled_to=frozenset({"groceries"}))).result.targeting == (8, 6, 6, 2 / 8, 0, "")


def test_pieces_by_two_words_are_one_unit():
    assert [(total.unit, total.households) for total in measure_aid([row(), row(unit="piece"), row(), row(unit="box")], terms()).result.totals] == [("sheet", 30), ("box", 10)]


def test_an_rt_of_few_households_does_not_hide_the_groups_of_the_others():
    rows = [row(f"A{number}", group="general" if number % 2 else "elderly") for number in range(20)] + [row("B1", rt="RT 05", group="orphan")]
    groups = measure_aid(rows, terms()).groups
    assert [(group.group, group.of_rts, group.reached) for group in groups] == [("elderly", (10, None), 10), ("general", (10, None), 10)]


def test_repetitions_are_households_and_times_beyond_the_first():
    rows = [row("K1"), row("K1"), row("K1"), row("K2"), row("K2"), row("K3"), row("K1", kind="groceries"), row(""), row("")]
    assert measure_aid(rows, terms()).result.repeated == (("masks", 2, 3),)


def test_proof():
    rows = [row(proof=proof) for proof in ("receipt", "photo", "both", "none", "", "")]
    assert measure_aid(rows, terms()).result.proof == (6, 1, 1, 1, 1, 2, 0.5, "")
    assert measure_aid([], terms()).result.proof.note == Reason.NO_DATA


def test_value_of_a_household_is_what_it_received_in_all():
    rows = [row(f"K{number}", value=1000.0 * number) for number in range(1, 6)] + [row("K1", kind="groceries", value=9000.0), row("K6", value=None), row("", institution="Panti", value=1e6)]
    value = measure_aid(rows, terms()).result.value
    assert value == (5, 4000.0, 2000.0, 10_000.0, 24_000.0, 1, "", "")
    few = measure_aid(rows[:4], terms()).result.value
    assert few.note == few.total_note == Reason.TOO_FEW and few.households == 4 and math.isnan(few.total) and math.isnan(few.median)
    assert measure_aid([row(value=None)], terms()).result.value.note == AidReason.NO_VALUES


def test_masks_per_person_needs_pieces_and_people():
    rows = [each for street in "ABCDE" for each in (
        row(f"{street}1", amount=10, members=4), row(f"{street}1", amount=2, members=4), row(f"{street}2", amount=1, unit="box", members=3),
        row(f"{street}3", amount=5, unit="", members=2), row(f"{street}4", amount=5, members=None), row(f"{street}5", kind="groceries", members=9))]
    assert measure_aid(rows, terms()).result.masks == (5, 20, 60, 20, 3.0, "")
    assert measure_aid(rows, terms(contents={("masks", "box"): 50.0})).result.masks == (10, 20, 310, 35, 310 / 35, "")
    assert measure_aid(rows[3:6], terms()).result.masks.note == AidReason.NO_PIECES


def test_a_household_that_tells_two_numbers_of_people_has_none():
    assert measure_aid([row("K1", members=4), row("K1", members=5)], terms()).result.masks.note == AidReason.NO_PIECES


def test_totals_never_add_units():
    rows = [row("K1", amount=10), row("K2", amount=5), row("K3", amount=1, unit="box", value=None), row("", institution="Panti", amount=100), row("K4", amount=None)]
    totals = measure_aid(rows, terms()).result.totals
    assert [(total.unit, total.handovers, total.reached, total.households, total.institutions, total.value, total.unread, total.without_value) for total in totals] == [
        ("sheet", 4, 3, 15, 100, 80_000, 1, 0), ("box", 1, 1, 1, 0, pytest.approx(math.nan, nan_ok=True), 0, 1)]


def test_days_and_undated_rows():
    aid = measure_aid([row(day=DAY), row(day=DAY, kind="groceries"), row(day=date(2021, 8, 20)), row(day=None)], terms())
    assert [(day.day, day.handovers) for day in aid.result.days] == [(DAY, 2), (date(2021, 8, 20), 1)] and aid.result.undated == 1


def test_institutions_are_apart():
    rows = [row("", institution="Panti Melati", members=30, amount=60), row("", institution="Panti Melati", members=30, amount=40), row("K1", institution="Panti Melati")]
    aid = measure_aid(rows, terms())
    assert aid.institutions == (("Panti Melati", "masks", "sheet", 2, 100, 40_000, 30),)
    assert aid.result.households == 1


def test_the_budget_is_set_against_everything_of_its_kinds():
    label = Words(id="Masker", en="Masks")
    rows = [row(value=30_000.0), row(institution="Panti", household="", value=50_000.0), row(kind="groceries"), row(value=None)]
    assert measure_aid(rows, terms(budget=((label, frozenset({"masks"}), 100_000.0),))).budget == ((label, 100_000, 80_000, 0.8, 1),)


def test_small_groups_in_an_rt_are_hidden_and_cannot_be_worked_out():
    rows = [row(f"A{number}", group="general") for number in range(20)] + [row(f"B{number}", group="orphan") for number in range(2)] + [row(f"C{number}", group="elderly") for number in range(9)]
    rows += [row(f"D{number}", rt="RT 05", group="general") for number in range(15)] + [row(f"E{number}", rt="RT 05", group="orphan") for number in range(7)]
    aid = measure_aid(rows, terms())
    table = {group.group: group.of_rts for group in aid.groups}
    assert table["orphan"][0] is None and sum(cell is None for group in aid.groups for cell in (*group.of_rts, group.reached)) >= 2
    assert aid.of_rt("RT 04").groups and aid.of_rt("RT 04").groups[-1].of_rts == ()
    assert all(2 not in (group.reached, *group.of_rts) for group in aid.of_rt("RT 04").groups)


def test_of_many_rts_only_the_totals_of_groups_are_shown():
    rts = tuple(f"RT {number:02d}" for number in range(60))
    rows = [row(f"{rt}-{number}", rt=rt, group=("general", "poor", "elderly")[number % 3]) for rt in rts for number in range(7)]
    aid = measure_aid(rows, terms(rts=rts))
    assert [(group.reached, group.of_rts) for group in aid.groups] == [(180, ()), (120, ()), (120, ())]
    assert aid.of_rt("RT 07").groups == () and aid.of_rt("RT 07").groups_hidden and not aid.groups_hidden


def test_a_household_in_two_groups_is_in_a_group_of_its_own():
    rows = [row(f"A{number}", group=group) for number in range(6) for group in ("poor", "elderly")]
    assert [group.group for group in measure_aid(rows, terms(rts=("RT 04",))).groups] == ["several"]
    assert measure_aid([row(group="")], terms()).groups == ()


HOUSEHOLDS = st.lists(st.tuples(st.sampled_from(["K1", "K2", "K3", "K4", "K5", "K6", "K7", ""]), st.sampled_from(["RT 04", "RT 05"]), st.sampled_from(["masks", "groceries"]),
                                st.sampled_from(["poor", "orphan", "general", ""]), st.one_of(st.none(), st.integers(0, 50))), max_size=30)


@given(HOUSEHOLDS, st.randoms())
def test_the_order_of_rows_changes_nothing(drawn: list[tuple], dice: object):
    rows = [row(f"{rt}{household}" if household else "", rt, kind, amount, group=group, value=None if amount is None else 1000.0 * amount) for household, rt, kind, group, amount in drawn]
    shuffled = list(rows)
    dice.shuffle(shuffled)
    first, second = (measure_aid(order, terms(households={"RT 04": 10})) for order in (rows, shuffled))
    assert repr(first.rts[0].coverage) == repr(second.rts[0].coverage) and sorted(map(repr, first.result.totals)) == sorted(map(repr, second.result.totals))
    assert first.result.days == second.result.days and first.result.proof == second.result.proof and sorted(map(repr, first.groups)) == sorted(map(repr, second.groups))


@given(HOUSEHOLDS)
def test_what_belongs_together_adds_up(drawn: list[tuple]):
    rows = [row(f"{rt}{household}" if household else "", rt, kind, amount, group=group) for household, rt, kind, group, amount in drawn]
    aid = measure_aid(rows, terms())
    assert sum(part.handovers for part in aid.rts) == aid.result.handovers == sum(total.handovers for total in aid.result.totals)
    assert sum(part.households for part in aid.rts) == aid.result.households
    assert not any(cell is not None and 0 < cell < 5 for group in aid.groups for cell in (*group.of_rts, group.reached))


def read(folder: Path, rows: list[list[str]], settings: str = "", language: str = "id") -> Activities:
    write_log(folder, HEADER, rows)
    return read_activities(study_with(folder, f'\n[activities.aid]\nfile = "catatan.csv"\n{settings}', language=language))


GOOD = ["14/08/2021", "4", "KK-01", "", "lansia", "masker", "10", "lembar", "25rb", "4", "diantar", "foto"]


def test_a_log_comes_to_its_measures(tmp_path: Path):
    rows = [[*GOOD[:2], f"KK-{number:02d}", *GOOD[3:]] for number in range(6)] + [["15/08/2021", "", "", "Panti Asuhan Melati", "", "santunan", "Rp500.000", "", "", "30", "panti", "ttd + foto"]]
    write_log(tmp_path, ["RT", "Kode KK"], [["RT 4", f"kk {number:02d}"] for number in range(2, 10)], "layak.csv")
    a = read(tmp_path, rows, """households = { "RT.4" = 12 }
groups = { lansia = 10 }
contents = { masker = { kotak = 50 } }
budget = [{ label = { id = "Masker", en = "Masks" }, kinds = ["Masker"], rupiah = 300000 }, { label = { id = "Santunan", en = "Money" }, kinds = ["santunan"], rupiah = 400000 }]
eligible = { file = "layak.csv" }
""")
    assert codes(a.findings) == [] and a.fatal == ()
    aid = a.aid
    assert aid.result.coverage == (6, 12, 0.5, "") and aid.groups[0].coverage == (6, 10, 0.6, "")
    assert aid.result.targeting == (8, 6, 4, 0.5, 2 / 6, "")
    assert [(use.realised, use.share) for use in aid.budget] == [(150_000, 0.5), (500_000, 1.25)]
    assert aid.institutions == (("Panti Asuhan Melati", "money", "rupiah", 1, 500_000, 500_000, 30),)
    assert aid.result.masks[:5] == (6, 6, 60, 24, 2.5)
    part = a.of_rt("RT 04")
    assert part.rt == "RT 04" and part.aid.result.households == 6 and part.aid.budget == () and a.of_rt("RT 40").aid is None


@pytest.mark.parametrize(("rows", "settings", "code"), [
    ([["14/08/2021", "4", "KK-01", "Panti", *GOOD[4:]]], "", "aid_two_recipients"),
    ([["14/08/2021", "4", "", "", *GOOD[4:]]], "", "aid_no_recipient"),
    ([["14/08/2021", "", *GOOD[2:]]], "", "aid_household_without_rt"),
    ([GOOD, ["15/08/2021", *GOOD[1:9], "5", *GOOD[10:]]], "", "aid_members_differ"),
    ([GOOD, ["15/08/2021", *GOOD[1:]]], "", "aid_given_again"),
    ([GOOD, [*GOOD[:2], "KK-02", *GOOD[3:]]], 'households = { "RT 04" = 1 }', "aid_more_than_meant"),
    ([GOOD], "", "aid_without_target"),
    ([GOOD], "groups = { lansya = 4 }", "aid_word_unknown"),
    ([GOOD], 'budget = [{ label = { id = "a", en = "b" }, kinds = ["masket"], rupiah = 4 }]', "aid_word_unknown"),
    ([GOOD], 'eligible = { file = "layak.csv" }', "aid_list_codes_differ"),
    ([GOOD], 'eligible = { file = "layak2.csv" }', "aid_entitled_twice"),
    ([GOOD], 'eligible = { file = "tiada.csv" }', "file_not_found"),
])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_fit_together_is_told(tmp_path: Path, rows: list[list[str]], settings: str, code: str, language: str):
    write_log(tmp_path, ["RT", "Kode KK"], [["RT 4", "X-7"]], "layak.csv")
    write_log(tmp_path, ["RT", "Kode KK", "Nama"], [["RT 4", "KK-01", "Siti"], ["RT 4", "KK-01", "Aminah"]], "layak2.csv")
    a = read(tmp_path, rows, settings, language)
    finding = told(a.findings, code)
    assert all(line.strip() for line in all_lines([finding], words(language)))
    assert (a.aid is None) == bool(a.fatal) == (code == "file_not_found")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str):
    assert [reason for reason in AidReason if not words(language).has(f"reason.{reason}")] == []


def test_aid_is_frozen_and_nobody_is_in_it():
    aid = measure_aid([row("KTERLIHAT")], terms())
    assert isinstance(aid, Aid) and "KTERLIHAT" not in repr(aid)
