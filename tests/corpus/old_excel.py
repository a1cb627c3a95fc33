"""A workbook as Excel 97-2003 wrote it (.xls): BIFF8 records in a compound file, just enough for a table of texts and numbers."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def old_workbook(rows: Sequence[Sequence[object]], sheet: str = "Data") -> bytes:
    """The bytes of an .xls file with one worksheet."""
    stream = _workbook(rows, sheet)
    stream += bytes(max(4096, -(-len(stream) // _SECTOR) * _SECTOR) - len(stream))
    sectors = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, sectors + 2), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream)) + 2 * _entry("", 0, _FREE, 0, 0)
    header = struct.pack("<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6),
                         0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    return header + fat + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    return struct.pack("<64sHBBIII16sIQQIQ", text, len(text), kind, 1, _FREE, _FREE, child, bytes(16), 0, 0, 0, start, size)


def _workbook(rows: Sequence[Sequence[object]], sheet: str) -> bytes:
    title = struct.pack("<BB", len(sheet), 0) + sheet.encode("latin-1")
    start = len(_record(0x809, bytes(16))) + len(_record(0x85, bytes(6) + title)) + 4
    book = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 0))
    book += _record(0x85, struct.pack("<IH", start, 0) + title) + _record(0x0A, b"")
    table = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 0))
    table += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                table += _record(0x203, struct.pack("<HHHd", number, column, 0, value))
            elif value not in (None, ""):
                text = str(value).encode("utf-16-le")
                table += _record(0x204, struct.pack("<HHHHB", number, column, 0, len(text) // 2, 1) + text)
    return book + table + _record(0x0A, b"")


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body
