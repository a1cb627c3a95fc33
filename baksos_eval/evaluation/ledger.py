"""The ledger: every number of a result as one long table of keys and unrounded values.

Columns: ``study, rt, arm, scale, item, method, measure, value, note``. What cannot be computed is a row with an empty
value and a reason code in ``note``. Words never enter it: one ledger serves both languages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from baksos_eval.evaluation.results import Annex, Categories, Evaluation, ItemResult, ScaleResult, Summary
from baksos_eval.stats.result import Reason

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("study", "rt", "arm", "scale", "item", "method", "measure", "value", "note")
Row = tuple[str, str, str, str, str, str, str, Any, str]


def ledger(evaluation: Evaluation) -> pd.DataFrame:
    """The ledger of one RT."""
    head = (evaluation.study.id, evaluation.rt, "")
    rows = [(*head, "", "", "flow", name, value, "") for name, value in evaluation.flow._asdict().items() if name != "rt"]
    for scale in evaluation.scales:
        rows += _scale_rows(head, scale)
    for item in evaluation.items:
        rows += _item_rows(head, item)
    return _frame(rows)


def summary_ledger(summary: Summary) -> pd.DataFrame:
    """The ledger of a recap: one set of rows for each RT, then what holds over all (``rt`` empty)."""
    rows: list[Row] = []
    for flow in summary.flows:
        rows += [(summary.study.id, flow.rt, "", "", "", "flow", name, value, "")
                 for name, value in flow._asdict().items() if name != "rt"]
    for missing in summary.missing:
        rows.append((summary.study.id, missing.rt, "", "", "", "analysis", "done", 0, missing.code))
    for scale in summary.scales:
        for unit, shrunken in zip(scale.units, scale.shrunken, strict=True):
            head = (summary.study.id, unit.rt, "", scale.name, "")
            rows += _leaf_rows(head, "unit", unit)
            rows.append((*head, "verdict", "code", math.nan, unit.verdict))
            rows += _leaf_rows(head, "shrunken", shrunken)
        head = (summary.study.id, "", "", scale.name, "")
        rows += _leaf_rows(head, "pooled", scale.pooled) + _leaf_rows(head, "rt_means", scale.rt_means)
    return _frame(rows)


def write(frame: pd.DataFrame, path: Any) -> None:
    """Writes a ledger as UTF-8 CSV with the shortest digits that give each number back."""
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def read(path: Any) -> pd.DataFrame:
    """A ledger read back, texts as they were and values as written."""
    import pandas as pd

    texts = {name: str for name in COLUMNS if name != "value"}
    return pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values={"value": [""]}, dtype=texts)


def _scale_rows(head: tuple[str, str, str], result: ScaleResult) -> list[Row]:
    place = (*head, result.name, "")
    return [(*place, "verdict", "code", math.nan, result.verdict), *_branch_rows(place, result)]


def _branch_rows(place: tuple[str, ...], branch: ScaleResult | Annex) -> list[Row]:
    """The rows of every leaf of a branch, the leaf's name as the method."""
    rows: list[Row] = []
    for entry in fields(branch):
        value = getattr(branch, entry.name)
        if isinstance(value, Annex):
            rows += _branch_rows(place, value)
        elif isinstance(value, Categories):
            rows += _category_rows(place, value)
        elif entry.name == "sensitivity":
            rows += [row for variant in value for row in _leaf_rows(place, f"sensitivity_{variant.name}", variant)]
        elif hasattr(value, "_fields"):
            rows += _leaf_rows(place, entry.name, value)
    return rows


def _item_rows(head: tuple[str, str, str], result: ItemResult) -> list[Row]:
    place = (*head, result.instrument, result.item.id)
    test = result.right or result.signed_rank
    why = str(Reason.TOO_FEW) if test is None or not result.pre else test.note
    numbers = {"n": result.n, "mean_pre": result.mean_pre, "mean_post": result.mean_post, "p_holm": result.p_holm}
    rows: list[Row] = [(*place, "item", name, value, why if _lost(value) else "") for name, value in numbers.items()]
    for wave, counts in (("answers_pre", result.pre), ("answers_post", result.post)):
        rows += [(*place, wave, code, count, "") for code, count in counts.items()]
    for name in ("right", "proportion", "signed_rank", "homogeneity", "worth_pre", "worth_post", "quality_pre", "quality_post"):
        if (leaf := getattr(result, name)) is not None:
            rows += _leaf_rows(place, name, leaf)
    return rows


def _category_rows(place: tuple[str, ...], categories: Categories) -> list[Row]:
    rows = [(*place, f"categories_{wave}", key, count, categories.preset)
            for wave in ("pre", "post") for key, count in getattr(categories, wave).items()]
    moves = [(*place, "categories", name, getattr(categories, name), categories.preset) for name in ("risen", "same", "fallen")]
    return rows + moves


def _leaf_rows(place: tuple[str, ...], method: str, leaf: Any) -> list[Row]:
    rows = []
    for measure, value in leaf._asdict().items():
        if measure == "note" or isinstance(value, str):
            continue
        if isinstance(value, Mapping):
            raise TypeError(f"{method}.{measure}: a leaf holds plain numbers")
        rows.append((*place, method, measure, value, str(leaf.note) if _lost(value) else ""))
    return rows


def _frame(rows: Iterable[Row]) -> pd.DataFrame:
    import pandas as pd

    table = list(rows)
    frame = pd.DataFrame({name: [row[place] for row in table] for place, name in enumerate(COLUMNS) if name != "value"})
    # an object column keeps counts as whole numbers: 28, not 28.0
    values = pd.Series([_shortest(row[COLUMNS.index("value")]) for row in table], dtype=object)
    frame.insert(COLUMNS.index("value"), "value", values)
    return frame


def _shortest(value: Any) -> Any:
    """The number as plain Python, whole if it is a count; ``None`` when it is missing."""
    if isinstance(value, bool) or hasattr(value, "dtype"):
        value = value.item() if hasattr(value, "item") else int(value)
    return None if _lost(value) else value


def _lost(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
