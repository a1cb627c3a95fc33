"""The pages that lead to the reports stay small however many RTs there are, can be searched, and run nothing but their own script."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from baksos_eval.batch import index, manifest
from baksos_eval.batch.plan import RECAP
from baksos_eval.report.text import LANGUAGES
from baksos_eval.study.study import open_study
from tests.batch.small import write_study


def many(count: int, failed: int = 0, waiting: int = 0) -> dict:
    """A record of so many reports and the recap."""
    names = [f"RT {number:05d}" for number in range(1, count + waiting + 1)]
    record = {"rts": names, "inputs": {}, "settings": {}, "versions": {"baksos-eval": "1"}, "notebooks": {}, "bundle": {}, "reports": {}}
    for number, rt in enumerate(names[:count]):
        record["reports"][f"rt-{rt[3:]}"] = {
            "rt": rt, "status": "failed" if number < failed else "done", "pairs": 28, "verdicts": {"sikap.total": "improved"}, "problem": ["Gagal & <b>"] if number < failed else [],
            "made_from": manifest.fingerprint(record, "x"), "outputs": dict.fromkeys(("evaluasi.ipynb", "evaluasi.docx", "evaluasi.pdf", "evaluasi.html", "hasil.csv", "temuan.csv"), "0")}
    record["reports"][RECAP] = {"rt": "", "status": "done", "pairs": 9, "verdicts": {}, "problem": [], "made_from": "", "outputs": {"rekap.docx": "0"}}
    return record


@pytest.fixture(params=LANGUAGES)
def study(request: pytest.FixtureRequest, tmp_path: Path):
    return open_study(write_study(tmp_path / "uji"), request.param)


def test_ten_thousand_rts_are_led_to_page_by_page(study):
    pages = index.pages(study, many(9_990, failed=3, waiting=10))
    assert list(pages) == ["index.html", *(f"daftar-{number}.html" for number in range(1, 21))]
    assert max(len(page.encode()) for page in pages.values()) < 1_000_000
    front = pages["index.html"]
    assert re.findall(r'href="(daftar-\d+\.html)"', front) == list(pages)[1:]
    assert "RT 00001 – RT 00500" in front and "rekap/rekap.docx" in front and front.count('class="failed"') == 3
    assert "rt-00004/" not in front
    assert sum(page.count('<th scope="row">') for name, page in pages.items() if name != "index.html") == 10_000
    last = pages["daftar-20.html"]
    assert 'href="index.html"' in last and "RT 10000" in last and last.count('class="waiting"') == 10
    assert all("<b>" not in page for page in pages.values())


def scripts(page: str) -> list:
    return BeautifulSoup(page, "html.parser").find_all("script")


def policy(page: str) -> dict[str, list[str]]:
    content = BeautifulSoup(page, "html.parser").find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    return {name: sources for name, *sources in (part.split() for part in content.split(";"))}


@pytest.mark.parametrize("count", [4, 700])
def test_one_script_may_run_and_nothing_may_be_fetched(study, count):
    """A page once held no script at all; the one that searches and sorts is allowed by its hash, so that nothing else can run."""
    for page in index.pages(study, many(count)).values():
        held = [script for script in scripts(page) if script.get("type") is None]
        assert len(held) == 1 and not held[0].attrs
        digest = b64encode(hashlib.sha256(held[0].string.encode()).digest()).decode()
        assert policy(page) == {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "script-src": [f"'sha256-{digest}'"], "base-uri": ["'none'"], "form-action": ["'none'"]}
        assert not re.search(r"fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\b|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|https?:", held[0].string)
        assert not [tag for tag in BeautifulSoup(page, "html.parser").find_all(True) for name in tag.attrs if name.lower().startswith("on") or name == "src"]


def test_the_front_page_of_many_rts_holds_all_of_them_as_data(study):
    pages = index.pages(study, many(9_990, failed=3, waiting=10))
    listed = json.loads(next(script for script in scripts(pages["index.html"]) if script.get("type") == "application/json").string)
    assert len(listed["rows"]) == 10_000
    assert listed["rows"][0][:2] == ["RT 00001", "rt-00001"] and listed["kinds"][listed["rows"][0][2]] == "failed"
    name, folder, kind, pairs, verdict, files, page = listed["rows"][-1]
    assert (name, folder, listed["kinds"][kind], pairs, listed["verdicts"][verdict], listed["files"][files], page) == ("RT 10000", "", "waiting", None, "", [], "daftar-20.html")
    assert all(row[0] in pages[row[6]] for row in listed["rows"][::499])
    assert len(pages["index.html"].encode()) < 700_000
    assert not [script for name in pages if name != "index.html" for script in scripts(pages[name]) if script.get("type")]


def test_without_the_script_everything_can_be_read_and_followed(study):
    page = BeautifulSoup(index.page(study, many(40, failed=2)), "html.parser")
    for script in page.find_all("script"):
        script.decompose()
    assert len(page.tbody.find_all("tr")) == 41 and not page.tbody.find_all(hidden=True)
    assert [tag.get("hidden") is not None for tag in (page.find(id="find"), page.find(id="more"))] == [True, True]
    assert not page.thead.find_all("button")


PAYLOADS = ("</script><script>document.title='x'</script>", "<!--<script>", "]]><img src=x onerror=alert(1)>", "&lt;b&gt; \" ' \\u003c", "\u2028\u2029")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_with_markup_are_data_and_text(study, payload):
    record = many(600)
    record["rts"][0] = payload
    record["reports"]["rt-00001"] |= {"rt": payload, "problem": [payload], "status": "failed"}
    pages = index.pages(study, record)
    for name, page in pages.items():
        held = scripts(page)
        assert len(held) == (2 if name == "index.html" else 1) and not BeautifulSoup(page, "html.parser").find_all("img")
    listed = json.loads(next(script for script in scripts(pages["index.html"]) if script.get("type")).string)
    assert listed["rows"][0][0] == payload
    assert payload in BeautifulSoup(pages["daftar-1.html"], "html.parser").tbody.th.string


def test_a_few_hundred_stay_on_one_page(study):
    assert list(index.pages(study, many(index.MOST_ROWS - 1))) == ["index.html"]
    assert len(index.pages(study, many(index.MOST_ROWS))) == 2


def test_pages_of_more_rts_than_there_are_now_go_and_others_stay(study, tmp_path: Path):
    (tmp_path / "daftar-hadir.html").write_text("milik orang", encoding="utf-8")
    index.write(study, many(1_200), tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["daftar-1.html", "daftar-2.html", "daftar-3.html", "daftar-hadir.html", "index.html"]
    index.write(study, many(600), tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["daftar-1.html", "daftar-2.html", "daftar-hadir.html", "index.html"]
    index.write(study, many(3), tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["daftar-hadir.html", "index.html"]
