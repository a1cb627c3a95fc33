"""Other people's checkers on printed questionnaires: Word files against the Open XML schemas, PDF files against PDF/UA-1."""

from __future__ import annotations

import io
from pathlib import Path

import page
import pytest
from PIL import Image
from pypdf import PdfReader

from baksos_eval.render import form_docx, form_pdf
from baksos_eval.report.questionnaire import Form, questionnaire
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study

from .test_conformance import faults_of

CONTOH = open_study(Path(__file__).parents[2] / "data" / "contoh")


@pytest.fixture(params=LANGUAGES)
def form(request, tmp_path: Path) -> Form:
    Image.new("RGB", (60, 40), "navy").save(tmp_path / "logo.png")
    report = CONTOH.report.model_copy(update={"logo": (tmp_path / "logo.png").as_posix(), "letterhead": ("**Kampus** & <x>", "Jl. Contoh")})
    return questionnaire(CONTOH.questionnaires, CONTOH.model_copy(update={"report": report}), "post", words(request.param))


def test_the_word_file_keeps_the_schema(form: Form, tmp_path: Path):
    assert faults_of(form_docx.to_bytes(form), tmp_path) == []


def test_the_pdf_keeps_pdf_ua_and_names_its_language(form: Form):
    data = form_pdf.to_bytes(form)
    report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
    assert [(fault.rule_id, fault.message) for fault in report.failures] == [] and report.rules.total > 80
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and str(root["/Lang"]).startswith(form.language) and reader.metadata.title.startswith(form.title)
