"""One real batch over RTs that behave well and badly, and what it leaves behind."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock

from baksos_eval.batch import index, manifest
from baksos_eval.batch.executors import local
from baksos_eval.batch.plan import Plan, plan
from baksos_eval.batch.publish import digest
from baksos_eval.batch.run import run
from baksos_eval.batch.task import Outcome, do
from baksos_eval.errors import BaksosError
from baksos_eval.report.text import words
from baksos_eval.study.study import open_study
from tests.batch.ready import ready
from tests.batch.small import cell, write_notebooks, write_study

RTS = ("RT 01", "RT 02", "RT 03", "RT 04", "RT 05")

BEHAVIOUR = '''
from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import speak_in_notebooks
speak_in_notebooks(language)
if rt == "RT 02":
    raise BaksosError("reports_busy", folder="x")
if rt == "RT 03":
    raise ValueError("Bu" + "di 08" + "12-3456-7890")
if rt == "RT 04":
    rt = "RT 01"
if rt == "RT 05":
    import os
    os._exit(1)
'''


class Batch(NamedTuple):
    plan: Plan
    first: tuple[Outcome, ...]
    told: list[str]
    ledgers: list[bytes]


def ledgers(reports: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(reports.rglob("hasil.csv"))]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    root = tmp_path_factory.mktemp("batch") / "Pengabdian 2021 (é)"
    folder = write_study(root / "data" / "uji", RTS)
    notebooks = write_notebooks(root / "notebooks", cell("## Perubahan", "markdown"), cell(BEHAVIOUR))
    made = plan(open_study(folder), folder, root / "reports", formats=["ipynb"], notebooks=notebooks)
    told: list[str] = []
    outcomes = run(made, local(2), lambda outcome: told.append(outcome.folder))
    return Batch(made, outcomes, told, ledgers(made.reports))


def test_one_broken_rt_does_not_stop_the_others(batch: Batch) -> None:
    assert [outcome.failed for outcome in batch.first] == [False, True, True, True, True, False]
    assert sorted(batch.told) == ["rekap", "rt-01", "rt-02", "rt-03", "rt-04", "rt-05"]
    good, *_, recap = batch.first
    assert (good.files, good.pairs, good.verdicts) == (("evaluasi.ipynb", "hasil.csv", "temuan.csv"), 28, {"sikap.total": "improved"})
    assert (recap.files, recap.verdicts) == (("rekap.ipynb", "hasil.csv"), {})


def test_each_failure_says_why(batch: Batch) -> None:
    said = {outcome.rt: outcome.problem[0] for outcome in batch.first if outcome.failed}
    assert said == {
        "RT 02": "Laporan di folder x sedang ditulis oleh perintah baksos yang lain.",
        "RT 03": "Notebook berhenti pada bagian \"Perubahan\" (ValueError).",
        "RT 04": "hasil.csv berisi hasil RT 01, padahal yang diminta RT 04.",
        "RT 05": "Kernel Python berhenti mendadak pada bagian \"Perubahan\".",
    }
    assert all(len(outcome.problem) >= 2 for outcome in batch.first if outcome.failed), "and what to do"


def test_files_lie_where_people_look_for_them(batch: Batch) -> None:
    found = {path.relative_to(batch.plan.reports).as_posix() for path in batch.plan.reports.rglob("*") if path.is_file() and path.name != ".lock"}
    failed = {f"rt-0{n}/evaluasi.GAGAL.ipynb" for n in (2, 3, 4, 5)}
    assert found == failed | {"index.html", "manifest.json", "rekap/rekap.ipynb", "rekap/hasil.csv",
                              "rt-01/evaluasi.ipynb", "rt-01/hasil.csv", "rt-01/temuan.csv"}


def test_the_ledger_keeps_every_digit(batch: Batch) -> None:
    with (batch.plan.reports / "rt-01" / "hasil.csv").open(encoding="utf-8", newline="") as file:
        values = {row["method"]: row["value"] for row in csv.DictReader(file)}
    assert float(values["mean_change"]) == 0.1 + 0.2


def test_no_folder_and_no_answer_of_anybody_is_left_in_a_file(batch: Batch) -> None:
    private = {str(Path.home()), str(batch.plan.source), str(batch.plan.reports), "Budi", "0812"}
    for path in batch.plan.reports.rglob("*.*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [word for word in private if word in text], path
    assert "ValueError: …" in (batch.plan.reports / "rt-03" / "evaluasi.GAGAL.ipynb").read_text(encoding="utf-8")


def test_the_finished_notebook_can_be_run_again_from_its_folder(batch: Batch) -> None:
    notebook = json.loads((batch.plan.reports / "rt-01" / "evaluasi.ipynb").read_text(encoding="utf-8"))
    source = "".join(next(cell for cell in notebook["cells"] if cell["id"] == "injected-parameters")["source"])
    given = dict(re.findall(r'^(\w+) = "(.*)"$', source, re.MULTILINE))
    assert given["results_folder"] == ""
    assert (batch.plan.reports / "rt-01" / given["study_folder"] / "study.toml").is_file()


def test_the_manifest_knows_what_was_made_from_what(batch: Batch) -> None:
    content = json.loads((batch.plan.reports / "manifest.json").read_text(encoding="utf-8"))
    assert set(content["inputs"]) == {"study.toml", "sikap.toml", "pra.csv", "pasca.csv"}
    assert content["inputs"]["pra.csv"] == digest(batch.plan.source / "pra.csv")
    assert {folder: entry["status"] for folder, entry in content["reports"].items()} == {
        "rt-01": "done", "rt-02": "failed", "rt-03": "failed", "rt-04": "failed", "rt-05": "failed", "rekap": "done"}
    for folder, entry in content["reports"].items():
        for name, left in entry["outputs"].items():
            assert digest(batch.plan.reports / folder / name) == left
    assert content["versions"]["pandas"] and content["settings"] == {"language": "id"}


def test_the_page_leads_to_every_file_and_needs_nothing_else(batch: Batch) -> None:
    page = (batch.plan.reports / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', page)
    assert links and all((batch.plan.reports / link).is_file() for link in links)
    assert {link.rpartition("/")[0] for link in links} == {"", "rt-01", "rt-02", "rt-03", "rt-04", "rt-05", "rekap"}
    assert "<b>" not in page and "Judul &amp; &lt;b&gt;tanda&lt;/b&gt;" in page
    assert page.count("<script") == 1 and not re.search(r"https?://|src=", page)
    assert "default-src 'none'" in page and '<html lang="id">' in page
    assert words("id").text("verdict.improved.short") in page and ">28<" in page


def test_the_same_input_gives_the_same_bytes_with_any_number_of_workers(batch: Batch) -> None:
    files = {path: path.read_bytes() for path in batch.plan.reports.rglob("*") if path.is_file()}
    mended = replace(batch.plan, tasks=tuple(task for task in batch.plan.tasks if task.rt == "RT 01" or not task.rt))
    run(mended, ready())
    assert ledgers(batch.plan.reports) == batch.ledgers
    assert {path: path.read_bytes() for path in batch.plan.reports.rglob("*") if path.is_file()} == files


def test_a_second_run_into_the_same_folder_is_refused(batch: Batch) -> None:
    with FileLock(batch.plan.reports / ".lock"), pytest.raises(BaksosError, match="reports_busy"):
        run(batch.plan, local(1))


def test_a_folder_that_cannot_be_written_is_refused(batch: Batch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BaksosError, match="reports_not_writable"):
        run(replace(batch.plan, reports=tmp_path / "file" / "uji"), local(1))


def test_old_reports_show_as_old(batch: Batch) -> None:
    record = manifest.in_order(manifest.begin(batch.plan))
    fresh = index.page(batch.plan.study, record)
    assert words("id").text("index.is_stale") not in fresh and words("id").text("index.is_gone") not in fresh
    changed = record | {"inputs": record["inputs"] | {"pra.csv": "0" * 64}, "rts": ["RT 01", "RT 09"]}
    page = index.page(batch.plan.study, changed)
    for status, count in (("stale", 2), ("gone", 4), ("waiting", 1), ("done", 0)):
        assert page.count(f'<tr class="{status}"') == count, status


@pytest.mark.parametrize("text", ["", "{", "[]", '{"reports": 3}', '{"reports": {"x": {}}}', '{"reports": {"x": {"outputs": 1, "rt": ""}}}'])
def test_a_damaged_manifest_is_no_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    assert manifest.read(tmp_path) == {}


def test_a_worker_that_dies_takes_nobody_with_it(batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baksos_eval.batch.run.do", _die_for_rt_02)
    tasks = tuple(replace(task, reports=tmp_path / "r") for task in batch.plan.tasks[:3])
    outcomes = run(replace(batch.plan, reports=tmp_path / "r", tasks=tasks), local(2))
    assert [outcome.failed for outcome in outcomes] == [False, True, False]
    assert "BrokenProcessPool" in outcomes[1].problem[0]
    assert "BrokenProcessPool" in (tmp_path / "r" / "log" / "rt-02.txt").read_text(encoding="utf-8")


def _die_for_rt_02(task, work):  # in a worker process
    import os

    if task.rt == "RT 02":
        os._exit(9)
    return Outcome(task.rt, task.folder)


def test_an_unexpected_error_is_one_sentence_and_a_log_without_its_message(batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise LookupError("Budi Santoso")

    monkeypatch.setattr("baksos_eval.batch.task._execute", stumble)
    outcome = do(batch.plan.tasks[0], tmp_path / "w")
    assert outcome.failed and "LookupError" in outcome.problem[0] and "Budi" not in " ".join(outcome.problem)
    assert "LookupError" in outcome.log and "in stumble" in outcome.log
    assert "Budi" not in outcome.log.replace('raise LookupError("Budi Santoso")', "") and str(Path.home()) not in outcome.log


def test_a_writer_that_fails_leaves_the_other_files(batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import baksos_eval.batch.task as module

    def write(task, executed, work):
        (work / "evaluasi.ipynb").write_text("{}", encoding="utf-8")
        raise BaksosError("file_not_made", file="evaluasi.pdf")

    monkeypatch.setattr(module, "_write", write)
    outcome = do(replace(batch.plan.tasks[0], formats=("ipynb", "pdf")), tmp_path / "w")
    assert outcome.files == ("evaluasi.ipynb", "hasil.csv", "temuan.csv") and outcome.pairs == 28
    assert outcome.problem[0] == "Berkas evaluasi.pdf tidak jadi dibuat."
