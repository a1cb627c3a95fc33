"""Satisfaction of partners and residents from one questionnaire, asked once: the IKM of PermenPANRB 14/2017, or achievement and top box."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from baksos_eval.activities.notes import NoteReader
from baksos_eval.errors import BaksosError, Finding, Severity, Where
from baksos_eval.intake.redaction import identities_of, without_identities
from baksos_eval.intake.responses import Responses, as_finding, read_responses
from baksos_eval.intake.scoring import option_numbers, read_answers, score_items
from baksos_eval.intake.text import fold, quote
from baksos_eval.stats import categories, ratings
from baksos_eval.stats.result import Reason
from baksos_eval.stats.suppression import FEWEST, suppress
from baksos_eval.stats.waves import WaveMean, wave_means
from baksos_eval.study.activities import SatisfactionSurvey
from baksos_eval.study.instrument import Instrument, Item, load_instrument
from baksos_eval.study.study import Columns, Source, Study

FEW = 30
"""With fewer answers the index is shown with a warning: one person moves it by more than a point."""

ELEMENTS = 9
"""Elements of service (*unsur*) that PermenPANRB 14/2017 names."""

_GROUP = "group"


class ElementScore(NamedTuple):
    """What people think of one element: mean rating (NRR), its weighted share of the index, and the index of its own."""

    n: int
    mean: float
    weighted: float
    percent: float
    satisfied: float
    note: str = ""


@dataclass(frozen=True)
class Element:
    """One statement with its score, and how many people chose each option, in the instrument's order; neither where fewer than five answered it."""

    item: Item
    score: ElementScore
    answers: Mapping[str, int]


@dataclass(frozen=True)
class SatisfactionOf:
    """What one group of people think; ``group`` is empty for everybody.

    Attributes:
        n: how many answered at least one statement.
        complete: how many answered all.
        elements: one per statement, in the questionnaire's order.
        ikm: the public satisfaction index; only where the survey asks for it.
        achievement: points reached in per cent of the highest possible (TCR).
        top: share of all answers above the middle of the scale.
        persons: mean and interval of the persons' own index, over those who answered everything.
        band: the category of the index.
    """

    group: str
    n: int
    complete: int
    elements: tuple[Element, ...] = ()
    ikm: ratings.Ikm | None = None
    achievement: ratings.Index | None = None
    top: ratings.TopBox | None = None
    persons: WaveMean | None = None
    band: str = ""

    @property
    def shown(self) -> bool:
        """Whether enough people answered for anything but their number."""
        return self.n >= FEWEST

    @property
    def index(self) -> float:
        """The figure that the survey is about: the IKM, or the achievement; nan where there is none."""
        if self.ikm is not None:
            return self.ikm.index
        return self.achievement.percent if self.achievement else math.nan

    @property
    def note(self) -> str:
        """Why there is no index."""
        leaf = self.ikm or self.achievement
        return leaf.note if leaf else Reason.TOO_FEW


@dataclass(frozen=True)
class Satisfaction:
    """The result of one survey.

    Attributes:
        survey: what the study says about it.
        instrument: the questionnaire.
        all: over everybody.
        groups: each group for itself, in the order of the study (or of their names); without its size where that must not be shown.
        findings: what is wrong with the answers.
        without_answers: questionnaires in which nothing was answered, or whose person did not agree.
        contacts: values that identify people; they stay in memory.
    """

    survey: SatisfactionSurvey
    instrument: Instrument
    all: SatisfactionOf
    groups: tuple[SatisfactionOf, ...] = ()
    findings: tuple[Finding, ...] = ()
    without_answers: int = 0
    contacts: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def preset(self) -> str:
        """The bands that the index is read by."""
        return self.survey.bands or ("ikm" if self.survey.method == "ikm" else "tcr_a")


def read_satisfaction(study: Study, survey: SatisfactionSurvey) -> Satisfaction:
    """The satisfaction that a survey of the study found; faults in its file are findings, and then nothing is computed.

    Raises:
        BaksosError: as :func:`~baksos_eval.study.instrument.load_instrument`.
    """
    instrument = load_instrument(survey.instrument, study.folder)
    findings = list(_unsuited(survey, instrument))
    nothing = SatisfactionOf("", 0, 0)
    try:
        asked = _as_study(study, survey)
        responses = read_responses(asked)
    except BaksosError as error:
        return Satisfaction(survey, instrument, nothing, (), (*findings, as_finding(error, Where(survey.file, survey.sheet))))
    findings += (replace(finding, rt="") for finding in without_identities(responses.findings, asked, responses))
    if any(finding.fatal for finding in findings):
        return Satisfaction(survey, instrument, nothing, (), tuple(findings), contacts=responses.contacts)
    frame = responses.frame[responses.frame["consent"].to_numpy(dtype=bool)].reset_index(drop=True)
    headers = {(file, sheet): columns for (file, sheet, _), columns in responses.headers.items()}
    codes, faults = read_answers(frame, instrument, asked.answers, headers, "", study.language, responses.private)
    findings += without_identities(faults, asked, responses)
    answered = codes.notna().to_numpy().any(axis=1)
    codes = codes[answered].reset_index(drop=True)
    names = _groups(frame, answered, asked, responses)
    of = {name: [place for place, group in enumerate(names) if group == name] for name in _in_order(survey, names)}
    shown = shown_groups({name: len(rows) for name, rows in of.items()}, len(names))
    groups = tuple(satisfaction_of(name, codes.iloc[rows], instrument, survey, study.analysis.confidence) if name in shown else SatisfactionOf(name, 0, 0) for name, rows in of.items())
    return Satisfaction(survey, instrument, satisfaction_of("", codes, instrument, survey, study.analysis.confidence), groups, tuple(findings),
                        len(responses.frame) - int(answered.sum()), responses.contacts)


def satisfaction_of(group: str, codes: pd.DataFrame, instrument: Instrument, survey: SatisfactionSurvey, confidence: float = 0.95) -> SatisfactionOf:
    """What the people of one group think.

    Per element ``NRR = sum of ratings / people who rated it``; its weighted share is ``NRR / k`` with k elements, and
    the index ``25 x sum of NRR / k`` (:func:`baksos_eval.stats.ratings.ikm`). The interval is the t interval of the
    persons' own index (their mean rating in the unit of the index) over those who answered everything: it says how far
    the index could be off if they were drawn at random from all who could have answered.

    Sources: Peraturan Menteri PANRB 14/2017, attachment; Student (1908), Biometrika 6:1-25.

    Args:
        group: its name; empty for everybody.
        codes: option codes, a row per person and a column per item.
        instrument: the questionnaire.
        survey: which figures are asked for.
        confidence: of the interval.

    Returns:
        :class:`SatisfactionOf`; with fewer than :data:`FEWEST` people nothing but their number.
    """
    scores = score_items(codes, instrument)
    table = scores.to_numpy(dtype=float)
    there = ~np.isnan(table)
    n, complete = int(there.any(axis=1).sum()), int(there.all(axis=1).sum())
    if n < FEWEST:
        return SatisfactionOf(group, n, complete)
    low, high = instrument.item_range
    middle = (low + high) / 2
    unit = ratings.IKM_TO_PERCENT if survey.method == "ikm" else 100 / high
    numbers = option_numbers(codes, instrument)
    elements = []
    for place, item in enumerate(instrument.items):
        column = table[:, place]
        mean = ratings.element_means(column[:, None])[0]
        satisfied = ratings.top_box(column, np.nextafter(middle, np.inf))
        if satisfied.n < FEWEST:
            elements.append(Element(item, ElementScore(satisfied.n, *[math.nan] * 4, Reason.TOO_FEW), {}))
            continue
        score = ElementScore(satisfied.n, mean, mean / len(instrument.items), unit * mean, satisfied.share)
        counts = {option.code: int((numbers[:, place] == number).sum()) for number, option in enumerate(instrument.options)}
        elements.append(Element(item, score, counts))
    index = ratings.ikm(table) if survey.method == "ikm" else None
    achievement = ratings.index_percent(table, high)
    persons = _bounded(wave_means(unit * table[there.all(axis=1)].mean(axis=1, keepdims=True), confidence)[0] if complete else WaveMean(0, *[math.nan] * 4, Reason.NO_DATA),
                       unit * low, unit * high)
    preset = survey.bands or ("ikm" if survey.method == "ikm" else "tcr_a")
    value = index.index if index else achievement.percent
    band = categories.classify([value], preset)[0] or ""
    return SatisfactionOf(group, n, complete, tuple(elements), index, achievement, ratings.top_box(table.ravel(), np.nextafter(middle, np.inf)), persons, band)


def shown_groups(sizes: Mapping[str, int], people: int) -> frozenset[str]:
    """The groups whose figures may be shown beside those of everybody without giving away a group of 1 to 4 people.

    Those who name no group are one more group, which no table has.

    >>> sorted(shown_groups({"a": 12, "b": 7, "c": 3}, 22)), sorted(shown_groups({"a": 12, "b": 7}, 19))
    (['a'], ['a', 'b'])
    """
    names = [*sizes, ""]
    table = suppress([[sizes.get(name, people - sum(sizes.values()))] for name in names])
    return frozenset() if table is None else frozenset(name for name, (count,) in zip(names, table, strict=False) if name and count is not None and count >= FEWEST)


def bands_within(result: SatisfactionOf, preset: str) -> tuple[str, ...]:
    """The bands that the interval of the index reaches, from the lowest; only the index's own where there is no interval."""
    if result.persons is None or math.isnan(result.persons.low):
        return (result.band,) if result.band else ()
    keys = categories.find(preset).keys
    low, high = categories.classify([result.persons.low, result.persons.high], preset)
    return keys[keys.index(low):keys.index(high) + 1] if low and high else ()


def _bounded(mean: WaveMean, low: float, high: float) -> WaveMean:
    """The interval without what no rating can reach."""
    return mean._replace(low=max(mean.low, low), high=min(mean.high, high)) if not math.isnan(mean.low) else mean


def _unsuited(survey: SatisfactionSurvey, instrument: Instrument) -> Iterable[Finding]:
    """What keeps the questionnaire from being read as the survey asks."""
    where = (Where(survey.file, survey.sheet),)
    if instrument.kind != "rating":
        yield Finding("satisfaction_not_ratings", Severity.FATAL, where=where, details={"instrument": instrument.id})
    elif survey.method == "ikm" and sorted(option.value or 0 for option in instrument.options) != [1, 2, 3, 4]:
        yield Finding("satisfaction_not_four_points", Severity.FATAL, where=where,
                      details={"instrument": instrument.id, "values": tuple(f"{option.value:g}" for option in instrument.options if option.value is not None)})
    elif survey.method == "ikm" and len(instrument.items) != ELEMENTS:
        yield Finding("satisfaction_elements", Severity.NOTE, len(instrument.items), where, details={"instrument": instrument.id, "elements": ELEMENTS})


def _as_study(study: Study, survey: SatisfactionSurvey) -> Study:
    """The survey as a study of its own: one file, one wave, people whom nobody pairs."""
    columns = Columns(consent=survey.consent, profile={_GROUP: survey.group} if survey.group else {})
    source = Source(file=survey.file, sheet=survey.sheet, header_row=survey.header_row, rt="-", wave="post", items=survey.items)
    answers = study.answers.model_copy(update={"pairing": "anonymous", "review": "", "unreadable": "blank"})
    return Study(folder=study.folder, id=study.id, title=study.title, language=study.language, year=study.year, instruments=(survey.instrument,), rt_names=study.rt_names,
                 columns=columns, answers=answers, files=(source,))


def _groups(frame: pd.DataFrame, answered: np.ndarray, asked: Study, responses: Responses) -> list[str]:
    """The group each person who answered belongs to, as the file names it and safe to show; ``""`` where it does not say."""
    if f"profile.{_GROUP}" not in frame:
        return [""] * int(answered.sum())
    notes = NoteReader(identities_of(asked, responses), responses.contacts)
    first: dict[str, str] = {}
    names = []
    for text in frame[f"profile.{_GROUP}"].astype(object)[answered]:
        shown = quote(notes.note(text))
        names.append(first.setdefault(fold(shown), shown))
    return names


def _in_order(survey: SatisfactionSurvey, names: Sequence[str]) -> list[str]:
    """The groups that answered, those the study names first; without two of them there is nothing to tell apart."""
    found = {fold(name): name for name in names if name}
    wanted = [found.pop(fold(group)) for group in survey.groups if fold(group) in found]
    ordered = [*wanted, *sorted(found.values())]
    return ordered if len(ordered) > 1 else []
