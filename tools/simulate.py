"""Measures whether the statistics keep their promise: coverage of the 95 % intervals, level of the 5 % tests.

    python tools/simulate.py            # measure what docs/simulasi.csv lacks, then renew the tables of docs/SIMULASI.md
    python tools/simulate.py --quick    # every cell with a few replications, printed and not kept

Invented people answer invented questionnaires whose truth is known exactly; the package's own functions analyse them as
they would an RT. Every cell has its own stream of random numbers, so that its figures do not depend on which other cells
are measured, and is written as soon as it is finished: an interrupted run goes on where it stopped. A cell is measured
again when its settings, the seed, the code of the statistics or a library's version are no longer those of its figures;
after changing how the folder ``simulation`` computes, use ``--fresh``.
"""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import io
import math
import os
import platform
import sys
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import scipy
from simulation.cells import CHEAP, DEAR, RT_SIZES, Cell, Figure, all_cells
from simulation.tables import renewed, tables

import baksos_eval
from baksos_eval import stats

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "simulasi.csv"
DOCUMENT = ROOT / "docs" / "SIMULASI.md"
SEED = 20260101
QUICK = 1 / 200                 # of the replications


def versions() -> dict[str, str]:
    """What the figures were made with."""
    return {"baksos-eval": baksos_eval.__version__, "Python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}


@cache
def code_of_the_statistics(modules: tuple[ModuleType, ...]) -> str:
    """A digest of modules and of those they import, as they compute: without comments, docstrings and names of reasons."""
    trees: dict[str, ast.Module] = {}
    waiting = [module.__name__.rpartition(".")[2] for module in modules]
    while waiting:
        name = waiting.pop()
        if name in trees or name == "result":
            continue
        trees[name] = tree = ast.parse((Path(stats.__path__[0]) / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                waiting += [node.module] if node.module else [alias.name for alias in node.names]
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256("".join(ast.dump(trees[name]) for name in sorted(trees)).encode()).hexdigest()


def code_of(cell: Cell, seed: int, scale: float) -> str:
    """What must be unchanged for a cell's figures to stay true."""
    whole = repr((cell, seed, scale, CHEAP, DEAR, RT_SIZES, versions(), code_of_the_statistics(cell.measures)))
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def measure(cell: Cell, seed: int, scale: float) -> list[Figure]:
    """The figures of one cell, from its own stream of random numbers."""
    key = (cell.part, cell.model.name, cell.spread, cell.size)
    generator = np.random.default_rng([seed, zlib.crc32(repr(key).encode())])
    code = code_of(cell, seed, scale)
    figures = []
    for name, tally in cell.measure(generator, scale).items():
        counted = tally.hit + tally.below + tally.above
        shares = [part / counted if counted else math.nan for part in (tally.hit, tally.below, tally.above)]
        drawn = tally.replications * counted / tally.whole
        error = math.sqrt(shares[0] * (1 - shares[0]) / drawn) if drawn else 0.0
        figures.append(Figure(*key, name, *shares, tally.missing / tally.whole, tally.replications, error, code))
    return figures


def read(path: Path | None) -> list[Figure]:
    """The figures kept in a file; none without the file."""
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [Figure(row["part"], row["model"], float(row["spread"]), int(row["size"]), row["figure"],
                       *(float(row[name]) for name in ("rate", "below", "above", "missing")),
                       int(row["replications"]), float(row["error"]), row["code"]) for row in csv.DictReader(file)]


def write(path: Path, text: str) -> None:
    """The whole text or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    os.replace(unfinished, path)


def as_csv(figures: Iterable[Figure]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(Figure._fields)
    table.writerows(figures)
    return text.getvalue()


def measured(cells: Sequence[Cell], known: Sequence[Figure], seed: int, scale: float) -> Iterator[tuple[Cell, list[Figure], bool]]:
    """Every cell with its figures, and whether they were measured just now."""
    kept: dict[str, list[Figure]] = {}
    for figure in known:
        kept.setdefault(figure.code, []).append(figure)
    for cell in cells:
        old = kept.get(code_of(cell, seed, scale))
        yield (cell, old, False) if old else (cell, measure(cell, seed, scale), True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="every cell with a few replications; nothing is kept unless --figures names a file")
    parser.add_argument("--fresh", action="store_true", help="measure every cell again")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--figures", type=Path, help="the file of figures (docs/simulasi.csv)")
    parser.add_argument("--document", type=Path, help="the document whose tables are renewed (docs/SIMULASI.md)")
    chosen = parser.parse_args(arguments)
    path = chosen.figures or (None if chosen.quick else FIGURES)
    document = chosen.document or (None if chosen.quick else DOCUMENT)
    scale = QUICK if chosen.quick else 1.0
    if document is not None:
        try:
            renewed(document.read_text(encoding="utf-8"), "")       # better to fail now than after the work
        except (OSError, ValueError) as error:
            parser.error(str(error))
    known = [] if chosen.fresh else read(path)
    cells, figures, start = all_cells(), [], time.monotonic()
    for number, (cell, new, just_now) in enumerate(measured(cells, known, chosen.seed, scale), 1):
        figures += new
        if just_now and path is not None:
            done = {f.code for f in figures}
            write(path, as_csv([*figures, *(f for f in known if f.code not in done)]))
        state = "measured" if just_now else "known"
        print(f"[{number:3}/{len(cells)}] {time.monotonic() - start:6.0f} s  {cell.part} {cell.model.name} {cell.spread:g} {cell.size}: {state}", file=sys.stderr)
    if path is not None:
        write(path, as_csv(figures))
    text = tables(figures, chosen.seed, versions())
    if document is not None:
        write(document, renewed(document.read_text(encoding="utf-8"), text))
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
