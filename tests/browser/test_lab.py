"""A lecturer's way in a real browser: JupyterLab as ``make lab`` starts it, the panel, Run All, the page without code, the index of reports."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from .chromium import Page, find_browser, open_browser

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "data" / "contoh"
UPLOADS = [EXAMPLE / "Kuesioner Awal RT 04 (Jawaban).csv", EXAMPLE / "Kuesioner Akhir RT 04 (Jawaban).csv"]
IDLE_FOR_A_WHILE = """(() => {
  const status = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator')?.dataset.status;
  if (status !== 'idle') { window.idleSince = null; return false; }
  window.idleSince = window.idleSince || Date.now();
  return Date.now() - window.idleSince > 2000; })()"""
AS_ROOT = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
PICTURES = os.environ.get("BAKSOS_PICTURES")
"""A folder for screenshots, for somebody who wants to look at them."""

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def browser() -> str:
    found = find_browser()
    if not found:
        pytest.skip("no Chromium here: the notebooks and the panel are not tried in a browser")
    return found


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a fresh clone: notebooks, and a place for data."""
    folder = tmp_path_factory.mktemp("kerja") / "baksos eval"
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "baksos_eval" / "start" / "jupyterlab", folder / "baksos_eval" / "start" / "jupyterlab")
    (folder / "data").mkdir()
    return folder


def recipe(target: str) -> list[str]:
    """What the Makefile does for a target, after the name of Python."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    line = re.search(rf"^{target}:.*\n\t\$\(python\) (.*)$", makefile, re.MULTILINE)
    values = dict(re.findall(r"^(\w+) := (.*)$", makefile, re.MULTILINE))
    assert line, target
    return shlex.split(re.sub(r"\$\((\w+)\)", lambda name: values[name[1]], line[1]))


@contextlib.contextmanager
def serving(target: str, folder: Path, home: Path, *options: str, path: str) -> Iterator[str]:
    """The address of a server that ``make`` would start, until it is no longer needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(home / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    environment = os.environ | own | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    log = (home / f"{target}.txt").open("w", encoding="utf-8")
    process = subprocess.Popen([sys.executable, *recipe(target), "--no-browser", f"--port={port}", *options], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert process.poll() is None, (home / f"{target}.txt").read_text(encoding="utf-8")
            try:
                with urllib.request.urlopen(address + path, timeout=60):
                    break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def keep(page: Page, name: str) -> None:
    if PICTURES:
        page.picture(Path(PICTURES) / f"{name}.png")


def run_all(page: Page) -> None:
    """Run, Run All Cells, by the menu."""
    page.evaluate("window.idleSince = null")
    page.wait("document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell')")
    page.wait("!document.querySelector('#jupyterlab-splash')")
    page.wait(IDLE_FOR_A_WHILE)  # the kernel is idle for a moment before JupyterLab is connected to it
    last = "[...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt')].pop().innerText.trim()"
    for _ in range(10):  # while JupyterLab is still settling a menu may close by itself
        with contextlib.suppress(AssertionError):
            page.click(".lm-MenuBar-itemLabel", "Run")
            page.click(".lm-Menu-item[data-command='runmenu:run-all']", seconds=3)
            page.wait(f"/[0-9*]/.test({last})", 5)
            time.sleep(1)
            page.wait(f"/[0-9*]/.test({last})", 1)
            return
    raise AssertionError(f"Run All Cells had no effect\n{page.text()[-2000:]}")


def result_in(notebook: Path, page: Page) -> tuple[str, int]:
    """The beginning of the verdict in a notebook that is saved once it has run, and how many figures it has."""
    page.wait("!document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-InputPrompt')?.innerText.includes('*')", 120)
    page.wait(IDLE_FOR_A_WHILE, 120)
    page.click(".jp-NotebookPanel:not(.lm-mod-hidden) jp-button[data-command='docmanager:save'], .jp-NotebookPanel:not(.lm-mod-hidden) [data-jp-item-name='save'] jp-button")
    shown: list[dict] = []
    for _ in range(150):
        with contextlib.suppress(ValueError):  # it is just being written
            cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            shown = [output["data"] for cell in cells if cell["cell_type"] == "code" for output in cell["outputs"] if "data" in output]
        if shown:
            break
        time.sleep(0.2)
    texts = [data["application/vnd.baksos.text.v1+json"] for data in shown if "application/vnd.baksos.text.v1+json" in data]
    verdict = next(text["markdown"] for text in texts if text["role"] == "verdict")
    return re.split(r"[*_\u00a0~^$]", verdict.strip("*"))[0].strip()[:60], sum("application/vnd.baksos.figure.v1+json" in data for data in shown)


def errors(page: Page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll(\"[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']\")].map(e => e.innerText)")


def test_a_lecturer_goes_from_two_files_to_a_result_in_both_languages(browser: str, workshop: Path, tmp_path: Path):
    study = workshop / "data" / "studi-saya"
    with serving("lab", workshop, tmp_path, "--IdentityProvider.token=uji", *AS_ROOT, path="/api") as address, open_browser(browser) as page:
        first = next(part.partition("=")[2] for part in recipe("lab") if part.startswith("--LabApp.default_url="))
        page.open(f"{address}{first}?token=uji")
        run_all(page)
        page.wait_for("Buat folder studi")
        page.click("button", "Buat folder studi")
        page.wait_for("siap. Berikutnya: unggah")
        page.upload("button", "Unggah berkas", UPLOADS)
        page.wait_for("2 berkas disalin")
        page.wait_for("36 dari 36 butir")
        page.wait_for("hal harus diperbaiki")
        keep(page, "panel-usulan")
        page.click("button", "Terima semua usulan")
        page.wait_for("Siap. Notebook 02 akan menampilkan RT 04")
        written = tomllib.loads((study / "study.toml").read_text(encoding="utf-8"))
        assert [(entry["file"], entry["wave"]) for entry in written["files"]] == [(UPLOADS[0].name, "pre"), (UPLOADS[1].name, "post")]
        assert (study / UPLOADS[0].name).read_bytes() == UPLOADS[0].read_bytes()
        page.choose("Tampilkan lebih dulu", "RT 04")
        keep(page, "panel-siap")
        assert errors(page) == []

        former = ""
        page.click("a", "02_evaluasi_rt.ipynb")
        page.wait("location.pathname.endsWith('/studi-saya/notebooks/02_evaluasi_rt.ipynb')")
        for language, path in (("id", "02_evaluasi_rt.ipynb"), ("en", "en/02_evaluasi_rt.ipynb")):
            if language == "en":
                page.open(f"{address}/lab/tree/data/studi-saya/notebooks/{path}")
                page.wait("location.pathname.includes('/en/') && document.querySelector('.jp-NotebookPanel')")
            run_all(page)
            verdict, figures = result_in(study / "notebooks" / path, page)
            assert figures >= 3 and verdict != former and errors(page) == []
            former = verdict
            page.evaluate("document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer').scrollTo(0, 600)")
            page.wait(f"document.body.innerText.includes({json.dumps(verdict)})")
            keep(page, f"ringkasan-{language}")
            page.evaluate("document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output img').scrollIntoView({block: 'center'})")
            page.wait("[...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output img')].some(e => e.naturalWidth > 300)")
            keep(page, f"gambar-{language}")
        assert not [url for url in page.asked if url.startswith("http") and not url.startswith(address)]


def test_the_page_without_code_does_the_same(browser: str, workshop: Path, tmp_path: Path):
    if find_spec("voila") is None:
        pytest.skip("voila is not installed (the extra [voila]): the page without code is not tried")
    shutil.rmtree(workshop / "data" / "studi-saya", ignore_errors=True)
    with serving("voila", workshop, tmp_path, path="/voila/static/voila.js") as address, open_browser(browser) as page:
        page.open(address)
        page.wait_for("Buat folder studi")
        assert "from baksos_eval" not in page.text()
        page.click("button", "Buat folder studi")
        page.wait_for("siap. Berikutnya: unggah")
        page.upload("button", "Unggah berkas", UPLOADS)
        page.wait_for("hal harus diperbaiki")
        page.click("button", "Terima semua usulan")
        page.wait_for("Siap. Notebook 02 akan menampilkan RT 04")
        keep(page, "voila")
        page.evaluate("1")
        assert not [url for url in page.answered if url.startswith("http") and not url.startswith(address)], "the page asks nobody else"
    assert (workshop / "data" / "studi-saya" / "study.toml.bak").is_file()


def test_the_index_leads_to_a_report_with_its_verdict(browser: str, tmp_path: Path):
    done = subprocess.run([sys.executable, "-m", "baksos_eval", "run", str(EXAMPLE), "--rt", "RT 04", "--format", "html", "--out", str(tmp_path)], cwd=ROOT,
                          capture_output=True, text=True, encoding="utf-8", env=os.environ | {"PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    with open_browser(browser) as page:
        page.open((tmp_path / "contoh" / "index.html").as_uri())
        page.wait_for("RT 04")
        keep(page, "index")
        verdict = page.evaluate("[...document.querySelectorAll('tr')].find(e => e.innerText.includes('RT 04')).innerText")
        assert "Pengetahuan tentang COVID-19" in verdict
        page.click("tr a", "HTML" if "HTML" in verdict else "")
        page.wait("document.images.length > 0 && [...document.images].every(e => e.naturalWidth > 300)")
        assert "Ringkasan" in page.text() and "RT 04" in page.text()
        keep(page, "laporan")
        assert all(url.startswith(("file:", "data:", "about:")) for url in page.asked)
