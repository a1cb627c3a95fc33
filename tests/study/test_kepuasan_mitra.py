"""The bundled questionnaire about satisfaction: the nine elements of PermenPANRB 14/2017, one idea each, in our own words."""

from __future__ import annotations

import pytest

from baksos_eval.study.instrument import Instrument, Method, load_instrument
from tests.study.test_bundled import ENGLISH_ONLY, LANGUAGES, NEGATIONS, tokens

ELEMENTS = ("Persyaratan", "Sistem, mekanisme, dan prosedur", "Waktu penyelesaian", "Biaya/tarif", "Produk spesifikasi jenis pelayanan", "Kompetensi pelaksana", "Perilaku pelaksana",
            "Penanganan pengaduan, saran, dan masukan", "Sarana dan prasarana")


@pytest.fixture(scope="module")
def questionnaire() -> Instrument:
    return load_instrument("kepuasan_mitra")


def test_the_nine_elements_are_those_of_the_regulation_in_its_order(questionnaire: Instrument):
    labels = {dimension.id: dimension.label.id for dimension in questionnaire.dimensions}
    assert tuple(labels[item.dimension] for item in questionnaire.items) == ELEMENTS and "14 Tahun 2017" in questionnaire.source


def test_ratings_run_from_one_to_four_without_a_middle(questionnaire: Instrument):
    assert [option.value for option in questionnaire.options] == [1, 2, 3, 4] and not any(item.reversed for item in questionnaire.items)
    assert questionnaire.scoring.method is Method.PERCENT and (questionnaire.scales[0].minimum, questionnaire.scales[0].maximum, questionnaire.scales[0].categories) == (25, 100, "ikm")


def test_every_statement_is_short_and_holds_one_idea(questionnaire: Instrument):
    for item in questionnaire.items:
        assert 3 <= len(tokens(item.text.id)) <= 14 and item.text.id != item.text.en, item.id
        assert not {"dan", "serta", "tetapi"} & set(tokens(item.text.id)) and not ENGLISH_ONLY & set(tokens(item.text.id)), item.id
        for language in LANGUAGES:
            assert item.text[language].endswith(".") and not NEGATIONS[language] & set(tokens(item.text[language])), item.id


def test_headers_are_its_own(questionnaire: Instrument):
    names = [name.casefold() for item in questionnaire.items for name in (item.id, *item.aliases)]
    assert len(names) == len(set(names)) and all({f"u{number}", f"km{number}", f"km{number:02d}"} == set(names[3 * number - 3:3 * number]) for number in range(1, 10))
    others = {item.id for name in ("ketahanan_sosial", "pengetahuan_covid19") for item in load_instrument(name).items}
    assert not others & {item.id for item in questionnaire.items}


@pytest.mark.parametrize("written", ["SS", "S", "KS", "TS", "4", "3", "Sangat puas", "kurang puas", "Sangat sesuai", "Strongly agree"])
def test_usual_answers_are_known_once(questionnaire: Instrument, written: str):
    owners = [option.code for option in questionnaire.options if written.casefold() in {text.casefold() for text in (option.code, *option.spellings, option.label.id, option.label.en)}]
    assert len(owners) == 1
