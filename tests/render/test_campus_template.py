from __future__ import annotations

import io

import docx as python_docx
from openxml_audit import OpenXmlValidator

from baksos_eval.render import campus_template, docx
from baksos_eval.render.look import Look


def test_it_shows_every_style_a_report_uses(report, tmp_path):
    path = campus_template.write(tmp_path / "templat.docx")
    template = python_docx.Document(str(path))
    shown = {p.style.style_id for p in template.paragraphs}
    used = {p.style.style_id for p in python_docx.Document(io.BytesIO(docx.to_bytes(report))).paragraphs}
    assert used <= shown and all(p.text.casefold() == p.style.name.casefold() for p in template.paragraphs)
    assert OpenXmlValidator().validate(path).errors == []
    assert path.read_bytes() == campus_template.to_bytes()


def test_what_is_changed_in_it_is_seen_in_the_report(report, tmp_path):
    path = campus_template.write(tmp_path / "templat.docx", margins="kiri_atas4")
    template = python_docx.Document(str(path))
    template.styles["Heading 1"].font.name = "Arial"
    template.sections[0].header.paragraphs[0].text = "Universitas Contoh"
    template.save(str(path))
    made = python_docx.Document(io.BytesIO(docx.to_bytes(report, Look(template=path))))
    assert made.styles["Heading 1"].font.name == "Arial" and made.sections[0].header.paragraphs[0].text == "Universitas Contoh"
    assert round(made.sections[0].top_margin.cm) == 4
    assert "Verdict" not in [p.text for p in made.paragraphs]
