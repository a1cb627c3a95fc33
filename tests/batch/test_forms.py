"""The commands that write forms: what is made, what is refused, and that nothing of the lecturer's is written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from baksos_eval.batch.forms import open_targets, write_forms
from baksos_eval.cli import main
from baksos_eval.errors import BaksosError
from baksos_eval.report.text import words

CONTOH = Path(__file__).parents[2] / "data" / "contoh"


def baksos(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return (left.value.code, *capsys.readouterr())


def test_a_study_gets_both_waves_in_the_formats_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = tmp_path / "map dengan spasi"
    code, out, err = baksos(capsys, "questionnaire", CONTOH, "--format", "pdf,gform", "--out", folder)
    assert (code, err) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == [f"kuesioner-{when}.{ending}" for when in ("sebelum", "sesudah") for ending in ("gs", "pdf")]
    assert out.count("[[files]]") == 2 and 'wave = "pre"' in out
    assert (folder / "kuesioner-sebelum.pdf").read_bytes().startswith(b"%PDF")


def test_one_wave_in_the_other_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, out, err = baksos(capsys, "questionnaire", "ketahanan_sosial", "--wave", "post", "--format", "docx", "--language", "en", "--out", tmp_path)
    assert (code, err) == (0, "") and [path.name for path in tmp_path.iterdir()] == ["questionnaire-after.docx"]


def test_what_somebody_may_have_edited_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "kuesioner-sesudah.docx").write_text("suntingan saya")
    code, _, err = baksos(capsys, "questionnaire", "ketahanan_sosial", "--format", "docx", "--out", tmp_path)
    assert code == 2 and "kuesioner-sesudah.docx" in err and "--force" in err
    assert [path.name for path in tmp_path.iterdir()] == ["kuesioner-sesudah.docx"] and (tmp_path / "kuesioner-sesudah.docx").read_text() == "suntingan saya"
    assert baksos(capsys, "questionnaire", "ketahanan_sosial", "--format", "docx", "--out", tmp_path, "--force")[0] == 0
    assert (tmp_path / "kuesioner-sesudah.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(("arguments", "said"), [
    (["questionnaire", CONTOH, "ketahanan_sosial"], "satu folder studi"), (["questionnaire", CONTOH, "--wave", "tengah"], "tengah"),
    (["questionnaire", "tidak_ada"], "tidak_ada"), (["questionnaire", CONTOH, "--format", "rtf"], "docx, pdf, gform"),
    (["xlsform", CONTOH, "--out", "formulir.csv"], ".xlsx"), (["questionnaire"], "TARGET")])
def test_what_cannot_be_made_is_said(arguments: list, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)
    code, out, err = baksos(capsys, *arguments)
    assert code == 2 and said in err and "Traceback" not in err and list(tmp_path.iterdir()) == []


def test_the_xlsform_is_written_with_the_lines_that_read_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, out, err = baksos(capsys, "xlsform", CONTOH, "--out", tmp_path / "formulir.xlsx", "--rt", "4")
    assert (code, err) == (0, "")
    assert load_workbook(tmp_path / "formulir.xlsx").sheetnames == ["survey", "choices", "settings"]
    for line in ("[[files]]", 'id = "kode"', 'consent = "persetujuan"', "[files.columns.profile]"):
        assert line in out
    assert baksos(capsys, "xlsform", CONTOH, "--out", tmp_path / "formulir.xlsx")[0] == 2


def test_later_waves_of_a_study_have_forms_too(tmp_path: Path):
    text = (CONTOH / "study.toml").read_text(encoding="utf-8").replace('year = 2021', 'waves = ["pre", "post", "enam_bulan"]\nyear = 2021', 1)
    (tmp_path / "study.toml").write_text(text + '\n[wave_labels]\nenam_bulan = { id = "enam bulan kemudian", en = "six months later" }\n', encoding="utf-8")
    targets = open_targets([str(tmp_path)])
    made = write_forms(targets, ["enam_bulan"], ["gform"], tmp_path / "k", words("id"))
    assert [path.name for path in made] == ["kuesioner-enam_bulan.gs"] and "Enam bulan kemudian" in made[0].read_text(encoding="utf-8")
    with pytest.raises(BaksosError, match="form_wave_unknown"):
        write_forms(targets, ["delayed"], ["gform"], tmp_path / "k", words("id"))


def test_who_prints_a_licensed_scale_is_reminded(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    bundled = CONTOH.parents[1] / "baksos_eval" / "study" / "bundled" / "ketahanan_sosial.toml"
    (tmp_path / "milik.toml").write_text(bundled.read_text(encoding="utf-8").replace('version = "1.0"', 'version = "1.0"\nprivate = true'), encoding="utf-8")
    for arguments in (["questionnaire", tmp_path / "milik.toml", "--format", "gform", "--out", tmp_path / "k"], ["xlsform", tmp_path / "milik.toml", "--out", tmp_path / "f.xlsx"]):
        code, out, _ = baksos(capsys, *arguments)
        assert code == 0 and "berlisensi" in out


def test_the_sheet_for_typing_takes_a_study_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, out, err = baksos(capsys, "template", CONTOH, "--out", tmp_path / "isian.xlsx")
    assert (code, err) == (0, "") and "[files.columns.profile]" in out and 'id = "Kode"' in out and "instruments =" not in out
    header = [cell.value for cell in load_workbook(tmp_path / "isian.xlsx")["Jawaban"][1]]
    assert header[:7] == ["Kode", "RT", "Tes", "Bersedia ikut", "Usia", "Jenis kelamin", "Pendidikan terakhir"]
    code, out, _ = baksos(capsys, "template", "ketahanan_sosial", "--out", tmp_path / "lain.xlsx")
    assert code == 0 and 'instruments = ["ketahanan_sosial"]' in out


def test_the_campus_stands_at_the_head(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from docx import Document
    from PIL import Image
    from pypdf import PdfReader

    Image.new("RGB", (300, 200), "navy").save(tmp_path / "logo kampus.png")
    text = (CONTOH / "study.toml").read_text(encoding="utf-8") + '\n[report]\nlogo = "logo kampus.png"\nletterhead = ["**INSTITUT CONTOH**", "Jl. Contoh No. 1"]\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    code, _, err = baksos(capsys, "questionnaire", tmp_path, "--wave", "pre", "--out", tmp_path / "k")
    assert (code, err) == (0, "")
    document = Document(tmp_path / "k" / "kuesioner-sebelum.docx")
    assert len(document.inline_shapes) == 1 and [paragraph.text for paragraph in document.paragraphs][1:3] == ["INSTITUT CONTOH", "Jl. Contoh No. 1"]
    page = PdfReader(tmp_path / "k" / "kuesioner-sebelum.pdf").pages[0]
    assert len(page.images) == 1 and "INSTITUT CONTOH" in page.extract_text()
    (tmp_path / "logo kampus.png").unlink()
    code, _, err = baksos(capsys, "questionnaire", tmp_path, "--out", tmp_path / "lain")
    assert code == 2 and "logo kampus.png" in err and not (tmp_path / "lain").exists()
