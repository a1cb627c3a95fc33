"""A comparison, doses and the mixed model in tables, sentences and figures, against golden texts; causal words only where they may stand."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.results import Summary
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report import figures, inline, narrative, tables
from baksos_eval.report.comparing import comparison
from baksos_eval.report.content import Table, Text
from baksos_eval.report.drawing import TALLEST
from baksos_eval.report.plots_comparison import draw_comparison
from baksos_eval.report.text import LANGUAGES, words
from tests.evaluation.test_programme import PERSONS, RTS
from tests.report.test_plots_rts import reader
from tests.report.test_views import check_golden, contents, unfold, written
from tests.studies import Person, grouped_study, invented_persons, only_one_item

DOSES = '[doses.masker]\nlabel = { id = "pembagian masker", en = "handing out masks" }\n'
DESIGNS = {
    "persons": (PERSONS, [("RT 01", "E", 14), ("RT 01", "C", 11), ("RT 02", "E", 9), ("RT 02", "C", 8), ("RT 03", "E", 10)], 0.5),
    "one-rt": (PERSONS + 'primary = "ancova"\n', [("RT 01", "E", 14), ("RT 01", "C", 11)], 1.5),
    "rts": (RTS, [(f"RT {number:02d}", "C" if number in (4, 5, 6) else "E", 6 + number) for number in range(1, 9)], 0.5),
    "three-three": (RTS, [(f"RT {number:02d}", "E" if number < 4 else "C", 6 + number) for number in range(1, 7)], 2.0),
    "two-rts": ('[comparison]\nrts = ["RT 04"]\n', [("RT 01", "E", 9), ("RT 04", "C", 9)], 0.5),
    "few": (PERSONS, [("RT 01", "E", 9), ("RT 01", "C", 4)], 0.5),
    "none": ("", [(f"RT {number:02d}", "E", 6 + number) for number in range(1, 5)], 0.5),
}
TOPICS = ("recap_title", "units", "comparison", "balance", "dose", "mixed", "flows", "recap_limits")
CAUSAL = re.compile(r"\b(menyebabkan|berkat program|karena program|pengaruh program|berpengaruh|efektif meningkatkan|memperkirakan pengaruh|"
                    r"caused|thanks to|because of the programme|effect of the programme)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def recaps(tmp_path_factory) -> dict[tuple[str, str], Summary]:
    made = {}
    for name, (groups, sizes, effect) in DESIGNS.items():
        persons = invented_persons(sizes, effect=effect)
        for language in LANGUAGES:
            study = grouped_study(tmp_path_factory.mktemp(name), persons, groups + DOSES, language=language)
            made[name, language] = summarise(study, *evaluate_all(study), evaluate_programme(study))
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("design", DESIGNS)
def test_topics_read_as_before(recaps, design, language):
    summary = recaps[design, language]
    topics = TOPICS if design in ("persons", "rts") else ("comparison", "balance", "recap_limits") if design != "none" else ("dose", "mixed")
    check_golden(f"{design}-comparison", language, [one for topic in topics for one in contents(topic, summary)])


@pytest.mark.parametrize(("programme", "others", "words_of"), [(2, 1, "membaik lebih banyak"), (-1, -2, "memburuk lebih sedikit"), (1, 2, "membaik lebih sedikit"), (-2, -1, "memburuk lebih banyak")])
def test_worsening_less_is_not_called_improving_more(tmp_path, programme, others, words_of):
    persons = []
    for number in range(20):
        step, before = (programme, others)[number % 2], [3, 3, 3, 3]
        after = [before[item] + step * (-1 if item == 1 else 1) for item in range(4)]
        after[3] += (number // 2) % 3 == 0 and -1
        persons.append(Person("RT 01", f"xy{number:03d}", "EC"[number % 2], "", [*before, *"BSBS"], [*(min(5, max(1, score)) for score in after), *"BSBS"]))
    study = grouped_study(tmp_path, persons, PERSONS)
    assert words_of in comparison(summarise(study, *evaluate_all(study), evaluate_programme(study)))[1].markdown.split(".**")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dose_of_a_single_item_reads_as_before(language, tmp_path):
    texts = []
    for name, persons in (("clear", invented_persons([("RT 01", "E", 45), ("RT 02", "E", 40)], effect=1.0)), ("unclear", invented_persons([("RT 01", "E", 45)], effect=0)),
                          ("few", invented_persons([("RT 01", "E", 14)]))):
        study = only_one_item(grouped_study(tmp_path / name, persons, DOSES, language=language))
        texts += contents("dose", summarise(study, *evaluate_all(study), evaluate_programme(study)))
    check_golden("single-dose", language, texts)


@pytest.mark.parametrize("design", DESIGNS)
def test_an_rt_of_a_compared_study_reads_as_before(recaps, design, tmp_path):
    groups, sizes, effect = DESIGNS[design]
    study = grouped_study(tmp_path, invented_persons(sizes, effect=effect), groups + DOSES)
    for evaluation in evaluate_all(study)[0]:
        said = " ".join(written(one) for topic in ("title", "summary", "limits") for one in contents(topic, evaluation))
        assert ("Kelompok: penerima program" in said) == (evaluation.arm == "programme")
        assert ("Kelompok: pembanding" in said) == (evaluation.arm == "comparison")
        assert ("tidak ada kelompok pembanding" in said) == (evaluation.arm == "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("design", DESIGNS)
def test_an_effect_is_only_spoken_of_where_groups_are_compared(recaps, design, language):
    summary = recaps[design, language]
    for topic in ("recap", "units", "balance", "dose", "mixed"):
        assert not [one.markdown for one in contents(topic, summary) if isinstance(one, Text) and CAUSAL.search(one.markdown)]
    spoken = bool(CAUSAL.search(" ".join(text.markdown for text in comparison(summary) or ())))
    assert spoken == (design in ("persons", "one-rt", "rts", "three-three"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("design", DESIGNS)
def test_every_reference_has_its_table_or_figure_and_labels_are_unique(recaps, design, language):
    summary = recaps[design, language]
    shown = [one for topic in (*TOPICS, "pooled") for one in contents(topic, summary)] + unfold(figures.comparison(summary))
    labels = [one.label for one in shown if hasattr(one, "label")]
    assert len(labels) == len(set(labels))
    named = {label for one in shown if isinstance(one, Text) for label in inline.references(one.markdown)}
    assert named <= set(labels)
    for one in shown:
        if isinstance(one, Table):
            assert not re.search(r"\bnan\b", written(one))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_study_without_groups_and_doses_shows_none_of_it(recaps, language):
    bare = recaps["none", language]
    for topic in ("comparison", "balance"):
        assert contents(topic, bare) == []
    assert figures.comparison(bare) == ()
    before = Summary(bare.study, bare.flows, bare.scales, bare.missing)
    for topic in ("comparison", "balance", "dose", "mixed"):
        assert getattr(narrative, topic)(before) is None and getattr(tables, topic)(before) is None


def test_the_verdict_holds_the_numbers_of_the_result(recaps):
    summary = recaps["rts", "id"]
    found, c = summary.programme.scales[0].comparison, words("id")
    said = narrative.comparison(summary)[1].markdown
    for number in (found.arms["programme"].change, found.arms["comparison"].change, found.main.estimate):
        assert c.number(number, signed=True) in said
    assert c.interval(found.main.low, found.main.high) in said and c.p_phrase(found.randomisation.p) in said
    assert "5 RT, 51 orang" in said and "3 RT, 33 orang" in said


def test_too_few_rts_for_any_proof_are_named(recaps):
    said = " ".join(text.markdown for text in narrative.comparison(recaps["three-three", "id"]))
    assert "nilai terkecil yang dapat dicapai uji acak adalah" in said and words("id").p_phrase(0.1) in said
    assert "nilai terkecil" not in " ".join(text.markdown for text in narrative.comparison(recaps["rts", "id"]))


def test_small_groups_are_counted_and_nothing_else_is_shown(recaps):
    summary = recaps["few", "id"]
    verdicts = [text.markdown for text in narrative.comparison(summary) if text.role == "verdict"]
    assert all("9 orang" in text and "4 orang" in text and not re.search(r"\d,\d", text) for text in verdicts)
    assert figures.comparison(summary) == () and contents("balance", summary) == []
    counts, = unfold(tables.comparison(summary))
    assert {cell for row in counts.rows for cell in row[3:]} == {"9", "4", "–"}


@pytest.mark.parametrize("design", ("persons", "rts", "two-rts"))
def test_the_figure_shows_the_groups_where_they_are(recaps, design):
    results = recaps[design, "id"].programme.scales[:1]
    sheet, = draw_comparison(results, words("id"), 0.95)
    value, found = reader(sheet), results[0].comparison
    for name, expected in (("programme", found.arms["programme"].change), ("comparison", found.arms["comparison"].change), ("difference", found.main.estimate)):
        (mark,) = sheet.named(name)[0].points
        assert value(mark[0]) == pytest.approx(expected)
    drawn = sheet.named("interval of difference")
    assert [value(x) for x, _ in drawn[0].strokes[0]] == pytest.approx([found.main.low, found.main.high]) if drawn else math.isnan(found.main.low)
    circles = [value(x) for name in ("rt of programme", "rt of comparison") for marks in sheet.named(name) for x, _ in marks.points]
    assert circles == pytest.approx([rt.change for arm in ("programme", "comparison") for rt in found.rts if rt.arm == arm])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figure_is_complete_and_fits_the_page(recaps, language):
    figure, = figures.comparison(recaps["rts", language])
    assert figure.label == "fig-comparison" and figure.height_cm <= TALLEST and figure.alt.endswith(".")
    found = recaps["rts", language].programme.scales[1].comparison
    assert words(language).interval(found.main.low, found.main.high, 1) in figure.alt
    assert figures.comparison(recaps["rts", language])[0].png == figure.png


def test_many_scales_are_drawn_in_parts_that_the_text_can_still_name(recaps):
    summary = recaps["persons", "id"]
    many = type(summary.programme)(summary.programme.scales * 5)
    drawn = figures.comparison(Summary(summary.study, summary.flows, summary.scales, (), many))
    assert [figure.label for figure in drawn] == ["fig-comparison", "fig-comparison-2", "fig-comparison-3"]
    assert all(figure.height_cm <= TALLEST for figure in drawn)


def test_golden_texts_are_all_used():
    golden = {path.name for path in (Path(__file__).parents[1] / "golden").glob("*-comparison.*.md")}
    assert golden == {f"{design}-comparison.{language}.md" for design in DESIGNS for language in LANGUAGES}
