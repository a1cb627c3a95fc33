"""Dates in every way Google Forms, Excel and people write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from baksos_eval.intake.times import read_times, weigh_times

MOMENT = datetime(2021, 8, 12, 9, 15, 33)


@pytest.mark.parametrize("text", (
    "12/08/2021 9.15.33", "12/08/2021 09:15:33", "2021/08/12 9:15:33 AM GMT+7", "2021-08-12 09:15:33", "2021-08-12T09:15:33.000+07:00", "12-8-2021 9.15.33",
    "12 Agustus 2021 09.15.33", "Kamis, 12 Agustus 2021, 09.15.33", "12 Agu 2021 9:15:33 AM", "12.08.21 9:15:33"))
def test_spellings_of_one_moment(text: str):
    assert read_times([text]) == [MOMENT]


@pytest.mark.parametrize(("text", "month"), [(word, number) for number, words in enumerate((
    ("Januari", "Jan"), ("Februari", "Feb"), ("Maret", "Mar"), ("April", "Apr"), ("Mei", "May"), ("Juni", "Jun"), ("Juli", "Jul"), ("Agustus", "Agt"),
    ("September", "Sep"), ("Oktober", "Okt"), ("November", "Nov"), ("Desember", "Des")), start=1) for word in words])
def test_months(text: str, month: int):
    assert read_times([f"3 {text} 2021"]) == [datetime(2021, month, 3)]


@pytest.mark.parametrize("day", range(1, 13))
def test_the_day_comes_first(day: int):
    assert read_times([f"{day}/4/2021"]) == [datetime(2021, 4, day)]


def test_a_column_shows_that_its_month_comes_first():
    assert read_times(["8/12/2021 9:15:33", "8/13/2021 0:00:00"]) == [MOMENT, datetime(2021, 8, 13)]


def test_a_column_with_both_orders_is_not_read():
    assert read_times(["13/8/2021", "8/13/2021"]) == [None, None]


@pytest.mark.parametrize("text", ("", "kemarin", "12", "31/02/2021", "12 Bulan 2021", "2021", "08.15"))
def test_what_is_no_date(text: str):
    assert read_times([text]) == [None]


def test_noon_and_midnight():
    assert read_times(["2021/08/12 12:00:00 AM GMT+7", "2021/08/12 12:00:00 PM GMT+7"]) == [datetime(2021, 8, 12), datetime(2021, 8, 12, 12)]


@pytest.mark.parametrize(("texts", "declared", "order", "evidence"), [
    (["8/9/2021", "8/10/2021", "9/1/2021", "9/2/2021"], "", "month_first", "sequence"), (["1/8/2021", "2/8/2021", "3/8/2021", "1/9/2021"], "", "day_first", "sequence"),
    (["1/8/2021", "2/8/2021"], "", "day_first", "assumed"), (["8/8/2021", "2021-08-09"], "", "day_first", "none"), (["8/13/2021", "1/2/2021"], "", "month_first", "number"),
    (["13/8/2021", "1/2/2021"], "", "day_first", "number"), (["13/8/2021", "8/13/2021"], "", "day_first", "mixed"), (["1/2/2021"], "month_first", "month_first", "declared"),
    (["13/8/2021", "8/13/2021"], "day_first", "day_first", "declared")])
def test_what_tells_the_order(texts: list[str], declared: str, order: str, evidence: str):
    assert weigh_times(texts, declared)[1:3] == (order, evidence)


def test_the_other_reading_is_kept_where_nothing_tells():
    read = weigh_times(["1/8/2021"])
    assert (read.moments, read.other) == ([datetime(2021, 8, 1)], [datetime(2021, 1, 8)])
