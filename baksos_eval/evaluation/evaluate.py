"""Evaluates one RT: prepared answers in, one frozen :class:`Evaluation` out."""

from __future__ import annotations

from baksos_eval.evaluation.notices import notices
from baksos_eval.evaluation.questions import evaluate_items
from baksos_eval.evaluation.results import Evaluation
from baksos_eval.evaluation.scales import evaluate_scale
from baksos_eval.intake.intake import prepare
from baksos_eval.study.study import Study


def evaluate(study: Study, rt: str) -> Evaluation:
    """The evaluation of one RT.

    Raises:
        BaksosError: ``rt_cannot_be_analysed`` with every fatal finding, or what reading the files raises.
    """
    data = prepare(study, rt)
    scales = tuple(evaluate_scale(data, instrument, scale, study.analysis) for instrument in study.questionnaires for scale in instrument.scales)
    items = tuple(result for instrument in study.questionnaires for result in evaluate_items(data, instrument, study.analysis))
    return Evaluation(study, data.rt, data.flow, (*data.findings, *notices(data.rt, scales)), scales, items)
