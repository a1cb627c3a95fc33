"""A made-up study to learn on: what was planted in its answers is known, so what the statistics find can be judged."""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from baksos_eval.errors import BaksosError
from baksos_eval.study.instrument import Instrument, load_instrument
from baksos_eval.study.study import Study, open_study

FILE = "jawaban.csv"
SEED = 20210812
RESILIENCE, KNOWLEDGE = "ketahanan_sosial", "pengetahuan_covid19"
MISUNDERSTOOD = "pc03"
"""The item that hardly anybody learns."""

PEOPLE = 44


class Planted(NamedTuple):
    """What was planted in one RT.

    Attributes:
        up: chance that an answer on the rating scale moves one step towards resilience.
        down: chance that it moves one step away.
        learn: chance that a wrong answer of the test becomes right.
        forget: chance that a right one becomes wrong.
        leavers: people of low scores who do not answer again.
        careless: people who give the same answer to every statement, in both waves.
        slips: people whose code has another last digit after the programme.
    """

    up: float
    down: float
    learn: float
    forget: float
    leavers: int = 0
    careless: int = 0
    slips: int = 0

    @property
    def resilience(self) -> float:
        """The expected mean change on the scale 1-5 of somebody who answers with care."""
        return self.up - self.down

    def knowledge(self, known: float) -> float:
        """The expected change, in points of 100, on an item that the share ``known`` answered right before."""
        return 100 * ((1 - known) * self.learn - known * self.forget)


PLANTED: Mapping[str, Planted] = {
    "RT 01": Planted(up=0.45, down=0.05, learn=0.6, forget=0.1),
    "RT 02": Planted(up=0.15, down=0.05, learn=0.6, forget=0.1, leavers=8),
    "RT 03": Planted(up=0.15, down=0.15, learn=0.1, forget=0.1, careless=3),
    "RT 04": Planted(up=0.45, down=0.05, learn=0.6, forget=0.1, slips=2),
}
"""RT 01 changes much, RT 02 a little (and loses people), RT 03 not at all (and has careless people), RT 04 as RT 01."""

KNOWN_BEFORE, KNOWN_OF_MISUNDERSTOOD, LEARN_OF_MISUNDERSTOOD = 0.5, 0.25, 0.04
_ABLE = 0.3
"""How much more of the test an able person knows; people differ, the mean stays."""


def practice_study(folder: str | Path, language: str = "id") -> Study:
    """The practice study, written into ``folder`` (made if need be) as ``study.toml`` and one table of answers.

    The same language always gives the same files.

    Raises:
        BaksosError: ``language_unknown``, ``practice_in_the_way`` (another study is there).
    """
    spoken = _words()
    if language not in spoken:
        raise BaksosError("language_unknown", language=language)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    words = spoken[language]
    file = folder / "study.toml"
    text = _study_toml(language, spoken)
    if file.exists() and 'id = "latihan"' not in file.read_text(encoding="utf-8"):
        raise BaksosError("practice_in_the_way", folder=folder.name)
    instruments = [load_instrument(name) for name in (RESILIENCE, KNOWLEDGE)]
    header = [*words["columns"], *(item.id.upper() for instrument in instruments for item in instrument.items)]
    rows = [row for number, (rt, planted) in enumerate(PLANTED.items()) for row in _rows(rt, planted, instruments, words, language, random.Random(SEED + number))]
    with (folder / FILE).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    file.write_text(text, encoding="utf-8", newline="\n")
    return open_study(folder)


def _words() -> dict[str, dict]:
    """The words of the files by language."""
    return tomllib.loads((resources.files("baksos_eval.study") / "practice.toml").read_text(encoding="utf-8"))


def _study_toml(language: str, spoken: Mapping[str, Mapping]) -> str:
    identity, rt, wave, consent = spoken[language]["columns"]
    before, after = spoken[language]["waves"]
    return "\n".join([
        'id = "latihan"', f'title = {{ id = "{spoken["id"]["title"]}", en = "{spoken["en"]["title"]}" }}', f'language = "{language}"', "year = 2021",
        f'instruments = ["{RESILIENCE}", "{KNOWLEDGE}"]', f"rts = [{', '.join(f'{chr(34)}{name}{chr(34)}' for name in PLANTED)}]", "",
        "[columns]", f'id = "{identity}"', f'rt = "{rt}"', f'wave = "{wave}"', f'consent = "{consent}"', "",
        "[[files]]", f'file = "{FILE}"', f'waves = {{ pre = ["{before}"], post = ["{after}"] }}', ""])


def _rows(rt: str, planted: Planted, instruments: list[Instrument], words: Mapping, language: str, dice: random.Random) -> list[list[str]]:
    """The rows of one RT, those before first."""
    resilience, knowledge = instruments
    people = []
    for number in range(PEOPLE):
        careless = number < planted.careless
        level, ability = dice.choice((-1, 0, 0, 1)), dice.choice((-1, 0, 0, 1))
        before = [3] * len(resilience.items) if careless else [max(2, min(4, 3 + dice.choice((-1, 0, 1)) * (dice.random() < 0.6) + level * (dice.random() < 0.5))) for _ in resilience.items]
        after = before if careless else [answer + _step(planted, dice) for answer in before]
        known = [dice.random() < (KNOWN_OF_MISUNDERSTOOD if item.id == MISUNDERSTOOD else KNOWN_BEFORE + _ABLE * ability) for item in knowledge.items]
        learnt = [_learns(item.id, right, planted, dice) for item, right in zip(knowledge.items, known, strict=True)]
        people.append((_code(number, dice), before, after, known, learnt))
    leaving = sorted(range(len(people)), key=lambda at: sum(people[at][1]))[:planted.leavers]
    rows: list[list[str]] = []
    for wave in (0, 1):
        for at, (code, before, after, known, learnt) in enumerate(people):
            if wave and at in leaving:
                continue
            written = f"{code[:-1]}{(int(code[-1]) + 5) % 10}" if wave and at < planted.slips else code
            rows.append([written, rt, words["waves"][wave], words["agreed"], *_marks(resilience, after if wave else before, language, planted.careless > at),
                         *_ticks(knowledge, learnt if wave else known, language, dice)])
    return rows


def _step(planted: Planted, dice: random.Random) -> int:
    chance = dice.random()
    return 1 if chance < planted.up else -1 if chance < planted.up + planted.down else 0


def _learns(item: str, right: bool, planted: Planted, dice: random.Random) -> bool:
    if item == MISUNDERSTOOD:
        return right or dice.random() < LEARN_OF_MISUNDERSTOOD
    return dice.random() >= planted.forget if right else dice.random() < planted.learn


def _marks(instrument: Instrument, scores: list[int], language: str, careless: bool) -> list[str]:
    """The answers that give these scores: a reversed item is answered the other way round."""
    labels = {int(option.value or 0): option.label[language] for option in instrument.options}
    return [labels[6 - score if item.reversed and not careless else score] for item, score in zip(instrument.items, scores, strict=True)]


def _ticks(instrument: Instrument, right: list[bool], language: str, dice: random.Random) -> list[str]:
    labels = {option.code: option.label[language] for option in instrument.options}
    wrong = {item.id: [code for code in labels if code != item.key] for item in instrument.items}
    return [labels[item.key if is_right else dice.choice(wrong[item.id])] for item, is_right in zip(instrument.items, right, strict=True)]


def _code(number: int, dice: random.Random) -> str:
    """A code that no other person of the RT has: its first letters count the people."""
    return f"{'SRNWEAYLDM'[number % 10]}{'IAUEOMKBTH'[number // 10]}{dice.randint(1, 28):02d}{dice.randint(0, 99):02d}"
