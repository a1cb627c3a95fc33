"""The commands where logs are concerned: checked with the files, and templates made one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.cli import main
from tests.activities.small import study_with, write_log
from tests.activities.test_aid import GOOD, HEADER

LOG = '\n[activities.aid]\nfile = "catatan.csv"\nhouseholds = { "RT 04" = 4 }\n'


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out + told.err


def test_a_check_tells_what_is_in_the_logs_and_what_is_wrong_with_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_log(tmp_path, HEADER, [GOOD, [*GOOD[:6], "-3", *GOOD[7:]]])
    study_with(tmp_path, LOG)
    code, text = said(capsys, "check", str(tmp_path))
    assert code == 0 and "2 penyerahan bantuan kepada 1 keluarga" in text and "1 isian Jumlah negatif: -3." in text and 'berkas "catatan.csv", baris 3' in text


def test_a_check_refuses_a_log_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    study_with(tmp_path, LOG)
    code, text = said(capsys, "check", str(tmp_path))
    assert code == 2 and "catatan.csv" in text


def test_a_check_of_logs_alone_counts_no_rts(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_log(tmp_path, HEADER, [GOOD])
    (tmp_path / "study.toml").write_text('id = "catatan"\ntitle = { id = "Catatan", en = "Logs" }\nyear = 2021\nlanguage = "en"\n' + LOG, encoding="utf-8")
    code, text = said(capsys, "check", str(tmp_path))
    assert code == 0 and text.strip().splitlines()[-1] == "Nothing was found in the logs of activities."


@pytest.mark.parametrize(("arguments", "told"), [(("aid", "posts"), "satu per satu"), (("aid", "ketahanan_sosial"), "satu per satu"), (("aidd",), "aidd")])
def test_templates_of_logs_are_made_one_at_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str):
    code, text = said(capsys, "template", *arguments, "--out", str(tmp_path / "t.xlsx"))
    assert code == 2 and told in text and not (tmp_path / "t.xlsx").exists()
