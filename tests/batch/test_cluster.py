"""A run on a real Dask cluster: a scheduler and two workers as processes of their own, on this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from baksos_eval.batch import cluster
from baksos_eval.batch.cluster import connect
from baksos_eval.batch.executors import warm
from baksos_eval.batch.manifest import NAME
from baksos_eval.batch.plan import Plan, plan
from baksos_eval.batch.run import run
from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study
from tests.batch.small import write_notebooks, write_study

ROOT = Path(__file__).parents[2]
RTS = tuple(f"RT {number:02d}" for number in range(1, 41))
MIDWAY = len(RTS) // 3
try:
    import distributed
except ImportError:
    distributed = None
needs_dask = pytest.mark.skipif(distributed is None, reason='the cluster was NOT tried: distributed is not installed (pip install "baksos-eval[cluster]")')
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


class Cluster:
    """A scheduler and its workers, as ``dask scheduler`` and ``dask worker`` start them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.start("dask_scheduler", "--host", "127.0.0.1", "--port", self.address.rpartition(":")[2], "--no-dashboard")

    def start(self, command: str, *arguments: str) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        self.processes.append(subprocess.Popen([sys.executable, "-m", f"distributed.cli.{command}", *arguments], cwd=self.folder, stdout=subprocess.DEVNULL,
                                               stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": paths}))
        return self.processes[-1]

    def worker(self, name: str) -> subprocess.Popen[bytes]:
        return self.start("dask_worker", self.address, "--name", name, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder))

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait(30)


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "dask"
    folder.mkdir()
    started = Cluster(folder)
    yield started
    started.stop()


def made_plan(root: Path, out: str) -> Plan:
    folder = root / "data bersama" / "uji"
    if not folder.exists():
        write_study(folder, RTS)
        write_notebooks(root / "notebooks")
    return plan(open_study(folder), folder, root / out, formats=("ipynb",), notebooks=root / "notebooks")


def published(plan_: Plan) -> dict[str, bytes]:
    return {path.relative_to(plan_.reports).as_posix(): path.read_bytes() for path in plan_.reports.rglob("*") if path.is_file() and path.name not in (NAME, ".lock")}


@needs_dask
@pytest.mark.skipif(sys.platform == "win32", reason="kills a process as only POSIX can")
def test_a_worker_is_lost_and_all_complete_with_the_same_bytes_as_here(tmp_path: Path, dask: Cluster, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 120)
    here = made_plan(tmp_path, "here")
    assert not any(outcome.failed for outcome in run(here, warm(2)))
    workers = {name: dask.worker(name) for name in ("satu", "dua")}
    there = made_plan(tmp_path, "there")
    executor = connect(dask.address, there.source, there.reports)
    executor._client.wait_for_workers(2, timeout=120)
    seen, lost = [], []

    def lose_one(outcome) -> None:
        seen.append(outcome.worker)
        if len(seen) == MIDWAY:
            lost.append("dua" if outcome.worker == "satu" else "satu")     # the other one is in the middle of something
            os.kill(workers[lost[0]].pid, signal.SIGKILL)

    outcomes = run(there, executor, lose_one)
    assert len(lost) == 1 and not any(outcome.failed for outcome in outcomes)
    assert len(seen) == len(RTS) + 1 and not [name for name in seen if name not in workers]
    assert published(there) == published(here)
    assert not [path.name for path in there.reports.iterdir() if path.name.startswith((".work", ".seen", ".receipts"))]
    record = json.loads((there.reports / NAME).read_text(encoding="utf-8"))
    assert {entry["worker"] for entry in record["reports"].values()} <= {"satu", "dua"} and len(record["reports"]) == len(RTS) + 1
    assert record["reports"][outcomes[0].folder]["worker"] == outcomes[0].worker
    local = json.loads((here.reports / NAME).read_text(encoding="utf-8"))
    assert all("worker" not in entry for entry in local["reports"].values())
    for entry in record["reports"].values():
        del entry["worker"]
    assert record == local


@needs_dask
def test_a_cluster_without_workers_and_workers_of_another_version_are_refused(tmp_path: Path, dask: Cluster, monkeypatch: pytest.MonkeyPatch):
    made = made_plan(tmp_path, "there")
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 120)
    monkeypatch.setattr(cluster, "SECONDS_FOR_WORKERS", 2)
    with pytest.raises(BaksosError, match="cluster_empty"):
        connect(dask.address, made.source, made.reports)
    dask.worker("satu")
    monkeypatch.setattr(cluster, "SECONDS_FOR_WORKERS", 120)
    monkeypatch.setattr(cluster, "source_digest", lambda: "another")
    with pytest.raises(BaksosError, match="cluster_other_version") as caught:
        connect(dask.address, made.source, made.reports)
    assert len(caught.value.details["workers"]) == 1
    assert not list(made.reports.glob(".seen*"))


@pytest.mark.parametrize("difference", ("another study", "reports are not seen", "nothing"))
def test_workers_that_do_not_see_our_folders_are_named(tmp_path: Path, difference: str):
    made = made_plan(tmp_path, "there")
    elsewhere = write_study(tmp_path / "lain" / "uji", RTS[:1])

    class Client:
        """Two workers, of which the second sees other things."""

        def wait_for_workers(self, *_: object, **__: object) -> None:
            """They are there."""

        def run(self, function, source: Path, token: Path) -> dict:
            assert token.is_file()
            other = {"another study": (elsewhere, token), "reports are not seen": (source, tmp_path / "x" / token.name), "nothing": (source, token)}[difference]
            return {"tcp://a": function(source, token), "tcp://b": function(*other)}

    if difference == "nothing":
        cluster._examine(Client(), "tcp://x", made.source, made.reports)
    else:
        with pytest.raises(BaksosError, match="cluster_other_folder") as caught:
            cluster._examine(Client(), "tcp://x", made.source, made.reports)
        assert caught.value.details["workers"] == ("tcp://b",)
    assert not list(made.reports.glob(".seen*"))


def test_what_is_missing_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = []
    for address in ("s3://ember/laporan", "https://contoh.invalid/x"):
        with pytest.raises(BaksosError) as caught:
            connect("tcp://127.0.0.1:1", tmp_path, Path(address))
        found.append(caught.value)
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "distributed", None)
        with pytest.raises(BaksosError) as caught:
            connect("tcp://127.0.0.1:1", tmp_path, tmp_path)
        found.append(caught.value)
    assert [error.code for error in found] == ["cluster_needs_folder", "cluster_needs_folder", "cluster_not_installed"]
    for language in LANGUAGES:
        assert all(len(describe(error, words(language))) >= 2 for error in found)


@needs_dask
def test_a_scheduler_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 1)
    start = time.monotonic()
    for address in ("tcp://127.0.0.1:1", "bukan alamat", ""):
        with pytest.raises(BaksosError, match="cluster_unreachable"):
            connect(address, tmp_path, tmp_path / "reports")
    assert time.monotonic() - start < 60
