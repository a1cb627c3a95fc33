"""How a study wants its reports to look: pages, spacing, the campus's template, letterhead and logo (`[report]` in study.toml)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from baksos_eval.study.toml import Model

Shape = Literal["attachment", "laporan_pkpm", "journal"]


class ReportSettings(Model):
    """Choices about the finished files; none of them changes a number.

    Attributes:
        shape: what the results over all RTs are written as, beside the attachment of each RT: an ``attachment``, chapters for a
            PKPM report (``laporan_pkpm``), or the draft of an article (``journal``).
        margins: ``kiri4`` (left 4 cm, the others 3) or ``kiri_atas4`` (left and top 4 cm).
        spacing: distance of lines in the running text; without it 1.15, or what the template has.
        template: a Word file of the campus in the study's folder, whose styles, pages, header and footer are used.
        logo: an image in the study's folder, printed above the title.
        letterhead: lines printed above the title, between the logo and a rule; ``**bold**`` is understood.
    """

    shape: Shape = "attachment"
    margins: Literal["kiri4", "kiri_atas4"] = "kiri4"
    spacing: float | None = Field(default=None, ge=1, le=3)
    template: str = ""
    logo: str = ""
    letterhead: tuple[str, ...] = Field(default=(), max_length=8)
