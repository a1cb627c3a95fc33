"""Markdown and the light markup of cells, read into blocks and spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from baksos_eval.errors import Finding, Severity
from baksos_eval.report import inline
from baksos_eval.report.content import Title

from . import formula
from .model import (
    ROMAN,
    Aside,
    Block,
    Equation,
    Facts,
    Heading,
    InlineFormula,
    LineBreak,
    Listing,
    Paragraph,
    Reference,
    Span,
    Spans,
    Verbatim,
    Words,
)

_STYLES = {"emphasis": "italic", "strong": "bold", "subscript": "sub", "superscript": "super"}
_BEFORE_NUMBER = re.compile(r"(?<=[^\W\d_])-(?=\d)")
_PIPE_TABLE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)+\|?\s*$", re.MULTILINE)


def blocks(text: str, faults: list[Finding], where: Mapping[str, Any]) -> tuple[Block, ...]:
    """The blocks of a Markdown text; what no format can show (images, tables, unknown formulas) is added to ``faults``.

    Args:
        text: CommonMark with ``~sub~``, ``^super^``, ``$formula$`` and ``[@label]``; HTML in it is ordinary text.
        faults: takes one fatal finding for each part that cannot be written.
        where: the details that tell a user which cell the text is from.
    """
    if _PIPE_TABLE.search(text):
        faults.append(Finding("foreign_output", Severity.FATAL, details={**where, "kind": "Markdown table"}))
        return ()
    return _Reader(faults, where).blocks(_parser()(text))


def spans(text: str) -> Spans:
    """The spans of a cell, a caption or a note."""
    found: list[Span] = []
    for run in inline.parse(text):
        if run.label:
            found.append(Reference(run.label))
            continue
        for number, line in enumerate(run.text.split("\n")):
            if number:
                found.append(LineBreak())
            if line:
                found.append(Words(unbroken(line), run.styles))
    return tuple(found)


def unbroken(text: str) -> str:
    """The text with hyphens before a number that no line ends at: ``COVID-19`` stays together.

    >>> unbroken("COVID-19, RT-04, antar-RT, 2021-08").encode("ascii", "replace").decode()
    'COVID?19, RT?04, antar-RT, 2021-08'
    """
    return _BEFORE_NUMBER.sub("\N{NON-BREAKING HYPHEN}", text)


def facts(title: Title) -> Facts:
    """The facts under a title."""
    return Facts(tuple((spans(label), spans(value)) for label, value in title.facts))


def without_headings(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks for a box: a heading there is a bold line, not an entry of the document's outline."""
    return tuple(Paragraph(tuple(span._replace(styles=span.styles | {"bold"}) if isinstance(span, Words) else span for span in block.spans))
                 if isinstance(block, Heading) else block for block in blocks)


@cache
def _parser() -> Any:
    import mistune

    markdown = mistune.create_markdown(renderer=None, plugins=["math", "subscript", "superscript"])
    markdown.inline.register("reference", r"\[@(?P<reference_label>[A-Za-z0-9_:-]+)\]", _reference, before="link")
    return markdown


def _reference(inline_parser: Any, match: re.Match[str], state: Any) -> int:
    state.append_token({"type": "reference", "raw": match["reference_label"]})
    return match.end()


class _Reader:
    """Walks the tokens of one text."""

    def __init__(self, faults: list[Finding], where: Mapping[str, Any]) -> None:
        self.faults = faults
        self.where = where

    def blocks(self, tokens: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
        found: list[Block] = []
        for token in tokens:
            block = self.block(token)
            if block is not None:
                found.append(block)
        return tuple(found)

    def block(self, token: Mapping[str, Any]) -> Block | None:
        match token["type"]:
            case "heading":
                return Heading(token["attrs"]["level"], self.line(token["children"]))
            case "paragraph" | "block_text":
                return Paragraph(self.line(token["children"]))
            case "list":
                attributes = token["attrs"]
                items = tuple(without_headings(self.blocks(item["children"])) for item in token["children"])
                return Listing(bool(attributes["ordered"]), items, int(attributes.get("start", 1)))
            case "block_quote":
                return Aside("quote", without_headings(self.blocks(token["children"])))
            case "block_math":
                understood = self.formula(token["raw"])
                return Equation(understood) if understood else None
            case "block_code":
                return Verbatim(token["raw"].rstrip("\n"))
            case "block_html":
                return Paragraph((Words(" ".join(token["raw"].split())),))
            case "blank_line" | "thematic_break":
                return None
        raise AssertionError(f"the Markdown reader gave an unknown block: {token['type']}")

    def line(self, tokens: Iterable[Mapping[str, Any]], styles: frozenset[str] = ROMAN) -> Spans:
        found: list[Span] = []
        for span in self.inlines(tokens, styles):
            last = found[-1] if found else None
            if isinstance(span, Words) and isinstance(last, Words) and last.styles == span.styles:
                found[-1] = Words(last.text + span.text, span.styles)
            else:
                found.append(span)
        return tuple(found)

    def inlines(self, tokens: Iterable[Mapping[str, Any]], styles: frozenset[str]) -> Iterable[Span]:
        for token in tokens:
            match token["type"]:
                case "text" | "inline_html":
                    yield Words(unbroken(token["raw"].replace("\n", " ")), styles)
                case "emphasis" | "strong" | "subscript" | "superscript":
                    yield from self.inlines(token["children"], styles | {_STYLES[token["type"]]})
                case "codespan":
                    yield Words(token["raw"], styles | {"code"})
                case "softbreak":
                    yield Words(" ", styles)
                case "linebreak":
                    yield LineBreak()
                case "reference":
                    yield Reference(token["raw"])
                case "inline_math":
                    understood = self.formula(token["raw"])
                    if understood:
                        yield InlineFormula(understood)
                case "link":
                    yield from self.link(token, styles)
                case "image":
                    self.fault("foreign_output", kind="Markdown image")
                case other:
                    raise AssertionError(f"the Markdown reader gave an unknown part: {other}")

    def link(self, token: Mapping[str, Any], styles: frozenset[str]) -> Iterable[Span]:
        """The words of a link, and after them its address: a reader on paper has nothing to click."""
        words = tuple(self.inlines(token["children"], styles))
        yield from words
        address = token["attrs"]["url"]
        shown = "".join(span.text for span in words if isinstance(span, Words))
        if address and shown not in {address, address.removeprefix("mailto:")}:
            yield Words(f" ({address})", styles)

    def formula(self, latex: str) -> formula.Formula | None:
        try:
            return formula.parse(latex.strip())
        except formula.UnknownFormula as unknown:
            self.fault("formula_unknown", latex=unknown.latex, part=unknown.part)
            return None

    def fault(self, code: str, **details: Any) -> None:
        self.faults.append(Finding(code, Severity.FATAL, details={**self.where, **details}))
