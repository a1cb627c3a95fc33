"""Reads a TOML file into a validated model, or refuses it with every fault at once."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from baksos_eval.errors import BaksosError, Finding, Severity, Where


class Model(BaseModel):
    """The base of everything read from TOML: immutable, and an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Words(Model):
    """One text in both languages."""

    id: str
    en: str

    def __getitem__(self, language: str) -> str:
        return getattr(self, language)


M = TypeVar("M", bound=Model)


def load(path: Path, model: type[M], **extra: object) -> M:
    """The file at ``path`` as ``model``; ``extra`` adds values that are not in the file (its folder, say).

    A validator finds the whole content of the file as its context.

    Raises:
        BaksosError: ``file_not_found``, ``toml_unreadable`` (with line), or ``toml_invalid`` with one finding a fault.
    """
    if not path.is_file():
        raise BaksosError("file_not_found", file=path.name, folder=path.parent.name or ".",
                          similar=similar_files(path))
    return parse(path.read_bytes(), path.name, model, **extra)


def parse(data: bytes, name: str, model: type[M], **extra: object) -> M:
    """The content of a file called ``name`` as ``model``; otherwise as :func:`load`.

    Raises:
        BaksosError: ``toml_not_utf8``, ``toml_unreadable`` (with line), or ``toml_invalid`` with one finding a fault.
    """
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BaksosError("toml_not_utf8", file=name, position=error.start) from None
    except tomllib.TOMLDecodeError as error:
        raise BaksosError("toml_unreadable", file=name, reason=str(error)) from None
    try:
        return model.model_validate(content | extra, context=content)
    except ValidationError as error:
        raise BaksosError("toml_invalid", findings=_findings(error, name, model), file=name) from None


def similar_files(path: Path, most: int = 3) -> tuple[str, ...]:
    """Names in the same folder that look like the missing file's, the closest first."""
    if not path.parent.is_dir():
        return ()
    names = [entry.name for entry in path.parent.iterdir()]
    return tuple(difflib.get_close_matches(path.name, names, n=most, cutoff=0.5))


def _findings(error: ValidationError, file: str, model: type[Model]) -> list[Finding]:
    findings = []
    faults = error.errors(include_url=False)
    faulty = {fault["loc"][:depth] for fault in faults for depth in range(len(fault["loc"]))}
    for fault in faults:
        if fault["type"] == "too_short" and fault["loc"] in faulty:
            continue  # the list is only short of the entries whose own faults are told
        key = ".".join(str(part) for part in fault["loc"])
        where = (Where(file=file, column=key),)
        match fault["type"]:
            case "missing":
                findings.append(Finding("toml_missing_key", Severity.FATAL, where=where, details={"key": key}))
            case "extra_forbidden":
                known = difflib.get_close_matches(str(fault["loc"][-1]), _keys(model), n=1)
                findings.append(Finding("toml_unknown_key", Severity.FATAL, where=where,
                                        details={"key": key, "similar": known[0] if known else ""}))
            case _:
                context = fault.get("ctx") or {}
                for details in context.get("faults") or [{"found": repr(fault.get("input"))[:80]} | context]:
                    code = details.get("code", "toml_bad_value")
                    findings.append(Finding(code, Severity.FATAL, where=where, details={"key": key} | {
                        name: value for name, value in details.items() if name != "code"}))
    return findings


def _keys(model: type[Model]) -> set[str]:
    """Every key the model and the models inside it know."""
    keys: set[str] = set()
    stack, seen = [model], set()
    while stack:
        current = stack.pop()
        if current in seen:
            continue
        seen.add(current)
        for name, info in current.model_fields.items():
            keys.add(info.alias or name)
            stack.extend(inner for inner in _models_in(info.annotation))
    return keys


def _models_in(annotation: object) -> list[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [inner for part in getattr(annotation, "__args__", ()) for inner in _models_in(part)]
