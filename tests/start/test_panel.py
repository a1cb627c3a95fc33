"""The panel: what it shows is what study.toml says, what is chosen is written there, and nothing else remembers."""

from __future__ import annotations

import shutil
import tomllib
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import ipywidgets as widgets

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.report.text import words
from baksos_eval.start import choices as choosing
from baksos_eval.start.choices import place_of, read_choices, safe_name, take_upload, wave_of
from baksos_eval.start.folder import make_study_folder
from baksos_eval.start.panel import Panel
from baksos_eval.start.study_file import USUAL_INSTRUMENTS, NewStudy
from baksos_eval.study.study import open_study

EXAMPLE = Path(__file__).parents[2] / "data" / "contoh"
BEFORE, AFTER = "Kuesioner Awal RT 04 (Jawaban).csv", "Kuesioner Akhir RT 04 (Jawaban).csv"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A new study that still waits for its files, and the same with two downloads of a Google Form."""
    root = tmp_path_factory.mktemp("dibuat")
    new = make_study_folder(root / "studi saya", NewStudy("Uji", 2021, "id", USUAL_INSTRUMENTS), words("id")).folder
    shutil.copytree(new, root / "terisi")
    for file in (AFTER, BEFORE):
        choosing.declare_file(read_choices(root / "terisi"), take_upload(root / "terisi", file, (EXAMPLE / file).read_bytes()))
    return new, root / "terisi"


@pytest.fixture
def folder(made: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "studi saya"))


@pytest.fixture
def filled(made: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[1], tmp_path / "studi saya"))


def every(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def shown(panel: Panel) -> str:
    """All words of the panel."""
    texts = []
    for widget in every(panel.box):
        texts += [str(getattr(widget, "description", "")), widget.value if isinstance(widget, widgets.HTML) else ""]
        texts += [str(label) for label in getattr(widget, "_options_labels", ())]
        texts += [output["data"]["text/markdown"] for output in getattr(widget, "outputs", ())]
    return "\n".join(texts)


def the(panel: Panel, kind: type, description: str) -> widgets.Widget:
    return next(widget for widget in every(panel.box) if isinstance(widget, kind) and widget.description.startswith(description))


def press(panel: Panel, description: str) -> None:
    the(panel, widgets.Button, description).click()


def kept(folder: Path) -> dict:
    return tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))


# --- the choices


def test_uploads_take_the_place_of_the_files_that_were_expected(filled: Path):
    assert [(entry["file"], entry["wave"]) for entry in kept(filled)["files"]] == [(BEFORE, "pre"), (AFTER, "post")]
    found = read_choices(filled)
    assert all(len(table.headers) > 36 and table.found == 36 and not table.missing for table in found.tables)
    roles = {(table.number, role.name): role for table in found.tables for role in table.roles}
    assert roles[0, "rt"].found and not roles[0, "id"].found
    assert roles[0, "id"].proposal.startswith("Kode responden (2 huruf") and "bersedia mengisi" in roles[1, "consent"].proposal
    assert found.proposals == 4 and found.faults


def test_accepting_the_proposals_gives_a_result_and_keeps_every_remark(filled: Path):
    remarks = [line for line in (filled / "study.toml").read_text(encoding="utf-8").splitlines() if "#" in line]
    choosing.accept_proposals(read_choices(filled))
    found = read_choices(filled)
    assert found.proposals == 0 and not found.faults
    lines = (filled / "study.toml").read_text(encoding="utf-8").splitlines()
    assert all(line in lines for line in remarks)
    choosing.choose_rts(found, ["RT 04"], "RT 04")
    assert evaluate(open_study(filled), "").scales


def test_an_item_is_mapped_by_hand(filled: Path):
    text = (filled / BEFORE).read_text(encoding="utf-8-sig")
    item = open_study(filled).questionnaires[0].items[0].text.id
    assert text.count(item) == 1
    (filled / BEFORE).write_text(text.replace(item, "Soal pertama"), encoding="utf-8")
    table = read_choices(filled).tables[0]
    header = next(header for header in table.headers if "Soal pertama" in header)
    assert [(missing.item, missing.proposal) for missing in table.missing] == [("pc01", "")]
    choosing.use_item(read_choices(filled), 0, "pre", "pc01", header)
    assert not read_choices(filled).tables[0].missing and kept(filled)["files"][0]["items"] == {"pc01": header}


def test_a_file_of_one_rt_needs_no_column(filled: Path):
    choosing.use_rt(read_choices(filled), 0, "RT 04")
    assert kept(filled)["files"][0]["rt"] == "RT 04" and "rt" not in {role.name for role in read_choices(filled).tables[0].roles}
    choosing.use_column(read_choices(filled), 0, "rt", "RT")
    assert "rt" not in kept(filled)["files"][0] and kept(filled)["files"][0]["columns"]["rt"] == "RT"


def test_the_first_rt_is_the_first_in_the_file(filled: Path):
    choosing.accept_proposals(read_choices(filled))
    choosing.choose_rts(read_choices(filled), ["RT 04", "RT 05"], "RT 05")
    assert kept(filled)["rts"] == ["RT 05", "RT 04"]
    choosing.name_study(read_choices(filled), "  Gizi   anak ", 2024)
    choosing.choose_instruments(read_choices(filled), ["ketahanan_sosial"])
    choosing.choose_language(read_choices(filled), "en")
    study = open_study(filled)
    assert (study.title.id, study.year, study.instruments, study.language) == ("Gizi anak", 2024, ("ketahanan_sosial",), "en")


@pytest.mark.parametrize(("change", "code"), [
    (lambda found: choosing.choose_rts(found, []), "rt_needed"),
    (lambda found: choosing.choose_instruments(found, ()), "instrument_needed"),
    (lambda found: choosing.name_study(found, "  ", 2020), "title_needed"),
    (lambda found: choosing.name_study(found, "x", 1800), "toml_invalid"),
    (lambda found: choosing.use_column(found, 0, "id", ""), "id_column_needed"),
    (lambda found: choosing.use_wave(found, 0, "kapan-kapan"), "toml_invalid"),
    (lambda found: (choosing.drop_file(found, 0), choosing.drop_file(read_choices(found.study.folder), 0)), "last_file_stays"),
])
def test_an_impossible_choice_leaves_a_valid_study(filled: Path, change, code: str):
    with pytest.raises(BaksosError, match=code):
        change(read_choices(filled))
    open_study(filled)


def test_a_change_outside_is_never_overwritten(filled: Path):
    found = read_choices(filled)
    file = filled / "study.toml"
    edited = file.read_text(encoding="utf-8").replace("year = 2021", "year = 2022")
    file.write_text(edited, encoding="utf-8")
    with pytest.raises(BaksosError, match="study_changed_meanwhile"):
        choosing.choose_language(found, "en")
    assert file.read_text(encoding="utf-8") == edited


def test_the_first_change_keeps_the_original(folder: Path):
    original = (folder / "study.toml").read_bytes()
    for language in ("en", "id"):
        choosing.choose_language(read_choices(folder), language)
    assert (folder / "study.toml.bak").read_bytes() == original == (folder / "study.toml").read_bytes()


@pytest.mark.parametrize(("name", "safe"), [
    ("C:\\fakepath\\Kuesioner Awal (Jawaban).csv", "Kuesioner Awal (Jawaban).csv"), ("../../etc/passwd.csv", "passwd.csv"), ("a:b|c?.xlsx", "a_b_c_.xlsx"),
    ("con.csv", "_con.csv"), ("LPT1.xlsx", "_LPT1.xlsx"), (".csv", "csv"), ("x" * 300 + ".csv", "x" * 96 + ".csv"), ("évaluasi 学.csv", "évaluasi 学.csv"), ("\0", "_")])
def test_names_of_uploads_are_safe(name: str, safe: str):
    assert safe_name(name) == safe


def test_an_upload_is_never_written_over_another_file(folder: Path):
    assert [take_upload(folder, "a/awal.csv", content) for content in (b"1", b"2", b"1", b"3")] == ["awal.csv", "awal (2).csv", "awal.csv", "awal (3).csv"]
    with pytest.raises(BaksosError, match="upload_unknown_kind"):
        take_upload(folder, "foto.jpg", b"x")
    assert not (folder / "foto.jpg").exists()


@pytest.mark.parametrize(("name", "wave"), [
    ("Pretest RT 04.xlsx", "pre"), ("pre-test.csv", "pre"), ("pasca kegiatan.csv", "post"), ("pos_tes.csv", "post"), ("Kuesioner Akhir.csv", "post"), ("baseline.sav", "pre"),
    ("pramuka presensi.csv", None), ("prestasi.csv", None), ("poster.csv", None), ("data.csv", None), ("awal dan akhir.csv", None)])
def test_the_wave_is_told_by_a_clear_name_alone(name: str, wave: str | None):
    assert wave_of(name) == wave


def test_a_study_is_looked_for_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    here = tmp_path / "program" / "notebooks" / "en"
    here.mkdir(parents=True)
    (tmp_path / "program" / "data").mkdir()
    monkeypatch.chdir(here)
    assert place_of("data/studi-saya") == tmp_path / "program" / "data" / "studi-saya"
    assert place_of("..") == tmp_path / "program" / "notebooks" and place_of("baru") == here / "baru"
    assert place_of(str(tmp_path / "lain")) == tmp_path / "lain"


# --- the widgets


def test_a_new_study_is_made_by_the_panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    panel = Panel("data/studi-saya")
    the(panel, widgets.Text, "Judul").value = "Gizi <b>anak</b>"
    the(panel, widgets.IntText, "Tahun").value = 20211
    press(panel, "Buat folder")
    assert "Tahun 20211 tidak mungkin" in shown(panel) and not (tmp_path / "data").exists()
    the(panel, widgets.Text, "RT (").value = "rt 4, RT 05"
    press(panel, "Buat folder")
    assert "siap. Berikutnya" in shown(panel)
    study = open_study(tmp_path / "data" / "studi-saya")
    assert study.rts == ("RT 04", "RT 05") and (study.folder / "notebooks" / "00_mulai.ipynb").is_file()


def test_from_upload_to_ready(folder: Path):
    panel = Panel(str(folder))
    assert "awal.csv (belum ada)" in shown(panel)
    the(panel, widgets.FileUpload, "Unggah").value = tuple(
        {"name": file, "type": "text/csv", "size": 1, "content": memoryview((EXAMPLE / file).read_bytes()), "last_modified": datetime(2021, 8, 1)} for file in (BEFORE, AFTER))
    assert "2 berkas disalin" in shown(panel) and "36 dari 36 butir" in shown(panel) and "hal harus diperbaiki" in shown(panel)
    press(panel, "Terima semua usulan")
    assert "4 usulan dipakai" in shown(panel) and "Siap. Notebook 02" in shown(panel)
    the(panel, widgets.Dropdown, "Bahasa laporan").value = "en"
    assert "Ready. Notebook 02 will show RT 04" in shown(panel) and kept(folder)["language"] == "en"
    assert "[02_evaluasi_rt.ipynb](" in shown(panel) and "notebooks/en/02_evaluasi_rt.ipynb)" in shown(panel)
    press(panel, "Reload")
    assert shown(Panel(str(folder))) == shown(panel), "whoever opens it again sees what study.toml says"


def test_what_cannot_be_done_is_one_box_and_the_panel_goes_on(filled: Path, monkeypatch: pytest.MonkeyPatch):
    panel = Panel(str(filled))
    the(panel, widgets.FileUpload, "Unggah").value = ({"name": "foto<i>.jpg", "type": "", "size": 1, "content": memoryview(b"x"), "last_modified": datetime(2021, 8, 1)},)
    assert shown(panel).count("baksos-error") == 2 and "foto_i_.jpg" in shown(panel) and "Unggah salah satu dari" in shown(panel)
    (filled / "study.toml").write_text("year = ", encoding="utf-8")
    press(panel, "Muat ulang")
    assert "study.toml" in shown(panel) and "Traceback" not in shown(panel) and "1. Studi" not in shown(panel)
    shutil.copy(filled / "study.toml.bak", filled / "study.toml")
    press(panel, "Muat ulang")
    assert "1. Studi" in shown(panel)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("rahasia")

    monkeypatch.setattr(choosing, "choose_language", broken)
    the(panel, widgets.Dropdown, "Bahasa laporan").value = "en"
    assert "ZeroDivisionError" in shown(panel) and "rahasia" not in shown(panel)


def test_markup_in_headers_and_names_is_shown_as_text(filled: Path):
    choosing.name_study(read_choices(filled), "<img src=x onerror=alert(1)>", 2021)
    text = (filled / BEFORE).read_text(encoding="utf-8-sig")
    (filled / BEFORE).write_text(text.replace('"RT"', "RT").replace(",RT,", ",<script>x</script>,", 1), encoding="utf-8")
    panel = Panel(str(filled))
    for widget in every(panel.box):
        if isinstance(widget, widgets.HTML):
            assert "<script" not in widget.value and "<img" not in widget.value


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_example_study_is_shown_whole_and_left_alone(tmp_path: Path, language: str):
    """Tables side by side, long tables and worksheets: what the panel cannot choose it leaves as it is."""
    folder = tmp_path / "contoh"
    shutil.copytree(EXAMPLE, folder)
    before = (folder / "study.toml").read_bytes()
    panel = Panel(str(folder), language)
    assert words(language).text("panel.ready", rt="RT 04") in shown(panel) and words(language).text("panel.wave_in_table") in shown(panel)
    assert (folder / "study.toml").read_bytes() == before and not (folder / "study.toml.bak").exists()
    choosing.choose_rts(read_choices(folder), ["RT 04", "RT 07"], "RT 07")
    assert kept(folder) == tomllib.loads(before.decode()) | {"rts": ["RT 07", "RT 04"]}
