"""What docs/RANCANGAN.md tells a lecturer to write is read as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from baksos_eval.study.study import Study, open_study

GUIDE = (Path(__file__).parents[2] / "docs" / "RANCANGAN.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
HEAD = 'id = "uji"\ntitle = { id = "Uji", en = "Trial" }\nyear = 2021\ninstruments = ["ketahanan_sosial"]\n'
FILES = '[[files]]\nfile = "pre.csv"\nwave = "pre"\n[[files]]\nfile = "post.csv"\nwave = "post"\n'


def read(folder: Path, above: str, below: str) -> Study:
    (folder / "study.toml").write_text(above + HEAD + below + FILES, encoding="utf-8")
    return open_study(folder)


def test_the_anonymous_way_is_the_one_it_shows(tmp_path: Path):
    assert read(tmp_path, "", BLOCKS[0]).is_anonymous
    assert not read(tmp_path, "", "").is_anonymous


def test_the_later_wave_is_the_one_it_shows(tmp_path: Path):
    first, rest = BLOCKS[1].split("\n", 1)
    study = read(tmp_path, first + "\n", rest)
    assert (study.later_waves, study.sources[0].wave, study.wave_name("delayed")["id"]) == (("delayed",), "delayed", "tiga bulan kemudian")


def test_side_by_side_is_understood_as_it_is_written(tmp_path: Path):
    wide = re.search(r"`(wide = \{.*?\})`", GUIDE)[1]
    study = read(tmp_path, 'waves = ["pre", "post", "delayed"]\n', f'[[files]]\nfile = "lebar.csv"\n{wide}\n')
    assert list(study.sources[0].wide) == ["pre", "post", "delayed"]


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", GUIDE))
def test_links_lead_somewhere(link: str):
    assert (Path(__file__).parents[2] / "docs" / link).is_file()
