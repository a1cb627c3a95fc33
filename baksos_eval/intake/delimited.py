"""Delimited text (CSV) as numbered records: encoding and delimiter found by evidence, never by guessing at bytes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.regular import read_columns
from baksos_eval.intake.text import fold

if TYPE_CHECKING:
    import numpy as np

DELIMITERS = (";", ",", "\t", "|")
LONGEST_FIELD = 1_000_000
_SAMPLE_RECORDS = 100
_SAMPLE_CHARACTERS = 500_000
_SEP_LINE = re.compile(r"\Asep=(.)\r?\n?", re.IGNORECASE)
_DOUBLE_ENCODED = re.compile("\u00c3[\u0080-\u00bf]|\u00e2\u20ac[\u0153\u2122\u201c\u009d\u02dc]")


class Sheet(NamedTuple):
    """One table as it lies in its file: numbered records, and what was noticed while reading them.

    ``rows`` gives (row number as Excel counts, cells); ``findings`` may still grow while ``rows`` is consumed.
    ``ragged`` says whether the number of cells in a record means something (text files) or not (worksheets);
    ``headed`` that the first record is the header row and nothing else can be. ``columns`` gives all records at once, one
    array of texts per column, where they are all of one length (``None`` where they are not); it is much quicker.
    """

    name: str
    rows: Iterator[tuple[int, list[str]]]
    findings: list[Finding]
    ragged: bool
    headed: bool = False
    columns: Callable[[], list[np.ndarray] | None] = lambda: None


def read_delimited(content: bytes, name: str, expected: Collection[str] = ()) -> Sheet:
    """The records of a text file.

    Args:
        content: the file's bytes.
        name: the file's name for messages.
        expected: headers that the file should have (folded); they decide between delimiters.

    Raises:
        BaksosError: ``file_truncated``, ``file_not_text``, ``file_encoding_unknown``; while the records are
            read, ``csv_quote_unclosed``.
    """
    findings: list[Finding] = []
    text = _decode(content, name, findings)
    if "\0" in text:
        raise BaksosError("file_not_text", file=name)
    if not text.isascii() and _DOUBLE_ENCODED.search(text):
        findings.append(Finding("text_double_encoded", Severity.WARNING, where=(Where(name),)))
    declared = _SEP_LINE.match(text)
    if declared:
        text, delimiter = text[declared.end():], declared[1]
    else:
        delimiter = find_delimiter(text, expected)
    return Sheet("", _records(text, delimiter, name), findings, ragged=True, columns=partial(read_columns, text, delimiter, LONGEST_FIELD))


def find_delimiter(text: str, expected: Collection[str] = ()) -> str:
    """The delimiter under which the expected headers appear, and otherwise the records are equally long.

    >>> find_delimiter("kode;skor\\nA1;3,5\\nA2;4,0\\n"), find_delimiter("kode|a, b|c\\n1|2|3\\n")
    (';', '|')
    """
    wanted = set(expected)

    def evidence(delimiter: str) -> tuple[int, float, int]:
        sample = csv.reader(io.StringIO(text[:_SAMPLE_CHARACTERS], newline=""), delimiter=delimiter)
        try:
            records = [record for record in islice(sample, _SAMPLE_RECORDS) if any(record)]
        except csv.Error:
            return 0, 0.0, 0
        widths = Counter(len(record) for record in records)
        width, times = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]), default=(0, 0))
        found = max((len({fold(cell) for cell in record} & wanted) for record in records), default=0)
        return (found, times / len(records), width) if width > 1 else (found, 0.0, 0)

    return max(DELIMITERS, key=evidence)


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error:
        number, line = _last_good(text, delimiter)
        raise BaksosError("csv_quote_unclosed", file=name, row=number + 1, line=line + 1) from None


def _last_good(text: str, delimiter: str) -> tuple[int, int]:
    """The number of the last record that can be read, and of the line on which it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = line = 0
    with suppress(csv.Error):
        for number, _ in enumerate(reader, start=1):  # noqa: B007
            line = reader.line_num
    return number, line


def _decode(content: bytes, name: str, findings: list[Finding]) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                raise BaksosError("file_truncated", file=name) from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end >= len(content) and error.reason == "unexpected end of data" and not content[:-3].isascii():
            raise BaksosError("file_truncated", file=name) from None
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BaksosError("file_encoding_unknown", file=name, position=error.start) from None
    findings.append(Finding("file_encoding_cp1252", Severity.NOTE, where=(Where(name),)))
    return text
