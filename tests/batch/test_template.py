from __future__ import annotations

import json
from pathlib import Path

import pytest

from baksos_eval.batch.template import (
    RECAP_NOTEBOOK,
    RT_NOTEBOOK,
    check_parameters,
    notebooks_folder,
    parameters_of,
    read_template,
    template_path,
)
from baksos_eval.errors import BaksosError
from tests.batch.small import PARAMETERS, cell, write_notebook


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", [RT_NOTEBOOK, RECAP_NOTEBOOK])
def test_our_own_notebooks_are_fit_to_be_run(name: str, language: str) -> None:
    path = template_path(name, language)
    content = read_template(path)
    expected = {"study_folder": "x", "language": "", "results_folder": ""} | ({"rt": "RT 01"} if name == RT_NOTEBOOK else {"ledgers_folder": ""})
    assert set(parameters_of(content, name)) == set(expected)
    check_parameters(content, expected, name)


def test_notebooks_are_found_beside_a_checkout_and_inside_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert notebooks_folder() == Path(__file__).parents[2] / "notebooks"
    installed = tmp_path / "site-packages" / "baksos_eval" / "__init__.py"
    write_notebook(tmp_path / "site-packages" / "notebooks" / "other.ipynb")
    monkeypatch.setattr("baksos_eval.__file__", str(installed))
    with pytest.raises(BaksosError, match="notebooks_missing"):
        notebooks_folder()
    inside = write_notebook(installed.parent / "notebooks" / RT_NOTEBOOK)
    assert notebooks_folder() == inside.parent.resolve()


@pytest.mark.parametrize(("cells", "code"), [
    ((cell("x = 1"),), "template_parameters_cell"),
    ((cell(PARAMETERS, tags=("parameters",)), cell(PARAMETERS, tags=("parameters",))), "template_parameters_cell"),
    ((cell("rt = str(4)", tags=("parameters",)),), "template_parameters_not_literal"),
    ((cell("rt = ", tags=("parameters",)),), "template_parameters_not_literal"),
    ((cell("import os\nrt = 'RT 01'", tags=("parameters",)),), "template_parameters_not_literal"),
    ((cell(PARAMETERS, tags=("parameters",)), cell("1", execution_count=3)), "template_has_outputs"),
    ((cell(PARAMETERS, tags=("parameters",)), cell("1", outputs=[{"output_type": "stream", "name": "stdout", "text": "Budi"}])), "template_has_outputs"),
    ((cell(PARAMETERS, tags=("parameters",)), cell("1/0", tags=("raises-exception",))), "template_hides_errors"),
])
def test_an_unfit_notebook_is_refused(tmp_path: Path, cells: tuple[dict, ...], code: str) -> None:
    with pytest.raises(BaksosError) as refused:
        read_template(write_notebook(tmp_path / "n.ipynb", *cells))
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', "\udcff"])
def test_what_is_not_a_notebook_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BaksosError, match="template_not_a_notebook"):
        read_template(path)
    with pytest.raises(BaksosError, match="template_not_a_notebook"):
        read_template(tmp_path / "absent.ipynb")


@pytest.mark.parametrize(("given", "code"), [
    ({"study_foldr": "x"}, "parameter_unknown"),
    ({"rt; import os": "x"}, "parameter_unknown"),
    ({"rt": 4}, "parameter_of_wrong_kind"),
    ({"rt": Path("x")}, "parameter_of_wrong_kind"),
    ({"limit": True}, "parameter_of_wrong_kind"),
    ({"anything": ["x"]}, "parameter_of_wrong_kind"),
])
def test_a_parameter_the_notebook_does_not_take_is_refused(given: dict, code: str) -> None:
    content = json.loads(json.dumps({"cells": [cell(PARAMETERS + "limit = 3\nanything = None\n", tags=("parameters",))]}))
    with pytest.raises(BaksosError) as refused:
        check_parameters(content, given, "n.ipynb")
    assert refused.value.code == code
    if "study_foldr" in given:
        assert refused.value.details["similar"] == ("study_folder",)
    check_parameters(content, {"rt": "RT 04", "limit": 4, "anything": 1.5}, "n.ipynb")
