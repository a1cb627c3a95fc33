"""Puts many reports into one attachment: contents, then one chapter each, numbered through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from baksos_eval.errors import BaksosError, Finding
from baksos_eval.report.content import Text, Title
from baksos_eval.report.text import words

from . import blocks, markdown
from .look import STANDARD, Look
from .model import (
    Block,
    Contents,
    Document,
    FigureBlock,
    Heading,
    PageBreak,
    Reference,
    Spans,
    TableBlock,
    Words,
)
from .render import FORMATS, write


def bundle(notebook_paths: Iterable[Path], title: Title, folder: Path, stem: str = "lampiran", formats: Iterable[str] = FORMATS,
           look: Look = STANDARD, opening: Sequence[Text] = (), technical: bool = True) -> dict[str, Path]:
    """The files of one attachment that holds the reports of several executed notebooks, by format.

    Args:
        notebook_paths: executed notebooks, in the order of the chapters.
        title: what stands on the title page.
        folder: where the files go.
        stem: their name without the ending.
        formats: any of ``docx``, ``pdf`` and ``html``.
        look: margins, spacing, template and letterhead.
        opening: texts under the title.
        technical: whether the reports' technical sections are in it.

    Raises:
        BaksosError: what reading raises, for all notebooks at once (``bundle_failed``); ``languages_differ``; and what writing raises.
    """
    documents, failed = [], []
    for path in notebook_paths:
        try:
            documents.append(blocks.read(Path(path)))
        except BaksosError as error:
            failed.append((Path(path), error))
    if failed:
        findings = [replace(finding, rt=path.parent.name) for path, error in failed for finding in error.findings]
        raise BaksosError("bundle_failed", findings, files=tuple(f"{path.parent.name}/{path.name}" for path, _ in failed))
    return write(merge(documents, title, opening, technical), formats, folder, stem, look)


def merge(documents: Sequence[Document], title: Title, opening: Sequence[Text] = (), technical: bool = True) -> Document:
    """One document with a title page, contents and a chapter for each report; tables and figures are counted through, references follow.

    Without ``technical`` sections, what refers to a table or figure in one says where it is to be found instead.

    Raises:
        BaksosError: ``languages_differ``, when a report is not in the language of ``title``.
    """
    if any(document.language != title.language for document in documents):
        raise BaksosError("languages_differ", languages=tuple(sorted({title.language, *(document.language for document in documents)})))
    faults: list[Finding] = []
    merged: list[Block] = [block for text in opening for block in blocks.of_text(text, faults, {})] + [PageBreak(), Contents()]
    warnings: list[Finding] = []
    for number, document in enumerate(documents, start=1):
        merged += [PageBreak(), *_chapter(document if technical else without_technical(document), number)]
        warnings += [replace(warning, rt=document.title.rt) for warning in document.warnings]
    numbered, misnumbered = blocks.number(merged, title.language)
    assert not faults and not misnumbered, "the opening is ours, and every report was numbered on its own before"
    return Document(title, title.language, numbered, tuple(warnings), cover=True)


def without_technical(document: Document) -> Document:
    """The report without its technical sections."""
    kept: list[Block] = []
    gone: set[str] = set()
    outer: int | None = None    # the level of the technical heading we are under
    for block in document.blocks:
        if isinstance(block, Heading) and (outer is None or block.level <= outer):
            outer = block.level if block.technical else None
        if outer is None:
            kept.append(block)
        elif isinstance(block, TableBlock | FigureBlock):
            gone.add(block.label)
    elsewhere = Words(words(document.language).text("render.technical"))

    def redirect(spans: Spans) -> Spans:
        return tuple(elsewhere if isinstance(span, Reference) and span.label in gone else span for span in spans)

    return replace(document, blocks=tuple(blocks.map_spans(block, redirect) for block in kept))


def _chapter(document: Document, number: int) -> list[Block]:
    heading = words(document.language).text("render.attachment", number=number, title="\0")
    before, after = heading.split("\0")
    title = (Words(before), *markdown.spans(document.title.title), *((Words(after),) if after else ()))
    opening: list[Block] = [Heading(1, title), *([markdown.facts(document.title)] if document.title.facts else [])]
    return opening + [_moved(block, number) for block in document.blocks]


def _moved(block: Block, number: int) -> Block:
    """The block one level deeper, its label and references told apart from those of the other reports."""

    def moved(label: str) -> str:
        kind, _, name = label.partition("-")
        return f"{kind}-{number}-{name}"

    def relabel(spans: Spans) -> Spans:
        return tuple(Reference(moved(span.label)) if isinstance(span, Reference) else span for span in spans)

    block = blocks.map_spans(block, relabel)
    if isinstance(block, Heading):
        return replace(block, level=block.level + 1)
    if isinstance(block, TableBlock | FigureBlock):
        return replace(block, label=moved(block.label))
    return block
