"""The lines of ``study.toml`` that say which columns of a filled-in form are what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from baksos_eval.report.asking import Question
from baksos_eval.study.study import Study


def columns_entry(study: Study | None, asked: Sequence[Question], headers: Mapping[str, str], time: str = "") -> list[str]:
    """The table ``[files.columns]`` with what lies under it.

    Args:
        study: whose profile and doses are read.
        asked: the form's questions beside its items.
        headers: by a question's name, the header of its column in the form's file; a question without one has no column.
        time: the header of the column that says when a form was sent.
    """
    import tomlkit

    def quoted(text: str) -> str:
        return tomlkit.string(text).as_string()

    lines = ["[files.columns]"]
    ids = [headers[question.name] for question in asked if question.kind == "code" or question.name.startswith("kode_")]
    if ids:
        lines.append(f"id = {quoted(ids[0])}" if len(ids) == 1 else f"id = [{', '.join(map(quoted, ids))}]")
    lines += [f"{question.kind} = {quoted(headers[question.name])}" for question in asked if question.kind in ("rt", "wave", "consent") and question.name in headers]
    lines += [f"time = {quoted(time)}"] if time else []
    own = {question.header: headers[question.name] for question in asked if question.name in headers}
    for table, columns in (("profile", study.columns.profile), ("dose", study.columns.dose)) if study else ():
        named = [f"{tomlkit.key(name).as_string()} = {quoted(own[header])}" for name, header in columns.items() if header in own]
        lines += [f"[files.columns.{table}]", *named] if named else []
    return lines
