"""Questions with several answers at once: each option before and after."""

from __future__ import annotations

from baksos_eval.evaluation.choices import ChoiceResult, OptionResult
from baksos_eval.evaluation.results import Evaluation
from baksos_eval.report import inline
from baksos_eval.report.content import Table
from baksos_eval.report.tables.building import build, slug
from baksos_eval.report.text import NOTHING, Catalogue, words


def choices(e: Evaluation) -> tuple[Table, ...]:
    """One table for each question with several answers: the share that chose each option, before and after."""
    c = words(e.study.language)
    return tuple(_question(e, result, c) for result in e.choices)


def _question(e: Evaluation, result: ChoiceResult, c: Catalogue) -> Table:
    private = e.study.instrument(result.instrument).private
    name = result.question.id.upper() if private else inline.escape(result.question.text[c.language])
    apart = e.study.is_anonymous
    rows = [[inline.escape(r.option.code.upper() if private else r.option.label[c.language]), *_counted(r.pre, result.n_pre, c), *_counted(r.post, result.n_post, c),
             *([] if apart else [str(r.changed.gained), str(r.changed.lost)] if r.changed else [NOTHING, NOTHING]), _interval(r, c), c.p(r.p), c.p(r.p_holm)] for r in result.options]
    columns = [("option", "left", 4.5), ("f", "right", 0.5), ("percent", "right", 0.8), ("f", "right", 0.5), ("percent", "right", 0.8),
               *([] if apart else [("chosen_now", "right", 0.8), ("chosen_no_more", "right", 0.7)]), ("interval_points", "right", 1.3), ("p_mid" if not apart else "p", "right", 0.8), ("p_holm", "right", 0.8)]
    n = c.text("choices.n_apart", pre=result.n_pre, post=result.n_post) if apart else c.text("choices.n", n=result.n_pre)
    return build(e.study, c, "choices", rows, columns, spanners=[("pre", 1, 2), ("post", 3, 4), *([] if apart else [("people", 5, 6)])],
                 notes=[n, c.text("choices.note_apart" if apart else "choices.note"), c.text("choices.holm")], label=f"tbl-choices-{slug(result.question.id)}", question=name, rt=e.rt)


def _counted(count: int | None, n: int, c: Catalogue) -> list[str]:
    return [NOTHING, NOTHING] if count is None else [str(count), c.percent(count / n, 0)]


def _interval(r: OptionResult, c: Catalogue) -> str:
    leaf = r.proportion or r.share
    return c.interval(100 * leaf.low, 100 * leaf.high, 0) if leaf else NOTHING
