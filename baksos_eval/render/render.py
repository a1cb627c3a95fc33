"""Makes the files that are handed on from an executed notebook: Word, PDF and HTML with the same content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from baksos_eval.errors import BaksosError, Finding, Severity

from . import blocks
from .look import STANDARD, Look
from .model import Document

FORMATS = ("docx", "pdf", "html")


def render(notebook_path: Path, formats: Iterable[str] = FORMATS, folder: Path | None = None, stem: str | None = None,
           look: Look = STANDARD) -> dict[str, Path]:
    """The written files by format.

    Args:
        notebook_path: an executed notebook.
        formats: any of ``docx``, ``pdf`` and ``html``.
        folder: where the files go; the notebook's own folder unless given.
        stem: their name without the ending; the notebook's own unless given.
        look: margins, spacing, template and letterhead.

    Raises:
        BaksosError: what :func:`baksos_eval.render.blocks.read` raises; ``format_unknown``; when a file cannot be written, its
            error, after every other format has been written (``format_failed`` with one finding each when there are several).
    """
    notebook_path, formats = Path(notebook_path), tuple(formats)
    for name in formats:
        if name not in FORMATS:
            raise BaksosError("format_unknown", format=name, known=FORMATS)
    return write(blocks.read(notebook_path), formats, folder or notebook_path.parent, stem or notebook_path.stem, look)


def write(document: Document, formats: Iterable[str], folder: Path, stem: str, look: Look = STANDARD) -> dict[str, Path]:
    """The files of a report that has been read, by format; raises like :func:`render`.

    They are written side by side: while the PDF is typeset, Python is free for the others.
    """
    written: dict[str, Path] = {}
    failed: dict[str, BaksosError] = {}
    with ThreadPoolExecutor(len(FORMATS)) as pool:
        begun = {name: pool.submit(_writer(name, look), document, Path(folder) / f"{stem}.{name}") for name in dict.fromkeys(formats)}
        for name, future in begun.items():
            try:
                written[name] = future.result()
            except BaksosError as error:
                failed[name] = error
    if len(failed) == 1:
        raise next(iter(failed.values()))
    if failed:
        raise BaksosError("format_failed", [Finding(error.code, Severity.FATAL, details=error.details) for error in failed.values()])
    return written


def _writer(name: str, look: Look) -> Callable[[Document, Path], Path]:
    """The function that writes a format; its library is loaded only now."""
    if name == "docx":
        from . import docx

        return partial(docx.write, look=look)
    if name == "pdf":
        from . import pdf

        return partial(pdf.write, look=look)
    from . import html

    return partial(html.write, look=look)
