"""A small study and small notebooks that do what a test needs, good or bad."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

INSTRUMENT = """
id = "sikap"
version = "1"
kind = "rating"
label = { id = "Sikap", en = "Attitude" }
options = [
  { code = "1", label = { id = "tidak", en = "no" }, value = 1 },
  { code = "2", label = { id = "ya", en = "yes" }, value = 2 },
]
items = [
  { id = "s1", text = { id = "Saya ikut ronda.", en = "I join the night watch." } },
  { id = "s2", text = { id = "Saya ikut kerja bakti.", en = "I join the clean-up." } },
]
[scoring]
method = "mean"
"""

STUDY = """
id = "{id}"
title = {{ id = "Judul & <b>tanda</b>", en = "Title & <b>mark</b>" }}
year = 2021
instruments = ["sikap.toml"]
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
"""

PARAMETERS = 'study_folder = "data/contoh"  # str: the folder\nrt = "RT 01"  # str: the RT\nlanguage = ""  # str\nresults_folder = ""  # str\n'
RECAP_PARAMETERS = PARAMETERS.replace('rt = "RT 01"  # str: the RT\n', "")

LEDGER = '''
import csv, pathlib
def write(rt, name="hasil.csv"):
    if not results_folder:
        return
    rows = [("study", "rt", "arm", "scale", "item", "method", "measure", "value", "note"), ("uji", rt, "", "", "", "flow", "both", 28, ""),
            ("uji", rt, "", "sikap.total", "", "verdict", "code", "", "improved"), ("uji", rt, "", "sikap.other", "", "verdict", "code", "", "worsened"),
            ("uji", rt, "", "sikap.total", "", "mean_change", "change", 0.1 + 0.2, "")]
    with open(pathlib.Path(results_folder) / name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\\n").writerows(rows)
'''


def cell(source: str, kind: str = "code", tags: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """One notebook cell."""
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": f"c{zlib.crc32(source.encode()):08x}", "metadata": {"tags": list(tags)}, "source": source, **code, **more}


def write_notebook(path: Path, *cells: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"cells": list(cells), "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
               "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def write_study(folder: Path, rts: tuple[str, ...] = ("RT 01", "RT 02"), study_id: str = "uji") -> Path:
    folder.mkdir(parents=True)
    (folder / "sikap.toml").write_text(INSTRUMENT, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY.format(id=study_id, rts=json.dumps(list(rts))), encoding="utf-8")
    for name, answer in (("pra.csv", 1), ("pasca.csv", 2)):
        lines = [f"{rt},{rt[-2:]}K{number},{answer},{1 + number % 2}" for rt in rts for number in range(6)]
        (folder / name).write_text("rt,kode,s1,s2\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_notebooks(folder: Path, *rt_cells: dict[str, Any]) -> Path:
    """Both notebooks; the one for an RT with these cells between its parameters and its ledger."""
    write_notebook(folder / "02_evaluasi_rt.ipynb", cell("# Evaluasi", "markdown"), cell(PARAMETERS, tags=("parameters",)), cell(LEDGER),
                   *rt_cells, cell("## Akhir", "markdown"), cell('write(rt); write(rt, "temuan.csv")'))
    write_notebook(folder / "03_rekap_program.ipynb", cell(RECAP_PARAMETERS, tags=("parameters",)), cell(LEDGER), cell('write("RT 01")'))
    return folder
