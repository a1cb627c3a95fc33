"""Evaluation of community service (PKPM, bakti sosial, KKN) from pre/post questionnaires, one RT at a time.

From files to a verdict::

    import baksos_eval as be

    study = be.open_study("data/contoh")
    e = be.evaluate(study, "RT 04")
    print(*be.narrative.summary(e), sep="\\n\\n")

``be.tables``, ``be.figures`` and ``be.narrative`` hold one function for each topic: ``be.tables.change(e)``.
"""

__version__ = "0.1.0"

_FACE = {
    "check": ("intake.intake", "inspect"),
    "evaluate": ("evaluation.evaluate", "evaluate"),
    "evaluate_activities": ("evaluation.activity_report", "evaluate_activities"),
    "evaluate_all": ("evaluation.summarise", "evaluate_all"),
    "evaluate_instruments": ("evaluation.instruments", "evaluate_instruments"),
    "figures": ("report.figures", ""),
    "list_rts": ("intake.intake", "list_rts"),
    "narrative": ("report.narrative", ""),
    "open_study": ("study.study", "open_study"),
    "plan_study": ("evaluation.planning", "plan_study"),
    "practice_study": ("study.practice", "practice_study"),
    "show": ("report.notebook", "show"),
    "summarise": ("evaluation.summarise", "summarise"),
    "tables": ("report.tables", ""),
}


def __getattr__(name: str) -> object:
    """One of the names of the face; what it needs is loaded only now."""
    if name not in _FACE:
        raise AttributeError(f"module 'baksos_eval' has no attribute {name!r}")
    from importlib import import_module

    place, attribute = _FACE[name]
    module = import_module(f"baksos_eval.{place}")
    import_module("baksos_eval.report.face").prepare(name, module)
    found = getattr(module, attribute) if attribute else module
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*_FACE, "__version__"])
