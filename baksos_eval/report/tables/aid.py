"""Aid: whom it reached, what was given, to whom it went, and what it cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

from baksos_eval.activities.activities import Activities
from baksos_eval.activities.aid import Aid, AidResult, GroupReach
from baksos_eval.report import inline
from baksos_eval.report.aid_words import amount, group_name, kind_name, place_name, rupiah, unit_name
from baksos_eval.report.content import Table
from baksos_eval.report.many_rts import QUANTILE_KEYS, are_many, name_rts, spread, write_count
from baksos_eval.report.people import HIDDEN
from baksos_eval.report.tables.building import build, reasons
from baksos_eval.report.text import NOTHING, Catalogue, words
from baksos_eval.stats.suppression import FEWEST

MOST_GROUPS_ACROSS, MOST_RTS_ACROSS = 7, 5


def aid(a: Activities) -> Table | None:
    """Whom aid reached in each RT (of very many how they are spread): households meant and reached, handings over, proof."""
    if a.aid is None:
        return None
    c = words(a.study.language)
    results = _parts(a.aid)
    rows = [[_name(result, a, c), amount(result.coverage.targeted, c), amount(result.coverage.reached, c), c.percent(result.coverage.share), str(result.handovers),
             str(result.institutional), c.percent(result.proof.share)] for result in results]
    if are_many(a.aid.rts):
        rows = [*_spread_over(a.aid.rts, c), *rows]
    columns = [("rt", "left", 2.0), ("aid_targeted", "right", 1.2), ("aid_reached", "right", 1.2), ("aid_coverage", "right", 1.2), ("aid_handovers", "right", 1.3),
               ("aid_institutional", "right", 1.3), ("aid_proof", "right", 1.2)]
    notes = [c.text("aid.note.coverage")]
    if any(math.isnan(result.coverage.share) for result in results):
        notes += reasons((result.coverage.note for result in results), c)
    if a.aid.result.unidentified:
        notes.append(c.text("aid.note.unidentified", count=a.aid.result.unidentified))
    return build(a.study, c, "aid", rows, columns, notes=[*notes, *_not_each(a.aid, c)], emphasised=_last(rows), place=place_name(a, c))


def aid_goods(a: Activities) -> Table | None:
    """What was given, by kind and unit, for households and for institutions."""
    if a.aid is None or not a.aid.result.totals:
        return None
    c = words(a.study.language)
    totals = a.aid.result.totals
    rows = []
    for place, total in enumerate(totals):
        first = place == 0 or totals[place - 1].kind != total.kind
        if total.hidden:
            rows.append([kind_name(total.kind, c) if first else "", unit_name(total.unit, c), *[HIDDEN] * 5])
            continue
        rows.append([kind_name(total.kind, c) if first else "", unit_name(total.unit, c), str(total.handovers), str(total.reached), amount(total.households, c) if total.unread < total.handovers else NOTHING,
                     amount(total.institutions, c) if total.institutions else NOTHING, rupiah(total.value, c)])
    columns = [("aid_kind", "left", 2.0), ("aid_unit", "left", 1.2), ("aid_handovers", "right", 1.2), ("aid_reached", "right", 1.0), ("aid_for_households", "right", 1.2),
               ("aid_for_institutions", "right", 1.2), ("aid_value", "right", 1.7)]
    unread, unpriced = sum(total.unread for total in totals), sum(total.without_value for total in totals)
    notes = [c.text("aid.note.unread", count=unread)] * bool(unread) + [c.text("aid.note.unpriced", count=unpriced)] * bool(unpriced)
    notes += [c.text("profile.note_hidden", mark=HIDDEN, most=FEWEST - 1)] * any(HIDDEN in row for row in rows)
    return build(a.study, c, "aid_goods", rows, columns, notes=notes, place=place_name(a, c))


def aid_households(a: Activities) -> Table | None:
    """What a household received in all in rupiah; ``None`` where no value was recorded."""
    if a.aid is None:
        return None
    c = words(a.study.language)
    results = _parts(a.aid)
    if all(math.isnan(result.value.total) for result in results):
        return None
    rows = []
    for result in results:
        value = result.value
        span = NOTHING if math.isnan(value.lowest) else c.text("aid.span", low=rupiah(value.lowest, c), high=rupiah(value.highest, c))
        rows.append([_name(result, a, c), str(value.households), rupiah(value.median, c), span, rupiah(value.total, c)])
    columns = [("rt", "left", 1.7), ("aid_priced", "right", 0.9), ("aid_median", "right", 1.4), ("aid_span", "right", 2.6), ("aid_total", "right", 1.7)]
    notes = [c.text("aid.note.households"), *reasons((note for result in results for note in (result.value.note, result.value.total_note)), c), *_not_each(a.aid, c)]
    return build(a.study, c, "aid_households", rows, columns, spanners=[("aid_value", 2, 3)], notes=notes, emphasised=_last(results), place=place_name(a, c))


def aid_masks(a: Activities) -> Table | None:
    """How many masks there were for each person, over the households that tell both; ``None`` where nobody can be counted."""
    if a.aid is None or math.isnan(a.aid.result.masks.per_person):
        return None
    c = words(a.study.language)
    results = _parts(a.aid)
    rows = [[_name(result, a, c), str(result.masks.of_households), str(result.masks.households), amount(result.masks.masks, c), amount(result.masks.people, c),
             c.number(result.masks.per_person)] for result in results]
    columns = [("rt", "left", 1.7), ("aid_with_masks", "right", 1.4), ("aid_counted", "right", 1.2), ("aid_masks", "right", 1.1), ("aid_people", "right", 1.0), ("aid_per_person", "right", 1.2)]
    notes = [c.text("aid.note.masks"), *reasons((result.masks.note for result in results if result.masks.of_households), c), *_not_each(a.aid, c)]
    return build(a.study, c, "aid_masks", rows, columns, notes=notes, emphasised=_last(results), place=place_name(a, c))


def aid_groups(a: Activities) -> Table | None:
    """Households reached by target group, in each RT where there are few enough groups; small numbers are hidden."""
    if a.aid is None or all(group.reached is None for group in a.aid.groups):
        return None
    c = words(a.study.language)
    groups = a.aid.groups
    split = len(a.aid.rts) > 1 and all(group.of_rts for group in groups)
    rts = sum(result.households >= FEWEST for result in a.aid.rts)
    if split and rts <= MOST_RTS_ACROSS:
        rows, columns, headers = _rts_across(a.aid, groups, c)
    elif split and len(groups) <= MOST_GROUPS_ACROSS and not are_many(a.aid.rts):
        rows, columns, headers = _groups_across(a.aid, groups, c)
    else:
        rows, columns, headers = _groups_alone(groups, c)
    hides = any(None in (*group.of_rts, group.reached) for group in groups)
    left_out = [result.rt for result in a.aid.rts if 0 < result.households < FEWEST]
    notes = [c.text("profile.note_hidden", mark=HIDDEN, most=FEWEST - 1)] * hides + [c.text("aid.note.left_out", rts=name_rts(left_out, c), fewest=FEWEST)] * bool(left_out)
    return build(a.study, c, "aid_groups", rows, columns, headers=headers, notes=notes, emphasised=[place for place, line in enumerate(rows) if line[0] == c.text("aid.row.sum")], wide=len(columns) > 9, place=place_name(a, c))


def aid_targeting(a: Activities) -> Table | None:
    """How many entitled households were missed, and how many of those reached were not entitled; ``None`` without a list."""
    if a.aid is None or math.isnan(a.aid.result.targeting.exclusion):
        return None
    c = words(a.study.language)
    results = _parts(a.aid)
    rows = [[_name(result, a, c), *(amount(number, c) for number in result.targeting[:3]), c.percent(result.targeting.exclusion), c.percent(result.targeting.inclusion)] for result in results]
    columns = [("rt", "left", 2.0), ("aid_entitled", "right", 1.2), ("aid_reached", "right", 1.2), ("aid_both", "right", 1.4), ("aid_exclusion", "right", 1.4), ("aid_inclusion", "right", 1.4)]
    return build(a.study, c, "aid_targeting", rows, columns, notes=[c.text("aid.note.targeting"), *reasons((result.targeting.note for result in results), c), *_not_each(a.aid, c)],
                 emphasised=_last(results), place=place_name(a, c))


def aid_institutions(a: Activities) -> Table | None:
    """What institutions received, which is in no share of households."""
    if a.aid is None or not a.aid.institutions:
        return None
    c = words(a.study.language)
    given = a.aid.institutions
    rows = [[inline.escape(one.institution) if place == 0 or given[place - 1].institution != one.institution else "", kind_name(one.kind, c), str(one.handovers),
             f"{amount(one.quantity, c)} {unit_name(one.unit, c)}" if not math.isnan(one.quantity) else NOTHING, rupiah(one.value, c), amount(one.people, c)] for place, one in enumerate(given)]
    columns = [("aid_institution", "left", 2.6), ("aid_kind", "left", 1.8), ("aid_handovers", "right", 1.2), ("aid_quantity", "right", 1.5), ("aid_value", "right", 1.5), ("aid_people", "right", 1.0)]
    return build(a.study, c, "aid_institutions", rows, columns)


def aid_budget(a: Activities) -> Table | None:
    """The budget against what was spent."""
    if a.aid is None or not a.aid.budget:
        return None
    c = words(a.study.language)
    lines = a.aid.budget
    planned, realised = math.fsum(line.planned for line in lines), math.fsum(line.realised for line in lines)
    rows = [[inline.escape(line.label[c.language]), rupiah(line.planned, c), rupiah(line.realised, c), c.percent(line.share), rupiah_change(line.realised - line.planned, c)] for line in lines]
    rows.append([c.text("aid.row.sum"), rupiah(planned, c), rupiah(realised, c), c.percent(realised / planned), rupiah_change(realised - planned, c)])
    columns = [("aid_line", "left", 2.4), ("aid_planned", "right", 1.6), ("aid_realised", "right", 1.6), ("aid_used", "right", 1.0), ("aid_difference", "right", 1.6)]
    missing = sum(line.without_value for line in lines)
    notes = [c.text("aid.note.budget")] + [c.text("aid.note.lower_bound", count=missing)] * bool(missing)
    return build(a.study, c, "aid_budget", rows, columns, notes=notes, emphasised=[len(lines)])


def rupiah_change(value: float, c: Catalogue) -> str:
    """A difference in rupiah with its sign."""
    sign = c.number(math.copysign(1, value), 0, signed=True)[0] if value else ""
    return sign + rupiah(abs(value), c)


def _parts(aid: Aid) -> tuple[AidResult, ...]:
    """Each RT and then the whole; the one RT alone, and the whole alone where there are very many RTs."""
    return (*aid.rts, aid.result) if len(aid.rts) > 1 and not are_many(aid.rts) else (aid.result,)


def _last(results: Sequence[object]) -> list[int]:
    return [len(results) - 1] if len(results) > 1 else []


def _not_each(aid: Aid, c: Catalogue) -> list[str]:
    """Where each RT is told, if there are too many here."""
    return [c.text("many_rts.aid", k=c.number(len(aid.rts), 0))] if are_many(aid.rts) else []


def _spread_over(rts: Sequence[AidResult], c: Catalogue) -> list[list[str]]:
    """A row for each quantile of what the RTs have in each column."""
    counts = [[result.coverage.targeted for result in rts], [result.coverage.reached for result in rts], [result.handovers for result in rts], [result.institutional for result in rts]]
    targeted, reached, handovers, institutional = ([write_count(value, c) for value in spread(values)] for values in counts)
    coverage, proof = ([c.percent(value) for value in spread(values)] for values in ([result.coverage.share for result in rts], [result.proof.share for result in rts]))
    names = [c.text("many_rts.quantile", which=c.text(f"table.column.{key}")) for key in QUANTILE_KEYS]
    return [list(row) for row in zip(names, targeted, reached, coverage, handovers, institutional, proof, strict=True)]


def _name(result: AidResult, a: Activities, c: Catalogue) -> str:
    return inline.escape(result.rt or a.rt) or c.text("aid.row.all")


def _rts_across(aid: Aid, groups: Sequence[GroupReach], c: Catalogue) -> tuple[list[list[str]], list[tuple[str, str, float]], dict[str, str]]:
    """A row for each group, a column for each RT."""
    shown = [(place, result) for place, result in enumerate(aid.rts) if result.households >= FEWEST]
    alone, columns, _ = _groups_alone(groups, c)
    rows = [[line[0], *(_count(group.of_rts[place]) for place, _ in shown), *line[1:]] for line, group in zip(alone, groups, strict=True)]
    rows.append([c.text("aid.row.sum"), *(str(result.households) for _, result in shown), str(sum(result.households for _, result in shown)), *[NOTHING] * (len(columns) - 2)])
    return rows, [columns[0], *((f"rt {place}", "right", 0.9) for place, _ in shown), *columns[1:]], {f"rt {place}": inline.escape(result.rt) for place, result in shown}


def _groups_across(aid: Aid, groups: Sequence[GroupReach], c: Catalogue) -> tuple[list[list[str]], list[tuple[str, str, float]], dict[str, str]]:
    """A row for each RT, a column for each group."""
    shown = [(place, result) for place, result in enumerate(aid.rts) if result.households >= FEWEST]
    rows = [[inline.escape(result.rt), *(_count(group.of_rts[place]) for group in groups), str(result.households)] for place, result in shown]
    rows.append([c.text("aid.row.sum"), *(_count(group.reached) for group in groups), str(sum(result.households for _, result in shown))])
    if any(not math.isnan(group.coverage.targeted) for group in groups):
        rows.append([c.text("aid.row.targeted"), *(amount(group.coverage.targeted, c) for group in groups), NOTHING])
        rows.append([c.text("aid.row.coverage"), *(c.percent(group.coverage.share) for group in groups), NOTHING])
    columns = [("rt", "left", 1.6), *((f"group {place}", "right", 1.3) for place in range(len(groups))), ("aid_reached", "right", 1.2)]
    return rows, columns, {f"group {place}": group_name(group.group, c) for place, group in enumerate(groups)}


def _groups_alone(groups: Sequence[GroupReach], c: Catalogue) -> tuple[list[list[str]], list[tuple[str, str, float]], dict[str, str]]:
    rows = [[group_name(group.group, c), _count(group.reached), amount(group.coverage.targeted, c), c.percent(group.coverage.share)] for group in groups]
    columns = [("aid_group", "left", 2.4), ("aid_reached", "right", 1.2), ("aid_targeted", "right", 1.2), ("aid_coverage", "right", 1.2)]
    wanted = 4 if any(not math.isnan(group.coverage.targeted) for group in groups) else 2
    return [row[:wanted] for row in rows], columns[:wanted], {}


def _count(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
