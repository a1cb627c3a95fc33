from __future__ import annotations

import base64
import re

import pytest
from bs4 import BeautifulSoup

from baksos_eval.render import blocks, html
from baksos_eval.report.content import Text

from .conftest import SVG, code_cell, figure, full_notebook, markdown_cell, notebook, table, title, wide_table


@pytest.fixture(scope="module")
def data(report) -> bytes:
    return html.to_bytes(report)


@pytest.fixture(scope="module")
def page(data) -> BeautifulSoup:
    return BeautifulSoup(data.decode("utf-8"), "html.parser")


def test_it_needs_nothing_from_outside(data, page):
    text = data.decode("utf-8")
    assert not re.search(r"(?:https?:)?//[a-z]", text, re.IGNORECASE)
    assert not page.find_all(["script", "link", "iframe", "object", "embed", "form", "base"])
    addresses = [tag[name] for tag in page.find_all() for name in ("src", "href", "srcset", "action", "xlink:href") if tag.has_attr(name)]
    assert addresses and all(address.startswith(("#", "data:image/")) for address in addresses)
    assert not [name for tag in page.find_all() for name in tag.attrs if name.startswith("on")]
    assert "url(" not in text and "@import" not in text


def test_a_policy_forbids_what_is_not_there(page):
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy and "img-src data:" in policy and "script" not in policy
    assert page.head.find_all("meta")[1]["http-equiv"] == "Content-Security-Policy", "the policy must come before what it governs"


def test_every_inner_address_has_its_place(page):
    places = [tag["id"] for tag in page.find_all(id=True)]
    assert len(places) == len(set(places))
    assert {tag["href"][1:] for tag in page.find_all(href=True)} <= set(places)
    for name in ("aria-labelledby", "aria-describedby"):
        assert {tag[name] for tag in page.find_all(attrs={name: True})} <= set(places)


def test_language_title_and_outline(page):
    assert page.html["lang"] == "id"
    assert page.title.string == "Evaluasi di RT 04"
    assert [(tag.name, tag.get_text()) for tag in page.find_all(re.compile("h[1-6]"))] == [
        ("h1", "Evaluasi di RT 04"), ("h2", "Perubahan"), ("h3", "Butir"), ("h2", "Antar-RT"), ("h3", "Rincian")]
    assert page.body.find("a")["class"] == ["skip"] and page.body.find("a")["href"] == "#report"
    assert page.find("nav").find_all("a")[1].get_text() == "Butir"


def test_tables_have_captions_heads_and_scopes(page):
    first, _, wide = page.find_all("table")
    assert first.caption.get_text().replace("\xa0", " ") == "Tabel 1. Nilai sebelum dan sesudah"
    upper, lower = first.thead.find_all("tr")
    assert [(cell.get_text(), cell.get("colspan"), cell.get("rowspan"), cell["scope"]) for cell in upper.find_all("th")] == [
        ("Skala", None, "2", "col"), ("n", None, "2", "col"), ("Nilai", "2", None, "colgroup"), ("Tafsiran", None, "2", "col")]
    assert [cell.get_text() for cell in lower.find_all("th")] == ["Sebelum", "dz"]
    assert [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in first.tbody.find_all("tr")] == [
        ["Pengetahuan", "27", "62,35", "1,2", "besar"], ["Sikap", "27", "3,4", "−0,05", "–"], ["Total", "27", "1.024,125", "–", "sedang"]]
    assert [row.get("class") for row in first.tbody.find_all("tr")] == [None, None, ["emphasised"]]
    assert all(row.find("th")["scope"] == "row" for row in first.tbody.find_all("tr"))
    assert wide.find_parent(class_="wide").find("h3").get_text() == "Rincian"
    assert all("scroll" in found.parent["class"] for found in page.find_all("table"))
    described = page.find(id=first["aria-describedby"])
    assert described.get_text() == "Nilai tiap skala sebelum dan sesudah kegiatan"


def test_decimal_signs_are_under_one_another(page):
    boxes = {box.get_text(): dict(part.split(":") for part in box["style"].split(";")) for box in page.find("table").find_all("span", class_="number")}
    assert boxes["62,35"]["width"] == boxes["1.024,125"]["width"] == boxes["3,4"]["width"]
    assert (boxes["1.024,125"]["padding-right"], boxes["62,35"]["padding-right"], boxes["3,4"]["padding-right"]) == ("0.00ch", "1.00ch", "2.00ch")


def test_figures_are_drawings_inside_the_page(page):
    first, last = page.find_all("img")
    assert base64.b64decode(first["src"].removeprefix("data:image/svg+xml;base64,")).decode() == SVG
    assert last["src"].startswith("data:image/png;base64,")
    assert first["alt"] == "Garis nilai tiap warga"
    assert last.parent.figcaption.get_text().replace("\xa0", " ").split() == "Gambar 2. Jangkauan unggahan Tiap titik satu minggu. Sumber: Data primer diolah, 2021".replace("minggu. S", "minggu.S").split()


def test_formulas_are_mathml(page):
    inline, display = page.find_all("math")
    assert display["display"] == "block" and inline.find("mfrac") and display.find("munderover")
    assert {tag.name for tag in page.find("main").find_all("math")[1].find_all()} <= {"mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup",
                                                                                  "msubsup", "munder", "mover", "munderover"}


def test_boxes_say_what_they_are(page):
    assert [tag["class"][1] for tag in page.find_all(class_="aside")] == ["verdict", "note", "limit"]


def test_the_same_report_gives_the_same_bytes(report, data):
    assert html.to_bytes(report) == data
    assert html.to_bytes(blocks.read(full_notebook())) == data


def test_english_pages_are_english():
    page = BeautifulSoup(html.to_bytes(blocks.read(notebook(code_cell(title(language="en")), code_cell(table())))).decode(), "html.parser")
    assert page.html["lang"] == "en" and page.caption.get_text().startswith("Table")
    assert page.find(class_="skip").get_text() == "Skip to the report"


def test_short_pages_have_no_contents(read):
    assert "<nav" not in html.to_bytes(read(markdown_cell("## A\n\n## B"))).decode()


def test_lists_keep_their_start_and_depth(read):
    page = BeautifulSoup(html.to_bytes(read(markdown_cell("3. a\n4. b\n   - c"))).decode(), "html.parser")
    assert page.main.ol["start"] == "3"
    assert page.main.ol.ul.get_text(strip=True) == "c"


def test_a_wide_table_and_its_note_share_a_page_on_paper(read):
    page = BeautifulSoup(html.to_bytes(read(code_cell(wide_table(), Text("Baca.", role="note"), figure()))).decode(), "html.parser")
    assert page.find(class_="wide").find(class_="note") and not page.find(class_="wide").find("img")
