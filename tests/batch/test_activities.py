"""The report on activities is a task of its own in every run of a study with logs, and nothing planted in a log comes out of it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from baksos_eval.batch import manifest
from baksos_eval.batch.lampiran import join
from baksos_eval.batch.leaks import known_identities, read_texts
from baksos_eval.batch.outstanding import outstanding
from baksos_eval.batch.plan import Plan, plan
from baksos_eval.batch.run import run
from baksos_eval.batch.task import Outcome
from baksos_eval.study.rt import folder_name
from baksos_eval.study.study import open_study
from tests.activities.small import study_with, write_log
from tests.batch.ready import ready

HEADER = ["Tanggal", "RT", "No. KK", "Nama penerima", "HP", "Lembaga", "Kelompok sasaran", "Jenis", "Jumlah", "Nilai", "Bukti", "Petugas", "Keterangan"]
PLANTED = {"name": "Zulaikha Prihatiningsih", "family": "1871012345670001", "phone": "081298765432", "email": "zulaikha@contoh.id", "helper": "Gandrung Wicaksono",
           "nik": "3275014507890003", "told": "Maesaroh"}
LOG = '\n[activities.aid]\nfile = "catatan.csv"\nhouseholds = { "RT 04" = 10, "RT 05" = 10 }\n'


def rows() -> list[list[object]]:
    """Households of two RTs; the first one's row holds everything that must not come out."""
    made = [["14/08/2021", "4" if number % 2 else "RT 05", f"18710123456700{number:02d}", f"Warga Rekaan{number}", f"0812000000{number:02d}", "", "umum" if number % 3 else "lansia",
             "masker", "10 lbr", "25rb", "foto", PLANTED["helper"], ""] for number in range(2, 18)]
    made[0] = ["14/08/2021", "4", PLANTED["family"], PLANTED["name"], PLANTED["phone"], "", f"teman {PLANTED['name']}", f"madu {PLANTED['name']}", f"dua {PLANTED['phone']}", f"Rp {PLANTED['nik']}?",
               f"lewat {PLANTED['helper']}", PLANTED["helper"], f"hubungi Bu {PLANTED['told']} {PLANTED['email']} NIK {PLANTED['nik']}"]
    made.append(["15/08/2021", "", "", "", "", f"Panti Asuhan Kasih, {PLANTED['phone']}", "", "sembako", "5 paket", "Rp750.000,00", "ttd", PLANTED["helper"], ""])
    return made


class Batch(NamedTuple):
    folder: Path
    plan: Plan
    outcomes: tuple[Outcome, ...]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    folder = tmp_path_factory.mktemp("kegiatan") / "data uji"
    write_log(folder, HEADER, rows())
    study = study_with(folder, LOG)
    made = plan(study, folder, folder.parent / "reports")
    chosen = replace(made, tasks=tuple(task for task in made.tasks if task.folder in ("rt-04", "kegiatan")))
    return Batch(folder, made, tuple(run(chosen, ready())))


def bytes_of(path: Path) -> Iterator[bytes]:
    """Every byte of a file, those of its members too."""
    content = path.read_bytes()
    yield content
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode() + b"\n" + archive.read(name)


def test_it_is_planned_where_there_are_logs(batch: Batch):
    assert [(task.kind, task.folder) for task in batch.plan.tasks] == [("rt", "rt-04"), ("rt", "rt-05"), ("recap", "rekap"), ("activities", "kegiatan")]
    assert batch.plan.tasks[-1].files == ("kegiatan.ipynb", "kegiatan.docx", "kegiatan.pdf", "kegiatan.html", "hasil.csv", "temuan.csv")
    study = open_study(batch.folder)
    assert [task.folder for task in plan(study, batch.folder, batch.folder, ["RT 04"]).tasks] == ["rt-04"]
    assert folder_name("Kegiatan") == "kegiatan-rt"


def test_a_study_without_logs_has_no_such_task(tmp_path: Path):
    study = study_with(tmp_path / "s", "")
    assert [task.kind for task in plan(study, tmp_path / "s", tmp_path).tasks] == ["rt", "rt", "recap"]


def test_a_study_of_logs_alone_has_nothing_else(tmp_path: Path):
    write_log(tmp_path, HEADER, rows())
    (tmp_path / "study.toml").write_text('id = "catatan"\ntitle = { id = "Catatan", en = "Logs" }\nyear = 2021\nrts = ["RT 04", "RT 05"]\n' + LOG, encoding="utf-8")
    assert [task.kind for task in plan(open_study(tmp_path), tmp_path, tmp_path / "r").tasks] == ["activities"]


def test_it_is_done_and_told(batch: Batch):
    assert [(outcome.folder, outcome.problem) for outcome in batch.outcomes] == [("rt-04", ()), ("kegiatan", ())]
    assert {path.name for path in (batch.plan.reports / "kegiatan").iterdir()} == set(batch.plan.tasks[-1].files)
    entry = manifest.read(batch.plan.reports)["reports"]["kegiatan"]
    assert (entry["status"], entry["pairs"], entry["rt"]) == ("done", None, "")
    page = (batch.plan.reports / "index.html").read_text(encoding="utf-8")
    assert "kegiatan/kegiatan.docx" in page and ">Kegiatan<" in page and 'class="gone"' not in page
    written = json.dumps(manifest.read(batch.plan.reports)["inputs"])
    assert "catatan.csv" in written


def test_the_log_is_part_of_what_reports_are_made_from(batch: Batch):
    study = open_study(batch.folder)
    assert [task.folder for task in outstanding(plan(study, batch.folder, batch.folder.parent / "reports")).tasks] == ["rt-05", "rekap"]
    content = (batch.folder / "catatan.csv").read_bytes()
    try:
        write_log(batch.folder, HEADER, rows()[:-1])
        assert len(outstanding(plan(study, batch.folder, batch.folder.parent / "reports")).tasks) == 4
    finally:
        (batch.folder / "catatan.csv").write_bytes(content)


def test_it_follows_the_recap_in_the_attachment(batch: Batch):
    joined = join(batch.plan, ["docx"])
    assert joined.held == ("Kegiatan", "RT 04") and joined.waiting == ("Rekapitulasi", "RT 05")


def test_nothing_planted_comes_out(batch: Batch):
    join(batch.plan, ["docx", "pdf", "html"])
    files = [path for path in batch.plan.reports.rglob("*") if path.is_file()]
    assert len(files) > 15
    for path in files:
        text = "\n".join(read_texts(path)) if path.suffix != ".txt" else path.read_text(encoding="utf-8")
        assert [kind for kind, planted in PLANTED.items() if planted.casefold() in text.casefold() or any(planted.encode() in part for part in bytes_of(path))] == [], path.name
        assert not any(name.casefold() in text.casefold() for name in ("Zulaikha", "Prihatiningsih", "Gandrung")), path.name


def test_the_scan_would_find_what_was_planted(batch: Batch):
    identities = known_identities(open_study(batch.folder))
    assert all(identities.hits(f"lihat {PLANTED[kind]} di sini") for kind in ("name", "family", "phone", "email", "helper", "nik"))


def test_a_broken_log_fails_alone_with_every_reason(tmp_path: Path):
    write_log(tmp_path / "s", ["Tanggal", "Jumlah", "Jumlah"], [["14/08/2021", "3", "4"]])
    study = study_with(tmp_path / "s", LOG)
    made = plan(study, tmp_path / "s", tmp_path / "r", formats=["html"])
    chosen = replace(made, tasks=tuple(task for task in made.tasks if task.folder in ("rt-04", "kegiatan")))
    rt, activities = run(chosen, ready())
    assert not rt.failed and activities.failed
    said = "\n".join(activities.problem)
    assert "Catatan kegiatan tidak dapat dibaca" in said and "Jenis bantuan" in said and "Beberapa kolom cocok" in said and "catatan.csv" in said
    assert "bantuan" in (made.reports / "rt-04" / "evaluasi.html").read_text(encoding="utf-8")
