"""The guide to tutoring, attendance lists and photos: its examples can be read and say what the text says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from baksos_eval.activities.pictures import LONGEST_SIDE
from baksos_eval.study.study import Study, open_study
from tests.study.test_comparison_guide import FILE, HEAD

GUIDE = (Path(__file__).parents[2] / "docs" / "BIMBEL_FOTO.md").read_text(encoding="utf-8")


@pytest.fixture
def studies(tmp_path: Path) -> list[Study]:
    made = []
    for number, example in enumerate(re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "study.toml").write_text(HEAD + '[columns]\nid = "Kode"\n' + example + FILE, encoding="utf-8")
        made.append(open_study(folder))
    return made


def test_its_examples_say_what_the_text_says(studies: list[Study]):
    tutoring, attendance, asked, photos = (study.activities for study in studies)
    assert tutoring.tutoring is not None and tutoring.tutoring.subjects["math"].mastery == 70 and tutoring.tutoring.target == 75
    assert studies[1].dose_names == ("meetings",) and attendance.attendance[0].unlisted == "zero" and studies[1].doses["meetings"].label is not None
    assert asked.attendance == () and studies[2].asked_doses == ("posts",) and studies[2].doses["posts"].values["Ya, sebagian"] == 1
    assert photos.photos is not None and photos.photos.folder == ""


def test_its_numbers_are_those_of_the_code():
    assert f"{LONGEST_SIDE} piksel" in GUIDE and "50 megapiksel" in GUIDE and "4 × 4" in GUIDE
