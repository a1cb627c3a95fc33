"""The example study: its files are what the script writes, hold no real person, and are as untidy as they claim."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from openpyxl import load_workbook

from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.results import Evaluation
from baksos_eval.intake.intake import list_rts
from baksos_eval.study.study import open_study

FOLDER = Path(__file__).parents[2] / "data" / "contoh"
FORMS = {wave: f"Kuesioner {word} RT 04 (Jawaban).csv" for wave, word in (("pre", "Awal"), ("post", "Akhir"))}
CODE = re.compile(r"[A-Z]{2}\d{4}")
Table = list[list[object]]


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("buat_data", FOLDER / "buat_data.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["buat_data"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["buat_data"]


@pytest.fixture(scope="module")
def written(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data contoh")
    script.write_all(folder)
    return folder


def answer_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix in {".csv", ".xlsx"})


def sheets(path: Path) -> dict[str, Table]:
    book = load_workbook(path)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def rows(name: str, delimiter: str = ",") -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def code_header(row: dict[str, str]) -> str:
    return next(header for header in row if header.startswith("Kode"))


def cells() -> Iterator[tuple[str, str]]:
    """Every cell of every answer file with its file's name."""
    for name in answer_files(FOLDER):
        if name.endswith(".csv"):
            yield from ((name, cell) for row in rows(name, ";" if name.startswith("RT 07") else ",") for pair in row.items() for cell in pair)
        else:
            yield from ((name, str(cell)) for table in sheets(FOLDER / name).values() for row in table for cell in row if cell is not None)


def test_writing_again_gives_the_same_files(written: Path):
    assert answer_files(written) == answer_files(FOLDER)
    for name in answer_files(FOLDER):
        if name.endswith(".csv"):
            assert (written / name).read_bytes() == (FOLDER / name).read_bytes(), name
        else:
            assert sheets(written / name) == sheets(FOLDER / name), name


def test_the_workbooks_are_the_same_bytes_each_time(script: ModuleType, written: Path, tmp_path: Path):
    script.write_all(tmp_path)
    for name in answer_files(written):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes(), name


def test_every_file_is_used_by_the_study():
    study = open_study(FOLDER)
    assert sorted({source.file for source in study.sources}) == answer_files(FOLDER)
    assert {source.layout for source in study.sources} == {"wave", "long", "wide"}


def test_nothing_looks_like_a_real_person():
    for name, cell in cells():
        assert "@" not in cell, name
        assert not re.search(r"\d{12,}", cell), (name, cell)
        assert not re.match(r"(?:\+?62|08)[\d\s-]{7,}$", cell) or cell.startswith("0800-0000-"), (name, cell)
        assert cell not in {"Nama", "NIK", "Alamat"}, name


def test_people_are_known_by_their_own_codes():
    for name, delimiter in ((FORMS["pre"], ","), (FORMS["post"], ","), ("RT 07 pretes dan postes.csv", ";")):
        for row in rows(name, delimiter):
            assert CODE.fullmatch(row[code_header(row)].upper()), name


def test_forms_come_as_an_indonesian_account_sends_them():
    for wave in ("pre", "post"):
        table = rows(FORMS[wave])
        assert next(iter(table[0])) == "Cap waktu"
        assert all(re.fullmatch(r"\d\d/\d\d/2021 \d{1,2}\.\d\d\.\d\d", row["Cap waktu"]) for row in table)
        assert sum("[" in header for header in table[0]) == 36
        assert len({row["RT"] for row in table}) == 4
        assert all(row["Nomor WhatsApp"].startswith("0800-0000-") for row in table)


def test_forms_hold_the_untidiness_they_should():
    codes = {wave: Counter(row[code_header(row)].upper() for row in rows(FORMS[wave])) for wave in ("pre", "post")}
    assert [code for code, times in codes["post"].items() if times > 1] and max(codes["pre"].values()) == 1
    only_before, only_after = set(codes["pre"]) - set(codes["post"]), set(codes["post"]) - set(codes["pre"])
    typed_wrong = [(one, other) for one in only_before for other in only_after if sorted(one) == sorted(other)]
    assert len(typed_wrong) == 1
    assert len(only_before) == 3 + 1 + 1 + 1 and len(only_after) == 2 + 1   # left, refused, never came again, typed wrong
    assert sum(value == "Tidak bersedia" for row in rows(FORMS["pre"]) for value in row.values()) == 1
    neutral = {wave: {value for row in rows(FORMS[wave]) for value in row.values()} & {"Netral", "Ragu-ragu"} for wave in ("pre", "post")}
    assert neutral == {"pre": {"Netral"}, "post": {"Ragu-ragu"}}


def test_the_recap_looks_like_one_from_paper():
    for table in sheets(FOLDER / "Rekap Kuesioner RT 05.xlsx").values():
        assert table[0][0].startswith("REKAPITULASI")
        assert table[4][:4] == ["No", "Kode", "L/P", "Umur"]
        people = [row for row in table[5:] if isinstance(row[0], int)]
        assert 10 <= len(people) <= 40
        assert any(row[1] == "Jumlah" for row in table[5:])
        assert any("Bandar Lampung" in str(cell) for row in table[-6:] for cell in row if cell)
        answers = {cell for row in people for cell in row[4:] if cell}
        assert {"B", "S", "TT", "STS", "TS", "RR", "SS", "-"} <= answers
        assert any(cell != cell.strip().upper() for cell in answers)


def test_the_long_table_is_what_excel_saves_in_indonesia():
    content = (FOLDER / "RT 07 pretes dan postes.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    table = rows("RT 07 pretes dan postes.csv", ";")
    assert Counter(row["Tes"].capitalize() for row in table) == {"Pretes": 22, "Postes": 21}
    assert sum(row["Persetujuan"] == "Tidak" for row in table) == 2


def test_the_wide_table_has_both_tests_side_by_side():
    (table,) = sheets(FOLDER / "RT 09.xlsx").values()
    assert sum(str(header).startswith("Pre ") for header in table[0]) == sum(str(header).startswith("Post ") for header in table[0]) == 36
    assert len(table) == 13


# what the toolkit makes of it

@pytest.fixture(scope="module")
def evaluations() -> dict[str, Evaluation]:
    study = open_study(FOLDER)
    return {rt: evaluate(study, rt) for rt in list_rts(study)}


def found(evaluation: Evaluation) -> Counter[str]:
    return Counter({finding.code: finding.count for finding in evaluation.findings})


def test_every_rt_runs_to_the_end(evaluations: dict[str, Evaluation]):
    assert list(evaluations) == ["RT 04", "RT 05", "RT 07", "RT 09"]
    assert {rt: evaluation.flow.both for rt, evaluation in evaluations.items()} == {"RT 04": 29, "RT 05": 26, "RT 07": 20, "RT 09": 11}
    for evaluation in evaluations.values():
        assert not any(finding.fatal for finding in evaluation.findings)
        assert evaluation.flow.pre_only > 0


def test_the_untidiness_is_counted(evaluations: dict[str, Evaluation]):
    flow = evaluations["RT 04"].flow
    assert (flow.refused_pre, flow.duplicate_post, flow.pre_only, flow.post_only) == (1, 1, 5, 3)
    codes = found(evaluations["RT 04"])
    assert codes["duplicate_id_first"] == 2 and codes["ids_nearly_equal"] == 1
    assert codes["answers_all_equal"] and codes["too_many_blanks"] and codes["contact_columns_dropped"]
    assert found(evaluations["RT 05"])["answer_several"] == 1
    assert (evaluations["RT 07"].flow.refused_pre, evaluations["RT 07"].flow.refused_post) == (1, 1)


def test_some_were_at_the_maximum_before(evaluations: dict[str, Evaluation]):
    knowledge = {rt: evaluation.headlines[0] for rt, evaluation in evaluations.items()}
    assert knowledge["RT 05"].individual_gain.n_at_maximum == 5 and knowledge["RT 04"].individual_gain.n_at_maximum >= 1
    assert knowledge["RT 05"].ends.ceiling_pre > 0.1 and knowledge["RT 04"].ends.ceiling_pre > 0


def test_verdicts_differ(evaluations: dict[str, Evaluation]):
    assert {rt: tuple(result.verdict for result in evaluation.headlines) for rt, evaluation in evaluations.items()} == {
        "RT 04": ("improved_meaningfully", "improved"), "RT 05": ("improved", "improved"),
        "RT 07": ("improved", "equivalent"), "RT 09": ("improved_meaningfully", "no_evidence")}


def test_reversed_statements_agree_with_the_others(evaluations: dict[str, Evaluation]):
    for evaluation in evaluations.values():
        assert evaluation.headlines[1].alpha_pre.alpha > 0.8


def test_no_code_of_a_person_comes_out(evaluations: dict[str, Evaluation]):
    codes = {row[code_header(row)].casefold() for name, delimiter in ((FORMS["pre"], ","), ("RT 07 pretes dan postes.csv", ";"))
             for row in rows(name, delimiter)}
    for evaluation in evaluations.values():
        said = (evaluation.to_frame().to_csv() + repr(evaluation.findings)).casefold()
        assert not [code for code in codes if code in said]
