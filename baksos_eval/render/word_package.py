"""The Word file around the text: styles, numbering of lists, pages, properties, and the same bytes every time."""

from __future__ import annotations

import copy
import io
import zipfile
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from baksos_eval.errors import BaksosError

from .layout import A4_CM, Margins

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = {
    "w": WORD,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
}
DECLARATIONS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
LANGUAGE_TAGS = {"id": "id-ID", "en": "en-GB"}
TWIPS_PER_CM = 1440 / 2.54
EMU_PER_CM = 360_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BULLETS = ("•", "–", "·")
_FONTS = (("Times New Roman", "roman", "variable"), ("Courier New", "modern", "fixed"), ("Cambria Math", "roman", "variable"))


def q(name: str) -> str:
    """``w:p`` as lxml names it."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def twips(centimetres: float) -> int:
    """Twentieths of a point."""
    return round(centimetres * TWIPS_PER_CM)


class Package:
    """An empty Word document with every style, ready to take a body; a campus template keeps its own look and pages."""

    def __init__(self, language: str, margins: Margins, template: Path | None, spacing: float | None = None) -> None:
        self.language = LANGUAGE_TAGS[language]
        self.own_template = template is not None
        self.document = _start_file() if template is None else open_template(template)
        self.part = self.document.part
        ours = _styles(self.language)
        if template is None:
            self._make_bare(ours)
            self._page(margins)
        else:
            self._add_missing_styles(ours)
        self._space_lines(spacing)
        self._empty_body()
        self._style_ids = {_style_name(style): style.get(q("w:styleId")) for style in self.styles.findall(q("w:style"))}
        self._numbering = self._numbering_element()
        self._bullets, self._ordered = self._list_kinds()

    @property
    def styles(self) -> Any:
        return self.document.styles.element

    def style(self, name: str) -> str:
        """The id of a style in this document: Word's Indonesian templates have ``heading 1`` under another id."""
        return self._style_ids[name.casefold()]

    def section_properties(self, landscape: bool) -> str:
        """The XML of a section's pages."""
        from lxml import etree

        properties = copy.deepcopy(self.document.element.body.sectPr)
        if landscape:
            size, edges = properties.find(q("w:pgSz")), properties.find(q("w:pgMar"))
            width, height = size.get(q("w:w")), size.get(q("w:h"))
            size.set(q("w:w"), height)
            size.set(q("w:h"), width)
            size.set(q("w:orient"), "landscape")
            old = {side: edges.get(q(f"w:{side}")) for side in ("top", "right", "bottom", "left")}
            for side, source in zip(("top", "right", "bottom", "left"), ("left", "top", "right", "bottom"), strict=True):
                edges.set(q(f"w:{side}"), old[source])
        return etree.tostring(properties, encoding="unicode")

    def text_width(self, landscape: bool) -> float:
        """Width of the text in centimetres, as the pages of this document have it."""
        properties = self.document.element.body.sectPr
        size, edges = properties.find(q("w:pgSz")), properties.find(q("w:pgMar"))
        across, first, second = ("w:h", "w:top", "w:bottom") if landscape else ("w:w", "w:left", "w:right")
        return (int(size.get(q(across))) - abs(int(edges.get(q(first)))) - abs(int(edges.get(q(second))))) / TWIPS_PER_CM

    def list_number(self, ordered: bool, start: int) -> int:
        """The number of a list: one for all bullets, a new one for each counted list so that it begins at ``start``."""
        from docx.oxml import parse_xml

        if not ordered:
            return self._bullets
        number = max((int(entry.get(q("w:numId"))) for entry in self._numbering.findall(q("w:num"))), default=0) + 1
        restarts = "".join(f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start if level == 0 else 1}"/></w:lvlOverride>' for level in range(3))
        self._numbering.append(parse_xml(
            f'<w:num xmlns:w="{WORD}" w:numId="{number}"><w:abstractNumId w:val="{self._ordered}"/>{restarts}</w:num>'))
        return number

    def image(self, data: bytes) -> str:
        """The relationship id of a raster image."""
        return self.part.get_or_add_image(io.BytesIO(data))[0]

    def drawing(self, svg: str, number: int) -> str:
        """The relationship id of a vector drawing."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        part = Part(PackURI(f"/word/media/figure-{number}.svg"), "image/svg+xml", svg.encode("utf-8"), self.part.package)
        return self.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)

    def footer(self, paragraph: str) -> None:
        """Gives every page ``paragraph`` as its footer, unless a template has its own headers or footers."""
        from docx.oxml import parse_xml

        properties = self.document.element.body.sectPr
        if properties.findall(q("w:footerReference")) or properties.findall(q("w:headerReference")):
            return
        footer = self.document.sections[0].footer
        footer.is_linked_to_previous = False
        element = footer._element
        for child in list(element):
            element.remove(child)
        element.append(parse_xml(paragraph))

    def finish(self, body: str, title: str) -> bytes:
        """The file with ``body`` in it; the same body gives the same bytes."""
        from docx.oxml import parse_xml

        last = self.document.element.body.sectPr
        parsed = parse_xml(f"<w:body {DECLARATIONS}>{body}</w:body>")
        for child in list(parsed):
            if child.tag == q("w:sectPr"):
                last.getparent().replace(last, child)
                last = child
            else:
                last.addprevious(child)
        self._describe(title)
        return same_every_time(self.document)

    def _describe(self, title: str) -> None:
        properties = self.document.core_properties
        properties.title, properties.language = title[:255], self.language
        properties.author = properties.last_modified_by = properties.comments = properties.keywords = properties.subject = properties.category = ""
        properties.revision = 1
        element = properties._element
        for child in list(element):
            if child.tag.rsplit("}", 1)[1] in {"created", "modified", "lastPrinted"} or not child.text:
                element.remove(child)

    def _make_bare(self, ours: Any) -> None:
        """Takes everything out of python-docx's own start file but the text's frame: its styles, thumbnail, author's fonts."""
        from docx.oxml import parse_xml

        _replace_children(self.styles, ours)
        settings = parse_xml(
            f'<w:settings {DECLARATIONS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
            '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
            '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
            f'<w:themeFontLang w:val="{self.language}"/><w:decimalSymbol w:val="{"," if self.language == "id-ID" else "."}"/>'
            f'<w:listSeparator w:val="{";" if self.language == "id-ID" else ","}"/></w:settings>')
        _replace_children(self.document.settings.element, settings)
        for holder in (self.part.package, self.part):
            for key, relation in list(holder.rels.items()):
                if relation.reltype.rsplit("/", 1)[1] in {"thumbnail", "customXml", "stylesWithEffects", "webSettings", "fontTable", "extended-properties"}:
                    del holder.rels[key]
        self._name_fonts()

    def _name_fonts(self) -> None:
        """Adds the table of the fonts that our styles name, with what to take where they are missing."""
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        fonts = "".join(f'<w:font w:name="{name}"><w:charset w:val="00"/><w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>' for name, family, pitch in _FONTS)
        table = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{WORD}">{fonts}</w:fonts>'
        part = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, table.encode(), self.part.package)
        self.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)

    def _page(self, margins: Margins) -> None:
        from docx.oxml import parse_xml

        old = self.document.element.body.sectPr
        edges = " ".join(f'w:{side}="{twips(getattr(margins, side))}"' for side in ("top", "right", "bottom", "left"))
        old.getparent().replace(old, parse_xml(
            f'<w:sectPr xmlns:w="{WORD}"><w:pgSz w:w="{twips(A4_CM[0])}" w:h="{twips(A4_CM[1])}"/>'
            f'<w:pgMar {edges} w:header="709" w:footer="709" w:gutter="0"/><w:cols w:space="708"/></w:sectPr>'))

    def _space_lines(self, spacing: float | None) -> None:
        """Sets the distance of lines of the style that running text is based on."""
        if spacing is None:
            return
        normal = next((style for style in self.styles.findall(q("w:style")) if _style_name(style) == "normal"), None)
        if normal is None:
            return
        lines = normal.get_or_add_pPr().get_or_add_spacing()
        lines.set(q("w:line"), str(round(240 * spacing)))
        lines.set(q("w:lineRule"), "auto")

    def _add_missing_styles(self, ours: Any) -> None:
        """Adds those of our styles whose names the template lacks, linked to the template's own where it has them."""
        ids = {_style_name(style): style.get(q("w:styleId")) for style in self.styles.findall(q("w:style"))}
        missing = [style for style in ours.findall(q("w:style")) if _style_name(style) not in ids]
        names = {style.get(q("w:styleId")): _style_name(style) for style in ours.findall(q("w:style"))}
        taken = set(ids.values())
        for style in missing:
            wanted = style.get(q("w:styleId"))
            ids[_style_name(style)] = f"{wanted}Report" if wanted in taken else wanted
        for style in missing:
            style.set(q("w:styleId"), ids[_style_name(style)])
            for link in style.iter(q("w:basedOn"), q("w:next")):
                link.set(q("w:val"), ids[names[link.get(q("w:val"))]])
            style.attrib.pop(q("w:default"), None)
            self.styles.append(style)
        for run in self.styles.iter(q("w:rPrDefault")):
            for language in run.iter(q("w:lang")):
                language.set(q("w:val"), self.language)

    def _empty_body(self) -> None:
        body = self.document.element.body
        for child in list(body):
            if child.tag != q("w:sectPr"):
                body.remove(child)

    def _numbering_element(self) -> Any:
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.oxml import parse_xml
        from docx.parts.numbering import NumberingPart

        try:
            element = self.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
        except KeyError:
            element = parse_xml(f'<w:numbering xmlns:w="{WORD}"/>')
            part = NumberingPart(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, element, self.part.package)
            self.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
        if not self.own_template:
            for child in list(element):
                element.remove(child)
        return element

    def _list_kinds(self) -> tuple[int, int]:
        """Adds our two kinds of lists; answers the number of the bullets and the kind of counted lists."""
        from docx.oxml import parse_xml

        element = self._numbering
        kinds = [int(entry.get(q("w:abstractNumId"))) for entry in element.findall(q("w:abstractNum"))]
        bullets = max(kinds, default=0) + 1
        first_number = next(iter(element.findall(q("w:num"))), None)
        for kind, ordered in ((bullets, False), (bullets + 1, True)):
            levels = "".join(
                f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{"decimal" if ordered else "bullet"}"/>'
                f'<w:lvlText w:val="{f"%{level + 1}." if ordered else _BULLETS[level]}"/><w:lvlJc w:val="left"/>'
                f'<w:pPr><w:ind w:left="{360 * (level + 1)}" w:hanging="360"/></w:pPr></w:lvl>' for level in range(3))
            definition = parse_xml(f'<w:abstractNum xmlns:w="{WORD}" w:abstractNumId="{kind}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>')
            if first_number is not None:
                first_number.addprevious(definition)
            else:
                element.append(definition)
        number = max((int(entry.get(q("w:numId"))) for entry in element.findall(q("w:num"))), default=0) + 1
        element.append(parse_xml(f'<w:num xmlns:w="{WORD}" w:numId="{number}"><w:abstractNumId w:val="{bullets}"/></w:num>'))
        return number, bullets + 1


def _start_file() -> Any:
    """python-docx's own start file."""
    import docx

    return docx.Document()


def open_template(template: Path) -> Any:
    """A campus's own .docx.

    Raises:
        BaksosError: ``template_unreadable``.
    """
    import docx

    try:
        document = docx.Document(str(template))
        complete = document.element.body.sectPr is not None and document.element.body.sectPr.find(q("w:pgSz")) is not None
    except Exception as fault:  # a broken zip, a broken XML, a missing part: python-docx has no common error
        raise BaksosError("template_unreadable", file=Path(template).name) from fault
    if not complete:
        raise BaksosError("template_unreadable", file=Path(template).name)
    return document


@cache
def _styles_source() -> bytes:
    return (resources.files("baksos_eval.render") / "word_styles.xml").read_bytes()


def _styles(language: str) -> Any:
    from docx.oxml import parse_xml

    styles = parse_xml(_styles_source())
    for tag in styles.iter(q("w:lang")):
        tag.set(q("w:val"), language)
        tag.set(q("w:eastAsia"), language)
    return styles


def _style_name(style: Any) -> str:
    return style.find(q("w:name")).get(q("w:val")).casefold()


def _replace_children(element: Any, other: Any) -> None:
    for child in list(element):
        element.remove(child)
    for child in list(other):
        element.append(child)


def same_every_time(document: Any) -> bytes:
    """The Word file of a document of python-docx, without the moment it was written; each part is compressed once, pictures not again."""
    from docx.opc.oxml import CT_Types, serialize_part_xml
    from docx.opc.spec import default_content_types

    package = document.part.package
    parts = package.parts
    for part in parts:
        part.before_marshal()
    usual = {extension: kind for extension, kind in default_content_types if extension in {"rels", "xml"}}
    usual |= {part.partname.ext: part.content_type for part in parts if (part.partname.ext.lower(), part.content_type) in default_content_types}
    kinds = CT_Types.new()
    for extension in sorted(usual):
        kinds.add_default(extension, usual[extension])
    for part in sorted(parts, key=lambda part: part.partname):
        if usual.get(part.partname.ext) != part.content_type:
            kinds.add_override(part.partname, part.content_type)
    entries = [("[Content_Types].xml", serialize_part_xml(kinds)), ("_rels/.rels", package.rels.xml)]
    for part in parts:
        entries.append((part.partname.membername, part.blob))
        if len(part.rels):
            entries.append((part.partname.rels_uri.membername, part.rels.xml))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith((".png", ".jpg", ".jpeg")) else zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, content)
    return written.getvalue()
