"""Every file of the corpus says what it must, and none says a wrong number silently."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from baksos_eval.errors import Severity
from baksos_eval.intake.intake import prepare
from baksos_eval.study.study import Study, open_study
from tests.corpus.cases import CASES, POST_OF_WIDE, Case, text
from tests.corpus.make_files import FOLDER
from tests.intake.small import check, codes, two_files, write_csv, write_study


def study_of(case: Case, folder: Path) -> Study:
    """A study in which the file holds the questionnaires before (or both)."""
    body = f'{case.head}[columns]\n{case.columns}\n[[files]]\nfile = "{case.name}"\n{case.source}\n'
    if case.post or "same_table_twice" in case.codes:
        name = "post.csv" if case.post else case.name
        body += f'[[files]]\nfile = "{name}"\n' + case.source.replace('"pre"', '"post"')
    write_study(folder, body)
    shutil.copyfile(FOLDER / case.name, folder / case.name)
    if case.post:
        write_csv(folder / "post.csv", case.post)
    return open_study(folder)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_says_what_it_must(tmp_path: Path, case: Case):
    study = study_of(case, tmp_path / "data kegiatan")
    findings = check(study)
    assert sorted({finding.code for finding in findings if finding.severity is not Severity.NOTE}) == sorted(case.codes)
    assert set(case.notes) <= set(codes(findings))
    if not case.readable:
        assert any(finding.fatal for finding in findings)
        return
    data = prepare(study, "RT 04")
    meant = prepare(two_files(tmp_path / "acuan", case.meant, case.post or POST_OF_WIDE), "RT 04")
    for wave in ("pre", "post"):
        answers, expected = data.codes[wave]["sikap"], meant.codes[wave]["sikap"]
        assert sorted(answers.dropna(how="all").to_numpy().tolist(), key=str) == sorted(expected.dropna(how="all").to_numpy().tolist(), key=str)
    assert data.flow.both == meant.flow.both



def test_the_files_are_those_of_the_list():
    assert {path.name for path in FOLDER.iterdir()} == {case.name for case in CASES}
    assert len(CASES) == len({case.name for case in CASES}) >= 60
    rows = {case.name.removeprefix("~$")[:3] for case in CASES}
    assert {row[0] for row in rows} == {"F", "C", "V", "P", "W"} and len(rows) > 45


@pytest.mark.parametrize("case", [case for case in CASES if case.name.endswith(".csv") and not case.content().startswith(b"PK")], ids=lambda case: case.name)
def test_the_files_are_what_the_script_makes(case: Case):
    assert (FOLDER / case.name).read_bytes() == case.content()


def test_the_script_writes_texts_as_they_are():
    assert text([["a", "b;c"]], ";") == b'a;"b;c"\r\n'
