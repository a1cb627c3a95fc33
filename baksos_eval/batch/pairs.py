"""Writes the review workbook: every proposed pair with its evidence, for a lecturer to accept or refuse."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from baksos_eval.errors import BaksosError
from baksos_eval.intake.matching import Chance, Proposal, chance, propose
from baksos_eval.intake.pseudonyms import pseudonyms, read_key
from baksos_eval.intake.responses import read_responses
from baksos_eval.intake.review import ACCEPT, COLUMNS, FILE, REFUSE, read_decisions
from baksos_eval.render.save import write_whole
from baksos_eval.report.text import Catalogue, words
from baksos_eval.study.study import Study

_WIDTHS = {"number": 8, "rt": 10, "pseudonym": 13, "id_before": 24, "file_before": 24, "row_before": 7, "rt_after": 10, "id_after": 24, "file_after": 24, "row_after": 7,
           "kind": 30, "strength": 22, "similarity": 10, "agreeing": 20, "differing": 20, "rivals": 10, "decision": 12, "token": 4}
_HEAD = 6


@dataclass(frozen=True)
class Reviewed:
    """What is in the review workbook: the proposals, those decided before, decisions that no longer hold, and the chance of coincidence."""

    path: Path
    proposals: tuple[Proposal, ...]
    decided: int
    outdated: int
    chance: Chance
    declared: bool

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many proposals there are of each kind."""
        return Counter(str(proposal.kind) for proposal in self.proposals)

    @property
    def strengths(self) -> Mapping[str, int]:
        """How many proposals the facts support, do not decide, and contradict."""
        return Counter(str(proposal.strength) for proposal in self.proposals)


def write_review(study: Study) -> Reviewed:
    """The review workbook of the study's proposals, beside its files; decisions made before are kept where they still hold.

    Without any proposal no workbook is begun.

    Raises:
        BaksosError: an existing workbook cannot be read (it is never written over then), the key cannot be read, or the file is in use;
            ``anonymous_has_no_pairs``.
    """
    if study.is_anonymous:
        raise BaksosError("anonymous_has_no_pairs")
    file = study.answers.review or FILE
    path = study.folder / file
    if path.suffix.lower() != ".xlsx":
        raise BaksosError("review_not_a_review", file=file)
    responses = read_responses(study)
    proposals = propose(responses, study)
    said = {decision.token: decision.said for decision in read_decisions(study, file) if decision.said} if path.is_file() else {}
    names = pseudonyms([(proposal.before.rt, proposal.before.key) for proposal in proposals], read_key(study)) if proposals else {}
    catalogue = words(study.language)
    rows = [_row(number, proposal, names[proposal.before.rt, proposal.before.key], said.get(proposal.token, ""), catalogue)
            for number, proposal in enumerate(proposals, start=1)]
    if rows or path.is_file():
        write_whole(path, _workbook(rows, catalogue))
    tokens = {proposal.token for proposal in proposals}
    return Reviewed(path, proposals, len(tokens & set(said)), len(set(said) - tokens), chance(responses, study), bool(study.answers.review))


def _row(number: int, proposal: Proposal, name: str, said: str, c: Catalogue) -> tuple[object, ...]:
    before, after = proposal.before, proposal.after
    written = [side.written.replace("\x1f", " | ") for side in (before, after)]
    files = [f"{side.where.file} / {side.where.sheet}" if side.where.sheet else side.where.file for side in (before, after)]
    facts = [", ".join(name.replace("_", " ") for name in found) for found in (proposal.agreeing, proposal.differing)]
    return (number, before.rt, name, written[0], files[0], before.where.row, after.rt, written[1], files[1], after.where.row,
            c.text(f"pairs.kind.{proposal.kind}"), c.text(f"pairs.strength.{proposal.strength}"), proposal.similarity, *facts, proposal.rivals, said, proposal.token)


def _workbook(rows: Sequence[tuple[object, ...]], c: Catalogue) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(c.text("pairs.sheet"))
        bold, warning, plain = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}), book.add_format({"bold": True, "font_color": "#9C0006"}), book.add_format()
        percent, choose = book.add_format({"num_format": "0%"}), book.add_format({"bg_color": "#FFF2CC"})
        for line, key in enumerate(("secret", "how", "decide", "then")):
            sheet.write_string(line, 0, c.text(f"pairs.workbook.{key}"), warning if line == 0 else plain)
        for place, name in enumerate(COLUMNS):
            sheet.write_string(_HEAD - 1, place, name)
            sheet.write_string(_HEAD, place, c.text(f"pairs.column.{name}"), bold)
            sheet.set_column(place, place, _WIDTHS[name], None, {"hidden": name == "token"})
        sheet.set_row(_HEAD - 1, None, None, {"hidden": True})
        for line, row in enumerate(rows, start=_HEAD + 1):
            for place, (name, value) in enumerate(zip(COLUMNS, row, strict=True)):
                form = percent if name == "similarity" else choose if name == "decision" else plain
                if isinstance(value, str):
                    sheet.write_string(line, place, value, form)
                elif value is not None:
                    sheet.write_number(line, place, value, form)
        last = _HEAD + max(1, len(rows))
        where = COLUMNS.index("decision")
        choices = [ACCEPT[0], REFUSE[0]] if c.language == "id" else [ACCEPT[1], REFUSE[1]]
        sheet.data_validation(_HEAD + 1, where, last, where, {"validate": "list", "source": choices, "error_title": c.text("pairs.workbook.choose"),
                                                              "error_message": c.text("pairs.workbook.choices", accept=choices[0], refuse=choices[1])})
        sheet.autofilter(_HEAD, 0, last, len(COLUMNS) - 1)
        sheet.freeze_panes(_HEAD + 1, 0)
        sheet.set_landscape()
    return stream.getvalue()
