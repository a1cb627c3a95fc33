"""The package at a prompt: a light import, names that complete, five lines to a verdict, results that show what they are."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import baksos_eval as be
from baksos_eval.report.face import evaluation_html, summary_html, topics
from tests.test_cli import HEAVY

ROOT = Path(__file__).parents[1]
CONTOH = ROOT / "data" / "contoh"


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_it_imports_nothing_heavy_and_naming_its_names_neither():
    imported = run("import sys; import baksos_eval as be; dir(be); print(*{name.partition('.')[0] for name in sys.modules})").split()
    assert "baksos_eval" in imported and not set(imported) & set(HEAVY)


def test_its_names_complete_and_each_is_there():
    names = set(dir(be)) - {"__version__"}
    assert {"open_study", "evaluate", "evaluate_all", "summarise", "tables", "figures", "narrative", "show", "check", "plan_study", "practice_study"} <= names
    assert [name for name in names if getattr(be, name) is None] == []
    assert be.evaluate is be.evaluate
    with pytest.raises(AttributeError, match="evaluat"):
        be.evaluat  # noqa: B018


@pytest.mark.parametrize(("place", "wanted"), [("tables", {"change", "flow", "summary", "gain", "items", "aid", "posts"}), ("figures", {"change", "forest", "items"}), ("narrative", {"summary", "change", "limits", "method"})])
def test_topics_complete_and_nothing_else_does(place: str, wanted: set[str]):
    shown = set(dir(getattr(be, place)))
    assert wanted <= shown and not {"words", "inline", "build", "annotations", "verdict", "Catalogue", "Study"} & shown
    assert shown == set(topics(getattr(be, place)))


def test_the_five_lines_of_its_own_text_give_a_verdict():
    lines = [line.removeprefix("    ") for line in be.__doc__.splitlines() if line.startswith("    ")]
    for readme in ("README.md", "README.id.md"):
        shown = re.search(r"^```python\n(.*?)^```$", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[1]
        assert [line for line in shown.splitlines() if line] == lines, readme
    assert 5 <= len([line for line in lines if line.strip()]) + 1 <= 6
    said = run("\n".join(lines))
    assert "Ketahanan sosial" in said and "selang kepercayaan" in said and "**" not in said


def test_results_say_what_they_are_in_one_line():
    study = be.open_study(CONTOH)
    e = be.evaluate(study, "RT 04")
    assert re.fullmatch(r"Evaluation\(contoh, RT 04: \d+ pairs, \d+ scales, \d+ findings\)", repr(e))
    s = be.summarise(study, *be.evaluate_all(study))
    assert re.fullmatch(r"Summary\(contoh: 4 RTs, \d+ pairs, 0 missing\)", repr(s))
    card = evaluation_html(e)
    assert card.count("<table") == 1 and "RT 04" in card and "<b>" in card and "[@" not in card and "be.tables.change(e)" in card
    assert "<table" in summary_html(s)


def test_a_notebook_shows_a_result_as_a_card():
    said = run("""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import baksos_eval as be; study = be.open_study('data/contoh', 'en'); e = be.evaluate(study, 'RT 04')").raise_error()
data, _ = shell.display_formatter.format(shell.user_ns['e'])
print(sorted(data), 'Social resilience' in data['text/html'], data['text/plain'])
""")
    assert "['text/html', 'text/plain'] True Evaluation(contoh" in said
