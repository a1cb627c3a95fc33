"""The recap of a run reads the ledgers of its RTs, and says the same to the last byte as from the answers."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from baksos_eval.batch import manifest
from baksos_eval.batch import run as running
from baksos_eval.batch.executors import warm
from baksos_eval.batch.plan import RECAP, Plan, Task, plan
from baksos_eval.batch.publish import digest
from baksos_eval.batch.task import Outcome, do
from baksos_eval.evaluation import recap
from baksos_eval.evaluation.recap import ListedLedger
from baksos_eval.study.study import open_study
from tests.batch.ready import ready
from tests.batch.small import write_notebooks, write_study
from tests.evaluation.test_programme import PERSONS
from tests.studies import grouped_study, invented_persons


def with_one_that_fails(folder: Path) -> Path:
    """Three RTs where persons are compared; nobody in the last had the programme, so that there is nothing to evaluate."""
    sizes = [(rt, arm, 7) for rt in ("RT 01", "RT 02") for arm in "EC"]
    return grouped_study(folder, invented_persons([*sizes, ("RT 03", "C", 6)]), PERSONS).folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    root = tmp_path_factory.mktemp("ledgers")
    folder = with_one_that_fails(root / "data")
    whole = plan(open_study(folder), folder, root / "reports", formats=["ipynb"])
    running.run(whole, warm(2, folder))
    return whole


def recap_of(plan: Plan) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (plan.reports / RECAP).iterdir()}


def done_again(plan: Plan, work: Path, ledgers: tuple[ListedLedger, ...]) -> tuple[Outcome, dict[str, bytes]]:
    task = next(task for task in plan.tasks if task.kind == "recap")
    outcome = do(replace(task, ledgers=ledgers), work)
    return outcome, {name: (work / name).read_bytes() for name in outcome.files}


def test_the_recap_is_the_same_to_the_byte_from_ledgers_and_from_answers(made: Plan, tmp_path: Path):
    record = manifest.read(made.reports)
    listed = manifest.current_ledgers(record, made)
    assert [(one.rt, bool(one.file)) for one in listed] == [("RT 01", True), ("RT 02", True), ("RT 03", False)]
    outcome, files = done_again(made, tmp_path / "answers", ())
    assert not outcome.failed and files == recap_of(made)
    assert b"ledgers.json" not in files["rekap.ipynb"] and "RT 03" in files["hasil.csv"].decode()


def test_a_ledger_counts_only_as_it_was_written(made: Plan, tmp_path: Path):
    ledger = made.reports / "rt-01" / "hasil.csv"
    forged = tmp_path / "hasil.csv"
    text = ledger.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if ",rating.total,,mean_change,change," in line)
    forged.write_text(text.replace(row, "uji,RT 01,programme,rating.total,,mean_change,change,1.2345678,"), encoding="utf-8")
    other = next(one for one in manifest.current_ledgers(manifest.read(made.reports), made) if one.rt == "RT 02")
    listed = (ListedLedger("RT 01", forged.as_posix(), digest(forged)), other, ListedLedger("RT 03"))
    read, was_read = done_again(made, tmp_path / "read", listed)
    _, was_not = done_again(made, tmp_path / "not", (listed[0]._replace(digest=digest(ledger)), *listed[1:]))
    assert not read.failed and b"1.2345678" in was_read["hasil.csv"]
    assert was_not == recap_of(made)
    _, of_another = done_again(made, tmp_path / "another", (listed[0]._replace(file=other.file, digest=other.digest), *listed[1:]))
    assert of_another == recap_of(made)


@pytest.mark.parametrize("harm", ["nothing", "a ledger is edited", "a ledger is lost"])
def test_a_recap_made_again_alone_is_the_same(made: Plan, tmp_path: Path, harm: str):
    again = replace(made, reports=tmp_path / "uji", tasks=tuple(replace(task, reports=tmp_path / "uji") for task in made.tasks if task.kind == "recap"))
    shutil.copytree(made.reports, again.reports)
    ledger = again.reports / "rt-02" / "hasil.csv"
    if harm == "a ledger is edited":
        ledger.write_text(ledger.read_text(encoding="utf-8").replace(",improved\n", ",worsened\n").replace(",no_evidence\n", ",worsened\n"), encoding="utf-8")
        assert ledger.read_bytes() != (made.reports / "rt-02" / "hasil.csv").read_bytes()
    if harm == "a ledger is lost":
        ledger.unlink()
    before = recap_of(again)
    (again.reports / RECAP / "hasil.csv").unlink()
    outcome, = running.run(again, ready())
    after = recap_of(again)
    assert not outcome.failed and after["hasil.csv"] == before["hasil.csv"]


@pytest.mark.parametrize("spoil", ["status", "made_from", "outputs"])
def test_a_report_that_failed_or_is_out_of_date_lends_no_ledger(made: Plan, spoil: str):
    record = manifest.read(made.reports)
    assert manifest.current_ledgers(record, made)[0].file
    record["reports"]["rt-01"][spoil] = {"status": "failed", "made_from": "of old", "outputs": {"hasil (2).csv": "x"}}[spoil]
    assert manifest.current_ledgers(record, made)[0] == ListedLedger("RT 01")
    assert manifest.current_ledgers(record, made)[1].file


class Stalling(ThreadPoolExecutor):
    """Loses the first RT it is given, so that this must be done again by itself."""

    def __init__(self, loses: bool) -> None:
        super().__init__(4)
        self.loses = loses

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def, override]
        if self.loses and args[0].kind == "rt":
            self.loses = False
            lost: Future[Outcome] = Future()
            lost.set_exception(BrokenExecutor("gone"))
            return lost
        return super().submit(fn, *args, **kwargs)


@pytest.mark.parametrize("loses", [False, True])
def test_the_recap_begins_when_every_rt_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loses: bool):
    folder = write_study(tmp_path / "data", tuple(f"RT {number:02d}" for number in range(1, 9)))
    whole = plan(open_study(folder), folder, tmp_path / "reports", formats=["ipynb"], notebooks=write_notebooks(tmp_path / "notebooks"))
    seen: list[tuple[ListedLedger, ...]] = []
    slow = threading.Event()

    def pretend(task: Task, work: Path) -> Outcome:
        work.mkdir(parents=True)
        slow.wait(0.02)
        if task.kind == "recap":
            assert all(digest(Path(one.file)) == one.digest for one in task.ledgers)
            seen.append(task.ledgers)
        for name in task.files:
            (work / name).write_text(task.rt, encoding="utf-8")
        return Outcome(task.rt, task.folder, task.files, 1)

    monkeypatch.setattr(running, "do", pretend)
    outcomes = running.run(whole, Stalling(loses))
    assert not [outcome for outcome in outcomes if outcome.failed]
    (listed,) = seen
    assert [one.rt for one in listed] == list(whole.rts)


def test_a_notebook_of_ones_own_that_knows_no_ledgers_gets_none(tmp_path: Path):
    folder = write_study(tmp_path / "data")
    whole = plan(open_study(folder), folder, tmp_path / "reports", formats=["ipynb"], notebooks=write_notebooks(tmp_path / "notebooks"))
    assert not [outcome for outcome in running.run(whole, ready()) if outcome.failed]
    assert "ledgers_folder" not in (whole.reports / RECAP / "rekap.ipynb").read_text(encoding="utf-8")


def test_the_list_of_ledgers_is_read_as_it_was_written(tmp_path: Path):
    listed = (ListedLedger("RT 01", "C:/Pengabdian é/hasil.csv", "ab"), ListedLedger("RT 02"))
    recap.write_list(tmp_path / recap.LIST, listed)
    assert tuple(recap.read_list(tmp_path / recap.LIST)) == listed
    assert len(json.loads((tmp_path / recap.LIST).read_text(encoding="utf-8"))) == 2
