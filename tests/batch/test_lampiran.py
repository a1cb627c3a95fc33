"""One attachment out of the notebooks that earlier runs left."""

from __future__ import annotations

import json
from pathlib import Path

import docx as python_docx
import pytest
from filelock import FileLock
from pypdf import PdfReader

from baksos_eval.batch import index, manifest
from baksos_eval.batch.lampiran import join
from baksos_eval.batch.plan import Plan, plan
from baksos_eval.batch.publish import digest
from baksos_eval.batch.task import Outcome
from baksos_eval.errors import BaksosError
from baksos_eval.report import attachment
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study
from tests.batch.small import write_notebooks, write_study
from tests.render.conftest import code_cell, figure, markdown_cell, notebook, table, title

RTS = ("RT 01", "RT 02", "RT 03")


def executed(name: str) -> str:
    return json.dumps(notebook(code_cell(title(title=f"Evaluasi {name}", rt=name, study="uji")), markdown_cell("## Perubahan"), code_cell(table(), figure())))


def made(root: Path, rts: tuple[str, ...] = (), failed: tuple[str, ...] = (), waiting: tuple[str, ...] = ()) -> Plan:
    """A plan whose reports folder looks as after a run."""
    folder = root / "uji"
    if not folder.exists():
        write_study(folder, RTS)
        write_notebooks(root / "notebooks")
    plan_ = plan(open_study(folder), folder, root / "reports", rts, notebooks=root / "notebooks")
    record = manifest.begin(plan_)
    for task in plan(open_study(folder), folder, root / "reports", notebooks=root / "notebooks").tasks:
        name = task.rt or "Rekapitulasi"
        if name in waiting:
            continue
        file = task.reports / task.folder / ("evaluasi.GAGAL.ipynb" if name in failed else f"{task.stem}.ipynb")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(executed(name), encoding="utf-8")
        manifest.add(record, Outcome(task.rt, task.folder, (file.name,), problem=("gagal",) if name in failed else ()), {file.name: digest(file)})
    manifest.write(record, plan_.reports)
    return plan_


def chapters(path: Path) -> list[str]:
    return [p.text for p in python_docx.Document(str(path)).paragraphs if p.style.name == "Heading 1"]


def test_the_recap_comes_first_then_the_rts_in_order(tmp_path):
    made_plan = made(tmp_path)
    joined = join(made_plan)
    assert joined.complete and joined.files == ("lampiran.docx", "lampiran.pdf")
    assert joined.held == ("Rekapitulasi", *RTS)
    expected = [f"Lampiran {number}. Evaluasi {name}" for number, name in enumerate(joined.held, start=1)]
    assert chapters(made_plan.reports / "lampiran.docx") == expected
    pages = [page.extract_text().replace("\xa0", " ") for page in PdfReader(made_plan.reports / "lampiran.pdf").pages]
    assert "Lampiran Hasil Evaluasi Program" in pages[0] and "Daftar Isi" not in pages[0]
    assert "Isi : Rekapitulasi, RT 01, RT 02, dan RT 03" in " ".join(pages[0].split())
    assert all(heading in pages[1] for heading in ("Daftar Isi", "Daftar Tabel", "Daftar Gambar"))
    assert [f"Tabel {number}." in "".join(pages[2:]) for number in range(1, 6)] == [True] * 4 + [False]


def test_rts_may_be_chosen(tmp_path):
    made_plan = made(tmp_path, ("RT 03", "RT 01"))
    assert join(made_plan, ("docx",)).held == ("RT 03", "RT 01")


def test_what_is_not_in_it_or_out_of_date_is_named_there_and_in_the_answer(tmp_path):
    made_plan = made(tmp_path, failed=("RT 02",), waiting=("RT 03",))
    source = tmp_path / "uji" / "study.toml"
    source.write_text(source.read_text(encoding="utf-8") + "\n# diubah\n", encoding="utf-8")
    joined = join(made_plan, ("docx",))
    assert (joined.held, joined.failed, joined.waiting) == (("Rekapitulasi", "RT 01"), ("RT 02",), ("RT 03",))
    assert joined.stale == joined.held and not joined.complete
    told = " ".join(p.text for p in python_docx.Document(str(made_plan.reports / "lampiran.docx")).paragraphs if p.style.name == "Limitation")
    assert "gagal dibuat: RT 02." in told and "belum dibuat: RT 03." in told and "lebih lama: Rekapitulasi dan RT 01." in told


def test_a_notebook_that_is_gone_is_waited_for(tmp_path):
    made_plan = made(tmp_path)
    (made_plan.reports / "rt-02" / "evaluasi.ipynb").unlink()
    assert join(made_plan, ("docx",)).waiting == ("RT 02",)


def test_nothing_to_join_is_said(tmp_path):
    made_plan = made(tmp_path, waiting=("Rekapitulasi", *RTS))
    with pytest.raises(BaksosError, match="bundle_nothing"):
        join(made_plan)
    assert not (made_plan.reports / "lampiran.docx").exists()


def test_a_damaged_notebook_is_named_and_the_older_attachment_stays(tmp_path):
    made_plan = made(tmp_path)
    join(made_plan, ("docx",))
    before = (made_plan.reports / "lampiran.docx").read_bytes()
    (made_plan.reports / "rt-02" / "evaluasi.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(BaksosError) as caught:
        join(made_plan, ("docx",))
    assert caught.value.code in {"bundle_failed", "notebook_unreadable"} and "evaluasi.ipynb" in str(caught.value.details)
    assert (made_plan.reports / "lampiran.docx").read_bytes() == before


def test_the_same_reports_give_the_same_bytes_and_own_work_is_kept(tmp_path):
    made_plan = made(tmp_path)
    first = {name: (made_plan.reports / name).read_bytes() for name in join(made_plan).files}
    assert {name: (made_plan.reports / name).read_bytes() for name in join(made_plan).files} == first
    edited = made_plan.reports / "lampiran.docx"
    edited.write_bytes(first["lampiran.docx"] + b"suntingan")
    join(made_plan)
    assert (made_plan.reports / "lampiran.disunting.docx").read_bytes().endswith(b"suntingan")
    assert edited.read_bytes() == first["lampiran.docx"]


def test_the_index_leads_to_it_and_tells_when_a_report_is_newer(tmp_path):
    made_plan = made(tmp_path)
    join(made_plan, ("docx",))
    page = (made_plan.reports / "index.html").read_text(encoding="utf-8")
    assert '<a href="lampiran.docx">' in page and "Semua laporan dalam satu lampiran:" in page
    record = manifest.read(made_plan.reports)
    record["reports"]["rt-01"]["outputs"] = {"evaluasi.ipynb": "0"}
    assert "gabungkan lagi" in index.page(made_plan.study, record)
    assert manifest.begin(made_plan)["bundle"] == record["bundle"]


def test_nobody_else_writes_meanwhile(tmp_path):
    made_plan = made(tmp_path)
    with FileLock(made_plan.reports / ".lock"), pytest.raises(BaksosError, match="reports_busy"):
        join(made_plan)


def test_technical_sections_are_left_out_of_many_reports_and_the_attachment_says_so(tmp_path, monkeypatch):
    made_plan = made(tmp_path)
    assert join(made_plan, ("docx",)).whole
    monkeypatch.setattr(attachment, "MOST_TECHNICAL", 2)
    assert not join(made_plan, ("docx",)).whole

    def notes() -> list[str]:
        return [p.text for p in python_docx.Document(str(made_plan.reports / "lampiran.docx")).paragraphs if p.style.name == "Reading Note"]

    assert any("Rincian teknis" in note and "tidak dimuat" in note for note in notes())
    assert join(made_plan, ("docx",), technical=True).whole and not any("tidak dimuat" in note for note in notes())
    assert not join(made_plan, ("docx",), technical=False).whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_says_how_many_reports_are_many(language):
    assert f" {attachment.MOST_TECHNICAL} " in words(language).text("help.bundle_technical")
