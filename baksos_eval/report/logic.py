"""The logic model and the answers to the problem statements: the same figures as a table, as a drawing and as lists under each question."""

from __future__ import annotations

from collections.abc import Mapping

from baksos_eval.evaluation.logic import Fact, LogicModel
from baksos_eval.report import inline
from baksos_eval.report.aid_words import rupiah
from baksos_eval.report.content import Figure, Table, Text
from baksos_eval.report.framing import frame
from baksos_eval.report.phrases import digits
from baksos_eval.report.plots_logic import LevelBoxes, draw_logic
from baksos_eval.report.tables.building import build
from baksos_eval.report.text import Catalogue, words
from baksos_eval.study.logic import LEVELS, Problem

_AS_MONEY = frozenset({"planned", "realised", "rupiah"})
_AS_SHARE = frozenset({"share", "exclusion", "inclusion"})
_AS_DECIMAL: Mapping[str, int] = {"median": 0, "engagement": 1, "index": 1}
_AS_CHANGE: Mapping[str, bool] = {"change": True, "low": False, "high": False}     # with a sign or without


def text(model: LogicModel) -> Text | None:
    """How to read the logic model; ``None`` where there is none to show."""
    c = words(model.study.language)
    return Text(c.text("logic.lead")) if _is_shown(model) else None


def table(model: LogicModel) -> Table | None:
    """Each level with the study's own steps and the figures of the data, and where each comes from; ``None`` where there is nothing to show."""
    if not _is_shown(model):
        return None
    c = words(model.study.language)
    rows = []
    for level in LEVELS:
        entries = [(inline.escape(step.text[c.language]), c.text("logic.source.study")) for step in model.steps(level)]
        entries += [(in_words(fact, model, c), _source(fact, c)) for fact in model.at(level)]
        rows += [[c.text(f"logic.level.{level}") if place == 0 else "", *entry] for place, entry in enumerate(entries)]
    return build(model.study, c, "logic", rows, [("level", "left", 1.2), ("step", "left", 4.2), ("told_by", "left", 1.6)])


def figure(model: LogicModel) -> Figure | None:
    """The levels side by side; ``None`` where there is nothing to show."""
    if not _is_shown(model):
        return None
    c = words(model.study.language)
    levels = [LevelBoxes(c.text(f"logic.level.{level}"), tuple([(step.text[c.language], False) for step in model.steps(level)]
                                                                + [(inline.plain(in_words(fact, model, c)), True) for fact in model.at(level)])) for level in LEVELS]
    told = [level for level in levels if level.boxes]
    alt = [c.text("figure.alt.logic"), *(c.text("figure.alt.logic_level", level=level.heading, boxes="; ".join(inline.escape(text) for text, _ in level.boxes)) for level in told)]
    return frame(model.study, c, draw_logic(levels), "logic", c.text("figure.caption.logic"), alt, [c.text("figure.note.logic")])


def problems(model: LogicModel) -> tuple[Text, ...]:
    """Each problem statement with the figures that bear on it, and what they cannot say; nothing where the study states none.

    Nothing either where the questionnaires have not been looked at: half an answer would be read as a whole one.
    """
    c = words(model.study.language)
    return tuple(_answer(number, problem, model, c) for number, problem in enumerate(model.study.problems, start=1)) if model.complete else ()


def in_words(fact: Fact, model: LogicModel, c: Catalogue) -> str:
    """A figure as a short phrase, its numbers written as the language does."""
    values = {name: _number(name, value, fact, c) for name, value in fact.values.items()}
    if fact.scale:
        values |= {"scale": _scale_name(fact, model, c), "confidence": c.percent(model.study.analysis.confidence, 0)}
    return c.text(f"logic.fact.{fact.key}", **values)


def _is_shown(model: LogicModel) -> bool:
    """Whether more than one level has something in it, and the questionnaires have been looked at."""
    return model.complete and sum(bool(model.steps(level) or model.at(level)) for level in LEVELS) > 1


def _answer(number: int, problem: Problem, model: LogicModel, c: Catalogue) -> Text:
    found = model.answering(problem)
    lines = [c.text("logic.problem", number=number, question=inline.escape(problem.question[c.language])), ""]
    lines += [c.text("logic.point", fact=in_words(fact, model, c)) for fact in found] or [c.text("logic.unanswered")]
    changed = any(fact.scale for fact in found)
    guard = "" if not found else "records" if not changed else "comparison" if model.study.comparison else "one_group"
    return Text("\n".join([*lines, "", c.text(f"logic.guard.{guard}")] if guard else lines))


def _number(name: str, value: float, fact: Fact, c: Catalogue) -> str:
    if name in _AS_MONEY:
        return rupiah(value, c)
    if name in _AS_SHARE:
        return c.percent(value, 0)
    if fact.scale and name in _AS_CHANGE:
        return c.number(value, digits(fact.scale), signed=_AS_CHANGE[name])
    return c.number(value, _AS_DECIMAL.get(name, 0))


def _scale_name(fact: Fact, model: LogicModel, c: Catalogue) -> str:
    """The scale's name; a dimension says whose it is."""
    scale = fact.scale
    whole = inline.escape(model.study.instrument(scale.instrument).label[c.language])
    return whole if scale.id == "total" else c.text("logic.dimension", instrument=whole, dimension=inline.escape(scale.label[c.language]))


def _source(fact: Fact, c: Catalogue) -> str:
    return c.text("logic.source.questionnaire" if fact.scale else f"logic.source.{fact.source}")
