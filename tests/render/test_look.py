"""What a study may choose about its pages, in every format."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx as python_docx
import pytest
from bs4 import BeautifulSoup
from PIL import Image
from pypdf import PdfReader

from baksos_eval.errors import BaksosError
from baksos_eval.render import docx, html, pdf
from baksos_eval.render.look import Look, look_of, read_logo
from baksos_eval.render.word_package import q
from baksos_eval.report.content import Text
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study
from tests.batch.small import write_study

from .conftest import code_cell

LINES = ("**INSTITUT CONTOH**", "Jl. Contoh No. 1 <b>")


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    path = tmp_path / "logo kampus.png"
    image = Image.new("RGB", (3000, 1500), "navy")
    exif = Image.Exif()
    exif[0x010E] = "rahasia"
    image.save(path, exif=exif)
    return path


def study_with(tmp_path: Path, settings: str):
    folder = write_study(tmp_path / "uji")
    file = folder / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[columns]", f"[report]\n{settings}\n[columns]", 1), encoding="utf-8")
    return open_study(folder)


def test_the_letterhead_stands_above_the_title_in_every_format(report, logo):
    look = Look(logo=logo, letterhead=LINES)
    opened = python_docx.Document(io.BytesIO(docx.to_bytes(report, look)))
    first = opened.paragraphs[:4]
    assert [p.style.name for p in first] == ["Letterhead", "Letterhead", "Letterhead", "Title"]
    assert [p.text for p in first[1:3]] == ["INSTITUT CONTOH", "Jl. Contoh No. 1 <b>"] and first[1].runs[0].bold
    assert [q("w:pBdr") in [child.tag for child in p._p.pPr] for p in first] == [False, False, True, False]
    assert [shape.get("descr") for shape in opened.element.iter(q("wp:docPr"))][0] == "Logo kampus"
    numbers = [shape.get("id") for shape in opened.element.iter(q("wp:docPr"))]
    assert len(numbers) == len(set(numbers)) == 3
    page = PdfReader(io.BytesIO(pdf.to_bytes(report, look))).pages[0].extract_text()
    assert page.index("INSTITUT CONTOH") < page.index("Jl. Contoh No. 1 <b>") < page.index("Evaluasi di RT 04")
    header = BeautifulSoup(html.to_bytes(report, look), "html.parser").header
    assert header.img["src"].startswith("data:image/png") and [p.get_text() for p in header.select(".letterhead p")] == ["INSTITUT CONTOH", "Jl. Contoh No. 1 <b>"]


def test_a_report_without_letterhead_has_none(report):
    assert b"letterhead" not in html.to_bytes(report).partition(b"</style>")[2]
    assert "#letterhead(" not in pdf.source(report).partition("#show: report")[2]


def test_a_logo_is_small_and_tells_nothing_else(logo):
    found = read_logo(logo)
    assert (found.width_cm, found.height_cm) == (pytest.approx(4.4), pytest.approx(2.2))
    image = Image.open(io.BytesIO(found.png))
    assert max(image.size) == 1000 and not image.getexif() and b"rahasia" in logo.read_bytes() and b"rahasia" not in found.png


@pytest.mark.parametrize(("spacing", "line"), [(1.0, "240"), (1.5, "360"), (None, "276")])
def test_lines_stand_as_far_apart_as_asked_for(read, spacing, line):
    report = read(code_cell(Text("Kalimat yang mengisi halaman sampai penuh. " * 200)))
    opened = python_docx.Document(io.BytesIO(docx.to_bytes(report, Look(spacing=spacing))))
    assert opened.styles["Normal"].element.pPr.find(q("w:spacing")).get(q("w:line")) == line
    pages = [len(PdfReader(io.BytesIO(pdf.to_bytes(report, Look(spacing=value)))).pages) for value in (spacing, 2.5)]
    assert pages[0] < pages[1]


def test_a_template_keeps_its_spacing_unless_another_is_asked_for(report, tmp_path):
    campus = python_docx.Document()
    campus.styles["Normal"].paragraph_format.line_spacing = 2.0
    campus.save(tmp_path / "templat.docx")
    for spacing, line in ((None, "480"), (1.5, "360")):
        opened = python_docx.Document(io.BytesIO(docx.to_bytes(report, Look(template=tmp_path / "templat.docx", spacing=spacing))))
        assert opened.styles["Normal"].element.pPr.find(q("w:spacing")).get(q("w:line")) == line


def test_a_study_names_what_it_wants(tmp_path, logo):
    (tmp_path / "uji2").mkdir()
    study = study_with(tmp_path, f'margins = "kiri_atas4"\nspacing = 1.5\nlogo = "logo.png"\ntemplate = "templat.docx"\nletterhead = {json.dumps(LINES)}')
    (study.folder / "logo.png").write_bytes(logo.read_bytes())
    python_docx.Document().save(study.folder / "templat.docx")
    assert look_of(study) == Look("kiri_atas4", 1.5, study.folder / "templat.docx", study.folder / "logo.png", LINES)
    assert look_of(study_with(tmp_path / "polos", "")) == Look()


@pytest.mark.parametrize(("settings", "content", "code"), [
    ('template = "templat.docx"', None, "look_file_missing"), ('logo = "logo.png"', None, "look_file_missing"),
    ('template = "templat.docx"', b"bukan zip", "template_unreadable"), ('logo = "logo.png"', b"bukan gambar", "logo_unreadable")])
def test_files_that_cannot_be_used_are_named_before_anything_runs(tmp_path, settings, content, code):
    study = study_with(tmp_path, settings)
    name = settings.split('"')[1]
    if content:
        (study.folder / name).write_bytes(content)
    with pytest.raises(BaksosError) as caught:
        look_of(study)
    assert caught.value.code == code
    assert all(name in describe(caught.value, words(language))[0] for language in LANGUAGES)


@pytest.mark.parametrize("settings", ['margins = "lebar"', "spacing = 0.5", 'shape = "buku"', 'warna = "merah"'])
def test_a_setting_that_is_none_is_refused(tmp_path, settings):
    with pytest.raises(BaksosError, match="toml_invalid"):
        study_with(tmp_path, settings)
