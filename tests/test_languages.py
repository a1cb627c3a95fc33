"""Everything that a user meets exists in both languages; what is missing is listed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from baksos_eval.cli import build
from baksos_eval.report.text import LANGUAGES, words

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "baksos_eval"
LOCALE = PACKAGE / "report" / "locale"
SOURCES = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
both = pytest.mark.parametrize("language", LANGUAGES)


def named(pattern: str) -> dict[str, str]:
    """What the code names by this pattern, and where."""
    return {name: path.relative_to(PACKAGE).as_posix() for path, text in SOURCES.items() for name in re.findall(pattern, text)}


def test_every_file_of_words_has_its_twin():
    topics = {language: {path.name.removesuffix(f"{language}.toml") for path in LOCALE.glob(f"*{language}.toml")
                         if path.name == f"{language}.toml" or path.name.endswith(f".{language}.toml")} for language in LANGUAGES}
    assert len(topics["id"]) > 10 and topics["id"] ^ topics["en"] == set()


def test_every_message_has_its_twin():
    indonesian, english = (words(language).texts for language in LANGUAGES)
    missing = [f"id lacks {key}" for key in english.keys() - indonesian.keys()] + [f"en lacks {key}" for key in indonesian.keys() - english.keys()]
    assert missing == []


@both
def test_every_finding_and_error_in_the_code_can_be_said(language: str):
    findings, errors = named(r'\bFinding\(\s*"([a-z_0-9]+)"'), named(r'\bBaksosError\(\s*"([a-z_0-9]+)"')
    faults = named(r'"code": "([a-z_0-9]+)"')
    assert len(findings) > 60 and len(errors) > 60 and len(faults) > 5
    texts = words(language).texts
    missing = [f"finding.{code} ({place})" for code, place in {**findings, **faults}.items() if f"finding.{code}" not in texts and f"error.{code}" not in texts]
    said_as = {code: re.sub("^picture_", "photo_", code) for code in errors}     # a picture that cannot be read becomes a finding about its photo
    missing += [f"error.{code} ({place})" for code, place in errors.items() if f"error.{code}" not in texts and f"finding.{said_as[code]}" not in texts]
    assert missing == []


def commands(language: str) -> Iterator[tuple[str, click.Command]]:
    group = build(words(language))
    yield "baksos", group
    for name in group.list_commands(None):
        yield f"baksos {name}", group.get_command(None, name)


def helps(language: str) -> dict[str, str]:
    found = {}
    for name, command in commands(language):
        found[name] = command.help or ""
        for param in command.params:
            if isinstance(param, click.Option):
                found[f"{name} {param.opts[0]}"] = param.help or ""
    return found


def test_every_command_and_option_explains_itself_in_both_languages():
    indonesian, english = (helps(language) for language in LANGUAGES)
    assert len(indonesian) > 50 and indonesian.keys() == english.keys()
    missing = [f"{language}: {name}" for language, found in (("id", indonesian), ("en", english)) for name, text in found.items() if len(text.split()) < 2]
    assert missing == []
    assert [name for name in indonesian if indonesian[name] == english[name]] == []


def test_every_notebook_has_its_twin():
    for folder, twin in (("notebooks/{0}", "notebooks/en/{0}"), ("docs/colab/{0}", "docs/colab/{1}")):
        found = [path.name for path in (ROOT / folder.format("x")).parent.glob("*.ipynb") if not path.name.endswith(".en.ipynb")]
        assert found and [name for name in found if not (ROOT / twin.format(name, name.replace(".ipynb", ".en.ipynb"))).is_file()] == []
    english = {path.name for path in (ROOT / "notebooks" / "en").glob("*.ipynb")}
    assert english == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def bilingual(content: Any, place: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every table of a TOML file that holds words in one of the languages."""
    if isinstance(content, dict):
        if content and set(content) <= {"id", "en"} and all(isinstance(value, str) for value in content.values()):
            yield place, content
            return
        for key, value in content.items():
            yield from bilingual(value, f"{place}.{key}")
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from bilingual(value, f"{place}[{number}]")


@pytest.mark.parametrize("path", [path for path in [*PACKAGE.rglob("bundled/*.toml"), ROOT / "data" / "contoh" / "study.toml"]], ids=lambda path: path.stem)
def test_every_bundled_file_speaks_both_languages(path: Path):
    found = list(bilingual(tomllib.loads(path.read_text(encoding="utf-8")), path.stem))
    assert found
    missing = [place for place, texts in found if place.rpartition(".")[2] in ("label", "text", "title", "instruction", "description", "note") and (set(texts) != {"id", "en"} or not all(map(str.strip, texts.values())))]
    assert missing == []
    sentences = [(place, texts) for place, texts in found if len(texts.get("id", "").split()) > 3]
    assert [place for place, texts in sentences if texts["id"] == texts.get("en")] == []
