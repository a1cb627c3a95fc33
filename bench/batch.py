"""Measures ways to run the RT notebook, side by side in one run: ``make bench`` (or ``python bench/batch.py --rts 40``).

Writes ``bench/results.json``, the table in ``docs/KINERJA.md`` and the READMEs' chart. Only the ratios mean something on another machine.
R Markdown is measured where R, its package rmarkdown and pandoc are.
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
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])

from measured import put, table  # noqa: E402
from synthetic import write_study  # noqa: E402

from bench import chart, rmarkdown  # noqa: E402

JOBS = 2
ROUNDS = 3


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


def measure_runs(root: Path, rts: int, products: int, in_a_loop: int) -> dict[str, float]:
    """Seconds per RT of every way to run the notebook, and of every way to all its files; seconds and megabytes of what is ready.

    Raises:
        AssertionError: an RT failed, or the ways differ in their results.
    """
    from baksos_eval.batch.children import Forks
    from baksos_eval.batch.executors import WarmExecutor, warm
    from baksos_eval.batch.plan import Task, plan
    from baksos_eval.batch.run import run
    from baksos_eval.batch.template import RT_NOTEBOOK, template_path
    from baksos_eval.study.study import open_study

    source = write_study(root / "data", max(rts, products), people=40, items=20)
    template, study, took = str(template_path(RT_NOTEBOOK, "id")), str(source), {}

    def ours(formats: tuple[str, ...], count: int, out: Path) -> tuple[float, list[Task]]:
        """Seconds per RT from a server that is ready, and the tasks."""
        made = plan(open_study(source), source, out, formats=formats)
        made = replace(made, tasks=made.tasks[:count])
        executor, done = warm(JOBS, source, "id"), []
        with executor._source.child() as ready:       # the start of the server is measured by itself
            took["server"] = seconds(lambda: ready.call(os.getpid))
        spent = seconds(lambda: done.extend(run(made, executor))) / count
        assert not any(outcome.failed for outcome in done), [outcome.problem for outcome in done]
        return spent, list(made.tasks)

    def bare(out: Path) -> tuple[float, float]:
        """Seconds per RT of the notebook's code alone: in a ready process of its own for each, and in two that are used on."""
        forks = Forks(source, "id")
        with forks.child() as ready:
            took["memory_forked"] = ready.call(own_memory)

        def afresh(rt: str) -> None:
            with forks.child() as fresh:
                fresh.call(script, template, study, rt, str(out / "limit" / rt))

        with ThreadPoolExecutor(JOBS) as pool:
            alone = seconds(lambda: list(pool.map(afresh, names)))
        again = WarmExecutor(JOBS, forks)
        reused = seconds(lambda: each(again, script, template, study, names, out / "reused"))
        again.shutdown()
        return alone / rts, reused / rts

    names = [task.rt for task in plan(open_study(source), source, root).tasks[:rts]]
    rounds = []
    for number in range(ROUNDS):        # by turns: the speed of a machine changes within minutes
        spent, tasks = ours(("ipynb",), rts, root / "reports" / str(number))
        rounds.append((spent, *bare(root / "bare" / str(number))))
    took |= zip(("ours", "limit", "limit_reused"), map(statistics.median, zip(*rounds, strict=True)), strict=True)
    took["loop"] = statistics.median([seconds(lambda rt=rt: plain(template, study, rt, str(root / "loop" / rt))) for rt in names[:in_a_loop]])
    with ProcessPoolExecutor(JOBS, mp_context=get_context("spawn")) as pool:
        took["pool"] = seconds(lambda: each(pool, plain, template, study, names, root / "pool")) / rts
    took["products"], _ = ours(("ipynb", "docx", "pdf", "html"), products, root / "whole")
    converted = statistics.median([seconds(lambda rt=rt: nbconvert(root / "loop" / rt / "evaluasi.ipynb")) for rt in names[:in_a_loop]])
    took["loop_html"] = took["loop"] + converted

    reference = ledgers(root / "bare" / "0" / "limit", names)
    assert ledgers(root / "pool", names) == reference and ledgers(root / "reports" / "0" / "sintetis", [task.folder for task in tasks]) == reference, \
        "the ways differ in their results"
    return took


def measure_kernels(starts: int) -> dict[str, float]:
    """Seconds until a kernel has answered, cold and warm, and the megabytes of a process with the same imports."""
    from baksos_eval.batch.kernels import WarmProvisioner

    kernel_start(WarmProvisioner)  # starts the server
    took = {name: statistics.median(kernel_start(provisioner) for _ in range(starts)) for name, provisioner in (("kernel_cold", None), ("kernel_warm", WarmProvisioner))}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(_import_all).result()
        took["memory_cold"] = pool.submit(own_memory).result()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rts", type=int, default=8, help="how many RTs each parallel way runs")
    parser.add_argument("--products", type=int, default=8, help="how many RTs get all their files")
    parser.add_argument("--loop", type=int, default=3, help="how many RTs plain papermill runs one after the other")
    parser.add_argument("--starts", type=int, default=5, help="how many kernels are started either way")
    given = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    r = rmarkdown.measure(min(given.rts, 10))
    with tempfile.TemporaryDirectory(prefix="bench ") as name:
        took = measure_runs(Path(name), given.rts, given.products, given.loop) | measure_kernels(given.starts)

    goals = [
        ("waktu per RT", "papermill satu per satu", "≥ 10 kali lebih cepat", took["loop"] / took["ours"], took["loop"], took["ours"]),
        ("waktu per RT", f"papermill, kumpulan {JOBS} proses", "≥ 4 kali lebih cepat", took["pool"] / took["ours"], took["pool"], took["ours"]),
        ("waktu per RT", f"kode notebook saja, proses siap pakai yang baru tiap RT, {JOBS} sekaligus", "≤ 1,2 kali waktunya", took["ours"] / took["limit"], took["limit"], took["ours"]),
        ("waktu per RT", f"kode notebook saja, {JOBS} proses yang dipakai terus, tanpa isolasi", "≤ 1,2 kali waktunya", took["ours"] / took["limit_reused"], took["limit_reused"], took["ours"]),
        ("kernel sampai jawaban pertama", "kernel biasa dengan impor yang sama", "≥ 20 kali lebih cepat", took["kernel_cold"] / took["kernel_warm"], took["kernel_cold"], took["kernel_warm"]),
        ("memori sendiri per pekerja tambahan (MB)", "proses biasa dengan impor yang sama", "< 0,5 kali", took["memory_forked"] / took["memory_cold"], took["memory_cold"], took["memory_forked"]),
        (f"ipynb, docx, pdf, html tiap RT ({given.products} RT)", "hanya HTML: papermill satu per satu, lalu nbconvert", "≥ 5 kali lebih cepat", took["loop_html"] / took["products"], took["loop_html"], took["products"]),
    ]
    if r:
        goals.insert(3, ("waktu CPU per RT, ipynb dan docx", "R Markdown ke Word, satu sesi R yang hangat", "≤ 1 kali waktunya", r["ours"] / r["theirs"], r["theirs"], r["ours"]))
    rows = [[what, against, goal, f"**{_number(ratio)}**", _number(theirs), _number(mine)] for what, against, goal, ratio, theirs, mine in goals]
    lines = [f"{given.rts} RT, 40 orang, 20 butir; {JOBS} sekaligus, {os.cpu_count()} inti, beban mesin sebelum mulai {_number(load)}; Python {platform.python_version()}.", "",
             *table(["apa", "dibanding", "sasaran", "hasil", "pembanding", "baksos-eval"], rows), "",
             f"Persiapan sekali pada awal `baksos run`: {_number(took['server'])} detik." + ("" if r else " R tidak ada di komputer ini, jadi R Markdown tidak diukur.")]
    results = {
        "machine": {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count(), "load_before": load},
        "rts": given.rts, "products_rts": given.products, "measured": took, "rmarkdown_cpu_seconds_per_rt": r,
        "ratios": [{"what": what, "against": against, "goal": goal, "ratio": ratio} for what, against, goal, ratio, _, _ in goals],
    }
    (ROOT / "bench" / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    put("bench", lines)
    chart.draw(took, given.rts)
    print("\n".join(lines))


def _import_all() -> None:
    from baksos_eval.batch.warming import warm_up

    warm_up()


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


if __name__ == "__main__":
    from bench.batch import main as measure  # under a name by which other processes find its functions

    measure()
