"""An RT read back from its ledger is the RT that was evaluated, whatever the design; and what is no such ledger is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from baksos_eval.errors import BaksosError
from baksos_eval.evaluation import ledger
from baksos_eval.evaluation.programme import evaluate_programme
from baksos_eval.evaluation.results import Evaluation, Missing
from baksos_eval.evaluation.rt_ledger import read_rt_summary, rt_of_ledger
from baksos_eval.evaluation.rt_summary import RtSummary, rt_summary
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.report import figures, narrative, shapes, tables
from baksos_eval.report.problems import describe
from baksos_eval.report.text import LANGUAGES, words
from baksos_eval.study.study import Study
from tests.evaluation.test_evaluate import random_answers, rows
from tests.evaluation.test_programme import PERSONS, RTS, SIX_RTS, THREE_RTS
from tests.studies import grouped_study, invented_persons, only_one_item, people, study_of


def three_rts(folder: Path, waves: int = 2, **how: object) -> Study:
    """Two RTs that are shown and one of three people."""
    told = [[person for rt, count in (("RT 01", 12), ("RT 02, Blok \"A\"", 9), ("RT 03", 3)) for person in rows(people(rt, count, 100 * len(rt)), random_answers(wave + count, count))]
            for wave in range(waves)]
    return study_of(folder, *told[:2], **({"delayed": told[2]} if waves == 3 else {}), **how)


def unchanging(folder: Path) -> Study:
    """Attitudes that stay as they were and knowledge that rises alike for everybody, so that much is missing for a reason."""
    def answers(first: str) -> list[list[object]]:
        return [[1 + person % 5, 5, 2, 1 + person // 2, first, "BS"[person % 2], "S", "B"] for person in range(7)]

    told = [rows(people("RT 01", 7), answers(first)) for first in "SBB"]
    told[2] = told[2][:-1]
    return study_of(folder, *told[:2], delayed=told[2])


DESIGNS: dict[str, Callable[[Path], Study]] = {
    "paired": three_rts,
    "better is lower": lambda folder: three_rts(folder, direction="down"),
    "anonymous": lambda folder: three_rts(folder, anonymous=True),
    "three waves": lambda folder: three_rts(folder, waves=3),
    "nothing changes": unchanging,
    "comparison of persons": lambda folder: grouped_study(folder, invented_persons(THREE_RTS), PERSONS),
    "comparison of RTs": lambda folder: grouped_study(folder, invented_persons([*SIX_RTS, ("RT 07", "E", 3)]), RTS),
    "doses": lambda folder: grouped_study(folder, invented_persons([("RT 01", "E", 20), ("RT 02", "E", 25)]), ""),
    "a single item": lambda folder: only_one_item(grouped_study(folder, invented_persons([("RT 01", "E", 20)]), "")),
}


def read_back(study: Study, folder: Path, rts: list) -> list:
    folder.mkdir()
    found = []
    for number, evaluation in enumerate(rts):
        path = folder / f"{number}.csv"
        ledger.write(evaluation.to_frame(), path)
        found.append(read_rt_summary(path.read_text(encoding="utf-8"), study))
    return found


def alike(one: object, other: object) -> bool:
    """Equal in every field; what is missing equals what is missing."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other) or math.isnan(one) and math.isnan(other)
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and alike(vars(one), vars(other))
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(alike, one, other))
    return one == other


class Told(NamedTuple):
    """A study, its evaluations, and what their ledgers give back."""

    study: Study
    evaluations: tuple[Evaluation, ...]
    missing: tuple[Missing, ...]
    read: list[RtSummary]


@pytest.fixture(scope="module", params=DESIGNS)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("design")
    (folder / "data").mkdir()
    study = DESIGNS[request.param](folder / "data")
    evaluations, missing = evaluate_all(study)
    assert evaluations
    return Told(study, evaluations, missing, read_back(study, folder / "ledgers", evaluations))


def test_a_ledger_gives_back_what_the_recap_needs(told: Told):
    light, _ = evaluate_all(told.study, whole=False)
    for evaluation, without_annex, found in zip(told.evaluations, light, told.read, strict=True):
        expected = rt_summary(evaluation)
        assert alike(found, expected), [(one, other) for one, other in zip(vars(found).values(), vars(expected).values(), strict=True) if not alike(one, other)]
        assert alike(found, rt_summary(without_annex))


def test_the_recap_is_the_same_to_the_last_byte_either_way(told: Told, tmp_path: Path):
    study = told.study
    made = [summarise(study, rts, told.missing, programme)
            for rts, programme in ((told.evaluations, evaluate_programme(study)), (told.read, evaluate_programme(study, told.read)))]
    for name, summary in zip("ab", made, strict=True):
        ledger.write(summary.to_frame(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


RECAP = (narrative.recap_title, narrative.recap, narrative.comparison, tables.comparison, narrative.balance, narrative.units, tables.units, tables.missing, tables.pooled,
         narrative.mixed, tables.mixed, narrative.later_waves, tables.later_waves, narrative.dose, tables.dose, tables.flows, narrative.recap_limits, shapes.participants,
         shapes.conclusion, shapes.attachments, figures.forest)


def test_the_recap_says_and_shows_the_same_either_way(told: Told):
    study = told.study
    one, other = (summarise(study, rts, told.missing, evaluate_programme(study, tuple(map(rt_summary, told.evaluations)) if rts is told.evaluations else told.read))
                  for rts in (told.evaluations, told.read))
    said = [[repr(topic(summary)) for topic in RECAP] for summary in (one, other)]
    assert [figure.svg for figure in figures.forest(one)] == [figure.svg for figure in figures.forest(other)]
    assert said[0] == said[1] and sum(text != "None" for text in said[0]) >= 8


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, str]:
    folder = tmp_path_factory.mktemp("paired")
    (folder / "data").mkdir()
    study = three_rts(folder / "data")
    ledger.write(evaluate_all(study)[0][0].to_frame(), folder / "hasil.csv")
    return study, (folder / "hasil.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(("spoil", "code"), [
    (lambda text: "", "rt_ledger_unreadable"),
    (lambda text: "nama,nilai\nx,1\n", "rt_ledger_unreadable"),
    (lambda text: text.replace(",", ";"), "rt_ledger_unreadable"),
    (lambda text: text[:-3], "rt_ledger_unreadable"),
    (lambda text: text.replace("mean_change,sd_change,", "mean_change,sd_change,x"), "rt_ledger_unreadable"),
    (lambda text: text.replace("uji,RT 01,,,,flow,both", "uji,RT 02,,,,flow,both"), "rt_ledger_unreadable"),
    (lambda text: text.replace("\nuji,", "\nlain,"), "rt_ledger_of_other_study"),
    (lambda text: text.replace("instrument,version,,1", "instrument,version,,2"), "rt_ledger_other_version"),
    (lambda text: text.replace("\nuji,RT 01,,", "\nuji,RT 01,programme,"), "rt_ledger_other_design"),
    (lambda text: text.replace(",analysis,confidence,0.95,", ",analysis,confidence,0.9,"), "rt_ledger_other_design"),
    (lambda text: text.replace(",knowledge.total,", ",knowledge.other,"), "rt_ledger_other_design"),
    (lambda text: "".join(line for line in text.splitlines(True) if ",verdict,code" not in line), "rt_ledger_other_design"),
    (lambda text: re.sub(r"(rating.total,,mean_change,p),[^,]*,", r"\1,-inf,", text), "rt_ledger_unreadable"),
    (lambda text: re.sub(r"(rating.total,,mean_change,p),[^,]*,", r"\1,,because", text), "rt_ledger_other_design"),
    (lambda text: re.sub(r"(rating.total,,mean_change,p),[^,]*,", r"\1,,", text), "rt_ledger_other_design"),
    (lambda text: re.sub(r"(rating.total,,verdict,code,),\w+", r"\1,splendid", text), "rt_ledger_other_design"),
], ids=range(16))
def test_what_is_no_ledger_of_this_study_is_refused(paired: tuple[Study, str], spoil: Callable[[str], str], code: str):
    study, text = paired
    assert spoil(text) != text
    with pytest.raises(BaksosError) as refused:
        read_rt_summary(spoil(text), study, "x/hasil.csv")
    finding, = refused.value.findings
    assert (refused.value.code, finding.code, finding.where[0].file) == ("ledgers_unusable", code, "x/hasil.csv")
    assert all(code not in line for language in LANGUAGES for line in describe(refused.value, words(language)))


@pytest.mark.parametrize("end", range(40))
def test_a_ledger_cut_off_anywhere_is_refused_or_whole_enough(paired: tuple[Study, str], end: int):
    study, text = paired
    whole = read_rt_summary(text, study)
    lines = text.splitlines(True)
    try:
        found = read_rt_summary("".join(lines[:len(lines) * end // 40]), study)
    except BaksosError as refused:
        assert refused.code == "ledgers_unusable"
    else:
        assert alike(found, whole)


def test_a_ledger_tells_whose_it_is(paired: tuple[Study, str], tmp_path: Path):
    study, text = paired
    assert rt_of_ledger(text) == "RT 01"
    ledger.write(summarise(study, *evaluate_all(study)).to_frame(), tmp_path / "rekap.csv")
    assert rt_of_ledger((tmp_path / "rekap.csv").read_text(encoding="utf-8")) == ""
    assert rt_of_ledger("RT,nilai\n1,2\n") is None
