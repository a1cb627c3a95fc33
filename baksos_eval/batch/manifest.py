"""What was made from what: inputs, versions, settings and outputs with their SHA-256, as ``manifest.json``.

It holds nothing that differs between two runs over the same input: no time, no absolute folder, no number of workers. While a run
lasts, each report has a receipt of its own beside it, so that a run that is killed loses none. Only of a report that a cluster made
it says which of its workers did.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import baksos_eval
from baksos_eval.batch.plan import ACTIVITIES, INSTRUMENTS, RECAP, Plan, Task
from baksos_eval.batch.publish import digest
from baksos_eval.batch.task import Outcome
from baksos_eval.batch.template import ACTIVITIES_NOTEBOOK, INSTRUMENTS_NOTEBOOK, RECAPS, RT_NOTEBOOK
from baksos_eval.render.save import write_whole
from baksos_eval.study.study import Study

if TYPE_CHECKING:
    from baksos_eval.evaluation.recap import ListedLedger

NAME = "manifest.json"
LEDGER = "hasil.csv"
_RECEIPTS = ".receipts"
_PACKAGES = ("babel", "ipykernel", "ipython", "jinja2", "latex2mathml", "lxml", "matplotlib", "mistune", "nbclient", "nbconvert", "nbformat", "numpy",
             "openpyxl", "pandas", "papermill", "pillow", "pydantic", "pyphen", "python-calamine", "python-docx", "scipy", "statsmodels", "typst")
_SOURCES = {".css", ".ipynb", ".j2", ".py", ".toml", ".typ", ".xml"}


def begin(plan: Plan) -> dict[str, Any]:
    """The manifest of a run before its first outcome; it keeps what earlier runs say about other RTs and about the joined attachment."""
    made_from = _data_and_software(plan.study, plan.source) | {"notebooks": {template.name: digest(template) for template in plan.templates}}
    earlier = read(plan.reports)
    return {"study": plan.study.id, **made_from, "receipts": _receipts(plan.study, made_from["inputs"], earlier.get("receipts", {})), "rts": list(plan.rts),
            "reports": earlier.get("reports", {}), "bundle": earlier.get("bundle", {}), **({"ledgers": dict(plan.ledgers)} if plan.ledgers else {})}


def _receipts(study: Study, inputs: Mapping[str, str], earlier: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Per data file every SHA-256 it has had in a run, the present one last: more than one says that the raw file was changed."""
    now = {name: inputs[name] for name in sorted(raw_files(study)) if name in inputs}
    known = earlier if isinstance(earlier, Mapping) else {}
    return {name: [*(left for left in known.get(name, ()) if left != digest_now), digest_now] for name, digest_now in now.items()}


def raw_files(study: Study) -> set[str]:
    """The files that the answers and the logs of the activities come from; photos themselves are none, only their list."""
    return {source.file for source in study.sources} | set(study.activities.files)


def changed_files(study: Study, source: Path, reports: Path) -> tuple[str, ...]:
    """The data files whose content is no longer what the last run read."""
    last = read(reports).get("receipts", {})
    present = input_files(study, source)
    return tuple(name for name in sorted(raw_files(study)) if name in present and last.get(name) and digest(present[name]) != last[name][-1])


def add(manifest: dict[str, Any], outcome: Outcome, outputs: Mapping[str, str]) -> None:
    """Notes one outcome; ``outputs`` maps the published files to their SHA-256."""
    entry = {"rt": outcome.rt, "status": "failed" if outcome.failed else "done", "pairs": outcome.pairs, "verdicts": dict(outcome.verdicts),
             "problem": list(outcome.problem), "made_from": fingerprint(manifest, outcome.folder), "outputs": dict(outputs)}
    if outcome.worker:
        entry["worker"] = outcome.worker
    manifest["reports"][outcome.folder] = entry


def fingerprint(manifest: Mapping[str, Any], folder: str) -> str:
    """One number for everything that the report in ``folder`` is made from; a report with another one is out of date."""
    made_from = {name: manifest[name] for name in ("inputs", "settings", "versions")}
    notebooks = manifest["notebooks"]
    recap = next((name for name in RECAPS.values() if name in notebooks), "")
    made_from["notebook"] = notebooks.get({RECAP: recap, ACTIVITIES: ACTIVITIES_NOTEBOOK, INSTRUMENTS: INSTRUMENTS_NOTEBOOK}.get(folder, RT_NOTEBOOK))
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def is_current(manifest: Mapping[str, Any], task: Task, digest_of: Callable[[str], str] = digest) -> bool:
    """Whether everything that the task would make is there, made from the same things, and as it was made."""
    entry = manifest["reports"].get(task.folder)
    if entry is None or entry["status"] != "done" or entry["made_from"] != fingerprint(manifest, task.folder):
        return False
    if not set(task.files) <= set(entry["outputs"]):
        return False
    try:
        folder = os.path.join(task.reports, task.folder)
        return all(digest_of(os.path.join(folder, name)) == left for name, left in entry["outputs"].items())
    except OSError:
        return False


def current_ledgers(manifest: Mapping[str, Any], plan: Plan) -> tuple[ListedLedger, ...]:
    """Every RT of a plan, with its ledger where the report was made from what the plan's reports are made from.

    Whether the file still is what was written then is for the reader to see, who reads every byte of it anyway.
    """
    from baksos_eval.evaluation.recap import ListedLedger

    now = fingerprint(manifest, "")
    found = {entry["rt"]: ListedLedger(entry["rt"], (plan.reports / folder / LEDGER).as_posix(), entry["outputs"][LEDGER])
             for folder, entry in manifest["reports"].items() if entry["rt"] and entry["status"] == "done" and entry["made_from"] == now and LEDGER in entry["outputs"]}
    return tuple(found.get(rt) or ListedLedger(rt) for rt in plan.rts)


def known_rts(study: Study, source: Path, reports: Path) -> tuple[str, ...] | None:
    """The RTs of a study as the last run found them, if neither the data nor the software has changed since."""
    last = read(reports)
    if not last or last.get("study") != study.id:
        return None
    now = _data_and_software(study, source)
    return tuple(last["rts"]) if all(last.get(name) == now[name] for name in now) else None


def intend(reports: Path, folder: str, rt: str, outputs: Mapping[str, str]) -> None:
    """Leaves a receipt of what is about to be put into ``folder``: should that be interrupted, we know our own files again."""
    write_whole(reports / _RECEIPTS / f"{folder}.json", json.dumps({"rt": rt, "intended": dict(outputs)}, ensure_ascii=False).encode())


def confirm(manifest: Mapping[str, Any], reports: Path, folder: str) -> None:
    """Leaves the receipt of a report that is in its place."""
    write_whole(reports / _RECEIPTS / f"{folder}.json", json.dumps({"entry": manifest["reports"][folder]}, ensure_ascii=False).encode())


def read(reports: Path) -> dict[str, Any]:
    """The manifest that an earlier run left, with the receipts of one that was killed; or nothing if there is none that can be read."""
    content = _read(reports) or {"reports": {}}
    for receipt in (reports / _RECEIPTS).glob("*.json"):
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError):
            told = json.loads(receipt.read_text(encoding="utf-8"))
            folder = receipt.stem
            content["reports"][folder] = told["entry"] if "entry" in told else _interrupted(reports / folder, told, content["reports"].get(folder, {}))
    return content if content["reports"] or len(content) > 1 else {}


def is_unfinished(reports: Path) -> bool:
    """Whether a run was killed before its manifest took in the receipts."""
    return (reports / _RECEIPTS).is_dir()


def _interrupted(folder: Path, told: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of a report that was being put into its place: to be made again, over the files that are ours."""
    arrived = {name: left for name, left in told["intended"].items() if (folder / name).is_file() and digest(folder / name) == left}
    return {"rt": told["rt"], "status": "failed", "pairs": None, "verdicts": {}, "problem": [], "made_from": "",
            "outputs": {**before.get("outputs", {}), **arrived}}


def _read(reports: Path) -> dict[str, Any]:
    try:
        content = json.loads((reports / NAME).read_text(encoding="utf-8"))
        entries = content["reports"].values()
        known = all(isinstance(entry["outputs"], dict) and isinstance(entry["rt"], str) for entry in entries)
        return content if known and isinstance(content.get("bundle", {}), dict) else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def write(manifest: Mapping[str, Any], reports: Path) -> None:
    """Writes ``manifest.json`` into the folder of reports; the receipts it takes in have done their service."""
    write_whole(reports / NAME, (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())
    shutil.rmtree(reports / _RECEIPTS, ignore_errors=True)


def in_order(manifest: dict[str, Any]) -> dict[str, Any]:
    """The same manifest, its reports in the order of the RTs."""
    order = {rt: number for number, rt in enumerate(manifest["rts"])}
    last = len(order)
    place = {RECAP: 1, ACTIVITIES: 2, INSTRUMENTS: 3}
    manifest["reports"] = dict(sorted(manifest["reports"].items(), key=lambda item: (place.get(item[0], 0), order.get(item[1]["rt"], last), item[0])))
    return manifest


def _data_and_software(study: Study, source: Path) -> dict[str, Any]:
    """What every report of a study is made from, its notebook aside."""
    return {
        "inputs": {name: digest(path) for name, path in sorted(input_files(study, source).items())},
        "settings": {"language": study.language},
        "versions": {"baksos-eval": baksos_eval.__version__, "source": source_digest(), "python": platform.python_version()} | _packages(),
    }


@cache
def _packages() -> dict[str, str]:
    """The versions of what reports are made with."""
    return {name: metadata.version(name) for name in _PACKAGES}


@cache
def source_digest() -> str:
    """One number for every file of this package."""
    package = Path(baksos_eval.__file__).resolve().parent
    state = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in _SOURCES and "notebooks" not in path.parts):
        state.update(f"{path.relative_to(package).as_posix()}\0{digest(path)}\0".encode())
    return state.hexdigest()


def input_files(study: Study, source: Path) -> dict[str, Path]:
    """Every file that the study names, by the name it has there, and ``study.toml`` itself."""
    own = source / "study.toml" if source.is_dir() else source
    named = {name: study.folder / name for name in _texts(study.model_dump(mode="json", exclude={"folder"}))} | study.activities.read_from(study.folder)
    return {own.name: own} | {name: path for name, path in named.items() if name and _is_file(path)}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a sentence too long for a file name
        return False


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
