from __future__ import annotations

import math
import re
import subprocess
import sys
from pathlib import Path

import pytest

from baksos_eval.report import figures, inline
from baksos_eval.report.content import Figure, from_mime
from baksos_eval.report.drawing import TALLEST
from tests.report.by_hand import (
    Categories,
    evaluation,
    flow,
    instrument,
    knowledge_result,
    rating_result,
    scale_result,
    study,
    summary,
    unit,
)

LABEL = re.compile(r"fig-[a-z0-9-]+")
SPACE = "\N{NO-BREAK SPACE}"
PRE = {"o1": 2, "o2": 3, "o3": 5, "o4": 8, "o5": 2}
POST = {"o1": 0, "o2": 1, "o3": 3, "o4": 8, "o5": 8}
BANDS = Categories("arikunto3", {"good": 4, "sufficient": 8, "poor": 8}, {"good": 12, "sufficient": 7, "poor": 1}, 10, 9, 1)


def one_rt(language: str = "id", n: int = 20, label: str = "Sikap"):
    know = instrument("know_all", "knowledge", items=3, options=2, label="Tahu", smallest_change=10, categories="arikunto3")
    attitude = instrument(label=label, items=3, smallest_change=0.5)
    scales = [scale_result(know, ([40, 60, 80, 60, 50] * 4)[:n], ([60, 80, 80, 90, 40] * 4)[:n], BANDS if n >= 5 else None),
              scale_result(attitude, ([2, 3, 3, 4, 3] * 4)[:n], ([3, 3, 4, 4, 4] * 4)[:n])]
    shown = n >= 5
    items = [knowledge_result(know, place, n, *((0.25, 0.75) if shown else (math.nan, math.nan))) for place in range(3)]
    items += [rating_result(attitude, place, PRE if shown else {}, POST if shown else {}) for place in range(3)]
    return evaluation(study([know, attitude], language), scales, items, flow(both=n, refused_pre=2, post_only=3))


def all_rts(language: str = "id", count: int = 4):
    up, down = instrument(smallest_change=0.5), instrument("worry", label="Cemas", direction="down")
    units = [unit(f"RT {number:02d}", 10 + number, 0.2 * number, 0.1) for number in range(1, count)] + [unit("RT 90", 3, math.nan, math.nan)]
    return summary(study([up, down], language), [units, units])


def every_figure(language: str = "id") -> list[Figure]:
    e, s = one_rt(language), all_rts(language)
    return [figures.change(e), figures.flow(e), *figures.items(e), figures.categories(e), *figures.forest(s), *figures.progress(s)]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_figure_is_complete_and_fits_the_page(language):
    drawn = every_figure(language)
    assert [figure.label for figure in drawn] == ["fig-change", "fig-flow", "fig-items-know-all", "fig-items-attitude", "fig-categories",
                                                  "fig-forest-attitude", "fig-forest-worry", "fig-progress"]
    for figure in drawn:
        assert LABEL.fullmatch(figure.label)
        assert figure.png.startswith(b"\x89PNG") and figure.svg.startswith("<svg")
        assert figure.width_cm == 14.0 and 2 < figure.height_cm <= TALLEST
        assert figure.alt.endswith(".") and len(figure.alt) > 60
        assert not figure.caption.endswith(".")
        assert "2021" in figure.source
        assert "{" not in figure.caption + figure.alt + "".join(figure.notes)
        assert from_mime(figure._repr_mimebundle_()) == figure


def test_drawing_again_gives_the_same_bytes():
    assert every_figure() == every_figure()


def test_the_languages_differ_in_every_figure():
    for indonesian, english in zip(every_figure("id"), every_figure("en"), strict=True):
        assert indonesian.png != english.png
        assert indonesian.caption != english.caption and indonesian.alt != english.alt
        assert not set(indonesian.notes) & set(english.notes)


def test_alternative_text_of_the_change_holds_its_numbers():
    e = one_rt()
    change = e.scales[0].mean_change
    alt = figures.change(e).alt
    for number in (change.mean_pre, change.mean_post, change.change_low, change.change_high):
        assert f"{number:.1f}".replace(".", ",") in alt
    assert "12 orang naik, 4 tetap, dan 4 turun" in alt and "RT 04" in alt
    assert "rose: 12, stayed: 4, fell: 4" in figures.change(one_rt("en")).alt


def test_alternative_text_of_the_flow_closes():
    alt = figures.flow(one_rt()).alt
    assert "masuk 22 kuesioner sebelum dan 23 sesudah" in alt and "20 orang" in alt


def test_alternative_text_of_items_and_categories_holds_their_numbers():
    knowledge, rating = figures.items(one_rt())
    assert f"1: 25{SPACE}% menjadi 75{SPACE}%" in knowledge.alt
    assert "naik pada 3 butir, tetap pada 0, dan turun pada 0" in knowledge.alt
    assert f"2: 50{SPACE}% menjadi 80{SPACE}%" in rating.alt      # above the middle: 10 of 20, then 16
    assert any("(−)" in note for note in rating.notes) and knowledge.notes == ()
    categories = figures.categories(one_rt())
    assert "4 orang menjadi 12 orang" in categories.alt and "8 orang menjadi 1 orang" in categories.alt
    assert any("76" in note for note in categories.notes)


def test_alternative_text_of_the_recap_holds_its_numbers():
    s = all_rts()
    forest, _ = figures.forest(s)
    assert "RT 02 (n = 12): +0,40 (0,20 s.d. 0,60)." in forest.alt
    pooled = s.scales[0].pooled
    assert f"+{pooled.estimate:.2f}".replace(".", ",") in forest.alt
    assert any("RT 90" in note and "terlalu sedikit" in note for note in forest.notes)
    progress, = figures.progress(s)
    assert "RT 03 dari 3,00 menjadi 3,60" in progress.alt


@pytest.mark.parametrize("n", [0, 1, 4])
def test_with_few_pairs_nothing_of_a_person_is_told(n):
    e = one_rt(n=n)
    drawn = [figures.change(e), *figures.items(e)]
    assert figures.categories(e) is None
    assert f"{n} pasangan" in drawn[0].alt and drawn[0].notes == ()
    assert all("%" not in figure.alt for figure in drawn[1:])
    assert all("3 butir tidak digambar" in figure.alt for figure in drawn[1:])


def test_when_nobody_changes_the_note_says_why_there_is_no_interval():
    attitude = instrument(items=1)
    e = evaluation(study([attitude]), [scale_result(attitude, [3] * 8, [3] * 8)])
    assert any("Sikap" in note and "tidak seorang pun berubah" in note for note in figures.change(e).notes)


def test_one_rt_alone_has_a_forest_without_pooling():
    forest, _ = figures.forest(all_rts(count=2))
    assert not any("Paule" in note for note in forest.notes)


def test_a_recap_of_nothing_has_no_figures():
    s = all_rts()
    empty = type(s)(s.study, (), (), ())
    assert figures.forest(empty) == figures.progress(empty) == ()


def test_a_long_instrument_becomes_parts_with_labels_of_their_own():
    long = instrument("long", items=45)
    e = evaluation(study([long]), [scale_result(long, [3] * 8, [4] * 8)], [rating_result(long, place, PRE, POST) for place in range(45)])
    parts = figures.items(e)
    assert [part.label for part in parts] == ["fig-items-long-1", "fig-items-long-2", "fig-items-long-3"]
    assert parts[1].caption.endswith("bagian 2 dari 3")


@pytest.mark.parametrize("label", [r"$\frac{1}{2}$ *a* ~b~ ^c^ _d_", "<b>&\"'</b>", "漢字 ☃ \U0001f600", "50% # \\alpha", "مرحبا", "a\x00b\x07"])
def test_words_of_users_are_drawn_and_escaped_as_they_are(label):
    e = one_rt(label=label)
    figure = figures.change(e)
    assert label in inline.plain(figure.alt)
    assert "\x00" not in figure.svg
    for part in figures.items(e):
        assert part.png


def test_figures_do_without_pyplot_and_leave_settings_alone():
    script = ("import sys, matplotlib\n"
              "def settings(): return {key: matplotlib.rcParams[key] for key in matplotlib.rcParams if key != 'backend'}\n"
              "before = settings()\n"
              "import baksos_eval.report.figures\n"
              "assert 'matplotlib.pyplot' not in sys.modules\n"
              "assert settings() == before")
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2], timeout=120)
    assert done.returncode == 0, done.stderr
