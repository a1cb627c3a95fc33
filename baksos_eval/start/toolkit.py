"""The toolkit itself, to be handed on: its lock, and its own wheel made from whatever is installed."""

from __future__ import annotations

import base64
import hashlib
import io
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import baksos_eval
from baksos_eval.batch.template import notebooks_folder
from baksos_eval.errors import BaksosError

if TYPE_CHECKING:
    from packaging.requirements import Requirement

LOCK = "requirements.lock"
PROJECT = "baksos-eval"
_PACKAGE = Path(baksos_eval.__file__).resolve().parent
_MADE = (2000, 1, 1, 0, 0, 0)  # the same content gives the same bytes
_NOT_SHIPPED = {"__pycache__", ".ipynb_checkpoints"}


def lock_path() -> Path:
    """The lock: beside the package in a checkout, among the data files of an installed one.

    Raises:
        BaksosError: ``toolkit_incomplete``.
    """
    if (path := _PACKAGE.parent / LOCK).is_file():
        return path
    try:
        listed = metadata.distribution(PROJECT).files or ()
    except metadata.PackageNotFoundError:
        listed = ()
    for file in listed:
        if file.name == LOCK and (path := Path(str(file.locate()))).is_file():
            return path
    raise BaksosError("toolkit_incomplete", file=LOCK)


def own_wheel() -> tuple[str, bytes]:
    """The name and the bytes of our own wheel, made from the files that are running; it installs without building anything.

    Raises:
        BaksosError: ``toolkit_incomplete``.
    """
    version = baksos_eval.__version__
    stem = f"{PROJECT.replace('-', '_')}-{version}"
    content = {**dict(_package_files()), **{f"{stem}.dist-info/{name}": data for name, data in _about(version).items()},
               f"{stem}.data/data/share/{PROJECT}/{LOCK}": lock_path().read_bytes()}
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in content.items())
    content[f"{stem}.dist-info/RECORD"] = (record + f"{stem}.dist-info/RECORD,,\n").encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in content.items():
            about = zipfile.ZipInfo(name, _MADE)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            wheel.writestr(about, data)
    return f"{stem}-py3-none-any.whl", stream.getvalue()


def _package_files() -> Iterator[tuple[str, bytes]]:
    roots = {_PACKAGE.name: _PACKAGE, f"{_PACKAGE.name}/notebooks": notebooks_folder()}
    for prefix, root in roots.items():
        for path in sorted(root.rglob("*")):
            if path.is_file() and not _NOT_SHIPPED & set(path.relative_to(root).parts) and path.suffix != ".pyc":
                yield f"{prefix}/{path.relative_to(root).as_posix()}", path.read_bytes()


def _about(version: str) -> Mapping[str, bytes]:
    """The files of a wheel that say what it is."""
    try:
        installed = metadata.distribution(PROJECT)
        about, points = installed.read_text("METADATA") or "", installed.read_text("entry_points.txt") or ""
    except metadata.PackageNotFoundError:
        about, points = "", ""
    if not about or not points:
        about, points = _from_project_file(version)
    return {"METADATA": about.encode(), "WHEEL": b"Wheel-Version: 1.0\nGenerator: baksos-eval\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "entry_points.txt": points.encode()}


def _from_project_file(version: str) -> tuple[str, str]:
    """What a wheel says about us, where we run from a checkout without being installed."""
    file = _PACKAGE.parent / "pyproject.toml"
    if not file.is_file():
        raise BaksosError("toolkit_incomplete", file=file.name)
    project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
    lines = [f"Name: {project['name']}", f"Version: {version}", f"Requires-Python: {project['requires-python']}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in project["dependencies"]]
    groups = {"console_scripts": project["scripts"], **project["entry-points"]}
    points = "\n".join(f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items()) for group, entries in groups.items())
    return "\n".join(["Metadata-Version: 2.1", *lines]) + "\n", points


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def requirements() -> tuple[Requirement, ...]:
    """What we need to be installed, without extras."""
    from email.parser import Parser

    from packaging.requirements import Requirement

    about = Parser().parsestr(_about(baksos_eval.__version__)["METADATA"].decode(), headersonly=True)
    named = (Requirement(text) for text in about.get_all("Requires-Dist") or ())
    return tuple(requirement for requirement in named if requirement.marker is None or requirement.marker.evaluate({"extra": ""}))
