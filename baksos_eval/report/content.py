"""What a notebook cell shows: a text, a table or a figure, as typed content that every format is written from.

Each content puts a small vendor type beside ``text/html``/``text/markdown`` and ``text/plain`` into the notebook output.
JupyterLab shows the HTML; ``render`` reads the vendor type. Captions are stored without a number: numbering is decided
once, when a whole document is read (:mod:`baksos_eval.render.blocks`).

Inline markup in cells, captions and notes is a small subset of Markdown (:mod:`baksos_eval.report.inline`):
``*italic*``, ``**bold**``, ``d~z~`` (subscript), ``x^2^`` (superscript); words of users go through ``inline.escape``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from baksos_eval.report import inline

TITLE_MIME = "application/vnd.baksos.title.v1+json"
TEXT_MIME = "application/vnd.baksos.text.v1+json"
TABLE_MIME = "application/vnd.baksos.table.v1+json"
FIGURE_MIME = "application/vnd.baksos.figure.v1+json"
_EMBEDDED = re.compile('src="data:image/(?:png|jpeg);base64,([^"]*)"')
JPEG = b"\xff\xd8\xff"

Align = Literal["left", "center", "right", "decimal"]


@dataclass(frozen=True)
class Title:
    """The document's head. ``facts`` are (label, value) pairs under the title; ``rt`` and ``study`` echo what was run."""

    title: str
    subtitle: str
    language: Literal["id", "en"]
    study: str
    rt: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        facts = "".join(f"\n- {label}: {value}" for label, value in self.facts)
        return {
            TITLE_MIME: _plain(asdict(self)),
            "text/markdown": f"# {self.title}\n\n{self.subtitle}\n{facts}",
            "text/plain": inline.plain(self.title),
        }


@dataclass(frozen=True)
class Text:
    """Paragraphs in Markdown (paragraphs, lists, emphasis, ``$formula$``, ``[@label]`` references to tables and figures).

    ``role`` lets a writer set a text apart: the ``"verdict"`` on the first page, a ``"note"`` on how to read a table, a ``"limit"``.
    """

    markdown: str
    role: Literal["body", "verdict", "note", "limit"] = "body"

    def __str__(self) -> str:
        return inline.plain(inline.without_references(self.markdown))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {
            TEXT_MIME: asdict(self),
            "text/markdown": inline.for_notebook(inline.without_references(self.markdown)),
            "text/plain": inline.plain(inline.without_references(self.markdown)),
        }


@dataclass(frozen=True)
class Column:
    """One column of a table; ``decimal`` aligns on the decimal sign, ``weight`` is its relative width."""

    header: str
    align: Align = "left"
    weight: float = 1.0


@dataclass(frozen=True)
class Spanner:
    """A heading above the columns ``first`` to ``last`` (counted from 0, inclusive)."""

    header: str
    first: int
    last: int


@dataclass(frozen=True)
class Table:
    """A table of display-ready cells. ``alt`` says in a sentence what it shows; ``emphasised`` rows are set in bold."""

    label: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    alt: str
    source: str = ""
    notes: tuple[str, ...] = ()
    spanners: tuple[Spanner, ...] = ()
    emphasised: tuple[int, ...] = ()
    wide: bool = False

    def __post_init__(self) -> None:
        if not (self.label and self.caption and self.alt):
            raise ValueError("a table needs a label, a caption and an alternative text")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.label}: a row has not {len(self.columns)} cells")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {TABLE_MIME: _plain(asdict(self)), "text/html": _table_html(self), "text/plain": inline.plain(self.caption)}


@dataclass(frozen=True)
class Figure:
    """A drawn figure: PNG at 300 dpi and SVG of the same drawing, with width and height in centimetres.

    A photo has no SVG, and its ``png`` may be a JPEG.
    """

    label: str
    caption: str
    alt: str
    png: bytes = field(repr=False)
    svg: str = field(repr=False)
    width_cm: float
    height_cm: float
    source: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.label and self.caption and self.alt):
            raise ValueError("a figure needs a label, a caption and an alternative text")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        encoded = base64.b64encode(self.png).decode("ascii")
        content = _plain({name: getattr(self, name) for name in ("label", "caption", "alt", "svg", "width_cm", "height_cm", "source", "notes")})
        html = (f'<figure style="margin:1em 0"><img style="width:{self.width_cm:.1f}cm;max-width:100%" alt="{inline.attribute(self.alt)}" '
                f'src="data:image/{"jpeg" if self.png.startswith(JPEG) else "png"};base64,{encoded}"><figcaption>{inline.html(self.caption)}</figcaption></figure>')
        return {FIGURE_MIME: content, "text/html": html, "text/plain": inline.plain(self.caption)}


Content = Title | Text | Table | Figure


def from_mime(bundle: dict[str, Any]) -> Content | None:
    """The content in one notebook output's data, or ``None`` if it is not ours.

    A figure's picture, which is most of a notebook, stands in it once: in the HTML that JupyterLab shows.

    Raises:
        KeyError, TypeError, ValueError: it is ours, and damaged.
    """
    if TITLE_MIME in bundle:
        value = bundle[TITLE_MIME]
        return Title(**value | {"facts": tuple(tuple(fact) for fact in value["facts"])})
    if TEXT_MIME in bundle:
        return Text(**bundle[TEXT_MIME])
    if TABLE_MIME in bundle:
        value = bundle[TABLE_MIME]
        return Table(**value | {
            "columns": tuple(Column(**column) for column in value["columns"]),
            "spanners": tuple(Spanner(**spanner) for spanner in value["spanners"]),
            "rows": tuple(tuple(row) for row in value["rows"]),
            "notes": tuple(value["notes"]),
            "emphasised": tuple(value["emphasised"]),
        })
    if FIGURE_MIME in bundle:
        value = bundle[FIGURE_MIME]
        return Figure(**value | {"png": _picture(bundle["text/html"]), "notes": tuple(value["notes"])})
    return None


def _picture(html: str) -> bytes:
    """The picture in a figure's HTML."""
    found = _EMBEDDED.search(html)
    if found is None:
        raise ValueError("a figure without its picture")
    return base64.b64decode(found[1], validate=True)


def _plain(value: Any) -> Any:
    """The same content with lists for tuples: what a notebook file can hold."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(entry) for entry in value]
    return value


def _table_html(table: Table) -> str:
    """The table for JupyterLab's screen; the attachment's HTML is written by ``render.html``."""
    align = {"left": "left", "center": "center", "right": "right", "decimal": "right"}
    styles = [f'style="text-align:{align[column.align]};padding:.2em .6em"' for column in table.columns]
    head = "".join(f"<th {style}>{inline.html(column.header)}</th>" for column, style in zip(table.columns, styles, strict=True))
    above = ""
    if table.spanners:
        cells, at = [], 0
        for spanner in table.spanners:
            cells += ["<th></th>"] * (spanner.first - at)
            cells.append(f'<th colspan="{spanner.last - spanner.first + 1}" style="text-align:center">{inline.html(spanner.header)}</th>')
            at = spanner.last + 1
        above = f"<tr>{''.join(cells)}{'<th></th>' * (len(table.columns) - at)}</tr>"
    body = "".join(
        "<tr>" + "".join(f"<td {style}>{'<b>' if number in table.emphasised else ''}{inline.html(cell)}{'</b>' if number in table.emphasised else ''}</td>"
                         for cell, style in zip(row, styles, strict=True)) + "</tr>"
        for number, row in enumerate(table.rows))
    foot = "".join(f"<div>{inline.html(line)}</div>" for line in (*table.notes, table.source) if line)
    return (f'<table style="border-collapse:collapse"><caption style="caption-side:top;text-align:left;font-weight:bold">{inline.html(table.caption)}</caption>'
            f"<thead>{above}<tr>{head}</tr></thead><tbody>{body}</tbody></table><div style=\"font-size:.85em\">{foot}</div>")
