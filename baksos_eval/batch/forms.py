"""Writes the forms of a questionnaire: on paper, for KoboToolbox and ODK, and for Google Forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from baksos_eval.errors import BaksosError
from baksos_eval.render import form_docx, form_pdf
from baksos_eval.render.look import look_of
from baksos_eval.render.save import write_whole
from baksos_eval.report.google_form import google_form
from baksos_eval.report.questionnaire import questionnaire
from baksos_eval.report.text import Catalogue
from baksos_eval.study.instrument import Instrument, load_instrument
from baksos_eval.study.study import WAVES, Study, Wave, open_study

_ENDINGS = {"docx": "docx", "pdf": "pdf", "gform": "gs"}


class Targets(NamedTuple):
    """What forms are made of: the instruments, and the study that asks more than their items."""

    study: Study | None
    instruments: tuple[Instrument, ...]
    names: tuple[str, ...]


def open_targets(names: Sequence[str], language: str = "") -> Targets:
    """The study in a folder (or its ``study.toml``), or the instruments of these names and files.

    Raises:
        BaksosError: ``form_mixed`` (a study and something else), and what opening them raises.
    """
    studies = [name for name in names if Path(name).is_dir() or Path(name).name == "study.toml"]
    if studies and len(names) > 1:
        raise BaksosError("form_mixed")
    if studies:
        study = open_study(studies[0], language)
        return Targets(study, study.questionnaires, study.instruments)
    return Targets(None, tuple(map(load_instrument, names)), tuple(names))


def write_forms(targets: Targets, waves: Sequence[Wave], formats: Sequence[str], folder: Path, catalogue: Catalogue, force: bool = False) -> list[Path]:
    """The written files: for each wave one in each format.

    Args:
        targets: what to print.
        waves: which waves; none means all of them.
        formats: any of ``docx``, ``pdf``, ``gform``.
        folder: where the files go.
        catalogue: the language of the forms.
        force: write over files that are there.

    Raises:
        BaksosError: ``form_wave_unknown``, ``form_exists``, ``look_file_missing``, ``logo_unreadable``, ``pdf_refused``, ``file_in_use``, ``file_unwritable``.
    """
    known = targets.study.waves if targets.study else WAVES
    for wave in waves:
        if wave not in known:
            raise BaksosError("form_wave_unknown", found=wave, known=known)
    paths = {(wave, name): folder / f"{_stem(wave, catalogue)}.{_ENDINGS[name]}" for wave in waves or known for name in formats}
    there = [path.name for path in paths.values() if path.exists()]
    if there and not force:
        raise BaksosError("form_exists", files=tuple(there))
    if targets.study:
        look_of(targets.study)
    for (wave, name), path in paths.items():
        if name == "gform":
            write_whole(path, google_form(targets.instruments, targets.study, wave, catalogue).encode("utf-8"))
        else:
            form = questionnaire(targets.instruments, targets.study, wave, catalogue)
            (form_docx if name == "docx" else form_pdf).write(form, path)
    return list(paths.values())


def _stem(wave: Wave, catalogue: Catalogue) -> str:
    return catalogue.text(f"form.file.{wave}") if wave in WAVES else catalogue.text("form.file.other", wave=wave)
