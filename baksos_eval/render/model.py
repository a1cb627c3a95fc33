"""What a report consists of once it is read: blocks of spans, numbered, the same for every output format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from baksos_eval.errors import Finding
from baksos_eval.report.content import Align, Title

from .formula import Formula

ROMAN: frozenset[str] = frozenset()


class Words(NamedTuple):
    """A stretch of text in one style; ``styles`` is any of bold, italic, sub, super, code."""

    text: str
    styles: frozenset[str] = ROMAN


class Reference(NamedTuple):
    """A mention of a table or figure; ``name`` is its numbered name ("Tabel 3"), empty until the document is numbered."""

    label: str
    name: str = ""


class InlineFormula(NamedTuple):
    """A formula within a line."""

    formula: Formula


class LineBreak(NamedTuple):
    """A line that ends where the writer of the text ended it."""


Span = Words | Reference | InlineFormula | LineBreak
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """A section's heading; level 1 stands directly under the document's title. A ``technical`` section may be left out of a large attachment."""

    level: int
    spans: Spans
    technical: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    spans: Spans


@dataclass(frozen=True)
class Facts:
    """Short facts, each with its label, under the title of a report or chapter."""

    pairs: tuple[tuple[Spans, Spans], ...]


@dataclass(frozen=True)
class Listing:
    """A bulleted or numbered list; each item is a series of blocks."""

    ordered: bool
    items: tuple[tuple[Block, ...], ...]
    start: int = 1


@dataclass(frozen=True)
class Equation:
    """A formula on a line of its own."""

    formula: Formula


@dataclass(frozen=True)
class Verbatim:
    """Text whose line ends and spaces stand as they are."""

    text: str


@dataclass(frozen=True)
class Aside:
    """Blocks set apart from the running text."""

    role: Literal["verdict", "note", "limit", "quote"]
    blocks: tuple[Block, ...]


class SpanningHeader(NamedTuple):
    """A heading above the columns ``first`` to ``last`` (counted from 0, inclusive)."""

    spans: Spans
    first: int
    last: int


@dataclass(frozen=True)
class TableBlock:
    """A numbered table of display-ready cells."""

    label: str
    caption: Spans
    alt: str
    headers: tuple[Spans, ...]
    aligns: tuple[Align, ...]
    weights: tuple[float, ...]
    rows: tuple[tuple[Spans, ...], ...]
    spanners: tuple[SpanningHeader, ...] = ()
    emphasised: frozenset[int] = frozenset()
    notes: tuple[Spans, ...] = ()
    wide: bool = False
    number: int = 0
    name: str = ""


@dataclass(frozen=True)
class FigureBlock:
    """A numbered figure: its raster image, and the same drawing as SVG (empty for a photo)."""

    label: str
    caption: Spans
    alt: str
    image: bytes = field(repr=False)
    svg: str = field(repr=False)
    width_cm: float = 14.0
    height_cm: float = 8.0
    notes: tuple[Spans, ...] = ()
    number: int = 0
    name: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Contents:
    """Lists of what the document holds: its headings, its tables, its figures."""


Block = Heading | Paragraph | Facts | Listing | Equation | Verbatim | Aside | TableBlock | FigureBlock | PageBreak | Contents


@dataclass(frozen=True)
class Document:
    """A whole report, ready to be written; ``warnings`` tell what of the notebook is not in it, ``cover`` gives its title a page of its own."""

    title: Title
    language: Literal["id", "en"]
    blocks: tuple[Block, ...]
    warnings: tuple[Finding, ...] = ()
    cover: bool = False


def text_of(spans: Spans) -> str:
    """The spans as plain text."""
    parts = []
    for span in spans:
        match span:
            case Words():
                parts.append(span.text)
            case Reference():
                parts.append(span.name)
            case InlineFormula():
                parts.append(span.formula.plain)
            case LineBreak():
                parts.append(" ")
    return "".join(parts)
