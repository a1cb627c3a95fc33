"""Names that mean the same person under Indonesian habits of writing, and names that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.intake.names import look_like_names, name_key, name_similarity

SAME = (
    ("Hj. Siti Aminah", "Siti Aminah"), ("H. Ahmad Yusuf", "ahmad yusuf"), ("Bpk. Sukarno", "Soekarno"), ("Ibu Sri Rahayu", "Sri Rahayu"),
    ("Siti Aminah, S.Pd.", "Siti Aminah"), ("Budi Santoso S.E.", "Budi Santoso"), ("Dr. Dewi Lestari, M.Si.", "Dewi Lestari"),
    ("Muhammad Rizki", "Muh. Rizki"), ("Muhammad Rizki", "M. Rizki"), ("Moch. Rizki", "Mohamad Rizki"), ("St. Aminah", "Siti Aminah"),
    ("Abd. Rahman", "Abdul Rahman"), ("Abdurrahman", "Abdul Rahman"), ("Siti binti Ahmad", "Siti"), ("Oesman bin Ali", "Usman bin Ali"),
    ("Djoko Susilo", "Joko Susilo"), ("Tjahjono", "Cahjono"), ("Nur'aini", "Nuraini"), ("Nur\u2019aini  Putri", "NURAINI PUTRI"), ("Siti  Aminah", "Aminah Siti"),
)
OTHER = (("Siti Aminah", "Siti Maryam"), ("Budi", "Rudi"), ("Ali bin Umar", "Ali bin Hasan"), ("Sri Wahyuni", "Sri Rahayu"), ("Ani", "Ari"), ("Muhammad Ali", "Muhammad Hasan"))


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_name(first: str, second: str):
    assert name_similarity(first, second) == name_similarity(second, first) == 1.0


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_another_name(first: str, second: str):
    assert name_similarity(first, second) < 0.88


def test_a_slip_of_the_pen_is_nearly_the_same():
    assert 0.88 <= name_similarity("M. Rizky Pratama", "Muhammad Rizki Pratama") < 1
    assert 0.88 <= name_similarity("Sulastri Handayani", "Sulasri Handayani") < 1


@pytest.mark.parametrize("text", ("", "-", "12", "?", "Hj."))
def test_what_is_no_name_is_like_nothing(text: str):
    assert name_similarity(text, "Siti Aminah") < 0.5


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_has_a_key_and_a_similarity(first: str, second: str):
    assert 0 <= name_similarity(first, second) == name_similarity(second, first) <= 1
    assert all(word for part in name_key(first) for word in part)


@pytest.mark.parametrize(("texts", "expected"), (
    (["Siti Aminah", "Budi S.", "Hj. Rukmini", "Agus", "Sri Wahyuni", "Darto"], True),
    (["SD", "SMP", "SMA", "D3", "S1", "S2"], False), (["Ibu rumah tangga", "Pedagang", "Buruh", "Petani", "PNS", "Pensiunan"], False),
    (["Jl. Melati 3", "Jl. Mawar 4", "Jl. Dahlia 5", "Jl. Anggrek 1", "Jl. Kenanga 2"], False), (["Siti", "Budi"], False),
    (["Way Halim", "Kedaton", "Sukarame", "Rajabasa", "Tanjung Karang"], False)))
def test_columns_of_names_are_known_by_what_they_hold(texts: list[str], expected: bool):
    assert look_like_names(texts) is expected
