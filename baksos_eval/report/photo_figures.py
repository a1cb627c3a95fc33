"""Photos as figures: pixels alone, with the caption as what is heard where it cannot be seen."""

from __future__ import annotations

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.photos import Photo
from baksos_eval.report import inline
from baksos_eval.report.content import Figure
from baksos_eval.report.text import Catalogue, words

WIDEST_CM, TALLEST_CM = 13.0, 9.5
"""Two photos with their captions fit on a page."""


def photos(a: Activities) -> tuple[Figure, ...]:
    """Every photo that may be shown, in the sheet's order."""
    c = words(a.study.language)
    return tuple(_figure(photo, number, a, c) for number, photo in enumerate(a.photos.shown if a.photos else (), start=1))


def _figure(photo: Photo, number: int, a: Activities, c: Catalogue) -> Figure:
    caption = inline.escape(photo.caption.rstrip(" ."))
    width = min(WIDEST_CM, TALLEST_CM * photo.picture.width / photo.picture.height)
    where = [inline.escape(part) for part in (photo.place, photo.rt) if part] + ([c.date(photo.date)] if photo.date else [])
    notes = [c.text("photos.taken", where=", ".join(where))] if where else []
    notes += [c.text("photos.note_blurred")] if photo.blurred else []
    return Figure(label=f"fig-photo-{number}", caption=caption, alt=c.text("photos.alt_blurred" if photo.blurred else "photos.alt", caption=caption), png=photo.picture.jpeg, svg="",
                  width_cm=width, height_cm=width * photo.picture.height / photo.picture.width, source=c.text("photos.source", year=a.study.year), notes=tuple(notes))
