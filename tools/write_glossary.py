"""Writes docs/GLOSARIUM.md from docs/glosarium.toml: ``python tools/write_glossary.py``."""

from __future__ import annotations

import tomllib
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def glossary(terms: list[dict]) -> str:
    """The page: every term in Indonesian with its meaning, then the same in English."""

    def table(language: str, other: str, headers: tuple[str, str, str]) -> list[str]:
        rows = sorted(terms, key=lambda term: term[language].casefold())
        return [f"| {' | '.join(headers)} |", "|---|---|---|", *(f"| **{term[language]}** | {term[other]} | {term[f'meaning_{language}']} |" for term in rows)]

    return "\n".join(["# Glosarium", "", "Istilah dalam laporan. *English below.* Halaman ini ditulis dari `docs/glosarium.toml`.", "",
                      "## Indonesia", "", *table("id", "en", ("istilah", "Inggris", "arti")), "",
                      "## English", "", *table("en", "id", ("term", "Indonesian", "meaning")), ""])


def main() -> None:
    terms = tomllib.loads((DOCS / "glosarium.toml").read_text(encoding="utf-8"))["terms"]
    (DOCS / "GLOSARIUM.md").write_text(glossary(terms), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
