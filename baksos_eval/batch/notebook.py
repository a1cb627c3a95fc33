"""Runs one notebook strictly with papermill: in the Python that runs us, believing evidence and not the absence of an exception."""

from __future__ import annotations

import copy
import json
import logging
import math
import re
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
import zmq
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.translators import PythonTranslator
from papermill.utils import chdir
from traitlets import default

from baksos_eval.batch.children import python_path
from baksos_eval.batch.engine import WarmEngine
from baksos_eval.batch.plan import Engine
from baksos_eval.batch.shell import MOST_TEXT
from baksos_eval.batch.template import Plain, check_parameters, read_template
from baksos_eval.batch.warming import ONE_THREAD
from baksos_eval.errors import BaksosError

SECONDS_PER_CELL = 300
SECONDS = 900
SECONDS_TO_START = 120
_TRACEBACK = "Traceback (most recent call last)"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PARAMETERS_TAG = "injected-parameters"
_ENGINES = {"warm": "baksos", "cold": "baksos-cold"}


@dataclass(frozen=True)
class Executed:
    """A notebook after its run.

    Attributes:
        failure: why it cannot be believed.
        stopped: the number of the code cell that was started last, if it failed.
        said: the lines in which the notebook itself explained the problem it stopped at, if it was a :class:`BaksosError`.
    """

    notebook: nbformat.NotebookNode
    failure: BaksosError | None = None
    stopped: int | None = None
    said: tuple[str, ...] = ()


class ThisPython(AsyncKernelManager):
    """Starts kernels with the Python that runs us, whatever kernels the user has registered under the same name."""

    @default("transport_encryption")
    def _encrypt_where_possible(self) -> str:
        return "auto" if zmq.has("curve") else "disabled"

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False", "--IPKernelApp.log_level=50"],
            display_name="Python 3 (ipykernel)", language="python",
            env={name: value.replace("$", "$$") for name, value in _environment().items()}, metadata={"supported_encryption": "curve"},
        )


class KeepingEngine(NBClientEngine):
    """Papermill's own engine, except that what was executed is still there when a run ends with an exception."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, keep: list[nbformat.NotebookNode], **options: Any) -> Any:
        keep.append(nb_man.nb)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)


papermill_engines.register(_ENGINES["warm"], WarmEngine)
papermill_engines.register(_ENGINES["cold"], KeepingEngine)


class _Patience:
    """How many seconds a cell may still take, for itself and for its notebook, counted from the first cell."""

    def __init__(self, per_cell: int, altogether: int) -> None:
        self.per_cell, self.altogether, self.end = per_cell, altogether, math.inf

    def __call__(self, _: Any) -> float:
        self.end = min(self.end, time.monotonic() + self.altogether)
        return max(0.01, min(self.per_cell, self.end - time.monotonic()))

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.end


def execute(template: Path, parameters: Mapping[str, Plain], folder: Path, engine: Engine = "warm", *,
            seconds_per_cell: int = SECONDS_PER_CELL, seconds: int = SECONDS) -> Executed:
    """The notebook at ``template`` after running it with these parameters in ``folder``.

    It has failed with ``kernel_not_started``, or with ``cell_failed``, ``cell_timed_out``, ``notebook_timed_out``, ``kernel_died``
    or ``cells_not_run``, each with the heading of the section where that was.

    Args:
        engine: ``warm``, in a process that is ready; or ``cold``, in a kernel started for it. The outputs are the same.

    Raises:
        BaksosError: the template or the parameters are not fit to be run (:mod:`baksos_eval.batch.template`).
    """
    content = read_template(template)
    check_parameters(content, parameters, template.name)
    for name in ("papermill", "traitlets", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    patience = _Patience(seconds_per_cell, seconds)
    own: dict[str, Any] = {"environment": _environment(folder)} if engine == "warm" else {"kernel_manager_class": ThisPython, "shutdown_kernel": "immediate"}
    keep: list[nbformat.NotebookNode] = []
    failure, error = None, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the libraries between us and the kernel; the kernel's own go into the notebook
            _through_papermill(content, dict(parameters), folder, _ENGINES[engine], keep=keep, timeout_func=patience, **own)
    except PapermillExecutionError as exception:
        failure, error = "cell_failed", exception
    except CellTimeoutError:
        failure = "notebook_timed_out" if patience.is_over else "cell_timed_out"
    except DeadKernelError:
        failure = "kernel_died"
    except RuntimeError:
        if not keep or _last_started(keep[0]) is not None:
            raise
        failure = "kernel_not_started"
    notebook = remove_error_markers(keep[0])  # papermill's own, which speak English
    _join_streams(notebook)
    if failure is None and any(cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None for cell in notebook.cells):
        failure = "cells_not_run"
    if failure is None:
        return Executed(notebook)
    stopped = _last_started(notebook)
    details = {"section": _section(notebook, stopped), "seconds": seconds if failure == "notebook_timed_out" else seconds_per_cell, "error": error.ename if error else ""}
    return Executed(notebook, BaksosError(failure, **details), stopped, _own_words(error) if error else ())


def _through_papermill(content: Mapping[str, Any], parameters: dict[str, Plain], folder: Path, engine: str, **options: Any) -> None:
    """Does what ``papermill.execute_notebook`` does, but for turning the notebook into text three times on its way."""
    notebook = parameterize_notebook(copy.deepcopy(_loaded(json.dumps(content))), parameters, kernel_name="python3", language="python", engine_name=engine)
    notebook = prepare_notebook_metadata(notebook, None, None)
    with chdir(str(folder)):
        executed = papermill_engines.execute_notebook_with_engine(
            engine, notebook, kernel_name="python3", input_path=None, output_path=None, autosave_cell_every=0, progress_bar=False, log_output=False,
            start_timeout=SECONDS_TO_START, record_timing=False, **options)
    raise_for_execution_errors(executed, None)


@lru_cache(maxsize=4)
def _loaded(content: str) -> nbformat.NotebookNode:
    """The template as papermill loads it, to be copied."""
    return load_notebook_node(nbformat.reads(content, as_version=4))


def save(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Writes the notebook, a line for each cell: indented lines for every cell of a table take a tenth of a second to write, and as long to read.

    Raises:
        nbformat.ValidationError: it is not a notebook that Jupyter can open.
    """
    nbformat.validate(notebook)

    def text(value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()

    cells = b",\n".join(b"  %b" % text(cell) for cell in notebook.cells)
    rest = b",\n".join(b" %b: %b" % (text(name), text(value)) for name, value in sorted(notebook.items()) if name != "cells")
    path.write_bytes(b'{\n "cells": [\n%b\n ],\n%b\n}\n' % (cells, rest))


def settle(notebook: nbformat.NotebookNode, parameters: Mapping[str, Plain]) -> None:
    """Takes out what differs from run to run and from machine to machine, and leaves the parameters a reader can run it with."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if _PARAMETERS_TAG in cell.metadata.get("tags", []):
            cell["id"] = _PARAMETERS_TAG
            cell.source = PythonTranslator.codify(dict(parameters), "Parameters")


def without_places(notebook: nbformat.NotebookNode, folders: Mapping[str, str]) -> None:
    """Replaces absolute folders (a user's name is in them) in every output by the names given for them, the first match first."""
    spellings = {spelling: name for folder, name in folders.items()
                 for spelling in dict.fromkeys((folder, folder.replace("\\", "/"), folder.replace("\\", "\\\\")))}
    roots = [spelling for spelling in spellings if not any(spelling != other and spelling.startswith(other) for other in spellings)]
    pattern = re.compile(r"(?<![\w+/])(?:" + "|".join(re.escape(spelling) for spelling in spellings) + r")(?!\w)")  # never inside base64

    def names_one(value: Any) -> bool:
        if isinstance(value, str):      # twenty times as quick as the pattern in a picture
            return ("/" in value or "\\" in value) and any(root in value for root in roots)
        return any(map(names_one, value.values() if isinstance(value, dict) else value)) if isinstance(value, dict | list) else False

    def clean(value: Any) -> Any:
        if not names_one(value):
            return value
        if isinstance(value, str):
            return pattern.sub(lambda found: spellings[found[0]], value)
        if isinstance(value, list):
            return [clean(entry) for entry in value]
        return type(value)({key: clean(entry) for key, entry in value.items()})

    for cell in notebook.cells:
        if cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [_COLOUR.sub("", line) for line in output.traceback]
            cell.outputs = clean(cell.outputs)


def mark_failure(executed: Executed, problem: Sequence[str], here: str) -> None:
    """Puts the problem on top of the notebook, and the line ``here`` before the cell where it stopped.

    The message of an exception that is not ours is taken out: it may quote an answer or a name.
    """
    notebook, stopped = executed.notebook, executed.stopped
    if stopped is not None:
        for output in notebook.cells[stopped].outputs:
            if output.output_type == "error" and output.ename != BaksosError.__name__ and output.evalue:
                output.traceback = [line.replace(output.evalue, "…") for line in output.traceback]
                output.evalue = "…"
        notebook.cells.insert(stopped, nbformat.v4.new_markdown_cell(f"> **{here}**", id="stopped-here"))
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("\n>\n".join(f"> {line}" for line in problem), id="problem"))


def _join_streams(notebook: nbformat.NotebookNode) -> None:
    """Makes one text of what a cell printed in a row: a kernel divides it by the clock."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            joined: list[nbformat.NotebookNode] = []
            for output in cell.outputs:
                if joined and output.output_type == joined[-1].output_type == "stream" and output.name == joined[-1].name:
                    joined[-1].text += output.text
                else:
                    joined.append(output)
            cell.outputs = joined


def limit_text(notebook: nbformat.NotebookNode, notice: str) -> None:
    """Leaves of what a cell printed the first :data:`MOST_TEXT` characters, and the notice after them."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        room, kept = MOST_TEXT, []
        for output in cell.outputs:
            if output.output_type == "stream":
                if room < 0:
                    continue
                if len(output.text) > room:
                    output.text = f"{output.text[:room]}\n{notice}\n"
                    room = -1
                else:
                    room -= len(output.text)
            kept.append(output)
        cell.outputs = kept


def _environment(folder: Path | None = None) -> dict[str, str]:
    """What a notebook finds beside our own environment: this package, no start-up files of the user, the same sums on every machine."""
    folder = folder or Path.cwd()  # papermill has gone to the notebook's folder
    return {"IPYTHONDIR": str(folder / "ipython"), "PYTHONUTF8": "1"} | ONE_THREAD | python_path()


def _last_started(notebook: nbformat.NotebookNode) -> int | None:
    """The number of the code cell that was started last; a kernel that dies at once may not even have counted it."""
    started = [number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.metadata.papermill.start_time and cell.source.strip()]
    return started[-1] if started else None


def _section(notebook: nbformat.NotebookNode, number: int | None) -> str:
    """The heading above a cell, or the cell's place."""
    headings = [line.lstrip("# ").strip() for cell in notebook.cells[:number] if cell.cell_type == "markdown"
                for line in cell.source.splitlines() if line.startswith("#")]
    return headings[-1] if headings else str((number or 0) + 1)


def _own_words(error: PapermillExecutionError) -> tuple[str, ...]:
    """The lines in which a notebook told of a problem that it knows."""
    if error.ename != BaksosError.__name__ or any(_TRACEBACK in line for line in error.traceback):
        return ()
    return tuple(_COLOUR.sub("", line) for line in error.traceback)
