"""Kills processes of a run at random moments, and looks at what is left: ``make kill`` (or ``python tools/kill_campaign.py --kills 100``).

One campaign is: a batch of six RTs with a small notebook; at a random moment ``kill -9`` for the command itself, a worker, the process of
a notebook or the fork server; then the same command again until it is done. Nothing may be left running, no file that is there may be
broken, and the finished tree must equal the undisturbed one byte for byte.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from measured import put, table
from synthetic import write_study

ROOT = Path(__file__).resolve().parents[1]
RTS = 6
_RUN = """
import pathlib, sys
import baksos_eval.batch.template as template
template.notebooks_folder = lambda: pathlib.Path(sys.argv[1])
from baksos_eval.cli import main
main(["run", sys.argv[2], "--format", "ipynb", "--jobs", "2", "--out", sys.argv[3], "--quiet"])
"""
_PARAMETERS = 'study_folder = ""  # str\nrt = "RT 0001"  # str\nlanguage = ""  # str\nresults_folder = ""  # str\n'
_LEDGER = """
import csv, pathlib, time
time.sleep(.15)
for name in ("hasil.csv", "temuan.csv"):
    with open(pathlib.Path(results_folder) / name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("study", "rt", "scale", "method", "measure", "value", "note"), ("sintetis", RT, "", "flow", "both", 5, "")])
"""


def write_notebooks(folder: Path) -> Path:
    """Both notebooks, reduced to a ledger each."""
    folder.mkdir()

    def code(source: str, *tags: str) -> dict[str, object]:
        return {"cell_type": "code", "id": f"c{len(source)}", "metadata": {"tags": list(tags)}, "source": source, "outputs": [], "execution_count": None}

    for name, parameters, ledger in (("02_evaluasi_rt.ipynb", _PARAMETERS, _LEDGER.replace("RT,", "rt,")),
                                     ("03_rekap_program.ipynb", _PARAMETERS.replace('rt = "RT 0001"  # str\n', ""), _LEDGER.replace("RT,", '"",'))):
        content = {"cells": [code(parameters, "parameters"), code(ledger)], "nbformat": 4, "nbformat_minor": 5,
                   "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}}
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def tree(reports: Path) -> dict[str, bytes]:
    """Every file that people see."""
    return {path.relative_to(reports).as_posix(): path.read_bytes() for path in sorted(reports.rglob("*"))
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(reports).parts)}


class Batch:
    """One run as a process of its own."""

    def __init__(self, notebooks: Path, study: Path, out: Path) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", _RUN, str(notebooks), str(study), str(out)], cwd=ROOT,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def family(self) -> dict[str, list[psutil.Process]]:
        """The processes of the run by what they are."""
        try:
            own = psutil.Process(self.process.pid)
            servers = [child for child in own.children() if "baksos_eval.batch.forkserver" in " ".join(child.cmdline())]
            forked = [child for server in servers for child in server.children()]
        except psutil.Error:
            return {}
        found: dict[str, list[psutil.Process]] = {"perintah": [own], "server cabang": servers, "pekerja atau notebook": forked}
        return {kind: processes for kind, processes in found.items() if processes}


def left_over(processes: list[psutil.Process], seconds: float) -> list[int]:
    """Those that still run after so many seconds."""
    _, alive = psutil.wait_procs(processes, seconds)
    return [process.pid for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def broken(reports: Path) -> list[str]:
    """Files that are there and cannot be read as what they are."""
    found = []
    for path in reports.rglob("*"):
        if path.is_file() and path.suffix in (".ipynb", ".json") and not any(part.startswith(".work") for part in path.parts) and ".part" not in path.suffixes:
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                found.append(path.name)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=60, help="no new campaign after so many minutes")
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else int(time.time())
    chance, begun = random.Random(seed), time.monotonic()
    counts: Counter[str] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kill ") as name:
        root = Path(name)
        study, notebooks = write_study(root / "data", RTS, people=5, items=4), write_notebooks(root / "notebooks")
        (root / "undisturbed").mkdir()
        start = time.monotonic()
        if Batch(notebooks, study, root / "undisturbed").process.wait():
            sys.exit("the undisturbed run failed")
        whole = time.monotonic() - start
        expected = tree(root / "undisturbed")
        for number in range(given.kills):
            if time.monotonic() - begun > 60 * given.minutes:
                break
            out = root / f"out {number}"
            batch = Batch(notebooks, study, out)
            time.sleep(chance.uniform(0, 1) ** 0.5 * whole)      # most of it happens late: the start is one long import
            family = batch.family()
            kind = chance.choice(sorted(family)) if family else "sudah selesai"
            everyone = [process for processes in family.values() for process in processes]
            if family:
                chance.choice(family[kind]).kill()
            counts[kind] += 1
            batch.process.wait(timeout=600)
            if left := left_over(everyone, max(15, whole)):     # a server that is importing ends after its present step
                faults.append(f"{number}: {kind}: {len(left)} processes were left")
            if found := broken(out):
                faults.append(f"{number}: {kind}: broken files {found}")
            for _ in range(3):
                if Batch(notebooks, study, out).process.wait() == 0:
                    break
            if (now := tree(out)) != expected:
                faults.append(f"{number}: {kind}: another tree: {sorted({*now} ^ {*expected}) or [n for n in now if now[n] != expected[n]]}")
            print(f"{number + 1}/{given.kills} {kind} {len(faults)} faults", flush=True)
    rows = [[kind, str(count)] for kind, count in sorted(counts.items())]
    lines = [f"{sum(counts.values())} kali, {RTS} RT setiap kali, benih {seed}; pelanggaran: **{len(faults)}** (berkas rusak, proses tertinggal, atau hasil akhir yang berbeda satu bita pun).", "",
             *table(["yang dimatikan", "kali"], rows)]
    put("kill", lines)
    print("\n".join([*lines, *faults]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
