"""Makes a recap from the ledgers of ten thousand invented RTs with the real command, and prints time, peak memory and sizes.

``python tools/ten_thousand_ledgers.py --rts 10000``; with ``--store`` it measures reading the ledgers as CSV against one SQLite file.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measured import put, table
from scipy.special import stdtr
from synthetic import write_study
from thousand_rts import ROOT, run

sys.path.insert(0, str(ROOT))

from baksos_eval.evaluation import ledger
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.stats import paired
from baksos_eval.study.study import Study, open_study

EVALUATED = 6
_COLUMNS = {name: place for place, name in enumerate(ledger.COLUMNS)}


def write_ledgers(study: Study, folder: Path, rts: int, seed: int = 20210817) -> int:
    """A ledger for each of so many RTs: those of a few RTs that were evaluated, their changes moved by chance; returns the bytes written."""
    chance, size = random.Random(seed), 0
    told = [[row for row in csv.reader(io.StringIO(evaluate(study, f"RT {number:04d}").to_frame().to_csv(index=False, lineterminator="\n")))]
            for number in range(1, EVALUATED + 1)]
    for number in range(1, rts + 1):
        rows = _moved(told[number % EVALUATED], f"RT {number:05d}", chance.gauss(0, 0.25), study)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        place = folder / f"rt-{number:05d}"
        place.mkdir(parents=True)
        size += (place / "hasil.csv").write_bytes(text.getvalue().encode())
    return size


def _moved(rows: list[list[str]], rt: str, shift: float, study: Study) -> list[list[str]]:
    """The ledger as that of another RT whose people all changed by so much more."""
    moved = [[*row[:_COLUMNS["rt"]], rt, *row[_COLUMNS["rt"] + 1:]] for row in rows[1:]]
    value, verdicts, changes = _COLUMNS["value"], {}, {}
    for row in moved:
        if row[_COLUMNS["method"]] == "mean_change":
            changes.setdefault(row[_COLUMNS["scale"]], {})[row[_COLUMNS["measure"]]] = row
        elif row[_COLUMNS["method"]] == "verdict":
            verdicts[row[_COLUMNS["scale"]]] = row
    scales = {f"{scale.instrument}.{scale.id}": scale for instrument in study.questionnaires for scale in instrument.scales}
    for name, measures in changes.items():
        for measure in ("mean_post", "change", "change_low", "change_high"):
            measures[measure][value] = repr(float(measures[measure][value]) + shift)
        number = {measure: float(row[value]) for measure, row in measures.items()}
        statistic = number["change"] / (number["sd_change"] / number["n"] ** 0.5)
        p = 2 * float(stdtr(number["df"], -abs(statistic)))
        measures["statistic"][value], measures["p"][value] = repr(statistic), repr(p)
        verdict = paired.verdict(number["change_low"], number["change_high"], float("nan"), scales[name].smallest_change, scales[name].direction)
        verdicts[name][_COLUMNS["note"]] = str(verdict)
    return [rows[0], *moved]


def without_answers(folder: Path) -> Path:
    """The study as somebody has it who got nothing but ledgers."""
    for file in folder.glob("*.csv"):
        file.unlink()
    settings = folder / "study.toml"
    settings.write_text("".join(line for line in settings.read_text(encoding="utf-8").splitlines(True) if not line.startswith("rts = ")), encoding="utf-8")
    return folder


def sizes(folder: Path) -> dict[str, float]:
    """Megabytes of each file of the recap."""
    return {path.name: path.stat().st_size / 2**20 for path in sorted(folder.iterdir()) if path.is_file()}


def compare_stores(study: Path, folder: Path, rts: int) -> list[list[str]]:
    """Reading what a recap needs from CSV files and from one SQLite file that holds the same rows: seconds, memory and disk."""
    database = folder.parent / "ledgers.sqlite"
    begun = time.process_time()
    _fill(database, folder)
    filling = time.process_time() - begun
    disk = {"csv": sum(path.stat().st_size for path in folder.rglob("*.csv")), "sqlite": database.stat().st_size}
    rows = []
    for store, place, made in (("csv", folder, 0.0), ("sqlite", database, filling)):
        said = subprocess.run([sys.executable, __file__, "--read", store, str(study), str(place)], check=True, capture_output=True, text=True).stdout.split()
        rows.append([store, f"{made:.1f} detik", f"{float(said[0]):.2f} detik", f"{float(said[1]):.0f} MB", f"{disk[store] / 2**20:.0f} MB"])
    return rows


def _fill(database: Path, folder: Path) -> None:
    """All rows of all ledgers as one table with an index, which is what a reader of one scale over all RTs would want."""
    with sqlite3.connect(database) as connection:
        connection.execute(f"create table ledger ({', '.join(ledger.COLUMNS)})")
        for path in sorted(folder.rglob("hasil.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                reader = csv.reader(file)
                next(reader)
                connection.executemany(f"insert into ledger values ({', '.join('?' * len(ledger.COLUMNS))})", reader)
        connection.execute("create index by_method on ledger (method, rt)")


def read(store: str, study: Path, place: Path) -> None:
    """Reads the RTs from a store and prints the seconds and the most memory of this process."""
    from baksos_eval.evaluation.recap import read_ledgers
    from baksos_eval.evaluation.rt_ledger import read_rt_summary

    opened = open_study(study)
    begun = time.process_time()
    if store == "csv":
        found = len(read_ledgers(opened, place)[0])
    else:
        header, told = ",".join(ledger.COLUMNS), {}
        with sqlite3.connect(place) as connection:
            wanted = connection.execute("select * from ledger where method in ('instrument', 'analysis', 'flow', 'verdict', 'mean_change') and item = ''")
            for row in wanted:
                told.setdefault(row[1], []).append(",".join(map(str, row)))
        found = len([read_rt_summary("\n".join([header, *lines, ""]), opened) for lines in told.values()])
    seconds = time.process_time() - begun
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rts", type=int, default=10_000)
    parser.add_argument("--format", default="ipynb,html")
    parser.add_argument("--store", action="store_true", help="measure CSV against SQLite instead")
    parser.add_argument("--read", nargs=3, metavar=("STORE", "STUDY", "PLACE"), help="what --store starts")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/KINERJA.md")
    given = parser.parse_args()
    if given.read:
        read(given.read[0], Path(given.read[1]), Path(given.read[2]))
        return
    with tempfile.TemporaryDirectory(prefix="ledger ") as name:
        root = Path(name)
        source = write_study(root / "data", EVALUATED)
        size = write_ledgers(open_study(source), root / "serahan", given.rts)
        without_answers(source)
        if given.store:
            lines = table([f"{given.rts} RT", "membuat", "membaca (CPU)", "memori puncak", "disk"], compare_stores(source, root / "serahan", given.rts))
            section, code = "stores", 0
        else:
            seconds, peak, code = run(["recap", str(source), "--from", str(root / "serahan"), "--format", given.format, "--out", str(root / "reports")])
            made = sizes(root / "reports" / "rekap-sintetis" / "rekap")
            rows = [["RT", str(given.rts)], ["hasil.csv yang dibaca", f"{size / 2**20:.0f} MB"], ["waktu", f"{seconds:.0f} detik"], ["memori puncak", f"{peak:.0f} MB"],
                    *([name, f"{megabytes:.2f} MB"] for name, megabytes in made.items()),
                    ["beban mesin sesudahnya", f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "-"], ["kode keluar", str(code)]]
            lines, section = table(["yang diukur", "hasil"], rows), f"ledgers-{given.rts}"
    print("\n".join(lines))
    if given.write:
        put(section, lines)
    sys.exit(code)


if __name__ == "__main__":
    main()
