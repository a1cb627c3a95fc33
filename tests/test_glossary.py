"""The glossary is written from one file, in both languages, and holds every term of statistics that a table's header uses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from baksos_eval.report.text import LANGUAGES, words
from tools.write_glossary import glossary

ROOT = Path(__file__).parents[1]
TERMS = tomllib.loads((ROOT / "docs" / "glosarium.toml").read_text(encoding="utf-8"))["terms"]
CLAIMED = [key for term in TERMS for key in term.get("columns", [])]
SYMBOL = re.compile(r"\*[^*]+\*|~\w+~|\^\w+\^|[Α-Ωα-ω⟨⟩²]")
"""What makes a header a symbol: italics, raised or lowered letters, Greek."""


def headers(language: str) -> dict[str, str]:
    found = {}
    for key, text in words(language).texts.items():
        if match := re.fullmatch(r"table\.(?:column|spanner)\.(\w+)", key):
            found[match[1]] = text
    return found


def test_the_page_is_the_one_that_the_file_gives():
    assert (ROOT / "docs" / "GLOSARIUM.md").read_text(encoding="utf-8") == glossary(TERMS), "run python tools/write_glossary.py"


def test_every_term_says_everything_in_both_languages():
    for term in TERMS:
        assert all(term[key].strip() for key in ("id", "en", "meaning_id", "meaning_en")), term
        assert "|" not in "".join(str(value) for value in term.values())
    assert len({term["id"] for term in TERMS}) == len(TERMS) == len({term["en"] for term in TERMS})


def test_columns_exist_and_are_explained_once():
    assert [key for key in CLAIMED if key not in headers("id")] == []
    assert sorted({key for key in CLAIMED if CLAIMED.count(key) > 1}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_symbol_in_a_header_is_explained(language: str):
    symbols = {key: text for key, text in headers(language).items() if SYMBOL.search(text)}
    assert len(symbols) > 20
    assert {key: text for key, text in symbols.items() if key not in CLAIMED} == {}
