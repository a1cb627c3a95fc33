"""Numbered captions in a Word text: where they count, how the report writes them, and their numbers up to date."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from .word_package import WORD, q

_SEQUENCE = re.compile(r"\s*SEQ\s+(?:\"([^\"]+)\"|(\S+))(.*)", re.IGNORECASE | re.DOTALL)
_CHANGES_COUNT = re.compile(r"\\[rscnh]\b", re.IGNORECASE)  # restart, by chapter, repeat, next, hidden
_REFERENCE = re.compile(r"\s*REF\s+(\S+)", re.IGNORECASE)


class Field(NamedTuple):
    """A field within a paragraph: its instruction, and the elements from its first to its last."""

    instruction: str
    elements: tuple[Any, ...]

    @property
    def sequence(self) -> str:
        """The name that a SEQ field counts by; empty for any other field."""
        found = _SEQUENCE.match(self.instruction)
        return (found[1] or found[2]) if found else ""

    @property
    def counts_plainly(self) -> bool:
        """Whether it counts on by one, without restarts by chapter or by hand."""
        found = _SEQUENCE.match(self.instruction)
        return bool(found) and not _CHANGES_COUNT.search(found[3])

    @property
    def bookmark(self) -> str:
        """The bookmark that a REF field repeats; empty for any other field."""
        found = _REFERENCE.match(self.instruction)
        return found[1] if found else ""

    def show(self, result: str) -> None:
        """Makes ``result`` the text that stands there until Word computes the field again."""
        texts = [text for element in self.results() for text in element.iter(q("w:t"))]
        for number, text in enumerate(texts):
            text.text = result if number == 0 else ""

    def results(self) -> Iterator[Any]:
        """The elements between the field's middle and its end."""
        if self.elements[0].tag == q("w:fldSimple"):
            yield self.elements[0]
            return
        shown = False
        for element in self.elements:
            kinds = [mark.get(q("w:fldCharType")) for mark in element.iter(q("w:fldChar"))]
            if shown and not kinds:
                yield element
            shown = shown or "separate" in kinds


def fields(body: Any) -> Iterator[Field]:
    """The fields of a text in their order; one inside another comes as part of the outer one."""
    for paragraph in body.iter(q("w:p")):
        open_: list[Any] = []
        depth, code = 0, ""
        for element in paragraph.iter(q("w:r"), q("w:fldSimple")):
            if element.tag == q("w:fldSimple"):
                yield Field(element.get(q("w:instr"), ""), (element,))
                continue
            kinds = [mark.get(q("w:fldCharType")) for mark in element.findall(q("w:fldChar"))]
            depth += kinds.count("begin")
            if depth:
                open_.append(element)
                code += "".join(part.text or "" for part in element.findall(q("w:instrText"))) if depth == 1 else ""
            depth -= kinds.count("end")
            if depth <= 0 and open_:
                yield Field(code, tuple(open_))
                open_, depth, code = [], 0, ""


def follow_captions(attachment: Any, report: Any) -> None:
    """Makes the captions of an attachment count with those of a report: by its name, and by chapter ("Tabel 4.1") where it does."""
    own = {name: _first_caption(report, name) for name in dict.fromkeys(field.sequence for field in fields(attachment) if field.sequence)}
    for field in list(fields(attachment)):
        pattern = own.get(field.sequence) if field.sequence else None
        if pattern is None:
            continue
        codes = [code for element in field.elements for code in element.iter(q("w:instrText"))]
        for number, code in enumerate(codes):
            code.text = pattern.instruction if number == 0 else ""
        first = field.elements[0]
        for run in pattern.chapter:
            added = copy.deepcopy(run)
            _dress_like(added, first)
            first.addprevious(added)


class _Caption(NamedTuple):
    """How a report numbers its captions of one kind: its SEQ instruction, and the runs of the chapter's number before it."""

    instruction: str
    chapter: tuple[Any, ...]


def _first_caption(report: Any, word: str) -> _Caption | None:
    """The report's first caption that begins with ``word``, or one that is counted by that name."""
    for field in fields(report):
        paragraph = field.elements[0].getparent()
        while paragraph.tag != q("w:p"):
            paragraph = paragraph.getparent()
        begins = "".join(text.text or "" for text in paragraph.iter(q("w:t"))).strip().casefold().startswith(word.casefold())
        if field.sequence and (field.sequence.casefold() == word.casefold() or begins):
            return _Caption(field.instruction, _chapter(paragraph, field) if not field.counts_plainly else ())
    return None


def _chapter(paragraph: Any, sequence: Field) -> tuple[Any, ...]:
    """The runs between the beginning of a STYLEREF field and the caption's own number."""
    chapter = next((field for field in fields(paragraph.getparent()) if field.elements[0].getparent() is paragraph
                    and field.instruction.strip().upper().startswith("STYLEREF")), None)
    if chapter is None:
        return ()
    children = list(paragraph)
    inside = children[children.index(chapter.elements[0]):children.index(sequence.elements[0])] if sequence.elements[0] in children else []
    return tuple(child for child in inside if child.tag in {q("w:r"), q("w:fldSimple")})


def _dress_like(run: Any, model: Any) -> None:
    """Gives a run the look of another."""
    if run.tag != q("w:r"):
        return
    for properties in run.findall(q("w:rPr")):
        run.remove(properties)
    look = model.find(q("w:rPr"))
    if look is not None:
        run.insert(0, copy.deepcopy(look))


def count_again(body: Any) -> None:
    """Writes the numbers that plain captions have now, and the same into the references to them."""
    counts: Counter[str] = Counter()
    for field in fields(body):
        if field.sequence:
            counts[field.sequence.casefold()] += 1
            if field.counts_plainly:
                field.show(str(counts[field.sequence.casefold()]))
    texts = _bookmarked(body)
    for field in fields(body):
        if field.bookmark in texts and any(True for _ in field.results()):
            field.show(texts[field.bookmark])


def _bookmarked(body: Any) -> dict[str, str]:
    """The text in each bookmark that holds a caption's number."""
    found = {}
    for start in body.iter(q("w:bookmarkStart")):
        text, counted, element = "", False, start.getnext()
        while element is not None and not (element.tag == q("w:bookmarkEnd") and element.get(q("w:id")) == start.get(q("w:id"))):
            text += "".join(part.text or "" for part in element.iter(q("w:t")))
            counted = counted or any((code.text or "").strip().upper().startswith("SEQ") for code in element.iter(q("w:instrText"))) or (
                element.tag == q("w:fldSimple"))
            element = element.getnext()
        if counted and element is not None:
            found[start.get(q("w:name"))] = text
    return found


def ask_for_update(settings: Any) -> None:
    """Has Word compute all fields when the file is opened: contents, references, numbers by chapter."""
    from docx.oxml import parse_xml

    for old in settings.findall(q("w:updateFields")):
        settings.remove(old)
    update = parse_xml(f'<w:updateFields xmlns:w="{WORD}" w:val="true"/>')
    after = {q(f"w:{name}") for name in _AFTER_UPDATE_FIELDS}
    place = next((child for child in settings if child.tag in after or not str(child.tag).startswith(f"{{{WORD}}}")), None)
    settings.append(update) if place is None else place.addprevious(update)


# The settings that the schema wants after updateFields.
_AFTER_UPDATE_FIELDS = (
    "hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids", "attachedSchema", "themeFontLang", "clrSchemeMapping",
    "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures", "forceUpgrade", "captions", "readModeInkLockDown", "smartTagType", "shapeDefaults",
    "doNotEmbedSmartTags", "decimalSymbol", "listSeparator")
