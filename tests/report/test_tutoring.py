"""Tutoring and photos as people read them, and in the files that are handed on: nothing planted comes out anywhere."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
import zlib
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.pictures import LONGEST_SIDE
from baksos_eval.evaluation.ledger import COLUMNS
from baksos_eval.evaluation.tutoring_ledger import tutoring_rows
from baksos_eval.render import blocks, docx, html, pdf
from baksos_eval.report import figures, inline, narrative, tables
from baksos_eval.report.content import Figure, Table, Text, Title
from baksos_eval.report.text import LANGUAGES
from tests.activities.painting import CANARIES
from tests.activities.test_photos import GOOD, changed
from tests.activities.test_photos import read as read_photos
from tests.activities.test_tutoring import SUBJECTS
from tests.activities.test_tutoring import read as read_tutoring
from tests.render.conftest import code_cell, notebook
from tests.report.test_views import check_golden, unfold, written

DAYS = [f"{day:02d}/08/2021" for day in (4, 6, 9, 11, 13, 16, 18, 20, 23, 25)]
NAMES = ("Ahmad Fauzi", "Siti Nurhaliza", "Budi Prasetyo", "Dewi Lestari", "Rina Marlina", "Joko Susilo", "Putri Ayuningtyas", "Bayu Saputra", "Citra Kirana", "Eko Wahyudi", "Fitri Handayani", "Gilang Ramadhan")


SCIENCE = """
[activities.tutoring.subjects.science]
label = { id = "Sains", en = "Science" }
mastery = 70
"""


@pytest.fixture(scope="module", params=LANGUAGES)
def programme(request, tmp_path_factory) -> Activities:
    """A tutoring of 24 children of three grades, one of them without consent, with marks in three subjects, of which one is for a few."""
    dice, folder = Random("tutoring"), tmp_path_factory.mktemp("tutoring")
    sheet = [[str(n + 1), f"B{n:02d}", "456"[n % 3], "" if n == 5 else "Ya", *dice.choices("HISA", [8, 1, 0.6, 0.6], k=len(DAYS))] for n in range(24)]
    marks = []
    for n in range(24):
        for subject, mean, learnt in (("MTK", 58, 14), ("Membaca", 66, 2)):
            pre = round(dice.gauss(mean, 10))
            marks.append([f"B{n:02d}", subject, str(pre), str(min(100, round(pre + dice.gauss(learnt, 8))))])
    marks += [[f"B{n:02d}", "Sains", "50", "60"] for n in range(3)]
    return read_tutoring(folder, sheet, ["No", "Kode siswa", "Kelas", "Persetujuan wali", *DAYS], marks=marks, more=SUBJECTS + SCIENCE, language=request.param)


def test_tutoring_reads_as_before(programme: Activities):
    check_golden("activities-tutoring", programme.study.language, [*unfold(narrative.tutoring(programme)), *tables.tutoring(programme)])


def test_every_reference_has_its_table_and_numbers_follow_the_language(programme: Activities):
    texts, shown = narrative.tutoring(programme), [*tables.tutoring(programme), *figures.tutoring(programme)]
    assert {label for text in texts for label in inline.references(text.markdown)} <= {content.label for content in shown}
    wrong = re.compile(r"(?<![\d.,])\d+\.\d{1,3}(?![\d.])" if programme.study.language == "id" else r"(?<![\d.,])\d+,\d{1,2}(?!\d)")
    said = [cell for content in shown for cell in ([cell for row in content.rows for cell in row] if isinstance(content, Table) else [content.alt])] + [text.markdown for text in texts]
    assert [cell for cell in said if wrong.search(inline.plain(cell))] == []
    assert not re.search(r"\b(menyebabkan|berkat|berpengaruh|efektif|caused|thanks to)\b", " ".join(said))


def test_figures_say_in_words_what_they_show(programme: Activities):
    attendance, marks = figures.tutoring(programme)
    assert attendance.svg and marks.svg and "23" in attendance.alt and len(attendance.alt) > 100
    assert marks.alt.count("n = 23") == 2 and any("Sains" in note or "Science" in note for note in marks.notes) and any("70" in note for note in marks.notes)


@pytest.mark.parametrize("n", [0, 1, 4, 5, 9, 10])
def test_few_children_can_be_said_too(tmp_path: Path, n: int):
    sheet = [[f"B{k:02d}", "Ya", "H", "HA"[k % 2]] for k in range(n)] or [["B00", "Tidak", "H", "H"]]
    a = read_tutoring(tmp_path, sheet, ["Kode siswa", "Persetujuan wali", *DAYS[:2]], marks=[[f"B{k:02d}", "MTK", str(50 + k), str(60 + 2 * k)] for k in range(n)], more=SUBJECTS)
    said = " ".join(map(written, [*unfold(narrative.tutoring(a)), *tables.tutoring(a)])) + " ".join(figure.alt for figure in figures.tutoring(a))
    assert not re.search(r"\bnan\b", said) and len(figures.tutoring(a)) == (0 if n < 5 else 2)
    if n < 5:
        cells = [cell for table in tables.tutoring(a) for row in table.rows for cell in row] + [text.markdown for text in narrative.tutoring(a)]
        assert [cell for cell in cells if re.search(r"\d,\d|\d\s%", cell)] == []


def test_without_any_log_a_sentence_says_so(tmp_path: Path):
    from tests.activities.small import study_with

    a = Activities(study_with(tmp_path, ""))
    assert tables.tutoring(a) == () and figures.tutoring(a) == () and figures.photos(a) == ()
    assert [len(narrative.tutoring(a)), len(narrative.photos(a))] == [1, 1] and tutoring_rows(a) == []


def test_the_ledger_holds_every_number_and_no_child(programme: Activities):
    rows = tutoring_rows(programme)
    assert all(len(row) == len(COLUMNS) for row in rows)
    found = {(row[4], row[5], row[6]): row[7] for row in rows}
    t = programme.tutoring
    assert found["", "attendance", "share"] == t.overall.share and found["session.2", "attendance", "present"] == t.sessions[1].attendance.present
    assert found["subject.math", "mean_change", "change"] == t.subjects[0].mean_change.change and found["subject.math", "moves", "gained"] == t.subjects[0].moves.gained
    assert found["", "people", "without_consent"] == 1
    assert [row for row in rows if row[4] == "subject.science" and row[5] == "mean_change" and isinstance(row[7], float) and row[7] == row[7]] == []


@pytest.fixture(scope="module")
def album(tmp_path_factory) -> Activities:
    rows = [GOOD, changed(file="dua.JPG", caption="Anak-anak * belajar _bersama_ <b>.", children="ya", boxes="40%, 40%, 20%, 20%"), changed(consent="tidak"),
            changed(caption="Ibu Siti Aminah 081234567890, NIK 1871152208210001, siti@contoh.id menerima bantuan.", place="rumah Pak Budi")]
    return read_photos(tmp_path_factory.mktemp("foto"), rows)


def test_photos_are_figures_with_their_captions(album: Activities):
    first, second, third = figures.photos(album)
    assert first.caption == "Warga menerima masker" and first.alt == "Foto: Warga menerima masker." and first.svg == "" and "14 Agustus 2021" in first.notes[0]
    assert inline.plain(second.caption) == "Anak-anak * belajar _bersama_ <b>" and "dikaburkan" in second.alt
    assert first.width_cm <= 13 and first.height_cm <= 9.5 and first.width_cm / first.height_cm == pytest.approx(320 / 240)
    assert "image/jpeg" in first._repr_mimebundle_()["text/html"] and len({first.label, second.label, third.label}) == 3
    (text,) = narrative.photos(album)
    assert text.markdown.startswith("3 dari 4 foto")


def every_byte(content: bytes) -> bytes:
    """A file's bytes, those of its members, and those of the pictures and texts packed into it."""
    found = [content]
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += [name.encode() for name in archive.namelist()] + [every_byte(archive.read(name)) for name in archive.namelist()]
    found += [base64.b64decode(packed) for packed in re.findall(rb"base64,([A-Za-z0-9+/=]{100,})", content)]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(packed))
        except zlib.error:
            found.append(packed)
    return b"\0".join(found)


def test_nothing_planted_is_in_any_byte_of_any_file(album: Activities, tmp_path: Path):
    folder = tmp_path / "anak"
    sheet = [[name, f"1871{n:02d}2208{n:02d}0001", f"0812345{n:05d}", "Ya", "H", "HISA"[n % 4]] for n, name in enumerate(NAMES)]
    marks = [[name, "MTK", str(50 + n), str(60 + n)] for n, name in enumerate(NAMES)]
    children = read_tutoring(folder, sheet, ["Nama siswa", "NIK", "No HP orang tua", "Persetujuan wali", *DAYS[:2]], marks=marks, more=SUBJECTS,
                             marks_header=("Nama siswa", "Mapel", "Pretes", "Postes"))
    contents = [Title("Kegiatan", "Uji", "id", "uji"), *unfold(narrative.tutoring(children)), *tables.tutoring(children), *figures.tutoring(children),
                *unfold(narrative.photos(album)), *figures.photos(album)]
    assert sum(isinstance(content, Figure) for content in contents) == 5 and sum(isinstance(content, Text) for content in contents) >= 4
    document = blocks.read(notebook(code_cell(*contents)))
    files = {"docx": docx.to_bytes(document), "pdf": pdf.to_bytes(document), "html": html.to_bytes(document), "ipynb": json.dumps(notebook(code_cell(*contents))).encode()}
    planted = [*CANARIES, *(word for name in NAMES for word in name.split()), "Aminah", "siti@contoh.id", "187100220800", "08123450", "Budi"]
    for kind, content in files.items():
        everything = every_byte(content)
        assert [text for text in planted if text.encode() in everything or text.encode("utf-16-be") in everything] == [], kind
        assert b"GPSLatitude" not in everything and b"Exif\0" not in everything and b"ICC_PROFILE" not in everything, kind
        assert everything.count(b"\xff\xd8\xff\xe0") >= 2, kind         # the photos are there


def test_word_holds_the_photos_as_jpeg_with_their_words(album: Activities):
    document = blocks.read(notebook(code_cell(Title("Kegiatan", "Uji", "id", "uji"), *figures.photos(album))))
    with zipfile.ZipFile(io.BytesIO(docx.to_bytes(document))) as archive:
        pictures = [name for name in archive.namelist() if name.endswith((".jpg", ".jpeg"))]
        text = archive.read("word/document.xml").decode()
        sizes = [Image.open(io.BytesIO(archive.read(name))).size for name in pictures]
    assert len(pictures) == 2 and text.count("<pic:pic>") == 3 and 'descr="Foto: Warga menerima masker."' in text and "svgBlip" not in text
    assert all(max(size) <= LONGEST_SIDE for size in sizes) and text.count("SEQ Gambar") == 3
