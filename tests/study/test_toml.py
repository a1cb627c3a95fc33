"""TOML files: read once, every fault at once, and no traceback for a slip of the pen."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from baksos_eval.errors import BaksosError, Severity
from baksos_eval.study.toml import Model, Words, load, similar_files


class Part(Model):
    name: str
    size: int = Field(default=1, ge=1)


class Whole(Model):
    title: Words
    parts: tuple[Part, ...]
    folder: Path | None = None


GOOD = '''title = { id = "Judul", en = "Title" }
[[parts]]
name = "  satu  "
'''


def write(folder: Path, text: str | bytes, name: str = "berkas.toml") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


def refusal(path: Path) -> BaksosError:
    with pytest.raises(BaksosError) as caught:
        load(path, Whole)
    return caught.value


def test_reads_a_model_and_trims_text(tmp_path: Path):
    whole = load(write(tmp_path, GOOD), Whole)
    assert whole.parts[0].name == "satu"
    assert (whole.title["id"], whole.title["en"]) == ("Judul", "Title")


def test_reads_a_file_with_a_byte_order_mark_and_windows_line_ends(tmp_path: Path):
    whole = load(write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()), Whole)
    assert whole.parts[0].name == "satu"


def test_extra_values_come_from_the_caller(tmp_path: Path):
    assert load(write(tmp_path, GOOD), Whole, folder=tmp_path).folder == tmp_path


def test_models_are_immutable(tmp_path: Path):
    whole = load(write(tmp_path, GOOD), Whole)
    with pytest.raises(ValueError):
        whole.parts[0].name = "dua"


def test_a_missing_file_is_named_with_those_that_look_like_it(tmp_path: Path):
    write(tmp_path, GOOD, "instrumen.toml")
    error = refusal(tmp_path / "instrument.toml")
    assert error.code == "file_not_found"
    assert error.details["file"] == "instrument.toml"
    assert error.details["similar"] == ("instrumen.toml",)


def test_a_missing_folder_is_no_traceback(tmp_path: Path):
    error = refusal(tmp_path / "tiada" / "berkas.toml")
    assert (error.code, error.details["similar"]) == ("file_not_found", ())


def test_a_file_in_another_encoding_is_refused(tmp_path: Path):
    error = refusal(write(tmp_path, GOOD.replace("Judul", "Judul é").encode("cp1252")))
    assert error.code == "toml_not_utf8"
    assert error.details["position"] > 0


def test_a_syntax_fault_names_the_line(tmp_path: Path):
    error = refusal(write(tmp_path, GOOD + "size = \n"))
    assert error.code == "toml_unreadable"
    assert "line 4" in error.details["reason"]


def test_every_fault_is_told_at_once(tmp_path: Path):
    error = refusal(write(tmp_path, '''titel = "x"
title = { id = "Judul" }
[[parts]]
size = 0
[[parts]]
name = "dua"
sise = 3
'''))
    assert error.code == "toml_invalid"
    told = {(finding.code, finding.details["key"]) for finding in error.findings}
    assert told == {("toml_missing_key", "title.en"), ("toml_missing_key", "parts.0.name"), ("toml_bad_value", "parts.0.size"),
                    ("toml_unknown_key", "titel"), ("toml_unknown_key", "parts.1.sise")}
    assert all(finding.severity is Severity.FATAL and finding.where[0].file == "berkas.toml" for finding in error.findings)


@pytest.mark.parametrize(("written", "meant"), (("titel", "title"), ("nama", "name"), ("sise", "size"), ("xyzzy", "")))
def test_an_unknown_key_is_compared_with_all_known_ones(tmp_path: Path, written: str, meant: str):
    error = refusal(write(tmp_path, GOOD + f"{written} = 1\n"))
    assert [finding.details["similar"] for finding in error.findings] == [meant]


def test_a_bad_value_is_shown_shortened(tmp_path: Path):
    error = refusal(write(tmp_path, GOOD + f"size = \"{'x' * 500}\"\n"))
    assert error.findings[0].code == "toml_bad_value"
    assert 70 < len(error.findings[0].details["found"]) <= 80


def test_similar_files_are_the_closest_first(tmp_path: Path):
    for name in ("pretes rt 4.csv", "postes rt 4.csv", "foto.jpg"):
        write(tmp_path, "", name)
    assert similar_files(tmp_path / "pretes rt4.csv")[0] == "pretes rt 4.csv"
    assert "foto.jpg" not in similar_files(tmp_path / "pretes rt4.csv")
