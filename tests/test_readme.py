"""What both READMEs tell a reader to write and to type does work."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from baksos_eval import __version__
from baksos_eval.batch.plan import FORMATS, plan
from baksos_eval.cli import build, main
from baksos_eval.report.text import words
from baksos_eval.study.report import ReportSettings
from baksos_eval.study.study import open_study

ROOT = Path(__file__).parents[1]
READMES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.id.md")}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

both = pytest.mark.parametrize("text", READMES.values(), ids=READMES)


def blocks(text: str, kind: str) -> list[str]:
    return [body for language, body in BLOCK.findall(text) if language == kind]


def commands(text: str) -> list[list[str]]:
    return [shlex.split(line) for body in blocks(text, "sh") for line in body.splitlines() if line.strip()]


def test_both_say_the_same_commands_and_files() -> None:
    english, indonesian = READMES.values()
    assert commands(english) == commands(indonesian)
    without_comments = [[re.sub(r"\s+#.*", "", block) for block in blocks(text, "toml")] for text in (english, indonesian)]
    assert without_comments[0] == without_comments[1]
    assert re.findall(r"^#+ ", english, re.MULTILINE) == re.findall(r"^#+ ", indonesian, re.MULTILINE)
    assert re.findall(r"^\| `(.*?)` \|", english, re.MULTILINE) == re.findall(r"^\| `(.*?)` \|", indonesian, re.MULTILINE)


@both
def test_make_has_every_target(text: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake (demo|test|lab|lint|lock|bench)\b", text))
    assert {"demo", "test", "lab"} <= named <= targets


@both
def test_links_lead_somewhere(text: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links and all((ROOT / link).is_file() for link in links)
    for path in re.findall(r"`((?:notebooks|data/contoh|baksos_eval)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


@both
def test_the_version_is_ours(text: str) -> None:
    assert re.findall(r"baksos-eval \(\w+ ([\d.]+)\)", text) == [__version__]


@both
def test_every_command_is_understood(text: str) -> None:
    group = build(words("en"))
    typed = [command[1:] for command in commands(text) if command[0] == "baksos"]
    typed += [shlex.split(row.removeprefix("baksos "))for row in re.findall(r"^\| `(baksos [^`]+)` \|", text, re.MULTILINE)]
    assert len(typed) >= 10
    for arguments in typed:
        if not arguments[0].startswith("-"):
            command = group.get_command(None, arguments[0])
            context = command.make_context(arguments[0], arguments[1:])
            assert not context.args, arguments


@both
def test_options_are_all_described(text: str) -> None:
    group = build(words("en"))
    for name in group.list_commands(None):
        options = {option for param in group.get_command(None, name).params for option in param.opts if option.startswith("--")} - {"--help"}
        assert not {option for option in options if f"baksos run STUDY {option}" not in text and name == "run"}, name


@both
def test_the_look_it_shows_is_understood(text: str) -> None:
    shown = next(block for block in blocks(text, "text") if block.startswith("[report]"))
    settings = ReportSettings.model_validate(tomllib.loads(shown)["report"])
    assert settings.model_fields_set == set(ReportSettings.model_fields)


@both
def test_the_files_it_promises_are_those_that_are_made(text: str, tmp_path: Path) -> None:
    tree = next(block for block in blocks(text, "") if "reports/contoh/" in block)
    made, *_, recap, _ = plan(open_study(ROOT / "data" / "contoh"), ROOT / "data" / "contoh", tmp_path, formats=FORMATS).tasks
    assert set(re.findall(r"^    (\S+\.\S+)", tree, re.MULTILINE)) == set(made.files)
    assert f"  {made.folder}/" in tree and f"  {recap.folder}/" in tree
    assert all(name.removeprefix(recap.stem) in tree for name in (*recap.files, *recap.extras))


@both
def test_the_example_is_checked_without_a_serious_finding(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study, questionnaire = blocks(text, "toml")
    folder = tmp_path / "pkpm-2026"
    folder.mkdir()
    (folder / "study.toml").write_text(study, encoding="utf-8")
    (folder / "kuesioner.toml").write_text(questionnaire, encoding="utf-8")
    items = [item.id for instrument in open_study(folder).questionnaires for item in instrument.items]
    for wave, file in enumerate(("awal.csv", "akhir.csv")):
        rows = [["Kode", "RT", "Bersedia", *items]]
        for person in range(24):
            right = [("Benar", "Salah", "Tidak tahu")[(person * 7 + number * (3 + wave)) % 3] for number in range(len(items) - 2)]
            rows.append([f"SR{person:02d}", f"RT 0{4 + person % 2}", "Ya", *right, ("TS", "N", "S")[person % 3], ("S", "N", "TS")[(person + wave) % 3]])
        (folder / file).write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        main(["check", str(folder)])
    said = capsys.readouterr()
    assert left.value.code == 0, said.out + said.err
    assert re.search(r"^2 RT; 0 temuan berat|di 2 RT\.$", said.out, re.MULTILINE), said.out
    assert open_study(folder).questionnaires[1].scales[0].smallest_change == 0.3


def test_the_bundled_study_is_checked_as_the_readme_says(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as left:
        main(["check", "data/contoh"])
    said = capsys.readouterr()
    assert (left.value.code, said.err) == (0, "") and said.out.splitlines()[-1].startswith("4 RT; 0 temuan berat")
