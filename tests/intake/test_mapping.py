"""Columns to items: by what each was known, what is proposed and never taken, and what proposals would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.intake.intake import inspect, prepare
from baksos_eval.intake.mapping import propose, unknown_answers
from baksos_eval.report.mapping import additions_of, mapping_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.rewrite import add_headers
from baksos_eval.study.study import open_study

from .small import POST, PRE, TWO_FILES, codes, two_files, write_csv

HEADERS = ["Kode", "A1", "Warga berjalan sendiri sendiri", "Musyawarah RT menghasilkan aturan bersma"]


def misspelt(folder: Path):
    return two_files(folder, [HEADERS, *PRE[1:]])


def test_each_column_tells_by_what_it_was_known(tmp_path: Path):
    headers = ["Kode", "a1", "2. Warga berjalan sendiri-sendiri", "Sikap [Musyawarah RT menghasilkan aturan bersama]"]
    first, second = inspect(two_files(tmp_path, [headers, *PRE[1:]])).mappings
    assert [(match.position, match.target, match.how) for match in first.waves[0].matches] == [(1, "a1", "id"), (2, "a2", "words"), (3, "a3", "inner")]
    assert {match.how for match in second.waves[0].matches} == {"id"}
    assert first.complete and (first.waves[0].wave, second.waves[0].wave) == ("pre", "post")
    mapped = TWO_FILES.replace('file = "pre.csv"', 'file = "pre.csv"\nitems = { a3 = "Terserah" }')
    table = inspect(two_files(tmp_path / "b", [["Kode", "Sikap.1", "Warga berjalan sendiri-sendiri.", "Terserah"], *PRE[1:]], body=mapped)).mappings[0]
    assert [match.how for match in table.waves[0].matches] == ["alias", "text", "mapped"]


def test_close_wordings_are_proposed_and_not_taken(tmp_path: Path):
    study = misspelt(tmp_path)
    inspection = inspect(study)
    table = inspection.mappings[0]
    assert [(match.target, match.how) for match in table.waves[0].matches] == [("a1", "id"), ("a2", "words")]
    assert [missing.target for missing in table.waves[0].missing] == ["a3"]
    assert [(proposal.target, proposal.position) for proposal in table.waves[0].proposals] == [("a3", 3)]
    assert "item_column_missing" in codes(inspection.findings) and inspection.blocked == ("RT 04",)


def test_what_is_written_is_what_was_proposed(tmp_path: Path):
    study = misspelt(tmp_path)
    file = tmp_path / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(add_headers(text, additions_of(inspect(study), words("id"))), encoding="utf-8")
    study = open_study(tmp_path)
    assert dict(study.sources[0].items) == {"a3": HEADERS[3]} and not study.sources[1].items
    assert prepare(study, "RT 04").items["pre"]["sikap"]["a3"].tolist() == [3, 2, 4, 2, 1]
    assert "# usulan, kemiripan 99" in file.read_text(encoding="utf-8")


def test_columns_of_the_study_are_proposed_too(tmp_path: Path):
    body = TWO_FILES.replace('id = "Kode"', 'id = "Kode responden"')
    inspection = inspect(two_files(tmp_path, [["Kode respondan", *PRE[0][1:]], *PRE[1:]], [["Kode responden", *POST[0][1:]], *POST[1:]], body))
    assert [(addition.source, addition.section, addition.key, addition.header) for addition in additions_of(inspection, words("en"))] == [
        (0, ("columns",), "id", "Kode respondan")]


@pytest.mark.parametrize(("wanted", "header"), [
    ("Warga saling membantu", "Warga tidak saling membantu"), ("Pernyataan nomor 1", "Pernyataan nomor 2"), ("Saya percaya tetangga", "Umur"),
    ("I trust my neighbours", "I don't trust my neighbours"), ("Kami selalu rukun", "")])
def test_other_questions_are_never_proposed(wanted: str, header: str):
    assert propose({"a": [wanted]}, {0: header}) == ()


def test_two_equally_close_headers_are_no_proposal():
    assert propose({"a": ["Warga saling membantu"]}, {0: "Warga saling mambantu", 1: "Warga saling membanto"}) == ()
    assert propose({"a": ["Warga saling membantu"], "b": ["Warga saling membantah"]}, {0: "Warga saling membant"}) == ()
    found = propose({"a": ["Warga saling membantu"], "b": ["Musyawarah rutin diadakan"]}, {0: "Musyawarah rutin di adakan", 1: "Warga saling bantu"})
    assert [(proposal.target, proposal.position) for proposal in found] == [("a", 1), ("b", 0)]


def test_unknown_answers_are_one_list(tmp_path: Path):
    pre = [PRE[0], ["AB1", "stuju", "stuju", "9"], ["CD2", "stuju", "?", "1"], *PRE[3:]]
    listed = unknown_answers(inspect(two_files(tmp_path, pre)).findings)
    assert [(answer.text, answer.count, answer.items) for answer in listed] == [("stuju", 3, ("a1", "a2")), ("9", 1, ("a3",)), ("?", 1, ("a2",))]
    assert "Setuju" in listed[0].nearest


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mapping_can_be_said(tmp_path: Path, language: str):
    body = TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nrt = "RT"').replace('rt = "RT 04"\n', "")
    pre = [[*HEADERS, "RT", "Nama", "Saran"]] + [[*row, rt, "Budi", "x"] for row, rt in zip(PRE[1:], ["rt 4", "004", "RT.4", "4", "rt 4"], strict=True)]
    post = [[*POST[0], "RT"]] + [[*row, "RT 04"] for row in POST[1:]]
    study = two_files(tmp_path, pre, changed_answer(post), body)
    text = "\n".join(mapping_lines(inspect(study), words(language)))
    assert "99" in text and "Nama" in text and "Saran" in text and "Budi" not in text and "B–D → a1 … a3" in text
    if language == "id":
        assert "Usulan: D \"Musyawarah RT menghasilkan aturan bersma\" → a3" in text
        assert "\"stuju\": 1 kali (a1); yang mirip: Setuju" in text
    write_csv(tmp_path / "pre.csv", [[*PRE[0], "RT"]] + [[*row, rt] for row, rt in zip(PRE[1:], ["rt 4", "004", "RT.4", "4", "rt 4"], strict=True)])
    assert 'RT 04 ← "rt 4" (2), "004" (1), "RT.4" (1), "4" (1), "RT 04" (5)' in "\n".join(mapping_lines(inspect(study), words(language)))


def changed_answer(rows: list[list[str]]) -> list[list[str]]:
    return [rows[0], [rows[1][0], "stuju", *rows[1][2:]], *rows[2:]]
