"""Writes every file of the corpus: ``python -m tests.corpus.make_files`` (from the repository's folder)."""

from __future__ import annotations

from pathlib import Path

from tests.corpus.cases import CASES

FOLDER = Path(__file__).parent / "files"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        if old.name not in {case.name for case in CASES}:
            old.unlink()
    for case in CASES:
        path, content = FOLDER / case.name, case.content()
        if not path.is_file() or path.suffix == ".csv":  # workbooks hold the moment of their making
            path.write_bytes(content)


if __name__ == "__main__":
    main()
