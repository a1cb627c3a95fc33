"""The commands that look at the files of a study: ``check``, ``map``, ``pairs`` and ``privacy``."""

from __future__ import annotations

from pathlib import Path

import click

from baksos_eval.cli.speaking import BAD_INPUT, FINE, Speaking, from_here, opened, tell_changed_files
from baksos_eval.errors import Severity


def check(path: Path, language: str | None) -> int:
    """Says how the files were understood and everything that was found in them."""
    study = opened(path, language)
    with Speaking(study.language) as catalogue:
        from baksos_eval.activities.activities import read_activities
        from baksos_eval.batch.plan import folders_of
        from baksos_eval.intake.intake import inspect
        from baksos_eval.report.mapping import mapping_lines
        from baksos_eval.report.narrative_activities import activities as told
        from baksos_eval.report.problems import describe

        inspection = inspect(study)
        for line in mapping_lines(inspection, catalogue):
            click.echo(line)
        tell_changed_files(study, path, Path("reports"))
        activities = read_activities(study)
        if said := told(activities):
            click.echo(said.markdown)
        findings = sorted((*inspection.findings, *activities.findings), key=lambda finding: list(Severity).index(finding.severity))
        for finding in findings:
            first, *others = describe(finding, catalogue)
            click.echo(catalogue.text("cli.finding", severity=catalogue.text(f"severity.{finding.severity}"), text=first))
            for line in others:
                click.echo(f"   {line}")
        rts = inspection.rts
        folders_of(rts)
        counts = {str(severity): sum(finding.severity is severity for finding in findings) for severity in Severity}
        key = ("cli.check_count" if findings else "cli.check_none") + ("" if study.asks_people else "_logs")
        click.echo(catalogue.text(key, rts=len(rts), **counts))
        return BAD_INPUT if counts[Severity.FATAL] else FINE


def map_columns(path: Path, write: bool, language: str | None) -> int:
    """Shows which lines the proposals would add to study.toml, and writes them where that was asked for."""
    study = opened(path, language)
    with Speaking(study.language) as catalogue:
        from difflib import unified_diff

        from baksos_eval.intake.intake import inspect
        from baksos_eval.report.mapping import additions_of
        from baksos_eval.study.rewrite import add_headers

        file = path / "study.toml" if path.is_dir() else path
        former = file.read_bytes()
        text = former.decode("utf-8-sig")
        additions = additions_of(inspect(study), catalogue)
        if not additions:
            click.echo(catalogue.text("map.nothing"))
            return FINE
        proposed = add_headers(text, additions, file.name)
        for line in unified_diff(text.splitlines(), proposed.splitlines(), file.name, file.name, n=2, lineterm=""):
            click.echo(line)
        if not write:
            click.echo(catalogue.text("map.asks", study=path))
            return FINE
        from baksos_eval.render.save import write_whole

        backup = _unused(file.with_name(f"{file.name}.bak"))
        write_whole(backup, former)
        write_whole(file, former[:len(former) - len(former.removeprefix(b"\xef\xbb\xbf"))] + proposed.encode("utf-8"))
        click.echo(catalogue.text("map.written", file=from_here(file), backup=from_here(backup)))
        return FINE


def pairs(path: Path, language: str | None) -> int:
    """Writes the review workbook of people who may be the same."""
    study = opened(path, language)
    with Speaking(study.language) as catalogue:
        from baksos_eval.batch.pairs import write_review

        made = write_review(study)
        text, file = catalogue.text, from_here(made.path)
        lines = [text("pairs.count", count=len(made.proposals), file=file)] if made.proposals else [text("pairs.none")]
        lines += [text("pairs.of_kind", count=count, kind=text(f"pairs.kind.{kind}")) for kind, count in made.kinds.items()]
        lines += [text("pairs.of_strength", count=count, strength=text(f"pairs.strength.{strength}")) for strength, count in made.strengths.items()]
        lines += [text("pairs.kept", decided=made.decided)] if made.decided else []
        lines += [text("pairs.outdated", outdated=made.outdated)] if made.outdated else []
        chance = made.chance
        lines.append(text("pairs.collision", rt=catalogue.percent(chance.collision), people=chance.people, overall=catalogue.percent(chance.overall), everybody=chance.everybody))
        lines.append(text("pairs.by_chance", count=chance.by_chance))
        if made.proposals:
            lines += [text("pairs.next"), *([] if made.declared else [text("pairs.declare", file=made.path.name)]), text("pairs.secret")]
        for line in lines:
            click.echo(line)
        return FINE


def privacy(path: Path | None, language: str | None) -> int:
    """Explains what happens to personal data."""
    study = opened(path, language) if path else None
    with Speaking(study.language if study else language or "id") as catalogue:
        from baksos_eval.report.privacy import explain

        facts = None
        if study:
            from baksos_eval.batch.privacy import look_at

            facts = look_at(study)
        for line in explain(facts, catalogue):
            click.echo(line)
        return FINE


def _unused(path: Path) -> Path:
    """The path, or the first of path2, path3 … where nothing is yet."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name}{number}")
    return candidate
