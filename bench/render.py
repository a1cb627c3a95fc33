"""Our Word, PDF and HTML files against nbconvert's HTML page and LibreOffice's way from that page to Word, on the same executed notebook.

    python bench/render.py reports/contoh/rt-04/evaluasi.ipynb [--copies 100] [--repeats 5]

Prints seconds (median, after one warm-up) and sizes: ours in one warm process, then ours and the others as commands from start to end,
with the ratio; with ``--copies`` also one attachment of so many RTs (the reports beside the notebook, repeated), as ``baksos bundle`` writes it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def seconds(work: Callable[[], object], repeats: int, warm: bool = True) -> float:
    """The median time of the work in seconds."""
    if warm:
        work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    from baksos_eval.render import blocks, docx, html, pdf
    from baksos_eval.render.bundle import merge
    from baksos_eval.report.attachment import MOST_TECHNICAL
    from baksos_eval.report.content import Title

    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("notebook", type=Path)
    given.add_argument("--copies", type=int, default=0)
    given.add_argument("--repeats", type=int, default=5)
    asked = given.parse_args()
    document = blocks.read(asked.notebook)
    ours = {"read the notebook": (seconds(lambda: blocks.read(asked.notebook), asked.repeats), 0)}
    for name, writer in (("Word", docx), ("PDF", pdf), ("HTML", html)):
        ours[name] = (seconds(lambda writer=writer: writer.to_bytes(document), asked.repeats), len(writer.to_bytes(document)))
    total = sum(time_ for time_, _ in ours.values())
    for name, (time_, size) in ours.items():
        print(f"ours, {name:20} {time_:7.2f} s {size / 1e3:9.0f} kB")
    print(f"ours, all of it            {total:7.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        started = {}
        for name, ending in (("HTML", "html"), ("Word", "docx")):  # as a command from its start to its end, as the others are
            code = "import sys; from pathlib import Path; from baksos_eval.render.render import render; render(Path(sys.argv[1]), [sys.argv[2]], Path(sys.argv[3]))"
            command = [sys.executable, "-c", code, str(asked.notebook.resolve()), ending, folder]
            started[name] = seconds(lambda command=command: subprocess.run(command, check=True, cwd=Path(__file__).parents[1]), asked.repeats)
            print(f"ours, {name + ' as a command':20} {started[name]:7.2f} s")
        page = Path(folder) / "nbconvert.html"
        nbconvert = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--log-level", "ERROR", "--output", str(page), str(asked.notebook)]
        time_ = seconds(lambda: subprocess.run(nbconvert, check=True), asked.repeats)
        print(f"jupyter nbconvert --to html{time_:7.2f} s {page.stat().st_size / 1e3:9.0f} kB   {time_ / started['HTML']:6.1f} times our time, "
              f"{page.stat().st_size / ours['HTML'][1]:.1f} times our size")
        office = shutil.which("soffice")
        if office is None:
            print("LibreOffice is not here: its way from HTML to Word was not measured")
        else:
            command = [office, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless", "--infilter=HTML (StarWriter)",
                       "--convert-to", "docx:MS Word 2007 XML", "--outdir", folder, str(page)]
            time_ = seconds(lambda: subprocess.run(command, check=True, capture_output=True), asked.repeats)
            made = page.with_suffix(".docx")
            size = made.stat().st_size if made.exists() else 0
            print(f"LibreOffice, HTML to Word  {time_:7.2f} s {size / 1e3:9.0f} kB   {time_ / started['Word']:6.1f} times our time, {size / ours['Word'][1]:.1f} times our size")
    if asked.copies:
        beside = [blocks.read(path) for path in sorted(asked.notebook.parent.parent.glob(f"rt-*/{asked.notebook.name}"))] or [document]
        held = [beside[number % len(beside)] for number in range(asked.copies)]
        joined = merge(held, Title(title="Lampiran", subtitle="", language=document.language, study="bench"), technical=asked.copies <= MOST_TECHNICAL)
        for name, writer in (("Word", docx), ("PDF", pdf)):
            size = 0

            def work(writer=writer) -> None:
                nonlocal size
                size = len(writer.to_bytes(joined))

            print(f"{asked.copies} RTs in one {name:13} {seconds(work, 1, warm=False):7.1f} s {size / 1e6:9.1f} MB", flush=True)


if __name__ == "__main__":
    main()
