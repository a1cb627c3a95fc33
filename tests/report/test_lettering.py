from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from baksos_eval.report import lettering
from baksos_eval.report.lettering import POINT, path_data, text_width, typeset, wrap


def test_width_is_what_matplotlib_itself_measures():
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font = FontProperties(fname=lettering._font_file("STIXGeneral.ttf"), size=100)
    measured, _, _ = TextToPath().get_text_width_height_descent("Ketahanan sosial", font, ismath=False)
    assert text_width("Ketahanan sosial", 100) == pytest.approx(measured * POINT, rel=0.01)


def test_bold_is_wider_and_letters_run_to_the_right():
    letters, width = typeset("RT 04")
    assert typeset("RT 04", "bold")[1] > width
    offsets = [offset for _, offset in letters]
    assert offsets == sorted(offsets)
    assert [glyph.name for glyph, _ in letters] == ["r52", "r54", "r30", "r34"]      # the space has no outline


def test_lines_are_never_wider_than_asked_and_lose_nothing():
    text = "Keluarga saya mampu menyesuaikan kebiasaan sehari-hari saat keadaan berubah"
    lines = wrap(text, 4.0)
    assert len(lines) > 2
    assert all(text_width(line) <= 4.0 for line in lines)
    assert " ".join(lines) == text


def test_a_word_wider_than_the_line_is_broken():
    lines = wrap("a " + "W" * 60, 2.0)
    assert "".join(lines) == "a" + "W" * 60
    assert all(text_width(line) <= 2.0 for line in lines)
    assert wrap("W", 0.01) == ["W"]


def test_a_no_break_space_keeps_words_together():
    assert wrap("jumlah (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}29)", 1.3)[-1] == "(n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}29)"


def test_a_missing_glyph_is_a_box_and_a_line_in_the_log(caplog):
    lettering._glyph.cache_clear()
    typeset.cache_clear()
    with caplog.at_level(logging.WARNING):
        letters, width = typeset("漢字")
    assert [glyph.name for glyph, _ in letters] == ["r25a1", "r25a1"]
    assert width > 0
    assert [record.getMessage() for record in caplog.records] == ["glyph_missing U+6F22", "glyph_missing U+5B57"]


def test_joining_scripts_are_shaped_whole():
    letters, width = typeset("السلام")
    assert len(letters) == 1
    assert width > 1
    assert letters[0][0].name == typeset("السلام", "regular")[0][0][0].name


def test_control_characters_and_marks_of_direction_vanish():
    assert typeset("a\u200bb\x07") == typeset("ab")


def test_dollars_and_backslashes_are_ordinary_letters():
    assert len(typeset(r"$\frac_^{1}$")[0]) == len(r"$\frac_^{1}$")


def test_path_data_is_svg():
    data = path_data(typeset("o")[0][0][0].outline, 1000, 0)
    assert data.startswith("M") and data.endswith("Z") and data.count("M") == 2      # the letter o has a hole
    assert set(data) <= set("MLQCZ-0123456789 ")


OPEN_FILES = """
import contextlib, pathlib
from baksos_eval.report.lettering import text_width
assert text_width("Ketahanan sosial") > 0 and text_width("\\u4e00") > 0
for entry in pathlib.Path("/proc/self/fd").iterdir():
    with contextlib.suppress(OSError):
        print(entry.readlink().name)
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list a process's open files")
def test_no_font_file_stays_open_for_forked_processes_to_share():
    done = subprocess.run([sys.executable, "-c", OPEN_FILES], capture_output=True, text=True, encoding="utf-8", check=True, cwd=Path(__file__).parents[2])
    assert done.stdout and not [name for name in done.stdout.splitlines() if name.endswith(".ttf")]
