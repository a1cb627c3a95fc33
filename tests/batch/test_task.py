"""A ledger is evidence only if it is whole and of this very RT."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from baksos_eval.batch.task import read_ledger
from baksos_eval.errors import BaksosError
from baksos_eval.evaluation import ledger
from baksos_eval.evaluation.evaluate import evaluate
from tests.batch.test_designs import study

SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    "empty": (lambda text: "", "ledger_missing"),
    "header alone": (lambda text: text.splitlines()[0] + "\n", "ledger_missing"),
    "other columns": (lambda text: text.replace("verdict", "x").replace("method", "cara", 1), "ledger_unreadable"),
    "other separator": (lambda text: text.replace(",", ";"), "ledger_unreadable"),
    "cut off": (lambda text: text + "uji,RT 01\n", "ledger_unreadable"),
    "no number": (lambda text: text.replace("flow,both,7", "flow,both,tujuh").replace("flow,both,7.0", "flow,both,tujuh"), "ledger_unreadable"),
    "another RT": (lambda text: text.replace("RT 01", "RT 02"), "ledger_of_another"),
    "another study": (lambda text: text.replace("\nuji,", "\nlain,"), "ledger_of_another"),
}


@pytest.mark.parametrize("way", SPOILT)
def test_what_is_no_evidence_is_said(tmp_path: Path, way: str) -> None:
    made, file = study(tmp_path, anonymous=False), tmp_path / "hasil.csv"
    ledger.write(evaluate(made, "RT 01").to_frame(), file)
    spoil, code = SPOILT[way]
    whole = file.read_text(encoding="utf-8")
    spoilt = spoil(whole)
    assert spoilt != whole
    file.write_text(spoilt, encoding="utf-8")
    with pytest.raises(BaksosError) as refused:
        read_ledger(file, made, "RT 01")
    assert refused.value.code == code


def test_nothing_written_is_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(BaksosError) as refused:
        read_ledger(tmp_path / "hasil.csv", study(tmp_path, anonymous=False), "RT 01")
    assert refused.value.code == "ledger_missing"
