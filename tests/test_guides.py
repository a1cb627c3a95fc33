"""What the guides tell a lecturer to type and to write works as it says: every Python, shell and TOML example is run."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest

from baksos_eval.cli import main
from baksos_eval.study.instrument import Instrument, Item, load_instrument
from baksos_eval.study.study import Experts, Source, open_study

ROOT = Path(__file__).parents[1]
GUIDES = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("DARI_SPSS.md", "DARI_GOOGLE_FORMS.md", "INSTRUMEN.md")}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name: str, kind: str) -> list[str]:
    return [body for language, body in BLOCK.findall(GUIDES[name]) if language == kind]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "data" / "contoh", tmp_path / "data" / "contoh")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_kind_of_example_is_run():
    assert {kind for text in GUIDES.values() for kind, _ in BLOCK.findall(text)} == {"python", "sh", "toml"}


def test_the_python_of_the_spss_guide_runs_and_shows_what_it_promises(here: Path, monkeypatch: pytest.MonkeyPatch):
    import baksos_eval as be

    shown: list = []
    monkeypatch.setattr(be, "show", lambda *contents: shown.extend(contents), raising=False)
    names: dict = {}
    for source in blocks("DARI_SPSS.md", "python"):
        exec(compile(source, "DARI_SPSS.md", "exec"), names)
    assert len(shown) == 8 and all(shown)
    ranks = next(table for table in shown if getattr(table, "label", "") == "tbl-spss-ranks")
    assert [column.header for column in ranks.columns][-2:] == ["Mean Rank", "Sum of Ranks"]
    for expression in re.findall(r"`(be\.(?:tables|narrative)\.\w+)\(", GUIDES["DARI_SPSS.md"]):
        assert callable(eval(expression, {"be": be})), expression
    assert open_study("data/contoh").analysis.model_copy(update={"test": "spss-ritual"}).test == "spss-ritual"


@pytest.mark.parametrize("name", ["DARI_GOOGLE_FORMS.md", "INSTRUMEN.md"])
def test_the_commands_are_understood_and_do_their_work(name: str, here: Path, capsys: pytest.CaptureFixture[str]):
    typed = [shlex.split(line) for body in blocks(name, "sh") for line in body.splitlines() if line.strip()]
    assert typed
    for program, *arguments in typed:
        assert program == "baksos"
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 0, capsys.readouterr()
    made = {path.name for path in here.rglob("*") if path.is_file()}
    for promised in {"DARI_GOOGLE_FORMS.md": {"kuesioner-sebelum.gs", "kuesioner-sesudah.gs"}, "INSTRUMEN.md": {"kuesioner-sebelum.docx", "kuesioner-sesudah.pdf", "formulir.xlsx", "isian.xlsx"}}[name]:
        assert promised in made


def test_the_questionnaire_of_the_guide_is_one(tmp_path: Path):
    own = next(body for body in blocks("INSTRUMEN.md", "toml") if body.startswith('id = "gotong_royong"'))
    (tmp_path / "gotong_royong.toml").write_text(own, encoding="utf-8")
    instrument = load_instrument("gotong_royong.toml", tmp_path)
    assert [item.id for item in instrument.items] == ["gr01", "gr02", "gr03"] and instrument.items[1].reversed
    named = re.search(r'`(instruments = \["gotong_royong\.toml"\])`', GUIDES["INSTRUMEN.md"])[1]
    (tmp_path / "study.toml").write_text(f'id = "a"\ntitle = {{ id = "a", en = "a" }}\nyear = 2026\n{named}\n[[files]]\nfile = "a.csv"\nwave = "pre"\n', encoding="utf-8")
    assert open_study(tmp_path).questionnaires == (instrument,)
    (tmp_path / "gotong_royong.toml").write_text(own.replace('version = "1.0" ', 'version = "1.0"\nprivate = true'), encoding="utf-8")
    assert load_instrument("gotong_royong.toml", tmp_path).items[0].shown["id"] == "GR01"


def test_the_pieces_of_toml_are_understood():
    for name in ("INSTRUMEN.md", "DARI_GOOGLE_FORMS.md"):
        for body in blocks(name, "toml"):
            content = tomllib.loads(body)
            match content:
                case {"scoring": _}:
                    Instrument.model_validate(content)
                case {"items": items}:
                    assert [Item.model_validate(item).valid_until.year for item in items] == [2023]
                case {"experts": experts}:
                    assert Experts.model_validate(experts).threshold == 3
                case {"files": files}:
                    assert [Source.model_validate(file).wave for file in files] == ["pre"]
                case {"instruments": [path]}:
                    assert path.endswith(".toml")
                case _:
                    pytest.fail(f"{name}: nobody reads {body}")


@pytest.mark.parametrize("name", GUIDES)
def test_links_lead_somewhere(name: str):
    links = re.findall(r"\]\((?!http)([^)#]+)\)", GUIDES[name])
    assert links and [link for link in links if not (ROOT / "docs" / link).is_file()] == []
    for notebook in re.findall(r"`(\d\d_\w+)`", GUIDES[name]):
        assert (ROOT / "notebooks" / f"{notebook}.ipynb").is_file()
