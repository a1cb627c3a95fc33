"""The commands that write something to fill in: ``template``, ``questionnaire`` and ``xlsform``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from baksos_eval.cli.speaking import FINE, Speaking, from_here
from baksos_eval.errors import BaksosError

if TYPE_CHECKING:
    from baksos_eval.batch.forms import Targets
    from baksos_eval.report.text import Catalogue


def template(instruments: tuple[str, ...], out: Path, rts: tuple[str, ...], language: str | None) -> int:
    """Writes an empty workbook for answers or for a log."""
    with Speaking(language or "id") as catalogue:
        from baksos_eval.batch.forms import open_targets
        from baksos_eval.render.save import write_whole
        from baksos_eval.report.answer_sheet import answer_sheet, study_entry
        from baksos_eval.report.log_sheet import log_entry, log_sheet
        from baksos_eval.study.activities import KINDS

        if out.suffix.lower() != ".xlsx":
            raise BaksosError("template_not_xlsx", file=out.name)
        if out.exists():
            raise BaksosError("template_exists", file=out.name)
        if kinds := [name for name in instruments if name in KINDS]:
            if len(instruments) > 1:
                raise BaksosError("template_kinds_apart", kinds=KINDS)
            write_whole(out, log_sheet(kinds[0], rts, catalogue))
            click.echo(catalogue.text("log_sheet.written", file=from_here(out)))
            for line in ["", *log_entry(kinds[0], out.name, rts, catalogue)]:
                click.echo(line)
            return FINE
        targets = open_targets(instruments, language or "")
    with Speaking(targets.study.language if targets.study else language or "id") as catalogue:
        write_whole(out, answer_sheet(targets.instruments, rts, catalogue, targets.study))
        click.echo(catalogue.text("template.written", file=from_here(out)))
        for line in ["", *study_entry(out.name, targets.names, catalogue, targets.study)]:
            click.echo(line)
        return FINE


def questionnaire(names: tuple[str, ...], waves: tuple[str, ...], formats: tuple[str, ...], force: bool, language: str | None, out: Path) -> int:
    """Writes questionnaires to print, or to paste into Google Forms."""
    with Speaking(language or "id"):
        from baksos_eval.batch.forms import open_targets, write_forms

        targets = open_targets(names, language or "")
    with Speaking(targets.study.language if targets.study else language or "id") as catalogue:
        from baksos_eval.report.google_form import answers_entry

        for path in write_forms(targets, waves, formats, out, catalogue, force):
            click.echo(catalogue.text("form.written", file=from_here(path)))
        _remind_of_licences(targets, catalogue)
        if "gform" in formats:
            for wave in waves or (targets.study.waves if targets.study else ("pre", "post")):
                file = catalogue.text("form.answers_file", title=catalogue.text(f"form.file.{wave}") if catalogue.has(f"form.file.{wave}") else wave)
                click.echo(catalogue.text("form.gform_entry", file=file))
                for line in ["", *answers_entry(file, targets.study, wave, catalogue), ""]:
                    click.echo(line)
        return FINE


def _remind_of_licences(targets: Targets, catalogue: Catalogue) -> None:
    for instrument in targets.instruments:
        if instrument.private:
            click.echo(catalogue.text("form.private_instrument", name=instrument.label[catalogue.language]))


def xlsform(names: tuple[str, ...], out: Path, rts: tuple[str, ...], language: str | None) -> int:
    """Writes questionnaires as an XLSForm."""
    with Speaking(language or "id"):
        from baksos_eval.batch.forms import open_targets

        targets = open_targets(names, language or "")
    with Speaking(targets.study.language if targets.study else language or "id") as catalogue:
        from baksos_eval.render.save import write_whole
        from baksos_eval.report.xlsform import converts, export_entry, xlsform

        if out.suffix.lower() != ".xlsx":
            raise BaksosError("template_not_xlsx", file=out.name)
        if out.exists():
            raise BaksosError("template_exists", file=out.name)
        book = xlsform(targets.instruments, targets.study, rts)
        remarks = converts(book)
        write_whole(out, book)
        text = catalogue.text
        lines = [text("form.xlsform_written", file=from_here(out)), text("form.xlsform_unchecked" if remarks is None else "form.xlsform_checked")]
        lines += [text("form.xlsform_remark", text=remark) for remark in remarks or ()]
        _remind_of_licences(targets, catalogue)
        for line in [*lines, text("form.xlsform_entry"), "", *export_entry("kobo.csv", targets.names, targets.study, catalogue.language)]:
            click.echo(line)
        return FINE
