"""The catalogues say the same things in both languages, and every key that the code names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from baksos_eval.errors import Severity
from baksos_eval.report.text import LANGUAGES, placeholders, words
from baksos_eval.stats.categories import PRESETS, SCORE_PRESETS, suited
from baksos_eval.stats.paired import Verdict
from baksos_eval.stats.result import Reason

PACKAGE = Path(__file__).parents[2] / "baksos_eval"
KEY = re.compile(r"""\btext\(\s*"([a-z_]+(?:\.[a-z_0-9]+)+)\"""")


def test_both_languages_have_the_same_keys():
    indonesian, english = (set(words(language).texts) for language in LANGUAGES)
    assert indonesian ^ english == set()


def test_both_languages_fill_the_same_places():
    indonesian, english = (words(language).texts for language in LANGUAGES)
    unequal = {key for key in indonesian if placeholders(indonesian[key]) != placeholders(english[key])}
    assert unequal == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_untrimmed(language):
    assert [key for key, text in words(language).texts.items() if not text.strip() or text != text.strip("\n")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_named_in_the_code_exists(language):
    catalogue = words(language)
    named = {key for file in PACKAGE.rglob("*.py") for key in KEY.findall(file.read_text(encoding="utf-8"))}
    assert len(named) > 40
    assert {key for key in named if not catalogue.has(key)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_and_severities_have_words(language):
    catalogue = words(language)
    keys = [f"reason.{reason}" for reason in Reason] + [f"severity.{severity}" for severity in Severity]
    assert [key for key in keys if not catalogue.has(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_bands_presets_and_verdicts_have_words(language):
    catalogue = words(language)
    declared = [suited(name, 0 if name in PRESETS and not name.startswith("ikm") else 25, 100) for name in SCORE_PRESETS]
    keys = [f"preset.{preset.name}" for preset in (*PRESETS.values(), *declared)] + [f"band.{key}" for preset in (*PRESETS.values(), *declared) for key in preset.keys]
    keys += [f"verdict.{verdict}.short" for verdict in [*Verdict, "too_few"]]
    assert [key for key in keys if not catalogue.has(key)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_a_remedy(language):
    texts = words(language).texts
    findings = {key.removeprefix("finding.") for key in texts if key.startswith("finding.")}
    remedies = {key.removeprefix("remedy.") for key in texts if key.startswith("remedy.")}
    assert findings - remedies == set()


def test_indonesian_texts_are_not_the_english_ones():
    indonesian, english = (words(language).texts for language in LANGUAGES)
    words_of = {key: re.sub(r"\{[^}]*\}|Asymp\. Sig\. \(2-tailed\)", "", text).split() for key, text in indonesian.items()}
    sentences = [key for key, said in words_of.items() if len(said) > 4]
    assert [key for key in sentences if indonesian[key] == english[key]] == []
