"""Tables of a result, one function a topic. Cells are ready to read; every word comes from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from baksos_eval.errors import Severity
from baksos_eval.evaluation.results import Evaluation, ItemResult, ScaleResult, ScaleSummary, Summary
from baksos_eval.report import inline
from baksos_eval.report.content import Column, Spanner, Table
from baksos_eval.report.phrases import digits, item_name, scale_name, unit_of
from baksos_eval.report.problems import what_to_do, what_was_found
from baksos_eval.report.text import Catalogue, words
from baksos_eval.stats import categories as bands
from baksos_eval.study.study import Study

Rows = Sequence[Sequence[str]]


def summary(e: Evaluation) -> Table:
    """The headline of each instrument: before, after, change with interval, p and the verdict in two words."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), str(r.n), *_means(r, c), _change(r, c), c.p(r.mean_change.p), c.text(f"verdict.{r.verdict}.short")]
            for r in e.headlines]
    return _table(e.study, c, "summary", rows, [("scale", "left", 2.4), ("n", "right", 0.5), ("pre", "right", 1.2), ("post", "right", 1.2),
                  ("change_interval", "right", 2.2), ("p", "right", 0.9), ("verdict", "left", 1.8)],
                  notes=[c.text("table.note.mean_sd", units=_units(e.headlines, e.study, c)), _confidence(e.study, c, "table.note.interval")], rt=e.rt)


def flow(e: Evaluation) -> Table:
    """What became of every questionnaire handed in, before and after; the columns add up."""
    c = words(e.study.language)
    f = e.flow
    lines = [("rows", f.rows_pre, f.rows_post), ("refused", f.refused_pre, f.refused_post), ("no_id", f.no_id_pre, f.no_id_post),
             ("duplicate", f.duplicate_pre, f.duplicate_post), ("alone", f.pre_only, f.post_only), ("both", f.both, f.both)]
    rows = [[c.text(f"flow.{key}"), str(pre), str(post)] for key, pre, post in lines]
    return _table(e.study, c, "flow", rows, [("flow", "left", 4), ("pre", "right", 1), ("post", "right", 1)], emphasised=[len(rows) - 1], rt=e.rt)


def quality(e: Evaluation) -> Table | None:
    """Findings about the data, the weightiest first, with what to do; ``None`` when there are none."""
    c = words(e.study.language)
    order = list(Severity)
    found = sorted(e.findings, key=lambda finding: order.index(finding.severity))
    if not found:
        return None
    rows = [[c.text(f"severity.{f.severity}"), inline.escape(what_was_found(f, c).removeprefix(f"{e.rt}: ")), inline.escape(what_to_do(f, c))] for f in found]
    return _table(e.study, c, "quality", rows, [("severity", "left", 0.9), ("found", "left", 3), ("remedy", "left", 3)], rt=e.rt)


def change(e: Evaluation) -> Table:
    """Mean before and after, mean change with its t interval, paired t, for every scale and dimension."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), str(r.n), *_means(r, c), _change(r, c), c.number(r.mean_change.statistic),
             c.number(r.mean_change.df, 0), c.p(r.mean_change.p)] for r in e.scales]
    return _table(e.study, c, "change", rows, [("scale", "left", 2.6), ("n", "right", 0.5), ("pre", "right", 1.3), ("post", "right", 1.3),
                  ("change_interval", "right", 2.3), ("t", "right", 0.7), ("df", "right", 0.5), ("p", "right", 0.9)],
                  notes=[c.text("table.note.mean_sd", units=_units(e.headlines, e.study, c)), _confidence(e.study, c, "table.note.interval"), *_reasons(
                      [r.mean_change.note for r in e.scales], c)], emphasised=_totals(e.scales), rt=e.rt)


def ranks(e: Evaluation) -> Table:
    """People who improved, stayed and fell; exact signed-rank and Hodges-Lehmann; beside them what SPSS prints."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), str(r.direction.improved), str(r.direction.same), str(r.direction.worse),
             c.number(r.hodges_lehmann.estimate, digits(r.scale), signed=True),
             c.interval(r.hodges_lehmann.low, r.hodges_lehmann.high, digits(r.scale)),
             c.p(r.signed_rank.p), c.number(r.spss_signed_rank.z), c.p(r.spss_signed_rank.p)] for r in e.scales]
    return _table(e.study, c, "ranks", rows, [("scale", "left", 2.6), ("improved", "right", 0.7), ("same", "right", 0.7), ("worse", "right", 0.7),
                  ("median_change", "right", 0.9), ("interval", "right", 1.6), ("p_exact", "right", 0.9), ("spss_z", "right", 0.8), ("spss_p", "right", 0.9)],
                  spanners=[("people", 1, 3), ("hodges_lehmann", 4, 5), ("spss", 7, 8)],
                  notes=[c.text(f"table.note.zeros_{e.study.analysis.zeros}"), c.text("table.note.spss"),
                         *_reasons([r.signed_rank.note for r in e.scales], c)], emphasised=_totals(e.scales), rt=e.rt)


def effects(e: Evaluation) -> Table:
    """Standardised effect sizes, each with its interval."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c)] + [cell for estimate, low, high in (
            (r.d_z.d, r.d_z.low, r.d_z.high), (r.d_av.d, r.d_av.low, r.d_av.high), (r.rank_biserial.r, r.rank_biserial.low, r.rank_biserial.high))
            for cell in (c.number(estimate), c.interval(low, high))] for r in e.scales]
    return _table(e.study, c, "effects", rows, [("scale", "left", 2.4), ("estimate", "right", 0.8), ("interval", "right", 1.7),
                  ("estimate", "right", 0.8), ("interval", "right", 1.7), ("estimate", "right", 0.8), ("interval", "right", 1.7)],
                  spanners=[("d_z", 1, 2), ("d_av", 3, 4), ("rank_biserial", 5, 6)],
                  notes=[c.text("table.note.effects"), *_reasons([r.d_z.note for r in e.scales], c)], emphasised=_totals(e.scales), rt=e.rt)


def gain(e: Evaluation) -> Table:
    """N-gain of the class, with its band; of individuals, with those at the maximum counted; normalised change."""
    c = words(e.study.language)
    rows = []
    for r in e.scales:
        rows.append([scale_name(r, e.study, c), c.number(r.class_gain.gain), c.interval(r.class_gain.low, r.class_gain.high), band(r.class_gain.gain, "hake", c),
                     c.number(r.individual_gain.mean), str(r.individual_gain.n_used), str(r.individual_gain.n_at_maximum), c.number(r.normalised_change.mean)])
    return _table(e.study, c, "gain", rows, [("scale", "left", 2.4), ("gain", "right", 0.8), ("interval", "right", 1.7), ("band", "left", 0.9),
                  ("mean", "right", 0.8), ("n", "right", 0.5), ("at_maximum", "right", 1.0), ("normalised", "right", 1.0)],
                  spanners=[("class_gain", 1, 3), ("individual_gain", 4, 6)],
                  notes=[c.text("table.note.gain"), *_reasons([r.class_gain.note for r in e.scales], c)], emphasised=_totals(e.scales), rt=e.rt)


def categories(e: Evaluation) -> Table | None:
    """People per category before and after; ``None`` when no instrument declares categories."""
    c = words(e.study.language)
    rows, presets = [], []
    for r in e.scales:
        if r.categories is None:
            continue
        presets.append(r.categories.preset)
        for key in r.categories.pre:
            before, after = r.categories.pre[key], r.categories.post[key]
            rows.append([scale_name(r, e.study, c), c.text(f"band.{key}"), _bounds(r.categories.preset, key, c),
                         str(before), c.percent(before / r.n), str(after), c.percent(after / r.n)])
    if not rows:
        return None
    return _table(e.study, c, "categories", rows, [("scale", "left", 2.2), ("band", "left", 1), ("bounds", "left", 1.4), ("f", "right", 0.6),
                  ("percent", "right", 0.9), ("f", "right", 0.6), ("percent", "right", 0.9)], spanners=[("pre", 3, 4), ("post", 5, 6)],
                  notes=[c.text(f"preset.{preset}") for preset in dict.fromkeys(presets)], rt=e.rt)


def items(e: Evaluation) -> tuple[Table, ...]:
    """One table for each instrument: its items before and after."""
    c = words(e.study.language)
    return tuple((_knowledge_items if instrument.kind == "knowledge" else _rating_items)(e, instrument.id, c)
                 for instrument in e.study.questionnaires)


def reliability(e: Evaluation) -> Table:
    """Cronbach's alpha before and after with Feldt's interval (KR-20 for right/wrong items)."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), str(len(r.scale.items)), str(r.alpha_pre.n), c.number(r.alpha_pre.alpha, 3), c.interval(r.alpha_pre.low, r.alpha_pre.high),
             str(r.alpha_post.n), c.number(r.alpha_post.alpha, 3), c.interval(r.alpha_post.low, r.alpha_post.high)] for r in e.scales]
    return _table(e.study, c, "reliability", rows, [("scale", "left", 2.4), ("items", "right", 0.6), ("n", "right", 0.5), ("alpha", "right", 0.8),
                  ("interval", "right", 1.7), ("n", "right", 0.5), ("alpha", "right", 0.8), ("interval", "right", 1.7)],
                  spanners=[("pre", 2, 4), ("post", 5, 7)], notes=[c.text("table.note.alpha"), *_reasons(
                      [leaf.note for r in e.scales for leaf in (r.alpha_pre, r.alpha_post)], c)], emphasised=_totals(e.scales), rt=e.rt)


def flows(s: Summary) -> Table:
    """The flow of people in every RT, and those that could not be analysed."""
    c = words(s.study.language)
    rows = [[inline.escape(f.rt), str(f.rows_pre), str(f.rows_post), str(f.both), str(f.pre_only), str(f.post_only),
             str(f.refused_pre + f.refused_post), str(f.no_id_pre + f.no_id_post + f.duplicate_pre + f.duplicate_post)] for f in s.flows]
    total = [c.text("table.cell.total")] + [str(sum(int(row[place]) for row in rows)) for place in range(1, 8)]
    rows += [[inline.escape(m.rt), *["–"] * 7] for m in s.missing]
    return _table(s.study, c, "flows", [*rows, total], [("rt", "left", 1.6), ("pre", "right", 0.8), ("post", "right", 0.8), ("both", "right", 1), ("pre_only", "right", 1),
                  ("post_only", "right", 1), ("refused", "right", 1), ("unusable", "right", 1.2)], spanners=[("handed_in", 1, 2)],
                  notes=[c.text("table.note.unusable"), *([c.text("table.note.missing_rt")] if s.missing else [])], emphasised=[len(rows)])


def units(s: Summary) -> tuple[Table, ...]:
    """One table for each instrument's headline scale: every RT's change, its interval and its shrunken estimate."""
    c = words(s.study.language)
    return tuple(_units_table(s, result, c) for result in s.headlines)


def pooled(s: Summary) -> Table | None:
    """What holds over all RTs: the pooled change, its prediction interval, the t test on RT means; ``None`` for one RT."""
    c = words(s.study.language)
    if len(s.flows) < 2:
        return None
    rows = [[scale_name(r, s.study, c), str(r.pooled.k), c.number(r.pooled.estimate, digits(r.scale), signed=True), c.interval(r.pooled.low, r.pooled.high, digits(r.scale)),
             c.p(r.pooled.p), c.interval(r.pooled.prediction_low, r.pooled.prediction_high, digits(r.scale)), c.number(r.pooled.i2, 0),
             c.number(r.rt_means.mean, digits(r.scale), signed=True), c.p(r.rt_means.p)] for r in s.scales]
    return _table(s.study, c, "pooled", rows, [("scale", "left", 2.2), ("k", "right", 0.5), ("change", "right", 0.9), ("interval", "right", 1.7), ("p", "right", 0.9),
                  ("prediction", "right", 1.7), ("i2", "right", 0.6), ("mean", "right", 0.9), ("p", "right", 0.9)], spanners=[("pm_hk", 2, 6), ("rt_means", 7, 8)],
                  notes=[c.text("table.note.pooled"), *_reasons([r.pooled.note for r in s.scales], c)], emphasised=_totals(s.scales), wide=True)


def missing(s: Summary) -> Table | None:
    """The RTs that could not be analysed, with every reason; ``None`` when all could."""
    c = words(s.study.language)
    rows = [[inline.escape(m.rt), inline.escape(what_was_found(f, c).removeprefix(f"{m.rt}: ")), inline.escape(what_to_do(f, c))] for m in s.missing for f in m.findings if f.fatal]
    return _table(s.study, c, "missing", rows, [("rt", "left", 1), ("found", "left", 3), ("remedy", "left", 3)]) if rows else None


def band(value: float, preset: str, c: Catalogue) -> str:
    """The band's name a value falls into, a dash when there is no value."""
    key = bands.classify([value], preset)[0]
    return c.text(f"band.{key}") if key else "–"


def _units_table(s: Summary, result: ScaleSummary, c: Catalogue) -> Table:
    d = digits(result.scale)
    rows = [[inline.escape(u.rt), str(u.n), c.number(u.mean_pre, d), c.number(u.mean_post, d), c.number(u.change, d, signed=True), c.interval(u.low, u.high, d),
             c.p(u.p), c.p(u.p_holm), c.number(k.estimate, d, signed=True), c.text(f"verdict.{u.verdict}.short")]
            for u, k in zip(result.units, result.shrunken, strict=True)]
    name = scale_name(result, s.study, c)
    return _table(s.study, c, "units", rows, [("rt", "left", 1.2), ("n", "right", 0.5), ("pre", "right", 0.8), ("post", "right", 0.8), ("change", "right", 0.9),
                  ("interval", "right", 1.8), ("p", "right", 0.9), ("p_holm", "right", 0.9), ("shrunken", "right", 1), ("verdict", "left", 1.9)],
                  notes=[_confidence(s.study, c, "table.note.units"), c.text("table.note.unit", unit=unit_of(result.scale, c)), *_reasons([u.note for u in result.units], c)],
                  label=f"tbl-units-{_slug(result.scale.instrument)}", wide=True, scale=name)


def _knowledge_items(e: Evaluation, instrument: str, c: Catalogue) -> Table:
    results = e.items_of(e.study.instrument(instrument))
    rows = [[str(place), item_name(r.item, c), c.percent(r.mean_pre, 0), c.percent(r.mean_post, 0),
             *([str(r.right.gained), str(r.right.lost)] if r.right else ["–", "–"]),
             c.interval(100 * r.proportion.low, 100 * r.proportion.high, 0) if r.proportion else "–", c.p(r.p), c.p(r.p_holm)]
            for place, r in enumerate(results, start=1)]
    return _table(e.study, c, "items_knowledge", rows, [("number", "right", 0.4), ("item", "left", 4), ("pre", "right", 0.8), ("post", "right", 0.8), ("gained", "right", 0.7),
                  ("lost", "right", 0.7), ("interval_points", "right", 1.3), ("p_mid", "right", 0.8), ("p_holm", "right", 0.8)], spanners=[("right_share", 2, 3), ("people", 4, 5)],
                  notes=[c.text("table.note.items_knowledge"), c.text("table.note.holm")], label=f"tbl-items-{_slug(instrument)}",
                  scale=c_label(e.study, instrument, c), rt=e.rt)


def _rating_items(e: Evaluation, instrument: str, c: Catalogue) -> Table:
    results: tuple[ItemResult, ...] = e.items_of(e.study.instrument(instrument))
    rows = [[str(place), item_name(r.item, c), str(r.n), c.number(r.mean_pre), c.number(r.mean_post), c.number(r.mean_post - r.mean_pre, signed=True), c.p(r.p), c.p(r.p_holm)]
            for place, r in enumerate(results, start=1)]
    return _table(e.study, c, "items_rating", rows, [("number", "right", 0.4), ("item", "left", 4.2), ("n", "right", 0.5), ("pre", "right", 0.8), ("post", "right", 0.8),
                  ("change", "right", 0.9), ("p_exact", "right", 0.8), ("p_holm", "right", 0.8)],
                  notes=[c.text("table.note.items_rating"), c.text("table.note.holm")], label=f"tbl-items-{_slug(instrument)}", scale=c_label(e.study, instrument, c), rt=e.rt)


def c_label(study: Study, instrument: str, c: Catalogue) -> str:
    """The instrument's name in the language of the catalogue."""
    return inline.escape(study.instrument(instrument).label[c.language])


def _table(study: Study, c: Catalogue, topic: str, rows: Rows, columns: Sequence[tuple[str, str, float]], *, notes: Iterable[str] = (), label: str = "",
           spanners: Sequence[tuple[str, int, int]] = (), emphasised: Sequence[int] = (), wide: bool = False, **names: str) -> Table:
    """A table with its words taken from ``table.caption.<topic>``, ``table.alt.<topic>`` and ``table.column.*``."""
    return Table(
        label=label or f"tbl-{_slug(topic)}",
        caption=c.text(f"table.caption.{topic}", **names) if names else c.text(f"table.caption.{topic}"),
        columns=tuple(Column(c.text(f"table.column.{key}"), align, weight) for key, align, weight in columns),  # type: ignore[arg-type]
        rows=tuple(tuple(row) for row in rows),
        alt=c.text(f"table.alt.{topic}", rows=len(rows), **names),
        source=c.text("table.source", year=study.year),
        notes=tuple(note for note in notes if note),
        spanners=tuple(Spanner(c.text(f"table.spanner.{key}"), first, last) for key, first, last in spanners),
        emphasised=tuple(emphasised),
        wide=wide,
    )


def _means(r: ScaleResult, c: Catalogue) -> list[str]:
    d = digits(r.scale)
    values = ((r.mean_change.mean_pre, r.mean_change.sd_pre), (r.mean_change.mean_post, r.mean_change.sd_post))
    return [f"{c.number(mean, d)} ({c.number(sd, d)})" if mean == mean else "–" for mean, sd in values]


def _change(r: ScaleResult, c: Catalogue) -> str:
    d = digits(r.scale)
    change = r.mean_change
    if change.change != change.change:
        return "–"
    interval = c.interval(change.change_low, change.change_high, d)
    return f"{c.number(change.change, d, signed=True)} ({interval})"


def _units(results: Sequence[ScaleResult | ScaleSummary], study: Study, c: Catalogue) -> str:
    return "; ".join(f"{scale_name(r, study, c)}: {unit_of(r.scale, c)}" for r in results)


def _confidence(study: Study, c: Catalogue, key: str) -> str:
    return c.text(key, confidence=c.percent(study.analysis.confidence, 0))


def _reasons(notes: Iterable[str], c: Catalogue) -> list[str]:
    """Why a number in the table is missing: each reason once."""
    codes = [str(code) for code in dict.fromkeys(notes) if code]
    return [c.text("table.note.missing", reasons="; ".join(c.text(f"reason.{code}") for code in codes))] if codes else []


def _totals(results: Sequence[ScaleResult | ScaleSummary]) -> list[int]:
    return [place for place, result in enumerate(results) if result.scale.id == "total"]


def _bounds(preset: str, key: str, c: Catalogue) -> str:
    """A band's bounds in words: ``≥ 76``, ``56 – < 76``, ``< 56``."""
    rules = bands.find(preset).bands
    place = [band.key for band in rules].index(key)
    low = c.number(rules[place].lower, 0 if rules[place].lower == round(rules[place].lower) else 2)
    if place == len(rules) - 1:
        return f"≥ {low}"
    upper = rules[place + 1].lower
    high = c.number(upper, 0 if upper == round(upper) else 2)
    return f"< {high}" if place == 0 else f"{low} – < {high}"


def _slug(text: str) -> str:
    return text.replace("_", "-")
