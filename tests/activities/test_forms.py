"""The forms of logs: every title belongs to one column, and every form is what its records hold."""

from __future__ import annotations

import typing

import pytest

from baksos_eval.activities.aid import AidRow
from baksos_eval.activities.forms import bundled_forms, form_of
from baksos_eval.activities.partners import PartnerRow
from baksos_eval.activities.photos import PhotoRow
from baksos_eval.activities.posts_log import PostRow
from baksos_eval.activities.register import MarkRow, PupilRow
from baksos_eval.intake.text import loosen

RECORDS = {"aid": AidRow, "partners": PartnerRow, "posts": PostRow, "photos": PhotoRow, "tutoring": PupilRow, "marks": MarkRow}


@pytest.mark.parametrize("kind", bundled_forms())
def test_a_title_belongs_to_one_column(kind: str):
    titles = [(loosen(title), field.name) for field in form_of(kind).fields for title in field.titles]
    owners: dict[str, set[str]] = {}
    for title, name in titles:
        owners.setdefault(title, set()).add(name)
    assert {title: names for title, names in owners.items() if len(names) > 1} == {}


@pytest.mark.parametrize("kind", bundled_forms())
def test_a_word_belongs_to_one_choice(kind: str):
    for field in form_of(kind).fields:
        words = [word for choice in field.choices for word in choice.forms if word]
        assert {word for word in words if words.count(word) > 1} == set(), field.name
        assert bool(field.choices) == (field.kind == "choice") or field.open


@pytest.mark.parametrize("kind", bundled_forms())
def test_both_languages_speak(kind: str):
    form = form_of(kind)
    for words in (form.title, form.about, *(words for field in form.fields for words in (field.help, *(choice.label for choice in field.choices)))):
        assert words.id and words.en
        assert words.id != words.en or len(words.id.split()) == 1


@pytest.mark.parametrize("kind", sorted(RECORDS))
def test_a_record_has_a_field_for_every_column(kind: str):
    hints = typing.get_type_hints(RECORDS[kind])
    assert set(hints) == {"where"} | {field.name for field in form_of(kind).fields if field.kind != "contact"}
