"""``study.toml`` with headers or other values written into it; comments, order and spacing stay as somebody wrote them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from baksos_eval.errors import BaksosError

_HEADING = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ENTRY = re.compile(r"^\s*\[\[\s*files\s*\]\]\s*(?:#.*)?$")


class Addition(NamedTuple):
    """A header to be written for one entry of ``[[files]]``: where, under which key, and what to remark behind it."""

    source: int
    section: tuple[str, ...]
    key: str
    header: str
    remark: str = ""


def add_headers(text: str, additions: Sequence[Addition], name: str = "study.toml") -> str:
    """The content of a ``study.toml`` with the additions written into it.

    The result is read again and must say exactly what the file said, and the additions.

    >>> print(add_headers('[[files]]  # one\\nfile = "a.csv"\\n', [Addition(0, ("items",), "a1", "Question 1", "95 %")]))
    [[files]]  # one
    file = "a.csv"
    [files.items]
    a1 = "Question 1"   # 95 %
    <BLANKLINE>

    Raises:
        BaksosError: ``study_not_rewritten``: the file is written in a way that cannot be added to safely.
    """
    def change(written: str, wanted: dict[str, Any]) -> str:
        for addition in additions:
            written = _add(written, addition)
            _set(wanted["files"][addition.source], addition)
        return written

    return _rewritten(text, name, change)


def set_values(text: str, values: Mapping[tuple[str, ...], Any], name: str = "study.toml") -> str:
    """The content of a ``study.toml`` with other values under some of its keys; ``None`` takes a key away.

    >>> print(set_values("year = 2020   # first\\n[place]\\n", {("year",): 2021, ("place", "city"): "Metro"}))
    year = 2021   # first
    [place]
    city = "Metro"
    <BLANKLINE>

    Raises:
        BaksosError: ``study_not_rewritten``: the file is written in a way that cannot be changed safely.
    """
    import tomlkit

    def change(written: str, wanted: dict[str, Any]) -> str:
        document: Any = tomlkit.parse(written)
        for key, value in values.items():
            for tree in (document, wanted):
                _put(tree, key, value)
        return tomlkit.dumps(document)

    return _rewritten(text, name, change)


def set_in_entry(text: str, number: int, values: Mapping[str, str | None], name: str = "study.toml") -> str:
    """The content of a ``study.toml`` with other values right under one entry of ``[[files]]``; ``None`` takes a key away.

    Raises:
        BaksosError: ``study_not_rewritten``.
    """
    import tomlkit

    def change(written: str, wanted: dict[str, Any]) -> str:
        document: Any = tomlkit.parse(written)
        added = {key: value for key, value in values.items() if value is not None and key not in wanted["files"][number]}
        for key, value in values.items():
            _put(wanted["files"][number], (key,), value)
            if key not in added:
                _put(document["files"][number], (key,), value)
        lines = tomlkit.dumps(document).splitlines()
        start, end = _entry(lines, number)
        own = next((position for position in range(start + 1, end) if _HEADING.match(lines[position])), end)
        last = _last_filled(lines, start, own)
        return _joined([*lines[:last + 1], *(f"{key} = {tomlkit.string(value).as_string()}" for key, value in added.items()), *lines[last + 1:]])

    return _rewritten(text, name, change)


def add_entry(text: str, values: Mapping[str, str], name: str = "study.toml") -> str:
    """The content of a ``study.toml`` with one more entry of ``[[files]]``, after those that are there.

    Raises:
        BaksosError: ``study_not_rewritten``.
    """
    import tomlkit

    def change(written: str, wanted: dict[str, Any]) -> str:
        lines = written.splitlines()
        count = len(wanted.setdefault("files", []))
        last = _last_filled(lines, *_entry(lines, count - 1)) if count else len(lines) - 1
        wanted["files"].append(dict(values))
        entry = ["", "[[files]]", *(f"{key} = {tomlkit.string(value).as_string()}" for key, value in values.items())]
        return _joined([*lines[:last + 1], *entry, *lines[last + 1:]])

    return _rewritten(text, name, change)


def drop_entry(text: str, number: int, name: str = "study.toml") -> str:
    """The content of a ``study.toml`` without one entry of ``[[files]]``; remarks around it stay.

    Raises:
        BaksosError: ``study_not_rewritten``.
    """
    def change(written: str, wanted: dict[str, Any]) -> str:
        lines = written.splitlines()
        start, end = _entry(lines, number)
        del wanted["files"][number]
        if not wanted["files"]:
            del wanted["files"]
        return _joined([*lines[:start], *lines[_last_filled(lines, start, end) + 1:]])

    return _rewritten(text, name, change)


def _rewritten(text: str, name: str, change: Callable[[str, dict[str, Any]], str]) -> str:
    """The text after a change, if it then says exactly what it said and what ``change`` did to its plain content."""
    from tomlkit.exceptions import TOMLKitError

    ends = "\r\n" if "\r\n" in text else "\n"
    unified = text.replace("\r\n", "\n")
    try:
        wanted = tomllib.loads(unified)
        written = change(unified, wanted)
        if tomllib.loads(written) != wanted:
            raise BaksosError("study_not_rewritten", file=name)
    except (TOMLKitError, tomllib.TOMLDecodeError, AttributeError, TypeError, KeyError, IndexError, ValueError):
        raise BaksosError("study_not_rewritten", file=name) from None
    return written.replace("\n", ends)


def _put(tree: Any, key: tuple[str, ...], value: Any) -> None:
    """Sets one value in a document or in its plain counterpart, making the tables on the way."""
    *path, last = key
    for part in path:
        if part not in tree:
            if value is None:
                return
            tree[part] = {}
        tree = tree[part]
    if value is not None:
        tree[last] = value
    elif last in tree:
        del tree[last]


def _add(text: str, addition: Addition) -> str:
    """The text with one addition: a line of its own where that is possible, else within the value that is already there."""
    import tomlkit

    lines = text.splitlines()
    start, end = _entry(lines, addition.source)
    heading = ".".join(("files", *addition.section))
    line = f"{addition.key} = {tomlkit.string(addition.header).as_string()}" + (f"   # {addition.remark}" if addition.remark else "")
    within: Any = tomllib.loads(text)["files"][addition.source]
    for part in addition.section:
        within = within.get(part) if within is not None else None
    if within is None:
        last = _last_filled(lines, start, end)
        return _joined([*lines[:last + 1], f"[{heading}]", line, *lines[last + 1:]])
    own = [number for number in range(start + 1, end) if (found := _HEADING.match(lines[number])) and found[1].replace(" ", "") == heading]
    if addition.key in within or len(own) != 1:
        document: Any = tomlkit.parse(text)
        _set(document["files"][addition.source], addition)
        return tomlkit.dumps(document)
    following = next((number for number in range(own[0] + 1, end) if _HEADING.match(lines[number])), end)
    last = _last_filled(lines, own[0], following)
    return _joined([*lines[:last + 1], line, *lines[last + 1:]])


def _entry(lines: Sequence[str], number: int) -> tuple[int, int]:
    """The lines of an entry of ``[[files]]``: its first, and the one after its last."""
    starts = [position for position, line in enumerate(lines) if _ENTRY.match(line)]
    start = starts[number]
    others = (position for position in range(start + 1, len(lines)) if (found := _HEADING.match(lines[position]))
              and not found[1].replace(" ", "").startswith("files."))
    return start, next(others, len(lines))


def _last_filled(lines: Sequence[str], start: int, end: int) -> int:
    """The last line that is more than a blank or a remark (which rather belongs to what follows)."""
    return max(number for number in range(start, end) if lines[number].strip() and not lines[number].lstrip().startswith("#"))


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def _set(entry: Any, addition: Addition) -> None:
    for name in addition.section:
        entry = entry.setdefault(name, {})
    entry[addition.key] = addition.header
