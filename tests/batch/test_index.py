"""The pages that lead to the reports stay small however many RTs there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
    assert all("<script" not in page and "<b>" not in page for page in pages.values())


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
