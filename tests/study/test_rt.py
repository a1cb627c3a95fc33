"""RT names: one spelling for many, and folder names that every system accepts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.study.rt import folder_name, normalise_rt


@pytest.mark.parametrize("written", ("RT 04", "RT04", "rt 4", "RT.4", "RT. 04", "RT.04", "004", "4", "04", " RT  004 ", "RT-04",
                                     "RT : 04", "Rukun Tetangga 4", "RT_04", "RT\u00a004", "ＲＴ 04"))
def test_one_rt_has_many_spellings(written: str):
    assert normalise_rt(written) == "RT 04"


@pytest.mark.parametrize(("written", "meant"), (
    ("RT 04/RW 02", "RT 04 RW 02"), ("004/002", "RT 04 RW 02"), ("RT.4 / RW.2", "RT 04 RW 02"), ("RT 004 RW 002", "RT 04 RW 02"),
    ("RT04RW02", "RT 04 RW 02"), ("RT 4, RW 2", "RT 04 RW 02"), ("RT 4 LK II", "RT 04 LK 02"), ("RT 4 Lingkungan 2", "RT 04 LK 02"),
    ("RT 4/LK.02", "RT 04 LK 02"), ("RT 12 RW IX", "RT 12 RW 09"), ("RT 123", "RT 123"),
))
def test_the_unit_around_the_rt_is_kept(written: str, meant: str):
    assert normalise_rt(written) == meant


@pytest.mark.parametrize("written", ("Dusun Mekar", "RT 4 orang", "4 orang", "RT 1234", "RT 04A", "RT empat", "RT 4 RW", "RT 4 RW XIV", ""))
def test_what_is_not_understood_keeps_its_words(written: str):
    assert normalise_rt(written) == written


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text: str):
    assert normalise_rt(normalise_rt(text)) == normalise_rt(text)


@given(st.integers(1, 999), st.sampled_from(("RT {}", "RT.{:03d}", "rt{:02d}", "{:03d}", " RT  {} ")))
def test_numbers_survive(number: int, form: str):
    assert normalise_rt(form.format(number)) == f"RT {number:02d}"


@given(st.integers(1, 999), st.integers(1, 999))
def test_different_rts_stay_different(one: int, other: int):
    assert (normalise_rt(f"RT {one}") == normalise_rt(f"{other:03d}")) == (one == other)


@given(st.text(max_size=200))
def test_a_folder_name_is_safe_everywhere(text: str):
    name = folder_name(text)
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", name)
    assert len(name) <= 64
    assert name not in {"con", "prn", "aux", "nul", "com1", "lpt9", "rekap"}


@pytest.mark.parametrize(("rt", "folder"), (("RT 04", "rt-04"), ("RT 04 RW 02", "rt-04-rw-02"), ("../etc/passwd", "etc-passwd"), ("con", "con-rt"),
                                            ("COM1", "com1-rt"), ("", "rt"), ("日本", "rt"), ("Rekap", "rekap-rt"), ("Dusun Sékar", "dusun-sekar")))
def test_folder_names(rt: str, folder: str):
    assert folder_name(rt) == folder
