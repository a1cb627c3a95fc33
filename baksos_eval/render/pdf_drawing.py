"""Our drawings in a PDF: every letter's outline stands once in the file, however many figures it is used in.

Typst would write each letter out wherever it stands: three quarters of an attachment of a hundred reports, and a quarter of the
time it takes. It is therefore given an empty image of the same size, whose object is afterwards replaced by the drawing.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from .pdf_package import Package, Stream

_MARK = b"baksos drawing \x00"        # fills the pixels of an empty image, with its number behind it
_NUMBER = r"-?\d+(?:\.\d+)?"
_PAIR = f"{_NUMBER} {_NUMBER}"
_STEP = re.compile(f"M({_PAIR})|L({_PAIR})|C({_PAIR} {_PAIR} {_PAIR})|Q({_PAIR} {_PAIR})|Z")
_OPERATORS = (b"", b"m", b"l", b"c")
_COLOUR = "#([0-9A-Fa-f]{6})"
_FRAME = re.compile(f'<svg xmlns="[^"]*" xmlns:xlink="[^"]*" width="[^"]*" height="[^"]*" viewBox="0 0 ({_NUMBER}) ({_NUMBER})">\\s*'
                    f'<rect width="100%" height="100%" fill="{_COLOUR}"/>\\s*')
_SHAPE = re.compile(f'<path d="([^"]*)" fill="(?:none|{_COLOUR})"(?: stroke="{_COLOUR}" stroke-width="({_NUMBER})")?'
                    f'(?: stroke-dasharray="({_NUMBER}(?: {_NUMBER})*)")?/>\\s*')
_LETTER = re.compile(r'<path id="([^"]*)" d="([^"]*)"/>')
_LETTERS = re.compile(f"<defs>((?:{_LETTER.pattern})*)</defs>\\s*")
_GROUP = re.compile(f'<g fill="{_COLOUR}" transform="scale\\(({_NUMBER}) -({_NUMBER})\\)">(.*?)</g>\\s*', re.DOTALL)
_USE = re.compile(r'<use xlink:href="#([^"]*)" x="(-?\d+)" y="(-?\d+)"/>\s*')
_END = re.compile(r"</svg>\s*")


class _Foreign(ValueError):
    """Not a drawing as we write it."""


@dataclass
class Drawings:
    """The drawings of one PDF, and the letters in them."""

    forms: list[Stream] = field(default_factory=list)
    letters: dict[str, int] = field(default_factory=dict)      # the outlines, each with its number

    def add(self, svg: str) -> bytes | None:
        """The PNG to set in place of a drawing for now; nothing for a drawing that is not in our own notation."""
        known = len(self.letters)
        try:
            form = self._form(svg)
        except _Foreign:
            for outline in list(self.letters)[known:]:
                del self.letters[outline]
            return None
        self.forms.append(form)
        return _empty(len(self.forms) - 1)

    def put_in(self, package: Package) -> Package:
        """The objects of the PDF with the drawings in place of the empty images.

        Raises:
            ValueError: not every drawing has its image.
        """
        if not self.forms:
            return package
        objects = dict(package.objects)
        found = set()
        shared = max(objects) + 1
        for number, entry in package.objects.items():
            at = _number(entry) if isinstance(entry, Stream) else None
            if at is not None:
                form = self.forms[at]
                objects[number] = Stream(b"%s/Resources %d 0 R>>" % (form.dictionary[:-2], shared), form.data)
                found.add(at)
        if len(found) != len(self.forms):
            raise ValueError("a drawing has no place in the file")
        first = shared + 1
        objects[shared] = b"<</XObject<<%s>>>>" % b"".join(b"/L%d %d 0 R" % (at, first + at) for at in range(len(self.letters)))
        for outline, at in self.letters.items():
            objects[first + at] = _letter(outline)
        return Package(objects, package.trailer)

    def _form(self, svg: str) -> Stream:
        """The drawing as a form the size of an image: one unit wide and high."""
        frame = _FRAME.match(svg)
        if frame is None:
            raise _Foreign
        width, height, paper = frame.groups()
        parts = [f"1 0 0 -1 0 {height} cm 4 M {_paint(paper)} rg 0 0 {width} {height} re f\n".encode()]
        at = frame.end()
        while shape := _SHAPE.match(svg, at):
            parts.append(_shape(*shape.groups()))
            at = shape.end()
        letters = _LETTERS.match(svg, at)
        if letters is None:
            raise _Foreign
        numbers = {}
        for name, outline in _LETTER.findall(letters[1]):
            _outline(outline)
            numbers[name] = self.letters.setdefault(outline, len(self.letters))
        at = letters.end()
        while group := _GROUP.match(svg, at):
            parts.append(_words(group, numbers))
            at = group.end()
        if not _END.fullmatch(svg, at):
            raise _Foreign
        matrix = f"{1 / float(width):.10f} 0 0 {1 / float(height):.10f} 0 0"
        return _stream(f"/BBox[0 0 {width} {height}]/Matrix[{matrix}]", b"".join(parts))


def _shape(data: str, fill: str | None, stroke: str | None, width: str | None, dashes: str | None) -> bytes:
    """One path, filled or stroked or both."""
    if not (fill or stroke):
        return b""
    style = f"{_paint(fill)} rg " if fill else ""
    if stroke:
        style += f"{_paint(stroke)} RG {width} w [{dashes or ''}] 0 d "
    return style.encode() + _outline(data) + (b"B\n" if fill and stroke else b"f\n" if fill else b"S\n")


def _words(group: re.Match[str], numbers: Mapping[str, int]) -> bytes:
    """The letters of one size and colour, each a step from the one before."""
    colour, size, upwards, inside = group.groups()
    parts, x, y, end = [f"q {_paint(colour)} rg {size} 0 0 -{upwards} 0 0 cm"], 0, 0, 0
    for use in _USE.finditer(inside.lstrip()):
        if use.start() != end or use[1] not in numbers:
            raise _Foreign
        to_x, to_y, end = int(use[2]), int(use[3]), use.end()
        parts.append(f"1 0 0 1 {to_x - x} {to_y - y} cm/L{numbers[use[1]]} Do")
        x, y = to_x, to_y
    if end != len(inside.lstrip()):
        raise _Foreign
    return ("\n".join([*parts, "Q"]) + "\n").encode()


def _letter(outline: str) -> Stream:
    """A letter as a form, in thousandths of its size and in whatever colour holds where it is used."""
    numbers = [float(number) for number in re.findall(_NUMBER, outline)]
    left, right, bottom, top = min(numbers[::2]), max(numbers[::2]), min(numbers[1::2]), max(numbers[1::2])
    return _stream(f"/BBox[{left - 1:g} {bottom - 1:g} {right + 1:g} {top + 1:g}]/Resources<<>>", _outline(outline) + b"f\n")


@lru_cache(maxsize=1024)
def _outline(data: str) -> bytes:
    """SVG path data as operators of a PDF, which knows no quadratic curves."""
    parts: list[bytes] = []
    end, last = 0, ""
    for step in _STEP.finditer(data):
        if step.start() != end:
            raise _Foreign
        end = step.end()
        kind = step.lastindex or 0
        if kind == 0:
            parts.append(b"h")
        elif kind < len(_OPERATORS):
            parts += step[kind].encode(), _OPERATORS[kind]
        else:
            x, y, control_x, control_y, to_x, to_y = map(float, (*last.split()[-2:], *step[kind].split()))
            curve = (x + 2 * control_x, y + 2 * control_y, to_x + 2 * control_x, to_y + 2 * control_y)
            parts += " ".join(f"{round(value / 3, 2):g}" for value in curve).encode(), step[kind].split(" ", 2)[2].encode(), b"c"
        last = step[kind] if kind else last
    if end != len(data) or not parts:
        raise _Foreign
    return b" ".join(parts) + b" "


def _paint(colour: str) -> str:
    """A colour as three numbers from 0 to 1."""
    return " ".join(f"{round(int(colour[at:at + 2], 16) / 255, 4):g}" for at in (0, 2, 4))


def _stream(entries: str, content: bytes) -> Stream:
    data = zlib.compress(content)
    return Stream(b"<</Type/XObject/Subtype/Form%s/Filter/FlateDecode/Length %d>>" % (entries.encode(), len(data)), data)


def _empty(number: int) -> bytes:
    """An image that no photograph is like."""
    from PIL import Image

    pixels = _MARK + number.to_bytes(8)
    made = io.BytesIO()
    Image.frombytes("RGB", (len(pixels) // 3, 1), pixels).save(made, "png")
    return made.getvalue()


def _number(entry: Stream) -> int | None:
    """The drawing that an image stands for."""
    if b"/Subtype/Image" not in entry.dictionary or b"/DCTDecode" in entry.dictionary or len(entry.data) > 200:
        return None
    pixels = entry.content()
    return int.from_bytes(pixels[len(_MARK):]) if pixels.startswith(_MARK) and len(pixels) == len(_MARK) + 8 else None
