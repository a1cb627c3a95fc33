"""Puts attachments into a lecturer's own Word report: its styles, pages and numbering are followed, and the original stays as it is."""

from __future__ import annotations

import copy
import difflib
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from baksos_eval.errors import BaksosError

from . import word_fields
from .layout import CELL_PADDING_CM, TABLE_SIZES
from .save import write_whole
from .word_package import EMU_PER_CM, TWIPS_PER_CM, WORD, q, same_every_time

LEVELS = (1, 2, 3)
_CONTENTS = ("contents heading", "toc ", "table of figures")
_DEEPEST = 6
_ANY_WIDTH = 1 << 30


def insert(report: Path, attachments: Sequence[Path], out: Path, *, at: str = "", level: int | None = None) -> Path:
    """The path of a new file: the report with the attachments at a bookmark or at its end.

    Styles that the report has by name are the report's, also captions and headings; pages, header and footer are the report's;
    tables and figures go on counting by its own captions, by chapter where it counts by chapter. Word computes all fields
    (contents, references) when the new file is opened.

    Args:
        report: the lecturer's .docx.
        attachments: our .docx files, in their order; each begins on a new page, its lists of contents are left out.
        out: the new file; it must not be there yet.
        at: the bookmark after whose paragraph they go; at the end without one.
        level: the heading level of an attachment's title, its own headings below it; without it 2 right under a chapter's heading, else 1.

    Raises:
        BaksosError: ``report_missing``, ``report_unreadable``, ``bookmark_unknown``, ``bookmark_in_table``, ``out_exists``, ``file_unwritable``.
    """
    out = Path(out)
    if out.exists():
        raise BaksosError("out_exists", file=out.name)
    return write_whole(out, to_bytes(Path(report), attachments, at=at, level=level))


def to_bytes(report: Path, attachments: Sequence[Path], *, at: str = "", level: int | None = None) -> bytes:
    """The new file itself; the same files give the same bytes."""
    target = _open(report)
    others = [_open(Path(path)) for path in attachments]
    body = target.element.body
    place = _after_bookmark(body, at) if at else _end(body)
    depth = level or _level_at(target, place)
    pages = _Pages(_pages_at(body, place))
    names = {start.get(q("w:name")) for start in body.iter(q("w:bookmarkStart"))}
    ids = max((int(start.get(q("w:id"))) for start in body.iter(q("w:bookmarkStart"), q("w:bookmarkEnd"))), default=-1) + 1
    composer = _composer(target)
    for other in others:
        _leave_contents_out(other)
        _lower_headings(other, depth)
        _begin_new_page(other.element.body)
        ids = _tell_bookmarks_apart(other.element.body, names, ids)
        word_fields.follow_captions(other.element.body, body)
        count = len(body)
        _mend_styles_before(target, other)
        composer.insert(place, other)
        added = len(body) - count
        pages.follow(body[place:place + added])
        place += added
    pages.go_on()
    word_fields.count_again(body)
    word_fields.ask_for_update(target.settings.element)
    return same_every_time(target)


def free_path(report: Path, word: str) -> Path:
    """A name beside the report that is not taken: ``laporan (lampiran).docx``, ``laporan (lampiran 2).docx``."""
    number, candidate = 2, report.with_name(f"{report.stem} ({word}){report.suffix}")
    while candidate.exists():
        candidate = report.with_name(f"{report.stem} ({word} {number}){report.suffix}")
        number += 1
    return candidate


def _open(path: Path) -> Any:
    import docx

    if not path.is_file():
        raise BaksosError("report_missing", file=path.name)
    try:
        opened = docx.Document(str(path))
        opened.element.body.get_or_add_sectPr()
        _ = opened.styles, opened.settings
    except Exception as fault:  # a broken zip, a broken XML, a missing part, a password: python-docx has no common error
        raise BaksosError("report_unreadable", file=path.name) from fault
    return opened


def _composer(target: Any) -> Any:
    """docxcompose's composer, but for what we settle ourselves: bookmarks stay paired, sections follow the report."""
    from docx.oxml.ns import nsmap

    core_properties = nsmap["cp"]
    from docxcompose.composer import Composer

    nsmap["cp"] = core_properties   # docxcompose gives python-docx's prefix to another namespace, and the next file would name its revision wrongly

    class Following(Composer):
        def renumber_bookmarks(self) -> None:
            pass

        def remove_header_and_footer_references(self, doc: Any, element: Any) -> None:
            pass

        def fix_section_types(self, doc: Any) -> None:
            pass

        def fix_header_and_footers(self, doc: Any) -> None:
            pass

    return Following(target)


# Where they go


def _end(body: Any) -> int:
    """The place before the properties of the last section."""
    return list(body).index(body.sectPr)


def _after_bookmark(body: Any, name: str) -> int:
    """The place after the paragraph in which the bookmark begins."""
    starts = {start.get(q("w:name")): start for start in body.iter(q("w:bookmarkStart"))}
    if name not in starts:
        known = tuple(sorted(known for known in starts if known and not known.startswith("_")))
        raise BaksosError("bookmark_unknown", bookmark=name, similar=tuple(difflib.get_close_matches(name, known, n=3)), known=known[:20])
    element = starts[name]
    while element.getparent() is not body:
        element = element.getparent()
        if element.tag == q("w:tbl"):
            raise BaksosError("bookmark_in_table", bookmark=name)
    return list(body).index(element) + 1


def _level_at(target: Any, place: int) -> int:
    """2 right under the heading of a chapter, such as LAMPIRAN; otherwise 1."""
    names = {style.style_id: style.name for style in target.styles}
    for element in reversed(list(target.element.body)[:place]):
        style = element.find(f"{q('w:pPr')}/{q('w:pStyle')}")
        if style is not None and names.get(style.get(q("w:val"))) == "Heading 1":
            return 2
        if element.tag != q("w:p") or any((text.text or "").strip() for text in element.iter(q("w:t"))):
            return 1
    return 1


# Pages


def _pages_at(body: Any, place: int) -> Any:
    """The properties of the section that a place lies in."""
    for element in list(body)[place:]:
        if element.tag == q("w:sectPr"):
            return element
        found = element.find(f"{q('w:pPr')}/{q('w:sectPr')}")
        if found is not None:
            return found
    raise AssertionError("the body ends with the properties of its last section")


class _Pages:
    """Makes the sections of attachments look like the section they are put into."""

    def __init__(self, pages: Any) -> None:
        self.pages = pages
        self.begun = False

    def follow(self, added: Sequence[Any]) -> None:
        """Replaces the section breaks that came with an attachment by breaks with the report's pages, turned where they are turned."""
        for old in [old for element in added for old in element.iter(q("w:sectPr"))]:
            new = copy.deepcopy(self.pages)
            size = old.find(q("w:pgSz"))
            _turn(new, size is not None and size.get(q("w:orient")) == "landscape")
            if self.begun:
                _go_on(new)
            self.begun = True
            old.getparent().replace(old, new)
        width = _text_width(self.pages)
        for element in reversed(added):   # a section's properties stand at its end
            section = next(element.iter(q("w:sectPr")), None)
            width = width if section is None else _text_width(section)
            _narrow(element, width)

    def go_on(self) -> None:
        """The rest of the report's own section begins on a new page and goes on counting."""
        if self.begun:
            _go_on(self.pages)


def _turn(properties: Any, landscape: bool) -> None:
    """Turns the pages of a section, the bound left edge to the top."""
    size, edges = properties.find(q("w:pgSz")), properties.find(q("w:pgMar"))
    if size is None or (size.get(q("w:orient")) == "landscape") == landscape:
        return
    width, height = size.get(q("w:w")), size.get(q("w:h"))
    size.set(q("w:w"), height)
    size.set(q("w:h"), width)
    if landscape:
        size.set(q("w:orient"), "landscape")
    else:
        del size.attrib[q("w:orient")]
    if edges is None:
        return
    sides = ("top", "right", "bottom", "left")
    old = {side: edges.get(q(f"w:{side}")) for side in sides}
    for side, source in zip(sides, ("left", "top", "right", "bottom") if landscape else ("right", "bottom", "left", "top"), strict=True):
        edges.set(q(f"w:{side}"), old[source])


def _text_width(properties: Any) -> int:
    """The width of the text on a section's pages, in twips."""
    size, edges = properties.find(q("w:pgSz")), properties.find(q("w:pgMar"))
    if size is None or edges is None:
        return _ANY_WIDTH
    return int(size.get(q("w:w"))) - abs(int(edges.get(q("w:left")))) - abs(int(edges.get(q("w:right"))))


def _narrow(element: Any, width: int) -> None:
    """Makes a table or picture that is wider than the report's text smaller as a whole, its type with it, so that no number is broken."""
    for extent in element.iter(q("wp:extent")):
        scale = width / TWIPS_PER_CM * EMU_PER_CM / int(extent.get("cx"))
        if scale < 1:
            for size in (extent, *extent.getparent().iter(q("a:ext"))):
                for side in ("cx", "cy") if size.get("cx") else ():
                    size.set(side, str(int(int(size.get(side)) * scale)))
    if element.tag != q("w:tbl"):
        return
    from docx.oxml import parse_xml
    from docx.shared import Pt

    columns = [int(column.get(q("w:w"))) for column in element.iter(q("w:gridCol"))]
    scale = width / sum(columns)
    if scale >= 1:
        return
    for measure in element.iter(q("w:gridCol"), q("w:tblW"), q("w:tcW")):
        measure.set(q("w:w"), str(int(int(measure.get(q("w:w"))) * scale)))
    for indent in element.iter(q("w:ind")):
        indent.set(q("w:right"), str(int(int(indent.get(q("w:right"))) * scale)))
    edges = "".join(f'<w:{side} w:w="{int(CELL_PADDING_CM * TWIPS_PER_CM * scale)}" w:type="dxa"/>' for side in ("left", "right"))
    element.tblPr.find(q("w:tblLayout")).addnext(parse_xml(f'<w:tblCellMar xmlns:w="{WORD}">{edges}</w:tblCellMar>'))
    for run in element.iter(q("w:r")):
        properties = run.get_or_add_rPr()
        points = properties.sz_val.pt if properties.sz_val else TABLE_SIZES[0]
        properties.sz_val = Pt(math.floor(points * scale * 2) / 2)


def _go_on(properties: Any) -> None:
    """The section follows another one: a new page, page numbers counted on, no first page of its own."""
    for name in ("w:titlePg", "w:type"):
        for found in properties.findall(q(name)):
            properties.remove(found)
    for numbers in properties.findall(q("w:pgNumType")):
        numbers.attrib.pop(q("w:start"), None)


# What an attachment brings along


def _style_names(document: Any) -> dict[str, str]:
    return {style.style_id: (style.name or "") for style in document.styles}


def _paragraphs(document: Any) -> Iterator[tuple[Any, Any, str]]:
    """The paragraphs of the body, each with its style element and the style's name."""
    names = _style_names(document)
    for paragraph in list(document.element.body.iter(q("w:p"))):
        style = paragraph.find(f"{q('w:pPr')}/{q('w:pStyle')}")
        if style is not None:
            yield paragraph, style, names.get(style.get(q("w:val")), "")


def _leave_contents_out(document: Any) -> None:
    """Takes out the lists of contents: in the report they would list the report's own."""
    for paragraph, _, name in list(_paragraphs(document)):
        if name.casefold().startswith(_CONTENTS):
            paragraph.getparent().remove(paragraph)


def _lower_headings(document: Any, level: int) -> None:
    """Makes the title a heading of ``level``, and the headings those below it."""
    ids = {name: style_id for style_id, name in _style_names(document).items()}
    for paragraph, style, name in _paragraphs(document):
        if name == "Title":
            depth = level
            for spacing in paragraph.pPr.findall(q("w:spacing")):
                paragraph.pPr.remove(spacing)
        elif name.startswith("Heading ") and name[8:].isdigit():
            depth = min(int(name[8:]) + level, _DEEPEST)
        else:
            continue
        wanted = ids.get(f"Heading {depth}")
        if wanted:
            style.set(q("w:val"), wanted)


def _begin_new_page(body: Any) -> None:
    """The first paragraph begins on a new page, unless a page break or a section break stands there already."""
    first = next((element for element in body if element.tag == q("w:p")), None)
    if first is not None and first is body[0]:
        first.get_or_add_pPr().get_or_add_pageBreakBefore().val = True


def _tell_bookmarks_apart(body: Any, taken: set[str], first_id: int) -> int:
    """Gives bookmarks names and numbers that the report does not have; answers the next free number. References follow."""
    renamed: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for mark in body.iter(q("w:bookmarkStart"), q("w:bookmarkEnd")):
        old = mark.get(q("w:id"))
        mark.set(q("w:id"), str(numbers.setdefault(old, first_id + len(numbers))))
        name = mark.get(q("w:name"))
        if name is None:
            continue
        candidate, number = name, 2
        while candidate in taken:
            tail = f"_{number}"
            candidate, number = f"{name[:40 - len(tail)]}{tail}", number + 1
        taken.add(candidate)
        renamed[name] = candidate
        mark.set(q("w:name"), candidate)
    for link in body.iter(q("w:hyperlink")):
        anchor = link.get(q("w:anchor"))
        if anchor in renamed:
            link.set(q("w:anchor"), renamed[anchor])
    for code in body.iter(q("w:instrText")):
        words = (code.text or "").split(" ")
        code.text = " ".join(renamed.get(word, word) if "REF" in words else word for word in words)
    return first_id + len(numbers)


def _mend_styles_before(target: Any, other: Any) -> None:
    """Links the attachment's styles to the report's by name: Word's Indonesian reports have ``heading 1`` under another id."""
    ours, theirs = _style_names(other), {name: style_id for style_id, name in _style_names(target).items()}
    used = set(ours)
    for style in other.styles.element.findall(q("w:style")):
        style.attrib.pop(q("w:default"), None)
        for link in style.iter(q("w:basedOn"), q("w:next"), q("w:link")):
            name = ours.get(link.get(q("w:val")), "")
            if name in theirs:
                link.set(q("w:val"), theirs[name])
            elif link.get(q("w:val")) not in used:
                link.getparent().remove(link)
    missing = {style.get(q("w:styleId")): style for style in other.styles.element.findall(q("w:style")) if ours.get(style.get(q("w:styleId"))) not in theirs}
    present = {style.get(q("w:styleId")) for style in target.styles.element.findall(q("w:style"))}
    wanted = {style.get(q("w:val")) for style in other.element.body.iter(q("w:pStyle"), q("w:rStyle"), q("w:tblStyle"))}
    queue = [missing[style_id] for style_id in sorted(wanted) if style_id in missing]
    while queue:  # a style is of no use without those it is based on
        style = queue.pop()
        for link in style.iter(q("w:basedOn"), q("w:next"), q("w:link")):
            needed = link.get(q("w:val"))
            if needed in missing and needed not in present:
                present.add(needed)
                target.styles.element.append(copy.deepcopy(missing[needed]))
                queue.append(missing[needed])
