"""Reads one .xls, .xlsb or .ods file in a process of its own: ``python -m baksos_eval.intake.legacy FILE [SHEET]``.

Prints JSON: without a sheet ``{"sheets": [[name, visible, has content], ...]}``, with one
``{"first_row": 1, "rows": [[text, ...], ...]}``; ``{"password": true}`` or ``{"too_large": true}`` where it must refuse.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

MOST_MEMORY = 2_000_000_000
MOST_CELLS = 20_000_000


def read(path: str, sheet: str | None = None) -> dict[str, Any]:
    """What the file holds, as plain data."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    from baksos_eval.intake.workbook import as_text

    try:
        book = CalamineWorkbook.from_path(path)
    except PasswordError:
        return {"password": True}
    except CalamineError as error:
        if "password" in str(error).lower():
            return {"password": True}
        raise
    if sheet is None:
        return {"sheets": [[found.name, found.visible == SheetVisibleEnum.Visible,
                            book.get_sheet_by_name(found.name).height > 0] for found in book.sheets_metadata]}
    table = book.get_sheet_by_name(sheet)
    if table.height * table.width > MOST_CELLS:
        return {"too_large": True}
    start = table.start or (0, 0)
    rows = table.to_python(skip_empty_area=True)
    return {"first_row": start[0] + 1, "rows": [[""] * start[1] + [as_text(value if value != "" else None) for value in row] for row in rows]}


def limit_memory() -> None:
    """Keeps this process from taking more memory than :data:`MOST_MEMORY`, where the system can."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main() -> None:
    limit_memory()
    answer = read(*sys.argv[1:3])
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main()
