"""Writes a report as one HTML page that needs nothing else: no scripts, no network, readable on a phone and on paper."""

from __future__ import annotations

import base64
import itertools
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from baksos_eval.report import inline
from baksos_eval.report.text import words

from . import markdown
from .layout import columns, decimal_column, sections, stays_together
from .look import STANDARD, Look, read_logo
from .model import Contents, Document, FigureBlock, Heading, Spans, TableBlock, text_of
from .save import write_whole

_TAGS = (("bold", "b"), ("italic", "i"), ("sub", "sub"), ("super", "sup"), ("code", "code"))
_PRINTED_CM = 14.0
_SHORT = 12  # characters that stay on one line
_CONTENTS_FROM = 4  # headings; a shorter page is seen at a glance


def write(document: Document, path: Path, look: Look = STANDARD) -> Path:
    """The path of the page; an older file there is replaced whole or not at all.

    Raises:
        BaksosError: ``logo_unreadable``, ``file_in_use``, ``file_unwritable``.
    """
    return write_whole(Path(path), to_bytes(document, look))


def to_bytes(document: Document, look: Look = STANDARD) -> bytes:
    """The page itself; the same report gives the same bytes."""
    numbers = itertools.count(1)
    outline = list(enumerate((block for block in document.blocks if isinstance(block, Heading)), start=1))
    page = _template().render(
        document=document, sections=sections(document), plain_title=inline.plain(document.title.title), parse=markdown.spans, facts=markdown.facts(document.title), text=words(document.language).text, style=_style(),
        tags=_TAGS, kind_of=lambda part: type(part).__name__, source_of=_source, layout_of=lambda block: _layout(block, document.language),
        letterhead=look.letterhead, logo=_logo(look), outline=outline, show_contents=len(outline) >= _CONTENTS_FROM and Contents() not in document.blocks, next_heading=lambda: next(numbers))
    return page.encode("utf-8")


class _Header(NamedTuple):
    spans: Spans
    align: str
    columns: int = 1
    spans_both: bool = False


class _Cell(NamedTuple):
    spans: Spans
    look: str
    tag: str
    width: str = ""
    shift: str = ""


class _Row(NamedTuple):
    cells: tuple[_Cell, ...]
    emphasised: bool


class _Layout(NamedTuple):
    upper: tuple[_Header, ...]
    lower: tuple[_Header, ...]
    rows: tuple[_Row, ...]
    whole: bool


def _layout(table: TableBlock, language: str) -> _Layout:
    """The cells of a table as HTML orders them."""
    upper, at = [], 0
    starts = {spanner.first: spanner for spanner in table.spanners}
    while at < len(table.headers):
        spanner = starts.get(at)
        if spanner:
            upper.append(_Header(spanner.spans, "center", spanner.last - spanner.first + 1))
        else:
            upper.append(_Header(table.headers[at], table.aligns[at], spans_both=True))
        at += upper[-1].columns
    spanned = {at for spanner in table.spanners for at in range(spanner.first, spanner.last + 1)}
    lower = tuple(_Header(header, align) for at, (header, align) in enumerate(zip(table.headers, table.aligns, strict=True))
                  if at in spanned or not table.spanners)
    decimals = {at: decimal_column([row[at] for row in table.rows], language) for at, align in enumerate(table.aligns) if align == "decimal"}
    rows = []
    for number, row in enumerate(table.rows):
        cells = []
        for at, (spans, align) in enumerate(zip(row, table.aligns, strict=True)):
            place = decimals[at].cells[number] if at in decimals else None
            box = (f"{decimals[at].width:.2f}", f"{decimals[at].right - place.right:.2f}") if place else ("", "")
            look = f"{align} short" if align == "left" and len(text_of(spans)) <= _SHORT else align
            cells.append(_Cell(spans, look, "th" if at == 0 and align == "left" else "td", *box))
        rows.append(_Row(tuple(cells), number in table.emphasised))
    return _Layout(tuple(upper), lower, tuple(rows), stays_together(table, columns(table, _PRINTED_CM)))


def _logo(look: Look) -> str:
    return f"data:image/png;base64,{base64.b64encode(read_logo(look.logo).png).decode('ascii')}" if look.logo else ""


def _source(figure: FigureBlock) -> str:
    """The image itself as the address of the image; scripts in a drawing do not run there."""
    if figure.svg:
        kind, data = "svg+xml", figure.svg.encode("utf-8")
    else:
        kind, data = "jpeg" if figure.image.startswith(b"\xff\xd8") else "png", figure.image
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


@cache
def _template() -> Any:
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    environment.filters["mathml"] = lambda formula: Markup(formula.mathml)
    return environment.from_string(_file("page.html.j2"))


@cache
def _style() -> Any:
    from markupsafe import Markup

    return Markup(_file("page.css"))


def _file(name: str) -> str:
    return (resources.files("baksos_eval.render") / name).read_text(encoding="utf-8")
