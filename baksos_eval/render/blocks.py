"""An executed notebook as one list of numbered blocks, from which every format is written."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from baksos_eval.errors import BaksosError, Finding, Severity
from baksos_eval.report import content, inline
from baksos_eval.report.text import words

from . import fonts, markdown
from .model import (
    Aside,
    Block,
    Document,
    Facts,
    FigureBlock,
    Heading,
    Listing,
    Paragraph,
    Reference,
    SpanningHeader,
    Spans,
    TableBlock,
    Words,
    text_of,
)

DROPPED_TAGS = ("parameters", "injected-parameters", "remove_cell")
HIDDEN_SOURCE_TAG = "hide_input"
TECHNICAL_TAG = "technical"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_LABEL = re.compile(r"(tbl|fig)-[a-z0-9-]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# From the gravest: the first of these among the findings names the error.
_DEEPEST = 6     # Markdown's lowest level of headings
_ERRORS = ("notebook_failed", "notebook_unfinished", "foreign_output", "content_unreadable", "formula_unknown",
           "title_missing", "title_repeated", "label_invalid", "label_repeated", "reference_unknown")


def read(notebook: Mapping[str, Any] | Path) -> Document:
    """The report in an executed notebook: its Markdown and our outputs, with tables and figures numbered.

    Code is never part of a report. Left out, each with a note in ``warnings``: what cells tagged ``parameters``,
    ``injected-parameters`` or ``remove_cell`` show, the text of Markdown cells tagged ``hide_input``, printed lines,
    bare text results and progress bars. Headings with nothing below them are left out without a note. The headings of a Markdown
    cell tagged ``technical`` are marked as such.

    Args:
        notebook: the JSON of a notebook (format 4), or the path of one.

    Raises:
        BaksosError: with every reason at once; the code names the gravest: ``notebook_failed`` (a cell raised),
            ``notebook_unfinished`` (a cell was not run), ``foreign_output`` (a table or image that is not ours),
            ``label_repeated``, ``reference_unknown`` and others.
    """
    name = notebook.name if isinstance(notebook, Path) else ""
    reader = _Reader(_load(notebook) if isinstance(notebook, Path) else notebook)
    found = tuple(reader.blocks())
    faults = reader.faults
    if not reader.titles and not any(fault.code in {"notebook_failed", "notebook_unfinished"} for fault in faults):
        faults.append(Finding("title_missing", Severity.FATAL))
    if len(reader.titles) > 1:
        faults.append(Finding("title_repeated", Severity.FATAL, count=len(reader.titles)))
    language = reader.titles[0].language if reader.titles else "id"
    numbered, misnamed = number(_even_headings(_without_empty_sections(found)), language)
    faults += misnamed
    if faults:
        code = min((fault.code for fault in faults), key=_ERRORS.index)
        raise BaksosError(code, faults, file=name or ".ipynb")
    warnings = list(reader.warnings)
    if reader.stripped:
        warnings.append(Finding("control_characters", Severity.NOTE, count=reader.stripped))
    shapeless = fonts.missing(_everything(reader.titles[0], numbered))
    if shapeless:
        warnings.append(Finding("glyphs_missing", Severity.NOTE, count=len(shapeless), details={"characters": shapeless}))
    return Document(reader.titles[0], language, numbered, tuple(warnings))


def number(blocks: Iterable[Block], language: str) -> tuple[tuple[Block, ...], list[Finding]]:
    """The blocks with tables and figures numbered in their order, and every reference given its name; faults beside them."""
    catalogue = words(language)  # type: ignore[arg-type]
    blocks = tuple(blocks)
    faults: list[Finding] = []
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for block in blocks:
        if not isinstance(block, TableBlock | FigureBlock):
            continue
        kind = "table" if isinstance(block, TableBlock) else "figure"
        counts[kind] += 1
        if not _LABEL.fullmatch(block.label):
            faults.append(Finding("label_invalid", Severity.FATAL, details={"label": block.label}))
        elif block.label in names:
            faults.append(Finding("label_repeated", Severity.FATAL, details={"label": block.label}))
        names.setdefault(block.label, f"{catalogue.text(f'render.{kind}')}\N{NO-BREAK SPACE}{counts[kind]}")
    unknown: Counter[str] = Counter()

    def resolve(spans: Spans) -> Spans:
        for span in spans:
            if isinstance(span, Reference) and span.label not in names:
                unknown[span.label] += 1
        return tuple(Reference(span.label, names.get(span.label, "")) if isinstance(span, Reference) else span for span in spans)

    def named(block: Block) -> Block:
        block = map_spans(block, resolve)
        if isinstance(block, TableBlock | FigureBlock):
            name = names[block.label]
            return replace(block, name=name, number=int(name.rsplit("\N{NO-BREAK SPACE}", 1)[1]))
        return block

    numbered = tuple(named(block) for block in blocks)
    faults += [Finding("reference_unknown", Severity.FATAL, count=count, details={"label": label}) for label, count in unknown.items()]
    return numbered, faults


def of_text(text: content.Text, faults: list[Finding], where: Mapping[str, Any]) -> tuple[Block, ...]:
    """The blocks of a text, in a box if it is set apart; what cannot be written is added to ``faults``."""
    inside = markdown.blocks(text.markdown, faults, where)
    return inside if text.role == "body" else (Aside(text.role, markdown.without_headings(inside)),)


def map_spans(block: Block, change: Any) -> Block:
    """The block with ``change`` applied to every line of spans in it, however deep."""
    match block:
        case Heading() | Paragraph():
            return replace(block, spans=change(block.spans))
        case Facts():
            return Facts(tuple((change(label), change(value)) for label, value in block.pairs))
        case Listing():
            return replace(block, items=tuple(tuple(map_spans(part, change) for part in item) for item in block.items))
        case Aside():
            return replace(block, blocks=tuple(map_spans(part, change) for part in block.blocks))
        case TableBlock():
            return replace(
                block, caption=change(block.caption), headers=tuple(map(change, block.headers)), notes=tuple(map(change, block.notes)),
                spanners=tuple(spanner._replace(spans=change(spanner.spans)) for spanner in block.spanners),
                rows=tuple(tuple(map(change, row)) for row in block.rows))
        case FigureBlock():
            return replace(block, caption=change(block.caption), notes=tuple(map(change, block.notes)))
    return block


def _load(path: Path) -> Mapping[str, Any]:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise BaksosError("notebook_unreadable", file=path.name, reason=type(fault).__name__) from fault
    if not isinstance(loaded, dict) or loaded.get("nbformat") != 4 or not isinstance(loaded.get("cells"), list):
        raise BaksosError("notebook_unreadable", file=path.name, reason="nbformat 4")
    return loaded


class _Reader:
    """Walks the cells of one notebook and keeps what cannot be shown."""

    def __init__(self, notebook: Mapping[str, Any]) -> None:
        self.notebook = notebook
        self.faults: list[Finding] = []
        self.warnings: list[Finding] = []
        self.titles: list[content.Title] = []
        self.stripped = 0

    def blocks(self) -> Iterator[Block]:
        if _papermill(self.notebook).get("exception"):
            self.fault("notebook_failed", cell=0, error="papermill")
        for position, cell in enumerate(self.notebook["cells"], start=1):
            where = {"cell": position}
            tags = cell.get("metadata", {}).get("tags", [])
            source = self.clean(_joined(cell.get("source", "")))
            dropping = next((tag for tag in DROPPED_TAGS if tag in tags), None)
            if cell["cell_type"] == "markdown":
                tag = dropping or (HIDDEN_SOURCE_TAG if HIDDEN_SOURCE_TAG in tags else None)
                if not tag:
                    for block in markdown.blocks(source, self.faults, where):
                        yield replace(block, technical=True) if isinstance(block, Heading) and TECHNICAL_TAG in tags else block
                elif source.strip():
                    self.warn("cell_left_out", **where, tag=tag)
            elif cell["cell_type"] == "code":
                yield from self.outputs(cell, source, dropping, where)

    def outputs(self, cell: Mapping[str, Any], source: str, dropping: str | None, where: dict[str, Any]) -> Iterator[Block]:
        outputs = cell.get("outputs", [])
        errors = [output for output in outputs if output["output_type"] == "error"]
        for output in errors:
            self.fault("notebook_failed", **where, error=output.get("ename", "?"))
        never_ran = cell.get("execution_count") is None and not outputs and source.strip()
        if not errors and (never_ran or _papermill(cell).get("status") in {"pending", "running", "failed"}):
            self.fault("notebook_unfinished", **where)
        shown = [output for output in outputs if output["output_type"] in {"display_data", "execute_result"}]
        if dropping:
            if shown:
                self.warn("cell_left_out", **where, tag=dropping)
            return
        for output in outputs:
            if output["output_type"] == "stream":
                self.warn("printed_left_out", **where, stream=output.get("name", "stdout"), characters=len(_joined(output.get("text", ""))))
        for output in shown:
            yield from self.output(output.get("data", {}), where)

    def output(self, data: Mapping[str, Any], where: dict[str, Any]) -> Iterator[Block]:
        bundle = {kind: value for kind, value in data.items() if kind.startswith("application/vnd.baksos.")}
        if content.FIGURE_MIME in bundle:
            bundle["text/html"] = _joined(data["text/html"]) if "text/html" in data else ""
        try:
            ours = content.from_mime(self.clean(bundle))
        except (TypeError, KeyError, ValueError) as fault:
            self.fault("content_unreadable", **where, reason=type(fault).__name__)
            return
        match ours:
            case content.Title():
                self.titles.append(ours)
            case content.Text():
                yield from of_text(ours, self.faults, where)
            case content.Table():
                yield _table(ours)
            case content.Figure():
                yield _figure(ours)
            case None:
                yield from self.foreign(data, where)

    def foreign(self, data: Mapping[str, Any], where: dict[str, Any]) -> Iterator[Block]:
        """Output without our type: Markdown is read, bare text and progress bars are left out, all else is refused."""
        kinds = set(data) - {"text/plain"}
        if kinds == {"text/markdown"}:
            yield from markdown.blocks(self.clean(_joined(data["text/markdown"])), self.faults, where)
        elif not kinds or _WIDGET in kinds:
            self.warn("bare_text_left_out" if not kinds else "widget_left_out", **where)
        else:
            self.fault("foreign_output", **where, kind=", ".join(sorted(kinds)))

    def clean(self, value: Any) -> Any:
        """The value without characters that no page can hold."""
        if isinstance(value, str):
            cleaned, count = _UNPRINTABLE.subn("", value)
            self.stripped += count
            return cleaned
        if isinstance(value, dict):
            return {key: self.clean(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [self.clean(entry) for entry in value]
        return value

    def fault(self, code: str, **details: Any) -> None:
        self.faults.append(Finding(code, Severity.FATAL, details=details))

    def warn(self, code: str, **details: Any) -> None:
        self.warnings.append(Finding(code, Severity.NOTE, details=details))


def _table(table: content.Table) -> TableBlock:
    spans = markdown.spans
    return TableBlock(
        label=table.label, caption=spans(table.caption), alt=inline.plain(table.alt),
        headers=tuple(spans(column.header) for column in table.columns), aligns=tuple(column.align for column in table.columns),
        weights=tuple(column.weight for column in table.columns),
        rows=tuple(tuple(spans(cell if column.align in {"left", "center"} else _unbroken(cell)) for cell, column in zip(row, table.columns, strict=True))
                   for row in table.rows),
        spanners=tuple(sorted((SpanningHeader(spans(spanner.header), spanner.first, spanner.last) for spanner in table.spanners),
                              key=lambda spanner: spanner.first)),
        emphasised=frozenset(table.emphasised), notes=tuple(spans(line) for line in (*table.notes, table.source) if line), wide=table.wide)


def _unbroken(cell: str) -> str:
    """A cell of numbers in which no line ends within an interval, nor within the cell if it is short."""
    if len(cell) <= 16:
        return cell.replace(" ", "\N{NO-BREAK SPACE}")
    return re.sub(r"[(\[][^)\]]*[)\]]", lambda match: match[0].replace(" ", "\N{NO-BREAK SPACE}"), cell)


def _figure(figure: content.Figure) -> FigureBlock:
    return FigureBlock(
        label=figure.label, caption=markdown.spans(figure.caption), alt=inline.plain(figure.alt), image=figure.png, svg=figure.svg,
        width_cm=figure.width_cm, height_cm=figure.height_cm, notes=tuple(markdown.spans(line) for line in (*figure.notes, figure.source) if line))


def _everything(title: content.Title, blocks: Iterable[Block]) -> str:
    """All words that a reader sees, in one string."""
    seen = [title.title, title.subtitle, title.rt, *(part for fact in title.facts for part in fact)]

    def note(spans: Spans) -> Spans:
        seen.append(text_of(tuple(span for span in spans if isinstance(span, Words))))
        return spans

    for block in blocks:
        map_spans(block, note)
    return "".join(seen)


def _without_empty_sections(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks without headings that nothing stands below: a topic that does not apply to a study leaves its heading alone."""
    kept: list[Block] = []
    filled = 0      # level that a heading must lie above to have something below it
    for block in reversed(tuple(blocks)):
        if not isinstance(block, Heading):
            filled = _DEEPEST
        elif block.level > filled:
            continue
        else:
            filled = block.level - 1
        kept.append(block)
    return tuple(reversed(kept))


def _even_headings(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with heading levels that begin at 1 and go down one step at a time, as an outline must."""
    blocks = tuple(blocks)
    open_levels: list[int] = []
    even: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            while open_levels and open_levels[-1] >= block.level:
                open_levels.pop()
            open_levels.append(block.level)
            block = replace(block, level=len(open_levels))
        even.append(block)
    return tuple(even)


def _papermill(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    return holder.get("metadata", {}).get("papermill", {}) or {}


def _joined(text: str | list[str]) -> str:
    return "".join(text) if isinstance(text, list) else text
