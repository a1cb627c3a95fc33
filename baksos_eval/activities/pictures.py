"""Pictures as bare pixels: upright, small, in sRGB, with boxes made unrecognisable, and nothing else that their files held."""

from __future__ import annotations

import io
import math
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from baksos_eval.errors import BaksosError

if TYPE_CHECKING:
    from PIL.Image import Image, Transpose

LONGEST_SIDE = 1600
"""Pixels: about 290 to the inch on the 14 cm of a page's text."""

_MOST_PIXELS = 50_000_000
_MOST_BYTES = 60_000_000
_LONGEST_READ = 20_000
_QUALITY = 82
_CELLS = 4
"""A hidden part keeps so many averages along its longer side, less than a face can be told by: mosaics of 16 pixels a
cell give people away to a machine that knows them (McPherson, Shokri & Shmatikov 2016, arXiv:1609.00408)."""

_MARGIN = 0.1
"""A box is drawn larger by this share on every side: people draw them tight."""

_READ = ("JPEG", "PNG", "WEBP")
_ENDINGS = {".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".jfif": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_HEIC = re.compile(rb"....ftyp(?:hei[cmsx]|hev[cmx]|mif1|msf1|avi[fs])", re.DOTALL)
_HIDDEN_FILES = (b"<?php", b"<script", b"<!doctype html", b"<html", b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
"""How web pages, programs and archives begin, in small letters."""

_ORIENTATION = 0x0112
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, AttributeError, MemoryError, struct.error, zlib.error)


class Box(NamedTuple):
    """A part of a picture to make unrecognisable, from its upper left corner, in pixels of the upright picture or in per cent of its sides."""

    left: float
    top: float
    width: float
    height: float
    percent: bool = False


class Picture(NamedTuple):
    """A picture as JPEG that holds its pixels and nothing else; its size in pixels; whether its file's ending named another kind."""

    jpeg: bytes
    width: int
    height: int
    misnamed: bool = False


def read_boxes(text: str) -> tuple[Box, ...]:
    """The boxes that a cell describes: four numbers each (from the left, from the top, width, height), one after ``;`` or a new line.

    Raises:
        ValueError: the text is something else.

    >>> read_boxes("120, 80, 60, 70; 12,5% 8% 10% 12%")
    (Box(left=120.0, top=80.0, width=60.0, height=70.0, percent=False), Box(left=12.5, top=8.0, width=10.0, height=12.0, percent=True))
    """
    return tuple(_read_box(part.strip()) for part in re.split(r"[;|\n]", text) if part.strip())


def _read_box(text: str) -> Box:
    number = r"\d{1,5}(?:[.,]\d{1,3})?" if "%" in text else r"\d{1,5}"
    unit = r"\s*%" if "%" in text else r"(?:\s*px)?"
    gap = r"\s*[,\s/x]\s*"
    name = r"(?:[a-z]{1,6}\s*[=:]\s*)?"
    found = re.fullmatch(gap.join(rf"{name}({number}){unit}" for _ in range(4)), text, re.IGNORECASE)
    if not found:
        raise ValueError(text)
    return Box(*(float(part.replace(",", ".")) for part in found.groups()), "%" in text)


def copy_pixels(path: Path, boxes: Sequence[Box] = ()) -> Picture:
    """The picture in a file, without its metadata: place, camera, comments, thumbnails and colour profile are left behind.

    Args:
        path: a JPEG, PNG or WebP file; what it is, its bytes say.
        boxes: parts to make unrecognisable.

    Raises:
        BaksosError: ``picture_not_found``, ``picture_empty``, ``picture_heic``, ``picture_unknown_kind``, ``picture_hides_file``,
            ``picture_moves``, ``picture_too_large`` (with ``megapixels``), ``picture_broken``, ``picture_box_outside``.
    """
    from PIL import Image, UnidentifiedImageError

    content = _content(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_READ) as opened:
                kind = "JPEG" if opened.format == "MPO" else opened.format  # a phone's JPEG with further pictures in it: the first one counts
                if kind != "JPEG" and getattr(opened, "is_animated", False):
                    raise BaksosError("picture_moves")
                _refuse_large(*opened.size)
                return _bare(opened, boxes)._replace(misnamed=_ENDINGS[path.suffix.lower()] != kind)
    except UnidentifiedImageError:
        raise BaksosError("picture_broken") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BaksosError("picture_too_large", megapixels=_MOST_PIXELS // 1_000_000) from None
    except _BROKEN:
        raise BaksosError("picture_broken") from None


def _content(path: Path) -> bytes:
    """The file's bytes, if they can be a picture and nothing else besides."""
    try:
        if not path.is_file():
            raise BaksosError("picture_not_found")
        if path.stat().st_size > _MOST_BYTES:
            raise BaksosError("picture_too_large", megapixels=_MOST_PIXELS // 1_000_000)
        content = path.read_bytes()
    except OSError:
        raise BaksosError("picture_broken") from None
    if not content:
        raise BaksosError("picture_empty")
    if _HEIC.match(content) or path.suffix.lower() in (".heic", ".heif", ".avif"):
        raise BaksosError("picture_heic")
    known = content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
    if not known or path.suffix.lower() not in _ENDINGS:
        raise BaksosError("picture_unknown_kind")
    small = content.lower()
    if b"%PDF-" in content[:1024] or any(start in small for start in _HIDDEN_FILES) or zipfile.is_zipfile(io.BytesIO(content)):
        raise BaksosError("picture_hides_file")
    return content


def _refuse_large(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS or max(width, height) > _LONGEST_READ or min(width, height) < 1:
        raise BaksosError("picture_too_large", megapixels=_MOST_PIXELS // 1_000_000)


def _bare(opened: Image, boxes: Sequence[Box]) -> Picture:
    from PIL import Image

    stored = opened.size
    profile = opened.info.get("icc_profile")
    opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is not unfolded larger than needed
    opened.load()
    turn = _turn(opened)
    image = _plain(opened)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    image = _to_srgb(image, profile)
    if turn is not None:
        image = image.transpose(turn)
    turned = turn is not None and turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.TRANSPOSE, Image.Transpose.TRANSVERSE)
    upright = stored[::-1] if turned else stored
    for box in boxes:
        _hide(image, box, upright)
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(written.getvalue(), *bare.size)


def _turn(image: Image) -> Transpose | None:
    """How to turn the stored pixels upright; ``None`` when they are, or when nothing readable says how."""
    from PIL.Image import Transpose

    turns = {2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
             6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90}
    try:
        return turns.get(image.getexif().get(_ORIENTATION, 1))
    except _BROKEN:
        return None


def _plain(image: Image) -> Image:
    """The pixels with eight bits a colour, without palette and transparency (white shows through)."""
    from PIL import Image as images

    if image.mode.startswith("I"):
        import numpy as np

        deep = np.asarray(image).astype(np.int64)
        return images.fromarray((np.clip(deep, 0, 65_535) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = images.new("RGBA", clear.size, "white")
        white.alpha_composite(clear)
        return white.convert("RGB")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _to_srgb(image: Image, profile: bytes | None) -> Image:
    """The colours as screens and printers expect them; a profile that cannot be read is passed over."""
    if profile and image.mode in ("RGB", "CMYK"):
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image.convert("RGB")
        except (ImageCms.PyCMSError, *_BROKEN):
            pass
    return image.convert("RGB")


def _hide(image: Image, box: Box, upright: tuple[int, int]) -> None:
    """Puts a few averages, smeared, where the box is: what they were made from cannot be computed back.

    Raises:
        BaksosError: ``picture_box_outside``.
    """
    from PIL import Image as images
    from PIL import ImageFilter

    sides = (100.0, 100.0) if box.percent else upright
    left, width, top, height = box.left / sides[0], box.width / sides[0], box.top / sides[1], box.height / sides[1]
    if min(left, top) < 0 or min(width, height) <= 0 or left + width > 1.001 or top + height > 1.001:
        raise BaksosError("picture_box_outside")
    place = (max(0, math.floor((left - _MARGIN * width) * image.width)), max(0, math.floor((top - _MARGIN * height) * image.height)),
             min(image.width, math.ceil((left + (1 + _MARGIN) * width) * image.width)), min(image.height, math.ceil((top + (1 + _MARGIN) * height) * image.height)))
    part = image.crop(place)
    cell = max(part.size) / _CELLS
    averages = part.resize((max(1, round(part.width / cell)), max(1, round(part.height / cell))), images.Resampling.BOX)
    smeared = averages.resize(part.size, images.Resampling.NEAREST).filter(ImageFilter.GaussianBlur(cell / 3))
    image.paste(smeared, place[:2])
