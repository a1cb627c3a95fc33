"""Writes a report as a Word file with real tables, numbered captions that Word goes on counting, and live references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from baksos_eval.report import inline
from baksos_eval.report.text import words

from . import markdown
from .layout import (
    CELL_PADDING_CM,
    POINTS_PER_CM,
    DecimalColumn,
    columns,
    decimal_column,
    margins_named,
    sections,
    stays_together,
    text_width,
)
from .look import STANDARD, Look, read_logo
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
    text_of,
)
from .save import write_whole
from .word_package import Package, twips
from .word_text import (
    DECLARE_WORD,
    bookmark_names,
    cell_of,
    field,
    picture_run,
    resized,
    row_of,
    run,
    whole_twips,
)

_ASIDES = {"verdict": "Verdict", "note": "Reading Note", "limit": "Limitation", "quote": "Quote"}
_BOX_INDENT = 227  # of the styles of verdicts, notes and limits, in twips
_TALLEST_CM = 20.0
_COVER_CM = 5.0  # from the top of the text to the title of a title page
_SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


def write(document: Document, path: Path, look: Look = STANDARD) -> Path:
    """The path of the Word file.

    Args:
        document: the report.
        path: where to write it; an older file there is replaced whole or not at all.
        look: margins, spacing, letterhead; with a template, its styles, pages, header and footer are used.

    Raises:
        BaksosError: ``margins_unknown``, ``template_unreadable``, ``logo_unreadable``, ``file_in_use``, ``file_unwritable``.
    """
    return write_whole(Path(path), to_bytes(document, look))


def to_bytes(document: Document, look: Look = STANDARD) -> bytes:
    """The Word file itself; the same report gives the same bytes."""
    package = Package(document.language, margins_named(look.margins), look.template, look.spacing)
    return _Writer(document, package, look).file()


class _Writer:
    """Writes the body as WordprocessingML; element orders are those of the schema."""

    def __init__(self, document: Document, package: Package, look: Look) -> None:
        self.document = document
        self.look = look
        self.package = package
        self.catalogue = words(document.language)
        self.bookmarks = bookmark_names(document)
        self.bookmark_ids: dict[str, int] = {}
        self.headings: dict[int, str] = {}
        self.pictures = 0
        self.new_page = False
        self.landscape = False
        self.parts: list[str] = []

    def file(self) -> bytes:
        self.package.footer(self.footer())
        self.head()
        divided = sections(self.document)
        if divided and divided[0].landscape:
            self.end_section()
        for number, section in enumerate(divided):
            self.landscape = section.landscape
            for block in section.blocks:
                self.block(block)
            if number < len(divided) - 1:
                self.end_section()
        self.parts.append(self.package.section_properties(self.landscape))
        return self.package.finish("".join(self.parts), inline.plain(self.document.title.title))

    # The frame of the document

    def head(self) -> None:
        title = self.document.title
        self.letterhead()
        lower = f'<w:spacing w:before="{twips(_COVER_CM)}" w:after="120"/>' if self.document.cover else ""
        self.paragraph("Title", self.runs(markdown.spans(title.title)), spacing=lower)
        if title.subtitle:
            self.paragraph("Subtitle", self.runs(markdown.spans(title.subtitle)))
        if title.facts:
            self.facts(markdown.facts(title))

    def letterhead(self) -> None:
        """The campus's logo and lines above the title, with a rule under the last of them."""
        parts = []
        if self.look.logo:
            logo = read_logo(self.look.logo)
            parts.append(self.picture(self.package.image(logo.png), "", logo.width_cm, logo.height_cm, "Logo", self.catalogue.text("render.logo")))
        parts += [self.runs(markdown.spans(line)) for line in self.look.letterhead]
        for at, runs in enumerate(parts):
            last = at == len(parts) - 1
            rule = '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="6" w:color="auto"/></w:pBdr>' if last else ""
            self.paragraph("Letterhead", runs, border=rule, spacing='<w:spacing w:after="360"/>' if last else "")

    def facts(self, facts: Facts) -> None:
        edge = min(max(text_width(label) for label, _ in facts.pairs) * 12 / POINTS_PER_CM + 0.4, 6.0)
        layout = f'<w:tabs><w:tab w:val="left" w:pos="{twips(edge)}"/></w:tabs>'
        indent = f'<w:ind w:left="{twips(edge + 0.3)}" w:hanging="{twips(edge + 0.3)}"/>'
        tab = "<w:r><w:tab/></w:r>"
        for at, (label, value) in enumerate(facts.pairs):
            last = '<w:spacing w:after="240"/>' if at == len(facts.pairs) - 1 else ""
            self.paragraph("Report Facts", self.runs(label) + tab + self.runs((Words(": "), *value)), tabs=layout, spacing=last, indent=indent)

    def footer(self) -> str:
        pieces = re.split(r"(\{page\}|\{pages\})", self.catalogue.text("render.page"))
        fields = {"{page}": field("PAGE", "1"), "{pages}": field("NUMPAGES", "1")}
        place = f"{inline.plain(self.document.title.rt)} · " if self.document.title.rt else ""
        runs = run(place) + "".join(fields.get(piece) or run(piece) for piece in pieces)
        return f'<w:p {DECLARE_WORD}>{self.properties("footer")}{runs}</w:p>'

    def end_section(self) -> None:
        thin = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
        self.parts.append(f"<w:p><w:pPr>{thin}{self.package.section_properties(self.landscape)}</w:pPr></w:p>")
        self.new_page = False

    # Paragraphs and runs

    def properties(self, style: str, *, keep_next: bool = False, numbering: str = "", border: str = "", tabs: str = "", spacing: str = "", indent: str = "",
                   justify: str = "") -> str:
        before = "<w:pageBreakBefore/>" if self.new_page else ""
        self.new_page = False
        aligned = f'<w:jc w:val="{justify}"/>' if justify else ""
        return (f'<w:pPr><w:pStyle w:val="{self.package.style(style)}"/>{"<w:keepNext/>" if keep_next else ""}{before}'
                f"{numbering}{border}{tabs}{spacing}{indent}{aligned}</w:pPr>")

    def paragraph(self, style: str, runs: str, **properties: str | bool) -> None:
        self.parts.append(f"<w:p>{self.properties(style, **properties)}{runs}</w:p>")  # type: ignore[arg-type]

    def runs(self, spans: Spans, bold: bool = False) -> str:
        parts = []
        for span in spans:
            match span:
                case Words():
                    parts.append(run(span.text, span.styles | {"bold"} if bold else span.styles))
                case LineBreak():
                    parts.append("<w:r><w:br/></w:r>")
                case InlineFormula():
                    parts.append(span.formula.office)
                case Reference():
                    parts.append(field(f"REF {self.bookmarks[span.label]} \\h \\* MERGEFORMAT", span.name))
        return "".join(parts)

    def bookmarked(self, name: str, runs: str) -> str:
        number = self.bookmark_ids.setdefault(name, len(self.bookmark_ids) + 1)
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'

    # Blocks

    def block(self, block: Block, style: str = "Body Text") -> None:
        match block:
            case Heading():
                name = f"_Toc{len(self.headings) + 1:08d}"
                self.headings[len(self.headings)] = name
                self.paragraph(f"heading {min(block.level, 6)}", self.bookmarked(name, self.runs(block.spans)))
            case Paragraph():
                broken = LineBreak() in block.spans  # Word would stretch the lines before a break
                self.paragraph(style, self.runs(block.spans), justify="left" if broken and style == "Body Text" else "")
            case Facts():
                self.facts(block)
            case Listing():
                self.listing(block, style)
            case Equation():
                self.paragraph("Formula", f"<m:oMathPara>{block.formula.office}</m:oMathPara>")
            case Verbatim():
                lines = "<w:r><w:br/></w:r>".join(run(line) for line in block.text.split("\n"))
                self.paragraph("Verbatim", lines)
            case Aside():
                for part in block.blocks:
                    self.block(part, _ASIDES[block.role])
            case TableBlock():
                self.table(block)
            case FigureBlock():
                self.figure(block)
            case PageBreak():
                self.new_page = True
            case Contents():
                self.contents()

    def listing(self, listing: Listing, style: str, level: int = 0) -> None:
        depth = min(level, 2)
        number = self.package.list_number(listing.ordered, listing.start)
        base = 0 if style == "Body Text" else _BOX_INDENT
        item_style = "List Paragraph" if style == "Body Text" else style
        left = base + 360 * (level + 1)
        for item in listing.items:
            numbering = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
            hanging = f'<w:ind w:left="{left}" w:hanging="360"/>'
            for part in item or (Paragraph(()),):
                if isinstance(part, Paragraph):
                    self.paragraph(item_style, self.runs(part.spans), numbering=numbering, indent=hanging)
                    numbering, hanging = "", f'<w:ind w:left="{left}"/>'
                elif isinstance(part, Listing):
                    self.listing(part, style, level + 1)
                else:
                    self.block(part, item_style)

    def contents(self) -> None:
        """Lists that Word fills with page numbers when the file is opened; the entries stand there already."""
        title = self.catalogue.text
        entries = [(min(block.level, 2), f"_Toc{at:08d}", text_of(block.spans)) for at, block in enumerate(
            (block for block in self.document.blocks if isinstance(block, Heading)), start=1) if block.level <= 2]
        self.list_of(title("render.contents"), 'TOC \\o "1-2" \\h \\z', [(f"toc {level}", mark, text) for level, mark, text in entries])
        for kind, heading in ((TableBlock, "render.tables"), (FigureBlock, "render.figures")):
            named = [(self.bookmarks[block.label], f"{block.name}. {text_of(block.caption)}") for block in self.document.blocks if isinstance(block, kind)]
            if named:
                word = title("render.table" if kind is TableBlock else "render.figure")
                self.list_of(title(heading), f'TOC \\h \\z \\c "{word}"', [("table of figures", mark, text) for mark, text in named])

    def list_of(self, heading: str, instruction: str, entries: Sequence[tuple[str, str, str]]) -> None:
        self.paragraph("Contents Heading", run(heading))
        start = ('<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
                 f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>')
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for at, (style, mark, text) in enumerate(entries):
            link = f'<w:hyperlink w:anchor="{mark}" w:history="1">{run(text)}</w:hyperlink>'
            self.paragraph(style, (start if at == 0 else "") + link + (end if at == len(entries) - 1 else ""))

    # Tables and figures

    def caption(self, block: TableBlock | FigureBlock, *, keep_next: bool, justify: str = "") -> None:
        word = self.catalogue.text("render.table" if isinstance(block, TableBlock) else "render.figure")
        bold = frozenset({"bold"})
        name = run(f"{word}\N{NO-BREAK SPACE}", bold) + field(f"SEQ {word} \\* ARABIC", str(block.number), bold)
        runs = self.bookmarked(self.bookmarks[block.label], name) + run(". ", bold) + self.runs(block.caption)
        spacing = '<w:spacing w:before="80" w:after="40"/>' if isinstance(block, FigureBlock) else ""
        self.paragraph("caption", runs, keep_next=keep_next, spacing=spacing, justify=justify)

    def notes(self, notes: Sequence[Spans], justify: str = "") -> None:
        for at, note in enumerate(notes):
            last = at == len(notes) - 1
            self.paragraph("Table Note", self.runs(note), keep_next=not last, spacing='<w:spacing w:after="200"/>' if last else "", justify=justify)

    def table(self, table: TableBlock) -> None:
        self.caption(table, keep_next=True)
        measures = columns(table, self.package.text_width(self.landscape))
        widths = whole_twips(measures)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        properties = (
            f'<w:tblPr><w:tblStyle w:val="{self.package.style("Report Table")}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(f'{table.name}. {text_of(table.caption)}')}/><w:tblDescription w:val={quoteattr(table.alt)}/></w:tblPr>")
        decimals = {at: decimal_column([row[at] for row in table.rows], self.document.language)
                    for at, align in enumerate(table.aligns) if align == "decimal"}
        together = stays_together(table, measures)
        rows = [
            row_of("".join(self.cell(table, at, cell, number, widths[at], measures.size, decimals.get(at),
                                   keep_next=number < 1 or (together or number >= len(table.rows) - 2) and (number < len(table.rows) - 1 or bool(table.notes)))
                         for at, cell in enumerate(row)))
            for number, row in enumerate(table.rows)]
        self.parts.append(f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{self.header(table, widths, measures.size)}{''.join(rows)}</w:tbl>")
        self.notes(table.notes)
        if not table.notes:
            self.paragraph("Table Note", "")

    def header(self, table: TableBlock, widths: Sequence[int], size: float) -> str:
        """The rows that Word repeats on every page: spanning headings, and under them the columns' own."""
        line = '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tcBorders>'
        spanned = {at: spanner for spanner in table.spanners for at in range(spanner.first, spanner.last + 1)}
        rows = []
        if table.spanners:
            cells, at = [], 0
            while at < len(widths):
                spanner = spanned.get(at)
                if spanner:
                    count = spanner.last - spanner.first + 1
                    inside = (f'<w:gridSpan w:val="{count}"/>' if count > 1 else "") + '<w:vAlign w:val="bottom"/>'
                    content = self.cell_paragraph(spanner.spans, "center", size, bold=True, keep_next=True, ruled=True)
                    cells.append(cell_of(sum(widths[at:at + count]), inside, content))
                    at += count
                else:
                    inside = '<w:vMerge w:val="restart"/><w:vAlign w:val="bottom"/>'
                    cells.append(cell_of(widths[at], inside, self.heading_paragraph(table, at, size)))
                    at += 1
            rows.append(row_of("".join(cells), header=True))
        cells = []
        for at, width in enumerate(widths):
            merged = "<w:vMerge/>" if table.spanners and at not in spanned else ""
            content = self.cell_paragraph((), "left", size, keep_next=True) if merged else self.heading_paragraph(table, at, size)
            cells.append(cell_of(width, f'{merged}{line}<w:vAlign w:val="bottom"/>', content))
        rows.append(row_of("".join(cells), header=True))
        return "".join(rows)

    def heading_paragraph(self, table: TableBlock, at: int, size: float) -> str:
        align = {"decimal": "center"}.get(table.aligns[at], table.aligns[at])
        return self.cell_paragraph(table.headers[at], align, size, bold=True, keep_next=True)

    def cell(self, table: TableBlock, at: int, spans: Spans, number: int, width: int, size: float, decimals: DecimalColumn | None, *, keep_next: bool) -> str:
        align, indent = str(table.aligns[at]), 0
        if decimals:
            place = decimals.cells[number]
            if place is None:
                align = "center"
            else:
                digit = size * 20 / 2
                free = width - 2 * twips(CELL_PADDING_CM) - decimals.width * digit
                align, indent = "right", max(0, round(max(0.0, free) / 2 + (decimals.right - place.right) * digit))
        bold = number in table.emphasised
        return cell_of(width, "", self.cell_paragraph(spans, align, size, bold=bold, indent=indent, keep_next=keep_next))

    def cell_paragraph(self, spans: Spans, align: str, size: float, *, bold: bool = False, indent: int = 0, keep_next: bool = False,
                       ruled: bool = False) -> str:
        shift = f'<w:ind w:right="{indent}"/>' if indent else ""
        rule = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="2" w:color="auto"/></w:pBdr>' if ruled else ""
        properties = self.properties("Table Text", keep_next=keep_next, border=rule, indent=shift, justify="" if align == "left" else align)
        runs = self.runs(spans, bold)
        if size != 10:
            half_points = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
            runs = resized(runs, half_points)
        return f"<w:p>{properties}{runs}</w:p>"

    def figure(self, figure: FigureBlock) -> None:
        scale = min(1.0, self.package.text_width(self.landscape) / figure.width_cm, _TALLEST_CM / figure.height_cm)
        raster = self.package.image(figure.image)
        vector = ""
        if figure.svg:
            relation = self.package.drawing(figure.svg, self.pictures + 1)
            vector = f'<a:extLst><a:ext uri="{_SVG_EXTENSION}"><asvg:svgBlip r:embed="{relation}"/></a:ext></a:extLst>'
        drawing = self.picture(raster, vector, figure.width_cm * scale, figure.height_cm * scale, figure.name, figure.alt)
        self.paragraph("Figure", drawing, keep_next=True)
        self.caption(figure, keep_next=bool(figure.notes), justify="center")
        self.notes(figure.notes, justify="center")

    def picture(self, raster: str, vector: str, width_cm: float, height_cm: float, name: str, alt: str) -> str:
        """A run with an image in the line."""
        self.pictures += 1
        return picture_run(self.pictures, raster, vector, width_cm, height_cm, name, alt)
