"""The page in a real browser: words of respondents stay words, nothing runs, nothing leaves the page. Needs Chromium (``make browser``)."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from baksos_eval.render import blocks, html
from baksos_eval.render.look import Look
from baksos_eval.report import inline
from baksos_eval.report.content import Text

from .conftest import code_cell, figure, notebook, table, title

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
MARK = "BAKSOS-RAN"


def payloads(port: int) -> tuple[str, ...]:
    """What somebody might type into a questionnaire to have it run: each would set the page's title or ask our server for a file."""
    act = f"document.title='{MARK}';new Image().src='http://127.0.0.1:{port}/x'"
    return (
        f"<script>{act}</script>",
        f"<img src=x onerror=\"{act}\">",
        f"\"><svg onload=\"{act}\">",
        f"<iframe srcdoc=\"<script>parent.{act}</script>\"></iframe>",
        f"<a href=\"javascript:{act}\" autofocus onfocus=\"{act}\">x</a>",
        f"</style></title></textarea><script src=http://127.0.0.1:{port}/s.js></script>",
        f"<link rel=stylesheet href=http://127.0.0.1:{port}/c.css><style>@import 'http://127.0.0.1:{port}/i.css';</style>",
        f"[x](javascript:{act.replace(' ', '')}) ![x](http://127.0.0.1:{port}/m.png)",
    )


def page_with(payload: str) -> bytes:
    """A page with the payload in each of seven places: title, facts, text, cell, head of a column, caption, and letterhead."""
    safe = inline.escape(payload)
    document = blocks.read(notebook(
        code_cell(title(title=f"Evaluasi {safe}", subtitle=safe, facts=(("Kelurahan", safe),))),
        code_cell(Text(f"Jawaban: {safe}"), table(caption=f"Tabel {safe}", alt=payload, rows=((safe, "1", "2", "3", safe),), notes=(safe,)),
                  figure(caption=f"Gambar {safe}", alt=payload))))
    return html.to_bytes(document, Look(letterhead=(safe,)))


def test_typed_markup_is_text_in_every_place():
    for payload in payloads(1):
        page = BeautifulSoup(page_with(payload), "html.parser")
        shown = " ".join(page.get_text().split())
        assert shown.count(" ".join(payload.split())) >= 7
        assert not page.find_all(["script", "iframe", "svg", "link", "base", "form", "object", "embed"])
        assert not [tag for tag in page.find_all(True) for name in tag.attrs if name.lower().startswith("on")]
        assert {re.match(r"[a-z]*:?", tag["src"])[0] for tag in page.find_all(src=True)} == {"data:"}
        assert all(tag["href"].startswith("#") for tag in page.find_all(href=True))
        assert "default-src 'none'" in page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]


@pytest.fixture(scope="module")
def browser() -> str:
    found = os.environ.get("BAKSOS_BROWSER") or next((path for path in map(shutil.which, BROWSERS) if path), None)
    if not found:
        pytest.skip("no Chromium here: the test above holds the page's text; what a browser does with it is not tried")
    return found


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, list[str], dict[str, bytes]]]:
    """A server that notes what is asked of it."""
    asked: list[str] = []
    pages: dict[str, bytes] = {}

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages.get(self.path, b""))

        def log_message(self, *_: object) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running.server_address[1], asked, pages
    running.shutdown()
    running.server_close()
    thread.join()


def opened(browser: str, folder: Path, *arguments: str) -> str:
    """What the browser answers, started with a profile of its own."""
    own = [f"--user-data-dir={folder}", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"]
    done = subprocess.run([browser, *own, *arguments], capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=120)
    return done.stdout


@pytest.mark.browser
def test_the_browser_would_run_them_in_an_unsafe_page(browser, server, tmp_path):
    port, asked, pages = server
    pages["/bahaya"] = f"<!doctype html><title>x</title><body>{payloads(port)[1]}".encode()
    answer = opened(browser, tmp_path, "--virtual-time-budget=3000", "--dump-dom", f"http://127.0.0.1:{port}/bahaya")
    assert f"<title>{MARK}</title>" in answer and "/x" in asked
    asked.clear()


@pytest.mark.browser
def test_nothing_runs_and_nothing_leaves_the_page(browser, server, tmp_path):
    port, asked, pages = server
    asked.clear()
    for number, payload in enumerate(payloads(port)):
        pages[f"/{number}"] = page_with(payload)
        answer = opened(browser, tmp_path, "--virtual-time-budget=2000", "--dump-dom", f"http://127.0.0.1:{port}/{number}")
        assert "Jawaban:" in answer and f"<title>{MARK}" not in answer
    assert [path for path in asked if path != "/favicon.ico"] == [f"/{number}" for number in range(8)]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_not_wider_than_the_window(browser, report, tmp_path, width):
    from PIL import Image

    path, frame, picture = tmp_path / "laporan.html", tmp_path / "jendela.html", tmp_path / "layar.png"
    html.write(report, path)
    # A window of Chromium is never narrower than 500; a frame is.
    frame.write_text(f'<!doctype html><body style="margin:0"><iframe src="laporan.html" style="border:0;width:{width}px;height:2400px"></iframe>', encoding="utf-8")
    opened(browser, tmp_path / "profil", "--allow-file-access-from-files", f"--window-size={max(width, 500)},2400", "--force-device-scale-factor=1", "--hide-scrollbars",
           f"--screenshot={picture}", frame.as_uri())
    seen = Image.open(picture).convert("L").crop((0, 0, width, 2400))
    assert seen.getextrema()[0] < 60, "nothing was drawn"
    assert seen.crop((width - 6, 0, width, 2400)).getextrema()[0] > 200, "something reaches the right edge"
