"""Which column holds what: items by id, wording or alias, the study's own columns, contact data, and the rest."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.files import RawTable
from baksos_eval.intake.privacy import identifies, is_contact
from baksos_eval.intake.text import fold, loosen, nearest, quote
from baksos_eval.study.instrument import Instrument, Item, MultipleChoice
from baksos_eval.study.study import WAVES, Columns, Source, Study, Wave

_GRID = re.compile(r"^(.*?)\s*\[\s*([^\[\]]+?)\s*\]\s*(\d?)$")
_IN_GROUP = re.compile(r"^.*/\s*([^/]+)$")
_REPEATED = re.compile(r"^(.+?)\s+([2-9])$")
_SERVICE = re.compile(r".*\[\s*(?:score|skor|nilai|feedback|masukan|umpan balik)\s*\]|(?:points|feedback|poin|masukan|umpan balik)\s*[-\u2013]\s.*",
                      re.IGNORECASE | re.DOTALL)
"""Columns that a form adds to a question: the points it gave and what it remarked."""
_PARENT = {"_parent_index", "_parent_table_name", "parent_key"}
_FEWEST_WORDS = 3
_MOST_NAMED = 10

MATCHED_BY = ("mapped", "id", "text", "alias", "words", "inner", "beginning")
"""How an item's column can have been known, the surest first."""

COLUMN_KINDS = ("rt", "wave", "consent", "time", "arm")


class Layout(NamedTuple):
    """Positions of the columns that are used, per wave where a row holds both; and what was noticed.

    ``known`` has the keys ``id.0``, ``id.1`` …, ``rt``, ``wave``, ``consent``, ``time``, ``arm``, ``profile.<name>``,
    ``dose.<name>``;
    ``totals`` is per wave. ``contact`` are columns of names, numbers and addresses, which go no further.
    ``multiple`` holds the questions with several answers: the one column of a question under the empty name, or one for each option.
    ``how`` tells by what each item's column was known: ``mapped``, ``id``, ``text``, ``alias``, ``words``, ``inner`` or ``beginning``.
    """

    items: Mapping[Wave, Mapping[str, int]]
    known: Mapping[str, int]
    totals: Mapping[Wave, Mapping[str, int]]
    contact: tuple[int, ...]
    findings: tuple[Finding, ...]
    how: Mapping[Wave, Mapping[str, str]] = MappingProxyType({})
    multiple: Mapping[Wave, Mapping[str, Mapping[str, int]]] = MappingProxyType({})


def expected_headers(source: Source, study: Study) -> tuple[str, ...]:
    """Every header by which the source's table could be known; for finding the header row and the delimiter."""
    headers = [header for wave in waves_of(source, study) for instrument in study.questionnaires
               for number, item in enumerate(instrument.items, start=1)
               for level in _candidates(source, wave, item, number) for header in level]
    return tuple(dict.fromkeys([*headers, *_declared(_columns(source, study)).values()]))


def expected_of(source: Source, study: Study, wave: Wave) -> dict[str, tuple[str, ...]]:
    """The headers under which each item of a wave would be known, the one that says most first."""
    wanted = {}
    for instrument in study.questionnaires:
        for number, item in enumerate(instrument.items, start=1):
            levels = [tuple(filter(None, level)) for level in _candidates(source, wave, item, number)]
            wanted[item.id] = tuple(header for level in (*levels[1:2], *levels[:1], *levels[2:]) for header in level)
    return {item: headers for item, headers in wanted.items() if headers}


def known_texts(source: Source, study: Study) -> dict[str, str]:
    """The headers that the study names for its own columns, those that the table needs."""
    fixed = {"rt": bool(source.rt or source.sheet == "*"), "wave": bool(source.layout != "long" or source.event)}
    return {name: header for name, header in _declared(_columns(source, study)).items() if not fixed.get(name)}


def waves_of(source: Source, study: Study) -> tuple[Wave, ...]:
    """The waves whose items have columns of their own in the table; a table with one wave per row has one set."""
    if source.layout != "wide":
        return ("pre",)
    named = tuple(wave for wave in study.waves if wave in source.wide or wave in source.wide_items)
    return named if len(named) > 1 else WAVES


def _columns(source: Source, study: Study) -> Columns:
    """The table's columns; where nobody is to be paired no id is read, even if there is one."""
    columns = source.columns.over(study.columns)
    return columns.model_copy(update={"id": ()}) if study.is_anonymous else columns


def match_columns(table: RawTable, source: Source, study: Study) -> Layout:
    """The columns of a table; everything that is missing or doubtful is a finding, all at once."""
    headers = _Headers(table, numbered=_expects_numbers(source))
    columns = _columns(source, study)
    findings: list[Finding] = []
    if parent := [position for position, header in enumerate(table.columns) if fold(header) in _PARENT]:
        findings.append(headers.finding("repeat_group_table", Severity.FATAL, parent[0]))
    if headers.repeats:
        findings.append(headers.note("headers_repeated", headers.repeats))
    how: dict[Wave, dict[str, str]] = {wave: {} for wave in waves_of(source, study)}
    items = {wave: _match_items(headers, source, study, wave, findings, how[wave]) for wave in waves_of(source, study)}
    findings += _shared(headers, items)
    known = _match_known(headers, source, columns, findings)
    if not (columns.id_columns or study.is_anonymous or source.layout == "wide"):
        findings.append(headers.finding("id_not_named", Severity.FATAL))
    totals = {wave: _match_totals(headers, source, columns, wave, findings) for wave in waves_of(source, study)}

    multiple = {wave: _match_multiple(headers, source, study, wave, findings) for wave in waves_of(source, study)}
    ticked = [places for group in multiple.values() for places in group.values()]

    used = {position for group in (*items.values(), *totals.values(), *ticked, known) for position in group.values()}
    rest = [position for position, header in enumerate(table.columns) if header and position not in used]
    contact = tuple(position for position in rest if is_contact(table, position))
    for name, position in list(known.items()):
        if name.startswith("profile.") and identifies(table, position):
            findings.append(headers.finding("profile_is_contact", Severity.WARNING, position, name=name.removeprefix("profile.")))
            contact += (known.pop(name),)
    if contact:
        findings.append(headers.note("contact_columns_dropped", sorted(contact)))
    if ignored := [position for position in rest if position not in contact]:
        findings.append(headers.note("columns_ignored", ignored))
    return Layout(items, known, totals, contact, tuple(findings), how, multiple)


def find_items(table: RawTable, source: Source, study: Study) -> dict[str, tuple[int, ...]]:
    """The columns in which each item may stand, by its id, wording or alias: none, one, or more than one where headers do not tell."""
    headers = _Headers(table)
    return {item.id: tuple(_first_match(headers, [level for level in _candidates(source, "pre", item, number) if any(level)]))
            for instrument in study.questionnaires for number, item in enumerate(instrument.items, start=1)}


class _Headers:
    """A table's headers, to be looked up exactly and by their words alone."""

    def __init__(self, table: RawTable, numbered: bool = False) -> None:
        self.table = table
        self.exact: dict[str, list[int]] = defaultdict(list)
        self.loose: dict[str, list[int]] = defaultdict(list)
        self.inner: dict[str, list[int]] = defaultdict(list)
        self.repeats: list[int] = []
        names = self._numbered() if numbered else table.columns
        present = {fold(name) for name in names}
        for position, header in enumerate(names):
            if not header:
                continue
            self.exact[fold(header)].append(position)
            if _SERVICE.fullmatch(header):
                continue
            if words := loosen(header):
                self.loose[words].append(position)
            if inner := loosen(_inner(header, present)):
                self.inner[inner].append(position)

    def _numbered(self) -> tuple[str, ...]:
        """The headers, a repeated one with its number behind it, as a form's own worksheet writes it (``Question 2``)."""
        seen: Counter[str] = Counter()
        names = []
        for position, header in enumerate(self.table.columns):
            seen[fold(header)] += 1
            again = seen[fold(header)] if header else 1
            if again > 1:
                self.repeats.append(position)
            names.append(header if again == 1 else f"{header} {again}")
        return tuple(names)

    def find(self, header: str) -> list[int]:
        """Positions of a header, by its exact text, or else by its words, or else as a question inside a group."""
        words = loosen(header)
        return self.exact.get(fold(header)) or self.loose.get(words) or self.inner.get(words, [])

    def beginning(self, words: str) -> list[int]:
        """Positions of headers that go on after these words, as a question with its description does."""
        if len(words.split()) < _FEWEST_WORDS:
            return []
        return [position for header, positions in self.loose.items() for position in positions
                if header.startswith(f"{words} ") and re.search(r"[^\W\d]", header[len(words):])]

    def where(self, column: str = "") -> Where:
        return Where(self.table.file, self.table.sheet, self.table.header_row or None, quote(column))

    def finding(self, code: str, severity: Severity, position: int | None = None, **details: object) -> Finding:
        column = self.table.columns[position] if position is not None else ""
        return Finding(code, severity, where=(self.where(column),), details=details)

    def note(self, code: str, positions: Sequence[int]) -> Finding:
        shown = tuple(_place(self.table, position) for position in positions[:_MOST_NAMED])
        return Finding(code, Severity.NOTE, len(positions), (self.where(),), details={"columns": shown})

    def similar(self, wanted: Sequence[str]) -> tuple[str, ...]:
        return nearest(wanted, [header for header in self.table.columns if header], cutoff=0.5)


def _inner(header: str, present: set[str]) -> str:
    """The question inside a grid (``Title [row]``) or a group (``group/question``), with its number where the same grid comes again."""
    grid = _GRID.match(header)
    if not grid:
        group = _IN_GROUP.match(header)
        return group[1] if group else ""
    title, row, again = grid.groups()
    if not again and (repeated := _REPEATED.match(title)) and fold(f"{repeated[1]} [{row}]") in present:
        again = repeated[2]
    return f"{row} {again}".strip()


def _expects_numbers(source: Source) -> bool:
    """Whether a table with both waves in a row tells the second one by a number behind its headers."""
    named = (*source.wide.values(), *(header for group in source.wide_items.values() for header in group.values()))
    return any(_REPEATED.match(header) for header in named)


def _candidates(source: Source, wave: Wave, item: Item | MultipleChoice, number: int) -> Iterator[tuple[str, ...]]:
    """Headers an item may stand under, the surest first."""
    explicit = source.wide_items.get(wave, {}) if source.layout == "wide" else source.items
    if item.id in explicit:
        yield (explicit[item.id],)
        return
    levels = ((item.id,), (item.text.id, item.text.en), item.aliases)
    if source.layout != "wide":
        yield from levels
    elif wave in source.wide:
        for level in levels:
            yield tuple(_render(source.wide[wave], word, item.text.id if word == item.id else word, number) for word in level)


def _render(pattern: str, item: str, text: str, number: int) -> str:
    try:
        return pattern.format(item=item, text=text, number=number)
    except (KeyError, IndexError, ValueError, AttributeError):
        return ""


def _match_items(headers: _Headers, source: Source, study: Study, wave: Wave, findings: list[Finding],
                 how: dict[str, str]) -> dict[str, int]:
    pattern = source.wide.get(wave, "")
    if pattern and not _render(pattern, "item", "text", 1):
        findings.append(headers.finding("wide_pattern_invalid", Severity.FATAL, pattern=pattern, wave=study.wave_name(wave)))
        return {}
    matched: dict[str, int] = {}
    for instrument in study.questionnaires:
        missing = []
        for number, item in enumerate(instrument.items, start=1):
            levels = [level for level in _candidates(source, wave, item, number) if any(level)]
            explicit = item.id in (source.wide_items.get(wave, {}) if source.layout == "wide" else source.items)
            positions, level = _best_match(headers, levels)
            if positions:
                how[item.id] = "mapped" if explicit else level
            if len(positions) == 1:
                matched[item.id] = positions[0]
            elif positions:
                findings.append(Finding("item_matched_twice", Severity.FATAL, len(positions), (headers.where(headers.table.columns[positions[0]]),),
                                        details={"item": item.id, "columns": tuple(_place(headers.table, position) for position in positions)}))
                matched[item.id] = positions[0]
            else:
                missing.append((item, explicit, levels))
        findings += _missing_items(headers, instrument, missing, study.language)
    known = {item.id for instrument in study.questionnaires for item in instrument.items}
    given = source.wide_items.get(wave, {}) if source.layout == "wide" else source.items
    for item_id in sorted(set(given) - known):
        findings.append(headers.finding("mapped_item_unknown", Severity.FATAL, item=item_id, similar=nearest([item_id], known)))
    return matched


def _match_multiple(headers: _Headers, source: Source, study: Study, wave: Wave, findings: list[Finding]) -> dict[str, dict[str, int]]:
    """The columns of each question with several answers: one for each option if they are all there, or else the one that holds them together."""
    matched: dict[str, dict[str, int]] = {}
    for instrument in study.questionnaires:
        for question in instrument.multiple:
            levels = [level for level in _candidates(source, wave, question, 0) if any(level)]
            names = {loosen(header) for level in levels for header in level}
            of_option: dict[str, list[int]] = defaultdict(list)
            for position, header in enumerate(headers.table.columns):
                group, slash, last = header.rpartition("/")
                if slash and loosen(group.rpartition("/")[2]) in names:
                    of_option[loosen(last)].append(position)
            each = {option.code: [place for word in {loosen(text) for text in (option.code, option.label.id, option.label.en, *option.spellings)} for place in of_option.get(word, ())]
                    for option in question.options}
            together = _first_match(headers, levels)
            if all(len(places) == 1 for places in each.values()):
                matched[question.id] = {code: places[0] for code, places in each.items()}
            elif len(together) == 1:
                matched[question.id] = {"": together[0]}
            else:
                wanted = [header for level in levels for header in level]
                findings.append(headers.finding("multiple_column_missing", Severity.WARNING, item=question.id, text=quote(question.text[study.language]),
                                                found_columns=len(together), similar=headers.similar(wanted)))
    return matched


def _first_match(headers: _Headers, levels: Sequence[tuple[str, ...]]) -> list[int]:
    """Columns of the surest level that matches at all."""
    return _best_match(headers, levels)[0]


def _best_match(headers: _Headers, levels: Sequence[tuple[str, ...]]) -> tuple[list[int], str]:
    """Columns of the surest level that matches at all, and which: exact text, then words alone, inside a grid or group, with a description."""
    for level, name in zip(levels, MATCHED_BY[1:], strict=False):
        if found := sorted({position for header in level for position in headers.exact.get(fold(header), [])}):
            return found, name
    every = [loosen(header) for level in levels for header in level if loosen(header)]
    for look_up, name in ((headers.loose.get, "words"), (headers.inner.get, "inner"), (headers.beginning, "beginning")):
        if found := sorted({position for words in every for position in look_up(words) or ()}):
            return found, name
    return [], ""


def _missing_items(headers: _Headers, instrument: Instrument, missing: Sequence[tuple[Item, bool, list[tuple[str, ...]]]],
                   language: str) -> Iterator[Finding]:
    if len(missing) == len(instrument.items) and not any(explicit for _, explicit, _ in missing):
        wanted = [header for _, _, levels in missing[:3] for level in levels for header in level]
        yield Finding("no_item_columns", Severity.FATAL, len(missing), (headers.where(),), details={
            "instrument": instrument.label[language], "similar": headers.similar(wanted),
            "expected": tuple(quote(levels[0][0]) for _, _, levels in missing[:3] if levels),
            "columns": tuple(quote(header) for header in headers.table.columns if header)[:8]})
        return
    for item, explicit, levels in missing:
        wanted = [header for level in levels for header in level]
        code = "mapped_column_missing" if explicit else "item_column_missing"
        yield Finding(code, Severity.FATAL, where=(headers.where(),), details={
            "item": item.id, "text": quote(item.shown[language]), "header": quote(wanted[0]) if wanted else "", "similar": headers.similar(wanted)})


def _shared(headers: _Headers, items: Mapping[Wave, Mapping[str, int]]) -> Iterator[Finding]:
    """Columns that two items (of one wave or of both) would take their answers from."""
    owners: dict[int, list[str]] = defaultdict(list)
    for wave, group in items.items():
        for item, position in group.items():
            owners[position].append(f"{wave} {item}" if len(items) > 1 else item)
    for position, names in owners.items():
        if len(names) > 1:
            yield Finding("column_matches_two_items", Severity.FATAL, len(names), (headers.where(headers.table.columns[position]),),
                          details={"items": tuple(names)})


def _declared(columns: Columns) -> dict[str, str]:
    """The study's own columns: our name and the header in the file."""
    named = {f"id.{number}": header for number, header in enumerate(columns.id_columns)}
    named |= {kind: getattr(columns, kind) for kind in COLUMN_KINDS}
    named |= {f"{kind}.{name}": header for kind in ("profile", "dose") for name, header in getattr(columns, kind).items()}
    return {name: header for name, header in named.items() if header}


def _match_known(headers: _Headers, source: Source, columns: Columns, findings: list[Finding]) -> dict[str, int]:
    optional = {"time": Severity.FATAL if source.event else Severity.NOTE, "consent": Severity.WARNING, "arm": Severity.NOTE} | {f"dose.{name}": Severity.NOTE for name in columns.dose}
    if source.rt or source.sheet == "*":
        optional["rt"] = Severity.NOTE
    known = {}
    for name, header in _declared(columns).items():
        positions = headers.find(header)
        fixed = (name == "rt" and (source.rt or source.sheet == "*")) or (name == "wave" and (source.layout != "long" or source.event))
        severity = Severity.WARNING if name.startswith("profile.") else optional.get(name, Severity.FATAL)
        if len(positions) == 1:
            known[name] = positions[0]
        elif positions:
            findings.append(headers.finding("known_column_twice", severity, positions[0], column=quote(header), key=_key(name),
                                            columns=tuple(_place(headers.table, position) for position in positions)))
        elif not fixed:
            codes = {"consent": "consent_column_missing", "id": "id_column_missing"}
            findings.append(headers.finding(codes.get(name.partition(".")[0], "known_column_missing"), severity, column=quote(header), key=_key(name), similar=headers.similar([header])))
    if source.event and not columns.time:
        findings.append(headers.finding("event_without_time", Severity.FATAL))
    if source.layout == "long" and not columns.wave and not source.event:
        findings.append(headers.finding("wave_not_named", Severity.FATAL))
    return known


def _match_totals(headers: _Headers, source: Source, columns: Columns, wave: Wave, findings: list[Finding]) -> dict[str, int]:
    found = {}
    for instrument, header in columns.total.items():
        wanted = _render(source.wide[wave].replace("{number", "{text"), header, header, 0) if wave in source.wide else header
        positions = headers.find(wanted) if wanted else []
        if len(positions) == 1:
            found[instrument] = positions[0]
        elif source.layout != "wide":
            findings.append(headers.finding("known_column_missing", Severity.WARNING, column=quote(header), key=f"columns.total.{instrument}",
                                            similar=headers.similar([header])))
    return found


def _key(name: str) -> str:
    """The key of study.toml that names a column."""
    return "columns.id" if name.startswith("id.") else f"columns.{name}"


def _place(table: RawTable, position: int) -> str:
    return f"{column_letters(position)}: {quote(table.columns[position])}"


def column_letters(position: int) -> str:
    """The letters Excel gives a column.

    >>> [column_letters(position) for position in (0, 25, 26, 702)]
    ['A', 'Z', 'AA', 'AAA']
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
