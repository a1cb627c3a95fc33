"""Synthetic people who fill in the forms, and the small studies that read their answers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

PEOPLE = 24
CODES = [f"{first}{second}{day:02d}{phone:02d}" for first, second, day, phone in zip(
    "SARNWEYLDMKBTPJHFGCUOIVZ", "IMAUAUNIEIAUIUOAEOAMKBDX", range(4, 28), range(11, 95, 3), strict=False)]


def answers_of(person: int, wave: int, options: list[str], items: int) -> list[str]:
    """A person's answers: the same person answers alike, but some statements otherwise the second time."""
    chance = random.Random(1000 * person + 17)
    first = [chance.randrange(len(options)) for _ in range(items)]
    moved = random.Random(1000 * person + 18)
    return [options[(place + (moved.random() < 0.5) * wave) % len(options)] for place in first]


def write_study(folder: Path, lines: Iterable[str], language: str = "id", own: str = "") -> Path:
    text = [f'id = "formulir"\ntitle = {{ id = "Uji formulir", en = "Trial of a form" }}\nyear = 2021\nlanguage = "{language}"\nrts = ["RT 04", "RT 05"]', own, *lines]
    (folder / "study.toml").write_text("\n".join(text) + "\n", encoding="utf-8")
    return folder
