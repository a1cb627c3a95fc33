"""The small pieces of a Word text: runs, fields, cells and bookmarks, as WordprocessingML."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from .layout import Columns
from .model import Document, FigureBlock, TableBlock
from .word_package import EMU_PER_CM, NAMESPACES, twips

DECLARE_WORD = f'xmlns:w="{NAMESPACES["w"]}"'


def run(text: str, styles: frozenset[str] = frozenset()) -> str:
    """A run of text; the properties in the schema's order."""
    if not text:
        return ""
    font = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>' if "code" in styles else ""
    weight = ("<w:b/><w:bCs/>" if "bold" in styles else "") + ("<w:i/><w:iCs/>" if "italic" in styles else "")
    level = "subscript" if "sub" in styles else "superscript" if "super" in styles else ""
    place = f'<w:vertAlign w:val="{level}"/>' if level else ""
    properties = f"<w:rPr>{font}{weight}{place}</w:rPr>" if font or weight or place else ""
    pieces = escape(text.replace(chr(9), " ")).split("\N{NON-BREAKING HYPHEN}")
    texts = [f'<w:t xml:space="preserve">{piece}</w:t>' if piece else "" for piece in pieces]
    return f"<w:r>{properties}{'<w:noBreakHyphen/>'.join(texts)}</w:r>"


def resized(runs: str, size: str) -> str:
    """The same runs in another size of type."""
    runs = re.sub("<w:r>(?=<w:(?:t|noBreakHyphen)[ />])", "<w:r><w:rPr></w:rPr>", runs)
    return re.sub(r"(<w:vertAlign [^>]*/>)?</w:rPr>", lambda match: size + (match[1] or "") + "</w:rPr>", runs)


def field(instruction: str, result: str, styles: frozenset[str] = frozenset()) -> str:
    """A Word field with the result that stands there until Word computes it again."""
    weight = "<w:rPr><w:b/><w:bCs/></w:rPr>" if "bold" in styles else ""

    def mark(kind: str) -> str:
        return f'<w:r>{weight}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f'<w:r>{weight}<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    return mark("begin") + code + mark("separate") + run(result, styles) + mark("end")


def picture_run(number: int, raster: str, vector: str, width_cm: float, height_cm: float, name: str, alt: str) -> str:
    """A run with an image in the line; ``number`` is its own in the document, ``raster`` its relationship."""
    width, height = round(width_cm * EMU_PER_CM), round(height_cm * EMU_PER_CM)
    name = quoteattr(name)
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name={name} descr={quoteattr(alt)}/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{NAMESPACES["pic"]}"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name={name}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{raster}">{vector}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>")


def row_of(cells: str, header: bool = False) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{cells}</w:tr>"


def cell_of(width: int, properties: str, paragraph: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{paragraph}</w:tc>'


def whole_twips(measures: Columns) -> list[int]:
    """Widths in whole twips that sum to the whole."""
    edges = [0]
    for width in measures.widths:
        edges.append(edges[-1] + twips(width))
    return [right - left for left, right in zip(edges, edges[1:], strict=False)]


def bookmark_names(document: Document) -> dict[str, str]:
    """A bookmark for each label: letters, digits and underscores, at most 40, no two alike."""
    names: dict[str, str] = {}
    for block in document.blocks:
        if isinstance(block, TableBlock | FigureBlock):
            name = block.label.replace("-", "_")
            if len(name) > 40 or name in names.values():
                name = f"{name[:32]}_{len(names) + 1}"
            names[block.label] = name
    return names
