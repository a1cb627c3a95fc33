"""The recap of RTs whose ledgers were handed in, where nobody has the answers of them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from baksos_eval.batch.plan import FORMATS, RECAP, Plan, Task
from baksos_eval.batch.publish import digest
from baksos_eval.batch.template import RECAPS, read_template, template_path
from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.recap import ledgers_below, read_ledgers
from baksos_eval.render.look import look_of
from baksos_eval.study.study import Study


def plan_recap(study: Study, source: Path, ledgers: Path, out: Path, formats: Sequence[str] = FORMATS, notebooks: Path | None = None) -> tuple[Plan, tuple[str, ...]]:
    """The plan of a recap from the ledgers in a folder or below it, and the RTs that the study names and that are not among them.

    Its reports go into a folder of their own, beside those of a run over the answers.

    Raises:
        BaksosError: ``ledgers_folder_missing``, ``ledgers_none``, ``ledgers_unusable`` with everything that is wrong with any ledger,
            a template's fault, or a file that ``[report]`` names.
    """
    if not ledgers.is_dir():
        raise BaksosError("ledgers_folder_missing", folder=ledgers.as_posix())
    rts, missing = read_ledgers(study, ledgers)
    template = template_path(RECAPS[study.report.shape], study.language, notebooks)
    read_template(template)
    reports = out.resolve() / f"{RECAP}-{study.id}"
    task = Task("recap", "", RECAP, source.resolve(), study.language, template, reports, tuple(name for name in FORMATS if name in formats), look_of(study),
                rts=len(rts), ledgers_folder=ledgers.resolve())
    handed_in = {path.relative_to(ledgers).as_posix(): digest(path) for path in ledgers_below(ledgers)}
    return Plan(study, source.resolve(), reports, (template,), (), (task,), handed_in), tuple(one.rt for one in missing)
