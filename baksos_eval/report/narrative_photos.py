"""Sentences about the photos: how many are shown, why others are not, and what was left behind."""

from __future__ import annotations

from collections import Counter

from baksos_eval.activities.activities import Activities
from baksos_eval.report.content import Text
from baksos_eval.report.text import words


def photos(a: Activities) -> tuple[Text, ...]:
    """How many photos are shown, why others are not, and what was left behind; a sentence where there are no photos."""
    c = words(a.study.language)
    found = a.photos
    if found is None or not found.count:
        return (Text(c.text("photos.none")),)
    key = "lead_none" if not found.shown else "lead" if found.kept_back else "lead_all"
    said = [c.text(f"photos.{key}", shown=len(found.shown), count=found.count)]
    reasons: Counter[str] = Counter()
    for counts in found.reasons.values():
        reasons.update(counts)
    if reasons:
        said.append(c.text("photos.kept_back", reasons=c.listing(c.text("photos.reason", count=count, why=c.text(f"photos.why.{code}")) for code, count in reasons.items())))
    if blurred := sum(photo.blurred > 0 for photo in found.shown):
        said.append(c.text("photos.blurred", count=blurred))
    return (Text(" ".join([*said, *([c.text("photos.clean")] if found.shown else [])])),)
