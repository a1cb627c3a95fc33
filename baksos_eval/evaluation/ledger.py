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

    from baksos_eval.evaluation.choices import ChoiceResult
    from baksos_eval.evaluation.comparisons import ArmComparison, Programme
    from baksos_eval.evaluation.group_results import CategoriesApart, GroupAnnex, GroupItem, GroupResult
    from baksos_eval.evaluation.instrument_study import (
        ExpertJudgement,
        InstrumentResult,
        InstrumentStudy,
        WaveWorth,
    )
    from baksos_eval.evaluation.profile import Characteristic
    from baksos_eval.evaluation.waves import WaveResult
    from baksos_eval.intake.pairing import Flow
    from baksos_eval.study.study import Study

COLUMNS = ("study", "rt", "arm", "scale", "item", "method", "measure", "value", "note")
Row = tuple[str, str, str, str, str, str, str, Any, str]


def ledger(evaluation: Evaluation) -> pd.DataFrame:
    """The ledger of one RT."""
    head = (evaluation.study.id, evaluation.rt, evaluation.arm)
    rows = [*_settings(head, evaluation.study), *_flow_rows(head, evaluation.flow)]
    for later in evaluation.later:
        rows += [(*head, "", "", "flow", f"{name}_{later.wave}", value, "") for name, value in later._asdict().items() if name != "wave"]
    for scale in (*evaluation.scales, *evaluation.groups):
        rows += _scale_rows(head, scale)
    for item in evaluation.items:
        rows += _item_rows(head, item)
    for item in evaluation.group_items:
        rows += _group_item_rows(head, item)
    for choice in evaluation.choices:
        rows += _choice_rows(head, choice)
    for result in evaluation.waves:
        rows += _all_waves_rows(head, result)
    if evaluation.accepted_pairs:
        rows.append((*head, "", "", "flow", "accepted", evaluation.accepted_pairs, ""))
    for characteristic in evaluation.profile:
        rows += _profile_rows(head, characteristic)
    for apart in evaluation.profile_apart:
        for group in apart.groups:
            place = (*head, "", f"{apart.name}.{group.key or group.label}", "profile")
            rows += [(*place, measure, math.nan if count is None else count, "small_cell" if count is None else "")
                     for measure, count in (("count_pre", group.pre), ("count_post", group.post))]
    return _frame(rows)


def summary_ledger(summary: Summary) -> pd.DataFrame:
    """The ledger of a recap: one set of rows for each RT, then what holds over all (``rt`` empty)."""
    rows: list[Row] = []
    study = summary.study
    rows += _settings((study.id, "", ""), study)
    for flow in summary.flows:
        rows += _flow_rows((study.id, flow.rt, study.arm_of(flow.rt)), flow)
    for missing in summary.missing:
        rows.append((study.id, missing.rt, study.arm_of(missing.rt), "", "", "analysis", "done", 0, missing.code))
    for scale in summary.scales:
        for unit, shrunken in zip(scale.units, scale.shrunken, strict=True):
            head = (study.id, unit.rt, study.arm_of(unit.rt), scale.name, "")
            rows += leaf_rows(head, "unit", unit)
            rows.append((*head, "verdict", "code", math.nan, unit.verdict))
            rows += leaf_rows(head, "shrunken", shrunken)
        head = (study.id, "", study.arm_of(""), scale.name, "")
        rows += leaf_rows(head, "pooled", scale.pooled) + leaf_rows(head, "rt_means", scale.rt_means)
    if summary.programme:
        rows += _programme_rows(study, summary.programme)
    for waves in summary.waves:
        for rt, one in zip(waves.rts, waves.results, strict=True):
            rows += _all_waves_rows((study.id, rt, study.arm_of(rt)), one)
        for pair in waves.pairs:
            place, between = (study.id, "", study.arm_of(""), waves.name, ""), f"{waves.waves[pair.first]}_{waves.waves[pair.second]}"
            rows += leaf_rows(place, f"waves_pooled_{between}", pair.pooled) + leaf_rows(place, f"waves_rt_means_{between}", pair.rt_means)
            rows.append((*place, f"waves_pooled_{between}", "p_holm", pair.p_holm, str(pair.pooled.note) if _lost(pair.p_holm) else ""))
    return _frame(rows)


def instrument_ledger(result: InstrumentStudy) -> pd.DataFrame:
    """The ledger of the test of the instruments; the wave is part of the method, ``scale`` is ``instrument.scale``."""
    rows: list[Row] = []
    for one in result.instruments:
        name = one.instrument.id
        rows.append((result.study.id, "", "", name, "", "verdict", "code", math.nan, one.verdict))
        for worth in one.waves:
            rows += _wave_rows(result.study.id, name, worth)
        if one.experts:
            rows += _expert_rows((result.study.id, "", "", name), one.experts)
        if one.rasch:
            rows += _rasch_rows((result.study.id, "", "", name), one)
    rows += [(result.study.id, missing.rt, "", "", "", "analysis", "done", 0, missing.code) for missing in result.missing]
    return _frame(rows)


def write(frame: pd.DataFrame, path: Any) -> None:
    """Writes a ledger as UTF-8 CSV with the shortest digits that give each number back."""
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def read(path: Any) -> pd.DataFrame:
    """A ledger read back, texts as they were and values as written."""
    import pandas as pd

    texts = {name: str for name in COLUMNS if name != "value"}
    return pd.read_csv(path, encoding="utf-8", keep_default_na=False, na_values={"value": [""]}, dtype=texts)


def _scale_rows(head: tuple[str, str, str], result: ScaleResult | GroupResult) -> list[Row]:
    place = (*head, result.name, "")
    return [(*place, "verdict", "code", math.nan, result.verdict), *_branch_rows(place, result)]


def _branch_rows(place: tuple[str, ...], branch: ScaleResult | GroupResult | Annex | GroupAnnex) -> list[Row]:
    """The rows of every leaf of a branch, the leaf's name as the method."""
    rows: list[Row] = []
    for entry in fields(branch):
        value = getattr(branch, entry.name)
        if entry.name == "annex":
            rows += _branch_rows(place, value)
        elif entry.name == "categories" and value is not None:
            rows += _category_rows(place, value)
        elif entry.name == "sensitivity":
            rows += [row for variant in value for row in leaf_rows(place, f"sensitivity_{variant.name}", variant)]
        elif hasattr(value, "_fields"):
            rows += leaf_rows(place, entry.name, value)
    return rows


def _item_rows(head: tuple[str, str, str], result: ItemResult) -> list[Row]:
    place = (*head, result.instrument, result.item.id)
    test = result.right or result.signed_rank
    why = str(Reason.TOO_FEW) if test is None or not result.pre else test.note
    numbers = {"n": result.n, "mean_pre": result.mean_pre, "mean_post": result.mean_post, "p_holm": result.p_holm, "p_bh": result.p_bh}
    rows: list[Row] = [(*place, "item", name, value, why if _lost(value) else "") for name, value in numbers.items()]
    for wave, counts in (("answers_pre", result.pre), ("answers_post", result.post)):
        rows += [(*place, wave, code, count, "") for code, count in counts.items()]
    for name in ("right", "proportion", "signed_rank", "homogeneity", "marginal", "symmetry", "worth_pre", "worth_post", "quality_pre", "quality_post"):
        if (leaf := getattr(result, name)) is not None:
            rows += leaf_rows(place, name, leaf)
    return rows


def _flow_rows(head: tuple[str, str, str], flow: Flow) -> list[Row]:
    return [(*head, "", "", "flow", name, value, "") for name, value in flow._asdict().items() if name != "rt"]


def _programme_rows(study: Study, programme: Programme) -> list[Row]:
    """What the RTs together say about the programme; an activity stands where an item would."""
    rows = [row for flow in programme.comparison_flows for row in _flow_rows((study.id, flow.rt, "comparison"), flow)]
    if study.compares_persons and not programme.without_answers:
        rows.append((study.id, "", "", "", "", "comparison", "without_arm", programme.without_arm, ""))
    for result in programme.scales:
        if result.comparison:
            rows += _comparison_rows((study.id, result.name), result.comparison)
        for dose in result.doses:
            place = (study.id, "", study.arm_of(""), result.name, dose.activity)
            lost = str(dose.response.note or Reason.TOO_FEW) if _lost(dose.p_holm) else ""
            rows += [*leaf_rows(place, "taken", dose.taken), *leaf_rows(place, "dose", dose.response), (*place, "dose", "p_holm", dose.p_holm, lost)]
            if dose.ordinal:
                lost = str(dose.ordinal.note or Reason.TOO_FEW) if _lost(dose.ordinal_p_holm) else ""
                rows += [*leaf_rows(place, "dose_ordinal", dose.ordinal), (*place, "dose_ordinal", "p_holm", dose.ordinal_p_holm, lost)]
        rows += leaf_rows((study.id, "", study.arm_of(""), result.name, ""), "mixed_model", result.mixed)
    return rows


def _comparison_rows(name: tuple[str, str], compared: ArmComparison) -> list[Row]:
    study, scale = name
    place = (study, "", "", scale, "")
    rows: list[Row] = [(*place, "comparison", "verdict", math.nan, compared.verdict), (*place, "comparison", "primary", math.nan, compared.primary),
                       (*place, "comparison", "left_out", compared.left_out, "")]
    for arm, scores in compared.arms.items():
        rows += leaf_rows((study, "", arm, scale, ""), "arm", scores)
    for rt in compared.rts:
        rows += leaf_rows((study, rt.rt, rt.arm, scale, ""), "arm", rt)
    for method in ("difference", "within_rts", "ancova", "randomisation", "d_ppc2", "cliff_delta", "balance"):
        if (leaf := getattr(compared, method)) is not None:
            rows += leaf_rows(place, f"comparison_{method}", leaf)
    return rows


def _wave_rows(study: str, instrument: str, worth: WaveWorth) -> list[Row]:
    """One instrument in one wave: people, scales, items, agreement within RTs."""
    wave = worth.wave
    rows: list[Row] = [(study, "", "", instrument, "", f"people_{wave}", measure, value, "") for measure, value in
                       (("complete", worth.n), ("incomplete", worth.incomplete), ("constant_items", len(worth.constant)))]
    rows += [(study, rt, "", instrument, "", f"people_{wave}", "complete", count, "") for rt, count in worth.persons.items()]
    for scale in worth.scales:
        place = (study, "", "", f"{instrument}.{scale.scale.id}", "")
        for method in ("alpha", "omega", "critical", "ends"):
            rows += leaf_rows(place, f"{method}_{wave}", getattr(scale, method))
    for item in worth.items:
        place = (study, "", "", f"{instrument}.{item.scale}" if item.scale else instrument, item.item.id)
        rows.append((*place, f"standing_{wave}", "code", math.nan, item.standing))
        for method in ("reliability", "quality", "right"):
            if (leaf := getattr(item, method)) is not None:
                rows += leaf_rows(place, f"{method}_{wave}", leaf)
    for agreement in worth.agreement:
        place = (study, "", "", instrument, agreement.item.id if agreement.item else "")
        rows += leaf_rows(place, f"between_rts_{wave}", agreement.between)
        rows += leaf_rows(place, f"within_rts_{wave}", agreement.within) if agreement.within else []
    return rows


def _expert_rows(head: tuple[str, str, str, str], judged: ExpertJudgement) -> list[Row]:
    settings = {"experts": judged.experts, "lowest": judged.lowest, "highest": judged.highest, "threshold": judged.threshold}
    rows: list[Row] = [(*head, "", "experts", measure, value, "") for measure, value in settings.items()]
    rows += leaf_rows((*head, ""), "relevance", judged.scale)
    for item in judged.items:
        rows += leaf_rows((*head, item.item.id), "aiken_v", item.v) + leaf_rows((*head, item.item.id), "relevance", item.relevance)
    return rows


def _rasch_rows(head: tuple[str, str, str, str], result: InstrumentResult) -> list[Row]:
    fitted = result.rasch
    assert fitted is not None
    rows: list[Row] = [(*head, "", "rasch_basis", "code", math.nan, fitted.basis or str(fitted.model.fit.note)), (*head, "", "rasch_basis", "persons", fitted.persons, "")]
    for method in ("fit", "change", "drift"):
        rows += leaf_rows((*head, ""), f"rasch_{method}", fitted.model.fit if method == "fit" else getattr(fitted, method))
    for item, leaf in zip(result.instrument.items, fitted.model.items, strict=True):
        rows += leaf_rows((*head, item.id), "rasch", leaf)
    return rows + [row for score in fitted.model.scores for row in leaf_rows((*head, ""), f"rasch_score_{score.score}", score)]


def _group_item_rows(head: tuple[str, str, str], result: GroupItem) -> list[Row]:
    place = (*head, result.instrument, result.item.id)
    test = result.share or result.rank_sum
    why = str(Reason.TOO_FEW) if test is None or not result.shown else test.note
    numbers = {"n_pre": result.n_pre, "n_post": result.n_post, "mean_pre": result.mean_pre, "mean_post": result.mean_post, "p_holm": result.p_holm}
    rows: list[Row] = [(*place, "item", name, value, why if _lost(value) else "") for name, value in numbers.items()]
    for wave, counts in (("answers_pre", result.pre), ("answers_post", result.post)):
        rows += [(*place, wave, code, count, "") for code, count in counts.items()]
    for name in ("share", "difference", "rank_sum", "worth_pre", "worth_post", "quality_pre", "quality_post"):
        if (leaf := getattr(result, name)) is not None:
            rows += leaf_rows(place, name, leaf)
    return rows


def _choice_rows(head: tuple[str, str, str], result: ChoiceResult) -> list[Row]:
    """One question with several answers; an option stands behind its question, where an item would."""
    rows: list[Row] = [(*head, result.instrument, result.question.id, "choice", name, value, "") for name, value in (("n_pre", result.n_pre), ("n_post", result.n_post))]
    for option in result.options:
        place = (*head, result.instrument, f"{result.question.id}.{option.option.code}")
        why = "" if result.shown else str(Reason.TOO_FEW)
        rows += [(*place, "choice", name, math.nan if value is None else value, why if value is None or _lost(value) else "")
                 for name, value in (("pre", option.pre), ("post", option.post), ("p_holm", option.p_holm))]
        for name in ("changed", "proportion", "share"):
            if (leaf := getattr(option, name)) is not None:
                rows += leaf_rows(place, name, leaf)
    return rows


def _all_waves_rows(head: tuple[str, str, str], result: WaveResult) -> list[Row]:
    """One scale over all waves: ``waves_mean_<wave>``, ``waves_change_<earlier>_<later>``, and the overall tests."""
    place = (*head, result.name, "")
    rows: list[Row] = [(*place, "waves", "n", result.n, "")]
    rows += [(*place, "waves", f"n_{wave}", count, "") for wave, count in zip(result.waves, result.answered, strict=True)]
    for wave, leaf in zip(result.waves, result.means, strict=True):
        rows += leaf_rows(place, f"waves_mean_{wave}", leaf)
    for pair in result.changes:
        method = f"waves_change_{result.waves[pair.first]}_{result.waves[pair.second]}"
        rows += [*leaf_rows(place, method, pair.result), (*place, method, "p_holm", pair.p_holm, pair.note)]
    return rows + leaf_rows(place, "waves_friedman", result.friedman) + leaf_rows(place, "waves_repeated_measures", result.repeated_measures)


def _category_rows(place: tuple[str, ...], categories: Categories | CategoriesApart) -> list[Row]:
    rows = [(*place, f"categories_{wave}", key, count, categories.preset)
            for wave in ("pre", "post") for key, count in getattr(categories, wave).items()]
    moves = [(*place, "categories", name, getattr(categories, name), categories.preset) for name in ("risen", "same", "fallen") if hasattr(categories, name)]
    steps = [(*place, "categories_moves", f"{before}_to_{after}", count, categories.preset) for (before, after), count in getattr(categories, "moves", {}).items()]
    return rows + moves + steps


def _profile_rows(head: tuple[str, str, str], characteristic: Characteristic) -> list[Row]:
    """The people of each group, all and by sex; what is hidden in the report is hidden here."""
    rows: list[Row] = []
    for group in characteristic.groups:
        place = (*head, "", f"{characteristic.name}.{group.key or group.label}", "profile")
        for measure, count in zip(("count", *characteristic.sexes), (group.count, *group.by_sex), strict=True):
            rows.append((*place, measure, math.nan if count is None else count, "small_cell" if count is None else ""))
    return rows


def leaf_rows(place: tuple[str, ...], method: str, leaf: Any) -> list[Row]:
    """A row for each number of a leaf, with its reason where it is missing."""
    rows = []
    for measure, value in leaf._asdict().items():
        if measure == "note" or isinstance(value, str):
            continue
        if isinstance(value, Mapping):
            raise TypeError(f"{method}.{measure}: a leaf holds plain numbers")
        rows.append((*place, method, measure, value, str(leaf.note) if _lost(value) else ""))
    return rows


def _settings(head: tuple[str, str, str], study: Study) -> list[Row]:
    """Which version of each questionnaire the results are of, as a code beside an empty value, and the confidence of every interval."""
    versions = [(*head, instrument.id, "", "instrument", "version", math.nan, instrument.version) for instrument in study.questionnaires]
    return [*versions, (*head, "", "", "analysis", "confidence", study.analysis.confidence, "")]


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
