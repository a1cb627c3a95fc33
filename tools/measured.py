"""Puts measured figures into a section of ``docs/KINERJA.md``, and leaves the other sections as they are."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "KINERJA.md"


def put(section: str, lines: list[str]) -> None:
    """Replaces what stands between the marks of ``section`` by the lines."""
    text = PAGE.read_text(encoding="utf-8")
    start, end = f"<!-- {section}: dihitung -->", f"<!-- /{section} -->"
    if start not in text or end not in text:
        raise LookupError(f"{PAGE.name} has no section {section}")
    PAGE.write_text(re.sub(f"{re.escape(start)}.*?{re.escape(end)}", lambda _: "\n".join([start, *lines, end]), text, flags=re.DOTALL), encoding="utf-8")


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    """A table in Markdown."""
    return ["| " + " | ".join(header) + " |", "|" + "---|" * len(header), *("| " + " | ".join(row) + " |" for row in rows)]
