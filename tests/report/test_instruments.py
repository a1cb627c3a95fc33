"""The notebooks on the files and on the instruments: what they say, what they draw, and that they run.

After a change that is meant, ``BAKSOS_WRITE_GOLDEN=1 pytest tests/report/test_instruments.py`` writes the golden texts anew.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from baksos_eval.evaluation.instruments import evaluate_instruments
from baksos_eval.intake.intake import inspect
from baksos_eval.report import figures, inline, narrative_inspection, narrative_instruments, tables
from baksos_eval.report.content import Figure, Table, Text, Title
from baksos_eval.report.drawing import TALLEST
from baksos_eval.report.plots_instruments import draw_instrument
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import open_study
from tests.evaluation.test_evaluate import random_answers, rows
from tests.knowledge import draw, knowledge_study
from tests.report.test_views import check_golden, unfold, written
from tests.studies import people, study_of

ROOT = Path(__file__).parents[2]
EXPERTS = '[experts]\nfile = "ahli.csv"\nlowest = 1\nhighest = 4\n'
INSTRUMENTS = ("instrument_title", "instruments", "instrument_people", "instrument_reliability", "instrument_items", "agreement", "experts",
               "instrument_findings", "rasch", "instrument_limits", "instrument_method")
INSPECTION = ("inspection_title", "inspection", "inspection_tables", "inspection_columns", "inspection_spellings", "inspection_flows", "inspection_findings",
              "inspection_next")


def said(topic: str, result) -> list:
    narrative = narrative_inspection if topic in INSPECTION else narrative_instruments
    made = [getattr(wing, topic)(result) for wing in (narrative, tables) if callable(getattr(wing, topic, None))]
    assert made, topic
    return [one for part in made for one in unfold(part)]


def everything(result, topics=INSTRUMENTS) -> list:
    return [one for topic in topics for one in said(topic, result)]


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def example(language):
    return evaluate_instruments(open_study(ROOT / "data" / "contoh", language))


@pytest.fixture(scope="module")
def rich(tmp_path_factory, language):
    """120 people in four RTs answered nine questions twice; three experts; one question with the wrong key, one that everybody knew."""
    folder = tmp_path_factory.mktemp("rich")
    pre, post = draw(5, 120), draw(5, 120, gain=0.9)
    for table in (pre, post):
        table[:, 4] = 1 - table[:, 4]
        table[:, 8] = 1
    write_experts(folder, [["Ahli", *(f"p{number}" for number in range(1, 9))], ["x", 4, 4, 3, 4, 1, 4, 3, 4], ["y", 4, 3, 4, 4, 2, 4, 4, 4], ["z", 3, 4, 4, 4, 1, 4, 4, ""]])
    split = [slice(0, 40), slice(40, 75), slice(75, 100), slice(100, 120)]
    rts = [{f"RT 0{number}": wave[part] for number, part in enumerate(split, start=1)} for wave in (pre, post)]
    return evaluate_instruments(knowledge_study(folder, *rts, language=language, more=EXPERTS))


def write_experts(folder: Path, table: list[list[object]]) -> None:
    with (folder / "ahli.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(table)


@pytest.mark.parametrize("topic", [topic for topic in INSTRUMENTS if topic != "instrument_findings"])
def test_the_example_reads_as_before(topic, example):
    check_golden(f"instruments-{topic.removeprefix('instrument_')}", example.study.language, said(topic, example))


@pytest.mark.parametrize("topic", ["instruments", "instrument_items", "experts", "instrument_findings", "rasch"])
def test_experts_and_the_rasch_model_read_as_before(topic, rich):
    check_golden(f"instruments-rich-{topic.removeprefix('instrument_')}", rich.study.language, said(topic, rich))


@pytest.mark.parametrize("topic", [topic for topic in INSPECTION if topic != "inspection_findings"])   # whose words are those of tables.quality
def test_the_check_of_the_files_reads_as_before(topic, language):
    check_golden(topic.replace("_", "-"), language, said(topic, inspect(open_study(ROOT / "data" / "contoh", language))))


# ------------------------------------------------------------------------------------------------------ what must hold

def all_sentences(contents) -> str:
    return "\n".join(map(written, contents))


def test_numbers_follow_the_language(example, rich):
    wrong = re.compile(r"(?<![\d.,])\d+\.\d{1,3}(?![\d.])" if example.study.language == "id" else r"(?<![\d.,])\d+,\d{1,2}(?!\d)")
    for content in (*everything(example), *everything(rich)):
        cells = [cell for row in content.rows for cell in row] if isinstance(content, Table) else [content.markdown] if isinstance(content, Text) else []
        assert [cell for cell in cells if wrong.search(inline.plain(cell))] == []


def test_every_reference_has_its_table_and_labels_are_unique(example, rich):
    for result in (example, rich):
        contents = [*everything(result), *figures.instrument_items(result)]
        labels = [content.label for content in contents if isinstance(content, Table | Figure)]
        assert len(labels) == len(set(labels))
        assert {label for content in contents if isinstance(content, Text) for label in inline.references(content.markdown)} <= set(labels)


def test_the_numbers_of_a_verdict_are_those_of_the_tables(example):
    c = words(example.study.language)
    for text, result in zip(narrative_instruments.instruments(example), example.instruments, strict=True):
        alpha = result.main.scales[0].alpha
        cells = [cell for row in tables.instrument_reliability(example).rows for cell in row]
        assert c.number(alpha.alpha) in text.markdown and c.number(alpha.alpha, 3) in cells
        assert c.interval(alpha.low, alpha.high) in text.markdown and c.interval(alpha.low, alpha.high) in cells
        assert text.role == "verdict"


def test_it_is_honest_about_what_custom_flatters(example, rich, language):
    caution = {"id": ("selalu terlalu tinggi", "Tidak ada butir yang dibuang secara otomatis"), "en": ("always too high", "No item is removed automatically")}[language]
    for result in (example, rich):
        for text in narrative_instruments.instruments(result):
            assert all(phrase in text.markdown for phrase in caution)
    normal = {"id": "wajar bagi tes pengetahuan", "en": "normal for a knowledge test"}[language]
    assert normal in narrative_instruments.instruments(example)[0].markdown
    wrong_key = narrative_instruments.instruments(rich)[0].markdown
    assert {"id": ": nomor 5)", "en": ": number 5)"}[language] in wrong_key and normal not in wrong_key and {"id": "nomor 9", "en": "number 9"}[language] in wrong_key


def test_few_people_are_called_unstable_and_a_handful_is_not_measured(tmp_path, language):
    unstable = {"id": "mudah berubah bila diulang", "en": "easily change from one sample to the next"}[language]
    for count, expected in ((40, False), (29, True), (4, False)):
        folder = tmp_path / str(count)
        folder.mkdir()
        result = evaluate_instruments(knowledge_study(folder, {"RT 01": draw(3, count)}, {}, language=language))
        (text,) = narrative_instruments.instruments(result)
        assert (unstable in text.markdown) is expected
        assert not re.search(r"\bnan\b", all_sentences(everything(result)))
    assert not re.search(r"\d[.,]\d", text.markdown)


def test_without_a_total_the_weakest_dimension_is_judged(tmp_path, language):
    result = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": draw(1, 80)}, {}, dimensions=["x"] * 4 + ["y"] * 4 + [""], total=False, language=language))
    (text,) = narrative_instruments.instruments(result)
    weakest = min(result.instruments[0].main.scales, key=lambda scale: scale.alpha.alpha)
    assert weakest.scale.label[language] in text.markdown and words(language).number(weakest.alpha.alpha) in text.markdown
    (table,) = tables.instrument_items(result)
    assert all(scale.scale.label[language] in table.notes[0] for scale in result.instruments[0].main.scales)
    assert table.rows[8][2:] == ("–",) * 6


def test_a_faulty_file_of_experts_is_told_with_its_place(tmp_path, language):
    write_experts(tmp_path, [["Ahli", "p1", "p2"], ["x", 9, 3]])
    result = evaluate_instruments(knowledge_study(tmp_path, {"RT 01": draw(1, 20)}, {}, language=language, more=EXPERTS))
    text, table = said("experts", result)[0], said("instrument_findings", result)[0]
    assert "[@tbl-instrument-findings]" in text.markdown and table.label == "tbl-instrument-findings"
    assert any("ahli.csv" in row[2] and "B" in row[2] for row in table.rows)


def test_rts_that_cannot_be_used_are_named(tmp_path, language):
    wrong = [("RT 07", "w1", ["entah", *random_answers(1, 1)[0][1:]])]
    who = people("RT 01", 9)
    result = evaluate_instruments(study_of(tmp_path, rows(who, random_answers(1, 9)) + wrong, rows(who, random_answers(2, 9)), language=language))
    assert "RT 07" in narrative_instruments.instrument_people(result).markdown
    assert "RT 07" not in all_sentences([tables.instrument_people(result)])


# ---------------------------------------------------------------------------------------------------------- the check

def test_places_of_one_column_are_told_together(tmp_path, language):
    who = people("RT 01", 6)
    bad = [["entah", *given[1:]] for given in random_answers(1, 6)]
    found = inspect(study_of(tmp_path, rows(who, bad), rows(who, random_answers(2, 6)), language=language))
    table = tables.inspection_findings(found)
    row = next(row for row in table.rows if "entah" in row[1])
    c = words(language)
    assert row[0] == c.text("severity.fatal") and row[2].count("pre.csv") == 1
    assert c.text("place.rows", rows=c.listing(map(str, range(2, 8)))) in row[2]
    assert 0 in table.emphasised
    verdict = narrative_inspection.inspection(found).markdown
    assert "RT 01" in verdict and c.text("severity.fatal") in verdict
    assert tables.inspection_flows(found).emphasised == (0, 1)


def test_a_study_without_any_readable_file_is_told_too(tmp_path, language):
    study = study_of(tmp_path, [], [], language=language)
    for wave in ("pre", "post"):
        (tmp_path / f"{wave}.csv").unlink()
    contents = everything(inspect(study), INSPECTION)
    assert any(isinstance(content, Title) for content in contents) and "pre.csv" in all_sentences(contents)


# ---------------------------------------------------------------------------------------------------------- the figures

def test_every_figure_is_complete_and_fits_the_page(example, rich):
    for result, labels in ((example, ["fig-instrument-pengetahuan-covid19", "fig-instrument-ketahanan-sosial"]), (rich, ["fig-instrument-tes"])):
        drawn = figures.instrument_items(result)
        assert [figure.label for figure in drawn] == labels
        for figure in drawn:
            assert figure.png.startswith(b"\x89PNG") and figure.svg.startswith("<svg") and 2 < figure.height_cm <= TALLEST
            assert figure.alt.endswith(".") and "{" not in figure.caption + figure.alt + "".join(figure.notes)
    assert figures.instrument_items(rich) == figures.instrument_items(rich)


def test_marks_stand_where_the_numbers_are(rich):
    result = rich.instruments[0]
    (sheet,) = draw_instrument(rich.study, result, words(rich.study.language))
    known = [item for item in result.waves[0].items if not np.isnan(item.reliability.item_rest)]
    rest, share = ({shape.hollow: [] for shape in sheet.named(name)} for name in ("item rest", "share"))
    for name, found in (("item rest", rest), ("share", share)):
        for shape in sheet.named(name):
            found[shape.hollow] += [point[0] for point in shape.points]
    assert len(rest[True]) == len(rest[False]) == len(known) == 8 and len(share[True]) == 9
    values = [item.reliability.item_rest for item in known]
    slope = np.polyfit(values, rest[True], 1)
    assert np.allclose(np.polyval(slope, values), rest[True], atol=1e-9) and slope[0] > 0
    critical = sheet.named("critical r")
    assert critical and all(stroke[0][0] == pytest.approx(np.polyval(slope, result.waves[0].items[0].critical.r), abs=1e-9)
                            for shape in critical for stroke in shape.strokes)
    shares = [item.right.share for item in result.waves[0].items]
    assert np.allclose(np.polyval(np.polyfit(shares, share[True], 1), shares), share[True], atol=1e-9)


def test_nothing_is_drawn_of_a_handful(tmp_path):
    assert figures.instrument_items(evaluate_instruments(knowledge_study(tmp_path, {"RT 01": draw(3, 4)}, {}))) == ()


# -------------------------------------------------------------------------------------------------------- the notebooks

@pytest.mark.parametrize("name", ["01_periksa_data", "04_uji_instrumen"])
@pytest.mark.parametrize("folder", ["", "en"])
def test_the_notebooks_run(name, folder, tmp_path, monkeypatch):
    import IPython.display

    shown: list = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    cells = json.loads((ROOT / "notebooks" / folder / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    given = {"study_folder": (ROOT / "data" / "contoh").as_posix(), "language": folder or "id", "results_folder": tmp_path.as_posix()}
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            names |= given if "parameters" in cell["metadata"].get("tags", []) else {}
    assert isinstance(shown[0], Title) and shown[0].language == (folder or "id")
    assert len(shown) > 8 and {file.name for file in tmp_path.iterdir()} == {"temuan.csv" if name.startswith("01") else "hasil.csv"}


def test_a_later_wave_has_its_column_and_its_words(tmp_path, language):
    knowledge_study(tmp_path, {"RT 01": draw(1, 30)}, {"RT 01": draw(2, 30)}, language=language, more='waves = ["pre", "post", "delayed"]')
    text = (tmp_path / "post.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "susulan.csv").write_text("\n".join([text[0], *text[:8:-1]]) + "\n", encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + '[[files]]\nfile = "susulan.csv"\nwave = "delayed"\n', encoding="utf-8")
    study = open_study(tmp_path)
    result, found = evaluate_instruments(study), inspect(study)
    name = words(language).text("wave.delayed")
    assert [wave.n for wave in result.instruments[0].waves] == [30, 30, 22]
    assert [column.header for column in tables.instrument_people(result).columns][-1].lower() == name.lower()
    assert sum(row[2].lower() == name.lower() for row in tables.instrument_reliability(result).rows) == 1
    assert len(tables.instrument_items(result)) == 3 and name in tables.instrument_items(result)[2].caption
    assert name in narrative_instruments.instruments(result)[0].markdown
    assert [row[-1] for row in tables.inspection_tables(found).rows] == ["0", "0", "22"]
    assert tables.inspection_flows(found).rows[2][1:] == (name[:1].upper() + name[1:], "22", "0", "0", "0", "0", "22")
    assert len(figures.instrument_items(result)) == 1


def test_anonymous_people_are_tested_in_each_wave(tmp_path, language):
    study = knowledge_study(tmp_path, {"RT 01": draw(1, 120)}, {"RT 01": draw(2, 110)}, language=language, more='[answers]\npairing = "anonymous"')
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('id = "Kode"\n', ""), encoding="utf-8")
    study = open_study(tmp_path)
    (one,) = evaluate_instruments(study).instruments
    assert [wave.n for wave in one.waves] == [120, 110]
    assert (one.rasch.basis, one.rasch.change.note) == ("pre", "not_paired")
    flows = tables.inspection_flows(inspect(study))
    assert [row[-1] for row in flows.rows] == ["120", "110"] and len(flows.columns) == 7
