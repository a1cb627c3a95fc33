"""Who answered: the people by sex, age group, education and whatever else the study describes them by."""

from __future__ import annotations

from baksos_eval.evaluation.profile import Characteristic
from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report.content import Table
from baksos_eval.report.designs import unless_anonymous
from baksos_eval.report.people import HIDDEN, characteristic_name, group_name
from baksos_eval.report.tables.building import build
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.stats.suppression import FEWEST


def _apart(e: Evaluation) -> Table | None:
    """The same of an anonymous study, before and after side by side."""
    if not e.profile_apart:
        return None
    c = words(e.study.language)
    rows = [[characteristic_name(one, c) if place == 0 else "", group_name(group, c), *_count_and_share(group.pre, one.n_pre, c), *_count_and_share(group.post, one.n_post, c)]
            for one in e.profile_apart for place, group in enumerate(one.groups)]
    hidden = any(characteristic.hides for characteristic in e.profile_apart)
    return build(e.study, c, "profile", rows, [("characteristic", "left", 2.2), ("people_group", "left", 2.4), *[("f", "right", 0.8), ("percent", "right", 1.0)] * 2],
                 spanners=[("pre", 2, 3), ("post", 4, 5)], notes=[c.text("profile.note_hidden", mark=HIDDEN, most=FEWEST - 1)] if hidden else (), rt=e.rt)


@unless_anonymous(_apart)
def profile(e: Evaluation) -> Table | None:
    """The people analysed, by characteristic; small numbers are hidden. ``None`` when the study declares no profile or people are too few."""
    if not e.profile:
        return None
    c = words(e.study.language)
    sexes = next((characteristic.sexes for characteristic in e.profile if characteristic.sexes), ())
    rows = [row for characteristic in e.profile for row in _rows(characteristic, sexes, c)]
    columns = [("characteristic", "left", 2.2), ("people_group", "left", 2.4), ("f", "right", 0.8), ("percent", "right", 1.0), *((sex, "right", 1.0) for sex in sexes)]
    hidden = any(characteristic.hides for characteristic in e.profile)
    return build(e.study, c, "profile", rows, columns, spanners=[("by_sex", 4, 3 + len(sexes))] if sexes else (),
                 notes=[c.text("profile.note_hidden", mark=HIDDEN, most=FEWEST - 1)] if hidden else (), rt=e.rt)


def _rows(characteristic: Characteristic, sexes: tuple[str, ...], c: Catalogue) -> list[list[str]]:
    rows = []
    for place, group in enumerate(characteristic.groups):
        by_sex = [_count(count) for count in group.by_sex] if characteristic.sexes else [NOTHING] * len(sexes)
        rows.append([characteristic_name(characteristic, c) if place == 0 else "", group_name(group, c), *_count_and_share(group.count, characteristic.n, c), *by_sex])
    return rows


def _count_and_share(count: int | None, n: int, c: Catalogue) -> tuple[str, str]:
    return _count(count), HIDDEN if count is None else c.percent(count / n)


def _count(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
