"""Studies with one knowledge test of any length, for what needs many people and many items."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from baksos_eval.study.study import Study, open_study

Rights = Sequence[Sequence[float]]      # people x items: 1 right, 0 wrong, nan blank


def knowledge_study(folder: Path, pre: Mapping[str, Rights], post: Mapping[str, Rights], *, dimensions: Sequence[str] = (), total: bool = True,
                    language: str = "id", more: str = "") -> Study:
    """A study in ``folder`` with a file for each wave that anybody answered: per RT, who (in this order) answered which item right; the n-th row is the same person in both waves."""
    count = len(next(rows[0] for rows in (*pre.values(), *post.values()) if len(rows)))
    scoring = f'[scoring]\nmethod = "percent"\ntotal = {str(total).lower()}\n'
    parts = "".join(f'[[dimensions]]\nid = "{name}"\nlabel = {{ id = "Bagian {name}", en = "Part {name}" }}\n' for name in dict.fromkeys(dimensions) if name)
    options = "".join(f'[[options]]\ncode = "{code}"\nlabel = {{ id = "{word}", en = "{english}" }}\n' for code, word, english in
                      (("b", "Benar", "True"), ("s", "Salah", "False")))
    items = "".join(f'[[items]]\nid = "p{number}"\nkey = "b"\ntext = {{ id = "Soal nomor {number}", en = "Question number {number}" }}\n'
                    + (f'dimension = "{dimensions[number - 1]}"\n' if dimensions and dimensions[number - 1] else "") for number in range(1, count + 1))
    (folder / "tes.toml").write_text('id = "tes"\nversion = "1"\nkind = "knowledge"\nlabel = { id = "Tes", en = "Test" }\n' + scoring + parts + options + items,
                                     encoding="utf-8")
    waves = {wave: rts for wave, rts in (("pre", pre), ("post", post)) if rts}
    for wave, rts in waves.items():
        with (folder / f"{wave}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["RT", "Kode", *(f"p{number}" for number in range(1, count + 1))])
            writer.writerows([rt, f"{rt}-{number:04d}", *("" if np.isnan(right) else "b" if right else "s" for right in row)]
                             for rt, rows in rts.items() for number, row in enumerate(rows))
    (folder / "study.toml").write_text(f"""
id = "uji"
title = {{ id = "Uji", en = "Trial" }}
language = "{language}"
year = 2021
instruments = ["tes.toml"]
{more}
[columns]
id = "Kode"
rt = "RT"
""" + "".join(f'[[files]]\nfile = "{wave}.csv"\nwave = "{wave}"\n' for wave in waves), encoding="utf-8")
    return open_study(folder)


def draw(seed: int, people: int, items: int = 9, gain: float = 0.0, ability: float = 0.3) -> np.ndarray:
    """Answers of ``people`` to a Rasch test; the same seed draws the same people."""
    rng = np.random.default_rng(seed)
    theta = rng.normal(ability, 1.1, (people, 1)) + gain
    return (rng.random((people, items)) < 1 / (1 + np.exp(np.linspace(-1.6, 1.8, items) - theta))).astype(float)
