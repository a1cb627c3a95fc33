"""Invented studies of any size, for measuring: nobody's answers, the same ones for the same seed."""

from __future__ import annotations

import json
import random
from pathlib import Path

STUDY = '''id = "sintetis"
title = {{ id = "Data buatan", en = "Invented data" }}
year = 2021
instruments = ["pengetahuan.toml"]
rts = {rts}
[columns]
id = "kode"
rt = "rt"
[[files]]
file = "pra.csv"
wave = "pre"
[[files]]
file = "pasca.csv"
wave = "post"
'''
OPTIONS = '''options = [
  { code = "1", label = { id = "sangat tidak setuju", en = "strongly disagree" }, value = 1 },
  { code = "2", label = { id = "tidak setuju", en = "disagree" }, value = 2 },
  { code = "3", label = { id = "setuju", en = "agree" }, value = 3 },
  { code = "4", label = { id = "sangat setuju", en = "strongly agree" }, value = 4 },
]
'''


def write_study(folder: Path, rts: int, people: int = 50, items: int = 35, seed: int = 20210817) -> Path:
    """The folder of a study with so many RTs of so many people, who gain half a point on the average."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"RT {number:04d}" for number in range(1, rts + 1)]
    codes = [f"s{number:02d}" for number in range(1, items + 1)]
    statements = "\n".join(f'  {{ id = "{code}", text = {{ id = "Pernyataan {code[1:]}.", en = "Statement {code[1:]}." }} }},' for code in codes)
    (folder / "pengetahuan.toml").write_text('id = "sikap"\nversion = "1"\nkind = "rating"\nlabel = { id = "Sikap", en = "Attitude" }\n'
                                             f'{OPTIONS}items = [\n{statements}\n]\n[scoring]\nmethod = "mean"\n', encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(rts=json.dumps(names)), encoding="utf-8")
    level = {(rt, person): chance.gauss(2.3, 0.5) for rt in names for person in range(people)}
    for name, gain in (("pra", 0.0), ("pasca", 0.5)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(",".join(["rt", "kode", *codes]) + "\n")
            for (rt, person), start in level.items():
                answers = (str(min(4, max(1, round(chance.gauss(start + gain, 0.8))))) for _ in codes)
                file.write(f"{rt},warga{rt[3:]}x{person:03d}," + ",".join(answers) + "\n")
    return folder
