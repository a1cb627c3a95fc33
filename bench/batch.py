"""Measures ways to run the RT notebook, side by side in one run: ``make bench`` (or ``python bench/batch.py --rts 40``).

Writes ``bench/results.json`` and the table in ``docs/KINERJA.md``. Only the ratios mean something on another machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])

from measured import put, table  # noqa: E402
from synthetic import write_study  # noqa: E402

JOBS = 2


def plain(template: str, study: str, rt: str, folder: str) -> None:
    """What everybody does: papermill with its own defaults."""
    import logging

    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)
    Path(folder).mkdir(parents=True)
    papermill.execute_notebook(template, f"{folder}/evaluasi.ipynb", {"study_folder": study, "rt": rt, "language": "id", "results_folder": folder},
                               kernel_name="python3", progress_bar=False)


def script(template: str, study: str, rt: str, folder: str) -> None:
    """The notebook's own code in a process that is ready: the limit."""
    import contextlib
    import io

    from IPython.core.formatters import DisplayFormatter

    from baksos_eval.report import notebook

    Path(folder).mkdir(parents=True)
    formatted = DisplayFormatter().format
    notebook.show = lambda *contents: [formatted(content) for content in _flat(contents)]
    names: dict[str, Any] = {}
    cells = [cell for cell in json.loads(Path(template).read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    with contextlib.redirect_stdout(io.StringIO()):
        for number, cell in enumerate(cells):
            exec(compile("".join(cell["source"]), "<cell>", "exec"), names)
            if number == 0:
                names |= {"study_folder": study, "rt": rt, "language": "id", "results_folder": folder}


def _flat(contents: Any) -> list[Any]:
    return [part for content in contents for part in _flat(content)] if isinstance(contents, tuple | list) else [] if contents is None else [contents]


def nbconvert(notebook: Path) -> None:
    """What everybody does with a finished notebook: a page of HTML."""
    subprocess.run([sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--log-level", "ERROR", str(notebook)], check=True)


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def each(executor: Executor, function: Callable[..., None], template: str, study: str, rts: list[str], folder: Path) -> None:
    """Does every RT and waits for all."""
    futures = [executor.submit(function, template, study, rt, str(folder / rt)) for rt in rts]
    for future in futures:
        future.result()


def kernel_start(provisioner: type | None) -> float:
    """Seconds from the order to start a kernel until it has answered its first request and made the imports of the notebook."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import KernelManager
    from jupyter_client.provisioning import KernelProvisionerFactory

    spec = KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], display_name="x", language="python")
    create = KernelProvisionerFactory.create_provisioner_instance
    manager = KernelManager(kernel_name="python3")
    manager._kernel_spec = spec
    if provisioner is not None:
        KernelProvisionerFactory.create_provisioner_instance = lambda _, kernel_id, kernel_spec, parent: provisioner(  # type: ignore[method-assign]
            kernel_id=kernel_id, kernel_spec=kernel_spec, parent=parent)
    try:
        start = time.perf_counter()
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        client.kernel_info()
        client.get_shell_msg(timeout=300)
        client.execute("from baksos_eval.evaluation.evaluate import evaluate\nfrom baksos_eval.report import figures, narrative, tables")
        client.get_shell_msg(timeout=300)
        return time.perf_counter() - start
    finally:
        KernelProvisionerFactory.create_provisioner_instance = create  # type: ignore[method-assign]
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def own_memory() -> float:
    """Megabytes that this process shares with nobody."""
    import psutil

    return psutil.Process().memory_full_info().uss / 2**20


def ledgers(folder: Path, names: list[str]) -> list[list[list[str]]]:
    """The ledgers of the RTs in their order, to see that every way has computed the same."""
    found = []
    for name in names:
        with (folder / name / "hasil.csv").open(encoding="utf-8", newline="") as file:
            found.append(list(csv.reader(file)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rts", type=int, default=8, help="how many RTs each parallel way runs")
    parser.add_argument("--loop", type=int, default=3, help="how many RTs plain papermill runs one after the other")
    parser.add_argument("--starts", type=int, default=5, help="how many kernels are started either way")
    given = parser.parse_args()

    from baksos_eval.batch.children import Forks
    from baksos_eval.batch.executors import WarmExecutor, warm
    from baksos_eval.batch.kernels import WarmProvisioner
    from baksos_eval.batch.plan import plan
    from baksos_eval.batch.run import run
    from baksos_eval.batch.template import RT_NOTEBOOK, template_path
    from baksos_eval.study.study import open_study

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    with tempfile.TemporaryDirectory(prefix="bench ") as name:
        root = Path(name)
        source = write_study(root / "data", given.rts, people=40, items=20)
        template, study = str(template_path(RT_NOTEBOOK, "id")), str(source)
        made = plan(open_study(source), source, root / "reports", formats=("ipynb",))
        made = replace(made, tasks=made.tasks[:-1])     # without the recap
        rts = list(made.rts)
        took: dict[str, float] = {}

        loop = [seconds(lambda rt=rt: plain(template, study, rt, str(root / "loop" / rt))) for rt in rts[:given.loop]]
        took["papermill satu per satu"] = statistics.median(loop)
        with ProcessPoolExecutor(JOBS, mp_context=get_context("spawn")) as pool:
            took["papermill, kumpulan 2 proses"] = seconds(lambda: each(pool, plain, template, study, rts, root / "pool")) / len(rts)

        executor = warm(JOBS, source, "id")
        done: list[Any] = []
        with executor._source.child() as ready:       # the start of the server is measured by itself
            start = seconds(lambda: ready.call(os.getpid))
        took["baksos run, siap pakai, 2 sekaligus"] = seconds(lambda: done.extend(run(made, executor))) / len(rts)
        assert not any(outcome.failed for outcome in done), [outcome.problem for outcome in done]

        whole = plan(open_study(source), source, root / "whole")
        whole, outcomes = replace(whole, tasks=whole.tasks[:-1]), []
        executor = warm(JOBS, source, "id")
        with executor._source.child() as ready:
            ready.call(os.getpid)
        products = seconds(lambda: outcomes.extend(run(whole, executor))) / len(rts)
        assert not any(outcome.failed for outcome in outcomes), [outcome.problem for outcome in outcomes]
        converted = statistics.median(seconds(lambda rt=rt: nbconvert(root / "loop" / rt / "evaluasi.ipynb")) for rt in rts[:given.loop])

        forks = Forks(source, "id")
        limit = WarmExecutor(JOBS, forks)
        with forks.child() as ready:
            extra = ready.call(own_memory)
        took["naskah biasa dalam proses siap pakai, 2 sekaligus (batas)"] = seconds(lambda: each(limit, script, template, study, rts, root / "limit")) / len(rts)
        limit.shutdown()

        folders = [task.folder for task in made.tasks]
        reference = ledgers(root / "limit", rts)
        assert ledgers(root / "pool", rts) == reference and ledgers(root / "reports" / "sintetis", folders) == reference, "the ways differ in their results"

        kernel_start(WarmProvisioner)  # starts the server
        starts = {kind: statistics.median(kernel_start(provisioner) for _ in range(given.starts)) for kind, provisioner in
                  (("cold", None), ("warm", WarmProvisioner))}
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(_import_all).result()
            cold = pool.submit(own_memory).result()

    mine = took["baksos run, siap pakai, 2 sekaligus"]
    results = {
        "machine": {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count(), "load_before": load},
        "rts": given.rts, "seconds_per_rt": took, "server_start_seconds": start, "kernel_start_seconds": starts,
        "own_memory_mb": {"forked": extra, "cold": cold},
        "products_seconds_per_rt": {"ipynb, docx, pdf, html": products, "papermill and nbconvert html": took["papermill satu per satu"] + converted},
        "ratios": {name: value / mine for name, value in took.items()} | {"kernel start, cold to warm": starts["cold"] / starts["warm"], "memory, forked to cold": extra / cold},
    }
    (ROOT / "bench" / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    rows = [[name, _number(value), f"{_number(value / mine)} ×"] for name, value in took.items()]
    put("bench", [f"{given.rts} RT, 40 orang, 20 butir; {os.cpu_count()} inti, beban mesin sebelum mulai {_number(load)}; Python {platform.python_version()}.", "",
                  *table(["cara menjalankan notebook RT", "detik per RT", "dibanding `baksos run`"], rows), "",
                  *table(["lainnya", "hasil"], [
                      ["kernel sampai jawaban pertama (dengan impor): biasa", f"{_number(starts['cold'])} detik"],
                      ["kernel sampai jawaban pertama: `baksos kernel install`", f"{_number(starts['warm'])} detik ({_number(starts['cold'] / starts['warm'])} kali lebih cepat)"],
                      ["ipynb, docx, pdf, html dan tabel tiap RT: `baksos run`", f"{_number(products)} detik"],
                      ["hanya HTML: papermill satu per satu, lalu nbconvert", f"{_number(took['papermill satu per satu'] + converted)} detik "
                       f"({_number((took['papermill satu per satu'] + converted) / products)} kali lebih lama)"],
                      ["persiapan sekali pada awal `baksos run`", f"{_number(start)} detik"],
                      ["memori sendiri per pekerja tambahan", f"{_number(extra)} MB; proses biasa dengan impor yang sama {_number(cold)} MB"]])])
    print(json.dumps(results, indent=1, ensure_ascii=False))


def _import_all() -> None:
    from baksos_eval.batch.warming import warm_up

    warm_up()


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


if __name__ == "__main__":
    from bench.batch import main as measure  # under a name by which other processes find its functions

    measure()
