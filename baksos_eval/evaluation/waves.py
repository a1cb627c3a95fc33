"""Evaluates one RT over all its waves, where a study measured again after the main comparison; and what the RTs say together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from baksos_eval.evaluation.results import FEWEST_PAIRS, withhold
from baksos_eval.intake.rt_data import RtData
from baksos_eval.stats import multiplicity, paired, several, waves
from baksos_eval.study.instrument import Instrument, Scale
from baksos_eval.study.study import Study, Wave

if TYPE_CHECKING:
    from baksos_eval.evaluation.rt_summary import RtSummary


@dataclass(frozen=True)
class WaveResult:
    """One scale over all waves, among the people who have a score in every one of them.

    Attributes:
        waves: their names, in order.
        answered: how many people have a score in each.
        n: how many have one in all.
        means: one a wave.
        changes: every two waves, earlier to later (numbers of waves from 0), p adjusted over the pairs (Holm).
    """

    scale: Scale
    waves: tuple[Wave, ...]
    answered: tuple[int, ...]
    n: int
    means: tuple[waves.WaveMean, ...]
    changes: tuple[waves.WavePair, ...]
    friedman: waves.Friedman
    repeated_measures: waves.RepeatedMeasures

    @property
    def shown(self) -> bool:
        """Whether enough people answered in all waves for anything but counts."""
        return self.n >= FEWEST_PAIRS

    @property
    def name(self) -> str:
        """``instrument.scale``: the scale's name in the ledger."""
        return f"{self.scale.instrument}.{self.scale.id}"


@dataclass(frozen=True)
class PooledPair:
    """The change between two waves (numbers from 0) over RTs; ``p_holm`` is adjusted over the pairs of waves."""

    first: int
    second: int
    pooled: several.Pooled
    rt_means: several.RtMeans
    p_holm: float


@dataclass(frozen=True)
class WaveSummary:
    """One scale over all waves and all RTs; ``results`` has one entry for each of ``rts``, ``pairs`` one for every two waves."""

    scale: Scale
    waves: tuple[Wave, ...]
    rts: tuple[str, ...]
    results: tuple[WaveResult, ...]
    pairs: tuple[PooledPair, ...]

    @property
    def shown(self) -> tuple[tuple[str, WaveResult], ...]:
        """The RTs with enough people for anything but counts."""
        return tuple((rt, result) for rt, result in zip(self.rts, self.results, strict=True) if result.shown)

    @property
    def name(self) -> str:
        return f"{self.scale.instrument}.{self.scale.id}"


def summarise_waves(rts: Iterable[RtSummary], confidence: float) -> tuple[WaveSummary, ...]:
    """Each scale over all waves of these RTs; the RT is the unit, as in the main comparison. Nothing for a study of two waves."""
    told = list(rts)
    names = tuple(one.rt for one in told)
    return tuple(_summarise_scale(names, results, confidence) for results in zip(*(one.waves for one in told), strict=True))


def _summarise_scale(rts: tuple[str, ...], results: tuple[WaveResult, ...], confidence: float) -> WaveSummary:
    pairs = [_pool_pair([result.changes[place] for result in results if result.shown], pair, confidence) for place, pair in enumerate(results[0].changes)]
    adjusted = multiplicity.holm([pair.pooled.p for pair in pairs])
    return WaveSummary(results[0].scale, results[0].waves, rts, results, tuple(replace(pair, p_holm=float(p)) for pair, p in zip(pairs, adjusted, strict=True)))


def _pool_pair(changes: list[waves.WavePair], pair: waves.WavePair, confidence: float) -> PooledPair:
    means = [change.result.change for change in changes]
    variances = [change.result.sd_change**2 / change.result.n for change in changes]
    return PooledPair(pair.first, pair.second, several.pool(means, variances, confidence), several.rt_means_test(means, confidence), math.nan)


def evaluate_waves(data: RtData, study: Study) -> tuple[WaveResult, ...]:
    """One result for each scale of a study with waves after the main comparison; none for a study of two waves."""
    if not study.later_waves:
        return ()
    return tuple(_evaluate_scale(data, study, instrument, scale) for instrument in study.questionnaires for scale in instrument.scales)


def _evaluate_scale(data: RtData, study: Study, instrument: Instrument, scale: Scale) -> WaveResult:
    table = np.column_stack([data.scores[wave][instrument.id][scale.id].to_numpy(float) for wave in study.waves])
    complete = table[~np.isnan(table).any(axis=1)]
    complete = complete[np.lexsort(complete.T[::-1])]      # so that sums do not depend on who comes first
    compare = partial(paired.mean_change, confidence=study.analysis.confidence)
    result = WaveResult(
        scale=scale,
        waves=study.waves,
        answered=tuple(int(count) for count in (~np.isnan(table)).sum(axis=0)),
        n=len(complete),
        means=tuple(waves.wave_means(complete, study.analysis.confidence)),
        changes=tuple(waves.compare_waves(complete, compare)),
        friedman=waves.friedman(complete),
        repeated_measures=waves.repeated_measures(complete),
    )
    return result if result.shown else _counts_only(result)


def _counts_only(result: WaveResult) -> WaveResult:
    changes = tuple(withhold(pair)._replace(result=withhold(pair.result)) for pair in result.changes)
    return replace(result, means=tuple(map(withhold, result.means)), changes=changes, friedman=withhold(result.friedman),
                   repeated_measures=withhold(result.repeated_measures))
