"""CPU time of one RT's notebook and Word file, ours against R Markdown's in one warm R session: ``python bench/rmarkdown.py --rts 10``.

Needs R with rmarkdown, and pandoc (Debian: ``apt install r-base-core r-cran-rmarkdown pandoc``); says so where they are missing. Both read
the same invented study; ``bench/rmarkdown.Rmd`` computes the main statistics and draws as many figures as our notebook shows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])

import psutil  # noqa: E402
from measured import put, table  # noqa: E402
from synthetic import write_study  # noqa: E402


def ours(source: Path, out: Path) -> tuple[list[float], list[Path]]:
    """CPU seconds of each RT, one at a time: everything that the run does, in all of its processes."""
    from baksos_eval.batch.executors import warm
    from baksos_eval.batch.plan import plan
    from baksos_eval.batch.run import run
    from baksos_eval.study.study import open_study

    made = plan(open_study(source), source, out, formats=("ipynb", "docx"))
    executor = warm(1, source, "id")
    server = psutil.Process(executor._source.server.pid)
    with executor._source.child() as ready:
        ready.call(os.getpid)       # until it has imported everything
    marks: list[float] = []

    def spent() -> float:
        total = 0.0
        for times in (server.cpu_times(), psutil.Process().cpu_times()):
            total += times.user + times.system
        return total + server.cpu_times().children_user + server.cpu_times().children_system

    marks.append(spent())
    outcomes = run(replace(made, tasks=made.tasks[:len(made.rts)]), executor, lambda _: marks.append(spent()))
    assert not any(outcome.failed for outcome in outcomes), [outcome.problem for outcome in outcomes]
    return [after - before for before, after in zip(marks, marks[1:], strict=False)], sorted(out.rglob("*.docx"))


def theirs(source: Path, out: Path, rts: int) -> tuple[list[float], list[Path]]:
    """CPU seconds of each RT in one R session, without the first."""
    out.mkdir()
    command = ["Rscript", "--vanilla", str(ROOT / "bench" / "rmarkdown.R"), str(source), str(out), str(rts + 1)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(line) for line in told.split()][1:], sorted(out.glob("*.docx"))


def measure(rts: int) -> dict[str, float]:
    """Median CPU seconds per RT and size of a Word file in kB, ours and theirs; nothing where R or pandoc is missing."""
    if missing():
        return {}
    with tempfile.TemporaryDirectory(prefix="rmarkdown ") as name:
        source = write_study(Path(name) / "data", rts + 1, people=40, items=20)
        first, our_files = ours(source, Path(name) / "ours")
        second, their_files = theirs(source, Path(name) / "theirs", rts)
        sizes = [statistics.median(path.stat().st_size for path in files) / 1e3 for files in (our_files, their_files)]
    return {"ours": statistics.median(first), "theirs": statistics.median(second), "our_kb": sizes[0], "their_kb": sizes[1]}


def missing() -> list[str]:
    """The programs that are not here."""
    return [name for name in ("Rscript", "pandoc") if shutil.which(name) is None]


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--rts", type=int, default=10)
    asked = given.parse_args()
    if absent := missing():
        sys.exit(f"not measured: {', '.join(absent)} is not here")
    got = measure(asked.rts)
    rows = [["`baksos run`: ipynb, docx, hasil.csv, temuan.csv", f"{got['ours']:.2f}", f"{got['our_kb']:.0f} kB", "1"],
            ["R Markdown ke Word, satu sesi R yang hangat", f"{got['theirs']:.2f}", f"{got['their_kb']:.0f} kB", f"{got['theirs'] / got['ours']:.2f}"]]
    lines = [f"{asked.rts} RT, 40 orang, 20 butir; median detik CPU per RT (semua proses, pandoc termasuk).", "",
             *table(["cara", "detik CPU per RT", "berkas Word", "perbandingan"], [[cell.replace(".", ",") if at in (1, 3) else cell for at, cell in enumerate(row)] for row in rows])]
    put("rmarkdown", lines)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
