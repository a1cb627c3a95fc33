"""The few calls a notebook makes around its sections: begin, show, finish."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

from baksos_eval.errors import BaksosError, Finding, Where
from baksos_eval.evaluation.activity_ledger import activity_ledger
from baksos_eval.evaluation.activity_report import ActivityReport
from baksos_eval.evaluation.instrument_study import InstrumentStudy
from baksos_eval.evaluation.ledger import write
from baksos_eval.evaluation.results import Evaluation, Summary
from baksos_eval.intake.inspection import Inspection
from baksos_eval.report.content import Content, Figure, Table, Text
from baksos_eval.report.problems import speak_in_notebooks, what_to_do, what_was_found
from baksos_eval.report.rt_workbook import rt_workbook
from baksos_eval.report.text import LANGUAGES, Catalogue, words
from baksos_eval.study.study import Study, from_here_upwards, open_study

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "\N{FULLWIDTH EQUALS SIGN}")


def begin(study_folder: str, language: str = "") -> Study:
    """The study, in the language asked for; from here on a user's mistake shows as sentences, not as a traceback."""
    speak_in_notebooks(language if language in LANGUAGES else "id")
    study = open_study(from_here_upwards(study_folder), language)
    speak_in_notebooks(study.language)
    return study


def show(*contents: Content | Iterable[Content] | None) -> None:
    """Shows texts, tables and figures in order; tuples are unpacked and what does not apply (``None``) is left out."""
    from IPython.display import display

    for content in contents:
        if content is None:
            continue
        if isinstance(content, tuple | list):
            show(*content)
        else:
            display(content)


def show_about(subject: object, *contents: Content | Iterable[Content] | None) -> None:
    """Shows the contents where there is something that they are about; where the subject is ``None``, nothing."""
    if subject is not None:
        show(*contents)


def side_by_side(texts: Sequence[Text], figures: Sequence[Figure], tables: Sequence[Table]) -> tuple[Content, ...]:
    """The contents of a topic instrument by instrument: its text, its figures, and its table right after them.

    The labels of an instrument's figures begin with that of its table (``tbl-items-x``; ``fig-items-x``, ``fig-items-x-2``).
    """
    owner = {figure.label: max((name for name in (table.label.removeprefix("tbl-") for table in tables)
                                if f"{figure.label.removeprefix('fig-')}-".startswith(f"{name}-")), key=len, default="") for figure in figures}
    ordered: list[Content] = []
    for text, table in zip_longest(texts, tables):
        name = table.label.removeprefix("tbl-") if table else None
        ordered += [content for content in (text, *(figure for figure in figures if owner[figure.label] == name), table) if content]
    return (*ordered, *(figure for figure in figures if not owner[figure.label]))


def finish(result: Evaluation | Summary | InstrumentStudy | Inspection | ActivityReport, results_folder: str = "") -> None:
    """Writes the ledger ``hasil.csv``, for a recap also the workbook ``per_rt.xlsx``, and for one RT, the activities or a check of the files the findings ``temuan.csv``.

    Without a folder it writes nothing.

    Raises:
        BaksosError: ``results_folder_missing``, ``file_in_use`` (open in Excel) or ``file_unwritable``.
    """
    if not results_folder:
        return
    folder = Path(results_folder)
    if not folder.is_dir():
        raise BaksosError("results_folder_missing", folder=folder.name)
    try:
        _write_tables(result, folder)
    except PermissionError as fault:
        file = Path(fault.filename or folder)
        raise BaksosError("file_in_use" if file.is_file() else "file_unwritable", file=file.name, reason=fault.strerror) from fault


def _write_tables(result: Evaluation | Summary | InstrumentStudy | Inspection | ActivityReport, folder: Path) -> None:
    if isinstance(result, ActivityReport):
        write(activity_ledger(result.activities, result.lessons), folder / "hasil.csv")
    elif not isinstance(result, Inspection):
        write(result.to_frame(), folder / "hasil.csv")
    if isinstance(result, Summary):
        (folder / "per_rt.xlsx").write_bytes(rt_workbook(result))
    if isinstance(result, Evaluation | Inspection | ActivityReport):
        findings = result.activities.findings if isinstance(result, ActivityReport) else result.findings
        write_findings(findings, folder / "temuan.csv", words(result.study.language))


def write_findings(findings: Iterable[Finding], path: Path, catalogue: Catalogue) -> None:
    """Writes findings as a table that opens in Excel by double click: one row for each place, with what to do.

    Indonesian Excel expects ``;`` between cells; a text that begins like a formula gets an apostrophe before it.
    """
    header = ["rt", "code", "severity", "count", "file", "sheet", "row", "column", "found", "remedy"]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, delimiter=";" if catalogue.language == "id" else ",")
        table.writerow(catalogue.text(f"findings_file.{name}") for name in header)
        for finding in findings:
            for where in finding.where or (Where(),):
                cells = (finding.rt, finding.code, catalogue.text(f"severity.{finding.severity}"), finding.count, where.file, where.sheet,
                         "" if where.row is None else where.row, where.column, what_was_found(finding, catalogue), what_to_do(finding, catalogue))
                table.writerow(_harmless(cell) for cell in cells)


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
