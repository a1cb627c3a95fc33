"""Evaluates the single items of one instrument in one RT."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from baksos_eval.evaluation.results import FEWEST_PAIRS, ItemResult, withhold
from baksos_eval.intake.rt_data import RtData
from baksos_eval.stats import items, multiplicity, ranks, reliability, square_tables
from baksos_eval.stats.samples import mean
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import Analysis


def evaluate_items(data: RtData, instrument: Instrument, analysis: Analysis) -> list[ItemResult]:
    """One result per item, its p adjusted over the instrument's items (Holm)."""
    worth = {wave: worth_of(data.items[wave][instrument.id], instrument) for wave in ("pre", "post")}
    quality = {wave: quality_of(data.items[wave][instrument.id], instrument) for wave in ("pre", "post")}
    found = []
    for place, item in enumerate(instrument.items):
        scores = [data.items[wave][instrument.id][item.id].to_numpy(float) for wave in ("pre", "post")]
        both = ~np.isnan(scores[0]) & ~np.isnan(scores[1])
        answers = [data.codes[wave][instrument.id][item.id].to_numpy(object)[both] for wave in ("pre", "post")]
        tests = (_test_rights if instrument.kind == "knowledge" else _test_ratings)(scores[0][both], scores[1][both], instrument, analysis)
        found.append(_one(item, instrument, answers, (scores[0][both], scores[1][both]), tests)
                     | {f"worth_{wave}": worth[wave][place] for wave in worth} | {f"quality_{wave}": quality[wave][place] for wave in quality})
    p = [entry["p"] for entry in found]
    return [ItemResult(**entry, p_holm=float(p_holm), p_bh=float(p_bh))
            for entry, p_holm, p_bh in zip(found, multiplicity.holm(p), multiplicity.benjamini_hochberg(p), strict=True)]


def _one(item: Any, instrument: Instrument, answers: list[np.ndarray], scores: tuple[np.ndarray, np.ndarray], tests: dict[str, Any]) -> dict[str, Any]:
    codes = [option.code for option in instrument.options]
    enough = len(scores[0]) >= FEWEST_PAIRS
    counts = [{code: int((given == code).sum()) for code in codes} if enough else {} for given in answers]
    if not enough:
        tests = {name: math.nan if name == "p" else None if leaf is None else withhold(leaf) for name, leaf in tests.items()}
    return dict(item=item, instrument=instrument.id, n=len(scores[0]), pre=counts[0], post=counts[1],
                mean_pre=mean(scores[0]) if enough else math.nan, mean_post=mean(scores[1]) if enough else math.nan, **tests)


def _test_rights(pre: np.ndarray, post: np.ndarray, instrument: Instrument, analysis: Analysis) -> dict[str, Any]:
    right = items.mcnemar(pre, post)
    return {"right": right, "proportion": items.proportion_change(pre, post, analysis.confidence), "signed_rank": None, "homogeneity": None, "p": right.p_mid}


def _test_ratings(pre: np.ndarray, post: np.ndarray, instrument: Instrument, analysis: Analysis) -> dict[str, Any]:
    signed = ranks.signed_rank(pre, post, analysis.zeros)
    values = sorted({option.value for option in instrument.options if option.value is not None})
    table = square_tables.cross_table(pre, post, values)
    return {"right": None, "proportion": None, "signed_rank": signed, "homogeneity": square_tables.ordered_marginal_homogeneity(table, values),
            "marginal": square_tables.stuart_maxwell(table), "symmetry": square_tables.bowker(table), "p": signed.p}


def worth_of(scores: pd.DataFrame, instrument: Instrument) -> tuple[reliability.ItemReliability, ...]:
    """What each item adds to the total in one wave, over the people who answered every item."""
    complete = reliability.complete_rows(scores[[item.id for item in instrument.items]].to_numpy(float))
    found = reliability.item_reliability(complete)
    return found if len(complete) >= FEWEST_PAIRS else tuple(withhold(leaf) for leaf in found)


def quality_of(scores: pd.DataFrame, instrument: Instrument) -> list[items.ItemQuality | None]:
    """Difficulty and discrimination of each right/wrong item in one wave, over the same people; ``None`` for ratings."""
    if instrument.kind != "knowledge":
        return [None] * len(instrument.items)
    complete = reliability.complete_rows(scores[[item.id for item in instrument.items]].to_numpy(float))
    found = items.item_quality(complete)
    return list(found) if len(complete) >= FEWEST_PAIRS else [withhold(leaf) for leaf in found]
