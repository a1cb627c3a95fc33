"""Runs a thousand invented RTs to the end and prints time, peak memory and disk: ``python tools/thousand_rts.py --rts 1000``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from measured import put, table
from synthetic import write_study

ROOT = Path(__file__).resolve().parents[1]


class Watch(threading.Thread):
    """The most memory that a process and everything it has started held together; pages that they share count once."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.peak, self.over = psutil.Process(process), 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(1):
            total = 0
            try:
                for one in (self.process, *self.process.children(recursive=True)):
                    about = one.memory_full_info()
                    total += getattr(about, "pss", about.uss)
            except psutil.Error:
                continue
            self.peak = max(self.peak, total / 2**20)


def run(arguments: list[str]) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and exit code of a command."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "baksos_eval", *arguments], cwd=ROOT)
    watch = Watch(process.pid)
    watch.start()
    code = process.wait()
    watch.over.set()
    return time.perf_counter() - start, watch.peak, code


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rts", type=int, default=1000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--items", type=int, default=35)
    parser.add_argument("--format", default="ipynb")
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/KINERJA.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seribu ") as name:
        source, out = write_study(Path(name) / "data", given.rts, given.people, given.items), Path(name) / "reports"
        command = ["run", str(source), "--format", given.format, "--jobs", given.jobs, "--out", str(out), "--quiet"]
        first, peak, code = run(command)
        again, _, second = run(command)
        disk = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 2**20
        page = (out / "sintetis" / "index.html").stat().st_size / 2**10
    rows = [["RT", str(given.rts)], ["format", given.format], ["waktu", f"{first:.0f} detik ({first / given.rts:.2f} detik per RT, {given.jobs} sekaligus)"],
            ["run kedua, tidak ada yang berubah", f"{again:.1f} detik"], ["memori puncak", f"{peak:.0f} MB"], ["disk", f"{disk:.0f} MB"],
            ["index.html", f"{page:.0f} kB"], ["beban mesin sesudahnya", f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "-"],
            ["kode keluar", f"{code}, {second}"]]
    lines = table(["yang diukur", "hasil"], rows)
    print("\n".join(lines))
    if given.write:
        put("thousand", lines)
    sys.exit(code or second)


if __name__ == "__main__":
    main()
