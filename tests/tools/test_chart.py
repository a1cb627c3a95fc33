"""The READMEs' chart shows the ways to run a notebook, and is not squeezed by what else was measured."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WAYS = {"loop": 6.35, "pool": 3.46, "ours": 0.28, "limit": 0.24}


@pytest.mark.parametrize(("file", "number"), [("kinerja.svg", "6,35"), ("kinerja.en.svg", "6.35")])
def test_the_longest_bar_takes_most_of_the_width(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, number: str) -> None:
    spec = importlib.util.spec_from_file_location("chart", ROOT / "bench" / "chart.py")
    assert spec and spec.loader
    chart = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(chart)
    monkeypatch.setattr(chart, "DOCS", tmp_path)
    chart.draw(WAYS | {"memory_cold": 184.4, "server": 3.1}, 40)
    drawn = (tmp_path / file).read_text(encoding="utf-8")
    bars = [max(float(x) for x in re.findall(r"[ML] ([\d.]+)", bar)) - min(float(x) for x in re.findall(r"[ML] ([\d.]+)", bar))
            for bar in re.findall(r'<path d="([^"]*)" clip-path="[^"]*" style="fill: #(?:b0b0b0|0072b2)"', drawn)]
    axis = max(float(right) - float(left) for left, right in re.findall(r'<g id="patch_\d+">\s*<path d="M ([\d.]+) [\d.]+ \nL ([\d.]+)', drawn))
    assert len(bars) == len(WAYS) and bars == sorted(bars, reverse=True)
    assert bars[0] > 0.4 * axis and f"<!-- {number} -->" in drawn
