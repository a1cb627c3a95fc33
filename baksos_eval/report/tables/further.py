"""What reviewers ask for beyond the main tables: every step between categories, further tests of items, and what could be detected."""

from __future__ import annotations

import math

from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import Evaluation, ItemResult, ScaleResult
from baksos_eval.report.content import Table
from baksos_eval.report.designs import two_sizes, unless_anonymous
from baksos_eval.report.phrases import digits, item_name, scale_name
from baksos_eval.report.tables.building import bounds, build, label_of, reasons, slug, totals
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.study.instrument import Instrument


@unless_anonymous()
def transitions(e: Evaluation) -> tuple[Table, ...]:
    """For each scale with categories, people by their category before (rows) and after (columns)."""
    return tuple(_transitions(e, r, words(e.study.language)) for r in e.scales if r.categories and r.categories.moves)


@unless_anonymous()
def item_tests(e: Evaluation) -> tuple[Table, ...]:
    """For each instrument the cells and further tests of its items, with p as it is, by Holm and by Benjamini-Hochberg."""
    c = words(e.study.language)
    return tuple((_cells if instrument.kind == "knowledge" else _homogeneity)(e, instrument, c) for instrument in e.study.questionnaires if any(r.shown for r in e.items_of(instrument)))


def detectable(e: Evaluation) -> Table:
    """What change this many people could detect, the smallest that matters, and whether the change is shown to be smaller."""
    c = words(e.study.language)
    rows = [[scale_name(r, e.study, c), _size(r, c), c.number(r.smallest_detectable.change, digits(r.scale)),
             c.number(r.scale.smallest_change, digits(r.scale)) if r.scale.smallest_change else NOTHING, c.p(r.annex.equivalence.p) if r.annex.equivalence else NOTHING]
            for r in e.any_scales]
    return build(e.study, c, "detectable", rows, [("scale", "left", 2.8), ("n", "right", 1.4), ("detectable", "right", 1.6), ("smallest", "right", 1.6), ("p_equivalence", "right", 1.2)],
                 notes=[c.text("table.note.detectable"), *reasons([r.smallest_detectable.note for r in e.any_scales], c)], emphasised=totals(e.any_scales), rt=e.rt)


def _size(r: ScaleResult | GroupResult, c: Catalogue) -> str:
    return two_sizes(r.answered.n_pre, r.answered.n_post, c) if isinstance(r, GroupResult) else str(r.n)


def _transitions(e: Evaluation, r: ScaleResult, c: Catalogue) -> Table:
    assert r.categories is not None
    keys = list(r.categories.pre)
    names = {key: c.text(f"band.{key}") for key in keys}
    rows = [[f"{names[one]} ({bounds(r.scale, one, c)})", *(str(r.categories.moves[one, other]) for other in keys), str(r.categories.pre[one])] for one in keys]
    total = [c.text("table.cell.total"), *(str(r.categories.post[key]) for key in keys), str(sum(r.categories.post.values()))]
    columns = [("before_category", "left", 2.4), *((f"after {key}", "right", 1.0) for key in keys), ("sum", "right", 0.9)]
    return build(e.study, c, "transitions", [*rows, total], columns, headers={f"after {key}": names[key] for key in keys}, spanners=[("after_category", 1, len(keys))],
                 notes=[c.text("table.note.transitions")], emphasised=[len(rows)], label=f"tbl-transitions-{slug(r.scale.instrument)}", scale=scale_name(r, e.study, c), rt=e.rt)


def _cells(e: Evaluation, instrument: Instrument, c: Catalogue) -> Table:
    rows = []
    for place, r in enumerate(e.items_of(instrument), start=1):
        cells = [r.right.both_right, r.right.gained, r.right.lost, r.right.both_wrong] if r.right and r.shown else [NOTHING] * 4
        rows.append([str(place), item_name(r.item, c), *map(str, cells), *(c.p(p) for p in (r.right.p_exact if r.right else math.nan, r.p, r.p_holm, r.p_bh))])
    return build(e.study, c, "item_cells", rows, [("number", "right", 0.4), ("item", "left", 4.2), *((name, "right", 0.8) for name in ("both_right", "gained", "lost", "both_wrong")),
                  *((name, "right", 0.8) for name in ("p_exact", "p_mid_p", "p_holm", "p_bh"))], spanners=[("people", 2, 5), ("mcnemar", 6, 9)],
                 notes=[c.text("table.note.item_cells"), *reasons([r.right.note for r in e.items_of(instrument) if r.right], c)], label=f"tbl-item-tests-{slug(instrument.id)}",
                 scale=label_of(e.study, instrument.id, c), rt=e.rt)


def _homogeneity(e: Evaluation, instrument: Instrument, c: Catalogue) -> Table:
    rows = [[str(place), item_name(r.item, c), c.p(r.p), c.p(r.p_holm), c.p(r.p_bh), *_ordered(r, c), *_square(r, c)] for place, r in enumerate(e.items_of(instrument), start=1)]
    leaves = [leaf for r in e.items_of(instrument) for leaf in (r.homogeneity, r.marginal, r.symmetry) if leaf]
    return build(e.study, c, "item_homogeneity", rows, [("number", "right", 0.4), ("item", "left", 4), ("p_exact", "right", 0.8), ("p_holm", "right", 0.8), ("p_bh", "right", 0.8),
                  ("z", "right", 0.6), ("p", "right", 0.8), ("p_marginal", "right", 1.0), ("p_symmetry", "right", 0.9)],
                 spanners=[("signed_rank", 2, 4), ("stuart_birch", 5, 6)],
                 notes=[c.text("table.note.item_homogeneity"), *reasons([leaf.note for leaf in leaves], c)], label=f"tbl-item-tests-{slug(instrument.id)}",
                 scale=label_of(e.study, instrument.id, c), rt=e.rt)


def _ordered(r: ItemResult, c: Catalogue) -> list[str]:
    return [c.number(r.homogeneity.z), c.p(r.homogeneity.p)] if r.homogeneity else [NOTHING] * 2


def _square(r: ItemResult, c: Catalogue) -> list[str]:
    return [c.p(leaf.p) if leaf else NOTHING for leaf in (r.marginal, r.symmetry)]
