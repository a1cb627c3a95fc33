"""The light markup inside cells, captions and notes: ``*italic*``, ``**bold**``, ``d~z~``, ``x^2^``, and ``\\`` to escape."""

from __future__ import annotations

import html as _html
import re
from typing import NamedTuple

_TOKEN = re.compile(r"\\(?P<escaped>[!-/:-@\[-`{-~])|\[@(?P<label>[A-Za-z0-9_:-]+)\]|(?P<mark>\*\*|\*|~|\^)|(?P<text>[^\\*~^\[]+|[\\\[])")
_ACTIVE = re.compile(r"([\\*_~^`\[\]<>$&])")
_LINE_START = re.compile(r"^(\s*(?:\d+(?=[.)]))?)([#+\-=|.)])")
_STYLES = {"**": "bold", "*": "italic", "~": "sub", "^": "super"}
_TAGS = {"bold": "b", "italic": "i", "sub": "sub", "super": "sup"}
_RAISED = re.compile(r"\$[^$\n]+\$|\\.|([~^])([^~^\s$\\]+)\1")
_RAISES = {"~": "sub", "^": "sup"}
_REFERENCE = re.compile(r"\[@((?:tbl|fig)-[a-z0-9-]+)\]")


class Run(NamedTuple):
    """A stretch of text in one style (any of bold, italic, sub, super); ``label`` is set where it mentions a table or figure."""

    text: str
    styles: frozenset[str]
    label: str = ""


def escape(text: str) -> str:
    r"""Words that came from a user, on one line, so that none of their characters is read as markup, here or in a Markdown text.

    >>> html(escape("2*3 ~ <b>")), plain(escape("# satu\n[@tbl-x] _a_"))
    ('2*3 ~ &lt;b&gt;', '# satu [@tbl-x] _a_')
    """
    line = re.sub(r"\s*[\r\n]+\s*", " ", text)
    return _LINE_START.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", line))


def parse(text: str) -> tuple[Run, ...]:
    """The runs of a marked-up line; a mark without its partner is ordinary text.

    >>> [(run.text, sorted(run.styles)) for run in parse("*d*~z~ = 0,5")]
    [('d', ['italic']), ('z', ['sub']), (' = 0,5', [])]
    """
    tokens = list(_TOKEN.finditer(text))
    marks = [token["mark"] for token in tokens if token["mark"]]
    left = {mark: marks.count(mark) // 2 * 2 for mark in _STYLES}
    runs: list[Run] = []
    active: set[str] = set()
    for token in tokens:
        mark = token["mark"]
        if mark and left[mark]:
            left[mark] -= 1
            active ^= {_STYLES[mark]}
            continue
        if token["label"]:
            runs.append(Run(token[0], frozenset(active), token["label"]))
            continue
        piece, styles = token["escaped"] or mark or token["text"], frozenset(active)
        if runs and runs[-1].styles == styles and not runs[-1].label:
            runs[-1] = Run(runs[-1].text + piece, styles)
        else:
            runs.append(Run(piece, styles))
    return tuple(runs)


def plain(text: str) -> str:
    """The text without its markup."""
    return "".join(run.text for run in parse(text))


def html(text: str) -> str:
    """The text as HTML, everything else escaped."""
    parts = []
    for run in parse(text):
        tags = [_TAGS[style] for style in sorted(run.styles)]
        parts.append("".join(f"<{tag}>" for tag in tags) + _html.escape(run.text, quote=False) + "".join(f"</{tag}>" for tag in reversed(tags)))
    return "".join(parts)


def attribute(text: str) -> str:
    """The plain text, escaped for an HTML attribute."""
    return _html.escape(plain(text), quote=True)


def references(markdown: str) -> tuple[str, ...]:
    """Labels of the tables and figures that a text refers to, in order."""
    return tuple(_REFERENCE.findall(markdown))


def for_notebook(markdown: str) -> str:
    r"""The text as JupyterLab's Markdown has it, which strikes out what stands between tildes: ``d~z~`` with HTML tags, formulas left alone.

    >>> for_notebook(r"*d*~z~ = 0,5; x^2^; $a^2$ dan $b^2$; 2\~3\~4")
    '*d*<sub>z</sub> = 0,5; x<sup>2</sup>; $a^2$ dan $b^2$; 2\\~3\\~4'
    """
    return _RAISED.sub(lambda found: f"<{_RAISES[found[1]]}>{found[2]}</{_RAISES[found[1]]}>" if found[1] else found[0], markdown)


def replace_references(markdown: str, names: dict[str, str]) -> str:
    """The text with each ``[@label]`` replaced by its numbered name; an unknown label is a fault of the report.

    Raises:
        KeyError: the label is not in ``names``.
    """
    return _REFERENCE.sub(lambda match: names[match[1]], markdown)


def without_references(markdown: str) -> str:
    """The text for a screen where nothing is numbered yet: a reference in brackets goes, a bare one becomes an arrow.

    >>> without_references("Skor naik ([@tbl-change]). Lihat [@fig-change].")
    'Skor naik. Lihat ↓.'
    """
    return _REFERENCE.sub("↓", re.sub(r"\s*\((?:\[@(?:tbl|fig)-[a-z0-9-]+\](?:, | dan | and )?)+\)", "", markdown))
