"""Studies: found, read, refused with every fault, and their names and columns resolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import Columns, Study, open_study

HEAD = '''id = "uji-2021"
title = { id = "Uji", en = "Trial" }
year = 2021
instruments = ["pengetahuan_covid19"]
'''
FILE = '''
[[files]]
file = "pretes.csv"
rt = "RT 4"
wave = "pre"
'''


def write(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str = HEAD + FILE) -> Study:
    return open_study(write(folder, text))


def refusal(folder: Path, text: str) -> BaksosError:
    with pytest.raises(BaksosError) as caught:
        read(folder, text)
    return caught.value


def test_opens_a_folder_or_a_file(tmp_path: Path):
    folder = tmp_path / "kajian RT 04"
    folder.mkdir()
    write(folder, HEAD + FILE)
    for path in (folder, folder / "study.toml", str(folder)):
        assert open_study(path).folder == folder.resolve()


def test_a_study_that_is_not_there(tmp_path: Path):
    for path in (tmp_path, tmp_path / "tiada", tmp_path / "tiada.toml"):
        with pytest.raises(BaksosError) as caught:
            open_study(path)
        assert (caught.value.code, caught.value.details["path"]) == ("study_not_found", path.as_posix())


def test_settings_have_cautious_defaults(tmp_path: Path):
    study = read(tmp_path)
    assert (study.language, study.answers.unreadable, study.answers.duplicates) == ("id", "stop", "refuse")
    assert (study.analysis.confidence, study.analysis.zeros) == (0.95, "pratt")
    assert "ya" in study.answers.consent_given and "tidak" not in study.answers.consent_given


def test_every_fault_is_told_at_once(tmp_path: Path):
    error = refusal(tmp_path, '''id = "Uji 2021"
title = { id = "Uji" }
year = 2021
instruments = []
[answers]
duplicates = "all"
[columns]
idd = "Kode"
[[files]]
wave = "tengah"
[[files]]
file = "lebar.csv"
wave = "pre"
wide = { pre = "Pre {item}", post = "Post {item}" }
''')
    assert error.code == "toml_invalid"
    assert {(finding.code, finding.details["key"]) for finding in error.findings} == {
        ("toml_bad_value", "id"), ("toml_missing_key", "title.en"), ("study_without_instruments", "instruments"),
        ("toml_bad_value", "answers.duplicates"), ("toml_unknown_key", "columns.idd"), ("toml_missing_key", "files.0.file"),
        ("study_wave_unknown", "files.0.wave"), ("study_wave_twice", "files.1")}


def test_a_study_without_files_is_refused(tmp_path: Path):
    assert [finding.details["key"] for finding in refusal(tmp_path, HEAD + "files = []").findings] == ["files"]
    assert [finding.code for finding in refusal(tmp_path, HEAD).findings] == ["study_without_files"]


def test_a_faulty_file_says_whose_wave_is_told_twice(tmp_path: Path):
    error = refusal(tmp_path, HEAD + FILE + 'wide_items = { pre = { pc01 = "P1" } }\n')
    assert [(finding.code, finding.details.get("file")) for finding in error.findings] == [("study_wave_twice", "pretes.csv")]


def test_an_unknown_instrument_is_told_on_opening(tmp_path: Path):
    assert refusal(tmp_path, HEAD.replace("covid19", "covid") + FILE).code == "instrument_unknown"
    assert refusal(tmp_path, HEAD.replace("pengetahuan_covid19", "sendiri.toml") + FILE).code == "file_not_found"


def own_instrument(folder: Path, name: str, item: str = "a") -> str:
    (folder / f"{name}.toml").write_text(f'''id = "{name}"
version = "1"
kind = "rating"
label = {{ id = "Sendiri", en = "Own" }}
options = [{{ code = "x", value = 1, label = {{ id = "x", en = "x" }} }}, {{ code = "y", value = 2, label = {{ id = "y", en = "y" }} }}]
items = [{{ id = "{item}", text = {{ id = "Butir.", en = "Item." }} }}]
scoring = {{ method = "mean" }}
''', encoding="utf-8")
    return f"{name}.toml"


def test_an_instrument_may_lie_beside_the_study(tmp_path: Path):
    name = own_instrument(tmp_path, "sendiri")
    study = read(tmp_path, HEAD.replace('"]', f'", "{name}"]') + FILE)
    assert [instrument.id for instrument in study.questionnaires] == ["pengetahuan_covid19", "sendiri"]
    assert study.instrument("sendiri").items[0].id == "a"


def test_an_item_belongs_to_one_instrument(tmp_path: Path):
    name = own_instrument(tmp_path, "sendiri", item="pc07")
    error = refusal(tmp_path, HEAD.replace('"]', f'", "{name}"]') + FILE)
    assert (error.code, error.details) == ("study_item_in_two_instruments",
                                           {"item": "pc07", "first": "pengetahuan_covid19", "second": "sendiri"})


@pytest.mark.parametrize(("more", "layout"), (
    ("", "wave"),
    ('wave_is_removed = ""', "long"),
    ('wide = { pre = "Pre {item}", post = "Post {item}" }', "wide"),
    ('wide_items = { pre = { pc01 = "P1" }, post = { pc01 = "P1 2" } }', "wide"),
))
def test_the_layout_follows_from_what_is_declared(tmp_path: Path, more: str, layout: str):
    text = HEAD + (FILE + more if layout == "wave" else FILE.replace('wave = "pre"', "" if layout == "long" else more))
    assert read(tmp_path, text).sources[0].layout == layout


def test_rt_names_join_spellings(tmp_path: Path):
    study = read(tmp_path, HEAD.replace("year", 'rts = ["RT 4", "RT.04", "Melati", "RT 07"]\nyear')
                 + '[rt_names]\n"Melati" = "RT 09"\n"Gang  Mawar" = "RT 7"\n' + FILE)
    assert study.rt_name(" Melati ") == "RT 09"
    assert study.rt_name("004") == "RT 04"
    assert study.expected_rts == ("RT 04", "RT 09", "RT 07")


def test_a_file_s_columns_go_before_the_study_s():
    study = Columns(id="Kode", rt="RT", profile={"usia": "Usia"})
    file = Columns(id=("Ibu", "Tanggal"), time="Cap waktu")
    both = file.over(study)
    assert (both.id_columns, both.rt, both.time, dict(both.profile)) == (("Ibu", "Tanggal"), "RT", "Cap waktu", {"usia": "Usia"})
    assert study.over(Columns(consent="Setuju")).consent == "Setuju"
    assert Columns().id_columns == ()
    assert study.id_columns == ("Kode",)


def codes(error: BaksosError) -> list[str]:
    return [finding.code for finding in error.findings]


def test_pre_and_post_are_the_waves_unless_a_study_names_later_ones(tmp_path: Path):
    assert (read(tmp_path).waves, read(tmp_path).later_waves) == (("pre", "post"), ())
    later = read(tmp_path, 'waves = ["pre", "post", "delayed", "tahun_depan"]\n' + HEAD
                 + '[wave_labels]\ntahun_depan = { id = "setahun kemudian", en = "one year later" }\n' + FILE + FILE.replace('"pre"', '"tahun_depan"'))
    assert later.later_waves == ("delayed", "tahun_depan")
    assert (later.wave_name("delayed"), later.wave_name("tahun_depan")["en"], later.sources[1].wave) == ("delayed", "one year later", "tahun_depan")


@pytest.mark.parametrize("waves", ['["post", "pre"]', '["pre"]', '["pre", "post", "post"]', '["pre", "post", "Tes Akhir"]', '["pre", "delayed", "post"]'])
def test_waves_begin_with_pre_and_post_and_are_named_once(tmp_path: Path, waves: str):
    assert "study_waves_order" in codes(refusal(tmp_path, f"waves = {waves}\n" + HEAD + FILE))


@pytest.mark.parametrize(("head", "more", "found"), (
    ("", 'waves = { pre = ["Awal"], delayed = ["Susulan"] }', "study_wave_unknown"),
    ("", 'wide = { pre = "Pre {item}", later = "Later {item}" }', "study_wave_unknown"),
    ("", 'wide_items = { later = { pc01 = "P1" } }', "study_wave_unknown"),
    ('waves = ["pre", "post", "ketiga"]\n', "", "study_wave_without_label"),
))
def test_a_wave_that_no_one_can_name_is_refused(tmp_path: Path, head: str, more: str, found: str):
    error = refusal(tmp_path, head + HEAD + FILE.replace('wave = "pre"', more) if more else head + HEAD + FILE)
    assert codes(error) == [found]
    assert all(describe(error, words(language)) for language in LANGUAGES)


def test_only_later_waves_are_given_names(tmp_path: Path):
    label = '[wave_labels]\npost = { id = "akhir", en = "end" }\n'
    assert codes(refusal(tmp_path, HEAD + label + FILE)) == ["study_wave_unknown"]


def test_people_are_paired_unless_the_study_says_that_they_are_anonymous(tmp_path: Path):
    assert not read(tmp_path).is_anonymous
    assert read(tmp_path, HEAD + '[answers]\npairing = "anonymous"\n' + FILE).is_anonymous
    assert [finding.details["key"] for finding in refusal(tmp_path, HEAD + '[answers]\npairing = "none"\n' + FILE).findings] == ["answers.pairing"]


@pytest.mark.parametrize(("head", "more", "what"), (
    ('waves = ["pre", "post", "delayed"]\n', "", "waves"),
    ("", '[comparison]\nrts = ["RT 5"]\n', "comparison"),
    ("", '[columns.dose]\nmasker = "Masker"\n', "columns.dose"),
    ("", 'review = "tinjau.xlsx"\n', "answers.review"),
))
def test_what_needs_pairs_is_refused_of_anonymous_people(tmp_path: Path, head: str, more: str, what: str):
    error = refusal(tmp_path, head + HEAD + '[answers]\npairing = "anonymous"\n' + more + FILE)
    assert [(finding.code, finding.details["what"]) for finding in error.findings] == [("anonymous_without_pairs", what)]
    assert all(what in describe(error, words(language))[2] for language in LANGUAGES)
