"""What a process does once so that every notebook after it starts at once: imports, and first calls that fill caches."""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib.util
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from baksos_eval.batch.template import RECAP_NOTEBOOK, RT_NOTEBOOK, template_path

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")}
_INLINE = "module://matplotlib_inline.backend_inline"     # what a kernel draws with, unless told otherwise
_GRAMMAR = "rfc3987_syntax"
_SILENT_DEBUGGER = "PYDEVD_DISABLE_FILE_VALIDATION"       # else it speaks of Python's frozen modules at its import
_MODULES = (
    "numpy", "pandas", "scipy.special", "scipy.stats", "nbformat", "IPython.display", "ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger", "papermill.execute",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.extensions.storemagic", "psutil", "sqlite3", "tornado.platform.asyncio", "tornado.queues",
    "babel.numbers", "babel.dates", "docx", "typst", "baksos_eval.evaluation.evaluate", "baksos_eval.evaluation.summarise", "baksos_eval.report.figures",
    "baksos_eval.report.tables", "baksos_eval.report.narrative", "baksos_eval.report.notebook", "baksos_eval.render.blocks", "baksos_eval.render.docx",
    "baksos_eval.render.html", "baksos_eval.render.pdf", "baksos_eval.batch.kernels", "baksos_eval.batch.leaks", "baksos_eval.batch.notebook", "baksos_eval.batch.shell", "baksos_eval.batch.task",
)
_STUDY = '''id = "hangat"
title = { id = "Pemanasan", en = "Warm-up" }
year = 2021
instruments = ["pengetahuan.toml"]
[columns]
id = "kode"
rt = "rt"
[[files]]
file = "pra.csv"
wave = "pre"
[[files]]
file = "pasca.csv"
wave = "post"
'''
_INSTRUMENT = '''id = "pengetahuan"
version = "1"
kind = "rating"
label = { id = "Sikap", en = "Attitude" }
options = [
  { code = "1", label = { id = "tidak", en = "no" }, value = 1 },
  { code = "2", label = { id = "ragu", en = "unsure" }, value = 2 },
  { code = "3", label = { id = "ya", en = "yes" }, value = 3 },
]
items = [
  { id = "s1", text = { id = "Pertama.", en = "First." } },
  { id = "s2", text = { id = "Kedua.", en = "Second." } },
  { id = "s3", text = { id = "Ketiga.", en = "Third." } },
]
[scoring]
method = "mean"
'''


class _InZmqKernel:
    """What libraries look for that ask at their import whether they are shown in a notebook."""

    config = {"IPKernelApp": {}}
    kernel = None


def warm_up(between: Callable[[], None] = lambda: None) -> list[str]:
    """Imports the whole stack and touches what is built at first use; returns what could not be touched (nothing, normally).

    A notebook needs none of it to be correct: what fails here is done, or fails again, where it is needed.

    Args:
        between: is called between any two steps, of which each takes a second or two at most.
    """
    os.environ.update({name: number for name, number in ONE_THREAD.items() if "numpy" not in sys.modules})
    os.environ.setdefault("MPLBACKEND", _INLINE)
    failed = []
    with warnings.catch_warnings(), _as_in_a_kernel(), _without_the_grammar_of_addresses():
        warnings.simplefilter("ignore")
        for name in _MODULES:
            try:
                importlib.import_module(name)
            except ImportError:
                failed.append(name)
            between()
        if not failed:
            from baksos_eval.report.text import LANGUAGES, words

            for language in LANGUAGES:
                words(language)
            failed += _rehearse()
            failed += _rehearse_a_shell()
            _look_at_the_network()
    gc.collect()
    return failed


def read_ahead(study: str, language: str) -> None:
    """Reads a study's data into the memory that every child shares; what is wrong with them is told by those that need them."""
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from baksos_eval.activities.activities import read_activities
        from baksos_eval.batch.leaks import known_identities
        from baksos_eval.intake.intake import list_rts, pair_and_score, prepare
        from baksos_eval.study.study import open_study

        opened = open_study(study, language)
        pair_and_score(opened, "programme" if opened.compares_persons else "")
        read_activities(opened)
        known_identities(opened, (template_path(RT_NOTEBOOK, opened.language),))
        for rt in list_rts(opened)[:1]:     # what is looked at over the whole study is looked at once
            prepare(opened, rt)
    gc.collect()


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    pretended = not hasattr(builtins, "get_ipython")
    if pretended:
        builtins.get_ipython = _InZmqKernel  # type: ignore[attr-defined]
    silent = _SILENT_DEBUGGER not in os.environ
    if silent:
        os.environ[_SILENT_DEBUGGER] = "1"
    try:
        yield
    finally:
        if silent:
            del os.environ[_SILENT_DEBUGGER]
        if pretended:
            del builtins.get_ipython  # type: ignore[attr-defined]


@contextlib.contextmanager
def _without_the_grammar_of_addresses() -> Iterator[None]:
    """The check of international web addresses compiles their grammar when jsonschema is imported, a fifth of the whole warm-up: now it does so at its first use."""
    if _GRAMMAR in sys.modules or importlib.util.find_spec(_GRAMMAR) is None:
        yield
        return

    def is_valid_syntax(term: str, value: str) -> bool:
        return importlib.import_module(_GRAMMAR).is_valid_syntax(term, value)

    stand_in = ModuleType(_GRAMMAR)
    stand_in.is_valid_syntax = is_valid_syntax  # type: ignore[attr-defined]
    sys.modules[_GRAMMAR] = stand_in
    try:
        yield
    finally:
        if sys.modules.get(_GRAMMAR) is stand_in:
            del sys.modules[_GRAMMAR]


def _rehearse_a_shell() -> list[str]:
    from baksos_eval.batch.shell import rehearse

    try:
        with _nothing_kept():
            rehearse()
    except Exception as error:  # not needed for any result
        return [f"shell: {type(error).__name__}"]
    return []


@contextlib.contextmanager
def _nothing_kept() -> Iterator[None]:
    """Afterwards this process is as it was before a shell was made in it."""
    main, path, names, environment, hooks = sys.modules["__main__"], list(sys.path), dict(vars(builtins)), dict(os.environ), (sys.displayhook, sys.excepthook)
    with tempfile.TemporaryDirectory(prefix="baksos-") as folder:
        os.environ["IPYTHONDIR"] = folder
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(environment)
            for name in vars(builtins).keys() - names.keys():
                delattr(builtins, name)
            vars(builtins).update(names)
            sys.modules["__main__"], sys.path[:] = main, path
            sys.displayhook, sys.excepthook = hooks


def _look_at_the_network() -> None:
    """A kernel asks which addresses this computer has, through another program; once will do."""
    with contextlib.suppress(Exception):
        from jupyter_client.localinterfaces import public_ips

        public_ips()


def _rehearse() -> list[str]:
    """Runs our notebooks' cells over eight invented people, for the caches this fills; nothing of it is kept."""
    import nbformat

    failed = []
    with tempfile.TemporaryDirectory(prefix="baksos-") as name:
        folder = Path(name)
        _invent(folder)
        for notebook in (RT_NOTEBOOK, RECAP_NOTEBOOK):
            try:
                template = nbformat.read(template_path(notebook, "id"), as_version=4)
                given = {"study_folder": name, "rt": "RT 01", "language": "id", "results_folder": name}
                _run(["".join(cell.source) for cell in template.cells if cell.cell_type == "code"], given)
            except Exception as error:  # not needed for any result
                failed.append(f"{notebook}: {type(error).__name__}")
    return failed


def _invent(folder: Path) -> None:
    (folder / "study.toml").write_text(_STUDY, encoding="utf-8")
    (folder / "pengetahuan.toml").write_text(_INSTRUMENT, encoding="utf-8")
    for wave, shift in (("pra", 0), ("pasca", 1)):
        lines = [f"{rt},{rt}{n},{n % 3 + 1},{min(n % 2 + 1 + shift, 3)},{min((n * n) % 3 + 1 + shift, 3)}" for rt in ("RT 01", "RT 02") for n in range(8)]
        (folder / f"{wave}.csv").write_text("rt,kode,s1,s2,s3\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _run(sources: list[str], given: dict[str, str]) -> None:
    from IPython.core import formatters

    from baksos_eval.report import notebook

    format_every_way = formatters.DisplayFormatter().format
    names: dict[str, object] = {}
    show = notebook.show
    rendering = getattr(notebook.BaksosError, "_render_traceback_", None)
    notebook.show = lambda *contents: [format_every_way(content) for content in _flat(contents)]  # type: ignore[assignment]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for number, source in enumerate(sources):
                exec(compile(source, "<cell>", "exec"), names)
                if number == 0:
                    names |= given
    finally:
        notebook.show = show
        if rendering is None and "_render_traceback_" in vars(notebook.BaksosError):
            del notebook.BaksosError._render_traceback_  # type: ignore[attr-defined]


def _flat(contents: object) -> Iterator[object]:
    if isinstance(contents, tuple | list):
        for content in contents:
            yield from _flat(content)
    elif contents is not None:
        yield contents
