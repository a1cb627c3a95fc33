"""Words about aid: kinds, target groups, ways and units by their names, and rupiah as people write them."""

from __future__ import annotations

import math

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.aid import NOT_SAID, SEVERAL
from baksos_eval.activities.amounts import UNITS
from baksos_eval.activities.forms import form_of
from baksos_eval.report import inline
from baksos_eval.report.text import NOTHING, Catalogue


def kind_name(key: str, c: Catalogue) -> str:
    """A kind of aid by its name; a word of the log's own as it stands there."""
    return inline.escape(form_of("aid").label("kind", key, c.language)) if key else c.text("aid.no_kind")


def group_name(key: str, c: Catalogue) -> str:
    """A target group by its name."""
    return c.text(f"aid.group.{key}") if key in (SEVERAL, NOT_SAID) else inline.escape(form_of("aid").label("group", key, c.language))


def way_name(key: str, c: Catalogue) -> str:
    """A way of handing over by its name."""
    return form_of("aid").label("way", key, c.language) if key else c.text("aid.no_way")


def unit_name(key: str, c: Catalogue) -> str:
    """A unit by its name; a word of the log's own as it stands there."""
    return c.text(f"unit_word.{key}") if key in UNITS else inline.escape(key) or NOTHING


def rupiah(value: float, c: Catalogue) -> str:
    """``Rp1.250.000``; decimals only where there are any."""
    if math.isnan(value):
        return NOTHING
    return f"Rp{c.number(value, 0 if value == round(value) else 2)}"


def amount(value: float, c: Catalogue) -> str:
    """A quantity without needless decimals."""
    return NOTHING if math.isnan(value) else c.number(value, 0 if value == round(value) else 2)


def place_name(a: Activities, c: Catalogue) -> str:
    """Where this is about: the RT, or the whole programme."""
    return inline.escape(a.rt) or c.text("aid.programme")
