"""A papermill engine that runs notebooks in ready child processes: no kernel to start, nothing left from the notebook before."""

from __future__ import annotations

import marshal
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager

from baksos_eval.batch.children import Child, ChildLost, child


class WarmEngine(Engine):
    """``papermill --engine baksos``: same outputs as a kernel of this Python, without its start.

    Only notebooks in the language of this very Python can be run; the kernel's name does not matter.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, keep: list[NotebookNode] | None = None, input_path: Any = None,
                                 start_timeout: float = 60, execution_timeout: int | None = None,
                                 environment: Mapping[str, str] | None = None, **options: Any) -> Any:
        """Runs the notebook.

        Args:
            keep: gets the notebook even if the run ends with an exception.
            environment: what the notebook finds beside this process's own environment.

        Raises:
            DeadKernelError: the process that ran it ended.
            CellTimeoutError: a cell was not finished in time.
        """
        if keep is not None:
            keep.append(nb_man.nb)
        nb_man.__class__ = _Manager
        known = {name: value for name, value in options.items() if name in PapermillNotebookClient.class_trait_names()}
        client = _Client(nb_man, startup_timeout=start_timeout, timeout=execution_timeout, kernel_name=kernel_name, **known)
        client.environment = os.environ | dict(environment or {})
        return client.execute()


class _Manager(NotebookExecutionManager):
    """Papermill's own, but for reading when a cell was begun: ``dateutil`` takes as long for all cells as saving the notebook."""

    def cell_complete(self, cell: NotebookNode, cell_index: int | None = None, **kwargs: Any) -> None:
        noted = cell.metadata.papermill
        begun = noted.pop("start_time", None)
        super().cell_complete(cell, cell_index, **kwargs)
        noted["start_time"] = begun
        if begun:
            noted["duration"] = (datetime.fromisoformat(noted["end_time"]) - datetime.fromisoformat(begun)).total_seconds()


class _Client(PapermillNotebookClient):
    """Papermill's client, but for where the cells are run: messages are read as it reads those of a kernel."""

    ready: Child
    environment: Mapping[str, str]
    count: int
    """Of the cells begun, as the shell has it: a kernel tells it with a message of its own, before anything else."""

    def execute(self, **_: Any) -> NotebookNode:
        self.reset_execution_trackers()
        try:
            with child() as self.ready:
                self.ready.ask("notebook", environment=self.environment)
                _, content = self._next(None)
                self.count = 1
                self.papermill_execute_cells()
                self.nb.metadata["language_info"] = content["language_info"]
        except ChildLost:
            raise RuntimeError("no process to run the notebook in") from None
        return self.nb

    def execute_cell(self, cell: NotebookNode, cell_index: int, *_: Any, **__: Any) -> NotebookNode:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        self.code_cells_executed += 1
        cell.outputs = []
        if self.record_timing:
            cell.metadata["execution"] = {"iopub.execute_input": _now()}
        self.clear_before_next_output = False
        cell.execution_count = self.count
        reply = self._run(cell, cell_index)
        cell.execution_count = reply["execution_count"]
        self.count = reply["execution_count"] + 1
        if reply["status"] == "error" and not (self.allow_errors or "raises-exception" in tags):
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _run(self, cell: NotebookNode, cell_index: int) -> dict[str, Any]:
        """Sends one cell and shows what comes back until the reply does."""
        seconds = self._get_timeout(cell)
        deadline = None if seconds is None else time.monotonic() + seconds
        try:
            self.ready.line.send_bytes(marshal.dumps(cell.source))
            while True:
                message = self._next(None if deadline is None else max(0.0, deadline - time.monotonic()))
                if message is None:
                    raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", seconds, cell)
                kind, content = message
                if kind == "execute_reply":
                    return content
                header = {"msg_type": kind, "date": _now()}
                self.process_message({"msg_type": kind, "header": header, "parent_header": {}, "metadata": {}, "content": content}, cell, cell_index)
        except CellTimeoutError:
            raise
        except (ChildLost, OSError):
            raise DeadKernelError("Kernel died") from None

    def output(self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int) -> NotebookNode | None:
        """Keeps an output. What a cell simply shows is not examined here: the notebook as a whole is, when it is saved."""
        if msg["msg_type"] != "display_data" or display_id or self.clear_before_next_output or self.output_hook_stack[None]:
            return super().output(outs, msg, display_id, cell_index)
        content = msg["content"]
        shown = NotebookNode(output_type="display_data", metadata=NotebookNode(content["metadata"]), data=NotebookNode(content["data"]))
        outs.append(shown)
        return shown

    def _next(self, seconds: float | None) -> Any:
        message = self.ready.receive(seconds)
        try:
            return None if message is None else marshal.loads(message)
        except (EOFError, ValueError, TypeError):   # the cell wrote something of its own over our line
            raise ChildLost from None


def _now() -> str:
    return datetime.now(UTC).isoformat()
