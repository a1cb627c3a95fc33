"""A study with very many RTs: told on a few pages by how its RTs are spread, while fewer RTs are told one by one."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from baksos_eval.activities.activities import read_activities
from baksos_eval.errors import Finding, Severity
from baksos_eval.evaluation.instruments import evaluate_instruments
from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.results import Missing, Summary
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.render import blocks, html
from baksos_eval.render.look import Look
from baksos_eval.report import figures, narrative, shapes, tables
from baksos_eval.report.content import Figure, Table
from baksos_eval.report.drawing import TALLEST
from baksos_eval.report.many_rts import ENDS, MOST_NAMED, MOST_RTS, differ, ends, in_order, name_rts
from baksos_eval.report.plots_comparison import draw_comparison
from baksos_eval.report.plots_many_rts import BANDS, MOST_STROKES, draw_means_spread, draw_spread
from baksos_eval.report.plots_rts import draw_forest
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.stats import multiplicity
from baksos_eval.stats.paired import Verdict
from baksos_eval.study.study import open_study
from tests.evaluation.test_evaluate import random_answers, rows
from tests.evaluation.test_programme import RTS
from tests.render.conftest import code_cell, notebook
from tests.report.by_hand import instrument, study, summary, unit
from tests.report.test_aid import EXAMPLE
from tests.report.test_plots import inside, texts
from tests.report.test_plots_rts import reader
from tests.report.test_views import unfold, written
from tests.studies import grouped_study, invented_persons, people, study_of

SIZES = (30, MOST_RTS, MOST_RTS + 1, 1_000, 10_000)
ID = words("id")


def units(count: int, between: float = 0.25, mean: float = 0.3, seed: int = 1):
    """So many RTs of 3 to 39 people, their true changes spread by ``between`` and measured with an error that falls with the people."""
    random = np.random.default_rng(seed)
    sizes = random.integers(3, 40, count)
    errors = 0.6 / np.sqrt(sizes)
    changes = mean + between * random.standard_normal(count) + errors * random.standard_normal(count)
    made = [unit(f"RT {number:05d}", int(n), float(change), float(error), 2.8) for number, (n, change, error) in enumerate(zip(sizes, changes, errors, strict=True), start=1)]
    made = [one._replace(p=math.erfc(abs(one.change / one.standard_error) / math.sqrt(2)) if one.shown else math.nan, verdict=_verdict(one)) for one in made]
    return [one._replace(p_holm=float(p)) for one, p in zip(made, multiplicity.holm([one.p for one in made]), strict=True)]


def _verdict(one):
    return "too_few" if not one.shown else Verdict.IMPROVED if one.low > 0 else Verdict.WORSENED if one.high < 0 else Verdict.NO_EVIDENCE


@cache
def recap(count: int, language: str = "id", between: float = 0.25, direction: str = "up") -> Summary:
    made = instrument(smallest_change=0.2, direction=direction)
    return replace(_scales(count, between, direction), study=study([made], language))


@cache
def _scales(count: int, between: float, direction: str) -> Summary:
    return summary(study([instrument(smallest_change=0.2, direction=direction)]), [units(count, between)])


def everything(s: Summary) -> list:
    """All that recap, report and article say about RTs."""
    return unfold([narrative.recap_title(s), narrative.recap(s), figures.forest(s), narrative.units(s), tables.units(s), tables.missing(s), tables.pooled(s), tables.flows(s),
                   narrative.recap_limits(s), figures.progress(s), shapes.participants(s), shapes.results(s), shapes.conclusion(s), shapes.attachments(s)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", SIZES)
def test_a_recap_stays_a_few_pages_long(count, language):
    told = everything(recap(count, language))
    one_by_one = count <= MOST_RTS
    named = [content.label for content in told if isinstance(content, Figure | Table)]
    assert len(named) == len(set(named))
    assert ("tbl-rt-verdicts" in named) is ("tbl-rt-ends-attitude" in named) is not one_by_one
    assert "tbl-units-attitude" in named and "tbl-flows" in named and any(label.startswith("fig-forest-attitude") for label in named)
    lengths = {content.label: len(content.rows) for content in told if isinstance(content, Table)}
    assert lengths["tbl-units-attitude"] == (count if one_by_one else 5)
    assert max(lengths.values()) <= MOST_RTS + 1
    drawn = [content for content in told if isinstance(content, Figure)]
    assert len(drawn) <= 4 if one_by_one else len(drawn) == 2
    for content in drawn:
        assert content.height_cm <= TALLEST
        assert one_by_one or len(content.alt) < 1_200
    for content in told:
        assert "{" not in (content.alt + content.caption + "".join(content.notes) if isinstance(content, Figure) else written(content))


def test_more_rts_than_are_told_one_by_one_would_take_the_forest_beyond_two_pages():
    assert len(draw_forest(recap(MOST_RTS).scales[0], ID, 0.95)) == 2
    assert len(draw_forest(recap(MOST_RTS + 1).scales[0], ID, 0.95)) == 3


def test_ten_thousand_rts_are_told_in_seconds_and_less_than_three_megabytes():
    s = recap(10_000)
    begun = time.process_time()
    told = everything(s)
    spent = time.process_time() - begun
    assert spent < 8, f"{spent:.1f} s"
    executed = notebook(*(code_cell(content) for content in told))
    size = len(json.dumps(executed)), len(html.to_bytes(blocks.read(executed), Look()))
    assert max(size) < 3_000_000, size


@pytest.mark.parametrize("count", [MOST_RTS + 1, MOST_STROKES, MOST_STROKES + 1, 1_000, 10_000])
def test_all_rts_stand_on_one_page_in_the_order_of_their_shrunken_change(count):
    result = recap(count).scales[0]
    sheet = draw_spread(result, ID)
    assert inside(sheet) and sheet.height <= TALLEST
    value, shown = reader(sheet), sorted((one.estimate for one in result.shrunken if not math.isnan(one.estimate)), reverse=True)
    if len(shown) <= MOST_STROKES:
        places = [value(x) for x, _ in sheet.named("rt")[0].points]
        assert places == pytest.approx(shown)
        assert len(sheet.named("interval")[0].strokes) == len(shown)
        assert sheet.named("band") == []
    else:
        line = sheet.named("rt")[0].strokes[0]
        assert len(line) == BANDS
        assert value(line[0][0]) == pytest.approx(np.median(np.array_split(shown, BANDS)[0]))
        assert len(sheet.named("band")[0].polygons[0]) == 2 * BANDS
        assert sheet.named("interval") == []
    assert [word.text for word in sheet.words if word.text.startswith("RT ")] == []


def test_rts_that_are_not_drawn_are_counted():
    s = recap(1_000)
    hidden = sum(not one.shown for one in s.scales[0].units)
    alike = replace(s, scales=(replace(s.scales[0], units=tuple(one._replace(low=math.nan, high=math.nan, note="constant_change") if one.rt == "RT 00001" and one.shown else one
                                                                for one in s.scales[0].units)),))
    assert f"Tidak digambar: {hidden} RT, karena terlalu sedikit data." in figures.forest(s)[0].notes
    assert "Di 1 RT selang tidak dihitung karena semua orang berubah sama besar." in figures.forest(alike)[0].notes


def test_bars_count_every_measured_change():
    result = recap(1_000).scales[0]
    sheet = draw_spread(result, ID)
    value = reader(sheet)
    bars = sheet.named("bar")[0].polygons
    floor = bars[0][2][1]
    highest = int(next(word.text for word in sheet.words if word.align == "right" and word.text.isdigit()))
    tallest = max(floor - corners[0][1] for corners in bars)
    changes = np.array([one.change for one in result.units if one.shown])
    for corners in bars:
        count = (floor - corners[0][1]) / tallest * highest
        low, high = value(corners[0][0]), value(corners[1][0])
        assert count == pytest.approx(((changes >= low - 1e-9) & (changes < high - 1e-9)).sum(), abs=0.01)
    assert sum(round((floor - corners[0][1]) / tallest * highest) for corners in bars) == len(changes)


def test_pooled_zero_and_smallest_change_stand_over_the_same_axis():
    result = recap(1_000).scales[0]
    sheet = draw_spread(result, ID)
    value, pooled = reader(sheet), result.pooled
    corners = sheet.named("pooled")[0].polygons[0]
    assert [value(corners[place][0]) for place in (0, 1, 2)] == pytest.approx([pooled.low, pooled.estimate, pooled.high])
    assert [value(x) for x, _ in sheet.named("prediction")[0].strokes[0]] == pytest.approx([pooled.prediction_low, pooled.prediction_high])
    assert value(sheet.named("zero")[0].strokes[0][0][0]) == pytest.approx(0)
    assert value(sheet.named("smallest change")[0].strokes[0][0][0]) == pytest.approx(0.2)
    assert f"Gabungan ({ID.number(pooled.k, 0)} RT)" in texts(sheet)


def test_a_small_rt_with_the_largest_measured_change_is_not_put_first():
    lucky = unit("RT lucky", 5, 2.5, 1.2, 2.0)
    result = summary(study([instrument()]), [[*units(100), lucky]]).scales[0]
    assert max(result.units, key=lambda one: one.change if one.shown else -9).rt == "RT lucky"
    best, worst = ends(result)
    assert "RT lucky" not in [result.units[place].rt for place in best]
    assert len(best) == len(worst) == ENDS and not set(best) & set(worst)


@pytest.mark.parametrize("direction", ["up", "down"])
def test_favourable_is_what_the_scale_calls_better(direction):
    result = recap(200, direction=direction).scales[0]
    order = [result.shrunken[place].estimate for place in in_order(result)]
    assert order == sorted(order, reverse=direction == "up")
    table = tables.units(recap(200, direction=direction))[2]
    assert (table.rows[0][0], table.rows[ENDS][0]) == ("paling menguntungkan", "paling kurang menguntungkan")
    first, last = (float(table.rows[place][4].split()[0].replace(",", ".").replace("−", "-")) for place in (0, -1))
    assert (first > last) is (direction == "up")


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_rts_differ_by_chance_alone_none_is_singled_out(language):
    s = summary(study([instrument()], language), [[one._replace(change=one.change, standard_error=5 * one.standard_error) for one in units(120)]])
    assert s.scales[0].pooled.tau2 == 0 and not differ(s.scales[0])
    assert ends(s.scales[0]) == ([], [])
    labels = [table.label for table in tables.units(s)]
    assert labels == ["tbl-rt-verdicts", "tbl-units-attitude"]
    said = narrative.units(s).markdown
    assert words(language).text("units.many.alike", scale=s.scales[0].scale.label[language]) in said
    assert words(language).text("units.many.differ") not in said
    assert words(language).text("figure.note.measured_own") in figures.forest(s)[0].notes
    value = reader(sheet := draw_spread(s.scales[0], ID))
    assert [value(x) for x, _ in sheet.named("rt")[0].points] == pytest.approx(sorted((one.change for one in s.scales[0].units if one.shown), reverse=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_rts_that_cannot_be_pooled_are_still_told(language):
    s = summary(study([instrument()], language), [[unit(f"RT {number}", 3 + 4 * (number < 3), 0.5, 0.1) for number in range(1, 100)]])
    told = everything(s)
    assert math.isnan(s.scales[0].pooled.p)
    assert words(language).text("reason.too_few_rts") in narrative.units(s).markdown
    assert all(inside(draw_spread(result, words(language))) for result in s.scales)
    assert not [content for content in told if "nan" in str(getattr(content, "rows", ""))]
    nobody = summary(study([instrument()], language), [[unit(f"RT {number}", 2, math.nan, math.nan) for number in range(1, 100)]])
    assert inside(draw_spread(nobody.scales[0], words(language))) and inside(draw_means_spread(nobody.scales, words(language))[0])
    assert everything(nobody)


def test_the_table_of_verdicts_counts_every_rt():
    s = recap(1_000)
    table = tables.units(s)[0]
    counts = {row[1]: (int(row[2].replace(".", "")), row[4]) for row in table.rows}
    assert sum(count for count, _ in counts.values()) == 1_000
    for verdict in (Verdict.IMPROVED, Verdict.WORSENED, Verdict.NO_EVIDENCE, "too_few"):
        own = [one for one in s.scales[0].units if one.verdict == verdict]
        shown = str(sum(one.p_holm < 0.05 for one in own)) if verdict in (Verdict.IMPROVED, Verdict.WORSENED) else ""
        assert counts[ID.text(f"verdict.{verdict}.short")] == (len(own), shown)
    assert "2,5" in table.notes[0]


def test_quantiles_are_those_of_excel_and_r():
    s = recap(1_000)
    table = tables.units(s)[1]
    found = {row[0]: row[1:] for row in table.rows}
    shown = [one for one in s.scales[0].units if one.shown]
    shares = (0, 10, 25, 50, 75, 90, 100)
    assert list(found["Perubahan terukur"]) == [ID.number(float(value), 2, signed=True) for value in np.percentile([one.change for one in shown], shares)]
    assert list(found["Perubahan, disusutkan"]) == [ID.number(float(value), 2, signed=True)
                                                    for value in np.percentile([one.estimate for one in s.scales[0].shrunken if one.estimate == one.estimate], shares)]
    assert found["n"][3] == ID.number(float(np.median([one.n for one in s.scales[0].units])), 0)


def test_totals_of_the_flow_stay_and_rts_become_quantiles():
    s = recap(1_000)
    table = tables.flows(s)
    paired = next(row for row in table.rows if row[0] == "Berpasangan")
    numbers = [flow.both for flow in s.flows]
    assert paired[1] == ID.number(sum(numbers), 0) and (paired[2], paired[-1]) == (str(min(numbers)), str(max(numbers)))
    assert len(table.rows) == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_of_many_missing_rts_are_counted(language):
    def lost(number: int) -> Missing:
        code = "rt_without_programme" if number % 3 else "rt_without_comparison"
        return Missing(f"RT {number}", "data_not_usable", (Finding(code, Severity.FATAL, 0, rt=f"RT {number}"), Finding("few_pairs", Severity.WARNING, 3, rt=f"RT {number}")))

    s = replace(recap(1_000, language), missing=tuple(lost(number) for number in range(1, 101)))
    table = tables.missing(s)
    assert [row[0] for row in table.rows] == ["67", "33"]
    said = narrative.units(s).markdown
    assert "RT 1, RT 2" in said and "RT 50" not in said
    assert "100" in tables.flows(s).notes[-1]


def test_rts_are_named_in_a_sentence_up_to_a_dozen():
    names = [f"RT *{number}*" for number in range(1, MOST_NAMED + 2)]
    assert name_rts(names[:-1], ID).count("RT") == MOST_NAMED
    assert name_rts(names, ID) == f"{MOST_NAMED + 1} RT, di antaranya RT \\*1\\*, RT \\*2\\*, dan RT \\*3\\*"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_anonymous_study_with_many_rts(tmp_path, language):
    answers = [row for number in range(1, 4) for row in rows(people(f"RT {number:02d}", 8), random_answers(number, 8))]
    later = [row for number in range(1, 4) for row in rows(people(f"RT {number:02d}", 8), random_answers(10 + number, 8))]
    made = study_of(tmp_path, answers, later, language=language, anonymous=True)
    s = summarise(made, *evaluate_all(made))
    many = replace(s, flows=s.flows * 40, scales=tuple(replace(one, units=one.units * 40, shrunken=one.shrunken * 40) for one in s.scales))
    told = everything(many)
    assert {"n sebelum", "n sesudah"} <= {row[0] for row in tables.units(many)[1].rows} or language == "en"
    assert [row[1] for row in tables.flows(many).rows][:2] == ["960", "960"]
    assert all(len(content.rows) <= MOST_RTS for content in told if isinstance(content, Table))


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_comparison_rts_are_told_by_their_spread(tmp_path, language):
    made = grouped_study(tmp_path, invented_persons([(f"RT {number:02d}", "C" if number in (4, 5, 6) else "E", 6 + number) for number in range(1, 9)], effect=0.5), RTS, language=language)
    s = summarise(made, *evaluate_all(made), evaluate_programme(made))
    scales = tuple(replace(scale, comparison=replace(scale.comparison, rts=scale.comparison.rts * 100)) if scale.comparison else scale for scale in s.programme.scales)
    many = replace(s, programme=replace(s.programme, scales=scales))
    table = tables.comparison(many)[-1]
    few = tables.comparison(s)[-1]
    assert table.label == few.label == "tbl-comparison-rts"
    assert len(few.rows) == 3 * len(scales) and len(table.rows) == 4 * len(scales) and "300" in table.caption
    sheet, = draw_comparison([scale for scale in scales if scale.comparison], words(language), 0.95)
    assert inside(sheet) and sheet.named("rt of comparison") == [] and sheet.named("half of comparison")
    ring, = (words(language).text("figure.note.comparison_spread", confidence=words(language).percent(0.95, 0)),)
    assert ring in figures.comparison(many)[0].notes and ring not in figures.comparison(s)[0].notes
    flows = tables.flows(replace(s, flows=s.flows * 20))
    assert len(flows.rows) == 14


@pytest.mark.parametrize("language", LANGUAGES)
def test_later_waves_of_many_rts_are_pooled_and_spread(tmp_path, language):
    sizes = {"RT 01": 9, "RT 02": 12, "RT 03": 8}
    sheets = {wave: [row for number, (rt, n) in enumerate(sizes.items()) for row in rows(people(rt, n, 100 * number), random_answers(10 * seed + number, n))]
              for wave, seed in (("pre", 1), ("post", 2), ("delayed", 3))}
    made = study_of(tmp_path, sheets["pre"], sheets["post"], delayed=sheets["delayed"], language=language)
    s = summarise(made, *evaluate_all(made))
    many = replace(s, waves=tuple(replace(one, rts=one.rts * 30, results=one.results * 30) for one in s.waves))
    for few, table in zip(tables.later_waves(s), tables.later_waves(many), strict=True):
        assert few.label == table.label
        assert [row[1] for row in table.rows] == [row[3] for row in few.rows[-2:]]
        assert len(table.rows) == 2 and "90" in table.caption


@pytest.mark.parametrize("language", LANGUAGES)
def test_aid_in_many_rts_is_told_by_its_spread(language):
    a = read_activities(open_study(EXAMPLE, language))
    rts = tuple(replace(part, rt=f"{part.rt} RW {number:02d}") for number in range(30) for part in a.aid.rts)
    many = replace(a, aid=replace(a.aid, rts=rts, groups=tuple(group._replace(of_rts=group.of_rts * 30) for group in a.aid.groups)))
    table = tables.aid(many)
    assert [row[0] for row in table.rows[-1:]] == [tables.aid(a).rows[-1][0]] and table.rows[-1] == tables.aid(a).rows[-1] and table.emphasised == (7,)
    assert [row[2] for row in table.rows[:7]] == [words(language).number(float(value), 0 if value == round(value) else 1)
                                                   for value in np.percentile([part.coverage.reached for part in rts], (0, 10, 25, 50, 75, 90, 100))]
    for content in (tables.aid_households(many), tables.aid_masks(many), tables.aid_targeting(many)):
        assert content is None or len(content.rows) == 1 and str(len(rts)) in content.notes[-1]
    assert len(tables.aid_groups(many).rows) <= len(a.aid.groups) + 1
    figure, = figures.aid(many)
    assert len(figure.alt) < 400 and figure.height_cm < 8
    assert "RW 29" not in written(narrative.aid(many))


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_of_many_rts_who_test_the_instruments_are_told_by_their_spread(language):
    i = evaluate_instruments(open_study(EXAMPLE, language))

    def many(counts):
        return {f"{rt} RW {number:02d}": n for number in range(30) for rt, n in counts.items()}

    instruments = tuple(replace(result, waves=tuple(replace(wave, persons=many(wave.persons)) for wave in result.waves)) for result in i.instruments)
    table = tables.instrument_people(replace(i, rts=tuple(many(dict.fromkeys(i.rts, 0))), instruments=instruments))
    few = tables.instrument_people(i)
    assert len(table.rows) == 8 and table.rows[-1] == few.rows[-1] and table.emphasised == (7,)
    counts = [int(row[1]) for row in few.rows[:-1]]
    assert [table.rows[0][1], table.rows[6][1]] == [str(min(counts)), str(max(counts))]


def test_worsening_that_matters_is_not_called_unclear():
    s = recap(30)
    worse = tuple(one._replace(verdict="worsened_meaningfully") if one.shown else one for one in s.scales[0].units)
    said = shapes.conclusion(replace(s, scales=(replace(s.scales[0], units=worse),))).markdown
    shown = sum(one.shown for one in worse)
    assert f"0 membaik, {shown} memburuk, dan 0 belum" in said
