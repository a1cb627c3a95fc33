"""The notebooks we run: where they are, whether they are fit to be run, and which parameters they take."""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import baksos_eval
from baksos_eval.errors import BaksosError

RT_NOTEBOOK = "02_evaluasi_rt.ipynb"
RECAP_NOTEBOOK = "03_rekap_program.ipynb"
INSTRUMENTS_NOTEBOOK = "04_uji_instrumen.ipynb"
ACTIVITIES_NOTEBOOK = "05_kegiatan.ipynb"
RECAPS: Mapping[str, str] = {"attachment": RECAP_NOTEBOOK, "laporan_pkpm": "06_laporan_pkpm.ipynb", "journal": "07_artikel.ipynb"}
"""The recap's notebook by the shape that the study wants."""

Plain = str | int | float | bool | None
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_HIDES_ERRORS = {"raises-exception", "skip-execution"}


def notebooks_folder() -> Path:
    """The folder of our notebooks: inside an installed package, beside it in a checkout.

    Raises:
        BaksosError: ``notebooks_missing``.
    """
    package = Path(baksos_eval.__file__).resolve().parent
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / RT_NOTEBOOK).is_file():
            return folder
    raise BaksosError("notebooks_missing")


def template_path(name: str, language: str, folder: Path | None = None) -> Path:
    """The notebook called ``name`` in this language; the English ones lie in ``en/`` under the same names."""
    folder = folder or notebooks_folder()
    return folder / name if language == "id" else folder / language / name


def read_template(path: Path) -> dict[str, Any]:
    """The notebook's content, if it can be run without surprises.

    Raises:
        BaksosError: ``template_not_a_notebook``, ``template_parameters_cell`` (not exactly one), ``template_parameters_not_literal``,
            ``template_has_outputs`` or ``template_hides_errors``.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError):
        raise BaksosError("template_not_a_notebook", notebook=path.name) from None
    tags = [set(cell.get("metadata", {}).get("tags", [])) for cell in cells]
    count = sum("parameters" in names for names in tags)
    if count != 1:
        raise BaksosError("template_parameters_cell", notebook=path.name, count=count)
    if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
        raise BaksosError("template_has_outputs", notebook=path.name)
    hiding = sorted(_HIDES_ERRORS & set().union(*tags))
    if hiding:
        raise BaksosError("template_hides_errors", notebook=path.name, tag=hiding[0])
    parameters_of(content, path.name)
    return content


def parameters_of(content: Mapping[str, Any], notebook: str) -> dict[str, Plain]:
    """The names in the parameters cell with their default values.

    Raises:
        BaksosError: ``template_parameters_not_literal``: the cell does anything else than giving names plain values.
    """
    cell = next(cell for cell in content["cells"] if "parameters" in cell.get("metadata", {}).get("tags", []))
    try:
        found: dict[str, Plain] = {}
        for statement in ast.parse("".join(cell["source"])).body:
            if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name)):
                raise ValueError
            found[statement.targets[0].id] = ast.literal_eval(statement.value)
    except (SyntaxError, ValueError):
        raise BaksosError("template_parameters_not_literal", notebook=notebook) from None
    return found


def check_parameters(content: Mapping[str, Any], parameters: Mapping[str, Plain], notebook: str) -> None:
    """Refuses a parameter that the notebook does not know, or whose value is not of its default's kind.

    Raises:
        BaksosError: ``parameter_unknown`` (with the closest names) or ``parameter_of_wrong_kind``.
    """
    known = parameters_of(content, notebook)
    for name, value in parameters.items():
        if name not in known or not _NAME.fullmatch(name):
            similar = difflib.get_close_matches(name, known, n=1)
            raise BaksosError("parameter_unknown", notebook=notebook, name=name, similar=tuple(similar))
        kinds = (str, bool, int, float, type(None))
        default = known[name]
        if type(value) not in kinds or (default is not None and type(value) is not type(default)):
            raise BaksosError("parameter_of_wrong_kind", notebook=notebook, name=name, found=type(value).__name__, expected=type(default).__name__)
