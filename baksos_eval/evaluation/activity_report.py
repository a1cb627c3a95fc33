"""The frozen result behind the report on activities: the logs, what they are set beside, and the logic model that holds them together."""

from __future__ import annotations

from dataclasses import dataclass

from baksos_eval.activities.activities import Activities, open_activities
from baksos_eval.evaluation.lessons import Lessons, set_side_by_side
from baksos_eval.evaluation.logic import LogicModel, logic_model
from baksos_eval.evaluation.summarise import evaluate_all, summarise
from baksos_eval.study.study import Study


@dataclass(frozen=True)
class ActivityReport:
    """What a programme did, and what its questionnaires say beside it.

    Attributes:
        activities: what the logs say.
        lessons: the posts beside the items they are about; ``None`` without posts.
        logic: the logic model and the figures that bear on the problem statements.
    """

    activities: Activities
    lessons: Lessons | None
    logic: LogicModel

    @property
    def study(self) -> Study:
        return self.activities.study


def evaluate_activities(study: Study) -> ActivityReport:
    """The activities of a study; its questionnaires are looked at too, where it has any.

    Raises:
        BaksosError: ``activities_none``, ``activities_unreadable``.
    """
    activities = open_activities(study)
    evaluations, missing = evaluate_all(study) if study.asks_people else ((), ())
    summary = summarise(study, evaluations, missing) if evaluations else None
    return ActivityReport(activities, set_side_by_side(activities, evaluations), logic_model(study, activities, summary))
