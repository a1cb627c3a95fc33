"""The package as it shows itself to somebody at a prompt: topics to complete, results that say what they are."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from baksos_eval.evaluation.results import Evaluation, Summary
from baksos_eval.report import inline
from baksos_eval.report.text import words

_CONTENTS = ("Title", "Text", "Table", "Figure", "Content")
_RESULTS = ("Evaluation", "Summary", "InstrumentStudy", "Inspection", "Activities")


def prepare(name: str, module: ModuleType) -> None:
    """Makes a module that somebody reached by ``baksos_eval.<name>`` fit for a prompt: its topics complete, results display."""
    if name in ("tables", "figures", "narrative"):
        module.__dir__ = lambda: topics(module)  # type: ignore[method-assign]
    show_results_in_notebooks()


def topics(module: ModuleType) -> list[str]:
    """The functions of a module that make content out of a result.

    >>> from baksos_eval.report import tables
    >>> {"change", "flow", "summary"} <= set(topics(tables)), "build" in topics(tables)
    (True, False)
    """
    return sorted(name for name, value in vars(module).items() if not name.startswith("_") and _is_topic(value))


def show_results_in_notebooks() -> None:
    """Tells a running IPython (JupyterLab, VS Code, Colab) how an evaluation and a recap look; without IPython, nothing."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    if shell is None:
        return
    formatter = shell.display_formatter.formatters["text/html"]
    formatter.for_type(Evaluation, evaluation_html)
    formatter.for_type(Summary, summary_html)


def evaluation_html(e: Evaluation) -> str:
    """An evaluation as a card: the verdicts, the table of changes, and where to go on."""
    from baksos_eval.report import narrative, tables

    return _card(f"{e.rt} · {e.study.title[e.study.language]}", narrative.summary(e), tables.summary(e), "face.more_rt", e.study.language)


def summary_html(s: Summary) -> str:
    """A recap as a card: what the RTs say together."""
    from baksos_eval.report import narrative, tables

    return _card(f"{words(s.study.language).text('title.recap')} · {s.study.title[s.study.language]}", narrative.recap(s), tables.pooled(s), "face.more_recap", s.study.language)


def _card(title: str, texts: Any, table: Any, more: str, language: Any) -> str:
    c = words(language)
    paragraphs = "".join(f"<p>{inline.html(inline.without_references(text.markdown))}</p>" for text in _each(texts))
    shown = "".join(one._repr_mimebundle_()["text/html"] for one in _each(table))
    return (f'<div style="border-left:4px solid #2F5D73;padding:.2em 1em"><h4>{inline.html(inline.escape(title))}</h4>{paragraphs}{shown}'
            f'<p style="color:#666">{inline.html(c.text(more))}</p></div>')


def _each(contents: Any) -> list:
    return [] if contents is None else list(contents) if isinstance(contents, tuple | list) else [contents]


def _is_topic(value: object) -> bool:
    hints = getattr(value, "__annotations__", {})
    kinds = [str(hint).partition(" ")[0] for name, hint in hints.items() if name != "return"]
    of_a_result = kinds[:1] == ["Study"] and len(kinds) == 1 or bool(kinds) and kinds[0] in _RESULTS
    return callable(value) and of_a_result and any(kind in str(hints.get("return", "")) for kind in _CONTENTS)
