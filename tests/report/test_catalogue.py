"""The catalogues say the same things in both languages, and every key that the code names exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from baksos_eval.errors import Severity
from baksos_eval.report.text import LANGUAGES, Catalogue, _flatten, placeholders, words
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


COUNTED = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")
# words that end in s after a count and are no plurals, and what is measured rather than counted
NO_PLURALS = {"anonymous", "as", "comes", "counts", "degrees", "deserves", "does", "fits", "has", "holds", "is", "its", "lies", "means", "names", "points",
              "records", "repeats", "says", "serious", "speaks", "tells", "varies", "was"}
NEVER_ONE = {"plan.design_effect": "one person alone in an RT resembles nobody there"}


def counts() -> set[str]:
    """What some English text words by whether it is one: the same name counts wherever it stands."""
    return {name for text in words("en").texts.values() for name, _, _ in COUNTED.findall(text)}


def of_many_rts() -> set[str]:
    """Texts that are shown only where there are too many RTs to list them."""
    file = PACKAGE / "report" / "locale" / "many_rts.en.toml"
    return {text for _, text in _flatten(tomllib.loads(file.read_text(encoding="utf-8")))} if file.is_file() else set()


def told(key: str, number: object, counted: set[str]) -> str:
    """The English text under ``key``, the same number for all its counts."""
    text = words("en").texts[key]
    return words("en").text(key, **{name: number if name in counted else 7 if f"{{{name}:" in text else "x" for name in placeholders(text)})


def test_one_of_a_thing_is_not_spoken_of_as_several():
    counted = counts()
    assert {"count", "rows", "n", "k", "households", "warnings"} <= counted
    plural = re.compile(r"\b1 (?:[a-z-]+ )?(?:([A-Za-z-]+s|people|children)|[\w-]+ (?:are|were|have|do))\b")
    many = of_many_rts()
    wrong = {key: match[0] for key, text in words("en").texts.items() if key not in NEVER_ONE and text not in many
             for match in plural.finditer(told(key, 1, counted)) if match[1] not in NO_PLURALS}
    assert wrong == {}


@pytest.mark.parametrize("number", [0, 2, 1000, "1,000", "–"])
def test_any_other_number_of_things_has_the_plural(number):
    counted = counts()
    forms = [(key, form) for key, text in words("en").texts.items() for form in COUNTED.findall(text)]
    assert len(forms) > 300
    assert [key for key, (_, one, many) in forms if one == many or many not in told(key, number, counted)] == []


def test_a_text_chooses_its_wording_by_the_count():
    catalogue = Catalogue("en", {"a": "{n} {n:row is|rows are} of {x:1}, {x}"})
    assert [catalogue.text("a", n=n, x=0.25) for n in (1, "1", 0, 21)] == [
        "1 row is of 0.2, 0.25", "1 row is of 0.2, 0.25", "0 rows are of 0.2, 0.25", "21 rows are of 0.2, 0.25"]


def test_indonesian_has_no_plurals_to_choose():
    assert [key for key, text in words("id").texts.items() if COUNTED.search(text)] == []


AS_WRITTEN_IN_A_SHEET = {"remedy.photo_boxes_unreadable"}


@pytest.mark.parametrize(("language", "wrong"), [("id", r"[\d}] ?%"), ("en", r"[\d}]\s%")])
def test_per_cent_is_written_as_the_computed_percentages_are(language, wrong):
    catalogue = words(language)
    assert not re.search(wrong, catalogue.percent(0.734))
    assert [key for key, text in catalogue.texts.items() if re.search(wrong, text) and key not in AS_WRITTEN_IN_A_SHEET] == []
