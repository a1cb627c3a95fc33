"""Reads the aid of a study: its log, the list of those entitled, what the study says about both, and what does not fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from baksos_eval.activities.aid import Aid, AidReason, AidRow
from baksos_eval.activities.aid_measures import Terms, measure_aid, members_of
from baksos_eval.activities.amounts import unit_of
from baksos_eval.activities.forms import Form, form_of
from baksos_eval.activities.logs import ReadLog, read_log
from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.intake.text import fold, loosen, nearest, quote
from baksos_eval.study.activities import AidLog
from baksos_eval.study.study import Study


class EligibleRow(NamedTuple):
    """One household entitled to aid."""

    where: Where
    rt: str
    household: str


def read_aid(study: Study, log: AidLog) -> tuple[Aid | None, ReadLog[AidRow]]:
    """The aid of a study, and its log as it was read; no aid when the log, or the list of those entitled, cannot be read."""
    read = read_log(study, log, "aid", AidRow)
    listed = read_log(study, log.eligible, "eligible", EligibleRow) if log.eligible else None
    findings = [*read.findings, *(listed.findings if listed else ())]
    aid = None
    if not any(finding.fatal for finding in findings):
        rows = tuple(_with_money(row) for row in read.rows)
        terms, noticed = _terms(study, log, rows, listed)
        aid = measure_aid(rows, terms)
        findings += [*noticed, *_about_rows(rows), *_about_list(listed), *_about_reach(aid, terms)]
        read = replace(read, rows=rows)
    others = (listed.ids, listed.contacts) if listed else (frozenset(), frozenset())
    return aid, replace(read, findings=tuple(findings), ids=read.ids | others[0], contacts=read.contacts | others[1])


def _with_money(row: AidRow) -> AidRow:
    """The row with its value, where the quantity itself is money."""
    return row._replace(value=row.quantity.value) if row.value is None and row.quantity.unit == "rupiah" else row


def _terms(study: Study, log: AidLog, rows: Sequence[AidRow], listed: ReadLog[EligibleRow] | None) -> tuple[Terms, list[Finding]]:
    """What the study says, in our own names; words that neither the form nor the log has are told."""
    form, findings = form_of("aid"), []
    kinds, groups = _Keys(form, "kind", (row.kind for row in rows)), _Keys(form, "group", (row.group for row in rows))
    terms = Terms(
        {study.rt_name(rt): count for rt, count in log.households.items()},
        {groups.key(word, "groups"): count for word, count in log.groups.items()},
        {row.household: row.rt for row in listed.rows if row.household} if listed else None,
        frozenset(kinds.key(kind, "eligible.kinds") for kind in log.eligible.kinds) if log.eligible else frozenset(),
        {(kinds.key(kind, "contents"), unit_of(unit)): pieces for kind, units in log.contents.items() for unit, pieces in units.items()},
        tuple((line.label, frozenset(kinds.key(kind, "budget") for kind in line.kinds), line.rupiah) for line in log.budget),
        study.expected_rts)
    for keys in (kinds, groups):
        findings += [Finding("aid_word_unknown", Severity.WARNING, details={"name": f"activities.aid.{where}", "found": quote(word), "similar": nearest([word], keys.known)})
                     for where, word in keys.unknown]
    return terms, findings


class _Keys:
    """The keys that words of study.toml mean: choices of the form, or words of the log's own."""

    def __init__(self, form: Form, name: str, used: Iterable[str]) -> None:
        field = form.field(name)
        own = {key for key in used if key and field.choice(key) is None}
        self._keys = {word: choice.key for choice in field.choices for word in choice.forms} | {make(key): key for key in own for make in (fold, loosen)}
        self.known = [choice.label.id for choice in field.choices] + sorted(own)
        self.unknown: list[tuple[str, str]] = []

    def key(self, word: str, where: str) -> str:
        found = self._keys.get(fold(word)) or self._keys.get(loosen(word))
        if not found:
            self.unknown.append((where, word))
        return found or word


def _about_rows(rows: Sequence[AidRow]) -> Iterator[Finding]:
    """Rows that do not say who received something, or that contradict one another."""
    known = members_of(rows)
    yield from _per_rt("aid_two_recipients", Severity.WARNING, rows, lambda row: bool(row.household and row.institution))
    yield from _per_rt("aid_no_recipient", Severity.WARNING, rows, lambda row: not (row.household or row.institution))
    yield from _per_rt("aid_household_without_rt", Severity.WARNING, rows, lambda row: bool(row.household and not row.rt))
    yield from _per_rt("aid_members_differ", Severity.WARNING, rows, lambda row: bool(row.household and row.members and row.household not in known))
    seen: set[tuple[str, str]] = set()
    repeated = []
    for row in rows:
        if row.household and row.kind and (row.kind, row.household) in seen:
            repeated.append(row)
        seen.add((row.kind, row.household))
    yield from _per_rt("aid_given_again", Severity.NOTE, repeated, lambda row: True)


def _per_rt(code: str, severity: Severity, rows: Sequence[AidRow], holds: Callable[[AidRow], bool]) -> Iterator[Finding]:
    groups: dict[str, list[Where]] = {}
    for row in rows:
        if holds(row):
            groups.setdefault(row.rt, []).append(row.where)
    for rt, places in groups.items():
        yield Finding(code, severity, len(places), tuple(places[:MOST_PLACES]), rt)


def _about_list(listed: ReadLog[EligibleRow] | None) -> Iterator[Finding]:
    if listed is None:
        return
    seen: set[str] = set()
    again = [row.where for row in listed.rows if row.household and (row.household in seen or seen.add(row.household))]
    if again:
        yield Finding("aid_entitled_twice", Severity.NOTE, len(again), tuple(again[:MOST_PLACES]))


def _about_reach(aid: Aid, terms: Terms) -> Iterator[Finding]:
    for part in aid.rts:
        coverage = part.coverage
        if coverage.reached > coverage.targeted:
            yield Finding("aid_more_than_meant", Severity.WARNING, int(coverage.reached), rt=part.rt, details={"targeted": int(coverage.targeted)})
        if coverage.note == AidReason.NO_TARGET and part.households:
            yield Finding("aid_without_target", Severity.NOTE, rt=part.rt)
    if aid.result.targeting.note == AidReason.CODES_DIFFER:
        yield Finding("aid_list_codes_differ", Severity.WARNING)
