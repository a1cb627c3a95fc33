"""How pages look: margins, spacing, the campus's template, its letterhead and logo."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from baksos_eval.errors import BaksosError
from baksos_eval.study.study import Study

STANDARD_SPACING = 1.15
_LOGO_HEIGHT_CM = 2.2
_LOGO_WIDEST_CM = 12.0
_MOST_PIXELS = 50_000_000
_KEPT_PIXELS = 1000  # the longer side of a printed logo


@dataclass(frozen=True)
class Look:
    """What a report's pages look like; the content is the same in every look.

    Attributes:
        margins: ``kiri4`` (left 4 cm, the others 3) or ``kiri_atas4`` (left and top 4 cm), for Word and PDF; A4.
        spacing: distance of lines in the running text; ``None``: 1.15, or what the template has.
        template: a campus's own .docx for the Word file.
        logo: an image printed above the title.
        letterhead: lines printed above the title.
    """

    margins: str = "kiri4"
    spacing: float | None = None
    template: Path | None = None
    logo: Path | None = None
    letterhead: tuple[str, ...] = ()


STANDARD = Look()


class Logo(NamedTuple):
    """A logo as PNG without anything else that its file held (place, camera, comments), and its printed size."""

    png: bytes
    width_cm: float
    height_cm: float


def look_of(study: Study) -> Look:
    """The look that a study asks for, its files found and readable.

    Raises:
        BaksosError: ``look_file_missing``, ``template_unreadable`` or ``logo_unreadable``.
    """
    settings = study.report
    template, logo = (study.folder / name if name else None for name in (settings.template, settings.logo))
    for path in (template, logo):
        if path is not None and not path.is_file():
            raise BaksosError("look_file_missing", file=path.name)
    if template is not None:
        from .word_package import open_template

        open_template(template)
    if logo is not None:
        read_logo(logo)
    return Look(settings.margins, settings.spacing, template, logo, settings.letterhead)


@lru_cache(maxsize=4)
def read_logo(path: Path) -> Logo:
    """The logo in a file, turned upright and made small.

    Raises:
        BaksosError: ``logo_unreadable``.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise BaksosError("logo_unreadable", file=path.name)
            image = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise BaksosError("logo_unreadable", file=path.name) from fault
    image.thumbnail((_KEPT_PIXELS, _KEPT_PIXELS))
    bare = Image.new("RGBA", image.size)
    bare.paste(image)
    written = io.BytesIO()
    bare.save(written, "PNG", optimize=True)
    height = min(_LOGO_HEIGHT_CM, _LOGO_WIDEST_CM * image.height / image.width)
    return Logo(written.getvalue(), height * image.width / image.height, height)
