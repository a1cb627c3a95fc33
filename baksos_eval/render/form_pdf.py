"""Writes a questionnaire to print as a PDF, typeset by Typst."""

from __future__ import annotations

import tempfile
from functools import cache
from importlib import resources
from pathlib import Path

from baksos_eval.errors import BaksosError
from baksos_eval.report.questionnaire import Battery, Block, Boxes, Form, Line, Note, Points, Section, Tick
from baksos_eval.report.text import words

from . import fonts
from .form_docx import MARGINS, choice_width
from .look import read_logo
from .pdf import literal
from .save import write_whole

_REGIONS = {"id": "ID", "en": "GB"}
_CODE_CM = 1.35


def write(form: Form, path: Path) -> Path:
    """The path of the PDF: A4, the same form gives the same bytes.

    Raises:
        BaksosError: ``look_file_missing``, ``logo_unreadable``, ``pdf_refused``, ``file_in_use``, ``file_unwritable``.
    """
    return write_whole(Path(path), to_bytes(form))


def to_bytes(form: Form) -> bytes:
    """The PDF itself."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        if form.logo:
            (Path(folder) / "logo.png").write_bytes(read_logo(form.logo).png)
        try:
            compiler = typst.Compiler(source(form).encode("utf-8"), root=folder, font_paths=fonts.for_typst(), ignore_system_fonts=True)
            return compiler.compile(format="pdf", pdf_standards=["ua-1"])  # type: ignore[return-value]
        except typst.TypstError as fault:
            raise BaksosError("pdf_refused", reason=fault.message) from fault


def source(form: Form) -> str:
    """The form in Typst's notation; every word of a user is a string literal in it."""
    edges = ", ".join(f"{side}: {getattr(MARGINS, side)}cm" for side in ("top", "right", "bottom", "left"))
    title = literal(f"{form.title} {form.wave}")
    arguments = (f"title: {title}, language: {literal(form.language)}, region: {literal(_REGIONS[form.language])}, {edges}, footer: {_footer(form)}, "
                 f"fonts: ({', '.join(map(literal, fonts.FAMILIES))})")
    heads = [f"[#{literal(line)}]" for line in form.letterhead]
    if form.logo:
        logo = read_logo(form.logo)
        heads.insert(0, f'image("/logo.png", width: {logo.width_cm:.3f}cm, alt: {literal(words(form.language).text("render.logo"))})')
    head = [f"#letterhead({', '.join(heads)})"] if heads else []
    head += [f"#title[#{title}]", f"#subtitle[#{literal(form.subtitle)}]"]
    return "\n\n".join([_preamble(), f"#show: form.with({arguments})", *head, *(_block(block) for block in form.blocks)]) + "\n"


def _block(block: Block) -> str:
    match block:
        case Section():
            return f"#heading(level: 1)[#{literal(block.text)}]"
        case Note():
            return f"#strong[#{literal(block.text)}]" if block.strong else f"#{literal(block.text)};"
        case Points():
            return f"#list({', '.join(f'[#{literal(line)}]' for line in block.lines)})"
        case Tick():
            return f"#ticks({', '.join(map(literal, (block.label, *block.choices)))})"
        case Line():
            return f"#answer-line({literal(block.label)})"
        case Boxes():
            groups = ", ".join(f"({literal(group.caption)}, {group.count})" for group in block.groups)
            return f"#code-boxes({literal(block.label)}, {groups})"
        case Battery():
            width = choice_width(len(block.choices))
            columns = ", ".join([f"{_CODE_CM}cm", "1fr", *[f"{width:.3f}cm"] * len(block.choices)])
            header = ", ".join(map(literal, (*block.headers, *block.choices)))
            rows = ", ".join(f"({literal(number)}, {literal(text)})" for number, text in block.rows)
            return f"#battery(({columns}), ({header},), {rows})"


def _footer(form: Form) -> str:
    text = literal(words(form.language).text("form.page", page="\x01", pages="\x02"))
    counted = text.replace("\x01", '" + str(counter(page).get().first()) + "').replace("\x02", '" + str(counter(page).final().first()) + "')
    return f"context {{ {literal(f'{form.mark} · ')} + {counted} }}"


@cache
def _preamble() -> str:
    return (resources.files("baksos_eval.render") / "form.typ").read_text(encoding="utf-8")
