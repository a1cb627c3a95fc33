"""Worksheets (.xlsx, .xlsm, .xls, .xlsb, .ods) as numbered records of text; hostile and broken files are refused."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stdout
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.delimited import Sheet
from baksos_eval.intake.text import fold, loosen, nearest, quote

LARGEST_UNPACKED = 600_000_000
LARGEST_RATIO = 200
SMALL_ENOUGH = 20_000_000
MOST_COLUMNS = 1_000
MOST_BLANK_ROWS = 200
LEGACY_SECONDS = 120
_STATISTICAL = "baksos_eval.intake.statistical"
_HIDDEN_ROW = re.compile(rb'<row\b[^>]*\br="(\d+)"[^>]*\bhidden="(?:1|true)"')
_OUT_OF = re.compile(r'[#0.,]*0[#0.,]*(?:"\s*/\s*(\d+)\s*"|\\? ?\\?/\\? ?\\?"?(\d+)"?)')
"""A number format that shows points as ``8 / 10``, as quizzes of Google Forms do."""
_FORMULA = re.compile(rb"<f[ >/]")


def read_workbook(path: Path, name: str, sheet: str) -> Sheet:
    """The records of one worksheet; numbers as their shortest text, dates as ISO text.

    A formula that was never calculated keeps its text (``=A1+B1``), so that it cannot pass for a blank.

    Args:
        path: an Excel workbook (a zip archive with ``xl/workbook.xml``).
        name: the file's name for messages.
        sheet: the worksheet's name, without regard to case and spacing; empty if there is only one with content.

    Raises:
        BaksosError: ``file_damaged``, ``file_password``, ``file_too_large``, ``file_not_a_workbook``,
            ``sheet_not_found``, ``sheet_not_named``.
    """
    kind = _inspect_archive(path, name)
    if kind != "xlsx":
        return read_legacy_workbook(path, name, sheet)
    with ExitStack() as closing:
        book = _load(path, name, closing, data_only=True)
        chosen = _choose(name, sheet, {found.title: found.sheet_state == "visible" for found in book.worksheets},
                         lambda title: _has_content(book[title], name))
        hidden, has_formulas = _scan(path, book[chosen], name)
        formulas = _load(path, name, closing, data_only=False)[chosen] if has_formulas else None
        findings = []
        if hidden:
            findings.append(Finding("rows_hidden", Severity.WARNING, len(hidden), tuple(Where(name, chosen, row) for row in hidden[:20])))
        out_of = {form: found[1] or found[2] for form in getattr(book, "_number_formats", ()) if (found := _OUT_OF.fullmatch(form))}
        return Sheet(chosen, _records(book[chosen], formulas, name, findings, closing.pop_all(), out_of), findings, ragged=False)


def read_legacy_workbook(path: Path, name: str, sheet: str) -> Sheet:
    """The records of a worksheet of an older or other format, read in a process of its own.

    The reader for these formats can take all memory, or die, on a damaged file; here only the child dies.

    Raises:
        BaksosError: as :func:`read_workbook`.
    """
    command = [sys.executable, "-m", "baksos_eval.intake.legacy", str(path)]
    sheets = _run_child(command, name)
    if "password" in sheets:
        raise BaksosError("file_password", file=name)
    chosen = _choose(name, sheet, {title: visible for title, visible, _ in sheets["sheets"]},
                     lambda title: any(filled for found, _, filled in sheets["sheets"] if found == title))
    table = _run_child([*command, chosen], name)
    if "too_large" in table:
        raise BaksosError("file_too_large", file=name, megabytes=path.stat().st_size // 1_000_000)
    first = table["first_row"]
    return Sheet(chosen, iter([(first + offset, cells) for offset, cells in enumerate(table["rows"])]), [], ragged=False)


def read_statistical(path: Path, name: str, wanted: Collection[str]) -> Sheet:
    """The records of an SPSS or Stata file, read in a process of its own; the first one holds the headers and has the number 0.

    A variable's header is its name or its label, whichever is ``wanted`` (headers, folded or loosened); the others show both.

    Raises:
        BaksosError: ``file_damaged``, ``file_too_large``.
    """
    table = _run_child([sys.executable, "-m", _STATISTICAL, str(path)], name)
    if "too_large" in table:
        raise BaksosError("file_too_large", file=name, megabytes=path.stat().st_size // 1_000_000)
    headers = []
    for variable, label in zip(table["names"], table["labels"], strict=True):
        both = f"{variable}: {label}" if label and label != variable else variable
        headers.append(next((text for text in (variable, label, both) if {fold(text), loosen(text)} & set(wanted)), both))
    findings = [Finding("values_declared_missing", Severity.NOTE, count, (Where(name, "", None, quote(headers[int(position)])),))
                for position, count in table["declared_missing"].items()]
    if table["recoded"]:
        findings.append(Finding("file_encoding_cp1252", Severity.NOTE, where=(Where(name),)))
    return Sheet("", iter(enumerate([headers, *table["rows"]])), findings, ragged=False, headed=True)


def as_text(value: Any) -> str:
    """A cell's value as its shortest text.

    >>> [as_text(value) for value in (None, 4.0, 3.3000000000000003, True, datetime(2021, 8, 12), datetime(2021, 8, 12, 9, 15))]
    ['', '4', '3.3', 'TRUE', '2021-08-12', '2021-08-12 09:15:00']
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).upper()
        case float():
            return str(int(value)) if value.is_integer() else f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _inspect_archive(path: Path, name: str) -> str:
    """What kind of workbook the archive is, after a look at its directory alone."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        raise BaksosError("file_damaged", file=name) from None
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise BaksosError("file_password", file=name)
    unpacked, packed = (sum(getattr(entry, field) for entry in entries) for field in ("file_size", "compress_size"))
    if unpacked > LARGEST_UNPACKED or (unpacked > SMALL_ENOUGH and unpacked > LARGEST_RATIO * max(packed, 1)):
        raise BaksosError("file_too_large", file=name, megabytes=unpacked // 1_000_000)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names or "content.xml" in names and "mimetype" in names:
        return "legacy"
    raise BaksosError("file_not_a_workbook", file=name)


def _choose(name: str, wanted: str, sheets: dict[str, bool], has_content: Callable[[str], bool]) -> str:
    """The worksheet that is meant: the named one, or the only visible one with content."""
    if wanted:
        found = [title for title in sheets if title == wanted] or [title for title in sheets if fold(title) == fold(wanted)]
        if not found:
            raise BaksosError("sheet_not_found", file=name, sheet=wanted, sheets=tuple(sheets),
                              similar=nearest([wanted], sheets, cutoff=0.4))
        return found[0]
    visible = [title for title, shown in sheets.items() if shown]
    filled = visible if len(visible) == 1 else [title for title in visible if has_content(title)]
    if len(filled) == 1:
        return filled[0]
    if not filled:
        raise BaksosError("sheet_all_empty", file=name, sheets=tuple(sheets))
    raise BaksosError("sheet_not_named", file=name, sheets=tuple(filled))


def sheet_names(path: Path, name: str) -> tuple[str, ...]:
    """Names of the visible worksheets of an Excel workbook.

    Raises:
        BaksosError: as :func:`read_workbook`.
    """
    if _inspect_archive(path, name) != "xlsx":
        return tuple(title for title, visible, _ in _run_child(
            [sys.executable, "-m", "baksos_eval.intake.legacy", str(path)], name).get("sheets", []) if visible)
    with ExitStack() as closing:
        book = _load(path, name, closing, data_only=True)
        return tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")


def _load(path: Path, name: str, closing: ExitStack, data_only: bool) -> Any:
    """The workbook, opened to be read on demand, whatever its file is called."""
    import openpyxl

    stream = closing.enter_context(path.open("rb"))
    with _explained(name), redirect_stdout(io.StringIO()):  # it prints what it does not like about styles
        book = openpyxl.load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
    closing.callback(book.close)
    return book


def _records(sheet: Any, formulas: Any, name: str, findings: list[Finding], closing: ExitStack,
             out_of: Mapping[str, str]) -> Iterator[tuple[int, list[str]]]:
    blank = last = 0
    with closing:
        written = _rows(formulas, name) if formulas else iter(())
        for number, row in enumerate(_rows(sheet, name, out_of), start=1):
            cells = [as_text(value) for value in row[:MOST_COLUMNS]]
            for position, text in enumerate(next(written, ())[:MOST_COLUMNS]):
                if text is not None and not cells[position] and not (isinstance(text, str) and not text.startswith("=")):
                    cells[position] = text if isinstance(text, str) else "="
            if any(cells):
                blank, last = 0, number
                yield number, cells
                continue
            blank += 1
            if blank == MOST_BLANK_ROWS:
                findings.append(Finding("sheet_read_to_row", Severity.NOTE, where=(Where(name, sheet.title, last or None),),
                                        details={"row": last, "blank": MOST_BLANK_ROWS}))
                return


def _rows(sheet: Any, name: str, out_of: Mapping[str, str] | None = None) -> Iterator[tuple[Any, ...]]:
    """The worksheet's rows, read some at a time so that what goes wrong inside the reader is caught here.

    ``out_of`` are the number formats that show a number with its maximum, which is then part of the text.
    """
    rows = sheet.iter_rows(values_only=True) if not out_of else (
        tuple(f"{as_text(cell.value)} / {out_of[cell.number_format]}" if cell.value is not None and cell.number_format in out_of else cell.value
              for cell in row) for row in sheet.iter_rows())
    while True:
        with _explained(name):
            chunk = list(islice(rows, 500))
        if not chunk:
            return
        yield from chunk


def _has_content(sheet: Any, name: str) -> bool:
    return any(any(value is not None for value in row) for row in islice(_rows(sheet, name), MOST_BLANK_ROWS))


def _scan(path: Path, sheet: Any, name: str) -> tuple[list[int], bool]:
    """The hidden rows of a worksheet and whether it has formulas: what the reader itself does not tell."""
    hidden: set[int] = set()
    formulas = False
    tail = b""
    with _explained(name), zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as xml:
        while chunk := xml.read(1 << 20):
            window = tail + chunk
            hidden.update(int(number) for number in _HIDDEN_ROW.findall(window))
            formulas = formulas or _FORMULA.search(window) is not None
            tail = window[-500:]
    return sorted(hidden), formulas


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Keeps the reader's own warnings to itself and turns its many kinds of exception into ``file_damaged``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except BaksosError:
            raise
        except Exception:
            raise BaksosError("file_damaged", file=name) from None


def _run_child(command: list[str], name: str) -> dict[str, Any]:
    source = str(Path(__file__).parents[2])  # the child finds this package wherever it was started from
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])}
    try:
        child = subprocess.run(command, capture_output=True, timeout=LEGACY_SECONDS, check=False, env=surroundings)
    except subprocess.TimeoutExpired:
        raise BaksosError("file_too_large", file=name, megabytes=Path(command[3]).stat().st_size // 1_000_000) from None
    if child.returncode:
        raise BaksosError("file_damaged", file=name)
    return json.loads(child.stdout)

