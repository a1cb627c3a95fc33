"""Files as tables of text: which bytes they are, where the table begins and ends, and nothing lost without a word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pandas as pd

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.delimited import Sheet, read_delimited
from baksos_eval.intake.text import clean, clean_all, fold, loosen, quote
from baksos_eval.intake.workbook import read_legacy_workbook, read_statistical, read_workbook
from baksos_eval.study.toml import similar_files

MOST_PLACES = 20
_HEAD = 60
_CHUNK = 20_000
_WORKBOOK_ENDINGS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
_COPY = re.compile(r"(?: ?\(\d+\)| - (?:copy|salinan)(?: \(\d+\))?|-(?:laptop|desktop|pc)[-\w]*)$", re.IGNORECASE)
_STATISTICAL = (b"$FL2@(#)", b"$FL3@(#)", b"<stata_dta>")
_OLD_STATA = re.compile(rb"[\x68-\x73][\x01\x02]\x01\x00")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"\x1f\x8b")
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|meta|style)", re.IGNORECASE)
TOTALS = re.compile(
    r"(?:sub ?total|grand total|total|jumlah|jml|rata ?rata|rerata|mean|average|persentase|persen|skor (?:total|ideal|maksimum|maksimal|minimum)"
    r"|nilai (?:total|tertinggi|terendah|rata ?rata|maksimum|maksimal|minimum)|standar deviasi|simpangan baku|std deviation|median|modus)(?: .*)?",
)
_SIGNATURES = re.compile(
    r"(?:mengetahui|menyetujui|mengesahkan|ketua (?:rt|rw|pelaksana|kelompok|tim)|dosen pembimbing|keterangan|catatan|sumber|note|source"
    r"|.* \d{1,2} (?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember) \d{4})(?: .*)?",
)
_END_WORDS = (  # a quick look before the two patterns above are tried
    "total", "jumlah", "jml", "rerata", "rata", "mean", "average", "persen", "skor", "nilai", "devia", "baku", "median", "modus", "mengetahui", "tujui",
    "sahkan", "ketua", "dosen", "keterangan", "catatan", "sumber", "note", "source", "ari ", "maret", "april", "mei", "juni", "juli", "agustus", "ember", "oktober")


@dataclass(frozen=True)
class RawTable:
    """A table as its file holds it.

    Attributes:
        file: the file's name relative to the study's folder.
        sheet: the worksheet that was read; empty for text files.
        columns: the headers, cleaned, in the file's order; a title may occur more than once.
        frame: the answers as text (categorical, ``""`` for an empty cell), columns numbered from 0.
        rows: each row's number as Excel counts.
        findings: what was noticed.
        header_row: the row of the headers as Excel counts; 0 where they stand in no row (SPSS, Stata).
    """

    file: str
    sheet: str
    columns: tuple[str, ...]
    frame: pd.DataFrame
    rows: tuple[int, ...]
    findings: tuple[Finding, ...]
    header_row: int = 1


def read_table(path: Path, name: str, sheet: str = "", header_row: int | None = None, expected: Collection[str] = (), entries: Collection[str] = ()) -> RawTable:
    """The table in a file, from below its headers to above its totals.

    Args:
        path: the file.
        name: its name for messages, relative to the study's folder.
        sheet: the worksheet; empty if there is only one with content.
        header_row: the row of the headers, counted from 1 (not used where a file has headers of its own kind); without it, the row (or the two rows of a two-level
            header) that shows most of the ``expected`` headers.
        expected: headers that the table should have.
        entries: words that may begin a record although they look like the end of a table (``Ketua RT`` in a list of partners), if something follows them in the row.

    Raises:
        BaksosError: the file cannot be read (``file_…``, ``sheet_…``, ``csv_…``) or has no table (``table_empty``,
            ``header_row_beyond_table``).
    """
    wanted = {form(text) for text in expected for form in (fold, loosen)} - {""}
    source = _open(path, name, sheet, wanted)
    head = list(islice(source.rows, _HEAD if header_row is None else max(_HEAD, header_row)))
    if not any(any(cells) for _, cells in head):
        raise BaksosError("table_empty", file=name, sheet=source.name)
    index, columns = (0, tuple(map(clean, head[0][1]))) if source.headed else _headers(head, wanted, header_row, name, source.name)
    header_number, length = head[index][0], len(head[index][1])
    ragged: dict[int, int] = {}
    whole = source.columns()
    pieces = (_in_one_piece(whole, header_number, len(columns)) if whole is not None
              else _in_pieces(chain(head[index + 1:], source.rows), len(columns), length if source.ragged else None, ragged))
    frame, rows = _assemble(pieces, len(columns))
    frame, rows, below = _cut_totals(frame, rows, name, source.name, {loosen(word) for word in entries})
    if not rows:
        below.append(Finding("table_without_rows", Severity.FATAL, 0, (Where(name, source.name, header_number or None),)))
    kept = set(rows)
    findings = [*source.findings, *below, *_ragged_findings(ragged, kept, length, name)]
    return RawTable(name, source.name, columns, frame, tuple(rows), tuple(findings), header_number)


def copies_beside(path: Path, named: Collection[str] = ()) -> tuple[str, ...]:
    """Names of other copies of a file in its folder, as browsers, Excel and OneDrive make them (``a (1).xlsx``, ``a-LAPTOP7.xlsx``).

    ``named`` are files that are wanted for themselves.
    """
    if not path.is_file():
        return ()
    original = _COPY.sub("", path.stem)
    return tuple(sorted(other.name for other in path.parent.iterdir() if other.suffix == path.suffix and other.name != path.name
                        and other.name not in named and _COPY.sub("", other.stem) == original and other.is_file()))


def _open(path: Path, name: str, sheet: str, wanted: Collection[str]) -> Sheet:
    """The file as records, by what its first bytes say it is."""
    if not path.exists():
        raise BaksosError("file_not_found", file=name, folder=path.parent.name or ".", similar=similar_files(path))
    if path.is_dir():
        inside = tuple(sorted(entry.name for entry in path.iterdir() if entry.is_file() and not entry.name.startswith((".", "~$"))))
        raise BaksosError("file_is_folder", file=name, files=inside[:10])
    if path.name.startswith("~$"):
        raise BaksosError("file_is_lock", file=name, real=name.replace("~$", ""))
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
            content = start + stream.read() if not start.startswith((b"PK\x03\x04", _OLE)) else start
    except OSError as error:
        raise BaksosError("file_not_readable", file=name, reason=error.strerror or type(error).__name__) from None
    if not content:
        raise BaksosError("file_empty", file=name)
    if start.startswith(b"PK\x03\x04"):
        return _noting_ending(read_workbook(path, name, sheet), path, name, is_workbook=True)
    if start.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise BaksosError("file_password", file=name)
        return _noting_ending(read_legacy_workbook(path, name, sheet), path, name, is_workbook=True)
    if start.startswith(_STATISTICAL) or _OLD_STATA.match(start):
        return read_statistical(path, name, wanted)
    if start.startswith(_FOREIGN):
        raise BaksosError("file_unknown_type", file=name)
    if _MARKUP.match(start):
        raise BaksosError("file_is_web_page", file=name)
    return _noting_ending(read_delimited(content, name, wanted), path, name, is_workbook=False)


def _noting_ending(sheet: Sheet, path: Path, name: str, is_workbook: bool) -> Sheet:
    if (path.suffix.lower() in _WORKBOOK_ENDINGS) is not is_workbook and path.suffix:
        code = "file_is_workbook" if is_workbook else "file_is_text"
        sheet.findings.append(Finding(code, Severity.NOTE, where=(Where(name),), details={"ending": path.suffix}))
    return sheet


def _headers(head: Sequence[tuple[int, list[str]]], wanted: set[str], header_row: int | None, name: str,
             sheet: str) -> tuple[int, tuple[str, ...]]:
    """Position of the header row in ``head``, and the headers (joined with the row above where that matches better)."""
    candidates = [index for index, (_, cells) in enumerate(head) if any(cells)]
    if header_row is not None:
        candidates = [index for index in candidates if head[index][0] == header_row]
        if not candidates:
            raise BaksosError("header_row_beyond_table", file=name, sheet=sheet, row=header_row)

    best, chosen = (-1, 0), None
    for index in candidates:
        plain = tuple(clean(cell) for cell in head[index][1])
        joined = _joined(head[index - 1][1], plain) if index and head[index - 1][0] == head[index][0] - 1 else plain
        for headers in (plain, joined):
            found = len({form(header) for header in headers for form in (fold, loosen)} & wanted)
            several = int(sum(map(bool, headers)) > 1)
            if (found, several) > best:
                best, chosen = (found, several), (index, headers)
    assert chosen is not None
    index, headers = chosen
    return index, headers[: max((position + 1 for position, header in enumerate(headers) if header), default=0)]


def _joined(above: Sequence[str], headers: Sequence[str]) -> tuple[str, ...]:
    """A two-level header in one: ``PRE TEST`` over ``1`` is ``PRE TEST 1``; an empty cell takes the one above it."""
    group, joined = "", []
    for position, header in enumerate(headers):
        own = clean(above[position]) if position < len(above) else ""
        group = own or group
        joined.append(f"{group} {header}".strip() if header else own)
    return tuple(joined)


def _in_one_piece(columns: Sequence[np.ndarray], header_number: int, width: int) -> Iterator[tuple[Sequence[int], Sequence[np.ndarray]]]:
    """The records below the headers, from all records as columns."""
    count = len(columns[0])
    yield range(header_number + 1, count + 1), [column[header_number:] for column in columns[:width]]


def _in_pieces(records: Iterator[tuple[int, list[str]]], width: int, length: int | None,
               ragged: dict[int, int]) -> Iterator[tuple[Sequence[int], Sequence[np.ndarray]]]:
    """Numbers and columns of the records with content, some thousands at a time; adds the lengths of those that do not fit to ``ragged``.

    ``width`` columns have a header; the header row itself is ``length`` cells long (None where that means nothing).
    """
    while chunk := list(islice(records, _CHUNK)):
        numbers, cells = [], []
        for number, record in chunk:
            if not any(record):
                continue
            numbers.append(number)
            if len(record) == width:
                cells.append(record)
                continue
            if length is not None and (len(record) < width or any(record[length:])):
                ragged[number] = len(record)
            cells.append(record[:width] + [""] * (width - len(record)))
        yield numbers, [np.array(column, dtype=object) for column in zip(*cells, strict=True)]


def _assemble(pieces: Iterable[tuple[Sequence[int], Sequence[np.ndarray]]], width: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Categorical columns of clean text (the first category is the empty text), and the rows' numbers."""
    words: list[dict[str, int]] = [{"": 0} for _ in range(width)]
    parts: list[list[np.ndarray]] = [[] for _ in range(width)]
    numbers: list[Sequence[int]] = []
    for rows, columns in pieces:
        numbers.append(rows)
        for position, column in enumerate(columns):
            codes, found = pd.factorize(column)
            known = words[position]
            parts[position].append(np.array([known.setdefault(text, len(known)) for text in clean_all(found)], dtype=np.int32)[codes])
    frame = pd.DataFrame({
        position: pd.Categorical.from_codes(np.concatenate(part) if part else np.zeros(0, np.int32),
                                            categories=pd.Index(list(words[position]), dtype=object))
        for position, part in enumerate(parts)
    }, copy=False)
    order = np.concatenate([np.asarray(rows, dtype=np.int64) for rows in numbers]) if numbers else np.zeros(0, dtype=np.int64)
    blank = filled_cells(frame) == 0  # cells of invisible characters alone
    return (frame, order) if not blank.any() else (frame[~blank].reset_index(drop=True), order[~blank])


def filled_cells(frame: pd.DataFrame) -> np.ndarray:
    """How many cells of each row hold text (the category of empty text has code 0)."""
    count = np.zeros(len(frame), dtype=np.int64)
    for column in frame:
        count += frame[column].cat.codes.to_numpy() != 0
    return count


def _cut_totals(frame: pd.DataFrame, rows: np.ndarray, name: str, sheet: str, entries: Collection[str] = ()) -> tuple[pd.DataFrame, list[int], list[Finding]]:
    """The table without the totals, notes and signatures below it, which are counted."""
    if not any(word in text for column in frame.columns[:4] for text in ["\n".join(frame[column].cat.categories).lower()] for word in _END_WORDS):
        return frame, rows.tolist(), []
    label = np.full(len(frame), "", dtype=object)
    for column in reversed(frame.columns[:4]):
        codes = frame[column].cat.codes.to_numpy()
        texts = np.array([loosen(text) for text in frame[column].cat.categories], dtype=object)
        label = np.where(codes != 0, texts[codes], label)
    kinds = {text: (TOTALS.fullmatch(text) is not None, _SIGNATURES.fullmatch(text) is not None) for text in set(label)}
    filled = filled_cells(frame)
    is_total = np.array([kinds[text][0] for text in label], dtype=bool)
    is_end = is_total | (np.array([kinds[text][1] for text in label], dtype=bool) & (filled <= 3))
    is_end &= ~(np.array([text in entries for text in label], dtype=bool) & (filled > 1))
    if not is_end.any():
        return frame, rows.tolist(), []
    start = int(np.argmax(is_end))
    findings = [Finding("rows_below_table", Severity.NOTE, len(frame) - start, (Where(name, sheet, int(rows[start])),),
                        details={"row": int(rows[start])})]
    typical = np.median(filled[:start]) if start else np.inf
    numbered = np.mean([text.isdigit() for text in label[:start]]) > 0.5 if start else False
    lost = [int(rows[position]) for position in range(start, len(frame))
            if not is_end[position] and filled[position] >= 0.8 * typical
            and (label[position].isdigit() if numbered else label[position])]
    if lost:
        findings.append(Finding("answers_below_totals", Severity.FATAL, len(lost), tuple(Where(name, sheet, row) for row in lost[:MOST_PLACES]),
                                details={"row": int(rows[start]), "label": quote(str(label[start]))}))
    return frame.iloc[:start], rows[:start].tolist(), findings


def _ragged_findings(ragged: dict[int, int], kept: set[int], length: int, name: str) -> list[Finding]:
    findings = []
    for code, rows in (("row_too_long", [row for row, found in ragged.items() if found > length and row in kept]),
                       ("row_too_short", [row for row, found in ragged.items() if found < length and row in kept])):
        if rows:
            findings.append(Finding(code, Severity.FATAL, len(rows), tuple(Where(name, "", row) for row in rows[:MOST_PLACES]),
                                    details={"expected": length, "found": ragged[rows[0]], "row": rows[0]}))
    return findings
