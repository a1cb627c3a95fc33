"""Results put together by hand: the numbers that a test wants, from the real statistics where there are any."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from baksos_eval.evaluation.results import (
    FEWEST_PAIRS,
    Answered,
    Categories,
    Evaluation,
    ItemResult,
    ScaleResult,
    ScaleSummary,
    Summary,
    Unit,
    withhold,
)
from baksos_eval.intake.pairing import Flow
from baksos_eval.stats import paired, ranks, several
from baksos_eval.study.instrument import Instrument
from baksos_eval.study.study import Study


def instrument(id: str = "attitude", kind: str = "rating", items: int = 4, options: int = 5, label: str = "Sikap", wording: str = "Pernyataan", **scoring: object) -> Instrument:
    """A questionnaire; its second item is reversed if it is a rating scale."""
    return Instrument.model_validate({
        "id": id, "version": "1", "kind": kind, "label": {"id": label, "en": f"{label} (en)"},
        "scoring": {"method": "percent" if kind == "knowledge" else "mean"} | scoring,
        "options": [{"code": f"o{value}", "value": value, "label": {"id": f"Pilihan {value}", "en": f"Option {value}"}} for value in range(1, options + 1)],
        "items": [{"id": f"{id}_{number}", "text": {"id": f"{wording} {number}", "en": f"Item {number}"}, "key": "o1" if kind == "knowledge" else "",
                   "reversed": kind == "rating" and number == 2} for number in range(1, items + 1)]})


def study(instruments: Sequence[Instrument], language: str = "id") -> Study:
    """A study with these questionnaires and no files."""
    made = Study.model_validate({"folder": Path("study"), "id": "uji", "title": {"id": "Uji", "en": "Test"}, "language": language, "year": 2021,
                                 "instruments": [instrument.id for instrument in instruments], "files": [{"file": "none.csv"}]})
    made.__dict__["questionnaires"] = tuple(instruments)
    return made


def scale_result(instrument: Instrument, pre: Sequence[float], post: Sequence[float], categories: Categories | None = None) -> ScaleResult:
    """The parts of a scale's result that figures show; few pairs are withheld as in an evaluation."""
    scale = instrument.scales[0]
    pairs = sorted(zip(pre, post, strict=True))
    before, after = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    change, direction = paired.mean_change(before, after), ranks.sign_test(before, after, scale.direction)
    enough = len(pairs) >= FEWEST_PAIRS
    known = {"scale": scale, "pre": tuple(before) if enough else (), "post": tuple(after) if enough else (), "answered": Answered(len(pairs), len(pairs), len(pairs)),
             "mean_change": change if enough else withhold(change), "direction": direction if enough else withhold(direction), "categories": categories}
    return ScaleResult(**{field.name: None for field in fields(ScaleResult)} | known)


def rating_result(instrument: Instrument, place: int, pre: Mapping[str, int], post: Mapping[str, int]) -> ItemResult:
    """A rating item from how often each option was chosen."""
    values = {option.code: option.value for option in instrument.options}
    n = sum(pre.values())
    means = [sum(values[code] * count for code, count in counts.items()) / n if n else math.nan for counts in (pre, post)]
    return _item_result(instrument, place, n, pre, post, *means)


def knowledge_result(instrument: Instrument, place: int, n: int, right_pre: float, right_post: float) -> ItemResult:
    """A knowledge item from the shares who answered right."""
    hidden = math.isnan(right_pre)
    counts = [{} if hidden else {"o1": round(n * share), "o2": n - round(n * share)} for share in (right_pre, right_post)]
    return _item_result(instrument, place, n, *counts, right_pre, right_post)


def _item_result(instrument: Instrument, place: int, n: int, pre: Mapping[str, int], post: Mapping[str, int], mean_pre: float, mean_post: float) -> ItemResult:
    known = {"item": instrument.items[place], "instrument": instrument.id, "n": n, "pre": pre, "post": post, "mean_pre": mean_pre, "mean_post": mean_post}
    return ItemResult(**{field.name: None for field in fields(ItemResult)} | known)


def flow(rt: str = "RT 04", both: int = 20, **lost: int) -> Flow:
    """A flow that closes."""
    counts = dict.fromkeys(Flow._fields[3:], 0) | lost | {"both": both}
    rows = [both + sum(counts[f"{reason}_{wave}"] for reason in ("refused", "no_id", "duplicate")) + counts[f"{wave}_only"] for wave in ("pre", "post")]
    return Flow(rt, *rows, **counts)


def evaluation(made: Study, scales: Sequence[ScaleResult], items: Sequence[ItemResult] = (), flow_of: Flow | None = None, rt: str = "RT 04") -> Evaluation:
    """One RT's result."""
    return Evaluation(made, rt, flow_of or flow(rt), (), tuple(scales), tuple(items))


def unit(rt: str, n: int, change: float, error: float, mean_pre: float = 3.0) -> Unit:
    """One RT in a recap, its interval two standard errors wide on each side."""
    shown = n >= FEWEST_PAIRS
    numbers = (mean_pre, mean_pre + change, change, error, change - 2 * error, change + 2 * error) if shown else (math.nan,) * 6
    return Unit(rt, n, *numbers, math.nan, math.nan, "no_evidence", "" if shown else "too_few")


def summary(made: Study, units: Sequence[Sequence[Unit]]) -> Summary:
    """The recap of these RTs, one list of units for each instrument's headline scale."""
    scales = []
    for instrument, own in zip(made.questionnaires, units, strict=True):
        changes, variances = [unit.change for unit in own], [unit.standard_error**2 for unit in own]
        pooled = several.pool(changes, variances)
        scales.append(ScaleSummary(instrument.scales[0], tuple(own), pooled, several.rt_means_test(changes), tuple(several.shrunken(changes, variances, pooled))))
    return Summary(made, tuple(flow(unit.rt, unit.n) for unit in units[0]), tuple(scales), ())
