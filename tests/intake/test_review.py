"""Decisions in the review workbook: put into effect while they hold, told when they do not, and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from baksos_eval.batch.pairs import write_review
from baksos_eval.errors import BaksosError
from baksos_eval.evaluation.evaluate import evaluate
from baksos_eval.intake.intake import prepare
from baksos_eval.intake.review import COLUMNS, FILE, read_decisions
from baksos_eval.report import narrative
from baksos_eval.study.study import Study, open_study

from .small import POST, PRE, TWO_FILES, check, found, refusal, two_files, write_csv, write_study
from .test_matching import in_rts

DECLARED = f'[answers]\nreview = "{FILE}"\n' + TWO_FILES
HEADER = 7


@pytest.fixture(autouse=True)
def key_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("kunci")
    monkeypatch.setenv("BAKSOS_KEY_FOLDER", str(folder))
    return folder


def slipped(folder: Path, body: str = DECLARED, post: str = "SI1525") -> Study:
    return two_files(folder, [*PRE, ["SI1552", *"111"], ["NU2711", *"222"]], [*POST, [post, *"333"], ["UN2711", *"444"]], body)


def decide(folder: Path, *words: str, file: str = FILE) -> None:
    """Fills the column of decisions, as somebody would in Excel."""
    book = load_workbook(folder / file)
    sheet = book.worksheets[0]
    for row, word in enumerate(words, start=HEADER + 1):
        sheet.cell(row, COLUMNS.index("decision") + 1, word)
    book.save(folder / file)


def test_nothing_is_paired_before_somebody_decides(tmp_path: Path):
    study = slipped(tmp_path)
    made = write_review(study)
    assert (made.path, len(made.proposals), made.decided, made.outdated, made.declared) == (tmp_path / FILE, 2, 0, 0, True)
    assert prepare(study, "RT 04").flow.both == 5
    assert found(study, "review_undecided").count == 2


def test_accepted_pairs_are_analysed_and_counted_apart(tmp_path: Path):
    study = slipped(tmp_path)
    write_review(study)
    decide(tmp_path, "terima", " TOLAK ")
    data = prepare(study, "RT 04")
    assert (data.flow.both, data.flow.pre_only, data.flow.post_only, data.flow.rows_pre, data.flow.rows_post) == (6, 1, 1, 7, 7)
    accepted = found(study, "pairs_accepted")
    assert (accepted.count, accepted.rt, [(where.file, where.row) for where in accepted.where]) == (1, "RT 04", [("pre.csv", 7), ("post.csv", 7)])
    assert not [finding for finding in check(study) if finding.code in ("ids_nearly_equal", "review_undecided", "review_outdated")]
    e = evaluate(study, "RT 04")
    assert e.accepted_pairs == 1 and any(row[5:8] == ["flow", "accepted", 1] for row in e.to_frame().values.tolist())
    assert narrative.flow(e).markdown.count("ditinjau") == 1


def test_a_decision_for_english_readers(tmp_path: Path):
    study = slipped(tmp_path).model_copy(update={"language": "en"})
    write_review(study)
    decide(tmp_path, "accept", "refuse")
    assert prepare(study, "RT 04").flow.both == 6


def test_sorting_and_filtering_the_workbook_changes_nothing(tmp_path: Path):
    study = slipped(tmp_path)
    write_review(study)
    decide(tmp_path, "terima", "tolak")
    book = load_workbook(tmp_path / FILE)
    sheet = book.worksheets[0]
    first, second = ([cell.value for cell in sheet[row]] for row in (HEADER + 1, HEADER + 2))
    for row, values in ((HEADER + 1, second), (HEADER + 2, first)):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column, value)
    book.save(tmp_path / FILE)
    before = prepare(slipped(tmp_path), "RT 04")
    assert before.flow.both == 6 and found(study, "pairs_accepted").count == 1


def test_a_changed_questionnaire_ends_a_decision(tmp_path: Path):
    write_review(slipped(tmp_path))
    decide(tmp_path, "terima", "terima")
    study = two_files(tmp_path, [*PRE, ["SI1552", *"112"], ["NU2711", *"222"]], [*POST, ["SI1525", *"333"], ["UN2711", *"444"]], DECLARED)
    assert (prepare(study, "RT 04").flow.both, found(study, "review_outdated").count) == (6, 1)
    made = write_review(study)
    assert (made.decided, made.outdated) == (1, 1)
    assert [decision.verdict for decision in read_decisions(study, FILE)] in (["accept", ""], ["", "accept"])


def test_a_corrected_id_ends_a_decision(tmp_path: Path):
    write_review(slipped(tmp_path))
    decide(tmp_path, "terima", "terima")
    study = slipped(tmp_path, post="SI1552")
    assert (prepare(study, "RT 04").flow.both, found(study, "pairs_accepted").count, found(study, "review_outdated").count) == (7, 1, 1)


def test_other_rows_may_change_and_move(tmp_path: Path):
    write_review(slipped(tmp_path))
    decide(tmp_path, "terima", "terima")
    write_csv(tmp_path / "pre.csv", [PRE[0], ["NU2711", *"222"], ["SI1552", *"111"], *PRE[2:]])
    study = open_study(tmp_path)
    assert prepare(study, "RT 04").flow.both == 6
    assert not [finding for finding in check(study) if finding.code == "review_outdated"]


def test_two_accepted_partners_are_none(tmp_path: Path):
    study = two_files(tmp_path, [*PRE, ["SI1552", *"111"]], [*POST, ["SI1525", *"333"], ["SI1553", *"444"]], DECLARED)
    write_review(study)
    decide(tmp_path, "terima", "terima")
    assert (prepare(study, "RT 04").flow.both, found(study, "review_clashes").count) == (5, 2)
    decide(tmp_path, "terima", "tolak")
    assert prepare(open_study(tmp_path), "RT 04").flow.both == 6


def test_a_pair_between_rts_counts_where_it_began(tmp_path: Path):
    study = in_rts(tmp_path, [["SI1552", "4", "P", "30"]], [["SI1552", "5", "P", "30"]]).model_copy(update={"answers": slipped(tmp_path / "other").answers})
    write_review(study)
    decide(tmp_path, "terima")
    assert prepare(study, "RT 04").flow.both == 1
    moved = found(study, "pairs_accepted_between_rts")
    assert (moved.rt, moved.details["others"]) == ("RT 04", ("RT 05",))
    assert "RT 05" not in {finding.rt for finding in check(study)}


def test_words_nobody_knows_are_told(tmp_path: Path):
    study = slipped(tmp_path)
    write_review(study)
    decide(tmp_path, "mungkin", "terima")
    told = found(study, "review_word_unknown")
    assert (told.count, told.details["found"], told.where[0].row, prepare(study, "RT 04").flow.both) == (1, ("mungkin",), HEADER + 1, 6)


def test_a_declared_workbook_that_is_not_there(tmp_path: Path):
    study = slipped(tmp_path)
    assert (found(study, "review_missing").count, prepare(study, "RT 04").flow.both) == (1, 5)


@pytest.mark.parametrize("content", (b"", b"not a workbook", b"PK\x03\x04broken"))
def test_a_broken_workbook_stops_and_is_not_written_over(tmp_path: Path, content: bytes):
    study = slipped(tmp_path)
    (tmp_path / FILE).write_bytes(content)
    assert refusal(study).findings[0].fatal
    with pytest.raises(BaksosError):
        write_review(study)
    assert (tmp_path / FILE).read_bytes() == content


def test_another_workbook_is_no_review(tmp_path: Path):
    from .small import write_xlsx

    study = slipped(tmp_path)
    write_xlsx(tmp_path / FILE, {"Data": [["a", "b"], ["1", "2"]]})
    assert refusal(study).findings[0].code == "review_not_a_review"


def test_ids_stand_in_the_workbook_alone(tmp_path: Path, key_folder: Path):
    study = slipped(tmp_path, TWO_FILES)
    made = write_review(study)
    sheet = load_workbook(made.path).worksheets[0]
    written = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert "RAHASIA" in written[0][0] and not made.declared
    row = written[HEADER]
    told = dict(zip(COLUMNS, row, strict=True))
    assert told["pseudonym"].startswith("R-") and {told["id_before"], told["id_after"]} <= {"SI1552", "SI1525", "NU2711", "UN2711"}
    assert not any(b"SI1552" in path.read_bytes() for path in key_folder.iterdir())
    codes = repr(check(study))
    assert "SI1552" not in codes and "SI1525" not in codes


def test_what_looks_like_a_formula_stays_text(tmp_path: Path):
    study = two_files(tmp_path, [*PRE, ['@SI1552"', *"111"]], [*POST, ["+SI1525", *"333"]], DECLARED)
    write_review(study)
    sheet = load_workbook(tmp_path / FILE).worksheets[0]
    assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row)


def test_first_before_and_last_after(tmp_path: Path):
    pre, post = [*PRE, ["AB1", *"111"]], [*POST, ["AB1", *"222"]]
    study = two_files(tmp_path, pre, post, '[answers]\nduplicates = "first_pre_last_post"\n' + TWO_FILES)
    data = prepare(study, "RT 04")
    assert (data.flow.both, data.flow.duplicate_pre, data.flow.duplicate_post) == (5, 1, 1)
    assert [data.codes[wave]["sikap"]["a1"].iloc[0] for wave in ("pre", "post")] == ["s", "ts"]
    assert found(study, "duplicate_id_first_pre_last_post").details == {"ids": 1, "left_out": 2}
    e = evaluate(study, "RT 04")
    assert "isian terakhir sesudah" in narrative.flow(e).markdown
    assert any("isian terakhir sesudah" in text.markdown for text in narrative.method(study))


def test_an_accepted_pair_holds_against_its_facts(tmp_path: Path):
    body = f'[answers]\nreview = "{FILE}"\n' + TWO_FILES.replace('id = "Kode"', 'id = "Kode"\nprofile = { jk = "JK" }')
    study = two_files(tmp_path, [[*PRE[0], "JK"], *([*row, "P"] for row in PRE[1:])], [[*POST[0], "JK"], [*POST[1], "L"], *([*row, "P"] for row in POST[2:])], body)
    made = write_review(study)
    assert [(proposal.kind, proposal.strength, proposal.before.key) for proposal in made.proposals] == [("contradicted", "contradicted", "ab1")]
    assert prepare(study, "RT 04").flow.both == 4
    decide(tmp_path, "terima")
    data = prepare(study, "RT 04")
    assert data.flow.both == 5 and found(study, "pairs_accepted").count == 1
    assert "pairs_contradicted" not in [finding.code for finding in data.findings]


LATER = """
waves = ["pre", "post", "delayed"]
[answers]
review = "REVIEW"
[columns]
id = "Kode"
""".replace("REVIEW", FILE) + "".join(f'[[files]]\nfile = "{wave}.csv"\nwave = "{wave}"\nrt = "RT 04"\n' for wave in ("pre", "post", "delayed"))


def test_later_waves_are_proposed_and_follow_their_person(tmp_path: Path):
    write_study(tmp_path, LATER)
    head = PRE[0]
    for name, codes in (("pre", ["SI1552", "NU2711", "MA3322"]), ("post", ["SI1525", "NU2711", "WA4411"]), ("delayed", ["SI1525", "NU2771", "KA9988"])):
        write_csv(tmp_path / f"{name}.csv", [head, *([code, *"123"] for code in codes)])
    study = open_study(tmp_path)
    assert prepare(study, "RT 04").later[0].paired == 0
    made = write_review(study)
    assert [(proposal.before.written, proposal.after.written, proposal.after.where.file) for proposal in made.proposals] == [
        ("SI1552", "SI1525", "post.csv"), ("NU2711", "NU2771", "delayed.csv")]
    decide(tmp_path, "terima", "terima")
    data = prepare(study, "RT 04")
    assert (data.flow.both, data.later[0].paired, data.later[0].unpaired) == (2, 2, 1)
    assert data.present.sum(axis=1).tolist() == [1, 1, 3, 3, 1]
