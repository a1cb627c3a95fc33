"""What the moments of measuring are called in headings and sentences: before, after, and what the study names itself."""

from __future__ import annotations

from baksos_eval.report import inline
from baksos_eval.report.text import Catalogue
from baksos_eval.study.study import WAVES, Study, Wave


def wave_name(study: Study, wave: Wave, c: Catalogue) -> str:
    """What a wave is called in a word: ``sebelum``, ``susulan``, or the study's own label."""
    name = study.wave_name(wave)
    return c.text(f"wave.{name}") if isinstance(name, str) else inline.escape(name[c.language])


def wave_heading(study: Study, wave: Wave, c: Catalogue) -> str:
    """The same as the heading of a column or the first word of a cell: ``Sebelum``."""
    name = wave_name(study, wave, c)
    return name[:1].upper() + name[1:]


def when(study: Study, wave: Wave, c: Catalogue) -> str:
    """The wave within a sentence: ``sebelum kegiatan``, or what the study calls a later one."""
    return c.text(f"instruments.when_{wave}") if wave in WAVES else wave_name(study, wave, c)
