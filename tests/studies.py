"""Small studies for tests: written in code, one questionnaire of each kind, answers as numbers."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

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

PAIRED = '[columns]\nid = "Kode"'
ANONYMOUS = '[answers]\npairing = "anonymous"\n[columns]'
ITEMS = ["a1", "a2", "a3", "a4", "k1", "k2", "k3", "k4"]
Answers = Sequence[object]


def study_of(folder: Path, pre: Iterable[tuple[str, str, Answers]], post: Iterable[tuple[str, str, Answers]], *,
             delayed: Iterable[tuple[str, str, Answers]] | None = None, anonymous: bool = False, direction: str = "up", language: str = "id",
             more: str = "", columns: str = "", also: Sequence[str] = ()) -> Study:
    """A study in ``folder`` from rows (rt, person, eight answers): four ratings 1-5, then four of B/S.

    With rows of a ``delayed`` wave it has three waves; an ``anonymous`` one has no codes in its files.
    ``more`` is TOML above ``[columns]`` and ``columns`` TOML within it; ``also`` are headers of further cells after the answers.
    """
    (folder / "rating.toml").write_text(RATING.replace("DIRECTION", direction), encoding="utf-8")
    (folder / "knowledge.toml").write_text(KNOWLEDGE, encoding="utf-8")
    waves = {"pre": pre, "post": post} | ({} if delayed is None else {"delayed": delayed})
    for wave, rows in waves.items():
        with (folder / f"{wave}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["RT", *([] if anonymous else ["Kode"]), *ITEMS, *also])
            writer.writerows([rt, *([] if anonymous else [person]), *answers] for rt, person, answers in rows)
    (folder / "study.toml").write_text(f"""
id = "uji"
title = {{ id = "Studi uji", en = "Test study" }}
language = "{language}"
year = 2021
instruments = ["rating.toml", "knowledge.toml"]
{"" if delayed is None else 'waves = ["pre", "post", "delayed"]'}
{more}
{ANONYMOUS if anonymous else PAIRED}
rt = "RT"
{columns}
""" + "".join(f"""
[[files]]
file = "{wave}.csv"
wave = "{wave}"
""" for wave in waves), encoding="utf-8")
    return open_study(folder)


class Person(NamedTuple):
    """One invented person of a study with groups: what the group's and the activity's cells say, and the answers."""

    rt: str
    code: str
    arm: str
    dose: str
    pre: Answers
    post: Answers


def grouped_study(folder: Path, persons: Iterable[Person], comparison: str, **other: str) -> Study:
    """A study whose files say who took part (``Kelompok``) and how often (``Masker``); ``comparison`` is the TOML of its groups."""
    folder.mkdir(parents=True, exist_ok=True)
    told = list(persons)
    columns = ('arm = "Kelompok"\n' if "programme" in comparison else "") + '[columns.dose]\nmasker = "Masker"\n'
    tables = [[(one.rt, one.code, [*getattr(one, wave), one.arm, one.dose]) for one in told] for wave in ("pre", "post")]
    return study_of(folder, *tables, more=comparison, columns=columns, also=["Kelompok", "Masker"], **other)


def only_one_item(study: Study) -> Study:
    """The study with a rating scale of its first statement alone."""
    file = study.folder / "rating.toml"
    head, *entries = file.read_text(encoding="utf-8").split("[[")
    kept = [entry.replace('dimension = "first"\n', "") for entry in entries if entry.startswith("options]]") or 'id = "a1"' in entry]
    file.write_text("[[".join([head, *kept]), encoding="utf-8")
    return open_study(study.folder, study.language)


def invented_persons(sizes: Iterable[tuple[str, str, int]], seed: int = 1, effect: float = 0.5) -> list[Person]:
    """People of these RTs and groups (``E`` took part, ``C`` did not), whose answers rise with how often they took part."""
    draw, told = random.Random(seed), []
    for rt, arm, count in sizes:
        for _ in range(count):
            trait, times = draw.gauss(3, 0.7), draw.randint(0, 4) if arm == "E" else 0
            rise = 0.2 + effect * times * (arm == "E") / 2
            said = [[min(5, max(1, round(draw.gauss(6 - level if item == 1 else level, 0.6)))) for item in range(4)] for level in (trait, trait + rise)]
            known = [["BS"[(draw.random() < 0.45 + 0.2 * rise * after) ^ (item % 2 == 0)] for item in range(4)] for after in (0, 1)]
            told.append(Person(rt, f"xy{len(told):03d}", arm, str(times), [*said[0], *known[0]], [*said[1], *known[1]]))
    return told


def people(rt: str, count: int, first: int = 0) -> list[tuple[str, str]]:
    """RT and code of ``count`` invented people."""
    return [(rt, f"xy{number:03d}") for number in range(first, first + count)]
