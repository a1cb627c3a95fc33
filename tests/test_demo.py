"""The bundled studies from the command line to the last file, as ``make demo`` runs them."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from baksos_eval.batch.plan import FORMATS

ROOT = Path(__file__).parents[1]
RTS = ("rt-04", "rt-05", "rt-07", "rt-09")


class Demo(NamedTuple):
    reports: Path
    lines: list[str]


def baksos(*arguments: str) -> list[str]:
    """The lines the command prints; it must print nothing else and end well."""
    done = subprocess.run([sys.executable, "-m", "baksos_eval", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=600)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo") / "Laporan pengabdian"
    return Demo(out / "contoh", baksos("run", "data/contoh", "--jobs", "2", "--out", str(out)))


def test_one_line_per_rt_and_where_the_reports_are(demo: Demo) -> None:
    *lines, last = demo.lines
    assert [re.split("[:.]", line)[0] for line in lines] == ["RT 04", "RT 05", "RT 07", "RT 09", "Rekapitulasi", "Kegiatan"]
    assert lines[-1].endswith("/kegiatan/ (kegiatan.ipynb, kegiatan.docx, kegiatan.pdf, kegiatan.html, hasil.csv, temuan.csv)")
    assert all(re.search(r"\b\d+ pasangan\. .*\(.*evaluasi\.docx.*\)$", line) for line in lines[:4])
    assert last == f"Laporan: {(demo.reports / 'index.html').as_posix()}"


def test_every_file_is_there_and_what_it_says_it_is(demo: Demo) -> None:
    for folder, stem, tables in [*((rt, "evaluasi", {"hasil.csv", "temuan.csv"}) for rt in RTS), ("rekap", "rekap", {"hasil.csv", "per_rt.xlsx"}),
                                 ("kegiatan", "kegiatan", {"hasil.csv", "temuan.csv"})]:
        files = {path.name: path.read_bytes() for path in (demo.reports / folder).iterdir()}
        assert set(files) == {f"{stem}.{ending}" for ending in FORMATS} | tables
        assert zipfile.ZipFile(io.BytesIO(files[f"{stem}.docx"])).testzip() is None
        assert files[f"{stem}.pdf"].startswith(b"%PDF-") and files[f"{stem}.html"].lstrip().lower().startswith(b"<!doctype html")
        cells = json.loads(files[f"{stem}.ipynb"])["cells"]
        assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code")
    manifest = json.loads((demo.reports / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["reports"]) == [*RTS, "rekap", "kegiatan"]


def test_no_folder_of_this_computer_is_in_any_file(demo: Demo) -> None:
    private = {place.encode() for place in (str(Path.home()), str(ROOT), str(demo.reports.parent), sys.prefix)}
    for path in demo.reports.rglob("*"):
        if not path.is_file():
            continue
        parts = [path.read_bytes()]
        if path.suffix == ".docx":
            archive = zipfile.ZipFile(path)
            parts = [archive.read(name) for name in archive.namelist()]
        assert not [place for place in private for part in parts if place in part], path


def test_the_reports_are_joined_into_one_attachment(demo: Demo) -> None:
    lines = baksos("bundle", "data/contoh", "--out", str(demo.reports.parent))
    assert lines[0] == "6 laporan digabung: Rekapitulasi, Kegiatan, RT 04, RT 05, RT 07, RT 09."
    assert lines[1:] == [f"Lampiran: {(demo.reports / f'lampiran.{ending}').as_posix()}" for ending in ("docx", "pdf")]
    assert (demo.reports / "lampiran.pdf").stat().st_size < 5_000_000


def test_kernels_from_cold_and_another_number_of_workers_make_the_same_bytes(demo: Demo) -> None:
    out = demo.reports.parent.with_name("Laporan kedua")  # as far from the data: the notebooks say how to get there
    baksos("run", "data/contoh", "--rt", "RT 04", "--rt", "RT 09", "--engine", "cold", "--jobs", "1", "--out", str(out))
    again = [path for path in (out / "contoh").glob("rt-*/*") if path.is_file()]
    assert len(again) == 12
    for path in again:
        assert path.read_bytes() == (demo.reports / path.parent.name / path.name).read_bytes(), path
    first, second = (json.loads((reports / "manifest.json").read_text(encoding="utf-8")) for reports in (demo.reports, out / "contoh"))
    assert {name: second[name] for name in second if name not in ("reports", "bundle")} == {name: first[name] for name in first if name not in ("reports", "bundle")}
    assert second["reports"] == {rt: first["reports"][rt] for rt in ("rt-04", "rt-09")}


def test_one_rt_in_english(tmp_path: Path) -> None:
    lines = baksos("run", "data/contoh", "--rt", "RT 9", "--language", "en", "--format", "html", "--out", str(tmp_path))
    assert re.match(r"RT 09: \d+ pairs\. ", lines[0]) and lines[-1].startswith("Reports: ")
    assert '<html lang="en"' in (tmp_path / "contoh" / "rt-09" / "evaluasi.html").read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "contoh" / "rt-09").iterdir()} == {"evaluasi.html", "hasil.csv", "temuan.csv"}


def test_the_second_story_of_logs_alone(tmp_path: Path) -> None:
    lines = baksos("run", "data/bengkalis", "--format", "docx,html", "--out", str(tmp_path))
    assert [line.partition(":")[0] for line in lines[:1]] == ["Kegiatan"] and lines[-1].startswith("Laporan: ") and len(lines) == 2
    assert {path.name for path in (tmp_path / "bengkalis" / "kegiatan").iterdir()} == {"kegiatan.docx", "kegiatan.html", "hasil.csv", "temuan.csv"}
    assert "kegiatan/kegiatan.docx" in (tmp_path / "bengkalis" / "index.html").read_text(encoding="utf-8")
