"""Synthetic people fill in each form we make; the file that comes of it is read without a complaint, by the lines we print for study.toml."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from baksos_eval.cli import main
from baksos_eval.errors import BaksosError, Severity
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.intake.intake import inspect, prepare
from baksos_eval.report import narrative, tables
from baksos_eval.report.google_form import answers_entry, google_form
from baksos_eval.report.questionnaire import Battery, questionnaire
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.report.xlsform import converts, export_entry, xlsform
from baksos_eval.study.instrument import load_instrument
from baksos_eval.study.study import Study, open_study
from tests.report.forms import CODES, PEOPLE, answers_of, write_study

NAMES = ("pengetahuan_covid19", "ketahanan_sosial")
INSTRUMENTS = [load_instrument(name) for name in NAMES]
PROFILE = 'instruments = ["pengetahuan_covid19", "ketahanan_sosial"]\n[columns.profile]\nusia = "Usia"\njenis_kelamin = "Jenis kelamin"\n'
NODE = shutil.which("node")


def complaints(study: Study) -> list[str]:
    return [finding.code for finding in inspect(study).findings if finding.severity is not Severity.NOTE or finding.code != "columns_ignored"]


def everybody_was_read(study: Study, wanted: dict[tuple[str, str], list[str]]) -> None:
    """Every person of both RTs is paired and every answer has arrived as it was given, and a report can be made of it."""
    read = []
    for rt in ("RT 04", "RT 05"):
        data = prepare(study, rt)
        assert data.flow.both == PEOPLE // 2 and data.flow.rows_pre == PEOPLE // 2
        for wave in ("pre", "post"):
            read += [(wave, [*first, *second]) for first, second in zip(data.codes[wave][NAMES[0]].to_numpy().tolist(), data.codes[wave][NAMES[1]].to_numpy().tolist(), strict=True)]
    assert sorted(read) == sorted((wave, answers) for (_, wave), answers in wanted.items())
    e = evaluate(study, "RT 04")
    assert tables.summary(e).rows and narrative.summary(e)


# --- the XLSForm


class Form:
    """What a server would make of the workbook: the path of every question in an export, and what can be chosen."""

    def __init__(self, data: bytes) -> None:
        book = load_workbook(io.BytesIO(data))
        self.sheets = {sheet.title: [dict(zip([cell.value for cell in sheet[1]], (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)] for sheet in book}
        groups, self.paths, self.rows = [], {}, {}
        for row in self.sheets["survey"]:
            if row["type"] == "begin_group":
                groups.append(row["name"])
            elif row["type"] == "end_group":
                groups.pop()
            elif row["type"] != "note":
                self.paths[row["name"]] = "/".join([*groups, row["name"]])
                self.rows[row["name"]] = row

    def choices(self, name: str) -> list[str]:
        listed = self.rows[name]["type"].removeprefix("select_one ")
        return [row["name"] for row in self.sheets["choices"] if row["list_name"] == listed]


def filled(form: Form, language: str = "") -> tuple[list[str], list[list[str]], dict[tuple[str, str], list[str]]]:
    """An export as KoboToolbox writes it: its own columns around the form's, values as names or (in a language) as labels."""
    label = {(row["list_name"], row["name"]): row[{"id": "label::Bahasa Indonesia (id)", "en": "label::English (en)"}[language]] for row in form.sheets["choices"]} if language else {}
    items = [item.id for instrument in INSTRUMENTS for item in instrument.items]
    header = [*form.paths.values(), "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__", "_tags", "_index"]
    start, rows, wanted = datetime(2021, 8, 5, 9), [], {}
    for number, (wave, person) in enumerate((wave, person) for wave in (0, 1) for person in range(PEOPLE)):
        at = start + timedelta(days=25 * wave, minutes=7 * person)
        given = {"start": at.isoformat(timespec="milliseconds") + "+07:00", "end": (at + timedelta(minutes=6)).isoformat(timespec="milliseconds") + "+07:00",
                 "persetujuan": "ya", "kode": CODES[person], "rt": form.choices("rt")[person % 2], "tes": form.choices("tes")[wave]}
        if "usia" in form.paths:
            given |= {"usia": str(20 + person), "jenis_kelamin": form.choices("jenis_kelamin")[person % 3 == 0]}
        answers = [answer for instrument in INSTRUMENTS for answer in answers_of(person, wave, form.choices(instrument.items[0].id), len(instrument.items))]
        wanted[CODES[person], ("pre", "post")[wave]] = answers
        given |= dict(zip(items, answers, strict=True))
        spoken = {name: label.get((str(form.rows[name]["type"]).removeprefix("select_one "), value), value) for name, value in given.items()}
        rows.append([spoken.get(name, "") for name in form.paths] + [str(9000 + number), f"u-{number}", (at + timedelta(hours=3)).isoformat(), "", "", "submitted_via_web", "", "vX1", "", str(number + 1)])
    return header, rows, wanted


def as_csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL).writerows([header, *rows])


def as_xlsx(path: Path, header: list[str], rows: list[list[str]]) -> None:
    book = Workbook()
    for row in [header, *rows]:
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize(("write", "values"), [(as_csv, ""), (as_xlsx, ""), (as_csv, "id"), (as_xlsx, "en")])
def test_an_export_of_the_xlsform_is_read_without_a_complaint(tmp_path: Path, write, values: str):
    write_study(tmp_path, ['[[files]]\nfile = "belum ada.csv"\nwave = "pre"'], own=PROFILE)
    plan = open_study(tmp_path)
    form = Form(xlsform(plan.questionnaires, plan))
    file = "kobo.csv" if write is as_csv else "kobo.xlsx"
    header, rows, wanted = filled(form, values)
    write(tmp_path / file, header, rows)
    study = open_study(write_study(tmp_path, export_entry(file, NAMES, plan, "id"), own=PROFILE))
    assert complaints(study) == []
    everybody_was_read(study, wanted)


def test_who_refuses_or_leaves_questions_out_is_counted_and_nobody_is_lost(tmp_path: Path):
    form = Form(xlsform(INSTRUMENTS, None, ["RT 04", "RT 05"]))
    header, rows, _ = filled(form)
    consent, item = header.index(form.paths["persetujuan"]), header.index(form.paths["ks07"])
    rows[0] = [value if place <= consent or place >= header.index("_id") else "" for place, value in enumerate(rows[0])]
    rows[0][consent] = "tidak"
    rows[3][item] = ""
    as_csv(tmp_path / "kobo.csv", header, rows)
    study = open_study(write_study(tmp_path, export_entry("kobo.csv", NAMES, None, "id")))
    flows = [prepare(study, rt).flow for rt in ("RT 04", "RT 05")]
    assert sum(flow.both for flow in flows) == PEOPLE - 1
    assert {"consent_refused"} <= {finding.code for finding in inspect(study).findings}


@pytest.mark.parametrize("study", [None, open_study(Path(__file__).parents[2] / "data" / "contoh")], ids=["instruments", "study"])
def test_pyxform_converts_the_form(study: Study | None):
    pytest.importorskip("pyxform", reason="pip install baksos-eval[xlsform]")
    from pyxform import xls2xform

    data = xlsform(study.questionnaires if study else INSTRUMENTS, study)
    assert converts(data) == ()
    made = xls2xform.convert(io.BytesIO(data), file_type=".xlsx", validate=False).xform
    assert made.count("<select1 ") >= 36 + 2 and made.count('<translation lang="') == 2
    for needed in ("regex(., '^[A-Za-z]{2}(0[1-9]|[12][0-9]|3[01])[0-9]{2}$')", 'required="true()"', "= 'ya'"):
        assert needed in made


def test_pyxform_would_say_what_is_wrong(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("pyxform", reason="pip install baksos-eval[xlsform]")
    with pytest.raises(BaksosError, match="xlsform_refused"):
        converts(xlsform([INSTRUMENTS[0].model_copy(update={"id": "tidak boleh"})]))


def test_names_that_a_form_cannot_have_are_refused():
    spaced = INSTRUMENTS[0].options[0].model_copy(update={"code": "tidak tahu"})
    with pytest.raises(BaksosError, match="xlsform_name_unfit"):
        xlsform([INSTRUMENTS[0].model_copy(update={"options": (spaced, *INSTRUMENTS[0].options[1:])})])
    twin = INSTRUMENTS[1].model_copy(update={"items": (INSTRUMENTS[1].items[0].model_copy(update={"id": "kode"}),)})
    with pytest.raises(BaksosError, match="xlsform_name_twice"):
        xlsform([twin])


def test_everything_is_asked_in_both_languages_and_only_after_consent():
    form = Form(xlsform(INSTRUMENTS, None, ["RT 04"]))
    for row in form.sheets["survey"]:
        if row["type"] not in ("start", "end", "end_group"):
            assert row["label::Bahasa Indonesia (id)"] and row["label::English (en)"], row
    opened = [row for row in form.sheets["survey"] if row["type"] == "begin_group"]
    assert [row["relevant"] for row in opened] == ["${persetujuan} = 'ya'"] * 3
    assert not {"deviceid", "username", "phonenumber", "email", "simserial"} & {row["type"] for row in form.sheets["survey"]}


def test_an_export_becomes_a_report_by_the_commands_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    form = Form(xlsform(INSTRUMENTS, None, ["RT 04", "RT 05"]))
    header, rows, _ = filled(form)
    as_csv(tmp_path / "kobo.csv", header, rows)
    write_study(tmp_path, export_entry("kobo.csv", NAMES, None, "id"))
    for arguments, last in ((["check", str(tmp_path)], r"2 RT; 0 temuan berat, 0 perhatian, \d catatan\."),
                            (["run", str(tmp_path), "--rt", "RT 04", "--format", "html", "--engine", "cold", "--jobs", "1", "--out", str(tmp_path / "r")], "")):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        said = capsys.readouterr()
        assert left.value.code == 0 and re.search(last, said.out), said.out + said.err
    page = next((tmp_path / "r").rglob("evaluasi.html")).read_text(encoding="utf-8")
    assert "Ketahanan sosial" in page and CODES[0] not in page


# --- Google Forms


MOCK = r"""
const made = {settings: [], items: []};
const validation = {setHelpText() { return validation; }, requireTextMatchesPattern(text) { new RegExp(text); return validation; }, build() { return validation; }};
function item(kind) {
  const one = {kind};
  made.items.push(one);
  const face = new Proxy({}, {get(_, name) {
    if (name === 'createChoice') return (label, goto_) => ({label, goto: goto_});
    return (value) => { one[name] = value; return face; };
  }});
  return face;
}
const form = new Proxy({}, {get(_, name) {
  if (String(name).startsWith('add')) return () => item(name.slice(3));
  if (String(name).startsWith('get')) return () => 'https://example.org';
  return (value) => { made.settings.push([name, value]); };
}});
const FormApp = {create(title) { made.title = title; return form; }, createTextValidation() { return validation; },
                 PageNavigationType: {CONTINUE: 'CONTINUE', SUBMIT: 'SUBMIT'}};
const Logger = {log() {}};
"""


def run_script(script: str) -> dict:
    if NODE is None:
        pytest.skip("no node here to run the script with")
    done = subprocess.run([NODE, "-"], input=f"{MOCK}\n{script}\nbuatKuesioner();\nconsole.log(JSON.stringify(made));", capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_to_the_google_form_are_read_without_a_complaint(tmp_path: Path, language: str):
    c = words(language)
    write_study(tmp_path, ['[[files]]\nfile = "belum ada.csv"\nwave = "pre"'], language, PROFILE)
    plan = open_study(tmp_path)
    wanted, entry = {}, []
    for wave in (0, 1):
        made = run_script(google_form(plan.questionnaires, plan, ("pre", "post")[wave], c))
        assert ["setCollectEmail", False] in made["settings"]
        questions = [one for one in made["items"] if one["kind"] not in ("PageBreakItem", "GridItem")]
        grids = [one for one in made["items"] if one["kind"] == "GridItem"]
        consent = questions[1]["setChoices"]
        assert [choice["goto"] for choice in consent] == ["CONTINUE", "SUBMIT"] and made["items"][2]["kind"] == "PageBreakItem"
        header = [c.text("form.timestamp"), *(one["setTitle"] for one in questions), *(f"{grid['setTitle']} [{row}]" for grid in grids for row in grid["setRows"])]
        rows = []
        for person in range(PEOPLE):
            at = datetime(2021, 8, 13 + 10 * wave, 9, person)
            choices = [one.get("setChoiceValues") for one in questions]
            about = [choices[0][person % 2], consent[0]["label"], CODES[person], str(20 + person), choices[4][person % 3 == 0]]
            answers = [answers_of(person, wave, grid["setColumns"], len(grid["setRows"])) for grid in grids]
            codes = [{option.label[language]: option.code for option in instrument.options} for instrument in INSTRUMENTS]
            wanted[CODES[person], ("pre", "post")[wave]] = [known[answer] for known, given in zip(codes, answers, strict=True) for answer in given]
            rows.append([at.strftime("%d/%m/%Y %H.%M.%S"), *about, *answers[0], *answers[1]])
        file = f"jawaban {wave}.csv"
        with (tmp_path / file).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
        entry += answers_entry(file, plan, ("pre", "post")[wave], c)
    study = open_study(write_study(tmp_path, entry, language, PROFILE))
    assert complaints(study) == []
    everybody_was_read(study, wanted)


# --- paper


def test_what_is_typed_from_paper_under_the_printed_codes_is_read_without_a_complaint(tmp_path: Path):
    batteries = [block for block in questionnaire(INSTRUMENTS, None, "pre", words("id")).blocks if isinstance(block, Battery)]
    header = ["Kode responden", "RT", "Tes", *(number for battery in batteries for number, _ in battery.rows)]
    codes = [{option.label["id"]: option.code for option in instrument.options} for instrument in INSTRUMENTS]
    rows, wanted = [], {}
    for wave in (0, 1):
        for person in range(PEOPLE):
            given = [answers_of(person, wave, list(battery.choices), len(battery.rows)) for battery in batteries]
            wanted[CODES[person], ("pre", "post")[wave]] = [known[answer] for known, some in zip(codes, given, strict=True) for answer in some]
            rows.append([CODES[person], f"RT 0{4 + person % 2}", ("Sebelum", "Sesudah")[wave], *given[0], *given[1]])
    as_xlsx(tmp_path / "ketikan.xlsx", header, rows)
    lines = ['[[files]]\nfile = "ketikan.xlsx"\nwaves = { pre = ["Sebelum"], post = ["Sesudah"] }\n[files.columns]\nid = "Kode responden"\nrt = "RT"\nwave = "Tes"']
    study = open_study(write_study(tmp_path, lines, own='instruments = ["pengetahuan_covid19", "ketahanan_sosial"]'))
    assert complaints(study) == []
    everybody_was_read(study, wanted)


# --- questions with several answers


SEVERAL = """
[[multiple]]
id = "sumber"
text = { id = "Dari mana Anda tahu tentang kegiatan ini?", en = "How do you know of this programme?" }
[[multiple.options]]
code = "rt"
label = { id = "Ketua RT", en = "Head of the RT" }
[[multiple.options]]
code = "medsos"
label = { id = "Media sosial", en = "Social media" }
[[multiple.options]]
code = "tetangga"
label = { id = "Tetangga", en = "Neighbours" }
"""


@pytest.fixture
def several(tmp_path: Path) -> Study:
    bundled = Path(__file__).parents[2] / "baksos_eval" / "study" / "bundled" / "ketahanan_sosial.toml"
    (tmp_path / "milik.toml").write_text(bundled.read_text(encoding="utf-8") + SEVERAL, encoding="utf-8")
    return open_study(write_study(tmp_path, ['[[files]]\nfile = "belum ada.csv"\nwave = "pre"'], own='instruments = ["milik.toml"]'))


def test_every_form_asks_questions_with_several_answers(several: Study):
    from baksos_eval.report.answer_sheet import answer_sheet
    from baksos_eval.report.questionnaire import Tick

    c, wanted = words("id"), ("Ketua RT", "Media sosial", "Tetangga")
    asked = [block for block in questionnaire(several.questionnaires, several, "pre", c).blocks if isinstance(block, Tick) and block.choices == wanted]
    assert len(asked) == 1 and asked[0].label.startswith("SUMBER. Dari mana")
    form = Form(xlsform(several.questionnaires, several))
    assert form.rows["sumber"]["type"] == "select_multiple sumber" and [row["name"] for row in form.sheets["choices"] if row["list_name"] == "sumber"] == ["rt", "medsos", "tetangga"]
    script = google_form(several.questionnaires, several, "pre", c)
    assert 'form.addCheckboxItem().setTitle("Dari mana Anda tahu tentang kegiatan ini?")' in script
    sheet = load_workbook(io.BytesIO(answer_sheet(several.questionnaires, ["RT 04"], c)))[c.text("template.sheet.answers")]
    assert sheet.cell(1, sheet.max_column).value == "Dari mana Anda tahu tentang kegiatan ini?"


@pytest.mark.parametrize("shape", ["together", "each"])
def test_several_answers_come_back_from_kobo(several: Study, shape: str):
    form = Form(xlsform(several.questionnaires, several))
    items = [item.id for item in several.questionnaires[0].items]
    path = form.paths["sumber"]
    header = [*(one for one in form.paths.values() if one != path), path, *([f"{path}/{code}" for code in ("rt", "medsos", "tetangga")] if shape == "each" else [])]
    rows = []
    for wave in (0, 1):
        for person in range(PEOPLE):
            given = {"persetujuan": "ya", "kode": CODES[person], "rt": form.choices("rt")[person % 2], "tes": form.choices("tes")[wave]}
            given |= dict(zip(items, answers_of(person, wave, form.choices(items[0]), len(items)), strict=True))
            chosen = ["rt", "medsos", "tetangga"][:1 + person % 3]
            rows.append([*(given.get(name, "") for name in form.paths if name != "sumber"), " ".join(chosen),
                         *([str(int(code in chosen)) for code in ("rt", "medsos", "tetangga")] if shape == "each" else [])])
    as_csv(several.folder / "kobo.csv", header, rows)
    study = open_study(write_study(several.folder, export_entry("kobo.csv", ["milik.toml"], several, "id"), own='instruments = ["milik.toml"]'))
    assert complaints(study) == []
    assert prepare(study, "RT 04").flow.both == PEOPLE // 2
