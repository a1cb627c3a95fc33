"""Photos are shown only with consent, and what keeps one back is told with its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.batch.manifest import input_files
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from tests.activities.painting import CANARIES, png_bomb, scene, write_jpeg
from tests.activities.small import codes, study_with, told, write_log

HEADER = ["No", "Berkas foto", "Keterangan", "Tanggal", "RT", "Tempat", "Izin dimuat", "Ada anak", "Izin wali", "Bagian dikaburkan"]
GOOD = ["1", "satu.jpg", "Warga menerima masker.", "14/08/2021", "4", "balai warga", "ya", "tidak", "", ""]


def read(folder: Path, rows: list[list[str]], settings: str = "", **other: str) -> Activities:
    (folder / "foto").mkdir(parents=True, exist_ok=True)
    for name in ("satu.jpg", "dua.JPG"):
        write_jpeg(folder / "foto" / name)
    write_log(folder, HEADER, rows)
    return read_activities(study_with(folder, f'\n[activities.photos]\nfile = "catatan.csv"\nfolder = "foto"\n{settings}', **other))


def changed(**cells: str) -> list[str]:
    places = {"file": 1, "caption": 2, "date": 3, "rt": 4, "place": 5, "consent": 6, "children": 7, "guardian": 8, "boxes": 9}
    row = list(GOOD)
    for name, text in cells.items():
        row[places[name]] = text
    return row


def test_a_photo_with_consent_is_shown(tmp_path: Path):
    found = read(tmp_path, [GOOD, changed(file="DUA.jpg", rt="5", caption="Anak-anak belajar.", children="ya", guardian="ya")])
    assert codes(found.findings) == []
    first, second = found.photos.shown
    assert (first.caption, first.rt, first.place, str(first.date), first.blurred) == ("Warga menerima masker.", "RT 04", "balai warga", "2021-08-14", 0)
    assert first.picture.jpeg.startswith(b"\xff\xd8") and not any(canary.encode() in first.picture.jpeg for canary in CANARIES)
    assert second.rt == "RT 05" and found.of_rt("RT 5").photos.shown == (second,) and found.of_rt("4").photos.count == 1


@pytest.mark.parametrize(("cells", "code"), [
    ({"consent": "tidak"}, "photo_without_consent"), ({"consent": ""}, "photo_without_consent"), ({"consent": "mungkin"}, "photo_without_consent"),
    ({"children": "ya"}, "photo_without_guardian"), ({"children": "ya", "guardian": "tidak"}, "photo_without_guardian"), ({"children": ""}, "photo_children_not_said"),
    ({"caption": ""}, "photo_without_caption"), ({"file": "tiga.jpg"}, "photo_not_found"), ({"file": "../satu.jpg"}, "photo_not_found"), ({"file": "/etc/passwd"}, "photo_not_found"),
    ({"boxes": "kiri atas"}, "photo_boxes_unreadable"), ({"boxes": "300,200,50,50"}, "photo_box_outside"), ({"file": "bom.png"}, "photo_too_large"), ({"file": "teks.jpg"}, "photo_unknown_kind"),
    ({"file": "rusak.jpg"}, "photo_broken"), ({"file": "hp.heic"}, "photo_heic"), ({"file": "kosong.jpg"}, "photo_empty")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_keeps_a_photo_back_is_told_with_its_row(tmp_path: Path, cells: dict[str, str], code: str, language: str):
    (tmp_path / "foto").mkdir()
    png_bomb(tmp_path / "foto" / "bom.png")
    (tmp_path / "foto" / "teks.jpg").write_text("bukan foto", encoding="utf-8")
    (tmp_path / "foto" / "kosong.jpg").write_bytes(b"")
    (tmp_path / "foto" / "hp.heic").write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(40))
    (tmp_path / "foto" / "rusak.jpg").write_bytes(write_jpeg(tmp_path / "x.jpg").read_bytes()[:3000])
    found = read(tmp_path, [GOOD, changed(**cells)], language=language)
    finding = told(found.findings, code)
    assert [where.row for where in finding.where] == [3] and finding.rt == "RT 04" and not finding.fatal
    assert len(found.photos.shown) == 1 and found.photos.kept_back == 1 and dict(found.photos.reasons["RT 04"]) == {code: 1}
    lines = all_lines(found.findings, words(language))
    assert all(line.strip() and "{" not in line for line in lines) and words(language).has(f"photos.why.{code}")


def test_a_child_whose_face_is_covered_is_shown_with_a_warning(tmp_path: Path):
    found = read(tmp_path, [changed(children="ya", boxes="10%, 10%, 20%, 20%; 100, 100, 40, 50")])
    (photo,) = found.photos.shown
    assert photo.blurred == 2 and told(found.findings, "photo_children_blurred").where[0].row == 2 and found.photos.kept_back == 0


def test_a_fatal_fault_of_the_sheet_leaves_no_photos(tmp_path: Path):
    write_log(tmp_path, ["Berkas", "Keterangan"], [["satu.jpg", "x"]])
    found = read_activities(study_with(tmp_path, '\n[activities.photos]\nfile = "catatan.csv"\n'))
    assert found.photos is None and found.unreadable == ("photos",) and codes(found.fatal) == ["log_column_missing"]


def test_captions_lose_who_they_name_and_findings_name_no_file(tmp_path: Path):
    (tmp_path / "foto").mkdir()
    write_jpeg(tmp_path / "foto" / "Foto Siti Aminah.jpg")
    scene().save(tmp_path / "foto" / "Budi Santoso.png")
    found = read(tmp_path, [changed(file="Foto Siti Aminah.jpg", caption="Ibu Siti Aminah, 081234567890, menerima sembako.", place="rumah Pak Budi"),
                            changed(file="Hilang Budi Santoso.jpg")])
    (photo,) = found.photos.shown
    assert told(found.findings, "photo_caption_redacted").count == 1 and told(found.findings, "photo_not_listed").count == 3
    said = " ".join([photo.caption, photo.place, *all_lines(found.findings, words("id"))])
    assert "sembako" in photo.caption and not any(word in said for word in ("Siti", "Aminah", "Budi", "Santoso", "0812"))


def test_an_unknown_rt_is_not_printed(tmp_path: Path):
    found = read(tmp_path, [changed(rt="Siti Aminah")])
    assert found.photos.shown[0].rt == "" and told(found.findings, "log_rt_no_label").count == 1 and "Siti" not in repr(found)


def test_the_same_photo_twice_and_the_wrong_ending_are_noted(tmp_path: Path):
    (tmp_path / "foto").mkdir()
    scene().save(tmp_path / "foto" / "gambar.png")
    (tmp_path / "foto" / "gambar.png").rename(tmp_path / "foto" / "gambar.jpg")
    found = read(tmp_path, [GOOD, changed(caption="Lagi."), changed(file="gambar.jpg"), changed(file="dua.jpg")])
    assert told(found.findings, "photo_listed_twice").count == 2 and told(found.findings, "photo_misnamed").count == 1 and len(found.photos.shown) == 4


def test_photos_are_known_by_number_to_the_manifest(tmp_path: Path):
    (tmp_path / "foto").mkdir()
    write_jpeg(tmp_path / "foto" / "Siti Aminah.jpg")
    study = read(tmp_path, [GOOD]).study
    named = input_files(study, tmp_path)
    assert {"foto/1", "foto/2", "foto/3"} <= set(named) and not any("Siti" in name for name in named)
    assert named["foto/1"].name == "Siti Aminah.jpg"
