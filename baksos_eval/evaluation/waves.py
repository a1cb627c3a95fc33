"""Evaluates one RT over all its waves, where a study measured again after the main comparison."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from baksos_eval.evaluation.results import FEWEST_PAIRS, withhold
from baksos_eval.intake.rt_data import RtData
from baksos_eval.stats import paired, waves
from baksos_eval.study.instrument import Instrument, Scale
from baksos_eval.study.study import Study, Wave


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
