"""A simulated year of self-generated codes: how many pairs are found, and how many of them are right.

Run ``python tools/simulate_codes.py`` for the table of docs/PASANGAN.md (``--write`` puts it there). Everything follows
from the seed. People make their code from the first two letters of their mother's name, the day of their birth and the
last two digits of their phone number; before and after they slip, forget and change phones, some leave and some come. They
also tell their sex, age and schooling, each time with the gaps and slips such answers have.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from baksos_eval.intake.matching import Kind, Proposal, Strength, chance, propose
from baksos_eval.intake.pairing import pair
from baksos_eval.intake.responses import Responses
from baksos_eval.intake.rows import person_key
from baksos_eval.study.study import Answers, Columns, Study

DOCUMENT = Path(__file__).parents[1] / "docs" / "PASANGAN.md"
BEGIN, END = "<!-- hasil simulasi -->", "<!-- akhir hasil simulasi -->"

RTS, PEOPLE = 20, 60
SEED = 20210812
ONE_SLIP, SWAP, TWO_SLIPS, NEW_PHONE, OTHER_NAME = 0.05, 0.02, 0.01, 0.03, 0.02
LEAVE, COME, TWINS, MOVE = 0.12, 0.06, 0.01, 0.005
"""Shares of people per wave; chosen so that about 12 % of those who answer twice do not write the same code again, between
the 2 to 12 % unequal within four months and the 33 to 49 % within a year that studies of such codes report."""

BLANK, OTHER_SEX, YEAR_OLDER, WRONG_AGE, OTHER_SCHOOL = 0.03, 0.005, 0.1, 0.02, 0.05
"""Per wave: a fact left blank, the wrong sex ticked, a birthday between the waves (after only), an age off by 2 to 10 years, another school named."""

FACTS = ("jenis_kelamin", "usia", "pendidikan")
SAME_SEX_TWINS, SAME_SCHOOL_TWINS = 2 / 3, 0.7
SCHOOLS = (("SD", 22), ("SMP", 18), ("SMA", 42), ("D3", 5), ("S1", 13))

MOTHERS = (("siti", 18), ("sri", 12), ("nur", 12), ("sumi", 7), ("dewi", 6), ("mar", 6), ("rus", 5), ("sul", 5), ("war", 4), ("tu", 4), ("kar", 4), ("en", 4), ("ya", 3), ("ro", 3),
           ("ha", 3), ("am", 3), ("fa", 3), ("as", 3), ("in", 2), ("le", 2), ("li", 2), ("ni", 2), ("su", 2), ("wi", 2), ("ti", 2), ("ju", 2), ("ka", 2), ("pa", 2), ("zu", 1),
           ("um", 1), ("mi", 1), ("ra", 1), ("ba", 1), ("da", 1), ("id", 1), ("ke", 1), ("ma", 6), ("mu", 5), ("la", 1), ("ye", 1))


class Person(NamedTuple):
    number: int
    rt: str
    mother: str
    day: int
    phone: int
    sex: str
    age: int
    school: str


class Method(NamedTuple):
    """A way of pairing: its pairs, and those among them that are of one person."""

    name: str
    pairs: int
    right: int


class Year(NamedTuple):
    """One simulated year: true pairs to be found, what each way of pairing finds, and the chance of coincidence."""

    findable: int
    methods: tuple[Method, ...]
    proposals: tuple[Method, ...]
    collision_rt: float
    collision_all: float


def code(person: Person) -> str:
    return f"{person.mother[:2]}{person.day:02d}{person.phone:02d}"


def population(chance_of: random.Random) -> tuple[list[Person], list[Person]]:
    """The people who answer before and those who answer after, with twins, leavers, newcomers and people who move."""
    before: list[Person] = []
    names, weights = zip(*MOTHERS, strict=True)

    def somebody(rt: str) -> Person:
        return Person(next(numbers), rt, chance_of.choices(names, weights)[0], chance_of.randint(1, 31), chance_of.randint(0, 99), chance_of.choice("PL"), chance_of.randint(18, 75), school())

    def school() -> str:
        return chance_of.choices(*zip(*SCHOOLS, strict=True))[0]

    numbers = iter(range(10**9))
    for place in range(1, RTS + 1):
        rt = f"RT {place:02d}"
        while sum(person.rt == rt for person in before[-PEOPLE:]) < PEOPLE:
            person = somebody(rt)
            before.append(person)
            if chance_of.random() < TWINS:  # the same mother and birthday; now and then the same phone
                phone = person.phone if chance_of.random() < 0.3 else chance_of.randint(0, 99)
                sex = person.sex if chance_of.random() < SAME_SEX_TWINS else "PL".replace(person.sex, "")
                before.append(person._replace(number=next(numbers), phone=phone, sex=sex, school=person.school if chance_of.random() < SAME_SCHOOL_TWINS else school()))
    after = [person for person in before if chance_of.random() >= LEAVE]
    after = [person._replace(rt=f"RT {chance_of.randint(1, RTS):02d}") if chance_of.random() < MOVE else person for person in after]
    after += [somebody(f"RT {chance_of.randint(1, RTS):02d}") for _ in range(round(COME * len(before)))]
    return before, after


def written(person: Person, chance_of: random.Random) -> str:
    """The code as somebody writes it this time."""
    drawn = chance_of.random()
    for share, change in ((ONE_SLIP, lambda text: slip(text, chance_of)), (SWAP, lambda text: swap(text, chance_of)),
                          (TWO_SLIPS, lambda text: slip(slip(text, chance_of), chance_of)),
                          (NEW_PHONE, lambda text: f"{text[:4]}{chance_of.randint(0, 99):02d}"), (OTHER_NAME, lambda text: chance_of.choice(MOTHERS)[0][:2] + text[2:])):
        if drawn < share / 2:  # half of it before, half after
            return change(code(person))
        drawn -= share / 2
    return code(person)


def told(person: Person, wave: str, chance_of: random.Random) -> tuple[str, str, str]:
    """Sex, age and schooling as somebody tells them this time."""
    sex = "PL".replace(person.sex, "") if chance_of.random() < OTHER_SEX else person.sex
    age = person.age + (wave == "post" and chance_of.random() < YEAR_OLDER)
    if chance_of.random() < WRONG_AGE:
        age += chance_of.choice((-1, 1)) * chance_of.randint(2, 10)
    school = chance_of.choices(*zip(*SCHOOLS, strict=True))[0] if chance_of.random() < OTHER_SCHOOL else person.school
    return tuple("" if chance_of.random() < BLANK else text for text in (sex, str(age), school))  # type: ignore[return-value]


def slip(text: str, chance_of: random.Random) -> str:
    place = chance_of.randrange(len(text))
    letters = "abcdefghijklmnopqrstuvwxyz" if text[place].isalpha() else "0123456789"
    return text[:place] + chance_of.choice(letters.replace(text[place], "")) + text[place + 1:]


def swap(text: str, chance_of: random.Random) -> str:
    places = [place for place in range(len(text) - 1) if text[place] != text[place + 1]]
    place = chance_of.choice(places) if places else 0
    return text[:place] + text[place + 1] + text[place] + text[place + 2:]


def responses(before: Sequence[Person], after: Sequence[Person], chance_of: random.Random) -> tuple[Responses, list[int]]:
    """What a lecturer gets, shuffled, and for each row who it really was."""
    rows = [(person, wave, written(person, chance_of), told(person, wave, chance_of)) for wave, people in (("pre", before), ("post", after)) for person in people]
    chance_of.shuffle(rows)
    frame = pd.DataFrame({
        "rt": pd.Categorical([person.rt for person, *_ in rows]), "wave": pd.Categorical([wave for _, wave, *_ in rows], categories=["pre", "post"]),
        "person": pd.Series([person_key(text) for _, _, text, _ in rows], dtype=object), "file": "isian.csv", "sheet": "", "row": range(2, len(rows) + 2), "consent": True,
        "time": pd.NaT, **{f"profile.{name}": [facts[place] for *_, facts in rows] for place, name in enumerate(FACTS)}})
    return Responses(frame, (), ids=frozenset(text for _, _, text, _ in rows)), [person.number for person, *_ in rows]


def simulate(seed: int = SEED) -> Year:
    """One year by every way of pairing."""
    chance_of = random.Random(seed)
    before, after = population(chance_of)
    data, who = responses(before, after, chance_of)
    frame = data.frame
    study = Study.model_construct(answers=Answers(duplicates="refuse"), waves=("pre", "post"), later_waves=(), is_anonymous=False,
                                  columns=Columns(profile={name: name for name in FACTS}), sources=())
    stayed = {person.number for person in before} & {person.number for person in after}

    merged = frame[frame["wave"] == "pre"].reset_index().merge(frame[frame["wave"] == "post"].reset_index(), on="person")
    plain = list(zip(merged["index_x"], merged["index_y"], strict=True))
    exact = [(int(first), int(second)) for rt, rows in frame.groupby("rt", observed=True) for first, second in pair(rows, study, str(rt)).people[["pre", "post"]].to_numpy()
             if first >= 0 and second >= 0]
    proposals = propose(data, study)
    within = [proposal for proposal in proposals if proposal.before.rt == proposal.after.rt and proposal.kind in (Kind.ONE_EDIT, Kind.SWAPPED)]
    across = [proposal for proposal in proposals if proposal.before.rt != proposal.after.rt]
    reviewed = [proposal for proposal in proposals if proposal.strength is Strength.SUPPORTED]

    def method(name: str, pairs: Sequence[tuple[int, int]]) -> Method:
        return Method(name, len(pairs), sum(who[first] == who[second] for first, second in pairs))

    def places(found: Sequence[Proposal]) -> list[tuple[int, int]]:
        return [(proposal.before.label, proposal.after.label) for proposal in found]

    rates = chance(data, study)
    return Year(len(stayed),
                (method("plain", plain), method("exact", exact), method("exact_and_reviewed", exact + places(reviewed))),
                (*(method(f"within_{strength}", places([proposal for proposal in within if proposal.strength is strength])) for strength in Strength),
                 method("within", places(within)), method("contradicted", places([proposal for proposal in proposals if proposal.kind is Kind.CONTRADICTED])),
                 method("across", places(across))),
                rates.collision, rates.overall)


def several(years: int, seed: int = SEED) -> Year:
    """Years one after the other, counted together."""
    found = [simulate(seed + number) for number in range(years)]

    def total(which: str) -> tuple[Method, ...]:
        pairs, right = Counter(), Counter()
        for year in found:
            for method in getattr(year, which):
                pairs[method.name] += method.pairs
                right[method.name] += method.right
        return tuple(Method(name, pairs[name], right[name]) for name in pairs)

    mean = [sum(getattr(year, which) for year in found) / years for which in ("collision_rt", "collision_all")]
    return Year(sum(year.findable for year in found), total("methods"), total("proposals"), *mean)


NAMES = {"plain": "merge biasa menurut kode, tanpa RT", "exact": "persis sama dalam RT (otomatis)", "exact_and_reviewed": "persis sama + usulan yang didukung fakta",
         "within_supported": "usulan berselisih satu dalam RT, fakta mendukung", "within_undecided": "idem, fakta tidak cukup atau ada saingan",
         "within_contradicted": "idem, fakta bertentangan", "within": "semua kode berselisih satu dalam RT",
         "contradicted": "kode sama dalam RT, jenis kelamin atau umur lain (ditinjau)",
         "across": "semua usulan antar-RT"}


def table(year: Year, years: int) -> str:
    """The result as Markdown."""
    lines = [f"{years} tahun simulasi (seed {SEED}), masing-masing {RTS} RT dengan {PEOPLE} orang; {year.findable} orang mengisi dua kali.", "",
             "| Cara | Pasangan | Benar | Salah | Ketepatan | Yang ditemukan |", "|---|---:|---:|---:|---:|---:|"]
    lines += [f"| {NAMES[method.name]} | {method.pairs} | {method.right} | {method.pairs - method.right} | {decimal(method.right / method.pairs, 4) if method.pairs else '–'} | {decimal(method.right / year.findable, 4)} |"
              for method in (*year.methods, *year.proposals)]
    lines += ["", f"Peluang sedikitnya satu kode kembar karena kebetulan, rata-rata: {decimal(100 * year.collision_rt, 2)} % di RT terbesar, {decimal(100 * year.collision_all, 2)} % "
              "bila semua RT dijadikan satu."]
    return "\n".join(lines)


def decimal(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="put the table into docs/PASANGAN.md")
    chosen = parser.parse_args()
    found = table(several(chosen.years), chosen.years)
    print(found)
    if chosen.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        DOCUMENT.write_text(f"{head}{BEGIN}\n{found}\n{END}{rest.split(END)[1]}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
