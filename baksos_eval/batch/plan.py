"""What a run is to make: one task per RT, one for the recap, one for the activities if there are logs of them, one for the instruments if asked for."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from baksos_eval.batch.template import (
    ACTIVITIES_NOTEBOOK,
    INSTRUMENTS_NOTEBOOK,
    RECAPS,
    RT_NOTEBOOK,
    read_template,
    template_path,
)
from baksos_eval.errors import BaksosError
from baksos_eval.render.look import STANDARD, Look, look_of
from baksos_eval.study.rt import folder_name
from baksos_eval.study.study import Study

if TYPE_CHECKING:
    from baksos_eval.evaluation.recap import ListedLedger

FORMATS = ("ipynb", "docx", "pdf", "html")
RECAP = "rekap"
INSTRUMENTS = "instrumen"
ACTIVITIES = "kegiatan"
Engine = Literal["warm", "cold"]


@dataclass(frozen=True)
class Task:
    """One notebook to run and to turn into files. ``rt`` is empty for the recap, the activities and the instruments.

    Attributes:
        source: the study's folder or file, as an absolute path.
        template: the notebook.
        reports: the study's folder of reports; the files go into its folder ``folder``.
        formats: the file formats to be made.
        look: how their pages look.
        engine: what the notebook is run in: a process that is ready (``warm``) or a kernel started for it (``cold``).
        rts: how many RTs it is about, on which the time depends that it may take.
        ledgers: for the recap of a run, every RT with its ledger if that is up to date.
        ledgers_folder: for a recap without answers, the folder below which the ledgers of the RTs lie.
    """

    kind: Literal["rt", "recap", "activities", "instruments"]
    rt: str
    folder: str
    source: Path
    language: Literal["id", "en"]
    template: Path
    reports: Path
    formats: tuple[str, ...]
    look: Look = STANDARD
    engine: Engine = "warm"
    rts: int = 1
    ledgers: tuple[ListedLedger, ...] = ()
    ledgers_folder: Path | None = None

    @property
    def stem(self) -> str:
        """Name of the attachment without its ending."""
        return {"rt": "evaluasi", "recap": RECAP, "activities": ACTIVITIES, "instruments": INSTRUMENTS}[self.kind]

    @property
    def tables(self) -> tuple[str, ...]:
        """The CSV files that the notebook itself must write."""
        return ("hasil.csv", "temuan.csv") if self.kind in ("rt", "activities") else ("hasil.csv",)

    @property
    def extras(self) -> tuple[str, ...]:
        """What our own notebook writes besides, and another one need not."""
        return ("per_rt.xlsx",) if self.kind == "recap" else ()

    @property
    def files(self) -> tuple[str, ...]:
        """Every file the task must make."""
        return (*(f"{self.stem}.{ending}" for ending in self.formats), *self.tables)


@dataclass(frozen=True)
class Plan:
    """A study, where its reports go, its notebooks, and the tasks; ``rts`` are all RTs of the study, whether asked for or not.

    ``ledgers`` are those that were handed in, with their SHA-256; none in a run over the answers.
    """

    study: Study
    source: Path
    reports: Path
    templates: tuple[Path, ...]
    rts: tuple[str, ...]
    tasks: tuple[Task, ...]
    ledgers: Mapping[str, str] = field(default_factory=dict)


def plan(study: Study, source: Path, out: Path, rts: Sequence[str] = (), formats: Sequence[str] = FORMATS,
         notebooks: Path | None = None, engine: Engine = "warm", instruments: bool = False,
         present: Sequence[str] | None = None) -> Plan:
    """The plan of a run: the named RTs alone, or every RT, the recap and the activities; with ``instruments`` also the test of the instruments.

    A study of logs alone has its activities and nothing else.

    Args:
        present: all RTs of the study, where they are known without reading its data.

    Raises:
        BaksosError: ``rt_unknown``, ``rt_folders_collide``, ``format_unknown``, a template's fault, a file that ``[report]`` names,
            or what reading the study raises.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise BaksosError("format_unknown", format=unknown[0], known=FORMATS)
    if not study.asks_people:
        present = ()
    if present is None:
        from baksos_eval.intake.intake import list_rts

        present = list_rts(study)
    present = tuple(present)
    folders = folders_of(present)
    chosen = _choose(study, present, rts)
    reports = out.resolve() / study.id
    recap = RECAPS[study.report.shape]
    wanted = {RT_NOTEBOOK: bool(chosen), recap: study.asks_people and not rts, ACTIVITIES_NOTEBOOK: study.keeps_logs and not rts, INSTRUMENTS_NOTEBOOK: instruments}
    named = {name: template_path(name, study.language, notebooks) for name in wanted}
    optional = (ACTIVITIES_NOTEBOOK, INSTRUMENTS_NOTEBOOK)      # a folder of own notebooks may do without what is not wanted
    templates = {name: path for name, path in named.items() if wanted[name] or name not in optional or path.is_file()}
    for template in templates.values():
        read_template(template)
    common = {"source": source.resolve(), "language": study.language, "reports": reports,
              "formats": tuple(name for name in FORMATS if name in formats), "look": look_of(study), "engine": engine}
    tasks = [Task("rt", rt, folders[rt], template=templates[RT_NOTEBOOK], **common) for rt in chosen]
    if wanted[recap]:
        tasks.append(Task("recap", "", RECAP, template=templates[recap], rts=len(present), **common))
    if wanted[ACTIVITIES_NOTEBOOK]:
        tasks.append(Task("activities", "", ACTIVITIES, template=templates[ACTIVITIES_NOTEBOOK], rts=len(present), **common))
    if instruments:
        tasks.append(Task("instruments", "", INSTRUMENTS, template=templates[INSTRUMENTS_NOTEBOOK], rts=len(present), **common))
    return Plan(study, source.resolve(), reports, tuple(templates.values()), present, tuple(tasks))


def folders_of(rts: Sequence[str]) -> dict[str, str]:
    """The folder of each RT.

    Raises:
        BaksosError: ``rt_folders_collide``: two RTs would share a folder.
    """
    owners: dict[str, str] = {}
    for rt in rts:
        first = owners.setdefault(folder_name(rt), rt)
        if first != rt:
            raise BaksosError("rt_folders_collide", first=first, second=rt, folder=folder_name(rt))
    return {rt: folder for folder, rt in owners.items()}


def _choose(study: Study, present: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(study.rt_name(name) for name in wanted))
    for name in names:
        if name not in present:
            raise BaksosError("rt_unknown", rt=name, similar=tuple(difflib.get_close_matches(name, present, n=3)), known=tuple(present[:20]))
    return names or tuple(present)
