"""``baksos pairs`` and ``baksos privacy``: what a lecturer reads, and what is not said."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.cli import main
from baksos_eval.intake.review import FILE
from tests.intake.small import POST, PRE, TWO_FILES, two_files


@pytest.fixture(autouse=True)
def key_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BAKSOS_KEY_FOLDER", str(tmp_path / "kunci"))
    return tmp_path / "kunci"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    captured = capsys.readouterr()
    return int(left.value.code or 0), " ".join((captured.out + captured.err).split())


def study(folder: Path, body: str = TWO_FILES) -> Path:
    head = [*PRE[0], "Nomor WA"]
    two_files(folder, [head, *([*row, f"0812-0000-000{n}"] for n, row in enumerate(PRE[1:])), ["SI1552", *"111", "-"]], [*POST, ["SI1525", *"222"]], body)
    return folder


@pytest.mark.parametrize(("language", "kind", "key"), (("id", "dua huruf atau angka tertukar", "review ="), ("en", "two letters or digits swapped", "review =")))
def test_pairs_tells_how_many_and_never_who(tmp_path: Path, capsys, language: str, kind: str, key: str):
    code, text = said(capsys, "pairs", str(study(tmp_path / "s")), "--language", language)
    assert code == 0 and kind in text and f'{key} "{FILE}"' in text and (tmp_path / "s" / FILE).is_file()
    assert "SI1552" not in text and "SI1525" not in text


def test_pairs_without_proposals_begins_no_workbook(tmp_path: Path, capsys):
    two_files(tmp_path / "s")
    code, text = said(capsys, "pairs", str(tmp_path / "s"))
    assert code == 0 and "Tidak ada usulan" in text and not (tmp_path / "s" / FILE).exists() and not (tmp_path / "kunci").exists()


def test_pairs_of_nobody(tmp_path: Path, capsys):
    two_files(tmp_path / "s", body=TWO_FILES.replace('id = "Kode"', ""))
    assert said(capsys, "pairs", str(tmp_path / "s"))[0] == 0


def test_a_broken_review_is_told(tmp_path: Path, capsys):
    study(tmp_path / "s")
    (tmp_path / "s" / FILE).write_bytes(b"PK")
    code, text = said(capsys, "pairs", str(tmp_path / "s"))
    assert code == 2 and FILE in text


@pytest.mark.parametrize(("language", "law"), (("id", "UU Nomor 27 Tahun 2022"), ("en", "Law 27 of 2022")))
def test_privacy_explains_the_rules(capsys, language: str, law: str):
    code, text = said(capsys, "privacy", "--language", language)
    assert code == 0 and law in text and "HMAC-SHA256" in text and FILE in text and "BAKSOS_KEY_FOLDER" in text


def test_privacy_of_a_study_names_columns_and_the_key_but_no_person(tmp_path: Path, capsys, key_folder: Path):
    folder = study(tmp_path / "s", TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nprofile = { kerja = "Kerja" }'))
    code, text = said(capsys, "privacy", str(folder))
    assert code == 0 and all(f'"{column}"' in text for column in ("Kode", "Kerja", "Nomor WA")) and "studi-uji.kunci" in text
    assert "SI1552" not in text and "0812-0000" not in text and not key_folder.exists()
