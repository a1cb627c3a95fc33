"""What identifies people is stopped at the door, and recognised wherever it turns up."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baksos_eval.intake.privacy import PATTERNS, Identities, matches, possible_words, tokens
from baksos_eval.intake.responses import read_responses

from .small import POST, PRE, TWO_FILES, check, found, two_files

NIK = "1871014506900003"


def kinds(identities: Identities, text: str) -> set[str]:
    return {hit.kind for hit in identities.hits(text)}


@pytest.mark.parametrize(("text", "kind"), (
    (NIK, "nik"), (f"NIK: {NIK}.", "nik"), ("(1871010506900003)", "nik"), ("081234567890", "phone"), ("0812-3456-7890", "phone"), ("+62 812 3456 7890", "phone"),
    ("6281234567890", "phone"), ("WA: 0812.3456.789", "phone"), ("siti@contoh.id", "email"), ("<Siti.Aminah+rt@surel.contoh.co.id>", "email")))
def test_personal_numbers_are_known_by_their_form(text: str, kind: str):
    assert kinds(Identities(), text) == {kind}


@pytest.mark.parametrize("text", (
    f"0.{NIK}", f"0,{NIK}", f"{NIK}.5", f"a{NIK}", "1871019906900003", "9971014506900003", "1871014506900000", "3.08123456789", "0.0812345678", "sha256-081234567890abcdef",
    "@decorator", "user@host", "x @ y", "2021-08-04", "(0721) 700000", "20210812", "1234567890", f"/{NIK}=="))
def test_other_numbers_are_not(text: str):
    assert kinds(Identities(), text) == set()


@pytest.mark.parametrize("text", ("SITI AMINAH", "siti  aminah", "kode: Siti-Aminah!", "SitiAminah", "<b>Siti Aminah</b>", "Siti\u00ad Ami\u00adnah", "Ｓｉｔｉ Ａｍｉｎａｈ"))
def test_an_id_is_known_however_it_is_written(text: str):
    assert kinds(Identities(ids=["Siti Aminah"]), text) == {"id"}


@pytest.mark.parametrize("text", ("Siti", "Aminah Siti", "Siti Aminahwati", "Sitiaminahku", ""))
def test_a_part_of_an_id_is_not_the_id(text: str):
    assert kinds(Identities(ids=["Siti Aminah"]), text) == set()


def test_what_is_too_short_or_public_is_not_looked_for():
    identities = Identities(ids=["12", "B1", "12345", "RT 04", "PC01"], contacts=["Way Halim Permai", "021", "Ani"], public=["di Way Halim Permai, RT 04", "butir pc01"])
    assert identities.unscannable == 8
    assert kinds(identities, "12 B1 12345 RT 04 PC01 Way Halim Permai Ani") == set()


def test_a_short_name_at_the_end_of_a_text_is_known_beside_a_longer_one_that_begins_alike():
    known = Identities(contacts=["Sulastri", "Sulastri Handayani"])
    assert [(hit.start, hit.end) for hit in known.hits("oleh Sulastri")] == [(5, 13)]
    assert not {"Sulastri", "Handayani"} & set(known.quote("oleh Sulastri Handayani").split())


def test_decimals_are_not_ids():
    identities = Identities(ids=["202101"])
    assert kinds(identities, "0.202101, 3,202101 dan 1.202101e-05") == set()
    assert kinds(identities, "nomor 202101") == {"id"}


def test_a_mobile_number_in_any_spelling():
    identities = Identities(contacts=["0812-3456-7890"])
    for text in ("081234567890", "0812 3456 7890", "6281234567890", "81234567890"):
        assert "contact" in kinds(identities, text)


def test_public_addresses_may_be_shown():
    assert kinds(Identities(public=["Hubungi lppm@kampus.contoh.id"]), "lppm@kampus.contoh.id dan siti@contoh.id") == {"email"}
    assert len(Identities(public=["Hubungi lppm@kampus.contoh.id"]).hits("lppm@kampus.contoh.id")) == 0


@given(st.lists(st.text(st.characters(categories=("Ll", "Lu", "Nd"), max_codepoint=0x24f), min_size=6, max_size=12).filter(lambda text: not text.isdecimal()), min_size=1, max_size=5),
       st.text(max_size=30), st.text(max_size=30))
def test_no_id_survives_a_quote(ids: list[str], before: str, after: str):
    identities = Identities(ids=ids)
    text = f"{before} {ids[0]} {after}"
    assert any(hit.kind == "id" for hit in identities.hits(text))
    assert not any(hit.kind == "id" for hit in identities.hits(identities.quote(text)))


def test_the_identities_do_not_print_themselves():
    assert "Aminah" not in repr(Identities(ids=["Siti Aminah"]))


def with_column(name: str, values: list[str], body: str = TWO_FILES, folder: Path | None = None):
    rows = [[*PRE[0], name], *([*row, value] for row, value in zip(PRE[1:], values, strict=True))]
    return two_files(folder, rows, POST, body)


@pytest.mark.parametrize(("header", "values"), (
    ("Kontak", ["081234567890", "0812-3456-7891", "+6281234567892", "081234567893", "-"]), ("Nomor", [f"187101450690000{n}" for n in range(1, 6)]),
    ("Isian 3", ["a@b.id", "c@d.id", "e@f.id", "g@h.id", "i@j.id"]), ("Peserta", ["Siti Aminah", "Budi Santoso", "Hj. Rukmini", "Agus W.", "Darto"]),
    ("Nama lengkap", ["A", "B", "C", "D", "E"]), ("No. HP (WA)", ["1", "2", "3", "4", "5"])))
def test_columns_of_contacts_go_no_further(tmp_path: Path, header: str, values: list[str]):
    study = with_column(header, values, folder=tmp_path)
    assert found(study, "contact_columns_dropped").details["columns"] == (f"E: {header}",)
    responses = read_responses(study)
    assert set(values) <= responses.contacts
    assert not set(values) & {str(value) for name in responses.frame for value in responses.frame[name]} - set("12345")


def test_a_profile_of_names_is_not_used(tmp_path: Path):
    study = with_column("Peserta", ["Siti Aminah", "Budi Santoso", "Hj. Rukmini", "Agus W.", "Darto"],
                        TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nprofile = { peserta = "Peserta" }'), tmp_path)
    assert found(study, "profile_is_contact").details["name"] == "peserta"
    assert "profile.peserta" not in read_responses(study).frame


def test_answers_that_hold_a_name_are_told_without_it(tmp_path: Path):
    rows = [[*PRE[0], "Nama"], *([*row, f"Siti Nomor{row[0]}"] for row in PRE[1:])]
    rows[1][1] = "setuju (Siti NomorAB1)"
    rows[2][2] = "CD2x EF3 081234567890"
    told = repr(check(two_files(tmp_path, rows)))
    assert "NomorAB1" not in told and "081234567890" not in told and "answer_unreadable" in told


def test_every_pattern_has_a_name():
    assert set(PATTERNS) == {"nik", "phone", "email"}


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(["0", "8", "12", "62", "+", "00", " ", ".", ",", "-", "345", "6789", "3275014507890003", "a", "0812", "/", "\n", "@", "x.id", "_", "62812345678", "08123456789"]), max_size=14).map("".join))
def test_trying_a_pattern_around_its_part_finds_what_the_pattern_finds(text: str) -> None:
    for kind, pattern in PATTERNS.items():
        assert [found.span() for found in matches(kind, text)] == [found.span() for found in pattern.finditer(text)]


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(["budi", "e", "e7", "1", "12", ".", ",", "-", "+", "_", " ", "\u2013", "\u00a0", "\u0663", "é", "\ud800", "=", "\n"]), max_size=12).map("".join))
def test_no_word_of_a_text_is_missing_from_its_possible_words(text: str) -> None:
    assert {word for word, _, _ in tokens(text)} <= possible_words(text)
    assert {word for word, _, _ in tokens(text)} <= possible_words(f"{text} {'-' * 1000}")
