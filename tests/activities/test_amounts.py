"""Amounts as people write them; what can be meant in two ways is never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.activities.amounts import UNITS, read_quantities, read_rupiah, unit_of

WRITTEN = {
    "Rp150.000,00": 150_000, "150rb": 150_000, "1,5 jt": 1_500_000, "Rp 50.000,-": 50_000, "Rp.150.000,-": 150_000, "Rp150.000,--": 150_000,
    "150 ribu": 150_000, "1.5 juta": 1_500_000, "IDR 20,000.00": 20_000, "150000": 150_000, "1 500 000": 1_500_000, "25k": 25_000,
    "25.000 rupiah": 25_000, "150,000": 150_000, "12,50": 12.5, "Rp0": 0, "1,25 jt": 1_250_000, "Rp\u00a075.000": 75_000, "0,5 jt": 500_000,
}
NOT_READ = {
    "-Rp5.000": "negative", "Rp-5000": "negative", "\u22125000": "negative", "1,250 jt": "doubtful", "1.500 rb": "doubtful", "1m": "doubtful",
    "gratis": "unreadable", "Rp": "unreadable", "5.00.000": "unreadable", "100rb-150rb": "unreadable", "2x50.000": "unreadable", "(50.000)": "unreadable",
    "seratus ribu": "unreadable", "1.000,000": "unreadable", "50.000/KK": "unreadable", "1,2,3": "unreadable", "Rp1.000.00": "unreadable",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_rupiah_as_people_write_them(text: str):
    assert read_rupiah(text) == (WRITTEN[text], "")


@pytest.mark.parametrize("text", NOT_READ)
def test_what_is_no_amount_is_not_guessed(text: str):
    assert read_rupiah(text) == (None, NOT_READ[text])


def test_an_empty_cell_is_missing_and_no_fault():
    assert read_rupiah("  ") == (None, "")


@given(st.integers(0, 10**12))
def test_every_spelling_of_an_amount_is_the_same(amount: int):
    points = f"{amount:,}".replace(",", ".")
    assert {read_rupiah(text).value for text in (str(amount), points, f"Rp{points}", f"Rp {points},00", f"Rp. {points},-", f"{amount:,}.00")} == {float(amount)}


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str):
    value, fault = read_rupiah(text)
    assert (value is None) or (fault == "" and value >= 0)
    (quantity,) = read_quantities([text])
    assert (quantity.value is None) or (quantity.fault == "" and quantity.value >= 0)


def test_quantities_have_units():
    texts = ["2 dus", "10", "5 KG", "1 box masker", "3 tandan"]
    assert [(quantity.value, quantity.unit) for quantity in read_quantities(texts)] == [(2, "carton"), (10, ""), (5, "kilogram"), (1, "box"), (3, "tandan")]


@pytest.mark.parametrize(("text", "fault"), [("-3 pcs", "negative"), ("sekitar 5", "unreadable"), ("10-12", "unreadable"), ("2 dus + 3 pcs", "unreadable"),
                                             ("dua", "unreadable"), ("1 dus (50 lembar)", "unreadable"), ("1.250", "doubtful")])
def test_what_is_not_one_quantity_is_not_guessed(text: str, fault: str):
    assert [quantity[::2] for quantity in read_quantities([text])] == [(None, fault)]


def test_whole_things_come_in_whole_numbers():
    whole, fraction = read_quantities(["1.250 lembar", "2.5 kg"])
    assert (whole.value, whole.fault, fraction.value) == (None, "doubtful", 2.5)
    assert read_quantities(["1.250", "2.5"], ["lembar", "kg"])[0].fault == "doubtful"
    assert read_quantities(["1.250 lembar", "2,5 kg"])[0].value == 1250


def test_a_quantity_may_be_money():
    assert read_quantities(["Rp100.000", "100.000 rupiah", "Rp 50.000,-"]) == [(100_000, "rupiah", ""), (100_000, "rupiah", ""), (50_000, "rupiah", "")]
    assert read_quantities(["100.000", "5"], ["rupiah", "lembar"]) == [(100_000, "rupiah", ""), (5, "sheet", "")]


def test_a_unit_has_one_key():
    words = [word for spellings in UNITS.values() for word in spellings]
    assert len(words) == len(set(words))
    assert all(unit_of(word) == key for key, spellings in UNITS.items() for word in spellings)
