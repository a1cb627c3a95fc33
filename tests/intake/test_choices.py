"""Questions with several answers: split by what is declared, described option by option, never in a score."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.intake.choices import chosen_options
from baksos_eval.intake.intake import check, inspect, prepare
from baksos_eval.report import tables
from baksos_eval.report.mapping import mapping_lines
from baksos_eval.report.text import words
from baksos_eval.study.instrument import MultipleChoice
from baksos_eval.study.study import Study, open_study
from tests.intake.small import POST, PRE, SIKAP, TWO_FILES, codes, found, write_csv, write_study

OPTIONS = (("tv", "Televisi, radio", "Television, radio"), ("wa", "WhatsApp", "WhatsApp"), ("rt", "Ketua RT", "Head of the RT"), ("lain", "Lainnya", "Other"))
QUESTION = MultipleChoice.model_validate({"id": "sumber", "text": {"id": "Dari mana Anda mendapat informasi?", "en": "Where do you get information from?"}, "options": [
    {"code": code, "label": {"id": own, "en": other}} for code, own, other in OPTIONS]})
OPEN = QUESTION.model_copy(update={"other": "lain"})
MULTIPLE = '[[multiple]]\nid = "sumber"\nOTHERtext = { id = "Dari mana Anda mendapat informasi?", en = "Where do you get information from?" }\noptions = [\n' + "".join(
    f'  {{ code = "{code}", label = {{ id = "{own}", en = "{other}" }} }},\n' for code, own, other in OPTIONS) + "]\n"


@pytest.mark.parametrize(("text", "chosen"), (
    ("Televisi, radio", {"tv"}), ("Televisi, radio, WhatsApp", {"tv", "wa"}), ("whatsapp;Ketua RT;", {"wa", "rt"}), ("WhatsApp, Televisi, radio, Ketua RT", {"tv", "wa", "rt"}),
    ("tv wa", {"tv", "wa"}), ("wa rt tv", {"tv", "wa", "rt"}), ("Television, radio | Head of the RT", {"tv", "rt"}), ("Ketua RT ,  WhatsApp", {"wa", "rt"}),
    ("Televisi", None), ("WhatsApp, koran", None), ("WhatsAppKetua RT", None), ("WhatsApp, WhatsApp", None)))
def test_an_answer_is_split_by_the_declared_options(text: str, chosen: set[str] | None):
    assert chosen_options(text, QUESTION) == chosen


@pytest.mark.parametrize(("text", "chosen"), (("WhatsApp, koran kampung, dan tetangga", {"wa", "lain"}), ("koran", {"lain"}), ("Televisi, radio", {"tv"}), ("Lainnya; WhatsApp", {"lain", "wa"})))
def test_what_nobody_declared_is_the_open_option(text: str, chosen: set[str]):
    assert chosen_options(text, OPEN) == chosen


def test_what_can_be_read_in_two_ways_is_not_read():
    doubtful = QUESTION.model_copy(update={"options": tuple(option.model_copy(update={"spellings": ("a", "a, b") if option.code == "tv" else ("b",) if option.code == "wa" else ()})
                                                            for option in QUESTION.options)})
    assert chosen_options("a", doubtful) == {"tv"} and chosen_options("a, b", doubtful) is None


@given(st.sets(st.sampled_from([code for code, *_ in OPTIONS]), min_size=1), st.sampled_from((", ", ";", "; ", ",", " | ")), st.randoms())
def test_every_set_of_options_is_read_back(chosen: set[str], between: str, dice):
    labels = {code: own for code, own, _ in OPTIONS}
    order = sorted(chosen)
    dice.shuffle(order)
    assert chosen_options(between.join(labels[code] for code in order), QUESTION) == chosen


def studied(folder: Path, pre: Sequence[Sequence[str]], post: Sequence[Sequence[str]], headers: Sequence[str], other: str = "", body: str = TWO_FILES) -> Study:
    """Five people with answers to the question in these columns."""
    write_study(folder, body)
    (folder / "sikap.toml").write_text(SIKAP + MULTIPLE.replace("OTHER", f'other = "{other}"\n' if other else ""), encoding="utf-8")
    for name, rows, more in (("pre", PRE, pre), ("post", POST, post)):
        write_csv(folder / f"{name}.csv", [[*rows[0], *headers], *([*row, *answers] for row, answers in zip(rows[1:], more, strict=True))])
    return open_study(folder)


TOGETHER = ([["WhatsApp"], ["Televisi, radio, WhatsApp"], ["Ketua RT"], [""], ["Ketua RT"]],
            [["WhatsApp, Ketua RT"], ["WhatsApp"], ["Televisi, radio, Ketua RT"], ["WhatsApp"], ["Ketua RT, WhatsApp"]])
TITLE = ["Dari mana Anda mendapat informasi?"]


def test_the_answers_reach_the_data_and_no_score(tmp_path: Path):
    study = studied(tmp_path / "a", *TOGETHER, TITLE)
    data = prepare(study, "RT 04")
    assert data.choices["pre"]["sumber"]["wa"].tolist()[:3] == [1, 1, 0] and data.choices["pre"]["sumber"].isna().all(axis=1).tolist() == [False, False, False, True, False]
    assert "columns_ignored" not in codes(check(study))
    (table, _) = inspect(study).mappings
    assert [(match.target, match.header, match.how) for match in table.waves[0].matches][-1] == ("sumber", TITLE[0], "multiple") and not table.unused
    assert any("sumber" in line for line in mapping_lines(inspect(study), words("id")))
    plain = studied(tmp_path / "b", [[]] * 5, [[]] * 5, [])
    assert data.scores["post"]["sikap"].equals(prepare(plain, "RT 04").scores["post"]["sikap"]) and "multiple_column_missing" in codes(check(plain))


@pytest.mark.parametrize("headers", (["sumber", "sumber/tv", "sumber/wa", "sumber/rt", "sumber/lain"], ["g/sumber", "g/sumber/tv", "g/sumber/wa", "g/sumber/rt", "g/sumber/lain"],
                                     ["sumber", *(f"sumber/{own}" for _, own, _ in OPTIONS)]))
def test_a_column_for_each_option_goes_before_the_one_that_joins_them(tmp_path: Path, headers: Sequence[str]):
    ticks = [["tv wa", "1", "1", "0", "0"], ["rt", "0", "0", "1", "0"], ["", "", "", "", ""], ["wa", "FALSE", "TRUE", "FALSE", "FALSE"], ["wa", "0", "1", "0", "0"]]
    data = prepare(studied(tmp_path, ticks, ticks, headers), "RT 04")
    assert data.choices["pre"]["sumber"].fillna(-1).to_numpy().tolist() == [[1, 1, 0, 0], [0, 0, 1, 0], [-1] * 4, [0, 1, 0, 0], [0, 1, 0, 0]]


def test_joined_names_of_options_are_read_alone(tmp_path: Path):
    data = prepare(studied(tmp_path, [["tv wa"], ["rt"], [""], ["wa"], ["lain rt"]], [["rt"]] * 5, ["grup/sumber"]), "RT 04")
    assert data.choices["pre"]["sumber"].fillna(-1).to_numpy().tolist() == [[1, 1, 0, 0], [0, 0, 1, 0], [-1] * 4, [0, 1, 0, 0], [0, 0, 1, 1]]


def test_both_waves_in_a_row(tmp_path: Path):
    body = TWO_FILES[:TWO_FILES.index("[[files]]")] + '[[files]]\nfile = "w.csv"\nrt = "RT 04"\nwide = { pre = "Pre {item}", post = "Post {item}" }\n'
    write_study(tmp_path, body)
    (tmp_path / "sikap.toml").write_text(SIKAP + MULTIPLE.replace("OTHER", ""), encoding="utf-8")
    items = [f"{wave} {item}" for wave in ("Pre", "Post") for item in ("a1", "a2", "a3", "sumber")]
    write_csv(tmp_path / "w.csv", [["Kode", *items], *([f"K{number}A", "1", "2", "3", "WhatsApp", "4", "3", "2", "Ketua RT;WhatsApp;"] for number in range(6))])
    data = prepare(open_study(tmp_path), "RT 04")
    assert data.choices["pre"]["sumber"].sum().tolist() == [0, 6, 0, 0] and data.choices["post"]["sumber"].sum().tolist() == [0, 6, 6, 0]


def test_what_cannot_be_read_is_told_and_left_blank(tmp_path: Path):
    study = studied(tmp_path, [["WhatsApp"], ["koran"], ["Ketua RT"], ["WhatsApp, radio"], ["Ketua RT"]], TOGETHER[1], TITLE)
    told = found(study, "choices_unreadable")
    assert (told.count, told.rt, told.details["found"], [where.row for where in told.where]) == (2, "RT 04", ("WhatsApp, radio", "koran"), [3, 5])
    assert prepare(study, "RT 04").choices["pre"]["sumber"]["wa"].isna().tolist() == [False, True, False, True, False]
    assert "choices_unreadable" not in codes(check(studied(tmp_path / "b", [["WhatsApp"], ["koran"], ["Ketua RT"], ["WhatsApp, radio"], ["Ketua RT"]], TOGETHER[1], TITLE, "lain")))


@pytest.mark.parametrize("anonymous", (False, True))
def test_each_option_is_told_before_and_after(tmp_path: Path, anonymous: bool):
    body = TWO_FILES.replace('[columns]\nid = "Kode"', '[answers]\npairing = "anonymous"') if anonymous else TWO_FILES
    study = studied(tmp_path, [["WhatsApp"], ["Televisi, radio, WhatsApp"], ["Ketua RT"], ["Ketua RT"], ["Ketua RT"]], TOGETHER[1], TITLE, body=body)
    result = evaluate(study, "RT 04")
    (question,) = result.choices
    assert (question.n_pre, question.n_post, [(option.pre, option.post) for option in question.options]) == (5, 5, [(1, 1), (2, 4), (3, 3), (0, 0)])
    if not anonymous:
        assert [(option.changed.gained, option.changed.lost) for option in question.options] == [(1, 1), (2, 0), (1, 1), (0, 0)]
        assert question.options[1].p == pytest.approx(0.25) and question.options[1].proportion.change == pytest.approx(0.4)
    rows = [row[:5] for table in tables.items(result) if table.label == "tbl-choices-sumber" for row in table.rows]
    assert [tuple(row) for row in rows][:2] == [("Televisi, radio", "1", "20\u00a0%", "1", "20\u00a0%"), ("WhatsApp", "2", "40\u00a0%", "4", "80\u00a0%")]
    book = {(row["item"], row["method"], row["measure"]): row["value"] for row in csv.DictReader(io.StringIO(result.to_frame().to_csv(index=False)))}
    assert float(book["sumber.wa", "choice", "post"]) == 4 and float(book["sumber", "choice", "n_pre"]) == 5


def test_too_few_answers_are_withheld(tmp_path: Path):
    (question,) = evaluate(studied(tmp_path, *TOGETHER, TITLE), "RT 04").choices
    assert (question.n_pre, question.shown, {option.pre for option in question.options}, {option.changed for option in question.options}) == (4, False, {None}, {None})


def test_an_open_option_must_be_an_option(tmp_path: Path):
    with pytest.raises(BaksosError) as refused:
        studied(tmp_path, *TOGETHER, TITLE, "entah")
    assert [finding.code for finding in refused.value.findings] == ["instrument_other_not_an_option"]
