"""Reads one SPSS or Stata file (.sav, .zsav, .dta) in a process of its own: ``python -m baksos_eval.intake.statistical FILE``.

Prints JSON: ``{"names": [...], "labels": [...], "rows": [[text, ...], ...], "declared_missing": {position: cells}, "recoded": false}``;
``{"too_large": true}`` where it must refuse. Values have their labels instead of their numbers; what the file declares
as missing is blank.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from baksos_eval.intake.legacy import MOST_CELLS, limit_memory


def read(path: str) -> dict[str, Any]:
    """What the file holds, as plain data."""
    try:
        return _read(path, None)
    except UnicodeDecodeError:
        return _read(path, "CP1252") | {"recoded": True}


def _read(path: str, encoding: str | None) -> dict[str, Any]:
    import pyreadstat

    with open(path, "rb") as stream:
        is_spss = stream.read(3) == b"$FL"
    open_file = pyreadstat.read_sav if is_spss else pyreadstat.read_dta
    options = {"encoding": encoding, "output_format": "dict"}
    _, about = open_file(path, metadataonly=True, **options)
    names = list(about.column_names)
    most_rows = MOST_CELLS // max(1, len(names))
    values, _ = open_file(path, row_limit=most_rows + 1, **options)
    columns = [list(values[name]) for name in names]
    if any(len(column) > most_rows for column in columns):
        return {"too_large": True}
    complete, _ = open_file(path, row_limit=most_rows + 1, user_missing=True, **options)
    labels = about.variable_value_labels or {}
    texts = [[_text(value, labels.get(name) or {}) for value in column] for name, column in zip(names, columns, strict=True)]
    declared = {position: sum(not shown and bool(_text(value, {})) for shown, value in zip(column, complete[name], strict=True))
                for position, (name, column) in enumerate(zip(names, texts, strict=True))}
    return {"names": names, "labels": [label or "" for label in about.column_labels], "rows": [list(row) for row in zip(*texts, strict=True)],
            "declared_missing": {str(position): count for position, count in declared.items() if count}, "recoded": False}


def _text(value: Any, labels: Mapping[Any, str]) -> str:
    """The value's label, or its shortest text where it has none."""
    from baksos_eval.intake.workbook import as_text

    if value is None or value != value:
        return ""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, str):
        plain = plain.strip()
    try:
        return labels[plain].strip() if plain in labels else as_text(plain)
    except TypeError:  # a value that cannot be looked up has no label
        return as_text(plain)


def main() -> None:
    limit_memory()
    sys.stdout.buffer.write(json.dumps(read(sys.argv[1])).encode("ascii"))


if __name__ == "__main__":
    main()
