"""The pages that lead to the reports, in a real browser: search, order, keyboard, small windows, and nothing that leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from baksos_eval.batch import index
from baksos_eval.study.study import open_study
from tests.batch.small import write_study
from tests.batch.test_index import PAYLOADS, many

from .chromium import Page, find_browser, open_browser

PICTURES = os.environ.get("BAKSOS_PICTURES")
"""A folder for screenshots, for somebody who wants to look at them."""

pytestmark = [pytest.mark.browser]

NAMES = "[...document.querySelectorAll('tbody tr')].map(row => row.cells[0].textContent)"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    browser = find_browser()
    if not browser:
        pytest.skip("no Chromium here: searching and ordering the index are not tried in a browser")
    with open_browser(browser) as opened:
        yield opened


def mixed(count: int) -> dict:
    """A record whose RTs are neither in order nor alike; the first is named like an attack, the others without leading zeros."""
    record = many(count, failed=2, waiting=3)
    names = {f"RT {number:05d}": f"RT {number}" for number in range(1, count + 4)} | {"RT 00004": PAYLOADS[0]}
    record["rts"] = [names[name] for name in record["rts"]][::-1]
    for number, entry in enumerate(record["reports"].values()):
        if entry["rt"]:
            entry |= {"rt": names[entry["rt"]], "pairs": 9 + 7 * number % 100, "verdicts": {"sikap.total": ("improved", "worsened", "no_evidence")[number % 3]}}
    return record


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    study = open_study(write_study(tmp_path_factory.mktemp("studi") / "uji"), "id")
    made = {}
    for count in (4, 37, 9_997):
        made[count] = tmp_path_factory.mktemp("hasil baksos")
        index.write(study, mixed(count), made[count])
    return made


def opened(page: Page, path: Path) -> None:
    page.open(path.as_uri())
    page.wait(f"location.href === {path.as_uri()!r} && document.readyState === 'complete' && !!document.querySelector('thead button')")


def types(page: Page, words: str) -> None:
    page.evaluate("(() => { const box = document.getElementById('query'); box.focus(); box.select(); })()")
    page.call("Input.insertText", text=words) if words else press(page, "Backspace", 8)


def press(page: Page, key: str, code: int, text: str = "") -> None:
    for kind in ("keyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **({"text": text} if text and kind == "keyDown" else {}))


def named(page: Page) -> list[str]:
    return page.evaluate(NAMES)


def heard(page: Page) -> str:
    return page.evaluate("document.getElementById('found').textContent")


@pytest.mark.parametrize("count", [37, 9_997])
def test_search_narrows_and_gives_back(page, folders, count):
    opened(page, folders[count] / "index.html")
    before = named(page)
    types(page, "rt 5")
    found = named(page)
    assert found[0] == "RT 5" and "RT 15" not in found and ("RT 50" in found) is (count > 50)
    types(page, "GAGAL")
    assert set(named(page)) == {"RT 1", "RT 2"} and heard(page).startswith("2 dari ")
    types(page, "memburuk 2")
    assert all(name.startswith("RT 2") for name in named(page)) and len(named(page)) >= 2
    types(page, "tidak ada yang begini")
    assert named(page) == [] and heard(page).startswith("Tidak ada yang cocok")
    types(page, "")
    assert named(page) == before and heard(page) == ""


def test_an_rt_of_another_page_is_found_with_links_to_its_reports(page, folders):
    opened(page, folders[9_997] / "index.html")
    assert "RT 7777" not in named(page)
    types(page, "7777")
    assert named(page) == ["RT 7777"]
    links = page.evaluate("[...document.querySelectorAll('tbody a')].map(link => link.getAttribute('href'))")
    assert "rt-07777/evaluasi.docx" in links and len(links) == 6
    types(page, "gagal")
    assert page.evaluate("document.querySelector('tbody .failed td a').getAttribute('href')") == "daftar-1.html"
    assert page.evaluate("document.getElementById('failed').hidden && document.getElementById('parts').hidden")
    types(page, "")
    assert not page.evaluate("document.getElementById('failed').hidden || document.getElementById('parts').hidden")


@pytest.mark.parametrize("count", [37, 9_997])
def test_columns_go_up_down_and_back(page, folders, count):
    opened(page, folders[count] / "index.html")
    before = named(page)
    order = "[...document.querySelectorAll('th[data-sort]')].map(head => head.getAttribute('aria-sort'))"
    recap, every = "Rekapitulasi", count + 3
    page.click("thead button", "RT")
    assert named(page)[:5] == [recap, "</script><script>document.title='x'</script>", "RT 1", "RT 2", "RT 3"]
    assert page.evaluate(order) == ["ascending", None, None, None]
    page.click("thead button", "RT")
    assert named(page)[:3] == [recap, f"RT {every}", f"RT {every - 1}"] and page.evaluate(order)[0] == "descending"
    page.click("thead button", "RT")
    assert named(page) == before and page.evaluate(order) == [None] * 4
    page.click("thead button", "Pasangan")
    pairs = page.evaluate("[...document.querySelectorAll('tbody tr:not([data-pinned]) td.number')].map(cell => cell.textContent)")
    known = [int(text) for text in pairs if text]
    assert known == sorted(known) and known[0] == 9 and len(known) >= 36
    assert pairs[-3:] == ["", "", ""] or count > 37
    page.click("thead button", "Status")
    assert page.evaluate("[...document.querySelectorAll('tbody tr:not([data-pinned])')].map(row => row.className).slice(0, 6)") == ["failed"] * 2 + ["waiting"] * 3 + ["done"]
    assert page.evaluate(order) == [None, "ascending", None, None]


def test_many_matches_come_a_few_hundred_at_a_time(page, folders):
    opened(page, folders[9_997] / "index.html")
    page.click("thead button", "RT")
    assert len(named(page)) == 201 and heard(page) == "Diurutkan: 200 dari 10.000 ditampilkan."
    page.click("#more")
    assert len(named(page)) == 401


def test_the_keyboard_alone_is_enough(page, folders):
    opened(page, folders[37] / "index.html")
    page.evaluate("document.getElementById('query').focus()")
    press(page, "Tab", 9)
    assert page.evaluate("document.activeElement.textContent") == "RT"
    press(page, "Enter", 13, "\r")
    assert page.evaluate("document.activeElement.parentNode.getAttribute('aria-sort')") == "ascending"
    press(page, " ", 32, " ")
    assert page.evaluate("document.activeElement.parentNode.getAttribute('aria-sort')") == "descending"


def test_a_handful_of_rts_needs_no_search(page, folders):
    opened(page, folders[4] / "index.html")
    assert page.evaluate("document.getElementById('find').hidden")


def test_nothing_leaves_and_names_stay_text(page, folders, tmp_path):
    page.asked.clear()
    for name in ("index.html", "daftar-1.html"):
        opened(page, folders[9_997] / name)
        types(page, "document")
        assert named(page) == ["</script><script>document.title='x'</script>"]
        assert page.evaluate("document.title") != "x"
    assert {address.rpartition("/")[2] for address in page.asked} == {"index.html", "daftar-1.html"}


def test_another_script_would_not_run(page, folders, tmp_path):
    text = (folders[37] / "index.html").read_text(encoding="utf-8")
    (tmp_path / "index.html").write_text(text.replace("<footer>", "<script>document.title='ran'</script><footer onclick=\"document.title='ran'\">"), encoding="utf-8")
    opened(page, tmp_path / "index.html")
    page.click("footer")
    assert page.evaluate("document.title") != "ran"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("count", [37, 9_997])
def test_the_page_fits_the_window(page, folders, count, width):
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=1000, deviceScaleFactor=1, mobile=width < 500)
    try:
        opened(page, folders[count] / "index.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        types(page, "rt 1")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if PICTURES:
            page.picture(Path(PICTURES) / f"index-{count}-{width}-cari.png")
            types(page, "")
            page.picture(Path(PICTURES) / f"index-{count}-{width}.png")
    finally:
        page.call("Emulation.clearDeviceMetricsOverride")
