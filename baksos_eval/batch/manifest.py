"""What was made from what: inputs, versions, settings and outputs with their SHA-256, as ``manifest.json``.

It holds nothing that differs between two runs over the same input: no time, no absolute folder, no number of workers.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from baksos_eval import __version__
from baksos_eval.batch.plan import INSTRUMENTS, RECAP, Plan
from baksos_eval.batch.publish import digest
from baksos_eval.batch.task import Outcome
from baksos_eval.render.save import write_whole
from baksos_eval.study.study import Study

NAME = "manifest.json"
_PACKAGES = ("matplotlib", "nbconvert", "numpy", "pandas", "papermill", "python-docx", "scipy", "statsmodels", "typst")


def begin(plan: Plan) -> dict[str, Any]:
    """The manifest of a run before its first outcome; it keeps what earlier runs say about other RTs and about the joined attachment."""
    made_from = {
        "inputs": {name: digest(path) for name, path in sorted(input_files(plan.study, plan.source).items())},
        "notebooks": {template.name: digest(template) for template in plan.templates},
        "settings": {"language": plan.study.language},
        "versions": {"baksos-eval": __version__, "python": platform.python_version()} | {name: metadata.version(name) for name in _PACKAGES},
    }
    earlier = read(plan.reports)
    return {"study": plan.study.id, **made_from, "rts": list(plan.rts), "reports": earlier.get("reports", {}), "bundle": earlier.get("bundle", {})}


def add(manifest: dict[str, Any], outcome: Outcome, outputs: Mapping[str, str]) -> None:
    """Notes one outcome; ``outputs`` maps the published files to their SHA-256."""
    entry = {"rt": outcome.rt, "status": "failed" if outcome.failed else "done", "pairs": outcome.pairs, "verdicts": dict(outcome.verdicts),
             "problem": list(outcome.problem), "made_from": fingerprint(manifest), "outputs": dict(outputs)}
    reports = manifest["reports"] | {outcome.folder: entry}
    order = {rt: number for number, rt in enumerate(manifest["rts"])}
    last = len(order)
    manifest["reports"] = dict(sorted(reports.items(), key=lambda item: ({RECAP: 1, INSTRUMENTS: 2}.get(item[0], 0), order.get(item[1]["rt"], last), item[0])))


def fingerprint(manifest: Mapping[str, Any]) -> str:
    """One number for everything that reports are made from; reports with another one are out of date."""
    made_from = {name: manifest[name] for name in ("inputs", "notebooks", "settings", "versions")}
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def read(reports: Path) -> dict[str, Any]:
    """The manifest that an earlier run left, or nothing if there is none that can be read."""
    try:
        content = json.loads((reports / NAME).read_text(encoding="utf-8"))
        entries = content["reports"].values()
        known = all(isinstance(entry["outputs"], dict) and isinstance(entry["rt"], str) for entry in entries)
        return content if known and isinstance(content.get("bundle", {}), dict) else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def write(manifest: Mapping[str, Any], reports: Path) -> None:
    """Writes ``manifest.json`` into the folder of reports."""
    write_whole(reports / NAME, (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode())


def input_files(study: Study, source: Path) -> dict[str, Path]:
    """Every file that the study names, by the name it has there, and ``study.toml`` itself."""
    own = source / "study.toml" if source.is_dir() else source
    named = {name: study.folder / name for name in _texts(study.model_dump(mode="json", exclude={"folder"}))}
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
