"""A plain ``templat.docx`` to begin a campus's own from: every style a report uses, each shown by its name.

``python -m baksos_eval.render.campus_template templat.docx`` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .layout import margins_named
from .save import write_whole
from .word_package import Package, q
from .word_text import run

LANGUAGE = "id"


def write(path: Path, *, margins: str = "kiri4") -> Path:
    """The path of the template: open it in Word, change its styles, pages, header and footer, and name it in study.toml.

    Raises:
        BaksosError: ``margins_unknown``, ``file_in_use``, ``file_unwritable``.
    """
    return write_whole(Path(path), to_bytes(margins=margins))


def to_bytes(*, margins: str = "kiri4") -> bytes:
    """The template itself; its text shows the styles and is left out of reports."""
    package = Package(LANGUAGE, margins_named(margins), None)
    shown = [style for style in package.styles.findall(q("w:style")) if style.get(q("w:type")) == "paragraph"]
    names = [style.find(q("w:name")).get(q("w:val")) for style in shown]
    body = "".join(f'<w:p><w:pPr><w:pStyle w:val="{package.style(name)}"/></w:pPr>{run(name)}</w:p>' for name in names)
    return package.finish(body + package.section_properties(False), "templat")


if __name__ == "__main__":
    print(write(Path(sys.argv[1] if len(sys.argv) > 1 else "templat.docx")))
