"""The recap as an Excel workbook: a row for each RT, its numbers unrounded, to be sorted, filtered and drawn."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from baksos_eval.evaluation.results import GroupUnit, ScaleSummary, Summary, Unit
from baksos_eval.intake.pairing import Flow
from baksos_eval.report.phrases import digits, unit_of
from baksos_eval.report.problems import what_was_found
from baksos_eval.report.tables.rts import every_flow
from baksos_eval.report.text import Catalogue, words

_MADE = datetime(2000, 1, 1)  # the same content gives the same bytes
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_RESULTS = ("pre", "post", "change", "low", "high", "p", "p_holm", "shrunken", "shrunken_low", "shrunken_high", "verdict", "note")
_POOLED = ("scale", "k", "change", "low", "high", "p", "prediction_low", "prediction_high", "i2", "sd_between", "rt_means", "rt_means_p", "note")
_TEXTS = {"rt": 18, "arm": 13, "scale": 34, "verdict": 26, "note": 44}      # columns of words, and how wide they are
_NUMBER_WIDTH, _MEANING_WIDTH, _LINE = 12, 96, 15
_SCORES = frozenset(("pre", "post", "sd_between"))
_CHANGES = frozenset(("change", "low", "high", "shrunken", "shrunken_low", "shrunken_high", "prediction_low", "prediction_high", "rt_means"))
_P_VALUES = frozenset(("p", "p_holm", "rt_means_p"))

Row = Mapping[str, str | float | None]


class _Sheet(NamedTuple):
    """A worksheet: its columns by the keys ``workbook.column.*``, and its rows by the same keys; scores have so many decimals."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    decimals: int = 2


def rt_workbook(s: Summary) -> bytes:
    """The bytes of the workbook: each instrument's headline scale, the other scales, what holds over all RTs, the people, and what the columns mean.

    A number that is missing is an empty cell, with its reason in the last one; an RT that could not be analysed is a row that says so.
    """
    import xlsxwriter

    c = words(s.study.language)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"title": s.study.title[c.language], "created": _MADE})
    sheets = list(_sheets(s, c))
    *names, about = sheet_names([*(sheet.name for sheet in sheets), c.text("workbook.sheet.about")])
    for name, sheet in zip(names, sheets, strict=True):
        _write(book, name, sheet, c)
    _write_about(book, about, s, dict.fromkeys(key for sheet in sheets for key in sheet.columns), c)
    book.close()
    return stream.getvalue()


def sheet_names(names: Iterable[str]) -> list[str]:
    """The names as Excel allows them: at most 31 characters, without some signs, and no two alike in whatever case.

    >>> sheet_names(["Sikap: awal", "SIKAP  awal", "?", "Pengetahuan tentang protokol kesehatan"])
    ['Sikap  awal', 'SIKAP  awal (2)', '(1)', 'Pengetahuan tentang protokol ke']
    """
    made: list[str] = []
    for name in names:
        allowed = _NOT_IN_NAMES.sub(" ", name).strip(" '")
        number, tail = 1, "" if allowed else "(1)"
        while (candidate := allowed[:_LONGEST_NAME - len(tail)].rstrip(" '") + tail).casefold() in (one.casefold() for one in made):
            number += 1
            tail = f" ({number})"
        made.append(candidate)
    return made


def _sheets(s: Summary, c: Catalogue) -> Iterator[_Sheet]:
    columns = ("rt", *_arms(s), *(("n_pre", "n_post") if s.study.is_anonymous else ("n",)), *_RESULTS)
    headlines = s.headlines
    for result in headlines:
        yield _Sheet(result.scale.label[c.language], columns, [*_units(s, result, c), *_comparison_rts(s, result, c), *_not_analysed(s, c)], digits(result.scale))
    others = [result for result in s.scales if result.name not in {headline.name for headline in headlines}]
    if others:
        yield _Sheet(c.text("workbook.sheet.others"), ("scale", *columns), [row for result in others for row in _units(s, result, c)])
    if headlines and len(s.flows) > 1:
        yield _Sheet(c.text("workbook.sheet.pooled"), _POOLED, [_pooled(result, c) for result in s.scales])
    yield _people(s, c)


def _arms(s: Summary) -> tuple[str, ...]:
    """The column that tells the groups, where there are any."""
    return () if s.study.comparison is None else ("arm",)


def _units(s: Summary, result: ScaleSummary, c: Catalogue) -> Iterator[Row]:
    for unit, shrunken in zip(result.units, result.shrunken, strict=True):
        yield {"scale": result.scale.label[c.language], "rt": unit.rt, "arm": _arm(s.study.arm_of(unit.rt), c), **_sizes(unit), "pre": unit.mean_pre, "post": unit.mean_post,
               "change": unit.change, "low": unit.low, "high": unit.high, "p": unit.p, "p_holm": unit.p_holm, "shrunken": shrunken.estimate, "shrunken_low": shrunken.low,
               "shrunken_high": shrunken.high, "verdict": c.text(f"verdict.{unit.verdict}.short"), "note": _reason(unit.note or shrunken.note, c)}


def _sizes(unit: Unit | GroupUnit) -> Row:
    return {"n_pre": unit.n_pre, "n_post": unit.n_post} if isinstance(unit, GroupUnit) else {"n": unit.n}


def _comparison_rts(s: Summary, result: ScaleSummary, c: Catalogue) -> Iterator[Row]:
    """The RTs without the programme, which are not tested one by one."""
    compared = [one.comparison for one in s.programme.scales if one.name == result.name] if s.programme else []
    for rt in [rt for comparison in compared if comparison for rt in comparison.rts if rt.arm == "comparison"]:
        yield {"rt": rt.rt, "arm": _arm(rt.arm, c), "n": rt.n, "pre": rt.mean_pre, "post": rt.mean_post, "change": rt.change, "note": _reason(rt.note, c)}


def _not_analysed(s: Summary, c: Catalogue) -> Iterator[Row]:
    for missing in s.missing:
        yield {"rt": missing.rt, "arm": _arm(s.study.arm_of(missing.rt), c), "note": c.text("workbook.not_analysed")}


def _pooled(result: ScaleSummary, c: Catalogue) -> Row:
    pooled, means = result.pooled, result.rt_means
    return {"scale": result.scale.label[c.language], "k": pooled.k, "change": pooled.estimate, "low": pooled.low, "high": pooled.high, "p": pooled.p,
            "prediction_low": pooled.prediction_low, "prediction_high": pooled.prediction_high, "i2": pooled.i2, "sd_between": math.sqrt(pooled.tau2),
            "rt_means": means.mean, "rt_means_p": means.p, "note": _reason(pooled.note or means.note, c)}


def _people(s: Summary, c: Catalogue) -> _Sheet:
    analysed = ("n_pre", "n_post") if s.study.is_anonymous else ("both", "pre_only", "post_only")
    rows: list[Row] = [{"rt": flow.rt, "arm": _arm(arm, c), **_counts(flow)} for flow, arm in every_flow(s)]
    rows += [{"rt": missing.rt, "arm": _arm(s.study.arm_of(missing.rt), c), "note": " ".join(what_was_found(finding, c) for finding in missing.findings if finding.fatal)}
             for missing in s.missing]
    return _Sheet(c.text("workbook.sheet.people"), ("rt", *_arms(s), "rows_pre", "rows_post", *analysed, "refused", "unusable", "note"), rows)


def _counts(flow: Flow) -> Row:
    return {"rows_pre": flow.rows_pre, "rows_post": flow.rows_post, "both": flow.both, "pre_only": flow.pre_only, "post_only": flow.post_only,
            "n_pre": flow.pre_only, "n_post": flow.post_only, "refused": flow.refused_pre + flow.refused_post,
            "unusable": flow.no_id_pre + flow.no_id_post + flow.duplicate_pre + flow.duplicate_post}


def _arm(arm: str, c: Catalogue) -> str:
    return c.text(f"comparison.arm.{arm}") if arm else ""


def _reason(note: str, c: Catalogue) -> str:
    return c.text(f"reason.{note}") if note else ""


def _write(book: Any, name: str, sheet: _Sheet, c: Catalogue) -> None:
    written = book.add_worksheet(name)
    for place, key in enumerate(sheet.columns):
        side = {"align": "left", "indent": 1} if key in _TEXTS else {"align": "right"}
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1} | side)
        shown = book.add_format({"num_format": "@" if key in _TEXTS else _number_format(key, sheet.decimals, c)} | side)
        written.set_column(place, place, _TEXTS.get(key, _NUMBER_WIDTH))
        written.write_string(0, place, c.text(f"workbook.column.{key}"), head)
        for number, row in enumerate(sheet.rows, start=1):
            value = row.get(key)
            if isinstance(value, str):
                written.write_string(number, place, value, shown)
            elif value is not None and math.isfinite(value):
                written.write_number(number, place, value, shown)
    written.set_row(0, 3 * _LINE)
    written.freeze_panes(1, 1 + sheet.columns.index("rt") if "rt" in sheet.columns else 1)
    written.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    _on_one_width(written)
    written.repeat_rows(0)


def _number_format(key: str, decimals: int, c: Catalogue) -> str:
    """How Excel shows a column; the decimal sign is that of the reader's Excel, but in the smallest *p*, which is words."""
    score = "0." + "0" * decimals
    if key in _CHANGES:
        return f"+{score};-{score};{score}"
    if key in _P_VALUES:
        return f'[<0.001]"< {c.number(0.001, 3)}";0.000'
    return score if key in _SCORES else "0.0" if key == "i2" else "0"


def _write_about(book: Any, name: str, s: Summary, columns: Iterable[str], c: Catalogue) -> None:
    """What the workbook is, what its columns mean, and the unit of each scale."""
    confidence = c.percent(s.study.analysis.confidence, 0)
    lines = [(s.study.title[c.language], "", True), ("", c.text("workbook.about"), False), ("", c.text("workbook.no_ranking"), False), ("", "", False),
             (c.text("workbook.head.column"), c.text("workbook.head.meaning"), True)]
    lines += [(c.text(f"workbook.column.{key}"), c.text(f"workbook.meaning.{key}", confidence=confidence), False) for key in columns]
    lines += [("", "", False), (c.text("workbook.column.scale"), c.text("workbook.head.unit"), True)]
    lines += [(result.scale.label[c.language], unit_of(result.scale, c), False) for result in s.scales]
    written = book.add_worksheet(name)
    plain, bold = (book.add_format({"text_wrap": True, "valign": "top", "bold": heading}) for heading in (False, True))
    written.set_column(0, 0, _TEXTS["scale"])
    written.set_column(1, 1, _MEANING_WIDTH)
    for number, (left, right, heading) in enumerate(lines):
        written.write_string(number, 0, left, bold if heading else plain)
        written.write_string(number, 1, right, bold if heading else plain)
        written.set_row(number, _LINE * max(math.ceil(1.1 * len(left) / _TEXTS["scale"]), math.ceil(1.1 * len(right) / _MEANING_WIDTH), 1))
    _on_one_width(written)


def _on_one_width(sheet: Any) -> None:
    """On paper the sheet is a page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
