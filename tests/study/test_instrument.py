"""Instruments: every inconsistency is found, all at once; scales and their limits follow from the scoring rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.study.instrument import Instrument, load_instrument

HEAD = '''id = "{id}"
version = "1"
kind = "{kind}"
label = {{ id = "Uji", en = "Trial" }}
'''
RATING_OPTIONS = '''
[[options]]
code = "no"
value = 1
label = { id = "Tidak", en = "No" }
[[options]]
code = "yes"
value = 4
label = { id = "Ya", en = "Yes" }
'''
KNOWLEDGE_OPTIONS = RATING_OPTIONS.replace("value = 1\n", "").replace("value = 4\n", "")


def item(name: str, more: str = "") -> str:
    return f'\n[[items]]\nid = "{name}"\ntext = {{ id = "Butir {name}", en = "Item {name}" }}\n{more}\n'


def dimension(name: str, more: str = "") -> str:
    return f'\n[[dimensions]]\nid = "{name}"\nlabel = {{ id = "Bagian {name}", en = "Part {name}" }}\n{more}\n'


def write(folder: Path, *parts: str, kind: str = "rating", scoring: str = 'method = "mean"', name: str = "uji") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(HEAD.format(id=name, kind=kind) + f"[scoring]\n{scoring}\n" + "".join(parts), encoding="utf-8")
    return path


def read(folder: Path, *parts: str, **settings: str) -> Instrument:
    return load_instrument(write(folder, *parts, **settings).name, folder)


def faults(folder: Path, *parts: str, **settings: str) -> dict[str, dict]:
    with pytest.raises(BaksosError) as caught:
        read(folder, *parts, **settings)
    assert caught.value.code == "toml_invalid"
    return {finding.code: dict(finding.details) for finding in caught.value.findings}


@pytest.mark.parametrize(("parts", "kind", "code", "details"), (
    ((RATING_OPTIONS, item("a"), item("a"), item("a")), "rating", "instrument_repeated_item", {"names": "a"}),
    ((RATING_OPTIONS + RATING_OPTIONS, item("a")), "rating", "instrument_repeated_option", {"names": "no, yes"}),
    ((RATING_OPTIONS, dimension("d"), dimension("d"), item("a", 'dimension = "d"')), "rating",
     "instrument_repeated_dimension", {"names": "d"}),
    ((RATING_OPTIONS, dimension("total"), item("a", 'dimension = "total"')), "rating", "instrument_total_reserved", {}),
    ((RATING_OPTIONS, dimension("d"), item("a")), "rating", "instrument_dimension_without_items", {"dimension": "d"}),
    ((KNOWLEDGE_OPTIONS.replace('code = "no"', 'code = "no"\nvalue = 1'), item("a")), "rating",
     "instrument_option_without_value", {"option": "yes"}),
    ((RATING_OPTIONS, dimension("d"), item("a", 'dimension = "d"'), item("b", 'dimension = "dd"')), "rating",
     "instrument_unknown_dimension", {"item": "b", "dimension": "dd"}),
    ((KNOWLEDGE_OPTIONS, item("a", 'key = "yes"'), item("b", 'key = "maybe"')), "knowledge",
     "instrument_key_not_an_option", {"item": "b", "answer": "maybe"}),
))
def test_each_inconsistency_has_its_code(tmp_path: Path, parts: tuple[str, ...], kind: str, code: str, details: dict):
    found = faults(tmp_path, *parts, kind=kind)
    assert list(found) == [code]
    assert found[code] == {"key": ""} | details


def test_every_inconsistency_is_told_at_once(tmp_path: Path):
    found = faults(tmp_path, KNOWLEDGE_OPTIONS, KNOWLEDGE_OPTIONS, dimension("total"), dimension("total"),
                   item("a", 'key = "maybe"'), item("a", 'dimension = "x"\nkey = "yes"'), kind="knowledge")
    assert set(found) == {"instrument_repeated_option", "instrument_repeated_item", "instrument_repeated_dimension",
                          "instrument_total_reserved", "instrument_dimension_without_items",
                          "instrument_unknown_dimension", "instrument_key_not_an_option"}


@pytest.mark.parametrize(("parts", "key"), (
    ((RATING_OPTIONS, item("Huruf Besar")), "items.0.id"),
    ((RATING_OPTIONS, item("a", 'level = "desa"')), "items.0.level"),
    ((RATING_OPTIONS, item("a", 'valid_from = "dahulu"')), "items.0.valid_from"),
    ((RATING_OPTIONS.split("[[options]]\ncode = \"yes\"")[0], item("a")), "options"),
    ((RATING_OPTIONS, item("a"), dimension("d", "smallest_change = 0")), "dimensions.0.smallest_change"),
))
def test_bad_values_are_located(tmp_path: Path, parts: tuple[str, ...], key: str):
    assert faults(tmp_path, *parts)["toml_bad_value"]["key"] == key


@pytest.mark.parametrize("scoring", ('method = "median"', 'method = "mean"\nleast_answered = 0', 'method = "mean"\nleast_answered = 1.1',
                                     'method = "mean"\ndirection = "left"', 'method = "mean"\nsmallest_change = -1'))
def test_bad_scoring_is_refused(tmp_path: Path, scoring: str):
    assert faults(tmp_path, RATING_OPTIONS, item("a"), scoring=scoring)["toml_bad_value"]["key"].startswith("scoring.")


@pytest.mark.parametrize(("method", "limits"), (("mean", (1, 4)), ("sum", (2, 8)), ("percent", (25, 100))))
def test_limits_follow_the_method(tmp_path: Path, method: str, limits: tuple[float, float]):
    total = read(tmp_path, RATING_OPTIONS, item("a"), item("b"), scoring=f'method = "{method}"').scales[0]
    assert (total.id, total.minimum, total.maximum) == ("total", *limits)


@pytest.mark.parametrize(("method", "limits"), (("mean", (0, 1)), ("sum", (0, 2)), ("percent", (0, 100))))
def test_limits_of_a_knowledge_test(tmp_path: Path, method: str, limits: tuple[float, float]):
    instrument = read(tmp_path, KNOWLEDGE_OPTIONS, item("a", 'key = "yes"'), item("b", 'key = "no"'),
                      kind="knowledge", scoring=f'method = "{method}"')
    assert instrument.item_range == (0, 1)
    assert (instrument.scales[0].minimum, instrument.scales[0].maximum) == limits


def test_scales_are_the_total_and_then_the_dimensions(tmp_path: Path):
    instrument = read(tmp_path, RATING_OPTIONS, dimension("d"), dimension("e", "smallest_change = 0.5"),
                      item("a", 'dimension = "e"'), item("b", 'dimension = "d"'), item("c"), item("f", 'dimension = "d"'),
                      scoring='method = "mean"\nsmallest_change = 0.2\ncategories = "bloom"\ndirection = "down"\nleast_answered = 0.5')
    assert [(scale.id, scale.items) for scale in instrument.scales] == [("total", ("a", "b", "c", "f")), ("d", ("b", "f")), ("e", ("a",))]
    assert [scale.smallest_change for scale in instrument.scales] == [0.2, 0.2, 0.5]
    assert [scale.categories for scale in instrument.scales] == ["bloom", "", ""]
    assert {(scale.direction, scale.least_answered, scale.instrument) for scale in instrument.scales} == {("down", 0.5, "uji")}


def test_the_smallest_change_of_a_sum_is_not_handed_to_shorter_sums(tmp_path: Path):
    instrument = read(tmp_path, RATING_OPTIONS, dimension("d"), item("a", 'dimension = "d"'), item("b"),
                      scoring='method = "sum"\nsmallest_change = 3')
    assert [scale.smallest_change for scale in instrument.scales] == [3, None]


def test_an_instrument_may_have_no_total(tmp_path: Path):
    instrument = read(tmp_path, RATING_OPTIONS, dimension("d"), item("a", 'dimension = "d"'), scoring='method = "mean"\ntotal = false')
    assert [scale.id for scale in instrument.scales] == ["d"]


def test_items_are_found_by_id(tmp_path: Path):
    instrument = read(tmp_path, RATING_OPTIONS, item("a"), item("b", "reversed = true"))
    assert instrument.item("b").reversed and not instrument.item("a").reversed


def test_an_unknown_name_comes_with_the_known_ones():
    with pytest.raises(BaksosError) as caught:
        load_instrument("ketahanan_sosail")
    assert caught.value.code == "instrument_unknown"
    assert "ketahanan_sosial" in caught.value.details["bundled"]


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(BaksosError) as caught:
        load_instrument("tiada.toml", tmp_path)
    assert caught.value.code == "file_not_found"
