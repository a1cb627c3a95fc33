"""The chapters of a PKPM report and of an article: what the data say, and marked places for what they do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baksos_eval.batch.plan import plan
from baksos_eval.batch.template import RECAPS
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report import inline, shapes
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study
from tests.batch.small import write_notebooks, write_study
from tests.report.test_views import check_golden

ROOT = Path(__file__).parents[2]
GAPS = ("abstract", "introduction", "activities", "documentation", "discussion", "impact", "suggestions", "thanks", "references")


@pytest.fixture(scope="module", params=LANGUAGES)
def summary(request):
    study = open_study(ROOT / "data" / "contoh", request.param)
    return summarise(study, *evaluate_all(study))


@pytest.mark.parametrize("topic", ["report_title", "article_title", "setting"])
def test_what_a_study_says_reads_as_before(topic, summary):
    check_golden(f"shapes-{topic}", summary.study.language, [getattr(shapes, topic)(summary.study)])


@pytest.mark.parametrize("topic", ["participants", "results", "conclusion", "attachments"])
def test_what_the_results_say_reads_as_before(topic, summary):
    found = getattr(shapes, topic)(summary)
    check_golden(f"shapes-{topic}", summary.study.language, list(found) if isinstance(found, tuple) else [found])


@pytest.mark.parametrize("topic", GAPS)
def test_what_only_the_author_knows_is_a_marked_place(topic, summary):
    found = shapes.gap(summary.study, topic)
    assert found.role == "note"
    assert found.markdown.startswith({"id": "**[Diisi penulis]** ", "en": "**[To be written by the author]** "}[summary.study.language])
    assert not any(character.isdigit() for character in found.markdown.replace("200–250", "").replace("3–6", "").replace("APA 7", ""))


def test_a_study_that_says_little_gets_no_empty_sentences(tmp_path):
    study = open_study(write_study(tmp_path / "uji"))
    assert inline.plain(shapes.setting(study).markdown) == "Kegiatan ini berjudul “Judul & <b>tanda</b>”."
    found = summarise(study, *evaluate_all(study))
    assert "12" in shapes.participants(found).markdown
    assert "dari 2 RT yang dapat dianalisis" in shapes.conclusion(found).markdown


def test_every_gap_is_used_in_one_of_the_notebooks():
    for folder in (ROOT / "notebooks", ROOT / "notebooks" / "en"):
        text = "".join((folder / RECAPS[shape]).read_text(encoding="utf-8") for shape in ("laporan_pkpm", "journal"))
        assert {name for name in GAPS if f'gap(study, \\"{name}\\")' in text} == set(GAPS)
    keys = {key.removeprefix("shape.gap_") for key in words("id").texts if key.startswith("shape.gap_")}
    assert keys == set(GAPS)


@pytest.mark.parametrize(("shape", "headings"), [
    ("laporan_pkpm", ["2.3 Hasil kegiatan dan dokumentasi", "2.4 Dampak kegiatan", "Lampiran"]),
    ("journal", ["Abstrak", "Pendahuluan", "Metode", "Hasil dan Capaian", "Simpulan dan Saran", "Ucapan Terima Kasih", "Daftar Pustaka"])])
def test_chapters_are_those_of_the_field(shape, headings):
    cells = json.loads((ROOT / "notebooks" / RECAPS[shape]).read_text(encoding="utf-8"))["cells"]
    assert ["".join(cell["source"])[3:] for cell in cells if cell["cell_type"] == "markdown" and "".join(cell["source"]).startswith("## ")] == headings


@pytest.mark.parametrize("shape", list(RECAPS))
def test_the_study_chooses_the_notebook_of_the_recap(tmp_path, shape):
    folder = write_study(tmp_path / "uji")
    file = folder / "study.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[columns]", f'[report]\nshape = "{shape}"\n[columns]', 1), encoding="utf-8")
    own = write_notebooks(tmp_path / "notebooks")
    for name in RECAPS.values():
        (own / name).write_bytes((own / RECAPS["attachment"]).read_bytes())
    tasks = plan(open_study(folder), folder, tmp_path / "reports", notebooks=own).tasks
    assert [task.template.name for task in tasks] == ["02_evaluasi_rt.ipynb"] * 2 + [RECAPS[shape]]
