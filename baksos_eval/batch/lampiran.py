"""Joins the reports of a study into one attachment: the recap first, then the activities, then every RT in the study's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baksos_eval.batch import index, manifest
from baksos_eval.batch.plan import Plan
from baksos_eval.batch.publish import digest, publish
from baksos_eval.batch.run import own, work_folder
from baksos_eval.errors import BaksosError
from baksos_eval.render.bundle import bundle
from baksos_eval.render.look import look_of
from baksos_eval.report import attachment
from baksos_eval.report.text import words

STEM = "lampiran"
FORMATS = ("docx", "pdf")


@dataclass(frozen=True)
class Joined:
    """What became of an attachment.

    Attributes:
        files: names of the files in the folder of reports.
        held: the reports in it, by the name of their RT (the recap under its own word).
        whole: whether their technical sections are in it.
        stale: those of them that were made from other data or another version than there is now.
        failed: reports that are not in it because their last run failed.
        waiting: reports that are not in it because there is no executed notebook of them.
    """

    files: tuple[str, ...]
    held: tuple[str, ...]
    whole: bool
    stale: tuple[str, ...]
    failed: tuple[str, ...]
    waiting: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every report asked for is in it, and none of them is out of date."""
        return not (self.stale or self.failed or self.waiting)


@dataclass(frozen=True)
class _Report:
    name: str
    notebook: Path | None
    status: str


def join(plan: Plan, formats: Sequence[str] = FORMATS, technical: bool | None = None) -> Joined:
    """The attachment of the plan's RTs and the recap, written from the notebooks that earlier runs left.

    What is out of date, missing or left out is said in the attachment itself, under its title.

    Args:
        plan: which reports are wanted.
        formats: any of ``docx``, ``pdf`` and ``html``.
        technical: whether the reports' technical sections are in it; unless given, only in one of few reports
            (:data:`baksos_eval.report.attachment.MOST_TECHNICAL`).

    Raises:
        BaksosError: ``bundle_nothing`` (no report has been made), ``reports_busy``, and what reading or writing raises.
    """
    with own(plan.reports), work_folder(plan.reports) as work:
        record = manifest.begin(plan)
        found = _reports(plan, record)
        usable = [report for report in found if report.notebook is not None]
        if not usable:
            raise BaksosError("bundle_nothing", study=plan.study.id)
        told = {status: tuple(report.name for report in found if report.status == status) for status in ("stale", "failed", "waiting")}
        title = attachment.title(plan.study, [report.name for report in usable])
        whole = len(usable) <= attachment.MOST_TECHNICAL if technical is None else technical
        opening = attachment.cautions(plan.study, **told) + (() if whole else attachment.without_technical(plan.study))
        made = bundle([report.notebook for report in usable if report.notebook], title, work, STEM, formats, look_of(plan.study), opening, whole)
        names = publish(work, [path.name for path in made.values()], plan.reports, record["bundle"].get("outputs", {}))
        record["bundle"] = {"notebooks": {report.notebook.relative_to(plan.reports).as_posix(): digest(report.notebook) for report in usable if report.notebook},
                            "outputs": {name: digest(plan.reports / name) for name in names.values()}}
        manifest.write(record, plan.reports)
        index.write(plan.study, record, plan.reports)
    return Joined(tuple(names.values()), tuple(report.name for report in usable), whole, **told)


def _reports(plan: Plan, record: Mapping[str, Any]) -> list[_Report]:
    """The reports that the attachment is to hold, in its order; without a notebook where there is none to be believed."""
    entries = {(entry["rt"], "" if entry["rt"] else folder): (folder, entry) for folder, entry in record["reports"].items()}
    found = []
    order = ("recap", "activities", "rt", "instruments")
    for task in sorted(plan.tasks, key=lambda task: order.index(task.kind)):
        name = task.rt or index.report_name(task.folder, words(plan.study.language))
        folder, entry = entries.get((task.rt, "" if task.rt else task.folder), ("", {}))
        notebook = next((plan.reports / folder / file for file in entry.get("outputs", ()) if file.endswith(".ipynb")), None)
        if entry.get("status") == "failed":
            found.append(_Report(name, None, "failed"))
        elif notebook is None or not notebook.is_file():
            found.append(_Report(name, None, "waiting"))
        else:
            found.append(_Report(name, notebook, "done" if entry["made_from"] == manifest.fingerprint(record, folder) else "stale"))
    return found

