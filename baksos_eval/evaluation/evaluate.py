"""Evaluates one RT: prepared answers in, one frozen :class:`Evaluation` out."""

from __future__ import annotations

from collections import OrderedDict
from typing import Literal

from baksos_eval.evaluation.choices import evaluate_choices
from baksos_eval.evaluation.groups import evaluate_groups, group_notices
from baksos_eval.evaluation.notices import notices
from baksos_eval.evaluation.profile import age_findings, describe_people, describe_waves
from baksos_eval.evaluation.questions import evaluate_items
from baksos_eval.evaluation.results import Evaluation
from baksos_eval.evaluation.scales import evaluate_scale
from baksos_eval.evaluation.waves import evaluate_waves
from baksos_eval.intake.intake import prepare
from baksos_eval.intake.responses import Responses
from baksos_eval.intake.review import read_reviewed
from baksos_eval.study.comparison import Arm
from baksos_eval.study.study import Study

_MOST_KEPT = 24
_kept: OrderedDict[tuple[int, str, str, str, bool], tuple[Responses, Evaluation]] = OrderedDict()


def evaluate(study: Study, rt: str, arm: Arm | Literal[""] = "", whole: bool = True) -> Evaluation:
    """The evaluation of one RT, kept for as long as neither the study nor the content of its files changes.

    Args:
        study: whose files are read.
        rt: the RT, in any spelling of its name; empty: the study's first.
        arm: the group to evaluate; empty: where persons are compared those who had the programme, else everybody.
        whole: with single items and the annex of each scale, which take ten times as long as the rest and which no recap needs.

    Raises:
        BaksosError: ``rt_cannot_be_analysed`` with every fatal finding, or what reading the files raises.
    """
    responses = read_reviewed(study)
    key = (id(responses), study.model_dump_json(), study.rt_name(rt), arm, whole)
    if key not in _kept or _kept[key][0] is not responses:
        _kept[key] = (responses, _evaluate(study, rt, arm, whole))
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key][1]


def _evaluate(study: Study, rt: str, arm: Arm | Literal[""], whole: bool) -> Evaluation:
    data = prepare(study, rt, arm or ("programme" if study.compares_persons else ""))
    if study.is_anonymous:
        groups, group_items = evaluate_groups(data, study)
        return Evaluation(study, data.rt, data.flow, (*data.findings, *age_findings(data), *group_notices(data.rt, groups)), (), (), groups=groups, group_items=group_items,
                          profile_apart=describe_waves(data), choices=evaluate_choices(data, study))
    scales = tuple(evaluate_scale(data, instrument, scale, study.analysis, whole) for instrument in study.questionnaires for scale in instrument.scales)
    items = tuple(result for instrument in study.questionnaires for result in evaluate_items(data, instrument, study.analysis)) if whole else ()
    return Evaluation(study, data.rt, data.flow, (*data.findings, *age_findings(data), *notices(data.rt, scales)), scales, items, arm or study.arm_of(data.rt), describe_people(data),
                      waves=evaluate_waves(data, study), later=data.later, choices=evaluate_choices(data, study))
