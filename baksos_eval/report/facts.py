"""What a study says about itself under the title of a report: where, by whom, when."""

from __future__ import annotations

from baksos_eval.report import inline
from baksos_eval.report.text import Catalogue
from baksos_eval.study.study import Study


def study_facts(study: Study, c: Catalogue) -> tuple[tuple[str, str], ...]:
    """What the study says about itself, without the parts it leaves empty."""
    place = ", ".join(part for part in (study.place.kelurahan, study.place.kecamatan, study.place.city) if part)
    maker = ", ".join(part for part in (study.team.unit, study.team.institution) if part)
    named = (("place", place), ("programme", study.team.programme), ("institution", maker), ("period", study.team.period))
    return tuple((c.text(f"title.{name}"), inline.escape(value)) for name, value in named if value)
