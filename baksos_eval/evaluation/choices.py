"""Evaluates questions with several answers at once: each option by itself, never a score."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from baksos_eval.intake.rt_data import RtData
from baksos_eval.stats import items, multiplicity, unpaired
from baksos_eval.stats.small_numbers import FEWEST_PAIRS, withhold
from baksos_eval.study.instrument import Instrument, MultipleChoice, Option
from baksos_eval.study.study import WAVES, Study


@dataclass(frozen=True)
class OptionResult:
    """One option: how many chose it before and after, and whether that changed.

    ``changed`` and ``proportion`` (paired) are the four-cell table with McNemar's test and the difference of shares;
    ``share`` (anonymous) is the difference of shares with Fisher's test. ``p_holm`` is adjusted over the question's options.
    Counts are ``None`` where too few people answered.
    """

    option: Option
    pre: int | None
    post: int | None
    changed: items.McNemar | None
    proportion: items.ProportionChange | None
    share: unpaired.ShareDifference | None
    p: float
    p_holm: float


@dataclass(frozen=True)
class ChoiceResult:
    """One question with several answers, among the people who answered it on both sides (or on each side, in an anonymous study)."""

    question: MultipleChoice
    instrument: str
    n_pre: int
    n_post: int
    options: tuple[OptionResult, ...]

    @property
    def shown(self) -> bool:
        """Whether there are enough people for anything but their number."""
        return min(self.n_pre, self.n_post) >= FEWEST_PAIRS


def evaluate_choices(data: RtData, study: Study) -> tuple[ChoiceResult, ...]:
    """A result for each question with several answers that the study's questionnaires have."""
    return tuple(_question(data, instrument, question, study) for instrument in study.questionnaires for question in instrument.multiple)


def _question(data: RtData, instrument: Instrument, question: MultipleChoice, study: Study) -> ChoiceResult:
    answers = [data.choices[wave][question.id].to_numpy(dtype=float) for wave in WAVES]
    known = [~np.isnan(ticks).any(axis=1) for ticks in answers]
    if not study.is_anonymous:
        known = [known[0] & known[1]] * 2
    pre, post = (ticks[rows] for ticks, rows in zip(answers, known, strict=True))
    enough = min(len(pre), len(post)) >= FEWEST_PAIRS
    found = []
    for place, option in enumerate(question.options):
        before, after = pre[:, place], post[:, place]
        if study.is_anonymous:
            tests = {"changed": None, "proportion": None, "share": unpaired.share_difference(np.sort(before), np.sort(after), study.analysis.confidence)}
            p = tests["share"].p
        else:
            tests = {"changed": items.mcnemar(before, after), "proportion": items.proportion_change(before, after, study.analysis.confidence), "share": None}
            p = tests["changed"].p_mid
        if not enough:
            tests = {name: None if name == "changed" else leaf and withhold(leaf) for name, leaf in tests.items()}
        found.append({"option": option, "pre": int(before.sum()) if enough else None, "post": int(after.sum()) if enough else None, "p": p if enough else math.nan, **tests})
    adjusted = multiplicity.holm([entry["p"] for entry in found])
    return ChoiceResult(question, instrument.id, len(pre), len(post), tuple(OptionResult(**entry, p_holm=float(p_holm)) for entry, p_holm in zip(found, adjusted, strict=True)))
