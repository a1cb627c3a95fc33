"""Which tasks of a plan have something to do: those whose data, software or files are no longer as they were."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import replace
from pathlib import Path

from baksos_eval.batch import manifest
from baksos_eval.batch.plan import Plan
from baksos_eval.batch.publish import digest
from baksos_eval.errors import BaksosError
from baksos_eval.render.save import write_whole

_NAME = ".digests.json"
_FRESH = 2_000_000_000      # ns: a file changed so lately may change again without its time showing it


def outstanding(plan: Plan) -> Plan:
    """The plan without the tasks that would make again what is there.

    Where none is left, but the last run was killed before it wrote its manifest, that is done now.
    """
    record = manifest.begin(plan)
    digests = _Digests(plan.reports)
    tasks = tuple(task for task in plan.tasks if not manifest.is_current(record, task, digests.of))
    digests.keep()
    if not tasks and manifest.is_unfinished(plan.reports):
        from baksos_eval.batch.run import finish

        finish(plan)
    return replace(plan, tasks=tasks)


def remember(reports: Path) -> None:
    """Reads the files of every report once, so that a run that finds nothing to do need not."""
    digests = _Digests(reports)
    for folder, entry in manifest.read(reports).get("reports", {}).items():
        for name in entry["outputs"]:
            with contextlib.suppress(OSError):
                digests.of(os.path.join(reports, folder, name))
    digests.keep()


class _Digests:
    """The SHA-256 of files, computed again only for those whose size or time has changed since: a help, never needed."""

    def __init__(self, reports: Path) -> None:
        self._reports, self._folder = reports, os.path.join(reports, "")
        try:
            known = json.loads((reports / _NAME).read_text(encoding="utf-8"))
            self._known = {str(name): tuple(about) for name, about in known.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self._known = {}
        self._seen: dict[str, tuple] = {}

    def of(self, path: str) -> str:
        about = os.stat(path)
        name = path[len(self._folder):].replace(os.sep, "/")
        known = self._known.get(name, ())
        if known[:-1] != (about.st_size, about.st_mtime_ns) or len(known) != 3:
            known = (about.st_size, about.st_mtime_ns, digest(path))
        if time.time_ns() - about.st_mtime_ns > _FRESH:
            self._seen[name] = known
        return str(known[-1])

    def keep(self) -> None:
        """Remembers what was seen, if it is news and can be written."""
        if self._seen != self._known and self._reports.is_dir():
            with contextlib.suppress(BaksosError):
                write_whole(self._reports / _NAME, json.dumps(self._known | self._seen).encode())
