"""Tests the instruments of a study over all people of all RTs, since one RT has too few for reliability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.instrument_study import (
    ExpertItem,
    ExpertJudgement,
    InstrumentResult,
    InstrumentStudy,
    ItemAgreement,
    ItemWorth,
    RaschResult,
    ScaleWorth,
    WaveEnds,
    WaveWorth,
)
from baksos_eval.evaluation.results import FEWEST_PAIRS, Missing, withhold
from baksos_eval.intake.experts import Ratings, read_experts
from baksos_eval.intake.intake import list_rts, prepare
from baksos_eval.intake.rt_data import RtData
from baksos_eval.stats import group_agreement, items, paired, rasch, ratings, reliability
from baksos_eval.stats.result import Reason
from baksos_eval.stats.samples import Values, is_constant
from baksos_eval.study.instrument import Instrument, Item, Scale
from baksos_eval.study.study import WAVES, Study, Wave


class _Answers(NamedTuple):
    """Everybody's item scores in one wave (people x items of the instrument, ``nan`` where missing) and their RTs."""

    scores: Values
    rts: tuple[str, ...]

    def columns(self, instrument: Instrument, wanted: Sequence[str]) -> Values:
        places = {item.id: place for place, item in enumerate(instrument.items)}
        return self.scores[:, [places[item] for item in wanted]]


def evaluate_instruments(study: Study) -> InstrumentStudy:
    """The test of every instrument over the RTs whose data can be used; the others are listed with their findings.

    Raises:
        BaksosError: ``no_answers_at_all`` when no RT can be used, with every fatal finding; or what reading the study raises.
    """
    data, missing = _prepare_all(study)
    if not data:
        raise BaksosError("no_answers_at_all", findings=[finding for lost in missing for finding in lost.findings if finding.fatal])
    experts, noticed = read_experts(study)
    results = tuple(_evaluate(instrument, data, experts.get(instrument.id), study) for instrument in study.questionnaires)
    return InstrumentStudy(study, tuple(rt.rt for rt in data), missing, noticed, results)


def _prepare_all(study: Study) -> tuple[list[RtData], tuple[Missing, ...]]:
    data, missing = [], []
    for rt in list_rts(study):
        try:
            data.append(prepare(study, rt))
        except BaksosError as error:
            missing.append(Missing(rt, error.code, error.findings))
    return data, tuple(missing)


def _evaluate(instrument: Instrument, data: Sequence[RtData], judged: Ratings | None, study: Study) -> InstrumentResult:
    confidence = study.analysis.confidence
    answers = {wave: _gather(data, wave, instrument) for wave in study.waves}
    shown = [wave for wave in study.waves if wave in WAVES or not np.isnan(answers[wave].scores).all()]
    return InstrumentResult(
        instrument=instrument,
        waves=tuple(_evaluate_wave(wave, answers[wave], instrument, [rt.rt for rt in data], confidence) for wave in shown),
        experts=_judge(judged, instrument, confidence) if judged else None,
        rasch=_fit(answers, confidence) if instrument.kind == "knowledge" else None,
    )


def _gather(data: Sequence[RtData], wave: Wave, instrument: Instrument) -> _Answers:
    wanted = [item.id for item in instrument.items]
    tables = [rt.items[wave][instrument.id][wanted].to_numpy(dtype=float) for rt in data]
    return _Answers(np.concatenate(tables), tuple(rt.rt for rt, table in zip(data, tables, strict=True) for _ in range(len(table))))


def _evaluate_wave(wave: Wave, answers: _Answers, instrument: Instrument, rts: Sequence[str], confidence: float) -> WaveWorth:
    answered = ~np.isnan(answers.scores)
    whole = answered.all(axis=1)
    complete = answers.scores[whole]
    of_rt = [rt for rt, kept in zip(answers.rts, whole, strict=True) if kept]
    return WaveWorth(
        wave=wave,
        n=int(whole.sum()),
        incomplete=int((answered.any(axis=1) & ~whole).sum()),
        persons={rt: of_rt.count(rt) for rt in rts},
        scales=tuple(_evaluate_scale(answers.columns(instrument, scale.items), instrument, scale, confidence) for scale in instrument.scales),
        items=_evaluate_items(answers, instrument, confidence),
        constant=tuple(item.id for item, column in zip(instrument.items, complete.T, strict=True) if len(complete) > 1 and is_constant(column)),
        agreement=_agreement(answers, instrument, confidence),
    )


def _evaluate_scale(scores: Values, instrument: Instrument, scale: Scale, confidence: float) -> ScaleWorth:
    complete = reliability.complete_rows(scores)
    alpha, omega = reliability.cronbach_alpha(complete, confidence), reliability.omega_total(complete)
    ends = _ends(complete, instrument, scale)
    if len(complete) < FEWEST_PAIRS:
        alpha, omega, ends = withhold(alpha), withhold(omega), withhold(ends)
    return ScaleWorth(scale, alpha, omega, reliability.critical_r(len(complete)), ends)


def _ends(complete: Values, instrument: Instrument, scale: Scale) -> WaveEnds:
    if not len(complete):
        return WaveEnds(0, math.nan, math.nan, str(Reason.NO_DATA))
    shares = [float(np.isclose(complete, end).all(axis=1).mean()) for end in instrument.item_range]
    return WaveEnds(len(complete), *(shares if scale.direction == "up" else shares[::-1]))


def _evaluate_items(answers: _Answers, instrument: Instrument, confidence: float) -> tuple[ItemWorth, ...]:
    """Each item within the total, or within its dimension where there is no total; an item of no scale has nothing to be compared with."""
    homes = [instrument.scales[0]] if instrument.scoring.total else instrument.scales
    found: dict[str, ItemWorth] = {}
    for home in homes:
        complete = reliability.complete_rows(answers.columns(instrument, home.items))
        enough, critical = len(complete) >= FEWEST_PAIRS, reliability.critical_r(len(complete))
        knowledge = instrument.kind == "knowledge"
        rows = zip(home.items, reliability.item_reliability(complete), items.item_quality(complete) if knowledge else [None] * len(home.items), complete.T, strict=True)
        for item_id, worth, quality, column in rows:
            right = items.right_share(column, confidence) if knowledge else None
            leaves = [worth, quality, right] if enough else [None if leaf is None else withhold(leaf) for leaf in (worth, quality, right)]
            found[item_id] = ItemWorth(instrument.item(item_id), home.id, critical, *leaves)
    alone = reliability.ItemReliability(0, math.nan, math.nan, math.nan, str(Reason.TOO_FEW_ITEMS))
    return tuple(found.get(item.id) or ItemWorth(item, "", reliability.critical_r(0), alone, None, None) for item in instrument.items)


def _agreement(answers: _Answers, instrument: Instrument, confidence: float) -> tuple[ItemAgreement, ...]:
    """Items about the RT as a whole, each by itself; then the mean of them all, for the people who answered them all."""
    about = [item for item in instrument.items if item.level == "rt" and instrument.kind == "rating"]
    if not about:
        return ()
    low, high = instrument.item_range
    options = len({option.value for option in instrument.options if option.value is not None})
    columns = answers.columns(instrument, [item.id for item in about])

    def between(values: Values) -> group_agreement.IntraclassCorrelation:
        return _unless_few(group_agreement.intraclass_correlation(values, answers.rts, confidence))

    single: list[ItemAgreement] = [
        ItemAgreement(item, between(column), group_agreement.within_agreement(column, answers.rts, low, high, options, FEWEST_PAIRS))
        for item, column in zip(about, columns.T, strict=True)]
    return (*single, ItemAgreement(None, between(columns.mean(axis=1)), None)) if len(about) > 1 else tuple(single)


def _unless_few(found: group_agreement.IntraclassCorrelation) -> group_agreement.IntraclassCorrelation:
    return found if found.n >= FEWEST_PAIRS else withhold(found)


def _judge(judged: Ratings, instrument: Instrument, confidence: float) -> ExpertJudgement:
    source, table = judged.source, judged.table
    columns: list[tuple[Item, Values]] = [(item, table[item.id].to_numpy(dtype=float)) for item in instrument.items]
    return ExpertJudgement(
        experts=len(table), lowest=source.lowest, highest=source.highest, threshold=source.threshold,
        items=tuple(ExpertItem(item, ratings.aiken_v(column, source.lowest, source.highest, confidence), ratings.content_validity(column, source.threshold))
                    for item, column in columns),
        scale=ratings.scale_content_validity(table.to_numpy(dtype=float), source.threshold),
    )


def _fit(answers: Mapping[Wave, _Answers], confidence: float) -> RaschResult:
    """The model of both waves of the same people, or else of one wave, if enough people answered everything."""
    pre, post = answers["pre"].scores, answers["post"].scores
    both = ~np.isnan(pre).any(axis=1) & ~np.isnan(post).any(axis=1)
    pairs = int(both.sum())
    drift = rasch.difficulty_drift(pre[both], post[both])
    model, change = rasch.logit_change(pre[both], post[both], 2 * rasch.FEWEST_PERSONS, confidence=confidence)
    if not model.fit.note:
        return RaschResult("both", pairs, model, change, drift)
    nobody = paired.mean_change([], [], confidence)._replace(note=model.fit.note if pairs else str(Reason.NOT_PAIRED))
    singles: dict[Wave, rasch.Rasch] = {"pre": rasch.fit_rasch(pre), "post": rasch.fit_rasch(post)}
    for wave, single in singles.items():
        if not single.fit.note:
            return RaschResult(wave, single.fit.n, single, nobody, drift)
    most = max(singles.values(), key=lambda single: single.fit.n)
    return RaschResult("", most.fit.n, most, nobody, drift)
