"""Posts, partners and satisfaction as people read them; golden texts lie in tests/golden.

After a change that is meant, ``BAKSOS_WRITE_GOLDEN=1 pytest tests/report/test_outreach.py`` writes the golden texts anew.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.activities.posts import Post, summarise_posts
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.lessons import Lessons, set_side_by_side
from baksos_eval.report import figures, inline, narrative, tables
from baksos_eval.report.answer_sheet import answer_sheet
from baksos_eval.report.content import Figure, Table, Text
from baksos_eval.report.drawing import TALLEST, Marks
from baksos_eval.report.plots_partners import draw_satisfaction
from baksos_eval.report.plots_posts import draw_posts, series_of
from baksos_eval.report.problems import all_lines
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.instrument import load_instrument
from baksos_eval.study.study import open_study
from tests.activities.small import write_log
from tests.report.test_comparing import CAUSAL
from tests.report.test_views import check_golden, unfold
from tests.studies import study_of

SETTINGS = """
[activities.posts]
file = "unggahan.csv"
[activities.posts.topics.masks]
label = { id = "Masker", en = "Masks" }
items = ["k1"]
[activities.posts.topics.vaccine]
label = { id = "Vaksinasi", en = "Vaccination" }
items = ["k2", "a1"]
[activities.posts.topics.travel]
label = { id = "Bepergian", en = "Travelling" }
items = ["k4"]
[activities.partners]
file = "mitra.csv"
begins = 2021-08-04
[activities.satisfaction]
file = "puas.csv"
group = "Kelompok"
"""
POSTS = [["05/08/2021", "Cara memakai masker", "Masker", "feed", "https://www.instagram.com/p/1/", "1.400", "2.600", "impresi", "40", "3", "5", "2", "500"],
         ["14/08/2021", "", "Vaksinasi", "reels", "https://www.instagram.com/p/2/", "300", "450", "tayangan", "30", "3", "5", "2", "540"],
         ["20/08/2021", "Lomba *17-an*", "", "", "", "200", "", "", "20", "1", "", "1", ""], ["21/08/2021", "", "", "story", "https://www.instagram.com/p/4/", "", "90", "", "4", "0", "0", "0", "555"]]
PARTNERS = [["Kelurahan", "Kelurahan Damai", "", "Izin", "140/217/2021", "28/07/2021", "Aula", "250.000"], ["Ketua RT", "", "RT 01", "Izin", "ada", "", "Kursi", ""],
            ["Ketua RT", "", "RT 02", "Izin", "", "", "", ""], ["Warga", "", "RT 01", "Membantu", "", "", "Tenaga", ""]]
ANSWERS = [["Mitra", *values] for values in ([4] * 9, [4] * 8 + [3], [3] * 9, [4] * 9, [4, 3] * 4 + [2])] + [["Warga", *values] for values in ([3] * 9, [2] * 9, [3, 4, 1] * 3, [3] * 9, [4] * 9, [3] * 8 + [1])]
TOPICS = ("posts", "lessons", "partners", "satisfaction")


def make(folder: Path, language: str, answers: list[list[object]] = ANSWERS, posts: list[list[str]] = POSTS) -> tuple[Activities, Lessons | None]:
    rows = [[("RT 01", f"ab{number:02d}", [2, 3, 2, 2, "B" if number % 2 or wave else "S", "S", "S", "S"]) for number in range(6)] for wave in (0, 1)]
    study_of(folder, *rows, language=language)
    write_log(folder, ["Tanggal unggah", "Judul", "Topik", "Format", "Tautan", "Jangkauan", "Banyak tayang", "Hitungan", "Suka", "Komentar", "Dibagikan", "Disimpan", "Pengikut"], posts, "unggahan.csv")
    write_log(folder, ["Jenis mitra", "Nama lembaga", "RT", "Peran", "No. surat izin", "Tanggal surat", "Sumbangan", "Nilai (Rp)"], PARTNERS, "mitra.csv")
    write_log(folder, ["Kelompok", *(f"U{number}" for number in range(1, 10))], answers, "puas.csv")
    path = folder / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    study = open_study(folder)
    activities = read_activities(study)
    assert activities.fatal == ()
    return activities, set_side_by_side(activities, [evaluate(study, "RT 01")])


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Activities, Lessons | None]:
    return make(tmp_path_factory.mktemp(f"outreach {request.param}"), request.param)


def said(topic: str, a: Activities, lessons: Lessons | None) -> list[object]:
    if topic == "lessons":
        return [*unfold(narrative.lessons(a, lessons)), *unfold(tables.lessons(a, lessons))]
    more = {"posts": ("post_formats",), "partners": ("contributions",), "satisfaction": ("satisfaction_groups",)}[topic]
    return [one for made in (getattr(narrative, topic), *(getattr(tables, name) for name in (topic, *more))) for one in unfold(made(a))]


@pytest.mark.parametrize("topic", TOPICS)
def test_it_reads_as_before(topic: str, made: tuple[Activities, Lessons | None]):
    a, lessons = made
    check_golden(f"outreach-{topic}", a.study.language, said(topic, a, lessons))


def test_golden_texts_are_all_used():
    golden = {path.name for path in (Path(__file__).parents[1] / "golden").glob("outreach-*.md")}
    assert golden == {f"outreach-{topic}.{language}.md" for topic in (*TOPICS, "few") for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_little_to_go_on_it_says_so(tmp_path: Path, language: str):
    """One post without figures, two partners of the satisfaction survey, and a study of neither."""
    a, lessons = make(tmp_path, language, ANSWERS[:2], [["05/08/2021", "Satu", "", "", "", "", "", "", "", "", "", "", ""]])
    bare, _ = a.of_rt("RT 04"), None
    found = [*said("posts", a, lessons), *said("lessons", a, lessons), *said("satisfaction", a, lessons), *(one for topic in TOPICS for one in said(topic, bare, None))]
    check_golden("outreach-few", language, found)
    assert figures.satisfaction(a) is None and figures.posts(a) is None and figures.posts(bare) is None and tables.satisfaction(a) is None and tables.satisfaction_groups(a) is None


def test_numbers_follow_the_language_and_nothing_speaks_of_causes(made: tuple[Activities, Lessons | None]):
    a, lessons = made
    wrong = re.compile(r"(?<![\d.,/])\d+\.\d{1,2}(?![\d.])" if a.study.language == "id" else r"(?<![\d.,])\d+,\d{1,2}(?!\d)")
    for content in (one for topic in TOPICS for one in said(topic, a, lessons)):
        texts = [cell for row in content.rows for cell in row] if isinstance(content, Table) else [content.markdown]
        assert [text for text in texts if wrong.search(inline.plain(text).replace("U1.", ""))] == []
        assert not isinstance(content, Text) or not CAUSAL.search(content.markdown)


def test_what_is_referred_to_is_there(made: tuple[Activities, Lessons | None]):
    a, lessons = made
    contents = [one for topic in TOPICS for one in said(topic, a, lessons)]
    labels = {one.label for one in contents if isinstance(one, Table)} | {figure.label for figure in (figures.posts(a), figures.satisfaction(a)) if figure}
    wanted = {label for one in contents if isinstance(one, Text) for label in re.findall(r"\[@([a-z-]+)\]", one.markdown)}
    assert wanted <= labels and len(labels) == 9


def test_tables_say_what_they_show(made: tuple[Activities, Lessons | None]):
    a, lessons = made
    for table in (one for topic in TOPICS for one in said(topic, a, lessons) if isinstance(one, Table)):
        assert table.alt.endswith(".") and str(len(table.rows)) in table.alt and str(a.study.year) in table.source and all(note.endswith(".") for note in table.notes)
        assert "Instagram" in table.source or table.label not in ("tbl-posts", "tbl-post-formats")


def test_words_of_users_are_no_markup(made: tuple[Activities, Lessons | None]):
    a, _ = made
    (row,) = [row for row in tables.posts(a).rows if "17-an" in row[2]]
    assert inline.plain(row[2]) == "Lomba *17-an*"


def test_figures_are_complete_and_fit_the_page(made: tuple[Activities, Lessons | None]):
    a, _ = made
    for figure in (figures.posts(a), figures.satisfaction(a)):
        assert isinstance(figure, Figure) and figure.png.startswith(b"\x89PNG") and 2 < figure.height_cm <= TALLEST and figure.alt.endswith(".")


def test_reach_impressions_and_views_have_a_panel_each(made: tuple[Activities, Lessons | None]):
    a, _ = made
    panels = series_of(a.posts)
    assert [(series.key, series.values) for series in panels] == [("reach", (1400, 300, 200)), ("impressions", (2600,)), ("views", (450,))]
    sheet = draw_posts(a.posts, words(a.study.language))
    marks = [shape for shape in sheet.shapes if isinstance(shape, Marks) and shape.name.startswith("post ")]
    assert sum(len(shape.points) for shape in marks) == 5
    stems = [stroke for shape in sheet.named("stem") for stroke in shape.strokes]
    assert len(stems) == 5 and all(len(stroke) == 2 and stroke[0][0] == stroke[1][0] for stroke in stems), "a line between two posts would make them a series"
    axes = [shape.strokes[0][0][1] for shape in sheet.named("axis")]
    assert len(axes) == 3 and axes == sorted(axes) and all(any(start <= axis < end for start, end in zip([0, *axes], [*axes, sheet.height], strict=True)) for axis in axes)


def test_many_posts_of_a_year_are_drawn():
    from datetime import date, timedelta

    posts = [Post(0, date(2021, 1, 1) + timedelta(days=5 * number), reach=number * 37, row=number) for number in range(70)]
    sheet = draw_posts(summarise_posts(posts), words("id"))
    dates = sorted(word.x for word in sheet.words if re.fullmatch(r"\d\d/\d\d", word.text))
    assert len(dates) > 5 and all(later - earlier > 0.7 for earlier, later in zip(dates, dates[1:], strict=False)) and sheet.height <= TALLEST


def test_bars_of_satisfaction_are_as_long_as_the_answers(made: tuple[Activities, Lessons | None]):
    a, _ = made
    sheet = draw_satisfaction(a.satisfaction, words(a.study.language))
    boxes = {name: [polygon for shape in sheet.named(name) for polygon in shape.polygons] for name in ("option 0", "option 1", "option 2", "option 3")}
    whole = sum(polygon[1][0] - polygon[0][0] for polygons in boxes.values() for polygon in polygons) / 9
    for place, code in enumerate(("ts", "ks", "s", "ss")):
        lengths = sum(polygon[1][0] - polygon[0][0] for polygon in boxes[f"option {place}"])
        assert lengths / whole == pytest.approx(sum(element.answers[code] for element in a.satisfaction.all.elements) / 11)


PLANTED = ("Sulastri", "Handayani", "081234567890", "0812-3456-7890", "rani.contoh", "ibu@contoh.id", "3275014507890003")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_recognisable_in_any_output(tmp_path: Path, language: str):
    """Names, numbers and addresses planted in titles, captions, institutions, letters, roles, groups and contact columns."""
    name, text = "Sulastri Handayani", "Bu Sulastri Handayani 081234567890, 0812-3456-7890, ibu@contoh.id, NIK 3275014507890003"
    rows = [[("RT 01", f"ab{number:02d}", [2, 3, 2, 2, "B", "S", "S", "S"]) for number in range(6)] for _ in range(2)]
    study_of(tmp_path, *rows, language=language)
    write_log(tmp_path, ["ID postingan", "Nama akun", "Nama pengguna akun", "Deskripsi", "Judul", "Waktu penerbitan", "Permalink", "Jenis postingan", "Tayangan", "Jangkauan", "Suka", "Komentar", "Frekuensi dibagikan", "Frekuensi disimpan"],
              [[f"179{number}", name, "rani.contoh", text, f"Bersama {text}", f"08/{13 + number}/2021 09:00", f"https://www.instagram.com/p/{number}/", "IG image", "90", "50", "4", "3", "2", "1"] for number in range(4)], "unggahan.csv")
    write_log(tmp_path, ["Jenis mitra", "Nama lembaga", "RT", "Peran", "No. surat izin", "Tanggal surat", "Sumbangan", "Nilai (Rp)", "Nama", "HP", "Email"],
              [[kind, institution, "RT 01", text, f"12/{text}", "14/07/2021", text, "50rb", name, "081234567890", "ibu@contoh.id"] for kind, institution in (("Yayasan", f"Yayasan {text}"), ("Ketua RT", name), (text, name))], "mitra.csv")
    write_log(tmp_path, ["Kelompok", *(f"U{number}" for number in range(1, 10)), "Nama", "HP", "NIK"],
              [[("Mitra", f"Warga {text}")[number % 2], *[3] * 9, name, "081234567890", "3275014507890003"] for number in range(12)], "puas.csv")
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    a = read_activities(open_study(tmp_path, language))
    contents = [*(one for topic in TOPICS for one in said(topic, a, set_side_by_side(a))), figures.posts(a), figures.satisfaction(a), *(Text(line) for line in all_lines(a.findings, words(a.study.language)))]
    shown = "".join(json.dumps({kind: part for kind, part in content._repr_mimebundle_().items()}, ensure_ascii=False) for content in contents)
    shown = re.sub(r"[A-Za-z0-9+/]{200,}={0,2}", "", shown)
    assert len(a.posts.posts) == 4 and len(a.partners.partners) == 3 and a.satisfaction.all.n == 12
    assert [planted for planted in PLANTED if planted in shown] == []
    assert name in a.contacts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_sheet_of_the_questionnaire_is_read_back(tmp_path: Path, language: str):
    """``baksos template kepuasan_mitra``, filled in with its own dropdowns."""
    questionnaire, c = load_instrument("kepuasan_mitra"), words(language)
    book = load_workbook(io.BytesIO(answer_sheet([questionnaire], ["RT 01"], c)))
    sheet = book[c.text("template.sheet.answers")]
    titles = [cell.value for cell in sheet[1]]
    for number in range(2, 10):
        for column, value in enumerate(titles, start=1):
            item = next((item for item in questionnaire.items if item.text[language] == value), None)
            sheet.cell(number, column).value = questionnaire.options[2].label[language] if item else "Ya" if column == 4 else "x"
    rows = [[("RT 01", f"ab{number:02d}", [2, 3, 2, 2, "B", "S", "S", "S"]) for number in range(6)] for _ in range(2)]
    study_of(tmp_path, *rows, language=language)
    book.save(tmp_path / "puas.xlsx")
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + f'\n[activities.satisfaction]\nfile = "puas.xlsx"\nsheet = "{sheet.title}"\nconsent = "{titles[3]}"\n', encoding="utf-8")
    found = read_activities(open_study(tmp_path, language)).satisfaction
    assert (found.all.n, found.all.index) == (8, 75) and {finding.code for finding in found.findings} <= {"columns_ignored", "contact_columns_dropped"}
