"""Where pandas loses or bends answers without a word, and what we read instead; each trap is shown with pandas itself."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.intake.intake import check, prepare
from baksos_eval.intake.times import read_times
from baksos_eval.study.study import open_study
from tests.intake.small import PRE, TWO_FILES, two_files
from tests.studies import people, study_of

NONE_AND_NA = ["None", "NA", "N/A", "null", "nan"]


def test_pandas_takes_the_answers_none_and_na_for_missing(tmp_path):
    assert pd.read_csv(io.StringIO("a\n" + "\n".join(NONE_AND_NA)))["a"].isna().all()
    who = people("RT 01", len(NONE_AND_NA))
    pre, post = ([(rt, code, [word, value, "3", "3", *"BSBS"]) for (rt, code), word in zip(who, NONE_AND_NA, strict=True)] for value in "24")
    study_of(tmp_path, pre, post)
    file = tmp_path / "rating.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('spellings = ["1"]', f'spellings = ["1", {", ".join(map(repr, NONE_AND_NA))}]'), encoding="utf-8")
    assert prepare(open_study(tmp_path), "RT 01").items["pre"]["rating"]["a1"].tolist() == [1.0] * len(NONE_AND_NA)


def test_pandas_reads_the_day_as_the_month_where_it_can():
    assert pd.to_datetime("12/08/2021").month == 12
    assert [time.month for time in read_times(["12/08/2021 09:00", "13/08/2021 09:00"])] == [8, 8]


def test_pandas_turns_the_hours_of_gmt_plus_seven_round():
    if (text := pd.to_datetime("2021/08/12 9:15:33 AM GMT+7")).tzinfo is not None:
        assert text.utcoffset().total_seconds() == -7 * 3600
    assert read_times(["2021/08/12 9:15:33 AM GMT+7"])[0].hour == 9


def test_pandas_merges_a_repeated_number_into_pairs_that_nobody_filled_in(tmp_path):
    numbers = [1, 1, 1, 2, 2, 3, 4, 5, 6, 7]
    table = pd.DataFrame({"number": numbers})
    assert len(table.merge(table, on="number")) == 3 * 3 + 2 * 2 + 5 > len(numbers)
    answers = ["3", "3", "3", "3", "B", "S", "B", "S"]
    pre, post = ([("RT 01", f"no{number:03d}", [value, *answers[1:]]) for number in numbers] for value in "34")
    study = study_of(tmp_path, pre, post)
    flow = evaluate(study, "RT 01").flow
    assert (flow.both, flow.duplicate_pre, flow.duplicate_post) == (5, 5, 5)
    assert "duplicate_id_refuse" in {finding.code for finding in check(study)}


@pytest.mark.parametrize("order", [1, -1])
def test_rows_are_never_paired_by_their_place(tmp_path, order):
    who = people("RT 01", 6)
    pre = [(rt, code, [1 + number % 5, 3, 3, 3, *"BSBS"]) for number, (rt, code) in enumerate(who)]
    post = [(rt, code, [min(5, 2 + number % 5), 3, 3, 3, *"BSBS"]) for number, (rt, code) in enumerate(who)][::order]
    assert evaluate(study_of(tmp_path, pre, post), "RT 01").scales[0].mean_change.change == pytest.approx(sum([1, 1, 1, 1, 0, 1]) / 6 / 4)


def test_a_study_without_ids_in_its_files_is_refused(tmp_path):
    without = [row[1:] for row in PRE]
    assert "id_column_missing" in {finding.code for finding in check(two_files(tmp_path, without, without, TWO_FILES))}
