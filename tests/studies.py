"""Small studies for tests: written in code, one questionnaire of each kind, answers as numbers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from baksos_eval.study.study import Study, open_study

RATING = """
id = "rating"
version = "1"
kind = "rating"
label = { id = "Sikap", en = "Attitude" }
[scoring]
method = "mean"
least_answered = 0.75
smallest_change = 0.5
direction = "DIRECTION"
[[dimensions]]
id = "first"
label = { id = "Bagian satu", en = "Part one" }
[[dimensions]]
id = "second"
label = { id = "Bagian dua", en = "Part two" }
""" + "".join(f"""
[[options]]
code = "o{value}"
value = {value}
label = {{ id = "Pilihan {value}", en = "Option {value}" }}
spellings = ["{value}"]
""" for value in range(1, 6)) + "".join(f"""
[[items]]
id = "a{number}"
dimension = "{'first' if number < 3 else 'second'}"
reversed = {'true' if number == 2 else 'false'}
text = {{ id = "Pernyataan nomor {number}", en = "Statement number {number}" }}
""" for number in range(1, 5))

KNOWLEDGE = """
id = "knowledge"
version = "1"
kind = "knowledge"
label = { id = "Pengetahuan", en = "Knowledge" }
[scoring]
method = "percent"
least_answered = 0.75
smallest_change = 10
categories = "arikunto3"
[[options]]
code = "right"
label = { id = "Benar", en = "True" }
spellings = ["B"]
[[options]]
code = "wrong"
label = { id = "Salah", en = "False" }
spellings = ["S"]
""" + "".join(f"""
[[items]]
id = "k{number}"
key = "{'right' if number % 2 else 'wrong'}"
text = {{ id = "Soal nomor {number}", en = "Question number {number}" }}
""" for number in range(1, 5))

ITEMS = ["a1", "a2", "a3", "a4", "k1", "k2", "k3", "k4"]
Answers = Sequence[object]


def study_of(folder: Path, pre: Iterable[tuple[str, str, Answers]], post: Iterable[tuple[str, str, Answers]], *,
             direction: str = "up", language: str = "id", more: str = "") -> Study:
    """A study in ``folder`` from rows (rt, person, eight answers): four ratings 1-5, then four of B/S."""
    (folder / "rating.toml").write_text(RATING.replace("DIRECTION", direction), encoding="utf-8")
    (folder / "knowledge.toml").write_text(KNOWLEDGE, encoding="utf-8")
    for wave, rows in (("pre", pre), ("post", post)):
        with (folder / f"{wave}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["RT", "Kode", *ITEMS])
            writer.writerows([rt, person, *answers] for rt, person, answers in rows)
    (folder / "study.toml").write_text(f"""
id = "uji"
title = {{ id = "Studi uji", en = "Test study" }}
language = "{language}"
year = 2021
instruments = ["rating.toml", "knowledge.toml"]
{more}
[columns]
id = "Kode"
rt = "RT"
[[files]]
file = "pre.csv"
wave = "pre"
[[files]]
file = "post.csv"
wave = "post"
""", encoding="utf-8")
    return open_study(folder)


def people(rt: str, count: int, first: int = 0) -> list[tuple[str, str]]:
    """RT and code of ``count`` invented people."""
    return [(rt, f"xy{number:03d}") for number in range(first, first + count)]
