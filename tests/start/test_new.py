"""The command ``baksos new``: questions on a terminal, none elsewhere."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from baksos_eval.cli import main
from baksos_eval.study.instrument import bundled_instruments
from baksos_eval.study.study import open_study


@pytest.fixture
def baksos(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the command in a folder of its own; ``typed`` are the lines of somebody at a terminal, ``None`` is nobody there."""
    monkeypatch.chdir(tmp_path)

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def call(*arguments: str, typed: list[str] | None = None) -> tuple[object, str, str]:
        monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in typed)) if typed is not None else io.StringIO())
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        return (left.value.code, *capsys.readouterr())

    return call


def test_nobody_is_asked_where_nobody_can_answer(baksos):
    code, out, err = baksos("new", "PKPM Way Halim")
    assert (code, err) == (0, "") and 'baksos check "PKPM Way Halim"' in out and "[" not in out
    study = open_study("PKPM Way Halim")
    assert (study.id, study.title.id, study.year, study.language) == ("pkpm-way-halim", "PKPM Way Halim", date.today().year, "id")
    assert study.instruments == ("pengetahuan_covid19", "ketahanan_sosial") and study.rts == ()


def test_flags_say_everything(baksos):
    code, out, _ = baksos("new", "uji", "--title", "Gizi", "--year", "2021", "--instrument", "ketahanan_sosial", "--rt", "rt 4", "--rt", "RT.05/RW.02",
                          "--answers", "workbook", "--language", "en", typed=[])
    assert code == 0 and "answers.xlsx" in out and "Year of data" not in out
    study = open_study("uji")
    assert (study.title.en, study.year, study.instruments, study.rts, study.language) == ("Gizi", 2021, ("ketahanan_sosial",), ("RT 04", "RT 05 RW 02"), "en")
    assert study.sources[0].file == "answers.xlsx"


def test_a_terminal_is_asked_and_wrong_numbers_are_asked_again(baksos):
    code, out, err = baksos("new", "uji", typed=["Senam lansia", "", "99", str(bundled_instruments().index("pengetahuan_covid19") + 1), "RT 1, RT 2,", "2"])
    assert code == 0, out + err
    assert "Judul kegiatan [uji]" in out and "Ketahanan sosial" in out and "Tulis nomor dari daftar" in out
    study = open_study("uji")
    assert (study.title.id, study.year, study.instruments, study.rts) == ("Senam lansia", date.today().year, ("pengetahuan_covid19",), ("RT 01", "RT 02"))
    assert study.sources[0].layout == "long"


def test_what_was_given_is_not_asked(baksos):
    code, out, _ = baksos("new", "uji", "--title", "Gizi", "--rt", "RT 1", "--answers", "forms", typed=["2020", ""])
    assert code == 0 and "Judul kegiatan" not in out and open_study("uji").year == 2020 and len(open_study("uji").instruments) == 2


def test_interrupting_the_questions_writes_nothing(baksos):
    code, _, _ = baksos("new", "uji", typed=["Gizi"])
    assert code == 130 and not Path("uji").exists()


@pytest.mark.parametrize(("arguments", "said"), [
    (("uji", "--year", "21"), "Nilai --year tidak dapat dipakai: 21. Yang dapat dipakai: tahun dari 1990 sampai 2100."),
    (("uji", "--answers", "kertas"), "forms atau workbook"),
    (("uji", "--instrument", "tidak_ada"), "tidak_ada"),
    (("ada.txt",), "adalah berkas, bukan folder"),
])
def test_bad_input_is_told_and_nothing_written(baksos, arguments: tuple[str, ...], said: str):
    Path("ada.txt").write_text("x", encoding="utf-8")
    code, out, err = baksos("new", *arguments)
    assert code == 2 and out == "" and said in err and "Traceback" not in err
    assert not Path("uji").exists()
    assert baksos("new", *arguments, "--language", "en")[2] != err
