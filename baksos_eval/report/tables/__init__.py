"""Tables of a result, one function a topic. Cells are ready to read; every word comes from the catalogue."""

from baksos_eval.report.tables.activities import activity_quality
from baksos_eval.report.tables.aid import (
    aid,
    aid_budget,
    aid_goods,
    aid_groups,
    aid_households,
    aid_institutions,
    aid_masks,
    aid_targeting,
)
from baksos_eval.report.tables.annex import (
    attrition,
    conventions,
    levels,
    normality,
    reliable,
    sensitivity,
    spss_ranks,
)
from baksos_eval.report.tables.further import detectable, item_tests, transitions
from baksos_eval.report.tables.inspection import (
    inspection_columns,
    inspection_findings,
    inspection_flows,
    inspection_spellings,
    inspection_tables,
)
from baksos_eval.report.tables.instruments import (
    agreement,
    experts,
    instrument_findings,
    instrument_items,
    instrument_people,
    instrument_reliability,
    rasch,
)
from baksos_eval.report.tables.partners import contributions, partners, satisfaction, satisfaction_groups
from baksos_eval.report.tables.people import flow, quality
from baksos_eval.report.tables.posts import lessons, post_formats, posts
from baksos_eval.report.tables.profile import profile
from baksos_eval.report.tables.programme import balance, comparison, dose, mixed
from baksos_eval.report.tables.questions import items, reliability, worth
from baksos_eval.report.tables.ritual import ritual
from baksos_eval.report.tables.rts import flows, missing, pooled, units
from baksos_eval.report.tables.scores import categories, change, effects, gain, ranks, summary
from baksos_eval.report.tables.tutoring import (
    tutoring,
    tutoring_groups,
    tutoring_marks,
    tutoring_mastery,
    tutoring_sessions,
)
from baksos_eval.report.tables.waves import later_waves, waves

__all__ = [
    "activity_quality", "aid", "aid_budget", "aid_goods", "aid_groups", "aid_households", "aid_institutions", "aid_masks", "aid_targeting",
    "agreement", "attrition", "balance", "categories", "change", "comparison", "contributions", "conventions", "detectable", "dose", "effects", "experts", "flow", "flows", "gain", "inspection_columns", "inspection_findings",
    "inspection_flows", "inspection_spellings", "inspection_tables", "instrument_findings", "instrument_items", "instrument_people",
    "instrument_reliability", "item_tests", "items", "later_waves", "lessons", "levels", "missing", "mixed", "normality", "partners", "pooled", "post_formats", "posts",
    "profile", "quality", "ranks", "rasch", "reliability", "reliable", "ritual", "satisfaction", "satisfaction_groups", "sensitivity", "spss_ranks", "summary", "transitions",
    "tutoring", "tutoring_groups", "tutoring_marks", "tutoring_mastery", "tutoring_sessions", "units", "waves", "worth",
]
