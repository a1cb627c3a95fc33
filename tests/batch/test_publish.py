from __future__ import annotations

import os
from pathlib import Path

import pytest

from baksos_eval.batch.publish import digest, publish
from baksos_eval.render import save


def work(tmp_path: Path, **files: str) -> Path:
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def tree(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file()}


def test_files_arrive_and_replace_those_of_the_last_run(tmp_path: Path) -> None:
    target = tmp_path / "rt 01"
    publish(work(tmp_path, a_docx="one", b_csv="1"), ["a.docx", "b.csv"], target, {})
    known = {name: digest(target / name) for name in ("a.docx", "b.csv")}
    assert publish(work(tmp_path, a_docx="two", b_csv="2"), ["a.docx", "b.csv"], target, known) == {"a.docx": "a.docx", "b.csv": "b.csv"}
    assert tree(target) == {"a.docx": "two", "b.csv": "2"}
    assert tree(tmp_path / "work") == {}


def test_what_was_not_made_again_is_put_aside(tmp_path: Path) -> None:
    target = tmp_path / "rt-01"
    publish(work(tmp_path, a_docx="one", a_pdf="one"), ["a.docx", "a.pdf"], target, {})
    known = {name: digest(target / name) for name in ("a.docx", "a.pdf")}
    (target / "catatan.txt").write_text("mine", encoding="utf-8")
    publish(work(tmp_path, a_pdf="two"), ["a.pdf"], target, known)
    assert tree(target) == {"a.pdf": "two", "catatan.txt": "mine", "lama/a.docx": "one"}


def test_a_report_edited_by_hand_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "rt-01"
    for text in ("two", "three"):
        known = {"a.docx": "what the program wrote"}
        target.mkdir(exist_ok=True)
        (target / "a.docx").write_text(f"edited before {text}", encoding="utf-8")
        publish(work(tmp_path, a_docx=text), ["a.docx"], target, known)
    assert tree(target) == {"a.docx": "three", "a.disunting.docx": "edited before two", "a.disunting (2).docx": "edited before three"}


def test_a_file_open_in_word_is_written_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, attempts, real = tmp_path / "rt-01", [], os.replace
    publish(work(tmp_path, a_docx="one"), ["a.docx"], target, {})

    def replace(source: Path, to: Path) -> None:
        attempts.append(to.name)
        if to.name == "a.docx":
            raise PermissionError
        real(source, to)

    monkeypatch.setattr(save.os, "replace", replace)
    monkeypatch.setattr(save.time, "sleep", lambda seconds: None)
    assert publish(work(tmp_path, a_docx="two"), ["a.docx"], target, {}) == {"a.docx": "a (2).docx"}
    assert tree(target) == {"a.docx": "one", "a (2).docx": "two"}
    assert attempts.count("a.docx") > 3


def test_the_notebook_of_a_failed_run_goes_when_the_next_one_succeeds(tmp_path: Path) -> None:
    target = tmp_path / "rt-01"
    target.mkdir()
    (target / "a.GAGAL.ipynb").write_text("{}", encoding="utf-8")
    publish(work(tmp_path, a_ipynb="one"), ["a.ipynb"], target, {"a.GAGAL.ipynb": "x"})
    assert tree(target) == {"a.ipynb": "one"}
