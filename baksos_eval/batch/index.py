"""The page that leads to every report of a study: a view of the manifest, without scripts and without links to elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any
from urllib.parse import quote

from baksos_eval.batch.manifest import fingerprint
from baksos_eval.batch.plan import ACTIVITIES, INSTRUMENTS, RECAP
from baksos_eval.report.text import Catalogue, words
from baksos_eval.study.study import Study


def page(study: Study, manifest: Mapping[str, Any]) -> str:
    """The page ``index.html`` in the study's language."""
    import jinja2

    catalogue = words(study.language)
    template = resources.files("baksos_eval.batch").joinpath("index.html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["quote"] = quote
    rows = [_row(folder, entry, manifest, study, catalogue) for folder, entry in manifest["reports"].items()]
    made = {row["rt"] for row in rows}
    waiting = [rt for rt in manifest["rts"] if rt not in made]
    return environment.from_string(template).render(language=study.language, title=study.title[study.language], text=catalogue.text, bundle=_bundle(manifest),
                                                    rows=rows, waiting=waiting, study=study, versions=manifest["versions"])


def verdicts_in_words(verdicts: Mapping[str, str], study: Study, catalogue: Catalogue) -> list[str]:
    """Each verdict of one RT in few words; with the instrument's name where there are several."""
    return [catalogue.text(f"verdict.{code}.short") if len(verdicts) == 1 else
             catalogue.text("batch.verdict", instrument=study.instrument(scale.partition(".")[0]).label[study.language],
                            verdict=catalogue.text(f"verdict.{code}.short")) for scale, code in verdicts.items()]


def report_name(folder: str, catalogue: Catalogue) -> str:
    """What to call a report that is about no single RT, by its folder."""
    return catalogue.text({INSTRUMENTS: "batch.instruments", ACTIVITIES: "batch.activities"}.get(folder, "batch.recap"))


def _bundle(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The files of the joined attachment, and whether a report in it has been made anew since."""
    known = {f"{folder}/{name}": digest for folder, entry in manifest["reports"].items() for name, digest in entry["outputs"].items()}
    held = manifest["bundle"].get("notebooks", {})
    return {"files": list(manifest["bundle"].get("outputs", {})), "stale": any(known.get(name) != digest for name, digest in held.items())}


def _row(folder: str, entry: Mapping[str, Any], manifest: Mapping[str, Any], study: Study, catalogue: Catalogue) -> dict[str, Any]:
    gone = folder not in (RECAP, ACTIVITIES, INSTRUMENTS) and entry["rt"] not in manifest["rts"]
    status = "gone" if gone else "stale" if entry["made_from"] != fingerprint(manifest, folder) else entry["status"]
    known = {f"{instrument.id}.{instrument.scales[0].id}" for instrument in study.questionnaires}
    verdicts = {scale: code for scale, code in entry["verdicts"].items() if scale in known}
    return {"rt": entry["rt"] or report_name(folder, catalogue), "folder": folder, "status": status, "pairs": entry["pairs"],
            "verdicts": verdicts_in_words(verdicts, study, catalogue), "problem": entry["problem"], "files": list(entry["outputs"])}
