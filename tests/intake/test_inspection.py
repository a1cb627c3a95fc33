"""What the files hold is told before anything is analysed, also where they cannot be analysed."""

from __future__ import annotations

from baksos_eval.errors import Severity
from baksos_eval.intake.inspection import TableRead
from baksos_eval.intake.intake import check, inspect
from baksos_eval.intake.responses import Spelling
from baksos_eval.study.study import open_study
from tests.studies import study_of

RIGHT = [4, 2, 4, 5, "B", "S", "B", "S"]


def rows(rt: str, *people: str, answers=RIGHT):
    return [(rt, person, answers) for person in people]


def test_names_of_rts_tables_and_flows(tmp_path):
    pre = [*rows("RT 04", "p1", "p2"), *rows("rt.4", "p3"), *rows("5.0", "q1")]
    study = study_of(tmp_path, pre, [*rows("004", "p1", "p3"), *rows("Dusun Mekar", "m1")], more='[rt_names]\n"Dusun Mekar" = "RT 05"\n')
    found = inspect(study)
    assert found.spellings == (
        Spelling("pre.csv", "", "RT 04", "RT 04", 2), Spelling("pre.csv", "", "rt.4", "RT 04", 1), Spelling("pre.csv", "", "5.0", "RT 05", 1),
        Spelling("post.csv", "", "004", "RT 04", 2), Spelling("post.csv", "", "Dusun Mekar", "RT 05", 1))
    assert found.rts == ("RT 04", "RT 05")
    assert [(flow.rows_pre, flow.rows_post, flow.both) for flow in found.flows] == [(3, 2, 2), (1, 1, 0)]
    assert [table._replace(questionnaires={wave: table.questionnaires[wave] for wave in ("pre", "post")}) for table in found.tables] == [
        TableRead("pre.csv", "", 2, {"pre": 4, "post": 0}), TableRead("post.csv", "", 2, {"pre": 0, "post": 3})]
    assert found.blocked == ()


def test_a_whole_table_of_one_rt_is_named_by_the_study(tmp_path):
    study = study_of(tmp_path, rows("RT 04", "p1"), rows("RT 04", "p1"))
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('\nwave = "p', '\nrt = "rt 4"\nwave = "p'), encoding="utf-8")
    found = inspect(open_study(study.folder))
    assert found.spellings == (Spelling("pre.csv", "", "rt 4", "RT 04", 1), Spelling("post.csv", "", "rt 4", "RT 04", 1))


def test_an_rt_that_cannot_be_analysed_is_blocked_and_the_others_are_not(tmp_path):
    bad = rows("RT 02", "q1", answers=["setujuu", *RIGHT[1:]])
    found = inspect(study_of(tmp_path, [*rows("RT 01", "p1"), *bad], rows("RT 01", "p1")))
    assert found.blocked == ("RT 02",)
    assert [finding.code for finding in found.weighing(Severity.FATAL)] == ["answer_unreadable"]
    assert found.findings == check(found.study)


def test_a_missing_file_blocks_every_rt_but_the_rest_is_told(tmp_path):
    study = study_of(tmp_path, rows("RT 01", "p1"), rows("RT 01", "p1"))
    (tmp_path / "post.csv").unlink()
    found = inspect(study)
    assert "file_not_found" in [finding.code for finding in found.weighing(Severity.FATAL)]
    assert found.blocked == found.rts == ("RT 01",)
    assert [table.file for table in found.tables] == ["pre.csv"]


def test_a_fault_in_the_experts_file_blocks_no_rt(tmp_path):
    (tmp_path / "ahli.csv").write_text("Ahli,a1\nx,9\n", encoding="utf-8")
    study = study_of(tmp_path, rows("RT 01", "p1"), rows("RT 01", "p1", "p2"), more='[experts]\nfile = "ahli.csv"\nlowest = 1\nhighest = 4\n')
    found = inspect(study)
    assert [finding.code for finding in found.weighing(Severity.FATAL)] == ["experts_rating_out_of_range"]
    assert found.blocked == ()
