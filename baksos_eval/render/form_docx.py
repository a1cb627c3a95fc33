"""Writes a questionnaire to print as a Word file that a lecturer can go on editing."""

from __future__ import annotations

from pathlib import Path

from baksos_eval.report.questionnaire import Battery, Block, Boxes, Form, Line, Note, Points, Section, Tick
from baksos_eval.report.text import words

from .layout import Margins
from .look import read_logo
from .save import write_whole
from .word_package import Package, twips
from .word_text import DECLARE_WORD, cell_of, field, picture_run, resized, row_of, run

MARGINS = Margins(top=1.5, right=1.8, bottom=1.5, left=1.8)
BOX = "\N{BALLOT BOX}"

_TEXT, _SMALL, _HEAD, _TICK = 21, 16, 17, 26  # half points
_CODE_CM, _BOX_CM, _GAP_CM = 1.35, 0.72, 2.6
_FEWEST_CM, _MOST_CM, _HALF_CM = 1.15, 1.45, 6.5  # of the columns for choices
_BOLD = frozenset({"bold"})
_GRID = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="666666"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
_FRAME = "".join(f'<w:{side} w:val="single" w:sz="8" w:space="0" w:color="000000"/>' for side in ("top", "left", "bottom", "right"))


def write(form: Form, path: Path) -> Path:
    """The path of the Word file.

    Raises:
        BaksosError: ``look_file_missing``, ``logo_unreadable``, ``file_in_use``, ``file_unwritable``.
    """
    return write_whole(Path(path), to_bytes(form))


def to_bytes(form: Form) -> bytes:
    """The Word file itself; the same form gives the same bytes."""
    package = Package(form.language, MARGINS, None, 1.0)
    return _Writer(form, package).file()


def choice_width(count: int) -> float:
    """Centimetres of one column to tick, so that the statements keep room beside ``count`` of them."""
    return max(_FEWEST_CM, min(_MOST_CM, _HALF_CM / count))


class _Writer:
    """Writes the body as WordprocessingML; element orders are those of the schema."""

    def __init__(self, form: Form, package: Package) -> None:
        self.form = form
        self.package = package
        self.parts: list[str] = []

    def file(self) -> bytes:
        self.package.footer(self.footer())
        heads = [self.runs(line) for line in self.form.letterhead]
        if self.form.logo:
            logo = read_logo(self.form.logo)
            alt = words(self.form.language).text("render.logo")
            heads.insert(0, picture_run(1, self.package.image(logo.png), "", logo.width_cm, logo.height_cm, "Logo", alt))
        for at, runs in enumerate(heads):
            last = at == len(heads) - 1
            rule = '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="6" w:color="auto"/></w:pBdr>' if last else ""
            self.paragraph("Letterhead", runs, border=rule, after=160 if last else 0)
        self.paragraph("Title", run(f"{self.form.title} {self.form.wave}"), before=0, after=40)
        self.paragraph("Subtitle", run(self.form.subtitle), after=120)
        for block in self.form.blocks:
            self.block(block)
        self.parts.append(self.package.section_properties(False))
        return self.package.finish("".join(self.parts), f"{self.form.title} {self.form.wave}")

    def footer(self) -> str:
        first, middle, last = words(self.form.language).text("form.page", page="\x01", pages="\x01").split("\x01")
        numbers = run(f"{self.form.mark} · {first}") + field("PAGE", "1") + run(middle) + field("NUMPAGES", "1") + run(last)
        return f'<w:p {DECLARE_WORD}><w:pPr><w:pStyle w:val="{self.package.style("footer")}"/></w:pPr>{numbers}</w:p>'

    def block(self, block: Block) -> None:
        match block:
            case Section():
                self.paragraph("heading 2", resized(run(block.text), _size(24)), before=120, after=40)
            case Note():
                self.paragraph("Normal", self.runs(block.text, block.strong), keep_next=block.strong, after=80)
            case Points():
                number = self.package.list_number(False, 1)
                for line in block.lines:
                    self.paragraph("Normal", self.runs(line), numbering=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>', after=20,
                                   indent='<w:ind w:left="360" w:hanging="240"/>')
            case Tick():
                choices = "".join(run(" " * 4) + _ticked(choice) for choice in block.choices)
                self.paragraph("Normal", self.runs(block.label, True) + choices, before=60, after=80)
            case Line():
                edge = twips(self.package.text_width(False))
                tabs = f'<w:tabs><w:tab w:val="left" w:leader="dot" w:pos="{edge}"/></w:tabs>'
                self.paragraph("Normal", self.runs(f"{block.label}: ", True) + "<w:r><w:tab/></w:r>", tabs=tabs, before=60, after=80)
            case Boxes():
                self.boxes(block)
            case Battery():
                self.battery(block)

    def paragraph(self, style: str, runs: str, *, keep_next: bool = False, numbering: str = "", border: str = "", tabs: str = "", indent: str = "",
                  before: int = 0, after: int = 0) -> None:
        kept = "<w:keepNext/>" if keep_next else ""
        spacing = f'<w:spacing w:before="{before}" w:after="{after}"/>'
        self.parts.append(f'<w:p><w:pPr><w:pStyle w:val="{self.package.style(style)}"/>{kept}{numbering}{border}{tabs}{spacing}{indent}</w:pPr>{runs}</w:p>')

    def thin(self) -> None:
        """The paragraph that Word wants after a table, hardly seen."""
        self.parts.append('<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>')

    def runs(self, text: str, strong: bool = False) -> str:
        return resized(run(text, _BOLD if strong else frozenset()), _size(_TEXT))

    def cell(self, width: int, runs: str, *, properties: str = "", justify: str = "left", keep_next: bool = False) -> str:
        kept = "<w:keepNext/>" if keep_next else ""
        layout = f'<w:pPr><w:pStyle w:val="{self.package.style("Normal")}"/>{kept}<w:spacing w:before="0" w:after="0"/><w:jc w:val="{justify}"/></w:pPr>'
        return cell_of(width, properties + '<w:vAlign w:val="center"/>', f"<w:p>{layout}{runs}</w:p>")

    def boxes(self, boxes: Boxes) -> None:
        """A row of framed cells, and under each group what belongs into it; the gaps between groups have no frame."""
        self.paragraph("Normal", self.runs(boxes.label, True), keep_next=True, before=60, after=60)
        box, gap = twips(_BOX_CM), twips(_GAP_CM)
        frame = f"<w:tcBorders>{_FRAME}</w:tcBorders>"
        upper, lower, grid = "", "", []
        for group in boxes.groups:
            upper += "".join(self.cell(box, "", properties=frame, keep_next=True) for _ in range(group.count)) + self.cell(gap, "", keep_next=True)
            lower += self.cell(box * group.count + gap, resized(run(group.caption), _size(_SMALL)), properties=f'<w:gridSpan w:val="{group.count + 1}"/>')
            grid += [box] * group.count + [gap]
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
        high = f'<w:trPr><w:cantSplit/><w:trHeight w:val="{twips(0.85)}" w:hRule="exact"/></w:trPr>'
        margins = '<w:tblCellMar><w:left w:w="20" w:type="dxa"/><w:right w:w="20" w:type="dxa"/></w:tblCellMar>'
        properties = f'<w:tblPr><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>{margins}</w:tblPr>'
        self.parts.append(f"<w:tbl>{properties}<w:tblGrid>{columns}</w:tblGrid><w:tr>{high}{upper}</w:tr>{row_of(lower)}</w:tbl>")
        self.thin()

    def battery(self, battery: Battery) -> None:
        choice = twips(choice_width(len(battery.choices)))
        code = twips(_CODE_CM)
        statement = twips(self.package.text_width(False)) - code - choice * len(battery.choices)
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="E8EEF4"/>'
        head = "".join(self.cell(width, resized(run(text, _BOLD), _size(_HEAD)), properties=shade, justify=justify, keep_next=True)
                       for width, text, justify in [(code, battery.headers[0], "left"), (statement, battery.headers[1], "left"),
                                                    *((choice, label, "center") for label in battery.choices)])
        rows = [row_of(self.cell(code, resized(run(number), _size(_HEAD))) + self.cell(statement, self.runs(text))
                       + self.cell(choice, _box(_TICK), justify="center") * len(battery.choices)) for number, text in battery.rows]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (code, statement, *[choice] * len(battery.choices)))
        margins = ('<w:tblCellMar><w:top w:w="25" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="25" w:type="dxa"/>'
                   '<w:right w:w="60" w:type="dxa"/></w:tblCellMar>')
        properties = (f'<w:tblPr><w:tblW w:w="{code + statement + choice * len(battery.choices)}" w:type="dxa"/><w:tblBorders>{_GRID}</w:tblBorders>'
                      f'<w:tblLayout w:type="fixed"/>{margins}<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
                      'w:noHBand="1" w:noVBand="1"/></w:tblPr>')
        self.parts.append(f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{row_of(head, header=True)}{''.join(rows)}</w:tbl>")
        self.thin()


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _box(size: int) -> str:
    font = '<w:rFonts w:ascii="Segoe UI Symbol" w:hAnsi="Segoe UI Symbol" w:eastAsia="Segoe UI Symbol" w:cs="Segoe UI Symbol"/>'
    return f"<w:r><w:rPr>{font}{_size(size)}</w:rPr><w:t>{BOX}</w:t></w:r>"


def _ticked(choice: str) -> str:
    """A box and its choice, which stay on one line."""
    return _box(_TEXT) + resized(run("\N{NO-BREAK SPACE}" + choice.replace(" ", "\N{NO-BREAK SPACE}")), _size(_TEXT))
