"""Damages good files at random and reads them: looks for dying readers, unexplained errors, hangs and memory.

    python tools/fuzz_readers.py                       # two minutes over every format
    python tools/fuzz_readers.py --seconds 600 --document    # ten minutes, and put the figures into docs/BERKAS.md

A worker process reads one damaged file after another under a limit of memory; this process only watches. A worker that dies
or does not come back is counted, its file is kept (``--keep FOLDER``), and another worker goes on. Everything follows
from ``--seed``: the same number gives the same files. Exit code 1: something other than a table or a named refusal came out.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SEEDS = {"csv": "C13 baris baru dalam isian.csv", "xlsx": "V26 baris tersembunyi.xlsx", "sav": "F11 spss berlabel.sav", "zsav": "F11 spss padat.zsav",
         "dta": "F11 stata.dta", "xls": "F09 excel lama.xls", "ods": "F10 libreoffice.ods"}
SLOWEST = 30.0
"""So many seconds of processor time a file may take: on a busy machine the clock says nothing."""
LONGEST_WAIT = 900.0
TIMER = getattr(signal, "SIGPROF", 10**6)
MEMORY = 1_500_000_000
HEADERS = ("Kode", "a1", "a2", "a3")
_TOKENS = (b"\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b'"', b";", b"\r", b"<", b"&a;", b"1048576", b"XFD1", b"-1", b"9" * 40, b"\xed\xa0\x80", b"=1+1")


@dataclass
class Tally:
    """What came of the damaged files of one format."""

    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    memory: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.outcomes.total()


def damage(content: bytes, dice: random.Random) -> bytes:
    """The content with some of its bytes changed; inside an archive also the unpacked parts, so that its checksums still hold."""
    if content.startswith(b"PK") and dice.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        chosen = dice.choice(sorted(parts))
        parts[chosen] = _damage_bytes(parts[chosen], dice)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            for name, part in parts.items():
                target.writestr(zipfile.ZipInfo(name, (2021, 8, 3, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
        return stream.getvalue()
    return _damage_bytes(content, dice)


def _damage_bytes(content: bytes, dice: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        place = dice.randrange(len(spoilt) + 1)
        end = min(len(spoilt), place + dice.choice((1, 2, 4, 8, 64, 512)))
        match dice.randrange(6):
            case 0:
                spoilt[place:place + 1] = bytes((dice.randrange(256),))
            case 1:
                spoilt[place:place] = dice.choice(_TOKENS)
            case 2:
                del spoilt[place:end]
            case 3:
                spoilt[place:place] = spoilt[place:end] * dice.choice((1, 2, 50))
            case 4:
                spoilt[place:end] = dice.choice(_TOKENS)
            case 5 if dice.random() < 0.2:
                del spoilt[place:]
            case _:
                if place < len(spoilt):
                    spoilt[place] ^= 1 << dice.randrange(8)
    return bytes(spoilt)


def mutant(name: str, seed: int, number: int) -> bytes:
    """The damaged file with this number."""
    content = (ROOT / "tests" / "corpus" / "files" / SEEDS[name]).read_bytes()
    return damage(content, random.Random(f"{name} {seed} {number}"))


def work(name: str, seed: int, first: int) -> None:
    """The worker: reads damaged files until it is stopped, and says a line of JSON before and after each."""
    from baksos_eval.errors import BaksosError
    from baksos_eval.intake.files import read_table

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    whole = ROOT / "tests" / "corpus" / "files" / SEEDS[name]
    original = _essence(read_table(whole, whole.name, expected=HEADERS))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"rusak.{name}")
        for number in range(first, 10**9):
            path.write_bytes(mutant(name, seed, number))
            print(json.dumps({"begins": number}), flush=True)
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_PROF, SLOWEST)  # ends this process if it comes
            started, code = _processor(), ""
            try:
                outcome = "same" if _essence(read_table(path, path.name, expected=HEADERS)) == original else "different"
            except BaksosError as error:
                outcome, code = "refused", error.code
            except Exception as error:  # exactly this is looked for
                outcome, code = "unexplained", f"{type(error).__name__}: {error}"[:200]
            print(json.dumps({"ended": number, "outcome": outcome, "code": code, "seconds": _processor() - started, "memory": _peak()}), flush=True)


def _essence(table: object) -> str:
    return repr((table.columns, table.frame.to_numpy().tolist()))  # type: ignore[attr-defined]


def _processor() -> float:
    """Seconds of processor time of this process and of its children."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _peak() -> int:
    """The most memory of this process and of its children, in bytes."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return unit * max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def watch(name: str, seed: int, seconds: float, keep: Path | None) -> Tally:
    """Lets workers read damaged files of one format for so long."""
    tally, number, deadline = Tally(), 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        worker = subprocess.Popen([sys.executable, __file__, "--work", name, "--seed", str(seed), "--first", str(number)], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONUTF8": "1"})
        ends, listening = "", _listen(worker)
        while not ends:
            try:
                line = listening.get(timeout=LONGEST_WAIT)
            except queue.Empty:
                ends = "hung"
                break
            if line is None:
                ends = "hung" if worker.wait() == -TIMER else "died"
                break
            said = _message(line)
            if said is None:
                tally.outcomes["unexplained"] += 1
                _keep(tally, keep, name, seed, number, f"writes {line[:60]!r}")
                continue
            if "begins" in said:
                number = said["begins"]
                continue
            tally.outcomes[said["outcome"]] += 1
            tally.codes.update([said["code"]] if said["code"] else [])
            tally.slowest, tally.memory = max(tally.slowest, said["seconds"]), max(tally.memory, said["memory"])
            if said["outcome"] == "unexplained":
                _keep(tally, keep, name, seed, number, said["code"])
            number += 1
            if time.monotonic() >= deadline:
                ends = "done"
        worker.kill()
        worker.wait()
        if ends in ("hung", "died"):
            tally.outcomes[ends] += 1
            _keep(tally, keep, name, seed, number, ends)
            number += 1
    return tally


def _message(line: bytes) -> dict | None:
    """What a worker says; None for anything that a library writes to the same place, as none may."""
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _listen(worker: subprocess.Popen[bytes]) -> queue.Queue[bytes | None]:
    """The worker's lines as they come; None once it has ended."""
    lines: queue.Queue[bytes | None] = queue.Queue()

    def read() -> None:
        assert worker.stdout
        with worker.stdout:
            for line in worker.stdout:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _keep(tally: Tally, folder: Path | None, name: str, seed: int, number: int, what: str) -> None:
    tally.faults.append(f"{name} {number}: {what}")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.{name}").write_bytes(mutant(name, seed, number))


def lines(tallies: dict[str, Tally], seconds: float, seed: int) -> list[str]:
    """The figures as lines of Markdown."""
    total = sum(tally.total for tally in tallies.values())
    bad = sum(tally.outcomes[outcome] for tally in tallies.values() for outcome in ("died", "hung", "unexplained"))
    rows = [f"{total} berkas rusak dalam {seconds / 60:.0f} menit (benih {seed}): {bad} kali pembaca mati, macet, atau galat tanpa penjelasan. "
            "\"Lain\" berarti kerusakannya kebetulan masih terbaca dan mengubah isi tabel; tanpa jumlah periksa di dalam berkas hal itu tidak dapat diketahui.",
            "", "| format | berkas | sama | lain | ditolak | mati | macet | tanpa penjelasan | terlama (detik prosesor) | memori tertinggi (MB) | penolakan tersering |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"]
    for name, tally in tallies.items():
        counts = [tally.outcomes[outcome] for outcome in ("same", "different", "refused", "died", "hung", "unexplained")]
        often = ", ".join(f"{code} ({count})" for code, count in tally.codes.most_common(3))
        rows.append(f"| {name} | {tally.total} | {' | '.join(map(str, counts))} | {tally.slowest:.1f} | {tally.memory / 1e6:.0f} | {often} |".replace(".", ","))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120, help="for all formats together")
    parser.add_argument("--seed", type=int, default=20210812)
    parser.add_argument("--format", action="append", choices=SEEDS, dest="formats")
    parser.add_argument("--keep", type=Path, help="a folder for the files that something went wrong with")
    parser.add_argument("--document", action="store_true", help="put the figures into docs/BERKAS.md")
    parser.add_argument("--work", choices=SEEDS, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work, options.seed, options.first)
        return
    formats = options.formats or list(SEEDS)
    tallies = {name: watch(name, options.seed, options.seconds / len(formats), options.keep) for name in formats}
    report = lines(tallies, options.seconds, options.seed)
    print("\n".join(report))
    faults = [fault for tally in tallies.values() for fault in tally.faults]
    print("\n".join(faults))
    if options.document:
        from tests.corpus.measure import write_section

        write_section("acak", report)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
