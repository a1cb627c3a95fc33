"""Everything a PDF of ours says, to those who see and to those who listen: fast, for looking into thousands of them.

A general reader interprets every line and curve of a figure and every object of a tagged table, which takes longer than to make
the report. This one looks for text alone and knows only what our writer uses; it refuses everything else.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from baksos_eval.render.pdf_package import Package, Stream, take_apart

_SIGN = rb"[^()\\]|\\."
_STRING = functools.reduce(lambda inner, _: rb"\((?:%s|%s)*\)" % (_SIGN, inner), range(5), rb"\((?:%s)*\)" % _SIGN) + rb"|<[0-9A-Fa-f\s]*>(?!>)"
_STRINGS = re.compile(rb"<<|" + _STRING, re.DOTALL)
_RUN = re.compile(rb"BT\b(.*?)\bET\b", re.DOTALL)
_HYPHENATED = re.compile(r"(?<=[^\W\d])\s*[-\u2010\xad]\s*\n\s*(?=[^\W\d])")
_INSTEAD = re.compile(rb"/ActualText\s*(%s)" % _STRING, re.DOTALL)
_SHOWN = re.compile(rb"/(?P<font>\w+) [\d.]+ Tf|/ActualText\s*(?P<instead>%s)|(?P<end>\bEMC\b)|(?:%s)" % (_STRING, _STRING), re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_UNKNOWN = "\ufffd"      # parts of signs in formulas mean nothing by themselves
_MOST_UNKNOWN = 0.02
_PAIRS = re.compile(rb"beginbfchar(.*?)endbfchar|beginbfrange(.*?)endbfrange", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>|([\[\]])")


def texts(data: bytes) -> Iterator[str]:
    """The text of each page, once as if every run of letters ended a word and once as if letters went on in the next run, and all strings beside the pages.

    Raises:
        ValueError: it is not a PDF as :mod:`baksos_eval.render.pdf` writes them.
    """
    package = take_apart(data)
    yield "\n".join(_beside(package))
    for entry in package.objects.values():
        dictionary = entry.dictionary if isinstance(entry, Stream) else entry
        if isinstance(entry, Stream):
            if b"/Subtype/Form" in dictionary:
                yield from _page(entry.content(), _fonts(dictionary, package))
            elif b"/Type/Metadata" in dictionary:
                yield re.sub(r"<[^<>]*>", " ", entry.content().decode("utf-8"))
        elif re.search(rb"/Type\s*/Page\b", dictionary):
            fonts = _fonts(dictionary, package)
            for number in re.findall(rb"(\d+) 0 R", _value(b"Contents", dictionary)):
                contents = package.objects[int(number)]
                if not isinstance(contents, Stream):
                    raise ValueError("a page without contents")
                yield from _page(contents.content(), fonts)


def _beside(package: Package) -> Iterator[str]:
    """Every string that is not on a page: alternative texts, titles, targets of links, properties."""
    for entry in package.objects.values():
        dictionary = entry.dictionary if isinstance(entry, Stream) else entry
        if b"(" not in dictionary and b"<" not in dictionary.replace(b"<<", b""):
            continue
        for string in _STRINGS.findall(dictionary):
            if string != b"<<":
                yield _text(string)
        if b"(" in _STRINGS.sub(b"", dictionary):
            raise ValueError("a string that does not end")


def _page(content: bytes, fonts: Mapping[bytes, Mapping[int, str]]) -> Iterator[str]:
    """The text of a page or drawing; runs at one height are a line."""
    lines: list[tuple[bytes, list[str]]] = []
    height, after = b"", 0
    for run in _RUN.finditer(content):
        inside = run[1]
        placed = content.rfind(b" cm", after, run.start())
        if placed >= 0:
            height = content[content.rfind(b" ", after, placed) + 1:placed]
        after = run.end()
        shown: list[str] = []
        meaning, replaced = None, False
        for found in _SHOWN.finditer(inside):
            if found["font"] is not None:
                meaning = fonts.get(found["font"])
                continue
            if found["instead"] is not None:
                shown.append(_text(found["instead"]))
            replaced = found["instead"] is not None or replaced and found["end"] is None
            if replaced or found["end"] is not None:
                continue
            if meaning is None:
                raise ValueError("letters of an unknown font")
            raw = _bytes(found[0])
            if len(raw) % 2:
                raise ValueError("half a letter")
            shown += [meaning.get(raw[at] << 8 | raw[at + 1], _UNKNOWN) for at in range(0, len(raw), 2)]
        if re.search(rb"[()]", _SHOWN.sub(b"", inside)):
            raise ValueError("a string that does not end")
        if not lines or lines[-1][0] != height:
            lines.append((height, []))
        lines[-1][1].append("".join(shown))
    if b"/ActualText" in content:
        yield "\n".join(_text(string) for string in _INSTEAD.findall(content))
    apart = "\n".join(" ".join(runs) for _, runs in lines)
    if apart.count(_UNKNOWN) > _MOST_UNKNOWN * len(apart):
        raise ValueError("letters without a meaning")
    for text in (apart, "\n".join(_joined(runs) for _, runs in lines)):
        yield text
        if _HYPHENATED.search(text):
            yield _HYPHENATED.sub("", text)


def _joined(runs: list[str]) -> str:
    """A line whose words may change their type within; numbers never do, and those of neighbouring cells are not one number."""
    parts = [run for run in runs if run]
    return "".join(part if before[-1:].isalpha() and part[:1].isalpha() else f" {part}" for before, part in zip(["", *parts], parts, strict=False))


def _fonts(dictionary: bytes, package: Package) -> dict[bytes, Mapping[int, str]]:
    """What the numbers of letters mean in each font that a page or drawing names."""
    resources = _follow(_value(b"Resources", dictionary), package)
    named = _follow(_value(b"Font", resources), package) if b"/Font" in resources else b""
    fonts = {}
    for name, number in re.findall(rb"/(\w+) (\d+) 0 R", named):
        meaning = re.search(rb"/ToUnicode (\d+) 0 R", _dictionary(int(number), package))
        if meaning is not None and b"/Type0" in _dictionary(int(number), package):
            stream = package.objects[int(meaning[1])]
            if isinstance(stream, Stream):
                fonts[name] = _meanings(stream.content())
    return fonts


@functools.lru_cache(maxsize=64)
def _meanings(table: bytes) -> Mapping[int, str]:
    """A font's table from numbers to letters."""
    found: dict[int, str] = {}
    for single, ranges in _PAIRS.findall(table):
        parts = [first or second for first, second in _HEX.findall(single or ranges)]
        if b"[" in parts:
            raise ValueError("a table of letters that is not ours")
        step = 2 if single else 3
        for at in range(0, len(parts) - step + 1, step):
            first, last, text = int(parts[at], 16), int(parts[at + step - 2], 16), bytes.fromhex(parts[at + step - 1].decode())
            for number in range(first, last + 1):
                found[number] = (text[:-2] + (int.from_bytes(text[-2:]) + number - first).to_bytes(2)).decode("utf-16-be")
    return found


def _value(name: bytes, dictionary: bytes) -> bytes:
    """What stands behind a name, as it is written."""
    found = re.search(rb"/" + name + rb"\s*(\d+ 0 R|\[[^\]]*\]|<<.*)", dictionary, re.DOTALL)
    if found is None:
        raise ValueError("an entry is missing")
    value = found[1]
    if not value.startswith(b"<<"):
        return value
    depth = 0
    for mark in re.finditer(rb"<<|>>", value):
        depth += 1 if mark[0] == b"<<" else -1
        if depth == 0:
            return value[:mark.end()]
    raise ValueError("a dictionary that does not end")


def _follow(value: bytes, package: Package) -> bytes:
    return _dictionary(int(value.split()[0]), package) if value.endswith(b" 0 R") else value


def _dictionary(number: int, package: Package) -> bytes:
    try:
        entry = package.objects[number]
    except KeyError:
        raise ValueError("an object is missing") from None
    return entry.dictionary if isinstance(entry, Stream) else entry


def _text(string: bytes) -> str:
    """What a string of a PDF says where it is not made of letters' numbers."""
    raw = _bytes(string)
    return raw[2:].decode("utf-16-be") if raw.startswith(b"\xfe\xff") else raw.decode("utf-8" if raw.startswith(b"\xef\xbb\xbf") else "latin-1")


def _bytes(string: bytes) -> bytes:
    """The bytes that a string of a PDF stands for."""
    if string.startswith(b"<"):
        digits = b"".join(string[1:-1].split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _ESCAPED.sub(lambda found: _unescaped(found[1]), string[1:-1]) if b"\\" in string else string[1:-1]


def _unescaped(sign: bytes) -> bytes:
    if sign[:1].isdigit():
        return bytes([int(sign, 8) & 0xFF])
    return _PLAIN.get(sign, sign)
