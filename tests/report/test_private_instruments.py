"""A licensed scale is used from a folder of the lecturer's own; its wording is in no report, table, figure or list of findings."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.evaluation.instruments import evaluate_instruments
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.intake.intake import inspect, prepare
from baksos_eval.report import figures, narrative, narrative_instruments, tables
from baksos_eval.report.face import topics
from baksos_eval.report.notebook import finish
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.instrument import load_instrument
from baksos_eval.study.study import open_study
from tests.report.forms import CODES, answers_of

SECRET = ["Rumusan rahasia pertama tentang rasa tenang.", "Rumusan rahasia kedua tentang rasa cemas.", "Rumusan rahasia ketiga tentang rasa lelah."]
SCALE = """
id = "skala_berlisensi"
version = "2.1"
kind = "rating"
private = true
label = { id = "Skala berlisensi", en = "Licensed scale" }
licence = "hanya untuk pemegang izin"
[scoring]
method = "mean"
smallest_change = 0.3
[[options]]
code = "1"
value = 1
label = { id = "Tidak pernah", en = "Never" }
[[options]]
code = "2"
value = 2
label = { id = "Kadang", en = "Sometimes" }
[[options]]
code = "3"
value = 3
label = { id = "Sering", en = "Often" }
""" + "".join(f'[[items]]\nid = "sb{number}"\nreversed = {str(number == 2).lower()}\ntext = {{ id = "{text}", en = "Secret wording {number}, in English." }}\n' for number, text in enumerate(SECRET, start=1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("pribadi")
    (base / "skala milik saya").mkdir()
    (base / "skala milik saya" / "berlisensi.toml").write_text(SCALE, encoding="utf-8")
    study = base / "studi"
    study.mkdir()
    with (study / "data.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["Kode", "Tes", *SECRET])
        for wave in (0, 1):
            for person in range(16):
                answers = answers_of(person, wave, ["Tidak pernah", "Kadang", "Sering"], 3)
                table.writerow([CODES[person], ("Sebelum", "Sesudah")[wave], *(["entah", *answers[1:]] if person == 3 else answers)])
    (study / "study.toml").write_text('id = "pribadi"\ntitle = { id = "Uji", en = "Trial" }\nyear = 2026\ninstruments = ["../skala milik saya/berlisensi.toml"]\nrts = ["RT 04"]\n'
                                      '[answers]\nunreadable = "blank"\n[columns]\nid = "Kode"\nwave = "Tes"\n[[files]]\nfile = "data.csv"\nrt = "RT 04"\n'
                                      'waves = { pre = ["Sebelum"], post = ["Sesudah"] }\n', encoding="utf-8")
    return study


def test_a_scale_beside_the_study_is_read_by_its_wordings(folder: Path):
    study = open_study(folder)
    assert study.private_items == {"sb1", "sb2", "sb3"} and prepare(study, "RT 04").flow.both == 16
    assert [item.shown["id"] for item in study.questionnaires[0].items] == ["SB1", "SB2", "SB3"]


def test_an_open_instrument_shows_its_words():
    item = load_instrument("ketahanan_sosial").items[0]
    assert not item.private and item.shown == item.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_is_in_anything_that_is_made(folder: Path, language: str, tmp_path: Path):
    study = open_study(folder, language)
    e, s, i = evaluate(study, "RT 04"), summarise(study, *evaluate_all(study)), evaluate_instruments(study)
    inspection = inspect(study)
    made = []
    for module in (tables, figures, narrative, narrative_instruments):
        for name in topics(module):
            function = getattr(module, name)
            kind = next(iter(function.__annotations__.values()))
            result = {"Evaluation": e, "Summary": s, "InstrumentStudy": i, "Inspection": inspection, "Study": study}.get(kind)
            if result is not None and len([hint for hint in function.__annotations__ if hint != "return"]) == 1:
                made.append((f"{module.__name__}.{name}", function(result)))
    assert len(made) > 40
    unread = [finding for finding in inspection.findings if finding.code.startswith("answer_")]
    assert unread, "the study holds an answer that cannot be read, so that a finding names its column"
    for folder_of, result in (("e", e), ("s", s), ("i", i), ("inspection", inspection)):
        (tmp_path / folder_of).mkdir()
        finish(result, str(tmp_path / folder_of))
    files = {path.relative_to(tmp_path).as_posix(): path.read_text(encoding="utf-8-sig") for path in tmp_path.rglob("*.csv")}
    assert {"e/hasil.csv", "e/temuan.csv", "i/hasil.csv", "inspection/temuan.csv"} <= set(files)
    spoken = {name: json.dumps([_bundle(one) for one in _flat(content)], ensure_ascii=False) for name, content in made} | files
    leaking = [name for name, text in spoken.items() if "ahasia" in text or "Secret wording" in text]
    assert leaking == []
    assert any("SB2" in text for text in spoken.values()), "the codes are there"
    assert "skala_berlisensi,,instrument,version,,2.1" in files["e/hasil.csv"].replace(";", ",")


def _flat(content) -> list:
    return [] if content is None else [one for part in content for one in _flat(part)] if isinstance(content, tuple | list) else [content]


def _bundle(content) -> dict:
    return {kind: value for kind, value in content._repr_mimebundle_().items() if not isinstance(value, bytes)}


def test_versions_stand_in_the_method(folder: Path):
    for language in LANGUAGES:
        said = narrative.method(open_study(folder, language))[0].markdown
        assert "`skala_berlisensi`" in said and "2\\.1" in said


def test_a_template_for_typing_still_asks_by_wording(folder: Path):
    """Whoever holds the licence prints and types the scale; only reports are kept free of it."""
    from baksos_eval.report.questionnaire import Battery, questionnaire

    study = open_study(folder)
    battery = next(block for block in questionnaire(study.questionnaires, study, "pre", words("id")).blocks if isinstance(block, Battery))
    assert battery.rows[0] == ("SB1", SECRET[0])
