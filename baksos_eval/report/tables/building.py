"""The parts every table is put together from: its words, its cells, its notes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from baksos_eval.evaluation.group_results import GroupResult
from baksos_eval.evaluation.results import ScaleResult, ScaleSummary
from baksos_eval.evaluation.waves import WaveResult
from baksos_eval.report import inline
from baksos_eval.report.content import Column, Spanner, Table
from baksos_eval.report.phrases import digits, scale_name, unit_of
from baksos_eval.report.text import NOTHING, Catalogue
from baksos_eval.stats import categories
from baksos_eval.stats.description import Lilliefors
from baksos_eval.study.instrument import Scale
from baksos_eval.study.study import Study

Rows = Sequence[Sequence[str]]


def build(study: Study, c: Catalogue, topic: str, rows: Rows, columns: Sequence[tuple[str, str, float]], *, notes: Iterable[str] = (), label: str = "",
           spanners: Sequence[tuple[str, int, int]] = (), emphasised: Sequence[int] = (), wide: bool = False, headers: Mapping[str, str] = {}, **names: str) -> Table:
    """A table with its words taken from ``table.caption.<topic>``, ``table.alt.<topic>`` and ``table.column.*``.

    ``headers`` are those of columns that the study itself names, by their keys.
    """
    return Table(
        label=label or f"tbl-{slug(topic)}",
        caption=c.text(f"table.caption.{topic}", **names) if names else c.text(f"table.caption.{topic}"),
        columns=tuple(Column(headers.get(key) or c.text(f"table.column.{key}"), align, weight) for key, align, weight in columns),  # type: ignore[arg-type]
        rows=tuple(tuple(row) for row in rows),
        alt=c.text(f"table.alt.{topic}", rows=len(rows), **names),
        source=c.text("table.source", year=study.year),
        notes=tuple(note for note in notes if note),
        spanners=tuple(Spanner(c.text(f"table.spanner.{key}"), first, last) for key, first, last in spanners),
        emphasised=tuple(emphasised),
        wide=wide,
    )


def means_with_sd(r: ScaleResult | GroupResult, c: Catalogue) -> list[str]:
    d = digits(r.scale)
    values = ((r.mean_change.mean_pre, r.mean_change.sd_pre), (r.mean_change.mean_post, r.mean_change.sd_post))
    return [f"{c.number(mean, d)} ({c.number(sd, d)})" if mean == mean else NOTHING for mean, sd in values]


def change_with_interval(r: ScaleResult | GroupResult, c: Catalogue) -> str:
    m = r.mean_change
    return change_and_interval(m.change, m.change_low, m.change_high, digits(r.scale), c)


def change_and_interval(change: float, low: float, high: float, decimals: int, c: Catalogue) -> str:
    """``+0,30 (0,18 s.d. 0,43)``; without an interval the change alone."""
    if math.isnan(change):
        return NOTHING
    interval = c.interval(low, high, decimals)
    return c.number(change, decimals, signed=True) + ("" if interval == NOTHING else f" ({interval})")


def units_of(results: Sequence[ScaleResult | GroupResult | WaveResult | ScaleSummary], study: Study, c: Catalogue) -> str:
    return "; ".join(f"{scale_name(r, study, c)}: {unit_of(r.scale, c)}" for r in results)


def confidence_note(study: Study, c: Catalogue, key: str) -> str:
    return c.text(key, confidence=c.percent(study.analysis.confidence, 0))


def reasons(notes: Iterable[str], c: Catalogue) -> list[str]:
    """Why a number in the table is missing: each reason once."""
    codes = [str(code) for code in dict.fromkeys(notes) if code]
    return [c.text("table.note.missing", reasons="; ".join(c.text(f"reason.{code}") for code in codes))] if codes else []


def at_zero(limits: Iterable[tuple[float, float, float]], study: Study, c: Catalogue) -> list[str]:
    """What it means where an interval (low, high, p) ends at zero itself although its test rejects zero; nothing where none does."""
    found = any(p < 1 - study.analysis.confidence and 0 in (low, high) for low, high, p in limits)
    return [c.text("table.note.at_zero")] if found else []


def totals(results: Sequence[ScaleResult | GroupResult | WaveResult | ScaleSummary]) -> list[int]:
    return [place for place, result in enumerate(results) if result.scale.id == "total"]


def band(value: float, preset: str, c: Catalogue) -> str:
    """The band's name a value falls into, a dash when there is no value."""
    key = categories.classify([value], preset)[0]
    return c.text(f"band.{key}") if key else NOTHING


def gain_band(value: float, c: Catalogue) -> str:
    """Hake's band of a gain; a loss is called one, although it lies below the lowest bound too."""
    return c.text("band.loss") if value < 0 else band(value, "hake", c)


def bounds(scale: Scale, key: str, c: Catalogue) -> str:
    """The bounds of one of a scale's categories in words: ``≥ 76``, ``56 – < 76``, ``< 56``."""
    rules = categories.suited(scale.categories, scale.minimum, scale.maximum).bands
    place = [band.key for band in rules].index(key)
    low = _bound(rules[place].lower, c)
    if place == len(rules) - 1:
        return f"≥ {low}"
    high = _bound(rules[place + 1].lower, c)
    return f"< {high}" if place == 0 else f"{low} – < {high}"


def _bound(value: float, c: Catalogue) -> str:
    return c.number(value, 0 if math.isclose(value, round(value), abs_tol=categories.EDGE_TOLERANCE) else 2)


def label_of(study: Study, instrument: str, c: Catalogue) -> str:
    """The instrument's name in the language of the catalogue."""
    return inline.escape(study.instrument(instrument).label[c.language])


def reversed_note(study: Study, instrument: str, c: Catalogue) -> list[str]:
    """A note that negative items are reversed, where the instrument has any."""
    return [c.text("items.reversed")] if any(item.reversed for item in study.instrument(instrument).items) else []


def slug(text: str) -> str:
    return text.replace("_", "-")


def capped(result: Lilliefors, c: Catalogue) -> str:
    """The p of Lilliefors' test, as a bound where it is one."""
    return c.text("number.at_least", value=c.number(result.p, 3)) if result.capped and result.p == result.p else c.p(result.p)
