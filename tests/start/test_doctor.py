"""``baksos doctor``: what is well, what is not, and that the known answers are those of other software."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from baksos_eval.cli import main
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.start import doctor, known_answers
from baksos_eval.start.doctor import Check, examine
from baksos_eval.start.doctor_words import line_of
from baksos_eval.start.known_answers import KNOWN_ANSWERS

ORACLE = Path(__file__).parents[1] / "oracle"


def by_name(folder: Path) -> dict[str, Check]:
    return {check.details.get("statistic", check.name): check for check in examine(folder)}


@pytest.mark.parametrize("known", KNOWN_ANSWERS, ids=lambda known: known.name)
def test_known_answers_are_those_of_other_software(known):
    file, *keys = known.oracle
    oracle = json.loads((ORACLE / f"{file}.json").read_text(encoding="utf-8"))
    case = oracle["cases"][keys[0]]
    value = case["expected"]
    for key in keys[1:]:
        value = value[key]
    assert value == known.expected and oracle["tool"].startswith(f"R version {known.tool.removeprefix('R ').partition(',')[0]}")
    package = known.tool.partition(", ")[2]
    if " " in package:
        versions = oracle["packages"] if isinstance(oracle["packages"], dict) else dict(zip(("exactRankTests", "coin", "psych", "metafor", "eRm", "pwr"), oracle["packages"], strict=True))
        assert versions[package.split()[0]] == package.split()[1]
    assert known.agrees(known.compute()) and not known.agrees(known.expected * (1 + 1e-6))


def test_there_are_ten_different_ones():
    assert len({known.name for known in KNOWN_ANSWERS}) == len({known.oracle for known in KNOWN_ANSWERS}) == 10


def test_here_nothing_is_wrong(tmp_path: Path):
    checks = list(examine(tmp_path))
    assert len(checks) == 19 and [check for check in checks if check.state == "wrong"] == []
    assert not list(tmp_path.iterdir()), "the trial file is taken away"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words_and_every_fault_a_remedy(language: str):
    catalogue = words(language)
    assert {name.split(".")[1] for name in catalogue.texts if name.startswith("doctor.") and name.endswith(".remedy")} == {
        "python", "packages", "kernel", "fonts", "typst", "folder", "console", "clock", "numbers", "statistic"}
    lines = line_of(Check("kernel", "wrong", {"reason": "NoSuchKernel", "broke": True}), catalogue)
    assert len(lines) == 2 and "NoSuchKernel" in lines[0]


def test_what_is_broken_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lock = tmp_path / "requirements.lock"
    lock.write_text("numpy==0.0.1 --hash=sha256:00\nscipy==1.2 ; sys_platform == 'none' --hash=sha256:00\n", encoding="utf-8")
    monkeypatch.setattr(doctor, "lock_path", lambda: lock)
    monkeypatch.setattr(doctor, "requirements", lambda: ())
    monkeypatch.setattr(doctor, "date", type("Then", (date,), {"today": classmethod(lambda cls: date(1980, 1, 1))}))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="cp1252"))
    monkeypatch.setattr(known_answers, "KNOWN_ANSWERS", (replace(KNOWN_ANSWERS[0], compute=lambda: 4.1), replace(KNOWN_ANSWERS[1], compute=lambda: 1 / 0)))
    from baksos_eval.render import fonts

    monkeypatch.setattr(fonts, "missing", lambda text: text)
    found = by_name(lock)
    assert {name: check.state for name, check in found.items()} == {
        "python": "fine", "packages": "doubtful", "kernel": "fine", "fonts": "wrong", "typst": "fine", "folder": "wrong", "console": "doubtful", "clock": "doubtful",
        "numbers": "fine", "paired_t": "wrong", "signed_rank": "wrong"}
    assert "numpy" in found["packages"].details["names"] and "scipy" not in found["packages"].details["names"]
    assert "ZeroDivisionError" in line_of(found["signed_rank"], words("id"))[0] and "4,1, padahal R 4.2.2" in line_of(found["paired_t"], words("id"))[0]


def test_a_missing_package_is_wrong(monkeypatch: pytest.MonkeyPatch):
    from packaging.requirements import Requirement

    monkeypatch.setattr(doctor, "requirements", lambda: (Requirement("numpy>=2"), Requirement("tidak-pernah-ada")))
    check = doctor._packages()
    assert check.state == "wrong" and check.details["names"] == "tidak-pernah-ada"


def test_the_command_says_it_all_and_leaves_with_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)
    Path("berkas.txt").write_text("x", encoding="utf-8")
    for arguments, code in ((["doctor"], 0), (["doctor", "--json"], 0), (["doctor", "--language", "en", "berkas.txt"], 1)):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        said = capsys.readouterr()
        assert left.value.code == code and said.err == "", said
        if "--json" in arguments:
            answer = json.loads(said.out)
            assert answer["wrong"] == 0 and len(answer["checks"]) == 19 and answer["checks"][9]["value"] == pytest.approx(4.0621276838)
        else:
            assert len(said.out.splitlines()) >= 20 and ("[wrong] The folder" in said.out) is bool(code)
