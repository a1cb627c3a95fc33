"""Partners: who allowed and helped, by which letter, and what they gave. Persons are known by their office alone."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from baksos_eval.activities.logs import ReadLog, read_log
from baksos_eval.errors import Finding, Severity, Where
from baksos_eval.intake.files import MOST_PLACES
from baksos_eval.intake.text import fold, loosen
from baksos_eval.stats.result import Reason
from baksos_eval.study.activities import PartnersLog
from baksos_eval.study.study import Study

PERSONS = frozenset(("rt", "resident", "cadre"))
"""Kinds of partners that are people: called by their kind and RT, whatever stands in the column of institutions."""

_INSTITUTION = re.compile(
    r"\b(?:kelurahan|desa|pekon|nagari|kecamatan|kantor|dinas|balai|badan|pemerintah|yayasan|panti|asuhan|lembaga|lks|puskesmas|posyandu|pustu|klinik|apotek|rumah sakit|rs"
    r"|sekolah|madrasah|sd|sdn|smp|smpn|sma|sman|smk|smkn|mi|min|mts|mtsn|man|tpa|tpq|paud|tk|ra|pondok|pesantren|masjid|musala|mushol+a|langgar|gereja|pura|wihara|vihara|klenteng"
    r"|toko|warung|kedai|pasar|koperasi|cv|pt|ud|bank|bumdes|umkm|karang taruna|pkk|remaja|risma|baznas|lazis\w*|pmi|polsek|polres|koramil|babinsa|himpunan|ukm"
    r"|universitas|institut|politeknik|kampus|fakultas|rt|rw|organisasi|komunitas|forum|perpustakaan|foundation|orphanage|school|village|office|mosque|church|clinic|shop)\b")
_NO_LETTER = frozenset(("tidak ada", "tidak", "belum", "belum ada", "nihil", "none", "no", "x", "0"))
_LETTER_SAID = frozenset(("ada", "ya", "yes", "v", "✓", "sudah", "lisan", "terlampir"))


class PartnerRow(NamedTuple):
    """One row of the log, as :func:`~baksos_eval.activities.logs.read_log` makes it."""

    where: Where
    kind: str
    institution: str
    rt: str
    role: str
    letter: str
    letter_date: date | None
    contribution: str
    value: float | None
    note: str


class Contribution(NamedTuple):
    """One thing that a partner gave; ``value`` is ``None`` where nobody estimated it, which is not zero."""

    kind: str
    value: float | None


@dataclass(frozen=True)
class Partner:
    """One partner with everything that its rows say.

    Attributes:
        kind: a key of the form's choices, or the log's own word.
        institution: its name; empty for persons and where the log names nothing that is plainly an institution.
        rt: the RT that it stands for, if any.
        roles: what it did.
        letter: the number of its letter of permission; empty where there is none.
        letter_date: the day of that letter.
        mentioned: whether the log speaks of a letter, with or without a number.
        asked: whether a letter is expected of it.
        contributions: what it gave.
    """

    kind: str
    institution: str = ""
    rt: str = ""
    roles: tuple[str, ...] = ()
    letter: str = ""
    letter_date: date | None = None
    mentioned: bool = False
    asked: bool = False
    contributions: tuple[Contribution, ...] = ()

    @property
    def permitted(self) -> bool:
        """Whether there is a letter with a number and a date."""
        return bool(self.letter) and self.letter_date is not None


class Permission(NamedTuple):
    """Letters of permission: how many partners were to give one, and how many did, with number and date."""

    asked: int
    complete: int
    share: float
    note: str = ""


class Worth(NamedTuple):
    """What contributions are worth in rupiah: the sum of those ``valued``, of ``given`` in all."""

    given: int
    valued: int
    rupiah: float
    note: str = ""


@dataclass(frozen=True)
class Partners:
    """The result of a log of partners.

    Attributes:
        partners: each partner once, in the order of the log.
        permission: how complete the letters are.
        contributions: what was given, per kind, in the order of the log.
        worth: over all kinds.
        findings: what is wrong with the log.
    """

    partners: tuple[Partner, ...]
    permission: Permission
    contributions: tuple[tuple[str, Worth], ...]
    worth: Worth
    findings: tuple[Finding, ...] = ()

    def of_rt(self, rt: str) -> Partners | None:
        """The partners who stand for one RT; ``None`` where there are none."""
        own = [partner for partner in self.partners if partner.rt == rt]
        return summarise_partners(own, (finding for finding in self.findings if finding.rt in ("", rt))) if own else None


def permission(partners: Iterable[Partner]) -> Permission:
    """The share of partners with a complete letter (number and date) among those of whom one is expected.

    Source: a plain share, which needs no work to cite; of whom a letter is expected is declared by the study
    (``letters_from``). Not computed where a letter is expected of nobody (``no_denominator``).

    Example:
        >>> permission([Partner("rt", asked=True, letter="12/RT04/2021", letter_date=date(2021, 8, 2)), Partner("village", asked=True), Partner("resident")])
        Permission(asked=2, complete=1, share=0.5, note='')
    """
    asked = [partner for partner in partners if partner.asked]
    complete = sum(partner.permitted for partner in asked)
    return Permission(len(asked), complete, complete / len(asked)) if asked else Permission(0, 0, math.nan, Reason.NO_DENOMINATOR)


def worth(contributions: Iterable[Contribution]) -> Worth:
    """What contributions are worth together: the sum of the estimated ones, a lower bound where not all are.

    Source: a plain sum. Not computed where none was estimated (``incomplete``).

    Example:
        >>> worth([Contribution("venue", 300000.0), Contribution("work", None)])
        Worth(given=2, valued=1, rupiah=300000.0, note='')
    """
    every = list(contributions)
    values = [given.value for given in every if given.value is not None]
    return Worth(len(every), len(values), math.fsum(values)) if values else Worth(len(every), 0, math.nan, Reason.INCOMPLETE)


def read_partners(study: Study, log: PartnersLog) -> tuple[Partners | None, ReadLog[PartnerRow]]:
    """The result of the study's log of partners, and the log as it was read; no result where the log cannot be used."""
    read = read_log(study, log, "partners", PartnerRow)
    if read.fatal:
        return None, read
    places = tuple(fold(name) for name in (study.place.kelurahan, study.place.kecamatan, study.place.city) if name)
    groups: dict[tuple[str, str, str], list[PartnerRow]] = {}
    unclear = []
    for row in read.rows:
        name = _institution(row, places)
        if row.institution and not name and row.kind not in PERSONS:
            unclear.append(row.where)
        groups.setdefault((row.kind, fold(name), row.rt), []).append(row._replace(institution=name))
    joined = [(_partner(rows, log), rows) for rows in groups.values()]
    findings = [*read.findings, *_about_letters(joined, log), *_finding("partner_name_hidden", Severity.NOTE, unclear)]
    found = summarise_partners([partner for partner, _ in joined], findings)
    return found, replace(read, findings=tuple(findings))


def summarise_partners(partners: Sequence[Partner], findings: Iterable[Finding] = ()) -> Partners:
    """The result over partners: letters and contributions."""
    given = [contribution for partner in partners for contribution in partner.contributions]
    kinds = dict.fromkeys(contribution.kind for contribution in given)
    return Partners(tuple(partners), permission(partners), tuple((kind, worth(entry for entry in given if entry.kind == kind)) for kind in kinds), worth(given), tuple(findings))


def _institution(row: PartnerRow, places: Sequence[str]) -> str:
    """The institution's name if it plainly is one; names of people are not."""
    if row.kind in PERSONS or not row.institution:
        return ""
    return row.institution if _INSTITUTION.search(loosen(row.institution)) or fold(row.institution) in places else ""


def _partner(rows: Sequence[PartnerRow], log: PartnersLog) -> Partner:
    first = rows[0]
    letters = [row for row in rows if row.letter and loosen(row.letter) not in _NO_LETTER]
    numbered = next((row for row in letters if loosen(row.letter) not in _LETTER_SAID), None)
    day = next((row.letter_date for row in (*([numbered] if numbered else []), *rows) if row.letter_date), None)
    return Partner(first.kind, first.institution, first.rt, tuple(dict.fromkeys(row.role for row in rows if row.role)), numbered.letter if numbered else "", day, bool(letters) or day is not None,
                   first.kind in log.letters_from, tuple(Contribution(row.contribution, row.value) for row in rows if row.contribution or row.value is not None))


def _about_letters(joined: Sequence[tuple[Partner, Sequence[PartnerRow]]], log: PartnersLog) -> Iterator[Finding]:
    asked = [(partner, rows[0].where) for partner, rows in joined if partner.asked]
    yield from _finding("partner_letter_missing", Severity.WARNING, [where for partner, where in asked if not partner.mentioned])
    yield from _finding("partner_letter_incomplete", Severity.WARNING, [where for partner, where in asked if partner.mentioned and not partner.permitted])
    if log.begins:
        late = [rows[0].where for partner, rows in joined if partner.letter_date and partner.letter_date > log.begins]
        yield from _finding("partner_letter_late", Severity.WARNING, late, begins=log.begins)


def _finding(code: str, severity: Severity, places: Sequence[Where], **details: object) -> Iterator[Finding]:
    if places:
        yield Finding(code, severity, len(places), tuple(places[:MOST_PLACES]), details=details)
