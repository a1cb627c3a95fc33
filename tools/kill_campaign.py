"""Kills processes of a run at random moments, and looks at what is left: ``make kill`` (or ``python tools/kill_campaign.py --kills 100``).

One campaign is: a batch of six RTs with a small notebook; at a random moment ``kill -9`` for the command itself, the process of a worker
or of its notebook, the fork server, or (one campaign in twelve, run with ``--engine cold``) a kernel; then the same command again until it
is done. Nothing may be left running, no file that is there may be broken, and the finished tree must equal the undisturbed one byte for byte.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path

import psutil
from measured import put, table
from synthetic import write_study

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from baksos_eval.batch.manifest import source_digest  # noqa: E402

RTS = 6
COMMAND, SERVER, WORKER, KERNEL = "perintah", "server cabang", "pekerja atau notebook", "kernel"
TOO_LATE = "sudah selesai"
_RUN = """
import pathlib, sys
import baksos_eval.batch.template as template
template.notebooks_folder = lambda: pathlib.Path(sys.argv[1])
from baksos_eval.cli import main
main(["run", sys.argv[2], "--format", "ipynb", "--jobs", "2", "--out", sys.argv[3], "--engine", sys.argv[4], "--quiet"])
"""
_PARAMETERS = 'study_folder = ""  # str\nrt = "RT 0001"  # str\nlanguage = ""  # str\nresults_folder = ""  # str\n'
_LEDGER = """
import csv, pathlib, time
time.sleep(.15)
for name in ("hasil.csv", "temuan.csv"):
    with open(pathlib.Path(results_folder) / name, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("study", "rt", "scale", "method", "measure", "value", "note"), ("sintetis", rt, "", "flow", "both", 5, "")])
"""
_RECAP = """
import csv, hashlib, json, pathlib
listed = json.loads((pathlib.Path(ledgers_folder) / "ledgers.json").read_text(encoding="utf-8"))
for rt, file, digest in listed:
    assert not file or hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest() == digest, rt
with open(pathlib.Path(results_folder) / "hasil.csv", "w", encoding="utf-8", newline="") as file:
    csv.writer(file).writerows([("study", "rt", "scale", "method", "measure", "value", "note"), *(("sintetis", rt, "", "flow", "both", 5, "") for rt, _, _ in listed)])
"""


def write_notebooks(folder: Path) -> Path:
    """Both notebooks, reduced to a ledger each; that of the recap wants every ledger that it is given to be whole."""
    folder.mkdir()

    def code(source: str, *tags: str) -> dict[str, object]:
        return {"cell_type": "code", "id": f"c{len(source)}", "metadata": {"tags": list(tags)}, "source": source, "outputs": [], "execution_count": None}

    for name, parameters, ledger in (("02_evaluasi_rt.ipynb", _PARAMETERS, _LEDGER),
                                     ("03_rekap_program.ipynb", _PARAMETERS.replace('rt = "RT 0001"', 'ledgers_folder = ""'), _RECAP)):
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

    def __init__(self, notebooks: Path, study: Path, out: Path, engine: str = "warm") -> None:
        self.process = subprocess.Popen([sys.executable, "-c", _RUN, str(notebooks), str(study), str(out), engine], cwd=ROOT,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def family(self) -> dict[str, list[psutil.Process]]:
        """The processes of the run by what they are; those of no kind are helpers of a kernel's."""
        found: dict[str, list[psutil.Process]] = {kind: [] for kind in (COMMAND, SERVER, WORKER, KERNEL, "")}
        try:
            own = psutil.Process(self.process.pid)
            found[COMMAND].append(own)
            descendants = own.children(recursive=True)
        except psutil.Error:
            return {}
        servers = set()
        for process in descendants:
            with contextlib.suppress(psutil.Error):
                line, parent = " ".join(process.cmdline()), process.ppid()
                is_server = parent == own.pid and "baksos_eval.batch.forkserver" in line
                servers |= {process.pid} if is_server else set()
                found[SERVER if is_server else WORKER if parent in servers else KERNEL if "ipykernel" in line else ""].append(process)
        return {kind: processes for kind, processes in found.items() if processes}

    def family_with(self, kind: str) -> dict[str, list[psutil.Process]]:
        """The processes as soon as one of this kind is among them; nothing if the run ends before."""
        while self.process.poll() is None:
            if kind in (family := self.family()):
                return family
            time.sleep(.02)
        return {}


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
    parser.add_argument("--kills", type=int, default=100, help="how many in time")
    parser.add_argument("--minutes", type=float, default=60, help="no new campaign after so many minutes")
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else int(time.time())
    chance, begun, source = random.Random(seed), time.monotonic(), source_digest()
    counts: Counter[str] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kill ") as name:
        root = Path(name)
        study, notebooks = write_study(root / "data", RTS, people=5, items=4), write_notebooks(root / "notebooks")
        whole, expected = {}, {}
        for engine in ("warm", "cold"):
            (root / engine).mkdir()
            start = time.monotonic()
            if Batch(notebooks, study, root / engine, engine).process.wait():
                sys.exit(f"the undisturbed run failed ({engine})")
            whole[engine], expected[engine] = time.monotonic() - start, tree(root / engine)
        if expected["warm"] != expected["cold"]:
            faults.append("the warm and the cold run left different trees")
        for number in count():
            if counts.total() - counts[TOO_LATE] == given.kills or time.monotonic() - begun > 60 * given.minutes:
                break
            kind = KERNEL if number % 12 == 11 else (COMMAND, SERVER, WORKER)[number % 3]
            engine = "cold" if kind == KERNEL else "warm"
            out = root / f"out {number}"
            batch, start = Batch(notebooks, study, out, engine), time.monotonic()
            batch.family_with(kind)
            time.sleep(chance.uniform(0, max(0, whole[engine] - (time.monotonic() - start))))
            family = batch.family()
            everyone = [process for processes in family.values() for process in processes]
            if kind in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    chance.choice(family[kind]).kill()
            counts[kind if kind in family else TOO_LATE] += 1
            if kind not in family:
                whole[engine] *= 0.95       # it runs faster now than undisturbed at first
            batch.process.wait(timeout=600)
            if left := left_over(everyone, max(30, whole[engine])):     # a server that is importing ends after its present step
                faults.append(f"{number}: {kind}: {len(left)} processes were left")
            if found := broken(out):
                faults.append(f"{number}: {kind}: broken files {found}")
            for _ in range(3):
                if Batch(notebooks, study, out, engine).process.wait() == 0:
                    break
            if (now := tree(out)) != expected["warm"]:
                faults.append(f"{number}: {kind}: another tree: {sorted({*now} ^ {*expected['warm']}) or [n for n in now if now[n] != expected['warm'][n]]}")
            shutil.rmtree(out, ignore_errors=True)
            print(f"{counts.total() - counts[TOO_LATE]}/{given.kills} {kind} {len(faults)} faults", flush=True)
    if source_digest.__wrapped__() != source:
        sys.exit("the package was edited meanwhile: the trees cannot be compared")
    rows = [[kind, str(often)] for kind, often in sorted(counts.items())]
    lines = [f"{counts.total()} kali, {RTS} RT setiap kali, benih {seed}; pelanggaran: **{len(faults)}** (berkas rusak, proses tertinggal, atau hasil akhir yang berbeda satu bita pun).", "",
             *table(["yang dimatikan", "kali"], rows)]
    put("kill", lines)
    print("\n".join([*lines, *faults]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
