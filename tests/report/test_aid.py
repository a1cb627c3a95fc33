"""The aid as people read it: golden texts, figures that say what they show, and small logs that can be told too."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from baksos_eval.activities.activities import Activities, read_activities
from baksos_eval.activities.aid_measures import measure_aid
from baksos_eval.evaluation.activity_ledger import HIDDEN, activity_ledger
from baksos_eval.report import figures, inline, narrative, tables
from baksos_eval.report.content import Table
from baksos_eval.report.drawing import WIDTH
from baksos_eval.report.plots_aid import MOST_KINDS, OTHERS, draw_days, draw_reach, drawn_counts, kinds_drawn
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study
from tests.activities.small import study_with, write_log
from tests.activities.test_aid import GOOD, HEADER, row, terms
from tests.report.test_views import check_golden, contents, unfold, written

EXAMPLE = Path(__file__).parents[2] / "data" / "contoh"
TOPICS = ("aid", "aid_goods", "aid_households", "aid_masks", "aid_groups", "aid_targeting", "aid_institutions", "aid_budget", "aid_limits")


@pytest.fixture(scope="module", params=LANGUAGES)
def programme(request) -> Activities:
    whole = read_activities(open_study(EXAMPLE, request.param))
    return replace(whole, posts=None, tutoring=None, partners=None, photos=None, satisfaction=None)


def shown(a: Activities) -> list:
    return [one for topic in TOPICS for one in contents(topic, a)]


def test_the_programme_reads_as_before(programme: Activities):
    check_golden("activities-aid", programme.study.language, shown(programme))


def test_one_rt_reads_as_before(programme: Activities):
    check_golden("activities-aid-rt", programme.study.language, shown(programme.of_rt("RT 04")))


@pytest.mark.parametrize("rt", ["", "RT 04", "RT 09", "RT 40"])
def test_every_reference_has_its_table_and_numbers_follow_the_language(programme: Activities, rt: str):
    a = programme.of_rt(rt) if rt else programme
    found = [*shown(a), *unfold(figures.aid(a)), *unfold(figures.aid_days(a))]
    texts = [content.markdown for content in found if hasattr(content, "markdown")]
    assert {label for text in texts for label in inline.references(text)} <= {content.label for content in found if hasattr(content, "label")}
    wrong = re.compile(r"(?<![\d.,])\d+\.\d{1,2}(?![\d.])" if a.study.language == "id" else r"(?<![\d.,])\d+,\d{1,2}(?!\d)")
    cells = [cell for content in found if isinstance(content, Table) for line in content.rows for cell in line]
    assert [text for text in (*texts, *cells) if wrong.search(inline.plain(text))] == []
    assert not re.search(r"\bnan\b", " ".join([*texts, *cells]))


def test_figures_say_in_words_what_they_show(programme: Activities):
    (reach,), days = figures.aid(programme), figures.aid_days(programme)
    assert ("57 dari 62 KK" if programme.study.language == "id" else "57 of 62 households") in reach.alt and reach.alt.count("RT ") >= 5
    assert words(programme.study.language).date(programme.aid.result.days[0].day) in days.alt and days.width_cm == WIDTH


def test_bars_are_as_high_as_their_counts(programme: Activities):
    result = programme.aid.result
    sheet = draw_days(result, words("id"))
    bars = [polygon for shape in sheet.named("bar") for polygon in shape.polygons]
    unit = max(abs(corners[2][1] - corners[0][1]) for corners in bars) / max(count for day in result.days for _, count in day.kinds)
    assert sum(abs(corners[2][1] - corners[0][1]) for corners in bars) == pytest.approx(unit * sum(day.handovers for day in result.days))


def test_steps_end_at_the_households_reached(programme: Activities):
    (sheet,) = draw_reach(programme.aid, words("id"))
    lines = [shape for shape in sheet.named("reached") if hasattr(shape, "strokes")]
    assert len(lines) == len(programme.aid.rts)
    for line in lines:
        heights = [y for _, y in line.strokes[0]]
        assert heights == sorted(heights, reverse=True) and heights[0] > heights[-1]


def test_rare_kinds_are_drawn_together():
    rows = [row(f"K{number}", kind=f"kind {number % 7}") for number in range(40)]
    result = measure_aid(rows, terms()).result
    drawn = kinds_drawn(result)
    assert len(drawn) == MOST_KINDS + 1 and drawn[-1] == OTHERS
    assert sum(drawn_counts(result.days[0].kinds, drawn)) == 40


def told(folder: Path, rows: list[list[str]], settings: str = "", language: str = "id") -> str:
    write_log(folder, HEADER, rows)
    a = read_activities(study_with(folder, f'\n[activities.aid]\nfile = "catatan.csv"\n{settings}', language=language))
    found = [*shown(a), *shown(a.of_rt("RT 04")), *unfold(narrative.activities(a)), *unfold(narrative.activity_quality(a)), *unfold(tables.activity_quality(a))]
    alts = [figure.alt for figure in (*unfold(figures.aid(a)), *unfold(figures.aid_days(a)))]
    return " ".join([*map(written, found), *alts])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_computed_is_said_with_its_reason(tmp_path: Path, language: str):
    text, c = told(tmp_path, [GOOD, ["", "5", "KK-02", "", "", "madu", "", "", "", "", "", ""]], language=language), words(language)
    for reason in ("aid_no_target", "aid_no_list"):
        assert c.text(f"reason.{reason}") in text
    assert not re.search(r"\bnan\b|{\w+}", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [
    [["14/08/2021", "", "", "Panti", "", "sembako", "5", "paket", "", "", "", ""]], [["", "4", "", "", "", "", "", "", "", "", "", ""]],
    [["14/08/2021", "4", "", "", "", "masker", "1", "kotak", "", "", "", ""]], [GOOD], [GOOD] * 3])
def test_small_and_poor_logs_can_be_told(tmp_path: Path, rows: list[list[str]], language: str):
    assert not re.search(r"\bnan\b|{\w+}", told(tmp_path, rows, 'households = { "RT 04" = 3 }', language))


def test_hidden_counts_are_in_no_ledger(programme: Activities):
    frame = activity_ledger(programme)
    groups = frame[frame["method"] == "group"]
    assert (groups["note"] == HIDDEN).any() and groups.loc[groups["note"] == HIDDEN, "value"].isna().all()
    assert not groups["value"].dropna().between(1, 4).any()
    totals = frame[(frame["method"] == "total") & (frame["rt"] != "") & (frame["measure"] == "reached")]
    assert (totals["note"] == HIDDEN).any() and not totals["value"].dropna().between(1, 4).any()
    few = programme.of_rt("RT 04")
    assert "×" in {cell for line in tables.aid_goods(few).rows for cell in line} and words(programme.study.language).text("unit_word.envelope") not in narrative.aid_goods(few).markdown
    coverage = frame[(frame["method"] == "coverage") & (frame["rt"] == "")].set_index("measure")["value"]
    assert coverage["share"] == coverage["reached"] / coverage["targeted"] and not math.isnan(coverage["share"])


def test_the_ledger_is_the_same_in_both_languages():
    frames = [activity_ledger(read_activities(open_study(EXAMPLE, language))) for language in LANGUAGES]
    assert frames[0].equals(frames[1])


def test_the_table_of_groups_has_whichever_are_fewer_across():
    for rts, across in ((3, "RT 02"), (9, "general")):
        names = tuple(f"RT {number:02d}" for number in range(rts))
        rows = [row(f"{rt}-{number}", rt=rt, group=("general", "poor")[number % 2]) for rt in names for number in range(20)]
        a = replace(read_activities(open_study(EXAMPLE, "en")), aid=measure_aid(rows, terms(rts=names, groups={"poor": 100})))
        table = tables.aid_groups(a)
        assert across in [column.header for column in table.columns]
        cells = {cell for line in table.rows for cell in line}
        assert {str(10 * rts), str(20 * rts), "100", words("en").percent(10 * rts / 100)} <= cells
