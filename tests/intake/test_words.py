"""Every code that reading a study or its data can raise has its sentences, and they fill without a gap."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, placeholders, words
from baksos_eval.study.study import open_study

from .small import POST, PRE, SIKAP, TAHU, TWO_FILES, refusal, two_files

PACKAGE = Path(__file__).parents[2] / "baksos_eval"
SOURCES = sorted([*(PACKAGE / "intake").glob("*.py"), *(PACKAGE / "study").glob("*.py")])
MAKERS = {"Finding", "BaksosError", "finding", "note", "rows", "_finding"}
CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
FORMED = {"duplicate_id_": ("refuse", "first", "last"), "instrument_repeated_": ("option", "item", "dimension"),
          "rt_without_": ("programme", "comparison"), "attendance_not_listed_": ("zero", "unknown")}
LOCALE = {language: tomllib.loads((PACKAGE / "report" / "locale" / f"findings.{language}.toml").read_text(encoding="utf-8")) for language in LANGUAGES}


def strings(node: ast.AST) -> Iterator[str]:
    yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))


def raised(kind: set[str]) -> set[str]:
    """Codes that are given to one of these makers, directly or through a variable of the same function."""
    codes = set()
    for source in SOURCES:
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and call.args:
                name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
                if name in kind:
                    if isinstance(call.args[0], ast.JoinedStr):
                        start = next(strings(call.args[0]))
                        codes |= {start + end for end in FORMED[start]}
                    else:
                        codes |= {text for text in strings(call.args[0]) if CODE.fullmatch(text)}
    return codes


def mentioned() -> set[str]:
    """Every string in the sources that could be a code."""
    texts = {text for source in SOURCES for text in strings(ast.parse(source.read_text(encoding="utf-8"))) if CODE.fullmatch(text)}
    return texts | {start + end for start, ends in FORMED.items() for end in ends}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_sentences(language: str):
    errors, findings = raised({"BaksosError"}), raised(MAKERS - {"BaksosError"})
    assert len(errors) > 25 and len(findings) > 50
    catalogue = words(language)
    lacking = {f"error.{code}" for code in errors} | {f"finding.{code}" for code in findings} | {f"remedy.{code}" for code in errors | findings}
    assert {key for key in lacking if not catalogue.has(key)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_fault_has_its_sentences(language: str):
    faults = {text for text in mentioned() if text.startswith("answer_")}
    assert len(faults) == 6
    assert {code for code in faults if not words(language).has(f"finding.{code}") or not words(language).has(f"remedy.{code}")} == set()


def test_no_sentence_is_left_over():
    kept = {code for table in LOCALE["id"].values() for code in table}
    assert kept - mentioned() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_about_files_say_the_same_as_findings(language: str):
    table = LOCALE[language]
    both = table["error"].keys() & table["finding"].keys()
    assert "file_not_found" in both
    assert {code for code in both if table["error"][code] != table["finding"][code]} == set()


def test_file_errors_can_be_findings():
    files = {code for code in raised({"BaksosError"}) if code.startswith(("file_", "sheet_", "csv_", "table_", "header_"))}
    assert files <= LOCALE["id"]["finding"].keys()


def test_both_languages_fill_the_same_places():
    for section, texts in LOCALE["id"].items():
        assert texts.keys() == LOCALE["en"][section].keys()
        assert {code for code in texts if placeholders(texts[code]) != placeholders(LOCALE["en"][section][code])} == set()


def test_an_error_says_everything_that_stands_in_the_way(tmp_path: Path):
    study = two_files(tmp_path, [PRE[0], ["AB1", "?", "1", "1"]], [*POST[:-1], ["IJ5", "9", "1", "2"]])
    lines = describe(refusal(study), words("id"))
    assert lines[0] == "RT 04 belum dapat dianalisis: 2 hal harus diperbaiki."
    assert 'berkas "pre.csv", baris 2, kolom "B: a1"' in "\n".join(lines)
    assert "Yang diterima: Sangat tidak setuju, Tidak setuju, Setuju, dan Sangat setuju." in "\n".join(lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_faulty_study_says_what_is_wrong(tmp_path: Path, language: str):
    two_files(tmp_path)
    text = (tmp_path / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "study.toml").write_text(text.replace("year = 2021", 'yaer = 2021\nlanguage = "jv"'), encoding="utf-8")
    with pytest.raises(BaksosError) as refused:
        open_study(tmp_path)
    assert {finding.code for finding in refused.value.findings} == {"toml_missing_key", "toml_unknown_key", "toml_bad_value"}
    assert all(describe(refused.value, words(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_faulty_questionnaire_says_what_is_wrong(tmp_path: Path, language: str):
    two_files(tmp_path)
    dimension = '[[dimensions]]\nid = "{}"\nlabel = {{ id = "x", en = "x" }}\n'
    faulty = TAHU.replace('key = "benar"', 'key = "?"', 1).replace('id = "k2"', 'id = "k1"').replace('id = "k3"', 'id = "k3"\ndimension = "tiada"') + (
        dimension.format("total") + dimension.format("sisa") * 2 + '[[options]]\ncode = "benar"\nlabel = { id = "x", en = "x" }\n')
    (tmp_path / "sikap.toml").write_text(faulty, encoding="utf-8")
    with pytest.raises(BaksosError) as refused:
        open_study(tmp_path)
    assert {finding.code for finding in refused.value.findings} == {
        "instrument_repeated_option", "instrument_repeated_item", "instrument_repeated_dimension", "instrument_total_reserved",
        "instrument_dimension_without_items", "instrument_unknown_dimension", "instrument_key_not_an_option"}
    assert all(describe(refused.value, words(language)))
    (tmp_path / "sikap.toml").write_text(SIKAP.replace("value = 4", ""), encoding="utf-8")
    with pytest.raises(BaksosError) as refused:
        open_study(tmp_path)
    assert [finding.code for finding in refused.value.findings] == ["instrument_option_without_value"]
    assert all(describe(refused.value, words(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_source_of_two_kinds_says_what_is_wrong(tmp_path: Path, language: str):
    with pytest.raises(BaksosError) as refused:
        two_files(tmp_path, body=TWO_FILES.replace('wave = "pre"', 'wave = "pre"\nwide = { pre = "{item}" }'))
    assert [finding.code for finding in refused.value.findings] == ["study_wave_twice"]
    assert all(describe(refused.value, words(language)))
