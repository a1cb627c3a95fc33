"""Measures what plain pandas does with every file of the corpus and writes the list into ``docs/BERKAS.md``.

    python -m tests.corpus.measure

pandas gets the file as a notebook would give it: ``pandas.read_csv(file)``, or ``read_excel``, ``read_spss`` and
``read_stata`` by the ending of its name. It works in a process of its own with 2 GB and a minute. What it returns is compared, cell by cell and header by header, with the table
that the file shows. Nothing here is written down from belief.
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from baksos_eval.intake.text import clean
from baksos_eval.intake.workbook import as_text
from tests.corpus.cases import CASES, Case
from tests.corpus.make_files import FOLDER

SECONDS, MEMORY = 60, 2_000_000_000
DOCUMENT = Path(__file__).parents[2] / "docs" / "BERKAS.md"
KINDS = {"same": "sama", "error": "galat", "different": "berubah diam-diam", "unnoticed": "dibaca tanpa peringatan"}


def measured(case: Case) -> tuple[str, str]:
    """What happens to the file in plain pandas, also where the process dies of it."""
    try:
        child = subprocess.run([sys.executable, "-m", "tests.corpus.measure", case.name], capture_output=True, timeout=SECONDS,
                               check=False)
    except subprocess.TimeoutExpired:
        return "error", f"lebih dari {SECONDS} detik"
    if child.returncode:
        return "error", f"prosesnya mati ({-child.returncode})" if child.returncode < 0 else "prosesnya berhenti"
    kind, particulars = json.loads(child.stdout)
    return kind, particulars


def with_pandas(case: Case) -> tuple[str, str]:
    """What happens to the file in plain pandas: one of :data:`KINDS`, and the particulars."""
    import pandas as pd

    path = FOLDER / case.name
    reader: Any = {".csv": pd.read_csv, ".sav": pd.read_spss, ".zsav": pd.read_spss, ".dta": pd.read_stata}.get(path.suffix, pd.read_excel)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            frame = reader(path)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a reader in Rust raises what is no Exception
            return "error", type(error).__name__
    shown = case.shown or case.meant
    if shown is None:
        return "unnoticed", f"{len(frame)} baris"
    header, rows = [str(name) for name in frame.columns], [[_text(value) for value in row] for row in frame.itertuples(index=False)]
    return ("same", "") if (header, rows) == (_texts(shown[0]), [_texts(row) for row in shown[1:]]) else ("different", _difference(header, rows, shown))


def _text(value: Any) -> str:
    plain = value.item() if hasattr(value, "item") else value
    return "" if plain is None or plain != plain else clean(as_text(plain))


def _texts(row: Sequence[object]) -> list[str]:
    return [clean(as_text(value)) for value in row]


def _difference(header: list[str], rows: list[list[str]], shown: Sequence[Sequence[object]]) -> str:
    expected = _texts(shown[0])
    if header != expected:
        return f"judul {', '.join(header[:3])}…" if header[:3] != expected[:3] else f"{len(header)} kolom, seharusnya {len(expected)}"
    if len(rows) != len(shown) - 1:
        return f"{len(rows)} baris, seharusnya {len(shown) - 1}"
    changed = next((found, wanted) for found, wanted in zip((cell for row in rows for cell in row), (cell for row in shown[1:] for cell in _texts(row)), strict=True)
                   if found != wanted)
    return f"\"{_short(changed[0])}\", seharusnya \"{_short(changed[1])}\""


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def with_baksos(case: Case) -> str:
    if case.readable:
        return "dibaca benar" + (f"; {', '.join(sorted({*case.codes, *case.notes}))}" if case.codes or case.notes else "")
    return f"ditolak: {', '.join(case.codes)}"


def table() -> list[str]:
    """The list as lines of Markdown."""
    results = {case.name: measured(case) for case in CASES}
    counts = Counter(kind for kind, _ in results.values())
    names = {case.name for case in CASES if case.readable}
    wrong = sum(kind == "different" for name, (kind, _) in results.items() if name in names)
    lines = [f"{len(CASES)} berkas. pandas polos: {counts['same']} sama seperti isi berkasnya, {counts['error']} galat (tanpa petunjuk bagi pemakai), "
             f"{counts['different']} berubah diam-diam, {counts['unnoticed']} dibaca tanpa peringatan walaupun isinya tidak boleh dipakai. "
             f"Dari {len(names)} berkas yang dapat dibaca, pandas polos membaca {sum(results[name][0] == 'same' for name in names)} benar, "
             f"{wrong} salah tanpa berkata apa-apa, dan {sum(results[name][0] == 'error' for name in names)} tidak sama sekali; "
             f"baksos-eval membaca {len(names)} benar.",
             "", "| berkas | cacat atau keanehan | pandas polos | baksos-eval |", "|---|---|---|---|"]
    for case in CASES:
        kind, particulars = results[case.name]
        said = KINDS[kind] + (f": {particulars}" if particulars else "")
        lines.append("| " + " | ".join(part.replace("|", "\\|") for part in (f"`{case.name}`", case.fault, said, with_baksos(case))) + " |")
    return lines


def write_section(name: str, lines: Sequence[str], document: Path = DOCUMENT) -> None:
    """Puts the lines between the two marks of a section of the document."""
    before, start, rest = document.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    assert start and end, f"{document.name} has no section {name}"
    document.write_text(before + start + "\n".join(lines) + "\n" + end + after, encoding="utf-8")


def main() -> None:
    if len(sys.argv) == 1:
        write_section("korpus", table())
        return
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except ImportError:
        pass
    case = next(case for case in CASES if case.name == sys.argv[1])
    sys.stdout.buffer.write(json.dumps(with_pandas(case)).encode("ascii"))


if __name__ == "__main__":
    main()
