"""What a lecturer sees on the command line."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from baksos_eval import __version__
from baksos_eval.cli import asking, main
from tests.batch.small import cell, write_notebooks, write_study
from tests.intake.test_mapping import misspelt

ROOT = Path(__file__).parents[1]
HEAVY = ("babel", "docx", "jupyter_client", "matplotlib", "nbclient", "nbconvert", "nbformat", "numpy", "openpyxl", "pandas", "papermill",
         "pydantic", "scipy", "statsmodels", "tqdm", "typst")


class Said:
    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def baksos(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the command in an empty folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def call(*arguments: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        return Said(left.value.code, *capsys.readouterr())

    return call


def test_help_is_light() -> None:
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "baksos_eval", "--help"], capture_output=True, text=True, encoding="utf-8",
                          cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1"}, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert {"click", "baksos_eval"} <= imported
    assert imported.isdisjoint(HEAVY), imported & set(HEAVY)
    assert "Perintah:" in done.stdout


def test_help_speaks_both_languages(baksos) -> None:
    for arguments in (["--help"], ["run", "--help"], ["recap", "--help"], ["bundle", "--help"], ["insert", "--help"], ["check", "--help"], ["map", "--help"], []):
        said = baksos(*arguments)
        assert (said.code, said.err) == (0, "") and said.out.startswith("Pemakaian: baksos")
    said = baksos("run", "--language", "en", "--help")
    assert said.out.startswith("Usage: baksos run [OPTIONS] STUDY") and "Exit codes:\n" in said.out
    for option in ("--rt", "--format", "--jobs", "--language", "--out"):
        assert f"  {option} " in said.out


def test_version(baksos) -> None:
    assert baksos("--version").out == f"baksos {__version__}\n"


@pytest.mark.parametrize(("arguments", "indonesian", "english"), [
    (["rum"], "Tidak ada perintah rum. Yang ada: bundle, check, doctor, insert, kernel, map,", "There is no command rum. There are: bundle, check, doctor, insert, kernel, map,"),
    (["run"], "STUDY belum disebut.", "STUDY is missing."),
    (["run", "x", "--job", "2"], "Tidak ada pilihan --job. Maksud Anda --jobs?", "There is no option --job. Did you mean --jobs?"),
    (["run", "x", "--qqq"], "Tidak ada pilihan --qqq.", "There is no option --qqq."),
    (["run", "x", "--jobs", "0"], "Nilai --jobs tidak dapat dipakai: 0.", "--jobs cannot be 0."),
    (["run", "x", "--jobs", "dua"], "Nilai --jobs tidak dapat dipakai: dua.", "--jobs cannot be dua."),
    (["run", "x", "--format", "docx,doc"], "Nilai --format tidak dapat dipakai: doc.", "--format cannot be doc."),
    (["check", "x", "--out"], "Tidak ada pilihan --out.", "There is no option --out."),
    (["run", "x", "--rt"], "Pilihan --rt memerlukan nilai.", "The option --rt needs a value."),
    (["run", "data", "contoh"], "Terlalu banyak masukan: contoh.", "Too many arguments: contoh."),
])
def test_a_mistyped_command_is_explained(baksos, arguments: list[str], indonesian: str, english: str) -> None:
    said = baksos(*arguments)
    assert said.code == 2 and said.out == "" and said.err.startswith(indonesian)
    said = baksos(*arguments[:1], "--language=en", *arguments[1:]) if arguments != ["rum"] else baksos("rum", "--language", "en")
    assert said.code == 2 and said.err.startswith(english)


def test_an_unknown_language_is_refused(baksos) -> None:
    assert baksos("check", "x", "--language", "jv").err.startswith("Nilai --language tidak dapat dipakai: jv. Yang dapat dipakai: id atau en.")


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_study_that_is_not_there(baksos, command: str) -> None:
    said = baksos(command, "data/tidak ada")
    assert said.code == 2 and said.out == "" and "data/tidak ada" in said.err and "Traceback" not in said.err
    assert said.err != baksos(command, "data/tidak ada", "--language", "en").err
    assert not Path("reports").exists()


def test_a_study_with_faults_tells_them_all(baksos, tmp_path: Path) -> None:
    folder = write_study(tmp_path / "uji")
    text = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(text.replace("year = 2021", "yaer = 2021").replace('id = "uji"', 'id = "U J I"'), encoding="utf-8")
    said = baksos("check", str(folder))
    assert said.code == 2 and "yaer" in said.err and "year" in said.err and "U J I" in said.err


def test_check_tells_every_finding_and_makes_nothing(baksos, tmp_path: Path) -> None:
    folder = write_study(tmp_path / "uji")
    said = baksos("check", str(folder))
    assert said.code == 0, said.out + said.err
    (folder / "pasca.csv").unlink()
    said = baksos("check", str(folder))
    assert said.code == 2 and "pasca.csv" in said.out and "[Berat]" in said.out
    assert re.search(r"2 RT; [1-9]\d* temuan berat", said.out.splitlines()[-1])
    assert not Path("reports").exists()


def test_check_tells_how_columns_and_rts_were_understood(baksos, tmp_path: Path) -> None:
    said = baksos("check", str(write_study(tmp_path / "uji")))
    assert "Nama RT di berkas:" in said.out and re.search(r"butir ditemukan\.\n   \w+–\w+ → ", said.out)
    assert re.search(r"\d+ of \d+ items found\.", baksos("check", str(tmp_path / "uji"), "--language", "en").out)


def test_map_shows_proposals_and_writes_them_only_when_asked(baksos, tmp_path: Path) -> None:
    study = misspelt(tmp_path / "uji")
    file = study.folder / "study.toml"
    former = file.read_bytes()
    said = baksos("map", str(study.folder))
    assert (said.code, said.err) == (0, "") and '+a3 = "Musyawarah RT menghasilkan aturan bersma"' in said.out and "--write" in said.out
    assert file.read_bytes() == former and not file.with_name("study.toml.bak").exists()
    said = baksos("map", str(study.folder), "--write", "--language", "en")
    assert said.code == 0 and "study.toml.bak" in said.out and file.with_name("study.toml.bak").read_bytes() == former
    assert baksos("check", str(study.folder)).code == 0
    assert baksos("map", str(study.folder)).out.startswith("Tidak ada usulan")
    file.write_bytes(b"\xef\xbb\xbf" + former)
    baksos("map", str(study.folder), "--write")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") and file.with_name("study.toml.bak2").exists()


def test_template_writes_a_sheet_and_replaces_none(baksos) -> None:
    said = baksos("template", "pengetahuan_covid19", "ketahanan_sosial", "--rt", "RT 04", "--out", "kosong/lembar.xlsx")
    assert (said.code, said.err) == (0, "") and Path("kosong/lembar.xlsx").read_bytes().startswith(b"PK")
    assert 'file = "lembar.xlsx"' in said.out and 'instruments = ["pengetahuan_covid19", "ketahanan_sosial"]' in said.out
    for arguments, code in ((["pengetahuan_covid19", "--out", "kosong/lembar.xlsx"], "sudah ada"), (["pengetahuan", "--out", "b.xlsx"], "tidak dikenal"),
                            (["pengetahuan_covid19", "--out", "b.csv"], ".xlsx")):
        said = baksos("template", *arguments)
        assert said.code == 2 and code in said.err and not Path("b.xlsx").exists()


def test_check_finds_names_that_would_share_a_folder(baksos, tmp_path: Path) -> None:
    said = baksos("check", str(write_study(tmp_path / "uji", ("Dusun Mekar", "Dusun-Mekar"))))
    assert said.code == 2 and "dusun-mekar" in said.err


def test_run_ends_with_a_line_per_rt(baksos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_study(tmp_path / "data" / "uji")
    notebooks = write_notebooks(tmp_path / "n", cell("if rt == 'RT 02': raise ValueError('Budi')"))
    monkeypatch.setattr("baksos_eval.batch.template.notebooks_folder", lambda: notebooks)
    said = baksos("run", str(folder), "--format", "ipynb", "--jobs", "2")
    lines = said.out.splitlines()
    assert said.code == 1 and said.err == ""
    assert lines[0] == "RT 01: 28 pasangan. membaik. reports/uji/rt-01/ (evaluasi.ipynb, hasil.csv, temuan.csv)"
    assert lines[1].startswith("RT 02: GAGAL. Notebook berhenti") and "Budi" not in said.out
    assert any("reports/uji/rt-02/evaluasi.GAGAL.ipynb" in line for line in lines)
    assert lines[-3:] == ["Rekapitulasi: 28 pasangan. reports/uji/rekap/ (rekap.ipynb, hasil.csv)",
                          "1 dari 3 pekerjaan gagal; yang lain selesai.", "Laporan: reports/uji/index.html"]
    assert baksos("run", str(folder), "--rt", "RT 03").code == 2
    said = baksos("run", str(folder), "--rt", "RT 1", "--format", "IPYNB", "--jobs", "1")
    assert (said.code, said.err) == (0, "") and said.out.startswith("Tidak ada yang berubah: ")
    assert baksos("run", str(folder), "--rt", "RT 1", "--format", "ipynb", "--quiet").out == ""
    said = baksos("run", str(folder), "--rt", "RT 1", "--format", "ipynb", "--force", "--json")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert [(event["event"], event.get("rt")) for event in events] == [("done", "RT 01"), ("end", None)] and events[0]["pairs"] == 28


def test_an_unexpected_error_is_a_sentence_and_a_log(baksos, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "opened", lambda path, language: {}[path])
    said = baksos("check", "x")
    assert said.code == 1 and said.err.startswith("Terjadi kesalahan yang tidak terduga (KeyError).") and "Traceback" not in said.err
    assert "KeyError" in Path("reports/log/baksos.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_stops_cleanly(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "uji")
    notebooks = write_notebooks(tmp_path / "n", cell("import os, pathlib, time\npathlib.Path(study_folder, 'kernel').write_text(str(os.getpid()))\ntime.sleep(100)"))
    # a shell that starts the tests in the background has SIGINT ignored, and children inherit that
    code = f"import pathlib, signal, baksos_eval.batch.template as t; t.notebooks_folder = lambda: pathlib.Path({str(notebooks)!r})\n" \
           f"signal.signal(signal.SIGINT, signal.default_int_handler)\n" \
           f"from baksos_eval.cli import main; main(['run', {str(folder)!r}, '--format', 'ipynb', '--jobs', '1'])"
    running = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    for _ in range(600):
        if (folder / "kernel").exists() or running.poll() is not None:
            break
        time.sleep(0.1)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, "", "Dihentikan. 0 dari 3 pekerjaan selesai dan laporannya dapat dibuka.\n")
    assert not list((tmp_path / "reports" / "uji").glob(".work-*"))
    kernel = int((folder / "kernel").read_text())
    for _ in range(100):
        if not _alive(kernel):
            break
        time.sleep(0.1)
    assert not _alive(kernel), "the kernel outlived the command"


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_attachments_are_put_into_a_report(baksos) -> None:
    import docx

    for name in ("laporan.docx", "lampiran satu.docx"):
        document = docx.Document()
        document.add_paragraph(name, style="Title")
        document.save(name)
    said = baksos("insert", "laporan.docx", "lampiran satu.docx")
    assert (said.code, said.err) == (0, "") and said.out.startswith("Lampiran dimasukkan: laporan (lampiran).docx\n")
    assert [p.text for p in docx.Document("laporan (lampiran).docx").paragraphs] == ["laporan.docx", "lampiran satu.docx"]
    said = baksos("insert", "laporan.docx", "lampiran satu.docx", "--at", "x", "--language", "en")
    assert said.code == 2 and said.err.startswith('There is no bookmark "x" in the report.')
    assert baksos("insert", "laporan.docx").code == 2 and baksos("insert", "laporan.docx", "lampiran satu.docx", "--level", "9").code == 2
