"""The questionnaires that come with the package: complete, balanced, original in each statement, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from importlib import resources
from itertools import groupby

import pytest

from baksos_eval.stats.categories import PRESETS
from baksos_eval.study.instrument import Instrument, Method, bundled_instruments, load_instrument

LANGUAGES = ("id", "en")
PANDEMIC_ENDED = date(2023, 6, 21)
NEGATIONS = {"id": {"tidak", "bukan", "belum", "jangan", "tak", "tanpa"},
             "en": {"not", "no", "never", "don't", "cannot", "without"}}
ENGLISH_ONLY = {"the", "of", "is", "are", "my", "our", "residents", "with"}


@pytest.fixture(params=("ketahanan_sosial", "pengetahuan_covid19"))
def instrument(request: pytest.FixtureRequest) -> Instrument:
    return load_instrument(request.param)


@pytest.fixture
def resilience() -> Instrument:
    return load_instrument("ketahanan_sosial")


@pytest.fixture
def knowledge() -> Instrument:
    return load_instrument("pengetahuan_covid19")


def tokens(text: str) -> list[str]:
    return re.findall(r"[\w'-]+", text.casefold())


def test_both_are_bundled():
    assert {"ketahanan_sosial", "pengetahuan_covid19"} <= set(bundled_instruments())


def test_file_name_is_the_id():
    for name in bundled_instruments():
        assert load_instrument(name).id == name


def test_every_text_stands_in_both_languages(instrument: Instrument):
    for item in instrument.items:
        for language in LANGUAGES:
            assert item.text[language].endswith("."), item.id
            assert item.text[language][0].isupper(), item.id
        assert item.text.id != item.text.en
        assert not ENGLISH_ONLY & set(tokens(item.text.id)), item.id
    for part in (*instrument.dimensions, *instrument.options):
        assert part.label.id and part.label.en and part.label.id != part.label.en
    assert instrument.instruction and instrument.description and instrument.licence


def test_no_statement_occurs_twice(instrument: Instrument):
    for language in LANGUAGES:
        seen: dict[frozenset[str], str] = {}
        for item in instrument.items:
            words = frozenset(tokens(item.text[language]))
            for other, name in seen.items():
                assert len(words & other) / len(words | other) < 0.6, (item.id, name)
            seen[words] = item.id


def test_statements_are_short(instrument: Instrument):
    for item in instrument.items:
        assert 3 <= len(tokens(item.text.id)) <= 14, item.id


def test_no_two_answers_share_a_spelling(instrument: Instrument):
    counted = Counter(spelling for option in instrument.options for spelling in
                      {" ".join(tokens(text)) for text in (option.code, *option.spellings, option.label.id, option.label.en)})
    assert not [spelling for spelling, times in counted.items() if times > 1]


def test_headers_are_unique(instrument: Instrument):
    names = [name.casefold() for item in instrument.items for name in {item.id, *item.aliases}]
    assert len(names) == len(set(names))
    for number, item in enumerate(instrument.items, start=1):
        assert item.id.endswith(f"{number:02d}")
        assert f"{item.id[:2]}{number}" in {name.casefold() for name in (item.id, *item.aliases)}


def test_the_smallest_change_is_declared_and_explained(instrument: Instrument):
    low, high = instrument.scales[0].minimum, instrument.scales[0].maximum
    assert 0.03 * (high - low) <= instrument.scoring.smallest_change <= 0.15 * (high - low)
    source = (resources.files("baksos_eval.study") / "bundled" / f"{instrument.id}.toml").read_text(encoding="utf-8")
    before = source[:source.index("smallest_change =")].splitlines()[-5:]
    assert sum(line.startswith("#") for line in before) >= 3


def test_two_instruments_fit_in_one_study(resilience: Instrument, knowledge: Instrument):
    assert not {item.id for item in resilience.items} & {item.id for item in knowledge.items}


# ketahanan sosial

def test_resilience_scoring(resilience: Instrument):
    assert resilience.kind == "rating"
    assert resilience.scoring.method is Method.MEAN
    assert resilience.scoring.direction == "up"
    assert [option.value for option in resilience.options] == [1, 2, 3, 4, 5]
    assert (resilience.scales[0].minimum, resilience.scales[0].maximum) == (1, 5)


def test_resilience_dimensions(resilience: Instrument):
    counts = Counter(item.dimension for item in resilience.items)
    assert counts == {"daya_tanggap": 5, "adaptasi": 5, "transformasi": 4, "kepercayaan": 3, "perlindungan": 3}
    assert len(resilience.items) == 20


def test_resilience_has_reversed_statements_in_several_dimensions(resilience: Instrument):
    reversed_items = [item for item in resilience.items if item.reversed]
    assert len(reversed_items) == 4
    assert len({item.dimension for item in reversed_items}) == 4


def test_no_statement_about_resilience_is_a_negation(resilience: Instrument):
    """Disagreeing with a negation would be a double negative."""
    for item in resilience.items:
        for language in LANGUAGES:
            assert not NEGATIONS[language] & set(tokens(item.text[language])), item.id


def test_resilience_statements_hold_one_idea(resilience: Instrument):
    for item in resilience.items:
        assert not {"dan", "serta", "tetapi"} & set(tokens(item.text.id)), item.id


def test_every_resilience_statement_says_whom_it_is_about(resilience: Instrument):
    levels = Counter(item.level for item in resilience.items)
    assert set(levels) == {"household", "rt"} and min(levels.values()) >= 8
    for item in resilience.items:
        about_the_respondent = "saya" in tokens(item.text.id)
        assert about_the_respondent == (item.level == "household"), item.id


@pytest.mark.parametrize("written", ("STS", "TS", "N", "RR", "Netral", "Ragu-ragu", "S", "SS", "1", "5", "Strongly agree"))
def test_usual_spellings_are_known(resilience: Instrument, written: str):
    known = {text.casefold() for option in resilience.options for text in (option.code, *option.spellings, option.label.id, option.label.en)}
    assert written.casefold() in known


def test_ks_is_not_guessed(resilience: Instrument):
    assert not any("KS" in option.spellings for option in resilience.options)


def test_resilience_speaks_of_trade_through_social_media(resilience: Instrument):
    assert sum("media sosial" in item.text.id for item in resilience.items) == 2


# pengetahuan COVID-19

def test_knowledge_scoring(knowledge: Instrument):
    assert knowledge.kind == "knowledge"
    assert knowledge.scoring.method is Method.PERCENT
    assert knowledge.scoring.categories in PRESETS
    assert (knowledge.scales[0].minimum, knowledge.scales[0].maximum) == (0, 100)
    assert [option.code for option in knowledge.options] == ["benar", "salah", "tidak_tahu"]


def test_keys_are_balanced(knowledge: Instrument):
    keys = [item.key for item in knowledge.items]
    assert Counter(keys) == {"benar": 8, "salah": 8}
    assert max(len(list(run)) for _, run in groupby(keys)) <= 3


def test_keys_are_not_given_away_by_a_dimension(knowledge: Instrument):
    for dimension in knowledge.dimensions:
        keys = {item.key for item in knowledge.items if item.dimension == dimension.id}
        assert keys == {"benar", "salah"}, dimension.id
        assert sum(item.dimension == dimension.id for item in knowledge.items) >= 3


def test_every_key_has_a_source_and_a_date(knowledge: Instrument):
    for item in knowledge.items:
        assert re.search(r"WHO|Kementerian Kesehatan|KMK|Keppres", item.source), item.id
        assert item.valid_from and date(2020, 3, 2) <= item.valid_from < PANDEMIC_ENDED, item.id
        assert item.valid_until is None or item.valid_until > item.valid_from, item.id


def test_pandemic_rules_end_with_the_pandemic(knowledge: Instrument):
    ended = [item for item in knowledge.items if item.valid_until]
    assert {item.valid_until for item in ended} == {PANDEMIC_ENDED}
    assert all("Keppres 17/2023" in item.source for item in ended)
    assert 0 < len(ended) < len(knowledge.items) / 2


def test_no_false_statement_is_a_negation(knowledge: Instrument):
    for item in knowledge.items:
        if item.key == "salah":
            for language in LANGUAGES:
                assert not NEGATIONS[language] & set(tokens(item.text[language])), item.id

