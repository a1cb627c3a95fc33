"""A new study's folder: whole, valid at once, and never over somebody's files."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from baksos_eval.batch.template import parameters_of
from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.intake.intake import inspect
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.start.folder import make_study_folder
from baksos_eval.start.study_file import ANSWERS_FROM, NewStudy, answer_file, study_text, workbook_file
from baksos_eval.start.toolkit import LOCK, lock_path, own_wheel
from baksos_eval.study.study import open_study

ROOT = Path(__file__).parents[2]
INSTRUMENTS = ("pengetahuan_covid19", "ketahanan_sosial")


def new(language: str = "id", answers: str = "forms", **others: object) -> NewStudy:
    return NewStudy(**{"title": 'Penyuluhan "5M" & C:\\gizi', "year": 2021, "language": language, "instruments": INSTRUMENTS,
                       "rts": ("RT 04", "RT 05"), "answers": answers} | others)


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answers", ANSWERS_FROM)
def test_a_new_study_is_valid_and_says_which_files_are_missing(tmp_path: Path, language: str, answers: str):
    catalogue = words(language)
    made = make_study_folder(tmp_path / "Dosen & OneDrive - IIB (2)", new(language, answers), catalogue)
    assert files_in(made.folder) == set(made.written) and made.kept == ()
    study = open_study(made.folder)
    assert (study.id, study.title[language], study.year) == ("dosen-onedrive-iib-2", new().title, 2021)
    assert study.instruments == INSTRUMENTS and study.expected_rts == ("RT 04", "RT 05")
    fatal = {(finding.code, finding.where[0].file) for finding in inspect(study).findings if finding.fatal}
    if answers == "forms":
        assert fatal == {("file_not_found", answer_file("pre", catalogue)), ("file_not_found", answer_file("post", catalogue))}
    else:
        assert fatal == {("table_without_rows", workbook_file(catalogue))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_explained(language: str):
    text = study_text(new(language), "uji", words(language))
    settings = [line for line in text.splitlines() if " = " in line and not line.startswith("#")]
    explained = [line for line in settings if re.search(r" # \w", line)]
    assert {line.split(" = ")[0] for line in settings} - {line.split(" = ")[0] for line in explained} == {
        "kelurahan", "kecamatan", "city", "institution", "unit", "programme", "period", "file", "wave"}
    example = tomllib.loads("\n".join(line.removeprefix("# ") for line in text.splitlines() if re.match(r"# \w+ = ", line)))
    assert len(example) == 2 and all(isinstance(value, str) for value in example.values())
    assert study_text(new("id"), "uji", words("id")) != study_text(new("en"), "uji", words("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_that_it_expects_give_a_result(tmp_path: Path, language: str):
    """Two downloads with the headers that the new study.toml names are read without another word."""
    catalogue = words(language)
    folder = make_study_folder(tmp_path / "uji", new(language), catalogue).folder
    study = open_study(folder)
    columns = study.columns
    for shift, wave in enumerate(("pre", "post")):
        with (folder / answer_file(wave, catalogue)).open("w", encoding="utf-8", newline="") as stream:
            table = csv.writer(stream)
            items = [(item, instrument) for instrument in study.questionnaires for item in instrument.items]
            table.writerow([*columns.id_columns, columns.rt, columns.consent, *(item.text[language] for item, _ in items)])
            for person in range(12):
                answers = [instrument.options[(person * 5 + number + shift) % len(instrument.options)].label[language]
                           for number, (_, instrument) in enumerate(items)]
                table.writerow([f"SR{person:02d}", "RT 04" if person < 7 else "RT 05", "Ya" if language == "id" else "Yes", *answers])
    assert not [finding for finding in inspect(study).findings if finding.fatal]
    assert evaluate(study, "").rt == "RT 04"
    assert {result.scale.instrument for result in evaluate(study, "rt.5").scales} == set(INSTRUMENTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_notebooks_find_the_study(tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch):
    made = make_study_folder(tmp_path / "studi saya", new(language), words(language))
    notebooks = [made.folder / name for name in made.written if name.endswith(".ipynb")]
    assert {path.name[:2] for path in notebooks} >= {"01", "02", "03", "04"} and len(notebooks) % 2 == 0
    for path in notebooks:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = parameters_of(content, path.name)
        assert (path.parent / found["study_folder"]).resolve() == made.folder.resolve()
        assert found["language"] == ("en" if path.parent.name == "en" else "id") and found.get("rt", "") == ""
        original = json.loads((ROOT / path.relative_to(made.folder)).read_text(encoding="utf-8"))
        cells = [(cell, other) for cell, other in zip(content["cells"], original["cells"], strict=True) if cell != other]
        assert len(cells) == 1 and ["# str: " in line for line in cells[0][0]["source"]] == ["# str: " in line for line in cells[0][1]["source"]]


def test_nothing_is_ever_overwritten(tmp_path: Path):
    folder = tmp_path / "uji"
    (folder / "notebooks").mkdir(parents=True)
    mine = {"mulai.bat": b"mine", "jawaban.xlsx": b"answers", "notebooks/02_evaluasi_rt.ipynb": b"edited"}
    for name, content in mine.items():
        (folder / name).write_bytes(content)
    made = make_study_folder(folder, new(), words("id"))
    assert set(made.kept) == set(mine) and not set(made.kept) & set(made.written)
    assert {name: (folder / name).read_bytes() for name in mine} == mine
    before = {name: (folder / name).read_bytes() for name in files_in(folder)}
    with pytest.raises(BaksosError, match="new_study_exists"):
        make_study_folder(folder, new("en", "workbook"), words("en"))
    assert {name: (folder / name).read_bytes() for name in files_in(folder)} == before


def test_nothing_is_written_where_the_study_cannot_be_made(tmp_path: Path):
    for wrong in ("tidak_ada", "sendiri.toml"):
        with pytest.raises(BaksosError):
            make_study_folder(tmp_path / "uji", new(instruments=(wrong,)), words("id"))
    (tmp_path / "berkas").write_text("x", encoding="utf-8")
    with pytest.raises(BaksosError, match="new_folder_is_file"):
        make_study_folder(tmp_path / "berkas", new(), words("id"))
    assert not (tmp_path / "uji").exists()


def test_our_wheel_installs_and_runs_without_an_index(tmp_path: Path):
    name, content = own_wheel()
    (tmp_path / name).write_bytes(content)
    assert own_wheel() == (name, content)
    done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--target",
                           str(tmp_path / "packages"), str(tmp_path / name)], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    installed = {path.relative_to(tmp_path / "packages").as_posix() for path in (tmp_path / "packages").rglob("*") if path.is_file()}
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "baksos_eval").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    notebooks = {f"baksos_eval/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts}
    assert package | notebooks <= installed
    assert f"share/baksos-eval/{LOCK}" in installed
    code = "from importlib.metadata import distribution; import baksos_eval.cli; print(distribution('baksos-eval').version, sorted(p.name for p in distribution('baksos-eval').entry_points))"
    said = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "packages", capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "'baksos', 'baksos-warm'" in said or "['baksos', 'baksos', 'baksos-warm']" in said


def test_the_lock_is_found_beside_the_package_and_among_its_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert lock_path() == ROOT / LOCK
    from baksos_eval.start import toolkit

    monkeypatch.setattr(toolkit, "_PACKAGE", tmp_path / "site-packages" / "baksos_eval")
    monkeypatch.setattr(toolkit.metadata, "distribution", lambda _: type("Installed", (), {"files": [Listed(ROOT / LOCK)]}))
    assert lock_path() == ROOT / LOCK
    monkeypatch.setattr(toolkit.metadata, "distribution", lambda _: type("Installed", (), {"files": None}))
    with pytest.raises(BaksosError, match="toolkit_incomplete"):
        lock_path()


class Listed:
    """A file of a distribution, as importlib.metadata lists it."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name

    def locate(self) -> Path:
        return self.path


def test_the_wheel_holds_what_it_records():
    import io

    wheel = zipfile.ZipFile(io.BytesIO(own_wheel()[1]))
    record = next(name for name in wheel.namelist() if name.endswith("/RECORD"))
    listed = [row[0] for row in csv.reader(io.StringIO(wheel.read(record).decode()))]
    assert sorted(listed) == sorted(wheel.namelist()) and len(set(listed)) == len(listed)
    assert not [name for name in listed if "\\" in name or name.startswith(("/", ".."))]
