"""Formulas of a statistics report: simple LaTeX read once, written as MathML, Office Math, Typst and plain text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ACCENTS = {"\u00af": "bar", "\u2015": "bar", "\u203e": "bar", "\u0304": "bar", "^": "hat", "\u02c6": "hat", "\u0302": "hat", "~": "tilde", "\u02dc": "tilde", "\u02d9": "dot"}
_COMBINING = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "dot": "\u0307"}
_SPACING = {"bar": "\u00af", "hat": "\u02c6", "tilde": "\u02dc", "dot": "\u02d9"}
_PARTNERS = {"(": ")", "[": "]", "{": "}", "|": "|"}
_LARGE = frozenset("∑∏∫")
_HUGE_INPUT = 2000


class Symbol(NamedTuple):
    """One sign, number or word; a variable is set in italics."""

    text: str
    kind: Literal["variable", "number", "operator", "text", "space"]


class Row(NamedTuple):
    """Parts beside one another."""

    parts: tuple[Node, ...]


class Fraction(NamedTuple):
    """``top`` over ``bottom``."""

    top: Node
    bottom: Node


class Root(NamedTuple):
    """A root, square unless it has a degree."""

    body: Node
    degree: Node | None


class Scripts(NamedTuple):
    """A base with something below and above at its right; at a sum they become its limits."""

    base: Node
    below: Node | None
    above: Node | None


class Accent(NamedTuple):
    """A sign over a base: a bar for a mean, a hat for an estimate."""

    base: Node
    kind: Literal["bar", "hat", "tilde", "dot"]


class Fenced(NamedTuple):
    """Something between two brackets that grow with it."""

    left: str
    body: Node
    right: str


Node = Symbol | Row | Fraction | Root | Scripts | Accent | Fenced


@dataclass(frozen=True)
class Formula:
    """A formula that was understood in full."""

    latex: str
    node: Node

    @property
    def plain(self) -> str:
        """One line of text: what a screen reader says and a search finds."""
        return re.sub(r" +", " ", _plain(self.node)).strip()

    @property
    def mathml(self) -> str:
        """The inside of a MathML ``<math>`` element."""
        return _mathml(self.node)

    @property
    def office(self) -> str:
        """An ``<m:oMath>`` element for Word."""
        return f"<m:oMath>{_office(self.node)}</m:oMath>"

    @property
    def typst(self) -> str:
        """The formula in Typst's notation, without the dollar signs."""
        return _typst(self.node)


class UnknownFormula(ValueError):
    """A formula that the writers cannot write; ``part`` is what they do not know."""

    def __init__(self, latex: str, part: str) -> None:
        self.latex = latex
        self.part = part or latex
        super().__init__(f"{self.part} in {latex}")


class _UnknownPart(Exception):
    """A part of a formula that no writer knows."""


@lru_cache(maxsize=256)
def parse(latex: str) -> Formula:
    r"""The formula that a piece of LaTeX stands for.

    >>> parse(r"t = \frac{\bar{d}}{s_d / \sqrt{n}}").plain
    't = d̄ / (s_d / √n)'

    Raises:
        UnknownFormula: there is something in it that could not be written alike in every format.
    """
    from latex2mathml.converter import convert_to_element

    if len(latex) > _HUGE_INPUT or not latex.strip() or latex.count("{") != latex.count("}"):
        raise UnknownFormula(latex[:80], "")
    try:
        element = convert_to_element(latex)
    except Exception as fault:  # the converter's errors have no base class of their own
        raise UnknownFormula(latex, type(fault).__name__) from fault
    try:
        return Formula(latex, _node(element))
    except _UnknownPart as unknown:
        raise UnknownFormula(latex, str(unknown)) from unknown


def _node(element: Element) -> Node:
    children = list(element)
    match element.tag:
        case "mrow" if len(children) > 2 and children[0].get("fence") and children[-1].get("fence"):
            left, right = (html.unescape(child.text or "") for child in (children[0], children[-1]))
            return Fenced(left, _row([_node(child) for child in children[1:-1]]), right)
        case "math" | "mrow" | "mstyle":
            return _row([_node(child) for child in children])
        case "mi" | "mo" | "mn" | "mtext":
            return _symbol(element)
        case "mspace":
            return Symbol(" ", "space")
        case "mfrac" if len(children) == 2 and element.get("linethickness") != "0":
            return Fraction(_node(children[0]), _node(children[1]))
        case "msqrt":
            return Root(_row([_node(child) for child in children]), None)
        case "mroot" if len(children) == 2:
            return Root(_node(children[0]), _node(children[1]))
        case "msub" | "munder" if len(children) == 2:
            return Scripts(_node(children[0]), _node(children[1]), None)
        case "mover" if len(children) == 2 and html.unescape(children[1].text or "") in _ACCENTS:
            return Accent(_node(children[0]), _ACCENTS[html.unescape(children[1].text or "")])  # type: ignore[arg-type]
        case "msup" | "mover" if len(children) == 2:
            return Scripts(_node(children[0]), None, _node(children[1]))
        case "msubsup" | "munderover" if len(children) == 3:
            return Scripts(*(_node(child) for child in children))
    raise _UnknownPart(element.tag)


def _symbol(element: Element) -> Symbol:
    text = html.unescape(element.text or "")
    if not text or "\\" in text or text == "&" and element.tag != "mtext":
        raise _UnknownPart(text or element.tag)
    if element.tag == "mtext":
        return Symbol(text, "text")
    if element.tag == "mn":
        return Symbol(text, "number")
    if element.get("mathvariant") == "normal" or len(text) > 1:
        return Symbol(text, "text")
    category = unicodedata.category(text)
    if category.startswith("L"):
        return Symbol(text, "variable")
    return Symbol(text, "number" if category == "Nd" else "operator")


def _row(parts: list[Node]) -> Node:
    """The parts side by side, with ``0{,}05`` made one number and upright letters made one word."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Row) else [part])
    joined: list[Node] = []
    for part in flat:
        if isinstance(part, Symbol) and joined and isinstance(joined[-1], Symbol):
            last = joined[-1]
            if part.kind == "text" and last.kind == "text" and len(part.text) == 1:
                joined[-1] = Symbol(last.text + part.text, "text")
                continue
            if part.kind == "number" and last.text in {",", "."} and len(joined) > 1 and isinstance(joined[-2], Symbol) and joined[-2].kind == "number":
                joined[-2:] = [Symbol(joined[-2].text + last.text + part.text, "number")]
                continue
        joined.append(part)
    paired = _pair_brackets(joined)
    return paired[0] if len(paired) == 1 else Row(tuple(paired))


def _pair_brackets(parts: list[Node]) -> list[Node]:
    """The parts with each bracket and its partner around what they enclose; a power after a bracket is of the whole."""
    open_at: list[tuple[str, int]] = []
    found: list[Node] = []
    for part in parts:
        sign = part.base if isinstance(part, Scripts) else part
        text = sign.text if isinstance(sign, Symbol) and sign.kind == "operator" else ""
        if text in _PARTNERS.values() and open_at and _PARTNERS[open_at[-1][0]] == text:
            left, start = open_at.pop()
            inside = found[start + 1:]
            fenced = Fenced(left, inside[0] if len(inside) == 1 else Row(tuple(inside)), text)
            found[start:] = [Scripts(fenced, part.below, part.above) if isinstance(part, Scripts) else fenced]
            continue
        if text in _PARTNERS and not isinstance(part, Scripts):
            open_at.append((text, len(found)))
        found.append(part)
    return found


def _is_large(node: Node | None) -> bool:
    return isinstance(node, Symbol) and node.text in _LARGE


def _relation(symbol: Symbol) -> bool:
    return symbol.kind == "operator" and (unicodedata.category(symbol.text) == "Sm" or symbol.text in "/·×÷−+=<>") and symbol.text not in _LARGE | {"√", "|"}


def _plain(node: Node | None) -> str:
    match node:
        case None:
            return ""
        case Symbol():
            return f" {node.text} " if _relation(node) else node.text
        case Row():
            return "".join(_plain(part) for part in node.parts)
        case Fraction():
            return f"{_grouped(node.top)} / {_grouped(node.bottom)}"
        case Root():
            return f"{_plain(node.degree)}√{_grouped(node.body)}"
        case Scripts():
            below = f"_{_grouped(node.below)}" if node.below else ""
            above = f"^{_grouped(node.above)}" if node.above else ""
            return f"{_plain(node.base)}{below}{above}" + (" " if _is_large(node.base) else "")
        case Accent():
            return unicodedata.normalize("NFC", _plain(node.base) + _COMBINING[node.kind])
        case Fenced():
            return f"{node.left}{_plain(node.body).strip()}{node.right}"


def _grouped(node: Node | None) -> str:
    inside = _plain(node).strip()
    return f"({inside})" if isinstance(node, Row | Fraction) else inside


def _mathml(node: Node | None) -> str:
    match node:
        case None:
            return "<mrow></mrow>"
        case Symbol():
            if node.kind == "space":
                return '<mspace width="0.3em"></mspace>'
            tag = {"variable": "mi", "number": "mn", "operator": "mo", "text": "mtext"}[node.kind]
            return f"<{tag}>{html.escape(node.text)}</{tag}>"
        case Row():
            return f"<mrow>{''.join(_mathml(part) for part in node.parts)}</mrow>"
        case Fraction():
            return f"<mfrac>{_mathml(node.top)}{_mathml(node.bottom)}</mfrac>"
        case Root():
            return f"<mroot>{_mathml(node.body)}{_mathml(node.degree)}</mroot>" if node.degree else f"<msqrt>{_mathml(node.body)}</msqrt>"
        case Scripts():
            kind = ("munder", "mover", "munderover") if _is_large(node.base) else ("msub", "msup", "msubsup")
            tag = kind[2] if node.below and node.above else kind[0] if node.below else kind[1]
            return f"<{tag}>{_mathml(node.base)}{''.join(_mathml(part) for part in (node.below, node.above) if part)}</{tag}>"
        case Accent():
            return f'<mover accent="true">{_mathml(node.base)}<mo>{_SPACING[node.kind]}</mo></mover>'
        case Fenced():
            return f"<mrow><mo>{html.escape(node.left)}</mo>{_mathml(node.body)}<mo>{html.escape(node.right)}</mo></mrow>"


def _office(node: Node | None) -> str:
    match node:
        case None:
            return ""
        case Symbol():
            upright = "" if node.kind == "variable" else '<m:rPr><m:sty m:val="p"/></m:rPr>'
            return (f'<m:r>{upright}<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/></w:rPr>'
                    f'<m:t xml:space="preserve">{html.escape(node.text, quote=False)}</m:t></m:r>')
        case Row():
            return _office_row(node.parts)
        case Fraction():
            return f"<m:f><m:num>{_office(node.top)}</m:num><m:den>{_office(node.bottom)}</m:den></m:f>"
        case Root():
            hidden = "" if node.degree else '<m:radPr><m:degHide m:val="1"/></m:radPr>'
            return f"<m:rad>{hidden}<m:deg>{_office(node.degree)}</m:deg><m:e>{_office(node.body)}</m:e></m:rad>"
        case Scripts():
            if _is_large(node.base):
                return _office_row([node])
            below, above = (f"<m:sub>{_office(node.below)}</m:sub>" if node.below else "", f"<m:sup>{_office(node.above)}</m:sup>" if node.above else "")
            tag = "m:sSubSup" if below and above else "m:sSub" if below else "m:sSup"
            return f"<{tag}><m:e>{_office(node.base)}</m:e>{below}{above}</{tag}>"
        case Accent():
            if node.kind == "bar" and isinstance(node.base, Row):
                return f'<m:bar><m:barPr><m:pos m:val="top"/></m:barPr><m:e>{_office(node.base)}</m:e></m:bar>'
            mark = "\u0305" if node.kind == "bar" else _COMBINING[node.kind]
            return f'<m:acc><m:accPr><m:chr m:val="{mark}"/></m:accPr><m:e>{_office(node.base)}</m:e></m:acc>'
        case Fenced():
            return (f'<m:d><m:dPr><m:begChr m:val="{html.escape(node.left)}"/><m:endChr m:val="{html.escape(node.right)}"/></m:dPr>'
                    f"<m:e>{_office(node.body)}</m:e></m:d>")


def _office_row(parts: Sequence[Node]) -> str:
    """The parts one after the other; what follows a sum becomes its operand, since Word shows an empty one as a box."""
    for at, part in enumerate(parts):
        base = part.base if isinstance(part, Scripts) else part
        if _is_large(base):
            below, above = (part.below, part.above) if isinstance(part, Scripts) else (None, None)
            hidden = ("" if below else '<m:subHide m:val="1"/>') + ("" if above else '<m:supHide m:val="1"/>')
            place = "subSup" if base.text == "∫" else "undOvr"  # type: ignore[union-attr]
            properties = f'<m:chr m:val="{base.text}"/><m:limLoc m:val="{place}"/>{hidden}'  # type: ignore[union-attr]
            return ("".join(_office(before) for before in parts[:at])
                    + f"<m:nary><m:naryPr>{properties}</m:naryPr><m:sub>{_office(below)}</m:sub><m:sup>{_office(above)}</m:sup>"
                    + f"<m:e>{_office_row(parts[at + 1:])}</m:e></m:nary>")
    return "".join(_office(part) for part in parts)


def _typst(node: Node | None) -> str:
    match node:
        case None:
            return '""'
        case Symbol():
            if node.kind == "space":
                return "thin"
            if node.kind in {"number", "text"}:
                return '"' + node.text.replace("\\", "\\\\").replace('"', '\\"') + '"'
            return "".join(f"\\u{{{ord(character):x}}}" for character in node.text)
        case Row():
            return " ".join(_typst(part) for part in node.parts)
        case Fraction():
            return f"frac({_typst(node.top)}, {_typst(node.bottom)})"
        case Root():
            return f"root({_typst(node.degree)}, {_typst(node.body)})" if node.degree else f"sqrt({_typst(node.body)})"
        case Scripts():
            below, above = (f", b: {_typst(node.below)}" if node.below else "", f", t: {_typst(node.above)}" if node.above else "")
            return f"attach({_typst(node.base)}{below}{above})"
        case Accent():
            if node.kind == "bar":
                return f"overline({_typst(node.base)})"
            return f"{node.kind}({_typst(node.base)})"
        case Fenced():
            return f"lr({_typst(Symbol(node.left, 'operator'))} {_typst(node.body)} {_typst(Symbol(node.right, 'operator'))})"
