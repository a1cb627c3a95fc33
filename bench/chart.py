"""Draws the ways to run an RT's notebook as bars, for the READMEs: ``docs/kinerja.svg`` and ``docs/kinerja.en.svg``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
_WORDS = {
    "id": ("kinerja.svg", "detik per RT (makin pendek makin cepat)", ",",
           {"loop": "papermill, satu per satu", "pool": "papermill, 2 proses", "ours": "baksos run, 2 sekaligus", "limit": "hanya kode notebook, 2 sekaligus"}),
    "en": ("kinerja.en.svg", "seconds per RT (shorter is faster)", ".",
           {"loop": "papermill, one by one", "pool": "papermill, 2 processes", "ours": "baksos run, 2 at a time", "limit": "the notebook's bare code, 2 at a time"}),
}


def draw(seconds: Mapping[str, float], rts: int) -> None:
    """Writes the chart in both languages; ``seconds`` per RT by way (``loop``, ``pool``, ``ours``, ``limit``), and whatever else was measured."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    for file, axis, point, names in _WORDS.values():
        with matplotlib.rc_context({"svg.hashsalt": "baksos", "font.size": 9}):
            figure, axes = pyplot.subplots(figsize=(6.4, 1.7), layout="constrained")
            ways = list(names)
            bars = axes.barh([names[way] for way in ways], [seconds[way] for way in ways], color=["#0072B2" if way == "ours" else "#B0B0B0" for way in ways], height=.65)
            axes.bar_label(bars, [f"{seconds[way]:.2f}".replace(".", point) for way in ways], padding=4)
            axes.invert_yaxis()
            axes.set_xlabel(f"{axis}; {rts} RT")
            axes.set_xlim(0, 1.12 * max(seconds[way] for way in ways))
            axes.spines[["top", "right", "left"]].set_visible(False)
            axes.tick_params(axis="y", length=0)
            figure.savefig(DOCS / file, metadata={"Date": None})
            pyplot.close(figure)
