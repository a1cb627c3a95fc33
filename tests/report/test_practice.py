"""The practice study: the same files each time, and the statistics find what was planted in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.practice import expected_knowledge, harvest
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report import figures, narrative, practice, tables
from baksos_eval.report.content import Figure, Table, Text
from baksos_eval.report.inline import references
from baksos_eval.report.text import LANGUAGES
from baksos_eval.stats.paired import Verdict
from baksos_eval.study.practice import FILE, PEOPLE, PLANTED, practice_study
from baksos_eval.study.study import open_study


@pytest.fixture(scope="module", params=LANGUAGES)
def results(request, tmp_path_factory):
    study = practice_study(tmp_path_factory.mktemp("latihan") / "folder baru", request.param)
    evaluations, missing = evaluate_all(study)
    assert missing == ()
    return evaluations, summarise(study, evaluations)


def test_counts_are_found_exactly_and_intervals_hold_what_was_planted(results):
    found = harvest(*results)
    assert [(one.topic, one.rt, one.planted, one.found) for one in found if one.exact] == [("leavers", "RT 02", 8, 8), ("careless", "RT 03", 3, 3), ("slips", "RT 04", 2, 2)]
    estimates = [one for one in found if not one.exact]
    assert len(estimates) == 10 and sum(one.agrees for one in estimates) >= 9
    assert all(abs(one.found - one.planted) < (one.high - one.low) for one in estimates)


def test_the_verdicts_are_those_that_the_lesson_tells(results):
    verdicts = {(one.topic, one.rt): one.verdict for one in harvest(*results) if one.verdict}
    assert verdicts["resilience", "RT 01"] == verdicts["knowledge", "RT 01"] == verdicts["resilience", "RT 04"] == Verdict.IMPROVED_MEANINGFULLY
    assert verdicts["resilience", "RT 02"] == verdicts["resilience", "RT 03"] == verdicts["knowledge", "RT 03"] == Verdict.EQUIVALENT
    small = next(e for e in results[0] if e.rt == "RT 02").headlines[0].mean_change
    assert small.p < 0.05 and small.change_high < 0.25, "significant, but smaller than what matters"


def test_what_is_planted_follows_from_the_chances():
    assert PLANTED["RT 01"].resilience == pytest.approx(0.40) and PLANTED["RT 03"].resilience == 0
    assert expected_knowledge("RT 01") == pytest.approx((15 * 25 + 3) / 16)
    assert len(PLANTED) == 4 and PEOPLE == 44


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_language_gives_the_same_files(tmp_path: Path, language: str):
    first, second = (practice_study(tmp_path / name, language) for name in ("a", "b"))
    assert (first.folder / FILE).read_bytes() == (second.folder / FILE).read_bytes()
    practice_study(tmp_path / "a", language)     # again into the same folder
    assert open_study(tmp_path / "a").language == language


def test_another_study_is_never_written_over(tmp_path: Path):
    (tmp_path / "study.toml").write_text('id = "milik_saya"\n', encoding="utf-8")
    with pytest.raises(BaksosError, match="practice_in_the_way"):
        practice_study(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]
    with pytest.raises(BaksosError, match="language_unknown"):
        practice_study(tmp_path / "lain", "jv")


def test_the_table_sets_planted_beside_found(results):
    table = practice.planted(*results)
    assert len(table.rows) == 13 and all(row[2] != "–" and row[3] != "–" for row in table.rows)
    assert {row[-1] for row in table.rows} <= {"ya", "tidak"} or {row[-1] for row in table.rows} <= {"yes", "no"}
    assert str(sum(one.agrees for one in harvest(*results))) in practice.lesson(*results).markdown


def test_a_topic_of_several_rts_keeps_its_labels_apart(results):
    one, two = results[0][:2]
    shown = [*practice.of(one, narrative.ranks(one), tables.ranks(one), None, figures.change(one)), *practice.of(two, tables.ranks(two), narrative.summary(two))]
    labels = [content.label for content in shown if isinstance(content, Table | Figure)]
    assert labels == ["tbl-ranks-rt-01", "fig-change-rt-01", "tbl-ranks-rt-02"]
    mentioned = {label for content in shown if isinstance(content, Text) for label in references(content.markdown)}
    assert mentioned and mentioned <= set(labels)


def test_other_results_are_refused(results):
    with pytest.raises(BaksosError, match="practice_other_study"):
        harvest(results[0][:2], results[1])


def test_a_notebook_opens_it_without_a_folder():
    study = practice.open_practice(language="en")
    assert (study.id, study.language) == ("latihan", "en") and practice.practice_title(study).language == "en"
