"""What posts, partners and elements of satisfaction are called: days, formats, topics, partners by their office."""

from __future__ import annotations

from datetime import date

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.forms import form_of
from baksos_eval.activities.partners import PERSONS, Partner
from baksos_eval.activities.posts import Post
from baksos_eval.activities.satisfaction import Element, Satisfaction
from baksos_eval.report import inline
from baksos_eval.report.text import NOTHING, Catalogue


def day(value: date | None) -> str:
    """A day for a cell: ``14/08/2021``."""
    return f"{value:%d/%m/%Y}" if value else NOTHING


def format_name(key: str, c: Catalogue) -> str:
    """The name of a format of posts; a dash where it is unknown."""
    return form_of("posts").label("format", key, c.language) if key else NOTHING


def topic_name(key: str, a: Activities, c: Catalogue) -> str:
    """What the study calls a topic."""
    log = a.study.activities.posts
    topic = log.topics.get(key) if log else None
    return inline.escape(topic.label[c.language] if topic else key)


def post_name(post: Post, a: Activities, c: Catalogue) -> str:
    """The post's title; without one its topics, and without these its number. Captions are never shown."""
    if post.title:
        return inline.escape(post.title)
    return c.listing(topic_name(key, a, c) for key in post.topics) or c.text("posts.unnamed", number=post.number)


def partner_name(partner: Partner, c: Catalogue) -> str:
    """A partner by its office and RT, an institution by its name."""
    form = form_of("partners")
    if partner.institution:
        return inline.escape(partner.institution)
    own = form.field("kind").choice(partner.kind)
    kind = own.label[c.language] if own else inline.escape(partner.kind)
    if not partner.rt:
        return kind[:1].upper() + kind[1:]
    if partner.kind in PERSONS:
        return c.text(f"partners.of_rt.{partner.kind}", rt=inline.escape(partner.rt))
    return c.text("partners.in_rt", kind=kind[:1].upper() + kind[1:], rt=inline.escape(partner.rt))


def choice_name(field: str, key: str, c: Catalogue) -> str:
    """What a role or a contribution is called."""
    return inline.escape(form_of("partners").label(field, key, c.language)) if key else NOTHING


def element_name(found: Satisfaction, element: Element, c: Catalogue) -> str:
    """The element as the questionnaire names it: its dimension where each item has one of its own, else its wording."""
    dimensions = {dimension.id: dimension.label for dimension in found.instrument.dimensions}
    own = [item.dimension for item in found.instrument.items]
    if element.item.dimension and len(set(own)) == len(own):
        return inline.escape(dimensions[element.item.dimension][c.language])
    return inline.escape(element.item.shown[c.language])
