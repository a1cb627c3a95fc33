"""The page that leads to every report of a study: a view of the manifest that can be searched and put in order, without links to elsewhere.

Where there are many RTs, it leads to pages of :data:`MOST_ROWS` RTs each, and itself shows what is about no single RT and what failed.
Searching and ordering are one small script in the page itself, allowed by its hash alone; without it the pages are complete as they stand.
The front page of many RTs holds the list of all of them as data, so that one is found whichever page it stands on.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

from baksos_eval.batch.manifest import fingerprint
from baksos_eval.batch.plan import ACTIVITIES, INSTRUMENTS, RECAP
from baksos_eval.render.save import write_whole
from baksos_eval.report.text import Catalogue, words
from baksos_eval.study.study import Study

_ABOUT_ALL = (RECAP, ACTIVITIES, INSTRUMENTS)


NAME = "index.html"
MOST_ROWS = 500
_PART = "daftar-{}.html"
_PARTS = re.compile(r"daftar-\d+\.html")


def write(study: Study, manifest: Mapping[str, Any], reports: Path) -> None:
    """Writes the pages into the folder of reports, and takes away those of an earlier run with more RTs."""
    made = pages(study, manifest)
    for name, text in made.items():
        write_whole(reports / name, text.encode())
    for left in reports.glob("daftar-*.html"):
        if left.name not in made and _PARTS.fullmatch(left.name):
            left.unlink()


def page(study: Study, manifest: Mapping[str, Any]) -> str:
    """The page ``index.html`` in the study's language."""
    return pages(study, manifest)[NAME]


@cache
def template() -> Any:
    """The pages' template, read once; it takes a while."""
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["quote"] = quote
    return environment.from_string(resources.files("baksos_eval.batch").joinpath("index.html.j2").read_text(encoding="utf-8"))


def pages(study: Study, manifest: Mapping[str, Any]) -> dict[str, str]:
    """Every page by its name: ``index.html``, and those it leads to."""
    catalogue = words(study.language)
    rts, current = frozenset(manifest["rts"]), cache(lambda folder: fingerprint(manifest, folder))
    from markupsafe import Markup

    script = resources.files("baksos_eval.batch").joinpath("index.js").read_text(encoding="utf-8")
    rows = [_row(folder, entry, rts, current(folder if folder in _ABOUT_ALL else ""), study, catalogue) for folder, entry in manifest["reports"].items()]
    made = {row["rt"] for row in rows}
    waiting = [{"rt": rt, "status": "waiting", "pairs": None, "verdicts": [], "problem": [], "files": [], "folder": "", "about_all": False} for rt in manifest["rts"] if rt not in made]
    common = {"language": study.language, "title": study.title[study.language], "text": catalogue.text, "bundle": _bundle(manifest), "study": study,
              "versions": manifest["versions"], "script": Markup(script), "script_hash": allowance(script), "listed": "",
              "pairs": catalogue.text("index.questionnaires" if study.is_anonymous else "index.pairs")}
    render = template().render
    if len(rows) + len(waiting) <= MOST_ROWS:
        return {NAME: render(rows=rows + waiting, parts=(), failed=0, part="", **common)}
    about_all = [row for row in rows if row["folder"] in _ABOUT_ALL]
    each = [row for row in rows if row["folder"] not in _ABOUT_ALL] + waiting
    failed = [row for row in each if row["status"] == "failed"]
    made_pages, parts, where = {}, [], []
    for number, at in enumerate(range(0, len(each), MOST_ROWS), start=1):
        held = each[at:at + MOST_ROWS]
        name = _PART.format(number)
        parts.append({"file": name, "name": catalogue.text("index.part", first=held[0]["rt"], last=held[-1]["rt"]), "count": len(held),
                      "failed": sum(row["status"] == "failed" for row in held)})
        where += [name] * len(held)
        made_pages[name] = render(rows=held, parts=(), failed=0, part=parts[-1]["name"], **common)
    front = common | {"listed": Markup(_data(_listed(each, where, common["pairs"], catalogue)))}
    return {NAME: render(rows=about_all + failed[:MOST_ROWS], parts=parts, failed=len(failed), part="", **front), **made_pages}


def allowance(script: str) -> str:
    """What a Content-Security-Policy says of the one script that may run, by its very bytes."""
    return f"sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode('ascii')}"


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


def _listed(rows: Iterable[Mapping[str, Any]], pages_of: Iterable[str], pairs: str, catalogue: Catalogue) -> dict[str, Any]:
    """All RTs as short rows: name, folder, status, pairs, verdicts, files and page; what many have in common stands once and is numbered.

    ``pairs`` is what the number of an RT is called.
    """
    kinds: dict[str, int] = {}
    verdicts: dict[str, int] = {}
    files: dict[tuple[str, ...], int] = {}
    listed = [[row["rt"], row["folder"], kinds.setdefault(row["status"], len(kinds)), row["pairs"], verdicts.setdefault("\n".join(row["verdicts"]), len(verdicts)),
               files.setdefault(tuple(row["files"]), len(files)), page] for row, page in zip(rows, pages_of, strict=True)]
    return {"kinds": list(kinds), "words": [catalogue.text(f"index.is_{kind}") for kind in kinds], "verdicts": list(verdicts), "files": list(files),
            "why": catalogue.text("index.why"), "pairs": pairs, "rows": listed}


def _data(value: Any) -> str:
    """The value as JSON that cannot end the element it stands in, nor begin another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _row(folder: str, entry: Mapping[str, Any], rts: frozenset[str], current: str, study: Study, catalogue: Catalogue) -> dict[str, Any]:
    gone = folder not in _ABOUT_ALL and entry["rt"] not in rts
    status = "gone" if gone else "stale" if entry["made_from"] != current else entry["status"]
    known = {f"{instrument.id}.{instrument.scales[0].id}" for instrument in study.questionnaires}
    verdicts = {scale: code for scale, code in entry["verdicts"].items() if scale in known}
    return {"rt": entry["rt"] or report_name(folder, catalogue), "folder": folder, "about_all": folder in _ABOUT_ALL, "status": status, "pairs": entry["pairs"],
            "verdicts": verdicts_in_words(verdicts, study, catalogue), "problem": entry["problem"], "files": list(entry["outputs"])}
