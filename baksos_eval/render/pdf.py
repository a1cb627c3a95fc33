"""Writes a report as an accessible PDF (PDF/UA-1), typeset by Typst."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from baksos_eval.errors import BaksosError
from baksos_eval.report import inline
from baksos_eval.report.text import words

from . import fonts, markdown, pdf_package
from .layout import (
    POINTS_PER_CM,
    columns,
    decimal_column,
    margins_named,
    notes_height,
    opening_height,
    row_lines,
    sections,
    stays_together,
    text_width,
)
from .look import STANDARD, STANDARD_SPACING, Look, read_logo
from .model import (
    Aside,
    Block,
    Contents,
    Document,
    Equation,
    Facts,
    FigureBlock,
    Heading,
    InlineFormula,
    LineBreak,
    Listing,
    PageBreak,
    Paragraph,
    Reference,
    Spans,
    TableBlock,
    Verbatim,
    Words,
)
from .pdf_drawing import Drawings
from .save import write_whole

_ASIDES = {"verdict": "verdict", "note": "note", "limit": "limit", "quote": "quoted"}
_STYLES = (("code", "code"), ("italic", "italic"), ("bold", "bold"), ("sub", "lowered"), ("super", "raised"))
_REGIONS = {"id": "ID", "en": "GB"}
_HYPHENATION = {"id": "id_ID", "en": "en_GB"}
_SHORTEST_DIVIDED = 8
_MORE_LEADING = 1.115  # ems of leading that one unit of Word's spacing adds to lines of Times
_ROW_GAPS, _LEADING, _CAPITALS = 0.84, 0.45, (0.662, 0.676)  # ems, as in report.typ; capitals of the regular and the bold type
_COVER_CM = 5.0
_TALLEST_CM = 19.0


def write(document: Document, path: Path, look: Look = STANDARD) -> Path:
    """The path of the PDF: A4, tagged, with vector figures; the same report gives the same bytes.

    Args:
        document: the report.
        path: where to write it; an older file there is replaced whole or not at all.
        look: margins, spacing and letterhead, as for Word; a template is for Word alone.

    Raises:
        BaksosError: ``margins_unknown``, ``logo_unreadable``, ``pdf_refused`` (an image that cannot be read), ``file_in_use``, ``file_unwritable``.
    """
    return write_whole(Path(path), to_bytes(document, look))


def to_bytes(document: Document, look: Look = STANDARD) -> bytes:
    """The PDF itself."""
    import typst

    writer = _Writer(document, look)
    text = writer.source()
    with tempfile.TemporaryDirectory() as folder:
        for name, image in writer.images.items():
            (Path(folder) / name).write_bytes(image)
        try:
            compiler = typst.Compiler(text.encode("utf-8"), root=folder, font_paths=fonts.for_typst(), ignore_system_fonts=True)
            made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as fault:
            raise BaksosError("pdf_refused", reason=fault.message) from fault
    return pdf_package.put_together(writer.drawings.put_in(pdf_package.take_apart(made)))  # type: ignore[arg-type]


def source(document: Document, look: Look = STANDARD) -> str:
    """The document in Typst's notation."""
    return _Writer(document, look).source()


class _Writer:
    """Writes Typst code; every word of a user is a string literal in it."""

    def __init__(self, document: Document, look: Look) -> None:
        self.document = document
        self.look = look
        self.margins = margins_named(look.margins)
        self.catalogue = words(document.language)
        self.images: dict[str, bytes] = {}
        self.drawings = Drawings()
        self.landscape = False
        self.heading_count = 0

    def source(self) -> str:
        m = self.margins
        title = self.document.title
        arguments = (
            f"title: {literal(inline.plain(title.title))}, language: {literal(self.document.language)}, region: {literal(_REGIONS[self.document.language])}, "
            f"top: {m.top}cm, right: {m.right}cm, bottom: {m.bottom}cm, left: {m.left}cm, footer: {self.footer()}, "
            f"more-leading: {_MORE_LEADING * ((self.look.spacing or STANDARD_SPACING) - STANDARD_SPACING):.4f}em, "
            f"fonts: ({', '.join(map(literal, fonts.FAMILIES))})")
        parts = [_preamble(), f"\n#show: report.with({arguments})\n\n", self.head()]
        for section in sections(self.document):
            self.landscape = section.landscape
            inside = self.blocks(section.blocks)
            if section.landscape:
                turned = m.turned()
                edges = ", ".join(f"{side}: {getattr(turned, side)}cm" for side in ("top", "right", "bottom", "left"))
                inside = f"#page(flipped: true, margin: ({edges}))[\n{inside}\n]\n"
            parts.append(inside)
        return "".join(parts)

    def head(self) -> str:
        title = self.document.title
        parts = [self.letterhead(), f"#v({_COVER_CM}cm)\n" if self.document.cover else "", f"#title({self.inline(markdown.spans(title.title))})\n"]
        if title.subtitle:
            parts.append(f"#subtitle({self.inline(markdown.spans(title.subtitle))})\n")
        if title.facts:
            parts.append(self.facts(markdown.facts(title)))
        return "".join(parts) + "\n"

    def letterhead(self) -> str:
        """The campus's logo and lines above the title."""
        parts = [self.inline(markdown.spans(line)) for line in self.look.letterhead]
        if self.look.logo:
            logo = read_logo(self.look.logo)
            self.images["logo.png"] = logo.png
            parts.insert(0, f'image("/logo.png", width: {logo.width_cm:.3f}cm, alt: {literal(self.catalogue.text("render.logo"))})')
        return f"#letterhead({', '.join(parts)})\n" if parts else ""

    def facts(self, facts: Facts) -> str:
        width = min(max(text_width(label) for label, _ in facts.pairs) * 12 / POINTS_PER_CM + 0.3, 6.0)
        pairs = ", ".join(f"({self.inline(label)}, {self.inline(value)})" for label, value in facts.pairs)
        return f"#facts({width:.3f}cm, {pairs})\n"

    def footer(self) -> str:
        text = literal(self.catalogue.text("render.page", page="\x01", pages="\x02"))
        counted = text.replace("\x01", '" + str(counter(page).get().first()) + "').replace("\x02", '" + str(counter(page).final().first()) + "')
        place = f"{inline.plain(self.document.title.rt)} · " if self.document.title.rt else ""
        return f"context {{ {literal(place)} + {counted} }}"

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "\n\n".join(self.block(block) for block in blocks) + "\n\n"

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                self.heading_count += 1
                return f"#heading(level: {min(block.level, 6)})[#prose({self.inline(block.spans)})] <heading-{self.heading_count}>"
            case Paragraph():
                return f"#prose({self.inline(block.spans, divide=True)})"
            case Facts():
                return self.facts(block)
            case Listing():
                items = ", ".join(f"[{self.blocks(item)}]" for item in block.items)
                return f"#enum(start: {block.start}, {items})" if block.ordered else f"#list({items})"
            case Equation():
                return f"#math.equation(block: true, alt: {literal(block.formula.plain)}, $ {block.formula.typst} $)"
            case Verbatim():
                return f"#raw(block: true, {literal(block.text)})"
            case Aside():
                return f"#{_ASIDES[block.role]}[{self.blocks(block.blocks)}]"
            case TableBlock():
                return self.table(block)
            case FigureBlock():
                return self.figure(block)
            case PageBreak():
                return "#pagebreak(weak: true)"
            case Contents():
                return self.contents()

    def inline(self, spans: Spans, divide: bool = False) -> str:
        """An expression. What reads the same is equal to Typst wherever it stands, so that it is set once."""
        parts = []
        for span in spans:
            match span:
                case Words():
                    styled = literal(self.divided(span.text) if divide and "code" not in span.styles else span.text)
                    for style, function in _STYLES:
                        if style in span.styles:
                            styled = f"{function}({styled})"
                    parts.append(styled)
                case LineBreak():
                    parts.append("new-line")
                case InlineFormula():
                    parts.append(f"math.equation(alt: {literal(span.formula.plain)}, ${span.formula.typst}$)")
                case Reference():
                    parts.append(f"link(label({literal(span.label)}), {literal(span.name)})")
        return " + ".join(parts) or "[]"

    def divided(self, text: str) -> str:
        """The text with soft hyphens in its long words: Typst knows no Indonesian hyphenation."""
        dictionary = _dictionary(self.document.language)
        return " ".join(dictionary.inserted(word, "\xad") if len(word) >= _SHORTEST_DIVIDED and word.isalpha() else word for word in text.split(" "))

    def caption(self, block: TableBlock | FigureBlock) -> str:
        return f"bold({literal(block.name + '.')}) + {self.inline((Words(' '), *block.caption))}"

    def lines(self, notes: Iterable[Spans]) -> str:
        return "(" + "".join(f"{self.inline(note)}, " for note in notes) + ")"

    def table(self, table: TableBlock) -> str:
        measures = columns(table, self.margins.width(self.landscape))
        decimals = {at: decimal_column([row[at] for row in table.rows], self.document.language)
                    for at, align in enumerate(table.aligns) if align == "decimal"}
        together, counted = stays_together(table, measures), row_lines(table, measures)
        below = 0.0 if together or not table.notes else notes_height(table.notes, self.margins.width(self.landscape))
        rows, heights = [], ["auto"] * (2 if table.spanners else 1)
        for number, row in enumerate(table.rows):
            cells = []
            for at, cell in enumerate(row):
                text = self.inline(cell)
                if number in table.emphasised:
                    text = f"bold({text})"
                place = decimals[at].cells[number] if at in decimals else None
                if place:
                    text = f"decimal({decimals[at].width / 2:.3f}em, {(decimals[at].right - place.right) / 2:.3f}em, {text})"
                cells.append(text)
            lines, reserve = counted[number], below if number == len(table.rows) - 1 else 0.0
            heights.append(_row_height(lines, number in table.emphasised, reserve) if lines else "auto")
            if not (together or lines):     # one such cell keeps its whole row together; room is kept below the tallest
                cells = [f"row-whole(reserve: {reserve:.2f}cm, {cell})" if reserve or at == 0 else cell for at, cell in enumerate(cells)]
            rows.append(", ".join(cells))
        align = ", ".join({"decimal": "center"}.get(align, align) for align in table.aligns)
        room = "" if together else f"#room({opening_height(table, measures):.2f}cm)\n"
        widths = ", ".join(f"{width:.3f}cm" for width in measures.widths)
        body = "".join(f"\n    {row}," for row in rows)
        return (f"{room}#report-table(columns: ({widths},), align: ({align},), heights: ({', '.join(heights)},), size: {measures.size}pt,\n"
                f"  header: ({self.header(table)}),\n  rows: ({body}\n  ),\n"
                f"  lines: {self.lines(table.notes)}, reserve: {below:.2f}cm, breakable: {'false' if together else 'true'}, caption: {self.caption(table)}) <{table.label}>")

    def header(self, table: TableBlock) -> str:
        cells = []
        spanned = {at for spanner in table.spanners for at in range(spanner.first, spanner.last + 1)}

        def heading(at: int, rows: int) -> str:
            align = {"decimal": "center"}.get(table.aligns[at], table.aligns[at])
            return f"table.cell(x: {at}, y: {2 - rows if table.spanners else 0}, rowspan: {rows}, align: {align} + bottom, bold({self.inline(table.headers[at])}))"

        for spanner in table.spanners:
            cells.append(f"table.cell(x: {spanner.first}, y: 0, colspan: {spanner.last - spanner.first + 1}, align: center + bottom, "
                         f"spanner({self.inline(spanner.spans)}))")
        for at in range(len(table.headers)):
            cells.append(heading(at, 2 if table.spanners and at not in spanned else 1))
        top = "table.hline(stroke: thick-rule)"
        return f"table.header({', '.join([top, *cells, f'table.hline(y: {2 if table.spanners else 1}, stroke: rule)'])}),"

    def figure(self, figure: FigureBlock) -> str:
        scale = min(1.0, self.margins.width(self.landscape) / figure.width_cm, _TALLEST_CM / figure.height_cm)
        size = f"width: {figure.width_cm * scale:.3f}cm, alt: {literal(figure.alt)}"
        empty = self.drawings.add(figure.svg) if figure.svg else None
        if empty:
            self.images[f"{figure.label}.png"] = empty
            image = f"image({literal(f'/{figure.label}.png')}, height: {figure.height_cm * scale:.3f}cm, fit: \"stretch\", {size})"
        elif figure.svg:
            image = f"image(bytes({literal(figure.svg)}), format: \"svg\", {size})"
        else:
            name = f"{figure.label}.{'jpg' if figure.image.startswith(bytes([0xFF, 0xD8])) else 'png'}"
            self.images[name] = figure.image
            image = f"image({literal('/' + name)}, {size})"
        return f"#report-figure({image}, lines: {self.lines(figure.notes)}, caption: {self.caption(figure)}) <{figure.label}>"

    def contents(self) -> str:
        """Lists of headings, tables and figures with their pages."""
        listed: list[tuple[str, list[tuple[str, int, Spans]]]] = []
        headings = [block for block in self.document.blocks if isinstance(block, Heading)]
        listed.append(("render.contents", [(f"heading-{at}", block.level - 1, block.spans) for at, block in enumerate(headings, start=1) if block.level <= 2]))
        for kind, heading in ((TableBlock, "render.tables"), (FigureBlock, "render.figures")):
            listed.append((heading, [(block.label, 0, (Words(f"{block.name}. "), *block.caption)) for block in self.document.blocks if isinstance(block, kind)]))
        parts = []
        for key, entries in listed:
            if entries:
                lines = ", ".join(f"(<{target}>, {depth}, {self.inline(spans)})" for target, depth, spans in entries)
                parts.append(f"#block(above: 1.5em, below: 0.8em, sticky: true, strong(text(size: 14pt, {literal(self.catalogue.text(key))})))\n#entries({lines})")
        return "\n\n".join(parts)


def _row_height(lines: int, bold: bool, reserve: float) -> str:
    """What Typst would measure, which takes as long as setting the row; and centimetres kept free below it."""
    return f"{_ROW_GAPS + lines * _CAPITALS[bold] + (lines - 1) * _LEADING:.3f}em" + (f" + {reserve:.2f}cm" if reserve else "")


def literal(text: str) -> str:
    """A Typst string that holds exactly this text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{escaped}"'


@cache
def _preamble() -> str:
    return (resources.files("baksos_eval.render") / "report.typ").read_text(encoding="utf-8")


@cache
def _dictionary(language: str) -> Any:
    import pyphen

    return pyphen.Pyphen(lang=_HYPHENATION[language], left=3, right=3)
