"""The example's tutoring, attendance and photos: what the script writes, and as untidy as they claim."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.intake.intake import check
from baksos_eval.study.study import open_study

STUDY = Path(__file__).parents[2] / "data" / "contoh"
FOLDER = STUDY / "kegiatan"
TABLES = ("Bimbingan belajar.xlsx", "Daftar hadir penyuluhan.xlsx", "foto/Keterangan foto.xlsx")


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("buat_bimbel_foto", FOLDER / "buat_bimbel_foto.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["buat_bimbel_foto"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["buat_bimbel_foto"]


@pytest.fixture(scope="module")
def written(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kegiatan")
    script.write_all(folder)
    return folder


@pytest.fixture(scope="module")
def activities() -> Activities:
    return read_activities(open_study(STUDY))


@pytest.mark.parametrize("name", TABLES)
def test_the_script_writes_the_tables_that_lie_here(written: Path, name: str):
    assert (written / name).read_bytes() == (FOLDER / name).read_bytes()


def test_the_script_paints_the_photos_that_lie_here(script: ModuleType, written: Path):
    names = {name for name, *_ in script.PHOTOS}
    assert {path.name for path in (FOLDER / "foto").glob("*.jpg")} == names == {path.name for path in (written / "foto").glob("*.jpg")}
    for name in names:
        stored, painted = (np.asarray(Image.open(folder / "foto" / name)).astype(int) for folder in (FOLDER, written))
        assert np.abs(stored - painted).mean() < 2 and (FOLDER / "foto" / name).stat().st_size < 60_000


def test_the_photos_hold_what_no_report_may_show(activities: Activities):
    places = []
    for path in sorted((FOLDER / "foto").glob("*.jpg")):
        with Image.open(path) as opened:
            places.append(bool(opened.getexif().get_ifd(0x8825)))
            assert b"Jalan Rekaan" in opened.info["comment"]
    assert all(places) and len(places) == 5
    assert len(activities.photos.shown) == 4 and dict(activities.photos.reasons["RT 07"]) == {"photo_without_consent": 1}
    for photo in activities.photos.shown:
        assert photo.picture.width > photo.picture.height           # the one that lies on its side stands upright
        assert not any(planted in photo.picture.jpeg for planted in (b"Exif", b"Rekaan", b"SERI", b"GPS"))
    assert [photo.blurred for photo in activities.photos.shown] == [0, 0, 0, 3]


def test_the_tutoring_is_as_untidy_as_it_claims(activities: Activities):
    found = activities.tutoring
    assert (found.pupils, found.without_consent, len(found.sessions)) == (22, 2, 9)
    assert found.sessions[0].attendance.pupils == 15 and found.sessions[1].attendance.pupils == 20
    assert [(subject.key, subject.counts.n_both) for subject in found.subjects] == [("math", 19), ("english", 18)]
    codes = {finding.code for finding in activities.findings}
    assert {"tutoring_without_consent", "tutoring_mark_beyond", "log_contacts_dropped", "photo_children_blurred"} <= codes


def test_guests_and_a_mistyped_code_are_on_the_attendance_list():
    told = [finding for finding in check(open_study(STUDY)) if finding.code == "attendance_not_in_questionnaires"]
    assert {finding.rt: finding.count for finding in told} == {"RT 04": 2, "RT 05": 2}
