"""The workbook of the recap: every number of every RT as the ledger has it, each RT in it, and nothing that Excel would take for something else."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from baksos_eval.errors import Finding, Severity
from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.results import Missing, Summary
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report.rt_workbook import rt_workbook, sheet_names
from baksos_eval.report.text import LANGUAGES, words
from tests.report.by_hand import flow, instrument, study, summary, unit
from tests.report.test_comparing import DESIGNS, DOSES
from tests.report.test_designs import made
from tests.studies import grouped_study, invented_persons

COLUMNS_OF = {"unit": {"n": "n", "n_pre": "n_pre", "n_post": "n_post", "mean_pre": "pre", "mean_post": "post", "change": "change", "low": "low", "high": "high", "p": "p", "p_holm": "p_holm"},
              "shrunken": {"estimate": "shrunken", "low": "shrunken_low", "high": "shrunken_high"},
              "pooled": {"k": "k", "estimate": "change", "low": "low", "high": "high", "p": "p", "prediction_low": "prediction_low", "prediction_high": "prediction_high", "i2": "i2"},
              "rt_means": {"mean": "rt_means", "p": "rt_means_p"}}


def same(number: float) -> object:
    """The number in the sixteen digits that a workbook holds."""
    return pytest.approx(number, rel=1e-15, abs=0)


@pytest.fixture(scope="module", params=["paired", "anonymous", "waves", "persons", "rts", "two-rts", "few"])
def recap(request, tmp_path_factory) -> Summary:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param in DESIGNS:
        groups, sizes, effect = DESIGNS[request.param]
        compared = grouped_study(folder, invented_persons(sizes, effect=effect), groups + DOSES, language="en" if request.param == "rts" else "id")
        return summarise(compared, *evaluate_all(compared), evaluate_programme(compared))
    return made(folder, request.param, "en" if request.param == "waves" else "id")[1]


def sheets(s: Summary) -> dict[str, list[dict[str, object]]]:
    """Each worksheet's rows by the keys of their columns."""
    headings = {words(s.study.language).text(f"workbook.column.{key}"): key for key in
                ("scale", "rt", "arm", "verdict", "note", "rows_pre", "rows_post", "both", "pre_only", "post_only", "refused", "unusable", "sd_between",
                 *(key for keys in COLUMNS_OF.values() for key in keys.values()))}
    found = {}
    for sheet in load_workbook(io.BytesIO(rt_workbook(s))).worksheets[:-1]:
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip((headings[cell] for cell in head), row, strict=True)) for row in rows]
    return found


def test_every_number_of_every_rt_is_that_of_the_ledger(recap):
    text, labels = words(recap.study.language).text, {result.name: result.scale.label[recap.study.language] for result in recap.scales}
    told = sheets(recap)
    of_scale = {name: rows for name, rows in told.items() if name not in {text(f"workbook.sheet.{key}") for key in ("others", "pooled", "people")}}
    assert len(of_scale) == len(recap.headlines)
    headlines = dict(zip((result.name for result in recap.headlines), of_scale.values(), strict=True))
    compared = 0
    for row in csv.DictReader(io.StringIO(recap.to_frame().to_csv(index=False))):
        column = COLUMNS_OF.get(row["method"], {}).get(row["measure"])
        if not column or row["method"] in ("pooled", "rt_means") and len(recap.flows) < 2:
            continue
        if row["method"] in ("pooled", "rt_means"):
            lines = [line for line in told[text("workbook.sheet.pooled")] if line["scale"] == labels[row["scale"]]]
        elif row["scale"] in headlines:
            lines = [line for line in headlines[row["scale"]] if line["rt"] == row["rt"]]
        else:
            lines = [line for line in told[text("workbook.sheet.others")] if (line["rt"], line["scale"]) == (row["rt"], labels[row["scale"]])]
        (line,) = lines
        assert line[column] == (same(float(row["value"])) if row["value"] else None), (row, line)
        assert row["value"] or (line["note"] if row["method"] == "shrunken" else line["note"] == text(f"reason.{row['note']}"))
        compared += 1
    assert compared >= 10 * len(recap.scales)


def test_each_rt_is_in_every_sheet_and_where_the_questionnaires_went_closes(recap):
    text = words(recap.study.language).text
    people = sheets(recap)[text("workbook.sheet.people")]
    assert {row["rt"] for row in people} == {one.rt for one in recap.flows}
    for row in people:
        analysed = (row["n_pre"] + row["n_post"]) if recap.study.is_anonymous else 2 * row["both"] + row["pre_only"] + row["post_only"]
        assert row["rows_pre"] + row["rows_post"] == analysed + row["refused"] + row["unusable"]
    for name, rows in sheets(recap).items():
        if rows and "verdict" in rows[0] and "scale" not in rows[0]:
            assert {row["rt"] for row in rows} == {one.rt for one in recap.flows}, name
            assert all(row["verdict"] for row in rows if row.get("arm") != text("comparison.arm.comparison"))


def test_the_spread_between_rts_is_the_root_of_its_variance(recap):
    pooled = sheets(recap).get(words(recap.study.language).text("workbook.sheet.pooled"), [])
    assert len(pooled) == (len(recap.scales) if len(recap.flows) > 1 else 0)
    for row, result in zip(pooled, recap.scales, strict=False):
        assert row["sd_between"] == (None if math.isnan(result.pooled.tau2) else same(math.sqrt(result.pooled.tau2)))


def by_hand(language: str = "id", rts: tuple[str, ...] = ("=1+1", "RT 02", "RT 03"), label: str = "Sikap") -> Summary:
    numbers = [unit(rt, 12, 0.3 + number / 10, 0.1)._replace(p=0.0004, p_holm=0.0008, high=math.inf) for number, rt in enumerate(rts[:-1])] + [unit(rts[-1], 3, 0.2, 0.1)]
    s = summary(study([instrument(label=label)], language), [numbers])
    lost = Missing("RT 09", "data_not_usable", (Finding("few_pairs", Severity.FATAL, 1, rt="RT 09", details={"least": 5, "pairs": 1}),))
    return replace(s, missing=(lost,), flows=(*(flow(one.rt, one.n) for one in numbers),))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_says_why(language):
    text, s = words(language).text, by_hand(language)
    scale, *_, people = sheets(s).values()
    few, lost = scale[2], scale[3]
    assert scale[0]["low"] is not None and scale[0]["high"] is None     # Excel has no number without end
    assert (few["change"], few["note"], few["verdict"]) == (None, text("reason.too_few"), text("verdict.no_evidence.short"))
    assert (lost["rt"], lost["n"], lost["note"]) == ("RT 09", None, text("workbook.not_analysed"))
    assert people[-1]["rt"] == "RT 09" and people[-1]["rows_pre"] is None and len(people[-1]["note"]) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_its_meaning(language):
    book = load_workbook(io.BytesIO(rt_workbook(by_hand(language))))
    *others, about = book.worksheets
    explained = {left: right for left, right in about.iter_rows(values_only=True, max_col=2) if left}
    shown = {cell for sheet in others for cell in next(sheet.iter_rows(values_only=True))}
    assert about.title == words(language).text("workbook.sheet.about") and all(explained[heading] for heading in shown)
    assert not [text for text in explained.values() if text and re.search(r"[{}]", text)]
    assert explained["Sikap" if language == "id" else "Sikap (en)"] == {"id": "skala 1–5", "en": "scale 1–5"}[language]


def test_a_name_is_no_formula_and_the_smallest_p_is_not_zero():
    book = load_workbook(io.BytesIO(rt_workbook(by_hand())))
    first = book.worksheets[0]
    assert (first["A2"].value, first["A2"].data_type) == ("=1+1", "s")
    heads = [cell.value for cell in first[1]]
    assert {first.cell(2, heads.index(name) + 1).number_format for name in ("Perubahan", "Batas bawah")} == {"+0.00;-0.00;0.00"}
    assert first.column_dimensions["A"].width >= 18 and first.freeze_panes == "B2" and first.auto_filter.ref.startswith("A1:")
    assert (first.cell(2, heads.index("p") + 1).value, first.cell(2, heads.index("p") + 1).number_format) == (0.0004, '[<0.001]"< 0,001";0.000')


def test_the_same_results_are_the_same_bytes():
    assert rt_workbook(by_hand()) == rt_workbook(by_hand())


def test_any_label_can_be_the_name_of_a_sheet():
    book = load_workbook(io.BytesIO(rt_workbook(by_hand(label="Responden: [tentang] pengetahuan 'protokol'?"))))
    assert book.sheetnames[0] == "Responden   tentang  pengetahua" and len(set(map(str.casefold, book.sheetnames))) == len(book.sheetnames)
    names = sheet_names(["a" * 40, "A" * 40, "'", "", "?", "Keterangan", "keterangan"])
    assert len(set(map(str.casefold, names))) == 7 and all(0 < len(name) <= 31 and name.strip("'") == name for name in names)
