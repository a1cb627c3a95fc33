"""Makes the folder of a new study: settings, answer sheet, notebooks, and the files that start it. Nothing is ever overwritten."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from baksos_eval.batch.template import Plain, notebooks_folder, parameters_of, read_template
from baksos_eval.errors import BaksosError
from baksos_eval.report.text import LANGUAGES, Catalogue
from baksos_eval.start.launchers import MAKER, SETTINGS, TOOLS, posix_launcher, windows_launcher
from baksos_eval.start.study_file import NewStudy, id_from, study_text, workbook_file
from baksos_eval.start.toolkit import LOCK, lock_path, own_wheel

NOTEBOOKS = "notebooks"
FIRST_NOTEBOOK = "00_mulai.ipynb"
_FOR_A_STUDY = "0[0-5]_*.ipynb"


class Made(NamedTuple):
    """The files that were written, and those that were there already, relative to the study's folder."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]


def make_study_folder(folder: Path, new: NewStudy, catalogue: Catalogue) -> Made:
    """Writes everything a new study needs into ``folder``; files that are there already stay as they are.

    Raises:
        BaksosError: ``new_study_exists``, ``new_folder_is_file``, ``instrument_unknown``, or what writing raises.
    """
    from baksos_eval.render.save import write_whole

    if folder.exists() and not folder.is_dir():
        raise BaksosError("new_folder_is_file", folder=folder.name)
    if (folder / "study.toml").exists():
        raise BaksosError("new_study_exists", folder=folder.as_posix())
    content = dict(_content(folder, new, catalogue))
    kept = tuple(name for name in content if (folder / name).exists())
    written = tuple(name for name in content if name not in kept)
    for name in written:
        write_whole(folder / name, content[name])
        if name.endswith(".sh"):
            (folder / name).chmod(0o755)
    return Made(folder, written, kept)


def _content(folder: Path, new: NewStudy, catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """The files of a new study, whole before the first of them is written."""
    from baksos_eval.report.answer_sheet import answer_sheet
    from baksos_eval.study.instrument import load_instrument

    study = study_text(new, id_from(folder.resolve().name), catalogue)
    instruments = [load_instrument(name, folder) for name in new.instruments]
    wheel, wheel_content = own_wheel()
    first = f"{NOTEBOOKS}/{'' if new.language == 'id' else 'en/'}{FIRST_NOTEBOOK}"
    yield "study.toml", study.encode("utf-8")
    yield catalogue.text("new.readme_file"), _for_notepad(catalogue.text("new.readme", title=new.title, workbook=workbook_file(catalogue)))
    yield workbook_file(catalogue), answer_sheet(instruments, new.rts, catalogue)
    yield from _notebooks()
    yield "mulai.bat", windows_launcher(first, LOCK, wheel, catalogue)
    yield "mulai.sh", posix_launcher(first, LOCK, wheel, catalogue)
    yield f"{TOOLS}/{LOCK}", lock_path().read_bytes()
    yield f"{TOOLS}/{wheel}", wheel_content
    yield f"{TOOLS}/{MAKER}", f"{sys.executable}\n".encode()
    yield f"{TOOLS}/{SETTINGS}", (resources.files("baksos_eval.start") / "jupyterlab" / SETTINGS).read_bytes()


def _notebooks() -> Iterator[tuple[str, bytes]]:
    """Our notebooks in both languages, pointing to the study whose folder they lie in."""
    for language in LANGUAGES:
        below = "" if language == "id" else f"{language}/"
        for path in sorted((notebooks_folder() / below).glob(_FOR_A_STUDY)):
            content = read_template(path)
            values: dict[str, Plain] = {"study_folder": "../.." if below else "..", "language": language, "rt": ""}
            known = parameters_of(content, path.name)
            if "study_folder" in known:
                _set_parameters(content, {name: value for name, value in values.items() if name in known})
                yield f"{NOTEBOOKS}/{below}{path.name}", (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _set_parameters(content: dict[str, Any], values: Mapping[str, Plain]) -> None:
    """Gives names in the parameters cell other values; what is remarked behind them stays."""
    cell = next(cell for cell in content["cells"] if "parameters" in cell["metadata"].get("tags", []))
    lines = "".join(cell["source"]).splitlines()
    for statement in ast.parse("\n".join(lines)).body:
        assert isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        name, value = statement.targets[0].id, statement.value
        if name in values:
            line = lines[value.lineno - 1]
            before = line.encode()[:value.col_offset].decode()
            after = line.encode()[value.end_col_offset:].decode()
            lines[value.lineno - 1] = f"{before}{json.dumps(values[name], ensure_ascii=False)}{after}"
    cell["source"] = "\n".join(lines).splitlines(keepends=True)


def _for_notepad(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8-sig")
