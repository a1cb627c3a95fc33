"""The PDF file around its objects: takes Typst's file apart, and writes it with the small objects compressed together.

A tagged table has an object for every cell. Typst writes each of them in full, which is half of a report and two thirds of an
attachment of a hundred reports; in object streams (PDF 1.5, ISO 32000-1, 7.5.7) they take a tenth of that.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_OBJECT = re.compile(rb"\s*(\d+) 0 obj\b\s*")
_STREAM = re.compile(rb">>\s*stream\r?\n")
_LENGTH = re.compile(rb"/Length (\d+)(?! \d+ R)")
_TOGETHER = 200         # objects in one object stream
_HEADER = b"%PDF-1.7\n%\x80\x80\x80\x80\n"


class Stream(NamedTuple):
    """An object with data: its dictionary, and the data as they stand in the file."""

    dictionary: bytes
    data: bytes

    def content(self) -> bytes:
        """The data as they are meant.

        Raises:
            ValueError: they are compressed in a way that our files do not use.
        """
        if b"/Filter" not in self.dictionary:
            return self.data
        if not re.search(rb"/Filter\s*(\[\s*)?/FlateDecode\s*(\]\s*)?(?=/|>>)", self.dictionary) or b"/Predictor" in self.dictionary:
            raise ValueError("a filter that is not ours")
        try:
            return zlib.decompress(self.data)
        except zlib.error as fault:
            raise ValueError("damaged data") from fault


class Package(NamedTuple):
    """The objects of a PDF by their numbers, and the dictionary at its end."""

    objects: Mapping[int, bytes | Stream]
    trailer: bytes


def take_apart(data: bytes) -> Package:
    """The objects of a PDF as Typst or :func:`put_together` writes it: each once, in one file without later additions.

    Raises:
        ValueError: it is not such a PDF.
    """
    start = _START.search(data, max(0, len(data) - 1024))
    if not data.startswith(b"%PDF-") or start is None or data.count(b"startxref") != 1:
        raise ValueError("not a PDF written in one go")
    place = int(start[1])
    if data.startswith(b"xref", place):
        offsets, trailer = _table(data[place:start.start()])
        return Package(_objects(data, offsets, place), trailer)
    index = _object(data, place, start.start())
    if not isinstance(index, Stream) or b"/Type/XRef" not in index.dictionary:
        raise ValueError("no index of objects")
    offsets = {}
    wide = [int(width) for width in _one(rb"/W\[(\d+) (\d+) (\d+)\]", index.dictionary).groups()]
    entries = index.content()
    for number, at in enumerate(range(0, len(entries), sum(wide))):
        kind, first, _ = (int.from_bytes(part) for part in _cut(entries[at:at + sum(wide)], wide))
        if kind == 1:
            offsets[number] = first
    found = _objects(data, offsets, start.start())
    for holder in [entry for entry in found.values() if isinstance(entry, Stream) and b"/Type/ObjStm" in entry.dictionary]:
        content, opening = holder.content(), int(_one(rb"/First (\d+)", holder.dictionary)[1])
        numbers = [int(number) for number in content[:opening].split()]
        ends = [*numbers[3::2], len(content) - opening]
        found |= {number: content[opening + begin:opening + end] for number, begin, end in zip(numbers[::2], numbers[1::2], ends, strict=True)}
    return Package({number: entry for number, entry in found.items() if not _is_frame(entry)}, index.dictionary)


def put_together(package: Package) -> bytes:
    """The PDF of these objects; the same objects give the same bytes."""
    written, places = bytearray(_HEADER), {}
    small = [(number, entry) for number, entry in package.objects.items() if not isinstance(entry, Stream)]
    following = max(package.objects) + 1
    entries: dict[int, tuple[int, int, int]] = {0: (0, 0, 0)}

    def add(number: int, dictionary: bytes, data: bytes) -> None:
        places[number] = len(written)
        entries[number] = (1, len(written), 0)
        written.extend(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, dictionary, data))

    for number, entry in package.objects.items():
        if isinstance(entry, Stream):
            add(number, entry.dictionary, entry.data)
    for first in range(0, len(small), _TOGETHER):
        together = small[first:first + _TOGETHER]
        head, body = [], bytearray()
        for at, (number, entry) in enumerate(together):
            head.append(b"%d %d" % (number, len(body)))
            body += entry.strip() + b"\n"
            entries[number] = (2, following, at)
        opening = b" ".join(head) + b"\n"
        data = zlib.compress(opening + bytes(body))
        add(following, b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (len(together), len(opening), len(data)), data)
        following += 1
    place = len(written)
    entries[following] = (1, place, 0)
    wide = (1, (place.bit_length() + 7) // 8, 1)
    rows = (entries.get(number, (0, 0, 0)) for number in range(following + 1))
    index = zlib.compress(b"".join(value.to_bytes(width) for row in rows for value, width in zip(row, wide, strict=True)))
    kept = b"".join(match[0] for match in re.finditer(rb"/(?:Root|Info) \d+ 0 R|/ID\s*\[[^\]]*\]", package.trailer))
    dictionary = b"<</Type/XRef/Size %d/W[%d %d %d]%s/Filter/FlateDecode/Length %d>>" % (following + 1, *wide, kept, len(index))
    written += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (following, dictionary, index, place)
    return bytes(written)


def _table(text: bytes) -> tuple[dict[int, int], bytes]:
    """The offsets in a classic table of objects, and the trailer after it."""
    listed, _, trailer = text.partition(b"trailer")
    rows = listed.split()[1:]
    if len(rows) < 2 or len(rows) != 2 + 3 * int(rows[1]) or not trailer:
        raise ValueError("a table of objects in several parts")
    first = int(rows[0])
    return {first + at: int(rows[2 + 3 * at]) for at in range(int(rows[1])) if rows[4 + 3 * at] == b"n"}, trailer.strip()


def _objects(data: bytes, offsets: Mapping[int, int], end: int) -> dict[int, bytes | Stream]:
    """The objects in the order of their numbers; each ends where the next one in the file begins."""
    ordered = sorted(offsets.values())
    ends = dict(zip(ordered, [*ordered[1:], end], strict=True))
    return {number: _object(data, offset, ends[offset], number) for number, offset in offsets.items()}


def _object(data: bytes, offset: int, end: int, number: int | None = None) -> bytes | Stream:
    opening = _OBJECT.match(data, offset)
    end = data.rfind(b"endobj", offset, end)
    if opening is None or end < 0 or number is not None and int(opening[1]) != number:
        raise ValueError("an object is not where it should be")
    stream = _STREAM.search(data, opening.end(), end)
    if stream is None:
        return data[opening.end():end]
    dictionary = data[opening.end():stream.start() + 2]
    begin = stream.end()
    end = begin + int(_one(_LENGTH, dictionary)[1])
    if not data[end:end + 11].strip().startswith(b"endstream"):
        raise ValueError("data of another length")
    return Stream(dictionary, data[begin:end])


def _is_frame(entry: bytes | Stream) -> bool:
    return isinstance(entry, Stream) and any(kind in entry.dictionary for kind in (b"/Type/XRef", b"/Type/ObjStm"))


def _one(pattern: bytes | re.Pattern[bytes], text: bytes) -> re.Match[bytes]:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError("an entry is missing")
    return found


def _cut(row: bytes, wide: list[int]) -> Iterator[bytes]:
    at = 0
    for width in wide:
        yield row[at:at + width]
        at += width
