"""Measures our Word, PDF and HTML files beside nbconvert's HTML page and LibreOffice's way from that page to Word: ``make bench-render``.

Runs one RT of ``data/contoh`` first (or takes the executed notebook that is named), and writes the tables in ``docs/KINERJA.md``: seconds (median
after one warm-up) and sizes, ours in one warm process and as commands, and one attachment of many RTs as ``baksos bundle`` writes it.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])

from measured import put, table  # noqa: E402

if TYPE_CHECKING:
    from baksos_eval.render.model import Document

ABSENT = "tidak ada"
RENDER = "import sys; from pathlib import Path; from baksos_eval.render.render import render; render(Path(sys.argv[1]), [sys.argv[2]], Path(sys.argv[3]))"


class Measured(NamedTuple):
    """Seconds, seconds of the processor, and bytes of what was made."""

    seconds: float
    processor: float
    size: int


def measure(work: Callable[[], int], repeats: int) -> Measured:
    """The medians over the repeats, after one that does not count if there are several; the work says how many bytes it made."""
    if repeats > 1:
        work()
    times = []
    for _ in range(repeats):
        begun, processor = time.perf_counter(), time.process_time()
        size = work()
        times.append((time.perf_counter() - begun, time.process_time() - processor))
    return Measured(*(statistics.median(column) for column in zip(*times, strict=True)), size)


def executed(folder: Path) -> Path:
    """The notebook of one RT of the example, run."""
    subprocess.run([sys.executable, "-m", "baksos_eval", "run", "data/contoh", "--rt", "RT 04", "--format", "ipynb", "--quiet", "--language", "id", "--out", str(folder)], check=True, cwd=ROOT)
    return next(folder.rglob("rt-04/evaluasi.ipynb"))


def measure_alone(notebook: Path, repeats: int) -> dict[str, Measured]:
    """Our three files of one RT in a process that has made some before."""
    from baksos_eval.render import blocks, docx, html, pdf

    document = blocks.read(notebook)
    writers = {"Word": docx, "PDF": pdf, "HTML": html}
    took = {name: measure(lambda writer=writer: len(writer.to_bytes(document)), repeats) for name, writer in writers.items()}

    def everything() -> int:
        read = blocks.read(notebook)
        return sum(len(writer.to_bytes(read)) for writer in writers.values())

    return took | {"everything": measure(everything, repeats)}


def measure_commands(notebook: Path, folder: Path, repeats: int) -> dict[str, Measured | None]:
    """Our commands and the others' from start to end; nothing for a program that is not here."""
    page, profile = folder / "nbconvert.html", (folder / "profile").as_uri()
    office = shutil.which("soffice")

    def command(made: Path, *words: str) -> Callable[[], int]:
        def work() -> int:
            made.unlink(missing_ok=True)
            subprocess.run(words, check=True, capture_output=True, cwd=ROOT)
            return made.stat().st_size

        return work

    ways: dict[str, Callable[[], int] | None] = {
        "HTML": command(folder / f"{notebook.stem}.html", sys.executable, "-c", RENDER, str(notebook), "html", str(folder)),
        "Word": command(folder / f"{notebook.stem}.docx", sys.executable, "-c", RENDER, str(notebook), "docx", str(folder)),
        "nbconvert": command(page, sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--log-level", "ERROR", "--output", str(page), str(notebook)),
        "LibreOffice": command(page.with_suffix(".docx"), office, f"-env:UserInstallation={profile}", "--headless", "--infilter=HTML (StarWriter)",
                               "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(page)) if office else None}
    return {name: measure(work, repeats) if work else None for name, work in ways.items()}


def measure_attachments(notebook: Path, copies: int) -> dict[str, Measured]:
    """One attachment of so many RTs in each format, made by a process of its own as by ``baksos bundle``."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as alone:
        return {name: alone.submit(measure_attachment, notebook, copies, writer).result() for name, writer in (("PDF", "pdf"), ("Word", "docx"))}


def measure_attachment(notebook: Path, copies: int, writer: str) -> Measured:
    """The attachment's reports each have numbers of their own; they have technical sections only where ``baksos bundle`` has them."""
    from baksos_eval.render import blocks
    from baksos_eval.render.bundle import merge
    from baksos_eval.report.attachment import MOST_TECHNICAL
    from baksos_eval.report.content import Title

    document = blocks.read(notebook)
    joined = merge([other_numbers(document, seed) for seed in range(copies)], Title(title="Lampiran", subtitle="", language=document.language, study="bench"),
                   technical=copies <= MOST_TECHNICAL)
    return measure(lambda: len(import_module(f"baksos_eval.render.{writer}").to_bytes(joined)), 1)


def other_numbers(document: Document, seed: int) -> Document:
    """The report with other digits in its tables: what two RTs have in common would be set once."""
    from baksos_eval.render.model import Spans, TableBlock, Words

    digits = random.Random(seed)

    def changed(cell: Spans) -> Spans:
        return tuple(span._replace(text=re.sub(r"\d", lambda _: str(digits.randrange(10)), span.text)) if isinstance(span, Words) else span for span in cell)

    return replace(document, blocks=tuple(
        replace(block, rows=tuple(tuple(map(changed, row)) for row in block.rows)) if isinstance(block, TableBlock) else block for block in document.blocks))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("notebook", type=Path, nargs="?", help="an executed notebook; without it, RT 04 of data/contoh is run")
    asked.add_argument("--copies", type=int, default=100, help="how many RTs are in the attachment; 0 for none")
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--dry", action="store_true", help="print only, and leave docs/KINERJA.md as it is")
    given = asked.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    with tempfile.TemporaryDirectory(prefix="bench ") as name:
        folder = Path(name)
        notebook = given.notebook.resolve() if given.notebook else executed(folder / "reports")
        alone = measure_alone(notebook, given.repeats)
        started = measure_commands(notebook, folder, given.repeats)
        attachment = measure_attachments(notebook, given.copies) if given.copies else {}
    lines = [f"Satu RT, median {given.repeats} kali; {os.cpu_count()} inti, beban mesin sebelum mulai {number(load)}; Python {platform.python_version()}.", ""]
    lines += table(["yang dibuat", "detik", "ukuran", "waktu dibanding kami", "ukuran dibanding kami"], rows(alone, started))
    if attachment:
        lines += ["", *table([f"satu lampiran berisi {given.copies} RT", "detik", "detik prosesor", "ukuran"],
                             [[kind, number(took.seconds, 1), number(took.processor, 1), f"{number(took.size / 1e6, 1)} MB"] for kind, took in attachment.items()])]
    if not given.dry:
        put("render", lines)
    print("\n".join(lines))


def rows(alone: dict[str, Measured], started: dict[str, Measured | None]) -> list[list[str]]:
    """Each way with its time and size; the others' beside what of ours they stand against, a command against a command."""
    found = [[f"{label}: kami, proses siap pakai", number(took.seconds), kilobytes(took.size), "", ""]
             for label, took in (("Word", alone["Word"]), ("PDF", alone["PDF"]), ("HTML", alone["HTML"]), ("Word, PDF, dan HTML, termasuk membaca notebook", alone["everything"]))]
    for label, theirs, ours in (("HTML: `jupyter nbconvert --to html`, perintah", "nbconvert", "HTML"), ("Word: LibreOffice dari HTML itu, perintah", "LibreOffice", "Word")):
        mine, other = started[ours], started[theirs]
        assert mine is not None, "ours is always here"
        found.append([f"{ours}: kami, perintah", number(mine.seconds), kilobytes(mine.size), "1", "1"])
        found.append([label, number(other.seconds), kilobytes(other.size), f"{number(other.seconds / mine.seconds)} ×", f"{number(other.size / mine.size)} ×"]
                     if other else [label, ABSENT, ABSENT, ABSENT, ABSENT])
    return found


def kilobytes(size: int) -> str:
    return f"{size / 1e3:.0f} kB"


def number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


if __name__ == "__main__":
    main()
