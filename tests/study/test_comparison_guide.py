"""The guide to comparison groups: its examples can be read, and the smallest p values in it are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from baksos_eval.stats.comparison import randomisation_over_rts
from baksos_eval.study.study import Study, open_study

GUIDE = (Path(__file__).parents[2] / "docs" / "PEMBANDING.md").read_text(encoding="utf-8")
HEAD = 'id = "uji"\ntitle = { id = "Uji", en = "Trial" }\nyear = 2021\ninstruments = ["pengetahuan_covid19"]\n'
FILE = '[[files]]\nfile = "pre.csv"\nwave = "pre"\nrt = "RT 04"\n'


@pytest.fixture
def studies(tmp_path: Path) -> list[Study]:
    made = []
    for number, example in enumerate(re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "study.toml").write_text(HEAD + example + ('[columns]\nid = "Kode"\n' if "[columns" not in example else "") + FILE, encoding="utf-8")
        made.append(open_study(folder))
    return made


def test_its_examples_say_what_the_text_says(studies: list[Study]):
    rts, persons, doses = studies
    assert rts.comparison_rts == ("RT 09", "RT 10") and not rts.compares_persons
    assert persons.compares_persons and persons.comparison.words("programme") == ("Ya", "Ikut")
    assert doses.dose_names == ("masker", "bimbel") and doses.doses["bimbel"].values == {"Selalu": 3.0, "Kadang-kadang": 1.0}


def test_its_smallest_p_values_are_those_of_the_test():
    told = [(int(one), int(two), float(p.replace(",", "."))) for one, two, p in re.findall(r"^\| (\d) dan (\d) \| (0,\d+) \|", GUIDE, re.MULTILINE)]
    assert len(told) == 4
    for one, two, p in told:
        assert round(randomisation_over_rts(range(10, 10 + one), range(two)).smallest_p, 3) == p
